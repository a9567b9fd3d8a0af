"""What the Council has to settle: each hole, tie, unknown and reading is asked about, with what each answer gives."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from conftest import SHIPPED

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.terms import STAKES
from ctd_analysis.words import council, outcomes
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
    item = asked(shipped, "cum-2")["Huyện Châu Thành: Trung bình hay Khá hay chưa xếp loại?"]

    assert 3 == len(item.answers)
    assert item.answers[0].endswith("(đang dùng): Trung bình")
    assert item.answers[1].endswith(": Khá") and item.answers[2].endswith(": chưa xếp loại")


def test_a_hole_the_council_has_closed_is_not_asked_again(shipped):
    """Rạch Giá was given a class."""
    assert not any("Không khớp dòng nào" in item.grounds for item in asked(shipped, "cum-4").values())


def test_a_tie_at_the_top_is_the_council_s(shipped):
    """Nothing breaks it."""
    item = asked(shipped, "cum-2")["Huyện Tân Hiệp và Huyện Gò Quao: đơn vị nào đứng đầu cụm?"]

    assert "không quy định cách phân định" in item.grounds and ("Huyện Tân Hiệp", "Huyện Gò Quao") == item.answers


def test_what_is_missing_is_asked_for(shipped):
    """Blank dates, grades and numbers, by name, where they could still change a result; and between what it stands."""
    item = asked(shipped, "cum-3")["Huyện An Biên: bổ sung số liệu nào, hay quyết định theo số liệu hiện có?"]

    assert ("theo số liệu hiện có: Trung bình", "khi đủ số liệu: từ không xét đến Trung bình") == item.answers
    assert "chưa chấm tiêu chí 2" in item.grounds and "Báo cáo năm" in item.grounds and "Tháng Nhân đạo" in item.grounds


def test_a_nominee_whose_rival_is_provisional_is_pointed_out(shipped):
    """The order may still change."""
    questions = asked(shipped, "cum-2")

    assert any("khi đơn vị khác còn tạm tính" in q and "Huyện Giồng Riềng" in item.grounds
               for q, item in questions.items())


@pytest.mark.parametrize("cluster", ["cum-1", "cum-2", "cum-3", "cum-4"])
def test_every_reading_a_result_hinges_on_is_asked_about(shipped, cluster):
    """And no other, but for those the Council has settled (V.2)."""
    members = shipped.members(cluster)
    hinging = {r for i in members for r in shipped.alternatives.hinges(i) + shipped.alternatives.nominee_hinges(i)}
    labels = {shipped.book.readings[r].label for r in hinging - {"ladder_gap"}
              if f"readings.{r}" not in {one.key for one in shipped.year.amendments}}

    readings = {reading.label for reading in shipped.book.readings.values()}
    assert labels == {item.grounds.split(":")[0] for item in council.items(shipped, [members])} & readings


@pytest.mark.parametrize("reading", ["ladder_gap", "not_considered"])
def test_a_reading_the_council_has_settled_is_not_asked_about_again(shipped, reading):
    """As in force, by a row of amendments.csv: no card of it is left, all others stay."""
    year, option = shipped.year, shipped.book.chosen[reading]
    row = year.amendments[0]._replace(key=f"readings.{reading}", value=option)
    settled = appraise(replace(year, amendments=(*year.amendments, row)))
    before, after = (council.items(one, outcomes.by_cluster(one)) for one in (shipped, settled))
    gone = {item.question for item in before} - {item.question for item in after}

    assert gone == {item.question for item in before if item.clause == shipped.book.readings[reading].clause
                    and (reading != "ladder_gap" or item.grounds.startswith("Không khớp"))}
    assert gone


def test_the_weightiest_questions_come_first(shipped):
    """Considered or not, then nomination, then class, then what is missing."""
    for cluster in shipped.year.clusters:
        stakes = [item.stake for item in council.items(shipped, [shipped.members(cluster.cluster)])]
        assert stakes == sorted(stakes, key=list(STAKES).index)
    [first, *_] = council.items(shipped, [shipped.members("cum-3")])
    assert (council.CONSIDERED, "Huyện An Biên: Trung bình hay không xét?") == (first.stake, first.question)


def test_a_reading_is_asked_about_once_for_the_whole_province(shipped):
    """With every unit it moves."""
    items = council.items(shipped, [shipped.members(c.cluster) for c in shipped.year.clusters])
    [sanction] = [i for i in items if i.grounds.startswith("Hình thức xử lý theo III.2.2")]

    assert "Huyện Kiên Lương Khá" in sanction.answers[0] and "Huyện Kiên Lương không xét" in sanction.answers[1]
    assert "Thành phố Phú Quốc không xét" in sanction.answers[1]


def test_an_answer_speaks_of_a_nomination_that_its_own_reading_moves(shipped):
    """Huyện An Minh's hangs on how campaigns are read: said under that question, not under the one in force of another."""
    items = council.items(shipped, outcomes.by_cluster(shipped))
    [sanction] = [i for i in items if i.grounds.startswith("Hình thức xử lý theo III.2.2")]
    [campaigns] = [i for i in items if i.question.startswith("Huyện An Minh: Khá hay Xuất sắc")]

    assert "Huyện An Minh Khá;" in sanction.answers[0]
    assert not any("Nhất" in answer for answer in sanction.answers)
    assert [", không được xem xét Nhất, Nhì, Ba", "Xuất sắc, được xem xét Nhất, Nhì, Ba"] == [
        answer[-len(end):] for answer, end in zip(campaigns.answers, (", không được xem xét Nhất, Nhì, Ba",
                                                                      "Xuất sắc, được xem xét Nhất, Nhì, Ba"), strict=True)]


def test_the_whole_year_opens_with_its_numbers(shipped):
    """Of how many units, each class, who is provisional; the nominees by name; what is decided and still to be settled."""
    asked_of_all = len(council.items(shipped, outcomes.by_cluster(shipped)))

    counts, nominees, waiting = outcomes.whole_year(shipped)

    assert "15 đơn vị: 4 Xuất sắc, 5 Khá, 3 Trung bình, 1 Yếu, 2 không xét; trong đó 2 tạm tính." == counts
    assert "4 đơn vị được xem xét Nhất, Nhì, Ba: Huyện Hòn Đất, Huyện Tân Hiệp, Huyện Gò Quao và Huyện Kiên Hải." == nominees
    assert f"Hội đồng đã quyết định 6 nội dung (đã rút lại 1), cần cho ý kiến {asked_of_all} nội dung." == waiting


@pytest.mark.parametrize(("lost", "expected"), [
    (("cum-2",), ["11 trong 15 đơn vị", "THIẾU: Cụm thi đua số 2 (mẫu) (1 lỗi)."]),
    (("cum-1", "cum-2", "cum-3", "cum-4"), ["0 trong 15 đơn vị", "THIẾU: Cụm thi đua số 1 (mẫu) (1 lỗi).",
                                            "Không có đơn vị nào được xem xét Nhất, Nhì, Ba."])])
def test_a_year_without_some_clusters_says_which(shipped_copy, lost, expected):
    """Counts are of all units; the absent clusters are named with the number of their faults, be it all of them."""
    for cluster in lost:
        shutil.rmtree(shipped_copy / "submissions" / cluster, ignore_errors=True)
        (shipped_copy / "submissions" / f"{cluster}.xlsx").write_bytes(b"no workbook")

    said = outcomes.whole_year(appraise(read(shipped_copy)))

    assert said[0].startswith(f"{expected[0]}: ")
    assert set(expected[1:]) <= set(said)
