"""The plan as frozen data: every rule with its clause and its Vietnamese label.

`load` reads `rulebook.toml` and refuses what cannot be a rule book; `amend` gives a new one with some values changed, which
is how a what-if is asked. What the rules mean is left to `ladder`, `flags`, `ranking` and `appraisal`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from .problems import Log, Problem, Refused, visible
from .terms import CLASSES, COUNCIL, FLAGS, RANKING_KEYS, hint
from .values import LARGEST, day

FILE = "rulebook.toml"


@dataclass(frozen=True)
class Kind:
    """What a key of the rule book may hold: a test, and how to say what is wanted."""
    holds: Callable[[object], bool]
    wanted: str


def _is_whole(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


TEXT = Kind(lambda v: isinstance(v, str) and bool(v.strip()), "một đoạn chữ")
TEXTS = Kind(lambda v: isinstance(v, list) and bool(v) and all(isinstance(x, str) for x in v), "danh sách tên")
COUNT = Kind(lambda v: _is_whole(v) and 0 <= v <= LARGEST, "số nguyên không âm, không quá 10^15")
PERCENT = Kind(lambda v: _is_whole(v) and 0 <= v <= 100, "số nguyên từ 0 đến 100")
MONEY = Kind(lambda v: _is_whole(v) and 0 <= v <= LARGEST, "số đồng từ 0 đến 10^15")
DAY = Kind(lambda v: type(v) is date and 1900 <= v.year <= 2100, "ngày dạng 2024-12-10")
YES_NO = Kind(lambda v: isinstance(v, bool), "true hoặc false")
NAMED = Kind(lambda v: isinstance(v, dict) and bool(v) and all(isinstance(x, str) for x in v.values()), "bảng tên = chữ")


def _key(kind: Kind, **default):
    return field(metadata={"kind": kind}, **default)


@dataclass(frozen=True)
class Rung:
    """One line of the ladder (III.1). The lowest has no bars."""
    id: str
    label: str = _key(TEXT)
    clause: str = _key(TEXT)
    sentence: str = _key(TEXT)
    min_a: int | None = _key(COUNT, default=None)
    max_c: int | None = _key(COUNT, default=None)
    branch_percent: int | None = _key(PERCENT, default=None)
    note: str = _key(TEXT, default="")


@dataclass(frozen=True)
class Flag:
    """One case of III.2.2."""
    id: str
    short: str = _key(TEXT)
    label: str = _key(TEXT)
    clause: str = _key(TEXT)
    group: str = _key(TEXT)
    indicators: list[str] = _key(TEXTS)
    below_percent: int | None = _key(PERCENT, default=None)
    unit_min: int | None = _key(MONEY, default=None)
    branch_min: int | None = _key(MONEY, default=None)
    target_of: str = _key(TEXT, default="")
    note: str = _key(TEXT, default="")


@dataclass(frozen=True)
class Filing:
    """A document with a day before which it must be in (V.3, V.4); `fact` says which half of III.2.1 it bears on."""
    id: str
    label: str = _key(TEXT)
    clause: str = _key(TEXT)
    fact: str = _key(Kind(lambda v: v in ("unregistered", "undelivered", "shown_only"),
                          "unregistered, undelivered hoặc shown_only"))
    before: date = _key(DAY)
    note: str = _key(TEXT, default="")


@dataclass(frozen=True)
class Reading:
    """A sentence of the plan that can be read in more than one way; the first option is the default."""
    id: str
    label: str = _key(TEXT)
    clause: str = _key(TEXT)
    sentence: str = _key(TEXT)
    options: dict[str, str] = _key(NAMED)


@dataclass(frozen=True)
class Indicator:
    """Something counted for each unit."""
    id: str
    label: str = _key(TEXT)
    measure: str = _key(TEXT)


#: The kinds of part II targets, and which keys each needs.
TARGET_KINDS = {"sum": {"indicator", "value"}, "percent_of": {"indicator", "of", "value"},
                "percent_of_target": {"indicator", "of", "value"}, "per_mille_of_population": {"indicator", "value"},
                "each_unit": {"indicator", "value"}, "each_branch": {"value"}, "no_number": set()}


@dataclass(frozen=True)
class Target:
    """A target of part II: shown with its progress, never part of a class."""
    id: str
    label: str = _key(TEXT)
    clause: str = _key(TEXT)
    kind: str = _key(Kind(lambda v: v in TARGET_KINDS, ", ".join(TARGET_KINDS)))
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
class Dossier:
    """The cluster's own dossier (V.4)."""
    id: str
    label: str = _key(TEXT)
    clause: str = _key(TEXT)
    before: date = _key(DAY)


