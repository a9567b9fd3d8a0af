"""IV, II.9, V.3 against a second reading of the rules, worked out here from the plan's words alone, in exact fractions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import ceil, floor
from random import Random

import pytest
from build import a_unit, a_year, shipped_book

from ctd_analysis.answers.progress import half_year
from ctd_analysis.answers.registration import VERDICTS, Registration
from ctd_analysis.plan import pace as pace_of
from ctd_analysis.plan.rulebook import Pace, Rulebook
from ctd_analysis.rows import Count, Direct, Place, Registered
from ctd_analysis.tables import progress as progress_tables

AT = Place("made-up.csv", None, 2)
#: What III.2.2 says of each number in December: the per cent under which it speaks.
BARS = {"dues": 90, "member_growth": 90, "cadres_sent": 80, "resources": 90}
#: Held or not, whatever was registered; a balance of fifty million; a fifth of what was to be raised.
HELD, FUND, MONTH = ("reporting", "operations_classes", "first_aid_classes"), "unit_fund", "humanitarian_month"
CAMPAIGNS = ("tet_nhan_ai", "humanitarian_address", "good_people_good_deeds")
NAMED = {*BARS, *HELD, *CAMPAIGNS, FUND, MONTH}


@cache
def due(pace: str, by: date | None, day: date) -> Fraction:
    """What part is due by a day, counted day by day."""
    first = date(day.year, 1, 1)
    days = [first + timedelta(n) for n in range(366) if (first + timedelta(n)).year == day.year]
    weight = {one: Fraction(1, len(days)) if pace == "days" else
              Fraction(1, 12 * sum(other.month == one.month for other in days)) for one in days}
    past, whole = (sum(w for one, w in weight.items() if one <= end) for end in (day, by or days[-1]))
    return min(Fraction(1), past / whole)


def said(name: str, target, actual, part: Fraction | None) -> tuple[str, int | None]:
    """Status and what is still needed, in the order the plan's words are read."""
    percent = BARS.get(name, 100)
    if target == 0:
        return "nothing_asked", 0
    if target is None or actual is None:
        return "unknown", None
    needed = max(0, ceil(Fraction(percent) * target / 100) - actual)
    if actual >= target:
        return "reached", needed
    if part is None:
        return "behind", needed
    if actual >= part * target:
        return "on_pace", needed
    return ("bar_pace" if 100 * actual >= percent * part * target else "behind"), needed


def asked_of(name: str, targets: dict):
    """The target a number is held against."""
    if name in HELD:
        return Fraction(1)
    if name == FUND:
        return Fraction(50_000_000)
    if name == MONTH:
        return None if targets.get("resources") is None else Fraction(targets["resources"], 5)
    return None if targets.get(name) is None else Fraction(targets[name])


def near(chance: Random, *bars: Fraction) -> int:
    """A whole number below, on or above one of some bars."""
    bar = chance.choice(bars)
    return max(0, chance.choice((floor(bar) - 1, floor(bar), ceil(bar), ceil(bar) + 1)))


@pytest.mark.parametrize("of_year", [2023, 2024])
@pytest.mark.parametrize("pace", ["months", "days"])
def test_every_status_is_what_a_second_reading_gives(pace, of_year):
    """Targets of 0, blank, small and odd; actuals below, on and above every bar; due days, balances, leap years, registered
    against stated."""
    chance, seen = Random(f"{pace}{of_year}"), set()  # noqa: S311
    for _ in range(80):
        days = [date(of_year, 1, 1) + timedelta(n) for n in (0, 30, 58, 59, 89, 180, 181, 182, 364, chance.randrange(365))]
        by = {name: chance.choice(days) for name in ("tet_nhan_ai", "dues") if chance.random() < 0.5}
        targets = {name: chance.choice((None, 0, 1, 3, 7, 10, 100, 10**9 + 7)) for name in NAMED | {"blood_units"}}
        stated = {name: chance.choice((None, 5)) for name in ("dues", "member_growth", "resources")}
        day, on = chance.choice(days), chance.choice(days)
        rows, expected = [], {}
        for name in sorted(NAMED | {"blood_units"}):
            target = asked_of(name, {**stated, **{one: value for one, value in targets.items() if value is not None}})
            part = None if name in HELD else Fraction(1) if name == FUND else due(pace, by.get(name), day)
            bars = [b * (1 if part is None else part) * (target or 0) for b in (1, Fraction(BARS.get(name, 100), 100))]
            actual = near(chance, *bars, Fraction(target or 0), Fraction(2))
            rows.append(Count("u1", name, day, actual, "", AT))
            if day > on:
                actual = part = None
            expected[name] = (target, *said(name, target, actual, part), part)
        book = replace(shipped_book(), year=of_year, progress=Pace("progress", pace, [FUND], by))
        unit = a_unit() | {"indicators": {name: (value, None) for name, value in stated.items()}}
        made = replace(a_year([unit], book), progress=tuple(rows), targets=tuple(
            Registered("u1", "", name, value, "", AT) for name, value in targets.items()))

        steps = half_year(made, on).steps

        assert expected == {one.indicator: (one.target, one.status, one.still_needed, one.share) for one in steps}
        seen |= {one.status for one in steps}
    assert {"nothing_asked", "unknown", "reached", "on_pace", "bar_pace", "behind"} == seen


