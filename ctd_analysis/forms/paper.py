"""Ink and paper of the workbooks sent out: formats by name, and a sheet on which every value is put as what it is."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

from ..plan.rulebook import Rulebook
from ..problems import Problem, Refused
from ..rows import Cluster, Unit
from ..values import nfc
from ..year import ourform
from ..year.year import Year

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            "default_format_properties": {"font_name": "Times New Roman", "font_size": 11, "font_scheme": "none"}}
_A4 = 9
UNITS_A_PAGE = 5                           # more than these are printed on several pages
LINE_HEIGHT, _TALLEST = 15, 400            # points: of a line of text, of a row


@dataclass(frozen=True)
class Form:
    """What the sheets of one cluster are made from."""
    year: Year
    cluster: Cluster
    units: tuple[Unit, ...]
    filled: bool

    @property
    def book(self) -> Rulebook:
        """The rules of the year."""
        return self.year.book

    @property
    def pages(self) -> int:
        """On how many sheets of paper the units stand side by side."""
        return max(1, -(-len(self.units) // UNITS_A_PAGE))

    def edge(self, starts: list[int], columns: int) -> int:
        """The last column of the first of those sheets: titles and signatures stay left of it."""
        return starts[len(self.units) // self.pages - 1] + columns - 1

    def given(self, table: str) -> dict:
        """The year's rows of a table by unit and second key; nothing for a blank form."""
        return {row[:2]: row for row in getattr(self.year, table)} if self.filled else {}


class Draft:
    """A workbook being written, and its cell formats by name, each made once; the same content gives the same bytes."""

    _BASE = {"valign": "vcenter", "text_wrap": True}
    _INPUT = {"border": 1, "border_color": "#8C8C8C", "bg_color": "#FFF8DC", "locked": False}
    _HEAD = {"border": 1, "border_color": "#8C8C8C", "bold": True, "align": "center", "bg_color": "#DCE6F1"}
    _LINE = {"border": 1, "border_color": "#8C8C8C"}
    _NUMBER = _INPUT | {"text_wrap": False, "align": "right", "indent": 1}
    _NAMED = {
        "issuer": {"bold": True, "text_wrap": False}, "title": {"bold": True, "font_size": 14, "align": "center"},
        "hint": {"italic": True, "align": "center"}, "text": {"valign": "top"},
        "number": {"valign": "top", "align": "center"}, "section": {"bold": True, "text_wrap": False},
        "mark": {"bold": True, "font_color": "#A61C00"}, "head": _HEAD, "sub": _HEAD | {"bold": False},
        "label": _LINE, "centre": _LINE | {"align": "center"}, "order": _LINE | {"align": "center"},
        "area": _LINE | {"bold": True, "bg_color": "#EDEDED"}, "sum": _LINE | {"bold": True, "align": "center"},
        "sum_label": _LINE | {"bold": True}, "sign": {"bold": True, "align": "center"},
        "sign_hint": {"italic": True, "align": "center"},
        "grade": _INPUT | {"align": "center"}, "whole": _NUMBER | {"num_format": "#,##0"}, "decimal": _NUMBER,
        "day": _INPUT | {"num_format": "dd/mm/yyyy", "align": "center"}, "words": _INPUT, "note": _INPUT | {"font_size": 9},
        "code": {"font_size": 8, "font_color": "#7F7F7F", "text_wrap": False},
    }

    def __init__(self, year: Year, title: str = ""):
        self.written = io.BytesIO()
        self.book, self.made = xlsxwriter.Workbook(self.written, _OPTIONS), {}
        self.book.set_properties({"title": title or year.book.plan.title, "created": datetime(year.book.year, 1, 1)})

    def done(self, record: Iterable[Paper] = ()) -> bytes:
        """The whole workbook as bytes; a last sheet nobody sees keeps what is locked on the papers in `record` (reading §7)."""
        if record:
            hidden = self.book.add_worksheet(ourform.SHEET)
            for row, line in enumerate(ourform.record({paper.name: paper.locked for paper in record})):
                hidden.write_string(row, 0, line)
            hidden.protect()
            hidden.very_hidden()
        self.book.close()
        return self.written.getvalue()

    def is_locked(self, key: str) -> bool:
        """May nothing be typed into cells of this format?"""
        return self._NAMED[key.rstrip("+^'")].get("locked", True)

    def __getitem__(self, key):
        """A format by name; after the name, `+` and `^` ask for the heavier edge where a unit begins (at the left, above),
        `'` for text that stays text when it is edited."""
        if key not in self.made:
            more = {"+": {"left": 2}, "^": {"top": 2}, "'": {"quote_prefix": True}}
            made = self._BASE | self._NAMED[key.rstrip("+^'")]
            for sign in set(key) & set(more):
                made |= more[sign]
            self.made[key] = self.book.add_format(made)
        return self.made[key]


