"""The facts the rules look at: whole numbers throughout, one value a unit, what is missing told apart from nothing."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import numpy as np
import pytest
from build import a_unit, dice, facts_of, flag_of, random_units, result_of, settings_of, shipped_book

from ctd_analysis.plan import flags
from ctd_analysis.plan.facts import BLANK_DAY, NEVER, Amounts, Settings
from ctd_analysis.terms import BLANK, GRADES, KAD, A, B, C
from ctd_analysis.year.tally import decided

WHOLE_OR_YES_NO = {"i", "b"}


def arrays(value):
    """Every numpy column inside some facts."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, Amounts):
        yield from (value.value, value.known)
    elif isinstance(value, dict):
        for each in value.values():
            yield from arrays(each)
    elif hasattr(value, "__dataclass_fields__"):
        for field in fields(value):
            yield from arrays(getattr(value, field.name))


@pytest.mark.parametrize("size", [0, 1, 9])
def test_facts_are_whole_numbers_or_yes_and_no(size):
    """No float anywhere, not even in a year without units: whole numbers keep every percentage exact."""
    units = random_units(dice("kinds"), size)
    found = list(arrays(facts_of(*units)))

    assert len(found) > 80
    assert [] == [column for column in found if column.dtype.kind not in WHOLE_OR_YES_NO]
    assert {len(units)} == {len(column) for column in found}


def test_yes_and_no_are_not_numbers():
    """What was looked at, what is known and what is waived is true or false."""
    facts = facts_of(a_unit())

    assert {"b"} == {column.dtype.kind for column in (facts.rounds.looked_at, facts.put_out, facts.let_in,
                                                     *facts.waived.values(), facts.smallest_fund.known)}


@pytest.mark.parametrize(("target", "edge"), [(999_999_999_999_969, 289_999_999_999_992), (10**15, 29 * 10**13)])
def test_amounts_stay_exact_from_the_table_to_the_verdict(target, edge):
    """29 % of almost 10^15: the first amount that reaches it is clear, one dong less is not; a float sees no difference."""
    facts = facts_of(a_unit("enough", resources=(target, edge)), a_unit("short", resources=(target, edge - 1)))

    raised = flags.raise_all(facts, settings_of({"flag.resources.below_percent": 29}))["resources"]

    assert [False, True] == [raised.at(0), raised.at(1)]


def test_a_column_tells_nothing_from_zero():
    """A number of one unit, or None where none is written."""
    facts = facts_of(a_unit("x", dues=(None, 0)), a_unit("y", dues=(5, None)), a_unit("z", dues=(7, 9)))

    assert [0, None, 9] == [facts.actual["dues"].at(i) for i in range(3)]
    assert [None, 5, 7] == [facts.target["dues"].at(i) for i in range(3)]
    assert type(facts.actual["dues"].at(2)) is int


def test_the_three_rounds_of_grading_are_kept_apart():
    """Self, cluster and appraised grades, and what the appraisal looked at; a confirmed grade was looked at too."""
    unit = a_unit(a=41, kad=1, appraised={1: "A", 2: "C", 3: ""}) | {"self": {1: "C", 43: "A"}}
    rounds = facts_of(unit).rounds

    assert [C, *[BLANK] * 41, A] == list(rounds.self[0])
    assert [*[A] * 41, KAD, B] == list(rounds.cluster[0])
    assert [A, C, *[BLANK] * 41] == list(rounds.appraised[0])
    assert [True, True, *[False] * 41] == list(rounds.looked_at[0])
    assert [A, C, *[A] * 39, KAD, B] == list(rounds.standing[0])
    assert ("", "A", "B", "C", "KAD") == GRADES


def test_grades_are_counted_as_they_stand():
    """A, B, C, not graded and not applicable add up to 43."""
    facts = facts_of(a_unit(a=30, c=4, kad=3, ungraded=2, appraised={1: "C"}))

    assert (29, 4, 5, 2, 3) == tuple(int(column[0]) for column in (
        facts.a, facts.b, facts.c, facts.ungraded, facts.not_applicable))


