"""A typed cell of a workbook → the text the same table's CSV would hold, or a named error; never a guess.

A dot groups thousands and a comma marks decimals, always. What could be read in two ways is `Wrong`, with both ways said. What
the text may then be is `values`' to judge.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from .. import values
from ..office.grid import Cell, plain_number
from ..terms import number
from ..values import Wrong, plain
from .headings import fold, money_scale

_UNCOMPUTED = "công thức chưa được tính (tệp chưa mở và lưu bằng Excel)"
#: What is the matter with a cell that holds no text, by its kind.
_NO_TEXT = {"e": "ô báo lỗi {}", "f": _UNCOMPUTED, "b": "giá trị TRUE/FALSE", "d": "ngày tháng ở chỗ cần chữ"}
_WHOLE = "số nguyên viết liền hoặc có dấu chấm ngăn hàng nghìn, ví dụ 23.100"
_MONEY = "số tiền, ví dụ 8.100.000.000 hoặc 8,1 tỷ"
_TYPED = r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_WITH_UNIT = re.compile(rf"({_TYPED})\s*([^\W\d_%][^\d]*)")
_MOST_DIGITS = 28                   # as many as are counted with exactly
_PAIR = re.compile(r"([\d.,]+)\s*/\s*([\d.,]+)(?:\s*[,;(]?\s*(?:đạt)?\s*(?:tỷ lệ|tỉ lệ)?\s*([\d.,]+)\s*%\s*\)?)?",
                   re.IGNORECASE)


class Measure(NamedTuple):
    """What numbers of a row or column are counted in: its word, how many đồng one is (None: no money); is it said?"""
    word: str
    scale: int | None
    is_said: bool = True


def grade(cell: Cell) -> str:
    """A grade's letter."""
    text = _text(cell, "A, B, C, KAD hoặc để trống")
    typed = plain(text).upper()
    letters = re.findall("[ABC]", typed)
    if len(letters) > 1 and re.fullmatch(r"[ABC](\s*[/,;&+\-–]?\s*[ABC])+", typed):
        raise Wrong("hai điểm trong một ô", "một điểm: A, B, C hoặc KAD")
    if re.fullmatch(r"[ABC]\W+", typed):
        raise Wrong(f"thừa ký tự “{typed[1:].strip()}” sau điểm", "A, B, C, KAD hoặc để trống")
    values.grade(text)
    return text


def tick(cell: Cell) -> bool:
    """Is a cell of the columns A, B, C ticked? Raises for what is no tick."""
    typed = plain(_text(cell, "x ở một trong các cột A, B, C"))
    if not typed:
        return False
    if typed in values.TICKS:
        return True
    raise Wrong("chữ Kirin hoặc Hy Lạp giống chữ x" if typed in "хХχΧ" else "không phải dấu chọn",
                "x, X hoặc ✓; ô khác để trống")


def remark(cell: Cell) -> str:
    """A remark as it shows: a day, an error or TRUE as its letters; a formula never computed shows nothing."""
    if cell.kind == "f":
        raise Wrong(_UNCOMPUTED, "lời ghi chú, hoặc để trống")
    return cell.text


def rating(cell: Cell) -> str:
    """A branch's rating."""
    return _text(cell, "Xuất sắc, Khá, Trung bình, Yếu hoặc để trống")


def received(cell: Cell) -> str:
    """The day a filing came, as ISO text, or `none`."""
    wanted = "ngày dạng 09/12/2024, hoặc Không gửi nếu biết chắc không có"
    if cell.kind == "d":
        day = str(cell.value).partition("T")[0]
        if not day:
            raise Wrong("giờ trong ngày ở chỗ cần ngày", wanted)
        return day
    if cell.kind == "n":
        raise Wrong("con số ở chỗ cần ngày (có thể là ngày chưa định dạng)", wanted)
    typed = plain(_text(cell, wanted))
    if not typed or typed.casefold() == "none":
        return typed
    if fold(typed) in ("khong gui", "khong nop"):
        return "none"
    return typed_day(typed, wanted)


