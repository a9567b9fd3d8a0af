"""What the inspection found (`verified.csv`): read as people type it, instead of what was sent, and said beside it."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from build import a_unit, write_year
from conftest import CASES, make_year

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.problems import Refused
from ctd_analysis.words import explain
from ctd_analysis.year import year

HEAD = "unit,table,item,value,method,reason,seen_on"


@pytest.fixture
def two(tmp_path):
    """A year of two units in two clusters; branch 8 of the first is Trung bình."""
    return write_year(tmp_path / "y", [a_unit("u1", a=41, branches="8/10"), a_unit("u2", cluster="cum-2")])


def put(folder, *lines: str, head: str = HEAD) -> year.Year:
    """The year with these lines in `verified.csv`."""
    (folder / "verified.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return year.read(folder)


def told(read: year.Year) -> list[str]:
    """Problems as sentences."""
    return [p.message for p in read.problems]


def test_without_the_file_nothing_is_said(two):
    """Absent means unused, silently."""
    assert () == year.read(two).verified
    assert not [n for n in year.read(two).notices if "verified" in n.file]


@pytest.mark.parametrize(("line", "table", "key", "column", "value"), [
    ("u1,rating,8,Khá,thuc-te,biên bản,2024-12-12", "branches", "8", "rating", "Khá"),
    ("u1,Xếp loại,8,tb,Kiểm tra thực tế,,12/12/2024", "branches", "8", "rating", "Trung bình"),
    ("u1,quỹ,0,9999999,thực tế,sao kê,12/12/2024", "branches", "0", "fund", 9_999_999),
    ("u1,actual,dues,8999,văn bản,biên lai,2024-12-12", "indicators", "dues", "actual", 8999),
    ("u1,thực hiện,Hội phí,8999,van-ban,biên lai,", "indicators", "dues", "actual", 8999),
    ("u1,chỉ tiêu,dues,0,,không giao,", "indicators", "dues", "target", 0),
    ("u1,target,unit_fund,7,,nghị quyết,", "indicators", "unit_fund", "target", 7),
    ("u1,filing,self_scores,none,,sổ công văn,", "filings", "self_scores", "received", "none"),
    ("u1,hồ sơ,Bảng tự chấm điểm,Không gửi,,sổ công văn,", "filings", "self_scores", "received", "none"),
    ("u1,filing,report-2024-q1,none,,sổ công văn,", "filings", "report-2024-q1", "received", "none"),
    ("u1,filing,annual_report,09/12/2024,,sổ công văn,", "filings", "annual_report", "received", date(2024, 12, 9))])
def test_what_was_found_counts_instead_of_what_was_sent(two, line, table, key, column, value):
    """Ids and Vietnamese words, both forms of a day; the row says so."""
    read = put(two, line)
    row = next(r for r in getattr(read, table) if r[:2] == ("u1", key))

    assert [] == told(read)
    assert value == getattr(row, column)
    assert "đoàn thẩm định" in row.at.corrected


def test_a_number_nobody_sent_is_read_where_it_was_found(two):
    """A row more: its place is the finding's."""
    read = put(two, "u1,actual,blood_units,120,van-ban,sổ,2024-12-12", "u1,filing,plan,2024-02-10,van-ban,sổ,")

    found = [r for r in (*read.indicators, *read.filings) if r.at.file == "verified.csv"]
    assert [("u1", "blood_units", None, 120), ("u1", "plan", date(2024, 2, 10))] == \
        [r[:4] if len(r) == 6 else r[:3] for r in found]


def test_equal_is_confirmed_and_needs_no_reason(two):
    """The same value: nothing moves, and it is said that somebody looked."""
    before = appraise(year.read(two)).as_json()
    read = put(two, "u1,fund,0,20000000,thuc-te,,2024-12-12")

    assert [] == told(read)
    assert before == appraise(read).as_json()
    assert "xác nhận đúng 20.000.000" in read.branches[0].at.corrected


