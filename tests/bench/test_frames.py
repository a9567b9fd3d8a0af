"""The tables of a year and of a result: types, missing values, copies; the same as the pages' and the contract's JSON."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import pandas as pd
import pytest
from conftest import CASES, ROOT, SHIPPED, WORKED, entries, make_year, shipped

import ctd_analysis as ctd
from ctd_analysis.answers import what_if
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.bench import frames
from ctd_analysis.rows import COLUMNS
from ctd_analysis.year import year as years

YEAR = ("grades", "indicators", "branches", "filings", "units", "clusters", "criteria", "appraisal", "decisions")


def bench(read):
    """A year already read, on the bench."""
    from ctd_analysis.bench.years import Year
    return Year(read)


@pytest.fixture(scope="module")
def year():
    """The shipped year."""
    return bench(shipped())


@pytest.fixture(scope="module")
def result(year):
    """The shipped year appraised."""
    return ctd.appraise(year)


def none_for_na(value):
    """A cell as JSON has it."""
    return value if isinstance(value, list) else None if pd.isna(value) else value


# ---------------------------------------------------------------- a year's tables

@pytest.mark.parametrize("table", YEAR)
def test_a_table_has_the_contract_s_columns_and_rows(year, table):
    """Then `appraised` and `source` of a grade, `state` of a day of receipt."""
    frame, columns = getattr(year, table), list(COLUMNS[table])
    more = {"grades": ["appraised", "source"], "branches": ["kind"], "filings": ["state"], "clusters": ["state"]}.get(table, [])

    assert [*columns, *more] == list(frame.columns)
    assert len(getattr(shipped(), table)) == len(frame)


@pytest.mark.parametrize(("table", "column", "dtype"), [
    ("grades", "unit", "string"), ("grades", "criterion", "Int64"), ("grades", "note", "string"),
    ("indicators", "target", "Int64"), ("indicators", "actual", "object"), ("branches", "fund", "Int64"),
    ("filings", "received", "datetime64[ns]"), ("clusters", "dossier_received", "datetime64[ns]"),
    ("decisions", "decided_on", "datetime64[ns]"), ("units", "population", "Int64"), ("units", "aliases", "string"),
    ("decisions", "value", "string"), ("criteria", "criterion", "Int64")])
def test_a_column_has_its_true_type(year, table, column, dtype):
    """Whatever stands in it."""
    assert dtype == getattr(year, table)[column].dtype


@pytest.mark.parametrize(("table", "column", "rising"), [
    ("grades", "self", ["KAD", "C", "B", "A"]), ("grades", "cluster", ["KAD", "C", "B", "A"]),
    ("grades", "appraised", ["KAD", "C", "B", "A"]), ("appraisal", "grade", ["KAD", "C", "B", "A"]),
    ("branches", "rating", ["Yếu", "Trung bình", "Khá", "Xuất sắc"]), ("filings", "state", ["none", "came"])])
def test_grades_and_ratings_go_from_worst_to_best(year, table, column, rising):
    """`>=` and sorting mean what they say."""
    dtype = getattr(year, table)[column].dtype

    assert (rising, True) == (list(dtype.categories), dtype.ordered)


def test_what_is_missing_is_na_never_nought_and_never_empty(tmp_path):
    """A blank grade, number, note and day; a filing known never to have come has no day, and a state."""
    folder = make_year(CASES / "year-1", tmp_path)
    read = years.read(folder)
    table = bench(read)

    blanks = table.indicators[[row.actual is None for row in read.indicators]]
    assert len(blanks) and blanks["actual"].isna().all()
    assert not (table.grades["note"] == "").any()
    states = {None: None, "none": "none"}
    assert [states.get(row.received, "came") for row in read.filings] == [none_for_na(x) for x in table.filings["state"]]
    assert [not hasattr(row.received, "year") for row in read.filings] == list(table.filings["received"].isna())


def test_decimals_are_exact(year):
    """Converted points may have a part after the point; whole numbers beside them stay whole."""
    found = year.indicators.set_index(["unit", "indicator"])["actual"]

    assert Decimal("1.5") == found["ha-tien", "converted"]
    assert int is type(found["ha-tien", "dues"])
    rest = year.indicators.query("indicator != 'converted'").astype({"actual": "Int64"})
    assert "Int64" == rest["actual"].dtype


def test_a_grade_says_what_the_appraisal_wrote_and_where_it_was_read(year):
    """A cell of a workbook by its address, a line of a CSV by its number."""
    grades = year.grades.set_index(["unit", "criterion"])
    looked = {(row.unit, row.criterion): row.grade for row in shipped().appraisal}

    assert looked == grades["appraised"].dropna().astype(str).to_dict()
    sources = grades.loc[grades["cluster"].notna(), "source"]
    assert "cum-1/grades.csv:2" == sources["ha-tien", 1]
    assert sources[sources.str.startswith("cum-3.xlsx")].str.fullmatch(r"cum-3\.xlsx, Bảng điểm![A-Z]+\d+").all()


def test_the_address_is_that_of_the_cluster_s_grade():
    """Opened and looked at: the cell holds it."""
    import openpyxl
    sheet = openpyxl.load_workbook(SHIPPED / "submissions" / "cum-3.xlsx")["Bảng điểm"]
    mine = bench(shipped()).grades
    mine = mine[mine["source"].str.startswith("cum-3.xlsx") & mine["cluster"].notna()]

    assert len(mine) and all(str(sheet[source.partition("!")[2]].value).strip() == grade
                             for source, grade in zip(mine["source"], mine["cluster"], strict=True))


@pytest.mark.parametrize("table", YEAR)
def test_a_table_is_a_copy(year, table):
    """Changing one changes nothing else."""
    before = getattr(year, table)
    spoilt = getattr(year, table)
    spoilt.iloc[:, 0] = pd.NA
    spoilt["mới"] = 1

    pd.testing.assert_frame_equal(before, getattr(year, table))


@pytest.mark.parametrize("table", YEAR)
def test_an_empty_table_keeps_its_columns_and_types(year, table):
    """A notebook's next cell does not stumble over an empty year."""
    from dataclasses import replace
    empty = bench(replace(shipped(), **{table: ()}))._frame(table)

    assert list(getattr(year, table).dtypes) == list(empty.dtypes) and 0 == len(empty)


