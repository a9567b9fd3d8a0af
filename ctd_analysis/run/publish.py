"""From a year to its folder of pages: what is out of date is made, what nothing asks for any more goes, the index tells.

`worklist` says which pages there are, `batch` runs the notebooks. A cluster whose data or notebook fails does not stop the
others: it stands on the index with its reason. Only this module and `render` write pages.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ..answers.appraisal import Appraisal, appraise
from ..files import Busy, digest, only_one
from ..pages import comparison
from ..pages import what_if as what_if_page
from ..pages.notebook import ClusterPage, ProvincePage, UnitPage
from ..pages.site import contents, frame
from ..plan.scenario import Scenario
from ..problems import visible, why
from ..tables import markup
from ..tables.printed import unit_page
from ..terms import number
from ..year import handed, kept
from ..year.register import CLUSTER_ID
from ..year.year import Year
from . import batch, elsewhere, render
from .ledger import Ledger
from .worklist import Job, context, plan

#: Where a run keeps what it has read, beside the pages it has made of it.
READ = "read"


@dataclass(frozen=True)
class Options:
    """How to run: which clusters (none named: all), how many notebooks at once, and the rest of `ctd run`'s options."""
    out: Path
    scenario: Path | None = None
    clusters: tuple[str, ...] = ()
    jobs: int = 1
    force: bool = False
    timeout: float | None = None
    scheduler: str | None = None
    live: bool = False              # somebody watches a terminal: tell the time left
    stamp: str = ""                 # when the run was made, as pages say it


@dataclass
class Outcome:
    """What a run did: pages written or kept as they were, and what failed with its reasons."""
    out: Path
    year: Year
    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: dict[str, list[str]] = field(default_factory=dict)
    notices: int = 0
    beside: dict[str, str] = field(default_factory=dict)        # files somebody has written into, and the new ones beside them

    @property
    def is_clean(self) -> bool:
        """Every input was right and every page was written."""
        return not self.failed and not self.year.due_problems

    def closing(self) -> Iterator[str]:
        """The last lines on the screen: what needs attention, and where the pages are."""
        for name, reasons in self.failed.items():
            yield f"CHƯA LẬP ĐƯỢC {name}: {reasons[0]}" + (f" (và {len(reasons) - 1} lỗi nữa)" if len(reasons) > 1 else "")
        for problem in self.year.due_problems:
            if problem.cluster is None:
                yield f"LỖI: {problem.message}"
        for name, place in sorted(self.beside.items()):
            yield f"GIỮ NGUYÊN {self.out / name}: có người đã sửa tệp này; bản mới ở {self.out / place}"
        attention = [f"{len(self.year.due_problems)} lỗi"] if self.year.due_problems else []
        attention += [f"{self.notices} lưu ý"] if self.notices else []
        tail = f" Cần xem: {', '.join(attention)} ({self.out / 'check.html'})." if attention else ""
        kept = f", giữ nguyên {len(self.kept)} trang không đổi" if self.kept else ""
        yield f"Đã lập {len(self.written)} trang{kept}. Mở {self.out / 'index.html'}.{tail}"


class CannotRun(Exception):
    """The output folder cannot be written to, or the workers cannot be reached; the message says so in Vietnamese."""


def run(year: Year, changes: Scenario | None, options: Options, say: Callable[[str], None]) -> Outcome:
    """Render a year; `options.scenario` is the file that `changes` came from. `say` gets a line of progress a page."""
    out = options.out
    # papermill changes the process's folder while it reads and writes
    here = replace(options, out=Path(os.path.realpath(out)), stamp=stamp())
    try:
        here.out.mkdir(parents=True, exist_ok=True)
        with only_one(here.out / ".ctd-run"):
            return replace(_run(appraise(year, changes), here, say), out=out)
    except elsewhere.NoScheduler as error:
        raise CannotRun(str(error)) from None
    except Busy:
        raise CannotRun(f"một lần chạy khác đang ghi vào “{out}”; chờ xong rồi chạy lại, hoặc dùng --out") from None
    except OSError as error:
        raise CannotRun(f"không ghi được vào “{out}” ({why(error)}); dọn chỗ, hoặc dùng --out") from None


