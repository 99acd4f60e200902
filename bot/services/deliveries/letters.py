"""Taps on a message that we sent: a reminder, a notice. Its buttons are good for as long as its subject is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.core.broadcasts import PREFIX as BROADCAST
from bot.core.message import Button, Screen, Text
from bot.core.reminders import Topic
from bot.core.seats import State
from bot.core.timing import fit, local_time
from bot.db.offers import attendances, meetings, registrations
from bot.db.offers.registrations import Registration
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Due, Kind, Planned
from bot.db.people import people
from bot.services import places, welcome
from bot.services.broadcasts import broadcast_taps
from bot.services.broadcasts.broadcast_screens import PREVIEW
from bot.services.deliveries import desk_letters, saying, why
from bot.services.offers import joining
from bot.services.offers.registration import Result
from bot.services.openings import digests, interest_taps, opening_notices, partner_taps, partners
from bot.services.path import last_days, path_taps
from bot.services.phones import phone
from bot.services.questions.reopening import reopen
from bot.services.reminders import deadlines, old_answers
from bot.services.reminders.reminding import PREFIX
from bot.services.reply import Letter, Reply
from bot.services.staff.texts import staff_text
from bot.services.threads import talking
from bot.services.view import Block, Row, ui
from bot.services.visit import Visit

SHORTEST = timedelta(minutes=30)
"""Before a meeting: so close to it nobody is reminded again."""
LONGEST_SNOOZE = timedelta(days=1)
LATER = ":later"


def tap(visit: Visit, number: int, verb: str, arguments: tuple[str, ...], tapped: int) -> Reply:
    """Do what a button of a delivery says, if the delivery is this chat's, and still about something."""
    due = deliveries.load(visit.turn.connection, number)
    if due is None or due.chat_id != visit.chat.id:
        return visit.only(ui("news.stale"))
    if (said := _of_no_participant(visit, due, verb, arguments, tapped)) is not None:
        return said
    visit.speak_for(due.participant_id)
    if (said := _of_every_kind(visit, due, verb, arguments, tapped)) is not None:
        return said
    if due.text_key.startswith(BROADCAST):
        return _of_broadcast(visit, due, verb, arguments, tapped)
    if verb == "why" and due.text_key.startswith(PREFIX):
        return visit.only(why.said(visit, due))
    if verb == "go_on":
        return welcome.go_on(visit)
    if due.registration_id is None:
        return _of_a_person(visit, due, verb, arguments, tapped)
    return _of_a_seat(visit, due, due.registration_id, (verb, *arguments), tapped)


def _of_every_kind(visit: Visit, due: Due, verb: str, arguments: tuple[str, ...], tapped: int) -> Reply | None:
    """The buttons that stand on messages of every kind to participants: no more of these, and to a human."""
    if verb == "mute" and len(arguments) == 1:
        return _mute(visit, due, arguments[0], tapped)
    person = visit.participant
    if verb == "talk" and not arguments and person is not None and due.participant_id == person.id:
        return talking.open_talk(visit)
    return None


def _of_a_seat(visit: Visit, due: Due, registration_id: int, action: tuple[str, ...], tapped: int) -> Reply:
    """Do what a button says of a message to this person that is about a registration; none has arguments."""
    one, person = registrations.load(visit.turn.connection, registration_id), visit.participant
    perform = _VERBS.get(".".join(action))
    if perform is None or one is None or person is None or one.participant_id != person.id:
        return visit.only(ui("news.stale"))
    return perform(visit, due, one, tapped)


def _of_no_participant(visit: Visit, due: Due, verb: str, arguments: tuple[str, ...], tapped: int) -> Reply | None:
    """A message to the team or to a partner."""
    if PREVIEW in (due.params or {}):
        return visit.only(staff_text("toast.only_preview"))
    if due.text_key == partners.LEAD:
        return partner_taps.tap(visit, due, verb, arguments, tapped)
    return _look(visit, due, verb) if due.text_key.startswith(desk_letters.LETTERS) else None


def _of_broadcast(visit: Visit, due: Due, verb: str, arguments: tuple[str, ...], tapped: int) -> Reply:
    visit.refresh()
    said = broadcast_taps.tap(visit, due, verb, arguments)
    if isinstance(said, Reply):
        return said
    return visit.only(said.toast) if said.screen is None else _drawn(visit, due, tapped, said.toast, said.screen)


