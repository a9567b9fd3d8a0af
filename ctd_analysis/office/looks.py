"""How the cells of a workbook look, as far as it says what they hold: dates, per cent and the words shown with a number, fonts
from before Unicode, lines through what is written, colours.
"""

from __future__ import annotations

import re

from .zipped import local, parse

#: Number formats every Excel knows without writing them down: dates and times, per cent.
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENTS = {9, 10}
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|general|standard', re.IGNORECASE)
#: What of a number format is shown: quoted, after a stroke, a currency, by itself; not blanks, fillers, colours, conditions.
_SHOWN = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|_.|\*.|\[[^\]]*\]|([^\x00-\x7f]|\$)|.', re.DOTALL)
_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*')
#: Cells filled in that are kept track of; white is no colour: as it is written, of the palette, of the theme.
MOST_COLOURED, _WHITE = 20_000, {"FFFFFFFF", "00FFFFFF", "1", "9", "64", "65", "t0"}


def looks(raw: bytes, path: str) -> list[tuple[str, str, bool, str]]:
    """For each cell style: `d` for a date, `%` for per cent; a font from before Unicode; is it struck; its colour."""
    formats, fonts, strikes, fills, found, inside = {}, [], set(), [], [], []

    def start(tag, given):
        tag = local(tag)
        inside.append(tag)
        if tag == "numFmt" and inside[-2:-1] == ["numFmts"]:
            formats[given.get("numFmtId", "")] = look_of(given.get("formatCode", ""))
        elif tag == "font" and inside[-2:-1] == ["fonts"]:
            fonts.append("")
        elif tag == "name" and inside[-3:-1] == ["fonts", "font"]:
            fonts[-1] = given.get("val", "") if is_old_font(given.get("val", "")) else ""
        elif inside[-3:-1] == ["fonts", "font"] and is_strike(tag, given):
            strikes.add(len(fonts) - 1)
        elif tag == "fill" and inside[-2:-1] == ["fills"]:
            fills.append("")
        elif tag == "patternFill" and inside[-3:-1] == ["fills", "fill"] and given.get("patternType") == "solid":
            fills[-1] = "solid"
        elif tag == "fgColor" and inside[-4:-2] == ["fills", "fill"] and fills[-1]:
            fills[-1] = _colour(given)
        elif tag == "xf" and inside[-2:-1] == ["cellXfs"]:
            found.append((given.get("numFmtId", "0"), int(given.get("fontId", "0")), int(given.get("fillId", "0"))))

    parse(raw, path, start, lambda _: inside.pop())
    return [(formats.get(number) or _built_in(number), fonts[font] if font < len(fonts) else "", font in strikes,
             fills[fill] if fill < len(fills) else "") for number, font, fill in found]


def look_of(code: str) -> str:
    """What a number format shows: a date (`d`), per cent (`%`), a number with `words`."""
    sections = [one for one in _SECTION.findall(code) if one] or [""]
    bare = _LITERAL.sub("", sections[0])
    if re.search("[dmyhs]", bare, re.IGNORECASE):
        return "d"
    if "%" in bare:
        return "%"
    every = sections if re.search(r"\[[<>=]", code) else sections[:1]
    thousands = sum(len(found[1]) for found in re.finditer(r"[0#?](,+)(?![0#?,])", bare))
    return words(["".join("".join(found.groups("")) for found in _SHOWN.finditer(one)) for one in every], thousands)


def words(shown: list[str], thousands: int) -> str:
    """A number's look: `"triệu`, with a comma before for each thousand it is divided by to be shown; empty for signs alone.

    Where a format has cases with words of their own all of them are named: “tr hoặc đ” is no unit of measure.
    """
    every = dict.fromkeys(one.strip() if re.search(r"[^\W\d_]|[%$€£₫]", one) else "" for one in shown)
    said = " hoặc ".join(every)
    return "," * thousands + f'"{said}' if said or thousands else ""


def is_strike(tag: str, given: dict) -> bool:
    """Does an element of a font draw a line through the text?"""
    return tag == "strike" and given.get("val", "1") not in ("0", "false")


def _colour(given: dict) -> str:
    """A colour by its name in the file; empty for white."""
    theme = f"t{given['theme']}{given.get('tint', '')}" if "theme" in given else ""
    named = given.get("rgb", "").upper() or theme or given.get("indexed", "")
    return "" if named in _WHITE else named


def is_old_font(name: str) -> bool:
    """A font from before Unicode: TCVN3 (`.VnTime`) or VNI (`VNI-Times`)."""
    return name.casefold().startswith((".vn", "vni-", "vni "))


def _built_in(number: str) -> str:
    return "d" if int(number) in _DATES else "%" if int(number) in _PERCENTS else ""
