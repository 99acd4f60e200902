"""The way to PostgreSQL: through a pooler, to the one of several servers that may be written, by an odd address."""

from __future__ import annotations

import asyncio
import socket

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from bot.db import beside, wire
from bot.db.engine import DatabaseAway, DatabaseRefused, address, open_database, place
from bot.db.postgres import PostgresDatabase
from tests.db.pooler import pooler
from tests.ports import free_port
from tests.waiting import LIMIT


def jit(connection: Connection) -> str:
    """A setting that is ours on each connection."""
    return str(connection.execute(text("SHOW jit")).scalar_one())


async def test_a_pooler_that_keeps_a_session_for_each_is_none_of_our_business(postgres_url: str) -> None:
    async with pooler(postgres_url, shared=False) as url:
        database = await open_database(url)
        try:
            assert await asyncio.gather(*(database.run(jit) for _ in range(3))) == ["off"] * 3
        finally:
            await database.close()


async def test_a_pooler_that_shares_sessions_is_refused(postgres_url: str) -> None:
    async with pooler(postgres_url, shared=True) as url:
        with pytest.raises(DatabaseRefused, match="pool_mode=session"):
            await open_database(url)


async def test_the_connection_aside_has_our_settings(postgres_url: str) -> None:
    database = await open_database(postgres_url)
    assert isinstance(database, PostgresDatabase)
    aside = await database._connect()
    try:
        assert await aside.fetchval("SHOW lock_timeout") == "1s"
        assert await aside.fetchval("SHOW jit") == "off"
    finally:
        await aside.close()
        await database.close()


async def test_of_several_servers_the_one_that_is_there_is_taken(postgres_url: str) -> None:
    async with pooler(postgres_url, shared=False) as url:  # a way to it over TCP, wherever it is
        there = make_url(url)
        several = [f"127.0.0.1:{free_port()}", f"127.0.0.1:{there.port}"]
        both = there.set(host=None, port=None).update_query_dict({"host": several})
        database = await open_database(both.render_as_string(hide_password=False))
        assert await database.run(jit) == "off"
        await database.close()


async def test_one_that_says_nothing_does_not_keep_from_the_next(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with pooler(postgres_url, shared=False) as url:
            there = make_url(url)
            several = [f"127.0.0.1:{silent.getsockname()[1]}", f"127.0.0.1:{there.port}"]
            both = there.set(host=None, port=None).update_query_dict({"host": several})
            async with asyncio.timeout(LIMIT):
                database = await open_database(both.render_as_string(hide_password=False))
            await database.close()


async def test_a_server_that_can_only_be_read_is_waited_for(postgres_url: str) -> None:
    name = make_url(postgres_url).database
    ours = await open_database(postgres_url)
    await ours.run(lambda tx: tx.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on")))
    try:
        with pytest.raises(DatabaseAway, match="it can only be read"):
            await open_database(postgres_url)
    finally:
        await ours.run(lambda tx: tx.execute(text(f"ALTER DATABASE {name} RESET default_transaction_read_only")))
        await ours.close()
    await (await open_database(postgres_url)).close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://lotse@first:5432,second:5432/lotse",
        "postgresql://lotse@/lotse?host=first,second",
        "postgresql://lotse@/lotse?host=first:5432&host=second",
    ],
)
def test_several_servers_that_are_written_otherwise_are_refused_with_how_to_write_them(url: str) -> None:
    with pytest.raises(DatabaseRefused, match="host=first:5432&host=second:5432"):
        address(url)


def test_a_port_that_is_no_number_is_refused() -> None:
    with pytest.raises(DatabaseRefused, match="is no address"):
        address("postgresql://lotse@there:port/lotse")


async def test_what_the_driver_takes_as_a_number_may_stand_in_an_address(postgres_url: str) -> None:
    more = make_url(postgres_url).update_query_dict({"timeout": "30", "statement_cache_size": "0"})
    await (await open_database(more.render_as_string(hide_password=False))).close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://u:p@there/lotse", "there, database lotse"),
        ("postgresql://u:p@/lotse", "the local socket, database lotse"),
        ("postgresql://u:p@/lotse?host=a:1&host=b:2", "a:1 or b:2, database lotse"),
        ("postgresql://u:p@there", "there, database of the name of the user"),
    ],
)
def test_where_it_is_can_be_told(url: str, told: str) -> None:
    assert place(address(url)) == told


HUSH = "hush%40hush"
BROKEN = [
    ("sqlite:///lotse.db?timeout=z", "SQLite file"),
    ("sqlite:///lotse.db?mode=ro&uri=true", "SQLite file"),
    ("sqlite:///:memory:", "has no file"),
    ("sqlite://lotse.db", "has no file"),
    ("lotse.db", "is no address"),
    (f"mysql://u:{HUSH}@there/lotse", "names mysql"),
    (f"postgres://u:{HUSH}@there/lotse", r"names postgres\. Use .*postgresql\+asyncpg"),
    (f"postgresql://u:{HUSH}@there:99999/lotse", "ports are 1 to 65535"),
    (f"postgresql://u:{HUSH}@there:0/lotse", "ports are 1 to 65535"),
    (f"postgresql://u:{HUSH}@there:-1/lotse", "ports are 1 to 65535"),
    (f"postgresql://u:{HUSH}@there/lotse?port=99999", "ports are 1 to 65535"),
    (f"postgresql://u:{HUSH}@/lotse?host=a:1&host=b:99999", "ports are 1 to 65535"),
    (f"postgresql://u:{HUSH}@there/lotse?timeout=z", "timeout in DATABASE_URL is not a number"),
    (f"postgresql://u:{HUSH}@there/lotse?command_timeout=0", "command_timeout in DATABASE_URL is not a number"),
    (f"postgresql://u:{HUSH}@there/lotse?statement_cache_size=x", "statement_cache_size in DATABASE_URL"),
    (f"postgresql://u:{HUSH}@there/lotse?prepared_statement_cache_size=x", "is not known here"),
    (f"postgresql://u:{HUSH}@there/lotse?loop=1", "says loop, which is not known here"),
    (f"postgresql://u:{HUSH}@there/lotse?sslmode=nonsense", "sslmode in DATABASE_URL is one of"),
    (f"postgresql://u:{HUSH}@there/lotse?target_session_attrs=x", "is one of any, primary, read-write"),
    (f"postgresql://u:{HUSH}@there/lotse?user=a&user=b", "says user more than once"),
    ("postgresql://u:hush@hush@there/lotse", "write @ as %40"),
    ("postgresql://u:p@hush/hush@there/lotse", "write @ as %40"),
]


@pytest.mark.parametrize(("url", "words"), BROKEN)
def test_a_broken_address_is_refused_with_what_to_write_and_without_its_password(url: str, words: str) -> None:
    with pytest.raises(DatabaseRefused, match=words) as refused:
        address(url)
    assert "hush" not in str(refused.value)
    assert "hush" not in repr(refused.value.__cause__)


def test_a_number_in_an_address_counts_also_where_it_is_only_read(postgres_url: str) -> None:
    more = make_url(postgres_url).update_query_dict({"timeout": "30.5", "statement_cache_size": "0"})
    found = beside.read(
        more.render_as_string(hide_password=False), lambda tx: tx.scalar(text("SELECT 1")), check=False
    )
    assert found == 1
