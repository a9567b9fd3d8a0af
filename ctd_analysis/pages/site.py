"""What all pages share: their head, foot and printed margins, and the way from one to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .. import __version__
from ..answers.appraisal import Appraisal
from ..tables import markup
from .notebook import ProvincePage


def trail(appraisal: Appraisal, name: str) -> list[tuple[str, str]]:
    """The way from a page to the others; from a cluster to the ones before and after it."""
    links = [("Mục lục", "index.html"), ("Toàn tỉnh", "province.html"), ("Kiểm tra số liệu", "check.html")]
    clusters = [c.cluster for c in appraisal.year.clusters]
    if name in clusters:
        at = clusters.index(name)
        links += [(f"‹ {appraisal.year.clusters[k].name}", f"{clusters[k]}.html") for k in (at - 1,) if k >= 0]
        links += [(f"{c.name} ›", f"{c.cluster}.html") for c in appraisal.year.clusters[at + 1:at + 2]]
    return links


def frame(appraisal: Appraisal, title: str, marks: list[tuple[str, str]], inputs: str, stamp: str,
          trail: Sequence[tuple[str, str]] = (), signed: bool = False) -> dict:
    """For any page: its head, foot and printed margins; `inputs` is the digest of what it shows, `stamp` when it was made."""
    plan, rules = appraisal.book.plan, next(s for s in appraisal.year.sources if s.file == "rulebook.toml")
    return {"title": title, "print_mark": markup.css_string("  |  ".join(text for _, text in marks)), "fingerprint": inputs,
            "issuer": plan.issuer, "council": plan.council, "trail": list(trail), "signed": signed, "stamp": stamp,
            "version": __version__, "rules": rules.sha256[:12], "script": ""}


def contents(appraisal: Appraisal, entries: Sequence[tuple[str, ...]], failed: Mapping[str, list[str]], inputs: str,
             stamp: str) -> str:
    """The index: every page (title, address or none, how it stands, a tone, a remark), every failure with its reasons."""
    names = {c.cluster: c.name for c in appraisal.year.all_clusters}
    marks = ProvincePage(appraisal).marks
    return markup.page("contents.html.j2", entries=entries, marks=marks,
                       failed=[(names.get(name, name), reasons) for name, reasons in failed.items()],
                       problems=[p.message for p in appraisal.year.problems if p.cluster is None],
                       ctd=frame(appraisal, f"Thẩm định thi đua năm {appraisal.book.year}: mục lục", marks, inputs, stamp))
