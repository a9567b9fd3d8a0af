"""The batch as ratios, in one run on one machine: against doing it by hand, over 12 clusters and over a made-up country.

    python tests/benchmarks/batch.py [--country 250] [--by-hand 3]

`--by-hand` says over how many clusters the shell loop is measured (its cost a cluster does not change with the number).
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from speed import ENV, LONG, ROOT, by_hand, pool_of_two, seconds

SHIPPED = ROOT / "data" / "2024"
TURNS = 5               # the pool alone differs by a fifth from one time to the next


def country(folder: Path, clusters: int) -> list[str]:
    """The shipped cum-1 again and again under other names: a year of so many clusters."""
    year = folder / "year"
    year.mkdir()
    for name in ("rulebook.toml", "criteria.csv"):
        shutil.copy(SHIPPED / name, year / name)
    units = [u for u in rows(SHIPPED / "units.csv") if u["cluster"] == "cum-1"]
    lead = next(c for c in rows(SHIPPED / "clusters.csv") if c["cluster"] == "cum-1")
    names = [f"cum-{n}" for n in range(1, clusters + 1)]
    write(year / "units.csv", [u | {"unit": f"{u['unit']}-{c}", "name": f"{u['name']} {c}", "cluster": c, "aliases": ""}
                               for c in names for u in units])
    write(year / "clusters.csv", [lead | {"cluster": c, "name": f"Cụm {c}", "lead": f"{lead['lead']}-{c}"} for c in names])
    for name in ("appraisal.csv", "decisions.csv"):
        own = [r for r in rows(SHIPPED / name) if r["unit"] in {u["unit"] for u in units}]
        write(year / name, [r | {"unit": f"{r['unit']}-{c}"} for c in names for r in own])
    for cluster in names:
        (year / "submissions" / cluster).mkdir(parents=True)
        for table in (SHIPPED / "submissions" / "cum-1").glob("*.csv"):
            write(year / "submissions" / cluster / table.name, [r | {"unit": f"{r['unit']}-{cluster}"} for r in rows(table)])
    return names


def rows(path: Path) -> list[dict]:
    """A CSV as dictionaries."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, table: list[dict]) -> None:
    """Dictionaries as a CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


class Ran(NamedTuple):
    """A whole `ctd run`: seconds; in MB the largest process, and the command's own at half time and at the end."""
    seconds: float
    largest: int
    halfway: int
    finally_: int


