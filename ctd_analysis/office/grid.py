"""A spreadsheet as plain grids: what stands in which cell, what is merged, what is hidden, what was remarked.

Files are opened elsewhere (`opener`); here is what came of it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

_MOST_COVERED = 200_000                     # cells under merged ones that are kept track of
#: Signs of a text that are kept: a long remark has fewer, and no pattern is ever laid against more.
LONGEST = 1000


class Cell(NamedTuple):
    """One cell with something in it. `kind`: t text, n number, d date, b true or false, e error, f formula never computed."""
    row: int
    column: int
    kind: str
    value: object
    look: str = ""
    font: str = ""
    corrected: str = ""             # said beside its value, where it is not what was sent

    @property
    def address(self) -> str:
        """`F17`."""
        return f"{letters(self.column)}{self.row}"

    @property
    def text(self) -> str:
        """What a message shows of it."""
        if self.kind == "t":
            return self.value
        if self.kind == "n":
            return plain_number(self.value)
        if self.kind == "d":
            day, _, time = str(self.value).partition("T")
            return " ".join(p for p in ("/".join(reversed(day.split("-"))), time) if p)
        if self.kind == "b":
            return "TRUE" if self.value else "FALSE"
        return "công thức chưa tính" if self.kind == "f" else str(self.value)

    @property
    def whole(self) -> int | None:
        """A small whole number, typed as one or as text; else None."""
        if self.kind == "n":
            return self.value if isinstance(self.value, int) and self.look != "%" else None
        text = str(self.value).strip() if self.kind == "t" else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


class Sheet:
    """One sheet. `home` leads from any part of a merged cell to the cell that holds its value.

    `struck` are the cells with a line through what they hold; `colours` are those of cells filled in, be they empty or not.
    """

    def __init__(self, data: dict):
        self.name: str = data["name"]
        self.is_hidden: bool = data["hidden"]
        self.cells = {(c[0], c[1]): Cell(*c) for c in data["cells"]}
        self.cut: dict[tuple[int, int], int] = {}            # how long those texts were that are kept in part
        for place, cell in self.cells.items():
            if cell.kind in "te" and len(cell.value) > LONGEST:
                self._cut(place, cell)
        self.comments = [(row, column, text) for row, column, text in data["comments"] if text.strip()]
        self.hidden_rows = set(data["hidden_rows"])
        self.struck = sorted({(row, column) for row, column in data.get("struck", ())} & self.cells.keys())
        self.colours = {(row, column): colour for row, column, colour in data.get("colours", ())}
        self._hidden_columns = data["hidden_columns"]
        self.rows: dict[int, list[Cell]] = {}
        for place in sorted(self.cells):
            self.rows.setdefault(place[0], []).append(self.cells[place])
        self.last_row = max(self.rows, default=0)
        self.last_column = max((column for _, column in self.cells), default=0)
        self.spans: dict[tuple[int, int], tuple[int, int]] = {}
        self._covered: dict[tuple[int, int], Cell] = {}
        self.merges = data["merges"]
        for merge in self.merges:
            self._merge(*merge)

    def _cut(self, place, cell):
        text = cell.value.strip()
        if len(text) > LONGEST:
            self.cut[place] = len(text)
        self.cells[place] = cell._replace(value=text[:LONGEST])

    def _merge(self, top, left, bottom, right):
        bottom, right = min(bottom, self.last_row), min(right, self.last_column)
        cell = self.cells.get((top, left))
        if cell is None or len(self._covered) + (bottom - top + 1) * (right - left + 1) > _MOST_COVERED:
            return
        self.spans[top, left] = (bottom, right)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self._covered[row, column] = cell

    def with_cells(self, changed: dict[tuple[int, int], Cell | None]) -> Sheet:
        """The sheet with other cells at some places; None for an empty one. All else that is known of the others stays."""
        cells = self.cells | changed
        sheet = Sheet({"name": self.name, "hidden": self.is_hidden, "merges": self.merges, "comments": self.comments,
                       "cells": [cells[place] for place in sorted(cells) if cells[place]], "hidden_rows": self.hidden_rows,
                       "hidden_columns": self._hidden_columns, "struck": set(self.struck) - changed.keys(),
                       "colours": [(*place, colour) for place, colour in self.colours.items()]})
        sheet.cut |= {place: length for place, length in self.cut.items() if place not in changed}
        return sheet

    def home(self, row: int, column: int) -> Cell | None:
        """The cell whose value stands here, through merges."""
        return self.cells.get((row, column)) or self._covered.get((row, column))

    def span(self, cell: Cell) -> tuple[int, int]:
        """The last row and column a cell covers."""
        return self.spans.get((cell.row, cell.column), (cell.row, cell.column))

    @property
    def hidden_columns(self) -> list[int]:
        """The hidden columns with something in them."""
        return sorted({column for _, column in self.cells
                       if any(first <= column <= last for first, last in self._hidden_columns)})


class Book(NamedTuple):
    """A workbook that was read, or (`refused`) why it could not be."""
    sheets: tuple[Sheet, ...] = ()
    remarks: tuple[str, ...] = ()
    refused: str = ""
    wanted: str = ""
    sha256: str = ""
    is_ours: bool = False            # the reader's fault, not the file's


def letters(column: int) -> str:
    """6 → `F`."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def plain_number(value) -> str:
    """A stored number as digits: 8100000000, 1845.5."""
    return str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f")
