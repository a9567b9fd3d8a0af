"""What only shows once the year is judged: notices about the Council's decisions and amendments (year-round §1.1, §1.2, §1.4).

Nothing is decided here and nothing left out: a decision that changes nothing, or rests on what has moved since, stays in force.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..plan import ranking
from ..plan.facts import Facts, Settings
from ..plan.judgement import Judgement, judge
from ..plan.scenario import name_of
from ..problems import Problem, visible
from ..rows import Decision
from ..terms import PRIZES, day
from ..year import amended
from ..year.tally import decided
from ..year.year import Year
from .amended import Amended
from .seen import INPUTS_MOVED, UNBOUND, Bound


@dataclass(frozen=True)
class Remarks:
    """A judged year, to be remarked on."""
    year: Year
    facts: Facts
    settings: Settings
    judgement: Judgement
    nominee: np.ndarray
    bindings: Sequence[Bound]
    amendments: Sequence[Amended]

    def every(self) -> Iterator[Problem]:
        """All notices, decision by decision in the order of lines, then what concerns a whole file, then the amendments."""
        for kind in (self._idle, self._leads, self._prizes, self._bound, self._amended):
            yield from kind()

    def _idle(self) -> Iterator[Problem]:
        """Each decision about a unit alone that changes nothing: the year judged without it is the same."""
        decisions = self.year.decisions
        for one in decisions:
            if one.decision in ("lead", "prize"):
                continue
            unit = self.facts.place[one.unit]
            without = judge(decided(self.facts, [d for d in decisions if d is not one]), self.settings)
            if all(getattr(without, column)[unit] == getattr(self.judgement, column)[unit]
                   for column in ("considered", "proposed_class", "final_class")):
                yield self._at(one, f"riêng quyết định này không làm thay đổi kết quả của {self._named(one.unit)}")

    def _leads(self) -> Iterator[Problem]:
        """A unit put first that does not tie for the lead of its cluster: no effect."""
        facts, leads = self.facts, [one for one in self.year.decisions if one.decision == "lead"]
        if not leads:
            return
        alone = replace(facts, put_first=np.zeros_like(facts.put_first))
        first = ranking.leads(alone, self.judgement.final_class, self.settings)
        for one in leads:
            unit = facts.place[one.unit]
            if not first[unit] or (first & (facts.cluster == facts.cluster[unit])).sum() == 1:
                yield self._at(one, f"{self._named(one.unit)} không đồng hạng nhất cụm: quyết định này chưa có tác dụng")

    def _prizes(self) -> Iterator[Problem]:
        """A prize for a unit that is no nominee, or that another unit has as well."""
        prizes = [one for one in self.year.decisions if one.decision == "prize"]
        count = Counter(one.value for one in prizes)
        for one in prizes:
            if not self.nominee[self.facts.place[one.unit]]:
                yield self._at(one, f"{self._named(one.unit)} không thuộc diện được xem xét Nhất, Nhì, Ba")
            if count[one.value] > 1:
                units = ", ".join(self._named(other.unit) for other in prizes if other.value == one.value)
                yield self._at(one, f"giải {PRIZES[one.value]} ghi cho {count[one.value]} đơn vị: {units}")

    def _bound(self) -> Iterator[Problem]:
        """What was seen: cannot be read, has moved since, or was never written down (one notice for all of these)."""
        unbound = [one.decision for one in self.bindings if one.status == UNBOUND and not one.is_unreadable]
        for one in self.bindings:
            if one.is_unreadable:
                yield replace(self._at(one.decision, "cột seen: không đọc được, coi như chưa ghi"),
                              seen=visible(one.decision.seen))
            elif one.status == INPUTS_MOVED:
                yield self._at(one.decision, "số liệu hay quy định phía sau quyết định về "
                               f"{self._named(one.decision.unit)} đã đổi từ khi ấy; các con số đếm được vẫn "
                               "như cũ, quyết định vẫn có hiệu lực")
        if unbound:
            lines = ", ".join(str(one.at.line) for one in unbound)
            yield Problem(unbound[0].at.file, f"{len(unbound)} quyết định không ghi đã dựa trên số liệu nào (cột seen), dòng "
                          f"{lines}: số liệu có đổi cũng không tự báo được")

    def _amended(self) -> Iterator[Problem]:
        """An amendment of a day on which scores were known already, with every unit it changes."""
        for one in self.amendments:
            if one.after_dossier:
                moved = f"làm đổi kết quả của {', '.join(map(self._named, one.moved))}" if one.moved else \
                    "không làm đổi kết quả của đơn vị nào"
                yield Problem(amended.FILE, f"điều chỉnh “{name_of(self.settings.book, one.row.key)}” ngày "
                              f"{day(one.row.decided_on)}, từ hạn nộp hồ sơ ({day(self.year.book.dossier.before)}) trở đi: "
                              f"{moved}", line=one.row.at.line)

    def _named(self, unit: str) -> str:
        return self.year.units[self.facts.place[unit]].name

    def _at(self, one: Decision, what: str) -> Problem:
        return Problem(one.at.file, what, self.year.units[self.facts.place[one.unit]].cluster, line=one.at.line,
                       seen=f"{one.decision} {one.value}".strip())
