"""From one year's number of units to the next, step by step: the parts of the change drawn for each class (year-round §4)."""

from __future__ import annotations

import matplotlib
from matplotlib.figure import Figure

from ..answers.compare import PARTS, Comparison
from ..answers.readings import OUTCOMES
from ..terms import capital
from ..words import compare as words
from ..words import wording
from .charts import HATCHES, RAMP, STYLE, drawing, instead, svg_of
from .markup import Fragment

#: Beside a part of the change; where there is no split, the change of the units of both years.
_BOTH = "both"
_LABELS = {**{part: label for part, (label, _) in words.PARTS.items()}, _BOTH: "Cả hai năm"}
_COLUMNS, _INK = 2, "#17202a"


@matplotlib.rc_context(STYLE)
def waterfall(c: Comparison) -> Fragment:
    """A drawing an outcome that any unit has: the number before, each part up or down, the number after."""
    parts = {name: _steps(c, one) for name, one in c.parts().items() if one["old"] or one["new"]}
    if not parts:
        return instead("Không có đơn vị nào để vẽ.")
    rows = -(-len(parts) // _COLUMNS)
    height = 1.75 * rows + 0.1
    figure = Figure(figsize=(9.5, height))
    for k, (name, steps) in enumerate(parts.items()):
        row, column = divmod(k, _COLUMNS)
        axes = figure.add_axes((0.02 + 0.5 * column, 1 - (1.75 * row + 1.45) / height, 0.46, 1.05 / height))
        _panel(axes, c, name, steps)
    alt = "; ".join(_sentence(c, name, steps) for name, steps in parts.items())
    return drawing(svg_of(figure, "waterfall"), title(c), f"{alt}.",
                   "Cột đầu, cột cuối: số đơn vị ở hai bên; ở giữa: từng phần, lên hay xuống theo dấu. Nửa đơn vị: số liệu và "
                   "quy định cùng làm đổi.", is_tall=True)


def _steps(c: Comparison, part: dict) -> list[tuple[str, float]]:
    """Old number, the steps that this comparison can have, new number: words and a number each."""
    if c.reason:
        gone = part["old"] + part["joined"] + part["left"]
        inside = {_BOTH: part["new"] - gone, "joined": part["joined"], "left": part["left"]}
    else:
        inside = {p: part[p] for p in (("rules", "council") if c.old_rules else PARTS)}
    before, after = (capital(side.removeprefix("theo ")) for side in words.sides(c))
    return [(before, part["old"]), *((_LABELS[p], n) for p, n in inside.items()), (after, part["new"])]


def _panel(axes, c: Comparison, name: str, steps: list[tuple[str, float]]) -> None:
    code, level, last = OUTCOMES.index(name), 0.0, len(steps) - 1
    top = 1.0
    for x, (_, n) in enumerate(steps):
        is_total = x in (0, last)
        low, high = (0, n) if is_total else sorted((level, level + n))
        axes.bar([x], [high - low], 0.7, [low], color=RAMP[code] if is_total else "#d5dade" if n > 0 else "#ffffff",
                 hatch=HATCHES[code] if is_total else "", edgecolor=_INK, linewidth=0.6)
        axes.text(x, high, words.halves(n) if is_total else words.signed(n), ha="center", va="bottom", fontsize=8)
        level, top = n if is_total else level + n, max(top, high)
        if x < last:
            axes.plot([x + 0.35, x + 0.65], [level, level], color="#4d5864", linewidth=0.8)
    axes.set(xlim=(-0.6, last + 0.6), ylim=(0, top * 1.18), yticks=[])
    axes.set_xticks(range(len(steps)), [label for label, _ in steps], fontsize=7.5)
    axes.tick_params(length=0)
    axes.spines["left"].set_visible(False)
    axes.set_title(wording.outcome_label(c.new.book, name).capitalize(), fontsize=9, fontweight="bold", loc="left", pad=9)


def _sentence(c: Comparison, name: str, steps: list[tuple[str, float]]) -> str:
    """The steps of one outcome in words: `Xuất sắc 6 → 4 (quy định −2,5, hội đồng +1)`."""
    moves = sorted(((label, n) for label, n in steps[1:-1] if n), key=lambda one: -abs(one[1]))
    said = f" ({', '.join(f'{words.in_sentence(label)} {words.signed(n)}' for label, n in moves)})" if moves else ""
    return f"{wording.outcome_label(c.new.book, name)} {words.halves(steps[0][1])} → {words.halves(steps[-1][1])}{said}"


def title(c: Comparison) -> str:
    """What the drawing shows: the outcome whose number changed most, the best class first among equals, and by what."""
    found = {name: _steps(c, one) for name, one in c.parts().items()}
    most = max(found, key=lambda name: (abs(found[name][-1][1] - found[name][0][1]), -OUTCOMES.index(name)))
    if found[most][0][1] == found[most][-1][1]:
        return "Số đơn vị ở mỗi loại không đổi"
    return f"Đổi nhiều nhất: {_sentence(c, most, found[most])}"
