"""The pieces of what_if.ipynb that draw: the controls, where the edges are, how firm and how far each unit is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..problems import visible
from ..tables import what_if
from ..tables.markup import Fragment
from ..tables.printed import Printed
from ..terms import hint
from .errors import UnknownColumn
from .results import Result
from .years import Year, read

if TYPE_CHECKING:
    import ipywidgets as widgets


def explore(year: Year | str = "data/2024") -> widgets.Widget:
    """The controls of a year, or of the one in a folder, and beside them who moves and why; errors as `read`.

    A slider for every number of the rules, a choice for every reading; scenarios are opened and saved.

    >>> import ctd_analysis as ctd
    >>> type(ctd.explore(ctd.read("data/2024"))).__name__
    'VBox'
    """
    from ..pages.controls import Explorer
    return Explorer((year if isinstance(year, Year) else read(year)).appraised).widget


def draw_edges(result: Result, number: str = "min_a") -> Fragment:
    """Drawn: to which value one kind of number has to go for which unit to turn; as a table `result.edges`.

    `number`: min_a, max_c (counts of grades), branch_percent, below_percent (per cent). `UnknownColumn`: none of these.

    >>> import ctd_analysis as ctd
    >>> result = ctd.appraise(ctd.read("data/2024"))
    >>> "<svg" in ctd.draw_edges(result, "min_a").html
    True
    """
    from ..tables import charts
    if number not in charts.FAMILIES:
        raise UnknownColumn(f"không vẽ được “{visible(str(number))}”{hint(str(number), charts.FAMILIES)}; "
                            f"cần một trong {', '.join(charts.FAMILIES)}")
    return charts.edges(result.appraisal, number)


def firmness(result: Result) -> Printed:
    """A line a unit: of all combinations of readings how many give which outcome, and the fewest that change it.

    As a table of numbers: `result.readings`.

    >>> import ctd_analysis as ctd
    >>> ctd.firmness(ctd.appraise(ctd.read("data/2024"))).frame().shape[0]
    15
    """
    return what_if.firmness(result.appraisal)


def distance(result: Result) -> Printed:
    """A line a unit: how far from the next class, by what it holds its own, every least way up. As numbers: `result.nearest`.

    >>> import ctd_analysis as ctd
    >>> list(ctd.distance(ctd.appraise(ctd.read("data/2024"))).frame().columns[:2])
    ['Đơn vị', 'Xếp loại']
    """
    return what_if.distance(result.appraisal)
