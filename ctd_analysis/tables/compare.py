"""Two years in rows and columns: the five parts of each outcome, who moved and by what; part II, leniency, points lost."""

from __future__ import annotations

from dataclasses import replace

from ..answers.appraisal import Appraisal
from ..answers.compare import PARTS, Comparison
from ..answers.readings import OUTCOMES
from ..terms import MET, capital
from ..words import compare as words
from ..words import wording
from . import inputs
from .grades import LENIENT, lenient
from .printed import TONES, Entry, Heading, Printed, banded, line, long, numeric, table
from .province import losses, progress


def parts(c: Comparison) -> Printed:
    """A line an outcome: the number of units before, the five parts of the change, the number after."""
    before, after = words.sides(c)
    rows = [line(wording.outcome_label(c.new.book, name), part["old"], *(Entry(words.signed(part[p]), value=part[p])
                                                                       for p in PARTS), part["new"])
            for name, part in c.parts().items()]
    return table("nam-phan", "Số đơn vị theo xếp loại, và vì sao khác",
                 ("Xếp loại", numeric(capital(before)), *(numeric(words.PARTS[p][0]) for p in PARTS), numeric(capital(after))),
                 rows, "; ".join(f"{label}: {meaning}" for label, meaning in words.PARTS.values()) + ".",
                 "Số liệu và quy định: bình quân của hai thứ tự đổi trước, đổi sau, nên có thể lẻ nửa đơn vị. "
                 "Năm phần luôn cộng bằng phần thay đổi.", cards=True)


def moved(c: Comparison) -> Printed:
    """A line a unit whose outcome changed, or that facts and rules moved: by what, and each step without decisions."""
    columns = [("quy định cũ", c.four.o00), ("quy định mới", c.four.o11)] if c.old_rules else \
        [("số liệu cũ, quy định cũ", c.four.o00), ("số liệu mới, quy định cũ", c.four.o10),
         ("số liệu cũ, quy định mới", c.four.o01), ("số liệu mới, quy định mới", c.four.o11)]
    steps = [(label, column) for label, column in columns if column is not None]
    rows = [line(unit.name, _outcome(c, c.f0[i]), _outcome(c, c.f1[i]), words.cause(c, i),
                 *(_outcome(c, column[i]) for _, column in steps))
            for i, ((_, unit), word) in enumerate(zip(c.units, c.words, strict=True))
            if c.f0[i] != c.f1[i] or word not in ("same", None)]
    return table("don-vi-doi", "Đơn vị đổi kết quả, và do đâu",
                 ("Đơn vị", *map(capital, words.sides(c)), long("Do đâu"), *(capital(label) for label, _ in steps)), rows,
                 "Hai cột xếp loại đầu là dự kiến, có quyết định của Hội đồng; các cột sau “Do đâu” thì không có.",
                 empty="Không đơn vị nào đổi.", cards=True)


def _outcome(c: Comparison, code: int) -> Entry:
    name = OUTCOMES[code]
    return Entry(wording.outcome_label(c.new.book, name), name if name in c.new.book.classes else "none")


def others(c: Comparison) -> Printed:
    """Units that stand in one year alone, with their outcome, and those that are not compared: a line a unit."""
    old, new = words.sides(c)
    named = {unit.unit: unit.name for unit in (*c.old.year.all_units, *c.new.year.all_units)}
    rows = [line(unit.name, f"chỉ có ở {side}", _outcome(c, code)) for side, units, outcomes in
            ((new, c.joined, c.f_joined), (old, c.left, c.f_left)) for unit, code in zip(units, outcomes, strict=True)]
    rows += [line(named[unit], "cụm có hồ sơ sai", None) for unit in c.not_compared]
    return table("don-vi-khac", "Đơn vị chỉ có ở một bên, hoặc chưa so sánh được", ("Đơn vị", "Vì sao", "Xếp loại"), rows,
                 empty="Không có: hai bên có cùng các đơn vị.")


