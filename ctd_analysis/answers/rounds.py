"""What each round of grading gives (self, cluster, standing), and which changed grades made it another."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..plan.facts import Facts, Settings
from ..plan.judgement import judge
from ..terms import BLANK, GRADES, KAD, A, C
from .readings import outcome

ROUNDS = ("self", "cluster", "standing")


@dataclass(frozen=True)
class Cause:
    """Why a later round gives another outcome: had `needed` fewer grades been changed, out of `criteria`, it would not have.

    `needed` lists, change by change (`B→A`), how many of how many criteria; other lists of the same length may do as well.
    """
    before: int
    after: int
    needed: dict[str, int]
    criteria: dict[str, tuple[int, ...]]


def by_round(facts: Facts, settings: Settings) -> dict[str, np.ndarray]:
    """By round the outcome, (U,), places in `readings.OUTCOMES`; −1 where the round graded nothing of a unit."""
    return {name: np.where((grades != BLANK).any(axis=1), _outcome_of(facts, settings, *_counts(grades, settings)), -1)
            for name, grades in rounds(facts).items()}


def rounds(facts: Facts) -> dict[str, np.ndarray]:
    """The grades of each round: self, cluster, and those that stand; codes, (U, criteria)."""
    return dict(zip(ROUNDS, (facts.rounds.self, facts.rounds.cluster, facts.rounds.standing), strict=True))


def causes(facts: Facts, settings: Settings, unit: int, earlier: str, later: str) -> list[Cause]:
    """The fewest changed grades between two rounds that, put back, give the earlier outcome again: every such choice.

    Empty where the outcome is the same, or a round graded nothing. Changes that count the same are one kind, so few are tried.
    """
    facts = facts.only(unit)
    by, (old, new) = by_round(facts, settings), (rounds(facts)[name][0] for name in (earlier, later))
    before, after = int(by[earlier][0]), int(by[later][0])
    if before == after or -1 in (before, after):
        return []
    kinds: dict[tuple, list[int]] = {}
    for k in map(int, np.flatnonzero(old != new)):
        effect = tuple(int(x - y) for x, y in zip(_counts(old[[k]], settings), _counts(new[[k]], settings), strict=True))
        kinds.setdefault(effect, []).append(k)
    kinds.pop((0, 0), None)
    back = np.ix_(*(np.arange(len(places) + 1) for places in kinds.values()), [0])[:-1]      # how many of each kind
    a, c = (counted + sum(n * effect[place] for n, effect in zip(back, kinds, strict=True))
            for place, counted in enumerate(_counts(new, settings)))
    restored = (_outcome_of(facts, settings, a, c) == before)[..., 0]
    total = sum(back)[..., 0]
    return [Cause(before, after, *_told(old, new, kinds, choice))
            for choice in np.argwhere(restored & (total == total[restored].min()))]


def _counts(grades: np.ndarray, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """How many A and C the ladder counts along the last axis."""
    counts_as_a = (grades == A) | (grades == KAD) & settings.reads("not_applicable", "as_a")
    return counts_as_a.sum(axis=-1), (grades == C).sum(axis=-1)


def _outcome_of(facts: Facts, settings: Settings, a, c) -> np.ndarray:
    return outcome(judge(replace(facts, a=a, c=c, not_applicable=np.zeros_like(facts.not_applicable)), settings))


def _told(old, new, kinds, choice) -> tuple[dict[str, int], dict[str, tuple[int, ...]]]:
    """A choice in words: how many grades of which kind of change, and the criteria they come from."""
    needed, criteria = {}, {}
    for n, places in zip(map(int, choice), kinds.values(), strict=True):
        if n:
            words = ", ".join(sorted({f"{GRADES[old[k]] or '–'}→{GRADES[new[k]] or '–'}" for k in places}))
            needed[words], criteria[words] = n, tuple(k + 1 for k in places)
    return needed, criteria
