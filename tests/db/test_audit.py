"""The audit trail: one chain, whoever writes at the same moment; a person who goes takes the pseudonym along."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import DBAPIError

from bot.db import audit
from bot.db.engine import Database
from bot.db.rights import erasure
from bot.db.schema import audit_entry, audit_person
from tests.db.rows import NOW, new_participant


def rows(connection: Connection) -> list[audit.Entry]:
    return [audit.Entry(*row) for row in connection.execute(select(audit_entry).order_by(audit_entry.c.id))]


async def test_entries_hang_together_whoever_writes_at_the_same_moment(database: Database) -> None:
    await asyncio.gather(
        *(
            database.run(lambda tx, n=n: audit.append(tx, NOW, "sent", "staff:1", None, f"broadcast {n}"))  # type: ignore[misc]
            for n in range(30)
        )
    )
    found = await database.run(rows)
    assert [one.id for one in found] == list(range(1, 31))
    assert len({one.what for one in found}) == 30
    before = ""
    for one in found:
        assert one.hash == audit.hash_of(one, before)
        before = one.hash


async def test_no_entry_can_be_changed(database: Database) -> None:
    await database.run(lambda tx: audit.append(tx, NOW, "sent", "staff:1", None, "broadcast 1"))
    with pytest.raises(DBAPIError):
        await database.run(lambda tx: tx.execute(update(audit_entry).values(what="broadcast 2")))
    assert [one.what for one in await database.run(rows)] == ["broadcast 1"]


async def test_who_is_erased_is_nobody_in_the_chain_and_it_stays_whole(database: Database) -> None:
    person = await database.run(lambda tx: new_participant(tx, 5))
    for deed in ("profile_seen", "moved"):
        await database.run(lambda tx, deed=deed: audit.append(tx, NOW, deed, "staff:1", person, ""))  # type: ignore[misc]
    first, second = await database.run(rows)
    assert first.about == second.about == await database.run(lambda tx: audit.pseudonym(tx, person))
    await database.run(lambda tx: erasure.erase_chat(tx, 5))
    assert await database.run(rows) == [first, second]
    assert await database.run(lambda tx: tx.execute(select(audit_person)).all()) == []


async def swap(database: Database, *people: int, marks: bool) -> None:
    """Two people's pseudonyms stand with each other; with `marks` what holds them together goes along."""

    def change(tx: Connection) -> None:
        columns = ("pseudonym", "mark") if marks else ("pseudonym",)
        row = select(*(audit_person.c[name] for name in columns))
        first, second = (
            dict(tx.execute(row.where(audit_person.c.participant_id == one)).one()._mapping) for one in people
        )
        put = update(audit_person)
        tx.execute(put.where(audit_person.c.participant_id == people[0]).values(pseudonym="nobody"))
        tx.execute(put.where(audit_person.c.participant_id == people[1]).values(first))
        tx.execute(put.where(audit_person.c.participant_id == people[0]).values(second))

    await database.run(change)


async def two(database: Database) -> tuple[int, int]:
    """Two people with an entry about each."""
    one, other = [await database.run(lambda tx, chat=chat: new_participant(tx, chat)) for chat in (5, 6)]  # type: ignore[misc]
    for person in (one, other):
        await database.run(lambda tx, about=person: audit.append(tx, NOW, "profile_seen", "staff:1", about, ""))  # type: ignore[misc]
    return one, other


@pytest.mark.parametrize("marks", [True, False])
async def test_two_pseudonyms_that_were_swapped_are_seen(database: Database, marks: bool) -> None:
    one, other = await two(database)
    assert (await database.run(audit.verify)).strangers == 0
    await swap(database, one, other, marks=marks)
    found = await database.run(audit.verify)
    assert (found.broken_at, found.strangers) == (None, 2)
