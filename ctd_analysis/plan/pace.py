"""IV, II.9: how far a unit is for its day. Two bars, both the plan's own: the target itself, and the share of it under which
III.2.2 would speak in December.

No grade, no class, no rank comes of it. Shares are fractions: half-way on the day is half-way. What is missing stays unknown.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from .flags import ONE
from .rulebook import MONTHS, Flag, Pace, Rulebook

WHOLE = 100         # per cent

#: What may be said of a number on its day.
STATUSES = NOTHING_ASKED, UNKNOWN, REACHED, ON_PACE, BAR_PACE, BEHIND = (
    "nothing_asked", "unknown", "reached", "on_pace", "bar_pace", "behind")

Amount = int | Decimal | Fraction


@dataclass(frozen=True)
class Aim:
    """What is asked of one number by the end of the year: all of `target` (None: not known), and `percent` of it by III.2.2.

    `is_paced` is false for what is held or not ("không mở lớp", "không đúng chế độ"): no part of it is due on the way.
    """
    target: Amount | None
    percent: int = WHOLE
    is_paced: bool = True


def aim(book: Rulebook, indicator: str, target: Callable[[str], int | None]) -> Aim:
    """What is asked of an indicator; `target` gives the target of an indicator, or None.

    Of several flags that name it the one that asks for most; a target that is not known stands before all others.
    """
    return max(aims(book, indicator, target).values(), key=lambda one: (one.target is None, one.percent * (one.target or 0)),
               default=Aim(target(indicator)))


def aims(book: Rulebook, indicator: str, target: Callable[[str], int | None]) -> dict[str, Aim]:
    """What each flag that names an indicator asks of it, by the flag's id; `target` as of `aim`."""
    return {id: _asked_by(flag, indicator, target) for id, flag in book.flags.items() if indicator in flag.indicators}


def _asked_by(flag: Flag, indicator: str, target: Callable[[str], int | None]) -> Aim:
    """What one flag asks of an indicator."""
    if flag.kind == "none_held":
        return Aim(ONE, is_paced=False)
    if flag.kind == "funds":
        return Aim(flag.unit_min)
    if not flag.target_of:
        return Aim(target(indicator), flag.below_percent)
    resolved = target(flag.target_of)
    return Aim(None if resolved is None else Fraction(flag.below_percent * resolved, WHOLE))


def share(pace: Pace, indicator: str, day: date) -> Fraction:
    """How much of an indicator's target is due by a day of the year, from 0 to 1; of a balance all of it."""
    if indicator in pace.balance:
        return Fraction(1)
    due = pace.due.get(indicator, date(day.year, 12, 31))
    return min(Fraction(1), elapsed(pace, day) / elapsed(pace, due))


def elapsed(pace: Pace, day: date) -> Fraction:
    """How much of its year is over at the end of a day, by months or by days."""
    if pace.pace == MONTHS:
        return (day.month - 1 + Fraction(day.day, monthrange(day.year, day.month)[1])) / 12
    first, last = date(day.year, 1, 1), date(day.year, 12, 31)
    return Fraction((day - first).days + 1, (last - first).days + 1)


def status(aimed: Aim, found: Amount | None, due: Fraction | None) -> str:
    """What is to be said of a number (`found`) on a day by which `due` of its target is asked."""
    if aimed.target == 0:
        return NOTHING_ASKED
    if found is None or aimed.target is None:
        return UNKNOWN
    found = Fraction(found)
    if found >= aimed.target:
        return REACHED
    if not aimed.is_paced:
        return BEHIND
    if found >= due * aimed.target:
        return ON_PACE
    return BAR_PACE if WHOLE * found >= aimed.percent * due * aimed.target else BEHIND


def still_needed(aimed: Aim, found: Amount | None) -> int | None:
    """How much is still needed by the end of the year for III.2.2 to have nothing to say, in the indicator's unit; 0 where
    nothing is asked, None where it is not known."""
    if aimed.target == 0:
        return 0
    if found is None or aimed.target is None:
        return None
    return max(0, ceil(Fraction(aimed.percent * Fraction(aimed.target), WHOLE) - Fraction(found)))
