"""The library installed from a wheel, in an environment that holds nothing else: the command works from anywhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT, SHIPPED, same_but_for_the_stamp

import ctd_analysis

pytestmark = pytest.mark.network
LONG = 600          # seconds for everything that is fetched


def bare(folder: Path, *command, code: int = 0) -> subprocess.CompletedProcess:
    """A command that sees neither this project nor the environment of the tests."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "JUPYTER"))}
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, encoding="utf-8",
                          timeout=LONG, env=env | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    assert code == done.returncode, done.stdout + done.stderr
    return done


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from a copy of the project: nothing is left beside the sources."""
    source, built = tmp_path_factory.mktemp("source") / "project", tmp_path_factory.mktemp("built")
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "reports", "tests", "__pycache__", "*.egg-info", "build"))
    compiled = source / "ctd_analysis" / "report" / "ctd" / "__pycache__"
    compiled.mkdir()
    (compiled / "a-template.pyc").touch()       # as a run leaves them
    bare(built, sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", built,
         source)
    return next(built.glob("*.whl"))


@pytest.fixture(scope="session")
def environment(wheel, tmp_path_factory) -> Path:
    """The folder of the commands of an environment with the wheel and what it needs, in the versions of the lock."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(r"^\w[^\\\n]*", lock, re.MULTILINE)
    (folder / "pinned.txt").write_text("\n".join(pinned), encoding="utf-8")
    try:
        bare(folder, programs / "python", "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder,
             next(line for line in pinned if line.startswith("jinja2==")))
    except AssertionError:
        if os.environ.get("CTD_NETWORK_REQUIRED") == "1":
            raise
        pytest.skip("no network")
    bare(folder, programs / "python", "-m", "pip", "install", "--quiet", "-c", folder / "pinned.txt", wheel)
    return programs


def test_the_wheel_holds_the_library_and_the_notebooks_and_nothing_else(wheel):
    """Every file of the library, templates and notebooks with it; no test, no year."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    library = {path.relative_to(ROOT).as_posix() for path in (ROOT / "ctd_analysis").rglob("*")
               if path.is_file() and "__pycache__" not in path.parts}

    assert library | {f"ctd_analysis/notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")} == names


def test_the_command_tells_its_version(environment, tmp_path):
    """In an environment of its own."""
    assert f"ctd-analysis {ctd_analysis.__version__}\n" == bare(tmp_path, environment / "ctd", "--version").stdout


def test_a_year_is_worked_through_from_anywhere(environment, rendered, tmp_path):
    """`ctd template`, `ctd check`, `ctd run`: the same pages as from the project; `ctd notebooks`: copies that run."""
    shutil.copytree(SHIPPED, tmp_path / "data" / "2024")
    bare(tmp_path, environment / "ctd", "template", "--cluster", "cum-1")
    assert (tmp_path / "templates" / "2024" / "cum-1.xlsx").is_file()
    assert "0 lỗi" in bare(tmp_path, environment / "ctd", "check").stdout

    bare(tmp_path, environment / "ctd", "run")
    assert same_but_for_the_stamp(rendered, tmp_path / "reports" / "2024")

    bare(tmp_path, environment / "ctd", "notebooks", "so-tinh")
    bare(tmp_path / "so-tinh", environment / "papermill", "--no-progress-bar", "cluster_report.ipynb", "out.ipynb",
         "-p", "cluster", "cum-2")
    assert "Huyện Tân Hiệp" in (tmp_path / "so-tinh" / "out.ipynb").read_text(encoding="utf-8")
