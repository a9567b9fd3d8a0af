"""What can be looked at (III.1), and what a look is worth: how many findings of its kind it takes until something changes.

A place is one grade, one branch's rating or fund, one number, one day. Its finding is the nearest other value with a
consequence; its depth the least count of such findings that changes a class, whether the unit is considered, or the nominees of
its cluster. No weights, no scores: the rules themselves are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..plan import filings
from ..plan.facts import BLANK_DAY, NEVER, Amounts, Condition, Facts
from ..plan.rulebook import BRANCH_FUND
from ..terms import GRADES, RATINGS, A, B, C
from .appraisal import Appraisal
from .tries import TOUCHES, Tries

#: The kinds of places, in their order.
KINDS = GRADE, RATING, FUND, NUMBER, FILING = ("grade", "rating", "fund", "number", "filing")
UP, DOWN = "up", "down"
#: What speaks for looking at a grade first.
SIGNALS = RAISED, OWN_UNIT = ("raised", "own_unit")
_GOOD, _AVERAGE = RATINGS[1:3]


class PlaceToSee(NamedTuple):
    """One thing to look at: unit by number, what stands there, what would be found; at `depth` it touches some of `TOUCHES`."""
    unit: int
    kind: str
    item: int | str
    direction: str
    before: object
    after: object
    depth: int | None
    touches: tuple[str, ...]
    slack: Fraction | None = None
    signal: str | None = None


def places(appraisal: Appraisal) -> list[PlaceToSee]:
    """Every place of a judged year that nobody has looked at yet (2.2), kind by kind, in no order of worth."""
    found = _Places(appraisal)
    return [*found.grades(), *found.ratings(), *found.funds(), *found.numbers(), *found.filings()]


@dataclass(frozen=True)
class _Places:
    appraisal: Appraisal

    @cached_property
    def tries(self) -> Tries:
        return Tries(self.appraisal)

    @cached_property
    def looked(self) -> set[tuple[str, str, str]]:
        """What `verified.csv` has looked at: unit, table, item."""
        return {(one.unit, one.table, one.item) for one in self.appraisal.year.verified}

    def unseen(self, table: str, items: list[tuple[int, str]]) -> np.ndarray:
        """Which of some (unit, item) nobody has looked at, bool."""
        units = self.appraisal.facts.units
        return np.array([(units[i], table, item) not in self.looked for i, item in items], bool)

    # ---- counts: grades and ratings act through them alone

    def grades(self) -> Iterator[PlaceToSee]:
        """A → B, B → A, B → C, C → B."""
        rounds, counted = self.appraisal.facts.rounds, {A: "a", B: "b", C: "c"}
        for code, other, direction in ((B, A, UP), (C, B, UP), (A, B, DOWN), (B, C, DOWN)):
            here = (rounds.standing == code) & ~rounds.looked_at
            moved = {counted[code]: -1, counted[other]: 1}
            told = self._by_count(here.sum(axis=1), moved)
            for i, k in np.argwhere(here).tolist():
                yield PlaceToSee(i, GRADE, k + 1, direction, GRADES[code], GRADES[other], *told[i], signal=self.signals[i][k])

    @cached_property
    def signals(self) -> list[list[str | None]]:
        """What speaks for looking at each grade, (U, criteria): the cluster raised it, or the lead graded its own unit."""
        rounds, names = self.appraisal.facts.rounds, np.array([None, OWN_UNIT, RAISED], object)
        graded = np.isin(rounds.self, (A, B, C)) & np.isin(rounds.cluster, (A, B, C))
        leads = np.array([self.appraisal.is_lead(i) for i in self.appraisal.everyone], bool)
        raised = graded & (rounds.cluster < rounds.self)
        return names[np.where(raised, 2, leads[:, None].astype(int))].tolist()

    def ratings(self) -> Iterator[PlaceToSee]:
        """Trung bình or blank → Khá, Khá → Trung bình."""
        branches, place = self.appraisal.year.branches, self.appraisal.place
        size, rows = len(place), [(place[row.unit], row.branch, row.rating) for row in branches]
        unseen = self.unseen("rating", [row[:2] for row in rows])
        for rating, other, direction, step in ((_AVERAGE, _GOOD, UP, 1), ("", _GOOD, UP, 1), (_GOOD, _AVERAGE, DOWN, -1)):
            here = [row for row, is_new in zip(rows, unseen, strict=True) if is_new and row[2] == rating]
            moved = {"branches_good": step, "branches_exactly_good": step, **({} if rating else {"branches_rated": step})}
            told = self._by_count(np.bincount([row[0] for row in here], minlength=size).astype(np.int64), moved)
            for i, branch, _ in here:
                yield PlaceToSee(i, RATING, branch, direction, rating or None, other, *told[i])

    def _by_count(self, most: np.ndarray, moved: dict[str, int]) -> list[tuple[int | None, tuple[str, ...]]]:
        """Depth and touches of each unit: the columns in `moved` changed n times, for n up to `most` (U,)."""
        unit = np.repeat(np.arange(len(most)), most)
        n = np.arange(len(unit)) - np.repeat(np.cumsum(most) - most, most) + 1

        def change(facts: Facts, rows: slice) -> Facts:
            """The facts of these tries, so many findings in each."""
            return replace(facts, **{column: getattr(facts, column) + step * n[rows] for column, step in moved.items()})

        touched = self.tries.touch(unit, change)
        least = np.full(len(most), NEVER)
        np.minimum.at(least, unit, np.where(touched.any(axis=1), n, NEVER))
        at_depth = n == least[unit]
        found: list = [(None, ())] * len(most)
        for i, row in zip(unit[at_depth].tolist(), touched[at_depth].tolist(), strict=True):
            found[i] = (int(least[i]), _names(row))
        return found

    # ---- one at a time: funds, numbers, days

    def funds(self) -> Iterator[PlaceToSee]:
        """At or over the bar of II.5 → one VND under it; under it → the bar; of branches that owe a fund alone."""
        branches, place = self.appraisal.year.branches, self.appraisal.place
        rows = [row for row in branches if row.fund is not None and row.owes_fund]
        unit, fund = (np.array(column, np.int64) for column in ([place[row.unit] for row in rows], [row.fund for row in rows]))
        others, unseen = _smallest_other(unit, fund), self.unseen("fund", [(place[row.unit], row.branch) for row in rows])
        for bar in dict.fromkeys(flag.branch_min for flag in self.appraisal.book.flags.values() if flag.kind == "funds"):
            after = np.where(fund < bar, bar, bar - 1)
            here = np.flatnonzero(unseen & (after >= 0))

            def change(facts: Facts, block: slice, after=after, here=here) -> Facts:
                """The facts of these tries, one finding in each."""
                at = here[block]
                total = facts.total_fund
                return replace(facts, smallest_fund=replace(facts.smallest_fund, value=np.minimum(after[at], others[at])),
                               total_fund=replace(total, value=total.value + after[at] - fund[at]))

            yield from self._alone(FUND, [rows[k].branch for k in here], unit[here], fund[here], after[here], change)

    def numbers(self) -> Iterator[PlaceToSee]:
        """Each number a flag of III.2.2 compares: not short → one under its bar; short → at its bar."""
        made: dict[str, list[np.ndarray]] = {}
        for name, one in self._comparisons():
            bar = np.broadcast_to(one.asked if one.of is None else -(-one.asked * one.of.value // 100), one.found.value.shape)
            after = np.where(one.found.value < bar, bar, bar - 1)       # the bar: the least whole number that is not short
            is_asked = one.found.known if one.of is None else one.found.known & one.of.known & (one.of.value != 0)
            is_new = np.all([after != other for other in made.get(name, [])], axis=0)
            made.setdefault(name, []).append(after)
            unseen = self.unseen("actual", [(i, name) for i in range(len(after))])
            here = np.flatnonzero(is_asked & is_new & unseen & (after >= 0))

            def change(facts: Facts, block: slice, name=name, after=after[here]) -> Facts:
                """The facts of these tries, one finding in each."""
                actual = Amounts(after[block], np.ones(len(after[block]), bool))
                return replace(facts, actual={**facts.actual, name: actual})

            yield from self._alone(NUMBER, [name] * len(here), here, one.found.value[here], after[here], change)

    def _comparisons(self) -> Iterator[tuple[str, Condition]]:
        """Every comparison of an indicator that a flag makes."""
        return ((name, one) for verdict in self.appraisal.judgement.flags.values()
                for name, one in verdict.conditions.items() if name != BRANCH_FUND)

    def filings(self) -> Iterator[PlaceToSee]:
        """Each filing of III.2.1: in time → never came; late or never → the day before the bar."""
        facts, settings = self.appraisal.facts, self.appraisal.settings
        for name, rule in settings.book.filings.items():
            if not rule.decides:
                continue
            came, late = facts.filings[name], filings.late(facts, settings, name).yes
            after = np.where(late, settings[f"filing.{name}.before"] - 1, NEVER)
            unseen = self.unseen("filing", [(i, name) for i in range(len(after))])
            here = np.flatnonzero((came != BLANK_DAY) & unseen)

            def change(changed: Facts, block: slice, name=name, after=after[here]) -> Facts:
                """The facts of these tries, one finding in each."""
                return replace(changed, filings={**changed.filings, name: after[block]})

            touched = self.tries.touch(here, change)
            for i, row in zip(here.tolist(), touched.tolist(), strict=True):
                yield PlaceToSee(i, FILING, name, UP if late[i] else DOWN, _day(came[i]), _day(after[i]), *_depth(row))

    def _alone(self, kind, items, unit, before, after, change) -> Iterator[PlaceToSee]:
        """Places that change nothing together: each is tried alone."""
        touched = self.tries.touch(unit, change)
        for item, i, found, would, row in zip(items, unit.tolist(), before.tolist(), after.tolist(), touched.tolist(),
                                              strict=True):
            slack = Fraction(abs(found - would), found) if found else None
            yield PlaceToSee(i, kind, item, UP if would > found else DOWN, found, would, *_depth(row), slack)


def _smallest_other(unit: np.ndarray, fund: np.ndarray) -> np.ndarray:
    """For each branch the smallest known fund among the other branches of its unit; NEVER where there is none."""
    order = np.lexsort((fund, unit))
    found = np.full(len(unit), NEVER)
    first = np.searchsorted(unit[order], unit[order])               # where the unit's smallest stands
    following = np.append(order[1:], 0)
    has_more = np.append(unit[order][1:] == unit[order][:-1], False) if len(unit) else np.zeros(0, bool)
    is_first = first == np.arange(len(unit))
    found[order] = np.where(is_first, np.where(has_more, fund[following] if len(unit) else NEVER, NEVER), fund[order[first]])
    return found


def _names(row: list[bool]) -> tuple[str, ...]:
    return tuple(name for name, touched in zip(TOUCHES, row, strict=True) if touched)


def _depth(row: list[bool]) -> tuple[int | None, tuple[str, ...]]:
    return (1 if any(row) else None), _names(row)


def _day(came) -> date | str:
    return "none" if came == NEVER else date.fromordinal(int(came))
