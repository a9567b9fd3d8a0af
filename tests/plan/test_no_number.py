"""Part II names targets without a number ("chỉ tiêu Trung ương Hội giao"): the year may name an indicator, and a value."""

from __future__ import annotations

import pytest
from build import a_unit, a_year, shipped_book
from conftest import SHIPPED

from ctd_analysis.plan.load import load
from ctd_analysis.plan.rulebook import FILE
from ctd_analysis.plan.targets import of_unit, progress
from ctd_analysis.problems import Refused
from ctd_analysis.year.tally import tally


def book(*lines: str):
    """The shipped rule book with these lines at the end of its free examinations."""
    text, sign = (SHIPPED / FILE).read_text(encoding="utf-8"), "[target.free_examinations]\n"
    return load(SHIPPED / FILE, text.replace(sign, sign + "".join(f"{line}\n" for line in lines)).encode())


def test_without_an_indicator_there_is_nothing_to_say():
    """As the plan has it."""
    assert progress(tally(a_year([a_unit()])), shipped_book().targets["free_examinations"], [], [None], True) is None


@pytest.mark.parametrize(("expected", "done"), [(True, 100), (False, 99), (None, None)])
def test_it_is_held_against_what_each_unit_was_given(expected, done):
    """The sum of what was done against the sum of what was given; missing is not knowable."""
    target = book('indicator = "blood_units"').targets["free_examinations"]
    counted = [(60, 60), (40, done and done - 60)]
    facts = tally(a_year([a_unit(f"u{n}") | {"indicators": {"blood_units": one}} for n, one in enumerate(counted)]))
    own = of_unit(facts, target, 0, [])

    assert expected is progress(facts, target, [], [None] * 2, True).met
    assert (60, 60, True) == (own.part, own.whole, own.met)


@pytest.mark.parametrize(("expected", "value"), [(True, 60), (False, 61)])
def test_it_may_have_a_value_for_all_together(expected, value):
    """Then that is what is wanted of all units."""
    target = book('indicator = "blood_units"', f"value = {value}").targets["free_examinations"]

    facts = tally(a_year([a_unit() | {"indicators": {"blood_units": (10, 60)}}]))

    assert expected is progress(facts, target, [], [None], True).met


def test_a_value_of_nothing_is_refused():
    """A value needs the indicator it is of."""
    with pytest.raises(Refused, match="target.free_examinations.value"):
        book("value = 3")
