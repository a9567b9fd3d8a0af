"""What a sheet shows beside its values and nobody reads as one: another year in its title, values struck through."""

from __future__ import annotations

import re

from ..office.grid import Sheet
from ..values import plain
from .gather import Gathered
from .layouts import Table, above

#: Days, months with a year, and numbers of documents name no sheet's year.
_ASIDE = re.compile(r"\S*/\S*|\d+[.-]\d+[.-]\d{4}|tháng\s+\d+\s+(?:năm\s+)?\d{4}", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NEAR = 10                      # years from the plan's that a title may be of


def another_year(table: Table, gathered: Gathered) -> None:
    """A line over a table that names a year, and not the plan's."""
    own = gathered.book.year
    for cell in above(table):
        years = {int(y) for y in _YEAR.findall(_ASIDE.sub(" ", plain(cell.value)[:500]))}
        if years and own not in years and any(abs(year - own) <= _NEAR for year in years):
            named = ", ".join(map(str, sorted(years)))
            if gathered.owner:                          # what was registered for another year counts for nothing
                gathered.problem(cell, f"bảng đăng ký của năm khác ({named})", f"bảng đăng ký năm {own}")
            else:
                gathered.notice(cell, f"dòng này ghi năm {named}, không phải năm {own}")


def coloured(sheet: Sheet, rows: list[int], column: int) -> int:
    """How many empty cells of a column are in colours of their own, not those some other column has as well (a form's)."""
    shown = [sheet.colours.get((row, column), "") for row in rows]
    others = ([sheet.colours.get((row, c), "") for row in rows] for c in range(1, sheet.last_column + 1) if c != column)
    if not any(shown) or shown in others:
        return 0
    return sum(bool(colour) and (row, column) not in sheet.cells for row, colour in zip(rows, shown, strict=True))


def struck(gathered: Gathered) -> None:
    """A value with a line through it, read all the same."""
    account = gathered.account
    for place in account.sheet.struck:
        if place in account.claims and account.claims[place].kind == "value":
            gathered.notice(account.sheet.cells[place], "ô bị gạch ngang, vẫn đọc")
