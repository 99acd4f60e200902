"""Partners with their own chat, and the people they were told about there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, case, cast, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy import String as Words

from bot.core.broadcasts import Interest
from bot.db import audit
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.outbox.deliveries import State
from bot.db.reading import made
from bot.db.schema import chat, delivery, interest, partner, partner_lead

KEPT = timedelta(days=90)
"""How long a partner's row stays after their chat ended, or if nobody used the invitation."""
TAKEN = timedelta(days=7)
"""How long it is known that a message to a partner was taken back."""
PATIENCE = timedelta(days=7)
"""How long a person who opened a link waits for the team's word before their row is deleted."""


class Standing(StrEnum):
    """The standing of a partner's chat."""

    INVITED = "invited"
    WAITING = "waiting"
    """Somebody opened the link. The team has to confirm."""
    LIVING = "living"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Partner:
    """A row of `partner`. `bot.db.schema.partners` describes the columns."""

    id: int
    name: str
    invited_at: datetime
    invited_by: int | None
    expires_at: datetime
    person_id: int | None
    person_name: str | None
    opened_at: datetime | None
    confirmed_at: datetime | None
    ended_at: datetime | None
    lost_at: datetime | None

    def standing(self, now: datetime) -> Standing:
        """The standing of its chat now."""
        if self.ended_at is not None or (self.opened_at is None and now >= self.expires_at):
            return Standing.ENDED
        if self.opened_at is None:
            return Standing.INVITED
        return Standing.WAITING if self.confirmed_at is None else Standing.LIVING


@dataclass(frozen=True, slots=True)
class Lead:
    """A row of `partner_lead`."""

    id: int
    partner_id: int
    interest_id: int
    since: datetime
    chat_id: int
    message_id: int | None
    said: Interest | None
    said_at: datetime | None
    ended_at: datetime | None


_PARTNER = tuple(partner.c[name] for name in Partner.__dataclass_fields__)
_LEAD = tuple(partner_lead.c[name] for name in Lead.__dataclass_fields__)
_LIVING = and_(partner.c.confirmed_at.is_not(None), partner.c.ended_at.is_(None))
CAUSE = "partner.lead."
"""How the cause of a message about a lead begins. The lead's id follows."""


def invite(
    connection: Connection, name: str, token_hash: str, now: datetime, lasts: timedelta, invited_by: int | None
) -> int:
    """Creates an invitation for a partner. Returns its id."""
    row = {
        "name": name,
        "token_hash": token_hash,
        "invited_at": now,
        "expires_at": now + lasts,
        "invited_by": invited_by,
    }
    made: int = connection.execute(insert(partner).returning(partner.c.id), row).scalar_one()
    return made


def find(connection: Connection, token_hash: str) -> Partner | None:
    """The partner of a link, locked until the transaction ends."""
    return _first(connection, partner.c.token_hash == token_hash)


def load(connection: Connection, number: int) -> Partner | None:
    """A partner by id, locked until the transaction ends."""
    return _first(connection, partner.c.id == number)


def living(connection: Connection, name: str) -> Partner | None:
    """The partner of that name that has a chat."""
    return _first(connection, _LIVING, partner.c.name == name)


def everybody(connection: Connection) -> list[Partner]:
    """All partners that have not ended, by name."""
    found = select(*_PARTNER).where(partner.c.ended_at.is_(None)).order_by(partner.c.name, partner.c.id)
    return [_partner(row) for row in connection.execute(found)]


def change(connection: Connection, number: int, **columns: Any) -> None:  # noqa: ANN401 - a column's value
    """Changes columns of a partner."""
    connection.execute(update(partner).where(partner.c.id == number).values(**columns))


def end_of_person(connection: Connection, person_id: int, now: datetime) -> list[Partner]:
    """Ends the access of a person who speaks for partners and leaves. Returns these partners."""
    theirs = select(*_PARTNER).where(partner.c.person_id == person_id, partner.c.ended_at.is_(None))
    found = [_partner(row) for row in connection.execute(theirs)]
    for one in found:
        change(connection, one.id, ended_at=now)
    return found


def has_chat(connection: Connection, person_id: int) -> bool:
    """Whether that person has a chat that can be written to."""
    return connection.execute(select(chat.c.id).where(chat.c.id == person_id)).first() is not None


