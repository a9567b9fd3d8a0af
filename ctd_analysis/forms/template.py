"""The workbook a cluster is sent in December: units, criteria, days and bars filled in, the rest left to be typed.

One file a cluster, a sheet a table. Headings are locked (no password), cells to type into are tinted and checked, every
sheet prints on A4 with its heads repeated. What is text stays text; the same year gives the same bytes. `filled` writes the
year's own tables into the same sheets. Reading what comes back is left to `workbook`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

import xlsxwriter

from ..plan.rulebook import Flag
from ..terms import GRADES, day, number
from ..year.year import Year
from .paper import Draft, Form, Paper
from .typed import GRADE, NOT_SENT, RATING, number_rules, receipt, rule, whole_rule

#: The sheets, as the reader and the person who fills them in know them.
GUIDE, SCORES, INDICATORS, BRANCHES, FILINGS = "Hướng dẫn", "Bảng điểm", "Chỉ tiêu", "Hội cơ sở", "Hồ sơ"
_ROWS_A_UNIT, _SPARE_ROWS = 24, 12          # blank lines for branches: of each unit, and at the end


def workbook(year: Year, cluster: str, filled: bool = False) -> bytes:
    """The workbook of one cluster as bytes; `Refused` where a name is longer than a cell can hold."""
    draft, form = Draft(year), Form(year, year.cluster(cluster), year.units_of(cluster), filled)
    papers = [Paper(draft, name, form) for name in (GUIDE, SCORES, INDICATORS, BRANCHES, FILINGS)]
    guide, scores, indicators, branches, filings = papers
    names = _guide(guide, form)
    _scores(scores, form)
    _indicators(indicators, form)
    _branches(branches, form, names)
    _filings(filings, form)
    return draft.done(papers)


def _guide(sheet: Paper, form: Form) -> str:
    """How to fill in and send back; gives the range that holds the unit names, for drop-down lists."""
    sheet.sheet.set_column(0, 0, 5)          # its texts may run over the next column
    sheet.width(1, 96)
    sheet.head(f"BIỂU TỔNG HỢP THI ĐUA NĂM {form.book.year}: HƯỚNG DẪN GHI", "Xin đọc trước khi ghi.", 1)
    row, names = 3, ""
    if form.book.sample:
        sheet.put(row, 1, "Năm này dùng để chạy thử; không lấy biểu này làm hồ sơ chính thức.", "mark")
        row += 1
    for title, lines in _guide_text(form):
        row += 1
        sheet.put(row, 0, title, "section")
        if title == _UNITS_TITLE:
            names = f"='{GUIDE}'!$B${row + 2}:$B${row + 1 + len(form.units)}"
        for n, line in enumerate(lines, 1):
            row += 1
            sheet.put(row, 0, n, "number")
            sheet.put(row, 1, line, "text")
        row += 1
    sheet.close(2, 0, None, (row, 1), wide=False)
    return names


_UNITS_TITLE = "Các đơn vị trong cụm"


def _guide_text(form: Form) -> Iterator[tuple[str, Iterable[str]]]:
    book = form.book
    yield _UNITS_TITLE, [u.name for u in form.units]
    yield "Cách ghi", (
        f"Cụm trưởng ghi đủ bốn trang “{SCORES}”, “{INDICATORS}”, “{BRANCHES}”, “{FILINGS}” rồi gửi lại đúng tệp này "
        f"({form.cluster.cluster}.xlsx) về {book.plan.issuer}.",
        "Chỉ ghi vào ô nền vàng. Các ô khác đã khóa để giữ nguyên biểu (không đặt mật khẩu); xin không đổi tên trang, "
        "không thêm, bớt, gộp ô.",
        f"Trang “{SCORES}”: mỗi tiêu chí một điểm A, B, C hoặc KAD (không áp dụng). “Tự chấm” là điểm đơn vị tự chấm, “Cụm "
        "chấm” là điểm cụm chấm. Ô để trống nghĩa là chưa chấm; xin không ghi dấu gạch ngang.",
        f"Trang “{INDICATORS}”: số nguyên theo đơn vị tính ghi ở cột ĐVT. Tiền ghi bằng đồng, đủ chữ số: 8,1 tỷ đồng ghi "
        "8100000000. Biết chắc là không có thì ghi 0; chưa có số liệu thì để trống.",
        f"Trang “{BRANCHES}”: mỗi Hội cơ sở một dòng, kể cả cơ sở chưa xếp loại. Thiếu dòng thì dùng các dòng chưa ghi đơn vị "
        "ở cuối trang.",
        f"Trang “{FILINGS}”: ngày nhận được từng loại hồ sơ, ghi ngày/tháng/năm. Biết chắc là không gửi thì ghi “{NOT_SENT}”; "
        "chưa rõ thì để trống.",
        "Gõ bằng bảng mã Unicode (phông Times New Roman); không dùng phông .VnTime, VNI. Lưu tệp ở dạng .xlsx.",
        "Khi dán số liệu từ tệp khác, chọn dán giá trị (Paste Special – Values) để không mất phần kiểm tra của ô.")
    dated = (*book.filings.values(), book.dossier)
    yield "Thời hạn", [*(f"{one.label}: trước ngày {day(one.before)} (mục {one.clause})." for one in dated),
                       f"Nộp vào đúng ngày của thời hạn: {book.readings['deadline_day'].options[book.chosen['deadline_day']]}."]
    yield "Thang xếp loại (III.1)", [f"{rung.label}: {rung.sentence[0].lower()}{rung.sentence[1:]}."
                                     for rung in book.classes.values()]
    if book.flags:
        yield "Các trường hợp không xét hoặc hạ một mức (III.2.2)", [f"{one.label}{_bar(one)}." for one in book.flags.values()]
    yield "Căn cứ", (f"{book.plan.title}.", f"Tiêu chí: {book.plan.criteria_source}.")


def _bar(flag: Flag) -> str:
    """The numbers a case is judged by, in brackets."""
    bars = [flag.below_percent is not None and f"từ {flag.below_percent}%",
            flag.unit_min is not None and f"đơn vị từ {number(flag.unit_min)} đồng",
            flag.branch_min is not None and f"mỗi Hội cơ sở từ {number(flag.branch_min)} đồng"]
    said = ", ".join(bar for bar in bars if bar)
    return f" ({said})" if said else ""


def _heads(sheet: Paper, fixed: dict[str, float], subs: dict[str, float]) -> list[int]:
    """The heading: fixed columns, then each unit over its sub-columns; gives each unit's first column."""
    row = 3
    down = 1 if len(subs) > 1 else 0
    for column, (label, width) in enumerate(fixed.items()):
        sheet.width(column, width)
        sheet.across(row, column, column, label, "head", down)
    starts = [len(fixed) + len(subs) * k for k in range(len(sheet.form.units))]
    for start, unit in zip(starts, sheet.form.units, strict=True):
        for column, (label, width) in enumerate(subs.items(), start):
            sheet.width(column, width)
            if down:
                sheet.put(row + 1, column, label, "sub+" if column == start else "sub")
        sheet.across(row, start, start + len(subs) - 1, unit.name, "head+")
    return starts


