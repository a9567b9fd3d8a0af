"""Speed of the what-if as ratios, taken in one run on one machine: no timed test, a thing to print and read.

    python tests/benchmarks/whatif.py

The other side of the big ratios is a loop that calls the library once per unit and combination (or scenario): a sample of its
calls is timed and multiplied, for the whole would take minutes. Each pair is measured in turn; medians are printed. Memory is
the most a process of its own ever held, Python, numpy and the made-up year included, as the system counts it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

from build import a_year, at_once, dice, random_changes, random_units, settings_of, shipped_book  # noqa: E402

from ctd_analysis.answers import edges, nearest, readings, what_if  # noqa: E402
from ctd_analysis.answers.appraisal import appraise  # noqa: E402
from ctd_analysis.plan.facts import Settings  # noqa: E402
from ctd_analysis.plan.judgement import judge  # noqa: E402
from ctd_analysis.plan.scenario import amend  # noqa: E402
from ctd_analysis.year.tally import tally  # noqa: E402


def seconds(call: Callable) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def compare(ours: Callable, theirs: Callable, runs: int = 21) -> tuple[float, float]:
    """Median seconds of both, measured in turn after one warm-up."""
    ours(), theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    return tuple(map(statistics.median, zip(*pairs, strict=True)))


def a_province(size: int):
    """A made-up year of so many units, and its facts."""
    year = a_year(random_units(dice(f"benchmark {size}"), size=size, clusters=max(4, size // 10)))
    return year, tally(year)


def one_by_one(facts, settings: list[Settings], calls: int) -> Callable:
    """The loop: so many calls of the library, each for one unit under one setting."""
    alone = [facts.only(i) for i in range(len(facts.units))]
    some = [(alone[n % len(alone)], settings[n % len(settings)]) for n in range(calls)]
    return lambda: [int(judge(unit, setting).final_class[0]) for unit, setting in some]


def combinations() -> None:
    """All readings of 15 units: against the loop, and against one appraisal."""
    (year, facts), settings = a_province(15), settings_of()
    asked = shipped_book().readings
    axes = [range(len(r.options)) for r in asked.values()]
    combined = [settings.read_as(dict(zip(asked, places, strict=True))) for places in list(product(*axes))[::50]]

    def counted():
        return readings.count(readings.combine(facts, settings))

    ours, loop = compare(counted, one_by_one(facts, combined, 300))
    print(f"all combinations, 15 units: loop / ours: {loop / 300 * 15 * 9216 / ours:,.0f} (wanted 1,000 or more)")
    ours, one = compare(counted, lambda: appraise(year, facts=facts))
    print(f"  ours / one appraisal as columns: {ours / one:.1f} (wanted 20 or less)")
    ours, one = compare(counted, lambda: appraise(year, facts=facts).as_json())
    print(f"  ours / one appraisal to results.json: {ours / one:.1f}")


def edges_and_nearest() -> None:
    """Both, of 15 units, against one appraisal."""
    (year, facts), settings = a_province(15), settings_of()

    def both():
        judged = judge(facts, settings)
        edges.edges(facts, settings, judged), nearest.grades_to_a(facts, settings), nearest.margins(facts, settings)

    ours, one = compare(both, lambda: appraise(year, facts=facts))
    print(f"edges and nearest, 15 units / one appraisal: {ours / one:.1f} (wanted 50 or less)")
    base = appraise(year, facts=facts)

    def whole():
        what_if.as_json(base, what_if.under(base, {"class.excellent.min_a": 40}))

    ours, one = compare(whole, lambda: appraise(year, facts=facts))
    print(f"  the whole of what_if / one appraisal: {ours / one:.1f}")
    ours, one = compare(lambda: nearest.ways(facts, settings), lambda: appraise(year, facts=facts))
    print(f"  all least count vectors / one appraisal: {ours / one:.1f}")


def thousand_scenarios() -> None:
    """A thousand made-up scenarios over 700 units, against the loop."""
    _, facts = a_province(700)
    chance = dice("a thousand")
    some = [random_changes(chance) for _ in range(1000)]
    settings = [Settings.of(amend(shipped_book(), changes)) for changes in some[::20]]
    ours, loop = compare(lambda: judge(facts, at_once(shipped_book(), some)), one_by_one(facts, settings, 300), runs=7)
    print(f"1,000 scenarios, 700 units: loop / ours: {loop / 300 * 700 * 1000 / ours:,.0f} (wanted 100 or more); "
          f"ours {1000 * ours:.0f} ms")


def memory() -> None:
    """All readings of 700 units, in a process of its own."""
    code = ("import resource, sys, time; sys.path[:0] = sys.argv[1:]; import whatif as here\n"
            "_, facts = here.a_province(700)\n"
            "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
            "start = time.perf_counter(); here.readings.count(here.readings.combine(facts, here.settings_of()))\n"
            "print(f'{peak():.0f} MB, {1000 * (time.perf_counter() - start):.0f} ms')")
    done = subprocess.run([sys.executable, "-c", code, str(Path(__file__).parent)], capture_output=True, text=True, check=True,
                          timeout=300)
    print(f"all combinations, 700 units: {done.stdout.strip()} (wanted under 300 MB)")


if __name__ == "__main__":
    combinations()
    edges_and_nearest()
    thousand_scenarios()
    memory()
