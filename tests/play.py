"""A session played on a copy of a year, from no decision to the minutes: by command, by form, in JupyterLab; a picture a step.

    python tests/look.py --session [data/2024] [reports/pictures]

What is asserted about the same session stands in `tests/pages` and `tests/answers`; here it is only to be looked at.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
from lab import ROOT, run_all, served

STATED = ["--document", "BB 04/BB-HĐTĐ (mẫu)", "--on", "20/12/2024"]


def play(browser, year: Path, pictures: Path) -> Path:
    """The whole session; the pages made in the end, with the minutes. What the commands said is kept as text."""
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        here = root / "data" / year.name
        shutil.copytree(year, here)
        (here / "decisions.csv").write_text("unit,decision,value,reason,document,decided_on\n", encoding="utf-8")
        with served(root) as lab:
            in_the_notebook(Notebook(run_all(browser, lab, "session"), pictures), here)
        said = by_command(here, root)
        (pictures / "ky-hop-lenh.txt").write_text(said, encoding="utf-8")
        shutil.copy(here / "decisions.csv", pictures / "ky-hop-decisions.csv")
        shutil.copy(root / "form" / "ky-hop.xlsx", pictures)
        shutil.copytree(root / "out", pictures / "ky-hop-trang", dirs_exist_ok=True)
    return pictures / "ky-hop-trang"


class Notebook:
    """The notebook on the projector: what a clerk does there."""

    def __init__(self, page, pictures: Path | None = None):
        self.page, self.pictures, self.step = page, pictures, 0
        page.locator(".ctd-session").wait_for(timeout=60_000)

    def picture(self, name: str, top: str = ".ctd-session") -> None:
        """What the projector shows now, with something at its top."""
        self.step += 1
        self.top(top)
        self.page.screenshot(path=self.pictures / f"ky-hop-{self.step:02}-{name}.png")

    def top(self, what: str = ".ctd-session") -> None:
        """Scroll there."""
        self.page.locator(what).first.evaluate("one => one.scrollIntoView({block: 'start'})")
        self.page.wait_for_timeout(500)

    def control(self, label: str):
        """The control that a label stands before."""
        return self.page.locator(".widget-inline-hbox", has=self.page.get_by_text(label, exact=True))

    def select(self, label: str, words: str) -> None:
        """Choose what has these words in a list."""
        found = self.control(label).locator("option", has_text=words).first
        found.wait_for(state="attached", timeout=10_000)
        self.control(label).locator("select").select_option(label=found.inner_text())
        self.page.wait_for_timeout(300)

    def answer(self, number: int) -> None:
        """One of the card's answers, counted from 0."""
        self.page.locator(".widget-radio-box label").nth(number).click()
        self.page.wait_for_timeout(300)

    def state(self, **said: str) -> None:
        """Reason, document, day."""
        for label, text in said.items():
            field = self.control(label.replace("_", " ")).locator("input")
            field.fill(text)
            field.press("Tab")

    def press(self, name: str, then: str) -> float:
        """A button; seconds until these words stand there."""
        begun = time.perf_counter()
        self.page.get_by_role("button", name=name).click()
        self.page.get_by_text(then).first.wait_for(timeout=10_000)
        return time.perf_counter() - begun


