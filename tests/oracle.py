"""Part III read naively, one unit at a time, for the tests to hold the library against; it knows nothing of it.

A unit is a plain dict; what is not known is None or left out:

    {"unit": "u1", "cluster": "cum-1", "grades": {1: "A", 2: "KAD"}, "appraised": {2: "B"},
     "indicators": {"dues": (target, actual)}, "branches": [("Khá", 12_000_000), ("Khá", None, "truong")],
     "filings": {"registration": date(2024, 2, 21), "annual_report": "none"}, "decisions": [("waive", "dues")]}

The rules are the rule book as `tomllib` gives it. Shares are fractions, three-valued answers are True, False and None.
"""

from __future__ import annotations

import csv
import tomllib
from copy import deepcopy
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

CLASSES = ["excellent", "good", "average", "weak"]


# ---------------------------------------------------------------- rules and rows


def read_rules(path: Path) -> dict:
    """The rule book as plain data."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def amended(rules: dict, changes: dict) -> dict:
    """A copy of the rules with some values changed, by the keys of `--set`."""
    rules = deepcopy(rules)
    for key, value in changes.items():
        *path, last = key.split(".")
        table = rules
        for name in path:
            table = table[name]
        table[last] = date.fromisoformat(value) if last == "before" and isinstance(value, str) else value
    return rules


def read_year(folder: Path, failed=()) -> list[dict]:
    """The units of a year's folder of CSV tables in order, without the failed clusters; nothing is checked."""
    units = {row["unit"]: {"unit": row["unit"], "cluster": row["cluster"], "grades": {}, "appraised": {},
                           "indicators": {}, "branches": [], "filings": {}, "decisions": []}
             for row in rows(folder / "units.csv") if row["cluster"] not in failed}
    for cluster in sorted({unit["cluster"] for unit in units.values()}):
        sent = folder / "submissions" / cluster
        for row in rows(sent / "grades.csv"):
            units[row["unit"]]["grades"][int(row["criterion"])] = row["cluster"]
        for row in rows(sent / "indicators.csv"):
            units[row["unit"]]["indicators"][row["indicator"]] = (number(row["target"]), number(row["actual"]))
        for row in rows(sent / "branches.csv"):
            units[row["unit"]]["branches"].append((row["rating"], number(row["fund"]), row.get("kind") or "xa"))
        for row in rows(sent / "filings.csv"):
            came = row["received"]
            units[row["unit"]]["filings"][row["filing"]] = (None if came == "" else came if came == "none"
                                                            else date.fromisoformat(came))
    for row in rows(folder / "appraisal.csv"):
        if row["unit"] in units:
            units[row["unit"]]["appraised"][int(row["criterion"])] = row["grade"]
    for row in rows(folder / "decisions.csv"):
        if row["unit"] in units:
            units[row["unit"]]["decisions"].append((row["decision"], row["value"]))
    return list(units.values())


def rows(path: Path) -> list[dict]:
    """A CSV table's rows; none where there is no such table."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str):
    """An exact number, or None for a blank."""
    return None if text.strip() == "" else Fraction(Decimal(text))


# ---------------------------------------------------------------- three values


def any_of(answers) -> bool | None:
    """True if one is true, else unknown if one is unknown."""
    answers = list(answers)
    if True in answers:
        return True
    return None if None in answers else False


def all_of(answers) -> bool | None:
    """False if one is false, else unknown if one is unknown."""
    answers = list(answers)
    if False in answers:
        return False
    return None if None in answers else True


def is_short(target, actual, percent) -> bool | None:
    """Is `actual` below `percent` % of `target`? A target of 0 asks for nothing."""
    if target == 0:
        return False
    if target is None or actual is None:
        return None
    return actual < Fraction(percent, 100) * target


def is_under(actual, bar) -> bool | None:
    """Is `actual` below a bar of the plan's own?"""
    return None if actual is None else actual < bar


# ---------------------------------------------------------------- III.1


@cache
def reaches(part: int, whole: int, percent: int) -> bool:
    """Is `part` of `whole` at least so many per cent? A share of nothing is not reached."""
    return whole > 0 and Fraction(part, whole) >= Fraction(percent, 100)


def grades_of(unit: dict, rules: dict) -> list[str]:
    """The grades that count: the cluster's, as amended by the appraisal."""
    return [unit.get("appraised", {}).get(n) or unit["grades"].get(n, "") for n in range(1, rules["criteria"] + 1)]


