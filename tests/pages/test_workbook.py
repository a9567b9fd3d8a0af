"""results.xlsx: a cover that summarises and links, sheets that print on A4, words as words and numbers as numbers."""

from __future__ import annotations

import io

import openpyxl
import pytest
from conftest import SHIPPED

from ctd_analysis.answers.appraisal import Appraisal, appraise
from ctd_analysis.pages import results
from ctd_analysis.pages.notebook import ProvincePage
from ctd_analysis.words import outcomes
from ctd_analysis.year.year import read


def made(appraisal: Appraisal) -> openpyxl.Workbook:
    """The workbook of a year, opened."""
    return openpyxl.load_workbook(io.BytesIO(results.workbook(appraisal, ProvincePage(appraisal).marks)))


@pytest.fixture(scope="module")
def shipped() -> Appraisal:
    """The shipped year, judged."""
    return appraise(read(SHIPPED))


@pytest.fixture(scope="module")
def workbook(shipped) -> openpyxl.Workbook:
    """The shipped year's workbook."""
    return made(shipped)


def test_the_cover_says_the_year_and_leads_to_every_sheet(shipped, workbook):
    """The marks, the outcome in the pages' own sentences, a line a sheet with how many lines it has."""
    cover = workbook.worksheets[0]
    said = [cell.value for row in cover.iter_rows() for cell in row if cell.value]

    assert set(outcomes.whole_year(shipped)) <= set(said) and any("SỐ LIỆU MINH HỌA" in text for text in said)
    assert [f"'{title}'!A1" for title in results.SHEETS] == \
        [cell.hyperlink.location for row in cover for cell in row if cell.hyperlink]
    assert "Căn cứ của từng đơn vị: 15 dòng" in said


def test_every_sheet_prints_on_a_4(workbook):
    """Lying, as many sheets long as it wants, not wider than type of nine points lets it be; marked; its heads on each."""
    for sheet in workbook:
        setup, widths = sheet.page_setup, [one.width for one in sheet.column_dimensions.values()]
        assert (9, "landscape") == (int(setup.paperSize), setup.orientation)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and (1, 0) == (setup.fitToWidth or 1, setup.fitToHeight)
        assert sum(widths) <= results._ROOM + 5 * len(widths), sheet.title
        assert "DỰ THẢO" in sheet.oddHeader.right.text and "Thi đua năm 2024: &A" == sheet.oddHeader.left.text
        assert "&P / &N" == sheet.oddFooter.center.text
    assert all(sheet.print_title_rows == "$1:$1" for sheet in workbook.worksheets[1:])


def test_an_absent_cluster_is_said_on_the_cover_and_where_its_units_would_stand(without_cum_2):
    """`THIẾU: …`; counts are of all units."""
    book = made(appraise(read(without_cum_2)))
    said = "THIẾU: Cụm thi đua số 2 (mẫu) (1 lỗi)"
    texts = {sheet.title: [cell.value for row in sheet.iter_rows() for cell in row] for sheet in book}

    assert f"{said}." in texts["Tóm tắt"] and any(str(text).startswith("11 trong 15 đơn vị: ") for text in texts["Tóm tắt"])
    assert 4 == texts["Xếp loại"].count(said) and said in texts["Phân bố"] and said in texts["Đứng đầu cụm"]


def test_numbers_are_numbers_and_words_are_words(workbook):
    """A and C can be added up; a class, a share, a rank that is shared are words."""
    heads, *rows = workbook["Xếp loại"].iter_rows(values_only=True)
    place = {head: k for k, head in enumerate(heads)}
    units = [row for row in rows if row[0] and str(row[0]).startswith("Cụm")]

    assert 15 == len(units) and all(isinstance(row[place["A"]], int) for row in units)
    assert {"1 (đồng hạng)"} == {row[place["Thứ tự"]] for row in units if row[place["Đơn vị"]].startswith(
        ("Huyện Tân Hiệp", "Huyện Gò Quao"))}
