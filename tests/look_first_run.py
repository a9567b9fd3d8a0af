"""The two pictures in docs/cai-dat.md: what the window says after a double click, and the index that opens then.

    python tests/look_first_run.py

Really done: a fresh clone, its environment made from the lock (needs a network), the shipped year run, and the page it asks a
browser to open.
"""

from __future__ import annotations

import html
import os
import subprocess
import tempfile
from pathlib import Path

from look import QUIET, chromium
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
WINDOW = """<body style="margin:0;background:#dfe3e8;padding:16px"><div style="background:#0c0c0c;border-radius:6px">
<div style="background:#2b2b2b;color:#ddd;font:13px sans-serif;padding:7px 12px">ctd-run</div>
<pre style="color:#e6e6e6;font:14px/1.5 monospace;margin:0;padding:12px;white-space:pre-wrap">{}</pre></div>"""


def main() -> None:
    """Click, and draw what came."""
    with tempfile.TemporaryDirectory() as scratch:
        there, browser = Path(scratch) / "ctd-analysis", Path(scratch) / "browser"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(there)], check=True)
        browser.write_text(f'#!/bin/sh\necho "$1" > "{scratch}/opened"\n', encoding="utf-8")
        browser.chmod(0o755)
        keep = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        said = subprocess.run([str(there / "ctd-run.command")], cwd=scratch, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=True, env={**keep, "BROWSER": str(browser)}, timeout=600)
        address = (Path(scratch) / "opened").read_text(encoding="utf-8").strip()
        with sync_playwright() as playwright:
            chrome = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
            tab = chrome.new_page(viewport={"width": 900, "height": 100})
            tab.set_content(WINDOW.format(html.escape(said.stdout.decode().replace(scratch + os.sep, ""))))
            tab.screenshot(path=ROOT / "docs" / "cai-dat-cua-so.png", full_page=True)
            tab.set_viewport_size({"width": 1100, "height": 760})
            tab.goto(address)
            tab.screenshot(path=ROOT / "docs" / "cai-dat-muc-luc.png")
            chrome.close()
    print("docs/cai-dat-cua-so.png, docs/cai-dat-muc-luc.png")


if __name__ == "__main__":
    main()
