"""V.3, IV, II.9: registration, the first half, what is due; worked cases first, then boundaries."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import CASES, SHIPPED, make_year

from ctd_analysis import cli
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.answers.due import due_on
from ctd_analysis.answers.progress import half_year
from ctd_analysis.answers.registration import Registration
from ctd_analysis.words import council
from ctd_analysis.year import year

WORKED = sorted(path for verb in ("registration", "progress")
                for path in CASES.glob(f"year-round/0[459]-*/expected/{verb}*.json"))


@pytest.fixture
def folder(tmp_path) -> Path:
    """A healthy year that a test may spoil."""
    return make_year(CASES / "year-1", tmp_path / "2024")


def put(folder: Path, table: str, *rows: str) -> Path:
    """A table of the year with these rows, its head before them."""
    heads = {"received": "unit,filing,received,document", "targets": "unit,branch,indicator,target,note",
             "progress": "unit,indicator,as_of,actual,note", "direct": "source,name,kind,indicator,target,actual,note"}
    (folder / f"{table}.csv").write_text("\n".join([heads[table], *rows]) + "\n", encoding="utf-8")
    return folder


def add_rules(folder: Path, text: str) -> Path:
    """The year's rule book with its table of paces changed."""
    book = folder / "rulebook.toml"
    kept = book.read_text(encoding="utf-8").partition(f"# {64 * '-'} IV, II.9")[0]
    book.write_text(kept + text, encoding="utf-8")
    return folder


