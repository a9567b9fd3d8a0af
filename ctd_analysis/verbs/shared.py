"""What the verbs share: what is said to the person at the keyboard, a year read, a scenario, a file written."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from ..problems import Refused, visible, why, without_commands
from ..terms import hint

DEFAULT_YEAR = "data/2024"      # an example of what to type
DATA = Path("data")             # where years lie that nobody has named
CONSOLE = 80        # columns that lines keep to, whatever the console has
UNDONE = "Chưa ghi gì."      # closes what is told of a row or a sheet that cannot be taken


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


def tell_refused(refused: Refused, closing: str = "") -> int:
    """Every reason, told line by line, then `closing` (none: that a year's own files are faulty); the exit code."""
    for problem in refused.problems:
        say(problem.message)
    say(closing or f"Không chạy được: tệp của năm có {len(refused.problems)} lỗi cần sửa trước.")
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


def newest_year() -> str:
    """The folder of the year that is meant where none is named (contract), told to the person; `CallError`: none there."""
    from ..year.newest import newest
    if (found := newest(DATA)) is None:
        raise CallError(f"không có năm nào trong thư mục “{DATA}”; cần thư mục của một năm, ví dụ {DEFAULT_YEAR}")
    say(f"Năm: {found} (không nêu thì lấy năm mới nhất trong {DATA} đã có hồ sơ).")
    return str(found)


def year_folder(typed: str) -> Path:
    """The folder of a year; `CallError` for one that is not there, or cannot be."""
    path, siblings = Path(typed), []
    try:
        if typed.strip() and path.is_dir():
            return path
        siblings = sorted(p.name for p in path.parent.iterdir() if p.is_dir()) if path.parent.is_dir() else []
    except OSError:         # a name no system takes, a folder nobody may open
        pass
    raise CallError(f"không có thư mục “{typed[:80]}”{hint(path.name[:80], siblings)}; cần thư mục của một năm, "
                    f"ví dụ {DEFAULT_YEAR}")


def year_folders(typed: list[str]) -> list[Path]:
    """The folders of the years that are named, of the newest where none is; errors as `year_folder`, `newest_year`."""
    return [year_folder(one) for one in typed or [newest_year()]]


def check_clusters(asked, year) -> None:
    """Every cluster asked for is one of the year's; else `CallError`."""
    for cluster in asked:
        if cluster not in year.cluster_names:
            raise CallError(year.no_cluster(cluster))


def real(path: Path) -> Path:
    """Where a path leads; a link that leads to itself stays one (`Path.resolve` raises)."""
    return Path(os.path.realpath(path))


def folder_to_write(typed: str, year) -> Path:
    """A folder to write into; `CallError` for one where submissions or registrations lie."""
    folder = Path(typed)
    for name, whose in (("submissions", "hồ sơ gốc của các cụm"), ("registration", "bảng đăng ký các đơn vị gửi")):
        if real(year.path / name) in (real(folder), *real(folder).parents):
            raise CallError(f"không ghi vào “{typed}”: thư mục này giữ {whose}")
    return folder


def scenario_of(options, year):
    """The scenario asked for by `--scenario` and `--set`, or None; told: bars that do not descend, facts without
    effect. `CallError` where it is none."""
    from ..plan import scenario as scenarios
    from ..plan.scenario import amend
    from ..words import wording
    from ..year import trial
    try:
        scenario = trial.load(Path(options.scenario), year) if options.scenario else None
        if getattr(options, "set", None):
            scenario = trial.settled(scenarios.from_pairs(options.set, year.book, scenario), year)
    except scenarios.BadScenario as error:
        raise CallError(str(error)) from None
    if scenario:
        for warning in wording.uneven(amend(year.book, scenario.changes)):
            say(warning)
        standing = {u.unit for u in year.units}
        for key, one in trial.facts(year, scenario.changes).items():
            if one.unit not in standing:
                say(f"Lưu ý: {key} không có tác dụng: cụm của đơn vị này chưa xét được.")
    return scenario


def answer(options, value: Callable[[], dict], told: Callable[[], Iterable[str]], rows: str = "") -> None:
    """What was found: as JSON where `--json` asks for it (`rows` as `write_json`); and in pieces on the screen, a blank line
    between them, unless the JSON goes there. `CallError` as `write`."""
    if options.json:
        write_json(options.json, value(), rows)
    if options.json != "-":
        show("\n\n".join(told()))


def write_json(target: str, value, rows: str = "") -> None:
    """JSON to a file, whole or not at all, or to standard output (`-`); of the list `rows`, the last key, a line an entry."""
    text = json.dumps({**value, rows: []} if rows else value, ensure_ascii=False, indent=1) + "\n"
    if rows:
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in value[rows])     # far quicker than with indents
        text = text.removesuffix("[]\n}\n") + f"[\n{lines}\n]\n}}\n"
    if target == "-":
        sys.stdout.write(without_commands(text))
        return
    write(Path(target), text.encode())


def write(target: Path, content: bytes) -> None:
    """A file, whole or not at all; `CallError` for one that cannot be written."""
    from ..files import write_whole
    try:
        write_whole(target, content)
    except OSError as error:
        raise CallError(f"không ghi được “{target}” ({why(error)})") from None


def write_beside(target: Path, content: bytes) -> None:
    """A file nobody's work is lost by: beside one of that name that holds something else; says where it is."""
    from ..files import beside
    place = beside(target, lambda path: os.path.lexists(path) and not _holds(path, content))
    if not _holds(place, content):
        write(place, content)
    say(f"Đã ghi {place}" + (f"; {target} đã có người ghi vào, giữ nguyên" if place != target else ""))


def _holds(path: Path, content: bytes) -> bool:
    """Does a file hold just these bytes?"""
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def report(year, notices, is_early: bool = False) -> int:
    """Problems and a count of notices, on standard error; before December that nothing was sent is no fault; the exit code."""
    problems = [one for one in year.problems if not (is_early and one.is_absence)]
    for problem in problems:
        say(problem.message)
    if problems or notices:
        say(f"{len(problems)} lỗi, {len(notices)} lưu ý (ctd check {year.path} để xem).")
    return 1 if problems else 0
