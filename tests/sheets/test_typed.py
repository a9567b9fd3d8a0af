"""One cell of the filled template typed otherwise: what is read of it, or what its sender is told, and where."""

from __future__ import annotations

from time import process_time

import pytest
from grids import Held, news
from mutate_cells import Bench

from ctd_analysis.office.grid import LONGEST
from ctd_analysis.office.zipped import place
from ctd_analysis.terms import number

SCORES, FIGURES, BRANCHES, FILINGS = range(1, 5)      # the sheets, after the one that says how to fill them in


@pytest.fixture(scope="module")
def form():
    """The filled template and its reading."""
    return Bench()


@pytest.fixture
def typed(form):
    """Cells typed anew: what is read then, and what is told that was not."""
    def read(sheet: int, **cells):
        grid = form.case.grids[sheet]
        for address, held in cells.items():
            grid = grid.with_cell(place(address), Held("t", held) if isinstance(held, str) else held)
        after = form.case.read([*form.case.grids[:sheet], grid, *form.case.grids[sheet + 1:]])
        problems, notices = ([(one.cell, one.what) for one in news(*told)] for told in (
            (form.before.problems, after.problems), (form.before.notices, after.notices)))
        return after.fields, problems, notices
    return read


@pytest.mark.parametrize(("digits", "said"), [(16, "số quá lớn"), (29, "số quá lớn"),
                                              (400, "số quá lớn")])
@pytest.mark.parametrize(("sheet", "address"), [(FIGURES, "E13"), (FIGURES, "D6"), (BRANCHES, "E31")])
def test_a_number_of_any_length_is_told(typed, digits, said, sheet, address):
    """Sixteen digits are beyond 10^15, twenty-nine beyond what is counted with exactly."""
    _, problems, _ = typed(sheet, **{address: "9" * digits})

    [(cell, what)] = problems
    assert address == cell and what.endswith(said)


def test_as_many_digits_as_are_counted_with(typed):
    """10^15 itself, in dotted groups, is read."""
    fields, problems, _ = typed(FIGURES, E13="1.000.000.000.000.000")

    assert [] == problems
    assert 10**15 in fields.values()


@pytest.mark.parametrize("text", ["1.016 người 5 người", "1.016 người (5 nữ)"])
def test_two_numbers_beside_words_are_no_number(typed, text):
    """Which of them is meant is the sender's to say; the first was read once, in silence."""
    _, problems, _ = typed(FIGURES, E7=text)

    [(cell, what)] = problems
    assert "E7" == cell and what.endswith("hai số trong một ô")


def test_a_number_beside_its_word(typed):
    """What a count is counted in may stand with it."""
    fields, problems, _ = typed(FIGURES, E7="1.017 người")

    assert [] == problems
    assert 1017 == fields["indicators", "tan-hiep", "member_growth", "actual"]


@pytest.mark.parametrize(("sheet", "address"), [(SCORES, "C7"), (FIGURES, "E13"), (BRANCHES, "D5"), (FILINGS, "D5"),
                                                (SCORES, "B7"), (SCORES, "C5"), (BRANCHES, "C5")])
@pytest.mark.parametrize("text", ["AB{}x", "10/12/2024{}x", "(a){}x"])
def test_a_text_longer_than_any_is_told(typed, sheet, address, text):
    """In a table a thousand signs are the most; a text of thirty thousand is never looked at as a whole."""
    _, problems, _ = typed(sheet, **{address: text.format(" (a" * 10_000)})

    assert (address, f"ô dài {number(30_000 + len(text) - 2)} chữ, không thể là một ô của bảng") in problems


def test_blanks_are_no_text(typed, form):
    """An A and thirty thousand blanks are an A."""
    fields, problems, notices = typed(SCORES, C7="A" + " " * 30_000)

    assert (form.before.fields, [], []) == (fields, problems, notices)


@pytest.mark.parametrize(("length", "kept", "told"), [(LONGEST, LONGEST, []), (LONGEST + 1, LONGEST, [
    ("E7", "ô dài 1.001 chữ, chỉ giữ 1.000 chữ đầu")])])
def test_a_long_remark_is_kept_in_part(typed, length, kept, told):
    """A thousand signs as they are, one more and the last is gone, which is said."""
    fields, problems, notices = typed(SCORES, E7="x" * length)

    assert (told, []) == (notices, problems)
    assert kept == len(fields["grades", "tan-hiep", 1, "note"])


