"""What if: who moves when a number or a reading of the rule book is another, where the edges are, how far, how it is read.

Both sides are appraisals of the same facts; nothing here knows a rule. The counting is done by `edges`, `nearest` and
`readings`; here it is put together, as the contract's JSON. `words.why` says it in sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from .. import wording
from ..plan import rulebook
from ..plan.facts import Facts, Settings
from ..plan.judgement import Judgement, judge
from ..plan.scenario import Scenario, amend
from ..terms import FLAGS, MET, NO_CLASS, RATINGS, B, C
from . import edges, nearest, readings
from .appraisal import Appraisal, appraise, class_name


class Move(NamedTuple):
    """One change of one unit, as in the contract's `moved`."""
    unit: str
    what: str
    before: object
    after: object


def under(base: Appraisal, changes: dict[str, object], title: str = "") -> Appraisal:
    """The same year and facts under changed keys of the rule book."""
    return appraise(base.year, Scenario(title or "thử", changes), base.facts)


def moved(base: Appraisal, other: Appraisal) -> list[Move]:
    """Every change of class, consideration, rank or nomination, unit by unit."""
    moves = []
    for i, unit in enumerate(base.facts.units):
        before, after = _standing(base, i), _standing(other, i)
        moves += [Move(unit, what, before[what], after[what]) for what in before if before[what] != after[what]]
    return moves


def expectation(moves: list[Move]) -> dict[str, dict[str, tuple]]:
    """Moves as a scenario's `[expected]` holds them: unit → what moves → (from, to)."""
    found: dict[str, dict[str, tuple]] = {}
    for one in moves:
        found.setdefault(one.unit, {})[one.what] = (one.before, one.after)
    return found


def _standing(a: Appraisal, i: int) -> dict[str, object]:
    j = a.judgement
    return {"base_class": class_name(j.placement.base_class[i]), "proposed_class": class_name(j.proposed_class[i]),
            "final_class": class_name(j.final_class[i]), "considered": bool(j.considered[i]), "cluster_rank": a.ranks[i],
            "nominee": bool(a.nominee[i])}


def reasons(base: Appraisal, other: Appraisal, i: int) -> Iterator[str]:
    """Why a unit moved: the conditions that come out otherwise, then the readings without which it would not have moved so.

    Nothing where only its rank or nomination moved: then it moved because others did.
    """
    if _own(base, i) == _own(other, i):
        return
    unit = base.facts.units[i]
    for before, after in zip(base.findings[unit], other.findings[unit], strict=True):
        if before.met != after.met:
            yield (f"{wording.condition(other.book, after)}: cần {wording.asked(other.book, after)} (trước: "
                   f"{wording.asked(base.book, before)}), {wording.has(other.book, after)} → {MET[after.met]}")
    for id, option in other.book.chosen.items():
        if option != base.book.chosen[id]:
            without = under(base, {k: v for k, v in other.scenario.changes.items() if k != f"readings.{id}"})
            if _own(without, i) != _own(other, i):
                yield f"cách hiểu {other.book.readings[id].clause}: {other.book.readings[id].options[option]}"


def _own(a: Appraisal, i: int) -> tuple:
    """What a unit gets without looking at its neighbours."""
    j = a.judgement
    return tuple(int(column[i]) for column in (j.placement.base_class, j.proposed_class, j.final_class, j.considered))


# ---------------------------------------------------------------- the contract's answer

def as_json(base: Appraisal, other: Appraisal) -> dict:
    """`ctd what-if --json` as the contract has it."""
    f, settings, units = other.facts, other.settings, other.facts.units
    counts, lacks = readings.count(other.combined), nearest.grades_to_a(f, settings)
    return {
        "moved": [{"unit": m.unit, "what": m.what, "from": m.before, "to": m.after} for m in moved(base, other)],
        "edges": [{"key": e.key, "value": e.value, "unit": units[e.unit], "from": class_name(e.before),
                   "to": class_name(e.after)} for e in edges.edges(f, settings)],
        "readings": {unit: {name: int(n[i]) for name, n in counts.items()} for i, unit in enumerate(units)},
        "nearest": {unit: {"grades_to_a": int(lacks[i]) or None, "a_to_c": int(other.margins.a_to_c[i]) or None}
                    for i, unit in enumerate(units)}}


