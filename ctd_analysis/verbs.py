"""What each verb of `ctd` does, and what the verbs share; each gives its exit code.

Libraries that take long to load are imported by the verb that needs them.
"""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import suppress
from pathlib import Path

from .problems import Refused, visible
from .terms import hint

DEFAULT_YEAR = "data/2024"
CONSOLE = 80        # columns of the console that tables and lines keep to where they can


class CallError(Exception):
    """The call itself is wrong; the message says what to type instead."""


def tell_refused(refused: Refused) -> int:
    """What is wrong with a year's own files, told line by line."""
    for problem in refused.problems:
        say(problem.message)
    say(f"Không chạy được: tệp của năm có {len(refused.problems)} lỗi cần sửa trước.")
    return 1


def say(text: str) -> None:
    """One line for the person at the keyboard (standard output is kept for results); nobody there costs nothing."""
    with suppress(OSError):
        _tell(text, sys.stderr)


def show(text: str) -> None:
    """Results for standard output, line by line."""
    for line in text.split("\n"):
        _tell(line, sys.stdout)


def _tell(line: str, stream) -> None:
    """To a terminal nothing goes that it could take for a command: names and messages come from outside."""
    print(visible(line, None), file=stream)


# ---------------------------------------------------------------- verbs

def run(options) -> int:
    """Check the inputs, run the notebooks, write the pages; several years one after another."""
    if options.jobs < 1:
        raise CallError("--jobs cần một số từ 1 trở lên")
    if options.timeout is not None and not 0 < options.timeout < float("inf"):
        raise CallError("--timeout cần một số giây lớn hơn 0, có giới hạn")
    if options.verbose:
        import logging
        logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s: %(message)s")
    folders = [_year_folder(f) for f in options.years or [DEFAULT_YEAR]]
    outs = [_out_of(options, folder, len(folders)) for folder in folders]
    if len({os.path.realpath(out) for out in outs}) < len(outs):
        raise CallError("hai năm sẽ ghi vào cùng một thư mục; chạy riêng từng năm với --out khác nhau")
    from .run import ahead
    if not options.scheduler and (options.force or not os.path.exists(outs[0] / "run.json")):
        ahead.begin(min(options.jobs, 2))   # two pages at least are to be made: kernels load while all this does
    try:
        return max(_run_one(options, folder, out) for folder, out in zip(folders, outs, strict=True))
    finally:
        ahead.end()


def _out_of(options, folder: Path, years: int) -> Path:
    """Where a year's pages go: `--out`, with a folder a year below it where there are several; a trial has its own."""
    name = _real(folder).name
    if options.scenario and not options.out:
        return Path("reports") / f"{name}-phuong-an" / Path(options.scenario).stem
    return Path(options.out or f"reports/{name}") / (name if options.out and years > 1 else "")


def _run_one(options, folder: Path, out: Path) -> int:
    """One year rendered; a year whose own files are faulty is told and stops no other."""
    from .run import publish
    try:
        year = read(str(folder))
    except Refused as refused:
        return tell_refused(refused)
    scenario = scenario_of(options, year)
    _check_clusters(options.cluster, [c.cluster for c in year.all_clusters])
    if scenario:
        say(f"PHƯƠNG ÁN THỬ “{scenario.title}”: không phải kết quả của năm; các trang ghi vào {out}.")
    chosen = publish.Options(_folder_to_write(str(out), year), Path(options.scenario) if scenario else None,
                             tuple(options.cluster), options.jobs, options.force, options.timeout, options.scheduler,
                             sys.stderr.isatty())
    try:
        outcome = publish.run(year, scenario, chosen, say)
    except publish.CannotRun as error:
        say(f"ctd: {error}")
        return 2
    for line in outcome.closing():
        say(line)
    return 0 if outcome.is_clean else 1


def appraise(options) -> int:
    """Compute only."""
    reading = begin(options.year)
    from .answers.appraisal import appraise as judge_year
    from .tables import printed, province
    year = reading()
    found = judge_year(year, scenario_of(options, year))
    if options.json:
        write_json(options.json, found.as_json())
    if options.json != "-":
        show(printed.plain(province.standings(found)))
    return report(year, found.notices)


