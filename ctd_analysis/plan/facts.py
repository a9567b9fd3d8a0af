"""A year's tables as numpy columns: one value per unit, shape (U,), in the order of `units.csv`.

The rules are functions of these facts and of `Settings` (the rule book's numbers and chosen readings, shape () or any shape
that broadcasts against (U,)). Whole numbers keep every percentage exact. Nothing is judged here but `below`, the one
comparison the plan makes again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

from ..rows import Decision
from ..terms import BLANK, CLASSES, FLAGS, GRADES, KAD, NO_CLASS, RATINGS, A, B, C
from ..year import Year
from .rulebook import Rulebook

_BLOCK = 100            # units judged at a time, where thousands of ways are


@dataclass(frozen=True)
class Known:
    """A condition looked at once for each unit: surely so, surely not, or neither (not knowable)."""
    yes: np.ndarray
    no: np.ndarray

    def __and__(self, other: Known) -> Known:
        return Known(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: Known) -> Known:
        return Known(self.yes | other.yes, self.no & other.no)

    @property
    def unknown(self) -> np.ndarray:
        """Neither surely so nor surely not."""
        return ~(self.yes | self.no)

    def at(self, unit: int) -> bool | None:
        """True, False or None for one unit (base settings only, shape (U,))."""
        return True if self.yes[unit] else False if self.no[unit] else None


def choose(where: np.ndarray, one: Known, other: Known) -> Known:
    """`one` where the array says so, `other` elsewhere; the shapes broadcast."""
    return Known(np.where(where, one.yes, other.yes), np.where(where, one.no, other.no))


@dataclass(frozen=True)
class Column:
    """Whole numbers, one per unit, some of them missing (then `known` is False and the value 0)."""
    value: np.ndarray
    known: np.ndarray

    def at(self, unit: int) -> int | None:
        """The number of one unit, or None."""
        return int(self.value[unit]) if self.known[unit] else None


def below(actual: Column, target: Column, percent) -> Known:
    """Is `actual` under `percent` % of `target`? Clear where nothing was asked; unknown where a number is missing."""
    nothing_asked = target.known & (target.value == 0)
    comparable = actual.known & target.known
    short = 100 * actual.value < percent * target.value
    return Known(comparable & short & ~nothing_asked, nothing_asked | comparable & ~short)


def under(actual: Column, bar) -> Known:
    """Is `actual` under a bar of the plan's own? Unknown where it is missing."""
    short = actual.value < bar
    return Known(actual.known & short, actual.known & ~short)


#: How a filing stands: nothing written, known never to have come, or a day (kept as its ordinal).
BLANK_DAY, NEVER = 0, np.iinfo(np.int64).max


@dataclass(frozen=True)
class Rounds:
    """The grades of each round, as codes of `terms.GRADES`, shape (U, criteria). `method` is '' where none is written."""
    self: np.ndarray
    cluster: np.ndarray
    appraised: np.ndarray
    looked_at: np.ndarray

    @cached_property
    def standing(self) -> np.ndarray:
        """The grade that counts: the cluster's, as amended by the appraisal; never the self grade."""
        return np.where(self.appraised != BLANK, self.appraised, self.cluster)


@dataclass(frozen=True)
class Facts:
    """What is known of each unit. Every array has shape (U,); `merits` and `decisions` are explained beside them."""
    units: tuple[str, ...]
    cluster: np.ndarray                     # which cluster, as a number
    a: np.ndarray
    b: np.ndarray
    c: np.ndarray
    ungraded: np.ndarray
    not_applicable: np.ndarray
    branches: np.ndarray                    # all branches listed
    branches_rated: np.ndarray
    branches_good: np.ndarray               # Khá or better
    branches_exactly_good: np.ndarray       # Khá only
    smallest_fund: Column               # the smallest known branch fund (known: at least one is)
    total_fund: Column                   # the sum of known branch funds (known: branches listed, none blank)
    blank_funds: np.ndarray                 # branches with no fund written
    actual: Mapping[str, Column]            # by indicator
    target: Mapping[str, Column]
    filings: Mapping[str, np.ndarray]       # by filing: BLANK_DAY, NEVER or the day's ordinal
    merits: Mapping[str, np.ndarray]        # ranking keys but class; a larger number is better
    waived: Mapping[str, np.ndarray]        # by flag
    downgrades: np.ndarray                  # how many reasons the Council added
    put_out: np.ndarray
    let_in: np.ndarray
    given: np.ndarray                       # the class the Council gives, or NO_CLASS
    rounds: Rounds
    converted: tuple[Decimal, ...]

    def blocks(self) -> Iterator[Facts]:
        """The facts of some units at a time: for questions whose arrays are many times larger than the facts."""
        yield from (self.only(first, first + _BLOCK) for first in range(0, len(self.units), _BLOCK))

    def only(self, unit: int, past: int | None = None) -> Facts:
        """The facts of one unit alone, U = 1; or of those from `unit` up to `past`."""
        def cut(value):
            if isinstance(value, Mapping):
                return {name: cut(each) for name, each in value.items()}
            if is_dataclass(value):
                return replace(value, **{field.name: cut(getattr(value, field.name)) for field in fields(value)})
            return value[unit:unit + 1 if past is None else past]

        return cut(self)


