"""Files: a folder to read from, told by the names a clerk knows; and writing that appears whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from .problems import Log, Problem, Refused


class Source(NamedTuple):
    """A file that was read, as messages name it; `cluster` is None for the year's own files."""
    file: str
    sha256: str
    cluster: str | None


class Folder:
    """A year's folder. Remembers what was read from it."""

    def __init__(self, path: Path, log: Log):
        self.path, self.log, self.sources = path, log, []

    def name(self, path: Path) -> str:
        """A file as messages name it: `units.csv`, `cum-1/grades.csv`, `cum-1.xlsx`."""
        inside = path.relative_to(self.path)
        return nfc((inside.relative_to("submissions") if len(inside.parts) > 1 else inside).as_posix())

    def read(self, path: Path, cluster: str | None = None) -> bytes:
        """A file's bytes; `Refused` with a sentence where it cannot be read."""
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            raise Refused(Problem(self.name(path), "không có tệp này", cluster, wanted="tệp này trong thư mục của năm")) \
                from None
        except OSError as error:
            raise Refused(Problem(self.name(path), f"không đọc được tệp ({_why(error)})", cluster,
                                  wanted="một tệp mở đọc được")) from None
        self.sources.append(Source(self.name(path), hashlib.sha256(raw).hexdigest(), cluster))
        return raw

    def entries(self, path: Path, cluster: str | None = None) -> list[Path]:
        """What lies in a folder inside, hidden files and Office's lock files left aside; none where there is no folder."""
        try:
            return sorted(p for p in path.iterdir() if not p.name.startswith((".", "~$"))) if path.is_dir() else []
        except OSError as error:
            self.log.problem(self.name(path), f"không mở được thư mục ({_why(error)})", cluster=cluster,
                             wanted="thư mục mở đọc được")
            return []


class NoScheduler(Exception):
    """The workers' scheduler cannot be reached, or the package for it is not there; the message says so in Vietnamese."""


class Busy(Exception):
    """Somebody else holds the lock."""


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold a lock file; `Busy` where another process holds it. The lock ends with the process, however that ends."""
    handle = os.open(lock, os.O_CREAT | os.O_RDWR)
    try:
        try:
            if os.name == "nt":
                import msvcrt
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            else:
                import fcntl
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy(str(lock)) from None
        yield
    finally:
        os.close(handle)        # the file stays: removing it would let a third process lock another of the same name


def nfc(text: str) -> str:
    """Composed, as everything is compared."""
    return unicodedata.normalize("NFC", text)


def _why(error: OSError) -> str:
    """Why a file cannot be opened, in words a clerk knows."""
    known = {IsADirectoryError: "đây là một thư mục", PermissionError: "không có quyền đọc"}
    return known.get(type(error), error.strerror or "lỗi đĩa")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one stroke; whatever stood there stays until the new one is whole. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
