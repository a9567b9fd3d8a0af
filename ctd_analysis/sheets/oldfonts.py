"""Text from before Unicode: TCVN3 (fonts .VnTime) and VNI (fonts VNI-Times), told from real Vietnamese and never read.

“Héi Ch÷ thËp ®á” is TCVN3, “Hoäi Chöõ thaäp ñoû” is VNI; both look right only in their own font.
"""

from __future__ import annotations

import re

from ..office.grid import Cell, Sheet

_TCVN3 = re.compile("[A-Za-z][®¸µ¶·¹¨»¾¼½Æ©«¬\u00ad¦§¥£¢¡¤÷þ]|[®§«¸µ¶¹¨»¾¼½©¬÷][A-Za-z]")
_VNI = re.compile("[aeoyuAEOYUöôÖÔ][äåïûëüøûÄÅÏÛËÜØ]|[ñÑ][aeiouyöôAEIOUYÖÔ]|ö[ôùøûõï]")
_LATER = re.compile("[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9\u0300-\u0323]")
_HIGH = re.compile("[\u00a1-\u00ff]")
_ENOUGH = 3


def found(sheet: Sheet) -> tuple[Cell, str] | None:
    """The first cell with such text and the name of its code, if the sheet is written in one."""
    texts = [cell for cell in sheet.cells.values() if cell.kind == "t" and _HIGH.search(cell.value)
             and not _LATER.search(cell.value)]
    for code, signs, fonts in (("TCVN3", _TCVN3, ".vn"), ("VNI", _VNI, "vni")):
        in_font = [cell for cell in texts if cell.font.casefold().startswith(fonts)]
        signed = [cell for cell in texts if signs.search(cell.value)]
        if len(signed) >= _ENOUGH or in_font and signed or len(in_font) >= _ENOUGH:
            return (in_font or signed)[0], code
    return None