def _run(appraisal: Appraisal, options: Options, say: Callable[[str], None]) -> Outcome:
    out, year = options.out, appraisal.year
    outcome = Outcome(out, year, failed=dict(year.failed_so_far), notices=len(appraisal.notices))
    ledger = Ledger.read(out, options.force)
    for cluster in year.failed:
        if CLUSTER_ID.fullmatch(cluster) and (stays := ledger.remove(f"{cluster}.html")):
            outcome.failed[cluster] = [*outcome.failed[cluster], stays]
    jobs = plan(appraisal, options.scenario)
    chosen = [j for j in jobs if not options.clusters or j.name in {*options.clusters, "check", "province", "inspection"}]
    due = [job for job in chosen if not ledger.holds_file(f"{job.name}.html", job.fingerprint)]
    due.sort(key=lambda job: job.name != "province")       # the longest first: no worker waits for it at the end
    kept = [job for job in chosen if job not in due]
    outcome.kept += [job.name for job in kept]
    making = _Making(appraisal, jobs, ledger, options.stamp, outcome)
    start = time.monotonic()
    try:
        with _rendered(due, appraisal, options, ledger) as outcomes:
            beside = batch.Aside(making.whole_year)
            for job in kept:
                beside.then(making.units, job)
            for finished, done in enumerate(outcomes, 1):
                job = next(job for job in due if job.name == done.name)
                making.note(job, done)
                left = (time.monotonic() - start) / finished * (len(due) - finished)
                ahead = f", còn khoảng {left:.0f} giây" if options.live and finished < len(due) else ""
                state = "chưa lập được" if done.reasons else "xong"
                say(f"[{finished}/{len(due)}] {job.page.title}: {state} ({number(round(done.seconds, 1))} giây{ahead})")
                beside.then(making.units, job)
            beside.finish()
        ledger.drop_all_but(_all_files(appraisal, jobs))
        making.withdraw_changed()
        places = {name: ledger.place(name) for name in _all_files(appraisal, jobs)}
        outcome.beside = {name: place for name, place in places.items()
                          if place != name and (place in ledger.files or name == "index.html")}     # which is written next
        _write_index(appraisal, outcome, jobs, ledger, options.stamp)
    except BaseException:
        with suppress(OSError):
            ledger.keep(appraisal, options.stamp)       # what was made before an interruption need not be made again
        raise
    ledger.keep(appraisal, options.stamp)
    return outcome


@contextmanager
def _rendered(due: list[Job], appraisal: Appraisal, options: Options, ledger: Ledger) -> Iterator[Iterator]:
    """The outcome of each page that is due, as it comes; nothing is loaded where none is."""
    if not due:
        yield iter(())
        return
    readings = handed.packed([job.parameters for job in due], appraisal.year, appraisal.scenario)
    tasks = [render.Task(job.name, str(job.notebook), job.parameters, context(job, options.stamp), str(options.out),
                         options.timeout, reading, ledger.place(f"{job.name}.html"))
             for job, reading in zip(due, readings, strict=True)]
    if options.scheduler:
        with elsewhere.dask_client(options.scheduler) as client:
            yield elsewhere.run_on(client, tasks)
    else:
        with batch.run_all(tasks, options.jobs) as outcomes:
            yield outcomes


