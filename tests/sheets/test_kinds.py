"""One difficulty of each kind on a small sheet: read exactly, said, or asked about; never chosen, never dropped."""

from __future__ import annotations

import pytest
import sheets
from layouts import grades_of, year_of
from sheets import Page

UNITS = ["rach-gia", "hon-dat", "an-minh"]


def letter(number: int) -> str:
    """A criterion's grade, the same every time."""
    return "AB"[number % 2]


def criteria(*columns) -> list[tuple]:
    """Forty-three rows: number, words, a letter (or what is given) in each column."""
    return [(n, f"nội dung {n}", *(letter(n) if c == "*" else c for c in columns)) for n in range(1, 44)]


def read(tmp_path, rows, merges=(), tab="Sheet1", file="a.xlsx"):
    """The year with one sheet of these rows."""
    page = Page(tab)
    page.cells = {(r, c): value for r, row in enumerate(rows, 1) for c, value in enumerate(row, 1) if value is not None}
    page.merges = list(merges)
    return year_of(tmp_path, UNITS, {file: sheets.save([page])})


BRANCHES = ("STT", "Hội cơ sở", "Xếp loại")
#: What is read: the rows, and the branches that come of it.
FUNDS = {
    "bands with a count": ([(*BRANCHES, "Quỹ (đồng)"), ("I. HUYỆN HÒN ĐẤT (02 xã, thị trấn)",), (1, "Xã A", "Khá", 11),
                            ("II. HUYỆN AN MINH (01 xã)",), (1, "Xã C", "Khá", 15)], {("hon-dat", 11), ("an-minh", 15)}),
    "the year's end beside its beginning": ([(*BRANCHES, "Số dư quỹ đầu năm", "Số dư quỹ cuối năm"),
                                             (1, "Xã A", "Khá", 5, 11)], {("hon-dat", 11)}),
    "a day in brackets": ([(*BRANCHES, "Số dư quỹ (31/12)"), (1, "Xã A", "Khá", 11)], {("hon-dat", 11)}),
    "(ngđ)": ([(*BRANCHES, "Số dư quỹ (ngđ)"), (1, "Xã A", "Khá", 11)], {("hon-dat", 11_000)}),
    "Đvt: tr.đ": ([("Đvt: tr.đ",), (*BRANCHES, "Số dư quỹ"), (1, "Xã A", "Khá", 11)], {("hon-dat", 11_000_000)}),
    "a head that is repeated": ([("Đvt: tr.đ",), (*BRANCHES, "Số dư quỹ"), (*BRANCHES, "Số dư quỹ"), (1, "Xã A", "Khá", 11)],
                                {("hon-dat", 11_000_000)}),
    "a head repeated on the next page": ([("Đvt: tr.đ",), (*BRANCHES, "Số dư quỹ"), (1, "Xã A", "Khá", 11),
                                          (*BRANCHES, "Số dư quỹ"), (2, "Xã B", "Khá", 12)],
                                         {("hon-dat", 11_000_000), ("hon-dat", 12_000_000)}),
    "a signature with place and day": ([(*BRANCHES, "Quỹ"), (1, "Xã A", "Khá", 11), (None, "TM. BAN CHẤP HÀNH",
                                        "Kiên Giang, ngày 5 tháng 12 năm 2024"),
                                       (None, "Nguyễn Văn B", "Khá")], {("hon-dat", 11)})}
