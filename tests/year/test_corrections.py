"""Corrections: a cell is read as if something else stood there, what was sent is not touched, and nobody is misled about it."""

import csv
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from conftest import SHIPPED, make_year

from ctd_analysis import cli
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.office.grid import Cell
from ctd_analysis.rows import COLUMNS
from ctd_analysis.tables import cluster as cluster_tables
from ctd_analysis.tables import grades, inputs
from ctd_analysis.words import explain
from ctd_analysis.year import corrections, year

SCORES, FIGURES, BRANCHES, DAYS = "Bảng điểm", "Chỉ tiêu", "Hội cơ sở", "Hồ sơ"
LETTER = "Công văn 12/CTĐ"


def write(folder: Path, *rows: tuple[str, ...]) -> None:
    """`corrections.csv`; a row of five gets a reason and a document."""
    with open(folder / "corrections.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS["corrections"],
                                    *((*row, "gọi điện hỏi lại", LETTER) if len(row) == 5 else row for row in rows)])


def spoil(folder: Path, sheet: str, cell: str, value, file: str = "cum-3.xlsx") -> None:
    """What the office typed into a cell."""
    path = folder / "submissions" / file
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def messages(folder: Path, cluster: str | None = "cum-3") -> list[str]:
    """The problems of a cluster."""
    return [p.message for p in year.read(folder).problems if p.cluster == cluster]


def grade(read: year.Year, unit: str, criterion: int):
    """One grade."""
    return next(row for row in read.grades if (row.unit, row.criterion) == (unit, criterion))


# ---------------------------------------------------------------- what a correction does

def test_a_faulty_grade_is_read_as_corrected_and_the_file_stays(shipped_copy):
    """The D keeps its cluster out; with the correction it does not, and the workbook's bytes are what they were."""
    spoil(shipped_copy, SCORES, "D7", "D")
    sent = (shipped_copy / "submissions" / "cum-3.xlsx").read_bytes()

    assert 1 == len(messages(shipped_copy))
    write(shipped_copy, ("cum-3.xlsx", SCORES, "D7", "D", "B"))
    read = year.read(shipped_copy)
    assert ([], "B") == ([p.message for p in read.problems], grade(read, "an-bien", 1).cluster)
    assert sent == (shipped_copy / "submissions" / "cum-3.xlsx").read_bytes()


@pytest.mark.parametrize(("sheet", "cell", "was", "value", "table", "row", "found"), [
    (FIGURES, "E6", "58900000", "61000000", "indicators", "dues", 61000000),
    (FIGURES, "E6", "58900000", "61.000.000", "indicators", "dues", 61000000),
    (FIGURES, "E6", "58900000", "61 triệu", "indicators", "dues", 61000000),
    (FIGURES, "E6", "58900000", "", "indicators", "dues", None),
    (DAYS, "D7", "", "2024-12-09", "filings", "annual_report", date(2024, 12, 9)),
    (DAYS, "D6", "2024-12-05", "09/12/2024", "filings", "self_scores", date(2024, 12, 9)),
    (DAYS, "D6", "2024-12-05", "Không gửi", "filings", "self_scores", "none"),
    (BRANCHES, "D5", "Yếu", "Khá", "branches", "Hội CTĐ thị trấn Thứ Ba", "Khá"),
    (BRANCHES, "C5", "Hội CTĐ thị trấn Thứ Ba", "Hội CTĐ xã Thứ Ba", "branches", "Hội CTĐ xã Thứ Ba", "Yếu")])
def test_any_cell_is_read_as_if_the_value_were_typed(shipped_copy, sheet, cell, was, value, table, row, found):
    """Amounts, days, words, blanks, before and after."""
    write(shipped_copy, ("cum-3.xlsx", sheet, cell, was, value))
    read = year.read(shipped_copy)
    one = next(r for r in getattr(read, table) if r[:2] == ("an-bien", row))

    assert () == read.problems
    assert found == (one.actual if table == "indicators" else one[2])


