"""Sheets with one oddity each: read exactly, or refused at the very cell; never guessed, never half-read."""

from __future__ import annotations

from datetime import date

import pytest
import sheets
from layouts import grades_of, year_of
from sheets import Page

UNITS = ["rach-gia", "hon-dat", "an-minh"]
NAMES = {"rach-gia": "TP Rạch Giá", "hon-dat": "H. Hòn Đất", "an-minh": "H. An Minh"}
STAGES = ("self", "cluster")
WORDS = {"self": "Tự chấm", "cluster": "Cụm chấm"}
CRITERIA = range(1, 44)


def grade(unit: str, criterion: int, stage: str) -> str:
    """A grade, the same every time."""
    return "ABAAACAAAAB"[(len(unit) * 7 + criterion * 3 + (stage == "self") * 5) % 11]


BOTH = {(u, c, s): grade(u, c, s) for u in UNITS for c in CRITERIA for s in STAGES}
CLUSTER = {key: value for key, value in BOTH.items() if key[2] == "cluster"}


def matrix(heads=("STT", "Nội dung"), number=lambda n: n, merged=True, words=WORDS, name="Bảng điểm") -> Page:
    """Units across with both rounds; the head in rows 3 and 4, criterion 1 in row 5."""
    page = Page(name)
    for column, head in enumerate(heads, 1):
        page.put(3, column, head, down=2 if merged else 1)
    for k, unit in enumerate(UNITS):
        first = len(heads) + 1 + 2 * k
        page.put(3, first, NAMES[unit], right=2 if merged else 1)
        for j, stage in enumerate(STAGES):
            page.put(4, first + j, words[stage])
            for n in CRITERIA:
                page.put(4 + n, first + j, grade(unit, n, stage))
    for n in CRITERIA:
        page.put(4 + n, 1, number(n))
        if len(heads) > 1:
            page.put(4 + n, 2, "Nội dung của tiêu chí")
    return page


def with_cells(page: Page, cells: dict) -> list[Page]:
    """The page with some cells typed over; None empties one."""
    for place, value in cells.items():
        page.cells.pop(place, None)
        if value is not None:
            page.cells[place] = value
    return [page]


def one_column_a_unit(heading=lambda unit: NAMES[unit]) -> list[Page]:
    """A sheet for each unit with a single column of grades."""
    pages = []
    for unit in UNITS:
        page = Page(NAMES[unit])
        for column, head in enumerate(("STT", "Nội dung", heading(unit)), 1):
            page.put(3, column, head)
        for n in CRITERIA:
            page.put(3 + n, 1, n)
            page.put(3 + n, 2, "x y")
            page.put(3 + n, 3, grade(unit, n, "cluster"))
        pages.append(page)
    return pages


def combined() -> list[Page]:
    """Unit and round in one heading."""
    page = Page("Tổng hợp")
    page.put(2, 1, "TT")
    page.put(2, 2, "Tiêu chí")
    for k, (unit, stage) in enumerate((u, s) for u in UNITS for s in STAGES):
        page.put(2, 3 + k, f"{NAMES[unit]} ({WORDS[stage]})" if k % 2 else f"{NAMES[unit]}\n{WORDS[stage]}")
        for n in CRITERIA:
            page.put(2 + n, 3 + k, grade(unit, n, stage))
    for n in CRITERIA:
        page.put(2 + n, 1, n)
    return [page]


def newspaper() -> list[Page]:
    """Criteria 1 to 22 at the left and 23 to 43 beside them, for the same units."""
    page = Page("Hai cột")
    for start, numbers in ((1, range(1, 23)), (5, range(23, 44))):
        page.put(2, start, "STT")
        for k, unit in enumerate(UNITS):
            page.put(2, start + 1 + k, NAMES[unit])
            for r, n in enumerate(numbers, 3):
                page.put(r, start, n)
                page.put(r, start + 1 + k, grade(unit, n, "cluster"))
    return [page]


def a_sheet_an_area() -> list[Page]:
    """The matrix cut into its areas."""
    pages = []
    for (first, last, title), roman in zip(sheets.AREAS, sheets.ROMAN, strict=True):
        page = matrix(name=f"Nội dung {roman}")
        page.put(1, 1, title.upper())
        page.cells = {(r - first + 1 if r > 4 else r, c): v for (r, c), v in page.cells.items()
                      if r < 5 or first <= r - 4 <= last}
        pages.append(page)
    return pages


