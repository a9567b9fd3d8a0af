"""Workbooks as offices lay them out, written at random from known tables: what the reader must give back exactly.

A `Page` is a sheet to be: cells, merged cells, what is hidden, remarks. Each layout is a function that fills pages from a
cluster's tables; `noisy` then adds what people add. Nothing here knows how the reader works.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from random import Random

import openpyxl
from openpyxl.comments import Comment

CRITERIA = 43
AREAS = ((1, 7, "Công tác xã hội nhân đạo"), (8, 12, "Phòng ngừa, ứng phó thiên tai"), (13, 17, "Chăm sóc sức khỏe"),
         (18, 23, "Hiến máu, hiến mô, tạng"), (24, 27, "Truyền thông, xây dựng quỹ Hội"), (28, 30, "Công tác đối ngoại"),
         (31, 35, "Xây dựng tổ chức Hội"), (36, 39, "Tham mưu, chỉ đạo"), (40, 43, "Kiểm tra, thi đua, khen thưởng"))
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
TITLES = ("Tổ chức phong trào theo kế hoạch", "Đạt chỉ tiêu được giao", "Nộp hội phí đạt từ 90% trở lên", "Vận động nguồn lực",
          "Duy trì câu lạc bộ hiến máu", "Kiện toàn đội ứng phó, 8/5 và 13/10", "Báo cáo đúng mẫu, đúng hạn")
STAGES = {"self": ("Tự chấm", "Tự\nchấm", "Tự chấm điểm", "ĐƠN VỊ TỰ CHẤM", "Điểm tự chấm"),
          "cluster": ("Cụm chấm", "Cụm\nchấm", "CỤM CHẤM", "Điểm cụm chấm", "Cụm chấm điểm", "Điểm cụm")}
INDICATOR_WORDS = {
    "dues": ("Nộp hội phí", "Hội phí", "Thu nộp hội phí"), "member_growth": ("Phát triển hội viên", "Phát triển hội viên mới"),
    "reporting": ("Chế độ thông tin báo cáo", "Thực hiện chế độ thông tin, báo cáo"),
    "operations_classes": ("Mở lớp tập huấn nghiệp vụ công tác Hội", "Lớp tập huấn nghiệp vụ"),
    "first_aid_classes": ("Lớp tập huấn kỹ năng sơ cấp cứu", "Mở lớp tập huấn sơ cấp cứu"),
    "cadres_sent": ("Cử cán bộ tham gia tập huấn do tỉnh tổ chức",), "tet_nhan_ai": ("Phong trào \"Tết Nhân ái\"",),
    "humanitarian_address": ("Cuộc vận động mỗi tổ chức, mỗi cá nhân gắn với một địa chỉ nhân đạo",),
    "good_people_good_deeds": ("Phong trào “Người tốt, việc thiện”",),
    "unit_fund": ("Số dư Quỹ Hội cấp huyện", "Quỹ Hội cấp huyện"),
    "resources": ("Tổng nguồn lực vận động", "Tổng nguồn lực so với nghị quyết năm"),
    "humanitarian_month": ("Giá trị Tháng Nhân đạo", "Trị giá thực hiện Tháng Nhân đạo"),
    "converted": ("Điểm quy đổi",), "blood_units": ("Hiến máu tình nguyện",), "repeat_donors": ("Trong đó: hiến máu nhắc lại",),
    "organ_registrations": ("Đăng ký hiến mô, tạng",)}
MONEY = ("dues", "unit_fund", "resources", "humanitarian_month")
FILING_WORDS = {"registration": ("Đăng ký thi đua", "Bảng đăng ký thi đua"), "plan": ("Kế hoạch", "Kế hoạch phát động thi đua"),
                "self_scores": ("Bảng tự chấm", "Bảng tự chấm điểm"), "annual_report": ("Báo cáo năm", "Báo cáo năm 2024")}
RATINGS = ("Xuất sắc", "Khá", "Trung bình", "Yếu")


class Page:
    """A sheet to be written."""

    def __init__(self, name: str):
        self.name, self.cells, self.merges = name, {}, []
        self.hidden_rows, self.hidden_columns, self.comments = set(), set(), {}

    def put(self, row: int, column: int, value, down: int = 1, right: int = 1):
        """A value, merged over some rows and columns."""
        if value is not None:
            self.cells[row, column] = value
        if down > 1 or right > 1:
            self.merges.append((row, column, row + down - 1, column + right - 1))

    @property
    def size(self) -> tuple[int, int]:
        """The last row and column."""
        return max(r for r, _ in self.cells), max(c for _, c in self.cells)

    def move(self, rows: int, columns: int):
        """Everything further down and to the right."""
        self.cells = {(r + rows, c + columns): v for (r, c), v in self.cells.items()}
        self.merges = [(a + rows, b + columns, c + rows, d + columns) for a, b, c, d in self.merges]

    def open_column(self, at: int):
        """A new, empty column before another; merged cells over it grow."""
        self.cells = {(r, c + (c >= at)): v for (r, c), v in self.cells.items()}
        self.merges = [(a, b + (b >= at), c, d + (d >= at)) for a, b, c, d in self.merges]

    def open_row(self, at: int):
        """A new, empty row before another."""
        self.cells = {(r + (r >= at), c): v for (r, c), v in self.cells.items()}
        self.merges = [(a + (a >= at), b, c + (c >= at), d) for a, b, c, d in self.merges]


def save(pages: list[Page]) -> bytes:
    """The pages as an .xlsx."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for page in pages:
        sheet = book.create_sheet(page.name)
        for (row, column), value in page.cells.items():
            cell = sheet.cell(row, column, value)
            if isinstance(value, str) and value.startswith("="):
                cell.data_type = "s"
        for top, left, bottom, right in page.merges:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        for row in page.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        for column in page.hidden_columns:
            sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].hidden = True
        for (row, column), text in page.comments.items():
            sheet.cell(row, column).comment = Comment(text, "nguoi xem")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# ---------------------------------------------------------------- a cluster's tables at random

