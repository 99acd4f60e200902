"""Avoids paying twice: translated sentences of staff are stored in the database by their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Protocol

from bot.clock import Clock
from bot.db.broadcasts import translations
from bot.db.engine import Database


class Cache(Protocol):
    """Remembers the translations of masked texts."""

    async def known(self, keys: Collection[str]) -> Mapping[str, str]:
        """The known translations, by key."""
        ...

    async def keep(self, made: Mapping[str, str]) -> None:
        """Stores translations by their keys."""
        ...


class Stored:
    """Stores in the table `translation`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def known(self, keys: Collection[str]) -> Mapping[str, str]:
        """The known translations, in one query."""
        return await self._database.run(lambda tx: translations.known(tx, keys)) if keys else {}

    async def keep(self, made: Mapping[str, str]) -> None:
        """Stores translations, in one transaction."""
        if made:
            await self._database.run(lambda tx: translations.keep(tx, made, self._clock()))


class Forgetful:
    """Remembers nothing, for a command that must not open the database of a running bot."""

    async def known(self, keys: Collection[str]) -> Mapping[str, str]:
        """Nothing is known."""
        del keys
        return {}

    async def keep(self, made: Mapping[str, str]) -> None:
        """Nothing is kept."""


def key_of(engine: str, source: str, target: str, masked: str) -> str:
    """The hash that is the key: 64 hexadecimal digits."""
    return hashlib.sha256(f"{engine}\0{source}\0{target}\0{masked}".encode()).hexdigest()
