"""Threads: talks of people with the team, message by message, and where each was passed on to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, literal_column, or_, select, update

from bot.core.threads import ANSWERS_COUNTED, Author, Passing
from bot.db.people.persons import own_language
from bot.db.reading import made
from bot.db.schema import chat, participant, staff_group, thread, thread_message
from bot.db.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Thread:
    """A row of `thread` with data of its chat. `bot.db.schema` describes the columns."""

    id: int
    participant_id: int
    changed_at: datetime
    assigned_to: int | None
    snoozed_until: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    waiting_since: datetime | None
    nudged: int
    group_id: int | None
    topic: int | None
    topic_open: bool
    card_message: int | None
    card_outdated: bool
    jobs: int
    staff_job: int | None
    person_job: int | None
    chat_id: int
    language: str | None
    name: str | None
    blocked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Message:
    """A row of `thread_message`."""

    id: int
    thread_id: int
    author: Author
    staff_id: int | None
    kind: str
    text: str | None
    machine: str | None
    chat_id: int | None
    message_id: int | None
    copy_chat: int | None
    copy_message: int | None
    at: datetime
    taken_back_at: datetime | None
    revision: int
    said_revision: int | None
    job: int | None
    state: Passing
    reaction: str | None
    template: str | None
    language: str | None
    album: str | None
    file: str | None


_OWN = tuple(thread.c[name] for name in Thread.__dataclass_fields__ if name in thread.c)
_THREADS = select(*_OWN, participant.c.chat_id, own_language, participant.c.name, chat.c.blocked_at).select_from(
    thread.join(participant).join(chat, chat.c.id == participant.c.chat_id)
)
_MESSAGES = select(*(thread_message.c[name] for name in Message.__dataclass_fields__))
_RECEIVED = thread_message.c.state == literal_column("'received'")
_TO_STAFF = thread_message.c.author.in_((Author.PERSON.value, Author.EVENT.value))
_OLD = thread_message.c.said_revision < thread_message.c.revision


# -- the group


def group(connection: Connection) -> int | None:
    """The team's group, if one is bound and can be written to."""
    found: int | None = connection.execute(
        select(staff_group.c.chat_id).where(staff_group.c.lost_at.is_(None))
    ).scalar()
    return found


@dataclass(frozen=True, slots=True)
class Group:
    """A group that is the team's (`lost_at` None), or was until then."""

    chat_id: int
    bound_at: datetime
    lost_at: datetime | None


def groups(connection: Connection) -> list[Group]:
    """The team's group, and all former ones."""
    columns = (staff_group.c[name] for name in Group.__dataclass_fields__)
    return [Group(*row) for row in connection.execute(select(*columns).order_by(staff_group.c.bound_at))]


def bind(connection: Connection, chat_id: int, by: int, now: datetime) -> None:
    """Makes this the team's only group. It gets a row as a chat, which deliveries refer to."""
    connection.execute(delete(staff_group).where(staff_group.c.chat_id == chat_id))
    connection.execute(
        update(staff_group).where(staff_group.c.lost_at.is_(None)).values(lost_at=now, lost_why="another")
    )
    connection.execute(insert(staff_group), {"chat_id": chat_id, "bound_at": now, "bound_by": by})
    row = {"id": chat_id, "created_at": now, "seen_at": now, "screen": "group"}
    numbers = {"card_version": 0, "card_since": 0, "shown_version": 0}
    statement = insert_into(connection, chat).on_conflict_do_update(
        index_elements=[chat.c.id], set_={"blocked_at": None}
    )
    connection.execute(statement, {**row, **numbers})


def lose(connection: Connection, chat_id: int, why: str, now: datetime) -> bool:
    """Nothing can be said in this group any more. Returns whether it was the team's."""
    mine = (staff_group.c.chat_id == chat_id, staff_group.c.lost_at.is_(None))
    return bool(connection.execute(update(staff_group).where(*mine).values(lost_at=now, lost_why=why)).rowcount)


# -- threads


def of_person(connection: Connection, participant_id: int) -> Thread | None:
    """The talk of a participant."""
    return _one(connection, thread.c.participant_id == participant_id)


def load(connection: Connection, number: int) -> Thread | None:
    """A talk by its id, locked until the transaction ends."""
    return _one(connection, thread.c.id == number)


def of_topic(connection: Connection, group_id: int, topic: int) -> Thread | None:
    """The talk in a topic."""
    return _one(connection, and_(thread.c.group_id == group_id, thread.c.topic == topic))


def of_chat(connection: Connection, chat_id: int) -> Thread | None:
    """The talk of the person who speaks in a private chat."""
    return _one(connection, and_(participant.c.chat_id == chat_id, participant.c.aside_since.is_(None)))


def all_of_chat(connection: Connection, chat_id: int) -> list[Thread]:
    """The talks of everybody in a private chat."""
    found = _THREADS.where(participant.c.chat_id == chat_id).order_by(thread.c.id).with_for_update(of=thread)
    return [_thread(row) for row in connection.execute(found)]


