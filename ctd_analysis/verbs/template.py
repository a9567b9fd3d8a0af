"""`ctd template`: the workbooks to send out."""

from __future__ import annotations

from .shared import check_clusters, folder_to_write, read, real, say, write_beside


def template(options) -> int:
    """The workbooks to send out."""
    from ..forms import template as forms
    year = read(options.year)
    known = [c.cluster for c in year.all_clusters]
    check_clusters(options.cluster, known)
    folder = folder_to_write(options.out or f"templates/{real(year.path).name}", year)
    for cluster in options.cluster or known:
        if not forms.members(year, cluster):
            say(f"{cluster}: cụm không có đơn vị nào, không lập biểu.")
            continue
        write_beside(folder / f"{cluster}.xlsx", forms.workbook(year, cluster))
    return 0
