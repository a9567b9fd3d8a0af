"""Nothing is lost: notebooks that hang, kernels that die, disks that are full, runs that are broken off or meet each other."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import indent
from threading import Timer
from uuid import uuid4

import pytest
from conftest import CASES, ROOT, SHIPPED, ctd_run, kernels_marked, make_year, needs_posix, same_but_for_the_stamp, until
from machines import machines

from ctd_analysis import cli
from ctd_analysis.run import ahead, elsewhere, kernels, render, worklist

needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found under /proc")
LONG = 120              # seconds after which what a test has started is ended, whatever it is doing


def with_cell(tmp_path: Path, source: str) -> Path:
    """A copy of the notebooks whose cluster page has one more cell."""
    books = tmp_path / "notebooks"
    shutil.copytree(worklist.NOTEBOOKS, books)
    path = books / "cluster_report.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].insert(3, {"cell_type": "code", "id": "spoilt", "metadata": {}, "outputs": [], "execution_count": None,
                                 "source": source})
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return books


@pytest.fixture
def running_kernels(monkeypatch):
    """The kernels of what this test has started, and of nobody else: each has inherited the test's own mark."""
    mark = f"test-{uuid4()}"
    monkeypatch.setenv("CTD_TEST", mark)
    return lambda: kernels_marked(mark)


def test_a_hanging_notebook_is_ended(tmp_path, monkeypatch, capsys):
    """`--timeout`: the page is reported, the others are there, no kernel is left."""
    monkeypatch.setattr(worklist, "NOTEBOOKS", with_cell(tmp_path, "while cluster == 'cum-2': pass"))

    start = time.monotonic()
    code = cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out"), "--timeout", "6"])

    assert 1 == code and 60 > time.monotonic() - start
    assert {"cum-1.html", "cum-3.html", "cum-4.html"} <= {p.name for p in (tmp_path / "out").iterdir()}
    assert not (tmp_path / "out" / "cum-2.html").exists()
    assert "chạy quá 6 giây" in capsys.readouterr().err


def test_a_notebook_that_ends_itself_has_failed(tmp_path, monkeypatch, capsys):
    """`sys.exit(0)` is no error to Python nor to papermill, and yet what follows was left out."""
    monkeypatch.setattr(worklist, "NOTEBOOKS", with_cell(tmp_path, "import sys\nif cluster == 'cum-2': sys.exit(0)"))

    assert 1 == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])
    assert {"cum-1.html", "cum-2.failed.ipynb", "cum-3.html"} <= {p.name for p in (tmp_path / "out").iterdir()}
    assert not (tmp_path / "out" / "cum-2.html").exists()
    assert "CHƯA LẬP ĐƯỢC cum-2: sổ tính cluster_report.ipynb dừng ở ô" in capsys.readouterr().err


WITH_NOTEBOOKS = """import pathlib, sys
from ctd_analysis.run import worklist
worklist.NOTEBOOKS = pathlib.Path(sys.argv[1])
from ctd_analysis.cli import main
sys.exit(main(sys.argv[2:]))"""


def test_a_time_limit_is_told_once_and_in_one_language(tmp_path):
    """What papermill logs of it stays with `--verbose`."""
    books = with_cell(tmp_path, "while cluster == 'cum-1': pass")
    done = subprocess.run([sys.executable, "-c", WITH_NOTEBOOKS, books, "run", SHIPPED, "--out", tmp_path / "out", "--cluster",
                           "cum-1", "--timeout", "3"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=LONG)

    assert 1 == done.returncode
    assert "chạy quá 3 giây, đã dừng" in done.stderr and "Timeout" not in done.stderr


@needs_posix
def test_a_kernel_killed_once_is_replaced(tmp_path, monkeypatch):
    """kill -9 in mid-run: tried again on a fresh kernel, and the page is there."""
    mark = tmp_path / "mark"
    killing = (f"import os, signal, pathlib\nmark = pathlib.Path({str(mark)!r})\n"
               "first = cluster == 'cum-2' and not mark.exists()\n"
               "first and (mark.touch(), os.kill(os.getpid(), signal.SIGKILL))")
    monkeypatch.setattr(worklist, "NOTEBOOKS", with_cell(tmp_path, killing))

    assert 0 == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])
    assert mark.exists() and (tmp_path / "out" / "cum-2.html").is_file()


