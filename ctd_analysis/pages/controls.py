"""The what-if notebook's controls: a slider for every number, a choice for every reading, and at once who moves and why.

Runs in JupyterLab on ipywidgets. The year and its facts are read once; each change judges them anew. Nothing is written but a
scenario, and that only when its button is pressed.
"""

from __future__ import annotations

from datetime import date

import ipywidgets as widgets

from ..answers import what_if
from ..answers.appraisal import Appraisal, appraise
from ..files import write_whole
from ..plan import scenario as scenarios
from ..plan.scenario import Scenario
from ..tables import charts
from ..tables import what_if as what_if_tables
from ..tables.markup import part, style
from ..words import council, wording
from ..year.year import read
from .notebook import find_year

_WIDE = widgets.Layout(width="100%", max_width="46rem")


def explore(year_dir: str = "data/2024") -> widgets.Widget:
    """The controls and the live table for the year in a folder; FileNotFoundError where there is none, `Refused` as `read`."""
    return Explorer(appraise(read(find_year(year_dir)))).widget


class Explorer:
    """Controls on one side, what follows from them on the other."""

    def __init__(self, base: Appraisal):
        self.base = base
        self.controls = {key: self._number(key, value) for key, value in base.book.values().items()}
        self.controls |= {f"readings.{id}": self._reading(id) for id in base.book.readings}
        self.answer, self.chart = (widgets.HTML(layout=widgets.Layout(width="100%")) for _ in range(2))
        self.family = widgets.Dropdown(options=[(wording.NUMBERS[name], name) for name in charts.FAMILIES], layout=_WIDE,
                                       description="Biểu đồ: đến đâu thì đổi loại", style={"description_width": "18rem"})
        self.family.observe(self._changed, "value")
        for control in self.controls.values():
            control.observe(self._changed, "value")
        reset = widgets.Button(description="Về như quy định", tooltip="Trả mọi yêu cầu và cách hiểu về như quy định của năm")
        reset.on_click(lambda _: self.reset())
        self._answering = True
        self._changed()
        self.widget = widgets.VBox([self._accordion(), widgets.HBox([reset, *self._saving()]), self.saved, self.answer,
                                    self.family, self.chart])

    @property
    def changes(self) -> dict[str, object]:
        """The keys that differ from the rule book, with their values."""
        given = self.base.book.in_force()
        return {key: control.value for key, control in self.controls.items()
                if control.value is not None and control.value != given[key]}

    @property
    def trial(self) -> Appraisal:
        """The year under the controls as they stand; the year itself where nothing differs."""
        return what_if.under(self.base, self.changes) if self.changes else self.base

    def save(self) -> None:
        """Write the controls as they stand, with what moves under them, as a scenario of the year; say where, or why not."""
        self.saved.value = part("sentences", lines=[self._saved()])

    def _saved(self) -> str:
        title = self.title.value.strip()
        if not title or not self.changes:
            return "Chưa lưu: cần một tên, và ít nhất một yêu cầu hoặc cách hiểu khác quy định."
        path = self.base.year.path / "scenarios" / f"{scenarios.slug(title)}.toml"
        if path.exists():
            return f"Chưa lưu: đã có tệp {path.name}; hãy đặt tên khác."
        moves = what_if.expectation(what_if.moved(self.base, self.trial))
        try:
            write_whole(path, scenarios.text(Scenario(title, self.changes, expected=moves)).encode())
        except OSError as error:
            return f"Chưa lưu: không ghi được {path} ({error.strerror})."
        return f"Đã lưu {path}; chạy lại bằng: ctd what-if --scenario {path}"

    def _saving(self) -> list[widgets.Widget]:
        self.title = widgets.Text(placeholder="tên phương án", layout=widgets.Layout(width="20rem"))
        self.saved = widgets.HTML()
        button = widgets.Button(description="Lưu phương án", tooltip="Ghi thành một tệp trong thư mục scenarios của năm")
        button.on_click(lambda _: self.save())
        return [self.title, button]

    def reset(self) -> None:
        """Every control back to the rule book, answered once."""
        self._answering = False
        for key, value in self.base.book.in_force().items():
            self.controls[key].value = value
        self._answering = True
        self._changed()

    def _changed(self, _=None) -> None:
        if self._answering:
            other = self.trial
            self.answer.value = answer(self.base, other)
            self.chart.value = charts.edges(other, self.family.value).html

    def _number(self, key: str, value) -> widgets.Widget:
        _, id, name = key.split(".")
        shared = {"description": wording.NUMBERS[name], "layout": _WIDE, "style": {"description_width": "14rem"}}
        if isinstance(value, date):
            return widgets.DatePicker(value=value, **shared)
        if name.endswith("_min"):
            return widgets.BoundedIntText(value=value, min=0, max=10**15, step=1_000_000, **shared)
        highest = self.base.book.criteria if name in ("min_a", "max_c") else 100
        return widgets.IntSlider(value=value, min=0, max=highest, continuous_update=True, **shared)

    def _reading(self, id: str) -> widgets.Widget:
        reading = self.base.book.readings[id]
        return widgets.Dropdown(options=[(text, option) for option, text in reading.options.items()],
                                value=self.base.book.chosen[id], description=wording.reading_name(self.base.book, id),
                                layout=_WIDE, style={"description_width": "18rem"})

    def _accordion(self) -> widgets.Accordion:
        book = self.base.book
        groups = [(f"Thang xếp loại ({next(iter(book.classes.values())).clause})", "class", book.classes),
                  ("Trường hợp hạ một mức (III.2.2)", "flag", book.flags), ("Thời hạn (V)", "filing", book.filings)]
        boxes = [widgets.VBox([box for id, rule in rules.items() for box in self._group(f"{table}.{id}.", rule.label)])
                 for _, table, rules in groups]
        boxes.append(widgets.VBox([c for key, c in self.controls.items() if key.startswith("readings.")]))
        accordion = widgets.Accordion(boxes, selected_index=0)
        accordion.titles = (*(title for title, _, _ in groups), "Cách hiểu")
        return accordion

    def _group(self, prefix: str, label: str) -> list[widgets.Widget]:
        inside = [control for key, control in self.controls.items() if key.startswith(prefix)]
        return [widgets.Label(label), *inside] if inside else []


def answer(base: Appraisal, other: Appraisal) -> str:
    """Who moves from one appraisal of a year to the other, and why, as HTML; the same one twice: nothing was changed."""
    head = part("for_jupyter", style=style(), lines=council.absent(base).values())
    if other is base:
        return head + part("sentences", lines=["Chưa đổi gì: kết quả như quy định của năm."])
    words = ", ".join(f"{key} = {value}" for key, value in other.scenario.changes.items())
    mark = part("marks", marks=[("scenario", f"PHƯƠNG ÁN THỬ – {words}")])
    return head + mark + what_if_tables.moves(base, other)._repr_html_()
