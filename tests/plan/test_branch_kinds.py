"""II.5 "cơ sở Hội xã, phường, thị trấn": only such branches owe a fund; the others count in the branch share all the same."""

from __future__ import annotations

import oracle
import pytest
from build import a_unit, appraised, shipped_rules
from conftest import CASES, make_year

from ctd_analysis import cli
from ctd_analysis.year import kept, year

RICH, POOR = 10_000_000, 9_999_999


def funds(*branches, **reads):
    """The flag `funds` of a unit with these branches, as the library and the tests' own reading have it."""
    unit = a_unit() | {"branches": [("Khá", *branch) for branch in branches]}
    changes = {f"readings.{id}": option for id, option in reads.items()}
    (one,) = appraised([unit], changes).as_json()["units"]
    (naive,) = oracle.results([unit], oracle.amended(shipped_rules(), changes))
    assert naive["flags"] == one["flags"]
    assert (len(branches), len(branches)) == (one["branches_good"], one["branches_total"])
    return one["flags"]["funds"]


@pytest.mark.parametrize(("expected", "branches"), [
    (False, [(RICH,), (POOR, "truong")]), (True, [(POOR,), (RICH, "truong")]), (False, [(RICH, "xa"), (None, "benh-vien")]),
    (None, [(RICH, "truong"), (RICH, "khac")]), (None, [(None, "xa"), (RICH, "truong")]), (False, [(RICH,), (0, "khac")]),
    (True, [(RICH, "truong"), (POOR,)])])
def test_a_school_or_a_hospital_owes_no_fund(expected, branches):
    """Every branch of a commune has to reach ten million; no such branch: not knowable."""
    assert expected is funds(*branches)


@pytest.mark.parametrize(("expected", "branches"), [
    (False, [(RICH + 1,), (POOR,), (0, "truong")]), (True, [(RICH,), (POOR,), (10 * RICH, "truong")]),
    (None, [(POOR, "truong")])])
def test_an_average_is_of_those_that_owe_one(expected, branches):
    """The same where II.5 is read as an average."""
    assert expected is funds(*branches, branch_fund="average")


def with_kinds(tmp_path, kind: str):
    """A year whose first branch is of a kind."""
    folder = make_year(CASES / "year-1", tmp_path / "2024")
    path = folder / "submissions" / "cum-1" / "branches.csv"
    head, first, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{head},kind", f"{first},{kind}", *(f"{row}," for row in rest)]) + "\n", encoding="utf-8")
    return folder


def test_the_column_is_optional_and_comes_back_as_it_was_read(tmp_path):
    """Blank is `xa`; what is kept of a reading says the kind, and nothing differs when it is read again."""
    folder = with_kinds(tmp_path, "benh-vien")
    read = year.read(folder)

    assert ["benh-vien", "xa"] == [branch.kind for branch in read.branches[:2]]
    assert not [n for n in read.notices if "cột lạ" in n.message]
    assert 0 == cli.main(["check", str(folder), "--dump", str(tmp_path / "read")])
    assert {} == kept.changes(kept.read(tmp_path / "read"), kept.of(read))


def test_another_kind_is_a_problem(tmp_path):
    """The nearest known one is suggested."""
    (problem,) = year.read(with_kinds(tmp_path, "benh vien")).problems

    assert ("cum-1/branches.csv", 2) == (problem.file, problem.line)
    assert "có phải “benh-vien”" in problem.message
