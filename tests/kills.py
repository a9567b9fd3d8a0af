"""Runs whose readers and kernels are killed or stopped at random moments: no page may lack a cluster in silence.

    python tests/kills.py [RUNS] [SEED]

Each run's pages are held against those of an undisturbed one. A page that is there and differs, or a page that is missing while
the command said nothing and ended with 0, is a fault. Linux only: processes are found under /proc.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
READER, KERNEL = b"office.child", b"ctd_analysis.run.ahead"
LONG = 120              # seconds a run may take
STILL = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}


def begin(out: Path) -> subprocess.Popen:
    """A run on the shipped year, every page anew."""
    return subprocess.Popen([sys.executable, "-m", "ctd_analysis", "run", "data/2024", "--out", str(out), "--force"], cwd=ROOT,
                            env=STILL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8")


def below(pid: int) -> list[tuple[int, bytes]]:
    """Every process below one, with its command line."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = (int((entry / "stat").read_text().rpartition(")")[2].split()[1]),
                                        (entry / "cmdline").read_bytes())
        except (OSError, ValueError, IndexError):
            pass
    found, level = [], {pid}
    while level:
        level = {p for p, (parent, _) in parents.items() if parent in level}
        found += [(p, parents[p][1]) for p in level]
    return found


def disturb(running: subprocess.Popen, random: Random) -> Counter:
    """Until the run ends, now and then one of its readers or kernels is killed or stopped, a few in all."""
    done, left, end = Counter(), random.randint(1, 3), time.monotonic() + LONG
    while running.poll() is None and time.monotonic() < end:
        time.sleep(random.uniform(0, 0.12))
        victims = [(pid, line) for pid, line in below(running.pid) if READER in line or KERNEL in line]
        if victims and left and random.random() < 0.5:
            pid, line = random.choice(victims)
            is_reader = READER in line
            sign = random.choice([signal.SIGKILL, signal.SIGSTOP] if is_reader else [signal.SIGKILL])
            try:
                os.kill(pid, sign)
            except ProcessLookupError:
                continue
            left -= 1
            done[f"{'reader' if is_reader else 'kernel'} {sign.name}"] += 1
    return done


def main(runs: int, seed: int) -> int:
    """The counts; 1 where a page lacked something in silence."""
    counts, faults = Counter(), []
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "undisturbed"
        begin(whole).communicate(timeout=LONG)
        wanted = {p.relative_to(whole): p.read_bytes() for p in whole.rglob("*.html")
                  if p.name not in ("index.html", "check.html")}
        for n in range(runs):
            out = Path(folder) / str(n)
            running = begin(out)
            counts += disturb(running, Random(seed + n))        # noqa: S311
            said, code = running.communicate(timeout=LONG)[1], running.returncode
            there = {name: (out / name).read_bytes() for name in wanted if (out / name).is_file()}
            other = [name for name, page in there.items() if page != wanted[name]]
            told = code == 1 and ("CHƯA LẬP ĐƯỢC" in said or "trình đọc" in said)
            counts["whole and 0" if code == 0 else f"told and {code}"] += 1
            if "Traceback" in said or (other or len(there) < len(wanted)) and not told:
                faults.append((seed + n, code, sorted(map(str, other)), said))
    for fault in faults:
        print(*fault, sep="\n  ")
    print(f"{runs} runs: {', '.join(f'{count} × {name}' for name, count in sorted(counts.items()))}; "
          f"pages that lack something in silence: {len(faults)}")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(*[int(a) for a in sys.argv[1:]] + [60, 1][len(sys.argv) - 1:]))
