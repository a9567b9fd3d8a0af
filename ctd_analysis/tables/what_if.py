"""The answers of a what-if in rows and columns: who moves, where the edges are, how far, how it is read, what is uncertain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod

from ..answers import readings, what_if
from ..answers.amended import Changed, changed
from ..answers.appraisal import Appraisal
from ..answers.edges import Edge
from ..answers.readings import OUTCOMES
from ..answers.rounds import ROUNDS, Cause, by_round, causes
from ..plan.scenario import name_of
from ..rows import grouped
from ..terms import number
from ..words import chain, settling, why, wording
from ..year.year import Year
from .cluster import final_cell
from .printed import Entry, Line, Printed, banded, line, long, numeric, table


def heading(appraisal: Appraisal) -> Iterator[str]:
    """What stands above the tables: which year, which scenario, who asked for it and why."""
    yield f"Nếu như – năm {appraisal.book.year}"
    if appraisal.book.sample:
        yield wording.SAMPLE
    if scenario := appraisal.scenario:
        yield f"PHƯƠNG ÁN THỬ: {scenario.title}"
        yield from (f"{what}: {text}" for what, text in (("Người hỏi", scenario.asked_by), ("Vì", scenario.why)) if text)


def every(base: Appraisal, other: Appraisal) -> Iterator[Printed]:
    """All tables of `ctd what-if`, in the order of its questions; who moves only where something was changed."""
    if other is not base:
        yield moves(base, other)
        if what_if.unexpected(base, other):
            yield unexpected(base, other)
    yield from (turns(other), distance(other), firmness(other), weights(other), uncertain(other), rounds(other))


def moves(base: Appraisal, other: Appraisal) -> Printed:
    """A line a unit that moves: from what, to what, why."""
    rows, all_moves = [], what_if.moved(base, other)
    for i, unit in enumerate(base.year.units):
        found = {m.what: m for m in all_moves if m.unit == unit.unit}
        if found:
            turned = (_arrow(base, other, found.get(what)) for what in ("base_class", "final_class", "cluster_rank"))
            cells = [unit.name, *turned, _nominee(found.get("nominee")), why.moved_by(base, other, i)]
            rows.append(line(*cells, id=unit.unit))
    return table("ai-doi", "Đơn vị nào đổi, từ đâu đến đâu",
                 ("Đơn vị", chain.BASE, chain.FINAL, "Thứ tự", "Nhất, Nhì, Ba", long("Vì")), rows, empty="Không có gì đổi.")


def unexpected(base: Appraisal, other: Appraisal) -> Printed:
    """A line a thing that moves otherwise than the scenario's `[expected]` has it, or that nobody expected."""
    rows = [line(base.unit(base.place[one.unit]).name if one.unit in base.place else one.unit, MOVES[one.what],
                 _moved(other, one, one.expected), _moved(other, one, one.came))
            for one in what_if.unexpected(base, other)]
    return table("cho-doi", "Khác với kết quả chờ đợi ghi trong phương án", ("Đơn vị", "Điều đổi", "Chờ đợi", "Kết quả"), rows,
                 empty="Mọi điều đúng như chờ đợi ghi trong phương án.")


#: What of a unit may move, in words.
MOVES = {"base_class": "loại theo điểm", "proposed_class": "đề nghị", "final_class": "sau quyết định",
         "considered": "được xét", "cluster_rank": "thứ tự", "nominee": "được xem xét Nhất, Nhì, Ba"}


def _moved(other: Appraisal, one: what_if.Unexpected, pair: tuple | None) -> str:
    """From what to what, in words; `không đổi` for None."""
    if pair is None:
        return "không đổi"
    if one.what.endswith("_class"):
        return wording.turn(other.book, *(side if side in other.book.classes else None for side in pair))
    return " → ".join(("không", "có")[side] if isinstance(side, bool) else str(side or "–") for side in pair)


