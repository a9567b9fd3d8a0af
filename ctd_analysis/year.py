"""A year's folder, read as typed: rules, units, clusters, the clusters' submissions, the appraisal, the decisions.

Every cell arrives as text, is brought to NFC and parsed strictly (`values`). What cannot be right is a problem of its
cluster and keeps that cluster out; what is merely missing stays missing. A problem in the year's own files stops the run
(`Refused`). Column names and file names are the contract's. Counting and judging are left to `facts` and `appraisal`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from . import rulebook, values
from .problems import Log, Problem, Refused
from .rulebook import Rulebook
from .terms import CLASSES, DECISIONS, FLAGS, METHODS, TABLES, hint
from .values import Wrong, plain

COLUMNS = {
    "criteria": ("criterion", "area", "title"),
    "units": ("unit", "code", "name", "kind", "cluster", "population", "aliases"),
    "clusters": ("cluster", "name", "lead", "dossier_received"),
    "grades": ("unit", "criterion", "self", "cluster", "note"),
    "indicators": ("unit", "indicator", "target", "actual", "note"),
    "branches": ("unit", "branch", "rating", "fund"),
    "filings": ("unit", "filing", "received"),
    "appraisal": ("unit", "criterion", "grade", "method", "reason"),
    "decisions": ("unit", "decision", "value", "reason", "document", "decided_on"),
}

_UNIT_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")
_CLUSTER_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
#: Signs no spreadsheet and no page can hold (NUL, escape and the like); a line break or a tab is none of them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
#: Names `run` writes beside the clusters' pages: no cluster may be called so.
RESERVED = {"index", "province", "check", "results", "what-if", "run"}


class Place(NamedTuple):
    """Where a row was read: file (inside the year's folder), sheet or None, line or row number."""
    file: str
    sheet: str | None
    line: int | None


class Criterion(NamedTuple):
    criterion: int
    area: str
    title: str


class Unit(NamedTuple):
    unit: str
    code: str
    name: str
    kind: str
    cluster: str
    population: int | None
    aliases: tuple[str, ...]


class Cluster(NamedTuple):
    cluster: str
    name: str
    lead: str
    dossier_received: date | str | None


class Grade(NamedTuple):
    unit: str
    criterion: int
    self: str
    cluster: str
    note: str
    at: Place


class Indicator(NamedTuple):
    unit: str
    indicator: str
    target: int | None
    actual: int | Decimal | None
    note: str
    at: Place


class Branch(NamedTuple):
    unit: str
    branch: str
    rating: str
    fund: int | None
    at: Place


class Filing(NamedTuple):
    unit: str
    filing: str
    received: date | str | None
    at: Place


class Appraised(NamedTuple):
    unit: str
    criterion: int
    grade: str
    method: str
    reason: str
    at: Place


class Decision(NamedTuple):
    unit: str
    decision: str
    value: str
    reason: str
    document: str
    decided_on: date | None
    at: Place


class Source(NamedTuple):
    """A file that was read, by its path inside the year's folder; `cluster` is None for the year's own files."""
    file: str
    sha256: str
    cluster: str | None


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

    def frame(self, table: str):
        """One of the year's tables as a pandas DataFrame, columns as in the contract, missing values as None."""
        import pandas as pd
        rows = [row[:len(COLUMNS[table])] for row in getattr(self, table)]
        return pd.DataFrame(rows, columns=list(COLUMNS[table]), dtype=object)


def read(path: Path | str) -> Year:
    """The year in the folder `path`; `Refused` when its own files (rule book, units, criteria, clusters) cannot be used."""
    return _Reader(Path(path)).year()


class Row:
    """One row of a table as typed: cells by column, and the place that a problem will name."""

    def __init__(self, log: Log, cluster: str | None, at: Place, cells: dict[str, str],
                 addresses: dict[str, str] | None = None):
        self.log, self.cluster, self.at, self.cells, self.addresses = log, cluster, at, cells, addresses or {}
        self.sound = True

    def take(self, column: str, parse: Callable):
        """The cell's value, or None and a problem."""
        try:
            return parse(self.cells[column])
        except Wrong as error:
            self.problem(column, str(error), error.wanted)
            return None

    def problem(self, column: str, what: str, wanted: str | None = None):
        """A problem at one cell of this row."""
        self.sound = False
        self.log.problem(**self._evidence(column, what), wanted=wanted)

    def notice(self, column: str, what: str):
        """A notice at one cell of this row."""
        self.log.notice(**self._evidence(column, what))

    def _evidence(self, column, what):
        cell = self.addresses.get(column)
        return {"file": self.at.file, "what": f"cột {column}: {what}", "cluster": self.cluster, "sheet": self.at.sheet,
                "cell": cell, "line": None if cell else self.at.line, "seen": self.cells[column]}


class _Reader:
    """Reads one folder; holds what is known so far (rules, units) and what was found wrong."""

    def __init__(self, path: Path):
        self.path, self.log, self.sources = path, Log(), []

    def year(self) -> Year:
        self.book = rulebook.load(Path(rulebook.FILE), self._bytes(self.path / rulebook.FILE))
        self.criteria = tuple(self._criteria())
        self.clusters = tuple(self._clusters())
        self.units = tuple(self._units())
        self.unit_ids = {u.unit: u for u in self.units}
        if any(p.cluster is None for p in self.log.problems):
            raise Refused(*self.log.problems)
        self._check_leads()
        tables: dict[str, list] = {table: [] for table in TABLES}
        for cluster in self.clusters:
            if not any(p.cluster == cluster.cluster for p in self.log.problems):
                for table, rows in self._submission(cluster.cluster).items():
                    tables[table] += rows
        self._strays()
        appraisal = list(self._appraisal({(g.unit, g.criterion): g.cluster for g in tables["grades"]}))
        decisions = list(self._decisions())
        failed = {p.cluster for p in self.log.problems}
        standing = {u.unit for u in self.units if u.cluster not in failed}

        def kept(rows):
            return tuple(row for row in rows if row.unit in standing)

        return Year(self.path, self.book, self.criteria, kept(self.units),
                    tuple(c for c in self.clusters if c.cluster not in failed),
                    *(kept(tables[table]) for table in TABLES), kept(appraisal), kept(decisions), self.units,
                    self.clusters, tuple(self.log.problems), tuple(self.log.notices), tuple(self.sources))

    # ------------------------------------------------------------ the year's own files

    def _criteria(self) -> Iterator[Criterion]:
        seen = set()
        for row in self._rows(self.path / "criteria.csv", "criteria"):
            number = row.take("criterion", self._criterion)
            area, title = plain(row.cells["area"]), plain(row.cells["title"])
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

    def _criterion(self, text: str) -> int:
        typed, wanted = plain(text), f"số thứ tự tiêu chí từ 1 đến {self.book.criteria}"
        if not re.fullmatch("[0-9]{1,9}", typed) or not 1 <= int(typed) <= self.book.criteria:
            raise Wrong("không có tiêu chí này", wanted)
        return int(typed)

    def _clusters(self) -> Iterator[Cluster]:
        seen = set()
        for row in self._rows(self.path / "clusters.csv", "clusters"):
            id = plain(row.cells["cluster"])
            row.cluster = id or None
            if id.casefold() in seen:
                row.cluster = None
                row.problem("cluster", "mã cụm ghi hai lần", "mỗi cụm một dòng")
            if not _CLUSTER_ID.fullmatch(id) or id in _DEVICES or id in RESERVED:
                row.problem("cluster", "mã cụm không dùng làm tên tệp được",
                            "chữ thường không dấu, số, gạch nối (không dùng tên máy dành riêng), ví dụ cum-1")
            received = row.take("dossier_received", values.received)
            self._check_distance(row, "dossier_received", received, self.book.dossier.before)
            seen.add(id.casefold())
            yield Cluster(id, plain(row.cells["name"]) or id, plain(row.cells["lead"]), received)

    def _units(self) -> Iterator[Unit]:
        clusters = {c.cluster for c in self.clusters}
        seen: set[str] = set()
        for row in self._rows(self.path / "units.csv", "units"):
            id, cluster = plain(row.cells["unit"]), plain(row.cells["cluster"])
            if not _UNIT_ID.fullmatch(id):
                row.problem("unit", "mã đơn vị không hợp lệ", "chữ thường không dấu, số, gạch nối, ví dụ kien-hai")
            if id in seen:
                row.problem("unit", "đơn vị ghi hai lần", "mỗi đơn vị một dòng")
            if cluster not in clusters:
                row.problem("cluster", f"không có cụm này trong clusters.csv{hint(cluster, clusters)}", "một mã cụm")
            name = plain(row.cells["name"])
            if not name:
                row.problem("name", "thiếu tên đơn vị", "tên đơn vị")
            population = row.take("population", values.whole)
            seen.add(id)
            aliases = tuple(a for a in map(plain, row.cells["aliases"].split(";")) if a)
            yield Unit(id, plain(row.cells["code"]), name, plain(row.cells["kind"]), cluster, population, aliases)

    def _check_leads(self):
        for cluster in self.clusters:
            members = [u for u in self.units if u.cluster == cluster.cluster]
            if cluster.lead and cluster.lead not in {u.unit for u in members}:
                close = "" if cluster.lead in self.unit_ids else hint(cluster.lead, [u.unit for u in members])
                self.log.problem("clusters.csv", f"cột lead: cụm trưởng không thuộc cụm{close}",
                                 cluster=cluster.cluster, seen=cluster.lead, wanted="mã của một đơn vị trong cụm")
            if not cluster.lead:
                self.log.notice("clusters.csv", "chưa ghi đơn vị cụm trưởng", cluster=cluster.cluster)
            if not members:
                self.log.notice("clusters.csv", "cụm không có đơn vị nào trong units.csv", cluster=cluster.cluster)

    # ------------------------------------------------------------ submissions

    def _submission(self, cluster: str) -> dict[str, list]:
        """The tables one cluster sent. A table that is nowhere is unknown; one that is there twice is a problem."""
        root = self.path / "submissions"
        found = [p for p in self._inside(root, cluster) if _nfc(p.stem if p.is_file() else p.name).casefold() == cluster]
        folders = [p for p in found if p.is_dir()]
        files = [p for p in found if p.is_file()]
        entries = [p for f in folders for p in self._inside(f, cluster)]
        if len(found) > 1:
            self.log.problem(self._name(root), "cụm có hơn một hồ sơ", cluster=cluster,
                             seen=", ".join(p.name for p in found), wanted=f"một tệp hoặc một thư mục {cluster}")
            return {}
        if not files and all(p.is_dir() for p in entries):
            self.log.problem(f"submissions/{cluster}", "chưa có hồ sơ của cụm", cluster=cluster,
                             wanted=f"thư mục {cluster} có các bảng {', '.join(f'{t}.csv' for t in TABLES)}")
            return {}
        tables: dict[str, list[Path]] = {}
        for entry in (*files, *entries):
            table = self._table_of(entry, cluster)
            if table:
                tables.setdefault(table, []).append(entry)
        for table, paths in tables.items():
            if len(paths) > 1:
                self.log.problem(self._name(paths[1]), f"{TABLES[table]} có hai lần trong hồ sơ", cluster=cluster,
                                 seen=", ".join(p.name for p in paths), wanted=f"một tệp {table}.csv")
        for table in TABLES:
            if table not in tables:
                self.log.notice(f"submissions/{cluster}", f"không có {TABLES[table]} ({table}.csv): coi là chưa có số liệu",
                                cluster=cluster)
        return {table: list(self._table(table, paths[0], cluster)) for table, paths in tables.items() if len(paths) == 1}

    def _inside(self, folder: Path, cluster: str | None = None) -> list[Path]:
        """What lies in a folder, hidden files and Office's lock files left aside."""
        try:
            return sorted(p for p in folder.iterdir() if not p.name.startswith((".", "~$"))) if folder.is_dir() else []
        except OSError as error:
            self.log.problem(self._name(folder), f"không mở được thư mục ({_why(error)})", cluster=cluster,
                             wanted="thư mục mở đọc được")
            return []

    def _table_of(self, entry: Path, cluster: str) -> str | None:
        """Which table a file holds: by its name, else by its header row."""
        name, suffix = _nfc(entry.stem).casefold(), entry.suffix.casefold()
        if entry.is_dir() and name not in TABLES:
            self.log.notice(self._name(entry), "thư mục con, không đọc", cluster=cluster, seen=entry.name)
            return None
        if suffix != ".csv":
            self.log.problem(self._name(entry), "bản này chỉ đọc bảng CSV", cluster=cluster, seen=entry.name,
                             wanted=f"các tệp {', '.join(f'{t}.csv' for t in TABLES)} trong thư mục submissions/{cluster}")
            return None
        if name in TABLES:
            return name
        try:
            with entry.open("rb") as file:
                first = file.read(2000).decode("utf-8-sig", "replace").partition("\n")[0]
        except OSError as error:
            self.log.problem(self._name(entry), f"không đọc được tệp ({_why(error)})", cluster=cluster)
            return None
        header = {plain(c).casefold() for c in re.split("[,;\t]", first)}
        table = next((t for t in TABLES if header == set(COLUMNS[t])), None)
        if table is None:
            self.log.notice(self._name(entry), "tệp lạ, không đọc", cluster=cluster, seen=entry.name)
        return table

    def _strays(self):
        """Something in submissions/ that is no cluster's."""
        root = self.path / "submissions"
        clusters = {c.cluster for c in self.clusters}
        for entry in self._inside(root):
            name = _nfc(entry.stem if entry.is_file() else entry.name).casefold()
            if name not in clusters:
                self.log.notice(self._name(entry), f"không mang tên cụm nào, không đọc{hint(name, clusters)}", seen=entry.name)

    def _table(self, table: str, path: Path, cluster: str) -> Iterator:
        take = {"grades": self._grade, "indicators": self._indicator, "branches": self._branch, "filings": self._filing}[table]
        seen: dict = {}
        empty = True
        for row in self._rows(path, table, cluster):
            empty = False
            unit = row.take("unit", lambda text: self._unit_of(text, cluster))
            record = take(row, unit)
            if record is None:
                continue
            first = seen.setdefault(record[:2], record)
            if first is not record:
                row.problem(COLUMNS[table][1], f"dòng này đã có ở dòng {first.at.line}", "mỗi ô ghi một lần")
            else:
                yield record
        if empty and not any(p.file == self._name(path) for p in self.log.problems):
            self.log.notice(self._name(path), f"{TABLES[table]} không có dòng nào: coi là chưa có số liệu", cluster=cluster)

    def _unit_of(self, text: str, cluster: str | None) -> str:
        typed = plain(text)
        unit = self.unit_ids.get(typed)
        if unit is None:
            raise Wrong(f"không có đơn vị này{hint(typed, self.unit_ids)}", "mã đơn vị trong units.csv")
        if cluster is not None and unit.cluster != cluster:
            raise Wrong(f"đơn vị thuộc cụm {unit.cluster}, không thuộc {cluster}", f"đơn vị của {cluster}")
        return typed

    def _grade(self, row: Row, unit) -> Grade | None:
        criterion = row.take("criterion", self._criterion)
        own, cluster = row.take("self", values.grade), row.take("cluster", values.grade)
        return Grade(unit, criterion, own, cluster, plain(row.cells["note"]), row.at) if row.sound else None

    def _indicator(self, row: Row, unit) -> Indicator | None:
        name = row.take("indicator", lambda text: _one_of(text, self.book.indicators, "chỉ tiêu"))
        target = row.take("target", values.whole)
        actual = row.take("actual", values.decimal if name == "converted" else values.whole)
        if name == "reporting" and actual is not None and actual > 1:
            row.problem("actual", "chế độ báo cáo chỉ ghi đạt hoặc không", "1 hoặc 0")
        return Indicator(unit, name, target, actual, plain(row.cells["note"]), row.at) if row.sound else None

    def _branch(self, row: Row, unit) -> Branch | None:
        branch = plain(row.cells["branch"])
        if not branch:
            row.problem("branch", "thiếu tên Hội cơ sở", "tên Hội cơ sở")
        rating, fund = row.take("rating", values.rating), row.take("fund", values.whole)
        return Branch(unit, branch, rating, fund, row.at) if row.sound else None

    def _filing(self, row: Row, unit) -> Filing | None:
        name = row.take("filing", lambda text: _one_of(text, self.book.filings, "hồ sơ"))
        received = row.take("received", values.received)
        if name:
            self._check_distance(row, "received", received, self.book.filings[name].before)
        return Filing(unit, name, received, row.at) if row.sound else None

    @staticmethod
    def _check_distance(row: Row, column: str, received, before: date):
        if isinstance(received, date) and abs((received - before).days) > 366:
            row.problem(column, f"ngày cách hạn {before:%d/%m/%Y} hơn một năm", f"ngày trong khoảng năm {before.year}")

    # ------------------------------------------------------------ appraisal and Council

    def _appraisal(self, given: dict) -> Iterator[Appraised]:
        seen = {}
        for row in self._session_rows("appraisal"):
            unit = row.take("unit", lambda text: self._unit_of(text, None))
            criterion, grade = row.take("criterion", self._criterion), row.take("grade", values.grade)
            method = row.take("method", lambda text: _one_of(text, METHODS, "cách kiểm tra"))
            reason = plain(row.cells["reason"])
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
            unit = row.take("unit", lambda text: self._unit_of(text, None))
            decision = row.take("decision", lambda text: _one_of(text, DECISIONS, "quyết định"))
            value, day = plain(row.cells["value"]), row.take("decided_on", values.day)
            if decision in ("waive", "class"):
                names = FLAGS if decision == "waive" else CLASSES
                row.take("value", lambda text, names=names: _one_of(text, names, "giá trị"))
            elif decision and value:
                row.notice("value", f"quyết định {decision} không dùng giá trị này")
            if row.sound:
                found.append((row, Decision(unit, decision, value, plain(row.cells["reason"]), plain(row.cells["document"]),
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
        """Rows of a table of the session; a problem in one belongs to its unit's cluster."""
        path = self.path / f"{table}.csv"
        if not os.path.lexists(path):
            self.log.notice(path.name, "không có tệp này: coi là chưa có dòng nào")
            return
        for row in self._rows(path, table):
            unit = self.unit_ids.get(plain(row.cells["unit"]))
            row.cluster = unit.cluster if unit else None
            yield row

    # ------------------------------------------------------------ files

    def _name(self, path: Path) -> str:
        """A file as messages name it: `units.csv`, `cum-1/grades.csv`, `cum-1.xlsx`."""
        inside = path.relative_to(self.path)
        return _nfc((inside.relative_to("submissions") if len(inside.parts) > 1 else inside).as_posix())

    def _bytes(self, path: Path, cluster: str | None = None) -> bytes:
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            raise Refused(Problem(self._name(path), "không có tệp này", cluster, wanted="tệp này trong thư mục của năm")) \
                from None
        except OSError as error:
            raise Refused(Problem(self._name(path), f"không đọc được tệp ({_why(error)})", cluster,
                                  wanted="một tệp mở đọc được")) from None
        self.sources.append(Source(self._name(path), hashlib.sha256(raw).hexdigest(), cluster))
        return raw

    def _rows(self, path: Path, table: str, cluster: str | None = None) -> Iterator[Row]:
        """A CSV table's rows by the contract's columns; blank rows are passed over, broken ones are problems."""
        file, columns, wanted = self._name(path), COLUMNS[table], ",".join(COLUMNS[table])
        try:
            text = self._bytes(path, cluster).decode("utf-8-sig")
        except Refused as refused:
            if cluster is None:
                raise
            self.log.problems += refused.problems
            return
        except UnicodeDecodeError as error:
            line = error.object[:error.start].count(b"\n") + 1
            self.log.problem(file, "tệp không phải UTF-8", cluster=cluster, line=line,
                             seen=error.object.split(b"\n")[line - 1].decode("utf-8", "replace").strip(),
                             wanted="lưu lại bằng mã UTF-8 (trong Excel: CSV UTF-8)")
            return
        if stray := _CONTROL.search(text):
            line = text.count("\n", 0, stray.start()) + 1
            self.log.problem(file, "có ký tự điều khiển không nhìn thấy", cluster=cluster, line=line,
                             seen=text.split("\n")[line - 1].strip("\r"), wanted="chữ và số thường; gõ lại ô này")
            return
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        line = 1
        try:
            header = [plain(c).casefold() for c in next(reader, [])]
            if not self._header_holds(header, columns, file, cluster, wanted):
                return
            line = reader.line_num + 1
            for cells in reader:
                row = Row(self.log, cluster, Place(file, None, line), dict(zip(header, cells, strict=False)))
                if len(cells) != len(header) and any(map(plain, cells)):
                    self.log.problem(file, f"dòng có {len(cells)} ô", cluster=cluster, line=line, seen=",".join(cells),
                                     wanted=f"{len(header)} ô: {','.join(header)}")
                elif any(map(plain, cells)):
                    yield row
                line = reader.line_num + 1
        except csv.Error as error:
            self.log.problem(file, f"không đọc được dòng CSV ({_csv_fault(error)})", cluster=cluster, line=line,
                             seen=io.StringIO(text, newline="").readlines()[line - 1].strip(),
                             wanted="dấu ngoặc kép đi từng cặp, mỗi ô không quá 100.000 chữ")

    def _header_holds(self, header, columns, file, cluster, wanted) -> bool:
        missing = [c for c in columns if c not in header]
        twice = [c for c, n in Counter(header).items() if n > 1 and c]
        if not any(header):
            self.log.problem(file, "dòng đầu không có tên cột", cluster=cluster, line=1, seen="", wanted=wanted)
            return False
        if missing or twice:
            what = f"thiếu cột {', '.join(missing)}" if missing else f"cột {', '.join(twice)} có hai lần"
            self.log.problem(file, what, cluster=cluster, line=1, seen=",".join(header), wanted=wanted)
            return False
        extra = [c for c in header if c not in columns and c]
        if extra:
            self.log.notice(file, "cột lạ, không đọc", cluster=cluster, line=1, seen=", ".join(extra))
        return True


def _one_of(text: str, names, what: str) -> str:
    typed = plain(text)
    if typed not in names:
        raise Wrong(f"không có {what} này{hint(typed, names)}", ", ".join(n for n in names if n))
    return typed


def _why(error: OSError) -> str:
    """Why a file cannot be opened, in words a clerk knows."""
    known = {IsADirectoryError: "đây là một thư mục", PermissionError: "không có quyền đọc"}
    return known.get(type(error), error.strerror or "lỗi đĩa")


def _csv_fault(error: csv.Error) -> str:
    """What is wrong with a line of CSV, in words a clerk knows."""
    known = {"end of data": "dấu ngoặc kép mở ra mà không đóng lại", "expected after": "còn chữ sau dấu ngoặc kép đóng",
             "field limit": "ô quá dài"}
    return next((said for sign, said in known.items() if sign in str(error)), str(error))


def _delimiter(text: str) -> str:
    """The sign between cells, told from the header row, whose names are known: a comma, or what Excel wrote instead."""
    header = text.partition("\n")[0]
    return next((sign for sign in ";\t" if sign in header and "," not in header), ",")


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
