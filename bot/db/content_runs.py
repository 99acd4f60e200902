"""Which content ran when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.db.schema import content_run


def record(connection: Connection, town: str, revision: str, outline: Mapping[str, Any], now: datetime) -> None:
    """Record that this content runs from now on.

    Where it ran already, its row stays and only the outline is written anew: a newer Lotse may see more in the same
    files.
    """
    row = connection.execute(
        select(content_run.c.id, content_run.c.revision)
        .where(content_run.c.town == town)
        .order_by(content_run.c.id.desc())
        .limit(1)
    ).first()
    if row is not None and row.revision == revision:
        connection.execute(update(content_run).where(content_run.c.id == row.id).values(outline=outline))
        return
    connection.execute(insert(content_run), {"town": town, "revision": revision, "taken_at": now, "outline": outline})
