"""Before the Council's word is recorded: the row as it would stand, who would move, why it cannot stand (year-round §1.3).

The command, the form of the session and the notebook all record through this. Nothing is written but by `record`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..plan.rulebook import Rulebook
from ..problems import Log, Problem, Refused
from ..rows import COLUMNS, OPTIONAL, Place, Row
from ..year import amended, appending, council
from ..year.parser import Parser
from ..year.tally import decided
from ..year.year import Year, reamended, redecided
from . import what_if
from .appraisal import Appraisal, appraise
from .seen import Undecided

#: What every recorded row has to say, and how a clerk is told that it does not.
_ASKED = {"reason": "lý do", "document": "văn bản", "decided_on": "ngày quyết định"}


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

    def record(self) -> None:
        """Append the rows: whole or not at all. `Refused` where a file changed meanwhile or another writes; OSError."""
        appending.write(self.files)


def preview(base: Appraisal, amendments: Sequence[Mapping[str, str]] = (),
            decisions: Sequence[Mapping[str, str]] = ()) -> Preview:
    """The rows (cells as typed, by column) added to the year, amendments first; `Refused` where one cannot stand."""
    year, rows, files = base.year, [], []
    if amendments:
        made = [_amendment(year.issued or year.book, one) for one in amendments]
        files.append(appending.append(year, "amendments", made))
        year = _read_again(base.year, reamended, files[-1].after)
        rows += [("amendments", one) for one in made]
    if decisions:
        undecided = Undecided.of(year, base.facts)
        made = [_decision(year, one, undecided) for one in decisions]
        files.append(appending.append(base.year, "decisions", made))
        year = _read_again(year, redecided, files[-1].after)
        rows += [("decisions", one) for one in made]
    other = appraise(year, base.scenario, decided(base.facts, year.decisions))
    return Preview(tuple(rows), base, other, tuple(files))


def _read_again(year: Year, read: Callable, raw: bytes) -> Year:
    """The year as the longer table gives it; what was wrong in it before is no fault of the new row."""
    other, log = read(year, raw)
    known = {one.message for one in year.problems}
    if new := [one for one in log.problems if one.message not in known]:
        raise Refused(*new)
    return other


def _amendment(book: Rulebook, typed: Mapping[str, str]) -> dict[str, str]:
    """An amendment's cells in codes."""
    log = Log()
    row = _row(log, "amendments", typed)
    one = amended.amendment_of(row, book)
    _check(log, row)
    value = ";".join(one.value) if isinstance(one.value, tuple) else str(one.value)
    return {"key": one.key, "value": value, "reason": one.reason, "document": one.document, "decided_on": str(one.decided_on)}


def _decision(year: Year, typed: Mapping[str, str], undecided: Undecided) -> dict[str, str]:
    """A decision's cells in codes, with what was seen; a withdrawal rests on nothing but the row it takes back."""
    log = Log()
    row, parser = _row(log, "decisions", typed), Parser(year.book, {u.unit: u for u in year.all_units}, log)
    one = council.decision_of(row, parser)
    _check(log, row)
    if one.unit not in undecided.place:
        raise Refused(*_failed(year, parser.cluster_of[one.unit]))
    cells = {"unit": one.unit, "decision": one.decision, "value": one.value, "reason": one.reason, "document": one.document,
             "decided_on": str(one.decided_on)}
    return cells if one.decision == council.WITHDRAW else {**cells, "seen": undecided.seen(one.unit, one.decision)}


def _row(log: Log, table: str, typed: Mapping[str, str]) -> Row:
    columns = [*COLUMNS[table], *OPTIONAL.get(table, ())]
    return Row(log, None, Place(f"{table}.csv", None, None), {column: typed.get(column, "") for column in columns})


def _check(log: Log, row: Row) -> None:
    """`Refused` with all that is wrong in a row, and with what it does not say."""
    for column, what in _ASKED.items():
        if not row.cells[column].strip() and not any(f"cột {column}:" in one.what for one in log.problems):
            row.problem(column, f"thiếu {what}", f"{what} của quyết định")
    if log.problems:
        raise Refused(*log.problems)


def _failed(year: Year, cluster: str) -> list[Problem]:
    """Why nothing can be decided about a unit: its cluster could not be judged."""
    faults = [one for one in year.problems if one.cluster == cluster]
    first = Problem("decisions.csv", f"cụm {cluster} chưa xét được ({len(faults)} lỗi), chưa quyết định về đơn vị của cụm",
                    cluster)
    return [first, *faults]


def as_json(preview: Preview, recorded: bool) -> dict:
    """`ctd decide --json` as the contract has it, of a preview with one row."""
    (_, row), = preview.rows
    return {"row": row, "moved": what_if.moved_json(preview.moved), "recorded": recorded}
