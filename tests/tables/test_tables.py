"""What a reader sees: legends from the rule book, percentages cut and not rounded, the unknown shown as unknown."""

from __future__ import annotations

import pytest
from build import a_unit, appraised
from conftest import SHIPPED, make_year

from ctd_analysis import terms
from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.pages.what_if import standings as what_if_standings
from ctd_analysis.plan import targets
from ctd_analysis.plan.scenario import Scenario, amend
from ctd_analysis.tables import charts, grades, inputs, province
from ctd_analysis.tables import cluster as cluster_tables
from ctd_analysis.tables.printed import Entry, Printed, band, headings, line, plain
from ctd_analysis.year.year import read


@pytest.fixture(scope="module")
def shipped():
    """The shipped year, appraised."""
    return appraise(read(SHIPPED))


def texts(table, row: int) -> list[str]:
    """One row's words, bands left out."""
    return [c.text for c in [r for r in table.rows if not r.band][row].cells]


@pytest.mark.parametrize(("part", "whole", "expected"), [(38, 51, "74,5%"), (3, 4, "75%"), (2, 3, "66,6%"),
                                                         (749, 1000, "74,9%"), (1, 1, "100%"), (0, 5, "0%"), (0, 0, "–")])
def test_a_percentage_is_cut_and_never_rounded_up(part, whole, expected):
    """38 of 51 prints 74,5 %, never 75 %."""
    assert expected == terms.percent(part, whole)


@pytest.mark.parametrize(("value", "expected"), [(8_100_000_000, "8.100.000.000"), (0, "0"), (1.5, "1,5")])
def test_numbers_are_printed_as_offices_print_them(value, expected):
    """Dots between thousands, a comma before decimals."""
    assert expected == terms.number(value)


def test_the_legend_is_read_off_the_rule_book(shipped):
    """A changed bar changes the legend: nothing printed can contradict the rules in force."""
    assert "Xuất sắc: từ 41 A, không quá 3 C, 75% Hội cơ sở" in cluster_tables.legend(shipped)

    other = appraise(shipped.year, Scenario("thử", {"class.excellent.min_a": 40}), shipped.facts)

    assert "Xuất sắc: từ 40 A" in cluster_tables.legend(other)
    assert amend(shipped.book, {"class.excellent.min_a": 40}).classes["excellent"].min_a == 40


def test_the_ranking_has_a_line_a_unit_and_room_for_the_council(shipped):
    """In order of rank, the unranked last, an empty column to write in."""
    table = cluster_tables.ranking(shipped, "cum-3")

    assert ["Huyện An Minh", "Huyện An Biên", "Huyện Vĩnh Thuận", "Huyện U Minh Thượng"] == \
        [row.cells[1].text for row in table.rows]
    assert "Ý kiến Hội đồng" == table.columns[-1].label
    assert {""} == {row.cells[-1].text for row in table.rows}
    assert "không xét" == table.rows[-1].cells[2].text


def test_every_table_has_as_many_cells_as_headings(shipped):
    """And a name, and a caption."""
    made = [province.standings(shipped), province.session_sheet(shipped), province.nominees(shipped),
            province.distribution(shipped),
            province.lost_points(shipped), province.targets(shipped), inputs.receipts(shipped), inputs.gaps(shipped),
            inputs.issues(shipped), inputs.counted(shipped), inputs.sources(shipped),
            cluster_tables.readings(shipped, [0, 1])]
    for cluster in ("cum-1", "cum-2", "cum-3", "cum-4"):
        made += [f(shipped, cluster) for f in (cluster_tables.ranking, grades.verified, grades.matrix)]
        made += [f(shipped, shipped.members(cluster)) for f in (cluster_tables.evidence, grades.differences)]
    for table in made:
        assert table.name and table.caption
        assert all(len(row.cells) == (1 if row.band else len(table.columns)) for row in table.rows), table.name
        assert list(table.frame().columns) == [c.label for c in table.columns]


def test_evidence_names_the_numbers_the_bar_and_the_clause(shipped):
    """Phú Quốc's resources: actual, target, per cent, threshold, verdict, clause, and the line they came from."""
    evidence = cluster_tables.evidence(shipped, shipped.members("cum-4"))
    rows = [[c.text for c in row.cells] for row in evidence.rows if not row.band]
    short = next(r for r in rows if r[0] == "Tổng nguồn lực" and r[4] == "không đạt")

    assert "đồng (" in short[2] and "từ 90% chỉ tiêu" == short[3] and "III.2.2" == short[5]
    assert "indicators" in short[6] or "cum-4" in short[6]


