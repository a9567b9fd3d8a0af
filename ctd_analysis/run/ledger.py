"""What was made, and from what: `run.json` beside the pages, by which a further run knows what has to be made again."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from .. import __version__
from ..answers.appraisal import Appraisal
from ..files import beside, read_plain, sha256, write_whole
from ..problems import why
from ..tables import markup
from . import journal

FILE = "run.json"
_LIBRARIES = ("papermill", "nbconvert", "matplotlib", "jinja2", "numpy")


class Ledger:
    """`run.json`: each page with its parameters, fingerprint, SHA-256, seconds and outcome, as the last runs left them."""

    def __init__(self, out: Path, files: dict, forget: bool = False):
        self.out, self.files, self.forget, self.made = out, files, forget, set()
        self.unkept = journal.written(out)

    @classmethod
    def read(cls, out: Path, forget: bool) -> Ledger:
        """The ledger in a folder; an empty one where there is none or it cannot be read. `forget`: all is to be made anew."""
        try:
            files = json.loads(read_plain(out / FILE))["files"]
            json.dumps(files, ensure_ascii=False).encode()          # what could not be written again
            return cls(out, {name: known for name, known in files.items() if isinstance(known, dict)}, forget)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return cls(out, {}, forget)

    def is_edited(self, name: str) -> bool:
        """Is there a file that somebody has written into since it was made here?

        Of one no ledger tells of, that is supposed where people write into such files: minutes, workbooks.
        """
        if name not in self.files and Path(name).suffix not in (".docx", ".xlsx"):
            return False
        found = self._seal(name)
        return found not in (None, self.files.get(name, {}).get("sha256")) and (name, found) not in self.unkept

    def place(self, name: str) -> str:
        """Under which name a file is written: its own, or beside one that somebody has written into."""
        return beside(Path(name), lambda path: self.is_edited(path.as_posix())).as_posix()

    def holds_file(self, name: str, fingerprint: str) -> bool:
        """Is a file there, as it was written, and made from just this (and by this run, where all is to be made anew)?"""
        if not self._is_as_written(name):
            name = self.place(name)
            if not self._is_as_written(name):
                return False
        return self.files[name].get("fingerprint") == fingerprint and (not self.forget or name in self.made)

    def _is_as_written(self, name: str) -> bool:
        return self._seal(name) == self.files.get(name, {}).get("sha256", "")

    def _seal(self, name: str) -> str | None:
        """A file's SHA-256 as it is now; None where there is none to be read."""
        try:
            return sha256(self.out / name)
        except OSError:
            return None

    def add(self, name: str, fingerprint: str, notebook: str, done) -> None:
        """What became of a page `name`.html that a notebook makes; `done` is `render`'s."""
        place = done.file or self.place(f"{name}.html")
        self.made.add(place)
        self.files[place] = {
            "notebook": notebook, "fingerprint": fingerprint, "sha256": done.sha256, "seconds": done.seconds,
            "outcome": "failed" if done.reasons else "written", "reasons": list(done.reasons)}

    def write(self, name: str, fingerprint: str, content: bytes, is_page: bool = True) -> None:
        """Write a file whole, beside one that was edited, and remember it; what is no page stays where it says the same."""
        name, seal = self.place(name), hashlib.sha256(content).hexdigest()
        if is_page or self._seal(name) != seal:
            journal.write(self.out, name, content)
        self.made.add(name)
        self.files[name] = {"fingerprint": fingerprint, "sha256": seal}

    def drop_all_but(self, names: set[str]) -> None:
        """Remove what a former run made and no run makes now (a unit renamed since); not where somebody has written into it."""
        for name in set(self.files) - names - {self.place(name) for name in names}:
            path, known = self.out / name, self.files.pop(name)
            with suppress(OSError, ValueError):         # ValueError: no name a file can have
                if Path(os.path.realpath(path)).is_relative_to(self.out) and known.get("sha256") == sha256(path):
                    path.unlink()

    def keep(self, appraisal: Appraisal, stamp: str) -> None:
        """Write run.json, whole or not at all; OSError."""
        whole = {"year": appraisal.book.year, "scenario": appraisal.scenario and appraisal.scenario.title, "last_run": stamp,
                 "made_with": made_with(), "sources": {s.file: s.sha256 for s in appraisal.year.sources},
                 "files": self.files}
        self._keep(whole)

    def keep_files(self) -> None:
        """Write run.json with the files as they are known now, and all else as the last run left it; OSError."""
        try:
            whole = json.loads(read_plain(self.out / FILE))
            whole["files"] = self.files
        except (OSError, ValueError, TypeError, RecursionError):
            whole = {"files": self.files}
        self._keep(whole)

    def _keep(self, whole: dict) -> None:
        write_whole(self.out / FILE, (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
        journal.forget(self.out)

    def remove(self, name: str) -> str:
        """Remove a page, or what lies beside one that was edited; why one stays (edited, a folder, held open elsewhere)."""
        place = self.place(name)
        try:
            (self.out / place).unlink(missing_ok=True)
        except OSError as error:
            return f"trang cũ {Path(place).name} không xóa được ({why(error)}): không dùng trang ấy"
        return f"trang cũ {name} có người đã sửa: giữ lại, không dùng trang ấy" if place != name else ""


def made_with() -> dict[str, str]:
    """The versions a page depends on: this library, Python, and what draws and renders, by name."""
    return {"ctd-analysis": __version__, "python": platform.python_version(), **{n: version(n) for n in _LIBRARIES}}


def own_files() -> list[tuple[str, str]]:
    """The library's own files that pages depend on, by name and SHA-256."""
    package = markup.REPORT.parent
    return sorted((path.relative_to(package).as_posix(), sha256(path)) for path in package.rglob("*")
                  if path.suffix in (".py", ".j2", ".css", ".js", ".json"))

