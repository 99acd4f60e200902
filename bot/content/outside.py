"""The consent `translation`: people's words may go to an external translator, which the consent's text names.

The settings say which translator it is, so the text is completed when the content is loaded. Another service makes
another text with another hash, so an earlier yes no longer holds. Without a service nobody is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.content.reader import Source
from bot.content.texts import Translation
from bot.content.town import TRANSLATION, Town

TEXT = f"town.consents.{TRANSLATION}.text"
SLOT = "{service}"
"""The placeholder for the name of the service."""


def asked(town: Town, service: str | None) -> Town:
    """The town as it asks people. It asks about translation only if there is an external service."""
    if service is not None:
        return town
    return replace(town, consents=tuple(one for one in town.consents if one.id != TRANSLATION))


def named(sources: Mapping[str, Source], service: str | None) -> Mapping[str, Source]:
    """The German texts, with the service's name filled into the text of the consent."""
    text, name = sources.get(TEXT), sources.get(_name_of(service))
    if text is None or name is None:
        return sources
    return {**sources, TEXT: replace(text, forms=_with(text.forms, name.forms))}


def named_in(translations: Mapping[str, Translation], service: str | None) -> Mapping[str, Translation]:
    """The same for a translation. German is shown if the translation does not name the service."""
    text, name = translations.get(TEXT), translations.get(_name_of(service))
    if service is None or text is None:
        return translations
    if name is None:
        return {key: one for key, one in translations.items() if key != TEXT}
    return {**translations, TEXT: (_with(text[0], name[0]), text[1])}


def _name_of(service: str | None) -> str:
    return f"ui.translator.{service}"


def _with(forms: tuple[str, ...], name: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one.replace(SLOT, name[0]) for one in forms)
