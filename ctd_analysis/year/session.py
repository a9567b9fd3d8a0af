"""The session's own tables: what the appraisal found, what the Council decided."""

from __future__ import annotations

from collections.abc import Mapping

from .. import values
from ..sheets import cells
from ..values import Wrong
from .parser import Parser


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
