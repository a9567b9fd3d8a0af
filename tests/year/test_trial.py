"""Facts and the order in a cluster as keys of a scenario: what they set, what they may not, how it is said (library.md)."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from conftest import CASES, SHIPPED, WORKED, make_year, shipped

from ctd_analysis import cli
from ctd_analysis.answers import what_if
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.plan import scenario as scenarios
from ctd_analysis.plan.scenario import BadScenario, Scenario, UnknownKey, UnknownUnit, UnknownValue
from ctd_analysis.terms import INSPECTED, TRIAL
from ctd_analysis.year import trial, year

BRANCH = "Hội CTĐ phường Bình San"


def rows(read, table: str, unit: str) -> dict:
    """A unit's rows of a table by what they are about."""
    return {row[1]: row for row in getattr(read, table) if row.unit == unit}


def test_a_grade_stands_over_the_cluster_s_and_the_appraisal_s():
    """III.1 goes by the grade that stands; self and cluster grades stay as they were given."""
    tried = trial.changed(shipped(), {"grade.ha-tien.35": "A"})
    place = [u.unit for u in shipped().units].index("ha-tien")
    before, after = appraise(shipped()).facts, appraise(tried).facts

    assert before.a[place] + 1 == after.a[place]
    assert rows(shipped(), "grades", "ha-tien")[35].cluster == rows(tried, "grades", "ha-tien")[35].cluster
    assert "A" == rows(tried, "appraisal", "ha-tien")[35].grade


def test_a_blank_grade_is_not_graded_whoever_graded_it():
    """Neither A nor C, and the unit provisional."""
    tried = appraise(trial.changed(shipped(), {"grade.kien-hai.1": ""}))

    assert 1 == tried.facts.ungraded[tried.place["kien-hai"]]


@pytest.mark.parametrize(("key", "value", "table", "item", "column", "expected"), [
    ("actual.ha-tien.dues", 90_000_000, "indicators", "dues", "actual", 90_000_000),
    ("target.ha-tien.resources", "9000000000", "indicators", "resources", "target", 9_000_000_000),
    ("actual.ha-tien.converted", 7.5, "indicators", "converted", "actual", Decimal("7.5")),
    ("actual.ha-tien.dues", None, "indicators", "dues", "actual", None),
    (f"rating.ha-tien.{BRANCH}", "tb", "branches", BRANCH, "rating", "Trung bình"),
    ("filing.ha-tien.annual_report", "2024-12-31", "filings", "annual_report", "received", date(2024, 12, 31)),
    ("filing.ha-tien.registration", "none", "filings", "registration", "received", "none")])
def test_a_fact_stands_and_says_so_beside_its_source(key, value, table, item, column, expected):
    """The five kinds of fact keys; the row keeps where it came from."""
    row = rows(trial.changed(shipped(), {key: value}), table, "ha-tien")[item]

    assert expected == getattr(row, column)
    assert re.match(f"{TRIAL}( .chỉ tiêu.)?, trước ", row.at.corrected)
    assert rows(shipped(), table, "ha-tien")[item].at.file == row.at.file


def test_what_stands_already_changes_nothing():
    """No mark where nothing was changed."""
    row = rows(shipped(), "indicators", "ha-tien")["dues"]

    assert row == rows(trial.changed(shipped(), {"actual.ha-tien.dues": row.actual}), "indicators", "ha-tien")["dues"]


def test_a_trial_begins_from_the_year_as_it_was_read():
    """Never from another trial; without facts it is the year itself."""
    one = trial.changed(shipped(), {"grade.ha-tien.35": "A"})

    assert trial.changed(one, {"actual.kien-hai.dues": 1}).appraisal == shipped().appraisal
    assert trial.changed(one, {}) is shipped()
    assert trial.changed(shipped(), {"class.good.min_a": 35}) is shipped()


