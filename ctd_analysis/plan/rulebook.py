"""The plan as frozen data: every rule with its clause and its Vietnamese label.

`load` reads it from `rulebook.toml`, `scenario` changes some of its values. What the rules mean is left to `ladder` (III.1),
`filings` (III.2.1), `flags` (III.2.2), `ranking` and `targets` (II). Which flags, indicators and targets there are, in which
order and under which names, is the rule book's own: code knows only their kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from operator import ge, gt, le
from types import MappingProxyType

from ..terms import CLASSES
from ..values import LARGEST
from .reports import Report, reports

FILE = "rulebook.toml"


def days_of(year: int) -> tuple[date, date]:
    """The first and the last day on which something of a year may be asked for, seen or decided: to the end of March after."""
    return date(year, 1, 1), date(year + 1, 3, 31)


@dataclass(frozen=True)
class Kind:
    """What a key of the rule book may hold: a test, and how to say what is wanted."""
    holds: Callable[[object], bool]
    wanted: str


def is_whole(value) -> bool:
    """A whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


TEXT = Kind(lambda v: isinstance(v, str) and bool(v.strip()), "một đoạn chữ")
TEXTS = Kind(lambda v: isinstance(v, list) and bool(v) and all(isinstance(x, str) for x in v), "danh sách tên")
COUNT = Kind(lambda v: is_whole(v) and 0 <= v <= LARGEST, "số nguyên không âm, không quá 10^15")
PERCENT = Kind(lambda v: is_whole(v) and 0 <= v <= 100, "số nguyên từ 0 đến 100")
MONEY = Kind(lambda v: is_whole(v) and 0 <= v <= LARGEST, "số đồng từ 0 đến 10^15")
DAY = Kind(lambda v: type(v) is date and 1900 <= v.year <= 2100, "ngày dạng 2024-12-10")
YES_NO = Kind(lambda v: isinstance(v, bool), "true hoặc false")
TEXTS_OR_NONE = Kind(lambda v: isinstance(v, list) and all(isinstance(x, str) for x in v), "danh sách tên, có thể trống")
DUE = Kind(lambda v: isinstance(v, dict) and all(DAY.holds(x) for x in v.values()), "bảng chỉ tiêu = ngày, ví dụ 2024-02-10")
NAMED = Kind(lambda v: isinstance(v, dict) and bool(v) and all(isinstance(x, str) for x in v.values()), "bảng tên = chữ")


def _key(kind: Kind, name: str = "", **default):
    """A field read from a key; `name` is the key's where it cannot be the field's (`from`)."""
    return field(metadata={"kind": kind, "name": name}, **default)


@dataclass(frozen=True)
class Rule:
    """What every rule has: the name of its table, how a reader is told of it, where it stands in the plan."""
    id: str
    label: str = _key(TEXT)
    clause: str = _key(TEXT)


@dataclass(frozen=True)
class Rung(Rule):
    """One line of the ladder (III.1). The lowest has no bars."""
    sentence: str = _key(TEXT)
    min_a: int | None = _key(COUNT, default=None)
    max_c: int | None = _key(COUNT, default=None)
    branch_percent: int | None = _key(PERCENT, default=None)
    note: str = _key(TEXT, default="")


def _one_of(*names: str) -> Kind:
    return Kind(lambda v: v in names, f"một trong {', '.join(names)}")


#: The kinds of flags, and which bars each needs: `below` is under so many per cent of a target, `none_held` is fewer than one,
#: `funds` is under the bars of II.5 (the unit's own fund, and its branches').
FLAG_KINDS = {"below": {"below_percent"}, "none_held": set(), "funds": {"unit_min", "branch_min"}}

#: How several conditions make one: one is enough, or all must hold. A flag names one of these, or the reading that decides.
JOINS = ("any", "all")


@dataclass(frozen=True)
class Flag(Rule):
    """One case of III.2.2. `join`: "any", "all", or the id of the reading whose option says which (`Reading.joins`).

    `target_of` (kind `below` alone) is the indicator whose target is compared with, where it is not the indicator's own.
    """
    kind: str = _key(_one_of(*FLAG_KINDS))
    short: str = _key(TEXT)
    group: str = _key(TEXT)
    indicators: list[str] = _key(TEXTS)
    below_percent: int | None = _key(PERCENT, default=None)
    unit_min: int | None = _key(MONEY, default=None)
    branch_min: int | None = _key(MONEY, default=None)
    target_of: str = _key(TEXT, default="")
    join: str = _key(TEXT, default=JOINS[0])
    note: str = _key(TEXT, default="")


