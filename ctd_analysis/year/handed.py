"""The year as a run has read it, handed to the notebooks it makes pages of: every page shows that one reading.

A notebook run by hand, or by papermill alone, has been handed nothing and reads for itself.
"""

from __future__ import annotations

import copyreg
import pickle  # noqa: S403 - only what this very run has packed is unpacked
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ..plan.scenario import Scenario
from .year import Year


def _read_only(mapping: dict) -> MappingProxyType:
    return MappingProxyType(mapping)


copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))

class Handed(NamedTuple):
    """A reading with the words by which a notebook asks for it; `cluster` where it holds that cluster alone."""
    year_dir: str
    scenario_file: str
    cluster: str | None
    year: Year
    scenario: Scenario | None


_handed: Handed | None = None


def packed(parameters: list[dict[str, str]], year: Year, scenario: Scenario | None) -> Iterator[bytes]:
    """For each notebook's parameters, in order, the bytes `receive` takes: a cluster's notebook gets that cluster alone."""
    slices = year.by_cluster()
    for asked in parameters:
        cluster = asked.get("cluster")
        handed = Handed(asked["year_dir"], asked["scenario"], cluster, slices[cluster] if cluster else year, scenario)
        yield zlib.compress(pickle.dumps(handed), 1)


def receive(path: str | None) -> None:
    """Take what the file at `path` holds; without one, what was handed before is forgotten."""
    global _handed
    _handed = Handed(*pickle.loads(zlib.decompress(Path(path).read_bytes()))) if path else None  # noqa: S301


def is_given() -> bool:
    """Was anything handed: is this notebook run by `ctd run`?"""
    return _handed is not None


def reading(year_dir: str, scenario_file: str, cluster: str | None) -> tuple[Year, Scenario | None] | None:
    """The year and scenario a notebook asks for, if just that was handed to it; else None, and it reads for itself."""
    if _handed and _handed[:2] == (year_dir, scenario_file) and _handed.cluster in (None, cluster):
        return _handed.year, _handed.scenario
    return None
