"""What the inspection found beside what was sent (`verified.csv`, III.1 "kiểm tra thực tế"): ratings, funds, numbers, days.

What was found counts instead of the register's and the submission's, wherever a value is read; what was sent is kept beside it
and shown. Grades that were looked at stand in `appraisal.csv`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from .. import values
from ..office.grid import Cell
from ..plan.rulebook import Rulebook
from ..rows import Attainment, Place, Receipt, Row, Verified
from ..sheets import cells
from ..sheets.headings import filing_label, indicators_of
from ..terms import FOUND, INSPECTED, METHODS, day, hint, number
from ..values import Wrong, plain, words
from . import plausible
from .parser import Parser, amount, meant
from .session import method_of

FILE = "verified.csv"
#: Where the value stands that a finding is held against: the table of the submission, and the field of its rows.
STANDS = {"rating": ("branches", "rating"), "fund": ("branches", "fund"), "actual": ("indicators", "actual"),
          "target": ("indicators", "target"), "filing": ("filings", "received")}
#: The tables whose items are branches.
OF_BRANCHES = ("rating", "fund")
#: What a person may write for a table.
_TABLE_WORDS = {**{word: id for id, said in FOUND.items() for word in (said, id)}, "xếp loại hội cơ sở": "rating",
                "quỹ hội": "fund", "quỹ hội cơ sở": "fund", "số thực hiện": "actual", "chỉ tiêu giao": "target",
                "hồ sơ": "filing"}


# ---------------------------------------------------------------- a line of the file

def read(rows: Iterable[Row], parser: Parser, tables: Mapping[str, list]) -> Iterator[Verified]:
    """The findings of a year (2.1); `tables` are the submissions' rows, by table.

    Problems: an unknown branch, a value of the wrong kind, the same item twice, a change without a reason. A blank value is
    noticed: somebody looked, nothing was found.
    """
    sent, seen = sent_values(tables), {}
    failed = {p.cluster for p in parser.log.problems}
    for row in rows:
        unit = row.take("unit", parser.unit_named)
        table = row.take("table", lambda text: meant(text, _TABLE_WORDS, "bảng"))
        is_known = row.cluster not in failed
        item = row.take("item", lambda text, at=(unit, table), known=is_known: _item(text, *at, parser, sent, known))
        value = row.take("value", lambda text, table=table, item=item: _value(text, table, item, parser))
        how, when = row.take("method", method_of), row.take("seen_on", seen_on(parser.book.year))
        reason = words(row.cells["reason"])
        if table == "filing" and item:
            parser.check_filing_day(row, "value", item, value)
        if not row.sound:
            continue
        row.check_once(seen, (unit, table, item), "item", "mục này đã ghi", "mỗi mục một dòng")
        before = sent.get((unit, table, item))
        if not row.sound:
            continue
        if value is None:
            row.notice("value", f"đã xem {called(table, item, parser.book)}, chưa ghi thấy gì: giữ {shown(before)}")
        elif value != before and not reason and is_known:
            row.problem("reason", f"thấy {shown(value)} khác đã gửi {shown(before)} mà không ghi lý do", "lý do")
        if row.sound:
            yield Verified(unit, table, item, value, how, reason, when, before, row.at)


def sent_values(tables: Mapping[str, list]) -> dict[tuple[str, str, str], object]:
    """What stands in the submissions' rows, by unit, table of `terms.FOUND` and item; None for a blank."""
    return {(row.unit, table, row[1]): getattr(row, field) or None if table == "rating" else getattr(row, field)
            for table, (kind, field) in STANDS.items() for row in tables[kind]}


