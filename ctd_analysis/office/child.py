"""The reader's own small process: opens spreadsheets that others made, and hands back plain data as JSON, a line a file.

It has a limit of memory and of work, a silenced output, no network and no site packages but those named to it; whatever a file
does to it, the caller only loses a line. It ends with its caller. Nothing in a file is run: not a macro, not a formula, not a
link.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from functools import partial

from . import limits
from .zipped import LARGEST_FILE, LOCKED, MODEST, SAVE_AGAIN, Archive, Unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def main(paths: list[str]) -> None:
    """Read the files one after another; each answer is written as soon as it is there."""
    answers, one_at_a_time = os.fdopen(os.dup(1), "w", encoding="ascii"), threading.Lock()

    def say(answer: dict, done: threading.Event) -> None:
        """One answer a file: the first counts."""
        with one_at_a_time:
            if not done.is_set():
                line = json.dumps(answer)       # before all else: a large answer may be too much
                done.set()
                answers.write(line)
                answers.write("\n")
                answers.flush()

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    limits.confine()
    for path in paths:
        done = threading.Event()
        limits.count_work(done, partial(say, _refused("đọc tệp quá lâu, đã dừng", MODEST) | {"ends": True}, done))
        try:
            say(answer_for(path), done)
        except MemoryError:
            say(_refused("tệp cần quá nhiều bộ nhớ, không mở", MODEST), done)


def answer_for(path: str) -> dict:
    """What one file holds, or why it cannot be read."""
    try:
        with open(path, "rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        return _refused(f"không đọc được tệp ({error.strerror or 'lỗi đĩa'})", "một tệp mở đọc được")
    seal = {"sha256": hashlib.sha256(raw).hexdigest()} if len(raw) <= LARGEST_FILE else {}     # not of a part alone
    try:
        return seal | open_book(raw, os.path.splitext(path)[1].lower())
    except Unreadable as error:
        return seal | _refused(error.what, error.wanted)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a foreign file may break a reader in any way; the sender hears one sentence
        return seal | _refused(f"tệp hỏng, không đọc được ({type(error).__name__})", SAVE_AGAIN)


def open_book(raw: bytes, suffix: str) -> dict:
    """The workbook in these bytes; `Unreadable` where it is none, is too large, or its name does not say what it is."""
    if not raw.strip(b"\0 \r\n\t"):
        raise Unreadable("tệp rỗng", "gửi lại tệp có nội dung")
    if len(raw) > LARGEST_FILE:
        raise Unreadable("tệp quá lớn, không mở", MODEST)
    found = _kind(raw)
    if suffix not in _SUFFIXES.get(found, ()):
        raise Unreadable(f"đuôi {suffix} nhưng bên trong là {_CALLED[found]}", SAVE_AGAIN)
    if found == "ods":
        from . import ods as reader
    elif found == "xlsx":
        from . import xlsx as reader
    else:
        from . import xls as reader
    book = reader.read(raw)
    if not book["sheets"]:
        raise Unreadable("tệp không có trang tính nào")
    return book


_SUFFIXES = {"ods": (".ods",), "xlsx": (".xlsx", ".xlsm"), "xls": (".xls",)}
_CALLED = {"xlsx": "tệp Excel .xlsx", "xls": "tệp Excel 97–2003 .xls", "ods": "tệp LibreOffice .ods", "html": "trang HTML",
           "xml": "tệp XML", "text": "chữ thường (CSV hoặc tệp văn bản)", "zip": "tệp nén không phải bảng tính",
           "ole": "tệp Office cũ không phải bảng tính", "other": "dữ liệu không phải bảng tính"}


def _kind(raw: bytes) -> str:
    """What the bytes are, whatever the name says."""
    if raw.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise Unreadable(*LOCKED)
        streams = (f"{name}\0".encode("utf-16-le") for name in ("Workbook", "Book", "WORKBOOK", "BOOK"))
        return "xls" if any(stream in raw for stream in streams) else "ole"
    if raw.startswith(b"PK"):
        archive = Archive(raw)
        if archive.has("content.xml") and archive.has("mimetype"):
            return "ods" if b"spreadsheet" in archive.part("mimetype") else "zip"
        return "xlsx" if archive.has("[Content_Types].xml") and archive.starting("xl/") else "zip"
    if raw[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08"):
        return "xls"
    head = raw[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith(b"<"):
        return "html" if b"<html" in head or b"<table" in head or b"<!doctype html" in head else "xml"
    return "other" if b"\0" in raw[:2000] and raw[:2] not in (b"\xff\xfe", b"\xfe\xff") else "text"


def _refused(what: str, wanted: str) -> dict:
    return {"refused": what, "wanted": wanted}