def test_the_rules_are_a_table_of_the_keys_there_are(year):
    """Each set to its own value changes nothing; a reading says its options; a number has none."""
    rules = year.rules.set_index("key")

    assert [*shipped().book.in_force(), "ranking.order"] == list(rules.index)
    assert ctd.appraise(year, rules["value"].to_dict()).units.equals(ctd.appraise(year).units)
    assert list(shipped().book.readings["sanction"].options) == rules.loc["readings.sanction", "options"]
    assert [not key.startswith("readings.") for key in rules.index] == rules["options"].isna().to_list()


def test_other_tables_come_by_the_name_of_their_file(year):
    """What a year's folder holds besides."""
    assert list(COLUMNS["corrections"]) == list(year.corrections.columns)


def test_no_table_of_this_name(year, result):
    """With the nearest one; and `hasattr` still works."""
    with pytest.raises(ValueError, match="“grades”"):
        _ = year.grade
    with pytest.raises(ctd.UnknownTable, match="“findings”"):
        _ = result.finding
    assert not hasattr(year, "nothing") and not hasattr(result, "_ipython_display_")


def test_a_faulty_cluster_is_left_out_and_told(tmp_path):
    """As everywhere; its problems as a table."""
    year = ctd.read(make_year(CASES / "year-5-broken", tmp_path))

    assert list(year.read.failed) == list(dict.fromkeys(year.problems["cluster"]))
    assert "Int64" == year.problems["line"].dtype
    assert len(year.units) == len(ctd.appraise(year).units) < len(year.read.all_units)


def test_a_year_whose_own_files_are_faulty_is_refused_with_every_problem(shipped_copy):
    """As a table too."""
    path = shipped_copy / "criteria.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("\n2,", "\n1,", 1), encoding="utf-8")
    with pytest.raises(ctd.Refused) as refused:
        ctd.read(shipped_copy)

    assert len(refused.value.problems) == len(refused.value.frame()) > 0
    assert refused.value.problems[0].message == refused.value.frame()["message"][0]


