"""The command: words a clerk understands, results on standard output, all else on standard error, a true exit code."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from build import FLAGS
from conftest import CASES, ROOT, make_year

import ctd_analysis
from ctd_analysis import cli
from ctd_analysis.terms import CLASSES
from ctd_analysis.verbs import shared
from ctd_analysis.year import year

PROBLEM_KEYS = {"cluster", "file", "sheet", "cell", "line", "seen", "wanted", "message"}
GRADES = "submissions/cum-1/grades.csv"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A healthy year that a test may spoil."""
    return make_year(CASES / "year-1", tmp_path / "2024")


def process(*words, env=None, code="from ctd_analysis.cli import main; sys.exit(main(sys.argv[1:]))"):
    """The command in a process of its own; output as bytes."""
    return subprocess.run([sys.executable, "-c", f"import sys; {code}", *map(str, words)], capture_output=True,
                          cwd=ROOT, env={**os.environ, **(env or {})}, timeout=60)


def swap(path, old, new):
    """Replace the first `old` in a file."""
    content = path.read_bytes()
    assert old.encode() in content
    path.write_bytes(content.replace(old.encode(), new.encode(), 1))


def spoil(folder):
    """One grade of cum-1 is a D."""
    swap(folder / GRADES, "u000,1,A,A,", "u000,1,A,D,")


# ---------------------------------------------------------------- help

@pytest.mark.parametrize("verb", [(), *((verb,) for verb in cli.VERBS)], ids=["ctd", *cli.VERBS])
def test_help_is_vietnamese(ctd, verb):
    """Not one of argparse's own English words is left, and every option is explained."""
    code, out, err = ctd(*verb, "--help")

    assert (0, "") == (code, err)
    assert "Cách dùng: ctd" in out
    assert "-h, --help" in out and "in trang này" in out
    assert [] == re.findall(r"usage|options:|positional|arguments|show this help|default|optional", out, re.IGNORECASE)


def test_the_version_is_told(ctd):
    """The one that is printed on every page."""
    assert (0, f"ctd-analysis {ctd_analysis.__version__}\n", "") == ctd("--version")


def test_the_help_lists_every_verb_and_every_exit_code(ctd):
    """One line for each verb; 0, 1 and 2 are explained."""
    out = ctd("--help")[1]

    for verb in cli.VERBS:
        assert re.search(rf"^ +{verb}\s+\w", out, re.MULTILINE)
    assert re.search(r"0 là .*1 là .*2 là", out, re.DOTALL)


@pytest.mark.parametrize("verb", cli.VERBS)
def test_the_help_of_a_verb_names_the_default_year(ctd, verb):
    """Nobody has to guess which folder is read."""
    assert shared.DEFAULT_YEAR in ctd(verb, "--help")[1]


# ---------------------------------------------------------------- wrong calls: code 2, one line, the nearest name

