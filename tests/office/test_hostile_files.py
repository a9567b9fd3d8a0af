"""Hostile and broken files: one clear problem each, in time and in little memory; the other clusters go on."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import time
import zipfile

import hostile
import pytest
import sheets
from conftest import CASES, ROOT, SHIPPED, make_year, shipped
from layouts import start, year_of

from ctd_analysis.forms import template
from ctd_analysis.office.xlsx import without_empty_cells
from ctd_analysis.year import year

SECONDS, MEMORY = 5, 500_000
FILES = [pytest.param(name, make, word, id=name) for name, make, word in hostile.files()]


@pytest.fixture(scope="module")
def plain_year(tmp_path_factory):
    """The shipped year, one of whose clusters is about to send something else."""
    return make_year(SHIPPED, tmp_path_factory.mktemp("hostile") / "2024")


@pytest.mark.parametrize(("name", "make", "word"), FILES)
def test_one_clear_problem_and_the_others_go_on(plain_year, name, make, word):
    """Not a traceback, not a hang, not a wrong success: one problem, of one cluster, within five seconds and 500 MB."""
    shutil.rmtree(plain_year / "submissions" / "cum-1", ignore_errors=True)
    path = plain_year / "submissions" / f"cum-1{name[name.rindex('.'):]}"
    path.write_bytes(make())
    began = time.monotonic()

    done = subprocess.run([sys.executable, "-c", _MEASURED, str(plain_year)], cwd=ROOT, capture_output=True, text=True,
                          encoding="utf-8", timeout=60)
    path.unlink()

    assert time.monotonic() - began < SECONDS + 1
    *problems, peak = done.stdout.splitlines()
    assert "" == done.stderr
    assert 1 == len(problems), problems
    assert word in problems[0]
    assert "cum-1" in problems[0] and "root:" not in problems[0]
    assert int(peak) < MEMORY


#: Reads a year, prints its problems, the healthy clusters' count checked, and the most memory any process took (KB).
_MEASURED = """
import sys
from ctd_analysis.year import year
read = year.read(sys.argv[1])
assert 3 == len(read.clusters)
for problem in read.problems:
    print(problem.message)
try:
    import resource
    # what the process itself took: its rusage would count the process that started it (fork comes before exec)
    own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
except (ImportError, OSError):
    print(0)
