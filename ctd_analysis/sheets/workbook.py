"""A workbook as it came → the tables of a submission, each value with its sheet and cell; problems and notices to the log.

What kind of table a head begins is told by its words and its content; where it stands does not matter. What is no table is said
(extra sheets, hidden rows with data, comments, macros), and a workbook without any table is refused with what was looked for.
"""

from __future__ import annotations

from ..office.grid import LONGEST, Book, Cell, Sheet
from ..terms import TABLES, number
from ..values import CONTROL, nfc
from . import across, branches, filings, indicators, oldfonts, plausible, registered, whose
from .account import Account, could_be, wanted
from .gather import Gathered
from .headings import CLUSTER, PERCENT, calls_criteria, fold, indicators_of, is_grade_like, is_of_people, meanings
from .layouts import Table, tables

_SAID = {"grades": "bảng điểm (cột số tiêu chí 1 đến {criteria}; tên đơn vị hoặc Tự chấm, Cụm chấm trên đầu cột)",
         "indicators": "chỉ tiêu (Chỉ tiêu giao, Thực hiện)", "branches": "Hội cơ sở (Xếp loại, Quỹ)",
         "filings": "hồ sơ (ngày nhận)"}
_REGISTERED = "chỉ tiêu đăng ký (Chỉ tiêu, Chỉ tiêu đăng ký); chỉ tiêu giao Hội cơ sở (Hội cơ sở, tên từng chỉ tiêu)"
_SHEET_NAMES = {"bang diem": "grades", "chi tieu": "indicators", "hoi co so": "branches", "ho so": "filings"}
_GUIDES = ("huong dan", "huong dan nhap", "huong dan ghi", "danh muc", "mau goc", "can sua")     # the last two are ours
_MOST_NOTICES = 40
_OLD = "chữ theo mã "


def read(file: str, book: Book, gathered: Gathered) -> None:
    """Read one workbook into what was gathered."""
    gathered.file, gathered.closed = file, []
    log, cluster = gathered.log, gathered.cluster
    if book.refused:
        log.problem(file, book.refused, cluster=cluster, wanted=book.wanted, is_ours=book.is_ours)
        return
    for remark in book.remarks:
        log.notice(file, f"trong tệp có {remark}: không đọc", cluster=cluster)
    before = len(log.problems)
    for sheet in book.sheets:
        sheet.name = nfc(sheet.name)
    laid = [(sheet, tables(sheet, gathered.names)) for sheet in book.sheets]
    numbered = [whose.numbers_in(table, gathered.book.criteria) for _, found in laid for table in found]
    is_numbered = 2 * max(map(len, [set().union(*numbered), *numbered])) >= gathered.book.criteria
    read_any = [_sheet(sheet, found, gathered, is_numbered) for sheet, found in laid]
    if gathered.accounts is not None:
        gathered.accounts += [row for account in gathered.closed for row in account.rows(file)]
    if not any(read_any) or any(_OLD in one.what for one in log.problems[before:]):
        gathered.refused.add(file)
    if not any(read_any) and len(log.problems) == before:
        wanted = _REGISTERED if gathered.owner else \
            "; ".join(said.format(criteria=gathered.book.criteria) for said in _SAID.values())
        log.problem(file, "không nhận ra bảng nào trong tệp", cluster=cluster, wanted=f"ít nhất một bảng: {wanted}",
                    seen=", ".join(sheet.name for sheet in book.sheets[:10]))


