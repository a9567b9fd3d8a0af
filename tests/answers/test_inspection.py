"""What a look is worth, held against really changing so many places and judging again; the draw, anyone's to do again."""

from __future__ import annotations

import hashlib
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from math import comb

import oracle
import pytest
from build import a_unit, appraised, dice, ordered, random_changes, random_order, random_units, shipped_book

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.answers.draw import may_miss
from ctd_analysis.answers.inspection import Inspection
from ctd_analysis.year.visits import Visits

# ---------------------------------------------------------------- a naive reading of 2.2


def stands(units: list[dict], place: int, rules: dict) -> dict:
    """What a unit gets and who its cluster's nominees are, from judging all of them."""
    judged = oracle.judge_all([u for u in units if u["cluster"] == units[place]["cluster"]], rules)
    mine = next(one for one in judged if one["unit"] == units[place]["unit"])
    given = any(decision == "class" for decision, _ in units[place]["decisions"])
    return {"class": None if given else mine["final_class"], "considered": mine["considered"],
            "nominee": {one["unit"] for one in judged if one["nominee"]}}


def touches(units: list[dict], place: int, rules: dict, changes: list) -> set[str]:
    """What so many changes, made in a copy of one unit, touch."""
    changed = deepcopy(units)
    for change in changes:
        change(changed[place])
    before, after = stands(units, place, rules), stands(changed, place, rules)
    return {what for what in before if before[what] != after[what]}


def set_to(*path):
    """A change: the value at the end of the path is set."""
    *keys, last, value = path

    def change(unit):
        for key in keys:
            unit = unit[key]
        unit[last] = value
    return change


def branch_to(n: int, part: int, value):
    """A change of a branch's rating or fund."""
    def change(unit):
        unit["branches"][n] = tuple(value if k == part else old for k, old in enumerate(unit["branches"][n]))
    return change


def groups(unit: dict, rules: dict):
    """Kind, direction, from, to and the changes of each group whose places act together."""
    grades = {n: unit["appraised"].get(n) or grade for n, grade in unit["grades"].items()}
    for was, would, direction in (("B", "A", "up"), ("C", "B", "up"), ("A", "B", "down"), ("B", "C", "down")):
        yield ("grade", direction, was), {n: set_to("grades", n, would) for n, grade in grades.items()
                                          if grade == was and n not in unit["appraised"]}
    for was, would, direction in (("Trung bình", "Khá", "up"), ("", "Khá", "up"), ("Khá", "Trung bình", "down")):
        yield ("rating", direction, was or None), {str(n): branch_to(n, 0, would)
                                                   for n, (rating, *_) in enumerate(unit["branches"]) if rating == was}


