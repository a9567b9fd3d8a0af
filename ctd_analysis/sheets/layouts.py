"""Where the tables of a sheet are: found by structure, never by position.

A table begins with a head: a row of words that name columns, with what is merged into it, above it (units, rounds of
grading) and below it (sub-heads, the row of codes `A · B · 1=(2+3)`). Each column carries what the cells over it say; each row
what stands before its data. Which of the four tables it is, and whether units stand across or down, follows from that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..names import Names
from ..office.grid import Cell, Sheet
from ..values import plain
from . import ends
from .headings import is_code, is_filled, is_letter_row, meanings, number_in

#: Kinds of columns that stand before the data and show where a head begins.
ANCHORS = frozenset(("order", "criterion_no", "title", "unit", "branch", "measure", "filing_title"))
_FIELDS = frozenset((*ANCHORS, "rating", "fund", "note", "ignored", "total", "received"))
_MOST_HEAD_ROWS = 8


@dataclass
class Column:
    """A column of a table: the cells over it, from top to bottom, and what they say."""
    number: int
    stack: list[Cell] = field(default_factory=list)
    unit: str | None = None
    unit_cell: Cell | None = None
    stage: str | None = None
    stage_cell: Cell | None = None
    letter: str | None = None
    role: str | None = None
    rated: str | None = None

    @cached_property
    def kinds(self) -> frozenset[str]:
        """All that its headings say it may be."""
        return frozenset(kind for cell in self.stack for kind in meanings(cell.text))

    @property
    def last(self) -> Cell | None:
        """The heading nearest to the data."""
        return self.stack[-1] if self.stack else None

    def says(self, kind: str) -> bool:
        """Does one of the headings say it is this?"""
        return kind in self.kinds

    @property
    def text(self) -> str:
        """The whole heading."""
        return " – ".join(" ".join(cell.text.split()) for cell in self.stack)


@dataclass
class Table:
    """A head and the rows under it."""
    sheet: Sheet
    top: int
    bottom: int
    last: int
    columns: dict[int, Column]
    code_row: int | None = None
    before: int = 0
    over: tuple[Cell, ...] = ()     # of a part of a table: the bands it stands under

    @cached_property
    def rows(self) -> list[int]:
        """The rows under the head, or under the nearest band, that hold something."""
        first = max([self.code_row or self.bottom, *(band.row for band in self.over)]) + 1
        return [row for row in self.sheet.rows if first <= row <= self.last]

    def cells(self, row: int) -> list[Cell]:
        """What stands in a row of this table, not in one beside it."""
        return [cell for cell in self.sheet.rows.get(row, ()) if cell.column in self.columns]

    def filled(self, row: int, column: int) -> Cell | None:
        """A cell with something in it; blanks typed as spaces are none."""
        cell = self.sheet.cells.get((row, column))
        return cell if is_filled(cell) else None

    def texts(self, column: Column, rows: Iterable[int] | None = None) -> list[Cell]:
        """The texts of a column, in all rows or in some."""
        found = (self.filled(row, column.number) for row in (self.rows if rows is None else rows))
        return [cell for cell in found if cell is not None and cell.kind == "t"]

    def naming(self, columns: Iterable[Column], named: Callable, rows: Iterable[int] | None = None) -> int | None:
        """The number of that column most texts of which `named` knows, the first of equals; None where it knows none."""
        counts = {c.number: sum(bool(named(cell.value)) for cell in self.texts(c, rows)) for c in columns}
        return max(counts, key=counts.get) if any(counts.values()) else None

    def having(self, kind: str) -> list[Column]:
        """The columns one of whose headings says `kind`."""
        return [c for c in self.columns.values() if c.says(kind)]


def tables(sheet: Sheet, names: Names) -> list[Table]:
    """The tables of a sheet, in the order of their heads."""
    heads = list(_heads(sheet, names))
    found = []
    for (top, bottom), following in zip(heads, [*heads[1:], (sheet.last_row + 1, 0)], strict=False):
        below = next((row for row in sheet.rows if bottom < row <= bottom + 2), None)
        code = below if below and looks_like_codes(sheet.rows[below]) else None
        table = Table(sheet, top, bottom, following[0] - 1, {}, code, _end_of(found[-1], top) if found else 0)
        table.last = ends.last_of(sheet, (top, bottom), code or bottom, table.last)
        columns = _columns(sheet, names, top, bottom, table.last)
        found += [replace(table, columns=part) for part in _side_by_side(columns)]
    return found


def _side_by_side(columns: dict[int, Column]) -> list[dict[int, Column]]:
    """Tables that stand beside each other under one head: each begins with its own numbering."""
    parts, has_order, has_data = [{}], False, False
    for number, column in columns.items():
        is_order = bool(column.kinds & {"order", "criterion_no"}) and not column.unit
        if has_data and has_order and is_order:
            parts.append({})
            has_data = False
        parts[-1][number] = column
        has_order = has_order or is_order
        has_data = has_data or bool(column.unit or column.stage or column.letter or column.role and not column.says("title"))
    return parts


def _end_of(table: Table, top: int) -> int:
    """The last row of a table that is numbered, before the head of the next."""
    return max((row for row in table.rows if row < top and any(number_in(c) is not None for c in table.cells(row)[:3])),
               default=table.bottom)


def above(table: Table) -> list[Cell]:
    """The lines over a table, not those over the table before it; then the bands."""
    lines = (cell for row, cells in table.sheet.rows.items() if table.before < row < table.top for cell in cells)
    return [*(cell for cell in lines if cell.kind == "t"), *table.over]


# ---------------------------------------------------------------- heads

def _heads(sheet: Sheet, names: Names) -> Iterator[tuple[int, int]]:
    """First and last row of each head."""
    floor = 0
    for row in sheet.rows:
        if row <= floor or not _starts_a_head(sheet, row, names):
            continue
        bottom = _down(sheet, row, names)
        yield _up(sheet, row, floor, names), bottom
        floor = bottom


def _starts_a_head(sheet, row, names) -> bool:
    cells = sheet.rows[row]
    if len(cells) == 1 and sheet.span(cells[0])[0] == row:
        return False
    anchors = [cell for cell in cells if _is_anchor(cell)]
    if len(anchors) < 2 and any(c.kind == "n" and c.whole is not None for c in cells):
        return False
    known = [cell for cell in cells if _is_heading(cell, names)]
    if anchors and len(known) > 1 or sum(names.match(cell.text) is not None for cell in known) > 1:
        return True
    below = sheet.rows.get(row + 1, ())
    return bool(anchors) and len(anchors[0].text) < 30 and sum(_is_heading(c, names) for c in below) > 1 \
        and sheet.span(anchors[0])[0] > row


def _is_heading(cell: Cell, names: Names) -> bool:
    return cell.kind == "t" and (bool(meanings(cell.text)) or names.match(cell.text) is not None)


def _down(sheet, row, names) -> int:
    """The head's last row: what is merged into it, and rows of sub-heads under it."""
    anchored = {c: cell for cell in sheet.rows[row] if _is_anchor(cell)
                for c in range(cell.column, sheet.span(cell)[1] + 1)}
    bottom = min(max([sheet.span(cell)[0] for cell in anchored.values()], default=row), row + _MOST_HEAD_ROWS)
    while bottom < row + _MOST_HEAD_ROWS and _is_sub_head(sheet, bottom + 1, anchored, names):
        bottom += 1
    return bottom


