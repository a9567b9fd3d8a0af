"""Small builders for tests: a unit with everything fine but what the test is about, and years made of such units.

A unit is the plain dict that `oracle` explains, so the same unit can be judged by the library and by the oracle.
"""

from __future__ import annotations

import csv
import functools
import shutil
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import numpy as np
import oracle
from conftest import SHIPPED

from ctd_analysis import rows as records
from ctd_analysis.answers.appraisal import Appraisal, appraise
from ctd_analysis.plan.facts import Facts, Settings
from ctd_analysis.plan.load import load
from ctd_analysis.plan.rulebook import Rulebook
from ctd_analysis.plan.scenario import Scenario, amend
from ctd_analysis.terms import CLASSES, RANKING_KEYS
from ctd_analysis.year import year
from ctd_analysis.year.tally import tally

#: What the shipped rule book holds, in its order, so that tests are named before any file is read (test_rulebook: it is so).
FLAGS = ("dues", "member_growth", "reporting", "training_classes", "cadres_sent", "campaigns", "funds", "resources",
         "humanitarian_month")
READINGS = {"ladder_gap": ("waterfall", "one_level_down", "undecided"), "average_branches": ("good_or_better", "exactly_good"),
            "branch_base": ("all", "rated"), "not_applicable": ("neither", "as_a"), "not_considered": ("both", "either"),
            "deadline_day": ("late", "on_time"), "sanction": ("downgrade", "not_considered"),
            "several_flags": ("once", "per_group", "each"), "training_classes": ("neither", "either"),
            "campaigns": ("any", "all"), "fund_levels": ("either", "both"), "branch_fund": ("every", "average")}

#: Nothing wrong anywhere: (target, actual) of each indicator, the day of each filing, the fund of each branch.
FINE = {"dues": (10_000, 10_000), "member_growth": (100, 100), "reporting": (1, 1), "operations_classes": (2, 2),
        "first_aid_classes": (2, 2), "cadres_sent": (10, 10), "tet_nhan_ai": (100, 100),
        "humanitarian_address": (20, 20), "good_people_good_deeds": (5, 5), "unit_fund": (None, 60_000_000),
        "resources": (9 * 10**9, 9 * 10**9), "humanitarian_month": (None, 2 * 10**9)}
IN_TIME = {"registration": date(2024, 2, 1), "self_scores": date(2024, 12, 1), "annual_report": date(2024, 12, 1)}
FINE_FUND = 20_000_000


@functools.cache
def shipped_rules() -> dict:
    """The shipped rule book as the oracle reads it, read once."""
    return oracle.read_rules(SHIPPED / "rulebook.toml")


@functools.cache
def shipped_book() -> Rulebook:
    """The shipped rule book as the library reads it, read once."""
    return load(Path("rulebook.toml"), (SHIPPED / "rulebook.toml").read_bytes())


# ---------------------------------------------------------------- one unit


def a_unit(unit="u1", *, a=41, c=0, kad=0, ungraded=0, branches="8/10", funds=FINE_FUND, cluster="cum-1", decisions=(),
           appraised=None, converted=None, criteria=43, **others) -> dict:
    """A unit with everything fine but what is named; the grades left over are B.

    `branches`: "good/all", or a list of ratings. `funds`: one amount for all branches, or a list. Any other name is a
    filing (its day, "none" or None) or an indicator: (target, actual), or one number, the actual.
    """
    grades = ["A"] * a + ["C"] * c + ["KAD"] * kad + [""] * ungraded
    grades += ["B"] * (criteria - len(grades))
    assert len(grades) == criteria, f"more than {criteria} grades"
    indicators, filings = dict(FINE), dict(IN_TIME)
    if converted is not None:
        indicators["converted"] = (None, Fraction(str(converted)))
    for name, value in others.items():
        if name in IN_TIME:
            filings[name] = value
        elif name in FINE:
            indicators[name] = value if isinstance(value, tuple) else (FINE[name][0], value)
        else:
            raise TypeError(f"no filing and no indicator is called {name}")
    ratings = rated(branches)
    funds = funds if isinstance(funds, list) else [funds] * len(ratings)
    return {"unit": unit, "cluster": cluster, "grades": dict(enumerate(grades, 1)), "appraised": appraised or {},
            "indicators": indicators, "branches": list(zip(ratings, funds, strict=True)), "filings": filings,
            "decisions": list(decisions)}


