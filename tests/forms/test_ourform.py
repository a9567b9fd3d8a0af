"""Our own form come back: a locked cell that was changed is told at that cell; moved rows and other people's sheets are not."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace

import openpyxl
import pytest
from conftest import SHIPPED
from grids import Grid, Held, filled, news
from mutate_cells import CLUSTER

from ctd_analysis.forms import template
from ctd_analysis.office.zipped import place
from ctd_analysis.year import ourform, year

GUIDE, SCORES, FIGURES, BRANCHES, FILINGS, RECORD = range(6)
CHANGED, UNREAD = "ô đã khóa của biểu bị sửa", "ô này không thuộc dòng nào đọc được"


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    """The filled form of one cluster, and its reading."""
    [case] = filled(tmp_path_factory.mktemp("form"), year.read(SHIPPED), [CLUSTER])
    return case, case.read(case.grids)


def told(form, sheet: int, grid: Grid):
    """Cell and what is new among problems, among notices, with that sheet in the form; and is all read as before?"""
    case, before = form
    after = case.read([*case.grids[:sheet], grid, *case.grids[sheet + 1:]])
    found = ([(one.cell, one.what) for one in news(*both)] for both in (
        (before.problems, after.problems), (before.notices, after.notices)))
    return *found, before.fields == after.fields


def typed(form, sheet: int, address: str, held) -> tuple:
    """The same with something else in one cell."""
    held = Held("t", held) if isinstance(held, str) else Held("n", held) if isinstance(held, int) else held
    return told(form, sheet, form[0].grids[sheet].with_cell(place(address), held))


@pytest.mark.parametrize("cluster", ["cum-1", "cum-2", "cum-3", "cum-4"])
@pytest.mark.parametrize("is_filled", [True, False])
def test_a_form_as_it_was_sent_is_told_nothing(tmp_path, cluster, is_filled):
    """Filled in or blank: no cell of it was changed, and the hidden sheet is no extra one."""
    shipped = year.read(SHIPPED)
    folder = shutil.copytree(SHIPPED, tmp_path / "2024", ignore=shutil.ignore_patterns("submissions"))
    (folder / "submissions").mkdir()
    (folder / "submissions" / f"{cluster}.xlsx").write_bytes(template.workbook(shipped, cluster, is_filled))

    read = year.read(folder)

    assert [] == [n.message for n in (*read.problems, *read.notices) if n.file == f"{cluster}.xlsx" and
                  ("khóa" in n.what or ourform.SHEET in (n.sheet or ""))]


@pytest.mark.parametrize(("sheet", "address", "held"), [
    (SCORES, "A7", 9), (SCORES, "A7", "1b"), (SCORES, "A7", None), (SCORES, "B7", "Nội dung khác"),
    (SCORES, "C4", "Huyện Khác"),
    (SCORES, "D5", "Tự chấm"), (SCORES, "E5", "Khác"), (SCORES, "B58", "Cộng điểm B"), (FIGURES, "B7", "Phát triển hội"),
    (FIGURES, "B15", "Khác"), (FIGURES, "C16", "triệu đồng"), (FIGURES, "C16", None), (FIGURES, "D4", None),
    (FIGURES, "D5", "Thực hiện"), (BRANCHES, "B9", "Huyện Châu Thành"), (BRANCHES, "E4", Held("f", "", "", 1)),
    (BRANCHES, "A81", "XẾP LOẠI"), (FILINGS, "B5", "Hồ sơ"), (FILINGS, "C5", "01/01/2025")])
def test_what_a_table_says_is_a_problem_where_it_was_changed(form, sheet, address, held):
    """A criterion's number, a label, a unit's name, a heading, a unit of measure, a last day: other words, or none."""
    problems, _, _ = typed(form, sheet, address, held)

    assert address in [cell for cell, _ in problems]


@pytest.mark.parametrize(("sheet", "address", "held"), [
    (GUIDE, "B7", "Huyện Tân"), (SCORES, "A1", "x"), (SCORES, "A2", None), (SCORES, "B6", "Nội dung khác"),
    (FIGURES, "A7", 99), (BRANCHES, "A81", None), (SCORES, "C58", 3), (SCORES, "J61", 40), (SCORES, "J62", 1),
    (SCORES, "J62", None), (SCORES, "B64", "Chú giải khác"), (FIGURES, "A21", Held("b", True))])
def test_what_stands_around_a_table_is_remarked_on(form, sheet, address, held):
    """A title, an area, the guide, a line's number, a count of the form's own: all is read as before."""
    problems, notices, is_read = typed(form, sheet, address, held)

    assert is_read
    assert address in [cell for cell, _ in (*notices, *problems)]


@pytest.mark.parametrize(("sheet", "address", "held"), [
    (SCORES, "A7", "1"), (SCORES, "C4", "HUYỆN TÂN  HIỆP"), (SCORES, "C4", "H. Tân Hiệp"), (SCORES, "D5", "CỤM CHẤM"),
    (FIGURES, "B15", " Quỹ Hội cấp\nhuyện "), (SCORES, "J62", Held("f", "", "", 1))])
def test_what_reads_the_same_is_told_nothing(form, sheet, address, held):
    """Blanks, capitals, line breaks, another way to name the unit; a count that waits for its program."""
    assert ([], [], True) == typed(form, sheet, address, held)


def test_rows_and_columns_may_move(form):
    """Two criteria exchanged, two units exchanged, a line put in between, a column beside: nobody changed what they say."""
    scores, branches = form[0].grids[SCORES], form[0].grids[BRANCHES]
    other = {3: 6, 4: 7, 5: 8, 6: 3, 7: 4, 8: 5}
    turned = replace(scores, cells={(r, other.get(c, c) if 3 < r < 64 else c): held for (r, c), held in scores.cells.items()})
    at = len(branches.rows()) // 2
    longer = branches.doubled(at).with_cell((at + 1, 3), Held("t", "Hội CTĐ xã Mới"))

    assert ([], [], True) == told(form, SCORES, scores.exchanged(10, 14))
    assert ([], [], True) == told(form, SCORES, turned)
    assert [] == [what for _, what in told(form, BRANCHES, longer)[0] if CHANGED in what]


def test_a_row_that_is_gone_is_remarked_on(form):
    """What is left reads the same."""
    problems, notices, _ = told(form, SCORES, form[0].grids[SCORES].without(10))

    assert [] == problems
    assert 1 == sum("dòng “4, " in what and "của biểu không còn" in what for _, what in notices)


def test_a_form_torn_apart_is_told_in_one_go(form):
    """Every label and number with other words: one sentence, and the cells one by one do not follow."""
    grid = form[0].grids[FIGURES]
    torn = replace(grid, cells={(r, c): Held("t", f"x{held.value}") if c < 4 and r > 5 else held for (r, c), held in
                                grid.cells.items()})

    problems, _, _ = told(form, FIGURES, torn)

    assert 1 == sum("ô đã khóa của biểu không còn như đã gửi" in what for _, what in problems)
    assert not any(what == CHANGED for _, what in problems)


@pytest.mark.parametrize("address", ["C105", "D105", "E109", "B101"])
def test_what_is_typed_on_a_line_of_its_own_is_asked_about(form, address):
    """A spare line without its unit, however far below: never around the table."""
    problems, _, _ = typed(form, BRANCHES, address, "Xã Mới")

    assert [(address, UNREAD)] == problems


def test_a_record_that_was_changed_is_worth_nothing(form):
    """It is said, and nothing is held against it; a sheet that was renamed cannot be compared, which is said too."""
    case, _ = form
    grid = case.grids[RECORD].with_cell((3, 1), Held("t", "Hướng dẫn!4\n1:khác"))

    problems, notices, is_read = told(form, RECORD, grid)
    _, renamed, _ = told(form, FIGURES, replace(case.grids[FIGURES], name="Chi tieu 2024"))

    assert ([], True) == (problems, is_read)
    assert ["trang ẩn giữ mẫu của biểu đã bị sửa: không đối chiếu được các ô đã khóa"] == [what for _, what in notices]
    assert any("trang “Chỉ tiêu” của biểu không còn" in what for _, what in renamed)


@pytest.mark.parametrize("line", [ourform.SHEET, "Trang ẩn này giữ mẫu của biểu như đã gửi, xin để nguyên. 0", ""])
def test_a_foreign_sheet_is_never_taken_for_ours(form, line):
    """A sheet of that name without the seal: the tables are read as any other's."""
    case, _ = form
    changed = case.grids[FIGURES].with_cell(place("A2"), Held("t", "Khác"))

    after = case.read([*case.grids[:FIGURES], changed, *case.grids[FIGURES + 1:RECORD],
                       Grid(ourform.SHEET, {(1, 1): Held("t", line)} if line else {})])

    assert [] == [one.message for one in (*after.problems, *after.notices) if CHANGED in one.what]


