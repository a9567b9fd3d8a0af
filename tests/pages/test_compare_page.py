"""compare.html: made through its notebook, beside a year's pages, on the index; what it shows, what it says without a split."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from build import a_unit, a_year, shipped_book
from conftest import ROOT, SHIPPED, ctd_run, make_year, needs_browser, sheets_of

from ctd_analysis import cli
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.answers.compare import compare, under_old_rules
from ctd_analysis.pages.comparison import ComparisonPage, open_comparison
from ctd_analysis.plan.scenario import amend
from ctd_analysis.tables import compare as tables
from ctd_analysis.tables import waterfall
from ctd_analysis.words import compare as words
from ctd_analysis.words import wording

SAMPLE = ROOT / "data" / "2023"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The two shipped years compared, in a folder of its own."""
    out = tmp_path_factory.mktemp("compared")
    assert 0 == cli.main(["compare", str(SAMPLE), str(SHIPPED), "--out", str(out)])
    return out / "compare.html"


@pytest.fixture
def found():
    """The two shipped years as the library compares them."""
    return open_comparison(str(SAMPLE), str(SHIPPED)).comparison


def texts(html: str) -> str:
    """What a reader sees of a page, roughly."""
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html))


def test_the_page_says_what_changed_and_by_what(page):
    """The outcome first; parts, units, part II, leniency, points lost; no error, the samples marked."""
    shown = texts(page.read_text(encoding="utf-8"))

    assert "So sánh năm 2023 và năm 2024" in shown and "SỐ LIỆU MINH HỌA" in shown
    for said in ("13 trong 15 đơn vị so sánh được đổi kết quả", "Đổi nhiều nhất: Xuất sắc 6 → 4 (quy định −2,5, Hội đồng +1",
                 "do số liệu hay do quy định: một trong hai đã đủ", "như cũ: số liệu và quy định bù cho nhau",
                 "Đơn vị máu hiến tình nguyện, toàn tỉnh", "Cụm chấm thấp hơn tự chấm", "Số tiêu chí chưa đạt A",
                 "Xuân Quý Mão", "Xuân Giáp Thìn",
                 "Lưu ý: 3 tiêu chí mang tên khác ở hai năm (TC 1, 2, 40)"):
        assert said in shown, said
    assert "Traceback" not in shown and "error" not in shown.casefold()


def test_the_drawing_has_text_as_text_and_the_same_bytes(found):
    """A panel an outcome that any unit has; every number of the table stands in it."""
    drawn = waterfall.waterfall(found).html
    said = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)

    assert drawn == waterfall.waterfall(found).html
    assert 5 == said.count("Năm 2023") == said.count("Năm 2024")
    for name, part in found.parts().items():
        if part["old"] or part["new"]:
            assert wording.outcome_label(found.new.book, name).casefold() in [text.casefold() for text in said]
            assert {words.signed(part[p]) for p in ("scores", "rules", "council")} <= set(said)


def test_two_scales_have_two_parts():
    """Nothing of the facts is different: no column of them in the drawing, two steps a unit in the table."""
    year = appraise(a_year([a_unit("u1", a=40), a_unit("u2", dues=(100, 88), decisions=[("waive", "dues")])], shipped_book()))
    found = under_old_rules(year, amend(shipped_book(), {"class.excellent.min_a": 40}))
    drawn = waterfall.waterfall(found).html

    assert "Số liệu" not in drawn.partition("<svg")[2].partition("</svg>")[0] and "Hội đồng" in drawn
    assert 0 < drawn.count("Quy định cũ") == drawn.count("Quy định năm 2024")
    assert "So sánh 2024" == ComparisonPage(year, found).running_head
    assert ["Quy định cũ", "Quy định mới"] == [column.label for column in tables.moved(found).columns[-2:]]
    assert [("u1", "do quy định")] == [(row.cells[0].text, row.cells[3].text) for row in tables.moved(found).rows]


def test_cases_that_only_one_year_has_are_named():
    """What the rules of one side judge and the other's do not: before the change is believed."""
    fewer = {id: flag for id, flag in shipped_book().flags.items() if id not in ("dues", "funds")}
    books = shipped_book(), replace(shipped_book(), flags=fewer, year=2025)
    old, new = (appraise(a_year([a_unit()], book)) for book in books)

    assert "Trường hợp III.2.2 chỉ có ở năm 2024: Hội phí; Quỹ Hội 02 cấp." in list(words.remarks(compare(old, new)))
    assert ["Trường hợp III.2.2 chỉ có theo quy định năm 2024: Hội phí; Quỹ Hội 02 cấp."] == list(words.remarks(
        under_old_rules(new, shipped_book())))
    assert [] == list(words.remarks(compare(old, old)))


