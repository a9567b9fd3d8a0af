"""A scenario: a title and the keys it changes, from a small TOML file or from `--set`. The rules stay as they are.

Keys are the rule book's, `ranking.order`, or those of a fact (`grade.ha-tien.35`); what a fact may be only a year knows
(`year.trial`).

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
from ..terms import CLASSES, NUMBERS, RANKING_KEYS, hint, toneless
from ..values import iso_day, nfc
from .rulebook import COUNT, DAY, TABLES, YES_NO, Kind, Rulebook, is_whole
from .toml import fault, parsed

_CLASS = Kind(lambda v: v in (*CLASSES, "none"), ", ".join((*CLASSES, "none")))
_RANK = Kind(lambda v: v == "none" or is_whole(v), "một số, hoặc \"none\"")

#: What of a unit may move, as in the contract's `moved`, and what may stand on either side of it; "none" for null.
MOVES = {"base_class": _CLASS, "proposed_class": _CLASS, "final_class": _CLASS, "considered": YES_NO, "cluster_rank": _RANK,
         "nominee": YES_NO}

#: The order in a cluster as a key: ranking keys joined by ";".
ORDER = "ranking.order"

#: The tables of fact keys (`grade.<unit>.<criterion>` …), each with what its last part names.
FACTS = {"grade": "số tiêu chí", "actual": "chỉ tiêu", "target": "chỉ tiêu", "rating": "Hội cơ sở", "filing": "hồ sơ"}


@dataclass(frozen=True)
class Scenario:
    """A what-if; `changes` are keys of the rule book or of facts with their values (`class.excellent.min_a`: 40)."""
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
        raw = read_plain(path)
    except FileNotFoundError:
        raise BadScenario(f"không có tệp phương án “{path}”") from None
    except OSError as error:
        raise BadScenario(f"không đọc được tệp phương án “{path}” ({why(error)})") from None
    try:
        toml = parsed(raw)
    except ValueError as error:
        raise BadScenario(f"không đọc được tệp phương án “{path}”: {fault(path.name, raw, error).message}") from None
    title, changes = toml.get("title"), toml.get("set")
    if not isinstance(title, str) or not title.strip() or not isinstance(changes, dict):
        raise BadScenario(f"tệp phương án “{path}” cần title = \"…\" và bảng [set]")
    words = {key: toml.get(key, "") for key in ("asked_by", "why")}
    for key, text in words.items():
        if not isinstance(text, str):
            raise BadScenario(f"tệp phương án “{path}”: {key} cần một đoạn chữ; thấy “{visible(str(text))}”")
    found = Scenario(title.strip(), _flat(changes), **words, expected=_expected(toml.get("expected", {}), path))
    try:
        return checked(found, book)
    except BadScenario as error:
        raise BadScenario(f"tệp phương án “{path}”: {error}") from None


def _expected(table, path: Path) -> dict[str, dict[str, tuple]]:
    """The `[expected]` table: for each unit what moves, from what, to what; "none" stands for null."""
    if not isinstance(table, dict) or not all(isinstance(moves, dict) for moves in table.values()):
        raise BadScenario(f"tệp phương án “{path}”: [expected] cần mỗi đơn vị một bảng")
    for unit, moves in table.items():
        for what, pair in moves.items():
            if what not in MOVES:
                raise BadScenario(f"tệp phương án “{path}”: không có mục “{visible(what)}”{hint(what, MOVES)}; "
                                  f"các mục: {', '.join(MOVES)}")
            if not isinstance(pair, list) or len(pair) != 2 or not all(map(MOVES[what].holds, pair)):
                raise BadScenario(f"tệp phương án “{path}”: expected.{unit}.{what} cần [trước, sau], mỗi bên là "
                                  f"{MOVES[what].wanted}; thấy “{visible(str(pair))}”")
    return {unit: {what: tuple(None if side == "none" else side for side in pair) for what, pair in moves.items()}
            for unit, moves in table.items()}


def text(scenario: Scenario) -> str:
    """The scenario as a TOML file that `load` reads back."""
    lines = [f"{key} = {_toml(getattr(scenario, key))}" for key in ("title", "asked_by", "why") if getattr(scenario, key)]
    lines += ["", "[set]", *(f"{_toml_key(key)} = {_toml(value)}" for key, value in scenario.changes.items())]
    if scenario.expected:
        lines += ["", "[expected]          # đơn vị, điều đổi: từ, thành"]
        lines += [f"{_toml(unit)}.{what} = [{', '.join(_toml('none' if side is None else side) for side in pair)}]"
                  for unit, moves in scenario.expected.items() for what, pair in moves.items()]
    return "\n".join(lines) + "\n"


def slug(title: str) -> str:
    """A title as the name of a file, without suffix, at most 60 signs: `xuat-sac-tu-40-a`."""
    return re.sub(r"[^a-z0-9]+", "-", toneless(title)).strip("-")[:60] or "phuong-an"


def _toml_key(key: str) -> str:
    """A key with its last part in quotes where TOML asks for them: `rating.ha-tien."Hội CTĐ phường Bình San"`."""
    *tables, last = key.split(".", 2)
    return ".".join([*tables, last if re.fullmatch("[A-Za-z0-9_-]+", last) else _toml(last)])


def _toml(value) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower() if isinstance(value, bool) else str(value)


def from_pairs(pairs: Iterable[str], book: Rulebook, base: Scenario | None = None) -> Scenario:
    """A scenario from `KEY=VALUE` texts, on top of another one's changes; `BadScenario` for a text or a key that is none."""
    changes = {}
    for pair in pairs:
        key, sign, value = (part.strip() for part in pair.rpartition("="))      # a branch's name may have one
        if not sign or not value and not fact(key, book):
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
        amended = amend(book, scenario.changes)
    except UnknownKey as error:
        raise BadScenario(str(error)) from None
    values = {**amended.values(), ORDER: ";".join(amended.ranking.order)}
    return replace(scenario, changes={nfc(key): values.get(key, value) for key, value in scenario.changes.items()})


