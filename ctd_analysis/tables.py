"""What a reader sees in rows and columns: the standings, the evidence, the grades, the rules and sources.

Nothing is judged or counted anew here; cells are words and numbers read off an `Appraisal`. The province and the inputs have
their tables in `overview`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import numpy as np

from .answers.appraisal import Appraisal, class_name
from .table import Cell, Column, Row, Table
from .table import band as _band
from .table import row as _row
from .terms import BLANK, FLAGS, GRADES, MET, METHODS, RANKING_KEYS, A, C, percent
from .words import wording


def class_cell(appraisal: Appraisal, i: int, classes: np.ndarray, considered: bool | None = None) -> Cell:
    """A unit's class in words, with its tone."""
    name = class_name(classes[i])
    is_considered = bool(appraisal.judgement.considered[i]) if considered is None else considered
    return Cell(wording.class_label(appraisal.book, name, is_considered), name or "none")


# ---------------------------------------------------------------- one line a unit

_STANDING = (Column("Thứ tự", "number"), Column("Đơn vị"), Column("A", "number"), Column("B", "number"),
             Column("C", "number"), Column("KAD", "number"), Column("Chưa chấm", "number"), Column("Điểm quy đổi", "number"),
             Column("Hội cơ sở từ Khá trở lên"), Column("Loại theo điểm (III.1)"), Column("Trường hợp III.2"),
             Column("Đề nghị"), Column("Sau quyết định"), Column("Ghi chú"))


def ranking(appraisal: Appraisal, cluster: str) -> Table:
    """The table a session goes by: one line a unit, with an empty column for the Council."""
    rows = tuple(_standing(appraisal, i, blank=True) for i in appraisal.members(cluster))
    order = ", ".join(RANKING_KEYS[key] for key in appraisal.book.ranking.order)
    return Table("xep-loai", "Xếp loại và thứ tự trong cụm", (*_STANDING, Column("Ý kiến Hội đồng", "blank")), rows,
                 (f"Thứ tự trong cụm theo: {order}. {appraisal.book.ranking.note}", legend(appraisal),
                  "Điểm quy đổi không cộng vào số điểm A. Xếp loại là đề nghị, Hội đồng quyết định."))


def province(appraisal: Appraisal) -> Table:
    """All units, cluster by cluster."""
    rows: list[Row] = []
    for cluster in appraisal.year.clusters:
        rows += [_band(cluster.name), *(_standing(appraisal, i) for i in appraisal.members(cluster.cluster))]
    return Table("toan-tinh", "Toàn tỉnh theo cụm", _STANDING, tuple(rows), (legend(appraisal),))


def _standing(appraisal: Appraisal, i: int, blank: bool = False) -> Row:
    f, j, unit = appraisal.facts, appraisal.judgement, appraisal.unit(i)
    rank = appraisal.ranks[i]
    base = Cell(wording.class_label(appraisal.book, class_name(j.placement.base_class[i])),
                class_name(j.placement.base_class[i]) or "none")
    cells = (Cell(f"{rank} (đồng hạng)") if appraisal.tied[i] else Cell("–" if rank is None else str(rank), value=rank),
             unit.name, f.a[i], f.b[i], f.c[i], f.not_applicable[i], f.ungraded[i], f.converted[i], _share(f, i), base,
             flags_cell(appraisal, i), class_cell(appraisal, i, j.proposed_class), class_cell(appraisal, i, j.final_class),
             "; ".join(remarks(appraisal, i)), *([Cell("")] if blank else []))
    return _row(*cells, id=unit.unit)


def _share(f, i) -> Cell:
    good, total = int(f.branches_good[i]), int(f.branches[i])
    return Cell(f"{good}/{total} ({percent(good, total)})") if total else Cell("chưa có danh sách", "unknown")


