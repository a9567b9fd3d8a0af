"""What the tests share: the shipped year, the worked cases, years made up in a temporary folder."""

from __future__ import annotations

import atexit
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from look import QUIET, chromium

from ctd_analysis import cli
from ctd_analysis.year import year

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "data" / "2024"
CASES = Path(__file__).resolve().parent / "cases"
WORKED = sorted(folder.name for folder in CASES.glob("year-[0-9]*"))
PAGES = {"index", "check", "province", "cum-1", "cum-2", "cum-3", "cum-4"}

#: For tests that open pages: skipped on a machine without a Chromium, never where CTD_BROWSER_REQUIRED=1.
needs_browser = pytest.mark.skipif(chromium() is None and os.environ.get("CTD_BROWSER_REQUIRED") != "1",
                                   reason="no Chromium on this machine")


@pytest.fixture
def ctd(capsys):
    """Call the command in this process: exit code, standard output, standard error."""
    def call(*words):
        try:
            code = cli.main([str(word) for word in words])
        except SystemExit as done:
            code = done.code
        return code, *capsys.readouterr()
    return call


@pytest.fixture(autouse=True)
def no_console(monkeypatch):
    """What a command says goes to a program, however wide the console is from which the tests were started."""
    monkeypatch.delenv("COLUMNS", raising=False)
    os.unsetenv("COLUMNS")      # readline sets it behind Python's back, and a process that is started inherits it


needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals, pipes and mounts as POSIX has them")


def kernels_marked(mark: str) -> set[int]:
    """The processes of kernels that run with this word in their environment (Linux)."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes() and b"run.ahead" in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
        except OSError:
            pass
    return found


def until(reached, seconds: float = 5) -> bool:
    """Wait until something is so; was it, in time?"""
    end = time.monotonic() + seconds
    while not reached() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(reached())


def ends(pid: int) -> bool:
    """Does a process end, in time? One that nobody has asked after yet has ended too."""
    def is_gone():
        try:
            return "Z" == Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True

    return until(is_gone)


@functools.cache
def shipped() -> year.Year:
    """The shipped year, read once."""
    return year.read(SHIPPED)


@functools.cache
def entries(case: str) -> list[dict]:
    """What a worked case expects, under each of its overrides, read once."""
    return json.loads((CASES / case / "expected.json").read_text(encoding="utf-8"))


def kept_notebook(name: str) -> str:
    """A notebook as git keeps it: a working copy that was run, changed, saved fails no test. Without git, as it lies there."""
    done = subprocess.run(["git", "show", f":./notebooks/{name}"], cwd=ROOT, capture_output=True, timeout=60) \
        if shutil.which("git") else None
    kept = done.stdout if done and done.returncode == 0 else (ROOT / "notebooks" / name).read_bytes()
    return kept.decode("utf-8")


def keep_notebooks(folder: Path) -> Path:
    """All notebooks as git keeps them, in a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        (folder / path.name).write_text(kept_notebook(path.name), encoding="utf-8")
    return folder


@functools.cache
def home() -> Path:
    """Where the library runs from: the project, or, where somebody has changed its notebooks, a copy with those git keeps."""
    if all(kept_notebook(path.name) == path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").glob("*.ipynb")):
        return ROOT
    folder = Path(tempfile.mkdtemp(prefix="ctd-home-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in ("ctd_analysis", "data"):
        shutil.copytree(ROOT / name, folder / name)
    keep_notebooks(folder / "notebooks")
    return folder


@pytest.fixture(scope="session", autouse=True)
def notebooks_as_kept():
    """In this process too the pages are those of the notebooks git keeps."""
    if home() != ROOT:
        from ctd_analysis.run import comparing, worklist
        worklist.NOTEBOOKS = comparing.NOTEBOOKS = home() / "notebooks"


def make_year(source: Path, folder: Path) -> Path:
    """A copy of a year (or a worked case, completed with the shipped rule book and criteria) that a test may spoil."""
    shutil.copytree(source, folder, dirs_exist_ok=True)
    for name in ("rulebook.toml", "criteria.csv"):
        if not (folder / name).exists():
            shutil.copy(SHIPPED / name, folder / name)
    return folder


def csv_copy(source: Path, folder: Path) -> Path:
    """A copy of a year whose submissions are all CSV tables, whatever they came as."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("submissions"))
    assert 0 == cli.main(["check", str(source), "--dump", str(folder / "submissions")])
    return folder


@pytest.fixture
def shipped_copy(tmp_path) -> Path:
    """The shipped year, free to be spoilt."""
    return make_year(SHIPPED, tmp_path / "2024")


@pytest.fixture
def without_cum_2(shipped_copy) -> Path:
    """The shipped year, its second cluster's grades not to be read."""
    (shipped_copy / "submissions" / "cum-2" / "grades.csv").write_bytes(b"\xff")
    return shipped_copy


def ctd_run(year: Path, out: Path, *more: str, code: int = 0, **env: str) -> subprocess.CompletedProcess:
    """`ctd run` as a real process; the exit code is asserted."""
    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "run", str(year), "--out", str(out), *more], cwd=home(),
                          capture_output=True, text=True, encoding="utf-8", env={**os.environ, **env}, timeout=300)
    assert code == done.returncode, done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="session")
def rendered(tmp_path_factory) -> Path:
    """The shipped year, rendered once."""
    out = tmp_path_factory.mktemp("rendered")
    ctd_run(SHIPPED, out)
    return out


def same_but_for_the_stamp(rendered: Path, out: Path) -> bool:
    """Every page of one folder is in the other, byte for byte."""
    def page(path):
        return re.sub(rb'<span class="run-stamp">.*?</span>', b"", path.read_bytes())

    pages = sorted(rendered.rglob("*.html"))
    return bool(pages) and all(page(path) == page(out / path.relative_to(rendered)) for path in pages)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole session, cut off from any network."""
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET, "--proxy-server=127.0.0.1:9"])
        yield running
        running.close()


def sheets_of(pdf: Path) -> list[str]:
    """What stands on each sheet of a printed page."""
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True, encoding="utf-8", timeout=60)
    return done.stdout.split("\f")[:-1]


@pytest.fixture
def opened(browser):
    """Opens a page; gives it back with all it asked of the network, said on its console, or threw."""
    contexts = []

    def visit(url: str, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.requested, page.complaints = [], []
        page.on("request", lambda r: page.requested.append(r.url))
        page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: page.complaints.append(str(e)))
        page.on("dialog", lambda d: (page.complaints.append(f"dialog: {d.message}"), d.dismiss()))
        page.goto(url)
        return page

    yield visit
    for context in contexts:
        context.close()
