"""The shipped year 2024: every rule of the plan shows in it at least once, and it says that it is a sample.

The sample is read twice: as plain CSV (what came as workbooks: as `ctd check --dump` writes it), and through the command, as
someone else's script would. Nothing of the library is imported. Where a clause number stands, it is the plan's.
"""

import csv
import functools
import json
import re
import subprocess
import sys
import tempfile
import tomllib
import unicodedata
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
YEAR = ROOT / "data" / "2024"
FLAGS = {"dues", "member_growth", "reporting", "training_classes", "cadres_sent", "campaigns", "funds", "resources",
         "humanitarian_month"}
READINGS = {"ladder_gap", "average_branches", "branch_base", "not_applicable", "not_considered", "deadline_day",
            "sanction", "several_flags", "training_classes", "campaigns", "fund_levels", "branch_fund"}
COMMUNES = {"899": 12, "900": 7, "902": 8, "903": 14, "904": 11, "905": 10, "906": 19, "907": 11, "908": 9, "909": 11,
            "910": 8, "911": 9, "912": 4, "913": 6, "914": 5}


def read(path):
    """The rows of a CSV file as dictionaries of text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@functools.cache
def submitted():
    """The rows of each table that clusters submit, of all of them, CSV and workbooks alike; asked for once."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.executable, "-m", "ctd_analysis", "check", "data/2024", "--dump", folder], cwd=ROOT,
                              capture_output=True, check=False, timeout=120)
        assert 0 == done.returncode, done.stdout.decode("utf-8", "replace")
        return {name: [row for path in sorted(Path(folder).glob(f"*/{name}.csv")) for row in read(path)]
                for name in ("grades", "indicators", "branches", "filings")}


@functools.cache
def table(name):
    """The rows of one of the year's tables, whoever keeps it."""
    kept = YEAR / f"{name}.csv"
    return read(kept) if kept.exists() else submitted()[name]


@functools.cache
def cluster_grades():
    """The cluster's grade by unit and criterion."""
    return {(row["unit"], row["criterion"]): row["cluster"] for row in table("grades")}


def ids():
    """The units in the order of units.csv."""
    return [row["unit"] for row in table("units")]


def appraise(*options):
    """The units of the shipped year by id, as the command gives them, and the whole answer."""
    command = [sys.executable, "-m", "ctd_analysis", "appraise", "data/2024", "--json", "-", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=120)
    assert 0 == done.returncode, done.stderr.decode("utf-8", "replace")
    answer = json.loads(done.stdout.decode("utf-8"))
    return {unit["unit"]: unit for unit in answer["units"]}, answer


def numbers(unit, indicator):
    """Target and actual of a unit's indicator, as whole numbers."""
    row, = (r for r in table("indicators") if (unit, indicator) == (r["unit"], r["indicator"]))
    return int(row["target"]), int(row["actual"])


FILES = sorted([*YEAR.rglob("*.csv"), *YEAR.rglob("*.md"), *YEAR.rglob("*.toml")])


@pytest.fixture(scope="module")
def answer():
    """What `ctd appraise` says of the shipped year, whole."""
    return appraise()[1]


@pytest.fixture(scope="module")
def units(answer):
    """The units of that answer, by id."""
    return {unit["unit"]: unit for unit in answer["units"]}


@pytest.fixture(scope="module")
def leaders(units):
    """The units ranked first, by cluster."""
    first = [unit for unit in units.values() if unit["cluster_rank"] == 1]
    return {name: [u for u in first if u["cluster"] == name] for name in {u["cluster"] for u in units.values()}}


# The sample, and that it says so


def test_the_year_says_that_it_is_a_sample(answer):
    """Rule book and results both carry `sample`, so every page can say so."""
    book = tomllib.loads((YEAR / "rulebook.toml").read_text(encoding="utf-8"))

    assert (True, True) == (book["sample"], answer["sample"])


def test_the_readme_says_what_is_draft_and_what_is_invented():
    """The page beside the data names the draft of CV 51/CTĐKG and calls the figures invented."""
    page = (YEAR / "README.md").read_text(encoding="utf-8")

    assert [] == [words for words in ("dự thảo", "51/CTĐKG", "đặt ra", "không phải kết quả") if words not in page]