def flags_cell(appraisal: Appraisal, i: int) -> Cell:
    """The flags a unit carries: raised, waived, added by the Council, not known."""
    j, f, rules = appraisal.judgement, appraisal.facts, appraisal.book.flags
    raised = [rules[flag].short + (" (bỏ qua)" if f.waived[flag][i] else "") for flag in FLAGS if j.flags[flag].yes[i]]
    raised += ["Hội đồng thêm"] * int(f.downgrades[i])
    unknown = [rules[flag].short for flag in FLAGS if j.flags[flag].unknown[i]]
    words = [*raised, *([f"chưa rõ: {', '.join(unknown)}"] if unknown else [])]
    return Cell("; ".join(words) or "không", "raised" if raised else "unknown" if unknown else "")


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

def evidence(appraisal: Appraisal, members: list[int]) -> Table:
    """III.2 looked at number by number, unit by unit."""
    rows: list[Row] = []
    for i in members:
        rows.append(_band(appraisal.unit(i).name))
        for x in appraisal.findings[appraisal.facts.units[i]]:
            if x.part == "ladder":
                continue
            rule = appraisal.book.flags[x.rule].short if x.part == "flag" else "Được xét (III.2.1)"
            waived = x.part == "flag" and appraisal.facts.waived[x.rule][i] and x.met is False
            verdict = MET[x.met] + (" – Hội đồng bỏ qua" if waived else "")
            rows.append(_row(rule, wording.condition(appraisal.book, x), wording.found(appraisal.book, x),
                             wording.asked(appraisal.book, x), Cell(verdict, {False: "raised", None: "unknown"}.get(x.met, "")),
                             x.clause, "; ".join(t for t in (x.note, x.source) if t)))
    return Table("truong-hop", "Trường hợp III.2: số liệu và căn cứ",
                 (Column("Trường hợp"), Column("Nội dung"), Column("Thực hiện / chỉ tiêu"), Column("Mức cần đạt"),
                  Column("Kết luận"), Column("Điều khoản"), Column("Ghi chú, nguồn")), tuple(rows),
                 ("Đúng bằng mức là đạt. Thiếu số liệu thì không kết luận. Tỷ lệ in ra làm tròn xuống; so trên số nguyên.",))


def verified(appraisal: Appraisal, cluster: str) -> Table:
    """How much of each unit's grades was looked at, and how; where the lead graded its own unit."""
    rows = []
    lead = next(c.lead for c in appraisal.year.clusters if c.cluster == cluster)
    for i in appraisal.members(cluster):
        unit = appraisal.unit(i).unit
        looked = [a for a in appraisal.year.appraisal if a.unit == unit and a.grade]
        by = {method: sum(a.method == method for a in looked) for method in METHODS}
        changed = int((appraisal.facts.rounds.looked_at[i] &
                       (appraisal.facts.rounds.appraised[i] != appraisal.facts.rounds.cluster[i])).sum())
        rows.append(_row(appraisal.unit(i).name, f"đã thẩm định {len(looked)}/{appraisal.book.criteria}", by["van-ban"],
                         by["thuc-te"], by[""], changed, "cụm trưởng chấm chính đơn vị mình" if unit == lead else ""))
    return Table("tham-dinh", "Đã thẩm định đến đâu",
                 (Column("Đơn vị"), Column("Thẩm định"), Column("Trên văn bản", "number"), Column("Thực tế", "number"),
                  Column("Chưa ghi cách", "number"), Column("Đổi điểm", "number"), Column("Lưu ý")), tuple(rows))


def differences(appraisal: Appraisal, members: list[int]) -> Table:
    """Where self, cluster and appraisal do not say the same."""
    rounds, rows = appraisal.facts.rounds, []
    for i in members:
        unit = appraisal.unit(i).unit
        own, given, changed = rounds.self[i], rounds.cluster[i], rounds.appraised[i]
        differ = ((own != BLANK) & (own != given)) | ((changed != BLANK) & (changed != given))
        found = [_row(f"{k + 1}", appraisal.year.criteria[k].title, _grade(own[k]), _grade(given[k]), _looked_at(changed[k]),
                      _remark(appraisal, unit, k + 1)) for k in map(int, np.flatnonzero(differ))]
        if found:
            rows += [_band(appraisal.unit(i).name), *found]
    return Table("khac-nhau", "Nơi tự chấm, cụm chấm và thẩm định khác nhau",
                 (Column("TC", "number"), Column("Tiêu chí"), Column("Tự chấm"), Column("Cụm chấm"), Column("Thẩm định"),
                  Column("Giải trình")), tuple(rows), empty="Không có tiêu chí nào khác nhau.")


