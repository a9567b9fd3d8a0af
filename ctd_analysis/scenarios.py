"""A scenario: a title and the rule-book keys it changes, from a small TOML file or from `--set`. The rules stay as they are."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .problems import visible
from .rulebook import Rulebook, UnknownKey, amend


@dataclass(frozen=True)
class Scenario:
    """A what-if; `changes` are keys of the rule book with their values (`class.excellent.min_a`: 40)."""
    title: str
    changes: dict[str, object]


class BadScenario(ValueError):
    """A scenario that cannot be used; the message says why, in Vietnamese."""


def load(path: Path, book: Rulebook) -> Scenario:
    """The scenario in a TOML file with a `title` and a `[set]` table; `BadScenario` where it is none."""
    try:
        toml = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise BadScenario(f"không có tệp phương án “{path}”") from None
    except (ValueError, RecursionError, OSError) as error:  # also a number or brackets without end
        raise BadScenario(f"không đọc được tệp phương án “{path}” ({error})") from None
    title, changes = toml.get("title"), toml.get("set")
    if not isinstance(title, str) or not title.strip() or not isinstance(changes, dict):
        raise BadScenario(f"tệp phương án “{path}” cần title = \"…\" và bảng [set]")
    return checked(Scenario(title.strip(), _flat(changes)), book)


def from_pairs(pairs: Iterable[str], book: Rulebook, base: Scenario | None = None) -> Scenario:
    """A scenario from `KEY=VALUE` texts, on top of another one's changes."""
    changes = {}
    for pair in pairs:
        key, sign, value = (part.strip() for part in pair.partition("="))
        if not sign or not value:
            raise BadScenario(f"--set cần dạng KHÓA=GIÁ_TRỊ, ví dụ class.excellent.min_a=40; thấy “{visible(pair)}”")
        changes[key] = value
    words = ", ".join(f"{key} = {value}" for key, value in changes.items())
    title = f"{base.title}; {words}" if base else words
    return checked(Scenario(title, {**(base.changes if base else {}), **changes}), book)


def checked(scenario: Scenario, book: Rulebook) -> Scenario:
    """The scenario, once its keys and values are known to be the rule book's."""
    try:
        amend(book, scenario.changes)
    except UnknownKey as error:
        raise BadScenario(str(error)) from None
    return scenario


def _flat(table: dict, path: str = "") -> dict:
    """`class.good.min_a = 38` and `"class.good.min_a" = 38` mean the same."""
    flat: dict = {}
    for key, value in table.items():
        flat |= _flat(value, f"{path}{key}.") if isinstance(value, dict) else {f"{path}{key}": value}
    return flat