def sweep(facts: Facts, book: rulebook.Rulebook, scenarios: Sequence[Scenario]) -> Judgement:
    """Many scenarios judged at once: the columns of the judgement have a row a scenario, (S, U)."""
    settings = [Settings.of(amend(book, one.changes)) for one in scenarios]

    def rows(part):
        return {key: np.array([[part(one)[key]] for one in settings]) for key in part(settings[0])}

    return judge(facts, Settings(book, rows(lambda s: s.values), rows(lambda s: s.readings)))


# ---------------------------------------------------------------- how far, in words

def distance_line(appraisal: Appraisal, i: int) -> str:
    """How far a unit is from the next class and by what it holds its own: `thiếu 1 A; giữ được nhờ 1 Hội cơ sở`."""
    if not appraisal.judgement.considered[i]:
        return "không xét"
    if appraisal.judgement.final_class[i] == NO_CLASS:
        return "chưa xếp loại"
    if appraisal.facts.given[i] != NO_CLASS:
        return "xếp loại do Hội đồng ấn định"
    shortest = [way_words(way) for way in appraisal.ways[i] if sum(way[:-1]) == sum(appraisal.ways[i][0][:-1])]
    return "; ".join([*([" hoặc ".join(shortest)] if shortest else []), *holding(appraisal, i)]) or \
        "không số điểm nào làm đổi loại"


def way_words(way: nearest.Way) -> str:
    """A way in words: `thiếu 2 A, 1 Hội cơ sở Khá, cần bớt 1 C, gỡ 1 trường hợp III.2.2`."""
    lacks = ((way.a, "A"), (way.branches, "Hội cơ sở Khá"))
    sheds = ((way.c, f"bớt {way.c} C"), (way.flags, f"gỡ {way.flags} trường hợp III.2.2"))
    parts = (("thiếu", [f"{n} {what}" for n, what in lacks if n]), ("cần", [text for n, text in sheds if n]))
    return ", ".join(f"{verb} {', '.join(words)}" for verb, words in parts if words)


def holding(appraisal: Appraisal, i: int) -> Iterator[str]:
    """By what a unit holds its class: the losses that come soonest; nothing where no number of losses takes it away."""
    m = appraisal.margins
    losses = {"A": int(m.a[i]), "Hội cơ sở": int(m.branches[i]), "C": int(m.c[i])}
    soonest = min((n for n in losses.values() if n), default=0)
    kept = [f"{n} {what}" for what, n in losses.items() if n == soonest and what != "C"]
    if soonest and kept:
        yield f"giữ được nhờ {' và '.join(kept)}"
    elif soonest:
        yield f"thêm {soonest} C là mất loại này"


class Candidates(NamedTuple):
    """Where the counts of a way could come from; empty where the way has none of them."""
    to_a: tuple[int, ...]               # criteria graded B or C
    from_c: tuple[int, ...]             # criteria graded C
    branches: tuple[str, ...]           # branches not yet Khá
    flags: tuple[str, ...]              # raised flags, those of any set that will do


def candidates(appraisal: Appraisal, i: int, way: nearest.Way) -> Candidates:
    """The criteria, branches and flags a way could take."""
    grades, unit = appraisal.facts.rounds.standing[i], appraisal.facts.units[i]

    def graded(*codes):
        return tuple(int(k) + 1 for k in np.flatnonzero(np.isin(grades, codes)))

    sets = nearest.clearing_sets(appraisal.facts, appraisal.settings, i, way) if way.flags else []
    return Candidates(graded(B, C) if way.a else (), graded(C) if way.c else (),
                      tuple(b.branch for b in appraisal.year.branches if b.unit == unit and b.rating not in RATINGS[:2])
                      if way.branches else (),
                      tuple(flag for flag in FLAGS if any(flag in one for one in sets)))


# ---------------------------------------------------------------- how it is read, in words

def firmness(appraisal: Appraisal, i: int) -> str:
    """`vững` where all combinations of readings give the same; else `tùy cách hiểu`, with the clauses of the fewest."""
    sets = switches(appraisal, i)
    if not sets:
        return "vững"
    clauses = " hoặc ".join(dict.fromkeys(" với ".join(dict.fromkeys(appraisal.book.readings[id].clause for id in one))
                                          for one in sets))
    together = f", khi đổi cùng lúc {len(sets[0])} cách hiểu" if len(sets[0]) > 1 else ""
    return f"tùy cách hiểu {clauses}{together}"


def switches(appraisal: Appraisal, i: int) -> list[dict[str, str]]:
    """The fewest readings that together change a unit's result: every such set, with its options."""
    return readings.smallest_switches(appraisal.combined, appraisal.settings, i)
