"""Changes of dates and registrations made by a button. Whether the member may make them was checked by `verbs`."""

from __future__ import annotations

from datetime import timedelta

from bot.core.attending import Attended
from bot.core.folding import number
from bot.core.message import Text
from bot.core.timing import local_time
from bot.db.offers import attendances
from bot.db.staff.staff import Member
from bot.services.offers import attendance, joining, offering, own_offers, registration
from bot.services.offers import meetings as changing
from bot.services.offers.meetings import Change
from bot.services.offers.registration import Outcome, Result
from bot.services.offers.seats import News, What
from bot.services.openings import openings
from bot.services.reminders import reminding
from bot.services.reply import Reply
from bot.services.staff.next_page import at_page, page_before
from bot.services.staff.offers import meeting_pages
from bot.services.staff.offers.offer_pages import ATTENDANCE, MEETING, OFFERS, list_of
from bot.services.staff.texts import staff_text
from bot.services.view import ui
from bot.services.visit import Visit

NEXT = {None: Attended.PRESENT, Attended.PRESENT: Attended.EXCUSED, Attended.EXCUSED: Attended.ABSENT}
"""What a tap on somebody in the list turns their mark into; after "absent" there is none again."""


def move(visit: Visit, _: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Move a meeting to another time; everybody concerned is told."""
    known, shift = meeting_pages.meeting_named(visit.turn, arguments[0]), meeting_pages.minutes_of(arguments[1])
    if known is None or not shift:
        return visit.only(ui("notice.use_buttons"))
    meeting, turn = known[0], visit.turn
    start = local_time(meeting.starts_at, turn.content.town.clock) + timedelta(minutes=shift)
    length = int((meeting.ends_at - meeting.starts_at).total_seconds() // 60)
    change = changing.move(turn, offering.terms_of(turn.content), meeting.id, start, length)
    return _changed(visit, meeting.id, change, tapped)


def cancel(visit: Visit, _: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Cancel a meeting."""
    key = number(arguments[0]) or 0
    return _changed(visit, key, changing.cancel(visit.turn, key), tapped)


def reinstate(visit: Visit, _: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Reinstate a cancelled meeting."""
    key = number(arguments[0]) or 0
    return _changed(visit, key, changing.reinstate(visit.turn, key), tapped)


def room(visit: Visit, _: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Move a meeting to another room."""
    known, index = meeting_pages.meeting_named(visit.turn, arguments[0]), number(arguments[1])
    names = [] if known is None else meeting_pages.room_names(visit.turn, known[1].id)
    if known is None or index is None or index >= len(names):
        return visit.only(ui("notice.use_buttons"))
    return _changed(visit, known[0].id, changing.set_room(visit.turn, known[0].id, names[index]), tapped)


def _changed(visit: Visit, meeting_id: int, change: Change | None, tapped: int | None) -> Reply:
    """Plan what follows from a change, and show the meeting as it is now."""
    if change is not None:
        reminding.meeting_changed(visit.turn, change.old, change.new)
        joining.look_after(visit.turn)
    toast = staff_text("toast.saved" if change is not None else "toast.unchanged")
    return at_page(visit, f"{MEETING}.{meeting_id}", tapped, toast)


def approve(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Yes to somebody who asked for a seat."""
    terms, key = offering.terms_of(visit.turn.content), number(arguments[0]) or 0
    return _decided(visit, key, registration.approve(visit.turn, terms, key, me.id), tapped)


def decline(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """No to somebody who asked for a seat."""
    terms, key = offering.terms_of(visit.turn.content), number(arguments[0]) or 0
    return _decided(visit, key, registration.refuse(visit.turn, terms, key, me.id), tapped)


def withdraw(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Withdraw an offer."""
    offer = visit.turn.content.offers.get(arguments[0])
    if offer is None or offer.withdrawn:
        return visit.reply(toast=staff_text("toast.vanished"), tapped=tapped)
    visit.turn = openings.withdraw(visit.turn, offer, me.id)
    return _offered(visit, list_of(offer), tapped)


def offer_again(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Offer a withdrawn offer again."""
    visit.turn = own_offers.offer_again(visit.turn, arguments[0], me.id)
    offer = visit.turn.content.offers.get(arguments[0])
    return _offered(visit, f"{OFFERS}.0" if offer is None else list_of(offer), tapped)


def _offered(visit: Visit, page: str, tapped: int | None) -> Reply:
    visit.refreshed = True
    return at_page(visit, page, tapped, staff_text("toast.saved"))


def _decided(visit: Visit, key: int, outcome: Outcome, tapped: int | None) -> Reply:
    joining.settle(visit.turn, outcome.news)
    del key
    return visit.reply(toast=_word(outcome), tapped=tapped)


def _word(outcome: Outcome) -> Text:
    match outcome.result:
        case Result.FULL:
            return staff_text("toast.full")
        case Result.OVER | Result.STALE:
            return staff_text("toast.unchanged")
    return staff_text("toast.saved")


def attend(visit: Visit, me: Member, arguments: tuple[str, ...], tapped: int | None) -> Reply:
    """Mark somebody as present, excused or absent; whoever was absent twice in a row gets a kind message."""
    turn, seat, held = visit.turn, number(arguments[0]) or 0, number(arguments[1]) or 0
    now = attendances.of_meeting(turn.connection, held).get(seat)
    if not attendance.mark(turn, seat, held, NEXT.get(now), me.id):
        return visit.reply(toast=staff_text("toast.unchanged"), tapped=tapped)
    for one in attendance.absent_twice_in_a_row(turn, offering.terms_of(turn.content), held):
        if one.participant_id is not None:
            news = News(one.participant_id, What.REGISTERED, one.offer_id, one.meeting_id, None, one.id)
            joining.tell(turn, news, "told_missed")
    return at_page(visit, f"{ATTENDANCE}.{held}.{_page_of(visit)}", tapped)


def _page_of(visit: Visit) -> str:
    """The page of the list that is before the member."""
    name, *more = page_before(visit)
    return more[1] if name == ATTENDANCE and len(more) > 1 else "0"
