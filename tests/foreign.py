"""How are spreadsheets refused that were never meant for us? A command, not a test: `python tests/foreign.py FOLDER…`

Every .xlsx, .xlsm, .xls and .ods under the folders is handed in as a cluster's submission. Each must be refused with a problem,
in time; a traceback, a silence or a success is told and makes the exit code 1. Where such files can be had: the test data of
other people's readers, for example the repositories SheetJS/test_files, tafia/calamine, tidyverse/readxl and
PHPOffice/PhpSpreadsheet, or the source packages of pandas and odfpy. With `--openpyxl` what is read from .xlsx is compared with
what openpyxl reads, cell by cell.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ctd_analysis.names import Names  # noqa: E402
from ctd_analysis.office import grid  # noqa: E402
from ctd_analysis.office.opener import Opener  # noqa: E402
from ctd_analysis.problems import Log  # noqa: E402
from ctd_analysis.sheets import workbook  # noqa: E402
from ctd_analysis.sheets.gather import Gathered  # noqa: E402
from ctd_analysis.year import year  # noqa: E402

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
SLOW = 5.0


def submit(path: Path, shipped) -> tuple[Log, dict, float]:
    """What a file is refused with, handed in by the first cluster; its tables; how long it took."""
    log, began = Log(), time.monotonic()
    gathered = Gathered("cum-1", shipped.book, Names({u.unit: u for u in shipped.all_units}), log)
    opener = Opener([path])
    try:
        workbook.read(path.name, opener.book(path), gathered)
    finally:
        opener.close()
    held = gathered.found | gathered.listed
    return log, {table for table in gathered.tables if held[table]}, time.monotonic() - began


def main(folders: list[str]) -> int:
    """Hand in every file; tell how each kind of refusal occurred, and what went wrong."""
    shipped = year.read(Path(__file__).resolve().parent.parent / "data" / "2024")
    compare = "--openpyxl" in folders
    paths = sorted(p for folder in folders if folder != "--openpyxl" for p in Path(folder).rglob("*")
                   if p.suffix.lower() in SUFFIXES and p.is_file())
    said, wrong, slowest = Counter(), [], 0.0
    for path in paths:
        try:
            log, tables, took = submit(path, shipped)
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            wrong.append(f"{path}: {type(error).__name__}: {error}")
            continue
        slowest = max(slowest, took)
        if not log.problems or tables or took > SLOW:
            wrong.append(f"{path}: {len(log.problems)} problems, tables {sorted(tables)}, {took:.1f} s")
        said[log.problems[0].what if log.problems else "không có lỗi nào"] += 1
        if compare and path.suffix.lower() in (".xlsx", ".xlsm"):
            wrong += [f"{path}: {difference}" for difference in differences(path)]
    for what, times in said.most_common():
        print(f"{times:6}  {what}")
    print(f"{len(paths)} files, {len(wrong)} wrong, slowest {slowest:.1f} s")
    for line in wrong:
        print(line)
    return 1 if wrong or not paths else 0


def differences(path: Path) -> list[str]:
    """Cells that openpyxl reads otherwise (the first ones), where both can read the file."""
    import openpyxl
    opener = Opener([path])
    try:
        book = opener.book(path)
    finally:
        opener.close()
    if book.refused:
        return []
    try:
        theirs = openpyxl.load_workbook(path, data_only=True, keep_links=False)
    except Exception:  # noqa: BLE001 - theirs to fail
        return []
    found = []
    for sheet in book.sheets:
        other = theirs[sheet.name] if sheet.name in theirs.sheetnames else None
        if other is None or not hasattr(other, "_cells"):
            continue
        # openpyxl's own name: what is public goes over every cell of a sheet that claims a million rows
        values = {place: cell.value for place, cell in other._cells.items() if cell.value is not None}
        for place in sheet.cells.keys() | values.keys():
            mine, their = sheet.cells.get(place), values.get(place)
            if not same(mine, their):
                found.append(f"{sheet.name} {place}: {mine} / {their!r}")
    return found[:3]


def same(mine: grid.Cell | None, their) -> bool:
    """Do a cell of ours and a value of openpyxl's say the same?"""
    if mine is None:
        return their in (None, "")
    if mine.kind == "f":
        return their in (None, 0)
    if mine.kind == "d":
        return isinstance(their, (date, datetime, clock)) or not isinstance(their, str)
    if mine.kind == "n":
        return not isinstance(their, str) and (isinstance(their, (date, datetime, clock)) or their == mine.value or
                                               not isinstance(their, (int, float)))
    return their == mine.value or str(their) == str(mine.value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
