"""A papermill engine that keeps its kernel: starting one costs more than running a notebook.

Each worker thread has a kernel of its own. Between notebooks `fresh` brings it back to how it was; a kernel in which a notebook
failed or was cut off is thrown away; one is renewed after `RENEW` notebooks.
"""

from __future__ import annotations

import threading
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


class _Kernel:
    """A kernel and the client that talks to it from one thread."""

    def __init__(self):
        self.manager = self.talker = self.last = None
        self.notebooks = 0

    def close(self) -> None:
        """End the kernel at once."""
        if self.last is not None and self.last.km is not None:
            self.last._cleanup_kernel()


class WarmEngine(Engine):
    """Runs each notebook in this thread's kernel, started by the first."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, input_path=".", execution_timeout=None, start_timeout=60, **_):
        """papermill's extension point: run the cells of `nb_man.nb`, keep the kernel if all went well.

        The kernel works in the notebook's folder. (papermill's own `cwd` moves the whole process there, every thread of it.)
        """
        kernel = getattr(_mine, "kernel", None) or _start()
        client = PapermillNotebookClient(nb_man, km=kernel.manager, kernel_name=kernel_name, timeout=execution_timeout,
                                         startup_timeout=start_timeout, log=logger, config=ENCRYPTED,
                                         shutdown_kernel="immediate")
        client.kc, kernel.last = kernel.talker, client
        sound = False
        try:
            with client.setup_kernel(cleanup_kc=False, cwd=str(Path(input_path).resolve().parent)):
                kernel.manager, kernel.talker = client.km, client.kc
                _say(client, "from ctd_analysis import fresh; fresh.remember()" if not kernel.notebooks else
                     "from ctd_analysis import fresh; fresh.again(get_ipython())")
                client.reset_execution_trackers()
                client.papermill_execute_cells()
                client.nb.metadata["language_info"] = client.wait_for_reply(client.kc.kernel_info())["content"]["language_info"]
                client.set_widgets_metadata()
            kernel.notebooks += 1
            sound = not any(c.metadata.get("papermill", {}).get("exception") for c in client.nb.cells)
        finally:
            if not sound or kernel.notebooks >= RENEW:
                close()
        return client.nb


def _say(client, code: str) -> None:
    """Run a line of ours in the kernel, leaving no trace in the notebook."""
    reply = client.wait_for_reply(client.kc.execute(code, silent=True, store_history=False))
    if reply["content"]["status"] != "ok":
        raise RuntimeError(f"kernel: {reply['content'].get('evalue')}")


def _start() -> _Kernel:
    _mine.kernel = _Kernel()
    return _mine.kernel


def close() -> None:
    """End this thread's kernel, if it has one."""
    kernel, _mine.kernel = getattr(_mine, "kernel", None), None
    if kernel:
        kernel.close()


papermill_engines.register(NAME, WarmEngine)
