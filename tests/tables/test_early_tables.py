"""The registration round and the first half as they are told: the drawing, the sums, a unit's own page, part II in December."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from build import a_unit, a_year, shipped_book
from conftest import CASES, SHIPPED, make_year
from early import put

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.answers.progress import half_year
from ctd_analysis.answers.registration import Registration
from ctd_analysis.pages.notebook import UnitPage
from ctd_analysis.rows import Count, Direct, Place, Registered
from ctd_analysis.tables import pace, progress, province, registration
from ctd_analysis.words import council, outcomes
from ctd_analysis.year import year

AT = Place("made-up.csv", None, 2)


def half(**dues):
    """The first half of units that registered 100 in dues and paid so much by 30 June (None: nothing is written)."""
    made = a_year([a_unit(unit) | {"indicators": {}} for unit in dues])
    rows = tuple(Count(unit, "dues", date(2024, 6, 30), paid, "", AT) for unit, paid in dues.items() if paid is not None)
    targets = tuple(Registered(unit, "", "dues", 100, "", AT) for unit in dues)
    return half_year(replace(made, targets=targets, progress=rows))


def marks(html: str) -> int:
    """The dots of the drawing."""
    return len(re.findall(r"<use ", html[html.index("<svg"):html.index("</svg")]))


def test_the_drawing_says_who_is_behind_and_draws_every_number():
    """Below, on and above both bars: 44 of 45 due by III.2.2, 45, 50 due by the target, 100; who has no number is counted."""
    html = pace.chart(half(a=44, b=45, c=50, d=100, e=None)).html

    assert "Chậm nhiều nhất đến 30/06/2024: Hội phí 1/4 đơn vị có số" in html
    assert "Hội phí: 1 chậm, 1 III.2.2, 1 kịp, 1 đạt, 1 chưa rõ" in html
    assert not [word for word in ("Xuất sắc", "thứ tự", "xếp hạng") if word in html]


def test_units_that_stand_alike_have_a_mark_each():
    """Marks of equal numbers stand beside each other, not on each other."""
    one, four = (marks(pace.chart(half(**dict.fromkeys(names, 50))).html) for names in ("a", "abcd"))

    assert 3 == four - one


def test_a_number_that_is_nought_everywhere_is_drawn():
    """Nothing reached is a number too: its line stands in the drawing, with who is behind."""
    html = pace.chart(half(a=0, b=0)).html

    assert "Hội phí: 2 chậm" in html and 2 <= marks(html)


@pytest.mark.parametrize(("expected", "paid"), [("số nào đã có cũng kịp yêu cầu III.2.2", 45), ("Chưa có số nào để vẽ", None)])
def test_the_title_is_what_was_found(expected, paid):
    """Nobody behind; nothing to draw."""
    assert expected in pace.chart(half(a=paid)).html


def test_the_same_year_gives_the_same_drawing():
    """No random ids, no clock."""
    assert pace.chart(half(a=44)).html == pace.chart(half(a=44)).html


def test_nothing_is_drawn_that_is_not_asked():
    """A target of 0: not asked, no mark, no division by it."""
    made = half(a=44)
    none = replace(made, year=replace(made.year, targets=(Registered("a", "", "dues", 0, "", AT),)))

    assert "Chưa có số nào để vẽ" in pace.chart(none).html


def test_branches_without_a_number_are_counted_for_each_indicator():
    """One branch named without a number lacks every target the others were given."""
    rows = [("", "dues", 10), ("", "member_growth", 5), ("X1", "dues", 10), ("X1", "member_growth", 5), ("X2", "dues", None)]
    made = replace(a_year([a_unit()]), targets=tuple(Registered("u1", *row, "", AT) for row in rows))

    told = [[cell.text for cell in row.cells] for row in registration.branch_sums(Registration(made)).rows]

    assert [("10", "10", "đủ"), ("5", "5", "đủ")] == [tuple(row[2:5]) for row in told]
    assert ["1 Hội cơ sở chưa ghi số"] * 2 == [row[5] for row in told]


@pytest.mark.parametrize(("paid", "expected"), [
    (19, ["Hội phí; Hội phí dưới nửa"]), (20, ["Hội phí"]), (44, ["Hội phí"]), (45, [])])
def test_only_flags_whose_own_demand_is_missed_are_named(paid, expected):
    """By 30 June 45 are due by the flag that asks for 90 per cent, 20 by the one that asks for 40."""
    made, dues = half(a=paid), shipped_book().flags["dues"]
    flags = {"dues": dues, "dues_half": replace(dues, id="dues_half", short="Hội phí dưới nửa", below_percent=40)}
    told = replace(made, year=replace(made.year, book=replace(made.year.book, flags=flags)))

    assert expected == [row.cells[-1].text for row in progress.behind(told).rows if len(row.cells) > 1]


# ---------------------------------------------------------------- December

@pytest.fixture(scope="module")
def december(tmp_path_factory):
    """The shipped year with two targets registered above what is stated, in the same line of two units' files."""
    folder = make_year(SHIPPED, tmp_path_factory.mktemp("year") / "2024")
    (folder / "registration").mkdir()
    for unit in ("an-bien", "tan-hiep"):
        (folder / "registration" / f"{unit}.csv").write_text(
            f"unit,branch,indicator,target,note\n{unit},,dues,900000000,\n{unit},,blood_units,100,\n", encoding="utf-8")
    put(folder, "direct", "bv,Bệnh viện tỉnh,truc-thuoc,blood_units,600,5000,", "vp,Cơ quan,van-phong,organ_registrations,5,5,")
    return appraise(year.read(folder))


