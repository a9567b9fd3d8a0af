"""The registration round in rows and columns (V.3): who has registered, with which targets, and what part II makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..answers.appraisal import Appraisal
from ..answers.registration import IN_TIME, LATE, NONE, PLAN, REGISTRATION, ROUND, UNKNOWN, Registration, Standing
from ..plan.reports import PARTS
from ..plan.rulebook import Rulebook, Target
from ..plan.targets import Sum
from ..rows import Direct, Unit, grouped
from ..terms import DIRECT_KINDS, MET, day, number, percent
from ..year.year import Year
from .printed import MEETS, Entry, Line, Printed, aside, band, banded, line, long, numeric, table
from .province import WITH_DIRECT

STATE = {IN_TIME: Entry("đúng hạn", "met"), LATE: Entry("quá hạn", "late"), NONE: Entry("không gửi", "raised"),
         UNKNOWN: Entry("chưa ghi ngày", "unknown")}
#: Said under whatever counts what is directly under the province.
NO_SCALE = ("Kế hoạch không đặt thang xếp loại cho Hội cơ sở trực thuộc tỉnh và cơ quan Tỉnh Hội: số của các đơn vị này chỉ "
            "cộng vào chỉ tiêu phần II, không xếp loại, không xếp thứ tự, không hạn nộp.")


def standing(found: Registration) -> Printed:
    """A line a unit: both filings of V.3, how many of the asked targets it gave, how many branches were given one."""
    year = found.year
    of_unit = {one.unit: one for one in found.units}
    rows = by_cluster(year, lambda unit: _line(found, unit.name, of_unit[unit.unit]))
    return table("dang-ky", "Từng đơn vị: đã gửi gì, đã ghi chỉ tiêu nào",
                 ("Đơn vị", *(_filing_head(year.book, filing) for filing in ROUND), "Chỉ tiêu đã ghi số", long("Chưa ghi số"),
                  "Hội cơ sở được giao chỉ tiêu"), rows,
                 "Ngày nhận lấy theo sổ của Hội đồng (received.csv), chưa có thì theo hồ sơ của cụm. Chỉ tiêu phải có: "
                 "những chỉ tiêu mà III.2.2 so thực hiện với chỉ tiêu giao.", cards=True)


def by_cluster(year: Year, line_of: Callable[[Unit], Line]) -> Iterator[Line]:
    """A band a cluster, under it a line a unit of `units.csv`."""
    for cluster in year.all_clusters:
        yield band(cluster.name)
        yield from map(line_of, year.units_of(cluster.cluster))


def _filing_head(book: Rulebook, filing: str) -> str:
    rule = book.filings.get(filing)
    return f"{rule.label} (trước {day(rule.before)})" if rule else {REGISTRATION: "Đăng ký", PLAN: "Kế hoạch"}[filing]


def _line(found: Registration, name: str, one: Standing) -> Line:
    labels = found.year.book.indicators
    lacking = [labels[id].label for id in found.asked if (one.unit, id) not in found.own]
    said = "; ".join(lacking) or "–" if one.targets_given else "bảng gửi về có lỗi, chưa đọc" if one.unit in found.faulty \
        else "chưa ghi chỉ tiêu nào" if found.asked else "–"
    given = Entry(f"{one.targets_given}/{one.targets_asked}", "unknown" if lacking else "met") if found.asked else None
    branches = f"{one.branches_with_target}/{one.branches}" if one.branches else "chưa có danh sách"
    return line(name, STATE[one.registration], STATE[one.plan], given, said,
                Entry(branches, "met" if one.branches and one.branches_with_target == one.branches else "unknown"))


def summary(found: Registration) -> list[str]:
    """Who has registered in time, late, not; how many gave every target; what part II still lacks: a sentence each."""
    units, year = found.units, found.year
    states = [one.registration for one in units]
    said = ", ".join(f"{states.count(state)} {STATE[state].text}" for state in STATE if state in states)
    full = sum(one.targets_given == one.targets_asked for one in units)
    verdicts = [one.met for one in found.part_two.values()]
    counts = ", ".join(f"{verdicts.count(met)} {MET[met]}" for met in MET if met in verdicts)
    short = [year.book.targets[id].label for id, one in found.part_two.items() if one.met is False]
    lacking = f" Không đạt: {'; '.join(short)}." if short else ""
    complete = [f"{full}/{len(units)} đơn vị ghi đủ số các chỉ tiêu phải có."] if found.asked else []
    return [f"Bảng đăng ký của {len(units)} đơn vị: {said}.", *complete,
            f"{len(verdicts)} chỉ tiêu phần II, theo số đăng ký: {counts}.{lacking}"]


def branch_sums(found: Registration) -> Printed:
    """What branches were given together, against the unit's own target: a line a unit and indicator."""
    year = found.year
    asked = [row for row in year.targets if row.branch]
    given = grouped((row for row in asked if row.target is not None), lambda row: (row.unit, row.indicator))
    names = {unit.unit: unit.name for unit in year.all_units}
    rows = []
    for (unit, indicator), targets in given.items():
        total, own = sum(row.target for row in targets), found.own.get((unit, indicator))
        blank = len({row.branch for row in asked if row.unit == unit}) - len(targets)
        verdict = Entry("đơn vị chưa ghi số", "unknown") if own is None else \
            Entry("đủ", "met") if total >= own else Entry(f"thiếu {number(own - total)}", "unknown" if blank else "raised")
        rows.append(line(names[unit], year.book.indicators[indicator].label, own if own is not None else "chưa ghi",
                         total, verdict, f"{blank} Hội cơ sở chưa ghi số" if blank else "–"))
    return table("giao-co-so", "Chỉ tiêu giao cho Hội cơ sở so với chỉ tiêu của đơn vị (V.3)",
                 ("Đơn vị", "Chỉ tiêu", numeric("Đơn vị đăng ký"), numeric("Cộng các Hội cơ sở"), "So với đơn vị", "Còn thiếu"),
                 rows, empty="Chưa có chỉ tiêu nào giao cho Hội cơ sở.", folded=f"Chỉ tiêu giao cho Hội cơ sở: {len(rows)}")


