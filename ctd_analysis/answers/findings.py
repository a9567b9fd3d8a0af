"""The trace: every condition of part III, looked at once for a unit, with its clause, what was asked, what was found.

Read off the columns the rules left, never judged again. The page's "vì sao", `ctd explain` and the open questions are all
made from these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..plan import filings, flags
from ..plan.facts import BLANK_DAY, NEVER, Facts, Known, Settings
from ..plan.judgement import Judgement
from ..plan.ladder import BARRED
from ..rows import Place
from ..terms import FLAGS
from ..year.year import Year


@dataclass(frozen=True)
class Finding:
    """One condition, looked at once. `met` is None where a number is missing."""
    part: str                               # "ladder", "filing" or "flag"
    rule: str                               # the class, filing or flag
    what: str                               # a, c, branches, received, an indicator, or branch_fund
    clause: str
    asked: int | date | None                # the bar: a count, per cent, VND or a day
    found: int | date | str | None          # None: missing
    of: int | None = None                   # what a percentage is of; None where there is none or it is missing
    met: bool | None = None
    note: str = ""
    source: str = ""


def trace(year: Year, facts: Facts, settings: Settings, judgement: Judgement) -> dict[str, list[Finding]]:
    """The findings of every unit, in the plan's order (settings are scalars)."""
    sources = {(row.unit, row.indicator): row for row in year.indicators}
    short = {flag: flags.shortfalls(facts, settings, flag) for flag in FLAGS if f"flag.{flag}.below_percent" in settings.values}
    none_of = {flag: flags.missing(facts, settings, flag) for flag in ("reporting", "training_classes")}
    funds = {"unit_fund": flags.unit_fund(facts, settings), "branch_fund": flags.branch_fund(facts, settings)}
    late = {name: filings.late(facts, settings, name) for name in settings.book.filings}
    branches = _branches(year)
    return {unit: [*_ladder(i, settings, judgement, facts), *_filings(i, facts, settings, late),
                   *_flags(i, unit, facts, settings, short, none_of, funds, sources, branches.get(unit, []))]
            for i, unit in enumerate(facts.units)}


def _ladder(i, settings, judgement, facts):
    placed = judgement.placement
    for rung in BARRED:
        bars, clause = placed.bars[rung], settings.book.classes[rung].clause
        yield Finding("ladder", rung, "a", clause, int(settings[f"class.{rung}.min_a"]), int(placed.counted_a[i]),
                      met=bool(bars.a[i]))
        yield Finding("ladder", rung, "c", clause, int(settings[f"class.{rung}.max_c"]), int(facts.c[i]),
                      met=bool(bars.c[i]))
        known = bool(placed.share_known[i])
        yield Finding("ladder", rung, "branches", clause, int(settings[f"class.{rung}.branch_percent"]),
                      int(placed.counted_branches[rung][i]) if known else None, int(placed.branch_base[i]),
                      met=bool(bars.branches[i]) if known else None)


def _filings(i, facts, settings, late):
    for name, rule in settings.book.filings.items():
        came = int(facts.filings[name][i])
        found = None if came == BLANK_DAY else "none" if came == NEVER else date.fromordinal(came)
        yield Finding("filing", name, "received", rule.clause, date.fromordinal(int(settings[f"filing.{name}.before"])), found,
                      met=_not(late[name], i))


def _flags(i, unit, facts, settings, short, none_of, funds, sources, branches):
    book = settings.book
    for flag in FLAGS:
        rule = book.flags[flag]
        for name in rule.indicators:
            row = sources.get((unit, name))
            evidence = {"note": row.note if row else "", "source": _place(row.at) if row else ""}
            found = facts.actual[name].at(i)
            if flag in short:
                yield Finding("flag", flag, name, rule.clause, int(settings[f"flag.{flag}.below_percent"]), found,
                              facts.target[rule.target_of or name].at(i), _not(short[flag][name], i), **evidence)
            elif flag == "funds":
                yield Finding("flag", flag, name, rule.clause, int(settings["flag.funds.unit_min"]), found,
                              met=_not(funds["unit_fund"], i), **evidence)
            else:
                yield Finding("flag", flag, name, rule.clause, 1, found, met=_not(none_of[flag][name], i), **evidence)
        if flag == "funds":
            yield _branch_fund(i, facts, settings, funds["branch_fund"], branches)


def _branch_fund(i, facts, settings, known, branches):
    bar = int(settings["flag.funds.branch_min"])
    short = [row for row in branches if row.fund is not None and row.fund < bar]
    blank = [row for row in branches if row.fund is None]
    names = [f"dưới mức: {', '.join(row.branch for row in short)}"] if short else []
    names += [f"chưa ghi: {', '.join(row.branch for row in blank)}"] if blank else []
    names += [] if branches else ["chưa có danh sách Hội cơ sở"]
    average = bool(settings.reads("branch_fund", "average"))
    total = facts.total_fund.at(i)
    source = _place(branches[0].at._replace(line=None)) if branches else ""
    found = (total // len(branches) if total is not None else None) if average else facts.smallest_fund.at(i)
    return Finding("flag", "funds", "branch_fund", settings.book.flags["funds"].clause, bar, found,
                   met=_not(known, i), note="; ".join(names), source=source)


def _place(at: Place) -> str:
    """Where a number was read: `cum-1/indicators.csv:12`, `cum-3.xlsx, Chỉ tiêu:6`."""
    return f"{at.file}{f', {at.sheet}' if at.sheet else ''}{f':{at.line}' if at.line else ''}"


def _branches(year: Year) -> dict[str, list]:
    found: dict[str, list] = {}
    for row in year.branches:
        found.setdefault(row.unit, []).append(row)
    return found


def _not(known: Known, i: int) -> bool | None:
    raised = known.at(i)
    return None if raised is None else not raised