WRONG_CALLS = {
    "a slip in a verb": (["chek"], "không có lệnh “chek” (có phải “check” không?)"),
    "another slip in a verb": (["apraise", "YEAR"], "(có phải “appraise” không?)"),
    "no verb": ([], "thiếu LỆNH"),
    "no unit": (["explain"], "thiếu ĐƠN_VỊ"),
    "no new year": (["new-year", "data/2024"], "thiếu NĂM_MỚI (xem"),
    "neither year": (["new-year"], "thiếu NĂM_NGUỒN, NĂM_MỚI (xem"),
    "no day": (["due", "YEAR"], "thiếu --on (xem"),
    "a slip in an option before the verb": (["--verison"], "không hiểu “--verison” (có phải “--version” không?)"),
    "another, with a value": (["--verison", "3", "check"], "không hiểu “--verison” (có phải “--version” không?)"),
    "a slip in an option where something is missing": (["due", "YEAR", "--json", "-", "--onn=2024-06-30"],
                                                       "không hiểu “--onn=2024-06-30” (có phải “--on” không?)"),
    "a slip in a verb, and options of its own": (["chek", "YEAR", "--json", "-"], "không có lệnh “chek”"),
    "a slip in an option": (["appraise", "YEAR", "--jsn", "-"], "(có phải “--json” không?)"),
    "a slip in another option": (["appraise", "YEAR", "--scenari", "x"], "(có phải “--scenario” không?)"),
    "an option cut short": (["check", "YEAR", "--js", "-"], "--js"),
    "an option without its value": (["appraise", "YEAR", "--json"], "--json cần một giá trị đứng sau"),
    "a folder that a variable should have named": (["run", "YEAR", "--out", ""], "--out cần một giá trị đứng sau"),
    "a file of blanks": (["what-if", "YEAR", "--scenario", " "], "--scenario cần một giá trị đứng sau"),
    "a scheduler without an address": (["run", "YEAR", "--scheduler", ""], "--scheduler cần một giá trị đứng sau"),
    "a word for a number of kernels": (["run", "YEAR", "--jobs", "hai"], "--jobs cần một số nguyên; thấy “hai”"),
    "no kernel": (["run", "YEAR", "--jobs", "0"], "--jobs cần một số từ 1 trở lên"),
    "a word for seconds": (["run", "YEAR", "--timeout", "lâu"], "--timeout cần một số giây; thấy “lâu”"),
    **{f"{seconds} seconds": (["run", "YEAR", f"--timeout={seconds}"], "--timeout cần một số giây lớn hơn 0")
       for seconds in ("0", "-1", "nan", "inf", "1e999")},
    "a flag with a value": (["appraise", "--help=3"], "--help"),
    "a word too many": (["check", "YEAR", "more"], "“more”"),
    "a folder that is not there": (["check", "YEAR5"], "(có phải “2024” không?); cần thư mục của một năm"),
    "a file for a folder": (["check", "YEAR/units.csv"], "cần thư mục của một năm"),
    "a slip in a unit": (["explain", "u0000", "YEAR"], "không có đơn vị “u0000” (có phải “u000” không?)"),
    "a unit without tone marks": (["explain", "huyen thu 1", "YEAR"], "(có phải “huyện thử 1” không?)"),
    "a slip in a key": (["appraise", "YEAR", "--set", "class.excelent.min_a=40"],
                        "không có khóa “class.excelent.min_a” (có phải “class.excellent.min_a” không?)"),
    "a slip in a flag's key": (["appraise", "YEAR", "--set", "flag.due.below_percent=80"],
                               "(có phải “flag.dues.below_percent” không?)"),
    "a slip in a reading": (["appraise", "YEAR", "--set", "readings.not_considerd=either"],
                            "(có phải “readings.not_considered” không?)"),
    "a slip in an option of a reading": (["appraise", "YEAR", "--set", "readings.not_considered=eithr"],
                                         "không có phương án “eithr”; cần both hoặc either (có phải “either” không?)"),
    "a key that is no threshold": (["appraise", "YEAR", "--set", "class.weak.min_a=1"],
                                   "không có khóa “class.weak.min_a”"),
    "a key alone": (["appraise", "YEAR", "--set", "class.excellent.min_a"], "thấy “class.excellent.min_a”"),
    "a key without a value": (["appraise", "YEAR", "--set", "class.excellent.min_a="], "thấy “class.excellent.min_a=”"),
    "a word for a number": (["appraise", "YEAR", "--set", "class.excellent.min_a=bốn"], "cần số nguyên từ 0 đến 43"),
    "a number below the range": (["appraise", "YEAR", "--set", "class.excellent.min_a=-1"],
                                 "cần số nguyên từ 0 đến 43"),
    "a number above the range": (["appraise", "YEAR", "--set", "class.excellent.min_a=44"],
                                 "cần số nguyên từ 0 đến 43"),
    "a fraction": (["appraise", "YEAR", "--set", "class.excellent.min_a=40.5"], "cần số nguyên từ 0 đến 43"),
    "a number without end": (["appraise", "YEAR", "--set", "class.excellent.min_a=" + "9" * 5000],
                             "cần số nguyên từ 0 đến 43"),
    "a percentage over 100": (["appraise", "YEAR", "--set", "flag.dues.below_percent=101"],
                              "cần số nguyên từ 0 đến 100"),
    "a day as written by hand": (["appraise", "YEAR", "--set", "filing.registration.before=01/03/2024"],
                                 "cần ngày dạng 2024-12-10"),
    "a JSON file in place of a folder": (["appraise", "YEAR", "--json", "YEAR"], "không ghi được"),
    "a JSON file below a file": (["check", "YEAR", "--json", "YEAR/units.csv/x.json"], "không ghi được"),
}


