"""The inspection before the appraisal (III.1): every place in the order of what a look is worth, and the branches to visit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .appraisal import Appraisal
from .draw import Draw
from .places import FUND, KINDS, RATING, SIGNALS, UP, PlaceToSee, places
from .tries import NOMINEE


@dataclass(frozen=True)
class Inspection:
    """A judged year asked where to look."""
    appraisal: Appraisal

    @cached_property
    def draw(self) -> Draw:
        """The tickets of its branches."""
        return Draw(self.appraisal.year)

    @cached_property
    def places(self) -> list[PlaceToSee]:
        """Every place not yet looked at, what is worth most first (2.2)."""
        units, tickets = self.appraisal.facts.units, self.draw.tickets

        def worth(one: PlaceToSee) -> tuple:
            ticket = tickets[units[one.unit], one.item] if one.kind in (RATING, FUND) else ""
            return (one.depth is None, one.depth or 0, NOMINEE not in one.touches, _SIGNAL[one.signal], one.slack is None,
                    one.slack or 0, ticket, one.unit, KINDS.index(one.kind), one.item, one.direction != UP)

        return sorted(places(self.appraisal), key=worth)

    @property
    def nearest(self) -> Iterator[PlaceToSee]:
        """The places where a single finding changes something."""
        return (one for one in self.places if one.depth == 1)

    @cached_property
    def targeted(self) -> list[tuple[str, str]]:
        """The branches chosen because something hangs on them: unit and branch."""
        return self.draw.targeted(self.nearest)

    def as_json(self) -> dict:
        """`ctd inspect --json` as 2.4 has it."""
        units, draw = self.appraisal.facts.units, self.draw
        return {"population": draw.population, "seed": draw.seed, "random": self._tickets(draw.random),
                "targeted": self._tickets(self.targeted), "may_miss": draw.may_miss,
                "places": [{"unit": units[one.unit], "kind": one.kind, "item": one.item, "direction": one.direction,
                            "from": _plain(one.before), "to": _plain(one.after), "depth": one.depth,
                            "touches": list(one.touches), "slack": None if one.slack is None else str(one.slack),
                            "signal": one.signal} for one in self.places]}

    def _tickets(self, branches: list[tuple[str, str]]) -> list[dict]:
        return [{"unit": unit, "branch": branch, "ticket": self.draw.tickets[unit, branch]} for unit, branch in branches]


_SIGNAL = {signal: rank for rank, signal in enumerate((*SIGNALS, None))}


def _plain(value):
    return value if value is None or isinstance(value, int) else str(value)