def titles(c: Comparison) -> Printed:
    """Criteria that are called otherwise in the two years: a line a criterion, the old title and the new one."""
    rows = [line(f"{number}", old, new) for number, old, new in c.differing_titles()]
    return table("tieu-chi-doi-ten", "Tiêu chí mang tên khác ở hai năm", (numeric("TC"), *map(capital, words.sides(c))), rows,
                 empty="Không có.", folded=f"Tiêu chí mang tên khác ở hai năm: {len(rows)}")


# ---------------------------------------------------------------- year beside year

def _both(c: Comparison) -> tuple[Appraisal, ...]:
    return (c.new,) if c.old_rules else (c.old, c.new)


def _named(c: Comparison) -> list[str]:
    """What each of them is called."""
    return [f"Năm {c.new.book.year}"] if c.old_rules else [capital(side) for side in words.sides(c)]


def _beside(c: Comparison, kind: str = "number") -> list[Heading]:
    return [Heading(name, kind) for name in _named(c)]


def targets(c: Comparison) -> Printed:
    """Part II, year beside year: a line a target with a number in either year; what is asked stands on its own page."""
    found = [{id: (target.label, progress(a, target)) for id, target in a.book.targets.items() if target.value is not None}
             for a in _both(c)]
    labels = {id: label for year in found for id, (label, _) in year.items()}
    rows = [line(label, *(_progress(year.get(id)) for year in found)) for id, label in labels.items()]
    return table("chi-tieu-hai-nam", "Chỉ tiêu phần II", ("Chỉ tiêu", *_beside(c, "long")), rows,
                 "Chỉ tiêu phần II không dùng để xếp loại; chỉ tiêu không nêu con số không có ở đây.", cards=True)


def _progress(found) -> Entry | None:
    if found is None:
        return None
    _, (done, verdict) = found
    return Entry(f"{done}: {MET[verdict]}", TONES[verdict])


def leniency(c: Comparison) -> Printed:
    """How lenient each side was, year beside year: a line a count of `grades.LENIENT`."""
    return _counted(c, "do-rong-hai-nam", "Chênh lệch giữa tự chấm, cụm chấm, thẩm định",
                    [heading.label for heading in LENIENT], [lenient(a, a.everyone) for a in _both(c)],
                    "Đếm số ô điểm A, B, C của mọi đơn vị; cao hơn là gần A hơn. KAD và ô chưa chấm không tính.")


def lost_points(c: Comparison) -> Printed:
    """Criteria not at A, year beside year: a line an area that either year has, then their sum."""
    found = [{area: sum(lost) for area, _, lost in losses(a)} for a in _both(c)]
    areas = sorted({area for year in found for area in year})
    return _counted(c, "mat-diem-hai-nam", "Số tiêu chí chưa đạt A theo nội dung thi đua", [*areas, "Cộng"],
                    [[*map(year.get, areas), sum(year.values())] for year in found],
                    "Cộng mọi đơn vị; gồm B, C và chưa chấm, không tính tiêu chí không áp dụng.")


def sources(c: Comparison) -> Printed:
    """Every file the comparison rests on, under a band for each year, with its SHA-256."""
    found = [inputs.sources(a) for a in _both(c)]
    rows = banded((name, one.rows) for name, one in zip(_named(c), found, strict=True))
    other = (f"Quy định được so: {c.old_rules.plan.title}.",) if c.old_rules else ()
    return replace(found[-1], rows=tuple(rows), notes=(*(note for one in found for note in one.notes), *other),
                   folded=f"Nguồn số liệu: {sum(len(one.rows) for one in found)} tệp")


def _counted(c: Comparison, name: str, caption: str, labels: list[str], counts: list[list[int | None]], note: str) -> Printed:
    """A line a label, a column a year; the last line says of how many units."""
    rows = [line(label, *cells) for label, *cells in zip(labels, *counts, strict=True)]
    rows.append(line("Số đơn vị", *(len(a.year.units) for a in _both(c))))
    return table(name, caption, ("Nội dung", *_beside(c)), rows, note)
