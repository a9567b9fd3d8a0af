"""V.3: who has registered, in time or not, which targets it has set itself and its branches; what part II makes of them.

It is known from the Council's own register and the registered targets, before any submission exists. In December what a
submission states is held against it: which of the two counts is not said ("nghị quyết năm" III.2.2, "đăng ký" V.3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from ..plan import filings, flags
from ..plan.facts import BLANK_DAY, NEVER, Amounts, Facts, Known, Settings
from ..plan.rulebook import Rulebook
from ..plan.targets import Sum
from ..problems import Problem
from ..rows import Place
from ..terms import number
from ..year import corrections, returned
from ..year.tally import ordinal, tally
from ..year.year import Year
from . import part_two

#: The filings of V.3, and what is said of the day each came.
ROUND = REGISTRATION, PLAN = "registration", "plan"
IN_TIME, LATE, NONE, UNKNOWN = "in_time", "late", "none", "unknown"
VERDICTS = {True: "met", False: "short", None: "unknown"}


@dataclass(frozen=True)
class Standing:
    """How a unit's registration stands: the state of each filing of V.3, targets given of those asked, branches with one."""
    unit: str
    registration: str
    plan: str
    targets_given: int
    targets_asked: int
    branches_with_target: int
    branches: int


@dataclass(frozen=True)
class Moved:
    """A target stated in December below the registered one, and a flag under either of them; None: no flag compares it, or
    the flag is not knowable. `flag` names it, `lowered` the indicator whose target it is, `at` where it was registered."""
    unit: str
    indicator: str
    registered: int
    stated: int
    flag_registered: bool | None
    flag_stated: bool | None
    flag: str | None
    lowered: str
    at: Place


@dataclass(frozen=True)
class Registration:
    """The registration round of a year."""
    year: Year

    @cached_property
    def own(self) -> dict[tuple[str, str], int]:
        """The registered targets with a number, by unit and indicator."""
        return own_targets(self.year)

    @cached_property
    def faulty(self) -> set[str]:
        """The units whose registration came back with a fault: nothing of it counts."""
        return {unit for one in self.year.problems if (unit := returned.unit_of(Path(one.file), [
            unit.unit for unit in self.year.all_units])) and one.file.startswith(f"{corrections.REGISTRATION}/")}

    @cached_property
    def facts(self) -> Facts:
        """What is known of the units whose submissions stand."""
        return tally(self.year)

    @cached_property
    def asked(self) -> list[str]:
        """The indicators of which III.2.2 compares what was done with the target, in the rule book's order."""
        return flags.asked(self.year.book)

    @cached_property
    def units(self) -> list[Standing]:
        """Every unit of `units.csv`."""
        year, settings = self.year, Settings.of(self.year.book)
        states = {filing: self._states(filing, settings) for filing in ROUND}
        asked = [row for row in year.targets if row.branch]
        listed = Counter(unit for unit, _ in {(row.unit, row.branch) for row in (*year.branches, *asked)})
        numbered = Counter(unit for unit, _ in {(row.unit, row.branch) for row in asked if row.target is not None})
        return [Standing(unit.unit, states[REGISTRATION][k], states[PLAN][k],
                         sum((unit.unit, indicator) in self.own for indicator in self.asked), len(self.asked),
                         numbered[unit.unit], listed[unit.unit]) for k, unit in enumerate(year.all_units)]

    def _states(self, filing: str, settings: Settings) -> list[str]:
        """How a filing stands for each unit of `units.csv`."""
        if filing not in self.year.book.filings:
            return [UNKNOWN] * len(self.year.all_units)
        came = days_of(self.year, self.facts, filing)
        late = filings.past(came, settings[f"filing.{filing}.before"], settings)
        return [NONE if came[k] == NEVER else {True: LATE, False: IN_TIME, None: UNKNOWN}[late.at(k)] for k in range(len(came))]

    @cached_property
    def part_two(self) -> dict[str, Sum]:
        """What the registered targets add up to against part II, a target each."""
        def registered(unit: str, indicator: str) -> int | None:
            return self.own.get((unit, indicator))

        return part_two.sums(self.year, registered, registered, "target")

    @cached_property
    def target_moved(self) -> list[Moved]:
        """Every target stated below the registered one, in the order of `targets.csv`, without the Council's decisions."""
        settings = Settings.of(self.year.book)
        return moved(self.year, self.facts, settings, flags.raise_all(self.facts, settings))

    def as_json(self) -> dict:
        """What `ctd registration --json` writes (year-round §3)."""
        return {"units": [vars(one) for one in self.units],
                "part_two": [{"target": id, "registered": one.part, "wanted": one.wanted, "verdict": VERDICTS[one.met]}
                             for id, one in self.part_two.items()],
                "target_moved": [{key: value for key, value in vars(one).items() if key not in ("flag", "lowered", "at")}
                                 for one in self.target_moved]}


