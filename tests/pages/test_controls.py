"""The controls of what_if.ipynb, without a browser: what they answer, what they draw, what they write and when."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree  # noqa: S405 - our own drawing

import pytest
from build import a_unit, appraised

from ctd_analysis.answers import what_if
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.pages import controls
from ctd_analysis.plan import scenario as scenarios
from ctd_analysis.tables import charts
from ctd_analysis.year import year


@pytest.fixture
def explorer(shipped_copy):
    """The controls over a copy of the shipped year."""
    return controls.Explorer(appraise(year.read(shipped_copy)))


def files(folder) -> dict:
    """Every file below a folder with its bytes."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_number_and_reading_has_a_control(explorer):
    """All keys of `--set`."""
    assert list(explorer.base.book.in_force()) == list(explorer.controls)


def test_a_slider_moves_units_and_the_mark_and_reset_brings_them_back(explorer):
    """One more A asked of Xuất sắc: Kiên Hải falls, the chart's tick stands at 42; back to the rule book, nothing moves."""
    before = explorer.chart.value
    explorer.controls["class.excellent.min_a"].value = 42

    assert 'id="kien-hai"' in explorer.answer.value
    assert "PHƯƠNG ÁN THỬ – class.excellent.min_a = 42" in explorer.answer.value
    assert "đang là 42" in explorer.chart.value
    explorer.reset()
    assert "Chưa đổi gì" in explorer.answer.value
    assert before == explorer.chart.value


def test_nothing_is_written_until_asked(explorer):
    """Sliders, readings, charts: not a byte."""
    before = files(explorer.base.year.path)

    explorer.controls["class.good.max_c"].value = 2
    explorer.controls["readings.sanction"].value = "not_considered"
    explorer.family.value = "below_percent"

    assert before == files(explorer.base.year.path)


def test_a_saved_scenario_is_one_to_run(explorer):
    """Its file holds the title, the changes and what moves; loaded, it gives the same."""
    explorer.controls["class.excellent.min_a"].value = 42
    explorer.title.value = "Xuất sắc từ 42: “thử”"
    explorer.save()

    path = explorer.base.year.path / "scenarios" / "xuat-sac-tu-42-thu.toml"
    saved = scenarios.load(path, explorer.base.book)
    assert ("Xuất sắc từ 42: “thử”", {"class.excellent.min_a": 42}) == (saved.title, saved.changes)
    assert saved.expected == what_if.expectation(what_if.moved(explorer.base, explorer.trial))
    assert str(path) in explorer.saved.value


@pytest.mark.parametrize(("title", "value", "said"), [
    ("", 42, "cần một tên"), ("Thử", 41, "ít nhất một yêu cầu"), ("Xuất sắc từ 40 A", 42, "đã có tệp")])
def test_a_scenario_without_a_name_or_a_change_or_over_another_is_not_saved(explorer, title, value, said):
    """A sentence instead; nothing that was there is touched."""
    before = files(explorer.base.year.path)
    explorer.controls["class.excellent.min_a"].value = value
    explorer.title.value = title

    explorer.save()

    assert said in explorer.saved.value
    assert before == files(explorer.base.year.path)


# ---------------------------------------------------------------- scenarios opened

def test_a_shipped_scenario_is_opened_on_the_controls(explorer):
    """The slider stands where the file says; who asked and why; what it expects has come."""
    explorer.file.value = "xuat-sac-tu-40-a.toml"
    explorer.open()

    assert 40 == explorer.controls["class.excellent.min_a"].value
    assert "Người hỏi: Thường trực" in explorer.saved.value and "Vì: " in explorer.saved.value
    assert "đúng như chờ đợi" in explorer.answer.value and 'id="giong-rieng"' in explorer.answer.value
    explorer.controls["class.excellent.min_a"].value = 42
    assert "chờ đợi" not in explorer.answer.value


