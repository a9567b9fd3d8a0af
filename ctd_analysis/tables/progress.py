"""The first half in rows and columns (IV, II.9): the province towards part II, each unit number by number, who is behind."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from ..answers.progress import HalfYear, Step
from ..plan.pace import BAR_PACE, BEHIND, NOTHING_ASKED, ON_PACE, REACHED, STATUSES, UNKNOWN, Amount
from ..plan.rulebook import DAYS
from ..terms import day, number, percent
from ..words import wording
from .printed import Entry, Printed, banded, line, numeric, table
from .province import WITH_DIRECT
from .registration import by_cluster, towards

STATUS = {REACHED: Entry("đã đạt", "met"), ON_PACE: Entry("kịp tiến độ", "met"), BAR_PACE: Entry("kịp yêu cầu III.2.2", "late"),
          BEHIND: Entry("chậm", "raised"), UNKNOWN: Entry("chưa rõ", "unknown"), NOTHING_ASKED: Entry("không giao")}
#: The same in a word, for a table of all units.
SHORT = {REACHED: Entry("đạt", "met"), ON_PACE: Entry("kịp", "met"), BAR_PACE: Entry("III.2.2", "late"),
         BEHIND: Entry("chậm", "raised"), UNKNOWN: Entry("chưa rõ", "unknown"), NOTHING_ASKED: Entry("–")}
LEGEND = "; ".join(f"{SHORT[status].text}: {STATUS[status].text}" for status in (ON_PACE, BAR_PACE, NOTHING_ASKED))
BARS = ("Hai yêu cầu, đều của Kế hoạch: “kịp tiến độ” là kịp đạt đủ chỉ tiêu vào cuối năm, “kịp yêu cầu III.2.2” là chưa kịp "
        "đủ chỉ tiêu nhưng kịp tỷ lệ mà dưới đó thuộc III.2.2. Không chấm điểm, không xếp loại, không xếp thứ tự giữa năm.")


def summary(half: HalfYear) -> list[str]:
    """How many numbers stand how, and how far the province is towards the sums of part II."""
    counts = Counter(one.status for one in half.steps)
    said = ", ".join(f"{counts[status]} {STATUS[status].text}" for status in STATUSES if counts[status])
    sums = [f"{target.label} {percent(one.part, one.wanted)}" for target in half.year.book.targets.values()
            if target.kind == "sum" and (one := half.part_two[target.id]).part is not None]
    counted = f"{len(half.steps)} số liệu của {len(half.year.all_units)} đơn vị: {said}"
    return [f"Tính đến {day(half.on)}: {counted if half.steps else 'chưa có số liệu nào'}.",
            *([f"Toàn tỉnh: {'; '.join(sums)}."] if sums else [])]


def overview_of(half: HalfYear) -> dict[str, list[Step]]:
    """The indicators that flags name, in the rule book's order, each with what is said of every unit in theirs."""
    found = {name: [] for flag in half.year.book.flags.values() for name in flag.indicators}
    for one in half.steps:
        if one.indicator in found:
            found[one.indicator].append(one)
    return found


def overview(half: HalfYear) -> Printed:
    """All units beside each other: a line a unit, a column an indicator a flag names, one word each."""
    named = overview_of(half)
    at = {(one.unit, one.indicator): one for one in half.steps}
    rows = by_cluster(half.year, lambda unit: line(unit.name, *(SHORT[at[unit.unit, name].status] for name in named)))
    return table("tien-do", f"Tiến độ các chỉ tiêu III.2.2 đến {day(half.on)}",
                 ("Đơn vị", *(half.year.book.indicators[name].label for name in named)), rows if named else (),
                 *(LEGEND, BARS) if named else (), empty=wording.NO_FLAGS)


def behind(half: HalfYear) -> Printed:
    """What III.2.2 would speak of in December if the pace stays: a band a unit, a line a number that is behind."""
    named = overview_of(half)
    late = {unit.name: [line(half.year.book.indicators[one.indicator].label, *_numbers(one),
                             "; ".join(flag.short for flag in half.flags_behind(one)))
                        for one in half.steps if one.unit == unit.unit and one.status == BEHIND and one.indicator in named]
            for unit in half.year.all_units}
    rows = list(banded((f"{name}: {len(lines)} số chậm", lines) for name, lines in late.items()))
    return table("neu-giu-tien-do", "Số chậm so với yêu cầu III.2.2, từng đơn vị",
                 ("Chỉ tiêu", *_NUMBERS, "Trường hợp III.2.2"), rows,
                 rows and "Chỉ để đôn đốc: cuối năm xét theo số của cả năm. “Còn cần”: số còn thiếu để không thuộc III.2.2.",
                 empty="Không có: số nào đã có cũng kịp yêu cầu III.2.2." if named else wording.NO_FLAGS, cards=True)


_NUMBERS = (numeric("Thực hiện"), "Đến ngày", numeric("Chỉ tiêu năm"), "Phần phải đạt đến ngày ấy", numeric("Còn cần"))


def _numbers(one: Step) -> tuple:
    return (one.actual, day(one.as_of) if one.as_of else "–", _amount(one.target), _share(one.share), one.still_needed)


def _amount(value: Amount | None) -> Entry:
    """A target; one that is no whole number rounded up on paper (it is compared exactly)."""
    if value is None:
        return Entry("chưa đăng ký", "unknown")
    exact = Fraction(value)
    whole = -(-exact.numerator // exact.denominator)
    return Entry(number(whole), value=whole)


def _share(value: Fraction | None) -> str:
    return "–" if value is None else percent(value.numerator, value.denominator)


def units(half: HalfYear) -> Printed:
    """Every unit number by number: a band a unit, a line an indicator."""
    rows = banded((unit.name, [line(half.year.book.indicators[one.indicator].label, STATUS[one.status], *_numbers(one))
                               for one in half.steps if one.unit == unit.unit]) for unit in half.year.all_units)
    return table("tung-don-vi", "Từng đơn vị, từng chỉ tiêu", ("Chỉ tiêu", "Kết luận", *_NUMBERS), rows, _how(half), BARS,
                 folded=f"Từng đơn vị, từng chỉ tiêu: {len(half.steps)} số liệu")


def _how(half: HalfYear) -> str:
    """How the share of a day is counted, the days by which all is due, the balances."""
    pace, labels = half.year.book.progress, half.year.book.indicators
    due = [f"{labels[name].label}: đủ vào {day(by)}" for name, by in pace.due.items()]
    held = [f"{labels[name].label}: số dư, phải đủ vào mọi ngày" for name in pace.balance]
    how = "số ngày đã qua trên số ngày của năm" if pace.pace == DAYS else \
        "số tháng đã qua trên 12, tháng dở tính theo ngày"
    return f"Phần phải đạt: {how}. {'. '.join([*due, *held])}."


def part_two(half: HalfYear) -> Printed:
    """A line a target of part II: reached so far by all together, what is wanted, the share."""
    rows = [line(*towards(target, half.part_two[target.id])) for target in half.year.book.targets.values()]
    beside = [f"{WITH_DIRECT} Số thực hiện ở đó không ghi ngày: ngày nào cũng cộng."] if half.year.direct else []
    return table("phan-ii", f"Toàn tỉnh: chỉ tiêu phần II đến {day(half.on)}",
                 ("Chỉ tiêu", "Điều khoản", numeric("Thực hiện"), numeric("Cần"), "Tỷ lệ"), rows,
                 "Chỉ tiêu phần II không dùng để xếp loại. Tỷ lệ chỉ tính các đơn vị đã có số.", *beside, cards=True)
