"""`ctd template`: the workbooks to send out, in December a cluster's, in February a unit's."""

from __future__ import annotations

from pathlib import Path

from ..terms import hint
from .shared import CallError, check_clusters, folder_to_write, read, real, say, write

REGISTRATION = "registration"


def template(options) -> int:
    """The workbooks to send out."""
    if options.round not in (None, REGISTRATION):
        raise CallError(f"--round không có đợt “{options.round}”{hint(options.round, [REGISTRATION])}; cần {REGISTRATION}")
    from ..forms import template as forms
    year = read(options.year)
    known = [c.cluster for c in year.all_clusters]
    check_clusters(options.cluster, known)
    usual = Path("templates") / real(year.path).name / (options.round or "")
    folder = folder_to_write(options.out or str(usual), year)
    for cluster in options.cluster or known:
        units = forms.members(year, cluster)
        if not units:
            say(f"{cluster}: cụm không có đơn vị nào, không lập biểu.")
        elif options.round:
            from ..forms import registration
            for unit in units:
                _write(folder / f"{unit.unit}.xlsx", registration.workbook(year, unit))
        else:
            _write(folder / f"{cluster}.xlsx", forms.workbook(year, cluster))
    return 0


def _write(target: Path, made: bytes) -> None:
    """One workbook, beside whatever somebody has written into."""
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
