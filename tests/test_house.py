"""The house's own laws: what imports what, where numbers may stand, and that what is written about the house is true."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import Counter

import pytest
from conftest import CASES, ROOT, SHIPPED

from ctd_analysis.rows import COLUMNS, OPTIONAL
from ctd_analysis.year import midyear

PACKAGE = ROOT / "ctd_analysis"
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if not p.stem.startswith("__"))


def name_of(path) -> str:
    """A module as the order names it: `plan.ladder`."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def lint_imports(folder) -> subprocess.CompletedProcess:
    """import-linter on the library in a folder, by the contracts in its pyproject.toml."""
    call = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
    return subprocess.run([sys.executable, "-c", call], cwd=folder, capture_output=True, text=True, encoding="utf-8",
                          timeout=120, env={**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"})


def test_imports_run_one_way():
    """Between the rooms and inside each of them, lazily imported or not; no module without a place."""
    done = lint_imports(ROOT)

    assert 0 == done.returncode, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(("module", "line", "chain"), [
    ("plan/ladder.py", "from ..year import year", "ctd_analysis.plan.ladder -> ctd_analysis.year.year"),
    ("plan/ladder.py", "from . import flags", "ctd_analysis.plan.ladder -> ctd_analysis.plan.flags"),
    ("office/xlsx.py", "from ..values import plain", "ctd_analysis.office.xlsx -> ctd_analysis.values"),
    ("tables/charts.py", "from ..run import publish", "ctd_analysis.tables.charts -> ctd_analysis.run.publish")])
def test_a_broken_wall_is_named_with_its_chain(tmp_path, module, line, chain):
    """An import inside a function, as nobody sees at the head of a file."""
    shutil.copytree(PACKAGE, tmp_path / "ctd_analysis", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with open(tmp_path / "ctd_analysis" / module, "a", encoding="utf-8") as file:
        file.write(f"\n\ndef broken():\n    {line}\n")
    done = lint_imports(tmp_path)

    assert 1 == done.returncode
    assert chain in done.stdout


def test_the_law_is_read_without_a_year():
    """Neither files nor tables are loaded with it."""
    code = ("import sys, ctd_analysis.plan.judgement\n"
            "print('pandas' in sys.modules, *(name for name in sys.modules if name.startswith('ctd_analysis.')))")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    has_pandas, *loaded = done.stdout.split()

    assert "False" == has_pandas
    assert set() == {name.split(".")[1] for name in loaded} - {"plan", "terms", "problems", "values"}


def test_a_room_has_a_door_sentence():
    """And its `__init__` holds nothing else."""
    for path in PACKAGE.glob("*/__init__.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert 1 == len(tree.body) and ast.get_docstring(tree).count("\n") == 0, path


@pytest.mark.parametrize("name", ["ladder", "filings", "flags", "ranking", "judgement"])
def test_no_threshold_stands_in_rules_code(name):
    """A rule is data beside its clause: no number but 0, 1 and 100."""
    numbers = {node.value for node in ast.walk(ast.parse((PACKAGE / "plan" / f"{name}.py").read_text(encoding="utf-8")))
               if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool)}

    assert numbers <= {0, 1, 100}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_public_name_says_what_it_is(path):
    """Module, public classes, functions and methods have a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            for inner in ([node] if isinstance(node, ast.FunctionDef) else [node, *node.body]):
                is_inside = any(inner in getattr(f, "body", []) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef))
                if isinstance(inner, (ast.FunctionDef, ast.ClassDef)) and not inner.name.startswith("_") and not is_inside:
                    owner = next((c for c in ast.walk(tree) if isinstance(c, ast.ClassDef) and inner in c.body), None)
                    if owner is None or not owner.name.startswith("_"):
                        assert ast.get_docstring(inner) or _is_bare_tuple(inner), f"{name_of(path)}.{inner.name}"


def _is_bare_tuple(node) -> bool:
    """A NamedTuple whose fields are a table's columns needs no words."""
    return isinstance(node, ast.ClassDef) and any(getattr(b, "id", "") == "NamedTuple" for b in node.bases)


def test_the_tree_in_the_readme_is_the_tree():
    """Every file of the layout is there, and every module and notebook is in the layout."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```\n(README\.md.*?)```", readme, re.DOTALL)[1]
    named, folders = set(), [""]
    for line in block.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        del folders[depth + 1:]
        for name in re.match(r"\s*((?:\S+ ?)+)", line)[1].split():
            named.add(f"{folders[depth]}{name}")
        first = line.split()[0]
        folders.append(f"{folders[depth]}{first}" if first.endswith("/") else "")

    assert [] == sorted(n for n in named if not (ROOT / n).exists())
    for pattern in ("ctd_analysis/**/*.py", "notebooks/*.ipynb"):
        there = {p.relative_to(ROOT).as_posix() for p in ROOT.glob(pattern) if not p.stem.startswith("__")}
        assert set() == there - named


@pytest.mark.parametrize("table", sorted(set(COLUMNS) - set(midyear.FILES)))
def test_the_shipped_tables_have_the_contract_s_columns(table):
    """Same names, same order; of a table that the shipped year does without, those of the worked cases."""
    paths = [SHIPPED / f"{table}.csv"] if (SHIPPED / f"{table}.csv").exists() else \
        sorted(SHIPPED.glob(f"submissions/*/{table}.csv")) or sorted(CASES.glob(f"year-round/**/{table}.csv"))
    assert paths
    for path in paths:
        head = path.read_text(encoding="utf-8").splitlines()[0]
        assert head in (",".join(COLUMNS[table]), ",".join([*COLUMNS[table], *OPTIONAL.get(table, ())]))


#: Collects tests and prints what was read (but Python and pytest's settings) or started meanwhile, as the interpreter tells it.
COLLECT = """
import os, pathlib, sys
root, seen = pathlib.Path(sys.argv[1]), set()

def look(event, args):
    if event == "subprocess.Popen":
        seen.add(f"started: {args[1]}")
    elif event == "open" and isinstance(args[0], (str, bytes, os.PathLike)):
        path = pathlib.Path(os.fsdecode(args[0]))
        if path.suffix not in (".py", ".pyc") and path != root / "pyproject.toml" and path.is_relative_to(root):
            if path.is_file() and not path.relative_to(root).parts[0].startswith("."):
                seen.add(path.relative_to(root).as_posix())

sys.addaudithook(look)
import pytest
code = pytest.main(["--collect-only", "-qqq", "-p", "no:cacheprovider", *sys.argv[2:]])
print("collected", int(code), *sorted(seen), sep="\\n")
"""


def seen_at_collection(*tests) -> list[str]:
    """What importing these tests (none: all) reads of the project and starts, each once."""
    done = subprocess.run([sys.executable, "-c", COLLECT, ROOT, *tests], cwd=ROOT, capture_output=True, text=True,
                          encoding="utf-8", timeout=300, env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"})
    code, *seen = done.stdout.partition("collected\n")[2].splitlines()
    assert "0" == code, done.stdout + done.stderr
    return seen


def test_nothing_is_read_before_a_test_runs():
    """Tests are named from listings and from what stands in them; a file is read, a command started, when a test asks."""
    assert [] == seen_at_collection()


def test_what_is_read_before_a_test_runs_is_named(tmp_path):
    """A file opened and a process started while a module of tests is imported."""
    (tmp_path / "test_early.py").write_text(
        f"import pathlib, subprocess, sys\npathlib.Path({str(ROOT / 'README.md')!r}).read_bytes()\n"
        "subprocess.run([sys.executable, '-c', ''])\ndef test_early(): pass\n", encoding="utf-8")

    assert ["README.md", f"started: {[sys.executable, '-c', '']}"] == seen_at_collection(tmp_path / "test_early.py")


def test_no_emblem_and_no_likeness_of_it():
    """The red cross emblem is protected by law: none in pages, none in the style."""
    for path in [*PACKAGE.rglob("*.j2"), *PACKAGE.rglob("*.css"), *PACKAGE.rglob("*.js"), *PACKAGE.rglob("*.py")]:
        assert not set("✚✙➕🏥⛑✛✜") & set(path.read_text(encoding="utf-8")), path


def test_no_class_is_called_as_another():
    """One word, one thing; the bench shows `Year` and `Refused` to a notebook under the names they have here."""
    named = Counter(name for path in (ROOT / "ctd_analysis").rglob("*.py")
                    for name in re.findall(r"^class ([A-Z]\w*)", path.read_text("utf-8"), re.MULTILINE))

    assert {"Year", "Refused"} == {name for name, times in named.items() if times > 1}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_public_functions_name_the_errors_they_raise_and_the_shapes_of_arrays(path):
    """An error stands in the docstring of the function or of its module; an array's docstring says of which shape it is."""
    tree, silent = ast.parse(path.read_text("utf-8")), []
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    for one in (node for holder in (tree, *classes) for node in holder.body
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")):
        said = ast.get_docstring(one)
        raised = {ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc).split(".")[-1]
                  for node in ast.walk(one) if isinstance(node, ast.Raise) and node.exc is not None}
        silent += [f"{one.name}: {name}" for name in raised if name[0].isupper()
                   and not re.search(rf"\b{name}\b", said + (ast.get_docstring(tree) or ""))]
        typed = " ".join(ast.unparse(a) for a in (one.returns, *(a.annotation for a in one.args.args)) if a)
        silent += [f"{one.name}: shape"] * ("ndarray" in typed and not re.search(r"\((\w+|…),|[Ss]hape|axis|scalar", said))

    assert not silent
