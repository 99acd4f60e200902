"""Translation by a machine, as services need it. What comes back is a draft: a human releases it.

Only what staff wrote is translated. Texts are in the markup of the content (`bot.content.markup`): bold, italic,
links and placeholders come back as they were, or the language is in doubt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.glossary import Glossary


class Failure(StrEnum):
    """Why there is no translation."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    """The service said no: a wrong key, or a request it does not take."""
    QUOTA = "quota"
    """Too many requests for now, or all that was paid for is used up."""
    UNREADABLE = "unreadable"
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    EMPTY = "empty"


class Doubt(StrEnum):
    """Why a human must look at a translation with care."""

    LOST = "lost"
    """A placeholder, link, number, name or term of the source is missing."""
    DOUBLED = "doubled"
    STRANGE = "strange"
    """There is a remainder of what stood for such a thing."""
    MARKUP = "markup"
    """Something is not bold, italic or a link any more."""
    NUMBERS = "numbers"
    SAME = "same"
    """It reads as the source does."""
    SCRIPT = "script"
    """It is not in the script of the language."""
    LENGTH = "length"
    GERMAN = "german"
    """Words of the source were left in it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A doubt about the text number `part` (from 0); `what` is what was lost, doubled or left in, as it was written.

    `what` holds words of staff: for their eyes, not for a log.
    """

    doubt: Doubt
    part: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class Translated:
    """Texts in the order of their sources, made by the machine `engine`; in doubt where there are findings."""

    texts: tuple[str, ...]
    engine: str
    findings: tuple[Finding, ...] = ()

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """Each reason for doubt once, the worst first."""
        found = {one.doubt for one in self.findings}
        return tuple(doubt for doubt in Doubt if doubt in found)


@dataclass(frozen=True, slots=True)
class Failed:
    """No translation, and why; what had been translated until then is remembered for the next try."""

    failure: Failure


Outcome = Translated | Failed


class Translator(Protocol):
    """A machine that translates."""

    @property
    def name(self) -> str:
        """The engine's name, as in the settings."""
        ...

    async def translate(
        self,
        texts: Sequence[str],
        target: str,
        glossary: Glossary = (),
        source: str = SOURCE_LANGUAGE,
        *,
        kept: bool = True,
    ) -> Outcome:
        """One message's texts in one language; within a bounded time, never an exception for what a service does.

        `kept`: what came of it is remembered for the next time; never so of what people say to each other.

        Raises:
            MarkupError: a source whose markup cannot be read.
            DatabaseAway: what was translated before cannot be looked up now.
        """
        ...


async def into(
    translator: Translator,
    texts: Sequence[str],
    languages: Iterable[str],
    glossary: Glossary = (),
    source: str = SOURCE_LANGUAGE,
) -> Mapping[str, Outcome]:
    """A message in each of the languages, all at the same time; one that fails leaves the others alone."""
    wanted = tuple(dict.fromkeys(languages))
    outcomes = await asyncio.gather(*(translator.translate(texts, one, glossary, source) for one in wanted))
    return dict(zip(wanted, outcomes, strict=True))
