"""The worksheet an inspection takes along: a sheet a unit, a line a thing to look at, blank cells for what is found.

What is to be looked at, and why, is given; what comes back is read by `year.taken`, which knows each line by its code.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime

import xlsxwriter

from ..rows import Unit
from ..terms import GRADES, RATINGS
from ..year.taken import AS_SENT, GRADE, HEADS, Lines, Look, code_of, sheet_code
from ..year.year import Year
from .paper import OPTIONS, Form, Paper, Styles

_COLUMNS = {"STT": 5, "Nội dung": 38, HEADS["sent"]: 15, "Vì sao xem": 30, HEADS["method"]: 10, HEADS["value"]: 15,
            HEADS["reason"]: 30, HEADS["seen_on"]: 12, HEADS["code"]: 16}
_FIRST = 4


def workbook(year: Year, population: str, looks: Sequence[tuple[Unit, Lines]]) -> bytes:
    """The worksheet as bytes, a sheet a unit; `population` is the digest of the branches listed. `Refused` as `Paper.put`."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    book.set_properties({"title": year.book.plan.title, "created": datetime(year.book.year, 1, 1)})
    styles, names = Styles(book), set()
    for unit, lines in looks:
        form = Form(year, year.cluster(unit.cluster), (unit,), False)
        _sheet(Paper(book, _name(unit, names), styles, form), unit, lines, sheet_code(year.book.year, population))
    if not looks:
        book.add_worksheet("Không có gì phải xem")
    book.close()
    return buffer.getvalue()


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
    for column, (head, width) in enumerate(_COLUMNS.items()):
        sheet.width(column, width)
        sheet.put(_FIRST - 1, column, head, "head")
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
    sheet.put(row + 2, 1, "ĐOÀN THẨM ĐỊNH", "sign")
    sheet.put(row + 3, 1, "(Ký, ghi rõ họ tên)", "sign_hint")
    sheet.across(row + 2, 2, 3, "ĐẠI DIỆN ĐƠN VỊ", "sign")
    sheet.across(row + 3, 2, 3, "(Ký, ghi rõ họ tên)", "sign_hint")
    sheet.close(_FIRST, 0, (_FIRST - 1, _FIRST - 1), (row + 8, last))


def _line(sheet: Paper, row: int, n: int, unit: Unit, look: Look) -> None:
    styles = ("centre", "label", "centre", "label", "grade", "words", "words", "day", "code")
    values = (n, look.called, look.sent, look.why, None, None, None, None, code_of(unit.unit, look.table, look.item))
    for column, (value, style) in enumerate(zip(values, styles, strict=True)):
        sheet.put(row, column, value, style)
    sheet.check(row, 4, row, _list("Cách xem", "văn bản hoặc thực tế", ["văn bản", "thực tế"]))
    known = {GRADE: GRADES[1:], "rating": RATINGS}.get(look.table)
    if known:
        sheet.check(row, 5, row, _list("Thấy", f"{', '.join(known)}, hoặc “{AS_SENT}” nếu như đã gửi", [*known, AS_SENT]))
    year = sheet.form.book.year
    sheet.check(row, 7, row, {"validate": "date", "criteria": "between", "minimum": date(year, 1, 1),
                              "maximum": date(year + 1, 3, 31), "input_title": "Ngày", "input_message": "Ngày xem",
                              "error_title": "Chưa đúng", "error_message": f"Cần một ngày của năm {year}, ngày/tháng/năm."})


def _list(title: str, says: str, source: list[str]) -> dict:
    return {"validate": "list", "source": source, "input_title": title, "input_message": says, "error_title": "Chưa đúng",
            "error_message": f"Chọn trong danh sách: {says}."}
