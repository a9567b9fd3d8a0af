"""What units send back of the registration round (V.3): `registration/`, a workbook of the form or a CSV of targets a unit.

The form is known by its words: a column of indicators beside one of registered targets; a column of branches beside columns
that bear indicators' names. Whatever cannot be read so is told with its cell, nothing is guessed. Opening files is `office`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .. import values
from ..files import Folder
from ..office.grid import Book, Cell, Sheet
from ..office.opener import Opener
from ..problems import Refused
from ..rows import Place, Registered, Unit
from ..sheets import cells
from ..sheets.headings import TARGET, fold, indicators_of, is_of_another_year, money_scale, role_of
from ..terms import hint
from ..values import Wrong, words
from . import csvfile, midyear, submission
from .parser import Parser

FOLDER = "registration"
_LABELS, _BRANCHES, _NOTES = ("chi tieu", "noi dung", "ten chi tieu"), ("hoi co so", "ten hoi co so"), ("ghi chu",)
_TARGETS = ("chi tieu dang ky", "so dang ky", "muc dang ky", "dang ky thi dua")
_NUMBERS = ("stt", "tt", "so tt", "dvt", "don vi tinh")


def workbooks(folder: Folder) -> list[Path]:
    """Every workbook sent back, to be opened ahead."""
    return [path for path in _entries(folder) if path.suffix.casefold() in submission.WORKBOOKS and path.is_file()]


def _entries(folder: Folder) -> list[Path]:
    root = folder.path / FOLDER
    return folder.entries(root) if root.is_dir() else []


def read(folder: Folder, parser: Parser, opener: Opener) -> Iterator[Registered]:
    """The targets that units sent back; a file that is no unit's is remarked on, two of one unit are a problem."""
    found: dict[str, list[Path]] = {}
    for path in _entries(folder):
        name = submission.called(path)
        unit = name if name in parser.units else submission.copy_of(name)
        if unit not in parser.units or path.suffix.casefold() not in (".csv", *submission.WORKBOOKS) or not path.is_file():
            parser.log.notice(folder.name(path), f"không mang tên đơn vị nào, không đọc{hint(name, parser.units)}",
                              seen=path.name)
        else:
            found.setdefault(unit, []).append(path)
    for id, paths in found.items():
        unit, names = parser.units[id], ", ".join(path.name for path in paths)
        if len(paths) > 1:
            parser.log.problem(folder.name(paths[0]), "đơn vị có hơn một bảng đăng ký", cluster=unit.cluster, seen=names,
                               wanted="một tệp cho mỗi đơn vị")
        elif paths[0].suffix.casefold() == ".csv":
            yield from _csv(folder, paths[0], unit, parser)
        else:
            book = opener.book(paths[0])
            if book.sha256:
                folder.has_read(paths[0], book.sha256, None)
            yield from _Form(folder.name(paths[0]), unit, parser).read(book)


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


