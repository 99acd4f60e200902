"""Deliveries of talks: those on their way, their results, and what is deleted when a talk is erased."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from bot.core.threads import PREFIX, Job
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import PLANNED, Kind, Planned, State
from bot.db.schema import delivery, former_topic, thread
from bot.db.threads import threads
from bot.db.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Ended:
    """A delivery of a talk that has ended."""

    thread_id: int
    delivery: int
    state: State
    why: str | None
    """The code of a refusal, or the reason why it was not sent."""
    job: Job
    message_id: int | None
    changes: bool
    chat_id: int
    message: int | None
    """The message of the talk that it changes."""
    reaction: int
    """Which change of the message's reaction it passes on."""


def plan(connection: Connection, chat_id: int, planned: Planned) -> int:
    """Plans a delivery. Returns its id."""
    deliveries.plan(connection, [(chat_id, planned)])
    same = (delivery.c.cause == planned.cause, delivery.c.chat_id == chat_id)
    return int(connection.execute(select(delivery.c.id).where(*same)).scalar_one())


def hurry(connection: Connection, number: int, now: datetime) -> None:
    """Makes a delivery that waits for a better moment due now."""
    waits = (delivery.c.id == number, delivery.c.state == State.PLANNED.value, delivery.c.next_at > now)
    if connection.execute(update(delivery).where(*waits).values(next_at=now)).rowcount:
        connection.info[PLANNED] = True


def ended(connection: Connection, *, to_staff: bool) -> list[Ended]:
    """The deliveries of one direction that were on their way and have ended."""
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
            Job.of(text),
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
    """Prepares to erase a person's talk: its topics, and what members were shown of it, are to be deleted.

    What remains for that are only numbers of messages, which are about nobody.
    """
    one = threads.of_person(connection, participant_id)
    if one is None:
        return
    topics = former_topics(connection, participant_id)
    if one.topic is not None and one.group_id is not None:
        topics.append((one.group_id, one.topic))
    gone = [(group, _gone(f"topic.{topic}", one.changed_at, {"topic": topic})) for group, topic in topics]
    connection.execute(delete(former_topic).where(former_topic.c.participant_id == participant_id))
    shown = select(delivery.c.chat_id, delivery.c.message_id).where(
        delivery.c.participant_id == one.participant_id,
        delivery.c.text_key == Job.SHOW.text_key,
        delivery.c.message_id.is_not(None),
    )
    deliveries.plan(connection, gone)
    take_away(connection, [(row.chat_id, row.message_id) for row in connection.execute(shown)], one.changed_at)


def keep_topic(connection: Connection, participant_id: int, group_id: int | None, topic: int | None) -> None:
    """Remembers a topic that a person's talk has left and that still exists. It is deleted when they are erased."""
    if group_id is not None and topic is not None:
        row = {"group_id": group_id, "topic": topic, "participant_id": participant_id}
        statement = insert_into(connection, former_topic)
        theirs = statement.on_conflict_do_update(
            index_elements=[former_topic.c.group_id, former_topic.c.topic], set_={"participant_id": participant_id}
        )
        connection.execute(theirs, row)


def former_topics(connection: Connection, participant_id: int) -> list[tuple[int, int]]:
    """Where a person's talk was led before: groups and topics."""
    theirs = select(former_topic.c.group_id, former_topic.c.topic).where(
        former_topic.c.participant_id == participant_id
    )
    return [(row[0], row[1]) for row in connection.execute(theirs.order_by(*former_topic.primary_key))]


def forget_topic(connection: Connection, group_id: int, topic: int) -> None:
    """Forgets a former topic that belongs to a person's talk again."""
    same = (former_topic.c.group_id == group_id, former_topic.c.topic == topic)
    connection.execute(delete(former_topic).where(*same))


def go_again(connection: Connection, group_id: int, now: datetime) -> None:
    """A group can be written to again: deletions that waited for it are done now."""
    undone = (
        delivery.c.chat_id == group_id,
        delivery.c.text_key.in_((Job.GONE.text_key, Job.OUT.text_key)),
        or_(
            delivery.c.state.in_((State.BLOCKED.value, State.FAILED.value)),
            and_(delivery.c.state == State.SKIPPED.value, delivery.c.reason == State.BLOCKED.value),
        ),
    )
    again = {"state": State.PLANNED.value, "reason": None, "code": None, "next_at": now, "tries": 0}
    if connection.execute(update(delivery).where(*undone).values(again)).rowcount:
        connection.info[PLANNED] = True


def take_away(connection: Connection, messages: Collection[tuple[int, int]], at: datetime) -> None:
    """Plans to delete messages in these chats. What cannot be deleted says that its subject was erased."""
    gone = [(chat_id, _gone(f"message.{number}", at, None, edits=number)) for chat_id, number in messages]
    deliveries.plan(connection, gone)


def _gone(what: str, at: datetime, params: dict[str, Any] | None, edits: int | None = None) -> Planned:
    cause = f"{PREFIX}gone.{what}"
    return Planned(cause, Kind.TALK, at, Job.GONE.text_key, params, edits=edits, urgent=True)
