"""Hostile values in each kind of input cell of a valid workbook: the same meaning, or a problem that names that very cell."""

from __future__ import annotations

import io
import shutil
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from conftest import SHIPPED

from ctd_analysis.files import Folder
from ctd_analysis.forms import template
from ctd_analysis.office.opener import Opener
from ctd_analysis.plan.load import load
from ctd_analysis.problems import Log
from ctd_analysis.rows import COLUMNS
from ctd_analysis.year import parser, submission, year

CLUSTER, UNIT = "cum-2", "tan-hiep"
#: One cell of each kind, by what it is about: table, key, column.
KINDS = {
    "own grade": ("grades", (UNIT, 5), "self"), "cluster grade": ("grades", (UNIT, 9), "cluster"),
    "money target": ("indicators", (UNIT, "dues"), "target"), "money": ("indicators", (UNIT, "resources"), "actual"),
    "count target": ("indicators", (UNIT, "member_growth"), "target"),
    "count": ("indicators", (UNIT, "blood_units"), "actual"), "yes or no": ("indicators", (UNIT, "reporting"), "actual"),
    "points": ("indicators", (UNIT, "converted"), "actual"), "day": ("filings", (UNIT, "self_scores"), "received"),
    "rating": ("branches", None, "rating"), "fund": ("branches", None, "fund")}
_GRADES, _NUMBERS = {"own grade", "cluster grade"}, {"money target", "money", "count target", "count", "points", "fund"}
_MONEY = {"money target", "money", "fund"}
DAY = date(2024, 12, 10)


class Error(str):
    """A cell that shows an error."""


class Formula(str):
    """A formula nobody computed."""


#: What is typed, and what it means in which kinds; in every other kind it must be a problem.
VALUES = [
    (Error("#N/A"), {}), (Error("#REF!"), {}), (Error("#DIV/0!"), {}), (Formula("=SUM(A1:A3)"), {}), (Formula("=1+1"), {}),
    ("", dict.fromkeys(KINDS, "")), ("   ", dict.fromkeys(KINDS, "")), ("\u00a0", dict.fromkeys(KINDS, "")),
    ("9,5", {"points": Decimal("9.5")}), ("9.5", {}), (datetime(2024, 5, 9), {"day": date(2024, 5, 9)}),
    ("95%", {}), (0.95, {"points": Decimal("0.95")}), ((0.95, "0%"), {}), ((1, "0%"), {}),
    (" 95", dict.fromkeys(_NUMBERS, 95)), ("95\u00a0", dict.fromkeys(_NUMBERS, 95)), ("９５", dict.fromkeys(_NUMBERS, 95)),
    ("\u200b95", dict.fromkeys(_NUMBERS, 95)), ("95\n", dict.fromkeys(_NUMBERS, 95)), (95.0, dict.fromkeys(_NUMBERS, 95)),
    (1e308, {}), (-0.0, dict.fromkeys(_NUMBERS | {"yes or no"}, 0)), ("-0", {}), (True, {}), (False, {}), ("TRUE", {}),
    ("12345", dict.fromkeys(_NUMBERS, 12345)), (45636, dict.fromkeys(_NUMBERS, 45636)), (-5, {}), ("-5", {}), ("−5", {}),
    (7, dict.fromkeys(_NUMBERS, 7)), (1, dict.fromkeys(_NUMBERS | {"yes or no"}, 1)), (2, dict.fromkeys(_NUMBERS, 2)),
    (7.5, {"points": Decimal("7.5")}), ("1.234", dict.fromkeys(_NUMBERS, 1234)), ("1,234", {"points": Decimal("1.234")}),
    ("1.8", {}), ("0.500", {}), ("1 234", {}), ("1.234.567", dict.fromkeys(_NUMBERS, 1234567)), ("1,234,567", {}), ("1e5", {}),
    ("8,1 tỷ", dict.fromkeys(_MONEY, 8100000000)), ("50 triệu đồng", dict.fromkeys(_MONEY, 50000000)), ("8.1 tỷ", {}),
    ("50 con", {}), ("khoảng 50", {}), ("10^6", {}), ("1.748/x", {}), ("2000000000000000", {}), ("N/A", {}), ("NA", {}),
    ("null", {}),
    ("A", dict.fromkeys(_GRADES, "A")), (" b ", dict.fromkeys(_GRADES, "B")), ("Ｃ", dict.fromkeys(_GRADES, "C")),
    ("kad", dict.fromkeys(_GRADES, "KAD")), ("Không áp dụng", dict.fromkeys(_GRADES, "KAD")), ("А", {}), ("Α", {}), ("Ă", {}),
    ("A+", {}), ("A/B", {}), ("AA", {}), ("A,", {}), ("A?", {}), ("D", {}), ("–", {}), ("-", {}), ("x", {}), ("✓", {}),
    ("?", {}),
    ("10/12/2024", {"day": DAY}), ("2024-12-10", {"day": DAY}), (datetime(2024, 12, 10, 16, 40), {"day": DAY}),
    ("10-12-2024", {"day": DAY}), ("12/25/2024", {}), ("31/02/2024", {}), ("10/12/24", {}), ("10/12", {}),
    ("2024", dict.fromkeys(_NUMBERS, 2024)), (time(9, 30), {}), ("10/12/1924", {}),
    ("Không gửi", {"day": "none"}), ("không nộp", {"day": "none"}),
    ("chưa gửi", {}), ("rồi", {}), ("Khá", {"rating": "Khá"}), ("XUẤT SẮC", {"rating": "Xuất sắc"}),
    ("tb", {"rating": "Trung bình"}),
    ("Xuât sắc", {}), ("Tốt", {}), ("💯", {}), ("=1+1", {}), ("<b>A</b>", {}), ("A" * 300, {})]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The shipped year's template of one cluster, filled, and where each kind of cell stands in it."""
    shipped = year.read(SHIPPED)
    raw = template.workbook(shipped, CLUSTER, filled=True)
    folder = shutil.copytree(SHIPPED, tmp_path_factory.mktemp("mutated") / "2024", ignore=shutil.ignore_patterns("submissions"))
    (folder / "submissions").mkdir()
    units = {u.unit: u for u in shipped.units}
    return folder, raw, units, shipped


