"""`ctd template`: the workbooks to send out."""

from __future__ import annotations

from pathlib import Path

from .shared import CallError, check_clusters, folder_to_write, read, real, say, write


def template(options) -> int:
    """The workbooks to send out."""
    from ..forms import template as forms
    year = read(options.year)
    if options.round == "session":
        from ..forms import session
        folder = folder_to_write(options.out or f"templates/{real(year.path).name}", year)
        _put(folder / f"{session.NAME}.xlsx", session.workbook(year))
        return 0
    if options.round is not None:
        raise CallError(f"--round: không có đợt “{options.round}”; các đợt: session")
    known = [c.cluster for c in year.all_clusters]
    check_clusters(options.cluster, known)
    folder = folder_to_write(options.out or f"templates/{real(year.path).name}", year)
    for cluster in options.cluster or known:
        if not forms.members(year, cluster):
            say(f"{cluster}: cụm không có đơn vị nào, không lập biểu.")
            continue
        _put(folder / f"{cluster}.xlsx", forms.workbook(year, cluster))
    return 0


def _put(target: Path, made: bytes) -> None:
    """A form written; beside one that somebody has written into."""
    from ..files import beside
    place = beside(target, lambda path: path.exists() and not _holds(path, made))
    write(place, made)
    say(f"Đã ghi {place}" + (f"; {target} đã có người ghi vào, giữ nguyên" if place != target else ""))


def _holds(path: Path, content: bytes) -> bool:
    """Does a file hold just these bytes?"""
    try:
        return path.read_bytes() == content
    except OSError:
        return False
