"""What the bench refuses, a kind of error each, with the sentence a person at the keyboard reads.

All but `Refused` are `ValueError`s. Keys, units and values are refused by `plan.scenario`'s `UnknownKey`, `UnknownUnit` and
`UnknownValue`.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import TYPE_CHECKING

from .. import problems
from ..plan.scenario import UnknownKey
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


class WrongArgument(ValueError, TypeError):
    """Something else was given than a function works on; the sentence says what it takes."""


#: What the functions of the bench work on, by the name of the type, as it is said where something else was given.
_TAKEN = {"Year": "một năm (Year, do ctd.read hay ctd.change cho)", "Result": "một kết quả (Result, do ctd.appraise cho)",
          "DataFrame": "một bảng pandas (DataFrame)", "str": "tên thư mục của một năm, ví dụ \"data/2024\"",
          "Mapping": "các khóa với giá trị, ví dụ {\"class.excellent.min_a\": 40}"}


def need(value, *kinds: type):
    """The value, where it is of one of these kinds; `WrongArgument` tells that the first is wanted."""
    if not isinstance(value, kinds):
        raise WrongArgument(f"cần {_TAKEN[kinds[0].__name__]}; thấy {said(value)}")
    return value


def said(value) -> str:
    """A value that cannot be used, as a sentence names it."""
    name = type(value).__name__
    return _TAKEN[name] if name in _TAKEN and name != "str" else f"“{visible(str(value))}”"


def settings(given: Mapping[str, object]) -> dict[str, object]:
    """Keys with their values as rules and rows hold them (`frames.plain`); `WrongArgument`, `UnknownKey`: none are given."""
    for key in need(given, Mapping):
        if not isinstance(key, str):
            raise UnknownKey(f"không có khóa {said(key)}; khóa là chữ, ví dụ \"class.excellent.min_a\"")
    return {key: frames.plain(value) for key, value in given.items()}


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
    return frames.frame(frames.columns(names, (itemgetter(*names)(problem.as_json()) for problem in found)))
