"""A rule as issued and as the Council made it, wherever a rule is printed: the old, the new, the document (year-round §1.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..answers.amended import Changed
from ..answers.appraisal import Appraisal
from ..answers.findings import Finding
from ..plan.rulebook import Rulebook
from ..rows import Amendment, Decision
from ..terms import RANKING_KEYS, day, number
from . import wording


def was(book: Rulebook, key: str, one: Changed | None) -> str:
    """The value of a key as it was issued, in words; nothing where the Council left it so."""
    return value(book, key, one.issued) if one and one.is_other else ""


def asked(appraisal: Appraisal, x: Finding) -> tuple[str, str]:
    """What a finding asked before the Council changed it, in words, and by which document; nothing where it did not."""
    one = appraisal.changed.get(x.key)
    if one is None or not one.is_other:
        return "", ""
    return wording.asked(appraisal.book, replace(x, asked=one.issued)), document_and_day(one.row)


def aside(appraisal: Appraisal, x: Finding) -> str:
    """The same behind what is asked now, within a sentence: ` (trước điều chỉnh: từ 41 điểm A; NQ 2, 01/03/2024)`."""
    before, by = asked(appraisal, x)
    return f" (trước điều chỉnh: {before}; {by})" if before else ""


def value(book: Rulebook, key: str, held) -> str:
    """A value of a key of `amendments.csv` in words: a number, a day, the words of a reading's option, the order of ranking."""
    if isinstance(held, (list, tuple)):
        return ", ".join(RANKING_KEYS[one] for one in held)
    if isinstance(held, date):
        return day(held)
    options = book.readings[key.removeprefix("readings.")].options if isinstance(held, str) else {}
    return options.get(held, "") or number(held)


def from_to(before: str, after: str) -> str:
    """A change in words; where the value was in force already, that it stays."""
    return f"{before} → {after}" if before != after else f"{after} (như đang áp dụng)"


def document_and_day(one: Decision | Amendment) -> str:
    """`BB 02, 19/12/2024`; what is not written is said."""
    return f"{one.document or 'chưa ghi văn bản'}, {day(one.decided_on)}"