@needs_posix
def test_a_kernel_killed_twice_is_reported(tmp_path, monkeypatch, capsys):
    """The others are untouched."""
    killing = "import os\nos.kill(os.getpid(), 9 if cluster == 'cum-2' else 0)"
    monkeypatch.setattr(worklist, "NOTEBOOKS", with_cell(tmp_path, killing))

    assert 1 == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])
    assert {"cum-1.html", "cum-3.html", "cum-4.html"} <= {p.name for p in (tmp_path / "out").iterdir()}
    assert "bị tắt giữa chừng" in capsys.readouterr().err


def begin(year: Path, out: Path, *more: str) -> subprocess.Popen:
    """A run that goes on while the test does something to it."""
    running = subprocess.Popen([sys.executable, "-m", "ctd_analysis", "run", str(year), "--out", str(out), *more], cwd=ROOT,
                               stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True)
    bound = Timer(LONG, running.kill)
    bound.daemon = True
    bound.start()
    return running


@needs_proc
def test_ctrl_c_ends_soon_and_leaves_nothing_running(tmp_path, running_kernels):
    """Within five seconds, no kernel, no half page."""
    running = begin(make_year(CASES / "year-6-corners", tmp_path / "year"), tmp_path / "out")
    assert running.stderr.readline().startswith("[1/")

    start = time.monotonic()
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=20)[1]

    assert 5 > time.monotonic() - start
    assert 130 == running.returncode and "Đã dừng theo yêu cầu" in said and "Traceback" not in said
    assert until(lambda: not running_kernels())
    for page in (tmp_path / "out").glob("*.html"):
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [] == [p for p in (tmp_path / "out").glob(".*.html.*")]
    kept = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["files"]
    assert "written" in {file.get("outcome") for file in kept.values()}     # what was made is not made again


@needs_proc
@pytest.mark.parametrize("seconds", [0, 0.3, 0.6, 0.9])
def test_ctrl_c_while_libraries_load(tmp_path, seconds, running_kernels):
    """Whoever waits for a kernel stops waiting, and starts none in its place."""
    running = begin(SHIPPED, tmp_path / "out", "--jobs", "4")
    assert until(running_kernels)
    time.sleep(seconds)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=5)[1]

    assert 130 == running.returncode and "Traceback" not in said and "WARNING" not in said
    assert until(lambda: not running_kernels())


#: The code and the words of a command that was told to stop.
STOPPED = (130, "Đã dừng theo yêu cầu; không có trang nào ghi dở.\n")


def interrupted(folder: Path, module: str, how: str) -> tuple[int, str]:
    """How a run ends, interrupted as it imports `module` by `how`, a line of Python; `Thrown` sends Ctrl-C as it ends."""
    (folder / "sitecustomize.py").write_text(
        "import os, signal, sys\nclass Thrown:\n    def __del__(self): os.kill(os.getpid(), signal.SIGINT)\n"
        "class Interrupted:\n    def find_spec(self, name, *_):\n"
        f"        if name == {module!r} and 'run' in sys.orig_argv: {how}\n"
        "sys.meta_path.insert(0, Interrupted())",
        encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "run", str(SHIPPED), "--out", folder / "out"], cwd=ROOT,
                          capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": str(folder)},
                          timeout=LONG)
    return done.returncode, done.stderr


@needs_posix
@pytest.mark.parametrize("module", ["ctd_analysis.cli", "argparse", "ctd_analysis.verbs.shared", "ctd_analysis.problems",
                                    "ctd_analysis.year.year"])