class _Form:
    """One unit's workbook being read."""

    def __init__(self, file: str, unit: Unit, parser: Parser):
        self.file, self.unit, self.parser, self.book = file, unit, parser, parser.book

    def read(self, book: Book) -> Iterator[Registered]:
        """Its targets, sheet by sheet; one that holds no table of the form is remarked on."""
        if book.refused:
            self.parser.log.problem(self.file, book.refused, cluster=self.unit.cluster, wanted=book.wanted,
                                    is_ours=book.is_ours)
            return
        heads = [(sheet, next((row for row in sheet.rows if self._heads(sheet, row)), None)) for sheet in book.sheets]
        for sheet, head in heads:
            if head is None and sheet.cells:
                self._tell("notice", sheet, None, "không nhận ra bảng đăng ký nào trong trang này, không đọc")
            elif head is not None and self._is_ours(sheet, head):
                yield from self._table(sheet, head)
        if all(head is None for _, head in heads):
            self.parser.log.problem(self.file, "không nhận ra bảng đăng ký nào trong tệp", cluster=self.unit.cluster,
                                    wanted="biểu do ctd template --round registration lập: Chỉ tiêu, Chỉ tiêu đăng ký")

    def _heads(self, sheet: Sheet, row: int) -> dict[int, str]:
        """What the columns under a row hold: `label`, `target`, `note`, `branch`, or an indicator's id; nothing for no head."""
        found, texts = {}, {cell.column: cell.value for cell in sheet.rows[row] if cell.kind == "t"}
        branches = any(fold(text) in _BRANCHES for text in texts.values())
        for column, text in texts.items():
            said, known = fold(text), indicators_of(text, self.book)
            if said in _BRANCHES:
                found[column] = "branch"
            elif branches and len(known) == 1:
                found[column] = known[0]
            elif said in _NOTES:
                found[column] = "note"
            elif not branches and said in _LABELS:
                found[column] = "label"
            elif not branches and (role_of(text) == TARGET or said in _TARGETS):
                found[column] = "target"
        kinds = set(found.values())
        return found if {"label", "target"} <= kinds or "branch" in kinds and kinds - {"branch", "note"} else {}

    def _is_ours(self, sheet: Sheet, head: int) -> bool:
        """Is it of this year and of the unit the file is named after? By what stands over the head."""
        for cell in (cell for row in sheet.rows if row < head for cell in sheet.rows[row] if cell.kind == "t"):
            if is_of_another_year(cell.value, self.book.year):
                self._tell("problem", sheet, cell, "bảng đăng ký của năm khác", f"bảng đăng ký năm {self.book.year}")
                return False
            named = self.parser.names.match(cell.value.partition(":")[2] or cell.value)
            if named and named != self.unit.unit:
                self._tell("problem", sheet, cell, "bảng mang tên đơn vị khác", f"bảng của {self.unit.name}, theo tên tệp")
                return False
        return True

    def _table(self, sheet: Sheet, head: int) -> Iterator[Registered]:
        heads = self._heads(sheet, head)
        for cell in sheet.rows[head]:
            if cell.column not in heads and fold(cell.text) not in _NUMBERS:
                self._tell("notice", sheet, cell, "cột này không phải chỉ tiêu đăng ký, không đọc")
        given = [kind for kind in heads.values() if kind in self.book.indicators]
        take = self._branch if given else self._own
        seen: dict[tuple[str, str], Cell] = {}
        for row in (row for row in sheet.rows if row > head):
            held = {heads[cell.column]: cell for cell in sheet.rows[row] if cell.column in heads and words(cell.text)}
            for one, cell in take(sheet, row, held, given):
                if (first := seen.setdefault((one.branch, one.indicator), cell)) is not cell:
                    self._tell("problem", sheet, cell, f"đã ghi ở ô {first.address}", "mỗi nội dung ghi một lần")
                else:
                    yield one

    def _own(self, sheet: Sheet, row: int, held: dict[str, Cell], _) -> Iterator[tuple[Registered, Cell]]:
        """The unit's own target of the indicator a row names; a row without a number says nothing."""
        label, target, note = held.get("label"), held.get("target"), held.get("note")
        if target is None or label is None and not any(map(str.isdigit, target.text)):      # who signs stands there too
            return
        known = indicators_of(label.text, self.book) if label else []
        if len(known) != 1:
            self._tell("problem", sheet, label or target, "không rõ là chỉ tiêu nào"
                       + (hint(label.text, [one.label for one in self.book.indicators.values()]) if label else ""),
                       "tên một chỉ tiêu như trong biểu")
            return
        number = self._number(sheet, target, known[0])
        if number is not None:
            at = Place(self.file, sheet.name, row)
            yield Registered(self.unit.unit, "", known[0], number, words(note.text) if note else "", at), target

    def _branch(self, sheet: Sheet, row: int, held: dict[str, Cell], given: list[str]) -> Iterator[tuple[Registered, Cell]]:
        """What a branch was given; one that is named and given no number is kept as that."""
        name, at = held.pop("branch", None), Place(self.file, sheet.name, row)
        note = words(held.pop("note").text) if "note" in held else ""
        if name is None:
            for cell in list(held.values())[:1]:
                self._tell("problem", sheet, cell, "thiếu tên Hội cơ sở", "tên Hội cơ sở ở đầu dòng")
            return
        branch = words(name.text)
        for indicator, cell in held.items():
            number = self._number(sheet, cell, indicator)
            if number is not None:
                yield Registered(self.unit.unit, branch, indicator, number, note, at), cell
        if not held:
            yield Registered(self.unit.unit, branch, given[0], None, note, at), name

    def _number(self, sheet: Sheet, cell: Cell, indicator: str) -> int | None:
        measure = self.book.indicators[indicator].measure
        try:
            return values.whole(cells.whole(cell, cells.Measure(measure, money_scale(measure))))
        except Wrong as wrong:
            self._tell("problem", sheet, cell, f"{self.book.indicators[indicator].label}: {wrong}", wrong.wanted)
            return None

    def _tell(self, how: str, sheet: Sheet, cell: Cell | None, what: str, wanted: str | None = None) -> None:
        """A problem or a notice at a cell; it is the unit's cluster's."""
        more = {"wanted": wanted} if wanted else {}
        getattr(self.parser.log, how)(self.file, what, cluster=self.unit.cluster, sheet=sheet.name,
                                      cell=cell.address if cell else None, seen=cell.text if cell else None, **more)
