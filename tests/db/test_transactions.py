"""What `Database.run` promises, whichever database it is."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import asyncpg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, StatementError

from bot.db import chats, engine
from bot.db.engine import Database, DatabaseAway, DatabaseRefused, open_database
from tests.db.rows import CHAT, NOW, loaded, new_chat

ASKS_FOR_TLS = (80877103).to_bytes(4, "big")
"""What a client of PostgreSQL may say first."""
SOME = 4


def ids(connection: Connection) -> list[int]:
    return list(connection.execute(text("SELECT id FROM chat ORDER BY id")).scalars())


class Broken(Exception):
    """A use case's own mistake."""


def broken(connection: Connection) -> None:
    new_chat(connection, 666)
    raise Broken


async def test_the_result_comes_when_another_process_could_read_what_was_written(
    database: Database, database_url: str
) -> None:
    def use_case(connection: Connection) -> str:
        new_chat(connection, 1)
        return "done"

    assert await database.run(use_case) == "done"
    assert await _read_from_outside(database_url) == [1]


async def test_an_exception_comes_to_its_own_caller_and_takes_back_its_own_rows_only(database: Database) -> None:
    def good(chat_id: int) -> asyncio.Future[None]:
        return asyncio.ensure_future(database.run(lambda tx: new_chat(tx, chat_id)))  # noqa: TID251 - awaited below

    first = good(1)
    failing = asyncio.ensure_future(database.run(broken))  # noqa: TID251
    last = good(2)
    outcome = await asyncio.gather(first, failing, last, return_exceptions=True)
    assert [type(one) for one in outcome] == [type(None), Broken, type(None)]
    assert await database.run(ids) == [1, 2]


async def test_a_refused_statement_harms_nobody_else(database: Database) -> None:
    await database.run(lambda tx: new_chat(tx, 1))
    outcome = await asyncio.gather(
        *(database.run(lambda tx, one=one: new_chat(tx, one)) for one in (2, 1, 3)),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert [type(one) for one in outcome] == [type(None), IntegrityError, type(None)]
    assert await database.run(ids) == [1, 2, 3]


async def test_foreign_keys_are_enforced(database: Database) -> None:
    orphan = text("INSERT INTO participant (chat_id, created_at, draft, from_summary) VALUES (9, :now, '', :no)")
    with pytest.raises(IntegrityError):
        await database.run(lambda tx: tx.execute(orphan.bindparams(now=NOW.replace(tzinfo=None), no=False)))


async def test_who_no_longer_waits_disturbs_nobody(database: Database) -> None:
    waiting = [
        asyncio.ensure_future(database.run(lambda tx, one=one: new_chat(tx, one)))  # type: ignore[misc]  # noqa: TID251
        for one in range(1, 6)
    ]
    await asyncio.sleep(0)  # each has come as far as waiting for its turn
    waiting[2].cancel()
    outcome = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one) for one in outcome if one is not None] == [asyncio.CancelledError]
    await database.run(lambda tx: new_chat(tx, 9))
    assert set(await database.run(ids)) >= {1, 2, 4, 5, 9}


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="without zone"):
        await database.run(lambda tx: new_chat(tx, 1, created_at=naive))
    assert await database.run(ids) == []


async def test_a_time_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    moments = [
        NOW,
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2))),  # the hour that comes twice
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1))),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2099, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ]
    for number, moment in enumerate(moments):
        await database.run(
            lambda tx, n=number, m=moment: new_chat(tx, n, created_at=m, seen_at=m, blocked_at=None)  # type: ignore[misc]
        )
        row = await database.run(lambda tx, n=number: loaded(tx, n))  # type: ignore[misc]
        assert (row.created_at, row.created_at.tzinfo, row.blocked_at) == (moment, UTC, None)


