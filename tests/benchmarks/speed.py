"""Speed as ratios, taken in one run on one machine: no timed test, a thing to print and read.

    python tests/benchmarks/speed.py [--clusters cum-1 cum-2 …]

Each figure is a whole process, each pair measured in turn (A B A B …); the median ratio is printed. The comparison with what a
user would do by hand runs the same notebook on the same year: a shell loop of papermill and jupyter nbconvert, and two workers
calling their Python interfaces with a fresh kernel each.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT))
NOTEBOOK = ROOT / "notebooks" / "cluster_report.ipynb"
LONG = 3600             # seconds after which a measured command is given up
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}
ENV["PATH"] = str(Path(sys.executable).parent) + os.pathsep + ENV["PATH"]


def seconds(*command: str) -> float:
    """Wall time of a whole process."""
    start = time.perf_counter()
    subprocess.run([*command], cwd=ROOT, env=ENV, check=True, capture_output=True, timeout=LONG)
    return time.perf_counter() - start


def ratio(ours: list[str], theirs: list[str], runs: int = 7) -> float:
    """Median of ours / theirs, measured in turn after one warm-up."""
    seconds(*ours), seconds(*theirs)
    return statistics.median(seconds(*ours) / seconds(*theirs) for _ in range(runs))


def by_hand(year: str, clusters: list[str], out: str) -> None:
    """One shell command for running, one for rendering, cluster after cluster."""
    for cluster in clusters:
        executed = f"{out}/{cluster}.ipynb"
        subprocess.run(["papermill", str(NOTEBOOK), executed, "-p", "year_dir", year, "-p", "cluster", cluster,
                        "--no-progress-bar"], cwd=ROOT, env=ENV, check=True, capture_output=True, timeout=LONG)
        subprocess.run(["jupyter", "nbconvert", "--to", "html", "--no-input", executed], cwd=ROOT, env=ENV, check=True,
                       capture_output=True, timeout=LONG)


def one_by_interface(job: tuple[str, str, str]) -> None:
    """One cluster through the Python interfaces."""
    import papermill
    from nbconvert import HTMLExporter
    year, cluster, out = job
    os.environ["PYTHONPATH"] = str(ROOT)
    notebook = papermill.execute_notebook(str(NOTEBOOK), f"{out}/{cluster}.ipynb", progress_bar=False,
                                          parameters={"year_dir": year, "cluster": cluster})
    body, _ = HTMLExporter(exclude_input=True).from_notebook_node(notebook)
    Path(f"{out}/{cluster}.html").write_text(body, encoding="utf-8")


def pool_of_two(year: str, clusters: list[str], out: str) -> None:
    """Two workers, a fresh kernel for each notebook."""
    with ProcessPoolExecutor(2) as workers:
        list(workers.map(one_by_interface, [(year, c, out) for c in clusters]))


def ctd_run(year: str, clusters: list[str], out: str) -> None:
    """The product: these clusters, and with them the province, check and index pages, results.json and results.xlsx."""
    chosen = [word for c in clusters for word in ("--cluster", c)]
    subprocess.run([sys.executable, "-m", "ctd_analysis", "run", year, "--out", out, *chosen], cwd=ROOT, env=ENV, check=True,
                   capture_output=True, timeout=LONG)


def both_ways(year: str, folder: Path) -> list[str]:
    """The year with every submission as a workbook, and with every one as CSV tables: the same rows."""
    from ctd_analysis.forms import template
    from ctd_analysis.year.year import read
    made = [folder / "workbooks", folder / "tables"]
    for copy in made:
        shutil.copytree(year, copy, ignore=shutil.ignore_patterns("submissions"))
        (copy / "submissions").mkdir()
    whole = read(year)
    for cluster in whole.clusters:
        path = made[0] / "submissions" / f"{cluster.cluster}.xlsx"
        path.write_bytes(template.workbook(whole, cluster.cluster, filled=True))
    subprocess.run([sys.executable, "-m", "ctd_analysis", "check", year, "--dump", str(made[1] / "submissions")], cwd=ROOT,
                   env=ENV, check=True, capture_output=True, timeout=LONG)
    return list(map(str, made))


def rerun(year: str, folder: Path, turns: int = 5) -> float:
    """Seconds of a rerun after one changed cell of cum-1: three pages by notebooks, and all that no notebook makes."""
    copy, taken = folder / "year", []
    shutil.copytree(year, copy)
    table = copy / "submissions" / "cum-1" / "branches.csv"
    head, first, *rest = table.read_text(encoding="utf-8").splitlines()
    for fund in range(turns + 1):
        table.write_text("\n".join([head, ",".join([*first.split(",")[:3], str(fund)]), *rest]) + "\n", encoding="utf-8")
        taken.append(seconds(sys.executable, "-m", "ctd_analysis", "run", str(copy), "--out", str(folder / "out")))
    return statistics.median(taken[1:])         # the first made every page


def main() -> None:
    """Print every ratio."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--year", default=str(ROOT / "data" / "2024"))
    options.add_argument("--clusters", nargs="+", default=["cum-1", "cum-2", "cum-3", "cum-4"])
    chosen = options.parse_args()
    python, pandas = [sys.executable], [sys.executable, "-c", "import pandas"]
    print(f"ctd appraise / import pandas: {ratio([*python, '-m', 'ctd_analysis', 'appraise', chosen.year], pandas):.2f}")
    print(f"ctd --help / import pandas: {ratio([*python, '-m', 'ctd_analysis', '--help'], pandas):.2f}")
    inspect, appraise = ([*python, "-m", "ctd_analysis", verb, chosen.year, "--json", "-"]
                         for verb in ("inspect", "appraise"))
    print(f"ctd inspect / ctd appraise: {ratio(inspect, appraise):.2f} (wanted 1.5 or less)")
    decide = [*python, "-m", "ctd_analysis", "decide", "kien-hai", "downgrade", "--reason", "x", "--document", "y", "--on",
              "2024-12-20", chosen.year, "--json", "-"]
    print(f"ctd decide, previewed / ctd appraise: {ratio(decide, appraise):.2f} (wanted 1.3 or less)")
    with tempfile.TemporaryDirectory() as made:
        workbooks, tables = ([*python, "-m", "ctd_analysis", "appraise", year] for year in both_ways(chosen.year, Path(made)))
        print(f"ctd appraise: all as workbooks / all as CSV: {ratio(workbooks, tables):.2f} (wanted 1.5 or less)")
    with tempfile.TemporaryDirectory() as made:
        ours, start = rerun(chosen.year, Path(made)), time.perf_counter()
        by_hand(chosen.year, ["cum-1"], made)
        print(f"one changed cell: its cluster alone by hand / ctd run: {(time.perf_counter() - start) / ours:.1f}")
    cost = {}
    for way in (ctd_run, pool_of_two, by_hand):
        with tempfile.TemporaryDirectory() as out:
            start = time.perf_counter()
            way(chosen.year, chosen.clusters, out)
            cost[way.__name__] = (time.perf_counter() - start) / len(chosen.clusters)
    print(f"over {len(chosen.clusters)} clusters, a cluster: by hand / ctd run: {cost['by_hand'] / cost['ctd_run']:.1f}; "
          f"pool of two / ctd run: {cost['pool_of_two'] / cost['ctd_run']:.1f} (ctd run makes three more pages)")


if __name__ == "__main__":
    main()
