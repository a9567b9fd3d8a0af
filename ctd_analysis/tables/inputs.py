"""The inputs in rows and columns: what came in, what is wrong, what is missing, which files a page rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from ..answers.appraisal import Appraisal
from ..rows import Cluster
from ..terms import day, number
from ..words import chain
from ..year.year import Year
from .printed import Entry, Heading, Line, Printed, band, line, long, numeric, table


def receipts(appraisal: Appraisal) -> Printed:
    """What came in from whom and when, against which date: a cluster's dossier, then a line a unit, a column a filing."""
    book, year, rows = appraisal.book, appraisal.year, []
    for cluster in year.all_clusters:
        came = _received(cluster.dossier_received, appraisal.dossiers[cluster.cluster])
        rows.append(Line((replace(came, text=f"{cluster.name}: {_dossier(appraisal)} {came.text}"),), band=True))
        for unit in (u for u in year.units if u.cluster == cluster.cluster):
            filings = appraisal.looked_at(appraisal.place[unit.unit], "filing")
            rows.append(line(unit.name, *(_received(x.found, x.met) for x in filings)))
        if cluster.cluster in year.failed:
            rows.append(line("các đơn vị trong cụm", *[_failed(year, cluster.cluster)] * len(book.filings)))
    return table("nhan-ho-so", "Đã nhận gì, của ai, khi nào",
                 ("Đơn vị", *(f"{f.label} ({_before(f)})" for f in book.filings.values())), rows,
                 f"✓ đúng hạn; ! quá hạn; ✕ không gửi; ? chưa ghi. Nộp đúng ngày thời hạn: "
                 f"{book.readings['deadline_day'].options[book.chosen['deadline_day']]}.",
                 *(f"{f.label}: {f.note}" for f in book.filings.values() if f.note))


def _failed(year: Year, cluster: str) -> Entry:
    """Why nothing of a cluster is shown: nothing came, or what came has faults."""
    is_absent = all(one.is_absence for one in year.problems if one.cluster == cluster)
    return Entry("chưa có hồ sơ", "unknown") if is_absent else Entry("hồ sơ có lỗi, chưa đọc", "raised")


def _dossier(appraisal: Appraisal) -> str:
    return f"{appraisal.book.dossier.label.lower()} ({_before(appraisal.book.dossier)})"


def _before(rule) -> str:
    return f"trước {day(rule.before)}, {rule.clause}"


def _received(came: date | str | None, is_in_time: bool | None) -> Entry:
    """A day of receipt beside its deadline, of a unit's filing or a cluster's dossier."""
    if came == "none":
        return Entry(day(came), "raised")
    if is_in_time is None:
        return Entry(day(came), "unknown")
    return Entry(day(came), "met") if is_in_time else Entry(f"{day(came)}, quá hạn", "late")


def gaps(appraisal: Appraisal) -> Printed:
    """What is still missing, unit by unit."""
    rows = [line(appraisal.unit(i).name, "; ".join(chain.missing(appraisal, i))) for i in appraisal.everyone
            if appraisal.judgement.provisional[i]]
    return table("con-thieu", "Còn thiếu: kết quả các đơn vị này là tạm tính", ("Đơn vị", "Còn thiếu"), rows,
                 empty="Không thiếu gì làm kết quả thành tạm tính.")


def issues(appraisal: Appraisal) -> Printed:
    """Every problem and notice, a line each; then whoever is late or has not sent, and whoever lacks something."""
    names = appraisal.year.cluster_names
    rows = [line(Entry(severity, tone), names.get(p.cluster, ""), p.where, p.said)
            for severity, tone, found in (("lỗi", "raised", appraisal.year.due_problems), ("lưu ý", "", appraisal.notices))
            for p in found]
    for cluster in appraisal.year.all_clusters:
        rows += [line(kind, cluster.name, where, text) for kind, where, text in _overdue(appraisal, cluster)]
    return table("loi-luu-y", "Lỗi, lưu ý, quá hạn, còn thiếu", ("Loại", "Cụm", "Ở đâu", long("Nội dung")), rows,
                 empty="Không có lỗi, không có lưu ý, không gì quá hạn hay còn thiếu.", cards=True)


def _overdue(appraisal: Appraisal, cluster: Cluster) -> Iterator[tuple[Entry, str, str]]:
    """A cluster's dossier and its units' filings that are late, were not sent or have no day; and what else is missing."""
    book, waiting = appraisal.book, appraisal.judgement.not_considered.unknown
    in_time, dossier = appraisal.dossiers[cluster.cluster], _dossier(appraisal)
    if in_time is not True:
        came = cluster.dossier_received
        yield (LATE, "", f"{dossier} {_came(came)}") if in_time is False else (LACKING, "", f"chưa ghi ngày nhận {dossier}")
    for i in appraisal.members(cluster.cluster):
        name, filings = appraisal.unit(i).name, appraisal.looked_at(i, "filing")
        late = [f"{rule.label} {_came(x.found)} ({_before(rule)})" for x in filings
                if x.met is False and (rule := book.filings[x.rule])]
        if late:
            yield LATE, name, "; ".join(late)
        beside = [book.filings[x.rule].label for x in filings          # the days that keep a result open are told by `missing`
                  if x.met is None and not (book.filings[x.rule].decides and waiting[i])]
        lacking = [*chain.missing(appraisal, i), *([f"chưa ghi ngày nhận {', '.join(beside)}"] if beside else [])]
        if lacking:
            yield LACKING, name, "; ".join(lacking)