def part_two(found: Registration) -> Printed:
    """A line a target of part II: registered together, what is wanted, the verdict."""
    rows = []
    for id, target in found.year.book.targets.items():
        one, (*cells, share) = found.part_two[id], towards(target, found.part_two[id])
        rows.append(line(*cells, *(("–", share) if one.wanted is None else (share, MEETS[one.met]))))
    return table("phan-ii", "Số đăng ký so với chỉ tiêu phần II",
                 ("Chỉ tiêu", "Điều khoản", numeric("Đã đăng ký"), numeric("Cần"), "Tỷ lệ", "Kết luận"), rows,
                 *_notes(found.year), cards=True)


def towards(target: Target, one: Sum) -> tuple:
    """A target of part II with what is done for it: label, clause, part, wanted, share; instead of that, why there is none."""
    if one.wanted is None:
        open_yet = Entry("theo dõi" if target.kind == "no_number" else "chưa có số", "unknown")
        return target.label, target.clause, None, None, open_yet
    part, share = ("chưa có số", "–") if one.part is None else (one.part, percent(one.part, one.wanted))
    return target.label, target.clause, part, one.wanted, share


def _notes(year: Year) -> Iterator[str]:
    yield "Chỉ tiêu phần II không dùng để xếp loại. Mỗi đơn vị một yêu cầu: đếm số đơn vị đạt."
    if year.direct:
        yield WITH_DIRECT


def direct(year: Year) -> Printed:
    """What stands directly under the province, apart: a line an indicator, by name."""
    def line_of(row: Direct) -> Line:
        numbers = ("chưa ghi" if n is None else n for n in (row.target, row.actual))
        return line(year.book.indicators[row.indicator].label, *numbers, row.note)

    sources = grouped(sorted(year.direct, key=lambda row: (row.kind, row.source)), lambda row: row.source).values()
    rows = banded((f"{mine[0].name} ({DIRECT_KINDS[mine[0].kind]})", map(line_of, mine)) for mine in sources)
    return table("truc-thuoc", "Hội cơ sở trực thuộc tỉnh và cơ quan Tỉnh Hội",
                 ("Chỉ tiêu", numeric("Chỉ tiêu năm"), numeric("Thực hiện"), "Ghi chú"), rows, NO_SCALE,
                 empty="Không có (direct.csv).")


def direct_aside(appraisal: Appraisal) -> Printed:
    """The same on the province's page in December, on demand."""
    return aside(direct(appraisal.year), len({row.source for row in appraisal.year.direct}))


def moved(found: Registration) -> Printed:
    """Each target stated below the registered one, and the flag under either."""
    names = {unit.unit: unit.name for unit in found.year.all_units}
    labels = found.year.book.indicators
    flag_words = {True: Entry("có", "raised"), False: Entry("không", "met"), None: Entry("–")}
    rows = [line(names[one.unit], labels[one.indicator].label, one.registered, one.stated,
                 found.year.book.flags[one.flag].short if one.flag else None, flag_words[one.flag_registered],
                 flag_words[one.flag_stated]) for one in found.target_moved]
    return table("chi-tieu-ha", "Chỉ tiêu ghi cuối năm thấp hơn chỉ tiêu đã đăng ký",
                 ("Đơn vị", "Chỉ tiêu", numeric("Đã đăng ký"), numeric("Ghi cuối năm"), "Trường hợp III.2.2",
                  "Thuộc theo đăng ký", "Thuộc theo số ghi cuối năm"), rows,
                 rows and "III.2.2 nói “nghị quyết năm”, V.3 nói “đăng ký”: lấy số nào do Hội đồng quyết định; kết quả tính "
                 "theo số ghi cuối năm.", empty="Không có." if found.year.units else "Chưa có hồ sơ cuối năm để so.")


def reports(year: Year) -> Printed:
    """The reports of parts of the year that came, as counts, and those that surely did not: a line a unit."""
    named, rows, count = year.book.reports, [], 0
    known = {(row.unit, row.filing): row.received for row in (*year.received, *year.filings) if row.received is not None}
    of_unit = grouped(known, lambda one: one[0])
    for unit in year.all_units:
        mine = [(named[filing], known[at, filing] != "none") for at, filing in of_unit.get(unit.unit, ()) if filing in named]
        parts, missed = [one.part for one, came in mine if came], "; ".join(one.label for one, came in mine if not came)
        rows.append(line(unit.name, *map(parts.count, PARTS), Entry(missed or "–", "raised" if missed else "")))
        count += len(parts)
    return table("bao-cao", "Báo cáo tháng, quý, 6 tháng đã nhận",
                 ("Đơn vị", *(numeric(f"Báo cáo {part}") for part in PARTS), long("Biết chắc không gửi")), rows,
                 "Kế hoạch không đặt ngày cho từng báo cáo: chỉ đếm; đúng chế độ hay không do người thẩm định ghi.",
                 folded=f"Báo cáo tháng, quý, 6 tháng: {count} đã nhận")
