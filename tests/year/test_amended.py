"""What the Council changed of the rules (year-round §1.1): read, applied in order, refused where it cannot be."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import CASES, make_year

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.problems import Refused
from ctd_analysis.year import year
from ctd_analysis.year.amended import steps

HEAD = "key,value,reason,document,decided_on"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A year whose amendments a test may write."""
    return make_year(CASES / "year-1", tmp_path_factory.mktemp("amended") / "year")


def amended(folder, *rows):
    """The year with these amendments."""
    (folder / "amendments.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return year.read(folder)


def refused(folder, *rows) -> list[str]:
    """What is wrong with them."""
    with pytest.raises(Refused) as told:
        amended(folder, *rows)
    return [one.message for one in told.value.problems]


def test_rows_apply_in_the_order_of_their_day_then_of_lines(made):
    """A later row for the same key replaces an earlier one; both are kept."""
    read = amended(made, "class.excellent.min_a,42,x,NQ 2,2024-12-10", "class.excellent.min_a,40,x,NQ 1,01/03/2024",
                   "class.good.min_a,35,x,NQ 1,2024-03-01")

    assert [(41, 40), (36, 35), (40, 42)] == [(s.before, s.after) for s in steps(read.issued, read.amendments)]
    assert (41, 42, 35) == (read.issued.classes["excellent"].min_a, read.book.classes["excellent"].min_a,
                            read.book.classes["good"].min_a)


@pytest.mark.parametrize(("row", "key", "value"), [
    ("filing.registration.before,23/02/2024,x,NQ,2024-01-05", "filing.registration.before", date(2024, 2, 23)),
    ("readings.branch_base,rated,x,NQ,2024-01-05", "readings.branch_base", "rated"),
    ("Xuất sắc: số điểm A,42,x,NQ,2024-01-05", None, None),
    ("flag.dues.below_percent,80,x,NQ,2025-03-31", "flag.dues.below_percent", 80),
    ("ranking.order,class; c;a,x,NQ,2024-01-05", "ranking.order", ("class", "c", "a")),
    ("Thứ tự trong cụm,xếp loại;số điểm A,x,NQ,2024-01-05", "ranking.order", ("class", "a"))])
def test_keys_and_values_in_codes_or_in_words(made, row, key, value):
    """Any key of `--set`, and the order of ranking; what names none is refused."""
    if key is None:
        assert "không có khóa này" in refused(made, row)[0]
        return
    one, = amended(made, row).amendments

    assert (key, value) == (one.key, one.value)


def test_a_reading_by_its_words(made):
    """The sentence of an option names it."""
    label = year.read(made).book.readings["branch_base"].options["rated"]

    one, = amended(made, f'readings.branch_base,"{label}",x,NQ,2024-01-05').amendments

    assert "rated" == one.value


@pytest.mark.parametrize(("rows", "said"), [
    (["class.excelent.min_a,40,x,NQ,2024-03-01"], ["dòng 2", "không có khóa này (có phải “class.excellent.min_a” không?)"]),
    (["readings.sanction,lower,x,NQ,2024-03-01"], ["dòng 2", "không có phương án", "downgrade hoặc not_considered"]),
    (["class.excellent.min_a,44,x,NQ,2024-03-01"], ["dòng 2", "44", "số nguyên từ 0 đến 43"]),
    (["class.excellent.min_a,40,x,NQ,"], ["dòng 2", "thiếu ngày quyết định"]),
    (["class.excellent.min_a,40,x,NQ,2025-04-01"], ["dòng 2", "ngày ngoài kỳ của năm 2024"]),
    (["class.excellent.min_a,40,x,NQ,2023-12-31"], ["dòng 2", "ngày ngoài kỳ của năm 2024"]),
    (["class.excellent.min_a,40,x,NQ,2024-03-01", "class.excellent.min_a,42,x,NQ,2024-03-01"],
     ["dòng 3", "đã ghi cùng ngày 01/03/2024 ở dòng 2"]),
    (["class.excellent.min_a,36,x,NQ,2024-03-01"], ["dòng 2", "thang không giảm dần ở class.excellent.min_a", "36"]),
    (["ranking.order,class;age,x,NQ,2024-03-01"], ["dòng 2", "“class;age” không dùng được"]),
    (["ranking.order,class;class,x,NQ,2024-03-01"], ["dòng 2", "có khóa lặp lại"])])
def test_a_fault_in_them_stops_the_run(made, rows, said):
    """They concern every unit: file, line, what was seen, what is wanted."""
    [message] = refused(made, *rows)

    assert message.startswith("amendments.csv")
    assert [] == [part for part in said if part not in message], message


def test_only_all_rows_together_have_to_descend(made):
    """On the way a bar may stand on the next one."""
    read = amended(made, "class.excellent.min_a,36,x,NQ,2024-03-01", "class.good.min_a,35,x,NQ,2024-03-02")

    assert (36, 35) == (read.book.classes["excellent"].min_a, read.book.classes["good"].min_a)


def test_a_value_in_force_already_is_noticed(made):
    """It settles what was so; nothing else."""
    read = amended(made, "readings.branch_base,all,x,NQ,2024-03-01")

    assert ["giá trị này đang áp dụng rồi"] == [n.what.partition(": ")[2] for n in read.notices if n.file == "amendments.csv"]


@pytest.mark.parametrize(("day", "after"), [("2024-12-09", False), ("2024-12-10", True), ("2024-12-11", True)])
def test_from_the_dossier_day_on_it_is_told_whom_it_moves(made, day, after):
    """The day before: not told; on it and after: a notice that names every unit."""
    judged = appraise(amended(made, f"class.excellent.min_a,37,x,NQ,{day}"))
    one, = judged.amendments
    told = [n.what for n in judged.notices if n.file == "amendments.csv"]

    assert (after, after) == (one.after_dossier, bool(told))
    assert one.moved
    assert not told or all(judged.unit(judged.place[unit]).name in told[0] for unit in one.moved)


def test_scenarios_apply_on_top(made):
    """`--set` has the last word; the amendment is told all the same."""
    from ctd_analysis.plan.scenario import Scenario
    read = amended(made, "class.excellent.min_a,40,x,NQ,2024-03-01")

    tried = appraise(read, Scenario("thử", {"class.excellent.min_a": 42}))

    assert (42, [(41, 40)]) == (tried.book.classes["excellent"].min_a, [(a.before, a.after) for a in tried.amendments])
