"""The worked cases: made-up years whose results others worked out, exact to the last key."""

from __future__ import annotations

import json
import subprocess
import sys

import oracle
import pytest
from build import RULES
from conftest import CASES, ROOT, make_year

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.plan.scenario import Scenario
from ctd_analysis.year import year

EXPECTED = {folder.name: json.loads((folder / "expected.json").read_text(encoding="utf-8"))
            for folder in sorted(CASES.glob("year-*"))}
ENTRIES = [pytest.param(name, n, id=f"{name}-{n}") for name, entries in EXPECTED.items() for n in range(len(entries))]
_READ: dict = {}


@pytest.fixture
def read(tmp_path):
    """A case as the library reads it; each is read once."""
    def once(name: str):
        if name not in _READ:
            _READ[name] = year.read(make_year(CASES / name, tmp_path / name))
        return _READ[name]

    return once


def without_names(units: list[dict]) -> list[dict]:
    """The units as the cases have them: all keys of the contract but `name`."""
    return [{key: value for key, value in unit.items() if key != "name"} for unit in units]


def test_the_worked_cases_are_there():
    """An empty or missing folder of cases fails: six years, each with at least one entry that has units."""
    assert [f"year-{n}" for n in "12345"] == [name[:6] for name in EXPECTED][:5]
    assert "year-6-corners" in EXPECTED
    assert all(entry["units"] for entries in EXPECTED.values() for entry in entries)
    assert all(entries and entries[0]["set"] == {} for entries in EXPECTED.values())


@pytest.mark.parametrize(("name", "entry"), ENTRIES)
def test_every_unit_of_a_worked_case_is_exact(read, name, entry):
    """`units` of each entry, under its own overrides, key by key."""
    expected = EXPECTED[name][entry]
    scenario = Scenario("trường hợp mẫu", expected["set"]) if expected["set"] else None

    actual = without_names(appraise(read(name), scenario).as_json()["units"])

    assert [unit["unit"] for unit in expected["units"]] == [unit["unit"] for unit in actual]
    for wanted, got in zip(expected["units"], actual, strict=True):
        assert wanted == got


@pytest.mark.parametrize("name", EXPECTED)
def test_only_the_broken_cluster_is_left_out(read, name):
    """`failed_clusters` names exactly the clusters with something wrong, with a reason for each."""
    expected = EXPECTED[name][0].get("failed_clusters", [])

    failed = appraise(read(name)).as_json()["failed_clusters"]

    assert sorted(expected) == sorted(failed)
    assert all(reasons and all(reasons) for reasons in failed.values())


@pytest.mark.parametrize("name", EXPECTED)
def test_the_oracle_reads_the_plan_as_the_worked_cases_do(name):
    """The tests' own naive reading is held against the worked cases too, before anything is held against it."""
    for entry in EXPECTED[name]:
        units = oracle.read_year(CASES / name, entry.get("failed_clusters", ()))

        assert entry["units"] == oracle.results(units, oracle.amended(RULES, entry["set"]))


def command(folder, *options):
    """`python -m ctd_analysis appraise FOLDER --json - …` as a process of its own."""
    return subprocess.run([sys.executable, "-m", "ctd_analysis", "appraise", str(folder), "--json", "-", *options],
                          cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=120)


def test_the_command_gives_what_the_library_gives(tmp_path):
    """A worked case with its overrides through the real command line: standard output is the JSON and nothing else."""
    entry = EXPECTED["year-1"][1]
    options = [part for key, value in entry["set"].items() for part in ("--set", f"{key}={value}")]

    done = command(make_year(CASES / "year-1", tmp_path / "year-1"), *options)

    assert 0 == done.returncode, done.stderr
    assert entry["units"] == without_names(json.loads(done.stdout)["units"])


def test_the_command_does_the_healthy_clusters_and_says_that_one_failed(tmp_path):
    """Year 5 ends with 1, its healthy clusters done, the broken one named with the reason."""
    entry = EXPECTED["year-5-broken"][0]

    done = command(make_year(CASES / "year-5-broken", tmp_path / "year-5"))

    assert 1 == done.returncode
    found = json.loads(done.stdout)
    assert entry["units"] == without_names(found["units"])
    assert sorted(entry["failed_clusters"]) == sorted(found["failed_clusters"])
    assert "Traceback" not in done.stderr
