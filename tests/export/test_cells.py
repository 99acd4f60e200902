"""A person's words in a cell: no formula, no broken file, and else as they were written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.export.cells import LONGEST_CELL, encodable, harmless, legal, within_cell
from tests.export.people import NASTY


@pytest.mark.parametrize(
    "words",
    [
        "=1",
        "+1",
        "-1",
        "@a",
        "\t1",
        "\r1",
        "\x001",
        "  =1",
        "\u00a0=1",
        "\u3000=1",
        "\u200e=1",
        "\ufeff=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠a",
        "−1",
    ],
)
def test_what_a_spreadsheet_might_calculate_gets_an_apostrophe(words: str) -> None:
    assert harmless(words)[0] == "'"
    assert harmless(words).replace("'", "") == words


@pytest.mark.parametrize(("words", "written"), [("a,=1", "a,'=1"), ("a\n+1", "a\n'+1"), ("a;\t@x", "a;\t'@x")])
def test_a_cell_that_begins_inside_for_another_separator_begins_with_an_apostrophe(words: str, written: str) -> None:
    assert harmless(words) == written


@pytest.mark.parametrize("words", ["", "Physik", "Mo-Fr", "a=b", "anna@example.org", "C++", "50 %", "مهندس", "🙂"])
def test_other_words_stay_as_they_are(words: str) -> None:
    assert harmless(words) == legal(words) == encodable(words) == words


@given(st.text())
def test_nothing_begins_as_a_formula_whatever_stands_before_it(words: str) -> None:
    for separator in ";,\t\n\r":
        for cell in harmless(words).split(separator):
            visible = cell.lstrip(" \t\r\n\u00a0\u200e\u200f\ufeff\x00")
            assert visible[:1] not in set("=+-@＝＋－＠")
    assert harmless(words).replace("'", "") == words.replace("'", "")


@given(st.text())
def test_what_is_legal_is_xml(words: str) -> None:
    kept = legal(words)
    assert not [letter for letter in kept if ord(letter) < 32 and letter not in "\t\n"]
    assert legal(kept) == kept
    kept.encode()


def test_half_a_letter_is_a_sign_for_one() -> None:
    assert encodable("\ud83dhalb") == "\ufffdhalb"


@pytest.mark.parametrize("words", ["W" * 40_000, "🙂" * 20_000, "a" + "🙂" * 20_000])
def test_what_is_too_long_for_a_cell_is_cut_between_letters_and_says_so(words: str) -> None:
    cut = within_cell(words, "…")
    assert LONGEST_CELL - 1 <= len(cut.encode("utf-16-le")) // 2 <= LONGEST_CELL
    assert words.startswith(cut.removesuffix("…"))
    assert cut.endswith("…")


@pytest.mark.parametrize("words", ["x" * LONGEST_CELL, "🙂" * (LONGEST_CELL // 2)])
def test_what_just_fits_is_not_cut(words: str) -> None:
    assert within_cell(words, "…") == words


def test_the_list_of_nasty_words_is_long() -> None:
    assert len(set(NASTY)) == len(NASTY) >= 30
