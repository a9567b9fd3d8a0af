"""A table in Vietnamese, for a page or a workbook: headings, classes, units, rules as the pages call them.

What is the rule book's is said in its own words: a table remembers which year it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import repeat
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from .. import terms
from ..plan.rulebook import BRANCH_FUND, Rulebook
from ..plan.scenario import ORDER, fact, name_of
from ..words import wording
from ..year.year import Year
from .errors import need

if TYPE_CHECKING:
    import pandas as pd

#: Under this name a table remembers its year (`DataFrame.attrs`), as text.
ATTRIBUTE = "ctd"
_years: dict[str, Year] = {}

#: Headings by the name of the column; a flag's, a filing's, a unit's are the rule book's and the year's.
HEADINGS = {
    "unit": "Đơn vị", "code": "Mã số", "name": "Tên", "kind": "Loại hình", "cluster": "Cụm", "population": "Dân số",
    "aliases": "Tên gọi khác", "lead": "Cụm trưởng", "dossier_received": "Ngày nhận hồ sơ cụm", "criterion": "Tiêu chí",
    "area": "Nội dung", "title": "Tên tiêu chí", "self": "Tự chấm", "standing": "Sau thẩm định", "note": "Ghi chú",
    "appraised": "Thẩm định", "source": "Nguồn", "indicator": "Chỉ tiêu", "target": "Chỉ tiêu giao", "actual": "Thực hiện",
    "branch": "Hội cơ sở", "rating": "Xếp loại Hội cơ sở", "fund": "Quỹ (đồng)", "filing": "Hồ sơ", "received": "Ngày nhận",
    "state": "Tình trạng", "grade": "Điểm thẩm định", "method": "Cách thẩm định", "reason": "Lý do", "decision": "Quyết định",
    "value": "Giá trị", "document": "Văn bản", "decided_on": "Ngày quyết định", "a": "A", "b": "B", "c": "C",
    "ungraded": "Chưa chấm", "not_applicable": "KAD", "converted": "Điểm quy đổi", "branches_good": "Hội cơ sở từ Khá",
    "branches_total": "Số Hội cơ sở", "base_class": "Loại theo điểm (III.1)", "literal_match": "Đúng nguyên văn III.1",
    "considered": "Được xét", "rules_class": "Theo quy định", "proposed_class": "Đề nghị", "final_class": "Dự kiến xếp loại",
    "cluster_rank": "Thứ tự", "tied": "Đồng hạng", "ahead_by": "Hơn đơn vị sau ở",
    "nominee": "Được xem xét Nhất, Nhì, Ba", "prize": "Giải", "provisional": "Tạm tính",
    "hinges_on": "Tùy cách hiểu", "nominee_hinges_on": "Nhất, Nhì, Ba tùy cách hiểu",
    "clause": "Điều khoản", "condition": "Điều kiện", "asked": "Cần", "found": "Có", "of": "Trên", "met": "Đạt", "key": "Khóa",
    "from": "Từ", "to": "Thành", "what": "Điều đổi", "why": "Vì", "grades_to_a": "Số điểm B, C thành A để lên loại",
    "a_to_c": "Số điểm A thành C thì xuống loại", "question": "Nội dung", "grounds": "Căn cứ", "answers": "Các cách trả lời",
    "stake": "Liên quan đến", "file": "Tệp", "sheet": "Trang", "cell": "Ô", "line": "Dòng", "seen": "Thấy",
    "wanted": "Cần ghi", "message": "Nội dung", "was": "Đang ghi", "expected": "Chờ đợi", "came": "Kết quả",
    "outcome": "Kết quả dự kiến", "options": "Chọn một trong", "said": "Bằng chữ",
    "table": "Bảng", "item": "Mục", "seen_on": "Ngày xem", "as_of": "Tính đến ngày"}

NEVER_CAME = terms.day("none")
_YES_NO = {True: "có", False: "không"}
_WORDS = {
    "method": {k: v for k, v in terms.METHODS.items() if k}, "decision": terms.DECISIONS, "prize": terms.PRIZES,
    "table": terms.FOUND, "ahead_by": terms.RANKING_KEYS | {terms.BY_COUNCIL: "Hội đồng phân định"}, "met": terms.MET,
    "kind": terms.BRANCH_KINDS | terms.DIRECT_KINDS, "state": {"came": "đã nhận", "none": NEVER_CAME},
    "stake": terms.STAKES}
#: Columns whose words are those of what another column of the row names.
_ABOUT = {"value": ("key", "decision", "table"), "item": ("table",), "options": ("key",)}
#: Columns that hold pairs as scenarios have them: `good → excellent`, `true → false`.
_PAIRS = {"none": "không có", "true": "có", "false": "không"}


def remember(made: pd.DataFrame, year: Year) -> pd.DataFrame:
    """The same table, which now knows its year; what pandas makes of it mostly keeps that."""
    name = f"{year.path}:{year.book.sha256[:12]}"
    _years.pop(name, None)
    _years[name] = year         # the last read comes last
    made.attrs[ATTRIBUTE] = name
    return made


def labels(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy with Vietnamese headings and words, which is what a notebook shows and a workbook should get.

    Units, clusters, flags, indicators, filings, readings, keys by their names; classes and ratings keep their order; yes and no
    in words; lists joined by ";". Columns nobody knows, numbers and days stay. A table whose year pandas has forgotten
    (`frame.attrs`) is told in the words of the year last read. Shape: as `frame`, which may be a column too.

    >>> import ctd_analysis as ctd
    >>> result = ctd.appraise(ctd.read("data/2024"))
    >>> ctd.labels(result.units[["final_class", "nominee"]]).loc["Huyện Kiên Lương"].to_dict()
    {'Dự kiến xếp loại': 'Khá', 'Được xem xét Nhất, Nhì, Ba': 'không'}
    """
    import pandas as pd
    if need(frame, pd.DataFrame, pd.Series).ndim == 1:
        return labels(frame.to_frame()).iloc[:, 0]
    words = words_of(frame)
    told = frame.copy()
    for place, column in enumerate(frame.columns):
        about = next((frame[one] for one in _ABOUT.get(column, ()) if one in frame), None)
        told.isetitem(place, words.column(str(column), frame.iloc[:, place], about))
    told.columns, told.index = words.index(frame.columns, frame.dtypes), words.index(frame.index)
    return told


