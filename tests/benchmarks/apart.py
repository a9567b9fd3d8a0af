"""Sixty clusters on two workers that see nothing of this machine's folders, against two jobs here, taken in turn.

    python tests/benchmarks/apart.py [CLUSTERS] [TURNS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from batch import country, pages, run
from speed import ENV, ROOT

sys.path.insert(0, str(ROOT / "tests"))
from machines import machines  # noqa: E402 - beside the tests

WARM = 2                # clusters made once before: a worker's first task loads its libraries


def main(clusters: int, turns: int) -> None:
    """The ratio, and whether the pages are the same."""
    ENV["SOURCE_DATE_EPOCH"] = "1735689600"      # the one thing that differs between two runs
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        names = country(base, clusters)
        year, here, there = base / "year", [], []
        with machines(base / "machines", [year]) as two:
            some = [word for name in names[:WARM] for word in ("--cluster", name)]
            run(year, base / "warm", "--scheduler", two.address, *some)
            for turn in range(turns):
                here.append(run(year, base / f"here{turn}", "--jobs", "2").seconds)
                there.append(run(year, base / f"there{turn}", "--scheduler", two.address).seconds)
            same = pages(base / "here0") == pages(base / "there0")
        ratio = statistics.median(there) / statistics.median(here)
        print(f"{clusters} clusters: two workers / two jobs here {ratio:.2f} (wanted 1.3 or less); "
              f"{len(pages(base / 'there0'))} pages, {'the same byte for byte' if same else 'NOT THE SAME'}")


if __name__ == "__main__":
    main(*[int(a) for a in sys.argv[1:]] + [60, 3][len(sys.argv) - 1:])
