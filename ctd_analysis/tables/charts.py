"""Charts, each the answer to a question; letters and hatches as well as colour, the numbers in the text beside it.

SVG with text as text, no date, no random ids: the same appraisal gives the same bytes.
"""

from __future__ import annotations

import io
import re

import matplotlib
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..answers.appraisal import Appraisal
from ..plan.ladder import BARRED
from ..plan.scenario import name_of
from ..rows import grouped
from ..terms import NUMBERS, percent
from ..words import outcomes, wording
from ..words.council import names
from .markup import Fragment, part
from .province import distribution, losses

STYLE = {"svg.fonttype": "none", "svg.hashsalt": "ctd", "font.family": "DejaVu Sans", "font.size": 9,
          "axes.spines.top": False, "axes.spines.right": False, "hatch.linewidth": 0.6, "text.parse_math": False}
#: Rows or columns that one chart shows legibly.
MOST_DRAWN = 40
#: What part of the longest bar has room for the name of a class; how many clusters a title names.
_LEGIBLE, _NAMED = 0.16, 3
#: The ramp of classes as the pages have it, then no class, then not considered.
RAMP = ("#174f78", "#5189b0", "#a9c9de", "#e4edf4", "#ffffff", "#ffffff")
HATCHES = ("", "", "", "", "..", "//")


@matplotlib.rc_context(STYLE)
def standing(appraisal: Appraisal, cluster: str) -> Fragment:
    """Who meets which bar? Two aligned rows of dots a unit: number of A, and branches from Khá up in per cent."""
    members, f, book = appraisal.members(cluster), appraisal.facts, appraisal.book
    names, rungs = [_label(appraisal.unit(i).name) for i in members], [r for r in book.classes.values() if r.min_a is not None]
    counts = [int(f.a[i]) for i in members]
    shares = [int(f.branches_good[i]) / int(f.branches[i]) * 100 if f.branches[i] else None for i in members]
    lowest = min([*counts, *(r.min_a for r in rungs)]) - 4
    sides = ((0.17, 0.38, counts, {r.min_a: r.label for r in rungs}, (max(lowest, 0), book.criteria + 1), "số điểm A", ""),
             (0.63, 0.34, shares, _shared_bars(rungs), (0, 106), "Hội cơ sở từ Khá trở lên, %", "%"))
    figure = Figure(figsize=(9.5, 0.95 + 0.4 * len(members)))
    _dots(figure, names, sides)
    alt = "; ".join(f"{name}: {int(f.a[i])} A, {percent(int(f.branches_good[i]), int(f.branches[i]))}"
                    for name, i in zip(names, members, strict=True))
    return drawing(svg_of(figure, "standing"), finding(appraisal, members), f"{alt}.",
                   "Vạch: yêu cầu của từng loại (III.1). Tỷ lệ làm tròn xuống. Nguồn: bảng điểm, danh sách Hội cơ sở của cụm.")


def _dots(figure: Figure, names: list[str], sides) -> None:
    """A row a name; a side is its left edge and width, values, bars, limits, label, unit. Drawn on the figure itself: axes
    would take twice as long and show no more."""
    inches = figure.get_figheight()
    floor, top = 0.45 / inches, 1 - 0.45 / inches
    rows = [top - (top - floor) * (k + 0.5) / len(names) for k in range(len(names))]
    for y, name in zip(rows, names, strict=True):
        figure.text(sides[0][0] - 0.01, y, name, ha="right", va="center")
    for left, width, values, bars, (low, high), label, unit in sides:
        zero, scale = left - width * low / (high - low), width / (high - low)
        for y in rows:
            figure.add_artist(Line2D([left, left + width], [y, y], color="#e3e7eb", linewidth=0.8))
        figure.add_artist(Line2D([left, left + width], [floor, floor], color="#17202a", linewidth=0.8))
        figure.text(left + width / 2, floor - 0.07 / inches, label, ha="center", va="top")
        for bar, name in bars.items():
            figure.add_artist(Line2D([zero + scale * bar] * 2, [floor, top], color="#4d5864", linewidth=0.8, linestyle="--"))
            figure.text(zero + scale * bar, top + 0.04 / inches, f"{name} {bar}{unit}", ha="center", fontsize=8)
        known = {y: zero + scale * value for value, y in zip(values, rows, strict=True) if value is not None}
        figure.add_artist(Line2D(list(known.values()), list(known), color="#17202a", marker="o", markersize=6, linestyle=""))
        for value, y in zip(values, rows, strict=True):
            x, said = (known[y] + width / 40, f"{int(value)}{unit}") if y in known else (left, "chưa có danh sách")
            figure.text(x, y, said, va="center", fontsize=8.5, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})


