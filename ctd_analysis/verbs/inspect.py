"""`ctd inspect`: where a look is worth most, which branches to visit; the worksheet out and back."""

from __future__ import annotations

from .shared import begin, report, write_json


def inspect(options) -> int:
    """List what is to be looked at."""
    reading = begin(options.year)
    from ..answers.appraisal import appraise as judge_year
    from ..answers.inspection import Inspection
    year = reading()
    judged = judge_year(year)
    inspection = Inspection(judged)
    if options.json:
        write_json(options.json, inspection.as_json(), "places")
    return report(year, judged.notices)
