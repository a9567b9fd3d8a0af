"""Part III from end to end, on made-up years: the library and a naive reading of the plan must say the same."""

from __future__ import annotations

import json
from itertools import product

import oracle
import pytest
from build import (
    IN_TIME,
    a_unit,
    a_year,
    appraised,
    dice,
    facts_of,
    random_changes,
    random_units,
    read_as,
    result_of,
    results,
    settings_of,
    shipped_rules,
    write_year,
)

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.plan.judgement import judge
from ctd_analysis.terms import CLASSES
from ctd_analysis.year import year

KEYS = ("unit", "cluster", "a", "b", "c", "ungraded", "not_applicable", "converted", "branches_good", "branches_total",
        "base_class", "literal_match", "flags", "considered", "rules_class", "proposed_class", "final_class",
        "cluster_rank", "tied", "ahead_by", "nominee", "provisional", "hinges_on", "nominee_hinges_on")


def expected_of(units, changes=None) -> list[dict]:
    """What the oracle gives, with converted points as JSON writes them."""
    found = oracle.results(units, oracle.amended(shipped_rules(), changes or {}))
    return [one | {"converted": float(one["converted"])} for one in found]


def columns_of(found) -> list[dict]:
    """The contract's columns of some results, without names."""
    return [{key: one[key] for key in KEYS} for one in found]


# ---------------------------------------------------------------- made-up years


@pytest.mark.parametrize("seed", range(60))
def test_the_library_and_the_oracle_agree_on_made_up_years(seed):
    """Every column of the contract, under the rule book as it stands and under a made-up scenario."""
    chance = dice(f"year {seed}")
    units = random_units(chance, size=12, clusters=chance.randint(1, 5))

    for changes in ({}, random_changes(chance)):
        for wanted, got in zip(expected_of(units, changes), columns_of(results(units, changes)), strict=True):
            assert wanted == got


@pytest.mark.parametrize("seed", range(3))
def test_the_same_years_through_files(tmp_path, seed):
    """Written as CSV tables and read back, nothing changes; a contradiction is no part of these years."""
    units = random_units(dice(f"files {seed}"), size=12)
    found = year.read(write_year(tmp_path / "2024", units))

    assert () == found.problems
    assert expected_of(units) == columns_of(appraise(found).as_json()["units"])


def test_made_up_years_are_not_all_alike():
    """The test above is worth something: classes, flags, ties, nominees, unknowns and exclusions all turn up."""
    found = [one for seed in range(60) for one in results(random_units(dice(f"year {seed}"), size=12))]

    assert {*CLASSES, None} == {one["final_class"] for one in found}
    assert {*CLASSES} == {one["base_class"] for one in found}
    for flag in shipped_rules()["flag"]:
        assert {True, False, None} == {one["flags"][flag] for one in found}
    assert {"class", "a", "c", "converted", "branches", None} == {one["ahead_by"] for one in found}
    for key in ("tied", "nominee", "provisional", "considered", "literal_match"):
        assert {True, False} == {one[key] for one in found}
    assert set(shipped_rules()["reading"]) == {reading for one in found for reading in one["hinges_on"]}


def test_results_are_plain_json():
    """No numpy number, no Decimal: the result survives being written and read."""
    found = appraised(random_units(dice("json"), size=12)).as_json()

    assert found == json.loads(json.dumps(found))
    assert (2024, True, None, {}) == tuple(found[key] for key in ("year", "sample", "scenario", "failed_clusters"))
    assert set(KEYS) <= set(found["units"][0])


def test_a_scenario_is_named_in_the_result():
    """What was changed stands beside what came out."""
    changes = {"class.excellent.min_a": 40, "filing.registration.before": "2024-03-01"}
    found = appraised([a_unit(a=40)], changes).as_json()

    assert {"title": "thử", "set": changes} == found["scenario"]
    assert "excellent" == found["units"][0]["final_class"]


# ---------------------------------------------------------------- the Council

NEVER_CAME = {"registration": "none", "self_scores": "none"}
SITUATIONS = {
    "clean": {}, "one flag": {"dues": 0}, "two groups": {"dues": 0, "tet_nhan_ai": 0}, "flag unknown": {"dues": None},
    "hole": {"branches": "1/2"}, "weak": {"a": 20, "dues": 0}, "excluded": NEVER_CAME,
    "excluded and flagged": {**NEVER_CAME, "dues": 0}, "perhaps excluded": {**NEVER_CAME, "registration": None}}
