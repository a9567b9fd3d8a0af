"""A cluster in rows and columns: the standings a session goes by, the evidence, the readings in force.

Nothing is judged or counted anew in these tables; cells are words and numbers read off an `Appraisal`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..answers.appraisal import Appraisal, class_name
from ..plan.facts import Facts
from ..terms import ADDED, MET, RANKING_KEYS, percent
from ..words import wording
from .printed import Entry, Heading, Line, Printed, band, headings, line


def class_cell(appraisal: Appraisal, i: int, classes: np.ndarray, considered: bool | None = None) -> Entry:
    """A unit's class in words, with its tone, from places (U,); `considered`: as if it were, or were not."""
    name = class_name(classes[i])
    is_considered = bool(appraisal.judgement.considered[i]) if considered is None else considered
    return Entry(wording.class_label(appraisal.book, name, is_considered), name or "none")


# ---------------------------------------------------------------- one line a unit

STANDING = headings(Heading("Thứ tự", "number"), "Đơn vị", Heading("A", "number"), Heading("B", "number"),
                    Heading("C", "number"), Heading("KAD", "number"), Heading("Chưa chấm", "number"),
                    Heading("Điểm quy đổi", "number"), "Hội cơ sở từ Khá trở lên", "Loại theo điểm (III.1)", "Trường hợp III.2",
                    "Đề nghị", "Sau quyết định", "Ghi chú")


def ranking(appraisal: Appraisal, cluster: str) -> Printed:
    """The table a session goes by: a line a unit in order of rank, the unranked last; an empty column for the Council."""
    rows = tuple(standing(appraisal, i, blank=True) for i in appraisal.members(cluster))
    order = ", ".join(RANKING_KEYS[key] for key in appraisal.book.ranking.order)
    return Printed("xep-loai", "Xếp loại và thứ tự trong cụm", headings(*STANDING, Heading("Ý kiến Hội đồng", "blank")), rows,
                 (f"Thứ tự trong cụm theo: {order}. {appraisal.book.ranking.note}", legend(appraisal),
                  "Điểm quy đổi không cộng vào số điểm A. Xếp loại là đề nghị, Hội đồng quyết định."))


def standing(appraisal: Appraisal, i: int, blank: bool = False) -> Line:
    """A unit's line among the standings, under the heads of `STANDING`; `blank`: with an empty cell for the Council."""
    f, j, unit = appraisal.facts, appraisal.judgement, appraisal.unit(i)
    rank = appraisal.ranks[i]
    base = class_cell(appraisal, i, j.placement.base_class, considered=True)
    cells = (Entry(f"{rank} (đồng hạng)") if appraisal.tied[i] else Entry("–" if rank is None else str(rank), value=rank),
             unit.name, f.a[i], f.b[i], f.c[i], f.not_applicable[i], f.ungraded[i], f.converted[i], share_cell(f, i), base,
             flags_cell(appraisal, i), class_cell(appraisal, i, j.proposed_class), class_cell(appraisal, i, j.final_class),
             "; ".join(remarks(appraisal, i)), *([Entry("")] if blank else []))
    return line(*cells, id=unit.unit)


def share_cell(f: Facts, i: int) -> Entry:
    """How many of a unit's branches are Khá or better, of all listed, whatever the readings."""
    good, total = int(f.branches_good[i]), int(f.branches[i])
    return Entry(f"{good}/{total} ({percent(good, total)})") if total else Entry("chưa có danh sách", "unknown")


def flags_cell(appraisal: Appraisal, i: int) -> Entry:
    """The flags a unit carries by their short names: raised, waived, added by the Council, not knowable (III.2.2)."""
    j, f, rules = appraisal.judgement, appraisal.facts, appraisal.book.flags
    raised = [rules[flag].short + (" (bỏ qua)" if f.waived[flag][i] else "")
              for flag, known in j.flags.items() if known.yes[i]]
    raised += [ADDED] * int(f.downgrades[i])
    unknown = [rules[flag].short for flag, known in j.flags.items() if known.unknown[i]]
    words = [*raised, *([f"chưa rõ: {', '.join(unknown)}"] if unknown else [])]
    return Entry("; ".join(words) or "không", "raised" if raised else "unknown" if unknown else "")


def remarks(appraisal: Appraisal, i: int) -> Iterator[str]:
    """What stands beside a unit's line: provisional, out of the ladder, nominee, hinging, lead."""
    j, unit = appraisal.judgement, appraisal.unit(i)
    if appraisal.nominee[i]:
        yield "được xem xét Nhất, Nhì, Ba cấp tỉnh"
    if not j.placement.literal_match[i]:
        yield "không dòng nào của thang khớp nguyên văn"
    if j.provisional[i]:
        yield f"tạm tính ({'; '.join(appraisal.missing(i))})"
    hinges = appraisal.alternatives.hinges(i)
    if hinges:
        yield f"tùy cách hiểu {', '.join(sorted({appraisal.book.readings[r].clause for r in hinges}))}"
    if any(c.lead == unit.unit for c in appraisal.year.clusters):
        yield "cụm trưởng"


def legend(appraisal: Appraisal) -> str:
    """The ladder in one line, from the rule book."""
    parts = []
    for rung in appraisal.book.classes.values():
        parts.append(f"{rung.label}: còn lại" if rung.min_a is None else
                     f"{rung.label}: từ {rung.min_a} A, không quá {rung.max_c} C, {rung.branch_percent} % Hội cơ sở")
    return f"{'; '.join(parts)}. KAD: tiêu chí không áp dụng."


# ---------------------------------------------------------------- evidence

def evidence(appraisal: Appraisal, members: list[int]) -> Printed:
    """III.2 looked at number by number: a line a condition (of III.2.1 a filing), under a band for each unit."""
    rows: list[Line] = []
    for i in members:
        rows.append(band(appraisal.unit(i).name))
        for x in appraisal.findings[appraisal.facts.units[i]]:
            if x.part == "ladder":
                continue
            rule = appraisal.book.flags[x.rule].short if x.part == "flag" else "Được xét (III.2.1)"
            waived = x.part == "flag" and appraisal.facts.waived[x.rule][i] and x.met is False
            verdict = MET[x.met] + (" – Hội đồng bỏ qua" if waived else "")
            tone = {False: "raised", None: "unknown"}.get(x.met, "")
            rows.append(line(rule, wording.condition(appraisal.book, x), wording.found(appraisal.book, x),
                             wording.asked(appraisal.book, x), Entry(verdict, tone), x.clause,
                             "; ".join(t for t in (x.note, x.source) if t)))
    return Printed("truong-hop", "Trường hợp III.2: số liệu và căn cứ",
                 headings("Trường hợp", "Nội dung", "Thực hiện / chỉ tiêu", "Mức cần đạt", "Kết luận", "Điều khoản",
                          "Ghi chú, nguồn"), tuple(rows),
                 ("Đúng bằng mức là đạt. Thiếu số liệu thì không kết luận. Tỷ lệ in ra làm tròn xuống; so trên số nguyên.",))


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
        rows.append(line(reading.label, reading.clause, reading.sentence, in_force, "; ".join(others), results, nominations))
    return Printed("cach-hieu", "Các cách hiểu đang dùng",
                 headings("Nội dung", "Điều khoản", "Câu trong kế hoạch", "Đang hiểu là", "Có thể hiểu khác",
                          Heading("Số kết quả đổi theo", "number"), Heading("Số đề cử đổi theo", "number")), tuple(rows),
                 (f"Đếm trên {len(members)} đơn vị của trang này.",))
