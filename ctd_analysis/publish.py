"""From a year to the pages: which pages, what each is made from, the index, the workbook, the run's own record.

`batch` runs the notebooks. A page whose inputs have not changed is left as it is; a cluster whose data or notebook fails does
not stop the others: it stands on the index with its reason. Only this module and `batch` write pages.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from . import __version__, html, pages, tables
from .appraisal import Appraisal, appraise
from .files import Busy, only_one, write_whole
from .pages import ClusterPage, InputsPage, ProvincePage
from .scenarios import Scenario
from .year import Year

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
RECORD = "run.json"
MADE_WITH = ("papermill", "nbconvert", "matplotlib", "jinja2", "numpy")


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


@dataclass(frozen=True)
class Job:
    """One page: which notebook, with which parameters, and what it is made from."""
    name: str
    notebook: str
    parameters: dict[str, str]
    page: pages._Page
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


class NotWritable(Exception):
    """The output folder cannot be made or written to; the message says so in Vietnamese."""


def run(year: Year, changes: Scenario | None, options: Options, say: Callable[[str], None]) -> Outcome:
    """Render a year; `options.scenario` is the file that `changes` came from. `say` gets a line of progress a page."""
    out = options.out
    here = replace(options, out=out.resolve())      # papermill changes the process's folder while it reads and writes
    try:
        here.out.mkdir(parents=True, exist_ok=True)
        with only_one(here.out / ".ctd-run"):
            return replace(_run(appraise(year, changes), here, say), out=out)
    except Busy:
        raise NotWritable(f"một lần chạy khác đang ghi vào “{out}”; chờ xong rồi chạy lại, hoặc dùng --out") from None
    except OSError as error:
        raise NotWritable(f"không ghi được vào “{out}” ({error.strerror or error}); dọn chỗ, hoặc dùng --out") from None


def _run(appraisal: Appraisal, options: Options, say: Callable[[str], None]) -> Outcome:
    out, year = options.out, appraisal.year
    outcome = Outcome(out, year, failed=dict(year.failed), notices=len(appraisal.notices))
    for cluster in year.failed:
        _remove(out / f"{_file_name(cluster)}.html")
    jobs = plan(appraisal, options.scenario)
    chosen = [j for j in jobs if not options.clusters or j.name in {*options.clusters, "check", "province"}]
    record = Record.read(out, options.force)
    due = [job for job in chosen if not record.holds(job)]
    outcome.kept += [job.name for job in chosen if job not in due]
    stamp = _stamp()
    for done, job in _rendered(due, options, stamp):
        if done.reasons:
            outcome.failed[job.name] = list(done.reasons)
            _remove(out / f"{job.name}.html")
        else:
            outcome.written.append(job.name)
        record.add(job, done)
        finished = len(outcome.written) + len(set(outcome.failed) & {j.name for j in due})
        say(f"[{finished}/{len(due)}] {job.page.title}: {'chưa lập được' if done.reasons else f'xong ({done.seconds:.1f} s)'}")
    _write_whole_year(appraisal, outcome, jobs, record, stamp)
    return outcome


def _rendered(due: list[Job], options: Options, stamp: str) -> Iterator[tuple]:
    """The outcome of each page that is due, with its job; nothing is loaded where none is."""
    if not due:
        return
    from . import batch
    by_name = {job.name: job for job in due}
    tasks = [batch.Task(job.name, str(NOTEBOOKS / job.notebook), job.parameters, context(job, stamp), str(options.out),
                        options.timeout) for job in due]
    if options.scheduler:
        from distributed import Client
        with Client(options.scheduler) as client:
            for done in batch.run_on(client.get_executor(), tasks):
                yield done, by_name[done.name]
    else:
        for done in batch.run_all(tasks, options.jobs):
            yield done, by_name[done.name]


def _write_whole_year(appraisal: Appraisal, outcome: Outcome, jobs: list[Job], record: Record, stamp: str) -> None:
    """results.json, results.xlsx and the index, where they are not what they would be already; then the record."""
    out, whole = outcome.out, next(job.fingerprint for job in jobs if job.name == "province")
    if not record.holds_file("results.json", whole):
        record.write("results.json", whole, (json.dumps(appraisal.as_json(), ensure_ascii=False, indent=1) + "\n").encode())
    if not record.holds_file("results.xlsx", whole):
        from . import results
        record.write("results.xlsx", whole, results.workbook(appraisal, ProvincePage(appraisal).marks))
    states = _states(jobs, outcome, record)
    whole = _digest([whole, states, outcome.failed])
    if not record.holds_file("index.html", whole):
        record.write("index.html", whole, contents(appraisal, outcome, jobs, states, stamp).encode())
    write_whole(out / RECORD, record.as_json(appraisal, stamp))


def plan(appraisal: Appraisal, scenario: Path | None) -> list[Job]:
    """The pages of a year, check first."""
    shared = {"year_dir": str(appraisal.year.path.resolve()), "scenario": str(scenario.resolve()) if scenario else ""}
    made = [("check", "check_inputs.ipynb", shared, InputsPage(appraisal), None),
            *((c, "cluster_report.ipynb", {**shared, "cluster": c}, ClusterPage(appraisal, c), c)
              for c in (c.cluster for c in appraisal.year.clusters)),
            ("province", "province_summary.ipynb", shared, ProvincePage(appraisal), None)]
    code = _digest([sorted((str(p.relative_to(html.REPORT.parent)), _sha256(p)) for p in html.REPORT.parent.rglob("*")
                            if p.suffix in (".py", ".j2", ".css", ".json")),
                    platform.python_version(), [version(name) for name in MADE_WITH]])
    jobs = []
    for name, notebook, parameters, page, cluster in made:
        shown = _digest([name, inputs(appraisal, cluster), page.marks])
        jobs.append(Job(name, notebook, parameters, page, shown, _digest([shown, code, _sha256(NOTEBOOKS / notebook)])))
    return jobs


def inputs(appraisal: Appraisal, cluster: str | None) -> list:
    """What a page is made from in the year's folder: its sources as the page lists them, and the rules in force."""
    files = [[cell.text for cell in row.cells] for row in tables.sources(appraisal, cluster).rows]
    rules = sorted((k, str(v)) for k, v in {**appraisal.book.values(), **appraisal.book.chosen}.items())
    notices = [n.message for n in appraisal.notices if cluster is None or n.cluster == cluster]
    return [files, rules, notices, [p.message for p in appraisal.year.problems] if cluster is None else []]


