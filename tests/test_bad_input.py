"""Bad input: every slip a clerk can make is told with its place, and the healthy clusters are still done."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import CASES, ROOT, SHIPPED, make_year

from ctd_analysis import cli
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.problems import Refused
from ctd_analysis.rows import COLUMNS
from ctd_analysis.terms import TABLES
from ctd_analysis.year import year

GRADES, INDICATORS, BRANCHES, FILINGS = (f"submissions/cum-1/{table}.csv" for table in TABLES)
CLUSTERS = ("cum-1", "cum-2", "cum-3")


@dataclass(frozen=True)
class Slip:
    """One way to spoil a year, and what must be said about it."""
    spoil: Callable[[Path], object]
    file: str
    line: int | None
    seen: str | None
    what: str
    wanted: str
    cluster: str | None = "cum-1"
    times: int = 1


# ---------------------------------------------------------------- how a year is spoilt

def put(file, line, column, value):
    """Write `value` into one cell; `line` counts the header as 1."""
    def spoil(folder):
        path = folder / file
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        rows[line - 1][rows[0].index(column)] = value
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, lineterminator="\n").writerows(rows)
    return spoil


def add(file, *rows):
    """Put rows, as typed, at the end of a table."""
    def spoil(folder):
        path = folder / file
        path.write_bytes(path.read_bytes() + "".join(f"{row}\n" for row in rows).encode())
    return spoil


def swap(file, old, new):
    """Replace the first `old` in a file."""
    def spoil(folder):
        path = folder / file
        assert old.encode() in path.read_bytes()
        path.write_bytes(path.read_bytes().replace(old.encode(), new.encode(), 1))
    return spoil


def write(file, content):
    """Replace a file's bytes."""
    return lambda folder: (folder / file).write_bytes(content)


def recode(file, encoding):
    """Save a file in another encoding, as an old program would, with an é where it has no letter of its own."""
    def spoil(folder):
        text = (folder / file).read_text(encoding="utf-8").replace("ã", "é").replace("ử", "é")
        (folder / file).write_bytes(text.encode(encoding, "replace"))
    return spoil


def drop(file):
    """Take a file or a folder away."""
    def spoil(folder):
        shutil.rmtree(folder / file) if (folder / file).is_dir() else (folder / file).unlink()
    return spoil


def make_folder(file):
    """Put a folder where a file should be."""
    def spoil(folder):
        drop(file)(folder)
        (folder / file).mkdir()
    return spoil


def copy(file, name):
    """A second file with the same table, named from the folder of the first."""
    return lambda folder: shutil.copy(folder / file, (folder / file).parent / name)


def rename_cluster(id):
    """Call cluster cum-1 something else, in clusters.csv and units.csv."""
    def spoil(folder):
        put("clusters.csv", 2, "cluster", id)(folder)
        for line in (2, 5, 8, 11):
            put("units.csv", line, "cluster", id)(folder)
    return spoil


# ---------------------------------------------------------------- slips in one cluster's rows

GRADE, WHOLE = "A, B, C, KAD hoặc để trống", "số nguyên không âm viết liền các chữ số"


def a_grade(typed, what="không phải một điểm chấm"):
    """A slip in the cluster's grade of line 2."""
    return Slip(put(GRADES, 2, "cluster", typed), "cum-1/grades.csv", 2, typed, f"cột cluster: {what}", GRADE)


def a_criterion(typed):
    """A criterion that is not in the list."""
    return Slip(put(GRADES, 2, "criterion", typed), "cum-1/grades.csv", 2, typed,
                "cột criterion: không có tiêu chí này",
                "từ 1 đến 43")


def an_amount(typed, what, wanted=WHOLE, seen=None):
    """A slip in the dues paid."""
    return Slip(put(INDICATORS, 2, "actual", typed), "cum-1/indicators.csv", 2, typed if seen is None else seen,
                f"cột actual: {what}", wanted)


def a_day(typed, what, wanted="ngày dạng 2024-12-09, hoặc none"):
    """A slip in the day the registration came."""
    return Slip(put(FILINGS, 2, "received", typed), "cum-1/filings.csv", 2, typed, f"cột received: {what}", wanted)


def a_cluster_id(id):
    """A cluster's id that cannot name a file."""
    return Slip(rename_cluster(id), "clusters.csv", 2, id, "mã cụm không dùng làm tên tệp được", "chữ thường không dấu",
                cluster=id)


HEADER = "unit,criterion,self,cluster,note"
FIRST = "u000,1,A,A,"

