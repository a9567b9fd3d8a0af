"""Tables of the days on which documents came in (V.3, V.4)."""

from __future__ import annotations

from ..values import Wrong, received
from . import cells
from .figures import Figures
from .gather import Gathered
from .headings import filing_label, meanings, report_label
from .layouts import Column, Table


class Filings(Figures):
    """The days documents came in."""

    kind = "filings"

    def read(self) -> bool:
        """Read the table; False where it names fewer than two filings."""
        across = {c.number: id for c in self.table.columns.values() if not c.unit and (id := self._named_over(c))
                  and not (c.kinds & {"ignored", "note"} and "filing" not in meanings(c.last.text))}
        if len(set(across.values())) > 1 and (column := self.unit_column()):
            over = across | self._reports_over(across)
            for owner, number, cell in self.across(over, column):
                self._put(owner, over[number], cell, self.table.columns[number].last)
            return True
        title = self.title()
        return title is not None and self._down(title)

    def _reports_over(self, known) -> dict[int, str]:
        """Columns of reports of part of the year that hold nothing but days; with anything else they are left unread."""
        found = {c.number: id for c in self.table.columns.values() if not c.unit and c.number not in known
                 and (id := next((id for cell in reversed(c.stack) if (id := self._report(cell.text))), None))}
        return {number: id for number, id in found.items()
                if all(_is_receipt(cell) for row in self.table.rows if (cell := self.table.filled(row, number)))}

    def _report(self, text: str) -> str | None:
        id = report_label(text, self.book.year)
        return id if id in self.book.reports else None

    def _named_over(self, column) -> str | None:
        return next((id for cell in reversed(column.stack) if (id := filing_label(cell.text, self.book.filings))), None)

    def title(self) -> Column | None:
        """The column whose rows name filings, at least two."""
        return self.titles(lambda text: filing_label(text, self.book.filings), 2)

    def _down(self, title) -> bool:
        data = [c for c in self.table.columns.values() if c.number != title.number and (c.unit or c.says("received"))
                and not (c.unit and c.last is not c.unit_cell and {"note", "ignored"} & meanings(c.last.text).keys())]
        units = self.column_units(data)
        for row in self.table.rows:
            label = self.sheet.home(row, title.number)
            held = {c: cell for c in units if (cell := self.table.filled(row, c))}
            if label is None or label.kind != "t" or not held:
                continue
            id = filing_label(label.text, self.book.filings)
            report = None if id else self._report(label.text)
            if report and all(map(_is_receipt, held.values())):
                id = report
            if id is None:
                self.unknown(label, row, "hồ sơ", () if report else [one.label for one in self.book.filings.values()])
                continue
            for column, cell in held.items():
                self._put(units[column], id, cell, label)
        return True

    def _put(self, owner, id, cell, axis) -> None:
        if self.sheet.span(cell) != (cell.row, cell.column):
            self.gathered.problem(cell, "một ô gộp cho nhiều hồ sơ hoặc nhiều đơn vị", "mỗi ô một ngày, không gộp")
            return
        self.gathered.put("filings", owner[0], id, "received", self.given(cell, owner[1], axis, lambda: cells.received(cell)))


def _is_receipt(cell) -> bool:
    """Does a cell hold a day of receipt, or say that nothing came?"""
    try:
        received(cells.received(cell))
    except Wrong:
        return False
    return True


def labels_filings(table: Table, gathered: Gathered) -> bool:
    """Does a table name at least two filings in its heads or in one of its columns, and nothing that is counted?"""
    reader = Filings(table, gathered)
    over = {reader._named_over(c) for c in table.columns.values() if not c.unit} - {None}
    return len(over) > 1 or reader.title() is not None
