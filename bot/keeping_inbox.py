"""`lotse inbox`: what was set aside because it could not be handled. The bot may run meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import TextIO

from bot.db import beside, inbox
from bot.db.engine import UseCase


def parked(url: str, screen: TextIO) -> None:
    """Name each: its number, why, and since when. What it says and whose it is stays where it is."""
    found = beside.read(url, inbox.aside)
    for one in found:
        print(f"{one.update_id:>12}  {one.received_at:%Y-%m-%d %H:%M} UTC  {one.reason}", file=screen)
    print(f"{len(found)} set aside. The lines `update_parked` of the log say where it failed.", file=screen)


def retry(url: str, updates: Collection[int], screen: TextIO) -> None:
    """Have them (all, where none is named) worked on once more, say after a fault was mended."""
    number = _written(url, lambda tx: inbox.retry(tx, updates))
    when = "at the next start of the bot" if url.startswith("sqlite") else "within seconds, where a bot runs"
    print(f"{number} are worked on once more, {when}.", file=screen)


def drop(url: str, updates: Collection[int], screen: TextIO) -> None:
    """Forget them (all, where none is named), so that they are never worked on."""
    number = _written(url, lambda tx: inbox.drop(tx, updates))
    print(f"{number} are forgotten.", file=screen)


def _written(url: str, use_case: UseCase[int]) -> int:
    """A use case in a database that is there: none is made for it."""
    beside.read(url, lambda _: None)
    return asyncio.run(beside.write(url, use_case))
