"""Files: a folder to read from, told by the names a clerk knows; and writing that appears whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from .problems import Log, Problem, Refused, visible, why
from .values import nfc

LARGEST = 30_000_000        # bytes of a file that is read


class Source(NamedTuple):
    """A file that was read, as messages name it and as it lies in the year's folder; `cluster` is None for the year's own."""
    file: str
    sha256: str
    cluster: str | None
    inside: str

    def stands(self, folder: Path) -> bool:
        """Is it still what was read?"""
        try:
            return sha256(folder / self.inside) == self.sha256
        except OSError:
            return False


class Listing(NamedTuple):
    """What lay in a folder inside the year's, or (no names) that a file was not there."""
    inside: str
    cluster: str | None
    names: tuple[str, ...] | None

    @property
    def file(self) -> str:
        """As messages name it."""
        return self.inside

    def stands(self, folder: Path) -> bool:
        """Does just that still lie there?"""
        path = folder / self.inside
        return not os.path.lexists(path) if self.names is None else self.names == names_in(path)


def names_in(path: Path) -> tuple[str, ...]:
    """The names in a folder, hidden files and Office's lock files left aside; none where there is no folder."""
    try:
        return tuple(sorted(n for n in os.listdir(path) if not n.startswith((".", "~$"))) if path.is_dir() else ())
    except OSError:
        return ()


class Folder:
    """A year's folder. Remembers what was read from it, and what was not there to be read."""

    def __init__(self, path: Path, log: Log):
        self.path, self.log, self.sources, self.listings = path, log, [], []

    def name(self, path: Path) -> str:
        """A file as messages name it: `units.csv`, `cum-1/grades.csv`, `cum-1.xlsx`, `registration/kien-hai.xlsx`."""
        inside = path.relative_to(self.path)
        is_sent = len(inside.parts) > 1 and inside.parts[0] == "submissions"
        return as_told(inside.relative_to("submissions") if is_sent else inside)

    def read(self, path: Path, cluster: str | None = None) -> bytes:
        """A file's bytes; `Refused` with a sentence where it cannot be read."""
        try:
            raw = read_plain(path)
        except FileNotFoundError:
            raise Refused(Problem(self.name(path), "không có tệp này", cluster, wanted="tệp này trong thư mục của năm")) \
                from None
        except OSError as error:
            raise Refused(Problem(self.name(path), f"không đọc được tệp ({why(error)})", cluster,
                                  wanted="một tệp mở đọc được")) from None
        self.has_read(path, hashlib.sha256(raw).hexdigest(), cluster)
        return raw

    def has_read(self, path: Path, sha256: str, cluster: str | None) -> None:
        """Remember a file that was read, and what it was."""
        self.sources.append(Source(self.name(path), sha256, cluster, path.relative_to(self.path).as_posix()))

    def is_there(self, path: Path) -> bool:
        """Is there such a file or folder (a link that leads nowhere is one)? That there is none is remembered."""
        if not os.path.lexists(path):
            self.listings.append(Listing(path.relative_to(self.path).as_posix(), None, None))
            return False
        return True

    def entries(self, path: Path, cluster: str | None = None) -> list[Path]:
        """What lies in a folder inside, hidden files and Office's lock files left aside; none where there is no folder.

        A name that no message could show (not UTF-8) is left aside with a notice.
        """
        try:
            found = sorted(p for p in path.iterdir() if not p.name.startswith((".", "~$"))) if path.is_dir() else []
        except OSError as error:
            self.log.problem(self.name(path), f"không mở được thư mục ({why(error)})", cluster=cluster,
                             wanted="thư mục mở đọc được")
            return []
        inside = path.relative_to(self.path)
        owner = cluster if len(inside.parts) > 1 else None
        listing = Listing(inside.as_posix(), owner, tuple(p.name for p in found))
        if listing not in self.listings:
            self.listings.append(listing)
        for odd in (p for p in found if not _is_readable(p.name)):
            notice = Problem.at(self.name(path), "tên tệp không phải UTF-8, không đọc", cluster=owner, seen=odd.name,
                                wanted="đổi tên tệp")
            if notice not in self.log.notices:
                self.log.notices.append(notice)
        return [p for p in found if _is_readable(p.name)]


def as_told(path: Path) -> str:
    """A path as messages and pages name it: composed, signs nobody sees spelled out."""
    return visible(nfc(path.as_posix()), None)


def read_plain(path: Path) -> bytes:
    """The bytes of a plain file of no more than `LARGEST`; OSError for a pipe, a device, a folder or a larger one."""
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0))) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(None, "không phải một tệp thường")
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise OSError(None, f"tệp lớn hơn {LARGEST // 10**6} MB")
    return raw


def _is_readable(name: str) -> bool:
    try:
        return bool(name.encode())
    except UnicodeEncodeError:
        return False


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one stroke; whatever stood there stays until the new one is whole. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(new, "xb") as file:       # made as the system makes files: the user's umask holds
            file.write(content)
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


class Busy(Exception):
    """Somebody else holds the lock."""


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold a lock file (or a folder, where the system can); `Busy` where another process holds it.

    The lock ends with the process, however that ends.
    """
    handle = os.open(lock, os.O_RDONLY if lock.is_dir() else os.O_CREAT | os.O_RDWR, 0o666)
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


def beside(path: Path, is_theirs: Callable[[Path], bool]) -> Path:
    """Where a file is written: its own name, or beside one that somebody has written into: `cum-1 (mới).html`."""
    place, n = path, 1
    while is_theirs(place):
        place, n = path.with_name(f"{path.stem} (mới{f' {n}' if n > 1 else ''}){path.suffix}"), n + 1
    return place


def digest(value) -> str:
    """Sixteen signs for any JSON value."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:16]


def sha256(path: Path) -> str:
    """A file's SHA-256."""
    return hashlib.sha256(read_plain(path)).hexdigest()


#: The time written on every part of an archive.
DAWN = (1980, 1, 1, 0, 0, 0)


def without_clock(archive: BinaryIO) -> bytes:
    """A ZIP archive again with one fixed time for all its parts: the same content gives the same bytes."""
    steady = io.BytesIO()
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(steady, "w") as new:
        for part in old.infolist():
            new.writestr(zipfile.ZipInfo(part.filename, DAWN), old.read(part), zipfile.ZIP_DEFLATED)
    return steady.getvalue()
