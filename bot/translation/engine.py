"""The interface of an engine: it translates short masked texts, or says with a code why it did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.services.translating import Failure
from bot.translation.tokens import Tokens

NEAREST: Mapping[str, str] = {"prs": "fa"}
"""The language that replaces one an engine does not know. Dari is Persian of Afghanistan."""


class EngineFault(Exception):
    """There is no translation. `again`: another try may help, after at least `after` seconds."""

    def __init__(self, failure: Failure, *, again: bool = False, after: float = 0.0) -> None:
        super().__init__(failure.value)
        self.failure = failure
        self.again = again
        self.after = after


class Engine(Protocol):
    """One service. It tries once: retries, cache and protection belong to the translator."""

    @property
    def name(self) -> str:
        """The engine's name in the settings."""
        ...

    @property
    def tokens(self) -> Tokens:
        """How things that must not be changed are written for it."""
        ...

    @property
    def limit(self) -> int:
        """The largest size of a text, as `size` measures it."""
        ...

    @property
    def batch(self) -> int:
        """How many texts go into one call."""
        ...

    def size(self, text: str) -> int:
        """The size of a text as the service counts it."""
        ...

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """The texts in the target language, in order. Languages are our codes (ISO 639).

        Raises:
            EngineFault: anything that the service or the network can do wrong.
        """
        ...

    async def close(self) -> None:
        """Closes connections. Hanging calls are abandoned."""
        ...


def status_fault(status: int, after: float = 0.0) -> EngineFault:
    """The fault for an HTTP status other than 200, if the service gives it no meaning of its own."""
    if status == TOO_MANY:
        return EngineFault(Failure.QUOTA, again=True, after=after)
    if status >= SERVER_ERROR or status == REQUEST_TIMEOUT:
        return EngineFault(Failure.UNREACHABLE, again=True, after=after)
    return EngineFault(Failure.REFUSED)


def seconds_of(header: str | None) -> float:
    """The seconds that a `Retry-After` asks for. 0 if it is missing or is a date."""
    try:
        return max(0.0, float(header or 0))
    except ValueError:
        return 0.0


REQUEST_TIMEOUT, TOO_MANY, SERVER_ERROR = 408, 429, 500
