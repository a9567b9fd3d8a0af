"""One year as it was read: its rules, its rows, what was wrong and what was remarked; a slice of it a cluster."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from .. import rows
from ..files import Listing, Source
from ..plan.rulebook import Rulebook
from ..problems import Problem
from ..terms import TABLES, hint
from .visits import FILE as VISITS
from .visits import Visits

#: Tables of all clusters, by what they are called here and the file they lie in. A cluster's page rests on its own rows.
SHARED = {"appraisal": "appraisal.csv", "ledger": "decisions.csv", "verified": "verified.csv", "received": "received.csv",
          "targets": "targets.csv"}
#: Those of them that are named behind a page though it has no row in them.
ALWAYS = ("appraisal", "ledger")
#: What is there before December: tables, and the folder of the registration's workbooks.
EARLY = ("received", "targets", "progress", "direct", "registration")
#: What no cluster's page shows anything of, or only its own corrections.
APART = ("progress.csv", "direct.csv", VISITS, "corrections.csv")


@dataclass(frozen=True)
class Year:
    """One year as it was read. Rows of clusters with a problem are kept out of `units` but named in `failed`."""
    path: Path
    book: Rulebook
    criteria: tuple[rows.Criterion, ...]
    units: tuple[rows.Unit, ...]
    clusters: tuple[rows.Cluster, ...]
    grades: tuple[rows.Grade, ...]
    indicators: tuple[rows.Attainment, ...]
    branches: tuple[rows.Branch, ...]
    filings: tuple[rows.Receipt, ...]
    appraisal: tuple[rows.Appraised, ...]
    decisions: tuple[rows.Decision, ...]
    all_units: tuple[rows.Unit, ...]
    all_clusters: tuple[rows.Cluster, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    sources: tuple[Source, ...]
    listings: tuple[Listing, ...] = ()
    corrections: tuple[rows.Correction, ...] = ()        # those in force
    listed: tuple[rows.Branch, ...] = ()                 # branches by name alone, as templates are to have them
    received: tuple[rows.Entered, ...] = ()              # these four whether or not their clusters stand
    targets: tuple[rows.Registered, ...] = ()
    progress: tuple[rows.Count, ...] = ()
    direct: tuple[rows.Direct, ...] = ()
    verified: tuple[rows.Verified, ...] = ()            # what the inspection found beside grades
    visits: Visits | None = None                    # how many branches it visits, and how they are drawn
    ledger: tuple[rows.Decision, ...] = ()               # every row of decisions.csv; `decisions` are those that stand
    amendments: tuple[rows.Amendment, ...] = ()          # in the order in which they apply
    as_read: Year | None = None                     # the year before some of its facts were set for a trial (`trial`)
    issued: Rulebook | None = None                  # the rule book before them; `book` is as amended

    @property
    def failed(self) -> dict[str, list[str]]:
        """The clusters left out, each with its reasons as sentences."""
        return self._of_clusters(self.problems)

    @property
    def failed_so_far(self) -> dict[str, list[str]]:
        """The same, but for what is not due yet."""
        return self._of_clusters(self.due_problems)

    def _of_clusters(self, problems: Iterable[Problem]) -> dict[str, list[str]]:
        return {id: told for id in self.cluster_names if (told := [p.message for p in problems if p.cluster == id])}

    def has(self, *tables: str) -> bool:
        """Was there a file of one of these tables, or one in a folder of such a name?"""
        return any(source.file in {f"{table}.csv" for table in tables} or source.inside.partition("/")[0] in tables
                   for source in self.sources)

    @property
    def is_early(self) -> bool:
        """Is it before December? Files of the registration or the first half are there, no submission was sent yet."""
        is_sent = any(source.cluster is not None for source in self.sources)
        return self.has(*EARLY) and not self.clusters and not is_sent

    @property
    def due_problems(self) -> list[Problem]:
        """The problems, but that nothing was sent where it is not due yet."""
        return [one for one in self.problems if not (one.is_absence and self.is_early)]

    @property
    def is_whole(self) -> bool:
        """Was every cluster read (whether or not it stands), so that the whole province may be looked at?"""
        return len(self.clusters) + len(self.failed) == len(self.all_clusters)

    @property
    def areas(self) -> dict[str, list[int]]:
        """The areas (II.1 to II.9) in their order, each with its criteria as places from 0."""
        found: dict[str, list[int]] = {}
        for one in sorted(self.criteria, key=lambda one: one.area):
            found.setdefault(one.area, []).append(one.criterion - 1)
        return found

    def cluster(self, id: str) -> rows.Cluster:
        """A cluster's entry in `clusters.csv`, whether or not it stands; KeyError: there is none of this id."""
        return {c.cluster: c for c in self.all_clusters}[id]

    @property
    def cluster_names(self) -> dict[str, str]:
        """The name of every cluster by its id, in the order of `clusters.csv`, whether or not it stands."""
        return {c.cluster: c.name for c in self.all_clusters}

    def no_cluster(self, typed: str, shown: str = "") -> str:
        """Said of a cluster that the year does not have, which it may mean and which there are; `shown`: as it is told."""
        return f"không có cụm “{shown or typed}”{hint(typed, self.cluster_names)}; các cụm: {', '.join(self.cluster_names)}"

    def units_of(self, cluster: str) -> tuple[rows.Unit, ...]:
        """The units of a cluster in the order of `units.csv`, whether or not it has sent anything yet."""
        return tuple(u for u in self.all_units if u.cluster == cluster)

    def by_cluster(self) -> dict[str, Year]:
        """For each cluster that stands, the year as `read` gives it with `only`; taken from this one reading."""
        of_unit = {u.unit: u.cluster for u in self.units}
        tables = ("units", *TABLES, "decisions", *SHARED, "progress")
        mine = {c.cluster: {table: [] for table in tables} for c in self.clusters}
        for table in tables:
            for row in getattr(self, table):
                if row.unit in of_unit:
                    mine[of_unit[row.unit]][table].append(row)

        def told(cluster, kind):
            return tuple(one for one in getattr(self, kind) if one.cluster in (None, cluster))

        return {c.cluster: replace(self, clusters=(c,), as_read=None,
                                   **{table: tuple(held) for table, held in mine[c.cluster].items()},
                                   **{kind: told(c.cluster, kind)
                                      for kind in ("problems", "notices", "sources", "listings", "corrections")})
                for c in self.clusters}

    def changed(self) -> list[Source | Listing]:
        """The files that are no longer what was read (other bytes, gone, not to be opened), and folders with others in them."""
        return [one for one in (*self.sources, *self.listings) if not one.stands(self.path)]

    def behind(self, cluster: str | None) -> list[tuple[str, str, int | None]]:
        """What a page rests on (the whole year's without `cluster`): file, SHA-256, and None.

        Of the tables of all clusters (`SHARED`) and of the corrections a cluster's page rests on its own rows alone: their
        SHA-256, and how many they are. Without a row there is nothing to name, but for the tables of the session.
        """
        if cluster is None:
            return [(s.file, s.sha256, None) for s in self.sources]
        inside = {u.unit for u in self.units if u.cluster == cluster}
        own = {file: [row for row in getattr(self, table) if row.unit in inside] for table, file in SHARED.items()}
        own["corrections.csv"] = [row for row in self.corrections if row.cluster == cluster]
        own = {file: held for file, held in own.items() if held or file in [SHARED[table] for table in ALWAYS]}
        found = [(s.file, s.sha256, None) for s in self.sources
                 if s.cluster in (None, cluster) and s.file not in (*SHARED.values(), *APART)
                 and not s.inside.startswith("registration/")]
        for file, held in own.items():
            typed = json.dumps([[str(value) for value in row[:-1]] for row in held], ensure_ascii=False)
            found.append((file, hashlib.sha256(typed.encode()).hexdigest(), len(held)))
        return found

    def frame(self, table: str):
        """`grades`, `units` … as a pandas DataFrame of objects: the contract's columns (`COLUMNS`), missing values None."""
        import pandas as pd
        columns = list(rows.COLUMNS[table])
        return pd.DataFrame([row[:len(columns)] for row in getattr(self, table)], columns=columns, dtype=object)
