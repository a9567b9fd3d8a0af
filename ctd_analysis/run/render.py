"""One notebook → one page, that appears whole or not at all.

A kernel that dies or does not start is replaced once; a notebook that hangs is ended; one that failed is kept beside the pages.
"""

from __future__ import annotations

import re
import tempfile
import threading
import time
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from ..files import write_whole
from ..problems import why, without_commands
from ..tables import markup
from ..terms import hint
from . import journal

ERROR_LINES = 3         # of a notebook's failure, on the index
HIDDEN = {"parameters", "injected-parameters", "hide"}      # tags of cells that no page shows


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
    file: str = ""                  # under which name; none given: its own
    source: bytes = b""             # the notebook itself, where its path leads nowhere


@dataclass(frozen=True)
class Done:
    """What became of a task: no reasons means that the page is there, with this SHA-256."""
    name: str
    reasons: tuple[str, ...]
    seconds: float
    sha256: str = ""
    file: str = ""                  # under which name it was written
    is_ours: bool = False           # nothing is wrong with the year: a page of a former run may stay


@dataclass(frozen=True)
class Made:
    """What running a notebook came to: a page, or the reasons why there is none and the notebook as far as it ran."""
    reasons: tuple[str, ...] = ()
    page: bytes = b""
    executed: bytes = b""
    seconds: float = 0.0
    is_ours: bool = False           # as in `Done`


def render(task: Task) -> Done:
    """Run a notebook and write its page. On failure the executed notebook is kept beside the pages."""
    return write(task, make(task))


def make(task: Task) -> Made:
    """Run a notebook; nothing is written but into a folder that goes again."""
    from .kernels import NoKernel
    start = time.perf_counter()
    try:
        try:
            made = _try(task)
        except NoKernel:
            made = _try(task)
    except NoKernel as error:
        made = Made((f"{error}, đã thử lại một lần",), is_ours=True)
    except OSError as error:
        made = Made((f"không ghi được trang ({why(error)})",), is_ours=True)
    return replace(made, seconds=round(time.perf_counter() - start, 3))


def write(task: Task, made: Made) -> Done:
    """Write a page that was made, whole or not at all, or keep the notebook that failed."""
    out, file, reasons, seal, is_ours = Path(task.out), task.file or f"{task.name}.html", made.reasons, "", made.is_ours
    kept = out / f"{task.name}.failed.ipynb"
    try:
        if not reasons:
            seal = journal.write(out, file, made.page)
            kept.unlink(missing_ok=True)
    except OSError as error:
        reasons, is_ours = (f"không ghi được trang ({why(error)})",), True
    if made.executed:
        reasons = (*reasons, _keep(made.executed, kept))
    return Done(task.name, reasons, made.seconds, seal, "" if is_ours else file, is_ours)


