"""`ctd due`: what of the plan's year is past on a day, who is late, what comes (year-round §3)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from conftest import CASES, SHIPPED, make_year
from early import add_rules, put

from ctd_analysis import cli
from ctd_analysis.answers.due import Deadline, due_on
from ctd_analysis.year import year


@pytest.fixture
def folder(tmp_path) -> Path:
    """A healthy year that a test may spoil."""
    return make_year(CASES / "year-1", tmp_path / "2024")


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


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("verb", ["due", "progress"])
def test_the_first_and_the_last_day_there_is_are_days(verb, on, capsys):
    """Nothing is reckoned past the calendar's ends."""
    assert 0 == cli.main([verb, "--on", on, str(SHIPPED)])
    assert capsys.readouterr().out


def test_before_any_submission_nothing_is_at_fault(tmp_path, capsys):
    """February: registration, progress and what is due end with 0; `check` still says who has sent nothing."""
    folder = make_year(CASES / "year-round" / "05-february", tmp_path / "year")

    assert [0, 0, 0, 1] == [cli.main([*call, str(folder)]) for call in
                            (["registration"], ["progress"], ["due", "--on", "2024-02-23"], ["check"])]
    assert "Huyện Thử 6" in capsys.readouterr().out


def test_who_is_late_and_who_is_not_known_is_named(folder):
    """V.3: the day itself and `none` are late; nothing written is not known; in time is neither."""
    units = [unit.unit for unit in year.read(folder).all_units]
    (folder / "submissions").rename(folder / "nobody")
    put(folder, "received", *(f"{unit},registration,{came}," for unit, came in
                              zip(units, ("2024-02-21", "2024-02-22", "none", ""), strict=False)))

    found = next(one for one in due_on(year.read(folder), date(2024, 2, 23)).past if one.id == "registration")

    assert (tuple(units[1:3]), tuple(units[3:])) == (found.late, found.unknown)


SILENT = Deadline("", "", "", date(2024, 1, 1))


@pytest.mark.parametrize(("expected", "is_past", "on"), [(("", "", ""), False, "2024-02-10"),
                                                         (("late", "", "unknown"), True, "2024-02-11")])
def test_a_number_with_a_due_day_of_its_own_is_a_deadline(folder, expected, is_past, on):
    """`[progress.due]`: the day still counts; after it whoever has not reached all of it is late, without a number unknown."""
    units = [unit.unit for unit in year.read(folder).all_units[:3]]
    add_rules(folder, "[progress.due]\ntet_nhan_ai = 2024-02-10\n")
    put(folder, "targets", *(f"{unit},,tet_nhan_ai,100," for unit in units))
    put(folder, "progress", f"{units[0]},tet_nhan_ai,2024-02-10,99,", f"{units[1]},tet_nhan_ai,2024-02-10,100,")

    past = {one.id: one for one in due_on(year.read(folder), date.fromisoformat(on)).past}

    assert is_past == ("progress.due.tet_nhan_ai" in past)
    one = past.get("progress.due.tet_nhan_ai", SILENT)
    assert expected == tuple("late" if unit in one.late else "unknown" if unit in one.unknown else "" for unit in units)


def test_a_day_of_another_year_is_remarked_on(folder, capsys):
    """`--on` may be any day: what it can know of this year is told."""
    assert 0 == cli.main(["progress", "--on", "2025-01-15", str(folder)])
    assert "ngày 15/01/2025 ngoài năm 2024" in capsys.readouterr().err
