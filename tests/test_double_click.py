"""`ctd-run.bat` and `ctd-run.command`: the first command by a double click, then the index; what to do without Python."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, needs_posix
from test_setup import checkout, make_ready  # noqa: F401 - a fixture

LONG = 120
#: Stands for the library: it says how it was called, and makes a folder of pages where it is told to succeed.
LIBRARY = """
import pathlib, sys
print(sys.argv[1:])
if "--empty" not in sys.argv:
    for year in ("2023", "2024"):
        out = pathlib.Path("reports") / year
        out.mkdir(parents=True, exist_ok=True)
        (out / "index.html").write_text(year)
        (out / "run.json").write_text("{}")
        time = 1 if year == "2023" else 2
        __import__("os").utime(out / "run.json", (time, time))
sys.exit(3)
"""


def click(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """What a double click starts, with nobody at the keyboard."""
    keep = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "BROWSER")}
    return subprocess.run([str(folder / "ctd-run.command"), *arguments], cwd="/", capture_output=True, text=True,
                          encoding="utf-8", env={**keep, **environment}, stdin=subprocess.DEVNULL, timeout=LONG)


@pytest.fixture
def folder(checkout) -> Path:  # noqa: F811
    """A checkout with the launcher, an environment that is ready and a library that says how it was called."""
    shutil.copy(ROOT / "ctd-run.command", checkout)
    make_ready(checkout)
    (checkout / "ctd_analysis").mkdir()
    (checkout / "ctd_analysis" / "__main__.py").write_text(LIBRARY, encoding="utf-8")
    return checkout


def a_browser(folder: Path) -> str:
    """A browser that writes down what it was asked to open."""
    browser = folder / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{folder}/opened"\n', encoding="utf-8")
    browser.chmod(0o755)
    return str(browser)


@needs_posix
def test_a_click_runs_the_first_command_and_opens_the_index_made_last(folder, tmp_path):
    """From whatever folder it is started; what follows its name goes on; the exit code is the command's."""
    done = click(folder, "--jobs", "2", BROWSER=a_browser(tmp_path))

    assert (3, "['run', '--jobs', '2']\n") == (done.returncode, done.stdout)
    assert "Mở reports/2024/index.html trong trình duyệt…\n" == done.stderr
    assert f"{(folder / 'reports' / '2024' / 'index.html').as_uri()}\n" == (tmp_path / "opened").read_text(encoding="utf-8")


@needs_posix
def test_where_no_page_was_made_nothing_is_opened(folder, tmp_path):
    """The command has said why."""
    done = click(folder, "--empty", BROWSER=a_browser(tmp_path))

    assert (3, "Chưa có mục lục nào trong reports/ để mở; lý do ở trên.\n") == (done.returncode, done.stderr)
    assert not (tmp_path / "opened").exists()


@needs_posix
@pytest.mark.parametrize("there", [None, "3.10"], ids=["no Python", "an old one"])
def test_without_a_python_it_says_what_to_install(folder, tmp_path, there):
    """Three lines, exit code 2; nothing is set up."""
    (tmp_path / "bin").mkdir()
    for name in ("sh", "dirname"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    if there:
        old = tmp_path / "bin" / "python3"
        old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        old.chmod(0o755)
    done = click(folder, PATH=str(tmp_path / "bin"))

    assert 2 == done.returncode and done.stdout.startswith("Máy này chưa có Python 3.11 trở lên.\n")
    assert "python.org" in done.stdout and "docs/cai-dat.md" in done.stdout


def test_the_launchers_lie_beside_tasks_as_each_system_wants_them():
    """Windows: lines end in CR LF, UTF-8 without a mark at the head; macOS, Linux: it may be executed."""
    bat, command = (ROOT / "ctd-run.bat").read_bytes(), (ROOT / "ctd-run.command").read_bytes()

    assert bat.count(b"\r\n") == bat.count(b"\n") and bat.startswith(b"@echo off\r\n") and b"chcp 65001" in bat
    assert b"\r" not in command and command.startswith(b"#!/bin/sh\n")
    assert "*.bat text eol=crlf" in (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert os.name != "posix" or os.access(ROOT / "ctd-run.command", os.X_OK)


def test_both_launchers_say_the_same(tmp_path):
    """Of Python, and which one of our commands is run."""
    for name in ("ctd-run.bat", "ctd-run.command"):
        said = (ROOT / name).read_text(encoding="utf-8")
        for words in ("Máy này chưa có Python 3.11 trở lên.", "python.org", "tasks.py open", "cai-dat.md", "(3, 11)"):
            assert words in said, (name, words)


@needs_posix
def test_the_launcher_is_a_shell_script_any_shell_reads():
    """Nothing of bash's own."""
    assert 0 == subprocess.run(["sh", "-n", ROOT / "ctd-run.command"], timeout=LONG).returncode
