"""Comments of a workbook's cells: whose they are, and what somebody else wrote beside ours."""

from __future__ import annotations

import re

from .zipped import local, parse, place

#: How our own comments in a copy that was sent back (`sendback`) are known, and what stands between somebody's and ours.
OUR_AUTHOR, OUR_RULE = "ctd check", "\n— — —\n"
#: Other programs drop the author: then by the two lines that each of ours ends with.
_OURS = re.compile(r"[^\n]+\.\nĐang ghi: [^\n]*\nCần ghi: [^\n]*(?:\n|\Z)")


def not_ours(text: str, is_by_us: bool = False) -> str:
    """Of a comment what somebody wrote before ours, or after it; all of it where nothing in it is ours."""
    before, _, rest = text.rpartition(OUR_RULE)
    blocks = list(_OURS.finditer(rest))
    if not blocks:
        return before if is_by_us else text
    above = "" if is_by_us or before else rest[:blocks[0].start()]
    return "\n".join(part for part in (before, above.strip(), rest[blocks[-1].end():].strip()) if part)


def comments(raw: bytes, path: str) -> list:
    """Row, column and text of each comment; of one of ours, what somebody had written before us."""
    found, authors = [], []
    state = {"keep": None}

    def start(tag, given):
        tag = local(tag)
        if tag == "author":
            authors.append("")
            state["keep"] = "author"
        elif tag == "comment":
            number = given.get("authorId", "")
            ours = number.isdecimal() and authors[int(number):int(number) + 1] == [OUR_AUTHOR]
            found.append([*place(given.get("ref", "A1")), "", ours])
        elif tag == "t" and found:
            state["keep"] = "text"

    def text(piece):
        if state["keep"] == "author":
            authors[-1] += piece
        elif state["keep"] == "text":
            found[-1][2] += piece

    parse(raw, path, start, lambda _: state.update(keep=None), text)
    return [[row, column, not_ours(said, ours)] for row, column, said, ours in found]
