"""The limits of a process that opens what strangers made: little memory, so much work a file, an end with its caller."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

MEMORY = 480_000_000    # bytes
SECONDS = 4.0           # of processor time a file may take (a busy machine refuses nothing); a submission takes a hundredth
#: For the environment of such a process: its C library keeps much address space aside for each thread, which MEMORY counts.
ONE_ARENA = {"MALLOC_ARENA_MAX": "1"}


def confine() -> None:
    """Limit the memory of this process, and let it end with its caller; nothing more may come from standard input."""
    try:
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):      # no such limit on this system: work alone is limited
        pass
    threading.stack_size(256 * 1024)
    threading.Thread(target=_end_with_caller, daemon=True).start()


def _end_with_caller() -> None:
    """The caller's end of the line closes when it ends, however that happens."""
    os.read(0, 1)
    os._exit(1)


def count_work(done: threading.Event, spent: Callable[[], None]) -> None:
    """Once SECONDS of processor time have gone from now, and `done` is not set, `spent` is called and the process ends."""
    threading.Thread(target=_count, args=(time.process_time() + SECONDS, done, spent), daemon=True).start()


def _count(limit: float, done: threading.Event, spent: Callable[[], None]) -> None:
    while not done.wait(max(limit - time.process_time(), 0.01)):
        if time.process_time() >= limit:
            spent()
            os._exit(1)
