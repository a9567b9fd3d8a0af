"""What the Council has to settle, a card each, by what is at stake: considered or not, then nomination, class, what is missing.

A card has the question, the facts, and each answer with what it gives. Nothing is answered here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..answers.appraisal import Appraisal, class_name
from ..answers.readings import OUTCOMES, outcome_of
from ..answers.registration import as_registered
from ..answers.seen import RESULT_MOVED
from ..plan.judgement import judge
from ..rows import grouped
from ..terms import STAKES, number
from . import wording
from .chain import decision, decisions_on, missing, unmet
from .settling import document_and_day
from .why import label_under

MOVED, CONSIDERED, NOMINATION, CLASS, MISSING = STAKES
IN_FORCE = " (đang dùng)"


@dataclass(frozen=True)
class Item:
    """One question, its grounds, and the answers on offer; what hangs on it.

    `rows`, where there are any, are what to record for each answer: a table of the year and cells of it; None: nothing.
    """
    clause: str
    question: str
    grounds: str
    answers: tuple[str, ...] = ()
    stake: str = MISSING
    rows: tuple[tuple[str, dict[str, str]] | None, ...] = ()


def items(appraisal: Appraisal, clusters: list[list[int]]) -> list[Item]:
    """The open questions about some clusters, each given by its units; a reading is asked about once for all of them."""
    everyone = [i for members in clusters for i in members]
    found = [item for members in clusters for about in (_moved, _holes, _ties, _rivals, _lowered, _unknowns)
             for item in about(appraisal, members)]
    return sorted([*_readings(appraisal, everyone), *found], key=lambda item: list(STAKES).index(item.stake))


def _moved(appraisal: Appraisal, members) -> Iterator[Item]:
    """A decision in force that was taken on other counts than the year has now (V.2): was → now."""
    for one in appraisal.bindings:
        i = appraisal.place[one.decision.unit]
        if one.status == RESULT_MOVED and i in members:
            said = decision(appraisal, one.decision)
            yield Item("V.2", f"{appraisal.unit(i).name}: giữ hay rút lại quyết định “{said}”?",
                       f"Số liệu đã khác khi quyết định ({document_and_day(one.decision)}): "
                       f"{wording.was_and_now(appraisal.book, one.was, one.now)}. Quyết định vẫn có hiệu lực.",
                       ("giữ: ghi lại quyết định ấy một lần nữa", "rút lại: ghi một dòng rút lại"), MOVED,
                       (None if one.decision.decision == "downgrade" else      # again would be a second reason
                        _row(one.decision.unit, one.decision.decision, one.decision.value),
                        _row(one.decision.unit, "withdraw", f"{one.decision.decision} {one.decision.value}".strip())))


def _row(unit: str, decided: str, value: str = "") -> tuple[str, dict[str, str]]:
    """A row of `decisions.csv`, but for its reason, document and day."""
    return "decisions", {"unit": unit, "decision": decided, "value": value}


def _is_settled(appraisal: Appraisal, reading: str) -> bool:
    """Has the Council said how a sentence is read (V.2)? Then it is not asked again."""
    return any(one.key == f"readings.{reading}" for one in appraisal.year.amendments)


def _holes(appraisal: Appraisal, members) -> Iterator[Item]:
    j, book, alternatives = appraisal.judgement, appraisal.book, appraisal.alternatives
    reading = book.readings["ladder_gap"]
    for i in members if not _is_settled(appraisal, "ladder_gap") else ():
        if j.placement.literal_match[i] or not j.considered[i] or decisions_on(appraisal, i, "class"):
            continue        # fits, or is not asked about, or the Council has given a class already
        band = class_name(j.placement.band[i])
        # under the option in force the result stands in the judgement; the others were judged in the sweep
        answers = {reading.options[book.chosen["ladder_gap"]] + IN_FORCE: _result(appraisal, i)}
        answers |= {reading.options[alternatives.switched[row][1]]: _result(appraisal, i, row)
                    for row in alternatives.rows_of("ladder_gap")}
        given = {rung.label: id for id, rung in book.classes.items()}
        yield Item(reading.clause, f"{appraisal.unit(i).name}: {_or(answers.values())}?",
                   f"Không khớp dòng nào của thang xếp loại: {appraisal.facts.a[i]} điểm A thuộc khoảng "
                   f"{book.classes[band].label} nhưng {unmet(appraisal, i, band)}.",
                   tuple(f"{text}: {gives}" for text, gives in answers.items()), CLASS,
                   tuple(_row(appraisal.facts.units[i], "class", given[gives]) if gives in given else None
                         for gives in answers.values()))


def _result(appraisal: Appraisal, i: int, row: int | None = None) -> str:
    """What a unit gets now, or under an option switched alone (a row of `alternatives`)."""
    return label_under(appraisal, i, row) if row is not None else \
        wording.outcome_label(appraisal.book, outcome_of(appraisal.judgement, i))


def _or(outcomes: Iterable[str]) -> str:
    return " hay ".join(dict.fromkeys(outcomes))


def _ties(appraisal: Appraisal, members) -> Iterator[Item]:
    for rank in sorted({appraisal.ranks[i] for i in members if appraisal.tied[i]}):
        tied = [i for i in members if appraisal.ranks[i] == rank]
        called, is_nomination = names(appraisal, tied), any(appraisal.nominee[i] for i in tied)
        yield Item("III.1", f"{' và '.join(called)}: đơn vị nào {'đứng đầu cụm' if rank == 1 else f'đứng thứ {rank}'}?",
                   "Bằng nhau ở mọi tiêu chí xếp thứ tự; Kế hoạch không quy định cách phân định.", tuple(called),
                   NOMINATION if is_nomination else CLASS,
                   tuple(_row(appraisal.facts.units[i], "lead") for i in tied) if rank == 1 else ())


def _unknowns(appraisal: Appraisal, members) -> Iterator[Item]:
    """What is missing, where it could still change a result."""
    best, worst = appraisal.bounds
    for i in members:
        if best[i] != worst[i]:
            ends = [wording.outcome_label(appraisal.book, OUTCOMES[code[i]]) for code in (best, worst)]
            yield Item("III.1, III.2", f"{appraisal.unit(i).name}: bổ sung số liệu nào, hay quyết định theo số liệu hiện có?",
                       f"Hiện {', '.join(missing(appraisal, i))}.",
                       (f"theo số liệu hiện có: {_result(appraisal, i)}", f"khi đủ số liệu: từ {ends[1]} đến {ends[0]}"))


def _lowered(appraisal: Appraisal, members) -> Iterator[Item]:
    """A target stated below the registered one, where a case of III.2.2 turns on it: which of the two counts?"""
    book, turning = appraisal.book, [one for one in appraisal.lowered if one.flag_registered != one.flag_stated
                                     and appraisal.place[one.unit] in members]
    for inside in grouped(turning, lambda one: one.at).values():
        one, i = inside[0], appraisal.place[inside[0].unit]
        there = judge(as_registered(appraisal.facts, i, one.lowered, one.registered), appraisal.settings)
        under = wording.outcome_label(book, outcome_of(there, 0))
        now, stated = _result(appraisal, i), f"{number(one.stated)} ghi cuối năm"
        cases = " và ".join(f"“{book.flags[x.flag].label}”" for x in inside)
        is_out = bool(there.considered[0]) != bool(appraisal.judgement.considered[i])
        yield Item("III.2.2; V.3", f"{appraisal.unit(i).name}, {book.indicators[one.lowered].label}: lấy chỉ tiêu "
                   f"{number(one.registered)} đã đăng ký hay {stated}?",
                   f"III.2.2 nói “nghị quyết năm”, V.3 nói “đăng ký”; trường hợp {cases} tùy vào đó.",
                   (f"theo số {stated}{IN_FORCE}: {now}", f"theo số {number(one.registered)} đã đăng ký: {under}"),
                   CONSIDERED if is_out else CLASS if now != under else MISSING)


def _rivals(appraisal: Appraisal, members) -> Iterator[Item]:
    nominees = [i for i in members if appraisal.nominee[i]]
    in_doubt = appraisal.judgement.provisional & appraisal.judgement.considered
    rivals = [i for i in members if in_doubt[i] and i not in nominees]
    if nominees and rivals:
        yield Item("III.1", f"{', '.join(names(appraisal, nominees))}: xét Nhất, Nhì, Ba khi đơn vị khác còn tạm tính?",
                   f"Còn thiếu số liệu của {', '.join(names(appraisal, rivals))}; khi đủ, thứ tự trong cụm có thể đổi.",
                   stake=NOMINATION)


def names(appraisal: Appraisal, units: Iterable[int]) -> list[str]:
    """What units are called."""
    return [appraisal.unit(i).name for i in units]


def _readings(appraisal: Appraisal, members) -> Iterator[Item]:
    """One question a reading, with every unit it moves; none of one that the Council has settled."""
    alternatives, book = appraisal.alternatives, appraisal.book
    holes = [i for i in members if not appraisal.judgement.placement.literal_match[i]]
    for id, reading in book.readings.items():
        asked_above = holes if id == "ladder_gap" else ()
        moved = {row: [i for i in members if alternatives.moves_nomination[row, i]
                       or alternatives.moves[row, i] and i not in asked_above] for row in alternatives.rows_of(id)}
        units = [i for i in members if any(i in inside for inside in moved.values())]
        if not units or _is_settled(appraisal, id):
            continue
        options = {None: book.chosen[id], **{row: alternatives.switched[row][1] for row, inside in moved.items() if inside}}
        answers = [f"{reading.options[option]}{IN_FORCE if row is None else ''}: "
                   + "; ".join(_gives(appraisal, i, len(units) > 1, [*moved], row) for i in moved.get(row, units))
                   for row, option in options.items()]
        yield Item(reading.clause, f"{', '.join(names(appraisal, units))}: {_question(appraisal, id, units, moved)}?",
                   f"{reading.label}: {_quoted(reading.sentence)}.", tuple(answers), _stake(appraisal, moved),
                   tuple(("amendments", {"key": f"readings.{id}", "value": option}) for option in options.values()))


def _quoted(sentence: str) -> str:
    return f"Kế hoạch viết {sentence}" if sentence.startswith("“") else sentence


def _question(appraisal: Appraisal, id: str, units, moved) -> str:
    rows = [row for row, inside in moved.items() for i in inside if appraisal.alternatives.moves[row, i]]
    if rows and len(units) == 1:
        return _or([_result(appraisal, units[0]), *(_result(appraisal, units[0], row) for row in rows)])
    return f"hiểu “{appraisal.book.readings[id].label}” thế nào" if rows else "có được xem xét Nhất, Nhì, Ba không"


def _stake(appraisal: Appraisal, moved) -> str:
    considered, alternatives = appraisal.judgement.considered, appraisal.alternatives
    pairs = [(row, i) for row, inside in moved.items() for i in inside]
    if any(alternatives.considered[row, i] != considered[i] for row, i in pairs):
        return CONSIDERED
    return NOMINATION if any(alternatives.moves_nomination[row, i] for row, i in pairs) else CLASS


def _gives(appraisal: Appraisal, i: int, is_named: bool, rows: list[int], row: int | None) -> str:
    """What an answer gives one unit: its class, and its nomination where that moves.

    `row` is the option switched to, None for the one in force: under that, where any of the reading's own (`rows`) moves it.
    """
    words, alternatives = _result(appraisal, i, row), appraisal.alternatives
    if any(alternatives.moves_nomination[r, i] for r in (rows if row is None else [row])):
        is_nominee = appraisal.nominee[i] if row is None else alternatives.nominee[row, i]
        words += f", {'' if is_nominee else 'không '}được xem xét Nhất, Nhì, Ba"
    return f"{appraisal.unit(i).name} {words}" if is_named else words
