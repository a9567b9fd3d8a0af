"""Grades in rows and columns: the three rounds, where they differ, how much was looked at, how lenient each side was."""

from __future__ import annotations

from functools import cache

import numpy as np

from ..answers.appraisal import Appraisal
from ..terms import BLANK, GRADES, KAD, METHODS, TRIAL, A, C
from ..words import why
from .printed import Entry, Heading, Printed, band, headings, line


def leniency_of_clusters(appraisal: Appraisal) -> Printed:
    """How lenient each side was: a line a cluster, cells as `LENIENT` counts them."""
    rows = tuple(line(c.name, *lenient(appraisal, appraisal.members(c.cluster))) for c in appraisal.year.clusters)
    return Printed("do-rong", "Chênh lệch giữa tự chấm, cụm chấm, thẩm định ở từng cụm", headings("Cụm", *LENIENT), rows,
                   folded="Chênh lệch giữa tự chấm, cụm chấm, thẩm định")


def verified(appraisal: Appraisal, cluster: str) -> Printed:
    """How many of each unit's criteria were looked at, and how (III.1); where the lead graded its own unit. A line a unit."""
    rows = []
    lead = appraisal.year.cluster(cluster).lead
    for i in appraisal.members(cluster):
        unit = appraisal.unit(i).unit
        looked = [a for a in appraisal.year.appraisal if a.unit == unit and a.grade]
        by = {method: sum(a.method == method for a in looked) for method in METHODS}
        changed = int((appraisal.facts.rounds.looked_at[i] &
                       (appraisal.facts.rounds.appraised[i] != appraisal.facts.rounds.cluster[i])).sum())
        rows.append(line(appraisal.unit(i).name, f"đã thẩm định {len(looked)}/{appraisal.book.criteria}", by["van-ban"],
                         by["thuc-te"], by[""], changed, "cụm trưởng chấm chính đơn vị mình" if unit == lead else ""))
    return Printed("tham-dinh", "Đã thẩm định đến đâu",
                 headings("Đơn vị", "Thẩm định", Heading("Kiểm tra văn bản", "number"), Heading("Kiểm tra thực tế", "number"),
                          Heading("Chưa ghi phương pháp", "number"), Heading("Đổi điểm", "number"), "Lưu ý"), tuple(rows),
                 folded="Đã thẩm định đến đâu")


def differences(appraisal: Appraisal, members: list[int]) -> Printed:
    """A line a criterion on which self, cluster and appraisal do not say the same, under a band for each unit."""
    rounds, rows = appraisal.facts.rounds, []
    for i in members:
        unit = appraisal.unit(i).unit
        own, given, changed = rounds.self[i], rounds.cluster[i], rounds.appraised[i]
        differ = ((own != BLANK) & (own != given)) | ((changed != BLANK) & (changed != given))
        found = [line(f"{k + 1}", appraisal.year.criteria[k].title, _grade(own[k]), _grade(given[k]), _looked_at(changed[k]),
                      _remark(appraisal, unit, k + 1)) for k in map(int, np.flatnonzero(differ))]
        if found:
            rows += [band(appraisal.unit(i).name), *found]
    return Printed("khac-nhau", "Nơi tự chấm, cụm chấm và thẩm định khác nhau",
                 headings(Heading("TC", "number"), "Tiêu chí", "Tự chấm", "Cụm chấm", "Thẩm định", "Giải trình"), tuple(rows),
                 empty="Không có tiêu chí nào khác nhau.",
                 folded=f"Nơi tự chấm, cụm chấm, thẩm định khác nhau: {sum(not row.band for row in rows)}")


def _remark(appraisal: Appraisal, unit: str, criterion: int) -> str:
    """What is written beside a grade: the note, that it was corrected, the appraisal's reason and how it looked."""
    look = appraisal.looks.get((unit, criterion))
    words = [appraisal.notes.get((unit, criterion), ""), appraisal.corrected.get(("grades", unit), {}).get(criterion, ""),
             *([look.reason, METHODS[look.method]] if look and look.reason != TRIAL else [])]
    return "; ".join(word for word in words if word)


def not_a(appraisal: Appraisal, members: list[int]) -> Printed:
    """The criteria that stand at B, C or nothing, unit by unit, with what is written beside them; KAD left out."""
    standing, rows = appraisal.facts.rounds.standing, []
    for i in members:
        unit = appraisal.unit(i)
        found = [line(f"{k + 1}", appraisal.year.criteria[k].title, _grade(standing[i, k]),
                      _remark(appraisal, unit.unit, k + 1))
                 for k in map(int, np.flatnonzero((standing[i] != A) & (standing[i] != KAD)))]
        rows += [band(f"{unit.name}: {len(found)} tiêu chí chưa đạt A"), *found] if found else []
    count = sum(not row.band for row in rows)
    return Printed("chua-dat-a", "Tiêu chí chưa đạt A", headings(Heading("TC", "number"), "Tiêu chí", "Điểm", "Giải trình"),
                   tuple(rows), empty="Mọi tiêu chí đều đạt A.", folded=f"Tiêu chí chưa đạt A: {count}")


