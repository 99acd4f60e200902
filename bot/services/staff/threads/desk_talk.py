"""Talking with people at the desk, where there is no group: what is typed on a talk's page is an answer."""

from __future__ import annotations

from bot.content.locales import german_name
from bot.core.folding import number
from bot.core.message import Text, Words
from bot.core.roles import Right
from bot.core.threads import NOTE, PREFIX, Job
from bot.db.audience import finding
from bot.db.outbox import thread_deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.db.threads import threads
from bot.db.threads.threads import Thread
from bot.services import audit, places
from bot.services.audit import Deed
from bot.services.reply import Reply
from bot.services.staff.next_page import Perform, at_page
from bot.services.staff.page import HOME
from bot.services.staff.texts import staff_text
from bot.services.staff.threads import thread_pages
from bot.services.staff.threads.thread_pages import TALK_WITH, THREAD, thread_named
from bot.services.threads import deeds, saying
from bot.services.threads.parts import reads_foreign, spoken
from bot.services.turn import Turn
from bot.services.visit import Visit
from bot.services.written import Written


def hear(visit: Visit, written: Written) -> Reply | None:
    """What a member writes or sends on a talk's page goes to the person; None on every other page.

    Words of a member who may no longer answer go to nobody.
    """
    member, one = visit.member, _before(visit)
    if member is None or one is None or not member.may(Right.ANSWER, visit.turn.now):
        return None
    goes_on = _goes_on(visit, one, written)
    if written.early and not goes_on:
        return visit.reply(staff_text("thread.too_early"))
    deeds.answer(visit.turn, member, one, visit.chat.id, written)
    return visit.only() if goes_on else visit.reply(*_went(visit.turn, one, written))


def _goes_on(visit: Visit, one: Thread, written: Written) -> bool:
    """Whether this is another picture of an album whose first is in the talk already."""
    album = [] if written.album is None else threads.album(visit.turn.connection, visit.chat.id, written.album)
    return any(each.thread_id == one.id for each in album)


def _went(turn: Turn, one: Thread, written: Written) -> tuple[Text, ...]:
    """The word that an answer went out as it was written, to somebody who reads another language than the team's."""
    if not written.text or written.text.startswith(NOTE) or not reads_foreign(turn, one):
        return ()
    language = Words(german_name(spoken(turn, one)))
    if turn.translates and saying.has_room(written.kind, written.text):
        return (staff_text("thread.went_with_machine", language=language),)
    return (staff_text("thread.went_as_written", language=language),)


def edited(visit: Visit, written: Written) -> Reply | None:
    """A member edited an answer of theirs; None where it was no answer."""
    one = threads.said_as(visit.turn.connection, visit.chat.id, written.message)
    if one is None or one.staff_id is None:
        return None
    visit.read_member()
    member = visit.member
    if member is None or member.id != one.staff_id or not member.may(Right.ANSWER, visit.turn.now):
        return None
    stays_a_note = deeds.edited(visit.turn, visit.chat.id, written)
    return visit.reply(staff_text("thread.still_note")) if stays_a_note else visit.only()


def _before(visit: Visit) -> Thread | None:
    """The talk on the page before the member."""
    return thread_pages.thread_before(visit.turn, visit.chat.focus or "") if visit.place == places.STAFF else None


def _deed(verb: str) -> Perform:
    def perform(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
        one = thread_named(visit.turn, arguments[0])
        said = None if one is None else deeds.by_verb(visit.turn, member, one, verb, arguments[1:])
        return _said(visit, said, tapped)

    return perform


def _hand(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Hand the talk to another member, and show its page again."""
    one = thread_named(visit.turn, arguments[0])
    said = None if one is None else deeds.hand(visit.turn, member, one, arguments[1])
    if one is None or said is None:
        return _said(visit, None, tapped)
    return at_page(visit, f"{THREAD}.{one.id}", tapped, said)


def _undo(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    one = thread_named(visit.turn, arguments[0])
    said = None if one is None else deeds.undo(visit.turn, member, one, None, visit.chat.id)
    return _said(visit, said, tapped)


def _begin(visit: Visit, _: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Open the talk of a participant, begun where there is none: what is typed on its page goes to them."""
    turn, key = visit.turn, number(arguments[0])
    if key is None or not finding.some(turn.connection, [key]):
        return _said(visit, None, tapped)
    if threads.of_person(turn.connection, key) is None:
        threads.begin(turn.connection, key, turn.now)
    return at_page(visit, f"{TALK_WITH}.{key}", tapped)


def _show(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Copy a picture or a file of the talk to the member's chat."""
    turn, key = visit.turn, number(arguments[0])
    thing = None if key is None else threads.message(turn.connection, key)
    one = None if thing is None else threads.load(turn.connection, thing.thread_id)
    if thing is None or one is None:
        return _said(visit, None, tapped)
    audit.looked(turn, Deed.PROFILE_SEEN, by=member, about=one.participant_id, what=f"talk {one.id}")
    cause = f"{PREFIX}{one.id}.show.{thing.id}.{turn.now.timestamp():.0f}"
    params = {"thread": one.id, "message": thing.id}
    about = one.participant_id
    planned = Planned(cause, Kind.TALK, turn.now, Job.SHOW.text_key, params, urgent=True, participant_id=about)
    thread_deliveries.plan(turn.connection, visit.chat.id, planned)
    staff.change(turn.connection, member.id, seen_at=turn.now)
    return visit.reply(toast=staff_text("toast.thread_shown"), tapped=tapped)


def _sign(visit: Visit, member: Member, _: tuple[str, ...], tapped: int | None) -> Reply:
    """Sign with the member's first name, or with the team's."""
    staff.change(visit.turn.connection, member.id, signs_as_team=not member.signs_as_team)
    visit.read_member()
    return visit.reply(tapped=tapped)


def _said(visit: Visit, word: Text | None, tapped: int | None) -> Reply:
    if word is None:
        return at_page(visit, HOME, tapped, staff_text("toast.vanished"))
    return visit.reply(toast=word, tapped=tapped)


VERBS: dict[str, tuple[Perform, int]] = {
    "thread_take": (_deed("thread_take"), 1),
    "thread_give": (_deed("thread_give"), 1),
    "thread_hand": (_hand, 2),
    "thread_later": (_deed("thread_later"), 2),
    "thread_close": (_deed("thread_close"), 2),
    "thread_undo": (_undo, 1),
    "thread_show": (_show, 1),
    "thread_begin": (_begin, 1),
    "thread_sign": (_sign, 0),
}
"""By verb: what it does, and how many arguments it has."""
