"""The question to people who have been silent for long, whether they are still there. Any sign is an answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.message import Button, Screen
from bot.services.view import ui

ASK = "ui.still.ask"
"""The text; its delivery says that it was asked."""
TIME_TO_ANSWER = timedelta(days=30)


def said(now: datetime, seen_at: datetime | None) -> Screen | str:
    """The question, with one tap to stay; or why it is not asked."""
    if seen_at is not None and now - seen_at < TIME_TO_ANSWER:
        return "came_back"
    return Screen(((ui("still.ask"),),), ((Button(ui("still.here"), "go_on", "👋"),),))