# ---------------------------------------------------------------- a result's tables

@pytest.mark.parametrize("case", [*WORKED, "shipped"])
def test_units_are_those_of_results_json(case, tmp_path):
    """Key by key, flags as columns of their own; worked cases under each of their overrides."""
    read = shipped() if case == "shipped" else years.read(make_year(CASES / case, tmp_path))
    for changes in [{}] if case == "shipped" else [entry["set"] for entry in entries(case)][:6]:
        found = ctd.appraise(bench(read), changes).units.drop(columns="outcome").reset_index()
        from ctd_analysis.plan.scenario import Scenario
        expected = appraise(read, Scenario("t", changes) if changes else None).as_json()["units"]

        flat = [{k: v for k, v in one.items() if k != "flags"} | {f"flag_{f}": v for f, v in one["flags"].items()}
                for one in expected]
        told = [{k: none_for_na(v) for k, v in row.items()} for row in found.to_dict("records")]
        assert [{**one, "converted": float(one["converted"])} for one in flat] == \
            [{**one, "converted": float(one["converted"])} for one in told]


@pytest.mark.parametrize(("column", "dtype"), [
    ("a", "Int64"), ("cluster_rank", "Int64"), ("flag_dues", "boolean"), ("considered", "boolean"), ("converted", "object"),
    ("ahead_by", "string"), ("name", "string")])
def test_a_result_s_column_has_its_true_type(result, column, dtype):
    """The keys of results.json."""
    assert dtype == result.units[column].dtype


def test_an_outcome_is_the_class_or_why_there_is_none(year):
    """As a sweep has it: whoever is not considered counts too."""
    units = ctd.appraise(year, {"readings.ladder_gap": "undecided"}).units
    swept = ctd.sweep(year, {"readings.ladder_gap": ["undecided"]}).iloc[0]

    assert swept.astype(str).to_dict() == units["outcome"].astype(str).to_dict()
    assert {"not_considered", "no_class", "excellent"} <= set(units["outcome"])
    assert swept.dtype == units["outcome"].dtype


def test_classes_go_from_worst_to_best(result):
    """Better than Khá is Xuất sắc."""
    units = result.units

    assert ["weak", "average", "good", "excellent"] == list(units["final_class"].dtype.categories)
    assert set(units.index[units["final_class"] > "good"]) == set(units.index[units["final_class"] == "excellent"])
    assert {Decimal} == set(map(type, units["converted"]))


@pytest.mark.parametrize("changes", [{}, {"class.excellent.min_a": 40, "readings.not_considered": "either"},
                                     {"grade.ha-tien.35": "A", "ranking.order": "class;c"}])
def test_the_answers_are_those_of_the_json(year, changes):
    """`ctd what-if --json`, table by table."""
    base, other = ctd.appraise(year), ctd.appraise(year, changes)
    answer = what_if.as_json(base.appraisal, other.appraisal)

    def told(frame):
        return [{k: none_for_na(v) for k, v in row.items()} for row in frame.to_dict("records")]

    assert answer["edges"] == told(other.edges)
    assert answer["readings"] == other.readings.to_dict("index")
    assert answer["nearest"] == {k: {n: none_for_na(v) for n, v in row.items()}
                                 for k, row in other.nearest.to_dict("index").items()}
    assert answer["moved"] == told(ctd.moves(base, other).drop(columns="why"))


def test_why_is_what_the_page_says(year):
    """The same words."""
    base, other = ctd.appraise(year), ctd.appraise(year, {"class.excellent.min_a": 40})
    from ctd_analysis.tables import what_if as tables
    printed = tables.moves(base.appraisal, other.appraisal).frame()

    assert list(printed["Vì"]) == list(dict.fromkeys(ctd.moves(base, other)["why"]))


def test_a_result_moves_back_as_well(year):
    """From a trial to the year, and from one trial to another."""
    base, one = ctd.appraise(year), ctd.appraise(year, {"readings.not_considered": "either", "actual.kien-hai.dues": 0})
    there, back = ctd.moves(base, one), ctd.moves(one, base)

    assert [*there["from"]] == [*back["to"]]
    assert back["why"].notna().all()
    assert len(ctd.moves(one, ctd.appraise(year, {"class.good.min_a": 35}))) > 0


