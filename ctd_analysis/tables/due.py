"""What is due in rows and columns: deadlines past, the next thirty days, what the plan gives no day."""

from __future__ import annotations

from ..answers.due import AHEAD, Due
from ..terms import day
from .printed import Entry, Heading, Printed, headings, line


def every(found: Due) -> list[Printed]:
    """The three tables, in that order."""
    return [past(found), coming(found), dateless(found)]


def past(found: Due) -> Printed:
    """A line a deadline that is past: who is late, of whom it is not known."""
    names = {**{unit.unit: unit.name for unit in found.year.all_units}, **{c.cluster: c.name for c in found.year.all_clusters}}

    def told(ids: tuple[str, ...], tone: str) -> Entry:
        return Entry("; ".join(names[id] for id in ids) or "–", tone if ids else "")

    rows = [line(day(one.before), one.label, one.clause, told(one.late, "late"), told(one.unknown, "unknown"), one.note)
            for one in found.past]
    return Printed("da-qua", f"Thời hạn đã qua, tính đến {day(found.on)}",
                   headings("Trước ngày", "Việc", "Điều khoản", Heading("Quá hạn hoặc không gửi", "long"),
                            Heading("Chưa ghi ngày nhận", "long"), Heading("Ghi chú", "long")), tuple(rows),
                   empty="Chưa có thời hạn nào đã qua.")


def coming(found: Due) -> Printed:
    """A line an event of the next thirty days, those that go on now first."""
    words = {"before": "trước {last}", "on": "{last}", "from": "từ {first} đến {last}"}
    rows = [line(words[kind].format(first=day(first), last=day(last)), event.label, event.clause, event.note)
            for first, last, kind, event in found.coming]
    return Printed("sap-toi", f"{AHEAD.days} ngày tới, từ {day(found.on)}",
                   headings("Ngày", "Việc", "Điều khoản", Heading("Ghi chú", "long")), tuple(rows), empty="Không có việc nào.")


def dateless(found: Due) -> Printed:
    """A line an event that the plan names without a day."""
    rows = [line(one.label, one.clause, one.note) for one in found.dateless]
    return Printed("khong-ngay", "Kế hoạch có nêu, không ghi ngày", headings("Việc", "Điều khoản", Heading("Ghi chú", "long")),
                   tuple(rows))
