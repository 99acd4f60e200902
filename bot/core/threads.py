"""Talks with a human, as values: who says something, what becomes of it, and how it is cut into messages. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from statistics import median

PREFIX = "thread."
"""The beginning of the text keys and causes of a talk's deliveries."""
NOTE = "//"
"""The beginning of a word for the team alone."""
TEXT = "text"
"""The kind of a message that is words alone; others are called as the messenger calls them."""
BUNDLE_UNITS = 3000
"""Letters that go into one message when several wait."""
ANSWERS_COUNTED, FEWEST_ANSWERS = 20, 5
"""The last answers that say how long people wait, and with how few nothing is said."""


class Author(StrEnum):
    """Who said it."""

    PERSON = "person"
    STAFF = "staff"
    NOTE = "note"
    """A word of the team for the team: the person never sees it."""
    EVENT = "event"
    """Something that happened, for the team."""


class Passing(StrEnum):
    """What became of a message; while a delivery is under way, that says the rest."""

    RECEIVED = "received"
    DESK = "desk"
    """It stands at the desk, where no group is."""
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
    """A message that was passed on, as it is now, or taken away."""
    REACT = "react"
    """An emoji that the other side put on a copy, put on the original, or taken from it."""
    OPEN = "open"
    CLOSE = "close"
    NAME = "name"
    """The topic is called otherwise."""
    GONE = "gone"
    """The topic of somebody who was erased."""
    TELL = "tell"
    """A word to the team in a topic that is no part of the talk."""
    OUT = "out"
    """Somebody who has left the team is removed from its group."""
    STILL_IN = "still_in"
    """Word to an admin that somebody could not be removed from the group."""
    SHOW = "show"
    """A picture or a file, for a member of the team who asks for it at the desk."""

    @property
    def text_key(self) -> str:
        """The text key of deliveries that do it."""
        return f"{PREFIX}{self}"

    @staticmethod
    def of(text_key: str) -> Job:
        """What a delivery of a talk with that text key does."""
        return Job(text_key.removeprefix(PREFIX))


class Event(StrEnum):
    """What happens in a talk besides words."""

    BLOCKED = "blocked"
    BACK = "back"
    FAILED = "failed"
    UNKNOWN = "unknown"
    STAYS = "stays"
    """What was taken back, or put in place of another, stands on the other side as before."""
    LEFT_AT_DESK = "left_at_desk"
    REOPENED = "reopened"
    """The talk was over and goes on."""
    MOVED = "moved"
    """The profile is on another account now, brought by a code."""
    WAITS = "waits"
    """Nobody has answered for hours."""


class Reason(StrEnum):
    """Why a talk was closed."""

    ANSWERED = "answered"
    PASSED_ON = "passed_on"
    NO_ANSWER = "no_answer"


def usual_wait(seconds: Sequence[int]) -> int | None:
    """How long people waited for the last answers, in the middle; None where too few are known."""
    return int(median(seconds)) if len(seconds) >= FEWEST_ANSWERS else None


def bundle(lengths: Sequence[int]) -> int:
    """How many of the messages that wait, given by their lengths, go into one; at least the first."""
    total = 0
    for number, length in enumerate(lengths):
        total += length + 1
        if number and total > BUNDLE_UNITS:
            return number
    return len(lengths)
