"""A workbook of Excel (.xlsx, .xlsm) → its sheets as plain data: cells as stored, never as shown or computed.

A library would read each file twice (formulas, stored values) and takes longer to load than a whole year takes to judge;
what is asked here is little: values, formulas without one, merged cells, what is hidden, comments, old fonts.
"""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta

from .comments import comments
from .looks import MOST_COLOURED, is_strike, looks
from .zipped import MOST_CELLS, TOO_MANY_CELLS, Archive, Unreadable, local, parse, place

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_WORKBOOK, _MOST_MERGES, _PLAIN = "xl/workbook.xml", 20_000, ("", "", False, "")
_ODD_TAG = re.compile(rb"<(?:[a-zA-Z]{1,20}:)(?:c|row)[ />]|<(?:c|row)[^ a-zA-Z]")
_EMPTY_CELL = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: [a-z]{1,2}="[^"<>]{0,20}"){0,4} ?(?:/>|></c>)')
_EMPTY_ROW = re.compile(rb'<row r="[0-9]{1,7}"(?: [a-zA-Z0-9:]{1,20}="[^"<>]{0,40}"){0,20} ?(?:/>|></row>)')
_MANY_TAGS, _MOST_TAGS = 300_000, 3_000_000
#: What in a workbook is no sheet, and how it is told.
REMARKS = {"xl/vbaproject.bin": "macro (không chạy)", "xl/media/": "hình ảnh", "xl/charts/": "biểu đồ",
           "xl/pivottables/": "bảng tổng hợp pivot", "xl/externallinks/": "liên kết tới tệp khác (không mở)",
           "xl/connections.xml": "kết nối dữ liệu ngoài (không mở)", "xl/embeddings/": "đối tượng nhúng",
           "xl/activex/": "điều khiển ActiveX (không chạy)", "xl/ctrlprops/": "nút, ô chọn trên trang"}


def read(raw: bytes) -> dict:
    """The whole workbook: `sheets` and what else was in it (`remarks`); `Unreadable` where it cannot be read."""
    archive = Archive(raw)
    if archive.starting("xl/workbook.bin"):
        raise Unreadable("tệp nhị phân .xlsb")
    path = next((t for kind, t in archive.relations("").values() if kind == "officeDocument"), _WORKBOOK)
    book = _Book(archive, path)
    return {"sheets": [book.sheet(*one) for one in book.listed],
            "remarks": [said for name, said in REMARKS.items() if archive.starting(name)]}


class _Book:
    """What the sheets share: strings, formats, fonts, the day dates are counted from."""

    def __init__(self, archive: Archive, path: str):
        self.archive, self.listed, self.left = archive, [], MOST_CELLS
        self.struck: set[int] = set()               # shared strings with a line through them
        self.day_zero, self.is_uncomputed = datetime(1899, 12, 30), False
        relations = archive.relations(path)

        def start(tag, given):
            tag = local(tag)
            if tag == "sheet":
                id = next((v for k, v in given.items() if local(k) == "id"), "")
                kind, target = relations.get(id, ("", ""))
                if kind == "worksheet":
                    self.listed.append((given.get("name", ""), given.get("state", "visible") != "visible", target))
            elif tag == "workbookPr" and given.get("date1904") in ("1", "true"):
                self.day_zero = datetime(1904, 1, 1)
            elif tag == "calcPr":
                self.is_uncomputed = given.get("fullCalcOnLoad") in ("1", "true")

        parse(archive.part(path), path, start)
        shared = {kind: target for kind, target in relations.values() if kind in ("sharedStrings", "styles")}
        self.strings = self._strings(shared["sharedStrings"]) if archive.has(shared.get("sharedStrings", "?")) else []
        self.looks = looks(archive.part(shared["styles"]), shared["styles"]) if archive.has(shared.get("styles", "?")) else []

    def _strings(self, path) -> list[str]:
        strings, pieces, state = [], [], {"keep": False, "phonetic": 0}

        def start(tag, given):
            tag = local(tag)
            if tag == "si":
                pieces.clear()
            elif tag == "rPh":
                state["phonetic"] += 1
            elif is_strike(tag, given):
                self.struck.add(len(strings))
            state["keep"] = tag == "t" and not state["phonetic"]

        def end(tag):
            tag = local(tag)
            state["keep"] = False
            if tag == "rPh":
                state["phonetic"] -= 1
            elif tag == "si":
                strings.append(_unescape("".join(pieces)))

        parse(self.archive.part(path), path, start, end, lambda text: pieces.append(text) if state["keep"] else None)
        return strings

    def sheet(self, name: str, hidden: bool, path: str) -> dict:
        """One sheet as plain data."""
        reader = _Sheet(self)
        raw = self.archive.part(path)
        parse(without_empty_cells(raw) if raw.count(b"<") > _MANY_TAGS else raw, path, reader.start, reader.end, reader.text)
        said = [c for kind, target in self.archive.relations(path).values()
                if kind == "comments" and self.archive.has(target) for c in comments(self.archive.part(target), target)]
        return {"name": name, "hidden": hidden, "cells": reader.cells, "merges": reader.merges, "comments": said,
                "hidden_rows": reader.hidden_rows, "hidden_columns": reader.hidden_columns, "struck": reader.struck,
                "colours": reader.colours}


