"""Grade tables with criteria in rows: units across or a sheet a unit, rounds together or apart, letters or ticks.

A grade belongs to the criterion its row (or column) is numbered with, to the unit and the round named over it, beside it, or
for the whole sheet (`whose`). A grade that could belong to two, or to none, is a problem. Criteria in columns
are left to `across`, totals to `totals`.
"""

from __future__ import annotations

from functools import partial

from ..office.grid import Cell
from ..values import Wrong, as_letter, plain
from . import cells, plausible, totals
from .gather import Given
from .headings import APPRAISED, is_grade_like
from .whose import Whose

UNMERGED = "mỗi ô một điểm, không gộp"
_MOST_LOST = 10                 # rows without a criterion's number that are told one by one


class Scores(Whose):
    """Reads one table with criteria in rows."""

    def down(self) -> bool:
        """Criteria in rows."""
        order = self._order_column()
        if order is None:
            return False
        self.groups = self._groups(order)
        if not self._data_columns(order):
            return False
        spots = self._spots(order)
        if self._restarts(order, spots):
            return True
        graded = [n for n, (_, rows, _) in enumerate(self.groups) if any(self._grades_in(rows, c) for c in spots)]
        self._numbered_twice(self.groups[graded[0]:graded[-1] + 1] if graded else [])
        for number, rows, axis in self.groups:
            self._criterion(number, rows, axis, spots)
        self._unnumbered(order, spots)
        self._empty_columns(spots)
        totals.check(self, spots)
        return True

    def _numbered_twice(self, groups) -> None:
        """A number that stands at two criteria of one table is a problem at the second."""
        first: dict[int, Cell] = {}
        for number, _, axis in groups:
            if first.setdefault(number, axis) is not axis:
                self.gathered.problem(axis, f"tiêu chí {number} có hai lần: đã có ở ô {first[number].address}",
                                      "mỗi tiêu chí một lần")

    # ------------------------------------------------------------ one criterion

    def _criterion(self, number, rows, axis, spots) -> None:
        held = {c: self._grades_in(rows, c) for c in spots}
        if not any(held.values()):
            if 1 <= number <= self.most:
                self._note(number, rows, axis, spots)
            return
        if not self._is_criterion(number, axis):
            return
        shared = {cell for found in held.values() for cell in found if self._is_shared(cell, rows, spots)}
        merged = {cell for found in held.values() for cell in found if self._is_spread(cell, rows, spots)} - shared
        for cell in merged:
            self.gathered.problem(cell, "một ô điểm gộp cho nhiều tiêu chí hoặc nhiều cột", UNMERGED)
        self._ticked(number, axis, {c: f for c, f in held.items() if spots[c].letter}, spots, merged)
        for column, found in held.items():
            if spots[column].letter or merged & set(found):
                continue
            for cell in found[1:]:
                self.gathered.problem(cell, f"tiêu chí {number} có hai điểm trong một cột", "một điểm")
            if found:
                self._put(number, axis, spots[column], found[0], None)
        self._note(number, rows, axis, spots)

    def _is_criterion(self, number, axis) -> bool:
        """Has the plan a criterion of this number? If not, a problem at the number."""
        if 1 <= number <= self.most:
            return True
        self.gathered.problem(axis, "không có tiêu chí này", f"số thứ tự tiêu chí từ 1 đến {self.most}")
        return False

    def _is_spread(self, cell, rows, spots) -> bool:
        """Does a merged cell reach over other criteria, or over columns of another unit or round?"""
        if (cell.row, cell.column) not in self.sheet.spans:
            return False
        bottom, right = self.sheet.span(cell)
        others = {row for _, more, axis in self.groups for row in more if row not in rows}
        covered = {spots[c][:3] for c in range(cell.column, right + 1) if c in spots}
        return any(cell.row <= row <= bottom for row in others) or len(covered) > 1

    def _is_shared(self, cell, rows, spots) -> bool:
        """A KAD of one criterion, merged over the rounds of one unit: it counts for each of them."""
        bottom, right = self.sheet.span(cell)
        covered = {spots[c].unit for c in range(cell.column, right + 1) if c in spots}
        return right > cell.column and bottom in rows and len(covered) == 1 and cell.kind == "t" \
            and as_letter(cell.value) == "KAD" and not any(
                c in self.table.columns and c not in spots for c in range(cell.column, right + 1))

    def _ticked(self, number, axis, held, spots, merged) -> None:
        """The letter that is ticked, for each unit and round; KAD may be written across."""
        by_spot: dict[tuple, list] = {}
        for column, found in held.items():
            by_spot.setdefault(spots[column][:3], []).extend((column, cell) for cell in found if cell not in merged)
        for found in by_spot.values():
            ticks, written = [], []
            for column, cell in found:
                try:
                    if cell.kind == "t" and as_letter(cell.value) == "KAD":
                        if cell not in [c for _, c in written]:
                            written.append((column, cell))
                    elif cells.tick(cell):
                        ticks.append((column, cell))
                except Wrong as wrong:
                    self.gathered.problem(cell, f"tiêu chí {number}: {wrong}", wrong.wanted)
            for _, cell in (ticks + written)[1:]:
                self.gathered.problem(cell, f"tiêu chí {number} được đánh dấu hai lần", "một dấu cho mỗi tiêu chí")
            if len(ticks) + len(written) == 1:
                column, cell = (ticks + written)[0]
                self._put(number, axis, spots[column], cell, spots[column].letter if ticks else "KAD")

    def _put(self, number, axis, spot, cell, ticked) -> None:
        given = Given(self.gathered.file, self.sheet.name, cell, spot.unit_cell, axis, spot.head,
                      (lambda: ticked) if ticked else (lambda: cells.grade(cell)))
        if spot.stage == APPRAISED:
            self.gathered.use("grades", spot.unit, number, spot.stage, given)
            self.gathered.appraised.append((spot.unit, number, given))
        else:
            self.gathered.put("grades", spot.unit, number, spot.stage, given)

    def _note(self, number, rows, axis, spots) -> None:
        """A remark is kept where it can only be one unit's."""
        if self._notes is None:
            units = {spot.unit: spot.unit_cell for spot in spots.values()}
            only = next(iter(units.items())) if len(units) == 1 else None
            self._notes = [(c.number, (c.unit, c.unit_cell) if c.unit in units else only) for c in self.table.having("note")
                           if c.unit in units or only]
            owners = [owner for _, owner in self._notes]
            for column, owner in self._notes:
                if owners.count(owner) > 1:
                    self.gathered.notice(self.table.columns[column].last,
                                         "nhiều cột ghi chú của một đơn vị: giữ ghi chú của cột đứng trước")
        for column, (unit, unit_cell) in self._notes:
            found = self._grades_in(rows, column)
            if len(found) == 1 and self.sheet.span(found[0])[0] <= rows[-1]:
                self.gathered.put("grades", unit, number, "note", Given(
                    self.gathered.file, self.sheet.name, found[0], unit_cell, axis, read=partial(cells.remark, found[0])))

    def _unnumbered(self, order, spots) -> None:
        """Grades beside no number: a problem; a total's row holds no letter, only that of the class does."""
        numbered = {row for _, rows, _ in self.groups for row in rows}
        if not numbered:
            return
        lost: list[tuple[Cell, str, str]] = []
        for row in self.table.rows:
            if row in numbered or totals.sample(self.table, row):
                continue
            found = [cell for c in spots if (cell := self.sheet.cells.get((row, c))) and is_grade_like(cell)]
            label = self.sheet.home(row, order.number)
            is_total = totals.is_total(self.table, row)
            if row > max(numbered) and not is_total and not self._goes_on(row):
                break
            if not found or is_total and totals.is_class(self.table, row):
                continue
            lost.append((label, "không phải số tiêu chí", "") if label is not None and label.row == row else
                        (found[0], "điểm ở dòng không ghi số tiêu chí", " ở đầu dòng"))
        every = [cell for cell, *_ in lost]
        if len(lost) > _MOST_LOST:
            lost = [(every[0], f"{len(lost)} dòng có điểm, từ dòng này, không có số tiêu chí", " ở đầu mỗi dòng")]
        for cell, what, where in lost:
            self.gathered.problem(cell, what, f"số thứ tự tiêu chí từ 1 đến {self.most}{where}", also=every)

    def _goes_on(self, row) -> bool:
        """Does a row under the last number stand as the criteria's rows do, with words before its grades?"""
        return any(c.kind == "t" and plain(c.value) and not (self.table.columns[c.column].unit or
                                                             self.table.columns[c.column].stage) for c in self.table.cells(row))

    def _empty_columns(self, spots) -> None:
        """A unit without one letter beside others that have some: is it graded in colours?"""
        rows = [row for _, more, _ in self.groups for row in more]
        empty = [c for c in spots if not spots[c].letter and not self._grades_in(rows, c)]
        for column in empty:
            head, colours = spots[column].head or spots[column].unit_cell, plausible.coloured(self.sheet, rows, column)
            if colours:
                self.gathered.notice(head, f"cột này không có điểm nào mà có {colours} ô tô màu: chấm bằng màu "
                                     "thì ghi lại bằng chữ A, B, C")
            elif len(empty) < len(spots):
                self.gathered.notice(head, "cột này không có điểm nào, trong khi cột khác có; "
                                     "nếu chấm bằng màu thì ghi lại bằng chữ A, B, C")
