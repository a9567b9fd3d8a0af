"""A workbook of LibreOffice (.ods) → its sheets as plain data, the same as `xlsx` gives.

Values come from the attributes that hold them exactly, never from the text that is shown; an error is an error, not a blank.
"""

from __future__ import annotations

import math

from .comments import not_ours
from .looks import MOST_COLOURED, is_old_font, words
from .xlsx import whole_or_not
from .zipped import MOST_CELLS, TOO_MANY_CELLS, Archive, Unreadable, parse

_MOST_REPEATS = 5_000                   # rows or cells with something in them, written once and meant many times
#: Parts of a sheet that hold no cells of it, though some have tables or paragraphs inside.
_ASIDE = {"annotation", "tracked-changes", "dde-links", "shapes", "forms", "named-expressions", "data-pilot-tables",
          "frame", "custom-shape", "g", "rect", "line", "control", "caption", "ellipse", "polygon", "polyline", "path",
          "connector", "ruby-text", "note"}
REMARKS = {"basic/": "macro (không chạy)", "scripts/": "macro (không chạy)", "pictures/": "hình ảnh",
           "object ": "biểu đồ hoặc đối tượng nhúng"}


def read(raw: bytes) -> dict:
    """The whole workbook: `sheets` and what else was in it (`remarks`); `Unreadable` where it cannot be read."""
    archive = Archive(raw)
    if archive.has("META-INF/manifest.xml") and b"encryption-data" in archive.part("META-INF/manifest.xml"):
        raise Unreadable("tệp đang đặt mật khẩu", "bỏ mật khẩu rồi gửi lại")
    walker, raw = _Content(), b""
    for part in ("styles.xml", "content.xml") if archive.has("styles.xml") else ("content.xml",):
        raw = archive.part(part)
        parse(raw, part, walker.start, walker.end, walker.text, spaces=True)
    remarks = [said for name, said in REMARKS.items() if archive.starting(name)]
    remarks += [said for sign, said in ((b"<table:data-pilot-table ", "bảng tổng hợp pivot"),
                                        (b"<table:dde-link", "liên kết tới tệp khác (không mở)"),
                                        (b"<table:table-source", "liên kết tới tệp khác (không mở)")) if sign in raw]
    return {"sheets": walker.sheets, "remarks": list(dict.fromkeys(remarks))}


