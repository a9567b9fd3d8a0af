"""Part II: how far each target of the year is, and whether it is met. Shown to the Council, never part of a class.

A target asks something of every branch, of every unit, or of all together. What is missing is never taken for reached: where
a unit's numbers or a whole cluster's are not there, a target may be missed for sure, or a sum reached; else it is not knowable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .facts import Amounts, Facts
from .rulebook import Target

PER_CENT, PER_MILLE = 100, 1000

#: An amount, and what a percentage of it is of; None where it is not known.
Pair = tuple[int | None, int | None]


@dataclass(frozen=True)
class Progress:
    """How far a target is: `part` of `whole`, and met, not met or (None) not knowable."""
    part: int
    whole: int
    met: bool | None
    blank: int = 0                      # branches or units, each asked alone, without a number
    missing: tuple[int, ...] = ()       # units, by place, whose numbers are not in it; then what stands beside them


def progress(facts: Facts, target: Target, funds: Sequence[int | None], population: Sequence[int | None],
             all_clusters: bool, beside: Sequence[Pair] = ()) -> Progress | None:
    """How far a target is, or None where the plan names no number.

    `funds` are those of the branches that owe one, in VND; `population` has one a unit; `all_clusters`: none is left out for
    its faults; `beside`: what stands beside the units, in sums and percentages alone, by places after theirs. A target the
    plan gives no number is held against its own `value`, or against what the units were given.
    A target of each branch is asked of each: the reading `branch_fund` is the flag's (III.2.2), not the target's.
    """
    if target.kind == "no_number" and not target.indicator:
        return None
    if target.kind == "each_branch":
        return _each_branch(facts, target.value, funds, all_clusters)
    given = target.kind == "percent_of_target" or not target.of
    of = population if target.kind == "per_mille_of_population" else \
        _numbers((facts.target if given else facts.actual)[target.of or target.indicator])
    pairs = list(zip(_numbers(facts.actual[target.indicator]), of, strict=True))
    return _added_up(target, pairs, all_clusters, () if target.value is None else beside)


def of_unit(facts: Facts, target: Target, i: int, funds: Sequence[int | None]) -> Progress | None:
    """How far one unit (by place) is with what a target asks of it: each branch, each unit, its given part of a sum.

    `funds` are those of its branches that owe one. None where a target asks nothing of one unit alone, or nothing was given.
    """
    if target.kind == "each_branch":
        return _each_branch(facts.only(i), target.value, funds, True)
    if target.kind not in ("each_unit", "sum", "no_number") or not target.indicator:
        return None
    actual = facts.actual[target.indicator].at(i)
    asked = target.value if target.kind == "each_unit" else facts.target[target.indicator].at(i)
    if asked is None:
        return None
    return Progress(actual or 0, asked, None if actual is None else actual >= asked, blank=int(actual is None))


@dataclass(frozen=True)
class Sum:
    """What several sides add up to against a target of part II: `part`, what is `wanted`; met, short or (None) not knowable."""
    part: int | None
    wanted: int | None
    met: bool | None


def together(target: Target, units: Sequence[Pair], beside: Sequence[Pair] = ()) -> Sum:
    """The numbers of all units, one a unit, and of whoever stands beside them, against a target in whole numbers (II).

    A pair is an amount and what a percentage of it is of. A ratio counts those of whom both are known; a sum that is reached
    is met whatever is missing; a target of each unit counts how many reach it. Nothing known: neither part nor wanted.
    """
    if target.kind in ("each_branch", "no_number"):
        return Sum(None, None, None)
    found = _added_up(target, units, True, beside)
    if target.kind == "each_unit":
        return Sum(found.part, found.whole, found.met)
    is_known = len(found.missing) < len(units) + len(beside)
    if target.kind == "sum":
        return Sum(found.part, found.whole, found.met) if is_known else Sum(None, found.whole, found.met or None)
    wanted = -(-target.value * found.whole // _scale(target))
    return Sum(found.part, wanted, None if found.missing else found.part >= wanted) if is_known else Sum(None, None, None)


def _added_up(target: Target, units: Sequence[Pair], all_clusters: bool, beside: Sequence[Pair]) -> Progress:
    """What pairs come to, those of the units and of whoever stands beside them; a target of each unit counts units alone."""
    if target.kind == "each_unit":
        known = [amount for amount, _ in units if amount is not None]
        blank, short = len(units) - len(known), sum(amount < target.value for amount in known)
        is_known = bool(units) and all_clusters and not blank
        return Progress(len(known) - short, len(units), False if short else True if is_known else None, blank)
    is_sum = target.kind in ("sum", "no_number") and target.value is not None
    sides = [(amount, 0) if is_sum else (amount, of) for amount, of in (*units, *beside)]
    missing = tuple(k for k, pair in enumerate(sides) if None in pair)
    part, of = (sum(column) for column in zip((0, 0), *(pair for pair in sides if None not in pair), strict=True))
    is_whole = all_clusters and not missing
    if is_sum:      # what is missing takes nothing away
        return Progress(part, target.value, True if part >= target.value else False if is_whole else None, missing=missing)
    met = part >= of if target.value is None else of > 0 and _scale(target) * part >= target.value * of
    return Progress(part, of, met if is_whole else None, missing=missing)


def _scale(target: Target) -> int:
    return PER_MILLE if target.kind == "per_mille_of_population" else PER_CENT


def _each_branch(facts: Facts, bar: int, funds: Sequence[int | None], all_clusters: bool) -> Progress:
    """II.5, "mỗi": one branch below the bar is enough to miss it; units without a list of branches are missing."""
    short, blank = sum(fund is not None and fund < bar for fund in funds), sum(fund is None for fund in funds)
    missing = tuple(map(int, np.flatnonzero(facts.fund_branches == 0)))
    known = bool(funds) and all_clusters and not blank and not missing
    return Progress(len(funds) - short - blank, len(funds), False if short else True if known else None, blank, missing)


def _numbers(column: Amounts) -> list[int | None]:
    return [column.at(i) for i in range(len(column.known))]
