"""What the bench refuses, a kind of error each, with the sentence a person at the keyboard reads.

All but `Refused` are `ValueError`s. Keys, units and values are refused by `plan.scenario`'s `UnknownKey`, `UnknownUnit` and
`UnknownValue`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import problems
from ..problems import Problem, visible
from ..terms import hint
from . import frames

if TYPE_CHECKING:
    import pandas as pd


class UnknownCluster(ValueError):
    """A cluster the year has not, or one whose submission is faulty; the sentence says which."""


class UnknownColumn(ValueError):
    """A column a table has not, with the nearest one's name."""

    @classmethod
    def among(cls, name: object, known) -> UnknownColumn:
        """For a name that is none of the known ones."""
        return cls(f"không có cột “{visible(str(name))}”{hint(str(name), [str(one) for one in known])}")


class UnknownTable(ValueError, AttributeError):
    """A table a year or a result has not, with the nearest one's name."""


class Refused(problems.Refused):
    """The year's own files are faulty (rule book, units, criteria …); `problems` has every reason, `frame()` as a table."""

    def frame(self) -> pd.DataFrame:
        """A row a problem: cluster, file, sheet, cell, line (`Int64`), seen, wanted, message, as `ctd check --json`.

        >>> import ctd_analysis as ctd
        >>> try:
        ...     year = ctd.read("data")                     # a folder that is no year's
        ... except ctd.Refused as refused:
        ...     list(refused.frame().columns[:4])
        ['cluster', 'file', 'sheet', 'cell']
        """
        return of_problems(self.problems)


def of_problems(found: tuple[Problem, ...]) -> pd.DataFrame:
    """Problems or notices as a table, a row each, the columns of `ctd check --json`."""
    names = ("cluster", "file", "sheet", "cell", "line", "seen", "wanted", "message")
    told = [problem.as_json() for problem in found]
    return frames.frame({name: [one[name] for one in told] for name in names})
