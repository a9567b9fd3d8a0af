"""`ctd registration`: who has registered, with which targets (V.3); it works before any submission exists."""

from __future__ import annotations

from .shared import answer, read, report


def registration(options) -> int:
    """Who has registered, which targets were given, what part II makes of them; what December states below them."""
    year = read(options.year)
    from ..answers.registration import Registration
    from ..tables import printed
    from ..tables import registration as tables
    found = Registration(year)
    made = [tables.standing(found), tables.part_two(found), tables.branch_sums(found)]
    made += [tables.direct(year)] * bool(year.direct) + [tables.moved(found)] * bool(found.target_moved)
    made.append(tables.reports(year))
    answer(options, found.as_json, lambda: ["\n".join(tables.summary(found)), *map(printed.plain, made)])
    return report(year, year.notices, is_early=True)
