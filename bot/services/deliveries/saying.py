"""What a delivery says at the moment it is sent, or why it is not said: the world is looked at once more.

Promise: no overdue nonsense. A reminder of a seat that was given back, of a meeting that was moved, about what the
person no longer wants to hear of, or in their night, is not sent; the row says why.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core import engine
from bot.core.broadcasts import PREFIX as BROADCAST
from bot.core.broadcasts import Stage, of_key
from bot.core.conditions import compiled
from bot.core.message import Argument, Button, Screen, Text
from bot.core.offers import Offer
from bot.core.reminders import PURPOSES, Anchor, Rule, Topic
from bot.core.seats import State
from bot.core.timing import fit
from bot.db.offers import meetings
from bot.db.offers.meetings import Meeting
from bot.db.outbox import worlds
from bot.db.outbox.deliveries import Due, Kind
from bot.db.outbox.worlds import World
from bot.db.people import persons
from bot.services.broadcasts import broadcast_screens
from bot.services.broadcasts.broadcast_screens import Known
from bot.services.deliveries import desk_letters
from bot.services.deliveries.acts import Act
from bot.services.deliveries.letter_parts import DETAILS, FOR_DATE, FOR_HELD, WHY, local, place, title, where
from bot.services.openings import digests, opening_notices, partners
from bot.services.path import last_days
from bot.services.phones import phone
from bot.services.preferences import preferences, telling
from bot.services.preferences.preferences import Preferences
from bot.services.questions.stored import StoredAnswers
from bot.services.reminders import by_rule, changes, deadlines, old_answers, reminding, sweeping
from bot.services.reminders.reminding import NEWS
from bot.services.rights import breaches, still_there
from bot.services.threads import manners
from bot.services.threads import saying as talking
from bot.services.threads.talk_card import TALK_BUTTON
from bot.services.turn import Turn
from bot.services.view import Block, Row, ui

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Skip:
    """Not said, for this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not said now, but then."""

    at: datetime


Said = Screen | Skip | Later | Act


def prepared(turn: Turn, found: Sequence[Due]) -> dict[int, Said]:
    """What each of these deliveries says now, by its id; those that only have their own text are left out."""
    said: dict[int, Said] = {one.id: _talk(turn, one) for one in found if one.kind is Kind.TALK}
    said |= {one.id: _to_partner(turn, one) for one in found if one.text_key in {partners.LEAD, partners.AWAY}}
    wanted = [one for one in found if _is_ours(one)]
    if not wanted:
        return said
    known = worlds.load(turn.connection, [one.id for one in wanted])
    capped = [one.chat_id for one in wanted if _counts(one)]
    sent = worlds.sent_since(turn.connection, capped, turn.now - WEEK) if capped else {}
    about = broadcast_screens.known(turn, wanted)
    phones = persons.on_phones(turn.connection, {one.chat_id for one in wanted})
    for one in wanted:
        words = _prepared(turn, one, known[one.id], sent.get(one.chat_id, ()), about)
        said[one.id] = phone.headed(words, phones.get(one.chat_id), one) if isinstance(words, Screen) else words
    return said


def imagined(turn: Turn, due: Due) -> Said:
    """What a delivery that is not planned yet would say to a participant now."""
    assert due.participant_id is not None  # noqa: S101 - only participants are looked for
    sent = worlds.sent_since(turn.connection, [due.chat_id], turn.now - WEEK).get(due.chat_id, ())
    words = _prepared(turn, due, worlds.of_person(turn.connection, due.participant_id, due.registration_id), sent)
    phones = persons.on_phones(turn.connection, [due.chat_id])
    return phone.headed(words, phones.get(due.chat_id), due) if isinstance(words, Screen) else words


def _talk(turn: Turn, due: Due) -> Said:
    act = talking.act(turn, due)
    if isinstance(act, str):
        return Skip(act)
    at = manners.not_before(turn, due)
    return act if at is None else Later(at)


def _to_partner(turn: Turn, due: Due) -> Said:
    said = partners.said(turn, due)
    if isinstance(said, str):
        return Skip(said)
    return Later(said) if isinstance(said, datetime) else said


def _broadcast(turn: Turn, due: Due, about: Known) -> Said:
    held = about.broadcasts.get(of_key(due.text_key) or 0)
    if held is not None and held.stage is Stage.PAUSED and due.kind is Kind.BROADCAST:
        return Later(held.last_useful_at)  # in hand when it was paused; going on brings it forward
    return _or_skip(broadcast_screens.said(turn, due, about))


def again(turn: Turn, due: Due) -> Screen | None:
    """What a delivery that stands in a chat says, as far as it is still true; None where it has nothing to say."""
    if due.text_key.startswith(BROADCAST):
        return broadcast_screens.again(turn, due)
    rule = turn.content.reminders.get(due.text_key.removeprefix(reminding.PREFIX))
    if rule is not None and rule.anchor is Anchor.NEW_OPENINGS:
        return digests.again(turn, due, rule)
    known = worlds.load(turn.connection, [due.id]).get(due.id)
    said = None if known is None else _said(turn, due, known)
    return said if isinstance(said, Screen) else None


def _is_ours(due: Due) -> bool:
    key = due.text_key
    begins = (reminding.PREFIX, f"{reminding.CHANGE}.", NEWS, BROADCAST, desk_letters.LETTERS)
    keys = {reminding.OUTDATED, *opening_notices.SAID, still_there.ASK, breaches.TITLE}
    return key.startswith(begins) or key in keys


def _counts(due: Due) -> bool:
    """Whether the weekly cap may hold it back: not what is urgent, and nothing about one's own registrations."""
    return not due.urgent and due.topic is not None and due.topic != Topic.OWN


