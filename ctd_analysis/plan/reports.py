"""III.1, "báo cáo tháng, quý, 6 tháng": the reports of parts of a year, by the names filings may have.

The plan gives them no day of their own: they are counted, and put beside what was judged of the reporting regime.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: The parts of a year that are reported on, as the plan calls them.
PARTS = MONTH, QUARTER, HALF = "tháng", "quý", "6 tháng"


@dataclass(frozen=True)
class Report:
    """A report of part of the year. `before` is the day after that part: only a slip of the hand is a year away from it."""
    part: str
    label: str
    before: date


def reports(year: int) -> dict[str, Report]:
    """The reports of a year by the names filings may have: `report-2024-03`, `report-2024-q1`, `report-2024-h1`."""
    def one(part: str, which: str, months: int) -> Report:
        return Report(part, f"Báo cáo {part} {which} năm {year}", date(year + months // 12, months % 12 + 1, 1))

    return {**{f"report-{year}-{month:02}": one(MONTH, str(month), month) for month in range(1, 13)},
            **{f"report-{year}-q{k + 1}": one(QUARTER, roman, 3 * k + 3) for k, roman in enumerate(("I", "II", "III", "IV"))},
            **{f"report-{year}-h{k + 1}": one(HALF, which, 6 * k + 6) for k, which in enumerate(("đầu", "cuối"))}}
