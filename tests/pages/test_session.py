"""The session's notebook without a browser: what it asks, what it records and when, what follows (year-round §1.5)."""

from __future__ import annotations

import errno
import time
from datetime import date

import pytest

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.pages import session
from ctd_analysis.terms import STAKES
from ctd_analysis.year import year


@pytest.fixture
def held(shipped_copy):
    """A session over a copy of the shipped year, at the second cluster; no decision yet."""
    (shipped_copy / "decisions.csv").write_text("unit,decision,value,reason,document,decided_on\n", encoding="utf-8")
    return session.Session(appraise(year.read(shipped_copy)), "cum-2")


def files(held) -> dict:
    """The year's own tables."""
    return {path.name: path.read_bytes() for path in held.now.year.path.glob("*.csv")}


def choose(held, words: str, answer: int = 0):
    """The card whose question has these words, an answer, and all that has to be stated."""
    held.card.value = next(n for n, item in enumerate(held.items)
                           if words in item.question and any(row and row[0] == "decisions" for row in item.rows))
    held.reason.value, held.document.value, held.on.value = "thống nhất", "BB 01", date(2024, 12, 20)
    held.answer.value = held.answer.options[answer][1]


def test_nothing_is_written_without_the_button(held):
    """Cards, choices, previews: not a byte."""
    before = files(held)

    choose(held, "Châu Thành", 1)

    assert "Huyện Châu Thành" in held.who.value and "do quyết định của Hội đồng" in held.who.value
    assert (False, before) == (held.button.disabled, files(held))


def test_the_button_records_once_and_the_standings_follow(held):
    """Tân Hiệp is put first of two that tie: it ranks 1 alone, the card is gone, pressed again nothing happens."""
    choose(held, "đơn vị nào đứng đầu cụm")
    held.button.click()
    once = files(held)
    held.button.click()

    assert once == files(held)
    assert b"tan-hiep,lead,," in once["decisions.csv"]
    assert "đồng hạng" not in held.standings.value
    assert not any("đơn vị nào đứng đầu cụm" in label for label, _ in held.card.options)
    assert ["Huyện Tân Hiệp: phân định xếp đứng đầu cụm"] == [label for label, _ in held.today.options]


def test_one_after_another_without_reading_again(held):
    """What was recorded is what the next one is appended to; read again, the year says the same."""
    choose(held, "Châu Thành")
    held.button.click()
    choose(held, "đơn vị nào đứng đầu cụm", 1)
    held.button.click()

    read = appraise(year.read(held.now.year.path))
    assert 2 == len(read.year.decisions)
    assert read.ranks == held.now.ranks
    assert [b.status for b in read.bindings] == [b.status for b in held.now.bindings] == ["current", "current"]


def test_undoing_is_a_withdrawal(held):
    """The row stays, another takes it back."""
    before = held.now.ranks
    choose(held, "đơn vị nào đứng đầu cụm")
    held.button.click()
    held.undo.click()

    assert b"tan-hiep,withdraw,lead," in files(held)["decisions.csv"]
    assert before == held.now.ranks


def test_a_reading_is_settled_as_an_amendment(held):
    """The answer of a card about a reading is a row of amendments.csv."""
    held.cluster.value = "cum-4"
    card = next(n for n, item in enumerate(held.items) if any(row and row[0] == "amendments" for row in item.rows))
    held.card.value = card
    held.reason.value, held.document.value, held.on.value = "thống nhất", "BB 01", date(2024, 12, 20)
    held.answer.value = held.answer.options[-1][1]
    held.button.click()

    assert b"readings." in files(held)["amendments.csv"]
    option = next(one for one in held.now.year.amendments if one.decided_on == held.on.value)
    assert held.now.book.readings[option.key.removeprefix("readings.")].options[option.value] in held.told.value
    assert held.undo.disabled           # a change of the rules is put back by a later one


def test_a_decision_of_ones_own(held):
    """Beside the cards: unit, decision, value."""
    held.card.value = -1
    held.unit.value, held.decision.value, held.value.value = "go-quao", "waive", "dues"
    held.reason.value, held.document.value, held.on.value = "x", "BB", date(2024, 12, 20)
    held.button.click()

    assert b"go-quao,waive,dues,x,BB,2024-12-20" in files(held)["decisions.csv"]