def open_ones(connection: Connection) -> list[Thread]:
    """Every open talk with a message. First those who wait, the longest first, then the newest."""
    begun = select(thread_message.c.id).where(thread_message.c.thread_id == thread.c.id).exists()
    ordered = _THREADS.where(thread.c.closed_at.is_(None), begun).order_by(
        thread.c.waiting_since.is_(None), thread.c.waiting_since, thread.c.changed_at.desc(), thread.c.id
    )
    return [_thread(row) for row in connection.execute(ordered)]


def closed_ones(connection: Connection, most: int) -> list[Thread]:
    """The closed talks, the last one first."""
    wanted = _THREADS.where(thread.c.closed_at.is_not(None)).order_by(thread.c.closed_at.desc())
    return [_thread(row) for row in connection.execute(wanted.limit(most))]


def waiting(connection: Connection, before: datetime) -> list[Thread]:
    """Talks of people who have waited since before then and are not postponed."""
    wanted = (
        thread.c.waiting_since < before,
        thread.c.closed_at.is_(None),
        or_(thread.c.snoozed_until.is_(None), thread.c.snoozed_until < before),
    )
    return [_thread(row) for row in connection.execute(_THREADS.where(*wanted).order_by(thread.c.waiting_since))]


def begin(connection: Connection, participant_id: int, now: datetime) -> int:
    """Creates a participant's talk. Returns its id."""
    row = {"participant_id": participant_id, "opened_at": now, "changed_at": now}
    made: int = connection.execute(insert(thread).returning(thread.c.id), row).scalar_one()
    return made


def change(connection: Connection, number: int, **columns: Any) -> None:  # noqa: ANN401 - a column's value
    """Changes columns of a talk."""
    connection.execute(update(thread).where(thread.c.id == number).values(**columns))


def let_go(connection: Connection, staff_id: int) -> list[tuple[int, int]]:
    """Takes a member's talks away from them. Returns which ones, each with its participant."""
    theirs = update(thread).where(thread.c.assigned_to == staff_id).values(assigned_to=None, card_outdated=True)
    found = connection.execute(theirs.returning(thread.c.id, thread.c.participant_id))
    return sorted((row[0], row[1]) for row in found)


def number_of(connection: Connection, staff_id: int) -> int:
    """How many talks a member looks after."""
    theirs = select(func.count()).select_from(thread).where(thread.c.assigned_to == staff_id)
    return int(connection.execute(theirs).scalar_one())


def idle(connection: Connection) -> list[int]:
    """The talks that have something to pass on and nothing on its way."""
    wanted = select(thread_message.c.thread_id).where(_RECEIVED, thread_message.c.job.is_(None)).distinct()
    return list(connection.execute(wanted).scalars())


# -- messages


def add(connection: Connection, thread_id: int, author: Author, kind: str, at: datetime, **columns: Any) -> int:  # noqa: ANN401 - a column's value
    """Adds a message to a talk. Returns its id, or 0 if it is already stored."""
    row = {"thread_id": thread_id, "author": author.value, "kind": kind, "at": at, "state": Passing.RECEIVED.value}
    statement = insert_into(connection, thread_message).on_conflict_do_nothing()
    return connection.execute(statement.returning(thread_message.c.id), {**row, **columns}).scalar() or 0


def message(connection: Connection, number: int) -> Message | None:
    """A message by its id."""
    return _first_message(connection, thread_message.c.id == number)


def said_as(connection: Connection, chat_id: int, message_id: int) -> Message | None:
    """What was written there as this message."""
    same = and_(thread_message.c.chat_id == chat_id, thread_message.c.message_id == message_id)
    return _first_message(connection, same)


def copied_as(connection: Connection, chat_id: int, message_id: int) -> Message | None:
    """What was passed on to there as this message."""
    same = and_(thread_message.c.copy_chat == chat_id, thread_message.c.copy_message == message_id)
    return _first_message(connection, same)


def album(connection: Connection, chat_id: int, name: str) -> list[Message]:
    """The team's pictures that were sent there as one album, as far as they have arrived."""
    same = and_(thread_message.c.album == name, thread_message.c.chat_id == chat_id)
    return [_message(row) for row in connection.execute(_MESSAGES.where(same).order_by(thread_message.c.id))]


def unanswered(connection: Connection, thread_id: int) -> datetime | None:
    """When the person wrote the oldest message that no message of the team follows."""
    mine = and_(thread_message.c.thread_id == thread_id, thread_message.c.taken_back_at.is_(None))
    answer = select(func.coalesce(func.max(thread_message.c.id), 0)).where(
        mine, thread_message.c.author == Author.STAFF.value
    )
    since = select(func.min(thread_message.c.at)).where(
        mine, thread_message.c.author == Author.PERSON.value, thread_message.c.id > answer.scalar_subquery()
    )
    found: datetime | None = connection.execute(since).scalar()
    return found


