"""The session's notebook: open questions as cards, a choice, who moves, a button that records, the standings at once (§1.5).

Runs in JupyterLab on ipywidgets, by hand, on a projector. It records through the same code as `ctd decide`: never without its
button, never twice; undoing is a withdrawal. The year is read once, and again when asked.
"""

from __future__ import annotations

import ipywidgets as widgets

from ..answers import deciding
from ..answers.appraisal import Appraisal, appraise
from ..plan import scenario
from ..problems import Refused
from ..tables import cluster as cluster_tables
from ..tables import what_if as what_if_tables
from ..tables.markup import part, style
from ..terms import CLASSES, DECISIONS, PRIZES, SAID, hint
from ..words import council, wording
from ..year.newest import find_year
from ..year.year import read

_WIDE, _LABEL = widgets.Layout(width="100%", max_width="60rem"), {"description_width": "8rem"}
_LONGEST = 90           # characters beside a radio button, which does not wrap
_OWN = "(quyết định khác, ngoài các nội dung trên)"


def hold_session(year_dir: str = "data/2024", cluster: str = "") -> widgets.Widget:
    """The session over the year in a folder, begun with a cluster (the first where none is named).

    FileNotFoundError where there is no such folder, ValueError where no such cluster stands, `Refused` as `read`.
    """
    return Session(appraise(read(find_year(year_dir))), cluster).widget


class Session:
    """Cards above, what a choice gives beside them, the standings below; what was recorded today in a list."""

    def __init__(self, appraisal: Appraisal, cluster: str = ""):
        self.now, self.preview = appraisal, None
        self.recorded: list[tuple[str, dict[str, str]]] = []
        names = {one.cluster: one.name for one in appraisal.year.clusters}
        if cluster and cluster not in names:
            raise ValueError(f"Không có cụm “{cluster}”{hint(cluster, names)}, hoặc cụm chưa xét được; các cụm: "
                             f"{', '.join(names)}.")
        self.cluster = _choice("Cụm", [(name, id) for id, name in names.items()])
        self.cluster.value = cluster or next(iter(names), None)
        self.card, self.answer = _choice("Nội dung", []), widgets.RadioButtons(layout=_WIDE)
        self.unit, self.value = _choice("Đơn vị", []), _choice("Giá trị", [])
        self.decision = _choice("Quyết định", [(SAID[id][0], id) for id in DECISIONS])
        self.reason, self.document = (widgets.Text(description=what, layout=_WIDE, style=_LABEL, continuous_update=False)
                                      for what in ("Lý do", "Văn bản"))
        self.on = widgets.DatePicker(description="Ngày", style=_LABEL)
        self.button = widgets.Button(description="Ghi quyết định", button_style="primary", disabled=True)
        self.today, self.undo = _choice("Đã ghi hôm nay", []), widgets.Button(description="Rút lại dòng này", disabled=True)
        self.again = widgets.Button(description="Đọc lại số liệu")
        self.question, self.who, self.told, self.standings = (widgets.HTML(layout=widgets.Layout(width="100%"))
                                                              for _ in range(4))
        self.own = widgets.VBox([self.unit, self.decision, self.value])
        for control, does in ((self.cluster, self._other_cluster), (self.card, self._other_card), (self.decision, self._values),
                              *((one, self._try) for one in (self.answer, self.unit, self.value, self.reason, self.document,
                                                             self.on))):
            control.observe(does, "value")
        for button, does in ((self.button, self.record), (self.undo, self.take_back), (self.again, self.read_again)):
            button.on_click(lambda _, does=does: does())
        self.reason.layout.width, self.document.layout.width = "45%", "30%"
        self.head = widgets.HTML(part("for_jupyter", style=style(), lines=_marks(appraisal)))
        stated, buttons = widgets.HBox([self.reason, self.document, self.on]), widgets.HBox([self.button, self.again])
        self.widget = widgets.VBox([self.head, self.cluster, self.card, self.question, self.answer, self.own, stated, self.who,
                                    buttons, self.told, self.standings, widgets.HBox([self.today, self.undo])])
        self._other_cluster()

    # ---------------------------------------------------------------- what the buttons do

    def record(self) -> None:
        """Append what is previewed, once; the standings follow. What stands in the way is said."""
        tried, self.preview = self.preview, None
        self.button.disabled = True
        if tried is None:
            return
        try:
            self.now = tried.record()
        except Refused as refused:
            self.told.value = _lines([one.message for one in refused.problems])
            return
        except OSError as error:
            self.told.value = _lines([f"Chưa ghi: không ghi được ({error.strerror or error}); tệp cũ còn nguyên."])
            return
        self.recorded += tried.rows
        self.told.value = _lines([f"Đã ghi: {_said(self.now, *row)}." for row in tried.rows])
        self.today.options = [(_said(self.now, *row), n) for n, row in enumerate(self.recorded)]
        self.undo.disabled, self.reason.value = False, ""
        self._other_cluster()

    def take_back(self) -> None:
        """Record the withdrawal of a decision recorded today; a change of the rules is put back by a later one."""
        table, row = self.recorded[self.today.value or 0]
        if table == "amendments" or row["decision"] == "withdraw":
            self.told.value = _lines(["Dòng này không rút lại được: ghi một điều chỉnh, một quyết định mới ở ngày sau."])
            return
        withdrawn = {"unit": row["unit"], "decision": "withdraw", "value": f"{row['decision']} {row['value']}".strip()}
        self._preview("decisions", {**withdrawn, **self._stated(), "reason": self.reason.value or "rút lại tại kỳ họp"})
        self.told.value = self.who.value if self.preview is None else ""
        self.record()

    def read_again(self) -> None:
        """Read the year anew: others may have typed meanwhile."""
        try:
            self.now = appraise(read(self.now.year.path))
            self._other_cluster()
            self.told.value = _lines(["Đã đọc lại số liệu."])
        except Refused as refused:
            self.told.value = _lines([one.message for one in refused.problems])

    # ---------------------------------------------------------------- what follows a choice

    def _other_cluster(self, _=None) -> None:
        """The cards and the standings of the cluster, anew."""
        members = self.now.members(self.cluster.value) if self.cluster.value else []
        self.items = council.items(self.now, [members])
        self.standings.value = cluster_tables.ranking(self.now, self.cluster.value)._repr_html_() if members else ""
        self.unit.options = [(self.now.unit(i).name, self.now.facts.units[i]) for i in members]
        self.card.options = [*((f"{n}. {item.question}", n - 1) for n, item in enumerate(self.items, 1)), (_OWN, -1)]
        self.card.value = self.card.options[0][1]
        self._other_card()

    def _other_card(self, _=None) -> None:
        """The card's question and facts; its answers, or controls for a decision of one's own."""
        item = self.items[self.card.value] if self.card.value is not None and self.card.value >= 0 else None
        self.question.value = part("items", items=[item]) if item else ""
        rows = list(zip(item.answers, item.rows, strict=False)) if item else []
        self.answer.options = [(answer.partition(": ")[0][:_LONGEST], n) for n, (answer, row) in enumerate(rows) if row]
        self.answer.value = None
        self.answer.layout.display = "" if self.answer.options else "none"
        self.own.layout.display = "none" if self.answer.options else ""
        self._values()

    def _values(self, _=None) -> None:
        """What the chosen decision may be about."""
        self.value.options = _values(self.now, self.decision.value, self.unit.value)
        self.value.layout.display = "" if self.value.options else "none"
        self._try()

    def _try(self, _=None) -> None:
        """Who would move, once all is said; nothing is written."""
        item = self.items[self.card.value] if self.card.value is not None and self.card.value >= 0 else None
        if item and self.answer.options:
            row = item.rows[self.answer.value] if self.answer.value is not None else None
        else:
            row = ("decisions", {"unit": self.unit.value or "", "decision": self.decision.value,
                                 "value": self.value.value or ""})
        self.preview, self.button.disabled = None, True
        if row is None or not self.reason.value:
            self.who.value = _lines(["Chọn phương án, ghi lý do, văn bản, ngày: sẽ thấy ai đổi."])
            return
        self._preview(row[0], {**row[1], **self._stated()})

    def _preview(self, table: str, cells: dict[str, str]) -> None:
        try:
            self.preview = deciding.preview(self.now, **{table: [deciding.Asked(cells)]})
        except Refused as refused:
            self.preview, self.who.value = None, _lines([one.message for one in refused.problems])
            return
        self.button.disabled = False
        moves = what_if_tables.moves(self.now, self.preview.other)
        self.who.value = (moves._repr_html_() if self.preview.moved else _lines(["Không làm đơn vị nào đổi."])) + \
            _lines([one.message for one in self.preview.remarks])

    def _stated(self) -> dict[str, str]:
        return {"reason": self.reason.value, "document": self.document.value,
                "decided_on": str(self.on.value) if self.on.value else ""}


