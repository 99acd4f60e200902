"""The last question before a broadcast goes out: to whom, how many, how long it takes, and whose yes it needs."""

from __future__ import annotations

from datetime import datetime

from bot.content.locales import german_name
from bot.core.broadcasts import Broadcast, Stage
from bot.core.folding import number
from bot.core.message import Button, Listing, Screen, Text, Words
from bot.core.roles import Right
from bot.core.timing import local_time
from bot.db.audience.counting import Counted, Reason
from bot.db.broadcasts import broadcasts, reviews
from bot.db.outbox import deliveries
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services.broadcasts import audience, broadcasting
from bot.services.staff.broadcasts import releasing
from bot.services.staff.broadcasts.audience_pages import is_closed
from bot.services.staff.broadcasts.media_pages import described
from bot.services.staff.broadcasts.reach_words import languages_said, left_out, some_of
from bot.services.staff.choosing import chosen
from bot.services.staff.page import Page, back, go
from bot.services.staff.texts import staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row

SENDING, REFUSING = "sending", "refusing"
MOST_WINDOWS = 7
"""Stretches of time that are listed one by one."""


def _draft(turn: Turn, word: str) -> Broadcast | None:
    """The draft that could go out as it is."""
    key = number(word)
    one = None if key is None else broadcasts.load(turn.connection, key)
    return None if one is None or one.stage is not Stage.DRAFT or broadcasting.missing(turn, one) else one


