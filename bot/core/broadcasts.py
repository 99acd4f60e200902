"""Broadcasts, messages from staff to many people: their texts, and which stage they are in. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.core.folding import number
from bot.core.message import Media, Medium


class Stage(StrEnum):
    """The stage of a broadcast. What happened to each recipient is in the outbox."""

    DRAFT = "draft"
    SENDING = "sending"
    """Its deliveries are being planned, or are planned. It is over when no delivery is waiting."""
    PAUSED = "paused"
    STOPPED = "stopped"
    """What has not been sent stays unsent. Copies in the chats stay, and can be answered and corrected."""
    FILLED = "filled"
    """Its offer is no longer available. Copies in the chats have lost their buttons."""
    RECALLED = "recalled"
    """Taken back: deleted where the messenger allows it, else marked as no longer true."""
    DISCARDED = "discarded"
    """Never sent."""


LIVE = frozenset({Stage.SENDING, Stage.PAUSED})
STANDING = LIVE | {Stage.STOPPED}
"""Stages in which copies in the chats can be answered and corrected."""
ENDED = frozenset({Stage.FILLED, Stage.RECALLED, Stage.DISCARDED})
OVER = ENDED | {Stage.STOPPED}
"""Stages in which nobody gets a new copy."""


class Unreleased(StrEnum):
    """What people get if no text is released in their language."""

    WAIT = "wait"
    GERMAN = "german"
    """The whole message in German (and in English, if that is released), marked in the person's language."""


class Answering(StrEnum):
    """What the button below a broadcast does."""

    NONE = "none"
    INTEREST = "interest"
    OFFER = "offer"
    BOTH = "both"
    """Takes interest, and shows the card of the offer, if people can register for it."""

    @property
    def interest(self) -> bool:
        """Whether people can say that they are interested."""
        return self in {Answering.INTEREST, Answering.BOTH}

    @property
    def offer(self) -> bool:
        """Whether a button leads to the card of the offer."""
        return self in {Answering.OFFER, Answering.BOTH}


@dataclass(frozen=True, slots=True)
class Attachment:
    """The picture or file of a broadcast: the messenger's name for it, never its bytes.

    `unique` is the same whoever sent the file. `group` is the album that it came with.
    """

    medium: Medium
    file: str
    unique: str
    name: str
    size: int
    group: str | None = None

    @property
    def media(self) -> Media:
        """The attachment as a message holds it."""
        return Media(self.medium, self.file)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message to an audience.

    `audience`: who it is for, in the form that `bot.services.broadcasts.audience` reads. `last_useful_at`: nobody
    gets it after that. `joining`: people who enter the audience before then get it too. `planned_to`: the last
    participant whose delivery is planned; None if all are. `partner`: is told about interested people who agree;
    None: only the team is. If the broadcast is about an opening, the opening's partner counts, not this one.
    `revision` counts its changes. `spread_hours`: the hours it is spread over; None: all at once. `follow_until`:
    until when its page follows copies that change or are sent again. `planning_for`: the languages whose people
    deliveries are being planned for; None: all.
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

    `text` is what staff edit. `released_text` is what people get; None: nothing yet. `released_by` is the member who
    answers for it. `doubts` are what the check of a machine translation found.
    """

    language: str
    text: str
    machine: bool = False
    doubts: tuple[str, ...] = ()
    released_text: str | None = None
    released_by: int | None = None

    @property
    def released(self) -> bool:
        """Whether people get a text in this language."""
        return self.released_text is not None

    @property
    def can_be_redrafted(self) -> bool:
        """Whether a machine may replace it: it is a machine's draft, or its source has changed since."""
        return (self.machine and self.is_draft) or bool(self.doubts)

    @property
    def is_draft(self) -> bool:
        """Whether the text that staff edit differs from the text that people get."""
        return self.text != self.released_text


class Interest(StrEnum):
    """What became of a person's interest."""

    OPEN = "open"
    """Nobody has called yet."""
    CALLED = "called"
    WON = "won"
    LOST = "lost"
    WITHDRAWN = "withdrawn"
    """The person took it back."""


OUTCOMES = (Interest.CALLED, Interest.WON, Interest.LOST)
"""The outcomes that the team or a partner can report."""
UNDECIDED = (Interest.OPEN, Interest.CALLED)
"""Nothing has come of it yet. It can be taken back, and ends with its subject."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a person is interested in: an opening (by its id), or else what a broadcast offers."""

    opening: str | None = None
    broadcast: int | None = None

    def __str__(self) -> str:
        """The form used in buttons and causes."""
        return self.opening or str(self.broadcast)

    @classmethod
    def named(cls, word: str) -> Subject:
        """Reads what `str` wrote. Ids of offers begin with a letter, so the two kinds cannot be confused."""
        key = number(word)
        return cls(opening=word) if key is None else cls(broadcast=key)


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of a broadcast by language: what people may get, and what staff are still editing."""

    id: int
    released: Mapping[str, str] = field(default_factory=dict)
    drafts: Mapping[str, str] = field(default_factory=dict)


def text_key(broadcast_id: int) -> str:
    """The key of a broadcast's text."""
    return f"{PREFIX}{broadcast_id}.text"


def draft_key(broadcast_id: int, language: str) -> str:
    """The key of the version that staff are editing. The language of their desk makes no difference."""
    return f"{PREFIX}{broadcast_id}.draft_{language}"


def cause(broadcast_id: int) -> str:
    """The cause of its deliveries."""
    return f"broadcast:{broadcast_id}"


def of_key(key: str) -> int | None:
    """The id of the broadcast that a text key belongs to. None if it belongs to none."""
    return number(key.removeprefix(PREFIX).partition(".")[0]) if key.startswith(PREFIX) else None


FAILED = "failed_"
"""How a doubt begins that stands in for a translation that failed. The text is then empty."""
PREFIX = "broadcast."
"""How the text keys of broadcasts begin."""
