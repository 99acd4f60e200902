"""What every use case is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.content.loader import Content


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: its transaction, the content, and the time."""

    connection: Connection
    content: Content
    now: datetime


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who speaks: the chat, and the language of the phone (used until a language is chosen, never stored)."""

    chat_id: int
    phone_language: str | None = None
