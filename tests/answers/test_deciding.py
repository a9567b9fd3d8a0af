"""A decision tried, then recorded: byte for byte, whole or not at all, one at a time (year-round §1.3, §1.4)."""

from __future__ import annotations

import errno
import json
import multiprocessing
from pathlib import Path

import pytest
from build import dice
from conftest import CASES, make_year, needs_posix

from ctd_analysis import cli, files
from ctd_analysis.answers import deciding
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.problems import Refused
from ctd_analysis.year import year

SAID = ["--reason", "họp", "--document", "BB 09", "--on", "21/12/2024"]


@pytest.fixture
def folder(tmp_path):
    """A worked year, to be decided about."""
    return make_year(CASES / "year-1", tmp_path / "year")


def decide(folder, *words):
    """The command; its exit code."""
    return cli.main(["decide", *(word for word in words if word != "--record"), *SAID, str(folder),
                     *(["--record"] if "--record" in words else [])])


def table(folder) -> bytes:
    """The decisions as they stand."""
    return (folder / "decisions.csv").read_bytes()


def test_a_preview_writes_nothing(folder, capsys):
    """It prints the row and who moves."""
    before = sorted((p, p.read_bytes()) for p in folder.rglob("*") if p.is_file())

    assert 0 == decide(folder, "u000", "not_considered")

    told = capsys.readouterr().out
    assert "decided_on: 2024-12-21" in told and "Huyện Thử 0" in told and "Mới xem trước" in told
    assert before == sorted((p, p.read_bytes()) for p in folder.rglob("*") if p.is_file())


ROWS = ["unit,decision,value,reason,document,decided_on", "u000,class,average,Hội đồng,BB 02,2024-12-20"]


@pytest.mark.parametrize(("mark", "first", "sign", "end", "last"), [
    ("", "", ",", "\n", "\n"), ("\ufeff", "", ",", "\r\n", "\r\n"), ("\ufeff", "sep=;\r\n", ";", "\r\n", "\r\n"),
    ("", "", ";", "\n", ""), ("", "", "\t", "\r\n", "")])
def test_every_other_line_stays_byte_for_byte(folder, mark, first, sign, end, last):
    """Mark, Excel's own line, signs, line ends: the head gains `seen`, a row is added, nothing else."""
    old = mark + first + end.join(row.replace(",", sign) for row in ROWS) + last
    (folder / "decisions.csv").write_bytes(old.encode())

    assert 0 == decide(folder, "u001", "class", "Khá", "--record")

    new = table(folder).decode()
    head, row = ROWS[0].replace(",", sign), ROWS[1].replace(",", sign)
    start = f"{mark}{first}{head}{sign}seen{end}{row}{end}u001{sign}class{sign}good{sign}họp{sign}BB 09{sign}2024-12-21{sign}"
    assert new.startswith(start) and new.endswith(end)
    assert [] == list(year.read(folder).problems)
    assert ["unbound", "current"] == [one.status for one in appraise(year.read(folder)).bindings]


def test_a_column_of_ones_own_and_another_order_stay(folder):
    """Cells go under their heads, wherever these stand."""
    (folder / "decisions.csv").write_text("seen,unit,decision,value,decided_on,document,reason,ghi\n", encoding="utf-8")

    assert 0 == decide(folder, "u001", "downgrade", "--record")

    cells = table(folder).decode().splitlines()[1]
    assert cells.endswith(",u001,downgrade,,2024-12-21,BB 09,họp,")


def test_where_there_is_no_table_yet_one_is_begun(folder):
    """With the head of the contract and `seen`."""
    (folder / "decisions.csv").unlink()

    assert 0 == decide(folder, "u001", "downgrade", "--record")

    assert "unit,decision,value,reason,document,decided_on,seen" == table(folder).decode().splitlines()[0]
    assert ["current"] == [one.status for one in appraise(year.read(folder)).bindings]


def test_a_withdrawal_writes_no_seen(folder):
    """It rests on the row it takes back; the head stays as it is."""
    before = table(folder)

    assert 0 == decide(folder, "u000", "withdraw", "class average", "--record")

    assert before + "u000,withdraw,class average,họp,BB 09,2024-12-21\r\n".encode() == table(folder)


def test_a_rule_is_recorded_too(folder):
    """`--rule` adds a row of amendments.csv, begun where there is none."""
    assert 0 == cli.main(["decide", "--rule", "class.excellent.min_a=40", *SAID, str(folder), "--record"])

    assert "key,value,reason,document,decided_on\nclass.excellent.min_a,40,họp,BB 09,2024-12-21\n" == (
        folder / "amendments.csv").read_text(encoding="utf-8")
    assert 40 == year.read(folder).book.classes["excellent"].min_a


@pytest.mark.parametrize("words", [
    ["u000", "class", "weak"], ["u000", "class", "Giỏi"], ["u999", "downgrade"], ["u000", "downgrad"],
    ["u001", "withdraw", "downgrade"], ["--rule", "class.excellent.min_a=30"], ["--rule", "class.x=1"],
    ["--rule", "readings.sanction=lower"]])
