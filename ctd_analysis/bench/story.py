"""The pieces of what_if.ipynb that draw: the controls, where the edges are, how firm and how far each unit is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..problems import visible
from ..tables import what_if
from ..tables.markup import Fragment
from ..tables.printed import Heading, Printed, line
from ..terms import hint
from .errors import UnknownColumn, need
from .labels import is_missing, labels, short
from .results import Result
from .shown import Shown, shown, styled
from .years import Year, read

#: Signs from which on a cell of words takes several lines.
_LONG = 40

if TYPE_CHECKING:
    import ipywidgets as widgets
    import pandas as pd


def explore(year: Year | str | Path = "data/2024") -> widgets.Widget:
    """The controls of a year, or of the one in a folder, and beside them who moves and why; errors as `read`.

    A slider for every number of the rules, a choice for every reading; scenarios are opened and saved.

    >>> import ctd_analysis as ctd
    >>> type(ctd.explore(ctd.read("data/2024"))).__name__
    'VBox'
    """
    from ..pages.controls import Explorer
    return Explorer((read(year) if isinstance(year, (str, Path)) else need(year, Year)).appraised).widget


def draw_edges(result: Result, number: str = "min_a") -> Fragment:
    """Drawn: to which value one kind of number has to go for which unit to turn; as a table `result.edges`.

    `number`: min_a, max_c (counts of grades), branch_percent, below_percent (per cent). `UnknownColumn`: none of these.

    >>> import ctd_analysis as ctd
    >>> result = ctd.appraise(ctd.read("data/2024"))
    >>> "<svg" in ctd.draw_edges(result, "min_a").html
    True
    """
    from ..tables import charts
    if not isinstance(number, str) or number not in charts.FAMILIES:
        raise UnknownColumn(f"không vẽ được “{visible(str(number))}”{hint(str(number), charts.FAMILIES)}; "
                            f"cần một trong {', '.join(charts.FAMILIES)}")
    return Fragment(styled(charts.edges(need(result, Result).appraisal, number).html))


def firmness(result: Result) -> Printed:
    """A line a unit: of all combinations of readings how many give which outcome, and the fewest that change it.

    As a table of numbers: `result.readings`.

    >>> import ctd_analysis as ctd
    >>> ctd.firmness(ctd.appraise(ctd.read("data/2024"))).frame().shape[0]
    15
    """
    return shown(what_if.firmness(need(result, Result).appraisal))


def distance(result: Result) -> Printed:
    """A line a unit: how far from the next class, by what it holds its own, every least way up. As numbers: `result.nearest`.

    >>> import ctd_analysis as ctd
    >>> list(ctd.distance(ctd.appraise(ctd.read("data/2024"))).frame().columns[:2])
    ['Đơn vị', 'Dự kiến xếp loại']
    """
    return shown(what_if.distance(need(result, Result).appraisal))


def show(frame: pd.DataFrame | pd.Series, caption: str = "") -> Printed:
    """A table as the pages print theirs: in Vietnamese (`labels`), words to the left, numbers to the right, nothing cut off.

    The index comes first, a column a level. Shape: as `frame` with its index; `frame` may be a column too.

    >>> import ctd_analysis as ctd
    >>> units = ctd.appraise(ctd.read("data/2024")).units
    >>> ctd.show(units[["a", "final_class"]]).frame().iloc[0].to_list()
    ['Thành phố Rạch Giá', '40', 'Khá']
    """
    import pandas as pd
    frame = need(frame, pd.DataFrame, pd.Series)
    frame = frame.to_frame() if frame.ndim == 1 else frame
    told = labels(frame)
    named = not (isinstance(frame.index, pd.RangeIndex) and frame.index.name is None)
    levels = [name for name in told.index.names if name in told.columns]
    table = told.reset_index(names=[f"{n} " if n in levels else str(n or "") for n in told.index.names]) if named else told
    rows = [line(*("" if is_missing(value) else short(value) for value in row)) for row in table.itertuples(index=False)]
    names = max(frame.index.nlevels * named, 1)         # what names a row stands to the left, a number too
    kinds = [_kind(table.dtypes.iloc[k], [row.cells[k].text for row in rows], k < names) for k in range(len(table.columns))]
    return Shown("", str(caption), tuple(map(Heading, (str(name).strip() for name in table.columns), kinds)), tuple(rows))


def _kind(dtype, texts: list[str], is_name: bool) -> str:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype
    if is_name:
        return "text"
    return "number" if is_numeric_dtype(dtype) and not is_bool_dtype(dtype) else \
        "long" if max(map(len, texts), default=0) > _LONG else "text"