LATE, LACKING = Entry("quá hạn", "late"), Entry("còn thiếu", "unknown")


def _came(came: date | str | None) -> str:
    return day(came) if came == "none" else f"nhận {day(came)}"


def summary(appraisal: Appraisal) -> list[str]:
    """How many of each kind of line `issues` has, none of them silent."""
    kinds = [row.cells[0].text for row in issues(appraisal).rows]
    return [", ".join(f"{kinds.count(kind)} {kind}" for kind in ("lỗi", "lưu ý", LATE.text, LACKING.text)) + "."]


def corrections(appraisal: Appraisal) -> Printed:
    """The cells that are read otherwise than they were sent, and why; a line a correction."""
    rows = [line(c.cluster, c.file, c.sheet, c.cell, c.was or "(trống)", c.value or "(trống)", c.reason, c.document)
            for c in appraisal.year.corrections]
    return table("dinh-chinh", "Các ô đọc khác với tệp gửi, theo corrections.csv",
                 ("Cụm", "Tệp", "Trang", "Ô", "Tệp ghi", "Đọc là", "Lý do", "Văn bản"), rows,
                 rows and "Tệp gốc không bị động đến.", empty="Không sửa ô nào: mọi ô đọc đúng như tệp gửi.")


def notices(appraisal: Appraisal, cluster: str) -> Printed:
    """A line a notice about one cluster."""
    rows = [line(p.where, p.said) for p in appraisal.notices if p.cluster == cluster]
    return table("luu-y", "Lưu ý về hồ sơ của cụm", ("Ở đâu", "Nội dung"), rows, empty="Không có lưu ý.",
                 folded=f"Lưu ý về hồ sơ của cụm: {len(rows)}")


def counted(appraisal: Appraisal) -> Printed:
    """What was read, in numbers that can be checked against the paper: a line a unit, and one for its cluster."""
    year, rows, count, read = appraisal.year, [], appraisal.book.criteria, _read(appraisal.year)
    for cluster in year.all_clusters:
        units = year.units_of(cluster.cluster)
        head = f"{cluster.name}: {len(units)} đơn vị × {count} tiêu chí"
        if cluster.cluster in year.failed:
            rows.append(band(f"{head}; {_failed(year, cluster.cluster).text}"))
            continue
        if units:
            rows.append(band(head))
            found = [read[unit.unit] for unit in units]
            rows += [line(unit.name, *_counts(one, count)) for unit, one in zip(units, found, strict=True)]
            rows.append(line("Cả cụm", *_counts([sum(one) for one in zip(*found, strict=True)], count * len(units))))
    return table("da-doc", "Đã đọc được gì, để đối chiếu với bản giấy",
                 ("Đơn vị",
                  *(numeric(label) for label in ("Tự chấm", "Cụm chấm", "Chỉ tiêu", "Cơ sở", "Xếp loại", "Có quỹ", "Hồ sơ"))),
                 rows, "Tự chấm, Cụm chấm: số ô có điểm (A, B, C hoặc KAD) trên số ô phải có. Chỉ tiêu: số chỉ tiêu có ghi số. "
                 "Cơ sở: số Hội cơ sở, trong đó có xếp loại, có quỹ. Hồ sơ: số văn bản có ngày nhận hoặc không gửi.")


def _read(year: Year) -> dict[str, list[int]]:
    """How much was read of each unit: grades of both rounds, indicators, branches (rated, with fund), filings."""
    read = {unit.unit: [0] * 7 for unit in year.all_units}
    for at, rows, is_there in ((0, year.grades, lambda g: g.self), (1, year.grades, lambda g: g.cluster),
                               (2, year.indicators, lambda i: i.target is not None or i.actual is not None),
                               (3, year.branches, lambda b: True), (4, year.branches, lambda b: b.rating),
                               (5, year.branches, lambda b: b.fund is not None),
                               (6, year.filings, lambda f: f.received is not None)):
        for row in rows:
            read[row.unit][at] += bool(is_there(row))
    return read


def _counts(found: list[int], most: int) -> list[Entry]:
    """A line's cells: grades out of all there may be, the others as they are."""
    return [Entry(f"{number(n)}/{number(most)}", "unknown" if n < most else "", n) if k < 2 else
            Entry(number(n), "" if n else "unknown", n) for k, n in enumerate(found)]


def sources(appraisal: Appraisal, cluster: str | None = None) -> Printed:
    """Every file the page rests on (the whole year's without `cluster`), with its SHA-256; of the session's its own rows."""
    rows = [line(file if own is None else f"{file} ({own} dòng của cụm)", sha256)
            for file, sha256, own in appraisal.year.behind(cluster)]
    from .. import __version__
    return table("nguon", "Nguồn số liệu", ("Tệp", Heading("SHA-256", "mono")), rows,
                 f"Quy định: {appraisal.book.plan.title}; {appraisal.book.plan.criteria_source}. "
                 f"Phiên bản ctd-analysis {__version__}.", folded=f"Nguồn số liệu: {len(rows)} tệp")
