"""The province in rows and columns: all units, who leads, how many of each class, where points are lost, part II."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ..answers.appraisal import Appraisal, class_name
from ..terms import CLASSES, KAD, MET, RANKING_KEYS, UNKNOWN, A, number, percent
from .cluster import STANDING, class_cell, legend, standing
from .table import Cell, Column, Row, Table
from .table import band as _band
from .table import row as _row


def nominees(appraisal: Appraisal) -> Table:
    """Who leads each cluster, and whether the plan lets it be considered for Nhất, Nhì, Ba."""
    rows = []
    for cluster in appraisal.year.clusters:
        leaders = [i for i in appraisal.members(cluster.cluster) if appraisal.ranks[i] == 1]
        for i in leaders:
            ahead = RANKING_KEYS.get(appraisal.ahead_by[i] or "", "không có đơn vị đứng sau")
            words = ["đồng hạng, Hội đồng phân định"] if appraisal.tied[i] else []
            words += ["tạm tính"] if appraisal.judgement.provisional[i] else []
            words += [f"tùy cách hiểu {appraisal.book.readings[r].clause} ({appraisal.book.readings[r].label})"
                      for r in appraisal.alternatives.nominee_hinges(i)]
            verdict = Cell("được xem xét", "excellent") if appraisal.nominee[i] else Cell("không: chưa phải Xuất sắc", "none")
            rows.append(_row(cluster.name, appraisal.unit(i).name,
                             class_cell(appraisal, i, appraisal.judgement.final_class), ahead, verdict, "; ".join(words)))
        if not leaders:
            rows.append(_row(cluster.name, None, None, None, Cell("không có đơn vị được xếp thứ tự", "none"), ""))
    return Table("dan-dau", "Đơn vị dẫn đầu các cụm, được xem xét Nhất, Nhì, Ba cấp tỉnh",
                 (Column("Cụm"), Column("Đơn vị dẫn đầu"), Column("Xếp loại"), Column("Hơn đơn vị sau ở"),
                  Column("Nhất, Nhì, Ba"), Column("Lưu ý")), tuple(rows),
                 ("Kế hoạch không nói cụm được dẫn đầu theo tiêu chí nào. Phần mềm không phân định Nhất, Nhì, Ba.",))


def distribution(appraisal: Appraisal) -> Table:
    """How many units of each class, cluster by cluster."""
    rows = []
    for cluster in appraisal.year.clusters:
        rows.append(_row(cluster.name, *_class_counts(appraisal, appraisal.members(cluster.cluster))))
    rows.append(_row("Toàn tỉnh", *_class_counts(appraisal, range(len(appraisal.facts.units)))))
    labels = [rung.label for rung in appraisal.book.classes.values()]
    return Table("phan-bo", "Số đơn vị theo xếp loại",
                 (Column("Cụm"), *(Column(label, "number") for label in (*labels, "Chưa xếp loại", "Không xét"))), tuple(rows))


def _class_counts(appraisal: Appraisal, members: Iterable[int]) -> list[int]:
    j = appraisal.judgement
    names = [class_name(j.final_class[i]) or ("none" if j.considered[i] else "out") for i in members]
    return [names.count(name) for name in (*CLASSES, "none", "out")]


def lost_points(appraisal: Appraisal) -> Table:
    """Criteria without an A, by unit and area (KAD left out)."""
    found = list(losses(appraisal))
    rows = [_row(unit.name, *(lost[i] for _, _, lost in found), sum(lost[i] for _, _, lost in found))
            for i, unit in enumerate(appraisal.year.units)]
    rows.append(_row("Cộng", *(sum(lost) for _, _, lost in found), sum(sum(lost) for _, _, lost in found)))
    return Table("mat-diem", "Số tiêu chí chưa đạt điểm A theo nội dung thi đua",
                 (Column("Đơn vị"), *(Column(f"{area} ({len(places)} tiêu chí)", "number") for area, places, _ in found),
                  Column("Cộng", "number")),
                 tuple(rows), ("Gồm B, C và chưa chấm; không tính tiêu chí không áp dụng.",))


def losses(appraisal: Appraisal) -> Iterator[tuple[str, list[int], list[int]]]:
    """For each area: its criteria (places from 0) and, for each unit, how many of them are no A and not KAD."""
    standing = appraisal.facts.rounds.standing
    areas: dict[str, list[int]] = {}
    for criterion in appraisal.year.criteria:
        areas.setdefault(criterion.area, []).append(criterion.criterion - 1)
    for area in sorted(areas):
        grades = standing[:, areas[area]]
        yield area, areas[area], [int(n) for n in ((grades != A) & (grades != KAD)).sum(axis=1)]


def targets(appraisal: Appraisal) -> Table:
    """Part II targets summed over the province; what is not known is said to be unknown."""
    rows = []
    for target in appraisal.book.targets.values():
        found, verdict = progress(appraisal, target)
        rows.append(_row(target.label, target.clause, _asked(target), found,
                         Cell(MET[verdict] if target.value is not None else "theo dõi", "unknown" if verdict is None else ""),
                         target.note))
    return Table("chi-tieu", "Chỉ tiêu phần II",
                 (Column("Chỉ tiêu"), Column("Điều khoản"), Column("Mức"), Column("Thực hiện"), Column("Kết luận"),
                  Column("Ghi chú")), tuple(rows), ("Chỉ tiêu phần II không dùng để xếp loại.",))


def _asked(target) -> str:
    if target.value is None:
        return "kế hoạch không nêu con số"
    if target.kind == "per_mille_of_population":
        return f"{number(target.value // 10)},{target.value % 10} %"
    return f"{number(target.value)} %" if target.kind.startswith("percent") else number(target.value)


def progress(appraisal: Appraisal, target) -> tuple[str, bool | None]:
    """How far a part II target is: the words, and met / not met / not knowable."""
    f, units = appraisal.facts, appraisal.year.units
    if target.kind == "no_number":
        return UNKNOWN, None
    if target.kind == "each_branch":
        short = sum(b.fund is not None and b.fund < target.value for b in appraisal.year.branches)
        blank = sum(b.fund is None for b in appraisal.year.branches)
        total = len(appraisal.year.branches)
        words = f"{total - short - blank}/{total} Hội cơ sở đạt" + (f", {blank} chưa ghi" if blank else "")
        gone = [u.name for i, u in enumerate(units) if not f.branches[i]] + _failed(appraisal)
        return _without(words, gone), False if short else None if blank or gone or not total else True
    actual = f.actual[target.indicator]
    if target.kind == "each_unit":
        reached = int((actual.known & (actual.value >= target.value)).sum())
        blank = int((~actual.known).sum())
        words = f"{reached}/{len(units)} đơn vị đạt" + (f", {blank} chưa có số liệu" if blank else "")
        gone = _failed(appraisal)
        return _without(words, gone), False if reached + blank < len(units) else None if blank or gone or not units else True
    missing = [u.name for u, known in zip(units, actual.known, strict=True) if not known]
    part = int(actual.value.sum())
    if target.kind == "sum":
        whole, met = target.value, part >= target.value
        words = f"{number(part)} ({percent(part, whole)})"
    else:
        if target.kind == "per_mille_of_population":
            known = np.array([u.population is not None for u in units], bool)
            values = np.array([u.population or 0 for u in units], np.int64)
            scale = 1000
        else:
            column = (f.target if target.kind == "percent_of_target" else f.actual)[target.of]
            known, values, scale = column.known, column.value, 100
        missing = [u.name for u, a, b in zip(units, actual.known, known, strict=True) if not (a and b)]
        both = actual.known & known
        part, whole = int(actual.value[both].sum()), int(values[both].sum())
        met = whole > 0 and scale * part >= target.value * whole
        words = f"{number(part)} / {number(whole)} ({_exact_percent(part, whole)})"
    gone = missing + _failed(appraisal)
    return _without(words, gone), met if not gone or met and target.kind == "sum" else None


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


def standings(appraisal: Appraisal) -> Table:
    """All units, cluster by cluster."""
    rows: list[Row] = []
    for cluster in appraisal.year.clusters:
        rows += [_band(cluster.name), *(standing(appraisal, i) for i in appraisal.members(cluster.cluster))]
    return Table("toan-tinh", "Toàn tỉnh theo cụm", STANDING, tuple(rows), (legend(appraisal),))
