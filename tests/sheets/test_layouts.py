"""Random tables written in every layout, with what people add, are read back exactly: no grade, number or day differs."""

from __future__ import annotations

import os

import pytest
import sheets
from layouts import given, grades_of, start, year_of

from ctd_analysis.year import year

SEEDS = range(int(os.environ.get("CTD_SEEDS", "25")))


def assert_sound(read: year.Year):
    """No problem anywhere."""
    assert [] == [p.message for p in read.problems if p.cluster == "cum-1"]


def assert_read(folder, units, data, pages):
    """The pages, saved as a workbook, are read as the grades that were put in."""
    read = year_of(folder, units, {"bang diem.xlsx": sheets.save(pages)})

    assert_sound(read)
    assert given(data) == grades_of(read)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_matrix_of_units_and_rounds(tmp_path, seed):
    """L3: each unit with its rounds under a merged head."""
    random, units, names = start(seed)
    data = sheets.tables(random, units)
    pages = sheets.noisy(random, [sheets.matrix(random, data, names)])
    assert_read(tmp_path, units, data, pages)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_matrix_of_the_cluster_s_grades(tmp_path, seed):
    """L1: one column a unit; without a round in any heading the grades are the cluster's."""
    random, units, names = start(seed)
    data = sheets.tables(random, units, ("cluster",))
    pages = sheets.noisy(random, [sheets.matrix(random, data, names, ("cluster",))])
    assert_read(tmp_path, units, data, pages)


@pytest.mark.parametrize("seed", SEEDS)
def test_ticks_under_a_b_c(tmp_path, seed):
    """L4: three columns a round, one ticked."""
    random, units, names = start(seed)
    stages = random.choice((("self", "cluster"), ("cluster",)))
    data = sheets.tables(random, units, stages)
    pages = sheets.noisy(random, [sheets.matrix(random, data, names, stages, ticks=True)])
    assert_read(tmp_path, units, data, pages)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sheet_for_each_unit(tmp_path, seed):
    """L2."""
    random, units, names = start(seed)
    data = sheets.tables(random, units)
    pages = sheets.noisy(random, sheets.sheet_a_unit(random, data, names))
    assert_read(tmp_path, units, data, pages)


@pytest.mark.parametrize("seed", SEEDS)
def test_units_in_rows(tmp_path, seed):
    """L3 turned."""
    random, units, names = start(seed)
    data = sheets.tables(random, units)
    pages = sheets.noisy(random, [sheets.across(random, data, names)])
    assert_read(tmp_path, units, data, pages)


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
