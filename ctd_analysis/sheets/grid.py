"""A spreadsheet as plain grids: what stands in which cell, what is merged, what is hidden, what was remarked.

Files are opened by a child process (`child`) with limits of time and memory, one for all workbooks of a year; it works ahead
while the year's other files are read. A child that dies or falls silent is not the file's fault until a second one does so too.
"""

from __future__ import annotations

import importlib.util
import json
import os
import queue
import subprocess  # noqa: S404 - this same Python, on a script of this package, with a fixed command line
import sys
import threading
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

PATIENCE = 15.0                              # seconds a child may be silent; it counts its own work (`child`)
_TRIES = 2                                   # children that may die or fall silent over one file
_MOST_COVERED = 200_000                     # cells under merged ones that are kept track of
#: The child knows this folder only, so that nothing of the library is loaded but what reads files.
_CHILD = ("import sys, types; p = types.ModuleType('sheets'); p.__path__ = [sys.argv[1]]; sys.modules[p.__name__] = p; "
          "sys.path += [sys.argv[2]] if sys.argv[2] else []; from sheets.child import main; main(sys.argv[3:])")


#: The C library keeps much address space aside for each thread, which a limit of memory counts.
_ONE_ARENA = {"MALLOC_ARENA_MAX": "1"}


class Cell(NamedTuple):
    """One cell with something in it. `kind`: t text, n number, d date, b true or false, e error, f formula never computed."""
    row: int
    column: int
    kind: str
    value: object
    look: str = ""
    is_formula: int = 0
    font: str = ""

    @property
    def address(self) -> str:
        """`F17`."""
        return f"{letters(self.column)}{self.row}"

    @property
    def text(self) -> str:
        """What a message shows of it."""
        if self.kind == "t":
            return self.value
        if self.kind == "n":
            return plain_number(self.value)
        if self.kind == "d":
            day, _, time = str(self.value).partition("T")
            return " ".join(p for p in ("/".join(reversed(day.split("-"))), time) if p)
        if self.kind == "b":
            return "TRUE" if self.value else "FALSE"
        return "công thức chưa tính" if self.kind == "f" else str(self.value)

    @property
    def whole(self) -> int | None:
        """A small whole number, typed as one or as text; else None."""
        if self.kind == "n":
            return self.value if isinstance(self.value, int) and self.look != "%" else None
        text = str(self.value).strip() if self.kind == "t" else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


class Sheet:
    """One sheet. `home` leads from any part of a merged cell to the cell that holds its value."""

    def __init__(self, data: dict):
        self.name: str = data["name"]
        self.is_hidden: bool = data["hidden"]
        self.cells = {(c[0], c[1]): Cell(*c) for c in data["cells"]}
        self.comments = [(row, column, text) for row, column, text in data["comments"] if text.strip()]
        self.hidden_rows = set(data["hidden_rows"])
        self._hidden_columns = data["hidden_columns"]
        self.rows: dict[int, list[Cell]] = {}
        for place in sorted(self.cells):
            self.rows.setdefault(place[0], []).append(self.cells[place])
        self.last_row = max(self.rows, default=0)
        self.last_column = max((column for _, column in self.cells), default=0)
        self.spans: dict[tuple[int, int], tuple[int, int]] = {}
        self._covered: dict[tuple[int, int], Cell] = {}
        for merge in data["merges"]:
            self._merge(*merge)

    def _merge(self, top, left, bottom, right):
        bottom, right = min(bottom, self.last_row), min(right, self.last_column)
        cell = self.cells.get((top, left))
        if cell is None or len(self._covered) + (bottom - top + 1) * (right - left + 1) > _MOST_COVERED:
            return
        self.spans[top, left] = (bottom, right)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                self._covered[row, column] = cell

    def home(self, row: int, column: int) -> Cell | None:
        """The cell whose value stands here, through merges."""
        return self.cells.get((row, column)) or self._covered.get((row, column))

    def span(self, cell: Cell) -> tuple[int, int]:
        """The last row and column a cell covers."""
        return self.spans.get((cell.row, cell.column), (cell.row, cell.column))

    def is_column_hidden(self, column: int) -> bool:
        """Is this column hidden?"""
        return any(first <= column <= last for first, last in self._hidden_columns)

    @cached_property
    def columns(self) -> list[int]:
        """The columns with something in them."""
        return sorted({column for _, column in self.cells})


