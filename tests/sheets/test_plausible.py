"""Well formed and yet odd: a notice at the cell, and the value as it stands; nothing is changed."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from conftest import CASES, make_year
from layouts import year_of
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill

from ctd_analysis.year import year

UNITS = ["rach-gia", "hon-dat", "an-minh"]
FILINGS = ("TT", "Hồ sơ", "Hòn Đất", "An Minh")


def saved(folder: Path, rows, change=lambda sheet: None, tab="Sheet1"):
    """The year with one sheet of these rows, changed in what they look like."""
    book = openpyxl.Workbook()
    book.active.title = tab
    for row in rows:
        book.active.append(row)
    change(book.active)
    book.save(folder / "a.xlsx")
    return year_of(folder / "year", UNITS, {"a.xlsx": (folder / "a.xlsx").read_bytes()})


def remarks(read: year.Year, words: str) -> list[str]:
    """The cells of the notices that say so."""
    assert () == read.problems
    return [n.cell for n in read.notices if words in n.what]


def grades(*columns, title="BẢNG ĐIỂM CỤM CHẤM NĂM 2024") -> list[tuple]:
    """Criteria in rows, a unit a column; a letter, or nothing, in each."""
    head = ("STT", "Tiêu chí", "Rạch Giá", "Hòn Đất", "An Minh")
    return [(title,), head, *((n, f"nội dung {n}", *columns) for n in range(1, 44))]


@pytest.mark.parametrize(("target", "actual", "is_odd"), [(50, 4999, False), (50, 5000, True), (5000, 51, False),
                                                          (5000, 50, True), (0, 300, False), (50, 0, False), ("", 5000, False)])
def test_a_hundred_times_is_remarked_on(tmp_path, target, actual, is_odd):
    """Either way round; no target, a target of 0 and an actual of 0 say nothing."""
    read = saved(tmp_path, [("TT", "Chỉ tiêu", "Chỉ tiêu giao", "Thực hiện"), (1, "Hiến máu tình nguyện", target, actual),
                            (2, "Phát triển hội viên", 5, 6)], tab="Hòn Đất")

    assert (["D2"] if is_odd else []) == remarks(read, "gõ nhầm")
    assert actual in {i.actual for i in read.indicators}


@pytest.mark.parametrize(("fund", "is_odd"), [(0, False), (1, True), (999_999, True), (1_000_000, False)])
def test_an_amount_below_a_million_may_be_in_millions(tmp_path, fund, is_odd):
    """A branch's fund, held against ten million."""
    read = saved(tmp_path, [("STT", "Hội cơ sở", "Xếp loại", "Quỹ"), (1, "Xã A", "Khá", fund), (2, "Xã B", "Khá", 20_000_000)],
                 tab="Hòn Đất")

    assert (["D2"] if is_odd else []) == remarks(read, "triệu đồng")


def test_a_csv_gets_the_same_remarks_at_its_lines(tmp_path):
    """The unit's fund in millions, a branch's too."""
    folder = make_year(CASES / "year-1", tmp_path / "year")
    for table, column, cell in (("branches", 3, "12"), ("indicators", 3, "57")):
        path = folder / "submissions" / "cum-1" / f"{table}.csv"
        lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
        at = next(n for n, line in enumerate(lines) if n and (table == "branches" or line[1] == "unit_fund"))
        lines[at][column] = cell
        path.write_text("\n".join(map(",".join, lines)) + "\n", encoding="utf-8")

    notices = [n for n in year.read(folder).notices if "có phải triệu đồng?" in n.what]

    assert {("cum-1/branches.csv", "12"), ("cum-1/indicators.csv", "57")} == {(n.file, n.seen) for n in notices}
    assert all(n.line for n in notices)


@pytest.mark.parametrize(("name", "told"), [("Xã B", "dòng ẩn có dữ liệu, vẫn đọc"), ("Mẫu Sơn", "dòng ẩn có dữ liệu, vẫn đọc"),
                                            ("Ví dụ: Xã B", "dòng ví dụ (mẫu), không đọc")])
