"""DeepL through its own package, which is synchronous and runs in threads. Up to 50 texts a call, with tags."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import deepl
from deepl import http_client

from bot.services.translating import Failure
from bot.translation.engine import EngineFault, status_fault
from bot.translation.line_out import LineOut
from bot.translation.threads import Threads
from bot.translation.tokens import Tagged

THREADS = 4
"""The most calls at the same time, hanging ones included."""
FREE, PAID = "https://api-free.deepl.com", "https://api.deepl.com"
_NAMES = {"en": "EN-GB", "pt": "PT-PT", "zh": "ZH-HANS"}
_BAD_REQUEST = 400
_LANGUAGES = ("target_lang", "source_lang")


class DeepL:
    """DeepL's API. We do the retries, so the package is told not to."""

    name = "deepl"
    tokens = Tagged()
    limit = 30_000
    """In bytes. DeepL takes 128 KiB a call."""
    batch = 50

    def __init__(self, way: LineOut, url: str, key: str, seconds: float) -> None:
        http_client.max_network_retries = 0
        http_client.min_connection_timeout = seconds
        self._way = way
        self._url = url or (FREE if key.endswith(":fx") else PAID)
        self._key = key
        self._seconds = seconds
        self._threads = Threads(THREADS)

    def size(self, text: str) -> int:
        """The size in bytes."""
        return len(text.encode())

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """All texts in one call."""
        work = partial(self._call, list(texts), source.upper(), _NAMES.get(target, target.upper()))
        try:
            return await self._threads.run(work, self._seconds)
        except TimeoutError:
            raise EngineFault(Failure.TIMEOUT, again=True) from None

    async def close(self) -> None:
        """Does nothing: no connection is kept open."""

    def _call(self, texts: list[str], source: str, target: str) -> list[str]:
        client = deepl.DeepLClient(
            self._key,
            server_url=self._url,
            proxy=self._way.proxies(self._url) or None,
            verify_ssl=self._way.verify,
            send_platform_info=False,
        )
        try:
            made = client.translate_text(texts, source_lang=source, target_lang=target, tag_handling="xml")
            found = [one.text for one in made] if isinstance(made, list) else []
        except deepl.DeepLException as error:
            raise _fault(error) from None
        except Exception:  # noqa: BLE001 - an answer it did not expect makes it stumble in many ways
            raise EngineFault(Failure.UNREADABLE, again=True) from None
        finally:
            client.close()  # type: ignore[no-untyped-call]
        if len(found) != len(texts) or not all(isinstance(one, str) for one in found):
            raise EngineFault(Failure.UNREADABLE, again=True)
        return found


def _fault(error: deepl.DeepLException) -> EngineFault:
    status = error.http_status_code
    if isinstance(error, deepl.QuotaExceededException):
        return EngineFault(Failure.QUOTA)
    if isinstance(error, deepl.ConnectionException):
        timed_out = "timed out" in str(error).lower()
        return EngineFault(Failure.TIMEOUT if timed_out else Failure.UNREACHABLE, again=True)
    if status is None:
        return EngineFault(Failure.UNREADABLE, again=True)
    if status == _BAD_REQUEST and any(word in str(error) for word in _LANGUAGES):
        return EngineFault(Failure.UNSUPPORTED_LANGUAGE)
    return status_fault(status)
