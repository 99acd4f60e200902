"""Codes that people write on paper and type months later: no look-alikes, and a check character.

Nine random characters are 44 bits. The tenth detects every single wrong character and every swap of two: 31 is a
prime, and each position has its own weight.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DRAWN, WHOLE, GROUP = 9, 10, 5
_CYRILLIC = str.maketrans("АВСЕНКМРТУХ", "ABCEHKMPTYX")
"""Letters of other keyboards that look the same."""


def make(chance: Callable[[int], int]) -> str:
    """A new code. `chance(n)` draws a number below n that nobody can guess."""
    drawn = "".join(ALPHABET[chance(len(ALPHABET))] for _ in range(DRAWN))
    return drawn + _check(drawn)


def shown(code: str) -> str:
    """The code in groups, as people write it down."""
    return "-".join(code[at : at + GROUP] for at in range(0, WHOLE, GROUP))


def read(words: str) -> str | None:
    """The code that a person typed, in any spelling. None if it is not a code, or its check fails."""
    letters = map(_latin, unicodedata.normalize("NFKC", words).upper().translate(_CYRILLIC))
    code = "".join(filter(str.isalnum, letters))
    whole = len(code) == WHOLE and set(code) <= set(ALPHABET)
    return code if whole and code[DRAWN] == _check(code[:DRAWN]) else None


def _latin(letter: str) -> str:
    """A character in the form that codes use: digits of any script become 0-9."""
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)


def _check(drawn: str) -> str:
    weighed = sum(weight * ALPHABET.index(letter) for weight, letter in enumerate(drawn, 1))
    return ALPHABET[weighed % len(ALPHABET)]
