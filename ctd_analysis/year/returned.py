"""What units send back of the registration round (V.3): `registration/`, a workbook or a CSV of targets a unit.

Workbooks are read as submissions are: by the same reader of sheets, with the same corrections, cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..files import Folder
from ..office.opener import Opener
from ..problems import Refused
from ..rows import Registered, Unit
from ..sheets.gather import Gathered
from ..terms import hint
from . import csvfile, midyear, submission
from .corrections import REGISTRATION, Corrections
from .parser import Parser


def workbooks(folder: Folder) -> list[Path]:
    """Every workbook sent back, to be opened ahead."""
    return [path for path in entries(folder) if path.suffix.casefold() in submission.WORKBOOKS and path.is_file()]


def entries(folder: Folder) -> list[Path]:
    """What lies in `registration/`."""
    root = folder.path / REGISTRATION
    return folder.entries(root) if root.is_dir() else []


def unit_of(path: Path, units: Iterable[str]) -> str | None:
    """The unit a file is named after, a copy too."""
    name = submission.called(path)
    return next((one for one in (name, submission.copy_of(name)) if one in units), None)


def read(folder: Folder, parser: Parser, opener: Opener, accounts: list | None, corrections: Corrections,
         only: str | None) -> Iterator[Registered]:
    """The targets that units sent back (with `only`, those of one cluster), each cell's fate to `accounts`; a file that is no
    unit's is remarked on, two of one unit are a problem."""
    found: dict[str, list[Path]] = {}
    for path in entries(folder):
        unit = unit_of(path, parser.units)
        if unit is None or path.suffix.casefold() not in (".csv", *submission.WORKBOOKS) or not path.is_file():
            close = hint(submission.called(path), parser.units)
            parser.log.notice(folder.name(path), f"không mang tên đơn vị nào, không đọc{close}", seen=path.name)
        elif only in (None, parser.units[unit].cluster):
            found.setdefault(unit, []).append(path)
    for id, paths in found.items():
        unit = parser.units[id]
        if len(paths) > 1:
            parser.log.problem(folder.name(paths[0]), f"đơn vị có hơn một bảng đăng ký: {submission.with_times(paths)}",
                               cluster=unit.cluster, wanted="một tệp cho mỗi đơn vị; chuyển bản kia đi nơi khác")
        elif paths[0].suffix.casefold() == ".csv":
            yield from _csv(folder, paths[0], unit, parser)
        else:
            before = len(parser.log.problems)
            gathered = Gathered(unit.cluster, parser.book, parser.names, folder.log, accounts, unit.unit)
            submission.gather(folder, paths[0], gathered, opener, corrections)
            gathered.check_twice()
            own = [Registered(one.unit, "", one.indicator, one.target, one.note, one.at)
                   for one in parser.table("indicators", gathered.rows("indicators"), unit.cluster)]
            given = list(midyear.read_targets(gathered.rows("targets"), parser))
            submission.leave_why(gathered)
            if len(parser.log.problems) == before:      # of a workbook with faults nothing counts, as in December
                yield from (*own, *given)


def _csv(folder: Folder, path: Path, unit: Unit, parser: Parser) -> Iterator[Registered]:
    """A unit's own targets as `targets.csv` has them; a row of another unit is a problem."""
    file = folder.name(path)
    try:
        rows = csvfile.rows(file, folder.read(path), midyear.TARGETS, parser.log, lambda _: unit.cluster)
        for one in midyear.read_targets(rows, parser):
            if one.unit == unit.unit:
                yield one
            else:
                parser.log.problem(file, "dòng của đơn vị khác", cluster=unit.cluster, line=one.at.line, seen=one.unit,
                                   wanted=unit.unit)
    except Refused as refused:
        parser.log.problems += refused.problems
