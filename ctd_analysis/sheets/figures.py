"""What the tables of figures share: whose row or column it is, and what a cell gives."""

from __future__ import annotations

from ..office.grid import Cell
from ..values import plain
from . import totals
from .gather import Gathered, Given
from .headings import meanings
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
