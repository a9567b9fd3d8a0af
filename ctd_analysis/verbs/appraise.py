"""`ctd appraise`, `ctd explain`, `ctd what-if`: the year judged, and asked."""

from __future__ import annotations

import sys

from ..terms import hint
from .shared import CallError, answer, begin, console, folded, read, report, say, scenario_of, show, tell


def appraise(options) -> int:
    """Compute only."""
    reading = begin(options.year)
    from ..answers.appraisal import appraise as judge_year
    from ..tables import printed, province
    year = reading()
    found = judge_year(year, scenario_of(options, year))
    answer(options, found.as_json, lambda: [printed.plain(province.standings(found), console())])
    return report(year, found.notices)


def explain(options) -> int:
    """Why a unit stands where it stands."""
    reading = begin(options.year)
    from ..answers.appraisal import appraise as judge_year
    from ..words import explain as explaining
    year = reading()
    unit = _unit(year, options.unit)
    if unit.cluster in year.failed:
        say(f"{unit.name} thuộc cụm {unit.cluster}, cụm này chưa xét được:")
        for message in year.failed[unit.cluster]:
            say(f"  {message}")
        return 1
    for line in explaining.lines(judge_year(year), unit.unit):
        tell(line, sys.stdout)
    return report(year, ())


def what_if(options) -> int:
    """Who moves, where the edges are, how far, how it is read; `CallError` for `--check` without a scenario that expects."""
    from ..answers import what_if as whatif
    from ..answers.appraisal import appraise as judge_year
    from ..tables import printed
    from ..tables import what_if as what_if_tables
    from ..words import wording
    year = read(options.year)
    if options.keys:
        show(printed.plain(what_if_tables.keys(year), console()))
        return 0
    scenario = scenario_of(options, year)
    if options.check and not (scenario and scenario.expected):
        raise CallError("--check cần --scenario với một tệp phương án có bảng [expected]")
    base = judge_year(year)
    other = judge_year(year, scenario, base.facts) if scenario else base
    answer(options, lambda: whatif.as_json(base, other), lambda: [
        "\n".join(folded(line, console()) for line in what_if_tables.heading(other)),
        *(printed.plain(table, console()) for table in what_if_tables.every(base, other))])
    code = report(year, ())
    if scenario and scenario.expected:
        unexpected = whatif.unexpected(base, other)
        say(wording.as_expected(unexpected))
        code = max(code, bool(unexpected) and options.check)
    return int(code)


def _unit(year, typed: str):
    names = {}
    for unit in year.all_units:
        for name in (unit.unit, unit.name, *unit.aliases):
            names.setdefault(name.casefold(), unit)
    from ..values import plain
    unit = names.get(plain(typed).casefold())
    if unit is None:
        raise CallError(f"không có đơn vị “{typed}”{hint(typed, [u.unit for u in year.all_units] + list(names))}")
    return unit
