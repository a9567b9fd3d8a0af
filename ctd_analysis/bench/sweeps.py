"""Whole ranges of values at once: what each gives every unit, as a table; two keys together, drawn as a heat map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import islice
from math import prod
from typing import TYPE_CHECKING

from ..answers import grid
from ..answers.readings import OUTCOMES
from ..plan.scenario import ORDER
from ..tables.printed import Entry, Heading, Printed, headings, line
from ..terms import number
from ..words import wording
from . import frames
from .errors import UnknownColumn, WrongArgument, need, settings
from .labels import Words, remember, short, words_of
from .shown import Shown
from .years import Year

if TYPE_CHECKING:
    import pandas as pd

#: So many outcomes are asked for at most, values times units: 100,000 values, or pairs of them, for a province of 15.
MOST = 1_500_000
_SUCH_AS = "ví dụ {\"class.excellent.min_a\": range(36, 44)}"


def sweep(year: Year, values: Mapping[str, Iterable]) -> pd.DataFrame:
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
    base = need(year, Year).appraised
    swept = _values(values, MOST // max(len(base.everyone), 1))
    codes = grid.outcomes(year.read, year.changes, swept, base.facts)
    rising = np.array([frames.RISING["outcome"].index(name) for name in OUTCOMES], np.int8)[codes]
    kind = pd.CategoricalDtype(list(frames.RISING["outcome"]), ordered=True)
    levels = [pd.Index(values if all(isinstance(one, int) for one in values) else frames.typed(values), name=key)
              for key, values in swept.items()]
    index = pd.MultiIndex.from_product(levels) if len(levels) > 1 else levels[0]
    columns = {unit: pd.Categorical.from_codes(rising[:, k], dtype=kind, validate=False)
               for k, unit in enumerate(base.facts.units)}
    return remember(pd.DataFrame(columns, index=index, copy=False), year.read)


def _values(given: Mapping[str, Iterable], most: int) -> dict[str, list]:
    """Keys with the values to try, as rules and rows hold them; all of them together no more than `most`."""
    if not all(isinstance(values, Iterable) and not isinstance(values, (str, bytes, Mapping))
               for values in settings(given).values()):
        raise WrongArgument(f"mỗi khóa cần một dãy giá trị, {_SUCH_AS}")
    found = {key: [";".join(map(str, value)) if isinstance(value, (list, tuple)) and key == ORDER else frames.plain(value)
                   for value in islice(values, most + 1)] for key, values in given.items()}
    together = prod(map(len, found.values()))
    if not found or not together:
        raise ValueError(f"cần một hay hai khóa, mỗi khóa ít nhất một giá trị, {_SUCH_AS}")
    if together > most:
        raise ValueError(f"quá nhiều: nhiều nhất {number(most)} giá trị, hay cặp giá trị; lấy bước xa hơn, "
                         "ví dụ range(0, 100_000_000, 1_000_000)")
    return found


def heat_map(swept: pd.DataFrame, show: str = "excellent") -> Printed:
    """A sweep of two keys, drawn: one unit's outcome in each cell, or how many units come out as one class; else blank.

    `show`: a unit of the sweep, or an outcome (excellent, good, average, weak, no_class, not_considered). ValueError: not a
    sweep of two keys; `UnknownColumn`, with the nearest name: neither.

    >>> import ctd_analysis as ctd
    >>> year = ctd.read("data/2024")
    >>> two = ctd.sweep(year, {"class.excellent.min_a": [40, 41], "class.excellent.branch_percent": [70, 75]})
    >>> ctd.heat_map(two, "giong-rieng").frame().iloc[0].to_list()
    ['40', 'Xuất sắc', 'Xuất sắc']
    """
    import pandas as pd
    if need(swept, pd.DataFrame).index.nlevels != 2:
        raise ValueError("cần kết quả của sweep với đúng hai khóa")
    words, (first, second) = words_of(swept), swept.index.names
    if swept.columns.empty:
        return Shown("hai-muc", "Hai yêu cầu cùng lúc", headings(words.heading(first)), (), empty=wording.NOBODY)
    if not isinstance(show, str) or show not in swept.columns and show not in OUTCOMES:
        raise UnknownColumn.among(show, [*swept.columns, *OUTCOMES])
    of_unit, once = show in swept.columns, swept[~swept.index.duplicated()]
    cells = (once[show] if of_unit else (once == show).sum(axis=1)).unstack(sort=False)
    drawn = partial(_unit_cell, words) if of_unit else partial(_count_cell, len(swept.columns))
    rows = [line(_value(words, first, value), *("" if pd.isna(cell) else drawn(cell) for cell in row))
            for value, row in zip(cells.index, cells.to_numpy(), strict=True)]
    what = words.heading(show) if of_unit else f"Số đơn vị {words.heading(show)}"
    return Shown("hai-muc", f"{what}, theo hai yêu cầu cùng lúc",
                 headings(words.heading(first), *(Heading(_value(words, second, value), "heat") for value in cells.columns)),
                 tuple(rows), (f"Ngang: {words.heading(second)}. Mỗi ô là kết quả sau quyết định khi hai yêu cầu cùng đổi.",))


def _value(words: Words, key: str, value) -> str:
    return "để trống" if frames.plain(value) is None else short(words.value(key, value))


def _unit_cell(words: Words, outcome: str) -> Entry:
    return Entry(words.heading(outcome), outcome if outcome in ("excellent", "good", "average", "weak") else "none")


def _count_cell(units: int, count: float) -> Entry:
    """A count with a tone of five, none to all; pandas makes it no whole number where another cell is blank."""
    return Entry(str(int(count)), f"heat-{-(-4 * int(count) // max(units, 1))}", int(count))
