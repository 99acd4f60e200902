"""Offers that staff made or changed in the chat: a turn with them, and an offer that is offered no more."""

from __future__ import annotations

from dataclasses import replace

from bot.content.own_offers import overlaid
from bot.core.offers import Said
from bot.db import meetings as rows
from bot.db import offers, sayings
from bot.services import joining, meetings, offering, registration, reminding
from bot.services.turn import Turn


def with_what_staff_said(turn: Turn) -> Turn:
    """The turn with the offers as they are now, what this very transaction has changed included."""
    return replace(turn, content=overlaid(turn.content, sayings.everything(turn.connection)))


def up_to_date(turn: Turn) -> Turn:
    """The turn with all that staff have said by now, in whatever process; mostly it has that already."""
    return turn if sayings.revision(turn.connection) == turn.content.said else with_what_staff_said(turn)


def withdraw(turn: Turn, offer_id: str, by: int) -> Turn:
    """An offer is offered no more: its dates are cancelled, and everybody who had to do with it is told once."""
    said = offers.load(turn.connection, offer_id) or Said(offer_id, own=False)
    joining.settle(turn, registration.withdraw(turn, offering.terms_of(turn.content), offer_id))
    for meeting in rows.of_offers(turn.connection, [offer_id], turn.now):
        change = meetings.cancel(turn, meeting.id)
        if change is not None:
            reminding.meeting_changed(turn, change.old, change.new)
    offers.withdraw(turn.connection, said, by, turn.now)
    return with_what_staff_said(turn)


def offer_again(turn: Turn, offer_id: str, by: int) -> Turn:
    """It is offered after all; its dates are reinstated one by one, by whoever knows which take place."""
    said = offers.load(turn.connection, offer_id)
    if said is not None:
        offers.offer_again(turn.connection, said, by, turn.now)
    return with_what_staff_said(turn)