def test_a_waived_flag_is_shown_as_raised_and_waived(shipped):
    """What the Council let pass stays visible."""
    evidence = cluster_tables.evidence(shipped, shipped.members("cum-4"))
    rows = [[c.text for c in row.cells] for row in evidence.rows if not row.band]

    assert any(r[4] == "không đạt (Hội đồng thống nhất không áp dụng)" for r in rows)


def test_the_matrix_shows_what_the_appraisal_changed(shipped):
    """`B→A`: both grades, 43 criteria under nine area bands."""
    table = grades.matrix(shipped, "cum-4")

    assert 43 == sum(not row.band for row in table.rows) and 9 == sum(row.band for row in table.rows)
    assert any("→" in cell.text for row in table.rows for cell in row.cells[2:])


def test_how_much_was_verified_and_who_graded_itself(shipped):
    """`đã thẩm định n/43`, and the lead's own unit is named."""
    rows = {row.cells[0].text: [c.text for c in row.cells] for row in grades.verified(shipped, "cum-1").rows}

    assert all(r[1].startswith("đã thẩm định ") and r[1].endswith("/43") for r in rows.values())
    assert "cụm trưởng chấm chính đơn vị mình" == rows["Huyện Hòn Đất"][6]


def test_part_ii_targets_say_what_is_not_known(shipped):
    """Sums over the province; a missing number makes the verdict unknown and is named."""
    rows = {row.cells[0].text: row for row in province.targets(shipped).rows}

    assert "23.100" == rows["Đơn vị máu hiến tình nguyện, toàn tỉnh"].cells[2].text
    population = rows["Tỷ lệ dân số tham gia hiến máu"]
    assert "1,3%" == population.cells[2].text
    assert "chưa rõ" == population.cells[4].text and "U Minh Thượng" in population.cells[3].text
    assert "theo dõi" == rows["Chương trình trọng điểm “Dinh dưỡng cho trẻ em nghèo, khuyết tật”"].cells[4].text


def test_a_target_of_each_branch_is_asked_of_each_however_the_flag_is_read(shipped):
    """II.5, "mỗi": the reading `branch_fund` decides III.2.2 alone; branches on average above the bar are not each above it."""
    average = appraise(shipped.year, Scenario("thử", {"readings.branch_fund": "average"}))
    raised = [int(one.judgement.flags["funds"].conditions["branch_fund"].yes.sum()) for one in (shipped, average)]
    told = [province.progress(one, one.book.targets["branch_fund"]) for one in (shipped, average)]

    assert raised[0] > raised[1]
    assert told[0] == told[1] and told[0][1] is False


@pytest.mark.parametrize(("unit", "expected"), [
    ("an-bien", [("1.500", "1.412", "không đạt"), ("10", "6", "không đạt"), ("50.000.000", "56.400.000", "đạt"),
                 ("10.000.000", "9/9 Hội cơ sở đạt", "đạt")]),
    ("giong-rieng", [("2.890", "2.944", "đạt"), ("10", "21", "đạt"), ("50.000.000", "117.300.000", "đạt"),
                     ("10.000.000", "18/19 Hội cơ sở đạt, 1 chưa ghi", "chưa rõ")])])
def test_a_unit_is_told_what_part_ii_asks_of_it_alone(shipped, unit, expected):
    """Its given blood units, its registrations, its funds: met on the number itself, not knowable where one is not written."""
    rows = [[c.text for c in row.cells[2:]] for row in province.own_targets(shipped, shipped.place[unit]).rows]

    assert expected == [tuple(row) for row in rows]


@pytest.mark.parametrize(("fund", "met"), [(49_999_999, False), (50_000_000, True), (50_000_001, True), (None, None)])
def test_a_unit_s_own_target_is_met_on_the_number_itself(fund, met):
    """II.5: fifty million is enough, a đồng less is not; what is not written is not knowable."""
    year = appraised([a_unit("u1", unit_fund=fund)])

    assert met is targets.of_unit(year.facts, year.book.targets["unit_fund"], 0, []).met


def test_a_failed_cluster_makes_province_sums_unknown(tmp_path):
    """What is missing is shown as missing: its blood units are not counted as none."""
    folder = make_year(SHIPPED, tmp_path / "year")
    (folder / "submissions" / "cum-1" / "grades.csv").write_bytes(b"\xff")
    year = appraise(read(folder))

    row = next(r for r in province.targets(year).rows if r.cells[0].text.startswith("Tỷ lệ hiến máu nhắc lại"))
    assert "chưa rõ" == row.cells[4].text and "Cụm thi đua số 1 (mẫu)" in row.cells[3].text
    assert "hồ sơ có lỗi" in inputs.counted(year).rows[0].cells[0].text


