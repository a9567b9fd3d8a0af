"""What only shows once the year is judged: the notices about decisions and amendments (year-round §1.1, §1.2, §1.4)."""

from __future__ import annotations

import pytest

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.problems import Refused
from ctd_analysis.year import year

HEAD = "unit,decision,value,reason,document,decided_on,seen"
END = ",x,BB,2024-12-20"


@pytest.fixture
def told(shipped_copy):
    """Writes decisions and amendments; gives the judged year and what of these files is noticed."""
    def write(*decisions, amendments=()):
        (shipped_copy / "decisions.csv").write_text("\n".join([HEAD, *decisions]) + "\n", encoding="utf-8")
        (shipped_copy / "amendments.csv").write_text("\n".join(["key,value,reason,document,decided_on", *amendments]) + "\n",
                                                     encoding="utf-8")
        judged = appraise(year.read(shipped_copy))
        return judged, [n.message for n in judged.notices if n.file in ("decisions.csv", "amendments.csv")
                        and "cột seen)" not in n.what]

    return write


@pytest.mark.parametrize(("rows", "line", "said"), [
    ([f"chau-thanh,lead,{END}"], 2, "Huyện Châu Thành không đồng hạng nhất cụm"),             # fourth of its cluster
    ([f"hon-dat,lead,{END}"], 2, "Huyện Hòn Đất không đồng hạng nhất cụm"),                   # first, and alone
    ([f"u-minh-thuong,lead,{END}"], 2, "không đồng hạng nhất cụm"),                     # not considered at all
    ([f"an-minh,prize,first{END}"], 2, "Huyện An Minh không thuộc diện được xem xét Nhất, Nhì, Ba"),
    ([f"hon-dat,prize,first{END}", f"tan-hiep,prize,first{END}"], 3,
     "giải Nhất ghi cho 2 đơn vị: Huyện Hòn Đất, Huyện Tân Hiệp"),
    ([f"hon-dat,waive,dues{END}"], 2, "riêng quyết định này không làm thay đổi kết quả của Huyện Hòn Đất"),
    ([f"hon-dat,class,excellent{END}"], 2, "không làm thay đổi kết quả của Huyện Hòn Đất"),
    ([f"hon-dat,lead,gì đó{END}"], 2, "quyết định lead không dùng giá trị này"),
    (["hon-dat,prize,first,x,BB,"], 2, "quyết định chưa ghi ngày"),
    (["rach-gia,class,good,,BB,2024-12-20"], 2, "quyết định chưa ghi lý do")])
def test_what_is_recorded_and_odd_is_noticed_at_its_line(told, rows, line, said):
    """It stands all the same."""
    judged, notices = told(*rows)

    assert len(rows) == len(judged.year.decisions)
    assert [one for one in notices if one.startswith(f"decisions.csv, dòng {line}:") and said in one], notices


@pytest.mark.parametrize("rows", [
    [f"tan-hiep,lead,{END}"], [f"hon-dat,prize,first{END}", f"tan-hiep,prize,second{END}", f"go-quao,prize,third{END}"],
    [f"hon-dat,prize,first{END}", f"hon-dat,prize,first{END}"], [f"kien-hai,waive,cadres_sent{END}"] * 2,
    [f"ha-tien,downgrade,{END}"], [f"ha-tien,downgrade,{END}", f"ha-tien,withdraw,downgrade{END}"]])
def test_what_is_in_order_or_only_confirms_is_not_noticed(told, rows):
    """A tie broken, three prizes to three nominees, the same said twice."""
    assert [] == told(*rows)[1]


def test_who_was_second_may_not_be_given_what_the_lead_alone_may(told):
    """With the tie broken the other is no nominee: its prize is noticed."""
    _, notices = told(f"tan-hiep,lead,{END}", f"go-quao,prize,first{END}")

    assert 1 == len(notices) and "Huyện Gò Quao không thuộc diện" in notices[0]


def test_all_unbound_decisions_are_one_notice(told):
    """Their lines are named; a withdrawal is none of them, whatever stands in its `seen`."""
    judged, _ = told(f"hon-dat,prize,first{END}", f"ha-tien,downgrade,{END}", f"ha-tien,withdraw,downgrade{END},gì đó",
                     f"kien-hai,waive,cadres_sent{END}")
    found = [n.what for n in judged.notices if "cột seen" in n.what]

    assert ["unbound", "unbound"] == [one.status for one in judged.bindings]
    assert 1 == len(found) and "2 quyết định" in found[0] and "dòng 2, 5" in found[0]


def test_the_same_counts_on_other_ground_are_a_notice(told):
    """`inputs_moved`: it still rests on the same counts; `lead` without its neighbours' digest cannot be read."""
    from ctd_analysis.answers.seen import Undecided
    judged, _ = told()
    seen = Undecided.of(judged.year, judged.facts).seen("ha-tien", "downgrade")
    moved = seen.replace(" in-", " in-0")[:seen.index(" ru-")] + seen[seen.index(" ru-"):]
    judged, notices = told(f"ha-tien,downgrade,{END},{moved}", f"tan-hiep,lead,{END},{seen}")

    assert ["inputs_moved", "unbound"] == [one.status for one in judged.bindings]
    assert "các con số đếm được vẫn như cũ, quyết định vẫn có hiệu lực" in notices[0]
    assert "dòng 3" in notices[1] and "không đọc được" in notices[1]


def test_an_amendment_is_noticed_for_what_it_lacks_and_whom_it_moves(told):
    """No document; from the dossier day on every unit by name, or that it moves none."""
    _, notices = told(amendments=["class.excellent.min_a,42,x,,2024-12-09", "flag.dues.below_percent,10,x,NQ,2024-12-10",
                                  "filing.plan.before,2024-02-23,x,NQ,2024-12-10"])

    assert ["cột document: điều chỉnh chưa ghi văn bản"] == [
        one.partition("dòng 2: ")[2].partition(";")[0] for one in notices if "dòng 2" in one]
    assert any("“Hội phí: % so với chỉ tiêu, dưới” ngày 10/12/2024" in one and "làm đổi kết quả của" in one for one in notices)
    assert any("“Kế hoạch phát động thi đua: trước ngày”" in one and "không làm đổi kết quả của đơn vị nào" in one
               for one in notices)


def test_one_key_twice_on_one_day_is_a_problem_however_it_is_typed(told):
    """By its id and by its name, the day in both forms."""
    with pytest.raises(Refused, match="đã ghi cùng ngày 01/03/2024 ở dòng 2"):
        told(amendments=["class.excellent.min_a,42,x,NQ,2024-03-01", '"Xuất sắc: số điểm A, từ",40,x,NQ,1/3/2024'])
