"""The trace: every condition of part III, looked at once for a unit, with its clause, what was asked, what was found.

Read off what the judgement keeps, never judged again; only the days of filings are compared here, those that decide nothing
among them. The page's "vì sao", `ctd explain` and the open questions are all made from these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..plan import filings
from ..plan.facts import BLANK_DAY, NEVER, Condition, Facts, Settings
from ..plan.judgement import Judgement
from ..plan.ladder import BARRED
from ..plan.rulebook import BRANCH_FUND
from ..rows import Place, grouped
from ..terms import NO_BRANCHES, TRIED_TARGET
from ..year.year import Year

#: The number of a flag that each kind of them holds an indicator to.
_BARS = {"below": "below_percent", "funds": "unit_min"}


@dataclass(frozen=True)
class Finding:
    """One condition, looked at once. `met` is None where a number is missing."""
    part: str                               # "ladder", "filing" or "flag"
    rule: str                               # the class, filing or flag
    what: str                               # a, c, branches, received, an indicator, or BRANCH_FUND
    clause: str
    asked: int | date | None                # the bar: a count, per cent, VND or a day
    found: int | date | str | None          # None: missing
    of: int | None = None                   # what a percentage is of; None where there is none or it is missing
    met: bool | None = None
    note: str = ""
    source: str = ""
    blank: tuple[str, ...] = ()             # branches whose fund is not written
    key: str = ""                           # the rule book's key of the bar, where it is a number or day of its own


def trace(year: Year, facts: Facts, settings: Settings, judgement: Judgement) -> dict[str, list[Finding]]:
    """The findings of every unit, in the order of the plan and of the rule book's flags (settings are scalars)."""
    sources = {(row.unit, row.indicator): row for row in year.indicators}
    late = {name: filings.late(facts, settings, name) for name in settings.book.filings}
    branches = grouped((row for row in year.branches if row.owes_fund), lambda row: row.unit)
    received = {(row.unit, row.filing): row for row in year.filings}
    return {unit: [*_ladder(i, settings, judgement, facts), *_filings(i, unit, facts, settings, late, received),
                   *_flags(i, unit, settings, judgement, sources, branches.get(unit, []))]
            for i, unit in enumerate(facts.units)}


def _ladder(i, settings, judgement, facts):
    placed = judgement.placement
    for rung in BARRED:
        for what, bar, found, of in (("a", "min_a", placed.counted_a, None), ("c", "max_c", facts.c, None),
                                     ("branches", "branch_percent", placed.counted_branches[rung], placed.branch_base)):
            known, key = of is None or bool(placed.share_known[i]), f"class.{rung}.{bar}"
            yield Finding("ladder", rung, what, settings.book.classes[rung].clause, int(settings[key]),
                          int(found[i]) if known else None, None if of is None else int(of[i]),
                          bool(getattr(placed.bars[rung], what)[i]) if known else None, key=key)


def _filings(i, unit, facts, settings, late, received):
    for name, rule in settings.book.filings.items():
        came = int(facts.filings[name][i])
        found = None if came == BLANK_DAY else "none" if came == NEVER else date.fromordinal(came)
        row, key = received.get((unit, name)), f"filing.{name}.before"
        yield Finding("filing", name, "received", rule.clause, date.fromordinal(int(settings[key])), found,
                      met=(~late[name]).at(i), source=row.at.corrected if row else "", key=key)


def _flags(i, unit, settings, judgement, sources, branches):
    for flag, verdict in judgement.flags.items():
        rule = settings.book.flags[flag]
        for name, one in verdict.conditions.items():
            if name == BRANCH_FUND:
                blank = tuple(row.branch for row in branches if row.fund is None)
                note = _branches_told(one, branches, blank)
                corrected = "; ".join(f"{row.branch}: {row.at.corrected}" for row in branches if row.at.corrected)
                at = branches and branches[0].at._replace(line=None, corrected=corrected)
            else:
                row = sources.get((unit, name))
                note, at, blank = (row.note, row.at, ()) if row else ("", None, ())
                of = sources.get((unit, rule.target_of))
                if at and of and TRIED_TARGET in of.at.corrected:       # the target is another row's
                    at = at._replace(corrected="; ".join(filter(None, (at.corrected, of.at.corrected))))
            bar = "branch_min" if name == BRANCH_FUND else _BARS.get(rule.kind)
            yield Finding("flag", flag, name, rule.clause, int(one.asked), one.found.at(i), one.of and one.of.at(i),
                          (~one).at(i), note, _place(at) if at else "", blank, f"flag.{flag}.{bar}" if bar else "")


def _branches_told(one: Condition, branches, blank) -> str:
    """Which branches are short of the bar, which have no fund written."""
    short = [row.branch for row in branches if row.fund is not None and row.fund < one.asked]
    said = [f"dưới yêu cầu: {', '.join(short)}"] if short else []
    said += [f"chưa ghi: {', '.join(blank)}"] if blank else []
    return "; ".join(said if branches else [NO_BRANCHES])


def _place(at: Place) -> str:
    """Where a number was read: `cum-1/indicators.csv:12`, `cum-3.xlsx, Chỉ tiêu:6; đã sửa theo công văn 12`."""
    where = f"{at.file}{f', {at.sheet}' if at.sheet else ''}{f':{at.line}' if at.line else ''}"
    return f"{where}; {at.corrected}" if at.corrected else where
