"""The province in rows and columns: all units, who stands first, how many of each class, criteria not at A, part II."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..answers.appraisal import Appraisal
from ..answers.part_two import beside
from ..plan import targets as part_two
from ..plan.rulebook import Target
from ..plan.targets import Progress
from ..terms import BY_COUNCIL, KAD, MET, PRIZES, RANKING_KEYS, UNKNOWN, A, number, percent
from ..words import chain, council, outcomes
from .cluster import STANDING, cases_entry, final_cell, final_entry, legend, name_entry, rank, share_cell, standing
from .printed import MEETS, Entry, Heading, Line, Printed, band, headings, line, long, numeric, table

#: Said where part II counts what is directly under the province.
WITH_DIRECT = "Đã cộng Hội cơ sở trực thuộc tỉnh và cơ quan Tỉnh Hội (bảng riêng)."
#: What sets a leader apart, in words.
_AHEAD = {**RANKING_KEYS, BY_COUNCIL: "Hội đồng phân định khi đồng hạng"}


def nominees(appraisal: Appraisal) -> Printed:
    """Who stands first in each cluster, and whether III.1 lets it be considered for Nhất, Nhì, Ba; ties have a line each."""
    rows = []
    for cluster in outcomes.clusters(appraisal):
        name = Entry(cluster.name, href=f"{cluster.cluster}.html")
        leaders = [i for i in appraisal.members(cluster.cluster) if appraisal.ranks[i] == 1]
        for i in leaders:
            ahead = _AHEAD.get(appraisal.ahead_by[i] or "", "không có đơn vị đứng sau")
            words = ["đồng hạng, Hội đồng phân định"] if appraisal.tied[i] else []
            words += ["tạm tính"] if appraisal.judgement.provisional[i] else []
            words += [f"tùy cách hiểu {appraisal.book.readings[r].clause} ({appraisal.book.readings[r].label})"
                      for r in appraisal.alternatives.nominee_hinges(i)]
            prize = PRIZES.get(appraisal.prizes.get(appraisal.facts.units[i], ""))
            verdict = Entry("được xem xét" + (f", giải {prize}" if prize else ""), "met") if appraisal.nominee[i] else \
                "không: chưa phải Xuất sắc" + (f"; Hội đồng ghi giải {prize}" if prize else "")
            rows.append(line(name, name_entry(appraisal, i), final_cell(appraisal, i), ahead, verdict, "; ".join(words)))
        if text := outcomes.absent(appraisal).get(cluster.cluster):
            rows.append(line(cluster.name, None, None, None, None, Entry(text, "raised")))
        elif not leaders:
            rows.append(line(name, None, None, None, "không có đơn vị được xếp thứ tự", ""))
    return table("dung-dau", "Đơn vị đứng đầu các cụm, được xem xét Nhất, Nhì, Ba cấp tỉnh",
                 ("Cụm", "Đơn vị đứng đầu", chain.FINAL, "Hơn đơn vị sau ở", "Nhất, Nhì, Ba", long("Lưu ý")), rows,
                 "Kế hoạch không quy định cụm xếp thứ tự theo tiêu chí nào. Phần mềm không phân định Nhất, Nhì, Ba.",
                 cards=True)


def distribution(appraisal: Appraisal) -> Printed:
    """How many units of each final class, undecided, not considered: a line a cluster, the last the province."""
    absent = outcomes.absent(appraisal)
    labels = list(outcomes.tally(appraisal, appraisal.everyone)[0])
    rows = [line(absent[c.cluster], *[None] * len(labels)) if c.cluster in absent else
            line(Entry(c.name, href=f"{c.cluster}.html"), *outcomes.tally(appraisal, appraisal.members(c.cluster))[0].values())
            for c in outcomes.clusters(appraisal)]
    rows.append(line(f"Toàn tỉnh: {outcomes.of_all(appraisal)}", *outcomes.tally(appraisal, appraisal.everyone)[0].values()))
    return table("phan-bo", "Số đơn vị theo xếp loại", ("Cụm", *(numeric(label) for label in labels)), rows,
                 folded="Số đơn vị theo xếp loại ở từng cụm")


def questions(appraisal: Appraisal) -> Printed:
    """What the Council has to settle: a line a card, as the pages show them."""
    rows = [line(x.question, x.clause, x.grounds, "\n".join(f"☐ {answer}" for answer in x.answers))
            for x in council.items(appraisal, outcomes.by_cluster(appraisal))]
    return table("can-y-kien", "Nội dung cần Hội đồng cho ý kiến",
                 ("Nội dung", "Điều khoản", "Số liệu", "Các phương án và kết quả"), rows,
                 empty="Không còn nội dung nào cần Hội đồng cho ý kiến.")


def lost_points(appraisal: Appraisal) -> Printed:
    """Criteria without an A (KAD left out): a line a unit, a column an area, the last of each their sum."""
    found = list(losses(appraisal))
    rows = [line(unit.name, *(lost[i] for _, _, lost in found), sum(lost[i] for _, _, lost in found))
            for i, unit in enumerate(appraisal.year.units)]
    rows.append(line("Cộng", *(sum(lost) for _, _, lost in found), sum(sum(lost) for _, _, lost in found)))
    return table("mat-diem", "Số tiêu chí chưa đạt điểm A theo nội dung thi đua",
                 ("Đơn vị", *(numeric(f"{area} ({len(places)} tiêu chí)") for area, places, _ in found), numeric("Cộng")), rows,
                 "Gồm B, C và chưa chấm; không tính tiêu chí không áp dụng.",
                 folded=f"Tiêu chí chưa đạt A: {rows[-1].cells[-1].text}")


def losses(appraisal: Appraisal) -> Iterator[tuple[str, list[int], list[int]]]:
    """For each area: its criteria (places from 0) and, for each unit, how many of them are no A and not KAD."""
    standing = appraisal.facts.rounds.standing
    for area, places in appraisal.year.areas.items():
        grades = standing[:, places]
        yield area, places, [int(n) for n in ((grades != A) & (grades != KAD)).sum(axis=1)]


def targets(appraisal: Appraisal) -> Printed:
    """A line a part II target: what is asked, how far it is, met, not met or not knowable."""
    rows = []
    for target in appraisal.book.targets.values():
        found, verdict = progress(appraisal, target)
        is_asked = target.value is not None or target.indicator
        rows.append(line(target.label, target.clause, _asked(target), found,
                         Entry(MET[verdict] if is_asked else "theo dõi", "unknown" if verdict is None else ""), target.note))
    return table("chi-tieu", "Chỉ tiêu phần II", ("Chỉ tiêu", "Điều khoản", "Yêu cầu", "Thực hiện", "Kết luận", "Ghi chú"),
                 rows, "Chỉ tiêu phần II không dùng để xếp loại.", *[WITH_DIRECT] * bool(appraisal.year.direct),
                 folded=f"Chỉ tiêu phần II: {len(rows)}")


def own_targets(appraisal: Appraisal, i: int) -> Printed:
    """What part II asks of one unit alone: a line a target."""
    unit, rows = appraisal.facts.units[i], []
    funds = [b.fund for b in appraisal.year.branches if b.unit == unit and b.owes_fund]
    for target in appraisal.book.targets.values():
        found = part_two.of_unit(appraisal.facts, target, i, funds)
        if found is None:
            continue
        is_branches = target.kind == "each_branch"
        label = target.label if is_branches else appraisal.book.indicators[target.indicator].label
        done = _reached(target, found) if is_branches else UNKNOWN if found.blank else number(found.part)
        rows.append(line(label, target.clause, number(target.value if is_branches else found.whole), done, MEETS[found.met]))
    return table("chi-tieu-don-vi", "Yêu cầu và thực hiện của đơn vị",
                 ("Chỉ tiêu", "Điều khoản", numeric("Yêu cầu"), numeric("Thực hiện"), "Kết luận"), rows,
                 "Chỉ tiêu phần II không dùng để xếp loại.", cards=True)


def registered(appraisal: Appraisal, i: int) -> Printed:
    """What one unit registered (V.3) beside what it stated in December and did: a line an indicator it registered."""
    unit, facts = appraisal.facts.units[i], appraisal.facts
    lowered = {one.lowered for one in appraisal.lowered if one.unit == unit}
    rows = []
    for row in (row for row in appraisal.year.targets if row.unit == unit and not row.branch):
        asked, done = (column[row.indicator].at(i) for column in (facts.target, facts.actual))
        told = Entry("thấp hơn đã đăng ký", "late") if row.indicator in lowered else "" if asked is not None else \
            Entry("cuối năm chưa ghi", "unknown")
        rows.append(line(appraisal.book.indicators[row.indicator].label, *map(number, (row.target, asked, done)), told))
    return table("da-dang-ky", "Chỉ tiêu đã đăng ký, chỉ tiêu ghi cuối năm",
                 ("Chỉ tiêu", numeric("Đã đăng ký (V.3)"), numeric("Ghi cuối năm"), numeric("Thực hiện"), "Ghi chú"), rows,
                 "Kết quả tính theo số ghi cuối năm.", cards=True)


def _asked(target) -> str:
    if target.value is None:
        return "theo chỉ tiêu từng đơn vị" if target.indicator else "kế hoạch không nêu con số"
    if target.kind == "per_mille_of_population":
        return f"{number(target.value // 10)},{target.value % 10}%"
    return f"{number(target.value)}%" if target.kind.startswith("percent") else number(target.value)


def progress(appraisal: Appraisal, target: Target) -> tuple[str, bool | None]:
    """How far a part II target is: the words, and met / not met / not knowable."""
    year = appraisal.year
    direct = beside(year, target, "actual")
    found = part_two.progress(appraisal.facts, target, [b.fund for b in year.branches if b.owes_fund],
                              [u.population for u in year.units], not year.failed, list(direct.values()))
    if found is None:
        return UNKNOWN, None
    names = [*(unit.name for unit in year.units), *direct]
    gone = [*(names[i] for i in found.missing), *(year.cluster(cluster).name for cluster in year.failed)]
    return _reached(target, found) + (f"; chưa có số liệu: {', '.join(gone)}" if gone else ""), found.met


def _reached(target: Target, found: Progress) -> str:
    if target.kind.startswith("each_"):
        what, blank = ("Hội cơ sở đạt", "chưa ghi") if target.kind == "each_branch" else ("đơn vị đạt", UNKNOWN)
        return f"{found.part}/{found.whole} {what}" + (f", {found.blank} {blank}" if found.blank else "")
    if target.kind == "sum" or target.kind == "no_number" and target.value is not None:
        return f"{number(found.part)} ({percent(found.part, found.whole)})"
    return f"{number(found.part)} / {number(found.whole)} ({_exact_percent(found.part, found.whole)})"


def _exact_percent(part: int, whole: int) -> str:
    if not whole:
        return "–"
    hundredths = 10_000 * part // whole
    return f"{number(hundredths // 100)},{hundredths % 100:02d}%"


def standings(appraisal: Appraisal) -> Printed:
    """All units under the headings of `STANDING`, a band a cluster, each in order of rank; those of an absent cluster named."""
    return table("can-cu", "Căn cứ của từng đơn vị", STANDING, _by_cluster(appraisal, standing, STANDING), legend(appraisal),
                 folded=f"Căn cứ của từng đơn vị: {outcomes.of_all(appraisal)}")


def session_sheet(appraisal: Appraisal) -> Printed:
    """The same without the grounds, so that a province stands on one sheet; an empty column for the Council."""
    return table("toan-tinh", "Toàn tỉnh theo cụm", _SHEET, _by_cluster(appraisal, _on_sheet, _SHEET), legend(appraisal),
                 "Căn cứ: ở trang của cụm, của đơn vị (bấm vào tên), và trong phụ lục. Xếp loại là dự "
                 "kiến, Hội đồng quyết định.", cards=True)


_SHEET = headings(numeric("Thứ tự"), "Đơn vị", chain.FINAL, "Xét Nhất, Nhì, Ba", numeric("A"), numeric("C"), "Hội cơ sở",
                  chain.BASE, long("Trường hợp III.2"), chain.RULES, long(chain.DECIDED), Heading("Ý kiến Hội đồng", "blank"))


def _on_sheet(appraisal: Appraisal, i: int) -> Line:
    f, steps = appraisal.facts, chain.chain(appraisal, i)
    return line(rank(appraisal, i), name_entry(appraisal, i), final_entry(appraisal, i), _nominee(appraisal, i), f.a[i], f.c[i],
                share_cell(f, i), steps.base, _cases(appraisal, i), steps.rules, steps.decided, "")


def directory(appraisal: Appraisal) -> Printed:
    """For the index: every unit with its class and what keeps it open, each name leading to a page of its own."""
    return table("cac-don-vi", "Các đơn vị theo cụm", _DIRECTORY, _by_cluster(appraisal, _listed, _DIRECTORY), cards=True)


_DIRECTORY = headings(numeric("Thứ tự"), "Đơn vị", chain.FINAL, "Xét Nhất, Nhì, Ba", long("Lưu ý"))


def _listed(appraisal: Appraisal, i: int) -> Line:
    words = chain.missing(appraisal, i) if appraisal.judgement.provisional[i] else []
    return line(rank(appraisal, i), name_entry(appraisal, i), final_entry(appraisal, i), _nominee(appraisal, i),
                "; ".join([*words, *filter(None, [chain.hinging(appraisal, i)])]), id=f"don-vi-{appraisal.unit(i).unit}")


def _nominee(appraisal: Appraisal, i: int) -> Entry:
    return Entry("có", "met") if appraisal.nominee[i] else Entry("–")


def _cases(appraisal: Appraisal, i: int) -> Entry:
    """What of III.2 stands between the two classes that the rules give, in a few words; no decision in it."""
    by_rules, flags = appraisal.by_rules, appraisal.book.flags
    met = ["III.2.1"] * bool(by_rules.not_considered.yes[i]) + [flags[x].short for x in by_rules.flags_where(i, True)]
    return cases_entry(met, [flags[x].short for x in by_rules.flags_where(i, None)], "–")


def _by_cluster(appraisal: Appraisal, unit_line: Callable[[Appraisal, int], Line],
                columns: tuple[Heading, ...]) -> Iterator[Line]:
    """A band a cluster, a line a unit; where a cluster is absent, its units by name and why they are not judged."""
    absent = outcomes.absent(appraisal)
    for cluster in outcomes.clusters(appraisal):
        if cluster.cluster in absent:
            yield band(cluster.name)
            for unit in appraisal.year.units_of(cluster.cluster):
                yield line("–", unit.name, Entry(absent[cluster.cluster], "raised"), *["–"] * (len(columns) - 3))
        else:
            yield band(cluster.name, f"{cluster.cluster}.html")
            yield from (unit_line(appraisal, i) for i in appraisal.members(cluster.cluster))
