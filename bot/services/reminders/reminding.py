"""Reminders as rows: planned when somebody has a seat, planned anew when the meeting changes.

A row says which rule speaks about which meeting to whom; what is said is put together when it is sent
(`bot.services.deliveries.saying`), from what is true then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.content.locales import SOURCE_LANGUAGE
from bot.core.message import Text
from bot.core.offers import Kind, Offer
from bot.core.reminders import OF_A_MEETING, Anchor, Rule
from bot.core.reminders import PREFIX as RULES
from bot.core.seats import Span, State
from bot.core.timing import fit
from bot.db.offers import attendances, meetings, registrations
from bot.db.offers.meetings import Meeting
from bot.db.offers.registrations import Registration, Target
from bot.db.outbox import deliveries, reminding
from bot.db.outbox.deliveries import Planned
from bot.services.preferences import preferences
from bot.services.reminders import by_rule
from bot.services.turn import Turn

PREFIX, CHANGE, OUTDATED, NEWS = RULES, "change", "ui.change.outdated", "ui.news."
DATED = (PREFIX, f"{CHANGE}.", *(f"{NEWS}told_{name}" for name in ("registered", "held", "place")))
"""Beginnings of the texts that say when or where a meeting is: these are marked when that changes."""
SEATED = (State.REGISTERED,)
CONCERNED = (State.REGISTERED, State.REQUESTED, State.HELD, State.WAITING)
TOGETHER = timedelta(minutes=10)
"""Changes of a meeting within this time make one notice."""
SOON = timedelta(hours=3)
"""People are told at once about a meeting this near."""


def seat_is_firm(turn: Turn, one: Registration) -> None:
    """Plan what a new registration is to be reminded of."""
    offer = turn.content.offers.get(one.offer_id)
    if offer is None:
        return
    if one.meeting_id is None:
        coming = meetings.of_offers(turn.connection, [offer.id], turn.now)
        for meeting in coming:
            _plan_meeting(turn, offer, meeting, only=one.id)
        _plan_end(turn, offer, only=one.id)
    elif (held := meetings.load(turn.connection, one.meeting_id)) is not None:
        _plan_meeting(turn, offer, held, only=one.id)


def seat_is_held(turn: Turn, one: Registration) -> None:
    """Plan the reminder before a held seat goes on."""
    offer = turn.content.offers.get(one.offer_id)
    if offer is not None and one.held_until is not None:
        target = one.target
        for rule in _rules(turn, offer, {Anchor.HELD}):
            _plan(turn, rule, target, one.held_until, None, states=(State.HELD,), only=one.id)


def seat_is_gone(turn: Turn, registration_id: int) -> None:
    """Drop what is planned about a seat that somebody no longer has."""
    reminding.skip(turn.connection, "not_registered", prefix=PREFIX, only=registration_id)


def settings_changed(turn: Turn, participant_id: int) -> None:
    """Plan anew what falls into other quiet hours now, or into those of another zone."""
    for one in registrations.of_participant(turn.connection, participant_id):
        if one.state is State.REGISTERED:
            seat_is_firm(turn, one)
        elif one.state is State.HELD:
            seat_is_held(turn, one)


def is_followed(turn: Turn, offer_id: str) -> bool:
    """Whether anybody has a seat in a whole offer, and so hears of each of its meetings."""
    return bool(reminding.hours(turn.connection, Target(offer_id), SEATED))


def meeting_added(turn: Turn, meeting: Meeting) -> None:
    """A meeting is new: whoever has a seat of its whole course is reminded of it like of the others."""
    offer = turn.content.offers.get(meeting.offer_id)
    if offer is not None and offer.kind is Kind.COURSE and meeting.ends_at > turn.now:
        _plan_meeting(turn, offer, meeting)
        _plan_end(turn, offer)


def meeting_changed(turn: Turn, old: Meeting, new: Meeting) -> None:
    """A meeting was moved, cancelled, or put into another room: plan anew, tell everybody, correct what was said.

    All in the transaction of the change. Several changes in a few minutes make one notice of the first `old`, and
    what stands in a chat is corrected with it: where all is as it was by then, nothing is said.
    """
    offer = turn.content.offers.get(new.offer_id)
    reason = "cancelled" if new.cancelled_at is not None else "moved"
    reminding.skip(turn.connection, reason, prefix=PREFIX, meeting_id=new.id)
    if old.starts_at != new.starts_at:
        attendances.take_back_excuses(turn.connection, new.id)
    if offer is None:
        return
    if new.cancelled_at is None:
        _plan_meeting(turn, offer, new)
    if offer.kind is Kind.COURSE:
        _plan_first(turn, offer)
        _plan_end(turn, offer)
    nearest = min((one.starts_at for one in (old, new) if one.ends_at > turn.now), default=turn.now)
    wanted = turn.now if nearest - turn.now < SOON else turn.now + TOGETHER
    if new.ends_at > turn.now:
        _tell(turn, old, new, wanted, nearest)
    mark = _mark(turn, f"{new.id}:{new.sequence}", old, wanted, max(old.ends_at, new.ends_at))
    reminding.correct(turn.connection, new.id, DATED, mark)


def place_changed(turn: Turn, offer_id: str, was: str) -> None:
    """An offer takes place elsewhere (`was`: where it did, see `place_of`): correct what was said of its meetings.

    Whoever changed it tells everybody concerned.
    """
    coming = meetings.of_offers(turn.connection, [offer_id], turn.now)
    usual = {one.id: one for one in coming if one.place is None and one.cancelled_at is None}
    for key in reminding.spoken_of(turn.connection, usual, DATED):
        one = usual[key]
        cause = f"{key}:{one.sequence}:{turn.now.timestamp():.0f}"
        near = one.starts_at - turn.now < SOON
        mark = _mark(turn, cause, one, turn.now if near else turn.now + TOGETHER, one.ends_at)
        mark = replace(mark, params=as_was(turn, one) | {"place": was})
        reminding.correct(turn.connection, key, DATED, mark)


def _mark(turn: Turn, cause: str, old: Meeting, wanted: datetime, last_useful: datetime) -> Planned:
    """The change of a message that stands in a chat: it makes no sound, so it need not wait for the morning."""
    return Planned(
        f"edit:{cause}",
        deliveries.Kind.NOTICE,
        wanted,
        OUTDATED,
        as_was(turn, old),
        urgent=True,
        last_useful_at=last_useful,
    )


def _tell(turn: Turn, old: Meeting, new: Meeting, wanted: datetime, nearest: datetime) -> None:
    """Plan the notice; one that is planned already stays: it says what is true when it goes out.

    Who was told of a change before is told of this one: what they know is `old`.
    """
    beginning = f"{CHANGE}:{new.id}:"
    for target in (Target(new.offer_id), Target(new.offer_id, new.id)):
        for hours in reminding.hours(turn.connection, target, CONCERNED):
            town = turn.content.town
            at = fit(
                wanted,
                *preferences.nights(hours, town),
                town.free,
                last_useful=nearest - SOON,
                earliest=turn.now,
            )
            planned = Planned(
                f"{beginning}{new.sequence}",
                deliveries.Kind.NOTICE,
                at or wanted,
                f"{CHANGE}.{new.offer_id}",
                as_was(turn, old),
                last_useful_at=max(old.ends_at, new.ends_at),
                urgent=at is None,
                meeting_id=new.id,
            )
            reminding.plan_again(turn.connection, planned, beginning, hours=hours)
            reminding.plan(turn.connection, planned, target, CONCERNED, hours=hours, unless=beginning)


def as_was(turn: Turn, old: Meeting) -> dict[str, str | bool | None]:
    """What a notice of a change has to remember of the meeting before."""
    offer = turn.content.offers.get(old.offer_id)
    return {
        "starts": old.starts_at.isoformat(),
        "where": where(old),
        "place": None if offer is None or old.place else place_of(turn, offer),
        "cancelled": old.cancelled_at is not None,
    }


def place_of(turn: Turn, offer: Offer) -> str:
    """The place of an offer with its address, in German: to be compared, and shown as what was."""
    if offer.place is None:
        return ""
    name = turn.content.texts.label(SOURCE_LANGUAGE, Text(f"offers.{offer.id}.place"))
    return ", ".join(one for one in (name, offer.place.address) if one)


def where(meeting: Meeting) -> str:
    """The place and room of a meeting, as far as they differ from its offer's: to be compared, and shown."""
    named = (meeting.place or {}).get("name", "")
    return ", ".join(one for one in (named, meeting.room) if one)


