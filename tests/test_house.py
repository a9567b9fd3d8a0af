"""The house's own laws: what imports what, where numbers may stand, and that what is written about the house is true."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest
from conftest import ROOT, SHIPPED

from ctd_analysis.rows import COLUMNS

PACKAGE = ROOT / "ctd_analysis"
#: From the ground up: a module imports only what stands before it.
ORDER = ["terms", "problems", "values", "files", "rows",
         "office.zipped", "office.xlsx", "office.xls", "office.ods", "office.child", "office.grid", "office.opener",
         "plan.rulebook", "plan.load", "plan.scenario", "plan.facts", "plan.ladder", "plan.filings", "plan.flags",
         "plan.ranking", "plan.targets", "plan.judgement",
         "sheets.headings", "sheets.cells", "sheets.names", "sheets.layouts", "sheets.gather", "sheets.oldfonts",
         "sheets.totals", "sheets.scores", "sheets.across", "sheets.figures", "sheets.filings", "sheets.indicators",
         "sheets.branches", "sheets.workbook",
         "year.csvfile", "year.parser", "year.submission", "year.register", "year.session", "year.year", "year.handed",
         "year.tally",
         "forms.paper", "forms.template", "forms.sendback",
         "answers.findings", "answers.readings", "answers.edges", "answers.nearest", "answers.missing", "answers.rounds",
         "answers.appraisal", "answers.what_if",
         "words.wording", "words.why", "words.explain", "words.council",
         "tables.markup", "tables.table", "tables.cluster", "tables.grades", "tables.inputs", "tables.province",
         "tables.what_if", "tables.charts",
         "pages.notebook", "pages.what_if", "pages.controls", "pages.results", "pages.minutes", "pages.site",
         "run.fresh", "run.forkserver", "run.kernels", "run.warm", "run.render", "run.batch", "run.ledger", "run.worklist",
         "run.publish",
         "verbs", "cli"]
#: These do not know each other.
STRANGERS = [{"plan.ladder", "plan.filings", "plan.flags", "plan.ranking", "plan.targets"}]
#: All of ours that a room may know beside itself: strangers' files are opened by a process without us, the law needs no year.
WALLS = {"office": set(), "plan": {"terms", "problems", "values", "files"}}
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if not p.stem.startswith("__"))


def imported(path) -> set[str]:
    """The library's own modules that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*path.relative_to(PACKAGE).parts[:-node.level], *filter(None, [node.module])]
            found |= {".".join(base), *(".".join([*base, alias.name]) for alias in node.names)}
    return found & set(ORDER)


def name_of(path) -> str:
    """A module as the order names it: `plan.ladder`."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def test_every_module_has_its_place():
    """The order names each module once."""
    assert sorted(ORDER) == sorted(map(name_of, MODULES))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_one_way(path):
    """Downward only."""
    above = set(ORDER[ORDER.index(name_of(path)):])

    assert set() == imported(path) & above


@pytest.mark.parametrize("group", STRANGERS)
def test_the_rules_do_not_know_each_other(group):
    """II, III.1, III.2 and the order in a cluster stand side by side."""
    for path in (p for p in MODULES if name_of(p) in group):
        assert set() == imported(path) & (group - {name_of(path)})


@pytest.mark.parametrize("room", WALLS)
def test_a_room_with_walls_knows_itself_and_little_else(room):
    """Of ours; lazily imported or not."""
    for path in (PACKAGE / room).glob("*.py"):
        assert set() == {name for name in imported(path) if not name.startswith(f"{room}.")} - WALLS[room]


def test_the_law_is_read_without_a_year():
    """Neither files nor tables are loaded with it."""
    code = ("import sys, ctd_analysis.plan.judgement\n"
            "print('pandas' in sys.modules, *(name for name in sys.modules if name.startswith('ctd_analysis.')))")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
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
