"""The draft minutes: everything proposed is there, everything to be decided is blank, and typed text stays text."""

from __future__ import annotations

import io

import docx
import pytest
from conftest import SHIPPED, csv_copy

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.pages import minutes
from ctd_analysis.pages.notebook import ProvincePage
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
    assert "Huyện Châu Thành: Trung bình hay Khá hay chưa xếp loại? (III.1)" in text
    assert "Huyện Tân Hiệp, đứng đầu Cụm thi đua số 2 (mẫu) (đồng hạng)" in text
    assert "Huyện An Biên" in text and "(tạm tính)" in text


def test_nothing_is_decided_in_the_minutes(shipped):
    """Opinions, conclusions, attendance, number and signatures are blank; draft and sample are said on each sheet."""
    document, text = docx.Document(io.BytesIO(shipped)), words(shipped)

    assert all(row.cells[-1].text in ("", "Ý kiến Hội đồng") for t in document.tables[1:-1] for row in t.rows)
    assert "{" not in text and "quyết định công nhận" not in text.lower()
    footer = document.sections[0].footer.paragraphs[0].text
    assert "DỰ THẢO" in footer and "SỐ LIỆU MINH HỌA" in footer
    assert ["THƯ KÝ", "CHỦ TỌA"] == [c.text.strip() for c in document.tables[-1].rows[0].cells]


def test_the_sheet_is_a_4_as_the_decree_has_it(shipped):
    """Decree 30/2020: A4 portrait, margins 20–25, 30–35, 15–20 mm, Times New Roman 13–14."""
    document = docx.Document(io.BytesIO(shipped))
    section, normal = document.sections[0], document.styles["Normal"]

    assert (210, 297) == (round(section.page_width.mm), round(section.page_height.mm))
    assert round(section.top_margin.mm) in range(20, 26) and round(section.left_margin.mm) in range(30, 36)
    assert round(section.right_margin.mm) in range(15, 21)
    assert "Times New Roman" == normal.font.name and 13 <= normal.font.size.pt <= 14


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
