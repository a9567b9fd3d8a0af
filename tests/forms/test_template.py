"""The workbook sent to a cluster: right things in it, wrong things kept out of it, the same bytes every time."""

from __future__ import annotations

import io
import shutil
import unicodedata
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import build
import openpyxl
import pytest
from conftest import SHIPPED, csv_copy, make_year, shipped

from ctd_analysis import cli
from ctd_analysis.forms import template
from ctd_analysis.problems import Refused
from ctd_analysis.terms import TABLES
from ctd_analysis.year.year import read

SHEETS = ["Hướng dẫn", "Bảng điểm", "Chỉ tiêu", "Hội cơ sở", "Hồ sơ"]


def opened(content: bytes):
    """The workbook as another program sees it."""
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def blank():
    """The form of cum-1, nothing typed yet."""
    return opened(template.workbook(shipped(), "cum-1"))


@pytest.fixture(scope="module")
def filled():
    """The same with the shipped year's tables."""
    return opened(template.workbook(shipped(), "cum-1", filled=True))


def texts(sheet) -> list[str]:
    """Every text on a sheet."""
    return [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None]


def named(**changes):
    """The shipped year with the first unit of cum-1 called otherwise (or other fields of it changed)."""
    first = next(u for u in shipped().all_units if u.cluster == "cum-1")
    return replace(shipped(), all_units=tuple(u._replace(**changes) if u is first else u for u in shipped().all_units))


# ---------------------------------------------------------------- what is in it

def test_the_five_sheets(blank):
    """A guide and a sheet a table; one more, that nobody sees, keeps what is locked."""
    assert SHEETS == [sheet.title for sheet in blank if sheet.sheet_state == "visible"]
    assert [*SHEETS, "Mẫu gốc"] == blank.sheetnames


def test_the_guide_says_days_bars_and_that_it_is_a_sample(blank):
    """From the rule book: every deadline, every line of the ladder, every case of III.2.2, the sample's mark."""
    book, said = shipped().book, "\n".join(texts(blank["Hướng dẫn"]))

    wanted = [f"{f.label}: trước ngày {f.before:%d/%m/%Y}" for f in (*book.filings.values(), book.dossier)]
    wanted += [rung.label for rung in book.classes.values()] + [flag.label for flag in book.flags.values()]
    wanted += ["SỐ LIỆU MINH HỌA", "bản dự thảo", "50.000.000 đồng", "từ 90%", "cum-1.xlsx"]
    assert [] == [words for words in wanted if words not in said]


def test_a_real_year_carries_no_mark_of_a_sample():
    """Where the rule book does not say sample, nothing does."""
    year = replace(shipped(), book=replace(shipped().book, sample=False))
    book = opened(template.workbook(year, "cum-1"))

    assert [] == [text for sheet in book for text in texts(sheet) if "MINH HỌA" in text]


def test_every_unit_and_every_criterion_has_its_cells(blank):
    """43 criteria by number, each unit over Tự chấm, Cụm chấm, Ghi chú."""
    sheet = blank["Bảng điểm"]
    names = [u.name for u in shipped().units_of("cum-1")]

    assert list(range(1, 44)) == [v for v in (sheet.cell(r, 1).value for r in range(6, 58)) if isinstance(v, int)]
    assert names == [sheet.cell(4, 3 + 3 * k).value for k in range(len(names))]
    assert ["Tự chấm", "Cụm chấm", "Ghi chú"] * len(names) == [sheet.cell(5, c).value for c in range(3, 3 + 3 * len(names))]
    assert {f"{a}4:{b}4" for a, b in ("CE", "FH", "IK", "LN")} <= {str(r) for r in sheet.merged_cells.ranges}
    assert [f"II.{n}" for n in range(1, 10)] == [t for t in texts(sheet) if t.startswith("II.")]


def test_every_indicator_and_filing_has_its_row(blank):
    """Labels and measures are the rule book's."""
    indicators, filings = blank["Chỉ tiêu"], blank["Hồ sơ"]

    assert [(i.label, i.measure) for i in shipped().book.indicators.values()] == \
        [(indicators.cell(r, 2).value, indicators.cell(r, 3).value) for r in range(6, 6 + len(shipped().book.indicators))]
    assert [(f.label, f"{f.before:%d/%m/%Y}") for f in shipped().book.filings.values()] == \
        [(filings.cell(r, 2).value, filings.cell(r, 3).value) for r in range(5, 9)]


