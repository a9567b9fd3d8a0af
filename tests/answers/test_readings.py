"""What hinges on how a sentence is read: every option matters somewhere, and switching is judging anew."""

from __future__ import annotations

import functools
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import oracle
import pytest
from build import (
    READINGS,
    a_unit,
    a_year,
    dice,
    facts_of,
    random_changes,
    random_units,
    read_as,
    result_of,
    results,
    settings_of,
    shipped_book,
    shipped_rules,
)
from conftest import CASES, SHIPPED, csv_copy

from ctd_analysis.answers import readings
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.plan import ranking
from ctd_analysis.plan.judgement import judge
from ctd_analysis.year.tally import tally

BROKEN = {"year-5-broken": ("cum-2",)}
OPTIONS = [(reading, option) for reading, options in READINGS.items() for option in options]


def hinging(units, changes=None) -> dict:
    """What each unit's result and nomination hinge on, by unit."""
    return {one["unit"]: (one["hinges_on"], one["nominee_hinges_on"]) for one in results(units, changes)}


# ---------------------------------------------------------------- every option matters


@functools.cache
def all_units() -> list[dict]:
    """The units of the worked cases and of the shipped year, as the oracle reads them."""
    found = []
    with tempfile.TemporaryDirectory() as made:
        for folder in (*sorted(CASES.glob("year-[0-9]*")), csv_copy(SHIPPED, Path(made) / "2024")):
            failed = BROKEN.get(folder.name, ())
            found += [unit | {"unit": f"{folder.name}/{unit['unit']}"} for unit in oracle.read_year(folder, failed)]
    return found


@functools.cache
def outcomes(reading, option) -> list[tuple]:
    """Whether each of those units is considered, and its final class, when one reading is switched."""
    settings = settings_of(read_as({reading: option}))
    judged = judge(tally(a_year(all_units())), settings)
    return list(zip(judged.considered.tolist(), judged.final_class.tolist(), strict=True))


@pytest.mark.parametrize(("reading", "option"), OPTIONS)
def test_every_option_of_every_reading_moves_some_unit(reading, option):
    """No option is there for nothing: each differs from every other of its reading for a unit of some year."""
    for other in READINGS[reading]:
        if other != option:
            assert outcomes(reading, option) != outcomes(reading, other)


@pytest.mark.parametrize("option", ["per_group", "each"])
def test_several_flags_is_read_three_ways(option):
    """Each way of counting has a unit of its own: two in one group, one in each of two groups."""
    same_group = a_unit("same", dues=0, member_growth=0)
    two_groups = a_unit("two", dues=0, tet_nhan_ai=0)

    actual = [result_of(unit, several_flags=option)["final_class"] for unit in (same_group, two_groups)]

    assert {"per_group": ["good", "average"], "each": ["average", "average"]}[option] == actual


# ---------------------------------------------------------------- sentences


def test_a_clean_unit_hinges_on_nothing():
    """Everything fine: read it as you like."""
    assert {"u1": ([], [])} == hinging([a_unit()])


@pytest.mark.parametrize(("unit", "expected"), [
    (a_unit(dues=0), ["sanction"]),
    (a_unit(dues=0, member_growth=0), ["sanction", "several_flags"]),
    (a_unit(a=31, dues=0), ["sanction"]),
    (a_unit(a=41, branches="749/1000"), ["ladder_gap"]),
    (a_unit(a=35, c=8), ["ladder_gap"]),
    (a_unit(a=40, kad=1), ["not_applicable"]),
    (a_unit(a=35, branches=["Xuất sắc"] * 4), ["average_branches"]),
    (a_unit(branches=["Khá"] * 3 + ["Yếu", ""]), ["branch_base", "ladder_gap"]),
    (a_unit(registration="none"), ["not_considered"]),
    (a_unit(annual_report="none"), ["not_considered"]),
    (a_unit(registration="none", self_scores="none"), []),
    (a_unit(registration="none", self_scores=date(2024, 12, 10)), ["deadline_day"]),
    (a_unit(operations_classes=0), ["training_classes"]),
    (a_unit(tet_nhan_ai=0), ["campaigns", "sanction"]),
    (a_unit(unit_fund=0), ["fund_levels", "sanction"]),
    (a_unit(branches="4/4", funds=[0, *[20 * 10**6] * 3]), ["branch_fund", "fund_levels", "sanction"]),
    (a_unit(dues=0, decisions=[("waive", "dues")]), []),
    (a_unit(dues=0, decisions=[("consider", "")]), ["sanction"]),
    (a_unit(dues=0, decisions=[("class", "good")]), ["sanction"]),
    (a_unit(a=41, branches="749/1000", decisions=[("class", "good")]), []),
    (a_unit(decisions=[("not_considered", "")], dues=0, a=41, branches="749/1000"), []),
])
def test_a_result_hinges_on_the_readings_that_move_it(unit, expected):
    """One unit, one sentence in question; alphabetical; a decision of the Council may settle it."""
    assert expected == result_of(unit)["hinges_on"]


def test_what_hinges_is_asked_of_the_readings_in_force():
    """Under `sanction = not_considered` the other option is `downgrade`, and it moves the unit back."""
    assert ["sanction"] == result_of(a_unit(dues=0), sanction="not_considered")["hinges_on"]


def test_a_nomination_may_hinge_on_how_a_rival_is_judged():
    """The leader is in the ladder's hole by its KAD; read as A it leads, and the other is no nominee any more."""
    units = [a_unit("kad", a=40, kad=3), a_unit("plain", a=41)]

    assert {"kad": (["not_applicable"], []), "plain": ([], [])} == hinging(units)
    rival = [a_unit("rival", a=43, operations_classes=0), a_unit("plain", a=41)]
    assert {"rival": (["training_classes"],) * 2, "plain": ([], ["training_classes"])} == hinging(rival)