def _remark(appraisal: Appraisal, unit: str, criterion: int) -> str:
    """What is written beside a grade: the note, the appraisal's reason and how it looked."""
    look = appraisal.looks.get((unit, criterion))
    words = [appraisal.notes.get((unit, criterion), ""), *([look.reason, METHODS[look.method]] if look else [])]
    return "; ".join(word for word in words if word)


def own_grades(appraisal: Appraisal, i: int) -> Table:
    """One unit's grades in the three rounds, criterion by criterion."""
    rounds, unit, rows = appraisal.facts.rounds, appraisal.facts.units[i], []
    for criterion in sorted(appraisal.year.criteria):
        k = criterion.criterion - 1
        rows.append(_row(f"{k + 1}", criterion.title, _grade(rounds.self[i, k]), _grade(rounds.cluster[i, k]),
                         _looked_at(rounds.appraised[i, k]), _grade(rounds.standing[i, k]), _remark(appraisal, unit, k + 1)))
    return Table("diem", "Điểm từng tiêu chí qua ba lần chấm",
                 (Column("TC", "number"), Column("Tiêu chí"), Column("Tự chấm"), Column("Cụm chấm"), Column("Thẩm định"),
                  Column("Mức được tính"), Column("Ghi chú, giải trình")), tuple(rows),
                 ("Mức được tính là mức cụm chấm, đã sửa theo thẩm định; không bao giờ lấy mức tự chấm thay cho ô trống.",))


#: Columns that tell how lenient each side was.
LENIENT = (Column("Cụm chấm cao hơn tự chấm", "number"), Column("Cụm chấm thấp hơn tự chấm", "number"),
            Column("Thẩm định nâng", "number"), Column("Thẩm định hạ", "number"), Column("Đã thẩm định", "number"))


def leniency(appraisal: Appraisal, members: list[int]) -> Table:
    """How lenient each side was, area by area: who graded higher than whom, counted over A, B and C."""
    areas: dict[str, list[int]] = {}
    for criterion in appraisal.year.criteria:
        areas.setdefault(criterion.area, []).append(criterion.criterion - 1)
    rows = [_row(f"{area} ({len(places)} tiêu chí)", *lenient(appraisal, members, places))
            for area, places in sorted(areas.items())]
    everything = list(range(appraisal.book.criteria))
    return Table("do-rong", "Các lần chấm rộng, chặt đến đâu theo nội dung thi đua", (Column("Nội dung"), *LENIENT),
                 (*rows, _row("Cộng", *lenient(appraisal, members, everything))),
                 ("Đếm số ô điểm A, B, C; cao hơn là gần A hơn. KAD và ô chưa chấm không tính.",))


def lenient(appraisal: Appraisal, members: list[int], places: list[int]) -> list[int]:
    """The five counts of `LENIENT` over some units and criteria (places from 0)."""
    rounds = appraisal.facts.rounds
    own, given, looked = (r[np.ix_(members, places)] for r in (rounds.self, rounds.cluster, rounds.appraised))

    def letters(*grids):
        return np.all([(g >= A) & (g <= C) for g in grids], axis=0)

    both, changed = letters(own, given), letters(given, looked)
    return [int(n) for n in ((both & (given < own)).sum(), (both & (given > own)).sum(), (changed & (looked < given)).sum(),
                             (changed & (looked > given)).sum(), (looked != BLANK).sum())]


def all_grades(appraisal: Appraisal) -> Table:
    """Every unit's grades in the three rounds, one unit under the other."""
    own = [own_grades(appraisal, i) for i in range(len(appraisal.facts.units))]
    rows = tuple(row for unit, table in zip(appraisal.year.units, own, strict=True) for row in (_band(unit.name), *table.rows))
    columns = own[0].columns if own else (Column("TC", "number"),)
    return Table("diem", "Điểm từng tiêu chí qua ba lần chấm", columns, rows)


def _grade(code: int) -> Cell:
    grade = GRADES[code]
    return Cell(grade or "–", f"grade-{grade.lower()}" if grade else "unknown")


