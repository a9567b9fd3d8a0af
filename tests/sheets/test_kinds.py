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


def test_points_beside_letters_are_not_read(tmp_path):
    """The letters count; that the points are not read is said."""
    heads = [("STT", "Tiêu chí", "Tự chấm", None, "Cụm chấm"), (None, None, "Xếp loại", "Điểm", "Xếp loại", "Điểm")]

    found = read(tmp_path, [*heads, *criteria("*", 10, "*", 9)], [(1, 3, 1, 4), (1, 5, 1, 6)], tab="Hòn Đất")

    assert () == found.problems
    assert {("hon-dat", n, s): letter(n) for s in ("self", "cluster") for n in range(1, 44)} == grades_of(found)
    assert {"D3", "F3"} <= {n.cell for n in found.notices}


@pytest.mark.parametrize("head", [("STT", "Tên", "Đơn vị", "Kết quả"), ("TT", "Họ và tên", "Ngày sinh", "Xếp loại"),
                                  ("STT", "Học viên", "Số điện thoại", "Đánh giá")])
def test_people_are_no_criteria(tmp_path, head):
    """Forty-three of them, each with a letter, on a sheet that bears a unit's name."""
    found = read(tmp_path, [head, *((n, f"Người {n}", "Hòn Đất", letter(n)) for n in range(1, 44))], tab="Hòn Đất")

    assert ["không nhận ra bảng nào trong tệp"] == [p.what for p in found.problems]
    assert any("176 ô" in n.what for n in found.notices)


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
