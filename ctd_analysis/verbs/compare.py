"""`ctd compare`: one year against another, or one year under two scales; on the screen, as JSON, as a page."""

from __future__ import annotations

from pathlib import Path

from ..files import read_plain
from ..problems import Problem, Refused, why
from .shared import CallError, answer, begin, folder_to_write, real, report, say


def compare(options) -> int:
    """What changed between two years, and by what (V.2); `CallError` for another number of folders."""
    given, wanted = len(options.years), 2 if options.old_rules is None else 1
    if given != wanted:
        raise CallError(f"cần {wanted} thư mục năm, thấy {given}: ctd compare THƯ_MỤC_NĂM_TRƯỚC THƯ_MỤC_NĂM_SAU, "
                        "hoặc ctd compare THƯ_MỤC_NĂM --old-rules TỆP")
    readings = [(folder, begin(folder)) for folder in options.years]
    from ..answers import compare as comparing
    from ..answers.appraisal import appraise
    from ..words.compare import remarks
    years = [_whole(folder, reading) for folder, reading in readings]
    judged = [appraise(year) for year in years]
    found = comparing.compare(*judged) if len(judged) > 1 else _under(judged[0], Path(options.old_rules))
    answer(options, lambda: {**found.as_json(), "notices": list(remarks(found))}, lambda: _told(found))
    is_made = options.out is None or _page(found, options)
    return max(int(not is_made), *(report(year, one.notices) for year, one in zip(years, judged, strict=True)))


def _whole(folder: str, reading):
    """A year as it was begun; of one that cannot be used it is said which of the two it is."""
    try:
        return reading()
    except Refused:
        say(f"{folder}:")
        raise


def _under(new, path: Path):
    """One year under its own rules and those of a file, which must be a rule book for as many criteria."""
    from ..answers.compare import under_old_rules
    from ..plan.load import load
    try:
        rules = load(path, read_plain(path))
    except OSError as error:
        raise CallError(f"--old-rules: không đọc được tệp quy định “{path}” ({why(error)})") from None
    try:
        return under_old_rules(new, rules, path.name)
    except ValueError as error:
        raise Refused(Problem(path.name, f"không so sánh được: {error}", seen=f"criteria = {rules.criteria}",
                              wanted=f"criteria = {new.book.criteria}")) from None


def _page(found, options) -> bool:
    """The page, through its notebook; is it there?"""
    from ..pages.comparison import ComparisonPage
    from ..run import comparing
    from ..run.room import CannotRun
    out = options.out
    for side in (found.old, found.new):
        folder_to_write(out, side.year)
    *old, new = (str(real(Path(folder))) for folder in options.years)
    parameters = {"old_dir": "".join(old), "new_dir": new,
                  "old_rules": str(real(Path(options.old_rules))) if options.old_rules else ""}
    try:
        return comparing.make(ComparisonPage(found.new, found), parameters, Path(out), say)
    except CannotRun as error:
        raise CallError(str(error)) from None


def _told(found) -> list[str]:
    """What changed in words, what to know before believing it, then the tables."""
    from ..tables import compare as tables
    from ..tables import printed
    from ..words import compare as words
    pieces = [[words.title(found), *words.summary(found)], [f"Lưu ý: {remark}" for remark in words.remarks(found)],
              *([printed.plain(table) if table.rows else f"{table.caption}: {table.empty}"]
                for table in (tables.parts(found), tables.moved(found), tables.others(found)))]
    return ["\n".join(piece) for piece in pieces if piece]
