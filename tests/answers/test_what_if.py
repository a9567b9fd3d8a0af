"""What if: who moves, where the edges are, how far, how it is read, what is uncertain; each held against trying everything."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from datetime import date
from itertools import combinations, product

import numpy as np
import oracle
import pytest
from build import (
    FINE,
    FLAGS,
    IN_TIME,
    READINGS,
    a_unit,
    appraised,
    at_once,
    dice,
    facts_of,
    random_changes,
    random_unit,
    random_units,
    read_as,
    settings_of,
    shipped_book,
    shipped_rules,
)
from conftest import CASES, ROOT, SHIPPED, WORKED, entries, make_year

from ctd_analysis.answers import edges, missing, nearest, readings, what_if
from ctd_analysis.answers.appraisal import appraise, class_name
from ctd_analysis.answers.rounds import by_round, causes
from ctd_analysis.plan import scenario as scenarios
from ctd_analysis.plan.judgement import judge
from ctd_analysis.plan.scenario import Scenario
from ctd_analysis.terms import CLASSES, NO_CLASS
from ctd_analysis.words import why
from ctd_analysis.year import year

OUTCOMES = readings.OUTCOMES


def answered(case: str) -> list[dict]:
    """The entries of a worked case that have a `what_if`."""
    return [entry for entry in entries(case) if "what_if" in entry]


def in_any_order(answer: dict) -> dict:
    """An answer whose `moved` and `edges` may come in any order."""
    return {**answer, **{key: sorted(map(str, answer[key])) for key in ("moved", "edges")}}


def rules_of(changes: dict) -> dict:
    """The oracle's rules, some values changed."""
    return oracle.amended(shipped_rules(), changes)


def outcome_of(one: dict) -> str:
    """The oracle's judgement of one unit as one of the contract's six outcomes."""
    return "not_considered" if not one["considered"] else one["final_class"] or "no_class"


def place(name: str | None) -> int:
    """A class by name as its place; none is none."""
    return NO_CLASS if name is None else CLASSES.index(name)


# ---------------------------------------------------------------- the contract


def test_the_worked_cases_have_answers():
    """Ten of them at least, in five years."""
    assert 10 <= sum(len(answered(case)) for case in WORKED)
    assert 5 <= sum(bool(answered(case)) for case in WORKED)


@pytest.mark.parametrize("name", WORKED)
def test_every_answer_of_a_worked_case_is_exact(tmp_path, name):
    """`what_if` of each entry, under its own overrides, to the last number."""
    base = appraise(year.read(make_year(CASES / name, tmp_path / name)))

    for expected in answered(name):
        other = what_if.under(base, expected["set"]) if expected["set"] else base

        assert in_any_order(expected["what_if"]) == in_any_order(what_if.as_json(base, other)), expected["set"]


def command(*words) -> subprocess.CompletedProcess:
    """`python -m ctd_analysis what-if …` as a process of its own."""
    return subprocess.run([sys.executable, "-m", "ctd_analysis", "what-if", *map(str, words)], cwd=ROOT, capture_output=True,
                          encoding="utf-8", check=False, timeout=120)


def test_the_command_gives_what_the_library_gives(tmp_path):
    """A worked case with its overrides through the command line: standard output is the JSON and nothing else."""
    entry = answered("year-2")[1]
    options = [part for key, value in entry["set"].items() for part in ("--set", f"{key}={value}")]

    done = command(make_year(CASES / "year-2", tmp_path / "year-2"), "--json", "-", *options)

    assert 0 == done.returncode, done.stderr
    assert in_any_order(entry["what_if"]) == in_any_order(json.loads(done.stdout))


def test_nothing_changed_moves_nobody(tmp_path):
    """Without `--scenario` and `--set` there is no table of who moves; the other questions are answered."""
    done = command(SHIPPED, "--json", tmp_path / "answer.json")

    assert [] == json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))["moved"]
    assert "Đơn vị nào đổi, từ đâu đến đâu" not in done.stdout
    for caption in ("đến đâu thì đơn vị nào đổi loại", "Còn cách bao xa", "9.216", "nên thống nhất trước", "cao nhất"):
        assert caption in done.stdout


def test_a_year_without_units_has_an_empty_answer():
    """All clusters failed: nothing to say, no error."""
    base = appraised([])

    assert {"moved": [], "edges": [], "readings": {}, "nearest": {}} == what_if.as_json(base, base)
    assert [] == base.ways


# ---------------------------------------------------------------- edges


