"""`ctd compare` by the worked cases and by what people get wrong: years that do not belong together, files that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import CASES, ROOT, SHIPPED, make_year, shipped

WORKED = sorted(p.relative_to(CASES).as_posix() for p in CASES.glob("year-round/*/expected/compare*.json"))
SAMPLE = ROOT / "data" / "2023"
UNORDERED = ("joined", "left", "not_compared")


def test_the_worked_cases_are_there():
    """Two years each, whole or under two scales."""
    assert {"06-two-years", "07-two-years-uneven", "08-two-years-amended"} <= {path.split("/")[1] for path in WORKED}


@pytest.mark.parametrize("name", WORKED)
def test_a_worked_case_is_exact(name, tmp_path, ctd):
    """Exit code and every key of the answer; the words of `reason` are free."""
    case, expected = (CASES / name).parent.parent, json.loads((CASES / name).read_text(encoding="utf-8"))
    for side in ("old", "new"):
        make_year(case / side, tmp_path / side)
    code, out, err = ctd(*(word.replace("DIR", str(tmp_path)) for word in expected["call"]), "--json", "-")
    answer, wanted = json.loads(out), expected["answer"]

    assert expected["exit"] == code, err
    assert bool(wanted["reason"]) == bool(answer["reason"])
    for key, value in wanted.items():
        if key in UNORDERED:
            assert set(value) == set(answer[key]), key
        elif key == "units":
            assert {u["unit"]: u for u in value} == {u["unit"]: u for u in answer[key]}
        elif key != "reason":
            assert value == answer[key], key


def test_two_years_in_words(ctd):
    """Without `--json` the parts and the units that moved, on standard output."""
    code, out, _ = ctd("compare", SHIPPED, SHIPPED)

    assert 0 == code
    assert "0 trong 15 đơn vị so sánh được đổi kết quả." in out
    assert "Không đơn vị nào đổi." in out


def test_the_sample_of_2023_moves_as_its_readme_says(ctd):
    """Worked out by hand, unit by unit: the four outcomes and the word."""
    said = {"số liệu": "scores", "quy định": "rules", "không đổi": "same", "bù cho nhau": "offset",
            "một trong hai đã đủ": "either", "Xuất sắc": "excellent", "Khá": "good", "Trung bình": "average", "Yếu": "weak",
            "không xét": "not_considered"}
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in
            (SAMPLE / "README.md").read_text(encoding="utf-8").splitlines() if line.count("|") == 10]
    expected = {name: tuple(said[cell] for cell in cells) for name, _, _, _, *cells in rows[2:]}
    code, out, _ = ctd("compare", SAMPLE, SHIPPED, "--json", "-")
    names = {u.unit: u.name.removeprefix("Huyện ").removeprefix("Thành phố ") for u in shipped().units}
    answer = json.loads(out)

    assert 0 == code and 15 == len(expected)
    assert expected == {names[u["unit"]]: (u["o00"], u["o10"], u["o01"], u["o11"], u["word"]) for u in answer["units"]}
    assert any(part[p] for part in answer["outcomes"].values() for p in ("scores", "rules", "council"))


def test_the_sample_of_2023_is_sound_and_marked(ctd):
    """No problem, nothing odd in what the clusters sent, a sample."""
    code, out, _ = ctd("check", SAMPLE, "--json", "-")
    found = json.loads(out)

    assert (0, []) == (code, found["problems"])
    assert {notice["file"] for notice in found["notices"]} <= {"decisions.csv"}
    assert "sample = true" in (SAMPLE / "rulebook.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("words", "said"), [
    ([], "cần 2 thư mục năm, thấy 0"), ([SHIPPED], "cần 2 thư mục năm, thấy 1"),
    ([SHIPPED, SHIPPED, SHIPPED], "cần 2 thư mục năm, thấy 3"),
    ([SHIPPED, SHIPPED, "--old-rules", "x.toml"], "cần 1 thư mục năm, thấy 2"),
    ([SHIPPED, "--old-rules", ""], "--old-rules cần một giá trị đứng sau"),
    ([SHIPPED, "--old-rules", "khong-co.toml"], "không đọc được tệp quy định “khong-co.toml” (không có tệp này)"),
    ([SHIPPED, "khong-co"], "không có thư mục")], ids=range(7))
def test_a_wrong_call(words, said, ctd):
    """Code 2 and one line that says what to type."""
    code, out, err = ctd("compare", *words)

    assert (2, "") == (code, out)
    assert said in err and "Traceback" not in err


def test_a_file_that_is_no_rule_book(tmp_path, ctd):
    """Told by key and line, as a year's own."""
    (tmp_path / "old.toml").write_text("year = 2023\n", encoding="utf-8")
    code, out, err = ctd("compare", SHIPPED, "--old-rules", tmp_path / "old.toml")

    assert (1, "") == (code, out)
    assert "old.toml: khóa criteria: thiếu" in err


