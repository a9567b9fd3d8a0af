"""What was read of the clusters' submissions, kept as tables; and what is different when they are read again.

The tables are the contract's CSV, a folder a cluster (`cum-1/grades.csv`), as `ctd check --dump` and `ctd run` write them. Rows
are known by their first two columns; where they stand does not matter.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ..files import as_told, names_in, read_plain
from ..rows import COLUMNS, OPTIONAL, as_csv
from ..terms import TABLES
from .year import Year

Key = tuple[str, str]
#: Cluster and table → key → the row's other cells, as the CSV has them.
Kept = dict[Key, dict[Key, tuple[str, ...]]]


class NoReading(Exception):
    """A folder holds no tables as they were read; the message says so in Vietnamese."""


class Change(NamedTuple):
    """What became of one row: its other cells before and now; None where there was, or is, no such row."""
    key: Key
    before: tuple[str, ...] | None
    now: tuple[str, ...] | None


def files(year: Year) -> dict[str, Callable[[], bytes]]:
    """The files of the clusters that stand, each with what makes it; a table without a row is no file."""
    return {f"{cluster}/{table}.csv": partial(_csv, table, rows) for (cluster, table), rows in _tables(year).items()}


def _tables(year: Year) -> dict[Key, list[tuple]]:
    """The rows of each cluster and table, unit by unit."""
    order = {unit.unit: k for k, unit in enumerate(year.units)}
    cluster_of = {unit.unit: unit.cluster for unit in year.units}
    found: dict[Key, list[tuple]] = {(c.cluster, table): [] for c in year.clusters for table in TABLES}
    for table in TABLES:
        for row in sorted(getattr(year, table), key=lambda row: order[row.unit]):
            found[cluster_of[row.unit], table].append(row)
    return {key: rows for key, rows in found.items() if rows}


def _csv(table: str, rows: list[tuple]) -> bytes:
    """The contract's columns; an optional one where some row says something in it."""
    count = len(COLUMNS[table])
    held = tuple(column for column, usual in OPTIONAL.get(table, {}).items()
                 if any(getattr(row, column) != usual for row in rows))
    return as_csv(table, [(*row[:count], *(getattr(row, column) for column in held)) for row in rows], held).encode()


def of(year: Year) -> Kept:
    """A year's tables as they would be read again once they are kept."""
    return {(cluster, table): _rows(table, _csv(table, rows)) for (cluster, table), rows in _tables(year).items()}


def read(folder: Path) -> Kept:
    """The tables kept in a folder; `NoReading` where there are none, or one is not as it was written."""
    found: Kept = {}
    for cluster in names_in(folder):
        for table in TABLES:
            path = folder / cluster / f"{table}.csv"
            try:
                found[cluster, table] = _rows(table, read_plain(path))
            except (FileNotFoundError, NotADirectoryError):
                continue
            except (OSError, ValueError, csv.Error) as error:
                raise NoReading(f"{as_told(path)} không phải bảng do ctd check --dump hay ctd run ghi") from error
    if not found:
        raise NoReading(f"“{as_told(folder)}” không giữ bảng nào đã đọc; cần thư mục do ctd check --dump ghi, hoặc thư mục "
                        "read trong nơi ctd run ghi các trang")
    return found


def _rows(table: str, raw: bytes) -> dict[Key, tuple[str, ...]]:
    """The rows of one CSV file by key; ValueError where it is not a table of this kind, or has a row twice."""
    header, *rows = csv.reader(io.StringIO(raw.decode("utf-8"), newline=""), strict=True)
    beside = OPTIONAL.get(table, {})
    usual = tuple(beside.values())[len(header) - len(COLUMNS[table]):]
    found = {(row[0], row[1]): (*row[2:], *usual) for row in rows if len(row) == len(header)}
    if (*header, *tuple(beside)[len(beside) - len(usual):]) != (*COLUMNS[table], *beside) or len(found) < len(rows):
        raise ValueError(table)
    return found


def changes(before: Kept, now: Kept) -> dict[Key, list[Change]]:
    """For each cluster and table the rows that are not what they were: those of now first, then those that are gone."""
    found: dict[Key, list[Change]] = defaultdict(list)
    for at in dict.fromkeys([*now, *before]):
        old, new = before.get(at, {}), now.get(at, {})
        for key in dict.fromkeys([*new, *old]):
            if old.get(key) != new.get(key):
                found[at].append(Change(key, old.get(key), new.get(key)))
    return dict(found)