SLIPS = {
    "a grade D": a_grade("D"),
    "Cyrillic A": a_grade("А", "không phải một điểm chấm (ký tự CYRILLIC CAPITAL LETTER A"),
    "small Cyrillic a": a_grade("а", "không phải một điểm chấm (ký tự CYRILLIC CAPITAL LETTER A"),
    "Greek alpha": a_grade("Α", "không phải một điểm chấm (ký tự GREEK CAPITAL LETTER ALPHA"),
    "N/A": a_grade("N/A"),
    "a dash": a_grade("–"),
    "two grades": a_grade("A B"),
    "a self grade E": Slip(put(GRADES, 2, "self", "E"), "cum-1/grades.csv", 2, "E", "cột self: không phải", GRADE),
    "a line break in a grade": Slip(put(GRADES, 2, "cluster", "A\nB"), "cum-1/grades.csv", 2, "A⏎B",
                                    "không phải một điểm chấm", GRADE),
    "criterion 0": a_criterion("0"),
    "criterion 44": a_criterion("44"),
    "criterion 1.0": a_criterion("1.0"),
    "Arabic criterion": a_criterion("٣"),
    "a blank criterion": Slip(put(GRADES, 2, "criterion", ""), "cum-1/grades.csv", 2, "", "thấy ô trống",
                              "từ 1 đến 43"),
    "the same cell twice": Slip(add(GRADES, "u000,1,A,B,"), "cum-1/grades.csv", 174, "1", "dòng này đã có ở dòng 2",
                                "mỗi ô ghi một lần"),
    "the same cell twice, alike": Slip(add(GRADES, FIRST), "cum-1/grades.csv", 174, "1", "dòng này đã có ở dòng 2",
                                       "mỗi ô ghi một lần"),
    "an indicator twice": Slip(add(INDICATORS, "u000,dues,1,1,"), "cum-1/indicators.csv", 54, "dues", "đã có ở dòng 2",
                               "mỗi ô ghi một lần"),
    "a branch twice": Slip(add(BRANCHES, "u000,Xã 0,Khá,1"), "cum-1/branches.csv", 42, "Xã 0", "đã có ở dòng 2",
                           "mỗi ô ghi một lần"),
    "a filing twice": Slip(add(FILINGS, "u000,registration,none"), "cum-1/filings.csv", 18, "registration",
                           "đã có ở dòng 2", "mỗi ô ghi một lần"),
    "an unknown unit": Slip(put(GRADES, 2, "unit", "U000"), "cum-1/grades.csv", 2, "U000",
                            "không có đơn vị này (có phải “u000” không?)", "mã đơn vị trong units.csv"),
    "a unit with an unseen sign": Slip(put(GRADES, 2, "unit", "u0\u200d00"), "cum-1/grades.csv", 2, "u0\\u200d00",
                                       "(có phải “u000” không?)", "mã đơn vị trong units.csv"),
    "a row without a unit": Slip(put(GRADES, 2, "unit", ""), "cum-1/grades.csv", 2, "", "thấy ô trống",
                                 "mã đơn vị trong units.csv"),
    "a unit of another cluster": Slip(put(GRADES, 2, "unit", "u001"), "cum-1/grades.csv", 2, "u001",
                                      "đơn vị thuộc cụm cum-2, không thuộc cum-1", "đơn vị của cum-1"),
    "an unknown indicator": Slip(put(INDICATORS, 2, "indicator", "duess"), "cum-1/indicators.csv", 2, "duess",
                                 "không có chỉ tiêu này (có phải “dues” không?)", "dues, "),
    "an unknown filing": Slip(put(FILINGS, 2, "filing", "registraton"), "cum-1/filings.csv", 2, "registraton",
                              "không có hồ sơ này (có phải “registration” không?)", "registration, "),
    "an unknown rating": Slip(put(BRANCHES, 2, "rating", "Kha"), "cum-1/branches.csv", 2, "Kha",
                              "(có phải “Khá” không?)", "Xuất sắc, Khá, Trung bình, Yếu"),
    "a branch without a name": Slip(put(BRANCHES, 2, "branch", " "), "cum-1/branches.csv", 2, " ",
                                    "thiếu tên Hội cơ sở", "tên Hội cơ sở"),
    "a negative count": an_amount("-5", "số âm"),
    "a negative count with a true minus": an_amount("−5", "số âm"),
    "a fractional count": an_amount("1.5", "số lẻ ở chỗ cần số nguyên"),
    "a fractional count with a comma": an_amount("1,5", "số lẻ ở chỗ cần số nguyên"),
    "an amount above 10^15": an_amount("1000000000000001", "số quá lớn", "số không quá 10^15"),
    "an amount of five thousand digits": an_amount("9" * 5000, "số quá lớn", "số không quá 10^15",
                                                   seen="9" * 60 + "…"),
    "a target above 10^15": Slip(put(INDICATORS, 2, "target", "9" * 16), "cum-1/indicators.csv", 2, "9" * 16,
                                 "cột target: số quá lớn", "10^15"),
    "a fund above 10^15": Slip(put(BRANCHES, 2, "fund", "9" * 16), "cum-1/branches.csv", 2, "9" * 16,
                               "cột fund: số quá lớn", "10^15"),
    "8,1 tỷ": an_amount("8,1 tỷ", "số có kèm đơn vị tiền"),
    "grouped thousands": an_amount("8.100.000", "không rõ dấu chấm, dấu phẩy ngăn hàng nghìn hay phần lẻ"),
    "10/12/2024 for a number": an_amount("10/12/2024", "ngày tháng ở chỗ cần số"),
    "a percentage": an_amount("95%", "tỷ lệ phần trăm ở chỗ cần số lượng"),
    "a word for a number": an_amount("không có", "không phải số"),
    "an exponent": an_amount("1e5", "không phải số"),
    "reporting 2": Slip(put(INDICATORS, 4, "actual", "2"), "cum-1/indicators.csv", 4, "2",
                        "“Chế độ thông tin báo cáo” chỉ ghi đạt hoặc không", "1 hoặc 0"),
    "reporting asked for 5 times": Slip(put(INDICATORS, 4, "target", "5"), "cum-1/indicators.csv", 4, "5",
                                        "chỉ tiêu không thể là 5", "1 (phải đạt)"),
    "converted with a comma": Slip(put(INDICATORS, 14, "actual", "1,5"), "cum-1/indicators.csv", 14, "1,5",
                                   "không phải số", "phần lẻ sau dấu chấm"),
    "10/12/2024": a_day("10/12/2024", "không phải ngày viết theo năm-tháng-ngày"),
    "30 February": a_day("2024-02-30", "không có ngày này trong lịch"),
    "a day with an hour": a_day("2024-02-20 08:00", "không phải ngày viết theo năm-tháng-ngày"),
    "a year and a day late": a_day("2025-02-23", "ngày cách hạn 22/02/2024 hơn một năm", "năm 2024"),
    "far too early": a_day("2023-02-20", "ngày cách hạn 22/02/2024 hơn một năm", "năm 2024"),
    "a dossier in the wrong year": Slip(put("clusters.csv", 2, "dossier_received", "2042-12-05"), "clusters.csv", 2,
                                        "2042-12-05", "ngày cách hạn 10/12/2024 hơn một năm", "năm 2024"),
    "a dossier's day as written by hand": Slip(put("clusters.csv", 2, "dossier_received", "5/12/2024"), "clusters.csv",
                                               2, "5/12/2024", "không phải ngày", "ngày dạng 2024-12-09"),
    "a lead from another cluster": Slip(put("clusters.csv", 2, "lead", "u001"), "clusters.csv", None, "u001",
                                        "cụm trưởng không thuộc cụm", "mã của một đơn vị trong cụm"),
    # files
    "a missing column": Slip(swap(GRADES, HEADER, "unit,criterion,self,grade,note"), "cum-1/grades.csv", 1,
                             "unit,criterion,self,grade,note", "thiếu cột cluster", HEADER),
    "a column twice": Slip(swap(FILINGS, "unit,filing,received", "unit,filing,received,received"), "cum-1/filings.csv",
                           1, "unit,filing,received,received", "cột received có hai lần", "unit,filing,received"),
    "an empty file": Slip(write(GRADES, b""), "cum-1/grades.csv", 1, "", "dòng đầu không có tên cột", HEADER),
    "a cell too many": Slip(swap(GRADES, FIRST, "u000,1,A,A,,x"), "cum-1/grades.csv", 2, "u000,1,A,A,,x", "dòng có 6 ô",
                            f"5 ô: {HEADER}"),
    "a cell too few": Slip(swap(GRADES, FIRST, "u000,1,A,A"), "cum-1/grades.csv", 2, "u000,1,A,A", "dòng có 4 ô",
                           f"5 ô: {HEADER}"),
    "commas between thousands": Slip(swap(INDICATORS, "90000000", "90,000,000"), "cum-1/indicators.csv", 2,
                                     "u000,dues,90,000,000,80999999,", "dòng có 7 ô", "5 ô: unit,indicator"),
    "an unclosed quote": Slip(swap(GRADES, FIRST, FIRST + '"x'), "cum-1/grades.csv", 2, FIRST + '"x',
                              "dấu ngoặc kép mở ra mà không đóng lại", "dấu ngoặc kép đi từng cặp"),
    "words after a quote": Slip(swap(GRADES, FIRST, FIRST + '"x"y'), "cum-1/grades.csv", 2, FIRST + '"x"y',
                                "còn chữ sau dấu ngoặc kép đóng", "dấu ngoặc kép đi từng cặp"),
    "a cell without end": Slip(swap(GRADES, FIRST, FIRST + "x" * 200_000), "cum-1/grades.csv", 2,
                               FIRST + "x" * 49 + "…", "ô quá dài", "không quá 100.000 chữ"),
    "a NUL byte": Slip(swap(GRADES, FIRST, FIRST + "\0"), "cum-1/grades.csv", 2, FIRST + "\\u0000",
                       "có ký tự điều khiển không nhìn thấy", "gõ lại ô này"),
    "an escape sequence": Slip(swap(GRADES, FIRST, FIRST + "\x1b[31m"), "cum-1/grades.csv", 2, FIRST + "\\u001b[31m",
                               "có ký tự điều khiển không nhìn thấy", "gõ lại ô này"),
    "not UTF-8": Slip(recode(BRANCHES, "cp1258"), "cum-1/branches.csv", 2, "u000,X� 0,Trung b?nh,10000000",
                      "tệp không phải UTF-8", "CSV UTF-8"),
    "a folder for a file": Slip(make_folder(GRADES), "cum-1/grades.csv", None, None, "đây là một thư mục",
                                "một tệp mở đọc được"),
    "a table twice": Slip(copy(GRADES, "diem.csv"), "cum-1/grades.csv", None, "diem.csv, grades.csv",
                          "bảng điểm có hai lần trong hồ sơ", "một tệp grades.csv"),
    "two submissions": Slip(copy(GRADES, "../cum-1.csv"), "submissions", None, None,
                            "cụm có hơn một hồ sơ: “cum-1” (ghi lúc", "một tệp hoặc một thư mục cum-1"),
    "a missing submission": Slip(drop("submissions/cum-1"), "submissions/cum-1", None, None, "chưa có hồ sơ của cụm",
                                 "grades.csv, indicators.csv, branches.csv, filings.csv"),
    "an empty submission": Slip(make_folder("submissions/cum-1"), "submissions/cum-1", None, None,
                                "chưa có hồ sơ của cụm", "thư mục cum-1"),
    # the session
    "two classes for one unit": Slip(add("decisions.csv", "u000,class,good,Hội đồng,BB 02,2024-12-20"),
                                     "decisions.csv", 2,
                                     "average", "các quyết định trái nhau: average và good", "một xếp loại", times=2),
    "considered and not": Slip(add("decisions.csv", "u000,consider,,,,", "u000,not_considered,,,,"), "decisions.csv", 5,
                               "consider", "vừa không xét vừa đưa vào xét", "một trong hai", times=2),
    "an unknown decision": Slip(add("decisions.csv", "u000,waiv,funds,,,"), "decisions.csv", 5, "waiv",
                                "không có quyết định này (có phải “waive” không?)", "waive, downgrade"),
    "a waiver of no flag": Slip(add("decisions.csv", "u000,waive,fund,,,"), "decisions.csv", 5, "fund",
                                "(có phải “funds” không?)", "dues, member_growth"),
    "a class that is none": Slip(add("decisions.csv", "u003,class,Giỏi,,,"), "decisions.csv", 5, "Giỏi",
                                 "không có giá trị này", "excellent, good, average, weak"),
    "a decision's day as written by hand": Slip(add("decisions.csv", "u000,downgrade,,,,20.12.2024"), "decisions.csv",
                                                5, "20.12.2024", "cột decided_on: không phải ngày", "20/12/2024"),
    "a decision's day before the year": Slip(add("decisions.csv", "u000,downgrade,,,,31/12/2023"), "decisions.csv", 5,
                                             "31/12/2023", "ngày ngoài kỳ của năm 2024", "từ 01/01/2024 đến 31/03/2025"),
    "a decision's day after March": Slip(add("decisions.csv", "u000,downgrade,,,,2025-04-01"), "decisions.csv", 5,
                                         "2025-04-01", "ngày ngoài kỳ của năm 2024", "từ 01/01/2024 đến 31/03/2025"),
    "nothing to take back": Slip(add("decisions.csv", "u000,withdraw,class weak,,,"), "decisions.csv", 5, "class weak",
                                 "không có quyết định nào như vậy đang có hiệu lực", "class average"),
    "taken back twice": Slip(add("decisions.csv", "u000,downgrade,,x,BB,2024-12-20", "u000,withdraw,hạ một mức,x,BB,2024-12-20",
                                 "u000,withdraw,downgrade,x,BB,2024-12-20"), "decisions.csv", 7, "downgrade",
                             "không có quyết định nào như vậy đang có hiệu lực", "class average"),
    "a withdrawal of a withdrawal": Slip(add("decisions.csv", "u000,withdraw,withdraw class average,,,"), "decisions.csv", 5,
                                         "withdraw class average", "không rút lại một lần rút lại", "dòng mới"),
    "a withdrawal without its value": Slip(add("decisions.csv", "u000,withdraw,class,,,"), "decisions.csv", 5, "class",
                                           "không có giá trị này", "excellent, good"),
    "two prizes for one unit": Slip(add("decisions.csv", "u000,prize,first,,,", "u000,prize,Nhì,,,"), "decisions.csv", 5,
                                    "first", "một đơn vị hai giải: Nhất và Nhì", "một giải", times=2),
    "a prize that is none": Slip(add("decisions.csv", "u000,prize,fourth,,,"), "decisions.csv", 5, "fourth",
                                 "không có giá trị này", "first, second, third"),
    "two put first in one cluster": Slip(add("decisions.csv", "u000,lead,,,,", "u003,lead,,,,"), "decisions.csv", 5, "u000",
                                         "hai đơn vị cùng được xếp đứng đầu một cụm: u000 và u003", "rút lại", times=2),
    "an appraised grade changed without a reason": Slip(add("appraisal.csv", "u000,1,B,,"), "appraisal.csv", 8, "",
                                                        "thẩm định đổi điểm A thành B mà không ghi lý do", "lý do"),
    "an appraised grade D": Slip(add("appraisal.csv", "u000,1,D,,x"), "appraisal.csv", 8, "D",
                                 "không phải một điểm chấm",
                                 GRADE),
    "appraised twice": Slip(add("appraisal.csv", "u000,1,A,,", "u000,1,B,,x"), "appraisal.csv", 9, "1",
                            "tiêu chí này đã thẩm định ở dòng 8", "mỗi tiêu chí một dòng"),
    "an unknown method": Slip(add("appraisal.csv", "u000,1,A,van ban,"), "appraisal.csv", 8, "van ban",
                              "không có cách kiểm tra này (có phải “văn bản” không?)", "van-ban, thuc-te (văn bản, thực tế)"),
    # ids that would leave the folder, or that no disk takes
    **{f"cluster id {id!r}": a_cluster_id(id) for id in (
        "../../x", "..", "/etc/x", "a/b", "C:\\x", "CON", "con", "lpt1", "index", "check", "cum 1", "cụm-1", "x" * 40)},
    # rows that belong to no cluster: everybody is healthy, and yet something is wrong
    "a decision for an unknown unit": Slip(add("decisions.csv", "u0000,class,good,,,"), "decisions.csv", 5, "u0000",
                                           "không có đơn vị này (có phải “u000” không?)", "mã hoặc tên đơn vị", cluster=None),
    "an appraisal of an unknown unit": Slip(add("appraisal.csv", "v000,1,A,,"), "appraisal.csv", 8, "v000",
                                            "không có đơn vị này (có phải “u000” không?)", "mã hoặc tên đơn vị", cluster=None),
}

