"""A scenario: a title and the rule-book keys it changes, from a small TOML file or from `--set`. The rules stay as they are.

A file may also say who asked and why, and what is expected to come of it, so that a test can hold it against the year:

    title = "Xuất sắc từ 40 điểm A"
    asked_by = "Phó Chủ tịch thường trực"
    why = "Nhiều đơn vị thiếu một điểm A"
    [set]
    class.excellent.min_a = 40
    [expected]
    giong-rieng.final_class = ["good", "excellent"]         # from, to; "none" for null
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType

from ..files import read_plain
from ..problems import visible, why
from ..terms import hint, toneless
from ..values import day
from .rulebook import COUNT, DAY, Rulebook
from .toml import parsed

#: What of a unit may move, as in the contract's `moved`.
MOVES = ("base_class", "proposed_class", "final_class", "considered", "cluster_rank", "nominee")


@dataclass(frozen=True)
class Scenario:
    """A what-if; `changes` are keys of the rule book with their values (`class.excellent.min_a`: 40)."""
    title: str
    changes: dict[str, object]
    asked_by: str = ""
    why: str = ""
    expected: dict[str, dict[str, tuple]] = field(default_factory=dict)     # unit → what moves → (from, to)


class BadScenario(ValueError):
    """A scenario that cannot be used; the message says why, in Vietnamese."""


def load(path: Path, book: Rulebook) -> Scenario:
    """The scenario in a TOML file with a `title` and a `[set]` table; `BadScenario` where it is none."""
    try:
        toml = parsed(read_plain(path))
    except FileNotFoundError:
        raise BadScenario(f"không có tệp phương án “{path}”") from None
    except (ValueError, OSError) as error:
        raise BadScenario(f"không đọc được tệp phương án “{path}” ({why(error) if isinstance(error, OSError) else error})") \
            from None
    title, changes = toml.get("title"), toml.get("set")
    if not isinstance(title, str) or not title.strip() or not isinstance(changes, dict):
        raise BadScenario(f"tệp phương án “{path}” cần title = \"…\" và bảng [set]")
    words = {key: toml.get(key, "") for key in ("asked_by", "why")}
    for key, text in words.items():
        if not isinstance(text, str):
            raise BadScenario(f"tệp phương án “{path}”: {key} cần một đoạn chữ; thấy “{visible(str(text))}”")
    return checked(Scenario(title.strip(), _flat(changes), **words, expected=_expected(toml.get("expected", {}), path)), book)


def _expected(table, path: Path) -> dict[str, dict[str, tuple]]:
    """The `[expected]` table: for each unit what moves, from what, to what; "none" stands for null."""
    if not isinstance(table, dict) or not all(isinstance(moves, dict) for moves in table.values()):
        raise BadScenario(f"tệp phương án “{path}”: [expected] cần mỗi đơn vị một bảng")
    for unit, moves in table.items():
        for what, pair in moves.items():
            if what not in MOVES:
                raise BadScenario(f"tệp phương án “{path}”: không có mục “{visible(what)}”{hint(what, MOVES)}; "
                                  f"các mục: {', '.join(MOVES)}")
            if not isinstance(pair, list) or len(pair) != 2:
                raise BadScenario(f"tệp phương án “{path}”: expected.{unit}.{what} cần [\"trước\", \"sau\"]")
    return {unit: {what: tuple(None if side == "none" else side for side in pair) for what, pair in moves.items()}
            for unit, moves in table.items()}


def text(scenario: Scenario) -> str:
    """The scenario as a TOML file that `load` reads back."""
    lines = [f"{key} = {_toml(getattr(scenario, key))}" for key in ("title", "asked_by", "why") if getattr(scenario, key)]
    lines += ["", "[set]", *(f"{key} = {_toml(value)}" for key, value in scenario.changes.items())]
    if scenario.expected:
        lines += ["", "[expected]          # đơn vị, điều đổi: từ, thành"]
        lines += [f"{_toml(unit)}.{what} = [{', '.join(_toml('none' if side is None else side) for side in pair)}]"
                  for unit, moves in scenario.expected.items() for what, pair in moves.items()]
    return "\n".join(lines) + "\n"


def slug(title: str) -> str:
    """A title as the name of a file, without suffix, at most 60 signs: `xuat-sac-tu-40-a`."""
    return re.sub(r"[^a-z0-9]+", "-", toneless(title)).strip("-")[:60] or "phuong-an"


def _toml(value) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower() if isinstance(value, bool) else str(value)


def from_pairs(pairs: Iterable[str], book: Rulebook, base: Scenario | None = None) -> Scenario:
    """A scenario from `KEY=VALUE` texts, on top of another one's changes; `BadScenario` for a text or a key that is none."""
    changes = {}
    for pair in pairs:
        key, sign, value = (part.strip() for part in pair.partition("="))
        if not sign or not value:
            raise BadScenario(f"--set cần dạng KHÓA=GIÁ_TRỊ, ví dụ class.excellent.min_a=40; thấy “{visible(pair)}”")
        if changes.get(key, value) != value:
            raise BadScenario(f"--set {key} nêu hai lần với hai giá trị: {visible(changes[key])} và {visible(value)}")
        changes[key] = value
    words = ", ".join(f"{key} = {value}" for key, value in changes.items())
    title = f"{base.title}; {words}" if base else words
    if base:
        return checked(replace(base, title=title, changes={**base.changes, **changes}, expected={}), book)
    return checked(Scenario(title, changes), book)


def checked(scenario: Scenario, book: Rulebook) -> Scenario:
    """The scenario, its values as numbers and days however typed; `BadScenario` where a key or value is not the rule book's."""
    try:
        values = amend(book, scenario.changes).values()
    except UnknownKey as error:
        raise BadScenario(str(error)) from None
    return replace(scenario, changes={key: values.get(key, value) for key, value in scenario.changes.items()})


def _flat(table: dict, path: str = "") -> dict:
    """`class.good.min_a = 38` and `"class.good.min_a" = 38` mean the same."""
    flat: dict = {}
    for key, value in table.items():
        flat |= _flat(value, f"{path}{key}.") if isinstance(value, dict) else {f"{path}{key}": value}
    return flat


class UnknownKey(ValueError):
    """A key, option or value that no rule book has; the message says so in Vietnamese."""


def amend(book: Rulebook, changes: Mapping[str, object]) -> Rulebook:
    """A new rule book with some values changed: numbers, days, or readings by key.

    Values may be typed as text (`"40"`, `"2024-03-01"`). An unknown key or an impossible value raises `UnknownKey` with the
    nearest name. Bars may cease to descend: that is a what-if's right (`uneven_bars` tells).
    """
    known = book.in_force()
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