def _outdated(visit: Visit, due: Due) -> Text | None:
    """What to say where the message is no longer true, or its meeting is over; None where it still holds."""
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
    if due.meeting_id is not None:
        attendances.take_back_excuses(visit.turn.connection, due.meeting_id, one.id)
    return _answered(visit, due, tapped, ui("news.coming"), ui("coming.yes"), without={"come"})


def _cannot(visit: Visit, due: Due, one: Registration, tapped: int) -> Reply:
    """Give the seat back, or decline the held one. Whoever misses a single date of a course keeps theirs."""
    if word := _outdated(visit, due):
        return _stale(visit, due, tapped, word)
    if one.meeting_id is None and due.meeting_id is not None:
        return _excused(visit, due, one, tapped)
    outcome = joining.end(visit, one.id)
    if outcome.result is not Result.ENDED:
        return _stale(visit, due, tapped, joining.said(outcome))
    return _closed(visit, due, tapped, joining.said(outcome), ui("coming.no"))


def _excused(visit: Visit, due: Due, one: Registration, tapped: int) -> Reply:
    """Excuse the person on the date's list, unless the team has already marked them."""
    if one.state is not State.REGISTERED or due.meeting_id is None:
        return _stale(visit, due, tapped)
    attendances.excuse(visit.turn.connection, one.id, due.meeting_id, visit.turn.now)
    return _answered(visit, due, tapped, ui("news.excused"), ui("coming.excused"), without={"cannot"})


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
    visit.look_at(places.OFFER, one.offer_id)
    return visit.reply()


def _look(visit: Visit, due: Due, verb: str) -> Reply:
    """The desk, at what a message to the team is about; what a member may do there is looked up there."""
    visit.read_member()
    if visit.member is None or not visit.member.is_active(visit.turn.now):
        return visit.only(staff_text("toast.not_staff"))
    if verb != desk_letters.LOOK:
        return visit.only(ui("news.stale"))
    visit.refresh()
    visit.look_at(places.STAFF, f"broadcast.{desk_letters.about(due)}")
    return visit.reply()


def _mute(visit: Visit, due: Due, topic: str, tapped: int) -> Reply:
    if visit.participant is None or topic not in list(Topic):
        return visit.only(ui("news.stale"))
    muted = {*visit.preferences.muted, Topic(topic)}
    visit.prefer(muted=sorted(muted))
    return _closed(visit, due, tapped, ui("news.muted"))


# -- messages about no seat: a deadline, an old answer


def _of_a_person(visit: Visit, due: Due, verb: str, arguments: tuple[str, ...], tapped: int) -> Reply:
    """Do what a button says of a message to this person that is about no registration."""
    number, perform = _OF_A_PERSON.get(verb, (0, None))
    person = visit.participant
    if perform is None or person is None or due.participant_id != person.id or len(arguments) != number:
        return visit.only(ui("news.stale"))
    return perform(visit, due, arguments, tapped)


def _join(visit: Visit, due: Due, _: tuple[str, ...], tapped: int) -> Reply:
    """Sign up for what the message speaks of."""
    target, before = deadlines.target_of(due), saying.again(visit.turn, due)
    if target is None:
        return visit.only(ui("news.stale"))
    outcome = joining.sign_up(visit, target)
    word = joining.said(outcome)
    if outcome.result not in {Result.REGISTERED, Result.REQUESTED, Result.WAITING}:
        return _stale(visit, due, tapped, word)
    place = {"place": outcome.position or 1} if outcome.result is Result.WAITING else {}
    line = ui(f"standing.{outcome.result.name.lower()}", **place)
    return _closed(visit, due, tapped, word, line, before, (_DETAILS,))


def _unwanted(visit: Visit, due: Due, _: tuple[str, ...], tapped: int) -> Reply:
    """Stop hearing of this offer."""
    target, before = deadlines.target_of(due), saying.again(visit.turn, due)
    if target is None or visit.participant is None:
        return visit.only(ui("news.stale"))
    people.want_no_more(visit.turn.connection, visit.participant.id, target.offer_id, visit.turn.now)
    return _closed(visit, due, tapped, ui("news.unwanted"), ui("news.unwanted"), before)


