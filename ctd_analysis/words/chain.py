"""One chain, the same words everywhere: theo III.1 → sau III.2 → quyết định đã có → dự kiến xếp loại, and its căn cứ.

Pages, minutes, workbook, console and `ctd explain` all say a unit's way through this; no step is a copy of another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from ..answers.amended import Amended
from ..answers.appraisal import Appraisal, class_name
from ..answers.readings import outcome_of
from ..answers.seen import INPUTS_MOVED, RESULT_MOVED
from ..plan import scenario
from ..plan.judgement import Judgement
from ..plan.ladder import BARRED
from ..rows import Decision
from ..terms import ADDED, BLANK, DECISIONS, NO_CLASS, PRIZES, capital, day
from ..year.council import WITHDRAW
from . import settling, wording
from .settling import document_and_day

#: The four steps, as columns and lists head them, and what stands beside them.
STEPS = BASE, RULES, DECIDED, FINAL = ("Theo III.1", "Sau III.2", "Quyết định đã có", "Dự kiến xếp loại")
BASIS = "Căn cứ"
LEAD = "cụm trưởng"
MOVED = {RESULT_MOVED: "số liệu đã đổi từ khi quyết định", INPUTS_MOVED: "số liệu phía sau đã đổi, các số đếm như cũ"}
OWED = {True: "đơn vị bổ sung", False: "cụm, Tỉnh Hội bổ sung"}
NOMINEE = "được xem xét Nhất, Nhì, Ba cấp tỉnh"
_COUNTED = {1: "một", 2: "hai", 3: "ba"}


@dataclass(frozen=True)
class Chain:
    """A unit's four steps and their grounds, in words."""
    base: str
    rules: str
    decisions: tuple[str, ...]
    final: str
    basis: str

    @property
    def decided(self) -> str:
        """Step 3 in one cell; "–" where nothing was decided."""
        return "; ".join(self.decisions) or "–"


def chain(appraisal: Appraisal, i: int) -> Chain:
    """The chain of one unit, by its place in the year (III.1, III.2, the Council's decisions)."""
    book, j = appraisal.book, appraisal.judgement
    rules, final = (wording.outcome_label(book, outcome_of(judged, i)) for judged in (appraisal.by_rules, j))
    return Chain(wording.class_at(book, j.placement.base_class[i]), rules, tuple(decisions(appraisal, i)), final,
                 capital("; ".join(basis(appraisal, i))))


# ---------------------------------------------------------------- step 3

def decisions(appraisal: Appraisal, i: int) -> Iterator[str]:
    """What the Council decided about a unit: `BB 02, 19/12/2024: thống nhất không áp dụng trường hợp Hội phí`, moved or not."""
    for one in decisions_on(appraisal, i):
        moved = _moved(appraisal, one)
        yield f"{document_and_day(one)}: {decision(appraisal, one)}{f' ({moved})' if moved else ''}"


def _moved(appraisal: Appraisal, one: Decision) -> str:
    """That the numbers changed since a decision was taken, or what lies behind them (V.2); nothing where they did not."""
    return next((MOVED.get(bound.status, "") for bound in appraisal.bindings if bound.decision.at.line == one.at.line), "")


def decision(appraisal: Appraisal, one: Decision) -> str:
    """A decision in words, without its document."""
    kind, _, value = one.value.partition(" ") if one.decision == WITHDRAW else (one.decision, "", one.value)
    rules = {"waive": appraisal.book.flags, "class": appraisal.book.classes}.get(kind, {})
    label = PRIZES.get(value, "") if kind == "prize" else ""
    if named := rules.get(value):
        label = named.short if kind == "waive" else named.label
    taken_back = f"{DECISIONS[WITHDRAW]} " if one.decision == WITHDRAW else ""
    return f"{taken_back}{DECISIONS[kind]} {label}".rstrip()


class InLedger(NamedTuple):
    """A row of the ledger, whether it counts, and what became of it, in words: `rút lại: BB 03, 21/12/2024`."""
    decision: Decision
    stands: bool
    fate: str


def ledger_of(appraisal: Appraisal, i: int) -> list[InLedger]:
    """Every row about a unit in the order of lines: those that stand, those taken back or confirmed, and the withdrawals."""
    rows, settled, found = appraisal.ledger, appraisal.settled, []
    for place, one in enumerate(rows):
        if one.unit != appraisal.facts.units[i]:
            continue
        if place in settled.withdrawn:
            fate = f"đã rút lại: {document_and_day(rows[settled.withdrawn[place]])}"
        elif place in settled.confirmed:
            fate = f"đã khẳng định lại: {document_and_day(rows[settled.confirmed[place]])}"
        else:
            fate = _moved(appraisal, one)
        found.append(InLedger(one, place not in settled.withdrawn and place not in settled.confirmed, fate))
    return found


