"""What goes back to a cluster whose submission has faults: its own workbook with the cells marked, or a list.

A copy of each faulty workbook carries a fill and a comment on every faulty cell (what was seen, what is wanted) and a first
sheet “Cần sửa” with all problems and notices. A submission that is no such workbook (CSV, .xls, .ods, a broken file) gets the
list alone. The original is only read. Text from a submission never becomes a formula; formulas that were there stay.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

from ..files import DAWN, without_clock
from ..office.xlsx import OUR_AUTHOR, OUR_RULE
from ..problems import Problem, visible
from ..values import nfc
from ..year.submission import called
from ..year.year import Year

SUMMARY = "Cần sửa"
_OPENS = (".xlsx", ".xlsm")
_LARGEST = 64 * 2**20                      # bytes of unpacked workbook worth opening to mark it
#: None of these heads is a word that begins a table of scores: a copy that comes back keeps its list.
_HEADS = {"#": 5, "Việc": 11, "Ở đâu": 40, "Vì sao": 58, "Đang ghi": 26, "Cần ghi": 40}
_INTRO = ("Xin sửa các chỗ ghi “Phải sửa” rồi gửi lại tệp; chỗ ghi “Lưu ý” chỉ cần xem lại. Trang này do máy lập, khi gửi lại "
          "có thể để nguyên.")


class Return(NamedTuple):
    """A file to send back: its name inside the folder asked for, and its bytes."""
    name: str
    content: bytes


@dataclass(frozen=True)
class _Case:
    """One cluster with faults: what was sent, and what is said of it."""
    cluster: str
    files: dict[str, Path]
    problems: list[Problem]
    notices: list[Problem]

    def of(self, file: str) -> list[Problem]:
        return [p for p in self.problems if p.file == file]


def returns(year: Year, notices: Iterable[Problem]) -> Iterator[Return]:
    """All that goes back, cluster by cluster."""
    for case in _cases(year, list(notices)):
        copied, taken = set(), set()
        for file, path in case.files.items():
            content = _copy(case, file, path)
            if content is not None:
                copied.add(file)
                name = str(Path(file).with_suffix(".xlsx").as_posix())
                name = name if name not in taken else f"{file}.xlsx"
                taken.add(name)
                yield Return(name, content)
        if any(p.file not in copied for p in case.problems):
            yield Return(f"{case.cluster}.can-sua.xlsx", _listing(year, case))


def _cases(year: Year, notices: list[Problem]) -> Iterator[_Case]:
    for cluster in (c.cluster for c in year.all_clusters):
        files = _files(year.path / "submissions", cluster)
        problems, told = ([p for p in found if p.cluster == cluster and (p.file in files or p.file.startswith("submissions"))]
                          for found in (year.problems, notices))
        if not all(p.is_ours for p in problems):
            yield _Case(cluster, files, problems, told)


def _files(root: Path, cluster: str) -> dict[str, Path]:
    """The files of a submission by the names that problems carry."""
    tops = [p for p in sorted(root.iterdir()) if called(p) == cluster] if root.is_dir() else []
    paths = [q for p in tops for q in (sorted(p.iterdir()) if p.is_dir() else [p]) if q.is_file()]
    return {nfc(p.relative_to(root).as_posix()): p for p in paths}


# ---------------------------------------------------------------- the copy

def _copy(case: _Case, file: str, path: Path) -> bytes | None:
    """The marked copy of a workbook, or None where there is nothing to mark or the file cannot be opened for it."""
    mine = case.of(file)
    if not any(p.sheet for p in mine) or path.suffix.casefold() not in _OPENS or not _is_small(path):
        return None
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _marked(path, mine, _rows(case, file))
    except Exception:                      # openpyxl has no error of its own: whatever it cannot do, the list will say
        return None


def _is_small(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as parts:
            return sum(part.file_size for part in parts.infolist()) <= _LARGEST
    except (OSError, zipfile.BadZipFile):
        return False


def _marked(path: Path, problems: list[Problem], rows: list[tuple[str, ...]]) -> bytes:
    import openpyxl
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        _unmark(sheet)
    sheets = {nfc(sheet.title): sheet for sheet in book.worksheets}
    said: dict[tuple, list[Problem]] = {}
    for problem in problems:
        sheet = sheets.get(nfc(problem.sheet or ""))
        place = sheet and _place(sheet, problem.cell)
        if place:
            said.setdefault((sheet.title, *place), []).append(problem)
    for (title, row, column), here in said.items():
        _mark(book[title].cell(row, column), here)
    _summary(book, rows, problems)
    return _saved(book, path)


def _place(sheet, cell: str | None) -> tuple[int, int] | None:
    """Row and column to mark: the first of a range, the visible one of merged cells."""
    from openpyxl.utils import range_boundaries
    try:
        column, row, _, _ = range_boundaries(cell or "")
    except (ValueError, TypeError):
        return None
    row, column = row or 1, column or 1
    for merged in sheet.merged_cells.ranges:
        if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
            return merged.min_row, merged.min_col
    return row, column


def _mark(cell, problems: list[Problem]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Border, PatternFill, Side
    cell.fill = PatternFill("solid", fgColor="FFFFC7CE")
    edge = Side("medium", color="FFC00000")
    cell.border = Border(left=edge, right=edge, top=edge, bottom=edge)
    text = "\n".join(dict.fromkeys(_said(p) for p in problems))
    theirs = f"{cell.comment.text}{OUR_RULE}" if cell.comment else ""
    lines = sum(1 + len(line) // 40 for line in f"{theirs}{text}".split("\n"))
    cell.comment = Comment(theirs + text, OUR_AUTHOR, width=320, height=min(24 + 18 * lines, 400))


def _unmark(sheet) -> None:
    """Take away the marks of an earlier copy that has come back."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Border, PatternFill, Side
    thin = Side("thin", color="FF8C8C8C")
    for cell in list(sheet._cells.values()):              # only the cells that are there: a sheet may be a million rows tall
        if cell.comment and cell.comment.author == OUR_AUTHOR:
            theirs, ours, _ = cell.comment.text.rpartition(OUR_RULE)
            cell.comment = Comment(theirs, "") if ours else None
            cell.fill, cell.border = PatternFill(), Border(left=thin, right=thin, top=thin, bottom=thin)