def test_a_finding_moves_a_class_and_the_evidence_says_why(two):
    """41 A with 8 of 10; one Khá found to be Trung bình, and 7 of 10 carries neither Xuất sắc nor Khá."""
    before = appraise(year.read(two))
    after = appraise(put(two, "u1,rating,0,Trung bình,thuc-te,chưa họp xét,2024-12-12",
                         "u1,actual,dues,9000,van-ban,biên lai,12/12/2024"))
    said = "\n".join(explain.lines(after, "u1"))

    assert ["excellent", "average"] == [a.as_json()["units"][0]["final_class"] for a in (before, after)]
    assert ("Hội cơ sở 0: xếp loại: đoàn thẩm định thấy Trung bình, đã gửi Khá (kiểm tra thực tế, 12/12/2024): chưa họp xét"
            in said)
    assert "thực hiện: đoàn thẩm định thấy 9.000, đã gửi 10.000 (kiểm tra văn bản, 12/12/2024): biên lai" in said


def test_a_unit_is_known_by_its_name_and_a_branch_however_composed(tmp_path):
    """Names and aliases as in `units.csv`; NFD is the same name."""
    folder = make_year(CASES / "year-round" / "03-inspection", tmp_path / "y")
    read = put(folder, unicodedata.normalize("NFD", "huyện thử 2,rating,Xã 1,Trung bình,thuc-te,thấy khác,2024-12-12"))

    assert [] == told(read)
    assert [("u002", "rating", "Xã 1", "Trung bình")] == [v[:4] for v in read.verified]


def test_nothing_found_is_noticed_and_changes_nothing(two):
    """A blank value: looked at; what was sent stays."""
    read = put(two, "u1,rating,8,,thuc-te,,2024-12-12")

    assert [] == told(read)
    assert ["verified.csv, dòng 2: cột value: đã xem 8 (xếp loại), chưa ghi thấy gì: giữ Trung bình; thấy ô trống."] == \
        [n.message for n in read.notices if n.file == "verified.csv"]
    assert [("u1", "rating", "8", None)] == [v[:4] for v in read.verified]


@pytest.mark.parametrize(("lines", "what"), [
    (["u1,rating,0,Trung bình,thuc-te,,2024-12-12"], "thấy Trung bình khác đã gửi Khá mà không ghi lý do"),
    (["u1,actual,blood_units,3,,,"], "thấy 3 khác đã gửi ô trống mà không ghi lý do"),
    (["u1,rating,10,Khá,thuc-te,x,"], "không có Hội cơ sở này"),
    (["u1,fund,,5,thuc-te,x,"], "không có Hội cơ sở này"),
    (["u1,fund,0,5000000,,x,", "u1,quỹ,0,5000000,,x,"], "mục này đã ghi ở dòng 2"),
    (["u1,rating,0,Giỏi,,x,"], "không phải một xếp loại"),
    (["u1,rating,0,5,,x,"], "không phải một xếp loại"),
    (["u1,fund,0,Khá,,x,"], "không phải số"),
    (["u1,fund,0,9.999.999,,x,"], "không rõ dấu chấm"),
    (["u1,actual,dues,8999.5,,x,"], "số lẻ"),
    (["u1,actual,reporting,2,,x,"], "chỉ ghi đạt hoặc không"),
    (["u1,target,reporting,2,,x,"], "chỉ tiêu không thể là 2"),
    (["u1,target,dues,none,,x,"], "không phải số"),
    (["u1,filing,self_scores,12,,x,"], "không phải một ngày"),
    (["u1,filing,self_scores,31/02/2024,,x,"], "không có ngày này trong lịch"),
    (["u1,filing,self_scores,2022-12-01,,x,"], "hơn một năm"),
    (["u1,filing,minutes,2024-12-01,,x,"], "không có hồ sơ này"),
    (["u1,actual,duess,1,,x,"], "không có chỉ tiêu này (có phải “dues” không?)"),
    (["u1,grade,1,B,,x,"], "không có bảng này"),
    (["u1,rating,0,Khá,điện thoại,,"], "không có cách kiểm tra này"),
    (["u1,rating,0,Khá,thuc-te,,2026-12-12"], "ngày ngoài kỳ của năm 2024")])
def test_what_cannot_be_right_keeps_its_cluster_out_and_no_other(two, lines, what):
    """Each with its line; the other cluster stands."""
    read = put(two, *lines)

    assert [True] == [what in said and f"verified.csv, dòng {len(lines) + 1}" in said for said in told(read)], told(read)
    assert ["cum-2"] == [c.cluster for c in read.clusters]


