"""What the Council changed of the scale or settled of the readings in the year's course: `amendments.csv` (year-round §1.1).

The rule book stays as it was issued; rows apply on top of it in the order of their day, then of their lines. A fault in them
stops the run: they concern every unit. Whom a row moves is `answers`' to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..plan import scenario
from ..plan.rulebook import Rulebook
from ..problems import Log
from ..rows import Amendment, Row
from ..terms import RANKING_KEYS, day, hint
from ..values import Wrong, plain, words, written_day
from . import plausible

FILE = "amendments.csv"


class Applied(NamedTuple):
    """One row applied: the value before it and after it, as the rule book holds them (the order of ranking as a list)."""
    row: Amendment
    before: object
    after: object


def read_amendments(rows: Iterable[Row], book: Rulebook, log: Log) -> list[Amendment]:
    """The rows in the order in which they apply; wrong ones, one key twice on one day and uneven bars are problems."""
    found: list[tuple[Row, Amendment]] = []
    for row in rows:
        one = amendment_of(row, book)
        if one is None:
            continue
        if first := next((r for r, a in found if (a.key, a.decided_on) == (one.key, one.decided_on)), None):
            row.problem("key", f"khóa này đã ghi cùng ngày {day(one.decided_on)} ở dòng {first.at.line}",
                        "mỗi ngày một dòng cho một khóa")
        else:
            found.append((row, one))
    found.sort(key=lambda one: (one[1].decided_on, one[1].at.line))
    if not log.problems:
        _remark(found, book)
        for key, seen, wanted in put_all(book, [one for _, one in found]).uneven_bars():
            bar = key.rpartition(".")[2]
            line = next(a.at.line for _, a in reversed(found) if a.key.startswith("class.") and a.key.endswith(f".{bar}"))
            log.problem(FILE, f"sau mọi dòng, thang không giảm dần ở {key}", line=line, seen=seen, wanted=wanted)
    return [one for _, one in found]


def amendment_of(row: Row, book: Rulebook) -> Amendment | None:
    """A row as typed, in codes; None where something in it is a problem."""
    key = row.take("key", lambda text: _key(text, book))
    value = row.take("value", lambda text: _value(text, key, book)) if key else None
    on = row.take("decided_on", lambda text: plausible.session_day(text, book.year))
    if not plain(row.cells["decided_on"]):
        row.problem("decided_on", "thiếu ngày quyết định", "ngày dạng 20/12/2024 hoặc 2024-12-20")
    return Amendment(key, value, words(row.cells["reason"]), words(row.cells["document"]), on, row.at) if row.sound else None


def _remark(found: Sequence[tuple[Row, Amendment]], book: Rulebook) -> None:
    """A notice where a row changes nothing, or does not say by which document."""
    for (row, one), step in zip(found, steps(book, [one for _, one in found]), strict=True):
        if step.before == step.after:
            row.notice("value", "giá trị này đang áp dụng rồi")
        if not one.document:
            row.notice("document", "điều chỉnh chưa ghi văn bản")


def steps(book: Rulebook, rows: Iterable[Amendment]) -> Iterator[Applied]:
    """The rows applied one after another to a rule book as issued."""
    for row in rows:
        before, book = in_force(book, row.key), put_all(book, [row])
        yield Applied(row, before, in_force(book, row.key))


def put_all(book: Rulebook, rows: Iterable[Amendment]) -> Rulebook:
    """The rule book with every row applied, in the order given."""
    for row in rows:
        book = scenario.amend(book, {row.key: row.value})
    return book


def in_force(book: Rulebook, key: str):
    """What a rule book holds under a key of `amendments.csv`."""
    return list(book.ranking.order) if key == scenario.ORDER else book.in_force()[key]


# ---------------------------------------------------------------- as typed

def _key(text: str, book: Rulebook) -> str:
    typed, known = plain(text), [*book.in_force(), scenario.ORDER]
    by_name = {scenario.name_of(book, key).casefold(): key for key in known}
    key = typed if typed in known else by_name.get(typed.casefold())
    if key is None:
        raise Wrong(f"không có khóa này{hint(typed, known)}", "một khóa của quy định, ví dụ class.excellent.min_a")
    return key


def _value(text: str, key: str, book: Rulebook):
    """A value as the rule book would hold it; `Wrong` where it could not."""
    typed = plain(text)
    try:
        if key == scenario.ORDER:
            said = {label.casefold(): id for id, label in RANKING_KEYS.items()}
            keys = [said.get(plain(part).casefold(), plain(part)) for part in typed.split(";")]
            return tuple(scenario.amend(book, {key: keys}).ranking.order)
        if key.startswith("readings."):
            options = book.readings[key.removeprefix("readings.")].options
            typed = next((id for id, label in options.items() if plain(label).casefold() == typed.casefold()), typed)
        elif key.endswith(".before"):
            typed = str(written_day(typed) or typed)
        return scenario.amend(book, {key: typed}).in_force()[key]
    except scenario.UnknownKey as error:
        raise Wrong(str(error).removeprefix(f"{key}: "), "một giá trị khóa ấy nhận") from None
