"""python-telegram-bot's requests over aiohttp (its documented extension point), about ten times cheaper than its own.

It knows what an error says about a send: `NotSent` (provably nothing arrived) or `OutcomeUnknown` (it may have).
"""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Mapping
from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot import metrics, tracing
from bot.settings import Settings

CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
REFUSAL, TOO_MANY, SERVER_ERROR = 400, 429, 500
BAD_REQUEST, NOT_FOUND = 400, 404
FINAL = frozenset({400, 401, 403, 404, 409})
"""Refusals that no repetition changes."""
DONE = (b'{"ok":true,"result":', b'{"ok": true, "result": ')
"""How a good answer begins: Telegram's, and that of a server in Python."""
AFTER, SECONDS = re.compile(r"retry after (\d{1,6})\b"), re.compile(r"\d{1,6}")
SOME_SECONDS, LONGEST_PAUSE = 5, 86_400
"""How long to wait where we are told to and not for how long, and at most."""
LONG_POLLING = "getUpdates"
encode = json.JSONEncoder(separators=(",", ":")).encode


class NotSent(NetworkError):
    """The request never left: trying again cannot do anything twice."""


class OutcomeUnknown(NetworkError):
    """The request left, no proper answer came: it may or may not have been carried out."""


class ServerTrouble(OutcomeUnknown):
    """A refusal in the Bot API's own form ("ok": false) that is not final, such as a 5xx: nothing was carried out."""


