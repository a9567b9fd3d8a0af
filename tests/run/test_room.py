"""Odd environments: few files, small files, no space aside. A sentence, never a traceback, nothing half written."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from conftest import ROOT, SHIPPED, needs_posix

from ctd_analysis import cli
from ctd_analysis.problems import why
from ctd_analysis.run import room

LONG = 120


def under(limits: str, *words) -> subprocess.CompletedProcess:
    """`ctd` in a shell that has set itself limits first; it says no traceback, and what it wrote is whole."""
    command = [sys.executable, "-m", "ctd_analysis", *map(str, words)]
    done = subprocess.run(["bash", "-c", f'{limits}; exec "$@"', "bash", *command], cwd=ROOT, capture_output=True, text=True,
                          encoding="utf-8", timeout=LONG)
    assert "Traceback" not in done.stderr
    return done


def lies_in(folder: Path) -> set[str]:
    """The names of everything below a folder; none where there is none."""
    return {path.name for path in folder.rglob("*")}


@needs_posix
@pytest.mark.parametrize("files", [16, 32, 64, room.KERNELS - 1])
def test_too_few_files_are_said_before_anything_begins(tmp_path, files):
    """`ulimit -n`: with one sentence and nothing written."""
    done = under(f"ulimit -n {files}", "run", SHIPPED, "--out", tmp_path / "out")

    assert (2, f"ctd: hệ thống chỉ cho mở {files} tệp cùng lúc, cần từ {room.KERNELS}; gõ ulimit -n 1024 rồi chạy lại\n") == (
        done.returncode, done.stderr)
    assert not (tmp_path / "out").exists()


@needs_posix
@pytest.mark.parametrize("limits", [f"ulimit -n {room.KERNELS}", "ulimit -Sn 32"], ids=["just enough", "more to be had"])
def test_with_as_few_files_as_do_every_page_is_made(tmp_path, limits):
    """More notebooks at once than there are files for run fewer at once; a bound that may be raised is raised."""
    done = under(limits, "run", SHIPPED, "--out", tmp_path / "out", "--jobs", "8")

    assert 0 == done.returncode and "Đã lập 6 trang" in done.stderr


@pytest.mark.parametrize(("given", "jobs"), [(room.OURS + 4 * room.EACH - 1, 3), (room.OURS + 4 * room.EACH, 4), (9999, 4)])
def test_as_many_notebooks_at_once_as_there_are_files_for(monkeypatch, given, jobs):
    """Four are asked for; one file too few makes it three."""
    monkeypatch.setattr(room, "_files", lambda wanted: given)

    assert jobs == room.jobs_within(4)


@needs_posix
@pytest.mark.parametrize("verb", ["check", "appraise", "template"])
@pytest.mark.parametrize("limits", ["ulimit -n 8", "ulimit -n 32", "ulimit -f 4", "ulimit -f 50"])
def test_the_other_verbs_do_it_or_say_why_not(tmp_path, verb, limits):
    """Whatever is written is whole, and a command that did not do it says so."""
    write = {"check": "--dump", "appraise": "--json", "template": "--out"}[verb]
    done = under(limits, verb, SHIPPED, write, tmp_path / "out")

    assert 0 == done.returncode or (2 == done.returncode and done.stderr.startswith("ctd: không "))
    assert [] == [name for name in lies_in(tmp_path) if name.startswith(".")]


@needs_posix
def test_pages_larger_than_a_file_may_be_are_told_one_by_one(tmp_path):
    """`ulimit -f 30` (blocks of a thousand): what fits is there and whole."""
    done = under("ulimit -f 30", "run", SHIPPED, "--out", tmp_path / "out")

    assert 1 == done.returncode
    assert "CHƯA LẬP ĐƯỢC cum-1: không ghi được trang (hệ thống không cho ghi tệp lớn đến vậy)" in done.stderr
    assert "check.html" not in done.stderr.splitlines()[-1]         # which is not there
    assert {"index.html"} <= lies_in(tmp_path / "out")
    for page in (tmp_path / "out").rglob("*.html"):
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")


@needs_posix
@pytest.mark.parametrize("pages", [3, 40], ids=["12 KB left", "160 KB left"])
def test_a_full_folder_for_what_is_put_aside_is_said_before_anything_begins(tmp_path, pages):
    """TMPDIR on a disk that is nearly full: where it is, and what to do; nothing is left there."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", disk], capture_output=True, timeout=LONG).returncode:
        pytest.skip("no right to mount here")
    try:
        (disk / "full").write_bytes(bytes(4096 * (255 - pages)))
        done = under(f"export TMPDIR={disk}", "run", SHIPPED, "--out", tmp_path / "out")
        checked = under(f"export TMPDIR={disk}", "check", SHIPPED)
        left = lies_in(disk)
    finally:
        subprocess.run(["umount", disk], check=True, timeout=LONG)

    assert 2 == done.returncode and done.stderr.startswith(f"ctd: thư mục tạm {disk} chỉ còn ")
    assert (0, {"full"}, False) == (checked.returncode, left, (tmp_path / "out").exists())


Usage = namedtuple("Usage", "free")


@pytest.mark.parametrize(("free", "code"), [(room.ASIDE - 1, 2), (room.ASIDE, 0)])
def test_the_space_aside_has_a_bound(tmp_path, monkeypatch, free, code):
    """Just below it a run does not begin."""
    monkeypatch.setattr(room.shutil, "disk_usage", lambda folder: Usage(free))

    assert code == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])
    assert (code == 0) == (tmp_path / "out" / "index.html").exists()


def test_no_folder_to_put_anything_aside_is_said(tmp_path, monkeypatch, capsys):
    """None of those Python looks for can be written to."""
    def none_there():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")
    monkeypatch.setattr(room.tempfile, "gettempdir", none_there)

    assert 2 == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])
    assert "không thư mục tạm nào ghi được" in capsys.readouterr().err


def test_what_a_system_says_of_a_file_is_said_in_vietnamese():
    """By its number; a number nobody knows keeps the system's words."""
    assert ["đĩa đã đầy", "không có quyền", "đĩa chỉ cho đọc", "odd", "lạ"] == [
        why(error) for error in (OSError(errno.ENOSPC, "No space"), OSError(errno.EACCES, "Permission denied"),
                                 OSError(errno.EROFS, "Read-only"), OSError(9999, "odd"), OSError("lạ"))]
