"""What a person will receive in the next days: each message with its time, its words and its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.content.loader import Content
from bot.core.message import Screen
from bot.core.timing import local_time
from bot.db import chats
from bot.db.outbox import deliveries
from bot.refusal import ForOperator
from bot.services.deliveries import saying, sending
from bot.services.deliveries.saying import Later, Skip
from bot.services.deliveries.sending import Ready
from bot.services.preferences import preferences
from bot.services.reminders import seeking
from bot.services.turn import Turn


@dataclass(frozen=True, slots=True)
class Coming:
    """A message to come. `at` is when it is due; `words` None where it will not be said, `reason` says why (not)."""

    at: datetime
    language: str
    words: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What will come, the first first. `zone` is the person's own; None: they live by the town's clocks."""

    zone: ZoneInfo | None
    coming: list[Coming]


class NobodyThere(ForOperator):
    """There is no such chat; the text is for the operator."""


def preview(turn: Turn, chat_id: int, days: int) -> Preview:
    """Everything planned for a chat, judged as the world is now, each at the time it is due.

    Raises:
        NobodyThere: nobody is known by that number.
    """
    content = turn.content
    known = chats.language_of(turn.connection, chat_id)
    if known is None:
        raise NobodyThere(f"There is no chat {chat_id}.")
    language = known if known in content.languages else content.languages[0]
    ahead = timedelta(days=days)
    planned = deliveries.planned_for(turn.connection, chat_id, turn.now + ahead)
    found = [
        _judged(turn, at, language, due, lambda moment, due=due: saying.prepared(moment, [due]).get(due.id))  # type: ignore[misc]
        for at, due in planned
    ]
    # What is not planned yet, because nobody is looked at so long before.
    for one in seeking.coming(turn, chat_id, ahead):
        due = deliveries.not_planned(chat_id, one, language)
        found.append(
            _judged(turn, one.due_at, language, due, lambda moment, due=due: saying.imagined(moment, due))  # type: ignore[misc]
        )
    zone = preferences.own_zone(chats.zone_of(turn.connection, chat_id))
    return Preview(zone, sorted(found, key=lambda one: one.at))


def _judged(
    turn: Turn, at: datetime, language: str, due: deliveries.Due, judge: Callable[[Turn], saying.Said | None]
) -> Coming:
    """A message at the time it is due, or at the later time it is put off to."""
    moment = Turn(turn.connection, turn.content, max(at, turn.now))
    said = judge(moment)
    if isinstance(said, Later):
        moment = Turn(turn.connection, turn.content, said.at)
        said = judge(moment)
    return _coming(turn.content, moment.now, language, due, said)


def _coming(content: Content, at: datetime, language: str, due: deliveries.Due, said: saying.Said | None) -> Coming:
    cause = due.text_key.removeprefix("ui.")
    if isinstance(said, Skip):
        return Coming(at, language, None, f"{cause}: {said.reason}")
    if due.kind is deliveries.Kind.TALK:
        return Coming(at, language, None, f"{cause}: talk")
    rich = sending.say(Ready(due, content, said if isinstance(said, Screen) else None))
    if rich is None:
        return Coming(at, language, None, f"{cause}: text_gone")
    return Coming(at, language, rich.text, cause)


def lines(content: Content, found: Preview) -> Iterator[str]:
    """The preview for a terminal, in the town's time, and in the person's where they have another zone."""
    if found.zone is not None:
        yield f"Zone: {found.zone.key} (town: {content.town.zone}); the person's time stands in brackets."
    if not found.coming:
        yield "Nothing is planned."
    for one in found.coming:
        at = local_time(one.at, content.town.clock)
        theirs = "" if found.zone is None else f" ({local_time(one.at, found.zone):%a %H:%M})"
        what = "" if one.words is not None else " (not said)"
        yield f"{at:%a %Y-%m-%d %H:%M}{theirs} {one.language} {one.reason}{what}"
        for line in (one.words or "").splitlines():
            yield f"    {line}"
