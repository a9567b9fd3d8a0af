"""III.2.1: who is not considered, told by the days on which registrations and reports came (V.3, V.4).

"Trước ngày": on the day itself is late, unless it is read otherwise. A blank is not knowable.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

import numpy as np

from .facts import BLANK_DAY, Facts, Known, Settings, choose


def late(facts: Facts, settings: Settings, filing: str) -> Known:
    """Did it come too late, or surely never ("trước ngày", V.3, V.4)? (U,), or as the settings; a blank is not knowable."""
    return past(facts.filings[filing], settings[f"filing.{filing}.before"], settings)


def past(came: np.ndarray, bar: np.ndarray | int, settings: Settings) -> Known:
    """The same of any days (as `Facts.filings` has them) and any bar: the units' filings and the clusters' dossiers alike.

    Of one shape: (U,) or (clusters,), with scenarios before it.
    """
    too_late = (came > bar) | (came == bar) & settings.reads("deadline_day", "late")
    written = came != BLANK_DAY
    return Known(written & too_late, written & ~too_late)


def fact(facts: Facts, settings: Settings, name: str) -> Known:
    """One half of III.2.1: `unregistered` or `undelivered`, any of its filings late (a sound rule book has one for each)."""
    filings = [f.id for f in settings.book.filings.values() if f.fact == name]
    return reduce(or_, (late(facts, settings, filing) for filing in filings))


def not_considered(facts: Facts, settings: Settings) -> Known:
    """III.2.1: not registered "và" not delivered, both or either as it is read. Shape (U,), or as the settings."""
    unregistered, undelivered = fact(facts, settings, "unregistered"), fact(facts, settings, "undelivered")
    return choose(settings.reads("not_considered", "both"), unregistered & undelivered, unregistered | undelivered)
