"""Grade tables with criteria in rows: units across or a sheet a unit, rounds together or apart, letters or ticks.

A grade belongs to the criterion its row (or column) is numbered with, to the unit and the round named over it, beside it, or
for the whole sheet. A grade that could belong to two, or to none, is a problem. Criteria in columns
are left to `across`, totals to `totals`.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from ..office.grid import Cell
from ..values import Wrong, plain
from . import cells, totals
from .gather import Gathered, Given
from .headings import APPRAISED, CLUSTER, SELF, fold, meanings, number_in, stage_of, stages_in
from .layouts import Column, Table, above

_SAID = {SELF: "tự chấm", CLUSTER: "cụm chấm", APPRAISED: "thẩm định"}
UNMERGED = "mỗi ô một điểm, không gộp"
_LEADING = re.compile(r"(?:(?:TC|tiêu chí)\s*(?:số)?\s*)?0*(\d{1,3})\s*[.:)–-]\s*(?=\D)", re.IGNORECASE)


class Spot(NamedTuple):
    """Where a grade's unit and round come from: the unit's id, the cell that names it, the round."""
    unit: str
    unit_cell: Cell | None
    stage: str
    letter: str | None = None
    head: Cell | None = None


#: What every criterion's number has.
_DIGIT = re.compile("[0-9\uff10-\uff19]")


def is_grade_like(cell: Cell) -> bool:
    """A letter A, B, C, KAD or a tick."""
    if cell.kind != "t" or len(cell.value) > 20:
        return False
    return plain(cell.value).upper() in ("A", "B", "C", "KAD", "X", "✓", "KHÔNG ÁP DỤNG")


def ranks(found: list[Table], criteria: int) -> dict[int, int]:
    """For each column of a sheet, how many different criteria its cells number."""
    numbers: dict[int, set] = {}
    for table in found:
        for row in table.rows:
            for cell in table.cells(row):
                number = criterion_of(cell)
                if number is not None and 1 <= number <= criteria and not (table.columns[cell.column].unit or
                                                                          table.columns[cell.column].stage):
                    numbers.setdefault(cell.column, set()).add(number)
    return {column: len(seen) for column, seen in numbers.items()}


def criterion_of(cell: Cell | None) -> int | None:
    """The criterion's number in a cell: alone, or before the criterion's words (`7. Hoạt động…`)."""
    if cell is None or cell.kind == "t" and not _DIGIT.search(cell.value):
        return None
    number = number_in(cell)
    if number is None and cell is not None and cell.kind == "t" and (found := _LEADING.match(plain(cell.value))):
        return int(found[1])
    return number


class Scores:
    """Reads one table with criteria in rows."""

    def __init__(self, table: Table, gathered: Gathered, ranks: dict[int, int]):
        self.table, self.sheet, self.gathered, self.names = table, table.sheet, gathered, gathered.names
        self.ranks, self.most = ranks, gathered.book.criteria
        self._stage = self._notes = None

    # ------------------------------------------------------------ criteria down, units across (or one sheet a unit)

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
        for number, rows, axis in self.groups:
            self._criterion(number, rows, axis, spots, order)
        self._unnumbered(order, spots)
        totals.check(self, spots, order)
        return True

    def _order_column(self) -> Column | None:
        """The column with the criteria's numbers: called so, or numbering the most of them on this sheet."""
        able = [c for c in self.table.columns.values() if not (c.unit or c.stage or c.letter)
                and any(self._number(r, c) is not None for r in self.table.rows)]
        named = [c for c in able if c.says("criterion_no")]
        best = named or sorted(able, key=lambda c: (-self.ranks.get(c.number, 0), c.number))
        return best[0] if best and (self.ranks.get(best[0].number, 0) > 1 or named) else None

    def _number(self, row, column) -> int | None:
        cell = self.sheet.home(row, column.number)
        return None if cell is None else criterion_of(cell)

    def _groups(self, order) -> list[tuple[int, list[int], Cell]]:
        """Each criterion with its rows (more than one where its number is merged downwards)."""
        groups: list[tuple[int, list[int], Cell]] = []
        for row in self.table.rows:
            cell = self.sheet.home(row, order.number)
            number = criterion_of(cell)
            if number is None:
                continue
            if groups and groups[-1][2] is cell:
                groups[-1][1].append(row)
            else:
                groups.append((number, [row], cell))
        return groups

    def _data_columns(self, order) -> list[Column]:
        """The columns with grades: under a unit or a round, or with letters in them."""
        return [c for c in self.table.columns.values() if c.number != order.number and self._holds_grades(c)]

    def _holds_grades(self, column) -> bool:
        if self._is_field(column):
            return False
        if column.stage or column.letter and column.unit:
            return True
        found = self._body(column)
        if not found:
            return column.unit is not None and not column.role
        like = sum(map(is_grade_like, found))
        return 2 * like >= len(found) and like > 0 or column.unit is not None and like > 0

    def _body(self, column) -> list[Cell]:
        """What stands in a column in the rows of criteria."""
        rows = {r for _, rows, _ in self.groups for r in rows}
        return [cell for row in rows if (cell := self.sheet.cells.get((row, column.number)))]

    def _is_field(self, column) -> bool:
        """A column that says it is something else: title, note, highest grade, totals."""
        if column.unit or column.stage:
            last = meanings(column.last.text)
            own = column.last in (column.unit_cell, column.stage_cell) or "letter" in last or "stage" in last
            return not own and bool({"total", "ignored", "note", "role", "received"} & last.keys()) and "grade" not in last
        said = {kind for cell in column.stack for kind in meanings(cell.text)}
        return bool(said & {"order", "criterion_no", "title", "measure", "unit", "note", "ignored", "total", "branch"}) \
            and "letter" not in said and not ("grade" in said and not said & {"note", "ignored", "title", "total"})

    def _spots(self, order) -> dict[int, Spot]:
        """For each column of grades, whose they are; what cannot be told is a problem at the heading."""
        across = any(c.unit for c in self.table.columns.values())
        own = None if across else self.gathered.sheet_unit(self.table)
        spots = {}
        for column in self._data_columns(order):
            if column.unit:
                unit = self.gathered.unit(self.sheet, column.unit_cell, column.unit)
                cell = column.unit_cell
            elif across:
                self._stranger(column)
                continue
            else:
                unit, cell = own or (None, None)
                if own and not column.stage and not self._may_be_grades(column):
                    self.gathered.problem(self.sheet, column.last or self._body(column)[0], "không biết cột điểm này là của ai",
                                          "tên đơn vị, “Tự chấm” hoặc “Cụm chấm” trên đầu cột")
                    continue
            if not self._sub_heading_is_clear(column):
                continue
            stage = column.stage or self._default_stage()
            if unit and stage:
                spots[column.number] = Spot(unit, cell, stage, column.letter, column.stage_cell or column.last)
        return spots

    def _may_be_grades(self, column) -> bool:
        return column.letter is not None or any("grade" in meanings(cell.text) for cell in column.stack)

    def _sub_heading_is_clear(self, column) -> bool:
        """Under the unit stands a round, a letter, a word like “Điểm”, or nothing."""
        last = column.last
        if last in (column.unit_cell, column.stage_cell) or column.letter or column.unit is None \
                or {"grade", "stage"} & meanings(last.text).keys():
            return True
        self.gathered.problem(self.sheet, last, "không biết cột này là điểm của lần chấm nào", "Tự chấm hoặc Cụm chấm")
        return False

    def _stranger(self, column) -> None:
        """A column of grades under no unit that is known, beside others that are."""
        rows = {c.unit_cell.row for c in self.table.columns.values() if c.unit_cell}
        cell = next((c for c in column.stack if c.row in rows and not meanings(c.text)), None)
        cell = cell or next((c for c in column.stack if not meanings(c.text)), None)
        if cell is not None:
            self.gathered.unknown_unit(self.sheet, cell)
        else:
            where = column.last or next(iter(self._body(column)), None)
            if where is not None and (self._body(column) or column.stack):
                self.gathered.problem(self.sheet, where, "không biết cột điểm này của đơn vị nào", "tên đơn vị trên đầu cột")

    def _restarts(self, order, spots) -> bool:
        """Numbers that begin again in every area are no criteria's numbers."""
        filled = [n for n, rows, _ in self.groups if any(self._grades_in(rows, c) for c in spots)]
        again = sum(times - 1 for times in Counter(filled).values())
        if again > 2 and again > len(filled) // 4 and filled.count(1) > 1 and len(set(filled)) < self.most // 2:
            self.gathered.problem(self.sheet, order.last or self.groups[0][2], "số thứ tự đánh lại từ 1 trong từng nội dung, "
                                  "không biết là tiêu chí nào", f"một cột số tiêu chí từ 1 đến {self.most}")
            return True
        return False

    def _grades_in(self, rows, column) -> list[Cell]:
        """The filled cells of some rows in one column, each once."""
        found = []
        for row in rows:
            cell = self.sheet.home(row, column)
            if cell is not None and cell not in found and not (cell.kind == "t" and not plain(cell.value)):
                found.append(cell)
        return found

    # ------------------------------------------------------------ one criterion

    def _criterion(self, number, rows, axis, spots, order) -> None:
        held = {c: self._grades_in(rows, c) for c in spots}
        if not any(held.values()):
            if 1 <= number <= self.most:
                self._note(number, rows, axis, spots)
            return
        if not 1 <= number <= self.most:
            self.gathered.problem(self.sheet, axis, "không có tiêu chí này", f"số thứ tự tiêu chí từ 1 đến {self.most}")
            return
        merged = {cell for found in held.values() for cell in found if self._is_spread(cell, rows, spots)}
        for cell in merged:
            self.gathered.problem(self.sheet, cell, "một ô điểm gộp cho nhiều tiêu chí hoặc nhiều cột", UNMERGED)
        self._ticked(number, axis, {c: f for c, f in held.items() if spots[c].letter}, spots, merged)
        for column, found in held.items():
            if spots[column].letter or merged & set(found):
                continue
            for cell in found[1:]:
                self.gathered.problem(self.sheet, cell, f"tiêu chí {number} có hai điểm trong một cột", "một điểm")
            if found:
                self._put(number, axis, spots[column], found[0], None)
        self._note(number, rows, axis, spots)

    def _is_spread(self, cell, rows, spots) -> bool:
        """Does a merged cell reach over other criteria, or over columns of another unit or round?"""
        if (cell.row, cell.column) not in self.sheet.spans:
            return False
        bottom, right = self.sheet.span(cell)
        others = {row for _, more, axis in self.groups for row in more if row not in rows}
        covered = {spots[c][:3] for c in range(cell.column, right + 1) if c in spots}
        return any(cell.row <= row <= bottom for row in others) or len(covered) > 1

    def _ticked(self, number, axis, held, spots, merged) -> None:
        """The letter that is ticked, for each unit and round; KAD may be written across."""
        by_spot: dict[tuple, list] = {}
        for column, found in held.items():
            by_spot.setdefault(spots[column][:3], []).extend((column, cell) for cell in found if cell not in merged)
        for found in by_spot.values():
            ticks, written = [], []
            for column, cell in found:
                try:
                    if cell.kind == "t" and plain(cell.value).upper() in ("KAD", "KHÔNG ÁP DỤNG"):
                        if cell not in [c for _, c in written]:
                            written.append((column, cell))
                    elif cells.tick(cell):
                        ticks.append((column, cell))
                except Wrong as wrong:
                    self.gathered.problem(self.sheet, cell, f"tiêu chí {number}: {wrong}", wrong.wanted)
            for _, cell in (ticks + written)[1:]:
                self.gathered.problem(self.sheet, cell, f"tiêu chí {number} được đánh dấu hai lần", "một dấu cho mỗi tiêu chí")
            if len(ticks) + len(written) == 1:
                column, cell = (ticks + written)[0]
                self._put(number, axis, spots[column], cell, spots[column].letter if ticks else "KAD")

    def _put(self, number, axis, spot, cell, letter) -> None:
        given = Given(self.gathered.file, self.sheet.name, cell, spot.unit_cell, axis, spot.head,
                      (lambda: letter) if letter else (lambda: cells.grade(cell)))
        if spot.stage == APPRAISED:
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
        for column, (unit, unit_cell) in self._notes:
            found = self._grades_in(rows, column)
            if len(found) == 1 and self.sheet.span(found[0])[0] <= rows[-1] and found[0].kind in "tn":
                self.gathered.put("grades", unit, number, "note", Given(
                    self.gathered.file, self.sheet.name, found[0], unit_cell, axis))

    def _unnumbered(self, order, spots) -> None:
        """Grades between criteria, beside no number: a problem; beside an area's Roman number or a total: none."""
        numbered = {row for _, rows, _ in self.groups for row in rows}
        if not numbered:
            return
        for row in self.table.rows:
            if row in numbered or not min(numbered) < row < max(numbered):
                continue
            found = [cell for c in spots if (cell := self.sheet.cells.get((row, c))) and is_grade_like(cell)]
            label = self.sheet.home(row, order.number)
            if not found or totals.is_total(self.table, row) or totals.is_area(self.table, row, order):
                continue
            if label is not None and label.row == row:
                self.gathered.problem(self.sheet, label, "không phải số tiêu chí", f"số thứ tự tiêu chí từ 1 đến {self.most}")
            else:
                self.gathered.problem(self.sheet, found[0], "điểm ở dòng không ghi số tiêu chí",
                                      f"số thứ tự tiêu chí từ 1 đến {self.most} ở đầu dòng")

    # ------------------------------------------------------------ what holds for the whole sheet

    def _default_stage(self) -> str | None:
        """The round of grading where no heading of a column names one: the title's, the sheet's, else the cluster's."""
        if self._stage is None:
            lines = [c.value for c in above(self.table) if not plain(c.value).startswith("(")]
            said = {s for line in lines for s in stages_in(line)}
            named = stage_of(fold(self.sheet.name))
            head = self.table.columns[min(self.table.columns)].last
            if len(said) > 1 and not named:
                named_ones = ", ".join(_SAID[s] for s in sorted(said))
                self.gathered.problem(self.sheet, head, f"không rõ điểm của lần chấm nào ({named_ones})",
                                      "Tự chấm hoặc Cụm chấm trên đầu mỗi cột điểm")
                self._stage = ""
            else:
                self._stage = named or next(iter(said), "") or CLUSTER
                if not named and not said:
                    self.gathered.notice(self.sheet, head, "không ghi lần chấm nào: coi là điểm cụm chấm")
        return self._stage or None
