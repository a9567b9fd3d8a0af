"""Branches with rating and fund: their unit stands in a column, in a band over them, or over the whole sheet."""

from __future__ import annotations

import re

from ..names import spelled
from ..office.grid import Cell
from ..values import Wrong, plain
from . import cells, totals
from .cells import Measure
from .figures import Figures
from .headings import is_filled, is_roman
from .layouts import Column

_COUNTED = re.compile(r"(?:tổng\s*)?cộng\s*(?:số)?\s*:?\s*(\d+)\s*(?:hội cơ sở|cơ sở|xã.*)")


class Branches(Figures):
    """Branches with their rating and fund."""

    kind = "branches"

    def read(self) -> bool:
        """Read the table; False where it has no column of branches with what is asked of each."""
        self.name = next((c for c in self.table.having("branch") if not c.says("order")), None)
        self.columns = self._asked()
        if self.name is None or not self.columns:
            return False
        column = self._unit_column()
        bands = [] if column else [row for row in self.table.rows if self._is_band(row)]
        owner = None if column or bands else self.gathered.sheet_unit(self.table)
        if not (column or bands or owner):
            return True
        self._rows(column, bands, owner)
        self._count(column, bands)
        return True

    def _asked(self) -> dict[str, Column | None]:
        """The columns of what is asked of a branch, by field: rating and fund; a field whose column cannot be told has None."""
        ticked = {c.rated: c for c in self.table.columns.values() if c.rated}
        self.ticked = ticked if len(ticked) > 1 else {}
        rating = next(iter(self.ticked.values()), None) or self._one("rating", "xếp loại Hội cơ sở")
        fund = self._one("fund", "số dư quỹ")
        if self.name is None or not self.table.having("rating") and not self.table.having("fund"):
            return {}
        self.measure = fund and self.money_over(fund) or Measure("đồng", 1, is_said=False)
        return {"rating": rating, "fund": fund}

    def _one(self, kind, what) -> Column | None:
        able = [c for c in self.table.having(kind) if not c.says("branch")]
        return self.one_of(able, what) if able else None

    def _unit_column(self) -> Column | None:
        """A column of units beside the branches."""
        able = [c for c in self.table.columns.values() if c not in (self.name, *self.columns.values())]
        named = [row for row in self.table.rows if self.table.filled(row, self.name.number)]
        best = self.table.naming(able, self.names.match, named)
        return self.table.columns[best] if best else next((c for c in able if c.says("unit")), None)

    def _is_band(self, row) -> bool:
        """Does a row only name a unit for those under it?"""
        if any(c and (cell := self.table.filled(row, c.number)) and self.sheet.span(cell)[1] == cell.column
               for c in (*self.columns.values(), *self.ticked.values())):
            return False
        texts = self._texts(row)
        if not texts or any(totals.is_word(c.text) for c in texts):
            return False
        roman = any(is_roman(c.text) or re.match(r"[IVX]{1,5}\s*[.)]\s", plain(c.text)) for c in texts[:2])
        named = [c for c in texts if self.names.match(c.text)]
        wide = any(self.sheet.span(c)[1] > max(c.column, self.name.number) for c in texts)
        is_numbered = any(c.kind == "n" for c in self.table.cells(row))
        return roman or bool(named) and not is_numbered \
            or wide and not is_numbered and any(self.names.looks_like_one(c.text) for c in texts)

    def _rows(self, column, bands, owner) -> None:
        grouped = column is not None and self._is_grouped(column)
        over: dict[str, Cell] = {}
        for row in self.table.rows:
            if row in bands:
                owner = self._band_owner(row)
                if owner and over.setdefault(*owner) is not owner[1]:
                    self.gathered.problem(owner[1], "hai dòng ghi tên một đơn vị (đã có ở ô "
                                          f"{over[owner[0]].address})", "mỗi đơn vị một dòng tên, các Hội cơ sở ở ngay dưới")
                continue
            name = self.table.filled(row, self.name.number)
            held = {k: cell for k, c in self.columns.items() if c and c not in self.ticked.values()
                    and (cell := self.table.filled(row, c.number))}
            ticks = {word: cell for word, c in self.ticked.items() if (cell := self.table.filled(row, c.number))}
            is_total = any(totals.is_word(c.text) for c in self._texts(row) if c.column <= self.name.number)
            typed = [cell for cell in (name, *held.values(), *ticks.values()) if cell]
            if not typed or is_total or totals.sample(self.table, row):
                continue
            if column is not None:
                owner = self._owner_beside(column, row, owner if grouped else None, name, held)
            if bands and row < bands[0]:
                self.gathered.problem(typed[0], "Hội cơ sở đứng trước dòng tên đơn vị đầu tiên", "dòng tên đơn vị ở ngay trên")
            if owner and self._is_clear(typed, name, bands):
                branch = self.given(typed[0], owner[1], typed[0], text=name.value if name else "")
                self._keep(row, owner, branch, held, ticks)
            elif not owner:
                self.leave(row)                         # asked about where its unit should stand

    def _texts(self, row) -> list[Cell]:
        return [c for c in self.table.cells(row) if c.kind == "t" and is_filled(c)]

    def _is_grouped(self, column) -> bool:
        """Is each unit written once, at the top of its branches?"""
        named = [unit for cell in self.table.texts(column) if (unit := self.names.match(cell.text))]
        branches = sum(1 for row in self.table.rows if self.table.filled(row, self.name.number))
        return len(named) == len(set(named)) and len(named) < branches

    def _owner_beside(self, column, row, before, name, held):
        cell = self.sheet.home(row, column.number)
        if not is_filled(cell):
            if before is None and (where := name or next(iter(held.values()), None)):
                self.gathered.problem(where, "Hội cơ sở ở dòng không ghi đơn vị", "tên đơn vị ở đầu dòng")
            return before
        return self.row_unit(column, row, True)

    def _band_owner(self, row):
        texts = self._texts(row)
        for cell in texts:
            if unit := self.names.match(cell.text):
                return (unit, cell) if self.gathered.unit(cell, unit) else None
        cell = max(texts, key=lambda c: len(c.text))
        self.gathered.unknown_unit(cell)
        return None

    def _is_clear(self, typed, name, bands) -> bool:
        """Is a line one branch's; its name a text, and not that of a unit alone? If not, a problem."""
        if merged := next((cell for cell in typed if self.sheet.span(cell)[0] > cell.row), None):
            self.gathered.problem(merged, "một ô gộp cho nhiều Hội cơ sở", "mỗi Hội cơ sở một dòng, không gộp")
        elif name is not None and name.kind != "t":
            self.gathered.problem(name, "không phải tên Hội cơ sở", "tên Hội cơ sở")
        elif bands and typed == [name] and self.names.match(name.text):
            self.gathered.problem(name, "không rõ dòng này là tên đơn vị hay một Hội cơ sở",
                                  "dòng tên đơn vị không đánh số, hoặc số La Mã")
        else:
            return True
        return False

    def _keep(self, row, owner, branch, held, ticks) -> None:
        """Keep one branch with its rating and its fund."""
        where, given = branch.cell, {"branch": branch}
        if "rating" in held:
            given["rating"] = self.given(held["rating"], owner[1], where, lambda: cells.rating(held["rating"]))
        if ticks:
            given["rating"] = self.given(next(iter(ticks.values())), owner[1], where, lambda: self._ticked(ticks))
        if "fund" in held:
            given["fund"] = self.given(held["fund"], owner[1], where, lambda: cells.amount(held["fund"], self.measure))
        if len(given) == 1 and self._is_numbered_elsewhere(row):
            self.gathered.notice(where, "dòng không số thứ tự, không xếp loại, không quỹ: coi là một Hội cơ sở")
        self.gathered.add_branch("branches", owner[0], given)
        for cell in ticks.values():
            self.gathered.account.claim(cell, "value", "branches", owner[0], given["branch"].text, "rating")

    def _is_numbered_elsewhere(self, row) -> bool:
        """Do other lines of this table have a number, and this one none?"""
        numbers = [c.number for c in self.table.columns.values() if c.says("order")]
        return any(self.table.filled(r, c) for r in self.table.rows for c in numbers) \
            and not any(self.table.filled(row, c) for c in numbers)

    def _ticked(self, ticks) -> str:
        """The rating that is ticked; two of them are a problem at the second."""
        found = [word for word, cell in ticks.items() if cells.tick(cell) or cells.rating(cell) == word]
        if len(found) > 1:
            raise Wrong(f"được đánh dấu hai lần ({', '.join(found)})", "một dấu cho mỗi Hội cơ sở")
        return found[0] if found else ""

    def _count(self, column, bands) -> None:
        """“Cộng: 19 Hội cơ sở” is recounted."""
        counted = 0
        for row in self.table.rows:
            if row in bands:
                counted = 0
                continue
            for cell in self.table.cells(row):
                found = _COUNTED.fullmatch(spelled(cell.text)) if cell.kind == "t" else None
                if found and not column and int(found[1]) != counted:
                    self.gathered.notice(cell, f"số cộng in sẵn là {found[1]}, các dòng cho {counted} Hội cơ sở")
            name = self.table.filled(row, self.name.number)
            counted += name is not None and not totals.is_word(name.text)
