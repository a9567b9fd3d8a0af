"""Before the Council's word is recorded: the row as it would stand, who would move, why it cannot stand (year-round §1.3).

The command, the form of the session and the notebook all record through this. Nothing is written but by `record`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

from ..plan.rulebook import Rulebook
from ..problems import Log, Problem, Refused
from ..rows import COLUMNS, OPTIONAL, Amendment, Decision, Place, Row
from ..year import amended, appending, council
from ..year.parser import Parser
from ..year.tally import decided
from ..year.year import Year, reamended, redecided
from . import what_if
from .appraisal import Appraisal, appraise
from .seen import Undecided

#: What every recorded row has to say, and how a clerk is told that it does not.
_ASKED = {"reason": "lý do", "document": "văn bản", "decided_on": "ngày quyết định"}


class Asked(NamedTuple):
    """A row as it is asked for: cells as typed, by column; where it was typed, cell by cell, if in a form."""
    cells: Mapping[str, str]
    at: Place | None = None
    addresses: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Preview:
    """Rows that could be recorded, by table, in codes; the year without and with them; the files as they would be."""
    rows: tuple[tuple[str, dict[str, str]], ...]
    base: Appraisal
    other: Appraisal
    files: tuple[appending.Appended, ...]

    @property
    def moved(self) -> list[what_if.Move]:
        """Every change of class, consideration, rank or nomination (the contract's `moved`)."""
        return what_if.moved(self.base, self.other)

    @property
    def remarks(self) -> list[Problem]:
        """The notices that the rows bring with them."""
        known = set(self.base.notices)
        return [one for one in self.other.notices if one not in known]

    def record(self) -> Appraisal:
        """Append the rows, whole or not at all, and give the year with them; `Refused` where a file changed meanwhile or
        another writes; OSError."""
        appending.write(self.files)
        return replace(self.other, year=appending.written(self.other.year, self.files))


def preview(base: Appraisal, amendments: Sequence[Asked] = (), decisions: Sequence[Asked] = ()) -> Preview:
    """The rows added to the year, amendments first; `Refused`, with all that is wrong, where one cannot stand."""
    year, rows, files = base.year, [], []
    if amendments:
        made = _all(amendments, lambda one: _amendment(year.issued or year.book, one))
        files.append(appending.append(year, "amendments", made))
        year = _read_again(base.year, reamended, files[-1].after)
        rows += [("amendments", one) for one in made]
    if decisions:
        undecided = Undecided.of(year, base.facts)
        made = _all(decisions, lambda one: _decision(year, one, undecided))
        files.append(appending.append(base.year, "decisions", made))
        year = _read_again(year, redecided, files[-1].after)
        rows += [("decisions", one) for one in made]
    other = appraise(year, base.scenario, decided(base.facts, year.decisions))
    return Preview(tuple(rows), base, other, tuple(files))


def new_only(year: Year, table: str, asked: Sequence[Asked]) -> list[Asked]:
    """The rows of a form that the year's table does not hold already, cell for cell: a form may be taken again."""
    known = Counter(_typed(table, row) for row in (year.amendments if table == "amendments" else year.ledger))
    found = []
    for one in asked:
        try:
            row = _amended(year.issued or year.book, one) if table == "amendments" else _decided(year, one)
        except Refused:         # what is wrong with it is told when it is tried
            found.append(one)
            continue
        key = _typed(table, row)
        if known[key]:
            known[key] -= 1
        else:
            found.append(one)
    return found


def _typed(table: str, row: tuple) -> tuple:
    return row[:len(COLUMNS[table])]


def _all(asked: Sequence[Asked], made: Callable[[Asked], dict[str, str]]) -> list[dict[str, str]]:
    """Every row in codes; `Refused` once, with what is wrong in any of them."""
    found, faults = [], []
    for one in asked:
        try:
            found.append(made(one))
        except Refused as refused:
            faults += refused.problems
    if faults:
        raise Refused(*faults)
    return found


def _read_again(year: Year, read: Callable, raw: bytes) -> Year:
    """The year as the longer table gives it; what was wrong in it before is no fault of the new row."""
    other, log = read(year, raw)
    known = {one.message for one in year.problems}
    if new := [one for one in log.problems if one.message not in known]:
        raise Refused(*new)
    return other


def _amendment(book: Rulebook, asked: Asked) -> dict[str, str]:
    """An amendment's cells in codes."""
    one = _amended(book, asked)
    return _cells("amendments", one._replace(value=";".join(one.value)) if isinstance(one.value, tuple) else one)


def _amended(book: Rulebook, asked: Asked) -> Amendment:
    return _record("amendments", asked, lambda row: amended.amendment_of(row, book))


def _decision(year: Year, asked: Asked, undecided: Undecided) -> dict[str, str]:
    """A decision's cells in codes, with what was seen; a withdrawal rests on nothing but the row it takes back."""
    one = _decided(year, asked)
    if one.unit not in undecided.facts.place:
        raise Refused(*_failed(year, next(u.cluster for u in year.all_units if u.unit == one.unit)))
    cells = _cells("decisions", one)
    return cells if one.decision == council.WITHDRAW else {**cells, "seen": undecided.seen(one.unit, one.decision)}


def _decided(year: Year, asked: Asked) -> Decision:
    units = {u.unit: u for u in year.all_units}
    return _record("decisions", asked, lambda row: council.decision_of(row, Parser(year.book, units, row.log)))


def _cells(table: str, one: tuple) -> dict[str, str]:
    return {column: str(value) for column, value in zip(COLUMNS[table], one, strict=False)}


def _record(table: str, asked: Asked, read: Callable[[Row], tuple]):
    """A row as a record; `Refused` with all that is wrong in it, and with what it does not say."""
    columns = [*COLUMNS[table], *OPTIONAL.get(table, ())]
    row = Row(Log(), None, asked.at or Place(f"{table}.csv", None, None),
              {column: asked.cells.get(column, "") for column in columns}, dict(asked.addresses))
    one = read(row)
    for column, what in _ASKED.items():
        if not row.cells[column].strip() and not any(f"cột {column}:" in one.what for one in row.log.problems):
            row.problem(column, f"thiếu {what}", f"{what} của quyết định")
    if row.log.problems:
        raise Refused(*row.log.problems)
    return one


def _failed(year: Year, cluster: str) -> list[Problem]:
    """Why nothing can be decided about a unit: its cluster could not be judged."""
    faults = [one for one in year.problems if one.cluster == cluster]
    first = Problem("decisions.csv", f"cụm {cluster} chưa xét được ({len(faults)} lỗi), chưa quyết định về đơn vị của cụm",
                    cluster)
    return [first, *faults]


def as_json(preview: Preview, recorded: bool) -> dict:
    """`ctd decide --json` as the contract has it; `rows` instead of `row` where a form was taken."""
    rows = [row for _, row in preview.rows]
    return {**({"row": rows[0]} if len(rows) == 1 else {"rows": rows}), "moved": what_if.moved_json(preview.moved),
            "recorded": recorded}
