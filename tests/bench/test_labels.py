"""Tables in Vietnamese: no id, no word of ours is left in any table of a year, of a result, of what is tried."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from conftest import CASES, SHIPPED, WORKED, make_year

import ctd_analysis as ctd
from ctd_analysis import rows, terms
from ctd_analysis.answers.readings import OUTCOMES
from ctd_analysis.bench.results import Result
from ctd_analysis.bench.years import Year
from ctd_analysis.plan.scenario import MOVES

#: What people have typed, files are called, or a sentence says already; grades and days are words of their own.
TYPED = {"note", "reason", "document", "message", "seen", "wanted", "name", "title", "branch", "sheet", "file", "cell",
         "source", "was", "code", "aliases", "area", "why", "question", "grounds", "answers", "clause",
         "said"}
ROUND = [f"year-round/{name}" for name in ("01-session", "02-scale", "03-inspection", "04-half-year", "09-corners")]


@pytest.fixture(scope="module")
def year():
    """The shipped year."""
    return ctd.read(SHIPPED)


def ids(year: Year) -> set[str]:
    """Every id of the rule book and of the year's lists, every column and word of the contract."""
    book = year.book
    options = {option for reading in book.readings.values() for option in reading.options}
    kinds = (terms.DECISIONS, terms.PRIZES, terms.METHODS, terms.FOUND, terms.RANKING_KEYS, terms.DIRECT_KINDS,
             terms.BRANCH_KINDS, terms.TABLES, rows.COLUMNS)
    columns = {column for table in rows.COLUMNS.values() for column in table}
    told = {*book.in_force(), *book.flags, *book.indicators, *book.filings, *book.readings, *options, *OUTCOMES, *MOVES,
            *(u.unit for u in year.read.all_units), *(c.cluster for c in year.read.all_clusters), *columns,
            *(word for kind in kinds for word in kind), "none", "came", "moved", "nomination", "missing", "council",
            "True", "False", "true", "false"}
    return told - {"", "a", "b", "c"}


def of_year(year: Year) -> dict[str, pd.DataFrame]:
    """Every table of a year, the problems and the notices too."""
    return {name: getattr(year, name) for name in (*rows.COLUMNS, "problems", "notices", "rules") if hasattr(year, name)}


def of_result(result: Result) -> dict[str, pd.DataFrame]:
    """Every table of a result, found by looking."""
    public = (name for name, kind in vars(Result).items() if isinstance(kind, property) and not name.startswith("_"))
    return {name: getattr(result, name) for name in public}


def tried(year: Year) -> dict[str, pd.DataFrame]:
    """Who moves; sweeps of readings, of the order, of facts; what came otherwise than a scenario expects."""
    unit, readings = year.read.units[0].unit, {f"readings.{id}": list(x.options) for id, x in year.book.readings.items()}
    other = ctd.appraise(year, {"class.excellent.min_a": 38, "readings.sanction": "not_considered", f"grade.{unit}.1": "C"})
    swept = [*({key: options} for key, options in readings.items()), {"ranking.order": ["class;a", ["class", "branches"]]},
             {f"filing.{unit}.annual_report": ["none", f"{year.book.year}-12-01", None]},
             {f"grade.{unit}.1": ["A", "KAD", None], "filing.annual_report.before": [f"{year.book.year}-12-31"]}]
    return {"moves": ctd.moves(ctd.appraise(year), other)} | {f"sweep {list(one)}": ctd.sweep(year, one) for one in swept}


def left(told: pd.DataFrame, typed: list[str], known: set[str]) -> set[str]:
    """The words of ours that stand somewhere in a table: as a heading, in a cell, in its index."""
    cells = [value for k, name in enumerate(typed) if name not in TYPED for value in told.iloc[:, k]]
    cells += [value for k in range(told.index.nlevels) for value in told.index.get_level_values(k)]
    heads = [*told.columns, *told.columns.names, *told.index.names]
    words = {word for cell in cells if isinstance(cell, str) for word in (cell, *re.split("; |, | → ", cell))}
    return (words | set(heads)) & known | {repr(cell) for cell in cells if isinstance(cell, (bool, list))} | \
        {str(head) for head in heads if re.fullmatch("[a-z_.]{2,}", str(head))}


@pytest.mark.parametrize("case", ["shipped", *WORKED, *ROUND])
def test_no_word_of_ours_is_left_in_any_table(case, tmp_path):
    """Shape and order of rows stay; the table itself is not touched."""
    year = ctd.read(SHIPPED if case == "shipped" else make_year(CASES / case, tmp_path))
    known, found = ids(year), {}
    for name, frame in (of_year(year) | of_result(ctd.appraise(year)) | tried(year)).items():
        before = frame.copy()
        told = ctd.labels(frame)
        pd.testing.assert_frame_equal(before, frame)
        assert frame.shape == told.shape
        found[name] = left(told, [str(column) for column in frame.columns], known)

    assert {} == {name: words for name, words in found.items() if words}


