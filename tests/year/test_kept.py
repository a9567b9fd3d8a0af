"""What came back: counts to hold against the paper, and what is different since the last reading."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from conftest import ROOT, ctd_run, needs_posix


def check(year: Path, *more: str, code: int = 0, cwd: Path = ROOT) -> list[str]:
    """The lines of `ctd check`, as a real process."""
    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "check", str(year), *map(str, more)], cwd=cwd,
                          capture_output=True, text=True, encoding="utf-8")
    assert code == done.returncode, done.stderr
    assert "Traceback" not in done.stderr
    return (done.stdout + done.stderr).splitlines()


def since(lines: list[str]) -> list[str]:
    """What is told of the last reading."""
    first = next(n for n, line in enumerate(lines) if line.startswith("So với lần đọc trước"))
    return lines[first:-1]


def swap(path: Path, old: str, new: str) -> None:
    """Replace the one line in a file."""
    text = path.read_text(encoding="utf-8")
    assert 1 == text.count(f"{old}\n")
    path.write_text(text.replace(f"{old}\n", new), encoding="utf-8")


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """What `ctd check --dump` keeps of the shipped year."""
    folder = tmp_path_factory.mktemp("kept")
    check(ROOT / "data" / "2024", "--dump", folder)
    return folder


def test_what_was_read_is_counted_unit_by_unit_on_eighty_columns():
    """Of An Biên one grade is missing in each round, one indicator, one filing; a cluster's line adds its units up."""
    lines = check(ROOT / "data" / "2024")
    [an_bien] = [re.split(r"\s{2,}", line) for line in lines if line.startswith("Huyện An Biên")]
    whole = [re.split(r"\s{2,}", line) for line in lines if line.startswith("Cả cụm")][2]

    assert ["42/43", "42/43", "15", "9", "9", "9", "3"] == an_bien[1:]
    assert ["170/172", "171/172", "60", "34", "34", "34", "15"] == whole[1:]
    assert max(len(line) for line in lines if "LƯU Ý" not in line) <= 80


def test_long_names_take_several_lines_and_the_numbers_stay_in_eighty_columns(shipped_copy):
    """None is cut."""
    for name in ("units.csv", "clusters.csv"):
        text = (shipped_copy / name).read_text(encoding="utf-8")
        (shipped_copy / name).write_text(text.replace("Huyện An Biên", "Thành phố Phan Rang - Tháp Chàm ngoài đảo xa").replace(
            "Cụm thi đua số 3", "Cụm thi đua số 3 các huyện vùng U Minh Thượng và các xã đảo"), encoding="utf-8")

    lines = check(shipped_copy)

    assert max(len(line) for line in lines if "LƯU Ý" not in line) <= 80
    assert "Thành phố Phan Rang - Tháp Chàm ngoài đảo xa" in " ".join(" ".join(line.split("  ")[0] for line in lines).split())


def test_a_cluster_with_a_problem_is_not_counted_but_named(shipped_copy):
    """Its numbers would be those of half a reading."""
    (shipped_copy / "submissions" / "cum-1" / "grades.csv").write_bytes(b"\xff")

    lines = check(shipped_copy, code=1)

    assert any(line.startswith("— Cụm thi đua số 1 (mẫu): 4 đơn vị × 43 tiêu chí; hồ sơ có lỗi") for line in lines)
    assert not any(line.startswith("Huyện Hòn Đất  ") for line in lines)


def test_the_run_keeps_what_it_read_as_the_dump_does(rendered, kept):
    """Byte for byte, and nothing else is in the folder."""
    def held(folder: Path) -> dict:
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    assert held(kept) == held(rendered / "read")
    assert 16 == len(held(kept))


def test_nothing_that_differs_is_said_in_one_line(rendered):
    """Against what the run kept."""
    told = since(check(ROOT / "data" / "2024", "--against", rendered / "read"))

    assert f"So với lần đọc trước ({rendered / 'read'}): không có gì đổi." == " ".join(map(str.strip, told))


