"""What the sender does for a talk beyond plain messages: in topics, with copies, with topics themselves.

Values: `bot.telegram.acting` knows how the messenger does each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.content.rich import Rich

Revisions = tuple[tuple[int, int], ...]
"""Numbers of messages of a talk, each with the state in which it is said."""


@dataclass(frozen=True, slots=True)
class Say:
    """A message, in a topic where one is given; with `due.edits` that message says this from now on."""

    rich: Rich
    topic: int | None = None
    pinned: bool = False
    says: Revisions = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """What stands in a chat as this message, copied without its bytes passing us.

    `below` stands below the copy instead of its own words. `above` is said before it: what has no room below.
    """

    chat_id: int
    message: int
    topic: int | None = None
    says: Revisions = ()
    below: Rich | None = None
    above: Rich | None = None


@dataclass(frozen=True, slots=True)
class Caption:
    """The words below a picture or a file that was copied are these from now on.

    With `file` (its kind, and the messenger's key) that one stands in its place.
    """

    rich: Rich
    says: Revisions = ()
    file: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """A message is deleted; where it cannot be, it says this. `source` is what it was copied from, and goes as well.

    Below a `picture` (or a file) that stands for ever this is said too, but taken away it is not.
    """

    rich: Rich
    source: tuple[int, int] | None = None
    says: Revisions = ()
    picture: bool = False


@dataclass(frozen=True, slots=True)
class React:
    """This emoji and no other stands on a message from now on; None: none at all. Twice does no harm."""

    emoji: str | None
    says: Revisions = ()


@dataclass(frozen=True, slots=True)
class NewTopic:
    """A topic is made; its number is the message's."""

    name: str
    says: Revisions = ()


class Deed(StrEnum):
    """What is done with a topic."""

    CLOSE = "close"
    REOPEN = "reopen"
    DELETE = "delete"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class TopicIs:
    """A topic is closed, reopened, deleted or renamed; twice does no harm."""

    topic: int
    deed: Deed
    name: str = ""
    says: Revisions = ()


@dataclass(frozen=True, slots=True)
class Out:
    """Somebody is removed from the group, and may be invited again one day; twice does no harm."""

    person: int
    says: Revisions = ()


Act = Say | Copy | Caption | Away | React | NewTopic | TopicIs | Out
ACTS = (Say, Copy, Caption, Away, React, NewTopic, TopicIs, Out)