def test_an_interruption_anywhere_ends_with_the_same_code(tmp_path, module):
    """Also before the command has begun, and inside text that Python executes, as a dataclass being made is: Python itself
    would then end by the signal."""

    assert STOPPED == interrupted(tmp_path, module, "exec('raise KeyboardInterrupt')")


@needs_posix
@pytest.mark.parametrize("module", ["ctd_analysis.problems", "ctd_analysis.run.publish"])
def test_an_interruption_that_python_would_swallow_ends_the_command(tmp_path, module):
    """Inside an import, where something is thrown away (a lock of the import, say): what is raised there is lost, the lock
    stays taken, and the next thread that loads anything waits for ever."""

    assert STOPPED == interrupted(tmp_path, module, "Thrown()")


@needs_proc
@pytest.mark.parametrize("at", ["work", "start"])
def test_a_command_that_is_killed_leaves_nothing_running(tmp_path, at, running_kernels):
    """kill -9: nobody is left to tidy up; what it started notices, kernels that wait for a notebook too."""
    running = begin(SHIPPED, tmp_path / "out", "--jobs", "2")
    if at == "work":
        assert running.stderr.readline().startswith("[1/")
    assert until(lambda: len(running_kernels()) == 2)
    running.kill()
    running.communicate(timeout=LONG)

    assert until(lambda: not running_kernels())


def test_where_no_kernel_starts_ahead_the_pages_are_the_same(tmp_path, rendered, monkeypatch):
    """As on Windows: each starts when its first notebook is known."""
    monkeypatch.setattr(ahead, "IS_POSSIBLE", False)

    assert 0 == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])
    assert same_but_for_the_stamp(rendered, tmp_path / "out")


@needs_proc
@pytest.mark.parametrize("signs", [["SIGKILL"], ["SIGSTOP"], ["SIGSTOP", "SIGKILL"]], ids=" ".join)
def test_kernels_that_end_or_hang_before_they_are_used_cost_no_page(tmp_path, rendered, monkeypatch, signs, capfd,
                                                                    running_kernels):
    """Others take their place, nothing is said, nothing is left."""
    monkeypatch.setattr(kernels, "READY", 5)
    ahead.begin(len(signs))
    assert until(lambda: len(running_kernels()) == len(signs))
    for pid, sign in zip(sorted(running_kernels()), signs, strict=True):
        os.kill(pid, signal.Signals[sign])

    assert 0 == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])
    assert same_but_for_the_stamp(rendered, tmp_path / "out")
    assert "(kernel)" not in capfd.readouterr().err
    assert until(lambda: not running_kernels())


def own_kernel(folder: Path, *argv: str) -> dict[str, str]:
    """An environment in which the user has set up the kernel otherwise."""
    spec = folder / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": [*argv, "-f", "{connection_file}"], "display_name": "Python", "language": "python"}),
                    encoding="utf-8")
    return {"JUPYTER_PATH": str(folder)}


def test_a_kernel_that_the_user_has_set_up_is_taken_as_it_is(tmp_path, rendered):
    """Of another kind, it may not understand what ours does."""
    ctd_run(SHIPPED, tmp_path / "out", **own_kernel(tmp_path, "python", "-m", "ipykernel"))

    assert same_but_for_the_stamp(rendered, tmp_path / "out")


BAD_STARTS = {
    "ends": "sys.exit(1)",
    "half a connection file": "with open(sys.argv[sys.argv.index('-f') + 1], 'w') as file: file.write('{')",
}


