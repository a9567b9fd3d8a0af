"""Submissions laid out by other hands: each read exactly, or refused with just the problems that are in it."""

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
from ctd_analysis.office.opener import Opener
from ctd_analysis.rows import COLUMNS
from ctd_analysis.sheets.headings import is_filled
from ctd_analysis.terms import TABLES
from ctd_analysis.year import year

FOLDERS = {"workbooks": 12, "workbooks-2": 12, "sheets": 22}
FIXTURES = sorted(p for folder in FOLDERS for p in (CASES / folder).iterdir() if p.is_dir())
#: What wants a remark on what is plausible, and what is not read yet: each must fail until it is.
LATER: dict[str, str] = {
}
HEADERS = ("appraisal", "decisions")


def make(case: Path, folder: Path) -> Path:
    """A fixture made a whole year, as its README says."""
    shutil.copytree(case, folder, dirs_exist_ok=True)
    shutil.copy(SHIPPED / "rulebook.toml", folder)
    shutil.copy(case.parent / "criteria.csv", folder)
    for name in HEADERS:
        if not (folder / f"{name}.csv").exists():
            (folder / f"{name}.csv").write_text(",".join(COLUMNS[name]) + "\n", encoding="utf-8")
    return folder


def listed(path: Path) -> list[list[str]]:
    """The lines of notices.txt or problems.txt: sheet, cells, what."""
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def stands_at(found, sheet: str, cells: str) -> bool:
    """Is a problem at one of these cells (a row as `31:31`, the whole sheet as `-`)?"""
    if sheet not in ("-", found.sheet):
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
    """Rows by key; one in which everything but the key is blank is no row, but for branches."""
    by_key = {tuple(map(plain, row[:2])): dict(zip(COLUMNS[table][2:], map(plain, row[2:]), strict=False)) for row in found}
    return {key: row for key, row in by_key.items() if table == "branches" or any(v != "" for v in row.values())}


def expected(case: Path, table: str) -> dict:
    """What a table must be read as."""
    path = case / "expected" / f"{table}.csv"
    if not path.exists():
        return {}
    with open(path, encoding="utf-8", newline="") as file:
        return rows(table, list(csv.reader(file))[1:])


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_submissions_are_there(folder):
    """An empty folder fails."""
    assert FOLDERS[folder] == sum(case.parent.name == folder for case in FIXTURES)


@pytest.mark.parametrize("case", [pytest.param(p, id=f"{p.parent.name}/{p.name}", marks=[
    pytest.mark.xfail(reason=LATER[p.name], strict=True)] if p.name in LATER else []) for p in FIXTURES])
def test_a_workbook_is_read_exactly_or_refused(tmp_path, case):
    """Tables by key; each notice and each problem at its cell; no false alarm."""
    read = year.read(make(case, tmp_path / "year"))
    problems, notices = (listed(case / "expected" / f"{what}.txt") for what in ("problems", "notices"))

    for sheet, cells, what in problems:
        assert any(stands_at(p, sheet, cells) for p in read.problems), what
    for sheet, cells, what in notices:
        assert any(stands_at(n, sheet, cells) for n in read.notices), what
    assert [] == [p.message for p in read.problems if not any(stands_at(p, sheet, cells) for sheet, cells, _ in problems)]
    if not problems and list((case / "expected").glob("*.csv")):
        for table in TABLES:
            wanted, found = expected(case, table), rows(table, [r[:len(COLUMNS[table])] for r in getattr(read, table)])
            for key, row in wanted.items():
                if row.get("note") == "" and key in found:
                    found[key]["note"] = ""
            assert wanted == found


INPUTS = CASES / "inputs"


def sent(folder: Path, name: str) -> year.Year:
    """The shipped year with one file in the place of a cluster's submission, and nothing of the session."""
    folder = shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("cum-3*"))
    for table in HEADERS:
        (folder / f"{table}.csv").write_text(",".join(COLUMNS[table]) + "\n", encoding="utf-8")
    shutil.copy(INPUTS / name, folder / "submissions" / "cum-3.xlsx")
    return year.read(folder)


def test_a_list_of_people_is_no_table_of_grades(tmp_path):
    """Alone: the cluster is refused. Beside the tables: an extra sheet, and the cluster's blank column stays blank."""
    alone = sent(tmp_path / "alone", "people-list-read-as-grades.xlsx")
    beside = sent(tmp_path / "beside", "extra-sheet-of-people.xlsx")
    blank = sent(tmp_path / "blank", "cluster-blank-plus-trainees.xlsx")

    assert ["không nhận ra bảng nào trong tệp"] == [p.what for p in alone.problems]
    for read in (beside, blank):
        assert () == read.problems
        assert any("trang thừa" in n.what for n in read.notices)
    assert 4 * 43 * 0.9 < sum(bool(g.cluster) for g in beside.grades if g.unit in {u.unit for u in beside.units
                                                                                 if u.cluster == "cum-3"})
    assert set() == {g.cluster for g in blank.grades if g.unit == "an-bien"} - {""}


def test_the_dump_is_what_was_read(tmp_path):
    """`ctd check --dump`: the contract's CSV, a folder a cluster, for a submission that came as a workbook."""
    case = CASES / "workbooks" / "05-full-dossier"
    folder = make(case, tmp_path / "year")

    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "check", str(folder), "--json", "-", "--dump",
                           str(tmp_path / "out")], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120)

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


def filled(path: Path) -> int:
    """How many cells of a workbook hold more than blanks; none of a file that is refused unopened."""
    opener = Opener([path])
    try:
        return sum(is_filled(cell) for sheet in opener.book(path).sheets for cell in sheet.cells.values())
    finally:
        opener.close()


@pytest.mark.parametrize("case", [pytest.param(p, id=f"{p.parent.name}/{p.name}") for p in FIXTURES])
def test_every_filled_cell_stands_in_the_account_once(tmp_path, case):
    """As head, axis, value, note, total, per cent, words around, an extra sheet's, or left; never nowhere."""
    folder, accounts = make(case, tmp_path / "year"), []

    year.read(folder, accounts=accounts)

    books = [p for p in (folder / "submissions").rglob("*") if p.suffix in (".xlsx", ".xls", ".ods")]
    assert sum(map(filled, books)) == len(accounts) == len({row[:3] for row in accounts})
    assert {row[3] for row in accounts} <= {"head", "axis", "value", "note", "total", "percent", "around", "extra", "left"}


def test_the_account_is_written_as_csv(tmp_path):
    """`ctd check --account`: a grade with its unit, criterion and round; a name left out names nothing."""
    folder = make(CASES / "workbooks" / "05-full-dossier", tmp_path / "year")

    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "check", str(folder), "--account",
                           str(tmp_path / "account.csv")], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")

    assert 0 == done.returncode, done.stderr
    with open(tmp_path / "account.csv", encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert ["file", "sheet", "cell", "kind", "table", "unit", "key", "field", "text"] == list(found[0])
    assert set(TABLES) == {row["table"] for row in found if row["kind"] == "value"}
    grades = {(row["unit"], row["key"]): row["text"] for row in found if (row["kind"], row["table"], row["field"]) == (
        "value", "grades", "cluster")}
    wanted = expected(CASES / "workbooks" / "05-full-dossier", "grades")
    assert {(unit, str(key)) for (unit, key), row in wanted.items() if row["cluster"]} == set(grades)
