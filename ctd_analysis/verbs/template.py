"""`ctd template`: the workbooks to send out, in December a cluster's, in February a unit's; the form of the session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..terms import hint
from .shared import CallError, check_clusters, folder_to_write, read, real, say, write_beside

ROUNDS = REGISTRATION, SESSION = "registration", "session"


def template(options) -> int:
    """The workbooks to send out; `CallError` for a round or a cluster that is none."""
    if options.round not in (None, *ROUNDS):
        raise CallError(f"--round không có đợt “{options.round}”{hint(options.round, ROUNDS)}; các đợt: {', '.join(ROUNDS)}")
    year = read(options.year)
    check_clusters(options.cluster, year)
    usual = Path("templates") / real(year.path).name / (REGISTRATION if options.round == REGISTRATION else "")
    folder = folder_to_write(options.out or str(usual), year)
    for name, made in _forms(year, options):
        write_beside(folder / f"{name}.xlsx", made)
    return 0


def _forms(year, options) -> Iterator[tuple[str, bytes]]:
    """The workbooks of a round, each by its name."""
    if options.round == SESSION:
        from ..forms import session
        yield session.NAME, session.workbook(year)
        return
    from ..forms import registration
    from ..forms import template as december
    for cluster in options.cluster or year.cluster_names:
        units = year.units_of(cluster)
        if not units:
            say(f"{cluster}: cụm không có đơn vị nào, không lập biểu.")
        elif options.round == REGISTRATION:
            yield from ((unit.unit, registration.workbook(year, unit)) for unit in units)
        else:
            yield cluster, december.workbook(year, cluster)
