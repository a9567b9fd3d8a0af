"""`results.xlsx`: the tables of the appraisal as a workbook, each on a sheet of its own.

What is text stays text: nothing typed by somebody becomes a formula or a link. The same appraisal gives the same bytes.
"""

from __future__ import annotations

import io
from datetime import datetime

import xlsxwriter

from . import tables
from .appraisal import Appraisal
from .tables import Table

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDEST = 60
_LONGEST = 32_767        # characters a spreadsheet cell holds


def workbook(appraisal: Appraisal, marks: list[tuple[str, str]]) -> bytes:
    """The whole workbook as bytes: a cover with the page's status marks, then a sheet a table."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    book.set_properties({"title": appraisal.book.plan.title, "created": datetime(appraisal.book.year, 1, 1)})
    formats = {"head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2}),
               "text": book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
               "number": book.add_format({"valign": "top", "num_format": "#,##0.##"}),
               "whole": book.add_format({"valign": "top", "num_format": "#,##0"})}
    _cover(book, appraisal, marks, formats)
    everyone = list(range(len(appraisal.facts.units)))
    for table in (tables.province(appraisal), tables.nominees(appraisal), tables.distribution(appraisal),
                  tables.lost_points(appraisal), tables.targets(appraisal), tables.gaps(appraisal),
                  tables.readings(appraisal, everyone), tables.issues(appraisal), tables.sources(appraisal)):
        _sheet(book, table, formats)
    for cluster in appraisal.year.clusters:
        members = appraisal.members(cluster.cluster)
        for table in (tables.evidence(appraisal, members), tables.differences(appraisal, cluster.cluster),
                      tables.matrix(appraisal, cluster.cluster)):
            _sheet(book, table, formats, f"{cluster.cluster[:14]} {table.name}")
    book.close()
    return buffer.getvalue()


def _cover(book, appraisal, marks, formats):
    sheet = book.add_worksheet("Tóm tắt")
    sheet.set_column(0, 0, 100)
    lines = [appraisal.book.plan.title, *(text for _, text in marks), tables.legend(appraisal),
             "Mỗi bảng một trang tính. Xếp loại là đề nghị; Hội đồng quyết định."]
    for row, line in enumerate(lines):
        _write(sheet, row, 0, line, formats["head" if row == 0 else "text"])


def _sheet(book, table: Table, formats, name: str | None = None):
    sheet = book.add_worksheet((name or table.name)[:31])
    banded = any(row.band for row in table.rows)
    columns = [*(["Nhóm"] if banded else []), *(c.label for c in table.columns)]
    widths = [len(label) for label in columns]
    for k, label in enumerate(columns):
        _write(sheet, 0, k, label, formats["head"])
    line, group = 0, ""
    for row in table.rows:
        if row.band:
            group = row.cells[0].text
            continue
        line += 1
        cells = [*([tables.Cell(group)] if banded else []), *row.cells]
        for k, cell in enumerate(cells):
            widths[k] = max(widths[k], min(len(cell.text), _WIDEST))
            if cell.value is not None:
                sheet.write_number(line, k, cell.value, formats["whole" if isinstance(cell.value, int) else "number"])
            else:
                _write(sheet, line, k, cell.text, formats["text"])
    for k, width in enumerate(widths):
        sheet.set_column(k, k, min(max(width * 0.95 + 1, 6), _WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if line:
        sheet.autofilter(0, 0, line, len(columns) - 1)
    for note in table.notes:
        line += 2
        _write(sheet, line, 0, note, book.add_format({"italic": True}))


def _write(sheet, row, column, text, style):
    cut = text if len(text) <= _LONGEST else text[:_LONGEST - 1] + "…"
    if sheet.write_string(row, column, cut, style) != 0:
        raise RuntimeError(f"sheet {sheet.name}: row {row}, column {column} was not written")