def forget_old(connection: Connection, now: datetime) -> int:
    """Deletes withdrawn leads, and partners that ended long ago, were never confirmed or never came.

    Returns how many. A partner that the audit trail names stays as long as the trail does.
    """
    taken = delete(partner_lead).where(partner_lead.c.ended_at < now - TAKEN)
    gone: int = connection.execute(taken).rowcount
    never = and_(partner.c.confirmed_at.is_(None), partner.c.opened_at < now - PATIENCE)
    unused = and_(partner.c.opened_at.is_(None), partner.c.expires_at < now - KEPT)
    left = exists().where(partner_lead.c.partner_id == partner.c.id)
    old = delete(partner).where(
        or_(partner.c.ended_at < now - KEPT, never, unused), ~audit.names(audit.PARTNER, partner.c.id), ~left
    )
    return gone + connection.execute(old).rowcount


# -- leads: whom a partner was told about


def tell(connection: Connection, one: Partner, about: Interested) -> int:
    """Adds a lead: a partner is to be told about a person. Returns its id."""
    connection.execute(update(interest).where(interest.c.id == about.id).values(told_at=about.since))
    row = {"partner_id": one.id, "interest_id": about.id, "since": about.since, "chat_id": one.person_id}
    made: int = connection.execute(insert(partner_lead).returning(partner_lead.c.id), row).scalar_one()
    return made


def lead(connection: Connection, number: int) -> Lead | None:
    """A lead by its id."""
    row = connection.execute(select(*_LEAD).where(partner_lead.c.id == number)).first()
    return None if row is None else _lead(row)


def about(connection: Connection, one: Lead) -> Interested | None:
    """The interest behind a lead. None if the person took it back or is gone."""
    found = interests.load(connection, one.interest_id)
    same = found is not None and found.since == one.since and found.state is not Interest.WITHDRAWN
    return found if same else None


def of_interest(connection: Connection, one: Interested) -> Lead | None:
    """The lead of an interest, unless it was taken back."""
    mine = (
        partner_lead.c.interest_id == one.id,
        partner_lead.c.since == one.since,
        partner_lead.c.ended_at.is_(None),
    )
    row = connection.execute(select(*_LEAD).where(*mine).order_by(partner_lead.c.id.desc()).limit(1)).first()
    return None if row is None else _lead(row)


def change_lead(connection: Connection, number: int, **columns: Any) -> None:  # noqa: ANN401 - a column's value
    """Changes columns of a lead."""
    connection.execute(update(partner_lead).where(partner_lead.c.id == number).values(**columns))


def untrue(connection: Connection, before: datetime) -> list[Lead]:
    """Leads to take back: withdrawn, erased, agreed to before then, or of a partner whose chat has ended."""
    still = exists().where(
        interest.c.id == partner_lead.c.interest_id,
        interest.c.since == partner_lead.c.since,
        interest.c.state != Interest.WITHDRAWN.value,
    )
    speaks = exists().where(partner.c.id == partner_lead.c.partner_id, _LIVING)
    over = (partner_lead.c.ended_at.is_(None), or_(~still, ~speaks, partner_lead.c.since < before))
    return [_lead(row) for row in connection.execute(select(*_LEAD).where(*over).order_by(partner_lead.c.id))]


@dataclass(frozen=True, slots=True)
class Ended:
    """The result of a message about a lead. If it was not sent, `why` is a code or a reason."""

    lead: Lead
    state: State
    message_id: int | None
    why: str | None


_OF_LEAD = and_(
    delivery.c.chat_id == partner_lead.c.chat_id,
    delivery.c.cause == literal(CAUSE, Words) + cast(partner_lead.c.id, Words),
)


def ended(connection: Connection) -> list[Ended]:
    """Messages about leads that have ended and whose result was not handled yet."""
    waits = delivery.c.state.in_((State.PLANNED.value, State.CLAIMED.value))
    state = case((delivery.c.id.is_(None), State.SKIPPED.value), else_=delivery.c.state)
    why = func.coalesce(delivery.c.reason, delivery.c.code)
    found = (
        select(*_LEAD, state.label("state"), delivery.c.message_id.label("stands"), why.label("why"))
        .select_from(partner_lead.outerjoin(delivery, _OF_LEAD))
        .where(partner_lead.c.settled_at.is_(None), or_(delivery.c.id.is_(None), ~waits))
        .order_by(partner_lead.c.id)
    )
    rows = connection.execute(found).all()
    return [Ended(_lead(row[: len(_LEAD)]), State(row.state), row.stands, row.why) for row in rows]


def _first(connection: Connection, *wanted: Any) -> Partner | None:  # noqa: ANN401 - conditions
    row = connection.execute(select(*_PARTNER).where(*wanted).with_for_update()).first()
    return None if row is None else _partner(row)


def _partner(row: Sequence[Any]) -> Partner:
    return Partner(*row)


def _lead(row: Sequence[Any]) -> Lead:
    return made(Lead, row, said=Interest)