def test_a_nomination_may_hinge_on_what_its_own_result_does_not():
    """The unit ahead is excluded only if `either` fact is enough; then the second becomes the nominee."""
    units = [a_unit("first", a=43, registration="none"), a_unit("second", a=41)]

    assert {"first": (["not_considered"], ["not_considered"]), "second": ([], ["not_considered"])} == hinging(units)


ALONE = [
    (a_unit(unit_fund=0), ["fund_levels"]), (a_unit(tet_nhan_ai=0), ["campaigns"]),
    (a_unit(branches="4/4", funds=[0, *[20 * 10**6] * 3]), ["branch_fund", "fund_levels"]),
    (a_unit(operations_classes=0), ["training_classes"]), (a_unit(a=40, kad=1), ["not_applicable"]),
    (a_unit(registration="none"), ["not_considered"]), (a_unit(branches=["Khá"] * 3 + ["Yếu", ""]), ["branch_base"]),
    (a_unit(a=40), []), (a_unit(dues=0), []),
    (a_unit(registration="none", self_scores=date(2024, 12, 10)), ["deadline_day"])]


@pytest.mark.parametrize(("unit", "expected"), ALONE)
def test_a_unit_alone_is_a_nominee_wherever_it_is_excellent(unit, expected):
    """Its nomination hinges on the readings that make it Xuất sắc, or take that away."""
    assert expected == result_of(unit)["nominee_hinges_on"]


def test_the_order_of_the_readings_in_the_rule_book_decides_nothing():
    """Each reading first once: every unit alone in its cluster, each nomination hinging on readings of its own."""
    units = [unit | {"unit": f"u{n}", "cluster": f"cum-{n}"} for n, (unit, _) in enumerate(ALONE)]
    names = list(READINGS)

    for n in range(len(names)):
        turned = {name: shipped_book().readings[name] for name in names[n:] + names[:n]}
        found = results(units, None, replace(shipped_book(), readings=turned))
        assert [expected for _, expected in ALONE] == [one["nominee_hinges_on"] for one in found]
        assert [one["hinges_on"] for one in oracle.results(units, shipped_rules())] == [one["hinges_on"] for one in found]


def test_a_nomination_stands_where_a_rival_of_another_cluster_moves():
    """Other clusters are no rivals."""
    units = [a_unit("first", a=43, registration="none", cluster="cum-2"), a_unit("second", a=41)]

    assert ([], []) == hinging(units)["second"]


# ---------------------------------------------------------------- against brute force


@pytest.mark.parametrize("seed", range(24))
def test_what_hinges_is_what_brute_force_finds(seed):
    """Made-up years under made-up scenarios: switching each reading by hand gives the same two lists."""
    chance = dice(f"readings {seed}")
    units, changes = random_units(chance, size=16, clusters=4), random_changes(chance)

    expected = oracle.results(units, oracle.amended(shipped_rules(), changes))

    assert {one["unit"]: (one["hinges_on"], one["nominee_hinges_on"]) for one in expected} == hinging(units, changes)


@pytest.mark.parametrize("seed", range(6))
def test_switching_each_is_judging_each_alternative_separately(seed):
    """The sweep's rows are what the rules give under each alternative alone: considered, final class, nominee."""
    chance = dice(f"alternatives {seed}")
    facts, changes = facts_of(*random_units(chance, size=20, clusters=4)), random_changes(chance)
    settings = settings_of(changes)
    swept = readings.switch_each(facts, settings)
    here = judge(facts, settings)
    nominated = ranking.nominees(facts, here.final_class, settings)

    assert oracle.other_readings(oracle.amended(shipped_rules(), changes)) == list(swept.switched)
    for row, (reading, option) in enumerate(swept.switched):
        alone = judge(facts, settings_of(changes | {f"readings.{reading}": option}))
        nominees = ranking.nominees(facts, alone.final_class, settings)
        moved = (alone.considered != here.considered) | (alone.final_class != here.final_class)
        assert alone.considered.tolist() == swept.considered[row].tolist()
        assert alone.final_class.tolist() == swept.final_class[row].tolist()
        assert nominees.tolist() == swept.nominee[row].tolist()
        assert moved.tolist() == swept.moves[row].tolist()
        assert (nominees != nominated).tolist() == swept.moves_nomination[row].tolist()


def test_there_are_fourteen_other_options():
    """Twelve readings, two of them with three options: fourteen alternatives whatever is in force."""
    facts = facts_of(a_unit())

    for changes in ({}, {"readings.several_flags": "each", "readings.campaigns": "all"}):
        swept = readings.switch_each(facts, settings_of(changes))
        assert (14, (14, 1)) == (len(swept.switched), swept.final_class.shape)


def test_all_combinations_of_two_readings_broadcast():
    """Readings as axes of their own: each cell is what that pair of options gives alone."""
    facts = facts_of(a_unit("x", dues=0, operations_classes=0), a_unit("y", a=43, tet_nhan_ai=0))
    axes = {"sanction": np.arange(2).reshape(2, 1, 1), "several_flags": np.arange(3).reshape(1, 3, 1)}
    judged = judge(facts, settings_of().read_as(axes))

    for i, sanction in enumerate(READINGS["sanction"]):
        for j, several in enumerate(READINGS["several_flags"]):
            alone = judge(facts, settings_of(read_as({"sanction": sanction, "several_flags": several})))
            assert alone.final_class.tolist() == judged.final_class[i, j].tolist()


def test_a_year_without_units_hinges_on_nothing():
    """All clusters failed: no rows, no error."""
    assert [] == appraise(a_year([])).as_json()["units"]
    assert (14, 0) == readings.switch_each(facts_of(), settings_of()).moves.shape