def test_a_heading_is_corrected_as_a_grade_is(shipped_copy):
    """“Điểm” over a column of grades leaves a question; told by telephone, the column is the cluster's."""
    spoil(shipped_copy, SCORES, "D5", "Tự chấm")
    asked = messages(shipped_copy)
    write(shipped_copy, ("cum-3.xlsx", SCORES, "D5", "Tự chấm", "Cụm chấm"))

    assert asked
    read = year.read(shipped_copy).grades
    assert year.read(SHIPPED).grades == tuple(row._replace(at=row.at._replace(corrected="")) for row in read)


def test_a_correction_that_makes_two_of_one_is_asked_about(shipped_copy):
    """Two columns of one unit called the same: both are named, none is chosen."""
    write(shipped_copy, ("cum-3.xlsx", SCORES, "C5", "Tự chấm", "Cụm chấm"))

    assert any("hai lần" in message for message in messages(shipped_copy)), messages(shipped_copy)


def test_a_merged_cell_is_corrected_at_its_top_left(shipped_copy):
    """Elsewhere inside it the correction is refused, naming the cell to name."""
    write(shipped_copy, ("cum-3.xlsx", SCORES, "D4", "", "Huyện An Minh"))
    assert ["corrections.csv, dòng 2: cum-3.xlsx, trang “Bảng điểm”, ô D4: ô này nằm trong một ô gộp; thấy “D4”; "
            "cần ô trên cùng bên trái: C4."] == messages(shipped_copy)

    write(shipped_copy, ("cum-3.xlsx", SCORES, "C4", "Huyện An Biên", "Huyện An Biên (cũ)"))
    assert any("không có đơn vị này" in message for message in messages(shipped_copy))


def test_number_and_text_are_what_was_says_in_one_form():
    """Shortest form without grouping, ISO, the stored result of a formula; an uncomputed one is blank."""
    cells = [Cell(1, 1, "n", 8100000000), Cell(1, 1, "n", 1845.5), Cell(1, 1, "n", 0.97, "%"),
             Cell(1, 1, "d", "2024-12-09", "d"), Cell(1, 1, "n", 42, "", 1),
             Cell(1, 1, "f", "", "", 1), Cell(1, 1, "e", "#N/A"), Cell(1, 1, "b", True), None]
    said = [corrections.as_written(cell) for cell in cells]

    assert ["8100000000", "1845.5", "0.97", "2024-12-09", "42", "", "#N/A", "TRUE", ""] == said


# ---------------------------------------------------------------- what is refused

@pytest.mark.parametrize(("row", "said"), [
    (("cum-3.xlsx", SCORES, "D7", "B", "C"), "ô D7: tệp không ghi như cột was, không sửa gì; thấy “A”; cần “B” như cột was"),
    (("cum-3.xlsx", SCORES, "D7", "", "B"), "ô D7: tệp không ghi như cột was"),
    (("cum-3.xlsx", SCORES, "D7", "C", "A"), "ô D7: tệp đã ghi như cột value, không sửa gì"),
    (("cum-3.xlsx", SCORES, "D7", "A", "B", "", ""), "dòng 2: cột reason: thiếu lý do; thấy ô trống"),
    (("cum-3.xlsx", SCORES, "D7", "A", "B", " ", LETTER), "cột reason: thiếu lý do"),
    (("cum-3.ods", SCORES, "D7", "A", "B"), "cột file: không có bảng tính này trong hồ sơ đã nhận (có phải “cum-3.xlsx”"),
    (("cum-3.xlsx", "Bang diem", "D7", "A", "B"), "trang “Bang diem”, ô D7: tệp không có trang này"),
    (("cum-3.xlsx", "", "D7", "A", "B"), "cột sheet: thiếu tên trang"),
    (("cum-3.xlsx", SCORES, "7D", "A", "B"), "cột cell: không phải địa chỉ một ô; thấy “7D”; cần cột và dòng"),
    (("cum-3.xlsx", SCORES, "XFE1", "A", "B"), "không phải địa chỉ một ô"),
    (("cum-3.xlsx", SCORES, "A1048577", "A", "B"), "không phải địa chỉ một ô"),
    (("cum-3.xlsx", SCORES, "D7:D8", "A", "B"), "không phải địa chỉ một ô"),
    (("cum-3.xlsx", FIGURES, "E6", "58900000", "1.234"), "cột value: không rõ là 1234 (dấu chấm ngăn hàng nghìn) hay 1,234"),
    (("cum-3.xlsx", FIGURES, "E6", "58.900.000", "1"), "tệp không ghi như cột was, không sửa gì; thấy “58900000”"),
    (("cum-3.xlsx", DAYS, "D6", "05/12/2024", "2024-12-09"), "không sửa gì; thấy “2024-12-05”")])
