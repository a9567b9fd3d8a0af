"""Kernels that load the notebooks' libraries before it is known what they are for: while the command itself still loads.

Each is a process of its own that waits on its standard input for the arguments ipykernel would have been started with, and ends
where that is closed: nothing outlives the command.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import threading
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path
from subprocess import PIPE, Popen  # noqa: S404

#: Where kernels start, before a notebook's folder is known: what lies in the caller's own folder is not imported.
HOME = str(Path(__file__).parent.parent.parent)
#: On Windows a kernel knows its parent by a handle that jupyter_client makes: there none starts ahead.
IS_POSSIBLE = os.name == "posix"
#: Read by libraries as they load: no matrix needs a thread a core in each process; drawings go where ipykernel wants them.
LOADS_WITH = {**dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
              "MPLBACKEND": "module://matplotlib_inline.backend_inline"}

LONGEST = 500           # bytes of what kernels say that are kept

_waiting: list[Popen] = []
_heard = bytearray()


def environment() -> dict[str, str]:
    """A kernel's environment: ours, and this very library on its path, installed or not."""
    paths = [HOME, os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


@cache
def aside() -> int:
    """Where all kernels write what they say outside a notebook (a port taken, say): the terminal is the command's.

    The writing end of a pipe, read at once and for as long as the command runs; OSError where the system gives none.
    """
    heard, said = os.pipe()
    threading.Thread(target=_hear, args=(heard,), daemon=True).start()
    return said


def _hear(end: int) -> None:
    while some := os.read(end, 65536):
        _heard[:] = (_heard + some)[-LONGEST:]


def last_said() -> str:
    """The last line of it; empty where nothing was said."""
    return next((line.strip() for line in reversed(_heard.decode(errors="replace").split("\n")) if line.strip()), "")


def begin(number: int) -> None:
    """See to it that so many wait; fewer where the system gives no more."""
    with suppress(OSError):
        while IS_POSSIBLE and len(_waiting) < number:
            _waiting.append(Popen([sys.executable, "-m", __name__], stdin=PIPE, stdout=aside(), stderr=aside(),  # noqa: S603
                                  cwd=HOME, start_new_session=True, env=environment() | {"JPY_PARENT_PID": str(os.getpid())}))


def take(arguments: list[str], environment: dict[str, str]) -> Popen | None:
    """One that waited, now a kernel with ipykernel's `arguments`; None where none is to be had. From any thread."""
    with suppress(IndexError):
        while True:
            process = _waiting.pop(0)
            try:
                with process.stdin as line:
                    line.write(json.dumps([arguments, environment]).encode())
                return process
            except OSError:             # it has ended meanwhile
                process.kill()
                process.wait()
    return None


def end() -> None:
    """End those that wait, from any thread."""
    with suppress(IndexError):
        while True:
            process = _waiting.pop()
            process.kill()
            process.wait()
            process.stdin.close()


def main(arguments: list[str]) -> None:
    """The kernel: libraries, then, where no arguments were given, those that come; no debugger, for nobody could reach it."""
    from . import fresh
    os.environ.update({name: value for name, value in LOADS_WITH.items() if not os.environ.get(name)})
    with contextlib.redirect_stderr(io.StringIO()):
        with suppress(Exception):           # the notebook meets the same, and its page tells
            fresh.load()
        with fresh.without("debugpy"):
            import ipykernel.debugger  # noqa: F401
        from ipykernel.kernelapp import launch_new_instance
    if not arguments:
        told = sys.stdin.buffer.read()
        if not told:                        # nobody asks any more
            return
        arguments, environment = json.loads(told)
        os.environ.update(environment)
    sys.argv = ["ipykernel_launcher", *arguments]
    try:
        launch_new_instance()
    except Exception:
        traceback.print_exc()
        os._exit(1)             # Python's own way out waits for ever for sockets of which one could not be bound


if __name__ == "__main__":
    main(sys.argv[1:])
