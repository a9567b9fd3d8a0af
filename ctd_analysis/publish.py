"""From a year to the pages: which pages, what each is made from, the index, the workbook, the run's own record.

`batch` runs the notebooks. A page whose inputs have not changed is left as it is; a cluster whose data or notebook fails does
not stop the others: it stands on the index with its reason. Only this module and `batch` write pages.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from . import __version__, batch, html, pages, tables, whatif_page
from .appraisal import Appraisal, appraise
from .files import Busy, NoScheduler, only_one
from .pages import ClusterPage, InputsPage, ProvincePage, UnitPage, unit_page
from .record import Record, digest, made_with, sha256
from .scenarios import Scenario
from .terms import number
from .year import Year

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


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


@dataclass(frozen=True)
class Job:
    """One page: which notebook, with which parameters, and what it is made from."""
    name: str
    notebook: str
    parameters: dict[str, str]
    page: pages._Page
    trail: list[tuple[str, str]]    # links to the other pages: words and address
    inputs: str                     # a digest of the year's data and rules it shows; printed on the page
    fingerprint: str                # the same with notebook, code, templates and versions


@dataclass
class Outcome:
    """What a run did: pages written or kept as they were, and what failed with its reasons."""
    out: Path
    year: Year
    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: dict[str, list[str]] = field(default_factory=dict)
    notices: int = 0

    @property
    def is_clean(self) -> bool:
        """Every input was right and every page was written."""
        return not self.failed and not self.year.problems

    def closing(self) -> Iterator[str]:
        """The last lines on the screen: what needs attention, and where the pages are."""
        for name, reasons in self.failed.items():
            yield f"CHƯA LẬP ĐƯỢC {name}: {reasons[0]}" + (f" (và {len(reasons) - 1} lỗi nữa)" if len(reasons) > 1 else "")
        for problem in self.year.problems:
            if problem.cluster is None:
                yield f"LỖI: {problem.message}"
        attention = [f"{len(self.year.problems)} lỗi"] if self.year.problems else []
        attention += [f"{self.notices} lưu ý"] if self.notices else []
        tail = f" Cần xem: {', '.join(attention)} ({self.out / 'check.html'})." if attention else ""
        kept = f", giữ nguyên {len(self.kept)} trang không đổi" if self.kept else ""
        yield f"Đã lập {len(self.written)} trang{kept}. Mở {self.out / 'index.html'}.{tail}"


class CannotRun(Exception):
    """The output folder cannot be written to, or the workers cannot be reached; the message says so in Vietnamese."""


def run(year: Year, changes: Scenario | None, options: Options, say: Callable[[str], None]) -> Outcome:
    """Render a year; `options.scenario` is the file that `changes` came from. `say` gets a line of progress a page."""
    out = options.out
    here = replace(options, out=out.resolve())      # papermill changes the process's folder while it reads and writes
    try:
        here.out.mkdir(parents=True, exist_ok=True)
        with only_one(here.out / ".ctd-run"):
            return replace(_run(appraise(year, changes), here, say), out=out)
    except NoScheduler as error:
        raise CannotRun(str(error)) from None
    except Busy:
        raise CannotRun(f"một lần chạy khác đang ghi vào “{out}”; chờ xong rồi chạy lại, hoặc dùng --out") from None
    except OSError as error:
        raise CannotRun(f"không ghi được vào “{out}” ({error.strerror or error}); dọn chỗ, hoặc dùng --out") from None


def _run(appraisal: Appraisal, options: Options, say: Callable[[str], None]) -> Outcome:
    out, year = options.out, appraisal.year
    outcome = Outcome(out, year, failed=dict(year.failed), notices=len(appraisal.notices))
    for cluster in year.failed:
        _remove(out / f"{_file_name(cluster)}.html")
    jobs = plan(appraisal, options.scenario)
    chosen = [j for j in jobs if not options.clusters or j.name in {*options.clusters, "check", "province"}]
    record = Record.read(out, options.force)
    due = [job for job in chosen if not record.holds_file(f"{job.name}.html", job.fingerprint)]
    due.sort(key=lambda job: job.name != "province")       # the longest first: no worker waits for it at the end
    kept = [job for job in chosen if job not in due]
    outcome.kept += [job.name for job in kept]
    stamp, start = _stamp(), time.monotonic()
    try:
        with _rendered(due, options, stamp) as outcomes:
            beside = batch.Aside(_write_beside, appraisal, jobs, kept, record, stamp)
            for finished, done in enumerate(outcomes, 1):
                job = next(job for job in due if job.name == done.name)
                if done.reasons:
                    outcome.failed[job.name] = list(done.reasons)
                    _remove(out / f"{job.name}.html")
                else:
                    outcome.written.append(job.name)
                record.add(job.name, job.fingerprint, job.notebook, done)
                left = (time.monotonic() - start) / finished * (len(due) - finished)
                ahead = f", còn khoảng {left:.0f} giây" if options.live and finished < len(due) else ""
                state = "chưa lập được" if done.reasons else "xong"
                say(f"[{finished}/{len(due)}] {job.page.title}: {state} ({number(round(done.seconds, 1))} giây{ahead})")
                beside.then(_write_units, appraisal, job, record, stamp)
            beside.finish()
        _write_index(appraisal, outcome, jobs, record, stamp)
    except BaseException:
        with suppress(OSError):
            record.keep(appraisal, stamp)       # what was made before an interruption need not be made again
        raise
    record.keep(appraisal, stamp)
    return outcome


def _write_beside(appraisal: Appraisal, jobs: list[Job], kept: list[Job], record: Record, stamp: str) -> None:
    """What no notebook makes, for the whole year and for the clusters whose pages stay."""
    _write_whole_year(appraisal, jobs, record, stamp)
    for job in kept:
        _write_units(appraisal, job, record, stamp)


@contextmanager
def _rendered(due: list[Job], options: Options, stamp: str) -> Iterator[Iterator]:
    """The outcome of each page that is due, as it comes; nothing is loaded where none is."""
    if not due:
        yield iter(())
        return
    tasks = [batch.Task(job.name, str(NOTEBOOKS / job.notebook), job.parameters, context(job, stamp), str(options.out),
                        options.timeout) for job in due]
    if options.scheduler:
        with batch.dask_client(options.scheduler) as client:
            yield batch.run_on(client.get_executor(), tasks)
    else:
        with batch.run_all(tasks, options.jobs) as outcomes:
            yield outcomes


def _write_whole_year(appraisal: Appraisal, jobs: list[Job], record: Record, stamp: str) -> None:
    """results.json, results.xlsx, the minutes and what_if.html, where they are out of date."""
    whole = next(job.fingerprint for job in jobs if job.name == "province")
    if not record.holds_file("results.json", whole):
        record.write("results.json", whole, (json.dumps(appraisal.as_json(), ensure_ascii=False, indent=1) + "\n").encode())
    if not record.holds_file("results.xlsx", whole):
        from . import results
        record.write("results.xlsx", whole, results.workbook(appraisal, ProvincePage(appraisal).marks))
    if not record.holds_file("bien-ban.docx", whole):
        from . import minutes
        record.write("bien-ban.docx", whole, minutes.document(appraisal, ProvincePage(appraisal).marks))
    if not record.holds_file(whatif_page.FILE, whole):
        record.write(whatif_page.FILE, whole, _what_if(appraisal, jobs, stamp).encode())
    standing = {u.unit for u in appraisal.year.units}
    for unit in appraisal.year.all_units:
        if unit.unit not in standing:
            _remove(record.out / unit_page(unit.unit))


def _write_index(appraisal: Appraisal, outcome: Outcome, jobs: list[Job], record: Record, stamp: str) -> None:
    """The index, which tells how every page stands."""
    states = _states(jobs, outcome, record)
    made_from = digest([[job.fingerprint for job in jobs], states, outcome.failed])
    if not record.holds_file("index.html", made_from):
        record.write("index.html", made_from, contents(appraisal, outcome, jobs, states, stamp).encode())


def _what_if(appraisal: Appraisal, jobs: list[Job], stamp: str) -> str:
    """The page for exploring, with a way back to the index alone."""
    marks, shown = ProvincePage(appraisal).marks, next(job.inputs for job in jobs if job.name == "province")
    return whatif_page.page(appraisal, marks, _context(
        appraisal, f"Thử đổi mức và cách hiểu, năm {appraisal.book.year}", marks, shown, stamp, [("Mục lục", "index.html")]))


def _write_units(appraisal: Appraisal, job: Job, record: Record, stamp: str) -> None:
    """Beside a cluster's page, one for each of its units, from a template of its own."""
    if not isinstance(job.page, ClusterPage):
        return
    for i in job.page.about:
        name = unit_page(appraisal.unit(i).unit)
        if not record.holds_file(name, job.fingerprint):
            page = UnitPage(appraisal, i)
            links = [("Mục lục", "../index.html"), (f"Trang của {job.page.name}", f"../{job.name}.html")]
            ctd = _context(appraisal, page.title, page.marks, job.inputs, stamp, links)
            record.write(name, job.fingerprint, html.page("unit.html.j2", ctd=ctd, marks=page.marks, **page.parts()).encode())