def _prepared(
    turn: Turn,
    due: Due,
    world: World,
    sent: Sequence[datetime],
    about: Known = Known({}, {}),  # noqa: B008 - frozen
) -> Said:
    said = _broadcast(turn, due, about) if due.text_key.startswith(BROADCAST) else _said(turn, due, world)
    if not isinstance(said, Screen):
        return said
    chosen = _preferences(turn, world)
    if due.topic in chosen.muted:
        return Skip("muted")
    if world.restricted and due.topic not in {None, Topic.OWN}:
        return Skip("restricted")
    if due.topic is not None and not allowed(turn, Topic(due.topic), world.purposes):
        return Skip("no_consent")
    if due.urgent or due.edits is not None:
        return said
    if _counts(due) and len(sent) >= chosen.cap:
        return _after(due, sent[-chosen.cap] + WEEK, "cap")
    town = turn.content.town
    zone = chosen.clock(town)
    at = fit(turn.now, chosen.quiet, zone, town.free, last_useful=due.last_useful_at, earliest=turn.now)
    if at is None:
        return Skip("quiet")
    return said if at <= turn.now else Later(at)


def allowed(turn: Turn, topic: Topic, agreed: Collection[str]) -> bool:
    """Whether the person agrees to messages of this kind, where the town asks."""
    purpose = PURPOSES[topic]
    return purpose in agreed or all(one.id != purpose for one in turn.content.town.consents)


def _after(due: Due, at: datetime, reason: str) -> Said:
    return Skip(reason) if due.last_useful_at is not None and at > due.last_useful_at else Later(at)


def _preferences(turn: Turn, world: World) -> Preferences:
    return preferences.of_columns(world.hours, world.muted, world.weekly_cap, turn.content.town)


def _said(turn: Turn, due: Due, world: World) -> Said:
    """The message as the world is now, in the town's time; people with another zone are told that it is."""
    said = _in_town_time(turn, due, world)
    if not isinstance(said, Screen):
        return said
    return telling.for_clock(said, turn.content.town, _preferences(turn, world).zone)


def _in_town_time(turn: Turn, due: Due, world: World) -> Said:
    if due.text_key.startswith(desk_letters.LETTERS):
        return _or_skip(desk_letters.said(turn, due))
    said = _to_participant(turn, due, world)
    return _with_ways(said, due) if isinstance(said, Screen) else said


def _with_ways(said: Screen, due: Due) -> Screen:
    """Add the buttons to a human and, on reminders, to the reason; the way out of such messages stays the last."""
    ways = (TALK_BUTTON, WHY) if due.text_key.startswith(reminding.PREFIX) else (TALK_BUTTON,)
    last = said.rows[-1] if said.rows else ()
    out = any(isinstance(one, Button) and one.action.startswith("mute.") for one in last)
    return replace(said, rows=(*said.rows[:-1], *ways, last) if out else (*said.rows, *ways))


def _to_participant(turn: Turn, due: Due, world: World) -> Said:
    if due.text_key == reminding.OUTDATED:
        return _or_skip(changes.mark(turn, due, world))
    if due.text_key.startswith(f"{reminding.CHANGE}."):
        return _or_skip(changes.notice(turn, due, world))
    if due.text_key.startswith(NEWS):
        return _news(turn, due, world)
    if (say := opening_notices.SAID.get(due.text_key)) is not None:
        return _or_skip(say(turn, due))
    if due.text_key == breaches.TITLE:
        return breaches.said(turn, due)
    if due.text_key == still_there.ASK:
        return _or_skip(still_there.said(turn.now, world.seen_at))
    return _by_rule(turn, due, world)


def _by_rule(turn: Turn, due: Due, world: World) -> Said:
    """What a rule of `reminders.yaml` says, if it still exists and means the person."""
    rule = turn.content.reminders.get(due.text_key.removeprefix(reminding.PREFIX))
    if rule is None:
        return Skip("rule_gone")
    if rule.audience is not None and not _belongs(turn, rule, due.participant_id):
        return Skip("not_in_audience")
    match rule.anchor:
        case Anchor.UNFINISHED:
            return _unfinished(due, rule, world)
        case Anchor.DEADLINE:
            return _or_skip(deadlines.said(turn, due, rule))
        case Anchor.NEW_OPENINGS:
            return _or_skip(digests.said(turn, due, rule))
        case Anchor.OLD_ANSWER:
            return _or_skip(old_answers.said(turn, due, rule, world))
        case Anchor.LAST_DAY:
            return _or_skip(last_days.said(turn, due, rule, world))
    return _reminder(turn, due, rule, world)


