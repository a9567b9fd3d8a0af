"""`ctd due`: what of the plan's year is past on a day, and who is late; what comes in the next thirty days."""

from __future__ import annotations

from .shared import day_of, read, report, show, write_json


def due(options) -> int:
    """Deadlines past and who is late or unknown, the next thirty days, what has no day."""
    on = day_of(options.on)
    year = read(options.year)
    from ..answers.due import due_on
    from ..tables import due as tables
    from ..tables import printed
    found = due_on(year, on)
    if options.json:
        write_json(options.json, found.as_json())
    if options.json != "-":
        show("\n\n".join(map(printed.plain, tables.every(found))))
    return report(year, year.notices, is_early=True)
