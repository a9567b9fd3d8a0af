"""The bench's speed as ratios, taken in one run on one machine: no timed test, a thing to print and read.

    python tests/benchmarks/library.py

`sweep` against the array code it stands on (judging the same settings, without a table); `read`, `appraise` and `.units` of the
shipped year, in a process of its own that imports nothing before, against one that only imports pandas.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).resolve().parent), str(ROOT)]

import numpy as np  # noqa: E402
from whatif import a_province, compare  # noqa: E402

import ctd_analysis as ctd  # noqa: E402
from ctd_analysis.answers.readings import outcome  # noqa: E402
from ctd_analysis.bench.years import Year  # noqa: E402
from ctd_analysis.plan.facts import Settings  # noqa: E402
from ctd_analysis.plan.judgement import judge  # noqa: E402

LADDER = {"class.excellent.min_a": range(24, 44), "class.excellent.branch_percent": range(50, 100)}
MIXED = {"flag.dues.below_percent": range(0, 100), "class.good.min_a": range(30, 40)}


def sweeps(name: str, swept: dict[str, range]) -> None:
    """A thousand scenarios, 700 units, two keys."""
    read, facts = a_province(700)
    year = Year(read)
    assert year.appraised       # read and judged once, as in a notebook
    places = np.indices([len(values) for values in swept.values()]).reshape(len(swept), -1)
    columns = {key: np.array(list(values))[places[k], None] for k, (key, values) in enumerate(swept.items())}
    settings = Settings.of(read.book)

    ours, array = compare(lambda: ctd.sweep(year, swept), lambda: outcome(judge(facts, settings.valued(columns))), runs=9)
    print(f"sweep of {name}, 1,000 scenarios × 700 units: {1000 * ours:.0f} ms; table / its array code: {ours / array:.2f} "
          "(wanted 3 or less)")


def from_nothing() -> None:
    """Seconds of a process without the interpreter's own start, the least of nine: what else runs only adds to it."""
    calls = {"pandas": "import pandas",
             "library": "import ctd_analysis as ctd; ctd.appraise(ctd.read('data/2024')).units"}
    times: dict[str, list[float]] = {name: [] for name in calls}
    timed = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"
    for _ in range(9):
        for name, call in calls.items():
            done = subprocess.run([sys.executable, "-c", timed.format(call)], cwd=ROOT, capture_output=True, text=True,
                                  check=True, env={"PYTHONPATH": str(ROOT), "PATH": ""})
            times[name].append(float(done.stdout))
    pandas, library = (min(times[name]) for name in ("pandas", "library"))
    print(f"read + appraise + .units of the shipped year: {1000 * library:.0f} ms; import pandas: {1000 * pandas:.0f} ms; "
          f"ratio {library / pandas:.2f} (wanted 2 or less)")


if __name__ == "__main__":
    sweeps("the ladder", LADDER)
    sweeps("a flag and the ladder", MIXED)
    from_nothing()
