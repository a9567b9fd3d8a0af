"""A year on the bench: every table of its folder as pandas tables; some of its facts otherwise, for a trial.

One truth: the tables are made of the rows that the pages are made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from .. import problems
from ..plan.rulebook import Rulebook
from ..plan.scenario import ORDER, Scenario
from ..rows import COLUMNS
from ..terms import hint
from ..year import trial
from ..year import year as years
from ..year.newest import find_year
from . import frames
from .errors import Refused, UnknownTable, need, of_problems, settings
from .labels import remember

if TYPE_CHECKING:
    import pandas as pd

    from ..answers.appraisal import Appraisal


def _table(name: str, says: str):
    """A table of the year as a property: `says` is what it holds beyond the contract's columns."""
    def get(year: Year) -> pd.DataFrame:
        return year._frame(name)

    get.__doc__ = says
    return property(get)


class Year:
    """One year as it was read (`read`), or with some facts otherwise (`change`): its tables as DataFrames, each a new copy.

    Names are the contract's. Text `string`; grades (`C` < `B` < `A`; `KAD` before all) and ratings ordered `Categorical`s;
    whole numbers `Int64`; days `datetime64[ns]`; missing is NA. Other tables of the folder (`year.corrections` …) come by the
    name of their file. Shown in a notebook: who sent what, what is missing, problems.

    >>> import ctd_analysis as ctd
    >>> year = ctd.read("data/2024")
    >>> int((year.grades["cluster"] >= "B").sum())
    624
    >>> year.grade
    Traceback (most recent call last):
    ctd_analysis.bench.errors.UnknownTable: không có bảng “grade” (có phải “grades” không?)
    """

    grades = _table("grades", """unit, criterion, self, cluster, note; then `appraised` (what the appraisal wrote, else NA) and
        `source` ("cum-3.xlsx, Bảng điểm!F17"). A row a unit and criterion (III.1).""")
    indicators = _table("indicators", """unit, indicator, target (`Int64`), actual, note. `actual` is `object`: whole numbers,
        and `Decimal`s for converted points; `.astype({"actual": "Int64"})` once those are left out.""")
    branches = _table("branches", """unit, branch, rating, fund (VND), kind: `xa`, which II.5 asks for a fund, `truong`,
        `benh-vien`, `khac`. A row a branch (II.5, III.1).""")
    filings = _table("filings", "unit, filing, received, state: `came`, `none` (known never to have come), NA (V.3, V.4).")
    units = _table("units", "unit, code, name, kind, cluster, population, aliases: the units judged, those of sound clusters.")
    clusters = _table("clusters", "cluster, name, lead, dossier_received, state: the clusters judged.")
    criteria = _table("criteria", "criterion, area (II.1 to II.9), title.")
    appraisal = _table("appraisal", "unit, criterion, grade, method, reason: what the appraisal looked at (III.1).")
    decisions = _table("decisions", "unit, decision, value, reason, document, decided_on: the Council's (III.2).")

    def __init__(self, read: years.Year, changes: Mapping[str, object] | None = None):
        self.read, self.changes = read, dict(changes or {})

    @cached_property
    def rows(self) -> years.Year:
        """The rows as pages and commands have them, trial facts set."""
        return trial.changed(self.read, self.changes)

    @property
    def book(self) -> Rulebook:
        """The year's rule book."""
        return self.read.book

    @property
    def rules(self) -> pd.DataFrame:
        """What may be set otherwise in `appraise` and `sweep`: key, value (`object`: a number, a day, an option), options.

        `options` is the list of a reading's, NA for a number or a day; `ranking.order` comes last. Source: rulebook.toml,
        amendments.csv.
        """
        known = {**self.book.in_force(), ORDER: ";".join(self.book.ranking.order)}
        choices = [list(self.book.readings[key.removeprefix("readings.")].options) if key.startswith("readings.") else None
                   for key in known]
        return remember(frames.frame({"key": list(known), "value": list(known.values()), "options": choices},
                                     dict.fromkeys(("value", "options"), frames.exact)), self.read)

    @property
    def problems(self) -> pd.DataFrame:
        """What keeps clusters out, a row a problem: cluster, file, sheet, cell, line, seen, wanted, message."""
        return remember(of_problems(self.read.problems), self.read)

    @property
    def notices(self) -> pd.DataFrame:
        """What is only remarked on, columns as `problems`."""
        return remember(of_problems(self.appraised.notices), self.read)

    @cached_property
    def appraised(self) -> Appraisal:
        """The year appraised under its own rules, with what is changed in it."""
        from ..answers.appraisal import appraise
        return appraise(self.read, self.scenario())

    def scenario(self, changes: Mapping[str, object] | None = None, title: str = "") -> Scenario | None:
        """What is changed in the year and `changes` on top of it, as a scenario; None where nothing is."""
        together = {**self.changes, **(changes or {})}
        words = ", ".join(f"{key} = {value}" for key, value in together.items())
        return Scenario(title or words, together) if together else None

    def _frame(self, name: str) -> pd.DataFrame:
        rows = getattr(self.rows, name)
        made = frames.of_rows(name, rows)
        if name == "grades":
            looks = {(row.unit, row.criterion): row.grade for row in self.rows.appraisal}
            made["appraised"] = frames.TYPES["appraised"]([looks.get(row[:2]) for row in rows])
            made["source"] = frames.text([frames.source(row.at) for row in rows])
        return remember(made, self.read)

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        if name in COLUMNS and hasattr(self.read, name):
            return self._frame(name)
        raise UnknownTable(f"không có bảng “{name}”{hint(name, dir(self))}")

    def __dir__(self):
        return [*(name for name in object.__dir__(self) if not name.startswith("_")), *COLUMNS]

    def __repr__(self) -> str:
        from ..pages.notebook import InputsPage
        from ..tables.printed import plain
        return plain(InputsPage(self.appraised).receipts())

    def _repr_html_(self) -> str:
        from ..pages.notebook import InputsPage
        from ..tables.markup import part
        from .shown import styled
        page = InputsPage(self.appraised)
        parts = (page.status(), page.summary(), page.receipts(), page.gaps(), page.issues())
        return styled(part("sentences", lines=[page.title]) + "".join(one._repr_html_() for one in parts))