def _sheet(sheet: Sheet, found_tables: list[Table], gathered: Gathered, is_numbered: bool) -> bool:
    """Read one sheet; was there a table in it?"""
    gathered.account = Account(sheet)
    gathered.closed.append(gathered.account)
    if found := oldfonts.found(sheet):
        cell, code = found
        font = f" (phông {cell.font})" if cell.font else ""
        source = f"{code}{' (ABC)' if code == 'TCVN3' else ' Windows'}"
        gathered.problem(cell, f"{_OLD}{code}{font}, không phải Unicode", "chữ Unicode: chuyển mã bằng UniKey "
                         f"(Ctrl+Shift+F6, nguồn {source}, đích Unicode) rồi gửi lại")
        return True
    before = len(gathered.log.problems)
    ranks = whose.ranks(found_tables, gathered.book.criteria)
    read = [(table, _proves_itself(table, gathered, is_numbered) and _table(table, gathered, ranks)) for table in found_tables]
    kinds = [kind for _, kind in read if kind]
    for table in [table for table, kind in read if kinds and not kind and table.rows]:
        _unread(table, gathered)
    for cell in gathered.account.samples:
        gathered.notice(cell, "dòng ví dụ (mẫu), không đọc")
    for cell in gathered.account.close("" if kinds else "extra"):
        gathered.notice(cell, "ngoài các bảng, không đọc")
    if kinds:
        plausible.struck(gathered)
        _controls(sheet, gathered)
        _cut(sheet, gathered)
        _hidden(sheet, gathered)
        _comments(sheet, gathered)
    elif len(gathered.log.problems) == before and sheet.cells:
        _extra(sheet, gathered)
    return bool(kinds)


_READERS = {"branches": branches.Branches, "filings": filings.Filings, "indicators": indicators.Indicators}
_REGISTRATION = {"targets": registered.BranchTargets, "indicators": registered.OwnTargets}


def _table(table: Table, gathered: Gathered, ranks) -> str | None:
    """Read one table as what it is; its kind, or None for none of the four."""
    for kind in _kinds(table, gathered):
        reader = _REGISTRATION.get(kind) if gathered.owner else _READERS.get(kind)
        before = len(gathered.log.problems)
        if reader(table, gathered).read() if reader else across.read(table, gathered, ranks):
            gathered.tables.add(kind)
            plausible.another_year(table, gathered)
            strange = gathered.account.close_table(table, kind)
            if len(gathered.log.problems) == before or gathered.account.has_values(table):
                for one in strange:
                    _strange(table, kind, *one, gathered)
            return kind
    return None


def _strange(table: Table, kind: str, where: Cell, head: list[Cell], left: list[Cell], gathered: Gathered) -> None:
    """Cells that could be values of a table, under a heading that does not say so: a question, once a column."""
    left = [cell for cell in left if not any(map(gathered.has_told, table.cells(cell.row)))]
    if not left or any(map(gathered.has_told, (where, *head))):
        return
    if not any(could_be(kind, cell) for cell in left):
        gathered.notice(left[0], f"không đọc {len(left)} ô của cột này")
        return
    if head and where not in head:
        for cell in left:
            gathered.problem(cell, "không hiểu ô này, không bỏ qua", f"như các ô khác của cột “{head[-1].text}”, hoặc để trống")
        return
    gathered.problem(where, f"không hiểu cột này, không bỏ qua ({len(left)} ô, từ {left[0].address} "
                     f"“{left[0].text}”)", wanted(kind))


def _unread(table: Table, gathered: Gathered) -> None:
    """A table beside those that are read, and none of the four: said at the first heading nobody knows.

    Ratings and funds are branches' all the same: without a column of their names that is a question.
    """
    head = [cell for row in range(table.top, table.bottom + 1) for cell in table.cells(row)]
    where = next((cell for cell in head if cell.kind == "t" and not meanings(cell.value)), head[0])
    if table.having("rating") and table.having("fund"):
        gathered.problem(where, "bảng có cột xếp loại, cột quỹ mà không có cột tên Hội cơ sở", wanted("branches"))
        return
    gathered.notice(where, f"bảng từ dòng {table.top} không phải bảng nào trong bốn bảng, không đọc")


def _proves_itself(table: Table, gathered: Gathered, is_numbered: bool) -> bool:
    """No list of people; grades stand beside numbers of criteria, over all the blocks, or under a head that calls them so."""
    heads = [cell.text for column in table.columns.values() for cell in column.stack]
    if any(map(is_of_people, heads)):
        return False
    return is_numbered or any(map(calls_criteria, heads)) or _kinds(table, gathered) != ["grades"]