def test_who_moves_is_seen_before_anything_is_stated(held):
    """The choice alone shows it; without reason, document and day there is nothing to press, and that is said."""
    held.card.value = -1
    held.unit.value, held.decision.value = "go-quao", "downgrade"

    assert "Huyện Gò Quao" in held.who.value
    assert "còn thiếu: lý do, văn bản, ngày" in held.lacking.value
    for control, value, left in ((held.reason, "x", "văn bản, ngày"), (held.document, "BB", "ngày"),
                                 (held.on, date(2024, 12, 20), "")):
        assert held.button.disabled
        control.value = value
        assert left in held.lacking.value
    assert ("", False) == (held.lacking.value, held.button.disabled)


def test_spaces_are_no_reason(held):
    """What is only blank is not said."""
    choose(held, "Châu Thành")
    held.reason.value = "  "

    assert held.button.disabled


def test_a_decision_of_ones_own_is_not_recorded_twice_by_hand(held):
    """It stays chosen after it was recorded; with a reason typed again the button still waits for another choice."""
    test_a_decision_of_ones_own(held)
    once = files(held)
    held.reason.value = "x"
    held.button.click()

    assert (True, once) == (held.button.disabled, files(held))


def test_cards_stand_by_what_is_at_stake(held):
    """Considered or not, then nomination, class, what is missing; a decision whose ground moved before all."""
    stakes = [list(STAKES).index(item.stake) for item in held.items]

    assert sorted(stakes) == stakes and len(set(stakes)) > 2


def test_what_was_recorded_that_day_is_listed_after_a_restart_too(held):
    """The list is the ledger's, not the notebook's memory; what is taken back says so and cannot be taken back again."""
    choose(held, "đơn vị nào đứng đầu cụm")
    held.button.click()
    held.undo.click()
    again = session.Session(appraise(year.read(held.now.year.path)), "cum-2")
    assert "chọn ngày họp" in again.today.options[0][0] and again.undo.disabled
    again.on.value = date(2024, 12, 20)

    assert ["Huyện Tân Hiệp: rút lại: phân định xếp đứng đầu cụm", "Huyện Tân Hiệp: phân định xếp đứng đầu cụm (đã rút lại)"] \
        == [label for label, _ in again.today.options]
    again.today.index = 1
    assert again.undo.disabled


def test_a_disk_that_fills_is_told_and_nothing_is_lost(held, monkeypatch):
    """The old file stays; the same choice can be made again."""
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    choose(held, "Châu Thành")
    before = files(held)
    monkeypatch.setattr("ctd_analysis.files.os.replace", full)
    held.button.click()

    assert "tệp cũ còn nguyên" in held.told.value and before == files(held)


def test_what_is_wrong_with_what_was_typed_meanwhile_is_told(held):
    """Read again, the cluster that cannot be judged any more is named, its fault too, and it can no longer be chosen."""
    path = held.now.year.path / "decisions.csv"
    path.write_bytes(path.read_bytes() + "kien-hai,waive,hội phi,x,BB,2024-12-20\n".encode())
    held.again.click()

    assert "có phải “hội phí” không" in held.told.value and "(hội phí, " in held.told.value
    assert "THIẾU: Cụm thi đua số 4" in held.head.value
    assert ["cum-1", "cum-2", "cum-3"] == [id for _, id in held.cluster.options]
    assert "cum-2" == held.cluster.value


def test_what_somebody_typed_meanwhile_is_not_written_over(held):
    """The button says so; read again, it goes on."""
    choose(held, "Châu Thành")
    path = held.now.year.path / "decisions.csv"
    path.write_bytes(path.read_bytes() + "kien-hai,downgrade,,x,BB,2024-12-20\n".encode())
    typed = path.read_bytes()
    held.button.click()

    assert "tệp đã đổi từ khi đọc" in held.told.value and "Đọc lại số liệu" in held.told.value
    assert typed == path.read_bytes()
    held.again.click()
    choose(held, "Châu Thành")
    held.button.click()
    assert path.read_bytes().startswith(typed.replace(b"decided_on\n", b"decided_on,seen\n"))


def test_the_standings_follow_within_a_second(held):
    """From the button to the table."""
    choose(held, "đơn vị nào đứng đầu cụm")
    begun = time.perf_counter()
    held.button.click()

    assert 1 > time.perf_counter() - begun


def test_no_such_cluster(held):
    """Said with the nearest one."""
    with pytest.raises(ValueError, match="có phải “cum-2” không"):
        session.Session(held.now, "cum2")
