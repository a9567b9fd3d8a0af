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
from ..plan.rulebook import Rulebook
from ..terms import ADDED, CORRECTED, INSPECTED, MET, RANKING_KEYS, TRIAL, WAIVED, percent
from ..words import chain, settling, why, wording
from ..year.council import WITHDRAW
from .printed import Entry, Heading, Line, Printed, band, headings, line, unit_page


def class_cell(appraisal: Appraisal, i: int, classes: np.ndarray, considered: bool | None = None) -> Entry:
    """A unit's class in words, with its tone, from places (U,); `considered`: as if it were, or were not."""
    is_considered = appraisal.judgement.considered[i] if considered is None else considered
    return Entry(wording.class_at(appraisal.book, classes[i], is_considered), class_name(classes[i]) or "none")


# ---------------------------------------------------------------- one line a unit

STANDING = headings(Heading("Thứ tự", "number"), "Đơn vị", chain.FINAL, Heading(chain.BASIS, "long"), Heading("A", "number"),
                    Heading("C", "number"), "Hội cơ sở", chain.BASE, chain.RULES, Heading(chain.DECIDED, "long"))


def ranking(appraisal: Appraisal, cluster: str) -> Printed:
    """The table a session goes by: a line a unit in order of rank, the unranked last; an empty column for the Council."""
    rows = tuple(standing(appraisal, i, blank=True) for i in appraisal.members(cluster))
    order = ", ".join(RANKING_KEYS[key] for key in appraisal.book.ranking.order)
    return Printed("xep-loai", "Xếp loại và thứ tự trong cụm", headings(*STANDING, Heading("Ý kiến Hội đồng", "blank")), rows,
                   (f"{legend(appraisal)} Hội cơ sở: số Hội cơ sở từ Khá trở lên. Xếp loại là dự kiến, Hội đồng quyết định.",
                    f"Thứ tự trong cụm: {order}. {appraisal.book.ranking.note}"), cards=True)


