"""The main job, really run: papermill executes, nbconvert renders, pages appear whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import html5lib
import nbformat
import openpyxl
import pytest
from conftest import CASES, PAGES, ROOT, SHIPPED, ctd_run, make_year

from ctd_analysis import cli
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.pages import results
from ctd_analysis.run import render, worklist
from ctd_analysis.tables import markup
from ctd_analysis.year.year import read


def html_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_the_shipped_year_renders_every_page(rendered):
    """`ctd run` writes the pages and results the contract names, and nothing else."""
    assert {*(f"{p}.html" for p in PAGES), "what_if.html", "bien-ban.docx", "results.json", "results.xlsx", "run.json"} == \
        {p.name for p in rendered.iterdir() if p.is_file() and not p.name.startswith(".")}
    assert 15 == len(list((rendered / "don-vi").glob("*.html")))


def test_the_last_line_says_where_the_pages_are(tmp_path):
    """The screen ends with what to open."""
    done = ctd_run(SHIPPED, tmp_path, "--cluster", "cum-4")

    assert f"Mở {tmp_path / 'index.html'}" in done.stderr.splitlines()[-1]
    assert "[1/3]" in done.stderr


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_is_one_file_that_asks_for_nothing(rendered, page):
    """One script and its hash, no link to a file or a network, a policy that forbids any other, under 250 kB."""
    text = html_of(rendered / f"{page}.html")

    assert [markup.SCROLLS] == re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)
    assert f"script-src '{markup.hashed(markup.SCROLLS)}'\"" in text
    assert [] == re.findall(r"<link|<iframe|<object|<embed|@import|url\((?!#)|src=|javascript:", text)
    assert [] == re.findall(r"https?://(?!www\.w3\.org/)[^\s\"'<)]*", text)
    assert "default-src 'none'" in text
    assert 250_000 > len(text.encode())


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_is_well_formed_vietnamese_html(rendered, page):
    """`lang="vi"`, a title of its own, one h1, captions, scopes, headings in order, alternatives for charts."""
    tree = html5lib.parse(html_of(rendered / f"{page}.html"), namespaceHTMLElements=False)

    assert "vi" == tree.get("lang")
    assert 1 == len(tree.findall(".//h1"))
    assert tree.find(".//title").text == tree.find(".//h1").text
    assert all(table.find("caption") is not None and table.find("caption").text for table in tree.findall(".//table"))
    assert all(th.get("scope") in ("row", "col", "colgroup") for th in tree.findall(".//th"))
    assert all(row.find("th") is not None for row in tree.findall(".//tbody/tr"))
    levels = [int(e.tag[1]) for e in tree.iter() if isinstance(e.tag, str) and re.fullmatch("h[1-6]", e.tag)]
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:], strict=False))
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(set(ids)) == len(ids)
    assert all(re.search(r"\d", box.get("aria-label")) for box in tree.findall(".//*[@role='img']"))


def test_titles_differ(rendered):
    """Each page has its own title."""
    titles = [re.search("<title>(.*?)</title>", html_of(rendered / f"{p}.html"))[1] for p in PAGES]

    assert len(PAGES) == len(set(titles))


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_page_says_that_it_is_a_draft_and_a_sample(rendered, page):
    """Invented data says that it is invented, on every page and on every printed sheet."""
    text = html_of(rendered / f"{page}.html")

    assert "DỰ THẢO" in text
    assert text.count("SỐ LIỆU MINH HỌA") >= 2      # on the page and in the sheets' margin
    assert str(ROOT) not in text


def test_no_code_is_shown(rendered):
    """Readers see answers, not cells."""
    for page in PAGES:
        assert not re.search(r"page\.\w+\(|open_cluster|In \[|parameters", html_of(rendered / f"{page}.html"))


def test_two_runs_differ_in_the_run_stamp_alone(rendered, tmp_path):
    """Same inputs, same bytes."""
    ctd_run(SHIPPED, tmp_path, "--jobs", "1", SOURCE_DATE_EPOCH="1700000000")

    def without_stamp(path):
        return re.sub(rb'<span class="run-stamp">.*?</span>', b"", path.read_bytes())

    assert b"14/11/2023" in (tmp_path / "cum-1.html").read_bytes()
    for path in sorted(p for p in rendered.rglob("*") if p.is_file() and p.name != "run.json"):     # its seconds differ
        assert without_stamp(path) == without_stamp(tmp_path / path.relative_to(rendered)), path.name


def test_results_json_is_what_appraise_prints(rendered):
    """`run` and `appraise --json` say the same."""
    printed = subprocess.run([sys.executable, "-m", "ctd_analysis", "appraise", str(SHIPPED), "--json", "-"], cwd=ROOT,
                             capture_output=True, check=True, timeout=60).stdout

    assert json.loads(printed) == json.loads((rendered / "results.json").read_bytes())


def test_the_workbook_opens_and_holds_every_table(rendered):
    """`results.xlsx`: a sheet a table, heads frozen, numbers as numbers."""
    book = openpyxl.load_workbook(rendered / "results.xlsx")
    sheet = book["Xếp loại"]

    assert ["Tóm tắt", *results.SHEETS] == book.sheetnames
    assert all(1 == len(book[name].tables) and not book[name].merged_cells.ranges for name in results.SHEETS)
    assert "A2" == sheet.freeze_panes
    assert [42, 0] == [cell.value for cell in sheet[2][5:7]]
    assert any("SỐ LIỆU MINH HỌA" in str(c.value) for row in book["Tóm tắt"] for c in row)


# ---------------------------------------------------------------- what fails

def spoil(path: Path, old: str, new: str) -> None:
    """Change one place of a file; it must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_faulty_cluster_does_not_stop_the_others(shipped_copy, tmp_path):
    """It stands on the index with its reason; its old page is gone; the exit code is 1."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "cum-2.html").write_text("old", encoding="utf-8")
    grades = shipped_copy / "submissions" / "cum-2" / "grades.csv"
    first = grades.read_text(encoding="utf-8").splitlines()[1]
    spoil(grades, first, ",".join([*first.split(",")[:3], "D", ""]))

    done = ctd_run(shipped_copy, out, code=1)

    assert {"cum-1.html", "cum-3.html", "cum-4.html", "check.html", "province.html"} <= {p.name for p in out.iterdir()}
    assert not (out / "cum-2.html").exists()
    for text in (html_of(out / "index.html"), html_of(out / "check.html")):
        assert "cum-2/grades.csv, dòng 2" in text and "“D”" in text
    assert ["cum-2"] == list(json.loads((out / "results.json").read_bytes())["failed_clusters"])
    assert "CHƯA LẬP ĐƯỢC cum-2" in done.stderr


def test_a_failing_notebook_does_not_stop_the_others(tmp_path, monkeypatch, capsys):
    """The executed notebook is kept for the analyst, with the failure in the cell where it happened."""
    books = tmp_path / "notebooks"
    books.mkdir()
    for path in worklist.NOTEBOOKS.glob("*.ipynb"):
        (books / path.name).write_bytes(path.read_bytes())
    spoil(books / "cluster_report.ipynb", '"page.summary()"', '"1 / (cluster != \\"cum-3\\")"')
    monkeypatch.setattr(worklist, "NOTEBOOKS", books)

    code = cli.main(["run", str(SHIPPED), "--out", str(tmp_path / "out")])

    assert 1 == code
    assert (tmp_path / "out" / "cum-1.html").exists() and not (tmp_path / "out" / "cum-3.html").exists()
    kept = json.loads((tmp_path / "out" / "cum-3.failed.ipynb").read_bytes())
    assert any(o.get("ename") == "ZeroDivisionError" for c in kept["cells"] for o in c.get("outputs", []))
    assert "ZeroDivisionError" in html_of(tmp_path / "out" / "index.html")
    assert "CHƯA LẬP ĐƯỢC cum-3" in capsys.readouterr().err


def test_an_unknown_parameter_is_refused_before_a_kernel_starts(tmp_path):
    """papermill alone would log it and run; and a parameter's name is code."""
    with pytest.raises(ValueError, match="không có tham số “clutser” .có phải “cluster” không"):
        render.execute(worklist.NOTEBOOKS / "cluster_report.ipynb", tmp_path / "x.ipynb", {"clutser": "cum-1"})
    with pytest.raises(ValueError, match="không có tham số"):
        render.execute(worklist.NOTEBOOKS / "cluster_report.ipynb", tmp_path / "x.ipynb", {"a=1;open('pwn','w');b": "1"})
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("bad", ["../../x", "CON", "a/b", "index", "x" * 300])
def test_a_cluster_id_that_is_no_file_name_writes_nothing_outside(tmp_path, bad):
    """Such a cluster fails with a sentence; the healthy ones are done."""
    year = make_year(CASES / "year-1", tmp_path / "deep" / "er" / "year")
    for name in ("units.csv", "clusters.csv"):
        path = year / name
        path.write_text(path.read_text(encoding="utf-8").replace("cum-2", bad), encoding="utf-8")
    before = sorted(p for p in tmp_path.rglob("*"))

    ctd_run(year, tmp_path / "deep" / "er" / "out", "--cluster", "cum-1", code=1)

    new = {p.relative_to(tmp_path) for p in tmp_path.rglob("*")} - {p.relative_to(tmp_path) for p in before}
    assert {Path("deep/er/out")} == {p for p in new if p.name == "out"}
    assert all(Path("deep/er/out") in (p, *p.parents) for p in new)
    assert "không dùng làm tên tệp được" in html_of(tmp_path / "deep" / "er" / "out" / "index.html")


