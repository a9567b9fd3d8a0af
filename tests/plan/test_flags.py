"""III.2: below, on and above every number; what is missing raises nothing and clears nothing; who is not considered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import oracle
import pytest
from build import (
    FLAGS,
    a_unit,
    class_of,
    facts_of,
    flag_of,
    read_as,
    result_of,
    results,
    settings_of,
    shipped_book,
    shipped_rules,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from ctd_analysis.plan import filings, flags
from ctd_analysis.plan.facts import Amounts, Known, below, choose, under

UNKNOWN = None
VALUES = (True, False, UNKNOWN)
AND = {(True, True): True, (True, False): False, (True, UNKNOWN): UNKNOWN,
       (False, True): False, (False, False): False, (False, UNKNOWN): False,
       (UNKNOWN, True): UNKNOWN, (UNKNOWN, False): False, (UNKNOWN, UNKNOWN): UNKNOWN}
OR = {(True, True): True, (True, False): True, (True, UNKNOWN): True,
      (False, True): True, (False, False): False, (False, UNKNOWN): UNKNOWN,
      (UNKNOWN, True): True, (UNKNOWN, False): UNKNOWN, (UNKNOWN, UNKNOWN): UNKNOWN}
COMPARED = ("dues", "member_growth", "cadres_sent", "resources")
CAMPAIGNS = ("tet_nhan_ai", "humanitarian_address", "good_people_good_deeds")


def known(*values) -> Known:
    """Three-valued answers as the library's pair of columns."""
    return Known(np.array([v is True for v in values]), np.array([v is False for v in values]))


def answers(column: Known) -> list:
    """The library's pair of columns as True, False and None."""
    return [column.at(i) for i in range(len(column.yes))]


# ---------------------------------------------------------------- three values


def test_and_is_kleenes():
    """`&`: true if both are, false if one is, else unknown; all nine pairs."""
    left, right = zip(*AND, strict=True)

    assert list(AND.values()) == answers(known(*left) & known(*right))


def test_or_is_kleenes():
    """`|`: true if one is, false if both are, else unknown; all nine pairs."""
    left, right = zip(*OR, strict=True)

    assert list(OR.values()) == answers(known(*left) | known(*right))


def test_unknown_is_neither():
    """What is neither surely so nor surely not."""
    assert [False, False, True] == list(known(*VALUES).unknown)


def test_three_together_are_as_the_oracle_has_them():
    """All 27 triples, any and all, against the oracle's way of saying it."""
    triples = list(product(VALUES, repeat=3))
    one, two, three = (known(*column) for column in zip(*triples, strict=True))

    assert [oracle.any_of(triple) for triple in triples] == answers(one | two | three)
    assert [oracle.all_of(triple) for triple in triples] == answers(one & two & three)


def test_choosing_keeps_all_three_values():
    """`choose` takes one answer here and another there, unknowns included."""
    pairs = list(product(VALUES, repeat=2))
    one, other = (known(*column) for column in zip(*pairs, strict=True))

    assert [first for first, _ in pairs] == answers(choose(np.bool_(True), one, other))
    assert [second for _, second in pairs] == answers(choose(np.bool_(False), one, other))


@pytest.mark.parametrize(("target", "actual", "expected"), [
    (100, 89, True), (100, 90, False), (100, 91, False),
    (100, None, UNKNOWN), (None, 100, UNKNOWN), (None, 0, UNKNOWN), (None, None, UNKNOWN),
    (0, 0, False), (0, 5, False), (0, None, False), (100, 0, True)])
def test_below_ninety_percent_of_a_target(target, actual, expected):
    """On the bar is not below it; a missing number is not knowable; a target of 0 asked for nothing."""
    def column(value):
        return Amounts(np.array([value or 0]), np.array([value is not None]))

    assert [expected] == answers(below(column(actual), column(target), 90))


@pytest.mark.parametrize(("actual", "expected"), [(4, True), (5, False), (6, False), (None, UNKNOWN)])
def test_under_a_bar(actual, expected):
    """On the bar is not under it; a missing number is not knowable."""
    assert [expected] == answers(under(Amounts(np.array([actual or 0]), np.array([actual is not None])), 5))


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(st.integers(0, 10**15), st.integers(0, 10**15), st.integers(0, 100))
def test_below_is_exact_to_the_largest_amount(actual, target, percent):
    """Up to 10^15 VND, whole numbers decide as fractions do."""
    def column(value):
        return Amounts(np.array([value]), np.array([True]))

    assert [oracle.is_short(target, actual, percent)] == answers(below(column(actual), column(target), percent))


