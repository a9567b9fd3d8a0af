"""What if: who moves when a number or a reading of the rule book is another, where the edges are, how far, how it is read.

Both sides are appraisals of the same facts; nothing here knows a rule. The counting is done by `edges`, `nearest` and
`readings`; here it is put together, as the contract's JSON. `words.why` says it in sentences.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..plan.scenario import Scenario
from ..rows import grouped
from ..terms import RATINGS, B, C
from . import nearest, readings
from .appraisal import Appraisal, appraise, class_name


class Move(NamedTuple):
    """One change of one unit, as in the contract's `moved`."""
    unit: str
    what: str
    before: object
    after: object


def under(base: Appraisal, changes: dict[str, object]) -> Appraisal:
    """The same year under changed keys of the rule book or of facts (key → value); `UnknownKey` for one that is none."""
    return appraise(base.year, Scenario("thử", changes), base.facts)


def moved(base: Appraisal, other: Appraisal) -> list[Move]:
    """Every change of class, consideration, rank or nomination, unit by unit; both appraisals have the same units."""
    moves = []
    for i, unit in enumerate(base.facts.units):
        before, after = _standing(base, i), _standing(other, i)
        moves += [Move(unit, what, before[what], after[what]) for what in before if before[what] != after[what]]
    return moves


def expectation(moves: list[Move]) -> dict[str, dict[str, tuple]]:
    """Moves as a scenario's `[expected]` holds them: unit → what moves → (from, to)."""
    return {unit: {one.what: (one.before, one.after) for one in mine}
            for unit, mine in grouped(moves, lambda one: one.unit).items()}


class Unexpected(NamedTuple):
    """One thing of one unit that moves otherwise than a scenario's `[expected]` has it; None: does not move."""
    unit: str
    what: str
    expected: tuple | None
    came: tuple | None


def unexpected(base: Appraisal, other: Appraisal) -> list[Unexpected]:
    """Where what the scenario of `other` expects and what came differ, in both directions; nothing where none is expected."""
    awaited = other.scenario.expected if other.scenario else {}
    if not awaited:
        return []
    came = expectation(moved(base, other))
    return [Unexpected(unit, what, awaited.get(unit, {}).get(what), came.get(unit, {}).get(what))
            for unit in dict.fromkeys([*came, *awaited])
            for what in dict.fromkeys([*awaited.get(unit, {}), *came.get(unit, {})])
            if awaited.get(unit, {}).get(what) != came.get(unit, {}).get(what)]


def _standing(a: Appraisal, i: int) -> dict[str, object]:
    j = a.judgement
    return {"base_class": class_name(j.placement.base_class[i]), "proposed_class": class_name(j.proposed_class[i]),
            "final_class": class_name(j.final_class[i]), "considered": bool(j.considered[i]), "cluster_rank": a.ranks[i],
            "nominee": bool(a.nominee[i])}


def alone(a: Appraisal, i: int) -> tuple:
    """What a unit gets without looking at its neighbours: base, proposed, final class (places) and whether it is considered."""
    j = a.judgement
    return tuple(int(column[i]) for column in (j.placement.base_class, j.proposed_class, j.final_class, j.considered))


# ---------------------------------------------------------------- the contract's answer

def as_json(base: Appraisal, other: Appraisal) -> dict:
    """`ctd what-if --json` as the contract has it."""
    f, settings, units = other.facts, other.settings, other.facts.units
    counts, lacks = readings.count(other.combined), nearest.grades_to_a(f, settings)
    return {
        "moved": moved_json(moved(base, other)),
        "edges": [{"key": e.key, "value": e.value, "unit": units[e.unit], "from": class_name(e.before),
                   "to": class_name(e.after)} for e in other.edges],
        "readings": {unit: {name: int(n[i]) for name, n in counts.items()} for i, unit in enumerate(units)},
        "nearest": {unit: {"grades_to_a": int(lacks[i]) or None, "a_to_c": int(other.margins.a_to_c[i]) or None}
                    for i, unit in enumerate(units)}}


def moved_json(moves: list[Move]) -> list[dict]:
    """`moved` as the contract has it."""
    return [{"unit": m.unit, "what": m.what, "from": m.before, "to": m.after} for m in moves]


# ---------------------------------------------------------------- how far, in words

class Candidates(NamedTuple):
    """Where the counts of a way could come from; empty where the way has none of them."""
    to_a: tuple[int, ...]               # criteria graded B or C
    from_c: tuple[int, ...]             # criteria graded C
    branches: tuple[str, ...]           # branches not yet Khá
    flags: tuple[str, ...]              # raised flags, those of any set that will do


def candidates(appraisal: Appraisal, i: int, way: nearest.Way) -> Candidates:
    """The criteria (numbers from 1), branches and flags a way of unit `i` could take; none is preferred."""
    grades, unit = appraisal.facts.rounds.standing[i], appraisal.facts.units[i]

    def graded(*codes):
        return tuple(int(k) + 1 for k in np.flatnonzero(np.isin(grades, codes)))

    sets = nearest.clearing_sets(appraisal.facts, appraisal.settings, i, way) if way.flags else []
    return Candidates(graded(B, C) if way.a else (), graded(C) if way.c else (),
                      tuple(b.branch for b in appraisal.year.branches if b.unit == unit and b.rating not in RATINGS[:2])
                      if way.branches else (), tuple(flag for flag in appraisal.book.flags if any(flag in one for one in sets)))
