"""From a year to its folder of pages: what is out of date is made, what nothing asks for any more goes, the index tells.

`worklist` says which pages there are, `batch` runs the notebooks. A cluster whose data or notebook fails does not stop the
others: it stands on the index with its reason. Only `making`, this module and `render` write pages.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ..answers.appraisal import Appraisal, appraise
from ..files import Busy, digest, only_one
from ..pages import comparison
from ..pages.site import contents
from ..plan.scenario import Scenario
from ..problems import visible, why
from ..terms import number
from ..year import handed
from ..year.register import CLUSTER_ID
from ..year.year import Year
from . import batch, elsewhere, render
from .ledger import Ledger
from .making import Making, Outcome
from .room import CannotRun
from .worklist import Job, context, linked, plan


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


def run(year: Year, changes: Scenario | None, options: Options, say: Callable[[str], None]) -> Outcome:
    """Render a year; `options.scenario` is the file that `changes` came from. `say` gets a line of progress a page.

    `CannotRun`: another run holds the folder, it cannot be written to, workers cannot be reached.
    """
    out = options.out
    # papermill changes the process's folder while it reads
    here = replace(options, out=Path(os.path.realpath(out)), stamp=stamp())
    with alone(out, here.out):
        return replace(_run(appraise(year, changes), here, say), out=out)


@contextmanager
def alone(out: Path, here: Path) -> Iterator[None]:
    """The folder of pages `out`, which lies `here`, held; `CannotRun`: another run holds it, or it cannot be written to."""
    try:
        here.mkdir(parents=True, exist_ok=True)
        with only_one(here / ".ctd-run"):
            yield
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
    names = {j.name for j in jobs if not options.clusters or j.name in {*options.clusters, "check", "province", "inspection"}}
    jobs = linked(jobs, names, out)
    chosen = [job for job in jobs if job.name in names]
    due = [job for job in chosen if not ledger.holds_file(f"{job.name}.html", job.fingerprint)]
    due.sort(key=lambda job: job.name != "province")       # the longest first: no worker waits for it at the end
    kept = [job for job in chosen if job not in due]
    outcome.kept += [job.name for job in kept]
    making = Making(appraisal, jobs, ledger, options.stamp, outcome)
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
        ledger.drop_all_but(making.all_files())
        making.withdraw_changed()
        places = {name: ledger.place(name) for name in making.all_files()}
        outcome.beside = {name: place for name, place in places.items()
                          if place != name and (place in ledger.files or name == "index.html")}     # which is written next
        _write_index(making)
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


# ---------------------------------------------------------------- the index

def _write_index(making: Making) -> None:
    """The index, which tells how every page stands."""
    states = {job.name: _state(making, job) for job in making.jobs}
    made_from = digest([[job.fingerprint for job in making.jobs], states, making.outcome.failed, making.outcome.beside,
                        (making.outcome.out / f"{comparison.NAME}.html").is_file()])
    if not making.ledger.holds_file("index.html", made_from):
        making.ledger.write("index.html", made_from, _contents(making, states).encode())


def _state(making: Making, job: Job) -> tuple[str, str]:
    """How a page stands: words and a tone."""
    is_there = (making.outcome.out / f"{job.name}.html").is_file()
    if job.name in making.outcome.failed:
        return "chưa lập được; còn trang cũ" if is_there else "chưa lập được", "raised"
    if making.ledger.holds_file(f"{job.name}.html", job.fingerprint):
        return "khớp số liệu hiện có", ""
    return ("CŨ: số liệu hoặc quy định đã đổi", "raised") if is_there else ("chưa lập", "unknown")


def _contents(making: Making, states: dict[str, tuple[str, str]]) -> str:
    """The index as this run leaves it."""
    appraisal, outcome = making.appraisal, making.outcome

    def where(name: str) -> str:
        place = outcome.beside.get(name, name)
        return place if (outcome.out / place).is_file() else ""

    entries = []
    for job in making.jobs:
        waiting = sum(bool(appraisal.judgement.provisional[i]) for i in job.page.about)
        remark = f"{waiting}/{len(job.page.about)} đơn vị tạm tính" if waiting else ""
        if f"{job.name}.html" in outcome.beside:
            remark = "; ".join(filter(None, [remark, f"{job.name}.html có người đã sửa: giữ nguyên, bản mới ở đây"]))
        entries.append((job.page.title, where(f"{job.name}.html"), *states[job.name], remark))
    if there := where(f"{comparison.NAME}.html"):
        entries.append((comparison.LINK, there, "lập riêng", "", "lập bằng ctd compare; số liệu đổi thì lập lại"))
    return contents(appraisal, entries, outcome.failed, digest([job.inputs for job in making.jobs]), making.stamp, where)


def stamp() -> str:
    """The one thing that differs between two runs (SOURCE_DATE_EPOCH holds it still; `CannotRun` where that is no number)."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        when = datetime.fromtimestamp(int(fixed), UTC) if fixed else datetime.now().astimezone()
    except (ValueError, OverflowError, OSError):
        raise CannotRun(f"biến SOURCE_DATE_EPOCH là “{visible(fixed)}”; cần số giây tính từ năm 1970, hoặc bỏ trống") from None
    return f"{when:%H:%M ngày %d/%m/%Y}"