def test_results_of_two_years_do_not_move(year, tmp_path):
    """Other units."""
    with pytest.raises(ValueError, match="cùng các đơn vị"):
        ctd.moves(ctd.appraise(year), ctd.appraise(ctd.read(make_year(CASES / "year-1", tmp_path))))


def test_findings_say_why_everything_is_as_it_is(result):
    """A row a condition; what decides stands in `met`."""
    findings = result.findings
    assert ["unit", "clause", "condition", "asked", "found", "met", "source"] == list(findings.columns[:7])

    found = findings.set_index(["unit", "condition"])
    trace = {(unit, f"filing.{x.rule}" if x.part == "filing" else f"{x.part}.{x.rule}.{x.what}"): x
             for unit, mine in result.appraisal.findings.items() for x in mine}
    assert list(trace) == list(found.index)
    assert [x.met for x in trace.values()] == [none_for_na(x) for x in found["met"]]
    assert [x.found for x in trace.values()] == [none_for_na(x) for x in found["found"]]


def test_the_council_s_cards_are_the_page_s(result):
    """Question by question."""
    from ctd_analysis.words import council, outcomes
    cards = council.items(result.appraisal, outcomes.by_cluster(result.appraisal))

    assert [(x.question, list(x.answers)) for x in cards] == list(zip(result.council["question"], result.council["answers"],
                                                                      strict=True))


@pytest.mark.parametrize("changes", [{}, {"class.excellent.min_a": 40}])
def test_a_cluster_is_the_page_open_cluster_gives(year, changes, tmp_path, monkeypatch):
    """The same tables, word by word."""
    monkeypatch.chdir(ROOT)
    from ctd_analysis.plan import scenario as scenarios
    path = ""
    if changes:
        path = tmp_path / "thu.toml"
        path.write_text(scenarios.text(scenarios.Scenario("class.excellent.min_a = 40", changes)), encoding="utf-8")
    ours, theirs = ctd.appraise(year, changes)["cum-1"], ctd.open_cluster("data/2024", "cum-1", str(path))

    assert theirs.marks == ours.marks
    for table in ("ranking", "exceptions", "conditions", "matrix", "readings", "sources", "notices"):
        assert getattr(theirs, table)() == getattr(ours, table)()


def test_no_such_cluster(result):
    """The nearest one."""
    with pytest.raises(ctd.UnknownCluster, match="“cum-1”"):
        _ = result["cum-11"]


# ---------------------------------------------------------------- shown, loaded

def test_a_year_and_a_result_show_themselves(year, result):
    """Who sent what, what is missing, problems; one line a unit; a trial says so; what is typed is escaped."""
    assert "bang-nhan-ho-so" in year._repr_html_() and "bang-con-thieu" in year._repr_html_()
    assert all(unit.name in result._repr_html_() and unit.name in repr(result) for unit in shipped().units)
    shown = ctd.appraise(year, {"class.excellent.min_a": 30}, "<b>thử</b>")._repr_html_()
    assert "PHƯƠNG ÁN THỬ – &lt;b&gt;thử&lt;/b&gt;" in shown and "Lưu ý: class.excellent.min_a" in shown


def test_pandas_loads_with_the_first_table():
    """`import ctd_analysis` and `ctd.read` stay light."""
    code = ("import sys, ctd_analysis as ctd\nprint('numpy' in sys.modules)\n"
            "result = ctd.appraise(ctd.read('data/2024'))\nprint('pandas' in sys.modules)\nresult.units\n"
            "print('pandas' in sys.modules)")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)

    assert ["False", "False", "True"] == done.stdout.split()


def test_what_stands_at_the_door_is_known():
    """Names that a notebook may use; no other."""
    assert {"read", "appraise", "moves", "sweep", "change", "labels", "open_cluster", "explore", "Refused"} <= set(dir(ctd))
    with pytest.raises(AttributeError):
        _ = ctd.sweeps_all
    assert set(frames.RISING) == {"class", "outcome", "rating", "grade"}
