"""The people of one phone: who of them speaks, how each is called, and the screen on which it changes hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.message import Argument, Button, Screen, Text, Words
from bot.db.chats import ParticipantRow
from bot.db.outbox.deliveries import Due
from bot.db.people.persons import Named
from bot.services.view import RESUME, Block, Row, View, ui

MOST = 6
"""People on one phone: the screen has to stay one card."""
SPEAKS, OTHER = "✅", "👤"


def find(people: Sequence[ParticipantRow], number: int | None) -> ParticipantRow | None:
    """The person on the phone with that number."""
    return next((one for one in people if one.id == number), None)


def called(one: ParticipantRow | Named) -> Argument:
    """What a person on the phone is called: the name they gave, else their number on it."""
    return ui("people.number", number=one.nth) if one.name is None else Words(one.name)


def names(people: Sequence[ParticipantRow]) -> dict[int, Named]:
    """The people of a phone by key, each with their name."""
    return {one.id: Named(one.name, one.nth) for one in people}


def head(people: Sequence[ParticipantRow], person: ParticipantRow | None) -> Text | None:
    """The word for whom a screen is, where several share the phone."""
    if person is None:
        return ui("people.head", who=ui("people.new")) if people else None
    return whose(names([*people, person]), person.id)


def not_theirs(people: Sequence[ParticipantRow], person: ParticipantRow | None) -> Text | None:
    """The word about a button of another person's card: who speaks; None where nobody shares the phone."""
    who = _one_of_several(people, person)
    return None if who is None else ui("people.now", who=who)


def whose(people: Mapping[int, Named], number: int) -> Text | None:
    """The word for which of these people something is; None where there is only one."""
    return ui("people.head", who=called(people[number])) if len(people) > 1 and number in people else None


def alone(people: Sequence[ParticipantRow], person: ParticipantRow | None) -> Text | None:
    """The word before one of several is erased; None where there is only one."""
    who = _one_of_several(people, person)
    return None if who is None else ui("people.forget", who=who)


def _one_of_several(people: Sequence[ParticipantRow], person: ParticipantRow | None) -> Argument | None:
    """What this one is called, where several share the phone."""
    if person is None or len(people) < 2:  # noqa: PLR2004 - another one
        return None
    return called(person)


def headed(screen: Screen, people: Mapping[int, Named] | None, due: Due) -> Screen:
    """A delivery under the word for whom it is, where several `people` share the phone.

    Not below a picture: its words are few, and there may be no room for more.
    """
    line = whose(people or {}, due.participant_id or 0)
    return screen if line is None or screen.media is not None else replace(screen, blocks=((line,), *screen.blocks))


def everybody(view: View) -> Screen:
    """Who is on this phone: a tap gives it to another, or to somebody new."""
    now = view.person
    rows: list[Row] = [
        (Button(ui("people.one", who=called(_as_now(one, now))), f"speak.{one.id}", _mark(view, one)),)
        for one in view.people
    ]
    full = len(view.people) >= MOST
    if not full:
        rows.append((Button(ui("people.add"), "add_person", "➕"),))
    about: tuple[Block, ...] = ((ui("people.about"),), *(((ui("people.full"),),) if full else ()))
    return Screen(((ui("people.title"),), *about), (*rows, RESUME))


def _as_now(one: ParticipantRow, now: ParticipantRow | None) -> ParticipantRow:
    """Who speaks, with their current name."""
    return now if now is not None and now.id == one.id else one


def _mark(view: View, one: ParticipantRow) -> str:
    return SPEAKS if view.person is not None and view.person.id == one.id else OTHER
