"""What an engine is: it turns short masked texts into another language, or says by a code why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.services.translating import Failure
from bot.translation.tokens import Tokens

NEAREST: Mapping[str, str] = {"prs": "fa"}
"""Which language is asked for where an engine does not know one: Dari is Persian of Afghanistan."""


class EngineFault(Exception):
    """No translation came. `again`: another try may help, after at least `after` seconds."""

    def __init__(self, failure: Failure, *, again: bool = False, after: float = 0.0) -> None:
        super().__init__(failure.value)
        self.failure = failure
        self.again = again
        self.after = after


class Engine(Protocol):
    """One service. It tries once: patience, cache and protection are the translator's."""

    @property
    def name(self) -> str:
        """As in the settings."""
        ...

    @property
    def tokens(self) -> Tokens:
        """How things that must not be touched are written for it."""
        ...

    @property
    def limit(self) -> int:
        """How long a text may be, as `size` measures it."""
        ...

    @property
    def batch(self) -> int:
        """How many texts go into one call."""
        ...

    def size(self, text: str) -> int:
        """A text's length as the service counts it."""
        ...

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """The texts in the target language, in order; languages are ours (ISO 639).

        Raises:
            EngineFault: for everything that a service or the way there can do.
        """
        ...

    async def close(self) -> None:
        """Let go of connections; calls that hang are left behind."""
        ...


def status_fault(status: int, after: float = 0.0) -> EngineFault:
    """What an HTTP status other than 200 means, where the service gives it no meaning of its own."""
    if status == TOO_MANY:
        return EngineFault(Failure.QUOTA, again=True, after=after)
    if status >= SERVER_ERROR or status == REQUEST_TIMEOUT:
        return EngineFault(Failure.UNREACHABLE, again=True, after=after)
    return EngineFault(Failure.REFUSED)


def seconds_of(header: str | None) -> float:
    """What a `Retry-After` asks for, in seconds; 0 where there is none, or where it is a date."""
    try:
        return max(0.0, float(header or 0))
    except ValueError:
        return 0.0


REQUEST_TIMEOUT, TOO_MANY, SERVER_ERROR = 408, 429, 500
