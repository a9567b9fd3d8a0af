"""What came of the year, in sentences: how many of each class, who stands first, what was and is to be decided."""

from __future__ import annotations

from collections.abc import Iterable

from ..answers.appraisal import Appraisal
from ..answers.readings import OUTCOMES, outcome_of
from ..rows import Cluster
from ..year.council import WITHDRAW
from . import wording
from .chain import decisions_on, ledger_of
from .council import items, names
from .why import ahead_of


def summary(appraisal: Appraisal, members: list[int]) -> list[str]:
    """The outcome, who stands first, and what was and is to be decided: three sentences."""
    return [outcome(appraisal, members), _first(appraisal, members), _waiting(appraisal, [members])]


def whole_year(appraisal: Appraisal) -> list[str]:
    """The same of all units: the outcome, of how many; the clusters that are absent; the nominees; what is to be decided."""
    nominees = [i for i in appraisal.everyone if appraisal.nominee[i]]
    said = (f"{len(nominees)} đơn vị được xem xét Nhất, Nhì, Ba: {_and(names(appraisal, nominees))}." if nominees else
            "Không có đơn vị nào được xem xét Nhất, Nhì, Ba.")
    return [f"{of_all(appraisal)}: {_counted(appraisal, appraisal.everyone)}.",
            *(f"{text}." for text in absent(appraisal).values()), said, _waiting(appraisal, by_cluster(appraisal))]


def by_cluster(appraisal: Appraisal) -> list[list[int]]:
    """The units of each cluster that stands, in order of rank."""
    return [appraisal.members(one.cluster) for one in appraisal.year.clusters]


def of_all(appraisal: Appraisal) -> str:
    """Out of how many units a count of the whole year is: `15 đơn vị`, `11 trong 15 đơn vị` where clusters are absent."""
    here, listed = len(appraisal.year.units), len(appraisal.year.all_units)
    return f"{here} đơn vị" if here == listed else f"{here} trong {listed} đơn vị"


def absent(appraisal: Appraisal) -> dict[str, str]:
    """The clusters left out for their faults, each as it is said wherever its units would stand: `THIẾU: Cụm 2 (3 lỗi)`."""
    return {cluster: f"THIẾU: {appraisal.year.cluster(cluster).name} ({len(reasons)} lỗi)"
            for cluster, reasons in appraisal.year.failed.items()}


def clusters(appraisal: Appraisal) -> list[Cluster]:
    """The clusters a page of the whole year names, in the order of `clusters.csv`: those that stand and the absent ones."""
    standing = {one.cluster: one for one in appraisal.year.clusters}
    return [standing.get(one.cluster, one) for one in appraisal.year.all_clusters
            if one.cluster in standing or one.cluster in appraisal.year.failed]


def outcome(appraisal: Appraisal, members: list[int]) -> str:
    """How many of each class: `2 Xuất sắc, 1 Khá, 1 Trung bình (tạm tính 1).`"""
    best = wording.outcome_label(appraisal.book, OUTCOMES[0])
    none = "" if tally(appraisal, members)[0][best] else f"Chưa có đơn vị {best}: "
    return f"{none}{_counted(appraisal, members)}."


def _counted(appraisal: Appraisal, members) -> str:
    counts, waiting = tally(appraisal, members)
    said = ", ".join(f"{n} {label}" for label, n in counts.items() if n) or "chưa có đơn vị nào"
    return said + (f"; trong đó {waiting} tạm tính" if waiting else "")


def tally(appraisal: Appraisal, members: Iterable[int]) -> tuple[dict[str, int], int]:
    """Units by what they get, in the order of classes, then without class, then not considered; and how many provisional."""
    j, members = appraisal.judgement, list(members)
    names = [outcome_of(j, i) for i in members]
    return {wording.outcome_label(appraisal.book, name): names.count(name) for name in OUTCOMES}, \
        sum(bool(j.provisional[i]) for i in members)


def _first(appraisal: Appraisal, members) -> str:
    first = [i for i in members if appraisal.ranks[i] == 1]
    if not first:
        return "Không có đơn vị nào trong cụm được xếp thứ tự."
    then = ("được xem xét Nhất, Nhì, Ba cấp tỉnh (III.1)" if any(appraisal.nominee[i] for i in first) else
            "chưa phải loại Xuất sắc nên cụm không có đơn vị được xem xét Nhất, Nhì, Ba (III.1)")
    if len(first) > 1:
        return (f"{_and(names(appraisal, first))} cùng đứng đầu cụm (bằng nhau ở mọi tiêu chí xếp thứ tự), "
                f"đề nghị Hội đồng phân định; {then}.")
    return f"{appraisal.unit(first[0]).name} đứng đầu cụm{ahead_of(appraisal, first[0])}; {then}."


def _waiting(appraisal: Appraisal, clusters: list[list[int]]) -> str:
    everyone, asked = [i for members in clusters for i in members], len(items(appraisal, clusters))
    decided = sum(len(decisions_on(appraisal, i)) for i in everyone)
    withdrawn = sum(one.decision.decision == WITHDRAW for i in everyone for one in ledger_of(appraisal, i))
    said = f"đã quyết định {decided} nội dung" if decided else f"{'không còn' if withdrawn else 'chưa có'} quyết định nào"
    return (f"Hội đồng {said}{f' (đã rút lại {withdrawn})' if withdrawn else ''}, "
            f"{f'cần cho ý kiến {asked} nội dung' if asked else 'không còn nội dung nào cần cho ý kiến'}.")


def _and(names: list[str]) -> str:
    return " và ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
