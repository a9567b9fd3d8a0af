"""A process with the notebooks' libraries loaded, of which every kernel is a copy: libraries load once, not once a kernel.

On Linux only: elsewhere a process is not safely copied. Where `copy` raises OSError, for this or any other reason, a kernel is
started anew.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import select
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from subprocess import (
    DEVNULL,  # noqa: S404
    Popen,  # noqa: S404
    TimeoutExpired,  # noqa: S404
)

#: Where kernels start, before a notebook's folder is known: what lies in the caller's own folder is not imported.
HOME = str(Path(__file__).parent.parent.parent)
#: Some builds of Python for Linux come without the system's handles.
IS_POSSIBLE = sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(signal, "pidfd_send_signal")
LOADED = 60.0           # seconds the libraries may take
DIE_WITH_PARENT = 1     # Linux's PR_SET_PDEATHSIG
#: One thread a library, for a process with more is not safely copied; and ipykernel's backend, which matplotlib reads.
LOADS_WITH = {**dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
              "MPLBACKEND": "module://matplotlib_inline.backend_inline"}

_server: Server | None = None
_one_at_a_time = threading.Lock()


def environment() -> dict[str, str]:
    """A kernel's environment: ours, and this very library on its path, installed or not."""
    paths = [HOME, os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


# ---------------------------------------------------------------- the side that asks

class Copy:
    """A copied process as `subprocess.Popen` would show it; it is no child of ours, so the system's handle stands for it."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int):
        self.pid, self._handle = pid, os.pidfd_open(pid)

    def __del__(self):
        with suppress(AttributeError, OSError):     # no handle where the process was already gone
            os.close(self._handle)

    def poll(self) -> int | None:
        """None while it runs; how it ended is its parent's to know."""
        return 0 if self._has_ended(0) else None

    def wait(self, timeout: float | None = None) -> int:
        """Until it has ended; TimeoutExpired after so many seconds."""
        if not self._has_ended(timeout):
            raise TimeoutExpired("kernel", timeout)
        return 0

    def _has_ended(self, seconds: float | None) -> bool:
        ended = select.poll()
        ended.register(self._handle, select.POLLIN)
        return bool(ended.poll(None if seconds is None else seconds * 1000))

    def send_signal(self, number: int) -> None:
        """Nothing where it has ended."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Server:
    """The process that is copied, and the line to it."""

    def __init__(self):
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", __name__, str(theirs.fileno())]
            self.process = Popen(command, pass_fds=[theirs.fileno()], cwd=HOME, env=environment() | LOADS_WITH,  # noqa: S603
                                 stdin=DEVNULL, start_new_session=True)
        with ours:
            ours.settimeout(LOADED)
            self.line = ours.makefile("rw", encoding="utf-8")

    def ask(self, **request) -> int:
        """The number of a new copy, -1 where none could be made just now; OSError where the process is gone or too slow."""
        try:
            self.line.write(json.dumps(request) + "\n")
            self.line.flush()
            return int(self.line.readline())
        except ValueError:                  # nothing came, or the line was closed meanwhile
            raise ConnectionResetError("the process has ended") from None

    def end(self) -> None:
        """End the process, whatever it is doing, and with it its copies."""
        self.process.kill()
        self.process.wait()
        with suppress(OSError):
            self.line.close()


def start() -> None:
    """Let the libraries begin to load, in a process of their own, if none has begun to and one can be had."""
    global _server
    with _one_at_a_time:
        if IS_POSSIBLE and _server is None:
            with suppress(OSError):
                _server = Server()


def copy(arguments: list[str], folder: str, environment: dict[str, str]) -> Copy:
    """A kernel with ipykernel's `arguments`, at work in `folder`; OSError where none is to be had."""
    with _one_at_a_time:
        server = _server
        if server is None:
            raise OSError("there is no process to copy")
        try:
            number = server.ask(arguments=arguments, folder=folder, environment=environment)
        except BaseException:               # an answer still on its way would be taken for the next one
            end()
            raise
    if number < 0:
        raise OSError("the process could not be copied")
    return Copy(number)


def end() -> None:
    """End the process that is copied, if there is one; from any thread. Only `start` begins another."""
    global _server
    server, _server = _server, None
    if server is not None:
        server.end()


# ---------------------------------------------------------------- the side that is copied

def serve(connection: socket.socket) -> None:
    """Load, then answer each request, a line of JSON, with the number of a copy; end when the asking side does."""
    os.environ["JPY_PARENT_PID"] = str(os.getpid())     # ipykernel reads it while it loads
    sys.modules["debugpy"] = None       # a tenth of a second a kernel, for a debugger that nobody can reach
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            _load()
        request = _next_as_copy(connection)
    except Exception:                   # a kernel started anew meets the same and its page tells, or nobody asks any more
        request = None
    if request is None:
        os._exit(0)
    _become_kernel(**json.loads(request))


def _load() -> None:
    import ipykernel.ipkernel
    import ipykernel.kernelapp  # noqa: F401 - both for the copies

    from . import fresh
    fresh.load()
    gc.freeze()                         # what is never looked through is never written to, and stays one copy in memory
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def _next_as_copy(connection: socket.socket) -> str | None:
    """In a copy, the request it was made for; None in the process itself, once nobody asks any more."""
    with connection, connection.makefile("rw", encoding="utf-8") as line:
        for request in line:
            pid = _fork()
            if pid == 0:
                return request
            line.write(f"{pid}\n")
            line.flush()
    return None


def _fork() -> int:
    """As `os.fork`, with 0 in the copy; -1 where none could be made. A copy ends with the process it was made from."""
    from ctypes import CDLL
    parent = os.getpid()
    try:
        pid = os.fork()
    except OSError:                     # no memory, too many processes
        return -1
    if pid == 0:
        CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:      # gone before that was said
            os._exit(1)
    return pid


def _become_kernel(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    """A session, signals, folder, environment and clock as a process started anew would have them."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = ["ipykernel_launcher", *arguments]
    from ipykernel.kernelapp import launch_new_instance
    launch_new_instance()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
