"""Talks with a human, as values: who says something, what becomes of it, and how it is cut into messages."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from statistics import median

PREFIX = "thread."
"""The beginning of the text keys and causes of a talk's deliveries."""
NOTE = "//"
"""The beginning of a word that is only for the team."""
TEXT = "text"
"""The kind of a message of words only. Other kinds have the messenger's names."""
BUNDLE_UNITS = 3000
"""How many letters fit into one message when several are waiting."""
ANSWERS_COUNTED, FEWEST_ANSWERS = 20, 5
"""How many of the last answers the usual wait is based on, and how few are too few to say anything."""


class Author(StrEnum):
    """Who said it."""

    PERSON = "person"
    STAFF = "staff"
    NOTE = "note"
    """A word of the team for the team. The person never sees it."""
    EVENT = "event"
    """Something that happened, shown to the team."""


class Passing(StrEnum):
    """What became of a message. While a delivery is under way, its state says the rest."""

    RECEIVED = "received"
    DESK = "desk"
    """It is at the desk, because there is no group."""
    SENT = "sent"
    BLOCKED = "blocked"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Job(StrEnum):
    """What one delivery of a talk does."""

    TOPIC = "topic"
    CARD = "card"
    SAY = "say"
    COPY = "copy"
    CHANGE = "change"
    """Copy an edit, or the removal, of a message that was passed on."""
    REACT = "react"
    """Put an emoji that the other side put on a copy onto the original, or take it away."""
    OPEN = "open"
    CLOSE = "close"
    NAME = "name"
    """Rename the topic."""
    GONE = "gone"
    """Handle the topic of a person who was erased."""
    TELL = "tell"
    """Tell the team something in a topic that belongs to no talk."""
    OUT = "out"
    """Remove a person who has left the team from its group."""
    STILL_IN = "still_in"
    """Tell an admin that a person could not be removed from the group."""
    SHOW = "show"
    """Send a picture or file to a member of the team who asks for it at the desk."""

    @property
    def text_key(self) -> str:
        """The text key of deliveries that do this job."""
        return f"{PREFIX}{self}"

    @staticmethod
    def of(text_key: str) -> Job:
        """The job of a talk's delivery with this text key."""
        return Job(text_key.removeprefix(PREFIX))


class Event(StrEnum):
    """What happens in a talk besides words."""

    BLOCKED = "blocked"
    BACK = "back"
    FAILED = "failed"
    UNKNOWN = "unknown"
    STAYS = "stays"
    """A message was taken back or replaced, but the other side still shows the old one."""
    LEFT_AT_DESK = "left_at_desk"
    REOPENED = "reopened"
    """The talk was over and goes on."""
    MOVED = "moved"
    """The profile moved to another account, brought by a code."""
    WAITS = "waits"
    """Nobody has answered for hours."""


class Reason(StrEnum):
    """Why a talk was closed."""

    ANSWERED = "answered"
    PASSED_ON = "passed_on"
    NO_ANSWER = "no_answer"


def usual_wait(seconds: Sequence[int]) -> int | None:
    """The median wait for the last answers, in seconds. None if too few are known."""
    return int(median(seconds)) if len(seconds) >= FEWEST_ANSWERS else None


def bundle(lengths: Sequence[int]) -> int:
    """How many of the waiting messages, given by their lengths, go into one. At least the first."""
    total = 0
    for number, length in enumerate(lengths):
        total += length + 1
        if number and total > BUNDLE_UNITS:
            return number
    return len(lengths)
