"""What a machine makes of a talk is nobody's to keep but the talk's."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, func, select

from bot.content.shelf import Shelf
from bot.core.threads import TEXT, Author
from bot.db import threads
from bot.db.engine import open_database
from bot.db.schema import translation
from bot.telegram.interpreter import Interpreter
from bot.translation.cache import Stored
from bot.translation.tokens import Bracketed, Tokens
from bot.translation.translator import MachineTranslator
from tests.db.rows import NOW, new_participant
from tests.running import minden


class Engine:
    """An engine that says the same of everything."""

    name = "told"
    tokens: Tokens = Bracketed()
    limit, batch = 1000, 1

    def size(self, text: str) -> int:
        return len(text)

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        del source, target
        return ["Wo ist der Raum?" for _ in texts]

    async def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize("author", [Author.PERSON, Author.STAFF])
async def test_words_of_talks_are_not_remembered_with_those_of_broadcasts(database_url: str, author: Author) -> None:
    database = await open_database(database_url)

    def asked(connection: Connection) -> None:
        talk = threads.begin(connection, new_participant(connection, 5), NOW)
        threads.add(connection, talk, author, TEXT, NOW, text="Where is the room?", interpret=True)

    await database.run(asked)
    shelf = Shelf(minden())
    machine = MachineTranslator(Engine(), Stored(database, lambda: NOW))
    await Interpreter(machine, database, shelf, lambda: NOW, hosted=True).step()
    message = await database.run(lambda tx: threads.message(tx, 1))
    assert message is not None
    assert message.machine == "Wo ist der Raum?"
    rows = select(func.count()).select_from(translation)
    assert await database.run(lambda tx: tx.execute(rows).scalar_one()) == 0
    await database.close()
