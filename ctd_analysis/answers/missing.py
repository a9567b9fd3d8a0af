"""What is missing: the best and the worst a unit may still come to.

A missing number raises nothing and clears nothing while it is missing; here it is filled, once as well and once as badly as it
can be. Every comparison of part III goes one way in every number, so the two fillings bound all others; only a count of A does
not (under some readings one more A leaves a class), so ungraded criteria are filled in every way.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..plan import ladder
from ..plan.facts import BLANK_DAY, NEVER, Amounts, Facts, Settings
from ..plan.judgement import judge
from ..values import LARGEST
from .readings import outcome

FIRST_DAY = BLANK_DAY + 1


# ---------------------------------------------------------------- what is missing

def bounds(facts: Facts, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """The best and the worst outcome each unit may come to once all that is missing is known, (U,): places in `OUTCOMES`.

    The two are the same where nothing is missing, or what is missing cannot matter.
    """
    a, c = np.ix_(*[np.arange(facts.ungraded.max(initial=0) + 1)] * 2, [0])[:2]
    possible = a + c <= facts.ungraded
    well, badly = (outcome(judge(replace(filled, a=facts.a + a, c=facts.c + c), settings))
                   for filled in (fill(facts, settings, well=True), fill(facts, settings, well=False)))
    here = np.iinfo(np.int8)
    return (np.where(possible, well, here.max).min(axis=(0, 1)), np.where(possible, badly, here.min).max(axis=(0, 1)))


def fill(facts: Facts, settings: Settings, well: bool) -> Facts:
    """The facts with every missing number, day and branch share written as well, or as badly, as can be; grades stay.

    A rating that is merely blank is no missing share: the plan reads it (`branch_base`), unless the share is not knowable.
    """
    high, low = (LARGEST, 0) if well else (0, LARGEST)
    unlisted = facts.branches == 0
    unrated = ~ladder.place(facts, settings).share_known
    branches = np.where(unlisted, 1, facts.branches)
    owing = np.where(facts.fund_branches == 0, 1, facts.fund_branches)
    blank = np.where(facts.fund_branches == 0, 1, facts.blank_funds)
    all_or_none = branches if well else np.zeros_like(branches)
    smallest = np.where(blank > 0, np.minimum(np.where(facts.smallest_fund.known, facts.smallest_fund.value, LARGEST), high),
                        facts.smallest_fund.value)
    known = np.ones(len(facts.units), bool)
    return replace(
        facts, branches=branches, fund_branches=owing, branches_rated=np.where(unrated, branches, facts.branches_rated),
        branches_good=np.where(unrated, all_or_none, facts.branches_good),
        branches_exactly_good=np.where(unrated, all_or_none, facts.branches_exactly_good),
        smallest_fund=Amounts(smallest, known), total_fund=Amounts(facts.total_fund.value + blank * high, known),
        actual={name: _filled(column, high) for name, column in facts.actual.items()},
        target={name: _filled(column, low) for name, column in facts.target.items()},
        filings={name: np.where(came == BLANK_DAY, FIRST_DAY if well else NEVER, came) for name, came in facts.filings.items()})


def _filled(column: Amounts, value: int) -> Amounts:
    return Amounts(np.where(column.known, column.value, value), np.ones_like(column.known))