def test_no_cluster_fails(answer):
    """The shipped year is sound: all fifteen units are judged, in the order of units.csv."""
    assert ({}, ids()) == (answer["failed_clusters"], [unit["unit"] for unit in answer["units"]])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(YEAR).as_posix())
def test_text_is_plain_utf8(path):
    """UTF-8 without a byte order mark, NFC, LF line ends, a last line that ends."""
    raw = path.read_bytes()
    text = raw.decode("utf-8")

    assert text == unicodedata.normalize("NFC", text)
    assert (False, False, True) == (raw.startswith(b"\xef\xbb\xbf"), b"\r" in raw, raw.endswith(b"\n"))


def test_no_cell_carries_blanks_around_it():
    """What is typed is clean: no cell of the sample has to be trimmed."""
    cells = [(path.name, value) for path in YEAR.rglob("*.csv") for row in read(path) for value in row.values()]
    cells += [(name, value) for name, rows in submitted().items() for row in rows for value in row.values()]

    assert [] == [(name, value) for name, value in cells if value != value.strip()]


def test_amounts_are_plain_digits():
    """Targets, actuals and funds are whole numbers in plain digits; only converted points may have a decimal."""
    cells = [row[key] for row in table("indicators") for key in ("target", "actual") if row["indicator"] != "converted"]
    cells += [row["fund"] for row in table("branches")]

    assert [] == [cell for cell in cells if not re.fullmatch("[0-9]*", cell)]


# The plan's own figures


def test_there_are_forty_three_criteria_in_nine_areas():
    """III.1 and II: criteria 1 to 43 in order, and areas II.1 to II.9 in order, each with some."""
    areas = list(dict.fromkeys(row["area"] for row in table("criteria")))

    assert [str(n) for n in range(1, 44)] == [row["criterion"] for row in table("criteria")]
    assert [f"II.{n}" for n in range(1, 10)] == areas


def test_titles_of_criteria_are_short_and_differ():
    """A title fits a row of a printed table, and none stands twice."""
    titles = [row["title"] for row in table("criteria")]

    assert (43, []) == (len(set(titles)), [title for title in titles if not 10 < len(title) <= 110])


def test_the_fifteen_units_have_their_codes_and_branches():
    """Three cities and twelve districts of 2024 with their statistics codes; a branch for each commune."""
    branches = Counter(row["unit"] for row in table("branches"))

    assert list(COMMUNES.items()) == [(row["code"], branches[row["unit"]]) for row in table("units")]
    assert {"thành phố": 3, "huyện": 12} == Counter(row["kind"] for row in table("units"))


def test_no_alias_means_two_units():
    """A name an office types leads to one unit, whatever its case."""
    names = [(name.casefold(), row["unit"]) for row in table("units") for name in [row["name"], *row["aliases"].split(";")]]

    assert len(names) == len({name for name, _ in names})


def test_some_population_is_unknown():
    """II.4: the 1,3 % of the population meets a unit whose population is blank."""
    blank = [row["unit"] for row in table("units") if not row["population"]]

    assert 0 < len(blank) < 5


def test_four_clusters_share_the_units():
    """The sample assignment: four, four, four and three units; each cluster is led by one of its own."""
    home = {row["unit"]: row["cluster"] for row in table("units")}

    assert [3, 4, 4, 4] == sorted(Counter(home.values()).values())
    assert [row["cluster"] for row in table("clusters")] == [home[row["lead"]] for row in table("clusters")]


def test_dossiers_come_before_on_and_without_a_date():
    """V.4: one cluster's dossier came on 10/12/2024 itself, one has no date, the others came before."""
    days = sorted(row["dossier_received"] for row in table("clusters"))

    assert ("", "2024-12-10") == (days[0], days[-1])
    assert all("2024-11-01" < day < "2024-12-10" for day in days[1:-1])


def test_blood_targets_add_up_to_the_plan():
    """II.4: the units' targets sum to 23.100 units of blood."""
    assert 23100 == sum(int(row["target"]) for row in table("indicators") if row["indicator"] == "blood_units")