@pytest.mark.parametrize(("key", "value", "error", "said"), [
    ("grade.hatien.35", "A", UnknownUnit, "“hatien” (có phải “ha-tien” không?)"),
    ("grade.ha-tien.44", "A", UnknownKey, "từ 1 đến 43"), ("grade.ha-tien.35", "D", UnknownValue, "A, B, C, KAD"),
    ("actual.ha-tien.due", 1, UnknownKey, "“dues”"), ("actual.ha-tien.dues", "1.5", UnknownValue, "số nguyên"),
    ("actual.ha-tien.dues", -1, UnknownValue, "số âm"), ("actual.ha-tien.dues", True, UnknownValue, "số nguyên"),
    ("actual.ha-tien.reporting", 2, UnknownValue, "1 hoặc 0"),
    ("target.ha-tien.reporting", 2, UnknownValue, "không thể là 2"),
    ("actual.ha-tien.converted", "1,5", UnknownValue, "dấu chấm"),
    ("rating.ha-tien.Hội CTĐ phường Binh San", "Khá", UnknownKey, f"“{BRANCH}”"),
    (f"rating.ha-tien.{BRANCH}", "Giỏi", UnknownValue, "Xuất sắc, Khá"),
    ("filing.ha-tien.anual_report", "none", UnknownKey, "“annual_report”"),
    ("filing.ha-tien.annual_report", "9/12/2024", UnknownValue, "2024-12-09"),
    ("filing.ha-tien.annual_report", "2020-12-09", UnknownValue, "năm 2024")])
def test_what_no_fact_can_be_is_refused_with_the_nearest_name(key, value, error, said):
    """A kind of error each, every one a ValueError."""
    with pytest.raises(error, match=".") as refused:
        trial.changed(shipped(), {key: value})

    assert isinstance(refused.value, ValueError)
    assert said in str(refused.value)


@pytest.mark.parametrize(("key", "said"), [
    ("grade.ha-tien", "cần dạng grade.<đơn vị>.<số tiêu chí>"), ("grades.ha-tien.3", "không có khóa"),
    ("filing.registration.befor", "“filing.registration.before”")])
def test_what_is_no_fact_key_is_no_key(key, said):
    """A slip in a key of the rules is told as such."""
    with pytest.raises(UnknownKey) as refused:
        appraise(shipped(), Scenario("thử", {key: "A"}))

    assert said in str(refused.value)


@pytest.mark.parametrize("order", ["class;c;a", ["class", "c", "a"], "class; c; a"])
def test_the_order_in_a_cluster_is_a_key(order):
    """As text or as a list; kept as text."""
    amended = scenarios.amend(shipped().book, {"ranking.order": order})

    assert ["class", "c", "a"] == amended.ranking.order
    assert "class;c;a" == scenarios.checked(Scenario("t", {"ranking.order": order}), shipped().book).changes["ranking.order"]


@pytest.mark.parametrize("order", ["", "class;b", "class;class", [], 3, None, "class,a"])
def test_an_order_that_is_none_is_refused(order):
    """Unknown, repeated or no keys."""
    with pytest.raises(UnknownValue):
        scenarios.amend(shipped().book, {"ranking.order": order})


@pytest.mark.parametrize("case", WORKED)
def test_a_fact_set_is_a_fact_sent(case, tmp_path):
    """A first grade, number, rating and day of a worked year set to another one: as if the tables had said so."""
    read = year.read(make_year(CASES / case, tmp_path))
    unit = read.units[0].unit
    changes = {f"grade.{unit}.3": "C", f"actual.{unit}.dues": 5, f"target.{unit}.resources": 7,
               f"filing.{unit}.self_scores": "none"}
    typed = {"grades": lambda r: r._replace(cluster="C") if r.criterion == 3 else r,
             "indicators": lambda r: r._replace(**{"dues": {"actual": 5}, "resources": {"target": 7}}.get(r.indicator, {})),
             "filings": lambda r: r._replace(received="none") if r.filing == "self_scores" else r}
    sent = {table: tuple(change(r) if r.unit == unit else r for r in getattr(read, table)) for table, change in typed.items()}
    looked = tuple(r for r in read.appraisal if (r.unit, r.criterion) != (unit, 3))

    tried = appraise(read, Scenario("thử", changes)).as_json()["units"]
    assert appraise(replace(read, appraisal=looked, **sent)).as_json()["units"] == tried


