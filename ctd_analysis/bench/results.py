"""A year appraised, on the bench: what pages and `results.json` say, as pandas tables; who moves from one result to another.

Nothing is computed for a table that the pages do not compute: both ask the same appraisal, and it keeps what it was asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..answers import nearest, readings, what_if
from ..answers import rounds as grading
from ..answers.appraisal import Appraisal, class_name
from ..answers.appraisal import appraise as judged
from ..answers.findings import Finding
from ..plan import scenario as scenarios
from ..plan.scenario import Scenario, amend
from ..terms import hint
from ..words import wording
from ..year import trial
from . import frames
from .errors import UnknownCluster, UnknownTable, need, settings
from .labels import remember
from .years import Year

if TYPE_CHECKING:
    import pandas as pd

    from ..pages.notebook import ClusterPage, ProvincePage

#: The keys of a unit in `results.json`, in their order: the columns also where nobody is judged yet.
_KEYS = ("unit", "name", "cluster", "a", "b", "c", "ungraded", "not_applicable", "converted", "branches_good", "branches_total",
         "base_class", "literal_match", "flags", "considered", "rules_class", "proposed_class", "final_class", "cluster_rank",
         "tied", "ahead_by", "nominee", "provisional", "hinges_on", "nominee_hinges_on", "prize")


class Result:
    """A year appraised (`appraise`): its answers as DataFrames, each a new copy, by unit in the order of `units.csv`.

    `result["cum-1"]` is that cluster's page, as `open_cluster` gives it (`UnknownCluster`: there is none, or it is faulty).
    Shown in a notebook: one line a unit.

    >>> import ctd_analysis as ctd
    >>> result = ctd.appraise(ctd.read("data/2024"))
    >>> result.units.loc["kien-luong", ["base_class", "final_class"]].to_list()
    ['excellent', 'good']
    >>> result["cum-2"].title
    'Cụm thi đua số 2 (mẫu): xếp loại thi đua năm 2024'
    """

    def __init__(self, year: Year, appraisal: Appraisal):
        self.year, self.appraisal = year, appraisal

    @property
    def units(self) -> pd.DataFrame:
        """Indexed by unit: the keys of `results.json` as columns, flags as `flag_dues` … (`boolean`, NA: not knowable).

        Then `outcome`: the final class, or `no_class`, `not_considered`. Classes are ordered `Categorical`s (weak to excellent;
        not_considered to excellent for `rules_class`, `outcome`); counts `Int64`; `converted` exact `Decimal`s; `hinges_on`,
        `nominee_hinges_on` lists of readings.
        """
        told = self.appraisal.as_json()["units"]
        columns: dict[str, list] = {}
        for key in _KEYS:
            columns |= {key: [one[key] for one in told]} if key != "flags" else \
                {f"flag_{flag}": [one[key][flag] for one in told] for flag in self.appraisal.book.flags}
        columns["converted"] = list(self.appraisal.facts.converted)
        columns["outcome"] = [readings.OUTCOMES[code] for code in readings.outcome(self.appraisal.judgement)]
        return self._frame(columns, index="unit", types={name: frames.answers for name in columns if name.startswith("flag_")})

    @property
    def findings(self) -> pd.DataFrame:
        """Every condition looked at, a row each: unit, clause, condition, asked, found, met, source, of, note, said.

        `met` is NA where a number is missing. `condition`: `ladder.<class>.a|c|branches`, `filing.<filing>`,
        `flag.<flag>.<indicator>`. `asked` (`object`): a count, per cent, VND, a day; `found`: the same, but the part itself
        where per cent are asked, `of` being the whole; `none`. `said`: both in Vietnamese, as the pages say them.
        """
        book = self.appraisal.book
        return self._rows("unit clause condition asked found met source of note said", (
            (unit, x.clause, _condition(x), x.asked, x.found, x.met, x.source, x.of, x.note,
             f"cần {wording.asked(book, x)}, {wording.has(book, x)}")
            for unit, mine in self.appraisal.findings.items() for x in mine))

    @property
    def edges(self) -> pd.DataFrame:
        """key, value, unit, from, to: at `value` of a key the unit's final class is another than at `value` − 1.

        Each number taken alone; `from`, `to` ordered classes, NA for none. As `ctd what-if --json`.
        """
        found = self.appraisal.edges
        units = self.appraisal.facts.units
        return self._rows("key value unit from to", (
            (e.key, e.value, units[e.unit], class_name(e.before), class_name(e.after)) for e in found))

    @property
    def readings(self) -> pd.DataFrame:
        """Indexed by unit, a column an outcome: how many of all combinations of readings (9,216) give it; `Int64`."""
        counts = readings.count(self.appraisal.combined)
        columns = {"unit": self.appraisal.facts.units, **{name: n.tolist() for name, n in counts.items()}}
        return self._frame(columns, index="unit", types=dict.fromkeys(counts, frames.whole))

    @property
    def nearest(self) -> pd.DataFrame:
        """Indexed by unit: `grades_to_a`, B or C grades that, turned into A, lift it; `a_to_c`, A grades that, turned into C,
        lower it.

        `Int64`, the least number; NA where no number does, where the unit is not considered or has no class.
        """
        a = self.appraisal
        lacks, holds = nearest.grades_to_a(a.facts, a.settings), a.margins.a_to_c
        return self._frame({"unit": a.facts.units, "grades_to_a": [int(n) or None for n in lacks],
                            "a_to_c": [int(n) or None for n in holds]}, index="unit",
                           types=dict.fromkeys(("grades_to_a", "a_to_c"), frames.whole))

    @property
    def council(self) -> pd.DataFrame:
        """What the Council has to settle, as the pages say it: clause, question, grounds, answers (a list), stake.

        `stake` is what hangs on it: moved (a decision whose ground moved), considered, nomination, class or missing.
        """
        from ..words import council, outcomes
        return self._rows("clause question grounds answers stake", (
            (one.clause, one.question, one.grounds, list(one.answers), one.stake)
            for one in council.items(self.appraisal, outcomes.by_cluster(self.appraisal))), types={"answers": frames.exact})

    @property
    def rounds(self) -> pd.DataFrame:
        """Indexed by unit: the outcome each round of grading alone would give; self, cluster, standing; NA: graded nothing."""
        by_round = grading.by_round(self.appraisal.facts, self.appraisal.settings)
        return self._frame({"unit": self.appraisal.facts.units,
                            **{name: [None if n < 0 else readings.OUTCOMES[n] for n in codes]
                               for name, codes in by_round.items()}}, index="unit",
                           types=dict.fromkeys(by_round, frames.ordered("outcome")))

    @property
    def expected(self) -> pd.DataFrame:
        """Where a scenario's `[expected]` and what came differ: unit, what, expected, came ("from → to"; NA: does not move).

        Without rows: all came as expected, or nothing was.
        """
        return self._rows("unit what expected came", (
            (one.unit, one.what, _pair(one.expected), _pair(one.came))
            for one in what_if.unexpected(self.base, self.appraisal)), types=dict.fromkeys(("expected", "came"), frames.text))

    @cached_property
    def base(self) -> Appraisal:
        """The year under its own rules and facts."""
        return judged(self.year.read) if self.appraisal.scenario else self.appraisal

    def page(self) -> ProvincePage:
        """The province's page, as `open_province` gives it."""
        from ..pages.notebook import ProvincePage
        return ProvincePage(self.appraisal)

    def __getitem__(self, cluster: str) -> ClusterPage:
        from ..pages.notebook import cluster_page
        read = self.year.read
        try:
            return cluster_page(lambda: judged(read.by_cluster()[cluster], self.appraisal.scenario), read, str(cluster))
        except ValueError as error:
            raise UnknownCluster(str(error)) from None

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        raise UnknownTable(f"không có bảng “{name}”{hint(name, [one for one in dir(self) if not one.startswith('_')])}")

    def _frame(self, columns: dict, index: str = "", types: dict | None = None) -> pd.DataFrame:
        return remember(frames.frame(columns, types, index), self.year.read)

    def _rows(self, names: str, rows: Iterable[tuple], types: dict | None = None) -> pd.DataFrame:
        return self._frame(frames.columns(names.split(), rows), types=types)

    def __repr__(self) -> str:
        from ..tables import province
        from ..tables.printed import plain
        return plain(province.standings(self.appraisal))

    def _repr_html_(self) -> str:
        from ..tables.markup import part
        from .shown import styled
        page = self.page()
        lines = [page.title, *wording.uneven(self.appraisal.book)]
        if self.appraisal.scenario and self.appraisal.scenario.expected:
            lines.append(wording.as_expected(what_if.unexpected(self.base, self.appraisal)))
        return styled(part("sentences", lines=lines) + page.status().html + replace(page.grounds(), folded="")._repr_html_())


