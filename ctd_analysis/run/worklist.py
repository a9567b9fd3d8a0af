"""Which pages a year has, and what each is made from: by that a further run knows whether it has to be made again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ..answers.appraisal import Appraisal
from ..files import digest, sha256
from ..pages.inspection import InspectionPage
from ..pages.midyear import ProgressPage, RegistrationPage
from ..pages.notebook import ClusterPage, InputsPage, Page, ProvincePage
from ..pages.site import frame_of, midyear
from ..pages.site import trail as trail_of
from ..tables import markup
from ..tables.printed import unit_page
from ..year import verified, visits
from .ledger import made_with, own_files


def find_notebooks(package: Path) -> Path:
    """The folder of the notebooks: inside the installed library, or beside `package` where the project is worked in."""
    inside = package / "notebooks"
    return inside if inside.is_dir() else package.parent / "notebooks"


NOTEBOOKS = find_notebooks(markup.REPORT.parent)
_MIDYEAR = {"registration": RegistrationPage, "progress": ProgressPage}


@dataclass(frozen=True)
class Job:
    """One page: which notebook, with which parameters, and what it is made from."""
    name: str
    notebook: Path
    parameters: dict[str, str]
    page: Page
    trail: list[tuple[str, str]]    # links to the other pages: words and address
    inputs: str                     # a digest of the year's data and rules it shows; printed on the page
    fingerprint: str                # the same with notebook, code, templates and versions
    absent: tuple[str, ...] = ()    # pages that are not there when it is made: nothing leads to them

    @property
    def files(self) -> set[str]:
        """The page, and beside a cluster's the pages of its units."""
        units = self.page.about if isinstance(self.page, ClusterPage) else ()
        return {f"{self.name}.html", *(unit_page(self.page.appraisal.unit(i).unit) for i in units)}


def linked(jobs: list[Job], chosen: Iterable[str], out: Path) -> list[Job]:
    """The same, where only the `chosen` are made: each knows which pages are then missing in the folder `out`.

    What is about the whole year is made again once these are there; a cluster's page still says what it said.
    """
    kept = {file for job in jobs if job.name in chosen for file in job.files}
    absent = tuple(sorted(file for job in jobs for file in job.files - kept if not (out / file).is_file()))
    return [replace(job, absent=absent, fingerprint=job.fingerprint if isinstance(job.page, ClusterPage) else
                    digest([job.fingerprint, absent])) for job in jobs] if absent else jobs


def plan(appraisal: Appraisal, scenario: Path | None) -> list[Job]:
    """The pages of a year: check, a cluster each that stands, province, those before December; before anything was sent neither
    clusters nor province. `scenario` is the file its notebooks are given."""
    shared = {"year_dir": str(appraisal.year.path.resolve()), "scenario": str(scenario.resolve()) if scenario else ""}
    made = [("check", "check_inputs.ipynb", shared, InputsPage(appraisal), None),
            *((c, "cluster_report.ipynb", {**shared, "cluster": c}, ClusterPage(appraisal, c), c)
              for c in (c.cluster for c in appraisal.year.clusters)),
            ("province", "province_summary.ipynb", shared, ProvincePage(appraisal), None),
            *((name, f"{name}.ipynb", shared, _MIDYEAR[name](appraisal), None) for name in midyear(appraisal.year))]
    if {verified.FILE, visits.FILE} & {source.file for source in appraisal.year.sources}:
        made.append(("inspection", "inspection.ipynb", shared, InspectionPage(appraisal), None))
    made = [one for one in made if one[0] != "province" or not appraisal.year.is_early]
    code = digest([own_files(), made_with()])
    jobs = []
    for name, notebook, parameters, page, cluster in made:
        links = trail_of(appraisal, name)
        shown = digest([name, inputs(appraisal, cluster), page.marks, links])
        path = NOTEBOOKS / notebook
        jobs.append(Job(name, path, parameters, page, links, shown, digest([shown, code, sha256(path)])))
    return jobs


def inputs(appraisal: Appraisal, cluster: str | None) -> list:
    """What a page is made from in the year's folder: the files behind it, the rules in force, what was found in them."""
    files = appraisal.year.behind(cluster)
    tried = appraisal.scenario.changes if appraisal.scenario else {}       # facts and the order in a cluster among them
    rules = sorted((k, str(v)) for k, v in {**appraisal.book.values(), **appraisal.book.chosen, **tried}.items())
    notices = [n.message for n in appraisal.notices if cluster is None or n.cluster == cluster]
    return [files, rules, notices, [p.message for p in appraisal.year.problems] if cluster is None else []]


# ---------------------------------------------------------------- what the templates have to know

def context(job: Job, stamp: str) -> dict:
    """For a notebook's page: what the template has to know beside the notebook's own answers."""
    trail = [(text, href) for text, href in job.trail if href not in job.absent]
    return frame_of(job.page, job.inputs, stamp, trail) | {"absent": job.absent}
