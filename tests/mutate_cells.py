"""Hostile values in the input cells of the filled template, and its locked cells changed: the same meaning, or a problem there.

    .venv/bin/python tests/mutate_cells.py [SEED] [MOST]

One cell at a time, as a grid in memory. `VALUES` says what each value means in which kind of cell; where nothing is said it
must be a problem at that very cell (on a branch's line, in that row). What is written freely, a note or a branch's name, is
kept as typed, or told. A locked cell that was changed is a problem in its row or column, or a notice at it where all is read as
before; only what says the same needs neither. Each ends as one of these, and the command with 1 unless the last three are 0:

`right`    read as it plainly is, or told where it stands
`wrong`    told although it is plain, or told elsewhere
`SILENT`   read otherwise, or not at all, and nobody is told
`crashed`  a traceback
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import NamedTuple

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from grids import SHIPPED, Case, Grid, Held, Reading, differences, filled, news  # noqa: E402

from ctd_analysis.office.grid import letters  # noqa: E402
from ctd_analysis.values import words  # noqa: E402
from ctd_analysis.year import year  # noqa: E402

MOST = 8000
LOCKED = 4              # one change in so many is of a locked cell
CLUSTER = "cum-2"
VERDICTS = ("right", "wrong", "SILENT", "crashed")

PROBLEM, EITHER, KEPT = "a problem", "the value or a problem", "some text, a problem or a notice"
DAY = date(2024, 12, 10)


def text(typed: str, **means) -> tuple[Held, dict]:
    """A text and what it means."""
    return Held("t", typed), means


def of_all(typed: str, meaning) -> tuple[Held, dict]:
    """A text that means the same in every kind of cell."""
    return text(typed, **dict.fromkeys(("grade", "money", "count", "points", "flag", "day", "rating"), meaning))


def count(value, kind: str = "t", look: str = "", **typed) -> tuple[Held, dict]:
    """A whole number as typed (`kind`, `typed`) of money, of people or things, of points; 1 and 0 also yes and no."""
    means = dict.fromkeys(("money", "count", "points"), value) | ({"flag": value} if value in (0, 1) else {})
    return Held(kind, typed.get("as_", value), look), means


def money(typed: str, value: int) -> tuple[Held, dict]:
    """An amount in words."""
    return text(typed, money=value)


#: What is typed, and what it means by kind of cell; not said: a problem.
VALUES = [
    # nothing, as far as the eye sees
    (None, dict.fromkeys(("grade", "money", "count", "points", "flag", "day", "rating"), "")),
    *(of_all(blank, "") for blank in ("   ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\n", "\t")),
    # grades, and what looks like one
    *(text(t, grade=t.strip("\u00a0\u200b\ufeff\u2060 \n").upper()) for t in
      ("A", "B", "C", "a", "c", " b ", "A\u00a0", "\u200bA", "A\u200b", "\ufeffB", "C\n", "KAD", "kad", " Kad ")),
    text("Ａ", grade="A"), text("ｃ", grade="C"), text("Không áp dụng", grade="KAD"), text("KHÔNG ÁP DỤNG", grade="KAD"),
    text("Kho\u0302ng a\u0301p du\u0323ng", grade="KAD"), text("không  áp dụng", grade=("KAD", EITHER)),
    text("\u200eA", grade=("A", EITHER)), text("A\u00ad", grade=("A", EITHER)),
    *map(text, ("А", "Α", "В", "Β", "С", "Á", "À", "Ă", "Â", "Ạ", "á", "Ꭺ", "𝐀", "ᴀ", "ª", "🅰", "A+", "A-", "A–", "A,", "A.",
                "A?", "A*", "(A)", "“A”", "'A", "A A", "AA", "AB", "A/B", "A B", "A hoặc B", "A1", "0A", "A\u200bA", "D", "E",
                "F", "KAD.", "K.A.D", "KÁD", "KAD A", "K", "Không", "không ap dung", "áp dụng", "miễn")),
    # ticks, dashes, question marks
    *map(text, ("x", "X", "✓", "✔", "☑", "√", "v", "●", "*", "+", "-", "–", "—", "…", "?", ".", ",", "/", "#", "'")),
    # numbers as numbers
    *(count(n, "n") for n in (0, 1, 2, 7, 95, 2024, 45636, 10**15)),
    *((Held("n", n), {"points": Decimal(repr(n))}) for n in (0.5, 7.5, 0.95)),
    *((Held("n", n, look), {}) for n, look in ((-1, ""), (-5, ""), (-0.5, ""), (10**15 + 1, ""), (10**17, ""), (1e308, ""),
                                               (0.95, "%"), (1, "%"), (0, "%"))),
    # numbers whose format shows words
    *((Held("n", 95, look), {}) for look in ('"triệu', '"USD', '"%', '"con giáp', ',"', ',,"triệu')),
    (Held("n", 95, '"đồng'), {"money": 95}),
    # numbers as text
    *(count(n, as_=t) for t, n in (("0", 0), ("1", 1), ("95", 95), (" 95", 95), ("95\u00a0", 95), ("９５", 95),
                                   ("\u200b95", 95), ("95\n", 95), ("12345", 12345), ("1.234", 1234), ("1.234.567", 1234567))),
    text("01", **dict.fromkeys(("money", "count", "points", "flag"), (1, EITHER))),
    text("٣", **dict.fromkeys(("money", "count", "points"), (3, EITHER))),
    text("1,234", points=Decimal("1.234")), text("9,5", points=Decimal("9.5")), text("1.234,5", points=Decimal("1234.5")),
    *map(text, ("9.5", "1.8", "0.500", "1.23", "1.2345", "1.23.456", "1..2", "1.", "1,", ".5", ",5", "1 234", "1\u00a0234",
                "1,234,567", "1,234.5", "1e5", "1E+05", "10^6", "0x10", "1_000", "+5", "-5", "−5", "–5", "-0", "(5)", "5-",
                "#95", "95%", "100 %", "0,95%", "1/2", "½", "²", "9\u200b5", "9 5", "1.748/x", "1.748 trên 1.800", "~50",
                ">100", "≥ 100", "khoảng 50", "trên 100", "một", "năm mươi", "50 con", "100k", "∞", "NaN", "inf", "N/A",
                "NA", "null", "2000000000000000", "9" * 400)),
    # money in words
    money("8,1 tỷ", 8_100_000_000), money("8,1 tỉ đồng", 8_100_000_000), money("50 triệu đồng", 50_000_000),
    money("50 tr", 50_000_000), money("1,5 triệu", 1_500_000), money("1 tỷ 250 triệu", 1_250_000_000), money("5000 đồng", 5000),
    money("5.000đ", 5000), money("5.000 VNĐ", 5000), money("100 nghìn", 100_000), money("100 ngàn đồng", 100_000),
    *map(text, ("8.1 tỷ", "1,2345678 triệu", "5 USD", "$5", "50 triệu người", "triệu", "250 triệu 1 tỷ", "50 triệu/năm",
                "-50 triệu", "50triệuđồng?", "5 tỷ rưỡi")),
    # days
    *(((Held("d", d), {"day": DAY})) for d in ("2024-12-10", "2024-12-10T16:40:00")),
    *(text(t, day=DAY) for t in ("10/12/2024", "2024-12-10", "10-12-2024", "10.12.2024", "ngày 10/12/2024",
                                 "10 tháng 12 năm 2024", "ngày 10 tháng 12 năm 2024", "10/12/2024 16:40", " 10/12/2024 ")),
    *((Held("d", d), {}) for d in ("1924-12-10", "1900-01-09", "T09:30:00", "2042-12-10")),
    *map(text, ("12/25/2024", "31/02/2024", "29/02/2023", "00/12/2024", "10/13/2024", "10/12/24", "10/12", "12/2024",
                "10/12/1924", "10/12/20244", "2024/12/10", "10-Dec-2024", "mười tháng mười hai", "10/12/2024?",
                "trước 10/12/2024", "10/12/2024, 11/12/2024", "hôm qua")),
    *(text(t, day="none") for t in ("Không gửi", "không nộp", "KHÔNG GỬI", "none", " Không gửi ")),
    *map(text, ("chưa gửi", "chưa", "rồi", "có", "đã nhận", "không", "Không gửi?")),
    # ratings
    *(text(t, rating=r) for t, r in (("Khá", "Khá"), (" khá ", "Khá"), ("KHÁ", "Khá"), ("Kha\u0301", "Khá"), ("XS", "Xuất sắc"),
                                     ("xs", "Xuất sắc"), ("TB", "Trung bình"), ("Xuất sắc", "Xuất sắc"), ("YẾU", "Yếu"))),
    *map(text, ("Kha", "Xuât sắc", "Tốt", "Giỏi", "Khá/TB", "Khá+", "Xuất sắc.", "XSS", "Trung binh", "Loại Khá", "Kém")),
    # what is no text and no number
    *((Held("b", b), {}) for b in (True, False)),
    *((Held("e", e), {}) for e in ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!")),
    (Held("f", "", "", 1), {}), *map(text, ("TRUE", "FALSE", "ĐÚNG", "#N/A", "=1+1", "=SUM(A1:A3)", "+A1", "@A")),
    # what breaks programs
    *map(text, ("A\x07", "9\x005", "\x1b[31mA", "A\ufffe", "\x7f", "<b>A</b>", "&amp;", "'; DROP TABLE", "${A}", "{0}", "%s",
                "💯", "\ud83d", "A" * 300, "x" * 32767, "A\nB", "A\tB", "\u202eA", "A\u0301\u0301\u0301")),
]
_COLUMNS = {"Tự chấm": "self", "Cụm chấm": "cluster", "Chỉ tiêu giao": "target", "Thực hiện": "actual", "Ghi chú": "note"}
_CONTROL = ("A\x07", "9\x005", "\x1b[31mA", "A\ufffe", "\x7f")


class Input(NamedTuple):
    """A cell to type into: its kind, the field it fills (a line without a branch fills none)."""
    place: tuple[int, int]
    kind: str
    field: tuple | None


class Change(NamedTuple):
    """What is put into which cell of which sheet; `means` for an input cell."""
    sheet: int
    place: tuple[int, int]
    held: Held | None
    input: Input | None
    means: object = None


class Verdict(NamedTuple):
    """How a change ended, and what was read or told."""
    verdict: str
    why: str = ""


# ---------------------------------------------------------------- the template

def template_cells(case: Case) -> tuple[list[tuple[int, Input]], list[tuple[int, tuple[int, int]]]]:
    """The input cells of a filled template, and its locked ones with something in them, each with its sheet."""
    book = openpyxl.load_workbook(io.BytesIO(case.path.read_bytes()))
    names = {u.name: u.unit for u in case.units.values()}
    labels = {one.label: id for group in (case.rules.indicators, case.rules.filings) for id, one in group.items()}
    inputs, locked = [], []
    for n, sheet in enumerate(book.worksheets):
        for row in sheet.iter_rows():
            for cell in row:
                if not cell.protection.locked:
                    inputs.append((n, _input(sheet, cell, names, labels)))
                elif cell.value is not None:
                    locked.append((n, (cell.row, cell.column)))
    return inputs, locked


def _input(sheet, cell, names, labels) -> Input:
    place = (cell.row, cell.column)
    beside = [sheet.cell(cell.row, c).value for c in range(1, 4)]
    if sheet.title == "Hội cơ sở":
        column = {2: "unit", 3: "branch", 4: "rating", 5: "fund"}[cell.column]
        unit = names.get(beside[1])
        if column == "unit" or unit is None or column != "branch" and not beside[2]:
            return Input(place, "unit" if column == "unit" else "lone", None)
        return Input(place, {"fund": "money"}.get(column, column), ("branches", unit, words(str(beside[2] or "")), column))
    unit = names[next(v for c in range(cell.column, 0, -1) if (v := sheet.cell(4, c).value))]
    said = sheet.cell(5, cell.column).value
    if sheet.title == "Hồ sơ":
        return Input(place, "day", ("filings", unit, labels[beside[1]], "received"))
    column = _COLUMNS[said]
    if sheet.title == "Bảng điểm":
        return Input(place, "note" if column == "note" else "grade", ("grades", unit, beside[0], column))
    id = labels[beside[1]]
    kind = {"note": "note", ("converted", "actual"): "points", ("reporting", "actual"): "flag", ("reporting", "target"): "once"}
    return Input(place, kind.get(column) or kind.get((id, column)) or ("money" if beside[2] == "đồng" else "count"),
                 ("indicators", unit, id, column))


def changes(case: Case, seed: int, most: int) -> list[Change]:
    """So many changes, each value in each input cell as likely as any other, and of locked cells their share."""
    random = Random(seed)  # noqa: S311 - the same changes every time
    inputs, locked = template_cells(case)
    typed = [Change(n, one.place, held, one, meaning(one.kind, held, means)) for n, one in inputs for held, means in VALUES]
    others = [Change(n, place, held, None) for n, place in locked for held in _instead(case.grids[n], place, locked, random)]
    share = min(len(others), most // LOCKED)
    return random.sample(typed, min(len(typed), most - share)) + random.sample(others, share)


def _instead(grid: Grid, place, locked, random: Random) -> list[Held | None]:
    """What may stand in a locked cell instead."""
    held = grid.cells[place]
    same_column = [grid.cells[p] for _, p in locked if p[1] == place[1] and p in grid.cells and grid.cells[p] != held]
    said = str(held.value)
    slip = said[:-1] if len(said) > 1 else said + "1"
    slip = Held("n", int(slip)) if held.kind == "n" and slip.isdigit() else Held("t", slip)
    return [None, Held("t", "Khác"), slip, *random.sample(same_column, min(2, len(same_column))), Held("n", 99),
            Held("e", "#REF!"), Held("f", "", "", 1), Held("b", True), Held("d", "2024-12-10")]


# ---------------------------------------------------------------- what must come of it

def meaning(kind: str, held: Held | None, means: dict):
    """What a value means in a kind of cell: a value, PROBLEM, (a value, EITHER) or KEPT."""
    is_blank = "" in means.values()
    if held is not None and held.value in _CONTROL:
        return PROBLEM
    if kind in ("note", "branch"):
        if is_blank:
            return "" if kind == "note" else ("", EITHER)
        return (words(held.value), EITHER) if held.kind == "t" else KEPT
    if kind == "unit":
        return "" if is_blank else KEPT
    if kind == "lone":
        return "" if is_blank else PROBLEM
    if kind == "once":          # what a report that is due once is asked for: 1; more is said to be refused one day
        value = means.get("count", PROBLEM)
        return value if value in (PROBLEM, "", 1) or isinstance(value, tuple) else (value, EITHER)
    return means.get(kind, PROBLEM)


def judge(case: Case, change: Change, before: Reading, after: Reading) -> Verdict:
    """Was a change read as it is meant, or told where it stands?"""
    grid, problems = case.grids[change.sheet], news(before.problems, after.problems)
    if change.input is None:
        is_told, may_be_told, wanted = _is_there(grid, change, problems), True, before.fields
        is_read = after.fields == before.fields and (_says_the_same(grid, change) or _is_there(
            grid, change, news(before.notices, after.notices)))
    else:
        wanted, *either = change.means if isinstance(change.means, tuple) else [change.means]
        may_be_told = bool(either) or wanted in (PROBLEM, KEPT)
        told = [*problems, *(news(before.notices, after.notices) if wanted != PROBLEM and may_be_told else [])]
        is_told = _is_there(grid, change, told)
        is_read = wanted != PROBLEM and (_is_kept(change, before, after) if wanted == KEPT else
                                         after.fields == expected(change, before, wanted))
    if is_told and may_be_told or is_read and not problems:
        return Verdict("right")
    if problems:
        return Verdict("wrong", f"told {'although plain' if is_told else 'elsewhere'}: {problems[0].message}")
    return Verdict("SILENT", f"{'' if wanted is before.fields else f'wanted {wanted!r:.40}; '}{_read(before, after)}")


def _is_there(grid: Grid, change: Change, told) -> bool:
    """Is one of them at the cell? On a branch's line, in the row; of a locked cell, in its row or column or at the sheet."""
    top, left, bottom, right = grid.extent(change.place)
    for one in told:
        row, column = coordinate_to_tuple(one.cell) if one.cell else (0, 0)
        is_line = change.input is not None and (change.input.field is None or change.input.kind == "branch")
        if one.sheet == grid.called and ((row, column) == change.place or is_line and row == top or change.input is None and (
                not one.cell or top <= row <= bottom or left <= column <= right)):
            return True
    return False


