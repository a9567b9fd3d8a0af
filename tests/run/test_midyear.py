"""Pages before December: made where their files are there; nothing that is not due yet is at fault."""

from __future__ import annotations

import pytest
from conftest import CASES, make_year

from ctd_analysis import cli
from ctd_analysis.year import year

FEBRUARY, DECEMBER = "05-february", "04-half-year"


def run(folder, out):
    """`ctd run` on a folder; its exit code and the pages it left."""
    code = cli.main(["run", str(folder), "--out", str(out)])
    return code, {path.stem for path in out.glob("*.html")}


@pytest.fixture
def february(tmp_path):
    """A year of which nothing was sent yet."""
    return make_year(CASES / "year-round" / FEBRUARY, tmp_path / "2024")


def test_before_anything_is_sent_a_run_makes_what_there_is(february, tmp_path, capsys):
    """Registration, progress, the check, an index that opens with who has registered; exit 0, no results."""
    code, pages = run(february, tmp_path / "out")

    assert (0, {"index", "check", "registration", "progress"}) == (code, pages)
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "Bảng đăng ký của 8 đơn vị" in index
    assert not [gone for gone in ("results.json", "bien-ban.docx", "province.html") if gone in index]
    assert "chưa có hồ sơ của cụm" not in (tmp_path / "out" / "check.html").read_text(encoding="utf-8")
    assert "CHƯA LẬP ĐƯỢC" not in capsys.readouterr().err


def test_a_fault_of_its_own_is_a_fault_in_february_too(february, tmp_path):
    """Exit 1, and only that is told; the pages are made all the same."""
    with (february / "targets.csv").open("a", encoding="utf-8") as file:
        file.write("u000,,dues,chín mươi,\n")

    code, pages = run(february, tmp_path / "out")

    assert (1, True) == (code, {"registration", "progress"} <= pages)
    assert {"cum-1"} == {p.cluster for p in year.read(february).due_problems}


def test_without_any_file_of_the_round_a_missing_submission_is_a_fault(february, tmp_path):
    """As it was: nothing says that it is early in the year."""
    for table in ("received", "targets", "progress", "direct"):
        (february / f"{table}.csv").unlink()

    code, pages = run(february, tmp_path / "out")

    assert (1, False) == (code, bool({"registration", "progress"} & pages))


def test_in_december_they_stand_beside_the_others_and_no_class_is_on_them(tmp_path):
    """No grades, no classes, no ranks at mid-year; the way to them is on every page."""
    out = tmp_path / "out"
    code, pages = run(make_year(CASES / "year-round" / DECEMBER, tmp_path / "2024"), out)

    assert (0, {"index", "check", "province", "cum-1", "cum-2", "registration", "progress", "what_if"}) == (code, pages)
    for name in ("registration", "progress"):
        assert not [word for word in ("Xuất sắc", "Trung bình", "Thứ tự") if word in (out / f"{name}.html").read_text("utf-8")]
        assert f'href="{name}.html"' in (out / "cum-1.html").read_text(encoding="utf-8")
    assert "không đặt thang xếp loại" in (out / "registration.html").read_text(encoding="utf-8")
    assert 0 == cli.main(["run", str(tmp_path / "2024"), "--out", str(out)])


@pytest.mark.parametrize("name", ["registration", "progress", "inspection", "compare"])
def test_no_cluster_may_have_the_name_of_a_page(february, name):
    """Its page would be written over."""
    path = february / "clusters.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("cum-1,", f"{name},"), encoding="utf-8")

    assert 1 == cli.main(["registration", str(february)])
