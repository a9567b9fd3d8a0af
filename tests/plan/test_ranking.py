"""The order in a cluster: which key sets whom ahead, ties kept, nominees named, and no rank without a class."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import oracle
import pytest
from build import (
    a_unit,
    appraised,
    columns,
    dice,
    facts_of,
    ordered,
    random_order,
    random_units,
    results,
    settings_of,
    shipped_book,
    shipped_rules,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from ctd_analysis.plan import ranking
from ctd_analysis.terms import CLASSES, NO_CLASS, RANKING_KEYS

EXCELLENT = CLASSES.index("excellent")


def standings(units, changes=None, book=None) -> dict:
    """Rank, tie and what set each unit ahead, by unit."""
    return {one["unit"]: (one["cluster_rank"], one["tied"], one["ahead_by"]) for one in results(units, changes, book)}


def nominees(units, **changes) -> list[str]:
    """The units that are nominees."""
    return [one["unit"] for one in results(units, changes) if one["nominee"]]


# ---------------------------------------------------------------- key by key


def test_the_class_comes_before_the_count_of_a():
    """A unit with 43 A, lowered to Khá, stands behind one of 41 A that is Xuất sắc."""
    units = [a_unit("lowered", a=43, dues=0), a_unit("excellent", a=41, c=2)]

    assert {"lowered": (2, False, None), "excellent": (1, False, "class")} == standings(units)


def test_more_a_is_better():
    """Same class: the count of A decides."""
    assert {"x": (2, False, None), "y": (1, False, "a")} == standings([a_unit("x", a=41), a_unit("y", a=42)])


def test_fewer_c_is_better():
    """Same class and A: fewer C."""
    assert {"x": (2, False, None), "y": (1, False, "c")} == standings([a_unit("x", c=1), a_unit("y", c=0)])


@pytest.mark.parametrize(("less", "more"), [(None, "0.5"), (0, "0.1"), ("1.25", "1.5"), ("9.99", "10"), (2, 3)])
def test_converted_points_break_a_tie(less, more):
    """Điểm quy đổi, exact to the last decimal; a blank counts 0."""
    units = [a_unit("x", converted=less), a_unit("y", converted=more)]

    assert {"x": (2, False, None), "y": (1, False, "converted")} == standings(units)


def test_converted_points_are_never_added_to_the_count_of_a():
    """Ten converted points do not outweigh one A."""
    assert {"x": (2, False, None), "y": (1, False, "a")} == standings([a_unit("x", converted=10), a_unit("y", a=42)])


@pytest.mark.parametrize(("less", "more"), [
    ("3/4", "4/5"), ("38/50", "77/101"), ("749/998", "751/1000"), ("4/5", "1/1")])
def test_the_larger_share_of_good_branches_is_last_to_decide(less, more):
    """Shares compare as fractions, not as rounded percentages."""
    units = [a_unit("x", branches=less), a_unit("y", branches=more)]

    assert {"x": (2, False, None), "y": (1, False, "branches")} == standings(units)


def test_the_share_is_of_all_branches_whatever_the_reading():
    """`branch_base = rated` places a unit on the ladder, but ranking keeps to all branches."""
    units = [a_unit("x", branches=["Khá"] * 4 + [""]), a_unit("y", branches="9/10")]

    assert {"x": (2, False, None), "y": (1, False, "branches")} == standings(units, {"readings.branch_base": "rated"})


def test_no_branches_count_as_a_share_of_nothing():
    """Two Yếu units with 20 A, one without any branch listed: its share is 0, and 0 of 4 ties with it."""
    units = [a_unit("none", a=20, branches=[]), a_unit("zero", a=20, branches="0/4"),
             a_unit("one", a=20, branches="1/4")]

    assert {"none": (2, True, None), "zero": (2, True, None), "one": (1, False, "branches")} == standings(units)


def test_kad_never_counts_as_an_a_in_the_ranking():
    """Under `as_a` both are Xuất sắc; the shown A count still decides."""
    units = [a_unit("kad", a=40, kad=3), a_unit("plain", a=41)]

    assert {"kad": (2, False, None), "plain": (1, False, "a")} == standings(units, {"readings.not_applicable": "as_a"})


# ---------------------------------------------------------------- ties and ranks


def test_equal_keys_share_a_rank_and_the_next_is_left_out():
    """1, 1, 3, 4: ties are kept, and each leader is ahead of the best unit below by the first key that differs."""
    units = [a_unit("a", c=1), a_unit("b", c=1), a_unit("c", c=2), a_unit("d", a=36)]

    assert {"a": (1, True, "c"), "b": (1, True, "c"), "c": (3, False, "class"),
            "d": (4, False, None)} == standings(units)


def test_ahead_by_looks_at_the_best_unit_below_not_at_any_other():
    """The leader is ahead of the second by C, though it is ahead of the third by class."""
    units = [a_unit("third", a=36), a_unit("first", c=0), a_unit("second", c=2)]

    assert {"first": (1, False, "c"), "second": (2, False, "class"), "third": (3, False, None)} == standings(units)


def test_ahead_by_passes_over_a_tied_unit():
    """Two tied leaders are told what sets both ahead of the third."""
    units = [a_unit("x"), a_unit("y"), a_unit("z", converted=0, branches="3/4")]

    assert "branches" == standings(units)["x"][2]


def test_all_tied_are_ahead_of_nobody():
    """A whole cluster of equals: rank 1, tied, no key."""
    assert {"x": (1, True, None), "y": (1, True, None)} == standings([a_unit("x"), a_unit("y")])


def test_a_unit_alone_leads_and_is_tied_with_nobody():
    """One unit in a cluster."""
    assert {"x": (1, False, None)} == standings([a_unit("x")])


def test_each_cluster_has_its_own_order():
    """Units of another cluster are no rivals; clusters need not stand together in units.csv."""
    units = [a_unit("x", a=41, cluster="cum-2"), a_unit("y", a=42, cluster="cum-1"),
             a_unit("z", a=43, cluster="cum-2"), a_unit("w", a=43, cluster="cum-3")]

    assert {"x": (2, False, None), "y": (1, False, None), "z": (1, False, "a"),
            "w": (1, False, None)} == standings(units)


@pytest.mark.parametrize("unranked", [
    a_unit("out", a=43, decisions=[("not_considered", "")]),
    a_unit("out", a=43, registration="none", self_scores="none")])
def test_a_unit_not_considered_has_no_rank_and_stands_in_nobodys_way(unranked):
    """It is not the best unit below anyone, and the one behind it leads."""
    units = [unranked, a_unit("x"), a_unit("y", a=36)]

    assert {"out": (None, False, None), "x": (1, False, "class"), "y": (2, False, None)} == standings(units)


def test_two_units_without_a_rank_are_not_tied():
    """No rank, no tie."""
    units = [a_unit(name, decisions=[("not_considered", "")]) for name in "xy"]

    assert {"x": (None, False, None), "y": (None, False, None)} == standings(units)


def test_a_unit_without_a_class_has_no_rank():
    """`undecided`: until the Council speaks, a unit in the ladder's hole stands nowhere; with its word it does."""
    hole = {"a": 41, "branches": "749/1000"}
    units = [a_unit("hole", **hole), a_unit("x", a=36), a_unit("given", **hole, decisions=[("class", "excellent")])]

    assert {"hole": (None, False, None), "x": (2, False, None), "given": (1, False, "class")} == standings(
        units, {"readings.ladder_gap": "undecided"})


