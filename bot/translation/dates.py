"""Dates in German words: finds them in a text, and says them in another language.

Machines do not get them: one could lose the day, and a German month in an Arabic sentence is no translation. Months
alone ("im November") and weekdays stay with the machine, which knows their grammatical case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from babel.dates import format_date, format_skeleton

from bot.content.locales import SOURCE_LANGUAGE, locale_of

_LEAP_YEAR = 2024
"""The year of a date without a year. It is a leap year, so it has every day."""


@lru_cache(maxsize=64)
def months(language: str) -> dict[str, int]:
    """The number of each month name of the language, long or short, in small letters without a full stop."""
    locale = locale_of(language)
    if locale is None:
        return {}
    return {
        name.casefold().rstrip("."): number
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in locale.months[context][width].items()
    }


def _either(words: Iterator[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_MONTH = rf"(?i:{_either(iter(months(SOURCE_LANGUAGE)))})(?!\w)"
_WEEKDAY = r"(?:\w+(?:tag|woch),?\s+(?:de[mnr]\s+)?)"
_BETWEEN = rf"(?:\s*[,/–-]\s*|\s+(?:bis|und|oder)\s+)(?:zum\s+)?{_WEEKDAY}?"
GERMAN_DATE = rf"""
    (?P<date>
        (?<!\w)(?<!\d[.,:])(?P<day>0?[1-9]|[12]\d|3[01])\.
        (?: \s*(?P<month>{_MONTH})\.?(?:\s+(?P<year>[12]\d{{3}})(?!\w))?
          | (?=(?:{_BETWEEN}(?P<later>\d{{1,2}})\.)+\s*(?P<shared>{_MONTH}))     # "10. bis 12. November"
        )
    )
"""
"""A verbose pattern for a day and month, with the year if there is one. Each end of a span is its own date."""


def said_in(language: str, found: re.Match[str]) -> str | None:
    """The found date in the language's words. None if there is no such day or language."""
    locale = locale_of(language)
    day, year = int(found["day"]), found["year"]
    month = months(SOURCE_LANGUAGE)[(found["month"] or found["shared"]).casefold()]
    if locale is None or (found["later"] and day >= int(found["later"])):
        return None  # "30. bis 2. Dezember" begins in November
    try:
        when = date(int(year or _LEAP_YEAR), month, day)
    except ValueError:
        return None
    if year:
        return format_date(when, "long", locale=locale)
    return format_skeleton("MMMMd", when, locale=locale)