def test_nominees_and_leaders_that_are_none(shipped):
    """A cluster led by a Khá has no nominee; ties are both named; what a nomination hinges on is told."""
    rows = [[c.text for c in row.cells] for row in province.nominees(shipped).rows]

    assert ["không: chưa phải Xuất sắc"] == [r[4] for r in rows if r[1] == "Huyện An Minh"]
    assert 2 == sum("đồng hạng" in r[5] for r in rows)
    assert any("tùy cách hiểu" in r[5] for r in rows)


def test_a_cluster_that_failed_stands_where_its_units_would(tmp_path):
    """Its four units by name with the number of its faults; counts say of how many they are; nothing of it is counted."""
    folder = make_year(SHIPPED, tmp_path / "year")
    (folder / "submissions" / "cum-1" / "grades.csv").write_bytes(b"\xff")
    year = appraise(read(folder))
    said = "THIẾU: Cụm thi đua số 1 (mẫu) (1 lỗi)"

    for table in (province.standings(year), province.session_sheet(year)):
        assert 15 == sum(not row.band for row in table.rows)
        assert [said] * 4 == [row.cells[2].text for row in table.rows if not row.band][:4]
    assert said == province.nominees(year).rows[0].cells[-1].text
    counted = province.distribution(year)
    assert said == counted.rows[0].cells[0].text and {None} == {cell.value for cell in counted.rows[0].cells[1:]}
    assert "Toàn tỉnh: 11 trong 15 đơn vị" == counted.rows[-1].cells[0].text
    assert said in what_if_standings(year)._repr_html_() and said in charts.classes(year).html


def test_what_of_iii_2_stands_between_the_two_classes_has_no_decision_in_it(shipped):
    """Kiên Hải's waived case stands there, for the rules alone count it; Hà Tiên's downgrade is the Council's and does not."""
    column = [c.label for c in province.session_sheet(shipped).columns].index("Trường hợp III.2")
    rows = {row.cells[1].text: row.cells[column].text for row in province.session_sheet(shipped).rows if not row.band}

    assert "Cử cán bộ tập huấn" == rows["Huyện Kiên Hải"]
    assert ("–", "III.2.1") == (rows["Thành phố Hà Tiên"], rows["Huyện U Minh Thượng"])


def test_a_table_on_a_console_lines_up(shipped):
    """Every column starts where its heading does."""
    lines = plain(province.distribution(shipped)).splitlines()

    assert "Số đơn vị theo xếp loại" == lines[0]
    at = lines[1].index("Khá")
    assert all(line[at].isdigit() for line in lines[2:])


def test_how_lenient_each_side_was(shipped):
    """Counted cell by cell over A, B and C: the clusters' rows add up to the areas' of all units."""
    everyone = list(range(15))
    by_area = grades.leniency(shipped, everyone).rows
    by_cluster = grades.leniency_of_clusters(shipped).rows

    total = [c.value for c in by_area[-1].cells[1:]]
    assert total == [sum(row.cells[k].value for row in by_area[:-1]) for k in range(1, 6)]
    assert total == [sum(row.cells[k].value for row in by_cluster) for k in range(1, 6)]
    higher = sum(g.self in ("B", "C") and g.cluster in ("A", "B") and g.cluster < g.self for g in shipped.year.grades)
    assert higher == total[0]
    assert sum(bool(a.grade) for a in shipped.year.appraisal) == total[4]


def test_a_name_in_a_table_leads_to_its_page_and_stays_text():
    """Whatever a unit is called, the link is one link and its words are words; a console and a workbook have the words."""
    table = Printed("thu", "Thử", headings("Đơn vị"), (band("Cụm", "cum-1.html"),
                                                       line(Entry("<b>A</b>", href='don-vi/a"b.html'))))

    html = table._repr_html_()

    assert '<a href="cum-1.html">Cụm</a>' in html
    assert '<a href="don-vi/a&#34;b.html">&lt;b&gt;A&lt;/b&gt;</a>' in html
    assert "Cụm" in plain(table) and "html" not in plain(table)


def test_a_unit_leads_to_its_own_page_wherever_it_stands_in_line(shipped):
    """On a cluster's page and on the province's."""
    for table in (cluster_tables.ranking(shipped, "cum-3"), province.standings(shipped)):
        assert {f"don-vi/{row.id}.html" for row in table.rows if not row.band} == \
            {row.cells[1].href for row in table.rows if not row.band}
