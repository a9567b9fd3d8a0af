"""The Council's ledger (V.2; year-round §1.2): a row is never edited away, a later one takes it back or confirms it.

Rows may be typed in the codes of the contract or in Vietnamese words. What stands in the end is `settle`'s to say; what a
decision gives a unit is left to `plan`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..plan.rulebook import Rulebook
from ..rows import Decision, Row
from ..terms import CLASSES, DECISIONS, PRIZES, SAID, hint
from ..values import Wrong, plain, words
from . import plausible
from .parser import Parser, meant

#: Decisions that take another back, and the one of which each row is a reason of its own.
WITHDRAW, DOWNGRADE = "withdraw", "downgrade"


class Fault(NamedTuple):
    """Why a row cannot stand: its place among the rows, the column at fault, what is wrong, what is wanted."""
    place: int
    column: str
    what: str
    wanted: str


@dataclass(frozen=True)
class Settled:
    """What a ledger comes to. Rows are named by their place in it."""
    standing: tuple[Decision, ...]          # in the order of lines; of confirmed rows the latest
    withdrawn: Mapping[int, int]            # row taken back → the withdrawal
    confirmed: Mapping[int, int]            # row confirmed → the later one that stands for both
    faults: tuple[Fault, ...]


def settle(rows: Sequence[Decision], cluster_of: Mapping[str, str]) -> Settled:
    """Which decisions stand once all rows are read, earlier by line; `cluster_of` tells each unit's cluster (§1.2)."""
    groups: dict[tuple[str, str, str], list[list[int]]] = {}       # rows that say the same, the last for all
    withdrawn: dict[int, int] = {}
    faults = []
    for place, one in enumerate(rows):
        if one.decision == WITHDRAW:
            decision, _, value = one.value.partition(" ")
            if standing := groups.get((one.unit, decision, value)):
                withdrawn |= dict.fromkeys(standing.pop(), place)
            else:
                left = [f"{d} {v}".strip() for (unit, d, v), some in groups.items() if unit == one.unit and some]
                faults.append(Fault(place, "value", "không có quyết định nào như vậy đang có hiệu lực ở các dòng trên",
                                    f"một quyết định đang có hiệu lực của đơn vị này: {', '.join(left) or 'chưa có'}"))
            continue
        same = groups.setdefault((one.unit, one.decision, one.value), [])
        if same and one.decision != DOWNGRADE:
            same[-1].append(place)
        else:
            same.append([place])
    standing = sorted((group for some in groups.values() for group in some), key=lambda group: group[-1])
    confirmed = {place: group[-1] for group in standing for place in group[:-1]}
    last = {group[-1]: rows[group[-1]] for group in standing}
    return Settled(tuple(last.values()), withdrawn, confirmed, (*faults, *_contradictions(last, cluster_of)))


_FIRST = "; rút lại quyết định kia trước"


def _contradictions(standing: Mapping[int, Decision], cluster_of: Mapping[str, str]) -> Iterator[Fault]:
    """Standing rows that cannot hold together; each of them is named."""
    for place, one in standing.items():
        others = [d for d in standing.values() if d.unit == one.unit]
        values = sorted({d.value for d in others if d.decision == one.decision})
        if one.decision in ("consider", "not_considered") and {"consider", "not_considered"} <= {d.decision for d in others}:
            yield Fault(place, "decision", "các quyết định trái nhau: vừa không xét vừa đưa vào xét", f"một trong hai{_FIRST}")
        elif one.decision == "class" and len(values) > 1:
            yield Fault(place, "value", f"các quyết định trái nhau: {' và '.join(values)}",
                        f"một xếp loại cho một đơn vị{_FIRST}")
        elif one.decision == "prize" and len(values) > 1:
            yield Fault(place, "value", f"một đơn vị hai giải: {' và '.join(PRIZES[v] for v in values)}",
                        f"một giải cho một đơn vị{_FIRST}")
        elif one.decision == "lead":
            leads = [d.unit for d in standing.values()
                     if d.decision == "lead" and cluster_of[d.unit] == cluster_of[one.unit]]
            if len(leads) > 1:
                yield Fault(place, "unit", f"hai đơn vị cùng được xếp đứng đầu một cụm: {' và '.join(leads)}",
                            f"một đơn vị đứng đầu{_FIRST}")