def test_the_index_leads_to_pages_that_are_there_and_names_every_unit(tmp_path):
    """Of a run of one cluster the others' units are told with their class, and lead nowhere yet."""
    ctd_run(SHIPPED, tmp_path, "--cluster", "cum-4")
    text = html_of(tmp_path / "index.html")

    assert {"kien-hai", "phu-quoc", "rach-gia"} == set(re.findall(r'href="don-vi/([^"]*)\.html"', text))
    assert 15 == len(re.findall(r'<tr id="don-vi-', text)) and "15 đơn vị: 4 Xuất sắc" in text
    assert all((tmp_path / link).is_file() for link in re.findall(r'href="([^"#:]*)"', text))


def test_a_run_of_one_cluster_leads_nowhere_that_is_not_there_yet(tmp_path):
    """Whichever page; once the rest is made they lead there, and no page of before is taken for an old one."""
    for clusters in (("--cluster", "cum-4"), ("--cluster", "cum-1"), ()):
        ctd_run(SHIPPED, tmp_path, *clusters)
        for page in tmp_path.rglob("*.html"):
            assert [] == [link for link in re.findall(r'href="([^"#:]+)"', page.read_text(encoding="utf-8"))
                          if not (page.parent / link).is_file()], page
        assert "CŨ:" not in html_of(tmp_path / "index.html")

    assert 15 == len(set(re.findall(r'href="(don-vi/[^"]*)"', html_of(tmp_path / "province.html"))))


