"""A message to a person as a value: text keys with arguments, and buttons with actions.

Services build these values. `bot.content` turns them into words of one language. An edge such as `bot.telegram` draws
them. No sentence for people is written in code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType
from typing import Union

Argument = Union["Text", "Words", "Listing", "Month", "Short", "ZoneName", int, date, datetime, time]
NOTHING: Mapping[str, Argument] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Words:
    """A person's own words, or a name. Shown as they are, isolated, and never read as markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A person's own words with the content's markup (bold, italic, links). They stand on a line of their own."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the content by its key, with arguments for its `{placeholders}`.

    `count` chooses the plural form and is also the argument `n`. `language`: use this language instead of the
    message's (for the names of languages).
    """

    key: str
    args: Mapping[str, Argument] = field(default_factory=lambda: NOTHING)
    count: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Several arguments joined the way the language joins a list ("a, b and c")."""

    items: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year as the language writes it. With one of them None: only the year, or only the month."""

    year: int | None
    month: int | None


@dataclass(frozen=True, slots=True)
class Short:
    """A local day and time in short form, for a button."""

    at: datetime


@dataclass(frozen=True, slots=True)
class ZoneName:
    """A time zone by its IANA name. Shown as its country, plus the city if the country has several zones."""

    zone: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button with an action. `action` is what comes back, without the card's version.

    `mark` is a sign in front of the label (a tick, an arrow). It is not part of the text.
    """

    label: Text | Month
    action: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens `url`. Only https here: tel and geo links depend on the messenger."""

    label: Text
    url: str


class Medium(StrEnum):
    """What can be shown above a message's text."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or file that the messenger keeps. `file` is the messenger's name for it, never the bytes."""

    medium: Medium
    file: str


@dataclass(frozen=True, slots=True)
class Screen:
    """One message. `blocks` are paragraphs of one or more lines; rows of buttons follow below.

    With `media`, the text stands below the picture or file and has less room. `about`: the participants about whom a
    page of the team's desk shows something. None on every other screen.
    """

    blocks: tuple[tuple[Text | Words | Marked, ...], ...]
    rows: tuple[tuple[Button | LinkButton, ...], ...] = field(default=())
    media: Media | None = None
    about: frozenset[int] | None = None


def text_keys(screen: Screen) -> Iterator[str]:
    """The keys of all texts on a screen: of its lines, its buttons, and the texts inside those."""
    for block in screen.blocks:
        for line in block:
            yield from _keys_in(line)
    for row in screen.rows:
        for button in row:
            yield from _keys_in(button.label)


def _keys_in(said: Argument | Marked) -> Iterator[str]:
    match said:
        case Text(key):
            yield key
            for one in said.args.values():
                yield from _keys_in(one)
        case Listing(items):
            for one in items:
                yield from _keys_in(one)
