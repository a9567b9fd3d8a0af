"""A year's folder, read as typed: rules, units, clusters, the clusters' submissions, the appraisal, the decisions.

Every cell arrives as text, is brought to NFC and parsed strictly (`values`). What cannot be right is a problem of its
cluster and keeps that cluster out; what is merely missing stays missing. A problem in the year's own files stops the run
(`Refused`). Column names and file names are the contract's. Counting and judging are left to `facts` and `appraisal`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from .. import values
from ..files import Folder, Source
from ..office.opener import Opener
from ..plan import rulebook
from ..plan.load import load
from ..plan.rulebook import Rulebook
from ..problems import Log, Problem, Refused
from ..rows import COLUMNS, Appraised, Branch, Cluster, Criterion, Decision, Filing, Grade, Indicator, Row, Unit
from ..terms import CLASSES, DECISIONS, FLAGS, METHODS, TABLES, hint
from ..values import plain, words
from . import csvfile, parser, session, submission
from .parser import check_distance, one_of

_UNIT_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")
_CLUSTER_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
#: Names `run` writes beside the clusters' pages: no cluster may be called so.
RESERVED = {"index", "province", "check", "results", "what-if", "run"}


@dataclass(frozen=True)
class Year:
    """One year as it was read. Rows of clusters with a problem are kept out of `units` but named in `failed`."""
    path: Path
    book: Rulebook
    criteria: tuple[Criterion, ...]
    units: tuple[Unit, ...]
    clusters: tuple[Cluster, ...]
    grades: tuple[Grade, ...]
    indicators: tuple[Indicator, ...]
    branches: tuple[Branch, ...]
    filings: tuple[Filing, ...]
    appraisal: tuple[Appraised, ...]
    decisions: tuple[Decision, ...]
    all_units: tuple[Unit, ...]
    all_clusters: tuple[Cluster, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    sources: tuple[Source, ...]

    @property
    def failed(self) -> dict[str, list[str]]:
        """The clusters left out, each with its reasons."""
        return {c.cluster: [p.message for p in self.problems if p.cluster == c.cluster] for c in self.all_clusters
                if any(p.cluster == c.cluster for p in self.problems)}

    def by_cluster(self) -> dict[str, Year]:
        """For each cluster that stands, the year as `read` gives it with `only`; taken from this one reading."""
        of_unit = {u.unit: u.cluster for u in self.units}
        mine = {c.cluster: {table: [] for table in ("units", *TABLES, "appraisal", "decisions")} for c in self.clusters}
        for table in ("units", *TABLES, "appraisal", "decisions"):
            for row in getattr(self, table):
                mine[of_unit[row.unit]][table].append(row)

        def told(cluster, kind):
            return tuple(one for one in getattr(self, kind) if one.cluster in (None, cluster))

        return {c.cluster: replace(self, clusters=(c,), **{table: tuple(rows) for table, rows in mine[c.cluster].items()},
                                   **{kind: told(c.cluster, kind) for kind in ("problems", "notices", "sources")})
                for c in self.clusters}

    def changed(self) -> list[Source]:
        """The files that are no longer what was read: other bytes, gone, or not to be opened."""
        return [source for source in self.sources if not source.stands(self.path)]

    def frame(self, table: str):
        """One of the year's tables as a pandas DataFrame, columns as in the contract, missing values as None."""
        import pandas as pd
        rows = [row[:len(COLUMNS[table])] for row in getattr(self, table)]
        return pd.DataFrame(rows, columns=list(COLUMNS[table]), dtype=object)


def read(path: Path | str, only: str | None = None) -> Year:
    """The year in the folder `path`; `Refused` when its own files (rule book, units, criteria, clusters) cannot be used.

    With `only`, no other cluster's submission is read: `units` and `clusters` hold that cluster alone. Nothing a cluster gets
    depends on another.
    """
    return begin(path, only)()


def begin(path: Path | str, only: str | None = None) -> Callable[[], Year]:
    """Begin to read: workbooks are opened meanwhile, by a process of their own. What comes back gives the year when called."""
    return _Reader(Path(path), only).year


