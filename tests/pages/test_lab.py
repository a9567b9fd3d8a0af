"""The notebooks to be used by hand: a real JupyterLab server, a real Chromium, a slider moved, a decision recorded."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, keep_notebooks, needs_browser
from lab import SMALL, press_run_all, run_all, served
from play import Notebook

pytestmark = [pytest.mark.browser, needs_browser]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of our own on a copy of the notebooks (saving by hand must not touch the originals); its address."""
    root = tmp_path_factory.mktemp("lab")
    keep_notebooks(root / "notebooks")
    shutil.copytree(ROOT / "data", root / "data")
    with served(root) as address:
        yield address


def test_a_session_is_held_in_jupyterlab(lab, browser):
    """On a projector: run all, take the tie's card, choose, see, state reason, document, day; record; the standings follow."""
    held = Notebook(run_all(browser, lab, "session"))
    record = held.page.get_by_role("button", name="Ghi quyết định")

    held.select("Cụm", "số 2")
    held.select("Nội dung", "đơn vị nào đứng đầu cụm")
    held.answer(0)
    held.page.locator("#bang-ai-doi tr#go-quao").wait_for(timeout=10_000)
    assert record.is_disabled()
    held.state(Lý_do="bốc thăm", Văn_bản="BB 03", Ngày="2024-12-20")
    for one in (held.control("Nội dung"), held.page.locator("#bang-ai-doi tr#go-quao"), record,
                held.page.locator("#bang-xep-loai tr#tan-hiep")):
        held.top()
        box = one.first.bounding_box()
        assert 0 <= box["y"] and box["y"] + box["height"] <= SMALL["height"] - 20, box

    assert 1 > held.press("Ghi quyết định", "Đã ghi: Huyện Tân Hiệp: phân định xếp đứng đầu cụm.")
    assert "đồng hạng" not in held.page.locator("#bang-xep-loai tr#tan-hiep").inner_text()
    assert record.is_disabled()
    assert 1 > held.press("Rút lại dòng này", "Đã ghi: Huyện Tân Hiệp: rút lại: phân định xếp đứng đầu cụm.")
    assert "đồng hạng" in held.page.locator("#bang-xep-loai tr#tan-hiep").inner_text()
    held.page.close()


def test_a_slider_moves_a_unit_in_jupyterlab(lab, browser):
    """Open, run all cells, raise the bar for Xuất sắc by one with the keyboard: the units at 41 A move, and it says why."""
    asked = []
    page = run_all(browser, lab, "what_if", {"width": 1400, "height": 1100}, seen=asked)
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

def picture(page, name: str) -> None:
    """For whoever looks: with CTD_PICTURES a folder."""
    if where := os.environ.get("CTD_PICTURES"):
        page.screenshot(path=Path(where) / f"{name}.png")


def screens(page, name: str) -> None:
    """A picture a screen, from the first cell to the last; every appendix opened."""
    if not os.environ.get("CTD_PICTURES"):
        return
    whole = page.locator(".jp-WindowedPanel-outer").first
    page.evaluate("document.querySelectorAll('.jp-OutputArea details').forEach(one => one.open = true)")
    for screen in range(40):
        seen = whole.evaluate("(one, n) => { one.scrollTo(0, 600 * n); return one.scrollTop >= 600 * n }", screen)
        page.wait_for_timeout(200)
        if not seen:
            break
        picture(page, f"{name}-{screen:02d}")


def heading(page, text: str) -> None:
    """Scroll until a heading stands at the top."""
    page.get_by_role("heading", name=text).first.evaluate("one => one.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(300)


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")))
def test_every_notebook_runs_in_jupyterlab(lab, browser, name):
    """All cells, no error; numbers stand to the right under their headings, words to the left, whatever Lab's style says."""
    page = run_all(browser, lab, name)
    screens(page, f"lab-{name}")

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
    answer = page.locator("#bang-ai-doi .scroll")
    assert answer.evaluate("one => one.scrollWidth <= one.clientWidth + 1")         # the why is seen to its end
    for one in (handle, row, page.get_by_role("button", name="Mở phương án")):
        box = one.bounding_box()
        assert 0 <= box["y"] and box["y"] + box["height"] <= SMALL["height"] - 20, box

    page.get_by_role("button", name="Về như quy định").click()
    page.get_by_text("Cách hiểu", exact=True).click()
    reading = page.locator(".widget-label:has-text('III.2.1') + .widget-dropdown select")
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
