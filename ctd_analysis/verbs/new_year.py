"""`ctd new-year`: a folder for the next year, whole or not at all; and the list of what a person has to look at in it."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from ..files import names_in
from ..problems import why
from .shared import CallError, read, real, say, tell, year_folder


def new_year(options) -> int:
    """Make a year's folder from another's; `CallError` for one that exists or cannot be."""
    source, target = year_folder(options.source), Path(options.target)
    if not options.target.strip() or os.path.lexists(target):
        raise CallError(f"“{target}” đã có, không động đến; cần một thư mục chưa có, ví dụ data/2025")
    if real(source) in real(target).parents:
        raise CallError(f"“{target}” nằm trong thư mục của năm nguồn; cần một thư mục bên ngoài")
    year = read(str(source))
    number = _number(target, year.book.year)
    from ..year import next as next_year
    known = {b.unit for b in year.branches}
    branches = [*year.branches, *(b for b in year.listed if b.unit not in known)]
    made = next_year.files(source, year.book, branches, number, year.failed)
    try:
        _write(target, made)
    except OSError as error:
        raise CallError(f"không lập được “{target}” ({why(error)})") from None
    for _, line in next_year.open_lines(made[next_year.TODO]):
        tell(f"XEM LẠI  {line}", sys.stdout)
    if left := [name for name in names_in(source) if name not in made]:
        say(f"Không chép, vì thuộc riêng năm cũ: {', '.join(left)}.")
    say(f"Đã lập {target} cho năm {number} từ {source}. Những việc trên ghi ở {target / next_year.TODO}; "
        f"ctd check {target} nhắc lại cho đến khi xem xong.")
    for problem in year.problems:
        say(problem.message)
    return 1 if year.problems else 0


def _number(target: Path, before: int) -> int:
    """The year a folder is for: the one its name says, else the year after."""
    named = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", target.name)
    number = int(named[0]) if named else before + 1
    if number <= before:
        raise CallError(f"“{target}” là của năm {number}; cần một năm sau năm {before}, ví dụ data/{before + 1}")
    return number


def _write(target: Path, made: dict[str, bytes]) -> None:
    """All files in a folder that appears whole, with an empty one for the submissions."""
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        whole = scratch / target.name           # made as the system makes folders: the user's umask holds
        (whole / "submissions").mkdir(parents=True)
        for name, content in made.items():
            (whole / name).write_bytes(content)
        os.rename(whole, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
