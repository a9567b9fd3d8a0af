"""Setting up: project file, conda file, lock and `tasks.py` agree, and `tasks.py` says plainly what it lacks."""

import ast
import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent


@functools.cache
def text(name):
    """A file at the top of the project, read once."""
    return (ROOT / name).read_text(encoding="utf-8")


def project():
    """What pyproject.toml says of the project."""
    return tomllib.loads(text("pyproject.toml"))["project"]


def conda():
    """environment.yml as data."""
    return yaml.safe_load(text("environment.yml"))


def specifiers(lines):
    """Requirements as {canonical name: bounds}."""
    requirements = map(Requirement, lines)
    return {canonicalize_name(each.name): each.specifier for each in requirements}


def runtime():
    """What the product needs."""
    return specifiers(project()["dependencies"])


def for_tests():
    """What the tests need besides."""
    return specifiers(project()["optional-dependencies"]["test"])


def conda_packages():
    """What environment.yml asks conda for."""
    return specifiers(each for each in conda()["dependencies"] if isinstance(each, str))


def locked():
    """Each entry of the lock: (canonical name, version, number of hashes); a name may stand there once per Python."""
    for entry in re.findall(r"^\w.*(?:\n    --hash=.*)*", text("requirements.lock"), re.MULTILINE):
        name, version = re.match(r"([\w.-]+)==([^\s;]+)", entry).groups()
        yield canonicalize_name(name), version, len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry))


# What is packed


def test_every_room_is_packed_and_the_notebooks_in_the_library():
    """Named one by one in pyproject.toml: a room that is forgotten there would be missing where the library is installed."""
    packed = tomllib.loads(text("pyproject.toml"))["tool"]["setuptools"]
    rooms = {f"ctd_analysis.{door.parent.name}" for door in ROOT.glob("ctd_analysis/*/__init__.py")}

    assert {"ctd_analysis", "ctd_analysis.notebooks", *rooms} == set(packed["packages"])
    assert {"ctd_analysis.notebooks": "notebooks"} == packed["package-dir"]


# The conda file


def test_the_conda_file_asks_for_what_the_project_file_asks_for():
    """Every runtime dependency stands in environment.yml, with the same bounds."""
    assert runtime() == {name: bounds for name, bounds in conda_packages().items() if name in runtime()}


def test_the_conda_file_asks_for_nothing_else():
    """Beside runtime and test dependencies, environment.yml names only Python and pip."""
    assert set() == conda_packages().keys() - runtime().keys() - for_tests().keys() - {"python", "pip"}


def test_the_conda_file_asks_for_the_same_python_and_installs_the_project():
    """The Python is the project file's, the channel conda-forge, and pip installs this folder."""
    python = conda_packages()["python"]

    assert (project()["requires-python"], ["conda-forge"]) == (str(python), conda()["channels"])
    assert {"pip": ["-e ."]} == conda()["dependencies"][-1]


# The lock


def test_every_direct_dependency_is_in_the_lock_within_its_bounds():
    """What pyproject.toml asks for is pinned to a version it allows."""
    for name, bounds in (runtime() | for_tests()).items():
        versions = [version for each, version, _ in locked() if each == name]

        assert versions, name
        assert versions == list(bounds.filter(versions)), name


def test_every_entry_of_the_lock_has_a_hash():
    """Nothing is installed unchecked."""
    entries = list(locked())

    assert len(entries) == len(re.findall(r"^\w", text("requirements.lock"), re.MULTILINE))
    assert [] == [name for name, _, hashes in entries if hashes == 0]


def test_the_lock_names_no_place():
    """No address, index, host, or path of the machine it was made on."""
    place = re.compile(r"://|--(?:extra-)?index|--find-links|--trusted-host|\.(?:com|io|net|org)\b|(?:^|\s)/|\\\w")

    assert [] == [line for line in text("requirements.lock").splitlines() if place.search(line)]


# tasks.py


