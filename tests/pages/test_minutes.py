"""The draft minutes: everything proposed is there, everything to be decided is blank, and typed text stays text."""

from __future__ import annotations

import io

import docx
import pytest
from conftest import SHIPPED, csv_copy

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.pages import minutes
from ctd_analysis.pages.notebook import ProvincePage
from ctd_analysis.words import chain, council, outcomes
from ctd_analysis.words.papers import on_paper
from ctd_analysis.year.year import read


def made(year) -> bytes:
    """The minutes of a year."""
    appraisal = appraise(read(year))
    return minutes.document(appraisal, ProvincePage(appraisal).marks)


def words(content: bytes) -> str:
    """All text of a document, tables and footers included."""
    document = docx.Document(io.BytesIO(content))
    texts = [p.text for p in document.paragraphs]
    texts += [c.text for t in document.tables for row in t.rows for c in row.cells]
    texts += [p.text for s in document.sections for p in (*s.footer.paragraphs, *s.first_page_footer.paragraphs)]
    return "\n".join(texts)


@pytest.fixture(scope="module")
def shipped() -> bytes:
    """The shipped year's minutes."""
    return made(SHIPPED)


def test_the_minutes_name_every_unit_and_every_question(shipped):
    """Clusters with their units, questions in order, nominees."""
    text = words(shipped)

    for unit in read(SHIPPED).units:
        assert unit.name in text
    assert "Hội CTĐ huyện Châu Thành: Trung bình hay Khá hay chưa xếp loại? (III.1)" in text
    assert "Hội CTĐ huyện Tân Hiệp, đứng đầu Cụm thi đua số 2 (mẫu) (đồng hạng)" in text
    assert "Huyện An Biên" in text and "(tạm tính)" in text


def test_nothing_is_decided_in_the_minutes(shipped):
    """Opinions, conclusions, attendance, number and signatures are blank; draft and sample are said on each sheet."""
    document, text = docx.Document(io.BytesIO(shipped)), words(shipped)

    assert all(row.cells[-1].text in ("", "Ý kiến Hội đồng") for t in document.tables[1:-1] for row in t.rows)
    assert "{" not in text and "quyết định công nhận" not in text.lower()
    for section in document.sections:
        footer = section.footer.paragraphs[0].text
        assert "DỰ THẢO" in footer and "SỐ LIỆU MINH HỌA" in footer
    assert ["THƯ KÝ", "CHỦ TỌA"] == [c.text.strip() for c in document.tables[-1].rows[0].cells]


def test_the_sheet_is_a_4_as_the_decree_has_it(shipped):
    """Decree 30/2020: A4 portrait, on its side for tables, margins 20–25, 30–35, 15–20 mm, Times New Roman 13–14."""
    document = docx.Document(io.BytesIO(shipped))
    normal, sizes = document.styles["Normal"], []
    for section in document.sections:
        sizes.append((round(section.page_width.mm), round(section.page_height.mm)))
        assert round(section.top_margin.mm) in range(20, 26) and round(section.left_margin.mm) in range(30, 36)
        assert round(section.right_margin.mm) in range(15, 21)

    assert [(210, 297), (297, 210), (210, 297)] == sizes
    assert "Times New Roman" == normal.font.name and 13 <= normal.font.size.pt <= 14


def test_what_was_decided_stands_with_its_document_and_its_day_in_words(shipped):
    """pages §7: the decision, its reason, document and day, said of the society."""
    assert ("Hội CTĐ huyện Kiên Hải: thống nhất không áp dụng trường hợp Cử cán bộ tập huấn; lý do: Tàu khách ngừng chạy do "
            "biển động nên thiếu một lượt cán bộ; đơn vị đã tổ chức học bù tại huyện; văn bản: BB 01/BB-HĐTĐ (mẫu), "
            "ngày 18 tháng 12 năm 2024.") in words(shipped)


def test_grounds_and_answers_are_never_cut(shipped):
    """Only what was typed is kept to a length: the longest grounds of the shipped year end as they end elsewhere."""
    appraisal, text = appraise(read(SHIPPED)), words(shipped)
    grounds = [chain.chain(appraisal, i).basis for i in appraisal.everyone]
    answers = [x for one in council.items(on_paper(appraisal), outcomes.by_cluster(appraisal)) for x in one.answers]

    assert max(map(len, grounds)) > 400
    assert [] == [said for said in (*grounds, *answers) if said not in text]


def test_an_absent_cluster_is_said_where_its_units_would_stand(without_cum_2):
    """A cluster with faults: `THIẾU: …` in the outcome and under its own heading, its units not in any table."""
    text = words(made(without_cum_2))

    assert 2 == text.count("\nTHIẾU: Cụm thi đua số 2 (mẫu) (1 lỗi).")
    assert "2. Cụm thi đua số 2 (mẫu)" in text and "11 trong 15 đơn vị" in text and "Huyện Tân Hiệp" not in text


def test_the_same_year_gives_the_same_bytes(shipped):
    """No clock in it."""
    assert shipped == made(SHIPPED)


def test_typed_text_is_neither_template_nor_markup(tmp_path):
    """Braces, tags, direction signs and very long names come out as they were typed, cut or cleaned, and the file opens."""
    year = csv_copy(SHIPPED, tmp_path / "year")
    hostile = "{{ 7*7 }} {% for x in y %} <w:p/> & \u202e" + "dài " * 3000
    path = year / "units.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Huyện Kiên Hải", hostile, 1), encoding="utf-8")

    text = words(made(year))

    assert "{{ 7*7 }} {% for x in y %} <w:p/> &" in text and "49" not in text.split("{{ 7*7 }}")[1][:40]
    assert "\u202e" not in text