@dataclass(frozen=True)
class Ranking:
    """The keys a cluster is ordered by, first key first (the plan names none)."""
    id: str
    order: list[str] = _key(TEXTS)
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

    def values(self) -> dict[str, int | date]:
        """Every number and day a what-if may change, by its key (`class.good.min_a`, `filing.registration.before`)."""
        tables = (("class", self.classes, ("min_a", "max_c", "branch_percent")),
                  ("flag", self.flags, ("below_percent", "unit_min", "branch_min")),
                  ("filing", self.filings, ("before",)))
        return {f"{table}.{id}.{name}": getattr(rule, name) for table, rules, names in tables
                for id, rule in rules.items() for name in names if getattr(rule, name) is not None}

    def keys(self) -> tuple[str, ...]:
        """Every key `--set` and scenarios know."""
        return (*self.values(), *(f"readings.{id}" for id in self.readings))


# ---------------------------------------------------------------- loading

_TABLES = {"class": Rung, "filing": Filing, "flag": Flag, "reading": Reading, "indicator": Indicator, "target": Target}
_SINGLE = {"plan": Plan, "dossier": Dossier, "ranking": Ranking}
_TOP = {"year": Kind(lambda v: _is_whole(v) and 1900 <= v <= 2100, "năm, ví dụ 2024"), "sample": YES_NO,
        "criteria": Kind(lambda v: _is_whole(v) and 1 <= v <= 999, "số nguyên từ 1 đến 999, ví dụ 43")}


