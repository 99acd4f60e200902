"""The end of registration in tests: the people it concerns, and what they are told about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import insert, update

from bot.core.offers import Offer
from bot.db.schema import consent
from bot.services.offers import offering
from bot.services.reply import Reply
from tests.services.reminding.helpers import at, rows, seek
from tests.services.seating.town import HOUR, Town

DEADLINE = "reminders.deadline_days"


ENDS, SPEAKS = at("2027-01-13T17:00"), at("2027-01-11T17:00")
"""For the evening, registration ends the day before at six. People are told two days before that."""


READY = SPEAKS - HOUR


Prepare = Callable[[Town, int], Awaitable[object]]


def offers(town: Town, *changed: Offer) -> None:
    """The file says something else about these offers."""
    town.content = replace(town.content, offers={**town.content.offers, **{one.id: one for one in changed}})
    town.terms = offering.terms_of(town.content)


async def wants(town: Town, *people_: int, purpose: str = "openings") -> None:
    """They agree to messages about offers."""
    row = {"purpose": purpose, "language": "de", "text_version": "1", "given_at": town.now}
    await town.database.run(
        lambda tx: tx.execute(insert(consent), [{"participant_id": one, **row} for one in people_])
    )


async def somebody(town: Town) -> int:
    """A person who has agreed, shortly before they would be told."""
    (person,) = await town.people(1)
    await wants(town, person)
    town.now = READY
    return person


async def told(town: Town) -> list[tuple[int, str, Any]]:
    """Everybody with a row: its state, and when it is due."""
    return [(one.participant_id, one.state, one.due_at) for one in await rows(town, text_key=DEADLINE)]


def toast(reply: Reply) -> str | None:
    """The toast that answers the tap."""
    return None if reply.toast is None else reply.toast.key


async def no_consent(town: Town, person: int) -> None:
    gone = update(consent).where(consent.c.participant_id == person).values(withdrawn_at=town.now)
    await town.database.run(lambda tx: tx.execute(gone))


async def planned(town: Town) -> int:
    """A person is to be told, and the time is now."""
    person = await somebody(town)
    await seek(town)
    town.now = SPEAKS
    return person
