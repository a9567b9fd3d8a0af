"""The notebooks to be used by hand: a real JupyterLab server, a real Chromium, a slider moved, a decision recorded."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from conftest import ROOT, keep_notebooks, needs_browser

pytestmark = [pytest.mark.browser, needs_browser]
SETTINGS = ["--ServerApp.open_browser=False", "--IdentityProvider.token=thu", "--LabApp.news_url=",
            "--ServerApp.port_retries=50",
            "--LabApp.extension_manager=readonly", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of our own on a copy of the notebooks (saving by hand must not touch the originals); its address."""
    root = tmp_path_factory.mktemp("lab")
    keep_notebooks(root / "notebooks")
    shutil.copytree(ROOT / "data", root / "data")
    folders = {f"JUPYTER_{name}_DIR": str(root / name.lower()) for name in ("CONFIG", "RUNTIME")}
    env = {**os.environ, **folders, "PYTHONPATH": str(ROOT), "JUPYTERLAB_SETTINGS_DIR": str(root / "settings"),
           "JUPYTERLAB_WORKSPACES_DIR": str(root / "workspaces")}
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [sys.executable, "-m", "jupyterlab", *SETTINGS, *as_root, f"--ServerApp.root_dir={root}"]
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _address(Path(folders["JUPYTER_RUNTIME_DIR"]), server)
    finally:
        server.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        server.terminate()
        server.wait(20)


def _address(runtime: Path, server) -> str:
    for _ in range(300):
        for info in runtime.glob("jpserver-*.json"):
            url = json.loads(info.read_text(encoding="utf-8"))["url"]
            try:
                urllib.request.urlopen(f"{url}api/status?token=thu", timeout=2)     # noqa: S310  (our own server, loopback)
                return url
            except OSError:
                pass
        assert server.poll() is None, "JupyterLab ended"
        time.sleep(0.2)
    raise AssertionError("JupyterLab did not answer within a minute")


def test_a_session_is_held_in_jupyterlab(lab, browser):
    """On a projector: run all, take the tie's card, choose, state reason, document, day; see, record; the standings follow."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(f"{lab}lab/tree/notebooks/session.ipynb?token=thu&reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    chosen = page.locator(".widget-dropdown select")
    chosen.nth(1).wait_for(timeout=60_000)

    chosen.nth(0).select_option(index=1)
    tie = page.locator(".widget-dropdown option", has_text="đơn vị nào đứng đầu cụm")
    tie.first.wait_for(state="attached", timeout=10_000)
    chosen.nth(1).select_option(label=tie.first.inner_text())
    page.locator(".widget-radio label", has_text="Huyện Tân Hiệp").first.click()
    for label, text in (("Lý do", "bốc thăm"), ("Văn bản", "BB 03")):
        field = page.locator(".widget-text", has_text=label).locator("input")
        field.fill(text)
        field.press("Enter")
    page.locator(".widget-datepicker input").fill("2024-12-20")
    page.locator(".widget-datepicker input").press("Tab")
    _pictured(page, "lab-session-1-preview.png", page.locator("tr#go-quao").first)
    page.get_by_role("button", name="Ghi quyết định").click()

    page.get_by_text("Đã ghi: Huyện Tân Hiệp: xếp đứng đầu cụm.").wait_for(timeout=10_000)
    assert "(đồng hạng)" not in page.locator("#bang-xep-loai tr#tan-hiep").inner_text()
    assert page.get_by_role("button", name="Ghi quyết định").is_disabled()
    _pictured(page, "lab-session-2-recorded.png", page.locator("#bang-xep-loai"))
    page.close()


def _pictured(page, name: str, seen) -> None:
    """Wait until something stands there; a picture of it where pictures are asked for."""
    seen.wait_for(timeout=10_000)
    if where := os.environ.get("CTD_PICTURES"):
        page.screenshot(path=Path(where) / name)


def test_a_slider_moves_a_unit_in_jupyterlab(lab, browser):
    """Open, run all cells, raise the bar for Xuất sắc by one with the keyboard: the units at 41 A move, and it says why."""
    page = browser.new_page(viewport={"width": 1400, "height": 1100})
    asked = []
    page.on("request", lambda r: asked.append(r.url))
    page.goto(f"{lab}lab/tree/notebooks/what_if.ipynb?token=thu&reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.get_by_text("| Idle").wait_for(timeout=60_000)         # the kernel has come: else a dialog would ask for one
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    handle = page.locator(".widget-slider .noUi-handle").first
    handle.wait_for(timeout=60_000)
    assert page.get_by_text("Chưa đổi gì: kết quả như quy định của năm 2024.").is_visible()

    handle.focus()
    page.keyboard.press("ArrowRight")

    row = page.locator("#bang-ai-doi tr#kien-hai")
    row.wait_for(timeout=10_000)
    assert "Xuất sắc → Khá" in row.inner_text()
    assert "cần từ 42 điểm A (trước: từ 41 điểm A), có 41" in row.inner_text()
    page.get_by_role("button", name="Về như quy định").click()
    page.get_by_text("Chưa đổi gì: kết quả như quy định của năm 2024.").wait_for(timeout=10_000)
    assert [] == [url for url in asked if not url.startswith((lab, "data:", "blob:", lab.replace("http", "ws")))]
    if where := os.environ.get("CTD_PICTURES"):
        handle.focus()
        page.keyboard.press("ArrowRight")
        row.wait_for()
        page.screenshot(path=Path(where) / "lab-what-if.png")
    page.close()


# ---------------------------------------------------------------- as a person does it, on a small screen

SMALL = {"width": 1366, "height": 768}


def run_all(browser, lab, name: str):
    """A notebook opened, its kernel waited for, all its cells run."""
    page = browser.new_page(viewport=SMALL)
    page.goto(f"{lab}lab/tree/notebooks/{name}.ipynb?token=thu&reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    press_run_all(page)
    return page


def press_run_all(page) -> None:
    """By the menu, as a person does; back when the kernel is idle again and the last cell has its number."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    done = "() => ![...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].some(p => p.textContent.includes('*'))"
    page.wait_for_timeout(300)
    page.wait_for_function(done, timeout=120_000)