def _shared_bars(rungs) -> dict[int, str]:
    """The branch bars, each once, named by the classes that ask it."""
    bars = grouped(rungs, lambda rung: rung.branch_percent)
    return {at: ", ".join(rung.label for rung in asking) for at, asking in bars.items()}


def finding(appraisal: Appraisal, members: list[int]) -> str:
    """What the drawing shows: who meets both conditions of the best class, and who misses by what."""
    bars, label = appraisal.judgement.placement.bars[BARRED[0]], appraisal.book.classes[BARRED[0]].label
    meets = grouped(members, lambda i: (bool(bars.a[i]), bool(bars.branches[i])))
    words = {(True, True): f"đủ điểm A và Hội cơ sở của {label}", (True, False): "đủ điểm A, thiếu Hội cơ sở",
             (False, True): "đủ Hội cơ sở, thiếu điểm A", (False, False): "thiếu cả hai"}
    return "; ".join(f"{', '.join(names(appraisal, meets[key]))} {text}" for key, text in words.items() if key in meets)


@matplotlib.rc_context(STYLE)
def classes(appraisal: Appraisal) -> Fragment:
    """How do the clusters compare by class?"""
    table = distribution(appraisal)
    labels, rows = [c.label for c in table.columns[1:]], table.rows[:-1]
    names = [_label(row.cells[0].text) for row in rows]
    if len(names) > MOST_DRAWN:
        return _too_many(f"{len(names)} cụm")
    counts = [[cell.value or 0 for cell in row.cells[1:]] for row in rows]
    longest = max([sum(row) for row in counts], default=0) or 1
    is_legend = any(0 < n / longest < _LEGIBLE for row in counts for n in row)
    figure, axes = _sheet(0.9 + 0.42 * len(rows), right=0.87 if is_legend else 0.99)
    left = [0] * len(rows)
    for k, label in enumerate(labels):
        widths = [row[k] for row in counts]
        if any(widths):
            _stack(axes, widths, left, label, RAMP[k], HATCHES[k], _LEGIBLE * longest)
            left = [x + w for x, w in zip(left, widths, strict=True)]
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="số đơn vị")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.invert_yaxis()
    if is_legend:
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)
    alt = "; ".join(f"{row.cells[0].text}: " + ", ".join(f"{cell.value} {label}" for cell, label
                                                         in zip(row.cells[1:], labels, strict=True) if cell.value)
                    for row in rows)
    return drawing(svg_of(figure, "classes"), _best_where(appraisal, labels[0], rows), f"{alt}.",
                   "Số đơn vị theo xếp loại ở từng cụm.")


def _best_where(appraisal: Appraisal, best: str, rows) -> str:
    """What the drawing of classes shows: how many of the best class, in how many clusters, and who has none."""
    judged = [row for row in rows if row.cells[1].value is not None]
    without = [row.cells[0].text for row in judged if not row.cells[1].value]
    said = (f"{best}: {sum(row.cells[1].value for row in judged)} trong {outcomes.of_all(appraisal)}, "
            f"ở {len(judged) - len(without)}/{len(judged)} cụm")
    return f"{said}; {', '.join(without)} không có" if 0 < len(without) <= _NAMED else said


@matplotlib.rc_context(STYLE)
def lost_points(appraisal: Appraisal) -> Fragment:
    """In which areas, and of whom, are criteria not at A? Cluster by cluster where the units are too many to draw."""
    found = list(losses(appraisal))
    by_unit = len(appraisal.year.units) <= MOST_DRAWN
    columns = ([(u.name, [i]) for i, u in enumerate(appraisal.year.units)] if by_unit else
               [(c.name, appraisal.members(c.cluster)) for c in appraisal.year.clusters])
    if len(columns) > MOST_DRAWN:
        return _too_many(f"{len(columns)} cụm")
    labels, areas = [_label(name) for name, _ in columns], [area for area, _, _ in found]
    figure, axes = _sheet(1.7 + 0.34 * len(areas), left=0.1, bottom=1.4)
    sums = [[sum(lost[i] for i in group) for _, group in columns] for _, _, lost in found]
    shares = [[n / (len(places) * max(len(group), 1)) for n, (_, group) in zip(row, columns, strict=True)]
              for row, (_, places, _) in zip(sums, found, strict=True)]
    axes.pcolormesh(shares, cmap="Greys", vmin=0, vmax=1, edgecolors="white", linewidth=1)
    for y, row in enumerate(sums):
        for x, n in enumerate(row):
            axes.text(x + 0.5, y + 0.5, str(n), ha="center", va="center", fontsize=8,
                      color="white" if shares[y][x] > 0.5 else "#17202a")
    axes.set_yticks([y + 0.5 for y in range(len(areas))], [f"{area} ({len(places)})" for area, places, _ in found])
    axes.set_xticks([x + 0.5 for x in range(len(labels))], labels, rotation=40, ha="right")
    axes.invert_yaxis()
    axes.tick_params(length=0)
    totals = "; ".join(f"{area}: {sum(lost)}" for area, _, lost in found)
    return drawing(svg_of(figure, "lost_points"), _least_a(found), f"Cộng theo nội dung: {totals}.",
                   f"Số tiêu chí chưa đạt A theo nội dung (hàng; trong ngoặc: số tiêu chí) và {'đơn vị' if by_unit else 'cụm'} "
                   "(cột); ô càng đậm, phần chưa đạt A của nội dung càng lớn.", is_tall=True)


