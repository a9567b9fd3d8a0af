"""What came in beside its deadline: one rule for units and clusters, and no silence while something is late or missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from build import a_unit, a_year, read_as
from conftest import shipped

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.plan.scenario import Scenario
from ctd_analysis.rows import Cluster
from ctd_analysis.tables import inputs


def year_of(dossier, **others):
    """One cluster whose dossier came on a day, of one unit."""
    year = a_year([a_unit("u1", **others) | {"filings": {"plan": date(2024, 2, 1), **a_unit("u1", **others)["filings"]}}])
    cluster = Cluster("cum-1", "Cụm 1", "u1", dossier)
    return replace(year, clusters=(cluster,), all_clusters=(cluster,))


@pytest.mark.parametrize("deadline_day", ["late", "on_time"])
@pytest.mark.parametrize("came", [date(2024, 12, 9), date(2024, 12, 10), date(2024, 12, 11), "none", None])
def test_a_cluster_s_dossier_is_late_on_the_day_its_units_reports_are(came, deadline_day):
    """V.4, "trước ngày": before, on and after the day, not sent, not written; however the day itself is read."""
    appraisal = appraise(year_of(came, annual_report=came), Scenario("thử", read_as({"deadline_day": deadline_day})))
    report = next(x for x in appraisal.findings["u1"] if x.rule == "annual_report")
    dossier, unit = inputs.receipts(appraisal).rows

    assert appraisal.dossiers["cum-1"] is report.met
    assert dossier.cells[0].tone == unit.cells[3].tone
    assert dossier.cells[0].text.endswith(unit.cells[3].text)


@pytest.mark.parametrize(("dossier", "report", "kinds"), [
    (date(2024, 12, 9), date(2024, 12, 9), []), (date(2024, 12, 10), date(2024, 12, 9), ["quá hạn"]),
    (date(2024, 12, 9), date(2024, 12, 10), ["quá hạn"]), (date(2024, 12, 9), "none", ["quá hạn"]),
    (None, date(2024, 12, 9), ["còn thiếu"]), ("none", None, ["quá hạn", "còn thiếu"])])
def test_nothing_to_remark_is_said_only_where_nothing_is_late_or_missing(dossier, report, kinds):
    """Of the dossier and of the unit alike."""
    appraisal = appraise(year_of(dossier, annual_report=report))

    assert kinds == [row.cells[0].text for row in inputs.issues(appraisal).rows]
    said = (f"0 lỗi, 0 lưu ý, {kinds.count('quá hạn')} quá hạn, {kinds.count('còn thiếu')} còn thiếu.")
    assert [said] == inputs.summary(appraisal)


def test_every_unit_that_is_late_or_lacks_something_is_told_of_once_a_kind():
    """The shipped year: whoever has a sign other than ✓ among the receipts, or is provisional, stands among the issues."""
    appraisal = appraise(shipped())
    told = {(row.cells[0].text, row.cells[2].text) for row in inputs.issues(appraisal).rows}
    units = [row for row in inputs.receipts(appraisal).rows if not row.band]

    for row in units:
        tones = {cell.tone for cell in row.cells[1:]}
        assert bool({"late", "raised"} & tones) == (("quá hạn", row.cells[0].text) in told)
        assert ("unknown" in tones) <= (("còn thiếu", row.cells[0].text) in told)
    assert {("còn thiếu", appraisal.unit(i).name) for i in appraisal.everyone if appraisal.judgement.provisional[i]} <= told