def without_empty_cells(raw: bytes) -> bytes:
    """A sheet without the cells that have a look and nothing in them: some have them drawn to the last of a million rows.

    Only of a sheet far larger than a submission's (in others an empty cell's colour counts), and where each cell and row that
    stays says its own place; what is left is no more than a sheet of a submission, or `Unreadable`.
    """
    if b"<![CDATA[" not in raw and not _ODD_TAG.search(raw) and raw.count(b"<c ") == raw.count(b'<c r="') \
            and raw.count(b"<row ") == raw.count(b'<row r="'):
        raw = b"".join(_EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", rows)) for rows in _rows(raw))
    if raw.count(b"<") > _MOST_TAGS:
        raise Unreadable("trang có quá nhiều ô trống được kẻ khung, tô màu", "xóa các dòng, cột trống quanh bảng rồi gửi lại")
    return raw


def _rows(raw: bytes, many: int = 2**20):
    """A sheet's bytes, many whole rows at a time."""
    start = 0
    while start < len(raw):
        end = raw.find(b"</row>", start + many) + 6 if start + many < len(raw) else 0
        end = end if end > 6 else len(raw)
        yield raw[start:end]
        start = end


class _Sheet:
    """Walks one sheet's XML."""

    def __init__(self, book: _Book):
        self.book, self.cells, self.merges, self.hidden_rows, self.hidden_columns = book, [], [], [], []
        self.struck, self.colours, self.is_struck = [], [], False
        self.row = self.column = 0
        self.type = self.style = self.formula = None
        self.value, self.keep = [], False

    def start(self, tag, given):
        """An element opens."""
        tag = local(tag)
        if tag == "c":
            ref = given.get("r")
            self.row, self.column = place(ref) if ref else (self.row, self.column + 1)
            self.type, self.style, self.formula, self.value = given.get("t", "n"), given.get("s"), False, []
            self.is_struck = False
        elif tag == "v" or tag == "t":
            self.keep = (tag == "t") == (self.type == "inlineStr")
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            self.row, self.column = int(given.get("r", self.row + 1)), 0
            if given.get("hidden") in ("1", "true"):
                self.hidden_rows.append(self.row)
        elif tag == "col" and given.get("hidden") in ("1", "true"):
            self.hidden_columns.append([int(given["min"]), int(given["max"])])
        elif tag == "mergeCell":
            first, _, last = given.get("ref", "").partition(":")
            self.merges.append([*place(first), *place(last or first)])
            if len(self.merges) > _MOST_MERGES:
                raise Unreadable("trang có quá nhiều ô gộp")
        elif tag == "rPh":
            self.type = "phonetic"
        elif is_strike(tag, given):
            self.is_struck = True

    def text(self, text):
        """Characters inside a value."""
        if self.keep and self.type != "phonetic":
            self.value.append(text)

    def end(self, tag):
        """An element closes; with a cell, its value is known."""
        tag = local(tag)
        if tag == "v" or tag == "t":
            self.keep = False
        elif tag == "rPh":
            self.type = "inlineStr"
        elif tag == "c":
            style = int(self.style or 0)
            look, font, is_struck, colour = self.book.looks[style] if style < len(self.book.looks) else _PLAIN
            if colour and len(self.colours) < MOST_COLOURED:
                self.colours.append([self.row, self.column, colour])
            if self.value or self.formula:
                self.is_struck = self.is_struck or is_struck
                self._cell("".join(self.value), look, font)

    def _cell(self, raw, look, font):
        kind, value = self._value(raw, look)
        if kind == "t" and not value:
            return
        self.book.left -= 1
        if self.book.left < 0:
            raise Unreadable(*TOO_MANY_CELLS)
        self.cells.append([self.row, self.column, kind, value, look, font])
        if self.is_struck or self.type == "s" and int(raw) in self.book.struck:
            self.struck.append([self.row, self.column])

    def _value(self, raw, look):
        if self.type == "s":
            return "t", self.book.strings[int(raw)]
        if self.type == "e":
            return "e", raw
        if self.formula and (not raw and self.type != "str" or self.book.is_uncomputed and raw == "0"):
            return "f", ""
        if self.type in ("str", "inlineStr"):
            return "t", _unescape(raw)
        if self.type == "b":
            return "b", raw == "1"
        if self.type == "d":
            return "d", raw
        if not raw.strip():
            return "t", ""
        number = whole_or_not(float(raw))
        if not math.isfinite(number):
            return "e", raw
        return ("d", _moment(number, self.book.day_zero)) if look == "d" and 0 <= number < 2958466 else ("n", number)


def whole_or_not(number: float) -> int | float:
    """8100000000.0 → 8100000000."""
    return int(number) if number.is_integer() else number


def _moment(number, day_zero) -> str:
    """A day, or a day with its time, as ISO text; a time alone keeps no day."""
    moment = day_zero + timedelta(seconds=round(number * 86400))
    if 0 < number < 1:
        return moment.strftime("T%H:%M:%S")
    return f"{moment:%Y-%m-%d}" if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else moment.isoformat()


def _unescape(text: str) -> str:
    """Excel writes some characters as `_x000D_` (halves of a character stay as they are written)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda m: m[0] if m[1][0] in "Dd" and m[1][1] > "7" else chr(int(m[1], 16)), text)
