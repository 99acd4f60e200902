"""What a person agrees to: a yes is kept with the text it was given to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.content.town import TRANSLATION
from bot.db.people import participants
from bot.db.people.participants import Agreed
from bot.services.rights import privacy_screen
from bot.services.turn import Turn
from bot.services.view import town, ui


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
    return purpose != TRANSLATION or one.text_version == text_version(content, purpose, one.language)


def text_version(content: Content, purpose: str, language: str) -> str:
    """A hash of the text that a yes is given to: of storage the notice above it, of all others their card's."""
    if all(one.id != purpose for one in content.town.consents):
        return ""
    shown = [town("privacy.notice"), ui("consent.ask")]
    if content.town.consents[0].id != purpose:
        parts = (town(f"consents.{purpose}.{part}") for part in ("title", "text", *privacy_screen.MORE))
        shown = [one for one in parts if content.texts.has(SOURCE_LANGUAGE, one.key)]
    said = [content.texts.label(language, one) for one in shown]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
