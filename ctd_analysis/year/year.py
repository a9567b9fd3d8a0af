"""A year's folder, read as typed: rules, units, clusters, the clusters' submissions, the appraisal, the decisions.

Every cell arrives as text, is brought to NFC and parsed strictly (`values`). What cannot be right is a problem of its
cluster and keeps that cluster out; what is merely missing stays missing. A problem in the year's own files stops the run
(`Refused`). Column names and file names are the contract's. Counting is left to `tally`, judging to `plan`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..files import Folder, Listing, Source, as_told, names_in
from ..office.opener import Opener
from ..plan import rulebook
from ..plan.load import load
from ..plan.rulebook import Rulebook
from ..problems import Log, Problem, Refused
from ..rows import COLUMNS, Appraised, Attainment, Branch, Cluster, Correction, Criterion, Decision, Grade, Receipt, Row, Unit
from ..terms import TABLES, hint
from . import corrections, csvfile, parser, session, submission
from .register import check_leads, read_clusters, read_criteria, read_units
from .session import read_appraisal, read_decisions

#: Tables of the session: all clusters' rows in one file.
SESSION = ("appraisal.csv", "decisions.csv")


@dataclass(frozen=True)
class Year:
    """One year as it was read. Rows of clusters with a problem are kept out of `units` but named in `failed`."""
    path: Path
    book: Rulebook
    criteria: tuple[Criterion, ...]
    units: tuple[Unit, ...]
    clusters: tuple[Cluster, ...]
    grades: tuple[Grade, ...]
    indicators: tuple[Attainment, ...]
    branches: tuple[Branch, ...]
    filings: tuple[Receipt, ...]
    appraisal: tuple[Appraised, ...]
    decisions: tuple[Decision, ...]
    all_units: tuple[Unit, ...]
    all_clusters: tuple[Cluster, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    sources: tuple[Source, ...]
    listings: tuple[Listing, ...] = ()
    corrections: tuple[Correction, ...] = ()        # those in force
    as_read: Year | None = None             # the year before some of its facts were set for a trial (`trial`)

    @property
    def failed(self) -> dict[str, list[str]]:
        """The clusters left out, each with its reasons as sentences."""
        return {c.cluster: [p.message for p in self.problems if p.cluster == c.cluster] for c in self.all_clusters
                if any(p.cluster == c.cluster for p in self.problems)}

    @property
    def areas(self) -> dict[str, list[int]]:
        """The areas (II.1 to II.9) in their order, each with its criteria as places from 0."""
        found: dict[str, list[int]] = {}
        for one in sorted(self.criteria, key=lambda one: one.area):
            found.setdefault(one.area, []).append(one.criterion - 1)
        return found

    def cluster(self, id: str) -> Cluster:
        """A cluster's entry in `clusters.csv`, whether or not it stands; KeyError: there is none of this id."""
        return {c.cluster: c for c in self.all_clusters}[id]

    def by_cluster(self) -> dict[str, Year]:
        """For each cluster that stands, the year as `read` gives it with `only`; taken from this one reading."""
        of_unit = {u.unit: u.cluster for u in self.units}
        mine = {c.cluster: {table: [] for table in ("units", *TABLES, "appraisal", "decisions")} for c in self.clusters}
        for table in ("units", *TABLES, "appraisal", "decisions"):
            for row in getattr(self, table):
                mine[of_unit[row.unit]][table].append(row)

        def told(cluster, kind):
            return tuple(one for one in getattr(self, kind) if one.cluster in (None, cluster))

        return {c.cluster: replace(self, clusters=(c,), as_read=None,
                                   **{table: tuple(rows) for table, rows in mine[c.cluster].items()},
                                   **{kind: told(c.cluster, kind)
                                      for kind in ("problems", "notices", "sources", "listings", "corrections")})
                for c in self.clusters}

    def changed(self) -> list[Source | Listing]:
        """The files that are no longer what was read (other bytes, gone, not to be opened), and folders with others in them."""
        return [one for one in (*self.sources, *self.listings) if not one.stands(self.path)]

    def behind(self, cluster: str | None) -> list[tuple[str, str, int | None]]:
        """What a page rests on (the whole year's without `cluster`): file, SHA-256, and None.

        Of the session's tables and the corrections a cluster's page rests on its own rows alone: their SHA-256, and how many
        they are. Without a correction there is nothing to name.
        """
        if cluster is None:
            return [(s.file, s.sha256, None) for s in self.sources]
        inside = {u.unit for u in self.units if u.cluster == cluster}
        own = {file: [row for row in rows if row.unit in inside]
               for file, rows in zip(SESSION, (self.appraisal, self.decisions), strict=True)}
        if corrected := [row for row in self.corrections if row.cluster == cluster]:
            own[corrections.FILE] = corrected
        found = [(s.file, s.sha256, None) for s in self.sources
                 if s.cluster in (None, cluster) and s.file not in (*SESSION, corrections.FILE)]
        for file, rows in own.items():
            typed = json.dumps([[str(value) for value in row[:-1]] for row in rows], ensure_ascii=False)
            found.append((file, hashlib.sha256(typed.encode()).hexdigest(), len(rows)))
        return found

    def frame(self, table: str):
        """`grades`, `units` … as a pandas DataFrame of objects: the contract's columns (`COLUMNS`), missing values None."""
        import pandas as pd
        rows = [row[:len(COLUMNS[table])] for row in getattr(self, table)]
        return pd.DataFrame(rows, columns=list(COLUMNS[table]), dtype=object)