def plan(appraisal: Appraisal, scenario: Path | None) -> list[Job]:
    """The pages of a year, check first."""
    shared = {"year_dir": str(appraisal.year.path.resolve()), "scenario": str(scenario.resolve()) if scenario else ""}
    made = [("check", "check_inputs.ipynb", shared, InputsPage(appraisal), None),
            *((c, "cluster_report.ipynb", {**shared, "cluster": c}, ClusterPage(appraisal, c), c)
              for c in (c.cluster for c in appraisal.year.clusters)),
            ("province", "province_summary.ipynb", shared, ProvincePage(appraisal), None)]
    code = digest([sorted((str(p.relative_to(html.REPORT.parent)), sha256(p)) for p in html.REPORT.parent.rglob("*")
                            if p.suffix in (".py", ".j2", ".css", ".js", ".json")),
                    made_with()])
    jobs = []
    for name, notebook, parameters, page, cluster in made:
        links = trail(appraisal, name)
        shown = digest([name, inputs(appraisal, cluster), page.marks, links])
        jobs.append(Job(name, notebook, parameters, page, links, shown, digest([shown, code, sha256(NOTEBOOKS / notebook)])))
    return jobs


def trail(appraisal: Appraisal, name: str) -> list[tuple[str, str]]:
    """The way from a page to the others; from a cluster to the ones before and after it."""
    links = [("Mục lục", "index.html"), ("Toàn tỉnh", "province.html"), ("Kiểm tra số liệu", "check.html")]
    clusters = [c.cluster for c in appraisal.year.clusters]
    if name in clusters:
        at = clusters.index(name)
        links += [(f"‹ {appraisal.year.clusters[k].name}", f"{clusters[k]}.html") for k in (at - 1,) if k >= 0]
        links += [(f"{c.name} ›", f"{c.cluster}.html") for c in appraisal.year.clusters[at + 1:at + 2]]
    return links


