"""III.1, the ladder: every (A, C) pair there is, branch shares around every threshold, every reading that matters."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import oracle
import pytest
from build import READINGS, a_unit, class_of, columns, facts_of, read_as, result_of, settings_of, shipped_rules

from ctd_analysis.plan import ladder
from ctd_analysis.terms import CLASSES, NO_CLASS

PAIRS = [(a, c) for a in range(44) for c in range(44 - a)]

#: Branches by rating (Xuất sắc, Khá, lower, unrated): at, just under, just over 75 % and 30 %, by each way of counting.
BRANCHES = [(0, 3, 1, 0), (3, 0, 1, 0), (1, 2, 1, 0),               # exactly 75 %
            (0, 749, 251, 0), (0, 751, 249, 0), (0, 38, 13, 0),     # 74.9, 75.1 and 74.5 %
            (0, 3, 7, 0), (3, 0, 7, 0), (1, 2, 7, 0), (5, 3, 2, 0), # 30 % Khá or better, and exactly Khá
            (0, 299, 701, 0), (2, 299, 699, 0), (0, 301, 699, 0), (0, 29, 71, 0),
            (0, 3, 1, 1), (0, 3, 0, 1), (2, 3, 2, 3), (0, 3, 7, 1), # unrated ones in the base or not
            (0, 0, 0, 4), (0, 0, 0, 0), (0, 10, 0, 0), (0, 0, 5, 0)]
OF_THE_LADDER = ("ladder_gap", "average_branches", "branch_base", "not_applicable")
COMBINATIONS = [dict(zip(OF_THE_LADDER, options, strict=True)) for options in product(*map(READINGS.get, OF_THE_LADDER))]


def name_of(rung) -> str | None:
    """A class by its place."""
    return None if rung == NO_CLASS else CLASSES[rung]


def units_with(rows):
    """Facts of many units from (a, c, kad, branches by rating)."""
    a, c, kad, branches = (np.array(column) for column in zip(*rows, strict=True))
    best, good, lower, unrated = branches.T
    return columns(a=a, c=c, not_applicable=kad, b=43 - a - c - kad, branches=best + good + lower + unrated,
                   branches_rated=best + good + lower, branches_good=best + good, branches_exactly_good=good)


@pytest.mark.parametrize("reads", COMBINATIONS, ids=lambda reads: "-".join(reads.values()))
def test_every_pair_of_a_and_c_stands_where_the_plan_puts_it(reads):
    """All 990 (A, C) pairs, with branch shares around every threshold, with and without KAD, against the oracle."""
    rows = [(a, c, kad, branches) for (a, c), branches in product(PAIRS, BRANCHES)
            for kad in sorted({0, min(2, 43 - a - c)})]
    rules = oracle.amended(shipped_rules(), read_as(reads))
    placed = ladder.place(units_with(rows), settings_of(read_as(reads)))

    actual = zip(rows, map(name_of, placed.base_class), placed.literal_match, placed.share_known, strict=True)

    ratings = {branches: dict(zip(("Xuất sắc", "Khá", "Yếu", ""), branches, strict=True)) for branches in BRANCHES}
    expected = [(row, *oracle.ladder(*row[:3], ratings[row[3]], rules).values()) for row in rows]
    assert expected == list(actual)


def test_there_are_990_pairs_and_13_fit_no_line_for_their_c_alone():
    """With all branches Khá, 13 (A, C) pairs fall in the hole: 36 or 37 A with 6 C or more, 32 to 35 with 8 or more."""
    placed = ladder.place(units_with([(a, c, 0, (0, 4, 0, 0)) for a, c in PAIRS]), settings_of())

    in_the_hole = [pair for pair, fits in zip(PAIRS, placed.literal_match, strict=True) if not fits]

    assert 990 == len(PAIRS)
    assert sorted([(32, 8), (32, 9), (32, 10), (32, 11), (33, 8), (33, 9), (33, 10), (34, 8), (34, 9), (35, 8),
                   (36, 6), (36, 7), (37, 6)]) == in_the_hole


# ---------------------------------------------------------------- sentences at a boundary


@pytest.mark.parametrize(("a", "expected"), [(40, "good"), (41, "excellent"), (42, "excellent"), (43, "excellent")])
def test_forty_one_a_opens_the_door_to_excellent(a, expected):
    """III.1: 41 is the first count that can be Xuất sắc."""
    unit = a_unit(a=a, c=0, branches="8/10")

    assert expected == class_of(unit)


@pytest.mark.parametrize(("a", "expected"), [(35, "average"), (36, "good"), (37, "good")])
def test_thirty_six_a_opens_the_door_to_good(a, expected):
    """III.1: 36 is the first count that can be Khá."""
    assert expected == class_of(a_unit(a=a))


@pytest.mark.parametrize(("a", "expected"), [(31, "weak"), (32, "average"), (33, "average")])
def test_thirty_two_a_opens_the_door_to_average(a, expected):
    """III.1: below 32 is Yếu."""
    assert expected == class_of(a_unit(a=a))


@pytest.mark.parametrize(("c", "base", "literal"), [(4, "good", True), (5, "good", True), (6, "average", False)])
def test_a_good_unit_has_no_more_than_five_c(c, base, literal):
    """III.1: "không quá 5 điểm C"; the sixth drops it into the ladder's hole."""
    actual = result_of(a_unit(a=36, c=c))

    assert (base, literal) == (actual["base_class"], actual["literal_match"])


