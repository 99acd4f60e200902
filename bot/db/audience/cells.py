"""An answer as one number, so that a condition over everybody only compares numbers.

From the highest bit: the day it was given (days since 2000, 15 bits), the kind of value (3 bits), the value (45
bits). Of words it keeps only the length, whether they are a person's own words for a list, and a checksum that needs
the key file. A cell says what was said. Which values a question takes today is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.core.conditions import Value
from bot.core.months import within, year_and_month
from bot.core.questionnaire import OWN_WORDS
from bot.db.keys import hashed

VALUE_BITS, KIND_BITS = 45, 3
DAY_SHIFT = VALUE_BITS + KIND_BITS
VALUE = (1 << VALUE_BITS) - 1
SAID = (1 << DAY_SHIFT) - 1
"""Mask of kind and value, without the day."""
LAST_DAY = (1 << 15) - 1
NOTHING, WORD, TICKS, NUMBER, MONTH, ELSE = (kind << VALUE_BITS for kind in range(6))
"""Kinds of values: skipped or declined, words or an option, ticked options, a number, a month, none of these."""
MOST_TICKS = VALUE_BITS
"""How many options of a question cells can tell apart, former ones included."""
LENGTH_SHIFT = 33
LONGEST = (1 << (VALUE_BITS - LENGTH_SHIFT)) - 1
OWN = 1 << 32
_ZERO = 1 << (VALUE_BITS - 1)
_SINCE = datetime(2000, 1, 1, tzinfo=UTC)


def cell(value: Value | None, given_at: datetime, bits: Mapping[str, int]) -> int:
    """What was said and when, as one number. `bits`: the places of the options that can be ticked."""
    return day(given_at) << DAY_SHIFT | said(value, bits)


def day(moment: datetime) -> int:
    """The day of a moment, counted as in cells."""
    return min(max((moment - _SINCE).days, 0), LAST_DAY)


def said(value: Value | None, bits: Mapping[str, int]) -> int:
    """Kind and value, without the day."""
    match value:
        case None:
            return NOTHING
        case int():
            return number(value)
        case str():
            return _month(value) if within(value) else _word(value)
        case _:
            return ticks(value, bits)


def number(value: int) -> int:
    """A number, coded in order. `ELSE` for a number that no question asks for."""
    return NUMBER | value + _ZERO if abs(value) < _ZERO else ELSE


def ticks(chosen: tuple[str, ...], bits: Mapping[str, int]) -> int:
    """The ticked options. `ELSE` if one of them has no place."""
    found = TICKS
    for one in chosen:
        place = bits.get(one, MOST_TICKS)
        if place >= MOST_TICKS:
            return ELSE
        found |= 1 << place
    return found


def length(characters: int) -> int:
    """The part of a value that holds the length of words, at most `LONGEST`."""
    return min(characters, LONGEST) << LENGTH_SHIFT


def _month(value: str) -> int:
    year, month = year_and_month(value)
    return MONTH | year * 100 + month


def _word(value: str) -> int:
    own = OWN if value.startswith(OWN_WORDS) else 0
    checksum = int.from_bytes(hashed(value.encode(errors="surrogatepass"), "cell", 4), "big")
    return WORD | length(len(value)) | own | checksum
