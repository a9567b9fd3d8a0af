"""A marked copy of somebody's workbook, made in a process of its own with the reader's limits (`office.limits`).

The caller sends what to mark as plain data; back come the copy's bytes, or why there is none. Whatever a file does to openpyxl,
nobody waits for it and nothing else is lost. Text from a submission never becomes a formula; formulas that were there stay.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess  # noqa: S404 - this same Python, on this module, with a fixed command line
import sys
import threading
import warnings
import zipfile
from copy import copy
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from ..files import DAWN, without_clock
from ..office.comments import OUR_AUTHOR, OUR_RULE, not_ours
from ..office.limits import ONE_ARENA, confine, count_work
from ..values import nfc

SUMMARY = "Cần sửa"
#: None of these heads is a word that begins a table of scores: a copy that comes back keeps its list.
HEADS = {"#": 5, "Việc": 11, "Ở đâu": 40, "Vì sao": 58, "Đang ghi": 26, "Cần ghi": 40}
INTRO = ("Xin sửa các chỗ ghi “Phải sửa” rồi gửi lại tệp; chỗ ghi “Lưu ý” chỉ cần xem lại. Trang này do máy lập, khi gửi lại "
         "có thể để nguyên.")
PATIENCE = 30.0                             # seconds to wait for the process, which counts its own work
_TRIES = 2                                  # processes that may die over one file
_LARGEST = 64 * 2**20                       # bytes of unpacked workbook worth opening to mark it
_RED, _DARK_RED, _EDGE = "FFFFC7CE", "FFC00000", "medium"       # a marked cell's fill; its edge
_ODD, _TOO_MUCH = 3, 4                      # exit codes: openpyxl cannot; work or memory spent
_ALONE = ONE_ARENA | {"OPENBLAS_NUM_THREADS": "1"}       # numpy, which openpyxl loads: a thread a core would count as memory
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from ctd_analysis.forms.marking import main; main()"


class Marks(NamedTuple):
    """What goes into a copy: sheet, cell and comment of each problem of the file; the first sheet's rows, theirs first."""
    problems: list[tuple[str, str, str]]
    rows: list[tuple[str, ...]]


class Unmarked(Exception):
    """There is no marked copy; the message says why, in Vietnamese."""


# ---------------------------------------------------------------- the side that asks

def marked(path: Path, marks: Marks) -> bytes:
    """The copy of the workbook at `path`; `Unmarked` where it is odd, takes too much, or kills two processes."""
    for _ in range(_TRIES):
        code, content = _asked(path, marks)
        if code == 0:
            return content
        if code == _ODD:
            raise Unmarked("tệp có chỗ lạ, không đánh dấu được trên bản sao")
        if code == _TOO_MUCH:
            break
    raise Unmarked("tệp quá nặng, không đánh dấu được trên bản sao")


def _asked(path: Path, marks: Marks) -> tuple[int, bytes]:
    """One process over the file: its exit code and what it wrote."""
    home = str(Path(__file__).parent.parent.parent)
    with subprocess.Popen([sys.executable, "-I", "-B", "-c", _CHILD, home], stdin=subprocess.PIPE,  # noqa: S603
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ | _ALONE) as child:
        late = threading.Timer(PATIENCE, child.kill)
        late.start()
        try:
            child.stdin.write(json.dumps([str(path), *marks]).encode("ascii") + b"\n")
            child.stdin.flush()
            content = child.stdout.read()
            return child.wait(), content
        except BrokenPipeError:
            return child.wait(), b""
        finally:
            late.cancel()
            child.kill()


# ---------------------------------------------------------------- the side that opens the file

def main() -> None:
    """Read one request, write one copy; the exit code tells."""
    path, problems, rows = json.loads(sys.stdin.buffer.readline())
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    confine()
    count_work(threading.Event(), lambda: os._exit(_TOO_MUCH))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            content = _copy(Path(path), Marks(problems, rows))
        out.write(content)
        out.flush()
        os._exit(0)
    except MemoryError:
        os._exit(_TOO_MUCH)
    except BaseException:                   # openpyxl has no error of its own: whatever it cannot do, the list will say
        os._exit(_ODD)


def _copy(path: Path, marks: Marks) -> bytes:
    import openpyxl
    with zipfile.ZipFile(path) as parts:
        if sum(part.file_size for part in parts.infolist()) > _LARGEST:
            raise MemoryError
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        _unmark(sheet)
    sheets = {nfc(sheet.title): sheet for sheet in book.worksheets}
    said: dict[tuple, list[str]] = {}
    for name, address, comment in marks.problems:
        sheet = sheets.get(name)
        place = sheet and _place(sheet, address)
        if place:
            said.setdefault((sheet.title, *place), []).append(comment)
    for (title, row, column), comments in said.items():
        _mark(book[title].cell(row, column), "\n".join(dict.fromkeys(comments)))
    _summary(book, marks)
    return _saved(book, path)