def test_most_units_have_every_indicator():
    """Sixteen indicators; a row that is missing is the exception, and there is one."""
    rows = Counter(row["unit"] for row in table("indicators"))
    whole = sum(count == 16 for count in rows.values())

    assert (16, True) == (max(rows.values()), 10 <= whole < len(table("units")))


def test_every_unit_has_a_row_for_every_criterion():
    """III.1: 43 rows a unit, each once."""
    assert {(unit, str(n)) for unit in ids() for n in range(1, 44)} == cluster_grades().keys()
    assert len(table("grades")) == len(cluster_grades())


# III.1: the ladder


@pytest.mark.parametrize("name", ["excellent", "good", "average", "weak"])
def test_each_class_is_some_units_final_class(name, units):
    """III.1: Xuất sắc, Khá, Trung bình and Yếu all occur."""
    assert name in {unit["final_class"] for unit in units.values()}


def test_most_units_are_good_or_better(units):
    """As in life: more than half of the province ends Khá or Xuất sắc."""
    good = [unit for unit in units.values() if unit["final_class"] in ("excellent", "good")]

    assert len(good) > len(units) / 2


def test_each_class_is_reached_word_for_word(units):
    """III.1: for each line of the ladder some unit fits it literally."""
    literal = {unit["base_class"] for unit in units.values() if unit["literal_match"]}

    assert {"excellent", "good", "average", "weak"} == literal


def test_a_unit_falls_into_the_ladders_hole(units):
    """III.1: a considered unit fits no line, and the Council has not yet spoken."""
    decided = {row["unit"] for row in table("decisions") if row["decision"] == "class"}
    holes = {name for name, unit in units.items() if not unit["literal_match"] and unit["considered"]}

    assert holes - decided


def test_kien_hai_stands_exactly_on_the_bar(units):
    """III.1: 41 A and 3 of 4 branches at Khá or better are just enough for Xuất sắc."""
    unit = units["kien-hai"]

    assert (41, 3, 4, "excellent", True) == (unit["a"], unit["branches_good"], unit["branches_total"],
                                             unit["base_class"], unit["literal_match"])


def test_a_branch_is_not_rated(units):
    """III.1: an unrated branch keeps a unit's result hanging on what the share is taken of."""
    unrated = {row["unit"] for row in table("branches") if not row["rating"]}

    assert any("branch_base" in units[name]["hinges_on"] for name in unrated)


def test_a_criterion_that_does_not_apply_decides_a_class(units):
    """III.1 is silent on KAD: counted as an A, it lifts a unit from Khá to Xuất sắc."""
    as_a, _ = appraise("--set", "readings.not_applicable=as_a")
    moved = {(unit["final_class"], as_a[name]["final_class"]) for name, unit in units.items()
             if unit["final_class"] != as_a[name]["final_class"] and unit["not_applicable"]}

    assert {("good", "excellent")} == moved


def test_not_every_criterion_that_does_not_apply_matters(units):
    """Most units with a KAD keep their class either way."""
    assert any(unit["not_applicable"] and "not_applicable" not in unit["hinges_on"] for unit in units.values())


def test_a_criterion_is_not_graded(units):
    """III.1: a blank grade makes its unit provisional."""
    assert [True] == [unit["provisional"] for unit in units.values() if unit["ungraded"]]


# III.1: self, cluster, appraisal


def test_the_cluster_sometimes_grades_higher_and_sometimes_lower_than_the_unit():
    """The cluster's grade differs from the self grade in both directions, and mostly agrees."""
    pairs = [(row["self"], row["cluster"]) for row in table("grades") if {row["self"], row["cluster"]} <= set("ABC")]
    ways = Counter((own > given) - (own < given) for own, given in pairs)

    assert ways[0] > ways[-1] > ways[1] > 0


def test_grades_carry_notes():
    """Some dozens of grades say why, in words."""
    assert 40 < sum(bool(row["note"]) for row in table("grades")) < len(table("grades")) / 3


