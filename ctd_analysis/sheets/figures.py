"""What the tables of figures share: whose row or column it is, and what a cell gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ..office.grid import Cell
from ..terms import hint
from ..values import plain
from . import headings, totals
from .cells import Measure
from .gather import Gathered, Given
from .headings import fold, indicators_of, is_filled, meanings, measure_in, money_scale
from .layouts import Column, Table, above


class Figures:
    """What reading any of these tables needs."""

    kind = ""

    def __init__(self, table: Table, gathered: Gathered):
        self.table, self.sheet, self.gathered = table, table.sheet, gathered
        self.names, self.book = gathered.names, gathered.book

    def given(self, cell, unit_cell, axis, read=None, text=None) -> Given:
        """One value, as it is kept."""
        column = self.table.columns.get(cell.column)
        return Given(self.gathered.file, self.sheet.name, cell, unit_cell, axis, column and column.last, read, text)

    def one_of(self, columns: list[Column], what: str) -> Column | None:
        """The one column that is meant, or None and a problem that names those that could be.

        A heading that names another year or a part of the year is never meant; one of another day or hand gives way.
        """
        filled = [c for c in columns if any(self.table.filled(r, c.number) for r in self.table.rows)] or columns[:1]
        meant = [c for c in filled if not headings.is_of_another_year(c.text, self.book.year)]
        own = [c for c in meant if str(self.book.year) in c.text]
        if 0 < len(own) < len(meant) and not any(headings.is_aside(c.text) for c in own):
            meant = own
        meant = [c for c in meant if not headings.is_aside(c.text)] or meant
        if len(meant) == 1 and not headings.is_part_of_year(meant[0].text):
            for other in filled:
                if other is not meant[0]:
                    self.set_aside(other, f"cột này không phải số liệu của năm {self.book.year}, không đọc")
            return meant[0]
        if filled:
            self._claim_columns(filled, "left")
            named = "; ".join(f"{c.last.address} “{c.text}”" for c in filled if c.last)
            self.gathered.problem(filled[-1].last, f"không rõ cột nào là {what} năm {self.book.year} ({named})",
                                  f"một cột {what}, trên đầu cột ghi rõ năm {self.book.year}, ai công nhận, cuối năm")
        return None

    def money_over(self, column: Column) -> Measure | None:
        """The unit of money over a column or the table; two that contradict, or a word nobody knows, are a problem."""
        said = [word for cell in (*reversed(column.stack), *above(self.table)) if (word := measure_in(cell.text))]
        place = (*self.gathered.here, column.text)
        said = said or self.gathered.measures.get(place, [])     # a head repeated on the next page
        self.gathered.measures[place] = said
        known = [Measure(word, scale) for word in said if (scale := money_scale(word))]
        first = next((c for r in self.table.rows if (c := self.table.filled(r, column.number))), column.last)
        if len({one.scale for one in known}) > 1:
            self.gathered.problem(column.last, "hai đơn vị tính trái nhau: " + ", ".join(one.word for one in known),
                                  "một đơn vị tính cho cột này")
        elif said and not known and first is not None:
            self.gathered.problem(first, f"không biết đơn vị tính “{said[0]}”", "đồng, nghìn đồng, triệu đồng hoặc tỷ đồng")
        return known[0] if known else None

    def measure_of(self, id, cell, label, column) -> Measure | None:
        """What a value is counted in: the row's word, the heading's, the table's, else the rule book's."""
        own = self.book.indicators[id].measure
        is_money = money_scale(own) is not None
        word = plain(cell.text) if cell is not None else ""
        if word:
            scale = money_scale(word)
            if is_money and not scale or not is_money and (scale or "%" in word):
                self.gathered.problem(cell, f"đơn vị tính không hợp với chỉ tiêu {self.book.indicators[id].label}",
                                      own if not is_money else "đồng, nghìn đồng, triệu đồng hoặc tỷ đồng")
                return None
            return Measure(word, scale)
        said = measure_in(label.text) if label else None
        if not is_money and (rate := said and money_scale(said) or label and _is_rate(label.text, own)):
            return Measure(said if said and rate is not True else "%", -1)
        if is_money and said and money_scale(said):
            return Measure(said, money_scale(said))
        return is_money and self.money_over(column) or Measure(own, 1 if is_money else None, is_said=False)

    def named_over(self, column: Column) -> list[str]:
        """The one indicator a heading names, nearest to the data; nothing for none."""
        return next((ids for cell in reversed(column.stack) if len(ids := indicators_of(cell.text, self.book)) == 1), [])

    def set_aside(self, column: Column, what: str) -> None:
        """A column of another year, day or hand: said, and not read."""
        self.gathered.notice(column.last, what)
        self._claim_columns([column], "around")

    def _claim_columns(self, columns: list[Column], kind: str) -> None:
        for cell in (self.sheet.cells.get((row, c.number)) for c in columns for row in self.table.rows):
            self.gathered.account.claim(cell, kind, self.kind)

    def leave(self, row: int) -> None:
        """A row that was remarked on as a whole is not read."""
        for cell in self.table.cells(row):
            self.gathered.account.claim(cell, "left", self.kind)

    def across(self, over: Iterable[int], units: Column) -> Iterator[tuple[tuple[str, Cell], int, Cell]]:
        """Each filled cell under headings that name what it is about, a row a unit: whose, in which column."""
        for row in self.table.rows:
            held = {c: cell for c in over if (cell := self.table.filled(row, c))
                    and cell is not self.sheet.home(row, units.number)}
            owner = self.row_unit(units, row, True) if held else None
            yield from ((owner, c, cell) for c, cell in held.items() if owner)

    def titles(self, named: Callable[[str], object], least: int) -> Column | None:
        """The column whose rows name most of what such a table is about, and at least so many."""
        counts = {c.number: len({named(text) for text in {cell.value for cell in self.table.texts(c) if len(cell.value) < 200}}
                                - {None, ()}) for c in self.table.columns.values() if not c.unit}
        best = max(counts, key=counts.get, default=None)
        return self.table.columns[best] if best is not None and counts[best] >= least else None

    def unknown(self, label: Cell, row: int, what: str, names: Iterable[str]) -> None:
        """A row's label is not known: a problem where it comes near one of these, else the row is said not to be read."""
        if close := hint(label.text, names):
            self.gathered.problem(label, f"không có {what} này{close}", f"tên một {what} trong quy định")
        else:
            self.gathered.notice(label, f"{what} ngoài quy định, không đọc")
            self.leave(row)

    def unit_column(self) -> Column | None:
        """The column that names a unit in each row."""
        able = [column for column in self.table.columns.values() if not column.unit]
        called = self.table.naming([column for column in able if column.says("unit")], self.names.match)
        return self.table.columns.get(called or self.table.naming(able, self.names.match))

    def row_unit(self, column: Column, row: int, has_data: bool) -> tuple[str, Cell] | None:
        """The unit a row names; a name nobody knows beside data is a problem."""
        cell = self.sheet.home(row, column.number)
        if not is_filled(cell):
            return None
        unit = self.gathered.unit_in(cell, has_data and not totals.is_word(cell.text))
        return (unit, cell) if unit else None

    def column_units(self, columns) -> dict[int, tuple[str, Cell | None]]:
        """The unit of each column: over it, or the whole sheet's; unknown names beside known ones are problems."""
        if not any(c.unit for c in self.table.columns.values()):
            own = self.gathered.sheet_unit(self.table)
            return {c.number: own for c in columns} if own else {}
        found = {}
        for column in columns:
            if column.unit:
                if self.gathered.unit(column.unit_cell, column.unit):
                    found[column.number] = (column.unit, column.unit_cell)
                continue
            stranger = next((c for c in column.stack if not meanings(c.text)), None)
            if stranger is not None and not column.says("total") and any(self.table.filled(r, column.number)
                                                                         for r in self.table.rows):
                self.gathered.unknown_unit(stranger)
        return found


def _is_rate(text: str, own: str) -> bool:
    """Does a label say it is a rate, where something is counted?"""
    return "%" not in own and (re.match(r"(ty|ti) le\b", fold(text)) is not None or re.search(r"\(\s*%\s*\)", text) is not None)
