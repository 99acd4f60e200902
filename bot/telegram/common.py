"""What most parts of this room work with: the database, the content and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from bot.clock import Clock
from bot.content.loader import Content
from bot.content.shelf import Shelf
from bot.db.engine import Database
from bot.services.turn import Turn

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Common:
    """The same three for every part of a process."""

    database: Database
    shelf: Shelf
    clock: Clock

    @property
    def content(self) -> Content:
        """What is said and asked now; whoever needs two things of it takes it once."""
        return self.shelf.content

    def turn(self, connection: Connection) -> Turn:
        """What a use case is given in this transaction: the content and the time of this moment."""
        return Turn(connection, self.content, self.clock())

    async def run(self, use_case: Callable[[Turn], T]) -> T:
        """What a use case answers that runs in a transaction of its own."""
        return await self.database.run(lambda tx: use_case(self.turn(tx)))
