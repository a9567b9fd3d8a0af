"""What was found in a cluster's workbooks, cell by cell, until it is known that nothing is there twice.

Each value keeps its cell, the heading that names its unit and the cell that names its criterion (indicator, filing), so that a
problem is told where it can be mended. Rows come out as the CSV tables' rows do (`rows.Row`), for the same parser.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..names import Names
from ..office.grid import Cell
from ..plan.rulebook import Rulebook
from ..problems import Log
from ..rows import COLUMNS, Place, Row
from ..terms import TABLES
from ..values import plain
from .account import Account
from .headings import money_scale
from .layouts import Table, above

#: A line that says whose sheet it is.
_NAMED = re.compile(r"(?:tên\s+)?(?:đơn vị|huyện,? thành(?: hội| phố)?|huyện hội)(?:\s+(?:tự chấm|được chấm|dự thi))?"
                    r"\s*:\s*(.+)", re.IGNORECASE | re.DOTALL)


#: A line that says who graded owns nothing.
_GRADER = re.compile(r"(cụm trưởng|người|đơn vị|đoàn|tổ)\s+(chấm|thẩm định|kiểm tra|đánh giá|lập)"
                     r"|(cụm|trưởng cụm|cụm trưởng)\s*:", re.IGNORECASE)


class Given(NamedTuple):
    """One value as given: where, under which unit's name, for what, under which heading, and how its cell is read."""
    file: str
    sheet: str
    cell: Cell
    unit_cell: Cell | None
    axis: Cell
    head: Cell | None = None
    read: Callable[[], str] | None = None
    text: str | None = None

    @property
    def seen(self) -> str:
        """What a message shows."""
        return self.cell.text if self.text is None else self.text


class SheetRow(Row):
    """A row of a table put together from cells, each with its own place and its own way of being read."""

    def __init__(self, log: Log, cluster: str, table: str, key: dict[str, str], given: dict[str, Given], called: str):
        first = next(iter(given.values()))
        cells = dict.fromkeys(COLUMNS[table], "") | {column: one.seen for column, one in given.items()} | key
        corrected = dict.fromkeys(cell.corrected for one in given.values()
                                  for cell in (one.cell, one.axis, one.unit_cell, one.head) if cell and cell.corrected)
        super().__init__(log, cluster, Place(first.file, first.sheet, first.cell.row, "; ".join(corrected)), cells)
        self.given, self.first, self.called = given, first, called

    def take(self, column: str, parse: Callable, wanted: str | None = None):
        """The cell's value, or None and a problem."""
        one = self.given.get(column)
        return super().take(column, (lambda _: parse(one.read())) if one and one.read else parse, wanted)

    def place(self, column: str) -> Place:
        """Where the row was read, with the address of one of its cells where it was given."""
        one = self.given.get(column)
        return self.at._replace(file=one.file, sheet=one.sheet, cell=one.cell.address) if one else self.at

    def _evidence(self, column, what):
        one = self.given.get(column, self.first)
        return {"file": one.file, "what": f"{self.called}: {what}", "cluster": self.cluster, "sheet": one.sheet,
                "cell": one.cell.address, "line": None, "seen": one.seen}


