"""`bien-ban.docx`: the draft minutes of the session, laid out after Decree 30/2020, for the secretary to finish in Word.

The template `report/bien-ban.docx` may be edited in Word. Attendance, opinions, conclusions and signatures are left blank: the
minutes propose, the Council writes what it decided. Text of the year is put in as text, never as a template or as markup.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from ..answers.appraisal import Appraisal
from ..files import without_clock
from ..rows import Amendment, Decision
from ..tables import cluster as cluster_tables
from ..tables.markup import REPORT
from ..words import chain, council, outcomes, papers, settling
from ..words.why import ahead_of

TEMPLATE = REPORT / "bien-ban.docx"


def document(appraisal: Appraisal, marks: list[tuple[str, str]]) -> bytes:
    """The minutes as the bytes of a .docx, always the same for an appraisal; `marks` are the status of the province's page."""
    from docxtpl import DocxTemplate
    plan, said = appraisal.book.plan, papers.on_paper(appraisal)
    template = DocxTemplate(TEMPLATE)
    template.render(_printable({
        "issuer": plan.issuer.upper(), "council": plan.council.upper(), "year": appraisal.book.year, "plan": plan.title,
        "source": papers.days_in_words(plan.criteria_source), "mark": papers.running(marks),
        "status": " · ".join(papers.cut(text) for _, text in marks),
        "outcome": outcomes.whole_year(said), "clusters": list(_clusters(appraisal, said)),
        "items": [{"question": x.question, "clause": x.clause, "grounds": x.grounds, "answers": list(x.answers)}
                  for x in council.items(said, outcomes.by_cluster(said))],
        "nominees": _nominees(said), "decided": _decided(said)}), autoescape=True)
    buffer = io.BytesIO()
    template.save(buffer)
    return without_clock(buffer)


def _clusters(appraisal: Appraisal, said: Appraisal) -> Iterator[dict]:
    """Each cluster with its outcome and its units; of an absent one what is said where its units would stand."""
    absent = outcomes.absent(said)
    for cluster in outcomes.clusters(said):
        inside = said.members(cluster.cluster)
        missing = absent.get(cluster.cluster, "")
        yield {"name": cluster.name, "absent": missing, "summary": [] if missing else outcomes.summary(said, inside),
               "units": [_unit(appraisal, said, i) for i in inside]}


def _unit(appraisal: Appraisal, said: Appraisal, i: int) -> dict:
    """A unit's line, in the chain's own words, under its name as the tables have it."""
    f, steps = said.facts, chain.chain(said, i)
    return {"rank": str(said.ranks[i] or "–") + ("*" if said.tied[i] else ""), "name": papers.cut(appraisal.unit(i).name),
            "a": f.a[i], "c": f.c[i], "share": cluster_tables.share_cell(f, i).text, "base": steps.base, "rules": steps.rules,
            "final": cluster_tables.final_entry(said, i).words, "basis": steps.basis, "decided": steps.decided}


def _decided(appraisal: Appraisal) -> list[str]:
    """What the Council settled of the rules and decided already: unit, decision, reason, document and day."""
    lines = [f"{what}: {settling.from_to(before, after)}; {_because(one.row)}."
             for one in appraisal.amendments for what, before, after in [chain.amended(appraisal, one)]]
    lines += [f"{unit.name}: {chain.decision(appraisal, one)}; {_because(one)}."
              for i, unit in enumerate(appraisal.year.units) for one in chain.decisions_on(appraisal, i)]
    return lines or ["Chưa có quyết định nào."]


def _because(row: Amendment | Decision) -> str:
    return (f"lý do: {row.reason or 'chưa ghi'}; văn bản: {row.document or 'chưa ghi'}, "
            f"{papers.day_in_words(row.decided_on)}")


def _nominees(appraisal: Appraisal) -> list[str]:
    lines = []
    for i, unit in enumerate(appraisal.year.units):
        if appraisal.nominee[i]:
            tied = " (đồng hạng)" if appraisal.tied[i] else ""
            given = "".join(f"; {chain.decision(appraisal, one)} ({settling.document_and_day(one)})"
                            for one in chain.decisions_on(appraisal, i, "prize"))
            lines.append(f"{unit.name}, đứng đầu {appraisal.year.cluster(unit.cluster).name}{tied}{ahead_of(appraisal, i)}"
                         f"{given}.")
    return lines or ["Không có đơn vị nào."]


def _printable(value):
    """Everything in it as text Word can hold: control and direction characters gone."""
    if isinstance(value, dict):
        return {key: _printable(v) for key, v in value.items()}
    if isinstance(value, list):
        return [_printable(v) for v in value]
    return "".join(c for c in str(value) if c.isprintable())
