"""What a cluster sent: its tables found in `submissions/`, as CSV or in workbooks.

A table that is nowhere is unknown; one that is there twice is a problem. What a row means is `parser`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..files import Folder
from ..office.opener import Opener
from ..problems import Refused
from ..sheets.gather import Gathered
from ..sheets.headings import meanings
from ..terms import TABLES
from ..values import nfc
from . import csvfile
from .parser import Parser

#: Files that hold a submission as a workbook.
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")


# ---------------------------------------------------------------- finding the tables

def workbooks(folder: Folder, only: str | None = None) -> list[Path]:
    """Every workbook under `submissions/` (or one cluster's), to be opened ahead."""
    entries = [e for e in folder.entries(folder.path / "submissions") if only in (None, called(e))]
    return [p for entry in entries for p in (folder.entries(entry) if entry.is_dir() else [entry])
            if p.suffix.casefold() in WORKBOOKS and p.is_file()]


def read(folder: Folder, cluster: str, parser: Parser, opener: Opener, accounts: list | None = None) -> dict[str, list]:
    """The tables one cluster sent, each as its records; problems and notices go to the log, each cell's fate to `accounts`."""
    files = _files(folder, cluster)
    if not files:
        return {}
    found: dict[str, list[tuple[Path, bytes]]] = {}
    gathered = Gathered(cluster, parser.book, parser.names, folder.log, accounts is not None)
    for path in files:
        if path.suffix.casefold() in WORKBOOKS and not path.is_dir():
            _gather(folder, path, gathered, opener)
        else:
            for table, raw in _tables_of(folder, path, cluster):
                found.setdefault(table, []).append((path, raw))
    gathered.check_twice()
    if accounts is not None:
        accounts += gathered.accounts
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
    from ..sheets import workbook  # a dozen modules, which a year of CSV tables does without
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
