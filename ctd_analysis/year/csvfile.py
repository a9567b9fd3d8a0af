"""A table saved as CSV: bytes → rows as typed, each with its line.

The header is known, so the sign between cells needs no guess. A row with the wrong number of cells is a problem of its own; a
file that cannot be read as this table at all is `Refused`.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator

from ..problems import Log, Problem, Refused
from ..rows import COLUMNS, OPTIONAL, Place, Row
from ..values import CONTROL, plain

MOST_PROBLEMS = 300     # of one file: nobody mends more at a time, and a page could not show them
#: A first line of Excel's own that tells the sign between cells.
SIGN = re.compile(r'\A"?sep=([,;\t])"?\r?\n', re.IGNORECASE)


def rows(file: str, raw: bytes, table: str, log: Log, owner: Callable[[str], str | None],
         only: str | None = None, by: str = "unit") -> Iterator[Row]:
    """The rows of a table; blank ones are passed over. `owner` tells the cluster a row belongs to by its column `by` as typed.

    With `only`, rows known to be another cluster's are passed over as well. `Refused`: no UTF-8, columns missing or twice,
    signs nobody sees, quotes left open, or more problems than anybody mends at a time.
    """
    columns, cluster, before = COLUMNS[table], owner(""), len(log.problems)
    text = _text(file, raw, cluster)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    line = 1
    try:
        if SIGN.match(text):
            next(reader)
            line = 2
        header = [plain(c).casefold() for c in next(reader, [])]
        _check_header(header, columns, OPTIONAL.get(table, ()), file, cluster, line, log)
        may_lack = len(header) - (header[-1] in OPTIONAL.get(table, ()))
        line = reader.line_num + 1
        for cells in reader:
            cells += [""] * (len(cells) == may_lack < len(header))
            typed = {**OPTIONAL.get(table, {})} | dict(zip(header, cells, strict=False))
            owned = owner(plain(typed.get(by, "")))
            if any(map(plain, cells)) and (only is None or owned in (None, only)):
                row = Row(log, owned, Place(file, None, line), typed)
                if len(cells) == len(header):
                    yield row
                else:
                    log.problem(file, f"dòng có {len(cells)} ô", cluster=row.cluster, line=line, seen=",".join(cells),
                                wanted=f"{len(header)} ô: {','.join(header)}")
            line = reader.line_num + 1
            if len(log.problems) - before > MOST_PROBLEMS:
                raise _refused(file, "quá nhiều dòng sai, không đọc tiếp", cluster, line, None, "bảng đúng mẫu")
    except csv.Error as error:
        seen = io.StringIO(text, newline="").readlines()[line - 1].strip()
        raise _refused(file, f"không đọc được dòng CSV ({_fault(error)})", cluster, line, seen,
                       "dấu ngoặc kép đi từng cặp, mỗi ô không quá 100.000 chữ") from None


def table_of(raw: bytes) -> str | None:
    """Which table of the contract a file of another name holds, told by its header row; None for none."""
    begins = raw[:2000].decode(_two_bytes(raw) or "utf-8-sig", "replace")
    header = SIGN.sub("", begins, 1).partition("\n")[0]
    names = {plain(c).casefold() for c in re.split("[,;\t]", header)}
    return next((table for table, columns in COLUMNS.items() if names - {*OPTIONAL.get(table, ())} == set(columns)), None)


def _two_bytes(raw: bytes) -> str | None:
    """The code of a text of two bytes a sign, as Excel saves “Unicode Text”; None for any other."""
    begins = raw[:2000]
    if begins[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    return ("utf-16-be" if begins[:1] == b"\0" else "utf-16-le") if 3 * begins.count(0) > len(begins) else None


def _text(file: str, raw: bytes, cluster: str | None) -> str:
    if _two_bytes(raw):
        raise _refused(file, "tệp không phải UTF-8 mà là UTF-16 (Excel gọi là “Unicode Text”)", cluster, None, None,
                       "trong Excel chọn Lưu thành (Save As), loại “CSV UTF-8 (Comma delimited) (*.csv)”, rồi gửi lại")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[:error.start].count(b"\n") + 1
        seen = raw.split(b"\n")[line - 1].decode("utf-8", "replace").strip()
        raise _refused(file, "tệp không phải UTF-8", cluster, line, seen,
                       "lưu lại bằng mã UTF-8 (trong Excel: CSV UTF-8)") from None
    if stray := CONTROL.search(text):
        line = text.count("\n", 0, stray.start()) + 1
        raise _refused(file, "có ký tự điều khiển không nhìn thấy", cluster, line, text.split("\n")[line - 1].strip("\r"),
                       "chữ và số thường; gõ lại ô này")
    return text


def _check_header(header, columns, optional, file, cluster, line, log):
    missing = [c for c in columns if c not in header]
    twice = [c for c, n in Counter(header).items() if n > 1 and c]
    wanted, seen = ",".join(columns), ",".join(header)
    if not any(header):
        raise _refused(file, "dòng đầu không có tên cột", cluster, line, "", wanted)
    if missing:
        raise _refused(file, f"thiếu cột {', '.join(missing)}", cluster, line, seen, wanted)
    if twice:
        raise _refused(file, f"cột {', '.join(twice)} có hai lần", cluster, line, seen, wanted)
    extra = [c for c in header if c not in (*columns, *optional) and c]
    if extra:
        log.notice(file, "cột lạ, không đọc", cluster=cluster, line=line, seen=", ".join(extra))


def _refused(file, what, cluster, line, seen, wanted) -> Refused:
    return Refused(Problem.at(file, what, cluster=cluster, line=line, seen=seen, wanted=wanted))


def _fault(error: csv.Error) -> str:
    """What is wrong with a line of CSV, in words a clerk knows."""
    known = {"end of data": "dấu ngoặc kép mở ra mà không đóng lại", "expected after": "còn chữ sau dấu ngoặc kép đóng",
             "field limit": "ô quá dài"}
    return next((said for sign, said in known.items() if sign in str(error)), str(error))


def delimiter_of(text: str) -> str:
    """The sign between cells, told by Excel's own line or by the header row: the one most of its names stand apart by."""
    if told := SIGN.match(text):
        return told[1]
    return max(",;\t", key=re.split("[\r\n]", text, maxsplit=1)[0].count)
