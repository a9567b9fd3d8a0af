"""A rule that the Council changed (year-round §1.1): old value, new one and document, wherever a rule is printed."""

from __future__ import annotations

import pytest
from conftest import SHIPPED, make_year

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.plan.scenario import Scenario
from ctd_analysis.tables import cluster, printed, what_if
from ctd_analysis.words import explain, settling
from ctd_analysis.year import year

BY = "NQ 7, 01/06/2024"
ROWS = ("class.excellent.min_a,43,x,NQ 6,2024-05-01", "class.excellent.min_a,42,x,NQ 7,2024-06-01",
        "flag.dues.below_percent,95,x,NQ 7,2024-06-01", "flag.funds.branch_min,12000000,x,NQ 7,2024-06-01",
        "filing.registration.before,2024-02-10,x,NQ 7,2024-06-01", "flag.resources.below_percent,90,x,NQ 7,2024-06-01",
        "readings.branch_base,rated,x,NQ 7,2024-06-01", "readings.sanction,downgrade,x,NQ 7,2024-06-01")


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """The shipped year with a scale that was changed."""
    folder = make_year(SHIPPED, tmp_path_factory.mktemp("settled") / "2024")
    (folder / "amendments.csv").write_text("\n".join(["key,value,reason,document,decided_on", *ROWS]) + "\n", encoding="utf-8")
    return appraise(year.read(folder))


def test_what_was_issued_stands_against_what_is_in_force(changed):
    """Two rows for one key: the value of the rule book and the last document; one that stays is named, and is no change."""
    found = changed.changed

    assert (41, True, "NQ 7") == (*found["class.excellent.min_a"][:2], found["class.excellent.min_a"].row.document)
    assert ["flag.resources.below_percent", "readings.sanction"] == [key for key, one in found.items() if not one.is_other]


def test_a_trial_with_a_value_of_its_own_is_none_of_the_councils(changed):
    """Only where what is printed is what the amendments left."""
    tried = appraise(changed.year, Scenario("thử", {"class.excellent.min_a": 40}), changed.facts)

    assert "class.excellent.min_a" not in tried.changed and "flag.dues.below_percent" in tried.changed


def test_what_is_asked_is_shown_struck_and_new(changed):
    """In the evidence of a unit and of a cluster: numbers, money, days; what stayed has nothing struck."""
    for table, column in ((cluster.evidence(changed, [0]), 3), (cluster.conditions(changed, "cum-1"), 2)):
        struck = {row.cells[column].words for row in table.rows if not row.band and row.cells[column].was}

        assert {f"từ 90% chỉ tiêu → từ 95% chỉ tiêu ({BY})", f"từ 10.000.000 đồng → từ 12.000.000 đồng ({BY})",
                f"trước ngày 22/02/2024 → trước ngày 10/02/2024 ({BY})"} == struck


def test_a_reading_is_shown_struck_and_new(changed):
    """In the table of readings; one that was settled as it was read has its document and nothing struck."""
    rows = {row.cells[0].text: row.cells[3] for row in cluster.readings(changed, changed.everyone).rows}
    label = {id: reading.label for id, reading in changed.book.readings.items()}

    assert "trên tất cả Hội cơ sở (cơ sở chưa xếp loại là chưa đạt Khá)" == rows[label["branch_base"]].was
    assert ("", f"Hội đồng thống nhất: {BY}") == (rows[label["sanction"]].was, rows[label["sanction"]].note)


def test_reasons_say_what_was_asked_before(changed):
    """`Căn cứ` and `ctd explain`, within their sentences."""
    said = "\n".join(explain.lines(changed, "kien-hai"))

    assert f"cần từ 42 điểm A (trước điều chỉnh: từ 41 điểm A; {BY})" in said
    assert f"41 điểm A, yêu cầu 42 (trước điều chỉnh: từ 41 điểm A; {BY})" in said


def test_keys_show_it_too(changed):
    """`ctd what-if --keys`: only what was changed."""
    keys = {row.cells[0].text: row.cells[1].words for row in what_if.keys(changed.year).rows}

    assert (f"41 → 42 ({BY})", "36") == (keys["class.excellent.min_a"], keys["class.good.min_a"])


def test_what_did_not_change_says_so():
    """From a value to the same value there is no arrow."""
    assert ("41 → 42", "41 (như đang áp dụng)") == (settling.from_to("41", "42"), settling.from_to("41", "41"))


def test_a_year_without_amendments_strikes_nothing(shipped_copy):
    """No row, no word of it."""
    (shipped_copy / "amendments.csv").unlink()
    plain = appraise(year.read(shipped_copy))

    assert {} == plain.changed
    assert not any("trước điều chỉnh" in line for line in explain.lines(plain, "kien-hai"))
    assert "→" not in printed.plain(what_if.keys(plain.year), 300).replace("khác → ", "")
