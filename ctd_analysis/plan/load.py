"""`rulebook.toml` → a rule book, or every key that cannot be, refused at once: its line, what was seen, what is wanted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from ..problems import Refused
from ..terms import hint
from . import toml
from .rulebook import CONVERTED, JUDGED, NAMED, TABLES, YES_NO, Dossier, Kind, Pace, Plan, Ranking, Rulebook, is_whole
from .whole import check

#: Tables that a rule book may do without.
_OPTIONAL = {"progress": {}, "event": {}}
_SINGLE = {"plan": Plan, "dossier": Dossier, "ranking": Ranking, "progress": Pace}
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
_BALANCE = ["unit_fund"]        # where no flag is about funds


def load(path: Path, raw: bytes) -> Rulebook:
    """The rule book in `raw`, the bytes of the file at `path`; `Refused` with every key that cannot be, by key and line."""
    log = toml.KeyLog(path.name, raw)
    try:
        written = _OPTIONAL | toml.parsed(raw)
    except ValueError as error:
        raise Refused(toml.fault(path.name, raw, error)) from None
    known = {*_TOP, *TABLES, *_SINGLE, "group", "readings"}
    for key in written:
        if key not in known:
            log.key(key, "không có khóa này", wanted=f"một trong {', '.join(sorted(known))}{hint(key, known)}")
    top = {key: log.value(written, "", key, kind) for key, kind in _TOP.items()}
    parts = {key: log.rule(made, written.get(key), key) for key, made in _SINGLE.items()}
    tables = {name: log.table(made, _with_kinds(key, written.get(key)), key) for key, (name, made) in TABLES.items()}
    named = {name: MappingProxyType(log.value(written, "", key, NAMED) or {})
             for name, key in (("groups", "group"), ("chosen", "readings"))}
    log.refuse()
    if "balance" not in written["progress"]:
        held = [name for flag in tables["flags"].values() if flag.kind == "funds" for name in flag.indicators] or _BALANCE
        parts["progress"] = replace(parts["progress"], balance=sorted({*held} & {*tables["indicators"]}))
    book = Rulebook(**top, **parts, **tables, **named)
    check(book, log)
    log.refuse()
    return book


def _with_kinds(key: str, table):
    """A table of rules, each with what its id means where it says nothing itself."""
    if not isinstance(table, dict):
        return table
    meant = {id: _BEFORE_KINDS.get(key, {}).get(id, {}) for id in table}
    return {id: {**meant[id], **rule} if isinstance(rule, dict) and next(iter(meant[id]), "") not in rule else rule
            for id, rule in table.items()}
