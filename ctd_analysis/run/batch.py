"""Notebooks run side by side, each to one page (`render`).

A failure stays with its page: the others go on. An interruption leaves no kernel behind. What the pages are is `publish`'s.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue

from . import ahead, fresh
from .render import Done, Task, load, render

#: jsonschema loads a checker for each kind of text it finds a package for, the first of them a whole grammar of web addresses:
#: 1.3 seconds of work. No notebook holds such a text.
CHECKERS = ("rfc3987_syntax", "rfc3986_validator", "isoduration", "fqdn", "uri_template", "webcolors")
LOOK_UP = 0.2           # seconds between two looks for an interruption
LEAVE = 3.0             # seconds the workers get to leave after one; their kernels end with the process


@contextmanager
def run_all(tasks: list[Task], jobs: int) -> Iterator[Iterator[Done]]:
    """Every task's outcome as it comes, by `jobs` workers that each keep a warm kernel; they begin at once."""
    ahead.begin(min(jobs, len(tasks)))
    Aside(_load).finish()                   # before anything else wants the processor
    from . import kernels
    waiting, finished = deque(tasks), Queue()
    kernels.start_over()

    def work():
        try:
            while task := _first(waiting):
                finished.put(render(task))
        except BaseException as error:      # a fault of ours: told, not swallowed
            finished.put(error)
        finally:
            kernels.close()

    workers = [threading.Thread(target=work, daemon=True) for _ in range(min(jobs, len(tasks)))]
    patience = None
    try:
        for worker in workers:
            worker.start()
        threading.Thread(target=load, daemon=True).start()     # while the kernels start
        yield (_next(finished) for _ in tasks)
    except BaseException:                   # Ctrl-C, or the one who asked has gone away
        waiting.clear()
        kernels.stop()
        patience = LEAVE / len(workers)
        raise
    finally:
        for worker in workers:
            if worker.ident:
                worker.join(patience)
        ahead.end()


def _load() -> None:
    """papermill, with what it stands on."""
    with fresh.without(*CHECKERS):
        import jsonschema  # noqa: F401
    from . import warm  # noqa: F401


def _first(waiting: deque) -> Task | None:
    try:
        return waiting.popleft()
    except IndexError:                      # another worker took the last one
        return None


class Aside:
    """Calls one after another in a thread of their own; the main thread only waits, so no interruption meets it in an import.

    What follows a call that failed is still done; the first error is raised by `finish`.
    """

    def __init__(self, call, *arguments):
        self.waiting, self.errors = Queue(), []
        self.then(call, *arguments)
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def _work(self):
        for call, arguments in iter(self.waiting.get, None):
            try:
                call(*arguments)
            except BaseException as error:
                self.errors.append(error)

    def then(self, call, *arguments) -> None:
        """One more call, when those before it are done."""
        self.waiting.put((call, arguments))

    def finish(self) -> None:
        """Wait for all of them, looking up now and then as `_next` does."""
        self.waiting.put(None)
        while self.thread.is_alive():
            self.thread.join(LOOK_UP)
        if self.errors:
            raise self.errors[0]


def _next(finished: Queue) -> Done:
    """The next outcome; looks up now and then, so that an interruption is noticed on every system."""
    while True:
        try:
            found = finished.get(timeout=LOOK_UP)
        except Empty:
            continue
        if isinstance(found, BaseException):
            raise found
        return found