@pytest.mark.parametrize(("c", "base", "literal"), [(6, "average", True), (7, "average", True), (8, "weak", False)])
def test_an_average_unit_has_no_more_than_seven_c(c, base, literal):
    """III.1: "không quá 7 điểm C"."""
    actual = result_of(a_unit(a=34, c=c))

    assert (base, literal) == (actual["base_class"], actual["literal_match"])


@pytest.mark.parametrize(("cap", "expected"), [(0, "good"), (1, "excellent"), (2, "excellent"), (3, "excellent")])
def test_three_c_never_bind_an_excellent_unit(cap, expected):
    """III.1: 41 A leave at most 2 C; the cap is tested all the same, and binds as soon as a what-if lowers it."""
    unit = a_unit(a=41, c=1)
    placed = ladder.place(facts_of(unit), settings_of({"class.excellent.max_c": cap}))

    assert expected == name_of(placed.base_class[0])


@pytest.mark.parametrize(("branches", "excellent", "good"), [
    ("74/100", "average", "average"), ("75/100", "excellent", "good"), ("76/100", "excellent", "good"),
    ("3/4", "excellent", "good"), ("38/51", "average", "average"), ("39/51", "excellent", "good")])
def test_seventy_five_percent_of_the_branches_is_enough_and_is_not_rounded(branches, excellent, good):
    """III.1: 38 of 51 is 74,5 %, not 75 %."""
    assert (excellent, good) == (class_of(a_unit(a=41, branches=branches)), class_of(a_unit(a=36, branches=branches)))


@pytest.mark.parametrize(("branches", "expected"), [("29/100", "weak"), ("30/100", "average"), ("3/10", "average")])
def test_thirty_percent_of_the_branches_is_enough_for_average(branches, expected):
    """III.1, line 3."""
    assert expected == class_of(a_unit(a=35, branches=branches))


@pytest.mark.parametrize("a", [43, 36, 32, 0])
@pytest.mark.parametrize("branches", [[], ["", ""]])
def test_an_unknown_branch_share_makes_any_unit_provisional(a, branches):
    """No branches, or (under `rated`) none rated: not reached and not knowable, whatever the band."""
    actual = result_of(a_unit(a=a, branches=branches), branch_base="rated")

    assert ("weak", True) == (actual["base_class"], actual["provisional"])


def test_unrated_branches_are_known_not_to_have_reached_good():
    """Under `all`, a branch without a rating counts in the base and the share is known."""
    actual = result_of(a_unit(a=41, branches=["", ""]))

    assert ("weak", False) == (actual["base_class"], actual["provisional"])


def test_an_ungraded_criterion_is_neither_a_nor_c_and_leaves_the_unit_provisional():
    """A blank counts for nothing, and something is missing."""
    actual = result_of(a_unit(a=40, ungraded=1))

    assert (40, 2, 0, 1) == tuple(actual[grade] for grade in ("a", "b", "c", "ungraded"))
    assert ("good", True) == (actual["base_class"], actual["provisional"])


def test_the_clusters_grade_never_falls_back_to_the_self_grade():
    """What a unit gave itself is never counted."""
    unit = a_unit(a=40, ungraded=3) | {"self": dict.fromkeys(range(1, 44), "A")}

    assert (40, 3) == tuple(result_of(unit)[grade] for grade in ("a", "ungraded"))


@pytest.mark.parametrize(("appraised", "expected"), [
    ({1: "B"}, "good"), ({43: "C"}, "excellent"), ({1: "A"}, "excellent"), ({43: "A", 1: "B"}, "excellent"),
    ({1: ""}, "excellent")])
