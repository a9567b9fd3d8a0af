"""What a typed cell means: for every text either the one thing its column asks for, or a refusal that says why."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ctd_analysis import values
from ctd_analysis.terms import GRADES, RATINGS
from ctd_analysis.values import Wrong

#: Every character of the basic plane: small enough to try them all.
EVERY_SIGN = [chr(code) for code in range(0x10000)]
UNSEEN = "\u200b\u2060\ufeff"
#: Texts that look like numbers, days and grades, with the blanks and look-alikes that copying brings.
TYPED = st.text(st.one_of(st.sampled_from("0123456789ABCKDabc.,-+−/%e_ \u00a0\u3000\u200b\ufeff０９٣²½ĐÐАΑＡ\u0301\n"),
                          st.characters()), max_size=12)

#: The same examples every time, however busy the machine.
steadily = settings(deadline=None, derandomize=True, max_examples=300)


def nfd(text):
    """The text with its tone marks apart, as some Macs and old keyboards write it."""
    return unicodedata.normalize("NFD", text)


def means(read, text):
    """What a reader makes of a text; `Wrong` itself where it refuses. Any other error is the test's failure."""
    try:
        return read(text)
    except Wrong as wrong:
        assert wrong.what and wrong.wanted
        return Wrong


def refusal(read, text):
    """Why a reader refuses, and what it wants instead."""
    with pytest.raises(Wrong) as wrong:
        read(text)
    return str(wrong.value), wrong.value.wanted


# ---------------------------------------------------------------- plain

@pytest.mark.parametrize(("typed", "expected"), [
    ("", ""), ("  ", ""), (" A ", "A"), ("\u00a0A\u00a0", "A"), ("\u3000A\t", "A"), ("\ufeffA\u200b", "A"),
    ("\u200b \u200bA \u2060 ", "A"), ("Ａ９，（％）", "A9,(%)"), (nfd("Rạch Giá"), "Rạch Giá"),
    ("Rạch\u00a0Giá", "Rạch Giá"), ("Rạch\u3000Giá", "Rạch Giá"), ("Ａ\u0301", "Á"), ("a\u200db", "a\u200db"),
    ("Đức", "Đức"), ("Ðức", "Ðức"), ("một\nhai", "một\nhai"), ("²", "²"), ("①", "①"), ("ﬁ", "ﬁ")])
def test_plain_takes_away_only_what_nobody_sees(typed, expected):
    """Composition, width and outer blanks go; an eth stays an eth, a superscript a superscript."""
    assert expected == values.plain(typed)


@steadily
@given(st.text())
@example("\u200b \u200bA")
@example("Ａ\u0301")
def test_plain_text_is_plain(text):
    """A second time changes nothing; the text is in NFC and has no blank at either end."""
    once = values.plain(text)

    assert once == values.plain(once)
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip().strip(UNSEEN)


@steadily
@given(st.text())
def test_plain_does_not_care_how_tone_marks_are_stored(text):
    """Composed or apart, a text is the same text."""
    assert values.plain(text) == values.plain(nfd(text))


# ---------------------------------------------------------------- grade

@pytest.mark.parametrize(("typed", "expected"), [
    ("A", "A"), ("b", "B"), (" C ", "C"), ("\u00a0A", "A"), ("A\u200b", "A"), ("\ufeffB", "B"), ("Ａ", "A"),
    ("ｃ", "C"), ("KAD", "KAD"), ("kad", "KAD"), ("ＫＡＤ", "KAD"), ("Không áp dụng", "KAD"), ("KHÔNG ÁP DỤNG", "KAD"),
    (nfd("không áp dụng"), "KAD"), ("Không\u00a0áp dụng", "KAD"), ("", ""), ("  ", ""), ("\u3000", "")])
def test_a_grade_is_read_in_any_case_and_width(typed, expected):
    """A, B, C, not applicable, or not graded."""
    assert expected == values.grade(typed)


