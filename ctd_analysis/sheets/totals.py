"""Printed totals, recounted: of A, B, C in a column or a row, of an area. What disagrees is remarked on and never read.

A total that was never computed, or shows an error, is a notice as well: nothing depends on it.
"""

from __future__ import annotations

import re
from collections import Counter

from ..names import spelled
from ..office.grid import Cell
from ..values import TICKS, as_letter, plain
from .headings import fold, is_roman, number_in
from .layouts import Table

_WORDS = re.compile(r"(?:[-–+*•]\s*)?(?:(tổng|cộng)\s*:?$|tổng (cộng|số|điểm|hợp|kết|các)\b|cộng\s*[(:]|(tổng|cộng) [abc]\b"
                    r"|cộng (điểm|số|tổng|chung|các|toàn|kad|cụm)\b|tổng kad\b|số (điểm|tiêu chí)\b|điểm [abc]$|xếp (loại|hạng)"
                    r"|đếm |số [abc]$|chưa chấm|tỷ lệ (đạt|điểm|[abc%]|hoàn thành)|toàn cụm)")
_LETTERS = ("a", "b", "c", "kad")


_SAMPLE = re.compile(r"\(?((ví dụ|dòng mẫu|vd)\b|mẫu\s*([:.,)\d–-]|$))")


def is_word(text: str) -> bool:
    """Does a label announce a total?"""
    return _WORDS.match(spelled(text)) is not None


def is_word_or_letter(text: str) -> bool:
    """Does a label among grades announce a total, if only by the letter that is counted?"""
    return is_word(text) or spelled(text) in _LETTERS


def _stub(table: Table, row: int) -> list[Cell]:
    """The labels before a row's data."""
    return [cell for cell in table.cells(row) if cell.kind == "t" and not (
        (column := table.columns.get(cell.column)) and (column.unit or column.stage or column.says("ignored")))]


def is_total(table: Table, row: int, before: int | None = None, is_graded: bool = True) -> bool:
    """Is this a row of totals, of classes or the like? Labels stand left of column `before`, where it is known."""
    announces = is_word_or_letter if is_graded else is_word
    said = [cell for cell in _stub(table, row) if (before is None or cell.column < before) and announces(cell.text)]
    if all(_is_letter(cell) for cell in said):
        return len(said) == 1 and not any(
            _is_letter(cell) and cell is not said[0] or number_in(cell) is not None
            and table.columns[cell.column].kinds & {"order", "criterion_no"} for cell in table.cells(row))
    return True


def _is_letter(cell: Cell) -> bool:
    return cell.kind == "t" and plain(cell.value).upper() in ("A", "B", "C", "KAD")     # words beside it explain it


def is_class(table: Table, row: int) -> bool:
    """Is this the row of the class or rank, which may be a letter?"""
    return any(re.match("xếp (loại|hạng)", spelled(cell.text)) for cell in _stub(table, row))


def sample(table: Table, row: int) -> Cell | None:
    """The cell that calls a row a sample: “Ví dụ”, “dòng mẫu”."""
    return next((c for c in table.cells(row) if c.kind == "t" and _SAMPLE.match(spelled(c.value))), None)


def is_area(table: Table, row: int) -> bool:
    """Is this the row of an area: a Roman number, or words merged over the table?"""
    cells = table.cells(row)
    return any(cell.kind == "t" and (is_roman(cell.text) or re.match(r"[IVX]{1,5}\s*[.)]", plain(cell.text)))
               for cell in cells[:2])


def letter_of(text: str) -> str | None:
    """Which letter a total counts: “Cộng điểm A”, “Tổng số điểm A”, “Tổng KAD”, “A”."""
    found = re.search(r"\b([abc])$|\bdiem ([abc])\b|\bso ([abc])\b|\b(?:tong|cong|diem|so) (kad)\b", fold(text))
    return next((g.upper() for g in found.groups() if g), None) if found else None


def check(scores, spots) -> None:
    """Every total under and between the criteria, in each column of grades."""
    table = scores.table
    numbered = {row: axis for _, rows, axis in scores.groups for row in rows}
    letters = _letters(scores, spots, numbered)
    for row in table.rows:
        if row in numbered:
            continue
        if is_total(table, row):
            _check_row(scores, spots, letters, row, [r for r in numbered if r < row], next(
                (letter for cell in _stub(table, row) if (letter := letter_of(cell.text))), None), is_whole=True)
        elif is_area(table, row):
            following = [r for r in table.rows if r > row and r not in numbered
                         and (is_area(table, r) or is_total(table, r))]
            rows = [r for r in numbered if row < r < min(following, default=table.last + 1)]
            _check_row(scores, spots, letters, row, rows, "A")
    _remember(scores, spots, list(numbered), letters)


