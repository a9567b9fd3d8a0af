"""Speed of `ctd compare`, whole processes in one run on one machine: no timed test, a thing to print and read.

    python tests/benchmarks/compare.py [runs]

The two shipped years against one `ctd appraise` (at most twice its time is asked), and two made-up years of 700 units as CSV
tables (at most 3 seconds). Each pair is measured in turn after one warm-up; medians are printed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from build import dice, random_units, write_year  # noqa: E402

OLD, NEW = str(ROOT / "data" / "2023"), str(ROOT / "data" / "2024")


def seconds(*words: str) -> tuple[float, float]:
    """Wall and processor time of `ctd`, whatever it ends with."""
    start, used = time.perf_counter(), os.times()
    subprocess.run([sys.executable, "-m", "ctd_analysis", *words, "--json", "-"], cwd=ROOT, capture_output=True, check=False,
                   timeout=600)
    now = os.times()
    return time.perf_counter() - start, now.children_user + now.children_system - used.children_user - used.children_system


def main(runs: int) -> None:
    """Print the ratio of the shipped years, then the seconds of two large ones."""
    ours, theirs = ("compare", OLD, NEW), ("appraise", NEW)
    seconds(*ours), seconds(*theirs)
    pairs = [(seconds(*ours), seconds(*theirs)) for _ in range(runs)]
    for k, what in enumerate(("wall", "processor")):
        ratio = statistics.median(a[k] / b[k] for a, b in pairs)
        print(f"two shipped years, {what}: {ratio:.2f} times one appraised (asked: 2)")
    with tempfile.TemporaryDirectory() as folder:
        years = [str(write_year(Path(folder) / name, random_units(dice(name), size=700, clusters=70))) for name in ("a", "b")]
        large = [statistics.median(side) for side in zip(*(seconds("compare", *years) for _ in range(runs)), strict=True)]
    print(f"700 units in each of two years: {large[0]:.2f} s, of which processor {large[1]:.2f} s (asked: 3)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5)
