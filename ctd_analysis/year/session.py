"""The session's own table of grades: what the appraisal found. What the Council decided is `council`'s."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .. import values
from ..rows import Appraised, Row
from ..sheets import cells
from ..terms import METHOD_WORDS
from ..values import Wrong, plain, words
from .parser import Parser, meant


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


def method_of(text: str) -> str:
    """How it was looked at, in the contract's code, typed so or in words (`thực tế`); `Wrong` for another."""
    return meant(text, METHOD_WORDS, "cách kiểm tra") if plain(text) else ""


def read_appraisal(rows: Iterable[Row], parser: Parser, given: dict) -> Iterator[Appraised]:
    """What the appraisal found; a grade it changes (`given`: the clusters' own) needs a reason."""
    seen = {}
    for row in rows:
        unit = row.take("unit", parser.unit_named)
        criterion, grade = row.take("criterion", parser.criterion), row.take("grade", values.grade)
        method = row.take("method", method_of)
        reason = words(row.cells["reason"])
        if not row.sound:
            continue
        row.check_once(seen, (unit, criterion), "criterion", "tiêu chí này đã thẩm định", "mỗi tiêu chí một dòng")
        if not row.sound:
            continue
        if not grade:
            row.notice("grade", "thẩm định chưa ghi điểm: giữ điểm cụm chấm")
        elif grade != given.get((unit, criterion), "") and not reason \
                and not any(p.cluster == row.cluster for p in parser.log.problems):
            row.problem("reason", f"thẩm định đổi điểm {given.get((unit, criterion)) or 'trống'} thành {grade} mà không "
                        "ghi lý do", "lý do")
        if row.sound:
            yield Appraised(unit, criterion, grade, method, reason, row.at)
