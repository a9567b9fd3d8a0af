"""A finding in words: what the plan asks, what was found. One place for `ctd explain`, the pages and the workbook.

A verdict is never made here: it is read from the finding. Percentages are cut, not rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..answers.appraisal import Appraisal, class_name
from ..answers.edges import Edge
from ..answers.findings import Finding
from ..answers.what_if import Unexpected
from ..plan.rulebook import BRANCH_FUND, JUDGED, Rulebook
from ..terms import NO_BRANCHES, UNKNOWN, day, number, percent

#: Said above everything that made-up data stand behind.
SAMPLE = "SỐ LIỆU MINH HỌA: mọi điểm số, số tiền, ngày tháng đều là giả định."

#: Said where no unit could be judged yet.
NOBODY = "Chưa có đơn vị nào để xét: chưa cụm nào có hồ sơ đọc được."

#: Said of a reading whose flags are gone from the rule book.
NO_OBJECT = "không còn đối tượng"
#: Said of a flag that a decision rested on and the rule book no longer has.
NO_RULE = "quy định không còn"

#: Said where a rule book has no case of III.2.2.
NO_FLAGS = "Quy định của năm không nêu trường hợp III.2.2 nào."


def condition(book: Rulebook, f: Finding) -> str:
    """What is looked at: `Số điểm A`, `Hội phí`, `Bảng tự chấm điểm`."""
    if f.part == "ladder":
        return {"a": "Số điểm A", "c": "Số điểm C", "branches": "Tỷ lệ Hội cơ sở"}[f.what]
    if f.part == "filing":
        return book.filings[f.rule].label
    if f.what == BRANCH_FUND:
        return "Quỹ Hội cơ sở (bình quân)" if book.chosen[BRANCH_FUND] == "average" else "Quỹ Hội cơ sở (thấp nhất)"
    return book.indicators[f.what].label


def asked(book: Rulebook, f: Finding) -> str:
    """The bar, in the plan's terms: `từ 41 điểm A`, `từ 90% chỉ tiêu`, `trước ngày 10/12/2024`."""
    if f.part == "ladder":
        return {"a": f"từ {f.asked} điểm A", "c": f"không quá {f.asked} điểm C",
                "branches": f"từ {f.asked}% Hội cơ sở {_rated(book, f)}"}[f.what]
    if f.part == "filing":
        return f"trước ngày {day(f.asked)}"
    rule = book.flags[f.rule]
    if rule.kind == "below":
        whose = f"chỉ tiêu “{book.indicators[rule.target_of].label}”" if rule.target_of else "chỉ tiêu"
        return f"từ {f.asked}% {whose}"
    if rule.kind == "funds":
        return f"từ {number(f.asked)} đồng"
    indicator = book.indicators[f.what]
    return indicator.yes if indicator.kind == JUDGED else f"từ {f.asked} {indicator.measure}"


def found(book: Rulebook, f: Finding) -> str:
    """What was found, with target and percentage (cut) where there are any: `8.100 / 9.000 người (90%)`, `chưa có số liệu`."""
    if f.part == "filing":
        return day(f.found)
    if f.part == "ladder":
        return number(f.found) if f.what != "branches" or f.found is None else f"{f.found}/{f.of} ({percent(f.found, f.of)})"
    kind, indicator = book.flags[f.rule].kind, book.indicators.get(f.what)
    if indicator and indicator.kind == JUDGED and f.found is not None and (kind == "none_held" or f.of):
        return indicator.yes if f.found else indicator.no
    measure = indicator.measure if indicator else "đồng"
    if kind != "below":
        return UNKNOWN if f.found is None else f"{number(f.found)} {measure}"
    if f.of == 0:
        return f"{number(f.found)} (không giao chỉ tiêu)"
    if f.of is None or f.found is None:
        return f"{number(f.found)} / {number(f.of)}"
    return f"{number(f.found)} / {number(f.of)} {measure} ({percent(f.found, f.of)})"


def has(book: Rulebook, f: Finding) -> str:
    """What was found, as the half of a sentence: `có 41`, `chưa có số liệu`, `không đúng chế độ`."""
    words = found(book, f)
    is_judged = f.part == "flag" and f.what in book.indicators and book.indicators[f.what].kind == JUDGED
    return words if is_judged or words.startswith("chưa") else f"có {words}"


def stands(book: Rulebook, f: Finding) -> str:
    """What a unit has on the ladder: `40 điểm A`, `7 điểm C`, `7/10 Hội cơ sở (70%) từ Khá trở lên`."""
    if f.what != "branches":
        return f"{f.found} điểm {f.what.upper()}"
    if f.found is None:
        return "chưa biết tỷ lệ Hội cơ sở"
    return f"{f.found}/{f.of} Hội cơ sở ({percent(f.found, f.of)}) {_rated(book, f)}"


def _rated(book: Rulebook, f: Finding) -> str:
    """Which branches a line of the ladder counts, as it is read."""
    return "loại Khá" if f.rule == "average" and book.chosen["average_branches"] == "exactly_good" else "từ Khá trở lên"


