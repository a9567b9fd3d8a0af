"""Our own form come back: what stands in its locked cells now, against the record the form carries with it (reading §7).

`ctd template` writes what it locked into a hidden sheet, sealed by a digest: a workbook that has it is ours, no other is taken
for it, and a form of another year is held against what was sent then. Rows and columns may have moved; what a cell says may be
written otherwise, as long as it reads the same. What was typed where something may be typed has to end as a value.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping

from ..office.grid import Cell, Sheet
from ..office.zipped import place as place_of
from ..sheets.gather import Gathered
from ..values import as_letter, nfc, plain

SHEET = "Mẫu gốc"
#: What a locked cell is: of a table (changed, it is a problem), around one (a notice), a count that computes itself.
TABLE, AROUND, COUNT, INPUT = ":.=@"
_INTRO = "Trang ẩn này giữ mẫu của biểu như đã gửi, xin để nguyên."
_ENTRY = re.compile(rf"([0-9]+)([{TABLE}{AROUND}{COUNT}{INPUT}])(.*)")
_LONGEST, _FULL = 200, 800          # signs kept of a cell, of a line of the record
_MOST = 20                          # changed cells of one sheet told one by one
_WAITING = 5                        # cells of one column that are told one by one though its heading is asked about

Places = dict[tuple[int, int], tuple[str, str]]         # row and column → what it is, what it says


def record(sheets: Mapping[str, Places]) -> list[str]:
    """The lines of the hidden sheet, one a cell: what is locked on each sheet of the form, row by row."""
    lines = []
    for name, places in sheets.items():
        rows: dict[int, list[str]] = defaultdict(list)
        for (row, column), (kind, said) in places.items():
            rows[row].append(f"{column}{kind}{' '.join(said.split())[:_LONGEST]}")
        for row, entries in rows.items():
            lines.append(f"{name}!{row}")
            for entry in entries:
                if len(lines[-1]) + len(entry) > _FULL:
                    lines.append(f"{name}!{row}")
                lines[-1] += f"\n{entry}"
    return [f"{_INTRO} {_digest(lines)}", *lines]


def _digest(lines: list[str]) -> str:
    return hashlib.sha256(nfc("\n".join(lines)).encode()).hexdigest()[:32]


def _read(sheet: Sheet) -> dict[str, Places] | None:
    """What a hidden sheet records; None where it was changed."""
    lines = [nfc(str(cell.value)).replace("\r\n", "\n") for cell in sheet.cells.values()]
    if not lines or lines[0] != f"{_INTRO} {_digest(lines[1:])}":
        return None
    found: dict[str, Places] = defaultdict(dict)
    for line in lines[1:]:
        head, *entries = line.split("\n")
        name, _, row = head.rpartition("!")
        for entry in entries:
            column, kind, said = _ENTRY.fullmatch(entry).groups()
            found[name][int(row), int(column)] = (kind, said)
    return found


def check(gathered: Gathered) -> None:
    """Problems and notices of the workbook that was read last, if it is a form of ours."""
    own = next((account for account in gathered.closed if account.sheet.name == SHEET), None)
    if own is None:
        return
    gathered.account, locked = own, _read(own.sheet)
    if locked is None:
        gathered.notice(None, "trang ẩn giữ mẫu của biểu đã bị sửa: không đối chiếu được các ô đã khóa")
        return
    accounts = {account.sheet.name: account for account in gathered.closed}
    for name, places in locked.items():
        gathered.account = accounts.get(name, own)
        if name in accounts:
            _Sheet(accounts[name].sheet, places, gathered).tell()
        else:
            gathered.notice(None, f"trang “{name}” của biểu không còn (bỏ hoặc đổi tên): không đối chiếu được ô đã khóa")


class _Sheet:
    """One sheet of the form as it came back, beside what was locked on it."""

    def __init__(self, sheet: Sheet, places: Places, gathered: Gathered):
        self.sheet, self.gathered = sheet, gathered
        self.inputs = [tuple(map(int, said.split(","))) for kind, said in places.values() if kind == INPUT]
        self.counts = {place: said for place, (kind, said) in places.items() if kind == COUNT}
        self.kinds = {place: kind for place, (kind, _) in places.items()}
        self.said = {place: said for place, (kind, said) in places.items() if kind in (TABLE, AROUND)}
        self.same = _same_text(gathered)
        self.rows = self._matched(0, dict(self.said), lambda column: column)
        places = {row: self._place(row) for row in sorted({row for row, _ in self.said} - self.rows.keys())}
        self.gone = [row for row, there in places.items() if there is None]
        self.rows |= {row: there for row, there in places.items() if there is not None}
        self.lost = {place: said for place, said in self.said.items() if places.get(place[0]) is not None}
        self.columns = self._matched(1, self.lost, self.rows.get)

    def _matched(self, axis: int, said: dict, other: Callable) -> dict[int, int]:
        """Where each whole row (axis 0) or column (1) of what was locked stands: where it stood, or where all of it does."""
        lines: dict[int, dict[int, str]] = defaultdict(dict)
        for place, text in said.items():
            lines[place[axis]][place[1 - axis]] = text
        filled = sorted({place[axis] for place in self.sheet.cells})
        right = max((column for _, column in self.said), default=0)         # an input may hold any number by chance

        def stands(line: int, there: int) -> bool:
            return all(self.same(self._at(axis, there, other(across)), text) for across, text in lines[line].items()) and (
                axis == 0 or there == line or there > right or all((across, there) in self.said for across in lines[line]))

        found = {line: line for line in lines if stands(line, line)}
        for line in lines.keys() - found.keys():
            taken = set(found.values())
            there = min((one for one in filled if one not in taken and stands(line, one)), key=lambda one: abs(one - line),
                        default=None)
            if there is not None:
                found[line] = there
        return found

    def _at(self, axis: int, line: int, across: int) -> Cell | None:
        return self.sheet.cells.get((across, line) if axis else (line, across))

    def _place(self, row: int) -> int | None:
        """Where a row must stand that is not there as it was: its own place, or moved as its neighbours; None: it is gone."""
        known, taken = self.rows, set(self.rows.values())
        near = (max((one for one in known if one < row), default=row), min((one for one in known if one > row), default=row))
        return next((there for there in (row, *(row + known.get(one, one) - one for one in near)) if there not in taken), None)

    # ------------------------------------------------------------ told

    def tell(self) -> None:
        """What differs, cell by cell; many at once as one."""
        log = self.gathered.log
        asked, noticed = ({one.cell for one in found if one.file == self.gathered.file and one.sheet == self.sheet.name
                           and one.cell} for found in (log.problems, log.notices))
        changed = [one for one in self._changed()
                   if one[1].address not in (asked if one[0] == TABLE else asked | noticed)]
        tables = [one for one in changed if one[0] == TABLE]
        if len(changed) > _MOST:
            tell = self.gathered.problem if tables else self.gathered.notice
            tell(None, f"{len(changed)} ô đã khóa của biểu không còn như đã gửi (từ ô {changed[0][1].address})",
                 *["đúng biểu đã gửi: chỉ ghi vào ô nền vàng, không thêm, bớt, gộp ô"] * bool(tables))
        else:
            for kind, cell, said in changed:
                self._tell(kind, cell, said)
        for row in self.gone:
            line = ", ".join(said for place, said in self.said.items() if place[0] == row)
            self.gathered.notice(None, f"dòng “{line[:80]}” của biểu không còn")
        self._unread(asked, noticed, bool(tables))

    def _tell(self, kind: str, cell: Cell, said: str) -> None:
        if kind == TABLE:
            self.gathered.problem(cell, "ô đã khóa của biểu bị sửa", f"“{said}” như biểu đã gửi")
        else:
            was = f": biểu đã gửi ghi “{said[:80]}”" if kind == AROUND else ": số này biểu tự cộng"
            self.gathered.notice(cell, f"ô đã khóa của biểu bị sửa{was}")

    def _changed(self) -> Iterator[tuple[str, Cell, str]]:
        """Kind, cell as it is now and what it said, for each locked cell that does not say so any more."""
        moved = set(self.columns.values())
        for (row, column), said in self.lost.items():
            there = (self.rows[row], self.columns.get(column, column))
            if column not in self.columns and column in moved:
                continue                                # the column is gone, another stands in its place
            cell = self.sheet.cells.get(there) or Cell(*there, "t", "")
            if not self.same(cell, said):
                is_word = said.isdigit() and cell.kind != "n" and bool(cell.text)       # a number that is none any more
                yield TABLE if is_word else self.kinds[row, column], cell, said
        for (row, column), said in self.counts.items():
            there = (self.rows.get(row, row), self.columns.get(column, column))
            cell = self.sheet.cells.get(there) or Cell(*there, "t", "")
            is_right = cell.kind == "f" or cell.kind == "n" and cell.value == self._counted(there[1], said)
            if not is_right and column not in moved - self.columns.keys():
                yield COUNT, cell, ""

    def _counted(self, column: int, said: str) -> int:
        """How many criteria have this letter in a column, or nothing."""
        [(top, _, bottom, _)] = self.inputs
        rows = [self.rows[row] for row in range(top, bottom + 1) if self.kinds.get((row, 1)) == TABLE and row in self.rows]
        typed = (cell.text if (cell := self.sheet.cells.get((row, column))) else "" for row in rows)
        return [as_letter(text) or plain(text) for text in typed].count(said)

    def _unread(self, asked: set[str], noticed: set[str], is_asked: bool) -> None:
        """What was typed where something may be typed, and ended as no value though the sheet was read.

        Under a heading that is asked about a whole column may wait; then its cells are not told one by one.
        """
        claims = self.gathered.account.claims
        if not self.inputs or not any(claim.kind == "value" for claim in claims.values()):
            return
        top, left, bottom, right = self.inputs[0]
        lines = {row for row, _ in map(place_of, asked)} | {row for row, column in map(place_of, noticed) if column < left}
        moved: dict[int, list[str]] = defaultdict(list)             # of a row, what stands elsewhere in it now, or nowhere
        for (row, column), said in self.lost.items():
            if not self.same(self._at(0, self.rows[row], self.columns.get(column, column)), said):
                moved[self.rows[row]].append(said)
        lost = [self.sheet.cells[row, column] for (row, column), claim in claims.items()
                if top <= row <= bottom and left <= column <= right and row not in lines
                and not any(self.same(self.sheet.cells[row, column], said) for said in moved[row])
                and (claim.kind in ("around", "left", "extra") or claim.kind == "axis" and not claim.unit
                     and self.gathered.names.match(self.sheet.cells[row, column].text) is None)]
        waiting = Counter(cell.column for cell in lost) if is_asked or any(row < top for row in lines) else Counter()
        for cell in {cell.row: cell for cell in reversed(lost) if waiting[cell.column] <= _WAITING}.values():
            self.gathered.problem(cell, "ô này không thuộc dòng nào đọc được", "ghi đủ đơn vị và tên ở đầu dòng, hoặc để trống")


def _same_text(gathered: Gathered) -> Callable[[Cell | None, str], bool]:
    """Does a cell say what was locked there, or name the same unit in another way?"""
    def same(cell: Cell | None, said: str) -> bool:
        if cell is None or cell.kind not in "tn":
            return not said and cell is None
        text = " ".join(nfc(cell.text).split())
        if text[:_LONGEST] == said or plain(text).casefold() == plain(said).casefold():
            return True
        unit = gathered.names.match(said)
        return cell.kind == "t" and unit is not None and gathered.names.match(text) == unit
    return same
