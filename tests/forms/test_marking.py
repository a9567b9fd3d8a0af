"""Marking a stranger's workbook takes no more than reading it may: else there is a list, and a sentence that says so."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import hostile
import openpyxl
import pytest
from conftest import ROOT, SHIPPED, ends, make_year, needs_posix, shipped, until
from kills import below

from ctd_analysis.forms import marking, template

SECONDS, MEMORY = 5, 500_000
HEAVY = dict(hostile.heavy())
pytestmark = needs_posix        # /proc, signals


@pytest.fixture(scope="module")
def faulty() -> bytes:
    """The form of cum-4, filled, with one grade that is none."""
    book, saved = openpyxl.load_workbook(io.BytesIO(template.workbook(shipped(), "cum-4", filled=True))), io.BytesIO()
    book["Bảng điểm"]["D8"] = "D/1"
    book.save(saved)
    return saved.getvalue()


def sent_in(tmp_path, raw: bytes) -> list[str]:
    """The shipped year, for which cum-4 sent that; and where its copies are to go."""
    folder = make_year(SHIPPED, tmp_path / "2024")
    (folder / "submissions" / "cum-4.xlsx").write_bytes(raw)
    return [str(folder), str(tmp_path / "back")]


def begun(args: list[str]) -> subprocess.Popen:
    """`ctd check --annotate`, running."""
    return subprocess.Popen([sys.executable, "-m", "ctd_analysis", "check", args[0], "--annotate", args[1]], cwd=ROOT,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8")


def marker(running: subprocess.Popen, but: int | None = None) -> int:
    """The process that marks a copy for it."""
    found: list[int] = []

    def is_there():
        found[:] = [pid for pid, line in below(running.pid) if b"forms.marking" in line and pid != but]
        return found

    assert until(is_there, 30)
    return found[0]


#: Sends back what is faulty in a year, and prints its children's processor time and the most memory any process took (KB).
_MEASURED = """
import resource, sys
from ctd_analysis import cli
code = cli.main(["check", sys.argv[1], "--annotate", sys.argv[2]])
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
spent = resource.getrusage(resource.RUSAGE_CHILDREN)
print(spent.ru_utime + spent.ru_stime, max(own, spent.ru_maxrss))
sys.exit(code)
"""


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_workbook_is_copied_within_the_limits_or_gets_the_list(tmp_path, faulty, name):
    """The fault is told all the same, and why nothing is marked; reading and marking cost little more than one file may.

    A quick machine may do with a few seconds' work what another cannot.
    """
    args = sent_in(tmp_path, HEAVY[name](faulty))
    done = subprocess.run([sys.executable, "-c", _MEASURED, *args], cwd=ROOT, capture_output=True, text=True,
                          encoding="utf-8", timeout=120)
    spent, most = map(float, done.stdout.splitlines()[-1].split())

    assert 1 == done.returncode and "Traceback" not in done.stderr
    assert spent < SECONDS + 1
    assert most < MEMORY
    written = [p.name for p in Path(args[1]).iterdir()]
    if written == ["cum-4.xlsx"] and name != "merged-all":
        return
    assert ["cum-4.can-sua.xlsx"] == written
    listed = [row[1:4] for row in openpyxl.load_workbook(Path(args[1]) / "cum-4.can-sua.xlsx").active.values]
    assert "cum-4.xlsx, trang “Bảng điểm”, ô D8" == listed[4][1]
    assert ("Lưu ý", "cum-4.xlsx", "Tệp quá nặng, không đánh dấu được trên bản sao.") == listed[-1]
    assert "cum-4.xlsx: tệp quá nặng, không đánh dấu được trên bản sao" in done.stderr


def test_a_child_that_dies_once_is_followed_by_another(tmp_path, faulty):
    """Killed in the middle of its work: the copy is made all the same."""
    args = sent_in(tmp_path, hostile.with_sheets(faulty, [hostile.sheet("")] * 400))
    running = begun(args)
    os.kill(marker(running), signal.SIGKILL)
    said = running.communicate(timeout=60)[1]

    assert (1, ["cum-4.xlsx"]) == (running.returncode, [p.name for p in Path(args[1]).iterdir()]), said
    assert openpyxl.load_workbook(Path(args[1]) / "cum-4.xlsx")["Bảng điểm"]["D8"].comment


def test_after_a_second_death_there_is_the_list(tmp_path, faulty):
    """And no third child; nothing is left running."""
    args = sent_in(tmp_path, HEAVY["nested-merges"](faulty))
    running = begun(args)
    first = marker(running)
    os.kill(first, signal.SIGKILL)
    second = marker(running, but=first)
    os.kill(second, signal.SIGKILL)
    said = running.communicate(timeout=60)[1]

    assert (1, ["cum-4.can-sua.xlsx"]) == (running.returncode, [p.name for p in Path(args[1]).iterdir()])
    assert "không đánh dấu được trên bản sao" in said and "Traceback" not in said
    assert ends(first) and ends(second)


def test_the_child_ends_with_its_caller(tmp_path, faulty):
    """kill -9 on the command, while a copy is being marked."""
    running = begun(sent_in(tmp_path, HEAVY["nested-merges"](faulty)))
    child = marker(running)
    running.kill()
    running.communicate(timeout=60)

    assert ends(child)


def test_what_is_no_workbook_is_odd(tmp_path):
    """One sentence, whatever openpyxl says of it."""
    (tmp_path / "a.xlsx").write_bytes(b"PK nothing")

    with pytest.raises(marking.Unmarked, match="chỗ lạ"):
        marking.marked(tmp_path / "a.xlsx", marking.Marks([], []))
    assert ["a.xlsx"] == [p.name for p in tmp_path.iterdir()]
