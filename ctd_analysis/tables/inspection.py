"""An inspection in rows and columns: a day's work per unit, branches to visit, where one finding is enough, what was found."""

from __future__ import annotations

from collections.abc import Iterable

from ..answers.inspection import Inspection
from ..answers.places import FILING, FUND, GRADE, KINDS, NUMBER, RATING, PlaceToSee
from ..rows import grouped
from ..terms import METHODS, day, number
from ..words import inspecting
from ..year.verified import called, shown
from .cluster import name_entry
from .printed import Entry, Heading, Line, Printed, banded, line, long, numeric, table

_NAMES = {GRADE: "tiêu chí", RATING: "xếp loại Hội cơ sở", FUND: "quỹ Hội cơ sở", NUMBER: "số liệu", FILING: "ngày nhận hồ sơ"}


def day_work(inspection: Inspection) -> Printed:
    """What there is to do at each unit: branches to visit, papers to look at; a line a unit, whose result hangs most first."""
    drawn, chosen = inspection.draw.random, inspection.targeted
    nearest, deeper = _by_unit(inspection.nearest), _by_unit(p for p in inspection.places if p.depth != 1)
    rows = []
    for i in sorted(inspection.appraisal.everyone, key=lambda i: _turn(nearest.get(i, []))):
        unit = inspection.appraisal.facts.units[i]
        mine, visits = nearest.get(i, []), [[b for u, b in some if u == unit] for some in (drawn, chosen)]
        papers = [f"{len({p.item for p in mine if p.kind == kind})} {_NAMES[kind]}" for kind in KINDS
                  if any(p.kind == kind for p in mine)]
        rows.append(line(name_entry(inspection.appraisal, i), *("; ".join(some) or "–" for some in visits),
                         ", ".join(papers) or "–", _first(inspection, mine), len(deeper.get(i, [])), id=unit))
    return table("mot-ngay", "Việc của đoàn ở từng đơn vị",
                 ("Đơn vị", "Đi: bốc thăm", "Đi: chọn", long("Xem: một chỗ khác đi là kết quả đổi"), long("Xem trước hết"),
                  numeric("Chỗ sâu hơn")), rows, *_too_few(inspection), cards=True)


def _by_unit(places: Iterable[PlaceToSee]) -> dict[int, list[PlaceToSee]]:
    return grouped(places, lambda one: one.unit)


def _turn(places: list[PlaceToSee]) -> tuple:
    """Units with a nominee at stake first, then those with anything; in the order of `units.csv`."""
    return not places, not any("nominee" in p.touches for p in places)


def _first(inspection: Inspection, places: list[PlaceToSee]) -> str:
    if not places:
        return "–"
    return f"{inspecting.named(inspection, places[0].kind, places[0].item)}: {inspecting.why(places[0])}"


def _too_few(inspection: Inspection) -> tuple[str, ...]:
    """Said where fewer branches than visits have something hanging on them."""
    short = inspection.draw.left - len(inspection.targeted)
    return (f"Còn {number(short)} lượt đi không chọn được: không đủ Hội cơ sở mà kết quả tùy vào đó.",) if short > 0 else ()


def visits(inspection: Inspection) -> Printed:
    """The branches to visit, a line each, with the ticket that anybody can work out again."""
    year, rows = inspection.appraisal.year, []
    branches, names = {(b.unit, b.branch): b for b in year.branches}, {u.unit: u.name for u in year.units}
    for how, some in (("bốc thăm", inspection.draw.random), ("chọn", inspection.targeted)):
        rows += [line(names[one[0]], one[1], how, branches[one].rating or Entry("chưa ghi", "unknown"),
                      shown(branches[one].fund), inspection.draw.tickets[one][:16]) for one in some]
    return table("hoi-co-so", "Hội cơ sở đi kiểm tra",
                 ("Đơn vị", "Hội cơ sở", "Vì sao", "Xếp loại đã gửi", "Quỹ đã gửi (đồng)",
                  Heading("Phiếu thăm (16 chữ đầu)", "mono")), rows, *inspecting.drawn(inspection.draw),
                 empty="Chưa đề nghị đi Hội cơ sở nào.", cards=True)