"""


@pytest.mark.parametrize(("part", "said"), list(hostile.harmless()))
def test_what_is_no_table_is_a_notice_and_changes_nothing(tmp_path, part, said):
    """Macros, images, charts, pivots, links in an otherwise valid workbook."""
    random, units, names = start(7)
    data = sheets.tables(random, units)
    raw = hostile.with_part(sheets.save([sheets.matrix(random, data, names)]), part)

    read = year_of(tmp_path, units, {"a.xlsx": raw})

    assert [] == [p.message for p in read.problems]
    assert len(read.grades) > 80
    assert any(said in n.message for n in read.notices)


def test_several_hostile_files_in_one_year(tmp_path):
    """A file that kills or outlasts the reader costs nobody else anything."""
    shipped = year.read(SHIPPED)
    folder = make_year(SHIPPED, tmp_path / "2024")
    shutil.rmtree(folder / "submissions")
    (folder / "submissions").mkdir()
    bad = {name: make() for name, make, _ in hostile.files() if name in ("bomb.xlsx", "many-cells.xlsx", "laughs.xlsx")}
    for cluster, raw in zip(("cum-1", "cum-2", "cum-3"), bad.values(), strict=True):
        (folder / "submissions" / f"{cluster}.xlsx").write_bytes(raw)
    (folder / "submissions" / "cum-4.xlsx").write_bytes(template.workbook(shipped, "cum-4", filled=True))

    read = year.read(folder)

    assert ["cum-4"] == [c.cluster for c in read.clusters]
    assert {"cum-1", "cum-2", "cum-3"} == set(read.failed)


# ---------------------------------------------------------------- odd files that other programs open

def grades_with(plain_year, name: str, content: bytes):
    """The year with that file for cum-3."""
    for path in (plain_year / "submissions").glob("cum-3.*"):
        path.unlink()
    (plain_year / "submissions" / name).write_bytes(content)
    return year.read(plain_year)


@pytest.mark.parametrize("name", ["phpexcel-seen4.xls", "backslash-targets.xlsx"])
def test_what_other_programs_open_is_read(tmp_path, name):
    """A list of sectors that counts one twice; names of parts with backslashes: the same grades as the sound file."""
    folder, odd = make_year(SHIPPED, tmp_path / "2024"), CASES / "inputs" / name
    read = grades_with(folder, f"cum-3{odd.suffix}", odd.read_bytes())

    assert () == read.problems
    assert [row[:-1] for row in shipped().grades] == [row[:-1] for row in read.grades]


def test_excel_s_own_password_is_told_as_what_it_is(tmp_path):
    """Excel opens it without asking; the sentence does not say that somebody has set a password."""
    read = grades_with(make_year(SHIPPED, tmp_path / "2024"), "cum-3.xlsx", (CASES / "inputs" / "velvet.xlsx").read_bytes())

    message, = read.failed["cum-3"]
    assert "Excel tự mã hóa dù mở không hỏi mật khẩu" in message


def bordered(content: bytes, last: int, columns: str) -> bytes:
    """The workbook with bordered cells, empty ones, down to a row."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for part in old.infolist():
            raw = old.read(part)
            if part.filename == "xl/worksheets/sheet2.xml":
                first = int(re.findall(rb'<row r="(\d+)"', raw)[-1]) + 1
                rows = "".join(f'<row r="{r}" ht="15">' + "".join(f'<c r="{c}{r}" s="5"/>' for c in columns) + "</row>"
                               for r in range(first, last + 1))
                raw = raw.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
            new.writestr(part.filename, raw)
    return out.getvalue()


@pytest.mark.parametrize(("last", "columns"), [(2_000, "ABCDEFGHIJ"), (1_048_576, "ABC")])
def test_bordered_cells_to_the_last_row_are_not_there(tmp_path, last, columns):
    """Nothing in them is read, and nothing of it depends on the time that takes: they are gone before the sheet is walked."""
    sound = (SHIPPED / "submissions" / "cum-3.xlsx").read_bytes()
    read = grades_with(make_year(SHIPPED, tmp_path / "2024"), "cum-3.xlsx", bordered(sound, last, columns))

    assert () == read.problems
    assert shipped().grades == read.grades


def test_too_many_bordered_cells_are_refused_by_their_name(tmp_path):
    """Ten columns to the last row are a quarter of a gigabyte: too large, and the sentence says what to look for."""
    sound = (SHIPPED / "submissions" / "cum-3.xlsx").read_bytes()
    read = grades_with(make_year(SHIPPED, tmp_path / "2024"), "cum-3.xlsx", bordered(sound, 1_048_576, "ABCDEFGHIJ"))

    message, = read.failed["cum-3"]
    assert "kẻ khung" in message


@pytest.mark.parametrize(("sheet", "left"), [
    ('<row r="1"><c r="A1" s="5"/><c r="B1"><v>1</v></c></row><row r="2"/>', '<row r="1"><c r="B1"><v>1</v></c></row>'),
    ('<row r="1"><c r="A1" s="5"></c></row><row r="2"><c r="A2" t="s"><v>0</v></c></row>',
     '<row r="2"><c r="A2" t="s"><v>0</v></c></row>'),
    ('<row r="1"><c r="A1" s="5"/><c><v>1</v></c></row>', None),
    ('<row><c r="A1" s="5"/></row><row><c r="A2"><v>1</v></c></row>', None),
    ('<x:row r="1"><x:c r="A1"/></x:row>', None)])
def test_only_cells_that_say_their_place_may_go(sheet, left):
    """Where a cell or row is placed by those before it, all of them stay."""
    assert (sheet if left is None else left) == without_empty_cells(sheet.encode()).decode()
