"""What a person will receive in the next days: each message with its time, its words and its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.content.loader import Content
from bot.core.timing import local_time
from bot.db import chats, deliveries
from bot.services import preferences, saying, sending
from bot.services.saying import Later, Skip
from bot.services.sending import Ready
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


class NobodyThere(Exception):
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
    coming = deliveries.planned_for(turn.connection, chat_id, turn.now + timedelta(days=days))
    found = []
    for at, due in coming:
        moment = Turn(turn.connection, content, max(at, turn.now))
        said = saying.prepared(moment, [due]).get(due.id)
        if isinstance(said, Later):
            moment = Turn(turn.connection, content, said.at)
            said = saying.prepared(moment, [due]).get(due.id)
        found.append(_coming(content, moment.now, language, due, said))
    zone = preferences.own_zone(chats.zone_of(turn.connection, chat_id))
    return Preview(zone, sorted(found, key=lambda one: one.at))


def _coming(content: Content, at: datetime, language: str, due: deliveries.Due, said: saying.Said | None) -> Coming:
    cause = due.text_key.removeprefix("ui.")
    if isinstance(said, Skip):
        return Coming(at, language, None, f"{cause}: {said.reason}")
    rich = sending.say(Ready(due, content, None if said is None or isinstance(said, Later) else said))
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
