"""Sheets as grids that may be changed in memory, and what a submission made of them is read as.

`Grid` is what the process that opens workbooks hands on, made free to change; `Case` is a submission whose reading is known.
All that is known here of the reader is in `Case.read`: its entry, and the cell each value was taken from.
"""

from __future__ import annotations

import io
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path
from typing import NamedTuple

import openpyxl
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils import get_column_letter

from ctd_analysis.files import Folder
from ctd_analysis.forms import template
from ctd_analysis.office import child
from ctd_analysis.office.grid import Book, Sheet, letters
from ctd_analysis.office.opener import Opener
from ctd_analysis.plan.load import load
from ctd_analysis.plan.rulebook import Rulebook
from ctd_analysis.problems import Log, Problem
from ctd_analysis.rows import COLUMNS, Row, Unit
from ctd_analysis.sheets.headings import is_filled
from ctd_analysis.values import nfc
from ctd_analysis.year import csvfile, parser, register, session, submission, year

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "data" / "2024"
FIXTURES = ROOT / "tests" / "cases" / "workbooks"


#: What a filled cell may be.
KINDS = frozenset(("head", "axis", "value", "note", "total", "percent", "around", "extra", "left"))


class Held(NamedTuple):
    """What one cell holds, its place apart: as `office.grid.Cell` has it."""
    kind: str
    value: object
    look: str = ""
    font: str = ""


@dataclass(frozen=True)
class Grid:
    """A sheet: cells by row and column, merged ones as (top, left, bottom, right)."""
    name: str
    cells: dict[tuple[int, int], Held]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    comments: tuple = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False

    @property
    def called(self) -> str:
        """Its name as messages have it."""
        return nfc(self.name)

    @classmethod
    def of(cls, data: dict) -> Grid:
        """From what the process that opens workbooks hands on."""
        cells = {(c[0], c[1]): Held(*c[2:]) for c in data["cells"]}
        bottom, right = max((r for r, _ in cells), default=0), max((c for _, c in cells), default=0)
        merges = ((t, left, min(b, bottom), min(r, right)) for t, left, b, r in data["merges"])
        return cls(data["name"], cells, tuple(m for m in merges if m[0] <= m[2] and m[1] <= m[3] and m[:2] != m[2:]),
                   tuple(map(tuple, data["comments"])), frozenset(data["hidden_rows"]),
                   frozenset(c for a, b in data["hidden_columns"] for c in range(a, min(b, right) + 1)), data["hidden"])

    def sheet(self) -> Sheet:
        """As the reader is given it."""
        return Sheet({"name": self.name, "hidden": self.hidden, "merges": self.merges,
                      "cells": [[*place, *held] for place, held in self.cells.items()],
                      "comments": self.comments, "hidden_rows": sorted(self.hidden_rows),
                      "hidden_columns": [(c, c) for c in sorted(self.hidden_columns)]})

    # ------------------------------------------------------------ changed, as a spreadsheet program does it

    def turned(self) -> Grid:
        """Rows as columns: what is done to rows is done to columns so."""
        return Grid(self.name, {(c, r): held for (r, c), held in self.cells.items()},
                    tuple((left, t, r, b) for t, left, b, r in self.merges), tuple((c, r, *w) for r, c, *w in self.comments),
                    self.hidden_columns, self.hidden_rows, self.hidden)

    def rows(self) -> list[int]:
        """The rows with something in them."""
        return sorted({r for r, _ in self.cells})

    def without(self, row: int) -> Grid:
        """A row deleted; a merged cell that loses its first row keeps what it says."""
        heirs = {(t, left): (t + 1, left) for t, left, b, _ in self.merges if t == row < b}
        cells = {heirs.get(place, place): held for place, held in self.cells.items() if place[0] != row or place in heirs}
        shift = [(t + (t == row), left, b, r) for t, left, b, r in self.merges if not t == b == row]
        return replace(self, cells={(r - (r > row), c): held for (r, c), held in cells.items()},
                       merges=tuple((t - (t > row), left, b - (b >= row), r) for t, left, b, r in shift),
                       comments=tuple((r - (r > row), *w) for r, *w in self.comments if r != row),
                       hidden_rows=frozenset(r - (r > row) for r in self.hidden_rows if r != row))

    def doubled(self, row: int) -> Grid:
        """A row copied and inserted below itself; a merged cell that goes on below it grows."""
        inside = {(t, left) for t, left, b, _ in self.merges if t == row < b}
        copy = {(row + 1, c): held for (r, c), held in self.cells.items() if r == row and (r, c) not in inside}
        return replace(self, cells={(r + (r > row), c): held for (r, c), held in self.cells.items()} | copy,
                       merges=(*((t + (t > row), left, b + (b > row), r) for t, left, b, r in self.merges),
                               *((row + 1, left, row + 1, r) for t, left, b, r in self.merges if t == b == row)),
                       comments=tuple((r + (r > row), *w) for r, *w in self.comments),
                       hidden_rows=frozenset(r + (r > row) for r in self.hidden_rows))

    def exchanged(self, first: int, second: int, width: int = 1) -> Grid | None:
        """Two rows (or as many from each on) exchanged; None where that would tear a merged cell."""
        to = {a: b for k in range(width) for a, b in ((first + k, second + k), (second + k, first + k))}
        homes, merges = {}, []
        for t, left, b, r in self.merges:
            moved = sorted(to.get(row, row) for row in range(t, b + 1))
            if moved[-1] - moved[0] != b - t:
                return None
            merges.append((moved[0], left, moved[-1], r))
            homes[t, left] = (moved[0], left)
        return replace(self, cells={homes.get((r, c), (to.get(r, r), c)): held for (r, c), held in self.cells.items()},
                       merges=tuple(merges), comments=tuple((to.get(r, r), *w) for r, *w in self.comments),
                       hidden_rows=frozenset(to.get(r, r) for r in self.hidden_rows))

    def with_cell(self, place: tuple[int, int], held: Held | None) -> Grid:
        """Something else in a cell, or nothing."""
        cells = {p: h for p, h in self.cells.items() if p != place}
        return replace(self, cells=cells if held is None else cells | {place: held})

    def extent(self, place: tuple[int, int]) -> tuple[int, int, int, int]:
        """What a cell covers: top, left, bottom, right."""
        return next((m for m in self.merges if m[:2] == place), (*place, *place))