def same(expected, actual) -> bool:
    """Equal, numbers as numbers and fractions as fractions."""
    if isinstance(expected, dict):
        return all(same(value, actual[key]) for key, value in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    if isinstance(expected, str) and expected[:1].isdigit() and "-" not in expected:
        return Fraction(expected) == Fraction(actual)
    return expected == actual


def test_the_worked_cases_are_there():
    """An empty folder of cases fails."""
    assert 9 == len(WORKED)


@pytest.mark.parametrize("path", WORKED, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_worked_case_is_exact(path, tmp_path, capsys):
    """`ctd registration` and `ctd progress` say what others worked out, and nothing but JSON on standard output."""
    case = json.loads(path.read_text(encoding="utf-8"))
    folder = make_year(path.parent.parent, tmp_path / "year")

    code = cli.main([str(folder) if part == "DIR" else part for part in case["call"]] + ["--json", "-"])

    assert case["exit"] == code
    assert same(case["answer"], json.loads(capsys.readouterr().out))


# ---------------------------------------------------------------- the register (V.3)

def of_unit(found, unit):
    return next(one for one in found.units if one.unit == unit)


@pytest.mark.parametrize(("expected", "came"), [("in_time", "2024-02-21"), ("late", "2024-02-22"), ("none", "none")])
def test_the_register_says_when_a_registration_came(folder, expected, came):
    """V.3, "trước ngày 22/02/2024": the day itself is late."""
    unit = year.read(folder).all_units[0].unit
    put(folder, "received", f"{unit},registration,{came},CV 1")

    assert expected == of_unit(Registration(year.read(folder)), unit).registration


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


# ---------------------------------------------------------------- the first half

def step(folder, unit, indicator, on=None):
    return next(one for one in half_year(year.read(folder), on).steps if (one.unit, one.indicator) == (unit, indicator))


@pytest.mark.parametrize(("expected", "actual"), [
    ("on_pace", 4_500_000_000), ("bar_pace", 4_499_999_999), ("bar_pace", 4_050_000_000), ("behind", 4_049_999_999),
    ("reached", 9_000_000_000), ("on_pace", 8_999_999_999)])
def test_half_way_on_the_day_is_half_way(folder, expected, actual):
    """IV: on 30 June, by months, half of nine billion is due; III.2.2 would speak under nine tenths of that."""
    unit = year.read(folder).all_units[0].unit
    put(put(folder, "targets", f"{unit},,resources,9000000000,"), "progress", f"{unit},resources,2024-06-30,{actual},")

    assert expected == step(folder, unit, "resources").status


@pytest.mark.parametrize(("share", "as_of", "rules"), [
    (Fraction(1, 2), "2024-06-30", '[progress]\npace = "months"\n'),
    (Fraction(182, 366), "2024-06-30", '[progress]\npace = "days"\n'),
    (Fraction(2, 12), "2024-02-29", ""), (Fraction(1), "2024-12-31", ""), (Fraction(1, 12 * 31), "2024-01-01", ""),
    (Fraction(1, 2), "2024-01-31", "[progress.due]\ndues = 2024-02-29\n"),
    (Fraction(1), "2024-02-29", "[progress.due]\ndues = 2024-02-29\n"),
    (Fraction(1), "2024-03-01", "[progress.due]\ndues = 2024-02-29\n"),
    (Fraction(31, 60), "2024-01-31", '[progress]\npace = "days"\n[progress.due]\ndues = 2024-02-29\n'),
    (Fraction(1), "2024-01-02", '[progress]\nbalance = ["dues"]\n')])
def test_how_much_is_due_by_a_day_is_an_exact_fraction(folder, share, as_of, rules):
    """Months, days of a leap year, a due day of its own, a balance."""
    unit = year.read(folder).all_units[0].unit
    put(add_rules(folder, rules), "progress", f"{unit},dues,{as_of},1,")

    assert share == step(folder, unit, "dues", date(2024, 12, 31)).share


def test_the_last_row_on_or_before_the_day_counts_and_a_blank_is_no_row(folder):
    """A row of 1 July is not there on 30 June; one without a number never is."""
    unit = year.read(folder).all_units[0].unit
    put(folder, "progress", f"{unit},dues,2024-07-01,9,", f"{unit},dues,2024-05-31,,", f"{unit},dues,2024-03-31,3,")

    assert 3 == step(folder, unit, "dues").actual
    assert 9 == step(folder, unit, "dues", date(2024, 7, 1)).actual


_EVENT = '[event.x]\nlabel = "X"\n'
RULE_FAULTS = {
    "progress.pace": '[progress]\npace = "weeks"\n', "progress.balance": '[progress]\nbalance = ["fund"]\n',
    "progress.due.tet": "[progress.due]\ntet = 2024-02-10\n", "progress.due.dues": "[progress.due]\ndues = 2025-02-10\n",
    "progress.due": '[progress.due]\ndues = "10/02"\n', "progress.paces": '[progress]\npaces = "days"\n',
    "event.x": f'{_EVENT}clause = "II"\non = 2024-01-01\nbefore = 2024-01-01\n', "event.x.clause": _EVENT,
    "event.x.to": f'{_EVENT}clause = "II"\nfrom = 2024-02-01\nto = 2024-01-01\n',
    "event.x.on": f'{_EVENT}clause = "II"\non = "mai"\n', "event.x.form": f'{_EVENT}clause = "II"\nform = 2024-01-01\n'}


@pytest.mark.parametrize("key", RULE_FAULTS)
def test_a_key_of_the_calendar_that_cannot_be_is_refused_by_its_name(folder, capsys, key):
    """`[progress]`, `[progress.due]`, `[event.*]`: the key and its line."""
    add_rules(folder, RULE_FAULTS[key])

    assert 1 == cli.main(["due", "--on", "2024-03-01", str(folder)])
    assert f"khóa {key}: " in capsys.readouterr().err


# ---------------------------------------------------------------- what is due

def test_the_day_itself_is_past_as_the_year_reads_it(folder):
    """V.3 "trước ngày 22/02": on that day it is too late, so it is past; the day before it is still coming."""
    read = year.read(folder)

    assert "registration" not in [one.id for one in due_on(read, date(2024, 2, 21)).past]
    assert ["registration", "plan"] == [one.id for one in due_on(read, date(2024, 2, 22)).past]


@pytest.mark.parametrize(("expected", "on"), [(False, date(2024, 3, 7)), (True, date(2024, 3, 8)), (True, date(2024, 4, 7)),
                                              (False, date(2024, 4, 8))])
def test_thirty_days_are_looked_ahead(expected, on):
    """The blood donation day of 7 April (II.4): thirty days before it and no earlier; not once it is over."""
    found = due_on(year.read(SHIPPED), on)

    assert expected == ("blood_donation_day" in [event.id for *_, event in found.coming])


def test_every_date_of_the_plan_is_in_the_shipped_calendar():
    """II.4, II.5, IV, V.3, V.4, each with its clause; what the plan gives no day is said to have none."""
    book = year.read(SHIPPED).issued
    days = {str(day) for one in book.events.values() for day in (one.on, one.start, one.to, one.before) if day}
    days |= {str(one.before) for one in (*book.filings.values(), book.dossier)}

    assert {"2024-01-01", "2024-06-30", "2024-07-01", "2024-12-31", "2024-04-07", "2024-06-14", "2024-05-08", "2024-09-14",
            "2024-10-13", "2024-11-23", "2024-02-22", "2024-12-10"} == days
    dateless = {one.id for one in due_on(year.read(SHIPPED), date(2024, 1, 1)).dateless}
    assert {"volunteer_day", "session", "inspection"} <= dateless
    assert all(one.clause for one in book.events.values())


@pytest.mark.parametrize("call", [["due"], ["due", "--on", "mai"], ["progress", "--on", "30/6/2024"], ["due", "--on", ""]])
def test_a_day_that_is_none_is_a_wrong_call(call, capsys):
    """Exit 2, with what is wanted."""
    assert 2 == cli.main(call)
    assert "Traceback" not in capsys.readouterr().err


def test_before_any_submission_nothing_is_at_fault(tmp_path, capsys):
    """February: registration, progress and what is due end with 0; `check` still says who has sent nothing."""
    folder = make_year(CASES / "year-round" / "05-february", tmp_path / "year")

    assert [0, 0, 0, 1] == [cli.main([*call, str(folder)]) for call in
                            (["registration"], ["progress"], ["due", "--on", "2024-02-23"], ["check"])]
    assert "Huyện Thử 6" in capsys.readouterr().out


# ---------------------------------------------------------------- December: stated below registered

def lowered(folder, registered: int):
    """The appraisal of a year whose first unit states 100 in dues and paid 90, registered so many."""
    unit = year.read(folder).all_units[0]
    path = folder / "submissions" / unit.cluster / "indicators.csv"
    rows = [row for row in path.read_text(encoding="utf-8").splitlines() if not row.startswith(f"{unit.unit},dues,")]
    path.write_text("\n".join([*rows, f"{unit.unit},dues,100,90,"]) + "\n", encoding="utf-8")
    put(folder, "targets", f"{unit.unit},,dues,{registered},")
    found = appraise(year.read(folder))
    cards = [x for x in council.items(found, council.by_cluster(found)) if "đã đăng ký hay" in x.question]
    return cards, [n.message for n in found.notices if n.file == "targets.csv"]


@pytest.mark.parametrize(("cards", "notices", "registered"), [(0, 0, 99), (0, 0, 100), (1, 1, 101)])
def test_a_target_stated_below_the_registered_one_is_told_and_asked_about(folder, cards, notices, registered):
    """90 of 101 is under nine tenths, 90 of 100 is not: which of the two counts is the Council's (III.2.2, V.3)."""
    found = lowered(folder, registered)

    assert (cards, notices) == tuple(map(len, found))


def test_where_no_case_turns_on_it_it_is_only_told(folder):
    """Members 100 stated, 106 registered, all reached: a notice and no card."""
    unit = year.read(folder).all_units[0]
    path = folder / "submissions" / unit.cluster / "indicators.csv"
    rows = [row for row in path.read_text(encoding="utf-8").splitlines() if not row.startswith(f"{unit.unit},member_growth,")]
    path.write_text("\n".join([*rows, f"{unit.unit},member_growth,100,106,"]) + "\n", encoding="utf-8")
    found = appraise(year.read(put(folder, "targets", f"{unit.unit},,member_growth,106,")))

    assert ["targets.csv"] == [n.file for n in found.notices if "đã đăng ký 106" in n.message]
    assert not [x for x in council.items(found, council.by_cluster(found)) if "đã đăng ký hay" in x.question]