def _choice(what: str, options) -> widgets.Dropdown:
    return widgets.Dropdown(options=options, description=what, layout=_WIDE, style=_LABEL)


def _values(appraisal: Appraisal, decision: str, unit: str | None) -> list[tuple[str, str]]:
    """What a decision may be about, in words; of a withdrawal what stands of the unit."""
    book = appraisal.book
    if decision == "withdraw":
        return [(_said(appraisal, "decisions", {"unit": "", **one._asdict()}), f"{one.decision} {one.value}".strip())
                for one in appraisal.year.decisions if one.unit == unit]
    return {"waive": [(flag.short, id) for id, flag in book.flags.items()],
            "prize": [(said, id) for id, said in PRIZES.items()],
            "class": [(book.classes[id].label, id) for id in CLASSES]}.get(decision, [])


def _said(appraisal: Appraisal, table: str, row: dict) -> str:
    """A row in words: `Huyện Kiên Hải: xếp loại Khá`, `Hội phí: % so với chỉ tiêu, dưới: 80`."""
    if table == "amendments":
        return f"{scenario.name_of(appraisal.book, row['key'])}: {row['value']}"
    name = next((u.name for u in appraisal.year.units if u.unit == row["unit"]), row["unit"])
    kind, _, value = row["value"].partition(" ") if row["decision"] == "withdraw" else (row["decision"], "", row["value"])
    label = next((said for said, id in _values(appraisal, kind, None) if id == value), value)
    words = [SAID["withdraw"][0]] if row["decision"] == "withdraw" else []
    return f"{name}: {' '.join([*words, SAID[kind][0], label])}".rstrip()


def _marks(appraisal: Appraisal) -> list[str]:
    return [*([wording.SAMPLE] if appraisal.book.sample else []), *council.absent(appraisal).values()]


def _lines(lines: list[str]) -> str:
    return part("sentences", lines=lines) if lines else ""