def ladder(a: int, c: int, kad: int, ratings: dict[str, int], rules: dict) -> dict:
    """Base class, whether the plan fits word for word, and whether the branch share can be known.

    `ratings` says how many branches have each rating, "" for none.
    """
    reads, lines = rules["readings"], rules["class"]
    if reads["not_applicable"] == "as_a":
        a += kad
    listed = sum(ratings.values())
    base = listed - ratings.get("", 0) if reads["branch_base"] == "rated" else listed
    good, better = ratings.get("Khá", 0), ratings.get("Xuất sắc", 0)

    def others_hold(name):
        part = good if name == "average" and reads["average_branches"] == "exactly_good" else good + better
        return c <= lines[name]["max_c"] and reaches(part, base, lines[name]["branch_percent"])

    band = next((name for name in CLASSES[:3] if a >= lines[name]["min_a"]), "weak")
    if band == "weak" or others_hold(band):
        return {"base_class": band, "literal_match": True, "share_known": base > 0}
    if reads["ladder_gap"] == "waterfall":
        base_class = next((name for name in CLASSES[:3] if a >= lines[name]["min_a"] and others_hold(name)), "weak")
    elif reads["ladder_gap"] == "one_level_down":
        base_class = CLASSES[CLASSES.index(band) + 1]
    else:
        base_class = None
    return {"base_class": base_class, "literal_match": False, "share_known": base > 0}


# ---------------------------------------------------------------- III.2


def is_late(received, before: date, reads: dict) -> bool | None:
    """Did a filing not come before the day? Known never to have come is late; a blank is not knowable."""
    if received is None:
        return None
    if received == "none":
        return True
    return received > before or (received == before and reads["deadline_day"] == "late")


def is_not_considered(unit: dict, rules: dict) -> bool | None:
    """III.2.1: not registered "và" not delivered."""
    reads = rules["readings"]

    def missed(fact):
        return any_of(is_late(unit["filings"].get(name), filing["before"], reads)
                      for name, filing in rules["filing"].items() if filing["fact"] == fact)

    two = [missed("unregistered"), missed("undelivered")]
    return all_of(two) if reads["not_considered"] == "both" else any_of(two)


def flags_of(unit: dict, rules: dict) -> dict[str, bool | None]:
    """III.2.2: every flag raised, clear or unknown; a rule book that names no kinds is not for here."""
    return {id: is_raised(unit, rule, rules) for id, rule in rules["flag"].items()}


def is_raised(unit: dict, rule: dict, rules: dict) -> bool | None:
    """One flag by its kind: each condition, then any or all of them, as it says or as the reading it names is read."""
    counted, reads = unit["indicators"], rules["readings"]

    def of(name, side):
        return counted.get(name, (None, None))[side]

    if rule["kind"] == "below":
        found = [is_short(of(rule.get("target_of", name), 0), of(name, 1), rule["below_percent"])
                 for name in rule["indicators"]]
    elif rule["kind"] == "none_held":
        found = [is_under(of(name, 1), 1) for name in rule["indicators"]]
    else:
        found = [any_of(is_under(of(name, 1), rule["unit_min"]) for name in rule["indicators"]),
                 branches_are_short([branch[1] for branch in unit["branches"] if branch[2:] in ((), ("xa",))],
                                    rule["branch_min"], reads)]
    join = rule.get("join", "any")
    if join in reads:
        join = rules["reading"][join]["joins"][reads[join]]
    return {"any": any_of, "all": all_of}[join](found)


def branches_are_short(funds: list, bar: int, reads: dict) -> bool | None:
    """Is the fund at branch level below the bar? Unknown where none is listed that owes one."""
    if not funds:
        return None
    if reads["branch_fund"] == "every":
        return any_of(is_under(fund, bar) for fund in funds)
    return None if None in funds else Fraction(sum(funds), len(funds)) < bar


# ---------------------------------------------------------------- one unit, then its neighbours