def _condition(one: Finding) -> str:
    return f"filing.{one.rule}" if one.part == "filing" else f"{one.part}.{one.rule}.{one.what}"


def _pair(pair: tuple | None) -> str | None:
    return None if pair is None else " → ".join("none" if side is None else str(side).lower() for side in pair)


def appraise(year: Year, changes: Mapping[str, object] | str | Path | None = None, title: str = "") -> Result:
    """Part III applied to a year: under its own rules, or with keys of the rules, of facts, `ranking.order` set otherwise.

    `changes`: key → value as `ctd what-if --set` knows them, or the path of a scenario file. `UnknownKey`, `UnknownUnit`,
    `UnknownValue` (all `ValueError`), each with the nearest name; `BadScenario`: a file that is no scenario.

    >>> import ctd_analysis as ctd
    >>> year = ctd.read("data/2024")
    >>> other = ctd.appraise(year, {"class.excellent.min_a": 40, "readings.not_considered": "either"})
    >>> str(other.units.loc["giong-rieng", "final_class"])
    'excellent'
    >>> ctd.appraise(year, {"class.excelent.min_a": 40})
    Traceback (most recent call last):
    ctd_analysis.plan.scenario.UnknownKey: không có khóa “class.excelent.min_a” (có phải “class.excellent.min_a” không?)
    """
    need(year, Year)
    if isinstance(changes, (str, Path)):
        return Result(year, judged(year.read, trial.load(Path(changes), year.read)))
    changes = settings({} if changes is None else changes)
    if not changes:
        return Result(year, year.appraised)
    amend(year.book, changes), trial.facts(year.read, changes)
    scenario: Scenario = trial.settled(scenarios.checked(year.scenario(changes, str(title)), year.book), year.read)
    facts = None if year.changes else year.appraised.facts
    return Result(year, judged(year.read, scenario, facts))


