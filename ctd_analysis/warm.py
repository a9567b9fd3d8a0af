"""A papermill engine that keeps its kernel: starting one costs more than running a notebook.

Each worker thread has a kernel of its own. Between notebooks `fresh` brings it back to how it was; a kernel in which a notebook
failed or was cut off is thrown away; one is renewed after `RENEW` notebooks.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.log import logger
from traitlets.config import Config

NAME = "ctd-warm"
RENEW = 50              # notebooks a kernel runs before it is renewed
#: Kernels warn on standard error when they talk over bare TCP; the manager then hands them keys instead.
ENCRYPTED = Config({"KernelManager": {"transport_encryption": "auto"}})

_mine = threading.local()
_everyones: set[_Kernel] = set()
_stopping = threading.Event()


class _Kernel:
    """A kernel and the client that talks to it from one thread."""

    def __init__(self):
        self.manager = self.talker = self.last = None
        self.notebooks = 0

    def close(self) -> None:
        """End the kernel at once, from its own thread."""
        _everyones.discard(self)
        if self.last is not None and self.last.km is not None:
            self.last._cleanup_kernel()

    def kill(self) -> None:
        """End the kernel's process, from any thread."""
        process = getattr(getattr(self.manager, "provisioner", None), "process", None)
        if process is not None:
            with suppress(OSError):
                os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))


class WarmEngine(Engine):
    """Runs each notebook in this thread's kernel, started by the first."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, input_path=".", execution_timeout=None, start_timeout=60, **_):
        """papermill's extension point: run the cells of `nb_man.nb`, keep the kernel if all went well.

        The kernel works in the notebook's folder. (papermill's own `cwd` moves the whole process there, every thread of it.)
        `execution_timeout` is for the notebook as a whole.
        """
        _go_on()
        kernel = getattr(_mine, "kernel", None) or _new()
        client = PapermillNotebookClient(nb_man, km=kernel.manager, kernel_name=kernel_name, startup_timeout=start_timeout,
                                         log=logger, config=ENCRYPTED, shutdown_kernel="immediate",
                                         timeout_func=_until(execution_timeout))
        kernel.last = client
        sound = False
        kept, nb_man.output_path = nb_man.output_path, None     # papermill would write the file twice a cell; once is enough
        try:
            client.kc = kernel.talker
            client.km = kernel.manager = kernel.manager or client.create_kernel_manager()
            with client.setup_kernel(cleanup_kc=False, cwd=str(Path(input_path).resolve().parent), env=_environment()):
                kernel.talker = client.kc
                _go_on()
                _say(client, "fresh.again(get_ipython())" if kernel.notebooks else "fresh.remember()")
                kernel.notebooks += 1
                client.reset_execution_trackers()
                client.papermill_execute_cells()
                client.nb.metadata["language_info"] = client.wait_for_reply(client.kc.kernel_info())["content"]["language_info"]
                client.set_widgets_metadata()
            sound = not any(c.metadata.get("papermill", {}).get("exception") for c in client.nb.cells)
        finally:
            nb_man.output_path = kept
            if not sound:
                nb_man.save()
            if not sound or kernel.notebooks >= RENEW:
                close()
        return client.nb


def _go_on() -> None:
    """Nothing is begun once all is to stop."""
    if _stopping.is_set():
        raise InterruptedError("đã dừng theo yêu cầu")


def _environment() -> dict[str, str]:
    """A kernel's environment: ours, and this very library on its path, installed or not."""
    paths = [str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _until(seconds: float | None):
    """For nbclient's time limit a cell: what is left of the whole notebook's, at least a moment."""
    if seconds is None:
        return None
    end = time.monotonic() + seconds
    return lambda _: max(end - time.monotonic(), 0.1)


def _say(client, call: str) -> None:
    """Call `fresh` in the kernel, leaving no trace in the notebook."""
    asked = client.kc.execute(f"from ctd_analysis import fresh; {call}", silent=True, store_history=False)
    reply = client.wait_for_reply(asked)
    if reply["content"]["status"] != "ok":
        raise RuntimeError(f"kernel: {reply['content'].get('evalue')}")


def _new() -> _Kernel:
    _mine.kernel = _Kernel()
    _everyones.add(_mine.kernel)
    return _mine.kernel


def close() -> None:
    """End this thread's kernel, if it has one."""
    kernel, _mine.kernel = getattr(_mine, "kernel", None), None
    if kernel:
        kernel.close()


def stop() -> None:
    """End every kernel at once, whatever it is doing; no new one is used after that."""
    _stopping.set()
    for kernel in list(_everyones):
        kernel.kill()


papermill_engines.register(NAME, WarmEngine)
