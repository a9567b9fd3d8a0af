"""`ctd explain`: the way from a unit's grades to its final class, clause by clause, as plain Vietnamese lines."""

from __future__ import annotations

from collections.abc import Iterator

from ..answers.appraisal import Appraisal, class_name
from ..plan.ladder import BARRED
from ..plan.rulebook import CONVERTED
from ..terms import MET, WAIVED, number
from . import chain, wording
from .settling import aside
from .why import ahead_of, corrected, other_outcomes


def lines(appraisal: Appraisal, unit: str) -> Iterator[str]:
    """The explanation of one unit, a line each; the unit must stand in `appraisal.place`."""
    i, book = appraisal.place[unit], appraisal.book
    entry, f = appraisal.unit(i), appraisal.facts
    cluster = appraisal.year.cluster(entry.cluster)
    yield f"{entry.name} – {cluster.name} – năm {book.year}"
    if book.sample:
        yield wording.SAMPLE
    if appraisal.scenario:
        yield f"PHƯƠNG ÁN THỬ: {appraisal.scenario.title}"
    for section in (_grades, _ladder, _filings, _flags, _steps, other_outcomes):
        yield ""
        yield from section(appraisal, i)
    yield ""
    yield f"Nguồn: {', '.join(sorted({s.file for s in appraisal.year.sources if s.cluster == entry.cluster}))}; "\
          f"quy định: {f.rounds.cluster.shape[1]} tiêu chí, rulebook.toml"


def _grades(appraisal, i):
    f = appraisal.facts
    extra = [f"{f.not_applicable[i]} không áp dụng"] if f.not_applicable[i] else []
    extra += [f"{f.ungraded[i]} chưa chấm"] if f.ungraded[i] else []
    yield f"Điểm (cụm chấm, đã sửa theo thẩm định): {', '.join([f'{f.a[i]} A', f'{f.b[i]} B', f'{f.c[i]} C', *extra])}"
    looked = int(f.rounds.looked_at[i].sum())
    points = f"; điểm quy đổi {number(f.converted[i])} (không cộng vào A)" if appraisal.book.has(CONVERTED) else ""
    yield f"Đã thẩm định {looked}/{appraisal.book.criteria} tiêu chí{points}."
    yield from corrected(appraisal, i, "grades")


def _ladder(appraisal, i):
    book, j = appraisal.book, appraisal.judgement
    yield "III.1 – Xếp loại theo điểm"
    for rung in BARRED:
        findings = appraisal.looked_at(i, "ladder", rung)
        yield f"  {book.classes[rung].label}:"
        yield from (f"  {_looked_at(appraisal, x)}" for x in findings)
    yield from (f"  {line}" for line in corrected(appraisal, i, "branches"))
    base = wording.class_at(book, j.placement.base_class[i])
    if j.placement.literal_match[i]:
        yield f"  → {base}: khớp nguyên văn một dòng của thang xếp loại."
    else:
        rule = book.readings["ladder_gap"]
        yield (f"  → {base}: không khớp dòng nào của thang xếp loại (khoảng điểm A là "
               f"{book.classes[class_name(j.placement.band[i])].label}); đang hiểu: {rule.options[book.chosen['ladder_gap']]}.")


def _looked_at(appraisal, x):
    book = appraisal.book
    return (f"  {wording.condition(book, x)}: cần {wording.asked(book, x)}{aside(appraisal, x)}; "
            f"{wording.has(book, x)} → {MET[x.met]}")


def _filings(appraisal, i):
    book, j = appraisal.book, appraisal.judgement
    yield "III.2.1 – Được xét hay không"
    for x in appraisal.looked_at(i, "filing"):
        known = "" if book.filings[x.rule].decides else " (chỉ để biết)"
        yield (f"  {wording.condition(book, x)} ({x.clause}): cần {wording.asked(book, x)}{aside(appraisal, x)}; "
               f"{wording.found(book, x)} → {MET[x.met]}{known}{f'; {x.source}' if x.source else ''}")
    verdict = {True: "không được xét theo III.2.1", False: "được xét", None: "chưa rõ: không loại ai vì một ô trống"}
    yield f"  → {verdict[j.not_considered.at(i)]}"


def _flags(appraisal, i):
    book, j = appraisal.book, appraisal.judgement
    yield "III.2.2 – Trường hợp hạ một mức hoặc không xét"
    if not book.flags:
        yield f"  {wording.NO_FLAGS}"
    for flag, verdict in j.flags.items():
        state = {True: "THUỘC TRƯỜNG HỢP NÀY", False: "không", None: "CHƯA RÕ"}[verdict.at(i)]
        waived = WAIVED if appraisal.facts.waived[flag][i] else ""
        yield f"  {book.flags[flag].label} ({book.flags[flag].clause}): {state}{waived}"
        for x in appraisal.looked_at(i, "flag", flag):
            more = "".join(f"; {text}" for text in (x.note, x.source) if text)
            yield f"  {_looked_at(appraisal, x)}{more}"


def _steps(appraisal, i):
    steps = chain.chain(appraisal, i)
    for step, said in zip(chain.STEPS, (steps.base, steps.rules, steps.decided, steps.final), strict=True):
        yield f"{step}: {said}"
    yield f"{chain.BASIS}: {steps.basis}"
    yield from _rank(appraisal, i)
    if missing := chain.missing(appraisal, i):
        yield f"TẠM TÍNH vì: {'; '.join(missing)}."


def _rank(appraisal, i):
    cluster = appraisal.year.cluster(appraisal.unit(i).cluster).name
    if appraisal.ranks[i] is None:
        yield f"Không xếp thứ tự trong {cluster}."
        return
    tied = " (đồng hạng)" if appraisal.tied[i] else ""
    ahead = ahead_of(appraisal, i, ";")
    yield f"Thứ tự trong {cluster}: {appraisal.ranks[i]}{tied}{ahead}. {appraisal.book.ranking.note}"
    if appraisal.nominee[i]:
        yield "Được xem xét Nhất, Nhì, Ba cấp tỉnh (III.1); Hội đồng quyết định."