def test_the_appraisal_amends_the_clusters_grade(appraised, expected):
    """The grade that counts is the cluster's as amended; a blank in the appraisal amends nothing."""
    assert expected == class_of(a_unit(a=41, c=0, appraised=appraised))


@pytest.mark.parametrize(("kad", "neither", "as_a"), [
    (0, "good", "good"), (1, "good", "excellent"), (3, "good", "excellent")])
def test_criteria_that_do_not_apply_may_stand_for_an_a(kad, neither, as_a):
    """`not_applicable`: KAD is neither A nor C, or counts as an A on the ladder; the A that is shown stays."""
    unit = a_unit(a=40, kad=kad)

    assert (neither, as_a) == (class_of(unit), class_of(unit, not_applicable="as_a"))
    assert 40 == result_of(unit, not_applicable="as_a")["a"]


def test_three_that_do_not_apply_keep_a_unit_from_excellent_for_ever():
    """All else A: 40 A and three KAD are Khá, and as_a Xuất sắc."""
    unit = a_unit(a=40, kad=3, branches="1/1")

    assert ("good", "excellent") == (class_of(unit), class_of(unit, not_applicable="as_a"))


@pytest.mark.parametrize(("ratings", "good_or_better", "exactly_good"), [
    (["Xuất sắc"] * 4, "average", "weak"), (["Khá"] * 3 + ["Yếu"] * 7, "average", "average"),
    (["Xuất sắc"] * 8 + ["Khá"] * 2, "average", "weak"), (["Xuất sắc"] * 7 + ["Khá"] * 3, "average", "average")])
def test_the_third_line_may_mean_good_branches_only(ratings, good_or_better, exactly_good):
    """`average_branches`: "30% Hội cơ sở đạt loại khá" with or without those better than Khá."""
    unit = a_unit(a=35, branches=ratings)

    assert (good_or_better, exactly_good) == (class_of(unit), class_of(unit, average_branches="exactly_good"))


def test_exactly_good_touches_the_third_line_only():
    """All branches Xuất sắc: the lines of Xuất sắc and Khá say "trở lên", and hold."""
    ratings = ["Xuất sắc"] * 4

    assert ("excellent", "good") == (class_of(a_unit(a=41, branches=ratings), average_branches="exactly_good"),
                                     class_of(a_unit(a=36, branches=ratings), average_branches="exactly_good"))


@pytest.mark.parametrize(("ratings", "of_all", "of_rated"), [
    (["Khá"] * 3 + ["Yếu"], "excellent", "excellent"), (["Khá"] * 3 + ["Yếu", ""], "average", "excellent"),
    (["Khá"] * 3 + ["Yếu"] * 2 + [""], "average", "average")])
def test_the_share_may_be_of_rated_branches_only(ratings, of_all, of_rated):
    """`branch_base`: an unrated branch has not reached Khá, or is left out."""
    unit = a_unit(a=41, branches=ratings)

    assert (of_all, of_rated) == (class_of(unit), class_of(unit, branch_base="rated"))


# ---------------------------------------------------------------- vectors of the specification


@pytest.mark.parametrize(("a", "b", "c", "branches", "waterfall", "one_level_down", "undecided"), [
    (41, 2, 0, "3/4", "excellent", "excellent", "excellent"),
    (41, 0, 2, "749/1000", "average", "good", None),
    (40, 3, 0, "3/4", "good", "good", "good"),
    (37, 0, 6, "4/5", "average", "average", None),
    (36, 2, 5, "3/4", "good", "good", "good"),
    (35, 1, 7, "3/10", "average", "average", "average"),
    (35, 0, 8, "4/5", "weak", "weak", None),
    (35, 8, 0, "29/100", "weak", "weak", None),
    (31, 12, 0, "1/1", "weak", "weak", "weak"),
])
def test_the_vectors_of_the_ladder(a, b, c, branches, waterfall, one_level_down, undecided):
    """The nine vectors under each reading of the hole; `undecided` leaves a class only where the plan fits."""
    unit = a_unit(a=a, c=c, branches=branches)
    assert b == result_of(unit)["b"]

    actual = [class_of(unit, ladder_gap=option) for option in ("waterfall", "one_level_down", "undecided")]

    assert [waterfall, one_level_down, undecided] == actual
    assert (undecided is not None) is result_of(unit)["literal_match"]


# ---------------------------------------------------------------- laws


