"""What a typed cell means: a grade, a whole number, a date, a rating; or a named error, never a guess.

Everything arrives as text. `plain` takes away only what nobody sees (composition, full-width forms, outer blanks); after
that a value is exactly what was asked for, or `Wrong` is raised with what is wanted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from .terms import GRADES, RATINGS, hint

LARGEST = 10**15                     # amounts above this are a slip of the hand (contract)
TOO_LARGE = "số quá lớn", "số không quá 10^15"
#: Blanks of every kind, and the signs nobody sees that copying leaves at the ends of a cell.
_OUTER = "\u200b\ufeff\u2060" + "".join(c for c in map(chr, range(0x3001)) if c.isspace())
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys((0x3000, 0x00A0, 0x202F), 0x20)


#: What ticks a box.
TICKS = ("x", "X", "✓")


class Wrong(ValueError):
    """A cell that cannot mean what its column asks for."""

    def __init__(self, what: str, wanted: str):
        super().__init__(what)
        self.what, self.wanted = what, wanted


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """NFC, full-width forms made narrow, no-break blanks made plain ones, outer blanks gone."""
    return text.strip(_OUTER) if text.isascii() else words(text.translate(_WIDE))


def words(text: str) -> str:
    """A name, note or reason as typed: NFC, outer blanks gone."""
    return nfc(text).strip(_OUTER)


def nfc(text: str) -> str:
    """Composed, as everything is compared."""
    return unicodedata.normalize("NFC", text)


def as_letter(text: str) -> str:
    """`A`, `B`, `C` or `KAD`, in small letters or spelled out (“Không áp dụng”); nothing for anything else."""
    typed = plain(text).upper()
    return "KAD" if typed == "KHÔNG ÁP DỤNG" else typed if typed in GRADES else ""


def grade(text: str) -> str:
    """`A`, `B`, `C`, `KAD` or an empty string (not graded)."""
    typed = plain(text).upper()
    if not typed or as_letter(typed):
        return as_letter(typed)
    strange = next((c for c in typed if _looks_like_another(c, alone=len(typed) == 1)), None)
    named = f" (ký tự {unicodedata.name(strange)}, không phải chữ cái Latinh A, B, C)" if strange else ""
    raise Wrong(f"không phải một điểm chấm{named}", "A, B, C, KAD hoặc để trống")


def _looks_like_another(letter: str, alone: bool) -> bool:
    """A letter of another alphabet, or an A with a Vietnamese mark: the eye cannot tell what is wrong."""
    script = unicodedata.name(letter, "").split(" ")[0]
    return script in ("CYRILLIC", "GREEK", "CHEROKEE") or alone and unicodedata.normalize("NFD", letter)[0] in "ABC"


def whole(text: str) -> int | None:
    """A whole number from 0 to 10^15 in plain digits, or None for a blank."""
    typed = plain(text)
    if not typed:
        return None
    if not re.fullmatch("[0-9]+", typed):
        raise Wrong(why_not_whole(typed), "số nguyên không âm viết liền các chữ số, ví dụ 8100000000")
    digits = typed.lstrip("0") or "0"
    if len(digits) > len(str(LARGEST)) or int(digits) > LARGEST:
        raise Wrong(*TOO_LARGE)
    return int(digits)


#: What a text that is no whole number may be; the first that fits is said.
_NOT_WHOLE = ((r"[-−–][0-9.,]+", "số âm"),
              (r"[0-9]{1,3}([.,][0-9]{3})+", "không rõ dấu chấm, dấu phẩy ngăn hàng nghìn hay phần lẻ"),
              (r"[0-9]+[.,][0-9]+", "số lẻ ở chỗ cần số nguyên"), (r"[0-9.,]+\s*%", "tỷ lệ phần trăm ở chỗ cần số lượng"),
              (r"(?is).*(tỷ|tỉ|triệu|nghìn|ngàn|đồng|vnd|vnđ).*", "số có kèm đơn vị tiền"),
              (r"\d{1,4}[/-]\d{1,2}[/-]\d{1,4}", "ngày tháng ở chỗ cần số"))


def why_not_whole(typed: str) -> str:
    """What is the matter with a text that is no whole number."""
    return next((said for words, said in _NOT_WHOLE if re.fullmatch(words, typed)), "không phải số")


def decimal(text: str) -> Decimal | None:
    """A number with an optional decimal point, 0 to 10^15, or None for a blank."""
    typed = plain(text)
    if not typed:
        return None
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", typed) or len(typed) > 30:
        raise Wrong("không phải số", "số không âm, phần lẻ sau dấu chấm, ví dụ 1.5")
    if Decimal(typed) > LARGEST:
        raise Wrong(*TOO_LARGE)
    return Decimal(typed)


def iso_day(text: str, wanted: str = "ngày dạng 2024-12-09") -> date | None:
    """An ISO date, or None for a blank."""
    typed = plain(text)
    if not typed:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed):
        raise Wrong("không phải ngày viết theo năm-tháng-ngày", wanted)
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Wrong("không có ngày này trong lịch", wanted) from None


def written_day(text: str, wanted: str = "ngày dạng 20/12/2024 hoặc 2024-12-20") -> date | None:
    """A day as people type it into the year's own tables: 20/12/2024, or an ISO date; None for a blank."""
    by_hand = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", plain(text))
    return iso_day("{2}-{1:0>2}-{0:0>2}".format(*by_hand.groups()) if by_hand else text, wanted)


def received(text: str, read: Callable = iso_day, wanted: str = "ngày dạng 2024-12-09, hoặc none nếu biết chắc không gửi") \
        -> date | str | None:
    """The day a filing came, `none` for one known not to have come, None where nothing is written; `Wrong` for no such day."""
    return "none" if plain(text).casefold() == "none" else read(text, wanted)


def written_receipt(text: str) -> date | str | None:
    """The same as people type it into the Council's own register: 20/02/2024 too."""
    return received(text, written_day, "ngày dạng 20/02/2024 hoặc 2024-02-20, hoặc none nếu biết chắc không gửi")


_RATINGS = {r.casefold(): r for r in RATINGS} | {"xs": RATINGS[0], "tb": RATINGS[2], "": ""}


def rating(text: str) -> str:
    """A branch's rating in the plan's words, or an empty string (not rated)."""
    typed = plain(text)
    if typed.casefold() not in _RATINGS:
        raise Wrong(f"không phải một xếp loại Hội cơ sở{hint(typed, RATINGS)}", f"{', '.join(RATINGS)} hoặc để trống")
    return _RATINGS[typed.casefold()]


#: Signs no spreadsheet and no page can hold (NUL, escape and the like); a line break or a tab is none of them.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