# -- one rule, one anchor, everybody concerned


def _plan_meeting(turn: Turn, offer: Offer, meeting: Meeting, only: int | None = None) -> None:
    """Plan every reminder of a meeting, for one registration or all of them."""
    if meeting.cancelled_at is not None:
        return
    target = Target(offer.id, meeting.id if offer.kind is Kind.EVENT else None)
    for rule in _rules(turn, offer, _anchors(turn, offer, meeting)):
        _plan(turn, rule, target, meeting.starts_at, meeting, only=only)


def _anchors(turn: Turn, offer: Offer, meeting: Meeting) -> set[Anchor]:
    """What a meeting is: the first of a course, one that is other than people expect, or any."""
    if offer.kind is Kind.EVENT:
        return {Anchor.MEETING}
    span = meetings.span(turn.connection, offer.id, None)
    first = span is not None and span.first == meeting.starts_at
    special = {Anchor.FIRST_MEETING} if first else {Anchor.CHANGED_MEETING} if meeting.exceptional else set()
    return {Anchor.MEETING, *special}


def _plan_first(turn: Turn, offer: Offer) -> None:
    """Plan what is said of a course's first meeting: it may be another one now."""
    coming = meetings.of_offers(turn.connection, [offer.id], turn.now)
    first = next((one for one in coming if one.cancelled_at is None), None)
    if first is not None and Anchor.FIRST_MEETING in _anchors(turn, offer, first):
        _plan_meeting(turn, offer, first)


