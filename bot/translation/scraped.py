"""Google and MyMemory through deep-translator. It uses synchronous `requests`: one instance, one thread a call.

deep-translator passes neither time-out nor certificates to `requests`, and drops `Retry-After`. So its two modules
get our own `requests`, which only has a `get`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import unescape
from typing import Any

import requests
from deep_translator import exceptions, google, mymemory
from deep_translator.base import BaseTranslator
from deep_translator.constants import GOOGLE_LANGUAGES_TO_CODES, MY_MEMORY_LANGUAGES_TO_CODES

from bot.services.translating import Failure
from bot.translation.engine import EngineFault, seconds_of, status_fault
from bot.translation.line_out import LineOut
from bot.translation.threads import Threads
from bot.translation.tokens import Bracketed

GOOGLE_URL = "https://translate.google.com/m"
MYMEMORY_URL = "https://api.mymemory.translated.net/get"
"""deep-translator itself uses this service without TLS."""
THREADS = 4
"""The most calls at the same time, hanging ones included."""

_GOOGLE_NAMES = {"zh": "zh-CN", "he": "iw", "jv": "jw"}
_MYMEMORY_NAMES = {
    "ar": "ar-SA",
    "en": "en-GB",
    "fa": "fa-IR",
    "ku": "kmr-TR",
    "prs": "prs-AF",
    "pt": "pt-PT",
    "sq": "sq-AL",
    "zh": "zh-CN",
}
_COMPLAINT = re.compile(
    r"\s*(MYMEMORY WARNING|QUERY LENGTH LIMIT|INVALID (?:LANGUAGE PAIR|EMAIL)|.{1,20}IS AN INVALID|PLEASE SELECT TW)"
)
"""MyMemory returns its errors in place of the translation."""


class _Requests:
    """The part of `requests` that deep-translator uses. Keeps the server's last answer for each thread."""

    def __init__(self, way: LineOut, seconds: float) -> None:
        self._way = way
        self._seconds = seconds
        self._last = threading.local()

    def get(self, url: str, **given: Any) -> requests.Response:  # noqa: ANN401 - whatever requests takes
        """Like `requests.get`, but with a time limit."""
        self._last.answer = None
        given["proxies"] = self._way.proxies(url)
        answer = requests.get(url, timeout=(self._seconds, self._seconds), verify=self._way.verify, **given)
        self._last.answer = answer
        return answer

    @property
    def answer(self) -> requests.Response | None:
        """The last answer in this thread."""
        answer: requests.Response | None = getattr(self._last, "answer", None)
        return answer


class Scraped:
    """One of the two services. `make` builds deep-translator's object for a pair of codes."""

    tokens = Bracketed()
    batch = 1

    def __init__(
        self,
        name: str,
        limit: int,
        make: Callable[[str, str], BaseTranslator],
        codes: Mapping[str, str],
        wire: _Requests,
        seconds: float,
    ) -> None:
        self.name = name
        self.limit = limit
        self._make = make
        self._codes = codes
        self._wire = wire
        self._seconds = seconds
        self._threads = Threads(THREADS)

    def size(self, text: str) -> int:
        """The size in bytes, as MyMemory counts. For Google the difference does not matter."""
        return len(text.encode())

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Each text in its own call."""
        if source not in self._codes or target not in self._codes:
            raise EngineFault(Failure.UNSUPPORTED_LANGUAGE)
        made = []
        for text in texts:
            work = partial(self._call, text, self._codes[source], self._codes[target])
            try:
                made.append(await self._threads.run(work, self._seconds))
            except TimeoutError:
                raise EngineFault(Failure.TIMEOUT, again=True) from None
        return made

    async def close(self) -> None:
        """Does nothing: no connection is kept open."""

    def _call(self, text: str, source: str, target: str) -> str:
        try:
            made = self._make(source, target).translate(text)
        except requests.exceptions.Timeout:
            raise EngineFault(Failure.TIMEOUT, again=True) from None
        except requests.exceptions.JSONDecodeError:
            raise EngineFault(Failure.UNREADABLE, again=True) from None
        except requests.exceptions.RequestException:
            raise EngineFault(Failure.UNREACHABLE, again=True) from None
        except (exceptions.TooManyRequests, exceptions.RequestError):
            raise self._said() from None
        except EngineFault:
            raise
        except Exception:  # noqa: BLE001 - an answer it did not expect makes it stumble in many ways
            raise EngineFault(Failure.UNREADABLE, again=True) from None
        if not isinstance(made, str):
            raise EngineFault(Failure.EMPTY)
        return self._checked(made)

    def _said(self) -> EngineFault:
        answer = self._wire.answer
        if answer is None:
            return EngineFault(Failure.UNREACHABLE, again=True)
        return status_fault(answer.status_code, seconds_of(answer.headers.get("Retry-After")))

    def _checked(self, made: str) -> str:
        if self.name != "mymemory":
            return made
        complaint = _COMPLAINT.match(made)
        if complaint is None:
            return unescape(made)  # it writes `&# the service writes `&#39;`
        if complaint[1].startswith("MYMEMORY"):
            raise EngineFault(Failure.QUOTA)
        raise EngineFault(Failure.REFUSED)


def google_engine(way: LineOut, url: str, seconds: float) -> Scraped:
    """Google's page for phones. It takes less than 5,000 characters."""
    wire = _Requests(way, seconds)
    google.requests = wire

    def make(source: str, target: str) -> BaseTranslator:
        return _at(url or GOOGLE_URL, google.GoogleTranslator(source=source, target=target))

    codes = {code: code for code in GOOGLE_LANGUAGES_TO_CODES.values()} | _GOOGLE_NAMES
    return Scraped("google", 4500, make, codes, wire, seconds)


def mymemory_engine(way: LineOut, url: str, email: str, seconds: float) -> Scraped:
    """MyMemory. It takes less than 500 bytes. Your e-mail address (`email`) raises its daily quota."""
    wire = _Requests(way, seconds)
    mymemory.requests = wire

    def make(source: str, target: str) -> BaseTranslator:
        made = mymemory.MyMemoryTranslator(source=source, target=target, email=email or None)
        return _at(url or MYMEMORY_URL, made)

    codes: dict[str, str] = {}
    for code in MY_MEMORY_LANGUAGES_TO_CODES.values():
        language, _, country = code.partition("-")
        if language not in codes or country == language.upper():  # German of Germany, not of Austria
            codes[language] = code
    return Scraped("mymemory", 480, make, codes | _MYMEMORY_NAMES, wire, seconds)


def _at(url: str, made: BaseTranslator) -> BaseTranslator:
    made._base_url = url  # noqa: SLF001 - it offers no other way
    return made
