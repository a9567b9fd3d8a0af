"""A year through LibreOffice: templates filled, opened, saved as .xlsx, read back; `results.json` must not change.

    .venv/bin/python tests/libreoffice.py [YEAR_DIR]

Needs `soffice` on the machine; not part of the test suite. Prints what was compared and ends with 1 where something differs.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

AT_ONCE = 40            # files a call: LibreOffice leaves some out of a longer list
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ctd_analysis.answers.appraisal import appraise  # noqa: E402
from ctd_analysis.forms import template  # noqa: E402
from ctd_analysis.year.year import Year, read  # noqa: E402


def from_workbooks(year: Year, folder: Path, resaved: bool) -> Path:
    """A copy of the year whose submissions are filled templates, saved once more by LibreOffice if asked for."""
    shutil.copytree(year.path, folder, ignore=shutil.ignore_patterns("submissions"))
    sent = folder / "submissions"
    drafts = folder / "drafts" if resaved else sent
    drafts.mkdir()
    for cluster in year.all_clusters:
        (drafts / f"{cluster.cluster}.xlsx").write_bytes(template.workbook(year, cluster.cluster, filled=True))
    if resaved:
        save_again(sorted(drafts.iterdir()), sent)
        shutil.rmtree(drafts)
    return folder


def save_again(files: list[Path], out: Path) -> None:
    """Open in LibreOffice and save as .xlsx."""
    for first in range(0, len(files), AT_ONCE):
        with tempfile.TemporaryDirectory() as profile:
            subprocess.run(["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to",
                            "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, files[first:first + AT_ONCE])],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)


def results(year: Year) -> dict:
    """`results.json`, as the contract has it, without where each row was read."""
    return {key: value for key, value in appraise(year).as_json().items() if key != "sources"}


def main() -> int:
    """Compare the year as it is with the year from templates, straight and by way of LibreOffice."""
    year = read(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data" / "2024")
    wanted, bad = results(year), 0
    with tempfile.TemporaryDirectory() as made:
        for name, resaved in (("template", False), ("LibreOffice", True)):
            again = read(from_workbooks(year, Path(made) / name, resaved))
            same = results(again) == wanted
            bad += not same
            print(f"{name}: {len(again.units)} units, {len(again.problems)} problems, {len(again.notices)} notices; results "
                  f"{'is the same' if same else 'DIFFERS'}")
            for problem in again.problems[:20]:
                print(f"  {problem.message}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
