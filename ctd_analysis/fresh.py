"""Inside a kernel that runs one notebook after another: remember how it was, and make it so again.

Names, working folder, environment, import path, warnings, pandas options, matplotlib settings and open figures return to what
they were. Imported modules stay: that is what makes a warm kernel quick.
"""

from __future__ import annotations

import locale
import os
import sys
import warnings

_kept: dict = {}


def remember() -> None:
    """Keep how this kernel is now; once, before the first notebook."""
    import numpy
    _kept.update(numpy_errors=numpy.geterr(), numpy_print=numpy.get_printoptions())
    _kept.update(folder=os.getcwd(), environment=dict(os.environ), path=list(sys.path), filters=list(warnings.filters),
                 stdio=(sys.stdout, sys.stderr, sys.displayhook), locale=locale.setlocale(locale.LC_ALL),
                 recursion=sys.getrecursionlimit())


def again(shell) -> None:
    """Bring the kernel back to how it was; `shell` is the running IPython."""
    os.chdir(_kept["folder"])
    os.environ.clear()
    os.environ.update(_kept["environment"])
    sys.path[:] = _kept["path"]
    warnings.filters[:] = _kept["filters"]
    sys.stdout, sys.stderr, sys.displayhook = _kept["stdio"]
    locale.setlocale(locale.LC_ALL, _kept["locale"])
    sys.setrecursionlimit(_kept["recursion"])
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
