"""Ctrl-C at random moments of the first fifth of a second, while Python still imports: how each command ended.

    python tests/interruptions.py [RUNS] [SEED]

Wanted is 130 and no traceback. Before the first line of ours runs (what Python and its site do when they start) nothing of ours
can answer: such endings are counted apart.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
EARLY = 0.2             # seconds


def ending(out: str, after: float) -> str:
    """How a run ended that was interrupted after so many seconds."""
    running = subprocess.Popen([sys.executable, "-m", "ctd_analysis", "run", "data/2024", "--out", out], cwd=ROOT,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    time.sleep(after)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=30)[1]
    if "Traceback" in said:
        ours = f"{ROOT / 'ctd_analysis'}" in said
        return f"a traceback:\n{said}" if ours else "Python had not come to us: a traceback of its own"
    if running.returncode == -signal.SIGINT:
        return "Python had not come to us: ended by the signal" if not said else "said, but ended by the signal"
    return f"{running.returncode} and {'the sentence' if 'Đã dừng theo yêu cầu' in said else said!r}"


def main(runs: int, seed: int) -> int:
    """The counts; 1 where a run that had come to us ended in another way than with 130 and the sentence."""
    random = Random(seed)                   # noqa: S311
    with tempfile.TemporaryDirectory() as folder:
        counts = Counter(ending(f"{folder}/{n}", random.uniform(0, EARLY)) for n in range(runs))
    for how, count in counts.most_common():
        print(f"{count:4} × {how}")
    return any(how != "130 and the sentence" and not how.startswith("Python had not") for how in counts)


if __name__ == "__main__":
    sys.exit(main(*[int(a) for a in sys.argv[1:]] + [64, 1][len(sys.argv) - 1:]))