@pytest.fixture
def checkout(tmp_path):
    """A folder with what `tasks.py` needs and no environment, its name as a clerk would type it."""
    folder = tmp_path / "thi đua 2024"
    folder.mkdir()
    for name in ("tasks.py", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    return folder


def run_tasks(folder, *arguments, **environment):
    """Run `python tasks.py` as a user would, and return (exit code, standard output, error output).

    Not with the path of whoever runs the tests: the library of that folder is meant.
    """
    done = subprocess.run(
        [sys.executable, "tasks.py", *arguments],
        cwd=folder,
        env={**{name: value for name, value in os.environ.items() if name != "PYTHONPATH"}, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    return done.returncode, done.stdout, done.stderr


def load_tasks(folder):
    """Import the `tasks.py` of that folder."""
    spec = importlib.util.spec_from_file_location("tasks", folder / "tasks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_ready(folder):
    """Give the folder an environment (without pip) that counts as made from what is there."""
    tasks = load_tasks(folder)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tasks.VENV], check=True, timeout=300)
    Path(tasks.STAMP).write_text(tasks.made_from(), encoding="utf-8")
    return tasks


def test_tasks_can_be_read_by_an_old_python():
    """An old Python must get as far as saying that it is too old."""
    ast.parse(text("tasks.py"), feature_version=(3, 8))


def test_tasks_needs_nothing_but_the_standard_library():
    """Nothing is installed yet when it starts."""
    nodes = list(ast.walk(ast.parse(text("tasks.py"))))
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}

    assert set() == imported - sys.stdlib_module_names


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_tasks_alone_prints_how_to_use_it(checkout, arguments):
    """No job, or a cry for help: the list of jobs, and nothing is set up."""
    code, out, err = run_tasks(checkout, *arguments)

    assert (0, "") == (code, err)
    assert ["run", "open", "test", "lab", "ctd", "lock"] == re.findall(r"^  (\w+) ", out, re.MULTILINE)
    assert not (checkout / ".venv").exists()


def test_an_unknown_job_is_refused_with_the_list_of_jobs(checkout):
    """The call itself is wrong: exit code 2."""
    code, out, err = run_tasks(checkout, "tset")

    assert (2, "") == (code, out)
    assert err.startswith("Không có việc nào tên là “tset”.")
    assert "Cách dùng" in err


def test_without_venv_tasks_says_what_to_install(checkout, tmp_path):
    """Debian's own Python comes without ensurepip; one sentence names the package, and no folder is left behind."""
    (tmp_path / "ensurepip.py").write_text("raise ModuleNotFoundError('ensurepip')", encoding="utf-8")

    code, out, err = run_tasks(checkout, "test", PYTHONPATH=str(tmp_path))

    assert (2, "") == (code, out)
    assert ["Python này thiếu venv: hãy cài gói python3-venv (sudo apt install python3-venv) rồi chạy lại."] == (
        err.splitlines()
    )
    assert not (checkout / ".venv").exists()


def test_an_old_python_is_told_which_one_is_wanted(checkout, tmp_path):
    """Under Python 3.11 there is one sentence, no traceback."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.version_info = (3, 10, 14)", encoding="utf-8")

    code, out, err = run_tasks(checkout, "run", PYTHONPATH=str(tmp_path))

    assert (2, "", "Cần Python 3.11 trở lên; bản đang chạy là 3.10.\n") == (code, out, err)


def test_without_uv_tasks_says_what_the_lock_needs(checkout, tmp_path):
    """Only whoever changes the dependencies needs uv, and is told so."""
    code, out, err = run_tasks(checkout, "lock", PATH=str(tmp_path))

    assert (2, "") == (code, out)
    assert ["Cần có uv để ghi lại requirements.lock: hãy cài uv (pip install uv) rồi chạy lại."] == err.splitlines()


def test_the_exit_code_is_the_job_s_and_its_output_stays_clean(checkout):
    """In an environment that is ready nothing is made or said: arguments go in, output and exit code come out."""
    make_ready(checkout)
    (checkout / "ctd_analysis").mkdir()
    (checkout / "ctd_analysis" / "__main__.py").write_text(
        "import sys\nprint(sys.argv[1:])\nsys.exit(3)", encoding="utf-8"
    )

    assert (3, "['run', 'data/2023', '--jobs', '2']\n", "") == run_tasks(checkout, "run", "data/2023", "--jobs", "2")
    assert (3, "['explain', 'kien-hai']\n", "") == run_tasks(checkout, "ctd", "explain", "kien-hai")


def test_an_environment_counts_until_what_it_was_made_from_changes(checkout):
    """Another lock, another project file, another Python, another place, or half a making: it is made again."""
    tasks = make_ready(checkout)
    assert tasks.is_ready()

    for name in ("requirements.lock", "pyproject.toml"):
        before = (checkout / name).read_bytes()
        (checkout / name).write_bytes(before + b"\n")
        assert not tasks.is_ready()
        (checkout / name).write_bytes(before)
    moved = checkout.rename(checkout.with_name("moved"))
    assert not load_tasks(moved).is_ready()
    moved.rename(checkout)
    assert tasks.is_ready()

    Path(tasks.STAMP).unlink()
    assert not tasks.is_ready()


def test_an_environment_of_another_python_does_not_count(checkout, monkeypatch):
    """Packages of one Python version do not work in another."""
    tasks = make_ready(checkout)

    monkeypatch.setattr(sys, "version_info", (3, 99, 0))

    assert not tasks.is_ready()


def test_a_failed_installation_shows_why_and_is_not_taken_for_an_environment(checkout):
    """pip's own words, one sentence on what to do, exit code 2, and the next run starts again."""
    nothing = "no-such-package==1.0 --hash=sha256:" + "0" * 64
    (checkout / "requirements.lock").write_text(nothing, encoding="utf-8")

    code, out, err = run_tasks(checkout, "test", PIP_NO_INDEX="1")

    assert (2, "") == (code, out)
    assert "no-such-package==1.0" in err
    assert err.splitlines()[-1].startswith("Chưa dựng được .venv, lý do ở trên")
    assert "Traceback" not in err
    assert not load_tasks(checkout).is_ready()


# CI


def test_ci_runs_the_test_command_of_tasks():
    """What CI checks is what the README tells everyone to run."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert "set -euo pipefail" in script
    assert "exec python3 tasks.py test" == script.splitlines()[-1].split(" #")[0]
