"""`compare.html`: one page beside a year's, made by `ctd compare` through its notebook; the index names it at the next run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ..files import digest, sha256
from ..pages.comparison import NAME, ComparisonPage
from ..pages.site import frame_of
from . import batch, publish, render
from .ledger import Ledger
from .worklist import NOTEBOOKS, inputs


def make(page: ComparisonPage, parameters: dict[str, str], out: Path, say: Callable[[str], None]) -> bool:
    """Write the page into a folder, beside one that somebody has edited; is it there? `CannotRun` as a run."""
    here, stamp, found = Path(os.path.realpath(out)), publish.stamp(), page.comparison
    sides = [found.new] if found.old_rules else [found.old, found.new]
    shown = digest([page.title, [inputs(side, None) for side in sides],         # all data and rules the page shows
                    sorted((key, str(value)) for key, value in found.old_book.in_force().items())])
    with publish.alone(out, here):
        ledger, notebook = Ledger.read(here, False), NOTEBOOKS / f"{NAME}.ipynb"
        links = [one for one in (("Mục lục", "index.html"), ("Toàn tỉnh", "province.html")) if (here / one[1]).is_file()]
        task = render.Task(NAME, str(notebook), parameters, frame_of(page, shown, stamp, links), str(here),
                           file=ledger.place(f"{NAME}.html"))
        with batch.run_all([task], 1) as outcomes:
            done = next(outcomes)
        ledger.add(NAME, digest([shown, sha256(notebook)]), notebook.name, done)
        ledger.keep_files()
    for reason in done.reasons:
        say(f"CHƯA LẬP ĐƯỢC {NAME}: {reason}")
    if done.reasons:
        return False
    if done.file != f"{NAME}.html":
        say(f"GIỮ NGUYÊN {out / f'{NAME}.html'}: có người đã sửa tệp này; bản mới ở {out / done.file}")
    changed = {one.file for side in sides for one in side.year.changed()}
    for file in sorted(changed):
        say(f"{file} đã đổi trong khi chạy; chạy lại lệnh này")
    say(f"Đã lập {out / done.file}.")
    return not changed