def own_grades(appraisal: Appraisal, i: int) -> Printed:
    """One unit's grades in the three rounds, criterion by criterion."""
    rounds, unit, rows = appraisal.facts.rounds, appraisal.facts.units[i], []
    for criterion in sorted(appraisal.year.criteria):
        k = criterion.criterion - 1
        rows.append(line(f"{k + 1}", criterion.title, _grade(rounds.self[i, k]), _grade(rounds.cluster[i, k]),
                         _looked_at(rounds.appraised[i, k]), _grade(rounds.standing[i, k]), _remark(appraisal, unit, k + 1)))
    return Printed("diem", "Điểm từng tiêu chí qua ba lần chấm",
                   headings(Heading("TC", "number"), "Tiêu chí", "Tự chấm", "Cụm chấm", "Thẩm định", "Điểm được tính",
                            "Ghi chú, giải trình"), tuple(rows),
                   ("Điểm được tính là điểm cụm chấm, đã sửa theo thẩm định; không bao giờ lấy điểm tự chấm thay ô trống.",),
                   folded=f"Điểm của {len(rows)} tiêu chí qua ba lần chấm")


#: Columns that tell how lenient each side was.
LENIENT = headings(Heading("Cụm chấm cao hơn tự chấm", "number"), Heading("Cụm chấm thấp hơn tự chấm", "number"),
                   Heading("Thẩm định nâng", "number"), Heading("Thẩm định hạ", "number"), Heading("Đã thẩm định", "number"))


def leniency(appraisal: Appraisal, members: list[int]) -> Printed:
    """How lenient each side was: a line an area, the last their sum; compared where both sides wrote A, B or C."""
    rows = [line(f"{area} ({len(places)} tiêu chí)", *lenient(appraisal, members, places))
            for area, places in appraisal.year.areas.items()]
    return Printed("do-rong", "Chênh lệch giữa tự chấm, cụm chấm, thẩm định theo nội dung thi đua",
                   headings("Nội dung", *LENIENT), (*rows, line("Cộng", *lenient(appraisal, members))),
                   ("Đếm số ô điểm A, B, C; cao hơn là gần A hơn. KAD và ô chưa chấm không tính.",),
                   folded="Chênh lệch giữa tự chấm, cụm chấm, thẩm định")


def lenient(appraisal: Appraisal, members: list[int], places: list[int] | None = None) -> list[int]:
    """The five counts of `LENIENT` over some units and criteria (places from 0; all of them where none are named)."""
    rounds, places = appraisal.facts.rounds, range(appraisal.book.criteria) if places is None else places
    own, given, looked = (r[np.ix_(members, places)] for r in (rounds.self, rounds.cluster, rounds.appraised))

    def letters(*grids):
        return np.all([(g >= A) & (g <= C) for g in grids], axis=0)

    both, changed = letters(own, given), letters(given, looked)
    return [int(n) for n in ((both & (given < own)).sum(), (both & (given > own)).sum(), (changed & (looked < given)).sum(),
                             (changed & (looked > given)).sum(), (looked != BLANK).sum())]


def all_grades(appraisal: Appraisal) -> Printed:
    """Every unit's grades in the three rounds, one unit under the other."""
    own = [own_grades(appraisal, i) for i in appraisal.everyone]
    rows = tuple(row for unit, table in zip(appraisal.year.units, own, strict=True) for row in (band(unit.name), *table.rows))
    columns = own[0].columns if own else headings(Heading("TC", "number"))
    return Printed("diem", "Điểm từng tiêu chí qua ba lần chấm", columns, rows)


@cache
def _grade(code: int) -> Entry:
    grade = GRADES[code]
    return Entry(grade or "–", f"grade-{grade.lower()}" if grade else "unknown")


def _looked_at(code: int) -> Entry:
    """An appraised grade; a criterion nobody looked at lacks nothing."""
    return _grade(code) if code != BLANK else Entry("–")


def matrix(appraisal: Appraisal, cluster: str) -> Printed:
    """The grades that count: a line a criterion under a band an area, a column a unit; one the appraisal changed shows both."""
    rounds, members, rows = appraisal.facts.rounds, appraisal.members(cluster), []
    standing, area = rounds.standing, None
    for k, criterion in enumerate(sorted(appraisal.year.criteria)):
        if criterion.area != area:
            area = criterion.area
            rows.append(band(f"Nội dung {area}"))
        rows.append(line(f"{criterion.criterion}", criterion.title,
                         *(_standing_grade(rounds, standing, i, k) for i in members)))
    return Printed("ma-tran", f"Điểm {appraisal.book.criteria} tiêu chí",
                   headings(Heading("TC", "number"), "Tiêu chí", *(appraisal.unit(i).name for i in members)), tuple(rows),
                   ("Dấu → là điểm cụm chấm được thẩm định đổi; dấu – là chưa chấm.",
                    *(f"{appraisal.unit(i).name}, {said}." for i in members for said in why.corrected(appraisal, i, "grades"))),
                   folded=f"Điểm toàn bộ {appraisal.book.criteria} tiêu chí")


def _standing_grade(rounds, standing, i, k) -> Entry:
    cell = _grade(standing[i, k])
    if rounds.appraised[i, k] != BLANK and rounds.appraised[i, k] != rounds.cluster[i, k]:
        return Entry(f"{_grade(rounds.cluster[i, k]).text}→{cell.text}", cell.tone)
    return cell
