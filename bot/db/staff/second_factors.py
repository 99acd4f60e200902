"""Second factors of the team: whose app makes codes, which of them are used up, and who is locked out for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from bot.db.reading import made
from bot.db.schema import second_factor, shown_message


@dataclass(frozen=True, slots=True)
class Factor:
    """A row of `second_factor`; the columns are described in `bot.db.schema`."""

    staff_id: int
    secret: str
    made_at: datetime
    confirmed_at: datetime | None
    last_step: int | None
    verified_until: datetime | None
    wrong: int
    locked_until: datetime | None
    wish: str | None
    came_from: str | None

    def is_locked(self, now: datetime) -> bool:
        """Whether no code is taken now, be it right."""
        return self.locked_until is not None and now < self.locked_until

    def is_verified(self, now: datetime) -> bool:
        """Whether a code was given a moment ago."""
        return self.confirmed_at is not None and self.verified_until is not None and now < self.verified_until


_COLUMNS = tuple(second_factor.c[name] for name in Factor.__dataclass_fields__)


def load(connection: Connection, staff_id: int, *, lock: bool = False) -> Factor | None:
    """What a member has, or has begun to set up; `lock`: until the end of the transaction, for who changes it."""
    wanted = select(*_COLUMNS).where(second_factor.c.staff_id == staff_id)
    row = connection.execute(wanted.with_for_update() if lock else wanted).first()
    return None if row is None else made(Factor, row)


def confirmed(connection: Connection, staff_id: int, *, lock: bool = False) -> Factor | None:
    """What a member has, once it is set up."""
    found = load(connection, staff_id, lock=lock)
    return None if found is None or found.confirmed_at is None else found


def begin(connection: Connection, staff_id: int, secret: str, now: datetime) -> None:
    """A new one that its member has yet to show a code of, in the place of what was there."""
    drop(connection, staff_id)
    connection.execute(insert(second_factor), {"staff_id": staff_id, "secret": secret, "made_at": now, "wrong": 0})


def change(connection: Connection, staff_id: int, **columns: Any) -> None:  # noqa: ANN401 - a column's value
    """Change columns of one."""
    connection.execute(update(second_factor).where(second_factor.c.staff_id == staff_id).values(**columns))


def drop(connection: Connection, staff_id: int) -> bool:
    """Throw it away with its secret; whether there was one."""
    gone = connection.execute(delete(second_factor).where(second_factor.c.staff_id == staff_id)).rowcount
    return bool(gone)


def shown_since(connection: Connection, chat_id: int, since: datetime) -> list[int]:
    """Messages of ours that came into a chat since a moment: the secret may stand in them."""
    wanted = shown_message.c.chat_id == chat_id, shown_message.c.at >= since
    return list(connection.execute(select(shown_message.c.message_id).where(*wanted)).scalars())