def test_a_unit_nobody_knows_is_a_problem(two):
    """With the nearest name."""
    assert ["có phải" in m or "không có đơn vị này" in m for m in told(put(two, "u9,rating,0,Khá,,,"))] == [True]


def test_a_cluster_that_fails_anyway_is_not_asked_about_its_branches(two):
    """Nothing of it was read: an unknown branch is no news."""
    path = two / "submissions" / "cum-1" / "grades.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",A,", ",D,", 1), encoding="utf-8")
    (two / "submissions" / "cum-1" / "branches.csv").unlink()

    assert all("verified" not in message for message in told(put(two, "u1,rating,0,Trung bình,thuc-te,,")))


@pytest.mark.parametrize("saved", ["\ufeff{}", "sep=;\r\n{}"])
def test_the_file_is_read_as_excel_saves_it(two, saved):
    """Byte-order mark, `sep=`, semicolons, CRLF."""
    text = f"{HEAD}\r\nu1,rating,8,Khá,thuc-te,biên bản,2024-12-12\r\n"
    text = text.replace(",", ";") if "sep" in saved else text
    (two / "verified.csv").write_bytes(saved.format(text).encode())

    assert [("u1", "rating", "8", "Khá")] == [v[:4] for v in year.read(two).verified]


def test_a_page_rests_on_its_own_findings_alone(two):
    """A finding in another cluster makes no page of this one anew; one of its own does."""
    bare = year.read(two)
    read = put(two, "u1,rating,8,Khá,thuc-te,biên bản,2024-12-12")

    assert bare.behind("cum-2") == read.behind("cum-2")
    assert "verified.csv" in [file for file, _, _ in read.behind("cum-1")]
    assert read.verified == read.by_cluster()["cum-1"].verified
    assert () == read.by_cluster()["cum-2"].verified


# ---------------------------------------------------------------- inspection.toml


def visits(folder, text: str) -> year.Year:
    """The year with this `inspection.toml`."""
    (folder / "inspection.toml").write_text(text, encoding="utf-8")
    return year.read(folder)


WHOLE = 'visits = 8\nrandom_visits = 3\nseed = "48213"\nseed_source = "xổ số"\ndrawn_on = "2024-12-11"\n'


@pytest.mark.parametrize(("was", "now", "what"), [
    ("visits = 8\n", "", "khóa visits: thiếu"), ("visits = 8", "visits = -1", "khóa visits: giá trị"),
    ("= 3", "= true", "khóa random_visits: giá trị"), ('seed = "48213"', "seed = 48213", "khóa seed: giá trị"),
    ("drawn_on", "drawn", "khóa drawn: không có khóa này"), ('"2024-12-11"', '"11/12"', "khóa drawn_on: giá trị"),
    ("visits = 8", "visits = ", "không đọc được TOML")])
def test_an_inspection_that_cannot_be_planned_stops_the_run(two, was, now, what):
    """It concerns the whole year: refused, by key."""
    with pytest.raises(Refused) as refused:
        visits(two, WHOLE.replace(was, now, 1))

    assert any(what in p.message for p in refused.value.problems), str(refused.value)


def test_a_seed_drawn_before_the_list_was_fixed_is_noticed(two):
    """A dossier that came on the day of the draw, or later, could still have changed the list."""
    clusters = two / "clusters.csv"
    clusters.write_text("cluster,name,lead,dossier_received\ncum-1,Cụm 1,,2024-12-10\ncum-2,Cụm 2,,2024-12-11\n",
                        encoding="utf-8")
    noticed = [n.message for n in visits(two, WHOLE).notices if n.file == "inspection.toml"]

    assert 1 == len(noticed)
    assert "trước khi chốt danh sách" in noticed[0] and "Cụm 2" in noticed[0] and "Cụm 1" not in noticed[0]


def test_a_seed_nobody_can_look_up_and_more_drawn_than_visited_are_noticed(two):
    """Where it is from, when it was drawn, how many."""
    text = 'visits = 2\nrandom_visits = 3\nseed = "48213"\n'
    noticed = " ".join(n.message for n in visits(two, text).notices if n.file == "inspection.toml")

    assert all(word in noticed for word in ("chỉ bốc 2", "lấy từ đâu", "ngày"))