def find_year(year_dir: str) -> Path:
    """The year's folder, looked for from here, from the folder above (a notebook's), and from the project's root."""
    for base in (Path(), Path(".."), Path(__file__).parent.parent.parent):
        if (base / str(year_dir)).is_dir():
            return base / str(year_dir)
    raise FileNotFoundError(f"Không có thư mục “{year_dir}”; cần thư mục của một năm, ví dụ data/2024.")


def read(path: Path | str, only: str | None = None, accounts: list | None = None) -> Year:
    """The year in the folder `path`; `Refused` when its own files cannot be used: rule book, units, criteria, clusters, or an
    appraisal or decisions that are no table (one wrong row of these is a problem of its unit's cluster).

    With `only`, no other cluster's submission is read: `units` and `clusters` hold that cluster alone. Nothing a cluster gets
    depends on another. `accounts` gets a row for each filled cell of the workbooks (`sheets.account.FIELDS`).
    """
    return begin(path, only, accounts)()


def begin(path: Path | str, only: str | None = None, accounts: list | None = None) -> Callable[[], Year]:
    """Begin to read: workbooks are opened meanwhile, by a process of their own. What comes back gives the year when called."""
    return _Reader(Path(path), only, accounts).year


class _Reader:
    """Reads one folder; holds what is known so far (rules, units) and what was found wrong."""

    def __init__(self, path: Path, only: str | None, accounts: list | None):
        self.path, self.log, self.only, self.accounts = path, Log(), only, accounts
        self.folder = Folder(path, self.log)
        self.workbooks = submission.workbooks(Folder(path, Log()), only)
        self.opener = Opener(self.workbooks)

    def year(self) -> Year:
        try:
            return self._year()
        finally:
            self.opener.close()

    def _year(self) -> Year:
        self.book = load(Path(rulebook.FILE), self.folder.read(self.path / rulebook.FILE))
        self.criteria = tuple(sorted(read_criteria(self._rows("criteria"), self.book, self.log)))
        self.clusters = tuple(read_clusters(self._rows("clusters"), self.book))
        self.units = tuple(read_units(self._rows("units"), self.clusters))
        self.parser = parser.Parser(self.book, {u.unit: u for u in self.units}, self.log)
        if any(p.cluster is None for p in self.log.problems):
            raise Refused(*self.log.problems)
        check_leads(self.units, self.clusters, self.log)
        tables: dict[str, list] = {table: [] for table in TABLES}
        wanted = [c for c in self.clusters if self.only in (None, c.cluster)]
        sound = [c for c in wanted if not any(p.cluster == c.cluster for p in self.log.problems)]
        corrected = corrections.Corrections(self.log, self._corrections(), map(self.folder.name, self.workbooks))
        for cluster in sound:
            read = submission.read(self.folder, cluster.cluster, self.parser, self.opener, self.accounts, corrected)
            for table, rows in read.items():
                tables[table] += rows
        self._strays()
        self._unread()
        given = {(g.unit, g.criterion): g.cluster for g in tables["grades"]}
        appraisal = list(read_appraisal(self._session_rows("appraisal"), self.parser, given))
        session.compare_appraised(self.parser, {(a.unit, a.criterion): a.grade for a in appraisal}, given)
        decisions = list(read_decisions(self._session_rows("decisions"), self.parser))
        good = {c.cluster for c in wanted} - {p.cluster for p in self.log.problems}
        standing = {u.unit for u in self.units if u.cluster in good}

        def kept(rows):
            return tuple(row for row in rows if row.unit in standing)

        return Year(self.path, self.book, self.criteria, kept(self.units),
                    tuple(c for c in wanted if c.cluster in good),
                    *(kept(tables[table]) for table in TABLES), kept(appraisal), kept(decisions), self.units,
                    self.clusters, tuple(self.log.problems), tuple(self.log.notices), tuple(self.folder.sources),
                    tuple(self.folder.listings), tuple(sorted(corrected.in_force, key=lambda one: one.at.line)))

    def _strays(self):
        """Something in submissions/ that is no cluster's."""
        clusters = {c.cluster for c in self.clusters}
        for entry in self.folder.entries(self.path / "submissions"):
            name = submission.called(entry)
            if not {name, submission.copy_of(name)} & clusters:     # of a copy its cluster is told
                self.log.notice(self.folder.name(entry), f"không mang tên cụm nào, không đọc{hint(name, clusters)}",
                                seen=entry.name)

    def _unread(self):
        """Beside the year's own tables: a workbook, or a copy of one of them, that nobody reads."""
        tables = {f"{name}.csv" for name in COLUMNS if name not in TABLES}
        for path in map(self.path.joinpath, names_in(self.path)):
            meant = f"{submission.copy_of(submission.called(path))}.csv"
            if path.suffix.casefold() in submission.WORKBOOKS or meant in tables and path.name not in tables and path.is_file():
                self.log.notice(as_told(Path(path.name)), "trong thư mục của năm, không đọc",
                                wanted=f"bảng này ghi trong {meant}" if meant in tables else
                                "hồ sơ của cụm thì để trong submissions")

    def _session_rows(self, table: str) -> Iterator[Row]:
        """Rows of a table of the session; a problem in one belongs to its unit's cluster, a file that is none stops the run."""
        if not self.folder.is_there(self.path / f"{table}.csv"):
            self.log.notice(f"{table}.csv", "không có tệp này: coi là chưa có dòng nào")
            return
        cluster_of = {unit.unit: unit.cluster for unit in self.units}
        yield from self._rows(table, cluster_of.get, self.only)

    def _corrections(self) -> Iterator[Row]:
        """Rows of the corrections, where there are any; a problem in one belongs to the cluster whose file it names."""
        known = [c.cluster for c in self.clusters]
        if self.folder.is_there(self.path / corrections.FILE):
            yield from self._rows("corrections", lambda file: corrections.owner_of(file, known), self.only, "file")

    def _rows(self, table: str, owner=lambda _: None, only: str | None = None, by: str = "unit") -> Iterator[Row]:
        path = self.path / f"{table}.csv"
        return csvfile.rows(self.folder.name(path), self.folder.read(path), table, self.log, owner, only, by)