DECISIONS = [[*waive, *downgrade, *consider, *given] for waive, downgrade, consider, given in product(
    ([], [("waive", "dues")]), ([], [("downgrade", "")], [("downgrade", "")] * 2),
    ([], [("not_considered", "")], [("consider", "")]), ([], *([("class", name)] for name in CLASSES)))]


def council_units():
    """Every situation under every combination of decisions, each unit in a cluster of its own."""
    return [a_unit(f"{n}", cluster=f"cum-{n}", decisions=decisions, **situation)
            for n, (situation, decisions) in enumerate(product(SITUATIONS.values(), DECISIONS))]


@pytest.mark.parametrize("several", ["once", "per_group", "each"])
@pytest.mark.parametrize("sanction", ["downgrade", "not_considered"])
def test_the_council_decides_in_every_combination(sanction, several):
    """Waive, one reason or two more, not considered or considered, a class given or none; in nine situations."""
    units, changes = council_units(), read_as({"sanction": sanction, "several_flags": several})
    judged = [oracle.judge(unit, oracle.amended(shipped_rules(), changes)) for unit in units]

    actual = judge(facts_of(*units), settings_of(changes))

    assert len(SITUATIONS) * 2 * 3 * 3 * 5 == len(units)
    assert [one["considered"] for one in judged] == actual.considered.tolist()
    for key in ("proposed_class", "final_class"):
        assert [-1 if one[key] is None else CLASSES.index(one[key]) for one in judged] == getattr(actual, key).tolist()
    assert [one["provisional"] for one in judged] == actual.provisional.tolist()


@pytest.mark.parametrize("sanction", ["downgrade", "not_considered"])
def test_a_decision_that_changes_nothing_is_a_notice(sanction):
    """And only such a one: judged without it, the unit is considered, proposed and classed the same."""
    units, changes = council_units(), read_as({"sanction": sanction})
    rules, keys = oracle.amended(shipped_rules(), changes), ("considered", "proposed_class", "final_class")
    idle = []
    for unit in units[::7]:
        whole = oracle.judge(unit, rules)
        for n, (decision, value) in enumerate(unit["decisions"]):
            rest = oracle.judge(unit | {"decisions": unit["decisions"][:n] + unit["decisions"][n + 1:]}, rules)
            if all(whole[key] == rest[key] for key in keys):
                idle.append((unit["cluster"], f"{decision} {value}".strip()))

    found = [notice for notice in appraised(units[::7], changes).notices if notice.cluster]

    assert idle == [(notice.cluster, notice.seen) for notice in found]


@pytest.mark.parametrize(("decisions", "sanction", "expected"), [
    ([], "downgrade", (True, "good", "good")),
    ([], "not_considered", (False, None, None)),
    ([("waive", "dues")], "downgrade", (True, "excellent", "excellent")),
    ([("waive", "dues")], "not_considered", (True, "excellent", "excellent")),
    ([("consider", "")], "downgrade", (True, "good", "good")),
    ([("consider", "")], "not_considered", (True, "excellent", "excellent")),
    ([("class", "average")], "downgrade", (True, "good", "average")),
    ([("class", "average")], "not_considered", (False, None, None)),
    ([("consider", ""), ("class", "average")], "not_considered", (True, "excellent", "average")),
    ([("not_considered", "")], "downgrade", (False, None, None)),
    ([("not_considered", ""), ("class", "excellent")], "downgrade", (False, None, None)),
])
def test_what_the_council_says_of_a_unit_with_one_flag(decisions, sanction, expected):
    """`consider` lifts the sanction too, and then nothing is lowered; a class is given to a considered unit only."""
    actual = result_of(a_unit(dues=0, decisions=decisions), sanction=sanction)

    assert expected == tuple(actual[key] for key in ("considered", "proposed_class", "final_class"))
    assert actual["flags"]["dues"] is True


