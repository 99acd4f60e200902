"""A database as it is after years: one person with a row in every table, copied a few thousand times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    case,
    cast,
    column,
    false,
    func,
    insert,
    literal,
    literal_column,
    null,
    select,
    table,
    text,
    true,
)

from bot.db.schema import (
    UtcTime,
    answer,
    answer_history,
    attendance,
    audit_entry,
    audit_person,
    chat,
    consent,
    delivery,
    desk_page,
    inbox,
    interest,
    meeting,
    merging,
    name_start,
    note,
    participant,
    path_mark,
    profile,
    profile_change,
    registration,
    shown_message,
    staff,
    thread,
    thread_message,
    unwanted_offer,
)
from tests.db.rows import NOW

MANY = 5000
"""So many people that no planner reads them all where an index leads to one of them."""
FIRST = 5_000_000
"""The chat of the person who is copied."""
FEW = 5
STEP = 10_000_000
"""The distance between the ids of one copy and the next."""
Which = Mapping[str, int]
"""Which rows of a table belong to the person: a column and its value."""

GROWING: Mapping[Table, str] = {
    **dict.fromkeys((chat, participant), "id"),
    **dict.fromkeys((consent, answer, answer_history, name_start, path_mark, profile), "participant_id"),
    **dict.fromkeys((note, unwanted_offer, interest, audit_person, thread), "participant_id"),
    merging: "kept_id",
    meeting: "id",
    registration: "participant_id",
    attendance: "registration_id",
    **dict.fromkeys((delivery, shown_message), "chat_id"),
    inbox: "update_id",
    thread_message: "thread_id",
    desk_page: "participant_id",
    audit_entry: "id",
}
"""Tables with rows for each person or event, in the order they are filled, and the column that says whose."""
MOVED = {
    *("id", "participant_id", "chat_id", "registration_id", "meeting_id", "thread_id", "kept_id", "gone_id"),
    *("update_id", "message_id", "mark"),
}
"""Columns with a different number in each copy."""
LONG_OVER: Mapping[Table, Mapping[str, Any]] = {
    chat: {"shown_version": 1},
    delivery: {"state": "sent", "sent_at": literal(NOW, UtcTime)},
    inbox: {"body": null(), "chat_id": null()},
    interest: {"state": "called"},
    thread: {"closed_at": literal(NOW, UtcTime), "waiting_since": null()},
    thread_message: {"state": "sent", "interpret": false()},
}
"""The values of most rows, because most of what happened is over."""


def _of_four(number: ColumnElement[int]) -> ColumnElement[str]:
    return literal("info_") + cast(number / 4, String)


TOLD_APART: Mapping[tuple[str, str], Callable[[ColumnElement[int]], ColumnElement[Any]]] = {
    ("audit_person", "pseudonym"): lambda number: literal("somebody-") + cast(number, String),
    ("audit_person", "mark"): lambda number: literal("mark-") + cast(number, String),
    ("audit_entry", "about"): lambda number: literal("somebody-") + cast(number, String),
    ("meeting", "original"): lambda number: literal("2026-") + cast(number, String),
    ("meeting", "offer_id"): _of_four,
    ("registration", "offer_id"): _of_four,
    ("interest", "offer_id"): lambda number: literal("job_") + cast(number / 4, String),
    ("registration", "state"): lambda number: case((number % 4 == 0, "registered"), else_="given_back"),
    ("registration", "ended_at"): lambda number: case((number % 4 == 0, null()), else_=literal(NOW, UtcTime)),
    ("delivery", "kind"): lambda number: case((number % 2 == 0, "broadcast"), else_="reminder"),
    ("delivery", "cause"): lambda number: literal("broadcast:") + cast(number / 200, String),
}
"""Values that differ in each copy, or each few copies. One seat in four is still taken."""
MINUTES: Mapping[Table, float] = {inbox: 0.5, shown_message: 0.5, desk_page: 0.5, merging: 2, interest: 45}
"""The time between one copy and the next. Rows of these tables are deleted after two days, a week, half a year."""


def grow(connection: Connection, person: int, first: int = 1, last: int = MANY) -> None:
    """Fills every growing table with these copies. PostgreSQL collects statistics, SQLite never does."""
    # The team is small. In the walk there is a member for every button.
    connection.execute(staff.update().where(staff.c.id > FEW).values(removed_at=NOW))
    seat = connection.execute(select(registration).where(registration.c.participant_id == person)).one()
    talk = connection.execute(select(thread.c.id).where(thread.c.participant_id == person)).scalar_one()
    newest = connection.execute(select(func.max(audit_entry.c.id)).where(audit_entry.c.id < STEP)).scalar_one()
    whose = {
        chat: FIRST,
        delivery: FIRST,
        shown_message: FIRST,
        inbox: FIRST,
        meeting: seat.meeting_id,
        attendance: seat.id,
        thread_message: talk,
        audit_entry: newest,
    }
    for each, name in GROWING.items():
        _repeat(connection, each, name, whose.get(each, person), first, last)
    connection.execute(profile_change.delete())
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE"))


def _repeat(connection: Connection, kind: Table, name: str, value: int, first: int, last: int) -> None:
    copies = select(literal(first, Integer).label("n")).cte("copies", recursive=True)
    copies = copies.union_all(select(copies.c.n + 1).where(copies.c.n < last))
    plain = table(kind.name, *(column(one.name) for one in kind.c))
    said = {one.name: _said(kind, plain.c[one.name], copies.c.n, connection.dialect.name) for one in kind.c}
    rows = select(*said.values()).select_from(plain.join(copies, true()))
    connection.execute(insert(plain).from_select(list(said), rows.where(plain.c[name] == value)))


def _said(kind: Table, here: ColumnElement[Any], number: ColumnElement[int], dialect: str) -> ColumnElement[Any]:
    name = here.key or ""
    own = LONG_OVER.get(kind, {}).get(name)
    if own is not None:
        return own if isinstance(own, ColumnElement) else literal(own)
    if (words := TOLD_APART.get((kind.name, name))) is not None:
        return words(number)
    if name in MOVED:
        return here + cast(number, kind.c[name].type) * STEP
    if isinstance(kind.c[name].type, UtcTime):
        minutes = number * MINUTES.get(kind, 180)
        if dialect == "sqlite":
            return func.strftime("%Y-%m-%d %H:%M:%f000", here, cast(-minutes, String) + " minutes")
        return here - minutes * literal_column("interval '1 minute'")
    return here