def parsed(raw: bytes) -> dict:
    """A TOML file's tables; ValueError where it is none, holds a number without end, or nests deeper than any of ours."""
    try:
        toml = tomllib.loads(raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    level = [toml]
    for _ in range(_DEEPEST):
        level = [inner for value in level if isinstance(value, (dict, list))
                 for inner in (value.values() if isinstance(value, dict) else value)]
    if level:
        raise ValueError(_TOO_DEEP)
    return toml


_DEEPEST, _TOO_DEEP = 8, "bảng lồng quá sâu"


def load(path: Path, raw: bytes) -> Rulebook:
    """The rule book in `raw`, the bytes of the file at `path`; `Refused` with every key that cannot be."""
    log = _KeyLog(path.name)
    try:
        toml = parsed(raw)
    except UnicodeDecodeError:
        raise Refused(Problem(path.name, "tệp không phải UTF-8", wanted="lưu lại bằng mã UTF-8")) from None
    except ValueError as error:
        raise Refused(Problem(path.name, f"không đọc được TOML ({error})", wanted="đúng cú pháp TOML")) from None
    known = {*_TOP, *_TABLES, *_SINGLE, "group", "readings"}
    for key in toml:
        if key not in known:
            log.key(key, "không có khóa này", wanted=f"một trong {', '.join(sorted(known))}{hint(key, known)}")
    top = {key: log.value(toml, "", key, kind) for key, kind in _TOP.items()}
    parts = {key: log.record(made, toml.get(key), key) for key, made in _SINGLE.items()}
    tables = {key: log.table(made, toml.get(key), key) for key, made in _TABLES.items()}
    groups = log.value(toml, "", "group", NAMED) or {}
    chosen = log.value(toml, "", "readings", NAMED) or {}
    log.refuse()
    book = Rulebook(**top, **parts, classes=tables["class"], filings=tables["filing"], flags=tables["flag"],
                    readings=tables["reading"], indicators=tables["indicator"], targets=tables["target"],
                    groups=MappingProxyType(groups), chosen=MappingProxyType(chosen))
    _check_whole(book, log)
    log.refuse()
    return book


class _KeyLog(Log):
    """Problems of a rule book, told by key."""

    def __init__(self, file: str):
        super().__init__()
        self.file = file

    def key(self, key, what, seen=None, wanted=None):
        seen = None if seen is None else visible(str(seen))
        self.problem(self.file, f"khóa {key}: {what}", seen=seen, wanted=wanted)

    def refuse(self):
        if self.problems:
            raise Refused(*self.problems)

    def value(self, table, path, key, kind):
        full = f"{path}.{key}" if path else key
        if key not in table:
            return self.key(full, "thiếu", wanted=kind.wanted)
        if not kind.holds(table[key]):
            return self.key(full, "giá trị không dùng được", table[key], kind.wanted)
        return table[key]

    def record(self, made, table, path):
        """One dataclass from one TOML table."""
        if not isinstance(table, dict):
            return self.key(path, "thiếu bảng này" if table is None else "phải là một bảng", table)
        kinds = {f.name: f for f in fields(made) if "kind" in f.metadata}
        for key in table:
            if key not in kinds:
                self.key(f"{path}.{key}", "không có khóa này",
                         wanted=f"một trong {', '.join(kinds)}{hint(key, kinds)}")
        given = {name: self.value(table, path, name, f.metadata["kind"]) for name, f in kinds.items()
                 if name in table or f.default is MISSING}
        return made(id=path.split(".")[-1], **given)

    def table(self, made, table, path):
        if not isinstance(table, dict):
            self.key(path, "thiếu bảng này" if table is None else "phải là một bảng", table)
            return {}
        for id in table:
            if not re.fullmatch("[a-z][a-z0-9_]*", id):
                self.key(f"{path}.{id}", "tên không dùng được", id, "chữ thường không dấu, số, gạch dưới")
        return MappingProxyType({id: self.record(made, rule, f"{path}.{id}") for id, rule in table.items()})


#: Which bars each flag needs beside its indicators.
_BARS = {"dues": {"below_percent"}, "member_growth": {"below_percent"}, "cadres_sent": {"below_percent"},
         "campaigns": {"below_percent"}, "resources": {"below_percent"}, "humanitarian_month": {"below_percent"},
         "funds": {"unit_min", "branch_min"}, "reporting": set(), "training_classes": set()}

#: The readings the rules know, with their options, default first.
READINGS = {
    "ladder_gap": ("waterfall", "one_level_down", "undecided"), "average_branches": ("good_or_better", "exactly_good"),
    "branch_base": ("all", "rated"), "not_applicable": ("neither", "as_a"), "not_considered": ("both", "either"),
    "deadline_day": ("late", "on_time"), "sanction": ("downgrade", "not_considered"),
    "several_flags": ("once", "per_group", "each"), "training_classes": ("neither", "either"), "campaigns": ("any", "all"),
    "fund_levels": ("either", "both"), "branch_fund": ("every", "average")}


def _check_whole(book: Rulebook, log: _KeyLog) -> None:
    """What no single key shows: names that must be there, references that must lead somewhere, bars that descend."""
    for table, rules, wanted in (("class", book.classes, CLASSES), ("flag", book.flags, FLAGS),
                                 ("reading", book.readings, READINGS), ("readings", book.chosen, READINGS)):
        for id in rules:
            if id not in wanted:
                log.key(f"{table}.{id}", "không có tên này", wanted=f"một trong {', '.join(wanted)}{hint(id, wanted)}")
        for id in wanted:
            if id not in rules:
                log.key(f"{table}.{id}", "thiếu")
    for id, reading in book.readings.items():
        if id in READINGS and tuple(reading.options) != READINGS[id]:
            log.key(f"reading.{id}.options", "không đúng các phương án", ", ".join(reading.options),
                    f"{', '.join(READINGS[id])} (mặc định đứng đầu)")
    for id, option in book.chosen.items():
        if id in READINGS and option not in READINGS[id]:
            log.key(f"readings.{id}", "không có phương án này", option,
                    f"{' hoặc '.join(READINGS[id])}{hint(option, READINGS[id])}")
    for id, flag in book.flags.items():
        for indicator in (*flag.indicators, *([flag.target_of] if flag.target_of else ())):
            _check_indicator(book, log, f"flag.{id}.indicators", indicator)
            if indicator == "converted":
                log.key(f"flag.{id}.indicators", "điểm quy đổi không dùng để hạ mức", indicator, "một chỉ tiêu khác")
        if flag.group not in book.groups:
            log.key(f"flag.{id}.group", "không có nhóm này", flag.group, ", ".join(book.groups))
        has = {name for name in ("below_percent", "unit_min", "branch_min") if getattr(flag, name) is not None}
        if id in _BARS and has != _BARS[id]:
            log.key(f"flag.{id}", "mức so sánh không đúng", ", ".join(sorted(has)) or "không có",
                    ", ".join(sorted(_BARS[id])) or "không đặt mức nào")
    for id, target in book.targets.items():
        for indicator in (i for i in (target.indicator, target.of) if i):
            _check_indicator(book, log, f"target.{id}", indicator)
        for name in ("indicator", "of", "value"):
            given = getattr(target, name)
            if (given not in (None, "")) != (name in TARGET_KINDS[target.kind]):
                log.key(f"target.{id}.{name}", "thiếu con số hoặc thừa con số" if name == "value" else "thiếu hoặc thừa khóa",
                        given, f"có hay không tùy kind; kind = {target.kind}")
    for facts in ("unregistered", "undelivered"):
        if not any(f.fact == facts for f in book.filings.values()):
            log.key("filing", f"thiếu hồ sơ cho điều kiện {facts}")
    if COUNCIL not in book.groups:
        log.key(f"group.{COUNCIL}", "thiếu")
    _check_ranking(book, log)
    if not log.problems:
        _check_bars(book, log)


def _check_indicator(book, log, key, indicator):
    if indicator not in book.indicators:
        log.key(key, "chỉ tiêu chưa khai báo", indicator,
                f"một chỉ tiêu có bảng [indicator.…]{hint(indicator, book.indicators)}")


def _check_ranking(book, log):
    order = book.ranking.order
    for key in order:
        if key not in RANKING_KEYS:
            log.key("ranking.order", "không có khóa xếp hạng này", key, ", ".join(RANKING_KEYS) + hint(key, RANKING_KEYS))
    if len(set(order)) != len(order):
        log.key("ranking.order", "khóa lặp lại", ", ".join(order), "mỗi khóa một lần")


def _check_bars(book: Rulebook, log: _KeyLog) -> None:
    *barred, lowest = CLASSES
    bars = ("min_a", "max_c", "branch_percent")
    for id in barred:
        for name in bars:
            if getattr(book.classes[id], name) is None:
                log.key(f"class.{id}.{name}", "thiếu", wanted="mức của thang")
    for name in bars:
        if getattr(book.classes[lowest], name) is not None:
            log.key(f"class.{lowest}.{name}", "mức thấp nhất không có điều kiện", getattr(book.classes[lowest], name))
    log.refuse()
    for id in barred:
        for name in ("min_a", "max_c"):
            if getattr(book.classes[id], name) > book.criteria:
                log.key(f"class.{id}.{name}", "lớn hơn số tiêu chí", getattr(book.classes[id], name),
                        f"số từ 0 đến {book.criteria}")
    for what, seen, wanted in uneven_bars(book):
        log.key(what, "thang không giảm dần", seen, wanted)


def uneven_bars(book: Rulebook) -> list[tuple[str, str, str]]:
    """Where the ladder does not descend: key, what was seen, what is wanted. Empty for a sound one."""
    found = []
    *barred, _ = CLASSES
    for name, sound, wanted in (("min_a", lambda hi, lo: hi > lo, "lớn hơn mức dưới"),
                                ("max_c", lambda hi, lo: hi <= lo, "không lớn hơn mức dưới"),
                                ("branch_percent", lambda hi, lo: hi >= lo, "không nhỏ hơn mức dưới")):
        for upper, lower in zip(barred, barred[1:], strict=False):
            hi, lo = getattr(book.classes[upper], name), getattr(book.classes[lower], name)
            if not sound(hi, lo):
                found.append((f"class.{upper}.{name}", f"{hi}, mức dưới là {lo}", wanted))
    return found


# ---------------------------------------------------------------- amending

class UnknownKey(ValueError):
    """A key, option or value that no rule book has; the message says so in Vietnamese."""


def amend(book: Rulebook, changes: Mapping[str, object]) -> Rulebook:
    """A new rule book with some values changed: numbers, days, or readings by key.

    Values may be typed as text (`"40"`, `"2024-03-01"`). An unknown key or an impossible value raises `UnknownKey` with the
    nearest name. Bars may cease to descend: that is a what-if's right (`uneven_bars` tells).
    """
    known = book.keys()
    for key, value in changes.items():
        if key not in known:
            raise UnknownKey(f"không có khóa “{visible(key)}”{hint(key, known)}")
        book = _amend_one(book, key, value)
    return book


def _amend_one(book: Rulebook, key: str, value) -> Rulebook:
    table, id, *name = key.split(".")
    if table == "readings":
        options = book.readings[id].options
        if value not in tuple(options):
            raise UnknownKey(f"{key}: không có phương án “{visible(str(value))}”; cần {' hoặc '.join(options)}"
                             f"{hint(str(value), options)}")
        return replace(book, chosen=MappingProxyType({**book.chosen, id: value}))
    attribute = {"class": "classes", "flag": "flags", "filing": "filings"}[table]
    rules = getattr(book, attribute)
    kind = next(f.metadata["kind"] for f in fields(rules[id]) if f.name == name[0])
    typed = _typed(value, kind)
    if not kind.holds(typed) or (kind is COUNT and typed > book.criteria):
        wanted = f"số nguyên từ 0 đến {book.criteria}" if kind is COUNT else kind.wanted
        raise UnknownKey(f"{key}: giá trị “{visible(str(value))}” không dùng được; cần {wanted}")
    return replace(book, **{attribute: MappingProxyType({**rules, id: replace(rules[id], **{name[0]: typed})})})


def _typed(value, kind):
    if not isinstance(value, str):
        return value
    try:
        return day(value) if kind is DAY else int(value) if re.fullmatch("[0-9]+", value) else value
    except ValueError:      # `Wrong` is one
        return value
