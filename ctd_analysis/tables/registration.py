"""The registration round in rows and columns (V.3): who has registered, with which targets, and what part II makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..answers.appraisal import Appraisal
from ..answers.registration import IN_TIME, LATE, NONE, PLAN, REGISTRATION, ROUND, UNKNOWN, Registration, Standing
from ..plan.reports import PARTS
from ..plan.rulebook import Rulebook, Target
from ..plan.targets import Sum
from ..terms import DIRECT_KINDS, MET, day, number, percent
from ..year.year import Year
from .printed import Entry, Heading, Line, Printed, band, headings, line
from .province import WITH_DIRECT

STATE = {IN_TIME: Entry("đúng hạn", "met"), LATE: Entry("quá hạn", "late"), NONE: Entry("không gửi", "raised"),
         UNKNOWN: Entry("chưa ghi ngày", "unknown")}
MEETS = {True: Entry(MET[True], "met"), False: Entry(MET[False], "raised"), None: Entry(MET[None], "unknown")}
#: Said under whatever counts what is directly under the province.
NO_SCALE = ("Kế hoạch không đặt thang xếp loại cho Hội cơ sở trực thuộc tỉnh và cơ quan Tỉnh Hội: số của các đơn vị này chỉ "
            "cộng vào chỉ tiêu phần II, không xếp loại, không xếp thứ tự, không hạn nộp.")


def standing(found: Registration) -> Printed:
    """A line a unit: both filings of V.3, how many of the asked targets it gave, how many branches were given one."""
    year = found.year
    of_unit = {one.unit: one for one in found.units}
    rows: list[Line] = []
    for cluster in year.all_clusters:
        rows.append(band(cluster.name))
        rows += [_line(found, unit.name, of_unit[unit.unit]) for unit in year.all_units if unit.cluster == cluster.cluster]
    return Printed("dang-ky", "Từng đơn vị: đã gửi gì, đã ghi chỉ tiêu nào",
                   headings("Đơn vị", *(_filing_head(year.book, filing) for filing in ROUND), "Chỉ tiêu đã ghi số",
                            Heading("Chưa ghi số", "long"), "Hội cơ sở được giao chỉ tiêu"), tuple(rows),
                   ("Ngày nhận lấy theo sổ của Hội đồng (received.csv), chưa có thì theo hồ sơ của cụm. Chỉ tiêu phải có: "
                    "những chỉ tiêu mà III.2.2 so thực hiện với chỉ tiêu giao.",), cards=True)


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
    year, given, named = found.year, {}, {}
    for row in (row for row in year.targets if row.branch):
        named.setdefault(row.unit, set()).add(row.branch)
        if row.target is not None:
            given.setdefault((row.unit, row.indicator), []).append(row.target)
    names = {unit.unit: unit.name for unit in year.all_units}
    rows = []
    for (unit, indicator), targets in given.items():
        total, own = sum(targets), found.own.get((unit, indicator))
        blank = len(named[unit]) - len(targets)
        verdict = Entry("đơn vị chưa ghi số", "unknown") if own is None else \
            Entry("đủ", "met") if total >= own else Entry(f"thiếu {number(own - total)}", "unknown" if blank else "raised")
        rows.append(line(names[unit], year.book.indicators[indicator].label, own if own is not None else "chưa ghi",
                         total, verdict, f"{blank} Hội cơ sở chưa ghi số" if blank else "–"))
    return Printed("giao-co-so", "Chỉ tiêu giao cho Hội cơ sở so với chỉ tiêu của đơn vị (V.3)",
                   headings("Đơn vị", "Chỉ tiêu", Heading("Đơn vị đăng ký", "number"), Heading("Cộng các Hội cơ sở", "number"),
                            "So với đơn vị", "Còn thiếu"), tuple(rows),
                   empty="Chưa có chỉ tiêu nào giao cho Hội cơ sở.", folded=f"Chỉ tiêu giao cho Hội cơ sở: {len(rows)}")


def part_two(found: Registration) -> Printed:
    """A line a target of part II: registered together, what is wanted, the verdict."""
    rows = [_target(year_target, found.part_two[id], MEETS) for id, year_target in found.year.book.targets.items()]
    return Printed("phan-ii", "Số đăng ký so với chỉ tiêu phần II",
                   headings("Chỉ tiêu", "Điều khoản", Heading("Đã đăng ký", "number"), Heading("Cần", "number"), "Tỷ lệ",
                            "Kết luận"), tuple(rows), (*_notes(found.year),), cards=True)


def _target(target: Target, one: Sum, meets: dict) -> Line:
    if one.wanted is None:
        return line(target.label, target.clause, None, None, "–", open_entry(target))
    share = percent(one.part, one.wanted) if one.part is not None else "–"
    return line(target.label, target.clause, "chưa có số" if one.part is None else one.part, one.wanted, share, meets[one.met])


def open_entry(target: Target) -> Entry:
    """What is said of a target nothing can be said of yet."""
    return Entry("theo dõi" if target.kind == "no_number" else "chưa có số", "unknown")


def _notes(year: Year) -> Iterator[str]:
    yield "Chỉ tiêu phần II không dùng để xếp loại. Mỗi đơn vị một yêu cầu: đếm số đơn vị đạt."
    if year.direct:
        yield WITH_DIRECT


def direct(year: Year) -> Printed:
    """What stands directly under the province, apart: a line an indicator, by name."""
    rows, last = [], None
    for row in sorted(year.direct, key=lambda row: (row.kind, row.source)):
        if row.source != last:
            rows.append(band(f"{row.name} ({DIRECT_KINDS[row.kind]})"))
            last = row.source
        rows.append(line(year.book.indicators[row.indicator].label, "chưa ghi" if row.target is None else row.target,
                         "chưa ghi" if row.actual is None else row.actual, row.note))
    return Printed("truc-thuoc", "Hội cơ sở trực thuộc tỉnh và cơ quan Tỉnh Hội",
                   headings("Chỉ tiêu", Heading("Chỉ tiêu năm", "number"), Heading("Thực hiện", "number"), "Ghi chú"),
                   tuple(rows), (NO_SCALE,), empty="Không có (direct.csv).")


def direct_aside(appraisal: Appraisal) -> Printed:
    """The same on the province's page in December, on demand."""
    table = direct(appraisal.year)
    return replace(table, folded=f"{table.caption}: {len({row.source for row in appraisal.year.direct})}")


