"""From a year to the pages: papermill runs the notebooks, nbconvert renders them, each page appears whole or not at all.

A cluster whose data or notebook fails does not stop the others: it stands on the index with its reason. Only this module
writes pages.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue

from . import __version__, html, pages, results
from .appraisal import Appraisal, appraise
from .files import write_whole
from .pages import ClusterPage, InputsPage, ProvincePage
from .scenarios import Scenario
from .terms import hint
from .year import Year

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
ERROR_LINES = 3         # of a notebook's failure, on the index


@dataclass(frozen=True)
class Job:
    """One page: which notebook, with which parameters, and what the template has to know."""
    name: str
    notebook: str
    parameters: dict[str, str]
    page: pages._Page
    fingerprint: str


@dataclass
class Outcome:
    """What a run did: pages written, and what failed with its reasons."""
    out: Path
    year: Year
    written: list[str] = field(default_factory=list)
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
        yield f"Đã lập {len(self.written)} trang. Mở {self.out / 'index.html'}.{tail}"


def run(year: Year, out: Path, scenario: Path | None, changes: Scenario | None, clusters: Iterable[str], jobs: int,
        say: Callable[[str], None]) -> Outcome:
    """Render a year into `out`; `scenario` is the file that `changes` came from. `say` gets a line of progress a page."""
    appraisal = appraise(year, changes)
    outcome = Outcome(out, year, failed=dict(year.failed), notices=len(appraisal.notices))
    _make(out)
    _let_kernels_import()
    _skip_a_slow_import()
    chosen = set(clusters)
    planned = [job for job in plan(appraisal, scenario) if not chosen or job.name in chosen | {"check", "province"}]
    for cluster in year.failed:
        _remove(out / f"{_file_name(cluster)}.html")
    stamp = _stamp()
    for done, (job, reasons) in enumerate(_render_all(planned, out, stamp, jobs), 1):
        if reasons:
            outcome.failed[job.name] = reasons
            _remove(out / f"{job.name}.html")
        else:
            outcome.written.append(job.name)
        say(f"[{done}/{len(planned)}] {job.page.title}: {'chưa lập được' if reasons else 'xong'}")
    write_whole(out / "results.json", (json.dumps(appraisal.as_json(), ensure_ascii=False, indent=1) + "\n").encode())
    write_whole(out / "results.xlsx", results.workbook(appraisal, ProvincePage(appraisal).marks))
    write_whole(out / "index.html", contents(appraisal, outcome, scenario, stamp).encode())
    return outcome


class NotWritable(Exception):
    """The output folder cannot be made or written to; the message says so in Vietnamese."""


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_whole(out / ".ghi-thu", b"")
        _remove(out / ".ghi-thu")
    except OSError as error:
        raise NotWritable(f"không ghi được vào “{out}” ({error.strerror}); chọn nơi khác bằng --out") from None


def plan(appraisal: Appraisal, scenario: Path | None) -> list[Job]:
    """The pages of a year, check first."""
    shared = {"year_dir": str(appraisal.year.path.resolve()), "scenario": str(scenario.resolve()) if scenario else ""}
    everything = fingerprint(appraisal, None)
    return [Job("check", "check_inputs.ipynb", shared, InputsPage(appraisal), everything),
            *(Job(c.cluster, "cluster_report.ipynb", {**shared, "cluster": c.cluster}, ClusterPage(appraisal, c.cluster),
                  fingerprint(appraisal, c.cluster)) for c in appraisal.year.clusters),
            Job("province", "province_summary.ipynb", shared, ProvincePage(appraisal), everything)]


def fingerprint(appraisal: Appraisal, cluster: str | None) -> str:
    """Twelve signs of the inputs a page rests on: files, rules in force, version."""
    files = [tuple(s) for s in appraisal.year.sources if cluster is None or s.cluster in (None, cluster)]
    rules = sorted((k, str(v)) for k, v in {**appraisal.book.values(), **appraisal.book.chosen}.items())
    return hashlib.sha256(json.dumps([files, rules, __version__]).encode()).hexdigest()[:12]


# ---------------------------------------------------------------- pages side by side

def _render_all(planned: list[Job], out: Path, stamp: str, jobs: int) -> Iterator[tuple[Job, list[str]]]:
    """Every page with its reasons for failing (none: it is there), as they come; a worker keeps its kernel to the end."""
    waiting, finished = deque(planned), Queue()

    def work():
        from . import warm
        try:
            while waiting:
                with suppress(IndexError):      # another worker may have taken the last one
                    job = waiting.popleft()
                    finished.put((job, render(job, out, stamp)))
        finally:
            warm.close()

    with ThreadPoolExecutor(jobs) as workers:
        running = [workers.submit(work) for _ in range(min(jobs, len(planned)))]
        for _ in planned:
            yield finished.get()
        for worker in running:
            worker.result()


# ---------------------------------------------------------------- one page

def render(job: Job, out: Path, stamp: str) -> list[str]:
    """Run a notebook and write its page; the reasons where that failed (the executed notebook is then kept)."""
    from papermill.exceptions import PapermillExecutionError
    with tempfile.TemporaryDirectory(prefix="ctd-") as scratch:
        executed = Path(scratch) / f"{job.name}.ipynb"
        kept = out / f"{job.name}.failed.ipynb"
        try:
            notebook = execute(NOTEBOOKS / job.notebook, executed, job.parameters)
            write_whole(out / f"{job.name}.html", to_html(notebook, context(job, stamp)).encode())
        except PapermillExecutionError as error:
            write_whole(kept, executed.read_bytes())
            reason = [line for line in f"{error.ename}: {error.evalue}".splitlines() if line.strip()][:ERROR_LINES]
            return [f"sổ tính {job.notebook} dừng ở ô {error.exec_count}: {' '.join(reason)}", f"sổ tính đã chạy: {kept.name}"]
        except Exception as error:      # whatever else a kernel or a disk may do, the other pages go on
            return [f"{type(error).__name__}: {error}"]
        _remove(kept)
    return []


def execute(notebook: Path, executed: Path, parameters: dict[str, str]):
    """Run a notebook through papermill with parameters it declares; an unknown one is refused (its name would be code)."""
    import papermill
    declared = papermill.inspect_notebook(str(notebook))
    for name in parameters:
        if name not in declared:
            raise ValueError(f"sổ tính {notebook.name} không có tham số “{name}”{hint(name, declared)}; "
                             f"các tham số: {', '.join(declared)}")
    from . import warm
    return papermill.execute_notebook(str(notebook), str(executed), parameters=parameters, progress_bar=False,
                                      engine_name=warm.NAME)


def _skip_a_slow_import() -> None:
    """jsonschema builds a whole grammar of web addresses when it finds this package; no notebook holds one (0,8 s a start)."""
    sys.modules.setdefault("rfc3987_syntax", None)


def _let_kernels_import() -> None:
    """Kernels find this very library, installed or not."""
    here = str(Path(__file__).parent.parent)
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if here not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join([here, *filter(None, paths)])


def to_html(notebook, ctd: dict) -> str:
    """An executed notebook as one self-contained page, through the template in `report/ctd`."""
    from nbconvert import HTMLExporter
    from traitlets.config import Config
    config = Config()
    config.HTMLExporter.preprocessors = []
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = {"parameters", "injected-parameters", "hide"}
    exporter = HTMLExporter(config=config, template_name="ctd", extra_template_basedirs=[str(html.REPORT)],
                            exclude_anchor_links=True, language_code="vi")
    body, _ = exporter.from_notebook_node(notebook, resources={"ctd": ctd})
    return re.sub(r"\n\s*\n+", "\n", body)


def context(job: Job, stamp: str) -> dict:
    """What the template has to know beside the notebook's own answers."""
    return _context(job.page.appraisal, job.page.title, job.page.marks, job.fingerprint, stamp,
                    trail=[("Mục lục", "index.html"), ("Toàn tỉnh", "province.html"), ("Kiểm tra số liệu", "check.html")],
                    signed=isinstance(job.page, ClusterPage))


