"""`ctd due`: what of the plan's year is past on a day, and who is late; what comes in the next thirty days."""

from __future__ import annotations

from .shared import answer, day_of, read, report


def due(options) -> int:
    """Deadlines past and who is late or unknown, the next thirty days, what has no day."""
    on = day_of(options.on)
    year = read(options.year)
    from ..answers.due import due_on
    from ..tables import due as tables
    from ..tables import printed
    found = due_on(year, on)
    answer(options, found.as_json, lambda: map(printed.plain, tables.every(found)))
    return report(year, year.notices, is_early=True)
