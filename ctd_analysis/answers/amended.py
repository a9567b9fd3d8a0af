"""Whom each amendment of the year moves (year-round §1.1): the year with all rows against the year with every row but that one.

The plan does not say whether the scale may change once scores are known; that is shown, not judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..plan import ranking
from ..plan.facts import Facts, Settings
from ..plan.judgement import judge
from ..plan.rulebook import Rulebook
from ..rows import Amendment
from ..year.amended import in_force, put_all, steps
from ..year.year import Year


@dataclass(frozen=True)
class Amended:
    """One row as it was applied: the value before and after it, whether scores were known by then, and whom it moves."""
    row: Amendment
    before: object
    after: object
    after_dossier: bool
    moved: tuple[str, ...]          # in the order of `units.csv`


def amendments(year: Year, facts: Facts) -> list[Amended]:
    """Every row in the order applied; classes, consideration, rank and nomination are looked at (§1.1)."""
    if not year.amendments:
        return []
    now, issued = _standing(facts, year.book), year.issued or year.book
    found = []
    for step in steps(issued, year.amendments):
        without = _standing(facts, put_all(issued, [row for row in year.amendments if row is not step.row]))
        moved = tuple(unit for unit, one, other in zip(facts.units, now, without, strict=True) if one != other)
        found.append(Amended(*step, step.row.decided_on >= year.book.dossier.before, moved))
    return found


class Changed(NamedTuple):
    """A key that amendments name: the value as issued, whether another is in force now, and the last row that said so."""
    issued: object
    is_other: bool
    row: Amendment


def changed(year: Year, book: Rulebook) -> dict[str, Changed]:
    """Every key that the year's amendments name, where `book` holds what they left: under a trial's own value none (§1.1)."""
    found, after = {}, {}
    for row, before, now in steps(year.issued or year.book, year.amendments):
        issued = found[row.key].issued if row.key in found else before
        found[row.key], after[row.key] = Changed(issued, issued != now, row), now
    return {key: one for key, one in found.items() if after[key] == in_force(book, key)}


def _standing(facts: Facts, book: Rulebook) -> list[tuple]:
    """Unit by unit what an amendment may move."""
    settings = Settings.of(book)
    judged = judge(facts, settings)
    final = judged.final_class
    ranks, _, _ = ranking.order(facts, final, settings)
    columns = (judged.placement.base_class, judged.proposed_class, final, judged.considered,
               ranking.nominees(facts, final, settings))
    return list(zip(*(column.tolist() for column in columns), ranks, strict=True))
