"""One year appraised: what a page or another person's script may ask of it beside the contract's columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from build import a_unit, a_year, appraised, dice, random_units, result_of, shipped_book

from ctd_analysis.answers.appraisal import appraise, class_name
from ctd_analysis.problems import Problem
from ctd_analysis.terms import CLASSES, NO_CLASS
from ctd_analysis.words.chain import missing

UNITS = [a_unit("x", a=36), a_unit("other", cluster="cum-2"), a_unit("out", decisions=[("not_considered", "")]),
         a_unit("y", a=41), a_unit("tied", a=36), a_unit("gone", decisions=[("not_considered", "")])]


def test_members_stand_in_order_of_rank():
    """A cluster's units by rank, ties and unranked ones in the order of units.csv, the unranked last."""
    found = appraised(UNITS)

    assert ["y", "x", "tied", "out", "gone"] == [found.unit(i).unit for i in found.members("cum-1")]
    assert ["other"] == [found.unit(i).unit for i in found.members("cum-2")]
    assert [] == found.members("cum-3")


def test_each_unit_has_its_place():
    """Unit numbers are places in units.csv."""
    found = appraised(UNITS)

    assert {"x": 0, "other": 1, "out": 2, "y": 3, "tied": 4, "gone": 5} == found.place


def test_the_rules_in_force_are_the_scenarios():
    """`book` is the year's, or the scenario's; the year keeps its own."""
    found = appraised(UNITS, {"class.good.min_a": 30})

    assert (30, 36) == (found.book.classes["good"].min_a, found.year.book.classes["good"].min_a)
    assert shipped_book() is appraised(UNITS).book


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, []),
    ({"ungraded": 2, "a": 40}, ["chưa chấm tiêu chí 41, 42"]),
    ({"branches": [], "a": 20}, ["chưa biết tỷ lệ Hội cơ sở", "chưa có danh sách Hội cơ sở"]),
    ({"dues": None}, ["thiếu số liệu {dues}"]),
    ({"registration": None, "self_scores": "none"}, ["chưa ghi ngày nhận {registration}"]),
    ({"registration": None, "self_scores": None}, ["chưa ghi ngày nhận {registration}, {self_scores}"]),
    ({"registration": None}, []),
    ({"registration": None, "annual_report": "none", "ungraded": 1, "reporting": None, "resources": None},
     ["chưa chấm tiêu chí 42", "chưa ghi ngày nhận {registration}", "thiếu số liệu {reporting}", "thiếu số liệu {resources}"]),
])
def test_a_provisional_unit_says_what_is_missing(changes, expected):
    """In words, each once, in the plan's order; a filing that came, or that is only shown, is not asked for."""
    unit, book = a_unit(**changes), shipped_book()
    words = {id: one.label for group in (book.indicators, book.filings) for id, one in group.items()}

    assert [each.format_map(words) for each in expected] == missing(appraised([unit]), 0)
    assert bool(expected) is result_of(unit)["provisional"]


def test_something_is_missing_wherever_a_unit_is_provisional():
    """On made-up years: the words and the column agree."""
    found = appraised(random_units(dice("missing"), size=60, clusters=5))

    assert found.judgement.provisional.tolist() == [bool(missing(found, i)) for i in range(60)]


def about_units(appraisal) -> list[Problem]:
    """The notices but for the one of a whole file (that nothing says what its decisions rested on)."""
    return [notice for notice in appraisal.notices if notice.cluster]


def test_a_decision_that_changes_nothing_names_its_row():
    """The notice says which decision, in which file and line, of which cluster."""
    [notice] = about_units(appraised([a_unit(decisions=[("waive", "dues")])]))

    assert ("made-up.csv", 2, "cum-1", "waive dues") == (notice.file, notice.line, notice.cluster, notice.seen)
    assert "u1" in notice.what


def test_what_reading_the_year_noticed_comes_first():
    """The year's own notices stay, and those of the judgement follow."""
    seen = Problem("units.csv", "cột lạ, không đọc")
    found = appraise(replace(a_year([a_unit(decisions=[("waive", "dues")])]), notices=(seen,)))

    assert [seen, "waive dues"] == [found.notices[0], found.notices[1].seen]


def test_of_two_decisions_that_do_the_same_each_alone_changes_nothing():
    """Two reasons read `once`: without either of them the result is the same."""
    twice = a_unit(decisions=[("downgrade", ""), ("downgrade", "")])

    assert ["downgrade", "downgrade"] == [notice.seen for notice in about_units(appraised([twice]))]
    assert [] == about_units(appraised([twice], {"readings.several_flags": "each"}))


def test_a_decision_on_another_unit_is_judged_on_that_unit():
    """An idle decision is told by the unit it names, whoever else is in the year."""
    units = [a_unit("x", dues=0, decisions=[("waive", "dues")]), a_unit("y", decisions=[("waive", "dues")])]

    assert ["y"] == [notice.what.split()[-1] for notice in about_units(appraised(units))]


def test_class_names():
    """A class by its place, none for no class."""
    assert [*CLASSES, None] == [class_name(rung) for rung in (0, 1, 2, 3, NO_CLASS)]


def test_a_scenario_writes_days_as_text_and_numbers_as_numbers():
    """As the JSON has them, whatever they were given as."""
    changes = {"filing.registration.before": date(2024, 3, 1), "class.good.min_a": 37, "readings.sanction": "not_considered",
               "flag.dues.below_percent": "85"}

    assert {**changes, "filing.registration.before": "2024-03-01"} == appraised(UNITS, changes).as_json()["scenario"]["set"]


def test_converted_points_stay_exact():
    """As written, not as a float would have them."""
    assert (Decimal("0.1"), Decimal(0)) == appraised([a_unit("x", converted="0.1"), a_unit("y")]).facts.converted
