"""The controls of what_if.ipynb, over a folder or over a year already read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .years import Year, read

if TYPE_CHECKING:
    import ipywidgets as widgets


def explore(year: Year | str = "data/2024") -> widgets.Widget:
    """The controls and the live table of a year, or of the one in a folder; errors as `read`.

    >>> import ctd_analysis as ctd
    >>> type(ctd.explore(ctd.read("data/2024"))).__name__
    'VBox'
    """
    from ..pages.controls import Explorer
    return Explorer((year if isinstance(year, Year) else read(year)).appraised).widget