def check(options) -> int:
    """Validate only: what is wrong, what was read, what differs from what was read before."""
    accounts = [] if options.account else None
    reading = begin(options.year, accounts)
    from .answers.appraisal import appraise as judge_year
    from .words import changed
    from .year import kept
    where = Path(f"reports/{_real(_year_folder(options.year)).name}/read" if options.against is None else options.against)
    try:
        before, none_before = kept.read(where), ""
    except kept.NoReading as error:
        if options.against is not None:
            raise CallError(f"--against: {error}") from None
        before, none_before = {}, str(error) if where.exists() else f"Chưa có lần đọc trước ({where}) để so."
    try:
        year = reading()
        judged = judge_year(year)
        problems, notices = year.problems, judged.notices
    except Refused as refused:
        year, problems, notices = None, refused.problems, ()
    if options.json:
        write_json(options.json, {"problems": [p.as_json() for p in problems], "notices": [n.as_json() for n in notices]})
    if options.json != "-":
        for title, found in (("LỖI", problems), ("LƯU Ý", notices)):
            for one in found:
                _tell(f"{title}  {f'[{one.cluster}] ' if one.cluster else ''}{one.message}", sys.stdout)
        if year:
            from .tables import inputs, printed
            show(f"\n{printed.plain(inputs.counted(judged), CONSOLE)}\n")
            for line in [none_before] if none_before else changed.lines(year, before, str(where)):
                show(_wrapped(line))
        show(f"{len(problems)} lỗi, {len(notices)} lưu ý.")
    if options.dump and year:
        _dump(year, _folder_to_write(options.dump, year))
    if options.account:
        _write_account(options.account, accounts)
    if options.annotate:
        _send_back(year, notices, options.annotate)
    return 1 if problems else 0


def _wrapped(line: str) -> str:
    """A line on a console; what is longer goes on under itself, further in."""
    import textwrap
    own = len(line) - len(line.lstrip())
    return textwrap.fill(line, CONSOLE, subsequent_indent=" " * (own + 4), break_long_words=False, break_on_hyphens=False)


def _write_account(target: str, accounts: list) -> None:
    """What became of each filled cell of the workbooks, as CSV."""
    import csv
    import io

    from .sheets.account import FIELDS
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([FIELDS, *accounts])
    _write(Path(target), text.getvalue().encode())


def _dump(year, folder: Path) -> None:
    """The tables as they were read."""
    from .year import kept
    for name, made in kept.files(year).items():
        _write(folder / name, made())


def _send_back(year, notices, out: str) -> None:
    """Marked copies and lists into a folder that is not the submissions' own; those of a former call go, unless edited."""
    if year is None:
        say("Không lập bản trả lại: tệp của năm có lỗi cần sửa trước.")
        return
    from .forms import sendback
    folder = _folder_to_write(out, year)
    due = set()
    for name, content, remarks in sendback.returns(year, notices):
        target = folder / name
        due.add(target)
        for remark in remarks:
            say(f"Lưu ý: {remark}")
        if os.path.lexists(target) and not sendback.is_ours(target):
            say(f"Giữ nguyên {target}: có người đã sửa tệp này; dời tệp đi rồi chạy lại để có bản mới.")
            continue
        _write(target, content)
        say(f"Đã ghi {target}")
    for old in (path for path in sendback.former(folder, year) if path not in due):
        if not sendback.is_ours(old):
            say(f"Giữ nguyên {old}: bản cũ, có người đã sửa; lần này không phải trả lại.")
            continue
        try:
            old.unlink()
            say(f"Đã bỏ {old}: bản cũ, lần này không phải trả lại.")
        except OSError as error:
            say(f"Không bỏ được {old} ({error.strerror or error}): bản cũ, lần này không phải trả lại.")
    if not due:
        say("Không có hồ sơ nào phải trả lại.")


def template(options) -> int:
    """The workbooks to send out."""
    from .files import beside
    from .forms import template as forms
    year = read(options.year)
    known = [c.cluster for c in year.all_clusters]
    _check_clusters(options.cluster, known)
    folder = _folder_to_write(options.out or f"templates/{_real(year.path).name}", year)
    for cluster in options.cluster or known:
        if not forms.members(year, cluster):
            say(f"{cluster}: cụm không có đơn vị nào, không lập biểu.")
            continue
        target, made = folder / f"{cluster}.xlsx", forms.workbook(year, cluster)
        place = beside(target, lambda path, made=made: path.exists() and not _holds(path, made))
        _write(place, made)
        say(f"Đã ghi {place}" + (f"; {target} đã có người ghi vào, giữ nguyên" if place != target else ""))
    return 0


def _holds(path: Path, content: bytes) -> bool:
    """Does a file hold just these bytes?"""
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def explain(options) -> int:
    """Why a unit stands where it stands."""
    reading = begin(options.year)
    from .answers.appraisal import appraise as judge_year
    from .words import explain as explaining
    year = reading()
    unit = _unit(year, options.unit)
    if unit.cluster in year.failed:
        say(f"{unit.name} thuộc cụm {unit.cluster}, cụm này chưa xét được:")
        for message in year.failed[unit.cluster]:
            say(f"  {message}")
        return 1
    for line in explaining.lines(judge_year(year), unit.unit):
        _tell(line, sys.stdout)
    return report(year, ())