def stepped(facts, settings) -> set[tuple]:
    """The edges found by trying every value of every number."""
    found = set()
    keys = [key for key in settings.book.values() if key.startswith("class.") or key.endswith("below_percent")]
    for key in keys:
        highest = 100 if key.endswith("percent") else 43
        final = judge(facts, settings.valued({key: np.arange(highest + 1)[:, None]})).final_class
        final = np.broadcast_to(final, (highest + 1, len(facts.units)))
        found |= {(key, int(v) + 1, int(i), int(final[v, i]), int(final[v + 1, i]))
                  for v, i in np.argwhere(final[:-1] != final[1:])}
    return found


def edges_of(facts, settings) -> list[edges.Edge]:
    """The edges of some units as they are judged."""
    return edges.edges(facts, settings, judge(facts, settings))


@pytest.mark.parametrize("seed", range(200))
def test_edges_are_what_trying_every_value_finds(seed):
    """Two hundred made-up years, most of them under a made-up scenario: the same edges, each once."""
    chance = dice(f"edges {seed}")
    facts, settings = facts_of(*random_units(chance, size=10)), settings_of(random_changes(chance) if seed % 4 else {})

    found = edges_of(facts, settings)

    assert stepped(facts, settings) == set(map(tuple, found))
    assert len(found) == len(set(found))


@pytest.mark.parametrize("seed", range(6))
def test_edges_are_the_plans(seed):
    """And the same as the tests' own naive reading finds, value by value."""
    chance = dice(f"edges of the plan {seed}")
    unit, changes = random_unit(chance, "u1", "cum-1"), random_changes(chance) if seed % 2 else {}
    expected = set()
    for key in shipped_book().values():
        if key.startswith("class.") or key.endswith("below_percent"):
            classes = [oracle.judge(unit, rules_of(changes | {key: v}))["final_class"]
                       for v in range(101 if key.endswith("percent") else 44)]
            expected |= {(key, v, before, after) for v, (before, after) in enumerate(zip(classes, classes[1:], strict=False), 1)
                         if before != after}

    found = {(e.key, e.value, class_name(e.before), class_name(e.after))
             for e in edges_of(facts_of(unit), settings_of(changes))}

    assert expected == found


def test_an_edge_may_go_up():
    """One more allowed C lifts; lowered from excellent, the good line's own cap says whether the band fits."""
    found = {(e.key, e.value, class_name(e.before), class_name(e.after))
             for e in edges_of(facts_of(a_unit(a=36, c=5)), settings_of())}

    assert ("class.good.max_c", 5, "average", "good") in found
    assert ("class.good.min_a", 37, "good", "average") in found


def test_two_campaigns_that_turn_at_one_value_are_one_edge():
    """Both at 97 %: raised from 98 on, said once."""
    unit = a_unit(tet_nhan_ai=97, humanitarian_address=(100, 97))

    assert [98] == [e.value for e in edges_of(facts_of(unit), settings_of()) if e.key == "flag.campaigns.below_percent"]


# ---------------------------------------------------------------- how far: grades


def regraded(unit: dict, *, a_gain: int = 0, c_lose: int = 0, a_to_c: int = 0) -> dict:
    """The unit with some grades changed: C lost become A as far as A are gained, then B; further A come from B."""
    grades = dict(unit["grades"]) | {n: g for n, g in unit["appraised"].items() if g}
    where = {grade: [n for n in sorted(grades) if grades[n] == grade] for grade in "ABC"}
    from_c = where["C"][:c_lose]
    new = {n: "A" if k < a_gain else "B" for k, n in enumerate(from_c)}
    new |= dict.fromkeys(where["B"][:max(0, a_gain - c_lose)], "A") | dict.fromkeys(where["A"][:a_to_c], "C")
    return unit | {"grades": grades | new, "appraised": {}}


@pytest.mark.parametrize("seed", range(30))
def test_nearest_is_what_trying_every_number_finds(seed):
    """Grades to A and A to C against the naive reading, under made-up scenarios."""
    chance = dice(f"nearest {seed}")
    units, changes = random_units(chance, size=4), random_changes(chance) if seed % 3 else {}
    facts, settings, rules = facts_of(*units), settings_of(changes), rules_of(changes)
    lacks, loses = nearest.grades_to_a(facts, settings), nearest.margins(facts, settings).a_to_c
    for i, unit in enumerate(units):
        now = oracle.judge(unit, rules)
        a, b, c, here = now["a"], now["b"], now["c"], now["final_class"]
        up = [x + y for x, y in product(range(b + 1), range(c + 1))
              if 0 <= place(oracle.judge(regraded(unit, a_gain=x + y, c_lose=y), rules)["final_class"]) < place(here)]
        down = [n for n in range(a + 1)
                if here and place(oracle.judge(regraded(unit, a_to_c=n), rules)["final_class"]) > place(here)]
        assert (min(up, default=0), min(down, default=0)) == (lacks[i], loses[i])