def _says_the_same(grid: Grid, change: Change) -> bool:
    """Does a locked cell say what it said, but for blanks and capitals?"""
    held = (grid.cells[change.place], change.held)
    was, now = (" ".join(str(one.value).split()).casefold() if one else "" for one in held)
    return was == now


def _is_kept(change: Change, before: Reading, after: Reading) -> bool:
    """Is there some text of it, and all else as it was?"""
    field = change.input.field
    if field is None:
        return False
    if field[3] != "branch":
        return after.fields == before.fields | {field: after.fields.get(field)}
    return any(k[:2] == field[:2] and k[3] == "branch" for k in after.fields.keys() - before.fields.keys())


def expected(change: Change, before: Reading, wanted) -> dict:
    """The fields as they were, this one as it is meant; a branch with another name takes what is on its line with it."""
    fields, field = dict(before.fields), change.input.field
    if field is None:
        return fields
    line = [k for k in fields if k[:3] == field[:3]] if field[3] == "branch" else [field]
    held = {k[3]: fields.pop(k, None) for k in line} | {field[3]: wanted}
    key = wanted if field[3] == "branch" else field[2]
    return fields if wanted == "" else fields | {(*field[:2], key, column): value for column, value in held.items()}


def _read(before: Reading, after: Reading) -> str:
    differs = differences(before, after)
    return f"{len(differs)} differ: {'; '.join(list(differs.values())[:3])}"


