"""What units send back in February: the form filled in says what it says, and whatever cannot be read is told with its cell."""

from __future__ import annotations

import shutil

import openpyxl
import pytest
from conftest import CASES, make_year

from ctd_analysis import cli
from ctd_analysis.answers.registration import Registration
from ctd_analysis.tables.registration import standing
from ctd_analysis.year import year

OWN, BRANCHES = "Đăng ký", "Hội cơ sở"


@pytest.fixture
def folder(tmp_path):
    """A February without any target written by the office itself."""
    made = make_year(CASES / "year-round" / "05-february", tmp_path / "2024")
    (made / "targets.csv").unlink()
    return made


@pytest.fixture
def form(folder, tmp_path):
    """The form of the first unit, opened; `send` puts it among what came back."""
    assert 0 == cli.main(["template", "--round", "registration", "--out", str(tmp_path / "forms"), str(folder)])
    book = openpyxl.load_workbook(tmp_path / "forms" / "u000.xlsx")

    def send(name="u000.xlsx"):
        (folder / "registration").mkdir(exist_ok=True)
        book.save(folder / "registration" / name)
        return year.read(folder)

    book.send = send
    return book


def row_of(book, label: str) -> int:
    return next(cell.row for cell in book[OWN]["B"] if cell.value == label)


def faults(found):
    """What is wrong apart from what has not been sent yet."""
    return [p for p in found.problems if not p.is_absence]


def test_there_is_a_form_a_unit_and_the_same_year_gives_the_same_bytes(folder, tmp_path):
    """Only whoever has written into one keeps it: the new one lies beside it."""
    for out in ("a", "b"):
        assert 0 == cli.main(["template", "--round", "registration", "--out", str(tmp_path / out), str(folder)])

    assert [f"u00{n}.xlsx" for n in range(8)] == sorted(path.name for path in (tmp_path / "a").iterdir())
    assert all((tmp_path / "b" / path.name).read_bytes() == path.read_bytes() for path in (tmp_path / "a").iterdir())


def test_an_empty_form_says_nothing_and_is_no_fault(form):
    """Nothing filled in is nothing registered."""
    found = form.send()

    assert ((), [], []) == (found.targets, faults(found), [n for n in found.notices if "registration/" in n.file])


def test_what_is_filled_in_is_what_was_registered(form):
    """A unit's own targets, what its branches are given, a branch named without a number."""
    form[OWN].cell(row_of(form, "Hội phí"), 4).value = 90_000_000
    form[OWN].cell(row_of(form, "Hội phí"), 5).value = "nghị quyết 5"
    form[OWN].cell(row_of(form, "Phát triển hội viên"), 4).value = 0
    form[BRANCHES]["B6"], form[BRANCHES]["C6"], form[BRANCHES]["D6"], form[BRANCHES]["B7"] = "Xã Một", 5, 7, "Xã Hai"

    found = form.send()

    assert [("u000", "", "dues", 90_000_000, "nghị quyết 5"), ("u000", "", "member_growth", 0, ""),
            ("u000", "Xã Một", "dues", 5, ""), ("u000", "Xã Một", "member_growth", 7, ""),
            ("u000", "Xã Hai", "dues", None, "")] == [one[:5] for one in found.targets]
    assert [] == faults(found)


@pytest.mark.parametrize(("sheet", "cell", "value", "said"), [
    (OWN, "D6", "chín mươi", "Hội phí"), (OWN, "A2", "BẢNG ĐĂNG KÝ CHỈ TIÊU THI ĐUA NĂM 2023", "của năm khác"),
    (OWN, "A4", "Đơn vị: Huyện Thử 1", "mang tên hai đơn vị khác nhau"), (BRANCHES, "C6", 5, "thiếu tên Hội cơ sở"),
    (BRANCHES, "A2", "CHỈ TIÊU GIAO NĂM 2025", "của năm khác"), (OWN, "B6", "Việc khác", "ô đã khóa của biểu bị sửa"),
    (OWN, "D5", "Số suất", "không hiểu cột này"), (OWN, "B15", "Hội phí", "ô đã khóa của biểu bị sửa")])
def test_what_cannot_be_so_is_told_with_its_cell(form, sheet, cell, value, said):
    """A registration workbook of another year, of another unit, a number in words, a number of nobody."""
    form[OWN]["D6"] = 90_000_000
    form[sheet][cell] = value

    (problem,) = faults(form.send())

    assert ("registration/u000.xlsx", "cum-1", sheet) == (problem.file, problem.cluster, problem.sheet)
    assert said in problem.message