def nearest(inspection: Inspection) -> Printed:
    """Where a single finding changes something: what is alike on one line, unit by unit in the order of worth."""
    rows = banded((inspection.appraisal.unit(i).name,
                   [_alike(inspection, some) for some in grouped(places, _likeness).values()])
                  for i, places in _by_unit(inspection.nearest).items())
    return table("mot-cho", "Chỉ một chỗ khác đi là kết quả đổi",
                 (long("Nội dung"), "Đã gửi", long("Nếu thấy khác"), "Cách nhau"), rows,
                 "Xếp theo: ít chỗ khác nhất, đổi đơn vị được xem xét Nhất, Nhì, Ba, cụm chấm cao hơn tự chấm, số gần yêu "
                 "cầu nhất. Không có trọng số: chính các yêu cầu của Kế hoạch được hỏi.",
                 empty="Không chỗ nào mà riêng một điều khác đi làm đổi kết quả.",
                 folded=f"Chỉ một chỗ khác đi là kết quả đổi: {number(len(list(inspection.nearest)))} chỗ")


def _likeness(one: PlaceToSee) -> tuple:
    """What places have in common that differ in nothing but which grade or branch it is."""
    return (one.kind, one.direction, one.before, one.after, one.touches, one.signal,
            one.item if one.kind in (NUMBER, FILING) else "")


def _alike(inspection: Inspection, places: list[PlaceToSee]) -> Line:
    one = places[0]
    items = ", ".join(str(p.item) for p in places)
    named = inspecting.called(inspection, one.kind, one.item) if len(places) == 1 else \
        f"TC {items}" if one.kind == GRADE else f"{items} ({_NAMES[one.kind]})"
    tenths = None if one.slack is None else 1000 * one.slack.numerator // one.slack.denominator
    gap = "–" if tenths is None else "dưới 0,1%" if not tenths else f"{number(tenths // 10)},{tenths % 10}%"
    return line(named, shown(one.before), inspecting.why(one), gap)


def deeper(inspection: Inspection) -> Printed:
    """How many more places there are: by how many findings it would take, a line a unit."""
    rows, several = [], [p for p in inspection.places if p.depth != 1]
    for i, places in _by_unit(several).items():
        least = min((p.depth for p in places if p.depth), default=None)
        rows.append(line(inspection.appraisal.unit(i).name, sum(p.depth is not None for p in places),
                         "–" if least is None else f"từ {number(least)} chỗ", sum(p.depth is None for p in places)))
    return table("sau-hon", "Những chỗ phải khác đi nhiều mới đổi kết quả",
                 ("Đơn vị", numeric("Số chỗ"), "Ít nhất", numeric("Không đổi gì")), rows,
                 folded=f"Những chỗ phải khác đi nhiều mới đổi kết quả: {number(len(several))} chỗ")


def found(inspection: Inspection) -> Printed:
    """What the inspection has found beside grades: sent and found, how, why, when; a line a finding."""
    a, rows = inspection.appraisal, []
    for one in a.year.verified:
        said = "chưa ghi thấy gì" if one.value is None else "đúng" if one.value == one.sent else shown(one.value)
        rows.append(line(a.unit(a.place[one.unit]).name, called(one.table, one.item, a.book), shown(one.sent),
                         Entry(said, "met" if said == "đúng" else "unknown" if one.value is None else ""),
                         METHODS[one.method], one.reason or "–", day(one.seen_on)))
    return table("da-thay", "Mỗi dòng một điều đoàn đã xem",
                 ("Đơn vị", "Nội dung", "Đã gửi", "Thấy", "Cách xem", long("Lý do"), "Ngày"), rows, inspecting.OVERRIDES,
                 "Điểm từng tiêu chí đoàn đã xem: ở trang của cụm.", empty="Chưa ghi điều gì.", cards=True)
