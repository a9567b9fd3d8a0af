"""Which year is meant where none is named: the newest folder of `data/` with a submission, else the newest (contract)."""

from __future__ import annotations

from os.path import isdir  # Path.is_dir has no answer for a name no file can have
from pathlib import Path

from ..files import names_in
from ..plan.rulebook import FILE
from ..problems import visible


def newest(data: Path) -> Path | None:
    """The folder of that year inside `data`, None where it holds no year: a folder with a rule book.

    Folders called by four figures are newer than any other; of the rest the one that comes last by name.
    """
    years = _years(data)
    with_submissions = [year for year in years if _has_submission(year / "submissions")]
    return (with_submissions or years or [None])[-1]


def find_year(year_dir: str) -> Path:
    """The year's folder, looked for from here, from the folder above (a notebook's), and from the project's root.

    Empty: the newest in `data/` that has a submission. FileNotFoundError: there is none.
    """
    typed = str(year_dir)
    for base in (Path(), Path(".."), Path(__file__).parent.parent.parent):
        if typed and isdir(base / typed):
            return base / typed
        if not typed and (found := newest(base / "data")):
            return found
    lacks = f"thư mục “{visible(typed)}”" if typed else "năm nào trong thư mục data"
    raise FileNotFoundError(f"Không có {lacks}; cần thư mục của một năm, ví dụ data/2024.")


def before(year: Path) -> Path | None:
    """The year that stands beside a year's folder and comes before it, the newest of them; None where there is none."""
    return next((path for path in reversed(_years(year.parent)) if _age(path) < _age(year)), None)


def _years(data: Path) -> list[Path]:
    """The years in a folder, the newest last."""
    return sorted((path for path in map(data.joinpath, names_in(data)) if (path / FILE).is_file()), key=_age)


def _age(path: Path) -> tuple[bool, str]:
    return len(path.name) == 4 and path.name.isdecimal(), path.name


def _has_submission(folder: Path) -> bool:
    """Did a cluster send anything: a file, or a folder that is not empty?"""
    return any(names_in(path) if path.is_dir() else True for path in map(folder.joinpath, names_in(folder)))
