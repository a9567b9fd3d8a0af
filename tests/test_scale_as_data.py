"""Another year's scale by data alone (V.2): flags dropped, added, renamed, 50 criteria, wards and special zones; all follows.

No line of code knows what is in this rule book. Results are held against `oracle`, which reads it by its kinds.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import re
import shutil
import tomllib
from math import prod
from pathlib import Path

import docx
import openpyxl
import oracle
import pytest
from build import (
    a_unit,
    a_year,
    dice,
    exactly,
    random_units,
    results,
    settings_of,
    shipped_book,
    shipped_rules,
    write_year,
)
from conftest import SHIPPED, ctd_run, needs_browser
from ipywidgets import Label

from ctd_analysis import cli
from ctd_analysis.answers import nearest, readings, seen, what_if
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.answers.missing import bounds
from ctd_analysis.answers.progress import half_year
from ctd_analysis.forms import registration, template
from ctd_analysis.names import Names
from ctd_analysis.pages.controls import Explorer
from ctd_analysis.plan import flags
from ctd_analysis.plan.load import load
from ctd_analysis.plan.scenario import Scenario
from ctd_analysis.plan.toml import lines_of
from ctd_analysis.problems import Log, Refused
from ctd_analysis.rows import Attainment, Place, Receipt, Unit
from ctd_analysis.sheets import headings
from ctd_analysis.tables import cluster as cluster_tables
from ctd_analysis.tables import progress as progress_tables
from ctd_analysis.words import explain, wording
from ctd_analysis.year.midyear import compare_reports
from ctd_analysis.year.year import read

WARDS = ("Phường An Hòa", "Phường Rạch Giá", "Xã Hòn Nghệ", "Đặc khu Phú Quốc", "Đặc khu Thổ Châu", "Xã Tiên Hải",
         "Phường Tô Châu", "Đặc khu Kiên Hải")


@functools.cache
def shipped_text() -> str:
    """The shipped rule book, read once."""
    return (SHIPPED / "rulebook.toml").read_text(encoding="utf-8")


def without(text: str, *tables: str) -> str:
    """A rule book's text without some tables."""
    for table in tables:
        text, found = re.subn(rf"\[{re.escape(table)}\]\n(?:(?!\[|# --).*\n)*", "", text)
        assert found == 1, table
    return text


def changed(text: str, *pairs: tuple[str, str]) -> str:
    """A text with some words put for others, each there once."""
    for old, new in pairs:
        assert 1 == text.count(old), old
        text = text.replace(old, new)
    return text


#: `campaigns` and the fund of the unit's own level are gone, `dues` is called otherwise, two flags are new; the reading
#: `campaigns` was left behind, one of the new flags has its own; converted points have another id.
MORE = """
[indicator.quy_doi]
label = "Điểm quy đổi"
measure = "điểm"
kind = "converted"
[indicator.youth_clubs]
label = "Câu lạc bộ thanh niên Chữ thập đỏ"
measure = "câu lạc bộ"
[indicator.newsletter]
label = "Bản tin hằng quý"
measure = "đạt (1) / không (0)"
kind = "judged"
yes = "có ra bản tin"
no = "không ra bản tin"

[flag.hoi_phi]
short = "Hội phí năm"
label = "Hội phí năm nộp dưới yêu cầu"
clause = "III.2.2"
group = "organisation"
kind = "below"
indicators = ["dues"]
below_percent = 95

[flag.blood]
short = "Hiến máu"
label = "Hiến máu dưới yêu cầu"
clause = "III.2.2"
group = "campaigns"
kind = "below"
indicators = ["blood_units", "repeat_donors"]
join = "all"
below_percent = 80

[flag.clubs]
short = "Câu lạc bộ, bản tin"
label = "Không có câu lạc bộ hoặc bản tin"
clause = "III.2.2"
group = "campaigns"
kind = "none_held"
indicators = ["youth_clubs", "newsletter"]
join = "club_or_newsletter"

[reading.club_or_newsletter]
label = "Câu lạc bộ, bản tin"
clause = "III.2.2"
sentence = "“không có câu lạc bộ hoặc bản tin”"
[reading.club_or_newsletter.options]
one = "thuộc trường hợp khi thiếu một thứ"
two = "thuộc trường hợp khi thiếu cả hai"
[reading.club_or_newsletter.joins]
one = "any"
two = "all"
"""
NAMES = ["member_growth", "reporting", "training_classes", "cadres_sent", "funds", "resources", "humanitarian_month", "hoi_phi",
         "blood", "clubs"]


@functools.cache
def another_text() -> str:
    """That rule book: what is gone taken out of the shipped one, what is new put in, other bars."""
    return changed(without(shipped_text(), "flag.campaigns", "flag.dues", "indicator.converted") + MORE,
                   ("criteria = 43 ", "criteria = 50 "), ("min_a = 41", "min_a = 47"), ("min_a = 36", "min_a = 41"),
                   ("min_a = 32", "min_a = 36"),
                   ('fund_levels = "either"\n', 'fund_levels = "either"\nclub_or_newsletter = "one"\n'))


@functools.cache
def another() -> dict:
    """The same as plain data, as the oracle takes it."""
    return tomllib.loads(another_text())


