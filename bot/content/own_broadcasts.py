"""Broadcasts of staff as texts of the content, so that they are rendered like everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.content.locales import SOURCE_LANGUAGE
from bot.content.reader import Source
from bot.content.texts import Translation
from bot.core.broadcasts import Wording, draft_key, text_key


def add_broadcasts(
    wordings: Iterable[Wording],
    source: str,
    texts: dict[str, Source],
    translations: Mapping[str, dict[str, Translation | None]],
) -> None:
    """Adds the texts of each broadcast in the languages people may get, and each version that staff see.

    `source` is the name shown instead of a file. Every key needs a German text. If staff wrote none, the text they
    wrote stands in for it, but only people of that language get it.
    """
    for one in wordings:
        key = text_key(one.id)
        german = one.released.get(SOURCE_LANGUAGE) or one.drafts.get(SOURCE_LANGUAGE)
        if words := german or next(iter(one.released.values()), None):
            texts[key] = Source(key, (words,), "", source, 1)
        for language, words in one.released.items():
            if language != SOURCE_LANGUAGE and language in translations:
                translations[language][key] = ((words,), only)
        for language, words in one.drafts.items():
            draft = draft_key(one.id, language)
            texts[draft] = Source(draft, (words,), "", source, 1)
            if language != SOURCE_LANGUAGE and language in translations:
                translations[language][draft] = ((words,), only)


def only(_count: int) -> int:
    """The plural rule of a text with one form."""
    return 0