def test_a_hidden_row_is_said_to_be_read_or_not(tmp_path, name, told):
    """Read as the others are, or a sample that is not: never both."""
    def hide(sheet):
        sheet.row_dimensions[3].hidden = True

    read = saved(tmp_path, [("STT", "Hội cơ sở", "Xếp loại", "Quỹ"), (1, "Xã A", "Khá", 20_000_000),
                            (2, name, "Khá", 20_000_000), (3, "Xã C", "Khá", 20_000_000)], hide, tab="Hòn Đất")

    assert () == read.problems
    assert [told] == [n.what for n in read.notices if n.cell in ("A3", "B3", "C3", "D3")]
    assert (name in {b.branch for b in read.branches}) == ("vẫn đọc" in told)


@pytest.mark.parametrize(("came", "is_odd"), [(date(2024, 12, 10), True), (date(2024, 10, 12), True),
                                              (date(2024, 11, 5), False), (date(2024, 12, 13), False),
                                              (date(2024, 12, 12), False), ("10/12/2024", False)])
def test_a_day_that_exchanged_would_change_late_is_remarked_on(tmp_path, came, is_odd):
    """10 December is late for the annual report, 12 October is not; what was typed as text was not turned by any program."""
    read = saved(tmp_path, [FILINGS, (1, "Báo cáo năm", came, None), (2, "Bảng tự chấm điểm", date(2024, 11, 30), None)])

    assert (["C2"] if is_odd else []) == remarks(read, "ngày và tháng đổi chỗ")


def test_a_real_day_beside_typed_ones_is_remarked_on(tmp_path):
    """The program took some of them for days, its own way round, and left the others."""
    read = saved(tmp_path, [FILINGS, (1, "Báo cáo năm", date(2024, 11, 5), None), (2, "Bảng tự chấm điểm", "30/11/2024", None)])

    assert ["C2"] == remarks(read, "có phải 11/05")


@pytest.mark.parametrize(("line", "is_odd"), [
    ("BẢNG ĐIỂM THI ĐUA NĂM 2023", True), ("Bảng điểm thi đua 2023", True), ("BẢNG ĐIỂM NĂM 2024", False),
    ("Kết quả năm 2024 so với năm 2023", False), ("Kèm theo Công văn số 51/CTĐKG ngày 13/6/2023", False),
    ("Kiên Giang, ngày 05 tháng 01 năm 2025", False), ("Điện thoại 0297 3862 1988", False)])
def test_another_year_in_a_line_over_the_table_is_remarked_on(tmp_path, line, is_odd):
    """Days and numbers of documents are not the sheet's year."""
    read = saved(tmp_path, grades("A", "B", "A", title=line))

    assert (["A1"] if is_odd else []) == remarks(read, "không phải năm 2024")


def test_a_grade_struck_through_is_read_and_remarked_on(tmp_path):
    """By the cell's font, or by that of the letter alone."""
    def strike(sheet):
        sheet["C3"].font = Font(strike=True)
        sheet["D4"].value = CellRichText(TextBlock(InlineFont(strike=True), "B"))
        sheet["B5"].font = Font(strike=True)           # words: nobody's value

    read = saved(tmp_path, grades("A", "B", "A"), strike)

    assert ["C3", "D4"] == remarks(read, "gạch ngang")
    assert 43 * 3 == sum(bool(g.cluster) for g in read.grades)


