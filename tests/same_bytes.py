"""Do two trees of this project make the same bytes? All that `ctd` makes of the shipped year and the worked cases, as SHA-256.

    python tests/same_bytes.py OUT.json [TREE]      run the library in TREE (this one) and write name → digest
    python tests/same_bytes.py --compare A.json B.json

Workbooks and documents count by their members, name and bytes. `run.json` is left out: it tells how long things took.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

SETTLED = {"SOURCE_DATE_EPOCH": "1735000000", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
SCENARIO = "data/2024/scenarios/hoi-co-so-70-phan-tram.toml"


def digest(path: Path) -> str:
    """A file's SHA-256; of an archive's members where it is one."""
    seal = hashlib.sha256()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                seal.update(name.encode() + b"\0" + hashlib.sha256(archive.read(name)).digest())
    else:
        seal.update(path.read_bytes())
    return seal.hexdigest()


def made_by(tree: Path, work: Path) -> dict[str, str]:
    """Every file and every output of the verbs; all is run in `work`, so that no path of the tree is printed."""
    shutil.copytree(tree / "data", work / "data")
    found, env, years, cases = {}, {**os.environ, **SETTLED, "PYTHONPATH": str(tree)}, ["data/2024"], tree / "tests" / "cases"
    for case in sorted([*cases.glob("year-[0-9]*"), *cases.glob("workbooks/1?-*")]):     # the latter: marked and sent back
        shutil.copytree(case, work / case.name)
        for source in (case.parent / "criteria.csv", work / "data/2024/rulebook.toml", work / "data/2024/criteria.csv"):
            if source.exists() and not (work / case.name / source.name).exists():
                shutil.copy(source, work / case.name)
        years.append(case.name)
    for year in years:
        unit = (work / year / "units.csv").read_text("utf-8-sig").splitlines()[1].split(",")[0]
        for call in (["run", year, "--out", f"{year}.pages", "--jobs", "2"], ["template", year, "--out", f"{year}.forms"],
                     ["appraise", year, "--json", "-"], ["check", year, "--dump", f"{year}.dump"],
                     ["check", year, "--json", "-", "--annotate", f"{year}.back"], ["explain", unit, year], ["what-if", year],
                     ["what-if", year, "--json", "-"], ["what-if", year, "--set", "class.excellent.min_a=40"],
                     ["appraise", year, "--scenario", SCENARIO]):
            done = subprocess.run([sys.executable, "-m", "ctd_analysis", *call], cwd=work, env=env, capture_output=True,
                                  timeout=300)
            told = done.stdout + (b"" if call[0] == "run" else done.stderr) + str(done.returncode).encode()     # run: seconds
            found[" ".join(call)] = hashlib.sha256(told).hexdigest()
            print(done.returncode, *call, file=sys.stderr)
    files = [p for p in sorted(work.rglob("*")) if p.is_file() and p.name != "run.json"]
    return found | {str(p.relative_to(work)): digest(p) for p in files}


if __name__ == "__main__" and sys.argv[1] == "--compare":
    one, other = (json.loads(Path(name).read_text("utf-8")) for name in sys.argv[2:4])
    differ = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    print(*differ, f"{len(differ)} of {len(one.keys() | other.keys())} differ", sep="\n")
    sys.exit(bool(differ))
elif __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = made_by(Path(*sys.argv[2:3] or [Path(__file__).parents[1]]).resolve(), Path(folder))
    Path(sys.argv[1]).write_text(json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