@dataclass(frozen=True)
class Filing(Rule):
    """A document with a day before which it must be in (V.3, V.4); `fact` says which half of III.2.1 it bears on."""
    fact: str = _key(_one_of("unregistered", "undelivered", "shown_only"))
    before: date = _key(DAY)
    note: str = _key(TEXT, default="")

    @property
    def decides(self) -> bool:
        """Does it bear on whether a unit is considered, or is it only shown?"""
        return self.fact != "shown_only"


@dataclass(frozen=True)
class Reading(Rule):
    """A sentence of the plan that can be read in more than one way; the first option is the default.

    `joins` says of each option whether a flag that names this reading is raised by any of its conditions or by all of them;
    empty where the reading is about something else.
    """
    sentence: str = _key(TEXT)
    options: dict[str, str] = _key(NAMED)
    joins: dict[str, str] = _key(NAMED, default_factory=dict)


#: What the number of an indicator is: a whole one (in its `measure`); 1 or 0, as a person judges; converted points.
INDICATOR_KINDS = WHOLE, JUDGED, CONVERTED = "whole", "judged", "converted"


@dataclass(frozen=True)
class Indicator:
    """Something counted, judged or converted for each unit; `yes` and `no` are what 1 and 0 of a judged one say.

    Converted points (at most one indicator's) stand in `actual`, may be a decimal, and raise no flag.
    """
    id: str
    label: str = _key(TEXT)
    measure: str = _key(TEXT)
    kind: str = _key(_one_of(*INDICATOR_KINDS), default=WHOLE)
    yes: str = _key(TEXT, default="đạt")
    no: str = _key(TEXT, default="không đạt")


#: The kinds of part II targets, and which keys each needs. `no_number`: the plan names none; the year may name an indicator,
#: which is then held against what each unit was given, and with it a `value` for all together.
TARGET_KINDS = {"sum": {"indicator", "value"}, "percent_of": {"indicator", "of", "value"},
                "percent_of_target": {"indicator", "of", "value"}, "per_mille_of_population": {"indicator", "value"},
                "each_unit": {"indicator", "value"}, "each_branch": {"value"}, "no_number": set()}


@dataclass(frozen=True)
class Target(Rule):
    """A target of part II: shown with its progress, never part of a class."""
    kind: str = _key(_one_of(*TARGET_KINDS))
    indicator: str = _key(TEXT, default="")
    of: str = _key(TEXT, default="")
    value: int | None = _key(COUNT, default=None)
    note: str = _key(TEXT, default="")


@dataclass(frozen=True)
class Plan:
    """Which plan this is."""
    id: str
    title: str = _key(TEXT)
    issuer: str = _key(TEXT)
    council: str = _key(TEXT)
    province: str = _key(TEXT)
    criteria_source: str = _key(TEXT)


@dataclass(frozen=True)
class Dossier(Rule):
    """The cluster's own dossier (V.4)."""
    before: date = _key(DAY)


@dataclass(frozen=True)
class Ranking:
    """The keys a cluster is ordered by, first key first (the plan names none)."""
    id: str
    order: list[str] = _key(TEXTS)
    note: str = _key(TEXT, default="")


PACES = MONTHS, DAYS = "months", "days"


@dataclass(frozen=True)
class Pace:
    """How much of a year's target is due by a day (IV, II.9): by months or by days, all of it by its own day (`due`); of a
    `balance` (what funds are held against, where none is named) all of it on any day."""
    id: str
    pace: str = _key(_one_of(*PACES), default=MONTHS)
    balance: list[str] = _key(TEXTS_OR_NONE, default_factory=list)
    due: dict[str, date] = _key(DUE, default_factory=dict)


