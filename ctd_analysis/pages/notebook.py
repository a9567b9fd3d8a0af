"""What a notebook calls: one object per page, one method per question; each answer shows itself.

A notebook holds no rule and no loop. `open_cluster`, `open_province` and `open_inputs` read the year and judge it once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from os.path import isfile
from pathlib import Path
from typing import ClassVar

from ..answers.appraisal import Appraisal, appraise
from ..problems import visible
from ..tables import cluster as cluster_tables
from ..tables import grades, inputs, province, registration, what_if
from ..tables.markup import Fragment, part, style
from ..tables.printed import Printed, leading
from ..terms import STAKES, capital
from ..words import chain, council, outcomes, why
from ..year import handed, trial
from ..year.handed import reading
from ..year.newest import find_year
from ..year.year import Year, read


def by_hand(table: Printed, appraisal: Appraisal) -> Printed:
    """A table as it is in a run; in a notebook run by hand its links lead to the pages of the last run, where these are."""
    if handed.is_given():
        return table
    out = Path("reports") / appraisal.year.path.resolve().name
    here = next((base / out for base in (Path(), Path("..")) if (base / out).is_dir()), None)
    return leading(table, lambda href: (here / href).as_posix() if here and (here / href).is_file() else "")


def shows_of(table: Callable[..., Printed], *of: str) -> Callable[[Page], Printed]:
    """A question that a table answers, asked of what the page knows as `of`."""
    def show(page: Page) -> Printed:
        return by_hand(table(*(getattr(page, one) for one in of)), page.appraisal)

    show.__doc__ = table.__doc__
    return show


def says_of(said: Callable[..., list[str]], *of: str) -> Callable[[Page], Fragment]:
    """What the page answers first, in sentences about what it knows as `of`."""
    def say(page: Page) -> Fragment:
        return Fragment(part("lead", lines=said(*(getattr(page, one) for one in of))))

    say.__doc__ = said.__doc__
    return say


def _shows(table: Callable[..., Printed], *of: str) -> Callable[[Page], Printed]:
    return shows_of(table, "appraisal", *of)


@dataclass(frozen=True)
class Page:
    """What the pages have in common."""
    appraisal: Appraisal = field(repr=False)

    #: What the page is about: a cluster, a unit, the province, what was checked; and what its title adds to that.
    name: ClassVar[str]
    tells = ": xếp loại thi đua"
    readings = _shows(cluster_tables.readings, "about")
    sources = _shows(inputs.sources)

    @property
    def title(self) -> str:
        """What the page is called."""
        return f"{self.name}{self.tells} năm {self.appraisal.book.year}"

    @property
    def running_head(self) -> str:
        """What stands on every sheet: what the page is about, and the year."""
        return f"{self.name}, năm {self.appraisal.book.year}"

    @property
    def about(self) -> list[int]:
        """The units the page is about."""
        return self.appraisal.everyone

    @cached_property
    def marks(self) -> list[tuple[str, str]]:
        """The status of the page: draft, sample, provisional, absent, scenario; a kind and its words."""
        marks = [("draft", "DỰ THẢO – tài liệu phục vụ kỳ họp thẩm định")]
        if self.appraisal.book.sample:
            marks.append(("sample", "SỐ LIỆU MINH HỌA – điểm, số tiền, ngày tháng là giả định; danh mục "
                          f"{self.appraisal.book.criteria} tiêu chí là bản dự thảo"))
        if waiting := sum(bool(self.appraisal.judgement.provisional[i]) for i in self.about):
            of_all = f"{waiting}/{len(self.about)} đơn vị " * (len(self.about) > 1)
            marks.append(("provisional", f"TẠM TÍNH – {of_all}còn thiếu số liệu"))
        marks += [("absent", text) for text in outcomes.absent(self.appraisal).values()] if self.is_whole else []
        if self.appraisal.scenario:
            marks.append(("scenario", f"PHƯƠNG ÁN THỬ – {self.appraisal.scenario.title}"))
        return marks

    #: The id of the table a page is opened for, none where it has no standings; and how the link to it is called.
    answer, skip = "", "Tới bảng xếp loại"
    #: Is it about the whole year? Then it says which clusters are absent.
    is_whole = False

    def _asked(self) -> list[council.Item]:
        return council.items(self.appraisal, outcomes.by_cluster(self.appraisal) if self.is_whole else [self.about])

    def open_questions(self) -> Fragment:
        """What the Council has to settle about the page's units, cluster by cluster."""
        return Fragment(part("items", items=self._asked(), stakes=STAKES))

    def status(self) -> Fragment:
        """The status line."""
        return Fragment(part("marks", marks=self.marks))

    #: Who signs between the person who made the sheet and the Council.
    cosigner = "CỤM TRƯỞNG"

    def signatures(self) -> Fragment:
        """On paper: place, day and three signatures."""
        return Fragment(part("signatures", middle=self.cosigner))

    def _repr_html_(self) -> str:
        return part("for_jupyter", style=style(), lines=[self.title])


