"""IV, II.9: where every unit stands on a day of the year, number by number, and how far the province is towards part II.

No grades, no classes, no ranks at mid-year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from ..plan import pace
from ..plan.pace import Amount
from ..plan.rulebook import Flag
from ..plan.targets import Sum
from ..rows import Count, grouped
from ..year.tally import tally
from ..year.year import Year
from . import part_two
from .registration import own_targets


@dataclass(frozen=True)
class Step:
    """One number of one unit on the day of its last row, what it is held against, and what is to be said of it."""
    unit: str
    indicator: str
    as_of: date | None
    actual: int | None
    target: Amount | None
    share: Fraction | None
    status: str
    still_needed: int | None


@dataclass(frozen=True)
class HalfYear:
    """A year as it stands on a day."""
    year: Year
    on: date

    @cached_property
    def last(self) -> dict[tuple[str, str], Count]:
        """The last row on or before the day, by unit and indicator."""
        return {(row.unit, row.indicator): row for row in sorted(self.year.progress, key=lambda row: row.as_of)
                if row.as_of <= self.on}

    @cached_property
    def targets(self) -> dict[tuple[str, str], int]:
        """The target of each unit and indicator: the registered one, else the stated."""
        facts = tally(self.year)
        stated = {(unit, name): column.at(i) for name, column in facts.target.items() for i, unit in enumerate(facts.units)
                  if column.known[i]}
        return stated | own_targets(self.year)

    @cached_property
    def steps(self) -> list[Step]:
        """Every unit and every indicator a flag names, in the rule book's order; then the others there is a row of."""
        named = list(dict.fromkeys(name for flag in self.year.book.flags.values() for name in flag.indicators))
        beside = grouped(self.year.progress, lambda row: row.unit)
        return [self._step(unit.unit, indicator) for unit in self.year.all_units
                for indicator in dict.fromkeys([*named, *(row.indicator for row in beside.get(unit.unit, ()))])]

    def aim(self, unit: str, indicator: str) -> pace.Aim:
        """What is asked of a unit's number by the end of the year."""
        return pace.aim(self.year.book, indicator, lambda name: self.targets.get((unit, name)))

    def _step(self, unit: str, indicator: str) -> Step:
        row, aimed = self.last.get((unit, indicator)), self.aim(unit, indicator)
        due = self._due(row, aimed)
        actual = row and row.actual
        return Step(unit, indicator, row and row.as_of, actual, aimed.target, due, pace.status(aimed, actual, due),
                    pace.still_needed(aimed, actual))

    def _due(self, row: Count | None, aimed: pace.Aim) -> Fraction | None:
        """How much of an aim is due on the day of a row."""
        return pace.share(self.year.book.progress, row.indicator, row.as_of) if row and aimed.is_paced else None

    def flags_behind(self, step: Step) -> list[Flag]:
        """The flags of III.2.2 whose own demand, which may be less than the step's, a number is behind on its day."""
        row, book = self.last.get((step.unit, step.indicator)), self.year.book
        asked = pace.aims(book, step.indicator, lambda name: self.targets.get((step.unit, name)))
        return [book.flags[id] for id, aimed in asked.items()
                if pace.status(aimed, step.actual, self._due(row, aimed)) == pace.BEHIND]

    @cached_property
    def part_two(self) -> dict[str, Sum]:
        """What has been reached of part II, a target each."""
        def reached(unit: str, indicator: str) -> int | None:
            row = self.last.get((unit, indicator))
            return row and row.actual

        return part_two.sums(self.year, reached, lambda unit, name: self.targets.get((unit, name)), "actual")

    def as_json(self) -> dict:
        """What `ctd progress --json` writes (year-round §3)."""
        return {"on": str(self.on), "pace": self.year.book.progress.pace, "rows": [_row(one) for one in self.steps],
                "part_two": [{"target": id, "actual": one.part, "wanted": one.wanted, "share": share_text(one)}
                             for id, one in self.part_two.items()]}


def _row(one: Step) -> dict:
    return {"unit": one.unit, "indicator": one.indicator, "as_of": one.as_of and str(one.as_of), "actual": _number(one.actual),
            "target": _number(one.target), "share": None if one.share is None else str(one.share), "status": one.status,
            "still_needed": one.still_needed}


def _number(value: Amount | None) -> int | str | None:
    """A whole number as one, any other as text (`3333333333/5`)."""
    if value is None:
        return None
    exact = Fraction(value)
    return int(exact) if exact.denominator == 1 else str(exact)


def share_text(one: Sum) -> str | None:
    """How much of what is wanted is reached, as an exact fraction; None where that is not known or nothing is wanted."""
    return str(Fraction(one.part, one.wanted)) if one.part is not None and one.wanted else None


def half_year(year: Year, on: date | None = None) -> HalfYear:
    """A year as it stands on a day, by the plan's own (IV, đợt 1) on 30 June."""
    return HalfYear(year, on or date(year.book.year, 6, 30))
