"""A year's folder, read as typed: rules, units, clusters, the clusters' submissions, the appraisal, the decisions.

Every cell arrives as text, is brought to NFC and parsed strictly (`values`). What cannot be right is a problem of its
cluster and keeps that cluster out; what is merely missing stays missing. A problem in the year's own files stops the run
(`Refused`). Column names and file names are the contract's. Counting is left to `tally`, judging to `plan`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from ..files import Folder, as_told, names_in
from ..office.opener import Opener
from ..plan import rulebook
from ..plan.load import load
from ..plan.rulebook import Rulebook
from ..problems import Log, Problem, Refused
from ..rows import COLUMNS, Amendment, Branch, Cluster, Entered, Row, Verified
from ..terms import TABLES, hint
from . import amended, corrections, csvfile, midyear, parser, plausible, returned, session, submission, verified, visits
from . import next as next_year
from .asread import Year
from .council import read_decisions, settle
from .register import check_leads, read_branch_names, read_clusters, read_criteria, read_units
from .session import read_appraisal


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


def redecided(year: Year, raw: bytes) -> tuple[Year, Log]:
    """The year with `raw` for its `decisions.csv`, as reading it would give; with what is wrong in that table."""
    log = Log()
    typed = parser.Parser(year.book, {u.unit: u for u in year.all_units}, log)
    ledger = read_decisions(csvfile.rows("decisions.csv", raw, "decisions", log, typed.cluster_named), typed)
    standing = {u.unit for u in year.units}
    kept = [tuple(one for one in rows if one.unit in standing) for rows in (settle(ledger, typed.cluster_of).standing, ledger)]
    return replace(year, decisions=kept[0], ledger=kept[1], notices=_told_anew(year, "decisions.csv", log)), log


def reamended(year: Year, raw: bytes) -> tuple[Year, Log]:
    """The year with `raw` for its `amendments.csv`, as reading it would give; with what is wrong in that table."""
    log, issued = Log(), year.issued or year.book
    rows = amended.read_amendments(csvfile.rows(amended.FILE, raw, "amendments", log, lambda _: None), issued, log)
    book = year.book if log.problems else amended.put_all(issued, rows)
    return replace(year, amendments=tuple(rows), book=book, notices=_told_anew(year, amended.FILE, log)), log


def _told_anew(year: Year, file: str, log: Log) -> tuple[Problem, ...]:
    """The year's notices, those about one file as they are now."""
    return (*(one for one in year.notices if one.file != file), *log.notices)