def moved(found: Registration) -> Printed:
    """Each target stated below the registered one, and the flag under either."""
    names = {unit.unit: unit.name for unit in found.year.all_units}
    labels = found.year.book.indicators
    flag_words = {True: Entry("có", "raised"), False: Entry("không", "met"), None: Entry("–")}
    rows = [line(names[one.unit], labels[one.indicator].label, one.registered, one.stated,
                 found.year.book.flags[one.flag].short if one.flag else None, flag_words[one.flag_registered],
                 flag_words[one.flag_stated]) for one in found.target_moved]
    return Printed("chi-tieu-ha", "Chỉ tiêu ghi cuối năm thấp hơn chỉ tiêu đã đăng ký",
                   headings("Đơn vị", "Chỉ tiêu", Heading("Đã đăng ký", "number"), Heading("Ghi cuối năm", "number"),
                            "Trường hợp III.2.2", "Thuộc theo đăng ký", "Thuộc theo số ghi cuối năm"), tuple(rows),
                   ("III.2.2 nói “nghị quyết năm”, V.3 nói “đăng ký”: lấy số nào do Hội đồng quyết định; kết quả tính theo số "
                    "ghi cuối năm.",) if rows else (),
                   empty="Không có." if found.year.units else "Chưa có hồ sơ cuối năm để so.")


def reports(year: Year) -> Printed:
    """The reports of parts of the year that came, as counts, and those that surely did not: a line a unit."""
    came: dict[str, dict[str, int]] = {unit.unit: dict.fromkeys(PARTS, 0) for unit in year.all_units}
    missed: dict[str, list[str]] = {unit.unit: [] for unit in year.all_units}
    known = {(row.unit, row.filing): row.received for row in (*year.received, *year.filings) if row.received is not None}
    for (unit, filing), received in known.items():
        report = year.book.reports.get(filing)
        if report and received == "none":
            missed[unit].append(report.label)
        elif report:
            came[unit][report.part] += 1
    rows = [line(unit.name, *came[unit.unit].values(), Entry("; ".join(missed[unit.unit]) or "–",
                                                             "raised" if missed[unit.unit] else "")) for unit in year.all_units]
    return Printed("bao-cao", "Báo cáo tháng, quý, 6 tháng đã nhận", headings(
        "Đơn vị", *(Heading(f"Báo cáo {part}", "number") for part in PARTS), Heading("Biết chắc không gửi", "long")),
        tuple(rows),
        ("Kế hoạch không đặt ngày cho từng báo cáo: chỉ đếm; đúng chế độ hay không do người thẩm định ghi.",),
        folded=f"Báo cáo tháng, quý, 6 tháng: {sum(sum(one.values()) for one in came.values())} đã nhận")