def _sending(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    one = _draft(turn, arguments[0])
    if one is None:
        return None
    told = broadcasting.languages(turn, one)
    people, phones = audience.reach(turn, one, told), audience.phones(turn, one, told)
    some, about = some_of(turn, member, audience.condition(turn.content, one.audience), people, f"broadcast {one.id}")
    blocks: list[Block] = [
        (staff_text("sending.title", number=one.id), *described(turn, one)),
        (*chosen(turn, one.audience), *_who(people, phones), *some),
        _when(turn, one, phones),
        _cap(turn, one, people),
        () if is_closed(turn, member, one) else left_out(people),
        waiting_for_language(turn, one),
    ]
    lines, rows = _release(turn, one, member)
    blocks.append(lines)
    return Screen(tuple(block for block in blocks if block), rows, about=about)


def _who(people: Counted, phones: int) -> Block:
    """How many people, how many phones where some share one, and how many of each language."""
    if not people.reached:
        return (staff_text("sending.nobody"),)
    shared = (staff_text("sending.phones", phones),) if phones < people.reached else ()
    return (staff_text("sending.people", people.reached), *shared, languages_said(people))


def _when(turn: Turn, one: Broadcast, count: int) -> Block:
    """When it begins, and how long it takes at the pace we may send at, behind all that already waits."""
    start = max(one.starts_at or turn.now, turn.now)
    clock = turn.content.town.clock
    lines: list[Text] = []
    if start > turn.now:
        lines.append(staff_text("sending.at", at=local_time(start, clock)))
    if windows := audience.windows(turn, one, start):
        until = local_time(windows[-1].end, clock)
        days = (until.date() - local_time(windows[0].start, clock).date()).days + 1
        return (*lines, staff_text("sending.spread", days, until=until))
    waits = deliveries.in_front(turn.connection, start)
    lines.append(staff_text("sending.takes", minutes(turn, count + waits)))
    if waits:
        lines.append(staff_text("sending.in_front", waits))
    return tuple(lines)


def minutes(turn: Turn, count: int) -> int:
    """How many minutes that many messages take at least."""
    return 1 if not turn.rate else max(1, -(-count // (turn.rate * 60)))


def _cap(turn: Turn, one: Broadcast, people: Counted) -> Block:
    """How it counts towards the messages that a person gets in a week."""
    lines = [staff_text("sending.cap", cap=turn.content.town.weekly_cap)]
    if last := audience.last_this_week(turn, one, broadcasting.languages(turn, one)):
        lines.append(staff_text("sending.last", last))
    if later := people.excluded.get(Reason.CAP, 0):
        lines.append(staff_text("sending.later", later))
    return tuple(lines)


def waiting_for_language(turn: Turn, one: Broadcast) -> Block:
    """How many get it only when their language is released."""
    told = broadcasting.languages(turn, one)
    if told is None:
        return ()
    others = [name for name in turn.content.languages if name not in told]
    people = audience.reach(turn, one, others).languages if others else {}
    names = tuple(Words(german_name(name)) for name, count in people.items() if name and count)
    return (staff_text("broadcast.waiting", sum(people.values()), names=Listing(names)),) if names else ()


def _release(turn: Turn, one: Broadcast, member: Member) -> tuple[Block, tuple[Row, ...]]:
    """Whose yes it needs, and the buttons for that."""
    up: Row = (Button(staff_text("button.no"), go(f"broadcast.{one.id}")),)
    if releasing.may_release(turn, one, member):
        yes: Row = (Button(staff_text("button.second_yes"), f"second_yes.{one.id}", "✅"),)
        no: Row = (Button(staff_text("button.second_no"), go(f"{REFUSING}.{one.id}"), "🚫"),)
        return standing(turn, one), (up, yes, no)
    if releasing.waiting(turn, one) is not None:
        return standing(turn, one), (up, (Button(staff_text("button.take_back"), f"take_back.{one.id}", "↩️"),))
    if releasing.needed(turn, one, member):
        if not releasing.others(turn, one, member):
            return (staff_text("release.nobody"),), (up,)
        return (staff_text("release.needed"),), (up, (Button(staff_text("button.hand_in"), f"send.{one.id}", "📝"),))
    return (), (up, (Button(staff_text("button.send_yes"), f"send.{one.id}", "📤"),))


def standing(turn: Turn, one: Broadcast) -> Block:
    """Who handed it in, who sent it back and why, and who released it where that took two."""
    known = reviews.load(turn.connection, one.id)
    if known is None:
        return ()
    by = Words(staff.name(turn.connection, known.handed_in_by) or "?")
    if one.stage is not Stage.DRAFT:
        other = Words(staff.name(turn.connection, one.released_by) or "?")
        return (staff_text("release.by", name=by, other=other),) if known.handed_in_at is not None else ()
    if known.handed_in_at is not None:
        return (staff_text("release.waits", name=by),)
    if known.refusal is None:
        return ()
    other = Words(staff.name(turn.connection, known.refused_by) or "?")
    return (staff_text("release.refused", name=other), Words(known.refusal))


def _refusing(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Asks why it should not go out like this; the reason is typed next."""
    one = _draft(turn, arguments[0])
    if one is None or not releasing.may_release(turn, one, member):
        return None
    return Screen(
        ((staff_text("broadcast.title", number=one.id), staff_text("release.why")),), (back(f"{SENDING}.{one.id}"),)
    )


def planned_for(turn: Turn, one: Broadcast) -> Block:
    """How many leave when, where it is spread over some hours or begins later."""
    start = one.starts_at
    if start is None or one.stage is not Stage.SENDING:
        return ()
    windows = audience.windows(turn, one, start)
    bounds = [window.start for window in windows] or ([start] if start > turn.now else [])
    if not bounds:
        return ()
    counts = broadcasts.waiting_by(turn.connection, one.id, bounds)
    waiting = [(at, count) for at, count in zip(bounds, counts, strict=True) if count]
    lines = [_planned(turn, at, count) for at, count in waiting[:MOST_WINDOWS]]
    if rest := sum(count for _, count in waiting[MOST_WINDOWS:]):
        lines.append(staff_text("progress.later", number=rest))
    return (staff_text("progress.when"), *lines) if lines else ()


def _planned(turn: Turn, at: datetime, count: int) -> Text:
    when = local_time(max(at, turn.now), turn.content.town.clock)
    return staff_text("progress.window", when=when, number=count)


PAGES: dict[str, Page] = {
    SENDING: Page(Right.SEND, _sending, 1),
    REFUSING: Page(Right.SEND, _refusing, 1),
}
