"""A cluster in rows and columns: the standings a session goes by, the evidence, the readings in force.

Nothing is judged or counted anew in these tables; cells are words and numbers read off an `Appraisal`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ..answers.appraisal import Appraisal, class_name
from ..answers.findings import Finding
from ..plan.facts import Facts
from ..plan.rulebook import CONVERTED, Rulebook
from ..terms import ADDED, CORRECTED, INSPECTED, MET, NO_BRANCHES, RANKING_KEYS, TRIAL, WAIVED, percent
from ..words import chain, settling, why, wording
from ..year.council import WITHDRAW
from .printed import (
    TONES,
    Entry,
    Heading,
    Line,
    Printed,
    aside,
    banded,
    headings,
    line,
    lines_in,
    long,
    numeric,
    table,
    unit_page,
)


def class_cell(appraisal: Appraisal, i: int, classes: np.ndarray, considered: bool | None = None) -> Entry:
    """A unit's class in words, with its tone, from places (U,); `considered`: as if it were, or were not."""
    is_considered = appraisal.judgement.considered[i] if considered is None else considered
    return Entry(wording.class_at(appraisal.book, classes[i], is_considered), class_name(classes[i]) or "none")


def final_cell(appraisal: Appraisal, i: int) -> Entry:
    """A unit's class as it stands now (`chain.FINAL`), in words and with its tone."""
    return class_cell(appraisal, i, appraisal.judgement.final_class)


# ---------------------------------------------------------------- one line a unit

STANDING = headings(numeric("Thứ tự"), "Đơn vị", chain.FINAL, long(chain.BASIS), numeric("A"), numeric("C"), "Hội cơ sở",
                    chain.BASE, chain.RULES, long(chain.DECIDED))


def ranking(appraisal: Appraisal, cluster: str) -> Printed:
    """The table a session goes by: a line a unit in order of rank, the unranked last; an empty column for the Council."""
    rows = tuple(standing(appraisal, i, blank=True) for i in appraisal.members(cluster))
    book = appraisal.book
    order = ", ".join(RANKING_KEYS[key] for key in book.ranking.order if key != CONVERTED or book.has(CONVERTED))
    return table("xep-loai", "Xếp loại và thứ tự trong cụm", (*STANDING, Heading("Ý kiến Hội đồng", "blank")), rows,
                 f"{legend(appraisal)} Hội cơ sở: số Hội cơ sở từ Khá trở lên. Xếp loại là dự kiến, Hội đồng quyết định.",
                 f"Thứ tự trong cụm: {order}. {book.ranking.note}", cards=True)


def standing(appraisal: Appraisal, i: int, blank: bool = False) -> Line:
    """A unit's line among the standings, under the heads of `STANDING`; `blank`: with an empty cell for the Council."""
    f, steps = appraisal.facts, chain.chain(appraisal, i)
    return line(rank(appraisal, i), name_entry(appraisal, i), final_entry(appraisal, i), steps.basis, f.a[i], f.c[i],
                share_cell(f, i), steps.base, steps.rules, steps.decided, *([Entry("")] if blank else []), id=f.units[i])


def name_entry(appraisal: Appraisal, i: int) -> Entry:
    """A unit's name, which leads to its own page; said of the cluster's lead that it is one."""
    unit = appraisal.unit(i)
    return Entry(unit.name, note=chain.LEAD if appraisal.is_lead(i) else "", href=unit_page(unit.unit))


def rank(appraisal: Appraisal, i: int) -> Entry:
    """A unit's place in its cluster; ties are kept."""
    found = appraisal.ranks[i]
    if appraisal.tied[i]:
        return Entry(str(found), note="đồng hạng")
    return Entry("–" if found is None else str(found), value=found)


def final_entry(appraisal: Appraisal, i: int) -> Entry:
    """The same, said to be provisional where it is."""
    said = final_cell(appraisal, i)
    return replace(said, note="tạm tính") if appraisal.judgement.provisional[i] else said


def share_cell(facts: Facts, i: int) -> Entry:
    """Branches from Khá up of all that are listed."""
    good, total = int(facts.branches_good[i]), int(facts.branches[i])
    return Entry(f"{good}/{total} ({percent(good, total)})") if total else Entry(NO_BRANCHES, "unknown")


def decided(appraisal: Appraisal, members: list[int]) -> Printed:
    """What the Council has decided about some units, with reason, document and day, and what it gave.

    Rows taken back or confirmed by a later one are struck through: they count nowhere (year-round §1.2).
    """
    rows = []
    for i in members:
        steps = chain.chain(appraisal, i)
        for one, stands, fate in chain.ledger_of(appraisal, i):
            said = Entry(chain.decision(appraisal, one), "" if stands else "struck", note=fate)
            gave = f"{steps.rules} → {steps.final}" if stands and one.decision != WITHDRAW else "–"
            rows.append(line(appraisal.unit(i).name, said, one.reason or Entry("chưa ghi lý do", "unknown"),
                             settling.document_and_day(one), gave))
    return table("quyet-dinh", "Mỗi quyết định với lý do, văn bản, ngày",
                 ("Đơn vị", "Quyết định", long("Lý do"), "Văn bản, ngày", f"{chain.RULES} → {chain.FINAL.lower()}"), rows,
                 empty="Hội đồng chưa có quyết định nào.", cards=True)


