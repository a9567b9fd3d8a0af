"""One year against another: the four outcomes, the five parts that always sum to the change, the word of each unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import numpy as np
import oracle
import pytest
from build import a_unit, a_year, dice, random_changes, random_units, shipped_book, shipped_rules

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.answers.compare import PARTS, WORDS, Four, compare, moved_to, split, under_old_rules, words
from ctd_analysis.answers.readings import OUTCOMES
from ctd_analysis.plan.scenario import amend

SEEDS = range(12)


def of(units, book=None):
    """Plain units appraised under a rule book."""
    return appraise(a_year(units, book or shipped_book()))


def word_of(o00, o10, o01, o11) -> str:
    """The word of one unit, as the specification has it: the first sentence that fits."""
    if o00 == o10 == o01 == o11:
        return "same"
    if o00 == o11:
        return "offset"
    if o10 == o11 and o01 == o00:
        return "scores"
    if o01 == o11 and o10 == o00:
        return "rules"
    if o10 == o01 == o11:
        return "either"
    return "both" if o10 == o01 == o00 else "steps"


def test_the_word_of_every_way_four_outcomes_can_stand():
    """All 1,296 of them."""
    ways = np.array(np.meshgrid(*[range(len(OUTCOMES))] * 4)).reshape(4, -1).astype(np.int8)

    assert [word_of(*way) for way in ways.T.tolist()] == [WORDS[k] for k in words(Four(*ways))]


def outcomes(units, rules) -> list[str]:
    """The naive second reading: how each unit comes out without a decision of the Council."""
    judged = [oracle.judge({**unit, "decisions": []}, rules) for unit in units]
    return [one["final_class"] or ("no_class" if one["considered"] else "not_considered") for one in judged]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_parts_always_sum_to_the_change(seed):
    """Random years, random rules, units that join and leave: in each outcome old + the five parts = new."""
    chance = dice(seed)
    old, new = random_units(chance), random_units(chance)[2:]
    new = [{**unit, "unit": unit["unit"] if k else "u-new"} for k, unit in enumerate(new)]
    found = compare(*(of(units, amend(shipped_book(), random_changes(chance))) for units in (old, new)))
    parts = found.parts()

    assert (9, 1, 3) == (len(found.units), len(found.joined), len(found.left))
    for name, part in parts.items():
        assert part["new"] == part["old"] + sum(part[p] for p in PARTS), name
    assert (12, 10) == tuple(sum(part[side] for part in parts.values()) for side in ("old", "new"))


def test_the_parts_sum_whatever_the_outcomes_are():
    """Outcomes no year would give, all at random."""
    chance = np.random.default_rng(7)
    for _ in range(200):
        columns = [chance.integers(0, len(OUTCOMES), 9) for _ in range(6)]
        parts = split(Four(*columns[:4]), *columns[4:])

        change = np.bincount(columns[5], minlength=6) - np.bincount(columns[4], minlength=6)
        assert change.tolist() == sum(parts.values()).tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_each_of_the_four_is_what_the_naive_reading_gives(seed):
    """Facts and rules crossed by hand, one unit at a time."""
    chance = dice(100 + seed)
    changes = random_changes(chance), random_changes(chance)
    units = random_units(chance, 12), random_units(chance, 12)
    rules = [oracle.amended(shipped_rules(), one) for one in changes]
    found = compare(*(of(u, amend(shipped_book(), one)) for u, one in zip(units, changes, strict=True)))

    for facts, rule, key in ((0, 0, "o00"), (1, 0, "o10"), (0, 1, "o01"), (1, 1, "o11")):
        assert outcomes(units[facts], rules[rule]) == [OUTCOMES[k] for k in getattr(found.four, key)]


def test_a_year_compared_with_itself_does_not_move():
    """All parts 0, every word `same`."""
    year = of(random_units(dice(3)))
    found = compare(year, year)

    assert {"same"} == set(found.words)
    assert all(part[p] == 0 for part in found.parts().values() for p in PARTS)


# ---------------------------------------------------------------- rules of another year

@pytest.mark.parametrize(("before", "year", "expected"), [
    (date(2024, 2, 29), 2023, date(2023, 2, 28)), (date(2023, 2, 28), 2024, date(2024, 2, 28)),
    (date(2024, 2, 29), 2028, date(2028, 2, 29)), (date(2024, 12, 10), 2022, date(2022, 12, 10))])
def test_days_move_to_the_year_of_the_facts(before, year, expected):
    """29 February becomes the 28th where there is none."""
    book = replace(amend(shipped_book(), {"filing.registration.before": before}), year=before.year)

    assert expected == moved_to(book, year).filings["registration"].before


def test_the_old_day_of_february_is_kept_for_the_new_year():
    """Registered on 28/02/2023: late where the bar is 29/02/2024 moved to 28/02, in time a day earlier."""
    book = amend(shipped_book(), {"filing.registration.before": "2024-02-29", "readings.not_considered": "either"})
    last = replace(moved_to(shipped_book(), 2023), year=2023)
    units = [a_unit("u1", registration=date(2023, 2, 28)), a_unit("u2", registration=date(2023, 2, 27))]
    old = of([{**u, "filings": {**u["filings"], "self_scores": date(2023, 12, 1), "annual_report": date(2023, 12, 1)}}
              for u in units], last)
    found = compare(old, of([a_unit("u1"), a_unit("u2")], book))

    assert ["not_considered", "excellent"] == [OUTCOMES[k] for k in found.four.o01]


def test_an_indicator_the_other_year_lacks_is_unknown():
    """A flag of the old rules about something nobody was asked in the new year: not raised, not clear."""
    book, flag = shipped_book(), replace(shipped_book().flags["dues"], indicators=["clean_water"])
    older = replace(book, flags=MappingProxyType({"dues": flag}),
                    indicators=MappingProxyType({**book.indicators, "clean_water": replace(book.indicators["dues"],
                                                                                         id="clean_water")}))
    short = a_unit("u1", dues=(100, 0))
    found = under_old_rules(of([short]), older)

    assert ("excellent", "good") == tuple(OUTCOMES[getattr(found.four, key)[0]] for key in ("o00", "o11"))
    assert ["rules"] == found.words


def test_a_waiver_of_a_flag_the_old_rules_lack_falls_away():
    """Dues were waived; the old rules know no dues."""
    older = replace(shipped_book(), flags=MappingProxyType({k: v for k, v in shipped_book().flags.items() if k != "dues"}))
    found = under_old_rules(of([a_unit("u1", dues=(100, 0), decisions=[("waive", "dues")])]), older)

    assert ("excellent", "excellent") == (OUTCOMES[found.f0[0]], OUTCOMES[found.f1[0]])
    assert ["rules"] == found.words
    assert (0, 1, -1, 0) == tuple(found.parts()["excellent"][p] for p in ("scores", "council", "rules", "joined"))


# ---------------------------------------------------------------- what cannot be split

def test_another_number_of_criteria_is_not_split():
    """Scores, rules, Council: null; the numbers of units, joined and left still stand."""
    fewer = amend(replace(shipped_book(), criteria=42), {"class.excellent.min_a": 40})
    old = of([a_unit(name, criteria=42, a=40) for name in ("u1", "u2")], fewer)
    found = compare(old, of([a_unit("u1"), a_unit("u3")]))
    answer = found.as_json()

    assert (False, True) == (answer["split"], "42" in answer["reason"] and "43" in answer["reason"])
    assert {"old": 2, "new": 2, "scores": None, "rules": None, "council": None, "joined": 1, "left": -1} == \
        answer["outcomes"]["excellent"]
    assert [{"unit": "u1", "o00": "excellent", "o10": None, "o01": None, "o11": "excellent", "f0": "excellent",
             "f1": "excellent", "word": None}] == answer["units"]


def test_one_year_under_a_scale_for_another_number_of_criteria_is_refused():
    """There is nothing to compare."""
    with pytest.raises(ValueError, match="42"):
        under_old_rules(of([a_unit()]), replace(shipped_book(), criteria=42))


def test_no_unit_in_common():
    """All of one year left, all of the other joined."""
    found = compare(of([a_unit("u1")]), of([a_unit("u2")]))

    assert ([], ["u2"], ["u1"]) == tuple(found.as_json()[key] for key in ("units", "joined", "left"))
    assert (1, 1, 1, -1) == tuple(found.parts()["excellent"][key] for key in ("old", "new", "joined", "left"))