@pytest.mark.parametrize("typed", [
    "D", "Đ", "Ð", "А", "а", "В", "С", "Α", "AA", "A B", "AB", "A+", "A.", "A/B", "-", "–", "—", "N/A", "NA", "None",
    "null",
    "nan", "0", "1", "x", "✓", "Á", "Ａ\u0301", "ª", "ᴬ", "🄰", "A\u200dA", "A\nA", "A\0", "K", "KA", "KAĐ", "K.A.D",
    "Không", "#N/A", "=A1", "'A", "Đạt"])
def test_anything_else_is_no_grade(typed):
    """A look-alike is not guessed at, and a dash does not say what it means."""
    assert Wrong is means(values.grade, typed)


@pytest.mark.parametrize(("typed", "name"), [
    ("А", "CYRILLIC CAPITAL LETTER A"), ("а", "CYRILLIC CAPITAL LETTER A"), ("В", "CYRILLIC CAPITAL LETTER VE"),
    ("С", "CYRILLIC CAPITAL LETTER ES"), ("Α", "GREEK CAPITAL LETTER ALPHA"), ("KАD", "CYRILLIC CAPITAL LETTER A"),
    ("Ă", "LATIN CAPITAL LETTER A WITH BREVE")])
def test_a_look_alike_is_named(typed, name):
    """On paper a Cyrillic А is an A: only its name tells the clerk what to retype."""
    what, _ = refusal(values.grade, typed)

    assert f"ký tự {name}" in what


def test_no_other_sign_passes_for_a_grade():
    """Of all single characters only A, B, C in either case and width are grades; only blanks are blank."""
    found = {sign: means(values.grade, sign) for sign in EVERY_SIGN}

    assert {sign: grade for letter, grade in zip("ABCabcＡＢＣａｂｃ", "ABC" * 4, strict=True)
            for sign in letter} == {sign: grade for sign, grade in found.items() if grade not in ("", Wrong)}
    assert set() == {sign for sign, grade in found.items() if grade == "" and not sign.isspace()} - set(UNSEEN)


@steadily
@given(TYPED)
def test_a_grade_or_wrong_and_never_a_third_thing(text):
    """Whatever is typed."""
    assert means(values.grade, text) in (*GRADES, Wrong)


# ---------------------------------------------------------------- whole numbers

@pytest.mark.parametrize(("typed", "expected"), [
    ("0", 0), ("1", 1), ("95", 95), ("007", 7), ("00", 0), (" 95", 95), ("95 ", 95), ("\u00a095\u00a0", 95),
    ("\u202f95", 95), ("95\u200b", 95), ("\ufeff95", 95), ("９５", 95), ("9５", 95), ("8100000000", 8100000000),
    ("999999999999999", 10**15 - 1), ("1000000000000000", 10**15), ("0" * 5000 + "7", 7), ("", None), (" ", None),
    ("\u00a0", None), ("\u3000\u200b", None)])
def test_a_whole_number_is_its_digits(typed, expected):
    """Outer blanks and width aside, nothing but the digits 0 to 9; a blank is no number, and not nought."""
    assert expected == values.whole(typed)


NO_NUMBERS = {
    "số âm": ["-1", "-0", "−0", "–5", "-1.234"],
    "số lẻ": ["1.5", "1,5", "0.0", "1.0", "12.3456"],
    "không rõ": ["1.000", "23.100", "1,234", "8.100.000.000"],
    "phần trăm": ["95%", "95 %", "9,5%", "9５％"],
    "đơn vị tiền": ["8,1 tỷ", "8,1 tỉ", nfd("8,1 tỷ"), "50 TRIỆU", "50000 đồng", "5 VND"],
    "ngày tháng": ["10/12/2024", "2024-12-10", "1-2-3"],
    "quá lớn": ["1000000000000001", "9" * 5000, "９" * 17, "0" * 20 + "9" * 17],
    "không phải số": ["+5", "1e5", "1E5", "0x10", "1_000", "1 000", "1\u00a0000", "1'000", "5\u200b5", "5\n5", "½",
                      "²", "5²", "①", "٣", "۵", "५", "九", "Ⅳ", "inf", "NaN", "None", "NA", "-", "–", "=1+1",
                      "'5", "TRUE", "#REF!", "5\0", "O", "l0"],
}


