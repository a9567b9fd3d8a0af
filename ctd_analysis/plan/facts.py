"""What is known of each unit, as numpy columns: one value per unit, shape (U,), in the order of `units.csv`.

The rules are functions of these facts and of `Settings` (the rule book's numbers and chosen readings, shape () or any shape
that broadcasts against (U,)). Whole numbers keep every percentage exact. Nothing is judged here but `below` and `under`, the
comparisons the plan makes again and again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_

import numpy as np

from ..terms import BLANK
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

    def __invert__(self) -> Known:
        return Known(self.no, self.yes)

    @property
    def unknown(self) -> np.ndarray:
        """Neither surely so nor surely not; of the shape of both."""
        return ~(self.yes | self.no)

    def at(self, unit: int) -> bool | None:
        """True, False or None for one unit (base settings only, shape (U,))."""
        return True if self.yes[unit] else False if self.no[unit] else None


def choose(where: np.ndarray, one: Known, other: Known) -> Known:
    """`one` where the array (of bool) says so, `other` elsewhere; the shapes broadcast."""
    return Known(np.where(where, one.yes, other.yes), np.where(where, one.no, other.no))


@dataclass(frozen=True)
class Amounts:
    """Whole numbers, one per unit, some of them missing (then `known` is False and the value 0)."""
    value: np.ndarray
    known: np.ndarray

    def at(self, unit: int) -> int | None:
        """The number of one unit, or None."""
        return int(self.value[unit]) if self.known[unit] else None


@dataclass(frozen=True)
class Condition(Known):
    """A comparison looked at once, with its two sides: is `found` short of `asked` (of that many per cent of `of`, if any)?"""
    asked: np.ndarray               # the bar: per cent where there is an `of`, else a count or VND; () or as the settings
    found: Amounts
    of: Amounts | None = None


def below(actual: Amounts, target: Amounts, percent) -> Condition:
    """Is `actual` under `percent` % of `target` (III.2.2; on it is not under it)? Shape (U,), or as `percent` broadcasts.

    Clear where nothing was asked, a target of 0; unknown where a number is missing. Whole numbers, multiplied, never divided.
    """
    nothing_asked = target.known & (target.value == 0)
    comparable = actual.known & target.known
    short = 100 * actual.value < percent * target.value
    return Condition(comparable & short & ~nothing_asked, nothing_asked | comparable & ~short, percent, actual, target)


def under(actual: Amounts, bar) -> Condition:
    """Is `actual` under a bar of the plan's own? Unknown where it is missing. Shape (U,), or as `bar` broadcasts."""
    short = actual.value < bar
    return Condition(actual.known & short, actual.known & ~short, bar, actual)


#: How a filing stands: nothing written, known never to have come, or a day (kept as its ordinal).
BLANK_DAY, NEVER = 0, np.iinfo(np.int64).max


@dataclass(frozen=True)
class Rounds:
    """The grades of each round, as codes of `terms.GRADES`, shape (U, criteria); `looked_at`: did the appraisal write one?"""
    self: np.ndarray
    cluster: np.ndarray
    appraised: np.ndarray
    looked_at: np.ndarray

    @cached_property
    def standing(self) -> np.ndarray:
        """The grade that counts, (U, criteria): the cluster's, as amended by the appraisal; never the self grade."""
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
    fund_branches: np.ndarray               # those II.5 asks for a fund: of communes, wards, townships
    branches_rated: np.ndarray
    branches_good: np.ndarray               # Khá or better
    branches_exactly_good: np.ndarray       # Khá only
    smallest_fund: Amounts                  # the smallest known fund of those (known: at least one is)
    total_fund: Amounts                     # the sum of their known funds (known: such branches listed, none blank)
    blank_funds: np.ndarray                 # how many of those have no fund written
    actual: Mapping[str, Amounts]           # by indicator
    target: Mapping[str, Amounts]
    filings: Mapping[str, np.ndarray]       # by filing: BLANK_DAY, NEVER or the day's ordinal
    merits: Mapping[str, np.ndarray]        # ranking keys but class; a larger number is better
    waived: Mapping[str, np.ndarray]        # by flag
    downgrades: np.ndarray                  # how many reasons the Council added
    put_out: np.ndarray
    let_in: np.ndarray
    given: np.ndarray                       # the class the Council gives, or NO_CLASS
    put_first: np.ndarray                   # whom the Council puts first should it tie for the lead of its cluster
    rounds: Rounds
    converted: tuple[Decimal, ...]

    @cached_property
    def place(self) -> dict[str, int]:
        """Each unit's number, by its id."""
        return {unit: i for i, unit in enumerate(self.units)}

    def blocks(self) -> Iterator[Facts]:
        """The facts of at most 100 units at a time: for questions whose arrays are many times larger than the facts."""
        yield from (self.only(first, first + _BLOCK) for first in range(0, len(self.units), _BLOCK))

    def only(self, unit: int, past: int | None = None) -> Facts:
        """The facts of one unit alone, U = 1; or of those from `unit` up to but not `past`."""
        return self._cut(lambda column: column[unit:unit + 1 if past is None else past])

    def each(self, places: np.ndarray) -> Facts:
        """The facts of the units at these places, one after another, each as often as it is named; `places` (U,)."""
        return self._cut(lambda column: tuple(column[i] for i in places) if isinstance(column, tuple) else column[places])

    def _cut(self, take) -> Facts:
        def cut(value):
            if isinstance(value, Mapping):
                return {name: cut(each) for name, each in value.items()}
            if is_dataclass(value):
                return replace(value, **{field.name: cut(getattr(value, field.name)) for field in fields(value)})
            return take(value)

        return cut(self)


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
        """Where this option is in force; bool, a scalar or of the shape of the reading's array. KeyError: there is none."""
        return self.readings[reading] == self._places[reading, option]

    def joins_any(self, reading: str) -> np.ndarray:
        """Where the option in force says that one condition is enough to raise the flags that name this reading (III.2.2).

        Bool, of the shape that `reads` gives.
        """
        joins = self.book.readings[reading].joins
        return reduce(or_, (self.reads(reading, option) for option, means in joins.items() if means == "any"), np.False_)

    def read_as(self, readings: Mapping[str, np.ndarray]) -> Settings:
        """The same settings with some readings replaced by arrays of places among their options that broadcast against (U,)."""
        return replace(self, readings={**self.readings, **readings})

    def valued(self, values: Mapping[str, np.ndarray]) -> Settings:
        """The same settings with some numbers (days as ordinals) replaced by arrays that broadcast against (U,)."""
        return replace(self, values={**self.values, **values})

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        return {(id, option): i for id, r in self.book.readings.items() for i, option in enumerate(r.options)}