def test_every_unit_has_blank_lines_for_branches(blank):
    """More than the largest district has communes; at the end, lines of no unit yet."""
    column = [blank["Hội cơ sở"].cell(r, 2).value for r in range(5, blank["Hội cơ sở"].max_row + 1)]

    assert {column.count(u.name) >= 20 for u in shipped().units_of("cum-1")} == {True}
    assert column.count(None) >= 10


def test_a_unit_with_many_branches_has_a_line_for_each():
    """Lines grow with what is known."""
    many = tuple(b._replace(unit="hon-dat", branch=f"Hội số {n}") for n in range(60) for b in shipped().branches[:1])
    book = opened(template.workbook(replace(shipped(), branches=many), "cum-1", filled=True))

    assert [f"Hội số {n}" for n in range(60)] == [t for t in texts(book["Hội cơ sở"]) if t.startswith("Hội số")]


# ---------------------------------------------------------------- what may be typed

def rules(sheet, cell):
    """The checks on one cell."""
    return [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]


@pytest.mark.parametrize(("sheet", "cell", "kind", "says"), [
    ("Bảng điểm", "C7", "list", "KAD"), ("Bảng điểm", "M30", "list", "KAD"), ("Chỉ tiêu", "D6", "whole", "số nguyên"),
    ("Chỉ tiêu", "E8", "list", "1 (đúng chế độ)"), ("Chỉ tiêu", "E18", "decimal", "không âm"),
    ("Hội cơ sở", "D5", "list", "Trung bình"), ("Hội cơ sở", "E40", "whole", "số nguyên"),
    ("Hồ sơ", "D5", "custom", "Không gửi")])
def test_a_cell_is_checked_and_says_so_in_vietnamese(blank, sheet, cell, kind, says):
    """One rule a cell, a prompt, and a message that stops what cannot be right."""
    rule, = rules(blank[sheet], cell)

    assert (kind, "stop") == (rule.type, rule.errorStyle or "stop")
    assert rule.prompt and says in rule.error


def test_grades_and_ratings_are_chosen_from_lists(blank):
    """The grades and the ratings the plan knows, in its words."""
    grade, = rules(blank["Bảng điểm"], "D8")
    rating, = rules(blank["Hội cơ sở"], "D9")

    assert ('"A,B,C,KAD"', '"Xuất sắc,Khá,Trung bình,Yếu"') == (grade.formula1, rating.formula1)


def test_spare_lines_choose_their_unit_from_the_guide(blank):
    """The list behind the drop-down holds the cluster's units, by name."""
    sheet = blank["Hội cơ sở"]
    rule, = rules(sheet, f"B{sheet.max_row}")
    name, _, cells = rule.formula1.replace("$", "").rpartition("!")

    assert "'Hướng dẫn'" == name
    assert [u.name for u in shipped().units_of("cum-1")] == [row[0].value for row in blank["Hướng dẫn"][cells]]


def test_headings_are_locked_and_cells_to_type_into_are_not(blank):
    """Every sheet is protected; open cells are tinted, locked ones are not the same tint."""
    for name, still, free in (("Bảng điểm", "B7", "C7"), ("Chỉ tiêu", "A6", "D6"), ("Hội cơ sở", "B5", "C5"),
                              ("Hồ sơ", "B5", "D5")):
        sheet = blank[name]
        assert (True, True, False) == (sheet.protection.sheet, sheet[still].protection.locked, sheet[free].protection.locked)
        assert sheet[still].fill.fgColor.rgb != sheet[free].fill.fgColor.rgb
    assert {None} == {sheet.protection.password for sheet in blank}


# ---------------------------------------------------------------- on paper

@pytest.mark.parametrize(("name", "frozen", "heads", "direction"), [
    ("Bảng điểm", "C6", "$4:$5", "landscape"), ("Chỉ tiêu", "D6", "$4:$5", "landscape"),
    ("Hội cơ sở", "A5", "$4:$4", "portrait"), ("Hồ sơ", "D5", "$4:$4", "landscape")])
def test_it_prints_on_a4_with_its_heads_repeated(blank, name, frozen, heads, direction):
    """A4, as wide as the paper, heads on every page and always in view."""
    sheet = blank[name]

    assert (frozen, heads) == (sheet.freeze_panes, sheet.print_title_rows)
    assert (9, direction, 1, 0) == (int(sheet.page_setup.paperSize), sheet.page_setup.orientation or "portrait",
                                    int(sheet.page_setup.fitToWidth or 1), int(sheet.page_setup.fitToHeight))
    assert sheet.print_area


# ---------------------------------------------------------------- counts

