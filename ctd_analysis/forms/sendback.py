"""What goes back to a cluster whose submission has faults, or a unit whose registration has: its own workbook with the cells
marked, or a list.

A copy of each faulty workbook carries a fill and a comment on every faulty cell (what was seen, what is wanted) and a first
sheet “Cần sửa” with all problems and notices. A submission that is no such workbook (CSV, .xls, .ods, a broken file) gets the
list alone. The original is only read. Text from a submission never becomes a formula; formulas that were there stay.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

from ..files import as_told, read_plain
from ..problems import Problem, visible
from ..values import nfc
from ..year import corrections, returned
from ..year.submission import called
from ..year.year import Year
from .marking import HEADS, INTRO, SUMMARY, Marks, Unmarked, height, marked

_OPENS = (".xlsx", ".xlsm")
_SEAL = b"ctd check "           # in the archive's comment, before the SHA-256 of the archive without it


class Return(NamedTuple):
    """A file to send back: its name inside the folder asked for, its bytes, and what is to be said of it."""
    name: str
    content: bytes
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Case:
    """One sender with faults: what was sent, and what is said of it; `name` begins the list's."""
    name: str
    cluster: str
    files: dict[str, Path]
    problems: list[Problem]
    notices: list[Problem]

    def of(self, file: str) -> list[Problem]:
        return [p for p in self.problems if p.file == file]


def returns(year: Year, notices: Iterable[Problem]) -> Iterator[Return]:
    """All that goes back, cluster by cluster: marked copies, and a list where a problem stands in none. Writes nothing."""
    for case in _cases(year, list(notices)):
        copied, taken, unmarked = set(), set(), []
        for file, path in case.files.items():
            try:
                content = _copy(case, file, path)
            except Unmarked as error:
                unmarked.append(Problem(file, str(error), case.cluster))
                continue
            if content is not None:
                copied.add(file)
                name = str(Path(file).with_suffix(".xlsx").as_posix())
                name = name if name not in taken else f"{file}.xlsx"
                taken.add(name)
                yield Return(name, sealed(content))
        if any(p.file not in copied for p in case.problems):
            case.notices.extend(unmarked)
            yield Return(f"{case.name}.can-sua.xlsx", sealed(_listing(year, case)), tuple(p.message for p in unmarked))


def sealed(content: bytes) -> bytes:
    """An archive that can be known again as long as nobody has saved it anew."""
    comment = _SEAL + hashlib.sha256(content).hexdigest().encode()
    return content[:-2] + len(comment).to_bytes(2, "little") + comment


def is_ours(path: Path) -> bool:
    """Is a file one that was written to be sent back, as it was written?"""
    try:
        raw = read_plain(path)
    except OSError:
        return False
    comment = raw[-len(_SEAL) - 64:]
    return comment.startswith(_SEAL) and sealed(raw[:-len(comment) - 2] + b"\0\0") == raw


def former(folder: Path, year: Year) -> list[Path]:
    """What lies in a folder under names that are written there, from this call or another."""
    clusters, found = {corrections.REGISTRATION, *year.cluster_names}, []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name.partition(".")[0] in clusters:
            found += sorted(path.iterdir()) if path.is_dir() else [path]
    return [path for path in found if path.suffix == ".xlsx" and path.is_file()]


def _cases(year: Year, notices: list[Problem]) -> Iterator[_Case]:
    """Each cluster's submission, then what each unit registered."""
    sent = [(id, id, _files(year.path / "submissions", id), ("submissions",)) for id in year.cluster_names]
    sent += [(f"{corrections.REGISTRATION}/{unit.unit}", unit.cluster, _registered(year.path, unit.unit), ())
             for unit in year.all_units]
    for name, cluster, files, roots in sent:
        problems, told = ([p for p in found if p.cluster == cluster and (p.file in files or p.file.startswith(roots))]
                          for found in (year.due_problems, notices))
        if not all(p.is_ours for p in problems):
            yield _Case(name, cluster, files, problems, told)