# ---------------------------------------------------------------- the percentages of III.2.2


@pytest.mark.parametrize(("flag", "target", "short", "enough"), [
    ("dues", 10_000, 8_999, 9_000), ("dues", 7, 6, 7), ("member_growth", 100, 89, 90), ("cadres_sent", 10, 7, 8),
    ("cadres_sent", 5, 3, 4), ("resources", 9 * 10**9, 8_099_999_999, 8_100_000_000), ("tet_nhan_ai", 100, 99, 100),
    ("humanitarian_address", 20, 19, 20), ("good_people_good_deeds", 5, 4, 5)])
def test_exactly_on_a_percentage_is_not_below_it(flag, target, short, enough):
    """90, 90, 80, 90 and 100 %: one less raises the flag, the bar itself and one more do not."""
    raised = [flag_of(a_unit(**{flag: (target, actual)}), "campaigns" if flag in CAMPAIGNS else flag)
              for actual in (short, enough, enough + 1)]

    assert [True, False, False] == raised


@pytest.mark.parametrize(("actual", "expected"), [
    (1_799_999_999, True), (1_800_000_000, False), (1_800_000_001, False)])
def test_the_humanitarian_month_is_twenty_percent_of_the_units_resolution(actual, expected):
    """II.1, III.2.2: its value is compared with the target of `resources`, whatever target is written beside it."""
    for written in (None, 0, 10**12):
        assert expected is flag_of(a_unit(humanitarian_month=(written, actual)), "humanitarian_month")


@pytest.mark.parametrize(("resolution", "actual", "expected"), [
    (None, 10**9, UNKNOWN), (9 * 10**9, None, UNKNOWN), (0, None, False), (0, 0, False)])
def test_the_humanitarian_month_without_a_number(resolution, actual, expected):
    """A resolution of 0 asked for nothing; a missing number on either side is not knowable."""
    unit = a_unit(resources=(resolution, 9 * 10**9), humanitarian_month=(10**9, actual))

    assert expected is flag_of(unit, "humanitarian_month")


def test_eight_point_one_of_nine_billion_is_ninety_percent():
    """A float says 89.99…; whole numbers say 90."""
    assert "excellent" == class_of(a_unit(resources=(9_000_000_000, 8_100_000_000)))


@pytest.mark.parametrize("percent", [29, 57, 58])
@pytest.mark.parametrize("target", [100, 1_000, 10**15])
def test_percentages_a_float_cannot_hold(percent, target):
    """29, 57 and 58 % are not 0.29, 0.57 and 0.58 of anything: on the bar is clear, one less is not."""
    edge = percent * target // 100
    changes = {f"flag.{flag}.below_percent": percent for flag in (*COMPARED, "campaigns", "humanitarian_month")}
    units = [a_unit("on", resources=(target, edge), dues=(target, edge), humanitarian_month=edge),
             a_unit("below", resources=(target, edge - 1), dues=(target, edge - 1), humanitarian_month=edge - 1)]

    on, less = (one["flags"] for one in results(units, changes))

    assert [(False, True)] * 3 == [(on[flag], less[flag]) for flag in ("dues", "resources", "humanitarian_month")]


@pytest.mark.parametrize("flag", COMPARED)
@pytest.mark.parametrize(("target", "actual", "expected"), [
    (None, 10, UNKNOWN), (10, None, UNKNOWN), (None, None, UNKNOWN), (0, None, False), (0, 0, False), (10, 0, True)])
def test_a_number_that_is_missing_raises_nothing_and_clears_nothing(flag, target, actual, expected):
    """Three-valued: unknown where a number is missing, and then the unit is provisional; a target of 0 is clear."""
    actual = result_of(a_unit(**{flag: (target, actual)}, humanitarian_month=10**15))

    assert expected is actual["flags"][flag]
    assert (expected is UNKNOWN) is (actual["provisional"])


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_whose_rows_are_missing_is_unknown(flag):
    """An indicator without a row is as one left blank."""
    unit = a_unit()
    for name in shipped_rules()["flag"][flag]["indicators"]:
        del unit["indicators"][name]

    actual = result_of(unit)

    assert (UNKNOWN, True, "excellent") == (actual["flags"][flag], actual["provisional"], actual["final_class"])


