"""What a machine has translated: kept by its hash, and not for ever."""

from __future__ import annotations

from datetime import timedelta

from bot.db.broadcasts import translations
from bot.db.engine import Database
from tests.db.rows import NOW, OTHER

DAY = timedelta(days=1)


async def test_translations_are_found_by_their_keys_and_the_first_stays(database: Database) -> None:
    many = {f"{number:064}": f"{OTHER} {number}" for number in range(1200)}
    await database.run(lambda tx: translations.keep(tx, many, NOW))
    await database.run(lambda tx: translations.keep(tx, {"0" * 64: "another"}, NOW))
    found = await database.run(lambda tx: translations.known(tx, [*many, "unknown"]))
    assert found == many
    assert await database.run(lambda tx: translations.known(tx, [])) == {}


async def test_old_ones_go(database: Database) -> None:
    await database.run(lambda tx: translations.keep(tx, {"old": "a"}, NOW - DAY))
    await database.run(lambda tx: translations.keep(tx, {"new": "b"}, NOW))
    assert await database.run(lambda tx: translations.forget_old(tx, NOW)) == 1
    assert await database.run(lambda tx: translations.known(tx, ["old", "new"])) == {"new": "b"}