def test_a_page_from_older_data_is_marked_on_the_index(shipped_copy, tmp_path):
    """Rendering one cluster again leaves the others' pages; the index says which no longer fit the data."""
    out = tmp_path / "out"
    ctd_run(shipped_copy, out)
    grades = shipped_copy / "submissions" / "cum-2" / "grades.csv"
    grades.write_text(grades.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    ctd_run(shipped_copy, out, "--cluster", "cum-1")

    states = dict(re.findall(r'href="(cum-\d)\.html">.*?</th><td[^>]*>(.*?)</td>', html_of(out / "index.html")))
    assert {"cum-1": "khớp số liệu hiện có", "cum-2": "CŨ: số liệu hoặc quy định đã đổi", "cum-3": "khớp số liệu hiện có",
            "cum-4": "khớp số liệu hiện có"} == states


def test_a_scenario_is_marked_on_every_page(tmp_path):
    """A page made under a what-if says so, and the rule book stays as it was."""
    before = (SHIPPED / "rulebook.toml").read_bytes()
    scenario = tmp_path / "bar-40.toml"
    scenario.write_text('title = "Nếu mức Xuất sắc là 40"\n[set]\n"class.excellent.min_a" = 40\n', encoding="utf-8")

    ctd_run(SHIPPED, tmp_path / "out", "--scenario", str(scenario), "--cluster", "cum-4")

    for page in ("index", "check", "province", "cum-4"):
        assert html_of(tmp_path / "out" / f"{page}.html").count("Nếu mức Xuất sắc là 40") >= 2
    assert before == (SHIPPED / "rulebook.toml").read_bytes()


@pytest.mark.parametrize(("more", "said"), [(["--cluster", "cum-9"], "không có cụm “cum-9”"),
                                            (["--jobs", "0"], "--jobs cần một số từ 1"),
                                            (["--scenario", "nowhere.toml"], "không có tệp phương án")])
def test_a_wrong_call_ends_with_two(tmp_path, more, said):
    """The call is wrong: nothing is written."""
    done = ctd_run(SHIPPED, tmp_path / "out", *more, code=2)

    assert said in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_output_folder_that_is_a_file_is_said_plainly(tmp_path):
    """No traceback, and the file stays."""
    (tmp_path / "out").write_text("mine", encoding="utf-8")

    done = ctd_run(SHIPPED, tmp_path / "out", code=2)

    assert "không ghi được vào" in done.stderr
    assert "mine" == (tmp_path / "out").read_text(encoding="utf-8")


def test_formulas_typed_by_somebody_stay_text(shipped_copy, tmp_path):
    """What we write never carries a live formula or link built from someone's text."""
    spoil(shipped_copy / "units.csv", "Huyện Kiên Hải", "=1+1")
    spoil(shipped_copy / "clusters.csv", "Cụm thi đua số 1 (mẫu)", "@SUM(A1)")
    year = read(shipped_copy)
    path = tmp_path / "results.xlsx"
    path.write_bytes(results.workbook(appraise(year), []))

    texts = [c for sheet in openpyxl.load_workbook(path) for row in sheet for c in row if str(c.value)[:1] in "=@+"
             and c.value is not None]

    assert texts and {"s"} == {c.data_type for c in texts}


def test_a_run_leaves_nothing_elsewhere(tmp_path, monkeypatch):
    """A relative output folder is the caller's, whatever runs beside it: no page lands in the notebooks' folder."""
    before = sorted((ROOT / "notebooks").rglob("*"))
    monkeypatch.chdir(tmp_path)

    assert 0 == cli.main(["run", str(SHIPPED), "--out", "pages"])

    assert PAGES | {"what_if"} == {p.stem for p in (tmp_path / "pages").glob("*.html")}
    assert before == sorted(p for p in (ROOT / "notebooks").rglob("*"))


POISON = """import os, sys, warnings, pandas, matplotlib.pyplot as plt
os.chdir('/'); os.environ['CTD_POISON'] = '1'; os.environ.pop('HOME', None); sys.path.insert(0, '/nowhere')
warnings.simplefilter('error'); pandas.set_option('display.max_rows', 1); plt.rcParams['font.size'] = 40
plt.rcParams['svg.hashsalt'] = 'x'; plt.figure(); page = 'poison'; open_cluster = None; sys.setrecursionlimit(100_000)
print = None; str = None"""


def test_a_warm_kernel_is_as_good_as_a_fresh_one(tmp_path):
    """A notebook that disturbs all it can: the page after it is byte for byte that of a fresh kernel."""
    from ctd_analysis.run import kernels
    poison = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(POISON)])
    poison.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(poison, tmp_path / "poison.ipynb")
    job = next(j for j in worklist.plan(appraise(read(SHIPPED)), None) if j.name == "cum-2")
    try:
        fresh = render.execute(worklist.NOTEBOOKS / job.notebook, tmp_path / "fresh.ipynb", job.parameters)
        kernels.close()
        render.execute(tmp_path / "poison.ipynb", tmp_path / "poisoned.ipynb", {})
        kernel = kernels.mine()
        after = render.execute(worklist.NOTEBOOKS / job.notebook, tmp_path / "after.ipynb", job.parameters)
        assert kernel is kernels.mine() and 2 == kernel.notebooks
    finally:
        kernels.close()

    assert render.to_html(fresh, worklist.context(job, "nay")) == render.to_html(after, worklist.context(job, "nay"))