def _arrow(base: Appraisal, other: Appraisal, move) -> str:
    if move is None:
        return ""
    if move.what == "cluster_rank":
        return f"{move.before or '–'} → {move.after or '–'}"
    return " → ".join(wording.class_label(one.book, side, bool(one.judgement.considered[one.place[move.unit]]))
                      for one, side in ((base, move.before), (other, move.after)))


def _nominee(move) -> str:
    return "" if move is None else "được xem xét" if move.after else "không còn"


def turns(appraisal: Appraisal) -> Printed:
    """A band a number with its value now, under it a line an edge: how far it has to go for which unit's class to turn."""
    def line_of(edge: Edge) -> Line:
        return line(appraisal.unit(edge.unit).name, *wording.turning(appraisal, edge))

    rows = banded((f"{name_of(appraisal.book, key)} {number(int(appraisal.settings[key]))} (đang dùng)", map(line_of, turned))
                  for key, turned in grouped(appraisal.edges, lambda edge: edge.key).items())
    return table("diem-gay", "Đổi riêng từng yêu cầu: đến đâu thì đơn vị nào đổi loại",
                 ("Đơn vị", "Yêu cầu đổi thành", "Từ loại → thành loại"), rows,
                 empty="Không yêu cầu nào, đổi riêng, làm đơn vị nào đổi loại.")


def keys(year: Year) -> Printed:
    """A line a key that a what-if may change: its value in force, and what it is about; of a reading each option."""
    book, rows, known = year.book, [], changed(year, year.book)
    for key, value in book.in_force().items():
        id = key.split(".")[1]
        is_reading = key.startswith("readings.")
        options = book.readings[id].options if is_reading else {}
        name = wording.reading_name(book, id) if is_reading else name_of(book, key)
        rows.append(line(key, _in_force(value, known.get(key)), name,
                         "; ".join(f"{one}: {text}" for one, text in options.items())))
    return table("khoa", "Khóa đổi được bằng --set KHÓA=GIÁ_TRỊ, hoặc trong bảng [set] của tệp phương án",
                 ("Khóa", "Đang là", "Nội dung", long("Chọn một trong")), rows)


def _in_force(value, one: Changed | None) -> Entry:
    """A value as it is typed; what it was as issued, and by which document the Council changed it (year-round §1.1)."""
    is_other = bool(one and one.is_other)
    return Entry(str(value), was=str(one.issued) if is_other else "",
                 note=settling.document_and_day(one.row) if is_other else "")


def distance(appraisal: Appraisal, members: Iterable[int] | None = None) -> Printed:
    """How far each unit is (all, or those named by place), with every least way up and where it could come from."""
    rows = []
    for i in appraisal.everyone if members is None else members:
        unit = appraisal.unit(i)
        ways = [f"{why.way_words(way)} → {wording.class_at(appraisal.book, way.to)} ({'; '.join(_from(appraisal, i, way))})"
                for way in appraisal.ways[i]]
        rows.append(line(unit.name, final_cell(appraisal, i), why.distance_line(appraisal, i), " / ".join(ways), id=unit.unit))
    return table("con-cach", "Còn cách bao xa", ("Đơn vị", chain.FINAL, long("Còn cách"), long("Mọi cách ít nhất để lên loại")),
                 rows, "TC: các tiêu chí có thể lấy; đề nghị của con số, không phải của Hội đồng.", empty=wording.NOBODY)


def _from(appraisal: Appraisal, i: int, way) -> Iterator[str]:
    found = what_if.candidates(appraisal, i, way)
    if found.to_a or found.from_c:
        yield f"TC {', '.join(map(str, found.to_a or found.from_c))}"
    if found.branches:
        yield ", ".join(found.branches)
    if found.flags:
        yield ", ".join(appraisal.book.flags[flag].short for flag in found.flags)


