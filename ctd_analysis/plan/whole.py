"""What no single key of a rule book shows: names that must be there, references that must lead somewhere, bars that descend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..terms import CLASSES, COUNCIL, RANKING_KEYS, day, hint, toneless
from .rulebook import (
    BARS,
    BRANCH_FUND,
    CONVERTED,
    FLAG_KINDS,
    JOINS,
    NUMBERED,
    READINGS,
    TARGET_KINDS,
    WHOLE,
    Flag,
    Indicator,
    Rulebook,
    days_of,
)
from .toml import KeyLog


def check(book: Rulebook, log: KeyLog) -> None:
    """What no single key shows: names that must be there, references that must lead somewhere, bars that descend."""
    _check_names(log, "class", book.classes, CLASSES, CLASSES)
    _check_readings(book, log)
    for id, flag in book.flags.items():
        _check_flag(book, log, f"flag.{id}", flag)
    _check_called(log, "flag", book.flags, ("short", "label"))
    for table, rules in (("indicator", book.indicators), ("reading", book.readings)):
        _check_called(log, table, rules, ("label",))
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


def _check_called(log: KeyLog, table: str, rules: Mapping[str, object], names: tuple[str, ...]) -> None:
    """No two rules of a table are called alike, signs, marks, case aside: decisions and workbooks name them by these words."""
    called = {id: id for id in rules}
    for id, rule in rules.items():
        for name in names:
            text = getattr(rule, name)
            if (other := called.setdefault(" ".join(re.findall(r"\w+", toneless(text))), id)) != id:
                log.key(f"{table}.{id}.{name}", f"trùng với {table}.{other}", text, "mỗi bảng một tên riêng")


def _check_readings(book: Rulebook, log: KeyLog) -> None:
    """The readings the rules know by name, those with `joins` that flags may name, and an option in force for each."""
    needed = [id for id in READINGS if id != BRANCH_FUND or book.has("funds")]
    joining = [id for id, reading in book.readings.items() if reading.joins and id not in JOINS]
    bare = [id for id, reading in book.readings.items() if id not in READINGS and not reading.joins]
    for id in bare:
        log.key(f"reading.{id}", "cách hiểu này chưa nói quyết định điều gì",
                wanted=f"bảng joins, một trường hợp có join = {id}; hoặc một trong {', '.join(READINGS)}{hint(id, READINGS)}")
    _check_names(log, "reading", book.readings, list(dict.fromkeys([*READINGS, *joining, *bare])), needed)
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
                log.key(f"{key}.{name}", "điểm quy đổi không dùng để hạ loại", indicator, "một chỉ tiêu khác")
            elif flag.kind == "funds" and indicator in book.indicators and not _is_money(book.indicators[indicator]):
                log.key(f"{key}.{name}", "chỉ tiêu không hợp với kind = funds", indicator, "một chỉ tiêu tính bằng đồng")
    if flag.group not in book.groups:
        log.key(f"{key}.group", "không có nhóm này", flag.group, ", ".join(book.groups))
    has = {name for name in NUMBERED["flag"] if getattr(flag, name) is not None}
    if has != FLAG_KINDS[flag.kind]:
        log.key(key, "yêu cầu so sánh không đúng", ", ".join(sorted(has)) or "không có",
                f"{', '.join(sorted(FLAG_KINDS[flag.kind])) or 'không đặt yêu cầu nào'} (kind = {flag.kind})")
    if flag.target_of and flag.kind != "below":
        log.key(f"{key}.target_of", "khóa thừa", flag.target_of, "chỉ dùng với kind = below")
    joins = [*JOINS, *(id for id, reading in book.readings.items() if reading.joins)]
    if flag.join not in joins:
        log.key(f"{key}.join", "không có cách gộp này", flag.join,
                f"any, all hoặc một cách hiểu có bảng joins{hint(flag.join, joins)}")


def _is_money(indicator: Indicator) -> bool:
    return indicator.kind == WHOLE and "đồng" in indicator.measure.casefold()


def _check_indicator(book, log, key, indicator):
    if indicator not in book.indicators:
        log.key(key, "chỉ tiêu chưa khai báo", indicator,
                f"một chỉ tiêu có bảng [indicator.…]{hint(indicator, book.indicators)}")


def _check_days(book: Rulebook, log: KeyLog) -> None:
    """A day that decides something is one of the year, or of the first months after it."""
    first, last = days_of(book.year)
    for id, filing in book.filings.items():
        if filing.decides and not first <= filing.before <= last:
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
    for id in barred:
        for name in BARS:
            if getattr(book.classes[id], name) is None:
                log.key(f"class.{id}.{name}", "thiếu", wanted="yêu cầu của thang")
    for name in BARS:
        if getattr(book.classes[lowest], name) is not None:
            log.key(f"class.{lowest}.{name}", "loại thấp nhất không có điều kiện", getattr(book.classes[lowest], name))
    log.refuse()
    for id in barred:
        for name in ("min_a", "max_c"):
            if getattr(book.classes[id], name) > book.criteria:
                log.key(f"class.{id}.{name}", "lớn hơn số tiêu chí", getattr(book.classes[id], name),
                        f"số từ 0 đến {book.criteria}")
    for what, seen, wanted in book.uneven_bars():
        log.key(what, "thang không giảm dần", seen, wanted)
