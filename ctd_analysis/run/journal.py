"""What a run is about to write, a line a file: one that was killed has kept no ledger, and its files are still ours."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..files import read_plain, write_whole

FILE = ".ctd-written"


def write(out: Path, name: str, content: bytes) -> str:
    """Write a file whole, and first down here what it will be; its SHA-256. OSError where it cannot be written."""
    seal = hashlib.sha256(content).hexdigest()
    with open(out / FILE, "a", encoding="utf-8") as journal:
        journal.write(f"{seal} {name}\n")
    write_whole(out / name, content)
    return seal


def written(out: Path) -> set[tuple[str, str]]:
    """Names and SHA-256 of what runs wrote that kept no ledger."""
    try:
        lines = read_plain(out / FILE).decode(errors="replace").splitlines()
    except OSError:
        return set()
    return {(name, seal) for seal, _, name in (line.partition(" ") for line in lines)}


def forget(out: Path) -> None:
    """The ledger knows it all; OSError."""
    (out / FILE).unlink(missing_ok=True)