def _try(task: Task) -> Made:
    """The page, or what went wrong; NoKernel where that was no fault of the notebook."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from .kernels import NoKernel
    notebook, called = Path(task.notebook), Path(task.notebook).name
    with tempfile.TemporaryDirectory(prefix="ctd-", ignore_cleanup_errors=True) as scratch:
        executed, reading = Path(scratch) / "executed.ipynb", None
        if task.reading:
            reading = Path(scratch) / "reading"
            reading.write_bytes(task.reading)
        if task.source:
            notebook = Path(scratch) / called
            notebook.write_bytes(task.source)
        try:
            done = execute(notebook, executed, task.parameters, task.timeout, reading)
            return Made(page=to_html(done, task.context).encode())
        except PapermillExecutionError as error:
            said = [line for line in f"{error.ename}: {error.evalue}".splitlines() if line.strip()][:ERROR_LINES]
            return Made((f"sổ tính {called} dừng ở ô {error.exec_count}: {' '.join(said)}",), executed=_read(executed))
        except CellTimeoutError as error:
            if task.timeout is None:
                raise NoKernel("nhân tính toán (kernel) không trả lời") from error
            return Made((f"sổ tính {called} chạy quá {task.timeout:g} giây, đã dừng",), executed=_read(executed))
        except (NoKernel, OSError):
            raise
        except Exception as error:      # whatever else a kernel may do, the other pages go on
            if isinstance(error, DeadKernelError) or "ernel died" in str(error):
                raise NoKernel("nhân tính toán (kernel) bị tắt giữa chừng") from error
            return Made((f"{type(error).__name__}: {error}",))


def _read(executed: Path) -> bytes:
    try:
        return executed.read_bytes()
    except OSError:         # it could not be put aside
        return b""


def _keep(executed: bytes, kept: Path) -> str:
    try:
        write_whole(kept, executed)
    except OSError:
        return "không giữ lại được sổ tính đã chạy"
    return f"sổ tính đã chạy: {kept.name}"


def execute(notebook: Path, executed: Path, parameters: dict[str, str], timeout: float | None = None,
            reading: Path | None = None):
    """Run a notebook through papermill with parameters it declares; ValueError for an unknown one (its name would be code),
    PapermillExecutionError where a cell failed or ended the notebook.

    By its own parts: `papermill.execute_notebook` reads each notebook anew and writes what was executed, checked both times.
    `reading` is the file with the year it is handed (`handed`); without one it reads for itself.
    """
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors, remove_error_markers
    from papermill.parameterize import parameterize_notebook

    from . import warm
    asked, declared = _opened(str(notebook), notebook.stat().st_mtime_ns)
    for name in parameters:
        if name not in declared:
            raise ValueError(f"sổ tính {notebook.name} không có tham số “{name}”{hint(name, declared)}; "
                             f"các tham số: {', '.join(declared)}")
    asked = remove_error_markers(prepare_notebook_metadata(deepcopy(asked), str(notebook), str(executed)))
    done = papermill_engines.execute_notebook_with_engine(
        warm.NAME, parameterize_notebook(asked, parameters) if parameters else asked, None, input_path=str(notebook),
        progress_bar=False, autosave_cell_every=0, execution_timeout=timeout, failed=str(executed),
        reading=reading and str(reading))
    raise_for_execution_errors(done, str(executed))
    for at, cell in enumerate(done.cells):
        if cell.metadata.papermill.exception:           # `sys.exit(0)`: no error to papermill, and yet cells were left out
            raise PapermillExecutionError(at, cell.execution_count, cell.source, "SystemExit", "", [])
    return done


@lru_cache(8)
def _opened(notebook: str, changed: int) -> tuple[object, dict[str, dict]]:
    """A notebook and the parameters it declares, as papermill reads them; read again once the file has changed."""
    from papermill.inspection import inspect_notebook
    from papermill.iorw import load_notebook_node
    return load_notebook_node(notebook), inspect_notebook(notebook)


def to_html(notebook, ctd: dict) -> str:
    """An executed notebook as one self-contained page, through the template in `report/ctd`."""
    shown = [cell for cell in notebook.cells if not HIDDEN & {*cell.metadata.get("tags", ())}]
    with _one_at_a_time:
        body, _ = _exporter().from_notebook_node(type(notebook)(notebook, cells=shown), resources={"ctd": ctd})
    body = re.sub(r'<a href="([^"]+)">(.*?)</a>', lambda link: link[2] if link[1] in ctd["absent"] else link[0], body)
    return without_commands(re.sub(r"\n\s*\n+", "\n", body))


_one_at_a_time = threading.Lock()


def load() -> None:
    """What turns a notebook into a page, loaded ahead."""
    with _one_at_a_time:
        _exporter()


@cache
def _exporter():
    """nbconvert's exporter for our template; not its HTMLExporter, which parses every finished page once more."""
    from nbconvert import TemplateExporter, __version__
    from traitlets.config import Config
    config = Config()
    config.TemplateExporter.default_preprocessors = []      # no code to style; each would have the notebook checked once more
    exporter = TemplateExporter(config=config, template_name="ctd", template_file="index.html.j2",
                                extra_template_basedirs=[str(markup.REPORT)])
    exporter.environment.bytecode_cache = markup.Compiled(f"nbconvert-{__version__}")
    return exporter