def amended(appraisal: Appraisal, one: Amended) -> tuple[str, str, str]:
    """An amendment in words: what it is about, the value before and the value after."""
    book, key = appraisal.book, one.row.key
    return scenario.name_of(book, key), *(settling.value(book, key, held) for held in (one.before, one.after))


def decisions_on(appraisal: Appraisal, i: int, *kinds: str) -> list[Decision]:
    """The Council's decisions about a unit in the order of `decisions.csv`; of some kinds only."""
    return [one for one in appraisal.year.decisions
            if one.unit == appraisal.facts.units[i] and (not kinds or one.decision in kinds)]


# ---------------------------------------------------------------- căn cứ

def basis(appraisal: Appraisal, i: int) -> Iterator[str]:
    """Why a unit stands where it stands: the deciding facts, a clause each; what did not cause it is not said."""
    j, by_council = appraisal.judgement, partial(_by_council, appraisal, i)
    if j.not_considered.yes[i]:
        yield late(appraisal, i)
    if not j.considered[i]:
        yield from by_council("not_considered")
        if appraisal.by_rules.considered[i]:
            yield f"không có quyết định ấy thì {class_by_rules(appraisal, i)}"
        if appraisal.settings.reads("sanction", "not_considered") and raised(appraisal, i):
            yield f"thuộc trường hợp {'; '.join(raised(appraisal, i))} (III.2.2, đang hiểu là không xét)"
    else:
        yield from by_council("consider")
        yield on_the_ladder(appraisal, i)
        if j.steps[i]:
            yield lowered(appraisal, i)
        yield from by_council("waive", "class")
        if appraisal.nominee[i]:
            yield NOMINEE + ("" if appraisal.nominee_by_rules[i] else ", chỉ nhờ quyết định của Hội đồng")
    if j.provisional[i]:
        yield "tạm tính: " + "; ".join(f"{', '.join(said)} ({OWED[is_own]})" for is_own, said in owed(appraisal, i))
    if hinges := hinging(appraisal, i):
        yield hinges


def _by_council(appraisal, i, *kinds):
    for one in decisions_on(appraisal, i, *kinds):
        yield f"Hội đồng {decision(appraisal, one)} ({document_and_day(one)})"


def late(appraisal: Appraisal, i: int) -> str:
    """III.2.1 in facts: `III.2.1: Bảng đăng ký không gửi; Báo cáo năm nhận 10/12/2024 (thời hạn: trước 10/12)`."""
    book = appraisal.book
    late = [x for x in appraisal.looked_at(i, "filing") if x.met is False and book.filings[x.rule].decides]
    return "III.2.1: " + "; ".join(
        f"{wording.condition(book, x)} {'không gửi' if x.found == 'none' else f'nhận {day(x.found)}'} "
        f"(thời hạn: trước {day(x.asked).removesuffix(f'/{book.year}')}{settling.aside(appraisal, x)})" for x in late)


def on_the_ladder(appraisal: Appraisal, i: int) -> str:
    """III.1 in facts: which line fits, and what keeps the unit from the next; or that none fits, and how that is read."""
    book, placed = appraisal.book, appraisal.judgement.placement
    rung, band = class_name(placed.base_class[i]), class_name(placed.band[i])
    if not placed.literal_match[i]:
        read_as = book.readings["ladder_gap"].options[book.chosen["ladder_gap"]]
        return (f"không khớp dòng nào của thang xếp loại ({appraisal.facts.a[i]} điểm A thuộc khoảng "
                f"{book.classes[band].label} nhưng {unmet(appraisal, i, band)}); đang hiểu: {read_as}")
    if rung == BARRED[0]:
        has = ", ".join(wording.stands(book, x) for x in appraisal.looked_at(i, "ladder", rung))
        return f"đủ điều kiện {book.classes[rung].label} ({has})"
    above = BARRED[BARRED.index(rung) - 1] if rung in BARRED else BARRED[-1]
    fits = f"đủ điều kiện {book.classes[rung].label}; " if rung in BARRED else ""
    return f"{fits}chưa đạt {book.classes[above].label}: {unmet(appraisal, i, above)}"


def unmet(appraisal: Appraisal, i: int, rung: str) -> str:
    """What of a line of the ladder a unit does not meet: `40 điểm A, yêu cầu 41; 7 điểm C, yêu cầu không quá 3`."""
    return "; ".join(f"{wording.stands(appraisal.book, x)}, yêu cầu {wording.bar(x)}{settling.aside(appraisal, x)}"
                     for x in appraisal.looked_at(i, "ladder", rung) if not x.met)


