"""The first half drawn (IV, II.9): how much of what is due by its day each unit has reached, an indicator of III.2.2 a line."""

from __future__ import annotations

from fractions import Fraction

import matplotlib
from matplotlib.figure import Figure

from ..answers.progress import HalfYear, Step
from ..plan.pace import BAR_PACE, BEHIND, NOTHING_ASKED, ON_PACE, REACHED, UNKNOWN
from ..terms import day
from .charts import STYLE, drawing, instead, svg_of
from .markup import Fragment
from .progress import SHORT, STATUS, overview_of

#: How each status is drawn, in the order in which a line counts them; beyond so many per cent a dot stands at the edge.
_MARKS = {BEHIND: ("x", "#17202a"), BAR_PACE: ("o", "#ffffff"), ON_PACE: ("o", "#17202a"), REACHED: ("o", "#17202a")}
_EDGE, _NAMED = 150, 3
_ASIDE = (0, 0.2, -0.2, 0.4, -0.4)         # parts of a line between dots of units that stand alike


@matplotlib.rc_context(STYLE)
def chart(half: HalfYear) -> Fragment:
    """A dot a unit at its share of what is due, in per cent; the bar of III.2.2 on each line, the counts beside it."""
    lines = {name: steps for name, steps in overview_of(half).items() if any(_reached(one) is not None for one in steps)}
    if not lines:
        return instead("Chưa có số nào để vẽ.")
    labels, height = half.year.book.indicators, 0.95 + 0.36 * len(lines)
    figure = Figure(figsize=(9.5, height))
    axes = figure.add_axes((0.27, 0.5 / height, 0.43, 1 - 0.85 / height))
    axes.axvline(100, color="#4d5864", linewidth=0.8, linestyle="--")
    axes.text(100, -0.75, "kịp tiến độ 100%", ha="center", fontsize=8)
    for y, (name, steps) in enumerate(lines.items()):
        axes.axhline(y, color="#e3e7eb", linewidth=0.8, zorder=0)
        bar = half.aim(steps[0].unit, name).percent
        if bar < 100:
            axes.plot([bar, bar], [y - 0.35, y + 0.35], color="#4d5864", linewidth=0.8)
            axes.text(bar - 1, y - 0.38, str(bar), ha="right", va="center", fontsize=6.5)
        for status, (marker, fill) in _MARKS.items():
            found = [min(float(100 * _reached(one)), _EDGE) for one in steps if one.status == status]
            apart = [y + _ASIDE[found[:k].count(x) % len(_ASIDE)] for k, x in enumerate(found)]
            axes.plot(found, apart, linestyle="", marker=marker, markersize=5, color="#17202a", markerfacecolor=fill,
                      clip_on=False)
        axes.text(_EDGE + 6, y, _counted(steps), va="center", fontsize=8)
    axes.set_yticks(range(len(lines)), [labels[name].label for name in lines])
    axes.set(xlim=(-4, _EDGE), ylim=(len(lines) - 0.5, -0.5), xlabel="đã đạt bao nhiêu % của số phải đạt đến ngày ghi")
    axes.set_xticks([0, 50, 100, _EDGE], ["0", "50", "100", f"từ {_EDGE}"])
    axes.tick_params(length=0)
    axes.spines["left"].set_visible(False)
    alt = "; ".join(f"{labels[name].label}: {_counted(steps)}" for name, steps in lines.items())
    return drawing(svg_of(figure, "pace"), title(half), f"{alt}.",
                   "Mỗi dấu một đơn vị: ✕ chậm, ○ kịp yêu cầu III.2.2, ● kịp tiến độ hoặc đã đạt. "
                   "Vạch ngắn: yêu cầu III.2.2, %. Nguồn: progress.csv.", is_tall=True)


def title(half: HalfYear) -> str:
    """What the drawing shows: the indicators with which most units are behind, of those with a number."""
    labels, behind = half.year.book.indicators, {}
    for name, steps in overview_of(half).items():
        known = [one for one in steps if _reached(one) is not None]
        late = sum(one.status == BEHIND for one in known)
        if late:
            behind[name] = (late, len(known))
    if not behind:
        return f"Đến {day(half.on)}, số nào đã có cũng kịp yêu cầu III.2.2"
    most = sorted(behind, key=lambda name: -behind[name][0])[:_NAMED]
    said = "; ".join(f"{labels[name].label} {behind[name][0]}/{behind[name][1]} đơn vị có số" for name in most)
    return f"Chậm nhiều nhất đến {day(half.on)}: {said}"


def _reached(one: Step) -> Fraction | None:
    """The part of what is due that is reached; None where there is nothing to draw."""
    if one.status not in _MARKS:
        return None
    return Fraction(one.actual) / (Fraction(one.target) * (1 if one.share is None else one.share))


def _counted(steps: list[Step]) -> str:
    """How many units stand how."""
    found = [one.status for one in steps]
    words = {**SHORT, NOTHING_ASKED: STATUS[NOTHING_ASKED]}
    return ", ".join(f"{found.count(status)} {words[status].text}" for status in (*_MARKS, UNKNOWN, NOTHING_ASKED)
                     if status in found)