class Book(NamedTuple):
    """A workbook that was read, or (`refused`) why it could not be."""
    sheets: tuple[Sheet, ...] = ()
    remarks: tuple[str, ...] = ()
    refused: str = ""
    wanted: str = ""
    sha256: str = ""
    is_ours: bool = False            # the reader's fault, not the file's


class Opener:
    """Opens workbooks through the child process, ahead of being asked."""

    def __init__(self, paths: Iterable[Path]):
        self._paths, self._answers, self._child, self._lost = [str(p) for p in paths], {}, None, Counter()
        if self._paths:
            self._start()

    def book(self, path: Path) -> Book:
        """The workbook at `path`."""
        name = str(path)
        if name not in self._paths:
            self._paths.append(name)
        while name not in self._answers:
            if self._child is None:
                self._start()
            self._wait()
        answer = self._answers.pop(name)
        self._paths.remove(name)
        return Book(tuple(map(Sheet, answer.get("sheets", ()))), tuple(answer.get("remarks", ())), answer.get("refused", ""),
                    answer.get("wanted", ""), answer.get("sha256", ""), answer.get("is_ours", False))

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child.stdin.close()
            self._child = None

    def _start(self):
        self._waiting = [p for p in self._paths if p not in self._answers]
        command = [sys.executable, "-I", "-S", "-B", "-c", _CHILD, str(Path(__file__).parent), _packages(self._waiting)]
        self._child = subprocess.Popen([*command, *self._waiting], stdin=subprocess.PIPE, stdout=subprocess.PIPE,  # noqa: S603
                                       stderr=subprocess.DEVNULL, env=os.environ | _ONE_ARENA)
        self._lines = queue.SimpleQueue()
        threading.Thread(target=_pump, args=(self._child.stdout, self._lines), daemon=True).start()

    def _wait(self):
        """One more answer; a file over which one child after another dies or falls silent gets one as well."""
        current = self._waiting[0]
        try:
            line = self._lines.get(timeout=PATIENCE)
        except queue.Empty:
            line = b""
        answer = json.loads(line) if line.endswith(b"\n") else self._without_answer(current)
        if answer:
            self._answers[current] = answer
            self._waiting.pop(0)
        if not answer or answer.get("ends") or not self._waiting:
            self.close()

    def _without_answer(self, path: str) -> dict:
        """Nothing yet: another child will try; at last, that none could read the file."""
        self._lost[path] += 1
        if self._lost[path] < _TRIES:
            return {}
        return {"refused": f"trình đọc bảng tính dừng giữa chừng {_TRIES} lần khi mở tệp này", "ends": True, "is_ours": True,
                "wanted": "chạy lại lệnh; nếu vẫn vậy: mở tệp bằng Excel hoặc LibreOffice, lưu lại thành .xlsx"}


def _pump(stream, lines) -> None:
    """Hand on the child's lines; an empty one at the end."""
    with stream:
        for line in stream:
            lines.put(line)
    lines.put(b"")


def _packages(paths: list[str]) -> str:
    """Where `xlrd` lies, if an .xls is among the files."""
    if not any(p.lower().endswith(".xls") for p in paths):
        return ""
    found = importlib.util.find_spec("xlrd")
    return str(Path(found.origin).parent.parent) if found and found.origin else ""


def letters(column: int) -> str:
    """6 → `F`."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def plain_number(value) -> str:
    """A stored number as digits: 8100000000, 1845.5."""
    return str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f")