def _least_a(found) -> str:
    """What the drawing of criteria not at A shows: the area with the largest share of them."""
    shares = [(sum(lost), len(places) * len(lost), area) for area, places, lost in found]
    lost, of, area = max(shares, key=lambda one: (one[0] / max(one[1], 1), one[0]), default=(0, 0, ""))
    return f"Chưa đạt A nhiều nhất ở nội dung {area}: {percent(lost, of)} số điểm" if lost else "Mọi tiêu chí đều đạt A"


#: The numbers of the rule book by kind: one chart of edges each.
FAMILIES = ("min_a", "max_c", "branch_percent", "below_percent")


def edges(appraisal: Appraisal, family: str) -> Fragment:
    """At which value of each number of a family does which unit's class turn, and how far is that from the value in force?

    Drawn by a template, not by matplotlib: it follows a slider.
    """
    book = appraisal.book
    highest = book.criteria if family in ("min_a", "max_c") else 100
    rows = []
    for edge in appraisal.edges:
        if edge.key.endswith(family):
            now = int(appraisal.settings[edge.key])
            rows.append({"name": f"{name_of(book, edge.key).split(': ')[0]} – {appraisal.unit(edge.unit).name}",
                         "now": now, "value": edge.met_from(now).value, "turn": ": ".join(wording.turning(appraisal, edge))})
    svg = part("edges", rows=rows, highest=highest, axis=NUMBERS[family])
    alt = "; ".join(f"{row['name']}: đang là {row['now']}, {row['turn']}" for row in rows) or "không có"
    title = f"Đến đâu thì đổi loại – {NUMBERS[family]} (vạch: yêu cầu đang dùng; mũi tên: nơi đơn vị đổi loại)"
    return drawing(svg, title, f"{alt}.")


def instead(said: str) -> Fragment:
    """A sentence where a drawing would be."""
    return Fragment(part("sentences", lines=[said]))


def _too_many(what: str) -> Fragment:
    return instead(f"Không vẽ được rõ ràng {what} trên một hình: xem bảng.")


def _label(name: str) -> str:
    """A name short enough for the margin; a name in full stands in the table beside."""
    return name if len(name) <= 24 else f"{name[:23]}…"


def _sheet(height: float, left: float = 0.17, right: float = 0.99, bottom: float = 0.45):
    """A drawing of so many inches' height with room for names on the left; margins are set, not searched for."""
    figure = Figure(figsize=(9.5, height))
    return figure, figure.add_axes((left, bottom / height, right - left, 1 - (bottom + 0.25) / height))


def _stack(axes, widths, left, label, fill, hatch, legible):
    """One class of a stacked bar; its name stands in the bar where there is room."""
    bars = axes.barh(range(len(widths)), widths, left=left, color=fill, hatch=hatch, edgecolor="#17202a", linewidth=0.6,
                     label=label)
    for bar, width in zip(bars, widths, strict=True):
        if width:
            axes.text(bar.get_x() + width / 2, bar.get_y() + bar.get_height() / 2,
                      f"{width} {label}" if width >= legible else str(width), ha="center", va="center", fontsize=8,
                      color="white" if fill == RAMP[0] else "#17202a",
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8} if hatch else None)


def svg_of(figure, name: str) -> str:
    """The drawing as SVG; its inner ids are made the chart's own, so that two charts may stand on one page."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    text = buffer.getvalue()
    return re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", text[text.index("<svg"):])


def drawing(svg: str, title: str, alt: str, note: str = "", is_tall: bool = False) -> Fragment:
    """A drawing with its finding above it, what it shows in words (`alt`) and a note below; `is_tall` has more of a sheet."""
    return Fragment(part("figure", svg=svg, title=title, alt=alt, note=note, tall=is_tall))
