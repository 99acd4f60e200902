"""A pooler in front of PostgreSQL, as PgBouncer is: sessions of their own for each connection, or shared ones."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.engine import URL, make_url

KNOWN = {b"user", b"database", b"client_encoding", b"DateStyle", b"TimeZone", b"application_name"}
"""What a connection may set when it starts. PgBouncer refuses everything else by default."""
ENCRYPTION = 80877103
READY = b"Z\x00\x00\x00\x05I"
END = (b"", b"X")
NOBODYS_PROCESS = 7


class Server:
    """A connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, greeting: bytes) -> None:
        self.reader = reader
        self.writer = writer
        self.greeting = greeting


class Pooler:
    """A pooler with a single session for all connections (`shared`), or one for each."""

    def __init__(self, there: URL, *, shared: bool) -> None:
        self._there = there
        self._shared = shared
        self._common: Server | None = None
        self._turn = asyncio.Lock()
        self.open: set[asyncio.StreamWriter] = set()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handles one connection of Lotse's."""
        self.open.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            start = await _start(reader, writer)
            if unknown := set(start.split(b"\0")[:-2:2]) - KNOWN:
                words = b"SFATAL\0C08P01\0Munsupported startup parameter: " + unknown.pop() + b"\0\0"
                writer.write(b"E" + struct.pack("!i", 4 + len(words)) + words)
            else:
                server = await self._server(start)
                writer.write(server.greeting)
                async with asyncio.TaskGroup() as nursery:
                    await self._pass(reader, writer, server, nursery)
        writer.close()

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        server: Server,
        nursery: asyncio.TaskGroup,
    ) -> None:
        """Passes on what the client says, transaction by transaction."""
        heard: asyncio.Queue[bytes] = asyncio.Queue()
        listening = nursery.create_task(_listen(reader, heard))
        while (said := await heard.get())[:1] not in END:
            async with self._turn if self._shared else asyncio.Lock():
                answered = nursery.create_task(_answer(server, writer))
                while not answered.done():
                    server.writer.write(said)
                    more = nursery.create_task(heard.get())
                    await asyncio.wait({answered, more}, return_when=asyncio.FIRST_COMPLETED)
                    said = more.result() if more.done() else b""
                    more.cancel()
        listening.cancel()
        if not self._shared:
            server.writer.close()

    async def _server(self, start: bytes) -> Server:
        if self._shared and self._common is not None:
            return self._common
        folder = self._there.query.get("host")
        if isinstance(folder, str):
            port = self._there.query.get("port", 5432)
            reader, writer = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{port}")
        else:
            reader, writer = await asyncio.open_connection(self._there.host, self._there.port or 5432)
        self.open.add(writer)
        writer.write(struct.pack("!ii", 8 + len(start), 3 << 16) + start)
        greeting = b""
        while (said := await _message(reader))[:1] != b"Z":
            # As with PgBouncer: to cancel something, clients use a number of the pooler's.
            greeting += b"K" + struct.pack("!iii", 12, NOBODYS_PROCESS, 0) if said[:1] == b"K" else said
        self._common = Server(reader, writer, greeting + said)
        return self._common


async def _listen(reader: asyncio.StreamReader, heard: asyncio.Queue[bytes]) -> None:
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        while True:
            heard.put_nowait(await _message(reader))
    heard.put_nowait(b"")


async def _answer(server: Server, writer: asyncio.StreamWriter) -> None:
    """Passes on what the server says, up to the end of a transaction."""
    said = b""
    while said != READY:
        said = await _message(server.reader)
        writer.write(said)


async def _start(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """What a connection says about itself, after it was told that there is no encryption."""
    while True:
        length, version = struct.unpack("!ii", await reader.readexactly(8))
        if version != ENCRYPTION:
            return await reader.readexactly(length - 8)
        writer.write(b"N")


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(5)
    return head + await reader.readexactly(struct.unpack("!xi", head)[0] - 4)


@asynccontextmanager
async def pooler(url: str, *, shared: bool) -> AsyncIterator[str]:
    """A pooler in front of that database. Gives the address through it."""
    there = make_url(url)
    line = Pooler(there, shared=shared)
    server = await asyncio.start_server(line.connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield there.set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
    finally:
        server.close()
        for writer in line.open:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
