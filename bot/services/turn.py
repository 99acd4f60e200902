"""What every use case is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.content.loader import Content
from bot.services.health.seen import Seen

FREE_RATE = 30
"""Messages a second that Telegram lets a bot send for nothing."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: its transaction, the content, and the time.

    `address` is the beginning of a link that leads to us; a payload follows. Empty where nothing can open one. `rate`
    is how many messages may leave in a second, 0 for any number. `translates`: there is a machine that drafts
    translations. `seen` looks at the running process; None where none is running.
    """

    connection: Connection
    content: Content
    now: datetime
    address: str = ""
    rate: int = FREE_RATE
    translates: bool = False
    seen: Callable[[], Seen] | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who speaks: the chat, and the language of the phone (used until a language is chosen, never stored).

    `person` is the human being who did it; None where it was none, or is not known. `name` is stored for staff only.
    """

    chat_id: int
    phone_language: str | None = None
    person: int | None = None
    name: str = ""