def test_an_opened_scenario_keeps_its_facts_until_reset(explorer):
    """There is no slider for a fact or for the order: they stand, and are named."""
    folder = explorer.base.year.path / "scenarios"
    changes = {"grade.giong-rieng.1": "C", "ranking.order": "class;c", "readings.sanction": "not_considered"}
    (folder / "so-lieu.toml").write_text(scenarios.text(scenarios.Scenario("Số liệu", changes)), encoding="utf-8")
    again = controls.Explorer(explorer.base)
    again.file.value = "so-lieu.toml"
    again.open()

    assert changes == again.changes
    assert "grade.giong-rieng.1 = C" in again.answer.value
    again.reset()
    assert {} == again.changes and again.trial is again.base


def test_a_saved_scenario_can_be_opened_at_once(explorer):
    """It is among the choices; bars that do not descend are warned of, as on the command line."""
    explorer.controls["class.good.min_a"].value = 30
    explorer.title.value = "Khá từ 30"
    explorer.save()
    explorer.reset()
    explorer.file.value = "kha-tu-30.toml"
    explorer.open()

    assert {"class.good.min_a": 30} == explorer.changes
    assert "Lưu ý: class.good.min_a" in explorer.answer.value


@pytest.mark.parametrize("text", ["title = 'x'", "title = 'x'\n[set]\nclass.excelent.min_a = 3", "\x00",
                                  "title = 'x'\n[set]\ngrade.hatien.3 = 'A'"])
def test_a_file_that_is_no_scenario_is_told_and_changes_nothing(explorer, text):
    """A sentence; the controls stay."""
    path = explorer.base.year.path / "scenarios" / "aaa.toml"
    path.write_text(text, encoding="utf-8")
    again = controls.Explorer(explorer.base)
    again.controls["class.good.min_a"].value = 35
    again.file.value = path.name
    again.open()

    assert "Chưa mở: " in again.saved.value and {"class.good.min_a": 35} == again.changes


def test_a_year_without_scenarios_has_none_to_open(explorer):
    """Said."""
    import shutil
    shutil.rmtree(explorer.base.year.path / "scenarios")
    again = controls.Explorer(explorer.base)
    again.open()

    assert "Chưa có phương án nào" in again.saved.value


# ---------------------------------------------------------------- the chart of edges


@pytest.mark.parametrize("family", charts.FAMILIES)
def test_each_edge_is_a_line_of_the_chart(explorer, family):
    """The value in force, where the unit turns, from what to what; well-formed, the same bytes again."""
    base = explorer.base
    wanted = [e for e in base.edges if e.key.endswith(family)]

    html = charts.edges(base, family).html

    drawn = ElementTree.fromstring(re.search(r"<svg.*</svg>", html, re.DOTALL)[0])  # noqa: S314 - our own drawing
    turns = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text") if "trở" in text.text]
    assert len(wanted) == len(turns)
    for edge, text in zip(wanted, turns, strict=True):
        now = int(base.settings[edge.key])
        assert text.startswith(f"từ {edge.value} trở lên" if edge.value > now else f"từ {edge.value - 1} trở xuống")
    assert html == charts.edges(base, family).html


def test_an_edge_is_met_from_the_value_in_force():
    """At 40 A: down to 40 lifts to Xuất sắc; from 41 it was Khá, which is what stands."""
    appraisal = appraised([a_unit(a=40)])
    edge = next(e for e in appraisal.edges if e.key == "class.excellent.min_a")

    assert (41, 0, 1) == (edge.value, edge.before, edge.after)
    assert (40, 1, 0) == (edge.met_from(41).value, *edge.met_from(41)[-2:])
    assert edge == edge.met_from(39)


def test_a_chart_without_an_edge_says_so():
    """Nobody to turn."""
    assert "không có" in charts.edges(appraised([]), "min_a").html


def test_names_are_text_in_the_chart():
    """A unit called like a tag stays a name."""
    html = charts.edges(appraised([a_unit("<b>x", a=41)]), "min_a").html

    assert "<b>" not in html and "&lt;b&gt;x" in html
