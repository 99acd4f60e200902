"""Deletes what is over and was kept long enough, with set-based statements, in pages that block others only briefly.

The key of a delivery prevents that a person is told twice. It is edited when its meeting changes, and counts for the
weekly cap. So it stays until it and its meeting are old by every date they have.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, func, or_, select

from bot.db.outbox import thread_deliveries
from bot.db.outbox.deliveries import Kind, State
from bot.db.people.persons import last_seen
from bot.db.rights import desk_pages, erasure
from bot.db.schema import (
    attendance,
    audit_entry,
    chat,
    delivery,
    draft,
    interest,
    meeting,
    participant,
    registration,
    staff,
    thread,
)
from bot.db.schema import thread_message as said

PEOPLE = 50
"""How many chats or talks are erased in one transaction."""
WORDS = 200
"""How many messages of talks are."""
_OVER = [State.SENT.value, State.BLOCKED.value, State.FAILED.value, State.SKIPPED.value, State.UNKNOWN.value]
_IS_BROADCAST = delivery.c.kind == Kind.BROADCAST.value


def forget_deliveries(
    connection: Connection, after: int, page: int, before: datetime, broadcasts_before: datetime
) -> tuple[int, int | None]:
    """Deletes old ones of the next `page` deliveries after the id `after`. Returns how many, and where to go on.

    None after the last page. `before`: what was sent, or could last have been sent, earlier than that is old.
    """
    ids = select(delivery.c.id).where(delivery.c.id > after).order_by(delivery.c.id).limit(page).subquery()
    until = connection.execute(select(func.max(ids.c.id))).scalar()
    if until is None:
        return 0, None
    wanted = and_(delivery.c.id > after, delivery.c.id <= until, *_old(before, broadcasts_before))
    return connection.execute(delete(delivery).where(wanted)).rowcount, until


def _old(before: datetime, broadcasts_before: datetime) -> tuple[ColumnElement[bool], ...]:
    """The deliveries that are over, and so old that nothing needs them."""
    old = or_(and_(~_IS_BROADCAST, _older(before)), and_(_IS_BROADCAST, _older(broadcasts_before)))
    # A broadcast that may or may not have arrived waits for a human's decision.
    doubted = and_(_IS_BROADCAST, delivery.c.state == State.UNKNOWN.value, delivery.c.reason.is_(None))
    # A reminder about a person is its own memory: without it they would be reminded of the same thing again.
    remembers = and_(
        delivery.c.kind == Kind.REMINDER.value,
        delivery.c.participant_id.is_not(None),
        delivery.c.registration_id.is_(None),
    )
    alive = exists().where(meeting.c.id == delivery.c.meeting_id, meeting.c.ends_at >= before)
    # Deletions in a group that cannot be written to wait until it can be again.
    lost = exists().where(chat.c.id == delivery.c.chat_id, chat.c.blocked_at.is_not(None))
    undone = and_(delivery.c.kind == Kind.TALK.value, delivery.c.chat_id < 0, delivery.c.state != State.SENT.value)
    # The newest delivery stays: after a move SQLite would reuse its id, and old buttons would belong to a new
    # message.
    newest = select(func.max(delivery.c.id)).scalar_subquery()
    kept = or_(doubted, remembers, alive, and_(undone, lost))
    return (delivery.c.id < newest, delivery.c.state.in_(_OVER), old, ~kept)


def _older(before: datetime) -> ColumnElement[bool]:
    """A delivery that is older than that by all its dates."""
    dates = (delivery.c.next_at, delivery.c.last_useful_at, delivery.c.sent_at)
    return and_(delivery.c.due_at < before, *(func.coalesce(one, delivery.c.due_at) < before for one in dates))


def forget_registrations(connection: Connection, before: datetime) -> tuple[int, int]:
    """Deletes ended registrations, guests, and attendance whose last meeting was over by then.

    Returns how many registrations and how many marks. A seat that a person had stays as long as the person does.
    """
    attended = connection.execute(delete(attendance).where(*_old_marks(before))).rowcount
    ended = delete(registration).where(*_ended(before))
    gone = connection.execute(ended).rowcount
    if gone or attended:
        erasure.scrub(connection, erasure.ALL)
    return gone, attended


def _old_marks(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Attendance at what was over by then."""
    over = select(registration.c.id).where(_all_over(before))
    return (attendance.c.marked_at < before, attendance.c.registration_id.in_(over))


