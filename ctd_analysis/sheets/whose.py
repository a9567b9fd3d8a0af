"""Whose grades stand where: which column numbers the criteria, which hold grades, and of which unit and round.

A column that could belong to two units or rounds, or to none, is a problem at its heading; nothing is chosen by place.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from ..office.grid import Cell
from ..values import plain
from .gather import Gathered
from .headings import APPRAISED, CLUSTER, SELF, fold, is_filled, is_grade_like, meanings, number_in, stage_of, stages_in
from .layouts import Column, Table, above

_SAID = {SELF: "tự chấm", CLUSTER: "cụm chấm", APPRAISED: "thẩm định"}
_LEADING = re.compile(r"(?:(?:TC|tiêu chí)\s*(?:số)?\s*)?0*(\d{1,3})\s*[.:)–-]\s*(?=\D)", re.IGNORECASE)


class Spot(NamedTuple):
    """Where a grade's unit and round come from: the unit's id, the cell that names it, the round."""
    unit: str
    unit_cell: Cell | None
    stage: str
    letter: str | None = None
    head: Cell | None = None


_WORDED = re.compile(r"(tc|tieu chi)\b ?(so )?\d|tc\d")
#: What every criterion's number has.
_DIGIT = re.compile("[0-9\uff10-\uff19]")


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


def numbers_in(table: Table, criteria: int) -> list[int]:
    """The criteria's numbers of a table: in the column or the line of the head that has most of them."""
    lines = [[table.sheet.home(row, c) for row in table.rows] for c, column in table.columns.items()
             if not (column.unit or column.stage)]
    lines += [[table.sheet.home(row, c) for c in table.columns] for row in range(table.top, table.bottom + 1)]
    found = ([number for cell in line if (number := criterion_of(cell)) and number <= criteria] for line in lines)
    return max(found, key=len, default=[])


def criterion_of(cell: Cell | None) -> int | None:
    """The criterion's number in a cell: alone, or before the criterion's words (`7. Hoạt động…`)."""
    if cell is None or cell.kind == "t" and not _DIGIT.search(cell.value):
        return None
    number = number_in(cell)
    found = _LEADING.match(plain(cell.value)) if number is None and cell.kind == "t" else None
    return int(found[1]) if found else number


