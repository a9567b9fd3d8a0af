"""Grade tables turned: criteria in columns, a row for each unit and round (or for each round, a sheet a unit)."""

from __future__ import annotations

import re
from dataclasses import replace

from ..office.grid import Cell
from ..values import plain
from . import totals
from .gather import Gathered
from .headings import fold, is_filled, is_grade_like, stage_of
from .layouts import Table
from .scores import UNMERGED, Scores
from .whose import Spot, criterion_of

#: A row that says which round those below it are of, and nothing else.
_ROUND = re.compile(r"((phan|muc) )?([ivx]{1,4}|[a-d]|\d)? ?(phan |bang |diem |ket qua )?((huyen|don vi|cum|tinh|hoi dong) ?)?"
                    r"(tu )?(cham|danh gia|tham dinh)( diem)?")


def read(table: Table, gathered: Gathered, ranks: dict[int, int]) -> bool:
    """Read a table of grades, whichever way it stands, band by band; False where it is none."""
    found = [_read(part, gathered, ranks) for part in _parts(table, gathered)]
    for band in {band for part in found for band in part.table.over}:
        gathered.account.claim(band, "axis", "grades")
    return any(part.is_read for part in found)


def _read(table: Table, gathered: Gathered, ranks: dict[int, int]) -> Across:
    reader = Across(table, gathered, ranks)
    is_down = any(c.unit for c in table.columns.values()) or not reader.stands_across()
    reader.is_read = reader.down() if is_down else reader.across()
    return reader


def _parts(table: Table, gathered: Gathered) -> list[Table]:
    """A table under bands that name a unit or a round of grading for the rows below: a part for each; else the whole."""
    bands = [(row, *found) for row in table.rows if (found := _band(table, row, gathered))]
    if not bands:
        return [table]
    columns = table.columns.values()
    graded = [cells for row in table.rows if any(map(is_grade_like, cells := table.cells(row)))]
    is_beside = any(cell.kind == "t" and gathered.names.match(cell.value) for cells in graded for cell in cells)
    for kind, is_said in (("unit", is_beside or any(c.unit for c in columns)), ("round", any(c.stage for c in columns))):
        if is_said or len({said for _, one, said, _ in bands if one == kind}) < 2:
            bands = [band for band in bands if band[1] != kind]
    if not bands or not graded or graded[0][0].row < bands[0][0]:
        return [table]
    over: dict[str, Cell] = {}
    parts = []
    for (row, kind, _, cell), (below, *_) in zip(bands, [*bands[1:], (table.last + 1,)], strict=True):
        over = {kind: cell} if kind == "unit" else over | {kind: cell}
        if any(row < one < below for one in table.rows):
            parts.append(replace(table, last=below - 1, over=tuple(over.values())))
    return parts


def _band(table: Table, row: int, gathered: Gathered) -> tuple[str, str, Cell] | None:
    """What a row names for those below it, where that is all it holds but for a numbering."""
    cells = table.cells(row)
    if len(cells) < 9:
        cells = list(filter(is_filled, cells))
    if not 0 < len(cells) < 3 or cells[-1].kind != "t" or len(cells) > 1 and len(cells[0].text) > 4:
        return None
    cell, said = cells[-1], fold(cells[-1].value)
    if unit := gathered.names.match(cell.value):
        return "unit", unit, cell
    return ("round", stage, cell) if _ROUND.fullmatch(said) and (stage := stage_of(said)) else None


class Across(Scores):
    """Reads one table with criteria in columns."""

    is_read = False

    def stands_across(self) -> bool:
        """Do the criteria stand across and units (or rounds) before the rows?"""
        self._line = self._number_line()
        if not self._line:
            return False
        self._stub = [c for c in self.table.columns.values() if c.number not in self._line]
        self._unit_column = self.table.naming(self._stub, self.names.match)
        self._stage_column = self.table.naming([c for c in self._stub if c.number != self._unit_column], stage_of)
        return self._unit_column is not None or self._stage_column is not None

    def _number_line(self) -> dict[int, Cell]:
        """The cells of the head that number criteria, by column."""
        best: dict[int, Cell] = {}
        for row in (*range(self.table.top, self.table.bottom + 1), self.table.code_row or 0):
            line = {c: cell for c, column in self.table.columns.items() if (cell := self.sheet.home(row, c)) and cell.row == row
                    and criterion_of(cell) is not None and not column.says("total")}
            if len(line) > len(best) and len(line) > 1:
                best = line
        return best

    def across(self) -> bool:
        """Criteria in columns."""
        unit_of = self._rows_of_units()
        self.groups = [(criterion_of(cell), [column], cell) for column, cell in self._line.items()]
        self._numbered_twice(self.groups)
        seen = False
        own = self.gathered.sheet_unit(self.table) if self._unit_column is None else None
        for row in self.table.rows:
            found = {c: cell for c in self._line if (cell := self.table.filled(row, c))}
            unit_cell = unit_of.get(row)
            if not found or totals.is_total(self.table, row, min(self._line)):
                continue
            unit = self._row_unit(row, unit_cell, found) if self._unit_column else own and own[0]
            if unit is None:
                continue
            seen = True
            self._row_grades(row, unit, unit_cell if self._unit_column else own[1], found)
        if seen:
            totals.check_across(self, unit_of)
        return seen or bool(unit_of)

    def _rows_of_units(self) -> dict[int, Cell]:
        """For each row the cell that names its unit: beside it, merged over it, or above while other rounds follow."""
        found: dict[int, Cell] = {}
        last, used = None, set()
        for row in self.table.rows:
            cell = self.sheet.home(row, self._unit_column) if self._unit_column else None
            stage = self.sheet.home(row, self._stage_column) if self._stage_column else None
            said = stage_of(stage.text) if stage is not None else None
            if cell is not None:
                if cell is not last:
                    last, used = cell, set()
                found[row] = cell
            elif last is not None and said and said not in used:
                found[row] = last
            else:
                last = None
            used.add(said)
        return found

    def _row_unit(self, row, cell, found) -> str | None:
        like = any(is_grade_like(one) for one in found.values())
        if cell is None:
            if like and not any(totals.is_word_or_letter(c.text) for c in self.table.cells(row)):
                self.gathered.problem(next(iter(found.values())), "điểm ở dòng không ghi đơn vị", "tên đơn vị ở đầu dòng")
            return None
        return self.gathered.unit_in(cell, like)

    def _row_grades(self, row, unit, unit_cell, found) -> None:
        stage_cell = self.sheet.home(row, self._stage_column) if self._stage_column else None
        own = stage_of(stage_cell.text) if stage_cell is not None else None
        if stage_cell is not None and own is None and plain(stage_cell.text):
            self.gathered.problem(stage_cell, "không biết điểm của lần chấm nào", "Tự chấm hoặc Cụm chấm")
            return
        self.gathered.account.claim(stage_cell, "axis", "grades", unit, "", own or "")
        for column, cell in found.items():
            number, axis = criterion_of(self._line[column]), self._line[column]
            if not self._is_criterion(number, axis):
                continue
            bottom, right = self.sheet.span(cell)
            if right > column or bottom > row:
                self.gathered.problem(cell, "một ô điểm gộp cho nhiều tiêu chí hoặc nhiều dòng", UNMERGED)
                continue
            stage = self.table.columns[column].stage or own or self._default_stage()
            if stage:
                self._put(number, axis, Spot(unit, unit_cell, stage, None, stage_cell), cell, None)