def gather(year: Year) -> Facts:
    """The facts of a year, without the clusters that failed."""
    index = {u.unit: i for i, u in enumerate(year.units)}
    size, units = len(index), tuple(index)
    clusters = {c.cluster: i for i, c in enumerate(year.clusters)}
    rounds = _rounds(year, index)
    standing = rounds.standing
    count = {grade: (standing == grade).sum(axis=1) for grade in (BLANK, A, B, C, KAD)}
    actual, target, converted = _indicators(year, index)
    branches = _branches(year, index)
    filings = {name: np.zeros(size, np.int64) for name in year.book.filings}
    for row in year.filings:
        filings[row.filing][index[row.unit]] = (BLANK_DAY if row.received is None else NEVER if row.received == "none"
                                                else row.received.toordinal())
    share = [Fraction(int(good), int(total)) if total else Fraction(0)
             for good, total in zip(branches["branches_good"], branches["branches"], strict=True)]
    merits = {"a": count[A], "c": -count[C], "converted": _order(converted), "branches": _order(share)}
    return Facts(units, np.array([clusters[u.cluster] for u in year.units], np.int64), count[A], count[B], count[C],
                 count[BLANK], count[KAD], actual=actual, target=target, filings=filings, merits=merits, rounds=rounds,
                 converted=tuple(converted), **branches, **_decided(units, year.decisions))


def _order(values: list) -> np.ndarray:
    """Exact numbers as places in their own order, so that a column of integers compares as they do."""
    places = {v: i for i, v in enumerate(sorted(set(values)))}
    return np.array([places[v] for v in values], np.int64)


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
        return {name: Column(np.zeros(len(index), np.int64), np.zeros(len(index), bool)) for name in year.book.indicators}

    actual, target, converted = blank(), blank(), [Decimal(0)] * len(index)
    for row in year.indicators:
        unit = index[row.unit]
        if row.indicator == "converted":
            converted[unit] = row.actual or Decimal(0)
            continue
        for side, value in ((actual, row.actual), (target, row.target)):
            if value is not None:
                side[row.indicator].value[unit] = value
                side[row.indicator].known[unit] = True
    return actual, target, converted


def _branches(year: Year, index: dict[str, int]) -> dict:
    size = len(index)
    listed, rated, good, exactly, blank, total = (np.zeros(size, np.int64) for _ in range(6))
    smallest = np.full(size, NEVER, np.int64)
    for row in year.branches:
        unit = index[row.unit]
        listed[unit] += 1
        rated[unit] += row.rating != ""
        good[unit] += row.rating in RATINGS[:2]
        exactly[unit] += row.rating == RATINGS[1]
        if row.fund is None:
            blank[unit] += 1
        else:
            total[unit] += row.fund
            smallest[unit] = min(smallest[unit], row.fund)
    return {"branches": listed, "branches_rated": rated, "branches_good": good, "branches_exactly_good": exactly,
            "smallest_fund": Column(smallest, smallest != NEVER),
            "total_fund": Column(total, (listed > 0) & (blank == 0)), "blank_funds": blank}


def decided(facts: Facts, decisions: Iterable[Decision]) -> Facts:
    """The same facts under other Council decisions."""
    return replace(facts, **_decided(facts.units, decisions))


def _decided(units: tuple[str, ...], decisions: Iterable[Decision]) -> dict:
    index = {unit: i for i, unit in enumerate(units)}
    size = len(units)
    waived = {flag: np.zeros(size, bool) for flag in FLAGS}
    downgrades, put_out, let_in = np.zeros(size, np.int64), np.zeros(size, bool), np.zeros(size, bool)
    given = np.full(size, NO_CLASS, np.int64)
    for one in decisions:
        unit = index[one.unit]
        if one.decision == "waive":
            waived[one.value][unit] = True
        elif one.decision == "class":
            given[unit] = CLASSES.index(one.value)
        elif one.decision == "downgrade":
            downgrades[unit] += 1
        else:
            {"not_considered": put_out, "consider": let_in}[one.decision][unit] = True
    return {"waived": waived, "downgrades": downgrades, "put_out": put_out, "let_in": let_in, "given": given}


@dataclass(frozen=True)
class Settings:
    """The numbers and readings the rules go by: scalars, or arrays that broadcast against (U,).

    `values` has the rule book's keys (days as ordinals); `readings` the place of the option in force.
    """
    book: Rulebook
    values: Mapping[str, np.ndarray]
    readings: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, book: Rulebook) -> Settings:
        """The rule book as it stands, every setting a scalar ()."""
        values = {key: np.int64(v.toordinal() if isinstance(v, date) else v) for key, v in book.values().items()}
        return cls(book, values, {id: np.int64(list(r.options).index(book.chosen[id])) for id, r in book.readings.items()})

    def __getitem__(self, key: str) -> np.ndarray:
        return self.values[key]

    def reads(self, reading: str, option: str) -> np.ndarray:
        """Where this option is the one in force."""
        return self.readings[reading] == self._places[reading, option]

    def read_as(self, readings: Mapping[str, np.ndarray]) -> Settings:
        """The same settings with some readings replaced by arrays of option places."""
        return replace(self, readings={**self.readings, **readings})

    def valued(self, values: Mapping[str, np.ndarray]) -> Settings:
        """The same settings with some numbers replaced by arrays."""
        return replace(self, values={**self.values, **values})

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        return {(id, option): i for id, r in self.book.readings.items() for i, option in enumerate(r.options)}
