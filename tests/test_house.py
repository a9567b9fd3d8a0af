"""The house's own laws: what imports what, where numbers may stand, and that what is written about the house is true."""

from __future__ import annotations

import ast
import re

import pytest
from conftest import ROOT, SHIPPED

from ctd_analysis.rows import COLUMNS

PACKAGE = ROOT / "ctd_analysis"
#: From the ground up: a module imports only what stands before it.
ORDER = ["terms", "problems", "values", "files", "rulebook", "scenarios", "records", "csvfile", "zipped", "xlsx", "xls",
         "ods", "child", "grid", "headings", "cells", "names", "layouts", "gather", "oldfonts", "totals", "scores", "across",
         "figures", "indicators", "branches", "workbook", "submission", "year",
         "template", "sendback", "facts",
         "ladder", "flags", "ranking", "judgement", "findings", "readings", "edges", "nearest", "outlook",
         "appraisal", "wording", "explain", "council", "whatif", "html", "table", "tables", "overview", "whatif_tables",
         "charts", "handed", "pages", "whatif_page", "controls", "results", "minutes", "fresh", "forkserver", "kernels", "warm",
         "batch", "record", "worklist", "publish", "cli"]
STRANGERS = [{"ladder", "flags", "ranking"}]        # these do not know each other
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if not p.stem.startswith("__"))


def imported(path) -> set[str]:
    """The library's own modules that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            last = (node.module or "").split(".")[-1]
            found |= {last} if last in ORDER else {alias.name for alias in node.names}
    return found & set(ORDER)


def test_every_module_has_its_place():
    """The order names each module once."""
    assert sorted(ORDER) == sorted(p.stem for p in MODULES)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_imports_run_one_way(path):
    """Downward only."""
    above = set(ORDER[ORDER.index(path.stem):])

    assert set() == imported(path) & above


@pytest.mark.parametrize("group", STRANGERS)
def test_the_rules_do_not_know_each_other(group):
    """III.1, III.2 and the order in a cluster stand side by side."""
    for name in group:
        assert set() == imported(PACKAGE / f"{name}.py") & (group - {name})


@pytest.mark.parametrize("name", ["ladder", "flags", "ranking", "judgement"])
def test_no_threshold_stands_in_rules_code(name):
    """A rule is data beside its clause: no number but 0, 1 and 100."""
    numbers = {node.value for node in ast.walk(ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8")))
               if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool)}

    assert numbers <= {0, 1, 100}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
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
                        assert ast.get_docstring(inner) or _is_bare_tuple(inner), f"{path.stem}.{inner.name}"


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


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_the_shipped_tables_have_the_contract_s_columns(table):
    """Same names, same order."""
    paths = [SHIPPED / f"{table}.csv"] if (SHIPPED / f"{table}.csv").exists() else \
        sorted(SHIPPED.glob(f"submissions/*/{table}.csv"))
    assert paths
    for path in paths:
        assert ",".join(COLUMNS[table]) == path.read_text(encoding="utf-8").splitlines()[0]


def test_no_emblem_and_no_likeness_of_it():
    """The red cross emblem is protected by law: none in pages, none in the style."""
    for path in [*PACKAGE.rglob("*.j2"), *PACKAGE.rglob("*.css"), *PACKAGE.rglob("*.js"), *PACKAGE.rglob("*.py")]:
        assert not set("✚✙➕🏥⛑✛✜") & set(path.read_text(encoding="utf-8")), path
