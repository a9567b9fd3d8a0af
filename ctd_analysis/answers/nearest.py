"""How far: what a unit lacks for a better class, and what it may lose before a worse one.

All counts are whole and few, so every count is tried, in one sweep, by judging the unit with its counts changed. Nothing is
said of a unit that is not considered or has no class. Which class it may still reach while grades are missing is `missing`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import NamedTuple

import numpy as np

from ..plan import ladder
from ..plan.facts import Facts, Settings
from ..plan.judgement import judge
from ..plan.ladder import BARRED
from ..terms import NO_CLASS


@dataclass(frozen=True)
class Margin:
    """The least number of losses that gives a worse class, for each unit, shape (U,); 0 where no number does."""
    a: np.ndarray               # A grades that become B
    c: np.ndarray               # B grades that become C
    a_to_c: np.ndarray
    branches: np.ndarray        # branches that fall below Khá


class Way(NamedTuple):
    """One least change that lifts a unit's class: none of the four counts can be smaller. `to` is the class it reaches."""
    a: int                      # A grades to gain, from B or C
    c: int                      # C grades to lose, to B or A (a C that becomes an A counts in both)
    branches: int               # branches to raise to Khá
    flags: int                  # raised flags to clear
    to: int


# ---------------------------------------------------------------- one count at a time

def grades_to_a(facts: Facts, settings: Settings) -> np.ndarray:
    """The least number of B or C grades that, turned into A, give a better class, shape (U,); 0 where none does."""
    b, c = np.ix_(_upto(facts.b), _upto(facts.c), [0])[:2]
    found = _final(replace(facts, a=facts.a + b + c, c=facts.c - c), settings)
    return _least(b + c, (b <= facts.b) & (c <= facts.c) & _is_better(found, _final(facts, settings)))


def margins(facts: Facts, settings: Settings) -> Margin:
    """By how much each unit holds its class, loss by loss."""
    def least(most, lose):
        lost = _upto(most)[:, None]
        return _least(lost, (lost <= most) & _is_worse(_final(replace(facts, **lose(lost)), settings), final))

    final = _final(facts, settings)
    return Margin(least(facts.a, lambda n: {"a": facts.a - n}), least(facts.b, lambda n: {"c": facts.c + n}),
                  least(facts.a, lambda n: {"a": facts.a - n, "c": facts.c + n}),
                  least(facts.branches_good, lambda n: _lowered(facts, n)))


def _final(facts: Facts, settings: Settings) -> np.ndarray:
    return judge(facts, settings).final_class


def _is_better(found, final):
    return (found != NO_CLASS) & (found < final)        # nothing is better than no class: it is -1


def _is_worse(found, final):
    return (final != NO_CLASS) & (found > final)


def _upto(counts: np.ndarray) -> np.ndarray:
    return np.arange(counts.max(initial=0) + 1)


def _least(counts: np.ndarray, holds: np.ndarray) -> np.ndarray:
    """The smallest count where the condition holds, over all axes but the last; 0 where it never does."""
    largest = np.iinfo(np.int64).max
    least = np.where(holds, counts, largest).min(axis=tuple(range(holds.ndim - 1)), initial=largest)
    return np.where(least == largest, 0, least)


# ---------------------------------------------------------------- all counts together

def ways(facts: Facts, settings: Settings) -> list[list[Way]]:
    """For each unit every least change of its counts that gives a better class, the shortest first.

    A class only changes where a bar is met or a flag is cleared, so only such counts are combined: axes A, C, branches, flags.
    """
    return [found for block in facts.blocks() for found in _ways(block, settings)]


def _ways(facts: Facts, settings: Settings) -> list[list[Way]]:
    order, raised = _clearing_order(facts, settings)
    a, c, branches, flags = (x.reshape([len(x) if k == axis else 1 for k in range(4)] + [x.shape[-1]])
                             for axis, x in enumerate((*_steps(facts, settings), _upto(raised)[:, None])))
    found = _final(_changed(facts, a, c, branches, {flag: place < flags for flag, place in order.items()}), settings)
    # what becomes an A was a B, or is one of the C lost
    possible = (a <= facts.b + c) & (c <= facts.c) & (branches <= facts.branches - facts.branches_good) & (flags <= raised)
    lifts = possible & _is_better(found, _final(facts, settings))
    counts = [np.broadcast_to(x, found.shape) for x in (a, c, branches, flags)]
    return [_smallest(np.stack([*(x[..., i][lifts[..., i]] for x in counts), found[..., i][lifts[..., i]]], axis=-1))
            for i in range(len(facts.units))]


