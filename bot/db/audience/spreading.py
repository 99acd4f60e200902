"""When each recipient's copy leaves, as SQL: one number for each person, which looks random and is stable.

Numbers of neighbours are as far apart as possible (steps of the golden section), so any range of participants is
spread as evenly as all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, func, literal, type_coerce

from bot.core.spreading import Window
from bot.db.schema import UtcTime

_WHOLE = 1 << 31
_GOLDEN = 1_327_217_885
"""The golden section of `_WHOLE`, made odd."""


def leaves_at(person: ColumnElement[int], salt: int, windows: Sequence[Window], dialect: str) -> ColumnElement[Any]:
    """The moment within these windows for a participant. `salt` changes who has to wait."""
    total = sum(one.seconds for one in windows)
    mixed = (person % _big(_WHOLE) + _big(salt % _WHOLE)) % _big(_WHOLE) * _big(_GOLDEN) % _big(_WHOLE)
    second = mixed * _big(total) // _big(_WHOLE)
    arms, before = [], 0
    for one in windows:
        within = second - _big(before)
        before += one.seconds
        arms.append((second < _big(before), _moment(one, within, dialect)))
    return type_coerce(case(*arms[:-1], else_=arms[-1][1]) if len(arms) > 1 else arms[0][1], UtcTime)


def _moment(one: Window, seconds: ColumnElement[int], dialect: str) -> ColumnElement[Any]:
    if dialect == "postgresql":
        return literal(one.start, UtcTime) + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    begin = f"{one.start:%Y-%m-%d %H:%M:%S}"  # in UTC, because SQLite stores times as text
    return func.strftime("%Y-%m-%d %H:%M:%S.000000", begin, func.printf("+%d seconds", seconds))


def _big(number: int) -> ColumnElement[int]:
    return literal(number, BigInteger)