def test_the_appraisal_confirms_and_changes():
    """III.1: most appraised grades confirm the cluster's; some lower it, and some raise it."""
    pairs = [(cluster_grades()[row["unit"], row["criterion"]], row["grade"]) for row in table("appraisal")]
    ways = Counter((after > before) - (after < before) for before, after in pairs)

    assert ways[0] > ways[1] > ways[-1] > 0


def test_a_changed_grade_has_its_reason():
    """The contract: a grade the appraisal changed says why."""
    changed = [row for row in table("appraisal") if row["grade"] != cluster_grades()[row["unit"], row["criterion"]]]

    assert [] == [row for row in changed if not row["reason"]]


def test_the_appraisal_looked_on_paper_and_in_the_field():
    """III.1: both methods occur, and sometimes none was written down."""
    assert {"van-ban", "thuc-te", ""} == {row["method"] for row in table("appraisal")}


def test_the_appraisal_saw_some_criteria_of_most_units():
    """"Đã thẩm định n/43" means something: n differs, is never 43, and is 0 for one unit."""
    seen = Counter(row["unit"] for row in table("appraisal"))

    assert (1, True, True) == (len(set(ids()) - seen.keys()), max(seen.values()) < 43, len(set(seen.values())) > 5)


def test_an_appraised_grade_changes_a_class(units):
    """III.1: the cluster's grades alone would have put some unit on another line of the ladder."""
    bars = [41, 36, 32]
    band = {name: sum(unit["a"] >= bar for bar in bars) for name, unit in units.items()}
    counts = Counter(unit for (unit, _), grade in cluster_grades().items() if grade == "A")

    assert any(band[name] != sum(counts[name] >= bar for bar in bars) for name in units)


# III.2.1 and V: filings


def filings(received):
    """(unit, filing) of each row with that receipt; no row is the same as a blank."""
    found = {(row["unit"], row["filing"]): row["received"] for row in table("filings")}
    return {key for key in product(ids(), {row["filing"] for row in table("filings")}) if found.get(key, "") == received}


@pytest.mark.parametrize(("day", "kinds"), [("2024-02-22", {"registration"}),
                                            ("2024-12-10", {"self_scores", "annual_report"})])
def test_a_filing_comes_on_the_very_day(day, kinds):
    """V.3, V.4: "trước ngày" meets a filing of that day."""
    assert kinds & {filing for _, filing in filings(day)}


def test_a_filing_never_came_and_one_has_no_date():
    """III.2.1: one filing is `none`, one that counts is blank."""
    assert filings("none")
    assert {"registration", "self_scores", "annual_report"} & {filing for _, filing in filings("")}


def test_a_blank_receipt_leaves_its_unit_provisional(units):
    """III.2.1: nobody is put out by an empty cell; where it could decide, the unit is provisional."""
    blank = {unit for unit, filing in filings("") if filing != "plan"}

    assert {(True, True)} == {(units[name]["considered"], units[name]["provisional"]) for name in blank}


def test_a_unit_that_never_registered_is_not_considered(units):
    """III.2.1: no registration and no report in time, and no decision: not considered, without class or rank."""
    decided = {row["unit"] for row in table("decisions")}
    out = [units[name] for name, filing in filings("none") if filing == "registration" and name not in decided]

    assert [(False, None, None)] == [(u["considered"], u["final_class"], u["cluster_rank"]) for u in out]


def test_late_registration_alone_does_not_put_a_unit_out(units):
    """III.2.1 "và": a unit with one of the two facts is considered, and hinges on that reading."""
    late = {row["unit"] for row in table("filings") if row["filing"] == "registration" and row["received"] >= "2024-02-22"}

    assert any(units[name]["considered"] and "not_considered" in units[name]["hinges_on"] for name in late)


def test_few_units_are_out_of_consideration(units):
    """At most two units have no class in the end."""
    assert 1 <= sum(not unit["considered"] for unit in units.values()) <= 2


# III.2.2: flags


@pytest.mark.parametrize("flag", sorted(FLAGS))
def test_each_flag_is_raised_for_a_considered_unit(flag, units):
    """III.2.2: each of the nine cases occurs, for a unit that is considered."""
    assert any(unit["flags"][flag] is True and unit["considered"] for unit in units.values())


