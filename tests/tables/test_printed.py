"""A table on a console: it fits, nothing is lost, and where there is nothing to show it says so."""

from __future__ import annotations

import re

import pytest
from conftest import SHIPPED, shipped

from ctd_analysis import cli
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.tables import cluster, printed, province, what_if
from ctd_analysis.tables.printed import Heading, Printed, headings, line


def bare(text: str) -> str:
    """Letters and figures alone, for a word may stand on the next line."""
    return re.sub(r"\W", "", text)


@pytest.mark.parametrize(("expected", "room"), [([5, 29, 8], 42), ([5, 29, 8], 99), ([5, 28, 8], 41), ([5, 20, 8], 33),
                                                ([5, 10, 8], 23), ([5, 10, 8], 3)])
def test_short_columns_stand_whole_and_long_ones_give_way(expected, room):
    """Below, on and above what all take; no column of words is narrower than ten signs, whatever the room."""
    assert expected == printed.fitted([["a", "bbbbb"], [" ".join(["từ"] * 10)], ["8 signs."]], room)


def test_room_goes_to_the_cell_with_the_most_lines():
    """Forty signs beside four hundred: the short one takes two lines, so that the long one takes few."""
    short, long = printed.fitted([["ab " * 13], ["ab " * 133]], 100)

    assert short < 39 and long >= 60 and short + long <= 100


def test_a_word_stays_whole_up_to_forty_signs():
    """A key can be copied; a link of 330 signs is broken rather than let a column grow."""
    assert [40] == printed.fitted([["k" * 40 + " x"]], 12)
    assert [40] == printed.fitted([["k" * 330]], 12)
    assert ("k" * 40,) * 8 + ("k" * 10,) == printed.wrapped("k" * 330, 40)


@pytest.mark.parametrize("width", [80, 110])
def test_the_answers_fit_the_console(width):
    """80 and 110 columns: no line is longer, and every word of every unit's line is there."""
    year = appraise(shipped())
    for table in (province.standings(year), *what_if.every(year, year), what_if.keys(year.year)):
        said = printed.plain(table, width)
        assert max(map(len, said.split("\n"))) <= width, table.caption

    said = bare(printed.plain(what_if.distance(year), width))
    assert all(bare(ways) in said for ways in what_if.distance(year).frame()["Mọi cách ít nhất để lên loại"])


@pytest.mark.parametrize("verb", [["appraise"], ["what-if"], ["what-if", "--set", "class.excellent.min_a=40"],
                                  ["what-if", "--keys"]])
@pytest.mark.parametrize("width", [80, 110])
def test_the_verbs_ask_how_wide_the_console_is(verb, width, monkeypatch, capsys):
    """As COLUMNS has it."""
    monkeypatch.setenv("COLUMNS", str(width))

    assert 0 == cli.main([*verb, str(SHIPPED)])

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width


def test_a_long_cell_stands_under_its_line_where_it_has_no_room():
    """With the name of its column; beside it where it has; never for a cell that says nothing."""
    table = Printed("x", "Bảng", headings("Đơn vị", Heading("Căn cứ", "long")), (line("Một", "a " * 20), line("Hai", "")))

    assert ["Bảng", "Đơn vị", "Một", "    Căn cứ: a a a a", *["      a a a a a a a"] * 2, "      a a", "Hai"] == \
        printed.plain(table, 20).split("\n")
    assert "Một     " + ("a " * 20).rstrip() in printed.plain(table)


def test_an_empty_table_says_so_instead():
    """Nothing moved: no headings over nothing."""
    year = appraise(shipped())

    assert "Đơn vị nào đổi, từ đâu đến đâu\n  Không có gì đổi." == printed.plain(what_if.moves(year, year), 80)
    assert "Đơn vị" not in printed.plain(cluster.decided(year, []), 80).splitlines()[-1]


def test_every_key_is_listed_with_its_value_and_words():
    """As many lines as keys in force; of a reading every option with what it means."""
    book = shipped().book
    rows = {row.cells[0].text: row for row in what_if.keys(shipped()).rows}

    assert list(book.in_force()) == list(rows)
    assert "41" == rows["class.excellent.min_a"].cells[1].text
    assert all(f"{option}: {text}" in rows["readings.ladder_gap"].cells[3].text
               for option, text in book.readings["ladder_gap"].options.items())
