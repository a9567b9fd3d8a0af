"""The next year's folder: what moves, what stays byte for byte, what is left empty, what a person is told to look at."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tomllib
from datetime import date

import openpyxl
import pytest
from conftest import SHIPPED, make_year, needs_posix, shipped

from ctd_analysis.plan.load import load
from ctd_analysis.problems import Refused
from ctd_analysis.year import next as next_year
from ctd_analysis.year import year

RULES = SHIPPED / "rulebook.toml"


@pytest.fixture
def made(tmp_path, ctd):
    """2025 made from the shipped 2024."""
    code, out, err = ctd("new-year", SHIPPED, tmp_path / "2025")
    assert 0 == code, err
    return tmp_path / "2025"


def rules(raw: bytes):
    """A rule book from its bytes."""
    return load(RULES, raw)


def test_the_rule_book_moves_byte_for_byte_but_for_year_sample_title_and_days(made):
    """Line by line: year, sample, title and every day differ, each in four figures or a word."""
    before, after = (path.read_text(encoding="utf-8").split("\n") for path in (RULES, made / "rulebook.toml"))

    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    days = sum(" = 2024-" in line and not line.startswith("#") for line in before)
    assert 3 + days == len(changed)
    for old, new in changed:
        assert new == old.replace("2024", "2025").replace("sample = true", "sample = false")


def test_what_goes_on_and_what_stays_empty(made):
    """Units and criteria as they are, clusters without the day of the dossier; every other table its columns alone."""
    for name in ("units.csv", "criteria.csv"):
        assert (SHIPPED / name).read_bytes() == (made / name).read_bytes()
    clusters = list(csv.DictReader((made / "clusters.csv").open(encoding="utf-8")))
    assert [("cum-1", "hon-dat", "")] == [(c["cluster"], c["lead"], c["dossier_received"]) for c in clusters][:1]
    assert {""} == {c["dossier_received"] for c in clusters}
    for name in ("appraisal.csv", "decisions.csv", "corrections.csv"):
        assert (SHIPPED / name).read_text(encoding="utf-8").split("\n")[0] + "\n" == (made / name).read_text(encoding="utf-8")
    assert [] == list((made / "submissions").iterdir())
    assert {"scenarios", "README.md"} & {path.name for path in made.iterdir()} == set()


def test_branch_names_go_into_the_templates(made, tmp_path, ctd):
    """As they were listed, without rating and fund."""
    names = {b.branch for b in shipped().branches if b.unit == "kien-luong"}
    ctd("template", made, "--out", tmp_path / "t")
    sheet = openpyxl.load_workbook(tmp_path / "t" / "cum-1.xlsx")["Hội cơ sở"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]

    assert names == {row[2] for row in rows if row[1] == "Huyện Kiên Lương" and row[2]}
    assert {None} == {value for row in rows for value in row[3:5]}


def test_the_list_is_repeated_until_it_is_struck_out(made, ctd):
    """`[x]` or a line taken away; what is left is a notice with its line."""
    todo = made / "new-year.todo"
    lines = todo.read_text(encoding="utf-8").splitlines()
    open_lines = [line for line in lines if line.startswith("[ ]")]
    assert any("criteria_source" in line and "còn ghi 2023" in line and "dòng 13" in line for line in open_lines)
    assert any("22/02/2024 thành 22/02/2025" in line and "dòng 53" in line for line in open_lines)
    assert len(open_lines) == ctd("check", made)[1].count("new-year.todo")

    todo.write_text("\n".join([lines[2].replace("[ ]", "[x]"), lines[3].replace("[ ]", "[X]"), lines[5]]), encoding="utf-8")
    out = ctd("check", made)[1]

    assert 1 == out.count("new-year.todo")
    assert "new-year.todo, dòng 3: chưa xem xong:" in out


def test_a_list_nobody_can_read_is_said(made, ctd):
    """Saved in another encoding."""
    (made / "new-year.todo").write_bytes("[ ] việc".encode("utf-16"))

    assert "new-year.todo: không đọc được tệp này; cần một tệp chữ UTF-8." in ctd("check", made)[1]


def test_last_year_s_decisions_do_not_count(made, tmp_path):
    """The year is filled with last year's submissions moved on: no decision, no appraisal of 2024 is in it."""
    assert ((), ()) == (year.read(made).decisions, year.read(made).appraisal)


# ---------------------------------------------------------------- days

@pytest.mark.parametrize(("before", "to", "after"), [("2024-02-29", 2025, "2025-02-28"), ("2024-02-29", 2028, "2028-02-29"),
                                                     ("2024-02-28", 2025, "2025-02-28"), ("2025-01-10", 2025, "2026-01-10")])
