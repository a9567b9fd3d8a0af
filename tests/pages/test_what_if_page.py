"""`what_if.html` in a real Chromium: a second reading of part III, so each cell is held against the library."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta

import pytest
from build import (
    FLAGS,
    a_unit,
    a_year,
    appraised,
    dice,
    ordered,
    random_changes,
    random_order,
    random_units,
    shipped_book,
)
from conftest import CASES, PAGES, SHIPPED, make_year, needs_browser, sheets_of

from ctd_analysis.answers import what_if as whatif
from ctd_analysis.answers.appraisal import Appraisal, appraise, class_name
from ctd_analysis.answers.readings import outcome_of
from ctd_analysis.pages import what_if
from ctd_analysis.pages.notebook import ProvincePage
from ctd_analysis.plan.scenario import Scenario
from ctd_analysis.tables import markup
from ctd_analysis.year import year

pytestmark = [pytest.mark.browser, needs_browser]
HOSTILE = '</script><script>window.PWNED=1</script><!--<script><img src=x onerror="window.PWNED=1">'
CTD = {"title": "Thử", "fingerprint": "", "issuer": "Hội", "council": "Hội đồng", "trail": [("Mục lục", "index.html")],
       "answer": "", "stamp": "", "version": "", "rules": "", "script": "", "scripts": []}


@functools.cache
def script() -> str:
    """The page's script, read once."""
    return (markup.REPORT / "ctd" / "what_if.js").read_text(encoding="utf-8")


def keys() -> list[str]:
    """The controls of the shipped rule book."""
    return list(what_if.settings(shipped_book()))


def write_page(appraisal: Appraisal, folder):
    """The page of a year that has no folder."""
    marks = ProvincePage(appraisal).marks
    path = folder / what_if.FILE
    on_paper = markup.css_string(" | ".join(t for _, t in marks))
    frame = {**CTD, "print_mark": on_paper, "running_head": on_paper}
    path.write_text(what_if.page(appraisal, marks, frame), encoding="utf-8")
    return path.as_uri()


def made_up(n: int) -> Appraisal:
    """A random year; each has another order of ranking keys."""
    chance = dice(f"what-if page {n}")
    book, _ = ordered(random_order(chance)) if n else (shipped_book(), None)
    units = random_units(chance, size=14, clusters=3)
    for unit in units[:2]:              # of two clusters: should they tie for the lead, the Council puts these first
        unit["decisions"].append(("lead", ""))
    return appraise(a_year(units, book))


def case(name: str, tmp_path) -> Appraisal:
    """A worked case."""
    return appraise(year.read(make_year(CASES / name, tmp_path / name)))


def expected(appraisal: Appraisal) -> list[dict]:
    """What the library gives each unit, as the page's `judge` names it."""
    j = appraisal.judgement
    return [{"unit": unit, "base_class": class_name(j.placement.base_class[i]), "flags": {f: j.flags[f].at(i) for f in FLAGS},
             "considered": bool(j.considered[i]), "rules_class": outcome_of(appraisal.by_rules, i),
             "proposed_class": class_name(j.proposed_class[i]), "final_class": class_name(j.final_class[i]),
             "cluster_rank": appraisal.ranks[i], "tied": appraisal.tied[i], "nominee": bool(appraisal.nominee[i]),
             "provisional": bool(j.provisional[i])}
            for i, unit in enumerate(appraisal.facts.units)]


def one_change(chance, key: str) -> dict:
    """One control moved anywhere it may go."""
    value = shipped_book().chosen[key[9:]] if key.startswith("readings.") else shipped_book().values()[key]
    if isinstance(value, str):
        return {key: chance.choice(list(shipped_book().readings[key[9:]].options))}
    if isinstance(value, date):
        return {key: value + timedelta(chance.randint(-60, 60))}
    return {key: chance.choice([0, value - 1, value + 1, 2 * value, 10**15]) if value > 100 else
            chance.randint(0, 43 if "percent" not in key else 100)}


