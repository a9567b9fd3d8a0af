"""The pages in a real Chromium: nothing asked of a network, nothing said on the console, nothing run that somebody typed."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from conftest import PAGES, SHIPPED, csv_copy, ctd_run, needs_browser, sheets_of, shipped

pytestmark = [pytest.mark.browser, needs_browser]
HOSTILE = '<script>window.PWNED=1</script><img src=x onerror="window.PWNED=1">'


@pytest.mark.parametrize("page", sorted(PAGES))
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_opens_offline_without_a_word_of_complaint(rendered, opened, page, width):
    """file://, network cut, JavaScript on: the page itself is the only request, and nothing is wider than the screen."""
    url = (rendered / f"{page}.html").as_uri()

    tab = opened(url, viewport={"width": width, "height": 800})

    assert [url] == tab.requested
    assert [] == tab.complaints
    assert width >= tab.evaluate("document.documentElement.scrollWidth")


def test_links_on_the_index_lead_to_pages(rendered, opened):
    """Every link opens."""
    tab = opened((rendered / "index.html").as_uri())
    links = tab.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")

    assert {f"{p}.html" for p in PAGES - {"index"}} <= set(links)
    assert {str(p.relative_to(rendered)) for p in rendered.glob("don-vi/*.html")} <= set(links)
    assert all(leads(tab, rendered, link) for link in links)


def leads(tab, folder, link) -> bool:
    """Is there a page, or a place on this one, where the link leads?"""
    return tab.query_selector(f'[id="{link[1:]}"]') is not None if link.startswith("#") else (folder / link).is_file()


@pytest.mark.parametrize("page", ["province", "cum-3", "don-vi/an-bien"])
def test_links_between_pages_lead_to_pages(rendered, opened, page):
    """From the province and a cluster to units, from a unit to its cluster; each link within a page to something on it."""
    tab = opened((rendered / f"{page}.html").as_uri())
    links = tab.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    wanted = {"province": "don-vi/kien-hai.html", "cum-3": "don-vi/an-bien.html", "don-vi/an-bien": "../cum-3.html"}[page]

    assert wanted in links
    assert all(leads(tab, (rendered / page).parent, link) for link in links)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine")
def test_the_province_s_first_sheet_is_enough_for_the_session(rendered, opened, tmp_path):
    """All fifteen units with their classes, the decisions and the signatures stand on sheet 1; appendices stay closed."""
    tab = opened((rendered / "province.html").as_uri())
    tab.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    first, *others = sheets_of(tmp_path / "page.pdf")

    assert all(unit.name in first for unit in shipped().units)
    assert "Ý kiến Hội đồng" in first and 3 == first.count("(Ký, ghi rõ họ, tên)") and "BB 02/BB-HĐTĐ" in first
    assert 4 >= len(others) and not any("Phụ lục" in sheet for sheet in others)


@pytest.mark.parametrize(("page", "largest"), [("don-vi/an-bien", "Trung bình"), ("don-vi/kien-hai", "Xuất sắc")])
def test_a_unit_s_page_says_its_class_first_and_largest(rendered, opened, page, largest):
    """On the first screen of a phone, in the largest type of the page, before anything that explains it."""
    tab = opened((rendered / f"{page}.html").as_uri(), viewport={"width": 390, "height": 844})
    first = tab.query_selector(".ctd.big .cls")
    sizes = tab.eval_on_selector_all("main *", "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))")

    assert largest == first.inner_text().strip()
    assert max(sizes) == first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert 844 > first.bounding_box()["y"] + first.bounding_box()["height"]
    assert 390 >= tab.evaluate("document.documentElement.scrollWidth")


def test_text_from_tables_is_inert(tmp_path, opened):
    """Markup in any text of the year is shown as text: no script runs, nothing is fetched, no dialog opens."""
    year = csv_copy(SHIPPED, tmp_path / "year")
    for name, old in (("units.csv", "Huyện Kiên Hải"), ("clusters.csv", "Cụm thi đua số 4 (mẫu)")):
        text = (year / name).read_text(encoding="utf-8")
        assert old in text
        (year / name).write_text(text.replace(old, '"' + HOSTILE.replace('"', '""') + '"', 1), encoding="utf-8")
    _append(year / "appraisal.csv", "kien-hai", ["kien-hai", "43", "C", "thuc-te", HOSTILE], key=1)
    branches = year / "submissions" / "cum-4" / "branches.csv"
    with branches.open("a", encoding="utf-8") as file:
        file.write('kien-hai,"' + HOSTILE.replace('"', '""') + '",Khá,1\n')
    title = year.parent / "s.toml"
    title.write_text(f"title = '{HOSTILE}'\n[set]\n\"class.excellent.min_a\" = 40\n", encoding="utf-8")

    ctd_run(year, tmp_path / "out", "--scenario", str(title))

    for page in ("index", "check", "province", "cum-4"):
        tab = opened((tmp_path / "out" / f"{page}.html").as_uri())
        assert tab.evaluate("window.PWNED") is None
        assert [] == tab.complaints and 1 == len(tab.requested)
        assert HOSTILE in tab.evaluate("document.body.textContent")


def _append(path, unit, row, key):
    """A row instead of the unit's row with the same key, if there is one."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines()
             if line.split(",")[:key + 1] != row[:key + 1]]
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in row)
    path.write_text("\n".join([*lines, quoted]) + "\n", encoding="utf-8")


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine")
@pytest.mark.parametrize("page", sorted(PAGES))
def test_printed_on_a4_every_sheet_says_what_it_is(rendered, opened, tmp_path, page):
    """A4 landscape; each sheet carries the status mark and its number."""
    tab = opened((rendered / f"{page}.html").as_uri())
    tab.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    info = subprocess.run(["pdfinfo", tmp_path / "page.pdf"], capture_output=True, text=True, timeout=60, check=True).stdout
    sheets = sheets_of(tmp_path / "page.pdf")

    assert re.search(r"Page size:\s+84[12]\S* x 59[45]\S* pts \(A4\)", info), info
    assert len(sheets) == int(re.search(r"Pages:\s+(\d+)", info)[1])
    for number, sheet in enumerate(sheets, 1):
        assert "DỰ THẢO" in sheet and "SỐ LIỆU MINH HỌA" in sheet
        assert re.search(rf"\b{number} ?/ ?{len(sheets)}\b", sheet)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine")
def test_a_long_table_repeats_its_head_on_paper(rendered, opened, tmp_path):
    """The matrix of 43 criteria, opened: each of its sheets has the head."""
    tab = opened((rendered / "cum-1.html").as_uri())
    tab.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    tab.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    sheets = sheets_of(tmp_path / "page.pdf")
    with_criteria = [s for s in sheets if "Nội dung II." in s]

    assert with_criteria
    assert all("Tiêu chí" in s for s in with_criteria)
