"""`ctd registration`, `ctd progress`, `ctd due`: the year before December (V.3, IV, II.9), when nothing sent is no fault."""

from __future__ import annotations

from .shared import CallError, answer, read, report, say


def registration(options) -> int:
    """Who has registered, which targets were given, what part II makes of them; what December states below them."""
    year = read(options.year)
    from ..answers.registration import Registration
    from ..tables import registration as tables
    found = Registration(year)
    made = [tables.standing(found), tables.part_two(found), tables.branch_sums(found)]
    made += [tables.direct(year)] * bool(year.direct) + [tables.moved(found)] * bool(found.target_moved)
    made.append(tables.reports(year))
    return _tell(options, year, found, made, tables.summary(found))


def progress(options) -> int:
    """Number by number: reached, on its way to the target, on its way to the bar of III.2.2, or behind."""
    on = _day_of(options.on)
    year = read(options.year)
    from ..answers.progress import half_year
    from ..tables import progress as tables
    from ..tables import registration
    half = half_year(year, on)
    if half.on.year != year.book.year:
        say(f"Lưu ý: ngày {half.on:%d/%m/%Y} ngoài năm {year.book.year}.")
    made = [tables.part_two(half), tables.units(half), tables.behind(half), registration.reports(year)]
    made += [registration.direct(year)] * bool(year.direct)
    return _tell(options, year, half, made, tables.summary(half))


def due(options) -> int:
    """Deadlines past and who is late or unknown, the next thirty days, what has no day."""
    on = _day_of(options.on)
    year = read(options.year)
    from ..answers.due import due_on
    from ..tables import due as tables
    found = due_on(year, on)
    return _tell(options, year, found, tables.every(found))


def _tell(options, year, found, tables, summary: list[str] | None = None) -> int:
    """What was found, as JSON or as sentences and tables; the exit code."""
    from ..tables import printed
    sentences = ["\n".join(summary)] if summary else []
    answer(options, found.as_json, lambda: [*sentences, *map(printed.plain, tables)])
    return report(year, year.notices, is_early=True)


def _day_of(typed: str | None):
    """The day of `--on`, None without one; a text that is no day is a wrong call (`CallError`)."""
    from ..values import Wrong, iso_day
    try:
        return None if typed is None else iso_day(typed)
    except Wrong as wrong:
        raise CallError(f"--on: {wrong}; cần {wrong.wanted}") from None
