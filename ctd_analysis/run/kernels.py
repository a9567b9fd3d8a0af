"""Kernel processes: each used by one thread, kept from notebook to notebook, ended at once when done with."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress
from queue import Empty
from subprocess import TimeoutExpired  # noqa: S404 - raised by a kernel's process
from uuid import uuid4

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_client.provisioning import LocalProvisioner
from jupyter_core.paths import jupyter_path
from jupyter_core.utils import run_sync
from traitlets import Type
from zmq import RCVHWM, RECONNECT_IVL

from . import ahead

READY = 60.0            # seconds a kernel may take until it answers
ANSWER = 1.0            # seconds until it is asked again
AGAIN = 10              # milliseconds between two tries to connect to a kernel that is not there yet; by itself 100
GONE = 2.0              # seconds within which a killed process is gone
LAUNCHER = "ipykernel_launcher"
#: No history is kept, and no rest of half a millisecond taken after each cell.
SET = ("--HistoryManager.enabled=False", "--Kernel._execute_sleep=0")

_mine = threading.local()
_everyones: set[Kernel] = set()
_stopping = threading.Event()


class NoKernel(Exception):
    """A kernel did not start (a port taken, a file half written), or died; the message says so in Vietnamese."""


class _Provisioner(LocalProvisioner):
    """ipykernel with the notebooks' libraries (`ahead`); a kernel of another kind as the user has set it up."""

    async def launch_kernel(self, cmd, **options):
        """jupyter_client's extension point; `cmd` is what a new process would be started with."""
        go_on()
        if cmd[0] == sys.executable and LAUNCHER in cmd:
            at = cmd.index(LAUNCHER)
            self.process = ahead.take(cmd[at + 1:], options["env"])
            if self.process is not None:
                self.pid = self.pgid = self.process.pid
                return self.connection_info
            cmd = [*cmd[:at], ahead.__name__, *cmd[at + 1:]]
        return await super().launch_kernel(cmd, **options | {"stdout": ahead.aside(), "stderr": ahead.aside()})


class _Channel(AsyncZMQSocketChannel):
    """Takes messages as they come; jupyter_client's own first waits until there is one, then takes it."""

    async def get_msg(self, timeout=None):
        """jupyter_client's extension point: the next message; Empty where none has come after so many seconds."""
        return await (self._recv() if timeout is None else super().get_msg(timeout))


class _Client(AsyncKernelClient):
    """A connection, ready once both channels have answered; jupyter_client's own then waits a fifth of a second more."""

    iopub_channel_class = shell_channel_class = Type(_Channel)
    language: dict = {}     # what the kernel says of its language, as notebooks keep it

    async def wait_for_ready(self, timeout=None):
        """RuntimeError where the kernel has died, or does not answer in time."""
        end = time.monotonic() + (timeout or READY)
        while time.monotonic() < end:
            asked = self.kernel_info()
            with suppress(Empty):
                while (reply := await self.get_shell_msg(timeout=ANSWER))["parent_header"].get("msg_id") != asked:
                    pass
                self.language = reply["content"]["language_info"]
                while not _says_idle(await self.get_iopub_msg(timeout=ANSWER / 50), asked):
                    pass
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before it was ready")
        raise RuntimeError("Kernel did not answer in time")


def _says_idle(message: dict, asked: str) -> bool:
    return message["parent_header"].get("msg_id") == asked and message["content"].get("execution_state") == "idle"


class Kernel:
    """A kernel with its manager, the connection to it, and the number of notebooks it has run."""

    def __init__(self):
        # by themselves, specs are sought in a folder of IPython's too, and all of IPython loads to name it; kernels warn on
        # standard error when they talk over bare TCP: the manager hands them keys
        self.manager = AsyncKernelManager(
            kernel_name=NATIVE_KERNEL_NAME, kernel_id=str(uuid4()), transport_encryption="auto", client_factory=_Client,
            kernel_spec_manager=KernelSpecManager(kernel_dirs=jupyter_path("kernels")))
        self.manager.provisioner = _Provisioner(kernel_id=self.manager.kernel_id, kernel_spec=self.manager.kernel_spec,
                                                parent=self.manager)
        self.client, self.notebooks = None, 0
        _everyones.add(self)            # known to `stop` before it runs

    async def start(self) -> None:
        """Start the process and connect to it, from the thread that will use it."""
        await self.manager.start_kernel(extra_arguments=[*SET], cwd=ahead.HOME, env=ahead.environment())
        self.client = self.manager.client()
        self.client.context.setsockopt(RECONNECT_IVL, AGAIN)
        self.client.context.setsockopt(RCVHWM, 0)       # by itself what comes after a thousand messages is dropped in silence
        self.client.start_channels(stdin=False, hb=False)
        await self.client.wait_for_ready()

    async def close(self) -> None:
        """End the kernel at once, from the thread that used it."""
        _everyones.discard(self)
        _kill([self])                   # the manager's own way looks every tenth of a second whether it has gone
        await self.manager.shutdown_kernel(now=True)
        if self.client is not None:
            self.client.stop_channels()

    @property
    def process(self):
        """The kernel's process, or None."""
        return getattr(self.manager.provisioner, "process", None)

    @property
    def has_ended(self) -> bool:
        """Was it ended meanwhile, by `stop` or by the system?"""
        return self.process is None or self.process.poll() is not None


def mine() -> Kernel:
    """This thread's kernel, started if it has none; NoKernel where it did not start, InterruptedError once all is to stop."""
    go_on()
    if getattr(_mine, "kernel", None) and _mine.kernel.has_ended:
        close()
    if getattr(_mine, "kernel", None) is None:
        _mine.kernel = Kernel()
        try:
            run_sync(_mine.kernel.start)()
        except Exception as error:
            close()
            go_on()
            why = "; ".join(filter(None, (f"{type(error).__name__}: {error}", ahead.last_said())))
            raise NoKernel(f"nhân tính toán (kernel) không chạy lên được ({why})") from error
        go_on()
    return _mine.kernel


def go_on() -> None:
    """InterruptedError once all is to stop."""
    if _stopping.is_set():
        raise InterruptedError("đã dừng theo yêu cầu")


def close() -> None:
    """End this thread's kernel, if it has one."""
    kernel, _mine.kernel = getattr(_mine, "kernel", None), None
    if kernel:
        run_sync(kernel.close)()


def stop() -> None:
    """End every kernel at once, whatever it is doing; no new one is used after that, until `start_over`."""
    _stopping.set()
    ahead.end()
    _kill(list(_everyones))
    for kernel in list(_everyones):
        kernel.manager.cleanup_connection_file()


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
