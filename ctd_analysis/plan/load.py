"""`rulebook.toml` → a rule book, or every key that cannot be, refused at once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, fields
from pathlib import Path
from types import MappingProxyType

from ..problems import Log, Problem, Refused, visible
from ..terms import CLASSES, COUNCIL, FLAGS, RANKING_KEYS, hint
from .rulebook import (
    NAMED,
    READINGS,
    TARGET_KINDS,
    YES_NO,
    Dossier,
    Filing,
    Flag,
    Indicator,
    Kind,
    Plan,
    Ranking,
    Reading,
    Rulebook,
    Rung,
    Target,
    is_whole,
    uneven_bars,
)

_TABLES = {"class": Rung, "filing": Filing, "flag": Flag, "reading": Reading, "indicator": Indicator, "target": Target}
_SINGLE = {"plan": Plan, "dossier": Dossier, "ranking": Ranking}
_TOP = {"year": Kind(lambda v: is_whole(v) and 1900 <= v <= 2100, "năm, ví dụ 2024"), "sample": YES_NO,
        "criteria": Kind(lambda v: is_whole(v) and 1 <= v <= 999, "số nguyên từ 1 đến 999, ví dụ 43")}


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