@pytest.mark.parametrize("goes_wrong", BAD_STARTS.values(), ids=BAD_STARTS)
def test_a_kernel_whose_start_goes_wrong_for_a_moment_is_started_again(tmp_path, rendered, goes_wrong):
    """Once, and the page is there."""
    (tmp_path / "stumbling.py").write_text(
        f"import os, sys\nif not os.path.exists({str(tmp_path / 'stumbled')!r}):\n"
        + indent(f"os.mkdir({str(tmp_path / 'stumbled')!r})\n", "    ")
        + indent(f"{goes_wrong}\n", "    ") +
        "from ipykernel.kernelapp import launch_new_instance\nlaunch_new_instance()", encoding="utf-8")
    env = own_kernel(tmp_path, sys.executable, str(tmp_path / "stumbling.py"))

    done = ctd_run(SHIPPED, tmp_path / "out", "--jobs", "1", **env)
    assert (tmp_path / "stumbled").exists() and same_but_for_the_stamp(rendered, tmp_path / "out"), done.stderr


def test_a_kernel_that_never_starts_is_told_on_every_page(tmp_path):
    """Not as a fault of the notebook, and no page is made."""
    env = own_kernel(tmp_path, sys.executable, "-c", "raise SystemExit")
    done = ctd_run(SHIPPED, tmp_path / "out", "--cluster", "cum-1", code=1, **env)

    assert 3 == done.stderr.count("(kernel) không chạy lên được") == done.stderr.count("đã thử lại một lần")


def test_one_file_that_cannot_be_written_costs_no_page(tmp_path, capsys):
    """A workbook held open elsewhere, say: every page is there, the error is told, and the next run in this process works."""
    out = tmp_path / "out"
    (out / "results.xlsx").mkdir(parents=True)

    assert 1 == cli.main(["run", str(SHIPPED), "--out", str(out)])
    assert "CHƯA LẬP ĐƯỢC results.xlsx: không ghi được" in capsys.readouterr().err
    assert "không ghi được" in (out / "index.html").read_text(encoding="utf-8")
    assert {"cum-1.html", "cum-2.html", "cum-3.html", "cum-4.html", "province.html"} <= {p.name for p in out.iterdir()}
    assert 15 == len(list((out / "don-vi").iterdir()))

    (out / "results.xlsx").rmdir()
    assert 0 == cli.main(["run", str(SHIPPED), "--out", str(out)])
    assert "Đã lập 0 trang" in capsys.readouterr().err and (out / "results.xlsx").is_file() and (out / "index.html").is_file()


def test_a_forced_run_that_comes_to_nothing_forgets_nothing(tmp_path, capsys):
    """The pages that are still right are still known to be so."""
    out = str(tmp_path / "out")
    assert 0 == cli.main(["run", str(SHIPPED), "--out", out])
    assert 2 == cli.main(["run", str(SHIPPED), "--out", out, "--force", "--scheduler", "tcp://127.0.0.1:1"])
    capsys.readouterr()

    assert 0 == cli.main(["run", str(SHIPPED), "--out", out])
    assert "Đã lập 0 trang" in capsys.readouterr().err


def test_what_lies_in_the_callers_folder_is_not_imported(tmp_path, monkeypatch):
    """A file of a library's name there breaks no kernel."""
    (tmp_path / "matplotlib.py").write_text("raise SystemExit(7)\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert 0 == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])


def run_on_a_disk(folder: Path, options: str) -> subprocess.CompletedProcess:
    """`ctd run` into a small tmpfs mounted so; its pages, if any, are whole."""
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, timeout=LONG).returncode:
        pytest.skip("no right to mount here")
    try:
        done = subprocess.run([sys.executable, "-m", "ctd_analysis", "run", str(SHIPPED), "--out", folder / "out"], cwd=ROOT,
                              capture_output=True, text=True, encoding="utf-8", timeout=120)
        for page in (folder / "out").glob("*.html"):
            assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    finally:
        subprocess.run(["umount", folder], check=True, timeout=LONG)
    assert "Traceback" not in done.stderr
    return done


@needs_posix
def test_a_full_disk_is_said_plainly(tmp_path):
    """A small tmpfs: a sentence, no traceback, no half page."""
    done = run_on_a_disk(tmp_path / "disk", "size=100k")

    assert done.returncode in (1, 2) and "không ghi được" in done.stderr and "đĩa đã đầy" in done.stderr