def test_a_unit_with_no_table_at_all_raises_nothing():
    """Nothing known: every flag unknown, nobody excluded, provisional."""
    unit = a_unit() | {"indicators": {}, "branches": [], "filings": {}, "grades": {}}

    actual = result_of(unit)

    assert dict.fromkeys(FLAGS) == actual["flags"]
    assert (0, 43, "weak", True, True) == tuple(
        actual[key] for key in ("a", "ungraded", "final_class", "considered", "provisional"))


# ---------------------------------------------------------------- reporting, training classes


@pytest.mark.parametrize(("target", "actual", "expected"), [
    (1, 0, True), (1, 1, False), (1, None, UNKNOWN), (0, 0, True), (None, 0, True), (0, 1, False), (None, 1, False)])
def test_reporting_is_judged_by_a_person_whatever_target_is_written(target, actual, expected):
    """Raised when actual is below 1."""
    assert expected is flag_of(a_unit(reporting=(target, actual)), "reporting")


@pytest.mark.parametrize(("operations", "first_aid"), list(product([0, 1, 2, None], repeat=2)))
def test_training_classes_of_either_kind(operations, first_aid):
    """"Không mở lớp … hoặc …": none of either kind, or one kind missing; every pair against Kleene's tables."""
    unit = a_unit(operations_classes=operations, first_aid_classes=first_aid)
    none_of = tuple(UNKNOWN if n is None else n == 0 for n in (operations, first_aid))

    assert AND[none_of] is flag_of(unit, "training_classes")
    assert OR[none_of] is flag_of(unit, "training_classes", training_classes="either")


# ---------------------------------------------------------------- campaigns


@pytest.mark.parametrize("shorts", list(product(VALUES, repeat=3)))
def test_campaigns_any_or_all(shorts):
    """One short campaign raises the flag, or all must be short: all 27 triples."""
    written = {True: (10, 9), False: (10, 10), UNKNOWN: (10, None)}
    unit = a_unit(**{name: written[short] for name, short in zip(CAMPAIGNS, shorts, strict=True)})

    assert oracle.any_of(shorts) is flag_of(unit, "campaigns")
    assert oracle.all_of(shorts) is flag_of(unit, "campaigns", campaigns="all")


def test_a_campaign_nobody_asked_for_is_not_short():
    """A target of 0 is clear whatever is written beside it: under `all` the others cannot raise the flag alone."""
    unit = a_unit(tet_nhan_ai=(0, None), humanitarian_address=(20, 0), good_people_good_deeds=(5, 0))

    assert (True, False) == (flag_of(unit, "campaigns"), flag_of(unit, "campaigns", campaigns="all"))


# ---------------------------------------------------------------- funds


@pytest.mark.parametrize(("fund", "expected"), [(49_999_999, True), (50_000_000, False), (50_000_001, False)])
def test_fifty_million_at_unit_level(fund, expected):
    """II.5: the fund of the unit, whatever target is written beside it."""
    for written in (None, 0, 10**9):
        assert expected is flag_of(a_unit(unit_fund=(written, fund)), "funds")


@pytest.mark.parametrize(("fund", "expected"), [(9_999_999, True), (10_000_000, False), (10_000_001, False)])
@pytest.mark.parametrize("branch_fund", ["every", "average"])
def test_ten_million_at_branch_level(fund, expected, branch_fund):
    """II.5: all branches alike, "mỗi" and on average agree."""
    assert expected is flag_of(a_unit(funds=fund), "funds", branch_fund=branch_fund)


MILLION = 10**6


