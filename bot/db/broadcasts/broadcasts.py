"""Broadcasts and their texts, and what became of their deliveries. `bot.db.audience` finds the audience."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, insert, literal, or_, select, update

from bot.core import broadcasts
from bot.core.broadcasts import STANDING, Answering, Attachment, Broadcast, Stage, Unreleased, Version, Wording
from bot.core.message import Medium
from bot.db.outbox.deliveries import DELETE, PLANNED, PRIORITIES, Kind, State
from bot.db.people.persons import own_language
from bot.db.reading import made
from bot.db.schema import broadcast, broadcast_text, chat, delivery, participant
from bot.db.upsert import insert_into

_COLUMNS = tuple(broadcast.c[name] for name in Broadcast.__dataclass_fields__)
_SILENT = frozenset(["audience", "planned_to", "planning_for", "reported_at", "follow_until"])
"""Columns that no text depends on. The clock changes them all the time."""
REFUSED = "refused"
"""Parameter of a copy about no offer: the person said "not for me"."""
_VERSION = tuple(
    broadcast_text.c[name]
    for name in ("broadcast_id", "language", "text", "machine", "doubts", "released_text", "released_by")
)


def create(connection: Connection, author_id: int, now: datetime, **columns: Any) -> int:  # noqa: ANN401 - a column's value
    """Creates a draft. Returns its id, which is never used again: old messages would seem to belong to it."""
    row = {
        "author_id": author_id,
        "stage": Stage.DRAFT.value,
        "audience": {},
        "answering": Answering.NONE.value,
        "unreleased": Unreleased.WAIT.value,
        "joining": False,
        "created_at": now,
        "revision": 1,
        **columns,
    }
    return int(connection.execute(insert(broadcast).values(row).returning(broadcast.c.id)).scalar_one())


def load(connection: Connection, broadcast_id: int, *, lock: bool = False) -> Broadcast | None:
    """One broadcast. `lock`: locked until the transaction ends."""
    wanted = select(*_COLUMNS).where(broadcast.c.id == broadcast_id)
    row = connection.execute(wanted.with_for_update() if lock else wanted).first()
    return None if row is None else _broadcast(row)


def several(connection: Connection, numbers: Collection[int], *, still: bool = False) -> dict[int, Broadcast]:
    """Those that exist, by id. `still`: locked until the transaction ends."""
    wanted = select(*_COLUMNS).where(broadcast.c.id.in_(numbers)).order_by(broadcast.c.id)
    rows = connection.execute(wanted.with_for_update(read=True) if still else wanted)
    return {row.id: _broadcast(row) for row in rows}


def listed(connection: Connection) -> list[Broadcast]:
    """All that were not thrown away, the newest first."""
    wanted = select(*_COLUMNS).where(broadcast.c.stage != Stage.DISCARDED.value).order_by(broadcast.c.id.desc())
    return [_broadcast(row) for row in connection.execute(wanted)]


def about(connection: Connection, offer_id: str, *, lock: bool = False) -> list[Broadcast]:
    """All about an offer that were not thrown away. `lock`: locked until the transaction ends."""
    wanted = select(*_COLUMNS).where(broadcast.c.offer_id == offer_id, broadcast.c.stage != Stage.DISCARDED.value)
    rows = connection.execute(wanted.order_by(broadcast.c.id).with_for_update() if lock else wanted)
    return [_broadcast(row) for row in rows]


def partners(connection: Connection) -> list[str]:
    """The partners named in messages that are being written or can still be answered."""
    alive = broadcast.c.stage.in_([Stage.DRAFT.value, *(one.value for one in STANDING)])
    wanted = select(broadcast.c.partner).where(alive, broadcast.c.partner.is_not(None)).distinct()
    return list(connection.execute(wanted).scalars())


def is_anything_going_out(connection: Connection, since: datetime) -> bool:
    """Whether any broadcast has recipients to plan, was not reported before `since`, or has copies that change."""
    at_it = and_(
        broadcast.c.stage == Stage.SENDING.value,
        or_(broadcast.c.planned_to.is_not(None), broadcast.c.reported_at.is_(None), broadcast.c.reported_at > since),
    )
    waiting = select(broadcast.c.id).where(or_(at_it, broadcast.c.follow_until.is_not(None)))
    return connection.execute(waiting.limit(1)).first() is not None


def going_out(connection: Connection) -> list[Broadcast]:
    """Broadcasts whose deliveries are being planned or sent, or whose author does not know yet that they are out."""
    wanted = select(*_COLUMNS).where(broadcast.c.stage == Stage.SENDING.value).order_by(broadcast.c.id)
    return [_broadcast(row) for row in connection.execute(wanted)]


def being_followed(connection: Connection) -> list[Broadcast]:
    """Broadcasts whose copies are being changed, or were a moment ago, in any stage."""
    wanted = select(*_COLUMNS).where(broadcast.c.follow_until.is_not(None)).order_by(broadcast.c.id)
    return [_broadcast(row) for row in connection.execute(wanted)]


def change(connection: Connection, broadcast_id: int, **columns: Any) -> None:  # noqa: ANN401 - a column's value
    """Changes columns. If a text may depend on them, the change is counted, so that every process reads it again."""
    row = columns if columns and columns.keys() <= _SILENT else {**columns, "revision": broadcast.c.revision + 1}
    connection.execute(update(broadcast).where(broadcast.c.id == broadcast_id).values(row))


def open_of(connection: Connection, author_id: int) -> list[int]:
    """The ids of an author's broadcasts that are not over, the oldest first."""
    mine = select(broadcast.c.id).where(
        broadcast.c.author_id == author_id,
        broadcast.c.stage.in_([Stage.DRAFT.value, Stage.SENDING.value, Stage.PAUSED.value]),
    )
    return list(connection.execute(mine.order_by(broadcast.c.id)).scalars())


