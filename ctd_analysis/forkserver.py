"""A process with the notebooks' libraries loaded, of which every kernel is a copy: libraries load once, not once a kernel.

On Linux only. Elsewhere a process is not safely copied, and `copy` raises OSError: kernels are then started anew.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, Popen, TimeoutExpired  # noqa: S404

#: Where kernels start, before a notebook's folder is known: what lies in the caller's own folder is not imported.
HOME = str(Path(__file__).parent.parent)
IS_POSSIBLE = sys.platform == "linux"
#: As ipykernel sets it; matplotlib reads it while it loads.
BACKEND = "module://matplotlib_inline.backend_inline"

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
            self.process = Popen(command, pass_fds=[theirs.fileno()], cwd=HOME, env=environment(),  # noqa: S603 - ourselves
                                 stdin=DEVNULL, start_new_session=True)
        with ours:
            self.line = ours.makefile("rw", encoding="utf-8")

    def copy(self, **request) -> Copy:
        """One more kernel; OSError where that does not succeed."""
        self.line.write(json.dumps(request) + "\n")
        self.line.flush()
        answer = self.line.readline().strip()
        if not answer:
            raise OSError("no copy of the process was made")
        return Copy(int(answer))

    def end(self) -> None:
        """End the process, whatever it is doing; its copies notice and follow."""
        self.process.kill()
        self.process.wait()
        with suppress(OSError):
            self.line.close()


def start() -> None:
    """Let the libraries begin to load, in a process of their own, if none has begun to and one can be had."""
    global _server
    if IS_POSSIBLE and _server is None:
        with suppress(OSError):
            _server = Server()


def copy(arguments: list[str], folder: str, environment: dict[str, str]) -> Copy:
    """A kernel with ipykernel's `arguments`, at work in `folder`; OSError where none is to be had."""
    with _one_at_a_time:
        start()
        if _server is None:
            raise OSError("no process to copy")
        try:
            return _server.copy(arguments=arguments, folder=folder, environment=environment)
        except OSError:
            end()
            raise


def end() -> None:
    """End the process that is copied, if there is one; from any thread."""
    global _server
    server, _server = _server, None
    if server is not None:
        server.end()


# ---------------------------------------------------------------- the side that is copied

def serve(connection: socket.socket) -> None:
    """Load, then answer each request, a line of JSON, with the number of a copy; end when the asking side does."""
    os.environ.setdefault("MPLBACKEND", BACKEND)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # only a process without threads is safely copied
    os.environ["JPY_PARENT_PID"] = str(os.getpid())     # read while ipykernel loads: its kernels end when this process does
    sys.modules["debugpy"] = None       # a tenth of a second a kernel, for a debugger that nobody can reach
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        _load()
    except Exception:                   # a kernel started anew meets the same, and its page tells
        os._exit(1)
    gc.freeze()                         # what is never looked through is never written to, and stays one copy in memory
    try:
        request = _next_as_copy(connection)
    except OSError:                     # the asking side has been killed
        request = None
    if request is None:
        os._exit(0)
    _become_kernel(**json.loads(request))


def _load() -> None:
    import ipykernel.ipkernel
    import ipykernel.kernelapp  # noqa: F401 - both for the copies

    from . import fresh
    fresh.load()


def _next_as_copy(connection: socket.socket) -> str | None:
    """In a copy, the request it was made for; None in the process itself, once nobody asks any more."""
    with connection, connection.makefile("rw", encoding="utf-8") as line:
        for request in line:
            pid = _fork()
            if pid == 0:
                return request
            line.write(f"{pid or ''}\n")
            line.flush()
    return None


def _fork() -> int | None:
    try:
        return os.fork()
    except OSError:                     # no memory, too many processes
        return None


def _become_kernel(arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    """What a new process would have: a session, signals, folder and environment of its own."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["ipykernel_launcher", *arguments]
    from ipykernel.kernelapp import launch_new_instance
    launch_new_instance()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
