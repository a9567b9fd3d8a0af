"""The worksheet of the inspection: what it lists, and how it is taken back, whole or not at all."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from build import a_unit, write_year
from conftest import SHIPPED

from ctd_analysis import cli
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.answers.inspection import Inspection
from ctd_analysis.forms import worksheet
from ctd_analysis.words import inspecting
from ctd_analysis.year import appending, year

_PLAN = 'visits = 3\nrandom_visits = 1\nseed = "48213"\nseed_source = "xổ số"\ndrawn_on = "2024-12-11"\n'
APPRAISAL = b"\xef\xbb\xbfunit;criterion;grade;method;reason\r\nu1;43;B;van-ban;\r\n"


@pytest.fixture
def folder(tmp_path):
    """Two units, an appraisal as Excel saves it, a plan of visits."""
    made = write_year(tmp_path / "y", [a_unit("u1", a=41, branches="8/10"), a_unit("u2", cluster="cum-2", a=41)])
    (made / "appraisal.csv").write_bytes(APPRAISAL)
    (made / "inspection.toml").write_text(_PLAN, encoding="utf-8")
    return made


def sheet_of(folder):
    """The worksheet of a year, written."""
    target = folder.parent / "phieu.xlsx"
    assert 0 == cli.main(["inspect", str(folder), "--xlsx", str(target), "--json", "-"])
    return target


def fill(target, typed: dict[str, dict], year_code: str | None = None):
    """Type into the lines with these codes: heads and values; a new year into the sheets' codes."""
    book = openpyxl.load_workbook(target)
    codes = set(typed)
    for sheet in book:
        heads = {cell.value: cell.column for cell in sheet[4]}
        if year_code:
            sheet.cell(1, heads["Mã"]).value = sheet.cell(1, heads["Mã"]).value.replace("2024", year_code)
        for row in range(5, sheet.max_row + 1):
            code = sheet.cell(row, heads["Mã"]).value
            for head, value in typed.get(code, {}).items():
                sheet.cell(row, heads[head]).value = value
            codes.discard(code)
    assert not codes, f"no such lines: {codes}"
    book.save(target)
    return target


def take(folder, target, capsys, *more: str, code: int = 0) -> dict:
    """`ctd inspect --take` as JSON, with what was said."""
    capsys.readouterr()
    assert code == cli.main(["inspect", str(folder), "--take", str(target), "--json", "-", *more])
    said = capsys.readouterr()
    return {**json.loads(said.out or "{}"), "said": said.err}


FILLED = {"u1|grade|1": {"Thấy": "B", "Lý do": "chưa đủ minh chứng", "Cách xem": "văn bản", "Ngày": "12/12/2024"},
          "u1|grade|2": {"Thấy": "đúng"},
          "u1|rating|0": {"Thấy": "Trung bình", "Lý do": "chưa họp xét", "Cách xem": "thực tế", "Ngày": "12/12/2024"},
          "u1|actual|dues": {"Thấy": "8.999", "Lý do": "biên lai", "Cách xem": "văn bản"}}


def test_it_lists_the_visits_and_where_one_finding_is_enough(folder):
    """Every branch drawn or chosen with rating and fund; every place of depth 1, once."""
    inspection = Inspection(appraise(year.read(folder)))
    looks = {unit.unit: [(look.table, look.item) for _, some in lines for look in some]
             for unit, lines in inspecting.worksheet(inspection)}

    for unit, branch in (*inspection.draw.random, *inspection.targeted):
        assert {("rating", branch), ("fund", branch)} <= set(looks[unit])
    for place in inspection.nearest:
        unit, table = inspection.appraisal.facts.units[place.unit], inspecting.TABLES.get(place.kind, "grade")
        assert 1 == looks[unit].count((table, place.item))


def test_the_same_year_gives_the_same_bytes(folder):
    """No clock in it."""
    inspection = Inspection(appraise(year.read(folder)))
    one, other = (worksheet.workbook(inspection.appraisal.year, inspection.draw.population, inspecting.worksheet(inspection))
                  for _ in range(2))

    assert one == other


def test_it_prints_on_a4_with_its_heads_on_every_sheet(folder):
    """Landscape, one sheet of paper wide; what is typed is unlocked, the rest is not."""
    book = openpyxl.load_workbook(sheet_of(folder))

    for sheet in book:
        assert ("9", "landscape", True, "$4:$4") == (str(sheet.page_setup.paperSize), sheet.page_setup.orientation,
                                                     sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.print_title_rows)
        assert [True, False, False] == [sheet[cell].protection.locked for cell in ("C6", "F6", "G6")]