# ---------------------------------------------------------------- only what changed

def made(out: Path) -> dict[str, float]:
    """When each file was last written."""
    return {p.relative_to(out).as_posix(): p.stat().st_mtime_ns for p in out.rglob("*")
            if p.is_file() and not p.name.startswith(".") and p.name != "run.json"}


def test_nothing_changed_means_nothing_done(tmp_path):
    """No kernel, no notebook: papermill and nbconvert are not even loaded, and no file is touched."""
    ctd_run(SHIPPED, tmp_path)
    before = made(tmp_path)
    script = ("import sys; from ctd_analysis import cli; code = cli.main(sys.argv[1:]); "
              "heavy = {'papermill', 'nbconvert', 'matplotlib', 'pandas', 'xlsxwriter'} & set(sys.modules); "
              "sys.exit(f'loaded {heavy}' if heavy else code)")

    done = subprocess.run([sys.executable, "-c", script, "run", str(SHIPPED), "--out", str(tmp_path)], cwd=ROOT,
                          capture_output=True, text=True, encoding="utf-8", timeout=200)

    assert 0 == done.returncode, done.stderr
    assert "giữ nguyên 6 trang không đổi" in done.stderr
    assert before == made(tmp_path)


def changed_by(out: Path, year: Path, *more: str, code: int = 0) -> set[str]:
    """Which files a further run writes anew."""
    before = made(out)
    ctd_run(year, out, *more, code=code)
    return {name for name, when in made(out).items() if before.get(name) != when}


