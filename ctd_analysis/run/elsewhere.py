"""Pages made on other machines that share no disk with this one; Dask carries what they are made from there, and the page back.

With a page's task travel the notebook, as it lies here, and the year as it was read (`handed`): by its digest, so that a worker
gets it once. The page is written here. A worker keeps its kernels from page to page as long as the run holds its `Lease`; a
page whose worker dies is begun again on another.
"""

from __future__ import annotations

import gc
import hashlib
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

from ..files import digest
from . import ahead
from .ledger import made_with, own_files
from .render import Done, Made, Task, make, write
from .room import CannotRun

SCHEDULER_TIMEOUT = 10  # seconds to wait for a Dask scheduler's answer
LOOK_UP = 0.5           # seconds between two looks whether there is a worker at all
ALONE = 60              # looks without one, after which no page is waited for any more


def dask_client(address: str):
    """A client of the Dask scheduler at `address` (tcp://host:port) whose workers have what we have; else `CannotRun`."""
    try:
        from distributed import Client
    except ImportError:
        raise CannotRun("--scheduler cần gói phụ: pip install 'ctd-analysis[distributed]'") from None
    try:
        with warnings.catch_warnings(action="ignore"):          # of versions; those that count are looked at here
            client = Client(address, timeout=SCHEDULER_TIMEOUT)
    except (OSError, ValueError) as error:
        raise CannotRun(f"không gặp được bộ điều phối Dask ở “{address}” ({type(error).__name__})") from None
    try:
        client.wait_for_workers(1, timeout=SCHEDULER_TIMEOUT)
        unfit = [said for place, there in client.run(versions, on_error="return").items() if (said := unfitness(place, there))]
    except OSError:
        client.close()
        raise CannotRun(f"bộ điều phối Dask ở “{address}” không có máy tính toán nào") from None
    if unfit:
        client.close()
        raise CannotRun("; ".join(sorted(unfit)) + "; cài cho giống nhau, hoặc tắt máy ấy, rồi chạy lại")
    return client


def versions() -> dict[str, str]:
    """What a page and its data depend on, by name: this library to its last line, Python, packages."""
    return {**made_with(), "pandas": version("pandas"), "mã nguồn ctd-analysis": digest(own_files())}


def unfitness(place: str, there) -> str:
    """Why the worker at `place` may make no page of ours; empty where it may. `there` is its `versions`, or its failure."""
    if isinstance(there, Exception):
        return f"máy tính toán {place} không có ctd-analysis như ở đây ({type(there).__name__})"
    other = [f"{name} {there.get(name, 'không có')} (ở đây {here})" for name, here in versions().items()
             if there.get(name) != here]
    return f"máy tính toán {place} có bản khác: {', '.join(other)}" if other else ""


class Lease:
    """Lies on each worker that makes pages of a run; its kernels end when the last one there is let go of.

    Dask brings it with the first page and takes it away with the run, whether that ends, is stopped or is killed.
    """
    _held, _lock = 0, threading.RLock()

    def __init__(self):
        from . import kernels
        with Lease._lock:
            if not Lease._held:
                kernels.start_over()
                ahead.begin(1)          # while this worker loads what notebooks are run with
            Lease._held += 1

    def __reduce__(self):
        return Lease, ()

    def __del__(self):
        from . import kernels
        with Lease._lock:
            Lease._held -= 1
            if not Lease._held:
                kernels.stop()


def make_there(task: Task, reading: bytes, lease: Lease, asked: dict[str, str]) -> Made:
    """On a worker: make a page, unless the worker came late and has other versions than those `asked` for."""
    if asked != versions():
        return Made(("một máy tính toán mới vào có bản khác của thư viện, không dùng",), is_ours=True)
    made = make(replace(task, reading=reading))
    if made.reasons:
        gc.collect()            # what failed holds on to all that it was called with, the lease too
    return made


def run_on(client, tasks: list[Task]) -> Iterator[Done]:
    """Every task's outcome as it comes, made on the client's workers and written here."""
    lease, asked, run = client.submit(Lease, key=f"ctd-lease-{uuid4()}"), versions(), uuid4()
    waiting = {}
    for task in tasks:
        reading = client.submit(bytes, task.reading, key=f"ctd-reading-{hashlib.sha256(task.reading).hexdigest()}")
        bare = replace(task, reading=b"", source=Path(task.notebook).read_bytes())
        waiting[client.submit(make_there, bare, reading, lease, asked, key=f"ctd-page-{task.name}-{run}")] = task
    looks = 0
    while waiting:
        finished = _finished(client, list(waiting))
        looks = 0 if finished or _has_workers(client) else looks + 1
        if looks == ALONE:
            client.cancel(list(waiting))
            finished = list(waiting)
        for future in finished:
            yield outcome(future, waiting.pop(future))
    lease.release()


def _finished(client, futures: list) -> list:
    """Those that are done, after a moment at the most."""
    from distributed import wait
    with suppress(OSError, CancelledError):         # nothing yet; a scheduler that is gone
        wait(futures, LOOK_UP, "FIRST_COMPLETED")
    return [future for future in futures if future.done()]


def _has_workers(client) -> bool:
    try:
        return bool(client.scheduler_info()["workers"])
    except (OSError, ValueError, KeyError):
        return False


def outcome(future, task: Task) -> Done:
    """What became of a task elsewhere; a worker or a scheduler that has gone costs its pages, and nothing else."""
    try:
        made = future.result()
    except (Exception, CancelledError) as error:
        return Done(task.name, (f"cụm Dask không làm xong trang ({type(error).__name__})",), 0.0, is_ours=True)
    return write(task, made)
