"""The child process that opens workbooks (`child`), with limits of time: one for all workbooks of a year.

It works ahead while the year's other files are read. A child that dies or falls silent is not the file's fault until a second
one does so too.
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
from pathlib import Path

from .grid import Book, Sheet
from .limits import ONE_ARENA

PATIENCE = 15.0                              # seconds a child may be silent; it counts its own work (`child`)
_TRIES = 2                                   # children that may die or fall silent over one file
#: The child knows this folder only, so that nothing of the library is loaded but what reads files.
_CHILD = ("import sys, types; p = types.ModuleType('office'); p.__path__ = [sys.argv[1]]; sys.modules[p.__name__] = p; "
          "sys.path += [sys.argv[2]] if sys.argv[2] else []; from office.child import main; main(sys.argv[3:])")


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
        command = [sys.executable, "-I", "-S", *["-B"] * sys.dont_write_bytecode, "-c", _CHILD, str(Path(__file__).parent),
                   _packages(self._waiting)]
        self._child = subprocess.Popen([*command, *self._waiting], stdin=subprocess.PIPE, stdout=subprocess.PIPE,  # noqa: S603
                                       stderr=subprocess.DEVNULL, env=os.environ | ONE_ARENA)
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
