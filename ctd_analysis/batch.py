"""Notebooks run side by side, each to one page that appears whole or not at all.

A failure stays with its page: the others go on. A kernel that dies is replaced once; a notebook that hangs is ended; an
interruption leaves no kernel behind. What the pages are is `publish`'s.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from queue import Empty, Queue

from .files import NoScheduler, write_whole
from .tables import markup
from .terms import hint

# jsonschema loads a checker for each kind of text it finds a package for (the first builds a whole grammar of web addresses,
# 0,8 s a start; the others cost as much as half of itself); no notebook holds such a text
for _checker in ("rfc3987_syntax", "rfc3986_validator", "isoduration", "fqdn", "uri_template", "webcolors"):
    sys.modules.setdefault(_checker, None)

ERROR_LINES = 3         # of a notebook's failure, on the index
SCHEDULER_TIMEOUT = 10  # seconds to wait for a Dask scheduler's answer
LOOK_UP = 0.2           # seconds between two looks for an interruption
LEAVE = 3.0             # seconds the workers get to leave after one; their kernels end with the process


@dataclass(frozen=True)
class Task:
    """One page to make; plain values only, so that it may travel to another process."""
    name: str
    notebook: str                   # its path
    parameters: dict[str, str]
    context: dict                   # what the template has to know
    out: str                        # the folder of the pages
    timeout: float | None = None    # seconds the whole notebook may take
    reading: bytes = b""            # the year as it was read, for the notebook's first cell (`handed`)


@dataclass(frozen=True)
class Done:
    """What became of a task: no reasons means that the page is there, with this SHA-256."""
    name: str
    reasons: tuple[str, ...]
    seconds: float
    sha256: str = ""
    is_ours: bool = False           # nothing is wrong with the year: a page of a former run may stay


@contextmanager
def run_all(tasks: list[Task], jobs: int) -> Iterator[Iterator[Done]]:
    """Every task's outcome as it comes, by `jobs` workers that each keep a warm kernel; they begin at once."""
    from . import forkserver
    forkserver.start()
    Aside(import_module, "ctd_analysis.warm").finish()      # papermill: before anything else wants the processor
    from . import kernels
    waiting, finished = deque(tasks), Queue()
    kernels.start_over()

    def work():
        try:
            while task := _first(waiting):
                finished.put(render(task))
        except BaseException as error:      # a fault of ours: told, not swallowed
            finished.put(error)
        finally:
            kernels.close()

    workers = [threading.Thread(target=work, daemon=True) for _ in range(min(jobs, len(tasks)))]
    patience = None
    try:
        for worker in workers:
            worker.start()
        threading.Thread(target=_load, daemon=True).start()     # while the kernels start
        yield (_next(finished) for _ in tasks)
    except BaseException:                   # Ctrl-C, or the one who asked has gone away
        waiting.clear()
        kernels.stop()
        patience = LEAVE / len(workers)
        raise
    finally:
        for worker in workers:
            if worker.ident:
                worker.join(patience)


def _first(waiting: deque) -> Task | None:
    try:
        return waiting.popleft()
    except IndexError:                      # another worker took the last one
        return None


class Aside:
    """Calls one after another in a thread of their own; the main thread only waits, so no interruption meets it in an import.

    What follows a call that failed is still done; the first error is raised by `finish`.
    """

    def __init__(self, call, *arguments):
        self.waiting, self.errors = Queue(), []
        self.then(call, *arguments)
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def _work(self):
        for call, arguments in iter(self.waiting.get, None):
            try:
                call(*arguments)
            except BaseException as error:
                self.errors.append(error)

    def then(self, call, *arguments) -> None:
        """One more call, when those before it are done."""
        self.waiting.put((call, arguments))

    def finish(self) -> None:
        """Wait for all of them, looking up now and then as `_next` does."""
        self.waiting.put(None)
        while self.thread.is_alive():
            self.thread.join(LOOK_UP)
        if self.errors:
            raise self.errors[0]


def run_on(executor, tasks: list[Task]) -> Iterator[Done]:
    """The same on somebody else's executor (a Dask client's, say): one task a call, outcomes in order."""
    futures = [executor.submit(render, task) for task in tasks]
    return (future.result() for future in futures)


def dask_client(address: str):
    """A client of a running Dask scheduler (extra `[distributed]`)."""
    try:
        from distributed import Client
    except ImportError:
        raise NoScheduler("--scheduler cần gói phụ: pip install 'ctd-analysis[distributed]'") from None
    try:
        return Client(address, timeout=SCHEDULER_TIMEOUT)
    except (OSError, ValueError) as error:
        raise NoScheduler(f"không gặp được bộ điều phối Dask ở “{address}” ({type(error).__name__})") from None


