"""What people hear who wait for what comes of their interest, when what they are interested in is filled."""

from __future__ import annotations

from bot.core.broadcasts import UNDECIDED, Stage, Subject
from bot.core.message import Argument, Screen
from bot.db.broadcasts import broadcasts
from bot.db.openings import interests
from bot.db.outbox.deliveries import Due
from bot.services.deliveries.letter_parts import title
from bot.services.openings import interesting
from bot.services.turn import Turn
from bot.services.view import ui

FILLED = "ui.interest.told_filled"
"""The text; the parameters of its delivery name the opening, or the message."""


def said(turn: Turn, due: Due) -> Screen | str:
    """The notice as things are now, or why it is none."""
    about = due.params or {}
    subject = Subject(about.get("offer"), about.get("broadcast"))
    what = _filled(turn, subject, due.language)
    if what is None or due.participant_id is None:
        return "not_so"
    own = interests.of_person(turn.connection, due.participant_id, subject)
    if own is None or own.state not in UNDECIDED:
        return "not_so"
    return Screen(((ui("interest.told_filled", title=what),),))


def _filled(turn: Turn, subject: Subject, language: str | None) -> Argument | None:
    """How it is called, if it is filled; None where it is not, or not any more."""
    if subject.opening is not None:
        one = interesting.opening(turn.content, subject.opening)
        return title(one) if one is not None and one.filled else None
    message = broadcasts.load(turn.connection, subject.broadcast or 0)
    if message is None or message.stage is not Stage.FILLED:
        return None
    return interesting.beginning(turn.content, message.id, language)
