"""Part II before December: what units and whoever stands directly under the province have set themselves, or reached so far."""

from __future__ import annotations

from collections.abc import Callable

from ..plan.rulebook import Target
from ..plan.targets import Pair, Sum, together
from ..rows import Unit, grouped
from ..year.year import Year

#: Gives the number of a unit and an indicator; None where it is not known.
Numbers = Callable[[str, str], int | None]


def sums(year: Year, amount: Numbers, given: Numbers, side: str) -> dict[str, Sum]:
    """Every target of part II by id, in the rule book's order: what all units of `units.csv` add up to, and what it is held
    against. `amount` is what is counted, or what a share of it is of; `given`, of a share of a target, the target. `side` is
    the column of `direct.csv` that is counted beside them: `target` or `actual`.
    """
    def pair(target: Target, unit: Unit) -> Pair:
        if not target.indicator:
            return None, None
        of = given if target.kind == "percent_of_target" else amount
        return amount(unit.unit, target.indicator), of(unit.unit, target.of) if target.of else unit.population

    return {id: together(target, [pair(target, unit) for unit in year.all_units], list(beside(year, target, side).values()))
            for id, target in year.book.targets.items()}


def beside(year: Year, target: Target, side: str) -> dict[str, Pair]:
    """What is directly under the province and has a row for this target, by name; it has no population of its own."""
    found = {}
    for rows in grouped(year.direct, lambda row: row.source).values():
        one = {row.indicator: row for row in rows}
        counted, of = one.get(target.indicator), one.get(target.of)
        if counted or of:
            found[rows[0].name] = (counted and getattr(counted, side),
                           (of and getattr(of, "target" if target.kind == "percent_of_target" else side)) if target.of else 0)
    return found