def test_what_would_be_a_problem_is_refused(folder, words, capsys):
    """Exit 1, said why, nothing written."""
    before = sorted((p, p.read_bytes()) for p in folder.rglob("*") if p.is_file())

    assert 1 == decide(folder, *words, "--record")

    assert "cần" in capsys.readouterr().err
    assert before == sorted((p, p.read_bytes()) for p in folder.rglob("*") if p.is_file())


@pytest.mark.parametrize("left_out", ["--reason", "--document", "--on"])
def test_reason_document_and_day_have_to_be_there(folder, left_out, capsys):
    """A row that does not say them is refused, each by name."""
    at = SAID.index(left_out)
    before = table(folder)

    assert 1 == cli.main(["decide", "u001", "downgrade", *SAID[:at], *SAID[at + 2:], str(folder), "--record"])

    assert "thiếu" in capsys.readouterr().err
    assert before == table(folder)


@pytest.mark.parametrize("words", [[], ["u000"], ["--rule", "x"], ["u000", "downgrade", "A", "B"], ["u000", "lead", "--recor"]])
def test_a_call_that_is_none(words, capsys):
    """Exit 2, as everywhere."""
    assert 2 == cli.main(["decide", *words])


def test_nothing_is_decided_about_a_failed_cluster(folder, capsys):
    """Its faults are told."""
    with (folder / "submissions" / "cum-1" / "grades.csv").open("a", encoding="utf-8") as file:
        file.write("u000,1,Z,A,\n")
    before = table(folder)

    assert 1 == decide(folder, "u000", "downgrade", "--record")

    told = capsys.readouterr().err
    assert "cụm cum-1 chưa xét được" in told and "grades.csv" in told
    assert before == table(folder)


def tried(folder):
    """A preview in hand, not yet recorded."""
    row = {"unit": "u001", "decision": "downgrade", "reason": "x", "document": "BB", "decided_on": "2024-12-20"}
    return deciding.preview(appraise(year.read(folder)), decisions=[deciding.Asked(row)])


def test_a_table_changed_between_preview_and_record_is_refused(folder):
    """Somebody typed meanwhile: nothing is written over."""
    found = tried(folder)
    (folder / "decisions.csv").write_bytes(table(folder) + b"u003,downgrade,,x,BB,2024-12-20\n")
    changed = table(folder)

    with pytest.raises(Refused, match="tệp đã đổi từ khi đọc"):
        found.record()

    assert changed == table(folder)


def test_the_same_preview_is_recorded_once(folder):
    """The button pressed twice: the second finds another file than it knows."""
    found = tried(folder)
    found.record()
    once = table(folder)

    with pytest.raises(Refused, match="tệp đã đổi"):
        found.record()

    assert once == table(folder)


@needs_posix
def test_two_sessions_at_once_one_is_refused(folder):
    """While another holds the lock nothing is written."""
    found, before = tried(folder), table(folder)

    with files.only_one(folder), pytest.raises(Refused, match="phiên khác đang ghi"):
        found.record()

    assert before == table(folder)


def _record(folder: str, unit: str) -> None:
    cli.main(["decide", unit, "downgrade", *SAID, folder, "--record"])


@needs_posix
def test_many_at_once_leave_a_whole_table(folder):
    """Whoever came through stands there whole, everybody else not at all."""
    before = table(folder)
    sessions = [multiprocessing.get_context("spawn").Process(target=_record, args=(str(folder), f"u00{n}")) for n in range(3)]
    for one in sessions:
        one.start()
    for one in sessions:
        one.join(120)

    rows = table(folder).decode().splitlines()
    assert rows[1:4] == before.decode().splitlines()[1:4]
    assert rows[4:] and all(row.startswith("u00") and " ru-" in row for row in rows[4:])
    assert () == year.read(folder).problems


def test_a_disk_that_fills_leaves_the_old_table_whole(folder, monkeypatch):
    """The new file is written beside it first."""
    found, before, there = tried(folder), table(folder), sorted(p.name for p in folder.iterdir())

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(OSError):
        found.record()

    assert (before, there) == (table(folder), sorted(p.name for p in folder.iterdir()))


def test_two_tables_are_recorded_together_or_not_at_all(folder, monkeypatch):
    """The second cannot be written: the first goes back to what it was."""
    row = {"reason": "x", "document": "BB", "decided_on": "2024-12-20"}
    rule = {**row, "key": "class.excellent.min_a", "value": "40"}
    found = deciding.preview(appraise(year.read(folder)), [deciding.Asked(rule)],
                             [deciding.Asked({**row, "unit": "u001", "decision": "downgrade"})])
    before, write = table(folder), files.write_whole

    def second_fails(path: Path, content: bytes):
        if path.name == "decisions.csv":
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, content)

    monkeypatch.setattr("ctd_analysis.year.appending.write_whole", second_fails)
    with pytest.raises(OSError):
        found.record()

    assert (before, False) == (table(folder), (folder / "amendments.csv").exists())