class _Reader:
    """Reads one folder; holds what is known so far (rules, units) and what was found wrong."""

    def __init__(self, path: Path, only: str | None, accounts: list | None):
        self.path, self.log, self.only, self.accounts = path, Log(), only, accounts
        self.folder = Folder(path, self.log)
        quiet = Folder(path, Log())
        self.workbooks = [*submission.workbooks(quiet, only), *returned.workbooks(quiet)]
        self.opener = Opener(self.workbooks)

    def year(self) -> Year:
        with closing(self.opener):
            return self._year()

    def _year(self) -> Year:
        issued = load(Path(rulebook.FILE), self.folder.read(self.path / rulebook.FILE))
        amendments = self._amendments(issued)
        self.book = amended.put_all(issued, amendments)
        plausible.of_another_year(issued, self.log)
        self.criteria = tuple(sorted(read_criteria(self._rows("criteria"), self.book, self.log)))
        self.clusters = tuple(read_clusters(self._rows("clusters"), self.book))
        self.units = tuple(read_units(self._rows("units"), self.clusters))
        self.parser = parser.Parser(self.book, {u.unit: u for u in self.units}, self.log)
        if any(p.cluster is None for p in self.log.problems):
            raise Refused(*self.log.problems)
        check_leads(self.units, self.clusters, self.log)
        wanted = [c for c in self.clusters if self.only in (None, c.cluster)]
        sound = [c for c in wanted if not any(p.cluster == c.cluster for p in self.log.problems)]
        sent = [(name, self._owner(name)) for name in map(self.folder.name, self.workbooks)]
        corrected = corrections.Corrections(self.log, self._if_there("corrections", self._owner, self.only, "file"), sent)
        sent, written = self._sent(sound, corrected), self._midyear(corrected)
        tables, inspected = self._standing(sent, written[midyear.RECEIVED])
        visiting = visits.read(self.folder, self.clusters)
        self._strays()
        self._unread()
        self._open_lines()
        given = {(g.unit, g.criterion): g.cluster for g in tables["grades"]}
        appraisal = list(read_appraisal(self._session_rows("appraisal"), self.parser, given))
        session.compare_appraised(self.parser, {(a.unit, a.criterion): a.grade for a in appraisal}, given)
        ledger = read_decisions(self._session_rows("decisions"), self.parser)
        listed = tuple(self._listed())
        good = {c.cluster for c in wanted} - {p.cluster for p in self.log.problems}
        standing = {u.unit for u in self.units if u.cluster in good}

        def kept(rows):
            return tuple(row for row in rows if row.unit in standing)

        return Year(self.path, self.book, self.criteria, kept(self.units),
                    tuple(c for c in wanted if c.cluster in good),
                    *(kept(tables[table]) for table in TABLES), kept(appraisal),
                    kept(settle(ledger, self.parser.cluster_of).standing), self.units,
                    self.clusters, tuple(self.log.problems), tuple(self.log.notices), tuple(self.folder.sources),
                    tuple(self.folder.listings), tuple(sorted(corrected.in_force, key=lambda one: one.at.line)), listed,
                    verified=kept(inspected), visits=visiting, ledger=kept(ledger), amendments=tuple(amendments), issued=issued,
                    **written)

    def _sent(self, sound: list[Cluster], corrected: corrections.Corrections) -> dict[str, list]:
        """What the clusters sent, table by table."""
        tables: dict[str, list] = {table: [] for table in TABLES}
        for cluster in sound:
            read = submission.read(self.folder, cluster.cluster, self.parser, self.opener, self.accounts, corrected)
            for table, rows in read.items():
                tables[table] += rows
        return tables

    def _standing(self, sent: dict[str, list], received: tuple[Entered, ...]) -> tuple[dict[str, list], list[Verified]]:
        """What counts, table by table: found beats register beats submission (year-round §2.1); and what was found."""
        cluster_of = {u.unit: u.cluster for u in self.units}.get
        tables = {**sent, "filings": midyear.entered(sent["filings"], received, self.log, cluster_of)}
        inspected = list(verified.read(self._if_there("verified", self.parser.cluster_named, self.only), self.parser, tables))
        tables = verified.replaced(tables, inspected)
        midyear.compare_reports(tables["filings"], tables["indicators"], self.book, self.log, cluster_of)
        return tables, inspected

    def _midyear(self, corrected: corrections.Corrections) -> dict[str, tuple]:
        """What is written before December, where there is any; a fault in what is directly under the province stops the run."""
        found = {}
        for table in midyear.FILES:
            before, take = len(self.log.problems), getattr(midyear, f"read_{table}")
            owners = () if table == midyear.DIRECT else (self.parser.cluster_named, self.only)
            found[table] = tuple(take(self._if_there(table, *owners), self.parser))
            if table == midyear.TARGETS:
                sent = returned.read(self.folder, self.parser, self.opener, self.accounts, corrected, self.only)
                found[table] += tuple(midyear.new_ones(found[table], sent, self.parser))
            if table == midyear.DIRECT and len(self.log.problems) > before:
                raise Refused(*self.log.problems[before:])
        return found

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

    def _open_lines(self):
        """What a person has yet to look at since the year was made from the one before it."""
        path = self.path / next_year.TODO
        if not self.folder.is_there(path):
            return
        try:
            for line, text in next_year.open_lines(self.folder.read(path)):
                self.log.notice(next_year.TODO, f"chưa xem xong: {text.removesuffix('.')}", line=line)
        except (Refused, UnicodeDecodeError):
            self.log.notice(next_year.TODO, "không đọc được tệp này", wanted="một tệp chữ UTF-8")

    def _listed(self) -> Iterator[Branch]:
        """Branches by name alone, where a table of them lies in the year's own folder."""
        return read_branch_names(self._if_there("branches", self.parser.cluster_of.get, self.only), self.parser)

    def _session_rows(self, table: str) -> Iterator[Row]:
        """Rows of a table of the session; a problem in one belongs to its unit's cluster, a file that is none stops the run."""
        if not self.folder.is_there(self.path / f"{table}.csv"):
            self.log.notice(f"{table}.csv", "không có tệp này: coi là chưa có dòng nào")
            return
        yield from self._rows(table, self.parser.cluster_named, self.only)

    def _amendments(self, issued: Rulebook) -> list[Amendment]:
        """What the Council changed of the rule book, where there is such a file; nothing of it applies where a row is wrong."""
        found = amended.read_amendments(self._if_there("amendments"), issued, self.log)
        return [] if self.log.problems else found

    def _owner(self, file: str) -> str | None:
        """The cluster whose workbook a file is."""
        return corrections.owner_of(file, [c.cluster for c in self.clusters], self.parser.cluster_of)

    def _if_there(self, table: str, *owners) -> Iterator[Row]:
        """The rows of a table a year may do without: none where there is no such file."""
        if self.folder.is_there(self.path / f"{table}.csv"):
            yield from self._rows(table, *owners)

    def _rows(self, table: str, owner=lambda _: None, only: str | None = None, by: str = "unit") -> Iterator[Row]:
        path = self.path / f"{table}.csv"
        return csvfile.rows(self.folder.name(path), self.folder.read(path), table, self.log, owner, only, by)
