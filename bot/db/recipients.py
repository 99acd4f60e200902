"""TEMPORARY stand-in until the audience lands."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, literal, select, true

from bot.db.deliveries import INSERT, Planned
from bot.db.schema import chat, consent, delivery, participant


def _found(purpose: str | None) -> Any:
    wanted = (
        select(participant.c.id, participant.c.chat_id, chat.c.language).join(chat).where(chat.c.blocked_at.is_(None))
    )
    if purpose:
        wanted = wanted.where(
            select(consent.c.id)
            .where(
                consent.c.participant_id == participant.c.id,
                consent.c.purpose == purpose,
                consent.c.withdrawn_at.is_(None),
            )
            .exists()
        )
    return wanted


def reach(connection: Connection, purpose: str | None) -> dict[str, int]:
    found = _found(purpose).subquery()
    return {
        str(a): b for a, b in connection.execute(select(found.c.language, func.count()).group_by(found.c.language))
    }


def fan_out(
    connection: Connection, planned: Planned, languages: Collection[str], purpose: str | None, after: int, page: int
) -> int | None:
    ids = select(participant.c.id).where(participant.c.id > after).order_by(participant.c.id).limit(page).subquery()
    until = connection.execute(select(func.max(ids.c.id))).scalar()
    if until is None:
        return None
    found = (
        _found(purpose)
        .where(participant.c.id > after, participant.c.id <= until, chat.c.language.in_(languages))
        .subquery()
    )
    values = planned.row()
    del values["participant_id"]
    columns = [literal(value, delivery.c[name].type).label(name) for name, value in values.items()]
    rows = select(found.c.chat_id, found.c.id, *columns).select_from(found).where(true())
    connection.execute(
        INSERT[connection.dialect.name](delivery)
        .from_select(["chat_id", "participant_id", *values], rows)
        .on_conflict_do_nothing()
    )
    return int(until)
