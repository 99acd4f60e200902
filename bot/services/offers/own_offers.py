"""Withdrawing an offer, and offering it again."""

from __future__ import annotations

from bot.core.offers import Said
from bot.db.offers import meetings as rows
from bot.db.offers import offers
from bot.services.offers import joining, meetings, offering, registration
from bot.services.reminders import reminding
from bot.services.turn import Turn
from bot.services.what_staff_said import with_what_staff_said


def withdraw(turn: Turn, offer_id: str, by: int) -> Turn:
    """Withdraw an offer: its dates are cancelled, and everybody concerned is told once."""
    said = offers.load(turn.connection, offer_id) or Said(offer_id, own=False)
    joining.settle(turn, registration.withdraw(turn, offering.terms_of(turn.content), offer_id))
    for meeting in rows.of_offers(turn.connection, [offer_id], turn.now):
        change = meetings.cancel(turn, meeting.id)
        if change is not None:
            reminding.meeting_changed(turn, change.old, change.new)
    offers.withdraw(turn.connection, said, by, turn.now)
    return with_what_staff_said(turn)


def offer_again(turn: Turn, offer_id: str, by: int) -> Turn:
    """Offer it again; its dates are reinstated one by one, by somebody who knows which take place."""
    said = offers.load(turn.connection, offer_id)
    if said is not None:
        offers.offer_again(turn.connection, said, by, turn.now)
    return with_what_staff_said(turn)