#: What is asked about: the rows, and the cell.
ASKED = {
    "two funds": ([(*BRANCHES, "Quỹ Hội", "Quỹ cơ sở"), (1, "Xã A", "Khá", 5, 11)], "E1"),
    "two units of measure": ([("(Đơn vị: triệu đồng)",), (*BRANCHES, "Số dư quỹ (nghìn đồng)"), (1, "Xã A", "Khá", 11)], "D2"),
    "a unit of measure nobody knows": ([("ĐVT: chục",), (*BRANCHES, "Số dư quỹ"), (1, "Xã A", "Khá", 11)], "D3"),
    "another year's ratings alone": ([("STT", "Hội cơ sở", "Xếp loại năm 2023"), (1, "Xã A", "Khá")], "C1"),
    "half a year's results": ([("TT", "Chỉ tiêu", "Kế hoạch", "Thực hiện 6 tháng"), (1, "Hiến máu tình nguyện", 5, 6)], "D1"),
    "letters under a heading of notes": ([("STT", "Tiêu chí", "Tự chấm", "Nhận xét"), *criteria("*", "*")], "D1"),
    "a tick under a heading of notes": ([("STT", "Tiêu chí", "A", "B", "Ghi chú"), *criteria("x", None, None)[:42],
                                         (43, "nội dung 43", None, None, "x")], "E1"),
    "letters under a total": ([("STT", "Tiêu chí", "Tự chấm", "Tổng hợp"), *criteria("*", "*")], "D1"),
    "ratings under a heading of units": ([("STT", "Hội cơ sở", "Huyện", "Đơn vị", "Quỹ"),
                                          (1, "Xã A", "Hòn Đất", "Khá", 11)], "D1"),
    "a fund under a heading of numbers": ([(*BRANCHES, "TT"), (1, "Xã A", "Khá", 23_000_000)], "D1"),
    "days under a heading of numbers": ([("TT", "Hồ sơ", "Ngày nhận", "TT"), (1, "Đăng ký thi đua", "20/02/2024", "21/02/2024"),
                                         (2, "Kế hoạch", None, "22/02/2024")], "D1"),
    "a word for a criterion's number": ([("STT", "Tiêu chí", "Cụm chấm"), *criteria("*")[:15], ("KAD", "nội dung 16", "A"),
                                         *criteria("*")[16:]], "A17"),
    "a word for the last one's number": ([("STT", "Tiêu chí", "Cụm chấm"), *criteria("*")[:42], ("Cộng", "nội dung 43", "A")],
                                         "A44"),
    "a column of the same letter twice": ([("STT", "Tiêu chí", "A", "B", "B"), *criteria(None, "x", "x")], "E1"),
    "letters under another heading of criteria": ([("STT", "Tiêu chí", "Tiêu chí", "Hòn Đất"), *criteria("*", None)], "C1"),
    "a word for the first one's number": ([
        ("STT", "Tiêu chí", "Cụm chấm"), ("V", "nội dung 1", "A"), *criteria("*")[1:]], "A2"),
    "a number twice, once blank": ([("STT", "Tiêu chí", "Cụm chấm"), *criteria("*")[:20], (21, "nội dung 21"),
                                    (21, "nội dung 22", "A"), *criteria("*")[22:]], "A23"),
    "letters under a person's heading": ([("STT", "Tiêu chí", "Tự chấm", "Người chấm"), *criteria("*", "*")], "D1"),
    "letters under the highest grade's heading, twice": ([("STT", "Tiêu chí", "Điểm chuẩn", "Tự chấm", "Điểm chuẩn"),
                                                          *criteria("A", "*", "*")], "E1"),
    "a band without a name": ([BRANCHES, ("I", "Hòn Đất"), (1, "Xã A", "Khá"), ("II", None), (1, "Xã B", "Khá")], "A4"),
    "a branch before the first band": ([BRANCHES, (1, "Xã A", "Khá"), ("I", "Hòn Đất"), (1, "Xã B", "Khá")], "B2"),
    "a band with a number": ([BRANCHES, ("I", "Hòn Đất"), (1, "Xã A", "Khá"), (2, "Huyện An Minh"), (3, "Xã B", "Khá")], "B4"),
    "two bands of one unit": ([
        BRANCHES, ("I", "Hòn Đất"), (1, "Xã A", "Khá"), ("II", "Huyện Hòn Đất"), (1, "Xã B", "Khá")], "B4"),
    "two columns of per cent": ([("TT", "Chỉ tiêu", "Kế hoạch", "Tỷ lệ", "Tỷ lệ %"), (1, "Hiến máu tình nguyện", 5, 6, 120)],
                                "E1"),
    "a column without a heading": ([("TT", "Chỉ tiêu", "Kế hoạch", "Thực hiện"), (1, "Hiến máu tình nguyện", 5, 6, 7)], "E2")}


@pytest.mark.parametrize("name", FUNDS)
def test_a_fund_is_read(tmp_path, name):
    """With its unit and its unit of measure."""
    rows, wanted = FUNDS[name]

    found = read(tmp_path, rows, tab="Sheet1" if name.startswith("bands") else "Hòn Đất")

    assert [] == [p.message for p in found.problems]
    assert wanted <= {(b.unit, b.fund) for b in found.branches}
    assert not any("Nguyễn" in b.branch for b in found.branches)


@pytest.mark.parametrize("name", ASKED)
def test_what_could_be_two_things_is_asked(tmp_path, name):
    """One problem, at the cell that would settle it."""
    rows, cell = ASKED[name]

    assert [cell] == [p.cell for p in read(tmp_path, rows, tab="Hòn Đất").problems]


