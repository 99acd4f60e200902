"""A code on paper: made and shown once, typed on another account, and the profile moves there."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

from bot.core import paper_code
from bot.core.message import Words
from bot.core.threads import Event
from bot.core.timing import local_time
from bot.db import chats
from bot.db.people import moving_people, paper_codes
from bot.db.rights import leaving
from bot.db.threads import threads
from bot.services import audit, places
from bot.services.phones import phone
from bot.services.phones.code_screens import NEW
from bot.services.reply import Card, Reply
from bot.services.threads import lines
from bot.services.turn import Turn, Visitor
from bot.services.view import ui
from bot.services.visit import Visit, load, load_or_begin
from bot.services.written import Written

MOST_TRIES, AN_HOUR = 5, timedelta(hours=1)


def make(visit: Visit, tapped: int | None) -> Reply:
    """A new code, shown with this card and never again; the former one is worthless."""
    if visit.participant is None:
        return visit.only(ui("notice.first_consent"))
    code = paper_code.make(secrets.randbelow)
    paper_codes.write(visit.turn.connection, visit.participant.id, code, visit.turn.now)
    visit.look_at(places.PAPER, NEW)
    return visit.reply(ui("paper.shown", code=Words(paper_code.shown(code))), tapped=tapped)


def command(turn: Turn, visitor: Visitor, written: Written) -> Reply:
    """`/code`: the card on which a code is typed; one that follows the command is taken at once."""
    visit, _ = load_or_begin(turn, visitor)
    _, _, typed = written.text.strip().partition(" ")
    visit.look_at(places.CODE)
    return hear(visit, typed, written) if typed.strip() else visit.reply()


def hear(visit: Visit, typed: str, written: Written) -> Reply:
    """A code was typed. Its message is deleted from the chat, whatever comes of it."""
    turn, here = visit.turn, visit.chat.id
    leaving.go(turn.connection, here, {written.message: turn.now})
    tries = paper_codes.tries(turn.connection, here, turn.now - AN_HOUR)
    if len(tries) >= MOST_TRIES:
        free = tries[-MOST_TRIES] + AN_HOUR + timedelta(minutes=1)
        until = local_time(free, visit.preferences.clock(turn.content.town))
        return visit.reply(ui("code.wait", until=until.time()))
    code = paper_code.read(typed)
    if code is None:
        return visit.reply(ui("code.typo"))
    if paper_codes.chat_of(turn.connection, code) == here:
        return visit.reply(ui("code.here"))
    if len(visit.people) >= phone.MOST:
        return visit.reply(ui("people.full"))
    person = paper_codes.take(turn.connection, code)
    if person is None:
        paper_codes.tried(turn.connection, here, turn.now)
        return visit.reply(ui("code.wrong"))
    return _bring(visit, person)


def _bring(visit: Visit, person: int) -> Reply:
    """Move the profile to this chat, where it speaks from now on. The team sees that it moved."""
    turn = visit.turn
    left = moving_people.move(turn.connection, person, visit.chat.id, turn.now, away=places.MOVED)
    audit.note_moved(turn, person)
    talk = threads.of_person(turn.connection, person)
    if talk is not None:
        lines.note(turn, talk.id, Event.MOVED)
        lines.move(turn, talk.id)
    found = chats.with_all(turn.connection, visit.chat.id)
    visit.people = found[1] if found is not None else ()
    visit.speak_for(person)
    return replace(visit.reply(ui("code.done")), elsewhere=None if left is None else _shown_at(turn, left))


def _shown_at(turn: Turn, chat_id: int) -> Card | None:
    """Redraw the phone that the profile left: whoever stays need not wait for the clock."""
    visit = load(turn, Visitor(chat_id, None, chat_id))
    return None if visit is None or visit.chat.blocked_at is not None else visit.show_again().card


def begin_anew(visit: Visit, tapped: int | None) -> Reply:
    """Begin a chat anew whose profile moved away, as if nobody had been there."""
    visit.go(places.AGE)
    return visit.reply(tapped=tapped)
