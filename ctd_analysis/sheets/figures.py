"""What the tables beside the grades share (`indicators`, `branches`), and the smallest of them: filings with their days.

Filings may stand in rows or in columns, units the other way.
"""

from __future__ import annotations

from ..office.grid import Cell
from ..terms import hint
from ..values import plain
from . import cells, totals
from .gather import Gathered, Given
from .headings import filing_label, meanings
from .layouts import Column, Table


def cell_at(table: Table, row: int, column: int) -> Cell | None:
    """A cell with something in it; blanks typed as spaces are none."""
    cell = table.sheet.cells.get((row, column))
    return None if cell is None or cell.kind == "t" and not plain(cell.value) else cell


class Figures:
    """What reading any of these tables needs."""

    def __init__(self, table: Table, gathered: Gathered):
        self.table, self.sheet, self.gathered = table, table.sheet, gathered
        self.names, self.book = gathered.names, gathered.book

    def given(self, cell, unit_cell, axis, read=None, text=None) -> Given:
        """One value, as it is kept."""
        column = self.table.columns.get(cell.column)
        return Given(self.gathered.file, self.sheet.name, cell, unit_cell, axis, column and column.last, read, text)

    def unit_column(self) -> Column | None:
        """The column that names a unit in each row."""
        counts = {}
        for column in self.table.columns.values():
            if column.unit:
                continue
            named = sum(1 for row in self.table.rows if (c := cell_at(self.table, row, column.number)) and c.kind == "t"
                        and self.names.match(c.value))
            if named:
                counts[column.number] = (column.says("unit"), named)
        return self.table.columns[max(counts, key=counts.get)] if counts else None

    def row_unit(self, column: Column, row: int, has_data: bool) -> tuple[str, Cell] | None:
        """The unit a row names; a name nobody knows beside data is a problem."""
        cell = self.sheet.home(row, column.number)
        if cell is None or cell.kind == "t" and not plain(cell.value):
            return None
        unit = self.names.match(cell.text) if cell.kind == "t" else None
        if unit is None:
            if has_data and not totals.is_word(cell.text):
                self.gathered.unknown_unit(self.sheet, cell)
            return None
        return (unit, cell) if self.gathered.unit(self.sheet, cell, unit) else None

    def column_units(self, columns) -> dict[int, tuple[str, Cell | None]]:
        """The unit of each column: over it, or the whole sheet's; unknown names beside known ones are problems."""
        if not any(c.unit for c in self.table.columns.values()):
            own = self.gathered.sheet_unit(self.table)
            return {c.number: own for c in columns} if own else {}
        found = {}
        for column in columns:
            if column.unit:
                if self.gathered.unit(self.sheet, column.unit_cell, column.unit):
                    found[column.number] = (column.unit, column.unit_cell)
                continue
            stranger = next((c for c in column.stack if not meanings(c.text)), None)
            if stranger is not None and not column.says("total") and any(cell_at(self.table, r, column.number)
                                                                         for r in self.table.rows):
                self.gathered.unknown_unit(self.sheet, stranger)
        return found


class Filings(Figures):
    """The days documents came in."""

    def read(self) -> bool:
        """Read the table; False where it names fewer than two filings."""
        across = {c.number: id for c in self.table.columns.values() if not c.unit and (id := self._named_over(c))
                  and not (c.kinds & {"ignored", "note"} and "filing" not in meanings(c.last.text))}
        if len(set(across.values())) > 1 and (column := self.unit_column()):
            return self._across(across, column)
        title = self._title_column()
        return title is not None and self._down(title)

    def _named_over(self, column) -> str | None:
        return next((id for cell in reversed(column.stack) if (id := filing_label(cell.text, self.book.filings))), None)

    def _title_column(self) -> Column | None:
        counts = {c.number: len({filing_label(cell.text, self.book.filings) for row in self.table.rows
                                 if (cell := cell_at(self.table, row, c.number)) and cell.kind == "t"} - {None})
                  for c in self.table.columns.values() if not c.unit}
        best = max(counts, key=counts.get, default=None)
        return self.table.columns[best] if best is not None and counts[best] > 1 else None

    def _across(self, across, unit_column) -> bool:
        for row in self.table.rows:
            held = {c: cell for c in across if (cell := cell_at(self.table, row, c))}
            owner = self.row_unit(unit_column, row, bool(held)) if held else None
            for column, cell in held.items() if owner else ():
                self._put(owner, across[column], cell, self.table.columns[column].last)
        return True

    def _down(self, title) -> bool:
        data = [c for c in self.table.columns.values() if c.number != title.number and (c.unit or c.says("received"))
                and not (c.unit and c.last is not c.unit_cell and {"note", "ignored"} & meanings(c.last.text).keys())]
        units = self.column_units(data)
        for row in self.table.rows:
            label = self.sheet.home(row, title.number)
            held = {c: cell for c in units if (cell := cell_at(self.table, row, c))}
            if label is None or label.kind != "t" or not held:
                continue
            id = filing_label(label.text, self.book.filings)
            if id is None:
                close = hint(label.text, [one.label for one in self.book.filings.values()])
                tell = self.gathered.problem if close else None
                if tell:
                    tell(self.sheet, label, f"không có hồ sơ này{close}", "tên một hồ sơ trong quy định")
                continue
            for column, cell in held.items():
                self._put(units[column], id, cell, label)
        return True

    def _put(self, owner, id, cell, axis) -> None:
        if self.sheet.span(cell) != (cell.row, cell.column):
            self.gathered.problem(self.sheet, cell, "một ô gộp cho nhiều hồ sơ hoặc nhiều đơn vị", "mỗi ô một ngày, không gộp")
            return
        self.gathered.put("filings", owner[0], id, "received", self.given(cell, owner[1], axis, lambda: cells.received(cell)))


def labels_filings(table: Table, gathered: Gathered) -> bool:
    """Does a table name at least two filings in its heads or in one of its columns, and nothing that is counted?"""
    reader = Filings(table, gathered)
    over = {reader._named_over(c) for c in table.columns.values() if not c.unit} - {None}
    return len(over) > 1 or reader._title_column() is not None
