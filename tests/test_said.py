"""What is said of a faulty cell or file fits the case, on one line, and nothing buries it or takes command of a page."""

from __future__ import annotations

import re
import shutil

import openpyxl
import pytest
from conftest import CASES, SHIPPED, make_year
from grids import Held, filled
from mutate_cells import CLUSTER

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.office.zipped import place
from ctd_analysis.pages import site
from ctd_analysis.problems import visible, without_commands
from ctd_analysis.year import year

FIGURES = 2             # the form's sheet of indicators
COMMANDS = "\x1b\x07\x7f\x9b\x85\u202e\u2066\u200f"


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    """The filled form of one cluster."""
    [case] = filled(tmp_path_factory.mktemp("said"), year.read(SHIPPED), [CLUSTER])
    return case


def told(form, address: str, held) -> list[str]:
    """What is wrong once a cell of the indicators holds something else."""
    grids = list(form.grids)
    grids[FIGURES] = grids[FIGURES].with_cell(place(address), held)
    return [p.message for p in form.read(grids).problems]


def row_of(form, label: str) -> int:
    """The row of an indicator."""
    return next(row for (row, column), held in form.grids[FIGURES].cells.items() if column == 2 and held.value == label)


# ---------------------------------------------------------------- a sentence that fits

@pytest.mark.parametrize("typed", ["Đạt", "đạt", "Có", "Đúng", "x", "2"])
def test_what_is_judged_is_answered_with_1_or_0(form, typed):
    """“Đạt” is asked for as 1, with what 1 and 0 say."""
    [message] = told(form, f"E{row_of(form, 'Chế độ thông tin báo cáo')}", Held("t", typed))

    assert f"“{typed}”; cần 1 hoặc 0: 1 (đúng chế độ), 0 (không đúng chế độ)." in message


@pytest.mark.parametrize(("target", "is_wrong"), [("", False), ("0", False), ("1", False), ("2", True), ("5", True)])
def test_what_is_judged_is_asked_for_once(form, target, is_wrong):
    """A target of reporting is 1, or was not set."""
    found = told(form, f"D{row_of(form, 'Chế độ thông tin báo cáo')}", Held("t", target))

    assert is_wrong == bool(found)
    assert all(f"chỉ tiêu không thể là {target}" in message and "cần 1 (phải đạt)" in message for message in found)


@pytest.mark.parametrize("held", [Held("t", "8,1"), Held("n", 8.1)])
def test_money_with_a_decimal_comma_lacks_its_word(form, held):
    """8,1 đồng are none; triệu or tỷ was meant."""
    [message] = told(form, f"E{row_of(form, 'Giá trị Tháng Nhân đạo')}", held)

    assert "số tiền lẻ" in message and "(thiếu chữ triệu, tỷ?)" in message
    assert "cần số tiền, ví dụ 8.100.000.000 hoặc 8,1 tỷ" in message


@pytest.mark.parametrize(("text", "shown"), [("A\nB", "A⏎B"), ("A\r\nB\rC", "A⏎B⏎C"), ("A\tB", "A B"), ("A\x0bB", "A\\u000bB"),
                                             ("A\u2028B", "A⏎B"), ("\u202eA", "\\u202eA")])
def test_a_line_break_is_shown_as_one_sign(text, shown):
    """What else nobody sees is spelled out."""
    assert shown == visible(text)


# ---------------------------------------------------------------- a text of two bytes a sign

@pytest.mark.parametrize("code", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["grades.csv", "bang diem.csv"])
def test_a_csv_saved_as_unicode_text_is_told_how_to_save_it(tmp_path, code, name):
    """One sentence, without the noise of its bytes; under any name."""
    folder = make_year(CASES / "year-1", tmp_path / "year")
    sent = folder / "submissions" / "cum-1" / "grades.csv"
    raw = sent.read_text(encoding="utf-8").replace(",", "\t").encode(code)
    sent.unlink()
    sent.with_name(name).write_bytes(raw)

    [message] = [p.message for p in year.read(folder).problems]

    assert message.startswith(f"cum-1/{name}: tệp không phải UTF-8 mà là UTF-16 (Excel gọi là “Unicode Text”); cần trong Excel")
    assert "CSV UTF-8" in message and "\\u" not in message


@pytest.mark.parametrize(("name", "is_lost"), [("Xã Thạnh Hòa", False), ("Xã Th?nh Hòa", True), ("X? Tân An", True),
                                               ("Xã Tân An?", True), ("Xã T\ufffdn An", True)])
