"""What the Council has to settle, in the order it may want to: holes, ties, unknowns, readings that change a result.

Each item says which sentence of the plan is in question, how it is read now, and what each other reading gives. Nothing is
answered here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..answers.appraisal import Appraisal, class_name
from ..terms import NO_CLASS
from . import wording
from .why import ahead_of, label, label_under, lowered_by, nomination


@dataclass(frozen=True)
class Item:
    """One question, its grounds, and the answers on offer."""
    clause: str
    question: str
    grounds: str
    answers: tuple[str, ...] = ()


def items(appraisal: Appraisal, clusters: list[list[int]]) -> list[Item]:
    """The open questions about some clusters, each given by its units; a reading is asked about once for all of them."""
    everyone = [i for members in clusters for i in members]
    found = [item for members in clusters for item in (*_holes(appraisal, members), *_ties(appraisal, members),
                                                       *_unknowns(appraisal, members), *_rivals(appraisal, members))]
    return [*found, *_readings(appraisal, everyone)]


def summary(appraisal: Appraisal, members: list[int]) -> list[str]:
    """Three sentences: who leads and by what, who is lowered or out and why, what the Council has to settle."""
    return [_leading(appraisal, members), _lowered(appraisal, members), _waiting(appraisal, members)]


def _leading(appraisal: Appraisal, members) -> str:
    first = [i for i in members if appraisal.ranks[i] == 1]
    if not first:
        return "Không có đơn vị nào trong cụm được xếp thứ tự."
    then = ("được xem xét xếp hạng Nhất, Nhì, Ba cấp tỉnh (III.1)" if any(appraisal.nominee[i] for i in first) else
            "chưa phải loại Xuất sắc nên cụm không có đơn vị được xem xét Nhất, Nhì, Ba (III.1)")
    verb = "cùng dẫn đầu cụm, Hội đồng phân định" if len(first) > 1 else "dẫn đầu cụm"
    return f"{_names(appraisal, first)} {verb}{ahead_of(appraisal, first[0])}; {then}."


def _lowered(appraisal: Appraisal, members) -> str:
    j, parts = appraisal.judgement, []
    lowered = [i for i in members if j.considered[i] and j.proposed_class[i] > j.placement.base_class[i]
               and appraisal.facts.given[i] == NO_CLASS]
    if lowered:
        why = "; ".join(f"{appraisal.unit(i).name} ({', '.join(lowered_by(appraisal, i))})" for i in lowered)
        parts.append(f"Đề nghị hạ loại (III.2.2): {why}")
    out = [i for i in members if not j.considered[i]]
    if out:
        parts.append(f"Không xét: {_names(appraisal, out)}")
    return ". ".join(parts or ["Không đơn vị nào bị đề nghị hạ loại hay không được xét"]) + "."


def _waiting(appraisal: Appraisal, members) -> str:
    asked = items(appraisal, [members])
    if not asked:
        return "Không có nội dung nào cần Hội đồng cho ý kiến."
    return f"Hội đồng cần cho ý kiến {len(asked)} nội dung, trước hết: {asked[0].question}."


def _holes(appraisal: Appraisal, members) -> Iterator[Item]:
    j, book = appraisal.judgement, appraisal.book
    reading = book.readings["ladder_gap"]
    for i in members:
        if j.placement.literal_match[i] or not j.considered[i] or appraisal.facts.given[i] != NO_CLASS:
            continue        # fits, or is not asked about, or the Council has given a class already
        band = class_name(j.placement.band[i])
        unmet = [f"{wording.condition(book, x)} cần {wording.asked(book, x)}, {wording.has(book, x)}"
                 for x in appraisal.findings[appraisal.facts.units[i]]
                 if x.part == "ladder" and x.rule == band and not x.met]
        # under the option in force the result stands in the judgement; the others were judged in the sweep
        answers = [f"{reading.options[book.chosen['ladder_gap']]} (đang dùng): {label(appraisal, i, j.final_class)}"]
        answers += [f"{reading.options[option]}: {label_under(appraisal, i, row)}"
                    for row, (r, option) in enumerate(appraisal.alternatives.switched) if r == "ladder_gap"]
        yield Item(reading.clause, f"{appraisal.unit(i).name}: không dòng nào của thang khớp nguyên văn",
                   f"Số điểm A thuộc khoảng {book.classes[band].label} nhưng {'; '.join(unmet)}.", tuple(answers))


def _ties(appraisal: Appraisal, members) -> Iterator[Item]:
    for rank in sorted({appraisal.ranks[i] for i in members if appraisal.tied[i]}):
        tied = [i for i in members if appraisal.ranks[i] == rank]
        leading = " và cùng dẫn đầu cụm" if rank == 1 else ""
        yield Item("III.1", f"{_names(appraisal, tied)} đồng hạng {rank}{leading}",
                   "Các khóa xếp thứ tự đều bằng nhau; kế hoạch không nói cách phân định.")


def _unknowns(appraisal: Appraisal, members) -> Iterator[Item]:
    for i in members:
        missing = appraisal.missing(i)
        if missing:
            yield Item("III.1, III.2", f"{appraisal.unit(i).name}: kết quả tạm tính", f"Còn: {'; '.join(missing)}.")


def _rivals(appraisal: Appraisal, members) -> Iterator[Item]:
    nominees = [i for i in members if appraisal.nominee[i]]
    in_doubt = appraisal.judgement.provisional & appraisal.judgement.considered
    rivals = [i for i in members if in_doubt[i] and i not in nominees]
    if nominees and rivals:
        yield Item("III.1", f"{_names(appraisal, nominees)} được xem xét Nhất, Nhì, Ba trong khi đơn vị khác còn tạm tính",
                   f"Còn thiếu số liệu của {_names(appraisal, rivals)}; khi đủ, thứ tự trong cụm có thể đổi.")


def _names(appraisal: Appraisal, units) -> str:
    return ", ".join(appraisal.unit(i).name for i in units)


def _readings(appraisal: Appraisal, members) -> Iterator[Item]:
    """One question a reading, with every unit it moves."""
    alternatives, book = appraisal.alternatives, appraisal.book
    holes = [i for i in members if not appraisal.judgement.placement.literal_match[i]]
    for id, reading in book.readings.items():
        answers = []
        for row, (switched, option) in enumerate(alternatives.switched):
            if switched != id:
                continue
            asked_above = holes if id == "ladder_gap" else ()
            moved = [i for i in members if alternatives.moves_nomination[row, i]
                     or alternatives.moves[row, i] and i not in asked_above]
            if moved:
                answers.append(f"{reading.options[option]}: " + "; ".join(_moved(appraisal, i, row) for i in moved))
        if answers:
            yield Item(reading.clause, f"{reading.label}: {reading.sentence}",
                       f"Đang hiểu: {reading.options[book.chosen[id]]}. Nếu hiểu khác:", tuple(answers))


def _moved(appraisal: Appraisal, i: int, row: int) -> str:
    words = [*nomination(appraisal, i, row)]
    if appraisal.alternatives.moves[row, i]:
        words.insert(0, f"{label(appraisal, i, appraisal.judgement.final_class)} → {label_under(appraisal, i, row)}")
    return f"{appraisal.unit(i).name} ({', '.join(words)})"
