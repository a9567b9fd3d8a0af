"""The pieces of what_if.ipynb: scenario files on the bench, drawings, a table as the pages print theirs."""

from __future__ import annotations

import shutil
import unicodedata

import pandas as pd
import pytest
from conftest import ROOT, SHIPPED, keep_notebooks, make_year, shipped

import ctd_analysis as ctd
from ctd_analysis.bench.years import Year
from ctd_analysis.pages.controls import answer
from ctd_analysis.words import wording
from ctd_analysis.year import handed

FORTY = SHIPPED / "scenarios" / "xuat-sac-tu-40-a.toml"


@pytest.fixture(scope="module")
def year():
    """The shipped year."""
    return Year(shipped())


@pytest.mark.parametrize("path", [FORTY, str(FORTY)])
def test_a_scenario_file_is_appraised_with_what_it_expects(year, path):
    """Nothing came otherwise, and the result says so."""
    result = ctd.appraise(year, path)

    assert result.expected.empty
    assert "Kết quả đúng như chờ đợi." in result._repr_html_()
    assert "PHƯƠNG ÁN THỬ – Xuất sắc từ 40 điểm A" in result._repr_html_()


def test_what_came_otherwise_is_a_table(year, tmp_path):
    """Thing by thing; NA: does not move."""
    path = tmp_path / "khac.toml"
    path.write_text('title = "t"\n[set]\nclass.excellent.min_a = 40\n[expected]\ngiong-rieng.final_class = ["good", "weak"]\n',
                    encoding="utf-8")
    found = ctd.appraise(year, path).expected.set_index("what")

    assert ("good → weak", "good → excellent") == tuple(found.loc["final_class", ["expected", "came"]])
    assert pd.isna(found.loc["base_class", "expected"])


@pytest.mark.parametrize("text", ["", "title = 'x'"])
def test_a_file_that_is_no_scenario_is_refused(year, tmp_path, text):
    """As on the command line; one that is not there too."""
    path = tmp_path / "khong.toml"
    if text:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ctd.BadScenario):
        ctd.appraise(year, path)


@pytest.mark.parametrize(("value", "expected"), [(float("inf"), "∞"), (float("-inf"), "-∞"), (1.5, "1,5"), (2.0, "2")])
def test_a_number_over_nothing_is_shown(value, expected):
    """What pandas makes of it; and numbers beside it as they are."""
    assert expected == ctd.show(pd.DataFrame({"so": [value]})).frame().iloc[0, 0]


def test_a_cell_may_hold_an_array():
    """Nobody asks it whether it is missing."""
    assert "[1 2]" == ctd.show(pd.DataFrame({"so": [pd.Series([1, 2]).to_numpy()]})).frame().iloc[0, 0]


def test_a_year_that_is_not_there_is_told():
    """A sentence."""
    with pytest.raises(FileNotFoundError, match="Không có thư mục “data/1999”"):
        ctd.read("data/1999")


def test_a_branch_is_named_in_letters_however_composed(year):
    """NFC or NFD."""
    key = "rating.ha-tien.Hội CTĐ phường Bình San"

    assert ctd.appraise(year, {unicodedata.normalize("NFD", key): "Yếu"}).units.equals(ctd.appraise(year, {key: "Yếu"}).units)


def test_edges_are_drawn_for_a_kind_of_number_that_there_is(year):
    """The nearest one for another."""
    result = ctd.appraise(year)

    assert "<svg" in ctd.draw_edges(result, "below_percent").html
    with pytest.raises(ctd.UnknownColumn, match="“min_a”"):
        ctd.draw_edges(result, "mina")


def test_how_firm_and_how_far_are_the_tables_of_the_command(year):
    """Word by word."""
    from ctd_analysis.tables import what_if
    result = ctd.appraise(year)

    assert vars(what_if.firmness(result.appraisal)) == vars(ctd.firmness(result))
    assert vars(what_if.distance(result.appraisal)) == vars(ctd.distance(result))


def test_what_is_shown_alone_brings_its_style(year, monkeypatch):
    """In a notebook by hand, whatever cell runs first; on a page of a run the style is there already."""
    result = ctd.appraise(year)
    swept = ctd.sweep(year, {"class.excellent.min_a": [40], "class.good.min_a": [36]})
    cells = (ctd.show(result.units), ctd.heat_map(swept), ctd.firmness(result), ctd.distance(result), ctd.draw_edges(result),
             result, year)

    assert all("<style>" in one._repr_html_() for one in cells)
    monkeypatch.setattr(handed, "_handed", object())
    assert not any("<style>" in one._repr_html_() for one in (*cells, ctd.draw_edges(result)) if one is not cells[4])


def test_a_table_is_shown_in_vietnamese_and_escaped(year):
    """Numbers to the right with dots, nothing for what is not known, days as people write them."""
    frame = pd.DataFrame({"unit": ["ha-tien", "<b>x"], "fund": pd.array([12_500_000, pd.NA], dtype="Int64"),
                          "received": pd.to_datetime(["2024-12-09", None])})
    shown = ctd.show(frame, "Thử <i>")

    assert [["Thành phố Hà Tiên", "12.500.000", "09/12/2024"], ["<b>x", "", ""]] == shown.frame().to_numpy().tolist()
    assert ["text", "number", "text"] == [one.kind for one in shown.columns]
    html = shown._repr_html_()
    assert "<b>x" not in html and "&lt;b&gt;x" in html and "Thử &lt;i&gt;" in html


@pytest.mark.parametrize("table", ["units", "findings", "edges", "readings", "nearest", "council", "expected"])
def test_every_table_of_a_result_can_be_shown(year, table):
    """A row a row."""
    frame = getattr(ctd.appraise(year), table)

    assert len(frame) == len(ctd.show(frame).rows)


def test_a_year_to_which_nobody_has_sent_anything_runs_to_the_end(tmp_path):
    """The whole notebook; where something would stand it says that there is nothing yet."""
    import papermill
    folder = make_year(SHIPPED, tmp_path / "2025")
    shutil.rmtree(folder / "submissions")
    notebook = keep_notebooks(tmp_path / "notebooks") / "what_if.ipynb"
    done = papermill.execute_notebook(str(notebook), str(tmp_path / "out.ipynb"), {"year_dir": str(folder)},
                                      progress_bar=False, cwd=str(ROOT))
    shown = "".join(output["data"].get("text/html", "") for cell in done.cells for output in cell.get("outputs", [])
                    if "data" in output)

    assert 4 == shown.count(wording.NOBODY)
    empty = ctd.read(folder)
    assert wording.NOBODY in answer(empty.appraised, empty.appraised)
    assert list(ctd.appraise(empty).units.dtypes) == list(ctd.appraise(ctd.read(SHIPPED)).units.dtypes)
    assert (8, 0) == ctd.sweep(empty, {"class.excellent.min_a": range(36, 44)}).shape
