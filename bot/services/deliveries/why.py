"""Why somebody gets a message that we send unasked: what they agreed to, signed up for, or said about themselves."""

from __future__ import annotations

from bot.core.message import Listing, Text
from bot.core.reminders import Anchor
from bot.db.outbox.deliveries import Due
from bot.services.offers import offering, reasons
from bot.services.path import path_taps
from bot.services.reminders import deadlines
from bot.services.reminders.reminding import PREFIX
from bot.services.view import ui
from bot.services.visit import Visit

MOST_REASONS = 3
"""A person's own answers that are named."""
_OF_QUESTIONS = frozenset({Anchor.UNFINISHED, Anchor.OLD_ANSWER})


def said(visit: Visit, due: Due) -> Text:
    """The reason for a reminder, in a short word."""
    content = visit.turn.content
    rule = content.reminders.get(due.text_key.removeprefix(PREFIX))
    if rule is None:
        return ui("news.stale")
    if rule.anchor in _OF_QUESTIONS:
        return ui("why.questions")
    if rule.anchor is Anchor.LAST_DAY:
        return path_taps.why(visit)
    if rule.anchor is Anchor.NEW_OPENINGS:
        return ui("why.everybody")
    if rule.anchor is not Anchor.DEADLINE or due.registration_id is not None:
        return ui("why.own")
    target = deadlines.target_of(due)
    offer = None if target is None else content.offers.get(target.offer_id)
    if offer is None:
        return ui("news.stale")
    found = reasons.match(content, offer, offering.answers_of(content, visit.state)).because
    return ui("why.because", what=Listing(found[:MOST_REASONS])) if found else ui("why.everybody")
