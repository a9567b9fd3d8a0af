"""The year that is meant where none is named; and what in a year's folder is of another year."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import CASES, SHIPPED, make_year

from ctd_analysis import cli
from ctd_analysis.pages.notebook import find_year, open_province
from ctd_analysis.plan.load import load
from ctd_analysis.problems import Refused
from ctd_analysis.year import year
from ctd_analysis.year.newest import newest


def a_year(data: Path, name: str, sent: str = "") -> Path:
    """A folder with a rule book, and with something that a cluster sent."""
    folder = data / name
    (folder / "submissions").mkdir(parents=True)
    (folder / "rulebook.toml").write_text("", encoding="utf-8")
    if sent:
        (folder / "submissions" / sent).parent.mkdir(exist_ok=True)
        (folder / "submissions" / sent).write_text("", encoding="utf-8")
    return folder


@pytest.mark.parametrize(("years", "expected"), [
    ({"2023": "cum-1.xlsx", "2024": "cum-1.xlsx"}, "2024"), ({"2024": "cum-1/grades.csv", "2025": ""}, "2024"),
    ({"2024": "", "2025": ""}, "2025"), ({"2024": "cum-1.xlsx", "2025": ".DS_Store"}, "2024"),
    ({"2024": "cum-1.xlsx", "2025": "cum-1/.DS_Store"}, "2024"), ({"2024": "cum-1.xlsx", "thu": "cum-1.xlsx"}, "2024"),
    ({"2024": "cum-1.xlsx", "2024-thu": "cum-1.xlsx"}, "2024"), ({"nam-nay": ""}, "nam-nay"), ({}, None)])
def test_the_newest_year_that_has_a_submission(tmp_path, years, expected):
    """Else the newest; nothing hidden counts; a name of four figures is newer than a word."""
    (tmp_path / "anh").mkdir()
    for name, sent in years.items():
        a_year(tmp_path, name, sent)

    assert expected == (found.name if (found := newest(tmp_path)) else None)


def test_no_data_at_all(tmp_path):
    """Where the folder itself is not there."""
    assert newest(tmp_path / "data") is None


def test_a_command_without_a_year_takes_it_and_says_which(tmp_path, monkeypatch, capsys):
    """On standard error: standard output is the answer's."""
    monkeypatch.chdir(tmp_path)
    make_year(CASES / "year-1", tmp_path / "data" / "2024")
    a_year(tmp_path / "data", "2025")

    assert 0 == cli.main(["appraise", "--json", "-"])
    out, err = capsys.readouterr()
    assert out.startswith("{")
    assert f"Năm: {Path('data/2024')} " in err


def test_a_decision_without_a_year_is_about_the_newest(tmp_path, monkeypatch, capsys):
    """As its help says; it is said which, and nothing is written elsewhere."""
    monkeypatch.chdir(tmp_path)
    make_year(CASES / "year-1", tmp_path / "data" / "2024")
    make_year(CASES / "year-1", tmp_path / "data" / "2025")
    before = (tmp_path / "data" / "2024" / "decisions.csv").read_bytes()

    assert 0 == cli.main(["decide", "u001", "downgrade", "--reason", "họp", "--document", "BB 09", "--on", "21/12/2024",
                          "--record"])
    assert f"Năm: {Path('data/2025')} " in capsys.readouterr().err
    assert "u001,downgrade" in (tmp_path / "data" / "2025" / "decisions.csv").read_text(encoding="utf-8")
    assert before == (tmp_path / "data" / "2024" / "decisions.csv").read_bytes()


@pytest.mark.parametrize("words", [["appraise"], ["check"], ["run"], ["template"], ["explain", "x"], ["what-if"],
                                   ["decide", "x", "consider"], ["decide", "--take", "x.xlsx"]], ids="-".join)
def test_without_any_year_a_command_says_what_is_wanted(tmp_path, monkeypatch, capsys, words):
    """Code 2."""
    monkeypatch.chdir(tmp_path)

    assert 2 == cli.main(words)
    assert "không có năm nào trong thư mục “data”" in capsys.readouterr().err


def test_a_notebook_without_a_year_takes_it_too(tmp_path, monkeypatch):
    """From its own folder; the title says which year."""
    (tmp_path / "notebooks").mkdir()
    make_year(SHIPPED, tmp_path / "data" / "2024")
    a_year(tmp_path / "data", "2025")
    monkeypatch.chdir(tmp_path / "notebooks")

    assert Path("../data/2024") == find_year("")
    assert "năm 2024" in open_province("").title


# ---------------------------------------------------------------- of another year

