"""The Council's ledger: what of its rows stands (year-round §1.2), and how people may type them."""

from __future__ import annotations

import pytest
from conftest import CASES, make_year
from hypothesis import given, settings
from hypothesis import strategies as st

from ctd_analysis.rows import Decision, Place
from ctd_analysis.year import year
from ctd_analysis.year.council import settle

CLUSTERS = {"x": "cum-1", "y": "cum-1", "z": "cum-2"}


def rows_of(text: str) -> list[Decision]:
    """A ledger: `x class good; x withdraw class good`."""
    parted = ([*row.split(" ", 2), ""] for row in text.split("; "))
    return [Decision(unit, decision, value, "", "", None, "", Place("decisions.csv", None, line))
            for line, (unit, decision, value, *_) in enumerate(parted, 2)]


@pytest.mark.parametrize(("ledger", "expected"), [
    ("x class good", ["2 x class good"]),
    ("x class good; x withdraw class good", []),
    ("x withdraw class good; x class good", ["3 x class good"]),                      # earlier is by line
    ("x class good; y withdraw class good", ["2 x class good"]),                      # of that unit
    ("x class good; x withdraw class weak", ["2 x class good"]),                      # that value
    ("x class good; x class good", ["3 x class good"]),                               # confirmed: the later stands for both
    ("x class good; x class good; x withdraw class good", []),                        # one withdrawal takes both back
    ("x class good; x withdraw class good; x class weak", ["4 x class weak"]),
    ("x downgrade; x downgrade", ["2 x downgrade", "3 x downgrade"]),                 # each a reason of its own
    ("x downgrade; x downgrade; x withdraw downgrade", ["2 x downgrade"]),            # the last earlier one goes
    ("x waive dues; x waive funds; x withdraw waive dues", ["3 x waive funds"]),
    ("x lead; z lead", ["2 x lead", "3 z lead"])])
def test_what_stands_in_the_end(ledger, expected):
    """Rows are never edited away: a later one takes back, or confirms, an earlier."""
    found = settle(rows_of(ledger), CLUSTERS).standing

    assert expected == [f"{d.at.line} {d.unit} {d.decision} {d.value}".strip() for d in found]


@pytest.mark.parametrize(("ledger", "places"), [
    ("x withdraw class good", [0]), ("x class good; x withdraw class good; x withdraw class good", [2]),
    ("x class good; x class weak", [0, 1]), ("x consider; x not_considered", [0, 1]), ("x lead; y lead", [0, 1]),
    ("x prize first; x prize second", [0, 1]), ("x not_considered; x withdraw not_considered; x consider", []),
    ("x lead; x withdraw lead; y lead", []), ("x prize first; y prize first", []), ("x lead; x lead", [])])
def test_what_cannot_stand(ledger, places):
    """Nothing to take back, and what contradicts itself once withdrawn rows are left out."""
    assert places == [fault.place for fault in settle(rows_of(ledger), CLUSTERS).faults]


SAID = ["class good", "class weak", "waive dues", "downgrade", "consider", "not_considered", "lead", "prize first",
        "prize second"]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("xyz"), st.booleans(), st.sampled_from(SAID)), max_size=12))
def test_a_ledger_read_naively(said):
    """Row by row, with a list of what stands: the same rows stand, the same withdrawals find nothing, the same contradict."""
    stands, lost = [], []
    for place, (unit, is_withdrawal, what) in enumerate(said):
        same = [one for one in stands if one[1:] == (unit, what)]
        if is_withdrawal:
            lost += [] if same else [place]
        if same and (is_withdrawal or what != "downgrade"):
            stands.remove(same[-1])
        if not is_withdrawal:
            stands.append((place, unit, what))

    def against(one, other) -> bool:
        (_, unit, what), (_, unit_2, what_2) = one, other
        kinds = {what.split()[0], what_2.split()[0]}
        return (unit == unit_2 and what != what_2 and kinds in ({"class"}, {"prize"}, {"consider", "not_considered"})
                or unit != unit_2 and CLUSTERS[unit] == CLUSTERS[unit_2] and kinds == {"lead"})

    torn = [one[0] for one in stands if any(against(one, other) for other in stands)]
    found = settle(rows_of("; ".join(f"{unit} {'withdraw ' if taken else ''}{what}" for unit, taken, what in said))
                   if said else [], CLUSTERS)

    assert sorted(one[0] for one in stands) == [one.at.line - 2 for one in found.standing]
    assert sorted(lost + torn) == sorted(fault.place for fault in found.faults)


