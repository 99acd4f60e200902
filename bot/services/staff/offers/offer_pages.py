"""The pages about offers: all of them, one with its dates, its texts, and those that were withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.core.folding import number
from bot.core.message import Button, Listing, Screen, Short, Text, Words
from bot.core.offers import Kind, Offer
from bot.core.roles import Right, may
from bot.core.seats import TAKING, State
from bot.core.timing import local_time
from bot.db.offers import meetings, registrations
from bot.db.offers.offers import OWN
from bot.db.offers.registrations import Target
from bot.db.staff.staff import Member
from bot.services.staff.page import HOME, Entry, Page, back, files, go, paged
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

OFFERS, DATES, MEETING, PEOPLE = "offers", "dates", "meeting", "people"
MOVE, CANCEL, ROOMS, ATTENDANCE = "move", "cancel", "rooms", "attendance"
TEXTS, WITHDRAW, WITHDRAWN, IMPORT = "texts", "withdraw", "withdrawn", "import"
OPENINGS, OPENING = "openings", "opening"
FILE_VERB = "seats_file"
ENTRY = Entry("button.offers", f"{OFFERS}.0", Right.SEE_OFFERS, "🗓")


def is_own(offer_id: str) -> bool:
    """Whether an offer was made in the chat."""
    return offer_id.startswith(OWN)


def title(offer: Offer) -> Text:
    """The name of an offer, in German."""
    return Text(f"offers.{offer.id}.title", language=SOURCE_LANGUAGE)


def when(turn: Turn, at: datetime) -> datetime:
    """A moment on the town's clocks."""
    return local_time(at, turn.content.town.clock)


def page_of(offer: Offer) -> str:
    """The page of an offer as a whole."""
    return f"{OPENING}.{offer.id}" if offer.kind is Kind.OPENING else f"{DATES}.{offer.id}.0"


def list_of(offer: Offer) -> str:
    """The list that an offer stands in."""
    return f"{OPENINGS}.0" if offer.kind is Kind.OPENING else f"{OFFERS}.0"


