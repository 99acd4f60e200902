"""The screens about offers: lists, one offer, the person's registrations. Pure.

An offer without a name in the person's language stands in no list of theirs (`parted`): the list counts it, and a
button shows it in German. Times are local, as the town's clocks show them. What a button does:
`offers.<kind>.<page>` and `page.<page>` of their own (`de<page>`: what is in German only), `offer.<id>`,
`join.<offer>.<meeting>` (0: the whole offer), `leave.<registration>`, `take.<registration>`, `mine`, `calendar.<id>`,
`dates` (all of their own for the calendar), `change.<question>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.content.loader import Content
from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Argument, Button, LinkButton, Listing, Screen, Short, Text, Words
from bot.core.offers import Kind, Mode, Offer
from bot.services.offers.next_steps import Steps
from bot.services.offers.shown import Date, Fit, Interesting, Match, Own, Shown, Standing
from bot.services.view import RESUME, Block, Row, interest_back, page_of, ui

PAGE = 5
"""Offers on a page."""
"""Letters of a message on a button that leads away from it."""
MOST_DATES = 4
"""Dates of an offer that are shown."""
GERMAN = SOURCE_LANGUAGE
"""Before the number of a page: its offers are not in the person's language yet."""


_SECTIONS = (
    ("offers.fits", {Fit.RECOMMENDED}),
    ("offers.possible", {Fit.POSSIBLE}),
    ("offers.near", {Fit.NEAR}),
    ("offers.other", {Fit.OTHER}),
)
LISTED = {
    "courses": frozenset({Kind.COURSE}),
    "events": frozenset({Kind.EVENT, Kind.ADVICE}),
    "openings": frozenset({Kind.OPENING}),
}
"""What stands in which list."""


def parted(
    content: Content, language: str, page: str, shown: Iterable[Shown]
) -> tuple[str, list[Shown], list[Shown]]:
    """The offers a page of a list shows, and those it only counts, as they have no name in the language.

    With the prefix of its pages: those in German only have a list of their own.
    """
    here, apart = list[Shown](), list[Shown]()
    for one in shown:
        (here if content.texts.has(language, title(one.offer).key) else apart).append(one)
    return (GERMAN, apart, []) if page.startswith(GERMAN) and apart else ("", here, apart)


def counted(apart: Sequence[Shown], everything: str) -> tuple[tuple[Block, ...], tuple[Row, ...]]:
    """How many are in German only, with the way to them: the card if it is one, else `everything`."""
    if not apart:
        return (), ()
    action = f"offer.{apart[0].offer.id}" if len(apart) == 1 else everything
    return ((ui("offers.apart", len(apart)),),), ((Button(ui("button.apart"), action, "🗂"),),)


def offer_list(name: str, page: int, shown: Sequence[Shown], apart: Sequence[Shown] = (), begins: str = "") -> Screen:
    """A page of a list, the best first: what fits, what nearly fits (with what is missing), all others.

    `apart` is counted only; `begins` stands before the numbers of the list's pages.
    """
    ordered = sorted(shown, key=lambda one: one.match.fit)
    here, page, last = page_of(ordered, page, PAGE)
    blocks: list[Block] = [(ui(f"offers.title_{name}"),)]
    if not here and not apart:
        blocks.append((ui("offers.none"),))
    for heading, fits in _SECTIONS:
        found = [one for one in here if one.match.fit in fits]
        if found:
            blocks.append((ui(heading),))
            blocks += [_entry(one) for one in found]
    count, way = counted(apart, f"offers.{name}.{GERMAN}0")
    rows: list[Row] = [*((Button(title(one.offer), f"offer.{one.offer.id}", mark(one.offer)),) for one in here), *way]
    if last:
        rows.append(page_row(f"offers.{name}", page, last, begins))
    return Screen(
        (*blocks, *count),
        (
            *rows,
            to_lists(without="" if begins else name),
            (Button(ui("button.mine"), "mine", "🗓"),),
            RESUME,
        ),
    )


def to_lists(without: str = "") -> Row:
    """A button for each list but one."""
    return tuple(_to_list(one) for one in LISTED if one != without)


