"""What would change: units with something about them changed, each alone, judged and ordered anew.

A try is one unit in one changed state; thousands of them are judged as if they were units. Only whoever leads, or would come to
lead, can change who is a nominee, so only those are ordered anew among their neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..plan import ranking
from ..plan.facts import Facts, Settings
from ..plan.judgement import judge
from ..terms import NO_CLASS
from .appraisal import Appraisal

#: What a try can touch, in the order of the columns of `Tries.touch`.
TOUCHES = CLASS, CONSIDERED, NOMINEE = ("class", "considered", "nominee")
_BLOCK = 20_000         # tries judged at a time
_CELLS = 500_000        # units ordered at a time, neighbours counted


@dataclass(frozen=True)
class Tries:
    """Changed states of the units of a judged year; `settings` are scalars."""
    appraisal: Appraisal

    @cached_property
    def facts(self) -> Facts:
        """The year's facts with merits that compare with those of a changed unit."""
        return self.recounted(self.appraisal.facts)

    @property
    def settings(self) -> Settings:
        """The rules in force."""
        return self.appraisal.settings

    def touch(self, unit: np.ndarray, change: Callable[[Facts, slice], Facts]) -> np.ndarray:
        """Which of `TOUCHES` each try changes, bool (T, 3); `unit` (T,) are places of units, one a try.

        `change(facts, rows)` gives the facts of the tries in `rows`, changed; it gets those of their units, one a try. A class
        that the Council gave is touched by nothing.
        """
        blocks = [slice(first, first + _BLOCK) for first in range(0, len(unit), _BLOCK)]
        return np.concatenate([self._touch(unit[rows], change(self.facts.each(unit[rows]), rows)) for rows in blocks]
                              or [np.zeros((0, len(TOUCHES)), bool)])

    def _touch(self, unit: np.ndarray, changed: Facts) -> np.ndarray:
        judged, before = judge(changed, self.settings), self.appraisal.judgement
        changed, final = self.recounted(changed), judged.final_class
        by_rules = changed.given == NO_CLASS
        return np.stack([by_rules & (final != before.final_class[unit]), judged.considered != before.considered[unit],
                         self._moves_nominees(unit, changed, final)], axis=1)

    def recounted(self, facts: Facts) -> Facts:
        """The facts with the merits that follow from their counts; larger is better, equal only where shares are equal."""
        widest = int(self.appraisal.facts.branches.max(initial=0))
        # two shares of at most so many branches that differ, differ by more than 1 / scale
        scale = widest * widest + 1
        return replace(facts, merits={**facts.merits, "a": facts.a, "c": -facts.c,
                                      "branches": facts.branches_good * scale // np.maximum(facts.branches, 1)})

    def _moves_nominees(self, unit: np.ndarray, changed: Facts, final: np.ndarray) -> np.ndarray:
        """Are the nominees of the cluster others than now, bool (T,)?"""
        moves = np.zeros(len(unit), bool)
        tried = np.flatnonzero(self._leads_now_or_then(unit, changed, final))
        row = _count_up(self.facts.cluster[unit[tried]])            # a try of each cluster a row
        step = max(1, _CELLS // max(len(self.facts.units), 1))
        for first in range(0, int(row.max(initial=-1)) + 1, step):
            here = (first <= row) & (row < first + step)
            moves[tried[here]] = self._ordered(unit[tried[here]], row[here] - first, changed, final, tried[here])
        return moves

    def _leads_now_or_then(self, unit: np.ndarray, changed: Facts, final: np.ndarray) -> np.ndarray:
        """Is no ranked neighbour better than the unit, as it is or as it is tried, bool (T,)?"""
        now, size = self.appraisal.judgement.final_class, len(self.facts.units)
        both = replace(self.facts, merits={key: np.concatenate([one, changed.merits[key]])
                                           for key, one in self.facts.merits.items()})
        finals = np.concatenate([now, final])
        code = np.where(finals == NO_CLASS, -1, ranking.standing(both, finals, self.settings))
        mine, then = code[:size], code[size:]
        best = _best_of_others(mine, self.facts.cluster)[unit]
        return (now[unit] != NO_CLASS) & (mine[unit] >= best) | (final != NO_CLASS) & (then >= best)

    def _ordered(self, unit, row, changed: Facts, final: np.ndarray, tried: np.ndarray) -> np.ndarray:
        """The nominees anew, many tries in one row where they are of different clusters."""
        def placed(now, then):
            rows = np.repeat(now[None], int(row.max(initial=-1)) + 1, axis=0)
            rows[row, unit] = then[tried]
            return rows

        facts = replace(self.facts, merits={key: placed(one, changed.merits[key]) for key, one in self.facts.merits.items()})
        nominee = ranking.nominees(facts, placed(self.appraisal.judgement.final_class, final), self.settings)
        differs = nominee != self.appraisal.nominee
        of_cluster = np.zeros((len(nominee), int(self.facts.cluster.max(initial=-1)) + 1), bool)
        at, who = np.nonzero(differs)
        of_cluster[at, self.facts.cluster[who]] = True
        return of_cluster[row, self.facts.cluster[unit]]


def _count_up(names: np.ndarray) -> np.ndarray:
    """For each entry how many equal ones stand before it."""
    order = np.argsort(names, kind="stable")
    ordered = names[order]
    first = np.searchsorted(ordered, ordered)
    found = np.empty(len(names), np.int64)
    found[order] = np.arange(len(names)) - first
    return found


def _best_of_others(code: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """The highest code among a unit's neighbours, (U,); −1 where it has none that is ranked."""
    clusters = int(cluster.max(initial=-1)) + 1
    best, second = np.full(clusters, -1, np.int64), np.full(clusters, -1, np.int64)
    np.maximum.at(best, cluster, code)
    is_best = code == best[cluster]
    np.maximum.at(second, cluster, np.where(is_best, -1, code))
    is_alone = is_best & (np.bincount(cluster[is_best], minlength=clusters)[cluster] == 1)
    return np.where(is_alone, second[cluster], best[cluster])
