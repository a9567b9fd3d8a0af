"""A papermill engine that keeps its kernel: starting one costs more than running a notebook.

Each worker thread has a kernel of its own (`kernels`). Between notebooks `fresh` brings it back to how it was; a kernel in
which a notebook failed or was cut off is thrown away; one is renewed after `RENEW` notebooks.
"""

from __future__ import annotations

import time
from logging import NullHandler
from pathlib import Path

from nbformat import from_dict
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.log import logger

from . import fresh, kernels

logger.addHandler(NullHandler())        # it says in English what we tell: for `--verbose` alone, not by itself on the terminal

NAME = "ctd-warm"
RENEW = 100             # notebooks a kernel runs before it is renewed


class WarmEngine(Engine):
    """Runs each notebook in this thread's kernel, started by the first."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, input_path=".", execution_timeout=None,
                                 failed=None, reading=None, **_):
        """papermill's extension point: run the cells of `nb_man.nb`, keep the kernel if all went well.

        The kernel works in the notebook's folder. (papermill's own `cwd` moves the whole process there, every thread of it.)
        `execution_timeout` is for the notebook as a whole; `failed` is where it goes as far as it ran, `reading` names the file
        with the year it shows (`handed`).
        """
        sound = False
        try:
            folder, until = str(Path(input_path).resolve().parent), _until(execution_timeout)
            while not _is_made_ready(client := _client(nb_man, until), folder, reading):
                kernels.close()         # a new one has nothing at work
            kernel = kernels.mine()
            kernel.notebooks += 1
            client.reset_execution_trackers()
            client.papermill_execute_cells()
            client.nb.metadata["language_info"] = from_dict(kernel.client.language)
            client.set_widgets_metadata()
            sound = not any(c.metadata.get("papermill", {}).get("exception") for c in client.nb.cells)
        finally:
            if not sound:
                nb_man.output_path = failed
                nb_man.save()
            if not sound or kernel.notebooks >= RENEW:
                kernels.close()
        return client.nb


def _until(seconds: float | None):
    """For nbclient's time limit a cell: what is left of the whole notebook's, at least a moment."""
    if seconds is None:
        return None
    end = time.monotonic() + seconds
    return lambda _: max(end - time.monotonic(), 0.1)


def _client(nb_man, until) -> PapermillNotebookClient:
    """papermill's, over this thread's kernel; NoKernel."""
    kernel = kernels.mine()
    client = PapermillNotebookClient(nb_man, km=kernel.manager, log=logger, timeout_func=until, record_timing=False)
    client.kc = kernel.client
    return client


def _is_made_ready(client, folder: str, reading: str | None) -> bool:
    """Let `fresh` make the kernel ready for a notebook, leaving no trace in it; not one where something is still at work."""
    call = f"from ctd_analysis.run import fresh; fresh.make_ready(get_ipython(), {folder!r}, {reading!r})"
    reply = client.wait_for_reply(client.kc.execute(call, silent=True, store_history=False))
    if reply["content"]["status"] != "ok" and reply["content"].get("ename") != fresh.StillAtWork.__name__:
        raise RuntimeError(f"kernel: {reply['content'].get('evalue')}")
    return reply["content"]["status"] == "ok"


papermill_engines.register(NAME, WarmEngine)
