"""The words of the appraisal: grades, classes and the labels a reader sees.

Names are the glossary's; Vietnamese words that belong to a rule (class, flag, reading) live beside the rule, in the
year's rule book. What is left here is said the same way every year.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

#: Grades as they are kept: not graded, A, B, C, not applicable. A grade's code is its place here.
GRADES = ("", "A", "B", "C", "KAD")
BLANK, A, B, C, KAD = range(len(GRADES))

#: Branch ratings from best to worst, in the plan's own words (III.1).
RATINGS = ("Xuất sắc", "Khá", "Trung bình", "Yếu")

#: Classes from best to worst (III.1). A class's code is its place here; `NO_CLASS` stands for none.
CLASSES = ("excellent", "good", "average", "weak")
NO_CLASS = -1

#: The group of the reasons the Council adds (III.2.2, "một số tiêu chí khác"), and how a reader is told of one.
COUNCIL = "council"
WAIVED = " (Hội đồng thống nhất không áp dụng)"
ADDED = "tiêu chí bổ sung của Hội đồng"

#: The numbers and days of the rule book, as a control or a table names them beside their rule.
NUMBERS = {"min_a": "số điểm A, từ", "max_c": "số điểm C, không quá", "branch_percent": "% Hội cơ sở, từ",
           "below_percent": "% so với chỉ tiêu, dưới", "unit_min": "quỹ của đơn vị, đồng", "branch_min": "quỹ Hội cơ sở, đồng",
           "before": "trước ngày"}

#: How an appraisal looked (III.1): on paper, in the field.
METHODS = {"van-ban": "kiểm tra văn bản", "thuc-te": "kiểm tra thực tế", "": "chưa ghi phương pháp"}
METHOD_WORDS = {"văn bản": "van-ban", "thực tế": "thuc-te",
                **{word: id for id, said in METHODS.items() if id for word in (said, id)}}

#: What an inspection may find beside grades (`verified.csv`), and how a reader is told of it.
FOUND = {"rating": "xếp loại", "fund": "quỹ", "actual": "thực hiện", "target": "chỉ tiêu", "filing": "ngày nhận"}

#: Begins what is told of a value that an inspection has looked at (`verified.csv`).
INSPECTED = "đoàn thẩm định"

#: What the Council may decide, as it is told.
DECISIONS = {"waive": "thống nhất không áp dụng trường hợp", "downgrade": f"hạ một mức theo {ADDED}",
             "not_considered": "quyết định không xét", "consider": "thống nhất vẫn xét", "class": "quyết định xếp loại",
             "lead": "phân định xếp đứng đầu cụm", "prize": "quyết định giải", "withdraw": "rút lại:"}

#: The same as people type it into a table or choose it in a form (the first is the form's).
SAID = {"waive": ("bỏ một trường hợp", "không áp dụng trường hợp"), "downgrade": ("hạ một mức",),
        "not_considered": ("không xét",), "consider": ("vẫn xét",), "class": ("xếp loại",),
        "lead": ("xếp đứng đầu cụm", "đứng đầu cụm", "đứng đầu"), "prize": ("giải", "trao giải", "giải thưởng"),
        "withdraw": ("rút lại", "rút")}

#: The prizes of the province among the nominees (III.1, "Nhất, Nhì, Ba").
PRIZES = {"first": "Nhất", "second": "Nhì", "third": "Ba"}

#: What may hang on a question to the Council, the weightiest first: a decision whose ground moved, then what is not decided.
STAKES = {"moved": "quyết định đã có", "considered": "được xét hay không", "nomination": "xét Nhất, Nhì, Ba",
          "class": "xếp loại", "missing": "số liệu còn thiếu"}

#: The keys a ranking may go by, and how the page says which one set a leader apart.
RANKING_KEYS = {"class": "xếp loại", "a": "số điểm A", "c": "ít điểm C hơn", "converted": "điểm quy đổi",
                "branches": "tỷ lệ Hội cơ sở từ Khá trở lên"}

#: What sets the unit ahead that the Council put first among leaders who tie (`lead`).
BY_COUNCIL = "council"

TABLES = {"grades": "bảng điểm", "indicators": "chỉ tiêu", "branches": "Hội cơ sở", "filings": "hồ sơ đã nhận"}

#: Is a condition met, as a reader is told.
MET = {True: "đạt", False: "không đạt", None: "chưa rõ"}

#: What stands directly under the province, in `direct.csv`.
DIRECT_KINDS = {"truc-thuoc": "Hội cơ sở trực thuộc tỉnh", "van-phong": "cơ quan Tỉnh Hội"}

#: What a branch can be (II.5 asks a fund of those of communes, wards and townships alone); the first where nothing is written.
BRANCH_KINDS = {"xa": "xã, phường, thị trấn", "truong": "trường học", "benh-vien": "bệnh viện", "khac": "loại khác"}

UNKNOWN = "chưa có số liệu"
NO_BRANCHES = "chưa có danh sách Hội cơ sở"

#: Begins what is told of a value read otherwise than it was sent (`corrections.csv`).
CORRECTED = "đã sửa theo"

#: Said of a value that a scenario has set (`year.trial`).
TRIAL = "phương án thử"
TRIED_TARGET = f"{TRIAL} (chỉ tiêu)"


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The known name a typed one most resembles, or None: a suggestion, never an answer."""
    by_key = {toneless(n): n for n in names}
    close = get_close_matches(toneless(name), list(by_key), n=1, cutoff=0.6)
    return by_key[close[0]] if close else None


def hint(name: str, names: Iterable[str]) -> str:
    """` (có phải “x” không?)` for the nearest known name, or nothing."""
    close = nearest(name, names)
    return f" (có phải “{close}” không?)" if close else ""


def toneless(text: str) -> str:
    """Lower case without marks: `Xuất sắc` is `xuat sac`."""
    spelled = unicodedata.normalize("NFD", text.casefold().replace("đ", "d").replace("ð", "d"))
    return "".join(c for c in spelled if not unicodedata.combining(c))


def capital(text: str) -> str:
    """The words of a clause as a sentence or a heading begins: its first letter a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def number(value, decimals: int | None = None) -> str:
    """A number as Vietnamese offices print it: dots between thousands, a comma before decimals."""
    if value is None:
        return UNKNOWN
    text = f"{value:,.{decimals}f}" if decimals is not None else f"{value:,}"
    return text.translate(str.maketrans(",.", ".,"))


def percent(part: int, whole: int) -> str:
    """`part` of `whole` in per cent with one decimal, rounded down: 38 of 51 is 74,5%, never 75%."""
    if not whole:
        return "–"
    tenths = 1000 * part // whole
    return f"{number(tenths // 10)},{tenths % 10}%" if tenths % 10 else f"{number(tenths // 10)}%"


def day(value) -> str:
    """A date as dd/mm/yyyy, `không gửi` for a filing known not to have come, `chưa ghi` for a blank."""
    if value is None:
        return "chưa ghi ngày"
    return "không gửi" if value == "none" else f"{value:%d/%m/%Y}"
