"""A zipped office file, looked at before anything in it is unpacked, and its XML, read without entities.

What is no plain, modest archive is `Unreadable`, with a sentence for the sender. Knows nothing of sheets: `xlsx` and `ods` do.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat  # noqa: S407 - every document type and entity is refused below

LARGEST_FILE = 30_000_000               # bytes of a file as it came
LARGEST_WHOLE = 120_000_000             # bytes of all its parts together
LARGEST_RATIO = 200                     # how much a large part may grow
MOST_PARTS = 3_000
MOST_CELLS = 200_000                    # of a workbook, cells with something in them
MODEST = "một tệp chỉ có bảng điểm và các bảng kèm theo"
TOO_MANY_CELLS = ("tệp có quá nhiều ô", MODEST)
SAVE_AGAIN = "mở bằng Excel hoặc LibreOffice, lưu lại thành .xlsx rồi gửi lại"


#: Excel itself encrypts some workbooks with a password of its own, and asks for none when it opens them.
LOCKED = ("tệp bị mã hóa (có đặt mật khẩu, hoặc Excel tự mã hóa dù mở không hỏi mật khẩu)",
          "mở bằng Excel, chọn Lưu thành một tệp .xlsx mới không mật khẩu (hoặc lưu lại bằng LibreOffice) rồi gửi lại")
_TOO_LARGE = ("tệp giải nén ra quá lớn, không mở", f"{MODEST}; nếu dòng trống được kẻ khung, tô màu đến cuối trang thì xóa đi")


class Unreadable(Exception):
    """A file that cannot be read at all: what is the matter, and what to ask for."""

    def __init__(self, what: str, wanted: str = SAVE_AGAIN):
        super().__init__(what)
        self.what, self.wanted = what, wanted


class Archive:
    """The parts of a zipped office file, by name."""

    def __init__(self, raw: bytes):
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise Unreadable("tệp hỏng hoặc chép dở, không mở ra được", "gửi lại tệp nguyên vẹn") from error
        self._check(self._zip.infolist())
        self.names = {info.filename.replace("\\", "/").lstrip("/").casefold(): info.filename for info in self._zip.infolist()}

    def _check(self, entries):
        if len(entries) > MOST_PARTS or len({e.filename.casefold() for e in entries}) < len(entries):
            raise Unreadable("tệp nén có quá nhiều phần hoặc các phần trùng tên")
        if any(e.flag_bits & 1 for e in entries):
            raise Unreadable(*LOCKED)
        whole = sum(e.file_size for e in entries)
        if whole > LARGEST_WHOLE or any(e.file_size > 10_000_000 and e.file_size > LARGEST_RATIO * max(e.compress_size, 1)
                                        for e in entries):
            raise Unreadable(*_TOO_LARGE)

    def has(self, name: str) -> bool:
        """Is there such a part?"""
        return name.lstrip("/").casefold() in self.names

    def starting(self, prefix: str) -> list[str]:
        """The names of the parts in a folder inside."""
        return [n for n in self.names if n.startswith(prefix)]

    def part(self, name: str) -> bytes:
        """One part's bytes; `Unreadable` where it is missing, damaged or too large."""
        real = self.names.get(name.lstrip("/").casefold())
        if real is None:
            raise Unreadable(f"tệp hỏng: thiếu phần {name}")
        info = self._zip.getinfo(real)
        try:
            with self._zip.open(info) as part:
                raw = part.read(info.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise Unreadable(f"tệp hỏng: không giải nén được phần {name}", "gửi lại tệp nguyên vẹn") from error
        if len(raw) > info.file_size:
            raise Unreadable("tệp giải nén ra lớn hơn số đã ghi, không mở")
        return raw

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part points to inside the file: id → kind and name."""
        folder, name = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", name + ".rels")
        found: dict[str, tuple[str, str]] = {}

        def start(tag, given):
            if tag.endswith("Relationship") and given.get("TargetMode") != "External" and "Target" in given:
                target = given["Target"].replace("\\", "/")
                target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found[given.get("Id", "")] = (given.get("Type", "").rpartition("/")[2], target)

        if self.has(listing):
            parse(self.part(listing), listing, start)
        return found


def parse(raw: bytes, name: str, start: Callable, end: Callable | None = None, text: Callable | None = None,
          spaces: bool = False) -> None:
    """Walk through a part's XML; `Unreadable` where it is none. A document type or an entity is refused, so nothing can grow
    and nothing is fetched."""
    walker = expat.ParserCreate(namespace_separator=" " if spaces else None)
    walker.buffer_text = True
    walker.StartDoctypeDeclHandler = walker.EntityDeclHandler = _refuse
    walker.StartElementHandler = start
    if end:
        walker.EndElementHandler = end
    if text:
        walker.CharacterDataHandler = text
    try:
        walker.Parse(raw, True)
    except expat.ExpatError as error:
        raise Unreadable(f"tệp hỏng: phần {name} không đúng XML") from error
    except (LookupError, ValueError) as error:
        raise Unreadable(f"tệp hỏng: phần {name} có giá trị không hiểu được") from error


def _refuse(*_):
    raise Unreadable("tệp có khai báo thực thể XML (DOCTYPE), không mở")


def local(tag: str) -> str:
    """A tag without its prefix."""
    return tag.rpartition(":")[2] if ":" in tag else tag


def place(ref: str) -> tuple[int, int]:
    """`F17` → row 17, column 6."""
    letters = ref.rstrip("0123456789")
    column = 0
    for letter in letters.replace("$", "").upper():
        column = column * 26 + ord(letter) - 64
    return int(ref[len(letters):] or 0), column