def hand_over(connection: Connection, numbers: Collection[int], author_id: int) -> None:
    """Makes another member the author of these broadcasts."""
    if numbers:
        connection.execute(update(broadcast).where(broadcast.c.id.in_(list(numbers))).values(author_id=author_id))


def versions(connection: Connection, broadcast_id: int) -> dict[str, Version]:
    """The texts of a broadcast by language."""
    own = select(*_VERSION).where(broadcast_text.c.broadcast_id == broadcast_id)
    rows = connection.execute(own.order_by(broadcast_text.c.language))
    return {row.language: _version(row) for row in rows}


def write(connection: Connection, broadcast_id: int, one: Version, now: datetime) -> None:
    """Writes a version. It replaces the one in its language."""
    same = and_(broadcast_text.c.broadcast_id == broadcast_id, broadcast_text.c.language == one.language)
    row = {
        "text": one.text,
        "machine": one.machine,
        "doubts": list(one.doubts) or None,
        "released_text": one.released_text,
        "released_by": one.released_by,
        **({"released_at": now} if one.released and not one.is_draft else {}),
        "changed_at": now,
    }
    if not connection.execute(update(broadcast_text).where(same).values(row)).rowcount:
        connection.execute(insert(broadcast_text).values(broadcast_id=broadcast_id, language=one.language, **row))
    change(connection, broadcast_id)


def released(connection: Connection, numbers: Collection[int]) -> dict[int, frozenset[str]]:
    """The languages in which people get these broadcasts, by id."""
    columns = broadcast_text.c
    wanted = select(columns.broadcast_id, columns.language).where(
        columns.broadcast_id.in_(numbers), columns.released_text.is_not(None)
    )
    found: dict[int, set[str]] = {number: set() for number in numbers}
    for number, language in connection.execute(wanted):
        found[number].add(language)
    return {number: frozenset(languages) for number, languages in found.items()}


def wordings(connection: Connection) -> list[Wording]:
    """The texts of all broadcasts that were not thrown away."""
    wanted = (
        select(*_VERSION)
        .join(broadcast, broadcast.c.id == broadcast_text.c.broadcast_id)
        .where(broadcast.c.stage != Stage.DISCARDED.value)
        .order_by(broadcast_text.c.broadcast_id, broadcast_text.c.language)
    )
    found: dict[int, tuple[dict[str, str], dict[str, str]]] = {}
    for row in connection.execute(wanted):
        released, drafts = found.setdefault(row.broadcast_id, ({}, {}))
        if row.text:
            drafts[row.language] = row.text
        if row.released_text is not None:
            released[row.language] = row.released_text
    return [Wording(key, released, drafts) for key, (released, drafts) in found.items()]


def _is_its(broadcast_id: int) -> Any:  # noqa: ANN401 - SQLAlchemy's own
    return and_(delivery.c.cause == broadcasts.cause(broadcast_id), delivery.c.kind == Kind.BROADCAST.value)


def _waits(broadcast_id: int) -> Any:  # noqa: ANN401 - SQLAlchemy's own
    return and_(_is_its(broadcast_id), delivery.c.state == State.PLANNED.value)