def _kinds(table: Table, gathered: Gathered) -> list[str]:
    """What a table may be, most likely first."""
    if gathered.owner:
        return ["targets"] if table.having("branch") else ["indicators"]
    letters, numbers = _content(table)
    has_roles = any(c.role not in (None, PERCENT) for c in table.columns.values())
    if table.having("branch") and (table.having("rating") or table.having("fund")):
        return ["branches"]
    if not any(c.stage == CLUSTER for c in table.columns.values()) and filings.labels_filings(table, gathered):
        return ["filings"]
    if letters > numbers or letters and not has_roles:
        return ["grades"]
    if has_roles or table.having("measure"):
        return ["indicators"]
    labels = sum(bool(indicators_of(c.value, gathered.book)) for row in table.rows for c in table.cells(row)
                 if c.kind == "t" and len(c.value) < 200)
    return ["indicators"] if numbers and labels > 1 else ["grades"]


def _content(table: Table) -> tuple[int, int]:
    """How many cells under the head look like grades, how many like numbers (the first columns' numbering apart)."""
    letters = numbers = 0
    apart = {c.number for c in table.columns.values() if c.kinds & {"order", "criterion_no", "ignored"}
             or "total" in c.kinds and not c.unit}
    counted = {c.number for c in table.columns.values() if c.unit or c.role}
    for row in table.rows:
        for cell in table.cells(row):
            if cell.column not in apart:
                letters += is_grade_like(cell)
                numbers += cell.column in counted and (cell.kind == "n" or cell.kind == "t" and cell.value[:1].isdigit())
    return letters, numbers


def _controls(sheet: Sheet, gathered: Gathered) -> None:
    """Signs nobody sees and no page can hold are a problem, as they are in a CSV."""
    for cell in sheet.cells.values():
        if cell.kind == "t" and CONTROL.search(cell.value):
            gathered.problem(cell, "có ký tự điều khiển không nhìn thấy", "chữ và số thường; gõ lại ô này")


def _cut(sheet: Sheet, gathered: Gathered) -> None:
    """A text longer than any is: a problem in a table, remarked on where it is a remark; around the tables nobody needs it."""
    for place, length in sheet.cut.items():
        kind, cell = gathered.account.claims[place].kind, sheet.cells[place]
        said = f"ô dài {number(length)} chữ"
        if kind == "note":
            gathered.notice(cell, f"{said}, chỉ giữ {number(LONGEST)} chữ đầu")
        elif kind != "around":
            gathered.problem(cell, f"{said}, không thể là một ô của bảng", f"không quá {number(LONGEST)} chữ")


# ---------------------------------------------------------------- what is only remarked on

def _hidden(sheet: Sheet, gathered: Gathered) -> None:
    """Hidden rows, columns and sheets with data are read as the others are; it is said. A sample is none, hidden or not."""
    if sheet.is_hidden:
        gathered.notice(None, "trang ẩn có dữ liệu, vẫn đọc")
    rows = [r for r in sheet.rows if r in sheet.hidden_rows - {cell.row for cell in gathered.account.samples}]
    for row in rows[:_MOST_NOTICES]:
        gathered.notice(sheet.rows[row][0], "dòng ẩn có dữ liệu, vẫn đọc")
    for column in sheet.hidden_columns[:_MOST_NOTICES]:
        cell = next(c for c in sheet.cells.values() if c.column == column)
        gathered.notice(cell, "cột ẩn có dữ liệu, vẫn đọc")


def _comments(sheet: Sheet, gathered: Gathered) -> None:
    for row, column, text in sheet.comments[:_MOST_NOTICES]:
        cell = sheet.cells.get((row, column)) or Cell(row, column, "t", "")
        gathered.notice(cell, "ô có ghi chú kèm theo", seen=" ".join(text.split()))


def _extra(sheet: Sheet, gathered: Gathered) -> None:
    """A sheet that is none of the four tables; one that bears a table's name and cannot be read is a problem."""
    said = fold(sheet.name)
    if said in _GUIDES:
        return
    first = next(iter(sheet.cells.values()))
    if said in _SHEET_NAMES and not gathered.owner:
        kind = _SHEET_NAMES[said]
        gathered.problem(None, f"trang tên “{sheet.name}” nhưng không nhận ra {TABLES[kind]}",
                         _SAID[kind].format(criteria=gathered.book.criteria), seen=first.text)
    else:
        gathered.notice(None, "trang ẩn, không phải bảng nào, không đọc" if sheet.is_hidden else
                        f"trang thừa, không phải bảng nào, không đọc ({len(sheet.cells)} ô)", seen=first.text)