def test_a_target_in_two_places_and_two_files_of_one_unit_are_problems(form, folder):
    """The office's own table and the form, or the form and a copy of it: which one?"""
    form[OWN]["D6"] = 90_000_000
    (folder / "targets.csv").write_text("unit,branch,indicator,target,note\nu000,,dues,80000000,\n", encoding="utf-8")

    (twice,) = faults(form.send())
    (folder / "targets.csv").unlink()
    (copies,) = faults(form.send("u000 (1).xlsx"))

    assert "đã ghi trong targets.csv, dòng 2" in twice.message
    assert "hơn một bảng đăng ký" in copies.message


def test_a_file_of_nobody_is_remarked_on_and_a_broken_one_is_told(form, folder):
    """A name that is no unit's suggests the nearest; what is no workbook is a problem of the unit's cluster."""
    form.send("u00.xlsx")
    shutil.copy(folder / "units.csv", folder / "registration" / "u001.xlsx")

    found = year.read(folder)

    assert any("không mang tên đơn vị nào" in n.message for n in found.notices)
    assert ["cum-2"] == [p.cluster for p in faults(found)]


# ---------------------------------------------------------------- sheets of a unit's own making

HAND_MADE = {
    "another wording, columns moved": ([["Nội dung", "Đăng ký năm 2024", "Đơn vị tính"], ["Thu hội phí", 90, "triệu đồng"],
                                        ["Vận động nguồn lực", "8,1", "tỷ đồng"]],
                                       {("", "dues"): 90_000_000, ("", "resources"): 8_100_000_000}),
    "the round's name over the numbers": ([["STT", "Chỉ tiêu", "Đăng ký thi đua"], [1, "Hội phí", 90]], {("", "dues"): 90}),
    "last year's results beside": ([["TT", "Chỉ tiêu", "Thực hiện 2023", "Kế hoạch 2024", "Tỷ lệ %"],
                                    [1, "Phát triển hội viên", 100, 120, 120]], {("", "member_growth"): 120}),
    "two years of targets": ([["TT", "Chỉ tiêu", "Chỉ tiêu năm 2023", "Chỉ tiêu năm 2024"], [1, "Hội phí", 80, 90]],
                             {("", "dues"): 90}),
    "money over the table": ([["Đơn vị tính: triệu đồng"], ["STT", "Chỉ tiêu", "Mức đăng ký"], [1, "Hội phí", 90]],
                             {("", "dues"): 90_000_000}),
    "an indicator nobody asks for": ([["STT", "Chỉ tiêu", "Số đăng ký"], [1, "Hội phí", 90], [2, "Xây nhà", 3]],
                                     {("", "dues"): 90}),
    "branches with money in the head": (
        [["STT", "Tên Hội cơ sở", "Phát triển hội viên", "Hội phí (triệu đồng)", "Ghi chú"], [1, "Xã Một", 7, 5, "x"],
         [2, "Xã Hai", None, None, None], [None, "Cộng", 7, 5, None]],
        {("Xã Một", "member_growth"): 7, ("Xã Một", "dues"): 5_000_000, ("Xã Hai", "member_growth"): None}),
    "signed below": ([["STT", "Chỉ tiêu", "Chỉ tiêu đăng ký"], [1, "Hội phí", 90], [], ["", "Người lập", "TM. BAN CHẤP HÀNH"]],
                     {("", "dues"): 90}),
}
UNCLEAR = {
    "a heading that does not say so": ([["STT", "Chỉ tiêu", "Số lượng"], [1, "Hội phí", 90]], "không hiểu cột này"),
    "two columns of targets": ([["STT", "Chỉ tiêu", "Chỉ tiêu giao", "Số đăng ký"], [1, "Hội phí", 80, 90]],
                               "không rõ cột nào"),
    "one indicator twice": ([["STT", "Chỉ tiêu", "Số đăng ký"], [1, "Hội phí", 80], [2, "Nộp hội phí", 90]], "có hai lần"),
    "another unit in a column": ([["Đơn vị", "Hội cơ sở", "Hội phí"], ["Huyện Thử 1", "Xã Một", 5]], "đơn vị khác"),
    "no table": ([["Kính gửi Hội đồng", 5]], "không nhận ra bảng nào"),
    "a share": ([["STT", "Chỉ tiêu", "Số đăng ký"], [1, "Phát triển hội viên", "5 %"]], "Phát triển hội viên"),
}


@pytest.fixture
def hand_made(folder):
    """Makes a workbook of these lines the first unit's registration; gives the year, and what became of each cell."""
    def send(lines):
        book, accounts = openpyxl.Workbook(), []
        for row in lines:
            book.active.append(row)
        (folder / "registration").mkdir(exist_ok=True)
        book.save(folder / "registration" / "u000.xlsx")
        return year.read(folder, accounts=accounts), accounts
    return send