def rated(branches) -> list[str]:
    """Ratings of branches: "3/4" is three Khá and one Trung bình."""
    if not isinstance(branches, str):
        return list(branches)
    good, listed = map(int, branches.split("/"))
    return ["Khá"] * good + ["Trung bình"] * (listed - good)


# ---------------------------------------------------------------- from plain units to the library


def a_year(units: Iterable[dict], book: Rulebook | None = None) -> year.Year:
    """The library's year of some plain units, as if read from a folder."""
    units, at = list(units), records.Place("made-up.csv", None, 2)
    clusters = tuple(records.Cluster(id, id, "", None) for id in dict.fromkeys(unit["cluster"] for unit in units))
    listed = tuple(records.Unit(u["unit"], "", u["unit"], "huyện", u["cluster"], None, ()) for u in units)
    return year.Year(
        path=Path("made-up"), book=book or shipped_book(), criteria=(), units=listed, clusters=clusters, all_units=listed,
        all_clusters=clusters, problems=(), notices=(), sources=(),
        grades=tuple(records.Grade(u["unit"], n, u.get("self", {}).get(n, ""), grade, "", at)
                     for u in units for n, grade in u["grades"].items()),
        indicators=tuple(records.Attainment(u["unit"], name, target, exactly(actual) if name == "converted" else actual,
                                            "", at) for u in units for name, (target, actual) in u["indicators"].items()),
        branches=tuple(records.Branch(u["unit"], f"{n}", rating, fund, at, *kind)
                       for u in units for n, (rating, fund, *kind) in enumerate(u["branches"])),
        filings=tuple(records.Receipt(u["unit"], name, came, at) for u in units for name, came in u["filings"].items()),
        appraisal=tuple(records.Appraised(u["unit"], n, grade, "", "", at)
                        for u in units for n, grade in u["appraised"].items()),
        decisions=tuple(records.Decision(u["unit"], decision, value, "", "", None, "", at)
                        for u in units for decision, value in u["decisions"]))


def exactly(value) -> Decimal | None:
    """A fraction as the decimal number it was written as."""
    return None if value is None else Decimal(Fraction(value).numerator) / Decimal(Fraction(value).denominator)


def write_year(folder: Path, units: list[dict]) -> Path:
    """The same units as a year's folder of CSV tables, with the shipped rule book and criteria."""
    def table(path, name, rows):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([records.COLUMNS[name], *rows])

    def text(value):
        return "" if value is None else value if isinstance(value, str) else f"{exactly(value):f}"

    clusters = list(dict.fromkeys(u["cluster"] for u in units))
    table(folder / "units.csv", "units", [(u["unit"], "", u["unit"], "huyện", u["cluster"], "", "") for u in units])
    table(folder / "clusters.csv", "clusters", [(id, id, "", "") for id in clusters])
    for id in clusters:
        sent, inside = folder / "submissions" / id, [u for u in units if u["cluster"] == id]
        table(sent / "grades.csv", "grades", [(u["unit"], n, "", grade, "")
                                              for u in inside for n, grade in u["grades"].items()])
        table(sent / "indicators.csv", "indicators",
              [(u["unit"], name, text(target), text(actual), "")
               for u in inside for name, (target, actual) in u["indicators"].items()])
        table(sent / "branches.csv", "branches", [(u["unit"], n, rating, text(fund))
                                                  for u in inside for n, (rating, fund) in enumerate(u["branches"])])
        table(sent / "filings.csv", "filings", [(u["unit"], name, came or "")
                                                for u in inside for name, came in u["filings"].items()])
    table(folder / "appraisal.csv", "appraisal", [(u["unit"], n, g, "", "xem lại") for u in units
                                                  for n, g in u["appraised"].items()])
    table(folder / "decisions.csv", "decisions", [(u["unit"], decision, value, "", "", "")
                                                  for u in units for decision, value in u["decisions"]])
    for name in ("rulebook.toml", "criteria.csv"):
        shutil.copy(SHIPPED / name, folder / name)
    return folder


