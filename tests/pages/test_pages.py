"""The pages in a real Chromium: nothing asked of a network, nothing said on the console, nothing run that somebody typed."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from conftest import PAGES, SHIPPED, csv_copy, ctd_run, needs_browser

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
    assert all((rendered / link).is_file() for link in links)


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
    sheets = subprocess.run(["pdftotext", "-layout", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True,
                            encoding="utf-8").stdout.split("\f")[:-1]

    assert re.search(r"Page size:\s+84[12]\S* x 59[45]\S* pts \(A4\)", info), info
    assert len(sheets) == int(re.search(r"Pages:\s+(\d+)", info)[1])
    for number, sheet in enumerate(sheets, 1):
        assert "DỰ THẢO" in sheet and "SỐ LIỆU MINH HỌA" in sheet
        assert re.search(rf"\b{number} ?/ ?{len(sheets)}\b", sheet)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine")
def test_a_long_table_repeats_its_head_on_paper(rendered, opened, tmp_path):
    """The matrix of 43 criteria runs over several sheets, each with the units' names."""
    tab = opened((rendered / "cum-1.html").as_uri())
    tab.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    sheets = subprocess.run(["pdftotext", "-layout", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True,
                            encoding="utf-8").stdout.split("\f")[:-1]
    with_criteria = [s for s in sheets if "Nội dung II." in s]

    assert 2 <= len(with_criteria)
    assert all("Tiêu chí" in s for s in with_criteria)
