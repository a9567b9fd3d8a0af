"""A row as typed → a record of its table: what it may name comes from the rule book and from `units.csv`.

What a single cell may hold is `values`'.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial

from .. import values
from ..names import Names
from ..plan.rulebook import CONVERTED, JUDGED, Indicator, Rulebook
from ..problems import Log
from ..rows import COLUMNS, Attainment, Branch, Grade, Receipt, Row, Unit
from ..sheets.gather import Gathered
from ..terms import BRANCH_KINDS, hint, number
from ..values import Wrong, plain, words
from . import plausible

#: So many days from its deadline a paper may well come in before the year begins, or after it ends.
MONTHS_AWAY = 150


class Parser:
    """Reads rows of the tables: what they may name comes from the rule book and from `units.csv`."""

    def __init__(self, book: Rulebook, units: Mapping[str, Unit], log: Log):
        self.book, self.units, self.log = book, units, log
        self.names = Names(units)
        self.cluster_of = {id: unit.cluster for id, unit in units.items()}
        #: Appraised grades that stood in workbooks: compared with the appraisal, never merged.
        self.appraised: list[Gathered] = []

    def unit(self, text: str, cluster: str | None = None) -> str:
        """A unit's id; `Wrong` where `units.csv` has none such, or (with `cluster`) where it is another cluster's."""
        typed = plain(text)
        unit = self.units.get(typed)
        if unit is None:
            raise Wrong(f"không có đơn vị này{hint(typed, self.units)}", "mã đơn vị trong units.csv")
        if cluster is not None and unit.cluster != cluster:
            raise Wrong(f"đơn vị thuộc cụm {unit.cluster}, không thuộc {cluster}", f"đơn vị của {cluster}")
        return typed

    def unit_named(self, text: str) -> str:
        """A unit's id by its id, name or alias, however offices write them; `Wrong` for a text that names none."""
        unit = self.names.match(text) or self.names.match(text.casefold())
        if unit is None:
            close = self.names.hint(text) or hint(plain(text), self.units)
            raise Wrong(f"không có đơn vị này{close}", "mã hoặc tên đơn vị trong units.csv")
        return unit

    def cluster_named(self, text: str) -> str | None:
        """The cluster of the unit a text names, or None."""
        return self.cluster_of.get(self.names.match(text) or self.names.match(text.casefold()))

    def criterion(self, text: str) -> int:
        """A criterion's number; `Wrong` where the plan has none such."""
        return criterion(text, self.book.criteria)

    def indicator(self, text: str) -> str:
        """An indicator's id; `Wrong` where the rule book has none such."""
        return one_of(text, self.book.indicators, "chỉ tiêu")

    def filing(self, row: Row, receipt: Callable = values.received) -> tuple[str | None, date | str | None]:
        """Which filing a row is about, a report of part of the year too, and when it came (as `receipt` reads it); problems
        where it cannot be so."""
        name = row.take("filing", lambda text: one_of(text, {**self.book.filings, **self.book.reports}, "hồ sơ"))
        received = row.take("received", receipt)
        if name:
            self.check_filing_day(row, "received", name, received)
        return name, received

    def check_filing_day(self, row: Row, column: str, name: str, received) -> None:
        """What a filing's day cannot be (`check_distance`); reports of part of a year decide nothing."""
        rule = self.book.filings.get(name) or self.book.reports[name]
        decides = name in self.book.filings and rule.decides
        check_distance(row, column, received, rule.before, self.book.year, decides)

    def table(self, table: str, rows: Iterator[Row], cluster: str) -> Iterator:
        """The rows of one of `terms.TABLES` as records; a wrong row, or one that is there twice, is a problem and left out."""
        take = {"grades": self._grade, "indicators": self._indicator, "branches": self._branch, "filings": self._filing}[table]
        seen: dict = {}
        for row in rows:
            record = take(row, row.take("unit", lambda text: self.unit(text, cluster)))
            if record is None:
                continue
            first = seen.setdefault(record[:2], record)
            if first is not record:
                where = f"trang “{first.at.sheet}”, dòng {first.at.line}" if first.at.sheet else f"dòng {first.at.line}"
                row.problem(COLUMNS[table][1], f"dòng này đã có ở {where}", "mỗi ô ghi một lần")
            else:
                if remark := plausible.ROWS.get(type(record)):
                    remark(row, record, self.book)
                yield record

    def _grade(self, row: Row, unit) -> Grade | None:
        criterion = row.take("criterion", self.criterion)
        own, cluster = row.take("self", values.grade), row.take("cluster", values.grade)
        note = row.take("note", words)
        return Grade(unit, criterion, own, cluster, note, row.place("cluster")) if row.sound else None

    def _indicator(self, row: Row, unit) -> Attainment | None:
        name = row.take("indicator", self.indicator)
        rule = self.book.indicators.get(name)
        target, actual = (row.take(column, partial(amount, rule, column), *_answers(rule, column))
                          for column in ("target", "actual"))
        note = row.take("note", words)
        return Attainment(unit, name, target, actual, note, row.at) if row.sound else None

    def _branch(self, row: Row, unit) -> Branch | None:
        branch = words(row.cells["branch"])
        if not branch:
            row.problem("branch", "thiếu tên Hội cơ sở", "tên Hội cơ sở")
        rating, fund = row.take("rating", values.rating), row.take("fund", values.whole)
        kind = row.take("kind", lambda text: one_of(text, ("", *BRANCH_KINDS), "loại Hội cơ sở")) if "kind" in row.cells else ""
        return Branch(unit, branch, rating, fund, row.at, kind or next(iter(BRANCH_KINDS))) if row.sound else None

    def _filing(self, row: Row, unit) -> Receipt | None:
        name, received = self.filing(row)
        return Receipt(unit, name, received, row.at) if row.sound else None


