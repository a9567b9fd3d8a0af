"""A row more in a CSV that people type: the head may gain a column, every other line stays byte for byte (year-round §0, §1.3).

Nothing is written before `write`, and then only if the file is still what was read: the whole file or nothing, one at a time.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ..files import Busy, Source, only_one, read_plain, write_whole
from ..problems import Problem, Refused
from ..rows import COLUMNS, OPTIONAL
from ..values import plain
from . import csvfile
from .year import Year


@dataclass(frozen=True)
class Appended:
    """A table of a year with rows more: its bytes as they were read (None: no such file yet), and as they would be."""
    path: Path
    before: bytes | None
    after: bytes


def append(year: Year, table: str, rows: Sequence[Mapping[str, str]]) -> Appended:
    """A table with rows more at its end; `Refused` where the file is no longer what the year was read from."""
    path = year.path / f"{table}.csv"
    before = _now(path)
    read = next((s.sha256 for s in year.sources if s.inside == path.name), None)
    if read != (None if before is None else hashlib.sha256(before).hexdigest()):
        raise Refused(_changed(path))
    columns = [*COLUMNS[table], *OPTIONAL.get(table, ())]
    try:
        return Appended(path, before, _with(before or f"{','.join(columns)}\n".encode(), rows, columns))
    except UnicodeEncodeError as error:
        raise Refused(Problem(path.name, "có chữ không ghi được bằng UTF-8", seen=error.object[error.start:][:40],
                              wanted="gõ lại chữ ấy")) from None


def write(tables: Sequence[Appended]) -> None:
    """Write tables of one year, all or none; `Refused` where one is not what was read, or somebody else is writing; OSError."""
    folder = tables[0].path.parent
    try:
        with only_one(folder if os.name != "nt" else folder / ".ctd-decide"):
            changed = [one for one in tables if _now(one.path) != one.before]
            if changed:
                raise Refused(*(_changed(one.path) for one in changed))
            _write_all(tables)
    except Busy:
        raise Refused(Problem(tables[0].path.name, "phiên khác đang ghi vào thư mục này, chưa ghi gì",
                              wanted="làm lại sau giây lát")) from None


def written(year: Year, tables: Sequence[Appended]) -> Year:
    """The year as if read again after `write`: its files are those that lie there now."""
    names = {one.path.name for one in tables}
    now = [Source(one.path.name, hashlib.sha256(one.after).hexdigest(), None, one.path.name) for one in tables]
    return replace(year, sources=(*(s for s in year.sources if s.inside not in names), *now),
                   listings=tuple(one for one in year.listings if one.inside not in names))


def _write_all(tables: Sequence[Appended]) -> None:
    """One after the other; those written go back where a later one cannot be."""
    done = []
    try:
        for one in tables:
            write_whole(Path(os.path.realpath(one.path)), one.after)
            done.append(one)
    except BaseException:
        for one in done:
            with suppress(OSError):
                _put_back(one)
        raise


def _put_back(one: Appended) -> None:
    if one.before is None:
        one.path.unlink()
    else:
        write_whole(Path(os.path.realpath(one.path)), one.before)


def _now(path: Path) -> bytes | None:
    """What a file holds; None where there is none. Raises OSError."""
    try:
        return read_plain(path)
    except FileNotFoundError:
        return None


def _changed(path: Path) -> Problem:
    return Problem(path.name, "tệp đã đổi từ khi đọc, chưa ghi gì", wanted="làm lại lệnh này trên tệp mới")


def _with(before: bytes, rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> bytes:
    """A file that was read as a table, with rows at its end in its own columns, signs and line ends."""
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    text = before[len(mark):].decode()
    sign = csvfile.delimiter_of(text)
    lines = io.StringIO(text, newline="").readlines()
    told = int(bool(csvfile.SIGN.match(text)))              # Excel's own first line
    reader = csv.reader(lines[told:], delimiter=sign, strict=True)
    header = [plain(name).casefold() for name in next(reader)]
    past = told + reader.line_num
    head, end = _parted(lines[past - 1])
    end = end or _parted(lines[0])[1] or "\n"
    for column in columns:
        if column not in header and any(row.get(column) for row in rows):
            header, head = [*header, column], f"{head}{sign}{column}"
    whole = "".join([*lines[:past - 1], head + end, *lines[past:]])
    whole += "" if _parted(whole)[1] else end
    return mark + (whole + "".join(_line([row.get(name, "") for name in header], sign) + end for row in rows)).encode()


def _parted(line: str) -> tuple[str, str]:
    """A line, or a text, and its last line end."""
    bare = line[:-1] if line.endswith("\n") else line
    bare = bare[:-1] if bare.endswith("\r") else bare
    return bare, line[len(bare):]


def _line(cells: Sequence[str], sign: str) -> str:
    """A row without its end; a break of any kind within a cell is quoted, whatever ends the lines of the file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=sign, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n")
