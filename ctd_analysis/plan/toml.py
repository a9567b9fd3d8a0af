"""A TOML file's tables, and on which line each of its keys stands."""

from __future__ import annotations

import tomllib

_DEEPEST, _TOO_DEEP = 8, "bảng lồng quá sâu"
_LONGEST = 200          # lines of one statement


def parsed(raw: bytes) -> dict:
    """A TOML file's tables; ValueError where it is none, holds a number without end, or nests deeper than any of ours."""
    try:
        toml = tomllib.loads(text(raw))
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    level = [toml]
    for _ in range(_DEEPEST):
        level = [inner for value in level if isinstance(value, (dict, list))
                 for inner in (value.values() if isinstance(value, dict) else value)]
    if level:
        raise ValueError(_TOO_DEEP)
    return toml


def text(raw: bytes) -> str:
    """What is written: UTF-8 with or without its mark, line ends as one sign. UnicodeDecodeError where it is no UTF-8."""
    return raw.decode("utf-8-sig").replace("\r\n", "\n")


def lines_of(raw: bytes) -> dict[str, int]:
    """The line, counted from 1, on which each key and table is first written, by dotted key; of a file that `parsed` takes.

    Statements are told apart by parsing them one by one. One of more than 200 lines ends the search: what follows has no line.
    """
    found: dict[str, int] = {}
    table, statement, first = "", "", 1
    for number, line in enumerate(text(raw).split("\n"), 1):
        statement += f"{line}\n"
        try:
            written = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:         # not whole yet
            if number - first < _LONGEST:
                continue
            break
        is_head = statement.lstrip().startswith("[")
        keys = list(_dotted(written, "" if is_head else table))
        table = keys[-1] if is_head else table
        for key in keys:
            found.setdefault(key, first)
        statement, first = "", number + 1
    return found


def _dotted(table: dict, path: str):
    """Every key in a table and below, outer ones first, as `class.good.min_a`; of a list of tables the last one's."""
    for key, value in table.items():
        full = f"{path}.{key}" if path else key
        yield full
        inner = value[-1] if isinstance(value, list) and value else value
        if isinstance(inner, dict):
            yield from _dotted(inner, full)
