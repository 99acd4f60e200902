"""`lotse key`: look after the keys of sealed texts. The bot may run while they are rotated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from sqlalchemy import Connection

from bot import run_file
from bot.db import beside, keys, replica, resealing
from bot.db.engine import open_database
from bot.refusal import ForOperator

OTHERS = 0o077
"""Rights of everybody but the owner."""


class KeyRefused(ForOperator):
    """Nothing was done to the keys; the text says why."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whoever keeps the keys of one database. `questions` are those whose answers are sealed."""

    url: str
    data_dir: Path
    questions: Collection[str]
    screen: TextIO

    def check(self) -> int:
        """Say whether the key file fits, and how much is sealed how; 1 where something is left to do."""
        counts = beside.read(self.url, lambda tx: list(resealing.left(tx, self.questions)))
        file = keys.key_file()
        former = len(file.ring.keys) - 1
        self._say(f"The key file {file.path} fits. Newest key: {file.ring.newest}; former keys: {former}.")
        for column, sealed, old, plain in counts:
            self._say(f"{column:<24} sealed {sealed:>9,}   with a former key {old:>9,}   plain yet {plain:>9,}")
        if open_to_others := bool(file.path.stat().st_mode & OTHERS):
            self._say(f"Others on this machine may read the file: run `chmod 600 {file.path}`.")
        todo = sum(old + plain for _, _, old, plain in counts)
        if todo:
            self._say("Start the bot, or run `lotse key rotate`: either seals the rest with the newest key.")
        return 1 if todo or open_to_others else 0

    async def rotate(self) -> int:
        """Make a new key, and seal everything with it; one that was begun and not finished is finished."""
        run = partial(beside.write, self.url)
        if number := await run(replica.serving):
            self._say(
                f"Processes that serve this database: {number}. Each must read this very file: where one does not,"
            )
            self._say("people wait until it has the new key. See docs/operate.md, Several machines.")
        await run(_begin)
        newest = keys.key_file().ring.newest
        self._say(f"Newest key: {newest}. Keep a copy of {keys.key_file().path} now, apart from the database.")
        sealed = await resealing.seal_all(run, self.questions)
        self._say(f"{sealed:,} values were sealed with it. Former keys stay in the file: older backups need them.")
        self._say("To throw them away, stop the bot and run `lotse key forget`.")
        return 0

    async def forget(self) -> int:
        """Throw former keys away, once nothing is sealed with them any more."""
        try:
            with run_file.found(self.data_dir):
                raise KeyRefused("The bot is running and may still use a former key. Stop it first.")
        except run_file.ReloadRefused:
            pass
        database = await open_database(self.url)
        try:
            if number := await database.run(replica.serving):
                raise KeyRefused(
                    f"Processes that serve this database: {number}. They may use a former key: stop them."
                )
            await resealing.seal_all(database.run, self.questions)
            await database.run(resealing.forget_others)
        finally:
            await database.close()
        file = keys.key_file()
        gone = len(file.ring.keys) - 1
        file.change(file.ring.only_newest())
        self._say(f"{gone} former keys were thrown away. Backups made until now cannot be used any more: make one.")
        return 0

    def _say(self, line: str) -> None:
        print(line, file=self.screen)


def _begin(connection: Connection) -> None:
    """A new key, unless there is one that not everything is sealed with yet."""
    file = keys.key_file()
    file.read()
    if resealing.is_complete(connection) or len(file.ring.keys) == 1:
        file.change(file.ring.with_new_key())
        resealing.add(connection)
