"""How an office's papers call things: a society by its name, a day in words; and how much of what somebody typed a line holds.

Layout of days: Decree 30/2020. What the software says itself is never cut: only names, reasons and documents that were typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from ..answers.appraisal import Appraisal
from ..rows import Unit

_LONGEST = 400          # characters of one typed text on paper
_SOCIETY = "Hội CTĐ"
_KINDS = ("huyện", "thành phố", "thị xã", "quận", "xã", "phường", "đặc khu")


def society(unit: Unit) -> str:
    """A unit within a sentence: `Hội CTĐ huyện Kiên Hải`; a name that says Hội already stays as it is."""
    spelled = unit.name.casefold()
    if spelled.startswith("hội "):
        return unit.name
    kind = next((one for one in _KINDS if spelled.startswith(f"{one} ")), "")
    return f"{_SOCIETY} {kind}{unit.name[len(kind):]}"


def day_in_words(day: date | None) -> str:
    """`ngày 05 tháng 01 năm 2025`, `ngày 13 tháng 6 năm 2023`: a nought before days under 10, and before months 1 and 2."""
    if day is None:
        return "chưa ghi ngày"
    return f"ngày {day.day:02d} tháng {day.month:{'02d' if day.month < 3 else 'd'}} năm {day.year}"


def days_in_words(text: str) -> str:
    """A sentence with every `ngày 13/6/2023` in it as `day_in_words` has it; what is no day stays."""
    def said(found: re.Match) -> str:
        try:
            return day_in_words(date(int(found[3]), int(found[2]), int(found[1])))
        except ValueError:
            return found[0]

    return re.sub(r"ngày (\d{1,2})/(\d{1,2})/(\d{4})", said, text)


def cut(text: str) -> str:
    """What somebody typed, to the length a line of a paper holds."""
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def running(marks: Iterable[tuple[str, str]]) -> str:
    """A page's status marks in the one line a sheet has room for: `DỰ THẢO | SỐ LIỆU MINH HỌA | TẠM TÍNH`; what is absent
    and which scenario it is are said in full."""
    return " | ".join(cut(text if kind in ("absent", "scenario") else text.partition(" – ")[0]) for kind, text in marks)


def on_paper(appraisal: Appraisal) -> Appraisal:
    """The same appraisal with its units called as societies, and everything that was typed kept to a length."""
    year = appraisal.year
    return replace(appraisal, year=replace(
        year, units=_called(year.units), all_units=_called(year.all_units),
        clusters=_short(year.clusters, "name"), all_clusters=_short(year.all_clusters, "name"),
        branches=_short(year.branches, "branch"), decisions=_short(year.decisions, "reason", "document")))


def _called(units: Iterable[Unit]) -> tuple[Unit, ...]:
    return _short((one._replace(name=society(one)) for one in units), "name")


def _short(rows: Iterable, *fields: str) -> tuple:
    return tuple(one._replace(**{field: cut(getattr(one, field)) for field in fields}) for one in rows)
