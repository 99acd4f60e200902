"""Sentences of staff translated by a machine, stored by the hash of engine, languages and masked sentence."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from bot.db.schema import translation
from bot.db.upsert import insert_into

PAGE = 500
"""Keys in one query, far below the limit of either database."""


def known(connection: Connection, keys: Collection[str]) -> dict[str, str]:
    """The known translations of these keys."""
    found: dict[str, str] = {}
    ordered = list(keys)
    for start in range(0, len(ordered), PAGE):
        page = ordered[start : start + PAGE]
        query = select(translation.c.key, translation.c.words).where(translation.c.key.in_(page))
        found.update((key, words) for key, words in connection.execute(query))
    return found


def keep(connection: Connection, made: Mapping[str, str], now: datetime) -> None:
    """Stores translations. A translation that another process stored a moment ago stays."""
    rows = [{"key": key, "words": words, "made_at": now} for key, words in made.items()]
    connection.execute(insert_into(connection, translation).on_conflict_do_nothing(), rows)


def forget_old(connection: Connection, before: datetime) -> int:
    """Deletes translations made before then. Returns how many."""
    return connection.execute(delete(translation).where(translation.c.made_at < before)).rowcount
