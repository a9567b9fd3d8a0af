"""Nothing is lost: notebooks that hang, kernels that die, disks that are full, runs that are broken off or meet each other."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import CASES, ROOT, SHIPPED, ctd_run, make_year, needs_posix, until

from ctd_analysis import cli
from ctd_analysis.run import batch, forkserver, render, worklist

copies_only = pytest.mark.skipif(not forkserver.IS_POSSIBLE, reason="processes are copied on Linux only")


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


def kernels() -> set[int]:
    """Kernel processes on this machine, and those they are copied from."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = status.read_bytes()
            if b"ipykernel_launcher" in command or b"ctd_analysis.run.forkserver" in command:
                found.add(int(status.parent.name))
        except OSError:
            pass
    return found


def test_a_hanging_notebook_is_ended(tmp_path, monkeypatch, capsys):
    """`--timeout`: the page is reported, the others are there, no kernel is left."""
    monkeypatch.setattr(worklist, "NOTEBOOKS", with_cell(tmp_path, "while cluster == 'cum-2': pass"))

    start = time.monotonic()
    code = cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out"), "--timeout", "6"])

    assert 1 == code and 60 > time.monotonic() - start
    assert {"cum-1.html", "cum-3.html", "cum-4.html"} <= {p.name for p in (tmp_path / "out").iterdir()}
    assert not (tmp_path / "out" / "cum-2.html").exists()
    assert "chạy quá 6 giây" in capsys.readouterr().err


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
    return subprocess.Popen([sys.executable, "-m", "ctd_analysis", "run", str(year), "--out", str(out), *more], cwd=ROOT,
                            stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True)


@needs_posix
def test_ctrl_c_ends_soon_and_leaves_nothing_running(tmp_path):
    """Within five seconds, no kernel, no half page."""
    before = kernels()
    running = begin(make_year(CASES / "year-6-corners", tmp_path / "year"), tmp_path / "out")
    assert running.stderr.readline().startswith("[1/")

    start = time.monotonic()
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=20)[1]

    assert 5 > time.monotonic() - start
    assert 130 == running.returncode and "Đã dừng theo yêu cầu" in said and "Traceback" not in said
    assert until(lambda: not kernels() - before)
    for page in (tmp_path / "out").glob("*.html"):
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [] == [p for p in (tmp_path / "out").glob(".*.html.*")]
    kept = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["files"]
    assert "written" in {file.get("outcome") for file in kept.values()}     # what was made is not made again


@copies_only
@pytest.mark.parametrize("seconds", [0, 0.3, 0.5, 0.7])
def test_ctrl_c_while_libraries_load(tmp_path, seconds):
    """Whoever waits for a kernel stops waiting, and starts none in its place."""
    before = kernels()
    running = begin(SHIPPED, tmp_path / "out", "--jobs", "4")
    assert until(lambda: kernels() - before)
    time.sleep(seconds)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=5)[1]

    assert 130 == running.returncode and "Traceback" not in said and "WARNING" not in said
    assert until(lambda: not kernels() - before)