def test_long_texts_everywhere_take_no_time(form):
    """Every input cell of the form with thirty thousand signs that patterns stumble over: told in a moment."""
    from mutate_cells import template_cells
    inputs, _ = template_cells(form.case)
    grids = list(form.case.grids)
    for n, (sheet, one) in enumerate(inputs):
        grids[sheet] = grids[sheet].with_cell(one.place, Held("t", f"{n}1.1" * 10_000 + "x"))
    start = process_time()
    after = form.case.read(grids)

    assert process_time() - start < 5
    assert len(after.problems) > 900


@pytest.mark.parametrize(("held", "kept"), [
    (Held("d", "2024-12-10"), "10/12/2024"), (Held("d", "T09:30:00"), "09:30:00"), (Held("b", True), "TRUE"),
    (Held("e", "#REF!"), "#REF!"), (Held("n", 95), "95")])
@pytest.mark.parametrize(("sheet", "address", "unit"), [(SCORES, "K28", "giong-rieng"), (FIGURES, "F9", "tan-hiep")])
def test_a_remark_is_kept_as_it_shows(form, typed, held, kept, sheet, address, unit):
    """A day, an hour, TRUE or an error instead of words: none vanishes."""
    fields, problems, _ = typed(sheet, **{address: held})

    [(key, value)] = fields.items() - form.before.fields.items()
    assert (unit, "note", kept, []) == (key[1], key[3], value, problems)


@pytest.mark.parametrize(("sheet", "address"), [(SCORES, "K28"), (FIGURES, "F9")])
def test_a_remark_that_was_never_computed_is_told(typed, sheet, address):
    """Nobody knows what it says."""
    _, problems, _ = typed(sheet, **{address: Held("f", "", "", 1)})

    [(cell, what)] = problems
    assert address == cell and "công thức chưa được tính" in what


@pytest.mark.parametrize("name", ["A", "b", "ｃ", "KAD", "kad", "Á", "(A)", "'A", "A*", "KAD.", "Công an", "Tổng đội TNXP"])
def test_a_branch_with_a_rating_or_a_fund_is_a_branch(form, typed, name):
    """Whatever its name looks like: a grade, a column, a total word without its tones."""
    fields, problems, _ = typed(BRANCHES, C68=name)
    gone, come = (a.items() - b.items() for a, b in ((form.before.fields, fields), (fields, form.before.fields)))

    assert [] == problems
    assert [(k[1], k[3], v if k[3] != "branch" else name) for k, v in sorted(gone)] == sorted(
        (k[1], k[3], v) for k, v in come)


@pytest.mark.parametrize("name", ["Tổng cộng", "Cộng", "Cộng: 3 Hội cơ sở", "Tổng số"])
def test_a_total_s_own_words_make_it_one(form, typed, name):
    """With their tones, and whole."""
    fields, _, _ = typed(BRANCHES, C68=name)

    assert name not in {v for k, v in fields.items() if k[3] == "branch"}


@pytest.mark.parametrize("held", [Held("t", "\u200b95"), Held("t", "٣"), Held("n", 95)])
def test_one_odd_cell_of_a_column_of_units_is_asked_about_alone(typed, held):
    """The column names what is read from its other rows: its heading is in no doubt."""
    _, problems, _ = typed(BRANCHES, B102=held)

    assert [("B102", "không hiểu ô này, không bỏ qua")] == problems


def test_a_letter_alone_announces_no_total_of_branches(typed):
    """Among grades “A” begins the row that counts A; in the column of units it is a slip of the hand."""
    _, problems, _ = typed(BRANCHES, B102="A")

    assert ["B102"] == [cell for cell, _ in problems]


@pytest.mark.parametrize(("held", "said"), [
    (Held("f", "", "", 1), "ô cộng in sẵn là công thức chưa được tính (mỗi trang kể một ô)"),
    (Held("n", 3), "số cộng in sẵn là 3, các ô cho 1 điểm KAD")])
def test_printed_sums_of_kad_are_recounted_too(typed, held, said):
    """“Cộng KAD (không áp dụng)”, as those of A, B, C are."""
    _, problems, notices = typed(SCORES, C61=held)

    assert [] == problems
    assert ("C61", said) in notices


@pytest.mark.parametrize("column", [2, 3, 5])
def test_the_numbers_of_the_lines_may_stand_in_another_column(form, column):
    """A column the form locked changes places with one to write in: lines nobody filled in are no question."""
    grids = list(form.case.grids)
    grids[BRANCHES] = grids[BRANCHES].turned().exchanged(1, column).turned()

    after = form.case.read(grids)

    assert form.before.fields == after.fields
    assert [] == news(form.before.problems, after.problems)