def moves(result: Result, other: Result) -> pd.DataFrame:
    """Who moves from one result to another of the same year: unit, what, from, to, why; a row a change.

    `what`: base_class, proposed_class, final_class, considered, cluster_rank, nominee. `from`, `to` (`object`): a class, True
    or False, a rank; NA for none. `why` in Vietnamese, as the page says it. ValueError: the two are of different units.

    >>> import ctd_analysis as ctd
    >>> year = ctd.read("data/2024")
    >>> found = ctd.moves(ctd.appraise(year), ctd.appraise(year, {"class.excellent.min_a": 40}))
    >>> sorted(found.query("what == 'final_class'")["unit"])
    ['giong-rieng']
    """
    from ..words import why
    base, tried = need(result, Result).appraisal, need(other, Result).appraisal
    if base.facts.units != tried.facts.units:
        raise ValueError("hai kết quả không phải của cùng các đơn vị; cần hai kết quả của một năm")
    found = what_if.moved(base, tried)
    said = {unit: why.moved_by(base, tried, base.place[unit]) for unit in dict.fromkeys(one.unit for one in found)}
    return result._rows("unit what from to why", ((x.unit, x.what, x.before, x.after, said[x.unit]) for x in found),
                        dict.fromkeys(("from", "to"), frames.exact))