# ---------------------------------------------------------------- nominees


def test_a_nominee_is_excellent_and_leads_its_cluster():
    """III.1: Xuất sắc and leading; the second is no nominee."""
    assert ["x"] == nominees([a_unit("x"), a_unit("y", c=1), a_unit("z", a=36)])


def test_a_leader_that_is_not_excellent_is_no_nominee():
    """Leading a cluster of Khá units is not enough."""
    assert [] == nominees([a_unit("x", a=40), a_unit("y", a=36)])


def test_all_leaders_that_tie_are_nominees():
    """The tie is the Council's to break."""
    assert ["x", "z"] == nominees([a_unit("x"), a_unit("y", c=1), a_unit("z")])


def test_a_class_given_by_the_council_makes_a_nominee_or_unmakes_one():
    """The final class counts, not the proposed one."""
    assert ["x"] == nominees([a_unit("x", a=36, decisions=[("class", "excellent")])])
    assert [] == nominees([a_unit("x", decisions=[("class", "good")])])


def test_each_cluster_may_have_its_nominee():
    """One nominee a cluster where each is led by a Xuất sắc unit."""
    assert ["x", "y"] == nominees([a_unit("x", cluster="cum-1"), a_unit("y", a=43, cluster="cum-2")])


# ---------------------------------------------------------------- another order


