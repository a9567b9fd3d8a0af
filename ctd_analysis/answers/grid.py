"""What each of many values gives, all at once: keys of the rules or of facts over whole ranges, every combination of them.

The rules broadcast: a row a combination, a column a unit, judged in one sweep. A changed fact touches one unit, whose facts
alone are counted anew; nothing else is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date

import numpy as np

from ..plan.facts import Facts, Settings
from ..plan.judgement import judge
from ..plan.rulebook import Rulebook
from ..plan.scenario import ORDER, amend, fact
from ..rows import grouped
from ..year import trial
from ..year.tally import tally
from ..year.year import Year
from .readings import outcome

#: What of a unit's facts a fact key may change and the rules look at.
_JUDGED = {field.name for field in fields(Facts)} - {"units", "cluster", "merits", "rounds", "converted"}


def outcomes(year: Year, changes: Mapping[str, object], swept: Mapping[str, Sequence],
             facts: Facts | None = None) -> np.ndarray:
    """How each unit comes out under every combination of `swept` (key → values), over `changes`: int8, (combinations, U).

    Codes are places in `readings.OUTCOMES`; the last key runs fastest. `facts` once counted, without the swept ones, may be
    given again. `UnknownKey` for a key or value that is none.
    """
    year = year.as_read or year
    rules = {key: [amend(year.book, {key: value}) for value in values] for key, values in swept.items()
             if not fact(key, year.book)}
    for key in swept.keys() - rules.keys():
        for value in swept[key]:
            trial.facts(year, {key: value})
    places = np.indices([len(values) for values in swept.values()]).reshape(len(swept), -1)
    rows = {key: places[k] for k, key in enumerate(swept)}
    facts = facts or tally(trial.changed(year, changes))
    tried = {key: values for key, values in swept.items() if key not in rules}
    judged = judge(_tried(year, facts, changes, tried, rows), _settings(amend(year.book, changes), rules, rows))
    return np.broadcast_to(outcome(judged), (places.shape[1], len(facts.units)))


def _settings(book: Rulebook, rules: Mapping[str, list[Rulebook]], rows: Mapping[str, np.ndarray]) -> Settings:
    """The rule book's settings with a column (combinations, 1) for each swept key of the rules."""
    settings = Settings.of(book)
    values, readings = {}, {}
    for key, books in rules.items():
        if key.startswith("readings."):
            id = key.removeprefix("readings.")
            readings[id] = np.array([list(book.readings[id].options).index(one.chosen[id]) for one in books])[rows[key], None]
        elif key != ORDER:          # the order of a cluster gives nobody a class
            found = [one.values()[key] for one in books]
            values[key] = np.array([v.toordinal() if isinstance(v, date) else v for v in found], np.int64)[rows[key], None]
    return settings.valued(values).read_as(readings)


def _tried(year: Year, facts: Facts, changes, tried: Mapping[str, Sequence], rows: Mapping[str, np.ndarray]) -> Facts:
    """The facts with a row a combination where a swept fact key makes them differ."""
    for unit, keys in grouped(tried, lambda key: fact(key, year.book)[1]).items():
        if unit in facts.units:
            found, which = np.unique(np.stack([rows[key] for key in keys], axis=1), axis=0, return_inverse=True)
            alone = _alone(year, unit)
            chosen = [{key: tried[key][n] for key, n in zip(keys, one, strict=True)} for one in found]
            counted = [tally(trial.changed(alone, {**changes, **one})) for one in chosen]
            facts = _with(facts, counted, facts.place[unit], which.reshape(-1))
    return facts


def _alone(year: Year, unit: str) -> Year:
    """The year with the rows of one unit only; every unit is still known by name."""
    mine = {field.name: tuple(row for row in rows if row.unit == unit) for field in fields(year)
            if field.name != "all_units" and isinstance(rows := getattr(year, field.name), tuple) and rows
            and hasattr(rows[0], "unit")}
    return replace(year, **mine)


def _with(facts, counted: list, place: int, which: np.ndarray):
    """Facts (U,), or already (combinations, U), in which the unit at `place` has `counted[which]`, a row a combination."""
    if isinstance(facts, np.ndarray):
        values = np.array([one[0] for one in counted])[which]
        if (values == facts[..., place]).all():
            return facts
        whole = np.array(np.broadcast_to(facts, (len(which), facts.shape[-1])))
        whole[:, place] = values
        return whole
    if isinstance(facts, Mapping):
        return {name: _with(value, [one[name] for one in counted], place, which) for name, value in facts.items()}
    names = [field.name for field in fields(facts) if not isinstance(facts, Facts) or field.name in _JUDGED]
    return replace(facts, **{name: _with(getattr(facts, name), [getattr(one, name) for one in counted], place, which)
                             for name in names})
