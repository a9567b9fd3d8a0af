"""What of the plan's own year is past on a day, who is late with it, and what comes next.

Deadlines are those of the filings and the dossier (V.3, V.4), of the rule book's events that are to happen before a day, and
the days by which all of a number is due. The day is given: there is no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from ..plan import filings
from ..plan.facts import Settings
from ..plan.pace import NOTHING_ASKED, REACHED, UNKNOWN
from ..plan.rulebook import Event
from ..year.tally import ordinal, tally
from ..year.year import Year
from .progress import HalfYear
from .registration import days_of

#: How far ahead is looked.
AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class Deadline:
    """Something that had to be in or done; the units (or clusters) that are late with it, and those of whom it is not known."""
    id: str
    label: str
    clause: str
    before: date
    late: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Due:
    """The year on a day: deadlines past, what happens within thirty days (what goes on now too), what has no day."""
    year: Year
    on: date
    past: tuple[Deadline, ...]
    coming: tuple[tuple[date, date, str, Event], ...]       # first and last day, how the day is meant, what it is
    dateless: tuple[Event, ...]

    def as_json(self) -> dict:
        """What `ctd due --json` writes."""
        return {"on": str(self.on),
                "past": [{**vars(one), "before": str(one.before), "late": list(one.late), "unknown": list(one.unknown)}
                         for one in self.past],
                "coming": [{"id": event.id, "label": event.label, "clause": event.clause, "kind": kind, "from": str(first),
                            "to": str(last), "note": event.note} for first, last, kind, event in self.coming],
                "dateless": [{"id": one.id, "label": one.label, "clause": one.clause, "note": one.note}
                             for one in self.dateless]}


def due_on(year: Year, on: date) -> Due:
    """The year as it stands on a day."""
    settings = Settings.of(year.book)
    on_time = bool(settings.reads("deadline_day", "on_time"))
    deadlines = [*_filings(year, settings), _dossier(year, settings), *_numbers(year, on), *_events(year)]
    past = [one for one in deadlines if one.before < on or one.before == on and not on_time]
    ahead = [(one.before, one.before, "before", Event(one.id, one.label, one.clause, before=one.before, note=one.note))
             for one in deadlines if one not in past]
    for event in year.book.events.values():
        if event.on or event.start:
            ahead.append((event.on or event.start, event.on or event.to, "on" if event.on else "from", event))
    coming = sorted((one for one in ahead if one[0] - on <= AHEAD and one[1] >= on), key=lambda one: one[:2])
    dateless = [one for one in year.book.events.values() if not (one.on or one.start or one.before)]
    return Due(year, on, tuple(sorted(past, key=lambda one: one.before)), tuple(coming), tuple(dateless))


def _filings(year: Year, settings: Settings) -> Iterator[Deadline]:
    """Each filing, and how it stands for every unit."""
    facts = tally(year)
    for id, rule in year.book.filings.items():
        yield _of(id, rule, [unit.unit for unit in year.all_units], days_of(year, facts, id), settings)


def _dossier(year: Year, settings: Settings) -> Deadline:
    came = np.array([ordinal(one.dossier_received) for one in year.all_clusters], np.int64)
    return _of("dossier", year.book.dossier, [one.cluster for one in year.all_clusters], came, settings)


def _of(id: str, rule, names: list[str], came: np.ndarray, settings: Settings) -> Deadline:
    late = filings.past(came, rule.before.toordinal(), settings)
    return Deadline(id, rule.label, rule.clause, rule.before, tuple(name for k, name in enumerate(names) if late.yes[k]),
                    tuple(name for k, name in enumerate(names) if late.unknown[k]), getattr(rule, "note", ""))


def _numbers(year: Year, on: date) -> Iterator[Deadline]:
    """The numbers all of which is due by a day of their own (`[progress.due]`); the day itself still counts."""
    half = HalfYear(year, on)
    for name, by in year.book.progress.due.items():
        steps = [one for one in half.steps if one.indicator == name]
        late = tuple(one.unit for one in steps if one.status not in (REACHED, NOTHING_ASKED, UNKNOWN))
        unknown = tuple(one.unit for one in steps if one.status == UNKNOWN)
        yield Deadline(f"progress.due.{name}", f"Đủ chỉ tiêu {year.book.indicators[name].label}", "II; IV", by + timedelta(1),
                       late, unknown)


def _events(year: Year) -> Iterator[Deadline]:
    """Events that are to happen before a day: whether they did is not written anywhere."""
    for event in year.book.events.values():
        if event.before:
            yield Deadline(event.id, event.label, event.clause, event.before, note=event.note)
