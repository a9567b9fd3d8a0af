"""The twelve submissions laid out by other hands: each read exactly, or refused with just the problems that are in it."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import CASES, ROOT, SHIPPED

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.forms import template
from ctd_analysis.rows import COLUMNS
from ctd_analysis.terms import TABLES
from ctd_analysis.year import year

FOLDER = CASES / "workbooks"
FIXTURES = sorted(p for p in FOLDER.iterdir() if p.is_dir())
HEADERS = ("appraisal", "decisions")


def make(case: Path, folder: Path) -> Path:
    """A fixture made a whole year, as its README says."""
    shutil.copytree(case, folder, dirs_exist_ok=True)
    shutil.copy(SHIPPED / "rulebook.toml", folder)
    shutil.copy(FOLDER / "criteria.csv", folder)
    for name in HEADERS:
        if not (folder / f"{name}.csv").exists():
            (folder / f"{name}.csv").write_text(",".join(COLUMNS[name]) + "\n", encoding="utf-8")
    return folder


def listed(path: Path) -> list[list[str]]:
    """The lines of notices.txt or problems.txt: sheet, cells, what."""
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def stands_at(found, sheet: str, cells: str) -> bool:
    """Is a problem at one of these cells (a row as `31:31`, the whole sheet as `-`)?"""
    if found.sheet != sheet:
        return False
    rows = "".join(c for c in found.cell or "" if c.isdigit())
    return any(cell in ("-", found.cell) or ":" in cell and cell.partition(":")[0] == rows for cell in cells.split("|"))


def plain(value) -> object:
    """A number as a number, text in NFC with outer blanks gone."""
    text = unicodedata.normalize("NFC", "" if value is None else str(value)).strip()
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def rows(table: str, found) -> dict:
    """Rows by key; one in which everything but the key is blank is no row."""
    by_key = {tuple(map(plain, row[:2])): dict(zip(COLUMNS[table][2:], map(plain, row[2:]), strict=False)) for row in found}
    return {key: row for key, row in by_key.items() if any(v != "" for v in row.values())}


def expected(case: Path, table: str) -> dict:
    """What a table must be read as."""
    path = case / "expected" / f"{table}.csv"
    if not path.exists():
        return {}
    with open(path, encoding="utf-8", newline="") as file:
        return rows(table, list(csv.reader(file))[1:])


def test_the_twelve_are_there():
    """An empty folder fails."""
    assert 12 == len(FIXTURES)


@pytest.mark.parametrize("case", FIXTURES, ids=lambda p: p.name)
def test_a_workbook_is_read_exactly_or_refused(tmp_path, case):
    """Tables by key; each notice and each problem at its cell; no false alarm."""
    read = year.read(make(case, tmp_path / "year"))
    problems, notices = (listed(case / "expected" / f"{what}.txt") for what in ("problems", "notices"))

    for sheet, cells, what in problems:
        assert any(stands_at(p, sheet, cells) for p in read.problems), what
    for sheet, cells, what in notices:
        assert any(stands_at(n, sheet, cells) for n in read.notices), what
    assert [] == [p.message for p in read.problems if not any(stands_at(p, sheet, cells) for sheet, cells, _ in problems)]
    if not problems:
        for table in TABLES:
            wanted, found = expected(case, table), rows(table, [r[:len(COLUMNS[table])] for r in getattr(read, table)])
            for key, row in wanted.items():
                if row.get("note") == "" and key in found:
                    found[key]["note"] = ""
            assert wanted == found


def test_the_dump_is_what_was_read(tmp_path):
    """`ctd check --dump`: the contract's CSV, a folder a cluster, for a submission that came as a workbook."""
    case = next(p for p in FIXTURES if p.name.startswith("05"))
    folder = make(case, tmp_path / "year")

    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "check", str(folder), "--json", "-", "--dump",
                           str(tmp_path / "out")], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")

    assert 0 == done.returncode
    assert [] == json.loads(done.stdout)["problems"]
    for table in TABLES:
        with open(tmp_path / "out" / "cum-1" / f"{table}.csv", encoding="utf-8", newline="") as file:
            header, *found = csv.reader(file)
        assert list(COLUMNS[table]) == header
        assert expected(case, table) == rows(table, found)


def test_the_template_filled_gives_the_year_it_was_filled_from(tmp_path):
    """Out and in again: the same results to the last key."""
    shipped = year.read(SHIPPED)
    folder = shutil.copytree(SHIPPED, tmp_path / "2024", ignore=shutil.ignore_patterns("submissions"))
    (folder / "submissions").mkdir()
    for cluster in shipped.clusters:
        content = template.workbook(shipped, cluster.cluster, filled=True)
        (folder / "submissions" / f"{cluster.cluster}.xlsx").write_bytes(content)

    again = year.read(folder)

    assert () == again.problems
    assert appraise(shipped).as_json() == appraise(again).as_json()


def test_an_empty_template_is_no_problem(tmp_path):
    """What was sent out and came back blank: nothing is known, nothing is wrong."""
    shipped = year.read(SHIPPED)
    folder = shutil.copytree(SHIPPED, tmp_path / "2024", ignore=shutil.ignore_patterns("submissions", "appraisal.csv"))
    (folder / "submissions").mkdir()
    for cluster in shipped.clusters:
        (folder / "submissions" / f"{cluster.cluster}.xlsx").write_bytes(template.workbook(shipped, cluster.cluster))

    again = year.read(folder)

    assert () == again.problems
    assert () == again.grades