def test_one_changed_cell_redoes_its_page_the_province_and_the_index(shipped_copy, tmp_path):
    """A cell of cum-1's; the check page lists its file, the results hold it; the other clusters' pages stay."""
    out = tmp_path / "out"
    ctd_run(shipped_copy, out)
    branches = shipped_copy / "submissions" / "cum-1" / "branches.csv"
    line = branches.read_text(encoding="utf-8").splitlines()[1]
    spoil(branches, line, ",".join([*line.split(",")[:3], "99000000"]))

    own = {f"don-vi/{unit}.html" for unit in ("ha-tien", "kien-luong", "hon-dat", "giang-thanh")}
    whole = {"province.html", "check.html", "index.html", "what_if.html", "bien-ban.docx", "results.json", "results.xlsx"}
    assert {"cum-1.html", *whole, *own, "read/cum-1/branches.csv"} == changed_by(out, shipped_copy)

    decisions = shipped_copy / "decisions.csv"
    decisions.write_text(decisions.read_text(encoding="utf-8") + "hon-dat,downgrade,,thử,thử,2024-12-20\n", encoding="utf-8")
    assert {"cum-1.html", *whole, *own} == changed_by(out, shipped_copy)


def test_a_correction_redoes_the_cluster_it_touches(shipped_copy, tmp_path):
    """Its page, its units' pages and those of the whole year, which show it; the other clusters' pages stay."""
    out = tmp_path / "out"
    ctd_run(shipped_copy, out)
    (shipped_copy / "corrections.csv").write_text(
        "file,sheet,cell,was,value,reason,document\ncum-3.xlsx,Chỉ tiêu,E6,58900000,61000000,hỏi lại,CV 12\n", encoding="utf-8")
    written = changed_by(out, shipped_copy)

    assert {"cum-3.html"} == written & {"cum-1.html", "cum-2.html", "cum-3.html", "cum-4.html"}
    assert {"don-vi/an-bien.html", "check.html", "province.html"} <= written
    assert not any(unit in name for name in written for unit in ("hon-dat", "kien-hai", "rach-gia"))
    assert "Đọc khác với tệp gửi" in html_of(out / "check.html") and "61000000" in html_of(out / "check.html")
    for page in ("cum-3.html", "don-vi/an-bien.html"):
        assert "đã sửa theo CV 12 (tệp ghi “58900000”)" in html_of(out / page)


