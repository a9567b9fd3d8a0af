"""What all pages share: their head, foot and printed margins, and the way from one to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .. import __version__
from ..answers.appraisal import Appraisal
from ..tables import markup, progress, province, registration
from ..tables.printed import leading
from ..words import outcomes, papers
from ..year.year import Year
from .midyear import ProgressPage, RegistrationPage
from .notebook import Page, ProvincePage


def trail(appraisal: Appraisal, name: str) -> list[tuple[str, str]]:
    """The way from a page to the others; from a cluster to the ones before and after it."""
    links = [("Mục lục", "index.html"), *([] if appraisal.year.is_early else [("Toàn tỉnh", "province.html")]),
             ("Kiểm tra số liệu", "check.html"), *((text, f"{page}.html") for page, text in midyear(appraisal.year).items())]
    clusters = [c.cluster for c in appraisal.year.clusters]
    if name in clusters:
        at = clusters.index(name)
        links += [(f"‹ {appraisal.year.clusters[k].name}", f"{clusters[k]}.html") for k in (at - 1,) if k >= 0]
        links += [(f"{c.name} ›", f"{c.cluster}.html") for c in appraisal.year.clusters[at + 1:at + 2]]
    return links


def midyear(year: Year) -> dict[str, str]:
    """The pages before December that a year has, where their files are there, each with how it is called."""
    return {page: text for page, text, tables in (("registration", "Đăng ký", ("received", "targets", "registration")),
                                                  ("progress", "Tiến độ", ("progress",))) if year.has(*tables)}


def frame(appraisal: Appraisal, title: str, marks: list[tuple[str, str]], inputs: str, stamp: str,
          trail: Sequence[tuple[str, str]] = (), answer: str = "", running_head: str = "", skip: str = Page.skip) -> dict:
    """For any page: its head, foot and printed margins; `inputs` is the digest of what it shows, `stamp` when it was made.

    `answer` is the id of what the page is opened for, `skip` how the link to it is called, `running_head` stands on every
    sheet beside the status marks.
    """
    plan, rules = appraisal.book.plan, next(s for s in appraisal.year.sources if s.file == "rulebook.toml")
    return {"title": title, "print_mark": markup.css_string(papers.running(marks)), "fingerprint": inputs,
            "issuer": plan.issuer, "council": plan.council, "trail": list(trail), "stamp": stamp,
            "answer": answer, "skip": skip, "running_head": markup.css_string(running_head or title),
            "version": __version__, "rules": rules.sha256[:12],
            "script": markup.SCROLLS, "scripts": [markup.hashed(markup.SCROLLS)], "absent": ()}


def frame_of(page: Page, inputs: str, stamp: str, trail: Sequence[tuple[str, str]] = ()) -> dict:
    """`frame`, for a page that knows what it is called and what it is opened for."""
    return frame(page.appraisal, page.title, page.marks, inputs, stamp, trail, page.answer, page.running_head, page.skip)


def contents(appraisal: Appraisal, entries: Sequence[tuple[str, ...]], failed: Mapping[str, list[str]], inputs: str,
             stamp: str, where: Callable[[str], str]) -> str:
    """The index: the year in numbers, its units, every page (title, address or none, state, a tone, a remark), failures.

    `where` gives the address of a page by its name, or nothing where there is none. Before December it opens with who has
    registered and how far everybody is, and there are no results to link to.
    """
    is_early = appraisal.year.is_early
    early = RegistrationPage(appraisal)
    marks = early.marks if is_early else ProvincePage(appraisal).marks
    units = early.standing() if is_early else leading(province.directory(appraisal), where)
    numbers = registration.summary(early.found) if is_early else outcomes.whole_year(appraisal)
    if is_early and appraisal.year.progress:
        numbers = [*numbers, *progress.summary(ProgressPage(appraisal).half)]
    title = f"{'Thi đua' if is_early else 'Thẩm định thi đua'} năm {appraisal.book.year}: mục lục"
    return markup.page("contents.html.j2", entries=entries, marks=marks, units=units, numbers=numbers, is_early=is_early,
                       failed=[(appraisal.year.cluster_names.get(name, name), reasons) for name, reasons in failed.items()],
                       problems=[p.message for p in appraisal.year.problems if p.cluster is None],
                       ctd=frame(appraisal, title, marks, inputs, stamp,
                                 answer=f"bang-{units.name}", skip=RegistrationPage.skip if is_early else ProvincePage.skip))