def test_no_unit_in_either_year():
    """Nothing to draw: that is said."""
    nobody = appraise(a_year([]))
    found = compare(nobody, nobody)

    assert "Không có đơn vị nào để vẽ." in waterfall.waterfall(found).html
    assert "Không đơn vị nào có ở cả hai bên" in " ".join(words.remarks(found))
    assert {0} == {one["new"] for one in found.parts().values()}


def test_without_a_split_the_page_says_why():
    """Another number of criteria: one step for the units of both years, the words instead of parts."""
    fewer = amend(replace(shipped_book(), criteria=42), {"class.excellent.min_a": 40})
    found = compare(appraise(a_year([a_unit("u1", criteria=42, a=40)], fewer)), appraise(a_year([a_unit("u1", a=40)])))

    assert "Cả hai năm" in waterfall.waterfall(found).html
    assert "–" == tables.parts(found).rows[0].cells[2].text
    assert ["không tách được"] == [row.cells[3].text for row in tables.moved(found).rows]
    assert ["Không tách được nguyên nhân: quy định cũ có 42 tiêu chí"] == [r.split(",")[0] for r in words.remarks(found)][:1]


def test_a_page_somebody_wrote_into_stays(page, tmp_path):
    """The new one lies beside it, and is told; one that is only old is written over."""
    out = tmp_path / "pages"
    call = ["compare", str(SAMPLE), str(SHIPPED), "--out", str(out)]
    assert 0 == cli.main(call) == cli.main(call)
    assert ["compare.html"] == sorted(p.name for p in out.glob("*.html"))
    (out / "compare.html").write_text("của tôi", encoding="utf-8")
    assert 0 == cli.main(call)

    assert "của tôi" == (out / "compare.html").read_text(encoding="utf-8")
    assert "So sánh" in (out / "compare (mới).html").read_text(encoding="utf-8")


def test_the_index_names_it_and_a_run_leaves_it(tmp_path):
    """Beside the pages of the new year: `ctd run` keeps it and links it, run.json keeps what it knew."""
    out = tmp_path / "2024"
    ctd_run(SHIPPED, out)
    assert "compare.html" not in (out / "index.html").read_text(encoding="utf-8")
    assert 0 == cli.main(["compare", str(SAMPLE), str(SHIPPED), "--out", str(out)])
    before = (out / "compare.html").read_bytes()
    assert 2024 == json.loads((out / "run.json").read_text(encoding="utf-8"))["year"]
    ctd_run(SHIPPED, out)

    assert before == (out / "compare.html").read_bytes()
    assert '<a href="compare.html">So sánh với năm khác</a>' in (out / "index.html").read_text(encoding="utf-8")
    assert "index.html" in before.decode()


def test_never_into_a_folder_of_submissions(tmp_path, capsys):
    """Of either year."""
    year = make_year(SHIPPED, tmp_path / "2024")

    assert 2 == cli.main(["compare", str(SAMPLE), str(year), "--out", str(year / "submissions")])
    assert "hồ sơ gốc" in capsys.readouterr().err
    assert not (year / "submissions" / "compare.html").exists()


def test_the_notebook_s_defaults_are_the_newest_year_and_the_one_before(monkeypatch):
    """Run by hand from its folder."""
    monkeypatch.chdir(ROOT / "notebooks")

    assert "So sánh năm 2023 và năm 2024" == open_comparison().title


@needs_browser
def test_on_a_phone_nothing_scrolls_sideways_and_paper_is_short(page, opened, tmp_path):
    """390 px, and A4."""
    shown = opened(page.as_uri(), viewport={"width": 390, "height": 844})
    assert 390 == shown.evaluate("document.documentElement.scrollWidth")
    assert [] == shown.complaints and [page.as_uri()] == shown.requested

    opened(page.as_uri()).pdf(path=tmp_path / "p.pdf", prefer_css_page_size=True)
    sheets = sheets_of(tmp_path / "p.pdf")
    assert len(sheets) <= 4
    assert all("So sánh 2023 – 2024" in sheet for sheet in sheets)