def _context(appraisal, title, marks, print_of, stamp, trail=(), signed=False) -> dict:
    plan, rules = appraisal.book.plan, next(s for s in appraisal.year.sources if s.file == "rulebook.toml")
    return {"title": title, "print_mark": html.css_string("  |  ".join(text for _, text in marks)), "fingerprint": print_of,
            "issuer": plan.issuer, "council": plan.council, "trail": list(trail), "signed": signed, "stamp": stamp,
            "version": __version__, "rules": rules.sha256[:12]}


# ---------------------------------------------------------------- the index

def contents(appraisal: Appraisal, outcome: Outcome, scenario: Path | None, stamp: str) -> str:
    """The index: every page with its status, every failure with its reason."""
    jobs, entries = {job.name: job for job in plan(appraisal, scenario)}, []
    for name, job in jobs.items():
        path = outcome.out / f"{name}.html"
        if name in outcome.failed:
            state, tone = "chưa lập được", "raised"
        elif name in outcome.written:
            state, tone = "mới lập", ""
        elif path.is_file():
            fresh = f'content="{job.fingerprint}"' in path.read_text(encoding="utf-8")
            state, tone = ("còn đúng với số liệu", "") if fresh else ("CŨ: số liệu hoặc quy định đã đổi", "raised")
        else:
            state, tone = "chưa lập", "unknown"
        waiting = sum(bool(appraisal.judgement.provisional[i]) for i in job.page.about)
        remark = f"{waiting}/{len(job.page.about)} đơn vị tạm tính" if waiting else ""
        entries.append((job.page.title, f"{name}.html" if path.is_file() else "", state, tone, remark))
    names = {c.cluster: c.name for c in appraisal.year.all_clusters}
    failed = [(names.get(name, name), reasons) for name, reasons in outcome.failed.items()]
    province = ProvincePage(appraisal)
    return html.page("contents.html.j2", entries=entries, failed=failed, marks=province.marks,
                     problems=[p.message for p in appraisal.year.problems if p.cluster is None],
                     ctd=_context(appraisal, f"Thẩm định thi đua năm {appraisal.book.year}: mục lục", province.marks,
                                  fingerprint(appraisal, None), stamp))


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