# ---------------------------------------------------------------- how far: count vectors


MAY_FAIL = ["dues", "member_growth", "cadres_sent", "reporting", "tet_nhan_ai", "unit_fund", "resources"]


def small_unit(chance, name="u1") -> dict:
    """A unit with few B and C, few branches and few flags, so that everything can be tried."""
    c = chance.choice([0, 0, 1, 2, 3])
    raised = dict.fromkeys(chance.sample(MAY_FAIL, k=chance.choice([0, 1, 2, 3])), 0)
    if "resources" in raised and chance.random() < 0.5:
        raised["humanitarian_month"] = 0
    ratings = chance.choices(["Khá", "Xuất sắc", "Trung bình", ""], k=chance.choice([0, 1, 3, 4]))
    some = [("waive", chance.choice(FLAGS)), ("downgrade", ""), ("consider", "")]
    return a_unit(name, a=43 - c - chance.randint(0, 9), c=c, kad=0, branches=ratings,
                  decisions=chance.sample(some, k=chance.choice([0, 0, 0, 1])), **raised)


def small_changes(chance) -> dict:
    """Readings and bars that bring the classes close together."""
    bars = {"class.good.min_a": 38, "class.average.min_a": 35, "class.excellent.max_c": 1, "class.good.max_c": 2}
    return {key: value for key, value in random_changes(chance).items() if key.startswith("readings.")} | \
        {key: value for key, value in bars.items() if chance.random() < 0.5}


def raised_branches(unit: dict, rated: int, unrated: int) -> dict:
    """So many branches rated below Khá, and so many not rated, raised to Khá."""
    left, branches = {"rated": rated, "unrated": unrated}, []
    for rating, fund in unit["branches"]:
        kind = None if rating in ("Khá", "Xuất sắc") else "rated" if rating else "unrated"
        if kind and left[kind]:
            left[kind] -= 1
            rating = "Khá"
        branches.append((rating, fund))
    return unit | {"branches": branches}


def cleared(unit: dict, flags) -> dict:
    """The unit with what raises these flags mended: each number as large as can be."""
    indicators, branches = dict(unit["indicators"]), unit["branches"]
    for flag in flags:
        for name in shipped_rules()["flag"][flag]["indicators"]:
            indicators[name] = (indicators.get(name, (0, 0))[0], 10**15)
        if flag == "funds":
            branches = [(rating, 10**15) for rating, _ in branches]
    return unit | {"indicators": indicators, "branches": branches}


def lifting_counts(unit: dict, rules: dict) -> set[tuple]:
    """Every count vector that lifts the unit's class, by trying all of them."""
    now = oracle.judge(unit, rules)
    here, waived = place(now["final_class"]), [v for d, v in unit["decisions"] if d == "waive"]
    raised = [flag for flag, is_raised in now["flags"].items() if is_raised and flag not in waived]
    below = sum(rating in ("Trung bình", "Yếu") for rating, _ in unit["branches"])
    unrated = sum(rating == "" for rating, _ in unit["branches"])
    sets = [one for k in range(len(raised) + 1) for one in combinations(raised, k)]
    found = set()
    for lost, low, blank, flags in product(range(now["c"] + 1), range(below + 1), range(unrated + 1), sets):
        mended = cleared(raised_branches(unit, low, blank), flags)
        for gained in range(now["b"] + lost + 1):
            after = place(oracle.judge(regraded(mended, a_gain=gained, c_lose=lost), rules)["final_class"])
            if NO_CLASS < after < here:
                found.add((gained, lost, low + blank, len(flags)))
    return found


@pytest.mark.parametrize("seed", range(120))
def test_count_vectors_are_what_trying_every_count_finds(seed):
    """The least of all that lift, neither more nor fewer."""
    chance = dice(f"ways {seed}")
    unit, changes = small_unit(chance), small_changes(chance)
    lifting = lifting_counts(unit, rules_of(changes))
    least = {one for one in lifting if not any(other != one and all(x <= y for x, y in zip(other, one, strict=True))
                                               for other in lifting)}

    ways = nearest.ways(facts_of(unit), settings_of(changes))[0]

    assert least == {way[:-1] for way in ways}
    assert len(least) == len(ways)