def standing(appraisal: Appraisal, i: int, blank: bool = False) -> Line:
    """A unit's line among the standings, under the heads of `STANDING`; `blank`: with an empty cell for the Council."""
    f, steps = appraisal.facts, chain.chain(appraisal, i)
    return line(rank(appraisal, i), name_entry(appraisal, i),
                final_entry(appraisal, i), steps.basis, f.a[i], f.c[i],
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
    """A unit's class as it stands now (`chain.FINAL`), in words and with its tone; provisional where it is."""
    j = appraisal.judgement
    said = class_cell(appraisal, i, j.final_class)
    return replace(said, note="tạm tính") if j.provisional[i] else said


def share_cell(facts: Facts, i: int) -> Entry:
    """Branches from Khá up of all that are listed."""
    good, total = int(facts.branches_good[i]), int(facts.branches[i])
    return Entry(f"{good}/{total} ({percent(good, total)})") if total else Entry(wording.NO_BRANCHES, "unknown")


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
    return Printed("quyet-dinh", "Mỗi quyết định với lý do, văn bản, ngày",
                   headings("Đơn vị", "Quyết định", Heading("Lý do", "long"), "Văn bản, ngày",
                            f"{chain.RULES} → {chain.FINAL.lower()}"), tuple(rows),
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
    return Printed("dieu-chinh", "Quy định đã được Hội đồng điều chỉnh, thống nhất",
                   headings("Nội dung", "Trước, sau", Heading("Lý do", "long"), "Văn bản, ngày",
                            Heading("Nếu không có dòng này thì đổi", "long")), tuple(rows),
                   ("Kế hoạch không nói thang điểm có được sửa sau khi đã biết điểm hay không; ở đây chỉ cho thấy.",)
                   if rows else (), empty="Chưa có điều chỉnh nào.", cards=True)


def amended_aside(appraisal: Appraisal) -> Printed:
    """The same on a cluster's page, on demand: the province's shows it open."""
    table = amended(appraisal)
    return replace(table, folded=f"Quy định đã được Hội đồng điều chỉnh, thống nhất: {len(table.rows)}")


def flags_cell(appraisal: Appraisal, i: int) -> Entry:
    """The cases of III.2.2 a unit is in: raised, not applied, added by the Council, not known."""
    j, f, rules = appraisal.judgement, appraisal.facts, appraisal.book.flags
    raised = [rules[flag].short + (WAIVED if f.waived[flag][i] else "") for flag, known in j.flags.items() if known.yes[i]]
    raised += [ADDED] * int(f.downgrades[i])
    unknown = [rules[flag].short for flag, known in j.flags.items() if known.unknown[i]]
    words = [*raised, *([f"chưa rõ: {', '.join(unknown)}"] if unknown else [])]
    return Entry("; ".join(words) or "không", "raised" if raised else "unknown" if unknown else "")


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
    rows = list(_looked_at(appraisal, members))
    return Printed("truong-hop", "Trường hợp III.2: mọi số liệu và căn cứ", _EVIDENCE, tuple(rows), _EXACTLY,
                   folded=f"Trường hợp III.2: toàn bộ {sum(not row.band for row in rows)} căn cứ")


def conditions(appraisal: Appraisal, cluster: str) -> Printed:
    """III.2 of a whole cluster on a sheet: a line a condition, a column a unit, a sign before each."""
    book, members = appraisal.book, appraisal.members(cluster)
    looked = [[x for x in appraisal.findings[appraisal.facts.units[i]] if x.part != "ladder"] for i in members]
    rows = [line(_case(book, one[0]), wording.condition(book, one[0]), _asked(appraisal, one[0]),
                 *(Entry(wording.found(book, x), _tone(appraisal, i, x)) for i, x in zip(members, one, strict=True)))
            for one in zip(*looked, strict=True)]
    corrected = [f"{appraisal.unit(i).name}, {wording.condition(book, x)}: {x.source}."
                 for i, mine in zip(members, looked, strict=True) for x in mine
                 if any(word in x.source for word in (CORRECTED, INSPECTED, TRIAL))]
    corrected += [f"{appraisal.unit(i).name}, {said}." for i in members for said in why.corrected(appraisal, i, "branches")
                  if TRIAL in said]
    return Printed("dieu-kien", "Trường hợp III.2: mọi số liệu", headings(
        "Trường hợp", "Nội dung", "Yêu cầu", *(appraisal.unit(i).name for i in members)), tuple(rows),
        (f"✓ {MET[True]}; ✕ {MET[False]}; ? {MET[None]}; –{WAIVED}. Nguồn từng số: trang riêng của đơn vị.", *_EXACTLY,
         *corrected),
        folded=f"Trường hợp III.2: toàn bộ {len(rows)} nội dung")


def _case(book: Rulebook, x: Finding) -> str:
    return book.flags[x.rule].short if x.part == "flag" else "Được xét (III.2.1)"


def _tone(appraisal: Appraisal, i: int, x) -> str:
    if x.part == "flag" and appraisal.facts.waived[x.rule][i] and x.met is False:
        return "waived"
    return {False: "raised", None: "unknown", True: "met"}[x.met]


def exceptions(appraisal: Appraisal, members: list[int]) -> Printed:
    """What of III.2 is not met, or not known: the rest says that nothing is wrong."""
    rows = list(_looked_at(appraisal, members, exceptions=True))
    count = sum(not row.band for row in rows)
    return Printed("chua-dat", "Trường hợp III.2: nội dung chưa đạt hoặc chưa rõ", _EVIDENCE, tuple(rows), _EXACTLY,
                   empty="Không có nội dung nào chưa đạt hay chưa rõ.",
                   folded=f"Trường hợp III.2 chưa đạt hoặc chưa rõ: {count}")


_EVIDENCE = headings("Trường hợp", "Nội dung", "Thực hiện / chỉ tiêu", "Yêu cầu", "Kết luận", "Điều khoản", "Ghi chú, nguồn")
_EXACTLY = ("Đúng bằng yêu cầu là đạt. Thiếu số liệu thì không kết luận. Tỷ lệ in ra làm tròn xuống; so sánh bằng số chính "
            "xác, chưa làm tròn.",)


def _looked_at(appraisal: Appraisal, members: list[int], exceptions: bool = False) -> Iterator[Line]:
    book = appraisal.book
    for i in members:
        found = [x for x in appraisal.findings[appraisal.facts.units[i]]
                 if x.part != "ladder" and not (exceptions and x.met is True)]
        if found:
            yield band(appraisal.unit(i).name)
        for x in found:
            tone = _tone(appraisal, i, x)
            yield line(_case(book, x), wording.condition(book, x), wording.found(book, x), _asked(appraisal, x),
                       Entry(MET[x.met] + (WAIVED if tone == "waived" else ""), tone), x.clause,
                       "; ".join(t for t in (x.note, x.source) if t))


def _asked(appraisal: Appraisal, x: Finding) -> Entry:
    """What is asked; where the Council changed it, what was asked before, struck, and by which document (§1.1)."""
    was, by = settling.asked(appraisal, x)
    return Entry(wording.asked(appraisal.book, x), was=was, note=by)


# ---------------------------------------------------------------- rules and sources

def readings(appraisal: Appraisal, members: list[int]) -> Printed:
    """A line a reading: its sentence, the option in force, how many results and nominations of the members hang on it."""
    alternatives, rows = appraisal.alternatives, []
    for id, reading in appraisal.book.readings.items():
        chosen = appraisal.book.chosen[id]
        others = [text for option, text in reading.options.items() if option != chosen]
        lines = [row for row, (r, _) in enumerate(alternatives.switched) if r == id]
        results = int(alternatives.moves[lines].any(axis=0)[members].sum())
        nominations = int(alternatives.moves_nomination[lines].any(axis=0)[members].sum())
        by_default = chosen == next(iter(reading.options))
        in_force = Entry(reading.options[chosen])
        if not appraisal.book.has_object(id):
            in_force = Entry(wording.NO_OBJECT, "none")
        elif not by_default:
            in_force = Entry(f"{in_force.text} (khác mặc định)", "raised")
        if one := appraisal.changed.get(f"readings.{id}"):
            in_force = replace(in_force, was=settling.was(appraisal.book, f"readings.{id}", one),
                               note=f"Hội đồng thống nhất: {settling.document_and_day(one.row)}")
        rows.append(line(reading.label, reading.clause, reading.sentence, in_force, "; ".join(others), results, nominations))
    return Printed("cach-hieu", "Các cách hiểu đang dùng",
                 headings("Nội dung", "Điều khoản", "Câu trong kế hoạch", "Đang hiểu là", "Có thể hiểu khác",
                          Heading("Số đơn vị đổi loại", "number"), Heading("Số đơn vị đổi diện xét Nhất, Nhì, Ba", "number")),
                   tuple(rows),
                 (f"Đếm trên {len(members)} đơn vị của trang này.",),
                   folded=f"Cách hiểu đang dùng: {len(rows)}; làm đổi kết quả của trang này: "
                          f"{sum(bool(r.cells[5].value or r.cells[6].value) for r in rows)}")
