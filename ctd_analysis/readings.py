"""What hinges on how a sentence of the plan is read.

A result hinges on a reading when switching that reading alone to one of its other options changes whether the unit is
considered or its final class; a nomination, when that changes whether the unit is a nominee (rivals judged anew as well).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import ranking
from .facts import Facts, Settings
from .judgement import judge


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
        return sorted({r for (r, _), moved in zip(self.switched, self.moves[:, unit], strict=True) if moved})

    def nominee_hinges(self, unit: int) -> list[str]:
        """The readings a unit's nomination hinges on, alphabetical."""
        return sorted({r for (r, _), moved in zip(self.switched, self.moves_nomination[:, unit], strict=True) if moved})


def switch_each(facts: Facts, settings: Settings) -> Alternatives:
    """Judge all units anew under each other option of each reading, in one sweep; `settings` are scalars."""
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