def _to_list(name: str) -> Button:
    return Button(ui(f"button.{name}"), f"offers.{name}.0", "🗂")


TO_EVERY_LIST: tuple[Row, ...] = (to_lists(without="openings"), (_to_list("openings"),))
"""The buttons of all lists, in two rows."""


def page_row(action: str, page: int, last: int, begins: str = "") -> Row:
    """The buttons to the pages before and behind; `begins` stands before their numbers."""
    before = (Button(ui("button.page_before"), f"{action}.{begins}{page - 1}", "◀️"),) if page else ()
    behind = (Button(ui("button.page_next"), f"{action}.{begins}{page + 1}", "▶️"),) if page < last else ()
    return (*before, *behind)


def _entry(one: Shown) -> Block:
    """An offer in a list: its name, its next date, where the person stands, and why it fits or what is missing."""
    lines: list[Text | Words] = [ui("offers.entry", title=title(one.offer))]
    if one.dates:
        lines.append(_next(one))
    lines += [_standing(found) for found in one.owns[:1]]
    if one.interest is not None:
        lines.append(ui(f"interest.{one.interest}"))
    if one.match.missing:
        lines.append(ui("why.missing", what=Listing(one.match.missing)))
    elif one.match.open and one.match.briefly:
        lines.append(_briefly(one.match.briefly))
    return tuple(lines)


def _briefly(reasons: Sequence[Argument]) -> Text:
    """Why it fits, in one line that a small phone shows as one."""
    first, *more = reasons
    return ui("why.briefly_two", first=first, second=more[0]) if more else ui("why.briefly", what=first)


def _next(one: Shown) -> Text:
    """The date a list names: the person's own, else one to sign up for, else the nearest, with what is wrong."""
    coming = [date for date in one.dates if not date.cancelled]
    ways = ([date for date in coming if date.own], [date for date in coming if not _is_closed(one, date)], coming)
    date = next((found[0] for found in ways if found), one.dates[0])
    if date.cancelled or _is_closed(one, date):
        return _date_line(one, date)
    return ui("offers.next", when=date.starts)


def offer_card(
    shown: Shown,
    *,
    registers: bool,
    silent: tuple[Block, Row] | None = None,
    nameless: bool = False,
    steps: Steps | None = None,
) -> Screen:
    """One offer with all there is to know.

    `registers`: the person may sign up now. `silent`: what people read who have not agreed to reminders, and how they
    do. `nameless`: they are a number on lists, and can give a name. `steps`: they lack something, and this is what
    they can do; the number of seats does not concern them yet.
    """
    blocks, rows = (
        _about(shown),
        [*(steps.rows if steps is not None else ()), *(_actions(shown) if registers else ())],
    )
    if steps is not None:
        blocks += steps.blocks
    elif lines := _seats(shown):
        blocks.append(lines)
    if not registers and shown.offer.kind is not Kind.ADVICE:
        blocks.append((ui("offers.first_profile"),))
        rows.append(RESUME)
    if silent is not None and shown.owns:
        blocks.append(silent[0])
        rows.insert(0, silent[1])
    if nameless and shown.owns:
        rows.append((Button(ui("button.name"), "name", "🪪"),))
    return Screen(tuple(blocks), (*rows, *around(shown)))


def _about(shown: Shown) -> list[Block]:
    """What it is, when, and why it fits or does not."""
    offer = shown.offer
    blocks: list[Block] = [(ui("offers.entry", title=title(offer)),), (Text(f"offers.{offer.id}.text"),)]
    blocks.append(_facts(shown))
    if shown.dates:
        dates = [line for one in shown.dates for line in _own_date(shown, one)]
        if shown.more_dates:
            dates.append(ui("offers.more_dates", count=shown.more_dates))
        blocks.append((ui("offers.dates"), *dates))
    if lines := why(shown.match):
        blocks.append(lines)
    return blocks