def inputs(appraisal: Appraisal, cluster: str | None) -> list:
    """What a page is made from in the year's folder: its sources as the page lists them, and the rules in force."""
    files = [[cell.text for cell in row.cells] for row in tables.sources(appraisal, cluster).rows]
    rules = sorted((k, str(v)) for k, v in {**appraisal.book.values(), **appraisal.book.chosen}.items())
    notices = [n.message for n in appraisal.notices if cluster is None or n.cluster == cluster]
    return [files, rules, notices, [p.message for p in appraisal.year.problems] if cluster is None else []]


# ---------------------------------------------------------------- what the templates have to know

def context(job: Job, stamp: str) -> dict:
    """What the template has to know beside the notebook's own answers."""
    return _context(job.page.appraisal, job.page.title, job.page.marks, job.inputs, stamp, trail=job.trail,
                    signed=isinstance(job.page, ClusterPage))


def _context(appraisal, title, marks, print_of, stamp, trail=(), signed=False) -> dict:
    plan, rules = appraisal.book.plan, next(s for s in appraisal.year.sources if s.file == "rulebook.toml")
    return {"title": title, "print_mark": html.css_string("  |  ".join(text for _, text in marks)), "fingerprint": print_of,
            "issuer": plan.issuer, "council": plan.council, "trail": list(trail), "signed": signed, "stamp": stamp,
            "version": __version__, "rules": rules.sha256[:12], "script": ""}


# ---------------------------------------------------------------- the index

def _states(jobs: list[Job], outcome: Outcome, record: Record) -> dict[str, tuple[str, str]]:
    """How each page stands: words and a tone."""
    states = {}
    for job in jobs:
        if job.name in outcome.failed:
            states[job.name] = ("chưa lập được", "raised")
        elif record.holds_file(f"{job.name}.html", job.fingerprint):
            states[job.name] = ("đúng với số liệu", "")
        elif (outcome.out / f"{job.name}.html").is_file():
            states[job.name] = ("CŨ: số liệu hoặc quy định đã đổi", "raised")
        else:
            states[job.name] = ("chưa lập", "unknown")
    return states


def contents(appraisal: Appraisal, outcome: Outcome, jobs: list[Job], states: dict, stamp: str) -> str:
    """The index: every page with its status, every failure with its reason."""
    entries = []
    for job in jobs:
        waiting = sum(bool(appraisal.judgement.provisional[i]) for i in job.page.about)
        remark = f"{waiting}/{len(job.page.about)} đơn vị tạm tính" if waiting else ""
        href = f"{job.name}.html" if (outcome.out / f"{job.name}.html").is_file() else ""
        entries.append((job.page.title, href, *states[job.name], remark))
    names = {c.cluster: c.name for c in appraisal.year.all_clusters}
    failed = [(names.get(name, name), reasons) for name, reasons in outcome.failed.items()]
    marks = ProvincePage(appraisal).marks
    return html.page("contents.html.j2", entries=entries, failed=failed, marks=marks,
                     problems=[p.message for p in appraisal.year.problems if p.cluster is None],
                     ctd=_context(appraisal, f"Thẩm định thi đua năm {appraisal.book.year}: mục lục", marks,
                                  digest([job.inputs for job in jobs]), stamp))


def _stamp() -> str:
    """The one thing that differs between two runs (SOURCE_DATE_EPOCH holds it still)."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    when = datetime.fromtimestamp(int(fixed), UTC) if fixed.isdigit() else datetime.now().astimezone()
    return f"{when:%H:%M ngày %d/%m/%Y}"


def _file_name(cluster: str) -> str:
    """A cluster id as a file name; ids that are none (a problem of theirs) lead nowhere."""
    return cluster if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", cluster) else "-"


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