class Whose:
    """Finds the columns of one table of grades."""

    def __init__(self, table: Table, gathered: Gathered, ranks: dict[int, int]):
        self.table, self.sheet, self.gathered, self.names = table, table.sheet, gathered, gathered.names
        self.ranks, self.most = ranks, gathered.book.criteria
        self._stage = self._notes = None

    # ------------------------------------------------------------ which column numbers the criteria

    def _order_column(self) -> Column | None:
        """The column with the criteria's numbers: called so, or numbering the most of them on this sheet."""
        able = [c for c in self.table.columns.values() if not (c.unit or c.stage or c.letter)
                and any(self._number(r, c) is not None for r in self.table.rows)]
        named = [c for c in able if c.says("criterion_no")] or [c for c in able if self._is_worded(c)]
        numbering = [c for c in able if 2 * self.ranks.get(c.number, 0) >= self.most]
        if not named and len(numbering) > 1 and numbering[0].says("order") and self._differ(*numbering[:2]):
            named = numbering[1:2]
        best = named or sorted(able, key=lambda c: (-self.ranks.get(c.number, 0), c.number))
        return best[0] if best and (self.ranks.get(best[0].number, 0) > 1 or named) else None

    def _is_worded(self, column) -> bool:
        """Do words number the criteria here: `TC7`, `Tiêu chí 7: …`?"""
        found = [cell for r in self.table.rows if (cell := self.sheet.home(r, column.number)) and cell.kind == "t"]
        worded = sum(1 for cell in found if _WORDED.match(fold(cell.value)) and criterion_of(cell) is not None)
        return worded > 1 and 2 * worded >= len(found)

    def _differ(self, first, second) -> bool:
        """Do two columns number the same rows otherwise?"""
        pairs = [(self._number(r, first), self._number(r, second)) for r in self.table.rows]
        return any(None not in pair and pair[0] != pair[1] for pair in pairs)

    def _number(self, row, column) -> int | None:
        return criterion_of(self.sheet.home(row, column.number))

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

    # ------------------------------------------------------------ which columns hold grades, and whose

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
        said = column.kinds
        return bool(said & {"order", "criterion_no", "title", "measure", "unit", "note", "ignored", "total", "branch"}) \
            and "letter" not in said and not ("grade" in said and not said & {"note", "ignored", "title", "total"})

    def _spots(self, order) -> dict[int, Spot]:
        """For each column of grades, whose they are; what cannot be told is a problem at the heading."""
        across = any(c.unit for c in self.table.columns.values())
        own = None if across else self.gathered.sheet_unit(self.table)
        spots = {}
        for column in self._data_columns(order):
            if column.unit:
                unit = self.gathered.unit(column.unit_cell, column.unit)
                cell = column.unit_cell
            elif across:
                self._stranger(column)
                continue
            else:
                unit, cell = own or (None, None)
                if own and not column.stage and not column.letter and not column.says("grade"):
                    self.gathered.problem(column.last or self._body(column)[0], "không biết cột điểm này là của ai",
                                          "tên đơn vị, “Tự chấm” hoặc “Cụm chấm” trên đầu cột")
                    continue
            if not self._sub_heading_is_clear(column):
                continue
            stage = column.stage or self._default_stage()
            if unit and stage:
                if column.letter and (unit, stage, column.letter) in {(s.unit, s.stage, s.letter) for s in spots.values()}:
                    self.gathered.problem(column.last, f"hai cột {column.letter} của cùng một lần chấm",
                                          "mỗi lần chấm một cột A, một cột B, một cột C")
                    continue
                spots[column.number] = Spot(unit, cell, stage, column.letter, column.stage_cell or column.last)
        return self._without_points(spots)

    def _without_points(self, spots) -> dict[int, Spot]:
        """Of the columns of one unit and round those with letters count, not the points beside them."""
        lettered = {spots[c][:3] for c in spots if any(map(is_grade_like, self._body(self.table.columns[c])))}
        return {c: spot for c, spot in spots.items() if spot[:3] not in lettered or not (found := self._body(
            self.table.columns[c])) or any(cell.kind not in "n" for cell in found)}

    def _sub_heading_is_clear(self, column) -> bool:
        """Under the unit stands a round, a letter, a word like “Điểm”, or nothing."""
        last = column.last
        if last in (column.unit_cell, column.stage_cell) or column.letter or column.unit is None \
                or {"grade", "stage"} & meanings(last.text).keys():
            return True
        self.gathered.problem(last, "không biết cột này là điểm của lần chấm nào", "Tự chấm hoặc Cụm chấm")
        return False

    def _stranger(self, column) -> None:
        """A column of grades under no unit that is known, beside others that are."""
        if column.says("total"):
            return
        rows = {c.unit_cell.row for c in self.table.columns.values() if c.unit_cell}
        cell = next((c for c in column.stack if c.row in rows and not meanings(c.text)), None)
        cell = cell or next((c for c in column.stack if not meanings(c.text)), None)
        if cell is not None:
            self.gathered.unknown_unit(cell)
        else:
            where = column.last or next(iter(self._body(column)), None)
            if where is not None and (self._body(column) or column.stack):
                self.gathered.problem(where, "không biết cột điểm này của đơn vị nào", "tên đơn vị trên đầu cột")

    def _restarts(self, order, spots) -> bool:
        """Numbers that begin again in every area are no criteria's numbers."""
        filled = [n for n, rows, _ in self.groups if any(self._grades_in(rows, c) for c in spots)]
        again = sum(times - 1 for times in Counter(filled).values())
        if again > 2 and again > len(filled) // 4 and filled.count(1) > 1 and len(set(filled)) < self.most // 2:
            self.gathered.problem(order.last or self.groups[0][2], "số thứ tự đánh lại từ 1 trong từng nội dung, "
                                  "không biết là tiêu chí nào", f"một cột số tiêu chí từ 1 đến {self.most}")
            return True
        return False

    def _grades_in(self, rows, column) -> list[Cell]:
        """The filled cells of some rows in one column, each once."""
        cells = (self.sheet.home(row, column) for row in rows)
        return list({(cell.row, cell.column): cell for cell in cells if is_filled(cell)}.values())

    # ------------------------------------------------------------ what holds for the whole sheet

    def _default_stage(self) -> str | None:
        """The round of grading where no heading of a column names one: the title's, the sheet's, else the cluster's."""
        if self._stage is None:
            lines = [c.value for c in above(self.table) if not plain(c.value).startswith("(")]
            banded = {stage for cell in self.table.over if (stage := stage_of(cell.value))}
            said = banded or {s for line in lines for s in stages_in(line)}
            named = stage_of(self.sheet.name)
            head = self.table.columns[min(self.table.columns)].last
            if len(said) > 1 and not named or named and said and named not in said:
                said |= {named} if named else set()
                named_ones = ", ".join(_SAID[s] for s in sorted(said))
                self.gathered.problem(head, f"không rõ điểm của lần chấm nào ({named_ones})",
                                      "Tự chấm hoặc Cụm chấm trên đầu mỗi cột điểm")
                self._stage = ""
            else:
                self._stage = named or next(iter(said), "") or CLUSTER
                if not named and not said:
                    self.gathered.notice(head, "không ghi lần chấm nào: coi là điểm cụm chấm")
        return self._stage or None
