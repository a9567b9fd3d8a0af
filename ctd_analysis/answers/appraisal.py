"""One year appraised: everything a page, a table or another person's script may ask of it.

Puts together the judgement, the order in each cluster and what hinges on which reading, in the plan's order; `findings` is the
trace. Nothing is decided here: a class is proposed, a nominee is named, a tie is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..plan import ranking, rulebook
from ..plan.facts import Facts, Settings
from ..plan.filings import past
from ..plan.judgement import Judgement, judge
from ..plan.scenario import Scenario, amend
from ..problems import Problem
from ..rows import Appraised, Decision, Unit
from ..terms import TABLES
from ..year.council import Settled, settle
from ..year.tally import decided, ordinal, tally
from ..year.trial import changed
from ..year.year import Year
from . import amended, edges, missing, nearest, readings, registration, remarks, seen
from .findings import Finding, trace
from .readings import class_name, outcome_of


@dataclass(frozen=True)
class Appraisal:
    """A year, its facts, and what the rules give. Unit numbers are places in `year.units`."""
    year: Year
    scenario: Scenario | None
    facts: Facts
    settings: Settings
    judgement: Judgement
    ranks: list[int | None]
    tied: list[bool]
    ahead_by: list[str | None]
    nominee: np.ndarray

    @property
    def book(self) -> rulebook.Rulebook:
        """The rules in force: the year's, or the scenario's."""
        return self.settings.book

    @cached_property
    def by_rules(self) -> Judgement:
        """What the rules alone give: no decision of the Council in it."""
        return judge(decided(self.facts, ()), self.settings)

    @cached_property
    def nominee_by_rules(self) -> np.ndarray:
        """Who would be a nominee without any decision of the Council; bool, (U,)."""
        return ranking.nominees(decided(self.facts, ()), self.by_rules.final_class, self.settings)

    @cached_property
    def alternatives(self) -> readings.Alternatives:
        """Every reading switched alone to each of its other options, a row each."""
        return readings.switch_each(self.facts, self.settings)

    @cached_property
    def combined(self) -> np.ndarray:
        """Every combination of readings: one axis a reading, then (U,); places in `readings.OUTCOMES`."""
        return readings.combine(self.facts, self.settings)

    @cached_property
    def ways(self) -> list[list[nearest.Way]]:
        """Unit by unit every least change that lifts its class, the shortest first; empty where none does."""
        return nearest.ways(self.facts, self.settings)

    @cached_property
    def margins(self) -> nearest.Margin:
        """By how much each unit holds its class, loss by loss."""
        return nearest.margins(self.facts, self.settings)

    @cached_property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """The best and the worst each unit may come to once what is missing is known, (U,): places in `readings.OUTCOMES`."""
        return missing.bounds(self.facts, self.settings)

    @cached_property
    def findings(self) -> dict[str, list[Finding]]:
        """The trace of every unit: each condition with its clause, what was asked, what was found."""
        return trace(self.year, self.facts, self.settings, self.judgement)

    def looked_at(self, i: int, part: str, rule: str | None = None) -> list[Finding]:
        """What a unit was asked by one part of the plan, `ladder`, `filing` or `flag`: by one of its rules, or all of them."""
        return [x for x in self.findings[self.facts.units[i]] if x.part == part and rule in (None, x.rule)]

    @cached_property
    def edges(self) -> list[edges.Edge]:
        """At which value of each number some unit's class turns."""
        return edges.edges(self.facts, self.settings, self.judgement)

    @cached_property
    def looks(self) -> dict[tuple[str, int], Appraised]:
        """What the appraisal looked at, by unit and criterion."""
        return {(row.unit, row.criterion): row for row in self.year.appraisal}

    @cached_property
    def notes(self) -> dict[tuple[str, int], str]:
        """The notes beside grades, by unit and criterion."""
        return {(row.unit, row.criterion): row.note for row in self.year.grades if row.note}

    @cached_property
    def corrected(self) -> dict[tuple[str, str], dict[int | str, str]]:
        """What is said beside values that are not as they were sent, by table and unit, then by criterion, branch, …"""
        found: dict[tuple[str, str], dict[int | str, str]] = {}
        for table in TABLES:
            for row in getattr(self.year, table):
                if row.at.corrected:
                    found.setdefault((table, row.unit), {})[row[1]] = row.at.corrected
        return found

    @cached_property
    def notices(self) -> tuple[Problem, ...]:
        """The year's notices, and those that only show once the year is judged."""
        found = remarks.Remarks(self.year, self.facts, self.settings, self.judgement, self.nominee, self.bindings,
                                self.amendments)
        return (*self.year.notices, *found.every(), *registration.remarks(self.lowered, self.year))

    @cached_property
    def changed(self) -> dict[str, amended.Changed]:
        """What amendments made of each key they name, where no trial has another value."""
        return amended.changed(self.year, self.book)

    @cached_property
    def amendments(self) -> list[amended.Amended]:
        """What the Council changed of the rules, in the order applied, and whom each row moves; without the scenario."""
        return amended.amendments(self.year, self.facts)

    @cached_property
    def bindings(self) -> list[seen.Bound]:
        """Every standing decision, and whether it still rests on what was seen; without the scenario."""
        return list(seen.bindings(self.year, self.facts))

    @property
    def ledger(self) -> tuple[Decision, ...]:
        """Every row of `decisions.csv`; those that stand where nothing else was kept."""
        return self.year.ledger or self.year.decisions

    @cached_property
    def settled(self) -> Settled:
        """What the ledger comes to: which rows stand, which were taken back or confirmed, by their place in it."""
        return settle(self.ledger, {unit.unit: unit.cluster for unit in self.year.units})

    @cached_property
    def prizes(self) -> dict[str, str]:
        """The prize of each unit that was given one, as `terms.PRIZES` names it."""
        return {one.unit: one.value for one in self.year.decisions if one.decision == "prize"}

    @cached_property
    def lowered(self) -> list[registration.Moved]:
        """Targets stated below the registered ones (V.3), with the flags under either; results go by the stated ones."""
        return registration.moved(self.year, self.facts, self.settings, self.judgement.flags)

    @cached_property
    def dossiers(self) -> dict[str, bool | None]:
        """Did each cluster's own dossier (V.4) come in time, by the rule for the units' filings? None: not knowable."""
        clusters = self.year.all_clusters
        late = past(np.array([ordinal(c.dossier_received) for c in clusters], np.int64), self.book.dossier.before.toordinal(),
                    self.settings)
        return {c.cluster: (~late).at(k) for k, c in enumerate(clusters)}

    @property
    def place(self) -> dict[str, int]:
        """Each unit's number."""
        return self.facts.place

    @property
    def everyone(self) -> list[int]:
        """All units, in the order of `units.csv`."""
        return list(range(len(self.facts.units)))

    def members(self, cluster: str) -> list[int]:
        """The units of a cluster in order of rank; the unranked come last, in the order of `units.csv`."""
        inside = [i for i, u in enumerate(self.year.units) if u.cluster == cluster]
        return sorted(inside, key=lambda i: (self.ranks[i] is None, self.ranks[i] or 0, i))

    def is_lead(self, i: int) -> bool:
        """Does a unit lead its cluster's work (which is not to stand first)?"""
        return self.year.cluster(self.unit(i).cluster).lead == self.facts.units[i]

    def unit(self, i: int) -> Unit:
        """One unit's entry in `units.csv`."""
        return self.year.units[i]

    def as_json(self) -> dict:
        """`results.json` as the contract has it."""
        return {"year": self.book.year, "sample": self.book.sample,
                "scenario": self.scenario and {"title": self.scenario.title, "set": _texts(self.scenario.changes)},
                "units": [self._unit_json(i) for i in self.everyone], "failed_clusters": self.year.failed,
                "amendments": [_amendment_json(one) for one in self.amendments],
                "decisions": [{"line": one.decision.at.line, "unit": one.decision.unit, "decision": one.decision.decision,
                               "value": one.decision.value, "status": one.status, "was": one.was, "now": one.now}
                              for one in self.bindings]}

    def _unit_json(self, i: int) -> dict:
        f, j, unit = self.facts, self.judgement, self.year.units[i]
        converted = f.converted[i]
        return {
            "unit": unit.unit, "name": unit.name, "cluster": unit.cluster,
            "a": int(f.a[i]), "b": int(f.b[i]), "c": int(f.c[i]), "ungraded": int(f.ungraded[i]),
            "not_applicable": int(f.not_applicable[i]),
            "converted": int(converted) if converted == int(converted) else float(converted),
            "branches_good": int(f.branches_good[i]), "branches_total": int(f.branches[i]),
            "base_class": class_name(j.placement.base_class[i]), "literal_match": bool(j.placement.literal_match[i]),
            "flags": {flag: known.at(i) for flag, known in j.flags.items()},
            "considered": bool(j.considered[i]), "rules_class": outcome_of(self.by_rules, i),
            "proposed_class": class_name(j.proposed_class[i]), "final_class": class_name(j.final_class[i]),
            "cluster_rank": self.ranks[i], "tied": self.tied[i],
            "ahead_by": self.ahead_by[i], "nominee": bool(self.nominee[i]), "provisional": bool(j.provisional[i]),
            "hinges_on": self.alternatives.hinges(i), "nominee_hinges_on": self.alternatives.nominee_hinges(i),
            "prize": self.prizes.get(unit.unit)}


def _texts(changes):
    return {key: value if isinstance(value, (int, list)) else str(value) for key, value in changes.items()}


def _amendment_json(one: amended.Amended) -> dict:
    return {"key": one.row.key, **_texts({"from": one.before, "to": one.after}), "document": one.row.document,
            "decided_on": str(one.row.decided_on), "after_dossier": one.after_dossier, "moved": list(one.moved)}


def appraise(year: Year, scenario: Scenario | None = None, facts: Facts | None = None) -> Appraisal:
    """Part III applied to a year, under its own rule book or with what a scenario sets in it; `UnknownKey` where that is none.

    `facts` once counted may be given again: rules do not change them. A scenario begins from the year as it was read.
    """
    tried = changed(year, scenario.changes) if scenario else year
    book = amend(year.book, scenario.changes) if scenario else year.book
    facts, year, settings = facts if facts and tried is year else tally(tried), tried, Settings.of(book)
    judged = judge(facts, settings)
    return Appraisal(year, scenario, facts, settings, judged, *ranking.order(facts, judged.final_class, settings),
                     ranking.nominees(facts, judged.final_class, settings))
