"""What a cluster sent: its tables found in `submissions/`, and each row read for what it means.

A table that is nowhere is unknown; one that is there twice is a problem. The four tables' columns are the contract's; what a
single cell may hold is `values`'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from . import csvfile, values
from .files import Folder
from .office.opener import Opener
from .plan.rulebook import Rulebook
from .problems import Log, Refused
from .rows import COLUMNS, Branch, Filing, Grade, Indicator, Row, Unit
from .sheets import cells
from .sheets.gather import Gathered
from .sheets.headings import meanings
from .sheets.names import Names
from .terms import TABLES, hint
from .values import Wrong, nfc, plain, words

#: Files that hold a submission as a workbook.
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


class Parser:
    """Reads rows of the tables: what they may name comes from the rule book and from `units.csv`."""

    def __init__(self, book: Rulebook, units: Mapping[str, Unit], log: Log):
        self.book, self.units, self.log = book, units, log
        self.names = Names(units)
        #: Appraised grades that stood in workbooks: compared with the appraisal, never merged.
        self.appraised: list[Gathered] = []

    def unit(self, text: str, cluster: str | None = None) -> str:
        """A unit's id; one of another cluster is wrong in a submission."""
        typed = plain(text)
        unit = self.units.get(typed)
        if unit is None:
            raise Wrong(f"không có đơn vị này{hint(typed, self.units)}", "mã đơn vị trong units.csv")
        if cluster is not None and unit.cluster != cluster:
            raise Wrong(f"đơn vị thuộc cụm {unit.cluster}, không thuộc {cluster}", f"đơn vị của {cluster}")
        return typed

    def criterion(self, text: str) -> int:
        """A criterion's number."""
        return criterion(text, self.book.criteria)

    def table(self, table: str, rows: Iterator[Row], cluster: str) -> Iterator:
        """The rows of one table of a submission; the same cell twice is a problem."""
        take = {"grades": self._grade, "indicators": self._indicator, "branches": self._branch, "filings": self._filing}[table]
        seen: dict = {}
        for row in rows:
            record = take(row, row.take("unit", lambda text: self.unit(text, cluster)))
            if record is None:
                continue
            first = seen.setdefault(record[:2], record)
            if first is not record:
                where = f"trang “{first.at.sheet}”, dòng {first.at.line}" if first.at.sheet else f"dòng {first.at.line}"
                row.problem(COLUMNS[table][1], f"dòng này đã có ở {where}", "mỗi ô ghi một lần")
            else:
                yield record

    def _grade(self, row: Row, unit) -> Grade | None:
        criterion = row.take("criterion", self.criterion)
        own, cluster = row.take("self", values.grade), row.take("cluster", values.grade)
        return Grade(unit, criterion, own, cluster, words(row.cells["note"]), row.at) if row.sound else None

    def _indicator(self, row: Row, unit) -> Indicator | None:
        name = row.take("indicator", lambda text: one_of(text, self.book.indicators, "chỉ tiêu"))
        target = row.take("target", values.whole)
        actual = row.take("actual", values.decimal if name == "converted" else values.whole)
        if name == "reporting" and actual is not None and actual > 1:
            row.problem("actual", "chế độ báo cáo chỉ ghi đạt hoặc không", "1 hoặc 0")
        return Indicator(unit, name, target, actual, words(row.cells["note"]), row.at) if row.sound else None

    def _branch(self, row: Row, unit) -> Branch | None:
        branch = words(row.cells["branch"])
        if not branch:
            row.problem("branch", "thiếu tên Hội cơ sở", "tên Hội cơ sở")
        rating, fund = row.take("rating", values.rating), row.take("fund", values.whole)
        return Branch(unit, branch, rating, fund, row.at) if row.sound else None

    def _filing(self, row: Row, unit) -> Filing | None:
        name = row.take("filing", lambda text: one_of(text, self.book.filings, "hồ sơ"))
        received = row.take("received", values.received)
        if name:
            check_distance(row, "received", received, self.book.filings[name].before)
        return Filing(unit, name, received, row.at) if row.sound else None