# ---------------------------------------------------------------- rows as typed

def read_decisions(rows: Iterable[Row], parser: Parser) -> list[Decision]:
    """Every sound row of `decisions.csv`, withdrawals and what they take back too; what contradicts itself is a problem."""
    found = [(row, one) for row in rows if (one := decision_of(row, parser))]
    for fault in settle([one for _, one in found], parser.cluster_of).faults:
        found[fault.place][0].problem(fault.column, fault.what, fault.wanted)
    return [one for row, one in found if row.sound]


def decision_of(row: Row, parser: Parser) -> Decision | None:
    """A row as typed, in codes; None where something in it is a problem."""
    unit = row.take("unit", parser.unit_named)
    decision = row.take("decision", lambda text: meant(text, DECISION_WORDS, "quyết định"))
    vocabulary = values_of(parser.book)
    value = ""
    if decision == WITHDRAW:
        value = row.take("value", lambda text: _taken_back(text, vocabulary))
    elif decision in vocabulary:
        value = row.take("value", lambda text: meant(text, vocabulary[decision], "giá trị"))
    elif decision and plain(row.cells["value"]):
        row.notice("value", f"quyết định {decision} không dùng giá trị này")
    day = row.take("decided_on", lambda text: plausible.session_day(text, parser.book.year))
    if not row.sound:
        return None
    asked = {"reason": "lý do"} if decision == "class" else {}
    blank = {column: what for column, what in {**asked, "document": "văn bản", "decided_on": "ngày"}.items()
             if not plain(row.cells[column])}
    if blank:
        row.notice(next(iter(blank)), f"quyết định chưa ghi {', '.join(blank.values())}")
    return Decision(unit, decision, value, words(row.cells["reason"]), words(row.cells["document"]), day,
                    plain(row.cells["seen"]), row.at)


#: Every way a decision may be typed, without case, and which it is.
DECISION_WORDS = {said.casefold(): id for id in DECISIONS for said in (*SAID[id], DECISIONS[id], id)}


def values_of(book: Rulebook) -> dict[str, dict[str, str]]:
    """For each decision that takes a value: every way that may be typed, without case, and which value it is."""
    return {"waive": {said.casefold(): id for id, flag in book.flags.items() for said in (flag.short, flag.label, id)},
            "class": {said.casefold(): id for id in CLASSES for said in (book.classes[id].label, id)},
            "prize": {said.casefold(): id for id, label in PRIZES.items() for said in (label, f"giải {label}", id)}}


def _taken_back(text: str, vocabulary: Mapping[str, Mapping[str, str]]) -> str:
    """What a withdrawal names, in codes: `class excellent`, `waive dues`, `downgrade`."""
    typed = plain(text)
    for said in sorted(DECISION_WORDS, key=len, reverse=True):
        if typed.casefold() == said or typed.casefold().startswith(f"{said} "):
            decision, rest = DECISION_WORDS[said], typed[len(said):]
            break
    else:
        raise Wrong(f"không có quyết định này{hint(typed, DECISION_WORDS)}", "quyết định được rút lại, ví dụ class excellent")
    if decision == WITHDRAW:
        raise Wrong("không rút lại một lần rút lại", "ghi lại quyết định ấy ở dòng mới")
    if decision in vocabulary:
        return f"{decision} {meant(rest, vocabulary[decision], 'giá trị')}"
    if plain(rest):
        raise Wrong(f"quyết định {decision} không có giá trị", f"chỉ {decision}")
    return decision