@pytest.mark.parametrize(("words", "said"), WRONG_CALLS.values(), ids=WRONG_CALLS)
def test_a_wrong_call_is_told_in_one_vietnamese_line(ctd, folder, words, said):
    """Exit code 2, nothing on standard output but what was computed before, one line that says what to type instead."""
    code, _, err = ctd(*(word.replace("YEAR", str(folder)) for word in words))

    assert 2 == code
    assert err.startswith("ctd: ")
    assert said in err
    assert 1 == len(err.splitlines())
    assert [] == re.findall("argument|invalid|expected|unrecognized|choose|ignored|Errno", err.replace(str(folder), ""))


def test_a_wrong_call_of_a_verb_points_to_that_verbs_help(ctd, folder):
    """`ctd appraise --help` lists the options; `ctd --help` does not."""
    assert "(xem: ctd appraise --help)" in ctd("appraise", folder, "--jsn", "-")[2]


# ---------------------------------------------------------------- exit codes and streams

@pytest.mark.parametrize("words", [["appraise", "YEAR", "--json", "-"], ["check", "YEAR"],
                                   ["check", "YEAR", "--json", "-"],
                                   ["explain", "u001", "YEAR"]], ids=" ".join)
def test_the_exit_code_says_whether_something_in_the_inputs_is_wrong(ctd, folder, words):
    """0 for a healthy year, notices or not; 1 once a single cell is wrong, and then a word on why."""
    call = [word.replace("YEAR", str(folder)) for word in words]
    healthy = ctd(*call)[0]
    spoil(folder)
    code, out, err = ctd(*call)

    assert (0, 1) == (healthy, code)
    assert "cum-1" in out + err


@pytest.mark.parametrize("sick", [False, True])
@pytest.mark.parametrize("verb", ["appraise", "check"])
def test_json_to_standard_output_is_json_alone(ctd, folder, verb, sick):
    """A pipe gets JSON, whole, and not one line more, also when there are problems."""
    if sick:
        spoil(folder)

    _, out, _ = ctd(verb, folder, "--json", "-")

    value, end = json.JSONDecoder().raw_decode(out)
    assert (dict, "\n") == (type(value), out[end:])


@pytest.mark.parametrize("verb", ["appraise", "check"])
def test_json_to_a_file_is_the_same(ctd, folder, tmp_path, verb):
    """The file holds what standard output would get, in UTF-8, and nothing else is left in its folder."""
    target = tmp_path / "kết quả" / f"{verb}.json"

    code = ctd(verb, folder, "--json", target)[0]

    assert 0 == code
    assert ctd(verb, folder, "--json", "-")[1] == target.read_text(encoding="utf-8")
    assert [target] == list(target.parent.iterdir())


def test_a_json_file_that_cannot_be_replaced_stays_as_it_was(ctd, folder, tmp_path, monkeypatch):
    """A full disk or an open file: exit code 2, the old file whole, nothing half-written beside it."""
    target = tmp_path / "out" / "results.json"
    target.parent.mkdir()
    target.write_text("old", encoding="utf-8")

    def refuse(*_):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(os, "replace", refuse)
    code, _, err = ctd("appraise", folder, "--json", target)

    assert (2, "old", [target]) == (code, target.read_text(encoding="utf-8"), list(target.parent.iterdir()))
    assert "không ghi được" in err


