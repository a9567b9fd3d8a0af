"""A page shows exactly what the run has read, or it is not made: one reading a run, and no file that changed meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter
from conftest import CASES, ROOT, SHIPPED, ctd_run, ends, make_year, needs_posix, until

from ctd_analysis import cli, files
from ctd_analysis.forms import sendback
from ctd_analysis.office import opener
from ctd_analysis.pages.notebook import open_cluster, open_province
from ctd_analysis.run import publish, worklist
from ctd_analysis.year import handed, year

YEARS = [SHIPPED, CASES / "year-5-broken", CASES / "year-6-corners"]


@pytest.mark.parametrize("source", YEARS, ids=lambda p: p.name)
def test_a_cluster_of_the_whole_reading_is_that_cluster_read_alone(source, tmp_path):
    """Row by row, notice by notice, source by source."""
    folder = make_year(source, tmp_path / "year")
    whole = year.read(folder)

    assert whole.clusters
    for cluster, alone in whole.by_cluster().items():
        assert year.read(folder, cluster) == alone


@pytest.mark.parametrize("cluster", [None, "cum-2"])
def test_what_is_handed_over_arrives_as_it_was(tmp_path, cluster):
    """Packed, sent as bytes, unpacked: the same year; asked for in other words, nothing was handed over."""
    read = year.read(SHIPPED)
    asked = {"year_dir": "no folder at all", "scenario": ""} | ({"cluster": cluster} if cluster else {})
    packed = tmp_path / "reading"
    packed.write_bytes(next(handed.packed([asked], read, None)))
    handed.receive(str(packed))
    try:
        page = open_cluster(asked["year_dir"], cluster) if cluster else open_province(asked["year_dir"])

        assert (read.by_cluster()[cluster] if cluster else read) == page.appraisal.year
        assert handed.reading("another", "", cluster) is None
        assert (handed.reading(asked["year_dir"], "", "cum-1") is None) == bool(cluster)
    finally:
        handed.receive(None)
    with pytest.raises(FileNotFoundError):
        open_province(asked["year_dir"])


def test_no_notebook_of_a_run_reads_the_year_again(tmp_path, monkeypatch):
    """Inside the kernels `read` is taken away: every page is made all the same."""
    books = tmp_path / "notebooks"
    shutil.copytree(worklist.NOTEBOOKS, books)
    for path in books.glob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        spoilt = "from ctd_analysis.pages import notebook\nnotebook.read = None"
        notebook["cells"].insert(0, {"cell_type": "code", "id": "spoilt", "metadata": {}, "outputs": [],
                                     "execution_count": None, "source": spoilt})
        path.write_text(json.dumps(notebook), encoding="utf-8")
    monkeypatch.setattr(worklist, "NOTEBOOKS", books)

    assert 0 == cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])
    assert (tmp_path / "out" / "province.html").is_file()


@pytest.mark.parametrize(("changed", "fail", "stay"), [
    ("submissions/cum-3.xlsx", {"cum-3.html", "province.html", "check.html", "results.json"}, {"cum-1.html", "cum-2.html"}),
    ("decisions.csv", {"cum-1.html", "province.html", "index of nothing"}, {"index.html"})])
def test_a_file_that_changes_during_the_run_fails_its_pages(shipped_copy, tmp_path, monkeypatch, changed, fail, stay):
    """They go, it is told, and the next run makes them from the new file."""
    out, options = tmp_path / "out", publish.Options(tmp_path / "out", clusters=("cum-1", "cum-2", "cum-3"), jobs=2)
    read = year.read(shipped_copy)
    touched = shipped_copy / changed
    held = touched.read_bytes()
    touched.write_bytes(held + b"\n")
    outcome = publish.run(read, None, options, lambda _: None)

    there = {p.name for p in out.iterdir()}
    assert not outcome.is_clean and not fail & there and stay <= there
    assert any(f"{Path(changed).name} đã đổi trong khi chạy" in line for line in outcome.closing())
    assert "đã đổi trong khi chạy" in (out / "index.html").read_text(encoding="utf-8")

    touched.write_bytes(held)
    ctd_run(shipped_copy, out)
    assert fail - {"index of nothing"} | stay <= {p.name for p in out.iterdir()}


@pytest.mark.parametrize("added", ["appraisal.csv", "submissions/cum-1/more.xlsx", "submissions/cum-3/grades.csv"])
def test_a_file_that_appears_during_the_run_fails_the_pages(shipped_copy, tmp_path, added):
    """It was not there to be read; now it is."""
    (shipped_copy / "appraisal.csv").unlink()
    read = year.read(shipped_copy)
    (shipped_copy / added).parent.mkdir(exist_ok=True)
    (shipped_copy / added).touch()
    outcome = publish.run(read, None, publish.Options(tmp_path / "out", clusters=("cum-2",)), lambda _: None)

    assert not outcome.is_clean and not (tmp_path / "out" / "province.html").exists()
    assert any("đã đổi trong khi chạy" in line for line in outcome.closing())


def test_a_page_that_cannot_be_removed_is_told_and_stops_nothing(shipped_copy, tmp_path):
    """A folder of its name; a file held open elsewhere would do the same."""
    out = tmp_path / "out"
    (out / "cum-3.html").mkdir(parents=True)
    (shipped_copy / "submissions" / "cum-3.xlsx").write_bytes(b"nothing")
    ctd_run(shipped_copy, out, code=1)

    assert "trang cũ cum-3.html không xóa được" in (out / "index.html").read_text(encoding="utf-8")
    assert {"cum-1.html", "cum-2.html", "cum-4.html", "province.html", "results.xlsx"} <= {p.name for p in out.iterdir()}


def test_a_workbook_too_large_to_read_costs_its_cluster_alone(shipped_copy, tmp_path):
    """It is refused for its size, and has not changed meanwhile."""
    with open(shipped_copy / "submissions" / "cum-3.xlsx", "ab") as file:
        file.truncate(31_000_000)
    done = ctd_run(shipped_copy, tmp_path / "out", code=1)

    assert "đã đổi" not in done.stderr and "quá lớn" in done.stderr
    assert {"cum-1.html", "province.html", "results.json"} <= {p.name for p in (tmp_path / "out").iterdir()}


@needs_posix
@pytest.mark.parametrize("name", ["run.json", "cum-1.html"])
def test_a_pipe_among_the_pages_is_not_waited_for(rendered, tmp_path, name):
    """What was made before is no page of ours if it is a pipe."""
    out = tmp_path / "out"
    shutil.copytree(rendered, out)
    (out / name).unlink()
    os.mkfifo(out / name)
    ctd_run(SHIPPED, out)

    assert (out / name).is_file()


@needs_posix
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-", "2>&1 | head -1", "2>/dev/full"])
def test_nobody_at_the_keyboard_costs_no_page(tmp_path, closed):
    """Standard streams closed, full, or gone in the middle: every page and the index are there."""
    out = tmp_path / "out"
    call = f"{sys.executable} -m ctd_analysis run {SHIPPED} --out {out} {closed}"
    subprocess.run(["bash", "-c", call], cwd=ROOT, capture_output=True, timeout=120)

    assert {"index.html", "province.html", *(f"cum-{n}.html" for n in range(1, 5))} <= {p.name for p in out.iterdir()}


@needs_posix
def test_a_link_to_itself_gets_a_sentence(tmp_path, shipped_copy):
    """As the folder of the pages, as the folder of the submissions."""
    (tmp_path / "loop").symlink_to("loop")
    ctd_run(shipped_copy, tmp_path / "loop" / "x", code=2)
    shutil.rmtree(shipped_copy / "submissions")
    (shipped_copy / "submissions").symlink_to("submissions")
    ctd_run(shipped_copy, tmp_path / "out", code=1)


# ---------------------------------------------------------------- the process that reads

def reader_with(monkeypatch, program: str) -> None:
    """The reading process, doing something else first; it really runs.

    By a private name: the child is started isolated (-I -S), so nothing from outside reaches it but the text it executes.
    """
    monkeypatch.setattr(opener, "_CHILD", opener._CHILD.replace("main(sys.argv[3:])", f"exec({program!r}); main(sys.argv[3:])"))


@needs_posix
@pytest.mark.parametrize("sign", ["SIGKILL", "SIGSTOP"])
def test_a_reader_that_dies_or_falls_silent_once_is_tried_again(tmp_path, monkeypatch, sign):
    """The year reads as if nothing had been."""
    expected, mark = year.read(SHIPPED), tmp_path / "mark"
    monkeypatch.setattr(opener, "PATIENCE", 2.0)
    reader_with(monkeypatch, f"import os, signal\nif not os.path.exists({str(mark)!r}):\n"
                             f"    open({str(mark)!r}, 'w').close(); os.kill(os.getpid(), signal.{sign})")

    assert expected == year.read(SHIPPED)
    assert mark.exists()


@needs_posix
def test_a_reader_that_always_dies_is_told_and_no_sender_is_blamed(tmp_path, monkeypatch):
    """The clusters that sent workbooks are left out, with a sentence for us; nothing goes back to them."""
    reader_with(monkeypatch, "import os; os.abort()")
    read = year.read(SHIPPED)

    assert ["cum-1", "cum-2"] == [c.cluster for c in read.clusters]
    assert all("trình đọc bảng tính dừng giữa chừng 2 lần" in reasons[0] and "chạy lại lệnh" in reasons[0]
               for reasons in read.failed.values())
    assert [] == list(sendback.returns(read, read.notices))


def test_work_is_counted_not_seconds(tmp_path, monkeypatch):
    """A file that takes more processor time than any submission is refused; the next one is read."""
    folder = make_year(SHIPPED, tmp_path / "year")
    reader_with(monkeypatch, "import office.child as c\nread, c.limits.SECONDS = c.answer_for, 1.0\ndef answer_for(path):\n"
                             " while path.endswith('cum-3.xlsx'): pass\n return read(path)\nc.answer_for = answer_for")
    read = year.read(folder)

    assert ["cum-3"] == list(read.failed)
    assert "đọc tệp quá lâu" in read.failed["cum-3"][0]


def test_a_small_file_that_grows_in_memory_is_the_files_fault(shipped_copy):
    """One long text in thousands of cells: refused for what it is, not for a reader that died."""
    book = xlsxwriter.Workbook(shipped_copy / "submissions" / "cum-3.xlsx")
    sheet = book.add_worksheet("Bảng điểm")
    for n in range(4_000):
        sheet.write_string(n, 0, "ế" * 30_000)
    book.close()
    read = year.read(shipped_copy)

    assert ["cum-3"] == list(read.failed) and "quá nhiều bộ nhớ" in read.failed["cum-3"][0]


def test_a_table_of_nothing_but_faults_is_not_told_line_by_line(shipped_copy):
    """Some hundreds are; then one sentence ends it."""
    with open(shipped_copy / "submissions" / "cum-1" / "grades.csv", "a", encoding="utf-8") as file:
        file.write("x\n" * 100_000)
    told = year.read(shipped_copy).failed["cum-1"]

    assert len(told) < 400 and "quá nhiều dòng sai, không đọc tiếp" in told[-1]


@pytest.mark.skipif(sys.platform != "linux", reason="no such file names elsewhere")
def test_a_file_name_with_a_terminals_command_is_spelled_out_on_pages(shipped_copy, tmp_path):
    """In notices, in the list of files, on every page."""
    inside = shipped_copy / "submissions" / "cum-1"
    (inside / "grades.csv").rename(inside / "gr\x1b[31mades.csv")
    ctd_run(shipped_copy, tmp_path / "out")

    pages_made = list((tmp_path / "out").rglob("*.html"))
    assert pages_made and not any("\x1b" in page.read_text(encoding="utf-8") for page in pages_made)
    assert "gr\\u001b[31mades.csv" in (tmp_path / "out" / "check.html").read_text(encoding="utf-8")


@needs_posix
def test_readers_end_with_the_command(tmp_path):
    """kill -9: the reader, in the middle of a file that never comes to an end (`reader_with`: why so), notices."""
    program = ("import sys, time; from ctd_analysis.office import opener; from pathlib import Path\n"
               "opener._CHILD = opener._CHILD.replace('main(sys.argv[3:])', 'import os; threading = None; "
               "import office.child as c; c.answer_for = lambda path: (open(path + \".begun\", \"w\").write(str(os.getpid())), "
               "__import__(\"time\").sleep(600)); main(sys.argv[3:])')\n"
               f"opener.Opener([Path({str(tmp_path / 'a.xlsx')!r})]); time.sleep(600)")
    running = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    begun = tmp_path / "a.xlsx.begun"
    assert until(lambda: begun.exists() and begun.read_text())
    reader = int(begun.read_text())
    running.kill()
    running.wait(60)

    assert ends(reader)


# ---------------------------------------------------------------- files that are none

@needs_posix
@pytest.mark.parametrize("name", ["submissions/cum-3.xlsx", "submissions/cum-1/grades.csv", "decisions.csv", "units.csv",
                                  "rulebook.toml"])
@pytest.mark.parametrize("kind", ["a pipe", "a link to a device"])
def test_what_is_no_plain_file_is_refused_at_once(shipped_copy, name, kind):
    """Nobody waits for a pipe, nobody reads a device to its end."""
    path = shipped_copy / name
    path.unlink()
    os.mkfifo(path) if kind == "a pipe" else path.symlink_to("/dev/zero")
    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "check", shipped_copy], cwd=ROOT, capture_output=True,
                          text=True, encoding="utf-8", timeout=30)

    assert 1 == done.returncode and "không phải một tệp thường" in done.stdout and "Traceback" not in done.stderr


def test_a_table_too_large_to_be_one_is_refused(shipped_copy):
    """30 MB are a hundred times any table."""
    with open(shipped_copy / "submissions" / "cum-1" / "grades.csv", "ab") as file:
        file.truncate(files.LARGEST + 1)
    read = year.read(shipped_copy)

    assert ["cum-1"] == list(read.failed) and "tệp lớn hơn 30 MB" in read.failed["cum-1"][0]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text elsewhere")
@pytest.mark.parametrize("where", ["submissions", "submissions/cum-1"])
def test_a_file_name_that_is_no_text_is_a_notice(shipped_copy, capsys, where):
    """It is named, passed over, and breaks nothing."""
    (shipped_copy / os.fsdecode(where.encode() + b"/b\xe1ng.xlsx")).touch()

    assert 0 == cli.main(["check", str(shipped_copy)])
    assert 1 == capsys.readouterr().out.count("tên tệp không phải UTF-8")


# ---------------------------------------------------------------- the machine's own limits and words

@needs_posix
def test_a_full_folder_for_temporary_files_keeps_the_old_pages(shipped_copy, tmp_path):
    """A sentence before anything begins; everything of the former run is as it was, and the next run goes on."""
    out, small = tmp_path / "out", tmp_path / "small"
    ctd_run(shipped_copy, out)
    before = {p: p.read_bytes() for p in out.rglob("*") if p.suffix in (".html", ".xlsx", ".docx")}
    grades = shipped_copy / "submissions" / "cum-1" / "grades.csv"
    grades.write_text(grades.read_text(encoding="utf-8").replace(",A,A,", ",A,B,", 1), encoding="utf-8")
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", small], capture_output=True, timeout=60).returncode:
        pytest.skip("no right to mount here")
    try:
        done = ctd_run(shipped_copy, out, code=2, TMPDIR=str(small))
    finally:
        subprocess.run(["umount", small], check=True, timeout=60)

    assert f"thư mục tạm {small}" in done.stderr and "Traceback" not in done.stderr
    assert before == {path: path.read_bytes() for path in before}
    ctd_run(shipped_copy, out)
    assert before[out / "cum-1.html"] != (out / "cum-1.html").read_bytes()


@needs_posix
def test_the_users_umask_holds(tmp_path):
    """Pages are made as any program of theirs makes files."""
    old = os.umask(0o077)
    try:
        files.write_whole(tmp_path / "private", b"")
    finally:
        os.umask(old)
    files.write_whole(tmp_path / "common", b"")

    assert 0o600 == (tmp_path / "private").stat().st_mode & 0o777
    assert 0o666 & ~old == (tmp_path / "common").stat().st_mode & 0o777


@pytest.mark.parametrize("odd", ["now", "²", "9" * 30, "-99999999999999"])
def test_a_strange_source_date_epoch_is_a_wrong_call(tmp_path, odd):
    """A sentence; nothing is made."""
    done = ctd_run(SHIPPED, tmp_path / "out", code=2, SOURCE_DATE_EPOCH=odd)

    assert "SOURCE_DATE_EPOCH" in done.stderr and not (tmp_path / "out").exists()


@pytest.mark.parametrize(("old", "new", "said"), [
    ("before = 2024-02-22", "before = 9999-12-31", "ngày dạng"), ("before = 2024-02-22", "before = 0001-01-01", "ngày dạng"),
    ("min_a = 41", "min_a = 1" + "0" * 30, "số nguyên"), ("min_a = 41", "min_a = " + "[" * 900 + "]" * 900, "lồng quá sâu"),
    ("min_a = 41", "min_a." + "a." * 3000 + "a = 1", "lồng quá sâu"), ("min_a = 41", "min_a = " + "9" * 5000, "TOML")])
def test_odd_dates_and_deep_tables_get_a_sentence(shipped_copy, tmp_path, capsys, old, new, said):
    """In the rule book, and in a scenario where its shape allows it."""
    book = shipped_copy / "rulebook.toml"
    text = book.read_text(encoding="utf-8")
    assert old in text
    book.write_text(text.replace(old, new, 1), encoding="utf-8")
    scenario = tmp_path / "s.toml"
    scenario.write_text(f'title = "x"\n[set]\nclass.excellent.{new}\n', encoding="utf-8")

    assert 1 == cli.main(["check", str(shipped_copy)])
    assert said in capsys.readouterr().out
    assert 2 == cli.main(["what-if", str(SHIPPED), "--scenario", str(scenario)])


@pytest.mark.parametrize(("odd", "spelled", "code"), [("\x9b31m", "\\u009b31m", 1), ("\u202e", "\\u202e", 0)],
                         ids=["moves", "turns"])
@pytest.mark.parametrize("call", [["check"], ["appraise"], ["explain", "hon-dat"], ["what-if"]], ids=lambda c: c[0])
def test_nothing_from_outside_commands_a_terminal(shipped_copy, capsys, call, odd, spelled, code):
    """A name with a sign that moves a cursor is refused, one that turns the direction of writing spelled out."""
    path = shipped_copy / "units.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Hòn Đất", f"Hòn{odd}Đất"), encoding="utf-8")

    assert code == cli.main([*call[:1], *call[1:], str(shipped_copy)])
    said = "".join(capsys.readouterr())
    assert not set("\x9b\u202e\x1b") & set(said)
    assert spelled in said or call[0] == "check"


def test_a_run_that_is_watched_says_names_plainly_too(shipped_copy, tmp_path):
    """Titles in the lines of progress."""
    path = shipped_copy / "clusters.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("số 1", "số\u202e 1"), encoding="utf-8")
    done = ctd_run(shipped_copy, tmp_path / "out", "--cluster", "cum-1")

    assert "\\u202e" in done.stderr and "\u202e" not in done.stderr
