"""Other machines: a real Dask scheduler and workers that see nothing of some folders, and tell when they ask for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from conftest import ROOT, until

LONG = 120
#: In every Python a worker starts: asking for a path under one of the hidden folders is written down.
WATCH = """
import os, sys
hidden, told = {hidden!r}, {told!r}
def watch(event, args):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(args[0], str) and args[0].startswith(tuple(hidden)):
        os.write(handle, (args[0] + chr(10)).encode())
handle = os.open(told, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
sys.addaudithook(watch)
{more}
"""


class Machines(NamedTuple):
    """A scheduler's address, its workers' processes, the folder they may write in; have they a disk of their own?"""
    address: str
    workers: list[subprocess.Popen]
    folder: Path
    are_apart: bool

    def asked_for(self) -> list[str]:
        """Paths of the hidden folders that some worker or kernel asked for."""
        return (self.folder / "asked").read_text(encoding="utf-8").splitlines()

    def left(self) -> list[str]:
        """What lies in the folder for what is put aside."""
        return sorted(path.name for path in (self.folder / "tmp").iterdir())


@contextmanager
def machines(folder: Path, hidden: list[Path], number: int = 2, more: str = "", **env: str) -> Iterator[Machines]:
    """A scheduler with so many workers; `more` is run first in each Python of a worker's, `env` added to its environment."""
    for name in ("tmp", "site"):
        (folder / name).mkdir(parents=True)
    watch = WATCH.format(hidden=[f"{path}/" for path in hidden], told=str(folder / "asked"), more=more)
    (folder / "site" / "sitecustomize.py").write_text(watch, encoding="utf-8")
    where, plain = folder / "scheduler.json", {**os.environ, "PYTHONPATH": str(ROOT)}
    theirs = plain | {"PYTHONPATH": os.pathsep.join([str(folder / "site"), str(ROOT)]), "TMPDIR": str(folder / "tmp")} | env
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    running = [subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
                                 "--no-dashboard", "--scheduler-file", where], env=plain, **quiet)]
    try:
        assert until(lambda: where.exists() and where.read_text(encoding="utf-8").endswith("}"), LONG)
        address = json.loads(where.read_text(encoding="utf-8"))["address"]
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard",
                  "--no-nanny", "--local-directory"]
        apart = _apart(hidden)
        running += [subprocess.Popen([*apart, *worker, folder / f"worker-{n}"], env=theirs, **quiet) for n in range(number)]
        yield Machines(address, running[1:], folder, bool(apart))
    finally:
        for process in reversed(running):           # one whose scheduler has gone waits for it half a minute
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _apart(hidden: list[Path]) -> list[str]:
    """The beginning of a command with mounts of its own, an empty disk over each hidden folder; none where not allowed."""
    mounts = "; ".join(f"mount -t tmpfs tmpfs '{path}'" for path in hidden)
    command = ["unshare", "-m", "sh", "-ec", f'{mounts}; exec "$@"', "sh"]
    try:
        return command if subprocess.run([*command, "true"], capture_output=True, timeout=LONG).returncode == 0 else []
    except OSError:         # no such program
        return []
