"""Sends what could not be sent to a chat while the person blocked the bot, once they are back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, bindparam, null, or_, select, update

from bot.db.outbox.deliveries import PLANNED, Kind, State
from bot.db.schema import UtcTime, delivery

OVERTAKEN = "overtaken"
"""Why a delivery stays unsent: another one about the same subject says what is true now."""

_HELPS = or_(delivery.c.last_useful_at.is_(None), delivery.c.last_useful_at > bindparam("now", type_=UtcTime))
_OF_CHAT = (
    select(
        *(
            delivery.c[name]
            for name in ("id", "state", "reason", "text_key", "meeting_id", "registration_id", "edits")
        )
    )
    .where(delivery.c.chat_id == bindparam("chat_id"), delivery.c.kind == Kind.NOTICE.value, _HELPS)
    .order_by(delivery.c.id)
    .with_for_update()
)
_AGAIN = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=State.PLANNED.value,
        next_at=bindparam("now", type_=UtcTime),
        tries=0,
        code=null(),
        reason=null(),
        claimed_by=null(),
    )
)
_VAIN = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=State.SKIPPED.value, reason=OVERTAKEN)
)


def plan_again(connection: Connection, chat_id: int, texts: Collection[str], now: datetime) -> None:
    """Plans changes of messages that were not made, and unsent deliveries whose text begins like one of these.

    Of several about the same subject, one is enough: it says what is true when it is sent. Of messages, it is the
    first after the last one that arrived, because the person knows what came before. Of changes of a message, it is
    the last.
    """
    found = [
        one
        for one in connection.execute(_OF_CHAT, {"chat_id": chat_id, "now": now})
        if one.edits is not None or one.text_key.startswith(tuple(texts))
    ]
    found.sort(key=_about)
    again: list[int] = []
    vain: list[int] = []
    for _, same in groupby(found, _about):
        open_now = _open(list(same))
        if any(map(_was_blocked, open_now)):
            kept = open_now[0 if open_now[0].edits is None else -1]
            again += [kept.id] if _was_blocked(kept) else []
            vain += [one.id for one in open_now if one is not kept]
    if again:
        connection.execute(_AGAIN, {"ids": again, "now": now})
        connection.info[PLANNED] = True
    if vain:
        connection.execute(_VAIN, {"ids": vain})


def _about(one: Row[Any]) -> tuple[object, ...]:
    """What it is about: a message in the chat, or a text about a seat and a meeting."""
    if one.edits is not None:
        return "", one.edits, 0
    return one.text_key, one.registration_id or 0, one.meeting_id or 0


def _was_blocked(one: Row[Any]) -> bool:
    return bool(one.state == State.BLOCKED or (one.state == State.SKIPPED and one.reason == State.BLOCKED))


def _open(same: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The unsent ones after the last one that was sent or is on its way."""
    done = [place for place, one in enumerate(same) if one.state in {State.SENT, State.UNKNOWN, State.CLAIMED}]
    behind = same[done[-1] + 1 :] if done else same
    return [one for one in behind if _was_blocked(one) or one.state == State.PLANNED]
