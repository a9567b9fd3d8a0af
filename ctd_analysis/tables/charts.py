"""Charts, each the answer to a question; letters and hatches as well as colour, the numbers in the text beside it.

SVG with text as text, no date, no random ids: the same appraisal gives the same bytes.
"""

from __future__ import annotations

import io
import re

import matplotlib
from matplotlib.figure import Figure

from ..answers import edges as turning
from ..answers.appraisal import Appraisal, class_name
from ..terms import BLANK, KAD, A, B, C
from ..words import wording
from .markup import Fragment, part
from .province import distribution, losses

_STYLE = {"svg.fonttype": "none", "svg.hashsalt": "ctd", "font.family": "DejaVu Sans", "font.size": 9,
          "axes.spines.top": False, "axes.spines.right": False, "hatch.linewidth": 0.6, "text.parse_math": False}
#: Grade, label, fill, hatch: blue, orange and vermillion keep apart for colour-blind eyes, hatches on grey paper.
_GRADES = ((A, "A", "#9cc7e0", ""), (B, "B", "#f2d488", "//"), (C, "C", "#e08a5b", "xx"), (KAD, "KAD", "#d9d9d9", "--"),
           (BLANK, "chưa chấm", "#ffffff", ""))
#: Rows or columns that one chart shows legibly.
MOST_DRAWN = 40
_CLASSES = ("#9cc7e0", "#b9dcb9", "#f2d488", "#e08a5b", "#d9d9d9", "#ffffff")
_HATCHES = ("", "\\\\", "//", "xx", "--", "")


def grades(appraisal: Appraisal, cluster: str) -> Fragment:
    """Where does each unit stand against the ladder's A bars?"""
    members, standing = appraisal.members(cluster), appraisal.facts.rounds.standing
    names = [_label(appraisal.unit(i).name) for i in members]
    with matplotlib.rc_context(_STYLE):
        figure, axes = _sheet(0.9 + 0.42 * len(members), right=0.87)
        left = [0] * len(members)
        for code, label, fill, hatch in _GRADES:
            widths = [int((standing[i] == code).sum()) for i in members]
            if any(widths):
                _stack(axes, widths, left, label, fill, hatch)
                left = [x + w for x, w in zip(left, widths, strict=True)]
        for rung in appraisal.book.classes.values():
            if rung.min_a is not None:
                axes.axvline(rung.min_a, color="#17202a", linewidth=1, linestyle="--")
                axes.annotate(f"{rung.label} {rung.min_a}", (rung.min_a, 1), xycoords=("data", "axes fraction"), ha="center",
                              va="bottom", fontsize=8)
        axes.set_yticks(range(len(names)), names)
        axes.set(xlim=(0, appraisal.book.criteria), xticks=range(0, appraisal.book.criteria + 1, 10), xlabel="số tiêu chí")
        axes.invert_yaxis()
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)
        svg = _svg(figure, "grades")
    f = appraisal.facts
    alt = "; ".join(f"{name}: {f.a[i]} A, {f.b[i]} B, {f.c[i]} C" for name, i in zip(names, members, strict=True))
    return _figure(svg, "Số điểm A của từng đơn vị so với các mức của thang", f"{alt}.")


def classes(appraisal: Appraisal) -> Fragment:
    """How do the clusters compare by class?"""
    table = distribution(appraisal)
    labels, rows = [c.label for c in table.columns[1:]], table.rows[:-1]
    names = [_label(row.cells[0].text) for row in rows]
    if len(names) > MOST_DRAWN:
        return _too_many(f"{len(names)} cụm")
    with matplotlib.rc_context(_STYLE):
        figure, axes = _sheet(0.9 + 0.42 * len(rows), right=0.87)
        left = [0] * len(rows)
        for k, label in enumerate(labels):
            widths = [row.cells[k + 1].value for row in rows]
            if any(widths):
                _stack(axes, widths, left, label, _CLASSES[k], _HATCHES[k])
                left = [x + w for x, w in zip(left, widths, strict=True)]
        axes.set_yticks(range(len(names)), names)
        axes.set(xlabel="số đơn vị")
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.invert_yaxis()
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)
        svg = _svg(figure, "classes")
    alt = "; ".join(f"{row.cells[0].text}: " + ", ".join(f"{cell.value} {label}" for cell, label
                                                         in zip(row.cells[1:], labels, strict=True) if cell.value)
                    for row in rows)
    return _figure(svg, "Số đơn vị theo xếp loại ở từng cụm", f"{alt}.")


