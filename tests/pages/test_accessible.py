"""The pages for people who cannot see or point: axe-core in a real Chromium, and what such tools miss."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import PAGES, needs_browser

pytestmark = [pytest.mark.browser, needs_browser]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY = [*sorted(f"{p}.html" for p in PAGES), "don-vi/an-bien.html", "what_if.html"]


def axe_source() -> str:
    """axe-core, as the test package carries it."""
    return (Path(find_spec("axe_playwright_python").origin).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("page", EVERY)
def test_axe_finds_nothing(rendered, browser, page, width):
    """WCAG 2.2 AA and good practice: no violation (axe itself needs the page's policy lifted, and nothing else)."""
    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 900})
    tab = context.new_page()
    tab.goto((rendered / page).as_uri())
    tab.evaluate(axe_source())

    found = tab.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]

    context.close()
    assert [] == [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found]


@pytest.mark.parametrize("page", EVERY[:-1])       # what_if.html has controls, and a test of its own
def test_the_keyboard_reaches_everything(rendered, opened, page):
    """Tab visits every link, every table that scrolls and every fold, in order; what is folded away waits."""
    tab = opened((rendered / page).as_uri(), viewport={"width": 390, "height": 900})
    wanted = tab.evaluate("[...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')]"
                          ".filter(one => one.checkVisibility()).length")

    reached = set()
    for _ in range(wanted + 2):
        tab.keyboard.press("Tab")
        reached.add(tab.evaluate("(() => { const all = [...document.querySelectorAll('*')];"
                                 " return all.indexOf(document.activeElement); })()"))

    assert wanted <= len(reached)


@pytest.mark.parametrize("page", EVERY)
def test_colour_is_never_alone(rendered, page):
    """Whatever has a tone also has words or a letter."""
    text = (rendered / page).read_text(encoding="utf-8")

    assert [] == re.findall(r'<t[dh][^>]*class="[^"]*tone-[^"]*"[^>]*>\s*</t[dh]>', text)