def _next(finished: Queue) -> Done:
    """The next outcome; looks up now and then, so that an interruption is noticed on every system."""
    while True:
        try:
            found = finished.get(timeout=LOOK_UP)
        except Empty:
            continue
        if isinstance(found, BaseException):
            raise found
        return found


# ---------------------------------------------------------------- one page

def render(task: Task) -> Done:
    """Run a notebook and write its page. On failure the executed notebook is kept beside the pages."""
    start = time.perf_counter()
    try:
        reasons, sha256 = _try(task)
        if reasons == DIED:
            reasons, sha256 = _try(task)
    except OSError as error:
        return Done(task.name, (f"không ghi được trang ({error.strerror or error})",), _since(start), is_ours=True)
    return Done(task.name, tuple(reasons), _since(start), sha256, reasons == DIED)


def _since(start: float) -> float:
    return round(time.perf_counter() - start, 3)


DIED = ["nhân tính toán (kernel) bị tắt giữa chừng, đã thử lại một lần"]


def _try(task: Task) -> tuple[list[str], str]:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    out, called = Path(task.out), Path(task.notebook).name
    kept = out / f"{task.name}.failed.ipynb"
    with tempfile.TemporaryDirectory(prefix="ctd-", ignore_cleanup_errors=True) as scratch:
        executed, reading = Path(scratch) / f"{task.name}.ipynb", None
        if task.reading:
            reading = Path(scratch) / "reading"
            reading.write_bytes(task.reading)
        try:
            done = execute(Path(task.notebook), executed, task.parameters, task.timeout, reading)
            page = to_html(done, task.context).encode()
            write_whole(out / f"{task.name}.html", page)
            kept.unlink(missing_ok=True)
            return [], hashlib.sha256(page).hexdigest()
        except PapermillExecutionError as error:
            said = [line for line in f"{error.ename}: {error.evalue}".splitlines() if line.strip()][:ERROR_LINES]
            return [f"sổ tính {called} dừng ở ô {error.exec_count}: {' '.join(said)}", _keep(executed, kept)], ""
        except CellTimeoutError:
            return [f"sổ tính {called} chạy quá {task.timeout:g} giây, đã dừng", _keep(executed, kept)], ""
        except OSError:
            raise
        except Exception as error:      # whatever else a kernel may do, the other pages go on
            dead = isinstance(error, DeadKernelError) or "ernel died" in str(error)
            return (DIED if dead else [f"{type(error).__name__}: {error}"]), ""


def _keep(executed: Path, kept: Path) -> str:
    try:
        write_whole(kept, executed.read_bytes())
    except OSError:
        return "không giữ lại được sổ tính đã chạy"
    return f"sổ tính đã chạy: {kept.name}"


def execute(notebook: Path, executed: Path, parameters: dict[str, str], timeout: float | None = None,
            reading: Path | None = None):
    """Run a notebook through papermill with parameters it declares; an unknown one is refused (its name would be code).

    `reading` is the file with the year it is handed (`handed`); without one it reads for itself.
    """
    import papermill
    declared = _parameters(str(notebook), notebook.stat().st_mtime_ns)
    for name in parameters:
        if name not in declared:
            raise ValueError(f"sổ tính {notebook.name} không có tham số “{name}”{hint(name, declared)}; "
                             f"các tham số: {', '.join(declared)}")
    from . import warm
    return papermill.execute_notebook(str(notebook), str(executed), parameters=parameters, progress_bar=False,
                                      engine_name=warm.NAME, execution_timeout=timeout,
                                      reading=reading and str(reading))


@cache
def _parameters(notebook: str, changed: int) -> dict[str, dict]:
    """What a notebook declares, as papermill reads it; read again once the file has changed."""
    import papermill
    return papermill.inspect_notebook(notebook)


def to_html(notebook, ctd: dict) -> str:
    """An executed notebook as one self-contained page, through the template in `report/ctd`."""
    with _one_at_a_time:
        body, _ = _exporter().from_notebook_node(notebook, resources={"ctd": ctd})
    return re.sub(r"\n\s*\n+", "\n", body)


_one_at_a_time = threading.Lock()


def _load() -> None:
    with _one_at_a_time:
        _exporter()


@cache
def _exporter():
    """nbconvert's exporter for our template; not its HTMLExporter, which parses every finished page once more."""
    from nbconvert.exporters import TemplateExporter
    from traitlets.config import Config
    config = Config()
    config.TemplateExporter.default_preprocessors = ["nbconvert.preprocessors.TagRemovePreprocessor"]     # no code to style
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = {"parameters", "injected-parameters", "hide"}
    return TemplateExporter(config=config, template_name="ctd", template_file="index.html.j2",
                            extra_template_basedirs=[str(markup.REPORT)])
