"""A workbook of Excel 97–2003 (.xls) → its sheets as plain data, the same as `xlsx` gives.

Web systems write files whose list of sectors counts one twice: as other programs do, xlrd is told to overlook that. A formula
that shows 0 counts as never computed: LibreOffice stores that for every formula it has not computed.
"""

from __future__ import annotations

import os
import struct

from .comments import not_ours
from .looks import MOST_COLOURED, is_old_font, look_of
from .xlsx import whole_or_not
from .zipped import LOCKED, MOST_CELLS, TOO_MANY_CELLS, Unreadable


def read(raw: bytes) -> dict:
    """The whole workbook: `sheets` and what else was in it (`remarks`); `Unreadable` where it cannot be read."""
    import xlrd
    try:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            book = xlrd.open_workbook(file_contents=raw, formatting_info=True, logfile=nowhere, ignore_workbook_corruption=True)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise Unreadable(*LOCKED) from error
        raise Unreadable("tệp .xls hỏng, không mở ra được") from error
    if sum(sheet.nrows * sheet.ncols for sheet in book.sheets()) > 20 * MOST_CELLS:
        raise Unreadable(*TOO_MANY_CELLS)
    macros = ["macro (không chạy)"] if "_VBA_PROJECT_CUR".encode("utf-16-le") in raw else []
    zeros = _zero_formulas(raw)
    zeros += [set()] * (book.nsheets - len(zeros))
    return {"sheets": [_sheet(book, sheet, none) for sheet, none in zip(book.sheets(), zeros, strict=False)], "remarks": macros}


def _zero_formulas(raw: bytes) -> list[set[tuple[int, int]]]:
    """For each sheet the cells (row and column from 0) whose formula's stored value is the number 0."""
    from xlrd import compdoc
    stream = raw
    if raw.startswith(compdoc.SIGNATURE):
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            document = compdoc.CompDoc(raw, logfile=nowhere, ignore_workbook_corruption=True)
            found = (document.locate_named_stream(name) for name in ("Workbook", "Book"))
            whole, start, length = next((one for one in found if one[0]), (b"", 0, 0))
        stream = whole[start:start + length]
    starts = [struct.unpack_from("<I", data)[0] for kind, data in _records(stream, 0) if kind == 0x85 and data[5:6] == b"\0"]
    return [{struct.unpack_from("<HH", data) for kind, data in _records(stream, start)
             if kind in (0x06, 0x206, 0x406) and data[6:14] == bytes(8)} for start in starts]


def _records(stream: bytes, at: int):
    """The records of one part of the stream, to its end mark."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4:at + 4 + length]
        at += 4 + length
        if kind == 0x0A:
            return


def _sheet(book, sheet, zeros) -> dict:
    cells, struck, colours = [], [], []
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            kind = sheet.cell_type(row, column)
            if kind == 0:                                                # empty
                continue
            style = book.xf_list[sheet.cell_xf_index(row, column)]
            font = book.font_list[style.font_index] if style.font_index < len(book.font_list) else None
            if font and font.struck_out:
                struck.append([row + 1, column + 1])
            if (colour := _colour(style.background)) and len(colours) < MOST_COLOURED:
                colours.append([row + 1, column + 1, colour])
            if kind != 6:                                                # blank
                is_zero = (row, column) in zeros
                value = ("f", "", "") if is_zero else _value(book, sheet.cell_value(row, column), kind, style)
                cells.append([row + 1, column + 1, *value, font.name if font and is_old_font(font.name) else ""])
    return {"name": sheet.name, "hidden": sheet.visibility != 0, "cells": [c for c in cells if c[2] != "t" or c[3]],
            "struck": struck, "colours": colours,
            "merges": [[top + 1, left + 1, bottom, right] for top, bottom, left, right in sheet.merged_cells],
            "hidden_rows": [row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden],
            "hidden_columns": [[column + 1, column + 1] for column, info in sheet.colinfo_map.items() if info.hidden],
            "comments": [[row + 1, column + 1, not_ours(note.text)] for (row, column), note in sheet.cell_note_map.items()]}


def _colour(background) -> str:
    """The colour (of the palette) of a cell filled in; empty for none and for white."""
    colour = background.pattern_colour_index
    return str(colour) if background.fill_pattern == 1 and colour not in (1, 9, 64, 65) else ""


def _value(book, value, kind, style) -> tuple:
    """Kind, value and look."""
    import xlrd
    if kind == xlrd.XL_CELL_TEXT:
        return "t", value, ""
    if kind == xlrd.XL_CELL_ERROR:
        return "e", xlrd.error_text_from_code.get(value, "#ERR"), ""
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "b", bool(value), ""
    if kind == xlrd.XL_CELL_DATE and 0 < value < 1:
        return "d", "T", "d"
    if kind == xlrd.XL_CELL_DATE:
        try:
            return "d", xlrd.xldate_as_datetime(value, book.datemode).isoformat().removesuffix("T00:00:00"), "d"
        except (ValueError, OverflowError, xlrd.xldate.XLDateError):
            return "n", whole_or_not(value), ""
    form = book.format_map.get(style.format_key)
    return "n", whole_or_not(value), look_of(form.format_str) if form else ""