def test_what_came_otherwise_is_told_in_words(year, tmp_path):
    """From what to what, yes and no."""
    path = tmp_path / "khac.toml"
    path.write_text('title = "t"\n[set]\nclass.excellent.min_a = 40\n[expected]\n'
                    'giong-rieng.final_class = ["good", "weak"]\ngiong-rieng.nominee = [false, true]\n', encoding="utf-8")
    told = ctd.labels(ctd.appraise(year, path).expected).set_index("Điều đổi")

    assert ("Khá → Yếu", "Khá → Xuất sắc") == tuple(told.loc["Dự kiến xếp loại", ["Chờ đợi", "Kết quả"]])
    assert "không → có" == told.loc["Được xem xét Nhất, Nhì, Ba", "Chờ đợi"]


def test_what_is_not_knowable_is_said(year):
    """A flag, a condition: neither yes nor no."""
    result = ctd.appraise(ctd.change(year, {"actual.ha-tien.dues": None}))

    assert "chưa rõ" == ctd.labels(result.units).loc["Thành phố Hà Tiên", "Hội phí"]
    assert {"đạt", "không đạt", "chưa rõ"} == set(ctd.labels(result.findings)["Đạt"])


@pytest.mark.parametrize(("changed", "said"), [
    (lambda units: units.groupby("cluster")[["a", "c"]].agg(["min", "max"]), "Cụm thi đua số 1 (mẫu)"),
    (lambda units: pd.crosstab(units["cluster"], units["final_class"]), "Xuất sắc"),
    (lambda units: units["final_class"].value_counts(), "Khá"),
    (lambda units: units.pivot_table(index="cluster", columns="nominee", values="a"), "không,có"),
    (lambda units: units.reset_index().melt("unit", ["flag_dues"]), "Thành phố Hà Tiên"),
    (lambda units: pd.concat({"trước": units, "sau": units}), "Thành phố Hà Tiên"),
    (lambda units: units.iloc[:0], "Dự kiến xếp loại"), (lambda units: units.T, "Thành phố Hà Tiên")])
def test_what_pandas_makes_of_a_table_is_told(year, changed, said):
    """Groups, counts, pivots, headings of two levels, no row at all."""
    told = ctd.labels(changed(ctd.appraise(year).units))

    assert said in told.to_csv()


def test_a_heat_map_names_the_options_of_readings(year):
    """As the rule book has them; a blank value is said."""
    swept = ctd.sweep(year, {"readings.sanction": ["downgrade", "not_considered"], "actual.ha-tien.dues": [0, None]})
    drawn = ctd.heat_map(swept, "ha-tien")

    assert list(year.book.readings["sanction"].options.values()) == drawn.frame().iloc[:, 0].to_list()
    assert ["0", "để trống"] == [heading.label for heading in drawn.columns[1:]]


def test_who_graded_is_the_heading_of_a_grade(year):
    """And the cluster's name stands under its own."""
    assert "Cụm chấm" in ctd.labels(year.grades).columns
    assert "Cụm thi đua số 1 (mẫu)" in set(ctd.labels(year.units)["Cụm"])


def test_told_classes_keep_their_order(year):
    """Sorting and comparing still mean what they say."""
    told = ctd.labels(ctd.appraise(year).units)["Dự kiến xếp loại"]

    assert ["Yếu", "Trung bình", "Khá", "Xuất sắc"] == list(told.cat.categories)
    assert (told >= "Khá").any()


def test_what_pandas_made_of_a_table_is_still_told(year):
    """A filter, a sort, a group; a key over an index of values."""
    units = ctd.appraise(year).units
    assert "Thành phố Hà Tiên" in ctd.labels(units[units["a"] < 40].sort_values("a")).index
    swept = ctd.labels(ctd.sweep(year, {"readings.sanction": ["downgrade", "not_considered"]}))
    assert "hạ một mức" in swept.index[0] or swept.index[0] != "downgrade"
    assert "Huyện Kiên Hải" in swept.columns
    counted = units.groupby("cluster", observed=True).agg(a=("a", "mean"))
    assert "Cụm thi đua số 1 (mẫu)" in ctd.labels(counted).index


def test_a_workbook_takes_what_labels_gives(year, tmp_path):
    """`to_excel`."""
    path = tmp_path / "ket-qua.xlsx"
    ctd.labels(ctd.appraise(year).units).to_excel(path)

    assert "Dự kiến xếp loại" in pd.read_excel(path, engine="openpyxl").columns
