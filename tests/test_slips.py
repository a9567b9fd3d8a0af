"""Slips a fresh pair of eyes found: each stays mended."""

from __future__ import annotations

import json
import shutil

import pytest
from conftest import CASES, SHIPPED, make_year

from ctd_analysis import cli
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.tables import province
from ctd_analysis.words import chain
from ctd_analysis.year.year import read


def test_a_target_is_not_met_while_a_cluster_is_unknown(tmp_path):
    """Part II: whatever its kind, a target is never said to be met without the numbers of a whole cluster."""
    folder = make_year(SHIPPED, tmp_path / "2024")
    shutil.rmtree(folder / "submissions" / "cum-2")
    rules = folder / "rulebook.toml"
    text = rules.read_text(encoding="utf-8").replace("value = 10_000_000", "value = 0").replace("value = 10\n", "value = 0\n")
    rules.write_text(text, encoding="utf-8")
    appraisal = appraise(read(folder))

    for target in ("branch_fund", "organ_registrations"):
        words, met = province.progress(appraisal, appraisal.book.targets[target])
        assert met is None and "Cụm thi đua số 2" in words


@pytest.mark.parametrize("typed", ["x" * 400, "", " ", "\0"])
def test_a_year_no_system_has_is_a_wrong_call(typed, capsys):
    """Exit code 2 and a sentence, never a traceback."""
    assert 2 == cli.main(["appraise", typed])
    assert "không có thư mục" in capsys.readouterr().err


def test_two_years_of_one_name_do_not_share_a_folder(tmp_path, capsys):
    """Refused before anything is written."""
    for name in ("a", "b"):
        make_year(CASES / "year-1", tmp_path / name / "2024")

    assert 2 == cli.main(["run", str(tmp_path / "a" / "2024"), str(tmp_path / "b" / "2024"), "--out", str(tmp_path / "out")])
    assert "cùng một thư mục" in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_pages_are_never_written_where_submissions_lie(tmp_path, capsys):
    """They would be taken for submissions."""
    folder = make_year(CASES / "year-1", tmp_path / "2024")

    assert 2 == cli.main(["run", str(folder), "--out", str(folder / "submissions")])
    assert "giữ hồ sơ gốc" in capsys.readouterr().err


def test_a_scan_beside_a_submission_is_a_notice(tmp_path):
    """A PDF holds no table; the cluster is read."""
    folder = make_year(CASES / "year-1", tmp_path / "2024")
    (folder / "submissions" / "cum-1.pdf").write_bytes(b"%PDF-1.7")

    year = read(folder)

    assert () == year.problems and ["cum-1.pdf"] == [n.file for n in year.notices]


def test_only_who_is_lowered_is_said_to_be(tmp_path):
    """III.2.2: below Yếu is Yếu, and a class the Council gives is the Council's; the sentence proposes."""
    folder = make_year(SHIPPED, tmp_path / "2024")
    with (folder / "decisions.csv").open("a", encoding="utf-8") as file:
        file.write("kien-luong,class,excellent,thử,thử,2024-12-20\n")
    appraisal = appraise(read(folder))

    said = {unit: chain.chain(appraisal, appraisal.place[unit]) for unit in ("ha-tien", "giang-thanh", "kien-luong")}

    assert "hạ một mức vì tiêu chí bổ sung của Hội đồng" in said["ha-tien"].basis
    assert "giữ loại Yếu (không còn mức thấp hơn)" in said["giang-thanh"].basis and "hạ một" not in said["giang-thanh"].basis
    assert "Hội đồng quyết định xếp loại Xuất sắc (thử, 20/12/2024)" in said["kien-luong"].basis


def test_a_faulty_year_stops_no_other(tmp_path, capsys):
    """The exit code is 1, and the healthy year's pages are there."""
    bad, good = (make_year(CASES / "year-1", tmp_path / name) for name in ("2023", "2024"))
    (bad / "rulebook.toml").write_text("year = ", encoding="utf-8")

    assert 1 == cli.main(["run", str(bad), str(good), "--out", str(tmp_path / "out"), "--cluster", "cum-1"])
    assert (tmp_path / "out" / "2024" / "cum-1.html").is_file() and "rulebook.toml" in capsys.readouterr().err


def test_a_scenario_s_numbers_are_numbers_however_they_came(tmp_path, capsys):
    """`--set` and a scenario file give the same `results.json`; days are ISO text."""
    changes = {"class.good.max_c": 6, "filing.registration.before": "2024-03-01", "readings.sanction": "not_considered"}

    cli.main(["appraise", str(SHIPPED), "--json", "-", *(w for k, v in changes.items() for w in ("--set", f"{k}={v}"))])

    assert changes == json.loads(capsys.readouterr().out)["scenario"]["set"]


@pytest.mark.parametrize(("more", "said"), [
    (["--set", "class.good.max_c=4", "--set", "class.good.max_c=6"], "nêu hai lần"),
    (["--scenario", ""], "--scenario cần một giá trị đứng sau")])
def test_what_contradicts_or_is_empty_is_not_guessed(more, said, capsys):
    """Exit code 2."""
    assert 2 == cli.main(["appraise", str(SHIPPED), *more])
    assert said in capsys.readouterr().err