def criterion(text: str, count: int) -> int:
    """A criterion's number, 1 to `count`."""
    typed = plain(text)
    if not re.fullmatch("[0-9]{1,9}", typed) or not 1 <= int(typed) <= count:
        raise Wrong("không có tiêu chí này", f"số thứ tự tiêu chí từ 1 đến {count}")
    return int(typed)


def one_of(text: str, names, what: str) -> str:
    """One of some known names."""
    typed = plain(text)
    if typed not in names:
        raise Wrong(f"không có {what} này{hint(typed, names)}", ", ".join(n for n in names if n))
    return typed


def check_distance(row: Row, column: str, received, before: date) -> None:
    """A receipt date more than a year away from the plan's is a slip of the hand."""
    earliest, latest = may_come(before)
    if isinstance(received, date) and not earliest <= received <= latest:
        row.problem(column, f"ngày cách hạn {before:%d/%m/%Y} hơn một năm", f"ngày trong khoảng năm {before.year}")


def may_come(before: date) -> tuple[date, date]:
    """The first and the last day a filing can have come."""
    return _years_later(before, -1), _years_later(before, 1)


def _years_later(day: date, years: int) -> date:
    """The same day of another year (28 February for a 29th that is not there)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


# ---------------------------------------------------------------- finding the tables

def workbooks(folder: Folder, only: str | None = None) -> list[Path]:
    """Every workbook under `submissions/` (or one cluster's), to be opened ahead."""
    entries = [e for e in folder.entries(folder.path / "submissions") if only in (None, called(e))]
    return [p for entry in entries for p in (folder.entries(entry) if entry.is_dir() else [entry])
            if p.suffix.casefold() in WORKBOOKS and p.is_file()]


def read(folder: Folder, cluster: str, parser: Parser, opener: Opener) -> dict[str, list]:
    """The tables one cluster sent, each as its records; problems and notices go to the log."""
    files = _files(folder, cluster)
    if not files:
        return {}
    found: dict[str, list[tuple[Path, bytes]]] = {}
    gathered = Gathered(cluster, parser.book, parser.names, folder.log)
    for path in files:
        if path.suffix.casefold() in WORKBOOKS and not path.is_dir():
            _gather(folder, path, gathered, opener)
        else:
            for table, raw in _tables_of(folder, path, cluster):
                found.setdefault(table, []).append((path, raw))
    gathered.check_twice()
    parser.appraised.append(gathered)
    log, records = folder.log, {}
    for table, label in TABLES.items():
        places = found.get(table, [])
        if places and table in gathered.tables or len(places) > 1:
            names = [path.name for path, _ in places] + ([gathered.file.rpartition("/")[2]] if table in gathered.tables else [])
            log.problem(folder.name(places[-1][0]), f"{label} có hai lần trong hồ sơ", cluster=cluster,
                        seen=", ".join(names), wanted=f"một tệp {table}.csv, hoặc một bảng trong tệp bảng tính")
        elif places:
            records[table] = _records(folder, *places[0], table, cluster, parser)
        elif table in gathered.tables:
            records[table] = _gathered_records(gathered, table, parser)
        elif not any(p.cluster == cluster for p in log.problems):
            log.notice(f"submissions/{cluster}", f"không có {label} ({table}.csv): coi là chưa có số liệu", cluster=cluster)
    return records


def _gather(folder: Folder, path: Path, gathered: Gathered, opener: Opener) -> None:
    """Read one workbook into what was gathered."""
    from .sheets import workbook  # a dozen modules, which a year of CSV tables does without
    if not path.is_file():          # a pipe would be waited for
        folder.log.problem(folder.name(path), "không phải một tệp thường, không mở", cluster=gathered.cluster,
                           wanted="tệp bảng tính của cụm")
        return
    meanings("đơn vị")              # its patterns are compiled with the first heading: now, while the child is getting ready
    book, file = opener.book(path), folder.name(path)
    if book.sha256:
        folder.has_read(path, book.sha256, gathered.cluster)
    workbook.read(file, book, gathered)


def _gathered_records(gathered: Gathered, table: str, parser: Parser) -> list:
    records = list(parser.table(table, gathered.rows(table), gathered.cluster))
    if not records and not any(p.cluster == gathered.cluster for p in parser.log.problems):
        parser.log.notice(gathered.file, f"{TABLES[table]} không có dòng nào: coi là chưa có số liệu", cluster=gathered.cluster)
    return records


def compare_appraised(parser: Parser, appraised: Mapping, given: Mapping) -> None:
    """A notice at each appraised grade in a submission that is not what `appraisal.csv` says, or changes a grade without it."""
    for gathered in parser.appraised:
        for unit, criterion, one in gathered.appraised:
            where = {"cluster": gathered.cluster, "sheet": one.sheet, "cell": one.cell.address, "seen": one.seen}
            name = f"thẩm định của {parser.units[unit].name}, tiêu chí {criterion}"
            try:
                grade = values.grade(cells.grade(one.cell) if one.text is None and not one.read else one.read())
            except Wrong as wrong:
                parser.log.notice(one.file, f"{name}: {wrong}; không đọc", **where)
                continue
            known = appraised.get((unit, criterion))
            if known is not None and grade != known:
                said = f"appraisal.csv ghi {known or 'trống'}"
            elif known is None and grade and grade != given.get((unit, criterion), ""):
                said = "appraisal.csv không có dòng này"
            else:
                continue
            parser.log.notice(one.file, f"{name} là {grade}, {said}; không lấy theo hồ sơ", **where)


def _files(folder: Folder, cluster: str) -> list[Path]:
    """The files of a cluster's submission: one of its name, or those in a folder of its name."""
    root, log = folder.path / "submissions", folder.log
    found = [p for p in folder.entries(root, cluster) if called(p) == cluster]
    tables = [p for p in found if p.is_dir() or p.suffix.casefold() in (".csv", *WORKBOOKS)]
    for scan in (p for p in found if p not in tables):
        log.notice(folder.name(scan), "tệp lạ, không đọc", cluster=cluster, seen=scan.name)
    found = tables
    if len(found) > 1:
        log.problem(folder.name(root), "cụm có hơn một hồ sơ", cluster=cluster, seen=", ".join(p.name for p in found),
                    wanted=f"một tệp hoặc một thư mục {cluster}")
        return []
    files = [entry for p in found for entry in (folder.entries(p, cluster) if p.is_dir() else [p])]
    if not any(p.suffix.casefold() in (".csv", *WORKBOOKS) for p in files):
        log.problem(f"submissions/{cluster}", "chưa có hồ sơ của cụm", cluster=cluster,
                    wanted=f"thư mục {cluster} có các bảng {', '.join(f'{t}.csv' for t in TABLES)}")
        return []
    return files


def called(entry: Path) -> str:
    """The cluster an entry of `submissions/` is named after."""
    return nfc(entry.name if entry.is_dir() else entry.stem).casefold()


def _tables_of(folder: Folder, path: Path, cluster: str) -> Iterator[tuple[str, bytes]]:
    """Which tables a file holds: a CSV by its name, else by its header row."""
    name, suffix, file = nfc(path.stem).casefold(), path.suffix.casefold(), folder.name(path)
    if path.is_dir() and name not in TABLES:
        folder.log.notice(file, "thư mục con, không đọc", cluster=cluster, seen=path.name)
    elif suffix != ".csv":
        folder.log.notice(file, "tệp lạ, không đọc", cluster=cluster, seen=path.name)
    else:
        try:
            raw = folder.read(path, cluster)
        except Refused as refused:
            folder.log.problems += refused.problems
            return
        table = name if name in TABLES else csvfile.table_of(raw)
        if table in TABLES:
            yield table, raw
        else:
            folder.log.notice(file, "tệp lạ, không đọc", cluster=cluster, seen=path.name)


def _records(folder: Folder, path: Path, raw: bytes, table: str, cluster: str, parser: Parser) -> list:
    before = len(folder.log.problems)
    try:
        records = list(parser.table(table, csvfile.rows(folder.name(path), raw, table, folder.log, lambda _: cluster), cluster))
    except Refused as refused:
        folder.log.problems += refused.problems
        return []
    if not records and len(folder.log.problems) == before:
        folder.log.notice(folder.name(path), f"{TABLES[table]} không có dòng nào: coi là chưa có số liệu", cluster=cluster)
    return records
