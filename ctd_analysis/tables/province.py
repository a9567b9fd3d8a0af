"""The province in rows and columns: all units, who leads, how many of each class, where points are lost, part II."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..answers.appraisal import Appraisal, class_name
from ..plan import targets as part_two
from ..plan.rulebook import Target
from ..plan.targets import Progress
from ..terms import CLASSES, KAD, MET, RANKING_KEYS, UNKNOWN, A, number, percent
from .cluster import STANDING, class_cell, legend, standing
from .printed import Entry, Heading, Line, Printed, band, headings, line


def nominees(appraisal: Appraisal) -> Printed:
    """Who leads each cluster, and whether III.1 lets it be considered for Nhất, Nhì, Ba; ties have a line each."""
    rows = []
    for cluster in appraisal.year.clusters:
        leaders = [i for i in appraisal.members(cluster.cluster) if appraisal.ranks[i] == 1]
        for i in leaders:
            ahead = RANKING_KEYS.get(appraisal.ahead_by[i] or "", "không có đơn vị đứng sau")
            words = ["đồng hạng, Hội đồng phân định"] if appraisal.tied[i] else []
            words += ["tạm tính"] if appraisal.judgement.provisional[i] else []
            words += [f"tùy cách hiểu {appraisal.book.readings[r].clause} ({appraisal.book.readings[r].label})"
                      for r in appraisal.alternatives.nominee_hinges(i)]
            verdict = Entry("được xem xét", "excellent") if appraisal.nominee[i] else Entry("không: chưa phải Xuất sắc", "none")
            rows.append(line(cluster.name, appraisal.unit(i).name,
                             class_cell(appraisal, i, appraisal.judgement.final_class), ahead, verdict, "; ".join(words)))
        if not leaders:
            rows.append(line(cluster.name, None, None, None, Entry("không có đơn vị được xếp thứ tự", "none"), ""))
    return Printed("dan-dau", "Đơn vị dẫn đầu các cụm, được xem xét Nhất, Nhì, Ba cấp tỉnh",
                 headings("Cụm", "Đơn vị dẫn đầu", "Xếp loại", "Hơn đơn vị sau ở", "Nhất, Nhì, Ba", "Lưu ý"), tuple(rows),
                 ("Kế hoạch không nói cụm được dẫn đầu theo tiêu chí nào. Phần mềm không phân định Nhất, Nhì, Ba.",))


def distribution(appraisal: Appraisal) -> Printed:
    """How many units of each final class, undecided, not considered: a line a cluster, the last the province."""
    rows = []
    for cluster in appraisal.year.clusters:
        rows.append(line(cluster.name, *_class_counts(appraisal, appraisal.members(cluster.cluster))))
    rows.append(line("Toàn tỉnh", *_class_counts(appraisal, appraisal.everyone)))
    labels = [rung.label for rung in appraisal.book.classes.values()]
    return Printed("phan-bo", "Số đơn vị theo xếp loại",
                 headings("Cụm", *(Heading(label, "number") for label in (*labels, "Chưa xếp loại", "Không xét"))), tuple(rows))


def _class_counts(appraisal: Appraisal, members: Iterable[int]) -> list[int]:
    j = appraisal.judgement
    names = [class_name(j.final_class[i]) or ("none" if j.considered[i] else "out") for i in members]
    return [names.count(name) for name in (*CLASSES, "none", "out")]


def lost_points(appraisal: Appraisal) -> Printed:
    """Criteria without an A (KAD left out): a line a unit, a column an area, the last of each their sum."""
    found = list(losses(appraisal))
    rows = [line(unit.name, *(lost[i] for _, _, lost in found), sum(lost[i] for _, _, lost in found))
            for i, unit in enumerate(appraisal.year.units)]
    rows.append(line("Cộng", *(sum(lost) for _, _, lost in found), sum(sum(lost) for _, _, lost in found)))
    return Printed("mat-diem", "Số tiêu chí chưa đạt điểm A theo nội dung thi đua",
                 headings("Đơn vị", *(Heading(f"{area} ({len(places)} tiêu chí)", "number") for area, places, _ in found),
                          Heading("Cộng", "number")),
                 tuple(rows), ("Gồm B, C và chưa chấm; không tính tiêu chí không áp dụng.",))


def losses(appraisal: Appraisal) -> Iterator[tuple[str, list[int], list[int]]]:
    """For each area: its criteria (places from 0) and, for each unit, how many of them are no A and not KAD."""
    standing = appraisal.facts.rounds.standing
    for area, places in appraisal.year.areas.items():
        grades = standing[:, places]
        yield area, places, [int(n) for n in ((grades != A) & (grades != KAD)).sum(axis=1)]


def targets(appraisal: Appraisal) -> Printed:
    """A line a part II target: what is asked, how far it is, met, not met or not knowable."""
    rows = []
    for target in appraisal.book.targets.values():
        found, verdict = progress(appraisal, target)
        rows.append(line(target.label, target.clause, _asked(target), found,
                         Entry(MET[verdict] if target.value is not None else "theo dõi", "unknown" if verdict is None else ""),
                         target.note))
    return Printed("chi-tieu", "Chỉ tiêu phần II",
                 headings("Chỉ tiêu", "Điều khoản", "Mức", "Thực hiện", "Kết luận", "Ghi chú"), tuple(rows),
                 ("Chỉ tiêu phần II không dùng để xếp loại.",))


def _asked(target) -> str:
    if target.value is None:
        return "kế hoạch không nêu con số"
    if target.kind == "per_mille_of_population":
        return f"{number(target.value // 10)},{target.value % 10} %"
    return f"{number(target.value)} %" if target.kind.startswith("percent") else number(target.value)


def progress(appraisal: Appraisal, target: Target) -> tuple[str, bool | None]:
    """How far a part II target is: the words, and met / not met / not knowable."""
    year = appraisal.year
    found = part_two.progress(appraisal.facts, target, [b.fund for b in year.branches], [u.population for u in year.units],
                              not year.failed)
    if found is None:
        return UNKNOWN, None
    return _without(_reached(target, found), [year.units[i].name for i in found.missing] + _failed(appraisal)), found.met


def _reached(target: Target, found: Progress) -> str:
    if target.kind.startswith("each_"):
        what, blank = ("Hội cơ sở đạt", "chưa ghi") if target.kind == "each_branch" else ("đơn vị đạt", "chưa có số liệu")
        return f"{found.part}/{found.whole} {what}" + (f", {found.blank} {blank}" if found.blank else "")
    if target.kind == "sum":
        return f"{number(found.part)} ({percent(found.part, found.whole)})"
    return f"{number(found.part)} / {number(found.whole)} ({_exact_percent(found.part, found.whole)})"


def _failed(appraisal: Appraisal) -> list[str]:
    return [f"cụm {cluster}" for cluster in appraisal.year.failed]


def _without(words: str, gone: list[str]) -> str:
    """The words of a target, and whose numbers are not in them."""
    return f"{words}; chưa có số liệu: {', '.join(gone)}" if gone else words


def _exact_percent(part: int, whole: int) -> str:
    if not whole:
        return "–"
    hundredths = 10_000 * part // whole
    return f"{number(hundredths // 100)},{hundredths % 100:02d} %"


def standings(appraisal: Appraisal) -> Printed:
    """All units under the headings of `STANDING`, a band a cluster, each in order of rank."""
    rows: list[Line] = []
    for cluster in appraisal.year.clusters:
        rows += [band(cluster.name), *(standing(appraisal, i) for i in appraisal.members(cluster.cluster))]
    return Printed("toan-tinh", "Toàn tỉnh theo cụm", STANDING, tuple(rows), (legend(appraisal),))