def stacked() -> list[Page]:
    """One table under the other, each headed with its unit."""
    page, row = Page("Sheet1"), 1
    for unit in UNITS:
        page.put(row, 1, f"Đơn vị: {NAMES[unit]}")
        for column, head in enumerate(("STT", "Tiêu chí", "Tự chấm", "Cụm chấm"), 1):
            page.put(row + 1, column, head)
        for n in CRITERIA:
            for column, value in enumerate((n, f"nội dung {n}", *(grade(unit, n, s) for s in STAGES)), 1):
                page.put(row + 1 + n, column, value)
        row += 50
    return [page]


def rows_below(page: Page, band: int, grades) -> int:
    """A row a criterion under the band at a row: number, text and what `grades` gives; where the next band stands."""
    for n in CRITERIA:
        for column, value in enumerate((n, f"nội dung {n}", *grades(n)), 1):
            page.put(band + n, column, value)
    return band + 44


def banded(first: str, second: str, titled="") -> list[Page]:
    """Rows that name a round for the criteria below them, a column a unit."""
    page, row = Page("Bảng điểm"), 4
    page.put(1, 1, titled)
    for column, head in enumerate(("STT", "Nội dung", *NAMES.values()), 1):
        page.put(3, column, head)
    for band, stage in zip((first, second), STAGES, strict=True):
        page.put(row, 2, band, right=3)
        row = rows_below(page, row, lambda n, stage=stage: [grade(unit, n, stage) for unit in UNITS])
    return [page]


def banded_units(*names: str) -> list[Page]:
    """Rows that name a unit for the criteria below them, a column a round."""
    page, row = Page("Bảng điểm"), 4
    for column, head in enumerate(("STT", "Nội dung", "Tự chấm", "Cụm chấm"), 1):
        page.put(3, column, head)
    for name, unit in zip(names, UNITS, strict=True):
        page.put(row, 1, name, right=4)
        row = rows_below(page, row, lambda n, unit=unit: [grade(unit, n, stage) for stage in STAGES])
    return [page]


def banded_twice() -> list[Page]:
    """A row that names a unit, under it one for each round."""
    page, row = Page("Bảng điểm"), 3
    for column, head in enumerate(("STT", "Nội dung", "Điểm"), 1):
        page.put(2, column, head)
    for unit in UNITS:
        page.put(row, 2, NAMES[unit])
        for stage in STAGES:
            page.put(row + 1, 2, WORDS[stage])
            for n in CRITERIA:
                for column, value in enumerate((n, f"nội dung {n}", grade(unit, n, stage)), 1):
                    page.put(row + 1 + n, column, value)
            row += 44
        row += 1
    return [page]


def banded_across() -> list[Page]:
    """Criteria in columns, a row a unit; the rounds as rows over them."""
    page, row = Page("Bảng điểm"), 3
    for column, head in enumerate(("STT", "Đơn vị", *CRITERIA), 1):
        page.put(2, column, head)
    for stage in STAGES:
        page.put(row, 2, WORDS[stage])
        for k, unit in enumerate(UNITS, 1):
            for column, value in enumerate((k, NAMES[unit], *(grade(unit, n, stage) for n in CRITERIA)), 1):
                page.put(row + k, column, value)
        row += len(UNITS) + 1
    return [page]


def codes(letters) -> list[Page]:
    """A row of codes under the head."""
    page = matrix()
    page.cells = {(r + (r > 4), c): v for (r, c), v in page.cells.items()}
    for column, code in enumerate(letters, 1):
        page.put(5, column, code)
    return [page]


def summary() -> list[Page]:
    """The matrix and, on a sheet of its own, counts of A, B, C and a class for each unit."""
    page = Page("KQ")
    for r, row in enumerate((("TT", "Đơn vị", "A", "B", "C", "Xếp loại"), *((k, NAMES[u], 37, 5, 1, "Khá") for k, u in
                                                                           enumerate(UNITS, 1))), 3):
        for c, value in enumerate(row, 1):
            page.put(r, c, value)
    return [matrix(), page]


