"""Codes that people write down on paper and type months later: no look-alikes, and a check character. Pure.

Nine characters of chance are 44 bits. The tenth finds every single wrong character and every two that changed places:
31 is a prime, and each place has a weight of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DRAWN, WHOLE, GROUP = 9, 10, 5
_CYRILLIC = str.maketrans("АВСЕНКМРТУХ", "ABCEHKMPTYX")
"""Letters of another keyboard that look the same."""


def make(chance: Callable[[int], int]) -> str:
    """A new code; `chance(n)` draws a number below n, so that nobody can guess it."""
    drawn = "".join(ALPHABET[chance(len(ALPHABET))] for _ in range(DRAWN))
    return drawn + _check(drawn)


def shown(code: str) -> str:
    """The code in groups, as it is written down."""
    return "-".join(code[at : at + GROUP] for at in range(0, WHOLE, GROUP))


def read(words: str) -> str | None:
    """The code that somebody typed, however they wrote it; None where it is none, or not as it was given out."""
    letters = map(_latin, unicodedata.normalize("NFKC", words).upper().translate(_CYRILLIC))
    code = "".join(filter(str.isalnum, letters))
    whole = len(code) == WHOLE and set(code) <= set(ALPHABET)
    return code if whole and code[DRAWN] == _check(code[:DRAWN]) else None


def _latin(letter: str) -> str:
    """A digit of any script as codes write it."""
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)


def _check(drawn: str) -> str:
    weighed = sum(weight * ALPHABET.index(letter) for weight, letter in enumerate(drawn, 1))
    return ALPHABET[weighed % len(ALPHABET)]