@pytest.mark.parametrize("case", ["03-inspection", "09-corners"])
def test_a_fact_stands_over_what_an_inspection_found(case, tmp_path):
    """`verified.csv`: each of its values set to what was sent; the result is that of a year nobody inspected so."""
    read = year.read(make_year(CASES / "year-round" / case, tmp_path))
    changes = {f"{row.table}.{row.unit}.{row.item}": row.sent for row in read.verified if row.table != "fund"}
    untouched = make_year(CASES / "year-round" / case, tmp_path / "again") / "verified.csv"
    kept = [line for line in untouched.read_text(encoding="utf-8").splitlines() if line.split(",")[1] in ("table", "fund")]
    untouched.write_text("\n".join(kept) + "\n", encoding="utf-8")

    tried = trial.changed(read, changes)
    assert appraise(year.read(untouched.parent)).as_json()["units"] == appraise(tried).as_json()["units"]
    assert any(INSPECTED in row.at.corrected and TRIAL in row.at.corrected for row in (*tried.indicators, *tried.branches))


@pytest.mark.parametrize("case", ["04-half-year", "09-corners"])
def test_a_fact_stands_over_the_council_s_register(case, tmp_path):
    """`received.csv`: a day set to another is that day, whatever the register says."""
    read = year.read(make_year(CASES / "year-round" / case, tmp_path))
    known = [row for row in read.received if row.filing in read.book.filings]
    tried = trial.changed(read, {f"filing.{row.unit}.{row.filing}": f"{read.book.year}-01-05" for row in known})
    came = {(row.unit, row.filing): row for row in tried.filings}

    assert known
    assert {date(read.book.year, 1, 5)} == {came[row.unit, row.filing].received for row in known}
    assert all(TRIAL in came[row.unit, row.filing].at.corrected for row in known)


def test_what_a_changed_target_touches_says_so():
    """Tháng Nhân đạo is measured by the target of all resources; who changes what was raised does not touch it."""
    def told(key):
        found = appraise(shipped(), Scenario("t", {key: 9_000_000_000})).findings["ha-tien"]
        return [x.what for x in found if TRIAL in x.source]

    assert ["resources", "humanitarian_month"] == told("target.ha-tien.resources")
    assert ["resources"] == told("actual.ha-tien.resources")


# ---------------------------------------------------------------- in files and on the command line

def test_a_scenario_of_facts_is_written_and_read_again(tmp_path):
    """What has spaces or dots stands in quotes."""
    changes = {"class.excellent.min_a": 40, "ranking.order": "class;c", "grade.ha-tien.35": "A",
               "actual.ha-tien.dues": 9, "actual.ha-tien.converted": "1.5", f"rating.ha-tien.{BRANCH}": "Khá",
               "filing.ha-tien.annual_report": "2024-12-09"}
    path = tmp_path / "thu.toml"
    path.write_text(scenarios.text(Scenario("Thử", changes)), encoding="utf-8")

    assert f'rating.ha-tien."{BRANCH}" = "Khá"' in path.read_text(encoding="utf-8")
    assert changes == trial.load(path, shipped()).changes


def test_a_branch_is_known_however_its_letters_are_composed(tmp_path):
    """Text is compared in NFC."""
    path = tmp_path / "thu.toml"
    path.write_text(unicodedata.normalize("NFD", f'title = "t"\n[set]\nrating.ha-tien."{BRANCH}" = "Khá"\n'), encoding="utf-8")

    assert {f"rating.ha-tien.{BRANCH}": "Khá"} == trial.load(path, shipped()).changes


def test_a_scenario_of_an_unknown_unit_is_none():
    """Told before anything is judged."""
    with pytest.raises(BadScenario, match="“ha-tien”"):
        trial.settled(Scenario("t", {"grade.hatien.3": "A"}), shipped())


