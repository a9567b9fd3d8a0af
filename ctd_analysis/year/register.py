"""The year's own tables: criteria, clusters, units, and who leads a cluster."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .. import values
from ..plan.rulebook import Rulebook
from ..problems import Log
from ..rows import Branch, Cluster, Criterion, Row, Unit
from ..terms import hint
from ..values import plain, words
from . import parser, plausible
from .parser import check_distance

_UNIT_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")
CLUSTER_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
#: Names `run` writes beside the clusters' pages: no cluster may be called so.
RESERVED = {"index", "province", "check", "results", "what-if", "run", "compare", "registration", "progress", "inspection"}


def read_criteria(rows: Iterable[Row], book: Rulebook, log: Log) -> Iterator[Criterion]:
    """The criteria of `criteria.csv`; one that is missing is a problem."""
    seen = set()
    for row in rows:
        number = row.take("criterion", lambda text: parser.criterion(text, book.criteria))
        area, title = plain(row.cells["area"]), words(row.cells["title"])
        if number in seen:
            row.problem("criterion", "tiêu chí ghi hai lần", "mỗi tiêu chí một dòng")
        if not re.fullmatch(r"II\.[1-9]", area):
            row.problem("area", "không phải một nội dung thi đua", "II.1 đến II.9")
        if other := plausible.other_year(title, book.year):
            row.notice("title", f"tên tiêu chí ghi năm {other}, đây là năm {book.year}")
        if not title:
            row.problem("title", "thiếu tên tiêu chí", "tên tiêu chí")
        if row.sound:
            seen.add(number)
            yield Criterion(number, area, title)
    missing = sorted(set(range(1, book.criteria + 1)) - seen)
    if missing and not log.problems:
        log.problem("criteria.csv", "thiếu tiêu chí", seen=", ".join(map(str, missing)),
                    wanted=f"đủ {book.criteria} tiêu chí")


def read_clusters(rows: Iterable[Row], book: Rulebook) -> Iterator[Cluster]:
    """The clusters of `clusters.csv`, in its order, faulty ones too: their problems keep them out."""
    seen = set()
    for row in rows:
        id = plain(row.cells["cluster"])
        row.cluster = id or None
        if id.casefold() in seen:
            row.cluster = None
            row.problem("cluster", "mã cụm ghi hai lần", "mỗi cụm một dòng")
        if not CLUSTER_ID.fullmatch(id) or id in _DEVICES or id in RESERVED:
            row.problem("cluster", "mã cụm không dùng làm tên tệp được",
                        "chữ thường không dấu, số, gạch nối (không dùng tên máy dành riêng), ví dụ cum-1")
        received = row.take("dossier_received", values.received)
        check_distance(row, "dossier_received", received, book.dossier.before, book.year, decides=False)
        seen.add(id.casefold())
        yield Cluster(id, words(row.cells["name"]) or id, plain(row.cells["lead"]), received)


def read_units(rows: Iterable[Row], all_clusters: Iterable[Cluster]) -> Iterator[Unit]:
    """The units of `units.csv`, in its order; no id and no name twice, each in one of the clusters."""
    clusters = {c.cluster for c in all_clusters}
    seen: set[str] = set()
    named: dict[str, str] = {}
    for row in rows:
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


def read_branch_names(rows: Iterable[Row], parser: parser.Parser) -> Iterator[Branch]:
    """The branches of the year's own `branches.csv`: names for the templates, no rating and no fund."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        unit, branch = row.take("unit", lambda text: parser.unit(text)), words(row.cells["branch"])
        if not branch or (unit, branch) in seen:
            row.problem("branch", "Hội cơ sở ghi hai lần" if branch else "thiếu tên Hội cơ sở", "mỗi Hội cơ sở một dòng")
        if plain(row.cells["rating"]) or plain(row.cells["fund"]):
            row.notice("rating", "tệp này chỉ giữ tên Hội cơ sở cho biểu mẫu: xếp loại, quỹ ghi ở đây không dùng")
        if row.sound:
            seen.add((unit, branch))
            yield Branch(unit, branch, "", None, row.at)


def check_leads(units: Sequence[Unit], clusters: Iterable[Cluster], log: Log) -> None:
    """A problem where a lead is not of its cluster; a notice where none is named, or a cluster has no unit."""
    of_cluster: dict[str, list[str]] = {}
    for unit in units:
        of_cluster.setdefault(unit.cluster, []).append(unit.unit)
    for cluster in clusters:
        members = of_cluster.get(cluster.cluster, [])
        if cluster.lead and cluster.lead not in members:
            close = "" if any(u.unit == cluster.lead for u in units) else hint(cluster.lead, members)
            log.problem("clusters.csv", f"cột lead: cụm trưởng không thuộc cụm{close}",
                        cluster=cluster.cluster, seen=cluster.lead, wanted="mã của một đơn vị trong cụm")
        if not cluster.lead:
            log.notice("clusters.csv", "chưa ghi đơn vị cụm trưởng", cluster=cluster.cluster)
        if not members:
            log.notice("clusters.csv", "cụm không có đơn vị nào trong units.csv", cluster=cluster.cluster)