def test_a_correction_that_cannot_be_made_is_named(shipped_copy, row, said):
    """Its line, its cell, what stands there; the cluster waits, the others do not."""
    write(shipped_copy, row)
    read = year.read(shipped_copy)

    assert said in "\n".join(p.message for p in read.problems)
    assert all(p.message.startswith("corrections.csv, dòng 2: ") for p in read.problems)
    assert ({"cum-3"}, ()) == (set(read.failed), read.corrections)


@pytest.mark.parametrize("file", ["cum-1/grades.csv", "cum-1.csv", "units.csv"])
def test_csv_is_corrected_in_the_csv(shipped_copy, file):
    """There is nothing to protect from a change: the table is text."""
    write(shipped_copy, (file, SCORES, "D7", "A", "B"))

    assert "sửa trong chính tệp CSV" in "\n".join(p.message for p in year.read(shipped_copy).problems)


def test_a_file_of_no_cluster_keeps_no_cluster_out(shipped_copy):
    """It is a problem of the year's."""
    write(shipped_copy, ("cum-9.xlsx", SCORES, "D7", "A", "B"))
    read = year.read(shipped_copy)

    assert ([None], {}) == ([p.cluster for p in read.problems], read.failed)
    assert "không có bảng tính này" in read.problems[0].message


def test_two_corrections_of_one_cell_are_two_values_of_one(shipped_copy):
    """Neither is made, both lines are named, however the address is written."""
    write(shipped_copy, ("cum-3.xlsx", SCORES, "D7", "A", "B"), ("submissions/cum-3.xlsx", f" {SCORES} ", "$d$7", "A", "C"))

    said = messages(shipped_copy)
    assert ["corrections.csv, dòng 2: ", "corrections.csv, dòng 3: "] == [message[:25] for message in said]
    assert all("ô D7: một ô được sửa hai lần (dòng 2, dòng 3); thấy “" in message for message in said)


def test_the_first_fault_does_not_hide_the_file_s_own(shipped_copy):
    """A correction without a reason and a faulty cell are told in one go."""
    spoil(shipped_copy, SCORES, "D8", "D")
    write(shipped_copy, ("cum-3.xlsx", SCORES, "D7", "A", "B", "", ""))

    assert 2 == len(messages(shipped_copy))


def test_a_file_sent_again_meets_no_old_correction(shipped_copy):
    """What was corrected is no longer there: a problem, and the file is read as it stands."""
    write(shipped_copy, ("cum-3.xlsx", SCORES, "D7", "A", "B"))
    assert () == year.read(shipped_copy).problems
    spoil(shipped_copy, SCORES, "D7", "C")

    assert ["corrections.csv, dòng 2: cum-3.xlsx, trang “Bảng điểm”, ô D7: tệp không ghi như cột was, không sửa gì; thấy “C”; "
            "cần “A” như cột was; nếu tệp gửi lại đã đúng thì bỏ dòng này."] == messages(shipped_copy)


