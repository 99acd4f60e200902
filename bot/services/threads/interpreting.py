"""Translation of talks by a machine, after the commit: the original is passed on first, and always stands above it.

Words of the team go to the translator the town has chosen. Words of a person only where that is a server of the
town's own, or where the person has agreed to it: to the purpose `translation`, in the text that names this service.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.locales import SOURCE_LANGUAGE
from bot.content.markup import MarkupError, parse, plain
from bot.content.town import TRANSLATION
from bot.core.threads import Author
from bot.db.threads import threads
from bot.db.threads.threads import Message, Thread
from bot.services.rights import consents
from bot.services.threads import lines
from bot.services.translating import Doubt, Outcome, Translated
from bot.services.turn import Turn

AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """A message that a machine is to translate, in the state it has now."""

    message: int
    revision: int
    text: str
    source: str
    target: str


def wanted(turn: Turn, *, hosted: bool) -> list[Wanted]:
    """What is to be translated next; what may not be is struck off. `hosted`: on a server of the town's own."""
    found = []
    for each in threads.to_interpret(turn.connection, AT_ONCE):
        one = threads.load(turn.connection, each.thread_id)
        pair = None if one is None else _languages(turn, one, each, hosted=hosted)
        if pair is None or not each.text or each.taken_back_at is not None:
            threads.change_messages(turn.connection, [each.id], interpret=False)
        else:
            found.append(Wanted(each.id, each.revision, each.text, *pair))
    return found


def _languages(turn: Turn, one: Thread, each: Message, *, hosted: bool) -> tuple[str, str] | None:
    """From which language into which; None where it may not be translated, or they are the same."""
    theirs = one.language if one.language in turn.content.languages else turn.content.languages[0]
    if theirs == SOURCE_LANGUAGE:
        return None
    if each.author is Author.STAFF:
        return SOURCE_LANGUAGE, theirs
    if each.author is not Author.PERSON:
        return None  # a note of the team is about the person, and nobody agreed to that
    if hosted or TRANSLATION in consents.given(turn, one.participant_id):
        return theirs, SOURCE_LANGUAGE
    return None


def keep(turn: Turn, asked: Wanted, outcome: Outcome) -> None:
    """Lay a translation below its original; where that has changed meanwhile, it is asked for again."""
    each = threads.message(turn.connection, asked.message)
    if each is None or each.revision != asked.revision or each.taken_back_at is not None:
        return
    words = _words(outcome)
    if words is None:
        threads.change_messages(turn.connection, [each.id], interpret=False)
    else:
        threads.revise(turn.connection, each.id, machine=words, interpret=False)
        lines.move(turn, each.thread_id)


def _words(outcome: Outcome) -> str | None:
    """What the machine said, without markup; None where it said nothing, or only repeated the original."""
    if not isinstance(outcome, Translated) or Doubt.SAME in outcome.doubts:
        return None
    try:
        return plain(parse(outcome.texts[0])).strip() or None
    except MarkupError:
        return None
