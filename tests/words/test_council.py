"""What the Council has to settle: each hole, tie, unknown and reading is asked about, with what each answer gives."""

from __future__ import annotations

import pytest
from conftest import SHIPPED

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.words import council, explain
from ctd_analysis.words import why as because
from ctd_analysis.year.year import read


@pytest.fixture(scope="module")
def shipped():
    """The shipped year, appraised."""
    return appraise(read(SHIPPED))


def asked(appraisal, cluster) -> dict[str, council.Item]:
    """The questions about one cluster by their headings."""
    return {item.question: item for item in council.items(appraisal, [appraisal.members(cluster)])}


def test_a_hole_in_the_ladder_is_asked_about_with_three_answers(shipped):
    """III.1: Châu Thành fits no line; each option of `ladder_gap` says what it would be."""
    item = asked(shipped, "cum-2")["Huyện Châu Thành: không dòng nào của thang khớp nguyên văn"]

    assert 3 == len(item.answers)
    assert item.answers[0].endswith("(đang dùng): Trung bình")
    assert item.answers[1].endswith(": Khá") and item.answers[2].endswith(": chưa xếp loại")


def test_a_hole_the_council_has_closed_is_not_asked_again(shipped):
    """Rạch Giá was given a class."""
    assert not any("Thành phố Rạch Giá: không dòng nào" in q for q in asked(shipped, "cum-4"))


def test_a_tie_at_the_top_is_the_council_s(shipped):
    """Nothing breaks it."""
    item = asked(shipped, "cum-2")["Huyện Tân Hiệp, Huyện Gò Quao đồng hạng 1 và cùng dẫn đầu cụm"]

    assert "không nói cách phân định" in item.grounds and () == item.answers


def test_what_is_missing_is_asked_for(shipped):
    """Blank dates, grades and numbers, by name."""
    item = asked(shipped, "cum-3")["Huyện An Biên: kết quả tạm tính"]

    assert "1 tiêu chí chưa chấm" in item.grounds and "Báo cáo năm" in item.grounds and "Tháng Nhân đạo" in item.grounds


def test_a_nominee_whose_rival_is_provisional_is_pointed_out(shipped):
    """The order may still change."""
    questions = asked(shipped, "cum-2")

    assert any("trong khi đơn vị khác còn tạm tính" in q and "Huyện Giồng Riềng" in item.grounds
               for q, item in questions.items())


@pytest.mark.parametrize("cluster", ["cum-1", "cum-2", "cum-3", "cum-4"])
def test_every_reading_a_result_hinges_on_is_asked_about(shipped, cluster):
    """And no other."""
    members = shipped.members(cluster)
    hinging = {r for i in members for r in shipped.alternatives.hinges(i) + shipped.alternatives.nominee_hinges(i)}
    labels = {shipped.book.readings[r].label for r in hinging - {"ladder_gap"}}

    assert labels == {q.split(":")[0] for q, item in asked(shipped, cluster).items() if item.grounds.startswith("Đang hiểu")}


def test_a_reading_is_asked_about_once_for_the_whole_province(shipped):
    """With every unit it moves."""
    items = council.items(shipped, [shipped.members(c.cluster) for c in shipped.year.clusters])
    sanction = [i for i in items if i.question.startswith("Hậu quả của mục 2.2")]

    assert 1 == len(sanction)
    assert "Huyện Kiên Lương (Khá → không xét)" in sanction[0].answers[0]
    assert "Thành phố Phú Quốc (Khá → không xét)" in sanction[0].answers[0]


@pytest.mark.parametrize("unit", ["kien-hai", "an-bien", "vinh-thuan", "chau-thanh", "phu-quoc"])
def test_why_and_explain_agree_with_the_results(shipped, unit):
    """The sentences name the class the results hold, and every raised flag with its numbers."""
    i = shipped.place[unit]
    told, why = "\n".join(explain.lines(shipped, unit)), "\n".join(because.sentences(shipped, i))
    row = next(u for u in shipped.as_json()["units"] if u["unit"] == unit)

    label = because.label(shipped, i, shipped.judgement.final_class)
    assert f"Xếp loại sau quyết định: {label}" in told
    for flag, raised in row["flags"].items():
        name = shipped.book.flags[flag]
        state = {True: "VƯỚNG", False: "không vướng", None: "CHƯA RÕ"}[raised]
        assert f"{name.label} ({name.clause}): {state}" in told
        assert (f"{name.short} ({name.clause}) " in why) == (raised is not False)


def test_a_fund_flag_names_the_branches(shipped):
    """Which commune is short, by name."""
    assert "dưới mức: Hội CTĐ" in "\n".join(because.sentences(shipped, shipped.place["kien-luong"]))