def _digest(value) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:16]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ---------------------------------------------------------------- what was made, and from what

class Record:
    """`run.json`: each page with its parameters, fingerprint, SHA-256, seconds and outcome, as the last runs left them."""

    def __init__(self, out: Path, files: dict):
        self.out, self.files = out, files

    @classmethod
    def read(cls, out: Path, forget: bool) -> Record:
        """The record in a folder; an empty one where there is none, it cannot be read, or all is to be made anew."""
        try:
            files = json.loads((out / RECORD).read_text(encoding="utf-8"))["files"]
            return cls(out, files if isinstance(files, dict) and not forget else {})
        except (OSError, ValueError, KeyError, TypeError):
            return cls(out, {})

    def holds(self, job: Job) -> bool:
        """Is the job's page there, whole, and made from just this?"""
        return self.holds_file(f"{job.name}.html", job.fingerprint)

    def holds_file(self, name: str, fingerprint: str) -> bool:
        """Is a file there, as it was written, and made from just this?"""
        known = self.files.get(name, {})
        try:
            return known.get("fingerprint") == fingerprint and known.get("sha256") == _sha256(self.out / name)
        except OSError:
            return False

    def add(self, job: Job, done) -> None:
        """What became of a page."""
        self.files[f"{job.name}.html"] = {
            "notebook": job.notebook, "parameters": {k: v for k, v in job.parameters.items() if k == "cluster"},
            "fingerprint": job.fingerprint, "sha256": done.sha256, "seconds": done.seconds,
            "outcome": "failed" if done.reasons else "written", "reasons": list(done.reasons)}

    def write(self, name: str, fingerprint: str, content: bytes) -> None:
        """Write a file of the whole year and remember it."""
        write_whole(self.out / name, content)
        self.files[name] = {"fingerprint": fingerprint, "sha256": hashlib.sha256(content).hexdigest()}

    def as_json(self, appraisal: Appraisal, stamp: str) -> bytes:
        """The record as it is kept."""
        made_with = {"ctd-analysis": __version__, "python": platform.python_version(), **{n: version(n) for n in MADE_WITH}}
        whole = {"year": appraisal.book.year, "scenario": appraisal.scenario and appraisal.scenario.title, "last_run": stamp,
                 "made_with": made_with, "sources": {s.file: s.sha256 for s in appraisal.year.sources}, "files": self.files}
        return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


# ---------------------------------------------------------------- what the templates have to know

def context(job: Job, stamp: str) -> dict:
    """What the template has to know beside the notebook's own answers."""
    return _context(job.page.appraisal, job.page.title, job.page.marks, job.inputs, stamp,
                    trail=[("Mục lục", "index.html"), ("Toàn tỉnh", "province.html"), ("Kiểm tra số liệu", "check.html")],
                    signed=isinstance(job.page, ClusterPage))


def _context(appraisal, title, marks, print_of, stamp, trail=(), signed=False) -> dict:
    plan, rules = appraisal.book.plan, next(s for s in appraisal.year.sources if s.file == "rulebook.toml")
    return {"title": title, "print_mark": html.css_string("  |  ".join(text for _, text in marks)), "fingerprint": print_of,
            "issuer": plan.issuer, "council": plan.council, "trail": list(trail), "signed": signed, "stamp": stamp,
            "version": __version__, "rules": rules.sha256[:12]}


# ---------------------------------------------------------------- the index

def _states(jobs: list[Job], outcome: Outcome, record: Record) -> dict[str, tuple[str, str]]:
    """How each page stands: words and a tone."""
    states = {}
    for job in jobs:
        if job.name in outcome.failed:
            states[job.name] = ("chưa lập được", "raised")
        elif record.holds(job):
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
                                  _digest([job.inputs for job in jobs]), stamp))


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
