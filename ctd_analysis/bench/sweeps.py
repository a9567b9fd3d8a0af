"""Whole ranges of values at once: what each gives every unit, as a table; two keys together, drawn as a heat map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..answers import grid
from ..answers.readings import OUTCOMES
from ..tables.printed import Entry, Heading, Printed, headings, line
from . import frames
from .errors import UnknownColumn
from .labels import Words, remember, short, words_of
from .results import as_python
from .years import Year

if TYPE_CHECKING:
    import pandas as pd


def sweep(year: Year, settings: Mapping[str, Iterable]) -> pd.DataFrame:
    """What every value of a key gives, or of two keys every pair of values. Index: the values; columns: units; cells: outcomes.

    Keys as in `appraise`: of the rules, of readings, of facts. Cells are an ordered `Categorical`: not_considered, no_class,
    weak, average, good, excellent (final class). Two keys: a `MultiIndex`, the second runs fastest. ValueError: no key or no
    value; `UnknownKey`, `UnknownUnit`, `UnknownValue`. Judged in one sweep, not scenario by scenario.

    >>> import ctd_analysis as ctd
    >>> year = ctd.read("data/2024")
    >>> ctd.sweep(year, {"class.excellent.min_a": range(39, 42)})["giong-rieng"].to_list()
    ['excellent', 'excellent', 'good']
    >>> two = ctd.sweep(year, {"class.excellent.min_a": range(38, 44), "class.excellent.branch_percent": range(60, 91, 5)})
    >>> two.shape, two.index.names
    ((42, 15), FrozenList(['class.excellent.min_a', 'class.excellent.branch_percent']))
    """
    import numpy as np
    import pandas as pd
    swept = {key: [as_python(value) for value in values] for key, values in settings.items()}
    if not swept or not all(swept.values()):
        raise ValueError("cần một hay hai khóa, mỗi khóa ít nhất một giá trị, ví dụ {\"class.excellent.min_a\": range(36, 44)}")
    base = year.appraised
    codes = grid.outcomes(year.read, year.changes, swept, base.facts)
    rising = np.array([frames.RISING["outcome"].index(name) for name in OUTCOMES], np.int8)[codes]
    kind = pd.CategoricalDtype(list(frames.RISING["outcome"]), ordered=True)
    index = pd.MultiIndex.from_product(swept.values(), names=list(swept)) if len(swept) > 1 else \
        pd.Index(next(iter(swept.values())), name=next(iter(swept)))
    columns = {unit: pd.Categorical.from_codes(rising[:, k], dtype=kind, validate=False)
               for k, unit in enumerate(base.facts.units)}
    return remember(pd.DataFrame(columns, index=index, copy=False), year.read)


def heat_map(swept: pd.DataFrame, show: str = "excellent") -> Printed:
    """A sweep of two keys, drawn: one unit's outcome in each cell, or how many units come out as one class.

    `show`: a unit of the sweep, or an outcome (excellent, good, average, weak, no_class, not_considered). ValueError: not a
    sweep of two keys; `UnknownColumn`, with the nearest name: neither.

    >>> import ctd_analysis as ctd
    >>> year = ctd.read("data/2024")
    >>> two = ctd.sweep(year, {"class.excellent.min_a": [40, 41], "class.excellent.branch_percent": [70, 75]})
    >>> ctd.heat_map(two, "giong-rieng").frame().iloc[0].to_list()
    ['40', 'Xuất sắc', 'Xuất sắc']
    """
    if swept.index.nlevels != 2:
        raise ValueError("cần kết quả của sweep với đúng hai khóa")
    if show not in swept.columns and show not in OUTCOMES:
        raise UnknownColumn.among(show, [*swept.columns, *OUTCOMES])
    words = words_of(swept)
    first, second = swept.index.names
    of_unit = show in swept.columns
    cells = (swept[show] if of_unit else (swept == show).sum(axis=1)).unstack(sort=False)
    rows = [line(short(value), *(_unit_cell(words, cell) if of_unit else _count_cell(int(cell), len(swept.columns))
                                 for cell in row)) for value, row in zip(cells.index, cells.to_numpy(), strict=True)]
    what = words.heading(show) if of_unit else f"Số đơn vị {words.heading(show)}"
    return Printed("hai-muc", f"{what}, theo hai yêu cầu cùng lúc",
                   headings(words.name(first), *(Heading(short(value), "heat") for value in cells.columns)), tuple(rows),
                   (f"Ngang: {words.name(second)}. Mỗi ô là kết quả sau quyết định khi hai yêu cầu cùng đổi.",))


def _unit_cell(words: Words, outcome: str) -> Entry:
    return Entry(words.heading(outcome), outcome if outcome in ("excellent", "good", "average", "weak") else "none")


def _count_cell(count: int, units: int) -> Entry:
    """A count with a tone of five, none to all."""
    return Entry(str(count), f"heat-{-(-4 * count // max(units, 1))}", count)
