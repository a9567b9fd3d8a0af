"""`ctd check`: what is wrong, what was read, what differs from the last reading; what goes back to be mended."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from ..problems import Refused, why
from .shared import CONSOLE, CallError, begin, folded, folder_to_write, real, say, show, tell, write, write_json, year_folder


def check(options) -> int:
    """Validate only: what is wrong, what was read, what differs from what was read before (`CallError`
    where there is no such folder)."""
    accounts = [] if options.account else None
    reading = begin(options.year, accounts)
    from ..answers.appraisal import appraise as judge_year
    from ..words import changed
    from ..year import kept
    where = Path(f"reports/{real(year_folder(options.year)).name}/read" if options.against is None else options.against)
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
        year, judged, problems, notices = None, None, refused.problems, ()
    if options.json:
        write_json(options.json, {"problems": [p.as_json() for p in problems], "notices": [n.as_json() for n in notices]})
    if options.json != "-":
        is_known = not none_before and year is not None
        _tell(problems, notices, judged, changed.lines(year, before, str(where)) if is_known else [none_before])
    if options.dump and year:
        folder = folder_to_write(options.dump, year)
        for name, made in kept.files(year).items():
            write(folder / name, made())
    if options.account:
        _write_account(options.account, accounts)
    if options.annotate:
        _send_back(year, notices, options.annotate)
    return 1 if problems else 0


def _tell(problems, notices, judged, differences: Iterable[str]) -> None:
    """Faults and notices, what was read of each unit, what differs from before; `judged` is None where there is no year."""
    for title, found in (("LỖI", problems), ("LƯU Ý", notices)):
        for one in found:
            tell(f"{title}  {f'[{one.cluster}] ' if one.cluster else ''}{one.message}", sys.stdout)
    if judged:
        from ..tables import inputs, printed
        show(f"\n{printed.plain(inputs.counted(judged), CONSOLE)}\n")
        for line in differences:
            show(folded(line, CONSOLE))
    show(f"{len(problems)} lỗi, {len(notices)} lưu ý.")
    if judged and (waiting := len(problems) - len(judged.year.due_problems)):
        show(f"Trong đó {waiting} là chưa có hồ sơ cuối năm: trước tháng Mười Hai ctd run không coi là lỗi.")


def _write_account(target: str, accounts: list[tuple]) -> None:
    """A row for each filled cell and what it was taken for, as CSV."""
    import csv
    import io

    from ..sheets.account import FIELDS
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([FIELDS, *accounts])
    write(Path(target), text.getvalue().encode())


def _send_back(year, notices, out: str) -> None:
    """Marked copies and lists into a folder that is not the submissions' own; those of a former call go, unless edited."""
    if year is None:
        say("Không lập bản trả lại: tệp của năm có lỗi cần sửa trước.")
        return
    from ..forms import sendback
    folder = folder_to_write(out, year)
    due = set()
    for name, content, remarks in sendback.returns(year, notices):
        target = folder / name
        due.add(target)
        for remark in remarks:
            say(f"Lưu ý: {remark}")
        if os.path.lexists(target) and not sendback.is_ours(target):
            say(f"Giữ nguyên {target}: có người đã sửa tệp này; dời tệp đi rồi chạy lại để có bản mới.")
            continue
        write(target, content)
        say(f"Đã ghi {target}")
    for old in (path for path in sendback.former(folder, year) if path not in due):
        if not sendback.is_ours(old):
            say(f"Giữ nguyên {old}: bản cũ, có người đã sửa; lần này không phải trả lại.")
            continue
        try:
            old.unlink()
            say(f"Đã bỏ {old}: bản cũ, lần này không phải trả lại.")
        except OSError as error:
            say(f"Không bỏ được {old} ({why(error)}): bản cũ, lần này không phải trả lại.")
    if not due:
        say("Không có hồ sơ nào phải trả lại.")
