"""A year's rows: as they are kept, and a row as typed on its way there.

Columns are the contract's. A row remembers where it was read, so that every number can be traced to its cell.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .problems import Log
from .terms import BRANCH_KINDS
from .values import Wrong

COLUMNS = {
    "criteria": ("criterion", "area", "title"),
    "units": ("unit", "code", "name", "kind", "cluster", "population", "aliases"),
    "clusters": ("cluster", "name", "lead", "dossier_received"),
    "grades": ("unit", "criterion", "self", "cluster", "note"),
    "indicators": ("unit", "indicator", "target", "actual", "note"),
    "branches": ("unit", "branch", "rating", "fund"),
    "filings": ("unit", "filing", "received"),
    "appraisal": ("unit", "criterion", "grade", "method", "reason"),
    "decisions": ("unit", "decision", "value", "reason", "document", "decided_on"),
    "verified": ("unit", "table", "item", "value", "method", "reason", "seen_on"),
    "amendments": ("key", "value", "reason", "document", "decided_on"),
    "corrections": ("file", "sheet", "cell", "was", "value", "reason", "document"),
    "received": ("unit", "filing", "received", "document"),
    "targets": ("unit", "branch", "indicator", "target", "note"),
    "progress": ("unit", "indicator", "as_of", "actual", "note"),
    "direct": ("source", "name", "kind", "indicator", "target", "actual", "note"),
}
#: Columns a table may have beside those, each with what it says where it is not there; a row may be short of the last.
OPTIONAL = {"branches": {"kind": next(iter(BRANCH_KINDS))}, "decisions": {"seen": ""}}


class Place(NamedTuple):
    """Where a row was read: file (inside the year's folder), sheet or None, line or row number; what was corrected in it.

    `cell` is the address of what the row is read for, in a workbook (of a grade that of the cluster's).
    """
    file: str
    sheet: str | None
    line: int | None
    corrected: str = ""
    cell: str = ""

    def with_said(self, said: str) -> Place:
        """The same with something more said beside its value."""
        return self._replace(corrected="; ".join(filter(None, (self.corrected, said))))


class Criterion(NamedTuple):
    criterion: int
    area: str
    title: str


class Unit(NamedTuple):
    unit: str
    code: str
    name: str
    kind: str
    cluster: str
    population: int | None
    aliases: tuple[str, ...]


class Cluster(NamedTuple):
    cluster: str
    name: str
    lead: str
    dossier_received: date | str | None


class Grade(NamedTuple):
    unit: str
    criterion: int
    self: str
    cluster: str
    note: str
    at: Place


class Attainment(NamedTuple):
    unit: str
    indicator: str
    target: int | None
    actual: int | Decimal | None
    note: str
    at: Place


class Branch(NamedTuple):
    unit: str
    branch: str
    rating: str
    fund: int | None
    at: Place
    kind: str = next(iter(BRANCH_KINDS))

    @property
    def owes_fund(self) -> bool:
        """Does II.5 ask it for a fund? It speaks of communes, wards and townships."""
        return self.kind == next(iter(BRANCH_KINDS))


class Receipt(NamedTuple):
    unit: str
    filing: str
    received: date | str | None
    at: Place


class Appraised(NamedTuple):
    unit: str
    criterion: int
    grade: str
    method: str
    reason: str
    at: Place


class Decision(NamedTuple):
    unit: str
    decision: str
    value: str
    reason: str
    document: str
    decided_on: date | None
    seen: str
    at: Place


class Amendment(NamedTuple):
    key: str
    value: int | date | str | tuple[str, ...]       # the order of ranking is its keys
    reason: str
    document: str
    decided_on: date
    at: Place


class Entered(NamedTuple):
    """What the Council's own register says came of a unit: a day, `none`, or None where only the row is there (V.3)."""
    unit: str
    filing: str
    received: date | str | None
    document: str
    at: Place


class Registered(NamedTuple):
    """A target as it was registered (V.3); no branch: the unit's own; None: registered without a number."""
    unit: str
    branch: str
    indicator: str
    target: int | None
    note: str
    at: Place


class Count(NamedTuple):
    """How much of an indicator a unit has reached by a day, counted from 1 January (II.9, IV); a fund's is that day's."""
    unit: str
    indicator: str
    as_of: date
    actual: int | Decimal
    note: str
    at: Place


class Direct(NamedTuple):
    """What a branch directly under the province, or its office, adds to the sums and percentages of part II."""
    source: str
    name: str
    kind: str
    indicator: str
    target: int | None
    actual: int | None
    note: str
    at: Place


class Verified(NamedTuple):
    unit: str
    table: str
    item: str
    value: int | Decimal | date | str | None
    method: str
    reason: str
    seen_on: date | None
    sent: int | Decimal | date | str | None     # what stood there: the submission's, or the Council's own register's
    at: Place


class Correction(NamedTuple):
    file: str
    sheet: str
    cell: str
    was: str
    value: str
    reason: str
    document: str
    cluster: str
    at: Place


def grouped(rows: Iterable, key: Callable) -> dict:
    """Rows (or anything else) by what `key` gives for each, a list each, keys and rows in the order in which they come."""
    found: dict = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def as_csv(table: str, rows: Iterable[tuple], optional: tuple[str, ...] = ()) -> str:
    """Rows of a table as the CSV they could have been read from; those of its `optional` columns that they hold come last."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([(*COLUMNS[table], *optional), *(map(as_typed, row) for row in rows)])
    return text.getvalue()


def as_typed(value) -> str:
    """A value as a cell of a CSV holds it; empty for None."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


class Row:
    """One row of a table as typed: cells by column, and the place that a problem will name."""

    def __init__(self, log: Log, cluster: str | None, at: Place, cells: dict[str, str],
                 addresses: dict[str, str] | None = None):
        self.log, self.cluster, self.at, self.cells, self.addresses = log, cluster, at, cells, addresses or {}
        self.sound = True

    def take(self, column: str, parse: Callable, wanted: str | None = None):
        """The cell's value, or None and a problem; `wanted` where the cell asks for less than its kind of value."""
        try:
            return parse(self.cells[column])
        except Wrong as error:
            self.problem(column, str(error), wanted or error.wanted)
            return None

    def problem(self, column: str, what: str, wanted: str | None = None):
        """A problem at one cell of this row."""
        self.sound = False
        self.log.problem(**self._evidence(column, what), wanted=wanted)

    def check_once(self, seen: dict, about, column: str, what: str, wanted: str) -> None:
        """A problem at a cell where an earlier row was `about` the same; `seen` keeps the line of the first about each."""
        if (first := seen.setdefault(about, self.at.line)) != self.at.line:
            self.problem(column, f"{what} ở dòng {first}", wanted)

    def notice(self, column: str, what: str):
        """A notice at one cell of this row."""
        self.log.notice(**self._evidence(column, what))

    def place(self, column: str) -> Place:
        """Where the row was read, with the address of one of its cells where that is known."""
        return self.at._replace(cell=self.addresses.get(column, ""))

    def _evidence(self, column, what):
        cell = self.addresses.get(column)
        return {"file": self.at.file, "what": f"cột {column}: {what}", "cluster": self.cluster, "sheet": self.at.sheet,
                "cell": cell, "line": None if cell else self.at.line, "seen": self.cells[column]}
