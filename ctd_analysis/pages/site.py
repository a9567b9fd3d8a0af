"""What all pages share: their head, foot and printed margins, and the way from one to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .. import __version__
from ..answers.appraisal import Appraisal
from ..tables import markup, province
from ..tables.printed import leading
from ..words import council, papers
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
          trail: Sequence[tuple[str, str]] = (), answer: str = "", running_head: str = "") -> dict:
    """For any page: its head, foot and printed margins; `inputs` is the digest of what it shows, `stamp` when it was made.

    `answer` is the id of what the page is opened for, `running_head` stands on every sheet beside the status marks.
    """
    plan, rules = appraisal.book.plan, next(s for s in appraisal.year.sources if s.file == "rulebook.toml")
    return {"title": title, "print_mark": markup.css_string(papers.running(marks)), "fingerprint": inputs,
            "issuer": plan.issuer, "council": plan.council, "trail": list(trail), "answer": answer, "stamp": stamp,
            "running_head": markup.css_string(running_head or title), "version": __version__, "rules": rules.sha256[:12],
            "script": markup.SCROLLS, "scripts": [markup.hashed(markup.SCROLLS)]}


def contents(appraisal: Appraisal, entries: Sequence[tuple[str, ...]], failed: Mapping[str, list[str]], inputs: str,
             stamp: str, where: Callable[[str], str]) -> str:
    """The index: the year in numbers, its units, every page (title, address or none, state, a tone, a remark), failures.

    `where` gives the address of a page by its name, or nothing where there is none.
    """
    names = {c.cluster: c.name for c in appraisal.year.all_clusters}
    marks, units = ProvincePage(appraisal).marks, leading(province.directory(appraisal), where)
    return markup.page("contents.html.j2", entries=entries, marks=marks, units=units, numbers=council.whole_year(appraisal),
                       failed=[(names.get(name, name), reasons) for name, reasons in failed.items()],
                       problems=[p.message for p in appraisal.year.problems if p.cluster is None],
                       ctd=frame(appraisal, f"Thẩm định thi đua năm {appraisal.book.year}: mục lục", marks, inputs, stamp,
                                 answer=f"bang-{units.name}"))
