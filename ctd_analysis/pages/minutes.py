"""`bien-ban.docx`: the draft minutes of the session, laid out after Decree 30/2020, for the secretary to finish in Word.

The template `report/bien-ban.docx` may be edited in Word. Attendance, opinions, conclusions and signatures are left blank: the
minutes propose, the Council writes what it decided. Text of the year is put in as text, never as a template or as markup.
"""

from __future__ import annotations

import io

from ..answers.appraisal import Appraisal
from ..files import without_clock
from ..tables import cluster as cluster_tables
from ..tables.markup import REPORT
from ..words import chain, council
from ..words.why import ahead_of

TEMPLATE = REPORT / "bien-ban.docx"
_LONGEST = 400          # characters of one typed text on paper


def document(appraisal: Appraisal, marks: list[tuple[str, str]]) -> bytes:
    """The minutes as the bytes of a .docx, always the same for an appraisal; `marks` are the status of the province's page."""
    from docxtpl import DocxTemplate
    plan = appraisal.book.plan
    template = DocxTemplate(TEMPLATE)
    members = [appraisal.members(c.cluster) for c in appraisal.year.clusters]
    template.render(_printable({
        "issuer": plan.issuer.upper(), "council": plan.council.upper(), "year": appraisal.book.year, "plan": plan.title,
        "source": plan.criteria_source, "status": " · ".join(text for _, text in marks),
        "mark": " | ".join(text for _, text in marks),
        "clusters": [{"name": c.name, "summary": council.summary(appraisal, inside),
                      "units": [_unit(appraisal, i) for i in inside]}
                     for c, inside in zip(appraisal.year.clusters, members, strict=True)],
        "failed": "; ".join(council.absent(appraisal).values()),
        "items": [{"question": x.question, "clause": x.clause, "grounds": x.grounds, "answers": list(x.answers)}
                  for x in council.items(appraisal, members)],
        "nominees": _nominees(appraisal), "decided": _decided(appraisal)}), autoescape=True)
    buffer = io.BytesIO()
    template.save(buffer)
    return without_clock(buffer)


def _unit(appraisal: Appraisal, i: int) -> dict:
    """A unit's line and its grounds, in the chain's own words."""
    f, steps = appraisal.facts, chain.chain(appraisal, i)
    return {"rank": str(appraisal.ranks[i] or "–") + ("*" if appraisal.tied[i] else ""), "name": appraisal.unit(i).name,
            "grades": f"{f.a[i]} / {f.c[i]}", "share": cluster_tables.share_cell(f, i).text, "base": steps.base,
            "rules": steps.rules, "final": cluster_tables.final_entry(appraisal, i).words, "basis": steps.basis,
            "decided": "; ".join(steps.decisions)}


def _decided(appraisal: Appraisal) -> list[str]:
    """What the Council settled of the rules and decided already: unit, decision, reason, document and day."""
    lines = [f"{what}: {before} → {after}; lý do: {one.row.reason or 'chưa ghi'} ({chain.document_and_day(one.row)})."
             for one in appraisal.amendments for what, before, after in [chain.amended(appraisal, one)]]
    lines += [f"{unit.name}: {chain.decision(appraisal, one)}; lý do: {one.reason or 'chưa ghi'} "
              f"({chain.document_and_day(one)})."
              for i, unit in enumerate(appraisal.year.units) for one in chain.decisions_on(appraisal, i)]
    return lines or ["Chưa có quyết định nào."]


def _nominees(appraisal: Appraisal) -> list[str]:
    lines = []
    for i, unit in enumerate(appraisal.year.units):
        if appraisal.nominee[i]:
            tied = " (đồng hạng)" if appraisal.tied[i] else ""
            given = "".join(f"; {chain.decision(appraisal, one)} ({chain.document_and_day(one)})"
                            for one in chain.decisions_on(appraisal, i, "prize"))
            lines.append(f"{unit.name}, đứng đầu {appraisal.year.cluster(unit.cluster).name}{tied}{ahead_of(appraisal, i)}"
                         f"{given}.")
    return lines or ["Không có đơn vị nào."]


def _printable(value):
    """Everything in it as text Word can hold: control and direction characters gone, very long texts cut."""
    if isinstance(value, dict):
        return {key: _printable(v) for key, v in value.items()}
    if isinstance(value, list):
        return [_printable(v) for v in value]
    text = "".join(c for c in str(value) if c.isprintable())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
