"""Some changed sheets and cells in every run; and that the two commands would notice a misreading (`mutate_sheets`,
`mutate_cells` do some thousands)."""

from __future__ import annotations

from dataclasses import replace

import mutate_cells
import mutate_sheets
import pytest
from grids import Held, news, unaccounted

from ctd_analysis.office.grid import Book
from ctd_analysis.problems import Problem
from ctd_analysis.sheets.headings import is_filled


@pytest.fixture(scope="module")
def sheets():
    """A matrix of one cluster's grades, its reading, and what can be changed."""
    return mutate_sheets.Bench("01-cluster-matrix")


@pytest.fixture(scope="module")
def cells():
    """The filled template and its reading."""
    return mutate_cells.Bench()


def made(bench, deed: str, what: str, at: tuple[int, int]):
    """The one change of this kind at a place."""
    return next(c for c in bench.all_changes(1, 10**6) if (c.deed, c.what, c.at[0]) == (deed, what, at[0]) and (
        what in ("row", "column") or c.at == at))


def test_no_changed_sheet_is_read_differently_in_silence(sheets):
    """Forty changes at random: each read as before, blank where it was removed, or told; one of them through a saved file."""
    changes = sheets.all_changes(5, 40)

    found = [sheets.verdict(change, is_saved=n == 0) for n, change in enumerate(changes)]

    assert [] == [sheets.told(c, v) for c, v in zip(changes, found, strict=True) if v and v.verdict == "SILENT"]
    assert {"same", "told"} <= {v.verdict for v in found if v}


def test_every_kind_of_change_is_made(sheets):
    """Columns and rows removed, moved, duplicated; titles, headings, labels removed, renamed, duplicated; the tab renamed."""
    kinds = {(c.what, c.deed) for c in sheets.all_changes(1, 10**6)}

    assert {(what, deed) for what in ("row", "column") for deed in ("removed", "moved", "duplicated")} <= kinds
    assert {(what, deed) for what in ("title", "heading", "label") for deed in ("removed", "renamed", "duplicated")} <= kinds
    assert ("tab", "renamed") in kinds


def test_a_sheet_turned_twice_is_the_sheet(sheets):
    """And rows exchanged twice, and a row doubled and one of the two removed."""
    grid = sheets.cases[0].grids[0]

    assert grid == grid.turned().turned()
    assert grid == grid.exchanged(13, 14).exchanged(13, 14)
    assert grid.cells == grid.doubled(13).without(14).cells


def test_a_merged_cell_is_not_torn(sheets):
    """The head over four units stays over four; a column inside it and one outside do not change places."""
    turned = sheets.cases[0].grids[0].turned()

    assert turned.exchanged(4, 5) is not None
    assert turned.exchanged(3, 4) is None


def test_the_oracle_notices_units_exchanged(sheets):
    """The grades of two units change places, by the reader's own reading: as a moved column that is silent."""
    case, before = sheets.cases[0], sheets.before[0]
    heads = case.grids[0].with_cell((10, 4), case.grids[0].cells[10, 5]).with_cell((10, 5), case.grids[0].cells[10, 4])

    found = mutate_sheets.judge(case, made(sheets, "moved", "column", (4, 1)), before, case.read([heads]))

    assert "SILENT" == found.verdict
    assert any("rach-gia" in line for line in found.differs) and any("hon-dat" in line for line in found.differs)


@pytest.mark.parametrize(("deed", "what", "at", "column", "verdict"), [
    ("removed", "heading", (10, 4), 4, "blank"), ("removed", "heading", (10, 4), 5, "SILENT"),
    ("removed", "column", (5, 1), 5, "blank"), ("removed", "column", (5, 1), 4, "SILENT"),
    ("removed", "title", (5, 1), 4, "blank"), ("duplicated", "column", (5, 1), 5, "SILENT"),
    ("renamed", "heading", (10, 4), 4, "SILENT")])
def test_a_value_may_only_go_with_its_cell_or_heading(sheets, deed, what, at, column, verdict):
    """A value of some column gone, and nobody told: blank only where that column or what stands over it was removed."""
    case, before = sheets.cases[0], sheets.before[0]
    gone = next(key for key, (_, _, c) in before.places.items() if c == column and key in before.fields)
    after = replace(before, fields={k: v for k, v in before.fields.items() if k != gone})

    assert verdict == mutate_sheets.judge(case, made(sheets, deed, what, at), before, after).verdict


def test_another_letter_is_silent_until_it_is_told_at_that_sheet(sheets):
    """Even where the row was removed; a notice of another sheet tells nothing, nor does a total that no longer agrees."""
    case, before = sheets.cases[0], sheets.before[0]
    change, key = made(sheets, "removed", "row", (13, 1)), next(iter(before.fields))
    after = replace(before, fields=before.fields | {key: "C"})
    sheet = case.grids[0].called

    def verdict(**told):
        return mutate_sheets.judge(case, change, before, replace(after, **told)).verdict

    assert "SILENT" == verdict()
    assert "SILENT" == verdict(notices=(*before.notices, Problem("cum-1.xlsx", "khác", sheet="Trang khác")))
    assert "SILENT" == verdict(notices=(*before.notices, Problem("cum-1.xlsx", "số cộng khác", sheet=sheet, cell="D70")))
    assert "told" == verdict(notices=(*before.notices, Problem("cum-1.xlsx", "khác", sheet=sheet, cell="D13")))
    assert "told" == verdict(notices=(*before.notices, Problem("cum-1.xlsx", "khác", sheet=sheet)))
    assert "told" == verdict(problems=(Problem("cum-1.xlsx", "khác"),))


