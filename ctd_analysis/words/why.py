"""Why a unit stands where it stands, in sentences: for its page, for `ctd explain`, for a table of what moves.

How far it is from the next class, by what it holds its own, how firmly, and what moved it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..answers import nearest
from ..answers.appraisal import Appraisal, class_name
from ..answers.readings import smallest_switches
from ..answers.what_if import alone, under
from ..plan.ladder import BARRED
from ..terms import ADDED, DECISIONS, MET, NO_CLASS, RANKING_KEYS, day
from . import wording


def reasons(base: Appraisal, other: Appraisal, i: int) -> Iterator[str]:
    """Why a unit moved: the conditions that come out otherwise, then the readings without which it would not have moved so.

    Nothing where only its rank or nomination moved: then it moved because others did.
    """
    if alone(base, i) == alone(other, i):
        return
    unit = base.facts.units[i]
    for before, after in zip(base.findings[unit], other.findings[unit], strict=True):
        if before.met != after.met:
            yield (f"{wording.condition(other.book, after)}: cần {wording.asked(other.book, after)} (trước: "
                   f"{wording.asked(base.book, before)}), {wording.has(other.book, after)} → {MET[after.met]}")
    for id, option in other.book.chosen.items():
        if option != base.book.chosen[id]:
            without = under(base, {k: v for k, v in other.scenario.changes.items() if k != f"readings.{id}"})
            if alone(without, i) != alone(other, i):
                yield f"cách hiểu {other.book.readings[id].clause}: {other.book.readings[id].options[option]}"


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


def firmness(appraisal: Appraisal, i: int) -> str:
    """`vững` where all combinations of readings give the same; else `tùy cách hiểu`, with the clauses of the fewest."""
    sets = smallest_switches(appraisal.combined, appraisal.settings, i)
    if not sets:
        return "vững"
    clauses = " hoặc ".join(dict.fromkeys(" với ".join(dict.fromkeys(appraisal.book.readings[id].clause for id in one))
                                          for one in sets))
    together = f", khi đổi cùng lúc {len(sets[0])} cách hiểu" if len(sets[0]) > 1 else ""
    return f"tùy cách hiểu {clauses}{together}"


def lowered_by(appraisal: Appraisal, i: int) -> list[str]:
    """What lowers a unit (III.2.2), by short names: raised flags that are not waived, then each reason the Council added."""
    raised = [appraisal.book.flags[flag].short for flag, counts in appraisal.judgement.counting.items() if counts[i]]
    return raised + [ADDED] * int(appraisal.facts.downgrades[i])


def ahead_of(appraisal: Appraisal, i: int, sign: str = ",") -> str:
    """By which key a unit is ahead of the best one below it, behind a `sign`; nothing where none is below."""
    key = appraisal.ahead_by[i]
    return f"{sign} hơn đơn vị đứng sau ở {RANKING_KEYS[key]}" if key else ""


def label(appraisal: Appraisal, i: int, classes) -> str:
    """A unit's class in words, from a column (U,) of places in `terms.CLASSES`; `không xét` where it is not considered."""
    return wording.class_label(appraisal.book, class_name(classes[i]), bool(appraisal.judgement.considered[i]))


def label_under(appraisal: Appraisal, i: int, row: int) -> str:
    """The class in words under the other option of a reading; `row`: which of `alternatives.switched`."""
    found = appraisal.alternatives
    return wording.class_label(appraisal.book, class_name(found.final_class[row, i]), bool(found.considered[row, i]))


def nomination(appraisal: Appraisal, i: int, row: int) -> Iterator[str]:
    """What becomes of a nomination under that option, where it changes."""
    if appraisal.alternatives.moves_nomination[row, i]:
        yield f"{'' if appraisal.alternatives.nominee[row, i] else 'không còn '}được xem xét Nhất, Nhì, Ba"


def label_of_base(appraisal: Appraisal, i: int) -> str:
    """The base class (III.1) in words, whether or not the unit is considered."""
    return wording.class_label(appraisal.book, class_name(appraisal.judgement.placement.base_class[i]))


def lowering(appraisal: Appraisal, i: int) -> str:
    """By how many classes a unit is lowered and why, in brackets; nothing where it is not."""
    j = appraisal.judgement
    if not j.considered[i] or not j.steps[i]:
        return ""
    return f" (hạ {j.steps[i]} mức từ {label_of_base(appraisal, i)}: {'; '.join(lowered_by(appraisal, i))})"