def _ended(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Ended seats, or guests, of what was over by then."""
    return (
        or_(registration.c.ended_at.is_not(None), registration.c.participant_id.is_(None)),
        func.coalesce(registration.c.ended_at, registration.c.queued_at) < before,
        _all_over(before),
    )


def _all_over(before: datetime) -> ColumnElement[bool]:
    """Registrations whose meeting, or whose offer's last meeting, was over by then."""
    coming = meeting.c.ends_at >= before
    return or_(
        and_(
            registration.c.meeting_id.is_(None),
            registration.c.offer_id.not_in(select(meeting.c.offer_id).where(coming)),
        ),
        and_(
            registration.c.meeting_id.is_not(None),
            registration.c.meeting_id.not_in(select(meeting.c.id).where(coming)),
        ),
    )


@dataclass(frozen=True, slots=True)
class Silence:
    """People who have not been active since `before`, seen at `now`.

    `finished`: whether their profile is. Without people who have a seat in something still ahead, members of the
    team, and people whose data is only kept.
    `asked` with `since`: only those who were told that text before `since`. `asked` alone: only those who were not
    told.
    """

    before: datetime
    now: datetime
    finished: bool
    asked: str = ""
    since: datetime | None = None


def silent(connection: Connection, who: Silence) -> list[tuple[int, int]]:
    """The next of these people, at most one page, as (chat, participant)."""
    found = _silent(who).order_by(chat.c.id, participant.c.id).limit(PEOPLE)
    return [(row[0], row[1]) for row in connection.execute(found)]


def how_many_silent(connection: Connection, who: Silence) -> int:
    """How many people `silent` gives in all its pages."""
    return connection.execute(select(func.count()).select_from(_silent(who).subquery())).scalar_one()


def _silent(who: Silence) -> Select[int, int]:
    """The chats and the people."""
    told = exists().where(
        delivery.c.chat_id == chat.c.id,
        or_(delivery.c.participant_id.is_(None), delivery.c.participant_id == participant.c.id),
        delivery.c.text_key == who.asked,
        delivery.c.due_at >= last_seen,
        *(() if who.since is None else (delivery.c.due_at < who.since, delivery.c.state.in_(_OVER))),
    )
    done = participant.c.finished_at.is_not(None)
    live = exists().where(
        registration.c.participant_id == participant.c.id,
        registration.c.ended_at.is_(None),
        ~_all_over(who.now),
    )
    found = select(chat.c.id, participant.c.id.label("person")).join_from(participant, chat)
    found = found.where(
        last_seen < who.before,
        participant.c.restricted_at.is_(None),
        done if who.finished else ~done,
        ~exists().where(staff.c.person_id == chat.c.id, staff.c.removed_at.is_(None)),
        ~live,
    )
    if who.asked:
        found = found.where(~told if who.since is None else told)
    return found


def forget_talks(connection: Connection, before: datetime) -> int:
    """Deletes one page of talks that ended before then, with their topics. Returns how many.

    A talk that nobody closes ends with its last word.
    """
    old = select(thread.c.id, thread.c.participant_id).where(_talk_is_over(before))
    found = connection.execute(old.order_by(thread.c.id).limit(PEOPLE)).all()
    for row in found:
        thread_deliveries.leave(connection, row.participant_id)
        desk_pages.take_pages(connection, row.participant_id)
    if found:
        connection.execute(delete(thread).where(thread.c.id.in_([row.id for row in found])))
        erasure.scrub(connection, erasure.ALL)
    return len(found)


def forget_words(connection: Connection, before: datetime, now: datetime) -> int:
    """Deletes one page of words from before then in talks that go on, also in their topics. Returns how many."""
    columns = (said.c[name] for name in ("id", "chat_id", "message_id", "copy_chat", "copy_message", "thread_id"))
    old = select(*columns).where(_word_is_old(before)).order_by(said.c.id).limit(WORDS)
    found = connection.execute(old).all()
    places = {(chat_id, message) for row in found for chat_id, message in (row[1:3], row[3:5])}
    # A group has a negative number. Messages in a private chat belong to the person or member.
    in_topics = [(chat_id, number) for chat_id, number in places if chat_id is not None and number and chat_id < 0]
    thread_deliveries.take_away(connection, in_topics, now)
    whose = select(thread.c.participant_id).where(thread.c.id.in_({row.thread_id for row in found}))
    for person in list(connection.execute(whose).scalars()):
        desk_pages.take_pages(connection, person)
    if found:
        connection.execute(delete(said).where(said.c.id.in_([row.id for row in found])))
        erasure.scrub(connection, erasure.ALL)
    return len(found)


def _talk_is_over(before: datetime) -> ColumnElement[bool]:
    return func.coalesce(thread.c.closed_at, thread.c.changed_at) < before


def _word_is_old(before: datetime) -> ColumnElement[bool]:
    """Several short words are one message in a topic: they are deleted with the last of them."""
    other = said.alias()
    newer = exists().where(
        other.c.copy_chat == said.c.copy_chat, other.c.copy_message == said.c.copy_message, other.c.at >= before
    )
    return and_(said.c.at < before, ~newer)


@dataclass(frozen=True, slots=True)
class Before:
    """The moments before which each class is old."""

    deliveries: datetime
    broadcasts: datetime
    registrations: datetime
    talks: datetime
    interests: datetime
    drafts: datetime
    audit: datetime


def counts(connection: Connection, before: Before) -> dict[str, int]:
    """How many rows of each class are as old as that."""
    wanted = {
        "deliveries": (delivery, _old(before.deliveries, before.broadcasts)),
        "seats": (registration, _ended(before.registrations)),
        "attendance": (attendance, _old_marks(before.registrations)),
        "talks": (thread, (_talk_is_over(before.talks),)),
        "words of talks": (said, (_word_is_old(before.talks),)),
        "interests": (interest, (interest.c.changed_at < before.interests,)),
        "drafts": (draft, (draft.c.changed_at < before.drafts,)),
        "audit": (audit_entry, (audit_entry.c.at < before.audit,)),
    }
    asked = {name: select(func.count()).select_from(table).where(*old) for name, (table, old) in wanted.items()}
    return {name: connection.execute(one).scalar_one() for name, one in asked.items()}


def strangers(connection: Connection, before: datetime) -> int:
    """How many chats have had no consent since then."""
    old = select(func.count()).select_from(chat).where(chat.c.created_at < before, erasure.without_consent())
    return connection.execute(old).scalar_one()
