"""A row more in a table that people type (year-round §0, §1.3): however the file is written, every other byte stays."""

from __future__ import annotations

import csv
import errno
import io

import pytest
from conftest import CASES, make_year
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctd_analysis.answers import deciding
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.year import year
from ctd_analysis.year.appending import _with

COLUMNS = ["unit", "decision", "value", "reason", "document", "decided_on"]
ASKED = {"unit": "u003", "decision": "downgrade", "reason": "“chậm”, 2 lần; “x”", "document": "BB \"1\"",
         "decided_on": "2024-12-20"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A worked year, its ledger to be rewritten."""
    return make_year(CASES / "year-1", tmp_path_factory.mktemp("appending") / "2024")


def as_line(cells: list[str], sign: str, quoting: int) -> str:
    """A row of CSV without its end."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=sign, lineterminator="\r\n", quoting=quoting).writerow(cells)
    return buffer.getvalue().removesuffix("\r\n")


@st.composite
def ledgers(draw) -> str:
    """A sound ledger as offices write one: signs, line ends, quotes, breaks within a cell, blank lines, columns of its own."""
    sign, end = draw(st.sampled_from(",;\t")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    more = draw(st.sampled_from([[], ["seen"], ["ghi chú, nguồn"], ["seen", "ghi chú, nguồn", ""]]))
    columns = draw(st.permutations([*COLUMNS, *more]))
    text = st.text(st.sampled_from("ấđ \"';,\t-=1"), max_size=8) | st.just("hai\ndòng") | st.just("ba\r\n\r\ndòng")
    units = ("u000", "Huyện Thử 0", "HUYỆN THỬ 0", "u001", " Huyện  Thử 1 ")
    days = ("20/12/2024", "2024-12-20", "1/2/2024", "")
    said = (("class", "excellent"), ("xếp loại", "Xuất sắc"), ("hạ một mức", ""), ("Bỏ một trường hợp", "hội phí"))
    rows, quoting = [draw(st.sampled_from([columns, [name.upper() for name in columns]]))], draw(st.sampled_from([0, 1]))
    for _ in range(draw(st.integers(0, 4))):
        decision, value = draw(st.sampled_from(said))
        row = {"unit": draw(st.sampled_from(units)), "decision": decision, "value": value, "reason": draw(text),
               "document": draw(text), "decided_on": draw(st.sampled_from(days)), "ghi chú, nguồn": draw(text)}
        rows.append([row.get(name, "") for name in columns])
        rows += [[], [""] * len(columns)][:draw(st.integers(0, 2))]
    whole = "".join(as_line(row, sign, quoting) + end for row in rows)
    whole = whole.removesuffix(end) if draw(st.booleans()) else whole
    return draw(st.sampled_from(["", "\ufeff"])) + (f"sep={sign}{end}" if end != "\r" and draw(st.booleans()) else "") + whole


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ledgers())
def test_however_it_is_written_every_other_byte_stays(folder, ledger):
    """The head may gain `seen`; a last line without its end gains one; the new row is read back as it was said."""
    path = folder / "decisions.csv"
    path.write_bytes(ledger.encode())
    before = year.read(folder)
    assert () == before.problems

    deciding.preview(appraise(before), decisions=[deciding.Asked(ASKED)]).record()

    read, text = year.read(folder), path.read_bytes().decode()
    rest = text
    for line in ledger.splitlines(keepends=True):       # each old line, in order; only the head's may be longer
        bare = line.rstrip("\r\n")
        assert rest.startswith(bare), (ledger, text)
        rest = rest[len(bare):]
        if not rest.startswith(line[len(bare):] or ("\r", "\n")):
            added = rest.lstrip(",;\t\"").partition("seen")[2]
            assert rest.lstrip(",;\t\"").startswith("seen"), (ledger, text)
            rest = added
        rest = rest[len(line[len(bare):]):]
    assert before.ledger == tuple(one._replace(seen=was.seen) for one, was in zip(read.ledger, before.ledger, strict=False))
    assert len(before.ledger) + 1 == len(read.ledger)
    assert tuple(ASKED.get(column, "") for column in COLUMNS[:5]) == read.ledger[-1][:5]
    assert "current" == appraise(read).bindings[-1].status


@pytest.mark.parametrize(("before", "after"), [
    (b"a,b", b"a,b\n1,2\n"), (b"a;b\r\n", b"a;b\r\n1;2\r\n"), (b"sep=;\r\na;b", b"sep=;\r\na;b\r\n1;2\r\n"),
    (b'"a","b"\n\n\n', b'"a","b"\n\n\n1,2\n'), (b'x,b,a,\n"9\n9",8,7,\n', b'x,b,a,\n"9\n9",8,7,\n,2,1,\n')])
def test_a_row_goes_under_its_heads(before, after):
    """With the signs and the line ends of the file."""
    assert after == _with(before, [{"a": "1", "b": "2"}], ["a", "b"])


def test_a_disk_that_fills_is_told_by_the_command(folder, ctd, monkeypatch):
    """A sentence, exit 2; the old file stays."""
    (folder / "decisions.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    before = (folder / "decisions.csv").read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("ctd_analysis.files.os.replace", full)
    code, _, told = ctd("decide", "u003", "downgrade", "--reason", "x", "--document", "y", "--on", "20/12/2024", folder,
                        "--record")

    assert 2 == code and "đĩa đã đầy" in told and "tệp cũ còn nguyên" in told
    assert before == (folder / "decisions.csv").read_bytes()


def test_what_utf_8_cannot_hold_is_refused(folder, ctd):
    """A byte of another code, typed into a call."""
    code, _, told = ctd("decide", "u003", "downgrade", "--reason", "ch\udcffm", "--document", "y", "--on", "20/12/2024",
                        folder, "--record")

    assert 1 == code and "không ghi được bằng UTF-8" in told
