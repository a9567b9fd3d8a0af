"""`what_if.html`, for those without Jupyter: the rule book's numbers and readings as controls, the table following.

One file, no server: the page judges anew by `report/ctd/what_if.js`, a second reading of part III that tests hold against the
library cell by cell. It works from the facts and the rule book written into the page and holds no threshold of its own; without
JavaScript the base table stands as it is. It is for exploring, and stands apart from the Council's pages.
"""

from __future__ import annotations

import json
from datetime import date

import numpy as np

from ..answers.appraisal import Appraisal
from ..plan.facts import BLANK_DAY, NEVER, Amounts, Facts
from ..plan.ladder import BARRED
from ..plan.rulebook import Rulebook
from ..plan.scenario import MOVES, name_of
from ..tables import markup
from ..tables.cluster import class_cell, flags_cell, share_cell
from ..tables.printed import Heading, Line, Printed, band, line
from ..terms import ADDED, CLASSES, COUNCIL, NUMBERS, WAIVED, day, number
from ..values import LARGEST
from ..words import chain, outcomes, papers, settling, wording

FILE = "what_if.html"
_TIED, _NO, _NOMINEE, _PROVISIONAL = " (đồng hạng)", "–", "được xem xét", "tạm tính"
_CASES = "Trường hợp III.2"
#: The table's headings, and what of a judgement moves in each; None: stays as it is.
_COLUMNS = (("Đơn vị", None), (chain.FINAL, "final_class"), ("Thứ tự", "cluster_rank"), ("Xét Nhất, Nhì, Ba", "nominee"),
            ("A", None), ("C", None), ("Hội cơ sở", None), (chain.BASE, "base_class"), (_CASES, "flags"),
            (chain.RULES, "rules_class"), (chain.DECIDED, None), ("Tạm tính", "provisional"))
#: The bars of a class, a column each among the controls.
_BARS = ("min_a", "max_c", "branch_percent")


def page(appraisal: Appraisal, marks: list[tuple[str, str]], ctd: dict) -> str:
    """The whole page; `marks` is its status, `ctd` what every page's template has to know."""
    book, script = appraisal.book, (markup.REPORT / "ctd" / "what_if.js").read_text(encoding="utf-8")
    trial = f"PHƯƠNG ÁN THỬ, khác {_origin(appraisal)}"
    on_paper = markup.css_string(papers.running([("scenario", "PHƯƠNG ÁN THỬ"), *marks]))
    return markup.page("what_if.html.j2", ctd={**ctd, "scripts": [*ctd["scripts"], markup.hashed(script)]},
                       marks=marks, trial=trial, on_paper=on_paper,
                       origin=_origin(appraisal), table=standings(appraisal), book=book, ladder=[
                           (book.classes[rung], [_control(appraisal, f"class.{rung}.{name}") for name in _BARS])
                           for rung in BARRED],
                       bars=[NUMBERS[name] for name in _BARS], flags=_grouped(appraisal, "flag"),
                       no_object=wording.NO_OBJECT,
                       settled={id: _settled(appraisal, f"readings.{id}") for id in book.readings},
                       filings=_grouped(appraisal, "filing"), data=_inert(data(appraisal)),
                       script=script)


def standings(appraisal: Appraisal) -> Printed:
    """One line a unit, cluster by cluster, in the order of the base."""
    rows = []
    absent = outcomes.absent(appraisal)
    for cluster in outcomes.clusters(appraisal):
        rows += [band(absent.get(cluster.cluster, cluster.name)),
                 *(_row(appraisal, i) for i in appraisal.members(cluster.cluster))]
    headings = tuple(Heading(label, {"A": "number", "C": "number", _CASES: "long", chain.DECIDED: "long"}.get(label, "text"))
                     for label, _ in _COLUMNS)
    return Printed("thu", "Toàn tỉnh theo cụm", headings, tuple(rows),
                 ("Thứ tự các dòng giữ như ban đầu để dễ so. Số điểm A in ra không cộng KAD. Hội cơ sở: số Hội cơ sở từ "
                  "Khá trở lên; tỷ lệ in ra làm tròn xuống, tính trên tất cả Hội cơ sở.",))


def _row(appraisal: Appraisal, i: int) -> Line:
    f, j, unit, rank = appraisal.facts, appraisal.judgement, appraisal.unit(i), appraisal.ranks[i]
    by_rules = appraisal.by_rules
    return line(unit.name, class_cell(appraisal, i, j.final_class), _NO if rank is None else
                f"{rank}{_TIED if appraisal.tied[i] else ''}", _NOMINEE if appraisal.nominee[i] else _NO, f.a[i], f.c[i],
                share_cell(f, i), class_cell(appraisal, i, j.placement.base_class, considered=True), flags_cell(appraisal, i),
                class_cell(appraisal, i, by_rules.final_class, by_rules.considered[i]), chain.chain(appraisal, i).decided,
                _PROVISIONAL if j.provisional[i] else _NO, id=unit.unit)


# ---------------------------------------------------------------- the controls

def settings(book: Rulebook) -> dict[str, int | str]:
    """Every number, day and reading with a control, as the rule book has it; a filing only shown decides nothing."""
    return {key: str(value) if isinstance(value, date) else value for key, value in book.in_force().items()
            if not key.startswith("filing.") or book.filings[key.split(".")[1]].decides}


def bounds(book: Rulebook, name: str) -> tuple[str, int]:
    """Of a number or day of a rule by its name: count, money (VND) or day; and how far a control goes (a day has no bound)."""
    kind = "day" if name == "before" else "money" if name.endswith("_min") else "count"
    return kind, LARGEST if kind == "money" else book.criteria if name in ("min_a", "max_c") else 100


