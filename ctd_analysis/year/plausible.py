"""What is well formed and yet odd: remarked on, never changed (an amount a hundred times its target, a day for its month).

Each remark is a notice at the cell it is about; what it means is for the office that filled it in to say.
"""

from __future__ import annotations

import re
from datetime import date

from ..plan.rulebook import FILE, WHOLE, Rulebook, days_of
from ..problems import Log
from ..rows import Attainment, Branch, Grade, Row
from ..sheets.gather import Gathered
from ..sheets.headings import money_scale
from ..terms import day, number
from ..values import Wrong, iso_day, written_day

TIMES, MILLION = 100, 1_000_000
_NAMED = re.compile(r"năm\s+((?:19|20)\d\d)(?!\d)", re.IGNORECASE)
#: What is left of a letter that a program could not hold; at the end of a word it may be a question.
_LOST = re.compile(r"\w[?\ufffd]+\w|(?<!\w)[?\ufffd]+\w|\ufffd")


def session_day(text: str, year: int) -> date | None:
    """A day on which something of a year was seen or decided; None for a blank, `Wrong` for one outside the year's time."""
    found, (first, last) = written_day(text), days_of(year)
    if found and not first <= found <= last:
        raise Wrong(f"ngày ngoài kỳ của năm {year}", f"ngày từ {day(first)} đến {day(last)}")
    return found


def other_year(title: str, year: int) -> str | None:
    """The year a title names that is not this one, where it names no other (`… năm 2023`)."""
    named = _NAMED.findall(title)
    return named[0] if named and str(year) not in named else None


def of_another_year(book: Rulebook, log: Log) -> None:
    """A notice for a title, and for each day of the rules, that names another year and decides nothing by it."""
    if other := other_year(book.plan.title, book.year):
        log.notice(FILE, f"khóa plan.title: tên kế hoạch ghi năm {other}, year = {book.year}", seen=book.plan.title)
    for key, before in {**{f"filing.{id}.before": rule.before for id, rule in book.filings.items()},
                        "dossier.before": book.dossier.before}.items():
        if before.year != book.year:
            log.notice(FILE, f"khóa {key}: ngày của năm {before.year}, không phải năm {book.year}", seen=str(before))


def grade(row: Row, one: Grade, book: Rulebook) -> None:
    """A remark that has lost letters."""
    _lost_letters(row, "note", one.note)


def _lost_letters(row: Row, column: str, text: str) -> None:
    """“Xã Th?nh Hòa”: a program without Unicode has saved this."""
    if _LOST.search(text) or column == "branch" and "?" in text:
        row.notice(column, "có dấu “?” ở chỗ chữ bị mất (tệp từng lưu bằng mã cũ, không phải Unicode): cần gõ lại tên đúng"
                   if column == "branch" else "có dấu “?” ở chỗ chữ bị mất (tệp từng lưu bằng mã cũ, không phải Unicode)")


def indicator(row: Row, one: Attainment, book: Rulebook) -> None:
    """A target and an actual a hundred times apart; an amount that may have been meant in millions; letters lost."""
    _lost_letters(row, "note", one.note)
    rule = book.indicators[one.indicator]
    if rule.kind != WHOLE:
        return
    is_money = money_scale(rule.measure) is not None
    bars = [flag.unit_min for flag in book.flags.values() if flag.unit_min and one.indicator in flag.indicators]
    if is_money and _may_be_millions(one.actual, max([*bars, one.target or 0])):
        row.notice("actual", f"{number(one.actual)} đồng: có phải triệu đồng?")
    elif one.target and one.actual and not one.target < TIMES * one.actual < TIMES * TIMES * one.target:
        what, times = ("gấp", one.actual // one.target) if one.actual > one.target else ("kém", one.target // one.actual)
        row.notice("actual", f"thực hiện {number(one.actual)} {what} chỉ tiêu {number(one.target)} đến {number(times)} lần: "
                   f"{'có phải nhầm đơn vị tiền?' if is_money else 'có phải gõ nhầm?'}")


def branch(row: Row, one: Branch, book: Rulebook) -> None:
    """A fund that may have been meant in millions; a name that has lost letters."""
    _lost_letters(row, "branch", one.branch)
    if _may_be_millions(one.fund, max((flag.branch_min or 0 for flag in book.flags.values()), default=0)):
        row.notice("fund", f"{number(one.fund)} đồng: có phải triệu đồng?")


def _may_be_millions(amount: int | None, bar: int) -> bool:
    """Is an amount of less than a million held against a bar in millions?"""
    return bar >= MILLION and amount is not None and 0 < amount < MILLION


def exchanged_days(gathered: Gathered, book: Rulebook) -> None:
    """Days a program may have understood the other way round: exchanged, they are days too, and late or beside typed ones."""
    given = {key: row["received"] for key, row in gathered.found["filings"].items() if "received" in row}
    typed = {one.file for one in given.values() if one.cell.kind == "t" and _as_day(one) is not None}
    for (unit, filing), one in given.items():
        came = _as_day(one) if one.cell.kind == "d" else None
        if came is None or came.day > 12 or came.day == came.month:
            continue
        rule = book.filings.get(filing) or book.reports[filing]
        other, before = came.replace(day=came.month, month=came.day), rule.before
        if one.file in typed or (came < before) != (other < before) or (came <= before) != (other <= before):
            called = f"{gathered.names.units[unit].name}, {rule.label}"
            gathered.log.notice(one.file, f"{called}: ngày {day(came)}, có phải {day(other)[:5]} (ngày và tháng đổi chỗ)?",
                                cluster=gathered.cluster, sheet=one.sheet, cell=one.cell.address, seen=one.seen)


def _as_day(one) -> date | None:
    try:
        return iso_day(one.read())
    except Wrong:
        return None


#: What is remarked on in each row, by what the row is.
ROWS = {Attainment: indicator, Branch: branch, Grade: grade}
