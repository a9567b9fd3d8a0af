"""III.2.2: what takes a class away.

Each flag is named in the plan's words and looked at once; a missing number raises nothing and clears nothing. Exactly on a
threshold is not below it. What a raised flag does to the class is `judgement`'s.
"""

from __future__ import annotations

from functools import reduce
from operator import and_, or_

import numpy as np

from ..terms import COUNCIL, FLAGS
from .facts import Facts, Known, Settings, below, choose, under


def raise_all(facts: Facts, settings: Settings) -> dict[str, Known]:
    """Every flag of III.2.2, in the plan's order: raised, clear or not knowable."""
    named = {"reporting": reporting, "training_classes": training_classes, "campaigns": campaigns, "funds": funds}
    return {flag: named[flag](facts, settings) if flag in named else reduce(or_, shortfalls(facts, settings, flag).values())
            for flag in FLAGS}


def shortfalls(facts: Facts, settings: Settings, flag: str) -> dict[str, Known]:
    """For each indicator of a flag that compares with a target: is it short?"""
    rule = settings.book.flags[flag]
    return {name: below(facts.actual[name], facts.target[rule.target_of or name], settings[f"flag.{flag}.below_percent"])
            for name in rule.indicators}


def missing(facts: Facts, settings: Settings, flag: str) -> dict[str, Known]:
    """For each indicator of a flag that only asks whether there was any: was there none?"""
    return {name: under(facts.actual[name], 1) for name in settings.book.flags[flag].indicators}


def reporting(facts: Facts, settings: Settings) -> Known:
    """"Chế độ thông tin báo cáo không đúng": judged by a person, whatever target is written."""
    return reduce(or_, missing(facts, settings, "reporting").values())


def training_classes(facts: Facts, settings: Settings) -> Known:
    """"Không mở lớp tập huấn nghiệp vụ hoặc kỹ năng sơ cấp cứu"."""
    none_of = missing(facts, settings, "training_classes").values()
    return choose(settings.reads("training_classes", "neither"), reduce(and_, none_of), reduce(or_, none_of))


def campaigns(facts: Facts, settings: Settings) -> Known:
    """"Không tham gia hoặc không hoàn thành chỉ tiêu các phong trào, cuộc vận động"."""
    short = shortfalls(facts, settings, "campaigns").values()
    return choose(settings.reads("campaigns", "any"), reduce(or_, short), reduce(and_, short))


def unit_fund(facts: Facts, settings: Settings) -> Known:
    """Is the fund at unit level short (II.5)?"""
    return reduce(or_, (under(facts.actual[name], settings["flag.funds.unit_min"])
                        for name in settings.book.flags["funds"].indicators))


def branch_fund(facts: Facts, settings: Settings) -> Known:
    """Is the fund at branch level short (II.5, "mỗi")? No branches listed: not knowable."""
    bar = settings["flag.funds.branch_min"]
    one_short = facts.smallest_fund.known & (facts.smallest_fund.value < bar)
    every = Known(one_short, facts.total_fund.known & ~one_short)
    on_average = facts.total_fund.value < bar * facts.branches
    average = Known(facts.total_fund.known & on_average, facts.total_fund.known & ~on_average)
    return choose(settings.reads("branch_fund", "every"), every, average)


def funds(facts: Facts, settings: Settings) -> Known:
    """"Quỹ Hội ở 02 cấp (huyện, xã) không đạt"."""
    unit, branch = unit_fund(facts, settings), branch_fund(facts, settings)
    return choose(settings.reads("fund_levels", "either"), unit | branch, unit & branch)


def steps_down(facts: Facts, settings: Settings, flags: dict[str, Known]) -> np.ndarray:
    """How many classes the raised flags and the Council's own reasons take away (waived ones left out)."""
    counting = {flag: known.yes & ~facts.waived[flag] for flag, known in flags.items()}
    by_group = {COUNCIL: facts.downgrades > 0}
    for flag, counts in counting.items():
        group = settings.book.flags[flag].group
        by_group[group] = by_group.get(group, False) | counts
    groups_raised = reduce(np.add, (g.astype(np.int64) for g in by_group.values()))
    all_raised = reduce(np.add, (f.astype(np.int64) for f in counting.values())) + facts.downgrades
    return np.where(settings.reads("several_flags", "once"), np.minimum(all_raised, 1),
                    np.where(settings.reads("several_flags", "per_group"), groups_raised, all_raised))