def read(year_dir: str | Path = "data/2024") -> Year:
    """The year in a folder, looked for from here, from the folder above and from the project's root.

    FileNotFoundError: no such folder. `Refused`: the year's own files are faulty; a cluster whose submission is faulty is left
    out and named in `year.problems`. Source: the contract, "A year's folder".

    >>> import ctd_analysis as ctd
    >>> len(ctd.read("data/2024").units)
    15
    """
    try:
        reading = years.begin(find_year(str(need(year_dir, str, Path, int))))
        from ..answers import appraisal, what_if  # noqa: F401 - load while another process opens the workbooks
        return Year(reading())
    except problems.Refused as refused:
        raise Refused(*refused.problems) from None


def change(year: Year, facts: Mapping[str, object]) -> Year:
    """The year with some facts otherwise; the year itself stays as it is. What was changed before stays changed.

    Keys: `grade.<unit>.<criterion>` (A, B, C, KAD), `actual.<unit>.<indicator>`, `target.<unit>.<indicator>`,
    `rating.<unit>.<branch>`, `filing.<unit>.<filing>` (ISO day, `none`); "" or None: missing. They set the value that stands,
    over appraisal, findings and register. `UnknownKey` (an item too), `UnknownUnit`, `UnknownValue`, with the nearest name.

    >>> import ctd_analysis as ctd
    >>> year = ctd.read("data/2024")
    >>> trial = ctd.change(year, {"actual.ha-tien.dues": 90_000_000, "filing.ha-tien.annual_report": "2024-12-09"})
    >>> int(trial.indicators.query("unit == 'ha-tien' and indicator == 'dues'")["actual"].item())
    90000000
    >>> ctd.change(year, {"grade.hatien.35": "A"})
    Traceback (most recent call last):
    ctd_analysis.plan.scenario.UnknownUnit: grade.hatien.35: không có đơn vị “hatien” (có phải “ha-tien” không?)
    """
    need(year, Year)
    facts = settings(facts)
    unknown = [key for key in facts if not trial.fact(key, year.book)]
    if unknown:
        raise trial.UnknownKey(f"“{unknown[0]}” không phải khóa của số liệu; các dạng: grade.<đơn vị>.<tiêu chí>, "
                               "actual.<đơn vị>.<chỉ tiêu>, target.…, rating.<đơn vị>.<Hội cơ sở>, filing.<đơn vị>.<hồ sơ>")
    found = trial.facts(year.read, facts)
    return Year(year.read, {**year.changes, **{key: trial.plain_value(one.value) for key, one in found.items()}})