@pytest.mark.parametrize("seed", range(40))
def test_applying_a_way_lifts_the_class(seed):
    """Appraised afresh with the grades, branches and any of the named flags mended, the unit has the class the way names."""
    chance = dice(f"applied {seed}")
    units, changes = [*random_units(chance, size=6), *(small_unit(chance, f"s{n}") for n in range(6))], random_changes(chance)
    facts, settings, rules = facts_of(*units), settings_of(changes), rules_of(changes)
    for i, ways in enumerate(nearest.ways(facts, settings)):
        for way in ways:
            below = sum(rating in ("Trung bình", "Yếu") for rating, _ in units[i]["branches"])
            lifted = raised_branches(units[i], min(way.branches, below), max(0, way.branches - below))
            lifted = regraded(lifted, a_gain=way.a, c_lose=way.c)
            sets = nearest.clearing_sets(facts, settings, i, way)
            assert sets
            after = [place(oracle.judge(cleared(lifted, flags), rules)["final_class"]) for flags in sets]
            assert way.to in after
            assert all(0 <= one < place(oracle.judge(units[i], rules)["final_class"]) for one in after)


def test_a_way_names_where_it_could_come_from():
    """The criteria graded B or C, those graded C, the branches below Khá, the flags of any set that will do."""
    appraisal = appraised([a_unit("a", a=40, c=1, branches="7/10"), a_unit("b", a=36, c=6),
                           a_unit("c", a=40, c=1, tet_nhan_ai=0, dues=0, member_growth=0)],
                          read_as({"several_flags": "per_group"}))

    ways = [[(way[:-1], CLASSES[way.to], *what_if.candidates(appraisal, i, way)) for way in appraisal.ways[i]]
            for i in range(3)]

    assert [((0, 0, 1, 0), "good", (), (), ("7", "8", "9"), ())] == ways[0]
    assert [((0, 1, 0, 0), "good", (), (37, 38, 39, 40, 41, 42), (), ())] == ways[1]
    assert [((1, 0, 0, 0), "average", (41, 42, 43), (), (), ()),
            ((0, 0, 0, 1), "average", (), (), (), ("campaigns",))] == ways[2]


@pytest.mark.parametrize(("unit", "expected"), [
    (a_unit(a=40, branches="3/4"), "thiếu 1 A; giảm 1 Hội cơ sở là xuống loại"),
    (a_unit(a=41, branches="3/4"), "giảm 1 điểm A hoặc 1 Hội cơ sở là xuống loại"),
    (a_unit(a=43, branches="9/10"), "giảm 2 Hội cơ sở là xuống loại"),
    (a_unit(a=36, c=6, branches="3/4"), "cần bớt 1 C; giảm 2 Hội cơ sở là xuống loại"),
    (a_unit(a=37, c=5, branches="4/4"), "thiếu 4 A, cần bớt 3 C; thêm 1 điểm C là xuống loại"),
    (a_unit(dues=0, branches="3/4"), "cần gỡ 1 trường hợp III.2.2; giảm 1 điểm A hoặc 1 Hội cơ sở là xuống loại"),
    (a_unit(a=0, branches=[]), "không số điểm nào làm đổi loại"),
    (a_unit(a=31, branches="0/4"), "thiếu 1 A, 2 Hội cơ sở Khá"),
    (a_unit(registration="none", self_scores="none"), "không xét"),
    (a_unit(decisions=[("class", "good")]), "xếp loại theo quyết định của Hội đồng"),
])
def test_how_far_in_one_line(unit, expected):
    """What it lacks for the next class, and by what it holds its own."""
    assert expected == why.distance_line(appraised([unit]), 0)


def test_a_unit_without_a_class_is_no_distance_from_one():
    """The Council has to speak first."""
    undecided = appraised([a_unit(branches="1/4")], read_as({"ladder_gap": "undecided"}))

    assert "chưa xếp loại" == why.distance_line(undecided, 0)


