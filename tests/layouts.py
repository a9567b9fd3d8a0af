"""A made-up cluster whose tables are written in some layout: its units as somebody calls them, its year read again."""

from __future__ import annotations

import csv
import shutil
import unicodedata
from pathlib import Path
from random import Random

from conftest import SHIPPED

from ctd_analysis.year import year

DISTRICTS = {"rach-gia": ("Rạch Giá", "thành phố"), "ha-tien": ("Hà Tiên", "thành phố"), "hon-dat": ("Hòn Đất", "huyện"),
             "u-minh-thuong": ("U Minh Thượng", "huyện"), "an-minh": ("An Minh", "huyện"),
             "giong-rieng": ("Giồng Riềng", "huyện"), "go-quao": ("Gò Quao", "huyện"), "hoa-thuan": ("Hòa Thuận", "huyện")}


def called(random: Random, id: str) -> str:
    """A unit's name as someone types it."""
    bare, kind = DISTRICTS[id]
    prefixes = ("TP ", "TP. ", "TP.", "Thành phố ", "Thành Hội ", "Hội CTĐ TP ", "") if kind == "thành phố" else \
        ("H. ", "H.", "Huyện ", "Huyện Hội ", "Hội CTĐ huyện ", "")
    text = random.choice(prefixes) + bare
    twist = random.randrange(6)
    if twist == 0:
        return unicodedata.normalize("NFD", text)
    if twist == 1:
        return text.upper()
    if twist == 2:
        return text.replace("Đ", "Ð").replace("òa", "oà")
    return text.replace(" ", "  ", 1) if twist == 3 else text


def year_of(folder: Path, units: list[str], files: dict[str, bytes]) -> year.Year:
    """A year of one cluster whose submission is these files."""
    (folder / "submissions" / "cum-1").mkdir(parents=True)
    for name in ("rulebook.toml", "criteria.csv"):
        shutil.copy(SHIPPED / name, folder / name)
    rows = [["unit", "code", "name", "kind", "cluster", "population", "aliases"]]
    rows += [[u, "", f"{k.capitalize()} {n}", k, "cum-1" if u in units else "cum-2", "", ""] for u, (n, k) in DISTRICTS.items()]
    clusters = [["cluster", "name", "lead", "dossier_received"], ["cum-1", "Cụm 1", units[0], ""], ["cum-2", "Cụm 2", "", ""]]
    for name, table in (("units", rows), ("clusters", clusters),
                        ("appraisal", [["unit", "criterion", "grade", "method", "reason"]]),
                        ("decisions", [["unit", "decision", "value", "reason", "document", "decided_on"]])):
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table)
    for name, content in files.items():
        (folder / "submissions" / "cum-1" / name).write_bytes(content)
    return year.read(folder, "cum-1")


def grades_of(read: year.Year) -> dict:
    """Unit, criterion and round → letter, blanks left out."""
    return {(g.unit, g.criterion, stage): getattr(g, stage) for g in read.grades for stage in ("self", "cluster")
            if getattr(g, stage)}


def given(data: dict, stages=("self", "cluster")) -> dict:
    """The same of what was written."""
    return {key: grade for key, grade in data["grades"].items() if key[2] in stages}


def start(seed: int) -> tuple[Random, list[str], dict[str, str]]:
    """A generator, a cluster's units, and how they are called."""
    random = Random(seed)  # noqa: S311 - the same sheets every time
    units = random.sample(list(DISTRICTS), random.randint(2, 5))
    return random, units, {u: called(random, u) for u in units}
