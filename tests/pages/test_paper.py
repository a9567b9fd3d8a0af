"""On paper and on a phone: the session's sheet first, nothing orphaned, the appendix on demand, the class always in view."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from conftest import ctd_run, needs_browser

pytestmark = [pytest.mark.browser, needs_browser]
CLUSTERS = ["cum-1", "cum-2", "cum-3", "cum-4"]
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine")


def sheets_of(tab, folder, with_appendix: bool) -> list[str]:
    """The text of each printed sheet."""
    if with_appendix:
        tab.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    tab.pdf(path=folder / "page.pdf", prefer_css_page_size=True)
    return subprocess.run(["pdftotext", "-layout", folder / "page.pdf", "-"], capture_output=True, text=True, check=True,
                          encoding="utf-8", timeout=60).stdout.split("\f")[:-1]


@needs_poppler
@pytest.mark.parametrize(("with_appendix", "most"), [(False, 8), (True, 28)])
def test_four_clusters_take_few_sheets(rendered, opened, tmp_path, with_appendix, most):
    """8 as they come, 28 or fewer with every appendix opened."""
    counts = [len(sheets_of(opened((rendered / f"{c}.html").as_uri()), tmp_path, with_appendix)) for c in CLUSTERS]

    assert most >= sum(counts), counts


@needs_poppler
@pytest.mark.parametrize("cluster", CLUSTERS)
def test_sheet_1_is_enough_for_the_session(rendered, opened, tmp_path, cluster):
    """Outcome, every unit with its class, room for the Council, each question's title, date and signatures; cards follow."""
    tab = opened((rendered / f"{cluster}.html").as_uri())
    units = tab.eval_on_selector_all("#bang-xep-loai tbody th", "all => all.map(one => one.firstChild.textContent.trim())")
    first, *others = sheets_of(tab, tmp_path, with_appendix=False)

    said = re.sub(r"\s+", " ", first)
    for words in ("Ý kiến Hội đồng", "Căn cứ", "III.1", "III.2", "Dự kiến", "ngày ……", "(Ký, ghi rõ họ, tên)"):
        assert words in said, words
    assert 3 == said.count("(Ký, ghi rõ họ, tên)")
    assert all(unit.split()[-1] in said for unit in units)
    asked = tab.eval_on_selector_all(".agenda li", "all => all.map(one => one.textContent.trim())")
    assert asked and len(asked) == tab.locator(".card").count()
    assert all(f"{n}. {one.split(':')[0]}" in said for n, one in enumerate(asked, 1)), asked
    assert "Nội dung cần Hội đồng" in others[0] and "Phụ lục" not in "".join(others)


@needs_poppler
@pytest.mark.parametrize("cluster", CLUSTERS)
def test_every_sheet_says_what_it_is_and_none_is_nearly_empty(rendered, opened, tmp_path, cluster):
    """Cluster and year in the running head, beside the marks; no sheet with a line or two alone."""
    number = cluster[-1]
    for sheet in sheets_of(opened((rendered / f"{cluster}.html").as_uri()), tmp_path, with_appendix=True):
        head = re.sub(r"\s+", " ", " ".join(sheet.splitlines()[:4]))
        assert f"Cụm thi đua số {number} (mẫu), năm 2024" in head and "DỰ THẢO" in head
        assert 8 <= len([line for line in sheet.splitlines() if line.strip()])


@pytest.mark.parametrize("options", [{"viewport": {"width": 390, "height": 844}}, {"viewport": {"width": 640, "height": 450}}],
                         ids=["phone", "200 per cent"])
@pytest.mark.parametrize("page", [*CLUSTERS, "province"])
def test_the_class_of_every_unit_is_seen_without_scrolling_sideways(rendered, opened, page, options):
    """On a phone, and at 200 % on a desk: each class stands within the width, and the page scrolls down only."""
    tab = opened((rendered / f"{page}.html").as_uri(), **options)
    width = tab.evaluate("document.documentElement.clientWidth")
    boxes = tab.eval_on_selector_all("tr[id] .cls", "all => all.map(one => [one.getBoundingClientRect().left, "
                                     "one.getBoundingClientRect().right])")

    assert boxes and all(0 <= left < right <= width for left, right in boxes)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_excellent_and_weak_differ_in_grey(rendered, opened):
    """The ramp alone, without reading: luminance of Xuất sắc and Yếu is further apart than 1.3:1, each step darker."""
    tab = opened((rendered / "cum-1.html").as_uri())
    colours = tab.evaluate("""['excellent', 'good', 'average', 'weak'].map(name => {
        const one = document.createElement('span'); one.className = 'cls tone-' + name;
        document.querySelector('.ctd').append(one); return getComputedStyle(one).backgroundColor; })""")

    def luminance(colour: str) -> float:
        parts = [int(n) / 255 for n in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lights = [luminance(c) for c in colours]
    assert lights == sorted(lights)
    assert all((b + 0.05) / (a + 0.05) > 1.3 for a, b in zip(lights, lights[1:], strict=False))


def test_long_words_neither_widen_a_phone_s_page_nor_shrink_the_print(shipped_copy, tmp_path, opened):
    """A 330-character link as a decision's reason."""
    with (shipped_copy / "decisions.csv").open("a", encoding="utf-8") as file:
        file.write(f"hon-dat,downgrade,,xem https://{'x' * 320}.vn,BB 03,2024-12-20\n")
    ctd_run(shipped_copy, tmp_path / "out")
    for page in ("cum-1.html", "province.html", "don-vi/hon-dat.html"):
        tab = opened((tmp_path / "out" / page).as_uri(), viewport={"width": 390, "height": 844})
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, page
        if page == "province.html":     # its one sheet is printed a tenth smaller, whatever stands in it
            continue
        tab.emulate_media(media="print")
        tab.set_viewport_size({"width": 963, "height": 680})        # what A4 across has between its margins, at 96 dpi
        assert tab.evaluate("document.documentElement.scrollWidth") <= 963, page