@pytest.mark.parametrize(("funds", "every", "average"), [
    ([10 * MILLION] * 3, False, False),
    ([10 * MILLION - 1, 30 * MILLION, 30 * MILLION], True, False),
    ([10 * MILLION - 1, 10 * MILLION, 10 * MILLION], True, True),
    ([10 * MILLION - 1, 10 * MILLION, 10 * MILLION + 1], True, False),
    ([10 * MILLION - 1, None, 30 * MILLION], True, UNKNOWN),
    ([10 * MILLION, None, 30 * MILLION], UNKNOWN, UNKNOWN),
    ([None, None, None], UNKNOWN, UNKNOWN),
    ([None, None, 0], True, UNKNOWN),
    ([0, 15 * MILLION, 15 * MILLION], True, False),
    ([10**15, 10**15, 9 * MILLION], True, False),
    ([10**15] * 3, False, False),
    ([0, 0, 0], True, True),
    ([], UNKNOWN, UNKNOWN)])
def test_a_blank_fund_among_short_ones(funds, every, average):
    """`every`: raised if another is short, else unknown; `average`: unknown; no branches listed: unknown."""
    unit = a_unit(branches=["Khá"] * len(funds), funds=funds)

    assert every is flag_of(unit, "funds")
    assert average is flag_of(unit, "funds", branch_fund="average")


@pytest.mark.parametrize(("unit_short", "branch_short"), list(product(VALUES, repeat=2)))
def test_funds_at_two_levels(unit_short, branch_short):
    """"02 cấp": either level short, or both; every pair against Kleene's tables."""
    unit = a_unit(unit_fund={True: 0, False: 50 * MILLION, UNKNOWN: None}[unit_short],
                  funds={True: 0, False: 10 * MILLION, UNKNOWN: None}[branch_short])

    assert OR[unit_short, branch_short] is flag_of(unit, "funds")
    assert AND[unit_short, branch_short] is flag_of(unit, "funds", fund_levels="both")


def test_funds_at_the_largest_amount():
    """10^15 VND in every one of 143 branches: sums stay exact."""
    almost = [10**15] * 142 + [10**15 - 1]
    changes = {"flag.funds.branch_min": 10**15, "flag.funds.unit_min": 10**15, "readings.branch_fund": "average"}
    units = [a_unit("short", branches="143/143", funds=almost, unit_fund=10**15),
             a_unit("enough", branches="143/143", funds=10**15, unit_fund=10**15)]

    assert [True, False] == [one["flags"]["funds"] for one in results(units, changes)]


# ---------------------------------------------------------------- III.2.1, who is not considered

DAY = {"before": -1, "on": 0, "after": 1}


def came(filing, when):
    """The day before, on or after a filing's day."""
    return date.fromordinal(shipped_rules()["filing"][filing]["before"].toordinal() + DAY[when])


@pytest.mark.parametrize("filing", ["registration", "self_scores", "annual_report", "plan"])
@pytest.mark.parametrize(("when", "late", "on_time"), [
    ("before", False, False), ("on", True, False), ("after", True, True), ("none", True, True),
    (None, UNKNOWN, UNKNOWN)])
def test_the_day_itself_is_too_late_or_not(filing, when, late, on_time):
    """"Trước ngày": below, on and above each day, under both readings; never come is late, a blank is not knowable."""
    unit = a_unit()
    unit["filings"][filing] = came(filing, when) if when in DAY else when

    for option, expected in (("late", late), ("on_time", on_time)):
        settings = settings_of(read_as({"deadline_day": option}))
        assert expected is filings.late(facts_of(unit), settings, filing).at(0)


LATE = {True: "none", False: date(2024, 1, 15), UNKNOWN: None}


@pytest.mark.parametrize("filed", list(product(VALUES, repeat=3)))
@pytest.mark.parametrize("reading", ["both", "either"])
def test_not_registered_and_not_delivered(filed, reading):
    """III.2.1 "và": both facts or either; delivered means sheet and report; every triple against Kleene's tables."""
    registration, self_scores, annual_report = filed
    unit = a_unit(registration=LATE[registration], self_scores=LATE[self_scores], annual_report=LATE[annual_report])
    undelivered = OR[self_scores, annual_report]
    expected = (AND if reading == "both" else OR)[registration, undelivered]

    actual = result_of(unit, not_considered=reading)

    assert (expected is not True, expected is UNKNOWN) == (actual["considered"], actual["provisional"])
    assert (None if expected else "excellent") == actual["final_class"]


@pytest.mark.parametrize(("registered", "both_late", "both_on_time"), [
    (date(2024, 2, 21), True, True), (date(2024, 2, 22), False, True), (date(2024, 2, 23), False, False)])