@pytest.mark.parametrize("flag", sorted(FLAGS))
def test_each_flag_is_clear_for_someone(flag, units):
    """III.2.2: no case is raised for everybody."""
    assert any(unit["flags"][flag] is False for unit in units.values())


def test_a_flag_is_unknown(units):
    """III.2.2: a number that is missing raises nothing and clears nothing; the unit is provisional."""
    unknown = [unit for unit in units.values() if None in unit["flags"].values()]

    assert {True} == {unit["provisional"] for unit in unknown}


def test_a_flag_costs_a_class(units):
    """III.2.2: some considered unit stands one class below its grades."""
    assert any((unit["base_class"], unit["proposed_class"]) == ("excellent", "good") for unit in units.values())


def test_several_flags_cost_one_class(units):
    """III.2.2 "xuống một mức": flags of two groups cost one class, and the result hinges on that."""
    several = [unit for unit in units.values() if sum(f is True for f in unit["flags"].values()) > 1]

    assert any(("excellent", "good") == (unit["base_class"], unit["proposed_class"])
               and "several_flags" in unit["hinges_on"] for unit in several)


def test_resources_of_eight_point_one_of_nine_billion_are_enough(units):
    """III.2.2: exactly 90 % of the year's resolution is not below it."""
    assert (9_000_000_000, 8_100_000_000) == numbers("kien-luong", "resources")
    assert units["kien-luong"]["flags"]["resources"] is False


@pytest.mark.parametrize(("unit", "indicator", "of", "percent"), [
    ("tan-hiep", "dues", "dues", 90),
    ("rach-gia", "cadres_sent", "cadres_sent", 80),
    ("go-quao", "humanitarian_month", "resources", 20),
])
def test_exactly_on_a_threshold_is_not_below_it(unit, indicator, of, percent, units):
    """III.2.2: dues at 90 %, cadres at 80 % and the Humanitarian Month at 20 % are clear."""
    assert percent * numbers(unit, of)[0] == 100 * numbers(unit, indicator)[1]
    assert units[unit]["flags"][indicator] is False


def test_a_branch_stands_exactly_on_the_fund_bar():
    """II.5: ten million to the dong is enough; another branch has less, another's fund is not known."""
    funds = [row["fund"] for row in table("branches")]

    assert (True, True) == ("10000000" in funds, "" in funds)
    assert any(int(fund) < 10_000_000 for fund in funds if fund)


def test_nothing_was_asked_of_someone():
    """III.2.2: a target of 0 stands beside a blank, and is clear."""
    assert any(("0", "") == (row["target"], row["actual"]) for row in table("indicators"))


# The Council


def test_each_kind_of_decision_is_made_at_least_once():
    """All eight; one taken back, one confirmed."""
    kinds = [row["decision"] for row in table("decisions")]

    assert ["class", "consider", "downgrade", "lead", "not_considered", "prize", "waive", "withdraw"] == sorted(set(kinds))
    assert {"class": 2} == {kind: kinds.count(kind) for kind in kinds if kinds.count(kind) > 1}
    assert [("tan-hiep", "lead")] == [
        (r["unit"], r["value"]) for r in table("decisions") if r["decision"] == "withdraw"]


def test_each_status_of_a_decision_is_seen(answer):
    """Bound and current, moved behind the counts, moved in its words, never bound (year-round §1.4)."""
    assert {"current", "inputs_moved", "result_moved", "unbound"} == {one["status"] for one in answer["decisions"]}


def test_the_rules_are_amended_once_and_settled_once(answer):
    """A day moved, for a filing that decides nothing; a reading settled as it was; nobody moves (year-round §1.1)."""
    assert [("filing.plan.before", True, []), ("readings.several_flags", False, [])] == [
        (one["key"], one["from"] != one["to"], one["moved"]) for one in answer["amendments"]]
    assert all(one["document"].endswith("(mẫu)") for one in answer["amendments"])