def test_an_ods_shows_the_same(tmp_path):
    """A cell's style or that of its letters; an empty cell's colour, written once for several."""
    names = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{u}:1.0"' for n, u in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("fo", "xsl-fo-compatible")))

    def cell(text, style="", inside="{}"):
        return (f'<table:table-cell office:value-type="string" table:style-name="{style}">'
                f"<text:p>{inside.format(text)}</text:p></table:table-cell>")

    title, head, first, second, *others = grades("A", "B", None)
    span = '<text:span text:style-name="T1">{}</text:span>'
    green = '<table:table-cell table:style-name="green" table:number-columns-repeated="1"/>'
    rows = ["".join(map(cell, title)), "".join(map(cell, head)),
            cell(1) + cell("Việc") + cell("A", "struck") + cell("B") + green,
            cell(2) + cell("Việc") + cell("A", inside=span) + cell("B") + green,
            *("".join(cell(value) for value in row[:4]) for row in others)]
    content = (f'<office:document-content {names}><office:automatic-styles>'
               '<style:style style:name="struck"><style:text-properties style:text-line-through-style="solid"/></style:style>'
               '<style:style style:name="T1"><style:text-properties style:text-line-through-type="single"/></style:style>'
               '<style:style style:name="green"><style:table-cell-properties fo:background-color="#92d050"/></style:style>'
               '</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="a">'
               + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
               + "</table:table></office:spreadsheet></office:body></office:document-content>")
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)

    read = year_of(tmp_path / "year", UNITS, {"a.ods": (tmp_path / "a.ods").read_bytes()})

    assert ["C3", "C4"] == remarks(read, "gạch ngang")
    assert ["E2"] == remarks(read, "2 ô tô màu")


def fill(sheet, column, colours, rows=range(3, 46)):
    """Cells in colours, again and again."""
    for n, row in enumerate(rows):
        sheet.cell(row, column).fill = PatternFill("solid", fgColor=colours[n % len(colours)])


def test_a_column_in_colours_without_a_letter_is_remarked_on(tmp_path):
    """Beside letters; one that is blank in the colours of the form is blank, as the others say."""
    both = saved(tmp_path, grades("A", "B", None), lambda sheet: fill(sheet, 5, ("FF92D050", "FF92D050", "FFFFFF00")))

    assert ["E2"] == remarks(both, "43 ô tô màu")


def test_the_colours_of_a_form_are_no_grades(tmp_path):
    """Every column in one colour, or in bands across."""
    def form(sheet):
        for column in range(1, 6):
            fill(sheet, column, ("FFEEEEEE", "FFFFFFFF"))

    read = saved(tmp_path, grades("A", "B", None), form)

    assert [] == remarks(read, "tô màu")
    assert ["E2"] == remarks(read, "không có điểm nào, trong khi")


@pytest.mark.parametrize(("day", "is_wrong"), [("2023-12-31", True), ("2024-01-01", False), ("2025-03-31", False),
                                               ("2025-04-01", True), ("", False)])
def test_a_decision_outside_its_year_is_a_problem(tmp_path, day, is_wrong):
    """From 1 January to 31 March of the next."""
    folder = make_year(CASES / "year-1", tmp_path / "year")
    with open(folder / "decisions.csv", "a", encoding="utf-8") as file:
        file.write(f"u006,consider,,thử,BB 02,{day}\n")

    found = [p for p in year.read(folder).problems if p.file == "decisions.csv"]

    assert ([day] if is_wrong else []) == [p.seen for p in found]
    assert all("01/01/2024 đến 31/03/2025" in p.message for p in found)


@pytest.mark.parametrize(("document", "day", "what"), [("", "", "văn bản, ngày"), ("", "2024-12-20", "văn bản"),
                                                       ("BB", "", "ngày"), ("BB", "2024-12-20", None)])
def test_a_decision_without_its_document_or_day_is_remarked_on(tmp_path, document, day, what):
    """It counts all the same."""
    folder = make_year(CASES / "year-1", tmp_path / "year")
    with open(folder / "decisions.csv", "a", encoding="utf-8") as file:
        file.write(f"u006,consider,,thử,{document},{day}\n")

    read = year.read(folder)

    assert ([f"quyết định chưa ghi {what}"] if what else []) == [
        n.what.rpartition(": ")[2] for n in read.notices if n.file == "decisions.csv"]
    assert any((d.unit, d.decision) == ("u006", "consider") for d in read.decisions)