def firmness(appraisal: Appraisal) -> Printed:
    """A line a unit: how many combinations of readings give which outcome, and the fewest readings that change it."""
    book, counts = appraisal.book, readings.count(appraisal.combined)
    rows = []
    for i, unit in enumerate(appraisal.year.units):
        sets = [" và ".join(f"{book.readings[id].label}: {book.readings[id].options[option]}" for id, option in one.items())
                for one in readings.smallest_switches(appraisal.combined, appraisal.settings, i)]
        rows.append(line(unit.name, *(counts[name][i] for name in OUTCOMES), why.firmness(appraisal, i),
                         " / ".join(sets), id=unit.unit))
    total = prod(appraisal.combined.shape[:-1])
    labels = [numeric(wording.outcome_label(book, name)) for name in OUTCOMES]
    return table("vung", f"Hiểu cách nào: kết quả theo {number(total)} cách kết hợp",
                 ("Đơn vị", *labels, *(long(one) for one in ("Kết luận", "Ít cách hiểu nhất phải đổi"))), rows,
                 empty=wording.NOBODY)


def weights(appraisal: Appraisal) -> Printed:
    """The readings on which something hangs, a line each, in the order in which to settle them."""
    rows = []
    for w in readings.weigh(appraisal.alternatives, appraisal.book):
        if w.results or w.nominations:
            rule = appraisal.book.readings[w.reading]
            rows.append(line(rule.label, rule.clause, rule.sentence, w.results, w.nominations, id=w.reading))
    return table("thu-tu-cach-hieu", "Cách hiểu nào nên thống nhất trước",
                 ("Cách hiểu", "Điều khoản", long("Câu trong kế hoạch"), numeric("Kết quả"), numeric("Đề cử")), rows,
                 "Đổi riêng từng cách hiểu; đếm số đơn vị đổi.", empty="Không kết quả nào tùy một cách hiểu.",
                 folded=f"Cách hiểu nào nên thống nhất trước: {len(rows)}")


def uncertain(appraisal: Appraisal) -> Printed:
    """The best and the worst each provisional unit may still come to, a line each."""
    best, worst = appraisal.bounds
    rows = [line(unit.name, final_cell(appraisal, i),
                 *(wording.outcome_label(appraisal.book, OUTCOMES[code[i]]) for code in (best, worst)),
                 "; ".join(chain.missing(appraisal, i)), id=unit.unit)
            for i, unit in enumerate(appraisal.year.units) if appraisal.judgement.provisional[i]]
    return table("chua-chac", "Khi đủ số liệu: cao nhất và thấp nhất",
                 ("Đơn vị", "Đang là", "Cao nhất", "Thấp nhất", long("Còn thiếu")), rows, empty="Không đơn vị nào tạm tính.")


def rounds(appraisal: Appraisal) -> Printed:
    """The outcome by each round of grading, and which changed grades made it another."""
    facts, settings, book = appraisal.facts, appraisal.settings, appraisal.book
    by, rows = by_round(facts, settings), []
    for i, unit in enumerate(appraisal.year.units):
        codes = [int(by[name][i]) for name in ROUNDS]
        if len(set(codes) - {-1}) > 1:
            words = [text for earlier, later in zip(ROUNDS, ROUNDS[1:], strict=False)
                     if (text := " / ".join(_cause(c) for c in causes(facts, settings, i, earlier, later)))]
            rows.append(line(unit.name, *("–" if c < 0 else wording.outcome_label(book, OUTCOMES[c]) for c in codes),
                             "; ".join(words), id=unit.unit))
    return table("ba-lan-cham", "Theo điểm tự chấm, cụm chấm, sau thẩm định",
                 ("Đơn vị", "Tự chấm", "Cụm chấm", "Sau thẩm định", long("Do các điểm đổi")), rows,
                 empty="Ba lần chấm cho cùng một loại.")


def _cause(cause: Cause) -> str:
    return ", ".join(f"{n} trong {len(cause.criteria[kind])} điểm {kind} (TC {', '.join(map(str, cause.criteria[kind]))})"
                     for kind, n in cause.needed.items())
