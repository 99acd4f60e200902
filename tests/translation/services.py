"""The four services as they answer over HTTP, and everything that can go wrong on the way."""

from __future__ import annotations

import asyncio
import contextlib
import html
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.telegram.servers import Habit, hanging_up, http, serving, silent

WORD = {"uk": "слово", "ru": "слово", "ar": "كلمة", "fa": "واژه", "en": "word", "tr": "kelime", "fr": "mot"}
_WORDS = re.compile(r"(\[X\d+X\]|</?[xg]\d+/?>|&\w+;)|[^\W\d_]+")


def spoken(text: str, language: str) -> str:
    """A translation: another word for each word, everything else unchanged."""
    word = WORD[language.partition("-")[0].lower()]
    return _WORDS.sub(lambda found: found[1] or word, text)


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


Answer = bytes | Habit
Speech = Callable[[str, str], Any]
"""Makes the service's answer for a text and a language, of any type."""


@dataclass
class Service:
    """A running service. `faults` answer first, one a request. Then it works with `speech`."""

    answer: Callable[[Asked, Speech], bytes]
    speech: Speech = spoken
    faults: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    most_at_once: int = 0
    url: str = ""
    _busy: int = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handles one connection with one request."""
        asked = await _read(reader)
        self.asked.append(asked)
        self._busy += 1
        self.most_at_once = max(self.most_at_once, self._busy)
        try:
            fault = self.faults.pop(0) if self.faults else self.answer(asked, self.speech)
            if isinstance(fault, bytes):
                await asyncio.sleep(0)
                writer.write(fault)
                await writer.drain()
            else:
                await fault(_again(asked), writer)
        finally:
            self._busy -= 1


def _again(asked: Asked) -> asyncio.StreamReader:
    """The request once more, for a habit that wants to read it."""
    reader = asyncio.StreamReader()
    reader.feed_data(f"{asked.method} {asked.path} HTTP/1.1\r\n\r\n".encode())
    return reader


async def _read(reader: asyncio.StreamReader) -> Asked:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, target, _ = first.split()
    url = urlsplit(target)
    return Asked(method, url.path, {k: v[0] for k, v in parse_qs(url.query).items()}, headers, body)


@contextlib.asynccontextmanager
async def running(answer: Callable[[Asked, Speech], bytes], speech: Speech = spoken) -> AsyncIterator[Service]:
    """A service on a port of this machine."""
    service = Service(answer, speech)
    async with serving(service) as address:
        service.url = f"http://{address}"
        yield service


def reply(value: object, status: str = "200 OK") -> bytes:
    """An answer in JSON."""
    return http(status, json.dumps(value).encode())


def with_header(answer: bytes, header: str) -> bytes:
    """An answer with one more header."""
    return answer.replace(b"\r\n", f"\r\n{header}\r\n".encode(), 1)


HTML = http("200 OK", b"<html><body>Captive portal: please log in</body></html>", "text/html")
BAD_GATEWAY = http("502 Bad Gateway", b"<html>502</html>", "text/html")
RUBBISH = http("200 OK", b"\x00\xff{]rubbish")
TOO_MANY = http("429 Too Many Requests", b"{}")
BROKEN = http("500 Internal Server Error", b"{}")
HANG, HANG_UP = silent, hanging_up


def google(asked: Asked, speech: Speech) -> bytes:
    """The page for phones of Google Translate."""
    made = speech(asked.query["q"], asked.query["tl"])
    inner = "" if made is None else html.escape(made)
    page = f'<html><body><form></form><div class="result-container">{inner}</div></body></html>'
    return http("200 OK", page.encode(), "text/html; charset=UTF-8")


def mymemory(asked: Asked, speech: Speech) -> bytes:
    """MyMemory's `get`. It returns errors in place of the translation."""
    text, (source, target) = asked.query["q"], asked.query["langpair"].split("|")
    if len(text.encode()) > 500:  # its limit
        made = "QUERY LENGTH LIMIT EXCEEDED. MAX ALLOWED QUERY : 500 CHARS"
        return reply(
            {"responseData": {"translatedText": made}, "responseStatus": "403", "matches": ""}, "403 Forbidden"
        )
    assert source == "de-DE"
    made = speech(text, target)
    return reply({"responseData": {"translatedText": made, "match": 0.85}, "responseStatus": 200, "matches": []})


def deepl(asked: Asked, speech: Speech) -> bytes:
    """DeepL's `/v2/translate`."""
    if asked.headers.get("authorization") != "DeepL-Auth-Key secret":
        return reply({"message": "Forbidden"}, "403 Forbidden")
    body = json.loads(asked.body)
    assert (asked.path, body["tag_handling"], body["source_lang"]) == ("/v2/translate", "xml", "DE")
    if body["target_lang"].partition("-")[0].lower() not in WORD:
        return reply({"message": "Value for 'target_lang' not supported."}, "400 Bad Request")
    made = [
        {"detected_source_language": "DE", "text": speech(one, body["target_lang"]), "billed_characters": len(one)}
        for one in body["text"]
    ]
    return reply({"translations": made})


def libretranslate(asked: Asked, speech: Speech) -> bytes:
    """LibreTranslate's `/translate`."""
    body = json.loads(asked.body)
    assert (asked.method, asked.path, body["format"]) == ("POST", "/translate", "text")
    if body.get("api_key", "secret") != "secret":
        return reply({"error": "Invalid API key"}, "403 Forbidden")
    if body["target"] not in WORD:
        return reply({"error": f"{body['target']} is not supported"}, "400 Bad Request")
    return reply({"translatedText": speech(body["q"], body["target"])})