def test_each_decision_has_reason_document_and_date():
    """A decision says why, where it is written (marked as a sample), and when: after the dossiers came."""
    assert [] == [row for row in table("decisions") if not (row["reason"] and row["document"].endswith("(mẫu)"))]
    assert all("2024-12-10" < row["decided_on"] <= "2024-12-31" for row in table("decisions"))


def decided(kind):
    """The unit that decision is about, and its value."""
    row, = {(r["unit"], r["value"]) for r in table("decisions") if r["decision"] == kind}
    return row


def test_a_raised_flag_is_waived(units):
    """The waived flag is still shown as raised, and costs nothing."""
    name, flag = decided("waive")
    unit = units[name]

    assert (True, unit["base_class"]) == (unit["flags"][flag], unit["final_class"])


def test_the_council_lowers_a_unit_without_flags(units):
    """III.2.2 "một số tiêu chí khác": the one reason is the Council's, and it costs one class."""
    unit = units[decided("downgrade")[0]]

    assert ([], "good", "average") == ([f for f in unit["flags"].values() if f], unit["base_class"],
                                       unit["final_class"])


def test_the_council_puts_a_unit_out(units):
    """`not_considered` takes a unit out that had filed in time."""
    name, _ = decided("not_considered")
    late = [r for r in table("filings")
            if r["unit"] == name and r["filing"] == "registration" and r["received"] >= "2024-02-22"]

    assert ([], False) == (late, units[name]["considered"])


def test_the_council_lifts_a_unit_that_was_out(units):
    """`consider` lifts a unit that filed both its registration and its report too late."""
    name, _ = decided("consider")
    late = [r["filing"] for r in table("filings") if r["unit"] == name and
            r["received"] >= ("2024-02-22" if r["filing"] in ("registration", "plan") else "2024-12-10")]

    assert (True, True) == ({"registration", "annual_report"} <= set(late), units[name]["considered"])


def test_the_council_gives_a_class(units):
    """`class` fills the ladder's hole: the final class is not the one the rules propose."""
    name, value = decided("class")
    unit = units[name]

    assert (False, value, True) == (unit["literal_match"], unit["final_class"], unit["proposed_class"] != value)


# Ranking and nominees


def test_two_leaders_tie(leaders):
    """Two units share the top of a cluster; both are Xuất sắc, and both are nominees."""
    tied = [[(u["final_class"], u["nominee"]) for u in first if u["tied"]] for first in leaders.values()]

    assert [("excellent", True)] * 2 in tied


def test_a_cluster_has_one_nominee(leaders):
    """III.1: a leader who is Xuất sắc is considered for Nhất, Nhì, Ba."""
    assert any(["excellent"] == [u["final_class"] for u in first if u["nominee"]] for first in leaders.values())


def test_a_leader_is_no_nominee(leaders):
    """III.1: a cluster led by a unit that is Khá nominates nobody."""
    assert ["good"] in [[u["final_class"] for u in first if not u["nominee"]] for first in leaders.values()]


def test_a_nominee_grades_itself(units):
    """V.4: the head of a nominee leads the cluster that graded it."""
    assert any(units[row["lead"]]["nominee"] for row in table("clusters"))


def test_a_nominees_rival_is_provisional(units):
    """A nominee and a provisional unit stand in one cluster: the Council is to be told."""
    led = {unit["cluster"] for unit in units.values() if unit["nominee"]}

    assert led & {unit["cluster"] for unit in units.values() if unit["provisional"]}


# Readings


@pytest.mark.parametrize("reading", sorted(READINGS))
def test_each_reading_decides_something(reading, units):
    """Each of the twelve sentences that can be read in two ways changes some unit's result."""
    assert any(reading in unit["hinges_on"] for unit in units.values())


def test_some_results_hinge_on_no_reading(units):
    """Some considered units stand where they stand however the plan is read."""
    free = [unit for unit in units.values() if not unit["hinges_on"] and not unit["nominee_hinges_on"]]

    assert any(unit["considered"] for unit in free)


def test_a_nomination_hinges_on_a_reading(units):
    """A nominee would be none, and another unit one, if a sentence were read the other way."""
    hinging = [unit["nominee"] for unit in units.values() if unit["nominee_hinges_on"]]

    assert {True, False} == set(hinging)