def tables(random: Random, units: list[str], stages=("self", "cluster")) -> dict:
    """Grades, indicators, branches and filings of some units: what must be read back."""
    def grade():
        return random.choices(("A", "B", "C", "KAD", ""), (70, 15, 6, 4, 5))[0]

    grades = {(u, c, s): g for u in units for c in range(1, CRITERIA + 1) for s in stages if (g := grade())}
    return {"grades": grades, "indicators": _indicators(random, units), "branches": _branches(random, units),
            "filings": {(u, f): v for u in units for f in FILING_WORDS if (v := random.choice(
                ("none", "", *(date(2024, random.choice((2, 12)), random.randint(1, 28)) for _ in range(6)))))}}


def _indicators(random, units) -> dict:
    found = {}
    for unit in units:
        for id in INDICATOR_WORDS:
            if id == "reporting":
                pair = (1, random.randint(0, 1))
            elif id in MONEY:
                pair = (random.randint(1, 9000) * 10**6, random.randint(1, 90000) * 10**5)
            else:
                pair = (random.randint(0, 3000), random.randint(0, 4000))
            for column, value in zip(("target", "actual"), pair, strict=True):
                if random.random() > 0.15:
                    found[unit, id, column] = value
    return found


def _branches(random, units) -> dict:
    return {(u, f"Xã {random.choice(('Vĩnh', 'Thạnh', 'Mỹ', 'Hòa', 'Đông'))} {n}"):
            (random.choice((*RATINGS, "")), random.choice((None, random.randint(1, 400) * 50000)))
            for u in units for n in random.sample(("An", "Bình", "Lộc", "Phước", "Yên", "Trị", "Hưng"), random.randint(1, 6))}


# ---------------------------------------------------------------- as people type

def typed_grade(random: Random, grade: str):
    """A letter with what the eye does not see."""
    if not grade:
        return random.choice((None, None, " "))
    if grade == "KAD":
        return random.choice(("KAD", "kad", "Không áp dụng", " KAD"))
    return random.choice((grade, grade, grade, grade.lower(), f" {grade}", f"{grade} ", f"{grade}\u00a0",
                          chr(ord(grade) + 0xFEE0)))


