"""Second factors of the team: whose app makes codes, which codes are used up, and who is locked out for a while.

Each also has codes on paper, stored only as keyed hashes. A message that shows the secret as a picture is deleted
from the chat as soon as the secret is confirmed, replaced or dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from bot.db import keys
from bot.db.reading import made
from bot.db.rights import leaving
from bot.db.schema import second_factor, shown_message, staff


@dataclass(frozen=True, slots=True)
class Factor:
    """A row of `second_factor`. `bot.db.schema` describes the columns."""

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
    spare: list[str] | None

    def is_locked(self, now: datetime) -> bool:
        """Whether no code is accepted now, not even a correct one."""
        return self.locked_until is not None and now < self.locked_until

    def is_verified(self, now: datetime) -> bool:
        """Whether a code was given a moment ago."""
        return self.confirmed_at is not None and self.verified_until is not None and now < self.verified_until


_COLUMNS = tuple(second_factor.c[name] for name in Factor.__dataclass_fields__)


def load(connection: Connection, staff_id: int, *, lock: bool = False) -> Factor | None:
    """A member's second factor, confirmed or not. `lock`: until the transaction ends, for changes."""
    wanted = select(*_COLUMNS).where(second_factor.c.staff_id == staff_id)
    row = connection.execute(wanted.with_for_update() if lock else wanted).first()
    return None if row is None else made(Factor, row)


def confirmed(connection: Connection, staff_id: int, *, lock: bool = False) -> Factor | None:
    """A member's second factor, if it is confirmed."""
    found = load(connection, staff_id, lock=lock)
    return None if found is None or found.confirmed_at is None else found


def begin(connection: Connection, staff_id: int, secret: str, now: datetime) -> None:
    """Begins a new one in place of any other. It is confirmed by a first code."""
    drop(connection, staff_id)
    connection.execute(insert(second_factor), {"staff_id": staff_id, "secret": secret, "made_at": now, "wrong": 0})


def change(connection: Connection, staff_id: int, **columns: Any) -> None:  # noqa: ANN401 - a column's value
    """Changes columns of one."""
    connection.execute(update(second_factor).where(second_factor.c.staff_id == staff_id).values(**columns))


def confirm(connection: Connection, staff_id: int, now: datetime) -> None:
    """Its first code was shown: it counts from now on, and its secret is no longer shown."""
    _hide(connection, staff_id)
    change(connection, staff_id, confirmed_at=now, picture=None)


def drop(connection: Connection, staff_id: int) -> bool:
    """Deletes it with its secret. Returns whether there was one."""
    _hide(connection, staff_id)
    gone = connection.execute(delete(second_factor).where(second_factor.c.staff_id == staff_id)).rowcount
    return bool(gone)


def drop_unconfirmed(connection: Connection, before: datetime) -> None:
    """Deletes those that were begun before then and never confirmed."""
    left = select(second_factor.c.staff_id).where(
        second_factor.c.confirmed_at.is_(None), second_factor.c.made_at < before
    )
    for staff_id in connection.execute(left).scalars().all():
        drop(connection, staff_id)


def give(connection: Connection, staff_id: int, codes: Iterable[str]) -> None:
    """Sets a member's codes on paper. Earlier ones become invalid."""
    change(connection, staff_id, spare=[_mark(staff_id, code) for code in codes])


def use(connection: Connection, mine: Factor, code: str) -> int | None:
    """Uses one of a member's codes on paper (the row is locked). Returns how many are left, None if it is wrong."""
    spare, used = mine.spare or [], _mark(mine.staff_id, code)
    if used not in spare:
        return None
    left = [one for one in spare if one != used]
    change(connection, mine.staff_id, spare=left)
    return len(left)


def pictured(connection: Connection, chat_id: int, message: int, at: datetime) -> None:
    """A secret is in its member's chat as a picture. If it must no longer be shown, it is deleted at once."""
    whose = select(second_factor.c.staff_id).join_from(second_factor, staff).where(staff.c.person_id == chat_id)
    begun = whose.where(second_factor.c.confirmed_at.is_(None)).with_for_update(of=second_factor)
    staff_id = connection.execute(begun).scalar()
    if staff_id is None:
        leaving.go(connection, chat_id, {message: at})
        return
    _hide(connection, staff_id)
    change(connection, staff_id, picture=message)


def shown_since(connection: Connection, chat_id: int, since: datetime) -> list[int]:
    """Messages of ours in a chat since then. The secret may be in them."""
    wanted = shown_message.c.chat_id == chat_id, shown_message.c.at >= since
    return list(connection.execute(select(shown_message.c.message_id).where(*wanted)).scalars())


def _hide(connection: Connection, staff_id: int) -> None:
    """The picture of a secret is to be deleted from the chat."""
    columns = (staff.c.person_id, second_factor.c.picture, second_factor.c.made_at)
    found = select(*columns).join_from(second_factor, staff).where(second_factor.c.staff_id == staff_id)
    row = connection.execute(found).first()
    if row is not None and row.picture is not None:
        leaving.go(connection, row.person_id, {row.picture: row.made_at})


def _mark(staff_id: int, code: str) -> str:
    return keys.hashed(f"{staff_id} {code}".encode(), "spare code", 32).hex()