@dataclass(frozen=True)
class _Making:
    """The files of one run as they are made: what becomes of each goes to the ledger and the outcome."""
    appraisal: Appraisal
    jobs: list[Job]
    ledger: Ledger
    stamp: str
    outcome: Outcome

    def note(self, job: Job, done: render.Done) -> None:
        """What became of a page. A page of a former run stays only where nothing is wrong with the year."""
        if not done.reasons:
            self.outcome.written.append(job.name)
        else:
            self.outcome.failed[job.name] = list(done.reasons)
        if not done.is_ours:
            if done.reasons and (stays := self.ledger.remove(f"{job.name}.html")):
                self.outcome.failed[job.name].append(stays)
            self.ledger.add(job.name, job.fingerprint, job.notebook.name, done)

    def whole_year(self) -> None:
        """The files of the whole year, where they are out of date; what was read; and no page of a unit that is not judged."""
        made_from = self.jobs[-1].fingerprint if self.appraisal.year.is_early else next(
            job.fingerprint for job in self.jobs if job.name == "province")
        for name, made in _whole_year(self.appraisal, self.jobs, self.stamp).items():
            self._write(name, made_from, made)
        for name, made in kept.files(self.appraisal.year).items():
            self._write(f"{READ}/{name}", made_from, made, is_page=False)
        standing = {u.unit for u in self.appraisal.year.units}
        for unit in self.appraisal.year.all_units:
            if unit.unit not in standing and (stays := self.ledger.remove(unit_page(unit.unit))):
                self.outcome.failed[unit_page(unit.unit)] = [stays]

    def units(self, job: Job) -> None:
        """Beside a cluster's page, one for each of its units, from a template of its own."""
        for i in job.page.about if isinstance(job.page, ClusterPage) else ():
            page = UnitPage(self.appraisal, i)
            self._write(unit_page(self.appraisal.unit(i).unit), job.fingerprint, partial(self._unit, job, page))

    def _unit(self, job: Job, page: UnitPage) -> bytes:
        links = [("Mục lục", "../index.html"), (f"Trang của {job.page.name}", f"../{job.name}.html")]
        ctd = frame(self.appraisal, page.title, page.marks, job.inputs, self.stamp, links, "", page.running_head)
        return markup.page("unit.html.j2", ctd=ctd, marks=page.marks, **page.parts()).encode()

    def _write(self, name: str, made_from: str, made: Callable[[], bytes], is_page: bool = True) -> None:
        """One file, where it is out of date; one that cannot be written is told and costs no other."""
        try:
            if not self.ledger.holds_file(name, made_from):
                self.ledger.write(name, made_from, made(), is_page)
        except OSError as error:
            self.outcome.failed[name] = [f"không ghi được ({why(error)})"]

    def withdraw_changed(self) -> None:
        """A page whose files have changed since they were read shows what no longer stands: it goes, and that is told."""
        for source in self.appraisal.year.changed():
            reason = f"{source.file} đã đổi trong khi chạy; chạy lại lệnh này"
            touched = [job for job in self.jobs if source.cluster in (None, job.name) or not isinstance(job.page, ClusterPage)]
            for job in touched:
                pages = {f"{job.name}.html"}
                if isinstance(job.page, ClusterPage):
                    pages |= {unit_page(self.appraisal.unit(i).unit) for i in job.page.about}
                self._withdraw(job.name, pages, reason)
            for name in _whole_year(self.appraisal, self.jobs, self.stamp):
                self._withdraw(name, {name}, reason)

    def _withdraw(self, name: str, files: set[str], reason: str) -> None:
        self.outcome.failed.setdefault(name, []).append(reason)
        for names in (self.outcome.written, self.outcome.kept):
            if name in names:
                names.remove(name)
        for file in files:
            place, stays = self.ledger.place(file), self.ledger.remove(file)
            self.ledger.files.pop(place, None)
            if stays:
                self.outcome.failed[name].append(stays)


def _whole_year(appraisal: Appraisal, jobs: list[Job], stamp: str) -> dict[str, Callable[[], bytes]]:
    """Each file of the whole year with what makes it, none before anything was sent; libraries load for what is made."""
    if appraisal.year.is_early:
        return {}
    marks, shown = ProvincePage(appraisal).marks, next(job.inputs for job in jobs if job.name == "province")

    def workbook() -> bytes:
        from ..pages import results
        return results.workbook(appraisal, marks)

    def minutes() -> bytes:
        from ..pages.minutes import document
        return document(appraisal, marks)

    def what_if() -> bytes:
        title = f"Thử đổi yêu cầu và cách hiểu, năm {appraisal.book.year}"
        ctd = frame(appraisal, title, marks, shown, stamp, [("Mục lục", "index.html")])
        return what_if_page.page(appraisal, marks, ctd).encode()

    return {"results.json": lambda: (json.dumps(appraisal.as_json(), ensure_ascii=False, indent=1) + "\n").encode(),
            "results.xlsx": workbook, "bien-ban.docx": minutes, what_if_page.FILE: what_if}