class _Content:
    """Walks `styles.xml`, then `content.xml`."""

    def __init__(self):
        self.sheets, self.left = [], MOST_CELLS
        self.faces, self.fonts, self.hidden_styles, self.style = {}, {}, set(), ""
        self.struck_styles, self.colours = set(), {}
        self.formats, self.format_of, self.format, self.shown, self.defaults = {}, {}, None, None, []
        self.sheet = self.cell = self.comment = None
        self.row = self.column = self.row_times = self.aside = self.tables = self.paragraphs = 0
        self.waiting = []

    def start(self, tag, given):
        """An element opens."""
        name = tag.rpartition(" ")[2]
        if self.aside or name in _ASIDE and self.sheet is not None:
            self._start_aside(name)
            return
        given = {key.rpartition(" ")[2]: value for key, value in given.items()}
        handler = getattr(self, "_start_" + name.replace("-", "_"), None)
        if handler:
            handler(given)

    def end(self, tag):
        """An element closes."""
        name = tag.rpartition(" ")[2]
        if self.aside:
            self.aside -= 1
            self.paragraphs -= name == "p" and self.comment is not None
            if not self.aside and self.comment is not None:
                self.sheet["comments"].append([self.row, self.column, not_ours(self.comment.strip())])
                self.comment = None
            return
        handler = getattr(self, "_end_" + name.replace("-", "_"), None)
        if handler:
            handler()

    def text(self, text):
        """Characters: of a comment, or of a cell's paragraph."""
        if self.comment is not None:
            self.comment += text if self.paragraphs else ""         # not its day, not who wrote it
        elif self.shown is not None:
            self.shown["words"] += text
        elif self.cell is not None and not self.aside and self.cell["open"]:
            self.cell["text"][-1] += text

    def _start_aside(self, name):
        self.aside += 1
        if name == "annotation" and self.aside == 1 and self.cell is not None:
            self.comment = ""
        elif name == "p" and self.comment is not None:
            self.paragraphs += 1
            self.comment += "\n"

    # ------------------------------------------------------------ styles

    def _start_font_face(self, given):
        self.faces[given.get("name", "")] = given.get("font-family", "").strip("'\"")

    def _start_style(self, given):
        self.style, self.format = given.get("name", ""), None
        self.format_of[self.style] = given.get("data-style-name", "")

    def _start_number_style(self, given):
        self.style = given.get("name", "")              # its text properties are nobody's
        self.format = self.formats[self.style] = {"words": "", "thousands": 0, "positive": "", "cases": []}

    _start_currency_style = _start_percentage_style = _start_date_style = _start_time_style = _start_number_style
    _start_boolean_style = _start_text_style = _start_number_style

    def _start_number(self, given):
        self.format["thousands"] = round(math.log(float(given.get("display-factor", "1")), 1000))

    def _start_text(self, _):
        self.shown = self.format

    _start_currency_symbol = _start_text

    def _end_text(self):
        self.shown = None

    _end_currency_symbol = _end_text

    def _start_map(self, given):
        """Another format for some numbers: for those above 0 it is the one that counts, else all of them together."""
        if self.format is None:                         # a look that hangs on what a cell holds
            return
        if given.get("condition") in ("value()>=0", "value()>0"):
            self.format["positive"] = given.get("apply-style-name")
        else:
            self.format["cases"].append(given.get("apply-style-name"))

    def _look(self, style):
        """What is shown with the numbers of a style of cells."""
        found = self.formats.get(self.format_of.get(style))
        if found and (positive := self.formats.get(found["positive"])):
            found = positive
        every = [found, *(self.formats[name] for name in found["cases"] if name in self.formats)] if found else []
        return words([one["words"] for one in every], found["thousands"]) if found else ""

    def _start_text_properties(self, given):
        font = given.get("font-family", "").strip("'\"") or self.faces.get(given.get("font-name"), given.get("font-name", ""))
        if is_old_font(font):
            self.fonts[self.style] = font
        if {given.get("text-line-through-style", "none"), given.get("text-line-through-type", "none")} != {"none"}:
            self.struck_styles.add(self.style)

    def _start_table_cell_properties(self, given):
        if given.get("background-color", "transparent").lower() not in ("transparent", "#ffffff"):
            self.colours[self.style] = given["background-color"].lower()

    def _start_table_properties(self, given):
        if given.get("display") == "false":
            self.hidden_styles.add(self.style)

    # ------------------------------------------------------------ sheets, rows, columns

    def _start_table(self, given):
        self.tables += 1
        if self.tables > 1:
            raise Unreadable("tệp có bảng lồng trong ô")
        self.sheet = {"name": given.get("name", ""), "hidden": given.get("style-name") in self.hidden_styles, "cells": [],
                      "merges": [], "hidden_rows": [], "hidden_columns": [], "comments": [], "struck": [], "colours": []}
        self.row = self.column = 0
        self.defaults = []

    def _end_table(self):
        self.tables -= 1
        self.sheets.append(self.sheet)
        self.sheet = None

    def _start_table_column(self, given):
        times = int(given.get("number-columns-repeated", "1"))
        if given.get("visibility", "visible") != "visible":
            self.sheet["hidden_columns"].append([self.column + 1, self.column + times])
        self.defaults.append((self.column + times, given.get("default-cell-style-name", "")))
        self.column += times

    def _start_table_row(self, given):
        self.row_times = int(given.get("number-rows-repeated", "1"))
        self.row, self.column, self.waiting, self.coloured, self.struck = self.row + 1, 0, [], [], []
        self.is_hidden = given.get("visibility", "visible") != "visible"

    def _end_table_row(self):
        if self.waiting and self.row_times > _MOST_REPEATS:
            raise Unreadable("một dòng có dữ liệu lặp lại quá nhiều lần")
        self.left -= len(self.waiting) * self.row_times
        if self.left < 0:
            raise Unreadable(*TOO_MANY_CELLS)
        for more in range(self.row_times if self.waiting else 0):
            self.sheet["cells"] += [[self.row + more, *cell] for cell in self.waiting]
        for kept, found in (("colours", self.coloured), ("struck", self.struck)):
            more = min(self.row_times, (MOST_COLOURED - len(self.sheet[kept])) // max(len(found), 1))
            self.sheet[kept] += [[self.row + k, *one] for k in range(more) for one in found]
        if self.is_hidden:
            self.sheet["hidden_rows"] += range(self.row, self.row + min(self.row_times, _MOST_REPEATS))
        self.row += self.row_times - 1

    # ------------------------------------------------------------ cells

    def _start_table_cell(self, given):
        self.column += 1
        self.cell = {"given": given, "text": [], "open": 0}
        rows, columns = int(given.get("number-rows-spanned", "1")), int(given.get("number-columns-spanned", "1"))
        if rows > 1 or columns > 1:
            self.sheet["merges"].append([self.row, self.column, self.row + rows - 1, self.column + columns - 1])

    def _start_covered_table_cell(self, given):
        self.column += int(given.get("number-columns-repeated", "1"))

    def _end_table_cell(self):
        given, times = self.cell["given"], int(self.cell["given"].get("number-columns-repeated", "1"))
        text, is_struck, self.cell = "\n".join(self.cell["text"]), "struck" in self.cell, None
        kind, value, look = _value(given, text)
        is_filled, style = kind != "t" or bool(value), given.get("style-name", "")
        if is_filled and not style:
            style = next((default for last, default in self.defaults if self.column <= last), "")
        columns = range(self.column, self.column + min(times, _MOST_REPEATS))
        self.coloured += [[column, self.colours[style]] for column in columns if style in self.colours]
        self.struck += [[column] for column in columns if style in self.struck_styles or is_struck]
        if is_filled:
            if times > _MOST_REPEATS:
                raise Unreadable("một ô có dữ liệu lặp lại quá nhiều lần")
            look = look or self._look(style)
            self.waiting += [[self.column + more, kind, value, look, self.fonts.get(style, "")] for more in range(times)]
        self.column += times - 1

    def _start_p(self, _):
        if self.cell is not None:
            self.cell["text"].append("")
            self.cell["open"] += 1

    def _end_p(self):
        if self.cell is not None:
            self.cell["open"] -= 1

    def _start_span(self, given):
        if self.cell is not None and given.get("style-name") in self.struck_styles:
            self.cell["struck"] = True

    def _start_s(self, given):
        self.text(" " * min(int(given.get("c", "1")), 1000))

    def _start_tab(self, _):
        self.text("\t")

    def _start_line_break(self, _):
        self.text("\n")


def _value(given, text):
    """Kind, value and look of a cell, from its attributes."""
    kind = given.get("value-type", "")
    if kind == "error" or text.startswith(("#", "Err:")) and "formula" in given:
        return "e", text, ""
    if kind in ("float", "currency", "percentage"):
        number = whole_or_not(float(given["value"]))
        return ("n", number, "%" if kind == "percentage" else "") if math.isfinite(number) else ("e", text, "")
    if kind == "date":
        return "d", given["date-value"].removesuffix("T00:00:00"), "d"
    if kind == "time":
        return "d", "T" + given.get("time-value", ""), "d"
    if kind == "boolean":
        return "b", given["boolean-value"] == "true", ""
    if not kind and not text and "formula" in given:
        return "f", "", ""
    return "t", given.get("string-value", text), ""