@pytest.mark.parametrize(("sanction", "expected"), [("downgrade", (True, "good")), ("not_considered", (False, None))])
def test_a_reason_the_council_adds_lowers_or_excludes(sanction, expected):
    """One more reason is as a flag is."""
    actual = result_of(a_unit(decisions=[("downgrade", "")]), sanction=sanction)

    assert expected == (actual["considered"], actual["final_class"])


def test_a_waived_flag_that_is_unknown_leaves_the_unit_provisional():
    """A number is still missing, whatever the Council has said of it."""
    actual = result_of(a_unit(dues=None, decisions=[("waive", "dues")]))

    assert (None, True) == (actual["flags"]["dues"], actual["provisional"])


def test_a_unit_the_council_puts_out_may_still_be_provisional():
    """A blank that could decide leaves the unit provisional, whatever was decided since."""
    for decision in ("not_considered", "consider"):
        assert result_of(a_unit(registration=None, self_scores="none", decisions=[(decision, "")]))["provisional"]


@pytest.mark.parametrize("base", ["excellent", "good", "average", "weak"])
def test_the_proposed_class_does_not_follow_the_final_one(base):
    """`final_class` differs from `proposed_class` only by a decision `class`."""
    actual = result_of(a_unit(decisions=[("class", base)]))

    assert ("excellent", base) == (actual["proposed_class"], actual["final_class"])


def test_a_class_given_in_the_hole_stands_without_a_proposal():
    """`undecided`: no class until the Council speaks; then its class is final and the proposal stays empty."""
    unit = a_unit(branches="1/2", decisions=[("class", "good")])

    actual = result_of(unit, ladder_gap="undecided")

    assert (None, None, "good", 1) == tuple(
        actual[key] for key in ("base_class", "proposed_class", "final_class", "cluster_rank"))


def test_nothing_is_lowered_below_no_class():
    """`undecided` with a flag: considered, still no class."""
    actual = result_of(a_unit(branches="1/2", dues=0), ladder_gap="undecided")

    assert (True, None, None) == tuple(actual[key] for key in ("considered", "proposed_class", "final_class"))


def test_a_unit_out_of_consideration_keeps_its_base_class():
    """Both `proposed_class` and `final_class` are null; what the ladder said is still shown."""
    actual = result_of(a_unit(registration="none", self_scores="none", dues=0))

    assert ("excellent", False, None, None) == tuple(
        actual[key] for key in ("base_class", "considered", "proposed_class", "final_class"))
    assert actual["flags"]["dues"] is True


def test_steps_are_told_even_where_the_class_cannot_fall_further():
    """Nine flags read `each` are nine steps; the class stops at Yếu. A sanction that excludes takes no step."""
    unit = a_unit(dues=0, member_growth=0, reporting=0, operations_classes=0, first_aid_classes=0, cadres_sent=0,
                  tet_nhan_ai=0, unit_fund=0, resources=0, humanitarian_month=0)

    for reads, steps in (({"several_flags": "each"}, 9), ({}, 1), ({"sanction": "not_considered"}, 0)):
        assert steps == judge(facts_of(unit), settings_of(read_as(reads))).steps[0]


@pytest.mark.parametrize(("registration", "expected"), [("none", True), (None, None), (IN_TIME["registration"], False)])
def test_the_first_reason_is_kept_apart_from_the_others(registration, expected):
    """III.2.1 alone, whatever the Council decided: the page says which it was."""
    for decisions in ([], [("not_considered", "")], [("consider", "")]):
        unit = a_unit(registration=registration, self_scores="none", decisions=decisions)
        assert expected is judge(facts_of(unit), settings_of()).not_considered.at(0)


def test_each_unit_is_judged_as_if_it_were_alone():
    """Everything that needs no neighbour is the same in a year of many as in a year of one."""
    units = random_units(dice("alone"), size=30)
    together = results(units)

    keys = {*KEYS} - {"cluster_rank", "tied", "ahead_by", "nominee", "nominee_hinges_on"}
    for unit, found in zip(units, together, strict=True):
        alone = results([unit])[0]
        assert {key: alone[key] for key in keys} == {key: found[key] for key in keys}


def test_a_year_keeps_the_order_of_its_units():
    """Results come in the order of units.csv."""
    units = random_units(dice("order"), size=20)

    assert [unit["unit"] for unit in units] == [one["unit"] for one in appraise(a_year(units)).as_json()["units"]]
