"""A table as one frozen value: caption, headings, rows, notes; shown on a page, in a workbook, or on a console.

How it looks is the template's (`report/ctd/parts.html.j2`); what stands in it is for others to say.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

import numpy as np

from ..problems import visible
from ..terms import number


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a cell: words, a tone for the page (`excellent`, `raised`, `unknown` …), a bare number for a workbook.

    `note` is a word of its own beside them: `cụm trưởng`, `tạm tính`. `href`: where the words lead, on a page. `was`: what
    stood there before, struck through; the tone `struck` strikes the words themselves.
    """
    text: str
    tone: str = ""
    value: int | float | None = None
    note: str = ""
    href: str = ""
    was: str = ""

    @property
    def words(self) -> str:
        """All that stands there, in one line."""
        said = f"{self.was} → {self.text}" if self.was else self.text
        return f"{said} ({self.note})" if self.note else said


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a column; `kind` is text, long, mono (signs to compare one by one), number, or blank (to write in)."""
    label: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in a row; a `band` is one entry that heads the rows below it."""
    cells: tuple[Entry, ...]
    band: bool = False
    id: str = ""


@dataclass(frozen=True)
class Printed:
    """A printed table: caption, headings, lines, and notes below. Its repr is short: a notebook keeps it beside the HTML."""
    name: str
    caption: str
    columns: tuple[Heading, ...] = field(repr=False)
    rows: tuple[Line, ...] = field(repr=False)
    notes: tuple[str, ...] = field(default=(), repr=False)
    empty: str = field(default="Không có.", repr=False)
    folded: str = field(default="", repr=False)         # what it says closed, on a page: it opens on demand
    cards: bool = field(default=False, repr=False)      # a row is a card on a narrow screen

    @property
    def breadth(self) -> str:
        """How much room it wants on a narrow screen: `wide`, `medium` or none in particular."""
        return "wide" if len(self.columns) > 7 else "medium" if len(self.columns) > 4 else ""

    @property
    def stub(self) -> int:
        """The column that names a row: the first that holds words."""
        return next(k for k, column in enumerate(self.columns) if column.kind == "text")

    def _repr_html_(self) -> str:
        from .markup import part
        return part("table", table=self)

    def frame(self):
        """A pandas DataFrame of the words as printed, a column a heading, bands left out."""
        import pandas as pd
        return pd.DataFrame([[c.words for c in row.cells] for row in self.rows if not row.band],
                            columns=[c.label for c in self.columns])


def headings(*labels: str | Heading) -> tuple[Heading, ...]:
    """What stands over the columns; a bare label heads a column of words."""
    return tuple(one if isinstance(one, Heading) else Heading(one) for one in labels)


def line(*cells, id: str = "") -> Line:
    """A row of entries; words and numbers become such."""
    return Line(tuple(c if isinstance(c, Entry) else _plain(c) for c in cells), id=id)


@lru_cache(4096)
def _words(text: str) -> Entry:
    """Bare words: one entry, however often they stand there (a country's grades are half a million cells)."""
    return Entry(text)


def _plain(value) -> Entry:
    if value is None:
        return _words("–")
    if isinstance(value, (int, Decimal, np.integer)):
        exact = int(value) if value == int(value) else float(value)
        return Entry(number(exact if isinstance(exact, int) else value), value=exact)
    return _words(str(value))


def band(text: str, href: str = "") -> Line:
    """A line that heads those below it; it may lead to another page."""
    return Line((Entry(text, href=href),), band=True)


def leading(table: Printed, where: Callable[[str], str]) -> Printed:
    """The same table with its links leading where `where` says; a name whose page is not there leads nowhere."""
    return replace(table, rows=tuple(replace(row, cells=tuple(replace(cell, href=where(cell.href)) if cell.href else cell
                                                              for cell in row.cells)) for row in table.rows))


def unit_page(unit: str) -> str:
    """Where a unit's own page stands, from the folder of the clusters' pages."""
    return f"don-vi/{unit}.html"


def plain(table: Printed, width: int | None = None) -> str:
    """A table as aligned text, for a console of any width; or of one in which the names that do not fit take several lines."""
    rows = [[c.label for c in table.columns], *([visible(c.words, None) for c in r.cells] for r in table.rows if not r.band)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(table.columns))]
    if width and (over := sum(widths) + 2 * len(widths) - 2 - width) > 0:
        widths[table.stub] = max(widths[table.stub] - over, 8)
    lines = [table.caption, *_plain_row(rows[0], widths, table.stub)]
    body = iter(rows[1:])
    for row in table.rows:
        if row.band:
            said = f"— {visible(row.cells[0].text, None)}"
            lines += textwrap.wrap(said, width, subsequent_indent="  ", break_on_hyphens=False) if width else [said]
        else:
            lines += _plain_row(next(body), widths, table.stub)
    return "\n".join(lines)


def _plain_row(texts: list[str], widths: list[int], stub: int) -> list[str]:
    """The lines of a row: more than one where the name that begins it is too long."""
    name, room = texts[stub], widths[stub]
    names = [name] if len(name) <= room else textwrap.wrap(name, room, break_on_hyphens=False)
    lines = [[*texts[:stub], names[0], *texts[stub + 1:]]]
    lines += [["" if k != stub else name for k in range(len(texts))] for name in names[1:]]
    return ["  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip() for line in lines]
