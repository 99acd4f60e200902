"""The outbox: deliveries, each one message to one chat, from planned to exactly one known final state.

One sender claims what is due, sends it, and records the result. Nothing here knows what a message says, except that
one text (`ONCE`) is never sent twice.
docs/decisions/0010-outbox.md explains the design.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    SmallInteger,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)

from bot.db.people.persons import own_language
from bot.db.schema import UtcTime, chat, delivery, participant
from bot.db.upsert import insert_into

PLANNED = "lotse.planned"
"""Key on a connection: this transaction planned something, so the sender is woken after the commit."""
LEASE = timedelta(minutes=3)
"""How long a process may hold a delivery before others take it for dead."""
REPEAT_AFTER = timedelta(seconds=60)
"""How long after a first try that may have arrived the message is sent again."""


DELETE = "delete"
"""In a delivery's parameters: the message that it changes is deleted, if the messenger still does that."""


class Kind(StrEnum):
    """The kind of a delivery, the most urgent first."""

    TALK = "talk"
    """What a person and the team say to each other."""
    NOTICE = "notice"
    REMINDER = "reminder"
    BROADCAST = "broadcast"


class State(StrEnum):
    """The state of a delivery."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    BLOCKED = "blocked"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


PRIORITIES = {kind: number for number, kind in enumerate(Kind, -1)}
ONCE = "partner.lead"
"""The text that is never sent twice, because a copy that we do not know of could not be taken back."""
REPEATED = (Kind.TALK.value, Kind.NOTICE.value, Kind.REMINDER.value)
"""Kinds that are sent again if it is not known whether they arrived. A broadcast waits for a human's word."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A message to a chat, to be sent when it is due. `cause` is what it is about: a chat gets one delivery for each.

    `edits`: the message that is changed instead. `topic`: what a person can mute.
    """

    cause: str
    kind: Kind
    due_at: datetime
    text_key: str
    params: Mapping[str, Any] | None = None
    last_useful_at: datetime | None = None
    edits: int | None = None
    topic: str | None = None
    urgent: bool = False
    participant_id: int | None = None
    registration_id: int | None = None
    meeting_id: int | None = None

    def row(self) -> dict[str, Any]:
        """All columns except the chat's."""
        return {
            "cause": self.cause,
            "kind": self.kind.value,
            "due_at": self.due_at,
            "next_at": self.due_at,
            "priority": PRIORITIES[self.kind],
            "text_key": self.text_key,
            "params": None if self.params is None else dict(self.params),
            "last_useful_at": self.last_useful_at,
            "state": State.PLANNED.value,
            "edits": self.edits,
            "topic": self.topic,
            "urgent": self.urgent,
            "participant_id": self.participant_id,
            "registration_id": self.registration_id,
            "meeting_id": self.meeting_id,
        }


def plan(connection: Connection, planned: Sequence[tuple[int, Planned]]) -> None:
    """Plans single deliveries, each with its chat. Existing ones stay as they are."""
    if planned:
        statement = insert_into(connection, delivery).on_conflict_do_nothing()
        connection.execute(statement, [{"chat_id": chat_id, **one.row()} for chat_id, one in planned])
        connection.info[PLANNED] = True


