"""What people are told of their interest: that the opening is filled, or that the team noted it for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.core.broadcasts import UNDECIDED, Stage, Subject
from bot.core.message import Argument, Button, Screen, Words
from bot.db.broadcasts import broadcasts
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.outbox.deliveries import Due
from bot.services.deliveries.letter_parts import title
from bot.services.openings import interesting
from bot.services.turn import Turn
from bot.services.view import Block, Row, ui

FILLED, NOTED = "ui.interest.told_filled", "ui.interest.told_noted"
"""The texts; the parameters of their deliveries name the opening, or the message."""
SHARE, CARD = "share", "opening"
"""Verbs of buttons: to the question whether a partner may know, and to the card. Behind them stands the opening."""


def filled(turn: Turn, due: Due) -> Screen | str:
    """The word that it is filled, as things are now, or why that is not said."""
    subject = _subject(due)
    what = _filled(turn, subject, due.language)
    if what is None or _own(turn, due, subject) is None:
        return "not_so"
    return Screen(((ui("interest.told_filled", title=what),),))


def noted(turn: Turn, due: Due) -> Screen | str:
    """The word that the team noted an interest; and the question whether a partner may know, while none does."""
    subject = _subject(due)
    one, own = interesting.opening(turn.content, subject.opening), _own(turn, due, subject)
    if one is None or own is None:
        return "not_so"
    said = interesting.standing(own.state, own.partner, end=interesting.end_of(one))
    blocks: list[Block] = [(ui("interest.told_noted", title=title(one)), said)]
    rows: list[Row] = [(Button(ui("button.details"), f"{CARD}.{one.id}", "🗂"),)]
    if one.partner and own.partner is None and interesting.to_be_had(turn, one):
        blocks.append((ui("interest.told_share", partner=Words(one.partner)),))
        rows.insert(0, (Button(ui("button.interest_share"), f"{SHARE}.{one.id}", "🤝"),))
    return Screen(tuple(blocks), tuple(rows))


def _subject(due: Due) -> Subject:
    about = due.params or {}
    return Subject(about.get("offer"), about.get("broadcast"))


def _own(turn: Turn, due: Due, subject: Subject) -> Interested | None:
    """The person's interest; None once something became of it, or it was taken back."""
    person = due.participant_id
    own = None if person is None else interests.of_person(turn.connection, person, subject)
    return None if own is None or own.state not in UNDECIDED else own


def _filled(turn: Turn, subject: Subject, language: str | None) -> Argument | None:
    """What it is called, if it is filled; None where it is not, or no longer."""
    if subject.opening is not None:
        one = interesting.opening(turn.content, subject.opening)
        return title(one) if one is not None and one.filled else None
    message = broadcasts.load(turn.connection, subject.broadcast or 0)
    if message is None or message.stage is not Stage.FILLED:
        return None
    return interesting.beginning(turn.content, message.id, language)


SAID: Mapping[str, Callable[[Turn, Due], Screen | str]] = {FILLED: filled, NOTED: noted}
"""What says each of them, by its text."""