def _flat(table: dict, path: str = "") -> dict:
    """`class.good.min_a = 38` and `"class.good.min_a" = 38` mean the same."""
    flat: dict = {}
    for key, value in table.items():
        flat |= _flat(value, f"{path}{key}.") if isinstance(value, dict) else {f"{path}{key}": value}
    return flat


class UnknownKey(ValueError):
    """A key that no rule book has and that names no fact; the message says so in Vietnamese, with the nearest name."""


class UnknownValue(UnknownKey):
    """A value or option that this key cannot have; the message says what is wanted."""


class UnknownUnit(UnknownKey):
    """A unit that is none of the year's, with the nearest one's id."""


def fact(key: str, book: Rulebook) -> tuple[str, str, str] | None:
    """Table, unit and item of a fact key (`grade.ha-tien.35`); None for a key of the rules, or for none at all."""
    table, unit, item = (*nfc(key).split(".", 2), "", "")[:3]
    return (table, unit, item) if table in FACTS and item and not (table == "filing" and unit in book.filings) else None


def amend(book: Rulebook, changes: Mapping[str, object]) -> Rulebook:
    """A new rule book with some values changed: numbers, days, the order in a cluster, or readings by key; facts are left out.

    Values may be typed as text (`"40"`, `"2024-03-01"`). An unknown key raises `UnknownKey`, an impossible value
    `UnknownValue`, with the nearest name. Bars may cease to descend: that is a what-if's right (`Rulebook.uneven_bars` tells).
    """
    known = (*book.in_force(), ORDER)
    for key, value in changes.items():
        if key in known:
            book = _reordered(book, value) if key == ORDER else _amend_one(book, key, value)
        elif not fact(key, book):
            table = key.split(".")[0]
            form = f"; cần dạng {table}.<đơn vị>.<{FACTS[table]}>" if table in FACTS else ""
            near = hint(key, known) if not form or table == "filing" else ""
            raise UnknownKey(f"không có khóa “{visible(key)}”{near or form}")
    return book


def _reordered(book: Rulebook, value) -> Rulebook:
    """The order in a cluster by other keys, `"class;a;c"` or a list of them (V.2; the plan itself names none)."""
    order = [part.strip() for part in value.split(";")] if isinstance(value, str) else value
    order = [str(key) for key in order] if isinstance(order, (list, tuple)) else []
    value = ";".join(order) or value
    if not order or not set(order) <= set(RANKING_KEYS):
        wrong = next((key for key in order if key not in RANKING_KEYS), "")
        raise UnknownValue(f"{ORDER}: giá trị “{visible(str(value))}” không dùng được; cần các khóa {', '.join(RANKING_KEYS)} "
                           f"cách nhau bằng dấu “;”{hint(wrong, RANKING_KEYS)}")
    if len(set(order)) != len(order):
        raise UnknownValue(f"{ORDER}: “{visible(str(value))}” có khóa lặp lại; cần mỗi khóa một lần")
    return replace(book, ranking=replace(book.ranking, order=order))


def name_of(book: Rulebook, key: str) -> str:
    """A key of the rule book in words: `Xuất sắc: số điểm A, từ`, `Hội phí: % so với chỉ tiêu, dưới`; KeyError: none such."""
    table, id, *name = key.split(".")
    if key == ORDER:
        return "Thứ tự trong cụm"
    if table == "readings":
        return book.readings[id].label
    rule = getattr(book, TABLES[table][0])[id]
    return f"{rule.short if table == 'flag' else rule.label}: {NUMBERS[name[0]]}"


def _amend_one(book: Rulebook, key: str, value) -> Rulebook:
    table, id, *name = key.split(".")
    if table == "readings":
        options = book.readings[id].options
        if value not in tuple(options):
            raise UnknownValue(f"{key}: không có phương án “{visible(str(value))}”; cần {' hoặc '.join(options)}"
                               f"{hint(str(value), options)}")
        return replace(book, chosen=MappingProxyType({**book.chosen, id: value}))
    attribute, _ = TABLES[table]
    rules = getattr(book, attribute)
    kind = next(f.metadata["kind"] for f in fields(rules[id]) if f.name == name[0])
    typed = _typed(value, kind)
    if not kind.holds(typed) or (kind is COUNT and typed > book.criteria):
        wanted = f"số nguyên từ 0 đến {book.criteria}" if kind is COUNT else kind.wanted
        raise UnknownValue(f"{key}: giá trị “{visible(str(value))}” không dùng được; cần {wanted}")
    return replace(book, **{attribute: MappingProxyType({**rules, id: replace(rules[id], **{name[0]: typed})})})


def _typed(value, kind):
    if not isinstance(value, str):
        return value
    try:
        return iso_day(value) if kind is DAY else int(value) if re.fullmatch("[0-9]+", value) else value
    except ValueError:      # `Wrong` is one
        return value