def test_the_record_is_sealed_and_hidden(form):
    """Nobody finds it by turning sheets over; any sign of it counts; what is long is kept in several lines."""
    places = {(1, 1): (ourform.TABLE, "x" * 500), **{(2, c): (ourform.AROUND, "y" * 190) for c in range(1, 9)}}
    lines = ourform.record({"Bảng điểm": places})
    book = openpyxl.load_workbook(io.BytesIO(template.workbook(year.read(SHIPPED), CLUSTER)))

    assert all(len(line) <= 1000 for line in lines) and 3 < len(lines)
    assert lines != ourform.record({"Bảng điểm": places | {(2, 8): (ourform.AROUND, "z")}})
    assert "veryHidden" == book[ourform.SHEET].sheet_state and book[ourform.SHEET].protection.sheet


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_libreoffice_keeps_the_record(tmp_path, suffix):
    """A label changed, saved by another program in any format: still told."""
    folder = shutil.copytree(SHIPPED, tmp_path / "2024", ignore=shutil.ignore_patterns("cum-4.xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(template.workbook(year.read(SHIPPED), "cum-4", filled=True)))
    book["Chỉ tiêu"]["B7"] = "Phát triển hội viên mới"
    book.save(tmp_path / "cum-4.xlsx")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path / 'profile'}", "--headless", "--convert-to", suffix,
                    "--outdir", str(folder / "submissions"), str(tmp_path / "cum-4.xlsx")], capture_output=True, check=True,
                   timeout=120)

    read = year.read(folder)

    assert [("B7", CHANGED)] == [(p.cell, p.what) for p in read.problems]
    assert [] == [n.message for n in read.notices if "khóa" in n.what]