def test_a_column_for_the_whole_cluster_is_a_total(tmp_path):
    """“Toàn cụm” is nobody's grade."""
    head = ("STT", "Tiêu chí", "TP Rạch Giá", "Hòn Đất", "An Minh", "Toàn cụm")

    found = read(tmp_path, [head, *criteria("*", "*", "*", "A")])

    assert () == found.problems
    assert {(u, n, "cluster"): letter(n) for u in UNITS for n in range(1, 44)} == grades_of(found)


def test_two_columns_of_notes_are_remarked_on(tmp_path):
    """One of them may be the criteria's words under another heading."""
    found = read(tmp_path, [("STT", "Nhận xét", "Cụm chấm", "Ghi chú"), *criteria("*", "có")], tab="Hòn Đất")

    assert () == found.problems
    assert {"B1", "D1"} == {n.cell for n in found.notices if "nhiều cột ghi chú" in n.what}


def test_words_under_a_heading_that_stands_twice_are_remarked_on(tmp_path):
    """Remarks under a second “Tiêu chí”: not read, and said."""
    found = read(tmp_path, [("STT", "Tiêu chí", "Cụm chấm", "Tiêu chí"), *criteria("*", "có")], tab="Hòn Đất")

    assert () == found.problems
    assert "D2" in {n.cell for n in found.notices}


def test_remarks_under_a_misspelt_heading_are_said(tmp_path):
    """“hận xét” is no “hạn”."""
    found = read(tmp_path, [("STT", "Tiêu chí", "Cụm chấm", "hận xét"), *criteria("*", "có")], tab="Hòn Đất")

    assert "D2" in {n.cell for n in found.notices}


def test_points_beside_letters_are_not_read(tmp_path):
    """The letters count; that the points are not read is said."""
    heads = [("STT", "Tiêu chí", "Tự chấm", None, "Cụm chấm"), (None, None, "Xếp loại", "Điểm", "Xếp loại", "Điểm")]

    found = read(tmp_path, [*heads, *criteria("*", 10, "*", 9)], [(1, 3, 1, 4), (1, 5, 1, 6)], tab="Hòn Đất")

    assert () == found.problems
    assert {("hon-dat", n, s): letter(n) for s in ("self", "cluster") for n in range(1, 44)} == grades_of(found)
    assert {"D3", "F3"} <= {n.cell for n in found.notices}


def test_the_first_fault_of_a_table_does_not_hide_the_others(tmp_path):
    """A criterion's number, a unit's name and a column without a heading: each at its cell, in one go."""
    rows = [("STT", "Tiêu chí", "Rạch Giá", "Hòn Đấtt", None), *criteria("*", "*", "*")]
    rows[44 - 4] = (401, "nội dung 40", "A", "B", "A")

    assert {"D1", "A41", "E2"} == {p.cell for p in read(tmp_path, rows).problems}


def test_a_roman_number_before_an_indicator_is_its_number(tmp_path):
    """Where something stands in its row."""
    found = read(tmp_path, [("TT", "Chỉ tiêu", "Kế hoạch", "Thực hiện"), ("I", "Công tác xã hội"),
                            ("II", "Hiến máu tình nguyện", 5, 6)], tab="Hòn Đất")

    assert () == found.problems
    assert [(5, 6)] == [(i.target, i.actual) for i in found.indicators]


def test_a_signature_between_criteria_ends_no_table(tmp_path):
    """An area's line that somebody overtyped."""
    found = read(tmp_path, [("STT", "Tiêu chí", "Cụm chấm"), *criteria("*")[:20], (None, "NGƯỜI LẬP BIỂU"),
                            *criteria("*")[20:]], tab="Hòn Đất")

    assert () == found.problems
    assert 43 == len(grades_of(found))


def test_a_letter_before_the_criteria_s_letters_is_no_total(tmp_path):
    """Criteria across, the first of them without its number: asked about, and the other forty-two read."""
    heads = [("Đơn vị", "Người chấm", "Công tác xã hội"), (None, None, None, *range(2, 44))]
    found = read(tmp_path, [*heads, *((u, "Cụm chấm", "A", *map(letter, range(2, 44))) for u in ("Hòn Đất", "An Minh"))],
                 [(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 45)])

    assert ["C1"] == [p.cell for p in found.problems]


@pytest.mark.parametrize("place", [0, 1, 20, 44])
def test_units_may_stand_anywhere_beside_criteria_across(tmp_path, place):
    """Before the criteria, between two, after them."""
    lines = [("TT", *(f"TC{n}" for n in range(1, 44))), *((n, *map(letter, range(1, 44))) for n in (1, 2))]
    called = ("Đơn vị", "Hòn Đất", "An Minh")
    found = read(tmp_path, [(*line[:place], name, *line[place:]) for name, line in zip(called, lines, strict=True)])

    assert () == found.problems
    assert 86 == len(grades_of(found))


