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
    actual = facts.actual[target.indicator]
    if target.kind == "each_unit":
        return _each_unit(actual, target.value, all_clusters)
    if target.kind == "no_number" and target.value is None:
        return _given(actual, facts.target[target.indicator], all_clusters)
    actual = _and(actual, [counted for counted, _ in beside])
    if target.kind in ("sum", "no_number"):
        part, missing = int(actual.value.sum()), _places(~actual.known)
        met = part >= target.value
        return Progress(part, target.value, met if met or all_clusters and not missing else None, missing=missing)
    if target.kind == "per_mille_of_population":
        of, scale = _amounts(population), PER_MILLE
    else:
        of, scale = (facts.target if target.kind == "percent_of_target" else facts.actual)[target.of], PER_CENT
    of = _and(of, [whole for _, whole in beside])
    both = actual.known & of.known
    part, whole, missing = int(actual.value[both].sum()), int(of.value[both].sum()), _places(~both)
    met = whole > 0 and scale * part >= target.value * whole
    return Progress(part, whole, met if all_clusters and not missing else None, missing=missing)


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
    amounts = [amount for amount, _ in units]
    if target.kind == "each_unit":
        known = [amount for amount in amounts if amount is not None]
        reached = sum(amount >= target.value for amount in known)
        return Sum(reached, len(units), False if reached < len(known) else True if units and len(known) == len(units) else None)
    sides = [*units, *beside]
    if target.kind == "sum":
        known = [amount for amount, _ in sides if amount is not None]
        is_met, is_whole = sum(known) >= target.value, bool(known) and len(known) == len(sides)
        return Sum(sum(known) if known else None, target.value, is_met if is_met or is_whole else None)
    scale = PER_MILLE if target.kind == "per_mille_of_population" else PER_CENT
    pairs = [pair for pair in sides if None not in pair]
    if not pairs:
        return Sum(None, None, None)
    part, wanted = sum(one for one, _ in pairs), -(-target.value * sum(of for _, of in pairs) // scale)
    return Sum(part, wanted, part >= wanted if len(pairs) == len(sides) else None)


def _each_branch(facts: Facts, bar: int, funds: Sequence[int | None], all_clusters: bool) -> Progress:
    """II.5, "mỗi": one branch below the bar is enough to miss it; units without a list of branches are missing."""
    short, blank = sum(fund is not None and fund < bar for fund in funds), sum(fund is None for fund in funds)
    missing = _places(facts.fund_branches == 0)
    known = bool(funds) and all_clusters and not blank and not missing
    return Progress(len(funds) - short - blank, len(funds), False if short else True if known else None, blank, missing)


def _each_unit(actual: Amounts, bar: int, all_clusters: bool) -> Progress:
    """One unit below the bar is enough to miss it."""
    whole, blank = len(actual.known), int((~actual.known).sum())
    reached = int((actual.known & (actual.value >= bar)).sum())
    known = bool(whole) and all_clusters and not blank
    return Progress(reached, whole, False if reached + blank < whole else True if known else None, blank)


def _given(actual: Amounts, given: Amounts, all_clusters: bool) -> Progress:
    """What all have done of what each was given (II, "chỉ tiêu … giao", without a number); of whom both are known."""
    both = actual.known & given.known
    part, whole, missing = int(actual.value[both].sum()), int(given.value[both].sum()), _places(~both)
    return Progress(part, whole, part >= whole if all_clusters and not missing else None, missing=missing)


def _and(column: Amounts, more: Sequence[int | None]) -> Amounts:
    """A column with what stands beside its units after them."""
    others = _amounts(more)
    return Amounts(np.concatenate((column.value, others.value)), np.concatenate((column.known, others.known)))


def _amounts(numbers: Sequence[int | None]) -> Amounts:
    return Amounts(np.array([n or 0 for n in numbers], np.int64), np.array([n is not None for n in numbers], bool))


def _places(units: np.ndarray) -> tuple[int, ...]:
    return tuple(map(int, np.flatnonzero(units)))