def test_an_account_with_a_cell_missing_or_twice_is_silent(sheets):
    """As is one that calls a value's cell something else."""
    case, before = sheets.cases[0], sheets.before[0]
    change, book = made(sheets, "removed", "row", (13, 1)), Book((case.grids[0].sheet(),))
    sheet, places = book.sheets[0].name, before.places.values()
    full = [("f", sheet, cell.address, "value") for cell in book.sheets[0].cells.values() if is_filled(cell)]
    broken = {"missing": full[:-1], "twice": [*full, full[0]], "unknown": [(*full[0][:3], "unread"), *full[1:]],
              "elsewhere": [(*row[:3], "around") for row in full]}

    assert "" == unaccounted(book, full, places)
    for accounts in broken.values():
        after = replace(before, unaccounted=unaccounted(book, accounts, places))
        assert "SILENT" == mutate_sheets.judge(case, change, before, after).verdict


def test_what_moved_to_another_cell_is_no_news():
    """The same notice two rows down; a second one like it is news."""
    one = Problem("f", "số cộng in sẵn là 30, các ô cho 29 điểm A", sheet="S", cell="D60", seen="30")

    assert [] == news([one], [replace(one, cell="D62")])
    assert [one] == news([one], [one, one])


def test_hostile_values_in_cells_are_read_as_they_are_or_told_there(cells):
    """Some dozens at random, of grades, ratings and days."""
    kinds = ("grade", "rating", "day")
    changes = [c for c in mutate_cells.changes(cells.case, 3, 200) if c.input and c.input.kind in kinds][:50]

    assert 50 == len(changes)
    assert [] == [cells.told(c, v) for c in changes if (v := cells.verdict(c)).verdict != "right"]


def test_there_are_more_than_a_hundred_values_and_every_kind_of_cell(cells):
    """No value twice; locked cells too."""
    values = [held for held, _ in mutate_cells.VALUES]
    inputs, locked = mutate_cells.template_cells(cells.case)

    assert len(values) == len(set(values)) > 100
    assert {"grade", "money", "count", "points", "flag", "once", "day", "rating", "note", "branch", "unit", "lone"} == {
        one.kind for _, one in inputs}
    assert {field for field in cells.before.fields} == {one.field for _, one in inputs} & cells.before.fields.keys()
    assert len(locked) > 400


@pytest.mark.parametrize(("typed", "read", "cell", "verdict"), [
    ("A", "A", None, "right"), ("A", "B", None, "SILENT"), ("A", None, None, "SILENT"), ("A", "A", "C7", "wrong"),
    ("А", None, "C7", "right"), ("А", None, None, "SILENT"), ("А", "A", None, "SILENT"), ("А", None, "C8", "wrong"),
    ("А", None, "D7", "wrong")])
def test_the_oracle_notices_a_cell_misread(cells, typed, read, cell, verdict):
    """A grade typed as Latin or as Cyrillic А into C7, read as something, with a problem somewhere or nowhere."""
    case, before = cells.case, cells.before
    n, one = next((n, one) for n, one in mutate_cells.template_cells(case)[0] if one.kind == "grade" and one.place == (7, 3))
    held, means = next((h, m) for h, m in mutate_cells.VALUES if h == Held("t", typed))
    change = mutate_cells.Change(n, one.place, held, one, mutate_cells.meaning(one.kind, held, means))
    fields = {k: v for k, v in before.fields.items() if k != one.field} | ({one.field: read} if read else {})
    told = (Problem("cum-2.xlsx", "không phải một điểm chấm", sheet="Bảng điểm", cell=cell),) if cell else ()

    assert verdict == mutate_cells.judge(case, change, before, replace(before, fields=fields, problems=told)).verdict


def test_a_plain_value_that_moves_another_is_silent(cells):
    """The cell itself is read rightly, its neighbour is not."""
    case, before = cells.case, cells.before
    inputs, _ = mutate_cells.template_cells(case)
    n, one = next((n, one) for n, one in inputs if one.kind == "count" and one.field[3] == "target")
    other = next(key for key in before.fields if key[0] == "indicators" and key[3] == "actual")
    change = mutate_cells.Change(n, one.place, Held("n", 95), one, 95)

    assert "right" == mutate_cells.judge(case, change, before, replace(before, fields=before.fields | {one.field: 95})).verdict
    assert "SILENT" == mutate_cells.judge(case, change, before, replace(
        before, fields=before.fields | {one.field: 95, other: 95})).verdict


def test_a_locked_cell_changed_is_told_unless_it_says_the_same(cells):
    """A criterion's number: a problem in its row or at the sheet is there, one on another sheet is not; a notice is enough
    where all is read as before, and nothing where it says the same."""
    case, before = cells.case, cells.before
    n = next(n for n, grid in enumerate(case.grids) if grid.called == "Bảng điểm")
    change = mutate_cells.Change(n, (7, 1), Held("n", 99), None)
    lost = {k: v for k, v in before.fields.items() if k[:1] != ("grades",) or k[2] != 1}

    def verdict(fields, *problems, notices=(), change=change):
        return mutate_cells.judge(case, change, before, replace(before, fields=fields, problems=problems, notices=(
            *before.notices, *notices))).verdict

    at_cell = [Problem("f", "w", sheet="Bảng điểm", cell="A7")]
    assert "SILENT" == verdict(before.fields)
    assert "right" == verdict(before.fields, notices=at_cell)
    assert "right" == verdict(before.fields, change=change._replace(held=Held("t", "1")))
    assert "SILENT" == verdict(lost, notices=at_cell)
    assert "SILENT" == verdict(lost)
    assert "right" == verdict(lost, Problem("f", "w", sheet="Bảng điểm", cell="A7"))
    assert "right" == verdict(lost, Problem("f", "w", sheet="Bảng điểm"))
    assert "wrong" == verdict(lost, Problem("f", "w", sheet="Hồ sơ", cell="A7"))