def test_codes_of_columns_that_changed_places_are_codes(tmp_path):
    """`3 A B 1 2` under a head."""
    found = read(tmp_path, [("Ghi chú", "STT", "Tiêu chí", "Rạch Giá", "Hòn Đất"), (3, "A", "B", 1, 2),
                            *((None, *row) for row in criteria("*", "*"))])

    assert () == found.problems
    assert 86 == len(grades_of(found))


def test_a_numbering_may_stand_anywhere(tmp_path):
    """At the right of the ratings too, beginning again under each unit."""
    found = read(tmp_path, [("Hội cơ sở", "Xếp loại", "STT"), ("Hòn Đất",), ("Xã A", "Khá", 1), ("Xã B", "Yếu", 2),
                            ("An Minh",), ("Xã C", "Khá", 1)])

    assert [] == [p.message for p in found.problems]
    assert 3 == len(found.branches)


def test_a_row_of_classes_may_hold_letters(tmp_path):
    """“Xếp loại” under the criteria is a remark of the cluster, no grade."""
    found = read(tmp_path, [("STT", "Tiêu chí", "Cụm chấm"), *criteria("*"), (None, "Xếp loại", "A")], tab="Hòn Đất")

    assert [] == [p.message for p in found.problems]
    assert 43 == len(grades_of(found))


def test_a_line_that_is_no_branch_by_its_looks_is_remarked_on(tmp_path):
    """Without a number where others have one, without rating and fund."""
    found = read(tmp_path, [BRANCHES, (1, "Xã A", "Khá"), (2, "Xã B"), (None, "Khác")], tab="Hòn Đất")

    assert () == found.problems
    assert ["B4"] == [n.cell for n in found.notices if "số thứ tự" in n.what]


@pytest.mark.parametrize("head", [("STT", "Tên", "Đơn vị", "Kết quả"), ("TT", "Họ và tên", "Ngày sinh", "Xếp loại"),
                                  ("STT", "Học viên", "Số điện thoại", "Đánh giá")])
def test_people_are_no_criteria(tmp_path, head):
    """Forty-three of them, each with a letter, on a sheet that bears a unit's name."""
    found = read(tmp_path, [head, *((n, f"Người {n}", "Hòn Đất", letter(n)) for n in range(1, 44))], tab="Hòn Đất")

    assert ["không nhận ra bảng nào trong tệp"] == [p.what for p in found.problems]
    assert any("176 ô" in n.what for n in found.notices)


def test_a_table_that_proves_nothing_beside_one_that_does_is_named(tmp_path):
    """Its first heading that nobody knows; the other is read."""
    found = read(tmp_path, [("STT", "Tiêu chí", "Cụm chấm"), *criteria("*"), (), (),
                            ("STT", "Chi hội trực thuộc", "Xếp loại", "Đã ký"), (1, "Chi hội 1", "Khá", 11)], tab="Hòn Đất")

    assert () == found.problems
    assert 43 == len(grades_of(found))
    assert "B47" in {n.cell for n in found.notices}


def test_ratings_and_funds_without_names_are_asked_about(tmp_path):
    """Below the grades, under a heading nobody knows."""
    found = read(tmp_path, [("STT", "Tiêu chí", "Cụm chấm"), *criteria("*"), (), (),
                            ("STT", "Hhi cơ sở", "Xếp loại", "Quỹ"), (1, "Xã A", "Khá", 11)], tab="Hòn Đất")

    assert ["B47"] == [p.cell for p in found.problems]


def test_the_members_there_are_are_no_growth(tmp_path):
    """“Tổng số hội viên” is not read, and named."""
    found = read(tmp_path, [("TT", "Chỉ tiêu", "Kế hoạch", "Thực hiện"), (1, "Tổng số hội viên", 12000, 12500),
                            (2, "Hiến máu tình nguyện", 5, 6)], tab="Hòn Đất")

    assert ["blood_units"] == [i.indicator for i in found.indicators]
    assert "B2" in {n.cell for n in found.notices}


@pytest.mark.parametrize(("line", "tab"), [("Đơn vị: huyện An Minh", "Sheet1"), (None, "An Minh")])
def test_a_file_and_a_line_that_name_two_units_are_asked_about(tmp_path, line, tab):
    """Neither is taken."""
    found = read(tmp_path, [(line,), ("STT", "Tiêu chí", "Cụm chấm"), *criteria("*")], tab=tab, file="Hòn Đất.xlsx")

    assert ["trang mang tên hai đơn vị khác nhau"] == [p.what for p in found.problems]