def typed_day(typed: str, wanted: str) -> str:
    """A day typed in either form, as ISO text: `10/12/2024` is 10 December, always. `Wrong` for what is no day."""
    typed = re.sub(r"\s+\d{1,2}[:h]\d{2}(:\d{2})?$", "", re.sub(r"^ngày\s+", "", typed, flags=re.IGNORECASE))
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed):
        return typed
    found = re.fullmatch(r"(\d{1,2})\s*(?:([/.\-])\s*(\d{1,2})\s*\2|\s+tháng\s+(\d{1,2})\s+năm\s+)\s*(\d{4})", typed,
                         re.IGNORECASE)
    if not found:
        short = re.fullmatch(r"\d{1,2}[/.\-]\d{1,2}([/.\-]\d{2})?", typed)
        raise Wrong("ngày thiếu năm đủ bốn chữ số" if short else "không phải một ngày", wanted)
    day, month, year = int(found[1]), int(found[3] or found[4]), int(found[5])
    if month > 12 >= day:
        raise Wrong(f"không có tháng {month} (ngày viết trước, tháng viết sau)", wanted)
    return f"{year:04}-{month:02}-{day:02}"


def amount(cell: Cell, measure: Measure, is_whole: bool = True) -> str:
    """A number of what `measure` says in plain digits, money in đồng; empty for a blank. `Wrong` for what could be two."""
    wanted = _MONEY if measure.scale else _WHOLE if is_whole else "số, phần lẻ sau dấu phẩy, ví dụ 2,5"
    if cell.kind == "n":
        return _stored(cell, measure, is_whole, wanted)
    if cell.kind == "d":
        raise Wrong(_why_a_day(cell), wanted)
    typed = plain(_text(cell, wanted))
    if not typed:
        return ""
    return _digits(_typed_amount(typed, measure, is_whole, wanted), is_whole, wanted)


def pair(cell: Cell) -> tuple[str, str, str | None] | None:
    """Two numbers typed into one cell, `1.748/1.800 đạt 97,11%`: both and the per cent, or None."""
    found = _PAIR.fullmatch(plain(str(cell.value))) if cell.kind == "t" else None
    return (found[1], found[2], found[3]) if found else None


def may_be_a_day(both: tuple) -> bool:
    """`9/10` alone: nine of ten, or 9 October?"""
    return both[0].isdigit() and both[1].isdigit() and int(both[0]) <= 31 and int(both[1]) <= 12


def _stored(cell, measure, is_whole, wanted) -> str:
    if cell.look == "%":
        raise Wrong("tỷ lệ phần trăm ở chỗ cần số lượng", wanted)
    if cell.value < 0:
        raise Wrong("số âm", wanted)
    value, measure = Decimal(plain_number(cell.value)), _as_shown(cell.look, measure, wanted)
    if value > values.LARGEST:
        raise Wrong(*values.TOO_LARGE)
    if is_whole and not measure.scale and value % 1 or measure.scale == 1 and value % 1:
        raise Wrong(f"số tiền lẻ {number(value)} đồng (thiếu chữ triệu, tỷ?)" if measure.scale else
                    f"số lẻ {number(value)} ở chỗ cần số nguyên (gõ {plain_number(cell.value)} có thể muốn nói "
                    f"{plain_number(cell.value).replace('.', '')})", wanted)
    return _digits(value * (measure.scale or 1), is_whole, wanted)