def around(shown: Shown) -> list[Row]:
    """The calendar, the map, and back to the lists; of every kind of offer."""
    offer, rows = shown.offer, list[Row]()
    rows += _to_calendar([shown], f"calendar.{offer.id}")
    if offer.place is not None and offer.place.map:
        rows.append((LinkButton(ui("button.map"), offer.place.map),))
    name = next(name for name, kinds in LISTED.items() if offer.kind in kinds)
    return [
        *rows,
        (Button(ui("button.mine"), "mine", "🗓"),),
        (Button(ui(f"button.{name}"), f"offers.{name}.0", "◀️"),),
    ]


def mine(
    shown: Sequence[Shown],
    page: int = 0,
    interests: Sequence[Interesting] = (),
    apart: Sequence[Shown] = (),
    begins: str = "",
) -> Screen:
    """A page of the person's registrations with their next dates, and of their interests, and what can be done.

    `apart` is counted only; `begins` stands before the numbers of the pages. Below the name of each stands what takes
    a held seat or gives one back; one file brings all dates into a calendar.
    """
    every = [one for one in shown if one.owns]
    last = max(page_of(every, 0, PAGE)[2], page_of(interests, 0, PAGE)[2])
    page = min(page, last)
    here = slice(page * PAGE, (page + 1) * PAGE)
    held, interested = every[here], interests[here]
    blocks: list[Block] = [(ui("mine.title"),), *map(_held, held)]
    if not every and not interests and not apart:
        blocks.append((ui("mine.none"),))
    if interested:
        blocks.append((ui("mine.interests"),))
        blocks += [(Words(one.words), one.standing) for one in interested]
    rows: list[Row] = [
        (Button(one.name, f"offer.{one.subject.opening}"),) for one in interested if one.subject.opening is not None
    ]
    rows += [interest_back(one) for one in interested]
    for one in held:
        rows += [(Button(title(one.offer), f"offer.{one.offer.id}"),), *_actions(one, joins=False)]
    count, way = counted([one for one in apart if one.owns], f"page.{GERMAN}0")
    rows += way
    rows += _to_calendar([*shown, *apart], "dates")
    if last:
        rows.append(page_row("page", page, last, begins))
    return Screen((*blocks, *count), (*rows, *TO_EVERY_LIST, RESUME))


def _held(one: Shown) -> Block:
    """An offer the person is registered for: where they stand, and its dates that are theirs."""
    dates = [date for date in one.dates if one.own is not None or date.own is not None]
    state = [_standing(one.own)] if one.own is not None else []
    lines = [line for date in dates for line in _own_date(one, date)]
    return (ui("offers.entry", title=title(one.offer)), *state, *lines)


def _own_date(shown: Shown, date: Date) -> Block:
    return (_date_line(shown, date), *([_standing(date.own)] if date.own is not None else []))


def _to_calendar(shown: Sequence[Shown], action: str) -> list[Row]:
    """The button to a file with their dates; where it only takes dates away, it says so."""
    if any(own.standing is Standing.REGISTERED for one in shown for own in one.owns):
        return [(Button(ui("button.calendar"), action, "📅"),)]
    if any(one.outdated for one in shown):
        return [(Button(ui("button.calendar_clear"), action, "📅"),)]
    return []


def title(offer: Offer) -> Text:
    """The name of an offer."""
    return Text(f"offers.{offer.id}.title")


def mark(offer: Offer) -> str:
    """What stands before an offer's name on a button: it marks a piece of information. The sign has no direction."""
    return "💡" if offer.kind is Kind.OPENING and not offer.takes_interest else ""


def _facts(shown: Shown) -> Block:
    """Who, where, how much."""
    offer = shown.offer
    lines: list[Text | Words] = []
    if offer.provider:
        lines.append(ui("offers.provider", provider=Words(offer.provider)))
    lines += place(offer)
    if offer.mode is not Mode.PRESENCE:
        lines.append(ui(f"offers.mode_{offer.mode}"))
    if shown.level is not None:
        lines.append(shown.level)
    if offer.lessons_per_week:
        lines.append(ui("offers.lessons", count=offer.lessons_per_week))
    if offer.fee is not None:
        lines.append(ui("offers.fee", fee=offer.fee) if offer.fee else ui("offers.free"))
    if offer.kind is Kind.ADVICE:
        lines += [ui("contact.hours", hours=Text(f"offers.{offer.id}.hours")), ui("offers.open_hours")]
    return tuple(lines)


