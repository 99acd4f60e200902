"""The person's side of a talk: what they write goes to the team, as long as the card before them says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.threads import TEXT, Author, Event
from bot.db.chats import LONGEST_FOCUS
from bot.db.outbox import thread_deliveries
from bot.db.rights import desk_pages, leaving
from bot.db.threads import threads
from bot.db.threads.threads import Message
from bot.services import places
from bot.services.phones import phone
from bot.services.reply import Reply
from bot.services.threads import lines
from bot.services.turn import Turn
from bot.services.view import ui
from bot.services.visit import Visit
from bot.services.written import Written


def open_talk(visit: Visit, tapped: int | None = None) -> Reply:
    """Open the talk: from now on what is written goes to the team.

    The focus keeps the card's moment, since words from before it are no part of the talk, and the card that was
    there: `<moment>.<detour>.<its focus>`.
    """
    if visit.participant is None:
        return visit.reply(ui("notice.first_consent"))
    moment = str(int(visit.turn.now.timestamp()))
    focus = f"{moment}.{_card_below(visit)}"
    visit.look_at(places.TALK, focus if len(focus) <= LONGEST_FOCUS else moment)
    return visit.reply(tapped=tapped)


def leave(visit: Visit, tapped: int | None) -> Reply:
    """Back to the card over which the talk was laid; the desk is opened by its command."""
    detour, _, focus = _card_below(visit).partition(".")
    visit.look_at(detour or None, focus or None)
    return visit.reply(tapped=tapped)


def _card_below(visit: Visit) -> str:
    detour, focus = visit.chat.detour or "", visit.chat.focus or ""
    if detour == places.TALK:
        return focus.partition(".")[2]
    return "" if detour == places.STAFF else f"{detour}.{focus}"


def hear(visit: Visit, written: Written) -> Reply | None:
    """Take words, or whatever was sent, into the talk; None where they are no part of one."""
    person = _answering(visit, written)
    if person is None:
        if visit.participant is None or visit.place != places.TALK:
            return None
        if written.at < _since(visit):
            return visit.reply(ui("talk.too_early"))
        person = visit.participant.id
    _take_in(visit.turn, person, visit.chat.id, written)
    # The card that answered the first of a burst has said so for all of it.
    return visit.only() if written.early else visit.reply(ui("talk.passed"))


def _since(visit: Visit) -> datetime:
    moment, _, _ = (visit.chat.focus or "").partition(".")
    return datetime.fromtimestamp(int(moment) if moment.isdecimal() else 0, UTC)


def _answering(visit: Visit, written: Written) -> int | None:
    """Which person of the phone replies to a word of the team: whoever it was said to."""
    if written.reply_to is None:
        return None
    found = threads.copied_as(visit.turn.connection, visit.chat.id, written.reply_to)
    return None if found is None or found.author is not Author.STAFF else _whose(visit, found)


def _whose(visit: Visit, one: Message) -> int | None:
    """In whose talk a message stands; None where that is nobody on this phone (any more)."""
    talk = threads.load(visit.turn.connection, one.thread_id)
    return None if talk is None or phone.find(visit.people, talk.participant_id) is None else talk.participant_id


def _take_in(turn: Turn, person: int, chat_id: int, written: Written) -> None:
    tx = turn.connection
    found = threads.of_person(tx, person)
    number = threads.begin(tx, person, turn.now) if found is None else found.id
    words = {"text": written.markup, "interpret": turn.translates, "chat_id": chat_id, "message_id": written.message}
    if not threads.add(tx, number, Author.PERSON, written.kind, turn.now, **words):
        return
    columns: dict[str, object] = {"changed_at": turn.now, "closed_at": None, "close_reason": None}
    if found is None or found.waiting_since is None:
        columns |= {"waiting_since": turn.now, "nudged": 0, "card_outdated": True}
    threads.change(tx, number, **columns)
    if found is not None and found.closed_at is not None:
        lines.note(turn, number, Event.REOPENED)
    if found is not None and found.person_job is not None:
        thread_deliveries.hurry(tx, found.person_job, turn.now)  # they are awake
    lines.move(turn, number)


def edited(visit: Visit, written: Written) -> Reply | None:
    """A message of the talk was edited: the team sees that. None where it is not part of a talk."""
    found = threads.said_as(visit.turn.connection, visit.chat.id, written.message)
    if found is None or found.author is not Author.PERSON or found.taken_back_at is not None:
        return None
    if _whose(visit, found) is None:
        return None
    change(visit.turn, found, written)
    return visit.only()


def change(turn: Turn, one: Message, written: Written) -> None:
    """Replace what was said, on the other side too."""
    columns: dict[str, object] = {}
    if one.text != written.markup:
        interpret = turn.translates and one.author is not Author.NOTE
        columns = {"text": written.markup, "machine": None, "interpret": interpret}
    if one.kind != TEXT and written.file not in {None, one.file}:  # perhaps the same one, which does no harm
        columns |= {"kind": written.kind, "file": written.file}
    if columns:
        threads.revise(turn.connection, one.id, **columns)
        lines.move(turn, one.thread_id)


def take_back(visit: Visit, tapped: int | None) -> Reply:
    """Take back the person's last message, on both sides and on pages of the desk that show it."""
    person = visit.participant
    one = None if person is None else threads.of_person(visit.turn.connection, person.id)
    last = None if one is None else threads.last_of(visit.turn.connection, one.id, Author.PERSON)
    if one is None or last is None:
        return visit.only(ui("talk.nothing"))
    unsay(visit.turn, last)
    let_go(visit.turn, last)
    desk_pages.take_pages(visit.turn.connection, one.participant_id)
    rest = threads.last_of(visit.turn.connection, one.id, Author.PERSON)
    if rest is None or (one.waiting_since is not None and rest.at < one.waiting_since):
        threads.change(visit.turn.connection, one.id, waiting_since=None, card_outdated=True)
    return visit.reply(toast=ui("talk.took_back"), tapped=tapped)


def let_go(turn: Turn, one: Message) -> None:
    """Have the message deleted where it was written, also where none of it was passed on."""
    if one.chat_id is not None and one.message_id is not None:
        leaving.go(turn.connection, one.chat_id, {one.message_id: one.at})


def unsay(turn: Turn, one: Message) -> None:
    """Take a message back: its words are forgotten here, and taken away there."""
    threads.revise(turn.connection, one.id, text=None, machine=None, file=None, taken_back_at=turn.now)
    if one.job is None:  # nobody has seen it
        lines.drop(turn, [replace(one, revision=one.revision + 1)])
    lines.move(turn, one.thread_id)
