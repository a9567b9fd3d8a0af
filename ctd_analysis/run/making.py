"""The files of one run as they are made: pages, the year's own files, and what is withdrawn when its data change meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ..answers.appraisal import Appraisal
from ..pages import comparison
from ..pages import what_if as what_if_page
from ..pages.notebook import ClusterPage, ProvincePage, UnitPage
from ..pages.site import frame, frame_of
from ..problems import why
from ..tables import markup
from ..tables.printed import unit_page
from ..year import kept
from ..year.year import Year
from . import render
from .ledger import Ledger
from .worklist import Job

#: Where a run keeps what it has read, beside the pages it has made of it.
READ = "read"


@dataclass
class Outcome:
    """What a run did: pages written or kept as they were, and what failed with its reasons."""
    out: Path
    year: Year
    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: dict[str, list[str]] = field(default_factory=dict)
    notices: int = 0
    beside: dict[str, str] = field(default_factory=dict)        # files somebody has written into, and the new ones beside them

    @property
    def is_clean(self) -> bool:
        """Every input was right and every page was written."""
        return not self.failed and not self.year.due_problems

    def closing(self) -> Iterator[str]:
        """The last lines on the screen: what needs attention, and where the pages are."""
        for name, reasons in self.failed.items():
            yield f"CHƯA LẬP ĐƯỢC {name}: {reasons[0]}" + (f" (và {len(reasons) - 1} lỗi nữa)" if len(reasons) > 1 else "")
        for problem in self.year.due_problems:
            if problem.cluster is None:
                yield f"LỖI: {problem.message}"
        for name, place in sorted(self.beside.items()):
            yield f"GIỮ NGUYÊN {self.out / name}: có người đã sửa tệp này; bản mới ở {self.out / place}"
        attention = [f"{len(self.year.due_problems)} lỗi"] if self.year.due_problems else []
        attention += [f"{self.notices} lưu ý"] if self.notices else []
        index, check = (self.out / self.beside.get(name, name) for name in ("index.html", "check.html"))
        where = f" ({check})" if check.is_file() else ""
        tail = f" Cần xem: {', '.join(attention)}{where}." if attention else ""
        kept = f", giữ nguyên {len(self.kept)} trang không đổi" if self.kept else ""
        yield f"Đã lập {len(self.written)} trang{kept}. Mở {index}.{tail}"


@dataclass(frozen=True)
class Making:
    """The files of one run as they are made: what becomes of each goes to the ledger and the outcome."""
    appraisal: Appraisal
    jobs: list[Job]
    ledger: Ledger
    stamp: str
    outcome: Outcome

    def note(self, job: Job, done: render.Done) -> None:
        """What became of a page. A page of a former run stays only where nothing is wrong with the year."""
        if not done.reasons:
            self.outcome.written.append(job.name)
        else:
            self.outcome.failed[job.name] = list(done.reasons)
        if not done.is_ours:
            if done.reasons and (stays := self.ledger.remove(f"{job.name}.html")):
                self.outcome.failed[job.name].append(stays)
            self.ledger.add(job.name, job.fingerprint, job.notebook.name, done)

    def whole_year(self) -> None:
        """The files of the whole year, where they are out of date; what was read; and no page of a unit that is not judged."""
        made_from = self.jobs[-1].fingerprint if self.appraisal.year.is_early else next(
            job.fingerprint for job in self.jobs if job.name == "province")
        for name, made in self.year_files().items():
            self._write(name, made_from, made)
        for name, made in kept.files(self.appraisal.year).items():
            self._write(f"{READ}/{name}", made_from, made, is_page=False)
        standing = {u.unit for u in self.appraisal.year.units}
        for unit in self.appraisal.year.all_units:
            if unit.unit not in standing and (stays := self.ledger.remove(unit_page(unit.unit))):
                self.outcome.failed[unit_page(unit.unit)] = [stays]

    def units(self, job: Job) -> None:
        """Beside a cluster's page, one for each of its units, from a template of its own."""
        for i in job.page.about if isinstance(job.page, ClusterPage) else ():
            page = UnitPage(self.appraisal, i)
            self._write(unit_page(self.appraisal.unit(i).unit), job.fingerprint, partial(self._unit, job, page))

    def _unit(self, job: Job, page: UnitPage) -> bytes:
        links = [("Mục lục", "../index.html"), (f"Trang của {job.page.name}", f"../{job.name}.html")]
        return markup.page("unit.html.j2", ctd=frame_of(page, job.inputs, self.stamp, links), marks=page.marks,
                           **page.parts()).encode()

    def _write(self, name: str, made_from: str, made: Callable[[], bytes], is_page: bool = True) -> None:
        """One file, where it is out of date; one that cannot be written is told and costs no other."""
        try:
            if not self.ledger.holds_file(name, made_from):
                self.ledger.write(name, made_from, made(), is_page)
        except OSError as error:
            self.outcome.failed[name] = [f"không ghi được ({why(error)})"]

    def withdraw_changed(self) -> None:
        """A page whose files have changed since they were read shows what no longer stands: it goes, and that is told."""
        for source in self.appraisal.year.changed():
            reason = f"{source.file} đã đổi trong khi chạy; chạy lại lệnh này"
            touched = [job for job in self.jobs if source.cluster in (None, job.name) or not isinstance(job.page, ClusterPage)]
            for job in touched:
                self._withdraw(job.name, job.files, reason)
            for name in self.year_files():
                self._withdraw(name, {name}, reason)

    def _withdraw(self, name: str, files: set[str], reason: str) -> None:
        self.outcome.failed.setdefault(name, []).append(reason)
        for names in (self.outcome.written, self.outcome.kept):
            if name in names:
                names.remove(name)
        for file in files:
            place, stays = self.ledger.place(file), self.ledger.remove(file)
            self.ledger.files.pop(place, None)
            if stays:
                self.outcome.failed[name].append(stays)

    def year_files(self) -> dict[str, Callable[[], bytes]]:
        """Each file of the whole year with what makes it, none before anything was sent; libraries load for what is made."""
        appraisal = self.appraisal
        if appraisal.year.is_early:
            return {}
        marks, province = ProvincePage(appraisal).marks, next(job for job in self.jobs if job.name == "province")

        def workbook() -> bytes:
            from ..pages import results
            return results.workbook(appraisal, marks)

        def minutes() -> bytes:
            from ..pages.minutes import document
            return document(appraisal, marks)

        def what_if() -> bytes:
            title = f"Thử đổi yêu cầu và cách hiểu, năm {appraisal.book.year}"
            ctd = frame(appraisal, title, marks, province.inputs, self.stamp, [("Mục lục", "index.html")])
            return what_if_page.page(appraisal, marks, ctd).encode()

        return {"results.json": lambda: (json.dumps(appraisal.as_json(), ensure_ascii=False, indent=1) + "\n").encode(),
                "bien-ban.docx": minutes, "results.xlsx": workbook, what_if_page.FILE: what_if}

    def all_files(self) -> set[str]:
        """What a folder of pages holds when every page is made."""
        return {"index.html", f"{comparison.NAME}.html", *self.year_files(), *(f"{job.name}.html" for job in self.jobs),
                *(unit_page(u.unit) for u in self.appraisal.year.units),
                *(f"{READ}/{name}" for name in kept.files(self.appraisal.year))}
