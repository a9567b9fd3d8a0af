"""What the notebooks of the year before December call: the registration round, the first half. No class stands on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ..answers.progress import HalfYear, half_year
from ..answers.registration import Registration
from ..problems import visible
from ..tables import progress, registration
from ..tables.markup import Fragment
from ..values import Wrong, iso_day
from .notebook import Page, judged, says_of, shows_of


@dataclass(frozen=True)
class MidyearPage(Page):
    """What the pages before December have in common: they are about numbers, not about classes of units."""

    skip = "Tới bảng chính"
    direct = shows_of(registration.direct, "year")
    reports = shows_of(registration.reports, "year")

    @property
    def year(self):
        """The year as read."""
        return self.appraisal.year

    @property
    def about(self) -> list[int]:
        """No unit's class."""
        return []

    @cached_property
    def marks(self) -> list[tuple[str, str]]:
        """The status of the page: followed through the year, sample; a kind and its words."""
        marks = [("draft", "THEO DÕI TRONG NĂM – không chấm điểm, không xếp loại")]
        if self.appraisal.book.sample:
            marks.append(("sample", "SỐ LIỆU MINH HỌA – số tiền, ngày tháng là giả định"))
        return marks


@dataclass(frozen=True)
class RegistrationPage(MidyearPage):
    """Who has registered, with which targets (V.3)?"""

    name, tells, answer = "Đăng ký thi đua", "", "bang-dang-ky"

    standing = shows_of(registration.standing, "found")
    part_two = shows_of(registration.part_two, "found")
    branch_sums = shows_of(registration.branch_sums, "found")
    moved = shows_of(registration.moved, "found")
    summary = says_of(registration.summary, "found")

    @cached_property
    def found(self) -> Registration:
        """The round."""
        return Registration(self.year)


@dataclass(frozen=True)
class ProgressPage(MidyearPage):
    """Where does every unit stand on a day of the year (IV, II.9)?"""
    on: date | None = None

    answer = "bang-phan-ii"

    part_two = shows_of(progress.part_two, "half")
    overview = shows_of(progress.overview, "half")
    behind = shows_of(progress.behind, "half")
    units = shows_of(progress.units, "half")
    summary = says_of(progress.summary, "half")

    def chart(self) -> Fragment:
        """How far every unit is for its day, drawn."""
        from ..tables import pace
        return pace.chart(self.half)

    @cached_property
    def half(self) -> HalfYear:
        """The year on that day, by the plan's own on 30 June."""
        return half_year(self.year, self.on)

    @property
    def title(self) -> str:
        """The day and its year."""
        return f"Tiến độ đến {self.half.on:%d/%m/%Y}"

    @property
    def running_head(self) -> str:
        """What stands on every sheet: the day, which tells the year."""
        return self.title


def open_registration(year_dir: str, scenario: str = "") -> RegistrationPage:
    """The registration round's page; it needs no submission. FileNotFoundError: no such year."""
    return RegistrationPage(judged(year_dir, scenario))


def open_progress(year_dir: str, scenario: str = "", on: str = "") -> ProgressPage:
    """The page of a day of the year (`2024-06-30`; none: 30 June). FileNotFoundError: no such year; ValueError: no such day."""
    try:
        return ProgressPage(judged(year_dir, scenario), iso_day(str(on or "")))
    except Wrong as wrong:
        raise ValueError(f"on = “{visible(str(on))}”: {wrong}; cần {wrong.wanted}") from None
