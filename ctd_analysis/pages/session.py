"""The session's notebook: open questions as cards, a choice, who moves, a button that records, the standings at once (§1.5).

Runs in JupyterLab on ipywidgets, by hand, on a projector. It records through the same code as `ctd decide`: never without its
button, never twice; undoing is a withdrawal. The year is read once, and again when asked.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

import ipywidgets as widgets

from ..answers import deciding
from ..answers.appraisal import Appraisal, appraise
from ..plan import scenario
from ..plan.rulebook import days_of
from ..problems import Refused, why
from ..rows import Amendment, Decision
from ..tables import cluster as cluster_tables
from ..tables import what_if as what_if_tables
from ..tables.markup import BESIDE, part, style
from ..terms import CLASSES, DECISIONS, PRIZES, SAID, STAKES, hint
from ..words import chain, council, outcomes, settling, wording
from ..year.newest import find_year
from ..year.year import read

_LABEL = {"description_width": "5.5rem"}
_OWN = "(quyết định khác, ngoài các nội dung trên)"
#: Answers stand in full, however long; a card and what it gives stand beside each other on a small screen.
_STYLE = f"""{BESIDE}.ctd-session .widget-radio-box {{ display: block; }}
.ctd-session .widget-radio-box label {{ display: grid; grid-template-columns: 1.5rem 1fr; width: auto; height: auto;
  white-space: normal; font: .9rem/1.35 sans-serif; padding: .2rem 0; }}
