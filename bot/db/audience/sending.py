"""Turns an audience into deliveries, with one `INSERT ... SELECT` for each range of participants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select, true

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
"""Participants looked at in one transaction. It takes some tenths of a second; on SQLite other writers wait."""


@dataclass(frozen=True, slots=True)
class FannedOut:
    """The result of one range: how many deliveries are new, and the id to go on after. None: it was the last."""

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
    """The reached people: participant, chat and the chat's language, one row for each participant.

    Marked profiles are not rewritten here. Call `keeping.refresh` or `catch_up` before. `only`: more predicates over
    columns of `profile`.
    """
    reached = who_is_reached(connection, questionnaire, condition, terms, now)
    return select(profile.c.participant_id, profile.c.chat_id, profile.c.language).where(reached, *only)


def who_belongs(
    connection: Connection, questionnaire: Questionnaire, condition: Condition, people: Collection[int], now: datetime
) -> frozenset[int]:
    """Those of these participants for whom the condition holds now. Their marked profiles are rewritten before."""
    refresh(connection, len(people), only=people)
    holds = Crowd(questionnaire, layout(connection), now).holds(condition)
    key = profile.c.participant_id
    return frozenset(connection.execute(select(key).where(key.in_(people), holds)).scalars())


def how_many_are_last(
    connection: Connection, questionnaire: Questionnaire, condition: Condition, terms: Terms, now: datetime
) -> int:
    """For how many of the reached people it is the last message that fits into their week."""
    if terms.cap is None:
        return 0
    reached = who_is_reached(connection, questionnaire, condition, terms, now)
    last = is_full(terms.cap, now, room=1)
    return int(connection.execute(select(func.count()).select_from(profile).where(reached, last)).scalar_one())


def how_many_chats(
    connection: Connection, questionnaire: Questionnaire, condition: Condition, terms: Terms, now: datetime
) -> int:
    """How many phones the reached people have. Each phone gets it once, however many people share it."""
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
    """Plans a delivery for each reached person among the next `most` participants after the id `after`.

    With `windows`, the deliveries leave one by one, spread evenly over them. `salt` changes who comes first.

    A chat gets it once, whoever speaks there, because `planned.cause` is unique for a chat. So it is safe to run a
    range, or all ranges, again: existing rows stay as they are. A caller stores `after` with the broadcast in the
    same transaction, and continues there after a kill. Starting again from 0 has the same result but takes longer.
    """
    ids = select(participant.c.id).where(participant.c.id > after).order_by(participant.c.id).limit(most).subquery()
    until = connection.execute(select(func.max(ids.c.id))).scalar()
    if until is None:
        return FannedOut(0, None)
    while refresh(connection, most, after=after, until=until) == most:
        pass
    key = profile.c.participant_id
    people = recipients(connection, questionnaire, condition, terms, now, (key > after, key <= until)).subquery()
    row: dict[str, ColumnElement[Any]] = {
        name: literal(value, delivery.c[name].type) for name, value in planned.row().items()
    }
    row |= {"participant_id": people.c.participant_id, "chat_id": people.c.chat_id}
    if windows:
        leaves = leaves_at(people.c.participant_id, salt, windows, connection.dialect.name)
        row |= {"due_at": leaves, "next_at": leaves}
    values = select(*(column.label(name) for name, column in row.items())).where(true())
    statement = insert_into(connection, delivery).from_select(list(row), values)
    new: int = connection.execute(statement.on_conflict_do_nothing()).rowcount
    if new:
        connection.info[PLANNED] = True
    return FannedOut(new, until)
