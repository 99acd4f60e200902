"""Lengths of time in words, as the files write them: "24 months", "90 days", "2 years"."""

from __future__ import annotations

import re
from datetime import timedelta

SPAN = re.compile(r"([1-9][0-9]{0,3}) (day|month|year)s?")
_DAYS = {"day": 1.0, "month": 365.2425 / 12, "year": 365.2425}


def length_of(span: str) -> timedelta:
    """The length of a span that matches `SPAN`. Months and years use their average length, in whole days."""
    number, unit = span.split()
    return timedelta(days=round(int(number) * _DAYS[unit.removesuffix("s")]))
