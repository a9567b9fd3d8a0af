"""The words a number format shows with a number are its unit of measure (reading §4), in every kind of workbook.

`formats/*.ods` and `*.xls` are the `.xlsx` beside them saved by LibreOffice; `make` wrote those.
"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from layouts import year_of

from ctd_analysis.office.looks import look_of

FOLDER, UNITS = Path(__file__).parent / "formats", ["rach-gia", "hon-dat", "an-minh"]
#: Tab, heading; then a stored number, its format, and what it means in đồng or why it is asked about.
READ = {
    "Hòn Đất": ("Quỹ", [
        (20_000_000, "#,##0", 20_000_000), (50, '#,##0" triệu"', 50_000_000), (8.1, '0.0" tỷ"', 8_100_000_000),
        (15, '#,##0" tr";[Red]-#,##0" tr"', 15_000_000), (12_000_000, '#,##0\\ "₫"', 12_000_000),
        (8_100_000_000, '#,##0,," triệu"', 8_100_000_000)]),
    "An Minh": ("Quỹ (triệu đồng)", [
        (50, "#,##0", 50_000_000), (50, '#,##0" triệu"', 50_000_000), (8_100_000_000, '#,##0,," triệu"', 8_100_000_000),
        (50_000_000, "#,##0,,", 50_000_000), (50_000, "#,##0,", 50_000_000)])}
ASKED = {
    "Hòn Đất": ("Quỹ", [
        (50_000_000, "#,##0,,", "trái với"), (50, '0" người"', "không hợp"), (50, "[$$-409]#,##0", "không hợp"),
        (7_000_000, '[>=1000000]#,##0,," tr";#,##0" đ"', "không hợp"), (95, '0"%"', "không hợp")]),
    "An Minh": ("Quỹ (triệu đồng)", [
        (50, '#,##0" tỷ"', "trái với"), (50_000_000, '#,##0\\ "₫"', "trái với")])}
SUFFIXES = ("xlsx", "ods", "xls")


def read(folder: Path, name: str):
    """The year of one cluster that sent one of these workbooks."""
    return year_of(folder, UNITS, {name: (FOLDER / name).read_bytes()})


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_words_of_a_number_format_count(tmp_path, suffix):
    """Where the heading says nothing they are the unit; where it says the same, nothing changes."""
    found = read(tmp_path, f"read.{suffix}")

    assert () == found.problems
    assert [row[2] for _, rows in READ.values() for row in rows] == [branch.fund for branch in found.branches]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_number_format_that_says_another_unit_is_asked_about(tmp_path, suffix):
    """At the cell: another unit than the heading's, no unit of money, none that holds for every number."""
    found = read(tmp_path, f"asked.{suffix}")

    assert [(tab, f"D{n}", row[2]) for tab, (_, rows) in ASKED.items() for n, row in enumerate(rows, 2)] == [
        (p.sheet, p.cell, next(why for why in ("trái với", "không hợp") if why in p.what)) for p in found.problems]


@pytest.mark.parametrize(("code", "look"), [
    ("General", ""), ("#,##0", ""), ("0%", "%"), ("dd/mm/yyyy", "d"), ("0.00E+00", ""), ("_-* #,##0\\ _₫_-", ""),
    ("#,##0_);[Red]\\(#,##0\\)", ""), ('#,##0" triệu";"x"', '"triệu'), ("[$₫-42A]#,##0", '"₫'), ("#,##0 đ", '"đ'),
    ('#,##0.0,,"tỷ"', ',,"tỷ'), ('#,##0,.0"tỷ"', ',"tỷ'), ("#,##0,", ',"'), ('"a;b "0;0', '"a;b'), ('0"."', "")])
def test_what_a_number_format_shows(code, look):
    """Of the case for numbers above 0: words, thousands left out; blanks, fillers, colours and signs are no words."""
    assert look == look_of(code)


def make() -> None:
    """Write the workbooks the others were saved from."""
    for name, sheets in (("read", READ), ("asked", ASKED)):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for tab, (heading, rows) in sheets.items():
            sheet = book.create_sheet(tab)
            sheet.append(["STT", "Hội cơ sở", "Xếp loại", heading])
            for n, (value, code, _) in enumerate(rows, 1):
                sheet.append([n, f"Xã {n}", "Khá", value])
                sheet.cell(n + 1, 4).number_format = code
        book.save(FOLDER / f"{name}.xlsx")
