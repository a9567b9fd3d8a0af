"""A TOML file's tables, on which line each of its keys stands, and what is wrong with one, told by key and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, fields
from functools import cached_property
from types import MappingProxyType

from ..problems import Log, Problem, Refused, visible
from ..terms import hint

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


def fault(file: str, raw: bytes, error: ValueError) -> Problem:
    """Why `parsed` refused a file, told by its line; a key or a table written twice also by its name and first line."""
    if isinstance(error, UnicodeDecodeError):
        return Problem(file, "tệp không phải UTF-8", wanted="lưu lại bằng mã UTF-8")
    place = re.search(r"\(at line (\d+), ", str(error))
    if place is None:
        return Problem(file, f"không đọc được TOML{f' ({_TOO_DEEP})' * (str(error) == _TOO_DEEP)}", wanted="đúng cú pháp TOML")
    line = int(place[1])
    if str(error).startswith("Cannot "):        # overwrite a value, declare a table twice
        key = [keys[-1] for at, keys in _statements(raw) if at <= line][-1]
        if (first := lines_of(raw)[key]) < line:
            return Problem(file, f"khóa {key}: ghi hai lần, lần đầu ở dòng {first}", line=line, wanted="mỗi khóa một lần")
    return Problem.at(file, "không đọc được TOML", text(raw).split("\n")[line - 1].strip(), line=line,
                      wanted="đúng cú pháp TOML")


def lines_of(raw: bytes) -> dict[str, int]:
    """The line, counted from 1, on which each key and table is first written, by dotted key; of a file that `parsed` takes.

    One statement of more than 200 lines ends the search: what follows has no line.
    """
    found: dict[str, int] = {}
    for line, keys in _statements(raw):
        for key in keys:
            found.setdefault(key, line)
    return found


def _statements(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each statement's first line and dotted keys, outer ones first: told apart by parsing them one by one."""
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
        if keys:
            yield first, keys
        statement, first = "", number + 1


def _dotted(table: dict, path: str):
    """Every key in a table and below, outer ones first, as `class.good.min_a`; of a list of tables the last one's."""
    for key, value in table.items():
        full = f"{path}.{key}" if path else key
        yield full
        inner = value[-1] if isinstance(value, list) and value else value
        if isinstance(inner, dict):
            yield from _dotted(inner, full)


class KeyLog(Log):
    """Problems of a TOML file, told by key, and by the line of the key or of the table it is missing from."""

    def __init__(self, file: str, raw: bytes):
        super().__init__()
        self.file, self.raw = file, raw

    @cached_property
    def lines(self) -> dict[str, int]:
        """On which line each key stands."""
        return lines_of(self.raw)

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
                self.key(f"{path}.{key}", "không có khóa này", wanted=f"một trong {', '.join(kinds)}{hint(key, kinds)}")
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