@pytest.mark.parametrize("reads", [r for r in COMBINATIONS if r["ladder_gap"] == "waterfall"],
                         ids=lambda reads: "-".join(list(reads.values())[1:]))
def test_a_better_grade_never_lowers_a_class_under_waterfall(reads):
    """Adding an A in place of a B or a C, or turning a C into a B, never makes a class worse."""
    settings = settings_of(read_as(reads))

    def base(rows):
        return ladder.place(units_with(rows), settings).base_class

    rows = [(a, c, 0, branches) for (a, c), branches in product(PAIRS, BRANCHES)]
    here = base(rows)
    for change, possible in (((1, 0), lambda a, c: a + c < 43), ((1, -1), lambda a, c: c), ((0, -1), lambda a, c: c)):
        chosen = [i for i, (a, c, _, _) in enumerate(rows) if possible(a, c)]
        there = base([(rows[i][0] + change[0], rows[i][1] + change[1], 0, rows[i][3]) for i in chosen])
        assert [] == [rows[i] for i, before, after in zip(chosen, here[chosen], there, strict=True) if after > before]


def test_classes_are_tried_best_first_even_where_a_what_if_turns_the_ladder_round():
    """Bars that do not descend: the first class from the top whose A range holds the count is the band."""
    changes = {"class.excellent.min_a": 30, "class.good.min_a": 36}
    placed = ladder.place(facts_of(a_unit(a=33)), settings_of(changes))

    assert ("excellent", True) == (name_of(placed.base_class[0]), bool(placed.literal_match[0]))


def test_the_hole_below_a_ladder_turned_round_is_searched_from_the_top_too():
    """Waterfall takes the best class whose whole line holds, though its A bar is the lowest of all."""
    changes = {"class.excellent.min_a": 30, "class.excellent.max_c": 0}
    placed = ladder.place(facts_of(a_unit(a=36, c=1)), settings_of(changes))

    assert ("good", False) == (name_of(placed.base_class[0]), bool(placed.literal_match[0]))


@pytest.mark.parametrize(("rung", "steps", "expected"), [
    ("excellent", 0, "excellent"), ("excellent", 1, "good"), ("excellent", 3, "weak"), ("excellent", 9, "weak"),
    ("average", 1, "weak"), ("weak", 1, "weak"), (None, 0, None), (None, 2, None)])
def test_the_class_below_the_lowest_is_the_lowest(rung, steps, expected):
    """So many classes lower; no class stays no class."""
    place = np.array([NO_CLASS if rung is None else CLASSES.index(rung)])

    assert expected == name_of(ladder.one_down(place, steps)[0])


def test_one_down_is_one_down():
    """Without a number it is a single class."""
    assert [1, 2, 3, 3, NO_CLASS] == list(ladder.one_down(np.array([0, 1, 2, 3, NO_CLASS])))


def test_the_placement_keeps_what_it_went_by():
    """Counted A, branches, base, bars and band are there for the page to show."""
    unit = a_unit(a=34, kad=2, c=7, branches=["Xuất sắc", "Khá", "Yếu", ""])
    placed = ladder.place(facts_of(unit), settings_of(read_as(
        {"not_applicable": "as_a", "branch_base": "rated", "average_branches": "exactly_good"})))

    assert (36, 3, "good") == (placed.counted_a[0], placed.branch_base[0], name_of(placed.band[0]))
    assert {"excellent": 2, "good": 2, "average": 1} == {rung: n[0] for rung, n in placed.counted_branches.items()}
    assert {"excellent": [False, False, False], "good": [True, False, False], "average": [True, True, True]} == {
        rung: [bool(bars.a[0]), bool(bars.c[0]), bool(bars.branches[0])] for rung, bars in placed.bars.items()}
    assert [False, False, True] == [bool(bars.all[0]) for bars in placed.bars.values()]


def test_a_sweep_places_every_scenario_at_once():
    """A column of scenarios (S, 1) gives (S, U): each row is what that scenario alone gives."""
    facts = units_with([(a, 0, 0, (0, 4, 0, 0)) for a in (36, 39, 40, 41, 43)])
    settings = settings_of()
    bars = np.arange(44)[:, np.newaxis]
    swept = ladder.place(facts, replace(settings, values={**settings.values, "class.excellent.min_a": bars}))

    for bar in range(44):
        alone = ladder.place(facts, settings_of({"class.excellent.min_a": bar}))
        assert list(alone.base_class) == list(swept.base_class[bar])