def _is_sub_head(sheet, row, anchored, names) -> bool:
    """A row of words that say more about the columns: rounds, roles, units, or the letters A, B, C again and again."""
    cells = sheet.rows.get(row, [])
    if not cells or any(cell.column in anchored or cell.kind != "t" for cell in cells):
        return False
    if is_letter_row(cells) or len(cells) > 1 and all("rated" in meanings(cell.text) for cell in cells):
        return True
    return all(_is_heading(cell, names) and "letter" not in meanings(cell.text) for cell in cells)


def _up(sheet, row, floor, names) -> int:
    """The head's first row: rows over it that name units or rounds only over the data."""
    left = min((cell.column for cell in sheet.rows[row] if _is_anchor(cell)), default=0)
    top = row
    while top - 1 > floor and (above := sheet.rows.get(top - 1)) and row - top < 3:
        if any(cell.column <= left or cell.kind != "t" for cell in above) \
                or not all(sheet.span(cell)[0] < row and cell.column > left for cell in above) \
                or not any({"stage", "letter", "role"} & meanings(cell.text).keys() for cell in sheet.rows[top]) \
                or not any("stage" in meanings(c.text) or names.match(c.text) or names.looks_like_one(c.text) for c in above):
            break
        top -= 1
    return top


def looks_like_codes(cells: list[Cell]) -> bool:
    """All codes: first letters in their order, then numbers, none twice."""
    if len(cells) < 3 or not all(is_code(cell) for cell in cells):
        return False
    codes = [plain(cell.text).strip("()[]").partition("=")[0].strip("()[] ").upper() for cell in cells]
    letters = [c for c in codes if c.isalpha()]
    is_ordered = letters == sorted(set(letters)) and (codes[:len(letters)] == letters or codes[0] == "A")
    numbers = [int(c) for c in codes if c.isdigit()]
    if len(numbers) > 1 and sorted(letters) + sorted(numbers) == [*"ABCDEFGH"[:len(letters)], *range(1, len(numbers) + 1)]:
        return True                                     # columns that changed places took their codes along
    return is_ordered and len(set(numbers)) == len(numbers) and bool(numbers or len(letters) > 2) \
        and (len(letters) < 2 or letters[0] == "A")


