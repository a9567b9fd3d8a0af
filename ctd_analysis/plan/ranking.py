"""The order in a cluster, ties kept, and who is a nominee (III.1, last paragraph).

The plan does not say by what a cluster is led, so the order of the keys is a setting (`[ranking] order`). A unit not considered
or without a class has no rank. The product never breaks a tie; the Council may (`lead`, V.2).
"""

from __future__ import annotations

import numpy as np

from ..terms import BY_COUNCIL, CLASSES, NO_CLASS
from .facts import Facts, Settings

BEST = CLASSES.index("excellent")


def standing(facts: Facts, final: np.ndarray, settings: Settings) -> np.ndarray:
    """One whole number a unit, larger is better, equal only where every ranking key is equal. Shape of `final`."""
    code = np.int64(0)
    for key in settings.book.ranking.order:
        values = merit(facts, final, key)
        lowest = values.min(initial=0)
        code = code * (values.max(initial=0) - lowest + 1) + values - lowest
    return code


def merit(facts: Facts, final: np.ndarray, key: str) -> np.ndarray:
    """One ranking key as whole numbers, larger is better; (U,), for `class` the shape of `final`."""
    return -final if key == "class" else facts.merits[key]


def leads(facts: Facts, final: np.ndarray, settings: Settings) -> np.ndarray:
    """Which units no ranked unit of their cluster is better than; ties lead together, but where the Council put one of them
    first (`lead`) that one alone. Shape (…, U)."""
    if not facts.units:
        return np.zeros(final.shape, bool)
    ranked = final != NO_CLASS
    code = np.where(ranked, standing(facts, final, settings), -1)
    clusters = facts.cluster.max() + 1
    best = np.full((*code.shape[:-1], clusters), -1, code.dtype)
    np.maximum.at(best, (..., facts.cluster), code)
    tied = ranked & (code == best[..., facts.cluster])
    put_first = tied & facts.put_first
    settled = np.zeros(best.shape, bool)
    np.logical_or.at(settled, (..., facts.cluster), put_first)
    return np.where(settled[..., facts.cluster], put_first, tied)


def nominees(facts: Facts, final: np.ndarray, settings: Settings) -> np.ndarray:
    """Xuất sắc and leading the cluster: to be considered for Nhất, Nhì, Ba. Shape (…, U)."""
    return leads(facts, final, settings) & (final == BEST)


def order(facts: Facts, final: np.ndarray, settings: Settings) -> tuple[list[int | None], list[bool], list[str | None]]:
    """Rank in the cluster, whether it is shared, and the first key in which a unit is ahead of the best unit below it.

    Three lists with an entry a unit; `final` has shape (U,). None: not ranked; for the key also, nobody is below.
    """
    code = standing(facts, final, settings)
    ranks: list[int | None] = [None] * len(facts.units)
    tied, ahead_by = [False] * len(facts.units), [None] * len(facts.units)
    for cluster in np.unique(facts.cluster):
        members = [int(i) for i in np.flatnonzero((facts.cluster == cluster) & (final != NO_CLASS))]
        members.sort(key=lambda i: -code[i])
        for unit in members:
            ranks[unit] = 1 + sum(code[other] > code[unit] for other in members)
            tied[unit] = sum(code[other] == code[unit] for other in members) > 1
            below = next((other for other in members if code[other] < code[unit]), None)
            if below is not None:
                keys = ((key, merit(facts, final, key)) for key in settings.book.ranking.order)
                ahead_by[unit] = next(key for key, values in keys if values[unit] > values[below])
        _put_first(facts, [unit for unit in members if ranks[unit] == 1], ranks, tied, ahead_by)
    return [None if r is None else int(r) for r in ranks], [bool(t) for t in tied], ahead_by


def _put_first(facts: Facts, leaders: list[int], ranks, tied, ahead_by) -> None:
    """Of leaders who tie, the one the Council put first ranks 1 alone, the others 2; everybody below stands as before."""
    first = [unit for unit in leaders if facts.put_first[unit]]
    if len(leaders) == 1 or not first:
        return
    for unit in leaders:
        ranks[unit], tied[unit] = 1 + 1, len(leaders) - 1 > 1
    ranks[first[0]], tied[first[0]], ahead_by[first[0]] = 1, False, BY_COUNCIL
