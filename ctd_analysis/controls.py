"""The what-if notebook's controls: a slider for every number, a choice for every reading, and at once who moves and why.

Runs in JupyterLab on ipywidgets. The year and its facts are read once; each change judges them anew.
"""

from __future__ import annotations

from datetime import date

import ipywidgets as widgets

from . import whatif, wording
from .appraisal import Appraisal, appraise
from .html import part, style
from .pages import find_year
from .tables import Cell, Column, Row, Table
from .year import read

_WIDE = widgets.Layout(width="100%", max_width="46rem")
_NAMES = {"min_a": "số điểm A, từ", "max_c": "số điểm C, không quá", "branch_percent": "% Hội cơ sở, từ",
          "below_percent": "% so với chỉ tiêu, dưới", "unit_min": "quỹ cấp huyện, đồng", "branch_min": "quỹ Hội cơ sở, đồng",
          "before": "trước ngày"}


def explore(year_dir: str = "data/2024") -> widgets.Widget:
    """The controls and the live table for the year in a folder."""
    return Explorer(appraise(read(find_year(year_dir)))).widget


class Explorer:
    """Controls on one side, what follows from them on the other."""

    def __init__(self, base: Appraisal):
        self.base = base
        self.controls = {key: self._number(key, value) for key, value in base.book.values().items()}
        self.controls |= {f"readings.{id}": self._reading(id) for id in base.book.readings}
        self.answer = widgets.HTML(layout=widgets.Layout(width="100%"))
        for control in self.controls.values():
            control.observe(self._changed, "value")
        reset = widgets.Button(description="Về như quy định", tooltip="Trả mọi mức và cách hiểu về như quy định của năm")
        reset.on_click(lambda _: self.reset())
        self._answering = True
        self._changed()
        self.widget = widgets.VBox([self._accordion(), reset, self.answer])

    @property
    def changes(self) -> dict[str, object]:
        """The keys that differ from the rule book, with their values."""
        given = {**self.base.book.values(), **{f"readings.{id}": option for id, option in self.base.book.chosen.items()}}
        return {key: control.value for key, control in self.controls.items()
                if control.value is not None and control.value != given[key]}

    def reset(self) -> None:
        """Every control back to the rule book, answered once."""
        self._answering = False
        given = {**self.base.book.values(), **{f"readings.{id}": option for id, option in self.base.book.chosen.items()}}
        for key, control in self.controls.items():
            control.value = given[key]
        self._answering = True
        self._changed()

    def _changed(self, _=None) -> None:
        if self._answering:
            self.answer.value = answer(self.base, self.changes)

    def _number(self, key: str, value) -> widgets.Widget:
        _, id, name = key.split(".")
        shared = {"description": _NAMES[name], "layout": _WIDE, "style": {"description_width": "14rem"}}
        if isinstance(value, date):
            return widgets.DatePicker(value=value, **shared)
        if name.endswith("_min"):
            return widgets.BoundedIntText(value=value, min=0, max=10**15, step=1_000_000, **shared)
        highest = self.base.book.criteria if name in ("min_a", "max_c") else 100
        return widgets.IntSlider(value=value, min=0, max=highest, continuous_update=True, **shared)

    def _reading(self, id: str) -> widgets.Widget:
        reading = self.base.book.readings[id]
        return widgets.Dropdown(options=[(text, option) for option, text in reading.options.items()],
                                value=self.base.book.chosen[id], description=f"{reading.label} ({reading.clause})",
                                layout=_WIDE, style={"description_width": "18rem"})

    def _accordion(self) -> widgets.Accordion:
        book = self.base.book
        groups = [(f"Thang xếp loại ({next(iter(book.classes.values())).clause})", "class", book.classes),
                  ("Trường hợp hạ một mức (III.2.2)", "flag", book.flags), ("Ngày hạn (V)", "filing", book.filings)]
        boxes = [widgets.VBox([box for id, rule in rules.items() for box in self._group(f"{table}.{id}.", rule.label)])
                 for _, table, rules in groups]
        boxes.append(widgets.VBox([c for key, c in self.controls.items() if key.startswith("readings.")]))
        accordion = widgets.Accordion(boxes, selected_index=0)
        accordion.titles = (*(title for title, _, _ in groups), "Cách hiểu")
        return accordion

    def _group(self, prefix: str, label: str) -> list[widgets.Widget]:
        inside = [control for key, control in self.controls.items() if key.startswith(prefix)]
        return [widgets.Label(label), *inside] if inside else []


def answer(base: Appraisal, changes: dict[str, object]) -> str:
    """Who moves under some changes, as HTML."""
    head = part("for_jupyter", style=style(), lines=[])
    if not changes:
        return head + part("sentences", lines=["Chưa đổi gì: kết quả như quy định của năm."])
    other = whatif.under(base, changes)
    words = ", ".join(f"{key} = {value}" for key, value in changes.items())
    return head + part("marks", marks=[("scenario", f"PHƯƠNG ÁN THỬ – {words}")]) + moves_table(base, other)._repr_html_()


def moves_table(base: Appraisal, other: Appraisal) -> Table:
    """A line a unit that moves: from what, to what, why."""
    rows = []
    for i, unit in enumerate(base.year.units):
        moves = {m.what: m for m in whatif.moved(base, other) if m.unit == unit.unit}
        if moves:
            cells = [Cell(unit.name), *(Cell(_arrow(other, moves.get(what))) for what in ("base_class", "final_class")),
                     Cell(_arrow(other, moves.get("cluster_rank"))), Cell(_nominee(moves.get("nominee"))),
                     Cell("; ".join(whatif.reasons(base, other, i)) or "do đơn vị khác trong cụm đổi")]
            rows.append(Row(tuple(cells), id=unit.unit))
    return Table("ai-doi", "Đơn vị nào đổi, từ đâu đến đâu",
                 (Column("Đơn vị"), Column("Loại theo điểm"), Column("Sau quyết định"), Column("Thứ tự"),
                  Column("Nhất, Nhì, Ba"), Column("Vì")), tuple(rows), empty="Không đơn vị nào đổi.")


def _arrow(other: Appraisal, move) -> str:
    if move is None:
        return ""
    if move.what == "cluster_rank":
        return f"{move.before or '–'} → {move.after or '–'}"
    considered = bool(other.judgement.considered[other.place[move.unit]])
    before = wording.class_label(other.book, move.before, considered) if move.before else "không có"
    return f"{before} → {wording.class_label(other.book, move.after, considered)}"


def _nominee(move) -> str:
    return "" if move is None else "được xem xét" if move.after else "không còn"