def was_planned(connection: Connection, cause: str) -> bool:
    """Whether a delivery with this cause exists."""
    return connection.execute(select(delivery.c.id).where(delivery.c.cause == cause).limit(1)).first() is not None


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that is due, with what its chat says about it now. `doubted`: an earlier try may have arrived."""

    kind: Kind
    doubted: bool
    blocked: bool
    id: int
    chat_id: int
    cause: str
    text_key: str
    params: Mapping[str, Any] | None
    last_useful_at: datetime | None
    tries: int
    edits: int | None
    topic: str | None
    urgent: bool
    participant_id: int | None
    registration_id: int | None
    meeting_id: int | None
    language: str | None
    next_at: datetime | None = None
    """When it can be sent. None if it is not planned."""


# A literal, so that both databases see that the partial index holds the answer.
_IS_PLANNED = delivery.c.state == literal_column("'planned'")
_IS_CLAIMED = delivery.c.state == literal_column("'claimed'")
_SELECTED = select(
    delivery.c.kind,
    delivery.c.unknown_at.is_not(None),
    chat.c.blocked_at.is_not(None),
    delivery.c.id,
    delivery.c.chat_id,
    delivery.c.cause,
    delivery.c.text_key,
    delivery.c.params,
    delivery.c.last_useful_at,
    delivery.c.tries,
    delivery.c.edits,
    delivery.c.topic,
    delivery.c.urgent,
    delivery.c.participant_id,
    delivery.c.registration_id,
    delivery.c.meeting_id,
    own_language,
    delivery.c.next_at,
).select_from(
    delivery.join(chat).outerjoin(
        participant, and_(participant.c.id == delivery.c.participant_id, participant.c.chat_id == delivery.c.chat_id)
    )
)
_DUE = (
    _SELECTED.where(
        _IS_PLANNED,
        delivery.c.priority == bindparam("priority", type_=SmallInteger),
        delivery.c.next_at <= bindparam("now", type_=UtcTime),
    )
    .order_by(delivery.c.next_at)
    .limit(bindparam("room", type_=Integer))
    .with_for_update(of=delivery, skip_locked=True)
)
_ONE = _SELECTED.where(delivery.c.id == bindparam("id", type_=BigInteger))
_CLAIM = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)), _IS_PLANNED)
    .values(
        state=State.CLAIMED.value,
        claimed_at=bindparam("now", type_=UtcTime),
        claimed_by=bindparam("me"),
    )
)


def claim(connection: Connection, me: str, now: datetime, room: int) -> list[Due]:
    """Claims up to `room` due deliveries, the most urgent and the longest due first. No other process gets them."""
    found: list[Due] = []
    for priority in PRIORITIES.values():
        if len(found) < room:
            asked = {"priority": priority, "now": now, "room": room - len(found)}
            found += [_due(*row) for row in connection.execute(_DUE, asked)]
    if found:
        connection.execute(_CLAIM, {"ids": [one.id for one in found], "now": now, "me": me})
    return found


def load(connection: Connection, number: int) -> Due | None:
    """A delivery in any state. None if there is none with that id."""
    row = connection.execute(_ONE, {"id": number}).first()
    return None if row is None else _due(*row)


def not_planned(chat_id: int, one: Planned, language: str) -> Due:
    """A delivery as if it were planned and due, to a chat with that language. Its id is 0."""
    own = {name: getattr(one, name) for name in Due.__dataclass_fields__ if hasattr(one, name)}
    return Due(id=0, chat_id=chat_id, tries=0, doubted=False, language=language, blocked=False, **own)


_PLANNED_FOR = _SELECTED.where(
    _IS_PLANNED, delivery.c.chat_id == bindparam("chat_id"), delivery.c.next_at <= bindparam("until")
).order_by(delivery.c.next_at, delivery.c.id)


def planned_for(connection: Connection, chat_id: int, until: datetime) -> list[tuple[datetime, Due]]:
    """What is planned for a chat until then, each with the time of its next try, in order of time."""
    rows = connection.execute(_PLANNED_FOR, {"chat_id": chat_id, "until": until})
    return [(columns[-1], _due(*columns)) for columns in rows]


def _due(kind: str, *columns: Any) -> Due:  # noqa: ANN401 - as many kinds as columns
    return Due(Kind(kind), *columns)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a claimed delivery. With `next_at` it is planned again for then. `tried`: count a try."""

    id: int
    state: State
    code: str | None = None
    reason: str | None = None
    message_id: int | None = None
    sent_at: datetime | None = None
    next_at: datetime | None = None
    unknown_at: datetime | None = None
    tried: bool = False


_OURS = update(delivery).where(
    delivery.c.id == bindparam("key"),
    delivery.c.claimed_by == bindparam("me"),
    # Also deliveries that others gave up for lost and nobody has claimed since: this process knows better.
    or_(delivery.c.state == State.CLAIMED.value, delivery.c.state == State.UNKNOWN.value),
)
_RECORD_SENT = _OURS.values(
    state=State.SENT.value,
    code=null(),
    reason=null(),
    message_id=bindparam("new_message"),
    sent_at=bindparam("new_sent_at", type_=UtcTime),
    tries=delivery.c.tries + 1,
)
_RECORD = _OURS.values(
    state=bindparam("new_state"),
    code=bindparam("new_code"),
    reason=bindparam("new_reason"),
    next_at=func.coalesce(bindparam("new_next_at", type_=UtcTime), delivery.c.next_at),
    unknown_at=func.coalesce(delivery.c.unknown_at, bindparam("new_unknown_at", type_=UtcTime)),
    tries=delivery.c.tries + bindparam("tried", type_=SmallInteger),
    claimed_by=case((bindparam("back", type_=Integer) > 0, null()), else_=delivery.c.claimed_by),
)


