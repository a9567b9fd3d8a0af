"""III.2.2: what takes a class away, and how many classes it takes.

Which flags there are is the rule book's; here stands what each kind of them asks. Every condition is looked at once and kept
beside the verdict it leads to; a missing number raises nothing and clears nothing. Exactly on a threshold is not below it.
Whether a raised flag lowers or excludes ("không xét hoặc hạ") is left to `judgement`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

import numpy as np

from ..terms import COUNCIL
from .facts import Amounts, Condition, Facts, Known, Settings, below, choose, under
from .rulebook import BRANCH_FUND, JOINS, WHOLE, Flag, Rulebook

ONE = 1         # "không mở lớp", "không đúng chế độ": held is at least one, judged right is one


@dataclass(frozen=True)
class Verdict(Known):
    """A flag: raised, clear or not knowable, (U,) or as the settings; with its conditions, by indicator or BRANCH_FUND."""
    conditions: Mapping[str, Condition]


def raise_all(facts: Facts, settings: Settings) -> dict[str, Verdict]:
    """Every flag of III.2.2 by id, in the rule book's order, before any waiver; (U,), or as the settings."""
    found = {}
    for id, rule in settings.book.flags.items():
        conditions = KINDS[rule.kind](facts, settings, rule)
        known = joined(settings, rule, conditions)
        found[id] = Verdict(known.yes, known.no, conditions)
    return found


def joined(settings: Settings, rule: Flag, conditions: Mapping[str, Condition]) -> Known:
    """The conditions of a flag as one: any of them, or all ("hoặc", "các", "02 cấp"), as its `join` says or is read."""
    several: list[Known] = [known for name, known in conditions.items() if name != BRANCH_FUND]
    if BRANCH_FUND in conditions:       # two levels; of several funds at unit level each has to be enough
        several = [reduce(or_, several), conditions[BRANCH_FUND]]
    if rule.join in JOINS:
        return reduce(or_ if rule.join == "any" else and_, several)
    return choose(settings.joins_any(rule.join), reduce(or_, several), reduce(and_, several))


def asked(book: Rulebook) -> list[str]:
    """The indicators whose targets III.2.2 compares with what was done, in the rule book's order; what is judged has none."""
    compared = [name for flag in book.flags.values() if flag.kind == "below"
                for name in ([flag.target_of] if flag.target_of else flag.indicators)]
    return [name for name in dict.fromkeys(compared) if book.indicators[name].kind == WHOLE]


# ---------------------------------------------------------------- what each kind asks

def shortfalls(facts: Facts, settings: Settings, rule: Flag) -> dict[str, Condition]:
    """Kind `below`: is each indicator under so many per cent of its target, or of another's (III.2.2; II.1)?"""
    return {name: below(facts.actual[name], facts.target[rule.target_of or name], settings[f"flag.{rule.id}.below_percent"])
            for name in rule.indicators}


def none_held(facts: Facts, settings: Settings, rule: Flag) -> dict[str, Condition]:
    """Kind `none_held`: was there fewer than one of each indicator, whatever target is written? (III.2.2, "không mở lớp")"""
    return {name: under(facts.actual[name], ONE) for name in rule.indicators}


def funds(facts: Facts, settings: Settings, rule: Flag) -> dict[str, Condition]:
    """Kind `funds`: are the unit's own funds, are its branches' short, in VND (II.5)?"""
    return {**{name: under(facts.actual[name], settings[f"flag.{rule.id}.unit_min"]) for name in rule.indicators},
            BRANCH_FUND: branch_fund(facts, settings, settings[f"flag.{rule.id}.branch_min"])}


def branch_fund(facts: Facts, settings: Settings, bar) -> Condition:
    """Is the fund at branch level short of `bar` VND (II.5, "mỗi"), each or on average? None that owes one: not knowable.

    What is found is the smallest known fund, or the average, rounded down (the comparison is exact).
    """
    each = settings.reads(BRANCH_FUND, "every")
    one_short = facts.smallest_fund.known & (facts.smallest_fund.value < bar)
    every = Known(one_short, facts.total_fund.known & ~one_short)
    on_average = facts.total_fund.value < bar * facts.fund_branches
    average = Known(facts.total_fund.known & on_average, facts.total_fund.known & ~on_average)
    known = choose(each, every, average)
    found = Amounts(np.where(each, facts.smallest_fund.value, facts.total_fund.value // np.maximum(facts.fund_branches, 1)),
                   np.where(each, facts.smallest_fund.known, facts.total_fund.known))
    return Condition(known.yes, known.no, bar, found)


KINDS = {"below": shortfalls, "none_held": none_held, "funds": funds}


# ---------------------------------------------------------------- what they take away

def counting(facts: Facts, flags: Mapping[str, Known]) -> dict[str, np.ndarray]:
    """Which flags count against each unit, bool (…, U) by flag: raised and not waived by the Council."""
    return {flag: known.yes & ~facts.waived[flag] for flag, known in flags.items()}


def steps_down(facts: Facts, settings: Settings, counting: Mapping[str, np.ndarray]) -> np.ndarray:
    """How many classes the counting flags and the Council's own reasons take away ("xuống một mức", as it is read); (…, U)."""
    by_group = {COUNCIL: facts.downgrades > 0}
    for flag, counts in counting.items():
        group = settings.book.flags[flag].group
        by_group[group] = by_group.get(group, False) | counts
    groups_raised = reduce(np.add, (g.astype(np.int64) for g in by_group.values()))
    all_raised = reduce(np.add, (f.astype(np.int64) for f in counting.values()), facts.downgrades)
    return np.where(settings.reads("several_flags", "once"), np.minimum(all_raised, 1),
                    np.where(settings.reads("several_flags", "per_group"), groups_raised, all_raised))
