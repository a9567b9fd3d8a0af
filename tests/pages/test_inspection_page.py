"""inspection.html: there where its files are, on the index, the day's work first, on A4."""

from __future__ import annotations

import re

import pytest
from conftest import CASES, ctd_run, make_year, needs_browser, sheets_of
from test_accessible import RULES, axe_source

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.answers.inspection import Inspection
from ctd_analysis.tables import inspection as tables
from ctd_analysis.tables import printed
from ctd_analysis.year import year


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The worked inspection, as a year."""
    return make_year(CASES / "year-round" / "03-inspection", tmp_path_factory.mktemp("inspected") / "2024")


@pytest.fixture(scope="module")
def out(folder, tmp_path_factory):
    """Its pages."""
    made = tmp_path_factory.mktemp("pages")
    ctd_run(folder, made)
    return made


@pytest.fixture(scope="module")
def asked(folder):
    """The same year, asked where to look."""
    return Inspection(appraise(year.read(folder)))


def test_the_page_is_on_the_index_and_opens_with_the_day_s_work(out):
    """Before any heading."""
    page = (out / "inspection.html").read_text(encoding="utf-8")

    assert 'href="inspection.html"' in (out / "index.html").read_text(encoding="utf-8")
    assert 0 < page.index('id="bang-mot-ngay"') < page.index("<h2")
    assert "Con số bốc thăm: “KQXS 10/12: 48213”" in page
    assert "nên điều đoàn thấy được tính thay số đã gửi" in page


def test_every_unit_has_its_line_the_nominees_at_stake_first(asked):
    """Two leaders tie for nominee: their units come first, and what they have is counted."""
    rows = tables.day_work(asked).rows

    assert len(asked.appraisal.year.units) == len(rows)
    assert ["u001", "u003"] == [row.id for row in rows[:2]]
    assert sum(p.depth != 1 for p in asked.places) == sum(row.cells[-1].value for row in rows)


def test_what_is_alike_stands_on_one_line_and_nothing_is_left_out(asked):
    """The places of depth 1, each in one line of its unit."""
    units = [u.name for u in asked.appraisal.year.units]
    said, unit = {}, None
    for row in tables.nearest(asked).rows:
        unit = row.cells[0].text if row.band else unit
        if not row.band and row.cells[0].text.startswith("TC "):
            said.setdefault(unit, []).extend(map(int, re.findall(r"\d+", row.cells[0].text.partition(":")[0])))
    wanted = {}
    for place in asked.nearest:
        if place.kind == "grade":
            wanted.setdefault(units[place.unit], []).append(place.item)

    assert {unit: sorted(items) for unit, items in wanted.items()} == {unit: sorted(items) for unit, items in said.items()}


def test_what_was_found_is_listed_as_sent_and_found(asked):
    """A line a finding; a confirmed one says so."""
    text = printed.plain(tables.found(asked))

    assert len(asked.appraisal.year.verified) == len(tables.found(asked).rows)
    assert re.search(r"Huyện Thử 4 +Xã 3 \(xếp loại\) +Khá +Trung bình +kiểm tra thực tế", text)
    assert re.search(r"Quỹ Hội cấp huyện \(thực hiện\) +80\.000\.000 +đúng", text)


def test_the_evidence_of_a_cluster_says_what_was_sent(out):
    """Beside the number, on the cluster's page and the unit's."""
    said = "thực hiện: đoàn thẩm định thấy 99, đã gửi 100 (kiểm tra thực tế, 12/12/2024): thấy khác"

    assert said in (out / "cum-1.html").read_text(encoding="utf-8")
    assert said in (out / "don-vi" / "u000.html").read_text(encoding="utf-8")


@needs_browser
def test_it_prints_on_a4_signatures_on_the_first_sheet(out, opened, tmp_path):
    """The day's work is a sheet of its own."""
    page = opened((out / "inspection.html").as_uri())
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    first, *others = sheets_of(tmp_path / "page.pdf")

    assert [] == page.complaints
    assert all(words in first for words in ("Việc của đoàn", "TRƯỞNG ĐOÀN THẨM ĐỊNH"))
    assert any("Hội cơ sở đi kiểm tra" in sheet for sheet in others)


@needs_browser
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(out, browser, width):
    """WCAG 2.2 AA and good practice, on a desk and on a telephone; nothing is wider than the page."""
    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 900})
    tab = context.new_page()
    tab.goto((out / "inspection.html").as_uri())
    tab.evaluate(axe_source())

    found = tab.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    wide = tab.evaluate("document.documentElement.scrollWidth")

    context.close()
    assert [] == [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found]
    assert wide <= width


def test_without_its_files_there_is_no_page_and_the_former_goes(folder, tmp_path):
    """Neither what was found nor a plan of visits."""
    made, bare = tmp_path / "pages", tmp_path / "2024"
    make_year(folder, bare)
    ctd_run(bare, made, "--cluster", "cum-1")
    had = (made / "inspection.html").exists()
    for name in ("verified.csv", "inspection.toml"):
        (bare / name).unlink()
    ctd_run(bare, made)

    assert had and not (made / "inspection.html").exists()
    assert "inspection" not in (made / "index.html").read_text(encoding="utf-8")
