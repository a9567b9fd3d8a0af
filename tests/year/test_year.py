"""A year read as typed: however a table was saved it says the same, and what was read can be traced to its file."""

import csv
import hashlib
import io
import shutil
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from conftest import CASES, make_year

from ctd_analysis.rows import COLUMNS, Place
from ctd_analysis.terms import TABLES
from ctd_analysis.year import year

GRADES, INDICATORS, BRANCHES, FILINGS = (f"submissions/cum-1/{table}.csv" for table in TABLES)
ROWS = ("criteria", "units", "clusters", *TABLES, "appraisal", "decisions")


@pytest.fixture
def folder(tmp_path) -> Path:
    """A healthy year that a test may spoil."""
    return make_year(CASES / "year-1", tmp_path / "2024")


@pytest.fixture(scope="module")
def untouched(tmp_path_factory) -> year.Year:
    """The same year as it lies there."""
    return year.read(make_year(CASES / "year-1", tmp_path_factory.mktemp("untouched") / "2024"))


def swap(path, old, new):
    """Replace the first `old` in a file."""
    content = path.read_bytes()
    assert old.encode() in content
    path.write_bytes(content.replace(old.encode(), new.encode(), 1))


def add(path, *rows):
    """Put rows, as typed, at the end of a table."""
    path.write_bytes(path.read_bytes() + "".join(f"{row}\n" for row in rows).encode())


def saved(delimiter=",", end="\n", quoting=csv.QUOTE_MINIMAL, order=lambda row: row):
    """A way of saving a table: cells between `delimiter`, lines closed by `end`."""
    def save(text):
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(
            order(row) for row in csv.reader(io.StringIO(text, newline="")))
        return out.getvalue()
    return save


def header_as(change):
    """The header row typed differently, all else alike."""
    return lambda text: change(text.partition("\n")[0]) + "\n" + text.partition("\n")[2]


AS_SAVED = {
    "with a mark at its head": lambda text: "\ufeff" + text,
    "on Windows": saved(end="\r\n"),
    "on an old Mac": saved(end="\r"),
    "by Excel in Vietnam": lambda text: "\ufeff" + saved(";", "\r\n")(text),
    "with tabs": saved("\t"),
    "with every cell quoted": saved(quoting=csv.QUOTE_ALL),
    "with columns the other way round": saved(order=lambda row: row[::-1]),
    "with tone marks apart": lambda text: unicodedata.normalize("NFD", text),
    "without a last line break": lambda text: text.rstrip("\n"),
    "with blank rows at its end": lambda text: text + "\n,,\n\n",
    "with capitals in its header": header_as(str.upper),
    "with blanks in its header": header_as(lambda header: header.replace(",", " , \u00a0")),
}


@pytest.mark.parametrize("save", AS_SAVED.values(), ids=AS_SAVED)
def test_a_table_says_the_same_however_it_was_saved(folder, untouched, save):
    """Encoding mark, line ends, separators, order of columns and composition carry no meaning."""
    for path in folder.rglob("*.csv"):
        path.write_bytes(save(path.read_text(encoding="utf-8")).encode())

    read = year.read(folder)

    assert ((), ()) == (read.problems, read.notices)
    assert [getattr(untouched, table) for table in ROWS] == [getattr(read, table) for table in ROWS]


def test_a_first_line_that_tells_the_sign_is_no_header(folder, untouched):
    """Excel's `sep=;`; lines are counted as the file has them."""
    for path in folder.rglob("*.csv"):
        path.write_bytes(("\ufeffsep=;\r\n" + saved(";", "\r\n")(path.read_text(encoding="utf-8"))).encode())

    read = year.read(folder)

    assert ((), ()) == (read.problems, read.notices)
    assert [g._replace(at=g.at._replace(line=g.at.line + 1)) for g in untouched.grades] == list(read.grades)


@pytest.mark.parametrize(("typed", "read_as"), [
    ("NA", "NA"), ("null", "null"), ("1E5", "1E5"), ("007", "007"), ("1.0", "1.0"), ("TRUE", "TRUE"), ("2024-12-09",
                                                                                                       "2024-12-09"),
    ("=1+1", "=1+1"), ("<script>alert(1)</script>", "<script>alert(1)</script>"), ("  Xã Ba  ", "Xã Ba"),
    (unicodedata.normalize("NFD", "Xã Đức Hòa"), "Xã Đức Hòa"), ('"Xã ""Mới"", ấp 1"', 'Xã "Mới", ấp 1')])
