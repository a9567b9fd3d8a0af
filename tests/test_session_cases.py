"""The worked cases of the session (year-round §1): calls of the command, exact to the last field shown."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from conftest import CASES, make_year

from ctd_analysis import cli

ROUND = CASES / "year-round"
FOLDERS = ("01-session", "02-scale", "09-corners")
CALLS = sorted(path for name in FOLDERS for call in ("appraise", "decide-*")
               for path in (ROUND / name / "expected").glob(f"{call}.json"))


def differences(expected, found, at: str = ""):
    """Where an answer is not what is expected: only what is shown is compared, numbers as fractions."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            yield from differences(value, found.get(key, "…") if isinstance(found, dict) else "…", f"{at}.{key}")
    elif isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            yield at, expected, found
        else:
            for n, (one, other) in enumerate(zip(expected, found, strict=True)):
                yield from differences(one, other, f"{at}[{n}]")
    elif isinstance(expected, (int, float)) and not isinstance(expected, bool):
        if isinstance(found, (bool, str, list, dict, type(None))) or Fraction(str(expected)) != Fraction(str(found)):
            yield at, expected, found
    elif type(expected) is not type(found) or expected != found:
        yield at, expected, found


def test_the_cases_are_there():
    """An empty folder of cases fails."""
    assert [1 + 7, 1 + 4, 1 + 6] == [sum(path.parts[-3] == name for path in CALLS) for name in FOLDERS]


@pytest.mark.parametrize("path", CALLS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_call_gives_what_the_case_says(path, tmp_path, capsys):
    """The answer field by field, the exit code, and nothing written by a preview."""
    case = json.loads(path.read_text(encoding="utf-8"))
    source = path.parent.parent
    folder = make_year(source, tmp_path / "year")
    before = {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}

    code = cli.main([str(folder) if word == "DIR" else word for word in case["call"]] + ["--json", "-"])

    told = capsys.readouterr()
    assert case["exit"] == code, told.err
    answer = dict(case["answer"])
    if answer:
        found = json.loads(told.out)
        if "failed_clusters" in answer:
            assert sorted(answer.pop("failed_clusters")) == sorted(found["failed_clusters"])
        assert [] == list(differences(answer, found))
    assert before == {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