def typed_number(random: Random, value: int, scale: int | None):
    """A whole number; money also in words, or in the column's own unit."""
    if value is None:
        return None
    if scale and scale > 1:
        return f"{value / scale:,.10f}".rstrip("0").rstrip(".").translate(str.maketrans(",.", ".,"))
    dotted = f"{value:,}".replace(",", ".")
    choices = [value, dotted, f" {dotted}", f"{value}"] if value != 0 else [0, "0"]
    if scale and value >= 10**6 and value % 10**5 == 0:
        choices += [f"{_comma(value, 10**6)} triệu", f"{_comma(value, 10**6)} triệu đồng"]
        if value >= 10**9 and value % 10**7 == 0:
            choices += [f"{_comma(value, 10**9)} tỷ"]
    return random.choice(choices)


def _comma(value: int, unit: int) -> str:
    whole, rest = divmod(value, unit)
    tail = f"{rest:0{len(str(unit)) - 1}d}".rstrip("0")
    return f"{whole:,}".replace(",", ".") + (f",{tail}" if tail else "")


def typed_day(random: Random, value):
    """A day as a date or as text."""
    if value in ("", "none"):
        return None if value == "" else random.choice(("Không gửi", "không gửi", "Không nộp", "none"))
    return random.choice((value, datetime(value.year, value.month, value.day, 14, 30),
                          f"{value.day}/{value.month}/{value.year}",
                          f"{value:%d/%m/%Y}", f"{value:%d-%m-%Y}", f"{value:%d.%m.%Y}", value.isoformat()))


# ---------------------------------------------------------------- the matrix: criteria down, units across