def test_without_record_nothing_is_written(folder, capsys):
    """A preview: the rows, who moves, and every file as it was."""
    found = take(folder, fill(sheet_of(folder), FILLED), capsys)

    assert APPRAISAL == (folder / "appraisal.csv").read_bytes()
    assert not (folder / "verified.csv").exists()
    assert ["final_class"] == [m["what"] for m in found["moved"] if m["unit"] == "u1" and m["what"] == "final_class"]
    assert not found["recorded"]


def test_recorded_it_is_appended_and_every_other_byte_stays(folder, capsys):
    """Sign, line ends and byte-order mark as the file has them; then the year stands, with what the preview said."""
    target = fill(sheet_of(folder), FILLED)
    preview, found = take(folder, target, capsys), take(folder, target, capsys, "--record")
    after = year.read(folder)

    assert found["recorded"] and preview["moved"] == found["moved"]
    assert APPRAISAL + 'u1;1;B;van-ban;"chưa đủ minh chứng; xem ngày 12/12/2024"\r\nu1;2;A;;\r\n'.encode() == \
        (folder / "appraisal.csv").read_bytes()
    assert {("u1", "rating", "0", "Trung bình"), ("u1", "actual", "dues", 8999)} == {v[:4] for v in after.verified}
    assert () == after.problems
    assert [u for u in appraise(after).as_json()["units"] if u["unit"] == "u1"][0]["final_class"] == next(
        m["to"] for m in found["moved"] if (m["unit"], m["what"]) == ("u1", "final_class"))


def test_taken_back_twice_nothing_is_written(folder, capsys):
    """Every line clashes with one that stands."""
    target = fill(sheet_of(folder), FILLED)
    take(folder, target, capsys, "--record")
    before = [(folder / name).read_bytes() for name in ("appraisal.csv", "verified.csv")]
    found = take(folder, target, capsys, "--record", code=1)

    assert before == [(folder / name).read_bytes() for name in ("appraisal.csv", "verified.csv")]
    assert 4 == found["said"].count("LỖI") and "verified.csv, dòng 2" in found["said"] and not found["recorded"]


@pytest.mark.parametrize(("typed", "said"), [
    ({"u1|grade|1": {"Ngày": "12/12/2024"}}, "đã xem mà chưa ghi điểm"),
    ({"u1|grade|1": {"Thấy": "B"}}, "không ghi lý do"),
    ({"u1|grade|1": {"Thấy": "D", "Lý do": "x"}}, "không phải một điểm chấm"),
    ({"u1|rating|0": {"Thấy": "Yếu"}}, "không ghi lý do"),
    ({"u1|rating|0": {"Thấy": "Giỏi", "Lý do": "x"}}, "không phải một xếp loại"),
    ({"u1|actual|dues": {"Thấy": "khoảng 9000", "Lý do": "x"}}, "không"),
    ({"u1|actual|dues": {"Thấy": "đúng", "Đã gửi": "9.500"}}, "số đã gửi nay là 10.000"),
    ({"u1|rating|0": {"Thấy": "đúng", "Cách xem": "điện thoại"}}, "không có cách kiểm tra này"),
    ({"u1|rating|0": {"Thấy": "đúng", "Ngày": "12/12/2026"}}, "ngoài kỳ"),
    ({"u1|rating|0": {"Thấy": "đúng", "Mã": "u1|rating|Xã cũ"}}, "không có Hội cơ sở này"),
    ({"u1|rating|0": {"Thấy": "đúng", "Mã": None}}, "không rõ là mục nào")])
def test_one_wrong_line_and_nothing_is_written(folder, capsys, typed, said):
    """The cell is named; the right lines wait for it."""
    target = fill(sheet_of(folder), {"u2|grade|1": {"Thấy": "đúng"}, **typed})
    found = take(folder, target, capsys, "--record", code=1)

    assert said in found["said"] and "phieu.xlsx, trang “u1”, ô " in found["said"], found["said"]
    assert APPRAISAL == (folder / "appraisal.csv").read_bytes()