@needs_posix
def test_an_interruption_anywhere_ends_with_the_same_code(tmp_path):
    """Inside text that Python executes, as a dataclass being made is: Python itself would then end by the signal."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nclass Interrupted:\n    def find_spec(self, name, *_):\n"
        "        if name == 'ctd_analysis.year.year': exec('raise KeyboardInterrupt')\nsys.meta_path.insert(0, Interrupted())",
        encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "run", str(SHIPPED), "--out", tmp_path / "out"], cwd=ROOT,
                          capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": str(tmp_path)})

    assert (130, "Đã dừng theo yêu cầu; không có trang nào ghi dở.\n") == (done.returncode, done.stderr)


@copies_only
def test_a_command_that_is_killed_leaves_nothing_running(tmp_path):
    """kill -9: nobody is left to tidy up; what it started notices."""
    before = kernels()
    running = begin(SHIPPED, tmp_path / "out", "--jobs", "2")
    assert running.stderr.readline().startswith("[1/")
    mine = {Path(f"/proc/{number}/cmdline").read_bytes() for number in kernels() - before}
    running.kill()
    running.communicate()

    assert 1 == len(mine) and b"ctd_analysis.run.forkserver" in mine.pop()      # every kernel is a copy
    assert until(lambda: not kernels() - before)


def same_but_for_the_stamp(rendered: Path, out: Path) -> bool:
    """Every page of one folder is in the other, byte for byte."""
    def page(path):
        return re.sub(rb'<span class="run-stamp">.*?</span>', b"", path.read_bytes())

    pages = sorted(rendered.rglob("*.html"))
    return bool(pages) and all(page(path) == page(out / path.relative_to(rendered)) for path in pages)


def test_a_kernel_that_is_no_copy_makes_the_same_pages(tmp_path, rendered, monkeypatch):
    """As on Windows and macOS: each kernel is a process of its own from the start."""
    monkeypatch.setattr(forkserver, "IS_POSSIBLE", False)
    monkeypatch.setattr(forkserver, "Copy", None)

    assert 0 == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])
    assert same_but_for_the_stamp(rendered, tmp_path / "out")


ODD_SERVERS = {
    "ends at once": "raise SystemExit(1)",
    "never answers": "import time; time.sleep(1000)",
    "answers nonsense": "import socket, sys; it = socket.socket(fileno=int(sys.argv[1])); it.recv(9**6); it.sendall(b'?\\n')",
    "can be copied but once": """if True:
        import os, socket, sys
        from ctd_analysis.run import forkserver
        fork, copies = os.fork, []
        def once():
            if copies:
                raise OSError("no more")
            copies.append(1)
            return fork()
        os.fork = once
        forkserver.serve(socket.socket(fileno=int(sys.argv[1])))""",
}


@copies_only
@pytest.mark.parametrize("program", ODD_SERVERS.values(), ids=ODD_SERVERS)
def test_a_process_that_cannot_be_copied_costs_no_page(tmp_path, rendered, monkeypatch, program, capfd):
    """Kernels are started anew, those that are copies go on, and nothing is said."""
    stand_in = tmp_path / "stand_in.py"
    stand_in.write_text(f"open(__file__ + '.ran', 'w').close()\n{program}", encoding="utf-8")
    monkeypatch.setattr(forkserver, "__name__", "stand_in")
    monkeypatch.setattr(forkserver, "LOADED", 2)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    assert 0 == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out"), "--jobs", "3"])
    assert stand_in.with_name("stand_in.py.ran").exists() and same_but_for_the_stamp(rendered, tmp_path / "out")
    assert "ernel" not in capfd.readouterr().err


@copies_only
def test_the_process_kernels_are_copied_from_is_killed(tmp_path, monkeypatch, rendered):
    """kill -9 in mid-run: its copies end with it, and each page is tried again on a kernel that does not depend on it."""
    mark = tmp_path / "mark"
    killing = (f"import os, signal, pathlib, time\nmark = pathlib.Path({str(mark)!r})\n"
               "if cluster == 'cum-2' and not mark.exists():\n"
               "    assert 'forkserver' in pathlib.Path(f'/proc/{os.getppid()}/cmdline').read_text()\n"
               "    mark.touch(), os.kill(os.getppid(), signal.SIGKILL), time.sleep(30)")
    monkeypatch.setattr(worklist, "NOTEBOOKS", with_cell(tmp_path, killing))
    before = kernels()

    assert 0 == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])
    assert mark.exists() and same_but_for_the_stamp(rendered, tmp_path / "out")
    assert until(lambda: not kernels() - before)


@pytest.mark.parametrize("given", ["no handles", "another kernel"])
def test_where_a_copy_would_not_do_kernels_are_started_anew(tmp_path, rendered, given):
    """A Python built without the system's handles for processes; a kernel that the user has set up differently."""
    if given == "no handles":
        (tmp_path / "sitecustomize.py").write_text("import os; vars(os).pop('pidfd_open', None)", encoding="utf-8")
    else:
        spec = tmp_path / "kernels" / "python3" / "kernel.json"
        spec.parent.mkdir(parents=True)
        spec.write_text(json.dumps({"argv": ["python", "-m", "ipykernel", "-f", "{connection_file}"], "display_name": "Python",
                                    "language": "python"}), encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "JUPYTER_PATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "run", str(SHIPPED), "--out", tmp_path / "out"], cwd=ROOT,
                          capture_output=True, text=True, encoding="utf-8", env=env)

    assert 0 == done.returncode and same_but_for_the_stamp(rendered, tmp_path / "out"), done.stderr


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
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("no right to mount here")
    try:
        done = subprocess.run([sys.executable, "-m", "ctd_analysis", "run", str(SHIPPED), "--out", folder / "out"], cwd=ROOT,
                              capture_output=True, text=True, encoding="utf-8", timeout=120)
        for page in (folder / "out").glob("*.html"):
            assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    finally:
        subprocess.run(["umount", folder], check=True)
    assert "Traceback" not in done.stderr
    return done


