"""A year with some facts otherwise, for a trial: a grade, a number, a rating, a day stands as if it had been found so.

What is set stands over what was sent, appraised, found or registered, and says so beside its source. The year as it was read
is kept behind, so that a trial never begins from another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from .. import values
from ..plan import scenario as scenarios
from ..plan.scenario import BadScenario, Scenario, UnknownKey, UnknownUnit, UnknownValue, fact
from ..problems import visible
from ..rows import Appraised, Grade, Place, as_typed
from ..terms import TRIAL, TRIED_TARGET, hint
from ..values import Wrong
from .parser import amount, criterion, may_come
from .verified import BLANK, STANDS, shown
from .year import Year


class Fact(NamedTuple):
    """One fact as it is tried: which table (as keys name it), whose, what, and the value as a row holds it."""
    table: str
    unit: str
    item: int | str
    value: object


def load(path: Path, year: Year) -> Scenario:
    """The scenario in a TOML file, its facts held against the year; `BadScenario` where it is none."""
    return settled(scenarios.load(path, year.book), year)


def settled(scenario: Scenario, year: Year) -> Scenario:
    """The scenario with its facts as values, however typed; `BadScenario` for a unit, item or value the year cannot have."""
    units = [u.unit for u in year.all_units]
    for unit in scenario.expected:
        if unit not in units:
            raise BadScenario(f"[expected]: không có đơn vị “{visible(unit)}”{hint(unit, units)}")
    try:
        found = facts(year, scenario.changes)
    except UnknownKey as error:
        raise BadScenario(str(error)) from None
    return replace(scenario, changes={key: plain_value(found[key].value) if key in found else value
                                      for key, value in scenario.changes.items()})


def facts(year: Year, changes: Mapping[str, object]) -> dict[str, Fact]:
    """The facts among some changes, by key; the keys of the rules are left out.

    `UnknownUnit`, `UnknownKey` (an item), `UnknownValue`, each with the nearest name. Values may be typed as text; "" or None
    is a missing one.
    """
    units = {u.unit for u in year.all_units}
    found = {}
    for key, value in changes.items():
        if named := fact(key, year.book):
            table, unit, item = named
            if unit not in units:
                raise UnknownUnit(f"{visible(key)}: không có đơn vị “{visible(unit)}”{hint(unit, units)}")
            place, parse = _place(year, key, table, unit, item)
            found[key] = Fact(table, unit, place, _value(key, value, parse))
    return found


def changed(year: Year, changes: Mapping[str, object]) -> Year:
    """The year as it was read with the facts among `changes` standing; itself where there are none. Errors as `facts`.

    Facts of units that are not among `year.units` (another cluster's, a failed one's) change nothing.
    """
    year = year.as_read or year
    standing = {u.unit for u in year.units}
    asked = [one for one in facts(year, changes).values() if one.unit in standing]
    if not asked:
        return year
    tables = {name: {(row[0], row[1]): row for row in getattr(year, name)}
              for name in ("grades", "appraisal", "indicators", "branches", "filings")}
    for one in asked:
        (_grade if one.table == "grade" else _set)(tables, one)
    return replace(year, as_read=year, **{name: tuple(rows.values()) for name, rows in tables.items()})


# ---------------------------------------------------------------- what a key may name, what its value may be

def _place(year: Year, key: str, table: str, unit: str, item: str) -> tuple[int | str, Callable]:
    """The item as rows name it, and how its value is read; any branch of a unit that does not stand will do."""
    book = year.book
    if table == "grade":
        try:
            return criterion(item, book.criteria), values.grade
        except Wrong as error:
            raise UnknownKey(f"{visible(key)}: {error}; cần {error.wanted}") from None
    if table == "rating":
        standing = any(u.unit == unit for u in year.units)
        known = [row.branch for row in year.branches if row.unit == unit] if standing else [item]
    else:
        known = book.filings if table == "filing" else book.indicators
    if item not in known:
        raise UnknownKey(f"{visible(key)}: không có {scenarios.FACTS[table]} “{visible(item)}”{hint(item, known)}; "
                         f"cần một trong: {', '.join(known)}")
    if table == "rating":
        return item, values.rating
    if table == "filing":
        return item, lambda text: _came(text, book.filings[item].before)
    return item, partial(amount, book.indicators[item], table)


def _came(text: str, before: date) -> date | str | None:
    value = values.received(text)
    earliest, latest = may_come(before)
    if isinstance(value, date) and not earliest <= value <= latest:
        raise Wrong(f"ngày cách hạn {before:%d/%m/%Y} hơn một năm", f"ngày trong khoảng năm {before.year}")
    return value


def _value(key: str, value, parse: Callable):
    try:
        return parse(as_typed(value))
    except Wrong as error:
        raise UnknownValue(f"{visible(key)}: giá trị “{visible(str(value))}” không dùng được ({error}); "
                           f"cần {error.wanted}") from None


def plain_value(value):
    """A fact as a scenario file and `results.json` hold it: a whole number, or text."""
    return value if isinstance(value, int) else as_typed(value)


# ---------------------------------------------------------------- set among the rows

def _grade(tables: dict, one: Fact) -> None:
    """The grade that stands: as the appraisal's; a blank takes the cluster's away too."""
    key = one.unit, one.item
    row, look = tables["grades"].get(key, Grade(*key, "", "", "", _NOWHERE)), tables["appraisal"].get(key)
    was = look.grade if look and look.grade else row.cluster
    if was != one.value:
        at = _tried(row.at, was)
        tables["grades"][key] = row._replace(at=at, cluster=row.cluster if one.value else "")
        tables["appraisal"][key] = Appraised(*key, one.value, look.method if look else "", TRIAL, look.at if look else at)


def _set(tables: dict, one: Fact) -> None:
    """One column of one row, there or not (every branch is); nothing is said of a value that stands so already."""
    table, column = STANDS[one.table]
    rows, key = tables[table], (one.unit, one.item)
    row = rows.get(key) or BLANK[table](*key, _NOWHERE)
    if (was := getattr(row, column)) != one.value:
        at = _tried(row.at, was, TRIED_TARGET if column == "target" else TRIAL)
        rows[key] = row._replace(**{column: one.value, "at": at})


_NOWHERE = Place(TRIAL, None, None)


def _tried(at: Place, was, what: str = TRIAL) -> Place:
    """The place with what was there before, said beside the value's source as a correction is."""
    return at.with_said(f"{what}, trước để trống" if was in ("", None) else f"{what}, trước là {shown(was)}")