def test_a_branch_s_name_that_lost_letters_is_remarked_on(tmp_path, name, is_lost):
    """A program without Unicode saved `?` for what it could not hold."""
    folder = make_year(CASES / "year-1", tmp_path / "year")
    table = folder / "submissions" / "cum-1" / "branches.csv"
    head, first, *rest = table.read_text(encoding="utf-8").splitlines()
    cells = first.split(",")
    table.write_text("\n".join([head, ",".join([cells[0], name, *cells[2:]]), *rest]) + "\n", encoding="utf-8")

    read = year.read(folder)

    assert ([name] if is_lost else []) == [n.seen for n in read.notices if "chữ bị mất" in n.what]
    assert name in {b.branch for b in read.branches}


@pytest.mark.parametrize(("note", "is_lost"), [("đã nộp chưa?", False), ("h?i viên", True), ("? chưa rõ", False)])
def test_a_note_may_ask(tmp_path, note, is_lost):
    """A question mark after a word is one; inside or before a word it stands for a letter."""
    folder = make_year(CASES / "year-1", tmp_path / "year")
    table = folder / "submissions" / "cum-1" / "grades.csv"
    head, first, *rest = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([head, ",".join([*first.split(",")[:4], note]), *rest]) + "\n", encoding="utf-8")

    assert ([note] if is_lost else []) == [n.seen for n in year.read(folder).notices if "chữ bị mất" in n.what]


# ---------------------------------------------------------------- nothing buries the reason

@pytest.mark.parametrize("extra", [0, 2, 3, 30])
def test_notices_of_a_refused_file_do_not_bury_its_problem(tmp_path, extra):
    """No table in it, whatever else: the reason, and three of the extra sheets at most."""
    folder = shutil.copytree(SHIPPED, tmp_path / "2024")
    book = openpyxl.Workbook()
    for n in range(extra + 1):
        sheet = book.create_sheet(f"Trang {n}")
        sheet.append(["Danh sách", "khác"])
        sheet.row_dimensions[1].hidden = True
    book.save(folder / "submissions" / "cum-3.xlsx")

    read = year.read(folder)

    assert ["không nhận ra bảng nào trong tệp"] == [p.what for p in read.problems]
    assert min(extra + 1, 3) == sum(n.file == "cum-3.xlsx" for n in read.notices)


def test_a_file_in_an_old_code_is_not_buried(tmp_path):
    """TCVN3 on one sheet, hidden rows and a comment on another."""
    folder = shutil.copytree(SHIPPED, tmp_path / "2024")
    path = folder / "submissions" / "cum-3.xlsx"
    book = openpyxl.load_workbook(path)
    for row in range(6, 12):
        book["Chỉ tiêu"].row_dimensions[row].hidden = True
    sheet = book.create_sheet("Cu")
    for text in ("Héi Ch÷ thËp ®á", "B¶ng ®iÓm thi ®ua", "Huyện".replace("ệ", "Ö"), "®¬n vÞ"):
        sheet.append([text])
    book.save(path)

    read = year.read(folder)

    assert ["chữ theo mã TCVN3"] == [p.what[:17] for p in read.problems]
    assert 3 == sum(n.file == "cum-3.xlsx" for n in read.notices)


# ---------------------------------------------------------------- nothing takes command

def test_no_command_reaches_a_page(tmp_path):
    """What turns letters round is spelled out in a whole page, in its title as in its cells."""
    folder = shutil.copytree(SHIPPED, tmp_path / "2024")
    units = folder / "units.csv"
    text = units.read_text(encoding="utf-8").replace("Huyện Hòn Đất", "Huyện \u202eHòn Đất\u2066", 1)
    units.write_text(text, encoding="utf-8")

    page = site.contents(appraise(year.read(folder)), [], {}, "", "", lambda name: "")

    assert "Huyện \\u202eHòn Đất\\u2066" in page
    assert [] == re.findall(f"[{COMMANDS}]", page)


def test_every_command_is_spelled_out_as_json_has_it():
    """And a line break, a tab, an accent stay."""
    assert "\\u001b\\u0007\\u007f\\u009b\\u0085\\u202e\\u2066\\u200f\n\té" == without_commands(f"{COMMANDS}\n\té")


@pytest.mark.parametrize("sign", ["\x1b", "\x80", "\x9b", "\x9f"])
def test_control_signs_in_a_csv_are_a_problem(tmp_path, sign):
    """C1 is as little a text as ESC is; a line break of any kind may stand in a cell."""
    folder = make_year(CASES / "year-1", tmp_path / "year")
    table = folder / "submissions" / "cum-1" / "branches.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",Kh", f"{sign},Kh", 1), encoding="utf-8")

    [problem] = year.read(folder).problems

    assert "có ký tự điều khiển không nhìn thấy" in problem.what and problem.message.isprintable()
