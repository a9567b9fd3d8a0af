"""Indicators with target and actual, in rows or in columns; per cent and pairs of numbers are compared, never believed."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial

from ..office.grid import Cell
from ..plan.rulebook import CONVERTED, WHOLE
from ..terms import number
from ..values import LARGEST, Wrong, plain
from . import cells, totals
from .figures import Figures
from .headings import ACTUAL, ACTUAL_OF_TARGET, PERCENT, TARGET, TARGET_OF_ACTUAL, fold, indicators_of, is_roman, meanings
from .layouts import Column

_SAID = {TARGET: "chỉ tiêu giao", ACTUAL: "kết quả thực hiện"}


class Indicators(Figures):
    """Targets and actuals."""

    kind = "indicators"

    def read(self) -> bool:
        """Read the table; False where it names no indicator."""
        across = {c.number: ids[0] for c in self.table.columns.values()
                  if not c.unit and len(ids := self.named_over(c)) == 1}
        if len(set(across.values())) > 1 and (column := self.unit_column()):
            for owner, number, cell in self.across(across, column):
                heading = self.table.columns[number]
                self._value(across[number], heading.stack[0], {number: owner}, {number: cell}, self.measure_of(
                    across[number], None, None, heading), number)
            return True
        return self._down()

    def _down(self) -> bool:
        title = self.titles(lambda text: tuple(indicators_of(text, self.book)), 1)
        if title is None:
            return False
        data = [c for c in self.table.columns.values() if c.number != title.number and not self._is_field(c)
                and (c.unit or c.role)]
        self._percents(data)
        data = self._meant(data)
        units = self.column_units(data)
        for row in self.table.rows:
            label = self.sheet.home(row, title.number)
            held = {c.number: cell for c in data if c.number in units and (cell := self.table.filled(row, c.number))}
            if label is None or label.kind != "t" or not held and self._is_band(row, title):
                continue
            id = self._indicator(row, label) if held else next(iter(indicators_of(label.text, self.book)), None)
            if id:
                self._row(row, id, label, held, units)
        return True

    def _meant(self, data) -> list[Column]:
        """Of the columns of one unit and role, the year's own; where that cannot be told, none of them."""
        by_role: dict[tuple, list[Column]] = {}
        for column in data:
            by_role.setdefault((column.unit, column.role), []).append(column)
        kept = [c for (_, role), same in by_role.items() for c in ([self.one_of(same, _SAID[role])] if role in _SAID else same)]
        return [c for c in data if c in kept]

    def _percents(self, data) -> None:
        """Two columns of per cent where a unit's target or actual is nowhere: which of them is it?"""
        for unit in {column.unit for column in data}:
            same = [column for column in data if column.unit == unit]
            percents, roles = [c for c in same if c.role == PERCENT], {c.role for c in same}
            if len(percents) > 1 and not {TARGET, ACTUAL} <= roles and not roles & {TARGET_OF_ACTUAL, ACTUAL_OF_TARGET}:
                missing = " và ".join(_SAID[role] for role in (TARGET, ACTUAL) if role not in roles)
                self.gathered.problem(percents[-1].last, f"hai cột tỷ lệ, không có cột {missing}",
                                      "“Chỉ tiêu giao”, “Thực hiện”, “Tỷ lệ %”, mỗi thứ một cột")

    def _is_field(self, column) -> bool:
        if column.unit:
            last = meanings(column.last.text)
            return column.last is not column.unit_cell and not column.role and bool(last)
        return bool({"order", "measure", "note", "ignored", "total", "unit"} & column.kinds)

    def _is_band(self, row, title) -> bool:
        return any(c.column < title.number and c.kind == "t" and is_roman(c.text) for c in self.table.cells(row))

    def _indicator(self, row, label) -> str | None:
        ids = indicators_of(label.text, self.book)
        if len(ids) == 1:
            return ids[0]
        names = {one.label: id for id, one in self.book.indicators.items()}
        if ids:
            said = " hay ".join(self.book.indicators[id].label for id in ids)
            self.gathered.problem(label, f"không rõ là chỉ tiêu nào ({said})", "tên một chỉ tiêu")
        elif fold(label.text) not in ("cong", "tong", "tong cong") and label.row == row:
            self.unknown(label, row, "chỉ tiêu", () if totals.is_word(label.text) else names)
        return None

    # ------------------------------------------------------------ one row

    def _row(self, row, id, label, held, units) -> None:
        column = next((c for c in self.table.columns.values() if c.says("measure")), None)
        cell = self.sheet.home(row, column.number) if column else None
        self.gathered.account.claim(cell, "axis", "indicators", "", id)
        for number_, one in sorted(held.items(), key=lambda item: cells.pair(item[1]) is not None):
            measure = self.measure_of(id, cell, label, self.table.columns[number_])
            if self._is_spread(one, row):
                self.gathered.problem(one, "một ô gộp cho nhiều chỉ tiêu hoặc nhiều cột", "mỗi ô một số, không gộp")
            elif measure and measure.scale == -1:
                self.gathered.problem(one, f"{label.text}: tính bằng {measure.word}, không phải số "
                                      f"{self.book.indicators[id].measure} của chỉ tiêu {self.book.indicators[id].label}",
                                      f"số {self.book.indicators[id].measure}")
            elif measure:
                self._value(id, label, units, held, measure, number_)
        self._check_percent(id, held, units)
        self._note(row, id, label, units)

    def _is_spread(self, cell, row) -> bool:
        bottom, right = self.sheet.span(cell)
        return bottom > row or any(cell.column < c <= right for c in self.table.columns if self.table.columns[c].unit)

    def _value(self, id, axis, units, held, measure, column) -> None:
        """Keep one cell as the target, the actual or both."""
        cell, role = held[column], self.table.columns[column].role or ACTUAL
        unit, unit_cell = units[column]
        both = cells.pair(cell)
        if role == PERCENT:
            return
        if both and self.book.indicators[id].kind == WHOLE:        # the others are never a pair of numbers
            self._pair(id, axis, unit, unit_cell, cell, both, role, measure)
            return
        if role in (ACTUAL_OF_TARGET, TARGET_OF_ACTUAL):
            self.gathered.problem(cell, "cột này cần hai số", "hai số, ví dụ 1.748/1.800")
            return
        read = self._reader(id, role, measure)
        self.gathered.put("indicators", unit, id, role, self.given(cell, unit_cell, axis, lambda: read(cell)))

    def _reader(self, id, role, measure):
        is_whole = self.book.indicators[id].kind != CONVERTED or role != ACTUAL
        return lambda cell: cells.amount(cell, measure, is_whole)

    def _pair(self, id, axis, unit, unit_cell, cell, both, role, measure) -> None:
        """`1.748/1.800`: the actual and its target, or turned round where the heading says so."""
        if role == TARGET:
            self.gathered.problem(cell, "hai số trong cột chỉ tiêu giao, không rõ số nào là chỉ tiêu", "một số")
            return
        if role == ACTUAL and cells.may_be_a_day(both) and TARGET not in self.gathered.found["indicators"].get((unit, id), {}):
            self.gathered.problem(cell, f"không rõ là {both[0]} trên {both[1]} hay ngày {both[0]} tháng {both[1]}",
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
            same = before.read() == cells.amount(part, measure)
        except Wrong:
            return
        if not same:
            self.gathered.problem(cell, f"chỉ tiêu trong ô này là {part.value}, ở ô {before.cell.address} là "
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
                    self.gathered.notice(cell, f"ô tỷ lệ báo lỗi {cell.value}")
                continue
            exact, step = 100 * actual / target, Decimal(1).scaleb(min(printed.as_tuple().exponent, 0))
            if abs(exact - printed) >= step:
                self.gathered.notice(cell, f"tỷ lệ in sẵn là {number(printed)}%, các ô cho {number(exact, 2)}%")

    def _note(self, row, id, label, units) -> None:
        owners = set(units.values())
        for column in self.table.columns.values():
            cell = self.table.filled(row, column.number) if column.says("note") else None
            owner = (column.unit, column.unit_cell) if column.unit else next(iter(owners)) if len(owners) == 1 else None
            if cell is not None and owner and self.sheet.span(cell)[0] == row:
                self.gathered.put("indicators", owner[0], id, "note", self.given(
                    cell, owner[1], label, partial(cells.remark, cell)))


def _percent(cell: Cell) -> Decimal | None:
    """What a cell of a percentage column says: 97.11."""
    if cell.kind == "n":
        value = Decimal(str(cell.value)) * (100 if cell.look == "%" else 1)
        return None if value > LARGEST else round(value, 2) if cell.look == "%" else value
    text = cell.value if cell.kind == "t" else ""
    pair = cells.pair(cell)
    text = pair[2] + "%" if pair and pair[2] else text
    found = re.fullmatch(r"(?:đạt\s*)?(\d{1,9}(?:,\d{1,9})?)\s*%?", plain(text))
    return Decimal(found[1].replace(",", ".")) if found else None
