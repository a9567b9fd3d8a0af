"""A workbook of Excel (.xlsx, .xlsm) → its sheets as plain data: cells as stored, never as shown or computed.

A library would read each file twice (formulas, stored values) and takes longer to load than a whole year takes to judge;
what is asked here is little: values, formulas without one, merged cells, what is hidden, comments, old fonts.
"""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta

from .zipped import MOST_CELLS, Archive, Unreadable, local, parse

#: Number formats every Excel knows without writing them down: dates and times, per cent.
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENTS = {9, 10}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|general|standard', re.IGNORECASE)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_WORKBOOK, _MOST_MERGES = "xl/workbook.xml", 20_000
#: How our own comments in a copy that was sent back (`sendback`) are known, and what stands between somebody's and ours.
OUR_AUTHOR, OUR_RULE = "ctd check", "\n— — —\n"
#: What in a workbook is no sheet, and how it is told.
REMARKS = {"xl/vbaproject.bin": "macro (không chạy)", "xl/media/": "hình ảnh", "xl/charts/": "biểu đồ",
           "xl/pivottables/": "bảng tổng hợp pivot", "xl/externallinks/": "liên kết tới tệp khác (không mở)",
           "xl/connections.xml": "kết nối dữ liệu ngoài (không mở)", "xl/embeddings/": "đối tượng nhúng",
           "xl/activex/": "điều khiển ActiveX (không chạy)", "xl/ctrlprops/": "nút, ô chọn trên trang"}


def read(archive: Archive) -> dict:
    """The whole workbook: its sheets and what else was in it."""
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
        self.day_zero, self.is_uncomputed = datetime(1899, 12, 30), False
        relations = archive.relations(path)
        sheets = []

        def start(tag, given):
            tag = local(tag)
            if tag == "sheet":
                id = next((v for k, v in given.items() if local(k) == "id"), "")
                sheets.append((given.get("name", ""), given.get("state", "visible") != "visible", id))
            elif tag == "workbookPr" and given.get("date1904") in ("1", "true"):
                self.day_zero = datetime(1904, 1, 1)
            elif tag == "calcPr":
                self.is_uncomputed = given.get("fullCalcOnLoad") in ("1", "true")

        parse(archive.part(path), path, start)
        for name, hidden, id in sheets:
            kind, target = relations.get(id, ("", ""))
            if kind == "worksheet":
                self.listed.append((name, hidden, target))
        if not self.listed:
            raise Unreadable("tệp không có trang tính nào")
        shared = {kind: target for kind, target in relations.values() if kind in ("sharedStrings", "styles")}
        self.strings = self._strings(shared["sharedStrings"]) if archive.has(shared.get("sharedStrings", "?")) else []
        self.looks = self._looks(shared["styles"]) if archive.has(shared.get("styles", "?")) else []

    def _strings(self, path) -> list[str]:
        strings, pieces, state = [], [], {"keep": False, "phonetic": 0}

        def start(tag, _):
            tag = local(tag)
            if tag == "si":
                pieces.clear()
            elif tag == "rPh":
                state["phonetic"] += 1
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

    def _looks(self, path) -> list[tuple[str, str]]:
        """For each cell style: `d` for a date, `%` for per cent, and the font where it is one from before Unicode."""
        formats, fonts, looks, inside = {}, [], [], []

        def start(tag, given):
            tag = local(tag)
            inside.append(tag)
            if tag == "numFmt" and inside[-2:-1] == ["numFmts"]:
                formats[given.get("numFmtId", "")] = look_of(given.get("formatCode", ""))
            elif tag == "font" and inside[-2:-1] == ["fonts"]:
                fonts.append("")
            elif tag == "name" and inside[-3:-1] == ["fonts", "font"]:
                fonts[-1] = given.get("val", "") if is_old_font(given.get("val", "")) else ""
            elif tag == "xf" and inside[-2:-1] == ["cellXfs"]:
                looks.append((given.get("numFmtId", "0"), int(given.get("fontId", "0"))))

        parse(self.archive.part(path), path, start, lambda _: inside.pop())
        return [(formats.get(number) or _built_in(number), fonts[font] if font < len(fonts) else "")
                for number, font in looks]

    def sheet(self, name: str, hidden: bool, path: str) -> dict:
        """One sheet as plain data."""
        reader = _Sheet(self)
        parse(self.archive.part(path), path, reader.start, reader.end, reader.text)
        comments = [c for kind, target in self.archive.relations(path).values()
                    if kind == "comments" and self.archive.has(target) for c in _comments(self.archive.part(target), target)]
        return {"name": name, "hidden": hidden, "cells": reader.cells, "merges": reader.merges, "comments": comments,
                "hidden_rows": reader.hidden_rows, "hidden_columns": reader.hidden_columns}


class _Sheet:
    """Walks one sheet's XML."""

    def __init__(self, book: _Book):
        self.book, self.cells, self.merges, self.hidden_rows, self.hidden_columns = book, [], [], [], []
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
        elif tag == "c" and (self.value or self.formula):
            self._cell("".join(self.value))

    def _cell(self, raw):
        look, font = self._look()
        kind, value = self._value(raw, look)
        if kind == "t" and not value:
            return
        self.book.left -= 1
        if self.book.left < 0:
            raise Unreadable("tệp có quá nhiều ô", "một tệp chỉ có bảng điểm và các bảng kèm theo")
        self.cells.append([self.row, self.column, kind, value, look, font])

    def _look(self):
        looks = self.book.looks
        style = int(self.style) if self.style else 0
        return looks[style] if style < len(looks) else ("", "")

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


def place(ref: str) -> tuple[int, int]:
    """`F17` → row 17, column 6."""
    letters = ref.rstrip("0123456789")
    column = 0
    for letter in letters.replace("$", "").upper():
        column = column * 26 + ord(letter) - 64
    return int(ref[len(letters):] or 0), column


def look_of(code: str) -> str:
    """Does a number format show a date (`d`), per cent (`%`), or neither?"""
    bare = _LITERAL.sub("", code.partition(";")[0])
    return "d" if re.search("[dmyhs]", bare, re.IGNORECASE) else "%" if "%" in bare else ""


def is_old_font(name: str) -> bool:
    """A font from before Unicode: TCVN3 (`.VnTime`) or VNI (`VNI-Times`)."""
    return name.casefold().startswith((".vn", "vni-", "vni "))


def whole_or_not(number: float) -> int | float:
    """8100000000.0 → 8100000000."""
    return int(number) if number.is_integer() else number


def _built_in(number: str) -> str:
    return "d" if int(number) in _DATES else "%" if int(number) in _PERCENTS else ""


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


def _comments(raw: bytes, path: str) -> list:
    """Row, column and text of each comment; of one of ours, what somebody had written before us."""
    found, authors = [], []
    state = {"keep": None}

    def start(tag, given):
        tag = local(tag)
        if tag == "author":
            authors.append("")
            state["keep"] = "author"
        elif tag == "comment":
            number = given.get("authorId", "")
            ours = number.isdecimal() and authors[int(number):int(number) + 1] == [OUR_AUTHOR]
            found.append([*place(given.get("ref", "A1")), "", ours])
        elif tag == "t" and found:
            state["keep"] = "text"

    def text(piece):
        if state["keep"] == "author":
            authors[-1] += piece
        elif state["keep"] == "text":
            found[-1][2] += piece

    parse(raw, path, start, lambda _: state.update(keep=None), text)
    return [[row, column, said.rpartition(OUR_RULE)[0] if ours else said] for row, column, said, ours in found]