EXACT = {
    "heads not merged": (lambda: [matrix(merged=False)], BOTH), "TC 7": (lambda: [matrix(number=lambda n: f"TC {n}")], BOTH),
    "07": (lambda: [matrix(number=lambda n: f"{n:02d}")], BOTH), "unit and round in one heading": (combined, BOTH),
    "number before the words": (lambda: [matrix(("Tiêu chí",), lambda n: f"{n}. Nội dung, đạt 90%")], BOTH),
    "Tiêu chí 7: …": (lambda: [matrix(("Nội dung",), lambda n: f"Tiêu chí {n}: đạt 90%")], BOTH),
    "one column": (lambda: one_column_a_unit(lambda _: "Điểm"), CLUSTER), "newspaper columns": (newspaper, CLUSTER),
    "a sheet an area": (a_sheet_an_area, BOTH), "stacked": (stacked, BOTH), "codes A to H": (lambda: codes("ABCDEFGH"), BOTH),
    "codes mixed": (lambda: codes(["A", "B", "1=(2+3)", "2", "C", "D", "3", "4"]), BOTH), "a summary beside": (summary, BOTH),
    "bands of rounds": (lambda: banded("Tự chấm", "CỤM CHẤM"), BOTH),
    "numbered bands": (lambda: banded("I. Tự chấm", "II. Cụm chấm"), BOTH),
    "bands under a title": (lambda: banded("Phần A: Đơn vị tự chấm", "Phần B: Cụm chấm điểm", "BẢNG TỰ CHẤM, CỤM CHẤM"), BOTH),
    "bands of units": (lambda: banded_units(*(f"{n}. {NAMES[u].upper()} (08 xã)" for n, u in enumerate(UNITS, 1))), BOTH),
    "bands of units and rounds": (banded_twice, BOTH), "bands over rows of units": (banded_across, BOTH)}

REFUSED = {
    "a band misspelt": (lambda: banded("Tự chấm", "Cụm chấn"), {f"A{n}" for n in range(49, 92)}),
    "unit nobody knows": (lambda: with_cells(matrix(), {(3, 5): "H. Hòn Đấc"}), {"E3"}),
    "unit of another cluster": (lambda: with_cells(matrix(), {(3, 5): "Gò Quao"}), {"E3"}),
    "unit twice": (lambda: with_cells(matrix(), {(3, 5): "Thành phố Rạch Giá"}), {"E3"}),
    "round misspelt": (lambda: with_cells(matrix(), {(4, 5): "Tự chấn"}), {"E4"}),
    "round twice": (lambda: with_cells(matrix(), {(4, 5): "Cụm chấm"}), {"F4"}),
    "criterion twice": (lambda: with_cells(matrix(), {(20, 1): 15}), {"A20"}),
    "criterion 44": (lambda: with_cells(matrix(), {(20, 1): 44}), {"A20"}),
    "criterion in words": (lambda: with_cells(matrix(), {(20, 1): "mười sáu"}), {"A20"}),
    "criterion without number": (lambda: with_cells(matrix(), {(20, 1): None}), {"C20"}),
    "number that begins again": (lambda: with_cells(matrix(), {(4 + n, 1): n - first + 1 for first, last, _ in sheets.AREAS
                                                               for n in range(first, last + 1)}), {"A3"}),
    "column of nobody": (lambda: one_column_a_unit(lambda _: "Mức độ")[:1], {"C3"})}


@pytest.mark.parametrize("name", EXACT)
def test_read_exactly(tmp_path, name):
    """No problem, every grade in its place."""
    make, wanted = EXACT[name]

    read = year_of(tmp_path, UNITS, {"a.xlsx": sheets.save(make())})

    assert [] == [p.message for p in read.problems]
    assert wanted == grades_of(read)


@pytest.mark.parametrize("name", REFUSED)
def test_refused_at_the_cell(tmp_path, name):
    """One problem, where it can be mended."""
    make, cells = REFUSED[name]

    read = year_of(tmp_path, UNITS, {"a.xlsx": sheets.save(make())})

    assert cells == {p.cell for p in read.problems}


@pytest.mark.parametrize(("merge", "cell"), [((10, 4, 11, 4), "D10"), ((10, 4, 10, 5), "D10")])
def test_a_grade_merged_over_others(tmp_path, merge, cell):
    """Over two criteria, over two columns: whose is it?"""
    page = matrix()
    page.merges.append(merge)
    page.cells.pop((merge[2], merge[3]))

    read = year_of(tmp_path, UNITS, {"a.xlsx": sheets.save([page])})

    assert [cell] == [p.cell for p in read.problems]


def test_two_ticks_and_what_is_no_tick(tmp_path):
    """L4: two ticks, a v, a Cyrillic х; KAD may be merged over the three columns."""
    page = Page("Chấm")
    page.put(2, 1, "TT", down=2)
    page.put(2, 2, "Tiêu chí", down=2)
    page.put(2, 3, NAMES["rach-gia"], right=3)
    for k, letter in enumerate("ABC"):
        page.put(3, 3 + k, letter)
    for n in CRITERIA:
        page.put(3 + n, 1, n)
        page.put(3 + n, 3, "x")
    page.put(8, 3, "KAD", right=3)
    page.put(10, 4, "x")
    page.put(11, 3, "v")
    page.put(12, 3, "х")

    read = year_of(tmp_path, UNITS, {"a.xlsx": sheets.save([page])})

    assert ["D10", "C11", "C12"] == [p.cell for p in read.problems]


