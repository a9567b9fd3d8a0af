"""What the verbs share: what is said to the person at the keyboard, a year read, a scenario, a file written."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import suppress
from pathlib import Path

from ..problems import Refused, visible
from ..terms import hint

DEFAULT_YEAR = "data/2024"
CONSOLE = 80        # columns that lines keep to, whatever the console has


def console() -> int | None:
    """The columns of the console, or of the one that COLUMNS speaks of; None where the answer goes to a file or a program."""
    import shutil
    return shutil.get_terminal_size((0, 0)).columns or None


def folded(line: str, width: int | None) -> str:
    """A line on a console of so many columns; what is longer goes on under itself, further in."""
    import textwrap
    own = len(line) - len(line.lstrip())
    return textwrap.fill(line, width, subsequent_indent=" " * (own + 4), break_long_words=False,
                         break_on_hyphens=False) if width else line


class CallError(Exception):
    """The call itself is wrong; the message says what to type instead."""


def tell_refused(refused: Refused) -> int:
    """What is wrong with a year's own files, told line by line."""
    for problem in refused.problems:
        say(problem.message)
    say(f"Không chạy được: tệp của năm có {len(refused.problems)} lỗi cần sửa trước.")
    return 1


def say(text: str) -> None:
    """One line for the person at the keyboard (standard output is kept for results); nobody there costs nothing."""
    with suppress(OSError):
        tell(text, sys.stderr)


def show(text: str) -> None:
    """Results for standard output, line by line."""
    for line in text.split("\n"):
        tell(line, sys.stdout)


def tell(line: str, stream) -> None:
    """One line. To a terminal nothing goes that it could take for a command: names and messages come from outside."""
    print(visible(line, None), file=stream)


def read(folder: str):
    """The year in a folder; a folder that is not there is a wrong call."""
    return begin(folder)()


def begin(folder: str, accounts: list | None = None):
    """Begin to read a year: its workbooks are opened while libraries load. What comes back gives the year when called."""
    from ..year.year import begin as begin_year
    return begin_year(year_folder(folder), None, accounts)


def year_folder(typed: str) -> Path:
    """The folder of a year; one that is not there, or cannot be, is a wrong call."""
    path, siblings = Path(typed), []
    try:
        if typed.strip() and path.is_dir():
            return path
        siblings = sorted(p.name for p in path.parent.iterdir() if p.is_dir()) if path.parent.is_dir() else []
    except OSError:         # a name no system takes, a folder nobody may open
        pass
    raise CallError(f"không có thư mục “{typed[:80]}”{hint(path.name[:80], siblings)}; cần thư mục của một năm, "
                    f"ví dụ {DEFAULT_YEAR}")


def check_clusters(asked, known) -> None:
    """Every cluster asked for is one of the year's; else a wrong call."""
    for cluster in asked:
        if cluster not in known:
            raise CallError(f"không có cụm “{cluster}”{hint(cluster, known)}; các cụm: {', '.join(known)}")


def real(path: Path) -> Path:
    """Where a path leads; a link that leads to itself stays one (`Path.resolve` raises)."""
    return Path(os.path.realpath(path))


def folder_to_write(typed: str, year) -> Path:
    """A folder to write into; never one where submissions lie."""
    folder, submissions = Path(typed), real(year.path / "submissions")
    if submissions in (real(folder), *real(folder).parents):
        raise CallError(f"không ghi vào “{typed}”: thư mục này giữ hồ sơ gốc của các cụm")
    return folder


def scenario_of(options, year):
    """The scenario asked for by `--scenario` and `--set`, or None; says so where its bars do not descend."""
    from ..plan import rulebook
    from ..plan import scenario as scenarios
    from ..plan.scenario import amend
    if options.scenario == "":
        raise CallError("--scenario cần tên một tệp phương án")
    try:
        scenario = scenarios.load(Path(options.scenario), year.book) if options.scenario else None
        if getattr(options, "set", None):
            scenario = scenarios.from_pairs(options.set, year.book, scenario)
    except scenarios.BadScenario as error:
        raise CallError(str(error)) from None
    if scenario:
        for key, seen, wanted in rulebook.uneven_bars(amend(year.book, scenario.changes)):
            say(f"Lưu ý: {key} trong phương án thử là {seen}, thường {wanted}; các loại vẫn xét từ cao xuống thấp.")
    return scenario


def write_json(target: str, value) -> None:
    """JSON to a file, whole or not at all, or to standard output (`-`)."""
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    if target == "-":
        sys.stdout.write(re.sub("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", lambda odd: f"\\u{ord(odd[0]):04x}", text))
        return
    write(Path(target), text.encode())


def write(target: Path, content: bytes) -> None:
    """A file, whole or not at all; one that cannot be written is a wrong call."""
    from ..files import write_whole
    try:
        write_whole(target, content)
    except OSError as error:
        raise CallError(f"không ghi được “{target}” ({error.strerror})") from None


def report(year, notices) -> int:
    """Problems and a count of notices, on standard error; the exit code."""
    for problem in year.problems:
        say(problem.message)
    if year.problems or notices:
        say(f"{len(year.problems)} lỗi, {len(notices)} lưu ý (ctd check {year.path} để xem).")
    return 1 if year.problems else 0