def test_a_name_stays_as_typed(folder, typed, read_as):
    """No reader guesses a number, a date or a missing value from a branch's name."""
    swap(folder / BRANCHES, "u000,Xã 0,", f"u000,{typed},")

    assert read_as == year.read(folder).branches[0].branch


def test_values_are_what_their_columns_ask_for(untouched):
    """A grade is a letter, an amount a whole number, a day a date, and a blank stays blank."""
    grade, dues, classes, branch, filing = (untouched.grades[0], untouched.indicators[0], untouched.indicators[3],
                                            untouched.branches[0], untouched.filings[0])

    assert ("u000", 1, "A", "A", "") == grade[:5]
    assert ("u000", "dues", 90000000, 80999999, "") == dues[:5]
    assert (None, 1) == (classes.target, classes.actual)
    assert ("u000", "Xã 0", "Trung bình", 10000000) == branch[:4]
    assert ("u000", "registration", date(2024, 2, 2)) == filing[:3]


def test_every_row_knows_its_place(untouched):
    """File inside the year's folder and line, the header being line 1."""
    assert Place("cum-1/grades.csv", None, 2) == untouched.grades[0].at
    assert 173 == max(grade.at.line for grade in untouched.grades if grade.at.file == "cum-1/grades.csv")
    assert Place("decisions.csv", None, 2) == untouched.decisions[0].at


def test_extra_columns_are_a_notice(folder, untouched):
    """What a cluster adds for itself is passed over, and said so."""
    path = folder / BRANCHES
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"stt,{header},phone", *(f"{n},{row},x" for n, row in enumerate(rows))]),
                    encoding="utf-8")

    read = year.read(folder)

    assert untouched.branches == read.branches
    assert [("cum-1", "cum-1/branches.csv", 1, "stt, phone")] == [
        (n.cluster, n.file, n.line, n.seen) for n in read.notices]


def test_a_line_break_inside_a_cell_does_not_shift_the_lines(folder):
    """A note of three lines, blank rows, and still the line a clerk finds in an editor."""
    swap(folder / GRADES, "u000,1,A,A,", 'u000,1,A,A,"one\ntwo\r\nthree"')
    swap(folder / GRADES, "u000,2,A,A,", "\n,,,,\nu000,2,A,D,")

    read = year.read(folder)

    assert [("cum-1/grades.csv", 7, "D")] == [(p.file, p.line, p.seen) for p in read.problems]
    assert 7 == (folder / GRADES).read_text(encoding="utf-8").splitlines().index("u000,2,A,D,") + 1


def test_a_problem_in_a_row_of_several_lines_names_the_first(folder):
    """The row begins there."""
    swap(folder / GRADES, "u000,1,A,A,", 'u000,1,A,D,"one\ntwo"')

    assert [2] == [problem.line for problem in year.read(folder).problems]


def test_a_quoted_semicolon_or_comma_is_no_separator(folder):
    """The separator is the header's; what stands in quotes is text."""
    swap(folder / GRADES, "u000,1,A,A,", 'u000,1,A,A,"a;b,c"')

    assert "a;b,c" == year.read(folder).grades[0].note


# ---------------------------------------------------------------- frames

@pytest.mark.parametrize("table", ROWS)
def test_a_frame_has_the_contracts_columns(untouched, table):
    """One row for each that was read, in the same order, under the columns of the contract."""
    frame = untouched.frame(table)

    columns = COLUMNS[table]
    assert list(columns) == list(frame.columns)
    assert [row[:len(columns)] for row in getattr(untouched, table)] == list(frame.itertuples(index=False, name=None))


@pytest.mark.parametrize("table", [*TABLES, "appraisal", "decisions"])
def test_a_frame_of_no_rows_still_has_its_columns(folder, table):
    """A notebook's next cell does not stumble over an empty year."""
    for path in (folder / f"{table}.csv", *folder.glob(f"submissions/*/{table}.csv")):
        path.unlink(missing_ok=True)

    frame = year.read(folder).frame(table)

    assert (0, list(COLUMNS[table])) == (len(frame), list(frame.columns))


def test_a_frame_does_not_guess(folder):
    """A missing number is None and not NaN; whole numbers stay whole numbers; a day stays a day."""
    swap(folder / INDICATORS, "u000,dues,90000000,80999999,", "u000,dues,90000000,,")

    read = year.read(folder)

    row = read.frame("indicators").iloc[0]
    assert row["actual"] is None
    assert (90000000, int) == (row["target"], type(row["target"]))
    assert date(2024, 2, 2) == read.frame("filings").iloc[0]["received"]


# ---------------------------------------------------------------- sources