def _control(appraisal: Appraisal, key: str) -> dict[str, int | str]:
    """One number or day as a control, as the template names it: its key, what it is called, what it stands at (and as a reader
    is told that), how far it may go; what it was as issued, and by which document."""
    book = appraisal.book
    value, name = settings(book)[key], key.split(".")[-1]
    kind, highest = bounds(book, name)
    was, by = _settled(appraisal, key)
    return {"key": key, "name": name_of(book, key), "label": NUMBERS[name], "kind": kind, "highest": highest,
            "value": number(value) if kind == "money" else value, "was": was, "by": by,
            "shown": day(date.fromisoformat(value)) if kind == "day" else number(value)}


def _settled(appraisal: Appraisal, key: str) -> tuple[str, str]:
    """What a key was as issued, where the Council changed it; by which document, where it said anything of it (§1.1)."""
    one = appraisal.changed.get(key)
    return settling.was(appraisal.book, key, one), settling.document_and_day(one.row) if one else ""


def _grouped(appraisal: Appraisal, table: str) -> list[tuple]:
    """The rules of a table with their controls; those without one left out."""
    book = appraisal.book
    rules = {"flag": book.flags, "filing": book.filings}[table]
    keys = settings(book)
    found = [(rule, [_control(appraisal, key) for key in keys if key.startswith(f"{table}.{id}.")])
             for id, rule in rules.items()]
    return [(rule, controls) for rule, controls in found if controls]


# ---------------------------------------------------------------- what the script works from

def data(appraisal: Appraisal) -> dict:
    """The rule book, the facts and the words, as JSON values. Amounts are text: a script's numbers end before theirs do."""
    book, tried = appraisal.book, appraisal.scenario.changes if appraisal.scenario else {}
    return {
        "rules": {"classes": list(CLASSES), "ranking": list(book.ranking.order), "council": COUNCIL,
                  "filings": {id: f.fact for id, f in book.filings.items()},
                  "flags": {id: {"kind": flag.kind, "group": flag.group, "join": flag.join, "indicators": list(flag.indicators),
                                 "target_of": flag.target_of} for id, flag in book.flags.items()},
                  "joins": {id: reading.joins for id, reading in book.readings.items() if reading.joins}},
        "settings": settings(book),         # and what is tried already, which a file saved on the page holds too
        "tried": {key: value if isinstance(value, int) else str(value) for key, value in tried.items()},
        "moves": list(MOVES), "columns": [what for _, what in _COLUMNS],
        "facts": [_facts(appraisal.facts, book, i) for i in appraisal.everyone],
        "words": _words(appraisal)}


def _facts(facts: Facts, book: Rulebook, i: int) -> dict:
    counts = ("cluster", "a", "c", "ungraded", "not_applicable", "branches", "fund_branches", "branches_rated", "branches_good",
              "branches_exactly_good", "downgrades", "given")
    indicators = {name for flag in book.flags.values() for name in (*flag.indicators, flag.target_of) if name}
    return {"unit": facts.units[i], **{name: int(getattr(facts, name)[i]) for name in counts},
            "smallest_fund": _amount(facts.smallest_fund, i), "total_fund": _amount(facts.total_fund, i),
            "actual": {name: _amount(facts.actual[name], i) for name in sorted(indicators)},
            "target": {name: _amount(facts.target[name], i) for name in sorted(indicators)},
            "filings": {name: _came(came[i]) for name, came in facts.filings.items()},
            "merits": {key: int(column[i]) for key, column in facts.merits.items()},
            "waived": [flag for flag, waived in facts.waived.items() if waived[i]],
            "put_out": bool(facts.put_out[i]), "let_in": bool(facts.let_in[i]), "put_first": bool(facts.put_first[i])}


def _amount(column: Amounts, i: int) -> str | None:
    return None if column.at(i) is None else str(column.at(i))


def _came(came: np.int64) -> str | None:
    return None if came == BLANK_DAY else "none" if came == NEVER else str(date.fromordinal(int(came)))


def _words(appraisal: Appraisal) -> dict:
    """What the script says, so that it and the table say the same."""
    book, origin = appraisal.book, _origin(appraisal)
    names = {key: wording.reading_name(book, key.removeprefix("readings.")) if key.startswith("readings.")
             else name_of(book, key) for key in settings(book)}
    return {"classes": {id: rung.label for id, rung in book.classes.items()}, "no_class": wording.class_label(book, None),
            "not_considered": wording.class_label(book, None, considered=False),
            "flags": {id: flag.short for id, flag in book.flags.items()}, "names": names,
            "options": {f"readings.{id}": dict(r.options) for id, r in book.readings.items()},
            "waived": WAIVED, "added": ADDED, "unknown": "chưa rõ:", "clear": "không", "tied": _TIED, "no": _NO,
            "nominee": _NOMINEE, "provisional": _PROVISIONAL, "changed": "đổi", "trial": "PHƯƠNG ÁN THỬ",
            "moved": "đơn vị đổi.", "unchanged": f"Chưa đổi gì: kết quả như {origin}.",
            "untitled": "không đổi gì", "opened": "Đã mở", "not_opened": "Không có yêu cầu hay cách hiểu nào để mở trong",
            "of_it": "yêu cầu hoặc cách hiểu.", "unused": "trang này không đổi được, để nguyên",
            "wrong": f"chưa dùng được, đang tính theo {origin}",
            "uneven": "thang không giảm dần; vẫn xét từ loại cao xuống"}


def _origin(appraisal: Appraisal) -> str:
    return "phương án đang xem" if appraisal.scenario else "quy định"


def _inert(value) -> str:
    """JSON in which nothing can end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