def what_if(options) -> int:
    """Who moves, where the edges are, how far, how it is read."""
    from .answers import what_if as whatif
    from .answers.appraisal import appraise as judge_year
    from .tables import printed
    from .tables import what_if as what_if_tables
    year = read(options.year)
    scenario = scenario_of(options, year)
    base = judge_year(year)
    other = judge_year(year, scenario, base.facts) if scenario else base
    if options.json:
        write_json(options.json, whatif.as_json(base, other))
    if options.json != "-":
        show("\n\n".join(["\n".join(what_if_tables.heading(other)), *map(printed.plain, what_if_tables.every(base, other))]))
    return report(year, ())


def _unit(year, typed: str):
    names = {}
    for unit in year.all_units:
        for name in (unit.unit, unit.name, *unit.aliases):
            names.setdefault(name.casefold(), unit)
    from .values import plain
    unit = names.get(plain(typed).casefold())
    if unit is None:
        raise CallError(f"không có đơn vị “{typed}”{hint(typed, [u.unit for u in year.all_units] + list(names))}")
    return unit


# ---------------------------------------------------------------- what the verbs share

def read(folder: str):
    """The year in a folder; a folder that is not there is a wrong call."""
    return begin(folder)()


def begin(folder: str, accounts: list | None = None):
    """Begin to read a year: its workbooks are opened while libraries load. What comes back gives the year when called."""
    from .year.year import begin as begin_year
    return begin_year(_year_folder(folder), None, accounts)


def _year_folder(typed: str) -> Path:
    """The folder of a year; one that is not there, or cannot be, is a wrong call."""
    path, siblings = Path(typed), []
    try:
        if typed.strip() and path.is_dir():
            return path
        siblings = sorted(p.name for p in path.parent.iterdir() if p.is_dir()) if path.parent.is_dir() else []
    except OSError:         # a name no system takes, a folder nobody may open
        pass
    raise CallError(f"không có thư mục “{typed[:80]}”{hint(path.name[:80], siblings)}; cần thư mục của một năm, "
                    f"ví dụ {DEFAULT_YEAR}")


def _check_clusters(asked, known) -> None:
    for cluster in asked:
        if cluster not in known:
            raise CallError(f"không có cụm “{cluster}”{hint(cluster, known)}; các cụm: {', '.join(known)}")


def _real(path: Path) -> Path:
    """Where a path leads; a link that leads to itself stays one (`Path.resolve` raises)."""
    return Path(os.path.realpath(path))


def _folder_to_write(typed: str, year) -> Path:
    """A folder to write into; never one where submissions lie."""
    folder, submissions = Path(typed), _real(year.path / "submissions")
    if submissions in (_real(folder), *_real(folder).parents):
        raise CallError(f"không ghi vào “{typed}”: thư mục này giữ hồ sơ gốc của các cụm")
    return folder


def scenario_of(options, year):
    """The scenario asked for by `--scenario` and `--set`, or None; says so where its bars do not descend."""
    from .plan import rulebook
    from .plan import scenario as scenarios
    from .plan.scenario import amend
    if options.scenario == "":
        raise CallError("--scenario cần tên một tệp phương án")
    try:
        scenario = scenarios.load(Path(options.scenario), year.book) if options.scenario else None
        if getattr(options, "set", None):
            scenario = scenarios.from_pairs(options.set, year.book, scenario)
    except scenarios.BadScenario as error:
        raise CallError(str(error)) from None
    if scenario:
        for key, seen, wanted in rulebook.uneven_bars(amend(year.book, scenario.changes)):
            say(f"Lưu ý: {key} trong phương án thử là {seen}, thường {wanted}; các mức vẫn xét từ cao xuống thấp.")
    return scenario


def write_json(target: str, value) -> None:
    """JSON to a file, whole or not at all, or to standard output (`-`)."""
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    if target == "-":
        sys.stdout.write(re.sub("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", lambda odd: f"\\u{ord(odd[0]):04x}", text))
        return
    _write(Path(target), text.encode())


def _write(target: Path, content: bytes) -> None:
    from .files import write_whole
    try:
        write_whole(target, content)
    except OSError as error:
        raise CallError(f"không ghi được “{target}” ({error.strerror})") from None


def report(year, notices) -> int:
    """Problems and a count of notices, on standard error; the exit code."""
    for problem in year.problems:
        say(problem.message)
    if year.problems or notices:
        say(f"{len(year.problems)} lỗi, {len(notices)} lưu ý (ctd check {year.path} để xem).")
    return 1 if year.problems else 0
