"""Grades in rows and columns: the three rounds, where they differ, how much was looked at, how lenient each side was."""

from __future__ import annotations

from functools import cache
from itertools import groupby

import numpy as np

from ..answers.appraisal import Appraisal
from ..terms import BLANK, GRADES, KAD, METHODS, TRIAL, A, C
from ..words import why
from .printed import Entry, Printed, banded, line, lines_in, numeric, table


def leniency_of_clusters(appraisal: Appraisal) -> Printed:
    """How lenient each side was: a line a cluster, cells as `LENIENT` counts them."""
    rows = tuple(line(c.name, *lenient(appraisal, appraisal.members(c.cluster))) for c in appraisal.year.clusters)
    return table("do-rong", "Chênh lệch giữa tự chấm, cụm chấm, thẩm định ở từng cụm", ("Cụm", *LENIENT), rows,
                 folded="Chênh lệch giữa tự chấm, cụm chấm, thẩm định")


def verified(appraisal: Appraisal, cluster: str) -> Printed:
    """How many of each unit's criteria were looked at, and how (III.1); where the lead graded its own unit. A line a unit."""
    rows = []
    for i in appraisal.members(cluster):
        unit = appraisal.unit(i).unit
        looked = [a for a in appraisal.year.appraisal if a.unit == unit and a.grade]
        by = {method: sum(a.method == method for a in looked) for method in METHODS}
        rounds = appraisal.facts.rounds
        changed = int((rounds.looked_at[i] & (rounds.appraised[i] != rounds.cluster[i])).sum())
        rows.append(line(appraisal.unit(i).name, f"đã thẩm định {len(looked)}/{appraisal.book.criteria}", by["van-ban"],
                         by["thuc-te"], by[""], changed, "cụm trưởng chấm chính đơn vị mình" if appraisal.is_lead(i) else ""))
    return table("tham-dinh", "Đã thẩm định đến đâu",
                 ("Đơn vị", "Thẩm định", numeric("Kiểm tra văn bản"), numeric("Kiểm tra thực tế"),
                  numeric("Chưa ghi phương pháp"), numeric("Đổi điểm"), "Lưu ý"), rows, folded="Đã thẩm định đến đâu")


def differences(appraisal: Appraisal, members: list[int]) -> Printed:
    """A line a criterion on which self, cluster and appraisal do not say the same, under a band for each unit."""
    rounds = appraisal.facts.rounds
    own, given, changed = rounds.self, rounds.cluster, rounds.appraised
    differ = ((own != BLANK) & (own != given)) | ((changed != BLANK) & (changed != given))
    rows = list(banded((appraisal.unit(i).name, [
        line(f"{k + 1}", appraisal.year.criteria[k].title, _grade(own[i, k]), _grade(given[i, k]), _looked_at(changed[i, k]),
             _remark(appraisal, i, k)) for k in np.flatnonzero(differ[i])]) for i in members))
    return table("khac-nhau", "Nơi tự chấm, cụm chấm và thẩm định khác nhau",
                 (numeric("TC"), "Tiêu chí", "Tự chấm", "Cụm chấm", "Thẩm định", "Giải trình"), rows,
                 empty="Không có tiêu chí nào khác nhau.",
                 folded=f"Nơi tự chấm, cụm chấm, thẩm định khác nhau: {lines_in(rows)}")


def _remark(appraisal: Appraisal, i: int, k: int) -> str:
    """What is written beside a grade: the note, that it was corrected, the appraisal's reason and how it looked."""
    unit, criterion = appraisal.facts.units[i], int(k) + 1
    look = appraisal.looks.get((unit, criterion))
    words = [appraisal.notes.get((unit, criterion), ""), appraisal.corrected.get(("grades", unit), {}).get(criterion, ""),
             *([look.reason, METHODS[look.method]] if look and look.reason != TRIAL else [])]
    return "; ".join(filter(None, words))


def not_a(appraisal: Appraisal, members: list[int]) -> Printed:
    """The criteria that stand at B, C or nothing, unit by unit, with what is written beside them; KAD left out."""
    standing = appraisal.facts.rounds.standing
    places = {i: np.flatnonzero((standing[i] != A) & (standing[i] != KAD)) for i in members}
    rows = list(banded((f"{appraisal.unit(i).name}: {len(mine)} tiêu chí chưa đạt A", [
        line(f"{k + 1}", appraisal.year.criteria[k].title, _grade(standing[i, k]), _remark(appraisal, i, k)) for k in mine])
        for i, mine in places.items()))
    return table("chua-dat-a", "Tiêu chí chưa đạt A", (numeric("TC"), "Tiêu chí", "Điểm", "Giải trình"), rows,
                 empty="Mọi tiêu chí đều đạt A.", folded=f"Tiêu chí chưa đạt A: {lines_in(rows)}")