def _said(problem: Problem) -> str:
    """What was seen and what is wanted, for a comment."""
    seen = "" if problem.seen is None else f"\nĐang ghi: {problem.seen or '(trống)'}"
    wanted = f"\nCần ghi: {problem.wanted}" if problem.wanted else ""
    return _clean(f"{_sentence(problem)}{seen}{wanted}")


def _sentence(problem: Problem) -> str:
    """What is wrong as a sentence; where the cell is named, the column's internal name is not."""
    told = re.sub(r"^cột \w+: ", "", problem.what) if problem.cell else problem.what
    return f"{told[:1].upper()}{told[1:]}."


def _clean(text: str) -> str:
    """Text a workbook can hold: signs nobody sees are spelled out, lines stay lines."""
    return "\n".join(visible(line, 4000) for line in text.split("\n"))


def _summary(book, rows: list[tuple[str, ...]], problems: list[Problem]) -> None:
    """The first sheet: everything that was found, the problems of this workbook with a link to their cells."""
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.hyperlink import Hyperlink
    for sheet in [s for s in book.worksheets if s.title == SUMMARY and s["A1"].value == SUMMARY.upper()]:
        book.remove(sheet)
    titles = {nfc(sheet.title): sheet.title for sheet in book.worksheets}
    sheet = book.create_sheet(SUMMARY, 0)
    for at, line in enumerate([(SUMMARY.upper(),), (_INTRO,), (), tuple(_HEADS), *rows], 1):
        for column, text in enumerate(line, 1):
            cell = sheet.cell(at, column)
            _write_text(cell, text)
            cell.font = Font(name="Times New Roman", size=14 if at == 1 else 11, bold=at in (1, 4))
            cell.alignment = Alignment(wrap_text=at > 2, vertical="top")
            cell.border = Border(bottom=Side("medium" if at == 4 else "hair" if at > 4 else None))
    for at, problem in enumerate(problems, 5):
        title = titles.get(nfc(problem.sheet or ""))
        if title and re.fullmatch(r"[A-Z]{1,3}[0-9]+", problem.cell or ""):
            quoted = title.replace("'", "''")
            sheet.cell(at, 3).hyperlink = Hyperlink(ref=f"C{at}", location=f"'{quoted}'!{problem.cell}")
    for at, row in enumerate(rows, 5):
        sheet.row_dimensions[at].height = _height(row)
    for column, width in enumerate(_HEADS.values(), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "4:4"
    for one in book.worksheets:
        one.sheet_view.tabSelected = one is sheet
    book.active = 0


def _write_text(cell, text: str) -> None:
    """Text that stays text, whatever it begins with."""
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = text[:1] in tuple("=+-@")


def _saved(book, path: Path) -> bytes:
    """The workbook's bytes, without a clock in them."""
    from openpyxl.writer.excel import ExcelWriter
    with zipfile.ZipFile(path) as parts:
        if "docProps/core.xml" not in parts.namelist():
            book.properties.created = book.properties.modified = datetime(*DAWN[:3])
    written = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED)).save()
    return without_clock(written)


# ---------------------------------------------------------------- the list

def _rows(case: _Case, first: str = "") -> list[tuple[str, ...]]:
    """Every problem, then every notice, those of one file first, as the cells of a table."""
    told = [(p, level) for found, level in ((case.problems, "Phải sửa"), (case.notices, "Lưu ý"))
            for p in sorted(found, key=lambda p: p.file != first)]
    return [tuple(map(_clean, (str(n), level, p.where, _sentence(p), "" if p.seen is None else p.seen or "(trống)",
                               p.wanted or ""))) for n, (p, level) in enumerate(told, 1)]


def _height(row: tuple[str, ...]) -> float:
    """How high a row has to be for its longest cell, in points."""
    return 15 * min(max(1 + int(0.95 * len(text) / width) for text, width in zip(row, _HEADS.values(), strict=True)), 25)


def _listing(year: Year, case: _Case) -> bytes:
    """The list alone, as a workbook."""
    buffer, rows = io.BytesIO(), _rows(case)
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{SUMMARY}: {case.cluster}", "created": datetime(year.book.year, 1, 1)})
    font = {"font_name": "Times New Roman", "valign": "top"}
    title, plain = book.add_format({**font, "bold": True, "font_size": 14}), book.add_format(font)
    head = book.add_format({**font, "bold": True, "text_wrap": True, "bottom": 2})
    text = book.add_format({**font, "text_wrap": True, "quote_prefix": True, "bottom": 4})
    sheet = book.add_worksheet(SUMMARY)
    for at, line in enumerate([(SUMMARY.upper(),), (_INTRO,), (), tuple(_HEADS), *rows]):
        for column, said in enumerate(line):
            done = sheet.write_string(at, column, said, title if at == 0 else plain if at == 1 else head if at == 3 else text)
            if done and said:
                raise RuntimeError(f"row {at + 1}, column {column + 1} was not written")
    for at, row in enumerate(rows, 4):
        sheet.set_row(at, _height(row))
    for column, width in enumerate(_HEADS.values()):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(4, 0)
    sheet.repeat_rows(3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()
