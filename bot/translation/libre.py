"""LibreTranslate, self-hosted or not, through aiohttp. Words and key go into the body, never into an address."""

from __future__ import annotations

import json
from collections.abc import Sequence

import aiohttp

from bot.services.translating import Failure
from bot.translation.engine import EngineFault, seconds_of, status_fault
from bot.translation.line_out import LineOut
from bot.translation.tokens import Bracketed

CONNECTIONS = 4
LARGEST_ANSWER = 1_000_000
"""Bytes. A translation of the longest text has a few thousand."""
_OK, _BAD_REQUEST = 200, 400
_UNSUPPORTED = ("not supported", "not available")
"""How its error says that a language, or a pair of languages, is not installed."""


class LibreTranslate:
    """A LibreTranslate server at `url`. One text a call, because servers may limit how many texts a call has."""

    name = "libretranslate"
    tokens = Bracketed()
    limit = 2000
    batch = 1

    def __init__(self, way: LineOut, url: str, key: str, seconds: float) -> None:
        self._way = way
        self._url = f"{url}/translate"
        self._key = key
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    def size(self, text: str) -> int:
        """The number of characters."""
        return len(text)

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Each text in its own call."""
        return [await self._one(text, source, target) for text in texts]

    async def close(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _one(self, text: str, source: str, target: str) -> str:
        asked = {"q": text, "source": source, "target": target, "format": "text"}
        if self._key:
            asked["api_key"] = self._key
        try:
            async with self._opened().post(self._url, json=asked, proxy=self._way.proxy_to(self._url)) as answer:
                body = await answer.content.read(LARGEST_ANSWER)
                while not answer.content.at_eof() and len(body) < LARGEST_ANSWER:
                    body += await answer.content.read(LARGEST_ANSWER)
                status, after = answer.status, seconds_of(answer.headers.get("Retry-After"))
        except TimeoutError:
            raise EngineFault(Failure.TIMEOUT, again=True) from None
        except (aiohttp.ClientError, OSError):
            raise EngineFault(Failure.UNREACHABLE, again=True) from None
        return _read(status, body, after)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, ssl=self._way.context()),
                timeout=aiohttp.ClientTimeout(total=self._seconds),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def _read(status: int, body: bytes, after: float) -> str:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        answer = {}
    if status == _OK:
        made = answer.get("translatedText")
        if isinstance(made, str):
            return made
        raise EngineFault(Failure.UNREADABLE, again=True)
    if status == _BAD_REQUEST and any(words in str(answer.get("error")) for words in _UNSUPPORTED):
        raise EngineFault(Failure.UNSUPPORTED_LANGUAGE)
    raise status_fault(status, after)