def class_by_rules(appraisal: Appraisal, i: int) -> str:
    """What the rules alone give a unit that they consider, and why: `Yếu: hạ một mức vì Hội phí (…) (III.2.2)`."""
    j = appraisal.by_rules
    return (f"{wording.class_at(appraisal.book, j.final_class[i])}: "
            f"{lowered(appraisal, i, j) if j.steps[i] else on_the_ladder(appraisal, i)}")


def lowered(appraisal: Appraisal, i: int, by_rules: Judgement | None = None) -> str:
    """By how many classes and why: `hạ một mức vì Hội phí (80 / 100 triệu đồng (80%), yêu cầu từ 90% chỉ tiêu) (III.2.2)`.

    With a judgement `by_rules` as that has it, the Council's own reasons left out.
    """
    j = by_rules or appraisal.judgement
    steps, lost = int(j.steps[i]), int(j.proposed_class[i] - j.placement.base_class[i])
    because = "; ".join(_counting(appraisal, i, by_rules) if by_rules else raised(appraisal, i))
    if not lost:
        label = appraisal.book.classes[class_name(j.proposed_class[i])].label if j.proposed_class[i] != NO_CLASS else ""
        return f"thuộc trường hợp {because} (III.2.2), giữ loại {label} (không còn mức thấp hơn)"
    return f"hạ {_COUNTED.get(steps, str(steps))} mức vì {because} (III.2.2)"


def raised(appraisal: Appraisal, i: int) -> list[str]:
    """The cases of III.2.2 that count against a unit, each with its facts, and the Council's own reasons."""
    return [*_counting(appraisal, i, appraisal.judgement),
            *(f"{ADDED} ({document_and_day(one)})" for one in decisions_on(appraisal, i, "downgrade"))]


def _counting(appraisal, i, judgement):
    return [f"{appraisal.book.flags[flag].short} ({'; '.join(_facts(appraisal, i, flag))})"
            for flag, counts in judgement.counting.items() if counts[i]]


def _facts(appraisal, i, flag):
    book = appraisal.book
    for x in appraisal.looked_at(i, "flag", flag):
        if x.met is False:
            what = "" if len(appraisal.judgement.flags[flag].conditions) == 1 else f"{wording.condition(book, x)} "
            yield what + wording.short_of(book, x) + settling.aside(appraisal, x)


# ---------------------------------------------------------------- what is missing, what stands beside

def missing(appraisal: Appraisal, i: int) -> list[str]:
    """Why a unit is provisional: which criteria, branches, days and numbers are not there; empty when it is not."""
    return list(dict.fromkeys(said for _, said in lacking(appraisal, i)))


def owed(appraisal: Appraisal, i: int) -> Iterator[tuple[bool, list[str]]]:
    """What is missing, by whether it is the unit's own to give; nothing of whom nothing is missing."""
    found = list(lacking(appraisal, i))
    for is_own in (True, False):
        if said := list(dict.fromkeys(what for mine, what in found if mine is is_own)):
            yield is_own, said


def lacking(appraisal: Appraisal, i: int) -> Iterator[tuple[bool, str]]:
    """Each thing that is missing, and whether it is the unit's own to give.

    A grade that the cluster owes on what the unit has graded, a day of receipt, a target are for others to write.
    """
    f, j, book = appraisal.facts, appraisal.judgement, appraisal.book
    blank = [k for k, code in enumerate(f.rounds.standing[i]) if code == BLANK]
    graded = [k for k in blank if f.rounds.self[i, k] != BLANK]
    for is_own, places, tail in ((True, [k for k in blank if k not in graded], ""), (False, graded, " (đã tự chấm)")):
        if places:
            yield is_own, f"chưa chấm tiêu chí {', '.join(str(k + 1) for k in places)}{tail}"
    if not j.placement.share_known[i]:
        yield True, "chưa biết tỷ lệ Hội cơ sở"
    if j.not_considered.unknown[i]:
        days = [book.filings[n].label for n, came in f.filings.items() if not came[i] and book.filings[n].decides]
        yield False, f"chưa ghi ngày nhận {', '.join(days)}"
    for x in appraisal.looked_at(i, "flag"):
        if x.met is None and j.flags[x.rule].unknown[i]:
            is_target = book.flags[x.rule].kind == "below" and x.found is not None     # only what was asked for is not written
            yield not is_target, wording.lacks(book, x)


def hinging(appraisal: Appraisal, i: int) -> str:
    """By which clauses' readings, each switched alone, a unit's result would be another: `tùy cách hiểu III.2.2`."""
    hinges = appraisal.alternatives.hinges(i)
    return f"tùy cách hiểu {', '.join(sorted({appraisal.book.readings[r].clause for r in hinges}))}" if hinges else ""