def test_a_day_moves_by_whole_years(before, to, after):
    """29 February becomes the 28th; a day in the year after stays in the year after."""
    raw = RULES.read_bytes().replace(b"2024-02-22", before.encode(), 1)
    moved = next_year.moved(raw, rules(raw), to)

    assert date.fromisoformat(after) == tomllib.loads(moved.decode())["filing"]["registration"]["before"]


def test_a_leap_day_is_told():
    """Whoever looks at the list learns why it is the 28th."""
    raw = RULES.read_bytes().replace(b"2024-02-22", b"2024-02-29", 1)
    said = list(next_year._days(raw, next_year.moved(raw, rules(raw), 2025)))

    assert any("29/02/2024 thành 28/02/2025 (năm 2025 không có ngày 29/02)" in line for _, line in said)


BEFORE = "before = 2024-02-22"


@pytest.mark.parametrize(("old", "new", "stays"), [
    ("\n", "\r\n", "\r\nbefore = 2025-02-22\r\n"), ("# Kế hoạch", "\ufeff# Kế hoạch", "\ufeff# Kế hoạch thi đua năm 2024"),
    ('note = "Kế hoạch không đặt', 'note = "Hạn 2024-12-10. Không', '"Hạn 2024-12-10. Không'),
    (BEFORE, f"{BEFORE}    # trước ngày 2024-02-22, xem V.3", "before = 2025-02-22    # trước ngày 2024-02-22, xem V.3"),
    ('province = "Kiên Giang"', "province = '''Kiên Giang 2024-01-01'''", "'''Kiên Giang 2024-01-01'''"),
    ('"Dưới 32 điểm A"', '"""\nDưới 32 điểm A\n2024-01-01 \\"\n"""', 'Dưới 32 điểm A\n2024-01-01 \\"\n')])
def test_text_that_looks_like_a_day_stays(old, new, stays):
    """In strings and comments, whatever the line ends, the mark at the front, the quotes."""
    raw = RULES.read_text(encoding="utf-8").replace(old, new).encode()
    moved = next_year.moved(raw, rules(raw), 2025)

    assert stays in moved.decode()
    assert len(raw) + len("false") - len("true") == len(moved)
    assert (2025, False, date(2025, 2, 22)) == (rules(moved).year, rules(moved).sample,
                                                rules(moved).filings["registration"].before)


def test_a_rule_book_written_in_an_unusual_way_is_refused():
    """Nothing is guessed: the year stands where it is not looked for."""
    raw = RULES.read_bytes().replace(b"year = 2024", b'"year" = 2024', 1)
    with pytest.raises(Refused, match="không dời được sang năm 2025"):
        next_year.moved(raw, rules(raw), 2025)


# ---------------------------------------------------------------- bad input

@pytest.mark.parametrize("there", ["file", "empty folder", "folder", "link"])
def test_what_exists_is_refused_and_not_touched(tmp_path, ctd, there):
    """Code 2; nothing of it is another, nothing beside it."""
    target = tmp_path / "2025"
    if there == "file":
        target.write_text("của tôi", encoding="utf-8")
    elif there == "link":
        os.symlink(tmp_path / "nowhere", target)
    else:
        target.mkdir()
        if there == "folder":
            (target / "units.csv").write_text("của tôi", encoding="utf-8")
    before = {p.name: os.lstat(p).st_mtime_ns for p in [target, *target.glob("*")]}
    code, out, err = ctd("new-year", SHIPPED, target)

    assert (2, "") == (code, out)
    assert "đã có, không động đến" in err
    assert before == {p.name: os.lstat(p).st_mtime_ns for p in [target, *target.glob("*")]}
    assert ["2025"] == [p.name for p in tmp_path.iterdir()]


@pytest.mark.parametrize(("name", "said"), [("2024", "cần một năm sau năm 2024"), ("2023", "là của năm 2023")])
def test_a_folder_for_a_year_that_is_not_later_is_refused(tmp_path, ctd, name, said):
    """The name of the folder says which year it is for."""
    code, _, err = ctd("new-year", SHIPPED, tmp_path / name)

    assert 2 == code
    assert said in err
    assert [] == list(tmp_path.iterdir())


def test_a_folder_that_names_no_year_is_the_year_after(tmp_path, ctd):
    """`nam-sau`."""
    assert 0 == ctd("new-year", SHIPPED, tmp_path / "nam-sau")[0]
    assert 2025 == rules((tmp_path / "nam-sau" / "rulebook.toml").read_bytes()).year