def _item(text: str, unit: str | None, table: str | None, parser: Parser, sent: Mapping, is_known: bool) -> str | None:
    """What was looked at: a branch as it is listed, an indicator or a filing by its id or in the words offices use."""
    typed, book = words(text), parser.book
    if table is None or unit is None:
        return None
    if table in OF_BRANCHES:
        listed = [item for owner, kind, item in sent if (owner, kind) == (unit, table)]
        if typed in listed or typed and not is_known:
            return typed
        raise Wrong(f"{parser.units[unit].name} không có Hội cơ sở này trong danh sách đã gửi{hint(typed, listed)}",
                    "tên Hội cơ sở đúng như danh sách đã gửi")
    known, what = ({**book.filings, **book.reports}, "hồ sơ") if table == "filing" else (book.indicators, "chỉ tiêu")
    named = [filing_label(typed, known)] if table == "filing" else indicators_of(typed, book)
    found = [plain(text)] if plain(text) in known else [one for one in named if one]
    if len(found) != 1:
        raise Wrong(f"không có {what} này{hint(typed, [*known, *(one.label for one in known.values())])}", ", ".join(known))
    return found[0]


def _value(text: str, table: str | None, item: str | None, parser: Parser):
    """A value of the kind its table asks for; None for a blank."""
    if table is None or item is None:
        return None
    if table == "rating":
        return values.rating(text) or None
    if table == "filing":
        return values.received(cells.received(Cell(1, 1, "t", text)))
    return values.whole(text) if table == "fund" else amount(parser.book.indicators[item], table, text)


def seen_on(year: int) -> Callable[[str], date | None]:
    """Reads the day of a look, typed in either form: one of the year's; None for a blank, `Wrong` for anything else."""
    def read_day(text: str) -> date | None:
        typed = plain(text)
        return plausible.session_day(cells.typed_day(typed, "ngày dạng 2024-12-09 hoặc 09/12/2024") if typed else "", year)

    return read_day


# ---------------------------------------------------------------- instead of what was sent

def replaced(tables: Mapping[str, list], found: Iterable[Verified]) -> dict[str, list]:
    """The submissions' rows with what was found in place of what was sent, and said so beside it; a row more where none was."""
    by_row: dict[tuple[str, str, str], list[Verified]] = {}
    for one in found:
        by_row.setdefault((STANDS[one.table][0], one.unit, one.item), []).append(one)
    made = {kind: [_with(row, by_row.pop((kind, *row[:2]), ())) for row in rows] for kind, rows in tables.items()}
    for (kind, unit, item), ones in by_row.items():
        if kind in BLANK:                  # of branches every one that is looked at is listed
            made[kind].append(_with(BLANK[kind](unit, item, Place(FILE, None, ones[0].at.line)), ones))
    return made


#: A row of which nothing was sent.
BLANK = {"indicators": lambda unit, item, at: Attainment(unit, item, None, None, "", at),
          "filings": lambda unit, item, at: Receipt(unit, item, None, at)}


def _with(row, found: Iterable[Verified]):
    for one in found:
        value = {} if one.value is None else {STANDS[one.table][1]: one.value}
        row = row._replace(**value, at=row.at.with_said(told(one)))
    return row


# ---------------------------------------------------------------- in words

def told(one: Verified) -> str:
    """What is said beside a value that was looked at: sent → found, how, when, why."""
    how = ", ".join(text for text in (METHODS[one.method], day(one.seen_on) if one.seen_on else "") if text)
    if one.value is None:
        what = f"đã xem, chưa ghi thấy gì ({how})"
    elif one.value == one.sent:
        what = f"xác nhận đúng {shown(one.value)} ({how})"
    else:
        what = f"thấy {shown(one.value)}, đã gửi {shown(one.sent)} ({how})"
    return f"{FOUND[one.table]}: {INSPECTED} {what}{f': {one.reason}' if one.reason else ''}"


def shown(value: int | Decimal | date | str | None) -> str:
    """A value sent or found, as an office prints it."""
    if value is None:
        return "ô trống"
    return number(value) if isinstance(value, (int, Decimal)) else day(value) if isinstance(value, date) or value == "none" \
        else value


def called(table: str, item: str, book: Rulebook) -> str:
    """What was looked at, in words: `Xã 2 (quỹ)`, `Hội phí (thực hiện)`."""
    known = {**book.filings, **book.reports} if table == "filing" else {} if table in OF_BRANCHES else book.indicators
    return f"{known[item].label if item in known else item} ({FOUND[table]})"
