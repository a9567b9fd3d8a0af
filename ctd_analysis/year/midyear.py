"""What is written before December: the Council's own register (V.3), targets as registered (V.3), what was reached by a day
(IV, II.9), and what stands directly under the province.

All of it is optional. Whether a target is met, and how far a unit is for its day, is left to `plan`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise

from .. import values
from ..plan.rulebook import CONVERTED, WHOLE, Rulebook
from ..problems import Log
from ..rows import Attainment, Count, Direct, Entered, Receipt, Registered, Row
from ..terms import DIRECT_KINDS, day, number, toneless
from ..values import Wrong, words
from .parser import Parser, one_of

#: The files, in the order in which they are read.
RECEIVED, TARGETS, PROGRESS, DIRECT = FILES = ("received", "targets", "progress", "direct")


def read_received(rows: Iterable[Row], parser: Parser) -> Iterator[Entered]:
    """The Council's register, a filing a row; the same filing of a unit twice is a problem."""
    for row in _once(rows, parser, ("filing",)):
        filing, received = parser.filing(row, values.written_receipt)
        if row.sound:
            yield Entered(row.unit, filing, received, words(row.cells["document"]), row.at)


def read_targets(rows: Iterable[Row], parser: Parser) -> Iterator[Registered]:
    """The registered targets, VND or counts; the same indicator of a unit, or of one of its branches, twice is a problem."""
    for row in _once(rows, parser, ("branch", "indicator")):
        indicator = row.take("indicator", parser.indicator)
        target = row.take("target", values.whole)
        if row.sound:
            yield Registered(row.unit, words(row.cells["branch"]), indicator, target, words(row.cells["note"]), row.at)


def new_ones(known: Iterable[Registered], sent: Iterable[Registered], parser: Parser) -> Iterator[Registered]:
    """The targets units sent back; one that stands in `targets.csv` too is a problem."""
    places = {(one.unit, one.branch, one.indicator): one.at.line for one in known}
    for one in sent:
        line = places.get((one.unit, one.branch, one.indicator))
        if line is None:
            yield one
        else:
            label, cluster = parser.book.indicators[one.indicator].label, parser.units[one.unit].cluster
            parser.log.problem(one.at.file, f"chỉ tiêu “{label}” đã ghi trong targets.csv, dòng {line}", cluster=cluster,
                               sheet=one.at.sheet, line=one.at.line, wanted="mỗi chỉ tiêu ghi một lần")


def read_progress(rows: Iterable[Row], parser: Parser) -> Iterator[Count]:
    """What was reached, counted from 1 January; blank amounts are no rows, two of one day are a problem.

    A cumulative number that falls from one day to a later one is remarked on, once all rows are known.
    """
    found: dict[tuple[str, str], list[tuple[Row, Count]]] = {}
    seen: dict[tuple, int] = {}
    for row in rows:
        unit, indicator = row.take("unit", parser.unit_named), row.take("indicator", parser.indicator)
        as_of = row.take("as_of", lambda text: _day_of(text, parser.book.year))
        is_decimal = bool(indicator) and parser.book.indicators[indicator].kind == CONVERTED
        actual = row.take("actual", values.decimal if is_decimal else values.whole)
        if not row.sound or actual is None:
            continue
        row.check_once(seen, (unit, indicator, as_of), "as_of", "ngày này đã ghi", "mỗi chỉ tiêu một dòng cho một ngày")
        if row.sound:
            one = Count(unit, indicator, as_of, actual, words(row.cells["note"]), row.at)
            found.setdefault((unit, indicator), []).append((row, one))
    for (_, indicator), counts in found.items():
        if parser.book.indicators[indicator].kind == WHOLE and indicator not in parser.book.progress.balance:
            _remark_on_falls(sorted(counts, key=lambda one: one[1].as_of))
    yield from sorted((one for counts in found.values() for _, one in counts), key=lambda one: one.at.line)


def _remark_on_falls(counts: list[tuple[Row, Count]]) -> None:
    for (_, before), (row, one) in pairwise(counts):
        if one.actual < before.actual:
            row.notice("actual", f"số lũy kế từ đầu năm giảm: {number(before.actual)} vào {day(before.as_of)}, còn "
                       f"{number(one.actual)} vào {day(one.as_of)}")


