"""What is written before December (year-round §3): the register, targets, progress, what is directly under the province."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conftest import CASES, make_year
from early import put

from ctd_analysis import cli
from ctd_analysis.year import year


@pytest.fixture
def folder(tmp_path) -> Path:
    """A healthy year that a test may spoil."""
    return make_year(CASES / "year-1", tmp_path / "2024")


def test_a_row_of_the_register_without_a_value_leaves_what_was_sent(folder):
    """It is no answer: the submission's day stands."""
    before = year.read(folder)
    put(folder, "received", *(f"{unit.unit},registration,," for unit in before.all_units))

    assert before.filings == year.read(folder).filings


def test_the_register_counts_and_what_differs_is_said(folder):
    """`appraise` goes by the register; a submission that says otherwise is remarked on, one that says the same is not."""
    before = year.read(folder)
    one = next(row for row in before.filings if row.filing == "registration" and isinstance(row.received, date))
    put(folder, "received", f"{one.unit},registration,2024-03-01,CV 1", f"{one.unit},plan,,")

    found = year.read(folder)

    assert date(2024, 3, 1) == next(r.received for r in found.filings if r[:2] == one[:2])
    assert ["received.csv"] == [n.file for n in found.notices if n not in before.notices]
    put(folder, "received", f"{one.unit},registration,{one.received},CV 1")
    assert before.notices == year.read(folder).notices


def test_a_report_of_part_of_the_year_is_counted_and_decides_nothing(folder):
    """III.1, "báo cáo tháng, quý, 6 tháng": names of filings; a regime judged right beside a missing one is remarked on."""
    before = year.read(folder)
    unit = next(row.unit for row in before.indicators if row.indicator == "reporting" and row.actual == 1)
    put(folder, "received", f"{unit},report-2024-03,2024-04-02,", f"{unit},report-2024-q1,none,",
        f"{unit},report-2024-h1,2024-07-01,")

    found = year.read(folder)

    assert found.problems == before.problems
    assert 3 == len(found.filings) - len(before.filings)
    assert "không gửi: Báo cáo quý I năm 2024" in next(n.message for n in found.notices if n not in before.notices)


BAD_ROWS = {
    "received twice": ("received", ["{u},registration,2024-02-20,", "{u},registration,2024-02-20,"], "đã ghi ở dòng 2"),
    "unknown filing": ("received", ["{u},registratoin,2024-02-20,"], "có phải “registration”"),
    "a report of another year": ("received", ["{u},report-2023-03,2024-02-20,"], "không có hồ sơ này"),
    "no such unit": ("received", ["nobody,plan,2024-02-20,"], "không có đơn vị này"),
    "a day no calendar has": ("received", ["{u},plan,2024-02-30,"], "không có ngày này trong lịch"),
    "target twice": ("targets", ["{u},,dues,5,", "{u},,dues,6,"], "đã ghi ở dòng 2"),
    "target of a branch twice": ("targets", ["{u},Xã 1,dues,5,", "{u},Xã 1,dues,,"], "đã ghi ở dòng 2"),
    "target in millions": ("targets", ["{u},,dues,90 triệu,"], "số có kèm đơn vị tiền"),
    "a target below nothing": ("targets", ["{u},,dues,-5,"], "số âm"),
    "a target past belief": ("targets", ["{u},,resources,1000000000000001,"], "số quá lớn"),
    "half a class": ("targets", ["{u},,first_aid_classes,\"1,5\","], "số"),
    "a target of nobody": ("targets", ["nobody,,dues,5,"], "không có đơn vị này"),
    "a day more than a year away": ("received", ["{u},registration,2025-02-23,"], "hơn một năm"),
    "progress of nobody": ("progress", ["nobody,dues,2024-03-31,5,"], "không có đơn vị này"),
    "progress of nothing": ("progress", ["{u},due,2024-03-31,5,"], "có phải “dues”"),
    "words for a number": ("progress", ["{u},dues,2024-03-31,nhiều,"], "không phải"),
    "unknown indicator": ("targets", ["{u},,due,5,"], "có phải “dues”"),
    "two rows for one day": ("progress", ["{u},dues,2024-03-31,5,", "{u},dues,2024-03-31,6,"], "ngày này đã ghi ở dòng 2"),
    "a day of another year": ("progress", ["{u},dues,2025-01-01,5,"], "ngày ngoài năm 2024"),
    "no day": ("progress", ["{u},dues,,5,"], "thiếu ngày"),
    "minus": ("progress", ["{u},dues,2024-03-31,-5,"], "số âm"),
}


