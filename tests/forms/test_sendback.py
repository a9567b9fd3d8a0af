"""What goes back to a cluster: its workbook with the cells marked, and nothing of it live."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from conftest import SHIPPED, make_year, shipped
from openpyxl.comments import Comment

from ctd_analysis import cli, values
from ctd_analysis.forms import sendback
from ctd_analysis.office.comments import not_ours
from ctd_analysis.problems import Problem
from ctd_analysis.year.year import read

BAD = Problem("cum-1.xlsx", "không phải một điểm chấm", "cum-1", "Bảng điểm", "C3", seen="D", wanted="A, B, C, KAD")


def grid():
    """A small workbook as somebody might send it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Bảng điểm"
    for row in (["STT", "Nội dung", "Hòn Đất"], [1, "một", "A"], [2, "hai", "D"], [None, "Cộng A", '=COUNTIF(C2:C3,"A")']):
        sheet.append(row)
    return book


def sent(tmp_path, *problems, book=None, notices=(), file="cum-1.xlsx"):
    """A year to which cum-1 sent that workbook, found to have those problems; and what goes back."""
    path = tmp_path / "2024" / "submissions" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(book, bytes):
        path.write_bytes(book)
    else:
        (book or grid()).save(path)
    year = replace(shipped(), path=tmp_path / "2024", problems=problems)
    before = path.read_bytes()
    found = {r.name: r.content for r in sendback.returns(year, notices)}
    assert before == path.read_bytes(), "the original was touched"
    return found


def opened(content: bytes):
    """The workbook as another program sees it."""
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(book) -> list[tuple]:
    """The table of the summary sheet."""
    return [row for row in book["Cần sửa"].iter_rows(min_row=5, values_only=True)]


# ---------------------------------------------------------------- the copy

def test_a_faulty_cell_is_marked_and_says_what_is_wanted(tmp_path):
    """A fill, an edge, a comment: what was seen, what is wanted."""
    copy = opened(sent(tmp_path, BAD)["cum-1.xlsx"])
    cell = copy["Bảng điểm"]["C3"]

    assert ("D", "solid", "medium") == (cell.value, cell.fill.fill_type, cell.border.left.style)
    assert "Không phải một điểm chấm.\nĐang ghi: D\nCần ghi: A, B, C, KAD" == cell.comment.text
    assert copy["Bảng điểm"]["C2"].comment is None


def test_the_first_sheet_lists_problems_and_notices(tmp_path):
    """Everything found, problems first, each with a way to its cell."""
    notice = Problem("cum-1.xlsx", "cột ẩn có số liệu", "cum-1", "Bảng điểm")
    copy = opened(sent(tmp_path, BAD, notices=[notice])["cum-1.xlsx"])

    assert ["Cần sửa", "Bảng điểm"] == copy.sheetnames
    assert "Cần sửa" == copy.active.title
    assert [("1", "Phải sửa", "cum-1.xlsx, trang “Bảng điểm”, ô C3", "Không phải một điểm chấm.", "D", "A, B, C, KAD"),
            ("2", "Lưu ý", "cum-1.xlsx, trang “Bảng điểm”", "Cột ẩn có số liệu.", None, None)] == rows(copy)
    assert "'Bảng điểm'!C3" == copy["Cần sửa"]["C5"].hyperlink.location


