"""Why a unit stands where it stands, in sentences: for its page, for `ctd explain`, for a table of what moves.

How far it is from the next class, by what it holds its own, how firmly, and what moved it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from ..answers import nearest
from ..answers.appraisal import Appraisal, class_name
from ..answers.readings import smallest_switches
from ..answers.what_if import alone, under
from ..plan.scenario import fact
from ..rows import Unit, grouped
from ..terms import BY_COUNCIL, MET, NO_CLASS, RANKING_KEYS, capital, day
from . import chain, wording

FIRM = "loại không đổi dù hiểu Kế hoạch theo cách nào"


def reasons(base: Appraisal, other: Appraisal, i: int) -> Iterator[str]:
    """Why a unit moved: the conditions that come out otherwise, then the readings without which it would not have moved so.

    Nothing where only its rank or nomination moved: then it moved because others did.
    """
    unit, decided = base.facts.units[i], [chain.decisions_on(one, i) for one in (base, other)]
    if [one[:3] for one in decided[0]] != [one[:3] for one in decided[1]]:
        yield "do quyết định của Hội đồng"
    if alone(base, i) == alone(other, i):
        return
    for before, after in zip(base.findings[unit], other.findings[unit], strict=True):
        if before.met != after.met:
            asked, was_asked = wording.asked(other.book, after), wording.asked(base.book, before)
            has, had = wording.has(other.book, after), wording.has(base.book, before)
            asked += f" (trước: {was_asked})" if was_asked != asked else ""
            has += f" (trước: {had})" if had != has else ""
            yield f"{wording.condition(other.book, after)}: cần {asked}, {has} → {MET[after.met]}"
    for id, option in other.book.chosen.items():
        if option != base.book.chosen[id]:
            without = under(other, {**_changes(other), f"readings.{id}": base.book.chosen[id]})
            if alone(without, i) != alone(other, i):
                yield f"cách hiểu {other.book.readings[id].clause}: {other.book.readings[id].options[option]}"


def moved_by(base: Appraisal, other: Appraisal, i: int) -> str:
    """Why a unit moved, in one line: its own reasons; else what orders the cluster, the unit's own facts, or its neighbours."""
    if said := list(dict.fromkeys(reasons(base, other, i))):       # two lines of the ladder may ask the same
        return "; ".join(said)
    unit, order = base.facts.units[i], other.book.ranking.order
    if order != base.book.ranking.order:
        return f"thứ tự trong cụm xét theo {', '.join(RANKING_KEYS[key] for key in order)}"
    own = [f"{key} = {value}" for key, value in (_changes(other) or _changes(base)).items()
           if (named := fact(key, base.book)) and named[1] == unit]
    return f"số liệu thử của đơn vị: {'; '.join(own)}" if own else "do đơn vị khác trong cụm đổi"


def _changes(appraisal: Appraisal) -> dict[str, object]:
    return appraisal.scenario.changes if appraisal.scenario else {}


def distance_line(appraisal: Appraisal, i: int) -> str:
    """How far a unit is from the next class and by what it holds its own: `thiếu 1 A; giảm 1 Hội cơ sở là xuống loại`."""
    if not appraisal.judgement.considered[i]:
        return "không xét"
    if appraisal.judgement.final_class[i] == NO_CLASS:
        return "chưa xếp loại"
    if appraisal.facts.given[i] != NO_CLASS:
        return "xếp loại theo quyết định của Hội đồng"
    shortest = [way_words(way) for way in appraisal.ways[i] if sum(way[:-1]) == sum(appraisal.ways[i][0][:-1])]
    return "; ".join([*([" hoặc ".join(shortest)] if shortest else []), *holding(appraisal, i)]) or \
        "không số điểm nào làm đổi loại"


def three_lines(appraisal: Appraisal, i: int) -> list[tuple[str, str]]:
    """What a unit is told first: why it stands there, what is missing, to whom and by when it sends what is its own to give."""
    unit, owed = appraisal.unit(i), dict(chain.owed(appraisal, i))
    data = [f"{chain.OWED[is_own]}: {'; '.join(said)}" for is_own, said in owed.items()]
    said = f"{'. '.join(map(capital, data)) or 'Số liệu đã đủ'}. {capital(distance_line(appraisal, i))}."
    return [("Vì sao", f"{chain.chain(appraisal, i).basis}."), ("Còn thiếu gì", said),
            ("Gửi ai, trước ngày nào", _to_whom(appraisal, unit) if True in owed else "Đơn vị không phải gửi thêm gì.")]


