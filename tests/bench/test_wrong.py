"""Something else than a function works on: a sentence that says what it takes, for every function and every kind of thing."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import SHIPPED

import ctd_analysis as ctd
from ctd_analysis.bench import sweeps

FORTY = {"class.excellent.min_a": 40}
#: What a person may put in the wrong place; each is no number of a folder, no set of keys, no table of two keys.
WRONG = {"nothing": None, "a list": [], "a number": 5, "a part": 1.5, "not a number": float("nan"), "less": -1, "a word": "abc",
         "a path": Path("abc"), "NA": pd.NA, "a column": pd.Series([1]), "a set": {1}, "a function": len,
         "other keys": {5: 1}}
#: Each function with the place of the wrong thing in its call.
CALLS = {
    "appraise": lambda x, year, result: ctd.appraise(x), "moves from": lambda x, year, result: ctd.moves(x, result),
    "moves to": lambda x, year, result: ctd.moves(result, x), "sweep": lambda x, year, result: ctd.sweep(x, FORTY),
    "sweep of": lambda x, year, result: ctd.sweep(year, x), "change": lambda x, year, result: ctd.change(x, {}),
    "heat_map": lambda x, year, result: ctd.heat_map(x if x is not result else 5),
    "heat_map of": lambda x, year, result: ctd.heat_map(ctd.sweep(year, {**{k: [v] for k, v in FORTY.items()},
                                                                        "class.good.min_a": [36]}), x),
    "draw_edges": lambda x, year, result: ctd.draw_edges(x), "draw_edges of": lambda x, year, result: ctd.draw_edges(result, x),
    "firmness": lambda x, year, result: ctd.firmness(x), "distance": lambda x, year, result: ctd.distance(x),
    "a cluster": lambda x, year, result: result[x]}


@pytest.fixture(scope="module")
def year():
    """The shipped year."""
    return ctd.read(SHIPPED)


@pytest.fixture(scope="module")
def result(year):
    """The shipped year appraised."""
    return ctd.appraise(year)


@pytest.mark.parametrize("call", CALLS.values(), ids=list(CALLS))
@pytest.mark.parametrize("thing", WRONG.values(), ids=list(WRONG))
def test_the_wrong_thing_is_refused_in_vietnamese(year, result, call, thing):
    """Always a ValueError, never what Python or pandas says of it."""
    with pytest.raises(ValueError, match="(cần|không có|không vẽ được|Không có)") as refused:
        call(thing, year, result)

    assert isinstance(refused.value, (ctd.WrongArgument, ctd.UnknownKey, ctd.UnknownColumn, ctd.UnknownCluster))


def test_a_result_is_no_year_and_a_year_no_result(year, result):
    """The sentence names both."""
    with pytest.raises(ctd.WrongArgument, match="cần một năm .*ctd.read.*thấy một kết quả"):
        ctd.sweep(result, FORTY)
    with pytest.raises(ctd.WrongArgument, match="cần một kết quả .*ctd.appraise.*thấy một năm"):
        ctd.moves(year, result)
    with pytest.raises(ctd.WrongArgument, match="cần một bảng pandas"):
        ctd.labels(result)


@pytest.mark.parametrize("thing", [[], {}, {"a": 1}, float("nan"), pd.NA, len, None])
def test_what_is_no_folder_is_no_year(thing):
    """`read`; a name that no folder can have, and a number, are folders that are not there."""
    with pytest.raises(ctd.WrongArgument, match="data/2024"):
        ctd.read(thing)
    for name in (2024, "x" * 9000, "a\0b"):
        with pytest.raises(FileNotFoundError, match="Không có thư mục"):
            ctd.read(name)


@pytest.mark.parametrize("opened", ["open_province", "open_inputs", "open_registration", "open_progress", "open_inspection"])
def test_a_page_of_something_else_is_refused(result, opened):
    """The folder, and the scenario's file."""
    with pytest.raises(FileNotFoundError, match="Không có thư mục"):
        getattr(ctd, opened)(result)
    with pytest.raises(ctd.BadScenario):
        getattr(ctd, opened)(str(SHIPPED), result.units)


@pytest.mark.parametrize("day", ["30/6/2024", "2024-06-31", "nay", 30])
def test_a_page_of_no_day_says_what_a_day_is(day):
    """In Vietnamese, as `ctd progress --on`."""
    with pytest.raises(ValueError, match=f"“{day}”.*cần ngày dạng 2024-12-09"):
        ctd.open_progress(str(SHIPPED), on=day)


def test_rules_that_are_not_there_are_told():
    """For a comparison of two scales: which file, and why."""
    with pytest.raises(FileNotFoundError, match="tệp quy định “khong-co.toml” .không có tệp này"):
        ctd.open_comparison(new_dir=str(SHIPPED), old_rules="khong-co.toml")


@pytest.mark.parametrize("changes", [5, ["class.excellent.min_a"], {1}, pd.NA, {None: 40}, {40: "class.excellent.min_a"}])
def test_what_are_no_keys_change_nothing(year, changes):
    """Neither rules nor facts."""
    for function in (ctd.appraise, ctd.change):
        with pytest.raises((ctd.WrongArgument, ctd.UnknownKey)):
            function(year, changes)


@pytest.mark.parametrize("values", [40, "41", None, float("nan"), {40: 1}, b"40"])
def test_a_sweep_needs_a_row_of_values(year, values):
    """One bare value, a word, a table of keys: an example says how."""
    with pytest.raises(ctd.WrongArgument, match=r"range\(36, 44\)"):
        ctd.sweep(year, {"class.excellent.min_a": values})


def test_a_sweep_without_end_is_refused_at_once(year):
    """Every đồng of a year's dues is not a question; the sentence says how many values there may be."""
    with pytest.raises(ValueError, match="nhiều nhất 100.000"):
        ctd.sweep(year, {"actual.ha-tien.dues": range(10**12)})
    assert sweeps.MOST == 100_000 * len(year.units)


def test_values_out_of_tables_are_values(year):
    """Numbers, days and blanks as numpy and pandas have them; a generator; a value that comes twice."""
    key, day = "filing.ha-tien.annual_report", "2024-12-09"
    same = [pd.Timestamp(day), np.datetime64(day), np.datetime64(day, "ns"), date(2024, 12, 9), datetime(2024, 12, 9, 15)]
    units = ctd.appraise(year, {key: day}).units
    assert all(ctd.appraise(year, {key: one}).units.equals(units) for one in same)
    blank = ctd.appraise(year, {"actual.ha-tien.dues": None}).units
    assert all(ctd.appraise(year, {"actual.ha-tien.dues": one}).units.equals(blank)
               for one in (pd.NA, float("nan"), np.nan, pd.NaT, ""))
    assert ctd.sweep(year, {key: pd.date_range(day, periods=2)}).index.equals(pd.DatetimeIndex(["2024-12-09", "2024-12-10"]))
    floats = ctd.sweep(year, {"class.excellent.min_a": np.array([40.0, 41.0])})
    assert floats.equals(ctd.sweep(year, {"class.excellent.min_a": (x for x in (40, 41))}))
    twice = ctd.sweep(year, {"class.excellent.min_a": [40, 40], "class.good.min_a": [36]})
    assert 2 == len(twice) and 1 == len(ctd.heat_map(twice).rows)


@pytest.mark.parametrize("name", ["apraise", "sweeps"])
def test_a_name_the_library_has_not_is_told_with_the_nearest(name):
    """As everything else."""
    with pytest.raises(AttributeError, match="có phải “(appraise|sweep)” không"):
        getattr(ctd, name)