def workbook(grids: Iterable[Grid]) -> bytes:
    """The grids as a real .xlsx."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for grid in grids:
        sheet = book.create_sheet()
        sheet.title = grid.name
        sheet.sheet_state = "hidden" if grid.hidden and len(book.worksheets) > 1 else "visible"
        for (row, column), held in grid.cells.items():
            _write(sheet.cell(row, column), held)
        for top, left, bottom, right in grid.merges:
            if not any(top <= r <= bottom and left <= c <= right and (r, c) != (top, left) for r, c in grid.cells):
                sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        for row in grid.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        for column in grid.hidden_columns:
            sheet.column_dimensions[get_column_letter(column)].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write(cell, held: Held) -> None:
    if held.kind == "d":
        day, _, hour = str(held.value).partition("T")
        cell.value = datetime.fromisoformat(held.value) if day else time.fromisoformat(hour)
    elif held.kind == "f":
        cell.value = "=1+1"
    elif held.kind == "e":
        cell.value, cell.data_type = held.value if held.value in ERROR_CODES else "#N/A", "e"
    else:
        cell.value = held.value
        if held.kind == "t":
            cell.data_type = "s"
        thousands, quote, word = held.look.partition('"')
        if held.look == "%" or quote:
            cell.number_format = "0%" if not quote else f'0{thousands}"{word}"'


# ---------------------------------------------------------------- a submission whose reading is known

@dataclass(frozen=True)
class Reading:
    """What was read, blank fields left out; from which cell (sheet, row, column); what was told; if the account is not full."""
    fields: dict[tuple, object]
    places: dict[tuple, tuple[str, int, int]]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    unaccounted: str = ""


class _InHand(NamedTuple):
    """Workbooks already opened, where the reader asks for one to be opened."""
    opened: Book

    def book(self, path: Path) -> Book:
        """The same, whatever the path."""
        return self.opened


@dataclass(frozen=True)
class Case:
    """A submission in a year's folder: one workbook of it as grids."""
    name: str
    folder: Path
    cluster: str
    path: Path
    grids: tuple[Grid, ...]
    rules: Rulebook = field(repr=False)
    units: dict[str, Unit] = field(repr=False)
    appraised: dict[tuple[str, int], str] = field(repr=False)

    def read(self, grids: Iterable[Grid]) -> Reading:
        """The submission with these sheets in its workbook."""
        return self._read(Book(tuple(grid.sheet() for grid in grids)))

    def read_saved(self, grids: Iterable[Grid], path: Path) -> Reading:
        """The same by way of a file and the process that opens files."""
        path.write_bytes(workbook(grids))
        opener = Opener([path])
        try:
            return self._read(opener.book(path)._replace(sha256=""))
        finally:
            opener.close()

    def _read(self, book: Book) -> Reading:
        log = Log()
        reading = parser.Parser(self.rules, self.units, log)
        accounts: list[tuple] = []
        records = submission.read(Folder(self.folder, log), self.cluster, reading, _InHand(book), accounts)
        given = {(g.unit, g.criterion): g.cluster for g in records.get("grades", ())}
        session.compare_appraised(reading, self.appraised, given)
        places = _places(reading)
        return Reading(fields_of(records), places, tuple(log.problems), tuple(log.notices),
                       unaccounted(book, accounts, () if log.problems else places.values()))


