"""What staff said about offers in the chat: new offers, and differences from the files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from bot.core.offers import Said
from bot.db.schema import offer

OWN = "own_"
"""How the ids of offers made in the chat begin."""
_COLUMNS = tuple(offer.c[name] for name in Said.__dataclass_fields__)


def everything(connection: Connection) -> list[Said]:
    """Everything that staff ever said, the oldest offers first."""
    return [Said(*row) for row in connection.execute(select(*_COLUMNS).order_by(offer.c.own, offer.c.id))]


def load(connection: Connection, offer_id: str) -> Said | None:
    """What was said about one offer."""
    row = connection.execute(select(*_COLUMNS).where(offer.c.id == offer_id)).first()
    return None if row is None else Said(*row)


def next_id(connection: Connection) -> str:
    """An id for an offer made in the chat. Two at the same moment collide, and the second one tries again."""
    number = connection.execute(select(func.count()).where(offer.c.own)).scalar_one()
    return f"{OWN}{number + 1}"


def write(
    connection: Connection, said: Said, fields: Mapping[str, Any], texts: Mapping[str, Any], by: int, now: datetime
) -> Said:
    """Adds words of staff to what was said before. A field of None means "empty"."""
    languages = {**said.texts}
    for language, words in texts.items():
        languages[language] = {**languages.get(language, {}), **words}
    new = replace(said, fields={**said.fields, **fields}, texts=languages)
    _put(connection, new, by, now)
    return new


def withdraw(connection: Connection, said: Said, by: int, now: datetime) -> None:
    """Withdraws an offer."""
    _put(connection, replace(said, withdrawn_at=now), by, now)


def offer_again(connection: Connection, said: Said, by: int, now: datetime) -> None:
    """Offers a withdrawn one again."""
    _put(connection, replace(said, withdrawn_at=None), by, now)


def fill(connection: Connection, said: Said, by: int, now: datetime) -> None:
    """Marks an opening as filled."""
    _put(connection, replace(said, filled_at=now), by, now)


def free_again(connection: Connection, said: Said, by: int, now: datetime) -> None:
    """Makes a filled opening available again."""
    _put(connection, replace(said, filled_at=None), by, now)


def _put(connection: Connection, said: Said, by: int, now: datetime) -> None:
    row = {
        "own": said.own,
        "fields": dict(said.fields),
        "texts": {language: dict(words) for language, words in said.texts.items()},
        "withdrawn_at": said.withdrawn_at,
        "filled_at": said.filled_at,
        "changed_at": now,
        "changed_by": by,
        "revision": said.revision + 1,
    }
    written = connection.execute(update(offer).where(offer.c.id == said.id).values(row))
    if not written.rowcount:
        connection.execute(insert(offer).values(id=said.id, **row))