def verdict(kind: str, value: int, pairs: list, beside: list):
    """What is registered, what is wanted, and the verdict of one target of part II."""
    if kind == "each_unit":
        amounts = [amount for amount, _ in pairs]
        good = sum(amount is not None and amount >= value for amount in amounts)
        short = any(amount is not None and amount < value for amount in amounts)
        return good, len(amounts), "short" if short else "unknown" if None in amounts else "met"
    sides = pairs + beside
    if kind == "sum":
        known = [amount for amount, _ in sides if amount is not None]
        if sum(known) >= value:
            return sum(known), value, "met"
        return sum(known) if known else None, value, "short" if known and len(known) == len(sides) else "unknown"
    both = [(amount, whole) for amount, whole in sides if amount is not None and whole is not None]
    if not both:
        return None, None, "unknown"
    scale = 1000 if kind == "of_people" else 100
    part, wanted = sum(amount for amount, _ in both), ceil(Fraction(value * sum(whole for _, whole in both), scale))
    return part, wanted, "unknown" if len(both) < len(sides) else "met" if part >= wanted else "short"


def test_every_verdict_of_part_two_is_what_a_second_reading_gives():
    """Sums reached with something missing, ratios of whom both are known, one unit short, nobody known, what stands beside."""
    chance, seen = Random("II"), set()  # noqa: S311
    for _ in range(250):
        names, some = ["u1", "u2", "u3"][:chance.choice((1, 2, 3))], chance.choice((0.1, 0.5, 1))

        def number(*values, some=some):
            return chance.choice(values) if chance.random() < some else None

        own = {unit: {"blood_units": number(0, 7_700, 7_699, 23_100), "repeat_donors": number(0, 6_930, 6_929, 21_000),
                      "organ_registrations": number(9, 10, 11), "unit_fund": number(49_999_999, 50_000_000),
                      "humanitarian_month": number(0, 1, 2, 3), "resources": number(0, 6, 10, 11)} for unit in names}
        people = {unit: number(592_307, 592_308, 592_309, 1_000) for unit in names}
        beside = {"bv": number(0, 1, 23_100)} if chance.random() < 0.4 else {}
        made = a_year([a_unit(unit) | {"indicators": {}} for unit in names])
        made = replace(made, all_units=tuple(one._replace(population=people[one.unit]) for one in made.all_units),
                       direct=tuple(Direct(id, id, "truc-thuoc", "blood_units", value, None, "", AT)
                                    for id, value in beside.items()),
                       targets=tuple(Registered(unit, "", name, value, "", AT)
                                     for unit, row in own.items() for name, value in row.items()))

        def sides(name, of="", own=own):
            return [(row[name], row[of] if of else 0) for row in own.values()]

        blood = [(value, 0) for value in beside.values()]
        expected = {
            "blood_units": verdict("sum", 23_100, sides("blood_units"), blood),
            "repeat_donors": verdict("of", 90, sides("repeat_donors", "blood_units"), [(None, n) for n, _ in blood]),
            "donor_population": verdict("of_people", 13, [(own[u]["blood_units"], people[u]) for u in names], blood),
            "organ_registrations": verdict("each_unit", 10, sides("organ_registrations"), []),
            "humanitarian_month": verdict("of", 20, sides("humanitarian_month", "resources"), []),
            "unit_fund": verdict("each_unit", 50_000_000, sides("unit_fund"), [])}

        found = {id: (one.part, one.wanted, VERDICTS[one.met]) for id, one in Registration(made).part_two.items()}

        assert expected == {id: one for id, one in found.items() if id in expected}
        assert {(None, None, "unknown")} == {one for id, one in found.items() if id not in expected}
        seen |= {(id, told) for id, (_, _, told) in found.items() if id in expected}
    assert {(id, told) for id in expected for told in ("met", "short", "unknown")} == seen


# ---------------------------------------------------------------- several flags on one number


def with_flags(*flags: dict, first: bool) -> Rulebook:
    """The shipped rule book with more flags on dues, before its own or behind."""
    book = shipped_book()
    more = {f"more_{n}": replace(book.flags["dues"], id=f"more_{n}", short=f"Hội phí {n}", **one)
            for n, one in enumerate(flags)}
    return replace(book, flags={**more, **book.flags} if first else {**book.flags, **more})


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(("more", "asked", "percent"), [
    ({"below_percent": 50}, 1000, 90), ({"below_percent": 95}, 1000, 95),
    ({"target_of": "resources", "below_percent": 20}, 1200, 100), ({"target_of": "resources", "below_percent": 10}, 1000, 90),
    ({"kind": "none_held", "below_percent": None}, 1000, 90),
    ({"kind": "funds", "below_percent": None, "unit_min": 901, "branch_min": 0}, 901, 100),
    ({"target_of": "cadres_sent"}, None, 100)])
def test_of_several_flags_on_a_number_the_strictest_asks(first, more, asked, percent):
    """Whatever their order: of 900 by its own flag, the most counts; what is not known is not told to be enough."""
    targets = {"dues": 1000, "resources": 6000}
    aim = pace_of.aim(with_flags(more, first=first), "dues", targets.get)

    assert (asked, percent) == (aim.target, aim.percent)
    assert asked is None or max(900, Fraction(asked * percent, 100)) == pace_of.still_needed(aim, 0)


def test_who_is_behind_is_told_with_every_flag_that_names_the_number():
    """Two flags on dues: both stand beside the number that is late."""
    unit = a_unit() | {"indicators": {}}
    year = replace(a_year([unit], with_flags({"below_percent": 50}, first=False)), targets=(
        Registered("u1", "", "dues", 100, "", AT),), progress=(Count("u1", "dues", date(2024, 6, 30), 1, "", AT),))

    [_, row] = progress_tables.behind(half_year(year)).rows
    assert "Hội phí; Hội phí 0" == row.cells[-1].text