@pytest.mark.parametrize("seed", range(10))
def test_the_margin_is_what_trying_every_loss_finds(seed):
    """A to B, B to C, branches falling below Khá (whichever hurts most)."""
    chance = dice(f"margin {seed}")
    unit, changes = small_unit(chance), small_changes(chance)
    rules = rules_of(changes)
    now = oracle.judge(unit, rules)
    here = place(now["final_class"])

    def lost(changed):
        return here != NO_CLASS and place(oracle.judge(changed, rules)["final_class"]) > here

    def regrade(old, new, n):
        places = [k for k, grade in unit["grades"].items() if grade == old][:n]
        return unit | {"grades": unit["grades"] | dict.fromkeys(places, new)}

    good = [k for k, (rating, _) in enumerate(unit["branches"]) if rating in ("Khá", "Xuất sắc")]
    fallen = [(n, unit | {"branches": [("Yếu" if k in some else r, fund) for k, (r, fund) in enumerate(unit["branches"])]})
              for n in range(len(good) + 1) for some in combinations(good, n)]
    expected = (min((n for n in range(now["a"] + 1) if lost(regrade("A", "B", n))), default=0),
                min((n for n in range(now["b"] + 1) if lost(regrade("B", "C", n))), default=0),
                min((n for n, changed in fallen if lost(changed)), default=0))

    found = nearest.margins(facts_of(unit), settings_of(changes))

    assert expected == (found.a[0], found.c[0], found.branches[0])


# ---------------------------------------------------------------- how it is read


@pytest.mark.parametrize("seed", range(8))
def test_all_combinations_are_what_brute_force_finds(seed):
    """9,216 rule books read naively: the counts, and the smallest sets of readings that change the result."""
    chance = dice(f"combinations {seed}")
    unit, changes = random_unit(chance, "u1", "cum-1"), random_changes(chance)
    rules, facts, settings = rules_of(changes), facts_of(unit), settings_of(changes)
    here = outcome_of(oracle.judge(unit, rules))
    counted, sets = dict.fromkeys(OUTCOMES, 0), {}
    for options in product(*READINGS.values()):
        chosen = dict(zip(READINGS, options, strict=True))
        found = outcome_of(oracle.judge(unit, {**rules, "readings": chosen}))
        counted[found] += 1
        if found != here:
            switched = {id: option for id, option in chosen.items() if option != rules["readings"][id]}
            sets.setdefault(len(switched), []).append(switched)

    combined = readings.combine(facts, settings)

    assert counted == {name: int(n[0]) for name, n in readings.count(combined).items()}
    smallest = readings.smallest_switches(combined, settings, 0)
    assert sorted(map(str, sets[min(sets)] if sets else [])) == sorted(map(str, smallest))


def test_there_are_9216_combinations():
    """Ten readings with two options, two with three; each unit's outcomes add up to all of them."""
    facts = facts_of(*random_units(dice("sum"), size=5))
    combined = readings.combine(facts, settings_of())

    assert [9216] * 5 == sum(readings.count(combined).values()).tolist()
    assert np.int8 == combined.dtype


def test_units_some_at_a_time_come_out_as_all_together():
    """Blocks of units are only for memory: of a country's units none is lost, none is judged otherwise than with few others."""
    facts, settings = facts_of(*random_units(dice("blocks"), size=230)), settings_of()
    few = [facts.only(first, first + 46) for first in range(0, 230, 46)]

    assert 1 < len(list(facts.blocks())) and {1} == {len(list(some.blocks())) for some in few}
    assert facts.units == tuple(unit for block in facts.blocks() for unit in block.units)
    combined = np.concatenate([readings.combine(some, settings) for some in few], axis=-1)
    assert (combined == readings.combine(facts, settings)).all()
    assert [way for some in few for way in nearest.ways(some, settings)] == nearest.ways(facts, settings)
    nobody = readings.combine(facts.only(0, 0), settings)
    assert (0, np.int8) == (nobody.shape[-1], nobody.dtype)


@pytest.mark.parametrize(("unit", "expected"), [
    (a_unit(), why.FIRM),
    (a_unit(dues=0), "tùy cách hiểu III.2.2"),
    (a_unit(registration="none"), "tùy cách hiểu III.2.1"),
    (a_unit(a=40, kad=1, registration=IN_TIME["registration"]), "tùy cách hiểu III.1"),
    (a_unit(tet_nhan_ai=0, decisions=[("waive", "campaigns")]), why.FIRM),
    (a_unit(unit_fund=0, operations_classes=0, decisions=[("waive", "funds")]), "tùy cách hiểu III.2.2"),
    (a_unit(a=32, operations_classes=0, branches=["Xuất sắc"] * 4, kad=0), "tùy cách hiểu III.1, dòng 3 hoặc III.2.2"),
    (a_unit(registration=date(2024, 2, 22)), "tùy cách hiểu III.2.1"),
    (a_unit(a=40, kad=1, operations_classes=0), "tùy cách hiểu III.1 hoặc III.2.2"),
    (a_unit(a=39, kad=2, branches="8/10"), "tùy cách hiểu III.1"),
    (a_unit(a=31, registration=date(2024, 2, 22), decisions=[("downgrade", "")]),
     "tùy cách hiểu III.2.1 hoặc III.2.2"),
    (a_unit(a=35, kad=1, branches=["Xuất sắc"] * 3 + ["Khá", "Yếu", ""]), "tùy cách hiểu III.1, dòng 3"),
    (a_unit(a=40, kad=1, branches=["Khá"] * 3 + ["Yếu", ""]), "tùy cách hiểu III.1"),
    (a_unit(self_scores="none", decisions=[("consider", "")]), why.FIRM),
])
def test_a_result_is_firm_or_hinges_on_a_clause(unit, expected):
    """Firm only if all combinations agree; otherwise the clauses of the fewest readings that change it."""
    assert expected == why.firmness(appraised([unit]), 0)


