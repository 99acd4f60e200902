from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.folding import fold, one_line, whole_number


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("أحمد", "احمد"),
        ("إلى", "الي"),
        ("ٱلعربية", "العربيه"),
        ("مسؤول", "مسوول"),
        ("شئون", "شيون"),
        ("مُدَرِّسَة", "مدرسه"),
        ("عـــربي", "عربي"),
        ("\u200fعربي\u200e", "عربي"),
        ("ﻻ", "لا"),
        ("نعم، شكرا؟", "نعم شكرا"),
        ("كتاب", "کتاب"),
        ("علی", "علي"),
        ("می\u200cخواهم", "میخواهم"),
        ("خانهٔ من", "خانه من"),
        ("خانۀ من", "خانه من"),
        ("۱۲ ساعت", "12 ساعت"),
        ("١٢ ساعة", "12 ساعه"),
        ("İSTANBUL", "istanbul"),
        ("ISTANBUL", "ıstanbul"),
        ("Işık", "isik"),
        ("ÇAĞRI ÖĞÜN ŞAŞ", "cagri ogun sas"),
        ("STRASSE", "Straße"),
        ("GROẞ", "groß"),
        ("Übung", "ubung"),
        ("Ja / Nein", "ja/nein"),
        ("П'ЯТЬ", "пʼять"),
        ("п’ять", "пять"),
        ("Їжак", "іжак"),
        ("ґанок", "ганок"),
        ("ещё", "еще"),
        ("Œuvre", "oeuvre"),
        ("l´été", "L’ete"),
        ("À PLEIN TEMPS", "a plein temps"),
        ("  two\t\nwords ", "Two words"),
        ("👍🏽 Yes! ✅", "yes"),
        ("1️⃣", "1"),
        ("ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
    ],
)
def test_what_people_type_reads_like_the_label(typed: str, label: str) -> None:
    assert fold(typed) == fold(label) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("> 5", "< 5"),
        ("B1", "B1+"),
        ("كلب", "قلب"),
        ("گل", "كل"),
        ("कि", "कु"),
        ("が", "か"),
        ("ja", "nein"),
        ("я", "а"),
    ],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("text", ["", "   ", "👍", "...", "\u200b", "ـ", "؟"])
def test_nothing_to_compare_folds_to_nothing(text: str) -> None:
    assert fold(text) == ""


@given(st.text())
@example("İıẞŉǰΐᾳﷺ´¨")
@example("a\u093c\ufe0f\u0f71\u0334")  # a dropped character between marks must not leave them in another order
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(categories=["Lu", "Ll", "Lo"], max_codepoint=0x6FF)))
def test_case_and_spaces_never_matter(text: str) -> None:
    assert fold(f"  {text.lower()} \n") == fold(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        (" 42 ", 42),
        ("+7", 7),
        ("-7", -7),
        ("−7", -7),
        ("007", 7),
        ("٤٢", 42),
        ("۴۲", 42),
        ("४२", 42),
        ("৪২", 42),
        ("４２", 42),
        ("\u200f٤٢\u200f", 42),
        ("999999999", 999_999_999),
    ],
)
def test_digits_of_any_script_are_numbers(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "+-1",
        "--1",
        "1.5",
        "1,000",
        "1 000",
        "1e3",
        "0x1",
        "1_0",
        "²",
        "①",
        "½",
        "ten",
        "5 h",
        "1" * 10,
        "1" * 10_000,
    ],
)
def test_what_is_no_whole_number_is_none(text: str) -> None:
    assert whole_number(text) is None


@given(st.integers(-999_999_999, 999_999_999))
def test_every_number_a_question_can_ask_for_can_be_typed(number: int) -> None:
    assert whole_number(f" {number} ") == number


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a  b\r\nc\td ", "a b c d"),
        ("a\x00b\x07c", "abc"),
        ("\u202eevil\u2066 text\u2069", "evil text"),
        ("a\ud800b", "ab"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔧", "👩\u200d🔧"),
        ("\u200b\u200d\u2060", ""),
        ("\u0301", ""),
        ("\x00", ""),
        ("a \u202e b", "a b"),
        ("…", "…"),
    ],
)
def test_words_become_one_harmless_line(text: str, line: str) -> None:
    assert one_line(text) == line


@given(st.text(st.characters()))
def test_a_line_can_be_stored_and_is_never_longer_than_what_was_typed(text: str) -> None:
    line = one_line(text)
    assert line.encode().decode() == line
    assert "\x00" not in line
    assert one_line(line) == line
    assert len(line) <= len(text)