each_slip = pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A healthy year, three folders deep, so that a step outside would be seen."""
    return make_year(CASES / "year-1", tmp_path / "tỉnh" / "năm" / "2024")


@pytest.fixture(scope="module")
def healthy(tmp_path_factory) -> list[dict]:
    """The units of the year before anything was spoilt."""
    return units_of(make_year(CASES / "year-1", tmp_path_factory.mktemp("healthy") / "2024"))


def units_of(folder):
    """The units of a year as results.json has them."""
    return appraise(year.read(folder)).as_json()["units"]


def ctd(folder, *call):
    """The real command, in a process of its own, started two folders above the year."""
    return subprocess.run([sys.executable, "-m", "ctd_analysis", *map(str, call)], capture_output=True,
                          encoding="utf-8",
                          cwd=folder.parent.parent, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60)


def contents(folder):
    """Every file below a folder with its bytes, folders with None."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@each_slip
def test_a_slip_is_told_with_file_line_what_was_seen_and_what_is_wanted(folder, slip):
    """The first problem names cluster, file, line, the cell as typed and what belongs there; nothing else is blamed."""
    slip.spoil(folder)

    found = year.read(folder).problems

    assert (slip.cluster, slip.file, slip.line, slip.seen) == (
        found[0].cluster, found[0].file, found[0].line, found[0].seen)
    assert slip.wanted in found[0].wanted
    assert [slip.cluster] * slip.times == [problem.cluster for problem in found]