def test_a_resent_workbook_is_compared_cell_by_cell(shipped_copy, kept):
    """One grade and one fund differ; the reader's own words say where."""
    path = shipped_copy / "submissions" / "cum-3.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Bảng điểm"]
    row, column = next((cell.row, cell.column) for line in sheet.iter_rows(min_row=8) for cell in line if cell.value == "B")
    sheet.cell(row, column).value = "C"
    book.save(path)

    told = since(check(shipped_copy, "--against", kept))

    assert "cum-3, bảng điểm: 1 ô đổi" in told
    [line] = [line for line in told if "→" in line]
    assert re.fullmatch(r"  Huyện [\w ]+, tiêu chí \d+, (tự|cụm) chấm: B → C", line), line


def test_each_field_each_row_that_came_or_went_is_told_by_table(shipped_copy, kept):
    """In the office's words: numbers with dots, days as they are written, a blank as a blank."""
    folder = shipped_copy / "submissions" / "cum-1"
    branches = folder / "branches.csv"
    lines = branches.read_text(encoding="utf-8").splitlines()
    unit, name, rating, fund = lines[1].split(",")
    swap(branches, lines[1], f"{unit},Xã Mới,Khá,12000000\n")
    filings = (folder / "filings.csv").read_text(encoding="utf-8").splitlines()
    swap(folder / "filings.csv", filings[1], ",".join([*filings[1].split(",")[:2], "none"]) + "\n")

    told = since(check(shipped_copy, "--against", kept))

    assert "cum-1, Hội cơ sở: 1 dòng thêm, 1 dòng bớt" in told
    assert any(line.startswith("  thêm ") and line.endswith(", Xã Mới: xếp loại Khá, quỹ 12.000.000") for line in told)
    assert any(line.startswith("  bớt ") and f", {name}: xếp loại {rating}, quỹ" in line for line in told)
    [came] = [line for line in told if "→" in line]
    assert re.fullmatch(r"  [\w ]+, ngày nhận: \d\d/\d\d/2024 → không gửi", came.replace(",", "", 1)), came
    assert not any(line.startswith(("cum-2", "cum-3", "cum-4")) for line in told)


def test_a_cluster_that_came_or_went_is_one_line(shipped_copy, kept, tmp_path):
    """Not a hundred and seventy rows."""
    before = shutil.copytree(kept, tmp_path / "before")
    shutil.rmtree(before / "cum-2")
    (before / "cum-2" / "nothing.txt").parent.mkdir()
    shutil.copytree(before / "cum-4", before / "cum-9")
    (shipped_copy / "submissions" / "cum-1" / "grades.csv").write_bytes(b"\xff")

    told = " ".join(line.strip() for line in since(check(shipped_copy, "--against", before, code=1)))

    assert "cum-1: nay hồ sơ có lỗi; trước có bảng điểm 172 dòng, chỉ tiêu" in told
    assert "cum-2: trước không có, nay đọc được: bảng điểm 172 dòng, chỉ tiêu" in told
    assert "cum-9: nay không còn cụm này; trước có bảng điểm 129 dòng" in told
    assert "→" not in told and "thêm" not in told


def test_without_asking_the_last_run_is_compared_with(tmp_path, shipped_copy):
    """`reports/2024/read`; before any run it is said that there is none yet; comparing changes no page."""
    (tmp_path / "data").mkdir()
    year = shutil.move(shipped_copy, tmp_path / "data" / "2024")
    none = check(year, cwd=tmp_path)
    ctd_run(year, tmp_path / "reports" / "2024")
    swap(year / "submissions" / "cum-1" / "filings.csv", "ha-tien,registration,2024-02-16", "ha-tien,registration,2024-02-20\n")

    told = since(check(year, cwd=tmp_path))

    assert any(line.startswith("Chưa có lần đọc trước (reports/2024/read)") for line in none)
    assert "So với lần đọc trước (reports/2024/read):" == told[0]
    assert "  Thành phố Hà Tiên, Bảng đăng ký thi đua, ngày nhận: 16/02/2024 → 20/02/2024" in told

    out = tmp_path / "reports" / "2024"
    ctd_run(year, out)
    assert ["không có gì đổi."] == [since(check(year, cwd=tmp_path))[-1].rpartition(": ")[2]]


