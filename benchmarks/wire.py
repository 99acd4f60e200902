"""A minimal HTTP for the load server, enough for aiohttp's client: one request at a time on a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

Respond = Callable[[bytes], None]
"""Answers a call with the JSON of its result, now or later."""
Call = Callable[[bytes, bytes, Respond], None]
"""Handles a call: the method's name, the body, and how to answer."""


class Refused(bytes):
    """The whole body of an answer with status 429, in place of a result."""

    __slots__ = ()


END = b"\r\n\r\n"
LENGTH = b"content-length:"


class Connection(asyncio.Protocol):
    """One connection of a bot to its Bot API."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._buffer = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the transport."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a stream is needed")
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Assembles a request. A body may arrive in pieces."""
        self._buffer = self._buffer + data if self._buffer else data
        head_ends = self._buffer.find(END)
        if head_ends < 0:
            return
        head = self._buffer[:head_ends]
        body_begins = head_ends + len(END)
        body_ends = body_begins + _length(head)
        if len(self._buffer) < body_ends:
            return
        body = self._buffer[body_begins:body_ends]
        self._buffer = self._buffer[body_ends:]
        path = head.split(b" ", 2)[1]
        self._call(path.rpartition(b"/")[2], body, self._respond)

    def _respond(self, result: bytes) -> None:
        if self._transport.is_closing():
            return
        refused = isinstance(result, Refused)
        status = b"429 Too Many Requests" if refused else b"200 OK"
        body = bytes(result) if refused else b'{"ok":true,"result":%b}' % result
        self._transport.write(
            b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (status, len(body), body)
        )


def _length(head: bytes) -> int:
    """The body's length. A call without parameters sends none."""
    lower = head.lower()
    if b"transfer-encoding:" in lower:
        raise ValueError("the load server reads no chunked bodies")
    at = lower.find(LENGTH)
    return int(lower[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