def hinging(appraisal: Appraisal, i: int) -> Iterator[str]:
    """The readings a unit's result or nomination hinges on, and what each other option would give."""
    alternatives, found = appraisal.alternatives, False
    for row, (reading, option) in enumerate(alternatives.switched):
        if not (alternatives.moves[row, i] or alternatives.moves_nomination[row, i]):
            continue
        found = True
        gives = "; ".join([label_under(appraisal, i, row), *nomination(appraisal, i, row)])
        yield f"Tùy cách hiểu {wording.reading_sentence(appraisal.book, reading, option)} → {gives}."
    if not found:
        yield "Không tùy cách hiểu nào: đổi riêng từng cách hiểu, kết quả vẫn vậy."


def sentences(appraisal: Appraisal, i: int) -> Iterator[str]:
    """The same way in a few sentences, for a page: what fits, what keeps it from the next class, what was lowered, the rank."""
    book, j, f = appraisal.book, appraisal.judgement, appraisal.facts
    findings = appraisal.findings[f.units[i]]
    rung, band = class_name(j.placement.base_class[i]), class_name(j.placement.band[i])
    share = next(wording.found(book, x) for x in findings if x.part == "ladder" and x.what == "branches")
    yield f"{f.a[i]} A, {f.b[i]} B, {f.c[i]} C; Hội cơ sở từ Khá trở lên: {share}."
    if j.placement.literal_match[i]:
        yield f"Khớp nguyên văn dòng {book.classes[band].label} (III.1): “{book.classes[band].sentence}”."
    else:
        yield (f"Số điểm A thuộc khoảng {book.classes[band].label} nhưng không đủ các điều kiện khác; đang hiểu: "
               f"{book.readings['ladder_gap'].options[book.chosen['ladder_gap']]} → {label_of_base(appraisal, i)} (III.1).")
    if rung != BARRED[0]:
        above = BARRED[BARRED.index(rung) - 1] if rung in BARRED else BARRED[-1] if rung else band
        unmet = [f"{wording.condition(book, x)}: cần {wording.asked(book, x)}, {wording.has(book, x)}"
                 for x in findings if x.part == "ladder" and x.rule == above and not x.met]
        if unmet:
            yield f"Chưa đạt {book.classes[above].label} vì {'; '.join(unmet)}."
    for flag, verdict in j.flags.items():
        state = verdict.at(i)
        if state is not False:
            numbers = "; ".join(f"{wording.condition(book, x)}: cần {wording.asked(book, x)}, {wording.has(book, x)}"
                                + (f" ({x.note})" if x.note else "")
                                for x in findings if x.part == "flag" and x.rule == flag and x.met is not True)
            waived = " Hội đồng bỏ qua trường hợp này." if f.waived[flag][i] else ""
            yield f"{book.flags[flag].short} ({book.flags[flag].clause}) {'vướng' if state else 'chưa rõ'}: {numbers}.{waived}"
    verdict = j.not_considered.at(i)
    if verdict is not False:
        dates = "; ".join(f"{wording.condition(book, x)}: {wording.found(book, x)} ({wording.asked(book, x)})" for x in findings
                          if x.part == "filing" and x.met is not True and book.filings[x.rule].fact != "shown_only")
        yield f"{'Không được xét theo III.2.1' if verdict else 'Chưa rõ có được xét hay không (III.2.1)'}: {dates}."
    if lowered := lowering(appraisal, i):
        yield f"Đề nghị {label(appraisal, i, j.proposed_class)}{lowered}."
    yield from decisions(appraisal, i)
    yield from hinging(appraisal, i)


def decisions(appraisal: Appraisal, i: int) -> Iterator[str]:
    """A sentence for each of the Council's decisions on a unit, in their order, with reason, document and day."""
    for one in appraisal.year.decisions:
        if one.unit == appraisal.facts.units[i]:
            value = {"waive": appraisal.book.flags, "class": appraisal.book.classes}.get(one.decision, {}).get(one.value)
            yield (f"Quyết định của Hội đồng: {DECISIONS[one.decision]}{f': {value.label}' if value else ''}; "
                   f"lý do: {one.reason or 'chưa ghi'}; văn bản: {one.document or 'chưa ghi'}; {day(one.decided_on)}.")
