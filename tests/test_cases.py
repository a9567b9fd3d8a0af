"""The worked cases: made-up years whose results others worked out, exact to the last key."""

from __future__ import annotations

import json
import subprocess
import sys

import oracle
import pytest
from build import shipped_rules
from conftest import CASES, ROOT, WORKED, entries, make_year

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.plan.scenario import Scenario
from ctd_analysis.year import year

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
    """The units as the cases have them: all keys of the contract but `name` and, newer than the cases, the other two."""
    return [{key: value for key, value in unit.items() if key not in ("name", "rules_class", "prize")} for unit in units]


def test_the_worked_cases_are_there():
    """An empty or missing folder of cases fails: six years, each with at least one entry that has units."""
    assert [f"year-{n}" for n in "12345"] == [name[:6] for name in WORKED][:5]
    assert "year-6-corners" in WORKED
    assert all(entry["units"] for name in WORKED for entry in entries(name))
    assert all(entries(name) and entries(name)[0]["set"] == {} for name in WORKED)


@pytest.mark.parametrize("name", WORKED)
def test_every_unit_of_a_worked_case_is_exact(read, name):
    """`units` of each entry, under its own overrides, key by key."""
    for expected in entries(name):
        scenario = Scenario("trường hợp mẫu", expected["set"]) if expected["set"] else None

        actual = without_names(appraise(read(name), scenario).as_json()["units"])

        assert [unit["unit"] for unit in expected["units"]] == [unit["unit"] for unit in actual], expected["set"]
        for wanted, got in zip(expected["units"], actual, strict=True):
            assert wanted == got, expected["set"]


@pytest.mark.parametrize("name", WORKED)
def test_only_the_broken_cluster_is_left_out(read, name):
    """`failed_clusters` names exactly the clusters with something wrong, with a reason for each."""
    expected = entries(name)[0].get("failed_clusters", [])

    failed = appraise(read(name)).as_json()["failed_clusters"]

    assert sorted(expected) == sorted(failed)
    assert all(reasons and all(reasons) for reasons in failed.values())


@pytest.mark.parametrize("name", WORKED)
def test_the_oracle_reads_the_plan_as_the_worked_cases_do(name):
    """The tests' own naive reading is held against the worked cases too, before anything is held against it."""
    for entry in entries(name):
        units = oracle.read_year(CASES / name, entry.get("failed_clusters", ()))

        assert entry["units"] == without_names(oracle.results(units, oracle.amended(shipped_rules(), entry["set"])))


def command(folder, *options):
    """`python -m ctd_analysis appraise FOLDER --json - …` as a process of its own."""
    return subprocess.run([sys.executable, "-m", "ctd_analysis", "appraise", str(folder), "--json", "-", *options],
                          cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=120)


def test_the_command_gives_what_the_library_gives(tmp_path):
    """A worked case with its overrides through the real command line: standard output is the JSON and nothing else."""
    entry = entries("year-1")[1]
    options = [part for key, value in entry["set"].items() for part in ("--set", f"{key}={value}")]

    done = command(make_year(CASES / "year-1", tmp_path / "year-1"), *options)

    assert 0 == done.returncode, done.stderr
    assert entry["units"] == without_names(json.loads(done.stdout)["units"])


def test_the_command_does_the_healthy_clusters_and_says_that_one_failed(tmp_path):
    """Year 5 ends with 1, its healthy clusters done, the broken one named with the reason."""
    entry = entries("year-5-broken")[0]

    done = command(make_year(CASES / "year-5-broken", tmp_path / "year-5"))

    assert 1 == done.returncode
    found = json.loads(done.stdout)
    assert entry["units"] == without_names(found["units"])
    assert sorted(entry["failed_clusters"]) == sorted(found["failed_clusters"])
    assert "Traceback" not in done.stderr