def test_formulas_stay_and_nothing_else_becomes_one(tmp_path):
    """Their COUNTIF is still live; what we write from their text is text."""
    live = '=HYPERLINK("http://x","y")'
    problems = [replace(BAD, seen=live, wanted="@SUM(1)", what="=1+1"), replace(BAD, cell="B2", seen="#REF!")]
    copy = opened(sent(tmp_path, *problems)["cum-1.xlsx"])

    formulas = [(sheet.title, c.coordinate) for sheet in copy for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert [("Bảng điểm", "C4")] == formulas
    cells = [c for row in copy["Cần sửa"].iter_rows(min_row=5) for c in row if c.value]
    assert {"s"} == {c.data_type for c in cells}
    assert all(c.quotePrefix for c in cells if str(c.value)[0] in "=@")


def test_text_that_looks_like_a_formula_in_their_sheet_stays_text(tmp_path):
    """A string cell "=1+1" is copied as a string."""
    book = grid()
    book["Bảng điểm"]["B2"].value = "=1+1"
    book["Bảng điểm"]["B2"].data_type = "s"
    cell = opened(sent(tmp_path, BAD, book=book)["cum-1.xlsx"])["Bảng điểm"]["B2"]

    assert ("=1+1", "s") == (cell.value, cell.data_type)


def test_two_problems_of_one_cell_share_a_comment(tmp_path):
    """One comment a cell, both said in it."""
    copy = opened(sent(tmp_path, BAD, replace(BAD, what="ghi hai lần", seen=None))["cum-1.xlsx"])
    text = copy["Bảng điểm"]["C3"].comment.text

    assert "Không phải một điểm chấm." in text and "Ghi hai lần." in text


def test_merged_cells_are_marked_where_they_show(tmp_path):
    """A fault inside a merged range is told at its top left cell; so is one told as a range."""
    book = grid()
    book["Bảng điểm"].merge_cells("A2:B3")
    copy = opened(sent(tmp_path, replace(BAD, cell="B3"), replace(BAD, cell="C2:C3"), book=book)["cum-1.xlsx"])

    assert {"A2", "C2"} == {c.coordinate for row in copy["Bảng điểm"].iter_rows() for c in row if c.comment}


def test_any_sheet_name_will_do(tmp_path):
    """Quotes, NFD, signs: found again, and linked to."""
    book, titles = grid(), ["Bảng d'Ấp 1", "Ho\u0300a", "3131", "a&b <c>", " "]
    for title in titles:
        book.create_sheet(title)
    copy = opened(sent(tmp_path, *(replace(BAD, sheet=values.nfc(title)) for title in titles), book=book)["cum-1.xlsx"])

    for row, title in enumerate(titles, 5):
        assert copy[title]["C3"].comment
        quoted = title.replace("'", "''")
        assert f"'{quoted}'!C3" == copy["Cần sửa"][f"C{row}"].hyperlink.location


def test_a_place_that_is_no_cell_is_only_listed(tmp_path):
    """Whatever a place looks like, the copy is made and the problem is in the list."""
    odd = ["31:31", "C", "", None, "ô C3", "A0", "XFE1", "D7|F7"]
    found = [replace(BAD, cell=cell, what=f"chuyện thứ {n}") for n, cell in enumerate(odd)]
    copy = opened(sent(tmp_path, BAD, *found)["cum-1.xlsx"])

    assert {"Không phải một điểm chấm.", *(f"Chuyện thứ {n}." for n in range(len(odd)))} == {row[3] for row in rows(copy)}


def test_a_comment_that_was_there_stays(tmp_path):
    """Theirs first, then ours."""
    book = grid()
    book["Bảng điểm"]["C3"].comment = Comment("Xin xem lại", "An")
    text = opened(sent(tmp_path, BAD, book=book)["cum-1.xlsx"])["Bảng điểm"]["C3"].comment.text

    assert text.startswith("Xin xem lại\n") and "Cần ghi: A, B, C, KAD" in text


def test_a_copy_that_comes_back_loses_its_old_marks(tmp_path):
    """Mended cells are clean again, their own comments stay, one summary sheet is enough."""
    book = grid()
    book["Bảng điểm"]["C3"].comment = Comment("Xin xem lại", "An")
    once = sent(tmp_path, BAD, replace(BAD, cell="C2"), book=book)["cum-1.xlsx"]
    twice = opened(sent(tmp_path, replace(BAD, cell="B2"), book=once)["cum-1.xlsx"])
    sheet = twice["Bảng điểm"]

    assert ["Cần sửa", "Bảng điểm"] == twice.sheetnames
    assert ("Xin xem lại", None) == (sheet["C3"].comment.text, sheet["C2"].comment)
    assert ({None}, "solid") == ({sheet["C2"].fill.fill_type, sheet["C3"].fill.fill_type}, sheet["B2"].fill.fill_type)
    assert 1 == len(rows(twice))


def test_signs_nobody_sees_are_spelled_out(tmp_path):
    """A control character in a message does not break the file."""
    copy = opened(sent(tmp_path, replace(BAD, what="có \x0b \u202e lạ", seen=None))["cum-1.xlsx"])

    assert "Có \\u000b \\u202e lạ." == copy["Bảng điểm"]["C3"].comment.text.split("\n")[0]


def test_macros_are_left_behind(tmp_path):
    """What came as .xlsm goes back as .xlsx."""
    found = sent(tmp_path, replace(BAD, file="cum-1.xlsm"), file="cum-1.xlsm")

    assert ["cum-1.xlsx"] == list(found)
    with zipfile.ZipFile(io.BytesIO(found["cum-1.xlsx"])) as parts:
        assert [] == [name for name in parts.namelist() if "vba" in name]


def test_same_submission_same_bytes(tmp_path):
    """No clock in what goes back."""
    book = io.BytesIO()
    grid().save(book)

    assert sent(tmp_path, BAD, book=book.getvalue()) == sent(tmp_path, BAD, book=book.getvalue())


def with_slips(year):
    """The form of cum-4 with three slips and somebody's comment; the slips' cells by sheet, and what had stood there."""
    form, slips = year / "submissions" / "cum-4.xlsx", {"Bảng điểm": "D8", "Chỉ tiêu": "E7", "Hồ sơ": "D6"}
    book = openpyxl.load_workbook(form)
    right = {name: book[name][cell].value for name, cell in slips.items()}
    for name, cell in slips.items():
        book[name][cell] = "D/1"
    book["Bảng điểm"]["D8"].comment = Comment("Xin xem lại", "An")
    book.save(form)
    return form, slips, right


def test_there_and_back_until_it_is_right(shipped_copy, tmp_path):
    """A form with three slips: marked at those very cells, mended in the copy, sent again with its summary sheet: accepted."""
    form, slips, right = with_slips(shipped_copy)
    assert 1 == cli.main(["check", str(shipped_copy), "--annotate", str(tmp_path / "back")])

    copy = openpyxl.load_workbook(tmp_path / "back" / "cum-4.xlsx")
    marked = {sheet.title: c.coordinate for sheet in copy for row in sheet.iter_rows() for c in row if c.comment}
    assert slips == marked
    for name, cell in slips.items():
        copy[name][cell] = right[name]
    copy.save(form)
    again = read(shipped_copy)
    assert () == again.problems
    assert [row[:-1] for row in shipped().grades] == [row[:-1] for row in again.grades]
    assert ["Xin xem lại"] == [n.seen for n in again.notices if "ô có ghi chú" in n.message]        # theirs, not ours


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_there_and_back_through_libreoffice(shipped_copy, tmp_path, suffix):
    """It drops the authors of comments: ours are known by their words, theirs stay; the next copy marks what is still wrong."""
    form, slips, right = with_slips(shipped_copy)
    cli.main(["check", str(shipped_copy), "--annotate", str(tmp_path / "back")])
    copy = openpyxl.load_workbook(tmp_path / "back" / "cum-4.xlsx")
    copy["Chỉ tiêu"]["E7"] = right["Chỉ tiêu"]
    copy["Bảng điểm"]["D8"] = right["Bảng điểm"]
    copy.save(tmp_path / "cum-4.xlsx")
    form.unlink()
    through_libreoffice(tmp_path / "cum-4.xlsx", suffix, form.parent)
    again = read(shipped_copy)
    assert ["D6"] == [p.cell for p in again.problems]
    assert ["Xin xem lại"] == [n.seen for n in again.notices if "ô có ghi chú" in n.message]

    if suffix == "xlsx":
        cli.main(["check", str(shipped_copy), "--annotate", str(tmp_path / "second")])
        second = openpyxl.load_workbook(tmp_path / "second" / "cum-4.xlsx")
        red = {(sheet.title, c.coordinate) for sheet in second for row in sheet.iter_rows() for c in row
               if str(c.fill.fgColor.rgb)[-6:] == "FFC7CE" or "C00000" in str(c.border.left)}
        said = {(sheet.title, c.coordinate): c.comment.text for sheet in second for row in sheet.iter_rows() for c in row
                if c.comment}
        assert {("Hồ sơ", "D6")} == red
        assert {("Bảng điểm", "D8"), ("Hồ sơ", "D6")} == set(said)
        assert ("Xin xem lại", 1) == (said["Bảng điểm", "D8"], said["Hồ sơ", "D6"].count("Đang ghi: "))
        assert second.sheetnames.count("Cần sửa") == 1


def through_libreoffice(path, suffix, folder):
    """The file as LibreOffice saves it."""
    profile = f"-env:UserInstallation=file://{path.parent / 'profile'}"
    subprocess.run(["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", str(folder), str(path)],
                   capture_output=True, check=True, timeout=120)
    assert (folder / f"{path.stem}.{suffix}").exists()


@pytest.mark.parametrize(("text", "is_by_us", "theirs"), [
    ("Xin xem lại", False, "Xin xem lại"),
    ("Xin xem lại", True, ""),
    ("Sai.\nĐang ghi: D\nCần ghi: A", False, ""),
    ("Sai.\nĐang ghi: D\nCần ghi: A\nĐã sửa rồi", False, "Đã sửa rồi"),
    ("Trước\n— — —\nSai.\nĐang ghi: D\nCần ghi: A\nLại sai.\nĐang ghi: (trống)\nCần ghi: B", False, "Trước"),
    ("Trước\n— — —\nSai.", True, "Trước"),
    ("Cần ghi: A", False, "Cần ghi: A"),
    ("Đang ghi: D.\nCần ghi: A", False, "Đang ghi: D.\nCần ghi: A")])
def test_of_a_comment_what_is_theirs_stays(text, is_by_us, theirs):
    """Before ours, and an answer written under it."""
    assert theirs == not_ours(text, is_by_us)


def test_a_copy_of_last_week_goes_or_is_replaced(shipped_copy, tmp_path, capsys):
    """What was written and not touched since; a clean year leaves nothing to send back."""
    form, back = shipped_copy / "submissions" / "cum-4.xlsx", tmp_path / "back"
    sound = form.read_bytes()
    faulty(form, "D8")
    cli.main(["check", str(shipped_copy), "--annotate", str(back)])
    first = (back / "cum-4.xlsx").read_bytes()
    faulty(form, "D9")
    cli.main(["check", str(shipped_copy), "--annotate", str(back)])
    assert first != (back / "cum-4.xlsx").read_bytes()

    form.write_bytes(sound)
    assert 0 == cli.main(["check", str(shipped_copy), "--annotate", str(back)])
    assert [] == list(back.iterdir())
    told = capsys.readouterr().err
    assert f"Đã bỏ {back / 'cum-4.xlsx'}" in told and "Không có hồ sơ nào phải trả lại." in told


@pytest.mark.parametrize("is_faulty", [True, False])
def test_a_copy_that_somebody_has_edited_stays(shipped_copy, tmp_path, capsys, is_faulty):
    """Saved by another program: neither written over nor removed, and said."""
    form, back = shipped_copy / "submissions" / "cum-4.xlsx", tmp_path / "back"
    sound = form.read_bytes()
    faulty(form, "D8")
    cli.main(["check", str(shipped_copy), "--annotate", str(back)])
    edited = openpyxl.load_workbook(back / "cum-4.xlsx")
    edited["Cần sửa"]["H1"] = "gọi lại cho chị Hoa"
    edited.save(back / "cum-4.xlsx")
    before = (back / "cum-4.xlsx").read_bytes()
    if not is_faulty:
        form.write_bytes(sound)
    cli.main(["check", str(shipped_copy), "--annotate", str(back)])

    assert before == (back / "cum-4.xlsx").read_bytes()
    assert f"Giữ nguyên {back / 'cum-4.xlsx'}" in capsys.readouterr().err


def faulty(form, cell):
    """A grade that is none."""
    book = openpyxl.load_workbook(form)
    book["Bảng điểm"][cell] = "D/1"
    book.save(form)


# ---------------------------------------------------------------- the list

@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", b"\xd0\xcf\x11\xe0" * 200])
def test_a_file_that_cannot_be_opened_gets_the_list(tmp_path, content):
    """Truncated, empty, something else: the problems are listed all the same."""
    found = sent(tmp_path, replace(BAD, what="không mở được tệp"), book=content)

    assert ["cum-1.can-sua.xlsx"] == list(found)
    assert "Không mở được tệp." == rows(opened(found["cum-1.can-sua.xlsx"]))[0][3]


@pytest.mark.parametrize("file", ["cum-1.xls", "cum-1.ods"])
def test_older_formats_get_the_list(tmp_path, file):
    """Only .xlsx and .xlsm are copied."""
    assert ["cum-1.can-sua.xlsx"] == list(sent(tmp_path, replace(BAD, file=file), file=file))


def test_a_folder_gets_a_copy_of_its_workbook_and_a_list_of_the_rest(tmp_path):
    """A workbook beside CSV tables: each told in its own way."""
    csv = Problem("cum-1/filings.csv", "cột received: không phải ngày", "cum-1", line=3, seen="hôm qua")
    (tmp_path / "2024" / "submissions" / "cum-1").mkdir(parents=True)
    (tmp_path / "2024" / "submissions" / "cum-1" / "filings.csv").write_text("unit,filing,received\n", encoding="utf-8")
    found = sent(tmp_path, replace(BAD, file="cum-1/diem.xlsx"), csv, file="cum-1/diem.xlsx")

    assert ["cum-1/diem.xlsx", "cum-1.can-sua.xlsx"] == list(found)
    listed = rows(opened(found["cum-1.can-sua.xlsx"]))
    assert {("cum-1/diem.xlsx, trang “Bảng điểm”, ô C3", "Không phải một điểm chấm."),
            ("cum-1/filings.csv, dòng 3", "Cột received: không phải ngày.")} == {row[2:4] for row in listed}


def test_what_is_the_offices_own_does_not_go_back(tmp_path):
    """A slip in appraisal.csv is not the cluster's to mend; a healthy cluster gets nothing."""
    assert {} == sent(tmp_path, Problem("appraisal.csv", "không ghi lý do", "cum-1", line=2))
    assert {} == sent(tmp_path)


def test_text_in_the_list_stays_text(tmp_path):
    """No formula, no link."""
    found = sent(tmp_path, replace(BAD, file="cum-1.xls", seen="=1+1", wanted="http://x"), file="cum-1.xls")
    book = opened(found["cum-1.can-sua.xlsx"])
    cells = [c for row in book["Cần sửa"].iter_rows() for c in row if c.value]

    assert {"s"} == {c.data_type for c in cells}
    assert [None] * len(cells) == [c.hyperlink for c in cells]


# ---------------------------------------------------------------- the command

def test_the_command_writes_what_goes_back(tmp_path, capsys):
    """A CSV submission with a D: a list, and the exit code of `check`."""
    year = make_year(SHIPPED, tmp_path / "2024")
    grades = year / "submissions" / "cum-1" / "grades.csv"
    grades.write_text(grades.read_text(encoding="utf-8").replace("hon-dat,1,A,A,", "hon-dat,1,A,D,"), encoding="utf-8")

    assert 1 == cli.main(["check", str(year), "--annotate", str(tmp_path / "back")])
    assert ["cum-1.can-sua.xlsx"] == [p.name for p in (tmp_path / "back").iterdir()]
    assert "cum-1.can-sua.xlsx" in capsys.readouterr().err


def test_a_healthy_year_sends_nothing_back(tmp_path, capsys):
    """Nothing is written, and that is said."""
    assert 0 == cli.main(["check", str(SHIPPED), "--annotate", str(tmp_path / "back")])
    assert not (tmp_path / "back").exists()
    assert "Không có hồ sơ nào phải trả lại" in capsys.readouterr().err


def test_originals_are_never_written_over(shipped_copy, capsys):
    """The submissions' own folder is refused."""
    assert 2 == cli.main(["check", str(shipped_copy), "--annotate", str(shipped_copy / "submissions")])
    assert "hồ sơ gốc" in capsys.readouterr().err
