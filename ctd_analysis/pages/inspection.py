"""What `inspection.ipynb` calls: where to look before the appraisal, which branches to visit, what was found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..answers.inspection import Inspection
from ..tables import inspection
from ..words import inspecting
from .notebook import Page, judged, says_of, shows_of


@dataclass(frozen=True)
class InspectionPage(Page):
    """The inspection of a whole year."""

    name, tells = "Kiểm tra thực tế", ""
    answer, is_whole, cosigner = "bang-mot-ngay", True, "TRƯỞNG ĐOÀN THẨM ĐỊNH"

    day_work = shows_of(inspection.day_work, "inspection")
    visits = shows_of(inspection.visits, "inspection")
    nearest = shows_of(inspection.nearest, "inspection")
    deeper = shows_of(inspection.deeper, "inspection")
    found = shows_of(inspection.found, "inspection")
    summary = says_of(inspecting.summary, "inspection")

    @cached_property
    def inspection(self) -> Inspection:
        """The year asked where to look."""
        return Inspection(self.appraisal)


def open_inspection(year_dir: str, scenario: str = "") -> InspectionPage:
    """The page of the inspection; `scenario` is the path of a scenario file, or empty. FileNotFoundError: no such year."""
    return InspectionPage(judged(year_dir, scenario))
