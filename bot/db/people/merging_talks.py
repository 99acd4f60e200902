"""The talks of two merged profiles become one, and two again.

The row with the higher id goes on and takes up what both say. Deliveries refer to talks by id, so no id may be used
twice. Every message keeps its id. What is said afterwards belongs to the kept profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from bot.core.threads import PREFIX, Job, Passing
from bot.db.moving_rows import dumped, put_back, read_back
from bot.db.outbox import deliveries, thread_deliveries
from bot.db.outbox.deliveries import Kind, Planned, State
from bot.db.schema import delivery, thread, thread_message
from bot.db.threads import threads

STANDING = ("opened_at", "changed_at", "assigned_to", "snoozed_until", "closed_at", "close_reason", "waiting_since")
TOPIC = ("group_id", "topic", "card_message", "topic_open")
"""Columns of a talk in which both profiles are combined."""
COLUMNS = (*STANDING, "nudged", *TOPIC)
Record = Mapping[str, Any]


def together(connection: Connection, kept: int, gone: int, now: datetime, why: str) -> dict[str, Any] | None:
    """Joins the words of both in the kept profile's talk. Returns what is needed to separate them.

    None if the other profile said nothing. `why`: the reason with which deliveries on their way are taken back, to be
    passed on in the joined talk.
    """
    theirs = _of(connection, gone)
    if theirs is None:
        return None
    former = thread_deliveries.former_topics(connection, gone)
    begun = _of(connection, kept) is None
    if begun:
        threads.begin(connection, kept, theirs.opened_at)
    mine = _of(connection, kept)
    assert mine is not None  # noqa: S101 - for the type checker
    low, high = sorted((mine, theirs), key=lambda row: int(row.id))
    moved = _messages(connection, low.id)
    stayed = _messages(connection, high.id)
    _take_back(connection, low, why)
    connection.execute(update(thread_message).where(thread_message.c.id.in_(moved)).values(thread_id=high.id))
    connection.execute(delete(thread).where(thread.c.id == low.id))
    values = theirs._mapping if begun else _added_up(mine, theirs)  # noqa: SLF001 - a row's public view
    values = {name: values[name] for name in COLUMNS}
    threads.change(connection, high.id, participant_id=kept, card_outdated=True, **values)
    if mine.topic is not None and theirs.topic is not None:
        former.append((theirs.group_id, theirs.topic))
    for group, topic in former:
        thread_deliveries.keep_topic(connection, kept, group, topic)
    both_in_group = mine.topic is not None and theirs.topic is not None and mine.group_id is not None
    if both_in_group and theirs.group_id is not None:
        _close(connection, theirs, now)
    after = _of(connection, kept)
    return {
        "mine": None if begun else dumped(mine),
        "theirs": dumped(theirs),
        "talk": high.id,
        "after": {name: value for name, value in dumped(after).items() if name in COLUMNS},
        "messages": {"mine": moved if low is mine else stayed, "theirs": stayed if low is mine else moved},
        "closed": both_in_group,
        "former": [list(place) for place in former],
    }


def apart(connection: Connection, record: Record | None, kept: int, gone: int, now: datetime) -> None:
    """Makes two talks again. What was said since stays with the kept profile."""
    if record is None:
        return
    whole = connection.execute(select(thread).where(thread.c.id == record["talk"], thread.c.participant_id == kept))
    current = whole.first()
    if current is None:
        return
    mine, theirs = record["mine"], record["theirs"]
    quiet = {"staff_job": None, "person_job": None, "card_outdated": True}
    if theirs["id"] == current.id:  # the kept profile's row comes back, and takes what was said since
        threads.change(connection, current.id, participant_id=gone)
        put_back(connection, thread, [{**mine, **quiet}])
    else:
        put_back(connection, thread, [{**theirs, **quiet}])
    place, other = _of(connection, kept), _of(connection, gone)
    assert place is not None  # noqa: S101 - for the type checker
    assert other is not None  # noqa: S101
    both = thread_message.c.thread_id == current.id
    of_theirs = thread_message.c.id.in_(record["messages"]["theirs"])
    connection.execute(update(thread_message).where(both, ~of_theirs).values(thread_id=place.id))
    connection.execute(update(thread_message).where(both, of_theirs).values(thread_id=other.id))
    threads.change(connection, place.id, **_as_before(record, dumped(current), now))
    was = read_back(thread, {name: theirs[name] for name in COLUMNS})
    if record["closed"]:
        was["topic_open"] = False  # it was closed at the merging
    threads.change(connection, other.id, **was)
    for group, topic in record.get("former", ()):
        if (group, topic) == (theirs["group_id"], theirs["topic"]):
            thread_deliveries.forget_topic(connection, group, topic)
        else:
            thread_deliveries.keep_topic(connection, gone, group, topic)
    if mine is None and place.jobs == 0 and not _messages(connection, place.id):
        connection.execute(delete(thread).where(thread.c.id == place.id))


def _as_before(record: Record, current: Record, now: datetime) -> dict[str, Any]:
    """The kept profile's talk as it was, except for what was changed since."""
    unchanged = {name for name in COLUMNS if current[name] == record["after"][name]}
    before: Record = record["mine"] or {
        **dict.fromkeys(COLUMNS),
        **{name: current[name] for name in ("opened_at", "changed_at")},
        "closed_at": now.isoformat(),
        "nudged": 0,
        "topic_open": True,
    }
    return read_back(thread, {name: (before if name in unchanged else current)[name] for name in COLUMNS})


