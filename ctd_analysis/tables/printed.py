"""A table as one frozen value: caption, headings, rows, notes; shown on a page, in a workbook, or on a console.

How it looks is the template's (`report/ctd/parts.html.j2`); what stands in it is for others to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from ..problems import visible
from ..terms import number


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a cell: words, a tone for the page (`excellent`, `raised`, `unknown` …), a bare number for a workbook."""
    text: str
    tone: str = ""
    value: int | float | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a column; `kind` is text, mono (signs to compare one by one), number or blank (to write in by hand)."""
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
        return pd.DataFrame([[c.text for c in row.cells] for row in self.rows if not row.band],
                            columns=[c.label for c in self.columns])


def headings(*labels: str | Heading) -> tuple[Heading, ...]:
    """What stands over the columns; a bare label heads a column of words."""
    return tuple(one if isinstance(one, Heading) else Heading(one) for one in labels)


def line(*cells, id: str = "") -> Line:
    """A row of entries; words and numbers become such."""
    return Line(tuple(c if isinstance(c, Entry) else _plain(c) for c in cells), id=id)


def _plain(value) -> Entry:
    if value is None:
        return Entry("–")
    if isinstance(value, (int, Decimal, np.integer)):
        exact = int(value) if value == int(value) else float(value)
        return Entry(number(exact if isinstance(exact, int) else value), value=exact)
    return Entry(str(value))


def band(text: str) -> Line:
    """A line that heads those below it."""
    return Line((Entry(text),), band=True)


def plain(table: Printed) -> str:
    """A table as aligned text for a console of any width: caption, headings, lines; no notes, and odd signs spelled out."""
    rows = [[c.label for c in table.columns], *([visible(c.text, None) for c in r.cells] for r in table.rows if not r.band)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(table.columns))]
    lines = [table.caption]
    body = iter(rows[1:])
    lines.append("  ".join(text.ljust(w) for text, w in zip(rows[0], widths, strict=True)).rstrip())
    for row in table.rows:
        if row.band:
            lines.append(f"— {visible(row.cells[0].text, None)}")
        else:
            lines.append("  ".join(text.ljust(w) for text, w in zip(next(body), widths, strict=True)).rstrip())
    return "\n".join(lines)
