"""Which text a yes is said to. Pure."""

from __future__ import annotations

import hashlib
import re

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.services.view import town, ui

MORE = ("recipients", "retention")
"""What a town may say of a consent beside its text."""
VERSION, MARK = 12, 8
"""Letters of a hash that is kept, and of one in a button."""
_YES = re.compile(rf"[0-9a-f]{{{MARK}}}|1|yes")
"""What a yes bears; `1` and `yes` on cards of before there were marks, of which nobody knows what stood there."""


def version(content: Content, purpose: str, language: str) -> str:
    """A hash of the text that a yes is said to: of the first one the notice above it, else what its card says."""
    if all(one.id != purpose for one in content.town.consents):
        return ""
    shown = [town("privacy.notice"), ui("consent.ask")]
    if content.town.consents[0].id != purpose:
        parts = (town(f"consents.{purpose}.{part}") for part in ("title", "text", *MORE))
        shown = [one for one in parts if content.texts.has(SOURCE_LANGUAGE, one.key)]
    said = [content.texts.label(language, one) for one in shown]
    return _hash("\n".join(said), VERSION)


def mark(content: Content, purpose: str, language: str) -> str:
    """What a yes bears of the text above it, in the language of its card or, where that has a gap, in German."""
    said = (version(content, purpose, one) for one in (language, SOURCE_LANGUAGE))
    return _hash(" ".join(said), MARK)


def is_yes(word: str) -> bool:
    """Whether a button says yes to some text, whichever."""
    return _YES.fullmatch(word) is not None


def _hash(words: str, letters: int) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:letters]