# ---------------------------------------------------------------- all of it

class Bench:
    """The filled template with its reading; one in each process."""

    def __init__(self):
        self.scratch = tempfile.TemporaryDirectory()
        [self.case] = filled(Path(self.scratch.name), year.read(SHIPPED), [CLUSTER])
        self.before = self.case.read(self.case.grids)

    def verdict(self, change: Change) -> Verdict:
        """How a change ends."""
        grids = list(self.case.grids)
        grids[change.sheet] = grids[change.sheet].with_cell(change.place, change.held)
        try:
            after = self.case.read(grids)
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            return Verdict("crashed", f"{type(error).__name__}: {error}")
        return judge(self.case, change, self.before, after)

    def told(self, change: Change, found: Verdict) -> str:
        """A line about one change."""
        grid, (row, column) = self.case.grids[change.sheet], change.place
        was = grid.cells.get(change.place)
        kind = change.input.kind if change.input else "locked"
        return (f"{found.verdict} {grid.called} {letters(column)}{row} ({kind}): "
                f"{was and was.value!r} → {change.held and (change.held.kind, change.held.value)!r:.60}: {found.why}")


_BENCH: Bench | None = None


def _begin() -> None:
    global _BENCH
    _BENCH = Bench()


def _verdict(change: Change) -> Verdict:
    return _BENCH.verdict(change)


def main(seed: int = 1, most: int = MOST) -> int:
    """Change the cells; counts by kind of cell, and each that is not right."""
    _begin()
    made = changes(_BENCH.case, seed, most)
    with ProcessPoolExecutor(2, initializer=_begin) as pool:
        found = list(zip(made, pool.map(_verdict, made, chunksize=20), strict=True))
    counts = Counter((change.input.kind if change.input else "locked", v.verdict) for change, v in found)
    print(f"{'kind of cell':16}" + "".join(f"{v:>9}" for v in VERDICTS))
    for kind in sorted({k for k, _ in counts}):
        print(f"{kind:16}" + "".join(f"{counts[kind, v]:9}" for v in VERDICTS))
    for change, v in found:
        if v.verdict != "right":
            print(printable(_BENCH.told(change, v)))
    total = Counter(v.verdict for _, v in found)
    print(f"seed {seed}: {len(found)} changed cells, {len(VALUES)} values: " + ", ".join(f"{v} {total[v]}" for v in VERDICTS))
    return 1 if total["right"] < len(found) or not found else 0


def printable(line: str) -> str:
    """A line any console can show: halves of characters and control signs spelled out."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