def test_a_changed_rule_or_scenario_or_force_redoes_all(shipped_copy, tmp_path):
    """And a page somebody has written into stays: the new one is made beside it."""
    out = tmp_path / "out"
    units = {f"don-vi/{u.unit}.html" for u in read(SHIPPED).units}
    everything = {*(f"{p}.html" for p in PAGES), *units, "what_if.html", "bien-ban.docx", "results.json", "results.xlsx"}
    ctd_run(shipped_copy, out)

    spoil(shipped_copy / "rulebook.toml", "min_a = 41", "min_a = 42")
    assert everything == changed_by(out, shipped_copy)

    scenario = tmp_path / "s.toml"
    scenario.write_text('title = "thử"\n[set]\n"readings.several_flags" = "each"\n', encoding="utf-8")
    assert everything == changed_by(out, shipped_copy, "--scenario", str(scenario))
    assert everything == changed_by(out, shipped_copy, "--scenario", str(scenario), "--force")

    (out / "cum-2.html").write_text("touched", encoding="utf-8")
    assert {"cum-2 (mới).html", "index.html"} == changed_by(out, shipped_copy, "--scenario", str(scenario))
    assert "touched" == (out / "cum-2.html").read_text(encoding="utf-8")


def test_the_page_of_a_unit_renamed_since_goes(shipped_copy, tmp_path):
    """Unless somebody has written into it: then it is theirs."""
    out = tmp_path / "out"
    ctd_run(shipped_copy, out)
    noted = out / "don-vi" / "ha-tien.html"
    noted.write_text(noted.read_text(encoding="utf-8") + "<!-- đã ký -->", encoding="utf-8")
    for table in shipped_copy.rglob("*.csv"):
        spoil_all(table, {"hon-dat": "hon-dat-moi", "ha-tien": "ha-tien-moi"})

    ctd_run(shipped_copy, out)

    there = {page.stem for page in (out / "don-vi").iterdir()}
    assert {"ha-tien", "ha-tien-moi", "hon-dat-moi"} <= there and "hon-dat" not in there
    assert "hon-dat.html" not in (out / "run.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("files", [None, [], {"a.html": None}, {"a\0b": {"sha256": ""}}, {"../year.html": {"sha256": ""}},
                                   '{"files": ' + "[" * 100_000 + "]" * 100_000 + "}", {"cum-1.html": {"reasons": ["\ud800"]}}])
def test_a_record_somebody_has_spoilt_is_no_obstacle(tmp_path, files):
    """What it holds that makes no sense is passed over; nothing outside the folder is touched."""
    (tmp_path / "out").mkdir()
    (tmp_path / "year.html").touch()
    spoilt = files if isinstance(files, str) else json.dumps({"files": files})
    spoilt = spoilt.replace('"sha256": ""', f'"sha256": "{hashlib.sha256(b"").hexdigest()}"')
    (tmp_path / "out" / "run.json").write_text(spoilt, encoding="utf-8")

    ctd_run(SHIPPED, tmp_path / "out", "--cluster", "cum-1")

    assert (tmp_path / "year.html").exists() and (tmp_path / "out" / "cum-1.html").exists()


def spoil_all(path: Path, words: dict[str, str]) -> None:
    """Some words for others, throughout a file that has any."""
    text = path.read_text(encoding="utf-8")
    for old, new in words.items():
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def test_several_years_in_one_call_each_have_their_folder(tmp_path):
    """`ctd run data/2023 data/2024`."""
    first = make_year(CASES / "year-1", tmp_path / "2023")
    second = make_year(CASES / "year-2", tmp_path / "2024")

    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "run", first, second, "--out", tmp_path / "out"], cwd=ROOT,
                          capture_output=True, text=True, encoding="utf-8", timeout=200)

    assert 0 == done.returncode, done.stderr
    assert {"2023", "2024"} == {p.name for p in (tmp_path / "out").iterdir()}
    assert all((tmp_path / "out" / y / "index.html").is_file() for y in ("2023", "2024"))
