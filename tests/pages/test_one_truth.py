"""Every pair of places that say the same thing, for every worked case: they say it alike.

Cluster page, unit page, province, index, what-if page, minutes, workbook, results.json, `ctd appraise` and `ctd explain`.
"""

from __future__ import annotations

import io
import re
from itertools import combinations

import docx
import openpyxl
import pytest
from conftest import CASES, SHIPPED, make_year

from ctd_analysis.answers.appraisal import Appraisal, appraise
from ctd_analysis.pages import minutes, results, what_if
from ctd_analysis.pages.notebook import ClusterPage, ProvincePage, UnitPage
from ctd_analysis.tables import province
from ctd_analysis.words import chain, explain, wording
from ctd_analysis.year.year import read

#: What a heading is about; the places are compared by these.
SAID = {chain.BASE: "base", chain.RULES: "rules", chain.DECIDED: "decided", chain.FINAL: "final", chain.BASIS: "basis",
        "Thứ tự": "rank", "TT": "rank", "A": "a", "C": "c", "Hội cơ sở": "share", "Xét Nhất, Nhì, Ba": "nominee"}
NOMINEE = {"có": True, "được xem xét": True, "–": False}

Told = dict[str, dict[str, object]]       # unit's name → what → how it is said


YEARS = sorted(units.parent.relative_to(CASES).as_posix() for units in CASES.rglob("units.csv"))


@pytest.fixture(scope="module", params=["shipped", *YEARS])
def judged(request, tmp_path_factory) -> Appraisal:
    """The shipped year and every worked case that is one."""
    source = SHIPPED if request.param == "shipped" else CASES / request.param
    return appraise(read(make_year(source, tmp_path_factory.mktemp("year") / "year")))


def test_the_years_are_there():
    """Every kind of case: years, workbooks, sheets, the year's round."""
    assert {"year-1", "workbooks", "workbooks-2", "sheets", "year-round"} <= {name.split("/")[0] for name in YEARS}
    assert len(YEARS) > 50


def alike(what: str, text) -> object:
    """A cell without what its place adds: a sign for a tie, a full stop, whether it is a number."""
    said = "" if text is None else str(text)
    if what == "nominee":
        return NOMINEE[said]
    if what == "rank":
        return re.sub(r"\*| \(đồng hạng\)", "", said) or "–"
    return said.removesuffix(".") or "–"


def of_rows(heads, rows) -> Told:
    """Rows under headings."""
    name = list(heads).index("Đơn vị")
    return {row[name].removesuffix(f" ({chain.LEAD})"): {SAID[head]: alike(SAID[head], cell) for head, cell in
                                                        zip(heads, row, strict=True) if head in SAID} for row in rows}


def of_table(table) -> Told:
    """A printed table; of an absent cluster's units nothing is said."""
    rows = [[cell.words for cell in row.cells] for row in table.rows if not row.band]
    return of_rows([column.label for column in table.columns], [row for row in rows if "THIẾU" not in " ".join(row)])


def of_json(year: Appraisal) -> Told:
    """results.json in the words the Council uses."""
    def said(id, considered=True):
        return wording.class_label(year.book, id if id in year.book.classes else None, considered)

    return {one["name"]: {
        "base": said(one["base_class"]), "rules": said(one["rules_class"], one["rules_class"] != "not_considered"),
        "final": said(one["final_class"], one["considered"]) + (" (tạm tính)" if one["provisional"] else ""),
        "rank": str(one["cluster_rank"] or "–"), "nominee": one["nominee"], "a": str(one["a"]), "c": str(one["c"]),
        "flags": frozenset(flag for flag, is_raised in one["flags"].items() if is_raised)} for one in year.as_json()["units"]}


def of_explain(year: Appraisal) -> Told:
    """`ctd explain`, line by line."""
    told = {}
    for unit in year.year.units:
        lines = list(explain.lines(year, unit.unit))
        said = {SAID[head]: alike(SAID[head], text) for line in lines for head, sign, text in [line.partition(": ")]
                if sign and head in (*chain.STEPS, chain.BASIS)}
        said["final"] += " (tạm tính)" if any(line.startswith("TẠM TÍNH vì") for line in lines) else ""
        [rank] = [line for line in lines if line.startswith(("Thứ tự trong", "Không xếp thứ tự"))]
        said["rank"] = "–" if rank.startswith("Không") else re.search(r": (\d+)[ ;.(]", rank)[1]
        said["nominee"] = any(line.startswith("Được xem xét Nhất, Nhì, Ba") for line in lines)
        said["flags"] = frozenset(id for id, flag in year.book.flags.items() if any(
            line.startswith(f"  {flag.label} ({flag.clause}): THUỘC") for line in lines))
        told[unit.name] = said
    return told