def last_of(connection: Connection, thread_id: int, author: Author, staff_id: int | None = None) -> Message | None:
    """The newest message by this author that was not taken back."""
    wanted = and_(
        thread_message.c.thread_id == thread_id,
        thread_message.c.author == author.value,
        thread_message.c.taken_back_at.is_(None),
        *(() if staff_id is None else (thread_message.c.staff_id == staff_id,)),
    )
    row = connection.execute(_MESSAGES.where(wanted).order_by(thread_message.c.id.desc()).limit(1)).first()
    return None if row is None else _message(row)


def has_said(connection: Connection, participant_id: int) -> bool:
    """Whether a participant has said something to the team that can be taken back."""
    one = of_person(connection, participant_id)
    return one is not None and last_of(connection, one.id, Author.PERSON) is not None


def newest(connection: Connection, thread_id: int, most: int) -> list[Message]:
    """The last messages of a talk, in order of time."""
    last = _MESSAGES.where(thread_message.c.thread_id == thread_id).order_by(thread_message.c.id.desc()).limit(most)
    return [_message(row) for row in connection.execute(last)][::-1]


def of_job(connection: Connection, job: int) -> list[Message]:
    """The messages that a delivery passes on."""
    found = _MESSAGES.where(thread_message.c.job == job).order_by(thread_message.c.id)
    return [_message(row) for row in connection.execute(found)]


def sharing(connection: Connection, one: Message) -> list[Message]:
    """The messages that were passed on as one with this. Empty for a message that was not passed on."""
    if one.copy_message is None:
        return [one]
    same = (thread_message.c.copy_chat == one.copy_chat, thread_message.c.copy_message == one.copy_message)
    return [_message(row) for row in connection.execute(_MESSAGES.where(*same).order_by(thread_message.c.id))]


def to_pass_on(connection: Connection, thread_id: int, *, to_staff: bool, most: int) -> list[Message]:
    """What waits to be passed on in one direction, the oldest first."""
    wanted = _MESSAGES.where(thread_message.c.thread_id == thread_id, _RECEIVED, thread_message.c.job.is_(None))
    found = wanted.where(_direction(to_staff)).order_by(thread_message.c.id).limit(most)
    return [_message(row) for row in connection.execute(found)]


def outdated(connection: Connection, thread_id: int, *, to_staff: bool) -> Message | None:
    """A message that was passed on and has changed since."""
    changed = and_(
        thread_message.c.thread_id == thread_id,
        thread_message.c.state == Passing.SENT.value,
        _direction(to_staff),
        _OLD,
    )
    return _first_message(connection, changed)


def change_messages(connection: Connection, numbers: Collection[int], **columns: Any) -> None:  # noqa: ANN401 - a column's value
    """Changes columns of messages."""
    connection.execute(update(thread_message).where(thread_message.c.id.in_(numbers)).values(**columns))


def revise(connection: Connection, number: int, **columns: Any) -> None:  # noqa: ANN401 - a column's value
    """Changes what a message says, from now on. It may say nothing."""
    values = {"revision": thread_message.c.revision + 1, **columns}
    connection.execute(update(thread_message).where(thread_message.c.id == number).values(**values))


def note_said(connection: Connection, revisions: Sequence[tuple[int, int]]) -> None:
    """Notes the revision in which these messages are being sent."""
    for number, revision in revisions:
        change_messages(connection, [number], said_revision=revision)


def to_desk(connection: Connection, thread_id: int) -> None:
    """What waits to be passed on to a group is shown at the desk instead."""
    connection.execute(
        update(thread_message)
        .where(thread_message.c.thread_id == thread_id, _RECEIVED, thread_message.c.job.is_(None), _TO_STAFF)
        .values(state=Passing.DESK.value)
    )


def to_interpret(connection: Connection, most: int) -> list[Message]:
    """What a machine must still translate, the oldest first."""
    # In the partial index's form: on SQLite, SQLAlchemy would compare a column of this type with 1.
    interpret: ColumnElement[bool] = literal_column("thread_message.interpret")
    wanted = _MESSAGES.where(interpret).order_by(thread_message.c.id).limit(most)
    return [_message(row) for row in connection.execute(wanted)]


def waits(connection: Connection) -> Sequence[int]:
    """How long people waited for the last answers, in seconds."""
    last = (
        select(thread_message.c.waited)
        .where(thread_message.c.waited.is_not(None))
        .order_by(thread_message.c.id.desc())
        .limit(ANSWERS_COUNTED)
    )
    return connection.execute(last).scalars().all()


def _direction(to_staff: bool) -> ColumnElement[bool]:
    return _TO_STAFF if to_staff else thread_message.c.author == Author.STAFF.value


def _one(connection: Connection, wanted: ColumnElement[bool]) -> Thread | None:
    row = connection.execute(_THREADS.where(wanted).with_for_update(of=thread)).first()
    return None if row is None else _thread(row)


def _first_message(connection: Connection, wanted: ColumnElement[bool]) -> Message | None:
    row = connection.execute(_MESSAGES.where(wanted).order_by(thread_message.c.id).limit(1)).first()
    return None if row is None else _message(row)


def _thread(row: Sequence[Any]) -> Thread:
    return Thread(*row)


def _message(row: Sequence[Any]) -> Message:
    return made(Message, row, author=Author, state=Passing)
