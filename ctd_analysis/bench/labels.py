"""A table in Vietnamese, for a page or a workbook: headings, classes, units, rules as the pages call them.

What is the rule book's is said in its own words: a table remembers which year it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from ..plan.rulebook import BRANCH_FUND, Rulebook
from ..plan.scenario import ORDER, fact
from ..terms import DECISIONS, MET, METHODS, RANKING_KEYS, STAKES, number
from ..words import wording
from ..year.year import Year

if TYPE_CHECKING:
    import pandas as pd

#: Under this name a table remembers its year (`DataFrame.attrs`), as text.
ATTRIBUTE = "ctd"
_years: dict[str, Year] = {}

#: Headings by the name of the column; a flag's, a filing's, a unit's are the rule book's and the year's.
HEADINGS = {
    "unit": "Đơn vị", "code": "Mã số", "name": "Tên", "kind": "Loại đơn vị", "cluster": "Cụm", "population": "Dân số",
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
    "wanted": "Cần ghi", "message": "Nội dung", "was": "Đang ghi", "expected": "Chờ đợi", "came": "Kết quả"}

_YES_NO = {True: "có", False: "không"}
_WORDS = {
    "method": {k: v for k, v in METHODS.items() if k}, "decision": DECISIONS, "ahead_by": RANKING_KEYS, "met": MET,
    "state": {"came": "đã nhận", "none": "không gửi"},
    "stake": STAKES}
#: Columns in which words and numbers stand side by side.
_MIXED = ("from", "to", "found")


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
    if frame.ndim == 1:
        return labels(frame.to_frame()).iloc[:, 0]
    words = words_of(frame)
    told = frame.copy()
    for place, column in enumerate(frame.columns):
        told.isetitem(place, words.column(str(column), frame.iloc[:, place]))
    told.columns = [words.heading(column, frame.dtypes.iloc[k]) for k, column in enumerate(frame.columns)]
    told.columns.name = HEADINGS.get(frame.columns.name, frame.columns.name)
    told.index = words.index(frame.index)
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
        self.maps: dict[str, Mapping] = {**_WORDS, "unit": self.units, "lead": self.units}
        self.headings = HEADINGS | self.units
        if book:
            self.maps |= {"cluster": {c.cluster: c.name for c in year.all_clusters},
                          "indicator": {id: one.label for id, one in book.indicators.items()},
                          "filing": {id: one.label for id, one in book.filings.items()}}
            self.headings |= {f"flag_{id}": flag.short for id, flag in book.flags.items()} | self.classes

    def heading(self, name, dtype=None):
        """What stands over a column: a known word, a unit's name, a flag's; over grades `cluster` is who graded."""
        if name == "cluster" and isinstance(getattr(dtype, "ordered", None), bool):
            return "Cụm chấm"
        return self.headings.get(name, name) if isinstance(name, str) else name

    def index(self, index: pd.Index) -> pd.Index:
        """An index of units, of keys' values, or of both, in words."""
        import pandas as pd
        levels = [pd.Index(self.column(str(name), index.get_level_values(k).to_series()), name=self.name(name))
                  if name is not None else index.get_level_values(k).map(self.heading) for k, name in enumerate(index.names)]
        return levels[0] if len(levels) == 1 else pd.MultiIndex.from_arrays(levels)

    def name(self, name):
        """A key or a column in words; any other as it is."""
        return self.key(name) if isinstance(name, str) and "." in name else self.heading(name)

    def column(self, name: str, values: pd.Series) -> pd.Series:
        """One column in words, by its type and its name."""
        import pandas as pd
        told = self._told(name)
        if isinstance(values.dtype, pd.CategoricalDtype):
            known = self.classes | self.maps.get(name, {})
            return values.cat.rename_categories({one: known[one] for one in values.cat.categories if one in known})
        if values.dtype in ("boolean", "string", object):
            cells = [told(value) if isinstance(value, (list, tuple)) or not pd.isna(value) else value for value in values]
            return pd.Series(cells, index=values.index, dtype="string" if values.dtype in ("boolean", "string") else object)
        return values

    def _told(self, name: str) -> Callable:
        known = self.maps.get(name, {})
        special = {"key": self.key, "condition": self.condition}.get(name)

        def told(value):
            if isinstance(value, (list, tuple)):
                return "; ".join(str(self.reading(one)) for one in value)
            if isinstance(value, (bool, np.bool_)):
                return known.get(bool(value), _YES_NO[bool(value)])
            if not isinstance(value, str):
                return value
            if special:
                return special(value)
            if name.startswith("readings.") and self.book:
                return self.book.readings[name.removeprefix("readings.")].options.get(value, value)
            words = known or (self.classes | {"none": "không gửi"} if name in _MIXED else {})
            return words.get(value, self.heading(value) if name == "what" else value)
        return told

    def reading(self, id: str) -> str:
        """A reading by its label; any other word as it is."""
        return self.book.readings[id].label if self.book and id in self.book.readings else id

    def key(self, key: str) -> str:
        """A key as a control is called: `Xuất sắc: số điểm A, từ`, `Hội phí, Thành phố Hà Tiên`."""
        if not self.book:
            return key
        if key in self.book.values():
            return wording.number_name(self.book, key)
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


def short(value) -> str:
    """A value as it is printed: numbers with dots between thousands and a comma before decimals, any other as it is."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, Decimal, np.number)):
        return str(value)
    return number(value if value != int(value) else int(value))
