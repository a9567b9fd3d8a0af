"""Where the edges are: the values of each number of the rule book at which some unit's final class changes.

A number of the ladder or a flag's percentage enters one comparison with what a unit has; that comparison turns at one value,
which the unit's own facts give. Each unit is judged on both sides of each of its turning points, all in one sweep; nothing is
found by trying values one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..plan.facts import Facts, Settings
from ..plan.judgement import Judgement, judge
from ..plan.ladder import BARRED

HUNDRED = 100


class Edge(NamedTuple):
    """At `value` of `key` a unit's final class is another than at `value` − 1. Units by number, classes by place."""
    key: str
    value: int
    unit: int
    before: int
    after: int

    def met_from(self, now: int) -> Edge:
        """The edge as met coming from the value in force: downwards it is the first value below, and the classes turned."""
        return self if self.value > now else self._replace(value=self.value - 1, before=self.after, after=self.before)


def edges(facts: Facts, settings: Settings, judged: Judgement) -> list[Edge]:
    """Every edge of every number, taken alone, in the order of the rule book; `settings` are scalars, `judged` by them."""
    points = list(turning_points(facts, settings, judged))
    values = np.array([value for _, _, value in points])
    sides = values - np.array([1, 0]).reshape(2, 1, 1)                        # (2, points, U): just before, and at
    rows = {key: np.array([[key == other] for other, _, _ in points]) for key, _, _ in points}
    final = judge(facts, settings.valued({key: np.where(row, sides, settings[key]) for key, row in rows.items()})).final_class
    highest = np.array([[largest] for _, largest, _ in points])
    turns = (values > 0) & (values <= highest) & (final[0] != final[1])
    found = dict.fromkeys(Edge(points[k][0], int(values[k, i]), int(i), int(final[0, k, i]), int(final[1, k, i]))
                          for k, i in np.argwhere(turns))
    return list(found)          # two campaigns may turn at one value: still one edge


def turning_points(facts: Facts, settings: Settings, judged: Judgement) -> Iterator[tuple[str, int, np.ndarray]]:
    """For each comparison: its key, the largest value of the key, and for each unit the value at which it turns, (U,)."""
    placed = judged.placement
    for rung in BARRED:
        yield f"class.{rung}.min_a", settings.book.criteria, placed.counted_a + 1
        yield f"class.{rung}.max_c", settings.book.criteria, facts.c
        yield f"class.{rung}.branch_percent", HUNDRED, out_of_reach(placed.counted_branches[rung], placed.branch_base)
    for flag, verdict in judged.flags.items():
        for one in verdict.conditions.values():
            if one.of is not None:          # so many per cent of a target
                yield (f"flag.{flag}.below_percent", HUNDRED,
                       np.where(one.found.known & one.of.known, out_of_reach(one.found.value, one.of.value), 0))


def out_of_reach(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """The first whole percentage that `part` of `whole` does not reach; 0 where there is no whole. All of one shape, (U,)."""
    return np.where(whole > 0, HUNDRED * part // np.maximum(whole, 1) + 1, 0)
