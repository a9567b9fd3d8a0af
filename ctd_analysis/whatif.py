"""What if: who moves when a number or a reading of the rule book is another, from what to what, and by which condition.

Both sides are appraisals of the same facts; nothing here knows a rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from . import wording
from .appraisal import Appraisal, appraise, class_name
from .scenarios import Scenario
from .terms import MET


class Move(NamedTuple):
    """One change of one unit, as in the contract's `moved`."""
    unit: str
    what: str
    before: object
    after: object


def under(base: Appraisal, changes: dict[str, object], title: str = "") -> Appraisal:
    """The same year and facts under changed keys of the rule book."""
    return appraise(base.year, Scenario(title or "thử", changes), base.facts)


def moved(base: Appraisal, other: Appraisal) -> list[Move]:
    """Every change of class, consideration, rank or nomination, unit by unit."""
    moves = []
    for i, unit in enumerate(base.facts.units):
        before, after = _standing(base, i), _standing(other, i)
        moves += [Move(unit, what, before[what], after[what]) for what in before if before[what] != after[what]]
    return moves


def _standing(a: Appraisal, i: int) -> dict[str, object]:
    j = a.judgement
    return {"base_class": class_name(j.placement.base_class[i]), "proposed_class": class_name(j.proposed_class[i]),
            "final_class": class_name(j.final_class[i]), "considered": bool(j.considered[i]), "cluster_rank": a.ranks[i],
            "nominee": bool(a.nominee[i])}


def reasons(base: Appraisal, other: Appraisal, i: int) -> Iterator[str]:
    """Why a unit moved: the conditions that come out otherwise, then the readings without which it would not have moved so.

    Nothing where only its rank or nomination moved: then it moved because others did.
    """
    if _own(base, i) == _own(other, i):
        return
    unit = base.facts.units[i]
    for before, after in zip(base.findings[unit], other.findings[unit], strict=True):
        if before.met != after.met:
            yield (f"{wording.condition(other.book, after)}: cần {wording.asked(other.book, after)} (trước: "
                   f"{wording.asked(base.book, before)}), {wording.has(other.book, after)} → {MET[after.met]}")
    for id, option in other.book.chosen.items():
        if option != base.book.chosen[id]:
            without = under(base, {k: v for k, v in other.scenario.changes.items() if k != f"readings.{id}"})
            if _own(without, i) != _own(other, i):
                yield f"cách hiểu {other.book.readings[id].clause}: {other.book.readings[id].options[option]}"


def _own(a: Appraisal, i: int) -> tuple:
    """What a unit gets without looking at its neighbours."""
    j = a.judgement
    return tuple(int(column[i]) for column in (j.placement.base_class, j.proposed_class, j.final_class, j.considered))
