"""A workbook of 20 sheets × 2,000 filled rows, read or refused: how long, how much memory. Printed, no test of time.

    python tests/benchmarks/large.py

`ctd check` on the shipped year with such a workbook as the first cluster's, a whole process each time. Of processor time a busy
machine takes no more; the memory is that of the largest process, the one that opens or the one that reads.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook

ROOT = Path(__file__).resolve().parents[2]
SHEETS, ROWS, CLUSTER = 20, 2_000, "cum-1"
UNITS = ("Huyện Hòn Đất", "Huyện Kiên Lương", "Thành phố Hà Tiên")
#: By what the sheets hold: the head, and a row.
KINDS = {
    "branches": (("Đơn vị", "Hội cơ sở", "Xếp loại", "Quỹ"), lambda s, r: (UNITS[r % 3], f"Xã {s}.{r}", "Khá", 10**7 + r)),
    "grades, each 43 rows again": (("Tiêu chí", "Nội dung", *UNITS[:2]), lambda s, r: (r % 43 + 1, f"Việc {r}", "A", "B")),
    "a list of people": (("STT", "Họ và tên", "Năm sinh", "Xã"), lambda s, r: (r + 1, f"Nguyễn Văn {s}.{r}", 1980, "xã")),
    "more cells than are opened": (("A", "B", "C", "D", "E", "F"), lambda s, r: (r, r, r, r, r, r))}


def workbook(path: Path, kind: str) -> None:
    """Write one."""
    book = Workbook(write_only=True)
    head, row = KINDS[kind]
    for s in range(SHEETS):
        sheet = book.create_sheet(f"Trang {s + 1}")
        sheet.append(head)
        for r in range(ROWS):
            sheet.append(row(s, r))
    book.save(path)


def main() -> None:
    """Print a line a kind."""
    with tempfile.TemporaryDirectory() as made:
        year = Path(made) / "2024"
        shutil.copytree(ROOT / "data" / "2024", year)
        shutil.rmtree(year / "submissions" / CLUSTER)
        for kind in KINDS:
            workbook(year / "submissions" / f"{CLUSTER}.xlsx", kind)
            start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run([sys.executable, "-m", "ctd_analysis", "check", str(year)], cwd=ROOT, capture_output=True,
                                  env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, encoding="utf-8")
            wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(f"{kind}: {wall:.1f} s, of processor time {spent:.1f} s (wanted 5 or less), at most so far "
                  f"{after.ru_maxrss // 1024} MB (wanted 400 or less); {done.stdout.count('LỖI')} problems, "
                  f"{done.stdout.count('LƯU Ý')} notices")


if __name__ == "__main__":
    main()
