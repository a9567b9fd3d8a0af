"""What `inspection.ipynb` calls: where to look before the appraisal, which branches to visit, what was found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..answers.inspection import Inspection
from ..tables import inputs, inspection
from ..tables.markup import Fragment, part
from ..tables.printed import Printed
from ..words import inspecting
from .notebook import Page, judged, shows_of


@dataclass(frozen=True)
class InspectionPage(Page):
    """The inspection of a whole year."""

    answer, is_whole, cosigner = "bang-mot-ngay", True, "TRƯỞNG ĐOÀN THẨM ĐỊNH"

    day_work = shows_of(inspection.day_work, "inspection")
    visits = shows_of(inspection.visits, "inspection")
    nearest = shows_of(inspection.nearest, "inspection")
    deeper = shows_of(inspection.deeper, "inspection")
    found = shows_of(inspection.found, "inspection")

    @cached_property
    def inspection(self) -> Inspection:
        """The year asked where to look."""
        return Inspection(self.appraisal)

    @property
    def name(self) -> str:
        """What the page is about."""
        return "Kiểm tra thực tế"

    @property
    def title(self) -> str:
        """The same, and the year."""
        return f"{self.name} năm {self.appraisal.book.year}"

    def summary(self) -> Fragment:
        """How many branches and places, and what is already looked at."""
        return Fragment(part("lead", lines=inspecting.summary(self.inspection)))

    def sources(self) -> Printed:
        """Every file the page rests on."""
        return inputs.sources(self.appraisal)


def open_inspection(year_dir: str, scenario: str = "") -> InspectionPage:
    """The page of the inspection; `scenario` is the path of a scenario file, or empty. FileNotFoundError: no such year."""
    return InspectionPage(judged(year_dir, scenario))
