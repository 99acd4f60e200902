"""Openings: filled or over, and with them every message about them; who is interested hears a kind word.

An opening and its messages end together, from whichever end: "filled" on a message is "filled" on its opening.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.core.broadcasts import LIVE, Broadcast, Stage, cause
from bot.core.offers import Kind, Offer, Said
from bot.db import broadcasts, deliveries, interests, offers
from bot.db.deliveries import Planned
from bot.db.staff import Member
from bot.services import broadcasting, interesting, own_offers
from bot.services.opening_notices import FILLED
from bot.services.turn import Turn
from bot.services.view import local_day
from bot.services.what_staff_said import with_what_staff_said


def fill(turn: Turn, offer_id: str, by: int) -> Turn:
    """Nothing is to be had any more: its messages lose their buttons, and who waits for a call hears of it once."""
    one = interesting.opening(turn.content, offer_id)
    if one is None or one.filled:
        return turn
    offers.fill(turn.connection, _said(turn, one.id), by, turn.now)
    told = _end_messages(turn, one.id, broadcasting.fill)
    notice = Planned(
        f"opening:{one.id}:filled:{turn.now.timestamp():.0f}",
        deliveries.Kind.NOTICE,
        turn.now,
        FILLED,
        params={"offer": one.id},
    )
    waiting = interests.waiting(turn.connection, one.id, [cause(message.id) for message in told])
    deliveries.plan(turn.connection, [(chat, replace(notice, participant_id=person)) for person, chat in waiting])
    return with_what_staff_said(turn)


def free_again(turn: Turn, offer_id: str, by: int) -> Turn:
    """It is to be had after all. Messages that have ended stay so: a new one tells people."""
    offers.free_again(turn.connection, _said(turn, offer_id), by, turn.now)
    return with_what_staff_said(turn)


def fill_with(turn: Turn, one: Broadcast, member: Member) -> bool:
    """What a message offers is filled; and the opening with it that it is about, where it is about one."""
    offer = interesting.opening(turn.content, one.offer_id)
    done = broadcasting.fill(turn, one)
    if done and offer is not None:
        fill(turn, offer.id, member.id)
    return done


def withdraw(turn: Turn, offer: Offer, by: int) -> Turn:
    """An offer is offered no more; of an opening its messages say so."""
    if offer.kind is Kind.OPENING:
        _end_messages(turn, offer.id, broadcasting.outlive)
    return own_offers.withdraw(turn, offer.id, by)


def look_around(turn: Turn) -> None:
    """Messages about openings whose last day has been end."""
    today = local_day(turn.content, turn.now)
    for one in turn.content.offers.values():
        if one.kind is Kind.OPENING and one.is_over(today):
            _end_messages(turn, one.id, broadcasting.outlive)


def _end_messages(turn: Turn, offer_id: str, end: Callable[[Turn, Broadcast], bool]) -> list[Broadcast]:
    """End everything about an opening that has gone out; all of that."""
    every = [one for one in broadcasts.about(turn.connection, offer_id, lock=True) if one.stage is not Stage.DRAFT]
    for one in every:
        if one.stage in LIVE or end is broadcasting.fill:
            end(turn, one)
    return every


def _said(turn: Turn, offer_id: str) -> Said:
    return offers.load(turn.connection, offer_id) or Said(offer_id, own=False)