def _of(connection: Connection, person: int) -> Row[Any] | None:
    return connection.execute(select(thread).where(thread.c.participant_id == person).with_for_update()).first()


def _messages(connection: Connection, number: int) -> list[int]:
    found = select(thread_message.c.id).where(thread_message.c.thread_id == number).order_by(thread_message.c.id)
    return list(connection.execute(found).scalars())


def _take_back(connection: Connection, row: Row[Any], why: str) -> None:
    """Makes what a talk had on its way wait again. Whether something being sent right now arrives is not known."""
    jobs = [job for job in (row.staff_job, row.person_job) if job is not None]
    planned = (delivery.c.id.in_(jobs), delivery.c.state == State.PLANNED.value)
    skipped = {"state": State.SKIPPED.value, "reason": why}
    taken = connection.execute(update(delivery).where(*planned).values(skipped).returning(delivery.c.id))
    waits = (thread_message.c.thread_id == row.id, thread_message.c.state == Passing.RECEIVED.value)
    numbers = list(taken.scalars())
    connection.execute(update(thread_message).where(*waits, thread_message.c.job.in_(numbers)).values(job=None))
    lost = update(thread_message).where(*waits, thread_message.c.job.is_not(None))
    connection.execute(lost.values(state=Passing.UNKNOWN.value))


def _added_up(mine: Row[Any], theirs: Row[Any]) -> dict[str, Any]:
    """The columns of both combined: the longest wait counts, and the talk is closed only if both are."""
    waiting = [at for at in (mine.waiting_since, theirs.waiting_since) if at is not None]
    closed = None not in {mine.closed_at, theirs.closed_at}
    place = mine if mine.topic is not None or theirs.topic is None else theirs
    return {
        "opened_at": min(mine.opened_at, theirs.opened_at),
        "changed_at": max(mine.changed_at, theirs.changed_at),
        "assigned_to": mine.assigned_to or theirs.assigned_to,
        "snoozed_until": mine.snoozed_until,
        "closed_at": max(mine.closed_at, theirs.closed_at) if closed else None,
        "close_reason": mine.close_reason if closed else None,
        "waiting_since": min(waiting, default=None),
        "nudged": max(mine.nudged, theirs.nudged),
        **{name: getattr(place, name) for name in TOPIC},
    }


def _close(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Closes the other topic, because nothing written there would reach anybody."""
    params = {"topic": row.topic, "close": True}
    cause = f"{PREFIX}merged.{row.topic}.{now.timestamp():.0f}"
    planned = Planned(cause, Kind.TALK, now, Job.GONE.text_key, params, urgent=True)
    deliveries.plan(connection, [(row.group_id, planned)])
