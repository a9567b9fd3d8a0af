"""One year against another, or one year under two scales: what changed because of scores, what because of rules (V.2).

Each unit of both years is judged four times, old and new facts under old and new rules, without a decision of the Council; then
as each year left it, with its own. The change in the number of units of each outcome falls into five parts that always sum to
it: scores, rules, the Council, units that joined, units that left (year-round §4). Rules come from other years with their days
moved to the year of the facts; of an indicator the other year lacks nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from ..plan.facts import BLANK_DAY, Amounts, Facts, Settings
from ..plan.judgement import Judgement, judge
from ..plan.rulebook import Rulebook
from ..rows import Unit
from ..year.parser import years_later
from ..year.tally import decided
from .appraisal import Appraisal
from .readings import OUTCOMES, outcome

#: How a unit's four outcomes stand to each other, in the order in which they are tried.
WORDS = ("same", "offset", "scores", "rules", "either", "both", "steps")
#: What the change of each outcome is made of.
PARTS = ("scores", "rules", "council", "joined", "left")


@dataclass(frozen=True)
class Four:
    """The outcomes of some units, places in `readings.OUTCOMES`, shape (U,) each: facts first, then rules; 0 old, 1 new.

    `o10` and `o01` are None where one year cannot be judged by the rules of the other.
    """
    o00: np.ndarray
    o10: np.ndarray | None
    o01: np.ndarray | None
    o11: np.ndarray


@dataclass(frozen=True)
class Comparison:
    """Two years side by side. `units` are those compared, in the new year's order, as both years have them (old, new).

    `reason` says why the change cannot be split, None where it is. `f0`, `f1` (U,) are the outcomes with each year's own
    decisions; `f_joined`, `f_left` those of units that only one year has. `old_rules`: of one year under two scales the other,
    `old_file` the name of its file.
    """
    old: Appraisal
    new: Appraisal
    old_rules: Rulebook | None
    reason: str | None
    units: tuple[tuple[Unit, Unit], ...]
    four: Four
    f0: np.ndarray
    f1: np.ndarray
    joined: tuple[Unit, ...]
    f_joined: np.ndarray
    left: tuple[Unit, ...]
    f_left: np.ndarray
    not_compared: tuple[str, ...]
    old_file: str = ""

    @property
    def old_book(self) -> Rulebook:
        """The rules on the old side."""
        return self.old_rules or self.old.book

    @property
    def words(self) -> list[str | None]:
        """A word of `WORDS` for each unit; None where there is no split."""
        return [None] * len(self.units) if self.reason else [WORDS[k] for k in words(self.four)]

    def parts(self) -> dict[str, dict[str, float | int | None]]:
        """For each outcome its number of units, `old` and `new`, and the five parts of the change; halves are x.5."""
        old, new = (count(a) + count(b) for a, b in ((self.f0, self.f_left), (self.f1, self.f_joined)))
        columns = {"old": old, "new": new, **dict.fromkeys(PARTS[:3])}
        if self.reason is None:
            columns |= split(self.four, self.f0, self.f1)
        columns |= {"joined": count(self.f_joined), "left": -count(self.f_left)}
        return {name: {part: None if column is None else _plain(column[k]) for part, column in columns.items()}
                for k, name in enumerate(OUTCOMES)}

    def differing_titles(self) -> list[tuple[int, str, str]]:
        """Criteria that are called otherwise in the two years: number, old title, new title."""
        before = {c.criterion: c.title for c in self.old.year.criteria}
        return [(c.criterion, before[c.criterion], c.title) for c in self.new.year.criteria
                if self.reason is None and c.title != before[c.criterion]]

    def as_json(self) -> dict:
        """`ctd compare --json` (year-round §4)."""
        columns = {**{key: getattr(self.four, key) for key in ("o00", "o10", "o01", "o11")}, "f0": self.f0, "f1": self.f1}
        return {"old": self.old_book.year, "new": self.new.book.year, "split": self.reason is None, "reason": self.reason,
                "outcomes": self.parts(),
                "units": [{"unit": unit.unit, **{key: None if column is None else OUTCOMES[column[i]]
                                                 for key, column in columns.items()}, "word": word}
                          for i, ((_, unit), word) in enumerate(zip(self.units, self.words, strict=True))],
                "joined": [unit.unit for unit in self.joined], "left": [unit.unit for unit in self.left],
                "not_compared": list(self.not_compared),
                "titles": [{"criterion": n, "old": old, "new": new} for n, old, new in self.differing_titles()]}


def _plain(number) -> int | float:
    return int(number) if number == int(number) else float(number)


# ---------------------------------------------------------------- the five parts, and the word

def count(outcomes: np.ndarray) -> np.ndarray:
    """How many units have each outcome, shape (6,), in the order of `readings.OUTCOMES`."""
    return np.bincount(outcomes, minlength=len(OUTCOMES))


def split(four: Four, f0: np.ndarray, f1: np.ndarray) -> dict[str, np.ndarray]:
    """The parts of the change among the units of both years: `scores`, `rules`, `council`, shape (6,), in halves of a unit.

    They sum to count(f1) − count(f0), whatever the outcomes are.
    """
    o00, o10, o01, o11 = map(count, (four.o00, four.o10, four.o01, four.o11))
    return {"scores": (o10 - o00 + o11 - o01) / 2, "rules": (o01 - o00 + o11 - o10) / 2,
            "council": (count(f1) - o11) - (count(f0) - o00)}


def words(four: Four) -> np.ndarray:
    """The word of each unit as a place in `WORDS`, shape (U,): the first that fits."""
    o00, o10, o01, o11 = four.o00, four.o10, four.o01, four.o11
    return np.select([(o00 == o11) & (o10 == o00) & (o01 == o00), o00 == o11, (o10 == o11) & (o01 == o00),
                      (o01 == o11) & (o10 == o00), (o10 == o01) & (o01 == o11), (o10 == o01) & (o01 == o00)],
                     range(len(WORDS) - 1), len(WORDS) - 1)


# ---------------------------------------------------------------- facts under the rules of another year

def moved_to(book: Rulebook, year: int) -> Rulebook:
    """The same rules with each day before which a filing must be in moved to a year; 29 February becomes the 28th."""
    years = year - book.year
    filings = {id: replace(rule, before=years_later(rule.before, years)) for id, rule in book.filings.items()}
    return replace(book, filings=MappingProxyType(filings)) if years else book


def asked_by(facts: Facts, book: Rulebook) -> Facts:
    """The facts as other rules ask for them: an indicator or a filing that they name and the facts lack is unknown.

    Waivers of flags these rules do not have fall away.
    """
    size = len(facts.units)
    unknown = Amounts(np.zeros(size, np.int64), np.zeros(size, bool))

    def named(known, names, missing):
        return {name: known.get(name, missing) for name in names}

    return replace(facts, actual=named(facts.actual, book.indicators, unknown),
                   target=named(facts.target, book.indicators, unknown),
                   filings=named(facts.filings, book.filings, np.full(size, BLANK_DAY, np.int64)),
                   waived=named(facts.waived, book.flags, np.zeros(size, bool)))


def judged_by(facts: Facts, book: Rulebook, year: int) -> Judgement:
    """Facts of a year, decisions in them and all, judged by the rules of any year."""
    return judge(asked_by(facts, book), Settings.of(moved_to(book, year)))


# ---------------------------------------------------------------- two years, two scales

def compare(old: Appraisal, new: Appraisal) -> Comparison:
    """Two years, each appraised under its own rules (V.2; year-round §4)."""
    lost = [unit for a in (new, old) for unit in a.year.all_units if unit.cluster in a.year.failed]
    out = {unit.unit for unit in lost}
    before, now = ({unit.unit: unit for unit in a.year.units if unit.unit not in out} for a in (old, new))
    units = tuple((before[id], unit) for id, unit in now.items() if id in before)
    joined = tuple(unit for id, unit in now.items() if id not in before)
    left = tuple(unit for id, unit in before.items() if id not in now)
    places = _places(old, units, 0), _places(new, units, 1)
    reason, crossed = _no_split(old.book, new.book), (None, None)
    if reason is None:
        bare = [decided(a.facts, ()) for a in (old, new)]
        crossed = (outcome(judged_by(bare[1], old.book, new.book.year))[places[1]],
                   outcome(judged_by(bare[0], new.book, old.book.year))[places[0]])
    four = Four(outcome(old.by_rules)[places[0]], *crossed, outcome(new.by_rules)[places[1]])
    f0, f1 = outcome(old.judgement), outcome(new.judgement)
    return Comparison(old, new, None, reason, units, four, f0[places[0]], f1[places[1]],
                      joined, f1[[new.place[unit.unit] for unit in joined]],
                      left, f0[[old.place[unit.unit] for unit in left]], tuple(dict.fromkeys(unit.unit for unit in lost)))


def under_old_rules(new: Appraisal, rules: Rulebook, file: str = "") -> Comparison:
    """One year under two scales: the year as it stands, and as it would stand under `rules`, which were read from `file`.

    ValueError: `_no_split` says why.

    The facts are the same on both sides, so that scores and joined or left units have no part in the change.
    """
    if reason := _no_split(rules, new.book):
        raise ValueError(reason)
    before, after = outcome(judged_by(decided(new.facts, ()), rules, new.book.year)), outcome(new.by_rules)
    nobody = np.zeros(0, np.int8)
    lost = tuple(unit.unit for unit in new.year.all_units if unit.cluster in new.year.failed)
    f0, f1 = outcome(judged_by(new.facts, rules, new.book.year)), outcome(new.judgement)
    return Comparison(new, new, rules, None, tuple((unit, unit) for unit in new.year.units), Four(before, before, after, after),
                      f0, f1, (), nobody, (), nobody, lost, file)


def _no_split(old: Rulebook, new: Rulebook) -> str | None:
    """Why what changed cannot be told apart; None where it can."""
    if old.criteria == new.criteria:
        return None
    if old.year == new.year:
        return (f"quy định cũ có {old.criteria} tiêu chí, quy định mới có {new.criteria}: điểm theo thang này không xét được "
                "theo thang kia")
    return (f"năm {old.year} có {old.criteria} tiêu chí, năm {new.year} có {new.criteria}: điểm của năm này không xét được "
            "theo thang của năm kia")


def _places(appraisal: Appraisal, units, side: int) -> np.ndarray:
    return np.array([appraisal.place[pair[side].unit] for pair in units], np.int64)