def test_a_run_keeps_what_it_read_this_time_alone(shipped_copy, tmp_path):
    """A second run writes nothing again; a cluster that is faulty now has nothing in the folder."""
    out = tmp_path / "out"
    ctd_run(shipped_copy, out)
    before = {p: p.stat().st_mtime_ns for p in (out / "read").rglob("*.csv")}
    done = ctd_run(shipped_copy, out)
    after = {p: p.stat().st_mtime_ns for p in (out / "read").rglob("*.csv")}
    (shipped_copy / "submissions" / "cum-1" / "grades.csv").write_bytes(b"\xff")
    ctd_run(shipped_copy, out, code=1)

    assert before == after
    assert "Đã lập 0 trang, giữ nguyên 6 trang không đổi" in done.stderr
    assert {"cum-2", "cum-3", "cum-4"} == {p.parent.name for p in (out / "read").rglob("*.csv")}


SPOILT = {
    "a folder that is not there": lambda folder: shutil.rmtree(folder),
    "an empty folder": lambda folder: [shutil.rmtree(p) for p in folder.iterdir()],
    "a file": lambda folder: (shutil.rmtree(folder), folder.write_text("x", encoding="utf-8")),
    "bytes that are no text": lambda folder: (folder / "cum-1" / "grades.csv").write_bytes(b"\xff"),
    "nothing in a file": lambda folder: (folder / "cum-1" / "grades.csv").write_bytes(b""),
    "another table's columns": lambda folder: shutil.copy(folder / "cum-1" / "filings.csv", folder / "cum-1" / "grades.csv"),
    "a row twice": lambda folder: swap(folder / "cum-1" / "filings.csv", "ha-tien,plan,", 2 * "ha-tien,plan,\n"),
    "a row too short": lambda folder: swap(folder / "cum-1" / "filings.csv", "ha-tien,plan,", "ha-tien,plan\n"),
    "a cell without end": lambda folder: (folder / "cum-1" / "grades.csv").write_text("x" * 200_000, encoding="utf-8"),
    "a folder for a file": lambda folder: (folder / "cum-1" / "grades.csv").rename(folder / "x") and (
        folder / "cum-1" / "grades.csv").mkdir()}


@pytest.mark.parametrize("name", SPOILT)
def test_a_folder_that_is_none_is_a_sentence(tmp_path, kept, name):
    """The call is wrong: exit code 2, one line, nothing on standard output."""
    SPOILT[name](shutil.copytree(kept, tmp_path / "before"))

    [told] = check(ROOT / "data" / "2024", "--against", tmp_path / "before", code=2)

    assert told.startswith("ctd: --against: ")


@needs_posix
def test_a_pipe_is_not_waited_for(tmp_path, kept):
    """As anywhere else."""
    import os
    before = shutil.copytree(kept, tmp_path / "before")
    (before / "cum-1" / "grades.csv").unlink()
    os.mkfifo(before / "cum-1" / "grades.csv")

    assert 1 == len(check(ROOT / "data" / "2024", "--against", before, code=2))


def test_a_spoilt_folder_of_the_last_run_stops_no_check(tmp_path, shipped_copy):
    """Nobody asked for it by name: it is told, and the year is checked."""
    (tmp_path / "data").mkdir()
    year = shutil.move(shipped_copy, tmp_path / "data" / "2024")
    (tmp_path / "reports" / "2024" / "read" / "cum-1").mkdir(parents=True)
    (tmp_path / "reports" / "2024" / "read" / "cum-1" / "grades.csv").write_bytes(b"\xff")

    lines = check(year, cwd=tmp_path)

    assert any("reports/2024/read/cum-1/grades.csv không phải bảng" in line for line in lines)
    assert re.fullmatch(r"\d+ lỗi, \d+ lưu ý\.", lines[-1])