def test_the_year_is_not_written_to(ctd, folder):
    """Computing, checking and explaining leave every file of the year alone."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    for words in (["appraise", folder], ["check", folder], ["explain", "u000", folder]):
        ctd(*words)

    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_results_have_the_contracts_keys(ctd, folder):
    """More keys may come; these are there."""
    results = json.loads(ctd("appraise", folder, "--json", "-")[1])

    assert {"year", "sample", "scenario", "units", "failed_clusters"} <= results.keys()
    assert (2024, True, None, {}) == tuple(results[key] for key in ("year", "sample", "scenario", "failed_clusters"))
    assert [unit.unit for unit in year.read(folder).units] == [unit["unit"] for unit in results["units"]]
    assert list(FLAGS) == list(results["units"][0]["flags"])


# ---------------------------------------------------------------- check

def test_check_gives_exactly_the_contracts_keys(ctd, folder):
    """Problems and notices, each with eight keys; `cell` is for workbooks, `line` for CSV."""
    spoil(folder)
    (folder / "submissions/cum-2/filings.csv").unlink()

    found = json.loads(ctd("check", folder, "--json", "-")[1])

    assert ["problems", "notices"] == list(found)
    assert found["problems"] and found["notices"]
    assert all(set(one) == PROBLEM_KEYS for one in found["problems"] + found["notices"])
    assert {"cluster": "cum-1", "file": "cum-1/grades.csv", "sheet": None, "cell": None, "line": 2, "seen": "D",
            "wanted": "A, B, C, KAD hoặc để trống", "message": found["problems"][0]["message"]} == found["problems"][0]


def test_check_tells_of_a_rule_book_in_the_same_form(ctd, folder):
    """Also where the year's own files stop the run: exit code 1 and JSON, not a bare message."""
    swap(folder / "rulebook.toml", "min_a = 41", "min_aa = 41")

    code, out, _ = ctd("check", folder, "--json", "-")

    found = json.loads(out)
    assert (1, []) == (code, found["notices"])
    assert {"rulebook.toml"} == {one["file"] for one in found["problems"]}
    assert all(set(one) == PROBLEM_KEYS and one["cluster"] is None for one in found["problems"])


def test_check_lists_problems_then_notices_then_how_many(ctd, folder):
    """What a clerk sees: a word for the kind, the cluster, the message; then what was read; the last line counts."""
    spoil(folder)
    (folder / "submissions/cum-2/filings.csv").unlink()

    lines = ctd("check", folder)[1].splitlines()

    kinds = [line.split()[0] for line in lines[:lines.index("")]]
    notices = kinds.count("LƯU")
    assert ["LỖI"] + ["LƯU"] * notices == kinds
    assert lines[0].startswith("LỖI  [cum-1] cum-1/grades.csv, dòng 2: ")
    assert f"1 lỗi, {notices} lưu ý." == lines[-1]


# ---------------------------------------------------------------- explain

@pytest.mark.parametrize("typed", ["u000", "U000", " u000 ", "Huyện Thử 0", "huyện thử 0", "HUYỆN THỬ 0", "Đảo Thử",
                                   "đảo thử", "Huyện\u00a0Thử 0", unicodedata.normalize("NFD", "Huyện Thử 0"),
                                   unicodedata.normalize("NFD", "Đảo Thử")])
def test_a_unit_may_be_named_by_id_name_or_alias(ctd, folder, typed):
    """In any case and composition."""
    swap(folder / "units.csv", "cum-1,,", "cum-1,,Đảo Thử; Hai Đảo")

    code, out, _ = ctd("explain", typed, folder)

    assert 0 == code
    assert out.startswith("Huyện Thử 0 – Cụm thi đua số 1")


def test_an_explanation_is_plain_vietnamese(ctd, folder):
    """For every unit: clauses, what was asked and found, the class; and none of the library's own words."""
    words = [*CLASSES, *(flag for flag in FLAGS if flag not in ("dues", "resources")), "None", "True", "False", "nan",
             "null", "waterfall", "not_considered", "downgrade", "waive", "consider", "provisional", "unknown"]

    for unit in year.read(folder).units:
        code, out, err = ctd("explain", unit.unit, folder)

        assert (0, "") == (code, err)
        assert unit.name in out.splitlines()[0]
        assert all(clause in out for clause in ("III.1", "III.2.1", "III.2.2", "V.3", "V.4"))
        assert [] == re.findall(rf"\b({'|'.join(words)})\b", out)


def test_a_unit_of_a_failed_cluster_gets_the_reasons(ctd, folder):
    """Nothing is explained that was not judged: exit code 1, and what has to be mended."""
    spoil(folder)

    code, out, err = ctd("explain", "u000", folder)

    assert (1, "") == (code, out)
    assert "cum-1/grades.csv, dòng 2" in err


@pytest.mark.parametrize("encoding", ["cp1252", "cp1258", "ascii", "utf-8"])
@pytest.mark.parametrize("words", [["explain", "u000", "YEAR"], ["check", "YEAR"], ["--help"],
                                   ["explain", "nobody", "YEAR"]],
                         ids=["explain", "check", "help", "a wrong call"])