def singles(unit: dict, rules: dict):
    """Kind, item, from, to and the change of each place that acts alone."""
    bar = rules["flag"]["funds"]["branch_min"]
    for n, (_, fund, *kind) in enumerate(unit["branches"]):
        if kind in ([], ["xa"]) and fund is not None and (bar if fund < bar else bar - 1) >= 0:
            would = bar if fund < bar else bar - 1
            yield "fund", str(n), fund, would, branch_to(n, 1, would)
    for flag in rules["flag"].values():
        for name in flag["indicators"]:
            target, actual = unit["indicators"].get(name, (None, None))
            of = unit["indicators"].get(flag.get("target_of", name), (None, None))[0]
            if actual is None or flag["kind"] == "below" and not of:
                continue
            least = {"below": lambda of=of, flag=flag: -(-flag["below_percent"] * of // 100), "none_held": lambda: 1,
                     "funds": lambda flag=flag: flag["unit_min"]}[flag["kind"]]()
            would = least if actual < least else least - 1
            if would >= 0:
                yield "number", name, actual, would, set_to("indicators", name, (target, would))
    for name, rule in rules["filing"].items():
        came = unit["filings"].get(name)
        if came is not None and rule["fact"] != "shown_only":
            late = oracle.is_late(came, rule["before"], rules["readings"])
            would = type(rule["before"]).fromordinal(rule["before"].toordinal() - 1) if late else "none"
            yield "filing", name, came, would, set_to("filings", name, would)


@pytest.mark.parametrize("seed", range(12))
def test_depth_is_what_really_changing_so_many_places_takes(seed):
    """Random years, rules and orders: every place, its depth and what it touches, as a naive reading has them."""
    chance = dice(f"depth {seed}")
    units, changes = random_units(chance, 8, 2), random_changes(chance) if seed % 2 else {}
    for unit in units[seed % 4::4]:         # in some units schools and hospitals beside the communes
        unit["branches"] = [(*branch, chance.choice(["xa", "xa", "truong", "benh-vien"])) for branch in unit["branches"]]
    book, rules = ordered(random_order(chance)) if seed % 3 else ordered(["class", "a", "c", "converted", "branches"])
    rules, inspection = oracle.amended(rules, changes), Inspection(appraised(units, changes, book))
    found = {(p.unit, p.kind, str(p.item), p.direction, *([] if p.kind in ("grade", "rating") else [p.after])): p
             for p in inspection.places}

    wanted = {}
    for i, unit in enumerate(units):
        for (kind, direction, was), places in groups(unit, rules):
            depth, touched = None, set()
            for n in range(1, len(places) + 1):
                if touched := touches(units, i, rules, chance.sample(list(places.values()), n)):
                    depth = n
                    break
            for item in places:
                wanted[i, kind, str(item), direction] = (was, depth, touched)
        for kind, item, was, would, change in singles(unit, rules):
            up = was == "none" or would != "none" and (was < would if kind != "filing" else True)
            touched = touches(units, i, rules, [change])
            wanted[i, kind, item, "up" if up else "down", would] = (was, 1 if touched else None, touched)

    assert wanted == {key: (p.before, p.depth, set(p.touches)) for key, p in found.items()}


# ---------------------------------------------------------------- corners


def place_of(units: list[dict], kind: str, item, direction: str = "down", unit: int = 0):
    """The one place of this kind, item and direction."""
    return next(p for p in Inspection(appraised(units)).places
                if (p.unit, p.kind, p.item, p.direction) == (unit, kind, item, direction))


@pytest.mark.parametrize(("a", "depth"), [(41, 1), (42, 2), (43, 3)])
def test_each_a_above_the_bar_makes_the_look_one_deeper(a, depth):
    """III.1: Xuất sắc from 41 A; the unit alone in its cluster, so that class and nominee fall together."""
    found = place_of([a_unit(a=a)], "grade", 1)

    assert (depth, {"class", "nominee"}) == (found.depth, set(found.touches))


@pytest.mark.parametrize(("actual", "after", "slack"), [(90, 89, Fraction(1, 90)), (91, 89, Fraction(2, 91)),
                                                        (89, 90, Fraction(1, 89))])
def test_slack_is_the_share_of_a_number_that_stands_between_it_and_its_finding(actual, after, slack):
    """III.2.2: dues under 90 % of 100; on the bar, above it, under it."""
    found = place_of([a_unit(dues=(100, actual))], "number", "dues", "up" if actual < 90 else "down")

    assert (after, slack) == (found.after, found.slack)


def test_nothing_is_asked_below_nothing():
    """A bar of 0 has no finding under it; a target of 0 asks for nothing: no places."""
    found = Inspection(appraised([a_unit(dues=(0, 5))], {"flag.funds.unit_min": 0, "flag.funds.branch_min": 0})).places

    assert not [p for p in found if p.kind == "fund" or p.item in ("dues", "unit_fund")]


@pytest.mark.parametrize(("own", "signal"), [("B", "raised"), ("A", None), ("", None), ("KAD", None), ("C", "raised")])
def test_a_grade_the_cluster_raised_comes_first(own, signal):
    """A blank or KAD of the unit's own raises nothing."""
    unit = a_unit(a=43, c=0) | {"self": {1: own}}

    assert signal == place_of([unit], "grade", 1).signal


def test_a_class_the_council_gave_is_touched_by_nothing():
    """Only whether the unit is considered, and who is nominee, can still change."""
    units = [a_unit(a=41, decisions=[("class", "good")], registration="none")]

    assert all("class" not in p.touches for p in Inspection(appraised(units)).places)
    assert ("considered",) == place_of(units, "filing", "self_scores").touches


def test_a_school_owes_no_fund_and_its_rating_counts():
    """II.5 speaks of communes, wards and townships: a place of kind rating, none of kind fund."""
    unit = a_unit(branches=[])
    unit["branches"] = [("Khá", 1, "truong"), ("Khá", 20_000_000, "xa")]
    found = {(p.kind, p.item) for p in Inspection(appraised([unit])).places if p.kind in ("rating", "fund")}

    assert {("rating", "0"), ("rating", "1"), ("fund", "1")} == found


def test_a_year_without_branches_or_units_has_few_places_or_none():
    """Nothing listed, nothing standing, a plan without a case of funds: no error, nothing made up."""
    bare = Inspection(appraised([a_unit(branches=[])])).as_json()
    book = replace(shipped_book(), flags={})

    assert {"grade", "number", "filing"} == {place["kind"] for place in bare["places"]}
    assert {"grade", "rating", "filing"} == {p.kind for p in Inspection(appraised([a_unit()], book=book)).places}
    assert ([], 0) == (Inspection(appraised([])).places, Inspection(appraised([])).draw.may_miss)


@pytest.mark.parametrize("size", [1, 7])
def test_a_cluster_of_one_or_of_many_in_a_tie(size):
    """With others as good, a unit that falls leaves the nomination to them; alone, it leaves it to nobody."""
    units = [a_unit(f"u{n}", a=41) for n in range(size)]

    assert all({"class", "nominee"} == set(place_of(units, "grade", 1, unit=n).touches) for n in range(size))


# ---------------------------------------------------------------- the draw


def visiting(units: list[dict], visits=6, random_visits=3, seed="xổ số 48213") -> Inspection:
    """An inspection of some plain units with this many visits."""
    year = appraised(units).year
    return Inspection(appraise(replace(year, visits=Visits(visits, random_visits, seed, "", ""))))


def test_anyone_can_draw_again():
    """A ticket is the SHA-256 of seed, unit and branch; the smallest are drawn first."""
    found = visiting([a_unit(), a_unit("u2", branches="4/5")])
    tickets = sorted((hashlib.sha256(f"xổ số 48213|{u}|{n}".encode()).hexdigest(), u, str(n))
                     for u, size in (("u1", 10), ("u2", 5)) for n in range(size))

    assert [(u, n) for _, u, n in tickets[:3]] == found.draw.random


def test_a_ticket_does_not_move_when_other_branches_come_or_go():
    """Nor when a branch is renamed: all but its own stay."""
    before, after = (visiting([a_unit(branches=size)]).draw.tickets for size in ("8/10", "8/12"))

    assert before == {branch: ticket for branch, ticket in after.items() if branch in before}


def test_a_blank_seed_is_the_digest_of_the_list():
    """And a list of other branches is drawn otherwise."""
    found = visiting([a_unit()], seed=" ").draw
    lines = "\n".join(sorted(f"u1|{n}" for n in range(10)))

    assert (hashlib.sha256(lines.encode()).hexdigest(),) * 2 == (found.population, found.seed)


@pytest.mark.parametrize(("visits", "random_visits", "drawn"), [(6, 3, 3), (2, 3, 2), (20, 12, 10), (0, 3, 0)])
def test_no_more_are_drawn_than_visited_or_listed(visits, random_visits, drawn):
    """`random_visits` above `visits` is cut to it."""
    found = visiting([a_unit()], visits, random_visits)

    assert drawn == len(found.draw.random)
    assert len(found.targeted) <= visits - drawn


def test_too_few_with_something_hanging_on_them_are_not_filled():
    """Nothing hangs on one rating where two may fall: the visits left over stay open."""
    found = visiting([a_unit(a=43, branches="10/10")], 6, 0)

    assert {branch for _, branch in found.targeted} <= {p.item for p in found.places if p.depth == 1}
    assert len(found.targeted) == min(6, len({p.item for p in found.nearest if p.kind in ("rating", "fund")}))


@pytest.mark.parametrize(("listed", "drawn"), [(40, 1), (40, 3), (7, 7), (12, 0), (0, 0), (351, 20)])
def test_what_silence_would_mean(listed, drawn):
    """20·C(N − d, n) > C(N, n) at d, and no longer at d + 1; nothing drawn: all."""
    d = may_miss(listed, drawn)

    assert 20 * comb(listed - d, drawn) > comb(listed, drawn) or not listed
    assert d == listed or 20 * comb(listed - d - 1, drawn) <= comb(listed, drawn)
