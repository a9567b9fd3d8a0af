"""Pictures of every kind of page, to be looked at: desktop, tablet, phone, 200 % text, grey, A4 sheets; minutes and workbook.

    python tests/look.py [reports/2024] [reports/pictures]
    python tests/look.py --every [pictures]     the same of pages made for it: also those before December, of an
                                                inspection, of two years side by side
    python tests/look.py --readme [reports/2024]        the picture in the README: docs/cum-2.png
    python tests/look.py --lab [reports/pictures]       every notebook in JupyterLab, screen by screen, 1366 × 768
    python tests/look.py --worksheet [data/2024] [pictures]     the worksheet of the inspection as LibreOffice prints it
    python tests/look.py --session [data/2024] [pictures]       a session played, from no decision to the minutes

Needs the pages (`python tasks.py run`), a Chromium on the machine, pdftoppm (poppler-utils) for the sheets, and soffice
(LibreOffice) for the minutes and the workbook; without one of these its pictures are left out, and that is told.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

from playwright.sync_api import sync_playwright

#: Each way to look: the size of the window, and what is done to the page first.
WAYS = {"desktop": ((1280, 900), ""), "tablet": ((768, 1024), ""), "phone": ((390, 844), ""),
        "200": ((1280, 900), "html { font-size: 200% }"), "grey": ((1280, 900), "html { filter: grayscale(1) }")}
OFFICE = ("bien-ban.docx", "results.xlsx")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-quic"]


def chromium() -> str | None:
    """Where the machine's Chromium is, or None."""
    return next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


def every(pictures: Path) -> None:
    """The shipped year beside the one before it; of the worked cases the kinds of pages that it has not."""
    root, seen = Path(__file__).resolve().parent.parent, set()
    shipped, cases = root / "data" / "2024", root / "tests" / "cases" / "year-round"

    def ctd(*words) -> None:
        subprocess.run([sys.executable, "-m", "ctd_analysis", *map(str, words)], cwd=root, check=True, timeout=600)

    with tempfile.TemporaryDirectory() as folder:
        for case in (shipped, cases / "04-half-year", cases / "03-inspection"):
            year, out = Path(folder) / case.name, Path(folder) / f"{case.name}-pages"
            shutil.copytree(case, year)
            for name in ("rulebook.toml", "criteria.csv"):
                if not (year / name).exists():
                    shutil.copy(shipped / name, year)
            ctd("run", year, "--out", out)
            if case == shipped:
                ctd("compare", root / "data" / "2023", year, "--out", out)
            main(out, pictures / case.name, seen)
            seen |= {page.name for page in out.glob("*.html")}


def main(pages: Path, pictures: Path, seen: Collection[str] = ()) -> None:
    """One picture a page and way, one a printed sheet; none of the pages `seen` already, by name."""
    pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        for page in (one for one in kinds(pages) if one.name not in seen and not (seen and one.parent != pages)):
            for way, (size, changed) in WAYS.items():
                tab = browser.new_page(viewport=dict(zip(("width", "height"), size, strict=True)))
                tab.goto(page.resolve().as_uri())
                if changed:
                    tab.add_style_tag(content=changed)
                tab.screenshot(path=pictures / f"{page.stem}-{way}.png", full_page=True)
                if way == "desktop":
                    tab.pdf(path=pictures / f"{page.stem}.pdf", prefer_css_page_size=True)
                tab.close()
        browser.close()
    if not seen:
        print_office(pages, pictures)
    draw_sheets(pictures)
    print(f"{len(list(pictures.glob('*.png')))} pictures in {pictures}")


def kinds(pages: Path) -> list[Path]:
    """Every page of a folder; of the units' pages two, alike but for what stands in them."""
    return [*sorted(pages.glob("*.html")), *sorted(pages.glob("don-vi/*.html"))[:2]]


def print_office(pages: Path, pictures: Path, names: tuple[str, ...] = OFFICE) -> None:
    """The minutes, the workbook as LibreOffice prints them."""
    if not shutil.which("soffice"):
        print(f"no soffice: {', '.join(names)} are left out")
        return
    for name in names:
        subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(pictures), str(pages / name)],
                       check=True, capture_output=True, timeout=120)


