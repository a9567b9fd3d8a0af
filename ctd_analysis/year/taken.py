"""A worksheet of the inspection come back: each filled line as a row of `appraisal.csv` or `verified.csv`, or as a problem.

A line is known by the code at its end, whatever else was moved. Nothing is written here; what a value may be is for the readers
of those tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from ..office.grid import Book, Cell, Sheet
from ..office.opener import Opener
from ..plan.rulebook import CONVERTED
from ..problems import Log, Problem, Refused
from ..rows import COLUMNS, Appraised, Place, Row, Verified, as_typed
from ..sheets import cells
from ..sheets.headings import money_scale
from ..terms import TABLES, day
from ..values import Wrong, plain, words
from . import verified
from .corrections import as_written
from .parser import Parser
from .session import method_of, read_appraisal
from .year import Year

#: The heads of the columns that are read, by what they hold; `code` names the line.
HEADS = {"sent": "Đã gửi", "method": "Cách xem", "value": "Thấy", "reason": "Lý do", "seen_on": "Ngày", "code": "Mã"}
_TYPED = ("method", "value", "reason", "seen_on")
#: What says “as it was sent”, and the table of grades beside those of `terms.FOUND`.
AS_SENT, GRADE = "đúng", "grade"
_SHEET_CODE = re.compile(r"phieu\|([0-9]{4})\|([0-9a-f]{12})")


def code_of(unit: str, table: str, item: int | str) -> str:
    """The code of a line."""
    return f"{unit}|{table}|{item}"


def sheet_code(year: int, population: str) -> str:
    """The code of a sheet: its year, and the list of branches it was made from."""
    return f"phieu|{year}|{population[:12]}"


@dataclass(frozen=True)
class Look:
    """A line of the worksheet: its table (of `terms.FOUND`, or `GRADE`), its name, what was sent, why to look."""
    table: str
    item: int | str
    called: str
    sent: str
    why: str


#: Lines of one unit under what heads them.
Lines = Sequence[tuple[str, Sequence[Look]]]


@dataclass(frozen=True)
class Taken:
    """What a worksheet adds to a year; nothing of it stands while there are problems."""
    appraised: tuple[Appraised, ...]
    verified: tuple[Verified, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]

    def rows(self) -> dict[str, list[dict[str, str]]]:
        """The rows to append, as they are typed, by table."""
        found = {"appraisal": self.appraised, "verified": self.verified}
        return {table: [dict(zip(COLUMNS[table], map(as_typed, row), strict=False)) for row in rows]
                for table, rows in found.items() if rows}

    def added(self, year: Year) -> Year:
        """The year as it would be read with these rows."""
        tables = verified.replaced({table: list(getattr(year, table)) for table in TABLES}, self.verified)
        return replace(year, appraisal=(*year.appraisal, *self.appraised), verified=(*year.verified, *self.verified),
                       **{table: tuple(rows) for table, rows in tables.items()})


def opened(path: Path) -> Book:
    """One workbook that a person hands over; `Refused` where it cannot be read, with what to do."""
    with closing(Opener([path])) as opener:
        book = opener.book(path)
    if book.refused:
        raise Refused(Problem(path.name, book.refused, wanted=book.wanted))
    return book


def take(year: Year, path: Path, population: str) -> Taken:
    """Read a worksheet back; `population` is the digest of the year's branches. `Refused`: a file that is no worksheet."""
    book = opened(path)
    reader = _Reader(year, path.name, population)
    if not sum(reader.read(sheet) for sheet in book.sheets):
        raise Refused(Problem(path.name, "không có trang nào là phiếu kiểm tra", wanted="phiếu do ctd inspect --xlsx lập"))
    return reader.taken()