def judge(unit: dict, rules: dict) -> dict:
    """Everything of one unit that needs no neighbour, in the plan's order."""
    reads, decided = rules["readings"], unit.get("decisions", [])
    grades = grades_of(unit, rules)
    a, b, c, kad, blank = (grades.count(grade) for grade in ("A", "B", "C", "KAD", ""))
    rated = [branch[0] for branch in unit["branches"]]
    placed = ladder(a, c, kad, {rating: rated.count(rating) for rating in rated}, rules)
    flags, not_considered = flags_of(unit, rules), is_not_considered(unit, rules)

    waived = [value for decision, value in decided if decision == "waive"]
    reasons = [rules["flag"][flag]["group"] for flag, raised in flags.items() if raised and flag not in waived]
    reasons += ["council" for decision, _ in decided if decision == "downgrade"]
    excluded = not_considered is True or ("not_considered" in [d for d, _ in decided])
    if reads["sanction"] == "not_considered":
        excluded, steps = excluded or bool(reasons), 0
    else:
        steps = {"once": min(len(reasons), 1), "per_group": len(set(reasons)),
                 "each": len(reasons)}[reads["several_flags"]]
    considered = not excluded or "consider" in [d for d, _ in decided]

    by_rules = None
    if decided:
        by_rules = judge(unit | {"decisions": []}, rules)["rules_class"]
    proposed = final = None
    if considered:
        if placed["base_class"]:
            proposed = CLASSES[min(CLASSES.index(placed["base_class"]) + steps, 3)]
        final = next((value for decision, value in decided if decision == "class"), proposed)
    by_rules = by_rules or proposed or ("no_class" if considered else "not_considered")
    return {
        "unit": unit["unit"], "cluster": unit["cluster"],
        "a": a, "b": b, "c": c, "ungraded": blank, "not_applicable": kad,
        "converted": next((unit["indicators"].get(id, (None, None))[1] or 0 for id, one in rules["indicator"].items()
                           if one.get("kind") == "converted"), 0),
        "branches_good": rated.count("Khá") + rated.count("Xuất sắc"), "branches_total": len(rated),
        "base_class": placed["base_class"], "literal_match": placed["literal_match"],
        "flags": flags, "considered": considered, "rules_class": by_rules, "proposed_class": proposed, "final_class": final,
        "lead": ("lead", "") in decided,
        "provisional": blank > 0 or not placed["share_known"] or None in flags.values() or not_considered is None,
    }


def merits(one: dict, rules: dict) -> list:
    """What a unit is ranked by, key by key; larger is better."""
    share = Fraction(one["branches_good"], one["branches_total"]) if one["branches_total"] else Fraction(0)
    merit = {"class": -CLASSES.index(one["final_class"]), "a": one["a"], "c": -one["c"],
             "converted": one["converted"], "branches": share}
    return [merit[key] for key in rules["ranking"]["order"]]


def rank(judged: list[dict], rules: dict) -> list[dict]:
    """The judged units with rank, tie, what set them ahead, and whether they are nominees."""
    ranked = []
    for one in judged:
        rivals = [other for other in judged if other["cluster"] == one["cluster"] and other["final_class"] is not None]
        place, tied, ahead_by = None, False, None
        if one["final_class"] is not None:
            mine = merits(one, rules)
            place = 1 + sum(merits(other, rules) > mine for other in rivals)
            tied = sum(merits(other, rules) == mine for other in rivals) > 1
            lower = [merits(other, rules) for other in rivals if merits(other, rules) < mine]
            if lower:
                ahead_by = next(key for key, my, its in zip(rules["ranking"]["order"], mine, max(lower), strict=True)
                                if my > its)
            equal = [other for other in rivals if merits(other, rules) == mine]
            if place == 1 and tied and any(other["lead"] for other in equal):
                place, tied, ahead_by = (1, False, "council") if one["lead"] else (2, len(equal) > 2, ahead_by)
        ranked.append({**{key: value for key, value in one.items() if key != "lead"}, "cluster_rank": place, "tied": tied,
                       "ahead_by": ahead_by, "nominee": place == 1 and one["final_class"] == "excellent"})
    return ranked


def judge_all(units: list[dict], rules: dict) -> list[dict]:
    """All units judged and ranked, without what hinges on which reading."""
    return rank([judge(unit, rules) for unit in units], rules)


def other_readings(rules: dict) -> list[tuple[str, str]]:
    """Every reading with each of its options that is not in force."""
    return [(reading, option) for reading, rule in rules["reading"].items() for option in rule["options"]
            if option != rules["readings"][reading]]


def results(units: list[dict], rules: dict) -> list[dict]:
    """The `units` of the contract (without names), each reading switched by hand to see what hinges on it."""
    in_force = judge_all(units, rules)
    for one in in_force:
        one["hinges_on"], one["nominee_hinges_on"] = set(), set()
    for reading, option in other_readings(rules):
        switched = judge_all(units, {**rules, "readings": {**rules["readings"], reading: option}})
        for one, other in zip(in_force, switched, strict=True):
            if (one["considered"], one["final_class"]) != (other["considered"], other["final_class"]):
                one["hinges_on"].add(reading)
            if one["nominee"] != other["nominee"]:
                one["nominee_hinges_on"].add(reading)
    for one in in_force:
        one["hinges_on"], one["nominee_hinges_on"] = sorted(one["hinges_on"]), sorted(one["nominee_hinges_on"])
    return in_force
