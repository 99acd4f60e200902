"""Openings end, filled or over, and with them every message about them; people who are interested are told.

An opening and its messages end together, from whichever end: "filled" on a message is "filled" on its opening.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core.broadcasts import LIVE, Broadcast, Subject
from bot.core.offers import Kind, Offer, Said
from bot.db.broadcasts import broadcasts
from bot.db.offers import offers
from bot.db.openings import interests
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Planned
from bot.db.staff.staff import Member
from bot.services.broadcasts import broadcasting
from bot.services.offers import own_offers
from bot.services.openings import interesting
from bot.services.openings.opening_notices import FILLED
from bot.services.turn import Turn
from bot.services.view import local_day
from bot.services.what_staff_said import with_what_staff_said


def fill(turn: Turn, offer_id: str, by: int) -> Turn:
    """Fill an opening: its messages lose their buttons, and people who still wait are told."""
    one = interesting.opening(turn.content, offer_id)
    if one is None or one.filled:
        return turn
    offers.fill(turn.connection, _said(turn, one.id), by, turn.now)
    _end_messages(turn, one.id, broadcasting.fill)
    _tell_who_waits(turn, Subject(opening=one.id))
    return with_what_staff_said(turn)


def _tell_who_waits(turn: Turn, subject: Subject) -> None:
    """A word to each, whatever stands in their chat: nobody's phone rings for a message that was changed."""
    key = f"interest:{subject}:filled:{turn.now.timestamp():.0f}"
    notice = Planned(
        key,
        deliveries.Kind.NOTICE,
        turn.now,
        FILLED,
        params={"offer": subject.opening, "broadcast": subject.broadcast},
    )
    waiting = interests.waiting(turn.connection, subject)
    deliveries.plan(turn.connection, [(chat, replace(notice, participant_id=person)) for person, chat in waiting])


def free_again(turn: Turn, offer_id: str, by: int) -> Turn:
    """Make it available again. Messages that have ended stay so: a new one tells people."""
    offers.free_again(turn.connection, _said(turn, offer_id), by, turn.now)
    return with_what_staff_said(turn)


def fill_with(turn: Turn, one: Broadcast, member: Member) -> bool:
    """Fill what a message offers, and the opening it is about, if it is about one."""
    offer = interesting.opening(turn.content, one.offer_id)
    done = broadcasting.fill(turn, one)
    if done and offer is None:
        _tell_who_waits(turn, Subject(broadcast=one.id))
    elif done and offer is not None:
        fill(turn, offer.id, member.id)
    return done


def withdraw(turn: Turn, offer: Offer, by: int) -> Turn:
    """Withdraw an offer; if it is an opening, its messages say so."""
    if offer.kind is Kind.OPENING:
        _end_messages(turn, offer.id, broadcasting.outlive)
    return own_offers.withdraw(turn, offer.id, by)


def look_around(turn: Turn) -> None:
    """End messages about openings whose last day has passed."""
    today = local_day(turn.content, turn.now)
    for one in turn.content.offers.values():
        if one.kind is Kind.OPENING and one.is_over(today):
            _end_messages(turn, one.id, broadcasting.outlive)


def _end_messages(turn: Turn, offer_id: str, end: Callable[[Turn, Broadcast], bool]) -> None:
    """End everything about an opening that has gone out."""
    for one in broadcasts.about(turn.connection, offer_id, lock=True):
        if one.stage in LIVE or end is broadcasting.fill:
            end(turn, one)


def _said(turn: Turn, offer_id: str) -> Said:
    return offers.load(turn.connection, offer_id) or Said(offer_id, own=False)