@pytest.mark.parametrize(("lines", "expected"), HAND_MADE.values(), ids=HAND_MADE)
def test_a_sheet_of_a_unit_s_own_making_is_read_as_in_december(hand_made, lines, expected):
    """Renamed headings, moved columns, units of money, another year's columns, totals, signatures; every cell accounted for."""
    found, accounts = hand_made(lines)

    assert [] == faults(found)
    assert expected == {(one.branch, one.indicator): one.target for one in found.targets}
    assert sum(value not in (None, "") for row in lines for value in row) == len(accounts)
    assert {"registration/u000.xlsx"} == {row[0] for row in accounts}


@pytest.mark.parametrize(("lines", "said"), UNCLEAR.values(), ids=UNCLEAR)
def test_what_is_not_clear_is_asked_and_never_chosen(hand_made, lines, said):
    """As in December: a problem that names what is not clear; nothing of such a workbook counts, and that is said."""
    found, _ = hand_made(lines)

    assert () == found.targets
    assert "bảng gửi về có lỗi, chưa đọc" in [cell.text for row in standing(Registration(found)).rows for cell in row.cells]
    assert [p for p in faults(found) if said in p.message]
    assert {"cum-1"} == {p.cluster for p in faults(found)}


def test_a_correction_answers_what_was_asked(hand_made, folder):
    """`corrections.csv` reaches these workbooks too; it is shown, and guarded by what stands there."""
    lines = [["STT", "Chỉ tiêu", "Số lượng"], [1, "Hội phí", 90]]
    row = "registration/u000.xlsx,Sheet,C1,{},Chỉ tiêu đăng ký,hỏi qua điện thoại,\n"
    head = "file,sheet,cell,was,value,reason,document\n"
    (folder / "corrections.csv").write_text(head + row.format("Số lượng"), encoding="utf-8")
    found, _ = hand_made(lines)
    (folder / "corrections.csv").write_text(head + row.format("Số"), encoding="utf-8")
    other, _ = hand_made(lines)

    assert [90] == [one.target for one in found.targets]
    assert [] == faults(found)
    assert "C1" in found.corrections[0].cell
    assert "đã sửa theo" in found.targets[0].at.corrected
    assert any("không sửa gì" in p.message for p in faults(other))


def test_what_goes_back_is_the_unit_s_own_workbook_marked(hand_made, folder, tmp_path):
    """`ctd check --annotate`, `--account`: the unit's file, nothing of who has sent nothing yet; it goes once it is mended."""
    hand_made([["STT", "Chỉ tiêu", "Số lượng"], [1, "Hội phí", 90]])
    out, account = tmp_path / "back", tmp_path / "cells.csv"

    assert 1 == cli.main(["check", str(folder), "--annotate", str(out), "--account", str(account)])
    assert ["registration/u000.xlsx"] == [path.relative_to(out).as_posix() for path in out.rglob("*.xlsx")]
    assert "Cần sửa" in openpyxl.load_workbook(out / "registration" / "u000.xlsx").sheetnames
    assert "registration/u000.xlsx,Sheet,C2,left" in account.read_text(encoding="utf-8")
    hand_made([["STT", "Chỉ tiêu", "Số đăng ký"], [1, "Hội phí", 90]])
    cli.main(["check", str(folder), "--annotate", str(out)])
    assert [] == list(out.rglob("*.xlsx"))


def test_a_cluster_read_alone_reads_its_own_units_registrations(hand_made, folder):
    """With `only` the files of other clusters' units are left alone."""
    hand_made([["STT", "Chỉ tiêu", "Số lượng"], [1, "Hội phí", 90]])

    assert ["cum-1"] == sorted({p.cluster for p in year.read(folder, only="cum-1").problems})
    assert not [p for p in year.read(folder, only="cum-2").problems if "registration/" in p.file]


def test_a_csv_of_a_unit_will_do_and_names_it_alone(folder):
    """The columns of `targets.csv`; a row of another unit is a problem."""
    (folder / "registration").mkdir()
    (folder / "registration" / "u001.csv").write_text(
        "unit;branch;indicator;target;note\nu001;;dues;5;\nu002;;dues;6;\n", encoding="utf-8")

    found = year.read(folder)

    assert [("u001", 5)] == [(one.unit, one.target) for one in found.targets]
    assert ["dòng của đơn vị khác"] == [p.what for p in faults(found)]


@pytest.mark.parametrize("call", [["--round", "regist"], ["--round", "registration", "--cluster", "cum-9"]])
def test_a_round_or_cluster_that_is_none_is_a_wrong_call(folder, call):
    """Exit 2."""
    assert 2 == cli.main(["template", *call, str(folder)])


def test_forms_are_never_written_among_what_came_back(folder):
    """`registration/` holds what others sent."""
    assert 2 == cli.main(["template", "--round", "registration", "--out", str(folder / "registration"), str(folder)])