class _Reader:
    """Reads the sheets of one worksheet."""

    def __init__(self, year: Year, file: str, population: str):
        self.year, self.file, self.population, self.log = year, file, population, Log()
        self.parser = Parser(year.book, {u.unit: u for u in year.all_units}, self.log)
        self.tables = {table: list(getattr(year, table)) for table in TABLES}
        self.sent = verified.sent_values(self.tables)
        self.grades = {(g.unit, g.criterion): g.cluster for g in year.grades}
        self.of: dict[str, list[Row]] = {"appraisal": [], "verified": []}

    def taken(self) -> Taken:
        """All that was read."""
        appraised = tuple(read_appraisal(self.of["appraisal"], self.parser, self.grades))
        found = tuple(verified.read(self.of["verified"], self.parser, self.tables))
        return Taken(appraised, found, tuple(self.log.problems), tuple(self.log.notices))

    def read(self, sheet: Sheet) -> bool:
        """One sheet; False where it is none of a worksheet."""
        head = next((row for row in sheet.rows if _heads(sheet, row)), None)
        if head is None:
            return False
        columns = _heads(sheet, head)
        if self._is_of_this_year(sheet, head):
            for row in (row for row in sheet.rows if row > head):
                held = {name: cell for name, column in columns.items() if (cell := sheet.cells.get((row, column)))
                        and (cell.kind == "f" or words(as_written(cell)))}
                if held.keys() & set(_TYPED):
                    self._line(sheet, row, columns, held)
        return True

    def _is_of_this_year(self, sheet: Sheet, head: int) -> bool:
        codes = [found for row in range(1, head) for cell in sheet.rows.get(row, ())
                 if cell.kind == "t" and (found := _SHEET_CODE.fullmatch(plain(cell.value)))]
        if len(codes) != 1 or int(codes[0][1]) != self.year.book.year:
            self.log.problem(self.file, "phiếu của năm khác" if codes else "trang này mất mã phiếu", sheet=sheet.name,
                             seen=", ".join(found[1] for found in codes), wanted=f"phiếu lập cho năm {self.year.book.year}")
            return False
        if codes[0][2] != self.population[:12]:
            self.log.notice(self.file, "danh sách Hội cơ sở đã đổi từ khi lập phiếu này", sheet=sheet.name)
        return True

    def _line(self, sheet: Sheet, at: int, columns: dict[str, int], held: dict[str, Cell]) -> None:
        """One filled line."""
        code = plain(as_written(held.get("code"))).split("|", 2)
        unit, table, item = code if len(code) == 3 else ("", "", "")
        address = {name: Cell(at, column, "t", "").address for name, column in columns.items()}
        named = {"unit": unit, "item": item, "table": table, "criterion": item}
        typed = {name: as_written(held.get(name)).partition("T")[0] if name in held and held[name].kind == "d" else
                 as_written(held.get(name)) for name in _TYPED}
        row = Row(self.log, self.parser.cluster_named(unit), Place(self.file, sheet.name, at),
                  {**named, **typed, "code": "|".join(code), "grade": typed["value"]},
                  {**address, **dict.fromkeys(named, address["code"]), "grade": address["value"]})
        if unit not in self.parser.units or table not in (*verified.STANDS, GRADE):
            row.problem("code", "dòng có ghi mà không rõ là mục nào", "mã cuối dòng như khi lập phiếu")
        elif row.cluster in self.year.failed:
            row.problem("unit", f"hồ sơ của {row.cluster} đang có lỗi, chưa nhận phiếu", "sửa hồ sơ của cụm trước")
        elif table == GRADE:
            self._grade(row, held)
        else:
            self._other(row, held)

    # ---- a grade: a row of the appraisal, which knows no day of its own

    def _grade(self, row: Row, held: dict[str, Cell]) -> None:
        unit, number = row.cells["unit"], row.take("criterion", self.parser.criterion)
        stands = next((a for a in self.year.appraisal if (a.unit, a.criterion) == (unit, number)), None)
        given = self.grades.get((unit, number), "")
        if stands:
            row.problem("criterion", f"tiêu chí này đã có ở {stands.at.file}, dòng {stands.at.line}", "mỗi tiêu chí một dòng")
        elif row.sound and "value" not in held:
            row.problem("value", "đã xem mà chưa ghi điểm", f"A, B, C, KAD hoặc “{AS_SENT}”; chưa xem thì để trống cả dòng")
        is_same = self._settle(row, held, given)
        seen_on, method = row.take("seen_on", verified.seen_on(self.year.book.year)), row.take("method", method_of)
        reason = words(row.cells["reason"])
        if row.sound and not is_same and row.cells["grade"] != given and not reason:
            row.problem("reason", "điểm thấy khác điểm cụm chấm mà không ghi lý do", "lý do")
        if row.sound:
            row.cells["method"] = method
            row.cells["reason"] = "; ".join(text for text in (reason, seen_on and f"xem ngày {day(seen_on)}") if text)
            self.of["appraisal"].append(row)

    # ---- anything else: a row of the findings

    def _other(self, row: Row, held: dict[str, Cell]) -> None:
        unit, table, item = (row.cells[name] for name in ("unit", "table", "item"))
        stands = next((v for v in self.year.verified if v[:3] == (unit, table, item)), None)
        if stands:
            row.problem("item", f"mục này đã có ở {stands.at.file}, dòng {stands.at.line}", "mỗi mục một dòng")
        if (unit, table, item) in self.sent or table not in verified.OF_BRANCHES:     # an unknown branch is told by the reader
            self._settle(row, held, self.sent.get((unit, table, item)))
        if row.sound:
            self.of["verified"].append(row)

    def _settle(self, row: Row, held: dict[str, Cell], sent) -> bool:
        """The value typed, as the tables hold it: “đúng” is what was sent, an amount is read as in submissions. Was it that?"""
        sent = None if sent == "" else sent
        shown = verified.shown(sent)
        is_stale = words(as_written(held.get("sent"))) not in (shown, "")
        is_same = plain(row.cells["value"]).casefold() == AS_SENT
        if is_same and (is_stale or sent is None):
            row.problem("value", f"“{AS_SENT}” mà số đã gửi nay là {shown}", "ghi rõ điều đã thấy")
        elif is_same:
            row.cells["value"] = row.cells["grade"] = as_typed(sent)
        elif "value" in held:
            typed = row.take("value", lambda _: self._amount(row, held["value"]))
            row.cells["value"] = row.cells["grade"] = typed or ""
        if is_stale and row.sound:
            row.notice("sent", f"từ khi lập phiếu đã gửi lại: nay là {shown}")
        return is_same

    def _amount(self, row: Row, cell: Cell) -> str:
        """A value as the table's CSV would hold it; `Wrong` for a formula never computed, an amount of two meanings."""
        table, one = row.cells["table"], self.year.book.indicators.get(row.cells["item"])
        if table == "fund":
            return cells.amount(cell, cells.Measure("đồng", 1))
        if table in ("actual", "target") and one:
            measure = cells.Measure(one.measure, money_scale(one.measure))
            return cells.amount(cell, measure, is_whole=(table, one.kind) != ("actual", CONVERTED))
        if cell.kind == "f":
            raise Wrong("công thức chưa được tính", "điều đã thấy, gõ thẳng vào ô")
        return as_written(cell)


def _heads(sheet: Sheet, row: int) -> dict[str, int]:
    """The columns of a line of heads, or none where it is not one."""
    said = {plain(as_written(cell)): cell.column for cell in sheet.rows[row]}
    return {name: said[head] for name, head in HEADS.items()} if set(HEADS.values()) <= said.keys() else {}


def filled(rows: dict[str, list[dict[str, str]]]) -> Iterator[str]:
    """The rows of a worksheet as lines of words."""
    for table, found in rows.items():
        for row in found:
            yield f"{table}.csv: {', '.join(value for value in row.values() if value)}"
