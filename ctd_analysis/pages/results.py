"""`results.xlsx`: the tables of the appraisal as a workbook, each on a sheet of its own.

What is text stays text: nothing typed by somebody becomes a formula or a link. The same appraisal gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from tempfile import TemporaryDirectory, gettempdir

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from ..answers.appraisal import Appraisal
from ..problems import why
from ..tables import cluster, grades, inputs, province
from ..tables.printed import Entry, Printed, fitted, wrapped
from ..terms import number
from ..words import outcomes, papers

_OPTIONS = {"in_memory": False, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_ROOM = 156              # signs side by side on an A4 sheet that lies, in type of 9 to 10 points
_COVER = (26, 106)       # signs: what a line of the cover is about, and what it says
_LONGEST = 32_767        # characters a spreadsheet cell holds
_HEAD = 200              # characters of a column head: a table range takes no more than 255
_A4 = 9                  # as spreadsheets number paper sizes
_MARGINS = {"left": 1.18, "right": 0.6, "top": 0.8, "bottom": 0.75}      # inches: 30 mm to file the sheets by
_LINE_HEIGHT = 15.0      # points
_LINE = {"valign": "top", "bottom": 1, "bottom_color": "#BFBFBF"}
_STYLES = {"title": {"bold": True, "font_size": 14}, "head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
           "number head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "align": "right", "indent": 1},
           "text": {**_LINE, "text_wrap": True, "quote_prefix": True},
           "number words": {**_LINE, "align": "right", "indent": 1, "quote_prefix": True},
           "note": {"italic": True},
           "band": {"bold": True, "bottom": 1, "bottom_color": "#BFBFBF"},
           "number": {**_LINE, "num_format": "#,##0.##", "align": "right", "indent": 1},
           "whole": {**_LINE, "num_format": "#,##0", "align": "right", "indent": 1},
           "link": {**_LINE, "font_color": "#0563C1", "underline": 1}}


def workbook(appraisal: Appraisal, marks: list[tuple[str, str]]) -> bytes:
    """The whole workbook as bytes: a cover with the page's status marks, then a sheet a table; OSError where room is short."""
    with TemporaryDirectory(prefix="ctd-", ignore_cleanup_errors=True) as aside:
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer, {**_OPTIONS, "tmpdir": aside})
        book.set_properties({"title": appraisal.book.plan.title, "created": datetime(appraisal.book.year, 1, 1)})
        formats = {name: book.add_format(style) for name, style in _STYLES.items()}
        cover, held = book.add_worksheet("Tóm tắt"), {}
        for title, table in SHEETS.items():
            made = table(appraisal)
            held[title] = (made.caption, sum(not row.band for row in made.rows))
            _sheet(book.add_worksheet(title), made, formats)
        _cover(cover, appraisal, marks, held, formats)
        for sheet in book.worksheets():         # what a printed sheet is of, whichever it is
            status = papers.running(marks).replace("&", "&&")
            sheet.set_header(f"&L&8Thi đua năm {appraisal.book.year}: &A&R&8{status}"[:255])
            sheet.set_footer("&C&8&P / &N")
            sheet.set_landscape()
            sheet.set_paper(_A4)
            sheet.set_margins(**_MARGINS)
            sheet.fit_to_pages(1, 0)
        try:
            book.close()
        except FileCreateError as error:
            reason = why(error.args[0]) if isinstance(error.args[0], OSError) else error
            raise OSError(None, f"thư mục tạm {gettempdir()}: {reason}") from error
        return buffer.getvalue()


#: The sheets after the cover, by the names on their tabs.
SHEETS = {
    "Xếp loại": province.standings, "Quyết định đã có": lambda a: cluster.decided(a, a.everyone), "Điều chỉnh": cluster.amended,
    "Cần ý kiến": province.questions, "Đứng đầu cụm": province.nominees, "Phân bố": province.distribution,
    "Chưa đạt A": province.lost_points, "Trường hợp III.2": lambda a: cluster.evidence(a, a.everyone),
    "Khác nhau": lambda a: grades.differences(a, a.everyone), "Điểm": grades.all_grades, "Chỉ tiêu phần II": province.targets,
    "Còn thiếu": inputs.gaps, "Cách hiểu": lambda a: cluster.readings(a, a.everyone), "Lỗi, lưu ý": inputs.issues,
    "Nguồn": inputs.sources}


