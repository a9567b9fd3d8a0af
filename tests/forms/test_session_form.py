"""`ky-hop.xlsx`: written in words, previewed, taken once (year-round §1.3)."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from conftest import CASES, make_year

from ctd_analysis import cli
from ctd_analysis.forms import session
from ctd_analysis.year import year

DECIDED = ("Huyện Thử 1", "hạ một mức", None, "chậm báo cáo", "BB 09", date(2024, 12, 21))
AMENDED = ("Xuất sắc: số điểm A, từ", 40, "thống nhất", "NQ 9", "21/12/2024")


@pytest.fixture
def folder(tmp_path):
    """A worked year."""
    return make_year(CASES / "year-1", tmp_path / "year")


@pytest.fixture
def form(folder, tmp_path):
    """Writes rows into the form of that year; gives its path."""
    assert 0 == cli.main(["template", str(folder), "--round", "session", "--out", str(tmp_path / "out")])
    path = tmp_path / "out" / "ky-hop.xlsx"

    def fill(decisions=(), amendments=()):
        book = openpyxl.load_workbook(path)
        for name, rows in (("Quyết định", decisions), ("Điều chỉnh", amendments)):
            for line, row in enumerate(rows, 6):
                for column, value in enumerate(row, 1):
                    book[name].cell(line, column).value = value
        book.save(path)
        return path

    return fill


def take(folder, path, *options):
    """`ctd decide --take`."""
    return cli.main(["decide", "--take", str(path), str(folder), *options])


def tables(folder):
    """What of the year's tables stands on the disk."""
    return {p.name: p.read_bytes() for p in folder.glob("*.csv")}


def test_the_form_has_lists_in_words_and_is_always_the_same(folder):
    """Units by name, decisions and classes in Vietnamese; the same bytes twice."""
    read = year.read(folder)
    lists = session._choices(read)

    assert session.workbook(read) == session.workbook(read)
    assert "Huyện Thử 0" in lists["Đơn vị"] and "xếp loại" in lists["Quyết định"] and "Khá" in lists["Giá trị"]
    assert "Xuất sắc: số điểm A, từ" in lists["Nội dung"]


def test_a_preview_of_the_form_writes_nothing(folder, form, capsys):
    """Who moves, by all rows together."""
    before = tables(folder)

    assert 0 == take(folder, form([DECIDED], [AMENDED]))

    assert "decision: downgrade" in (told := capsys.readouterr().out) and "key: class.excellent.min_a" in told
    assert before == tables(folder)


def test_what_is_taken_stands_in_both_tables(folder, form):
    """In codes, with what was seen under the amended rules."""
    assert 0 == take(folder, form([DECIDED], [AMENDED]), "--record")

    read = year.read(folder)
    assert ("class.excellent.min_a", 40) == read.amendments[0][:2]
    assert ("u001", "downgrade", "", "chậm báo cáo", "BB 09", date(2024, 12, 21)) == read.ledger[-1][:6]
    assert " ru-" in read.ledger[-1].seen


def test_a_form_taken_twice_adds_nothing(folder, form, capsys):
    """Its rows are known; a row more in the same form is taken alone."""
    path = form([DECIDED], [AMENDED])
    assert 0 == take(folder, path, "--record")
    once = tables(folder)

    assert 1 == take(folder, path, "--record")
    assert "2 dòng trong ky-hop.xlsx đã ghi từ trước" in capsys.readouterr().err
    assert once == tables(folder)

    assert 0 == take(folder, form([DECIDED, (*DECIDED[:3], "lần hai", *DECIDED[4:])], [AMENDED]), "--record")
    assert len(once["decisions.csv"].splitlines()) + 1 == len(tables(folder)["decisions.csv"].splitlines())


@pytest.mark.parametrize(("row", "said"), [
    (("Huyện Thử 1", "xếp loại", None, "x", "BB", "21/12/2024"), ["trang “Quyết định”", "dòng 6", "cột value"]),
    (("Huyện Thử 1", None, None, None, None, None), ["dòng 6", "cột decision", "cột document", "thiếu ngày quyết định"]),
    (("Huyện Thử 77", "hạ một mức", None, "x", "BB", "21/12/2024"), ["ô A6", "không có đơn vị này"]),
    (("Huyện Thử 1", "hạ một mức", None, "x", "BB", "2024"), ["ô F6", "không phải ngày"])])
def test_a_row_half_filled_refuses_the_whole_form(folder, form, row, said, capsys):
    """Everything wrong is told at once, by sheet and cell; the sound row beside it is not written either."""
    before = tables(folder)

    assert 1 == take(folder, form([row, DECIDED]), "--record")

    told = capsys.readouterr().err
    assert [] == [part for part in said if part not in told], told
    assert before == tables(folder)


def test_an_empty_form_and_another_workbook_are_told(folder, form, tmp_path, capsys):
    """Nothing to take; no form at all; no file."""
    assert 1 == take(folder, form())
    openpyxl.Workbook().save(tmp_path / "khac.xlsx")
    assert 1 == take(folder, tmp_path / "khac.xlsx")
    assert 1 == take(folder, tmp_path / "không-có.xlsx")

    told = capsys.readouterr().err
    assert "chưa ghi dòng nào" in told and "không có trang Quyết định" in told and "không-có.xlsx" in told


def test_the_form_is_no_data_of_the_year(folder, form):
    """It may lie in the year's folder: it is said that it is not read."""
    (folder / "ky-hop.xlsx").write_bytes(form([DECIDED]).read_bytes())

    read = year.read(folder)

    assert 1 == sum("không đọc" in n.what for n in read.notices if n.file == "ky-hop.xlsx")
    assert "u001" not in [one.unit for one in read.ledger if one.reason == "chậm báo cáo"]