def test_branches_are_counted_by_rating():
    """All, rated, Khá or better, Khá only."""
    facts = facts_of(a_unit(branches=["Xuất sắc", "Khá", "Khá", "Trung bình", "Yếu", ""]))

    assert (6, 5, 3, 2) == (facts.branches[0], facts.branches_rated[0], facts.branches_good[0],
                            facts.branches_exactly_good[0])


@pytest.mark.parametrize(("funds", "smallest", "total"), [
    ([], None, None), ([5], 5, 5), ([0], 0, 0), ([None], None, None), ([7, 5], 5, 12), ([5, 7], 5, 12), ([5, None], 5, None),
    ([None, None], None, None), ([10**15], 10**15, 10**15)])
def test_branch_funds_are_added_up_only_where_all_are_known(funds, smallest, total):
    """The smallest known fund; the sum, or nothing where one is blank or no branch is listed; how many are blank."""
    facts = facts_of(a_unit(branches=["Khá"] * len(funds), funds=funds))

    assert (smallest, total) == (facts.smallest_fund.at(0), facts.total_fund.at(0))
    assert funds.count(None) == facts.blank_funds[0]


def test_one_branch_is_enough_to_know_the_branch_fund():
    """A unit with a single branch: its fund is known, and clear."""
    assert flag_of(a_unit(branches="1/1"), "funds") is False
    assert flag_of(a_unit(branches="1/1"), "funds", branch_fund="average") is False


def test_filings_are_days_or_never_or_blank():
    """Nothing written, known never to have come, or the day's ordinal."""
    facts = facts_of(a_unit(registration=date(2024, 2, 21), self_scores="none", annual_report=None))

    assert [date(2024, 2, 21).toordinal(), NEVER, BLANK_DAY, BLANK_DAY] == [
        facts.filings[name][0] for name in ("registration", "self_scores", "annual_report", "plan")]


def test_decisions_may_be_taken_back():
    """The same facts under other decisions: everything else stays."""
    unit = a_unit(decisions=[("waive", "dues"), ("downgrade", ""), ("downgrade", ""), ("class", "weak"), ("consider", "")])
    facts = facts_of(unit)
    without = decided(facts, [])

    assert (True, 2, True, False, 3) == (facts.waived["dues"][0], facts.downgrades[0], facts.let_in[0], facts.put_out[0],
                                         facts.given[0])
    assert (False, 0, False, False, -1) == (without.waived["dues"][0], without.downgrades[0], without.let_in[0],
                                            without.put_out[0], without.given[0])
    assert facts.units == without.units
    assert facts.actual is without.actual


def test_settings_are_scalars_of_whole_numbers():
    """The rule book as it stands: numbers as they are, days as ordinals, readings as places of options."""
    settings = Settings.of(shipped_book())

    assert {()} == {np.shape(value) for value in (*settings.values.values(), *settings.readings.values())}
    assert (41, date(2024, 2, 22).toordinal()) == (settings["class.excellent.min_a"], settings["filing.registration.before"])
    assert settings.reads("sanction", "downgrade")
    assert not settings.reads("sanction", "not_considered")


def test_an_option_nobody_knows_is_an_error():
    """A slip in the rules' own code is loud, never a silent "not in force"."""
    with pytest.raises(KeyError):
        settings_of().reads("sanction", "downgraded")


@pytest.mark.parametrize(("converted", "expected"), [(None, 0), (0, 0), (2, 2), ("1.5", 1.5), ("0.1", 0.1), ("12.0", 12)])
def test_converted_points_are_shown_as_they_are(converted, expected):
    """Whole ones as whole numbers, others with their decimals, a blank as 0."""
    actual = result_of(a_unit(converted=converted))["converted"]

    assert (expected, type(expected)) == (actual, type(actual))
