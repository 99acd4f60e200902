"""All words of staff that override the content's files."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from bot.core.sayings import Sayings
from bot.db.broadcasts import broadcasts
from bot.db.offers import offers
from bot.db.schema import broadcast, offer

_REVISION = select(
    select(func.coalesce(func.sum(offer.c.revision), 0)).scalar_subquery()
    + select(func.coalesce(func.sum(broadcast.c.revision), 0)).scalar_subquery()
)


def everything(connection: Connection) -> Sayings:
    """Everything that staff ever said.

    The count is read before the words. On PostgreSQL each statement sees what others have committed by then, and old
    words with a new count would pass for up to date. New words with an old count are only read once more.
    """
    count = revision(connection)
    return Sayings(tuple(offers.everything(connection)), tuple(broadcasts.wordings(connection)), count)


def revision(connection: Connection) -> int:
    """Counts everything that staff ever said. A new number means new words."""
    return int(connection.execute(_REVISION).scalar_one())