def test_a_cell_far_from_everything_costs_nothing(shipped_copy):
    """The last cell of a sheet: remarked on, as anything outside the tables is."""
    write(shipped_copy, ("cum-3.xlsx", SCORES, "XFD1048576", "", "A"))
    read = year.read(shipped_copy)

    assert () == read.problems
    assert any(n.cell == "XFD1048576" and "ngoài các bảng" in n.message for n in read.notices)


# ---------------------------------------------------------------- where it shows

@pytest.fixture(scope="module")
def corrected(tmp_path_factory) -> Path:
    """The shipped year with a grade, an amount, a day, a rating corrected."""
    folder = make_year(SHIPPED, tmp_path_factory.mktemp("corrected") / "2024")
    write(folder, ("cum-3.xlsx", SCORES, "D7", "A", "B"), ("cum-3.xlsx", FIGURES, "E6", "58900000", "61000000"),
          ("cum-3.xlsx", DAYS, "D7", "", "2024-12-09", "hỏi văn thư", ""), ("cum-3.xlsx", BRANCHES, "D5", "Yếu", "Khá"))
    return folder


def test_evidence_says_so_beside_the_source(corrected):
    """The tables of the cluster's page and the unit's; `ctd explain`."""
    found = appraise(year.read(corrected))
    i = found.place["an-bien"]
    evidence = "\n".join(str(row.cells[-1].text) for row in cluster_tables.evidence(found, [i]).rows if len(row.cells) > 1)
    lines = "\n".join(explain.lines(found, "an-bien"))
    own = grades.own_grades(found, i).rows[0].cells[-1].text

    assert f"cum-3.xlsx, Chỉ tiêu:6; đã sửa theo {LETTER} (tệp ghi “58900000”)" in evidence
    assert "đã sửa theo hỏi văn thư (tệp để trống)" in evidence
    assert f"đã sửa theo {LETTER} (tệp ghi “A”)" in own
    assert f"Huyện An Biên, TC 1: đã sửa theo {LETTER} (tệp ghi “A”)." in grades.matrix(found, "cum-3").notes
    for line in (f"TC 1: đã sửa theo {LETTER} (tệp ghi “A”)", f"đã sửa theo {LETTER} (tệp ghi “58900000”)",
                 "đã sửa theo hỏi văn thư (tệp để trống)",
                 f"Hội cơ sở Hội CTĐ thị trấn Thứ Ba: đã sửa theo {LETTER} (tệp ghi “Yếu”)"):
        assert line in lines
    assert "tệp ghi" not in "\n".join(explain.lines(found, "an-minh"))


def test_the_page_of_inputs_lists_what_is_in_force(corrected):
    """was → value, reason, document; a notice at each cell as well."""
    found = appraise(year.read(corrected))
    rows = [[cell.text for cell in row.cells] for row in inputs.corrections(found).rows]

    assert 4 == len(rows)
    assert ["cum-3", "cum-3.xlsx", SCORES, "D7", "A", "B", "gọi điện hỏi lại", LETTER] == rows[0]
    assert ["cum-3", "cum-3.xlsx", DAYS, "D7", "(trống)", "2024-12-09", "hỏi văn thư", ""] == rows[2]
    assert f"cum-3.xlsx, trang “{SCORES}”, ô D7: đọc là “B”, đã sửa theo {LETTER} (gọi điện hỏi lại); thấy “A”." in \
        [n.message for n in found.notices]
    assert () == inputs.corrections(appraise(year.read(SHIPPED))).rows


def test_the_account_of_cells_shows_what_was_read(corrected, tmp_path):
    """`--account`: the corrected text, one row a cell."""
    assert 0 == cli.main(["check", str(corrected), "--account", str(tmp_path / "a.csv")])
    with open(tmp_path / "a.csv", newline="", encoding="utf-8") as file:
        told = {(row["sheet"], row["cell"]): row["text"] for row in csv.DictReader(file) if row["file"] == "cum-3.xlsx"}

    assert ("B", "61000000", "Khá") == (told[SCORES, "D7"], told[FIGURES, "E6"], told[BRANCHES, "D5"])