def test_the_answer_says_whether_it_was_recorded(folder, capsys):
    """JSON: row, moved, recorded."""
    decide(folder, "u001", "downgrade", "--record")
    capsys.readouterr()

    cli.main(["decide", "u003", "downgrade", *SAID, str(folder), "--json", "-"])

    assert (False, "u003") == ((found := json.loads(capsys.readouterr().out))["recorded"], found["row"]["unit"])


@pytest.mark.parametrize("seed", range(6))
def test_what_was_tried_is_what_a_fresh_reading_says(folder, seed):
    """Rows at random, one after another, of the ledger and of the rules: refused, or recorded and then read alike."""
    chance = dice(f"ledger {seed}")
    judged = appraise(year.read(folder))
    said = [("class", "excellent"), ("xếp loại", "Khá"), ("downgrade", ""), ("consider", ""), ("không xét", ""), ("lead", ""),
            ("prize", "first"), ("giải", "Nhì"), ("waive", "dues"), ("withdraw", "class excellent"), ("rút lại", "hạ một mức"),
            ("withdraw", "lead"), ("rút lại", "vẫn xét")]
    rules = [("class.excellent.min_a", "40"), ("class.excellent.min_a", "42"), ("readings.ladder_gap", "undecided"),
             ("ranking.order", "class;c;a"), ("class.good.min_a", "41"), ("filing.registration.before", "1/2/2024")]
    outcomes = set()
    for _ in range(25):
        stated = {"reason": "x", "document": "BB", "decided_on": f"{chance.randint(1, 28)}/{chance.randint(1, 12)}/2024"}
        if chance.random() < 0.25:
            (key, value), table = chance.choice(rules), "amendments"
            row = {"key": key, "value": value}
        else:
            (decision, value), table = chance.choice(said), "decisions"
            row = {"unit": f"u{chance.randint(0, 7):03}", "decision": decision, "value": value}
        before = {p: p.read_bytes() for p in folder.glob("*.csv")}
        try:
            found = deciding.preview(judged, **{table: [deciding.Asked({**row, **stated})]})
            judged = found.record()
        except Refused:
            outcomes.add("refused")
            assert before == {p: p.read_bytes() for p in folder.glob("*.csv")}
            continue
        fresh = appraise(year.read(folder))
        outcomes.add(bool(found.moved))
        assert fresh.as_json() == judged.as_json()
        assert sorted(n.message for n in fresh.notices) == sorted(n.message for n in judged.notices)
    assert {"refused", True, False} == outcomes


# ---------------------------------------------------------------- what was seen

def test_what_says_the_same_rests_on_the_same(folder):
    """Notes, blanks and the way a file is written do not enter."""
    decide(folder, "u001", "downgrade", "--record")
    for grades in (folder / "submissions").glob("cum-*/grades.csv"):
        text = grades.read_text(encoding="utf-8")
        grades.write_text("sep=;\n" + text.replace(",", ";").replace(";1;", "; 1 ;"), encoding="utf-8-sig")

    assert ["current"] == [one.status for one in appraise(year.read(folder)).bindings if one.decision.unit == "u001"]


@pytest.mark.parametrize("seen", [
    "Khá", "A1", "A41 B2 C0 blank0 kad0 good4/5 base=excellent flags=- unknown=- rules=excellent in-88500fc3c487",
    "A41 B2 C0 blank0 kad0 good4/5 base=excellent flags=- unknown=- rules=excellent in-88500fc3c487 ru-87aeafb31387 "
    "cl-87aeafb31387",
    "A41 B2 C0 blank0 kad0 good4/5 base=excelent flags=- unknown=- rules=excellent in-88500fc3c487 ru-87aeafb31387"])
def test_what_cannot_be_read_binds_nothing(folder, seen):
    """`unbound`, with a notice that shows what stands there; the decision stays in force."""
    (folder / "decisions.csv").write_text(f"{ROWS[0]},seen\nu001,downgrade,,x,BB,2024-12-20,{seen}\n", encoding="utf-8")

    judged = appraise(year.read(folder))

    assert ["unbound"] == [one.status for one in judged.bindings]
    assert 1 == sum("cột seen: không đọc được" in n.what for n in judged.notices)
    assert 1 == judged.facts.downgrades.sum()


def test_a_decision_whose_ground_moved_stays_and_is_asked_about_first(folder):
    """Another grade since: was → now stands first among what the Council has to settle."""
    from ctd_analysis.words import council, outcomes
    decide(folder, "u001", "downgrade", "--record")
    with (folder / "appraisal.csv").open("a", encoding="utf-8") as file:
        file.write("u001,1,C,van-ban,thẩm định lại\n")

    judged = appraise(year.read(folder))
    bound = next(one for one in judged.bindings if one.decision.unit == "u001")
    first = council.items(judged, outcomes.by_cluster(judged))[0]

    assert ("result_moved", council.MOVED) == (bound.status, first.stake)
    assert "Huyện Thử 1: giữ hay rút lại" in first.question and "→" in first.grounds
    assert 1 == judged.facts.downgrades[judged.place["u001"]]
