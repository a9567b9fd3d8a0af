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

import pytest
from conftest import CASES, ROOT, SHIPPED, make_year

from ctd_analysis import batch, cli, publish

posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and mounts as POSIX has them")


def with_cell(tmp_path: Path, source: str) -> Path:
    """A copy of the notebooks whose cluster page has one more cell."""
    books = tmp_path / "notebooks"
    shutil.copytree(publish.NOTEBOOKS, books)
    path = books / "cluster_report.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].insert(3, {"cell_type": "code", "id": "spoilt", "metadata": {}, "outputs": [], "execution_count": None,
                                 "source": source})
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return books


def kernels() -> set[int]:
    """Kernel processes on this machine."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"ipykernel_launcher" in status.read_bytes():
                found.add(int(status.parent.name))
        except OSError:
            pass
    return found


def test_a_hanging_notebook_is_ended(tmp_path, monkeypatch, capsys):
    """`--timeout`: the page is reported, the others are there, no kernel is left."""
    monkeypatch.setattr(publish, "NOTEBOOKS", with_cell(tmp_path, "while cluster == 'cum-2': pass"))

    start = time.monotonic()
    code = cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out"), "--timeout", "6"])

    assert 1 == code and 60 > time.monotonic() - start
    assert {"cum-1.html", "cum-3.html", "cum-4.html"} <= {p.name for p in (tmp_path / "out").iterdir()}
    assert not (tmp_path / "out" / "cum-2.html").exists()
    assert "chạy quá 6 giây" in capsys.readouterr().err


@posix_only
def test_a_kernel_killed_once_is_replaced(tmp_path, monkeypatch):
    """kill -9 in mid-run: tried again on a fresh kernel, and the page is there."""
    mark = tmp_path / "mark"
    killing = (f"import os, signal, pathlib\nmark = pathlib.Path({str(mark)!r})\n"
               "first = cluster == 'cum-2' and not mark.exists()\n"
               "first and (mark.touch(), os.kill(os.getpid(), signal.SIGKILL))")
    monkeypatch.setattr(publish, "NOTEBOOKS", with_cell(tmp_path, killing))

    assert 0 == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])
    assert mark.exists() and (tmp_path / "out" / "cum-2.html").is_file()


@posix_only
def test_a_kernel_killed_twice_is_reported(tmp_path, monkeypatch, capsys):
    """The others are untouched."""
    killing = "import os\nos.kill(os.getpid(), 9 if cluster == 'cum-2' else 0)"
    monkeypatch.setattr(publish, "NOTEBOOKS", with_cell(tmp_path, killing))

    assert 1 == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])
    assert {"cum-1.html", "cum-3.html", "cum-4.html"} <= {p.name for p in (tmp_path / "out").iterdir()}
    assert "bị tắt giữa chừng" in capsys.readouterr().err


@posix_only
def test_ctrl_c_ends_soon_and_leaves_nothing_running(tmp_path):
    """Within five seconds, no kernel, no half page."""
    before = kernels()
    year = make_year(CASES / "year-6-corners", tmp_path / "year")
    running = subprocess.Popen([sys.executable, "-m", "ctd_analysis", "run", str(year), "--out", str(tmp_path / "out")],
                               cwd=ROOT, stderr=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True)
    assert running.stderr.readline().startswith("[1/")
    mine = kernels() - before

    start = time.monotonic()
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=20)[1]

    assert 5 > time.monotonic() - start
    assert 130 == running.returncode and "Đã dừng theo yêu cầu" in said and "Traceback" not in said
    time.sleep(0.5)
    assert set() == kernels() & mine
    for page in (tmp_path / "out").glob("*.html"):
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [] == [p for p in (tmp_path / "out").glob(".*.html.*")]


@posix_only
def test_a_full_disk_is_said_plainly(tmp_path):
    """A small tmpfs: a sentence, no traceback, no half page."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("no right to mount here")
    try:
        done = subprocess.run([sys.executable, "-m", "ctd_analysis", "run", str(SHIPPED), "--out", str(disk / "out")], cwd=ROOT,
                              capture_output=True, text=True, encoding="utf-8", timeout=120)
        assert done.returncode in (1, 2) and "Traceback" not in done.stderr
        assert "không ghi được" in done.stderr
        for page in (disk / "out").glob("*.html"):
            assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    finally:
        subprocess.run(["umount", disk], check=True)


@posix_only
def test_a_read_only_folder_is_said_plainly(tmp_path):
    """A read-only mount (as root, permissions alone stop nobody)."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("no right to mount here")
    try:
        done = subprocess.run([sys.executable, "-m", "ctd_analysis", "run", str(SHIPPED), "--out", str(disk / "out")], cwd=ROOT,
                              capture_output=True, text=True, encoding="utf-8", timeout=120)
        assert 2 == done.returncode and "không ghi được vào" in done.stderr and "Traceback" not in done.stderr
    finally:
        subprocess.run(["umount", disk], check=True)


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
    from ctd_analysis import warm
    monkeypatch.setattr(warm, "RENEW", 2)
    seen = []
    try:
        for n in range(3):
            batch.execute(publish.NOTEBOOKS / "check_inputs.ipynb", tmp_path / f"{n}.ipynb", {"year_dir": str(SHIPPED)})
            seen.append(getattr(warm._mine, "kernel", None))
    finally:
        warm.close()

    assert seen[0] is not None and seen[1] is None and seen[2] is not seen[0]