@each_slip
def test_the_message_is_one_vietnamese_line(folder, slip):
    """Place first, then what is wrong, what was seen, and what to write instead; no control character gets through."""
    slip.spoil(folder)

    message = year.read(folder).problems[0].message

    place = slip.file if slip.line is None else f"{slip.file}, dòng {slip.line}"
    seen = "" if slip.seen is None else "; thấy ô trống" if slip.seen == "" else f"; thấy “{slip.seen}”"
    assert message.startswith(f"{place}: ")
    assert slip.what in message
    assert f"{seen}; cần " in message
    assert message.isprintable()


@each_slip
def test_the_command_does_the_healthy_clusters_and_names_the_other(folder, healthy, slip):
    """`appraise --json -`: exit code 1, units of healthy clusters as ever, reasons for the other, nothing written."""
    slip.spoil(folder)
    before, reasons = contents(folder.parents[1]), [problem.message for problem in year.read(folder).problems]

    done = ctd(folder, "appraise", folder, "--json", "-")

    spoilt = "cum-1" if slip.cluster else None
    results = json.loads(done.stdout)
    assert 1 == done.returncode
    assert [unit for unit in healthy if unit["cluster"] != spoilt] == results["units"]
    assert ({slip.cluster: reasons} if slip.cluster else {}) == results["failed_clusters"]
    assert reasons == done.stderr.splitlines()[:slip.times]
    assert "Traceback" not in done.stderr
    assert before == contents(folder.parents[1])