def test_not_inside_the_year_it_is_made_from(tmp_path, ctd):
    """Nothing is written into a year."""
    source = make_year(SHIPPED, tmp_path / "2024")
    code, _, err = ctd("new-year", source, source / "2025")

    assert 2 == code
    assert "nằm trong thư mục của năm nguồn" in err and not (source / "2025").exists()


@needs_posix
def test_why_a_folder_cannot_be_made_is_told_in_vietnamese(tmp_path, ctd):
    """A file stands where a folder is wanted; the system's own words are English."""
    (tmp_path / "tep").write_text("của tôi", encoding="utf-8")
    code, _, err = ctd("new-year", SHIPPED, tmp_path / "tep" / "moi" / "2025")

    assert 2 == code
    assert "(có một tệp đứng ở chỗ cần thư mục)" in err


def test_from_a_year_that_cannot_be_read_nothing_is_made(tmp_path, ctd):
    """A rule book with a slip: its problem is told, code 1."""
    source = make_year(SHIPPED, tmp_path / "2024")
    text = (source / "rulebook.toml").read_text(encoding="utf-8")
    (source / "rulebook.toml").write_text(text.replace("min_a = 41", "min_a = 4l"), encoding="utf-8")
    code, _, err = ctd("new-year", source, tmp_path / "2025")

    assert 1 == code
    assert "rulebook.toml" in err and not (tmp_path / "2025").exists()


def test_from_a_year_with_a_faulty_cluster_the_rest_is_made(tmp_path, ctd):
    """Its branches could not be read: that is on the list, and code 1."""
    source = make_year(SHIPPED, tmp_path / "2024")
    grades = source / "submissions/cum-1/grades.csv"
    grades.write_text(grades.read_text(encoding="utf-8").replace(",A,", ",D,", 1), encoding="utf-8")
    code, out, _ = ctd("new-year", source, tmp_path / "2025")
    units = {row["unit"] for row in csv.DictReader((tmp_path / "2025/branches.csv").open(encoding="utf-8"))}

    assert 1 == code
    assert "branches.csv: hồ sơ năm 2024 của cum-1 có lỗi" in out
    assert "kien-luong" not in units and "tan-hiep" in units


def test_clusters_saved_by_excel_keep_their_form(tmp_path, ctd):
    """`sep=;`, CRLF, the mark at the front: only the days go."""
    source = make_year(SHIPPED, tmp_path / "2024")
    rows = list(csv.reader((source / "clusters.csv").open(encoding="utf-8")))
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    (source / "clusters.csv").write_bytes(f"\ufeffsep=;\r\n{text.getvalue()}".encode())
    ctd("new-year", source, tmp_path / "2025")
    made = (tmp_path / "2025" / "clusters.csv").read_bytes().decode()

    assert made.startswith("\ufeffsep=;\r\ncluster;name;lead;dossier_received\r\ncum-1;Cụm thi đua số 1 (mẫu);hon-dat;\r\n")
    assert 5 == made.count("\r\n") - 1 == made.count("\n") - 1
    assert () == tuple(p for p in year.read(tmp_path / "2025").problems if p.file == "clusters.csv")


def test_a_year_made_from_a_year_that_was_just_made_keeps_the_branches(made, tmp_path, ctd):
    """Nothing came in yet: the names are those of the year's own list."""
    assert 1 == ctd("new-year", made, tmp_path / "2026")[0]

    assert (made / "branches.csv").read_bytes() == (tmp_path / "2026" / "branches.csv").read_bytes()


def test_names_listed_twice_or_not_at_all(made):
    """The list of branches is the year's own; a faulty line is a problem of its cluster."""
    with (made / "branches.csv").open("a", encoding="utf-8") as file:
        file.write("ha-tien,Hội CTĐ phường Bình San,,\nha-tien,,,\nha-tien,Hội CTĐ mới,Khá,5\n")
    read = year.read(made)

    assert {"cột branch: Hội cơ sở ghi hai lần", "cột branch: thiếu tên Hội cơ sở"} == {
        p.what for p in read.problems if p.file == "branches.csv" and p.cluster == "cum-1"}
    assert 1 == sum(n.file == "branches.csv" for n in read.notices)


def test_a_change_of_the_council_is_on_the_list(tmp_path, ctd):
    """It is not carried over; whether it still holds is for a person to say."""
    source = make_year(SHIPPED, tmp_path / "2024")
    (source / "amendments.csv").write_text("key,value,reason,document,decided_on\n"
                                           "class.excellent.min_a,40,thống nhất,NQ 01,2024-03-01\n", encoding="utf-8")
    out = ctd("new-year", source, tmp_path / "2025")[1]

    assert "amendments.csv: 1 thay đổi của năm 2024 không chép" in out
    shutil.rmtree(source)
