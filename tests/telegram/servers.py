"""Tiny servers with one bad habit each, on free ports of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

CERTS = Path(__file__).parent / "certs"
AUTHORITY = CERTS / "authority.pem"
Habit = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def tls() -> ssl.SSLContext:
    """What a server needs to speak TLS as 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTS / "server.pem", CERTS / "server.key")
    return context


@contextlib.asynccontextmanager
async def serving(habit: Habit, *, context: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A server that treats every connection by its habit. Gives its address without a scheme."""
    busy: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await habit(reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()
            busy.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)


async def request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """One request: its first line, and its body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    lengths = [line.split(":")[1] for line in head.splitlines() if line.lower().startswith("content-length:")]
    return head.splitlines()[0], await reader.readexactly(int(lengths[0])) if lengths else b""


def saying(answer: bytes, seen: list[tuple[str, bytes]] | None = None) -> Habit:
    """Answers every request with these bytes and closes the connection."""

    async def habit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got = await request(reader)
        if seen is not None:
            seen.append(got)
        writer.write(answer)
        await writer.drain()

    return habit


def http(status: str, body: bytes, kind: str = "application/json", *, length: int | None = None) -> bytes:
    """An answer. `length`: the length it claims, if that is not the truth (-1: it claims none)."""
    claimed = len(body) if length is None else length
    content_length = "" if claimed < 0 else f"Content-Length: {claimed}\r\n"
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{content_length}Connection: close\r\n\r\n".encode() + body


async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Reads and never answers."""
    await request(reader)
    await asyncio.Event().wait()


async def hanging_up(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Reads the request and closes the connection."""
    await request(reader)


async def resetting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads the request and resets the connection."""
    await request(reader)
    writer.transport.abort()


def proxy(seen: list[str], *, refusal: str = "") -> Habit:
    """A CONNECT proxy that notes what it is asked for. With a refusal it says that and closes the connection."""

    async def habit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, _ = await request(reader)
        seen.append(line)
        if refusal:
            writer.write(f"HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n".encode())
            return
        host, _, port = line.split()[1].partition(":")
        there, onward = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            await asyncio.gather(_pump(reader, onward), _pump(there, writer))
        finally:
            onward.close()

    return habit


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while chunk := await source.read(65536):
        sink.write(chunk)
        await sink.drain()
    sink.close()
