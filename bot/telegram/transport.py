"""python-telegram-bot's requests over aiohttp (its documented extension point), about ten times cheaper than its own.

It knows what an error says about a send: `NotSent` (provably nothing arrived) or `OutcomeUnknown` (it may have).
"""

from __future__ import annotations

import json
import ssl
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
LONG_POLLING = "getUpdates"
encode = json.JSONEncoder(separators=(",", ":")).encode


class NotSent(NetworkError):
    """The request never left: trying again cannot do anything twice."""


class OutcomeUnknown(NetworkError):
    """The request left, no proper answer came: it may or may not have been carried out."""


class ServerTrouble(OutcomeUnknown):
    """A 5xx in the Bot API's own form ("ok": false): Telegram itself says that it was not carried out."""


class Unreadable(OutcomeUnknown):
    """An answer came that is no JSON Python can hold. `payload` is what came: never to be logged."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("unreadable")
        self.payload = payload


OUTCOMES = {NotSent: "not_sent", OutcomeUnknown: "unknown", ServerTrouble: "server_trouble"}
"""How a call that failed is counted."""


class Transport(BaseRequest):
    """One pool of connections to the Bot API; `proxy` and an own certificate authority are honoured."""

    def __init__(self, *, proxy: str = "", ca_file: Path | None = None, connections: int = 100) -> None:
        self._proxy = proxy or None
        self._ca_file = ca_file
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
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
            Unreadable: broken, nested too deeply, or with a number of thousands of digits.
        """
        try:
            parsed: dict[str, Any] = json.loads(payload)
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
            ServerTrouble: a 5xx by which the Bot API itself refuses.
            OutcomeUnknown: time-out, reset, any other 5xx, or an answer to a call that is no JSON object.
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
                body = await answer.read()
                status = answer.status
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise OutcomeUnknown(type(error).__name__) from None
        if status >= SERVER_ERROR and _is_refusal(body):
            raise ServerTrouble(f"HTTP {status}")
        # What is fetched with GET is a file: it may hold anything.
        if status >= SERVER_ERROR or (method != "GET" and not (body[:1] == b"{" and body[-1:] == b"}")):
            raise OutcomeUnknown(f"HTTP {status}")
        return status, body


@lru_cache(16)
def _timeout(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=seconds)


def _is_refusal(body: bytes) -> bool:
    """Whether a body is the Bot API's own way to say no; a proxy in between says it in its own way."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and answer.get("ok") is False and isinstance(answer.get("error_code"), int)


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
