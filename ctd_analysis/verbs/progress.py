"""`ctd progress`: where every unit stands on a day of the year, and the province towards part II (IV, II.9)."""

from __future__ import annotations

from .shared import answer, day_of, read, report, say


def progress(options) -> int:
    """Number by number: reached, on its way to the target, on its way to the bar of III.2.2, or behind."""
    on = day_of(options.on)
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
