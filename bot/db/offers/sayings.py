"""All words of staff that lie over the files of the content."""

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
    """All that staff have ever said.

    The count is read before the words: on PostgreSQL each statement sees what others have committed by then, and old
    words under a new count would be taken for up to date. New words under an old count are only read once more.
    """
    count = revision(connection)
    return Sayings(tuple(offers.everything(connection)), tuple(broadcasts.wordings(connection)), count)


def revision(connection: Connection) -> int:
    """Counts everything that staff ever said: another number, other words."""
    return int(connection.execute(_REVISION).scalar_one())
