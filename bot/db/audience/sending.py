"""An audience becomes deliveries: one `INSERT ... SELECT` for a range of participants, each range by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select, true

from bot.core.conditions import Condition
from bot.core.questionnaire import Questionnaire
from bot.core.spreading import Window
from bot.db.audience.compiling import Crowd, Predicate
from bot.db.audience.counting import Terms, who_is_reached
from bot.db.audience.keeping import layout, refresh
from bot.db.audience.spreading import leaves_at
from bot.db.audience.weeks import is_full
from bot.db.outbox.deliveries import PLANNED, Planned
from bot.db.schema import delivery, participant, profile
from bot.db.upsert import insert_into

RANGE = 5_000
"""Participants looked at in one transaction: some tenths of a second, for which others wait on SQLite."""


@dataclass(frozen=True, slots=True)
class FannedOut:
    """What one range came to: how many deliveries are new, and behind whom the next begins; None: there is none."""

    new: int
    after: int | None


def recipients(
    connection: Connection,
    questionnaire: Questionnaire,
    condition: Condition,
    terms: Terms,
    now: datetime,
    only: Iterable[Predicate] = (),
) -> Select[tuple[int, int, str | None]]:
    """Who is reached: participant, chat and the chat's language, a row for each participant.

    Profiles that are marked are not looked at anew: `keeping.refresh` or `catch_up` comes before. `only` narrows it
    to some, by columns of `profile`.
    """
    reached = who_is_reached(connection, questionnaire, condition, terms, now)
    return select(profile.c.participant_id, profile.c.chat_id, profile.c.language).where(reached, *only)


def who_belongs(
    connection: Connection, questionnaire: Questionnaire, condition: Condition, people: Collection[int], now: datetime
) -> frozenset[int]:
    """Those of these participants for whom the condition holds now; their marked profiles are rewritten before."""
    refresh(connection, len(people), only=people)
    holds = Crowd(questionnaire, layout(connection), now).holds(condition)
    key = profile.c.participant_id
    return frozenset(connection.execute(select(key).where(key.in_(people), holds)).scalars())


def how_many_are_last(
    connection: Connection, questionnaire: Questionnaire, condition: Condition, terms: Terms, now: datetime
) -> int:
    """For how many of those who are reached it is the last message that their week has room for."""
    if terms.cap is None:
        return 0
    reached = who_is_reached(connection, questionnaire, condition, terms, now)
    last = is_full(terms.cap, now, room=1)
    return int(connection.execute(select(func.count()).select_from(profile).where(reached, last)).scalar_one())


def how_many_chats(
    connection: Connection, questionnaire: Questionnaire, condition: Condition, terms: Terms, now: datetime
) -> int:
    """How many phones the reached people have: each gets it once, however many share it."""
    reached = who_is_reached(connection, questionnaire, condition, terms, now)
    chats = func.count(profile.c.chat_id.distinct())
    return int(connection.execute(select(chats).where(reached)).scalar_one())


def fan_out(
    connection: Connection,
    questionnaire: Questionnaire,
    condition: Condition,
    terms: Terms,
    planned: Planned,
    now: datetime,
    *,
    after: int = 0,
    most: int = RANGE,
    windows: Sequence[Window] = (),
    salt: int = 0,
) -> FannedOut:
    """Plan a delivery for everybody reached among the next `most` participants behind `after`.

    With `windows` they leave one after the other, spread evenly over these; `salt` says who comes first.

    A chat gets it once, whoever speaks there: `planned.cause` is unique for a chat. So a range can be done again, and
    so can the whole: what is there stays as it is. Whoever goes through an audience keeps `after` where the broadcast
    stands, in the same transaction, and goes on from there after a kill; from 0 it is the same, only longer.
    """
    ids = select(participant.c.id).where(participant.c.id > after).order_by(participant.c.id).limit(most).subquery()
    until = connection.execute(select(func.max(ids.c.id))).scalar()
    if until is None:
        return FannedOut(0, None)
    while refresh(connection, most, after=after, until=until) == most:
        pass
    key = profile.c.participant_id
    people = recipients(connection, questionnaire, condition, terms, now, (key > after, key <= until)).subquery()
    row: dict[str, Any] = planned.row() | {"participant_id": None, "chat_id": None}
    columns = [literal(value, delivery.c[name].type).label(name) for name, value in row.items()]
    own: dict[str, Any] = {"participant_id": people.c.participant_id, "chat_id": people.c.chat_id}
    if windows:
        leaves = leaves_at(people.c.participant_id, salt, windows, connection.dialect.name)
        own |= {"due_at": leaves, "next_at": leaves}
    named = [own.get(name, column) for name, column in zip(row, columns, strict=True)]
    statement = insert_into(connection, delivery).from_select(list(row), select(*named).where(true()))
    new: int = connection.execute(statement.on_conflict_do_nothing()).rowcount
    if new:
        connection.info[PLANNED] = True
    return FannedOut(new, until)
