"""Kernel processes: each used by one thread, kept from notebook to notebook, ended at once when done with.

Only jupyter_client is loaded here: kernels may begin before anything larger is, for starting one takes longer than a notebook.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import TimeoutExpired  # noqa: S404 - raised by a kernel's process

from jupyter_core.utils import run_sync
from traitlets.config import Config

#: Where kernels start, before a notebook's folder is known: what lies in the caller's own folder is not imported.
HOME = str(Path(__file__).parent.parent)
GONE = 2.0              # seconds within which a killed process is gone
#: Kernels warn on standard error when they talk over bare TCP; the manager then hands them keys instead.
ENCRYPTED = Config({"KernelManager": {"transport_encryption": "auto"}})
#: What a kernel is started with: no history on the disk, and the notebooks' libraries loaded ahead.
ARGUMENTS = ["--HistoryManager.hist_file=:memory:",
             "--IPKernelApp.code_to_run=from ctd_analysis import fresh; fresh.load_ahead()"]

_mine = threading.local()
_everyones: set[Kernel] = set()
_begun: list[Kernel] = []
_stopping = threading.Event()


class Kernel:
    """A kernel with its manager; `last`, nbclient's client of its last notebook; and `talker`, the connection it hands on."""

    def __init__(self, manager=None):
        self.manager, self.talker, self.last, self.notebooks = manager, None, None, 0
        _everyones.add(self)

    def close(self) -> None:
        """End the kernel at once, from the thread that used it."""
        _everyones.discard(self)
        _kill([self])           # the manager's own way looks every tenth of a second whether it has gone
        if self.last is not None and self.last.km is not None:
            self.last._cleanup_kernel()
        elif self.manager is not None:
            run_sync(self.manager.shutdown_kernel)(now=True)

    @property
    def process(self):
        """The kernel's process, or None."""
        return getattr(getattr(self.manager, "provisioner", None), "process", None)


@contextmanager
def begun(count: int) -> Iterator[None]:
    """So many kernels are started now, for the threads that will ask for one; those nobody asked for end with the block."""
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import NATIVE_KERNEL_NAME

    async def start():
        for _ in range(count):
            manager = AsyncKernelManager(kernel_name=NATIVE_KERNEL_NAME, config=ENCRYPTED)
            kernel = Kernel(manager)        # known to `stop` before it runs
            await manager.start_kernel(extra_arguments=list(ARGUMENTS), cwd=HOME, env=environment())
            _begun.append(kernel)

    try:
        with suppress(Exception):           # the threads start their own then, and tell what hinders
            run_sync(start)()
        yield
    finally:
        while kernel := _next_begun():
            with suppress(Exception):
                kernel.close()


def _next_begun() -> Kernel | None:
    try:
        return _begun.pop()
    except IndexError:
        return None


def mine() -> Kernel:
    """This thread's kernel: the one it has, one that has begun, or one still to be started."""
    go_on()
    if getattr(_mine, "kernel", None) is None:
        _mine.kernel = _next_begun() or Kernel()
    return _mine.kernel


def environment() -> dict[str, str]:
    """A kernel's environment: ours, and this very library on its path, installed or not."""
    paths = [HOME, os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def go_on() -> None:
    """InterruptedError once all is to stop."""
    if _stopping.is_set():
        raise InterruptedError("đã dừng theo yêu cầu")


def close() -> None:
    """End this thread's kernel, if it has one."""
    kernel, _mine.kernel = getattr(_mine, "kernel", None), None
    if kernel:
        kernel.close()


def stop() -> None:
    """End every kernel at once, whatever it is doing; no new one is used after that, until `start_over`."""
    _stopping.set()
    _kill(list(_everyones))


def start_over() -> None:
    """Kernels may be used again."""
    _stopping.clear()


def _kill(kernels: list[Kernel]) -> None:
    """End processes, from any thread: all are told before the first is waited for."""
    processes = [kernel.process for kernel in kernels if kernel.process is not None]
    for process in processes:
        with suppress(OSError):
            process.kill()
    for process in processes:
        with suppress(OSError, TimeoutExpired):
            process.wait(GONE)