def picture(page, name: str) -> None:
    """For whoever looks: with CTD_PICTURES a folder."""
    if where := os.environ.get("CTD_PICTURES"):
        page.screenshot(path=Path(where) / f"{name}.png")


def heading(page, text: str) -> None:
    """Scroll until a heading stands at the top."""
    page.get_by_role("heading", name=text).first.evaluate("one => one.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(300)


@pytest.mark.parametrize("name", ["check_inputs", "cluster_report", "province_summary", "what_if"])
def test_every_notebook_runs_in_jupyterlab(lab, browser, name):
    """All cells, no error; numbers stand to the right under their headings, words to the left, whatever Lab's style says."""
    page = run_all(browser, lab, name)
    page.locator(".jp-Notebook").evaluate("one => one.scrollTo(0, 0)")
    picture(page, f"lab-{name}")

    assert 0 == page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count()
    aligned = page.evaluate("""() => [...document.querySelectorAll('.ctd table tbody tr:not(.band) > *')].filter(cell =>
        getComputedStyle(cell).textAlign !== (cell.classList.contains('number') ? 'right' :
                                              cell.classList.contains('heat') ? 'center' : 'left')).length""")
    assert 0 == aligned
    page.close()


def test_the_controls_and_the_answer_are_seen_together(lab, browser):
    """1366 × 768: under the first heading, without scrolling. A reading is chosen; a scenario is saved, and opened."""
    page = run_all(browser, lab, "what_if")
    heading(page, "1. Đổi một yêu cầu")
    handle = page.locator(".widget-slider .noUi-handle").first
    handle.focus()
    page.keyboard.press("ArrowRight")
    row = page.locator("#bang-ai-doi tbody tr").first
    row.wait_for(timeout=10_000)
    picture(page, "lab-what-if-controls")
    for one in (handle, row, page.get_by_role("button", name="Mở phương án")):
        box = one.bounding_box()
        assert 0 <= box["y"] and box["y"] + box["height"] <= SMALL["height"] - 20, box

    page.get_by_role("button", name="Về như quy định").click()
    page.get_by_text("Cách hiểu", exact=True).click()
    reading = page.locator(".widget-dropdown", has_text="III.2.1").locator("select").first
    reading.select_option(index=1)
    page.locator("#bang-ai-doi tr#an-bien").wait_for(timeout=10_000)
    picture(page, "lab-what-if-reading")
    page.get_by_placeholder("tên phương án").fill("Thử trong sổ tính")
    page.get_by_role("button", name="Lưu phương án").click()
    page.get_by_text("Đã lưu").wait_for(timeout=10_000)
    page.get_by_role("button", name="Về như quy định").click()
    page.get_by_text("Chưa đổi gì: kết quả như quy định của năm 2024.").wait_for(timeout=10_000)
    page.locator("select", has_text="thu-trong-so-tinh.toml").select_option("thu-trong-so-tinh.toml")
    page.get_by_role("button", name="Mở phương án").click()
    page.locator("#bang-ai-doi tr#an-bien").wait_for(timeout=10_000)
    page.get_by_text("Kết quả đúng như chờ đợi.").wait_for(timeout=10_000)
    picture(page, "lab-what-if-opened")
    for text in ("2. Yêu cầu đến đâu", "3. Hai yêu cầu", "4. Kết quả nào", "5. Mỗi đơn vị", "6. Nếu một con số", "7. Tự hỏi"):
        heading(page, text)
        picture(page, f"lab-what-if-{text[0]}")
    page.close()


def test_another_cluster_is_a_word_changed_and_all_run_again(lab, browser):
    """In the cell of parameters, typed by hand."""
    page = run_all(browser, lab, "cluster_report")
    cell = page.locator(".jp-CodeCell .cm-content", has_text="cum-1").first
    cell.click()
    page.keyboard.press("Control+A")
    page.keyboard.type('year_dir = "data/2024"\ncluster = "cum-3"\nscenario = ""')
    press_run_all(page)
    page.locator("#bang-xep-loai tr#an-bien").wait_for(timeout=30_000)
    picture(page, "lab-another-cluster")

    assert 0 == page.locator("#bang-xep-loai tr#ha-tien").count()
    page.close()
