"""`results.xlsx`: the tables of the appraisal as a workbook, each on a sheet of its own.

What is text stays text: nothing typed by somebody becomes a formula or a link. The same appraisal gives the same bytes.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from datetime import datetime
from tempfile import gettempdir

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from ..answers.appraisal import Appraisal
from ..tables import cluster, grades, inputs, province
from ..tables.printed import Entry, Printed
from ..words import council, papers

_OPTIONS = {"in_memory": False, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDEST = 60
_LONGEST = 32_767        # characters a spreadsheet cell holds
_HEAD = 200              # characters of a column head: a table range takes no more than 255
_A4 = 9                  # as spreadsheets number paper sizes


def workbook(appraisal: Appraisal, marks: list[tuple[str, str]]) -> bytes:
    """The whole workbook as bytes: a cover with the page's status marks, then a sheet a table; OSError where room is short."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    book.set_properties({"title": appraisal.book.plan.title, "created": datetime(appraisal.book.year, 1, 1)})
    formats = {"title": book.add_format({"bold": True, "font_size": 14}),
               "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
               "text": book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
               "number": book.add_format({"valign": "top", "num_format": "#,##0.##"}),
               "whole": book.add_format({"valign": "top", "num_format": "#,##0"})}
    cover, captions = book.add_worksheet("Tóm tắt"), {}
    for title, table in SHEETS.items():
        made = table(appraisal)
        captions[title] = made.caption
        _sheet(book, title, made, formats)
    _cover(cover, appraisal, marks, captions, formats)
    for sheet in book.worksheets():         # what a printed sheet is of, whichever it is
        status = papers.running(marks).replace("&", "&&")
        sheet.set_header(f"&L&8Thi đua năm {appraisal.book.year}: &A&R&8{status}"[:255])
        sheet.set_footer("&C&8&P / &N")
    try:
        book.close()
    except FileCreateError as error:        # what it puts aside meanwhile lies in the system's folder for that
        raise OSError(None, f"thư mục tạm {gettempdir()}: {error}") from error
    return buffer.getvalue()


#: The sheets after the cover, by the names on their tabs.
SHEETS = {
    "Xếp loại": province.standings, "Quyết định đã có": lambda a: cluster.decided(a, a.everyone),
    "Cần ý kiến": province.questions, "Đứng đầu cụm": province.nominees, "Phân bố": province.distribution,
    "Chưa đạt A": province.lost_points, "Trường hợp III.2": lambda a: cluster.evidence(a, a.everyone),
    "Khác nhau": lambda a: grades.differences(a, a.everyone), "Điểm": grades.all_grades, "Chỉ tiêu phần II": province.targets,
    "Còn thiếu": inputs.gaps, "Cách hiểu": lambda a: cluster.readings(a, a.everyone), "Lỗi, lưu ý": inputs.issues,
    "Nguồn": inputs.sources}


def _cover(sheet, appraisal, marks, captions, formats):
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    _write(sheet, 0, 0, appraisal.book.plan.title, formats["title"])
    questions = council.items(appraisal, [appraisal.members(c.cluster) for c in appraisal.year.clusters])
    nominees = ", ".join(appraisal.unit(i).name for i in appraisal.everyone if appraisal.nominee[i])
    lines = [("Kết quả", council.outcome(appraisal, appraisal.everyone)),
             ("Xét Nhất, Nhì, Ba", nominees or "chưa có đơn vị nào"),
             ("Cần ý kiến", f"{len(questions)} nội dung"), *(("Tình trạng", text) for _, text in marks),
             ("Thang xếp loại", cluster.legend(appraisal)), ("Lưu ý", "Xếp loại là dự kiến; Hội đồng quyết định.")]
    for row, (name, line) in enumerate([*lines, *captions.items()], 2):
        if row < len(lines) + 2:
            _write(sheet, row, 0, name, formats["head"])
        else:
            sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        _write(sheet, row, 1, line, formats["text"])
        sheet.set_row(row, _height(len(line) / 100))


def _sheet(book, title: str, table: Printed, formats):
    """One table as a real table range: heads frozen and repeated on paper, filters, numbers as numbers, notes below."""
    sheet = book.add_worksheet(title)
    banded = any(row.band for row in table.rows)
    heads = _distinct([*(["Nhóm"] if banded else []), *(c.label for c in table.columns)])
    widths = [min(len(head), 14) for head in heads]      # a long head wraps
    sheet.set_row(0, _height(max(len(head) / 14 for head in heads)))
    line = 0
    for line, cells in enumerate(_lines(table, banded), 1):
        for k, cell in enumerate(cells):
            widths[k] = max(widths[k], min(len(cell.words), _WIDEST))
            if cell.value is not None:
                sheet.write_number(line, k, cell.value, formats["whole" if isinstance(cell.value, int) else "number"])
            elif cell.words:
                _write(sheet, line, k, cell.words, formats["text"])
    sheet.add_table(0, 0, max(line, 1), len(heads) - 1, {"style": "Table Style Light 1", "columns": [
        {"header": head, "header_format": formats["head"]} for head in heads]})
    for k, width in enumerate(widths):
        sheet.set_column(k, k, max(width + 2, 7))
    for line, cells in enumerate(_lines(table, banded), 1):
        tallest = max(sum(math.ceil(len(part) / max(w, 1)) for part in c.words.split("\n"))
                      for c, w in zip(cells, widths, strict=True))
        if tallest > 1:
            sheet.set_row(line, _height(tallest))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    for below, note in enumerate(table.notes or (() if table.rows else (table.empty,)), max(line, 1) + 2):
        _write(sheet, below, 0, note, book.add_format({"italic": True}))


def _height(lines: float) -> float:
    """Points for so many lines of wrapped text (not every program fits rows by itself), up to what a row may have."""
    return min(15.0 * math.ceil(max(lines, 1)), 405.0)


def _lines(table: Printed, banded: bool) -> Iterator[tuple[Entry, ...]]:
    """The rows as a data table has them: a band becomes the first cell of each row below it."""
    group = Entry("")
    for row in table.rows:
        if row.band:
            group = row.cells[0]
        else:
            yield (group, *row.cells) if banded else row.cells


def _distinct(heads: list[str]) -> list[str]:
    """Column heads of a table range: no two alike (not even but for case), none over 255 characters."""
    seen: dict[str, int] = {}
    distinct = []
    for head in heads:
        cut = "".join(c for c in head if c.isprintable())[:_HEAD] or "?"
        seen[cut.casefold()] = seen.get(cut.casefold(), 0) + 1
        distinct.append(cut if seen[cut.casefold()] == 1 else f"{cut} ({seen[cut.casefold()]})")
    return distinct


def _write(sheet, row, column, text, style):
    cut = text if len(text) <= _LONGEST else text[:_LONGEST - 1] + "…"
    if sheet.write_string(row, column, cut, style) != 0:
        raise RuntimeError(f"sheet {sheet.name}: row {row}, column {column} was not written")
