"""Whether a broadcast's text has room below its picture or file, in every language and whatever people say to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.content.checks import LONGEST_CAPTION
from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.content.rich import utf16
from bot.core.broadcasts import OUTCOMES, Broadcast, Unreleased, Version, draft_key, text_key
from bot.core.message import Screen, Text, Words
from bot.services.openings import interesting
from bot.services.turn import Turn
from bot.services.view import ui
from bot.services.what_staff_said import up_to_date


def excess(turn: Turn, one: Broadcast, versions: Mapping[str, Version]) -> dict[str, int]:
    """By how many characters the text is too long in which language; nothing where it goes out without media.

    What may come to stand below it (a question, what became of an interest) has room as well, and so has the mark
    above a German text that stands in for another language.
    """
    if one.media is None:
        return {}
    turn = up_to_date(turn)  # what was written in this transaction counts
    found: dict[str, int] = {}
    for language in turn.content.languages:
        text = _text(one, language, versions)
        if text is not None:
            found[language] = (
                max(_length(turn, one, language, text, line) for line in _below(turn.content, one)) - LONGEST_CAPTION
            )
    return {language: number for language, number in found.items() if number > 0}


def _text(one: Broadcast, language: str, versions: Mapping[str, Version]) -> Text | None:
    """What people of a language would read; None where they get nothing yet."""
    if (version := versions.get(language)) is not None and version.text:
        return Text(draft_key(one.id, language), language=language)
    stands_in = one.unreleased is Unreleased.GERMAN and SOURCE_LANGUAGE in versions
    return Text(text_key(one.id)) if stands_in else None


def _length(turn: Turn, one: Broadcast, language: str, text: Text, below: tuple[Text, ...]) -> int:
    if not turn.content.texts.has(SOURCE_LANGUAGE, text.key):
        return 0
    media = None if one.media is None else one.media.media
    return utf16(turn.content.texts.render(language, Screen(((text,), below), media=media)).text)


def _below(content: Content, one: Broadcast) -> Iterator[tuple[Text, ...]]:
    """What may stand below the text at some time."""
    yield ()
    if not one.answering.interest:
        return
    yield (ui("interest.filled"),)
    yield (ui("interest.given"),)
    yield (ui("interest.not_me"),)
    yield from ((ui(f"interest.{state}"),) for state in OUTCOMES)
    if (partner := interesting.partner_of(content, one)) is not None:
        yield (interesting.ask(content, partner),)
        yield (ui("interest.given_partner", partner=Words(partner)),)