def _place(sheet, address: str) -> tuple[int, int] | None:
    """Row and column to mark: the first of a range, the visible one of merged cells."""
    from openpyxl.utils import range_boundaries
    try:
        column, row, _, _ = range_boundaries(address)
    except (ValueError, TypeError):
        return None
    row, column = row or 1, column or 1
    for merged in sheet.merged_cells.ranges:
        if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
            return merged.min_row, merged.min_col
    return row, column


def _mark(cell, text: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Border, PatternFill, Side
    cell.fill = PatternFill("solid", fgColor=_RED)
    edge = Side(_EDGE, color=_DARK_RED)
    cell.border = Border(left=edge, right=edge, top=edge, bottom=edge)
    theirs = f"{cell.comment.text}{OUR_RULE}" if cell.comment else ""
    lines = sum(1 + len(line) // 40 for line in f"{theirs}{text}".split("\n"))
    cell.comment = Comment(theirs + text, OUR_AUTHOR, width=320, height=min(24 + 18 * lines, 400))


def _unmark(sheet) -> None:
    """Take away the marks of an earlier copy that has come back, whatever program saved it; not what somebody drew since."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Border, PatternFill, Side
    thin = Side("thin", color="FF8C8C8C")
    for cell in list(sheet._cells.values()):              # only the cells that are there: a sheet may be a million rows tall
        if cell.comment:
            author = cell.comment.author
            theirs = not_ours(cell.comment.text, author == OUR_AUTHOR)
            if theirs != cell.comment.text:
                cell.comment = Comment(theirs, "" if author == OUR_AUTHOR else author) if theirs else None
        edges = {side: getattr(cell.border, side) for side in ("left", "right", "top", "bottom")}
        if any(map(_is_ours, edges.values())):
            cell.border = Border(**{side: thin if _is_ours(edge) else copy(edge) for side, edge in edges.items()})
            if cell.fill.fill_type == "solid" and _is(cell.fill.fgColor, _RED):
                cell.fill = PatternFill()


def _is_ours(edge) -> bool:
    return edge is not None and edge.style == _EDGE and _is(edge.color, _DARK_RED)


def _is(color, ours: str) -> bool:
    """Is it that colour, however opaque a program has made it?"""
    return color is not None and color.type == "rgb" and str(color.rgb)[-6:] == ours[-6:]


def _summary(book, marks: Marks) -> None:
    """The first sheet: everything that was found, the problems of this workbook with a link to their cells."""
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.hyperlink import Hyperlink
    for sheet in [s for s in book.worksheets if s.title == SUMMARY and s["A1"].value == SUMMARY.upper()]:
        book.remove(sheet)
    titles = {nfc(sheet.title): sheet.title for sheet in book.worksheets}
    sheet = book.create_sheet(SUMMARY, 0)
    for at, line in enumerate([(SUMMARY.upper(),), (INTRO,), (), tuple(HEADS), *marks.rows], 1):
        for column, text in enumerate(line, 1):
            cell = sheet.cell(at, column)
            cell.value = text
            cell.data_type = "s"            # text that stays text, whatever it begins with
            cell.quotePrefix = text[:1] in tuple("=+-@")
            cell.font = Font(name="Times New Roman", size=14 if at == 1 else 11, bold=at in (1, 4))
            cell.alignment = Alignment(wrap_text=at > 2, vertical="top")
            cell.border = Border(bottom=Side("medium" if at == 4 else "hair" if at > 4 else None))
    for at, (name, address, _) in enumerate(marks.problems, 5):
        title = titles.get(name)
        if title and re.fullmatch(r"[A-Z]{1,3}[0-9]+", address):
            quoted = title.replace("'", "''")
            sheet.cell(at, 3).hyperlink = Hyperlink(ref=f"C{at}", location=f"'{quoted}'!{address}")
    for at, row in enumerate(marks.rows, 5):
        sheet.row_dimensions[at].height = height(row)
    for column, width in enumerate(HEADS.values(), 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "4:4"
    for one in book.worksheets:
        one.sheet_view.tabSelected = one is sheet
    book.active = 0


def _saved(book, path: Path) -> bytes:
    """The workbook's bytes, without a clock in them."""
    from openpyxl.writer.excel import ExcelWriter
    with zipfile.ZipFile(path) as parts:
        if "docProps/core.xml" not in parts.namelist():
            book.properties.created = book.properties.modified = datetime(*DAWN[:3])
    written = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED)).save()
    return without_clock(written)


def height(row: tuple[str, ...]) -> float:
    """How high a row has to be for its longest cell, in points."""
    return 15 * min(max(1 + int(0.95 * len(text) / width) for text, width in zip(row, HEADS.values(), strict=True)), 25)
