"""One connection to PostgreSQL: to the server that can be written, with our settings and its own session."""

from __future__ import annotations

from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.db.engine import DatabaseRefused, place

WRITABLE = "read-write"
PATIENCE = 2.0
"""Seconds that each of several servers has to answer. A dead machine says nothing while another one waits."""
SHARED = (
    "what stands between shares its sessions (PgBouncer with pool_mode=transaction or statement): Lotse needs one for"
    " each connection. Set pool_mode=session for this database there, or name PostgreSQL itself"
)
_PROCESS = text("SELECT pg_backend_pid()")


class NoneToWrite(ConnectionError):
    """Only standby servers answer, which cannot be written."""


async def connect(
    *,
    host: str | list[str] | None = None,
    port: int | list[int] | None = None,
    settings: dict[str, str] | None = None,
    **options: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401 - asyncpg has no types
    """A connection of asyncpg to the first of these servers that can be written.

    `settings` are set after connecting: a PgBouncer in between refuses clients that bring them along.

    Raises:
        OSError: none of them can be reached or (NoneToWrite) written.
        asyncpg.PostgresError: the last server's error.
    """
    options.setdefault("target_session_attrs", WRITABLE)
    servers = (
        list(zip(host, port, strict=True)) if isinstance(host, list) and isinstance(port, list) else [(host, port)]
    )
    if len(servers) > 1:
        options.setdefault("timeout", PATIENCE)
    for server in servers:
        try:
            return await _connect(*server, settings or {}, options)
        except (OSError, asyncpg.PostgresError):
            if server is servers[-1]:
                raise
    raise AssertionError("there is at least one")


async def _connect(host: Any, port: Any, settings: dict[str, str], options: dict[str, Any]) -> Any:  # noqa: ANN401
    try:
        wire = await asyncpg.connect(host=host, port=port, **options)
    except asyncpg.TargetServerAttributeNotMatched as error:
        raise NoneToWrite("it can only be read, and stands by for another server") from error
    if settings:
        await wire.execute("; ".join(f"SET {name} = {value}" for name, value in settings.items()))
    return wire


async def require_own_session(engine: AsyncEngine) -> None:
    """Checks that nothing between here and the server gives one session to several connections.

    Such a pooler makes up the id of the server's process. If the id is right, there is none.

    Raises:
        DatabaseRefused: there is one.
    """
    async with engine.connect() as one:
        wire: Any = (await one.get_raw_connection()).driver_connection
        told = wire.get_server_pid()
        ours = {await _process(one)}
        if ours == {told}:
            return
        ours.add(await _process(one))
        async with engine.connect() as other:
            theirs = await _process(other)
    if len(ours) > 1 or theirs in ours:
        raise DatabaseRefused(f"Cannot use PostgreSQL at {place(engine.url)}: {SHARED}.")


async def _process(connection: AsyncConnection) -> int:
    async with connection.begin():
        return int(await connection.scalar(_PROCESS))