def in_the_notebook(held: Notebook, year: Path) -> None:
    """Cards, a choice, who moves, the button, the standings; undone; a reading settled; a prize; somebody else types."""
    held.picture("mở", ".jp-Notebook .jp-Cell")
    held.select("Cụm", "số 2")
    held.picture("thẻ")
    held.answer(1)
    held.picture("thẻ-chọn")
    held.select("Nội dung", "đơn vị nào đứng đầu cụm")
    held.answer(0)
    held.picture("chọn")
    held.state(Lý_do="bốc thăm", Văn_bản="BB 04/BB-HĐTĐ (mẫu)", Ngày="2024-12-20")
    held.picture("sẵn-sàng")
    took = held.press("Ghi quyết định", "Đã ghi: Huyện Tân Hiệp: phân định xếp đứng đầu cụm.")
    print(f"from the button to the standings: {took:.2f} s")
    held.picture("đã-ghi")
    held.picture("đã-ghi-trong-ngày", "#bang-xep-loai")
    held.press("Rút lại dòng này", "Đã ghi: Huyện Tân Hiệp: rút lại: phân định")
    held.picture("đã-rút")
    held.picture("đã-rút-trong-ngày", "#bang-xep-loai")
    held.select("Nội dung", "Huyện Gò Quao: Xuất sắc hay Khá")
    held.answer(0)
    held.state(Lý_do="thống nhất cách hiểu như đang dùng")
    held.picture("cách-hiểu")
    held.press("Ghi quyết định", "Đã ghi: ")
    held.picture("cách-hiểu-đã-ghi")
    held.select("Nội dung", "Huyện Châu Thành: Trung bình hay Khá")
    held.answer(1)
    with (year / "decisions.csv").open("a", encoding="utf-8") as file:      # somebody else, meanwhile
        file.write("kien-hai,bỏ một trường hợp,cử cán bộ tập huấn,tàu ngừng chạy vì biển động,BB 04/BB-HĐTĐ (mẫu),20/12/2024\n")
    held.state(Lý_do="42 điểm A, thống nhất xếp loại Khá")
    held.press("Ghi quyết định", "tệp đã đổi từ khi đọc")
    held.picture("có-người-sửa")
    held.press("Đọc lại số liệu", "Đã đọc lại số liệu.")
    held.answer(1)
    held.press("Ghi quyết định", "Đã ghi: Huyện Châu Thành: quyết định xếp loại Khá.")
    held.select("Cụm", "số 1")
    held.select("Nội dung", "quyết định khác")
    held.select("Đơn vị", "Hòn Đất")
    held.select("Quyết định", "giải")
    held.select("Giá trị", "Nhất")
    held.state(Lý_do="đứng đầu cụm")
    held.picture("giải")
    held.press("Ghi quyết định", "Đã ghi: Huyện Hòn Đất: quyết định giải Nhất.")
    held.picture("giải-đã-ghi")
    held.page.close()


def by_command(year: Path, root: Path) -> str:
    """The same by `ctd`: previewed, recorded, refused, a rule; the form filled, tried, taken, taken again; the pages."""
    form, because = root / "form" / "ky-hop.xlsx", ["--reason", "tiêu chí bổ sung: quyết toán chậm", *STATED]
    calls = [["decide", "Hà Tiên", "hạ một mức", *because, str(year)],
             ["decide", "Hà Tiên", "hạ một mức", *because, str(year), "--record"],
             ["decide", "Châu Thành", "xếp loại", "Yếu", *because, str(year), "--record"],
             ["decide", "--rule", "filing.plan.before=23/02/2024", "--reason", "nghỉ Tết kéo dài", "--document", "TB 06",
              "--on", "17/02/2024", str(year), "--record"],
             ["template", str(year), "--round", "session", "--out", str(form.parent)],
             ["decide", "--take", str(form), str(year)], ["decide", "--take", str(form), str(year), "--record"],
             ["decide", "--take", str(form), str(year), "--record"], ["run", str(year), "--out", str(root / "out")]]
    told = []
    for words in calls:
        done = subprocess.run([sys.executable, "-m", "ctd_analysis", *words], cwd=ROOT, capture_output=True, encoding="utf-8",
                              env={**os.environ, "COLUMNS": "110"}, timeout=300)
        told.append(f"$ ctd {' '.join(words)}\n{done.stdout}{done.stderr}[{done.returncode}]\n")
        if words[0] == "template":
            book = openpyxl.load_workbook(form)
            for place, cell in enumerate(("Huyện U Minh Thượng", "vẫn xét", None, "mất đường truyền", STATED[1], STATED[3]), 1):
                book["Quyết định"].cell(6, place).value = cell
            book.save(form)
    return "\n".join(told)