def test_registered_on_the_very_day(registered, both_late, both_on_time):
    """V.3: 22/02/2024 itself is too late, or still in time; here nothing else was sent."""
    unit = a_unit(registration=registered, self_scores="none")

    assert both_late is result_of(unit)["considered"]
    assert both_on_time is result_of(unit, deadline_day="on_time")["considered"]


@pytest.mark.parametrize("filing", ["self_scores", "annual_report"])
@pytest.mark.parametrize(("delivered", "late", "on_time"), [
    (date(2024, 12, 9), True, True), (date(2024, 12, 10), False, True), (date(2024, 12, 11), False, False)])
def test_delivered_on_the_very_day(filing, delivered, late, on_time):
    """V.4: 10/12/2024 itself is too late, or still in time; here the registration never came."""
    unit = a_unit(registration="none", **{filing: delivered})

    assert late is result_of(unit)["considered"]
    assert on_time is result_of(unit, deadline_day="on_time")["considered"]


def test_nobody_is_excluded_by_an_empty_cell():
    """A blank day beside a filing surely late: provisional, and considered."""
    actual = result_of(a_unit(registration=None, self_scores="none"))

    assert (True, True, "excellent") == (actual["considered"], actual["provisional"], actual["final_class"])


def test_a_blank_that_cannot_decide_leaves_nothing_open():
    """Registered in time: whatever the blank turns out to be, the unit is considered."""
    actual = result_of(a_unit(self_scores=None))

    assert (True, False) == (actual["considered"], actual["provisional"])


def test_a_late_plan_is_only_shown():
    """V.3 asks for a plan too, but III.2.1 does not name it."""
    unit = a_unit()
    unit["filings"]["plan"] = "none"

    assert result_of(a_unit()) == result_of(unit)


# ---------------------------------------------------------------- how far down


def short(flag) -> dict:
    """What a unit lacks that has this flag: its first indicator, or both kinds of class."""
    named = shipped_rules()["flag"][flag]["indicators"]
    return dict.fromkeys(named if flag == "training_classes" else named[:1], 0)


@pytest.mark.parametrize("flag", FLAGS)
def test_each_flag_alone_takes_one_class_away(flag):
    """III.2.2: excellent with one flag is good, whichever it is, and no other flag is raised with it."""
    unit = a_unit(**short(flag))

    assert {name: name == flag for name in FLAGS} == result_of(unit)["flags"]
    for several in ("once", "per_group", "each"):
        assert "good" == class_of(unit, several_flags=several)


@pytest.mark.parametrize(("raised", "decisions", "once", "per_group", "each"), [
    ([], [], 0, 0, 0),
    (["dues"], [], 1, 1, 1),
    (["dues", "member_growth"], [], 1, 1, 2),
    (["dues", "campaigns"], [], 1, 2, 2),
    (["dues", "reporting", "cadres_sent", "training_classes"], [], 1, 1, 4),
    (["funds", "resources", "humanitarian_month"], [], 1, 1, 3),
    (["dues", "campaigns", "funds"], [], 1, 3, 3),
    (list(FLAGS), [], 1, 3, 9),
    ([], [("downgrade", "")], 1, 1, 1),
    ([], [("downgrade", "")] * 2, 1, 1, 2),
    (["dues"], [("downgrade", "")] * 2, 1, 2, 3),
    (["dues"], [("waive", "dues")], 0, 0, 0),
    (["dues", "campaigns"], [("waive", "dues")], 1, 1, 1),
    (["dues", "member_growth"], [("waive", "dues")], 1, 1, 1),
    (["dues"], [("waive", "campaigns")], 1, 1, 1),
    (["dues"], [("waive", "dues"), ("downgrade", "")], 1, 1, 1),
    (list(FLAGS), [("waive", flag) for flag in FLAGS], 0, 0, 0),
])
def test_how_many_classes_are_lost(raised, decisions, once, per_group, each):
    """"Xuống một mức": once, once a group, or once a case; the Council's reasons are a group of their own."""
    facts = facts_of(a_unit(**{k: v for flag in raised for k, v in short(flag).items()}, decisions=decisions))
    found = flags.counting(facts, flags.raise_all(facts, settings_of()))

    actual = [flags.steps_down(facts, settings_of({"readings.several_flags": several}), found)[0]
              for several in ("once", "per_group", "each")]

    assert [once, per_group, each] == actual


