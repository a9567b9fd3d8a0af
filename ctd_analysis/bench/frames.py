"""Rows as pandas tables with true types: text, whole numbers, three-valued answers, days, grades and classes in their order.

A column's type goes by its name. What is missing is NA, never 0 and never "". Every table is a copy of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from ..answers.readings import OUTCOMES
from ..rows import COLUMNS, OPTIONAL, Place
from ..terms import CLASSES, GRADES, RATINGS

if TYPE_CHECKING:
    import pandas as pd

#: From worst to best, so that `>=` and sorting mean what they say. KAD, which is no grade, comes before all; a blank is NA.
RISING = {"class": CLASSES[::-1], "outcome": OUTCOMES[::-1], "rating": RATINGS[::-1],
          "grade": ("KAD", *(grade for grade in reversed(GRADES) if grade not in ("", "KAD")))}
#: How a filing stands beside its day: it came, it is known never to have come; NA: nothing is written.
STATES = ("none", "came")


def text(values: Iterable) -> pd.api.extensions.ExtensionArray:
    """`string`; a blank is NA."""
    import pandas as pd
    return pd.array([pd.NA if value in ("", None) else str(value) for value in values], dtype="string")


def whole(values: Iterable) -> pd.api.extensions.ExtensionArray:
    """`Int64`; None is NA."""
    import pandas as pd
    return pd.array(list(values), dtype="Int64")


def answers(values: Iterable) -> pd.api.extensions.ExtensionArray:
    """`boolean`; None is NA: not knowable."""
    import pandas as pd
    return pd.array(list(values), dtype="boolean")


def days(values: Iterable) -> pd.api.extensions.ExtensionArray:
    """`datetime64[ns]`; None, and `none` for a filing that never came, are NA."""
    import pandas as pd
    return pd.array([pd.NaT if value in ("none", None) else pd.Timestamp(value) for value in values], dtype="datetime64[ns]")


def exact(values: Iterable) -> pd.Series:
    """`object`: whole numbers and exact `Decimal`s, words, lists; None is NA."""
    import pandas as pd
    return pd.Series([pd.NA if value is None else value for value in values], dtype=object)


def ordered(kind: str) -> Callable[[Iterable], pd.Categorical]:
    """An ordered `Categorical` of one of `RISING`; a blank is NA."""
    def made(values: Iterable) -> pd.Categorical:
        import pandas as pd
        return pd.Categorical([value or None for value in values], categories=list(RISING[kind]), ordered=True)
    return made


def states(values: Iterable) -> pd.Categorical:
    """Days of receipt as an ordered `Categorical`: `none`, `came`; NA where nothing is written."""
    import pandas as pd
    return pd.Categorical([None if value is None else "none" if value == "none" else "came" for value in values],
                          categories=list(STATES), ordered=True)


#: Types by the name of the column; any other goes by what stands in it.
TYPES: dict[str, Callable] = {
    **dict.fromkeys(("criterion", "population", "target", "fund", "line", "cluster_rank", "value", "a", "b", "c", "ungraded",
                     "not_applicable", "branches_good", "branches_total"), whole),
    **dict.fromkeys(("received", "dossier_received", "decided_on", "seen_on", "as_of"), days),
    **dict.fromkeys(("self", "grade", "appraised"), ordered("grade")), "rating": ordered("rating"),
    **dict.fromkeys(("base_class", "proposed_class", "final_class", "from", "to"), ordered("class")),
    **dict.fromkeys(("met", "literal_match", "considered", "tied", "nominee", "provisional"), answers),
    **dict.fromkeys(("rules_class", "outcome"), ordered("outcome")),
    **dict.fromkeys(("actual", "converted", "asked", "found", "of", "hinges_on", "nominee_hinges_on"), exact)}


def plain(value):
    """A value out of a table as rules and rows hold it: Python's own number or day; None where it is missing."""
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[us]").item()
    elif isinstance(value, np.generic):
        value = value.item()
    if type(value).__name__ == "NAType" or isinstance(value, (float, datetime)) and value != value:
        return None
    if isinstance(value, datetime):
        return value.date()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def frame(columns: dict[str, Sequence], types: dict[str, Callable] | None = None, index: str = "") -> pd.DataFrame:
    """A table of named columns; `types` are those that are not what their name says, `index` the column to go by."""
    import pandas as pd
    kinds = TYPES | (types or {})
    made = pd.DataFrame({name: kinds.get(name, typed)(values) for name, values in columns.items()})
    return made.set_index(index) if index else made


def columns(names: Sequence[str], rows: Iterable[Sequence]) -> dict[str, list]:
    """Rows as named columns, for `frame`; the columns also where there is no row."""
    found = list(rows)
    return {name: [row[k] for row in found] for k, name in enumerate(names)}


def typed(values: Sequence):
    """Values by what they are: answers, whole numbers, days; lists and decimals exact; any other as text."""
    known = [value for value in values if value is not None]
    for kind, made in ((bool, answers), (int, whole), (date, days)):
        if known and all(isinstance(value, kind) for value in known):
            return made(values)
    return (exact if any(isinstance(value, (list, tuple, Decimal)) for value in known) else text)(values)


def of_rows(name: str, rows: Sequence[tuple]) -> pd.DataFrame:
    """A table of a year under the contract's columns; branches also with their `kind`, days of receipt also as `state`."""
    more = OPTIONAL["branches"] if name == "branches" else ()
    columns: dict[str, list] = {column: [getattr(row, column) for row in rows] for column in (*COLUMNS[name], *more)}
    if "aliases" in columns:
        columns["aliases"] = [";".join(names) for names in columns["aliases"]]
    here = {"cluster": ordered("grade")} if name == "grades" else {}
    if name in ("decisions", "corrections", "amendments"):
        columns["value"] = [";".join(value) if isinstance(value, tuple) else str(value) for value in columns["value"]]
        here["value"] = text
    elif name == "verified":
        here["value"] = exact
    for column in ("received", "dossier_received"):
        if column in columns:
            columns["state"], here["state"] = columns[column], states
    return frame(columns, here)


def source(at: Place) -> str:
    """Where a value was read, as a person would look it up: `cum-3.xlsx, Bảng điểm!F17`, `cum-1/grades.csv:12`."""
    where = f"{at.file}, {at.sheet}!{at.cell}" if at.cell else ", ".join(filter(None, (at.file, at.sheet)))
    where += f":{at.line}" if at.line and not at.cell else ""
    return f"{where}; {at.corrected}" if at.corrected else where