def appraised(units: Iterable[dict], changes: dict | None = None, book: Rulebook | None = None) -> Appraisal:
    """The library's appraisal of some plain units."""
    return appraise(a_year(units, book), Scenario("thử", changes) if changes else None)


def results(units: Iterable[dict], changes: dict | None = None, book: Rulebook | None = None) -> list[dict]:
    """The contract's `units` as the library works them out."""
    return appraised(units, changes, book).as_json()["units"]


def result_of(unit: dict, **readings) -> dict:
    """The contract's entry of one unit alone, under some readings."""
    return results([unit], read_as(readings))[0]


def class_of(unit: dict, **readings) -> str | None:
    """The final class of one unit alone, under some readings."""
    return result_of(unit, **readings)["final_class"]


def flag_of(unit: dict, flag: str, **readings) -> bool | None:
    """One flag of one unit, under some readings."""
    return result_of(unit, **readings)["flags"][flag]


def read_as(readings: dict) -> dict:
    """Readings as the keys of `--set`."""
    return {f"readings.{reading}": option for reading, option in readings.items()}


def settings_of(changes: dict | None = None, book: Rulebook | None = None) -> Settings:
    """The shipped rule book, some values changed, as scalars."""
    return Settings.of(amend(book or shipped_book(), changes or {}))


def facts_of(*units: dict) -> Facts:
    """The facts of some plain units."""
    return tally(a_year(units))


def columns(**given) -> Facts:
    """Facts of as many units as the given columns are long, everything else fine: quicker than that many units."""
    size = len(next(iter(given.values())))
    one = facts_of(a_unit())

    def longer(value):
        if isinstance(value, np.ndarray):
            return np.repeat(value, size, axis=0)
        if isinstance(value, dict):
            return {key: longer(each) for key, each in value.items()}
        return replace(value, value=longer(value.value), known=longer(value.known))

    many = {field.name: longer(getattr(one, field.name)) for field in fields(one)
            if field.name not in ("units", "converted", "rounds")}
    return replace(one, **many | given, units=tuple(map(str, range(size))), converted=one.converted * size)


# ---------------------------------------------------------------- chance


def dice(seed) -> Random:
    """Chance that falls the same way every time."""
    return Random(seed)  # noqa: S311 - made-up years, nothing secret


def at_once(book, scenarios) -> Settings:
    """The settings of several scenarios (changes by key) as columns (S, 1): a judgement under them is (S, U)."""
    settings = [Settings.of(amend(book, changes)) for changes in scenarios]

    def rows(part):
        return {key: np.array([[getattr(one, part)[key]] for one in settings]) for key in getattr(settings[0], part)}

    return Settings(book, rows("values"), rows("readings"))


def random_units(chance: Random, size=12, clusters=3) -> list[dict]:
    """A made-up year: most things near an edge of the rules, some missing, some plainly wrong."""
    return [random_unit(chance, f"u{n:03}", f"cum-{1 + n % clusters}") for n in range(size)]


