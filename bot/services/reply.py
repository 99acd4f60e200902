"""What a use case answers: values that an edge draws after the commit."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.glossary import Glossary
from bot.core.message import Screen, Text
from bot.core.paper import Paper
from bot.core.roles import Role


@dataclass(frozen=True, slots=True)
class Card:
    """The one message of a chat that is alive.

    `version` goes into its buttons. `edit` is the message to change in place; None for a new message, and then
    `strip` are the messages that lose their buttons. A card that is not `kept` is a last word: no row is left to say
    that it was shown.
    """

    chat_id: int
    language: str
    version: int
    screen: Screen
    edit: int | None = None
    strip: tuple[int, ...] = ()
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery that stands in the chat as this message, as it is to be now."""

    chat_id: int
    language: str
    delivery: int
    message: int
    screen: Screen


@dataclass(frozen=True, slots=True)
class File:
    """A file for a person's phone, with a line above it. A paper becomes bytes after the commit.

    `lists`: people stand in it, and it goes when one of them does. `secret`: it shows that of a second factor, and
    goes when that is set up.
    """

    chat_id: int
    language: str
    name: str
    kind: str
    content: bytes | Paper
    caption: Text
    lists: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class StaffMenu:
    """The commands a chat is offered: with those of the role, or (None) what everybody is offered."""

    chat_id: int
    language: str
    role: Role | None


@dataclass(frozen=True, slots=True)
class Drafting:
    """A broadcast's text that a machine is to translate from `source` into `languages`, after the commit.

    `chat_id` is that of the member who asked for it. `names` are those of its offer, which must stay.
    """

    chat_id: int
    broadcast: int
    source: str
    text: str
    languages: tuple[str, ...]
    names: Glossary = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A card to show, and a short word that answers a tap. Either may be missing. Rarely a `letter`, or a `file`.

    `elsewhere` is the card of another chat that this changed. `files` are several files. `menus` are chats whose
    commands have changed. `content_changed`: staff said something that everybody sees from now on. `drafting`:
    a machine is to translate something.
    """

    language: str
    card: Card | None = None
    toast: Text | None = None
    letter: Letter | None = None
    file: File | None = None
    files: tuple[File, ...] = ()
    menus: tuple[StaffMenu, ...] = ()
    content_changed: bool = False
    drafting: Drafting | None = None
    elsewhere: Card | None = None