def _as_shown(look, measure, wanted) -> Measure:
    """What a stored number is counted in: the words its format shows with it (`office.looks`), where it shows some.

    A format that divides by thousands makes one of what is shown so many less: `#,##0,," triệu"` shows đồng.
    """
    thousands, _, word = look.partition('"')
    scale, parts = money_scale(word) if word else measure.scale, 1000 ** thousands.count(",")
    if parts == 1 and (not word or not measure.scale and fold(word) == fold(measure.word)):
        return measure
    shown = f"định dạng số của ô ghi “{word}”" if word else f"định dạng số của ô chia cho {number(parts)} khi hiện"
    if scale is None or not measure.scale:
        raise Wrong(f"{shown}, không hợp với cột ({measure.word})", wanted)
    if scale % parts or word and measure.is_said and scale != measure.scale:
        raise Wrong(f"{shown}, trái với đơn vị của cột ({measure.word})", wanted)
    return measure._replace(scale=scale // parts)


def _typed_amount(typed, measure, is_whole, wanted) -> Decimal:
    needs_whole = is_whole and measure.scale in (None, 1)
    if re.fullmatch(_TYPED, typed):
        value = _whole_count(typed, wanted) if needs_whole else _number(typed)
        if needs_whole and value % 1:
            raise Wrong("số tiền lẻ dưới một đồng (thiếu chữ triệu, tỷ?)" if measure.scale else "số lẻ ở chỗ cần số nguyên",
                        wanted)
        return value * (measure.scale or 1)
    if found := re.fullmatch(r"\d+\.\d{1,2}|\d+\.\d{4,}|\d{4,}\.\d{3}|0\.\d+", typed):
        raise Wrong(f"không rõ là {found[0].replace('.', ',')} (phần lẻ) hay {found[0].replace('.', '')} "
                    "(dấu chấm ngăn hàng nghìn)", wanted)
    if re.fullmatch(rf"(?:{_WITH_UNIT.pattern})+", typed):
        return _with_unit(typed, measure, wanted)
    raise Wrong(_why_no_number(typed), wanted)


def _with_unit(typed, measure, wanted) -> Decimal:
    """`8,1 tỷ`, `1 tỷ 250 triệu`, `20 người`."""
    total, last, parts = Decimal(0), None, _WITH_UNIT.findall(typed)
    for written, word in parts:
        scale = money_scale(word)
        if not measure.scale and measure.word and fold(word) == fold(measure.word):
            if len(parts) > 1:
                raise Wrong("hai số trong một ô", wanted)
            return _whole_count(written, wanted)
        if scale is None or not measure.scale:
            raise Wrong(f"đơn vị “{word.strip()}” không hợp với cột" + (f" ({measure.word})" if measure.word else ""), wanted)
        if measure.scale not in (1, scale):
            raise Wrong(f"đơn vị “{word.strip()}” trái với đơn vị của cột ({measure.word})", wanted)
        if last is not None and scale >= last:
            raise Wrong("các đơn vị tiền không theo thứ tự", wanted)
        total, last = total + (_whole_count(written, wanted) if scale == 1 else _number(written)) * scale, scale
    return total


def _whole_count(written, wanted) -> Decimal:
    """A number that must be whole; `23,100` could be meant so and is refused."""
    if re.fullmatch(r"\d{1,3},\d{3}", written):
        raise Wrong(f"không rõ là {written.replace(',', '')} (dấu phẩy ngăn hàng nghìn) hay {written} (phần lẻ)", wanted)
    return _number(written)


def _number(typed: str) -> Decimal:
    if len(typed) > _MOST_DIGITS:
        raise Wrong(*values.TOO_LARGE)
    return Decimal(typed.replace(".", "").replace(",", "."))


def _digits(value: Decimal, is_whole, wanted) -> str:
    """As the CSV has it."""
    if value > values.LARGEST:
        raise Wrong(*values.TOO_LARGE)
    if is_whole and value % 1:
        raise Wrong("số tiền lẻ dưới một đồng" if wanted == _MONEY else "số lẻ ở chỗ cần số nguyên", wanted)
    if not is_whole and -value.normalize().as_tuple().exponent > 12:
        raise Wrong("số có quá nhiều chữ số lẻ", wanted)
    return format(value.to_integral_value() if value == value.to_integral_value() else value.normalize(), "f")


def _why_no_number(typed: str) -> str:
    if re.fullmatch(r"\d{1,3}(,\d{3}){2,}(\.\d+)?", typed) or re.fullmatch(r"\d{1,3}(,\d{3})+\.\d+", typed):
        return "dấu phẩy ngăn hàng nghìn (hàng nghìn ngăn bằng dấu chấm, phần lẻ sau dấu phẩy)"
    if re.fullmatch(r"\d{1,3}( \d{3})+(,\d+)?", typed):
        return "khoảng trắng giữa các chữ số"
    return values.why_not_whole(typed)


def _why_a_day(cell: Cell) -> str:
    year, month, day = (str(cell.value).partition("T")[0].split("-") + ["", "", ""])[:3]
    if not day:
        return "giờ trong ngày ở chỗ cần số"
    typed = f"{int(day)}.{int(month)} hoặc {int(day)}/{int(month)}"
    return f"ngày tháng ở chỗ cần số (gõ {typed} thì Excel tiếng Việt đổi thành ngày {int(day)} tháng {int(month)})"


def _text(cell: Cell, wanted: str) -> str:
    """The text of a cell that must be text."""
    if cell.kind in _NO_TEXT:
        raise Wrong(_NO_TEXT[cell.kind].format(cell.value), wanted)
    return cell.text