class Paper:
    """One sheet of paper being written: every value goes through `put`, which tells what could not be written."""

    def __init__(self, draft: Draft, name: str, form: Form):
        self.name, self.draft, self.form = name, draft, form
        self.sheet = draft.book.add_worksheet(name)
        self.widths: dict[int, float] = {}
        self.heights: dict[int, float] = {}
        self.locked: ourform.Places = {}           # what is locked, by row and column from 1
        self._inputs: list[tuple[int, int]] = []

    def width(self, column: int, width: float) -> None:
        """How wide a column is, in characters."""
        self.widths[column] = width
        self.sheet.set_column(column, column, width)

    def needs(self, row: int, text: str, width: float, small: bool = False) -> None:
        """Keep a row high enough for a text in a cell of that width (in characters); at most 400 points."""
        letter, line_height = (0.72, 12.5) if small else (0.86, LINE_HEIGHT)
        lines = sum(1 + int(letter * len(line) / (width - 1)) for line in text.split("\n"))
        self.heights[row] = min(max(self.heights.get(row, 0), lines * line_height), _TALLEST)

    def put(self, row: int, column: int, value, style: str) -> None:
        """One cell (row and column from 0), as what it is: text, number, day or blank; `Refused` where no cell can hold it."""
        if value is None or value == "":
            done = self.sheet.write_blank(row, column, None, self.draft[style])
        elif isinstance(value, str):
            looks_live = "'" if value[0] in "=+-@" else ""
            done = self.sheet.write_string(row, column, nfc(value), self.draft[style + looks_live])
            if column in self.widths:
                self.needs(row, value, self.widths[column], style == "note")
        elif isinstance(value, date):
            done = self.sheet.write_datetime(row, column, value, self.draft[style])
        else:
            done = self.sheet.write_number(row, column, value, self.draft[style])
        self._sure(done, row, column, value)
        if not self.draft.is_locked(style):
            self._inputs.append((row + 1, column + 1))
        elif value not in (None, ""):
            kind = ourform.TABLE if style.rstrip("+^") in _OF_TABLES else ourform.AROUND
            self.locked[row + 1, column + 1] = (kind, nfc(str(value)))

    def line(self, row: int, values: Iterable, styles: Iterable[str], first: int = 0) -> None:
        """Cells side by side from column `first` on, each in its style; `Refused` as `put`."""
        for column, (value, style) in enumerate(zip(values, styles, strict=True), first):
            self.put(row, column, value, style)

    def heads(self, row: int, widths: dict[str, float]) -> None:
        """The heads of a table in a row (from 0), and how wide their columns are, in characters; `Refused` as `put`."""
        for column, (label, width) in enumerate(widths.items()):
            self.width(column, width)
            self.put(row, column, label, "head")

    def signs(self, row: int, first: int, last: int, who: str) -> None:
        """Over columns `first` to `last` (from 0): who signs here, and in the row below how; `Refused` as `put`."""
        self.across(row, first, last, who, "sign")
        self.across(row + 1, first, last, "(Ký, ghi rõ họ tên)", "sign_hint")

    def count(self, row: int, column: int, formula: str, value: int, style: str, of: str) -> None:
        """A live count (of a letter, or of what is blank) with its value of now, for programs that do not calculate."""
        self._sure(self.sheet.write_formula(row, column, formula, self.draft[style], value), row, column, formula)
        self.locked[row + 1, column + 1] = (ourform.COUNT, of)

    def across(self, row: int, first: int, last: int, text: str, style: str, down: int = 0) -> None:
        """Text over several columns (and `down` more rows); `Refused` as `put`."""
        if last > first or down:
            done = self.sheet.merge_range(row, first, row + down, last, "", self.draft[style])
            self._sure(done, row, first, text)
        before = self.heights.get(row, 0)
        self.put(row, first, text, style)
        self.heights[row] = before
        self.needs(row, text, sum(self.widths.get(column, 9) for column in range(first, last + 1)) * (1 + down))

    def check(self, row: int, column: int, down: int, rule: dict) -> None:
        """A rule, xlsxwriter's own dict, for what may be typed into a cell and those below it, up to row `down`."""
        self._sure(self.sheet.data_validation(row, column, down, column, rule), row, column, rule)

    def _sure(self, done, row, column, value):
        if done:
            cell = xlsxwriter.utility.xl_rowcol_to_cell(row, column)
            raise Refused(Problem.at(f"{self.form.cluster.cluster}.xlsx", "không ghi được ô này vào bảng tính", str(value),
                                     sheet=self.name, cell=cell, wanted="đoạn chữ ngắn hơn"))

    def head(self, title: str, hint: str, last: int) -> None:
        """Who it is from and what it is: the first three rows."""
        self.put(0, 0, f"{self.form.book.plan.issuer} – {self.form.cluster.name}".upper(), "issuer")
        self.across(1, 0, last, title, "title")
        self.across(2, 0, last, f"{MARK} {hint}" if self.form.book.sample else hint, "hint")
        self.heights |= {0: 18, 1: 24, 2: 18}

    def close(self, first: int, columns: int, heads: tuple[int, int] | None, last: tuple[int, int], wide: bool = True) -> None:
        """Protect, freeze what is above `first` and left of `columns`, set up the paper (one page where no head repeats)."""
        if self._inputs:
            rows, places = zip(*self._inputs, strict=True)
            self.locked[0, 0] = (ourform.INPUT, f"{min(rows)},{min(places)},{max(rows)},{max(places)}")
        for row, height in self.heights.items():
            if height > LINE_HEIGHT:
                self.sheet.set_row(row, height)
        self.sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
        self.sheet.freeze_panes(first, columns)
        self.sheet.set_paper(_A4)
        self.sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
        if wide:
            self.sheet.set_landscape()
        if heads:
            self.sheet.repeat_rows(*heads)
        if columns and wide:
            self.sheet.repeat_columns(0, columns - 1)
        self.sheet.print_area(0, 0, *last)
        self.sheet.fit_to_pages(self.form.pages if wide else 1, 0 if heads else 1)
        mark = f" – {MARK}" if self.form.book.sample else ""
        self.sheet.set_footer(f"&L&9{self.form.cluster.cluster} – {self.form.book.year}{mark}&R&9{self.name}, trang &P/&N")


_OF_TABLES = ("head", "sub", "label", "centre", "sum_label")      # locked, and read: numbers, names, headings
MARK = "SỐ LIỆU MINH HỌA."
