"""A line between a bot and its database: slow, cut (silently, like a network), or with nobody at its end."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Self

from sqlalchemy.engine import URL, make_url

PIECE = 1 << 16
"""Bytes."""


class Line:
    """A way to a PostgreSQL server: `async with Line(url) as line: ... line.url`."""

    def __init__(self, url: str) -> None:
        self.seconds = 0.0
        """By how much the client's data is delayed."""
        self.away = False
        """Whether nobody is there: connections are closed without a word."""
        self.passed = 0
        """Pieces of data from clients."""
        self._there = make_url(url)
        self._open = asyncio.Event()
        self._open.set()
        self._nursery = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server
        self.url = ""

    async def __aenter__(self) -> Self:
        await self._nursery.__aenter__()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        here = URL.create(
            *(self._there.drivername, self._there.username, self._there.password, "127.0.0.1", port),
            self._there.database,
        )
        self.url = here.render_as_string(hide_password=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._running:
            task.cancel()
        await self._nursery.__aexit__(None, None, None)

    def cut(self) -> None:
        """Lets nothing pass any more, and tells nobody."""
        self._open.clear()

    def mend(self) -> None:
        """Lets new data pass again. Connections that were open at the cut are broken."""
        for task in self._running:
            task.cancel()
        self._open.set()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.away:
            writer.close()
            return
        task = self._nursery.create_task(self._pass(reader, writer))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        others: list[asyncio.StreamWriter] = [writer]
        with suppress(OSError, asyncio.CancelledError):
            await self._open.wait()
            back, there = await self._reach()
            others.append(there)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(reader, there, client=True))
                both.create_task(self._pump(back, writer, client=False))
        for one in others:
            one.transport.abort()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        folder = self._there.query.get("host")
        if isinstance(folder, str):
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{self._there.query.get('port', 5432)}")
        return await asyncio.open_connection(self._there.host, self._there.port or 5432)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, client: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(PIECE):
                await self._open.wait()
                if client:
                    self.passed += 1
                    await asyncio.sleep(self.seconds)
                writer.write(data)
                await writer.drain()
            writer.write_eof()
