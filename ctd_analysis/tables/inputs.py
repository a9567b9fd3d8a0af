"""The inputs in rows and columns: what came in, what is wrong, what is missing, which files a page rests on."""

from __future__ import annotations

from collections import Counter

from ..answers.appraisal import Appraisal
from ..terms import TABLES, day, number
from .printed import Entry, Heading, Printed, band, headings, line


def receipts(appraisal: Appraisal) -> Printed:
    """What came in from whom and when, against which date: a line a unit, a column a filing."""
    book, year, rows = appraisal.book, appraisal.year, []
    for cluster in year.all_clusters:
        rows.append(band(f"{cluster.name}: {book.dossier.label.lower()}, nhận {_received(cluster.dossier_received)} "
                          f"(hạn trước {day(book.dossier.before)})"))
        for unit in (u for u in year.units if u.cluster == cluster.cluster):
            cells = [Entry(_received(x.found) + ("" if x.met is not False or x.found == "none" else " – trễ"),
                          {False: "raised", None: "unknown"}.get(x.met, ""))
                     for x in appraisal.findings[unit.unit] if x.part == "filing"]
            rows.append(line(unit.name, *cells))
        if cluster.cluster in year.failed:
            rows.append(line("các đơn vị trong cụm", *[Entry("hồ sơ có lỗi, chưa đọc", "raised")] * len(book.filings)))
    return Printed("nhan-ho-so", "Đã nhận gì, của ai, khi nào",
                 headings("Đơn vị", *(f"{f.label} (trước {day(f.before)}, {f.clause})" for f in book.filings.values())),
                 tuple(rows), (f"Nộp đúng ngày hạn: {book.readings['deadline_day'].options[book.chosen['deadline_day']]}.",
                               *(f"{f.label}: {f.note}" for f in book.filings.values() if f.note)))


def _received(came) -> str:
    return "chưa ghi ngày" if came is None else day(came)


def gaps(appraisal: Appraisal) -> Printed:
    """What is still missing: a line a unit whose result is provisional."""
    rows = [line(appraisal.unit(i).name, "; ".join(appraisal.missing(i))) for i in appraisal.everyone
            if appraisal.judgement.provisional[i]]
    return Printed("con-thieu", "Còn thiếu: kết quả các đơn vị này là tạm tính", headings("Đơn vị", "Còn thiếu"),
                 tuple(rows), empty="Không thiếu gì làm kết quả thành tạm tính.")


def issues(appraisal: Appraisal) -> Printed:
    """Every problem and notice, a line each."""
    rows = [line(Entry(severity, tone), p.cluster or "", p.where, p.message)
            for severity, tone, found in (("lỗi", "raised", appraisal.year.problems), ("lưu ý", "", appraisal.notices))
            for p in found]
    return Printed("loi-luu-y", "Lỗi và lưu ý", headings("Mức", "Cụm", "Ở đâu", "Nội dung"), tuple(rows),
                 empty="Không có lỗi, không có lưu ý.")


def notices(appraisal: Appraisal, cluster: str) -> Printed:
    """A line a notice about one cluster."""
    rows = [line(p.where, p.message) for p in appraisal.notices if p.cluster == cluster]
    return Printed("luu-y", "Lưu ý về hồ sơ của cụm", headings("Ở đâu", "Nội dung"), tuple(rows), empty="Không có lưu ý.")


def tables_received(appraisal: Appraisal) -> Printed:
    """How many rows of each table each cluster sent; a line a cluster, failed ones too."""
    cluster_of = {u.unit: u.cluster for u in appraisal.year.units}
    counts = {table: Counter(cluster_of[row.unit] for row in getattr(appraisal.year, table)) for table in TABLES}
    rows, failed = [], appraisal.year.failed
    for cluster in appraisal.year.all_clusters:
        if cluster.cluster in failed:
            cells = [Entry("hồ sơ có lỗi", "raised")] * len(TABLES)
        else:
            cells = [_row_count(counts[table][cluster.cluster]) for table in TABLES]
        rows.append(line(cluster.name, *cells))
    return Printed("cac-bang", "Các bảng trong hồ sơ cụm", headings("Cụm", *TABLES.values()),
                 tuple(rows))


def _row_count(count: int) -> Entry:
    return Entry(f"{number(count)} dòng", value=count) if count else Entry("chưa có", "unknown")


def sources(appraisal: Appraisal, cluster: str | None = None) -> Printed:
    """Every file the page rests on (the whole year's without `cluster`), with its SHA-256; of the session's its own rows."""
    rows = [line(file if own is None else f"{file} ({own} dòng của cụm)", sha256)
            for file, sha256, own in appraisal.year.behind(cluster)]
    from .. import __version__
    return Printed("nguon", "Nguồn số liệu", headings("Tệp", Heading("SHA-256", "mono")), tuple(rows),
                 (f"Quy định: {appraisal.book.plan.title}; {appraisal.book.plan.criteria_source}. "
                  f"Phiên bản ctd-analysis {__version__}.",))