def lost_points(appraisal: Appraisal) -> Fragment:
    """In which areas, and by whom, are points lost? Cluster by cluster where the units are too many to draw."""
    found = list(losses(appraisal))
    by_unit = len(appraisal.year.units) <= MOST_DRAWN
    columns = ([(u.name, [i]) for i, u in enumerate(appraisal.year.units)] if by_unit else
               [(c.name, appraisal.members(c.cluster)) for c in appraisal.year.clusters])
    if len(columns) > MOST_DRAWN:
        return _too_many(f"{len(columns)} cụm")
    names, areas = [_label(name) for name, _ in columns], [area for area, _, _ in found]
    with matplotlib.rc_context(_STYLE):
        figure, axes = _sheet(1.7 + 0.34 * len(areas), left=0.1, bottom=1.4)
        sums = [[sum(lost[i] for i in group) for _, group in columns] for _, _, lost in found]
        shares = [[n / (len(places) * max(len(group), 1)) for n, (_, group) in zip(row, columns, strict=True)]
                  for row, (_, places, _) in zip(sums, found, strict=True)]
        axes.pcolormesh(shares, cmap="Oranges", vmin=0, vmax=1, edgecolors="white", linewidth=1)
        for y, row in enumerate(sums):
            for x, n in enumerate(row):
                axes.text(x + 0.5, y + 0.5, str(n), ha="center", va="center", fontsize=8,
                          color="white" if shares[y][x] > 0.5 else "#17202a")
        axes.set_yticks([y + 0.5 for y in range(len(areas))], [f"{area} ({len(places)})" for area, places, _ in found])
        axes.set_xticks([x + 0.5 for x in range(len(names))], names, rotation=40, ha="right")
        axes.invert_yaxis()
        axes.tick_params(length=0)
        svg = _svg(figure, "lost_points")
    totals = "; ".join(f"{area}: {sum(lost)}" for area, _, lost in found)
    return _figure(svg, f"Số tiêu chí chưa đạt điểm A, theo nội dung (hàng) và {'đơn vị' if by_unit else 'cụm'} (cột)",
                   f"Cộng theo nội dung: {totals}.")


#: The numbers of the rule book by kind: one chart of edges each.
FAMILIES = ("min_a", "max_c", "branch_percent", "below_percent")


def edges(appraisal: Appraisal, family: str) -> Fragment:
    """At which value of each number of a family does which unit's class turn, and how far is that from the value in force?

    Drawn by a template, not by matplotlib: it follows a slider.
    """
    book = appraisal.book
    highest = book.criteria if family in ("min_a", "max_c") else 100
    rows = []
    for edge in turning.edges(appraisal.facts, appraisal.settings):
        if edge.key.endswith(family):
            now = int(appraisal.settings[edge.key])
            met = edge.met_from(now)
            rows.append({"name": f"{wording.number_name(book, edge.key).split(': ')[0]} – {appraisal.unit(edge.unit).name}",
                         "now": now, "value": met.value,
                         "turn": f"{wording.reach(met.value, now)}: {wording.turn(book, *map(class_name, met[-2:]))}"})
    svg = part("edges", rows=rows, highest=highest, axis=wording.NUMBERS[family])
    alt = "; ".join(f"{row['name']}: đang là {row['now']}, {row['turn']}" for row in rows) or "không có"
    title = f"Đến mức nào thì đổi loại – {wording.NUMBERS[family]} (vạch: mức đang dùng; mũi tên: mức mà đơn vị đổi)"
    return _figure(svg, title, f"{alt}.")


def _too_many(what: str) -> Fragment:
    """Said where a chart would be."""
    return Fragment(part("sentences", lines=[f"Không vẽ được rõ ràng {what} trên một hình: xem bảng."]))


def _label(name: str) -> str:
    """A name short enough for the margin; a name in full stands in the table beside."""
    return name if len(name) <= 24 else f"{name[:23]}…"


def _sheet(height: float, left: float = 0.17, right: float = 0.99, bottom: float = 0.45):
    """A drawing of so many inches' height with room for names on the left; margins are set, not searched for."""
    figure = Figure(figsize=(9.5, height))
    return figure, figure.add_axes((left, bottom / height, right - left, 1 - (bottom + 0.25) / height))


def _stack(axes, widths, left, label, fill, hatch):
    bars = axes.barh(range(len(widths)), widths, left=left, color=fill, hatch=hatch, edgecolor="#17202a", linewidth=0.6,
                     label=label)
    for bar, width in zip(bars, widths, strict=True):
        if width:
            axes.text(bar.get_x() + width / 2, bar.get_y() + bar.get_height() / 2, str(width), ha="center", va="center",
                      fontsize=8, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8} if hatch else None)


def _svg(figure, name: str) -> str:
    """The drawing as SVG; its inner ids are made the chart's own, so that two charts may stand on one page."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    text = buffer.getvalue()
    return re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", text[text.index("<svg"):])


def _figure(svg: str, title: str, alt: str) -> Fragment:
    return Fragment(part("figure", svg=svg, title=title, alt=alt))
