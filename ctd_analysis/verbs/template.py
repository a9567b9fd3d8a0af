"""`ctd template`: the workbooks to send out."""

from __future__ import annotations

from pathlib import Path

from .shared import check_clusters, folder_to_write, read, real, say, write


def template(options) -> int:
    """The workbooks to send out."""
    from ..files import beside
    from ..forms import template as forms
    year = read(options.year)
    known = [c.cluster for c in year.all_clusters]
    check_clusters(options.cluster, known)
    folder = folder_to_write(options.out or f"templates/{real(year.path).name}", year)
    for cluster in options.cluster or known:
        if not forms.members(year, cluster):
            say(f"{cluster}: cụm không có đơn vị nào, không lập biểu.")
            continue
        target, made = folder / f"{cluster}.xlsx", forms.workbook(year, cluster)
        place = beside(target, lambda path, made=made: path.exists() and not _holds(path, made))
        write(place, made)
        say(f"Đã ghi {place}" + (f"; {target} đã có người ghi vào, giữ nguyên" if place != target else ""))
    return 0


def _holds(path: Path, content: bytes) -> bool:
    """Does a file hold just these bytes?"""
    try:
        return path.read_bytes() == content
    except OSError:
        return False
