"""What hinges on how a sentence of the plan is read.

A result hinges on a reading when switching that reading alone to one of its other options changes whether the unit is
considered or its final class; a nomination, when that changes whether the unit is a nominee (rivals judged anew as well).
All combinations of all readings are judged in one sweep, one axis a reading: a result they all agree on is firm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..plan import ranking
from ..plan.facts import Facts, Settings
from ..plan.judgement import Judgement, judge
from ..plan.rulebook import Rulebook
from ..terms import CLASSES, NO_CLASS

#: How a unit may come out, best first: a class; considered, but undecided; not considered. A code is a place here.
OUTCOMES = (*CLASSES, "no_class", "not_considered")


@dataclass(frozen=True)
class Alternatives:
    """Every reading switched alone to each of its other options; one row of the arrays for each, shape (S, U)."""
    switched: tuple[tuple[str, str], ...]       # (reading, option)
    considered: np.ndarray
    final_class: np.ndarray
    nominee: np.ndarray
    moves: np.ndarray                           # the result differs from the one in force
    moves_nomination: np.ndarray

    def hinges(self, unit: int) -> list[str]:
        """The readings a unit's result hinges on, alphabetical."""
        return self._switched_where(self.moves[:, unit])

    def nominee_hinges(self, unit: int) -> list[str]:
        """The readings a unit's nomination hinges on, alphabetical."""
        return self._switched_where(self.moves_nomination[:, unit])

    def rows_of(self, reading: str) -> list[int]:
        """The rows in which a reading is switched: one for each of its other options."""
        return [row for row, (id, _) in enumerate(self.switched) if id == reading]

    def count(self, reading: str, units: Sequence[int] | slice = slice(None)) -> tuple[int, int]:
        """Of how many of some units another option of a reading changes the result, and of how many the nomination."""
        rows = self.rows_of(reading)
        results, nominations = (int(moves[rows].any(axis=0)[units].sum()) for moves in (self.moves, self.moves_nomination))
        return results, nominations

    def _switched_where(self, moved: np.ndarray) -> list[str]:
        return sorted({self.switched[row][0] for row in np.flatnonzero(moved)})


def switch_each(facts: Facts, settings: Settings) -> Alternatives:
    """All units judged anew under each other option of each reading, in one sweep; `settings` are scalars."""
    switched = [(id, option) for id, r in settings.book.readings.items()
                for place, option in enumerate(r.options) if place != settings.readings[id]]
    rows = {id: np.full((len(switched) + 1, 1), settings.readings[id]) for id in settings.book.readings}
    for row, (id, option) in enumerate(switched):
        rows[id][row] = list(settings.book.readings[id].options).index(option)
    judged = judge(facts, settings.read_as(rows))       # the last row is the readings in force
    shape = (len(switched) + 1, len(facts.units))
    considered, final = (np.broadcast_to(x, shape) for x in (judged.considered, judged.final_class))
    nominee = ranking.nominees(facts, final, settings)
    return Alternatives(tuple(switched), considered[:-1], final[:-1], nominee[:-1],
                        (considered[:-1] != considered[-1]) | (final[:-1] != final[-1]), nominee[:-1] != nominee[-1])


# ---------------------------------------------------------------- one after the other: which matters most

class Weight(NamedTuple):
    """How much hangs on one reading: units whose result, and whose nomination, another option of it would change."""
    reading: str
    results: int
    nominations: int


def weigh(alternatives: Alternatives, book: Rulebook) -> list[Weight]:
    """Every reading, the one on which most results and nominations hang first: the order in which to settle them."""
    found = [Weight(id, *alternatives.count(id)) for id in book.readings]
    return sorted(found, key=lambda w: -(w.results + w.nominations))


# ---------------------------------------------------------------- all combinations

def class_name(rung) -> str | None:
    """A class (`excellent` …) by its place in `terms.CLASSES`; None for NO_CLASS."""
    return None if rung == NO_CLASS else CLASSES[rung]


def outcome_of(judged: Judgement, unit: int) -> str:
    """How one unit comes out, by name: one of `OUTCOMES` (settings are scalars)."""
    return (class_name(judged.final_class[unit]) or "no_class") if judged.considered[unit] else "not_considered"


def outcome(judged: Judgement) -> np.ndarray:
    """How each unit comes out, as places in `OUTCOMES`, int8; the shape of the judgement."""
    final = judged.final_class.astype(np.int8)
    final[final == NO_CLASS] = OUTCOMES.index("no_class")
    return np.where(judged.considered, final, np.int8(OUTCOMES.index("not_considered")))


def combine(facts: Facts, settings: Settings) -> np.ndarray:
    """The outcomes under every combination of options, int8: one axis a reading in the rule book's order, the last one (U,)."""
    readings = settings.book.readings
    options = [len(r.options) for r in readings.values()]
    axes = np.ix_(*map(np.arange, options), [0])
    read_as = settings.read_as(dict(zip(readings, axes, strict=False)))
    return np.concatenate([np.broadcast_to(outcome(judge(block, read_as)), (*options, len(block.units)))
                           for block in facts.blocks()] or [np.empty((*options, 0), np.int8)], axis=-1)


def count(combined: np.ndarray) -> dict[str, np.ndarray]:
    """For each of `OUTCOMES`, how many of all combinations give it to each unit, shape (U,); `combined` is `combine`'s."""
    every_reading = tuple(range(combined.ndim - 1))
    return {name: (combined == code).sum(axis=every_reading) for code, name in enumerate(OUTCOMES)}


def smallest_switches(combined: np.ndarray, settings: Settings, unit: int) -> list[dict[str, str]]:
    """The fewest readings that, read otherwise together, change how a unit comes out: every such set, with its options.

    `combined` has an axis a reading, then one of units (`combine`). Empty where no combination does. One reading in each set:
    it alone decides; more: each alone changes nothing.
    """
    readings = settings.book.readings
    in_force = tuple(int(settings.readings[id]) for id in readings)
    switched = sum(np.arange(n).reshape([-1 if k == axis else 1 for k in range(len(in_force))]) != in_force[axis]
                   for axis, n in enumerate(combined.shape[:-1]))
    changes = combined[..., unit] != combined[(*in_force, unit)]
    if not changes.any():
        return []
    places = np.argwhere(changes & (switched == switched[changes].min()))
    sets = [{id: list(readings[id].options)[place[k]] for k, id in enumerate(readings) if place[k] != in_force[k]}
            for place in places]
    return sorted(sets, key=lambda one: [list(readings).index(id) for id in one])