@pytest.mark.parametrize(("order", "expected"), [
    (["converted", "class"], {"x": 2, "y": 3, "z": 1}), (["c", "a"], {"x": 2, "y": 1, "z": 2}),
    (["a"], {"x": 1, "y": 1, "z": 1}), (["branches", "converted"], {"x": 2, "y": 3, "z": 1}),
    (["class"], {"x": 1, "y": 1, "z": 1}), (["class", "a", "c"], {"x": 2, "y": 1, "z": 2})])
def test_another_order_of_keys_gives_another_leader(order, expected):
    """`[ranking] order` is a setting: keys left out decide nothing."""
    units = [a_unit("x", a=42, c=1, converted=2), a_unit("y", a=42, c=0),
             a_unit("z", a=42, c=1, converted=3, branches="1/1")]
    book, _ = ordered(order)

    assert expected == {unit: rank for unit, (rank, _, _) in standings(units, book=book).items()}


@pytest.mark.parametrize("order", list(permutations(RANKING_KEYS))[::7], ids="-".join)
def test_any_order_of_keys_is_as_the_oracle_has_it(order):
    """Orders of all five keys on made-up years: rank, tie, ahead_by and nominee."""
    chance = dice(f"order {order}")
    for some in (list(order), random_order(chance)):
        book, rules = ordered(some)
        units = random_units(chance, size=12, clusters=2)
        keys = ("unit", "cluster_rank", "tied", "ahead_by", "nominee")

        assert [[one[key] for key in keys] for one in oracle.judge_all(units, rules)] == [
            [one[key] for key in keys] for one in results(units, book=book)]


# ---------------------------------------------------------------- laws


def test_a_permutation_of_the_units_changes_nothing():
    """The order of units.csv decides nothing: every result of every unit is the same."""
    for seed in range(5):
        chance = dice(f"permutation {seed}")
        units = random_units(chance, size=15)
        shuffled = chance.sample(units, k=len(units))

        assert {one["unit"]: one for one in results(units)} == {one["unit"]: one for one in results(shuffled)}


def many_units(rows):
    """Facts and final classes of units given as (cluster, final class, a, c, converted, share), each a small number."""
    cluster, final, a, c, converted, branches = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    merits = {"a": a, "c": -c, "converted": converted, "branches": branches}
    first = np.array([row[:1] not in [r[:1] for r in rows[:n]] for n, row in enumerate(rows)])      # the first of each cluster
    return columns(cluster=cluster, a=a, c=c, merits=merits, put_first=first), final


ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(NO_CLASS, 3), st.integers(30, 33), st.integers(0, 2),
                          st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=12)


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(ROWS, st.permutations(list(RANKING_KEYS)), st.integers(1, 5))
def test_who_leads_is_who_has_rank_one(rows, order, keys):
    """`ranking.leads` (for sweeps) and `ranking.order` (for the page) agree on any facts under any order of keys."""
    facts, final = many_units(rows)
    book, _ = ordered(order[:keys])
    settings = settings_of(book=book)

    ranks, tied, _ = ranking.order(facts, final, settings)

    assert [rank == 1 for rank in ranks] == list(ranking.leads(facts, final, settings))
    assert [rank == 1 and rung == EXCELLENT for rank, rung in zip(ranks, final, strict=True)] == list(
        ranking.nominees(facts, final, settings))
    assert [rank is None for rank in ranks] == list(final == NO_CLASS)
    assert all(not t or rank is not None for t, rank in zip(tied, ranks, strict=True))


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(ROWS, st.lists(st.lists(st.integers(NO_CLASS, 3), min_size=12, max_size=12), min_size=1, max_size=4))
def test_leaders_of_many_scenarios_at_once_are_those_of_each_alone(rows, finals):
    """A sweep (S, U) of final classes: each row has the leaders it would have alone."""
    facts, _ = many_units(rows)
    swept = np.array([final[:len(rows)] for final in finals])

    together = ranking.leads(facts, swept, settings_of())

    assert [list(ranking.leads(facts, final, settings_of())) for final in swept] == [list(row) for row in together]


# ---------------------------------------------------------------- the Council breaks a tie (year-round §1.2)