# ---------------------------------------------------------------- many slips at once

def test_all_slips_are_gathered(folder):
    """Three slips in two tables are three problems: nobody mends a year one message at a time."""
    for slip in ("a grade D", "a negative count", "10/12/2024"):
        SLIPS[slip].spoil(folder)

    found = year.read(folder).problems

    assert {("cum-1/grades.csv", "D"), ("cum-1/indicators.csv", "-5"), ("cum-1/filings.csv", "10/12/2024")} == {
        (problem.file, problem.seen) for problem in found}


def test_two_slips_in_one_row_are_two_problems(folder):
    """Each cell of a row is looked at, also when another one is wrong."""
    put(GRADES, 2, "unit", "nobody")(folder)
    put(GRADES, 2, "cluster", "D")(folder)

    assert ["nobody", "D"] == [problem.seen for problem in year.read(folder).problems]


def test_two_sick_clusters_leave_the_third_alone(folder, healthy):
    """The healthy cluster's units are the same as ever."""
    put(GRADES, 2, "cluster", "D")(folder)
    drop("submissions/cum-3")(folder)

    results = appraise(year.read(folder)).as_json()

    assert ["cum-1", "cum-3"] == list(results["failed_clusters"])
    assert [unit for unit in healthy if unit["cluster"] == "cum-2"] == results["units"]


