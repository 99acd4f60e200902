"""Links that can be opened once: random, and only their hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Screen, Text
from bot.services.reply import Card, Reply
from bot.services.turn import Visitor

LASTS = timedelta(hours=24)
BYTES = 24
"""Random bytes in a link: 192 bits."""


def new(prefix: str) -> str:
    """The payload of a new link. It ends in a letter or a digit: mail and chat programs cut off other signs."""
    while not (chance := secrets.token_urlsafe(BYTES))[-1].isalnum():
        pass
    return f"{prefix}-{chance}"


def hashed(payload: str) -> str:
    """What is kept of a payload."""
    return hashlib.sha256(payload.encode()).hexdigest()


def word(visitor: Visitor, text: Text) -> Reply:
    """A message that is no card, to somebody about whom nothing is stored by it."""
    card = Card(visitor.chat_id, SOURCE_LANGUAGE, 1, Screen(((text,),)), kept=False)
    return Reply(SOURCE_LANGUAGE, card)
