"""Random tables written in every layout, with what people add, are read back exactly: no grade, number or day differs."""

from __future__ import annotations

import csv
import os
import shutil
import unicodedata
from pathlib import Path
from random import Random

import pytest
import sheets
from conftest import SHIPPED

from ctd_analysis.year import year

SEEDS = range(int(os.environ.get("CTD_SEEDS", "25")))
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


def assert_sound(read: year.Year):
    """No problem anywhere."""
    assert [] == [p.message for p in read.problems if p.cluster == "cum-1"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_matrix_of_units_and_rounds(tmp_path, seed):
    """L3: each unit with its rounds under a merged head."""
    random, units, names = start(seed)
    data = sheets.tables(random, units)
    pages = sheets.noisy(random, [sheets.matrix(random, data, names)])

    read = year_of(tmp_path, units, {"bang diem.xlsx": sheets.save(pages)})

    assert_sound(read)
    assert given(data) == grades_of(read)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_matrix_of_the_cluster_s_grades(tmp_path, seed):
    """L1: one column a unit; without a round in any heading the grades are the cluster's."""
    random, units, names = start(seed)
    data = sheets.tables(random, units, ("cluster",))
    pages = sheets.noisy(random, [sheets.matrix(random, data, names, ("cluster",))])

    read = year_of(tmp_path, units, {"bang diem.xlsx": sheets.save(pages)})

    assert_sound(read)
    assert given(data) == grades_of(read)


@pytest.mark.parametrize("seed", SEEDS)
def test_ticks_under_a_b_c(tmp_path, seed):
    """L4: three columns a round, one ticked."""
    random, units, names = start(seed)
    stages = random.choice((("self", "cluster"), ("cluster",)))
    data = sheets.tables(random, units, stages)
    pages = sheets.noisy(random, [sheets.matrix(random, data, names, stages, ticks=True)])

    read = year_of(tmp_path, units, {"bang diem.xlsx": sheets.save(pages)})

    assert_sound(read)
    assert given(data) == grades_of(read)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sheet_for_each_unit(tmp_path, seed):
    """L2."""
    random, units, names = start(seed)
    data = sheets.tables(random, units)
    pages = sheets.noisy(random, sheets.sheet_a_unit(random, data, names))

    read = year_of(tmp_path, units, {"bang diem.xlsx": sheets.save(pages)})

    assert_sound(read)
    assert given(data) == grades_of(read)


@pytest.mark.parametrize("seed", SEEDS)
def test_units_in_rows(tmp_path, seed):
    """L3 turned."""
    random, units, names = start(seed)
    data = sheets.tables(random, units)
    pages = sheets.noisy(random, [sheets.across(random, data, names)])

    read = year_of(tmp_path, units, {"bang diem.xlsx": sheets.save(pages)})

    assert_sound(read)
    assert given(data) == grades_of(read)


@pytest.mark.parametrize("seed", SEEDS)
def test_self_and_cluster_grades_on_separate_sheets_are_one_table(tmp_path, seed):
    """The round stands in the sheet's name or its title; or in two files of one folder."""
    random, units, names = start(seed)
    data = sheets.tables(random, units)
    own = sheets.matrix(random, data, names, ("self",), name="Tự chấm")
    cluster = sheets.matrix(random, data, names, ("cluster",), name="Biểu 2", said="CỤM CHẤM ")
    if random.random() < 0.5:
        files = {"a.xlsx": sheets.save(sheets.noisy(random, [own, cluster]))}
    else:
        files = {"a.xlsx": sheets.save([own]), "b.xlsx": sheets.save([cluster])}

    read = year_of(tmp_path, units, files)

    assert_sound(read)
    assert given(data) == grades_of(read)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_matrix_in_blocks_is_one_table(tmp_path, seed):
    """Some units in one block, the others under it or beside it."""
    random, units, names = start(seed)
    data = sheets.tables(random, units)
    half = len(units) // 2
    first = sheets.matrix(random, data, {u: names[u] for u in units[:half]})
    second = sheets.matrix(random, data, {u: names[u] for u in units[half:]})
    second.move(first.size[0] + random.randint(1, 4), random.randint(0, 2))
    first.cells |= second.cells
    first.merges += second.merges

    read = year_of(tmp_path, units, {"bang diem.xlsx": sheets.save([first])})

    assert_sound(read)
    assert given(data) == grades_of(read)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_other_tables(tmp_path, seed):
    """Indicators, branches and filings, each in some layout, beside a matrix."""
    random, units, names = start(seed)
    data = sheets.tables(random, units)
    pages = [sheets.matrix(random, data, names), sheets.indicators(random, data, names), sheets.branches(random, data, names),
             sheets.filings(random, data, names)]
    random.shuffle(pages)

    read = year_of(tmp_path, units, {"ho so.xlsx": sheets.save(sheets.noisy(random, pages))})

    assert_sound(read)
    assert given(data) == grades_of(read)
    assert data["indicators"] == {(i.unit, i.indicator, column): value for i in read.indicators
                                  for column in ("target", "actual") if (value := getattr(i, column)) is not None}
    assert data["branches"] == {(b.unit, b.branch): (b.rating, b.fund) for b in read.branches}
    assert {key: day for key, day in data["filings"].items() if day} == \
        {(f.unit, f.filing): f.received for f in read.filings if f.received}