def test_a_marked_copy_leaves_corrected_cells_alone(shipped_copy, tmp_path):
    """Of two faulty grades the one that is corrected is not red; the list says how it is read."""
    spoil(shipped_copy, SCORES, "D7", "D")
    spoil(shipped_copy, SCORES, "D8", "E")
    write(shipped_copy, ("cum-3.xlsx", SCORES, "D7", "D", "B"))
    cli.main(["check", str(shipped_copy), "--annotate", str(tmp_path / "back")])
    copy = openpyxl.load_workbook(tmp_path / "back" / "cum-3.xlsx")

    assert (None, "D") == (copy[SCORES]["D7"].comment, copy[SCORES]["D7"].value)
    assert copy[SCORES]["D8"].comment
    assert any("Đọc là “B”" in str(row[3]) for row in copy["Cần sửa"].iter_rows(min_row=5, values_only=True))


def test_a_cluster_read_alone_has_its_own_corrections(corrected):
    """As the notebook of one cluster reads it."""
    whole = year.read(corrected)

    for cluster, part in whole.by_cluster().items():
        alone = year.read(corrected, cluster)
        assert (alone.corrections, alone.grades, alone.notices) == (part.corrections, part.grades, part.notices)
        assert alone.behind(cluster) == part.behind(cluster) == whole.behind(cluster)


def test_only_the_clusters_it_touches_are_made_again(shipped_copy):
    """What the pages of the other clusters rest on is the same, with the file, without it, whatever line a row stands on."""
    (shipped_copy / "corrections.csv").unlink(missing_ok=True)
    none = {c: year.read(shipped_copy).behind(c) for c in ("cum-1", "cum-2", "cum-3", "cum-4")}
    write(shipped_copy, ("cum-3.xlsx", SCORES, "D7", "A", "B"))
    one = {c: year.read(shipped_copy).behind(c) for c in none}
    write(shipped_copy, ("cum-4.xlsx", SCORES, "D7", "A", "B"), ("cum-3.xlsx", SCORES, "D7", "A", "B"))
    two = {c: year.read(shipped_copy).behind(c) for c in none}

    assert {"cum-3"} == {c for c in none if none[c] != one[c]}
    assert {"cum-4"} == {c for c in none if one[c] != two[c]}
    assert "corrections.csv" in [s.file for s in year.read(shipped_copy).sources]


def test_a_file_that_appears_while_the_year_is_read_is_seen(shipped_copy):
    """That there was none is remembered."""
    (shipped_copy / "corrections.csv").unlink(missing_ok=True)
    read = year.read(shipped_copy)
    assert [] == read.changed()
    write(shipped_copy)

    assert ["corrections.csv"] == [one.file for one in read.changed()]


def test_the_json_of_check_names_file_and_line(shipped_copy, tmp_path):
    """The contract's form."""
    write(shipped_copy, ("cum-3.xlsx", SCORES, "D7", "B", "A"))
    assert 1 == cli.main(["check", str(shipped_copy), "--json", str(tmp_path / "c.json")])
    told, = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["problems"]

    assert ("cum-3", "corrections.csv", 2, "A") == (told["cluster"], told["file"], told["line"], told["seen"])


def test_what_is_said_of_the_other_cells_is_still_said(shipped_copy):
    """A grade with a line through it, and a remark too long to be kept whole, stand on the sheet that is corrected."""
    path = shipped_copy / "submissions" / "cum-3.xlsx"
    book = openpyxl.load_workbook(path)
    book[SCORES]["D10"].font = openpyxl.styles.Font(strike=True)
    book[SCORES]["E8"] = "dài " * 400
    book.save(path)
    write(shipped_copy, ("cum-3.xlsx", SCORES, "D9", "A", "C"))

    read = year.read(shipped_copy)

    assert 1 == len(read.corrections)
    assert {"D10", "E8"} <= {n.cell for n in read.notices if n.sheet == SCORES and "gạch ngang" in n.what or "chữ" in n.what}
