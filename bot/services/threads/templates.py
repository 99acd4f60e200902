"""`/t` in a topic: lists the templates, or sends one to the person. What came of it is said in the topic."""

from __future__ import annotations

from typing import Any

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.threads import PREFIX, Job
from bot.db.outbox import thread_deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.staff.staff import Member
from bot.db.threads.threads import Thread
from bot.services.threads import answers, deeds
from bot.services.threads.deeds import Ready
from bot.services.turn import Turn
from bot.services.written import Written

COMMAND = "t"


def ready_for(turn: Turn, one: Thread, wanted: str) -> Ready | None:
    """A template as the person would get it; None where there is none of that id."""
    found = answers.everything(turn).get(wanted)
    if found is None:
        return None
    words, language = answers.words_for(turn, found, one.language)
    return Ready(found.id, words, language)


def by_command(turn: Turn, member: Member, one: Thread, written: Written, wanted: str | None) -> None:
    """`/t` lists, `/t <id>` sends."""
    told: dict[str, Any] = {"what": "list"}
    if wanted is not None:
        ready = ready_for(turn, one, wanted)
        told = {"what": "unknown", "template": wanted[:24]}
        if ready is not None:
            deeds.answer(turn, member, one, one.group_id or 0, written, ready)
            theirs = one.language or SOURCE_LANGUAGE
            told = {"what": "sent" if ready.language == theirs else "german", "template": wanted, "language": theirs}
    tell(turn, one, written, told)


def tell(turn: Turn, one: Thread, written: Written, told: dict[str, Any]) -> None:
    """Say something to the team in the topic, below what a member wrote there."""
    cause = f"{PREFIX}{one.id}.tell.{written.message}"
    params = {"thread": one.id, **told}
    key, about = Job.TELL.text_key, one.participant_id
    planned = Planned(cause, Kind.TALK, turn.now, key, params, urgent=True, participant_id=about)
    thread_deliveries.plan(turn.connection, one.group_id or 0, planned)