@pytest.fixture
def folder(tmp_path):
    """A year without decisions, to be typed into."""
    made = make_year(CASES / "year-1", tmp_path / "year")
    (made / "decisions.csv").write_text("unit,decision,value,reason,document,decided_on\n", encoding="utf-8")
    return made


def typed(folder, *rows, head="unit,decision,value,reason,document,decided_on"):
    """The decisions of a year with these rows."""
    (folder / "decisions.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return year.read(folder)


@pytest.mark.parametrize(("said", "meant"), [
    ("u000,bỏ một trường hợp,Hội phí,x,BB,20/12/2024", ("u000", "waive", "dues")),
    ("Huyện Thử 0,xếp loại,Khá,x,BB,20/12/2024", ("u000", "class", "good")),
    ("huyện thử 0,XẾP LOẠI,khá,x,BB,2024-12-20", ("u000", "class", "good")),
    ("u000,hạ một mức,,x,BB,1/2/2024", ("u000", "downgrade", "")),
    ("u000,giải,Nhất,x,BB,20/12/2024", ("u000", "prize", "first")),
    ("u000,đứng đầu,,x,BB,20/12/2024", ("u000", "lead", "")),
    ("u000,không xét,,x,BB,20/12/2024", ("u000", "not_considered", "")),
    ("u000,vẫn xét,,x,BB,31/03/2025", ("u000", "consider", ""))])
def test_words_as_well_as_codes(folder, said, meant):
    """A unit by id or name, decisions and values in Vietnamese, days as an office writes them."""
    read = typed(folder, said)

    assert () == read.problems
    assert [meant] == [one[:3] for one in read.decisions]


def test_a_withdrawal_in_words(folder):
    """It names what it takes back, in words or in codes."""
    read = typed(folder, "u000,class,good,x,BB,2024-12-20", "u000,rút lại,xếp loại Khá,x,BB,2024-12-21")

    assert ((), 2, "class good") == (read.decisions, len(read.ledger), read.ledger[1].value)


def test_an_alias_names_a_unit(folder):
    """`units.csv` lists other names of a unit: decisions and the appraisal take them."""
    text = (folder / "units.csv").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("u000,"))
    (folder / "units.csv").write_text(text.replace(line, f"{line}Thử Không"), encoding="utf-8")
    with (folder / "appraisal.csv").open("a", encoding="utf-8") as file:
        file.write("thử không,1,B,Thực tế,lý do\n")

    read = typed(folder, "Thử Không,downgrade,,x,BB,2024-12-20")

    assert ("u000", "u000", "thuc-te") == (read.decisions[0].unit, read.appraisal[-1].unit, read.appraisal[-1].method)


def test_a_class_without_reason_document_or_day_is_noticed(folder):
    """A class says why; other decisions at least by which document and when."""
    read = typed(folder, "u000,class,good,,BB,2024-12-20", "u001,downgrade,,,BB,2024-12-20", "u002,lead,,x,,")

    assert ["quyết định chưa ghi lý do", "quyết định chưa ghi văn bản, ngày"] == [
        n.what.partition(": ")[2] for n in read.notices if "chưa ghi" in n.what and n.file == "decisions.csv"]


def test_the_seventh_column_may_be_there_or_not(folder):
    """`seen` is read where it stands; a row short of it alone is read."""
    read = typed(folder, "u000,class,good,x,BB,2024-12-20,A1", "u001,class,good,x,BB,2024-12-20",
                 head="unit,decision,value,reason,document,decided_on,seen")

    assert ((), ["A1", ""]) == (read.problems, [one.seen for one in read.decisions])


def test_a_row_short_of_more_than_seen_is_a_problem(folder):
    """Five cells of seven say nothing for sure."""
    read = typed(folder, "u000,class,good,x,BB", head="unit,decision,value,reason,document,decided_on,seen")

    assert ["dòng có 5 ô"] == [one.what for one in read.problems]


def test_a_cluster_gets_its_own_rows_of_the_ledger(folder):
    """What a cluster's page rests on: its rows, withdrawn ones and withdrawals too, so that it is made again."""
    before = typed(folder, "u000,class,good,x,BB,2024-12-20", "u000,withdraw,class good,x,BB,2024-12-20").by_cluster()["cum-1"]
    after = typed(folder, "u000,class,good,x,BB,2024-12-20", "u000,withdraw,class good,y,BB,2024-12-20").by_cluster()["cum-1"]

    assert ((), 2) == (before.decisions, len(before.ledger))
    assert before.behind("cum-1") != after.behind("cum-1")