async def test_times_compare_by_the_moment_not_by_the_zone(database: Database) -> None:
    plus_two = timezone(timedelta(hours=2))
    await database.run(lambda tx: new_chat(tx, seen_at=datetime(2026, 7, 1, 12, 0, tzinfo=plus_two)))
    before, after = datetime(2026, 7, 1, 9, 59, tzinfo=UTC), datetime(2026, 7, 1, 10, 1, tzinfo=UTC)
    assert await database.run(lambda tx: chats.owed(tx, before, timedelta(0))) == []
    assert await database.run(lambda tx: chats.owed(tx, after, timedelta(0))) == [CHAT.id]


async def test_an_unknown_kind_of_database_is_refused_with_what_to_write() -> None:
    with pytest.raises(DatabaseRefused, match=r"sqlite:///data/lotse\.db or postgresql"):
        await open_database("mysql://somewhere/lotse")


async def test_a_postgres_that_does_not_answer_is_away_and_told_without_its_password() -> None:
    with pytest.raises(DatabaseAway, match=r"Cannot use PostgreSQL at 127\.0\.0\.1") as away:
        await open_database("postgresql+asyncpg://lotse:hush-hush@127.0.0.1:1/lotse")
    assert "hush" not in str(away.value)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("sslmode=prefer", "Cannot use PostgreSQL"),
        ("sslmode=prefer&channel_binding=hush", "says channel_binding, which"),
    ],
)
async def test_an_address_that_other_programs_take_is_taken_or_refused_by_name(more: str, words: str) -> None:
    with pytest.raises((DatabaseAway, DatabaseRefused), match=words) as refused:
        await open_database(f"postgresql://lotse:hush-hush@127.0.0.1:1/lotse?{more}")
    assert "hush" not in str(refused.value)


@pytest.mark.row(23)
@pytest.mark.parametrize(("state", "kind"), [("57P03", DatabaseAway), ("28P01", DatabaseRefused)])
async def test_a_postgres_that_is_starting_up_is_away_and_one_that_knows_us_not_refuses(
    state: str, kind: type[Exception]
) -> None:
    async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (await reader.read(1000))[4:8] == ASKS_FOR_TLS:
            writer.write(b"N")
            await reader.read(1000)
        fields = f"SFATAL\0VFATAL\0C{state}\0Mwords\0\0".encode()
        writer.write(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(says, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(kind, match="Cannot use PostgreSQL"):
            await open_database(f"postgresql+asyncpg://lotse:word@127.0.0.1:{port}/lotse")


@pytest.mark.row(23)
@pytest.mark.postgres
async def test_a_line_that_is_cut_in_the_middle_of_a_word_is_away(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut(*_: object, **__: object) -> None:
        raise asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")

    database = await open_database(postgres_url)
    with monkeypatch.context() as patch:
        patch.setattr(asyncpg.Connection, "prepare", cut)
        with pytest.raises(DatabaseAway):
            await database.run(ids)
        with pytest.raises(DatabaseAway):
            await database.run(lambda tx: chats.load(tx, 1))  # a statement that is worked out once
    assert await database.run(ids) == []
    await database.close()


async def test_a_database_that_is_away_at_the_start_is_waited_for_until_the_process_is_to_end(
    monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setattr(engine, "PAUSE", 0.001)
    stop, tries = asyncio.Event(), list[int]()

    async def opened() -> Database:
        tries.append(1)
        if len(tries) < SOME:
            raise DatabaseAway("starting up")
        return database

    assert await engine.when_there(opened, stop) is database
    assert len(tries) == SOME

    async def never() -> Database:
        stop.set()
        raise DatabaseAway("starting up")

    assert await engine.when_there(never, stop) is None


async def _read_from_outside(url: str) -> list[int]:
    other = await open_database(url) if url.startswith("postgres") else None
    if other is None:
        return _read_file(url.removeprefix("sqlite:///"))
    found = await other.run(ids)
    await other.close()
    return found


def _read_file(path: str) -> list[int]:
    import sqlite3  # noqa: PLC0415
    from contextlib import closing  # noqa: PLC0415

    with closing(sqlite3.connect(path)) as reader:
        return [row[0] for row in reader.execute("SELECT id FROM chat")]