def run(year: Path, out: Path, *more: str) -> Ran:
    """Run it, looking at the memory of its processes all the while."""
    seen = []
    command = [sys.executable, "-m", "ctd_analysis", "run", str(year), "--out", str(out), *more]
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    done = threading.Event()

    def watch():
        while not done.wait(0.3):
            seen.append((memory(process.pid), max([memory(pid) for pid in children(process.pid)], default=0)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        process.wait(LONG)
        taken = time.perf_counter() - start
    finally:
        done.set()
    watcher.join()
    assert process.returncode == 0
    own = [mine for mine, _ in seen if mine] or [0]
    return Ran(taken, max([*own, *(theirs for _, theirs in seen)]), own[len(own) // 2], own[-1])


def children(pid: int) -> list[int]:
    """A process's children (Linux)."""
    found = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(p) for p in tasks.read_text().split()]
    return found


def memory(pid: int) -> int:
    """A process's memory in MB (Linux)."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() // 2**20
    except OSError:
        return 0


BARE = """
import ast, json, sys, time
from ctd_analysis.run import batch, fresh
with fresh.without(*batch.CHECKERS):
    import nbformat
from ctd_analysis.run import render, worklist
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.year.year import read
year, clusters = sys.argv[1], sys.argv[2:]
jobs = {j.name: j for j in worklist.plan(appraise(read(year)), None)}
taken = []
for cluster in clusters:
    start = time.perf_counter()
    notebook = nbformat.read(worklist.NOTEBOOKS / "cluster_report.ipynb", 4)
    names = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if "parameters" in cell.metadata.get("tags", ()):
            names.update(year_dir=year, cluster=cluster, scenario="")
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop().value
        exec(compile(tree, "cell", "exec"), names)
        shown = eval(compile(ast.Expression(last), "cell", "eval"), names)
        cell.outputs = [nbformat.v4.new_output("execute_result", {"text/html": shown._repr_html_(), "text/plain": ""})]
    render.to_html(notebook, worklist.context(jobs[cluster], ""))
    taken.append(time.perf_counter() - start)
import statistics
print(statistics.median(taken[2:]))
"""


def main() -> None:
    """Print every figure."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--country", type=int, default=250)
    options.add_argument("--by-hand", type=int, default=3)
    chosen = options.parse_args()
    ENV["SOURCE_DATE_EPOCH"] = "1735689600"      # the one thing that differs between two runs
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        (base / "small").mkdir()
        (base / "large").mkdir()
        a_dozen(base / "small", chosen.by_hand)
        a_country(base / "large", chosen.country, chosen.by_hand)


def a_dozen(folder: Path, by: int) -> None:
    """Twelve clusters: against the shell loop and the pool of two, taken in turn; nothing changed; one after another."""
    names = country(folder, 12)
    year = folder / "year"
    ours, pools, again, pandas = [], [], [], []
    for turn in range(TURNS):
        ours.append(run(year, folder / f"out{turn}").seconds / len(names))
        pools.append(cost(pool_of_two, year, names))
    slow, one, pool = cost(by_hand, year, names[:by]), statistics.median(ours), statistics.median(pools)
    for _ in range(5):
        again.append(run(year, folder / "out0").seconds)
        pandas.append(seconds(sys.executable, "-c", "import pandas"))
    run(year, folder / "serial", "--jobs", "1")
    same = pages(folder / "serial") == pages(folder / "out0")
    print(f"12 clusters, a cluster: by hand / ctd run {slow / one:.1f} (wanted 12 or more); "
          f"pool of two / ctd run {pool / one:.1f} (wanted 4 or more)")
    print(f"nothing changed / import pandas: {statistics.median(again) / statistics.median(pandas):.2f} (wanted 3 or less)")
    print(f"one after another and side by side: {len(pages(folder / 'serial'))} pages, "
          f"{'the same byte for byte' if same else 'NOT THE SAME'}")


def a_country(folder: Path, clusters: int, by: int) -> None:
    """So many clusters: against the shell loop; what a further one costs; memory."""
    names = country(folder, clusters)
    year, half = folder / "year", names[:clusters // 2]
    short = run(year, folder / "half", *(w for c in half for w in ("--cluster", c)))
    whole = run(year, folder / "out")
    slow = cost(by_hand, year, names[:by])
    bare = float(subprocess.run([sys.executable, "-c", BARE, str(year), *names[:12]], cwd=ROOT, env=ENV, check=True,
                                capture_output=True, text=True, timeout=LONG).stdout)
    further, ratio = (whole.seconds - short.seconds) / (clusters - len(half)), slow * clusters / whole.seconds
    print(f"{clusters} clusters, a cluster: by hand / ctd run {ratio:.1f} (wanted 25 or more at 250); "
          f"a further cluster / its own cells and template in a bare warm process {further / bare:.2f} (wanted 2 or less; "
          f"{os.cpu_count()} cores)")
    print(f"memory: largest process {whole.largest} MB (wanted under 400); the command's own {whole.halfway} MB at half time, "
          f"{whole.finally_} MB at the end")


def pages(out: Path) -> dict[str, bytes]:
    """Every page under a folder, by its path."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*.html"))}


def cost(way, year: Path, clusters: list[str]) -> float:
    """Seconds a cluster of another way."""
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        way(str(year), clusters, out)
        return (time.perf_counter() - start) / len(clusters)


if __name__ == "__main__":
    main()
