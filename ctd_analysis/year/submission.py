"""What a cluster sent: its tables found in `submissions/`, as CSV or in workbooks.

A table that is nowhere is unknown; one that is there twice is a problem. What a row means is `parser`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from ..files import Folder, as_told
from ..office.opener import Opener
from ..problems import Refused
from ..rows import Row
from ..sheets.gather import Gathered
from ..sheets.headings import meanings
from ..terms import TABLES
from ..values import nfc
from . import csvfile, ourform, plausible
from .corrections import Corrections
from .parser import Parser

#: Files that hold a submission as a workbook.
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_FEW = 3                # notices of a file that is refused as a whole: more would bury why
#: What a browser, a mail program or a file manager adds to the name of a copy.
_COPIED = re.compile(r"(?:bản sao|copy|sao chép)\s+(?:của|of)\s+|\s*\(\d{1,3}\)$|\s*[-–_(]?\s*(?:bản sao|copy|sao chép)\)?$")


# ---------------------------------------------------------------- finding the tables

def workbooks(folder: Folder, only: str | None = None) -> list[Path]:
    """Every workbook under `submissions/` (or one cluster's), to be opened ahead."""
    entries = [e for e in folder.entries(folder.path / "submissions") if only in (None, called(e))]
    return [p for entry in entries for p in (folder.entries(entry) if entry.is_dir() else [entry])
            if p.suffix.casefold() in WORKBOOKS and p.is_file()]


def read(folder: Folder, cluster: str, parser: Parser, opener: Opener, accounts: list | None = None,
         corrections: Corrections | None = None) -> dict[str, list]:
    """The tables one cluster sent, each as its records; problems and notices go to the log, each cell's fate to `accounts`."""
    files = _files(folder, cluster)
    if not files:
        return {}
    found: dict[str, list[tuple[Path, bytes]]] = {}
    gathered = Gathered(cluster, parser.book, parser.names, folder.log, accounts)
    for path in files:
        if path.suffix.casefold() in WORKBOOKS and not path.is_dir():
            gather(folder, path, gathered, opener, corrections or Corrections(folder.log))
        else:
            for table, raw in _tables_of(folder, path, cluster):
                found.setdefault(table, []).append((path, raw))
    gathered.check_twice()
    plausible.exchanged_days(gathered, parser.book)
    parser.appraised.append(gathered)
    log, records = folder.log, {}
    for table, label in TABLES.items():
        places = found.get(table, [])
        if places and table in gathered.tables or len(places) > 1:
            names = [path.name for path, _ in places] + ([gathered.file.rpartition("/")[2]] if table in gathered.tables else [])
            log.problem(folder.name(places[-1][0]), f"{label} có hai lần trong hồ sơ", cluster=cluster,
                        seen=", ".join(names), wanted=f"một tệp {table}.csv, hoặc một bảng trong tệp bảng tính")
        elif places:
            file = folder.name(places[0][0])
            rows = csvfile.rows(file, places[0][1], table, log, lambda _: cluster)
            records[table] = _records(file, rows, table, cluster, parser)
        elif table in gathered.tables:
            records[table] = _records(gathered.file, gathered.rows(table), table, cluster, parser)
        elif not any(p.cluster == cluster for p in log.problems):
            log.notice(f"submissions/{cluster}", f"không có {label} ({table}.csv): coi là chưa có số liệu", cluster=cluster)
    leave_why(gathered)
    return records


def leave_why(gathered: Gathered) -> None:
    """Of a file that is refused as a whole only few notices stay beside why."""
    log = gathered.log
    for file in gathered.refused:
        told = [notice for notice in log.notices if notice.file == file]
        log.notices[:] = [notice for notice in log.notices if notice not in told[_FEW:]]


def gather(folder: Folder, path: Path, gathered: Gathered, opener: Opener, corrections: Corrections) -> None:
    """Read one workbook into what was gathered."""
    from ..sheets import workbook  # a dozen modules, which a year of CSV tables does without
    if not path.is_file():          # a pipe would be waited for
        folder.log.problem(folder.name(path), "không phải một tệp thường, không mở", cluster=gathered.cluster,
                           wanted="một tệp bảng tính")
        return
    meanings("đơn vị")              # its patterns are compiled with the first heading: now, while the child is getting ready
    book, file = opener.book(path), folder.name(path)
    if book.sha256:
        folder.has_read(path, book.sha256, None if gathered.owner else gathered.cluster)
    book = corrections.book(file, book)
    workbook.read(file, book, gathered)
    ourform.check(gathered)


def _files(folder: Folder, cluster: str) -> list[Path]:
    """The files of a cluster's submission: one of its name, or those in a folder of its name."""
    root, log = folder.path / "submissions", folder.log
    named = [p for p in folder.entries(root, cluster) if cluster in (called(p), copy_of(called(p)))]
    entries = [p for p in named if p.is_dir() or p.suffix.casefold() in (".csv", *WORKBOOKS)]
    for scan in (p for p in named if p not in entries and called(p) == cluster):
        log.notice(folder.name(scan), "tệp lạ, không đọc", cluster=cluster, seen=scan.name)
    found = [p for p in entries if called(p) == cluster]
    if len(entries) > 1 and found:
        log.problem(folder.name(root), f"cụm có hơn một hồ sơ: {with_times(entries)}", cluster=cluster,
                    wanted=f"một tệp hoặc một thư mục {cluster}; giữ bản đúng, chuyển bản kia đi nơi khác")
        return []
    files = [entry for p in found for entry in (folder.entries(p, cluster) if p.is_dir() else [p])]
    if not any(p.suffix.casefold() in (".csv", *WORKBOOKS) for p in files):
        lies = f" (chỉ có {with_times(entries)})" if entries and not found else ""
        log.problem(f"submissions/{cluster}", f"chưa có hồ sơ của cụm{lies}", cluster=cluster, is_absence=not lies,
                    wanted=f"tệp {cluster}.xlsx, hoặc thư mục {cluster} có các bảng {', '.join(f'{t}.csv' for t in TABLES)}")
        return []
    return files


def with_times(paths: Iterable[Path]) -> str:
    """Files with the time each was last written, as a file manager shows it."""
    def one(path: Path) -> str:
        try:
            time = f" (ghi lúc {datetime.fromtimestamp(path.stat().st_mtime):%H:%M ngày %d/%m/%Y})"
        except (OSError, OverflowError, ValueError):        # gone meanwhile, a time no calendar has
            time = ""
        return f"“{as_told(Path(path.name))}”{time}"

    return " và ".join(map(one, paths))


def copy_of(name: str) -> str:
    """What a file is a copy of, by its name: `cum-3 (1)`, `cum-3 - copy` and `bản sao của cum-3` are copies of `cum-3`."""
    while (bare := _COPIED.sub("", name, count=1).strip()) and bare != name:
        name = bare
    return name


def called(entry: Path) -> str:
    """The cluster an entry of `submissions/` is named after."""
    return nfc(entry.name if entry.is_dir() else entry.stem).casefold()


def _tables_of(folder: Folder, path: Path, cluster: str) -> Iterator[tuple[str, bytes]]:
    """Which tables a file holds: a CSV by its name, else by its header row."""
    name, suffix, file = nfc(path.stem).casefold(), path.suffix.casefold(), folder.name(path)
    if path.is_dir() and name not in TABLES:
        folder.log.notice(file, "thư mục con, không đọc", cluster=cluster, seen=path.name)
        return
    table = None
    if suffix == ".csv":
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


def _records(file: str, rows: Iterator[Row], table: str, cluster: str, parser: Parser) -> list:
    """The records of one table; that there is none is remarked on where nothing else is wrong."""
    log = parser.log
    try:
        records = list(parser.table(table, rows, cluster))
    except Refused as refused:
        log.problems += refused.problems
        return []
    if not records and not any(p.cluster == cluster for p in log.problems):
        log.notice(file, f"{TABLES[table]} không có dòng nào: coi là chưa có số liệu", cluster=cluster)
    return records