@pytest.mark.parametrize(("typed", "what"), [(typed, what) for what, texts in NO_NUMBERS.items() for typed in texts])
def test_a_number_that_is_none_says_why(typed, what):
    """The reason fits what was typed, so that the clerk knows what to mend."""
    assert what in refusal(values.whole, typed)[0]


def test_no_other_sign_passes_for_a_digit():
    """Of all single characters only 0 to 9, narrow or full-width, are numbers; only blanks are blank."""
    found = {sign: means(values.whole, sign) for sign in EVERY_SIGN}

    assert {sign: int(sign) for sign in "0123456789０１２３４５６７８９"} == {
        sign: number for sign, number in found.items() if number not in (None, Wrong)}
    assert set() == {sign for sign, number in found.items() if number is None and not sign.isspace()} - set(UNSEEN)


@steadily
@given(TYPED)
@example("9" * 5000)
@example("0" * 5000)
def test_a_number_is_the_one_its_digits_spell(text):
    """On any text: the number its ASCII digits spell (full-width ones made narrow), or a refusal."""
    number = means(values.whole, text)

    narrow = "".join(chr(ord(c) - 0xFEE0) if "０" <= c <= "９" else c for c in text)
    rest = re.sub("[0-9]+", "", narrow, count=1)
    if number is None:
        assert all(c.isspace() or c in UNSEEN for c in text)
    elif number is not Wrong:
        assert (re.search("[0-9]+", narrow)[0].lstrip("0") or "0") == str(number)
        assert all(c.isspace() or c in UNSEEN for c in rest)


@steadily
@given(st.integers(0, 10**15), st.sampled_from(["", " ", "0", "\u00a0", "\ufeff"]))
def test_every_number_in_range_is_read(number, before):
    """0 to 10^15, with what may stand before it."""
    assert number == values.whole(f"{before}{number}")


@steadily
@given(st.integers(10**15 + 1, 10**40))
def test_every_number_beyond_is_refused(number):
    """Above 10^15 it is a slip of the hand."""
    assert "quá lớn" in refusal(values.whole, str(number))[0]


# ---------------------------------------------------------------- decimals

@pytest.mark.parametrize(("typed", "expected"), [
    ("0", "0"), ("1.5", "1.5"), ("0.05", "0.05"), ("12", "12"), ("１．５", "1.5"), ("\u00a01.5 ", "1.5"),
    ("1000000000000000", "1000000000000000"), ("1000000000000000.0", "1000000000000000"), ("1.10", "1.1")])
def test_a_decimal_has_one_point(typed, expected):
    """Converted points may be a decimal; the value is exact."""
    assert Decimal(expected) == values.decimal(typed)


@pytest.mark.parametrize("typed", [
    "1,5", "1.5.0", ".5", "5.", "-1", "−1.5", "+1", "1e3", "NaN", "Infinity", "٣.٥", "1 .5", "1\u00a0000", "½", "²",
    "1000000000000000.1", "9" * 5000, "1." + "0" * 5000, "abc", "1.5%"])
def test_anything_else_is_no_decimal(typed):
    """No comma, no sign, no exponent, no number above 10^15, and none that is not a number."""
    assert Wrong is means(values.decimal, typed)


@steadily
@given(TYPED)
def test_a_decimal_is_a_finite_number_from_nought(text):
    """On any text: blank, an exact number in range, or a refusal."""
    number = means(values.decimal, text)

    assert number is None or number is Wrong or (number.is_finite() and 0 <= number <= 10**15)


# ---------------------------------------------------------------- days

@pytest.mark.parametrize(("typed", "expected"), [
    ("2024-12-09", date(2024, 12, 9)), ("2024-02-29", date(2024, 2, 29)), (" 2024-12-09\u00a0", date(2024, 12, 9)),
    ("２０２４－１２－０９", date(2024, 12, 9)), ("0001-01-01", date.min), ("9999-12-31", date.max), ("", None),
    (" ", None)])
def test_a_day_is_year_month_day(typed, expected):
    """One way of writing, so that 10/12 is never taken for 12 October."""
    assert (expected, expected) == (values.iso_day(typed), values.received(typed))


