"""What the analyst corrects without touching what was sent (`corrections.csv`): a cell is read as if `value` stood there.

A correction says what stands in the cell (`was`). Where anything else stands there, as in a file sent again, nothing is changed
and it is asked about: no correction meets another file than the one it was made for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from ..office.grid import Book, Cell, Sheet, letters, plain_number
from ..office.zipped import place as place_of
from ..problems import Log
from ..rows import Correction, Row
from ..terms import CORRECTED, hint
from ..values import Wrong, nfc, plain, words

FILE = "corrections.csv"
REGISTRATION = "registration"           # the folder of what units sent back in February (V.3)
_ADDRESS = re.compile(r"\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6}")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{0,14}[1-9])?")
_GROUPED_OR_NOT = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_LONGEST = 1_000                    # signs of a value: a cell of a form holds a name, a number, a remark


class Corrections:
    """A year's corrections by the workbook they are for; `in_force` are those that were made."""

    def __init__(self, log: Log, rows: Iterable[Row] = (), sent: Iterable[tuple[str, str | None]] = ()):
        self._log, self.in_force = log, []
        known = list(sent)                              # each workbook that was sent, with its cluster
        found = [one for row in rows if (one := _correction(row, known))]
        times = Counter(map(_target, found))
        self._of: dict[str, list[Correction]] = {}
        for one in found:
            if times[_target(one)] == 1:
                self._of.setdefault(one.file, []).append(one)
                continue
            lines = ", ".join(f"dòng {other.at.line}" for other in found if _target(other) == _target(one))
            self._problem(one, f"một ô được sửa hai lần ({lines})", one.value, "một dòng cho mỗi ô")

    def book(self, file: str, book: Book) -> Book:
        """A workbook as the reader is to see it; `file` as messages name it."""
        wanted = [] if book.refused else self._of.get(file, [])
        made: dict[int, dict[tuple[int, int], Cell | None]] = {}
        for one in wanted:
            sheet = self._sheet(one, book.sheets)
            if sheet is not None and (place := self._place(one, book.sheets[sheet])):
                made.setdefault(sheet, {})[place] = _cell(one, place, book.sheets[sheet].cells.get(place))
                self.in_force.append(one)
                reason = f" ({one.reason})" if one.document else ""
                self._log.notice(file, f"đọc là “{one.value}”, {told(one)}{reason}", cluster=one.cluster,
                                 sheet=nfc(book.sheets[sheet].name), cell=one.cell, seen=one.was)
        return book._replace(sheets=tuple(sheet.with_cells(made[n]) if n in made else sheet
                                          for n, sheet in enumerate(book.sheets)))

    def _sheet(self, one: Correction, sheets: tuple[Sheet, ...]) -> int | None:
        """The place of the sheet a correction names: by its very name, else by the same name with other blanks around it."""
        names = [nfc(sheet.name) for sheet in sheets]
        alike = [n for n, name in enumerate(names) if name == nfc(one.sheet)] or \
                [n for n, name in enumerate(names) if plain(name) == plain(one.sheet)]
        if len(alike) == 1:
            return alike[0]
        self._problem(one, f"tệp không có trang này{hint(one.sheet, names)}", one.sheet, f"tên một trang: {', '.join(names)}")
        return None

    def _place(self, one: Correction, sheet: Sheet) -> tuple[int, int] | None:
        """Row and column to change, where `was` stands there."""
        place = place_of(one.cell)
        for top, left, bottom, right in sheet.merges:
            if place != (top, left) and top <= place[0] <= bottom and left <= place[1] <= right:
                self._problem(one, "ô này nằm trong một ô gộp", one.cell, f"ô trên cùng bên trái: {letters(left)}{top}")
                return None
        stands = as_written(sheet.cells.get(place))
        if _same(stands, one.was):
            return place
        done = "tệp đã ghi như cột value" if _same(stands, one.value) else "tệp không ghi như cột was"
        self._problem(one, f"{done}, không sửa gì", stands, f"“{one.was}” như cột was; nếu tệp gửi lại đã đúng thì bỏ dòng này")
        return None

    def _problem(self, one: Correction, what: str, seen: str, wanted: str) -> None:
        self._log.problem(one.at.file, f"{one.file}, trang “{one.sheet}”, ô {one.cell}: {what}", cluster=one.cluster,
                          line=one.at.line, seen=seen, wanted=wanted)


def told(one: Correction) -> str:
    """What is said beside a value that was corrected."""
    return f"{CORRECTED} {one.document or one.reason}"


