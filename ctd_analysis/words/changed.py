"""What is different since the submissions were last read, in lines: by cluster, by table, row by row and field by field."""

from __future__ import annotations

from collections.abc import Iterator

from ..rows import COLUMNS, OPTIONAL
from ..terms import TABLES, number
from ..year import kept
from ..year.kept import Change, Kept
from ..year.year import Year

_FIELDS = {"self": "tự chấm", "cluster": "cụm chấm", "note": "ghi chú", "target": "chỉ tiêu giao", "actual": "thực hiện",
           "rating": "xếp loại", "fund": "quỹ", "kind": "loại", "received": "ngày nhận"}


def lines(year: Year, before: Kept, where: str) -> list[str]:
    """All that differs from what was kept in `where`; one line where nothing does."""
    now = kept.of(year)
    found = kept.changes(before, now)
    if not found:
        return [f"So với lần đọc trước ({where}): không có gì đổi."]
    told, known = [f"So với lần đọc trước ({where}):"], year.cluster_names
    for cluster in dict.fromkeys([*known, *(cluster for cluster, _ in found)]):
        told += _of_cluster(year, cluster, {t: found[cluster, t] for t in TABLES if (cluster, t) in found}, before, now)
    return told


def _of_cluster(year: Year, cluster: str, tables: dict[str, list[Change]], before: Kept, now: Kept) -> Iterator[str]:
    """A cluster that came or went is one line; of another each row."""
    had, has = (any(at[0] == cluster for at in one) for one in (before, now))
    counts = ", ".join(f"{TABLES[table]} {number(len(changes))} dòng" for table, changes in tables.items())
    if tables and not had:
        yield f"{cluster}: trước không có, nay đọc được: {counts}"
    elif tables and not has:
        why = "hồ sơ có lỗi" if cluster in year.failed else "không có số liệu nào" if cluster in year.cluster_names \
            else "không còn cụm này"
        yield f"{cluster}: nay {why}; trước có {counts}"
    else:
        for table, changes in tables.items():
            yield f"{cluster}, {TABLES[table]}: {_counted(table, changes)}"
            for change in changes:
                yield from (f"  {line}" for line in _row(year, table, change))


def _counted(table: str, changes: list[Change]) -> str:
    """How many rows came, went, and how many fields of others are new."""
    came, gone = (sum(getattr(c, side) is None for c in changes) for side in ("before", "now"))
    fields = sum(a != b for c in changes if c.before is not None and c.now is not None
                 for a, b in zip(c.before, c.now, strict=True))
    said = ((fields, "ô đổi"), (came, "dòng thêm"), (gone, "dòng bớt"))
    return ", ".join(f"{number(count)} {what}" for count, what in said if count)


def _row(year: Year, table: str, change: Change) -> Iterator[str]:
    """One row: what it says now or said before, or each of its fields that is new."""
    usual = OPTIONAL.get(table, {})
    columns, name = (*COLUMNS[table][2:], *usual), _called(year, table, change.key)
    if change.before is None or change.now is None:
        cells = change.now if change.before is None else change.before
        said = ", ".join(f"{_FIELDS[c]} {_shown(c, cell)}" for c, cell in zip(columns, cells, strict=True)
                         if cell and cell != usual.get(c))
        yield f"{'thêm' if change.before is None else 'bớt'} {name}{f': {said}' if said else ''}"
        return
    for column, old, new in zip(columns, change.before, change.now, strict=True):
        if old != new:
            yield f"{name}, {_FIELDS[column]}: {_shown(column, old)} → {_shown(column, new)}"


def _called(year: Year, table: str, key: tuple[str, str]) -> str:
    unit = next((u.name for u in year.all_units if u.unit == key[0]), key[0])
    labels = {"indicators": year.book.indicators, "filings": {**year.book.filings, **year.book.reports}}.get(table, {})
    said = labels[key[1]].label if key[1] in labels else key[1]
    return f"{unit}, {f'tiêu chí {said}' if table == 'grades' else said}"


def _shown(column: str, cell: str) -> str:
    """A cell of the CSV as an office writes it."""
    if column == "received" and cell:
        return "không gửi" if cell == "none" else "/".join(reversed(cell.split("-")))
    if column in ("target", "actual", "fund") and cell.isdigit():
        return number(int(cell))
    return (f"“{cell}”" if column == "note" else cell) or "trống"
