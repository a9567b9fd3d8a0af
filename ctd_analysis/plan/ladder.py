"""III.1, the ladder: from a count of A and C grades and the share of good branches to a class.

Classes are tried best first. The *band* is the class whose A range holds the count; where its other conditions fail no line
of the plan fits, and the reading `ladder_gap` says what happens. Flags, decisions and ranks are left to others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..terms import CLASSES, NO_CLASS
from .facts import Facts, Settings

*BARRED, LOWEST = CLASSES


@dataclass(frozen=True)
class Bars:
    """One line of the ladder looked at for each unit: are its three conditions met?"""
    a: np.ndarray
    c: np.ndarray
    branches: np.ndarray

    @property
    def all(self) -> np.ndarray:
        """The whole line; bool, (…, U)."""
        return self.a & self.c & self.branches


@dataclass(frozen=True)
class Placement:
    """Where III.1 puts each unit. Classes are places in `terms.CLASSES`; NO_CLASS: undecided."""
    counted_a: np.ndarray           # the A count the ladder goes by (with KAD under `as_a`)
    counted_branches: dict[str, np.ndarray]
    branch_base: np.ndarray         # the denominator of the branch share
    share_known: np.ndarray
    bars: dict[str, Bars]
    band: np.ndarray
    literal_match: np.ndarray       # the plan fits word for word
    base_class: np.ndarray


def place(facts: Facts, settings: Settings) -> Placement:
    """The base class of each unit (III.1); shapes broadcast from (U,) and the settings'."""
    a = facts.a + np.where(settings.reads("not_applicable", "as_a"), facts.not_applicable, 0)
    base = np.where(settings.reads("branch_base", "rated"), facts.branches_rated, facts.branches)
    share_known = base > 0
    counted = {rung: facts.branches_good for rung in BARRED}
    counted["average"] = np.where(settings.reads("average_branches", "exactly_good"),
                                  facts.branches_exactly_good, facts.branches_good)
    bars = {rung: Bars(a >= settings[f"class.{rung}.min_a"], facts.c <= settings[f"class.{rung}.max_c"],
                       share_known & (100 * counted[rung] >= settings[f"class.{rung}.branch_percent"] * base))
            for rung in BARRED}
    lowest = CLASSES.index(LOWEST)
    band, literal, waterfall = lowest, np.True_, lowest
    for rung in reversed(BARRED):           # from the lowest bar up, so that the best class has the last word
        line = bars[rung]
        band = np.where(line.a, CLASSES.index(rung), band)
        literal = np.where(line.a, line.c & line.branches, literal)
        waterfall = np.where(line.all, CLASSES.index(rung), waterfall)
    gap = np.where(settings.reads("ladder_gap", "waterfall"), waterfall,
                   np.where(settings.reads("ladder_gap", "one_level_down"), one_down(band), NO_CLASS))
    return Placement(a, counted, base, share_known, bars, band, literal, np.where(literal, band, gap))


def one_down(rung: np.ndarray, steps=1) -> np.ndarray:
    """The places of classes so many `steps` lower; below the lowest is the lowest (III.2.2 on Yếu), and no class stays none.

    Of any shape, with `steps` to match.
    """
    return np.where(rung == NO_CLASS, NO_CLASS, np.minimum(rung + steps, CLASSES.index(LOWEST)))


def provisional(facts: Facts, placement: Placement) -> np.ndarray:
    """Is a grade missing, or the branch share not knowable? Bool, (U,) or as the placement's."""
    return (facts.ungraded > 0) | ~placement.share_known