def test_every_file_that_was_read_is_a_source_with_its_hash(folder, untouched):
    """Path inside the folder, SHA-256 of its bytes, and whose it is (the year's own files are nobody's)."""
    own = {name: None for name in ("rulebook.toml", "criteria.csv", "units.csv", "clusters.csv", "appraisal.csv",
                                   "decisions.csv")}
    sent = {f"{cluster}/{table}.csv": cluster for cluster in ("cum-1", "cum-2", "cum-3") for table in TABLES}

    assert own | sent == {source.file: source.cluster for source in untouched.sources}
    assert len(own | sent) == len(untouched.sources)
    for source in untouched.sources:
        path = folder / source.file if source.cluster is None else folder / "submissions" / source.file
        assert hashlib.sha256(path.read_bytes()).hexdigest() == source.sha256


def test_the_hash_is_of_the_bytes_not_of_the_meaning(folder, untouched):
    """The same table with an encoding mark at its head is another file."""
    path = folder / GRADES
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    read = year.read(folder)

    assert untouched.grades == read.grades
    assert {"cum-1/grades.csv"} == {source.file for source in set(read.sources) - set(untouched.sources)}


def test_reading_changes_nothing(folder):
    """No file is written, moved or touched."""
    def state():
        return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}
    before = state()

    year.read(folder)

    assert before == state()


# ---------------------------------------------------------------- units and clusters

def test_units_come_in_the_order_of_units_csv(folder):
    """Whatever the alphabet or the clusters say."""
    header, *rows = (folder / "units.csv").read_text(encoding="utf-8").splitlines()
    shuffled = rows[7:] + rows[:7][::-1]
    (folder / "units.csv").write_text("\n".join([header, *shuffled]), encoding="utf-8")

    assert [row.partition(",")[0] for row in shuffled] == [unit.unit for unit in year.read(folder).units]


def test_aliases_are_separated_by_semicolons(folder):
    """Blank ones are none."""
    swap(folder / "units.csv", "cum-1,,", "cum-1,12345,Đảo Thử; ;Hai Đảo;")

    unit = year.read(folder).units[0]

    assert (12345, ("Đảo Thử", "Hai Đảo")) == (unit.population, unit.aliases)


def test_failed_clusters_stand_in_order_with_their_reasons(folder):
    """Each with all its messages, in the order of clusters.csv; a healthy year has none."""
    swap(folder / "submissions/cum-3/grades.csv", "u002,1,", "u002,44,")
    swap(folder / GRADES, "u000,1,A,A,", "u000,1,D,E,")

    read = year.read(folder)

    assert ["cum-1", "cum-3"] == list(read.failed)
    assert [problem.message for problem in read.problems if problem.cluster == "cum-1"] == read.failed["cum-1"]
    assert (2, 1) == tuple(map(len, read.failed.values()))


def test_a_healthy_year_has_no_failed_clusters(untouched):
    """Nothing to mend."""
    assert {} == untouched.failed


def test_rows_of_a_failed_cluster_are_kept_out_of_every_table(folder, untouched):
    """Nobody is judged by half a submission; the unit's name is still known."""
    swap(folder / "submissions/cum-2/grades.csv", ",A,", ",X,")
    gone = {unit.unit for unit in untouched.units if unit.cluster == "cum-2"}

    read = year.read(folder)

    for table in ("units", *TABLES, "appraisal", "decisions"):
        assert tuple(row for row in getattr(untouched, table) if row.unit not in gone) == getattr(read, table)
    assert ["cum-1", "cum-3"] == [cluster.cluster for cluster in read.clusters]
    assert untouched.units == read.all_units


# ---------------------------------------------------------------- submissions

def test_a_table_under_another_name_is_known_by_its_header(folder, untouched):
    """Clusters name files as they like."""
    (folder / GRADES).rename((folder / GRADES).with_name("Bảng điểm cụm 1.csv"))

    read = year.read(folder)

    assert [grade[:5] for grade in untouched.grades] == [grade[:5] for grade in read.grades]
    assert "cum-1/Bảng điểm cụm 1.csv" == read.grades[0].at.file
    assert () == read.notices


def test_a_submissions_folder_may_be_written_in_capitals(folder, untouched):
    """CUM-1 is cum-1: Windows does not tell them apart either."""
    (folder / "submissions" / "cum-1").rename(folder / "submissions" / "x")
    (folder / "submissions" / "x").rename(folder / "submissions" / "CUM-1")

    read = year.read(folder)

    assert (untouched.units, ()) == (read.units, read.problems)