@pytest.mark.parametrize(("typed", "what"), [
    ("10/12/2024", "không phải ngày"), ("10-12-2024", "không phải ngày"), ("2024/12/10", "không phải ngày"),
    ("2024-12-9", "không phải ngày"), ("24-12-09", "không phải ngày"), ("20241209", "không phải ngày"),
    ("2024-W50-1", "không phải ngày"), ("2024-12-09T00:00", "không phải ngày"), ("2024-12-09 00:00:00",
                                                                                 "không phải ngày"),
    ("2024–12–09", "không phải ngày"), ("2024-12-09\n2024-12-10", "không phải ngày"), ("٢٠٢٤-١٢-٠٩", "không phải ngày"),
    ("45636", "không phải ngày"), ("hôm qua", "không phải ngày"), ("-", "không phải ngày"), ("0", "không phải ngày"),
    ("2023-02-29", "không có ngày này"), ("2024-02-30", "không có ngày này"), ("2024-13-01", "không có ngày này"),
    ("2024-00-10", "không có ngày này"), ("0000-01-01", "không có ngày này")])
def test_a_day_that_is_none_says_why(typed, what):
    """Written another way, or not in the calendar."""
    assert what in refusal(values.iso_day, typed)[0]
    assert what in refusal(values.received, typed)[0]


@pytest.mark.parametrize("typed", ["none", "None", "NONE", " none ", "ｎｏｎｅ", "none\u200b"])
def test_none_is_known_not_to_have_come(typed):
    """Only for a filing: a decision has a day or none is written."""
    assert ("none", Wrong) == (values.received(typed), means(values.iso_day, typed))


@pytest.mark.parametrize("typed", ["nοne", "nil", "no", "Không gửi", "n/a", "nonee", "non e"])
def test_nothing_else_is_none(typed):
    """Nobody is excluded by a word that only resembles it; the refusal says which word does."""
    assert "none nếu biết chắc không gửi" in refusal(values.received, typed)[1]


@steadily
@given(st.dates())
def test_every_day_is_read_as_written(day):
    """All days of the calendar, written as ISO has them."""
    assert day == values.iso_day(day.isoformat())


@steadily
@given(TYPED)
def test_a_day_or_wrong_and_never_a_third_thing(text):
    """On any text: blank, `none`, a day, or a refusal."""
    got = means(values.received, text)

    assert got in (None, "none", Wrong) or isinstance(got, date)


# ---------------------------------------------------------------- ratings

@pytest.mark.parametrize(("typed", "expected"), [
    *((rating, rating) for rating in RATINGS), *((nfd(rating), rating) for rating in RATINGS),
    *((rating.upper(), rating) for rating in RATINGS), *((f"\u00a0{rating.lower()} ", rating) for rating in RATINGS),
    ("Xuất\u00a0sắc", "Xuất sắc"), ("XS", "Xuất sắc"), ("xs", "Xuất sắc"), ("TB", "Trung bình"), ("ｔｂ", "Trung bình"),
    ("", ""), (" ", "")])
def test_a_rating_is_one_of_the_plans_words(typed, expected):
    """In any case, width and composition, and the two usual short forms."""
    assert expected == values.rating(typed)


@pytest.mark.parametrize(("typed", "near"), [
    ("Kha", "Khá"), ("Khà", "Khá"), ("Xuat sac", "Xuất sắc"), ("Xuất  sắc", "Xuất sắc"), ("Trung binh", "Trung bình"),
    ("Yêu", "Yếu"), ("Xuất sắt", "Xuất sắc")])
def test_a_slip_in_a_rating_is_refused_with_the_nearest_word(typed, near):
    """A suggestion, never an answer."""
    assert f"có phải “{near}” không?" in refusal(values.rating, typed)[0]


@pytest.mark.parametrize("typed", ["Tốt", "Giỏi", "A", "1", "-", "K", "N/A", "none", "Đạt", "Ðạt", "Кhá", "Khá Khá",
                                   "75%"])
def test_anything_else_is_no_rating(typed):
    """Words of other years' plans are not translated."""
    assert Wrong is means(values.rating, typed)


@steadily
@given(TYPED)
def test_a_rating_or_wrong_and_never_a_third_thing(text):
    """Whatever is typed."""
    assert means(values.rating, text) in ("", *RATINGS, Wrong)
