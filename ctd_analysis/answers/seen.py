"""What a decision rested on (year-round §1.4): what the year says of a unit with no decision at all, and if it still does.

A decision always stays in force. Here is only said whether the counts, or what lies behind them, moved since it was taken.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np

from ..plan import ranking
from ..plan.facts import Facts, Settings
from ..plan.judgement import Judgement, judge
from ..plan.rulebook import Rulebook
from ..rows import Decision
from ..terms import CLASSES, GRADES
from ..year.tally import decided
from ..year.year import Year
from .readings import class_name, outcome_of

#: How a decision stands to what was seen when it was taken.
UNBOUND, CURRENT, INPUTS_MOVED, RESULT_MOVED = ("unbound", "current", "inputs_moved", "result_moved")

#: Decisions that look at neighbours too: they carry a digest of these.
_NEIGHBOURS = ("lead", "prize")
_NUMBER, _RUNG = "(?:0|[1-9][0-9]*)", f"(?:{'|'.join(CLASSES)}|no_class"
_SEEN = re.compile(rf"(A{_NUMBER} B{_NUMBER} C{_NUMBER} blank{_NUMBER} kad{_NUMBER} good{_NUMBER}/{_NUMBER} base={_RUNG}) "
                   rf"flags=\S+ unknown=\S+ rules={_RUNG}|not_considered)) in-[0-9a-f]{{12}} ru-[0-9a-f]{{12}}"
                   r"(?P<neighbours> cl-[0-9a-f]{12})?")


@dataclass(frozen=True)
class Bound:
    """A standing decision, its status, and where that is not `unbound` or `current` the words then and now."""
    decision: Decision
    status: str
    was: str | None = None
    now: str | None = None

    @property
    def is_unreadable(self) -> bool:
        """Is something written that cannot be read as what was seen?"""
        return self.status == UNBOUND and bool(self.decision.seen)


@dataclass(frozen=True)
class Undecided:
    """A year judged with no decision at all, its amendments applied, no scenario."""
    year: Year
    facts: Facts
    judgement: Judgement
    nominee: np.ndarray

    @classmethod
    def of(cls, year: Year, facts: Facts) -> Undecided:
        """From a year and its facts, under whatever decisions these were counted."""
        facts, settings = decided(facts, ()), Settings.of(year.book)
        judged = judge(facts, settings)
        return cls(year, facts, judged, ranking.nominees(facts, judged.final_class, settings))

    def seen(self, unit: str, decision: str) -> str:
        """What `ctd decide` writes beside a decision about a unit: words, then digests."""
        neighbours = f" cl-{self._neighbours(unit, decision)}" if decision in _NEIGHBOURS else ""
        return f"{self.words(unit)} in-{self._inputs[unit]} ru-{rules_digest(self.year.book)}{neighbours}"

    def words(self, unit: str) -> str:
        """The readable half: `A40 B2 C1 blank0 kad0 good8/12 base=average flags=dues,funds unknown=- rules=weak`."""
        i, f, j = self.facts.place[unit], self.facts, self.judgement
        raised, unknown = (",".join(flags) or "-" for flags in (j.flags_where(i, True), j.flags_where(i, None)))
        return (f"A{f.a[i]} B{f.b[i]} C{f.c[i]} blank{f.ungraded[i]} kad{f.not_applicable[i]} "
                f"good{f.branches_good[i]}/{f.branches[i]} base={class_name(j.placement.base_class[i]) or 'no_class'} "
                f"flags={raised} unknown={unknown} rules={outcome_of(j, i)}")

    def bound(self, decision: Decision) -> Bound:
        """A standing decision held against what the year says now."""
        read = _SEEN.fullmatch(decision.seen)
        if read is None or bool(read["neighbours"]) != (decision.decision in _NEIGHBOURS):
            return Bound(decision, UNBOUND)
        now = self.seen(decision.unit, decision.decision)
        was, words = decision.seen.partition(" in-")[0], self.words(decision.unit)
        if was != words:
            return Bound(decision, RESULT_MOVED, was, words)
        is_partial = decision.decision == "prize" and (not self.year.is_whole or self.year.failed)   # not all nominees are here
        if decision.seen == now or is_partial and decision.seen.partition(" cl-")[0] == now.partition(" cl-")[0]:
            return Bound(decision, CURRENT)
        return Bound(decision, INPUTS_MOVED, was, words)

    # ---------------------------------------------------------------- digests

    @cached_property
    def _inputs(self) -> dict[str, str]:
        """The digest of what lies behind each unit's counts."""
        grades = np.array(["." if g == "" else g[0] for g in GRADES])[self.facts.rounds.standing]
        found = {unit: {"branches": [], "filings": [], "grades": "".join(grades[i]), "indicators": []}
                 for i, unit in enumerate(self.facts.units)}
        for row in self.year.branches:
            found[row.unit]["branches"].append([row.branch, row.rating or None, _text(row.fund)])
        for row in self.year.filings:
            if row.received is not None:
                found[row.unit]["filings"].append([row.filing, _text(row.received)])
        for row in self.year.indicators:
            if (row.target, row.actual) != (None, None):
                found[row.unit]["indicators"].append([row.indicator, _text(row.target), _text(row.actual)])
        return {unit: _digest({key: sorted(rows) if isinstance(rows, list) else rows for key, rows in one.items()})
                for unit, one in found.items()}

    def _neighbours(self, unit: str, decision: str) -> str:
        """The digest of those a decision looks at besides: the unit's cluster, or all nominees of the province."""
        f = self.facts
        inside = f.cluster == f.cluster[f.place[unit]] if decision == "lead" else self.nominee
        return _digest(sorted([f.units[i], class_name(self.judgement.final_class[i]), int(f.a[i]), int(f.c[i]),
                               _text(f.converted[i]), f"{f.branches_good[i]}/{f.branches[i]}"] for i in np.flatnonzero(inside)))


def rules_digest(book: Rulebook) -> str:
    """Twelve signs for what the contract counts of a rule book: readings, numbers, days, the order of ranking, and under its
    name `campaigns` what flags of kind `below` compare where they compare several. Not what else a flag is made of."""
    campaigns = [name for flag in book.flags.values() if flag.kind == "below" and len(flag.indicators) > 1
                 for name in flag.indicators]
    return _digest({"chosen": dict(book.chosen), "criteria": book.criteria, "order": list(book.ranking.order),
                    "campaigns": campaigns,
                    "values": {key: _text(value) for key, value in book.values().items()}})


def bindings(year: Year, facts: Facts) -> Iterator[Bound]:
    """Every standing decision of a year with its status, in the order of lines."""
    undecided = Undecided.of(year, facts) if year.decisions else None
    return (undecided.bound(one) for one in year.decisions)


def _text(value: int | Decimal | date | str | None) -> str | None:
    """A number or a day in its shortest form: no exponent, no zeros that say nothing."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return None if value is None else str(value)


def _digest(value) -> str:
    """The first twelve hex digits of SHA-256 over canonical JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