def record(connection: Connection, me: str, outcomes: Sequence[Outcome]) -> None:
    """Writes the results of deliveries that this process had claimed."""
    sent = [
        {"key": one.id, "me": me, "new_message": one.message_id, "new_sent_at": one.sent_at}
        for one in outcomes
        if one.state is State.SENT
    ]
    rest = [
        {
            "key": one.id,
            "me": me,
            "new_state": one.state.value,
            "new_code": one.code,
            "new_reason": one.reason,
            "new_next_at": one.next_at,
            "new_unknown_at": one.unknown_at,
            "tried": int(one.tried),
            "back": int(one.state is State.PLANNED),
        }
        for one in outcomes
        if one.state is not State.SENT
    ]
    for statement, rows in ((_RECORD_SENT, sent), (_RECORD, rest)):  # nearly all of a thousand were sent
        if rows:
            connection.execute(statement, rows)


def note(connection: Connection, number: int, params: Mapping[str, Any]) -> None:
    """Keeps in a delivery's row what it says."""
    connection.execute(update(delivery).where(delivery.c.id == number).values(params=dict(params)))


def let_go(connection: Connection, me: str, hand: Collection[int]) -> None:
    """Plans again what this process claimed without knowing it, because the answer to a claim was lost."""
    connection.execute(
        update(delivery)
        .where(_IS_CLAIMED, delivery.c.claimed_by == me, delivery.c.id.not_in(hand))
        .values(state=State.PLANNED.value, claimed_by=None)
    )


_NEXT = select(
    *(
        select(func.min(delivery.c.next_at))
        .where(_IS_PLANNED, delivery.c.priority == literal_column(str(priority)))
        .scalar_subquery()
        .label(kind.value)
        for kind, priority in PRIORITIES.items()
    )
)


def in_front(connection: Connection, at: datetime) -> int:
    """How many messages will leave before those of a broadcast that is due then."""
    waiting = select(func.count()).where(_IS_PLANNED, delivery.c.next_at <= at)
    return int(connection.execute(waiting).scalar_one())


def is_busy(connection: Connection, now: datetime) -> bool:
    """Whether something is due or on its way."""
    due = select(delivery.c.id).where(or_(_IS_CLAIMED, and_(_IS_PLANNED, delivery.c.next_at <= now))).limit(1)
    return connection.execute(due).first() is not None


def next_due(connection: Connection) -> datetime | None:
    """When the next planned delivery is due. None if none is planned."""
    return min((one for one in connection.execute(_NEXT).one() if one is not None), default=None)


def abandon(connection: Connection, me: str, now: datetime, gone: Callable[[str], bool]) -> int:
    """Marks what dead processes had claimed as unknown, or plans it again if it may be repeated. Returns how many.

    On SQLite no other process can exist, because one process holds the file. On PostgreSQL `gone` tells which ones
    have ended, and the lease decides about the rest.
    """
    others = select(delivery.c.claimed_by, func.min(delivery.c.claimed_at)).where(
        _IS_CLAIMED, delivery.c.claimed_by != me
    )
    held = connection.execute(others.group_by(delivery.c.claimed_by)).all()
    alone = connection.dialect.name == "sqlite"
    dead = [by for by, _ in held if alone or gone(by)]
    late = now - LEASE
    if not dead and not any(since < late for _, since in held):
        return 0
    left = and_(
        _IS_CLAIMED, delivery.c.claimed_by != me, or_(delivery.c.claimed_by.in_(dead), delivery.c.claimed_at < late)
    )
    known = {"code": "killed", "unknown_at": func.coalesce(delivery.c.unknown_at, now), "tries": delivery.c.tries + 1}
    # A change of a message is harmless twice, so it is made until it is known to be done.
    harmless = or_(delivery.c.unknown_at.is_(None), delivery.c.edits.is_not(None))
    again = and_(left, delivery.c.kind.in_(REPEATED), delivery.c.text_key != ONCE, harmless)
    repeated = (
        update(delivery)
        .where(again)
        .values(state=State.PLANNED.value, next_at=now + REPEAT_AFTER, claimed_by=None, **known)
    )
    final = update(delivery).where(left).values(state=State.UNKNOWN.value, **known)
    return connection.execute(repeated).rowcount + connection.execute(final).rowcount
