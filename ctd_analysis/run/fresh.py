"""Inside a kernel that runs one notebook after another: remember how it was, and make it so again.

Names, working folder, environment, import path, warnings, logging, pandas options, matplotlib settings and open figures return
to what they were. Imported modules stay: that is what makes a warm kernel quick. What is still at work cannot be undone.
"""

from __future__ import annotations

import gc
import locale
import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

#: New objects between two looks for garbage; Python's own 700 costs an eighth of the time that libraries take to load.
RARELY = 50_000
_kept: dict = {}


class StillAtWork(Exception):
    """A notebook left threads or processes at work, or closed what is printed to: the kernel is none for another notebook."""


@contextmanager
def without(*packages: str) -> Iterator[None]:
    """What is imported inside finds these packages not installed, unless they are loaded; afterwards all is as it was."""
    hidden = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


def load() -> None:
    """What the notebooks need; none of it becomes garbage before the first one runs (`_remember`)."""
    gc.disable()
    import matplotlib.artist
    matplotlib.artist.kwdoc = lambda artist: ""         # a description of each class: a sixth of the time they take to load
    import matplotlib.backends.backend_svg
    import matplotlib.figure  # noqa: F401 - both loaded with the first drawing otherwise

    from ..pages import notebook  # noqa: F401 - and all below it


def make_ready(shell, folder: str, reading: str | None) -> None:
    """Before each notebook: the kernel as it was before the first, at work in `folder`; `shell` is the running IPython.

    `reading` is the file with the year as the run has read it (`handed`). `StillAtWork`: it cannot be made ready.
    """
    os.chdir(folder)        # first: where the notebook before this one worked may be gone
    if _kept:
        out, err, _ = _kept["stdio"]
        if {*threading.enumerate()} - _kept["threads"] or _has_children() or out.closed or err.closed:
            raise StillAtWork
        _again(shell)
    else:
        _remember()
    from ..year import handed
    handed.receive(reading)


def _has_children() -> bool:
    if not hasattr(os, "waitid"):       # Windows
        return False
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _remember() -> None:
    """Keep how this kernel is now."""
    load()
    gc.freeze()             # the libraries stay: no need to look through them for what has gone after each notebook
    gc.set_threshold(RARELY)
    gc.enable()
    import numpy
    _kept.update(numpy_errors=numpy.geterr(), numpy_print=numpy.get_printoptions())
    _kept.update(environment=dict(os.environ), path=list(sys.path), filters=list(warnings.filters),
                 stdio=(sys.stdout, sys.stderr, sys.displayhook), locale=locale.setlocale(locale.LC_ALL),
                 recursion=sys.getrecursionlimit(), threads={*threading.enumerate()},
                 logging=(logging.root.handlers[:], logging.root.level, logging.root.manager.disable))


def _again(shell) -> None:
    """Bring the kernel back to how it was."""
    os.environ.clear()
    os.environ.update(_kept["environment"])
    sys.path[:] = _kept["path"]
    warnings.filters[:] = _kept["filters"]
    sys.stdout, sys.stderr, sys.displayhook = _kept["stdio"]
    locale.setlocale(locale.LC_ALL, _kept["locale"])
    sys.setrecursionlimit(_kept["recursion"])
    logging.root.handlers[:], level, disabled = _kept["logging"]
    logging.root.setLevel(level)
    logging.disable(disabled)
    if pandas := sys.modules.get("pandas"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")         # some options warn that they will go
            pandas.reset_option("all")
    if numpy := sys.modules.get("numpy"):
        numpy.seterr(**_kept["numpy_errors"])
        numpy.set_printoptions(**_kept["numpy_print"])
    if matplotlib := sys.modules.get("matplotlib"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            matplotlib.rcParams.update(matplotlib.rcParamsOrig)
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close("all")
    shell.reset(new_session=True)