def _answers(indicator: Indicator | None, column: str) -> list[str]:
    """What a judged indicator is answered with; nothing for any other."""
    if not indicator or indicator.kind != JUDGED:
        return []
    return ["1 (phải đạt), hoặc để trống" if column == "target" else f"1 hoặc 0: 1 ({indicator.yes}), 0 ({indicator.no})"]


def amount(indicator: Indicator | None, column: str, text: str) -> int | Decimal | None:
    """A target or an actual (`column`), None for a blank: a count or VND, converted points, 1 or 0 of what is judged; else
    `Wrong`."""
    value = values.decimal(text) if column == "actual" and indicator and indicator.kind == CONVERTED else values.whole(text)
    answers = _answers(indicator, column)
    if answers and value is not None and value > 1:
        what = f", chỉ tiêu không thể là {number(value)}" if column == "target" else ""
        raise Wrong(f"“{indicator.label}” chỉ ghi đạt hoặc không{what}", *answers)
    return value


def criterion(text: str, count: int) -> int:
    """A criterion's number, 1 to `count`, in plain digits; else `Wrong`."""
    typed = plain(text)
    if not re.fullmatch("[0-9]{1,9}", typed) or not 1 <= int(typed) <= count:
        raise Wrong("không có tiêu chí này", f"số thứ tự tiêu chí từ 1 đến {count}")
    return int(typed)


def one_of(text: str, names, what: str) -> str:
    """One of some known names; `Wrong`, with the nearest of them, for another. `what` is what they name, in Vietnamese."""
    typed = plain(text)
    if typed not in names:
        raise Wrong(f"không có {what} này{hint(typed, names)}", ", ".join(n for n in names if n))
    return typed


def meant(text: str, vocabulary: Mapping[str, str], what: str) -> str:
    """What a typed word stands for; `Wrong`, with the nearest one, for another. `what` is what they name, in Vietnamese."""
    typed = plain(text)
    if (found := vocabulary.get(typed.casefold())) is None:
        said = {id: word for word, id in reversed(vocabulary.items())}         # as a clerk says it, before the code
        ids = list(dict.fromkeys(vocabulary.values()))
        raise Wrong(f"không có {what} này{hint(typed, vocabulary)}", f"{', '.join(ids)} ({', '.join(said[id] for id in ids)})")
    return found


def check_distance(row: Row, column: str, received, before: date, year: int, decides: bool) -> None:
    """A problem where a day of receipt is more than a year away from the plan's `before`: a slip of the hand.

    A day of another year than `year` is a notice; a problem where it `decides` something, is months away from `before`, and
    would be on the other side of it as a day of this year.
    """
    earliest, latest = may_come(before)
    if not isinstance(received, date):
        return
    if not earliest <= received <= latest:
        row.problem(column, f"ngày cách hạn {before:%d/%m/%Y} hơn một năm", f"ngày trong khoảng năm {before.year}")
    elif received.year != year:
        here, said = years_later(received, year - received.year), f"ngày của năm {received.year}, không phải năm {year}"
        if decides and abs((received - before).days) > MONTHS_AWAY and (here < before) != (received < before):
            row.problem(column, f"{said}; nếu là {here:%d/%m/%Y} thì kết quả khác",
                        f"ngày của năm {year}, hoặc gần hạn {before:%d/%m/%Y}")
        else:
            row.notice(column, said)


def may_come(before: date) -> tuple[date, date]:
    """The first and the last day a filing can have come: a year from the day before which it must be in."""
    return years_later(before, -1), years_later(before, 1)


def years_later(day: date, years: int) -> date:
    """The same day of another year (28 February for a 29th that is not there)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
