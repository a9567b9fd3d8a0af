"""The tables beside the grades: indicators with target and actual, branches with rating and fund, filings with their days.

Indicators and filings may stand in rows or in columns, units the other way, or a sheet for each; branches stand in rows, their
unit in a column, in a band over them, or over the whole sheet.
"""

from __future__ import annotations

import re
from decimal import Decimal

from . import cells, totals
from .cells import Measure
from .gather import Gathered, Given
from .grid import Cell
from .headings import (
    ACTUAL,
    ACTUAL_OF_TARGET,
    PERCENT,
    TARGET,
    TARGET_OF_ACTUAL,
    filing_label,
    fold,
    indicators_of,
    meanings,
    measure_in,
    money_scale,
)
from .layouts import Column, Table, above
from .names import spelled
from .terms import hint, number
from .values import Wrong, plain

_ROMAN = re.compile(r"[IVXivx]{1,5}\.?")
_SINGLE = ("converted", "reporting")        # never a pair of numbers


def _cell(table: Table, row: int, column: int) -> Cell | None:
    """A cell with something in it; blanks typed as spaces are none."""
    cell = table.sheet.cells.get((row, column))
    return None if cell is None or cell.kind == "t" and not plain(cell.value) else cell


class _Figures:
    """What reading any of these tables needs."""

    def __init__(self, table: Table, gathered: Gathered):
        self.table, self.sheet, self.gathered, self.names, self.book = table, table.sheet, gathered, gathered.names, gathered.book

    def given(self, cell, unit_cell, axis, read=None, text=None) -> Given:
        """One value, as it is kept."""
        return Given(self.gathered.file, self.sheet.name, cell, unit_cell, axis, read, text)

    def unit_column(self) -> Column | None:
        """The column that names a unit in each row."""
        counts = {}
        for column in self.table.columns.values():
            if column.unit:
                continue
            named = sum(1 for row in self.table.rows if (c := _cell(self.table, row, column.number)) and c.kind == "t"
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
            if stranger is not None and not column.says("total") and any(_cell(self.table, r, column.number)
                                                                         for r in self.table.rows):
                self.gathered.unknown_unit(self.sheet, stranger)
        return found


# ---------------------------------------------------------------- indicators

class Indicators(_Figures):
    """Targets and actuals."""

    def read(self) -> bool:
        """Read the table; False where it names no indicator."""
        across = {c.number: ids[0] for c in self.table.columns.values()
                  if not c.unit and len(ids := self._named_over(c)) == 1}
        if len(set(across.values())) > 1 and (column := self.unit_column()):
            return self._across(across, column)
        return self._down()

    def _named_over(self, column) -> list[str]:
        return next((ids for cell in reversed(column.stack) if len(ids := indicators_of(cell.text, self.book)) == 1), [])

    def _down(self) -> bool:
        title = self._title_column()
        if title is None:
            return False
        data = [c for c in self.table.columns.values() if c.number != title.number and not self._is_field(c)
                and (c.unit or c.role)]
        units = self.column_units(data)
        for row in self.table.rows:
            label = self.sheet.home(row, title.number)
            held = {c.number: cell for c in data if c.number in units and (cell := _cell(self.table, row, c.number))}
            if label is None or label.kind != "t" or self._is_band(row, title):
                continue
            id = self._indicator(row, label) if held else next(iter(indicators_of(label.text, self.book)), None)
            if id:
                self._row(row, id, label, held, units)
        return True

    def _title_column(self) -> Column | None:
        """The column whose rows name indicators."""
        counts = {c.number: sum(1 for row in self.table.rows if (cell := _cell(self.table, row, c.number)) and cell.kind == "t"
                                and len(cell.value) < 200 and indicators_of(cell.value, self.book))
                  for c in self.table.columns.values() if not c.unit}
        best = max(counts, key=counts.get, default=None)
        return self.table.columns[best] if best is not None and counts[best] else None

    def _is_field(self, column) -> bool:
        if column.unit:
            last = meanings(column.last.text)
            return column.last is not column.unit_cell and not column.role and bool(last)
        return bool({"order", "measure", "note", "ignored", "total", "unit"} & {k for c in column.stack for k in meanings(c.text)})

    def _is_band(self, row, title) -> bool:
        return any(c.column < title.number and c.kind == "t" and _ROMAN.fullmatch(plain(c.text)) for c in self.sheet.rows[row])

    def _indicator(self, row, label) -> str | None:
        ids = indicators_of(label.text, self.book)
        if len(ids) == 1:
            return ids[0]
        names = {one.label: id for id, one in self.book.indicators.items()}
        if ids:
            said = " hay ".join(self.book.indicators[id].label for id in ids)
            self.gathered.problem(self.sheet, label, f"không rõ là chỉ tiêu nào ({said})", "tên một chỉ tiêu")
        elif not totals.is_word(label.text) and label.row == row:
            close = hint(label.text, names)
            if close:
                self.gathered.problem(self.sheet, label, f"không có chỉ tiêu này{close}", "tên một chỉ tiêu trong quy định")
            else:
                self.gathered.notice(self.sheet, label, "chỉ tiêu ngoài quy định, không đọc")
        return None

    def _across(self, across, unit_column) -> bool:
        for row in self.table.rows:
            held = {c: cell for c in across if (cell := _cell(self.table, row, c))}
            owner = self.row_unit(unit_column, row, bool(held)) if held else None
            for column, cell in held.items() if owner else ():
                axis = self.table.columns[column].stack[0]
                self._value(across[column], axis, {column: owner}, {column: cell}, self._measure(
                    across[column], None, None, self.table.columns[column]), column)
        return True

    # ------------------------------------------------------------ one row

    def _row(self, row, id, label, held, units) -> None:
        column = next((c for c in self.table.columns.values() if c.says("measure")), None)
        cell = self.sheet.home(row, column.number) if column else None
        for number_, one in sorted(held.items(), key=lambda item: cells.pair(item[1]) is not None):
            measure = self._measure(id, cell, label, self.table.columns[number_])
            if self._is_spread(one, row, held):
                self.gathered.problem(self.sheet, one, "một ô gộp cho nhiều chỉ tiêu hoặc nhiều cột", "mỗi ô một số, không gộp")
            elif measure:
                self._value(id, label, units, held, measure, number_)
        self._check_percent(id, held, units)
        self._note(row, id, label, units)

    def _is_spread(self, cell, row, held) -> bool:
        bottom, right = self.sheet.span(cell)
        return bottom > row or any(cell.column < c <= right for c in self.table.columns if self.table.columns[c].unit)

    def _measure(self, id, cell, label, column) -> Measure | None:
        """What a value is counted in: the row's word, the heading's, the table's, else the rule book's."""
        own = self.book.indicators[id].measure
        is_money = money_scale(own) is not None
        word = plain(cell.text) if cell is not None else ""
        if word:
            scale = money_scale(word)
            if is_money and not scale or not is_money and (scale or "%" in word):
                self.gathered.problem(self.sheet, cell, f"đơn vị tính không hợp với chỉ tiêu {self.book.indicators[id].label}",
                                      own if not is_money else "đồng, nghìn đồng, triệu đồng hoặc tỷ đồng")
                return None
            return Measure(word, scale)
        for text in (label.text if label else "", *(c.text for c in reversed(column.stack)), *(c.text for c in above(self.table))):
            if is_money and (said := measure_in(text)) and money_scale(said):
                return Measure(said, money_scale(said))
        return Measure(own, 1 if is_money else None)

    def _value(self, id, axis, units, held, measure, column) -> None:
        """Keep one cell as the target, the actual or both."""
        cell, role = held[column], self.table.columns[column].role or ACTUAL
        unit, unit_cell = units[column]
        both = cells.pair(cell)
        if role == PERCENT:
            return
        if both and id not in _SINGLE:
            self._pair(id, axis, unit, unit_cell, cell, both, role, measure)
            return
        if role in (ACTUAL_OF_TARGET, TARGET_OF_ACTUAL):
            self.gathered.problem(self.sheet, cell, "cột này cần hai số", "hai số, ví dụ 1.748/1.800")
            return
        read = self._reader(id, role, measure)
        self.gathered.put("indicators", unit, id, role, self.given(cell, unit_cell, axis, lambda: read(cell)))

    def _reader(self, id, role, measure):
        is_decimal = id == "converted" and role == ACTUAL
        return lambda cell: (cells.decimal if is_decimal else cells.whole)(cell, measure)

    def _pair(self, id, axis, unit, unit_cell, cell, both, role, measure) -> None:
        """`1.748/1.800`: the actual and its target, or turned round where the heading says so."""
        if role == TARGET:
            self.gathered.problem(self.sheet, cell, "hai số trong cột chỉ tiêu giao, không rõ số nào là chỉ tiêu", "một số")
            return
        if role == ACTUAL and cells.may_be_a_day(both) and TARGET not in self.gathered.found["indicators"].get((unit, id), {}):
            self.gathered.problem(self.sheet, cell, f"không rõ là {both[0]} trên {both[1]} hay ngày {both[0]} tháng {both[1]}",
                                  "một số; chỉ tiêu ghi ở cột chỉ tiêu giao")
            return
        actual, target = (both[1], both[0]) if role == TARGET_OF_ACTUAL else (both[0], both[1])
        for column, text in ((ACTUAL, actual), (TARGET, target)):
            part = cell._replace(kind="t", value=text)
            before = self.gathered.found["indicators"].get((unit, id), {}).get(column)
            if column == TARGET and before is not None and before.unit_cell is unit_cell:
                self._compare_target(before, part, cell, measure)
                continue
            self.gathered.put("indicators", unit, id, column, self.given(
                cell, unit_cell, axis, lambda part=part, column=column: self._reader(id, column, measure)(part)))

    def _compare_target(self, before, part, cell, measure) -> None:
        try:
            same = before.read() == cells.whole(part, measure)
        except Wrong:
            return
        if not same:
            self.gathered.problem(self.sheet, cell, f"chỉ tiêu trong ô này là {part.value}, ở ô {before.cell.address} là "
                                  f"{before.cell.text}", "hai chỗ ghi cùng một chỉ tiêu")

    def _check_percent(self, id, held, units) -> None:
        """A printed percentage that does not follow from target and actual is a notice."""
        for column, cell in held.items():
            if self.table.columns[column].role != PERCENT and not (cells.pair(cell) or (0, 0, None))[2]:
                continue
            row = self.gathered.found["indicators"].get((units[column][0], id), {})
            try:
                target, actual = (Decimal(row[c].read() or "x") for c in (TARGET, ACTUAL))
            except (KeyError, Wrong, ArithmeticError):
                continue
            printed = _percent(cell)
            if printed is None or not target:
                if cell.kind == "e":
                    self.gathered.notice(self.sheet, cell, f"ô tỷ lệ báo lỗi {cell.value}")
                continue
            exact, step = 100 * actual / target, Decimal(1).scaleb(min(printed.as_tuple().exponent, 0))
            if abs(exact - printed) >= step:
                self.gathered.notice(self.sheet, cell, f"tỷ lệ in sẵn là {number(printed)}%, các ô cho {number(exact, 2)}%")

    def _note(self, row, id, label, units) -> None:
        owners = set(units.values())
        for column in self.table.columns.values():
            cell = _cell(self.table, row, column.number) if column.says("note") else None
            owner = (column.unit, column.unit_cell) if column.unit else next(iter(owners)) if len(owners) == 1 else None
            if cell is not None and owner and cell.kind in "tn" and self.sheet.span(cell)[0] == row:
                self.gathered.put("indicators", owner[0], id, "note", self.given(cell, owner[1], label))


def _percent(cell: Cell) -> Decimal | None:
    """What a cell of a percentage column says: 97.11."""
    if cell.kind == "n":
        value = Decimal(str(cell.value)) * (100 if cell.look == "%" else 1)
        return round(value, 2) if cell.look == "%" else value
    text = cell.value if cell.kind == "t" else ""
    pair = cells.pair(cell)
    text = pair[2] + "%" if pair and pair[2] else text
    found = re.fullmatch(r"(?:đạt\s*)?([\d]+(?:,\d+)?)\s*%?", plain(text))
    return Decimal(found[1].replace(",", ".")) if found else None


# ---------------------------------------------------------------- filings

class Filings(_Figures):
    """The days documents came in."""

    def read(self) -> bool:
        """Read the table; False where it names fewer than two filings."""
        across = {c.number: id for c in self.table.columns.values() if not c.unit and (id := self._named_over(c))}
        if len(set(across.values())) > 1 and (column := self.unit_column()):
            return self._across(across, column)
        title = self._title_column()
        return title is not None and self._down(title)

    def _named_over(self, column) -> str | None:
        return next((id for cell in reversed(column.stack) if (id := filing_label(cell.text, self.book.filings))), None)

    def _title_column(self) -> Column | None:
        counts = {c.number: len({filing_label(cell.text, self.book.filings) for row in self.table.rows
                                 if (cell := _cell(self.table, row, c.number)) and cell.kind == "t"} - {None})
                  for c in self.table.columns.values() if not c.unit}
        best = max(counts, key=counts.get, default=None)
        return self.table.columns[best] if best is not None and counts[best] > 1 else None

    def _across(self, across, unit_column) -> bool:
        for row in self.table.rows:
            held = {c: cell for c in across if (cell := _cell(self.table, row, c))}
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
            held = {c: cell for c in units if (cell := _cell(self.table, row, c))}
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


# ---------------------------------------------------------------- branches

class Branches(_Figures):
    """Branches with their rating and fund."""

    def read(self) -> bool:
        """Read the table; False where it has no column of branches with a rating or a fund."""
        self.name = self._first("branch")
        self.rating, self.fund = self._first("rating"), self._first("fund")
        if self.name is None or self.rating is None and self.fund is None:
            return False
        self.measure = self._measure()
        column = self._unit_column()
        bands = [] if column else self._bands()
        owner = None if column or bands else self.gathered.sheet_unit(self.table)
        if not (column or bands or owner):
            return True
        self._rows(column, bands, owner)
        self._count(column, bands)
        return True

    def _first(self, kind) -> Column | None:
        able = [c for c in self.table.columns.values() if c.says(kind) and not (kind == "branch" and c.says("order"))]
        return able[0] if able else None

    def _unit_column(self) -> Column | None:
        """A column of units beside the branches."""
        able = [c for c in self.table.columns.values() if c.number not in (self.name.number, getattr(self.rating, "number", 0),
                                                                          getattr(self.fund, "number", 0))]
        counts = {c.number: sum(1 for row in self.table.rows if (cell := _cell(self.table, row, c.number)) and cell.kind == "t"
                                and self.names.match(cell.value)) for c in able}
        called = [c for c in able if c.says("unit")]
        best = max(counts, key=counts.get, default=None)
        has_branch = {row for row in self.table.rows if _cell(self.table, row, self.name.number)}
        if best is not None and counts[best] and any(_cell(self.table, row, best) and row in has_branch for row in self.table.rows):
            return self.table.columns[best]
        return called[0] if called else None

    def _bands(self) -> list[int]:
        """Rows that only name a unit for those under them."""
        return [row for row in self.table.rows if self._is_band(row)]

    def _is_band(self, row) -> bool:
        if any(c and _cell(self.table, row, c.number) for c in (self.rating, self.fund)):
            return False
        texts = [c for c in self.sheet.rows[row] if c.kind == "t" and plain(c.value)]
        if not texts or any(totals.is_word(c.text) for c in texts):
            return False
        roman = any(_ROMAN.fullmatch(plain(c.text)) or re.match(r"[IVX]{1,5}\s*[.)]\s", plain(c.text)) for c in texts[:2])
        named = [c for c in texts if self.names.match(c.text)]
        wide = any(self.sheet.span(c)[1] > max(c.column, self.name.number) for c in texts)
        is_numbered = any(c.kind == "n" for c in self.sheet.rows[row])
        return roman and len(texts) > 0 and (len(texts) > 1 or bool(named) or wide) or bool(named) and not is_numbered \
            or wide and not is_numbered and any(self.names.looks_like_one(c.text) for c in texts)

    def _rows(self, column, bands, owner) -> None:
        grouped = column is not None and self._is_grouped(column)
        for row in self.table.rows:
            if row in bands:
                owner = self._band_owner(row)
                continue
            name = _cell(self.table, row, self.name.number)
            held = {k: cell for k, c in (("rating", self.rating), ("fund", self.fund)) if c
                    and (cell := _cell(self.table, row, c.number))}
            if name is None and not held or any(totals.is_word(c.text) for c in (name,) if c) \
                    or name is None and self._is_total_row(row):
                continue
            if name is not None and name.column != self.name.number:
                continue
            if column is not None:
                owner = self._owner_beside(column, row, owner if grouped else None, name, held)
            if owner and (name is not None or held):
                self._branch(row, owner, name, held)

    def _is_total_row(self, row) -> bool:
        return any(c.kind == "t" and totals.is_word(c.text) for c in self.sheet.rows[row])

    def _is_grouped(self, column) -> bool:
        """Is each unit written once, at the top of its branches?"""
        named = [self.names.match(cell.text) for row in self.table.rows if (cell := _cell(self.table, row, column.number))
                 and cell.kind == "t"]
        named = [n for n in named if n]
        return len(named) == len(set(named)) and len(named) < sum(1 for r in self.table.rows if _cell(self.table, r, self.name.number))

    def _owner_beside(self, column, row, before, name, held):
        cell = self.sheet.home(row, column.number)
        if cell is None or cell.kind == "t" and not plain(cell.value):
            if before is None and (where := name or next(iter(held.values()), None)):
                self.gathered.problem(self.sheet, where, "Hội cơ sở ở dòng không ghi đơn vị", "tên đơn vị ở đầu dòng")
            return before
        return self.row_unit(column, row, True)

    def _band_owner(self, row):
        texts = [c for c in self.sheet.rows[row] if c.kind == "t" and plain(c.value)]
        for cell in texts:
            if unit := self.names.match(cell.text):
                return (unit, cell) if self.gathered.unit(self.sheet, cell, unit) else None
        cell = max(texts, key=lambda c: len(c.text))
        self.gathered.unknown_unit(self.sheet, cell)
        return None

    def _branch(self, row, owner, name, held) -> None:
        where = name or next(iter(held.values()))
        for cell in [c for c in (name, *held.values()) if c and self.sheet.span(c)[0] > row]:
            self.gathered.problem(self.sheet, cell, "một ô gộp cho nhiều Hội cơ sở", "mỗi Hội cơ sở một dòng, không gộp")
            return
        if name is not None and name.kind != "t":
            self.gathered.problem(self.sheet, name, "không phải tên Hội cơ sở", "tên Hội cơ sở")
            return
        given = {"branch": self.given(where, owner[1], where, text=name.value if name else "")}
        if "rating" in held:
            given["rating"] = self.given(held["rating"], owner[1], where, lambda: cells.rating(held["rating"]))
        if "fund" in held:
            given["fund"] = self.given(held["fund"], owner[1], where, lambda: cells.whole(held["fund"], self.measure))
        self.gathered.add_branch(owner[0], given)

    def _measure(self) -> Measure:
        heads = [c.text for c in reversed(self.fund.stack)] if self.fund else []
        for text in (*heads, *(c.text for c in above(self.table))):
            said = measure_in(text)
            if said and money_scale(said):
                return Measure(said, money_scale(said))
        return Measure("đồng", 1)

    def _count(self, column, bands) -> None:
        """“Cộng: 19 Hội cơ sở” is recounted."""
        counted = 0
        for row in self.table.rows:
            if row in bands:
                counted = 0
                continue
            for cell in self.sheet.rows[row]:
                found = re.fullmatch(r"(?:tổng\s*)?cộng\s*(?:số)?\s*:?\s*(\d+)\s*(?:hội cơ sở|cơ sở|xã.*)", spelled(cell.text)) \
                    if cell.kind == "t" else None
                if found and not column and int(found[1]) != counted:
                    self.gathered.notice(self.sheet, cell, f"số cộng in sẵn là {found[1]}, các dòng cho {counted} Hội cơ sở")
            name = _cell(self.table, row, self.name.number)
            counted += name is not None and not totals.is_word(name.text)


def labels_filings(table: Table, gathered: Gathered) -> bool:
    """Does a table name at least two filings in its heads or in one of its columns, and nothing that is counted?"""
    reader = Filings(table, gathered)
    over = {reader._named_over(c) for c in table.columns.values() if not c.unit} - {None}
    return len(over) > 1 or reader._title_column() is not None


def fold_all(table: Table) -> set[str]:
    """The words of a table's heads."""
    return {fold(cell.text) for column in table.columns.values() for cell in column.stack}
