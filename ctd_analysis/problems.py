"""What is wrong with an input, told so that a clerk can find the place and mend it.

A *problem* keeps its cluster out of the results; a *notice* is only shown. Problems are gathered, all of them, and refused
once. The messages are Vietnamese: where, what was seen, what is wanted.
"""

from __future__ import annotations

import errno
import re
import unicodedata
from dataclasses import asdict, dataclass, field

#: Signs a page or a console could take for a command, or that turn what follows them round.
_COMMANDS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")

@dataclass(frozen=True)
class Problem:
    """One thing that cannot be right (or, as a notice, is worth a look), with its evidence."""
    file: str
    what: str
    cluster: str | None = None
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
    seen: str | None = None
    wanted: str | None = None
    is_ours: bool = False           # nothing its sender could mend: no reason to send anything back
    is_absence: bool = False        # nothing has been sent yet: no fault before December

    @classmethod
    def at(cls, file: str, what: str, seen: str | None = None, **place) -> Problem:
        """A problem whose `seen` is made fit for one line."""
        return cls(file, what, seen=None if seen is None else visible(str(seen)), **place)

    @property
    def where(self) -> str:
        """File, sheet, cell or line, in words."""
        parts = [self.file, self.sheet and f"trang “{self.sheet}”", self.cell and f"ô {self.cell}",
                 self.line and f"dòng {self.line}"]
        return ", ".join(p for p in parts if p)

    @property
    def said(self) -> str:
        """What is wrong, what was seen, what is wanted, without the place."""
        seen = "" if self.seen is None else f"; thấy {'ô trống' if self.seen == '' else f'“{self.seen}”'}"
        wanted = f"; cần {self.wanted}" if self.wanted else ""
        return f"{self.what}{seen}{wanted}."

    @property
    def message(self) -> str:
        """The whole sentence."""
        return f"{self.where}: {self.said}"

    def as_json(self) -> dict:
        """The contract's form (`ctd check --json`)."""
        return {k: v for k, v in asdict(self).items() if k not in ("what", "is_ours", "is_absence")} | {"message": self.message}


class Refused(Exception):
    """The year cannot be judged at all; `problems` says why (its own files, not a cluster's submission)."""

    def __init__(self, *problems: Problem):
        super().__init__("\n".join(p.message for p in problems))
        self.problems = problems


@dataclass
class Log:
    """Where problems and notices gather while a year is read."""
    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)

    def problem(self, file: str, what: str, **evidence) -> None:
        """One more problem; `seen` is shortened and made visible."""
        self.problems.append(Problem.at(file, what, **evidence))

    def notice(self, file: str, what: str, **evidence) -> None:
        """One more notice."""
        self.notices.append(Problem.at(file, what, **evidence))


#: What a system says of a file it will not open or write, by its number; a number a system has not is left out.
_WHY = {getattr(errno, name): words for name, words in {
    "EACCES": "không có quyền", "EDQUOT": "đã hết phần đĩa được dùng",
    "EEXIST": "đã có một tệp tên ấy", "ENOTEMPTY": "thư mục không rỗng", "EFBIG": "hệ thống không cho ghi tệp lớn đến vậy",
    "EIO": "lỗi đĩa", "EISDIR": "đây là một thư mục", "EMFILE": "hệ thống không cho mở thêm tệp cùng lúc",
    "ENAMETOOLONG": "tên quá dài", "ENFILE": "hệ thống không cho mở thêm tệp cùng lúc", "ENOENT": "không có tệp này",
    "ENOSPC": "đĩa đã đầy", "ENOTDIR": "có một tệp đứng ở chỗ cần thư mục", "EPERM": "không có quyền",
    "EROFS": "đĩa chỉ cho đọc"}.items() if hasattr(errno, name)}


def why(error: OSError) -> str:
    """Why a file cannot be opened or written, in words a clerk knows; the system's own where there are none."""
    return _WHY.get(error.errno) or error.strerror or str(error) or "lỗi đĩa"


def visible(text: str, longest: int | None = 60) -> str:
    """Typed text fit for one line: cut (unless `longest` is None), a line break as ⏎, a tab as a blank, what is left of
    control and direction characters spelled out."""
    cut = text if longest is None or len(text) <= longest else text[:longest] + "…"
    if cut.isprintable():
        return cut
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp", "Co", "Cs") else f"\\u{ord(c):04x}"
                   for c in _LINE_BREAK.sub("⏎", cut).replace("\t", " "))


def without_commands(text: str) -> str:
    """A page or JSON as it may be shown: control and direction characters spelled out as JSON has them, all else as it is."""
    return _COMMANDS.sub(lambda odd: f"\\u{ord(odd[0]):04x}", text)
