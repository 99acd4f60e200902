"""What people hear of an opening that is filled who wait for a call, and have no message that could say so."""

from __future__ import annotations

from bot.core.broadcasts import Interest, Subject
from bot.core.message import Screen
from bot.db import interests
from bot.db.deliveries import Due
from bot.services import interesting
from bot.services.letter_parts import title
from bot.services.turn import Turn
from bot.services.view import ui

FILLED = "ui.interest.told_filled"
"""The text; the parameters of its delivery name the opening."""


def said(turn: Turn, due: Due) -> Screen | str:
    """The notice as things are now, or why it is none."""
    one = interesting.opening(turn.content, (due.params or {}).get("offer"))
    if one is None or not one.filled or due.participant_id is None:
        return "not_so"
    own = interests.of_person(turn.connection, due.participant_id, Subject(opening=one.id))
    if own is None or own.state is not Interest.OPEN:
        return "not_so"
    return Screen(((ui("interest.told_filled", title=title(one)),),))
