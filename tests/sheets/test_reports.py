"""III.1 "báo cáo tháng, quý, 6 tháng": the days on which they came, read in a table of documents, never at the price of one."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from conftest import CASES, make_year

from ctd_analysis.sheets.headings import report_label
from ctd_analysis.year import year


@pytest.mark.parametrize(("expected", "text"), [
    ("report-2024-03", "Báo cáo tháng 3"), ("report-2024-03", "Báo cáo tháng 03/2024"),
    ("report-2024-q1", "Báo cáo quý I năm 2024"),
    ("report-2024-q4", "BÁO CÁO QUÝ IV"), ("report-2024-q2", "Báo cáo công tác quý 2"),
    ("report-2024-h1", "Báo cáo 6 tháng đầu năm"),
    ("report-2024-h1", "Báo cáo sáu tháng"), ("report-2024-h2", "Báo cáo 6 tháng cuối năm 2024"),
    (None, "Báo cáo tháng 3/2023"), (None, "Báo cáo năm"), (None, "Báo cáo tháng"), (None, "Số báo cáo tháng 3")])
def test_a_report_is_known_by_how_offices_call_it(expected, text):
    """Months, quarters, halves of this year; another year's is none."""
    assert expected == report_label(text, 2024)


def read_with(tmp_path, *rows):
    """A year whose first cluster's table of documents is a workbook with these rows under its units' names."""
    folder = make_year(CASES / "year-1", tmp_path / "2024")
    sent = folder / "submissions" / "cum-1"
    (sent / "filings.csv").unlink()
    units = [unit for unit in year.read(folder).all_units if unit.cluster == "cum-1"]
    book = openpyxl.Workbook()
    for row in (["Hồ sơ", *(unit.name for unit in units)], ["Bảng đăng ký thi đua", *[date(2024, 2, 20)] * len(units)],
                ["Kế hoạch phát động thi đua", *[date(2024, 2, 20)] * len(units)],
                *([name, *[cell] * len(units)] for name, cell in rows)):
        book.active.append(row)
    book.save(sent / "ho-so.xlsx")
    return year.read(folder), units


def test_they_are_read_beside_the_documents_of_the_plan(tmp_path):
    """A day, or that it surely never came."""
    found, units = read_with(tmp_path, ("Báo cáo tháng 3", date(2024, 4, 2)), ("Báo cáo quý I", "Không gửi"))

    assert {(unit.unit, name, came) for unit in units
            for name, came in (("report-2024-03", date(2024, 4, 2)), ("report-2024-q1", "none"))} == {
        row[:3] for row in found.filings if row.filing.startswith("report-")}
    assert () == found.problems


def test_a_row_of_ticks_is_left_with_a_remark(tmp_path):
    """Ticks are no days: as before, told and not read; nothing else is lost for it."""
    found, units = read_with(tmp_path, ("Báo cáo tháng 3", "x"))

    assert () == found.problems
    assert any("hồ sơ ngoài quy định" in n.message for n in found.notices)
    assert 2 * len(units) == sum(row.unit in {unit.unit for unit in units} for row in found.filings)