class Unreadable(OutcomeUnknown):
    """An answer came that is no JSON Python can hold. `payload` is what came: never to be logged."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("unreadable")
        self.payload = payload


NO_ANSWER = (AttributeError, KeyError, TypeError)
"""What python-telegram-bot raises where a result has not the shape it is to have."""
OUTCOMES = {NotSent: "not_sent", OutcomeUnknown: "unknown", ServerTrouble: "server_trouble"}
"""How a call that failed is counted."""


class Transport(BaseRequest):
    """One pool of connections to the Bot API; `proxy` and an own certificate authority are honoured."""

    def __init__(self, *, proxy: str = "", ca_file: Path | None = None, connections: int = 100) -> None:
        self._proxy = proxy or None
        self._ca_file = ca_file
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._welcome = False  # until our token has been taken
        self.answered_at: float | None = None
        """When Telegram has answered last, on the clock that only runs ahead; whatever it said, it was there."""
        self.failed_at: float | None = None

    @classmethod
    def of(cls, settings: Settings, connections: int) -> Transport:
        """One as the settings say; a proxy is passed by where the system says so."""
        host = urlsplit(settings.telegram_api_url).hostname or ""
        proxy = "" if proxy_bypass(host) else settings.https_proxy
        return cls(proxy=proxy, ca_file=settings.ca_file, connections=connections)

    @property
    def read_timeout(self) -> float:
        """Seconds an answer may take."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the pool; once."""
        if self._session is None:
            context = ssl.create_default_context(cafile=str(self._ca_file)) if self._ca_file else True
            connector = aiohttp.TCPConnector(limit=self._connections, ssl=context, keepalive_timeout=60)
            self._session = aiohttp.ClientSession(
                connector=connector,
                json_serialize=encode,
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
            )

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The JSON object of an answer.

        Raises:
            OutcomeUnknown: it was cut off.
            Unreadable: broken, nested too deeply, or with a number of thousands of digits.
        """
        try:
            parsed: dict[str, Any] = json.loads(payload)
        except json.JSONDecodeError as error:
            if error.pos >= len(error.doc) or error.msg.startswith("Unterminated string"):
                raise OutcomeUnknown("cut off") from None
            raise Unreadable(payload) from None
        except (ValueError, RecursionError):
            raise Unreadable(payload) from None
        return parsed

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401 - seconds, or the library's sign for none
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002 - the base's signature
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002 - the base's signature
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002 - the base's signature
    ) -> tuple[int, bytes]:
        """Status and body of one call.

        Raises:
            NotSent: connection refused, name not found, certificate refused, proxy refused.
            ServerTrouble: the Bot API itself refuses, and that is not final.
            OutcomeUnknown: time-out, reset, or an answer to a call that is none of the Bot API.
        """
        name = "file" if method == "GET" else url.rpartition("/")[2]
        began = monotonic()
        try:
            with nullcontext() if name == LONG_POLLING else tracing.span("call", method=name):
                status, body = await self._ask(url, method, request_data, read_timeout)
        except NetworkError as error:
            self.failed_at = monotonic()
            metrics.CALLS.add(name, OUTCOMES.get(type(error), "unknown"))
            raise
        self.answered_at = now = monotonic()
        metrics.CALLS.add(
            name, "told_to_wait" if status == TOO_MANY else "refused" if status >= REFUSAL else "answered"
        )
        if name != LONG_POLLING:
            metrics.CALL_TIME.observe(now - began, name)
        return status, body

    async def _ask(
        self, url: str, method: str, request_data: RequestData | None, read_timeout: object
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NotSent("the transport is closed")
        seconds = read_timeout if isinstance(read_timeout, int | float) else READ_SECONDS
        try:
            async with self._session.request(
                method, url, timeout=_timeout(seconds), proxy=self._proxy, **_body(request_data)
            ) as answer:
                if answer.method != method:  # redirected in a way that leaves the parameters behind
                    raise NotSent(f"HTTP {answer.history[0].status}")
                body = await answer.read()
                status, pause = answer.status, answer.headers.get("Retry-After", "")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise OutcomeUnknown(type(error).__name__) from None
        if method != "GET":
            status, body = understood(status, body.strip(), pause)
            self._welcome = self._welcome or status < REFUSAL
            # A token that was good once is well formed: a server that does not find it lacks the method.
            return (BAD_REQUEST if status == NOT_FOUND and self._welcome else status), body
        if status >= SERVER_ERROR:  # a file: it may hold anything
            raise OutcomeUnknown(f"HTTP {status}")
        return status, body


def understood(status: int, body: bytes, pause: str = "") -> tuple[int, bytes]:
    """What an answer to a call says, as python-telegram-bot takes it; `pause` is the header Retry-After.

    The Bot API promises what stands in the body: which HTTP status comes with it is the server's own matter.
    Telegram's own good answers pass by unread.

    Raises:
        ServerTrouble, OutcomeUnknown: see `Transport.do_request`.
    """
    if status < REFUSAL and body.startswith(DONE) and body.endswith(b"}"):
        return status, body
    read = _read(body)
    said = read or {}
    refused = said.get("ok") is False
    code = said.get("error_code")
    if refused:
        status = code if type(code) is int and code >= REFUSAL else max(status, REFUSAL)
    given = said.get("parameters")
    more: Mapping[str, Any] = given if isinstance(given, dict) else {}
    if status == TOO_MANY or (refused and more.get("retry_after")):
        return TOO_MANY, _told_to_wait(said, more, pause)
    if status < REFUSAL:
        # What looks like an object and cannot be read is looked into by whoever fetches updates.
        if "result" in said or (read is None and body.startswith(b"{") and body.endswith(b"}")):
            return status, body
        raise OutcomeUnknown(f"HTTP {status}" if read is None else "no result")
    if refused and status in FINAL:
        return status, _refusal(status, said, more)
    raise ServerTrouble(f"HTTP {status}") if refused else OutcomeUnknown(f"HTTP {status}")


def _read(body: bytes) -> dict[str, Any] | None:
    """The JSON object of a body, where it is one."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _refusal(status: int, said: Mapping[str, Any], more: Mapping[str, Any]) -> bytes:
    """A refusal as Telegram words it, and no more of it: python-telegram-bot stumbles over other shapes."""
    words, moved_to = said.get("description"), more.get("migrate_to_chat_id")
    told = {"ok": False, "error_code": status, "description": words if isinstance(words, str) else ""}
    if type(moved_to) is int:
        told["parameters"] = {"migrate_to_chat_id": moved_to}
    return encode(told).encode()


def _told_to_wait(said: Mapping[str, Any], more: Mapping[str, Any], pause: str) -> bytes:
    """A 429 that names its seconds: those it gives, in whatever place, or a few."""
    named = str(more.get("retry_after", ""))
    in_words = AFTER.search(str(said.get("description", "")))
    places = (named, in_words[1] if in_words else "", pause.strip())
    seconds = next((int(one) for one in places if SECONDS.fullmatch(one) and int(one)), SOME_SECONDS)
    told = {"ok": False, "error_code": TOO_MANY, "description": "Too Many Requests"}
    return encode({**told, "parameters": {"retry_after": min(seconds, LONGEST_PAUSE)}}).encode()


@lru_cache(16)
def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=seconds)


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"json": data.parameters}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return {"data": form}