def test_set_takes_facts_and_says_who_moves_and_why(capsys):
    """Kiên Hải has 41 A: one of them a C, and it is Khá."""
    graded = next(r.criterion for r in shipped().grades if r.unit == "kien-hai" and r.cluster == "A")

    assert 0 == cli.main(["what-if", str(SHIPPED), "--set", f"grade.kien-hai.{graded}=C", "--json", "-"])
    moved = json.loads(capsys.readouterr().out)["moved"]
    assert {"unit": "kien-hai", "what": "base_class", "from": "excellent", "to": "good"} in moved


def test_who_only_changes_place_is_told_why(capsys):
    """Another order; a unit's own converted points."""
    assert 0 == cli.main(["what-if", str(SHIPPED), "--set", "ranking.order=class;c"])
    assert "thứ tự trong cụm xét theo xếp loại, ít điểm C hơn" in capsys.readouterr().out


@pytest.mark.parametrize("pair", [
    f"rating.ha-tien.{BRANCH}=Yếu", f"rating.ha-tien.{BRANCH} = yếu ",
    unicodedata.normalize("NFD", f"rating.ha-tien.{BRANCH}=Yếu"), "filing.ha-tien.annual_report=none",
    "filing.ha-tien.annual_report=", "grade.ha-tien.35=", "grade.ha-tien.35=kad", "actual.ha-tien.dues=",
    "target.ha-tien.dues=0", "actual.ha-tien.converted=1.5"])
def test_a_value_is_typed_as_in_a_table(capsys, pair):
    """Blanks, words in either case, letters however composed; the trial is marked, and read again from its file."""
    assert 0 == cli.main(["appraise", str(SHIPPED), "--set", pair, "--json", "-"])
    answer = json.loads(capsys.readouterr().out)
    [(key, value)] = answer["scenario"]["set"].items()

    assert unicodedata.is_normalized("NFC", key) and key.count(".") == 2
    scenario = trial.settled(scenarios.from_pairs([pair], shipped().book), shipped())
    assert {key: value} == scenario.changes
    assert appraise(shipped(), scenario).as_json() == answer


def test_a_scenario_file_takes_keys_quoted_or_not_and_days(tmp_path):
    """TOML's own days, tables, and whole keys in quotes."""
    text = (f'title = "t"\n[set]\n"rating.ha-tien.{BRANCH}" = "Yếu"\nranking.order = ["class", "c"]\n'
            'filing.ha-tien.annual_report = 2024-12-09\ngrade.ha-tien.35 = ""\n[set.actual.ha-tien]\ndues = 5\n')
    path = tmp_path / "thu.toml"
    path.write_text(text, encoding="utf-8")

    assert {f"rating.ha-tien.{BRANCH}": "Yếu", "ranking.order": "class;c", "filing.ha-tien.annual_report": "2024-12-09",
            "grade.ha-tien.35": "", "actual.ha-tien.dues": 5} == trial.load(path, shipped()).changes


@pytest.mark.parametrize(("pair", "said"), [("grade.hatien.35=A", "ha-tien"), ("grade.ha-tien.35=E", "A, B, C, KAD"),
                                            ("ranking.order=clas", "“class”"), ("ranking.order=", "KHÓA=GIÁ_TRỊ"),
                                            ("class.good.min_a=", "KHÓA=GIÁ_TRỊ"), ("actual.ha-tien.dues=1e9", "số"),
                                            ("actual.ha-tien.dues=10000000000000000", "10"),
                                            ("filing.ha-tien.annual_report=2024-02-30", "ngày"),
                                            ("rating.ha-tien.=Khá", "cần dạng"), ("grade.ha-tien.0=A", "từ 1 đến 43")])
def test_a_wrong_fact_is_a_wrong_call(capsys, pair, said):
    """Exit code 2 and the sentence."""
    assert 2 == cli.main(["appraise", str(SHIPPED), "--set", pair])
    assert said in capsys.readouterr().err


def test_edges_and_readings_are_those_of_the_changed_facts():
    """Edges stay with the rules: no key of a fact among them."""
    base = appraise(shipped())
    answer = what_if.as_json(base, what_if.under(base, {"grade.ha-tien.35": "C"}))

    assert answer["edges"]
    assert {edge["key"] for edge in answer["edges"]} <= set(base.book.values())
