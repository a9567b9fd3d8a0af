"""The what-if notebook's controls: a slider for every number, a choice for every reading, and at once who moves and why.

Runs in JupyterLab on ipywidgets, the answer beside the controls. The year and its facts are read once; each change judges them
anew. A scenario of the year can be opened; nothing is written but a scenario, and that only when its button is pressed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import ipywidgets as widgets

from ..answers import what_if
from ..answers.appraisal import Appraisal, appraise
from ..files import names_in, write_whole
from ..plan import scenario as scenarios
from ..plan.scenario import BadScenario, Scenario
from ..problems import why
from ..tables import charts, cluster
from ..tables import what_if as what_if_tables
from ..tables.markup import BESIDE, part, style
from ..terms import NUMBERS
from ..words import outcomes, wording
from ..year import trial
from .what_if import bounds

_WIDE = widgets.Layout(width="98%", max_width="46rem")
#: Controls and answer stand side by side, each with its own scroll bar: both are seen at once on a small screen.
_SIDE = {"max_height": "26rem", "overflow": "auto", "display": "block"}
#: Who moves and why, seen to its end in three fifths of a screen.
_ANSWER = """.widget-html-content .ctd.ctd.ctd td { min-width: 3.7rem; }
.widget-html-content .ctd.ctd.ctd td.long { min-width: 8rem; }
"""


class Explorer:
    """Controls on one side, what follows from them on the other."""

    def __init__(self, base: Appraisal):
        self.base = base
        self.opened: Scenario | None = None     # the scenario that was opened, with what no control is for
        self.controls = {key: self._number(key, value) for key, value in base.book.values().items()}
        self.controls |= {f"readings.{id}": widgets.Dropdown(
            options=[(text, option) for option, text in reading.options.items()], value=base.book.chosen[id], layout=_WIDE)
            for id, reading in base.book.readings.items()}
        self.answer, self.chart = (widgets.HTML(layout=widgets.Layout(width="100%")) for _ in range(2))
        self.family = widgets.Dropdown(options=[(NUMBERS[name], name) for name in charts.FAMILIES], layout=_WIDE,
                                       description="Biểu đồ: đến đâu thì đổi loại", style={"description_width": "18rem"})
        self.family.observe(self._changed, "value")
        for control in self.controls.values():
            control.observe(self._changed, "value")
        self.title = widgets.Text(placeholder="tên phương án", layout=widgets.Layout(width="11rem"))
        self.file = widgets.Dropdown(options=self._files(), layout=widgets.Layout(width="13rem"))
        self.saved = widgets.HTML()
        above = widgets.HBox(
            [_button("Về như quy định", "Trả mọi yêu cầu và cách hiểu về như quy định của năm", self.reset),
             self.title, _button("Lưu phương án", "Ghi thành một tệp trong thư mục scenarios của năm", self.save),
             self.file, _button("Mở phương án", "Đặt các yêu cầu và cách hiểu như một phương án đã ghi", self.open)],
            layout=widgets.Layout(flex_flow="row wrap"))
        self._answering = True
        self._changed()
        beside = widgets.HBox([widgets.Box([self._accordion()], layout=widgets.Layout(width="40%", **_SIDE)),
                               widgets.Box([self.answer], layout=widgets.Layout(width="60%", **_SIDE))])
        self.widget = widgets.VBox([above, self.saved, beside, self.family, self.chart])

    @property
    def changes(self) -> dict[str, object]:
        """The keys that differ from the rule book, with their values; of an opened scenario also the facts and the order."""
        given = self.base.book.in_force()
        more = {key: value for key, value in self.opened.changes.items() if key not in given} if self.opened else {}
        return {key: control.value for key, control in self.controls.items()
                if control.value is not None and control.value != given[key]} | more

    @property
    def trial(self) -> Appraisal:
        """The year under the controls as they stand; the year itself where nothing differs."""
        if self.opened and self.changes == self.opened.changes:
            return appraise(self.base.year, self.opened, self.base.facts)
        return what_if.under(self.base, self.changes) if self.changes else self.base

    def save(self) -> None:
        """Write the controls as they stand, with what moves under them, as a scenario of the year; say where, or why not."""
        self.saved.value = part("sentences", lines=[self._saved()])

    def _saved(self) -> str:
        title = self.title.value.strip()
        if not title or not self.changes:
            return "Chưa lưu: cần một tên, và ít nhất một yêu cầu hoặc cách hiểu khác quy định."
        path = self._scenarios / f"{scenarios.slug(title)}.toml"
        if path.exists():
            return f"Chưa lưu: đã có tệp {path.name}; hãy đặt tên khác."
        moves = what_if.expectation(what_if.moved(self.base, self.trial))
        try:
            write_whole(path, scenarios.text(Scenario(title, self.changes, expected=moves)).encode())
            self.file.options = self._files()
        except OSError as error:
            return f"Chưa lưu: không ghi được {path} ({why(error)})."
        return f"Đã lưu {path}; chạy lại bằng: ctd what-if --scenario {path}"

    def open(self) -> None:
        """The chosen scenario of the year on the controls; say who asked for it and why, or why it cannot be."""
        self.saved.value = part("sentences", lines=list(self._opened(self.file.value)))

    def _opened(self, name: str | None) -> Iterator[str]:
        if name is None:
            yield "Chưa có phương án nào trong thư mục scenarios của năm."
            return
        try:
            scenario = trial.load(self._scenarios / name, self.base.year)
        except BadScenario as error:
            yield f"Chưa mở: {error}."
            return
        self._set({**self.base.book.in_force(), **scenario.changes}, scenario)
        yield f"Đã mở {name}: {scenario.title}."
        yield from (f"{what}: {text}" for what, text in (("Người hỏi", scenario.asked_by), ("Vì", scenario.why)) if text)

    @property
    def _scenarios(self) -> Path:
        return self.base.year.path / "scenarios"

    def _files(self) -> list[str]:
        return sorted(name for name in names_in(self._scenarios) if name.endswith(".toml"))

    def reset(self) -> None:
        """Every control back to the rule book, answered once."""
        self._set(self.base.book.in_force(), None)

    def _set(self, values: dict[str, object], opened: Scenario | None) -> None:
        self._answering, self.opened = False, opened
        for key, control in self.controls.items():
            control.value = values[key]
        self._answering = True
        self._changed()

    def _changed(self, _=None) -> None:
        if self._answering:
            other = self.trial
            self.answer.value = answer(self.base, other)
            self.chart.value = charts.edges(other, self.family.value).html

    def _number(self, key: str, value) -> widgets.Widget:
        _, id, name = key.split(".")
        shared = {"description": NUMBERS[name], "layout": _WIDE, "style": {"description_width": "9.5rem"}}
        kind, highest = bounds(self.base.book, name)
        if kind == "day":
            return widgets.DatePicker(value=value, **shared)
        if kind == "money":
            return widgets.BoundedIntText(value=value, min=0, max=highest, step=1_000_000, **shared)
        return widgets.IntSlider(value=value, min=0, max=highest, continuous_update=True, **shared)

    def _accordion(self) -> widgets.Accordion:
        book = self.base.book
        groups = [(f"Thang xếp loại ({next(iter(book.classes.values())).clause})", "class", book.classes),
                  *[("Trường hợp hạ một mức (III.2.2)", "flag", book.flags)] * bool(book.flags),
                  ("Thời hạn (V)", "filing", book.filings)]
        named = [[(f"{table}.{id}", rule.label) for id, rule in rules.items()] for _, table, rules in groups]
        named.append([(f"readings.{id}", wording.reading_name(book, id)) for id in book.readings])
        boxes = [widgets.VBox([box for prefix, label in rules for box in self._group(prefix, label)]) for rules in named]
        titles = [*(title for title, _, _ in groups), "Cách hiểu"]
        if self.base.amendments:
            boxes.append(widgets.HTML(cluster.amended(self.base)._repr_html_()))
            titles.append("Hội đồng đã điều chỉnh, thống nhất")
        return widgets.Accordion(boxes, selected_index=0, titles=tuple(titles))

    def _group(self, prefix: str, label: str) -> list[widgets.Widget]:
        inside = [control for key, control in self.controls.items() if f"{key}.".startswith(f"{prefix}.")]
        return [widgets.Label(label), *inside] if inside else []


def _button(says: str, tooltip: str, does: Callable[[], None]) -> widgets.Button:
    button = widgets.Button(description=says, tooltip=tooltip)
    button.on_click(lambda _: does())
    return button


def answer(base: Appraisal, other: Appraisal) -> str:
    """Who moves from one appraisal of a year to the other, and why, as HTML; the same one twice: nothing was changed."""
    nobody = [] if base.everyone else [wording.NOBODY]
    head = part("for_jupyter", style=style() + BESIDE + _ANSWER, lines=[*nobody, *outcomes.absent(base).values()])
    marks = [("sample", wording.SAMPLE)] if base.book.sample else []
    if other is base:
        unchanged = f"Chưa đổi gì: kết quả như quy định của năm {base.book.year}."
        return head + part("marks", marks=marks) + part("sentences", lines=[unchanged])
    words = ", ".join(f"{key} = {value}" for key, value in other.scenario.changes.items())
    said = list(wording.uneven(other.book))
    if other.scenario.expected:
        said.append(wording.as_expected(what_if.unexpected(base, other)))
    mark = part("marks", marks=[("scenario", f"PHƯƠNG ÁN THỬ – {words}"), *marks])
    return head + mark + (part("sentences", lines=said) if said else "") + what_if_tables.moves(base, other)._repr_html_()