# -- reminders


def _reminder(turn: Turn, due: Due, rule: Rule, world: World) -> Said:
    offer = turn.content.offers.get(world.offer_id or "")
    if offer is None:
        return Skip("offer_gone")
    held = rule.anchor is Anchor.HELD
    if world.state is not (State.HELD if held else State.REGISTERED):
        return Skip("not_registered")
    args: dict[str, Argument] = {"title": title(offer)}
    if held and world.held_until is not None:
        args["until"] = local(turn, world.held_until)
    meeting = None if due.meeting_id is None else meetings.load(turn.connection, due.meeting_id)
    if due.meeting_id is not None:
        if meeting is None or meeting.cancelled_at is not None:
            return Skip("cancelled")
        if not by_rule.is_about(due.cause, meeting.starts_at):
            return Skip("moved")
        args |= {"when": local(turn, meeting.starts_at), "where": where(offer, meeting)}
    if reason := _another(turn, due, rule, offer, meeting):
        return Skip(reason)
    return Screen(((Text(due.text_key, args),),), _buttons(rule, meeting))


def _or_skip(said: Screen | str) -> Said:
    return Skip(said) if isinstance(said, str) else said


def _another(turn: Turn, due: Due, rule: Rule, offer: Offer, meeting: Meeting | None) -> str | None:
    """Why a reminder of a course's beginning or end no longer holds: another date is the first, or the last."""
    if rule.anchor not in {Anchor.FIRST_MEETING, Anchor.FINISHED}:
        return None
    span = meetings.span(turn.connection, offer.id, None)
    if span is None:
        return "cancelled"
    if meeting is not None:
        return None if meeting.starts_at == span.first else "not_first"
    return None if by_rule.is_about(due.cause, span.end) else "moved"


def _belongs(turn: Turn, rule: Rule, participant_id: int | None) -> bool:
    """Whether a rule is for this person; where they have not answered, it is not."""
    if participant_id is None:
        return False
    questions = turn.content.questionnaire
    answers = StoredAnswers(turn.connection, questions, participant_id).aged(turn.now, refreshing=False)
    return compiled(rule.audience)(engine.lookup(questions, answers)) is True


def _unfinished(due: Due, rule: Rule, world: World) -> Said:
    if world.finished_at is not None:
        return Skip("finished")
    if world.seen_at is None or sweeping.seen(world.seen_at) != (due.params or {}).get("seen"):
        return Skip("came_back")
    rows: tuple[Row, ...] = (
        (Button(ui("button.resume"), "go_on", "▶️"),),
        (Button(ui("button.mute"), f"mute.{rule.topic}", "🔕"),),
    )
    return Screen(((Text(due.text_key),),), rows)


def _buttons(rule: Rule, meeting: Meeting | None) -> tuple[Row, ...]:
    if rule.anchor is Anchor.HELD:
        return FOR_HELD
    rows: list[Row] = []
    if meeting is not None:
        rows += FOR_DATE
        rows += [(Button(ui("button.snooze"), "snooze", "⏰"),), DETAILS]
    rows.append((Button(ui("button.mute"), f"mute.{rule.topic}", "🔕"),))
    return tuple(rows)


# -- what has become of a registration

TRUE_WHILE = {
    "told_registered": (State.REGISTERED,),
    "told_missed": (State.REGISTERED,),
    "told_held": (State.HELD,),
    "told_refused": (State.REFUSED,),
    "told_lapsed": (State.LAPSED,),
    "told_no_seat": (State.LAPSED,),
    "told_withdrawn": (State.LAPSED,),
    "told_place": reminding.CONCERNED,
}
"""For each piece of news, the states of a registration in which it is true."""
_TO_COME = ("told_registered", "told_held")
"""News of what is still to come."""


def _news(turn: Turn, due: Due, world: World) -> Said:
    offer = turn.content.offers.get(world.offer_id or "")
    if offer is None:
        return Skip("offer_gone")
    args: dict[str, Argument] = {"title": title(offer)}
    rows: tuple[Row, ...] = (DETAILS,)
    what = due.text_key.removeprefix(NEWS)
    if world.state not in TRUE_WHILE.get(what, ()):
        return Skip("not_so")
    reason = _vain(turn, offer, due.meeting_id)
    if reason is not None and (what in _TO_COME or (what == "told_place" and reason == "too_late")):
        return Skip(reason)
    if what == "told_place":
        args["where"] = place(offer)
    if what == "told_held" and world.held_until is not None:
        args["until"] = local(turn, world.held_until)
        rows = FOR_HELD
    block: Block = (Text(due.text_key, args),)
    if due.meeting_id is not None and (meeting := meetings.load(turn.connection, due.meeting_id)) is not None:
        block = (*block, ui("offers.next", when=local(turn, meeting.starts_at)))
    return Screen((block,), rows)


def _vain(turn: Turn, offer: Offer, meeting_id: int | None) -> str | None:
    """Why a seat is no longer worth anything."""
    span = meetings.span(turn.connection, offer.id, meeting_id)
    if span is None:
        return "cancelled"
    return "too_late" if span.end <= turn.now else None