@dataclass(frozen=True)
class Event(Rule):
    """Something of the plan's own year: on a day, from a day to a day, before a day; or without one, which is said."""
    on: date | None = _key(DAY, default=None)
    start: date | None = _key(DAY, default=None, name="from")
    to: date | None = _key(DAY, default=None)
    before: date | None = _key(DAY, default=None)
    note: str = _key(TEXT, default="")


@dataclass(frozen=True)
class Rulebook:
    """One year's rules. `chosen` holds the option in force of each reading; `sha256` names the file it came from."""
    year: int
    sample: bool
    criteria: int
    plan: Plan
    classes: Mapping[str, Rung]
    filings: Mapping[str, Filing]
    dossier: Dossier
    groups: Mapping[str, str]
    flags: Mapping[str, Flag]
    chosen: Mapping[str, str]
    readings: Mapping[str, Reading]
    ranking: Ranking
    indicators: Mapping[str, Indicator]
    targets: Mapping[str, Target]
    sha256: str = ""
    progress: Pace = Pace("progress")
    events: Mapping[str, Event] = field(default_factory=lambda: MappingProxyType({}))

    def has(self, kind: str) -> bool:
        """Is there a flag, or an indicator, of this kind?"""
        return any(rule.kind == kind for rule in (*self.flags.values(), *self.indicators.values()))

    @property
    def reports(self) -> dict[str, Report]:
        """The reports of parts of this year, by their names."""
        return reports(self.year)

    def values(self) -> dict[str, int | date]:
        """Every number and day a what-if may change, by its key (`class.good.min_a`, `filing.registration.before`)."""
        return {f"{table}.{id}.{name}": getattr(rule, name) for table, names in NUMBERED.items()
                for id, rule in getattr(self, TABLES[table][0]).items() for name in names if getattr(rule, name) is not None}

    def in_force(self) -> dict[str, int | date | str]:
        """Every key `--set` and scenarios know, with its value: the numbers and days, then the option of each reading."""
        return {**self.values(), **{f"readings.{id}": self.chosen[id] for id in self.readings}}

    def uneven_bars(self) -> Iterator[tuple[str, str, str]]:
        """Where the ladder does not descend: key, what was seen, what is wanted. Nothing for a sound one."""
        *barred, _ = CLASSES
        for name, sound, wanted in (("min_a", gt, "lớn hơn loại dưới"), ("max_c", le, "không lớn hơn loại dưới"),
                                    ("branch_percent", ge, "không nhỏ hơn loại dưới")):
            for upper, lower in pairwise(barred):
                hi, lo = (getattr(self.classes[rung], name) for rung in (upper, lower))
                if not sound(hi, lo):
                    yield f"class.{upper}.{name}", f"{hi}, loại dưới là {lo}", wanted

    def has_object(self, reading: str) -> bool:
        """Is there anything for this reading to decide? Not where the flags it is about are gone; KeyError: no such reading."""
        if reading == BRANCH_FUND:
            return self.has("funds")
        return not self.readings[reading].joins or any(flag.join == reading for flag in self.flags.values())


#: The tables of rules in the file: under which name the rule book holds each, and what one of its rules is.
TABLES = {"class": ("classes", Rung), "filing": ("filings", Filing), "flag": ("flags", Flag), "reading": ("readings", Reading),
          "indicator": ("indicators", Indicator), "target": ("targets", Target), "event": ("events", Event)}

#: Their numbers and days that a what-if may change.
BARS = ("min_a", "max_c", "branch_percent")
NUMBERED = {"class": BARS, "flag": ("below_percent", "unit_min", "branch_min"), "filing": ("before",)}

#: The reading of II.5, "mỗi": asked about only where there is a flag of kind `funds`.
BRANCH_FUND = "branch_fund"

#: The readings the rules know by name, with their options, default first; one with `joins` is known by the flags that name it.
READINGS = {
    "ladder_gap": ("waterfall", "one_level_down", "undecided"), "average_branches": ("good_or_better", "exactly_good"),
    "branch_base": ("all", "rated"), "not_applicable": ("neither", "as_a"), "not_considered": ("both", "either"),
    "deadline_day": ("late", "on_time"), "sanction": ("downgrade", "not_considered"),
    "several_flags": ("once", "per_group", "each"), BRANCH_FUND: ("every", "average")}
