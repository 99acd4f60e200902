"""What a person agrees to: a yes is kept with the text it was given to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.content.loader import Content
from bot.content.town import TRANSLATION
from bot.db.people import participants
from bot.db.people.participants import Agreed
from bot.services.rights import consent_texts
from bot.services.turn import Turn


def given(turn: Turn, participant_id: int) -> Mapping[str, datetime]:
    """The purposes a person agrees to now, each with since when."""
    agreed = participants.agreed(turn.connection, participant_id)
    return {purpose: one.since for purpose, one in agreed.items() if _holds(turn.content, purpose, one)}


def is_void(turn: Turn, participant_id: int, purpose: str) -> bool:
    """Whether somebody agreed to it, but to a text other than today's."""
    one = participants.agreed(turn.connection, participant_id).get(purpose)
    return one is not None and not _holds(turn.content, purpose, one)


def _holds(content: Content, purpose: str, one: Agreed) -> bool:
    """Whether a yes still holds: one to translation holds only for the service that was named."""
    return purpose != TRANSLATION or one.text_version == consent_texts.version(content, purpose, one.language)
