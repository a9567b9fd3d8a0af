"""What is uncertain: the best and the worst a unit may still come to, and what each round of grading gives.

A missing number raises nothing and clears nothing while it is missing; here it is filled, once as well and once as badly as it
can be. Every comparison of part III goes one way in every number, so the two fillings bound all others; only a count of A does
not (under some readings one more A leaves a class), so ungraded criteria are filled in every way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .plan import ladder
from .plan.facts import BLANK_DAY, NEVER, Column, Facts, Settings
from .plan.judgement import judge
from .readings import outcome
from .terms import BLANK, GRADES, KAD, A, C
from .values import LARGEST

FIRST_DAY = BLANK_DAY + 1
ROUNDS = ("self", "cluster", "standing")


# ---------------------------------------------------------------- what is missing

def bounds(facts: Facts, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """The best and the worst outcome each unit may come to once all that is missing is known: places in `readings.OUTCOMES`.

    The two are the same where nothing is missing, or what is missing cannot matter.
    """
    a, c = np.ix_(*[np.arange(facts.ungraded.max(initial=0) + 1)] * 2, [0])[:2]
    possible = a + c <= facts.ungraded
    well, badly = (outcome(judge(replace(filled, a=facts.a + a, c=facts.c + c), settings))
                   for filled in (fill(facts, settings, well=True), fill(facts, settings, well=False)))
    here = np.iinfo(np.int8)
    return (np.where(possible, well, here.max).min(axis=(0, 1)), np.where(possible, badly, here.min).max(axis=(0, 1)))


def fill(facts: Facts, settings: Settings, well: bool) -> Facts:
    """The facts with every missing number, day and branch share written as well, or as badly, as can be; grades stay.

    A rating that is merely blank is no missing share: the plan reads it (`branch_base`), unless the share is not knowable.
    """
    high, low = (LARGEST, 0) if well else (0, LARGEST)
    unlisted = facts.branches == 0
    unrated = ~ladder.place(facts, settings).share_known
    branches = np.where(unlisted, 1, facts.branches)
    blank = np.where(unlisted, 1, facts.blank_funds)
    all_or_none = branches if well else np.zeros_like(branches)
    smallest = np.where(blank > 0, np.minimum(np.where(facts.smallest_fund.known, facts.smallest_fund.value, LARGEST), high),
                        facts.smallest_fund.value)
    known = np.ones(len(facts.units), bool)
    return replace(
        facts, branches=branches, branches_rated=np.where(unrated, branches, facts.branches_rated),
        branches_good=np.where(unrated, all_or_none, facts.branches_good),
        branches_exactly_good=np.where(unrated, all_or_none, facts.branches_exactly_good),
        smallest_fund=Column(smallest, known), total_fund=Column(facts.total_fund.value + blank * high, known),
        actual={name: _filled(column, high) for name, column in facts.actual.items()},
        target={name: _filled(column, low) for name, column in facts.target.items()},
        filings={name: np.where(came == BLANK_DAY, FIRST_DAY if well else NEVER, came) for name, came in facts.filings.items()})


def _filled(column: Column, value: int) -> Column:
    return Column(np.where(column.known, column.value, value), np.ones_like(column.known))


# ---------------------------------------------------------------- three rounds of grading

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
    """The outcome by the self grades alone, the cluster's alone, and the grades that stand; −1 where a round graded nothing."""
    return {name: np.where((grades != BLANK).any(axis=1), _outcome_of(facts, settings, *_counts(grades, settings)), -1)
            for name, grades in rounds(facts).items()}


def rounds(facts: Facts) -> dict[str, np.ndarray]:
    """The grades of each round, (U, criteria)."""
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