def test_a_year_without_submissions_has_no_units_and_no_traceback(folder, capsys):
    """Nothing came in at all: every cluster is named, the list of units is empty."""
    drop("submissions")(folder)

    code = cli.main(["appraise", str(folder), "--json", "-"])

    results = json.loads(capsys.readouterr().out)
    assert (1, []) == (code, results["units"])
    assert list(CLUSTERS) == list(results["failed_clusters"])


# ---------------------------------------------------------------- what is missing is unknown, not wrong

MISSING = {
    "grades": lambda unit: (unit["ungraded"], unit["a"]) == (43, 0),
    "indicators": lambda unit: unit["flags"]["dues"] is None and unit["flags"]["resources"] is None,
    "branches": lambda unit: unit["branches_total"] == 0,
    "filings": lambda unit: unit["considered"],
}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("how", ["missing", "no rows"])
def test_a_table_that_is_missing_or_has_no_rows_is_unknown(folder, capsys, table, how):
    """A notice, exit code 0, and every unit of the cluster provisional: nobody is judged by an empty table."""
    file = f"submissions/cum-1/{table}.csv"
    header = (folder / file).read_bytes().partition(b"\n")[0]
    (drop(file) if how == "missing" else write(file, header + b"\n"))(folder)

    code = cli.main(["appraise", str(folder), "--json", "-"])

    units = [unit for unit in json.loads(capsys.readouterr().out)["units"] if unit["cluster"] == "cum-1"]
    assert (0, [True] * 4) == (code, [unit["provisional"] for unit in units])
    assert all(map(MISSING[table], units))


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_is_a_notice(folder, table):
    """The notice names the cluster's submission and the table that is not there."""
    drop(f"submissions/cum-1/{table}.csv")(folder)

    read = year.read(folder)

    assert ((), [("cum-1", "submissions/cum-1")]) == (read.problems, [(n.cluster, n.file) for n in read.notices])
    assert f"({table}.csv): coi là chưa có số liệu" in read.notices[0].message


@pytest.mark.parametrize("table", TABLES)
def test_a_table_without_rows_is_a_notice(folder, table):
    """The notice names the file."""
    file = f"submissions/cum-1/{table}.csv"
    write(file, ",".join(COLUMNS[table]).encode())(folder)

    read = year.read(folder)

    assert ((), [("cum-1", f"cum-1/{table}.csv")]) == (read.problems, [(n.cluster, n.file) for n in read.notices])
    assert "không có dòng nào: coi là chưa có số liệu" in read.notices[0].message


@pytest.mark.parametrize("name", ["appraisal.csv", "decisions.csv"])
def test_a_session_that_has_not_been_held_is_a_notice(folder, name):
    """Before the Council meets there is no file of the session: a notice, and the year is judged without it."""
    drop(name)(folder)

    read = year.read(folder)

    assert ((), [(None, name)]) == (read.problems, [(n.cluster, n.file) for n in read.notices])


@pytest.mark.parametrize("received", ["2025-02-22", "2023-12-22", "2024-02-22", "none", ""])
def test_a_day_within_a_year_of_the_plans_is_believed(folder, received):
    """A year late to the day is late, and no slip of the hand."""
    put(FILINGS, 2, "received", received)(folder)

    assert () == year.read(folder).problems


def test_the_largest_amount_is_still_one(folder):
    """10^15 itself is no problem."""
    put(INDICATORS, 2, "actual", "1000000000000000")(folder)

    assert 10**15 == year.read(folder).indicators[0].actual


# ---------------------------------------------------------------- files that cannot be opened

def test_an_unreadable_table_fails_its_cluster_only(folder, capsys, monkeypatch):
    """A file the clerk may not open is a problem of its cluster, in words."""
    refuse(monkeypatch, os, "open", folder / GRADES)

    code = cli.main(["appraise", str(folder), "--json", "-"])

    failed = json.loads(capsys.readouterr().out)["failed_clusters"]
    assert (1, {"cum-1": ["cum-1/grades.csv: không đọc được tệp (không có quyền); cần một tệp mở đọc được."]}) == (
        code, failed)


def test_an_unreadable_file_of_another_name_fails_its_cluster_only(folder, monkeypatch):
    """It might be the grades under another name, so it cannot be passed over."""
    copy(GRADES, "diem.csv")(folder)
    drop(GRADES)(folder)
    refuse(monkeypatch, os, "open", (folder / GRADES).with_name("diem.csv"))

    found = year.read(folder).problems

    assert [("cum-1", "cum-1/diem.csv")] == [(problem.cluster, problem.file) for problem in found]
    assert "không có quyền" in found[0].message


