"""A year's rows, counted: facts, one value a unit, in the order of `units.csv`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np

from ..plan.facts import BLANK_DAY, NEVER, Amounts, Facts, Rounds
from ..plan.rulebook import CONVERTED
from ..rows import Decision
from ..terms import BLANK, CLASSES, GRADES, KAD, NO_CLASS, RATINGS, A, B, C
from .year import Year


def tally(year: Year) -> Facts:
    """The facts of a year, a value for each of `year.units` (none of a cluster that failed); blank converted points count 0."""
    index = {u.unit: i for i, u in enumerate(year.units)}
    size, units = len(index), tuple(index)
    clusters = {c.cluster: i for i, c in enumerate(year.clusters)}
    rounds = _rounds(year, index)
    standing = rounds.standing
    count = {grade: (standing == grade).sum(axis=1) for grade in (BLANK, A, B, C, KAD)}
    actual, target, converted = _indicators(year, index)
    branches = _branches(year, index)
    filings = {name: np.zeros(size, np.int64) for name in year.book.filings}
    for row in (row for row in year.filings if row.filing in filings):      # reports of part of the year are only counted
        filings[row.filing][index[row.unit]] = ordinal(row.received)
    share = [Fraction(int(good), int(total)) if total else Fraction(0)
             for good, total in zip(branches["branches_good"], branches["branches"], strict=True)]
    merits = {"a": count[A], "c": -count[C], "converted": _order(converted), "branches": _order(share)}
    return Facts(units, np.array([clusters[u.cluster] for u in year.units], np.int64), count[A], count[B], count[C],
                 count[BLANK], count[KAD], actual=actual, target=target, filings=filings, merits=merits, rounds=rounds,
                 converted=tuple(converted), **branches, **_decided(units, year.book.flags, year.decisions))


def _order(values: list) -> np.ndarray:
    """Exact numbers as places in their own order, so that a column of integers compares as they do."""
    places = {v: i for i, v in enumerate(sorted(set(values)))}
    return np.array([places[v] for v in values], np.int64)


def ordinal(received: date | str | None) -> int:
    """A day of receipt as `Facts.filings` has it: the day's ordinal, NEVER for `none`, BLANK_DAY where nothing is written."""
    return BLANK_DAY if received is None else NEVER if received == "none" else received.toordinal()


def _rounds(year: Year, index: dict[str, int]) -> Rounds:
    codes = {grade: code for code, grade in enumerate(GRADES)}
    shape = (len(index), year.book.criteria)
    own, cluster, appraised = (np.zeros(shape, np.int8) for _ in range(3))
    looked_at = np.zeros(shape, bool)
    for row in year.grades:
        place = index[row.unit], row.criterion - 1
        own[place], cluster[place] = codes[row.self], codes[row.cluster]
    for row in year.appraisal:
        place = index[row.unit], row.criterion - 1
        appraised[place], looked_at[place] = codes[row.grade], bool(row.grade)
    return Rounds(own, cluster, appraised, looked_at)


def _indicators(year: Year, index: dict[str, int]):
    def blank():
        return {name: Amounts(np.zeros(len(index), np.int64), np.zeros(len(index), bool)) for name in year.book.indicators}

    actual, target, converted = blank(), blank(), [Decimal(0)] * len(index)
    for row in year.indicators:
        unit = index[row.unit]
        if year.book.indicators[row.indicator].kind == CONVERTED:
            converted[unit] = row.actual or Decimal(0)
            continue
        for side, value in ((actual, row.actual), (target, row.target)):
            if value is not None:
                side[row.indicator].value[unit] = value
                side[row.indicator].known[unit] = True
    return actual, target, converted


def _branches(year: Year, index: dict[str, int]) -> dict:
    size = len(index)
    listed, owing, rated, good, exactly, blank, total = (np.zeros(size, np.int64) for _ in range(7))
    smallest = np.full(size, NEVER, np.int64)
    for row in year.branches:
        unit = index[row.unit]
        listed[unit] += 1
        rated[unit] += row.rating != ""
        good[unit] += row.rating in RATINGS[:2]
        exactly[unit] += row.rating == RATINGS[1]
        owing[unit] += row.owes_fund
        if not row.owes_fund:
            continue
        if row.fund is None:
            blank[unit] += 1
        else:
            total[unit] += row.fund
            smallest[unit] = min(smallest[unit], row.fund)
    return {"branches": listed, "fund_branches": owing, "branches_rated": rated, "branches_good": good,
            "branches_exactly_good": exactly, "smallest_fund": Amounts(smallest, smallest != NEVER),
            "total_fund": Amounts(total, (owing > 0) & (blank == 0)), "blank_funds": blank}


def decided(facts: Facts, decisions: Iterable[Decision]) -> Facts:
    """The same facts under other Council decisions, instead of those they were counted with."""
    return replace(facts, **_decided(facts.units, facts.waived, decisions))


def _decided(units: tuple[str, ...], flags: Iterable[str], decisions: Iterable[Decision]) -> dict:
    index = {unit: i for i, unit in enumerate(units)}
    size = len(units)
    waived = {flag: np.zeros(size, bool) for flag in flags}
    downgrades, put_out, let_in = np.zeros(size, np.int64), np.zeros(size, bool), np.zeros(size, bool)
    given, put_first = np.full(size, NO_CLASS, np.int64), np.zeros(size, bool)
    marks = {"not_considered": put_out, "consider": let_in, "lead": put_first}
    for one in decisions:
        unit = index[one.unit]
        if one.decision == "waive":
            waived[one.value][unit] = True
        elif one.decision == "class":
            given[unit] = CLASSES.index(one.value)
        elif one.decision == "downgrade":
            downgrades[unit] += 1
        elif one.decision in marks:         # a prize orders nothing
            marks[one.decision][unit] = True
    return {"waived": waived, "downgrades": downgrades, "put_out": put_out, "let_in": let_in, "given": given,
            "put_first": put_first}
