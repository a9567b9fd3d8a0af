"""`rulebook.toml` → a rule book, or every key that cannot be, refused at once: its line, what was seen, what is wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import MISSING, fields, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from ..problems import Log, Problem, Refused, visible
from ..terms import CLASSES, COUNCIL, RANKING_KEYS, day, hint
from . import toml
from .rulebook import (
    BRANCH_FUND,
    CONVERTED,
    FLAG_KINDS,
    JOINS,
    JUDGED,
    NAMED,
    READINGS,
    SHOWN_ONLY,
    TARGET_KINDS,
    YES_NO,
    Dossier,
    Event,
    Filing,
    Flag,
    Indicator,
    Kind,
    Pace,
    Plan,
    Ranking,
    Reading,
    Rulebook,
    Rung,
    Target,
    days_of,
    is_whole,
    uneven_bars,
)

_TABLES = {"class": Rung, "filing": Filing, "flag": Flag, "reading": Reading, "indicator": Indicator, "target": Target}
_SINGLE = {"plan": Plan, "dossier": Dossier, "ranking": Ranking}
_TOP = {"year": Kind(lambda v: is_whole(v) and 1900 <= v <= 2100, "năm, ví dụ 2024"), "sample": YES_NO,
        "criteria": Kind(lambda v: is_whole(v) and 1 <= v <= 999, "số nguyên từ 1 đến 999, ví dụ 43")}


_BELOW, _NONE_HELD = {"kind": "below"}, {"kind": "none_held"}
#: What is meant by the ids of rule books older than `kind`: added where a rule has none of these keys; what is written wins.
_BEFORE_KINDS = {
    "flag": {"dues": _BELOW, "member_growth": _BELOW, "cadres_sent": _BELOW, "resources": _BELOW, "humanitarian_month": _BELOW,
             "campaigns": {**_BELOW, "join": "campaigns"}, "reporting": _NONE_HELD,
             "training_classes": {**_NONE_HELD, "join": "training_classes"}, "funds": {"kind": "funds", "join": "fund_levels"}},
    "indicator": {"reporting": {"kind": JUDGED, "yes": "đúng chế độ", "no": "không đúng chế độ"},
                  "converted": {"kind": CONVERTED}},
    "reading": {"training_classes": {"joins": {"neither": "all", "either": "any"}},
                "campaigns": {"joins": {"any": "any", "all": "all"}},
                "fund_levels": {"joins": {"either": "any", "both": "all"}}}}


def load(path: Path, raw: bytes) -> Rulebook:
    """The rule book in `raw`, the bytes of the file at `path`; `Refused` with every key that cannot be, by key and line."""
    log = KeyLog(path.name, raw)
    try:
        written = toml.parsed(raw)
    except UnicodeDecodeError:
        raise Refused(Problem(path.name, "tệp không phải UTF-8", wanted="lưu lại bằng mã UTF-8")) from None
    except ValueError as error:
        raise Refused(Problem(path.name, f"không đọc được TOML ({error})", wanted="đúng cú pháp TOML")) from None
    known = {*_TOP, *_TABLES, *_SINGLE, "group", "readings", "progress", "event"}
    for key in written:
        if key not in known:
            log.key(key, "không có khóa này", wanted=f"một trong {', '.join(sorted(known))}{hint(key, known)}")
    top = {key: log.value(written, "", key, kind) for key, kind in _TOP.items()}
    parts = {key: log.rule(made, written.get(key), key) for key, made in _SINGLE.items()}
    tables = {key: log.table(made, _with_kinds(key, written.get(key)), key) for key, made in _TABLES.items()}
    pace = log.rule(Pace, written.get("progress", {}), "progress")
    events = log.table(Event, written.get("event", {}), "event")
    groups = log.value(written, "", "group", NAMED) or {}
    chosen = log.value(written, "", "readings", NAMED) or {}
    log.refuse()
    book = Rulebook(**top, **parts, classes=tables["class"], filings=tables["filing"], flags=tables["flag"],
                    readings=tables["reading"], indicators=tables["indicator"], targets=tables["target"],
                    groups=MappingProxyType(groups), chosen=MappingProxyType(chosen), events=events,
                    progress=_balanced(pace, tables["indicator"]) if "balance" not in written.get("progress", {}) else pace)
    _check_whole(book, log)
    log.refuse()
    return book


def _balanced(pace: Pace, indicators: Iterable[str]) -> Pace:
    """A pace whose rule book names no balances: the usual one, where there is such an indicator."""
    return replace(pace, balance=[name for name in pace.balance if name in indicators])


def _with_kinds(key: str, table):
    """A table of rules, each with what its id means where it says nothing itself."""
    if not isinstance(table, dict):
        return table
    meant = {id: _BEFORE_KINDS.get(key, {}).get(id, {}) for id in table}
    return {id: {**meant[id], **rule} if isinstance(rule, dict) and next(iter(meant[id]), "") not in rule else rule
            for id, rule in table.items()}


class KeyLog(Log):
    """Problems of a TOML file, told by key, and by the line of the key or of the table it is missing from."""

    def __init__(self, file: str, raw: bytes):
        super().__init__()
        self.file, self.raw = file, raw

    @cached_property
    def lines(self) -> dict[str, int]:
        """On which line each key stands."""
        return toml.lines_of(self.raw)

    def key(self, key, what, seen=None, wanted=None):
        """One more problem, at a key."""
        seen, place = None if seen is None else visible(str(seen)), key
        while place and place not in self.lines:
            place = place.rpartition(".")[0]
        self.problem(self.file, f"khóa {key}: {what}", seen=seen, wanted=wanted, line=self.lines.get(place))

    def refuse(self):
        """`Refused` with all that was found, if anything was."""
        if self.problems:
            raise Refused(*self.problems)

    def value(self, table, path, key, kind):
        """The value of a key that must be there, or None and a problem."""
        full = f"{path}.{key}" if path else key
        if key not in table:
            return self.key(full, "thiếu", wanted=kind.wanted)
        if not kind.holds(table[key]):
            return self.key(full, "giá trị không dùng được", table[key], kind.wanted)
        return table[key]

    def rule(self, made, table, path):
        """One dataclass from one TOML table."""
        if not isinstance(table, dict):
            return self.key(path, "thiếu bảng này" if table is None else "phải là một bảng", table)
        kinds = {f.metadata["name"] or f.name: f for f in fields(made) if "kind" in f.metadata}
        for key in table:
            if key not in kinds:
                self.key(f"{path}.{key}", "không có khóa này",
                         wanted=f"một trong {', '.join(kinds)}{hint(key, kinds)}")
        given = {name: self.value(table, path, name, f.metadata["kind"]) for name, f in kinds.items()
                 if name in table or f.default is MISSING and f.default_factory is MISSING}
        return made(id=path.split(".")[-1], **{kinds[name].name: value for name, value in given.items()})

    def table(self, made, table, path):
        """One dataclass for each table in a TOML table, by its id."""
        if not isinstance(table, dict):
            self.key(path, "thiếu bảng này" if table is None else "phải là một bảng", table)
            return {}
        for id in table:
            if not re.fullmatch("[a-z][a-z0-9_]*", id):
                self.key(f"{path}.{id}", "tên không dùng được", id, "chữ thường không dấu, số, gạch dưới")
        return MappingProxyType({id: self.rule(made, rule, f"{path}.{id}") for id, rule in table.items()})


def _check_whole(book: Rulebook, log: KeyLog) -> None:
    """What no single key shows: names that must be there, references that must lead somewhere, bars that descend."""
    _check_names(log, "class", book.classes, CLASSES, CLASSES)
    _check_readings(book, log)
    for id, flag in book.flags.items():
        _check_flag(book, log, f"flag.{id}", flag)
    if BRANCH_FUND in book.indicators:
        log.key(f"indicator.{BRANCH_FUND}", "tên dành cho quỹ của Hội cơ sở", wanted="một tên khác")
    converted = [id for id, one in book.indicators.items() if one.kind == CONVERTED]
    for id in converted[1:]:
        log.key(f"indicator.{id}.kind", f"chỉ một chỉ tiêu là điểm quy đổi, đã có {converted[0]}", CONVERTED, "một kind khác")
    for id, target in book.targets.items():
        for indicator in (i for i in (target.indicator, target.of) if i):
            _check_indicator(book, log, f"target.{id}", indicator)
        for name in ("indicator", "of", "value"):
            given = getattr(target, name)
            may = target.kind == "no_number" and (name == "indicator" or name == "value" and target.indicator)
            if not may and (given not in (None, "")) != (name in TARGET_KINDS[target.kind]):
                log.key(f"target.{id}.{name}", "thiếu con số hoặc thừa con số" if name == "value" else "thiếu hoặc thừa khóa",
                        given, f"có hay không tùy kind; kind = {target.kind}")
    for facts in ("unregistered", "undelivered"):
        if not any(f.fact == facts for f in book.filings.values()):
            log.key("filing", f"thiếu hồ sơ cho điều kiện {facts}")
    if COUNCIL not in book.groups:
        log.key(f"group.{COUNCIL}", "thiếu")
    _check_days(book, log)
    _check_ranking(book, log)
    _check_year_round(book, log)
    if not log.problems:
        _check_bars(book, log)


def _check_names(log: KeyLog, table: str, names: Iterable[str], known: Iterable[str], needed: Iterable[str]) -> None:
    for id in names:
        if id not in known:
            log.key(f"{table}.{id}", "không có tên này", wanted=f"một trong {', '.join(known)}{hint(id, known)}")
    for id in needed:
        if id not in names:
            log.key(f"{table}.{id}", "thiếu")


def _check_readings(book: Rulebook, log: KeyLog) -> None:
    """The readings the rules know by name, those with `joins` that flags may name, and an option in force for each."""
    needed = [id for id in READINGS if id != BRANCH_FUND or any(flag.kind == "funds" for flag in book.flags.values())]
    joining = [id for id, reading in book.readings.items() if reading.joins and id not in JOINS]
    _check_names(log, "reading", book.readings, list(dict.fromkeys([*READINGS, *joining])), needed)
    known = list(dict.fromkeys([*needed, *book.readings]))
    _check_names(log, "readings", book.chosen, known, known)
    for id, reading in book.readings.items():
        options, joins = ", ".join(reading.options), ", ".join(f"{option} = {means}" for option, means in reading.joins.items())
        if id in READINGS and tuple(reading.options) != READINGS[id]:
            log.key(f"reading.{id}.options", "không đúng các phương án", options,
                    f"{', '.join(READINGS[id])} (mặc định đứng đầu)")
        if id in READINGS and joins:
            log.key(f"reading.{id}.joins", "khóa thừa", joins, "cách hiểu này không gộp các điều kiện của một trường hợp")
        elif joins and (set(reading.joins) != set(reading.options) or not set(reading.joins.values()) <= set(JOINS)):
            log.key(f"reading.{id}.joins", "không đúng các phương án", joins, f"any hoặc all cho mỗi phương án {options}")
        if id in book.chosen and book.chosen[id] not in reading.options:
            log.key(f"readings.{id}", "không có phương án này", book.chosen[id],
                    f"{' hoặc '.join(reading.options)}{hint(book.chosen[id], reading.options)}")


def _check_flag(book: Rulebook, log: KeyLog, key: str, flag: Flag) -> None:
    for name, indicators in (("indicators", flag.indicators), ("target_of", [flag.target_of] if flag.target_of else [])):
        for indicator in indicators:
            _check_indicator(book, log, f"{key}.{name}", indicator)
            if indicator in book.indicators and book.indicators[indicator].kind == CONVERTED:
                log.key(f"{key}.{name}", "điểm quy đổi không dùng để hạ mức", indicator, "một chỉ tiêu khác")
    if flag.group not in book.groups:
        log.key(f"{key}.group", "không có nhóm này", flag.group, ", ".join(book.groups))
    has = {name for name in ("below_percent", "unit_min", "branch_min") if getattr(flag, name) is not None}
    if has != FLAG_KINDS[flag.kind]:
        log.key(key, "mức so sánh không đúng", ", ".join(sorted(has)) or "không có",
                f"{', '.join(sorted(FLAG_KINDS[flag.kind])) or 'không đặt mức nào'} (kind = {flag.kind})")
    if flag.target_of and flag.kind != "below":
        log.key(f"{key}.target_of", "khóa thừa", flag.target_of, "chỉ dùng với kind = below")
    joins = [*JOINS, *(id for id, reading in book.readings.items() if reading.joins)]
    if flag.join not in joins:
        log.key(f"{key}.join", "không có cách gộp này", flag.join,
                f"any, all hoặc một cách hiểu có bảng joins{hint(flag.join, joins)}")


def _check_indicator(book, log, key, indicator):
    if indicator not in book.indicators:
        log.key(key, "chỉ tiêu chưa khai báo", indicator,
                f"một chỉ tiêu có bảng [indicator.…]{hint(indicator, book.indicators)}")


def _check_days(book: Rulebook, log: KeyLog) -> None:
    """A day that decides something is one of the year, or of the first months after it."""
    first, last = days_of(book.year)
    for id, filing in book.filings.items():
        if filing.fact != SHOWN_ONLY and not first <= filing.before <= last:
            log.key(f"filing.{id}.before", f"ngày của năm khác, year = {book.year}", filing.before,
                    f"ngày từ {day(first)} đến {day(last)}")


def _check_ranking(book, log):
    order = book.ranking.order
    for key in order:
        if key not in RANKING_KEYS:
            log.key("ranking.order", "không có khóa xếp hạng này", key, ", ".join(RANKING_KEYS) + hint(key, RANKING_KEYS))
    if len(set(order)) != len(order):
        log.key("ranking.order", "khóa lặp lại", ", ".join(order), "mỗi khóa một lần")


def _check_year_round(book: Rulebook, log: KeyLog) -> None:
    """Indicators that are there, days of this year, an event on one day or from one to another."""
    for name in book.progress.balance:
        _check_indicator(book, log, "progress.balance", name)
    for name, due in book.progress.due.items():
        _check_indicator(book, log, f"progress.due.{name}", name)
        if due.year != book.year:
            log.key(f"progress.due.{name}", f"ngày ngoài năm {book.year}", due, f"một ngày của năm {book.year}")
    for id, event in book.events.items():
        days = {"on": event.on, "from": event.start, "to": event.to, "before": event.before}
        given = tuple(name for name, written in days.items() if written)
        if given not in ((), ("on",), ("from", "to"), ("before",)):
            log.key(f"event.{id}", "ngày ghi không rõ", ", ".join(given), "on, hoặc from và to, hoặc before, hoặc không gì cả")
        elif event.start and event.start > event.to:
            log.key(f"event.{id}.to", "trước ngày bắt đầu", event.to, f"ngày từ {event.start:%d/%m/%Y}")


def _check_bars(book: Rulebook, log: KeyLog) -> None:
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
