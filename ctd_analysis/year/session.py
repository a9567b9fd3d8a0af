"""The session's own tables: what the appraisal found, what the Council decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .. import values
from ..rows import Appraised, Decision, Row
from ..sheets import cells
from ..terms import CLASSES, DECISIONS, METHODS
from ..values import Wrong, plain, words
from . import plausible
from .parser import Parser, one_of


def compare_appraised(parser: Parser, appraised: Mapping, given: Mapping) -> None:
    """A notice at each appraised grade in a submission that is not what `appraisal.csv` says, or changes a grade without it."""
    for gathered in parser.appraised:
        for unit, criterion, one in gathered.appraised:
            where = {"cluster": gathered.cluster, "sheet": one.sheet, "cell": one.cell.address, "seen": one.seen}
            name = f"thẩm định của {parser.units[unit].name}, tiêu chí {criterion}"
            try:
                grade = values.grade(cells.grade(one.cell) if one.text is None and not one.read else one.read())
            except Wrong as wrong:
                parser.log.notice(one.file, f"{name}: {wrong}; không đọc", **where)
                continue
            known = appraised.get((unit, criterion))
            if known is not None and grade != known:
                said = f"appraisal.csv ghi {known or 'trống'}"
            elif known is None and grade and grade != given.get((unit, criterion), ""):
                said = "appraisal.csv không có dòng này"
            else:
                continue
            parser.log.notice(one.file, f"{name} là {grade}, {said}; không lấy theo hồ sơ", **where)


def read_appraisal(rows: Iterable[Row], parser: Parser, given: dict) -> Iterator[Appraised]:
    """What the appraisal found; a grade it changes (`given`: the clusters' own) needs a reason."""
    seen = {}
    for row in rows:
        unit = row.take("unit", lambda text: parser.unit(text))
        criterion, grade = row.take("criterion", parser.criterion), row.take("grade", values.grade)
        method = row.take("method", lambda text: one_of(text, METHODS, "cách kiểm tra"))
        reason = words(row.cells["reason"])
        if not row.sound:
            continue
        if (unit, criterion) in seen:
            row.problem("criterion", f"tiêu chí này đã thẩm định ở dòng {seen[unit, criterion]}", "mỗi tiêu chí một dòng")
            continue
        seen[unit, criterion] = row.at.line
        if not grade:
            row.notice("grade", "thẩm định chưa ghi mức điểm: giữ mức cụm chấm")
        elif grade != given.get((unit, criterion), "") and not reason \
                and not any(p.cluster == row.cluster for p in parser.log.problems):
            row.problem("reason", f"thẩm định đổi điểm {given.get((unit, criterion)) or 'trống'} thành {grade} mà không "
                        "ghi lý do", "lý do")
        if row.sound:
            yield Appraised(unit, criterion, grade, method, reason, row.at)


def read_decisions(rows: Iterable[Row], parser: Parser) -> Iterator[Decision]:
    """What the Council decided; decisions on one unit that contradict each other are problems and left out."""
    found = []
    for row in rows:
        unit = row.take("unit", lambda text: parser.unit(text))
        decision = row.take("decision", lambda text: one_of(text, DECISIONS, "quyết định"))
        value = plain(row.cells["value"])
        day = row.take("decided_on", lambda text: plausible.session_day(text, parser.book.year))
        if decision in ("waive", "class"):
            names = parser.book.flags if decision == "waive" else CLASSES
            row.take("value", lambda text, names=names: one_of(text, names, "giá trị"))
        elif decision and value:
            row.notice("value", f"quyết định {decision} không dùng giá trị này")
        if row.sound:
            blank = {column: what for column, what in (("document", "văn bản"), ("decided_on", "ngày"))
                     if not plain(row.cells[column])}
            if blank:
                row.notice(next(iter(blank)), f"quyết định chưa ghi {', '.join(blank.values())}")
            found.append((row, Decision(unit, decision, value, words(row.cells["reason"]), words(row.cells["document"]),
                                        day, row.at)))
    for row, one in found:
        others = [d for _, d in found if d.unit == one.unit]
        clash = ({"not_considered", "consider"} <= {d.decision for d in others}
                 and one.decision in ("not_considered", "consider"))
        classes = sorted({d.value for d in others if d.decision == "class"})
        if clash:
            row.problem("decision", "các quyết định trái nhau: vừa không xét vừa đưa vào xét", "một trong hai")
        elif one.decision == "class" and len(classes) > 1:
            row.problem("value", f"các quyết định trái nhau: {' và '.join(classes)}", "một xếp loại cho một đơn vị")
        else:
            yield one
