"""The account of a sheet's cells: every filled cell is read, recounted, a heading, a remark, or said to be left.

Readers claim cells as they use them; what a table's own headings explain follows; the remainder is told, never dropped.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..office.grid import Cell, Sheet
from ..values import TICKS, plain
from . import totals
from .headings import PERCENT, fold, is_filled, is_grade_like, meanings, number_in
from .layouts import Column, Table

FIELDS = ("file", "sheet", "cell", "kind", "table", "unit", "key", "field", "text")
#: What a heading says of cells no reader asked for.
_BY_HEADING = (("note", "note"), ("total", "total"), ("ignored", "around"))
_AXES = ("order", "criterion_no", "title", "measure", "unit", "branch", "filing_title")
_DAY = re.compile(r"(ngày )?\d{1,2}([/.-]| tháng )\d{1,2}.*|\d{4}-\d\d-\d\d|không (gửi|nộp)|none", re.IGNORECASE)
#: What its headings could say, where a column is not understood.
_WANTED = {"grades": "tên đơn vị, “Tự chấm” hoặc “Cụm chấm”; hoặc “Ghi chú”",
           "indicators": "“Chỉ tiêu giao”, “Thực hiện”, “Tỷ lệ %” hoặc “Ghi chú”",
           "branches": "“Hội cơ sở”, “Xếp loại”, “Quỹ” hoặc “Ghi chú”", "filings": "tên hồ sơ, “Ngày nhận” hoặc “Ghi chú”",
           "targets": "“Hội cơ sở”, tên một chỉ tiêu hoặc “Ghi chú”"}


class Claim(NamedTuple):
    """What became of a cell."""
    kind: str
    table: str = ""
    unit: str = ""
    key: str = ""
    field: str = ""


class Account:
    """What became of each cell of one sheet."""

    def __init__(self, sheet: Sheet):
        self.sheet = sheet
        self.claims: dict[tuple[int, int], Claim] = {}
        self.samples: list[Cell] = []

    def claim(self, cell: Cell | None, kind: str, table: str = "", unit: str = "", key="", field: str = "") -> None:
        """A cell is used; the first use stands."""
        if cell is not None and (cell.row, cell.column) not in self.claims:
            self.claims[cell.row, cell.column] = Claim(kind, table, unit, str(key), field)

    def unclaimed(self) -> list[Cell]:
        """The filled cells nobody used yet."""
        return [cell for place, cell in self.sheet.cells.items() if place not in self.claims and is_filled(cell)]

    def close_table(self, table: Table, kind: str) -> list[tuple[Cell, list[Cell], list[Cell]]]:
        """What a table's headings explain is claimed; of each column that is not understood where to ask, its head, the cells.

        A column that names what was read from its rows is understood: there its odd cells alone are asked about.
        """
        for row in (*range(table.top, table.bottom + 1), table.code_row or 0):
            for cell in table.cells(row):
                self.claim(cell, "head", kind)
        rows, read = set(table.rows), self._rows_read(table)
        axes = {column for (row, column), claim in self.claims.items() if claim.kind == "axis" and row in rows}
        open_: dict[int, list[Cell]] = {}
        for row in table.rows:
            if sample := None if row in read else totals.sample(table, row):
                self.samples.append(sample)
            said = "left" if sample else "" if row in read else _of_row(table, row, kind)
            for cell in table.cells(row):
                if said and is_filled(cell):
                    self.claim(cell, said, kind)
                elif is_filled(cell) and self.claims.get((row, cell.column), Claim("note")).kind == "note":
                    open_.setdefault(cell.column, []).append(cell)
        strange = []
        for number, cells in open_.items():
            column = table.columns[number]
            became = _of_column(column) or ("axis" if number in axes else "")
            odd, where = [] if became else cells, column.last or cells[0]
            if became and number > min(table.columns) and _gainsays(kind, became, column, cells, table):
                odd = cells
                if number in axes and (single := [cell for cell in cells if could_be(kind, cell)]):
                    odd, where = single, single[0]
            for cell in cells:
                if cell in odd or (cell.row, number) not in self.claims:
                    self.claims[cell.row, number] = Claim("left" if cell in odd else became, kind)
            if odd:
                strange.append((where, column.stack, odd))
        return strange

    def _rows_read(self, table: Table) -> set[int]:
        """The rows a value was read from."""
        return {row for (row, column), claim in self.claims.items() if claim.kind == "value" and column in table.columns}

    def has_values(self, table: Table) -> bool:
        """Was a value read from under this head?"""
        return not self._rows_read(table).isdisjoint(table.rows)

    def close(self, kind: str = "") -> list[Cell]:
        """The rest of the sheet: words are titles, letterheads, remarks; of each block of anything else its first cell."""
        left = []
        for cell in self.unclaimed():
            became = kind or ("around" if _is_words(cell) else "left")
            self.claim(cell, became)
            if became == "left":
                left.append(cell)
        rows = {cell.row for cell in left}
        return [next(cell for cell in left if cell.row == row) for row in sorted(rows) if row - 1 not in rows]

    def rows(self, file: str) -> list[tuple]:
        """One row a filled cell, as `ctd check --account` writes them."""
        return [(file, self.sheet.name, cell.address, *self.claims.get(place, Claim("left")), cell.text)
                for place, cell in self.sheet.cells.items() if is_filled(cell)]


def _is_words(cell: Cell) -> bool:
    return cell.kind == "t" and not re.fullmatch(r"[\d.,% ]+", plain(cell.value)) \
        and not could_be("grades", cell) and not could_be("branches", cell)


def could_be(kind: str, cell: Cell) -> bool:
    """Could a cell be a value of this kind of table: a letter or tick; an amount or count; a rating; a day?"""
    typed = plain(cell.value) if cell.kind == "t" else ""
    is_number = cell.kind == "n" or bool(re.fullmatch(r"\d[\d.,]*( ?(tỷ|triệu|nghìn|đồng|đ)( đồng)?)?", typed))
    if kind == "grades":
        return is_grade_like(cell)
    if kind == "branches":
        return is_number or typed in TICKS or "rated" in meanings(typed)
    return cell.kind == "d" or bool(_DAY.fullmatch(typed)) if kind == "filings" else is_number


def wanted(kind: str) -> str:
    """What would make a heading clear."""
    return f"trên đầu cột: {_WANTED[kind]}"


def _gainsays(kind: str, became: str, column: Column, cells: list[Cell], table: Table) -> bool:
    """Do the cells of a column deny its heading: letters under “Ghi chú”, ratings under “Đơn vị”, money under “STT”?"""
    if became == "percent" or became == "total" and (kind != "grades" or column.says("whole_cluster")):
        return False
    values = [cell for cell in cells if could_be(kind, cell)]
    is_said_before = any(other.number < column.number and fold(other.text) == fold(column.text)
                         for other in table.columns.values())
    if became == "around":
        may_hold = column.says({"grades": "scale", "filings": "deadline"}.get(kind, "ignored"))
        return bool(values) and (column.unit is not None or is_said_before or not may_hold)
    if became == "note":
        is_ticked = len(values) == len(cells) and any(other.letter for other in table.columns.values())
        return is_ticked or len(values) > 1 and 2 * len(values) > len(cells)
    if is_said_before and any(cell.kind == "t" for cell in cells):
        return True
    return bool(values) and not (column.kinds & {"order", "criterion_no"} and _counts(cells, len(table.rows)))


def _counts(cells: list[Cell], rows: int) -> bool:
    """Do numbers go on as a numbering does: upwards, or from 1 again, and no further than there are rows?"""
    numbers = [number for cell in cells if (number := number_in(cell)) is not None]
    return len(numbers) == len(cells) and all(
        one == 1 or before < one <= rows for before, one in zip([0, *numbers], numbers, strict=False))


def _of_row(table: Table, row: int, kind: str) -> str:
    """A row of totals, or of an area, as a whole."""
    is_total = totals.is_total(table, row, is_graded=kind == "grades")
    return "total" if is_total else "axis" if totals.is_area(table, row) else ""


def _of_column(column: Column) -> str:
    if column.role == PERCENT:
        return "percent"
    said = next((became for kind, became in _BY_HEADING if column.says(kind)), "")
    return said or ("axis" if column.kinds & set(_AXES) and not column.unit else "") \
        or ("around" if column.last is not None and fold(column.last.text) in ("diem quy doi", "diem so") else "")