def test_an_unreadable_folder_fails_its_cluster_only(folder, monkeypatch):
    """A submission's folder that does not open is told as such, before it counts as empty."""
    refuse(monkeypatch, Path, "iterdir", folder / "submissions" / "cum-1")

    found = year.read(folder).problems

    assert {"cum-1"} == {problem.cluster for problem in found}
    assert "cum-1: không mở được thư mục (không có quyền); cần thư mục mở đọc được." == found[0].message


def refuse(monkeypatch, owner, method, forbidden):
    """Make one call of the system say that this path may not be opened (the tests may run as an administrator)."""
    real = getattr(owner, method)

    def guarded(path, *call, **options):
        if Path(path) == forbidden:
            raise PermissionError(13, "Permission denied")
        return real(path, *call, **options)
    monkeypatch.setattr(owner, method, guarded)


@pytest.mark.parametrize("target", ["grades.csv", "nowhere.csv"])
def test_a_link_that_leads_nowhere_is_a_problem_not_a_missing_table(folder, target):
    """A broken link stands for a table somebody meant to send."""
    drop(GRADES)(folder)
    try:
        (folder / GRADES).symlink_to(target)
    except OSError:
        pytest.skip("no links on this machine")

    assert [("cum-1", "cum-1/grades.csv")] == [(p.cluster, p.file) for p in year.read(folder).problems]


def test_folders_inside_a_submission_are_a_notice(folder):
    """Photographs kept beside the tables harm nobody."""
    (folder / "submissions" / "cum-1" / "anh").mkdir()

    read = year.read(folder)

    assert ((), ["cum-1/anh: thư mục con, không đọc; thấy “anh”."]) == (
        read.problems, [n.message for n in read.notices])


def test_a_submission_with_folders_only_is_missing(folder):
    """Photographs alone are no submission."""
    make_folder("submissions/cum-1")(folder)
    (folder / "submissions" / "cum-1" / "anh").mkdir()

    assert ["cum-1"] == list(year.read(folder).failed)


# ---------------------------------------------------------------- the year's own files stop the run

OWN = {
    "a rule book with a typo in a key": (swap("rulebook.toml", "min_a = 41", "min_aa = 41"), "rulebook.toml",
                                         "class.excellent.min_aa: không có khóa này", "có phải “min_a” không?"),
    "a rule book with a typo in a table": (swap("rulebook.toml", "[class.good]", "[clas.good]"), "rulebook.toml",
                                           "clas: không có khóa này", "có phải “class” không?"),
    "a rule book with a typo in an option": (swap("rulebook.toml", 'ladder_gap = "waterfall"',
                                                  'ladder_gap = "waterfal"'),
                                             "rulebook.toml", "readings.ladder_gap: không có phương án này",
                                             "có phải “waterfall” không?"),
    "a rule book with a typo in its signs": (swap("rulebook.toml", "min_a = 41", "min_a = = 41"), "rulebook.toml",
                                             "dòng 21: không đọc được TOML", "thấy “min_a = = 41”"),
    "a rule book with a key written twice": (swap("rulebook.toml", "min_a = 41", "min_a = 41\nmin_a = 41"), "rulebook.toml",
                                             "dòng 22: khóa class.excellent.min_a: ghi hai lần, lần đầu ở dòng 21", "cần"),
    "a rule book with a list written twice": (
        swap("rulebook.toml", 'indicators = ["dues"]', 'indicators = ["dues"]\nindicators = [\n  "dues",\n]'),
        "rulebook.toml", "khóa flag.dues.indicators: ghi hai lần, lần đầu ở dòng ", "cần"),
    "a rule book with a table written twice": (swap("rulebook.toml", "[flag.member_growth]", "[flag.dues]"), "rulebook.toml",
                                               "khóa flag.dues: ghi hai lần, lần đầu ở dòng ", "cần"),
    "a percentage over 100": (swap("rulebook.toml", "branch_percent = 75", "branch_percent = 175"), "rulebook.toml",
                              "class.excellent.branch_percent", "số nguyên từ 0 đến 100"),
    "bars that do not descend": (swap("rulebook.toml", "min_a = 41", "min_a = 36"), "rulebook.toml",
                                 "class.excellent.min_a: thang không giảm dần", "36, loại dưới là 36"),
    "a number without end": (swap("rulebook.toml", "min_a = 41", "min_a = " + "9" * 5000), "rulebook.toml",
                             "không đọc được TOML", "cần"),
    "brackets without end": (swap("rulebook.toml", "min_a = 41", "min_a = " + "[" * 5000), "rulebook.toml",
                             "không đọc được TOML", "cần"),
    "a rule book not in UTF-8": (write("rulebook.toml", "year = 2024 # kế hoạch".encode("utf-16")), "rulebook.toml",
                                 "tệp không phải UTF-8", "cần"),
    "no rule book": (drop("rulebook.toml"), "rulebook.toml", "không có tệp này", "cần"),
    "no units": (drop("units.csv"), "units.csv", "không có tệp này", "cần"),
    "a folder for the units": (make_folder("units.csv"), "units.csv", "đây là một thư mục", "cần"),
    "units not in UTF-8": (recode("units.csv", "cp1258"), "units.csv", "tệp không phải UTF-8", "dòng 2"),
    "a unit twice": (add("units.csv", "u000,900,X,huyện,cum-1,,"), "units.csv", "đơn vị ghi hai lần", "dòng 14"),
    "a unit in no cluster": (put("units.csv", 2, "cluster", "cum1"), "units.csv", "không có cụm này trong clusters.csv",
                             "có phải “cum-1” không?"),
    "a unit without a name": (put("units.csv", 2, "name", ""), "units.csv", "thiếu tên đơn vị", "dòng 2"),
    "a unit id with capitals": (put("units.csv", 2, "unit", "U 000"), "units.csv", "mã đơn vị không hợp lệ", "dòng 2"),
    "a population with dots": (put("units.csv", 2, "population", "23.100"), "units.csv", "cột population", "dòng 2"),
    "a unit column missing": (swap("units.csv", "population", "people"), "units.csv", "thiếu cột population", "dòng 1"),
    "a cluster twice": (add("clusters.csv", "cum-1,Cụm,u000,"), "clusters.csv", "mã cụm ghi hai lần", "dòng 5"),
    "a cluster twice but for its capitals": (add("clusters.csv", "CUM-1,Cụm,u000,"), "clusters.csv",
                                             "mã cụm ghi hai lần", "dòng 5"),
    "a cluster without an id": (put("clusters.csv", 2, "cluster", ""), "clusters.csv", "cột cluster", "dòng 2"),
    "criterion 44 in the list": (add("criteria.csv", "44,II.9,X"), "criteria.csv", "không có tiêu chí này", "dòng 45"),
    "a criterion twice": (swap("criteria.csv", "\n1,", "\n2,"), "criteria.csv", "tiêu chí ghi hai lần", "dòng 3"),
    "an area that is none": (swap("criteria.csv", "\n1,II.1,", "\n1,III.1,"), "criteria.csv",
                             "không phải một nội dung thi đua", "dòng 2"),
    "a folder for the decisions": (make_folder("decisions.csv"), "decisions.csv", "đây là một thư mục", "cần"),
}


