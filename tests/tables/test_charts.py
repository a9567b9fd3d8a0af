"""The drawings: every unit has its bar, whatever it is called, and the words beside them carry the numbers."""

from __future__ import annotations

import re

import pytest
from conftest import SHIPPED, make_year

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.tables import charts
from ctd_analysis.year.year import read

ODD = ["$x$ 50%", "Huyện " + "rất dài " * 2000, "<b>&amp;</b>", "🏞️ \u202eHuyện"]


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """The shipped year with odd names for cum-1's units (two alike in their first letters)."""
    folder = make_year(SHIPPED, tmp_path_factory.mktemp("odd") / "year")
    path = folder / "units.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    names = iter([*ODD[:2], ODD[1] + "khác", ODD[2]])
    for k, line in enumerate(lines):
        cells = line.split(",")
        if cells[4:5] == ["cum-1"]:
            lines[k] = ",".join([*cells[:2], '"' + next(names) + '"', *cells[3:6], ""])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return appraise(read(folder))


def test_units_with_odd_names_are_drawn(odd):
    """Mathematics signs, markup and thousands of letters are plain short text; names that look alike keep their own bars."""
    html = charts.standing(odd, "cum-1").html

    assert 4 == len([t for t in re.findall(r">([^<]*)</text>", html) if re.match(r"\$x\$|Huyện rất|&lt;b&gt;", t)])
    assert 100_000 > len(html)
    for i in odd.members("cum-1"):
        assert f": {odd.facts.a[i]} A, " in html


@pytest.mark.parametrize("draw", [charts.classes, charts.lost_points])
def test_the_same_appraisal_draws_the_same_bytes(odd, draw):
    """No date, no random ids, and ids of its own."""
    first = draw(odd).html

    assert first == draw(odd).html
    ids = re.findall(r'\bid="([^"]+)"', first)
    assert len(ids) == len(set(ids)) and all(i.startswith(draw.__name__) for i in ids)


def test_too_many_units_are_drawn_by_cluster_too_many_clusters_not_at_all(monkeypatch):
    """A chart stays legible: the same losses cluster by cluster, then a sentence that sends to the table."""
    appraisal = appraise(read(SHIPPED))
    by_unit = charts.lost_points(appraisal).html
    monkeypatch.setattr(charts, "MOST_DRAWN", 10)
    by_cluster = charts.lost_points(appraisal).html
    monkeypatch.setattr(charts, "MOST_DRAWN", 3)

    assert "Thành phố Hà Tiên" in by_unit and "đơn vị (cột)" in by_unit
    assert "Thành phố Hà Tiên" not in by_cluster and "cụm (cột)" in by_cluster
    assert 9 * 4 == len(re.findall(r">\d+</text>", by_cluster))
    for draw in (charts.lost_points, charts.classes):
        assert "4 cụm" in draw(appraisal).html and "<svg" not in draw(appraisal).html
