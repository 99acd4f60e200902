"""Taps on a message that was sent by itself: a reminder, a notice. They are good as long as what they are about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.core.message import Button, Screen, Text
from bot.core.reminders import Topic
from bot.core.seats import State
from bot.core.timing import fit, local_time
from bot.db import deliveries, meetings, registrations
from bot.db.deliveries import Due, Kind, Planned
from bot.db.registrations import Registration
from bot.services import joining, saying, screens, welcome
from bot.services.registration import Result
from bot.services.reply import Letter, Reply
from bot.services.view import Block, ui
from bot.services.visit import Visit

SHORTEST = timedelta(minutes=30)
"""Before a meeting: nobody is reminded again after that."""
LONGEST_SNOOZE = timedelta(days=1)
LATER = ":later"


def tap(visit: Visit, number: int, verb: str, arguments: tuple[str, ...], tapped: int) -> Reply:
    """Do what a button of a delivery says, if the delivery is this chat's, and still about something."""
    due = deliveries.load(visit.turn.connection, number)
    if due is None or due.chat_id != visit.chat.id:
        return visit.only(ui("news.stale"))
    if verb == "mute" and len(arguments) == 1:
        return _mute(visit, due, arguments[0], tapped)
    if verb == "go_on":
        return welcome.go_on(visit)
    one = None if due.registration_id is None else registrations.load(visit.turn.connection, due.registration_id)
    person = visit.participant
    perform = _VERBS.get(verb)
    if perform is None or arguments or one is None or person is None or one.participant_id != person.id:
        return visit.only(ui("news.stale"))
    return perform(visit, due, one, tapped)


def _outdated(visit: Visit, due: Due) -> Text | None:
    """What to say where the message is not true any more, or not to come any more."""
    turn = visit.turn
    meeting = None if due.meeting_id is None else meetings.load(turn.connection, due.meeting_id)
    if meeting is not None and (meeting.cancelled_at is not None or meeting.ends_at <= turn.now):
        return ui("news.over")
    return ui("news.stale") if saying.again(turn, due) is None else None


def _come(visit: Visit, due: Due, one: Registration, tapped: int) -> Reply:
    word = _outdated(visit, due)
    if word is not None or one.state is not State.REGISTERED:
        return _stale(visit, due, tapped, word)
    registrations.coming(visit.turn.connection, one.id, visit.turn.now)
    return _answered(visit, due, tapped, ui("news.coming"), ui("coming.yes"), without={"come"})


def _cannot(visit: Visit, due: Due, one: Registration, tapped: int) -> Reply:
    """Give the seat back, or want the held one no more. Of a course it is more than the date the message is about."""
    if word := _outdated(visit, due):
        return _stale(visit, due, tapped, word)
    if one.meeting_id is None and due.meeting_id is not None:
        return _details(visit, due, one, tapped)
    outcome = joining.end(visit, one.id)
    if outcome.result is not Result.ENDED:
        return _stale(visit, due, tapped, joining.said(outcome))
    return _closed(visit, due, tapped, joining.said(outcome), ui("coming.no"))


def _take(visit: Visit, due: Due, one: Registration, tapped: int) -> Reply:
    outcome = joining.accept(visit, one.id)
    if outcome.result not in {Result.REGISTERED, Result.REQUESTED}:
        return _stale(visit, due, tapped, joining.said(outcome))
    state = "registered" if outcome.result is Result.REGISTERED else "requested"
    return _closed(visit, due, tapped, joining.said(outcome), ui(f"standing.{state}"))


def _snooze(visit: Visit, due: Due, one: Registration, tapped: int) -> Reply:
    """Once more at half of the time that is left, a day later at most."""
    turn, town = visit.turn, visit.turn.content.town
    until = due.last_useful_at
    if word := _outdated(visit, due):
        return _stale(visit, due, tapped, word)
    if until is None or one.state is not State.REGISTERED or until - turn.now < 2 * SHORTEST:
        return visit.only(ui("news.snoozed_not"))
    wanted = turn.now + min((until - turn.now) / 2, LONGEST_SNOOZE)
    quiet, zone = visit.preferences.quiet, visit.preferences.clock(town)
    at = fit(wanted, quiet, zone, town.free, last_useful=until, earliest=turn.now + SHORTEST)
    if at is None:
        return visit.only(ui("news.snoozed_not"))
    again = Planned(
        f"{due.cause.partition(LATER)[0]}{LATER}{due.id}",
        Kind.REMINDER,
        at,
        due.text_key,
        params=due.params,
        last_useful_at=until,
        topic=due.topic,
        participant_id=due.participant_id,
        registration_id=due.registration_id,
        meeting_id=due.meeting_id,
    )
    deliveries.plan(turn.connection, [(due.chat_id, again)])
    toast = ui("news.snoozed", when=local_time(at, zone))
    return _answered(visit, due, tapped, toast, ui("coming.later"), without={"snooze"})


def _details(visit: Visit, _: Due, one: Registration, __: int) -> Reply:
    """The offer's card, as the chat's card below."""
    visit.look_at(screens.OFFER, one.offer_id)
    return visit.reply()


def _mute(visit: Visit, due: Due, topic: str, tapped: int) -> Reply:
    if visit.participant is None or topic not in list(Topic):
        return visit.only(ui("news.stale"))
    muted = {*visit.preferences.muted, Topic(topic)}
    visit.prefer(muted=sorted(muted))
    return _closed(visit, due, tapped, ui("news.muted"))


_VERBS: dict[str, Callable[[Visit, Due, Registration, int], Reply]] = {
    "come": _come,
    "cannot": _cannot,
    "take": _take,
    "snooze": _snooze,
    "details": _details,
}


def _answered(visit: Visit, due: Due, tapped: int, toast: Text, line: Text, without: set[str]) -> Reply:
    """The message with what the person said below it, and the buttons that still make sense."""
    screen = saying.again(visit.turn, due)
    if screen is None:
        return visit.only(toast)
    rows = tuple(
        tuple(one for one in row if not (isinstance(one, Button) and one.action in without)) for row in screen.rows
    )
    return _drawn(visit, due, tapped, toast, Screen((*screen.blocks, (line,)), tuple(row for row in rows if row)))


def _closed(visit: Visit, due: Due, tapped: int, toast: Text, line: Text | None = None) -> Reply:
    """The message without buttons: there is nothing more to do with it."""
    screen = saying.again(visit.turn, due)
    said: tuple[Block, ...] = screen.blocks if screen is not None else ()
    blocks = (*said, (line,)) if line is not None else said
    if not blocks:
        return visit.only(toast)
    return _drawn(visit, due, tapped, toast, Screen(blocks))


def _stale(visit: Visit, due: Due, tapped: int, toast: Text | None = None) -> Reply:
    """The seat is not as the message says any more: its buttons go, and a word says so."""
    return _closed(visit, due, tapped, toast or ui("news.stale"), ui("news.stale"))


def _drawn(visit: Visit, due: Due, tapped: int, toast: Text, screen: Screen) -> Reply:
    letter = Letter(visit.chat.id, visit.language, due.id, tapped, screen)
    return replace(visit.only(toast), letter=letter)