def draw_sheets(pictures: Path) -> None:
    """A picture of each sheet of what was printed; those of a former printing go."""
    if not shutil.which("pdftoppm"):
        print("no pdftoppm: the sheets are left out")
        return
    for pdf in sorted(pictures.glob("*.pdf")):
        for old in pictures.glob(f"{pdf.stem}-sheet-*.png"):
            old.unlink()
        subprocess.run(["pdftoppm", "-r", "60", "-png", str(pdf), str(pdf.with_name(f"{pdf.stem}-sheet"))], check=True,
                       timeout=120)


def readme(pages: Path) -> None:
    """The top of one cluster's page, as the README shows it."""
    target = Path(__file__).resolve().parent.parent / "docs" / "cum-2.png"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        tab = browser.new_page(viewport={"width": 1280, "height": 1180})
        tab.goto((pages / "cum-2.html").resolve().as_uri())
        tab.screenshot(path=target)
        browser.close()
    print(target)


def lab(pictures: Path) -> int:
    """Every notebook run in JupyterLab by its test, which takes a picture a screen."""
    pictures.mkdir(parents=True, exist_ok=True)
    test = Path(__file__).resolve().parent / "pages" / "test_lab.py"
    return subprocess.run([sys.executable, "-m", "pytest", "-q", str(test)], cwd=test.parents[2], timeout=1200,
                          env={**os.environ, "CTD_PICTURES": str(pictures.resolve())}).returncode


def worksheet(year: Path, pictures: Path) -> None:
    """The worksheet of a year, a picture a printed sheet."""
    pictures.mkdir(parents=True, exist_ok=True)
    made = pictures / "phieu.xlsx"
    made.unlink(missing_ok=True)
    subprocess.run([sys.executable, "-m", "ctd_analysis", "inspect", str(year), "--xlsx", str(made), "--json",
                    str(pictures / "places.json")], check=True, timeout=300)
    subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(pictures), str(made)], check=True,
                   timeout=300)
    subprocess.run(["pdftoppm", "-r", "60", "-png", str(made.with_suffix(".pdf")), str(made.with_suffix(""))], check=True,
                   timeout=60)
    print(f"{len(list(pictures.glob('phieu-*.png')))} sheets in {pictures}")


def session(year: Path, pictures: Path) -> None:
    """A session on a copy of a year: a picture a step; the form and the minutes as LibreOffice prints them."""
    from play import play
    pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        pages = play(browser, year, pictures)
        browser.close()
    shutil.copy(pictures / "ky-hop.xlsx", pages)
    print_office(pages, pictures, ("bien-ban.docx", "ky-hop.xlsx"))
    draw_sheets(pictures)
    print(f"{len(list(pictures.glob('*.png')))} pictures in {pictures}")


if __name__ == "__main__" and sys.argv[1:2] == ["--session"]:
    session(Path(*sys.argv[2:3] or ["data/2024"]), Path(*sys.argv[3:4] or ["reports/pictures"]))
elif __name__ == "__main__" and sys.argv[1:2] == ["--lab"]:
    sys.exit(lab(Path(*sys.argv[2:3] or ["reports/pictures"])))
elif __name__ == "__main__" and sys.argv[1:2] == ["--every"]:
    every(Path(*sys.argv[2:3] or ["reports/pictures"]))
elif __name__ == "__main__" and sys.argv[1:2] == ["--worksheet"]:
    worksheet(Path(*sys.argv[2:3] or ["data/2024"]), Path(*sys.argv[3:4] or ["reports/pictures"]))
elif __name__ == "__main__" and sys.argv[1:2] == ["--readme"]:
    readme(Path(*sys.argv[2:3] or ["reports/2024"]))
elif __name__ == "__main__":
    main(Path(*sys.argv[1:2] or ["reports/2024"]), Path(*sys.argv[2:3] or ["reports/pictures"]))
