"""A topic's name follows the person's language, and so does the card in it, which has their name as well."""

from __future__ import annotations

from bot.core.threads import PREFIX, Job
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.threads import threads
from bot.services.threads import lines
from bot.services.turn import Turn


def follow(turn: Turn, participant_id: int) -> None:
    """Somebody has another language or another name from now on."""
    one = threads.of_person(turn.connection, participant_id)
    if one is None or one.topic is None or one.group_id is None:
        return
    cause = f"{PREFIX}{one.id}.name.{turn.now.timestamp():.0f}"
    planned = Planned(
        cause,
        Kind.TALK,
        turn.now,
        Job.NAME.text_key,
        {"thread": one.id},
        urgent=True,
        participant_id=participant_id,
    )
    deliveries.plan(turn.connection, [(one.group_id, planned)])
    redraw(turn, participant_id)


def redraw(turn: Turn, participant_id: int) -> None:
    """The card in somebody's topic is to say something else from now on."""
    one = threads.of_person(turn.connection, participant_id)
    if one is not None and one.topic is not None:
        threads.change(turn.connection, one.id, card_outdated=True)
        lines.move(turn, one.id)