def loaded(text: str):
    """A rule book from its text."""
    return load(Path("rulebook.toml"), text.encode())


def units_of(chance, size: int = 8) -> list[dict]:
    """Made-up units for that rule book: 50 criteria, its own indicators near their edges, decisions that name its flags."""
    units = random_units(chance, size, 2)
    for unit in units:
        counted = unit["indicators"]
        counted["quy_doi"] = counted.pop("converted", (None, None))
        target = chance.choice([0, 10, 1000, 7, None])
        for name in ("blood_units", "repeat_donors"):
            edge = -(-80 * (target or 0) // 100)
            counted[name] = target, chance.choice([edge, edge, max(edge - 1, 0), target, None])
        counted["youth_clubs"] = None, chance.choice([0, 1, 2, None])
        counted["newsletter"] = 1, chance.choice([0, 1, 1, None])
        if chance.random() < 0.5:       # calm: nothing of this alone decides
            counted |= {"youth_clubs": (None, 1), "newsletter": (1, 1), "blood_units": (10, 9)}
        unit["grades"] |= {n: chance.choice("AAAAB") for n in range(44, 51)}
        unit["decisions"] = [(one, chance.choice(NAMES) if one == "waive" else value) for one, value in unit["decisions"]]
        unit["decisions"] = list(dict.fromkeys(unit["decisions"]))
    return units


def as_told(units: list[dict]) -> list[dict]:
    """What the oracle says, as the contract has it."""
    found = oracle.results(units, another())
    return [{**one, "converted": float(one["converted"])} for one in found]


def shown(entries: list[dict]) -> list[dict]:
    """The library's entries, names and prizes left out."""
    return [{k: v for k, v in one.items() if k not in ("name", "prize")} | {"converted": float(one["converted"])}
            for one in entries]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The made-up year as a folder: wards, communes and special zones where districts were."""
    path = tmp_path_factory.mktemp("years") / "2026"
    units = units_of(dice("another scale"))
    for unit in units:
        unit["decisions"] = []
    units[0]["decisions"], units[1]["decisions"] = [("waive", "clubs")], [("downgrade", "")]
    write_year(path, units)
    (path / "rulebook.toml").write_text(another_text(), encoding="utf-8")
    with (path / "criteria.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows((n, "II.9", f"Tiêu chí thêm số {n}") for n in range(44, 51))
    with (path / "units.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([
            ("unit", "code", "name", "kind", "cluster", "population", "aliases"),
            *((unit["unit"], "", name, name.split()[0].lower() if name[0] != "Đ" else "đặc khu", unit["cluster"], "20000", "")
              for unit, name in zip(units, WARDS, strict=True))])
    return path


# ---------------------------------------------------------------- the law


def test_the_flags_are_the_rule_books_in_its_order():
    """Ten flags: one dropped, one under another name, two new ones; nothing of the plan of 2024 is missed."""
    book = loaded(another_text())

    assert NAMES == list(book.flags)
    assert {"flag.hoi_phi.below_percent", "flag.blood.below_percent"} <= set(book.in_force())
    assert not {"flag.dues.below_percent", "flag.campaigns.below_percent"} & set(book.in_force())


@pytest.mark.parametrize("seed", range(12))
def test_another_scale_is_judged_as_it_is_written(seed):
    """Every value of every unit, and what hinges on which reading, against the naive reading of the same rule book."""
    units = units_of(dice(f"scale {seed}"), 12)

    assert as_told(units) == shown(results(plain_converted(units), None, loaded(another_text())))


def plain_converted(units: list[dict]) -> list[dict]:
    """The same units with converted points as a table holds them."""
    return [{**unit, "indicators": {name: (target, exactly(actual) if name == "quy_doi" else actual)
                                    for name, (target, actual) in unit["indicators"].items()}} for unit in units]


def judged(size=12, seed="judged"):
    """An appraisal of made-up units under that rule book."""
    return appraise(a_year(plain_converted(units_of(dice(seed), size)), loaded(another_text())))


def test_a_reading_whose_flag_is_gone_has_no_object():
    """Shown as such, switched without effect, never among what a result hinges on; the others keep theirs."""
    appraisal = judged()
    table = {row.cells[0].text: row.cells for row in cluster_tables.readings(appraisal, list(range(12))).rows}

    assert ["campaigns"] == [id for id in appraisal.book.readings if not appraisal.book.has_object(id)]
    assert "không còn đối tượng" == table[appraisal.book.readings["campaigns"].label][3].text
    assert "không còn đối tượng" in wording.reading_name(appraisal.book, "campaigns")
    assert "không còn đối tượng" not in wording.reading_name(appraisal.book, "fund_levels")
    for i in range(12):
        assert "campaigns" not in appraisal.alternatives.hinges(i) + appraisal.alternatives.nominee_hinges(i)
        assert all("campaigns" not in one for one in readings.smallest_switches(appraisal.combined, appraisal.settings, i))


def test_all_combinations_count_every_reading_once():
    """One axis a reading, the new one too: the counts of each unit add up to all options multiplied."""
    appraisal = judged(4)
    total = prod(len(r.options) for r in appraisal.book.readings.values())

    assert 2 * prod(len(r.options) for r in shipped_book().readings.values()) == total
    assert [total] * 4 == [sum(int(n[i]) for n in readings.count(appraisal.combined).values()) for i in range(4)]


def test_edges_turn_where_they_are_said_to():
    """Every edge of the two new percentages, tried from both sides; and no key that is not the rule book's."""
    appraisal = judged(20)
    found = appraisal.edges

    assert {e.key for e in found} <= set(appraisal.book.in_force())
    new = [e for e in found if e.key in ("flag.blood.below_percent", "flag.hoi_phi.below_percent")]
    assert new
    for edge in new:
        for value, wanted in ((edge.value - 1, edge.before), (edge.value, edge.after)):
            other = what_if.under(appraisal, {edge.key: value})
            assert wanted == other.judgement.final_class[edge.unit]


def test_clearing_flags_lifts_a_class_under_any_names():
    """The nearest way of a unit held down by a new flag alone names that flag."""
    unit = a_unit(a=47, criteria=50)
    unit["indicators"] |= {"blood_units": (10, 7), "repeat_donors": (10, 7), "youth_clubs": (None, 1), "newsletter": (1, 1)}
    appraisal = appraise(a_year([unit], loaded(another_text())))
    [way] = [way for way in appraisal.ways[0] if way.flags]

    assert (0, 0, 0, 1, 0) == way
    assert ("blood",) == what_if.candidates(appraisal, 0, way).flags
    assert [("blood",)] == nearest.clearing_sets(appraisal.facts, appraisal.settings, 0, way)


@pytest.mark.parametrize(("clubs", "newsletter", "one", "two"), [
    (1, 1, False, False), (0, 1, True, False), (1, 0, True, False), (0, 0, True, True), (None, 1, None, False),
    (None, 0, True, None)])
def test_a_new_reading_decides_the_flag_that_names_it(clubs, newsletter, one, two):
    """Any or all, by the option in force; a missing number raises nothing and clears nothing."""
    unit = a_unit(a=47, criteria=50)
    unit["indicators"] |= {"youth_clubs": (None, clubs), "newsletter": (1, newsletter)}

    for option, expected in (("one", one), ("two", two)):
        [entry] = results([unit], {"readings.club_or_newsletter": option}, loaded(another_text()))
        assert expected is entry["flags"]["clubs"]


def test_a_year_without_any_flag_is_judged():
    """III.2.2 is then the Council's alone: what it adds still lowers, and every question is answered."""
    gone = [*(f"flag.{id}" for id in shipped_book().flags), "reading.branch_fund", "reading.branch_fund.options"]
    book = loaded(changed(without(shipped_text(), *gone), ('branch_fund = "every"\n', "")) + "\n[flag]\n")
    appraisal = appraise(a_year([a_unit("calm"), a_unit("added", decisions=[("downgrade", "")])], book))

    assert [{}, {}] == [unit["flags"] for unit in appraisal.as_json()["units"]]
    assert ["excellent", "good"] == [unit["final_class"] for unit in appraisal.as_json()["units"]]
    assert ["không", "tiêu chí bổ sung của Hội đồng"] == [cluster_tables.flags_cell(appraisal, i).text for i in range(2)]
    assert what_if.as_json(appraisal, appraisal) and list(explain.lines(appraisal, "added")) and appraisal.ways
    assert [0, 1] == bounds(appraisal.facts, appraisal.settings)[0].tolist()


@functools.cache
def without_flags() -> str:
    """The shipped rule book without any case of III.2.2."""
    gone = [f"flag.{id}" for id in shipped_book().flags]
    return without(shipped_text(), *gone) + "\n[flag]\n"


def test_a_year_without_any_flag_asks_nothing_by_iii_2_2(tmp_path, capsys):
    """Neither a bare heading nor a sentence without its end: templates, registration, half year, what-if, explain."""
    folder = write_year(tmp_path / "2024", [a_unit("u1"), a_unit("u2")])
    (folder / "rulebook.toml").write_text(without_flags(), encoding="utf-8")
    year = read(folder)
    for content in (template.workbook(year, "cum-1"), registration.workbook(year, year.units[0])):
        cells = [str(cell.value) for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet for cell in row]
        assert not [text for text in cells if "III.2.2" in text]
    assert "2 đơn vị ghi đủ" not in (said := run("registration", folder, capsys=capsys)) and "0/0" not in said
    assert "chưa ghi chỉ tiêu nào" not in said
    said = run("progress", folder, capsys=capsys)
    assert "Tính đến 30/06/2024: chưa có số liệu nào." in said and wording.NO_FLAGS in said
    assert "kịp yêu cầu III.2.2" not in said
    assert not progress_tables.overview(half_year(year)).rows
    assert f"hoặc không xét\n  {wording.NO_FLAGS}" in run("explain", "u1", folder, capsys=capsys)
    ctd_run(folder, tmp_path / "pages")
    assert "Trường hợp hạ một mức" not in (tmp_path / "pages" / "what_if.html").read_text(encoding="utf-8")
    assert not [title for title in accordion(Explorer(appraise(year)).widget).titles if "III.2.2" in title]


def accordion(box):
    """The one accordion among controls, wherever it is."""
    inside = getattr(box, "children", ())
    return box if hasattr(box, "titles") else next((found for one in inside if (found := accordion(one))), None)


def test_what_is_found_is_what_was_judged():
    """Each condition of a flag is kept with its two sides, and its finding repeats them; no flag without a finding."""
    appraisal = judged(20)
    for i, unit in enumerate(appraisal.facts.units):
        told = {(x.rule, x.what): x for x in appraisal.findings[unit] if x.part == "flag"}
        kept = {(flag, name): one for flag, verdict in appraisal.judgement.flags.items()
                for name, one in verdict.conditions.items()}
        assert list(kept) == list(told)
        for key, one in kept.items():
            raised = one.at(i)
            assert (None if raised is None else not raised, one.found.at(i)) == (told[key].met, told[key].found)


def test_words_come_from_the_rule_book():
    """Counted in the indicator's own measure; a judgement in its own words, `đạt` and `không đạt` where it has none."""
    unit = a_unit(a=47, criteria=50)
    unit["indicators"] |= {"youth_clubs": (None, 0), "newsletter": (1, 0)}
    for text, yes, no in ((another_text(), "có ra bản tin", "không ra bản tin"),
                          (re.sub(r'(yes|no) = ".* bản tin"\n', "", another_text()), "đạt", "không đạt")):
        said = "\n".join(explain.lines(appraise(a_year([unit], loaded(text))), "u1"))
        assert "Câu lạc bộ thanh niên Chữ thập đỏ: cần từ 1 câu lạc bộ; có 0 câu lạc bộ → không đạt" in said
        assert f"Bản tin hằng quý: cần {yes}; {no} → không đạt" in said


def test_nothing_is_said_of_converted_points_that_the_plan_does_not_have():
    """No indicator of that kind: no nought that nobody gave, no order in a cluster by it."""
    books = loaded(without(shipped_text(), "indicator.converted")), shipped_book()
    years = [appraise(a_year([a_unit()], book)) for book in books]
    plain, with_points = ("\n".join(explain.lines(year, "u1")) for year in years)

    assert "Đã thẩm định 0/43 tiêu chí.\n" in plain and "quy đổi" not in plain
    assert "Đã thẩm định 0/43 tiêu chí; điểm quy đổi 0 (không cộng vào A).\n" in with_points
    assert [False, True] == ["điểm quy đổi" in " ".join(cluster_tables.ranking(year, "cum-1").notes) for year in years]


def test_a_judgement_under_a_percentage_is_told_in_its_words_too():
    """A flag of kind `below` over what a person judges: neither a measure of two halves nor a percentage of one."""
    text = changed(another_text(), ('indicators = ["blood_units", "repeat_donors"]\njoin = "all"\n',
                                    'indicators = ["newsletter"]\n'))
    unit = a_unit(a=47, criteria=50)
    unit["indicators"] |= {"youth_clubs": (None, 1), "newsletter": (1, 0)}
    said = "\n".join(explain.lines(appraise(a_year([unit], loaded(text))), "u1"))

    assert "Bản tin hằng quý: cần từ 80% chỉ tiêu; không ra bản tin → không đạt" in said
    assert "Hiến máu (không ra bản tin)" in said
    assert "newsletter" not in flags.asked(loaded(text))          # no target of it is asked for in February (V.3)


def test_a_flag_that_is_gone_is_said_to_be_gone():
    """A decision that rested on it says so; a rule book's own flag is called by its name."""
    was = "A40 B2 C1 blank0 kad0 good8/12 base=average flags=campaigns,clubs unknown=- rules=weak"
    said = wording.was_and_now(loaded(another_text()), was, was.replace("campaigns,clubs", "-"))

    assert "trường hợp III.2.2: campaigns (quy định không còn), Câu lạc bộ, bản tin → không" == said


def test_what_a_flag_of_several_compares_is_part_of_what_a_decision_rested_on():
    """Under any name: another list is another rule book, as it was for the campaigns of 2024."""
    fewer = another_text().replace('indicators = ["blood_units", "repeat_donors"]', 'indicators = ["blood_units", "dues"]')

    assert seen.rules_digest(loaded(another_text())) != seen.rules_digest(loaded(fewer))


# ---------------------------------------------------------------- rule books older than kinds


def old(text: str) -> str:
    """A rule book as it was before kinds."""
    return re.sub(r'^(kind = "(?:below|none_held|funds|whole|judged|converted)"|join = .*|yes = .*|no = .*)\n'
                  r'|^\[reading\.\w+\.joins\]\n(?:.+\n)+', "", text, flags=re.MULTILINE)


def test_a_rule_book_without_kinds_is_read_by_its_ids():
    """As it was: the same book, whatever the names mean today."""
    text = old(shipped_text())

    assert not {"kind", "join"} & {key for rule in tomllib.loads(text)["flag"].values() for key in rule}
    assert loaded(shipped_text()) == loaded(text)


def test_what_is_written_wins():
    """An old name with a kind of its own means what is written, and nothing of what the name once meant."""
    text = changed(shipped_text(), ('kind = "below"\nindicators = ["tet_nhan_ai", "humanitarian_address", '
                                  '"good_people_good_deeds"]\njoin = "campaigns"\nbelow_percent = 100\n',
                                  'kind = "none_held"\nindicators = ["tet_nhan_ai"]\n'))
    book = loaded(text)

    assert ("none_held", "any") == (book.flags["campaigns"].kind, book.flags["campaigns"].join)
    assert not book.has_object("campaigns")


@pytest.mark.parametrize(("line", "written", "key"), [
    ("below_percent = 95", "below_percent = 950", "flag.hoi_phi.below_percent"),
    ('kind = "judged"\nyes', 'kind = "jugded"\nyes', "indicator.newsletter.kind"),
    ('join = "club_or_newsletter"', 'join = "clubs"', "flag.clubs.join"),
    ('fund_levels = "either"\n', 'fund_levels = "eether"\n', "readings.fund_levels"),
    ('indicators = ["youth_clubs", "newsletter"]', 'indicators = [\n  "youth_clubs",\n  # nữa\n  "newsleter",\n]',
     "flag.clubs.indicators")])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_refusal_names_the_line_of_its_key(line, written, key, ends):
    """As an editor counts them, with Windows' line ends too."""
    text = written.join(another_text().rsplit(line, 1))
    at = text[:text.index(written)].count("\n") + 1
    with pytest.raises(Refused) as found:
        load(Path("rulebook.toml"), text.replace("\n", ends).encode("utf-8-sig"))

    told = {re.match("khóa ([^:]+):", problem.what)[1]: problem for problem in found.value.problems}
    assert at == told[key].line
    assert told[key].message.startswith(f"rulebook.toml, dòng {at}: khóa {key}: ")


@pytest.mark.parametrize(("written", "key", "other"), [
    (('short = "Hiến máu"', 'short = "Hội  phí năm"'), "flag.blood.short", "flag.hoi_phi"),
    (('short = "Hiến máu"', 'short = "HOI PHI NAM"'), "flag.blood.short", "flag.hoi_phi"),
    (('short = "Hiến máu"', 'short = "clubs"'), "flag.blood.short", "flag.clubs"),
    (('label = "Hiến máu dưới yêu cầu"', 'label = "Quỹ Hội 02 cấp"'), "flag.blood.label", "flag.funds"),
    (('label = "Bản tin hằng quý"', 'label = "Hội phí"'), "indicator.newsletter.label", "indicator.dues"),
    (('label = "Bản tin hằng quý"', 'label = "(Hội phí)"'), "indicator.newsletter.label", "indicator.dues"),
    (('label = "Câu lạc bộ, bản tin"\nclause = "III.2.2"\nsentence', 'label = "Lớp tập huấn"\nclause = "III.2.2"\nsentence'),
     "reading.club_or_newsletter.label", "reading.training_classes")])
def test_no_two_are_called_alike(written, key, other):
    """A decision is typed, a workbook's line is read by these words: one that means two things is refused, not guessed."""
    with pytest.raises(Refused) as found:
        loaded(changed(another_text(), written))

    said = [problem.message for problem in found.value.problems]
    assert [one for one in said if f"khóa {key}: trùng với {other}; thấy" in one], said


@pytest.mark.parametrize("asked", ["youth_clubs", "newsletter"])
def test_funds_that_are_no_money_are_refused(asked):
    """Else clubs would be held against fifty million đồng."""
    with pytest.raises(Refused) as found:
        loaded(changed(another_text(), ('indicators = ["unit_fund"]', f'indicators = ["{asked}"]')))

    assert any(f"chỉ tiêu không hợp với kind = funds; thấy “{asked}”; cần một chỉ tiêu tính bằng đồng" in problem.message
               for problem in found.value.problems), [problem.message for problem in found.value.problems]


def test_what_funds_are_held_against_is_a_balance_under_any_id():
    """All of it is due on any day, where the rule book names no balance; the plan's own where no flag is about funds."""
    text = without(shipped_text().replace('balance = ["unit_fund"]\n', ""))
    renamed = re.sub(r"\bunit_fund\b", "quy_hoi", text)

    assert ["unit_fund"] == loaded(text).progress.balance
    assert ["quy_hoi"] == loaded(renamed).progress.balance
    assert ["unit_fund"] == loaded(without(text, "flag.funds")).progress.balance


@pytest.mark.parametrize(("typed", "meant"), [
    ("Số hội viên danh dự", ["honorary"]), ("1. Số hội viên danh dự (người)", ["honorary"]),
    ("II. SỐ HỘI VIÊN DANH DỰ", ["honorary"]), ("Tổng hội viên được công nhận danh dự, số", ["honorary"]),
    ("Số hội viên", ["member_growth"]), ("Phát triển hội viên mới", ["member_growth"]),
    ("Số lượng hội viên danh dự trong năm", ["honorary", "member_growth"]), ("Hội phí (đồng)", ["dues"])])
def test_a_new_indicator_is_no_old_one(typed, meant):
    """In brackets, numbered, among other words: where it may be both, it is asked about."""
    text = another_text() + '[indicator.honorary]\nlabel = "Số hội viên danh dự"\nmeasure = "người"\n'

    assert meant == headings.indicators_of(typed, loaded(text))


@pytest.mark.parametrize(("label", "told"), [("Nền nếp báo cáo", True), ("Nền nếp sinh hoạt", False)])
def test_reports_that_never_came_concern_what_is_judged_of_reports(label, told):
    """Another thing that is held or not says nothing of them (III.1)."""
    book, log = loaded(changed(another_text(), ('label = "Bản tin hằng quý"', f'label = "{label}"'))), Log()
    at = Place("filings.csv", None, 2)
    report = next(iter(book.reports))
    compare_reports([Receipt("u1", report, "none", at)], [Attainment("u1", "newsletter", None, 1, "", at)], book, log, str)

    assert told == any(f"“{label}” ghi đạt, nhưng không gửi: {book.reports[report].label}" in n.message for n in log.notices)


def test_a_reading_that_decides_nothing_is_told_what_it_lacks():
    """One more reading is one with `joins`; so the refusal says."""
    text = re.sub(r"\[reading\.club_or_newsletter\.joins\]\n(?:.+\n)+", "", another_text())
    with pytest.raises(Refused, match=r"khóa reading\.club_or_newsletter: .*cần bảng joins"):
        loaded(text)


def test_a_missing_key_is_told_at_the_line_of_its_table():
    """Where it should stand; nowhere for a table that is not there."""
    text = changed(another_text(), ('short = "Hội phí năm"\n', ""), ("year = 2024\n", "\n"))
    with pytest.raises(Refused) as found:
        loaded(text)

    told = {problem.what.split(":")[0]: problem.line for problem in found.value.problems}
    assert {"khóa flag.hoi_phi.short": text[:text.index("[flag.hoi_phi]")].count("\n") + 1, "khóa year": None} == told


def test_every_line_of_the_shipped_rule_book_is_known():
    """Each key of each table, held against a search by eye: the head of its table, then its own name."""
    lines, head = lines_of(shipped_text().encode()), ""
    wanted = {}
    for number, line in enumerate(shipped_text().splitlines(), 1):
        if found := re.match(r"\[([\w.]+)\]", line):
            head = found[1]
            wanted[head] = number
        elif found := re.match(r"(\w+) =", line):
            wanted[f"{head}.{found[1]}".lstrip(".")] = number

    assert wanted == {key: line for key, line in lines.items() if key in wanted}
    assert {"class", "filing", "flag", "reading", "indicator", "target", "event"} == set(lines) - set(wanted)


def test_lines_of_unusual_layouts():
    """Texts and lists over several lines, keys with dots or in quotes, tables in a line, lists of tables."""
    text = ('# đầu\n"year" = 2024\nplan.title = """\n[flag.x]\nyear = 1\n"""\n\n[a."b.c"]  # chú thích\nlist = [\n  ["x"],\n'
            '  [\n  "y"\n]\n]\nx = {y = {z = 1}}\n[[t]]\nq = 1\n[[t]]\nq = 2\n[ spaced . out ]\nk = 1\n')

    wanted = {"year": 2, "plan": 3, "plan.title": 3, "a": 8, "a.b.c": 8, "a.b.c.list": 9, "a.b.c.x": 15, "a.b.c.x.y": 15,
              "a.b.c.x.y.z": 15, "t": 16, "t.q": 17, "spaced": 20, "spaced.out": 20, "spaced.out.k": 21}
    assert wanted == lines_of(text.encode())


# ---------------------------------------------------------------- the commands


def run(*call, capsys) -> str:
    """A verb that goes well: its standard output."""
    code = cli.main([str(one) for one in call])
    told = capsys.readouterr()
    assert 0 == code, told.err
    return told.out


def test_check_and_appraise(folder, capsys):
    """No problem; the results are those of the oracle, which read the same folder for itself."""
    assert not json.loads(run("check", folder, "--json", "-", capsys=capsys))["problems"]
    found = json.loads(run("appraise", folder, "--json", "-", capsys=capsys))

    assert as_told(oracle.read_year(folder)) == shown(found["units"])
    assert list(WARDS) == [unit["name"] for unit in found["units"]]


def test_a_waiver_may_name_what_the_rule_book_names_and_nothing_else(folder, tmp_path, capsys):
    """A flag of another year is a problem of its cluster, with the names there are."""
    spoilt = Path(shutil.copytree(folder, tmp_path / "2026"))
    with (spoilt / "decisions.csv").open("a", encoding="utf-8") as file:
        file.write("u002,waive,campaigns,,,\n")

    assert 1 == cli.main(["check", str(spoilt)])
    said = capsys.readouterr()
    assert "không có giá trị này" in said.out + said.err and "hoi_phi, blood, clubs" in said.out + said.err


def test_explain_goes_through_the_flags_there_are(folder, capsys):
    """Each flag's own label, in order, and none of those that are gone."""
    for unit, name in zip(read(folder).units, WARDS, strict=True):
        said = run("explain", unit.unit, folder, capsys=capsys)
        labels = [flag["label"] for flag in another()["flag"].values()]

        assert name in said
        assert sorted(said.index(f"{label} (") for label in labels) == [said.index(f"{label} (") for label in labels]
        assert shipped_rules()["flag"]["campaigns"]["label"] not in said and "Hội phí nộp dưới yêu cầu" not in said


def test_what_if_knows_the_keys_there_are(folder, capsys):
    """The new ones move, the old ones are refused with a name nearby; JSON has the contract's four parts."""
    answer = json.loads(run("what-if", folder, "--set", "flag.hoi_phi.below_percent=100", "--set",
                            "readings.club_or_newsletter=two", "--set", "readings.campaigns=all", "--json", "-", capsys=capsys))
    book = loaded(another_text())

    assert {"moved", "edges", "readings", "nearest"} == set(answer)
    assert {edge["key"] for edge in answer["edges"]} <= set(book.in_force())
    total = prod(len(r.options) for r in book.readings.values())
    assert {total} == {sum(counts.values()) for counts in answer["readings"].values()}
    assert "Nếu như" in run("what-if", folder, capsys=capsys)
    assert 2 == cli.main(["what-if", str(folder), "--set", "flag.campaigns.below_percent=50"])
    assert "không có khóa" in capsys.readouterr().err
    idle = json.loads(run("what-if", folder, "--set", "readings.campaigns=all", "--json", "-", capsys=capsys))
    assert [] == idle["moved"]


def test_a_scenario_of_a_flag_that_is_gone_is_told_by_its_file(folder, tmp_path, capsys):
    """Which of a year's scenarios still names it is what a clerk has to know."""
    (path := tmp_path / "phong-trao.toml").write_text('title = "x"\n[set]\nflag.campaigns.below_percent = 90\n', "utf-8")

    assert 2 == cli.main(["appraise", str(folder), "--scenario", str(path)])
    assert f"tệp phương án “{path}”: không có khóa “flag.campaigns.below_percent”" in capsys.readouterr().err


def test_a_filled_template_comes_back_as_it_went(folder, tmp_path, capsys):
    """50 criteria, new indicators, wards and special zones: written into the workbooks that are sent, and read again."""
    year, copy = read(folder), Path(shutil.copytree(folder, tmp_path / "2026"))
    for cluster in year.clusters:
        shutil.rmtree(copy / "submissions" / cluster.cluster)
        content = template.workbook(year, cluster.cluster, filled=True)
        (copy / "submissions" / f"{cluster.cluster}.xlsx").write_bytes(content)
        texts = {str(cell.value) for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet for cell in row}
        assert {"Bản tin hằng quý", "Hội phí năm nộp dưới yêu cầu (từ 95%).", "Tiêu chí thêm số 50"} <= texts
        assert not any(shipped_rules()["flag"]["campaigns"]["label"] in text for text in texts)

    back = read(copy)
    assert not back.problems
    assert appraise(year).as_json() == appraise(back).as_json()


@pytest.mark.parametrize("head", ["Xã, phường, đặc khu", "Đặc khu, phường", "Phường"])
def test_a_sheet_of_wards_and_special_zones_heads_them_as_what_they_are(head, folder, tmp_path):
    """A cluster's own sheet, a row a unit under the kinds its names begin with, is read as the table it was made of."""
    year, copy = read(folder), Path(shutil.copytree(folder, tmp_path / "2026"))
    members = [unit for unit in year.units if unit.cluster == "cum-1"]
    typed = {(one.unit, one.criterion): one.cluster for one in year.grades}
    (copy / "submissions" / "cum-1" / "grades.csv").unlink()
    book = openpyxl.Workbook()
    book.active.title = "Bảng điểm"
    for row in [("BẢNG ĐIỂM CỤM CHẤM",), ("TT", head, *range(1, 51)),
                *((n, unit.name, *(typed[unit.unit, k] for k in range(1, 51))) for n, unit in enumerate(members, 1))]:
        book.active.append(row)
    book.save(copy / "submissions" / "cum-1" / "bang-diem.xlsx")

    back = read(copy)
    assert not back.problems
    assert {at: letter for at, letter in typed.items() if letter} == {
        (one.unit, one.criterion): one.cluster for one in back.grades if one.cluster}


@pytest.mark.parametrize(("typed", "expected"), [
    ("Phường An Hòa", "a"), ("P. An Hòa", "a"), ("P.An Hoà", "a"), ("Hội CTĐ phường An Hòa", "a"), ("X. An Hòa", "b"),
    ("Hội xã An Hòa", "b"), ("An Hòa", None), ("Rạch Giá", "c"), ("2. P. Rạch Giá", "c"), ("Xã Rạch Giá", None),
    ("TP Rạch Giá", None), ("Huyện Phú Quốc", None), ("ĐK Phú Quốc", "d"), ("Đ.K. Phú Quốc", "d"), ("Phú Quốc", "d"),
    ("Phường Phú Quốc", None), ("Phường An Hoa", None), ("P. Hòa", None)])
def test_wards_and_special_zones_are_called_as_offices_call_them(typed, expected):
    """Short forms of their kinds, as of districts'; a name that two bear, another kind, a near miss are nobody."""
    names = ("Phường An Hòa", "Xã An Hòa", "Phường Rạch Giá", "Đặc khu Phú Quốc")
    units = {id: Unit(id, "", name, "", "cum-1", None, ()) for id, name in zip("abcd", names, strict=True)}

    assert expected == Names(units).match(typed)


@pytest.mark.parametrize("typed", ["Xã Kiên Lương", "P. Kiên Lương", "Đặc khu Kiên Lương", "ĐK Kiên Lương"])
@pytest.mark.parametrize("name", ["Huyện Kiên Lương", "Kiên Lương"])
def test_where_units_are_districts_a_commune_is_no_unit(typed, name):
    """It begins a branch's name there."""
    assert Names({"a": Unit("a", "", name, "", "cum-1", None, ("K. Lương",))}).match(typed) is None


def test_a_judged_indicator_holds_one_or_nothing(folder, tmp_path, capsys):
    """2 beside a judged indicator is a problem under any name."""
    spoilt = Path(shutil.copytree(folder, tmp_path / "2026"))
    table = spoilt / "submissions" / "cum-1" / "indicators.csv"
    table.write_text(re.sub(r"newsletter,1,\d*", "newsletter,1,2", table.read_text("utf-8"), count=1), "utf-8")

    assert 1 == cli.main(["check", str(spoilt)])
    said = capsys.readouterr()
    assert "“Bản tin hằng quý” chỉ ghi đạt hoặc không" in said.out + said.err


# ---------------------------------------------------------------- the pages


@pytest.fixture(scope="module")
def pages(folder, tmp_path_factory) -> Path:
    """All that `ctd run` makes of that year."""
    out = tmp_path_factory.mktemp("another")
    ctd_run(folder, out)
    return out


def test_every_page_follows(folder, pages):
    """Clusters, province, units, minutes, workbook: the new names stand there, the old ones nowhere."""
    made = {path.name: path.read_text(encoding="utf-8") for path in pages.rglob("*.html")}
    minutes = docx.Document(pages / "bien-ban.docx")
    made["bien-ban.docx"] = "\n".join(cell.text for table in minutes.tables for row in table.rows for cell in row.cells)
    book = openpyxl.load_workbook(pages / "results.xlsx")
    made["results.xlsx"] = "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row)

    assert appraise(read(folder)).as_json() == json.loads((pages / "results.json").read_text(encoding="utf-8"))
    assert {"index.html", "check.html", "province.html", "cum-1.html", "cum-2.html", "what_if.html", "u000.html"} <= set(made)
    for name in ("cum-1.html", "cum-2.html", "results.xlsx", "what_if.html"):
        assert "Hội phí năm" in made[name] and "Câu lạc bộ, bản tin" in made[name], name
        assert "không còn đối tượng" in made[name], name
    for name, text in made.items():
        assert "Không tham gia hoặc không hoàn thành" not in text and "43 tiêu chí" not in text.replace(
            "13/6/2023 (43 tiêu chí", ""), name
    for ward in WARDS:
        assert ward in made["province.html"] and ward in made["bien-ban.docx"] and ward in made["results.xlsx"]


def heads(box) -> list[str]:
    """What stands over controls, wherever they are."""
    return [box.value] if isinstance(box, Label) else [said for one in getattr(box, "children", ()) for said in heads(one)]


def test_the_notebook_s_controls_are_the_rule_books(folder):
    """A slider for every number, a choice for every reading; the idle one says so."""
    explorer = Explorer(appraise(read(folder)))

    assert set(loaded(another_text()).in_force()) == set(explorer.controls)
    idle = [said for said in heads(explorer.widget) if "không còn đối tượng" in said]
    assert [wording.reading_name(explorer.base.book, "campaigns")] == idle
    explorer.controls["flag.blood.below_percent"].value = 0
    assert {"flag.blood.below_percent": 0} == explorer.changes


@pytest.mark.browser
@needs_browser
def test_the_page_in_javascript_follows(folder, pages, opened):
    """Four hundred settings over the new rule book: every value of every unit as the library gives it; no complaint."""
    base, chance = appraise(read(folder)), dice("javascript")
    book = base.book
    tab = opened((pages / "what_if.html").as_uri())

    def told(a):
        wanted = ("unit", "base_class", "flags", "considered", "rules_class", "proposed_class", "final_class",
                  "cluster_rank", "tied", "nominee", "provisional")
        return [{key: unit[key] for key in wanted} for unit in a.as_json()["units"]]

    assert told(base) == tab.evaluate("window.ctd.judge({})")
    for _ in range(400):
        changes = {f"readings.{id}": chance.choice(list(r.options)) for id, r in book.readings.items() if chance.random() < 0.4}
        changes |= {key: chance.randint(0, 100 if "percent" in key else 50) for key, value in book.values().items()
                    if isinstance(value, int) and value <= 100 and chance.random() < 0.3}
        assert told(appraise(base.year, Scenario("thử", changes), base.facts)) == tab.evaluate(
            "changes => window.ctd.judge(changes)", changes), changes
    assert [] == tab.complaints
    assert 1 == tab.locator("legend", has_text="không còn đối tượng").count()
    assert tab.locator('input[name="flag.blood.below_percent"]').count() == 1


def test_settings_of_the_new_rule_book_stay_scalars():
    """What a sweep replaces is a scalar to begin with, the new reading too."""
    settings = settings_of(book=loaded(another_text()))

    assert {()} == {value.shape for value in (*settings.values.values(), *settings.readings.values())}
    assert bool(settings.joins_any("club_or_newsletter")) is True