def of_units(year: Appraisal) -> Told:
    """Each unit's own page: its class in large type, its rank, why."""
    told = {}
    for i, unit in enumerate(year.year.units):
        parts = UnitPage(year, i).parts()
        steps = re.match(rf"{chain.BASE}: (.*?); sau III.2: (.*?); dự kiến xếp loại: (.*)\.$", parts["steps"][0])
        assert steps[3] == parts["final"].text
        told[unit.name] = {"final": parts["final"].words, "rank": str(parts["rank"] or "–"), "base": steps[1],
                           "rules": steps[2], "basis": alike("basis", dict(parts["lines"])["Vì sao"])}
    return told


def of_minutes(year: Appraisal, marks) -> Told:
    """The tables of the minutes that name units."""
    document, told = docx.Document(io.BytesIO(minutes.document(year, marks))), {}
    for table in document.tables:
        heads, *rows = [[cell.text for cell in row.cells] for row in table.rows]
        told |= of_rows(heads, rows) if "Đơn vị" in heads else {}
    return told


def of_workbook(year: Appraisal, marks) -> Told:
    """The workbook's sheet of standings, down to the first blank line."""
    sheet = openpyxl.load_workbook(io.BytesIO(results.workbook(year, marks)))["Xếp loại"]
    heads, *rows = sheet.iter_rows(values_only=True)
    at = {head: k for k, head in enumerate(heads)}["Đơn vị"]
    return of_rows(heads, [row for row in rows if row[at] and not any("THIẾU" in str(cell) for cell in row)])


def everything(year: Appraisal) -> dict[str, Told]:
    """What each place says of each unit."""
    page = ProvincePage(year)
    clusters = [of_table(ClusterPage(year, one.cluster).ranking()) for one in year.year.clusters]
    flags = {unit.name: {"flags": frozenset(x.rule for x in year.findings[unit.unit] if x.part == "flag" and
                                            year.judgement.flags[x.rule].yes[i])} for i, unit in enumerate(year.year.units)}
    return {"cluster": {name: said for one in clusters for name, said in one.items()}, "unit": of_units(year),
            "province": of_table(page.standings()), "grounds": of_table(page.grounds()),
            "index": of_table(province.directory(year)), "what-if": of_table(what_if.standings(year)),
            "minutes": of_minutes(year, page.marks), "workbook": of_workbook(year, page.marks), "json": of_json(year),
            "explain": of_explain(year), "findings": flags}


def test_every_pair_of_places_says_the_same(judged):
    """Class by score, by the rules, decided, final with its mark, grounds, A, C, branches, rank, nominee, flags."""
    places, compared = everything(judged), set()
    for (one, told), (other, said) in combinations(places.items(), 2):
        assert set(told) == set(said) == {unit.name for unit in judged.year.units}, (one, other)
        for name, mine in told.items():
            theirs = said[name]
            if other == "what-if" or one == "what-if":      # there what is provisional has a column of its own
                mine, theirs = ({k: v.removesuffix(" (tạm tính)") if k == "final" else v for k, v in x.items()}
                                for x in (mine, theirs))
            both = set(mine) & set(theirs)
            assert {k: mine[k] for k in both} == {k: theirs[k] for k in both}, (one, other, name)
            compared |= {(one, other, what) for what in both}

    if judged.year.units:
        assert {*SAID.values(), "flags"} == {what for *_, what in compared} and len(compared) > 150


def test_the_nominees_are_the_same_wherever_they_are_listed(judged):
    """Minutes, the province's table of leaders, results.json."""
    document = docx.Document(io.BytesIO(minutes.document(judged, ProvincePage(judged).marks)))
    listed = [p.text for p in document.paragraphs if p.text.startswith("- ") and ", đứng đầu " in p.text]
    leaders = {row.cells[1].text for row in province.nominees(judged).rows if row.cells[4].tone == "met"}

    assert leaders == {one["name"] for one in judged.as_json()["units"] if one["nominee"]}
    assert len(leaders) == len(listed)