def own_grades(appraisal: Appraisal, i: int) -> Printed:
    """One unit's grades in the three rounds, criterion by criterion."""
    rounds = appraisal.facts.rounds
    rows = [line(f"{k + 1}", criterion.title, _grade(rounds.self[i, k]), _grade(rounds.cluster[i, k]),
                 _looked_at(rounds.appraised[i, k]), _grade(rounds.standing[i, k]), _remark(appraisal, i, k))
            for k, criterion in enumerate(sorted(appraisal.year.criteria))]
    return table("diem", "Điểm từng tiêu chí qua ba lần chấm",
                 (numeric("TC"), "Tiêu chí", "Tự chấm", "Cụm chấm", "Thẩm định", "Điểm được tính", "Ghi chú, giải trình"), rows,
                 "Điểm được tính là điểm cụm chấm, đã sửa theo thẩm định; không bao giờ lấy điểm tự chấm thay ô trống.",
                 folded=f"Điểm của {len(rows)} tiêu chí qua ba lần chấm")


#: Columns that tell how lenient each side was.
LENIENT = tuple(map(numeric, ("Cụm chấm cao hơn tự chấm", "Cụm chấm thấp hơn tự chấm", "Thẩm định nâng", "Thẩm định hạ",
                              "Đã thẩm định")))


def leniency(appraisal: Appraisal, members: list[int]) -> Printed:
    """How lenient each side was: a line an area, the last their sum; compared where both sides wrote A, B or C."""
    rows = [line(f"{area} ({len(places)} tiêu chí)", *lenient(appraisal, members, places))
            for area, places in appraisal.year.areas.items()]
    return table("do-rong", "Chênh lệch giữa tự chấm, cụm chấm, thẩm định theo nội dung thi đua", ("Nội dung", *LENIENT),
                 (*rows, line("Cộng", *lenient(appraisal, members))),
                 "Đếm số ô điểm A, B, C; cao hơn là gần A hơn. KAD và ô chưa chấm không tính.",
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
    own = {appraisal.unit(i).name: own_grades(appraisal, i) for i in appraisal.everyone}
    columns = next(iter(own.values())).columns if own else (numeric("TC"),)
    return table("diem", "Điểm từng tiêu chí qua ba lần chấm", columns, banded((name, one.rows) for name, one in own.items()))


@cache
def _grade(code: int) -> Entry:
    grade = GRADES[code]
    return Entry(grade or "–", f"grade-{grade.lower()}" if grade else "unknown")


def _looked_at(code: int) -> Entry:
    """An appraised grade; a criterion nobody looked at lacks nothing."""
    return _grade(code) if code != BLANK else Entry("–")


def matrix(appraisal: Appraisal, cluster: str) -> Printed:
    """The grades that count: a line a criterion under a band an area, a column a unit; one the appraisal changed shows both."""
    rounds, members = appraisal.facts.rounds, appraisal.members(cluster)
    areas = groupby(enumerate(sorted(appraisal.year.criteria)), lambda one: one[1].area)
    rows = banded((f"Nội dung {area}", [line(f"{k + 1}", criterion.title, *(_standing_grade(rounds, i, k) for i in members))
                                        for k, criterion in inside]) for area, inside in areas)
    return table("ma-tran", f"Điểm {appraisal.book.criteria} tiêu chí",
                 (numeric("TC"), "Tiêu chí", *(appraisal.unit(i).name for i in members)), rows,
                 "Dấu → là điểm cụm chấm được thẩm định đổi; dấu – là chưa chấm.",
                 *(f"{appraisal.unit(i).name}, {said}." for i in members for said in why.corrected(appraisal, i, "grades")),
                 folded=f"Điểm toàn bộ {appraisal.book.criteria} tiêu chí")


def _standing_grade(rounds, i, k) -> Entry:
    cell = _grade(rounds.standing[i, k])
    if rounds.appraised[i, k] != BLANK and rounds.appraised[i, k] != rounds.cluster[i, k]:
        return Entry(f"{_grade(rounds.cluster[i, k]).text}→{cell.text}", cell.tone)
    return cell
