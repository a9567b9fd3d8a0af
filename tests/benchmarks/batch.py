"""The batch as ratios, in one run on one machine: against doing it by hand, over 12 clusters and over a made-up country.

    python tests/benchmarks/batch.py [--country 250] [--by-hand 3]

`--by-hand` says over how many clusters the slow ways are measured (their cost a cluster does not change with the number).
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

from speed import ENV, ROOT, by_hand, pool_of_two, seconds

SHIPPED = ROOT / "data" / "2024"


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


def run(year: Path, out: Path, *more: str) -> tuple[float, int]:
    """Seconds of a whole `ctd run`, and the largest memory any of its processes had, in MB."""
    largest = 0
    command = [sys.executable, "-m", "ctd_analysis", "run", str(year), "--out", str(out), *more]
    process = subprocess.Popen(command, cwd=ROOT, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    start = time.perf_counter()
    done = threading.Event()

    def watch():
        nonlocal largest
        while not done.wait(0.3):
            for pid in [process.pid, *children(process.pid)]:
                largest = max(largest, memory(pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    process.wait()
    taken = time.perf_counter() - start
    done.set()
    watcher.join()
    assert process.returncode == 0
    return taken, largest


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
sys.modules.setdefault("rfc3987_syntax", None)
import nbformat
from ctd_analysis import batch, publish
from ctd_analysis.appraisal import appraise
from ctd_analysis.year import read
year, clusters = sys.argv[1], sys.argv[2:]
jobs = {j.name: j for j in publish.plan(appraise(read(year)), None)}
taken = []
for cluster in clusters:
    start = time.perf_counter()
    notebook = nbformat.read(publish.NOTEBOOKS / "cluster_report.ipynb", 4)
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
    batch.to_html(notebook, publish.context(jobs[cluster], ""))
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
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        (base / "small").mkdir()
        names = country(base / "small", 12)
        year = base / "small" / "year"
        ours, _ = run(year, base / "small" / "out")
        again, _ = run(year, base / "small" / "out")
        slow, pool = (cost(way, year, names[:chosen.by_hand]) for way in (by_hand, pool_of_two))
        pandas = statistics.median(seconds(sys.executable, "-c", "import pandas") for _ in range(5))
        one = ours / 12
        print(f"12 clusters, a cluster: by hand / ctd run {slow / one:.1f}; pool of two / ctd run {pool / one:.1f}")
        print(f"nothing changed / import pandas: {again / pandas:.2f}")

        (base / "large").mkdir()
        names = country(base / "large", chosen.country)
        year = base / "large" / "year"
        half = names[:chosen.country // 2]
        short, _ = run(year, base / "large" / "half", *(w for c in half for w in ("--cluster", c)))
        ours, largest = run(year, base / "large" / "out")
        slow = cost(by_hand, year, names[:chosen.by_hand])
        bare = float(subprocess.run([sys.executable, "-c", BARE, str(year), *names[:12]], cwd=ROOT, env=ENV, check=True,
                                    capture_output=True, text=True).stdout)
        further = (ours - short) / (chosen.country - len(half))
        print(f"{chosen.country} clusters, a cluster: by hand / ctd run {slow / (ours / chosen.country):.1f}; "
              f"a further cluster / its own cells and template in a bare warm process {further / bare:.2f} "
              f"(on {os.cpu_count()} cores); largest process {largest} MB")


def cost(way, year: Path, clusters: list[str]) -> float:
    """Seconds a cluster of another way."""
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        way(str(year), clusters, out)
        return (time.perf_counter() - start) / len(clusters)


if __name__ == "__main__":
    main()