# ---------------------------------------------------------------- columns

def _columns(sheet, names, top, bottom, last) -> dict[int, Column]:
    body = {cell.column for row, cells in sheet.rows.items() if bottom < row <= last for cell in cells}
    heads = {c for row in range(top, bottom + 1) for cell in sheet.rows.get(row, ())
             for c in range(cell.column, sheet.span(cell)[1] + 1)}
    columns = {c: Column(c) for c in sorted(body | heads)}
    for row in range(top, bottom + 1):
        _lay_row(sheet, names, row, bottom, columns)
    for column in columns.values():
        _settle(column, names)
    return columns


def _lay_row(sheet, names, row, bottom, columns):
    """Put each cell of one row of the head over its columns; one that is not merged reaches over sub-heads that need it."""
    carried, used = None, set()
    for number, column in columns.items():
        cell = sheet.home(row, number)
        if cell is not None:
            if cell is not carried:
                carried, used = cell if cell.row == row else None, set()
            used.add(_sub_head(sheet, row, bottom, number))
            if cell not in column.stack:
                column.stack.append(cell)
            continue
        below = _sub_head(sheet, row, bottom, number)
        if carried and below and below not in used and not _is_field(carried) \
                and ("stage" in meanings(carried.text) or names.match(carried.text) or names.looks_like_one(carried.text)):
            used.add(below)
            column.stack.append(carried)
        else:
            carried = None


def _sub_head(sheet, row, bottom, number) -> str | None:
    """What the cells under a row of the head say of a column, as far as it can repeat: round, role, letter."""
    said = [f"{kind}:{meanings(cell.text)[kind]}" for r in range(row + 1, bottom + 1) if (cell := sheet.home(r, number))
            and cell.row == r for kind in ("stage", "role", "letter") if kind in meanings(cell.text)]
    return " ".join(said) or None


def _is_anchor(cell: Cell) -> bool:
    return cell.kind == "t" and not ANCHORS.isdisjoint(meanings(cell.value))


def _is_field(cell: Cell) -> bool:
    said = meanings(cell.text)
    return not _FIELDS.isdisjoint(said) and "role" not in said


def _settle(column: Column, names: Names):
    """Read off the stack what is said of a column."""
    for cell in column.stack:
        said = meanings(cell.text)
        unit = names.match(cell.text) if cell.kind == "t" else None
        if unit is None and cell.kind == "t" and said.keys() <= {"stage", "role"}:
            unit, parts = _parts(cell.text, names)
            said = parts if unit else said
        if unit and column.unit is None:
            column.unit, column.unit_cell = unit, cell
        if "stage" in said:
            column.stage, column.stage_cell = said["stage"], cell
        column.letter = said.get("letter", column.letter)
        column.role = said.get("role", column.role)
        column.rated = said.get("rated", column.rated)


def _parts(text: str, names: Names) -> tuple[str | None, dict]:
    """A unit and a round in one heading: `Rạch Giá (tự chấm)`."""
    pieces = [piece for piece in re.split(r"[():\n]| [-–] ", text) if piece.strip()]
    if not 1 < len(pieces) < 4:
        return None, {}
    units = [unit for p in pieces if (unit := names.match(p))]
    said = [meanings(p) for p in pieces if not names.match(p)]
    if len(units) == 1 and said and all("stage" in m or "role" in m for m in said):
        return units[0], {k: v for m in said for k, v in m.items() if k in ("stage", "role")}
    return None, {}