.ctd-session .widget-radio-box input {{ grid-area: 1 / 1; width: .9rem; height: .9rem; margin: .2rem 0 0; }}
.ctd-session .ctd.ctd.ctd td.long {{ min-width: 0; }}
.ctd-session .ctd.ctd.ctd ol.items {{ display: block; margin: 0; }} .ctd-session .ctd.ctd.ctd p {{ margin: .25rem 0; }}
.ctd-session .card .question::before {{ content: none !important; }}"""


def hold_session(year_dir: str = "data/2024", cluster: str = "") -> widgets.Widget:
    """The session over the year in a folder, begun with a cluster (the first where none is named).

    FileNotFoundError where there is no such folder, ValueError where no such cluster stands, `Refused` as `read`.
    """
    return Session(appraise(read(find_year(year_dir))), cluster).widget


class Session:
    """Cards above, what a choice gives beside them, the standings below; what was recorded today in a list."""

    def __init__(self, appraisal: Appraisal, cluster: str = ""):
        self.now, self.asked = appraisal, None
        names = {one.cluster: one.name for one in appraisal.year.clusters}
        if cluster and cluster not in names:
            raise ValueError(f"Không có cụm “{cluster}”{hint(cluster, names)}, hoặc cụm chưa xét được; các cụm: "
                             f"{', '.join(names)}.")
        self.cluster = _choice("Cụm", [(name, id) for id, name in names.items()], "32rem")
        self.head = widgets.HTML()
        self.cluster.value = cluster or next(iter(names), None)
        self.card, self.today = (widgets.Select(description=what, rows=rows, style=_LABEL, layout=_wide())
                                 for what, rows in (("Nội dung", 6), ("Đã ghi", 4)))
        self.answer = widgets.RadioButtons(layout=_wide())
        self.unit, self.value = _choice("Đơn vị", []), _choice("Giá trị", [])
        self.decision = _choice("Quyết định", [(SAID[id][0], id) for id in DECISIONS])
        self.reason, self.document = (widgets.Text(description=what, layout=_wide(), style=_LABEL)
                                      for what in ("Lý do", "Văn bản"))
        self.on = widgets.DatePicker(description="Ngày", style=_LABEL)
        self.button = widgets.Button(description="Ghi quyết định", button_style="primary", disabled=True)
        self.undo = widgets.Button(description="Rút lại dòng này")
        self.again = widgets.Button(description="Đọc lại số liệu")
        self.question, self.who, self.lacking, self.told, self.standings = (widgets.HTML(layout=_wide()) for _ in range(5))
        self.own = widgets.VBox([self.unit, self.decision, self.value])
        for control, does in ((self.cluster, self._other_cluster), (self.card, self._other_card), (self.decision, self._values),
                              (self.on, self._of_that_day), (self.today, self._may_undo),
                              *((one, self._try) for one in (self.answer, self.unit, self.value, self.on)),
                              *((one, self._ready) for one in (self.reason, self.document))):
            control.observe(does, "value")
        for button, does in ((self.button, self.record), (self.undo, self.take_back), (self.again, self.read_again)):
            button.on_click(lambda _, does=does: does())
        asks = widgets.VBox([self.question, self.answer, self.own], layout=_wide("46%"))
        gives = widgets.VBox([self.reason, self.document, widgets.HBox([self.on, self.button]), self.lacking, self.told,
                              self.who], layout=_wide("54%"))
        self.widget = widgets.VBox([self.head, widgets.HBox([self.cluster, self.again]), self.card, widgets.HBox([asks, gives]),
                                    self.standings, widgets.HBox([self.today, self.undo])])
        self.widget.add_class("ctd-session")
        self._anew()

    # ---------------------------------------------------------------- what the buttons do

    def record(self) -> None:
        """Append what was tried, once, with what is stated; the standings follow. What stands in the way is said."""
        asked, self.asked = self.asked, None
        self.button.disabled = True
        if asked is None or self._unsaid():
            return
        try:
            tried = self._tried(*asked)
            self.now = tried.record()
        except Refused as refused:
            self.told.value = _lines([*(one.message for one in refused.problems), "Bấm “Đọc lại số liệu” rồi làm tiếp."])
            return
        except OSError as error:
            self.told.value = _lines([f"Chưa ghi: không ghi được ({why(error)}); tệp cũ còn nguyên."])
            return
        self.reason.value = ""
        self._anew()
        self.asked, self.lacking.value, self.who.value = None, "", ""
        year, (_, row) = self.now.year, tried.rows[-1]
        done = year.ledger[-1] if asked[0] == "decisions" else next(
            one for one in year.amendments if (one.key, str(one.decided_on)) == (row["key"], row["decided_on"]))
        self.told.value = _lines([f"Đã ghi: {_said(self.now, done)}."])

    def take_back(self) -> None:
        """Record the withdrawal of a decision of that day; a change of the rules is put back by a later one."""
        one = self.today.value
        self.reason.value = self.reason.value or "rút lại tại kỳ họp"
        self.asked = "decisions", {"unit": one.unit, "decision": "withdraw", "value": f"{one.decision} {one.value}".strip()}
        if unsaid := self._unsaid():
            self.told.value = _lines([unsaid])
        self.record()

    def read_again(self) -> None:
        """Read the year anew: others may have typed meanwhile."""
        try:
            self.now = appraise(read(self.now.year.path))
            _offer(self.cluster, [(one.name, one.cluster) for one in self.now.year.clusters])
            self._anew()
            self.told.value = _lines(["Đã đọc lại số liệu.", *(one.message for one in self.now.year.problems)])
        except Refused as refused:
            self.told.value = _lines([one.message for one in refused.problems])

    # ---------------------------------------------------------------- what follows a choice

    def _anew(self) -> None:
        """All that the year says, as it is now."""
        marks = [*([wording.SAMPLE] if self.now.book.sample else []), *outcomes.absent(self.now).values()]
        self.head.value = part("for_jupyter", style=style() + _STYLE, lines=marks)
        self._of_that_day()
        self._other_cluster()

    def _other_cluster(self, _=None) -> None:
        """The cards and the standings of the cluster, anew."""
        members = self.now.members(self.cluster.value) if self.cluster.value else []
        kept = self.card.label and self.card.label.partition(" ")[2]
        self.items = council.items(self.now, [members])
        self.standings.value = cluster_tables.ranking(self.now, self.cluster.value)._repr_html_() if members else ""
        _offer(self.unit, [(self.now.unit(i).name, self.now.facts.units[i]) for i in sorted(members)])
        self.card.options = [*((f"{n}. {item.question}", n - 1) for n, item in enumerate(self.items, 1)), (_OWN, -1)]
        self.card.rows = min(len(self.card.options), 8)
        self.card.value = next((n for label, n in self.card.options if kept and label.endswith(kept)), self.card.options[0][1])
        self._other_card()

    def _other_card(self, _=None) -> None:
        """The card's question and facts; its answers, or controls for a decision of one's own."""
        self.told.value = ""
        item = self._item()
        rows = list(zip_longest(item.answers, item.rows)) if item else []
        untaken = tuple(answer for answer, row in rows if not row)      # an answer that nothing can be recorded for
        self.question.value = part("items", items=[replace(item, answers=untaken)], stakes=STAKES) if item else ""
        self.answer.options = [(answer, n) for n, (answer, row) in enumerate(rows) if row]
        self.answer.value = None
        self.answer.layout.display = "" if self.answer.options else "none"
        self.own.layout.display = "none" if self.answer.options else ""
        self._values()

    def _values(self, _=None) -> None:
        """What the chosen decision may be about."""
        self.value.options = _values(self.now, self.decision.value, self.unit.value)
        self.value.layout.display = "" if self.value.options else "none"
        self._try()

    def _item(self) -> council.Item | None:
        return self.items[self.card.value] if self.card.value is not None and self.card.value >= 0 else None

    def _try(self, _=None) -> None:
        """Who would move by the choice; nothing is written."""
        if self.answer.options:
            self.asked = self._item().rows[self.answer.value] if self.answer.value is not None else None
        else:
            self.asked = ("decisions", {"unit": self.unit.value or "", "decision": self.decision.value,
                                        "value": self.value.value or ""})
        self.who.value = _lines(["Chọn phương án: sẽ thấy ai đổi."])
        if self.asked:
            try:
                self.who.value = _moves(self._tried(*self.asked), is_dated=bool(self.on.value))
            except Refused as refused:
                self.asked, self.who.value = None, _lines([one.message for one in refused.problems])
        self._ready()

    def _ready(self, _=None) -> None:
        """May it be recorded? Not before reason, document and day are stated."""
        unsaid = self._unsaid() if self.asked else ""
        self.lacking.value, self.button.disabled = _lines([unsaid] if unsaid else []), bool(unsaid) or not self.asked

    def _unsaid(self) -> str:
        stated = ((self.reason, "lý do"), (self.document, "văn bản"), (self.on, "ngày"))
        lacking = [what for control, what in stated if not str(control.value or "").strip()]
        return f"Để ghi còn thiếu: {', '.join(lacking)}." if lacking else ""

    def _tried(self, table: str, cells: dict[str, str]) -> deciding.Preview:
        """The row with what is stated; what is not stated yet is taken as if said on the last day of all."""
        stated = {"reason": self.reason.value.strip() or "–", "document": self.document.value.strip() or "–",
                  "decided_on": str(self.on.value or days_of(self.now.book.year)[1])}
        return deciding.preview(self.now, **{table: [deciding.Asked({**cells, **stated})]})

    def _of_that_day(self, _=None) -> None:
        """What of the ledger and the amendments is of the day that is stated, the last first."""
        withdrawn = {self.now.ledger[place] for place in self.now.settled.withdrawn}
        day = [(_said(self.now, one) + (" (đã rút lại)" if one in withdrawn else ""), one)
               for one in (*self.now.ledger, *self.now.year.amendments) if one.decided_on == self.on.value]
        none = "chưa ghi gì ngày này" if self.on.value else "chọn ngày họp ở trên để thấy những gì đã ghi"
        self.today.options = day[::-1] or [(none, None)]
        self.today.index = 0
        self._may_undo()

    def _may_undo(self, _=None) -> None:
        """A standing decision may be taken back; a withdrawal, or a change of the rules, only by a new row of a later day."""
        self.undo.disabled = self.today.value not in self.now.year.decisions


def _wide(width: str = "98%") -> widgets.Layout:
    return widgets.Layout(width=width)          # one each: a layout that is shared changes for all


def _choice(what: str, options, width: str = "98%") -> widgets.Dropdown:
    return widgets.Dropdown(options=options, description=what, layout=_wide(width), style=_LABEL)


def _offer(control: widgets.Dropdown, options: list) -> None:
    """What may be chosen, anew; what is chosen stays where it may."""
    kept = control.value
    control.options = options
    if kept in dict(options).values():
        control.value = kept


def _moves(tried: deciding.Preview, is_dated: bool) -> str:
    """Who moves, and what is to be noticed; of a row without a day nothing is noticed yet."""
    moves = what_if_tables.moves(tried.base, tried.other)._repr_html_() if tried.moved else \
        _lines(["Không làm đơn vị nào đổi."])
    return moves + _lines([one.message for one in tried.remarks] if is_dated else [])


def _values(appraisal: Appraisal, decision: str, unit: str | None) -> list[tuple[str, str]]:
    """What a decision may be about, in words; of a withdrawal what stands of the unit."""
    book = appraisal.book
    if decision == "withdraw":
        return [(chain.decision(appraisal, one), f"{one.decision} {one.value}".strip())
                for one in appraisal.year.decisions if one.unit == unit]
    return {"waive": [(flag.short, id) for id, flag in book.flags.items()],
            "prize": [(said, id) for id, said in PRIZES.items()],
            "class": [(book.classes[id].label, id) for id in CLASSES]}.get(decision, [])


def _said(appraisal: Appraisal, one: Decision | Amendment) -> str:
    """A row in words: `Huyện Kiên Hải: xếp loại Khá`, `Hội phí: % so với chỉ tiêu, dưới: 80`."""
    if isinstance(one, Amendment):
        return f"{scenario.name_of(appraisal.book, one.key)}: {settling.value(appraisal.book, one.key, one.value)}"
    return f"{appraisal.unit(appraisal.place[one.unit]).name}: {chain.decision(appraisal, one)}"


def _lines(lines: list[str]) -> str:
    return part("sentences", lines=lines) if lines else ""
