"""Valid submissions made noisy at random, then saved by LibreOffice or given pictures, macros and links: all read exactly.

    .venv/bin/python tests/noisy.py [HOW_MANY]

Needs `soffice` on the machine; not part of the test suite. Prints the counts; ends with 1 where something was read otherwise.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import hostile
import libreoffice
import sheets
from layouts import given, grades_of, start, year_of

FIRST = 10_000          # seeds no other test has seen


def submission(seed: int):
    """One cluster's noisy workbook in a layout of its own, with its units and what was written into it."""
    random, units, names = start(seed)
    ticks = seed % 4 == 3
    stages = ("cluster",) if seed % 4 == 1 else ("self", "cluster")
    data = sheets.tables(random, units, stages)
    pages = {0: lambda: [sheets.matrix(random, data, names)], 1: lambda: [sheets.matrix(random, data, names, stages)],
             2: lambda: sheets.sheet_a_unit(random, data, names),
             3: lambda: [sheets.matrix(random, data, names, stages, ticks=ticks)]}[seed % 4]()
    return units, given(data, stages), sheets.save(sheets.noisy(random, pages))


def is_exact(folder: Path, units: list[str], wanted: dict, raw: bytes) -> bool:
    """Read back: no problem, and every grade as written."""
    read = year_of(folder, units, {"bang diem.xlsx": raw})
    return not any(p.cluster == "cum-1" for p in read.problems) and wanted == grades_of(read)


def main(count: int) -> int:
    """Each submission three times: as made, with one foreign part, and as LibreOffice saves it."""
    made = {f"s{seed}": submission(seed) for seed in range(FIRST, FIRST + count)}
    parts = [part for part, _ in hostile.harmless()]
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        (base / "made").mkdir()
        for name, (_, _, raw) in made.items():
            (base / "made" / f"{name}.xlsx").write_bytes(raw)
        libreoffice.save_again(sorted((base / "made").iterdir()), base / "saved")
        ways = {"as made": lambda name, k: made[name][2],
                "with a picture, macro, chart or link": lambda name, k: hostile.with_part(made[name][2], parts[k % len(parts)]),
                "saved by LibreOffice": lambda name, k: (base / "saved" / f"{name}.xlsx").read_bytes()}
        bad = 0
        for n, (said, way) in enumerate(ways.items()):
            wrong = [name for k, (name, (units, wanted, _)) in enumerate(made.items())
                     if not is_exact(base / f"{n}-{name}", units, wanted, way(name, k))]
            print(f"{said}: {len(made) - len(wrong)} of {len(made)} read exactly{f'; not: {wrong[:10]}' if wrong else ''}")
            bad += len(wrong)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300))