def _scores(sheet: Paper, form: Form) -> None:
    starts = _heads(sheet, {"STT": 6, "Nội dung, tiêu chí": 46}, {"Tự chấm": 8, "Cụm chấm": 10, "Ghi chú": 15})
    last = starts[-1] + 2
    sheet.head(f"BẢNG TỔNG HỢP TỰ CHẤM VÀ CỤM CHẤM ĐIỂM THI ĐUA NĂM {form.book.year}",
               "Ghi A, B, C hoặc KAD (không áp dụng) vào ô nền vàng; ô để trống là chưa chấm.", form.edge(starts, 3))
    first, given = 5, form.given("grades")
    row = first
    for area, criteria in groupby(sorted(form.year.criteria), lambda c: c.area):
        inside = list(criteria)
        title = f"Nội dung thi đua {area} (tiêu chí {inside[0].criterion}–{inside[-1].criterion})"
        sheet.line(row, (area, title, *[None] * (last - 1)), ["area"] * (last + 1))
        row += 1
        for criterion in inside:
            sheet.line(row, (criterion.criterion, criterion.title), ("centre", "label"))
            for start, unit in zip(starts, form.units, strict=True):
                sent = given.get((unit.unit, criterion.criterion))
                sheet.line(row, (sent.self, sent.cluster, sent.note) if sent else _NOTHING, ("grade+", "grade", "note"), start)
            row += 1
    for start in starts:
        for column in (start, start + 1):
            sheet.check(first, column, row - 1, GRADE)
    end = _counts(sheet, first, row, starts, given)
    edge = form.edge(starts, 3)
    sheet.signs(end + 2, 1, 1, "NGƯỜI LẬP BIỂU")
    sheet.signs(end + 2, max(2, (edge + 1) // 2), edge, "CỤM TRƯỞNG")
    sheet.close(first, 2, (3, 4), (end + 7, last))


_NOTHING = (None, None, None)       # a unit's three cells where nothing was sent


def _counts(sheet: Paper, first: int, row: int, starts: list[int], given: dict) -> int:
    """Live counts under each column, what is not graded yet, and what the letters mean; gives the last row."""
    form, total = sheet.form, row
    labels = [*((f"Cộng điểm {grade}", grade) for grade in GRADES[1:-1]), ("Cộng KAD (không áp dụng)", GRADES[-1])]
    for row, (label, grade) in enumerate([*labels, ("Chưa chấm", "")], total):
        sheet.put(row, 0, None, "sum_label")
        sheet.put(row, 1, label, "sum_label")
        for start, unit in zip(starts, form.units, strict=True):
            for column, name in ((start, "self"), (start + 1, "cluster")):
                cells = [getattr(given.get((unit.unit, c.criterion)), name, "") for c in form.year.criteria]
                letter = xlsxwriter.utility.xl_col_to_name(column)
                formula = f'=COUNTIF({letter}{first + 1}:{letter}{total},"{grade}")' if grade else \
                    f"={len(cells)}-SUM({letter}{total + 1}:{letter}{row})"
                sheet.count(row, column, formula, cells.count(grade), "sum+" if column == start else "sum", grade)
            sheet.put(row, start + 2, None, "sum")
    sheet.across(row + 2, 1, form.edge(starts, 3), "Chú giải: A, B, C là điểm của tiêu chí; KAD là tiêu chí không áp dụng "
                 "cho đơn vị; các dòng cộng tự tính, không cần ghi.", "text")
    return row + 2


def _indicators(sheet: Paper, form: Form) -> None:
    starts = _heads(sheet, {"STT": 5, "Chỉ tiêu": 32, "ĐVT": 11}, {"Chỉ tiêu giao": 15, "Thực hiện": 15, "Ghi chú": 13})
    last = starts[-1] + 2
    sheet.head(f"KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU THI ĐUA NĂM {form.book.year}",
               "Số nguyên theo đơn vị tính ở cột ĐVT, tiền ghi bằng đồng; chưa có số liệu thì để trống.", form.edge(starts, 3))
    given, row = form.given("indicators"), 4
    for n, indicator in enumerate(form.book.indicators.values(), 1):
        row += 1
        sheet.line(row, (n, indicator.label, indicator.measure), ("order", "label", "centre"))
        target, actual = number_rules(indicator)
        for start, unit in zip(starts, form.units, strict=True):
            sent = given.get((unit.unit, indicator.id))
            sheet.line(row, (sent.target, _exact(sent.actual), sent.note) if sent else _NOTHING,
                       ("whole+", "decimal" if actual["validate"] == "decimal" else "whole", "note"), start)
            sheet.check(row, start, row, target)
            sheet.check(row, start + 1, row, actual)
    sheet.close(5, 3, (3, 4), (row, last))


def _exact(value):
    """A number as the sheet can hold it; one with more digits than that as Vietnamese text."""
    if not isinstance(value, Decimal) or Decimal(repr(float(value))) == value:
        return value
    return f"{value:f}".replace(".", ",")


def _branches(sheet: Paper, form: Form, names: str) -> None:
    sheet.heads(3, {"STT": 6, "Đơn vị": 30, "Hội cơ sở": 46, "Xếp loại": 16, "Số dư quỹ (đồng)": 20})
    sheet.head(f"XẾP LOẠI VÀ SỐ DƯ QUỸ CỦA HỘI CƠ SỞ NĂM {form.book.year}",
               "Mỗi Hội cơ sở một dòng; dòng thừa để trống.", 4)
    row = 3
    for unit in (*form.units, None):
        known = form.year.branches if form.filled else form.year.listed
        sent = [b for b in known if unit and b.unit == unit.unit]
        lines = max(_ROWS_A_UNIT, len(sent) + 1) if unit else _SPARE_ROWS
        for n, branch in enumerate([*sent, *[None] * (lines - len(sent))], 1):
            row += 1
            styles = ("order", "label" if unit else "words", "words", "grade", "whole")
            sheet.line(row, (n if unit else None, unit and unit.name, *(branch[1:4] if branch else _NOTHING)),
                       [style + "^" * (n == 1) for style in styles])
    sheet.check(row - _SPARE_ROWS + 1, 1, row, rule(
        "list", "Đơn vị", "Chọn đơn vị của Hội cơ sở này.", f"Chọn một đơn vị trong danh sách ở trang {GUIDE}.", source=names))
    sheet.check(4, 3, row, RATING)
    sheet.check(4, 4, row, whole_rule("Số dư quỹ", "đồng"))
    sheet.close(4, 0, (3, 3), (row, 4), wide=False)


def _filings(sheet: Paper, form: Form) -> None:
    starts = _heads(sheet, {"STT": 6, "Hồ sơ": 38, "Trước ngày": 14}, {"Ngày nhận": 22})
    sheet.head(f"NGÀY NHẬN HỒ SƠ THI ĐUA NĂM {form.book.year}",
               f"Ghi ngày/tháng/năm; chắc chắn không gửi thì ghi “{NOT_SENT}”; chưa rõ thì để trống.", form.edge(starts, 1))
    given, row = form.given("filings"), 3
    for n, filing in enumerate(form.book.filings.values(), 1):
        row += 1
        sheet.line(row, (n, filing.label, day(filing.before)), ("order", "label", "centre"))
        for column, unit in zip(starts, form.units, strict=True):
            sent = given.get((unit.unit, filing.id))
            received = sent and sent.received
            sheet.put(row, column, NOT_SENT if received == "none" else received, "day")
            sheet.check(row, column, row, receipt(xlsxwriter.utility.xl_rowcol_to_cell(row, column), filing.before))
    sheet.close(4, 3, (3, 3), (row, starts[-1]))
