"""Where a table ends: at its signature, before the next one's title, or where blank rows are followed by remarks."""

from __future__ import annotations

import re

from ..office.grid import Cell, Sheet
from ..values import plain
from .headings import fold, is_filled, number_in

#: What stands under a table: who signs it, where and when.
_SIGNED = re.compile(r"(tm|kt|tl|tuq|thay mat) |(nguoi|can bo) (lap|theo doi|tong hop|ghi|ky)|thu truong|chu tich|"
                     r"(pho )?truong ban|cum (truong|pho)$|ky( ten|,| va| ghi)|(.* )?ngay( \d+)? thang( \d+)? nam( \d+)?$|"
                     r"noi nhan|xac nhan cua|ke toan( truong)?$|thu quy$")


def last_of(sheet: Sheet, head: tuple[int, int], seen: int, limit: int) -> int:
    """Where a table ends: at its signature, before the title of the next one, or where blank rows are followed by remarks."""
    last = limit
    rows = [row for row in sheet.rows if seen < row <= limit]
    stub = sorted({c.column for r in range(head[0], head[1] + 1) for c in sheet.rows.get(r, ())})[:2]
    for row in rows:
        cells = list(filter(is_filled, sheet.rows[row]))
        if cells and _is_signature(cells) and not any(_goes_on(sheet, below, stub) for below in rows if below > row):
            last = row - 1
            break
    rows = [row for row in rows if row <= last]
    is_followed = last == limit < sheet.last_row
    while rows and is_followed and _is_line(sheet, rows[-1]):
        last = rows.pop() - 1
    filled = [row for row in rows if any(c.column in stub for c in sheet.rows[row])]
    for before, row in zip(rows, rows[1:], strict=False):
        if row - before > 1 and filled and row > filled[-1] \
                or row - before > 2 and all(len(sheet.rows[r]) == 1 for r in rows if r >= row):
            return row - 1
    return last


def _goes_on(sheet: Sheet, row: int, stub: list[int]) -> bool:
    """Does a row stand as those of a table do: a number before two cells more?"""
    cells = sheet.rows[row]
    return len(cells) > 2 and any(c.column in stub and number_in(c) is not None for c in cells)


def _is_signature(cells: list[Cell]) -> bool:
    """A row that says who signs, where and when, and holds nothing else."""
    said = [fold(c.value) for c in cells if c.kind == "t" and len(c.value) < 80]
    return len(said) == len(cells) and any(_SIGNED.match(one) for one in said)


def _is_line(sheet: Sheet, row: int) -> bool:
    """A line of words alone, as a title is or the name of the next table's unit."""
    cells = sheet.rows[row]
    return len(cells) == 1 and cells[0].kind == "t" and (
        sheet.span(cells[0])[1] > cells[0].column or cells[0].column < 3 and len(plain(cells[0].value)) > 8)
