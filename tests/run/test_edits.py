"""Nobody's work is written over: what somebody wrote into stays, the new one lies beside it and is told."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from conftest import ROOT, SHIPPED, ctd_run, needs_posix

from ctd_analysis import cli
from ctd_analysis.run import publish, worklist
from ctd_analysis.year import year


@pytest.mark.parametrize("name", ["bien-ban.docx", "cum-1.html", "results.xlsx", "don-vi/ha-tien.html", "index.html"])
def test_what_somebody_wrote_into_stays(shipped_copy, tmp_path, name):
    """Minutes, a workbook, a page: kept byte for byte; the new one beside it, once, and only while it is needed."""
    out = tmp_path / "out"
    ctd_run(shipped_copy, out)
    edited, beside = out / name, out / name.replace(".", " (mới).")
    edited.write_bytes(edited.read_bytes() + b"<!-- viet tay -->")
    mine = edited.read_bytes()

    told = [ctd_run(shipped_copy, out).stderr, ctd_run(shipped_copy, out).stderr]

    assert mine == edited.read_bytes() and beside.is_file()
    assert all(f"GIỮ NGUYÊN {edited}: có người đã sửa tệp này; bản mới ở {beside}" in text for text in told)
    assert 1 == len([p for p in edited.parent.iterdir() if "(mới" in p.name])

    edited.unlink()
    assert "GIỮ NGUYÊN" not in ctd_run(shipped_copy, out).stderr
    assert edited.is_file() and mine != edited.read_bytes()


def test_both_may_be_written_into(shipped_copy, tmp_path):
    """The copy beside is somebody's too, once they wrote into it; a third is made."""
    out = tmp_path / "out"
    ctd_run(shipped_copy, out)
    for name in ("cum-1.html", "cum-1 (mới).html"):
        (out / name).write_text("của tôi", encoding="utf-8")
        ctd_run(shipped_copy, out)

    assert ["của tôi"] * 2 == [(out / n).read_text(encoding="utf-8") for n in ("cum-1.html", "cum-1 (mới).html")]
    assert "<title>Cụm thi đua số 1" in (out / "cum-1 (mới 2).html").read_text(encoding="utf-8")


def test_a_page_of_a_cluster_that_fails_is_kept_if_it_is_somebody_s(shipped_copy, tmp_path):
    """Its own page would go; one that was written into stays and is told not to be used."""
    out = tmp_path / "out"
    ctd_run(shipped_copy, out)
    (out / "cum-1.html").write_text("của tôi", encoding="utf-8")
    (shipped_copy / "submissions" / "cum-1" / "grades.csv").write_bytes(b"\xff")

    done = ctd_run(shipped_copy, out, code=1)

    assert "của tôi" == (out / "cum-1.html").read_text(encoding="utf-8")
    index = (out / "index.html").read_text(encoding="utf-8")
    assert "cum-1" in done.stderr and "có người đã sửa: giữ lại, không dùng trang ấy" in index


def test_the_former_page_of_a_notebook_that_fails_goes(shipped_copy, tmp_path, monkeypatch, capsys):
    """Nobody wrote into it: it shows what no longer stands, and nobody is said to have."""
    out, books = tmp_path / "out", tmp_path / "notebooks"
    ctd_run(shipped_copy, out)
    shutil.copytree(worklist.NOTEBOOKS, books)
    report = books / "cluster_report.ipynb"
    report.write_text(report.read_text(encoding="utf-8").replace('"page.summary()"', '"1 / 0"'), encoding="utf-8")
    monkeypatch.setattr(worklist, "NOTEBOOKS", books)

    assert 1 == cli.main(["run", str(shipped_copy), "--out", str(out)])

    assert [] == [p.name for p in out.glob("cum-*.html")]
    assert "có người đã sửa" not in capsys.readouterr().err


def test_what_lies_beside_an_edited_page_goes_with_what_it_shows(shipped_copy, tmp_path, monkeypatch):
    """A file that changes while the year is run: ours beside the edited page shows what no longer stands; theirs stays."""
    out, rows = tmp_path / "out", shipped_copy / "submissions" / "cum-1" / "branches.csv"
    ctd_run(shipped_copy, out)
    (out / "cum-1.html").write_text("của tôi", encoding="utf-8")
    ctd_run(shipped_copy, out)
    read = year.read(shipped_copy)
    rows.write_bytes(rows.read_bytes() + b"\n")

    outcome = publish.run(read, None, publish.Options(out, jobs=2), lambda _: None)

    assert ["của tôi"] == [p.read_text(encoding="utf-8") for p in out.glob("cum-1*.html")]
    assert "cum-1" in outcome.failed and "cum-1.html" not in outcome.beside


@needs_posix
def test_what_a_killed_run_wrote_is_nobody_s_edit(shipped_copy, tmp_path):
    """A run that is killed has kept no ledger; the next one knows its files as its own all the same."""
    out = tmp_path / "out"
    ctd_run(shipped_copy, out)
    rules = shipped_copy / "rulebook.toml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("min_a = 41", "min_a = 40"), encoding="utf-8")
    before = (out / "check.html").read_bytes()
    running = subprocess.Popen([sys.executable, "-m", "ctd_analysis", "run", str(shipped_copy), "--out", str(out)], cwd=ROOT,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    end = time.monotonic() + 60
    while (out / "check.html").read_bytes() == before and time.monotonic() < end:
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait(30)

    assert "GIỮ NGUYÊN" not in ctd_run(shipped_copy, out).stderr
    assert not list(out.rglob("*(mới*"))


def test_a_filled_workbook_to_send_out_stays(tmp_path, capsys):
    """`ctd template` beside a workbook somebody has typed into; the same again where nothing was."""
    out = tmp_path / "templates"
    assert 0 == cli.main(["template", str(SHIPPED), "--out", str(out), "--cluster", "cum-1"])
    assert 0 == cli.main(["template", str(SHIPPED), "--out", str(out), "--cluster", "cum-1"])
    assert ["cum-1.xlsx"] == [p.name for p in out.iterdir()]
    (out / "cum-1.xlsx").write_bytes(b"da ghi")

    assert 0 == cli.main(["template", str(SHIPPED), "--out", str(out), "--cluster", "cum-1"])

    assert b"da ghi" == (out / "cum-1.xlsx").read_bytes() and (out / "cum-1 (mới).xlsx").is_file()
    assert "cum-1.xlsx đã có người ghi vào, giữ nguyên" in capsys.readouterr().err


def test_a_trial_has_a_folder_of_its_own(shipped_copy, tmp_path):
    """`ctd run --scenario` without `--out`; the console says that it is a trial, and the year's own pages are not touched."""
    scenario = tmp_path / "nguong-40.toml"
    scenario.write_text('title = "Ngưỡng 40"\n[set]\n"class.excellent.min_a" = 40\n', encoding="utf-8")

    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "run", str(shipped_copy), "--scenario", str(scenario)],
                          cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=300,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})

    assert 0 == done.returncode, done.stderr
    assert "PHƯƠNG ÁN THỬ “Ngưỡng 40”: không phải kết quả của năm" in done.stderr
    assert (tmp_path / "reports" / "2024-phuong-an" / "nguong-40" / "index.html").is_file()
    assert ["2024-phuong-an"] == [p.name for p in (tmp_path / "reports").iterdir()]