def _day_of(text: str, year: int) -> date:
    """A day of the year; `Wrong` for a blank or another year's."""
    found = values.written_day(text)
    if found is None:
        raise Wrong("thiếu ngày", f"ngày dạng 30/06/{year} hoặc {year}-06-30")
    if found.year != year:
        raise Wrong(f"ngày ngoài năm {year}", f"ngày từ 01/01/{year} đến 31/12/{year}")
    return found


def read_direct(rows: Iterable[Row], parser: Parser) -> Iterator[Direct]:
    """What branches directly under the province, and its office, set themselves and reached; only part II counts them."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        source, name = words(row.cells["source"]), words(row.cells["name"])
        for column, text in (("source", source), ("name", name)):
            if not text:
                row.problem(column, "ô trống", "mã và tên của Hội cơ sở trực thuộc tỉnh hoặc cơ quan Tỉnh Hội")
        kind = row.take("kind", lambda text: one_of(text, DIRECT_KINDS, "loại"))
        indicator = row.take("indicator", parser.indicator)
        if indicator and parser.book.indicators[indicator].kind == CONVERTED:
            row.problem("indicator", "điểm quy đổi không thuộc phần II", "một chỉ tiêu có số lượng")
        target, actual = row.take("target", values.whole), row.take("actual", values.whole)
        if row.sound:
            row.check_once(seen, (source, indicator), "indicator", f"chỉ tiêu này của {source} đã ghi", "mỗi chỉ tiêu một dòng")
        if row.sound:
            yield Direct(source, name, kind, indicator, target, actual, words(row.cells["note"]), row.at)


def _once(rows: Iterable[Row], parser: Parser, columns: tuple[str, ...]) -> Iterator[Row]:
    """Rows that name a unit (their `unit` from then on), none of them what an earlier one was about."""
    seen: dict[tuple, int] = {}
    for row in rows:
        row.unit = row.take("unit", parser.unit_named)
        if row.unit:
            about = (row.unit, *(words(row.cells[column]) for column in columns))
            row.check_once(seen, about, columns[-1], "đã ghi", "mỗi nội dung một dòng")
        yield row


# ---------------------------------------------------------------- what the register changes

def entered(sent: Iterable[Receipt], register: Iterable[Entered], log: Log, cluster_of: Callable[[str], str | None]) \
        -> list[Receipt]:
    """The filings as they count: a row of the register that holds a value stands for what was sent (V.3), which is remarked on
    where it differs."""
    counts = {(row.unit, row.filing): row for row in sent}
    for one in register:
        if one.received is None:
            continue
        before = counts.get((one.unit, one.filing))
        if before and before.received is not None and before.received != one.received:
            log.notice(one.at.file, f"cột received: hồ sơ của cụm ghi {day(before.received)}, lấy theo sổ của Hội đồng",
                       cluster=cluster_of(one.unit), line=one.at.line, seen=day(one.received))
        counts[one.unit, one.filing] = Receipt(one.unit, one.filing, one.received, one.at)
    return list(counts.values())


def compare_reports(filings: Iterable[Receipt], indicators: Iterable[Attainment], book: Rulebook, log: Log,
                    cluster_of: Callable[[str], str | None]) -> None:
    """A notice where the reporting regime was judged right while a report of part of the year surely never came (III.1)."""
    kept = {indicator for flag in book.flags.values() if flag.kind == "none_held" for indicator in flag.indicators
            if book.indicators[indicator].kind == "judged" and "bao cao" in toneless(book.indicators[indicator].label)}
    missed: dict[str, list[str]] = {}
    for row in filings:
        if row.filing in book.reports and row.received == "none":
            missed.setdefault(row.unit, []).append(book.reports[row.filing].label)
    for row in indicators:
        if row.indicator in kept and row.actual == 1 and row.unit in missed:
            log.notice(row.at.file, f"“{book.indicators[row.indicator].label}” ghi đạt, nhưng không gửi: "
                       f"{', '.join(missed[row.unit])}", cluster=cluster_of(row.unit), sheet=row.at.sheet, line=row.at.line,
                       seen="1")