@pytest.mark.parametrize("name", [".DS_Store", ".~lock.grades.csv#", "~$grades.csv"])
def test_traces_of_other_programs_are_passed_over(folder, untouched, name):
    """Hidden files and Office's lock files are nobody's table."""
    for place in (folder / "submissions", folder / "submissions" / "cum-1"):
        (place / name).write_bytes(b"\0\1")

    read = year.read(folder)

    assert (untouched.grades, (), ()) == (read.grades, read.problems, read.notices)


def test_a_submission_nobody_is_waiting_for_is_a_notice(folder):
    """A folder with a slip in its name would otherwise be missed in silence; the nearest cluster is suggested."""
    shutil.copytree(folder / "submissions" / "cum-1", folder / "submissions" / "cum-11")

    notices = year.read(folder).notices

    assert ["cum-11: không mang tên cụm nào, không đọc (có phải “cum-1” không?); thấy “cum-11”."] == [
        notice.message for notice in notices]


def test_a_strange_table_in_a_submission_is_a_notice(folder):
    """It is passed over, and said so."""
    (folder / "submissions" / "cum-1" / "gifts.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    read = year.read(folder)

    assert ((), [("cum-1", "cum-1/gifts.csv")]) == (read.problems, [(n.cluster, n.file) for n in read.notices])


def test_a_cluster_without_a_lead_is_a_notice(folder):
    """Nobody's own grading can be pointed out, and nothing else changes."""
    swap(folder / "clusters.csv", ",u000,", ",,")

    read = year.read(folder)

    assert ((), [("cum-1", "chưa ghi đơn vị cụm trưởng")]) == (
        read.problems, [(n.cluster, n.what) for n in read.notices])


@pytest.mark.parametrize(("received", "expected"), [("2024-12-05", date(2024, 12, 5)), ("none", "none"), ("", None)])
def test_a_dossier_has_a_day_or_is_known_not_to_have_come(folder, received, expected):
    """A blank is neither."""
    swap(folder / "clusters.csv", "u000,2024-12-05", f"u000,{received}")

    assert expected == year.read(folder).clusters[0].dossier_received


# ---------------------------------------------------------------- the session

@pytest.mark.parametrize("row", ["u000,1,A,,", "u000,1,a,thuc-te,", "u000,1,B,van-ban,thiếu minh chứng",
                                 "u000,1,KAD,,không có biển"])
def test_an_appraised_grade_confirms_or_gives_its_reason(folder, row):
    """The cluster's own grade needs none."""
    add(folder / "appraisal.csv", row)

    read = year.read(folder)

    assert ((), "u000") == (read.problems, read.appraisal[-1].unit)


def test_an_appraisal_without_a_grade_is_a_notice(folder):
    """Somebody looked and wrote nothing: the cluster's grade stands."""
    add(folder / "appraisal.csv", "u000,1,,thuc-te,")

    read = year.read(folder)

    assert ((), ["cột grade: thẩm định chưa ghi điểm: giữ điểm cụm chấm"]) == (
        read.problems, [n.what for n in read.notices])


def test_a_value_a_decision_has_no_use_for_is_a_notice(folder):
    """`consider` takes none."""
    add(folder / "decisions.csv", "u006,consider,good,,BB 02,2024-12-20")

    read = year.read(folder)

    assert ((), [("decisions.csv", 5, "good")]) == (read.problems, [(n.file, n.line, n.seen) for n in read.notices])


def test_the_same_decision_twice_is_no_contradiction(folder):
    """Two minutes that say the same."""
    add(folder / "decisions.csv", "u000,class,average,,BB 02,")

    assert () == year.read(folder).problems


def test_one_cluster_alone_is_what_it_is_among_all(tmp_path):
    """`only`: the other submissions are not read, and the cluster's units come out the same to the last value."""
    from conftest import SHIPPED

    from ctd_analysis.answers.appraisal import appraise
    whole = {u["unit"]: u for u in appraise(year.read(SHIPPED)).as_json()["units"]}
    for cluster in ("cum-1", "cum-2", "cum-3", "cum-4"):
        alone = appraise(year.read(SHIPPED, cluster)).as_json()["units"]

        assert [u for u in whole.values() if u["cluster"] == cluster] == alone


def test_criteria_in_any_order_are_kept_by_number(tmp_path):
    """Titles belong to numbers, wherever their lines stand in the file."""
    from conftest import CASES, make_year
    folder = make_year(CASES / "year-1", tmp_path / "year")
    lines = (folder / "criteria.csv").read_text(encoding="utf-8").splitlines()
    (folder / "criteria.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n", encoding="utf-8")

    assert list(range(1, 44)) == [c.criterion for c in year.read(folder).criteria]