class _Reader:
    """Reads one folder; holds what is known so far (rules, units) and what was found wrong."""

    def __init__(self, path: Path, only: str | None):
        self.path, self.log, self.only = path, Log(), only
        self.folder = Folder(path, self.log)
        self.opener = Opener(submission.workbooks(Folder(path, Log()), only))

    def year(self) -> Year:
        try:
            return self._year()
        finally:
            self.opener.close()

    def _year(self) -> Year:
        self.book = load(Path(rulebook.FILE), self.folder.read(self.path / rulebook.FILE))
        self.criteria = tuple(sorted(self._criteria()))
        self.clusters = tuple(self._clusters())
        self.units = tuple(self._units())
        self.parser = parser.Parser(self.book, {u.unit: u for u in self.units}, self.log)
        if any(p.cluster is None for p in self.log.problems):
            raise Refused(*self.log.problems)
        self._check_leads()
        tables: dict[str, list] = {table: [] for table in TABLES}
        wanted = [c for c in self.clusters if self.only in (None, c.cluster)]
        for cluster in wanted:
            if not any(p.cluster == cluster.cluster for p in self.log.problems):
                for table, rows in submission.read(self.folder, cluster.cluster, self.parser, self.opener).items():
                    tables[table] += rows
        self._strays()
        given = {(g.unit, g.criterion): g.cluster for g in tables["grades"]}
        appraisal = list(self._appraisal(given))
        session.compare_appraised(self.parser, {(a.unit, a.criterion): a.grade for a in appraisal}, given)
        decisions = list(self._decisions())
        good = {c.cluster for c in wanted} - {p.cluster for p in self.log.problems}
        standing = {u.unit for u in self.units if u.cluster in good}

        def kept(rows):
            return tuple(row for row in rows if row.unit in standing)

        return Year(self.path, self.book, self.criteria, kept(self.units),
                    tuple(c for c in wanted if c.cluster in good),
                    *(kept(tables[table]) for table in TABLES), kept(appraisal), kept(decisions), self.units,
                    self.clusters, tuple(self.log.problems), tuple(self.log.notices), tuple(self.folder.sources))

    # ------------------------------------------------------------ the year's own files

    def _criteria(self) -> Iterator[Criterion]:
        seen = set()
        for row in self._rows("criteria"):
            number = row.take("criterion", lambda text: parser.criterion(text, self.book.criteria))
            area, title = plain(row.cells["area"]), words(row.cells["title"])
            if number in seen:
                row.problem("criterion", "tiêu chí ghi hai lần", "mỗi tiêu chí một dòng")
            if not re.fullmatch(r"II\.[1-9]", area):
                row.problem("area", "không phải một nội dung thi đua", "II.1 đến II.9")
            if not title:
                row.problem("title", "thiếu tên tiêu chí", "tên tiêu chí")
            if row.sound:
                seen.add(number)
                yield Criterion(number, area, title)
        missing = sorted(set(range(1, self.book.criteria + 1)) - seen)
        if missing and not self.log.problems:
            self.log.problem("criteria.csv", "thiếu tiêu chí", seen=", ".join(map(str, missing)),
                             wanted=f"đủ {self.book.criteria} tiêu chí")

    def _clusters(self) -> Iterator[Cluster]:
        seen = set()
        for row in self._rows("clusters"):
            id = plain(row.cells["cluster"])
            row.cluster = id or None
            if id.casefold() in seen:
                row.cluster = None
                row.problem("cluster", "mã cụm ghi hai lần", "mỗi cụm một dòng")
            if not _CLUSTER_ID.fullmatch(id) or id in _DEVICES or id in RESERVED:
                row.problem("cluster", "mã cụm không dùng làm tên tệp được",
                            "chữ thường không dấu, số, gạch nối (không dùng tên máy dành riêng), ví dụ cum-1")
            received = row.take("dossier_received", values.received)
            check_distance(row, "dossier_received", received, self.book.dossier.before)
            seen.add(id.casefold())
            yield Cluster(id, words(row.cells["name"]) or id, plain(row.cells["lead"]), received)

    def _units(self) -> Iterator[Unit]:
        clusters = {c.cluster for c in self.clusters}
        seen: set[str] = set()
        named: dict[str, str] = {}
        for row in self._rows("units"):
            id, cluster = plain(row.cells["unit"]), plain(row.cells["cluster"])
            if not _UNIT_ID.fullmatch(id) or id.split(".")[0] in _DEVICES:
                row.problem("unit", "mã đơn vị không hợp lệ", "chữ thường không dấu, số, gạch nối, ví dụ kien-hai")
            if id in seen:
                row.problem("unit", "đơn vị ghi hai lần", "mỗi đơn vị một dòng")
            if cluster not in clusters:
                row.problem("cluster", f"không có cụm này trong clusters.csv{hint(cluster, clusters)}", "một mã cụm")
            name = words(row.cells["name"])
            if not name:
                row.problem("name", "thiếu tên đơn vị", "tên đơn vị")
            population = row.take("population", values.whole)
            seen.add(id)
            aliases = tuple(a for a in map(words, row.cells["aliases"].split(";")) if a)
            for called in {name, *aliases}:
                if named.setdefault(called.casefold(), id) != id:
                    row.problem("aliases", f"“{called}” đã là tên của {named[called.casefold()]}", "tên riêng cho mỗi đơn vị")
            yield Unit(id, plain(row.cells["code"]), name, plain(row.cells["kind"]), cluster, population, aliases)

    def _check_leads(self):
        of_cluster: dict[str, list[str]] = {}
        for unit in self.units:
            of_cluster.setdefault(unit.cluster, []).append(unit.unit)
        for cluster in self.clusters:
            members = of_cluster.get(cluster.cluster, [])
            if cluster.lead and cluster.lead not in members:
                close = "" if cluster.lead in self.parser.units else hint(cluster.lead, members)
                self.log.problem("clusters.csv", f"cột lead: cụm trưởng không thuộc cụm{close}",
                                 cluster=cluster.cluster, seen=cluster.lead, wanted="mã của một đơn vị trong cụm")
            if not cluster.lead:
                self.log.notice("clusters.csv", "chưa ghi đơn vị cụm trưởng", cluster=cluster.cluster)
            if not members:
                self.log.notice("clusters.csv", "cụm không có đơn vị nào trong units.csv", cluster=cluster.cluster)

    def _strays(self):
        """Something in submissions/ that is no cluster's."""
        clusters = {c.cluster for c in self.clusters}
        for entry in self.folder.entries(self.path / "submissions"):
            name = submission.called(entry)
            if name not in clusters:
                self.log.notice(self.folder.name(entry), f"không mang tên cụm nào, không đọc{hint(name, clusters)}",
                                seen=entry.name)

    # ------------------------------------------------------------ appraisal and Council

    def _appraisal(self, given: dict) -> Iterator[Appraised]:
        seen = {}
        for row in self._session_rows("appraisal"):
            unit = row.take("unit", lambda text: self.parser.unit(text))
            criterion, grade = row.take("criterion", self.parser.criterion), row.take("grade", values.grade)
            method = row.take("method", lambda text: one_of(text, METHODS, "cách kiểm tra"))
            reason = words(row.cells["reason"])
            if not row.sound:
                continue
            if (unit, criterion) in seen:
                row.problem("criterion", f"tiêu chí này đã thẩm định ở dòng {seen[unit, criterion]}", "mỗi tiêu chí một dòng")
                continue
            seen[unit, criterion] = row.at.line
            if not grade:
                row.notice("grade", "thẩm định chưa ghi mức điểm: giữ mức cụm chấm")
            elif grade != given.get((unit, criterion), "") and not reason \
                    and not any(p.cluster == row.cluster for p in self.log.problems):
                row.problem("reason", f"thẩm định đổi điểm {given.get((unit, criterion)) or 'trống'} thành {grade} mà không "
                            "ghi lý do", "lý do")
            if row.sound:
                yield Appraised(unit, criterion, grade, method, reason, row.at)

    def _decisions(self) -> Iterator[Decision]:
        found = []
        for row in self._session_rows("decisions"):
            unit = row.take("unit", lambda text: self.parser.unit(text))
            decision = row.take("decision", lambda text: one_of(text, DECISIONS, "quyết định"))
            value, day = plain(row.cells["value"]), row.take("decided_on", values.day)
            if decision in ("waive", "class"):
                names = FLAGS if decision == "waive" else CLASSES
                row.take("value", lambda text, names=names: one_of(text, names, "giá trị"))
            elif decision and value:
                row.notice("value", f"quyết định {decision} không dùng giá trị này")
            if row.sound:
                found.append((row, Decision(unit, decision, value, words(row.cells["reason"]), words(row.cells["document"]),
                                            day, row.at)))
        for row, one in found:
            others = [d for _, d in found if d.unit == one.unit]
            clash = ({"not_considered", "consider"} <= {d.decision for d in others}
                     and one.decision in ("not_considered", "consider"))
            classes = sorted({d.value for d in others if d.decision == "class"})
            if clash:
                row.problem("decision", "các quyết định trái nhau: vừa không xét vừa đưa vào xét", "một trong hai")
            elif one.decision == "class" and len(classes) > 1:
                row.problem("value", f"các quyết định trái nhau: {' và '.join(classes)}", "một xếp loại cho một đơn vị")
            else:
                yield one

    def _session_rows(self, table: str) -> Iterator[Row]:
        """Rows of a table of the session; a problem in one belongs to its unit's cluster, a file that is none stops the run."""
        if not os.path.lexists(self.path / f"{table}.csv"):
            self.log.notice(f"{table}.csv", "không có tệp này: coi là chưa có dòng nào")
            return
        cluster_of = {unit.unit: unit.cluster for unit in self.units}
        yield from self._rows(table, cluster_of.get, self.only)

    def _rows(self, table: str, owner=lambda _: None, only: str | None = None) -> Iterator[Row]:
        path = self.path / f"{table}.csv"
        return csvfile.rows(self.folder.name(path), self.folder.read(path), table, self.log, owner, only)