def amended(appraisal: Appraisal) -> Printed:
    """What the Council changed of the rules or settled of the readings: the old value struck, the new, the document (§1.1)."""
    rows = []
    for one in appraisal.amendments:
        what, before, after = chain.amended(appraisal, one)
        value = Entry(after, was=before) if before != after else Entry(after, note="như đang áp dụng")
        when = "từ hạn nộp hồ sơ trở đi" if one.after_dossier else "trước hạn nộp hồ sơ"
        moved = ", ".join(appraisal.unit(appraisal.place[unit]).name for unit in one.moved) or "không đơn vị nào"
        rows.append(line(what, value, one.row.reason or Entry("chưa ghi lý do", "unknown"),
                         Entry(settling.document_and_day(one.row), note=when), moved))
    return table("dieu-chinh", "Quy định đã được Hội đồng điều chỉnh, thống nhất",
                 ("Nội dung", "Trước, sau", long("Lý do"), "Văn bản, ngày", long("Nếu không có dòng này thì đổi")), rows,
                 rows and "Kế hoạch không nói thang điểm có được sửa sau khi đã biết điểm hay không; ở đây chỉ cho thấy.",
                 empty="Chưa có điều chỉnh nào.", cards=True)


def amended_aside(appraisal: Appraisal) -> Printed:
    """The same on a cluster's page, on demand: the province's shows it open."""
    return aside(amended(appraisal))


def flags_cell(appraisal: Appraisal, i: int) -> Entry:
    """The cases of III.2.2 a unit is in: raised, not applied, added by the Council, not known."""
    j, f, rules = appraisal.judgement, appraisal.facts, appraisal.book.flags
    raised = [rules[flag].short + (WAIVED if f.waived[flag][i] else "") for flag in j.flags_where(i, True)]
    raised += [ADDED] * int(f.downgrades[i])
    return cases_entry(raised, [rules[flag].short for flag in j.flags_where(i, None)], "không")


def cases_entry(raised: list[str], unknown: list[str], none: str) -> Entry:
    """Cases of III.2 in a cell, those that are not known apart; `none` where there are none of either."""
    words = [*raised, *([f"chưa rõ: {', '.join(unknown)}"] if unknown else [])]
    return Entry("; ".join(words) or none, "raised" if raised else "unknown" if unknown else "")


def legend(appraisal: Appraisal) -> str:
    """The ladder in one line, from the rule book."""
    parts = []
    for rung in appraisal.book.classes.values():
        parts.append(f"{rung.label}: còn lại" if rung.min_a is None else
                     f"{rung.label}: từ {rung.min_a} A, không quá {rung.max_c} C, {rung.branch_percent}% Hội cơ sở")
    changed = [f"{what}: {settling.from_to(before, after)} ({settling.document_and_day(one.row)})"
               for one in appraisal.amendments
               for what, before, after in [chain.amended(appraisal, one)]
               if one.row.key.startswith("class.") and before != after]
    return f"{'; '.join(parts)}. KAD: tiêu chí không áp dụng." + (f" Đã điều chỉnh: {'; '.join(changed)}." if changed else "")


# ---------------------------------------------------------------- evidence

def evidence(appraisal: Appraisal, members: list[int]) -> Printed:
    """III.2 looked at number by number, unit by unit."""
    rows = list(_looked_at(appraisal, members, (True, False, None)))
    return table("truong-hop", "Trường hợp III.2: mọi số liệu và căn cứ", _EVIDENCE, rows, _EXACTLY,
                 folded=f"Trường hợp III.2: toàn bộ {lines_in(rows)} căn cứ")


def conditions(appraisal: Appraisal, cluster: str) -> Printed:
    """III.2 of a whole cluster on a sheet: a line a condition, a column a unit, a sign before each."""
    book, members = appraisal.book, appraisal.members(cluster)
    looked = [_beyond_the_ladder(appraisal, i) for i in members]
    rows = [line(_case(book, one[0]), wording.condition(book, one[0]), _asked(appraisal, one[0]),
                 *(Entry(wording.found(book, x), _tone(appraisal, i, x)) for i, x in zip(members, one, strict=True)))
            for one in zip(*looked, strict=True)]
    corrected = [f"{appraisal.unit(i).name}, {wording.condition(book, x)}: {x.source}."
                 for i, mine in zip(members, looked, strict=True) for x in mine
                 if any(word in x.source for word in (CORRECTED, INSPECTED, TRIAL))]
    corrected += [f"{appraisal.unit(i).name}, {said}." for i in members for said in why.corrected(appraisal, i, "branches")
                  if TRIAL in said]
    return table("dieu-kien", "Trường hợp III.2: mọi số liệu",
                 ("Trường hợp", "Nội dung", "Yêu cầu", *(appraisal.unit(i).name for i in members)), rows,
                 f"✓ {MET[True]}; ✕ {MET[False]}; ? {MET[None]}; –{WAIVED}. Nguồn từng số: trang riêng của đơn vị.", _EXACTLY,
                 *corrected, folded=f"Trường hợp III.2: toàn bộ {len(rows)} nội dung")


