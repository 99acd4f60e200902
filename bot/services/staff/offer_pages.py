"""The pages about offers: their dates, who is registered, moving a date, who came."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from bot.content.locales import SOURCE_LANGUAGE, own_name
from bot.core.attending import Attended
from bot.core.message import Button, Screen, Short, Text, Words
from bot.core.offers import Kind, Offer
from bot.core.roles import Right, may
from bot.core.seats import TAKING, State
from bot.core.timing import local_time
from bot.db import meetings, registrations
from bot.db.meetings import Meeting
from bot.db.offers import OWN
from bot.db.registrations import Registration, Target
from bot.db.staff import Member
from bot.services import attendance, reminding
from bot.services.staff.page import HOME, Entry, Page, back, go
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

Item = TypeVar("Item")
AT_ONCE = 8
OFFERS, DATES, MEETING, PEOPLE, MOVE, CANCEL, ROOMS, ATTENDANCE = (
    *("offers", "dates", "meeting", "people", "move", "cancel", "rooms", "attendance"),
)
TEXTS, WITHDRAW, WITHDRAWN, IMPORT = "texts", "withdraw", "withdrawn", "import"
STEPS = (
    ((-7 * 24 * 60, "week_back"), (-24 * 60, "day_back"), (24 * 60, "day_on"), (7 * 24 * 60, "week_on")),
    (
        (-60, "hour_back"),
        (-15, "quarter_back"),
        (15, "quarter_on"),
        (60, "hour_on"),
    ),
)
"""How a date is moved by buttons: minutes on the wall clock, and the label."""
MARKS = {None: "⬜", Attended.PRESENT: "✅", Attended.EXCUSED: "📩", Attended.ABSENT: "❌"}
ENTRY = Entry("button.offers", f"{OFFERS}.0", Right.SEE_OFFERS, "🗓")


def is_own(offer_id: str) -> bool:
    """Whether an offer was made in the chat."""
    return offer_id.startswith(OWN)


def title(offer: Offer) -> Text:
    """The name of an offer, in German."""
    return Text(f"offers.{offer.id}.title", language=SOURCE_LANGUAGE)


def number(word: str) -> int | None:
    """A number of a page or a button; None for what is none."""
    return int(word) if word.isdecimal() and len(word) < len(str(2**31)) else None


def room_names(turn: Turn, offer_id: str) -> list[str]:
    """The rooms that are in use for an offer."""
    found = meetings.of_offers(turn.connection, [offer_id], turn.now - timedelta(days=365))
    return list(dict.fromkeys(one.room for one in found if one.room))


def when(turn: Turn, at: datetime) -> datetime:
    """A moment on the town's clocks."""
    return local_time(at, turn.content.town.clock)


