"""One chain: theo III.1 → sau III.2 → quyết định đã có → dự kiến xếp loại, with the true grounds, told alike everywhere."""

from __future__ import annotations

import pytest
from build import a_unit, appraised
from conftest import CASES, SHIPPED, make_year

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.words import chain, explain, why
from ctd_analysis.year.year import read


@pytest.fixture(scope="module")
def shipped():
    """The shipped year, appraised."""
    return appraise(read(SHIPPED))


def of(unit: str, appraisal) -> chain.Chain:
    """One unit's chain."""
    return chain.chain(appraisal, appraisal.place[unit])


def told(**changes) -> chain.Chain:
    """The chain of a made-up unit."""
    return chain.chain(appraised([a_unit(**changes)]), 0)


@pytest.mark.parametrize(("unit", "steps"), [
    ("an-minh", ("Xuất sắc", "Khá", "–", "Khá")),
    ("vinh-thuan", ("Trung bình", "Yếu", "BB 01/BB-HĐTĐ (mẫu), 18/12/2024: quyết định không xét", "không xét")),
    ("kien-hai", ("Xuất sắc", "Khá", "BB 01/BB-HĐTĐ (mẫu), 18/12/2024: thống nhất không áp dụng trường hợp "
                  "Cử cán bộ tập huấn (số liệu phía sau đã đổi, các số đếm như cũ)", "Xuất sắc")),
    ("giang-thanh", ("Yếu", "không xét", "BB 02/BB-HĐTĐ (mẫu), 19/12/2024: thống nhất vẫn xét", "Yếu")),
    ("rach-gia", ("Trung bình", "Trung bình", "BB 03/BB-HĐTĐ (mẫu), 20/12/2024: quyết định xếp loại Khá", "Khá")),
    ("ha-tien", ("Khá", "Khá", "BB 02/BB-HĐTĐ (mẫu), 19/12/2024: hạ một mức theo tiêu chí bổ sung của Hội đồng "
                 "(số liệu đã đổi từ khi quyết định)", "Trung bình"))])
def test_no_step_is_a_copy_of_another(shipped, unit, steps):
    """Step 2 has no decision in it, step 3 nothing else, step 4 both."""
    found = of(unit, shipped)

    assert steps == (found.base, found.rules, found.decided, found.final)


def test_who_is_not_considered_has_its_true_reason(shipped):
    """III.2.1 with its dates; a decision with its document; no flag that did not cause it."""
    assert of("u-minh-thuong", shipped).basis.startswith(
        "III.2.1: Bảng đăng ký thi đua không gửi (thời hạn: trước 22/02); Báo cáo năm nhận 10/12/2024 (thời hạn: trước "
        "10/12)")


def test_who_is_not_considered_by_decision_has_what_the_rules_give_and_why(shipped):
    """Vĩnh Thuận: the decision, then Yếu by III.2.2 with each number behind it; a deadline's year is the year's own."""
    said = of("vinh-thuan", shipped).basis

    assert said.startswith("Hội đồng quyết định không xét (BB 01/BB-HĐTĐ (mẫu), 18/12/2024); không có quyết định ấy thì Yếu: "
                           "hạ một mức vì Phát triển hội viên (79%, yêu cầu 90%); Cử cán bộ tập huấn (60%, yêu cầu 80%); "
                           "Quỹ Hội")
    assert said.endswith(" (III.2.2)")


def test_what_is_missing_is_said_with_whose_it_is_to_give(shipped):
    """An Biên owes a grade and a number, its day of receipt is for others to write; Giồng Riềng owes a fund."""
    assert ("; tạm tính: chưa chấm tiêu chí 2, thiếu số liệu Giá trị Tháng Nhân đạo (đơn vị bổ sung); chưa ghi ngày nhận "
            "Báo cáo năm (cụm, Tỉnh Hội bổ sung); ") in of("an-bien", shipped).basis
    assert "; tạm tính: thiếu số dư quỹ của Hội CTĐ xã Vĩnh Thạnh (đơn vị bổ sung)" in of("giong-rieng", shipped).basis


def test_a_nomination_owed_to_a_waiver_says_so(shipped):
    """Kiên Hải would not be a nominee by the rules alone; Hòn Đất would."""
    assert of("kien-hai", shipped).basis.endswith("được xem xét Nhất, Nhì, Ba cấp tỉnh, chỉ nhờ quyết định của Hội đồng")
    assert of("hon-dat", shipped).basis.endswith("được xem xét Nhất, Nhì, Ba cấp tỉnh")


@pytest.mark.parametrize(("changes", "ending"), [
    ({"a": 40, "branches": "3/4"}, "chưa đạt Xuất sắc: 40 điểm A, yêu cầu 41"),
    ({"a": 41, "branches": "2/4"}, "nhưng 2/4 Hội cơ sở (50%) từ Khá trở lên, yêu cầu 75%); đang hiểu: "),
    ({"a": 31, "branches": "3/4"}, "Chưa đạt Trung bình: 31 điểm A, yêu cầu 32"),
    ({"a": 41, "branches": "3/4", "dues": 8999}, "hạ một mức vì Hội phí (89,9%, yêu cầu 90%) (III.2.2)"),
    ({"a": 41, "branches": "3/4", "dues": 9000}, "(41 điểm A, 2 điểm C, 3/4 Hội cơ sở (75%) từ Khá trở lên)")])
def test_the_grounds_are_the_deciding_facts(changes, ending):
    """Below, on and above the bars: what is met is not said to be missing."""
    changes.setdefault("c", 2)

    assert ending in told(**changes).basis


@pytest.mark.parametrize("name", ["year-1", "year-3", "year-6-corners"])
def test_every_place_says_the_same(tmp_path, name):
    """`ctd explain`, the sentences of a unit's page and results.json, for every unit of a worked case."""
    appraisal = appraise(read(make_year(CASES / name, tmp_path / "year")))
    labels = {None: "chưa xếp loại", "no_class": "chưa xếp loại", "not_considered": "không xét",
              **{id: one.label for id, one in appraisal.book.classes.items()}}
    for i, entry in enumerate(appraisal.as_json()["units"]):
        steps, lines = chain.chain(appraisal, i), list(explain.lines(appraisal, entry["unit"]))
        final = labels[entry["final_class"] if entry["considered"] else "not_considered"]

        assert (labels[entry["base_class"]], labels[entry["rules_class"]], final) == (steps.base, steps.rules, steps.final)
        assert [f"{step}: {said}" for step, said in zip(chain.STEPS, (steps.base, steps.rules, steps.decided, steps.final),
                                                        strict=True)] == [x for x in lines if x.startswith(chain.STEPS)]
        assert f"{chain.BASIS}: {steps.basis}" in lines and f"{steps.basis}." in list(why.sentences(appraisal, i))