def test_targets_and_actuals_in_one_cell_turn_with_the_heading(tmp_path):
    """`1.748/1.800` under Thực hiện/Chỉ tiêu, `1.800/1.748` under Chỉ tiêu/Thực hiện; a wrong percentage is a notice."""
    rows = (("TT", "Chỉ tiêu", "ĐVT", NAMES["rach-gia"], NAMES["hon-dat"]), (None, None, None, "Thực hiện/Chỉ tiêu",
                                                                            "Chỉ tiêu/Thực hiện"),
            (1, "Phát triển hội viên", "người", "1.748/1.800", "1.800/1.748"),
            (2, "Hội phí", "đồng", "93.225.000/96.000.000 đạt 97,11%", "96.000.000/93.225.000 (đạt 90%)"))
    page = Page("Chỉ tiêu")
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            page.put(r, c, value)

    read = year_of(tmp_path, UNITS, {"a.xlsx": sheets.save([page])})

    assert [] == [p.message for p in read.problems]
    assert {(1800, 1748), (96_000_000, 93_225_000)} == {(i.target, i.actual) for i in read.indicators}
    assert ["E4"] == [n.cell for n in read.notices if n.cell]


def test_filings_with_a_number_beside_the_day(tmp_path):
    """Under each filing a column for the document and one for the day."""
    page = Page("Theo dõi")
    for column, head in ((1, "STT"), (2, "Tên đơn vị")):
        page.put(1, column, head, down=2)
    for column, head in ((3, "Đăng ký thi đua"), (5, "Báo cáo năm")):
        page.put(1, column, head, right=2)
        page.put(2, column, "Số văn bản")
        page.put(2, column + 1, "Ngày nhận")
    for column, value in enumerate((1, NAMES["rach-gia"], "05/BC", date(2024, 2, 1), "06/BC", "9/12/2024"), 1):
        page.put(3, column, value)

    read = year_of(tmp_path, UNITS, {"a.xlsx": sheets.save([page])})

    assert [] == [p.message for p in read.problems]
    assert {("registration", date(2024, 2, 1)), ("annual_report", date(2024, 12, 9))} == {f[1:3] for f in read.filings}


def test_bands_over_nothing_are_read_as_nothing(tmp_path):
    """Two rounds named in a column of a table without one grade."""
    page = banded("Tự chấm", "Cụm chấm")[0]
    page.cells = {(r, c): v for (r, c), v in page.cells.items() if r < 4 or c < 3}

    read = year_of(tmp_path, UNITS, {"a.xlsx": sheets.save([page])})

    assert {} == grades_of(read)


def test_many_rows_without_a_number_are_one_question(tmp_path):
    """Numbered within their areas, 1.1, 1.2: told once, at the first; the columns they stand in are in no doubt."""
    page = matrix(heads=("TC", "Nội dung"), number=lambda n: n if n < 3 else f"{1 + n // 8}.{1 + n % 8}")

    read = year_of(tmp_path, UNITS, {"a.xlsx": sheets.save([page])})

    assert [("A7", True)] == [(p.cell, p.what.startswith("41 dòng")) for p in read.problems]


def test_sums_at_the_right_of_the_second_half_count_the_first_too(tmp_path):
    """Criteria 1 to 21, and under them 22 to 43 with the sums of all; or of this half alone; another number is remarked on."""
    page, row = Page("Tổng hợp"), 1
    for numbers in (range(1, 22), range(22, 44)):
        for column, head in enumerate(("STT", "Đơn vị", *numbers, *(["Cộng A"] if 43 in numbers else [])), 1):
            page.put(row, column, head)
        for k, unit in enumerate(UNITS, 1):
            letters = [grade(unit, n, "cluster") for n in numbers]
            whole = sum(grade(unit, n, "cluster") == "A" for n in CRITERIA)
            cells = (k, NAMES[unit], *letters, *([(whole, letters.count("A"), 1)[k - 1]] if 43 in numbers else []))
            for column, value in enumerate(cells, 1):
                page.put(row + k, column, value)
        row += 8

    read = year_of(tmp_path, UNITS, {"a.xlsx": sheets.save([page])})

    assert () == read.problems and CLUSTER == grades_of(read)
    assert ["Y12"] == [n.cell for n in read.notices if "số cộng" in n.what]
