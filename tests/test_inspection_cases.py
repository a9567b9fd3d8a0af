"""The worked cases of the inspection: calls with their answers, found by glob, exact to the last key."""

from __future__ import annotations

import json

import pytest
from conftest import CASES, make_year

from ctd_analysis import cli

INSPECTED = sorted(path.parent for path in (CASES / "year-round").glob("*/expected/inspect.json"))
CALLS = [path for folder in INSPECTED for path in (folder / "inspect.json", folder / "appraise.json")]


def test_the_worked_inspections_are_there():
    """An empty folder of cases fails."""
    assert INSPECTED and all(path.exists() for path in CALLS)


@pytest.mark.parametrize("path", CALLS, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_a_worked_inspection_is_exact(path, tmp_path, capsys):
    """Every key that is shown, lists in their order; more keys may be there."""
    case, folder = json.loads(path.read_text(encoding="utf-8")), make_year(path.parent.parent, tmp_path / "year")

    code = cli.main([str(folder) if word == "DIR" else word for word in case["call"]] + ["--json", "-"])

    assert case["exit"] == code
    assert [] == list(differences(case["answer"], json.loads(capsys.readouterr().out)))


#: What belongs to the Council's session: its own cases hold it.
LATER = {"prize", "amendments", "decisions"}
#: What is a set, in whatever order it is written.
SETS = {"touches", "failed_clusters"}


def differences(wanted, found, at: str = ""):
    """Where what was found is not what is wanted; more keys may be found."""
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            if key in SETS and sorted(value) != sorted(found[key]):
                yield f"{at}.{key}", value, found[key]
            elif key not in SETS and (key in found or key not in LATER):
                yield from differences(value, found.get(key, "no such key"), f"{at}.{key}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for n, pair in enumerate(zip(wanted, found, strict=True)):
            yield from differences(*pair, f"{at}[{n}]")
    elif wanted != found:
        yield at, wanted, found
