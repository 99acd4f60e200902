"""Dates for a person's own calendar, as a file."""

from __future__ import annotations

from bot.services.reply import Reply
from bot.services.view import ui
from bot.services.visit import Visit


def of_offer(visit: Visit, offer_id: str) -> Reply:
    """The dates of an offer that one is registered for."""
    del offer_id
    return visit.only(ui("news.stale"))
