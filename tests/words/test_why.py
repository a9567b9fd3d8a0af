"""What a unit is told first: why, what is missing, to whom and by when; it is asked only for what is its own to give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from build import a_unit, a_year, appraised
from conftest import shipped

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.rows import Cluster
from ctd_analysis.words import chain, why


def told(appraisal, unit) -> dict[str, str]:
    """The three lines of a unit."""
    return dict(why.three_lines(appraisal, appraisal.place[unit]))


def test_a_unit_is_asked_for_its_own_grades_and_numbers_not_for_the_day_somebody_else_writes():
    """An Biên: criterion 2 and a sum are its own; the day its report came is written by whoever received it."""
    said = told(appraise(shipped()), "an-bien")["Còn thiếu gì"]

    assert said.startswith("Đơn vị bổ sung: chưa chấm tiêu chí 2; thiếu số liệu Giá trị Tháng Nhân đạo. ")
    assert "Cụm, Tỉnh Hội bổ sung: chưa ghi ngày nhận Báo cáo năm. " in said


def test_a_branch_whose_fund_is_not_written_is_the_unit_s_to_give():
    """Giồng Riềng: the other branches' funds are known, that of Vĩnh Thạnh is not."""
    said = told(appraise(shipped()), "giong-rieng")["Còn thiếu gì"]

    assert said.startswith("Đơn vị bổ sung: thiếu số dư quỹ của Hội CTĐ xã Vĩnh Thạnh. ")


def test_what_the_unit_has_graded_itself_the_cluster_owes():
    """The criterion without a cluster's grade is named as graded by the unit; nothing is asked of it."""
    appraisal = appraised([a_unit("u1", a=41, ungraded=1) | {"self": {42: "A"}}])

    assert [(False, "chưa chấm tiêu chí 42 (đã tự chấm)")] == list(chain.lacking(appraisal, 0))
    assert "Đơn vị không phải gửi thêm gì." == told(appraisal, "u1")["Gửi ai, trước ngày nào"]


@pytest.mark.parametrize(("actual", "target", "is_own"), [(None, 100, True), (95, None, False), (None, None, True)])
def test_a_target_that_was_never_written_is_not_the_unit_s_to_give(actual, target, is_own):
    """What was asked of it is for others to say; what it did is its own."""
    appraisal = appraised([a_unit("u1", dues=(target, actual))])

    assert [is_own] == [own for own, _ in chain.lacking(appraisal, 0)]


@pytest.mark.parametrize(("came", "lead", "expected"), [
    (None, "u2", "Đơn vị cụm trưởng (u2), để kịp hồ sơ cụm gửi trước ngày 10/12/2024 (V.4); quá ngày ấy: "
                 "Hội đồng thi đua, khen thưởng, trước kỳ họp thẩm định."),
    ("none", "u1", "Hội đồng thi đua, khen thưởng, cùng hồ sơ cụm, trước ngày 10/12/2024 (V.4); quá ngày ấy thì trước kỳ họp "
                   "thẩm định."),
    (date(2024, 12, 9), "u2", "Hội đồng thi đua, khen thưởng, trước kỳ họp thẩm định (hồ sơ cụm đã nhận ngày 09/12/2024).")])
def test_to_whom_goes_by_whether_the_cluster_s_dossier_has_come(came, lead, expected):
    """To the lead while the dossier is to come, with the rule book's day; afterwards, and from the lead, to the Council."""
    year = a_year([a_unit("u1", ungraded=1), a_unit("u2")])
    cluster = Cluster("cum-1", "Cụm 1", lead, came)

    said = told(appraise(replace(year, clusters=(cluster,), all_clusters=(cluster,))), "u1")

    assert expected == said["Gửi ai, trước ngày nào"]
    assert said["Vì sao"].startswith("Đủ điều kiện Xuất sắc")


def test_a_unit_that_lacks_nothing_is_told_so():
    """And how far it is from the next class."""
    said = told(appraised([a_unit("u1", a=40)]), "u1")["Còn thiếu gì"]

    assert said.startswith("Số liệu đã đủ. Thiếu 1 A")