@pytest.mark.parametrize(("table", "rows", "said"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_a_problem_of_its_unit_s_cluster(folder, table, rows, said):
    """Where, what was seen, what is wanted; the other clusters stand."""
    unit = year.read(folder).all_units[0]
    put(folder, table, *(row.format(u=unit.unit) for row in rows))

    found = year.read(folder)

    (problem,) = found.problems
    assert (f"{table}.csv", None if "nobody" in rows[0] else unit.cluster) == (problem.file, problem.cluster)
    assert said in problem.message


@pytest.mark.parametrize(("rows", "said"), [
    (["x,X,truc-thuoc,dues,5,5,", "x,X,truc-thuoc,dues,5,5,"], "đã ghi ở dòng 2"),
    (["x,X,truc thuoc,dues,5,5,"], "có phải “truc-thuoc”"),
    ([",X,truc-thuoc,dues,5,5,"], "ô trống"), (["x,X,van-phong,nothing,5,5,"], "không có chỉ tiêu này"),
    (["x,X,van-phong,converted,5,5,"], "điểm quy đổi")])
def test_a_fault_in_what_is_directly_under_the_province_stops_the_run(folder, capsys, rows, said):
    """It concerns the whole year: exit 1, nothing appraised."""
    put(folder, "direct", *rows)

    assert 1 == cli.main(["appraise", str(folder)])
    assert said in capsys.readouterr().err


def test_without_a_29_february_there_is_none(folder):
    """A progress row of 29/02 in a year that has no such day is a problem of its own line."""
    book = folder / "rulebook.toml"
    text = book.read_text(encoding="utf-8").split("# ---------------------------------------------------------------- lịch")[0]
    book.write_text(text.replace("year = 2024", "year = 2023").replace("before = 2024", "before = 2023"), encoding="utf-8")
    put(folder, "progress", f"{year.read(folder).all_units[0].unit},dues,2023-02-29,5,")

    assert any("không có ngày này trong lịch" in problem.message for problem in year.read(folder).problems)


def test_a_cumulative_number_that_falls_is_remarked_on_and_a_balance_is_not(folder):
    """Cumulative from 1 January: it cannot fall; a fund may. Lines may be in any order."""
    before = year.read(folder)
    unit = before.all_units[0].unit
    put(folder, "progress", f"{unit},dues,2024-04-30,5,", f"{unit},dues,2024-03-31,6,", f"{unit},dues,2024-05-31,5,",
        f"{unit},unit_fund,2024-03-31,6,", f"{unit},unit_fund,2024-04-30,5,")

    (notice,) = [n for n in year.read(folder).notices if n not in before.notices]

    assert ("progress.csv", 2) == (notice.file, notice.line)


@pytest.mark.parametrize("table", ["received", "targets", "progress", "direct"])
def test_a_table_without_one_of_its_columns_stops_the_run(folder, capsys, table):
    """It is no such table: exit 1, the column named."""
    put(folder, table)
    path = folder / f"{table}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("indicator,", "").replace("filing,", ""), encoding="utf-8")

    assert 1 == cli.main(["appraise", str(folder)])
    assert f"{table}.csv" in capsys.readouterr().err


@pytest.mark.parametrize("start", ["", "sep=;\n", "\ufeff"])
def test_semicolons_a_line_that_says_so_and_a_byte_order_mark_are_read(folder, start):
    """As in every table of the contract (year-round §0)."""
    unit = year.read(folder).all_units[0].unit
    put(folder, "targets", f"{unit},,dues,90000000,nghị quyết")
    text = (folder / "targets.csv").read_text(encoding="utf-8").replace(",", ";")
    (folder / "targets.csv").write_text(start + text, encoding="utf-8")

    assert [(unit, "", "dues", 90_000_000, "nghị quyết")] == [one[:5] for one in year.read(folder).targets]


def test_the_clerk_may_type_as_people_do(folder):
    """A unit by its name, a day as a spreadsheet saves it: these tables are the office's own."""
    unit = year.read(folder).all_units[0]
    put(folder, "received", f"{unit.name},registration,20/02/2024,CV 1", f"{unit.name},plan,NONE,")
    put(folder, "targets", f"{unit.name},,dues,5,")
    put(folder, "progress", f"{unit.name},dues,30/6/2024,4,")

    found = year.read(folder)

    assert not found.problems
    assert [(unit.unit, date(2024, 2, 20)), (unit.unit, "none")] == [(one.unit, one.received) for one in found.received]
    assert [(unit.unit, 5)] == [(one.unit, one.target) for one in found.targets]
    assert [(unit.unit, date(2024, 6, 30))] == [(one.unit, one.as_of) for one in found.progress]


def test_without_any_of_them_nothing_is_said(folder):
    """Absent means unused, silently."""
    found = year.read(folder)

    assert ((), (), (), ()) == (found.received, found.targets, found.progress, found.direct)
    assert not [n for n in found.notices if n.file.partition(".")[0] in ("received", "targets", "progress", "direct")]