def unaccounted(book: Book, accounts: list[tuple], read: Iterable[tuple[str, int, int]]) -> str:
    """What is wrong with an account: a filled cell not in it or twice in it, an unknown kind, a value read from elsewhere."""
    filled = Counter((nfc(sheet.name), cell.address) for sheet in book.sheets for cell in sheet.cells.values()
                     if is_filled(cell))
    kinds = {row[1:3]: row[3] for row in accounts}
    if Counter(row[1:3] for row in accounts) != filled or not KINDS.issuperset(kinds.values()):
        return f"{filled.total()} filled cells, {len(accounts)} in the account, of kinds {sorted(set(kinds.values()))}"
    called = {(sheet, f"{letters(column)}{row}"): kinds.get((sheet, f"{letters(column)}{row}")) for sheet, row, column in read}
    return next((f"read from {' '.join(place)}, which the account calls {kind}" for place, kind in called.items()
                 if kind not in ("value", "note", "axis")), "")


def fields_of(records: dict[str, list]) -> dict[tuple, object]:
    """Table, unit, key and column → value; a branch without rating and fund is there all the same."""
    found = {}
    for table, rows in records.items():
        for row in rows:
            given = dict(zip(COLUMNS[table][2:], row[2:], strict=False)) | ({"branch": row[1]} if table == "branches" else {})
            found |= {(table, row[0], row[1], column): value for column, value in given.items() if value not in ("", None)}
    return found


def _places(reading: parser.Parser) -> dict[tuple, tuple[str, int, int]]:
    """From which cell each field was taken."""
    found = {}
    for gathered in reading.appraised:
        for table, rows in gathered.found.items():
            found |= {(table, unit, key, column): one for (unit, key), row in rows.items() for column, one in row.items()}
        for unit, _, given in gathered.listed["branches"]:
            found |= {("branches", unit, parser.words(given["branch"].seen), column): one for column, one in given.items()}
    return {key: (one.sheet, one.cell.row, one.cell.column) for key, one in found.items()}


def differences(before: Reading, after: Reading) -> dict[tuple, str]:
    """Each field that is not what it was, with both in words."""
    keys = before.fields.keys() | after.fields.keys()
    return {key: f"{'/'.join(map(str, key))}: {before.fields.get(key, '–')} → {str(after.fields.get(key, '–'))[:60]}"
            for key in sorted(keys, key=str) if before.fields.get(key) != after.fields.get(key)}


def news(before: Iterable[Problem], after: Iterable[Problem]) -> list[Problem]:
    """What is told now and was not told before, wherever its cell has moved to."""
    def said(one):
        return one.sheet, re.sub(r"\b[A-Z]{1,3}\d+\b|\d+", "", one.what), one.seen

    known, new = Counter(map(said, before)), []
    for one in after:
        if known[said(one)]:
            known[said(one)] -= 1
        else:
            new.append(one)
    return new


def cases(scratch: Path) -> list[Case]:
    """The fixtures that are read without a problem, the filled templates of clusters that sent CSV, the shipped workbooks."""
    found = []
    for fixture in sorted(p for p in FIXTURES.iterdir() if p.is_dir() and not (p / "expected" / "problems.txt").exists()):
        folder = shutil.copytree(fixture, scratch / fixture.name, dirs_exist_ok=True)
        shutil.copy(SHIPPED / "rulebook.toml", folder)
        found += _cases(fixture.name, folder)
    shipped = year.read(SHIPPED)
    return [*found, *filled(scratch, shipped, ("cum-1", "cum-2")), *_cases("2024", SHIPPED)]


def filled(scratch: Path, shipped: year.Year, clusters: Iterable[str]) -> list[Case]:
    """The templates of some clusters of the shipped year, filled from it."""
    folder = scratch / "filled"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("submissions"), dirs_exist_ok=True)
    (folder / "submissions").mkdir(exist_ok=True)
    for cluster in clusters:
        (folder / "submissions" / f"{cluster}.xlsx").write_bytes(template.workbook(shipped, cluster, filled=True))
    return _cases("filled", folder)


def _cases(name: str, folder: Path) -> list[Case]:
    rules = load(Path("rulebook.toml"), (folder / "rulebook.toml").read_bytes())
    units = {u.unit: u for u in register.read_units(_rows(folder, "units"), tuple(
        register.read_clusters(_rows(folder, "clusters"), rules)))}
    appraised = {(row.cells["unit"], int(row.cells["criterion"])): row.cells["grade"] for row in _rows(folder, "appraisal")}
    found = []
    for path in submission.workbooks(Folder(folder, Log())):
        answer = child.answer_for(str(path))
        cluster = path.relative_to(folder / "submissions").parts[0].partition(".")[0]
        found.append(Case(f"{name}/{path.name}", folder, cluster, path, tuple(map(Grid.of, answer["sheets"])), rules, units,
                          appraised))
    return found


def _rows(folder: Path, table: str) -> list[Row]:
    """A table of the year as typed; none where there is no file."""
    path = folder / f"{table}.csv"
    return list(csvfile.rows(path.name, path.read_bytes(), table, Log(), lambda _: None)) if path.exists() else []
