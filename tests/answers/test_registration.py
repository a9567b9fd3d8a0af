"""V.3, IV, II.9: registration, the first half, what is due; worked cases first, then boundaries."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import CASES, make_year
from early import add_rules, put

from ctd_analysis import cli
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.answers.progress import half_year
from ctd_analysis.answers.registration import Registration
from ctd_analysis.words import council, outcomes
from ctd_analysis.year import year

WORKED = sorted(path for verb in ("registration", "progress")
                for path in CASES.glob(f"year-round/0[459]-*/expected/{verb}*.json"))


@pytest.fixture
def folder(tmp_path) -> Path:
    """A healthy year that a test may spoil."""
    return make_year(CASES / "year-1", tmp_path / "2024")


def same(expected, actual) -> bool:
    """Equal, numbers as numbers and fractions as fractions."""
    if isinstance(expected, dict):
        return all(same(value, actual[key]) for key, value in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    if isinstance(expected, str) and expected[:1].isdigit() and "-" not in expected:
        return Fraction(expected) == Fraction(actual)
    return expected == actual


def test_the_worked_cases_are_there():
    """An empty folder of cases fails."""
    assert 9 == len(WORKED)


@pytest.mark.parametrize("path", WORKED, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_worked_case_is_exact(path, tmp_path, capsys):
    """`ctd registration` and `ctd progress` say what others worked out, and nothing but JSON on standard output."""
    case = json.loads(path.read_text(encoding="utf-8"))
    folder = make_year(path.parent.parent, tmp_path / "year")

    code = cli.main([str(folder) if part == "DIR" else part for part in case["call"]] + ["--json", "-"])

    assert case["exit"] == code
    assert same(case["answer"], json.loads(capsys.readouterr().out))


# ---------------------------------------------------------------- the register (V.3)

def of_unit(found, unit):
    return next(one for one in found.units if one.unit == unit)


@pytest.mark.parametrize(("expected", "came"), [("in_time", "2024-02-21"), ("late", "2024-02-22"), ("none", "none")])
def test_the_register_says_when_a_registration_came(folder, expected, came):
    """V.3, "trước ngày 22/02/2024": the day itself is late."""
    unit = year.read(folder).all_units[0].unit
    put(folder, "received", f"{unit},registration,{came},CV 1")

    assert expected == of_unit(Registration(year.read(folder)), unit).registration


# ---------------------------------------------------------------- the first half

def step(folder, unit, indicator, on=None):
    return next(one for one in half_year(year.read(folder), on).steps if (one.unit, one.indicator) == (unit, indicator))


@pytest.mark.parametrize(("expected", "actual"), [
    ("on_pace", 4_500_000_000), ("bar_pace", 4_499_999_999), ("bar_pace", 4_050_000_000), ("behind", 4_049_999_999),
    ("reached", 9_000_000_000), ("on_pace", 8_999_999_999)])
def test_half_way_on_the_day_is_half_way(folder, expected, actual):
    """IV: on 30 June, by months, half of nine billion is due; III.2.2 would speak under nine tenths of that."""
    unit = year.read(folder).all_units[0].unit
    put(put(folder, "targets", f"{unit},,resources,9000000000,"), "progress", f"{unit},resources,2024-06-30,{actual},")

    assert expected == step(folder, unit, "resources").status


@pytest.mark.parametrize(("share", "as_of", "rules"), [
    (Fraction(1, 2), "2024-06-30", '[progress]\npace = "months"\n'),
    (Fraction(182, 366), "2024-06-30", '[progress]\npace = "days"\n'),
    (Fraction(2, 12), "2024-02-29", ""), (Fraction(1), "2024-12-31", ""), (Fraction(1, 12 * 31), "2024-01-01", ""),
    (Fraction(1, 2), "2024-01-31", "[progress.due]\ndues = 2024-02-29\n"),
    (Fraction(1), "2024-02-29", "[progress.due]\ndues = 2024-02-29\n"),
    (Fraction(1), "2024-03-01", "[progress.due]\ndues = 2024-02-29\n"),
    (Fraction(31, 60), "2024-01-31", '[progress]\npace = "days"\n[progress.due]\ndues = 2024-02-29\n'),
    (Fraction(1), "2024-01-02", '[progress]\nbalance = ["dues"]\n')])
def test_how_much_is_due_by_a_day_is_an_exact_fraction(folder, share, as_of, rules):
    """Months, days of a leap year, a due day of its own, a balance."""
    unit = year.read(folder).all_units[0].unit
    put(add_rules(folder, rules), "progress", f"{unit},dues,{as_of},1,")

    assert share == step(folder, unit, "dues", date(2024, 12, 31)).share


def test_the_last_row_on_or_before_the_day_counts_and_a_blank_is_no_row(folder):
    """A row of 1 July is not there on 30 June; one without a number never is."""
    unit = year.read(folder).all_units[0].unit
    put(folder, "progress", f"{unit},dues,2024-07-01,9,", f"{unit},dues,2024-05-31,,", f"{unit},dues,2024-03-31,3,")

    assert 3 == step(folder, unit, "dues").actual
    assert 9 == step(folder, unit, "dues", date(2024, 7, 1)).actual


# ---------------------------------------------------------------- December: stated below registered

def lowered(folder, registered: int):
    """The appraisal of a year whose first unit states 100 in dues and paid 90, registered so many."""
    unit = year.read(folder).all_units[0]
    path = folder / "submissions" / unit.cluster / "indicators.csv"
    rows = [row for row in path.read_text(encoding="utf-8").splitlines() if not row.startswith(f"{unit.unit},dues,")]
    path.write_text("\n".join([*rows, f"{unit.unit},dues,100,90,"]) + "\n", encoding="utf-8")
    put(folder, "targets", f"{unit.unit},,dues,{registered},")
    found = appraise(year.read(folder))
    cards = [x for x in council.items(found, outcomes.by_cluster(found)) if "đã đăng ký hay" in x.question]
    return cards, [n.message for n in found.notices if n.file == "targets.csv"]


@pytest.mark.parametrize(("cards", "notices", "registered"), [(0, 0, 99), (0, 0, 100), (1, 1, 101)])
def test_a_target_stated_below_the_registered_one_is_told_and_asked_about(folder, cards, notices, registered):
    """90 of 101 is under nine tenths, 90 of 100 is not: which of the two counts is the Council's (III.2.2, V.3)."""
    found = lowered(folder, registered)

    assert (cards, notices) == tuple(map(len, found))


def test_where_no_case_turns_on_it_it_is_only_told(folder):
    """Members 100 stated, 106 registered, all reached: a notice and no card."""
    unit = year.read(folder).all_units[0]
    path = folder / "submissions" / unit.cluster / "indicators.csv"
    rows = [row for row in path.read_text(encoding="utf-8").splitlines() if not row.startswith(f"{unit.unit},member_growth,")]
    path.write_text("\n".join([*rows, f"{unit.unit},member_growth,100,106,"]) + "\n", encoding="utf-8")
    found = appraise(year.read(put(folder, "targets", f"{unit.unit},,member_growth,106,")))

    assert ["targets.csv"] == [n.file for n in found.notices if "đã đăng ký 106" in n.message]
    assert not [x for x in council.items(found, outcomes.by_cluster(found)) if "đã đăng ký hay" in x.question]