@pytest.mark.parametrize("flag", FLAGS)
def test_each_flag_belongs_to_the_group_of_the_plan(flag):
    """The table of III.2.2: organisation, campaigns, resources."""
    groups = {"campaigns": "campaigns"} | dict.fromkeys(("funds", "resources", "humanitarian_month"), "resources")

    assert groups.get(flag, "organisation") == shipped_book().flags[flag].group


@pytest.mark.parametrize(("a", "flag", "expected"), [
    (41, {"dues": (10_000, 8_999)}, "good"), (41, {"dues": 0, "tet_nhan_ai": 0, "unit_fund": 0}, "good"),
    (36, {"dues": 0}, "average"), (32, {"dues": 0}, "weak"), (31, {"dues": 0}, "weak"),
    (41, {"dues": (10_000, 9_000)}, "excellent"), (41, {"cadres_sent": (10, 8)}, "excellent"),
    (41, {"humanitarian_month": 1_800_000_000}, "excellent")])
def test_the_vectors_of_the_flags(a, flag, expected):
    """Three flags lower once; the class below Yếu is Yếu; on the bar is clear."""
    assert expected == class_of(a_unit(a=a, **flag))


def test_a_lowered_class_is_not_tested_against_the_ladder_again():
    """III.1 first, then III.2.2 once: 43 A with a flag is Khá, though its A count is no count of Khá."""
    actual = result_of(a_unit(a=43, dues=0))

    assert ("excellent", True, "good") == (actual["base_class"], actual["literal_match"], actual["proposed_class"])


def test_each_shortfall_is_told_apart():
    """What the page shows beside a campaign is that campaign's own verdict."""
    facts = facts_of(a_unit(tet_nhan_ai=99, humanitarian_address=(20, None)))

    short = flags.raise_all(facts, settings_of())["campaigns"].conditions

    assert {"tet_nhan_ai": True, "humanitarian_address": UNKNOWN, "good_people_good_deeds": False} == {
        name: answer.at(0) for name, answer in short.items()}


def test_each_missing_class_is_told_apart():
    """What the page shows beside a kind of class is that kind's own verdict."""
    facts = facts_of(a_unit(operations_classes=0, first_aid_classes=None))

    assert {"operations_classes": True, "first_aid_classes": UNKNOWN} == {
        name: answer.at(0) for name, answer in flags.raise_all(facts, settings_of())["training_classes"].conditions.items()}


def amended_flag(flag, **changes):
    """The shipped rule book with one flag's own data changed."""
    return replace(shipped_book(), flags={**shipped_book().flags, flag: replace(shipped_book().flags[flag], **changes)})


@pytest.mark.parametrize("flag", ["dues", "member_growth", "reporting", "cadres_sent", "resources", "humanitarian_month"])
@pytest.mark.parametrize(("one", "other"), list(product(VALUES, repeat=2)))
def test_a_flag_on_two_indicators_is_raised_by_either(flag, one, other):
    """The rule book may name more than one: every pair against Kleene's table."""
    written = {True: (10**9, 0), False: (10**9, 10**9), UNKNOWN: (10**9, None)}
    unit = a_unit(tet_nhan_ai=written[one], good_people_good_deeds=written[other])
    book = amended_flag(flag, indicators=["tet_nhan_ai", "good_people_good_deeds"], target_of="")

    assert OR[one, other] is results([unit], None, book)[0]["flags"][flag]


@pytest.mark.parametrize(("join", "table"), [("any", OR), ("all", AND)])
@pytest.mark.parametrize(("one", "other"), list(product(VALUES, repeat=2)))
def test_a_flag_joins_its_indicators_as_its_data_say(join, table, one, other):
    """`join`: any of them, or all; every pair against Kleene's table."""
    written = {True: (10**9, 0), False: (10**9, 10**9), UNKNOWN: (10**9, None)}
    unit = a_unit(tet_nhan_ai=written[one], good_people_good_deeds=written[other])
    book = amended_flag("campaigns", indicators=["tet_nhan_ai", "good_people_good_deeds"], join=join)

    assert table[one, other] is results([unit], None, book)[0]["flags"]["campaigns"]