def _case(book: Rulebook, x: Finding) -> str:
    return book.flags[x.rule].short if x.part == "flag" else "Được xét (III.2.1)"


def _tone(appraisal: Appraisal, i: int, x) -> str:
    if x.part == "flag" and appraisal.facts.waived[x.rule][i] and x.met is False:
        return "waived"
    return TONES[x.met]


def exceptions(appraisal: Appraisal, members: list[int]) -> Printed:
    """What of III.2 is not met, or not known: the rest says that nothing is wrong."""
    rows = list(_looked_at(appraisal, members, (False, None)))
    return table("chua-dat", "Trường hợp III.2: nội dung chưa đạt hoặc chưa rõ", _EVIDENCE, rows, _EXACTLY,
                 empty="Không có nội dung nào chưa đạt hay chưa rõ.",
                 folded=f"Trường hợp III.2 chưa đạt hoặc chưa rõ: {lines_in(rows)}")


_EVIDENCE = headings("Trường hợp", "Nội dung", "Thực hiện / chỉ tiêu", "Yêu cầu", "Kết luận", "Điều khoản", "Ghi chú, nguồn")
_EXACTLY = ("Đúng bằng yêu cầu là đạt. Thiếu số liệu thì không kết luận. Tỷ lệ in ra làm tròn xuống; so sánh bằng số chính "
            "xác, chưa làm tròn.")


def _looked_at(appraisal: Appraisal, members: list[int], told: tuple[bool | None, ...]) -> Iterator[Line]:
    """A band a unit, a line a condition of III.2 that is met, not met or not known, as `told` wants them."""
    return banded((appraisal.unit(i).name, [_evidence(appraisal, i, x) for x in _beyond_the_ladder(appraisal, i)
                                            if x.met in told]) for i in members)


def _beyond_the_ladder(appraisal: Appraisal, i: int) -> list[Finding]:
    return [*appraisal.looked_at(i, "filing"), *appraisal.looked_at(i, "flag")]


def _evidence(appraisal: Appraisal, i: int, x: Finding) -> Line:
    book, tone = appraisal.book, _tone(appraisal, i, x)
    return line(_case(book, x), wording.condition(book, x), wording.found(book, x), _asked(appraisal, x),
                Entry(MET[x.met] + (WAIVED if tone == "waived" else ""), tone), x.clause,
                "; ".join(filter(None, (x.note, x.source))))


def _asked(appraisal: Appraisal, x: Finding) -> Entry:
    """What is asked; where the Council changed it, what was asked before, struck, and by which document (§1.1)."""
    was, by = settling.asked(appraisal, x)
    return Entry(wording.asked(appraisal.book, x), was=was, note=by)


# ---------------------------------------------------------------- rules and sources

def readings(appraisal: Appraisal, members: list[int]) -> Printed:
    """A line a reading: its sentence, the option in force, how many results and nominations of the members hang on it."""
    rows = []
    for id, reading in appraisal.book.readings.items():
        chosen = appraisal.book.chosen[id]
        others = [text for option, text in reading.options.items() if option != chosen]
        in_force = Entry(reading.options[chosen])
        if not appraisal.book.has_object(id):
            in_force = Entry(wording.NO_OBJECT, "none")
        elif chosen != next(iter(reading.options)):
            in_force = Entry(f"{in_force.text} (khác mặc định)", "raised")
        if one := appraisal.changed.get(f"readings.{id}"):
            in_force = replace(in_force, was=settling.was(appraisal.book, f"readings.{id}", one),
                               note=f"Hội đồng thống nhất: {settling.document_and_day(one.row)}")
        rows.append(line(reading.label, reading.clause, reading.sentence, in_force, "; ".join(others),
                         *appraisal.alternatives.count(id, members)))
    return table("cach-hieu", "Các cách hiểu đang dùng",
                 ("Nội dung", "Điều khoản", "Câu trong kế hoạch", "Đang hiểu là", "Có thể hiểu khác",
                  numeric("Số đơn vị đổi loại"), numeric("Số đơn vị đổi diện xét Nhất, Nhì, Ba")), rows,
                 f"Đếm trên {len(members)} đơn vị của trang này.",
                 folded=f"Cách hiểu đang dùng: {len(rows)}; làm đổi kết quả của trang này: "
                 f"{sum(bool(r.cells[5].value or r.cells[6].value) for r in rows)}")