def _offer(visit: Visit, due: Due, _: tuple[str, ...], __: int) -> Reply:
    """The card of the offer the message speaks of, below."""
    target = deadlines.target_of(due)
    if target is None:
        return visit.only(ui("news.stale"))
    visit.look_at(places.OFFER, target.offer_id)
    return visit.reply()


def _still(visit: Visit, due: Due, _: tuple[str, ...], tapped: int) -> Reply:
    """The answers that stand there are as they were: given today."""
    before = saying.again(visit.turn, due)
    old = tuple(one for one in visit.again() if one in old_answers.named(due))
    if not old:
        return _stale(visit, due, tapped)
    visit.renew(old)
    visit.keep_answers()
    return _closed(visit, due, tapped, ui("again.thanks"), ui("again.thanks"), before)


def _change(visit: Visit, due: Due, arguments: tuple[str, ...], _: int) -> Reply:
    """Another answer to one of the questions that stand there."""
    if arguments[0] not in old_answers.named(due) or not reopen(visit, arguments[0]):
        return visit.only(ui("news.stale"))
    visit.greets = False  # they go where they wanted to, not where they were
    return visit.reply()


def _step(visit: Visit, due: Due, _: tuple[str, ...], __: int) -> Reply:
    """The card of the step the message speaks of, below."""
    step = last_days.step_of(due)
    if step is None or visit.turn.content.road is None:
        return visit.only(ui("news.stale"))
    visit.look_at(places.STEP, step)
    return visit.reply()


def _did(visit: Visit, due: Due, _: tuple[str, ...], tapped: int) -> Reply:
    """The step the message speaks of is done."""
    before = saying.again(visit.turn, due)
    if not path_taps.tick(visit, last_days.step_of(due) or "", on=True):
        return _stale(visit, due, tapped)
    return _closed(visit, due, tapped, ui("again.thanks"), ui("path.is_done"), before)


def _opening(visit: Visit, _: Due, arguments: tuple[str, ...], __: int) -> Reply:
    """The card of an opening that the message names, below."""
    if arguments[0] not in visit.turn.content.offers:
        return visit.only(ui("news.stale"))
    visit.look_at(places.OFFER, arguments[0])
    return visit.reply()


def _share(visit: Visit, _: Due, arguments: tuple[str, ...], __: int) -> Reply:
    """The question whether a partner may know of an interest, as the chat's card below."""
    return interest_taps.interested(visit, arguments[0], None)


_DETAILS: Row = (Button(ui("button.details"), "details", "🗂"),)
_OF_A_PERSON: dict[str, tuple[int, Callable[[Visit, Due, tuple[str, ...], int], Reply]]] = {
    "join": (0, _join),
    "unwanted": (0, _unwanted),
    "details": (0, _offer),
    digests.VERB: (1, _opening),
    opening_notices.SHARE: (1, _share),
    "still": (0, _still),
    "change": (1, _change),
    "step": (0, _step),
    "did": (0, _did),
}
"""By verb: how many arguments it has, and what it does."""
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


def _closed(
    visit: Visit,
    due: Due,
    tapped: int,
    toast: Text,
    line: Text | None = None,
    before: Screen | None = None,
    rows: tuple[Row, ...] = (),
) -> Reply:
    """The message without its buttons: there is nothing more to do with it. `before`: as it was until now.

    Where it has nothing left to say, the answer to the tap replaces it: no button stays.
    """
    screen = before or saying.again(visit.turn, due)
    said: tuple[Block, ...] = screen.blocks if screen is not None else ()
    blocks = (*said, (line,)) if line is not None else said
    media = None if screen is None else screen.media
    return _drawn(visit, due, tapped, toast, Screen(blocks or ((toast,),), rows, media))


def _stale(visit: Visit, due: Due, tapped: int, toast: Text | None = None) -> Reply:
    """The seat is no longer as the message says: its buttons go, and a word says so."""
    return _closed(visit, due, tapped, toast or ui("news.stale"), ui("news.stale"))


def _drawn(visit: Visit, due: Due, tapped: int, toast: Text, screen: Screen) -> Reply:
    screen = phone.headed(screen, phone.names(visit.people), due)
    letter = Letter(visit.chat.id, visit.language, due.id, tapped, screen)
    return replace(visit.only(toast), letter=letter)
