"""What may be typed into a cell of a form, said beside it and checked by the spreadsheet."""

from __future__ import annotations

from datetime import date

from ..plan.rulebook import CONVERTED, JUDGED, Indicator
from ..terms import GRADES, RATINGS
from ..values import LARGEST
from ..year.parser import may_come

NOT_SENT = "Không gửi"


def rule(kind: str, title: str, says: str, wrong: str, **more) -> dict:
    """A rule, xlsxwriter's own dict: a title and words beside the cell, and what is said where something else is typed."""
    return {"validate": kind, "input_title": title, "input_message": says, "error_title": "Chưa đúng",
            "error_message": wrong, **more}


GRADE = rule("list", "Điểm", "A, B, C hoặc KAD (không áp dụng). Chưa chấm thì để trống.",
             "Chỉ ghi A, B, C hoặc KAD (không áp dụng); chưa chấm thì để trống.", source=list(GRADES[1:]))
RATING = rule("list", "Xếp loại Hội cơ sở", "Chọn trong danh sách; chưa xếp loại thì để trống.",
              f"Chỉ chọn {', '.join(RATINGS)}; chưa xếp loại thì để trống.", source=list(RATINGS))
_TITLE = 32             # characters that the title beside a cell may have


def whole_rule(title: str, measure: str) -> dict:
    """A whole number of `measure`, or nothing."""
    return rule("integer", title[:_TITLE], f"Số nguyên, tính bằng {measure}. Chưa có số liệu thì để trống.",
                "Cần một số nguyên không âm, không kèm chữ. Ví dụ 8,1 tỷ đồng ghi 8100000000.",
                criteria="between", minimum=0, maximum=LARGEST)


def receipt(cell: str, before: date) -> dict:
    """A day within a year of the plan's, or the words for none."""
    earliest, latest = (f"DATE({d.year},{d.month},{d.day})" for d in may_come(before))
    given = f"AND(ISNUMBER({cell}),{cell}>={earliest},{cell}<={latest})"
    return rule("custom", "Ngày nhận", f"Ghi ngày/tháng/năm, ví dụ {before:%d/%m/%Y}. Chắc chắn không gửi thì ghi "
                f"“{NOT_SENT}”; chưa rõ thì để trống.", f"Cần một ngày (ngày/tháng/năm) không cách {before:%d/%m/%Y} quá một "
                f"năm, hoặc chữ “{NOT_SENT}”.", value=f'=OR({given},LOWER(TRIM({cell}))="{NOT_SENT.lower()}")')


def number_rules(indicator: Indicator) -> tuple[dict, dict]:
    """What the target and the actual of an indicator may be."""
    if indicator.kind == JUDGED:
        yes, no = indicator.yes, indicator.no
        return (rule("list", indicator.label[:_TITLE], f"1 là {yes}, 0 là {no}. Ở cột chỉ tiêu giao ghi 1.",
                     f"Chỉ ghi 1 ({yes}) hoặc 0 ({no}); chưa rõ thì để trống.", source=[1, 0]),) * 2
    actual = rule("decimal", "Thực hiện", "Số điểm, được có phần lẻ. Không có thì ghi 0, chưa rõ thì để trống.",
                  "Cần một số không âm.", criteria="between", minimum=0, maximum=LARGEST) \
        if indicator.kind == CONVERTED else whole_rule("Thực hiện", indicator.measure)
    return whole_rule("Chỉ tiêu giao", indicator.measure), actual
