"""`ctd registration`, `ctd progress`, `ctd due`: the year before December (V.3, IV, II.9), when nothing sent is no fault."""

from __future__ import annotations

from .shared import CallError, answer, read, report, say


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


def progress(options) -> int:
    """Number by number: reached, on its way to the target, on its way to the bar of III.2.2, or behind."""
    on = _day_of(options.on)
    year = read(options.year)
    from ..answers.progress import half_year
    from ..tables import printed, registration
    from ..tables import progress as tables
    half = half_year(year, on)
    if half.on.year != year.book.year:
        say(f"Lưu ý: ngày {half.on:%d/%m/%Y} ngoài năm {year.book.year}.")
    made = [tables.part_two(half), tables.units(half), tables.behind(half), registration.reports(year)]
    made += [registration.direct(year)] * bool(year.direct)
    answer(options, half.as_json, lambda: ["\n".join(tables.summary(half)), *map(printed.plain, made)])
    return report(year, year.notices, is_early=True)


def due(options) -> int:
    """Deadlines past and who is late or unknown, the next thirty days, what has no day."""
    on = _day_of(options.on)
    year = read(options.year)
    from ..answers.due import due_on
    from ..tables import due as tables
    from ..tables import printed
    found = due_on(year, on)
    answer(options, found.as_json, lambda: map(printed.plain, tables.every(found)))
    return report(year, year.notices, is_early=True)


def _day_of(typed: str | None):
    """The day of `--on`, None without one; a text that is no day is a wrong call (`CallError`)."""
    from ..values import Wrong, day
    try:
        return None if typed is None else day(typed)
    except Wrong as wrong:
        raise CallError(f"--on: {wrong}; cần {wrong.wanted}") from None
