"""How papers call things: societies, days, and how much of what was typed a line holds."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import shipped

from ctd_analysis.words import papers


@pytest.mark.parametrize(("expected", "name"), [
    ("Hội CTĐ huyện Kiên Hải", "Huyện Kiên Hải"), ("Hội CTĐ thành phố Hà Tiên", "Thành phố Hà Tiên"),
    ("Hội CTĐ TP Hà Tiên", "TP Hà Tiên"), ("Hội CTĐ huyện U Minh", "Hội CTĐ huyện U Minh")])
def test_a_unit_is_called_as_its_society(expected, name):
    """A kind of place in small letters behind Hội CTĐ; who says Hội already says it once."""
    assert expected == papers.society(shipped().units[0]._replace(name=name))


@pytest.mark.parametrize(("expected", "day"), [
    ("ngày 09 tháng 02 năm 2024", date(2024, 2, 9)), ("ngày 10 tháng 3 năm 2024", date(2024, 3, 10)),
    ("ngày 20 tháng 12 năm 2024", date(2024, 12, 20)), ("chưa ghi ngày", None)])
def test_a_day_in_words(expected, day):
    """Decree 30/2020: a nought before days under 10, and before months 1 and 2 alone."""
    assert expected == papers.day_in_words(day)


@pytest.mark.parametrize(("expected", "text"), [
    ("Công văn số 51 ngày 13 tháng 6 năm 2023 (43 tiêu chí)", "Công văn số 51 ngày 13/6/2023 (43 tiêu chí)"),
    ("ngày 31/2/2024", "ngày 31/2/2024"), ("BB 03, 20/12/2024", "BB 03, 20/12/2024")])
def test_days_in_a_sentence_are_in_words(expected, text):
    """Behind the word for a day; what is no day stays."""
    assert expected == papers.days_in_words(text)


@pytest.mark.parametrize(("expected", "length"), [(399, 399), (400, 400), (401, 401), (401, 402), (401, 12_000)])
def test_what_was_typed_is_cut_behind_its_400th_character(expected, length):
    """Below, on and above; where something is gone, a sign says so."""
    kept = papers.cut("a" * length)

    assert (expected, length > 400) == (len(kept), kept.endswith("…"))