def test_two_readings_may_be_needed_together():
    """Weak, and one kind of class missing: only the harder reading of the flag and of the sanction together change anything."""
    unit = a_unit(a=31, operations_classes=0)

    appraisal = appraised([unit])
    sets = readings.smallest_switches(appraisal.combined, appraisal.settings, 0)

    assert [{"sanction": "not_considered", "training_classes": "either"}] == sets
    assert "tùy cách hiểu III.2.2, khi đổi cùng lúc 2 cách hiểu" == why.firmness(appraisal, 0)
    assert [] == appraisal.alternatives.hinges(0)


def test_readings_come_in_the_order_of_what_hangs_on_them():
    """Two results on the sanction, one on III.2.1 with its nomination; then the rest in the rule book's order."""
    appraisal = appraised([a_unit("a", dues=0, cluster="cum-2"), a_unit("b", dues=0, a=40, cluster="cum-2"),
                           a_unit("c", registration="none", cluster="cum-3")])

    weights = readings.weigh(appraisal.alternatives, appraisal.book)

    assert [("sanction", 2, 0), ("not_considered", 1, 1)] == sorted(map(tuple, weights[:2]), key=lambda w: -w[1])
    assert [0] * 10 == [w.results + w.nominations for w in weights[2:]]


# ---------------------------------------------------------------- what is uncertain


def with_gaps(chance) -> dict:
    """A small unit with some things missing."""
    unit = small_unit(chance)
    for n in chance.sample(range(1, 44), k=chance.choice([0, 1, 2])):
        unit["grades"][n] = ""
    for name in chance.sample(sorted(FINE), k=chance.choice([0, 1, 2])):
        target, actual = unit["indicators"][name]
        unit["indicators"][name] = chance.choice([(target, None), (None, actual), (None, None)])
    for name in chance.sample(sorted(IN_TIME), k=chance.choice([0, 0, 1, 2])):
        unit["filings"][name] = chance.choice([None, None, "none"])
    if chance.random() < 0.3:
        unit["branches"] = [(rating, chance.choice([None, fund, 10**6])) for rating, fund in unit["branches"]]
    if chance.random() < 0.2:
        unit["branches"] = [("", fund) for _, fund in unit["branches"]]
    return unit