def _round(broadcast_id: int, number: int) -> str:
    """The cause of the changes in a round."""
    return f"{broadcasts.cause(broadcast_id)}:{number}"


def outcomes(connection: Connection, broadcast_id: int) -> dict[State, int]:
    """How many of its deliveries are in each state. States with none are left out."""
    rows = connection.execute(
        select(delivery.c.state, func.count()).where(_is_its(broadcast_id)).group_by(delivery.c.state)
    )
    return {State(state): number for state, number in rows}


def sent_since(connection: Connection, broadcast_id: int, moment: datetime) -> int:
    """How many of its deliveries were sent since then."""
    sent = and_(_is_its(broadcast_id), delivery.c.state == State.SENT.value, delivery.c.sent_at > moment)
    return int(connection.execute(select(func.count()).where(sent)).scalar_one())


def waiting_by(connection: Connection, broadcast_id: int, bounds: Sequence[datetime]) -> list[int]:
    """How many waiting deliveries leave between each of these moments and the next. After the last: all others."""
    until = (*bounds[1:], None)
    columns = [
        func.count().filter(delivery.c.next_at >= start, *(() if end is None else (delivery.c.next_at < end,)))
        for start, end in zip(bounds, until, strict=True)
    ]
    return list(connection.execute(select(*columns).where(_waits(broadcast_id))).one())


def reasons(connection: Connection, broadcast_id: int) -> dict[str, int]:
    """How many deliveries were skipped for each reason, or failed with each code."""
    why = func.coalesce(delivery.c.reason, delivery.c.code, "")
    rows = connection.execute(
        select(why, func.count())
        .where(
            _is_its(broadcast_id),
            delivery.c.state.in_([State.SKIPPED.value, State.FAILED.value]),
        )
        .group_by(why)
    )
    return {str(reason): number for reason, number in rows}


def hold(connection: Connection, broadcast_id: int, until: datetime) -> int:
    """Holds waiting deliveries back until at least `until`. Returns how many."""
    return connection.execute(update(delivery).where(_waits(broadcast_id)).values(next_at=until)).rowcount


def useful_until(connection: Connection, broadcast_id: int, until: datetime) -> None:
    """Changes until when deliveries that wait or are claimed are useful."""
    open_ = and_(_is_its(broadcast_id), delivery.c.state.in_([State.PLANNED.value, State.CLAIMED.value]))
    connection.execute(update(delivery).where(open_).values(last_useful_at=until))


def release(connection: Connection, broadcast_id: int, now: datetime) -> int:
    """Releases held deliveries, at their own time or now. Returns how many."""
    later = (
        func.max(delivery.c.due_at, now)
        if connection.dialect.name == "sqlite"
        else func.greatest(delivery.c.due_at, now)
    )
    connection.info[PLANNED] = True
    return connection.execute(update(delivery).where(_waits(broadcast_id)).values(next_at=later)).rowcount


def skip(connection: Connection, broadcast_id: int, reason: str) -> int:
    """Skips waiting deliveries. Returns how many."""
    return connection.execute(
        update(delivery).where(_waits(broadcast_id)).values(state=State.SKIPPED.value, reason=reason)
    ).rowcount


_HAS_ARRIVED = (State.SENT.value, State.BLOCKED.value)


def begin_round(connection: Connection, broadcast_id: int, follow_until: datetime) -> int:
    """Begins a round of changes to all copies. Returns its number. Safe if others begin one at the same time."""
    row = {
        "rounds": broadcast.c.rounds + 1,
        "revision": broadcast.c.revision + 1,
        "follow_until": follow_until,
    }
    counted = update(broadcast).where(broadcast.c.id == broadcast_id).values(row).returning(broadcast.c.rounds)
    return int(connection.execute(counted).scalar_one())