def _offers(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    every = turn.content.offers.values()
    # What was made here stands first: it is what one is at.
    offers = sorted((one for one in every if not one.withdrawn), key=lambda one: not is_own(one.id))
    shown, around = _page(OFFERS, offers, number(arguments[0]) or 0)
    taken = registrations.numbers(turn.connection, [one.id for one in shown])
    rows: list[Row] = []
    for one in shown:
        seats = sum(count.taken for target, count in taken.items() if target.offer_id == one.id)
        label = staff_text("button.offer", title=title(one), taken=seats)
        rows.append((Button(label, go(f"{DATES}.{one.id}.0")),))
    rows += around
    if may(member.role, Right.CHANGE_OFFERS):
        if "offer" in turn.content.forms:
            rows.append((Button(staff_text("button.new_offer"), "new", "➕"),))
        if len(offers) < len(every):
            rows.append((Button(staff_text("button.withdrawn"), go(f"{WITHDRAWN}.0"), "🗃"),))
    return Screen(((staff_text("offers.title"),),), (*rows, back(HOME)))


def _withdrawn(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """What is offered no more, and can be offered again."""
    offers = [one for one in turn.content.offers.values() if one.withdrawn]
    shown, around = _page(WITHDRAWN, offers, number(arguments[0]) or 0)
    rows: list[Row] = [
        (Button(staff_text("button.again", title=title(one)), f"offer_again.{one.id}", "↩️"),) for one in shown
    ]
    what = staff_text("withdrawn.title" if offers else "withdrawn.none")
    return Screen(((what,),), (*rows, *around, back(f"{OFFERS}.0")))


def _withdraw(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    offer = turn.content.offers.get(arguments[0])
    if offer is None or offer.withdrawn:
        return None
    told = registrations.live_of(turn.connection, offer.id)
    ask = staff_text("withdrawn.ask", len(told), title=title(offer))
    rows: tuple[Row, ...] = (
        (Button(staff_text("button.cancel_no"), go(f"{DATES}.{offer.id}.0")),),
        (Button(staff_text("button.withdraw_yes"), f"withdraw.{offer.id}", "🚫"),),
    )
    return Screen(((ask,),), rows)


def _texts(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The languages of an offer's texts: which are complete, and a form for each."""
    offer = turn.content.offers.get(arguments[0])
    if offer is None:
        return None
    texts = turn.content.texts
    wanted = texts.keys(f"offers.{offer.id}.")
    rows: list[Row] = [
        (
            Button(
                staff_text("button.named", name=Words(own_name(language))),
                f"translate.{offer.id}.{language}",
                "✅" if all(texts.has(language, key) for key in wanted) else "⬜",
            ),
        )
        for language in turn.content.languages
        if language != SOURCE_LANGUAGE
    ]
    lines: Block = (staff_text("offers.name", title=title(offer)), staff_text("texts.how"))
    return Screen((lines,), (*rows, back(f"{DATES}.{offer.id}.0")))


def _dates(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    offer = turn.content.offers.get(arguments[0])
    if offer is None:
        return None
    coming = meetings.of_offers(turn.connection, [offer.id], turn.now - timedelta(days=2))
    shown, around = _page(f"{DATES}.{offer.id}", coming, number(arguments[1]) or 0)
    rows: list[Row] = []
    lines: list[Text | Words] = [staff_text("offers.name", title=title(offer))]
    if offer.kind is Kind.COURSE:
        lines.append(_numbers(turn, offer, Target(offer.id)))
        if may(member.role, Right.SEE_REGISTRATIONS):
            rows.append((Button(staff_text("button.people"), go(f"{PEOPLE}.{offer.id}.0.0"), "👥"),))
    for one in shown:
        mark = "❌" if one.cancelled_at is not None else "❗" if one.changed else ""
        rows.append(
            (
                Button(
                    staff_text("button.when", when=Short(when(turn, one.starts_at))), go(f"{MEETING}.{one.id}"), mark
                ),
            )
        )
    if not coming and offer.kind is not Kind.ADVICE:
        lines.append(staff_text("offers.no_dates"))
    rows += around
    if may(member.role, Right.CHANGE_OFFERS) and not offer.withdrawn:
        rows += _of_offer(turn, offer)
    return Screen((tuple(lines),), (*rows, back(f"{OFFERS}.0")))


def _of_offer(turn: Turn, offer: Offer) -> list[Row]:
    """What can be done with an offer as a whole."""
    forms = turn.content.forms
    rows: list[Row] = []
    if "meeting" in forms and offer.kind is not Kind.ADVICE:
        rows.append(
            (
                Button(staff_text("button.add_dates"), f"dates.{offer.id}", "➕"),
                Button(staff_text("button.import"), go(f"{IMPORT}.{offer.id}"), "📅"),
            )
        )
    if "offer" in forms:
        rows.append((Button(staff_text("button.edit_offer"), f"edit.{offer.id}", "✏️"),))
    if "translation" in forms and len(turn.content.languages) > 1:
        rows.append((Button(staff_text("button.texts"), go(f"{TEXTS}.{offer.id}"), "🌐"),))
    rows.append((Button(staff_text("button.withdraw"), go(f"{WITHDRAW}.{offer.id}"), "🚫"),))
    return rows


def _numbers(turn: Turn, offer: Offer, target: Target) -> Text:
    line = registrations.line(turn.connection, target)
    taken = sum(one.state in TAKING for one in line)
    asked = sum(one.state is State.REQUESTED for one in line)
    waiting = sum(one.state is State.WAITING for one in line)
    if offer.seats is None:
        return staff_text("offers.numbers", taken=taken, asked=asked, waiting=waiting)
    return staff_text("offers.numbers_of", seats=offer.seats, taken=taken, asked=asked, waiting=waiting)


def found(turn: Turn, word: str) -> tuple[Meeting, Offer] | None:
    """A meeting and its offer by the meeting's number; None where one of them is gone."""
    key = number(word)
    meeting = None if key is None else meetings.load(turn.connection, key)
    offer = None if meeting is None else turn.content.offers.get(meeting.offer_id)
    return None if meeting is None or offer is None else (meeting, offer)


def _meeting(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    known = found(turn, arguments[0])
    if known is None:
        return None
    meeting, offer = known
    lines: list[Text | Words] = [
        staff_text("offers.name", title=title(offer)),
        staff_text("meeting.when", when=when(turn, meeting.starts_at)),
    ]
    if where := reminding.where(meeting):
        lines.append(staff_text("meeting.where", where=Words(where)))
    if meeting.cancelled_at is not None:
        lines.append(staff_text("meeting.cancelled"))
    event = offer.kind is Kind.EVENT
    if event:
        lines.append(_numbers(turn, offer, Target(offer.id, meeting.id)))
    rows: list[Row] = []
    if may(member.role, Right.SEE_REGISTRATIONS):
        of = meeting.id if event else 0
        rows.append((Button(staff_text("button.people"), go(f"{PEOPLE}.{offer.id}.{of}.0"), "👥"),))
    if may(member.role, Right.TAKE_ATTENDANCE):
        rows.append((Button(staff_text("button.attendance"), go(f"{ATTENDANCE}.{meeting.id}.0"), "✅"),))
    if may(member.role, Right.CHANGE_OFFERS) and meeting.ends_at > turn.now:
        rows += _changes(turn, meeting)
    return Screen((tuple(lines),), (*rows, back(f"{DATES}.{offer.id}.0")))


def _changes(turn: Turn, meeting: Meeting) -> list[Row]:
    if meeting.cancelled_at is not None:
        return [(Button(staff_text("button.reinstate"), f"reinstate.{meeting.id}", "↩️"),)]
    whole = Button(staff_text("button.change"), f"redate.{meeting.id}", "✏️")
    return [
        (
            Button(staff_text("button.move"), go(f"{MOVE}.{meeting.id}.0"), "🗓"),
            Button(staff_text("button.room"), go(f"{ROOMS}.{meeting.id}"), "🚪"),
        ),
        *([(whole,)] if "change" in turn.content.forms else []),
        (Button(staff_text("button.cancel"), go(f"{CANCEL}.{meeting.id}"), "❌"),),
    ]


def _move(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Another time, put together by buttons; nothing changes before it is saved."""
    known, shift = found(turn, arguments[0]), minutes_of(arguments[1])
    if known is None or shift is None:
        return None
    meeting, offer = known
    old = when(turn, meeting.starts_at)
    lines: Block = (
        staff_text("offers.name", title=title(offer)),
        staff_text("move.old", when=old),
        staff_text("move.new", when=old + timedelta(minutes=shift)),
    )
    rows: list[Row] = [
        tuple(Button(staff_text(f"step.{label}"), go(f"{MOVE}.{meeting.id}.{shift + step}")) for step, label in line)
        for line in STEPS
    ]
    if shift:
        rows.append((Button(staff_text("button.save"), f"move.{meeting.id}.{shift}", "✅"),))
    return Screen((lines, (staff_text("move.told"),)), (*rows, back(f"{MEETING}.{meeting.id}")))


def minutes_of(word: str) -> int | None:
    """A shift in minutes, of at most a year."""
    digits = word.removeprefix("-")
    shift = int(word) if digits.isdecimal() and len(digits) < len("1000000") else None
    return shift if shift is not None and abs(shift) <= 366 * 24 * 60 else None


def _cancel(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    known = found(turn, arguments[0])
    if known is None:
        return None
    meeting, offer = known
    ask = staff_text("meeting.ask_cancel", title=title(offer), when=when(turn, meeting.starts_at))
    rows: tuple[Row, ...] = (
        (Button(staff_text("button.cancel_no"), go(f"{MEETING}.{meeting.id}")),),
        (Button(staff_text("button.cancel_yes"), f"cancel.{meeting.id}", "❌"),),
    )
    return Screen(((ask,), (staff_text("move.told"),)), rows)


def _rooms(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    known = found(turn, arguments[0])
    if known is None:
        return None
    meeting, offer = known
    rows: tuple[Row, ...] = tuple(
        (Button(staff_text("button.named", name=Words(room)), f"room.{meeting.id}.{index}"),)
        for index, room in enumerate(room_names(turn, offer.id))
        if room != meeting.room
    )
    return Screen(((staff_text("meeting.ask_room"),),), (*rows, back(f"{MEETING}.{meeting.id}")))


def _people(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Who is registered for an offer, or for one meeting of it; names for those who may see them."""
    offer, of = turn.content.offers.get(arguments[0]), number(arguments[1])
    if offer is None or of is None:
        return None
    target = Target(offer.id, of or None)
    live = registered(turn, target)
    shown, around = _page(f"{PEOPLE}.{offer.id}.{of}", live, number(arguments[2]) or 0)
    named = may(member.role, Right.SEE_PEOPLE)
    lines = [staff_text(f"person.{one.state}", who=who(one, named=named)) for one in shown]
    asked = [one for one in shown if one.state is State.REQUESTED] if may(member.role, Right.APPROVE) else []
    rows: list[Row] = [
        (
            Button(staff_text("button.approve", who=who(one, named=named)), f"approve.{one.id}", "✅"),
            Button(staff_text("button.decline", who=who(one, named=named)), f"decline.{one.id}", "🚫"),
        )
        for one in asked
    ]
    if may(member.role, Right.CHANGE_REGISTRATIONS):
        rows.append((Button(staff_text("button.guest"), f"guest.{offer.id}.{of}", "➕"),))
    head: Block = (staff_text("offers.name", title=title(offer)), _numbers(turn, offer, target))
    up = f"{MEETING}.{of}" if of else f"{DATES}.{offer.id}.0"
    return Screen((head, tuple(lines)) if lines else (head,), (*rows, *around, back(up)))


def registered(turn: Turn, target: Target) -> list[Registration]:
    """The live registrations of a target, in their order."""
    found_ = (registrations.load(turn.connection, seat.id) for seat in registrations.line(turn.connection, target))
    return [one for one in found_ if one is not None]


def who(one: Registration, *, named: bool) -> Text:
    """How a registration is called in a list: by name for those who may see names."""
    if one.participant_id is None:
        name = (one.guest or {}).get("name", "") if named else ""
        return staff_text("person.named", name=Words(name)) if name else staff_text("person.guest", number=one.id)
    return staff_text("person.number", number=one.participant_id)


def _attendance(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The list of a meeting: a tap goes from present to excused to absent to nothing."""
    known = found(turn, arguments[0])
    if known is None:
        return None
    meeting, offer = known
    entries = attendance.list_for(turn, meeting.id)
    shown, around = _page(f"{ATTENDANCE}.{meeting.id}", list(entries), number(arguments[1]) or 0)
    rows: list[Row] = [
        (
            Button(
                staff_text("button.person", who=who(one.registration, named=may(member.role, Right.SEE_PEOPLE))),
                f"attend.{one.registration.id}.{meeting.id}",
                MARKS[one.attended],
            ),
        )
        for one in shown
    ]
    head: Block = (
        staff_text("offers.name", title=title(offer)),
        staff_text("meeting.when", when=when(turn, meeting.starts_at)),
    )
    what = staff_text("attendance.how") if entries else staff_text("attendance.nobody")
    return Screen((head, (what,)), (*rows, *around, back(f"{MEETING}.{meeting.id}")))


def _page(name: str, items: list[Item], page: int) -> tuple[list[Item], list[Row]]:
    """A page of a list, and the row that leads to those around it."""
    page = min(page, max((len(items) - 1) // AT_ONCE, 0))
    around: list[Button] = []
    if page:
        around.append(Button(staff_text("button.before"), go(f"{name}.{page - 1}"), "⬆️"))
    if len(items) > (page + 1) * AT_ONCE:
        around.append(Button(staff_text("button.more"), go(f"{name}.{page + 1}"), "⬇️"))
    return items[page * AT_ONCE : (page + 1) * AT_ONCE], [tuple(around)] if around else []


PAGES: dict[str, Page] = {
    OFFERS: Page(Right.SEE_OFFERS, _offers, 1),
    TEXTS: Page(Right.CHANGE_OFFERS, _texts, 1),
    WITHDRAW: Page(Right.CHANGE_OFFERS, _withdraw, 1),
    WITHDRAWN: Page(Right.CHANGE_OFFERS, _withdrawn, 1),
    DATES: Page(Right.SEE_OFFERS, _dates, 2),
    MEETING: Page(Right.SEE_OFFERS, _meeting, 1),
    PEOPLE: Page(Right.SEE_REGISTRATIONS, _people, 3),
    MOVE: Page(Right.CHANGE_OFFERS, _move, 2),
    CANCEL: Page(Right.CHANGE_OFFERS, _cancel, 1),
    ROOMS: Page(Right.CHANGE_OFFERS, _rooms, 1),
    ATTENDANCE: Page(Right.TAKE_ATTENDANCE, _attendance, 2),
}