def _cover(sheet, appraisal: Appraisal, marks, held: dict[str, tuple[str, int]], formats):
    """The year in sentences, then what each sheet holds (caption and lines), each name leading there."""
    for column, width in enumerate(_COVER):
        sheet.set_column(column, column, width)
    _write(sheet, 0, 0, appraisal.book.plan.title, formats["title"])
    _write(sheet, 1, 0, f"{appraisal.book.plan.issuer} – {appraisal.book.plan.council}", formats["band"])
    lines = [*(("Tình trạng", text) for _, text in marks), *(("Kết quả", text) for text in outcomes.whole_year(appraisal)),
             ("Thang xếp loại", cluster.legend(appraisal)), ("Lưu ý", "Xếp loại là dự kiến; Hội đồng quyết định.")]
    row, last = 3, ""
    for name, line in lines:
        _write(sheet, row, 0, name if name != last else "", formats["head"])
        _write(sheet, row, 1, line, formats["text"])
        sheet.set_row(row, _height([line], _COVER[1:]))
        row, last = row + 1, name
    _write(sheet, row + 1, 0, "Các trang", formats["band"])
    for at, (title, (caption, count)) in enumerate(held.items(), row + 2):
        sheet.write_url(at, 0, f"internal:'{title}'!A1", formats["link"], string=title)
        _write(sheet, at, 1, f"{caption}: {f'{number(count)} dòng' if count else 'không có'}", formats["text"])


def _sheet(sheet, table: Printed, formats):
    """One table as a real table range: heads frozen and repeated on paper, filters, numbers as numbers, notes below."""
    banded = any(row.band for row in table.rows)
    heads = _distinct([*(["Nhóm"] if banded else []), *(c.label for c in table.columns)])
    lines = list(_lines(table, banded))
    widths = fitted([[head, *(cells[k].words for cells in lines)] for k, head in enumerate(heads)], _ROOM - 2 * len(heads))
    widths = [max(width, 5) for width in widths]
    numeric = [*([False] if banded else []), *(column.kind == "number" for column in table.columns)]
    sheet.set_row(0, _height(heads, [max(width - 2, 1) for width in widths]))      # a head leaves room for its filter
    for line, cells in enumerate(lines, 1):
        for k, cell in enumerate(cells):
            if cell.value is not None:
                sheet.write_number(line, k, cell.value, formats["whole" if isinstance(cell.value, int) else "number"])
            elif cell.words:
                _write(sheet, line, k, cell.words, formats["number words" if numeric[k] else "text"])
        if (height := _height([cell.words for cell in cells], widths)) > _LINE_HEIGHT:
            sheet.set_row(line, height)
    sheet.add_table(0, 0, max(len(lines), 1), len(heads) - 1, {"style": "Table Style Light 1", "columns": [
        {"header": head, "header_format": formats["number head" if is_number else "head"]}
        for head, is_number in zip(heads, numeric, strict=True)]})
    for k, width in enumerate(widths):
        sheet.set_column(k, k, width + 2)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    notes = [part for note in table.notes or (() if lines else (table.empty,)) for part in wrapped(note, sum(widths))]
    for below, note in enumerate(notes, max(len(lines), 1) + 2):
        _write(sheet, below, 0, note, formats["note"])


def _height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """Points for a row of wrapped cells (not every program fits rows by itself), up to what a row may have."""
    lines = (len(wrapped(text, width * 11 // 10)) for text, width in zip(texts, widths, strict=True)     # type is narrower
             if len(text) > width or "\n" in text)
    return min(_LINE_HEIGHT * max(lines, default=1), 405.0)


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