def random_unit(chance: Random, name: str, cluster: str) -> dict:
    """A made-up unit: half of them calm, with rivals close by, half at the edges of the rules."""
    converted = chance.choice([None, 0, 2, "0.5", "1.25", "0.1"])
    if chance.random() < 0.5:
        return a_unit(name, cluster=cluster, a=chance.choice([41, 41, 41, 42, 40, 36, 35]), converted=converted,
                      c=chance.choice([0, 0, 0, 1]), branches=chance.choice(["8/10", "8/10", "4/5", "3/4", "9/10"]))
    seldom = chance.random() < 0.3

    def pair(percent):
        target = chance.choice([0, 10, 1000, 7, 10**15, 9 * 10**9])
        edge = -(-target * percent // 100)
        actual = chance.choice([target, edge, max(edge - 1, 0), 0, 2 * target] if seldom else
                               [target, target, target, edge, edge, edge + 1, max(edge - 1, 0)])
        return (target if chance.random() < 0.97 else None), (min(actual, 10**15) if chance.random() < 0.97 else None)

    def came(before):
        days = chance.choice([-40, -1, 0, 1] if seldom else [-40, -1, -1, -1, 0])
        return chance.choice([before + timedelta(days)] * 14 + ["none", None])

    def money(bar):
        return chance.choice([bar, bar, bar + 1, 3 * bar, 2 * bar, bar - 1, *([10**15, None] if seldom else [])])

    a = chance.choice([43, 42, 41, 41, 40, 40, 39, 37, 36, 36, 35, 34, 32, 32, 31, 20, 0])
    c = min(43 - a, chance.choice([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]))
    kad = min(43 - a - c, chance.choice([0, 0, 0, 1, 2, 3]))
    ungraded = min(43 - a - c - kad, chance.choice([0, 0, 0, 0, 1]))
    listed = chance.choice([4, 4, 4, 4, 8, 10, 20, 51, *[0] * seldom])
    good = -(-listed * chance.choice([75, 75, 75, 30, 100]) // 100) - (listed > 0 and chance.random() < 0.2)
    ratings = chance.choices(["Khá", "Xuất sắc"], k=good)
    ratings += chance.choices(["Trung bình", "Yếu", ""], k=listed - good)
    funds = [money(shipped_rules()["flag"]["funds"]["branch_min"]) if seldom else 10_000_000 for _ in ratings]
    unit = a_unit(name, cluster=cluster, a=a, c=c, kad=kad, ungraded=ungraded, branches=ratings, funds=funds,
                  converted=converted, decisions=random_decisions(chance))
    counted = unit["indicators"]
    counted |= {flag: pair(shipped_rules()["flag"][flag]["below_percent"])
                for flag in ("dues", "member_growth", "cadres_sent", "resources")}
    fifth = -(-(counted["resources"][0] or 0) // 5)
    counted["humanitarian_month"] = (None, chance.choice([fifth, fifth + 5, max(fifth - 1, 0), *([None] * seldom)]))
    if seldom:
        counted |= {campaign: pair(100) for campaign in shipped_rules()["flag"]["campaigns"]["indicators"]}
    for kind in ("operations_classes", "first_aid_classes"):
        counted[kind] = (2, chance.choice([1, 2, 0, None] if seldom else [1, 2, 3, 0]))
    counted["reporting"] = (1, chance.choice([1] * 9 + [0, None]))
    counted["unit_fund"] = (None, money(shipped_rules()["flag"]["funds"]["unit_min"]))
    for missing in [name for name in counted if chance.random() < 0.01]:
        del counted[missing]
    unit["filings"] = {filing: came(rule["before"]) for filing, rule in shipped_rules()["filing"].items()
                       if chance.random() < 0.97}
    unit["appraised"] = {chance.randint(1, 43): chance.choice("ABC") for _ in range(chance.choice([0, 0, 1, 3]))}
    return unit


def random_decisions(chance: Random) -> list[tuple[str, str]]:
    """What the Council decides: most often nothing."""
    some = [("waive", chance.choice(FLAGS)), ("downgrade", ""), ("downgrade", ""), ("waive", chance.choice(FLAGS)),
            (chance.choice(["not_considered", "consider"]), ""), ("class", chance.choice(CLASSES))]
    return chance.sample(some, k=chance.choice([0, 0, 0, 0, 1, 1, 2, 3]))


def random_changes(chance: Random) -> dict:
    """A made-up scenario: any reading, any bar."""
    changes = {f"readings.{reading}": chance.choice(options) for reading, options in READINGS.items()
               if chance.random() < 0.5}
    for key, value in shipped_book().values().items():
        if chance.random() < 0.2:
            changes[key] = (value + timedelta(chance.choice([-1, 0, 1])) if isinstance(value, date)
                            else max(0, min(value + chance.choice([-9, -2, -1, 1, 2, 9]), 43 if value < 44 else 10**15
                                            if value > 100 else 100)))
    return changes


def random_order(chance: Random) -> list[str]:
    """A made-up order of ranking keys: some of them, shuffled."""
    return chance.sample(list(RANKING_KEYS), k=chance.randint(1, len(RANKING_KEYS)))


def ordered(order: list[str]):
    """The shipped rule book (the library's and the oracle's) with another `[ranking] order`."""
    return (replace(shipped_book(), ranking=replace(shipped_book().ranking, order=order)),
            {**shipped_rules(), "ranking": {**shipped_rules()["ranking"], "order": order}})
