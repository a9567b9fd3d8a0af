"""What a notebook shows by hand brings the pages' style along, whichever cell runs first; in a run the page has it."""

from __future__ import annotations

from ..tables.markup import style
from ..tables.printed import Printed
from ..year import handed


class Shown(Printed):
    """A printed table, alone in a cell."""

    def _repr_html_(self) -> str:
        return styled(super()._repr_html_())


def shown(table: Printed) -> Shown:
    """The same table, to be shown by itself."""
    return Shown(**vars(table))


def styled(html: str) -> str:
    """HTML with the style it needs where no page has it."""
    return html if handed.is_given() else f"<style>{style()}</style>{html}"