def test_a_windows_console_is_no_obstacle(folder, encoding, words):
    """Whatever the console's code page, the output is UTF-8, and no letter stops the command."""
    spoilt = process(*(word.replace("YEAR", str(folder)) for word in words), env={"PYTHONIOENCODING": encoding,
                                                                                  "PYTHONUTF8": "0"})

    text = (spoilt.stdout + spoilt.stderr).decode("utf-8")
    assert "Traceback" not in text
    assert re.search("[ạảấầẩậắằặẹẻếềểệịỉọỏốồổộớờởợụủứừửữựỳỵỷỹ]", text)
    assert (2 if "nobody" in words else 0) == spoilt.returncode


# ---------------------------------------------------------------- scenarios

SCENARIOS = {
    "dotted keys": 'title = "Hạ mức A"\n[set]\nclass.excellent.min_a = 40\nreadings.not_considered = "either"\n'
                   "filing.registration.before = 2024-03-01\n",
    "quoted keys": 'title = "Hạ mức A"\n[set]\n"class.excellent.min_a" = 40\n"readings.not_considered" = "either"\n'
                   '"filing.registration.before" = "2024-03-01"\n',
    "tables, on Windows": '\ufefftitle = "Hạ mức A"\r\n[set.class.excellent]\r\nmin_a = 40\r\n[set.readings]\r\n'
                          'not_considered = "either"\r\n[set.filing.registration]\r\nbefore = 2024-03-01\r\n',
}


@pytest.mark.parametrize("toml", SCENARIOS.values(), ids=SCENARIOS)
def test_a_scenario_file_says_the_same_as_its_keys_on_the_line(ctd, folder, tmp_path, toml):
    """A title and a table of keys, however they are written; the results say under which scenario they stand."""
    (tmp_path / "scenario.toml").write_bytes(toml.encode())

    code, out, _ = ctd("appraise", folder, "--json", "-", "--scenario", tmp_path / "scenario.toml")

    typed = json.loads(ctd("appraise", folder, "--json", "-", "--set", "class.excellent.min_a=40", "--set",
                           "readings.not_considered=either", "--set", "filing.registration.before=2024-03-01")[1])
    results = json.loads(out)
    assert (0, "Hạ mức A") == (code, results["scenario"]["title"])
    assert typed["units"] == results["units"]


def test_a_key_on_the_line_goes_before_the_files(ctd, folder, tmp_path):
    """`--set` overrides the scenario file, key by key."""
    (tmp_path / "scenario.toml").write_text(SCENARIOS["dotted keys"], encoding="utf-8")
    both = ["--scenario", tmp_path / "scenario.toml", "--set", "class.excellent.min_a=41"]

    results = json.loads(ctd("appraise", folder, "--json", "-", *both)[1])

    without = ["--set", "readings.not_considered=either", "--set", "filing.registration.before=2024-03-01"]
    assert json.loads(ctd("appraise", folder, "--json", "-", *without)[1])["units"] == results["units"]


def test_a_scenario_changes_results_and_not_the_rule_book(ctd, folder):
    """41 made 36: a unit with 39 A climbs; asked again without it, all is as before."""
    before = ctd("appraise", folder, "--json", "-")[1]

    lower = ["--set", "class.good.min_a=35", "--set", "class.excellent.min_a=36"]
    tried = ctd("appraise", folder, "--json", "-", *lower)[1]

    classes = {unit["unit"]: unit["base_class"] for unit in json.loads(tried)["units"]}
    assert ("good", "excellent") == (json.loads(before)["units"][0]["base_class"], classes["u000"])
    assert before == ctd("appraise", folder, "--json", "-")[1]


def test_bars_that_no_longer_descend_are_a_warning(ctd, folder):
    """A what-if may set them: exit code 0, and a word on standard error."""
    code, out, err = ctd("appraise", folder, "--json", "-", "--set", "class.excellent.min_a=30")

    assert (0, 12) == (code, len(json.loads(out)["units"]))
    assert "class.excellent.min_a" in err