def ranked(units, **changes):
    """Rank, tie, what sets ahead, nomination of each unit."""
    found = appraised(units, changes)
    return list(zip(found.ranks, found.tied, found.ahead_by, map(bool, found.nominee), strict=True))


PUT_FIRST = [("lead", "")]


@pytest.mark.parametrize(("leaders", "expected"), [
    (1, [(1, False, "class", True), (2, False, None, False)]),
    (2, [(1, False, "council", True), (2, False, "class", False), (3, False, None, False)]),
    (3, [(1, False, "council", True), (2, True, "class", False), (2, True, "class", False), (4, False, None, False)])])
def test_of_leaders_who_tie_the_council_puts_one_first(leaders, expected):
    """It ranks 1 alone, the others 2; below, all is as without it; alone in front it changes nothing."""
    units = [a_unit("x", decisions=PUT_FIRST), *(a_unit(f"y{n}") for n in range(leaders - 1)), a_unit("z", a=36)]

    assert expected == ranked(units)


def test_a_unit_put_first_that_is_not_in_front_stays_where_it_is():
    """Neither below the leaders, nor in a tie further down."""
    units = [a_unit("x"), a_unit("y", a=36, decisions=PUT_FIRST), a_unit("z", a=36)]

    assert ranked([a_unit("x"), a_unit("y", a=36), a_unit("z", a=36)]) == ranked(units)


def test_who_is_put_first_holds_in_every_year_that_is_tried():
    """Under another reading, another scale, wherever it ties for the lead there; the sweep says the same as the year tried."""
    units = [a_unit("x", a=40), a_unit("y", a=40, decisions=PUT_FIRST), a_unit("w", cluster="cum-2", decisions=PUT_FIRST),
             a_unit("v", cluster="cum-2", kad=1)]
    found = appraised(units)

    assert [False, True, True, False] == list(appraised(units, {"class.excellent.min_a": 40}).nominee)
    for row, (reading, option) in enumerate(found.alternatives.switched):
        tried = appraised(units, {f"readings.{reading}": option})
        assert list(tried.nominee) == list(found.alternatives.nominee[row]), reading


def test_the_rules_alone_know_of_no_one_put_first():
    """What a decision rests on is the year without any: both leaders are nominees there."""
    found = appraised([a_unit("x", decisions=PUT_FIRST), a_unit("y")])

    assert [True, True] == list(found.nominee_by_rules)


def test_no_units_have_no_leaders():
    """All clusters failed: nothing to rank, nothing to fall over."""
    facts = facts_of()
    none = np.zeros((3, 0), np.int64)

    assert (3, 0) == ranking.leads(facts, none, settings_of()).shape
    assert bool == ranking.leads(facts, none, settings_of()).dtype
    assert (3, 0) == ranking.nominees(facts, none, settings_of()).shape
    assert ([], [], []) == ranking.order(facts, none[0], settings_of())


def test_a_standing_is_equal_only_where_every_key_is():
    """One whole number a unit: larger is better, equal means equal in every key."""
    facts, final = many_units([(0, 0, 41, 0, 1, 2), (0, 0, 41, 0, 1, 2), (0, 0, 41, 0, 1, 1), (0, 1, 43, 0, 2, 2),
                               (0, 0, 41, 1, 2, 2)])

    code = list(ranking.standing(facts, final, settings_of()))

    assert code[0] == code[1] > code[2] > code[4] > code[3]


def test_ranks_are_plain_numbers():
    """What goes into JSON: int or None, bool, text or None."""
    facts, final = many_units([(0, 0, 41, 0, 0, 0), (0, 1, 40, 0, 0, 0), (0, NO_CLASS, 0, 0, 0, 0)])

    ranks, tied, ahead_by = ranking.order(facts, final, settings_of())

    assert [int, int, type(None)] == [type(rank) for rank in ranks]
    assert [bool] * 3 == [type(t) for t in tied]
    assert ["class", None, None] == ahead_by


def test_the_shipped_order_is_the_rules_pages():
    """Final class, more A, fewer C, more converted points, larger share of branches; a nominee is Xuất sắc."""
    assert ["class", "a", "c", "converted", "branches"] == shipped_book().ranking.order == shipped_rules()["ranking"]["order"]
    assert EXCELLENT == ranking.BEST