def own_targets(year: Year) -> dict[tuple[str, str], int]:
    """The targets that units registered with a number (V.3), by unit and indicator; those of branches left out."""
    return {(row.unit, row.indicator): row.target for row in year.targets if not row.branch and row.target is not None}


def days_of(year: Year, facts: Facts, filing: str) -> np.ndarray:
    """When a filing came from each unit of `units.csv`, as `Facts.filings` has days; (units,).

    Of units whose cluster does not stand, and so are not in `facts`, by the Council's own register alone.
    """
    known = {row.unit: ordinal(row.received) for row in year.received if row.filing == filing}
    known |= dict(zip(facts.units, facts.filings[filing], strict=True))
    return np.array([known.get(unit.unit, BLANK_DAY) for unit in year.all_units], np.int64)


def moved(year: Year, facts: Facts, settings: Settings, stated_flags: Mapping[str, Known]) -> list[Moved]:
    """Each target stated below the registered one; a row a flag that compares it, or one without.

    `stated_flags` are those of III.2.2 by what was stated, as the judgement keeps them, (U,) each.
    """
    found = []
    for row in year.targets:
        i = facts.place.get(row.unit)
        stated = None if i is None or row.branch else facts.target[row.indicator].at(i)
        if stated is None or row.target is None or stated >= row.target:
            continue
        registered = flags.raise_all(as_registered(facts, i, row.indicator, row.target), settings)
        for name, flag in _compared(year.book, row.indicator) or [(row.indicator, None)]:
            found.append(Moved(row.unit, name, row.target, stated, flag and registered[flag].at(0),
                               flag and stated_flags[flag].at(i), flag, row.indicator, row.at))
    return found


def remarks(lowered: Iterable[Moved], year: Year) -> list[Problem]:
    """A notice for each target that is stated below the registered one."""
    found, clusters = {}, {unit.unit: unit.cluster for unit in year.units}
    for one in lowered:
        label = year.book.indicators[one.lowered].label
        said = f"chỉ tiêu “{label}” đã đăng ký {number(one.registered)}, cuối năm ghi {number(one.stated)}"
        found[one.at] = Problem(one.at.file, f"{said}; tính theo số ghi cuối năm", clusters[one.unit], one.at.sheet,
                                line=one.at.line)
    return list(found.values())


def _compared(book: Rulebook, indicator: str) -> list[tuple[str, str]]:
    """The flags that compare an indicator's target, each with the indicator that is held against it; its own first."""
    below = [flag for flag in book.flags.values() if flag.kind == "below"]
    own = [(indicator, flag.id) for flag in below if indicator in flag.indicators and not flag.target_of]
    return own + [(name, flag.id) for flag in below if flag.target_of == indicator for name in flag.indicators]


def as_registered(facts: Facts, i: int, indicator: str, target: int) -> Facts:
    """One unit alone (by place), as if it had stated the target it registered."""
    alone = facts.only(i)
    return replace(alone, target={**alone.target, indicator: Amounts(np.array([target], np.int64), np.array([True]))})
