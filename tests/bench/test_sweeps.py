"""Whole ranges at once give what scenario by scenario gives; changed facts; a heat map."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from conftest import CASES, WORKED, make_year, shipped

import ctd_analysis as ctd
from ctd_analysis.bench.years import Year
from ctd_analysis.year import year as years

BRANCH = "Hội CTĐ phường Bình San"
SWEPT = [
    {"class.excellent.min_a": range(36, 44)}, {"readings.sanction": ["downgrade", "not_considered"]},
    {"class.good.branch_percent": [0, 50, 75, 100], "readings.ladder_gap": ["waterfall", "one_level_down", "undecided"]},
    {"actual.ha-tien.dues": [0, 1, 28_000_000, None]}, {"grade.ha-tien.35": ["A", "B", "C", "KAD", ""]},
    {"filing.ha-tien.annual_report": ["2024-12-09", "none", ""], "readings.not_considered": ["both", "either"]},
    {f"rating.ha-tien.{BRANCH}": ["Khá", "Yếu", ""], "class.average.branch_percent": range(0, 101, 20)},
    {"target.ha-tien.resources": [1, 9_000_000_000], "actual.ha-tien.resources": [1, 8_100_000_000]},
    {"grade.ha-tien.1": ["A", "C"], "grade.kien-hai.1": ["A", "C"]},
    {"filing.annual_report.before": ["2024-12-01", "2024-12-31"]}, {"ranking.order": ["class;a", "class;c"]}]


@pytest.fixture(scope="module")
def year():
    """The shipped year."""
    return Year(shipped())


def one_by_one(year, swept) -> list[list[str]]:
    """A scenario a combination, each appraised alone."""
    found = []
    for values in product(*swept.values()):
        units = ctd.appraise(year, dict(zip(swept, values, strict=True))).units
        found.append([str(one) if considered and not pd.isna(one) else "no_class" if considered else "not_considered"
                      for one, considered in zip(units["final_class"], units["considered"], strict=True)])
    return found


@pytest.mark.parametrize("swept", SWEPT, ids=lambda swept: " ".join(swept))
def test_a_sweep_is_what_scenario_by_scenario_gives(year, swept):
    """Rules, readings, facts; two keys, the second fastest."""
    frame = ctd.sweep(year, swept)

    assert one_by_one(year, swept) == frame.astype(str).to_numpy().tolist()
    assert list(frame.columns) == [u.unit for u in shipped().units]
    assert list(swept) == list(frame.index.names)
    assert {("not_considered", "no_class", "weak", "average", "good", "excellent")} == \
        {tuple(dtype.categories) for dtype in frame.dtypes} and all(dtype.ordered for dtype in frame.dtypes)


@pytest.mark.parametrize("case", WORKED)
def test_a_sweep_of_a_worked_year(case, tmp_path):
    """Years of another making."""
    year = Year(years.read(make_year(CASES / case, tmp_path)))
    unit = year.read.units[0].unit
    swept = {f"actual.{unit}.dues": [0, 10**9], "flag.dues.below_percent": [0, 90, 100]}

    assert one_by_one(year, swept) == ctd.sweep(year, swept).astype(str).to_numpy().tolist()


def test_a_sweep_of_a_trial_goes_on_from_its_facts(year):
    """What was changed stays changed."""
    trial = ctd.change(year, {f"grade.giong-rieng.{k}": "C" for k in range(1, 30)})

    assert {"weak"} == set(ctd.sweep(trial, {"class.excellent.min_a": [30, 40]})["giong-rieng"])


def test_numbers_of_numpy_and_pandas_are_numbers(year):
    """As they come out of a table."""
    same = ctd.sweep(year, {"class.excellent.min_a": np.arange(40, 42)})

    assert same.equals(ctd.sweep(year, {"class.excellent.min_a": pd.Series([40, 41])}))
    assert ctd.appraise(year, {"class.excellent.min_a": np.int64(40)}).units.equals(
        ctd.appraise(year, {"class.excellent.min_a": 40}).units)


@pytest.mark.parametrize(("swept", "error"), [
    ({}, ValueError), ({"class.excellent.min_a": []}, ValueError), ({"class.excelent.min_a": [1]}, ctd.UnknownKey),
    ({"class.excellent.min_a": [41, 44]}, ctd.UnknownValue), ({"grade.x.1": ["A"]}, ctd.UnknownUnit),
    ({"grade.ha-tien.1": ["A", "D"]}, ctd.UnknownValue), ({"readings.sanction": ["no"]}, ctd.UnknownValue)])
def test_what_cannot_be_swept_is_refused(year, swept, error):
    """No key, no value, an unknown key, unit or value: ValueErrors all."""
    with pytest.raises(error) as refused:
        ctd.sweep(year, swept)

    assert isinstance(refused.value, ValueError)


# ---------------------------------------------------------------- changed facts

def test_a_changed_year_is_another_and_the_first_stays(year):
    """Frames of both; a change on top of a change; the trial is marked."""
    trial = ctd.change(year, {"grade.ha-tien.35": "A", "actual.ha-tien.dues": 90_000_000,
                              f"rating.ha-tien.{BRANCH}": "Khá", "filing.ha-tien.annual_report": "2024-12-09",
                              "target.ha-tien.resources": 9_000_000_000})
    dues = "unit == 'ha-tien' and indicator == 'dues'"

    assert 90_000_000 == trial.indicators.query(dues)["actual"].item() != year.indicators.query(dues)["actual"].item()
    again = ctd.change(trial, {"actual.ha-tien.dues": 5})
    assert 5 == again.indicators.query(dues)["actual"].item()
    assert 9_000_000_000 == again.indicators.query("unit == 'ha-tien' and indicator == 'resources'")["target"].item()
    assert "PHƯƠNG ÁN THỬ" in ctd.appraise(again)._repr_html_()
    assert "phương án thử, trước là" in again.grades.query("unit == 'ha-tien' and criterion == 35")["source"].item()


def test_a_change_and_a_set_are_the_same(year):
    """`ctd.change` then `appraise`, or the keys in `appraise`."""
    facts = {"grade.kien-hai.1": "C", "filing.kien-hai.registration": "none"}

    assert ctd.appraise(ctd.change(year, facts)).units.equals(ctd.appraise(year, facts).units)
    together = ctd.appraise(ctd.change(year, facts), {"class.good.min_a": 30})
    assert together.units.equals(ctd.appraise(year, {**facts, "class.good.min_a": 30}).units)


def test_a_key_of_the_rules_is_no_fact(year):
    """Rules are changed in `appraise`."""
    with pytest.raises(ctd.UnknownKey, match="không phải khóa của số liệu"):
        ctd.change(year, {"class.good.min_a": 30})


def test_the_pages_of_a_trial_say_what_was_changed(year):
    """Beside the value, as a correction is."""
    trial = ctd.appraise(year, {"grade.ha-tien.35": "C", "actual.ha-tien.dues": 1, f"rating.ha-tien.{BRANCH}": "Yếu"})
    page = trial["cum-1"]

    assert "phương án thử, trước là" in page.not_a()._repr_html_()
    notes = "".join(page.conditions().notes)
    assert "Hội phí" in notes and f"{BRANCH}: phương án thử, trước là" in notes


# ---------------------------------------------------------------- drawn

def test_a_heat_map_is_the_sweep(year):
    """A unit's outcome in each cell, or how many come out so."""
    swept = ctd.sweep(year, {"class.excellent.min_a": [39, 40, 41], "class.excellent.branch_percent": [60, 75]})

    assert ["40", "Xuất sắc", "Xuất sắc"] == ctd.heat_map(swept, "giong-rieng").frame().iloc[1].to_list()
    counts = ctd.heat_map(swept, "excellent").frame().iloc[:, 1:].astype(int).to_numpy()
    assert (swept == "excellent").sum(axis=1).to_list() == counts.reshape(-1).tolist()


@pytest.mark.parametrize(("show", "expected"), [("giong-rieng", ["41", "Khá", ""]), ("good", ["41", "5", ""])])
def test_a_heat_map_of_a_part_of_a_sweep_is_blank_where_nothing_was_asked(year, show, expected):
    """A pair of values that somebody has left out of the table; whole numbers stay whole beside it."""
    swept = ctd.sweep(year, {"class.excellent.min_a": [40, 41], "class.excellent.branch_percent": [70, 75]})
    found = ctd.heat_map(swept.iloc[:3], show).frame()

    assert expected == found.iloc[1].to_list()
    assert ctd.heat_map(swept, show).frame().iloc[0].to_list() == found.iloc[0].to_list()


def test_a_heat_map_of_something_else_is_refused(year):
    """One key; a unit that is none, with the nearest."""
    with pytest.raises(ValueError, match="hai khóa"):
        ctd.heat_map(ctd.sweep(year, {"class.excellent.min_a": [40]}))
    two = ctd.sweep(year, {"class.excellent.min_a": [40], "class.good.min_a": [36]})
    with pytest.raises(ctd.UnknownColumn, match="“giong-rieng”"):
        ctd.heat_map(two, "giongrieng")