def read(folder: Path, content: bytes, units) -> tuple[dict, Log]:
    """The records a submission is read as, sound ones even where others are not, and the log."""
    (folder / "submissions" / f"{CLUSTER}.xlsx").write_bytes(content)
    log = Log()
    inside = Folder(folder, log)
    book = load(Path("rulebook.toml"), (folder / "rulebook.toml").read_bytes())
    opener = Opener(submission.workbooks(inside))
    try:
        return submission.read(inside, CLUSTER, parser.Parser(book, units, log), opener), log
    finally:
        opener.close()


def cells_of(book, branches) -> dict[str, tuple[str, str]]:
    """Sheet and address of the cell of each kind, found by the words around it."""
    sheets = {"grades": "Bảng điểm", "indicators": "Chỉ tiêu", "filings": "Hồ sơ", "branches": "Hội cơ sở"}
    found = {}
    for kind, (table, key, column) in KINDS.items():
        sheet = book[sheets[table]]
        address = _crossing(sheet, key, column) if key else _beside(sheet, branches[kind], column)
        found[kind] = (sheet.title, address)
    return found


def _beside(sheet, branch, column) -> str:
    """The cell of a branch's rating or fund."""
    word = "Xếp loại" if column == "rating" else "quỹ"
    head = next(c for row in sheet.iter_rows(max_row=12) for c in row if c.value and word.casefold() in str(c.value).casefold()
                and len(str(c.value)) < 40 and c.column > 2)
    row = next(c.row for row in sheet.iter_rows() for c in row if c.value == branch.branch)
    return sheet.cell(row, head.column).coordinate


def _crossing(sheet, key, column) -> str:
    """Where the row of a key and the column of a unit's heading meet."""
    units = next((c for row in sheet.iter_rows(max_row=12) for c in row if c.value and "Tân Hiệp" in str(c.value)))
    at = units.column + (column in ("cluster", "actual"))
    label = {"dues": "Hội phí", "resources": "Tổng nguồn lực vận động", "member_growth": "Phát triển hội viên",
             "blood_units": "Hiến máu tình nguyện", "reporting": "Chế độ thông tin báo cáo", "converted": "Điểm quy đổi",
             "self_scores": "Bảng tự chấm điểm"}.get(key[1], key[1])
    row = next(c.row for row in sheet.iter_rows(min_row=units.row) for c in row if c.column < units.column and c.value == label)
    return sheet.cell(row, at).coordinate


def set_cell(cell, value) -> None:
    """Type a value into a cell, of whatever kind."""
    form = "General"
    if isinstance(value, tuple):
        value, form = value
    cell.value = None if value == "" else value
    if isinstance(value, Error):
        cell.value, cell.data_type = str(value), "e"
    elif isinstance(value, Formula):
        cell.value = str(value)
    elif isinstance(value, str) and value.startswith("="):
        cell.data_type = "s"
    if not isinstance(value, (date, datetime, time)):
        cell.number_format = form


def value_of(records: dict, kind: str, before) -> object:
    """What the cell of a kind was read as."""
    table, key, column = KINDS[kind]
    at = COLUMNS[table].index(column)
    if table == "branches":
        row = next((r for r in records.get(table, ()) if r[:2] == before[kind][:2]), None)
    else:
        row = next((r for r in records.get(table, ()) if r[:2] == key), None)
    return "" if row is None or row[at] is None else row[at]


@pytest.mark.parametrize("value", VALUES, ids=lambda v: repr(v[0])[:24])
def test_a_hostile_value_means_the_same_or_is_named(filled, value):
    """Never a third thing."""
    folder, raw, units, shipped = filled
    book = openpyxl.load_workbook(io.BytesIO(raw))
    branches = [b for b in shipped.branches if units[b.unit].cluster == CLUSTER]
    before = {"rating": branches[0], "fund": branches[1]}
    places = cells_of(book, before)
    typed, means = value
    for sheet, address in places.values():
        set_cell(book[sheet][address], typed)
    buffer = io.BytesIO()
    book.save(buffer)

    records, log = read(folder, buffer.getvalue(), units)

    named = {(p.sheet, p.cell) for p in log.problems}
    assert named <= set(places.values())
    for kind, place in places.items():
        if kind in means:
            assert place not in named, kind
            assert means[kind] == value_of(records, kind, before), kind
        else:
            assert place in named, kind
    for problem in log.problems:
        assert problem.wanted and problem.seen is not None
