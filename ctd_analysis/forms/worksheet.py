"""The worksheet an inspection takes along: a sheet a unit, a line a thing to look at, blank cells for what is found.

What is to be looked at, and why, is given; what comes back is read by `year.taken`, which knows each line by its code.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..rows import Unit
from ..terms import GRADES, RATINGS
from ..year.taken import AS_SENT, GRADE, HEADS, Lines, Look, code_of, sheet_code
from ..year.year import Year
from .paper import Draft, Form, Paper
from .typed import rule

_COLUMNS = {"STT": 5, "Nội dung": 38, HEADS["sent"]: 15, "Vì sao xem": 30, HEADS["method"]: 10, HEADS["value"]: 15,
            HEADS["reason"]: 30, HEADS["seen_on"]: 12, HEADS["code"]: 16}
_FIRST = 4


def workbook(year: Year, population: str, looks: Sequence[tuple[Unit, Lines]]) -> bytes:
    """The worksheet as bytes, a sheet a unit; `population` is the digest of the branches listed. `Refused` as `Paper.put`."""
    draft, names = Draft(year), set()
    for unit, lines in looks:
        form = Form(year, year.cluster(unit.cluster), (unit,), False)
        _sheet(Paper(draft, _name(unit, names), form), unit, lines, sheet_code(year.book.year, population))
    if not looks:
        draft.book.add_worksheet("Không có gì phải xem")
    return draft.done()


def _name(unit: Unit, taken: set[str]) -> str:
    """A sheet's name: the unit's, as far as a workbook takes it, and no two alike."""
    plain = "".join(" " if c in "[]:*?/\\'" else c for c in unit.name)[:24].strip() or unit.unit[:24]
    name, n = plain, 1
    while name.casefold() in taken:
        n += 1
        name = f"{plain} ({n})"
    taken.add(name.casefold())
    return name


def _sheet(sheet: Paper, unit: Unit, lines: Lines, code: str) -> None:
    last = len(_COLUMNS) - 1
    sheet.heads(_FIRST - 1, _COLUMNS)
    sheet.head(f"PHIẾU KIỂM TRA THỰC TẾ NĂM {sheet.form.book.year}: {unit.name.upper()}",
               f"Ghi vào ô nền vàng: “Thấy” là điều đã thấy, hoặc “{AS_SENT}” nếu như đã gửi; khác đã gửi thì ghi lý do. "
               "Chưa xem thì để trống cả dòng.", last)
    sheet.put(0, last, code, "code")
    row, n = _FIRST - 1, 0
    for heading, looks in lines:
        row += 1
        sheet.across(row, 0, last, heading, "area")
        for look in looks:
            row, n = row + 1, n + 1
            _line(sheet, row, n, unit, look)
    sheet.signs(row + 2, 1, 1, "ĐOÀN THẨM ĐỊNH")
    sheet.signs(row + 2, 2, 3, "ĐẠI DIỆN ĐƠN VỊ")
    sheet.close(_FIRST, 0, (_FIRST - 1, _FIRST - 1), (row + 8, last))


def _line(sheet: Paper, row: int, n: int, unit: Unit, look: Look) -> None:
    styles = ("centre", "label", "centre", "label", "grade", "words", "words", "day", "code")
    values = (n, look.called, look.sent, look.why, None, None, None, None, code_of(unit.unit, look.table, look.item))
    sheet.line(row, values, styles)
    sheet.check(row, 4, row, _list("Cách xem", "văn bản hoặc thực tế", ["văn bản", "thực tế"]))
    known = {GRADE: GRADES[1:], "rating": RATINGS}.get(look.table)
    if known:
        sheet.check(row, 5, row, _list("Thấy", f"{', '.join(known)}, hoặc “{AS_SENT}” nếu như đã gửi", [*known, AS_SENT]))
    year = sheet.form.book.year
    sheet.check(row, 7, row, rule("date", "Ngày", "Ngày xem", f"Cần một ngày của năm {year}, ngày/tháng/năm.",
                                  criteria="between", minimum=date(year, 1, 1), maximum=date(year + 1, 3, 31)))


def _list(title: str, says: str, source: list[str]) -> dict:
    return rule("list", title, says, f"Chọn trong danh sách: {says}.", source=source)
