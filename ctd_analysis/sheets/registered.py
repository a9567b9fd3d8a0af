"""V.3: what a unit registered (a target an indicator) and what it gave each of its branches (a column an indicator).

The sheets are read as those of December are; what was done in another year, or until now, is set aside.
"""

from __future__ import annotations

from functools import partial

from . import cells
from .branches import Branches
from .headings import ACTUAL, PERCENT, TARGET, filing_of, fold
from .indicators import Indicators
from .layouts import Column


class OwnTargets(Indicators):
    """The unit's own targets."""

    def read(self) -> bool:
        """Read the table; False where it names no indicator."""
        for column in self.table.columns.values():
            if column.role in (ACTUAL, PERCENT):
                self.set_aside(column, "cột này không phải chỉ tiêu đăng ký, không đọc")
                column.role = None
            elif column.role is None and column.last and filing_of(fold(column.last.text)) == "registration":
                column.role = TARGET                    # “Đăng ký thi đua” over numbers
        return super().read()


class BranchTargets(Branches):
    """What branches were given: each named with what it has, or with nothing."""

    kind = "targets"

    def _asked(self) -> dict[str, Column | None]:
        self.ticked, found = {}, {}
        for column in self.table.columns.values():
            if column is not self.name and column.role != PERCENT and (named := self.named_over(column)):
                found.setdefault(named[0], []).append(column)
        asked = {id: self.one_of(columns, self.book.indicators[id].label) for id, columns in found.items()}
        self.measures = {id: self.measure_of(id, None, None, column) for id, column in asked.items() if column}
        return asked

    def _keep(self, row, owner, branch, held, ticks) -> None:
        if not branch.text:
            self.gathered.problem(branch.cell, "thiếu tên Hội cơ sở", "tên Hội cơ sở ở đầu dòng")
            return
        for id, cell in held.items():
            read = partial(cells.amount, cell, self.measures[id])
            target = self.given(cell, owner[1], branch.cell, read)
            self.gathered.add_branch("targets", owner[0], {"branch": branch, TARGET: target}, indicator=id)
        if not held:
            self.gathered.add_branch("targets", owner[0], {"branch": branch}, indicator=next(iter(self.columns)))