def short_of(book: Rulebook, f: Finding) -> str:
    """A case of III.2.2 in facts: `88,5%, yêu cầu 90%`, `0 lớp, yêu cầu từ 1 lớp`, `không đúng chế độ`."""
    if f.what in book.indicators and book.indicators[f.what].kind == JUDGED:
        return found(book, f)
    if book.flags[f.rule].kind == "below" and f.of and f.found is not None:
        return f"{percent(f.found, f.of)}, yêu cầu {f.asked}%"
    return f"{found(book, f)}, yêu cầu {asked(book, f)}"


def lacks(book: Rulebook, f: Finding) -> str:
    """What is not there: `thiếu số dư quỹ của Hội CTĐ xã Vĩnh Thạnh`, `thiếu số liệu Hội phí`."""
    if f.what != BRANCH_FUND:
        return f"thiếu số liệu {condition(book, f)}"
    return f"thiếu số dư quỹ của {', '.join(f.blank)}" if f.blank else NO_BRANCHES


def bar(f: Finding) -> str:
    """What a line of the ladder asks: `41`, `không quá 3`, `75%`."""
    return {"a": f"{f.asked}", "c": f"không quá {f.asked}", "branches": f"{f.asked}%"}[f.what]


def reading_name(book: Rulebook, reading: str) -> str:
    """A reading as a control or a table heads it, with its clause; said so where nothing is left for it to decide."""
    rule = book.readings[reading]
    return f"{rule.label} ({rule.clause})" + ("" if book.has_object(reading) else f" – {NO_OBJECT}")


def reading_sentence(book: Rulebook, reading: str, option: str) -> str:
    """A reading's clause and sentence, and one of its options, in one line."""
    rule = book.readings[reading]
    return f"{rule.clause}, {rule.sentence}: nếu hiểu là {rule.options[option]}"


def as_expected(found: Sequence[Unexpected]) -> str:
    """Did a scenario's `[expected]` come? By how many things, of how many units, came otherwise."""
    units = {one.unit for one in found}
    return f"Khác với kết quả chờ đợi: {len(found)} điều ở {len(units)} đơn vị." if found else "Kết quả đúng như chờ đợi."


def uneven(book: Rulebook) -> Iterator[str]:
    """A warning for each bar of a trial that does not descend."""
    for key, seen, wanted in book.uneven_bars():
        yield f"Lưu ý: {key} trong phương án thử là {seen}, thường {wanted}; các loại vẫn xét từ cao xuống thấp."


def turning(appraisal: Appraisal, edge: Edge) -> tuple[str, str]:
    """How far a number has to go from the value in force, and what turns there: `từ 42 trở lên`, `Xuất sắc → Khá`."""
    now = int(appraisal.settings[edge.key])
    met = edge.met_from(now)
    return (f"từ {met.value} trở {'lên' if met.value > now else 'xuống'}",
            turn(appraisal.book, class_name(met.before), class_name(met.after)))


def outcome_label(book: Rulebook, name: str) -> str:
    """One of `readings.OUTCOMES`, by name, as the Council says it."""
    return class_label(book, name if name in book.classes else None, name != "not_considered")


def turn(book: Rulebook, before: str | None, after: str | None) -> str:
    """A change of class, from and to by id: `Xuất sắc → Khá`; `không có loại` for None."""
    return " → ".join(class_label(book, name) if name else "không có loại" for name in (before, after))


def class_at(book: Rulebook, place: int, considered: bool = True) -> str:
    """A class by its place in `terms.CLASSES` (`NO_CLASS`: none), as the Council says it; see `class_label`."""
    return class_label(book, class_name(place), bool(considered))


def class_label(book: Rulebook, name: str | None, considered: bool = True) -> str:
    """A class (`excellent` …) as the Council says it; for None `chưa xếp loại`, or `không xét` where not considered."""
    if name is None:
        return "chưa xếp loại" if considered else "không xét"
    return book.classes[name].label


#: What `seen` counts, as it is told.
_SEEN = {"A": "điểm A", "B": "điểm B", "C": "điểm C", "blank": "tiêu chí chưa chấm", "kad": "tiêu chí không áp dụng",
         "good": "Hội cơ sở từ Khá trở lên", "base": "theo III.1", "flags": "trường hợp III.2.2", "unknown": "chưa rõ",
         "rules": "sau III.2"}


def was_and_now(book: Rulebook, was: str, now: str) -> str:
    """What of the words of `seen` (year-round §1.4) is another now: `điểm A: 40 → 41; theo III.1: Khá → Trung bình`."""
    def said(text: str) -> dict[str, str]:
        parts = (re.fullmatch("([A-Za-z]+)=?(.+)", part).groups() for part in text.split(" "))
        return {name: _value(book, name, value) for name, value in parts}

    before, after = said(was), said(now)
    return "; ".join(f"{label}: {before[name]} → {after[name]}" for name, label in _SEEN.items() if before[name] != after[name])


def _value(book: Rulebook, name: str, value: str) -> str:
    if name in ("base", "rules"):
        return outcome_label(book, value)
    if name in ("flags", "unknown"):
        return "không" if value == "-" else ", ".join(book.flags[id].short if id in book.flags else f"{id} ({NO_RULE})"
                                                      for id in value.split(","))
    return value