def changed(folder: Path, file: str, old: str, new: str) -> Path:
    """A year with something replaced in one file."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_a_copied_year_of_which_only_the_number_was_changed(shipped_copy):
    """Every day that decides something stops it, by its line."""
    with pytest.raises(Refused) as refused:
        year.read(changed(shipped_copy, "rulebook.toml", "\nyear = 2024", "\nyear = 2025"))

    assert {f"khóa filing.{id}.before: ngày của năm khác, year = 2025" for id in ("registration", "self_scores",
                                                                                 "annual_report")} == {
        p.what for p in refused.value.problems}
    assert all(p.line for p in refused.value.problems)


@pytest.mark.parametrize(("day", "sound"), [("2023-12-31", False), ("2024-01-01", True), ("2024-12-31", True),
                                            ("2025-03-31", True), ("2025-04-01", False)])
def test_a_day_that_decides_is_of_the_year_or_soon_after(day, sound):
    """V.4 may well ask for a report in January."""
    raw = (SHIPPED / "rulebook.toml").read_bytes().replace(b"before = 2024-12-10", f"before = {day}".encode(), 2)
    try:
        load(Path("rulebook.toml"), raw)
        assert sound
    except Refused:
        assert not sound


@pytest.mark.parametrize(("old", "new", "said"), [
    ("thập đỏ năm 2024", "thập đỏ năm 2023", "khóa plan.title: tên kế hoạch ghi năm 2023, year = 2024"),
    ('fact = "shown_only"\nbefore = 2024-02-22', 'fact = "shown_only"\nbefore = 2023-02-22', "khóa filing.plan.before"),
    ('clause = "V.4"\nbefore = 2024-12-10', 'clause = "V.4"\nbefore = 2025-01-10', "khóa dossier.before: ngày của năm 2025"),
    ('fact = "undelivered"\nbefore = 2024-12-10', 'fact = "undelivered"\nbefore = 2025-01-10',
     "khóa filing.annual_report.before: ngày của năm 2025")])
def test_what_decides_nothing_by_it_is_a_notice(shipped_copy, old, new, said):
    """A title, a day that is only shown, one soon after the year."""
    read = year.read(changed(shipped_copy, "rulebook.toml", old, new))

    assert any(said in notice.message for notice in read.notices)
    assert () == tuple(p for p in read.problems if p.file == "rulebook.toml")


def test_a_criterion_that_names_another_year_is_a_notice(shipped_copy):
    """By its line; a circular of 2014 is none."""
    read = year.read(changed(shipped_copy, "criteria.csv", "năm 2024 có giá trị", "năm 2023 có giá trị"))

    assert [3] == [n.line for n in read.notices if n.file == "criteria.csv"]


@pytest.mark.parametrize(("filing", "before", "day", "kind"), [
    ("registration", "2024-02-22", "2023-12-20", "notice"), ("registration", "2024-02-22", "2023-03-01", "problem"),
    ("registration", "2024-02-22", "2023-02-22", "problem"), ("registration", "2024-02-22", "2023-09-25", "notice"),
    ("registration", "2024-02-22", "2023-09-24", "problem"), ("annual_report", "2024-12-10", "2023-12-10", "problem"),
    ("annual_report", "2024-12-10", "2023-12-11", "problem"), ("annual_report", "2024-12-10", "2025-01-05", "notice"),
    ("registration", "2024-02-22", "2025-01-15", "problem"), ("registration", "2024-02-22", "2024-02-22", "none"),
    ("plan", "2024-02-22", "2023-03-01", "notice")])
def test_a_day_of_receipt_of_another_year(tmp_path, filing, before, day, kind):
    """A problem where, months away from its deadline, it would be late or in time as a day of this year; else a notice."""
    folder = make_year(CASES / "year-1", tmp_path / "2024")
    file = folder / "submissions" / "cum-1" / "filings.csv"
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith(f"u000,{filing},")]
    file.write_text("\n".join([*kept, f"u000,{filing},{day}"]) + "\n", encoding="utf-8")
    read = year.read(folder)
    found = [k for k, several in (("problem", read.problems), ("notice", read.notices)) for p in several
             if f"ngày của năm {day[:4]}" in p.what]

    assert before.startswith("2024")
    assert ([] if kind == "none" else [kind]) == found


def test_a_new_year_s_folder_is_not_the_default_until_something_came_in(tmp_path, monkeypatch):
    """`ctd new-year` leaves 2024 what is meant."""
    monkeypatch.chdir(tmp_path)
    make_year(SHIPPED, tmp_path / "data" / "2024")
    assert 0 == cli.main(["new-year", "data/2024", "data/2025"])
    assert Path("data/2024") == newest(Path("data"))

    shutil.copy(SHIPPED / "submissions" / "cum-3.xlsx", tmp_path / "data" / "2025" / "submissions")
    assert Path("data/2025") == newest(Path("data"))