def as_json(changes: dict) -> dict:
    """Changes as a page takes them: days as text."""
    return {key: str(value) if isinstance(value, date) else value for key, value in changes.items()}


# ---------------------------------------------------------------- the rules


def test_five_thousand_settings_give_what_the_library_gives(opened, tmp_path):
    """Worked cases and made-up years: every value of every unit; a third of the settings move a class, each control a cell."""
    years = [case(path.name, tmp_path) for path in sorted(CASES.glob("year-[0-9]*")) if not path.name.endswith("broken")]
    years += [made_up(n) for n in range(12 - len(years))]
    tried = moved_a_class = 0
    movers = set()
    for n, base in enumerate(years):
        tab, chance, before = opened(write_page(base, tmp_path)), dice(f"settings {n}"), expected(base)
        batch = [one_change(chance, key) for key in keys() for _ in range(4)]
        batch += [{k: v for k, v in random_changes(chance).items() if k in keys()} for _ in range(450 - len(batch))]

        given = json.loads(tab.evaluate("all => JSON.stringify(JSON.parse(all).map(changes => window.ctd.judge(changes)))",
                                        json.dumps([as_json(changes) for changes in batch])))

        assert before == tab.evaluate("window.ctd.judge({})")
        for changes, judged in zip(batch, given, strict=True):
            wanted = expected(appraise(base.year, Scenario("thử", changes), base.facts))
            assert wanted == judged, changes
            tried += 1
            moved_a_class += any(w[k] != b[k] for w, b in zip(wanted, before, strict=True)
                                 for k in ("base_class", "proposed_class", "final_class"))
            if len(changes) == 1 and wanted != before:
                movers |= set(changes)
        tab.close()

    assert 5000 <= tried
    assert tried / 3 <= moved_a_class
    assert set(keys()) == movers