def _registered(root: Path, unit: str) -> dict[str, Path]:
    """What a unit sent back of the registration round, by the names that problems carry."""
    folder = root / corrections.REGISTRATION
    paths = [p for p in sorted(folder.iterdir()) if returned.unit_of(p, [unit]) and p.is_file()] if folder.is_dir() else []
    return {as_told(p.relative_to(root)): p for p in paths}


def _files(root: Path, cluster: str) -> dict[str, Path]:
    """The files of a submission by the names that problems carry."""
    tops = [p for p in sorted(root.iterdir()) if called(p) == cluster] if root.is_dir() else []
    paths = [q for p in tops for q in (sorted(p.iterdir()) if p.is_dir() else [p]) if q.is_file()]
    return {as_told(p.relative_to(root)): p for p in paths}


# ---------------------------------------------------------------- the copy

def _copy(case: _Case, file: str, path: Path) -> bytes | None:
    """The marked copy of a workbook, or None where there is nothing to mark; `Unmarked` where none can be made."""
    mine = case.of(file)
    if not any(p.sheet for p in mine) or path.suffix.casefold() not in _OPENS:
        return None
    return marked(path, Marks([(nfc(p.sheet or ""), p.cell or "", _said(p)) for p in mine], _rows(case, file)))


def _said(problem: Problem) -> str:
    """What was seen and what is wanted, for a comment."""
    seen = "" if problem.seen is None else f"\nĐang ghi: {problem.seen or '(trống)'}"
    wanted = f"\nCần ghi: {problem.wanted}" if problem.wanted else ""
    return _clean(f"{_sentence(problem)}{seen}{wanted}")


def _sentence(problem: Problem) -> str:
    """What is wrong as a sentence; where the cell is named, the column's internal name is not."""
    told = re.sub(r"^cột \w+: ", "", problem.what) if problem.cell else problem.what
    return f"{told[:1].upper()}{told[1:]}."


def _clean(text: str) -> str:
    """Text a workbook can hold: signs nobody sees are spelled out, lines stay lines."""
    return "\n".join(visible(line, 4000) for line in text.split("\n"))


# ---------------------------------------------------------------- the list

def _rows(case: _Case, first: str = "") -> list[tuple[str, ...]]:
    """Every problem, then every notice, those of one file first, as the cells of a table."""
    told = [(p, level) for found, level in ((case.problems, "Phải sửa"), (case.notices, "Lưu ý"))
            for p in sorted(found, key=lambda p: p.file != first)]
    return [tuple(map(_clean, (str(n), level, p.where, _sentence(p), "" if p.seen is None else p.seen or "(trống)",
                               p.wanted or ""))) for n, (p, level) in enumerate(told, 1)]


def _listing(year: Year, case: _Case) -> bytes:
    """The list alone, as a workbook."""
    buffer, rows = io.BytesIO(), _rows(case)
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{SUMMARY}: {case.name}", "created": datetime(year.book.year, 1, 1)})
    font = {"font_name": "Times New Roman", "valign": "top"}
    title, plain = book.add_format({**font, "bold": True, "font_size": 14}), book.add_format(font)
    head = book.add_format({**font, "bold": True, "text_wrap": True, "bottom": 2})
    text = book.add_format({**font, "text_wrap": True, "quote_prefix": True, "bottom": 4})
    sheet = book.add_worksheet(SUMMARY)
    for at, line in enumerate([(SUMMARY.upper(),), (INTRO,), (), tuple(HEADS), *rows]):
        for column, said in enumerate(line):
            done = sheet.write_string(at, column, said, title if at == 0 else plain if at == 1 else head if at == 3 else text)
            if done and said:
                raise RuntimeError(f"row {at + 1}, column {column + 1} was not written")
    for at, row in enumerate(rows, 4):
        sheet.set_row(at, height(row))
    for column, width in enumerate(HEADS.values()):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(4, 0)
    sheet.repeat_rows(3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()