def words_of(frame: pd.DataFrame) -> Words:
    """The words of the year a table came from; of the year last read, where the table has forgotten its own."""
    return Words(_years.get(frame.attrs.get(ATTRIBUTE, ""), next(reversed(_years.values()), None)))


class Words:
    """The words of one year's tables; without a year only those that are the same every year."""

    def __init__(self, year: Year | None):
        book: Rulebook | None = year and year.book
        self.book = book
        self.units = {u.unit: u.name for u in year.all_units} if year else {}
        self.classes = {name: wording.outcome_label(book, name) for name in (*book.classes, "no_class", "not_considered")} \
            if book else {}
        self.maps: dict[str, Mapping] = {**_WORDS, "unit": self.units, "lead": self.units,
                                         **dict.fromkeys(("from", "to", "found"), self.classes | {"none": NEVER_CAME})}
        self.headings = HEADINGS | self.units
        if book:
            self.maps |= {"cluster": year.cluster_names,
                          "indicator": {id: one.label for id, one in book.indicators.items()},
                          "filing": {id: one.label for id, one in book.filings.items()}}
            self.headings |= {f"flag_{id}": flag.short for id, flag in book.flags.items()} | self.classes
            self.ids = terms.DECISIONS | terms.PRIZES | self.classes | self.maps["indicator"] | self.maps["filing"] | \
                {"none": NEVER_CAME} | {id: flag.short for id, flag in book.flags.items()}

    def heading(self, name, dtype=None):
        """What stands over a column: a known word, a unit's name, a flag's, a key's; over grades `cluster` is who graded."""
        if name == "cluster" and isinstance(getattr(dtype, "ordered", None), bool):
            return "Cụm chấm"
        return self.headings.get(name) or self.key(name) if isinstance(name, str) else name

    def index(self, index: pd.Index, dtypes: Iterable = repeat(None)) -> pd.Index:
        """An index in words: of units, of keys' values; of the columns of a table, whose `dtypes` are given."""
        import pandas as pd
        levels = []
        for k, name in enumerate(index.names):
            values = index.get_level_values(k)
            told = self.column(str(name), values.to_series()) if name is not None else list(map(self.heading, values, dtypes))
            levels.append(pd.Index(told, name=self.heading(name)))
        return levels[0] if len(levels) == 1 else pd.MultiIndex.from_arrays(levels)

    def column(self, name: str, values: pd.Series, about: pd.Series | None = None) -> pd.Series:
        """One column in words, by its type and its name, or by what another column says each value is `about`."""
        import pandas as pd
        if about is not None:
            cells = [self.value(what, value) for what, value in zip(about, values, strict=True)]
            return pd.Series(cells, index=values.index, dtype=values.dtype)
        told = self._told(name)
        if isinstance(values.dtype, pd.CategoricalDtype):
            known = self.classes | self.maps.get(name, {})
            return values.cat.rename_categories({one: known[one] for one in values.cat.categories if one in known})
        if values.dtype in ("boolean", "string", object):
            missing = {pd.NA: terms.MET[None]} if values.dtype == "boolean" else {}
            cells = [missing.get(value, value) if is_missing(value) else told(value) for value in values]
            return pd.Series(cells, index=values.index, dtype="string" if values.dtype in ("boolean", "string") else object)
        return values

    def _told(self, name: str) -> Callable:
        known = self.maps.get(name, {})
        special = {"key": self.key, "what": self.heading, "condition": self.condition, "expected": self.pair,
                   "came": self.pair}.get(name) or (partial(self.value, name) if "." in name else None)

        def told(value):
            if isinstance(value, (list, tuple)):
                return "; ".join(str(self.reading(one)) for one in value)
            if isinstance(value, (bool, np.bool_)):
                return known.get(bool(value), _YES_NO[bool(value)])
            if not isinstance(value, str):
                return value
            return special(value) if special else known.get(value, value)
        return told

    def value(self, about: str, value):
        """A value by what it is one of: a reading's option, the keys of an order, a decision's flag, class or prize."""
        if isinstance(value, list):
            return "; ".join(self.value(about, one) for one in value)
        if not isinstance(value, str) or not isinstance(about, str) or not self.book:
            return value
        if about == ORDER:
            return ", ".join(terms.RANKING_KEYS.get(key, key) for key in value.split(";"))
        if (id := about.removeprefix("readings.")) in self.book.readings:
            return self.book.readings[id].options.get(value, value)
        return " ".join(self.ids.get(part, part) for part in value.split(" "))

    def pair(self, text: str) -> str:
        """From what to what, as a scenario expects it."""
        return " → ".join((self.classes | _PAIRS).get(side, side) for side in text.split(" → "))

    def reading(self, id: str) -> str:
        """A reading by its label; any other word as it is."""
        return self.book.readings[id].label if self.book and id in self.book.readings else id

    def key(self, key: str) -> str:
        """A key as a control is called: `Xuất sắc: số điểm A, từ`, `Hội phí, Thành phố Hà Tiên`."""
        if not self.book:
            return key
        if key in self.book.values():
            return name_of(self.book, key)
        if key.startswith("readings."):
            return wording.reading_name(self.book, key.removeprefix("readings."))
        if key == ORDER:
            return "Thứ tự trong cụm"
        if named := fact(key, self.book):
            table, unit, item = named
            what = {"grade": f"điểm tiêu chí {item}", "rating": f"xếp loại {item}",
                    "filing": f"ngày nhận {self.maps['filing'].get(item, item)}"}.get(
                        table, f"{self.maps['indicator'].get(item, item)}, {HEADINGS[table].lower()}")
            return f"{self.units.get(unit, unit)}: {what}"
        return key

    def condition(self, name: str) -> str:
        """A condition of `findings` in words: `Xuất sắc: số điểm A`, `Hội phí`, `Bảng tự chấm điểm`."""
        part, rule, what = (*name.split("."), "", "")[:3]
        if not self.book:
            return name
        if part == "ladder":
            of = {"a": "số điểm A", "c": "số điểm C", "branches": "tỷ lệ Hội cơ sở"}
            return f"{self.book.classes[rule].label}: {of[what]}"
        if part == "filing":
            return self.book.filings[rule].label
        about = "Quỹ Hội cơ sở" if what == BRANCH_FUND else self.book.indicators[what].label
        return f"{self.book.flags[rule].short}: {about}"


def is_missing(value) -> bool:
    """Is nothing known? A list or an array is something, whatever it holds."""
    import pandas as pd
    return pd.api.types.is_scalar(value) and pd.isna(value)


def short(value) -> str:
    """A value as it is printed: numbers with dots between thousands and a comma before decimals, days as dd/mm/yyyy, ∞."""
    if isinstance(value, date):
        return terms.day(value)
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, Decimal, np.number)):
        return str(value)
    if value in (inf, -inf):        # what pandas makes of a number over nothing
        return "∞" if value > 0 else "-∞"
    return terms.number(value if value != int(value) else int(value))
