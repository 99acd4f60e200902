"""What a machine makes of a talk is nobody's to keep but the talk's."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, func, select

from bot.content.shelf import Shelf
from bot.core.threads import TEXT, Author
from bot.db.engine import open_database
from bot.db.people import participants
from bot.db.schema import translation
from bot.db.threads import threads
from bot.services.rights import consent_texts
from bot.telegram.common import Common
from bot.telegram.interpreter import Interpreter
from bot.translation.cache import Stored
from bot.translation.tokens import Bracketed, Tokens
from bot.translation.translator import MachineTranslator
from tests.db.rows import NOW, new_participant
from tests.running import CONTENT, minden, read_once


class Engine:
    """An engine that says the same of everything."""

    name = "told"
    tokens: Tokens = Bracketed()
    limit, batch = 1000, 1

    def size(self, text: str) -> int:
        return len(text)

    def __init__(self) -> None:
        self.calls = 0

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        del source, target
        self.calls += 1
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
    await Interpreter(Common(database, shelf, lambda: NOW), machine, hosted=True).step()
    message = await database.run(lambda tx: threads.message(tx, 1))
    assert message is not None
    assert message.machine == "Wo ist der Raum?"
    rows = select(func.count()).select_from(translation)
    assert await database.run(lambda tx: tx.execute(rows).scalar_one()) == 0
    await database.close()


async def test_a_service_outside_is_called_from_a_persons_yes_to_their_no(database_url: str) -> None:
    database = await open_database(database_url)
    person = await database.run(lambda tx: new_participant(tx, 5, language="ar"))
    talk = await database.run(lambda tx: threads.begin(tx, person, NOW))
    content, other = (read_once(CONTENT, "minden", service)[0] for service in ("deepl", "google"))
    shelf, engine = Shelf(content), Engine()
    machine = MachineTranslator(engine, Stored(database, lambda: NOW))
    outside, own = (
        Interpreter(Common(database, shelf, lambda: NOW), machine, hosted=hosted) for hosted in (False, True)
    )

    async def calls(interpreter: Interpreter) -> int:
        before = engine.calls
        words = {"text": "Where is the room?", "interpret": True}
        await database.run(lambda tx: threads.add(tx, talk, Author.PERSON, TEXT, NOW, **words))
        await interpreter.step()
        return engine.calls - before

    assert (await calls(outside), await calls(own)) == (0, 1)
    version = consent_texts.version(content, "translation", "ar")
    given = {"language": "ar", "text_version": version, "now": NOW}
    await database.run(lambda tx: participants.give_consent(tx, person, "translation", **given))  # type: ignore[arg-type]
    assert await calls(outside) == 1
    shelf.put(other)
    assert await calls(outside) == 0, "a yes to another service"
    shelf.put(content)
    assert await calls(outside) == 1
    await database.run(lambda tx: participants.withdraw_consent(tx, person, "translation", NOW))
    assert await calls(outside) == 0
    await database.close()