def _remember(scores, spots, rows, letters) -> None:
    """What this part of a table counts, for a total that stands under a later part."""
    for column, spot in spots.items():
        before = scores.gathered.counts.setdefault((*scores.gathered.here, *spot[:3:2]), Counter())
        before.update(_counted(letters[column], rows))


def _letters(scores, spots, rows) -> dict[int, dict[int, str]]:
    """The letter in each row of each column of grades (a tick is its column's letter)."""
    found: dict[int, dict[int, str]] = {column: {} for column in spots}
    for row in rows:
        for cell in scores.sheet.rows[row]:
            if cell.column in spots and cell.kind == "t":
                own = spots[cell.column].letter
                ticked = own if plain(cell.value) in TICKS else ""
                found[cell.column][row] = ticked if own else as_letter(cell.value)
    return found


def _counted(letters: dict[int, str], rows) -> Counter:
    return Counter(letters.get(row, "") for row in rows)


def _check_row(scores, spots, letters, row, rows, letter, is_whole=False) -> None:
    for column, spot in spots.items():
        cell = scores.sheet.cells.get((row, column))
        if cell is None:
            continue
        scores.gathered.account.claim(cell, "total", "grades", spot.unit, letter or "", spot.stage)
        counted = _counted(letters[column], rows)
        before = scores.gathered.counts.get((*scores.gathered.here, *spot[:3:2])) if is_whole else None
        if before and cell.whole != counted[spot.letter or letter or "A"]:
            counted = counted + before
        if spot.letter in ("A", "B", "C"):
            _compare(scores, cell, counted[spot.letter] if letter in (None, spot.letter) else None, spot.letter)
        elif letter:
            _compare(scores, cell, counted[letter], letter)
        elif cell.kind == "t":
            _compare_words(scores, cell, counted)
        elif cell.kind in "ef":
            _compare(scores, cell, None, "")


def _compare(scores, cell, counted, letter) -> None:
    """One printed number against what the cells give."""
    if cell.kind == "e":
        scores.gathered.notice(cell, f"ô cộng in sẵn báo lỗi {cell.value}")
    if cell.kind == "f" and counted and scores.gathered.here not in scores.gathered.uncomputed:
        scores.gathered.uncomputed.add(scores.gathered.here)
        scores.gathered.notice(cell, "ô cộng in sẵn là công thức chưa được tính (mỗi trang kể một ô)")
    if cell.kind in "ef":
        return
    printed = cell.whole
    if counted is not None and printed is not None and printed != counted:
        scores.gathered.notice(cell, f"số cộng in sẵn là {printed}, các ô cho {counted} điểm {letter}")


def _compare_words(scores, cell, counted) -> None:
    """`31 A, 11 B, 0 C` in one cell."""
    for number, letter in re.findall(r"(\d{1,2})\s*([ABC])\b", plain(cell.text)):
        if int(number) != counted[letter]:
            scores.gathered.notice(cell, f"số cộng in sẵn là {number} {letter}, các ô cho {counted[letter]}")


def check_across(scores, unit_of) -> None:
    """Totals at the right of rows: of this part of the table, or with the parts before it whose row begins alike."""
    for row in unit_of:
        typed = (one for c in scores._line if (one := scores.sheet.cells.get((row, c))) and one.kind == "t")
        counted = Counter(plain(one.value).upper() for one in typed)
        said = tuple(cell.text for c in scores._stub if (cell := scores.sheet.home(row, c.number)) and cell.kind == "t")
        before = scores.gathered.counts.setdefault((*scores.gathered.here, said), Counter())
        before.update(counted)
        for column in scores.table.columns.values():
            letter = column.letter or letter_of(column.text)
            cell = scores.sheet.cells.get((row, column.number))
            if cell is not None and letter in ("A", "B", "C") and column.number not in scores._line and (
                    column.says("total") or column.letter):
                _compare(scores, cell, (counted if cell.whole == counted[letter] else before)[letter], letter)
