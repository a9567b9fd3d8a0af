"""Is there room for a run: files that may be open at once, and space for what is put aside while pages are made."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress

OURS, EACH = 16, 32     # files the command holds open: itself, and for each kernel
KERNELS = 96            # files a kernel holds open
ASIDE = 8_000_000       # bytes put aside while pages are made


class CannotRun(Exception):
    """A run has too little room, its folder cannot be written to, its workers cannot be reached: the message, in Vietnamese,
    says what, and what to do."""


def jobs_within(jobs: int) -> int:
    """How many notebooks may run at once, `jobs` at most: as many as files may be open for; `CannotRun` where not one may.

    The system's own bound is kept; where it lets a process ask for more files than it is given at first, more are asked for.
    """
    _look_aside()
    given = _files(max(OURS + EACH * jobs, KERNELS))
    if given < KERNELS:
        raise CannotRun(f"hệ thống chỉ cho mở {given} tệp cùng lúc, cần từ {KERNELS}; gõ ulimit -n 1024 rồi chạy lại")
    return min(jobs, (given - OURS) // EACH)


def _look_aside() -> None:
    """Is there space for what is put aside?"""
    do = "dọn chỗ, hoặc đặt biến TMPDIR là một thư mục còn chỗ"
    try:
        folder = tempfile.gettempdir()
        free = shutil.disk_usage(folder).free
    except OSError:
        raise CannotRun(f"không thư mục tạm nào ghi được; {do}") from None
    if free < ASIDE:
        raise CannotRun(f"thư mục tạm {folder} chỉ còn {free // 1000} KB, cần từ {ASIDE // 1000} KB; {do}")


def _files(wanted: int) -> int:
    """How many files may be open at once, once asked for so many."""
    try:
        import resource
    except ImportError:         # Windows knows no such bound
        return wanted
    given, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if given == resource.RLIM_INFINITY:
        return wanted
    if given < wanted:
        more = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, most))
            given = more
    return given