def as_written(cell: Cell | None) -> str:
    """What stands in a cell, as corrections say it: text as typed, a number in its shortest form, a day as ISO, a formula by
    what it gave."""
    if cell is None or cell.kind == "f":
        return ""
    if cell.kind == "n":
        return plain_number(cell.value)
    return cell.text if cell.kind == "b" else str(cell.value)


def owner_of(file: str, clusters: Iterable[str], cluster_of: Mapping[str, str]) -> str | None:
    """The cluster whose file this is, by its name: a submission's by the cluster's, a registration's by the unit's."""
    first, _, inside = _file(file).partition("/")
    if first == REGISTRATION:
        return cluster_of.get(inside.rpartition(".")[0].casefold())
    name = (first if inside else first.rpartition(".")[0]).casefold()
    return name if name in set(clusters) else None


# ---------------------------------------------------------------- a line of the file

def _correction(row: Row, sent: list[tuple[str, str | None]]) -> Correction | None:
    file, cell = row.take("file", lambda text: _sent(text, sent, row.cluster)), row.take("cell", _address)
    reason = row.take("reason", _needed("thiếu lý do", "vì sao sửa, ví dụ: cụm trưởng xác nhận qua điện thoại ngày 20/12"))
    row.take("value", lambda text: _value(nfc(text)))
    row.take("sheet", _needed("thiếu tên trang", "tên trang của ô"))
    if not row.sound:
        return None
    return Correction(file, nfc(row.cells["sheet"]), cell, words(row.cells["was"]), words(row.cells["value"]), reason,
                      words(row.cells["document"]), row.cluster, row.at)


def _needed(what: str, wanted: str) -> Callable[[str], str]:
    """A column that may not be blank."""
    def take(text: str) -> str:
        if said := words(text):
            return said
        raise Wrong(what, wanted)
    return take


def _file(typed: str) -> str:
    """A file as messages name it."""
    return plain(typed).replace("\\", "/").removeprefix("submissions/")


def _sent(typed: str, sent: list[tuple[str, str | None]], cluster: str | None) -> str:
    file = _file(typed)
    if file.casefold().endswith(".csv"):
        raise Wrong("chỉ sửa ô của bảng tính ở đây", "tên một bảng tính; hồ sơ CSV thì sửa trong chính tệp CSV")
    mine = [name for name, owner in sent if cluster is not None and owner == cluster]
    if file not in mine:
        raise Wrong(f"không có bảng tính này trong hồ sơ đã nhận{hint(file, mine)}",
                    "tên tệp như đã nhận, ví dụ cum-1.xlsx, registration/kien-hai.xlsx")
    return file


def _address(typed: str) -> str:
    address = plain(typed).upper().replace("$", "")
    row, column = place_of(address) if _ADDRESS.fullmatch(plain(typed).upper()) else (0, 0)
    if not 0 < row <= _LAST_ROW or column > _LAST_COLUMN:
        raise Wrong("không phải địa chỉ một ô", "cột và dòng của một ô, ví dụ F17")
    return address


def _target(one: Correction) -> tuple[str, str, str]:
    return one.file, plain(one.sheet), one.cell


def _same(stands: str, was: str) -> bool:
    """The same to the eye: blanks and line breaks as one blank."""
    return words(stands).split() == words(was).split()


# ---------------------------------------------------------------- the cell as if so typed

def _cell(one: Correction, place: tuple[int, int], before: Cell | None) -> Cell | None:
    """The cell with its new value, and what is to be said beside it; None for a blank."""
    kind, value = _value(one.value)
    keeps_look = kind == "n" and before is not None and before.kind == "n" and before.look != "%"   # its unit, not per cent
    look = before.look if keeps_look else "d" if kind == "d" else ""
    said = f"{told(one)} (tệp ghi “{one.was}”)" if one.was else f"{told(one)} (tệp để trống)"
    return Cell(*place, kind, value, look, corrected=said) if one.value else None


def _value(typed: str) -> tuple[str, object]:
    """Kind and value of what is typed: a number in its shortest form, a day as ISO, else text, read by the rules for text."""
    text = words(typed)
    if len(text) > _LONGEST:
        raise Wrong("quá dài", f"không quá {_LONGEST} chữ")
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return "d", date.fromisoformat(text).isoformat()
        except ValueError:
            return "t", text
    if not _NUMBER.fullmatch(text) or "." in text and plain_number(float(text)) != text:
        return "t", text
    if _GROUPED_OR_NOT.fullmatch(text):
        raise Wrong(f"không rõ là {text.replace('.', '')} (dấu chấm ngăn hàng nghìn) hay {text.replace('.', ',')} (phần lẻ)",
                    f"{text.replace('.', '')} viết liền, hoặc {text.replace('.', ',')}")
    return "n", float(text) if "." in text else int(text)
