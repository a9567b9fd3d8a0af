"""A real Chromium for the tests that open pages; skipped on a machine without one, never where CTD_BROWSER_REQUIRED=1."""

from __future__ import annotations

import os

import pytest
from look import QUIET, chromium

needs_browser = pytest.mark.skipif(chromium() is None and os.environ.get("CTD_BROWSER_REQUIRED") != "1",
                                   reason="no Chromium on this machine")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole session, cut off from any network."""
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET, "--proxy-server=127.0.0.1:9"])
        yield running
        running.close()


@pytest.fixture
def opened(browser):
    """Opens a page; gives it back with all it asked of the network, said on its console, or threw."""
    contexts = []

    def visit(url: str, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.requested, page.complaints = [], []
        page.on("request", lambda r: page.requested.append(r.url))
        page.on("console", lambda m: page.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: page.complaints.append(str(e)))
        page.on("dialog", lambda d: (page.complaints.append(f"dialog: {d.message}"), d.dismiss()))
        page.goto(url)
        return page

    yield visit
    for context in contexts:
        context.close()
