"""A table as one frozen value: caption, headings, rows, notes; shown on a page, in a workbook, or on a console.

How it looks is the template's (`report/ctd/parts.html.j2`); what stands in it is for others to say.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest

import numpy as np

from ..problems import visible
from ..terms import MET, number

_NARROW, _WORD = 10, 40     # signs: no column of words is narrower than the one, nor kept whole for a word beyond the other
_NO_END = 1_000_000


#: The tone of a condition that is met, is not, or is not known.
TONES = {True: "met", False: "raised", None: "unknown"}


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


#: A condition as a cell says it: met, not met, not known.
MEETS = {met: Entry(MET[met], tone) for met, tone in TONES.items()}


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


def table(name: str, caption: str, columns: Iterable[str | Heading], rows: Iterable[Line], *notes: str, **how) -> Printed:
    """A printed table from its headings, lines and notes; `how` is what `Printed` has besides: `empty`, `folded`, `cards`."""
    return Printed(name, caption, headings(*columns), tuple(rows), tuple(filter(None, notes)), **how)


def headings(*labels: str | Heading) -> tuple[Heading, ...]:
    """What stands over the columns; a bare label heads a column of words."""
    return tuple(one if isinstance(one, Heading) else Heading(one) for one in labels)


def numeric(label: str) -> Heading:
    """What stands over a column of numbers."""
    return Heading(label, "number")


def long(label: str) -> Heading:
    """What stands over a column of sentences: it gets the room that the others leave."""
    return Heading(label, "long")


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


def banded(groups: Iterable[tuple[str, Iterable[Line]]]) -> Iterator[Line]:
    """Lines under what heads them; what has no line heads nothing and is left out."""
    for text, rows in groups:
        if rows := list(rows):
            yield band(text)
            yield from rows


def lines_in(table: Iterable[Line]) -> int:
    """How many lines there are, bands not counted."""
    return sum(not row.band for row in table)


def aside(table: Printed, count: int | None = None) -> Printed:
    """The same table closed on a page, to be opened: its caption and how much is in it, its lines where no `count` is given."""
    return replace(table, folded=f"{table.caption}: {len(table.rows) if count is None else count}")


def leading(table: Printed, where: Callable[[str], str]) -> Printed:
    """The same table with its links leading where `where` says; a name whose page is not there leads nowhere."""
    return replace(table, rows=tuple(replace(row, cells=tuple(replace(cell, href=where(cell.href)) if cell.href else cell
                                                              for cell in row.cells)) for row in table.rows))


def unit_page(unit: str) -> str:
    """Where a unit's own page stands, from the folder of the clusters' pages."""
    return f"don-vi/{unit}.html"


def fitted(columns: Iterable[Iterable[str]], room: int) -> list[int]:
    """How many signs wide each column of words is to be, so that all take no more than `room` where that can be.

    All whole where they fit. Else none is narrower than its longest word or `_NARROW` signs, and what room there is goes, step
    by step, to the column whose long cells (one in ten is longer still) take the most lines.
    """
    columns = [set(column) for column in columns]
    lengths = [sorted(len(part) for text in column for part in text.split("\n")) or [0] for column in columns]
    whole, long = [one[-1] for one in lengths], [one[-1 - len(one) // 10] for one in lengths]
    if sum(whole) <= room:
        return whole
    widths = _least(columns, whole)
    while (wider := _one_line_less(long, widths, room)) is not None:
        widths = wider
    most = max(range(len(widths)), key=lambda k: whole[k] / max(widths[k], 1))
    widths[most] = min(whole[most], widths[most] + max(room - sum(widths), 0))
    return widths


def _one_line_less(long: list[int], widths: list[int], room: int) -> list[int] | None:
    """The same widths, the column with the most lines so wide that it has one less; None where there is no room for that."""
    lines = [-(-signs // max(width, 1)) for signs, width in zip(long, widths, strict=True)]
    for k in sorted(range(len(widths)), key=lambda k: -lines[k]):
        wider = -(-long[k] // max(lines[k] - 1, 1))
        if lines[k] > 1 and sum(widths) - widths[k] + wider <= room:
            return [*widths[:k], wider, *widths[k + 1:]]
    return None


def _least(columns: Iterable[Iterable[str]], whole: list[int]) -> list[int]:
    longest = [max((len(word) for text in column for word in text.split()), default=0) for column in columns]
    return [min(w, max(_NARROW, min(word, _WORD))) for w, word in zip(whole, longest, strict=True)]


@lru_cache(4096)
def wrapped(text: str, width: int) -> tuple[str, ...]:
    """The lines of a cell of so many signs; one at least."""
    parts = [[part] if len(part) <= width else textwrap.wrap(part, width, break_on_hyphens=False) for part in text.split("\n")]
    return tuple(line for part in parts for line in part)


# ---------------------------------------------------------------- on a console

def plain(table: Printed, width: int | None = None) -> str:
    """A table as aligned text, for a console of any width; or of one: there cells take several lines, and what is long
    (or has no room) stands under its line."""
    if not table.rows:
        return f"{table.caption}\n  {table.empty}"
    columns = [[column.label, *(visible(row.cells[k].words, None) for row in table.rows if not row.band)]
               for k, column in enumerate(table.columns)]
    beside = _beside(table, columns, width)
    widths = fitted([columns[k] for k in beside], (width or _NO_END) - 2 * (len(beside) - 1))
    lines, rows = [table.caption, *_plain_row([columns[k][0] for k in beside], widths)], iter(zip(*columns, strict=True))
    next(rows)
    for row in table.rows:
        if row.band:
            said = f"— {visible(row.cells[0].text, None)}"
            lines += textwrap.wrap(said, width, subsequent_indent="  ", break_on_hyphens=False) if width else [said]
            continue
        cells = next(rows)
        lines += _plain_row([cells[k] for k in beside], widths)
        for k in range(len(columns)):
            if k not in beside and cells[k] not in ("", "–"):
                lines += textwrap.wrap(f"{columns[k][0]}: {cells[k]}", width, initial_indent=" " * 4,
                                       subsequent_indent=" " * 6, break_on_hyphens=False)
    return "\n".join(lines)


def _beside(table: Printed, columns: list[list[str]], width: int | None) -> list[int]:
    """The columns that stand side by side: all where they fit; else those that are not long, the widest left out one by one."""
    beside = list(range(len(columns)))
    whole = [max(map(len, column)) for column in columns]
    if width is None or sum(whole) + 2 * (len(columns) - 1) <= width:
        return beside
    beside = [k for k in beside if table.columns[k].kind != "long"]
    least = _least(columns, whole)
    while len(beside) > 1 and sum(least[k] + 2 for k in beside) - 2 > width:
        beside.remove(max((k for k in beside if k != table.stub), key=lambda k: whole[k]))
    return beside


def _plain_row(texts: list[str], widths: list[int]) -> list[str]:
    """The lines of a row: as many as its tallest cell has."""
    cells = [wrapped(text, max(width, 1)) for text, width in zip(texts, widths, strict=True)]
    return ["  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip()
            for line in zip_longest(*cells, fillvalue="")]