def _steps(facts: Facts, settings: Settings) -> list[np.ndarray]:
    """The counts of A to gain, C to lose, branches to raise that may be least, each (n, U): none, or just what a bar asks."""
    def first(most, change, bar):
        n = _upto(most)[:, None]
        bars = ladder.place(replace(facts, **change(n)), settings).bars
        return [np.broadcast_to(getattr(bars[rung], bar), (len(n), len(facts.units))).argmax(axis=0) for rung in BARRED]

    none = np.zeros(len(facts.units), np.int64)
    a = [none, *first(facts.b + facts.c, lambda n: {"a": facts.a + n}, "a")]
    c = [none, *first(facts.c, lambda n: {"c": facts.c - n}, "c"), *(np.maximum(n - facts.b, 0) for n in a)]
    branches = [none, *first(facts.branches, lambda n: _lifted(facts, n), "branches")]
    return [np.stack(x) for x in (a, c, branches)]


def _changed(facts: Facts, a, c, branches, cleared) -> Facts:
    """The facts with so many A gained, C lost, branches raised, and some flags cleared (which is to count them as waived)."""
    return replace(facts, a=facts.a + a, c=facts.c - c, **_lifted(facts, branches),
                   waived={flag: waived | cleared[flag] for flag, waived in facts.waived.items()})


def clearing_sets(facts: Facts, settings: Settings, unit: int, way: Way) -> list[tuple[str, ...]]:
    """Which flags a way may clear: every set of `way.flags` raised flags that does, the rest of the way being gone as well."""
    facts = facts.only(unit)
    raised = [flag for flag, counts in judge(facts, settings).counting.items() if counts[0]]
    sets = list(combinations(raised, way.flags))
    cleared = {flag: np.array([[flag in one] for one in sets]) for flag in facts.waived}
    lifts = _is_better(_final(_changed(facts, way.a, way.c, way.branches, cleared), settings), _final(facts, settings))
    return [one for one, does in zip(sets, np.broadcast_to(lifts, (len(sets), 1))[:, 0], strict=True) if does]


def _lifted(facts: Facts, n) -> dict[str, np.ndarray]:
    """`n` branches raised to Khá: first those rated below it, then those not rated (which may widen the base)."""
    unrated = np.maximum(n - (facts.branches_rated - facts.branches_good), 0)
    return {"branches_good": facts.branches_good + n, "branches_exactly_good": facts.branches_exactly_good + n,
            "branches_rated": facts.branches_rated + unrated}


def _lowered(facts: Facts, n) -> dict[str, np.ndarray]:
    """`n` branches fallen below Khá: first those rated just Khá, which every line counts."""
    return {"branches_good": facts.branches_good - n,
            "branches_exactly_good": np.maximum(facts.branches_exactly_good - n, 0)}


def _clearing_order(facts: Facts, settings: Settings) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """In which order raised flags are cleared soonest to effect, group by group, the smallest first; and how many there are."""
    counting = judge(facts, settings).counting
    group = {flag: settings.book.flags[flag].group for flag in counting}
    names = sorted(set(group.values()))
    key = {flag: (sum(counting[other].astype(np.int64) for other in counting if group[other] == group[flag]) * len(names)
                  + names.index(group[flag])) * len(counting) + place for place, flag in enumerate(counting)}
    order = {flag: sum(counting[other] & (key[other] < key[flag]) for other in counting) for flag in counting}
    return order, sum((counted.astype(np.int64) for counted in counting.values()), np.zeros(len(facts.units), np.int64))


def _smallest(rows: np.ndarray) -> list[Way]:
    """The rows no other row undercuts, shortest first."""
    rows = np.unique(rows, axis=0)
    counts = rows[:, :-1]
    under = (counts[:, None] <= counts).all(axis=-1) & (counts[:, None] != counts).any(axis=-1)
    least = sorted(rows[~under.any(axis=0)].tolist(), key=lambda row: (sum(row[:-1]), [-n for n in row]))
    return [Way(*row) for row in least]
