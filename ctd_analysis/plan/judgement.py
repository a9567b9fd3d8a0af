"""The rules of part III in their order, for each unit at once: grades → base class → flags → proposed → final class.

Ranks and nominees need neighbours and are `ranking`'s; everything here looks at one unit at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..terms import NO_CLASS
from . import filings, flags, ladder
from .facts import Facts, Known, Settings
from .flags import Verdict


@dataclass(frozen=True)
class Judgement:
    """What the rules and the Council give each unit. Classes are places in `terms.CLASSES`, NO_CLASS for none."""
    placement: ladder.Placement
    flags: dict[str, Verdict]       # III.2.2, with the conditions behind each
    counting: dict[str, np.ndarray]         # raised and not waived
    not_considered: Known           # by III.2.1 alone
    considered: np.ndarray
    steps: np.ndarray               # classes lost by III.2.2
    proposed_class: np.ndarray      # what the rules give, waived and added reasons counted
    final_class: np.ndarray         # differs only by a decision `class`
    provisional: np.ndarray         # something that could matter is not known

    def flags_where(self, unit: int, is_raised: bool | None) -> list[str]:
        """The flags that are raised, clear or (None) not knowable for one unit, before any waiver (settings are scalars)."""
        return [flag for flag, known in self.flags.items() if known.at(unit) is is_raised]


def judge(facts: Facts, settings: Settings) -> Judgement:
    """Part III from end to end; shapes broadcast from (U,) and the settings'."""
    placement = ladder.place(facts, settings)
    raised = flags.raise_all(facts, settings)
    by_filings = filings.not_considered(facts, settings)
    counting = flags.counting(facts, raised)
    reasons = flags.steps_down(facts, settings, counting)

    # III.2.2 "không xét hoặc hạ": a reason either excludes or lowers, never both
    excluding = settings.reads("sanction", "not_considered")
    excluded = by_filings.yes | facts.put_out | (reasons > 0) & excluding
    considered = ~excluded | facts.let_in
    steps = np.where(excluding, 0, reasons)

    proposed = np.where(considered, ladder.one_down(placement.base_class, steps), NO_CLASS)
    final = np.where(considered & (facts.given != NO_CLASS), facts.given, proposed)
    provisional = ladder.provisional(facts, placement) | by_filings.unknown
    for known in raised.values():
        provisional = provisional | known.unknown
    return Judgement(placement, raised, counting, by_filings, considered, steps, proposed, final, provisional)