BAD_SCENARIOS = {
    "no TOML": ("title = ", "không đọc được tệp phương án"),
    "no title": ("[set]\nclass.good.min_a = 38\n", "cần title"),
    "a blank title": ('title = " "\n[set]\nclass.good.min_a = 38\n', "cần title"),
    "no keys": ('title = "x"\n', "bảng [set]"),
    "a slip in the table": ('title = "x"\n[sett]\nclass.good.min_a = 38\n', "bảng [set]"),
    "an unknown key": ('title = "x"\n[set]\nclas.good.min_a = 38\n', "(có phải “class.good.min_a” không?)"),
    "an unknown option": ('title = "x"\n[set]\nreadings.sanction = "downgrad"\n', "(có phải “downgrade” không?)"),
    "a float": ('title = "x"\n[set]\nclass.good.min_a = 38.0\n', "cần số nguyên từ 0 đến 43"),
    "a truth value": ('title = "x"\n[set]\nclass.good.min_a = true\n', "cần số nguyên từ 0 đến 43"),
    "a list for a number": ('title = "x"\n[set]\nclass.good.min_a = [38]\n', "cần số nguyên từ 0 đến 43"),
    "a list for an option": ('title = "x"\n[set]\nreadings.sanction = ["downgrade"]\n',
                             "cần downgrade hoặc not_considered"),
    "a day with an hour": ('title = "x"\n[set]\nfiling.registration.before = 2024-03-01T00:00:00\n',
                           "cần ngày dạng 2024-12-10"),
    "a number without end": (f'title = "x"\n[set]\nclass.good.min_a = {"9" * 5000}\n', "không đọc được tệp phương án"),
    "brackets without end": (f'title = "x"\n[set]\nclass.good.min_a = {"[" * 5000}\n', "không đọc được tệp phương án"),
    "not UTF-8": ("title = \"Hạ mức A\"".encode("utf-16"), "không đọc được tệp phương án"),
}


@pytest.mark.parametrize(("toml", "said"), BAD_SCENARIOS.values(), ids=BAD_SCENARIOS)
def test_a_bad_scenario_file_is_a_wrong_call(ctd, folder, tmp_path, toml, said):
    """Exit code 2, nothing computed, one line that says what is wanted."""
    (tmp_path / "scenario.toml").write_bytes(toml if isinstance(toml, bytes) else toml.encode())

    code, out, err = ctd("appraise", folder, "--json", "-", "--scenario", tmp_path / "scenario.toml")

    assert (2, "") == (code, out)
    assert said in err
    assert 1 == len(err.splitlines())


@pytest.mark.parametrize("name", ["nowhere.toml", "2024"])
def test_a_scenario_file_that_is_none_is_a_wrong_call(ctd, folder, name):
    """A missing file, or a folder."""
    code, out, err = ctd("appraise", folder, "--json", "-", "--scenario", folder.parent / name)

    assert (2, "") == (code, out)
    assert name in err


# ---------------------------------------------------------------- what is loaded

@pytest.mark.parametrize("words", [["--help"], ["appraise", "--help"], ["appraise", "YEAR", "--json", "-"],
                                   ["appraise", "YEAR"], ["check", "YEAR"], ["explain", "u000", "YEAR"]], ids=" ".join)
def test_heavy_libraries_stay_away(folder, words):
    """Nothing but `run` needs pandas, papermill, nbconvert or matplotlib: the others answer at once."""
    code = ("\nfrom ctd_analysis.cli import main\ntry: main(sys.argv[1:])\nexcept SystemExit: pass\n"
            "heavy = {'pandas', 'papermill', 'nbconvert', 'matplotlib', 'IPython', 'openpyxl'}\n"
            "print(sorted(heavy & set(sys.modules)), file=sys.stderr)")

    done = process(*(word.replace("YEAR", str(folder)) for word in words), code=code)

    assert b"[]" == done.stderr.splitlines()[-1]


def test_the_module_is_the_command(folder):
    """`python -m ctd_analysis` and `ctd` are one."""
    done = subprocess.run([sys.executable, "-m", "ctd_analysis", "appraise", str(folder), "--json", "-"],
                          capture_output=True, cwd=ROOT, timeout=60)

    assert (0, 12) == (done.returncode, len(json.loads(done.stdout)["units"]))


def test_a_closed_pipe_is_no_traceback(folder):
    """`ctd check … | head -1` ends quietly."""
    with subprocess.Popen([sys.executable, "-m", "ctd_analysis", "appraise", str(folder), "--json", "-"], cwd=ROOT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.close()
        err = running.stderr.read()

    assert b"Traceback" not in err
    assert b"Exception ignored" not in err
