"""`ctd inspect`: where a look is worth most, which branches to visit; the worksheet out and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..problems import Refused
from .shared import CONSOLE, UNDONE, CallError, answer, begin, folded, folder_to_write, report, say, tell_refused, write_beside


def inspect(options) -> int:
    """List what is to be looked at, write the worksheet, or take one back; `CallError` for two of these at once."""
    if options.record and not options.take:
        raise CallError("--record đi với --take TỆP: ghi lại một phiếu đã điền")
    if options.take and options.xlsx:
        raise CallError("--xlsx lập phiếu, --take nhận phiếu về: mỗi lần một việc")
    reading = begin(options.year)
    from ..answers.appraisal import appraise as judge_year
    from ..answers.inspection import Inspection
    year = reading()
    inspection = Inspection(judge_year(year))
    if options.take:
        return _take(options, inspection)
    if options.xlsx:
        _worksheet(options, inspection)
    answer(options, inspection.as_json, lambda: ["\n".join(_told(inspection))], "places")
    return report(year, inspection.appraisal.notices)


def _told(inspection) -> Iterator[str]:
    """A day's work, a few lines a unit; then the branches to visit, and how they were drawn."""
    from ..tables import inspection as tables
    from ..tables import printed
    work, visits = tables.day_work(inspection), tables.visits(inspection)
    for row in work.rows:
        name, *cells = (cell.words for cell in row.cells)
        said = [f"{heading.label}: {words}" for heading, words in zip(work.columns[1:-1], cells, strict=False) if words != "–"]
        yield folded(f"{name}. {'. '.join(said) or 'Không có gì phải xem trước'}.", CONSOLE)
    yield f"\n{printed.plain(visits, CONSOLE)}\n"
    yield from (folded(note, CONSOLE) for note in (*visits.notes, *work.notes))


def _worksheet(options, inspection) -> None:
    """The worksheet, never over one that somebody has written into."""
    from ..forms import worksheet
    from ..words import inspecting
    year, target = inspection.appraisal.year, Path(options.xlsx)
    if not target.name.casefold().endswith(".xlsx"):
        raise CallError(f"--xlsx cần tên một tệp .xlsx; thấy “{options.xlsx}”")
    folder_to_write(str(target.parent), year)
    made = worksheet.workbook(year, inspection.draw.population, inspecting.worksheet(inspection))
    write_beside(target, made)


def _take(options, inspection) -> int:
    """A worksheet read back: what it adds, who moves; recorded whole, or not at all."""
    from ..answers import what_if
    from ..answers.appraisal import appraise as judge_year
    from ..tables import printed
    from ..tables import what_if as tables
    from ..year import appending, taken
    year = inspection.appraisal.year
    try:
        found = taken.take(year, Path(options.take), inspection.draw.population)
    except Refused as refused:
        return tell_refused(refused, UNDONE)
    for one in (*found.problems, *found.notices):
        say(f"{'LỖI' if one in found.problems else 'LƯU Ý'}  {one.message}")
    rows = {} if found.problems else found.rows()
    after = inspection.appraisal if found.problems else judge_year(found.added(year))
    recorded = bool(options.record and rows)
    if recorded:
        try:
            appending.write([appending.append(year, table, some) for table, some in rows.items()])
        except Refused as refused:
            return tell_refused(refused, UNDONE)
    moved = what_if.moved(inspection.appraisal, after)
    answer(options, lambda: {"rows": rows, "moved": what_if.moved_json(moved), "recorded": recorded}, lambda: [
        "\n".join([*taken.filled(rows), "", printed.plain(tables.moves(inspection.appraisal, after), CONSOLE)])])
    if found.problems:
        say(f"Phiếu có {len(found.problems)} lỗi: chưa ghi gì.")
    elif not rows:
        say("Phiếu chưa ghi dòng nào: không có gì để ghi.")
    else:
        say("Đã ghi vào " + " và ".join(f"{table}.csv" for table in rows) + "." if recorded else
            "Mới xem trước, chưa ghi gì; ghi thì thêm --record.")
    return 1 if found.problems else 0