def fillings(unit: dict, rules: dict):
    """Every way to fill what is missing: all grades, amounts at and about every edge, days before, on and never."""
    slots, names = [], []

    def slot(name, values):
        names.append(name)
        slots.append(values)

    for n, grade in unit["grades"].items():
        if grade == "":
            slot(("grade", n), ["A", "B", "C", "KAD"])
    for name, (target, actual) in unit["indicators"].items():
        asked = unit["indicators"]["resources"][0] if name == "humanitarian_month" else target
        if actual is None:
            edge = [asked * p // 100 for p in (19, 20, 80, 90, 100)] if asked else []
            slot(("actual", name), sorted({0, 1, 49_999_999, 50_000_000, 10**15, *edge}))
        if target is None and name not in ("unit_fund", "humanitarian_month"):
            slot(("target", name), [0, 1, 10**15] + ([actual, 2 * actual] if actual else []))
    for name, came in unit["filings"].items():
        if came is None:
            slot(("filing", name), [IN_TIME[name], rules["filing"][name]["before"], "none"])
    for k, (_, fund) in enumerate(unit["branches"]):
        if fund is None:
            slot(("fund", k), [0, 10**7 - 1, 10**7, 10**15])
    unknowable = not unit["branches"] or rules["readings"]["branch_base"] == "rated" and not any(r for r, _ in unit["branches"])
    if unknowable:
        funds = [0, 10**15] if not unit["branches"] else [None]
        slot(("branches", None), list(product(["Khá", "Xuất sắc", "Yếu"], funds)))
    for choice in product(*slots):
        yield filled(unit, zip(names, choice, strict=True))


def filled(unit: dict, choices) -> dict:
    """One filling applied."""
    new = unit | {key: dict(unit[key]) for key in ("grades", "indicators", "filings")} | {"branches": list(unit["branches"])}
    for (what, name), value in choices:
        if what == "grade":
            new["grades"][name] = value
        elif what == "filing":
            new["filings"][name] = value
        elif what == "fund":
            new["branches"][name] = (new["branches"][name][0], value)
        elif what == "branches":
            new["branches"] = [(value[0], f) for _, f in new["branches"]] or [value]
        else:
            target, actual = new["indicators"][name]
            new["indicators"][name] = (value, actual) if what == "target" else (target, value)
    return new


@pytest.mark.parametrize("seed", range(150))
def test_bounds_are_what_trying_every_filling_finds(seed):
    """Grades, numbers, days, funds and branches that are missing, filled in every way that could matter."""
    chance = dice(f"bounds {seed}")
    unit, changes = with_gaps(chance), small_changes(chance)
    rules = rules_of(changes)
    ways = list(fillings(unit, rules))
    some = ways if len(ways) <= 4000 else [*ways[:1], *ways[-1:], *chance.sample(ways, 4000)]
    found = {OUTCOMES.index(outcome_of(oracle.judge(one, rules))) for one in some}

    best, worst = missing.bounds(facts_of(unit), settings_of(changes))

    if len(some) == len(ways):
        assert (min(found), max(found)) == (best[0], worst[0])
    else:
        assert best[0] <= min(found) and max(found) <= worst[0]


@pytest.mark.parametrize("seed", range(20))
def test_bounds_meet_where_nothing_is_missing(seed):
    """Whoever is not provisional stands where it stands."""
    chance = dice(f"settled {seed}")
    facts, settings = facts_of(*random_units(chance)), settings_of(random_changes(chance))
    judged = judge(facts, settings)

    best, worst = missing.bounds(facts, settings)

    here = readings.outcome(judged)
    assert (here[~judged.provisional] == best[~judged.provisional]).all()
    assert (here[~judged.provisional] == worst[~judged.provisional]).all()


# ---------------------------------------------------------------- three rounds of grading


def three_rounds(chance) -> dict:
    """A unit whose self, cluster and appraised grades differ here and there."""
    unit = a_unit(a=chance.choice([41, 40, 37, 36, 32]), c=chance.choice([0, 2]), branches="4/4")
    own = dict(unit["grades"])
    for n in chance.sample(range(1, 44), k=chance.randint(0, 6)):
        own[n] = chance.choice("ABBC")
    changed = {n: chance.choice("ABC") for n in chance.sample(range(1, 44), k=chance.randint(0, 6))}
    return unit | {"self": own, "appraised": changed}


@pytest.mark.parametrize("seed", range(40))
def test_the_class_by_each_round_and_what_made_it_another(seed):
    """Each round judged alone; the fewest changed grades that, put back, give the earlier class, by trying every choice."""
    chance = dice(f"rounds {seed}")
    unit, changes = three_rounds(chance), read_as({"ladder_gap": chance.choice(READINGS["ladder_gap"])})
    facts, settings, rules = facts_of(unit), settings_of(changes), rules_of(changes)
    grades = {"self": unit["self"], "cluster": unit["grades"], "standing": unit["grades"] | unit["appraised"]}

    def by(round_grades):
        return OUTCOMES.index(outcome_of(oracle.judge(unit | {"grades": round_grades, "appraised": {}}, rules)))

    found = {name: int(codes[0]) for name, codes in by_round(facts, settings).items()}
    assert {name: by(each) for name, each in grades.items()} == found
    for earlier, later in (("self", "cluster"), ("cluster", "standing")):
        old, new = grades[earlier], grades[later]
        differ = [n for n in new if old[n] != new[n]]
        found = causes(facts, settings, 0, earlier, later)
        if by(old) == by(new):
            assert [] == found
            continue
        size = next(k for k in range(1, len(differ) + 1) for some in combinations(differ, k)
                    if by(new | {n: old[n] for n in some}) == by(old))
        assert {size} == {sum(cause.needed.values()) for cause in found}
        for cause in found:
            back = [n for kind, k in cause.needed.items() for n in cause.criteria[kind][:k]]
            assert by(new | {n: old[n] for n in back}) == by(old)


def test_a_round_that_graded_nothing_says_nothing():
    """No self grades: no class by them, and no cause."""
    facts, settings = facts_of(a_unit()), settings_of()

    assert -1 == by_round(facts, settings)["self"][0]
    assert [] == causes(facts, settings, 0, "self", "cluster")


# ---------------------------------------------------------------- many scenarios at once


def test_a_sweep_is_each_scenario_alone():
    """Fifty made-up scenarios judged at once and one by one."""
    chance = dice("sweep")
    facts, some = facts_of(*random_units(chance)), [random_changes(chance) for _ in range(50)]

    swept = judge(facts, at_once(shipped_book(), some))

    for row, changes in enumerate(some):
        alone = judge(facts, settings_of(changes))
        assert alone.final_class.tolist() == swept.final_class[row].tolist()
        assert alone.considered.tolist() == swept.considered[row].tolist()


# ---------------------------------------------------------------- scenario files


SHIPPED_SCENARIOS = sorted(SHIPPED.glob("scenarios/*.toml"))


@pytest.mark.parametrize("path", SHIPPED_SCENARIOS, ids=lambda p: p.stem)
def test_a_shipped_scenario_does_what_it_expects(path):
    """Title, who asked, why, and all that moves, neither more nor less."""
    base = appraise(year.read(SHIPPED))
    scenario = scenarios.load(path, shipped_book())

    moved = what_if.moved(base, appraise(base.year, scenario, base.facts))

    assert scenario.asked_by and scenario.why and scenario.expected
    assert scenario.expected == what_if.expectation(moved)


def test_three_scenarios_are_shipped():
    """An empty folder fails."""
    assert 3 == len(SHIPPED_SCENARIOS)


@pytest.mark.parametrize(("toml", "said"), [
    ("asked_by = 3", "asked_by cần một đoạn chữ"),
    ("why = [\"x\"]", "why cần một đoạn chữ"),
    ("expected = 3", "[expected] cần mỗi đơn vị một bảng"),
    ("[expected]\nx = 3", "[expected] cần mỗi đơn vị một bảng"),
    ("[expected.x]\nfinal_clas = [1, 2]", "(có phải “final_class” không?)"),
    ("[expected.x]\nfinal_class = [1]", "expected.x.final_class cần"),
])
def test_what_stands_beside_a_scenario_is_checked(tmp_path, toml, said):
    """A slip is refused with a word on what is wanted."""
    path = tmp_path / "x.toml"
    path.write_text(f'title = "x"\n{toml}\n[set]\nclass.good.min_a = 38\n', encoding="utf-8")

    with pytest.raises(scenarios.BadScenario) as refused:
        scenarios.load(path, shipped_book())

    assert said in str(refused.value)


def test_a_scenario_written_is_the_scenario_read(tmp_path):
    """What the notebook saves can be run, with what is expected of it; odd signs in a title do no harm."""
    base = appraise(year.read(SHIPPED))
    changes = {"class.excellent.min_a": 40, "readings.sanction": "not_considered",
               "filing.registration.before": shipped_book().filings["registration"].before}
    asked = Scenario('Thử "40"\\ \x7f', changes, "Thường trực", "Để biết",
                     what_if.expectation(what_if.moved(base, what_if.under(base, changes))))
    (tmp_path / "x.toml").write_text(scenarios.text(asked), encoding="utf-8")

    assert asked == scenarios.load(tmp_path / "x.toml", shipped_book())


# ---------------------------------------------------------------- the README's examples


def examples() -> list[tuple[str, list[str]]]:
    """The commands of README's what-if section, each with the lines it promises."""
    section = re.search(r"## Nếu như\n(.*?)\n## ", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    blocks = [block.strip().splitlines() for block in re.findall(r"```console\n(.*?)```", section, re.DOTALL)]
    return [(block[0], block[1:]) for block in blocks]


def test_the_readme_has_three_examples():
    """Each a call of `ctd what-if`."""
    assert 3 == len(examples())
    assert all(call.startswith("$ ctd what-if") for call, _ in examples())


@pytest.mark.parametrize("example", range(3))
def test_an_example_of_the_readme_says_what_it_promises(example):
    """Run as typed; every line shown is a line of the answer, blanks aside."""
    call, promised = examples()[example]
    done = command(*shlex.split(call.removeprefix("$ ctd what-if")))

    said = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert 0 == done.returncode, done.stderr
    assert promised
    for line in promised:
        assert " ".join(line.split()) in said
