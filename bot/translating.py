"""`lotse translate`: a German text through the translator of the settings, to see that it works and what it makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TextIO

from bot import clock
from bot.content.loader import Content
from bot.content.markup import MarkupError
from bot.refusal import ForOperator
from bot.services.translating import Outcome, Translated, into
from bot.settings import Settings
from bot.translation.building import translator_of


class TranslationRefused(ForOperator):
    """Nothing was translated; the text says what to do."""


async def translate(
    settings: Settings, content: Callable[[], Content], text: str, languages: Sequence[str], screen: TextIO
) -> bool:
    """Print the text in each language with what is in doubt; whether all of them came without a doubt.

    `content` is read where there is a translator.

    Raises:
        TranslationRefused: no translator is set, or the text cannot be read.
    """
    translator = translator_of(settings, None, clock.now)
    if translator is None:
        raise TranslationRefused("TRANSLATOR is none: choose one in the settings, see docs/operate.md.")
    try:
        outcomes = await into(translator, [text], languages, content().glossary)
    except MarkupError as fault:
        raise TranslationRefused(f"{fault.what}. {fault.mend}.") from None
    finally:
        await translator.close()
    for language, outcome in outcomes.items():
        print(*_lines(language, translator.name, outcome), sep="\n", file=screen)
    return all(isinstance(one, Translated) and not one.findings for one in outcomes.values())


def _lines(language: str, engine: str, outcome: Outcome) -> list[str]:
    if not isinstance(outcome, Translated):
        return [f"{language}: no translation by {engine}: {outcome.failure}"]
    doubts = [f"  ! {one.doubt} {one.what}".rstrip() for one in outcome.findings]
    return [f"{language}: by {engine}", *outcome.texts, *doubts]