@pytest.mark.parametrize("target", [10**15, 10**15 - 1, 9_007_199_254_740_993 // 10])
def test_the_largest_amounts_stay_exact(opened, tmp_path, target):
    """One đồng on either side of 90 % of the largest target; a sum of funds beyond what a script's own numbers hold."""
    edge = -(-90 * target // 100)
    units = [a_unit("tren", dues=(target, edge)), a_unit("duoi", dues=(target, edge - 1)),
             a_unit("quy", branches="51/51", funds=[10**15] * 50 + [10**15 - 1])]
    base = appraised(units)
    change = {"flag.funds.branch_min": 10**15, "readings.branch_fund": "average"}

    tab = opened(write_page(base, tmp_path))

    assert [False, True, False] == [one["flags"]["dues"] for one in tab.evaluate("window.ctd.judge({})")]
    assert expected(appraised(units, change)) == tab.evaluate("c => window.ctd.judge(c)", change)
    assert tab.evaluate("c => window.ctd.judge(c)", change)[2]["flags"]["funds"] is True


# ---------------------------------------------------------------- the page, operated


def cells(tab) -> dict[str, list[tuple[str, str]]]:
    """Every row of the table: words and tone of each cell."""
    return tab.evaluate("""Object.fromEntries([...document.querySelectorAll("tr[id]")].map(row => [row.id,
        [...row.cells].map(c => [c.textContent, (c.className.match(/tone-(\\w+)/) || ["", ""])[1]])]))""")


def wanted_cells(base: Appraisal, other: Appraisal) -> dict[str, list[list[str]]]:
    """The base's cells with what another appraisal changes: `trước → nay`, in the other's tone."""
    now = {row.id: row.cells for row in what_if.standings(other).rows if not row.band}
    return {row.id: [[was.text if was.text == cell.text else f"{was.text} → {cell.text}", cell.tone]
                     for was, cell in zip(row.cells, now[row.id], strict=True)]
            for row in what_if.standings(base).rows if not row.band}


def operate(tab, key: str, value) -> None:
    """One control, by hand."""
    if key.startswith("readings."):
        tab.check(f'input[name="{key}"][value="{value}"]')
    else:
        tab.fill(f'input[name="{key}"]', str(value))


def unfold(tab) -> None:
    """Every group of controls opened, with the keyboard."""
    for group in tab.locator("form details").all():
        if group.get_attribute("open") is None:
            group.locator("summary").focus()
            tab.keyboard.press("Enter")
    assert 0 == tab.locator("form details:not([open])").count()


def test_the_table_follows_the_controls(opened, tmp_path):
    """Three dozen settings made by hand: every cell, how many moved, the list of changes, the mark; a link and reset."""
    base, chance = made_up(0), dice("by hand")
    url = write_page(base, tmp_path)
    tab = opened(url)
    tab.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for n in range(36):
        changes = one_change(chance, chance.choice(keys())) | one_change(chance, keys()[n % len(keys())])
        changes = {k: v for k, v in changes.items() if v != {**shipped_book().values(), **{f"readings.{r}": o for r, o in
                                                                               shipped_book().chosen.items()}}[k]}
        for key, value in changes.items():
            operate(tab, key, value)
        tab.locator("#ctd_reset").focus()               # leaving the last control settles the address
        other = whatif.under(base, changes) if changes else base

        assert wanted_cells(base, other) == cells(tab), changes
        moved = len({m.unit for m in whatif.moved(base, other)})
        assert (f"{moved}/14 đơn vị đổi." if changes else "Chưa đổi gì: kết quả như quy định.") == tab.inner_text("#ctd_status")
        assert len(changes) == tab.locator("#ctd_changes li").count() == tab.locator("form .box.changed").count()
        assert bool(changes) == tab.is_visible("#ctd_mark") == tab.title().startswith("PHƯƠNG ÁN THỬ")
        assert len([*other.book.uneven_bars()]) == tab.locator("#ctd_warnings li").count()
        if n % 6 == 0:
            linked = opened(tab.url)
            assert cells(tab) == cells(linked) and (not changes or "#" in tab.url)
            linked.evaluate("location.hash = ''")
            linked.wait_for_function("document.getElementById('ctd_status').textContent.startsWith('Chưa')")
            assert wanted_cells(base, base) == cells(linked)
        tab.keyboard.press("Enter")                     # on the button that brings all back
        assert wanted_cells(base, base) == cells(tab)
        assert url == tab.url.removesuffix("#")

    assert [url] == tab.requested and [] == tab.complaints


def test_the_keyboard_alone_is_enough(opened, tmp_path):
    """Arrow up on a number, arrow down among options, Enter on a group: no mouse."""
    base = appraised([a_unit("mot", a=41), a_unit("hai", a=40, dues=(100, 80))])
    tab = opened(write_page(base, tmp_path))
    tab.focus('input[name="class.excellent.min_a"]')
    tab.keyboard.press("ArrowUp")

    assert ["Xuất sắc → Khá", "good"] == cells(tab)["mot"][1]
    unfold(tab)
    tab.focus('input[name="readings.sanction"]:checked')
    tab.keyboard.press("ArrowDown")
    assert ["Trung bình → không xét", "none"] == cells(tab)["hai"][1]


def test_what_is_no_number_is_said_and_changes_nothing(opened, tmp_path):
    """An empty or impossible control: told beside the table, marked invalid, the rule book's value stands in."""
    base = appraised([a_unit("mot", a=41)])
    tab = opened(write_page(base, tmp_path))
    unfold(tab)
    for key, value in (("class.good.min_a", ""), ("class.good.min_a", "44"), ("class.good.min_a", "-1"),
                       ("class.good.min_a", "1.5"), ("flag.funds.unit_min", "nhiều"),
                       ("flag.funds.unit_min", "1" + "0" * 15 + "1"), ("flag.dues.below_percent", "101"),
                       ("filing.registration.before", "")):
        tab.fill(f'input[name="{key}"]', value)
        assert "true" == tab.get_attribute(f'input[name="{key}"]', "aria-invalid")
        assert "chưa dùng được" in tab.inner_text("#ctd_warnings")
        assert wanted_cells(base, base) == cells(tab)
        tab.click("#ctd_reset")
        assert "" == tab.inner_text("#ctd_warnings")
    tab.fill('input[name="flag.funds.unit_min"]', "70.000.000")
    tab.keyboard.press("Tab")
    assert "70.000.000" == tab.input_value('input[name="flag.funds.unit_min"]')
    assert tab.url.endswith("#flag.funds.unit_min=70000000")


@pytest.mark.parametrize("asked", ["#class.good.min_a=abc&nobody=1", "#readings.sanction=hang", "#bang-thu", "#=&&=%"])
def test_a_link_that_means_nothing_changes_nothing(opened, tmp_path, asked):
    """Unknown keys, impossible values: the base, and no complaint."""
    base = made_up(0)
    tab = opened(write_page(base, tmp_path) + asked)

    assert wanted_cells(base, base) == cells(tab)
    assert [] == tab.complaints


# ---------------------------------------------------------------- the page as it stands


@pytest.fixture
def shipped_page(rendered) -> str:
    """The page `ctd run` wrote."""
    return (rendered / what_if.FILE).as_uri()


@pytest.mark.parametrize("width", [1280, 390])
def test_it_opens_offline_and_fits_the_screen(shipped_page, opened, width):
    """One request, no word of complaint, nothing wider than the screen with every group open; every control has a name."""
    tab = opened(shipped_page, viewport={"width": width, "height": 800})
    unfold(tab)

    assert [shipped_page] == tab.requested and [] == tab.complaints
    assert width >= tab.evaluate("document.documentElement.scrollWidth")
    assert [] == tab.evaluate("""[...document.querySelectorAll("input")].filter(i =>
        !(i.getAttribute("aria-label") || "").trim() && ![...i.labels].some(l => l.textContent.trim())).map(i => i.name)""")
    assert set(keys()) == set(tab.evaluate("[...document.querySelectorAll('form input')].map(i => i.name)"))
    assert "polite" == tab.get_attribute("#ctd_status", "aria-live")
    assert 0 == tab.locator("td.changed").count()


def test_without_javascript_the_base_table_stands(shipped_page, opened):
    """All units with their classes, no control that does nothing, a sentence that says so."""
    tab = opened(shipped_page, java_script_enabled=False)
    base = appraise(year.read(SHIPPED))
    shown = {row.get_attribute("id"): row.locator("th, td").all_inner_texts() for row in tab.locator("tr[id]").all()}

    assert {row: [text for text, _ in line] for row, line in wanted_cells(base, base).items()} == shown
    assert not tab.is_visible("form") and not tab.is_visible("#ctd_bar")
    assert tab.is_visible("#ctd_still")


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine")
@pytest.mark.parametrize("asked", ["", "#class.excellent.min_a=40"])
def test_every_printed_sheet_says_what_it_is(shipped_page, opened, tmp_path, asked):
    """A4; draft and sample always, a trial only when it is one, with what differs; no control on paper."""
    tab = opened(shipped_page + asked)
    tab.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    info = subprocess.run(["pdfinfo", tmp_path / "page.pdf"], capture_output=True, text=True, timeout=60, check=True).stdout
    sheets = sheets_of(tmp_path / "page.pdf")

    assert re.search(r"Page size:\s+84[12]\S* x 59[45]\S* pts \(A4\)", info), info
    assert sheets
    for sheet in sheets:
        assert "DỰ THẢO" in sheet and "SỐ LIỆU MINH HỌA" in sheet
        assert bool(asked) == ("PHƯƠNG ÁN THỬ" in sheet)
    assert bool(asked) == ("Xuất sắc: số điểm A, từ: 41 → 40" in sheets[0])
    assert "Về như quy định" not in "".join(sheets)


def test_the_one_script_is_small_and_allowed_by_its_hash(rendered):
    """Under 18 kB; nothing but its hash and that of the line about scrolling is allowed; nothing is fetched."""
    text = (rendered / what_if.FILE).read_text(encoding="utf-8")
    policy = re.search('<meta http-equiv="Content-Security-Policy" content="(.*?)">', text)[1]
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)

    assert [script(), markup.SCROLLS] == scripts
    assert 18_500 > len(script().encode())
    allowed = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'"
                       for one in (markup.SCROLLS, script()))
    assert f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {allowed}" == policy
    assert [] == re.findall(r"<link|<iframe|<object|<embed|@import|url\(|src=|javascript:| on\w+=|https?://", text)
    assert text.count("<script") == 3 and 300_000 > len(text.encode())


def test_the_script_holds_no_number_of_the_plan(rendered):
    """0, 1 and 100 alone, comments aside."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", script(), flags=re.DOTALL)

    assert {"0", "1", "100"} >= set(re.findall(r"\d+", code))


def test_every_rule_has_its_name_in_the_python():
    """To be read side by side: each function of the script that is a rule's is called as in the library."""
    for module, names in (("facts", "below under"), ("ladder", "place one_down provisional"), ("ranking", "merit order"),
                          ("filings", "late fact not_considered"),
                          ("flags", "raise_all joined shortfalls none_held funds branch_fund steps_down")):
        text = (markup.REPORT.parent / "plan" / f"{module}.py").read_text(encoding="utf-8")
        for name in names.split():
            assert f"def {name}(" in text and f"function {name}(" in script(), name


def test_hostile_names_are_text(opened, tmp_path):
    """A unit, a cluster, a rule called like a script: shown as typed, nothing runs."""
    plain = a_year([a_unit("mot", a=41), a_unit("hai", a=36)])
    rungs = {**plain.book.classes, "good": replace(plain.book.classes["good"], label=HOSTILE)}
    spoilt = replace(plain, book=replace(plain.book, classes=rungs),
                     clusters=tuple(c._replace(name=HOSTILE) for c in plain.clusters),
                     units=tuple(u._replace(name=HOSTILE) for u in plain.units))
    url = write_page(appraise(spoilt), tmp_path)

    tab = opened(url)
    tab.fill('input[name="class.excellent.min_a"]', "42")

    assert tab.evaluate("window.PWNED") is None
    assert [url] == tab.requested and [] == tab.complaints
    assert HOSTILE == cells(tab)["mot"][0][0]
    assert f"Xuất sắc → {HOSTILE}" == cells(tab)["mot"][1][0]


def test_under_a_scenario_the_page_starts_from_it(opened, tmp_path):
    """Beside the pages of a scenario: its values are the base, its title stays on the page."""
    base = appraise(a_year([a_unit("mot", a=40)]), Scenario("Từ 40 A", {"class.excellent.min_a": 40}))

    tab = opened(write_page(base, tmp_path))

    assert ["Xuất sắc", "excellent"] == cells(tab)["mot"][1]
    assert "PHƯƠNG ÁN THỬ – Từ 40 A" in tab.inner_text(".marks")
    tab.fill('input[name="class.excellent.min_a"]', "41")
    assert ["Xuất sắc → Khá", "good"] == cells(tab)["mot"][1]


def test_a_year_without_a_unit_opens(opened, tmp_path):
    """Every cluster failed: the page says that there is nothing, and nothing breaks."""
    tab = opened(write_page(appraised([]), tmp_path))

    assert [] == tab.complaints
    tab.fill('input[name="class.excellent.min_a"]', "40")
    assert "0/0 đơn vị đổi." == tab.inner_text("#ctd_status")


def test_the_index_leads_to_it_and_the_council_s_pages_do_not(rendered):
    """It stands apart, with a word of caution."""
    index = (rendered / "index.html").read_text(encoding="utf-8")

    assert f'<a href="{what_if.FILE}">' in index and "không phải đề nghị xếp loại" in index
    for page in [*(rendered / f"{name}.html" for name in PAGES - {"index"}), *(rendered / "don-vi").glob("*.html")]:
        assert what_if.FILE not in page.read_text(encoding="utf-8")


# ---------------------------------------------------------------- scenarios as TOML files

def test_a_setting_is_saved_as_a_scenario_that_the_library_opens(shipped_page, opened, tmp_path):
    """What moves is expected; `ctd what-if --check` finds it so."""
    from ctd_analysis import cli
    tab = opened(shipped_page)
    unfold(tab)
    operate(tab, "class.excellent.min_a", 40)
    operate(tab, "readings.not_considered", "either")
    operate(tab, "filing.annual_report.before", "2024-12-01")
    with tab.expect_download() as download:
        tab.click("#ctd_save")
    path = tmp_path / "phuong-an.toml"
    download.value.save_as(path)

    assert "phuong-an.toml" == download.value.suggested_filename
    assert 0 == cli.main(["what-if", str(SHIPPED), "--scenario", str(path), "--check", "--json", str(tmp_path / "a.json")])
    from ctd_analysis.year import trial
    assert {"class.excellent.min_a": 40, "readings.not_considered": "either",
            "filing.annual_report.before": date(2024, 12, 1)} == trial.load(path, year.read(SHIPPED)).changes


@pytest.mark.parametrize("name", sorted(path.name for path in (SHIPPED / "scenarios").glob("*.toml")))
def test_a_scenario_file_is_opened_on_the_page(shipped_page, opened, name):
    """The controls stand as the file says, and the table as the library has it."""
    tab = opened(shipped_page)
    tab.set_input_files("#ctd_open", SHIPPED / "scenarios" / name)
    tab.wait_for_selector("#ctd_opened li")
    read = year.read(SHIPPED)
    from ctd_analysis.plan import scenario as scenarios
    other = appraise(read, scenarios.load(SHIPPED / "scenarios" / name, read.book))

    assert wanted_cells(appraise(read), other) == {unit: [list(cell) for cell in row] for unit, row in cells(tab).items()}
    assert f"Đã mở {name}" in tab.inner_text("#ctd_opened")


def test_what_the_page_cannot_change_is_told(shipped_page, opened, tmp_path):
    """A fact, a key of no control, a line that is none; a file without anything to open changes nothing."""
    path = tmp_path / "so-lieu.toml"
    path.write_text('title = "x"\n[set]\ngrade.ha-tien.3 = "A"\n[set.class.good]\nmin_a = 35 # thử\n<b>\n[expected]\na.b = 1\n',
                    encoding="utf-8")
    tab = opened(shipped_page)
    tab.set_input_files("#ctd_open", path)
    tab.wait_for_selector("#ctd_opened li")

    assert "35" == tab.input_value('[name="class.good.min_a"]')
    told = tab.locator("#ctd_opened li").all_inner_texts()
    assert ["Đã mở so-lieu.toml: 1 yêu cầu hoặc cách hiểu.", 'trang này không đổi được, để nguyên: grade.ha-tien.3 = "A"',
            "trang này không đổi được, để nguyên: <b>"] == told
    path.write_text("không phải TOML", encoding="utf-8")
    tab.set_input_files("#ctd_open", path)
    tab.get_by_text("Không có yêu cầu hay cách hiểu nào").wait_for()
    assert "35" == tab.input_value('[name="class.good.min_a"]')


def test_what_the_council_changed_stands_beside_its_control(shipped_copy, tmp_path):
    """Year-round §1.1: the value as issued struck, the one in force, the document; a reading's words too; nothing elsewhere."""
    rows = ("class.excellent.min_a,42", "flag.funds.branch_min,12000000", "filing.registration.before,2024-02-10",
            "readings.branch_base,rated", "readings.sanction,downgrade")
    (shipped_copy / "amendments.csv").write_text("key,value,reason,document,decided_on\n" + "".join(
        f"{row},x,NQ 7,2024-06-01\n" for row in rows), encoding="utf-8")
    write_page(appraise(year.read(shipped_copy)), tmp_path)
    html = (tmp_path / what_if.FILE).read_text(encoding="utf-8")

    struck = re.findall(r"<s>([^<]*)</s>", html)
    assert ["41", "10.000.000", "22/02/2024", "trên tất cả Hội cơ sở (cơ sở chưa xếp loại là chưa đạt Khá)"] == struck
    assert 5 == html.count("NQ 7, 01/06/2024")