@dataclass(frozen=True)
class ClusterPage(Page):
    """One cluster."""
    cluster: str

    answer = "bang-xep-loai"
    amended = _shows(cluster_tables.amended_aside)
    ranking = _shows(cluster_tables.ranking, "cluster")
    decided = _shows(cluster_tables.decided, "about")
    exceptions = _shows(cluster_tables.exceptions, "about")
    conditions = _shows(cluster_tables.conditions, "cluster")
    not_a = _shows(grades.not_a, "about")
    verified = _shows(grades.verified, "cluster")
    differences = _shows(grades.differences, "about")
    leniency = _shows(grades.leniency, "about")
    matrix = _shows(grades.matrix, "cluster")
    notices = _shows(inputs.notices, "cluster")
    sources = _shows(inputs.sources, "cluster")
    summary = says_of(outcomes.summary, "appraisal", "about")

    @property
    def name(self) -> str:
        """The cluster's name."""
        return self.appraisal.year.cluster(self.cluster).name

    @property
    def about(self) -> list[int]:
        """The cluster's units, in order of rank."""
        return self.appraisal.members(self.cluster)

    def chart(self) -> Fragment:
        """A and branch share of each unit against the ladder."""
        from ..tables import charts
        return charts.standing(self.appraisal, self.cluster)

    def agenda(self) -> Fragment:
        """On the session's sheet: what the Council has to settle by its questions alone, and what hangs on each."""
        return Fragment(part("agenda", items=self._asked(), stakes=STAKES))


@dataclass(frozen=True)
class UnitPage(Page):
    """One unit, to be sent to it: rendered by a template of its own, without a notebook."""
    unit: int

    @property
    def name(self) -> str:
        """The unit's name."""
        return self.appraisal.unit(self.unit).name

    @property
    def about(self) -> list[int]:
        """The unit alone."""
        return [self.unit]

    def parts(self) -> dict:
        """What `unit.html.j2` shows, by the names it uses."""
        a, i = self.appraisal, self.unit
        return {"cluster": a.year.cluster(a.unit(i).cluster), "final": cluster_tables.final_entry(a, i), "rank": a.ranks[i],
                "tied": a.tied[i], "lead": chain.LEAD if a.is_lead(i) else "", "lines": why.three_lines(a, i),
                "decided": cluster_tables.decided(a, [i]),
                "exceptions": replace(cluster_tables.exceptions(a, [i]), folded="", cards=True),
                "not_a": replace(grades.not_a(a, [i]), folded=""), "targets": province.own_targets(a, i),
                "registered": province.registered(a, i),
                "steps": [*why.sentences(a, i), f"Đổi mọi cách hiểu cùng lúc: {why.firmness(a, i)}."],
                "proof": [replace(what_if.distance(a, [i]), folded="Còn cách loại trên bao xa"),
                          cluster_tables.evidence(a, [i]), grades.own_grades(a, i)],
                "council": a.book.plan.council}


