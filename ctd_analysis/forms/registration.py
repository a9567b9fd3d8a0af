"""The workbook a unit is sent in February (V.3): its own targets, and what each of its branches is given.

One file a unit. Reading what comes back is left to `year.returned`.
"""

from __future__ import annotations

from ..plan.flags import asked
from ..plan.rulebook import WHOLE
from ..rows import Unit
from ..terms import day
from ..year.year import Year
from .paper import Draft, Form, Paper
from .typed import whole_rule

#: The sheets.
OWN, BRANCHES = "Đăng ký", "Hội cơ sở"
_BRANCH_LINES = 30


def workbook(year: Year, unit: Unit) -> bytes:
    """The workbook of one unit as bytes; `Refused` where a name is longer than a cell can hold."""
    draft, form = Draft(year), Form(year, year.cluster(unit.cluster), (unit,), False)
    own, branches = (Paper(draft, name, form) for name in (OWN, BRANCHES))
    _own(own, unit)
    _branches(branches, unit)
    return draft.done((own, branches))


def _own(sheet: Paper, unit: Unit) -> None:
    form = sheet.form
    sheet.heads(4, {"STT": 6, "Chỉ tiêu": 46, "ĐVT": 14, "Chỉ tiêu đăng ký": 22, "Ghi chú": 34})
    before = form.book.filings.get("registration")
    until = f" trước ngày {day(before.before)}" if before else ""
    sheet.head(f"BẢNG ĐĂNG KÝ CHỈ TIÊU THI ĐUA NĂM {form.book.year}",
               f"Ghi vào ô nền vàng, tiền ghi bằng đồng; gửi {form.book.plan.council}{until}.", 4)
    sheet.across(3, 0, 4, f"Đơn vị: {unit.name}", "text")
    row, needed = 4, asked(form.book)
    for n, one in enumerate((one for one in form.book.indicators.values() if one.kind == WHOLE), 1):
        row += 1
        sheet.line(row, (n, one.label, one.measure, None, ""), ("centre", "label", "centre", "whole", "note"))
        sheet.check(row, 3, row, whole_rule("Chỉ tiêu đăng ký", one.measure))
    labels = ", ".join(form.book.indicators[name].label for name in needed)
    if needed:
        sheet.across(row + 2, 0, 4, f"Bắt buộc ghi, vì III.2.2 so thực hiện với chỉ tiêu: {labels}.", "text")
    sheet.signs(row + 4, 3, 4, "THỦ TRƯỞNG ĐƠN VỊ")
    sheet.close(5, 2, (4, 4), (row + 9, 4))


def _branches(sheet: Paper, unit: Unit) -> None:
    form, known = sheet.form, [branch.branch for branch in sheet.form.year.branches if branch.unit == unit.unit]
    indicators = [form.book.indicators[name] for name in asked(form.book)]
    heads = {"STT": 6, "Hội cơ sở": 40, **{one.label: 18 for one in indicators}}
    sheet.heads(4, heads)
    last = len(heads) - 1
    sheet.head(f"CHỈ TIÊU GIAO CHO TỪNG HỘI CƠ SỞ NĂM {form.book.year}",
               "Mỗi Hội cơ sở một dòng (V.3); tiền ghi bằng đồng; dòng thừa để trống.", last)
    sheet.across(3, 0, last, f"Đơn vị: {unit.name}", "text")
    lines = [*known, *[None] * max(_BRANCH_LINES - len(known), 5)]
    for n, name in enumerate(lines, 1):
        sheet.line(4 + n, (n, name, *(None for _ in indicators)), ("centre", "words", *("whole" for _ in indicators)))
    for column, one in enumerate(indicators, 2):
        sheet.check(5, column, 4 + len(lines), whole_rule(one.label, one.measure))
    sheet.close(5, 2, (4, 4), (4 + len(lines), last))