@needs_posix
def test_a_full_disk_is_said_plainly(tmp_path):
    """A small tmpfs: a sentence, no traceback, no half page."""
    done = run_on_a_disk(tmp_path / "disk", "size=100k")

    assert done.returncode in (1, 2) and "không ghi được" in done.stderr


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
    while not (out / ".ctd-run").exists():
        time.sleep(0.02)
    time.sleep(0.2)
    second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")

    assert 2 == second.returncode and "một lần chạy khác" in second.stderr
    assert 0 == first.wait(60)


def test_a_kernel_is_renewed_after_a_number_of_notebooks(tmp_path, monkeypatch):
    """Nothing grows for ever."""
    from ctd_analysis.run import kernels, warm
    monkeypatch.setattr(warm, "RENEW", 2)
    seen = []
    try:
        for n in range(3):
            render.execute(worklist.NOTEBOOKS / "check_inputs.ipynb", tmp_path / f"{n}.ipynb", {"year_dir": str(SHIPPED)})
            seen.append(getattr(kernels._mine, "kernel", None))
    finally:
        kernels.close()

    assert seen[0] is not None and seen[1] is None and seen[2] is not seen[0]


@pytest.fixture
def scheduler(tmp_path):
    """A real Dask scheduler with two worker processes on this machine; its address."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    where = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": env, "cwd": tmp_path}
    processes = [subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
                                   "--no-dashboard", "--scheduler-file", where], **quiet)]
    while not where.exists():
        time.sleep(0.1)
    address = json.loads(where.read_text(encoding="utf-8"))["address"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"]
    processes += [subprocess.Popen([*worker, "--local-directory", tmp_path / f"worker-{n}"], **quiet) for n in range(2)]
    yield address
    for process in reversed(processes):
        process.terminate()
    for process in processes:
        process.wait(20)


def test_a_dask_cluster_makes_the_same_pages(scheduler, tmp_path, rendered):
    """`--scheduler`: two worker processes, byte for byte the pages of this machine's own workers, serial and side by side."""
    for name, more in (("dask", ["--scheduler", scheduler]), ("serial", ["--jobs", "1"])):
        ctd_run(SHIPPED, tmp_path / name, *more)
        assert same_but_for_the_stamp(rendered, tmp_path / name), name


def test_a_scheduler_without_workers_is_said_plainly(tmp_path, monkeypatch, capsys):
    """Nobody would ever make a page."""
    from distributed import LocalCluster
    monkeypatch.setattr(batch, "SCHEDULER_TIMEOUT", 2)
    with LocalCluster(n_workers=0, processes=False, dashboard_address=None) as cluster:
        code = cli.main(["run", str(SHIPPED), "--out", str(tmp_path), "--scheduler", cluster.scheduler_address])

    assert 2 == code and "không có máy tính toán nào" in capsys.readouterr().err


def test_a_worker_that_has_gone_costs_its_pages_alone():
    """Whatever the future says, its page is told and the others are taken."""
    from concurrent.futures import Future
    tasks = [render.Task(name, "", {}, {}, "") for name in "abc"]
    futures = iter([Future(), Future(), Future()])

    class Executor:
        def submit(self, _, task):
            future = next(futures)
            if task.name == "a":
                future.set_result(render.Done("a", (), 1.0))
            elif task.name == "b":
                future.set_exception(RuntimeError("gone"))
            else:
                future.cancel()
            return future

    done = list(batch.run_on(Executor(), tasks))

    assert [True, False, False] == [not d.reasons for d in done] and all(d.is_ours for d in done[1:])


def test_a_scheduler_that_does_not_answer_is_said_plainly(tmp_path):
    """No traceback; the call is wrong."""
    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "run", str(SHIPPED), "--out", tmp_path, "--scheduler",
                           "tcp://127.0.0.1:9"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=100)

    assert 2 == done.returncode and "không gặp được bộ điều phối Dask" in done.stderr and "Traceback" not in done.stderr