@pytest.mark.parametrize("option", ["any", "all"])
def test_a_reading_may_mean_all_in_each_of_its_options(option):
    """Then one indicator short raises the flag under none of them, and all of them short do."""
    reading = replace(shipped_book().readings["campaigns"], joins={"any": "all", "all": "all"})
    book = replace(shipped_book(), readings={**shipped_book().readings, "campaigns": reading})
    units = [a_unit("one", tet_nhan_ai=0), a_unit("all", **dict.fromkeys(CAMPAIGNS, 0))]

    found = results(units, read_as({"campaigns": option}), book)

    assert [False, True] == [one["flags"]["campaigns"] for one in found]


def test_a_condition_carries_its_two_sides():
    """What was asked, what was found, and of what the per cent are: as the trace tells them."""
    unit = a_unit(dues=(10, 8), resources=(30, 29), humanitarian_month=5, unit_fund=7, operations_classes=0, funds=9)
    raised = flags.raise_all(facts_of(unit), settings_of())

    def sides(flag, name):
        condition = raised[flag].conditions[name]
        return int(condition.asked), condition.found.at(0), condition.of and condition.of.at(0)

    assert (90, 8, 10) == sides("dues", "dues")
    assert (20, 5, 30) == sides("humanitarian_month", "humanitarian_month")
    assert (1, 0, None) == sides("training_classes", "operations_classes")
    assert (50 * MILLION, 7, None) == sides("funds", "unit_fund")
    assert (10 * MILLION, 9, None) == sides("funds", "branch_fund")


@pytest.mark.parametrize(("one", "other", "expected"), [
    (50 * MILLION, 50 * MILLION, False), (50 * MILLION, 0, True), (0, None, True), (50 * MILLION, None, UNKNOWN)])
def test_two_funds_at_unit_level_must_both_be_enough(one, other, expected):
    """The rule book may name more than one fund at unit level."""
    book = amended_flag("funds", indicators=["unit_fund", "tet_nhan_ai"])
    unit = a_unit(unit_fund=one, tet_nhan_ai=(0, other))

    assert expected is results([unit], None, book)[0]["flags"]["funds"]


def test_one_fund_short_is_the_unit_level_short():
    """`both` levels: one of two funds at unit level is enough for that level, and the branches' for theirs."""
    book = amended_flag("funds", indicators=["unit_fund", "tet_nhan_ai"])
    unit = a_unit(unit_fund=0, tet_nhan_ai=(0, 50 * MILLION), funds=0)

    assert results([unit], {"readings.fund_levels": "both"}, book)[0]["flags"]["funds"] is True


@pytest.mark.parametrize(("funds", "every", "average"), [
    ([1, 2, 6], 1, 3), ([1, 3, 7], 1, 3), ([5], 5, 5), ([1, None, 7], 1, None), ([None, None], None, None), ([], None, None)])
def test_what_is_found_of_branch_funds(funds, every, average):
    """The smallest that is known, or the average, rounded down, where all are known."""
    facts = facts_of(a_unit(branches=["Khá"] * len(funds), funds=funds))

    for option, expected in (("every", every), ("average", average)):
        raised = flags.raise_all(facts, settings_of({"readings.branch_fund": option}))["funds"]
        found = raised.conditions["branch_fund"].found
        assert (expected, "i") == (found.at(0), found.value.dtype.kind)


def test_branch_funds_are_read_only_where_a_flag_asks_for_them():
    """Without a flag of kind `funds` its reading has no object; one flag less takes no other reading's away."""
    book = replace(shipped_book(), flags={id: flag for id, flag in shipped_book().flags.items() if id != "funds"})

    assert ["fund_levels", "branch_fund"] == [id for id in book.readings if not book.has_object(id)]
    assert all(map(shipped_book().has_object, shipped_book().readings))


def test_a_flag_in_the_councils_group_and_a_reason_it_adds_are_one_group():
    """`per_group`: one class per group, and the Council's own reasons are group `council` (rules, section 5)."""
    unit = a_unit(dues=0, decisions=[("downgrade", "")])
    book = amended_flag("dues", group="council")

    assert "good" == results([unit], {"readings.several_flags": "per_group"}, book)[0]["final_class"]
