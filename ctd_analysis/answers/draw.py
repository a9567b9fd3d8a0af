"""Which branches to visit (2.3): some drawn by lot that anyone can draw again, the rest those on which something hangs.

A branch's ticket is made of the seed and its own name alone: it does not move when other branches come or go.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from math import comb

from ..rows import Branch, grouped
from ..values import nfc
from ..year.year import Year
from .places import FUND, RATING, PlaceToSee
from .tries import NOMINEE

#: How sure one may be of having seen a fault, were there as many: 19 in 20, and 1 in 20 is left.
_ONE_IN = 20


@dataclass(frozen=True)
class Draw:
    """The tickets of a year's branches, by unit and branch; without an `inspection.toml` nobody is visited."""
    year: Year

    @cached_property
    def population(self) -> str:
        """The digest of the list of branches: SHA-256 over the sorted lines `unit|branch`."""
        return _sha256("\n".join(sorted(map(_line, self.year.branches))))

    @property
    def seed(self) -> str:
        """The seed in use: the one drawn, else the digest of the list."""
        visits = self.year.visits
        return visits.seed if visits and visits.seed.strip() else self.population

    @cached_property
    def tickets(self) -> dict[tuple[str, str], str]:
        """Every branch with its ticket, those that were visited too."""
        return {(row.unit, row.branch): _sha256(f"{self.seed}|{_line(row)}") for row in self.year.branches}

    @cached_property
    def random(self) -> list[tuple[str, str]]:
        """The branches drawn by lot, the smallest ticket first."""
        visits = self.year.visits
        return sorted(self.tickets, key=self.tickets.get)[:min(visits.random_visits, visits.visits)] if visits else []

    @property
    def left(self) -> int:
        """How many visits are left to be chosen once the lot is drawn."""
        return self.year.visits.visits - len(self.random) if self.year.visits else 0

    def targeted(self, places: Iterable[PlaceToSee]) -> list[tuple[str, str]]:
        """The rest of the visits: branches where one finding changes something, in turn over the units; too few are not filled.

        First those that touch a nominee, those that count twice (rating and fund), the smaller slack, the smaller ticket.
        """
        held = grouped((one for one in places if one.kind in (RATING, FUND) and one.depth == 1),
                       lambda one: (self.year.units[one.unit].unit, one.item))
        worth = sorted((branch for branch in held if branch not in set(self.random)),
                       key=lambda branch: _worth(held[branch], self.tickets[branch]))
        rounds = zip_longest(*grouped(worth, lambda branch: branch[0]).values())
        return [branch for one in rounds for branch in one if branch][:self.left]

    @property
    def may_miss(self) -> int:
        """How many branches may still be wrong though all that were drawn are right, at one chance in twenty."""
        return may_miss(len(self.year.branches), len(self.random))


def may_miss(listed: int, drawn: int) -> int:
    """The largest d with 20·C(listed − d, drawn) > C(listed, drawn); nothing drawn: all that are listed."""
    return bisect_left(range(1, listed + 1), True,          # the more are wrong, the less likely is it that none was drawn
                       key=lambda wrong: _ONE_IN * comb(listed - wrong, drawn) <= comb(listed, drawn))


def _worth(places: list[PlaceToSee], ticket: str) -> tuple:
    slacks = [one.slack for one in places if one.slack is not None]
    touches_nominee = any(NOMINEE in one.touches for one in places)
    counts_twice = len({one.kind for one in places}) > 1
    return not touches_nominee, not counts_twice, not slacks, min(slacks, default=0), ticket


def _line(row: Branch) -> str:
    return f"{row.unit}|{row.branch}"


def _sha256(text: str) -> str:
    return hashlib.sha256(nfc(text).encode()).hexdigest()