def place(offer: Offer) -> list[Text | Words]:
    """Where it is, as far as that is known."""
    if offer.place is None:
        return []
    lines: list[Text | Words] = [ui("offers.place", place=Text(f"offers.{offer.id}.place"))]
    return [*lines, Words(offer.place.address)] if offer.place.address else lines


def why(match: Match) -> Block:
    """What speaks for it, and what is missing."""
    lines: list[Text | Words] = []
    if match.because:
        lines.append(ui("why.because", what=Listing(match.because)))
    if match.missing:
        lines.append(ui("why.missing", what=Listing(match.missing)))
    return tuple(lines)


def _seats(shown: Shown) -> Block:
    """Where the person stands with the whole offer, and how many seats it has; buttons tell of single dates."""
    if shown.offer.kind is not Kind.COURSE:
        return ()
    lines: list[Text | Words] = []
    if shown.own is not None:
        lines.append(_standing(shown.own))
    elif shown.closed:
        lines.append(ui("offers.closed"))
    else:
        lines += _free(shown.seats)
        if shown.deadline is not None:
            lines.append(ui("offers.deadline", when=shown.deadline))
    if shown.offer.approval and shown.own is None and not shown.closed:
        lines.append(ui("offers.approval"))
    return tuple(lines)


def _free(seats: int | None) -> list[Text | Words]:
    if seats is None:
        return []
    return [ui("offers.seats", count=seats)] if seats else [ui("offers.full")]


def _date_line(shown: Shown, date: Date) -> Text:
    if date.cancelled:
        return ui("offers.date_cancelled", when=date.starts)
    closed, where = _is_closed(shown, date), date.place or date.room
    if not where:
        return ui("offers.date_closed" if closed else "offers.date", when=date.starts)
    room = Words(where)
    return ui("offers.date_room_closed" if closed else "offers.date_room", when=date.starts, room=room)


def _is_closed(shown: Shown, date: Date) -> bool:
    """Whether it is too late to sign up for this date by itself."""
    return shown.offer.kind is Kind.EVENT and date.closed and date.own is None


def _standing(own: Own) -> Text:
    match own.standing:
        case Standing.HELD if own.until is not None:
            return ui("standing.held", until=own.until)
        case Standing.WAITING:
            return ui("standing.waiting", place=own.place)
    return ui(f"standing.{own.standing}")


def _actions(shown: Shown, *, joins: bool = True) -> list[Row]:
    """What the person can do: sign up (where `joins`, and nothing is missing), take a held seat, give one back."""
    offer, joins = shown.offer, joins and shown.match.open
    if offer.kind is Kind.ADVICE:
        return []
    if offer.kind is Kind.COURSE:
        return _moves(offer, shown.own, 0, None, full=shown.seats == 0, closed=shown.closed or not joins)
    rows: list[Row] = []
    for date in shown.dates:
        if not date.cancelled:
            closed = date.closed or not joins
            rows += _moves(offer, date.own, date.meeting, date.starts, full=date.seats == 0, closed=closed)
    return rows


def _moves(
    offer: Offer, own: Own | None, meeting: int, starts: datetime | None, *, full: bool, closed: bool
) -> list[Row]:
    def label(name: str) -> Text:
        return ui(f"button.{name}") if starts is None else ui(f"button.{name}_at", when=Short(starts))

    if own is None:
        if closed:
            return []
        return [(Button(label("queue" if full else "join"), f"join.{offer.id}.{meeting}", "✍️"),)]
    leave = "queue_leave" if own.standing is Standing.WAITING else "leave"
    rows: list[Row] = [(Button(label(leave), f"leave.{own.registration}", "↩️"),)]
    if own.standing is Standing.HELD:
        rows.insert(0, (Button(label("take"), f"take.{own.registration}", "✅"),))
    return rows