def _write_index(appraisal: Appraisal, outcome: Outcome, jobs: list[Job], ledger: Ledger, stamp: str) -> None:
    """The index, which tells how every page stands."""
    states = _states(jobs, outcome, ledger)
    made_from = digest([[job.fingerprint for job in jobs], states, outcome.failed, outcome.beside,
                        (outcome.out / f"{comparison.NAME}.html").is_file()])
    if not ledger.holds_file("index.html", made_from):
        ledger.write("index.html", made_from, _contents(appraisal, outcome, jobs, states, stamp).encode())


def _all_files(appraisal: Appraisal, jobs: list[Job]) -> set[str]:
    """What a folder of pages holds when every page is made."""
    return {"index.html", f"{comparison.NAME}.html", *_whole_year(appraisal, jobs, ""), *(f"{job.name}.html" for job in jobs),
            *(unit_page(u.unit) for u in appraisal.year.units), *(f"{READ}/{name}" for name in kept.files(appraisal.year))}


# ---------------------------------------------------------------- the index

def _states(jobs: list[Job], outcome: Outcome, ledger: Ledger) -> dict[str, tuple[str, str]]:
    """How each page stands: words and a tone."""
    states = {}
    for job in jobs:
        if job.name in outcome.failed:
            stays = (outcome.out / f"{job.name}.html").is_file()
            states[job.name] = ("chưa lập được; còn trang cũ" if stays else "chưa lập được", "raised")
        elif ledger.holds_file(f"{job.name}.html", job.fingerprint):
            states[job.name] = ("khớp số liệu hiện có", "")
        elif (outcome.out / f"{job.name}.html").is_file():
            states[job.name] = ("CŨ: số liệu hoặc quy định đã đổi", "raised")
        else:
            states[job.name] = ("chưa lập", "unknown")
    return states


def _contents(appraisal: Appraisal, outcome: Outcome, jobs: list[Job], states: dict, stamp: str) -> str:
    """The index as this run leaves it."""
    def where(name: str) -> str:
        place = outcome.beside.get(name, name)
        return place if (outcome.out / place).is_file() else ""

    entries = []
    for job in jobs:
        waiting = sum(bool(appraisal.judgement.provisional[i]) for i in job.page.about)
        remark = f"{waiting}/{len(job.page.about)} đơn vị tạm tính" if waiting else ""
        if f"{job.name}.html" in outcome.beside:
            remark = "; ".join(filter(None, [remark, f"{job.name}.html có người đã sửa: giữ nguyên, bản mới ở đây"]))
        entries.append((job.page.title, where(f"{job.name}.html"), *states[job.name], remark))
    if there := where(f"{comparison.NAME}.html"):
        entries.append((comparison.LINK, there, "lập riêng", "", "lập bằng ctd compare; số liệu đổi thì lập lại"))
    return contents(appraisal, entries, outcome.failed, digest([job.inputs for job in jobs]), stamp, where)


def stamp() -> str:
    """The one thing that differs between two runs (SOURCE_DATE_EPOCH holds it still)."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        when = datetime.fromtimestamp(int(fixed), UTC) if fixed else datetime.now().astimezone()
    except (ValueError, OverflowError, OSError):
        raise CannotRun(f"biến SOURCE_DATE_EPOCH là “{visible(fixed)}”; cần số giây tính từ năm 1970, hoặc bỏ trống") from None
    return f"{when:%H:%M ngày %d/%m/%Y}"
