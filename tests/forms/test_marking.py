"""Marking a stranger's workbook takes no more than reading it may: else there is a list, and a sentence that says so."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile

import openpyxl
import pytest
from conftest import ROOT, SHIPPED, make_year, needs_posix
from openpyxl.comments import Comment

from ctd_analysis.forms import marking

SECONDS, MEMORY = 5, 500_000            # of processor time each for checking and for marking (the machine may be busy); KB


def faulty() -> dict[str, bytes]:
    """The parts of cum-3.xlsx of the shipped year, one grade made a D."""
    with zipfile.ZipFile(SHIPPED / "submissions" / "cum-3.xlsx") as parts:
        found = {name: parts.read(name) for name in parts.namelist()}
    strings = found["xl/sharedStrings.xml"].decode()
    grades = [m[1] for m in re.finditer(r"<si><t[^>]*>([^<]*)</t></si>", strings)]
    b = grades.index("B")
    sheet = next(name for name in found if name.startswith("xl/worksheets/sheet") and f"<v>{b}</v>".encode() in found[name])
    count = len(grades)
    found["xl/sharedStrings.xml"] = strings.replace("</sst>", "<si><t>D</t></si></sst>").encode()
    found[sheet] = found[sheet].replace(f"<v>{b}</v>".encode(), f"<v>{count}</v>".encode(), 1)
    return found


def packed(parts: dict[str, bytes]) -> bytes:
    """Parts as an archive again."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
    return buffer.getvalue()


def with_merges(ranges: list[str]) -> bytes:
    """Merged regions in every sheet, in place of those it has."""
    parts = faulty()
    regions = "".join(f'<mergeCell ref="{r}"/>' for r in ranges)
    merges = f'<mergeCells count="{len(ranges)}">{regions}</mergeCells>'
    for name in [n for n in parts if n.startswith("xl/worksheets/sheet")]:
        text = re.sub(r"<mergeCells.*?</mergeCells>", "", parts[name].decode(), flags=re.DOTALL)
        parts[name] = text.replace("</sheetData>", f"</sheetData>{merges}", 1).encode()
    return packed(parts)


def with_comments(count: int) -> bytes:
    """So many comments, each on a cell of its own."""
    book = openpyxl.load_workbook(io.BytesIO(packed(faulty())))
    sheet = book.create_sheet("Ghi chú")
    for n in range(count):
        sheet.cell(1 + n // 50, 1 + n % 50).comment = Comment("xem", "ai đó")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_sheets(count: int) -> bytes:
    """So many sheets, all but the first few empty."""
    parts = faulty()
    book, links, types = (parts[n].decode() for n in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    numbers = range(1000, 1000 + count)
    parts["xl/workbook.xml"] = book.replace("</sheets>", "".join(
        f'<sheet name="s{n}" sheetId="{n}" r:id="x{n}"/>' for n in numbers) + "</sheets>").encode()
    parts["xl/_rels/workbook.xml.rels"] = links.replace("</Relationships>", "".join(
        f'<Relationship Id="x{n}" Type="{kind}" Target="worksheets/s{n}.xml"/>' for n in numbers) + "</Relationships>").encode()
    parts["[Content_Types].xml"] = types.replace("</Types>", "".join(
        f'<Override PartName="/xl/worksheets/s{n}.xml" ContentType="{mime}"/>' for n in numbers) + "</Types>").encode()
    empty = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
    return packed(parts | {f"xl/worksheets/s{n}.xml": empty for n in numbers})


HOSTILE = {"one merged region of all cells": lambda: with_merges(["A1:XFD1048576"]),
           "nested merges": lambda: with_merges([f"A{n}:Z{40_001 - n}" for n in range(1, 20_001)]),
           "a hundred thousand comments": lambda: with_comments(100_000),
           "very many sheets": lambda: with_sheets(2_900)}


@needs_posix
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_workbook_is_marked_in_time_or_listed(tmp_path, make):
    """`ctd check --annotate` as a real process and all below it: 500 MB at most, no traceback, something to send back."""
    year = make_year(SHIPPED, tmp_path / "2024")
    (year / "submissions" / "cum-3.xlsx").write_bytes(make())
    program = ("import resource as r, subprocess, sys\n"
               "done = subprocess.run([sys.executable, '-m', 'ctd_analysis', *sys.argv[1:]])\n"
               "took = r.getrusage(r.RUSAGE_CHILDREN)\n"
               "print(took.ru_utime + took.ru_stime, took.ru_maxrss, sep='\\n'); sys.exit(done.returncode)")
    done = subprocess.run([sys.executable, "-c", program, "check", year, "--annotate", tmp_path / "back"], cwd=ROOT,
                          text=True, capture_output=True, encoding="utf-8", timeout=120)

    *_, seconds, memory = done.stdout.splitlines()
    assert float(seconds) < 2 * SECONDS and int(memory) < MEMORY
    assert 1 == done.returncode and "Traceback" not in done.stderr
    written = {p.name for p in (tmp_path / "back").iterdir()}
    assert written == {"cum-3.xlsx"} or written == {"cum-3.can-sua.xlsx"}
    if "cum-3.can-sua.xlsx" in written and "trang “" in done.stdout:
        assert "không đánh dấu được trên bản sao" in done.stderr
        listed = openpyxl.load_workbook(tmp_path / "back" / "cum-3.can-sua.xlsx").active.iter_rows(values_only=True)
        assert any("không đánh dấu được" in str(cell).casefold() for row in listed for cell in row)


def marks() -> marking.Marks:
    """One problem, and its row."""
    return marking.Marks([("Bảng điểm", "C5", "Sai")], [("1", "Phải sửa", "C5", "Sai", "", "")])


@needs_posix
@pytest.mark.parametrize(("times", "comes"), [(1, True), (2, False)])
def test_a_process_that_dies_is_tried_once_more(tmp_path, monkeypatch, times, comes):
    """Then the list has to do."""
    book = tmp_path / "a.xlsx"
    shutil.copy(SHIPPED / "submissions" / "cum-3.xlsx", book)
    dying = (f"import os\nn = len([p for p in os.listdir({str(tmp_path)!r}) if p.startswith('died')])\n"
             f"if n < {times}: open({str(tmp_path)!r} + f'/died{{n}}', 'w').close(); os.abort()\n")
    monkeypatch.setattr(marking, "_CHILD", f"exec({dying!r}); {marking._CHILD}")

    if comes:
        assert marking.marked(book, marks()).startswith(b"PK")
    else:
        with pytest.raises(marking.Unmarked, match="quá nặng"):
            marking.marked(book, marks())


def test_what_is_no_workbook_is_odd(tmp_path):
    """One sentence, whatever openpyxl says of it."""
    (tmp_path / "a.xlsx").write_bytes(b"PK nothing")

    with pytest.raises(marking.Unmarked, match="chỗ lạ"):
        marking.marked(tmp_path / "a.xlsx", marks())
    assert os.listdir(tmp_path) == ["a.xlsx"]