def test_half_filled_is_looked_at_and_nothing_found(folder, capsys):
    """A number, a rating, a fund: the day alone says that somebody looked."""
    found = take(folder, fill(sheet_of(folder), {"u1|rating|0": {"Ngày": "12/12/2024"}}), capsys, "--record")

    assert [{"unit": "u1", "table": "rating", "item": "0", "value": "", "method": "", "reason": "",
             "seen_on": "2024-12-12"}] == found["rows"]["verified"]
    assert "chưa ghi thấy gì" in found["said"]


def test_a_worksheet_of_another_year_is_refused(folder, capsys):
    """By the code on each sheet."""
    found = take(folder, fill(sheet_of(folder), FILLED, "2023"), capsys, "--record", code=1)

    assert "phiếu của năm khác" in found["said"]
    assert APPRAISAL == (folder / "appraisal.csv").read_bytes()


def test_a_branch_renamed_since_is_said(folder, capsys):
    """The list is another than the worksheet's; the line of the old name is a problem."""
    target = fill(sheet_of(folder), {"u1|rating|0": {"Thấy": "đúng"}})
    path = folder / "submissions" / "cum-1" / "branches.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("u1,0,", "u1,0 mới,"), encoding="utf-8")
    found = take(folder, target, capsys, code=1)

    assert "danh sách Hội cơ sở đã đổi" in found["said"] and "không có Hội cơ sở này" in found["said"]


def test_a_file_that_is_no_worksheet_is_said(folder, capsys):
    """A template, a page of text."""
    other = folder.parent / "other.xlsx"
    openpyxl.Workbook().save(other)
    assert "không có trang nào là phiếu" in take(folder, other, capsys, code=1)["said"]
    other.write_bytes(b"nothing")
    assert 1 == cli.main(["inspect", str(folder), "--take", str(other)])


def test_an_empty_worksheet_adds_nothing(folder, capsys):
    """Nothing typed: nothing to write, nothing wrong."""
    found = take(folder, sheet_of(folder), capsys, "--record")

    assert ({}, [], False) == (found["rows"], found["moved"], found["recorded"])


def test_a_file_changed_meanwhile_is_left_alone(folder, capsys, monkeypatch):
    """Between reading and writing somebody saved the file: refused, nothing written."""
    target, write = fill(sheet_of(folder), FILLED), appending.write

    def somebody_saves(tables):
        (folder / "verified.csv").write_text("unit,table,item,value,method,reason,seen_on\n", encoding="utf-8")
        write(tables)

    monkeypatch.setattr(appending, "write", somebody_saves)
    found = take(folder, target, capsys, "--record", code=1)

    assert "tệp đã đổi từ khi đọc" in found["said"]
    assert APPRAISAL == (folder / "appraisal.csv").read_bytes()
    assert "unit,table,item,value,method,reason,seen_on\n" == (folder / "verified.csv").read_text(encoding="utf-8")


def test_a_worksheet_somebody_has_written_into_is_kept(folder):
    """The new one lies beside it."""
    target = fill(sheet_of(folder), FILLED)
    kept = target.read_bytes()
    sheet_of(folder)

    assert kept == target.read_bytes()
    assert target.with_name("phieu (mới).xlsx").exists()


@pytest.mark.parametrize("call", [["--record"], ["--xlsx", "phieu.txt"], ["--xlsx", "a.xlsx", "--take", "b.xlsx"]])
def test_a_call_that_means_nothing_is_refused(call, tmp_path, monkeypatch):
    """Exit 2, nothing written."""
    monkeypatch.chdir(tmp_path)

    assert 2 == cli.main(["inspect", str(SHIPPED), *call])
    assert [] == list(tmp_path.iterdir())


def test_names_that_no_sheet_can_carry_are_told_apart(tmp_path):
    """Two long names alike in their first letters, signs that a workbook refuses."""
    units = [a_unit(f"u{n}", a=41) for n in range(3)]
    folder = write_year(tmp_path / "y", units)
    names = ["Huyện [Một] với một cái tên rất dài", "Huyện [Một] với một cái tên rất dài hơn", "Huyện: Hai/Ba?"]
    path = folder / "units.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *(line.replace(f",,u{n},", f",,{name},") for n, (line, name)
                                       in enumerate(zip(lines, names, strict=True)))]), encoding="utf-8")
    inspection = Inspection(appraise(year.read(folder)))
    made = worksheet.workbook(inspection.appraisal.year, inspection.draw.population, inspecting.worksheet(inspection))

    assert 3 == len({name.casefold() for name in openpyxl.load_workbook(io.BytesIO(made)).sheetnames})