@needs_posix
def test_a_read_only_folder_is_said_plainly(tmp_path):
    """A read-only mount (as root, permissions alone stop nobody)."""
    done = run_on_a_disk(tmp_path / "disk", "ro")

    assert 2 == done.returncode and "không ghi được vào" in done.stderr


def test_two_runs_into_one_folder_do_not_meet(tmp_path):
    """The second is refused with a sentence; the first goes on."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "ctd_analysis", "run", str(SHIPPED), "--out", str(out)]
    first = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    assert until((out / ".ctd-run").exists, LONG)
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=LONG)

    assert 2 == second.returncode and "một lần chạy khác" in second.stderr
    assert 0 == first.wait(LONG)


@needs_proc
def test_a_kernel_is_renewed_after_a_number_of_notebooks(tmp_path, monkeypatch, running_kernels):
    """Nothing grows for ever: after two notebooks its process has ended, and the third has another."""
    from ctd_analysis.run import warm
    monkeypatch.setattr(warm, "RENEW", 2)
    seen = []
    try:
        for n in range(3):
            render.execute(worklist.NOTEBOOKS / "check_inputs.ipynb", tmp_path / f"{n}.ipynb", {"year_dir": str(SHIPPED)})
            seen.append(running_kernels())
    finally:
        kernels.close()

    assert [1, 0, 1] == list(map(len, seen)) and seen[0] != seen[2]


@pytest.fixture
def scheduler(tmp_path):
    """A real Dask scheduler with two worker processes on this machine; its address."""
    with machines(tmp_path / "there", []) as there:
        yield there.address


def test_a_dask_cluster_makes_the_same_pages(scheduler, tmp_path, rendered):
    """`--scheduler`: two worker processes, byte for byte the pages of this machine's own workers, serial and side by side."""
    for name, more in (("dask", ["--scheduler", scheduler]), ("serial", ["--jobs", "1"])):
        ctd_run(SHIPPED, tmp_path / name, *more)
        assert same_but_for_the_stamp(rendered, tmp_path / name), name


def test_a_scheduler_without_workers_is_said_plainly(tmp_path, monkeypatch, capsys):
    """Nobody would ever make a page."""
    from distributed import LocalCluster
    monkeypatch.setattr(elsewhere, "SCHEDULER_TIMEOUT", 2)
    with LocalCluster(n_workers=0, processes=False, dashboard_address=None) as cluster:
        code = cli.main(["run", str(SHIPPED), "--out", str(tmp_path), "--scheduler", cluster.scheduler_address])

    assert 2 == code and "không có máy tính toán nào" in capsys.readouterr().err


def test_a_worker_that_has_gone_costs_its_pages_alone(tmp_path):
    """Whatever the future says, its page is told and the others are taken."""
    from concurrent.futures import Future
    tasks = [render.Task(name, "", {}, {}, str(tmp_path)) for name in "abc"]
    futures = [Future(), Future(), Future()]
    futures[0].set_result(render.Made(page=b"<p>", seconds=1.0))
    futures[1].set_exception(RuntimeError("gone"))
    futures[2].cancel()

    done = [elsewhere.outcome(future, task) for future, task in zip(futures, tasks, strict=True)]

    assert [True, False, False] == [not d.reasons for d in done] and all(d.is_ours for d in done[1:])
    assert b"<p>" == (tmp_path / "a.html").read_bytes()


def test_a_scheduler_that_does_not_answer_is_said_plainly(tmp_path):
    """No traceback; the call is wrong."""
    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "run", str(SHIPPED), "--out", tmp_path, "--scheduler",
                           "tcp://127.0.0.1:9"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=100)

    assert 2 == done.returncode and "không gặp được bộ điều phối Dask" in done.stderr and "Traceback" not in done.stderr