def _to_whom(appraisal: Appraisal, unit: Unit) -> str:
    """The cluster's lead while its dossier is still to come (V.4); else, and for the lead itself, the Council."""
    book, cluster = appraisal.book, appraisal.year.cluster(unit.cluster)
    came = isinstance(cluster.dossier_received, date)
    council = f"{book.plan.council}, trước kỳ họp thẩm định"
    if came:
        return f"{council} (hồ sơ cụm đã nhận ngày {day(cluster.dossier_received)})."
    by = f"trước ngày {day(book.dossier.before)} ({book.dossier.clause})"
    lead = next((u.name for u in appraisal.year.all_units if u.unit == cluster.lead and u.unit != unit.unit), None)
    if lead is None:
        return f"{book.plan.council}, cùng hồ sơ cụm, {by}; quá ngày ấy thì trước kỳ họp thẩm định."
    return f"Đơn vị cụm trưởng ({lead}), để kịp hồ sơ cụm gửi {by}; quá ngày ấy: {council}."


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
    kept = [f"{n} {'điểm A' if what == 'A' else what}" for what, n in losses.items() if n == soonest and what != "C"]
    if soonest and kept:
        yield f"giảm {' hoặc '.join(kept)} là xuống loại"
    elif soonest:
        yield f"thêm {soonest} điểm C là xuống loại"


def firmness(appraisal: Appraisal, i: int) -> str:
    """`FIRM` where all combinations of readings give the same; else `tùy cách hiểu`, with the clauses of the fewest."""
    sets = smallest_switches(appraisal.combined, appraisal.settings, i)
    if not sets:
        return FIRM
    clauses = " hoặc ".join(dict.fromkeys(" với ".join(dict.fromkeys(appraisal.book.readings[id].clause for id in one))
                                          for one in sets))
    together = f", khi đổi cùng lúc {len(sets[0])} cách hiểu" if len(sets[0]) > 1 else ""
    return f"tùy cách hiểu {clauses}{together}"


def ahead_of(appraisal: Appraisal, i: int, sign: str = ",") -> str:
    """By which key a unit is ahead of the best one below it, behind a `sign`; nothing where none is below."""
    key = appraisal.ahead_by[i]
    if key == BY_COUNCIL:
        return f"{sign} do Hội đồng phân định khi đồng hạng"
    return f"{sign} hơn đơn vị đứng sau ở {RANKING_KEYS[key]}" if key else ""


def label_under(appraisal: Appraisal, i: int, row: int) -> str:
    """The class in words under the other option of a reading; `row`: which of `alternatives.switched`."""
    found = appraisal.alternatives
    return wording.class_at(appraisal.book, found.final_class[row, i], found.considered[row, i])


def nomination(appraisal: Appraisal, i: int, row: int) -> Iterator[str]:
    """What becomes of a nomination under that option, where it changes."""
    if appraisal.alternatives.moves_nomination[row, i]:
        yield f"{'' if appraisal.alternatives.nominee[row, i] else 'không còn '}được xem xét Nhất, Nhì, Ba"


def other_outcomes(appraisal: Appraisal, i: int) -> Iterator[str]:
    """The readings a unit's result or nomination hinges on, and what each other option would give."""
    alternatives = appraisal.alternatives
    rows = np.flatnonzero(alternatives.moves[:, i] | alternatives.moves_nomination[:, i])
    for row in rows:
        reading, option = alternatives.switched[row]
        gives = "; ".join([label_under(appraisal, i, row), *nomination(appraisal, i, row)])
        yield f"Tùy cách hiểu {wording.reading_sentence(appraisal.book, reading, option)} → {gives}."
    if not len(rows):
        yield "Không tùy cách hiểu nào: đổi riêng từng cách hiểu, kết quả vẫn vậy."


def sentences(appraisal: Appraisal, i: int) -> Iterator[str]:
    """The whole way in a few sentences, for a page: the chain, its grounds, what else was looked at, what it hinges on."""
    book, steps = appraisal.book, chain.chain(appraisal, i)
    yield (f"{chain.BASE}: {steps.base}; {chain.RULES[:1].lower()}{chain.RULES[1:]}: {steps.rules}; "
           f"{chain.FINAL.lower()}: {steps.final}.")
    yield f"{steps.basis}."
    placed = appraisal.judgement.placement
    if placed.literal_match[i]:
        rung = book.classes[class_name(placed.band[i])]
        yield f"Khớp nguyên văn dòng {rung.label} (III.1): “{rung.sentence}”."
    yield from (f"Quyết định đã có: {text}." for text in steps.decisions)
    yield from other_outcomes(appraisal, i)


def corrected(appraisal: Appraisal, i: int, table: str) -> Iterator[str]:
    """The grades or branches of a unit that are not as they were sent, a line for each correction."""
    found = sorted(appraisal.corrected.get((table, appraisal.facts.units[i]), {}).items())
    for said, rows in grouped(found, lambda one: one[1]).items():
        yield f"{'TC' if table == 'grades' else 'Hội cơ sở'} {', '.join(str(key) for key, _ in rows)}: {said}"
