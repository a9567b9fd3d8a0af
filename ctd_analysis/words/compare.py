"""Two years in words: what each part of the change is, what moved a unit, what a reader has to know before believing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..answers.compare import WORDS as ANSWERS
from ..answers.compare import Comparison
from ..problems import visible
from ..terms import number

#: The parts of the change, as a heading says them, and what each is.
PARTS = {"scores": ("Số liệu", "điểm, chỉ tiêu, Hội cơ sở, ngày nhận hồ sơ khác trước"),
         "rules": ("Quy định", "thang, yêu cầu, cách hiểu khác trước"),
         "council": ("Hội đồng", "quyết định của Hội đồng"),
         "joined": ("Thêm", "đơn vị chỉ có ở năm sau"),
         "left": ("Bớt", "đơn vị chỉ có ở năm trước")}
#: What moved a unit, by the word that `answers.compare` gives.
WORDS = {"same": "không đổi", "offset": "như cũ: số liệu và quy định bù cho nhau",
         "scores": "do số liệu", "rules": "do quy định",
         "either": "do số liệu hay do quy định: một trong hai đã đủ", "both": "phải có cả số liệu và quy định",
         "steps": "số liệu một phần, quy định một phần", None: "không tách được"}


def sides(c: Comparison) -> tuple[str, str]:
    """What stands on the old side and on the new one: two years, or two scales; told apart where both are of one year."""
    old, new = (f"năm {book.year}" for book in (c.old_book, c.new.book))
    if c.old_rules is None:
        return (old, new) if old != new else (f"{old} (cũ)", f"{new} (mới)")
    return f"theo quy định {old if old != new else 'cũ'}", f"theo quy định {new}"


def title(c: Comparison) -> str:
    """What the comparison is called."""
    old, new = (side.removeprefix("theo ") for side in sides(c))
    if c.old_rules is None:
        return f"So sánh {old} và {new}"
    file = f" ({visible(c.old_file)})" if c.old_file else ""
    return f"Năm {c.new.book.year} theo hai thang: {old}{file} và {new}"


def summary(c: Comparison) -> list[str]:
    """The outcome first: how many units changed, and by what."""
    changed = sum(before != now for before, now in zip(c.f0, c.f1, strict=True))
    said = [f"{changed} trong {len(c.units)} đơn vị so sánh được đổi kết quả."]
    counts = Counter(c.words)
    if causes := [f"{counts[word]} {WORDS[word]}" for word in ANSWERS if word not in ("same", "offset") and counts[word]]:
        said.append(f"Chưa kể quyết định của Hội đồng, số đơn vị đổi: {'; '.join(causes)}.")
    before, after = sides(c)
    if alone := [f"{len(units)} đơn vị chỉ có ở {side}" for units, side in ((c.joined, after), (c.left, before)) if units]:
        said.append(f"Ngoài ra: {', '.join(alone)}.")
    return said


def in_sentence(label: str) -> str:
    """A heading's label within a sentence; the Council keeps its capital."""
    return label if label == PARTS["council"][0] else label.lower()


def cause(c: Comparison, i: int) -> str:
    """What moved the unit of place `i` of `c.units`, the Council too where it changed something in either year."""
    word, decided = c.words[i], c.f0[i] != c.four.o00[i] or c.f1[i] != c.four.o11[i]
    if not decided or word is None:
        return WORDS[word]
    return "do quyết định của Hội đồng" if word == "same" else f"{WORDS[word]}; và quyết định của Hội đồng"


def halves(n: float) -> str:
    """A number of units that may have a half."""
    return number(int(n)) if n == int(n) else number(float(n), 1)


def signed(n: float | None) -> str:
    """A part of a change: with its sign; 0 without, `–` where there is no split."""
    return "–" if n is None else halves(n) if n == 0 else f"{'+' if n > 0 else '−'}{halves(abs(n))}"


def remarks(c: Comparison) -> Iterator[str]:
    """What a reader has to know: no split, other cases, another province, other titles, another code, clusters left out."""
    old, new = c.old_book, c.new.book
    if c.reason:
        yield f"Không tách được nguyên nhân: {c.reason}."
    for side, flags, others in ((sides(c)[0], old.flags, new.flags), (sides(c)[1], new.flags, old.flags)):
        if alone := "; ".join(flag.short for id, flag in flags.items() if id not in others):
            yield f"Trường hợp III.2.2 chỉ có {side if c.old_rules else f'ở {side}'}: {alone}."
    if old.plan.province != new.plan.province:
        yield f"Hai bên của hai tỉnh: {old.plan.province} và {new.plan.province}; đơn vị được ghép theo mã."
    if not c.units:
        yield "Không đơn vị nào có ở cả hai bên: chỉ có đơn vị thêm và bớt."
    if titles := c.differing_titles():
        listed = ", ".join(str(n) for n, _, _ in titles)
        yield f"{len(titles)} tiêu chí mang tên khác ở hai năm (TC {listed}): điểm của cùng số thứ tự vẫn được so với nhau."
    for before, now in c.units:
        if before.code != now.code:
            yield (f"{now.name}: mã hành chính {before.code or 'trống'} → {now.code or 'trống'}; vẫn so theo mã đơn vị "
                   f"{now.unit}.")
    if c.not_compared:
        yield (f"Không so sánh {len(c.not_compared)} đơn vị của các cụm có hồ sơ sai ở một trong hai năm: "
               f"{', '.join(c.not_compared)}.")
