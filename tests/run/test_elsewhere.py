"""Pages made on machines that share no disk with this one: the same pages, nothing asked for, nothing left."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from conftest import ROOT, SHIPPED, ctd_run, kernels_marked, make_year, needs_posix, same_but_for_the_stamp, until
from machines import Machines, machines
from test_batch import with_cell

from ctd_analysis import cli
from ctd_analysis.run import elsewhere, worklist

pytestmark = needs_posix
LONG = 120


MARK = f"test-{uuid4()}"


@pytest.fixture(scope="module")
def unseen(tmp_path_factory) -> Path:
    """The folder that no worker sees."""
    return tmp_path_factory.mktemp("only-here")


@pytest.fixture
def here(unseen) -> Path:
    """What only the asking side sees: the year, and the pages to come."""
    folder = unseen / str(uuid4())
    make_year(SHIPPED, folder / "2024")
    return folder


@pytest.fixture(scope="module")
def there(unseen, tmp_path_factory) -> Iterator[Machines]:
    """Two machines; whatever was asked of them, no worker and no kernel has asked for a path of the asking side."""
    with machines(tmp_path_factory.mktemp("there"), [unseen], CTD_TEST=MARK) as two:
        yield two
        assert [] == two.asked_for()


def test_two_machines_make_the_same_pages_and_keep_nothing(here, there, rendered):
    """Byte for byte; no kernel and no file is left, and a second run is as good."""
    for turn in range(2):
        done = ctd_run(here / "2024", here / "out", "--force", "--scheduler", there.address)
        assert "Đã lập 6 trang" in done.stderr
        assert same_but_for_the_stamp(rendered, here / "out"), turn
        assert until(lambda: not kernels_marked(MARK)) and until(lambda: [] == there.left())


def test_a_scenario_and_a_notebook_of_ones_own_travel(here, there, monkeypatch):
    """The notebook as it lies here is run, and the scenario shown that is only here."""
    monkeypatch.setattr(worklist, "NOTEBOOKS", with_cell(here, "'một ô của riêng tôi'"))
    plan = shutil.copy(next((SHIPPED / "scenarios").glob("*.toml")), here)
    assert 0 == cli.main(["run", str(here / "2024"), "--out", str(here / "out"), "--scenario", str(plan),
                          "--scheduler", there.address])

    page = (here / "out" / "cum-2.html").read_text(encoding="utf-8")
    assert "một ô của riêng tôi" in page and "PHƯƠNG ÁN THỬ" in page


def test_a_notebook_that_fails_elsewhere_is_kept_here(here, there, monkeypatch, capsys):
    """With its reason, beside the pages; the others are made."""
    monkeypatch.setattr(worklist, "NOTEBOOKS", with_cell(here, "1 / (cluster != 'cum-2')"))
    assert 1 == cli.main(["run", str(here / "2024"), "--out", str(here / "out"), "--scheduler", there.address])

    assert "ZeroDivisionError" in capsys.readouterr().err
    assert {"cum-1.html", "cum-2.failed.ipynb", "cum-3.html", "cum-4.html"} <= {p.name for p in (here / "out").iterdir()}
    assert not (here / "out" / "cum-2.html").exists()
    assert until(lambda: not kernels_marked(MARK))


def test_a_worker_that_dies_costs_no_page(here, tmp_path, monkeypatch):
    """kill -9 of the worker in the middle of a page: the page is begun again on the other."""
    dying = tmp_path / "dying"
    killing = (f"import os, signal, pathlib\nmark = pathlib.Path({str(dying)!r})\n"
               "first = cluster == 'cum-2' and not mark.exists()\n"
               "first and (mark.touch(), os.kill(os.getppid(), signal.SIGKILL))")
    monkeypatch.setattr(worklist, "NOTEBOOKS", with_cell(here, killing))
    with machines(tmp_path / "there", [here]) as there:
        assert 0 == cli.main(["run", str(here / "2024"), "--out", str(here / "out"), "--scheduler", there.address])
        assert 1 == [worker.poll() for worker in there.workers].count(-signal.SIGKILL)

    assert dying.exists() and (here / "out" / "cum-2.html").is_file()


def test_when_every_worker_has_died_the_pages_are_told(here, tmp_path, monkeypatch, capsys):
    """Nobody waits for ever; the year's own files are there."""
    monkeypatch.setattr(elsewhere, "ALONE", 4)
    monkeypatch.setattr(worklist, "NOTEBOOKS", with_cell(here, "import os\nos.kill(os.getppid(), 9)"))
    with machines(tmp_path / "there", [here]) as there:
        assert 1 == cli.main(["run", str(here / "2024"), "--out", str(here / "out"), "--scheduler", there.address])

    assert "CHƯA LẬP ĐƯỢC cum-1: cụm Dask không làm xong trang" in capsys.readouterr().err
    assert (here / "out" / "results.json").is_file()


def test_a_command_that_is_killed_leaves_no_kernel_on_a_worker(here, there):
    """kill -9 of the asking side: the pages under way end, and the kernels with them."""
    running = subprocess.Popen([sys.executable, "-m", "ctd_analysis", "run", here / "2024", "--out", here / "out",
                                "--scheduler", there.address], cwd=ROOT, stderr=subprocess.DEVNULL)
    assert until(lambda: kernels_marked(MARK), LONG)
    running.kill()
    running.wait(LONG)

    assert until(lambda: not kernels_marked(MARK), LONG) and until(lambda: [] == there.left())


OTHER_NUMPY = """
import importlib.metadata as metadata
known = metadata.version
metadata.version = lambda name: "1.0" if name == "numpy" else known(name)
"""


def test_a_worker_with_another_version_is_refused_by_name(here, tmp_path, capsys):
    """Which machine, which package, what it is here: the call is wrong, and nothing is written."""
    with machines(tmp_path / "there", [here], 1, OTHER_NUMPY) as there:
        code = cli.main(["run", str(here / "2024"), "--out", str(here / "out"), "--scheduler", there.address])

    said = capsys.readouterr().err
    assert 2 == code and re.search(r"máy tính toán tcp://127\.0\.0\.1:\d+ có bản khác: numpy 1\.0 \(ở đây [\d.]+\);", said)
    assert [] == list((here / "out").glob("*.html"))


def test_each_thing_that_pages_depend_on_makes_a_worker_unfit():
    """The library to its last line, Python, each package; a worker that has just what we have is fit."""
    ours = elsewhere.versions()

    assert "" == elsewhere.unfitness("tcp://a:1", dict(ours))
    for name in ours:
        assert f"{name} 0.0 (ở đây {ours[name]})" in elsewhere.unfitness("tcp://a:1", ours | {name: "0.0"})
        assert f"{name} không có" in elsewhere.unfitness("tcp://a:1", {n: v for n, v in ours.items() if n != name})


def test_a_worker_without_the_library_is_unfit():
    """It failed to answer at all."""
    assert "máy tính toán tcp://a:1 không có ctd-analysis như ở đây (ModuleNotFoundError)" == \
        elsewhere.unfitness("tcp://a:1", ModuleNotFoundError("ctd_analysis"))


def test_a_worker_that_came_late_with_other_versions_makes_no_page():
    """It was not there when the others were asked."""
    made = elsewhere.make_there(None, b"", None, {"numpy": "0.0"})

    assert made.is_ours and "bản khác" in made.reasons[0]
