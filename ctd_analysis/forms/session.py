"""The form of the session, `ky-hop.xlsx`: decisions and changes of the rules written down in words, read back as typed.

It is sent out by `ctd template --round session` and taken by `ctd decide --take`; it is never read as data of the year. What a
row means is `year.council`'s and `year.amended`'s to say (year-round §1.3, III.2 "tại kỳ họp thẩm định").
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from ..office.grid import Sheet
from ..plan import scenario
from ..problems import Problem, Refused
from ..rows import COLUMNS, Cluster, Place
from ..terms import CLASSES, DECISIONS, PRIZES, SAID
from ..values import plain
from ..year.taken import opened
from ..year.year import Year
from .paper import Draft, Form, Paper
from .typed import rule

NAME = "ky-hop"
#: The sheets by the table they fill, and over each column what it is called and how wide it is.
SHEETS = {"decisions": "Quyết định", "amendments": "Điều chỉnh"}
_LISTS = "Danh mục"
_HEADS = {"unit": ("Đơn vị", 28), "decision": ("Quyết định", 24), "key": ("Nội dung", 44), "value": ("Giá trị", 36),
          "reason": ("Lý do", 42), "document": ("Văn bản", 24), "decided_on": ("Ngày", 13)}
_HEAD, _ROWS = 4, 32            # the row of the heads (from 0), and how many rows may be filled in


def workbook(year: Year) -> bytes:
    """The empty form of a year as bytes, always the same for one rule book and one list of units."""
    draft = Draft(year, f"Kỳ họp thẩm định năm {year.book.year}")
    form = Form(year, Cluster(NAME, "Kỳ họp thẩm định", "", None), (), False)
    choices = _choices(year)
    for table in SHEETS:
        _fill_in(Paper(draft, SHEETS[table], form), table, choices)
    lists = Paper(draft, _LISTS, form)
    for column, (head, words) in enumerate(choices.items()):
        lists.width(column, 36)
        for row, word in enumerate([head, *words]):
            lists.put(row, column, word, "label" if row else "head")
    lists.close(1, 0, None, (max(map(len, choices.values())), len(choices) - 1), wide=False)
    return draft.done()


def _choices(year: Year) -> dict[str, list[str]]:
    """What may be chosen under each head, in words."""
    book = year.book
    values = [*(book.classes[id].label for id in CLASSES), *(flag.short for flag in book.flags.values()), *PRIZES.values()]
    options = [text for reading in book.readings.values() for text in reading.options.values()]
    return {"Đơn vị": [unit.name for unit in year.all_units], "Quyết định": [SAID[id][0] for id in DECISIONS],
            "Giá trị": values, "Nội dung": [scenario.name_of(book, key) for key in (*book.in_force(), scenario.ORDER)],
            "Giá trị điều chỉnh": list(dict.fromkeys(options))}


def _fill_in(sheet: Paper, table: str, choices: dict[str, list[str]]) -> None:
    columns = COLUMNS[table]
    sheet.heads(_HEAD, dict(_HEADS[column] for column in columns))
    sheet.head(f"KỲ HỌP THẨM ĐỊNH NĂM {sheet.form.book.year}: {SHEETS[table].upper()}",
               "Mỗi dòng một nội dung; chọn trong danh sách hoặc gõ đúng chữ ấy. Tệp này không phải số liệu: ghi bằng "
               "ctd decide --take.", len(columns) - 1)
    for place, column in enumerate(columns):
        head = _HEADS[column][0]
        words = choices.get("Giá trị điều chỉnh" if (table, column) == ("amendments", "value") else head)
        for row in range(_HEAD + 1, _HEAD + 1 + _ROWS):
            sheet.put(row, place, None, "day" if column == "decided_on" else "words")
        if words:
            at = list(choices.values()).index(words)
            letter = xlsxwriter.utility.xl_col_to_name(at)
            sheet.check(_HEAD + 1, place, _HEAD + _ROWS, rule(
                "list", head, _ADVICE.get(column, "Chọn trong danh sách."),
                "Chữ này không có trong danh sách; có giữ lại không?", error_title="Không có trong danh sách",
                error_type="warning", source=f"='{_LISTS}'!${letter}$2:${letter}${1 + len(words)}"))
    sheet.close(_HEAD + 1, 0, (_HEAD, _HEAD), (_HEAD + _ROWS, len(columns) - 1))


_ADVICE = {"value": "Chọn, hoặc gõ: số, ngày 20/12/2024; khi rút lại thì gõ cả quyết định, ví dụ: xếp loại Khá."}


# ---------------------------------------------------------------- read back

def read(path: Path) -> Iterator[tuple[str, dict[str, str], Place, dict[str, str]]]:
    """Every row that was begun: its table, cells as typed by column, where it stands, and the address of each cell.

    `Refused` where the file is no such form, or nothing was written into it.
    """
    book = opened(path)
    sheets = {plain(sheet.name): sheet for sheet in book.sheets}
    missing = [name for name in SHEETS.values() if name not in sheets]
    if missing:
        raise Refused(Problem(path.name, f"không có trang {', '.join(missing)}",
                              wanted="biểu do ctd template --round session lập"))
    found = [one for table, name in SHEETS.items() for one in _rows(path, table, sheets[name])]
    if not found:
        raise Refused(Problem(path.name, "chưa ghi dòng nào", wanted="ít nhất một quyết định hay điều chỉnh"))
    yield from found


def _rows(path: Path, table: str, sheet: Sheet) -> Iterator[tuple[str, dict[str, str], Place, dict[str, str]]]:
    heads = {_HEADS[column][0]: column for column in COLUMNS[table]}
    rows = ((row, {heads[said]: cell.column for cell in cells if (said := plain(cell.text)) in heads})
            for row, cells in sorted(sheet.rows.items()))
    row, places = next(((row, places) for row, places in rows if len(places) == len(heads)), (0, {}))
    if not places:
        raise Refused(Problem(path.name, "không thấy dòng tên cột", sheet=sheet.name, wanted=", ".join(heads)))
    for line in range(row + 1, sheet.last_row + 1):
        given = {column: sheet.cells.get((line, place)) for column, place in places.items()}
        typed = {column: plain(cell.text) if cell else "" for column, cell in given.items()}
        if any(typed.values()):
            addresses = {column: cell.address for column, cell in given.items() if cell}
            yield table, typed, Place(path.name, sheet.name, line), addresses
