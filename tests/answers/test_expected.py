"""What a scenario expects against what came: said, and an exit code where it is asked for."""

from __future__ import annotations

import pytest
from conftest import SHIPPED, shipped

from ctd_analysis import cli
from ctd_analysis.answers import what_if
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.year import trial

SCENARIOS = sorted(path.name for path in (SHIPPED / "scenarios").glob("*.toml"))
FORTY = SHIPPED / "scenarios" / "xuat-sac-tu-40-a.toml"


def other(folder, old: str, new: str):
    """A copy of a shipped scenario that expects something else."""
    text = FORTY.read_text(encoding="utf-8")
    assert old in text
    path = folder / "khac.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_shipped_scenarios_come_as_expected(name, capsys):
    """Nothing to tell but that."""
    assert 0 == cli.main(["what-if", str(SHIPPED), "--scenario", str(SHIPPED / "scenarios" / name), "--check"])
    told = capsys.readouterr()
    assert "đúng như chờ đợi" in told.err and "Khác với" not in told.out


@pytest.mark.parametrize(("old", "new", "expected", "came"), [
    ('final_class = ["good", "excellent"]', 'final_class = ["good", "weak"]', ("good", "weak"), ("good", "excellent")),
    ('final_class = ["good", "excellent"]', 'nominee = [true, false]', None, ("good", "excellent"))])
def test_what_came_otherwise_is_told_thing_by_thing(tmp_path, old, new, expected, came):
    """What was expected and did not come, what came and was not expected."""
    base = appraise(shipped())
    scenario = trial.load(other(tmp_path, f'"giong-rieng".{old}', f'"giong-rieng".{new}'), shipped())
    found = what_if.unexpected(base, appraise(shipped(), scenario))

    assert ("giong-rieng", "final_class", expected, came) in found


@pytest.mark.parametrize(("check", "code"), [([], 0), (["--check"], 1)])
def test_a_difference_is_an_exit_code_only_where_asked_for(tmp_path, capsys, check, code):
    """Said either way."""
    path = other(tmp_path, 'final_class = ["good", "excellent"]', 'final_class = ["good", "weak"]')

    assert code == cli.main(["what-if", str(SHIPPED), "--scenario", str(path), *check])
    told = capsys.readouterr()
    assert "Khác với kết quả chờ đợi: 1 điều ở 1 đơn vị." in told.err
    assert "Khác với kết quả chờ đợi ghi trong phương án" in told.out


@pytest.mark.parametrize("more", [[], ["--set", "class.excellent.min_a=40"]])
def test_nothing_expected_is_nothing_to_check(capsys, more):
    """A wrong call."""
    assert 2 == cli.main(["what-if", str(SHIPPED), *more, "--check"])
    assert "[expected]" in capsys.readouterr().err


@pytest.mark.parametrize(("old", "new", "said"), [
    ('"giong-rieng".final_class', '"giongrieng".final_class', "“giong-rieng”"),
    ('final_class = ["good", "excellent"]', 'final_class = ["good", "excelent"]', "excellent, good, average, weak, none"),
    ('final_class = ["good", "excellent"]', 'cluster_rank = ["1", 2]', "một số"),
    ('final_class = ["good", "excellent"]', 'nominee = ["có", true]', "true hoặc false"),
    ('final_class = ["good", "excellent"]', 'final_clas = ["good", "excellent"]', "“final_class”")])
def test_what_cannot_be_expected_is_a_wrong_call(tmp_path, capsys, old, new, said):
    """A unit that is none, a class that is none: told, not held against what came."""
    path = other(tmp_path, old, new)

    assert 2 == cli.main(["what-if", str(SHIPPED), "--scenario", str(path), "--check"])
    assert said in capsys.readouterr().err