def _plan_end(turn: Turn, offer: Offer, only: int | None = None) -> None:
    """Plan what is said when a course is over."""
    span: Span | None = meetings.span(turn.connection, offer.id, None)
    if span is not None:
        for rule in _rules(turn, offer, {Anchor.FINISHED}):
            _plan(turn, rule, Target(offer.id), span.end, None, only=only)


def _rules(turn: Turn, offer: Offer, anchors: Iterable[Anchor]) -> Iterator[Rule]:
    wanted = set(anchors)
    for rule in turn.content.reminders.values():
        if rule.anchor in wanted and offer.kind in rule.kinds:
            yield rule


def _plan(
    turn: Turn,
    rule: Rule,
    target: Target,
    anchor: datetime,
    meeting: Meeting | None,
    *,
    states: tuple[State, ...] = SEATED,
    only: int | None = None,
) -> None:
    """Plan a rule about an anchor for each group of people with the same quiet hours and zone.

    The rule's moment is on the town's clocks, where the meeting is: 8:00 on its day comes before it everywhere.
    """
    number = None if meeting is None else meeting.id
    cause = by_rule.cause_of(rule, number, anchor)
    for hours in reminding.hours(turn.connection, target, states):
        found = by_rule.due_for(turn, rule, anchor, hours)
        if found.wanted <= turn.now:
            found = replace(found, at=None)
        planned = by_rule.planned(rule, cause, found, meeting_id=number)
        late = found.wanted - rule.registered_before
        known_by = late if rule.anchor in OF_A_MEETING else None
        skipped = "too_late" if found.at is None else None
        reminding.plan(
            turn.connection, planned, target, states, hours=hours, registered_by=known_by, skipped=skipped, only=only
        )