def heading(random: Random, page: Page, cluster: str = "CỤM THI ĐUA SỐ 1", said: str = "") -> int:
    """Society and motto, title, what it is attached to; the row where the table may begin."""
    row = random.randint(1, 2)
    if random.random() < 0.8:
        page.put(row, 1, "HỘI CHỮ THẬP ĐỎ TỈNH KIÊN GIANG", right=2)
        page.put(row, 4, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", right=3)
        page.put(row + 1, 1, cluster, right=2)
        page.put(row + 1, 4, "Độc lập - Tự do - Hạnh phúc", right=3)
        if random.random() < 0.5:
            page.put(row + 2, 4, "Kiên Giang, ngày 05 tháng 12 năm 2024")
        row += 4
    page.put(row, 1, f"BẢNG TỔNG HỢP ĐIỂM THI ĐUA {said}NĂM 2024".replace("  ", " "), right=6)
    if random.random() < 0.6:
        page.put(row + 1, 1, "(Kèm theo Biên bản họp ngày 05 tháng 12 năm 2024)", right=6)
    return row + random.randint(2, 4)


def matrix(random: Random, data: dict, names: dict[str, str], stages=("self", "cluster"), *, ticks=False, name="Tổng hợp",
           said: str = "") -> Page:
    """L1, L3, L4: criteria down, each unit with a column (three, where it is ticked) for each round."""
    page = Page(name)
    top = heading(random, page, said=said)
    units = list(names)
    random.shuffle(units)
    width = 3 if ticks else 1
    levels = 1 + (len(stages) > 1 or not ticks and random.random() < 0.3) + ticks
    has_max, has_note = random.random() < 0.5, random.random() < 0.5
    words = [random.choice(("STT", "TT", "Số TT")), random.choice(("Nội dung và tiêu chí", "Nội dung thi đua", "Tiêu chí"))]
    words += ["Điểm tối đa"] if has_max else []
    for column, word in enumerate(words, 1):
        page.put(top, column, word, down=levels)
    column, places = len(words) + 1, {}
    show_stage = levels - ticks > 1
    for unit in units:
        page.put(top, column, names[unit], right=len(stages) * width)
        for stage in stages:
            if show_stage:
                page.put(top + 1, column, random.choice(STAGES[stage]), right=width)
            for letter in "ABC" if ticks else ():
                page.put(top + levels - 1, column + "ABC".index(letter), letter)
            places[unit, stage] = column
            column += width
    if has_note:
        page.put(top, column, "Ghi chú", down=levels)
    row = top + levels
    if random.random() < 0.6:
        row = _codes(random, page, row, len(words), column - 1 + has_note)
    row = _body(random, page, data, places, row, has_max, ticks)
    _foot(random, page, data, places, row, ticks)
    if random.random() < 0.3:
        _move_columns(random, page, top, [[c] for c in range(1, len(words) + 1)] + [
            list(range(c, c + len(stages) * width)) for c in range(len(words) + 1, column, len(stages) * width)]
            + ([[column]] if has_note else []))
    return page


def _move_columns(random, page, top, groups) -> None:
    """The table's columns in another order; what is merged stays together."""
    random.shuffle(groups)
    to = {old: new for new, old in enumerate((c for group in groups for c in group), 1)}
    page.cells = {(r, to.get(c, c) if r >= top else c): v for (r, c), v in page.cells.items()}
    page.merges = [(a, to.get(b, b), c, to.get(b, b) + d - b) if a >= top else (a, b, c, d) for a, b, c, d in page.merges]


def _codes(random, page, row, stubs, last) -> int:
    number = 0
    is_bracketed = random.random() < 0.3
    for column in range(1, last + 1):
        if column <= stubs and not is_bracketed:
            code = "ABC"[column - 1]
        else:
            number += 1
            code = f"({number})" if is_bracketed else number if random.random() < 0.9 else f"{number}=({number - 1})"
        page.put(row, column, code)
    return row + 1


def _body(random, page, data, places, row, has_max, ticks) -> int:
    with_areas, numbered = random.random() < 0.8, random.choice((int, str, lambda n: f"{n}."))
    subtotals = random.random() < 0.5
    for (first, last, title), roman in zip(AREAS, ROMAN, strict=True):
        if with_areas:
            page.put(row, 1, roman)
            page.put(row, 2, title)
            if subtotals and not ticks:
                for (unit, stage), column in places.items():
                    page.put(row, column, sum(data["grades"].get((unit, n, stage)) == "A" for n in range(first, last + 1)))
            row += 1
        for number in range(first, last + 1):
            page.put(row, 1, numbered(number))
            page.put(row, 2, random.choice(TITLES))
            if has_max:
                page.put(row, 3, "A")
            for (unit, stage), column in places.items():
                _grade(random, page, row, column, data["grades"].get((unit, number, stage), ""), ticks)
            row += 1
            if random.random() < 0.03:
                page.put(row, 2, "phần tiếp của tiêu chí trên")
                row += 1
    return row


def _grade(random, page, row, column, grade, ticks) -> None:
    if not ticks:
        page.put(row, column, typed_grade(random, grade))
    elif grade == "KAD":
        page.put(row, column + random.randrange(3), "KAD")
    elif grade:
        page.put(row, column + "ABC".index(grade), random.choice(("x", "X", "✓", " x")))


def _foot(random, page, data, places, row, ticks) -> None:
    for letter in "ABC" if not ticks else ():
        if random.random() < 0.7:
            page.put(row, 2, f"Cộng điểm {letter}")
            for (unit, stage), column in places.items():
                page.put(row, column, sum(data["grades"].get((unit, n, stage)) == letter for n in range(1, CRITERIA + 1)))
            row += 1
    if random.random() < 0.4:
        page.put(row, 2, "Xếp loại cụm đề nghị")
        for column in places.values():
            page.put(row, column, random.choice(RATINGS))
        row += 1
    if random.random() < 0.6:
        for n, (letter, meaning) in enumerate((("A", "Hoàn thành tốt"), ("B", "Hoàn thành"), ("C", "Chưa đạt"))):
            page.put(row + 2 + n, 1, letter)
            page.put(row + 2 + n, 2, meaning)
        row += 6
    page.put(row + 1, 1, "NGƯỜI LẬP BIỂU")
    page.put(row + 1, 4, "CỤM TRƯỞNG")


# ---------------------------------------------------------------- one sheet a unit; units down

def sheet_a_unit(random: Random, data: dict, names: dict[str, str], stages=("self", "cluster")) -> list[Page]:
    """L2: a sheet for each unit, named after it or only headed with its name."""
    pages = []
    for n, (unit, called) in enumerate(names.items(), 1):
        by_name = random.random() < 0.6 and len(called) < 31
        page = Page(called.replace("/", " ")[:30] if by_name else f"Biểu {n}")
        row = 1
        page.put(row, 1, "HỘI CTĐ TỈNH KIÊN GIANG")
        page.put(row + 2, 1, "BẢNG CHẤM ĐIỂM THI ĐUA NĂM 2024", right=5)
        if not by_name or random.random() < 0.5:
            page.put(row + 3, 1, f"Đơn vị: {called}")
        row += 5
        order = ["STT", "Nhóm tiêu chí", "Tiêu chí", *(STAGES[s][0] for s in stages), "Nhận xét"]
        for column, word in enumerate(order, 1):
            page.put(row, column, word)
        row += 1
        for first, last, title in AREAS:
            page.put(row, 2, title, down=last - first + 1)
            for number in range(first, last + 1):
                page.put(row, 1, number)
                page.put(row, 3, random.choice(TITLES))
                for k, stage in enumerate(stages):
                    page.put(row, 4 + k, typed_grade(random, data["grades"].get((unit, number, stage), "")))
                row += 1
        page.put(row, 1, "Tổng cộng", right=3)
        page.put(row + 2, 1, "ĐẠI DIỆN ĐƠN VỊ")
        pages.append(page)
    return pages


def across(random: Random, data: dict, names: dict[str, str], stages=("self", "cluster")) -> Page:
    """L3 turned: criteria across, a row for each unit and round."""
    page = Page("Ngang")
    top = heading(random, page)
    page.put(top, 1, "TT", down=2)
    page.put(top, 2, random.choice(("Đơn vị", "Huyện, thành Hội")), down=2)
    page.put(top, 3, "Người chấm", down=2)
    for first, last, title in AREAS:
        page.put(top, 3 + first, title, right=last - first + 1)
        for number in range(first, last + 1):
            page.put(top + 1, 3 + number, number)
    with_totals = random.random() < 0.6
    if with_totals:
        page.put(top, 47, "Cộng điểm", right=3)
        for k, letter in enumerate("ABC"):
            page.put(top + 1, 47 + k, letter)
    row, merged = top + 2, random.random() < 0.7
    for n, (unit, called) in enumerate(names.items(), 1):
        page.put(row, 1, n, down=len(stages))
        page.put(row, 2, called, down=len(stages) if merged else 1)
        for stage in stages:
            page.put(row, 3, STAGES[stage][0])
            for number in range(1, CRITERIA + 1):
                page.put(row, 3 + number, typed_grade(random, data["grades"].get((unit, number, stage), "")))
            for k, letter in enumerate("ABC" if with_totals else ""):
                page.put(row, 47 + k, sum(data["grades"].get((unit, c, stage)) == letter for c in range(1, CRITERIA + 1)))
            row += 1
    page.put(row + 1, 1, "Ghi chú: KAD: không áp dụng.")
    return page


# ---------------------------------------------------------------- the other tables

def indicators(random: Random, data: dict, names: dict[str, str]) -> Page:
    """Indicators down, each unit with target, actual and perhaps the percentage."""
    page = Page("Chỉ tiêu")
    page.put(1, 1, "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU NĂM 2024", right=6)
    subs = ["Chỉ tiêu giao", "Thực hiện"] + (["Tỷ lệ"] if random.random() < 0.5 else [])
    has_measure = random.random() < 0.7
    for column, word in enumerate(["TT", "Chỉ tiêu"] + (["ĐVT"] if has_measure else []), 1):
        page.put(3, column, word, down=2)
    first = 3 + has_measure
    for k, called in enumerate(names.values()):
        page.put(3, first + k * len(subs), called, right=len(subs))
        for j, word in enumerate(subs):
            page.put(4, first + k * len(subs) + j, word)
    ids = list(INDICATOR_WORDS)
    random.shuffle(ids)
    for n, id in enumerate(ids):
        row = 5 + n
        page.put(row, 1, n + 1)
        page.put(row, 2, random.choice(INDICATOR_WORDS[id]))
        scale = random.choice((1, 10**6)) if has_measure and id in MONEY else 1 if id in MONEY else None
        if has_measure and id in MONEY:
            page.put(row, 3, {1: "đồng", 10**6: "triệu đồng"}[scale])
        for k, unit in enumerate(names):
            for j, column in enumerate(("target", "actual")):
                value = data["indicators"].get((unit, id, column))
                page.put(row, first + k * len(subs) + j, typed_number(random, value, scale))
    page.put(7 + len(ids), 1, "Ghi chú: số liệu đến hết ngày 30/11/2024.")
    return page


def branches(random: Random, data: dict, names: dict[str, str]) -> Page:
    """Branches under bands, or beside their unit."""
    page = Page("Hội cơ sở")
    page.put(1, 1, "XẾP LOẠI VÀ SỐ DƯ QUỸ CỦA HỘI CƠ SỞ", right=4)
    banded = random.random() < 0.5
    heads = ["TT", *([] if banded else ["Đơn vị"]), "Hội cơ sở", "Xếp loại", "Số dư quỹ (đồng)"]
    for column, word in enumerate(heads, 1):
        page.put(3, column, word)
    row, name = 4, 2 if banded else 3
    merged = random.random() < 0.5
    for k, (unit, called) in enumerate(names.items()):
        inside = {b: v for (u, b), v in data["branches"].items() if u == unit}
        if banded:
            page.put(row, 1, ROMAN[k])
            page.put(row, 2, called, right=3)
            row += 1
        for n, (branch, (rating, fund)) in enumerate(inside.items(), 1):
            page.put(row, 1, n)
            if not banded and (n == 1 or not merged):
                page.put(row, 2, called, down=len(inside) if merged else 1)
            page.put(row, name, branch)
            page.put(row, name + 1, random.choice((rating, rating.upper(), f" {rating}")) if rating else None)
            page.put(row, name + 2, typed_number(random, fund, 1))
            row += 1
        if banded:
            page.put(row, 2, f"Cộng: {len(inside)} Hội cơ sở")
            row += 1
    return page


def filings(random: Random, data: dict, names: dict[str, str]) -> Page:
    """Units down and filings across, or the other way."""
    page = Page("Hồ sơ")
    page.put(1, 1, "NGÀY NHẬN HỒ SƠ THI ĐUA", right=4)
    down = random.random() < 0.5
    rows, columns = (FILING_WORDS, names) if down else (names, FILING_WORDS)
    page.put(3, 1, "TT")
    page.put(3, 2, "Hồ sơ" if down else "Đơn vị")

    def said(thing):
        return random.choice(FILING_WORDS[thing]) if thing in FILING_WORDS else names[thing]

    for c, column in enumerate(columns, 3):
        page.put(3, c, said(column))
    for r, one in enumerate(rows, 4):
        page.put(r, 1, r - 3)
        page.put(r, 2, said(one))
        for c, column in enumerate(columns, 3):
            key = (column, one) if down else (one, column)
            page.put(r, c, typed_day(random, data["filings"].get(key, "")))
    return page


# ---------------------------------------------------------------- noise

def noisy(random: Random, pages: list[Page]) -> list[Page]:
    """What people add: empty columns, rows on top, hidden rows and columns, remarks, sheets of scratch."""
    for page in pages:
        if random.random() < 0.4:
            page.move(random.randint(0, 3), random.randint(0, 2))
        if random.random() < 0.3:
            page.open_row(page.size[0] // 2)
        if random.random() < 0.3:
            page.open_column(random.randint(1, page.size[1]))
        if random.random() < 0.4:
            page.hidden_rows.add(random.randint(page.size[0] // 2, page.size[0]))
        if random.random() < 0.3:
            page.hidden_columns.add(random.randint(1, page.size[1]))
        for _ in range(random.randint(0, 2)):
            page.comments[random.choice(list(page.cells))] = "Đề nghị xem lại"
    if random.random() < 0.4:
        scratch = Page("Nháp")
        scratch.put(2, 2, "Hỏi lại số lớp tập huấn")
        scratch.put(5, 2, "Kiên Lương")
        scratch.put(5, 3, 37)
        pages.insert(random.randint(0, len(pages)), scratch)
    return pages
