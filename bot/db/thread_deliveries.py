"""What is sent of talks: deliveries on their way, what became of them, and what goes when a talk is erased."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from bot.core.threads import PREFIX, Job
from bot.db import deliveries, threads
from bot.db.deliveries import PLANNED, Kind, Planned, State
from bot.db.schema import delivery, thread


@dataclass(frozen=True, slots=True)
class Ended:
    """A delivery of a talk that has come to its end."""

    thread_id: int
    delivery: int
    state: State
    why: str | None
    """The code of a refusal, or the reason why it was not said."""
    job: Job
    message_id: int | None
    changes: bool
    chat_id: int
    message: int | None
    """The message of the talk that it changes."""
    reaction: int
    """Which change of its reaction it passes on."""


def plan(connection: Connection, chat_id: int, planned: Planned) -> int:
    """Plan a delivery; its number."""
    deliveries.plan(connection, [(chat_id, planned)])
    same = (delivery.c.cause == planned.cause, delivery.c.chat_id == chat_id)
    return int(connection.execute(select(delivery.c.id).where(*same)).scalar_one())


def hurry(connection: Connection, number: int, now: datetime) -> None:
    """A delivery that waits for a better moment is due now."""
    waits = (delivery.c.id == number, delivery.c.state == State.PLANNED.value, delivery.c.next_at > now)
    if connection.execute(update(delivery).where(*waits).values(next_at=now)).rowcount:
        connection.info[PLANNED] = True


def ended(connection: Connection, *, to_staff: bool) -> list[Ended]:
    """The deliveries on their way in one direction that have come to an end."""
    job = thread.c.staff_job if to_staff else thread.c.person_job
    over = delivery.c.state.not_in((State.PLANNED.value, State.CLAIMED.value))
    why = func.coalesce(delivery.c.reason, delivery.c.code)
    columns = (delivery.c.state, why, delivery.c.text_key, delivery.c.message_id, delivery.c.edits, delivery.c.params)
    where = delivery.c.chat_id
    found = (
        select(thread.c.id, job, *columns, where)
        .join_from(thread, delivery, delivery.c.id == job)
        .where(job.is_not(None), over)
    )
    return [
        Ended(
            key,
            number,
            State(state),
            code,
            Job(text.rpartition(".")[2]),
            sent,
            changes=edits is not None,
            chat_id=chat_id,
            message=(params or {}).get("message"),
            reaction=(params or {}).get("reaction", 0),
        )
        for key, number, state, code, text, sent, edits, params, chat_id in connection.execute(found)
    ]


def of_delivery(connection: Connection, number: int, chat_id: int) -> threads.Thread | None:
    """The talk that a delivery to this chat is about."""
    row = connection.execute(
        select(delivery.c.participant_id).where(
            delivery.c.id == number, delivery.c.chat_id == chat_id, delivery.c.kind == Kind.TALK.value
        )
    ).first()
    return None if row is None or row[0] is None else threads.of_person(connection, row[0])


# -- erasure


def leave(connection: Connection, participant_id: int) -> None:
    """The talk of somebody is about to be erased: its topic, and what members were shown of it, are to go as well.

    What says so is about nobody any more: numbers of messages.
    """
    one = threads.of_person(connection, participant_id)
    if one is None:
        return
    gone: list[tuple[int, Planned]] = []
    if one.topic is not None and one.group_id is not None:
        gone.append((one.group_id, _gone(f"topic.{one.topic}", one.changed_at, {"topic": one.topic})))
    shown = select(delivery.c.chat_id, delivery.c.message_id).where(
        delivery.c.participant_id == one.participant_id,
        delivery.c.text_key == f"{PREFIX}{Job.SHOW}",
        delivery.c.message_id.is_not(None),
    )
    deliveries.plan(connection, gone)
    take_away(connection, [(row.chat_id, row.message_id) for row in connection.execute(shown)], one.changed_at)


def take_away(connection: Connection, messages: Collection[tuple[int, int]], at: datetime) -> None:
    """Messages of these chats are to go, or to say that what they were about was erased."""
    gone = [(chat_id, _gone(f"message.{number}", at, None, edits=number)) for chat_id, number in messages]
    deliveries.plan(connection, gone)


def _gone(what: str, at: datetime, params: dict[str, Any] | None, edits: int | None = None) -> Planned:
    cause = f"{PREFIX}gone.{what}"
    return Planned(cause, Kind.TALK, at, f"{PREFIX}{Job.GONE}", params, edits=edits, urgent=True)