def redraw(
    connection: Connection,
    broadcast_id: int,
    number: int,
    now: datetime,
    languages: Collection[str] | None,
    *,
    delete: bool,
    only: Collection[int] | None = None,
) -> int:
    """Plans a change, or (`delete`) the deletion, of every copy in a chat. Returns how many.

    `number` identifies the round. `languages`: only chats in these languages, None: all. `only`: only these
    deliveries.
    """
    key = _round(broadcast_id, number)
    columns: dict[str, Any] = {
        "chat_id": delivery.c.chat_id,
        "participant_id": delivery.c.participant_id,
        "text_key": delivery.c.text_key,
        "edits": delivery.c.message_id,
        "cause": literal(key, delivery.c.cause.type),
        "kind": literal(Kind.NOTICE.value, delivery.c.kind.type),
        "priority": literal(PRIORITIES[Kind.BROADCAST], delivery.c.priority.type),
        "due_at": literal(now, delivery.c.due_at.type),
        "next_at": literal(now, delivery.c.next_at.type),
        "state": literal(State.PLANNED.value, delivery.c.state.type),
        "params": literal({DELETE: True} if delete else None, delivery.c.params.type),
    }
    copies = select(*(one.label(name) for name, one in columns.items())).where(
        _is_its(broadcast_id), delivery.c.message_id.is_not(None), delivery.c.state.in_(_HAS_ARRIVED)
    )
    if only is not None:
        copies = copies.where(delivery.c.id.in_(only))
    if languages is not None:
        copies = _speaking(copies, languages)
    statement = insert_into(connection, delivery).from_select(list(columns), copies)
    connection.info[PLANNED] = True
    return connection.execute(statement.on_conflict_do_nothing()).rowcount


def _speaking(copies: Select[Any], languages: Collection[str]) -> Select[Any]:
    """The copies for people who speak one of the languages. For a copy to no particular person, the chat's counts."""
    theirs = and_(participant.c.id == delivery.c.participant_id, participant.c.chat_id == delivery.c.chat_id)
    return (
        copies.join(chat, chat.c.id == delivery.c.chat_id)
        .outerjoin(participant, theirs)
        .where(own_language.in_(languages))
    )


def overtake(connection: Connection, broadcast_id: int, rounds: int) -> int:
    """Drops waiting changes of the first `rounds` rounds, because a new round covers all copies. Returns how many."""
    causes = [_round(broadcast_id, number) for number in range(1, rounds + 1)]
    waiting = and_(delivery.c.cause.in_(causes), delivery.c.state == State.PLANNED.value)
    row = {"state": State.SKIPPED.value, "reason": "overtaken"}
    return connection.execute(update(delivery).where(waiting).values(row)).rowcount


def refuse(connection: Connection, broadcast_id: int, chat_id: int) -> None:
    """The person says "not for me" to this copy. Its row keeps that for every later change of it."""
    connection.execute(update(delivery).where(*_copy(broadcast_id, chat_id)).values(params={REFUSED: True}))


def is_refused(connection: Connection, broadcast_id: int, chat_id: int) -> bool:
    """Whether that was said about the copy in that chat."""
    params = connection.execute(select(delivery.c.params).where(*_copy(broadcast_id, chat_id))).scalar()
    return REFUSED in (params or {})


def _copy(broadcast_id: int, chat_id: int) -> tuple[ColumnElement[bool], ...]:
    return delivery.c.cause == broadcasts.cause(broadcast_id), delivery.c.chat_id == chat_id


def redrawn(connection: Connection, broadcast_id: int, number: int) -> dict[State, int]:
    """The progress of a round of changes: how many copies are in each state."""
    key = _round(broadcast_id, number)
    rows = connection.execute(
        select(delivery.c.state, func.count()).where(delivery.c.cause == key).group_by(delivery.c.state)
    )
    return {State(state): count for state, count in rows}


def take_up(connection: Connection, broadcast_id: int, reasons_: Sequence[str], now: datetime) -> int:
    """Plans deliveries that were skipped for one of these reasons after all. Returns how many."""
    held_back = and_(_is_its(broadcast_id), delivery.c.state == State.SKIPPED.value, delivery.c.reason.in_(reasons_))
    connection.info[PLANNED] = True
    row = {"state": State.PLANNED.value, "reason": None, "next_at": now, "claimed_by": None}
    return connection.execute(update(delivery).where(held_back).values(row)).rowcount


def _broadcast(row: Row[Any]) -> Broadcast:
    return made(
        Broadcast,
        row,
        stage=Stage,
        answering=Answering,
        unreleased=Unreleased,
        media=_attachment,
        planning_for=tuple,
    )


def _attachment(stored: Mapping[str, Any]) -> Attachment:
    return Attachment(**{**stored, "medium": Medium(stored["medium"])})


def attach(connection: Connection, broadcast_id: int, one: Attachment | None) -> None:
    """Puts a picture or file above its text in place of any other. None removes it."""
    change(connection, broadcast_id, media=None if one is None else asdict(one))


def _version(row: Row[Any]) -> Version:
    doubts = tuple(row.doubts or ())
    return Version(row.language, row.text, row.machine, doubts, row.released_text, row.released_by)