def _looked_at(code: int) -> Cell:
    """An appraised grade; a criterion nobody looked at lacks nothing."""
    return _grade(code) if code != BLANK else Cell("–")


def matrix(appraisal: Appraisal, cluster: str) -> Table:
    """The criteria × units grades that count, by area; a grade the appraisal changed shows both."""
    rounds, members, rows = appraisal.facts.rounds, appraisal.members(cluster), []
    standing, area = rounds.standing, None
    for k, criterion in enumerate(sorted(appraisal.year.criteria)):
        if criterion.area != area:
            area = criterion.area
            rows.append(_band(f"Nội dung {area}"))
        rows.append(_row(f"{criterion.criterion}", criterion.title,
                         *(_standing_grade(rounds, standing, i, k) for i in members)))
    return Table("ma-tran", f"Điểm {appraisal.book.criteria} tiêu chí",
                 (Column("TC", "number"), Column("Tiêu chí"), *(Column(appraisal.unit(i).name) for i in members)), tuple(rows),
                 ("Dấu → là điểm cụm chấm được thẩm định đổi; dấu – là chưa chấm.",))


def _standing_grade(rounds, standing, i, k) -> Cell:
    cell = _grade(standing[i, k])
    if rounds.appraised[i, k] != BLANK and rounds.appraised[i, k] != rounds.cluster[i, k]:
        return Cell(f"{_grade(rounds.cluster[i, k]).text}→{cell.text}", cell.tone)
    return cell


# ---------------------------------------------------------------- rules and sources

def readings(appraisal: Appraisal, members: list[int]) -> Table:
    """Every reading, which option is in force, and how many of the members' results hang on it."""
    alternatives, rows = appraisal.alternatives, []
    for id, reading in appraisal.book.readings.items():
        chosen = appraisal.book.chosen[id]
        others = [text for option, text in reading.options.items() if option != chosen]
        lines = [row for row, (r, _) in enumerate(alternatives.switched) if r == id]
        results = int(alternatives.moves[lines].any(axis=0)[members].sum())
        nominations = int(alternatives.moves_nomination[lines].any(axis=0)[members].sum())
        by_default = chosen == next(iter(reading.options))
        in_force = Cell(reading.options[chosen]) if by_default else Cell(f"{reading.options[chosen]} (khác mặc định)", "raised")
        rows.append(_row(reading.label, reading.clause, reading.sentence, in_force, "; ".join(others), results, nominations))
    return Table("cach-hieu", "Các cách hiểu đang dùng",
                 (Column("Nội dung"), Column("Điều khoản"), Column("Câu trong kế hoạch"), Column("Đang hiểu là"),
                  Column("Có thể hiểu khác"), Column("Số kết quả đổi theo", "number"),
                  Column("Số đề cử đổi theo", "number")), tuple(rows), (f"Đếm trên {len(members)} đơn vị của trang này.",))


#: Tables of the session: all clusters' rows in one file, of which a cluster's page rests on its own.
_SESSION = ("appraisal.csv", "decisions.csv")


def sources(appraisal: Appraisal, cluster: str | None = None) -> Table:
    """Every file the page rests on, with its SHA-256."""
    year = appraisal.year
    rows = [_row(s.file, s.sha256) for s in year.sources if cluster is None
            or s.cluster in (None, cluster) and s.file not in _SESSION]
    if cluster is not None:
        units = {u.unit for u in year.units if u.cluster == cluster}
        for file, records in zip(_SESSION, (year.appraisal, year.decisions), strict=True):
            own = [[str(value) for value in row[:-1]] for row in records if row.unit in units]
            rows.append(_row(f"{file} ({len(own)} dòng của cụm)",
                             hashlib.sha256(json.dumps(own, ensure_ascii=False).encode()).hexdigest()))
    from . import __version__
    return Table("nguon", "Nguồn số liệu", (Column("Tệp"), Column("SHA-256", "mono")), tuple(rows),
                 (f"Quy định: {appraisal.book.plan.title}; {appraisal.book.plan.criteria_source}. "
                  f"Phiên bản ctd-analysis {__version__}.",))