@pytest.mark.parametrize(("spoil", "file", "what", "also"), OWN.values(), ids=OWN)
def test_a_problem_in_the_years_own_files_stops_the_run(folder, capsys, spoil, file, what, also):
    """Nothing is computed; the file, the key or line, and what is wanted stand on standard error; exit code 1."""
    spoil(folder)

    code = cli.main(["appraise", str(folder), "--json", "-"])

    out, err = capsys.readouterr()
    line = next(line for line in err.splitlines() if what in line)
    assert (1, "") == (code, out)
    assert line.startswith(file)
    assert also in line


def test_the_real_command_refuses_a_rule_book_with_a_typo(folder):
    """In a process of its own: exit code 1, nothing on standard output, no traceback, nothing written."""
    swap("rulebook.toml", "min_a = 41", "min_aa = 41")(folder)
    before = contents(folder.parents[1])

    done = ctd(folder, "appraise", folder, "--json", "-")

    assert (1, "") == (done.returncode, done.stdout)
    assert "có phải “min_a” không?" in done.stderr
    assert "Traceback" not in done.stderr
    assert before == contents(folder.parents[1])


def test_all_problems_of_the_years_own_files_are_gathered(folder):
    """Criteria, clusters and units are read to their ends before the run is refused."""
    swap("criteria.csv", "\n1,II.1,", "\n1,III.1,")(folder)
    put("units.csv", 2, "cluster", "cum1")(folder)
    put("units.csv", 3, "name", "")(folder)

    with pytest.raises(Refused) as refused:
        year.read(folder)

    assert [("criteria.csv", 2), ("units.csv", 2), ("units.csv", 3)] == [
        (problem.file, problem.line) for problem in refused.value.problems]


SESSION = {
    "not UTF-8": (lambda name: write(name, b"\xff\xfe"), "tệp không phải UTF-8"),
    "a missing column": (lambda name: swap(name, "reason", "why"), "thiếu cột reason"),
    "an unclosed quote": (lambda name: add(name, 'u000,"'), "dấu ngoặc kép mở ra mà không đóng lại"),
    "a cell too few": (lambda name: add(name, "u000,1"), "dòng có 2 ô"),
}


@pytest.mark.parametrize("name", ["appraisal.csv", "decisions.csv"])
@pytest.mark.parametrize(("spoil", "what"), SESSION.values(), ids=SESSION)
def test_a_broken_table_of_the_session_is_told(folder, capsys, name, spoil, what):
    """Exit code 1 and a message that names the file: no result passes for one the Council's rows were counted in."""
    spoil(name)(folder)

    code = cli.main(["appraise", str(folder), "--json", "-"])

    lines = capsys.readouterr().err.splitlines()
    assert 1 == code
    assert any(line.startswith(name) and what in line for line in lines)


def test_forms_where_a_file_stands_are_refused_in_words(tmp_path, capsys):
    """`ctd template --out` on a file: why, and not as the system says it."""
    taken = tmp_path / "forms"
    taken.touch()

    assert 2 == cli.main(["template", "--out", str(taken), str(SHIPPED)])
    assert "(đã có một tệp tên ấy)" in capsys.readouterr().err