@dataclass(frozen=True)
class ProvincePage(Page):
    """All clusters side by side."""

    answer, is_whole, cosigner = "bang-toan-tinh", True, "THƯ KÝ HỘI ĐỒNG"
    standings = _shows(province.session_sheet)
    direct = _shows(registration.direct_aside)
    nominees = _shows(province.nominees)
    amended = _shows(cluster_tables.amended)
    decided = _shows(cluster_tables.decided, "about")
    grounds = _shows(province.standings)
    distribution = _shows(province.distribution)
    lost_points = _shows(province.lost_points)
    leniency = _shows(grades.leniency_of_clusters)
    targets = _shows(province.targets)
    weights = _shows(what_if.weights)
    summary = says_of(outcomes.whole_year, "appraisal")

    @property
    def name(self) -> str:
        """The province's name."""
        return f"Toàn tỉnh {self.appraisal.book.plan.province}"

    @property
    def about(self) -> list[int]:
        """All units, cluster by cluster, each in order of rank."""
        return [i for members in outcomes.by_cluster(self.appraisal) for i in members]

    def distribution_chart(self) -> Fragment:
        """How many units of each class, drawn."""
        from ..tables import charts
        return charts.classes(self.appraisal)

    def lost_points_chart(self) -> Fragment:
        """In which areas criteria are not at A, drawn."""
        from ..tables import charts
        return charts.lost_points(self.appraisal)


@dataclass(frozen=True)
class InputsPage(Page):
    """Is the year complete and right?"""

    is_whole, name, tells = True, "Kiểm tra số liệu thi đua", ""
    issues = _shows(inputs.issues)
    corrections = _shows(inputs.corrections)
    receipts = _shows(inputs.receipts)
    counted = _shows(inputs.counted)
    gaps = _shows(inputs.gaps)
    summary = says_of(inputs.summary, "appraisal")


def judged(year_dir: str, scenario: str, only: str | None = None) -> Appraisal:
    """The year a notebook asks for, judged: the one a run has handed to it, or read anew; `only` for one cluster's page."""
    scenario = "" if scenario is None else str(scenario)
    if given := reading(year_dir, scenario, only):
        return appraise(*given)
    year = read(find_year(year_dir), only)
    return appraise(year, trial.load(_beside(scenario), year) if scenario else None)


def _beside(scenario: str) -> Path:
    return next((base / scenario for base in (Path(), Path("..")) if isfile(base / scenario)), Path(scenario))


def open_cluster(year_dir: str, cluster: str, scenario: str = "") -> ClusterPage:
    """A cluster's page; `scenario` is the path of a scenario file, or empty. ValueError: no such cluster, or a faulty one."""
    cluster = str(cluster)      # papermill makes numbers and None of what is typed so
    appraisal = judged(year_dir, scenario, cluster)
    return cluster_page(lambda: appraisal, appraisal.year, cluster)


def cluster_page(appraised: Callable[[], Appraisal], year: Year, cluster: str) -> ClusterPage:
    """The page of a cluster of a year, from its appraisal once it is known to stand. ValueError as `open_cluster`."""
    if cluster in year.failed:
        raise ValueError("\n".join([f"Cụm {cluster} chưa xét được:", *year.failed[cluster]]))
    if cluster not in year.cluster_names:
        raise ValueError(f"{capital(year.no_cluster(cluster, visible(cluster)))}.")
    return ClusterPage(appraised(), cluster)


def open_province(year_dir: str, scenario: str = "") -> ProvincePage:
    """The province's page; `scenario` is the path of a scenario file, or empty. FileNotFoundError: no such year."""
    return ProvincePage(judged(year_dir, scenario))


def open_inputs(year_dir: str, scenario: str = "") -> InputsPage:
    """The page about the inputs; arguments and errors as `open_province`."""
    return InputsPage(judged(year_dir, scenario))