def test_old_rules_for_another_number_of_criteria_are_refused(tmp_path, ctd):
    """42 against 43: nothing is written."""
    rules = (SHIPPED / "rulebook.toml").read_text(encoding="utf-8").replace("criteria = 43 ", "criteria = 42 ")
    (tmp_path / "old.toml").write_text(rules, encoding="utf-8")
    code, out, err = ctd("compare", SHIPPED, "--old-rules", tmp_path / "old.toml", "--json", tmp_path / "answer.json")

    assert (1, "", False) == (code, out, (tmp_path / "answer.json").exists())
    assert "quy định cũ có 42 tiêu chí, quy định mới có 43" in err


def test_two_rule_books_of_one_year_are_told_apart(tmp_path, ctd):
    """In the title with the old one's file, above the columns, where one alone has a case."""
    year = make_year(SHIPPED, tmp_path / "2024")
    swap(year / "rulebook.toml", "[flag.dues]", "[flag.moi]")
    swap(year / "rulebook.toml", "min_a = 41", "min_a = 40")
    code, out, _ = ctd("compare", year, "--old-rules", SHIPPED / "rulebook.toml")

    assert 0 == code
    assert "Năm 2024 theo hai thang: quy định cũ (rulebook.toml) và quy định năm 2024" in out
    assert [1, 1] == [out.count(f"Trường hợp III.2.2 chỉ có theo quy định {side}: Hội phí.") for side in ("cũ", "năm 2024")]
    assert "Theo quy định cũ" in out and "Theo quy định năm 2024" in out


def test_two_folders_of_one_year_are_told_apart(ctd):
    """A year as it was kept before something was changed, and as it is."""
    out = ctd("compare", SHIPPED, SHIPPED)[1]

    assert "So sánh năm 2024 (cũ) và năm 2024 (mới)" in out and "Năm 2024 (cũ)" in out


def test_a_year_that_cannot_be_read_is_named(tmp_path, ctd):
    """Which of the two it is stands above its problems."""
    old = make_year(SHIPPED, tmp_path / "cu")
    (old / "units.csv").unlink()
    code, _, err = ctd("compare", old, SHIPPED)

    assert 1 == code
    assert err.splitlines()[0] == f"{old}:"
    assert "units.csv: không có tệp này" in err


def swap(path: Path, old: str, new: str) -> None:
    """Replace every `old` in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(("file", "old", "new", "said"), [
    ("rulebook.toml", 'province = "Kiên Giang"', 'province = "An Giang"', "Hai bên của hai tỉnh: An Giang và Kiên Giang"),
    ("criteria.csv", "Rà soát nhu cầu", "Rà soát lại nhu cầu", "1 tiêu chí mang tên khác ở hai năm (TC 4)"),
    ("units.csv", "rach-gia,899,", "rach-gia,898,", "Thành phố Rạch Giá: mã hành chính 898 → 899")])
def test_what_a_reader_has_to_know_is_said(tmp_path, ctd, file, old, new, said):
    """Another province, a criterion of another name, another code under one id: compared all the same."""
    year = make_year(SHIPPED, tmp_path / "cu")
    swap(year / file, old, new)
    code, out, _ = ctd("compare", year, SHIPPED)

    assert 0 == code
    assert said in out
    assert said in " ".join(json.loads(ctd("compare", year, SHIPPED, "--json", "-")[1])["notices"])
