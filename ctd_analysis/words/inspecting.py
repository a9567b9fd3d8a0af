"""An inspection in words: what a place is called, what a finding there would change, what is written on the worksheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..answers.draw import Draw
from ..answers.inspection import Inspection
from ..answers.places import FILING, FUND, GRADE, NUMBER, OWN_UNIT, RAISED, RATING, PlaceToSee
from ..answers.tries import CLASS, CONSIDERED, NOMINEE
from ..rows import Branch, grouped
from ..terms import number
from ..year import verified
from ..year.taken import Lines, Look
from ..year.verified import shown
from ..year.visits import FILE

#: The table of `verified.csv` each kind of place is written in.
TABLES = {RATING: "rating", FUND: "fund", NUMBER: "actual", FILING: "filing"}
TOUCHED = {CLASS: "xếp loại", CONSIDERED: "được xét hay không", NOMINEE: "đơn vị được xem xét Nhất, Nhì, Ba của cụm"}
SIGNALLED = {RAISED: "cụm chấm cao hơn tự chấm", OWN_UNIT: "cụm trưởng chấm chính đơn vị mình"}
DRAWN, CHOSEN = "Hội cơ sở bốc thăm được", "Hội cơ sở chọn đi vì kết quả tùy vào đó"
FURTHER = "Chỉ một chỗ khác đi là kết quả đổi"

#: Said where what a team finds counts before what a unit sent.
OVERRIDES = ("Kế hoạch không nói đoàn thẩm định có được sửa xếp loại Hội cơ sở do đơn vị báo hay không; III.1 lấy “kết quả "
             "thẩm định”, nên điều đoàn thấy được tính thay số đã gửi; số đã gửi vẫn ghi bên cạnh.")


def called(inspection: Inspection, kind: str, item: int | str) -> str:
    """What a place is called, in full: a criterion with its title."""
    title = next((c.title for c in inspection.appraisal.year.criteria if kind == GRADE and c.criterion == item), "")
    return f"{named(inspection, kind, item)}{f': {title}' if title else ''}"


def named(inspection: Inspection, kind: str, item: int | str) -> str:
    """What a place is called: `TC 12`, `Xã 2 (quỹ)`, `Hội phí (thực hiện)`."""
    return f"TC {item}" if kind == GRADE else verified.called(TABLES[kind], item, inspection.appraisal.book)


def why(place: PlaceToSee) -> str:
    """What a finding would change: `thấy B: đổi xếp loại`; deeper places say how many it takes."""
    times = "" if place.depth == 1 else f"từ {number(place.depth)} chỗ như vậy, " if place.depth else ""
    changes = f"đổi {', '.join(TOUCHED[name] for name in place.touches)}" if place.depth else "không đổi gì"
    signal = f"; {SIGNALLED[place.signal]}" if place.signal else ""
    return f"{times}thấy {shown(place.after)}: {changes}{signal}"


def worksheet(inspection: Inspection) -> list[tuple[object, Lines]]:
    """The lines to take along, unit by unit: branches drawn, branches chosen, and where one finding changes something."""
    year, found = inspection.appraisal.year, []
    drawn, chosen = inspection.draw.random, inspection.targeted
    nearest = grouped(inspection.nearest, lambda place: place.unit)
    for i, unit in enumerate(year.units):
        mine = grouped(nearest.get(i, ()), lambda place: (place.kind, place.item))
        branches = {row.branch: row for row in year.branches if row.unit == unit.unit}
        lines, visited = [], set()
        for heading, visits in ((DRAWN, drawn), (CHOSEN, chosen)):
            looks = [look for owner, branch in visits if owner == unit.unit
                     for look in _of_branch(inspection, branches[branch], mine)]
            visited |= {(look.table, look.item) for look in looks}
            lines += [(heading, looks)] if looks else []
        looks = [_look(inspection, kind, item, places[0].before, places) for (kind, item), places in mine.items()
                 if (TABLES.get(kind), item) not in visited]
        lines += [(FURTHER, looks)] if looks else []
        found += [(unit, lines)] if lines else []
    return found


def _of_branch(inspection: Inspection, row: Branch, places: dict) -> Iterator[Look]:
    """A branch that is visited: its rating, and its fund where II.5 asks for one, whatever hangs on them."""
    looked = {(v.unit, v.table, v.item) for v in inspection.appraisal.year.verified}
    for kind, sent in ((RATING, row.rating or None), *([(FUND, row.fund)] if row.owes_fund else [])):
        if (row.unit, TABLES[kind], row.branch) not in looked:
            yield _look(inspection, kind, row.branch, sent, places.get((kind, row.branch), []))


def _look(inspection: Inspection, kind: str, item, sent, places: Sequence[PlaceToSee]) -> Look:
    said = "; ".join(map(why, places)) or "xem cùng Hội cơ sở này"
    return Look(TABLES.get(kind, GRADE), item, called(inspection, kind, item), shown(sent), said)


def drawn(draw: Draw) -> Iterator[str]:
    """How the branches were drawn, so that anybody can draw again; what silence would mean."""
    listed, visits = len(draw.year.branches), draw.year.visits
    yield f"Danh sách {number(listed)} Hội cơ sở, mã kiểm tra {draw.population}."
    if visits is None:
        yield "Chưa có inspection.toml: chưa đề nghị đi Hội cơ sở nào."
        return
    if visits.seed.strip():
        source = f" ({visits.seed_source})" if visits.seed_source.strip() else ""
        yield f"Con số bốc thăm: “{visits.seed}”{source}{f', có ngày {visits.day:%d/%m/%Y}' if visits.day else ''}."
    else:
        yield ("Chưa có con số bốc thăm, tạm dùng mã kiểm tra của danh sách: người chuẩn bị số liệu có thể đoán trước kết quả "
               "bốc thăm. Nên lấy một con số công khai có sau khi chốt danh sách.")
    yield from (f"Lưu ý: {one.what.partition(': ')[2]}." for one in draw.year.notices if one.file == FILE)
    yield ("Phiếu thăm của một Hội cơ sở là SHA-256 của “con số|mã đơn vị|tên Hội cơ sở”; phiếu nhỏ nhất được đi trước. "
           "Ai cũng tính lại được.")
    yield (f"Đi {number(len(draw.random))} trong {number(listed)} Hội cơ sở bốc thăm: dù tất cả đều đúng, vẫn có thể còn đến "
           f"{number(draw.may_miss)} nơi sai (với một phần hai mươi khả năng).")


def summary(inspection: Inspection) -> list[str]:
    """What there is to do, in a few lines: visits, places where one finding is enough, what is looked at already."""
    year, nearest = inspection.appraisal.year, list(inspection.nearest)
    drawn, chosen = len(inspection.draw.random), len(inspection.targeted)
    nominee = sum(NOMINEE in one.touches for one in nearest)
    lines = [f"Đi {number(drawn + chosen)} Hội cơ sở: {number(drawn)} bốc thăm, {number(chosen)} chọn vì kết quả tùy vào đó."] \
        if year.visits else []
    lines.append(f"{number(len(nearest))} chỗ mà chỉ một điều khác đi là kết quả đổi; {number(nominee)} chỗ đổi đơn vị được "
                 "xem xét Nhất, Nhì, Ba.")
    looked = sum(bool(a.grade) for a in year.appraisal)
    lines.append(f"Đã xem {number(looked)} tiêu chí, {number(len(year.verified))} mục khác.")
    return lines
