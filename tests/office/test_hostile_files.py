"""Hostile and broken files: one clear problem each, in time and in little memory; the other clusters go on."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time

import hostile
import pytest
import sheets
from conftest import ROOT, SHIPPED, make_year
from layouts import start, year_of

from ctd_analysis.forms import template
from ctd_analysis.year import year

SECONDS, MEMORY = 5, 500_000
FILES = [pytest.param(name, make, word, id=name) for name, make, word in hostile.files()]


@pytest.fixture(scope="module")
def plain_year(tmp_path_factory):
    """The shipped year, one of whose clusters is about to send something else."""
    return make_year(SHIPPED, tmp_path_factory.mktemp("hostile") / "2024")


@pytest.mark.parametrize(("name", "make", "word"), FILES)
def test_one_clear_problem_and_the_others_go_on(plain_year, name, make, word):
    """Not a traceback, not a hang, not a wrong success: one problem, of one cluster, within five seconds and 500 MB."""
    shutil.rmtree(plain_year / "submissions" / "cum-1", ignore_errors=True)
    path = plain_year / "submissions" / f"cum-1{name[name.rindex('.'):]}"
    path.write_bytes(make())
    began = time.monotonic()

    done = subprocess.run([sys.executable, "-c", _MEASURED, str(plain_year)], cwd=ROOT, capture_output=True, text=True,
                          encoding="utf-8", timeout=60)
    path.unlink()

    assert time.monotonic() - began < SECONDS + 1
    *problems, peak = done.stdout.splitlines()
    assert "" == done.stderr
    assert 1 == len(problems), problems
    assert word in problems[0]
    assert "cum-1" in problems[0] and "root:" not in problems[0]
    assert int(peak) < MEMORY


#: Reads a year, prints its problems, the healthy clusters' count checked, and the most memory any process took (KB).
_MEASURED = """
import sys
from ctd_analysis.year import year
read = year.read(sys.argv[1])
assert 3 == len(read.clusters)
for problem in read.problems:
    print(problem.message)
try:
    import resource
    # what the process itself took: its rusage would count the process that started it (fork comes before exec)
    own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
except (ImportError, OSError):
    print(0)
"""


@pytest.mark.parametrize(("part", "said"), list(hostile.harmless()))
def test_what_is_no_table_is_a_notice_and_changes_nothing(tmp_path, part, said):
    """Macros, images, charts, pivots, links in an otherwise valid workbook."""
    random, units, names = start(7)
    data = sheets.tables(random, units)
    raw = hostile.with_part(sheets.save([sheets.matrix(random, data, names)]), part)

    read = year_of(tmp_path, units, {"a.xlsx": raw})

    assert [] == [p.message for p in read.problems]
    assert len(read.grades) > 80
    assert any(said in n.message for n in read.notices)


def test_several_hostile_files_in_one_year(tmp_path):
    """A file that kills or outlasts the reader costs nobody else anything."""
    shipped = year.read(SHIPPED)
    folder = make_year(SHIPPED, tmp_path / "2024")
    shutil.rmtree(folder / "submissions")
    (folder / "submissions").mkdir()
    bad = {name: make() for name, make, _ in hostile.files() if name in ("bomb.xlsx", "many-cells.xlsx", "laughs.xlsx")}
    for cluster, raw in zip(("cum-1", "cum-2", "cum-3"), bad.values(), strict=True):
        (folder / "submissions" / f"{cluster}.xlsx").write_bytes(raw)
    (folder / "submissions" / "cum-4.xlsx").write_bytes(template.workbook(shipped, "cum-4", filled=True))

    read = year.read(folder)

    assert ["cum-4"] == [c.cluster for c in read.clusters]
    assert {"cum-1", "cum-2", "cum-3"} == set(read.failed)
