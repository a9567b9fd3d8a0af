"""What is due in rows and columns: deadlines past, the next thirty days, what the plan gives no day."""

from __future__ import annotations

from ..answers.due import AHEAD, Due
from ..terms import day
from .printed import Entry, Printed, line, long, table


def every(found: Due) -> list[Printed]:
    """The three tables, in that order."""
    return [past(found), coming(found), dateless(found)]


def past(found: Due) -> Printed:
    """A line a deadline that is past: who is late, of whom it is not known."""
    names = {unit.unit: unit.name for unit in found.year.all_units} | found.year.cluster_names

    def told(ids: tuple[str, ...], tone: str) -> Entry:
        return Entry("; ".join(names[id] for id in ids) or "–", tone if ids else "")

    rows = [line(day(one.before), one.label, one.clause, told(one.late, "late"), told(one.unknown, "unknown"), one.note)
            for one in found.past]
    return table("da-qua", f"Thời hạn đã qua, tính đến {day(found.on)}",
                 ("Trước ngày", "Việc", "Điều khoản", long("Quá hạn hoặc không gửi"), long("Chưa ghi ngày nhận"),
                  long("Ghi chú")), rows, empty="Chưa có thời hạn nào đã qua.")


def coming(found: Due) -> Printed:
    """A line an event of the next thirty days, those that go on now first."""
    words = {"before": "trước {last}", "on": "{last}", "from": "từ {first} đến {last}"}
    rows = [line(words[kind].format(first=day(first), last=day(last)), event.label, event.clause, event.note)
            for first, last, kind, event in found.coming]
    return table("sap-toi", f"{AHEAD.days} ngày tới, từ {day(found.on)}", ("Ngày", "Việc", "Điều khoản", long("Ghi chú")), rows,
                 empty="Không có việc nào.")


def dateless(found: Due) -> Printed:
    """A line an event that the plan names without a day."""
    rows = [line(one.label, one.clause, one.note) for one in found.dateless]
    return table("khong-ngay", "Kế hoạch có nêu, không ghi ngày", ("Việc", "Điều khoản", long("Ghi chú")), rows)