def test_counts_are_live_and_already_right(filled):
    """COUNTIF under every column, with the value of now for readers that do not calculate."""
    values = openpyxl.load_workbook(io.BytesIO(template.workbook(shipped(), "cum-1", filled=True)), data_only=True)["Bảng điểm"]
    sheet = filled["Bảng điểm"]
    row = next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 2).value == "Cộng điểm A")
    first = shipped().units_of("cum-1")[0].unit

    assert f'=COUNTIF(D6:D{row - 1},"A")' == sheet.cell(row, 4).value
    for k, grade in enumerate(("A", "B", "C", "KAD")):
        assert sum(g.unit == first and g.cluster == grade for g in shipped().grades) == values.cell(row + k, 4).value
    assert f"=43-SUM(D{row}:D{row + 3})" == sheet.cell(row + 4, 4).value


# ---------------------------------------------------------------- text stays text

HOSTILE = ["=HYPERLINK(\"http://x\",\"y\")", "+1+1", "@SUM(A1)", "-2", "{=1}", "Huyện " + "rất dài " * 40,
           "a'b\"c[d]:*?/\\&", "<b>&amp;</b>",
           "Ho\u0300n \u0110a\u0302\u0301t", "_x0041_", "Tên\nhai dòng", "đơn vị 🌾", "&P&D", "true", "#REF!"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_a_name(name):
    """In headings, in the guide and in the list of branches; no formula but the counts."""
    year = named(name=name)
    year = replace(year, all_clusters=tuple(c._replace(name=name) for c in shipped().all_clusters))
    book = opened(template.workbook(year, "cum-1", filled=True))

    formulas = [c.value for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert [] == [f for f in formulas if not f.startswith(("=COUNTIF(", "=43-SUM("))]
    shown = unicodedata.normalize("NFC", name)
    assert shown == book["Bảng điểm"]["C4"].value
    assert shown in texts(book["Hội cơ sở"])
    assert [*SHEETS, "Mẫu gốc"] == book.sheetnames


def test_hostile_notes_and_branches_stay_text():
    """What somebody typed is written as it was typed, and stays text when it is edited."""
    year = replace(shipped(), grades=tuple(g._replace(note="=1+1") for g in shipped().grades),
                   branches=tuple(b._replace(branch="=cmd|'/c calc'!A1") for b in shipped().branches))
    book = opened(template.workbook(year, "cum-1", filled=True))

    for cell in (book["Bảng điểm"]["E7"], book["Hội cơ sở"]["C5"]):
        assert ("s", True) == (cell.data_type, bool(cell.quotePrefix))


def test_a_name_no_cell_can_hold_is_refused_with_its_place():
    """Nothing is cut or left out in silence."""
    with pytest.raises(Refused) as refused:
        template.workbook(named(name="x" * 40_000), "cum-1")

    assert "cum-1.xlsx" in str(refused.value) and "ô " in str(refused.value)


def test_a_number_with_more_digits_than_a_sheet_holds_is_written_in_words():
    """Exact, or text: never rounded."""
    long = Decimal("1.12345678901234567891")
    year = replace(shipped(), indicators=tuple(i._replace(actual=long) if i.indicator == "converted" else i
                                               for i in shipped().indicators))
    book = opened(template.workbook(year, "cum-1", filled=True))

    assert "1,12345678901234567891" in texts(book["Chỉ tiêu"])


def test_same_year_same_bytes():
    """No clock, no chance."""
    assert template.workbook(shipped(), "cum-2", filled=True) == template.workbook(shipped(), "cum-2", filled=True)


def test_nothing_active_is_inside():
    """No macro, no link, no connection."""
    with zipfile.ZipFile(io.BytesIO(template.workbook(shipped(), "cum-1", filled=True))) as parts:
        active = ("vba", "external", "connection", "custom")
        assert [] == [n for n in parts.namelist() if any(word in n.casefold() for word in active)]
        assert b"http://x" not in b"".join(parts.read(n) for n in parts.namelist())


# ---------------------------------------------------------------- the command

def test_the_command_writes_one_workbook_a_cluster(tmp_path, capsys):
    """Named after the cluster, ready to be filled in."""
    assert 0 == cli.main(["template", str(SHIPPED), "--out", str(tmp_path / "out")])

    assert [f"cum-{n}.xlsx" for n in range(1, 5)] == sorted(p.name for p in (tmp_path / "out").iterdir())
    assert template.workbook(shipped(), "cum-3") == (tmp_path / "out" / "cum-3.xlsx").read_bytes()
    assert "" == capsys.readouterr().out


def test_only_the_clusters_asked_for(tmp_path):
    """`--cluster` may be given several times."""
    assert 0 == cli.main(["template", str(SHIPPED), "--out", str(tmp_path), "--cluster", "cum-2", "--cluster", "cum-4"])

    assert ["cum-2.xlsx", "cum-4.xlsx"] == sorted(p.name for p in tmp_path.iterdir())


def test_before_anything_was_sent_there_are_forms(tmp_path):
    """In December nothing has come yet: every cluster still gets its workbook."""
    year = make_year(SHIPPED, tmp_path / "2024")
    for path in sorted((year / "submissions").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()

    assert 0 == cli.main(["template", str(year), "--out", str(tmp_path / "out")])
    assert 4 == len(list((tmp_path / "out").iterdir()))


@pytest.mark.parametrize(("words", "says"), [(["--cluster", "cum1"], "cum-1"), (["--out", "submissions"], "hồ sơ gốc"),
                                             (["--outt", "x"], "--out")])
def test_a_wrong_call_is_told(shipped_copy, words, says, capsys, monkeypatch):
    """An unknown cluster, the submissions' own folder, an option that does not exist."""
    monkeypatch.chdir(shipped_copy)

    assert 2 == cli.main(["template", ".", *words])
    assert says in capsys.readouterr().err


# ---------------------------------------------------------------- there and back

def as_workbooks(year, folder: Path) -> Path:
    """A copy of a year whose submissions are filled templates."""
    shutil.copytree(year.path, folder, ignore=shutil.ignore_patterns("submissions"))
    (folder / "submissions").mkdir()
    for cluster in year.all_clusters:
        if year.units_of(cluster.cluster):
            (folder / "submissions" / f"{cluster.cluster}.xlsx").write_bytes(
                template.workbook(year, cluster.cluster, filled=True))
    return folder


def said(year) -> dict:
    """A year's tables without places, and without rows that say nothing."""
    held = {table: [row._replace(at=None) for row in getattr(year, table)] for table in TABLES}
    return {table: sorted((row for row in rows if table == "branches" or any(value not in (None, "") for value in row[2:])),
                          key=str) for table, rows in held.items()}


def test_the_shipped_year_comes_back_as_it_went(tmp_path):
    """Filled, read: the same tables, notes and all; not a problem, no notice of the forms but days that would be late."""
    again = read(as_workbooks(shipped(), tmp_path / "2024"))

    assert ((), []) == (again.problems, [n for n in again.notices if n.cluster and "ngày và tháng đổi chỗ" not in n.what])
    assert said(shipped()) == said(again)


@pytest.mark.parametrize("seed", range(6))
def test_made_up_years_come_back_as_they_went(tmp_path, seed):
    """Whatever a year holds: blanks, KAD, zeros, 10^15, decimals, days at the edge."""
    year = read(build.write_year(tmp_path / "csv", build.random_units(build.dice(seed), 9, 3)))
    again = read(as_workbooks(year, tmp_path / "xlsx"))

    assert year.problems == again.problems == ()
    assert said(year) == said(again)


def test_an_empty_form_is_a_submission_without_numbers(tmp_path):
    """Sent back untouched: no problem, everything unknown."""
    year = make_year(SHIPPED, tmp_path / "2024")
    shutil.rmtree(year / "submissions" / "cum-2")
    (year / "appraisal.csv").unlink()
    (year / "submissions" / "cum-2.xlsx").write_bytes(template.workbook(shipped(), "cum-2"))
    again = read(year)

    assert () == again.problems
    assert [] == [row for rows in said(again).values() for row in rows
                  if row[0] in {u.unit for u in shipped().units_of("cum-2")}]


def test_the_tables_as_they_were_read(tmp_path, shipped_copy):
    """`ctd check --dump`: a CSV submission comes out byte for byte, a workbook as the CSV it stands for."""
    assert 0 == cli.main(["check", str(shipped_copy), "--dump", str(tmp_path / "dump")])

    for path in (shipped_copy / "submissions" / "cum-1").iterdir():
        assert path.read_bytes() == (tmp_path / "dump" / "cum-1" / path.name).read_bytes()
    again = read(csv_copy(SHIPPED, tmp_path / "csv"))
    assert said(shipped()) == said(again)


def test_sums_that_no_program_has_computed_are_told_once_a_sheet(shipped_copy):
    """A filled form saved by a program that computes nothing: one notice, not one for each printed sum."""
    form = shipped_copy / "submissions" / "cum-3.xlsx"
    openpyxl.load_workbook(form).save(form)
    told = [n for n in read(shipped_copy).notices if "chưa được tính" in n.what]

    assert ["Bảng điểm"] == [n.sheet for n in told]
