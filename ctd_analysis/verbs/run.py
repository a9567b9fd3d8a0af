"""`ctd run`: the notebooks are run, the pages written; several years one after another."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..problems import Refused
from .shared import CallError, check_clusters, folder_to_write, read, real, say, scenario_of, tell_refused, year_folders


def run(options) -> int:
    """Check the inputs, run the notebooks, write the pages; several years one after another; `CallError` for what cannot be."""
    if options.jobs < 1:
        raise CallError("--jobs cần một số từ 1 trở lên")
    if options.timeout is not None and not 0 < options.timeout < float("inf"):
        raise CallError("--timeout cần một số giây lớn hơn 0, có giới hạn")
    if options.verbose:
        import logging
        logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s: %(message)s")
    folders = year_folders(options.years)
    outs = [_out_of(options, folder, len(folders)) for folder in folders]
    if len({os.path.realpath(out) for out in outs}) < len(outs):
        raise CallError("hai năm sẽ ghi vào cùng một thư mục; chạy riêng từng năm với --out khác nhau")
    from ..run import ahead, room
    try:
        options.jobs = room.jobs_within(options.jobs)
    except room.CannotRun as error:
        raise CallError(str(error)) from None
    if not options.scheduler and (options.force or not os.path.exists(outs[0] / "run.json")):
        ahead.begin(min(options.jobs, 2))   # two pages at least are to be made: kernels load while all this does
    try:
        return max(_run_one(options, folder, out) for folder, out in zip(folders, outs, strict=True))
    finally:
        ahead.end()


def _out_of(options, folder: Path, years: int) -> Path:
    """Where a year's pages go: `--out`, with a folder a year below it where there are several; a trial has its own."""
    name = real(folder).name
    if options.scenario and not options.out:
        return Path("reports") / f"{name}-phuong-an" / Path(options.scenario).stem
    return Path(options.out or f"reports/{name}") / (name if options.out and years > 1 else "")


def _run_one(options, folder: Path, out: Path) -> int:
    """One year rendered; a year whose own files are faulty is told and stops no other."""
    from ..run import publish, room
    try:
        year = read(str(folder))
    except Refused as refused:
        return tell_refused(refused)
    scenario = scenario_of(options, year)
    check_clusters(options.cluster, year)
    if scenario:
        say(f"PHƯƠNG ÁN THỬ “{scenario.title}”: không phải kết quả của năm; các trang ghi vào {out}.")
    chosen = publish.Options(folder_to_write(str(out), year), Path(options.scenario) if scenario else None,
                             tuple(options.cluster), options.jobs, options.force, options.timeout, options.scheduler,
                             sys.stderr.isatty())
    try:
        outcome = publish.run(year, scenario, chosen, say)
    except room.CannotRun as error:
        say(f"ctd: {error}")
        return 2
    for line in outcome.closing():
        say(line)
    return 0 if outcome.is_clean else 1
