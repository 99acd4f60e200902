"""What staff write to many at once: a broadcast, its texts, and where it stands. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.core.folding import number
from bot.core.message import Media, Medium


class Stage(StrEnum):
    """Where a broadcast stands. What became of each recipient stands in the outbox."""

    DRAFT = "draft"
    SENDING = "sending"
    """Its deliveries are planned, or are being planned; it is over when none of them is waiting."""
    PAUSED = "paused"
    STOPPED = "stopped"
    """What has not gone out no longer does; what stands in the chats stays, and can be answered and corrected."""
    FILLED = "filled"
    """What it offers is no longer available: what stands in the chats has lost its buttons."""
    RECALLED = "recalled"
    """Taken back where the messenger allows it, else said to be no longer true."""
    DISCARDED = "discarded"
    """Never sent."""


LIVE = frozenset({Stage.SENDING, Stage.PAUSED})
STANDING = LIVE | {Stage.STOPPED}
"""Stages in which what stands in the chats can be answered and corrected."""
ENDED = frozenset({Stage.FILLED, Stage.RECALLED, Stage.DISCARDED})
OVER = ENDED | {Stage.STOPPED}
"""Stages in which nobody gets it any more who does not have it."""


class Unreleased(StrEnum):
    """What people get if nothing is released in their language."""

    WAIT = "wait"
    GERMAN = "german"
    """The whole message in German, with English where that is released, under a mark in their language."""


class Answering(StrEnum):
    """The button below a broadcast."""

    NONE = "none"
    INTEREST = "interest"
    OFFER = "offer"
    BOTH = "both"
    """Interest, and the card of the offer it is about, where one can register."""

    @property
    def interest(self) -> bool:
        """Whether people can say that they are interested."""
        return self in {Answering.INTEREST, Answering.BOTH}

    @property
    def offer(self) -> bool:
        """Whether a button leads to the offer's card."""
        return self in {Answering.OFFER, Answering.BOTH}


@dataclass(frozen=True, slots=True)
class Attachment:
    """The picture or file that goes with a broadcast: the messenger's name for it, never its bytes.

    `unique` stays the same whoever sent the file. `group` is the album it came with.
    """

    medium: Medium
    file: str
    unique: str
    name: str
    size: int
    group: str | None = None

    @property
    def media(self) -> Media:
        """As a message has it."""
        return Media(self.medium, self.file)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message to an audience.

    `audience` says whom it is for, as `bot.services.broadcasts.audience` reads it. `last_useful_at`: after that
    nobody is told. `joining`: who comes to belong to the audience before that is told as well. `planned_to` is the
    participant up to whom deliveries are planned, None where all are. `partner` is told of people who are
    interested, if they agree; None: the team alone. About an opening that is the opening's partner, not this one.
    `revision` counts its changes. `spread_hours`: over how many hours it goes out, None: at once. `follow_until`:
    until when its page follows copies that change or go out once more. `planning_for`: people of which languages
    deliveries are being planned for, None: all.
    """

    id: int
    author_id: int | None
    offer_id: str | None
    stage: Stage
    audience: Mapping[str, Any]
    answering: Answering
    partner: str | None
    link: str | None
    unreleased: Unreleased
    joining: bool
    last_useful_at: datetime
    starts_at: datetime | None
    planned_to: int | None
    rounds: int
    released_by: int | None
    reported_at: datetime | None
    created_at: datetime
    revision: int
    media: Attachment | None = None
    spread_hours: int | None = None
    follow_until: datetime | None = None
    planning_for: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A broadcast in one language, as text with markup.

    `text` is what staff work at, `released_text` what people get, None: nothing yet. `released_by` is the member who
    stands for it. `doubts` are what the check of a machine's translation found.
    """

    language: str
    text: str
    machine: bool = False
    doubts: tuple[str, ...] = ()
    released_text: str | None = None
    released_by: int | None = None

    @property
    def released(self) -> bool:
        """Whether people get something in this language."""
        return self.released_text is not None

    @property
    def can_be_redrafted(self) -> bool:
        """Whether a machine may write over it: its own draft, or a translation of a text that has changed since."""
        return (self.machine and self.is_draft) or bool(self.doubts)

    @property
    def is_draft(self) -> bool:
        """Whether what staff work at differs from what people get."""
        return self.text != self.released_text


class Interest(StrEnum):
    """What became of somebody's interest."""

    OPEN = "open"
    """Nobody has called yet."""
    CALLED = "called"
    WON = "won"
    LOST = "lost"
    WITHDRAWN = "withdrawn"
    """Taken back by the person."""


OUTCOMES = (Interest.CALLED, Interest.WON, Interest.LOST)
"""What the team or a partner can say became of an interest."""
UNDECIDED = (Interest.OPEN, Interest.CALLED)
"""Nothing has come of it yet: it can be taken back, and ends with its subject."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What somebody is interested in: an opening by its id, however they came to it; else what a broadcast offers."""

    opening: str | None = None
    broadcast: int | None = None

    def __str__(self) -> str:
        """As it stands in buttons and causes."""
        return self.opening or str(self.broadcast)

    @classmethod
    def named(cls, word: str) -> Subject:
        """What `str` wrote: ids of offers begin with a letter."""
        key = number(word)
        return cls(opening=word) if key is None else cls(broadcast=key)


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of a broadcast by language: what people may get, and what staff still work at."""

    id: int
    released: Mapping[str, str] = field(default_factory=dict)
    drafts: Mapping[str, str] = field(default_factory=dict)


def text_key(broadcast_id: int) -> str:
    """The key of a broadcast's text."""
    return f"{PREFIX}{broadcast_id}.text"


def draft_key(broadcast_id: int, language: str) -> str:
    """The key of a version that staff look at, whatever the language of their desk."""
    return f"{PREFIX}{broadcast_id}.draft_{language}"


def cause(broadcast_id: int) -> str:
    """What its deliveries are about."""
    return f"broadcast:{broadcast_id}"


def of_key(key: str) -> int | None:
    """The broadcast a text key belongs to."""
    return number(key.removeprefix(PREFIX).partition(".")[0]) if key.startswith(PREFIX) else None


FAILED = "failed_"
"""The beginning of a doubt that replaces a translation which could not be made; its text is empty."""
PREFIX = "broadcast."
"""The beginning of the keys of their texts."""