def test_a_unit_s_page_shows_what_it_registered_beside_what_it_stated(december):
    """V.3: registered, stated, done; lower is said. Who has registered nothing has no such table."""
    page = UnitPage(december, december.place["an-bien"]).parts()

    assert [["Hội phí", "900.000.000", "62.000.000", "58.900.000", "thấp hơn đã đăng ký"],
            ["Hiến máu tình nguyện", "100", "1.500", "1.412", ""]] == \
        [[cell.text for cell in row.cells] for row in page["registered"].rows]
    assert () == UnitPage(december, december.place["kien-hai"]).parts()["registered"].rows


def test_two_units_that_registered_on_the_same_line_are_two_questions(december):
    """A question is about one unit's target, wherever it was written; the notice names the file it was registered in."""
    asked = [one for one in council.items(december, outcomes.by_cluster(december)) if "đã đăng ký hay" in one.question]
    files = {one.file for one in december.notices if "đã đăng ký 900.000.000" in one.message}

    assert {"Huyện An Biên", "Huyện Tân Hiệp"} == {one.question.partition(",")[0] for one in asked}
    assert {"registration/an-bien.csv", "registration/tan-hiep.csv"} == files


def test_part_ii_counts_what_is_directly_under_the_province(december):
    """Sums and percentages alone, printed apart; "mỗi đơn vị" asks units only. No class comes of it."""
    plain = appraise(replace(december.year, direct=()))
    blood, organs = (december.book.targets[id] for id in ("blood_units", "organ_registrations"))
    with_it, without = (int(province.progress(one, blood)[0].partition(" ")[0].replace(".", "")) for one in (december, plain))

    assert 5_000 == with_it - without
    assert province.progress(plain, organs) == province.progress(december, organs)
    assert province.WITH_DIRECT in province.targets(december).notes
    assert "không đặt thang xếp loại" in registration.direct_aside(december).notes[0]
    assert plain.as_json()["units"] == december.as_json()["units"]


def test_what_is_directly_under_the_province_and_has_no_number_leaves_the_verdict_open():
    """Missing is not known: it is named, and a sum that is not reached yet is not missed."""
    made = a_year([a_unit() | {"indicators": {"blood_units": (None, 10)}}], shipped_book())
    direct = (Direct("bv", "Bệnh viện tỉnh", "truc-thuoc", "blood_units", 600, None, "", AT),)
    told = [province.progress(appraise(replace(made, direct=one)), made.book.targets["blood_units"]) for one in ((), direct)]

    assert [False, None] == [met for _, met in told]
    assert told[1][0].endswith("chưa có số liệu: Bệnh viện tỉnh")


def test_the_worked_half_year_is_told_on_every_unit_s_page(tmp_path):
    """The cases of the half year: each unit with registered targets has a line for each of its own."""
    made = appraise(year.read(make_year(CASES / "year-round" / "04-half-year", tmp_path / "2024")))
    own = {unit: sum(row.unit == unit and not row.branch for row in made.year.targets) for unit in made.place}

    assert any(own.values())
    assert own == {unit: len(province.registered(made, i).rows) for unit, i in made.place.items()}