class Gathered:
    """All that one cluster's workbooks hold."""

    def __init__(self, cluster: str, book: Rulebook, names: Names, log: Log, accounts: list[tuple] | None = None,
                 owner: str | None = None):
        self.accounts = accounts                        # gets a row for each filled cell, where somebody asked for them
        self.owner = owner                              # whose registration it is (V.3); None: a submission of December
        self.cluster, self.book, self.names, self.log = cluster, book, names, log
        self.file = ""
        self.found: dict[str, dict] = {table: {} for table in TABLES}
        self.listed: dict[str, list[tuple[str, dict, dict[str, Given]]]] = {"branches": [], "targets": []}
        self.appraised: list[tuple[str, int, Given]] = []
        self.tables: set[str] = set()
        self.counts: dict[tuple, Counter] = {}
        self.uncomputed: set[tuple[str, str]] = set()   # sheets whose printed sums no program has computed: told once
        self.measures: dict[tuple, list[str]] = {}      # the units of measure over a heading of a sheet
        self.refused: set[str] = set()                  # files that are none of ours as a whole
        self._told: set[tuple] = set()
        self._asked: set[tuple] = set()                 # where a problem was told
        self.account: Account | None = None             # of the sheet that is being read
        self.closed: list[Account] = []                 # of the sheets of the workbook that was read
        self._owners: dict[tuple, tuple[str, Cell | None]] = {}
        self._twice: dict[tuple, tuple] = {}

    # ------------------------------------------------------------ telling

    @property
    def here(self) -> tuple[str, str]:
        """File and sheet that are being read."""
        return self.file, self.account.sheet.name

    def problem(self, cell: Cell | None, what: str, wanted: str, seen: str | None = None,
                also: Iterable[Cell] = ()) -> None:
        """A problem at a cell, told once; it asks about those others with it."""
        self._asked |= {(*self.here, one.address) for one in (cell, *also) if one}
        self._tell(self.log.problem, cell, what, seen, wanted=wanted)

    def notice(self, cell: Cell | None, what: str, seen: str | None = None) -> None:
        """A notice at a cell, told once."""
        self._tell(self.log.notice, cell, what, seen)

    def _tell(self, tell, cell, what, seen, **more):
        place = (tell.__name__, *self.here, cell and cell.address, what)
        if place not in self._told:
            self._told.add(place)
            tell(self.file, what, cluster=self.cluster, sheet=self.here[1], cell=cell.address if cell else None,
                 seen=seen if seen is not None or cell is None else cell.text, **more)

    def unit(self, cell: Cell | None, id: str) -> str | None:
        """A unit that was named, if it is this cluster's, or the one whose registration it is; else a problem."""
        unit = self.names.units[id]
        if id == (self.owner or id) and unit.cluster == self.cluster:
            return id
        if self.owner:
            self.problem(cell, "bảng mang tên đơn vị khác", f"bảng của {self.names.units[self.owner].name}, theo tên tệp")
        else:
            self.problem(cell, f"đơn vị thuộc cụm {unit.cluster}, không thuộc {self.cluster}", f"đơn vị của {self.cluster}")
        return None

    def unit_in(self, cell: Cell, is_asked: bool) -> str | None:
        """The unit a cell names; a name that is no unit's may be a problem."""
        unit = self.names.match(cell.text) if cell.kind == "t" else None
        if unit is None and is_asked:
            self.unknown_unit(cell)
        return unit and self.unit(cell, unit)

    def unknown_unit(self, cell: Cell) -> None:
        """A problem: a name that is no unit's."""
        self.problem(cell, f"không có đơn vị này{self.names.hint(cell.text)}", "tên một đơn vị trong units.csv")

    def sheet_unit(self, table: Table) -> tuple[str, Cell | None] | None:
        """The one unit a whole table is about, by the lines over it and the sheet's name; where they differ, a problem.

        Where no line over a table names one, it is the unit of the table before it.
        """
        owner = self._sheet_unit(table, self._owners.get(self.here))
        if owner:
            self._owners[self.here] = owner
        return owner

    def _sheet_unit(self, table: Table, before: tuple[str, Cell | None] | None) -> tuple[str, Cell | None] | None:
        told: dict[str, Cell | None] = {}
        for cell in above(table):
            if _GRADER.search(plain(cell.value)):
                continue
            named = _NAMED.fullmatch(plain(cell.value))
            unit = self.names.match(cell.value) or named and self.names.match(named[1])
            if unit:
                told[unit] = cell
            elif named and not money_scale(named[1]) or table.before and self.names.looks_like_a_district(cell.value):
                return self.unknown_unit(cell)
        if own := self.names.match(table.sheet.name):
            told.setdefault(own, None)
        file = self._of_file()
        if told and file:
            told.setdefault(file, None)
        if not told and before:
            return before
        told = told or self._named_in_passing(table)
        if len(told) == 1:
            unit, cell = next(iter(told.items()))
            return (unit, cell) if self.unit(cell, unit) else None
        if told:
            cell = next((c for c in told.values() if c), None)
            self.problem(cell, "trang mang tên hai đơn vị khác nhau", "một đơn vị cho mỗi trang",
                         seen=", ".join(self.names.units[u].name for u in told))
        else:
            self.problem(None, f"không biết bảng này của đơn vị nào{self.names.hint(table.sheet.name)}",
                         "tên đơn vị ở đầu trang hoặc trên tên trang", seen=table.sheet.name)
        return None

    def _named_in_passing(self, table) -> dict[str, Cell | None]:
        """Units named inside a line of the title; else the one the file is named after."""
        lines = {unit: cell for cell in above(table) if "ngày" not in cell.value.casefold()
                 and not _GRADER.search(plain(cell.value)) and (unit := self.names.inside(cell.value))}
        file = self._of_file()
        return lines | ({file: None} if file and file not in lines else {})

    def _of_file(self) -> str | None:
        """The unit a file is named after."""
        return self.owner or self.names.match(self.file.rpartition("/")[2].rpartition(".")[0])

    # ------------------------------------------------------------ keeping

    def use(self, table: str, unit: str, key, column: str, given: Given) -> None:
        """A value and what heads it are used."""
        self.account.claim(given.cell, "note" if column == "note" else "value", table, unit, key, column)
        self.account.claim(given.axis, "axis", table, "", key)
        self.account.claim(given.unit_cell, "axis", table, unit)

    def has_told(self, cell: Cell) -> bool:
        """Was a problem told at this cell?"""
        return (*self.here, cell.address) in self._asked

    def put(self, table: str, unit: str, key, column: str, given: Given) -> None:
        """Keep one value; the same one given before is remembered as there twice."""
        self.tables.add(table)
        self.use(table, unit, key, column, given)
        row = self.found[table].setdefault((unit, key), {})
        first = row.setdefault(column, given)
        if first is given or first.cell is given.cell:
            return
        if (first.file, first.sheet, first.unit_cell) == (given.file, given.sheet, given.unit_cell):
            cell = given.head if first.axis is given.axis and given.head else given.axis
        else:
            cell = given.unit_cell
        if column != "note":
            self._twice.setdefault((given.file, given.sheet, cell and cell.address), (unit, key, first, given, cell))

    def add_branch(self, table: str, unit: str, given: dict[str, Given], **key: str) -> None:
        """Keep one branch of `branches`, or what one was given (`targets`, with the `indicator`)."""
        self.listed[table].append((unit, key, given))
        self.tables.add(table)
        for column, one in given.items():
            kind = "axis" if column == "branch" and one.text else "value"
            self.account.claim(one.cell, kind, table, unit, given["branch"].text, column)
            self.account.claim(one.unit_cell, "axis", table, unit)

    def check_twice(self) -> None:
        """A problem for each heading under which something stands that stood elsewhere already."""
        for unit, key, first, given, cell in self._twice.values():
            name = self.names.units[unit].name
            before = first.unit_cell if cell is given.unit_cell and first.unit_cell else first.cell
            where = ", ".join(p for p in (first.file if first.file != given.file else "", f"trang “{first.sheet}”"
                                          if first.sheet != given.sheet else "", f"ô {before.address}") if p)
            said = f"{name} có hai lần: đã có ở {where}" if cell is given.unit_cell or cell is given.head else \
                f"{self._called(unit, key)} có hai lần: đã có ở {where}"
            self.log.problem(given.file, said, cluster=self.cluster, sheet=given.sheet, cell=cell.address if cell else None,
                             seen=cell.text if cell else None, wanted="mỗi ô ghi một lần")

    # ------------------------------------------------------------ handing on

    def rows(self, table: str) -> Iterator[SheetRow]:
        """The rows of one table."""
        second = COLUMNS[table][1]
        for unit, key, given in self.listed.get(table, ()):
            yield SheetRow(self.log, self.cluster, table, {"unit": unit, **key}, given, self.names.units[unit].name)
        for (unit, key), given in self.found.get(table, {}).items():
            yield SheetRow(self.log, self.cluster, table, {"unit": unit, second: str(key)}, given, self._called(unit, key))

    def _called(self, unit, key) -> str:
        name = self.names.units[unit].name
        if isinstance(key, int):
            return f"{name}, tiêu chí {key}"
        label = self.book.indicators.get(key) or self.book.filings.get(key) or self.book.reports.get(key)
        return f"{name}, {label.label if label else key}"
