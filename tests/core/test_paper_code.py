"""Codes on paper: every one that was made is read, and no slip of the pen is taken for another code."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import paper_code
from bot.core.paper_code import ALPHABET, WHOLE


def made_of(drawn: list[int]) -> str:
    """The code of these numbers of chance."""
    left = iter(drawn)
    return paper_code.make(lambda _: next(left))


CODES = st.lists(st.integers(0, len(ALPHABET) - 1), min_size=paper_code.DRAWN, max_size=paper_code.DRAWN).map(made_of)


@given(CODES)
def test_what_was_made_is_read_however_it_is_written(code: str) -> None:
    assert len(code) == WHOLE
    for words in (code, paper_code.shown(code), f" {code.lower()} ", " ".join(code), paper_code.shown(code) + "."):
        assert paper_code.read(words) == code


@given(CODES, st.integers(0, WHOLE - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    assert paper_code.read(wrong) == (code if wrong == code else None)


@given(CODES)
def test_two_that_changed_places_are_found(code: str) -> None:
    for at, (one, two) in enumerate(pairwise(code)):
        swapped = code[:at] + two + one + code[at + 2 :]
        assert paper_code.read(swapped) == (code if one == two else None)


def test_digits_and_letters_of_other_keyboards_are_read() -> None:
    code = made_of([ALPHABET.index(one) for one in "3K3K3K3K3"])
    assert paper_code.read(code.replace("3", "\N{ARABIC-INDIC DIGIT THREE}")) == code
    assert paper_code.read(code.replace("K", "\N{CYRILLIC CAPITAL LETTER KA}")) == code


@pytest.mark.parametrize(
    "words", ["", "hello", "0000000000", "IIIIILLLLL", "ABCDE-FGHJ", "\N{GREEK SMALL LETTER ALPHA}" * 10]
)
def test_what_is_none_is_none(words: str) -> None:
    assert paper_code.read(words) is None


def test_there_is_chance_enough_and_nothing_looks_like_something_else() -> None:
    assert len(ALPHABET) ** paper_code.DRAWN >= 2**40
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert not set(ALPHABET) & set("01OIL")
