"""The dates of a calendar file are taken over. Everybody concerned is told."""

from __future__ import annotations

from datetime import timedelta

from bot.core.offers import Kind
from bot.core.pauses import after_pause
from bot.core.timing import instant
from bot.db.offers import meetings
from bot.db.offers.meetings import Meeting
from bot.db.staff import drafts
from bot.db.staff.staff import Member
from bot.services.offers import joining, offering
from bot.services.offers import meetings as changing
from bot.services.reminders import reminding
from bot.services.reply import Reply
from bot.services.staff.next_page import at_page
from bot.services.staff.offers import import_pages
from bot.services.staff.offers.import_pages import Step, What
from bot.services.staff.offers.offer_pages import DATES
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.visit import Visit


def take(visit: Visit, member: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Do what the file says."""
    turn, offer = visit.turn, visit.turn.content.offers.get(arguments[0])
    read_ = None if offer is None else import_pages.kept(turn, member, offer.id)
    if offer is None or read_ is None:
        return visit.reply(toast=staff_text("toast.vanished"), tapped=tapped)
    draft, entries, _ = read_
    steps = import_pages.plan(turn, offer, entries)
    new = [one for one in steps if one.what is What.NEW]
    # People expect a series; they do not expect a few dates more.
    series = not meetings.of_offers(turn.connection, [offer.id], turn.now)
    special = after_pause(one.entry.start for one in new) if series and offer.kind is Kind.COURSE else frozenset()
    for one in steps:
        exceptional = one.entry.start in special if series else True
        _take(turn, offer.id, import_pages.room_of(turn, offer, one.entry), one, exceptional=exceptional)
    joining.look_after(turn)
    drafts.remove(turn.connection, draft.id)
    done = sum(one.what is not What.SAME for one in steps)
    return at_page(visit, f"{DATES}.{offer.id}.0", tapped, staff_text("toast.taken", done))


def _take(turn: Turn, offer_id: str, room: str, step: Step, *, exceptional: bool) -> None:
    entry, meeting = step.entry, step.meeting
    if step.what is What.NEW:
        terms = offering.terms_of(turn.content)
        made = changing.add(
            turn, terms, offer_id, entry.start, entry.minutes, room, exceptional=exceptional, uid=entry.uid or None
        )
        if made is not None:
            reminding.meeting_added(turn, made)
    elif meeting is not None:
        _change(turn, step, meeting, room)


def _change(turn: Turn, step: Step, meeting: Meeting, room: str) -> None:
    """Everything that changes about a meeting, told once."""
    entry, changes = step.entry, []
    if entry.uid and not meeting.uid:
        meetings.name(turn.connection, meeting.id, entry.uid)
    if step.what is What.CANCELLED:
        changes.append(changing.cancel(turn, meeting.id))
    elif step.what is What.CHANGED:
        if meeting.cancelled_at is not None:
            changes.append(changing.reinstate(turn, meeting.id))
        starts_at = instant(entry.start, turn.content.town.clock)
        if (starts_at, starts_at + timedelta(minutes=entry.minutes)) != (meeting.starts_at, meeting.ends_at):
            terms = offering.terms_of(turn.content)
            changes.append(changing.move(turn, terms, meeting.id, entry.start, entry.minutes))
        if room and room != meeting.room:
            changes.append(changing.set_room(turn, meeting.id, room))
    done = [one for one in changes if one is not None]
    if done:
        reminding.meeting_changed(turn, done[0].old, done[-1].new)