def _offers(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    every = [one for one in turn.content.offers.values() if one.kind is not Kind.OPENING]
    # What was made in the chat stands first: it is what the team is working on.
    offers = sorted((one for one in every if not one.withdrawn), key=lambda one: not is_own(one.id))
    shown, around = paged(OFFERS, offers, number(arguments[0]) or 0)
    taken = registrations.numbers(turn.connection, [one.id for one in shown])
    rows: list[Row] = []
    for one in shown:
        seats = sum(count.taken for target, count in taken.items() if target.offer_id == one.id)
        label = staff_text("button.offer", title=title(one), taken=seats)
        rows.append((Button(label, go(f"{DATES}.{one.id}.0"), "⚠️" if one.is_unclear else ""),))
    new = Button(staff_text("button.new_offer"), "new", "➕")
    rows += [*around, *more_offers(turn, member, "offer", new)]
    return Screen(((staff_text("offers.title"),),), (*rows, back(HOME)))


def more_offers(turn: Turn, member: Member, form: str, new: Button) -> list[Row]:
    """Below a list, for whoever may change offers: a `new` one, where its form exists, and those withdrawn."""
    rows: list[Row] = []
    if may(member.role, Right.CHANGE_OFFERS):
        if form in turn.content.forms:
            rows.append((new,))
        if any(one.withdrawn for one in turn.content.offers.values()):
            rows.append((Button(staff_text("button.withdrawn"), go(f"{WITHDRAWN}.0"), "🗃"),))
    return rows


def _withdrawn(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Offers that were withdrawn and can be offered again."""
    offers = [one for one in turn.content.offers.values() if one.withdrawn]
    shown, around = paged(WITHDRAWN, offers, number(arguments[0]) or 0)
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
        (Button(staff_text("button.withdraw_no"), go(page_of(offer))),),
        (Button(staff_text("button.withdraw_yes"), f"withdraw.{offer.id}", "🚫"),),
    )
    return Screen(((ask,),), rows)


def _texts(turn: Turn, _: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The languages of an offer's texts: which are complete, and a form for each."""
    offer = turn.content.offers.get(arguments[0])
    if offer is None:
        return None
    lacking = _lacking(turn, offer)
    rows: list[Row] = [
        (
            Button(
                staff_text("button.named", name=Words(german_name(language))),
                f"translate.{offer.id}.{language}",
                "⬜" if language in lacking else "✅",
            ),
        )
        for language in turn.content.languages
        if language != SOURCE_LANGUAGE
    ]
    lines: Block = (staff_text("offers.name", title=title(offer)), staff_text("texts.how"))
    return Screen((lines,), (*rows, back(page_of(offer))))


def _lacking(turn: Turn, offer: Offer) -> list[str]:
    """The town's languages in which a text of the offer is missing."""
    texts = turn.content.texts
    wanted = texts.keys(f"offers.{offer.id}.")
    return [one for one in turn.content.languages if not all(texts.has(one, key) for key in wanted)]


def lacks(turn: Turn, member: Member, offer: Offer) -> Block:
    """What an offer lacks, for members who can add it: whom it is for, and words in these languages."""
    if offer.withdrawn or not may(member.role, Right.CHANGE_OFFERS):
        return ()
    unclear = (staff_text("offers.unclear"),) if offer.is_unclear else ()
    if not (lacking := _lacking(turn, offer)):
        return unclear
    names = Listing(tuple(Words(german_name(one)) for one in lacking))
    return (*unclear, staff_text("texts.lacking", len(lacking), languages=names))


def _dates(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    offer = turn.content.offers.get(arguments[0])
    if offer is None or offer.kind is Kind.OPENING:
        return None
    coming = meetings.of_offers(turn.connection, [offer.id], turn.now - timedelta(days=2))
    shown, around = paged(f"{DATES}.{offer.id}", coming, number(arguments[1]) or 0)
    rows: list[Row] = []
    lines: list[Text | Words] = [staff_text("offers.name", title=title(offer))]
    if offer.kind is Kind.COURSE:
        lines.append(numbers(turn, offer, Target(offer.id)))
        if may(member.role, Right.SEE_REGISTRATIONS):
            rows.append((Button(staff_text("button.people"), go(f"{PEOPLE}.{offer.id}.0.0"), "👥"),))
    elif offer.kind is Kind.EVENT and may(member.role, Right.EXPORT_PEOPLE):  # for all its dates together
        rows.append(files(f"{FILE_VERB}.{offer.id}.0"))
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
        if may(member.role, Right.SEND):
            rows.append((Button(staff_text("button.compose_about"), f"compose.{offer.id}", "📣"),))
    return Screen((tuple(lines), lacks(turn, member, offer)), (*rows, back(f"{OFFERS}.0")))


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


def numbers(turn: Turn, offer: Offer, target: Target) -> Text:
    """How many seats of a target are taken and asked for, and how many people wait."""
    line = registrations.line(turn.connection, target)
    taken = sum(one.state in TAKING for one in line)
    asked = sum(one.state is State.REQUESTED for one in line)
    waiting = sum(one.state is State.WAITING for one in line)
    if offer.seats is None:
        return staff_text("offers.numbers", taken=taken, asked=asked, waiting=waiting)
    return staff_text("offers.numbers_of", seats=offer.seats, taken=taken, asked=asked, waiting=waiting)


PAGES: dict[str, Page] = {
    OFFERS: Page(Right.SEE_OFFERS, _offers, 1),
    TEXTS: Page(Right.CHANGE_OFFERS, _texts, 1),
    WITHDRAW: Page(Right.CHANGE_OFFERS, _withdraw, 1),
    WITHDRAWN: Page(Right.CHANGE_OFFERS, _withdrawn, 1),
    DATES: Page(Right.SEE_OFFERS, _dates, 2),
}
