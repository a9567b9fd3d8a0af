"""The command `ctd` as a process of its own; `python -m ctd_analysis` is the same."""

import gc
import os
import sys

from .cli import main


def command() -> int:
    """Run one verb, with the settings that suit a short life; the exit code."""
    gc.set_threshold(50_000)    # looking for garbage every 700 new objects takes an eighth of the time libraries need to load
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")      # no matrix here needs a thread a core, in each of the processes
    code = main()
    exec("")        # noqa: S102 - Python remembers an interruption that struck in one (of a dataclass, say) until the next
    gc.freeze()                 # nothing is tidied up in a process that ends
    return code


if __name__ == "__main__":
    sys.exit(command())
