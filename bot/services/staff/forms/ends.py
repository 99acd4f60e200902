"""What becomes of a form that staff hand in, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from bot.content.locales import SOURCE_LANGUAGE
from bot.content.recurrence import RuleRefused, occurrences
from bot.core.broadcasts import ENDED, Answering, Broadcast, Stage
from bot.core.conditions import Value
from bot.core.folding import number
from bot.core.offers import Kind, Said
from bot.core.pauses import after_pause
from bot.core.reminders import REGISTERED_FOR
from bot.core.timing import instant
from bot.db.broadcasts import broadcasts, reviews
from bot.db.offers import offers, registrations
from bot.db.offers.registrations import Target
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.broadcasts import broadcasting, captions, correcting
from bot.services.offers import joining, meetings, offering, registration
from bot.services.offers.meetings import Change
from bot.services.offers.registration import Guest, Result
from bot.services.offers.seats import News, What
from bot.services.openings import interesting
from bot.services.reminders import reminding
from bot.services.staff.broadcasts import broadcast_pages
from bot.services.staff.forms.filling import End, Ended, Given
from bot.services.staff.forms.known_forms import (
    ANSWER,
    ANSWER_IN,
    BROADCAST,
    CHANGE,
    GUEST,
    MEETINGS,
    OFFER,
    OPENING,
    TRANSLATION,
    offer_known,
    opening_known,
    said_in,
)
from bot.services.staff.offers import meeting_pages, offer_pages
from bot.services.staff.offers.offer_pages import DATES, MEETING, PEOPLE
from bot.services.staff.texts import staff_text
from bot.services.staff.threads import template_deeds
from bot.services.turn import Turn
from bot.services.view import local_day
from bot.services.visit import Visit
from bot.services.what_staff_said import with_what_staff_said

_TEXTS = ("title", "text", "place", "hours")
WEEKLY = "weekly"
USUAL_HOUR = time(10)
"""When something leaves that is given a day and no time."""


def offer(visit: Visit, member: Member, offer_id: str, given: Given) -> Ended:
    """A new offer, or changes of one."""
    return _said_about(visit, member, offer_id, given, offer_known(visit.turn, offer_id))


def opening(visit: Visit, member: Member, offer_id: str, given: Given) -> Ended:
    """A new opening, or changes of one."""
    turn, link, until = visit.turn, given.get("link"), given.get("until")
    if link is not None and not str(link).startswith("https://"):
        return Ended(again="link", toast=staff_text("problem.no_address"))
    if until is not None and date.fromisoformat(str(until)) < local_day(turn.content, turn.now):
        return Ended(again="until", toast=staff_text("problem.over"))
    return _said_about(visit, member, offer_id, {**given, "kind": Kind.OPENING.value}, opening_known(turn, offer_id))


def _said_about(visit: Visit, member: Member, offer_id: str, given: Given, known: Given) -> Ended:
    """Keep what differs from what is known of an offer."""
    turn = visit.turn
    if offer_id and offer_id not in turn.content.offers:
        return Ended(toast=staff_text("toast.vanished"))
    other = _differing(given, known, new=not offer_id)
    said = offers.load(turn.connection, offer_id) if offer_id else None
    said = said or Said(offer_id or offers.next_id(turn.connection), own=not offer_id)
    page = f"{OPENING}.{said.id}" if given.get("kind") == Kind.OPENING else f"{DATES}.{said.id}.0"
    if not other:
        return Ended(page, staff_text("toast.unchanged"))
    words = {name: str(value) for name, value in other.items() if name in _TEXTS and value is not None}
    fields = {name: value for name, value in other.items() if name not in _TEXTS}
    if "place" in other:
        fields["place"] = other["place"] is not None
    said = replace(
        said, texts={language: _still_true(named, words, language) for language, named in said.texts.items()}
    )
    offers.write(turn.connection, said, fields, {SOURCE_LANGUAGE: words}, member.id, turn.now)
    visit.turn = with_what_staff_said(turn)
    joining.look_after(visit.turn)
    if offer_id and other.keys() & {"place", "address"}:
        _tell_place(visit.turn, offer_id)
        reminding.place_changed(visit.turn, offer_id, reminding.place_of(turn, turn.content.offers[offer_id]))
    return Ended(page, staff_text("toast.saved"), content_changed=True)


def _differing(given: Given, known: Given, *, new: bool) -> dict[str, Value | None]:
    """What differs from what is known, None where it was left out; the kind is chosen once, for a `new` offer."""
    other = {name: value for name, value in given.items() if name not in known or known[name] != value}
    other |= {name: None for name in known.keys() - given.keys() if known[name] is not None}
    return {name: value for name, value in other.items() if name != "kind" or (new and name in given)}


def _still_true(named: Mapping[str, str], german: Mapping[str, str], language: str) -> dict[str, str]:
    """The words of a language without those whose German has changed."""
    return {name: words for name, words in named.items() if language == SOURCE_LANGUAGE or name not in german}


def _tell_place(turn: Turn, offer_id: str) -> None:
    """Tell everybody concerned, once, that an offer takes place elsewhere."""
    for one in registrations.live_of(turn.connection, offer_id):
        if one.participant_id is not None:
            news = News(one.participant_id, What.REGISTERED, offer_id, one.meeting_id, None, one.id)
            joining.tell(turn, news, "told_place")


def translation(visit: Visit, member: Member, subject: str, given: Given) -> Ended:
    """The texts of an offer in another language."""
    turn = visit.turn
    offer_id, _, language = subject.partition(".")
    if offer_id not in turn.content.offers or language not in turn.content.languages:
        return Ended(toast=staff_text("toast.vanished"))
    said = offers.load(turn.connection, offer_id) or Said(offer_id, own=False)
    words = {
        name: str(value)
        for name, value in given.items()
        if value is not None and value != said_in(turn, offer_id, name, language)
    }
    offers.write(turn.connection, said, {}, {language: words}, member.id, turn.now)
    visit.turn = with_what_staff_said(turn)
    return Ended(f"{offer_pages.TEXTS}.{offer_id}", staff_text("toast.saved"), content_changed=True)


def new_meetings(visit: Visit, _: Member, offer_id: str, given: Given) -> Ended:
    """One new date, or one for each chosen weekday until a day."""
    turn = visit.turn
    known = turn.content.offers.get(offer_id)
    if known is None or known.kind not in REGISTERED_FOR:
        return Ended(toast=staff_text("toast.vanished"))
    start = _start(given)
    if instant(start, turn.content.town.clock) <= turn.now:
        return Ended(again="time", toast=staff_text("problem.over"))
    repeated = given.get("repeat") == WEEKLY
    try:
        starts = _weekly(visit, start, given) if repeated else (start,)
    except RuleRefused:
        return Ended(again="until", toast=staff_text("problem.no_dates"))
    special = after_pause(starts) if repeated and known.kind is Kind.COURSE else frozenset(() if repeated else starts)
    terms, added = offering.terms_of(turn.content), 0
    for one in starts:
        room = str(given.get("room") or "")
        made = meetings.add(turn, terms, offer_id, one, _minutes(given), room, exceptional=one in special)
        if made is not None:
            added += 1
            reminding.meeting_added(turn, made)
    joining.look_after(turn)
    return Ended(f"{DATES}.{offer_id}.0", staff_text("toast.added", added))


def _weekly(visit: Visit, start: datetime, given: Given) -> tuple[datetime, ...]:
    town, chosen = visit.turn.content.town, given.get("weekdays")
    days = ",".join(one.upper() for one in chosen) if isinstance(chosen, tuple) else f"{start:%a}".upper()[:2]
    until = date.fromisoformat(str(given["until"])) if given.get("until") else start.date()
    free = town.holidays if given.get("holidays") != "no" else ()
    return occurrences(f"FREQ=WEEKLY;BYDAY={days};UNTIL={until:%Y%m%d}", start, town.clock, holidays=free)


def change(visit: Visit, _: Member, meeting_id: str, given: Given) -> Ended:
    """A new time, room or place of one date; everybody concerned is told once."""
    turn, known = visit.turn, meeting_pages.meeting_named(visit.turn, meeting_id)
    if known is None:
        return Ended(toast=staff_text("toast.vanished"))
    meeting, page = known[0], f"{MEETING}.{meeting_id}"
    start, minutes = _start(given), _minutes(given)
    clock = turn.content.town.clock
    if (starts_at := instant(start, clock)) + timedelta(minutes=minutes) <= turn.now:
        return Ended(again="day", toast=staff_text("problem.over"))
    changes: list[Change | None] = []
    if (starts_at, starts_at + timedelta(minutes=minutes)) != (meeting.starts_at, meeting.ends_at):
        changes.append(meetings.move(turn, offering.terms_of(turn.content), meeting.id, start, minutes))
    if (room := str(given.get("room") or "")) != meeting.room:
        changes.append(meetings.set_room(turn, meeting.id, room))
    if (place := _place(given)) != (dict(meeting.place) if meeting.place else None):
        changes.append(meetings.set_place(turn, meeting.id, place))
    done = [one for one in changes if one is not None]
    if not done:
        return Ended(page, staff_text("toast.unchanged"))
    reminding.meeting_changed(turn, done[0].old, done[-1].new)
    joining.look_after(turn)
    return Ended(page, staff_text("toast.saved"))


def _place(given: Given) -> dict[str, str] | None:
    if not given.get("place"):
        return None
    return {
        key: str(given.get(name) or "") for key, name in (("name", "place"), ("address", "address"), ("map", "map"))
    }


def guest(visit: Visit, member: Member, subject: str, given: Given) -> Ended:
    """A seat for somebody who came by phone or in person."""
    turn = visit.turn
    offer_id, _, meeting = subject.partition(".")
    of = number(meeting)
    if offer_id not in turn.content.offers or of is None:
        return Ended(toast=staff_text("toast.vanished"))
    who = Guest(str(given.get("name") or ""), str(given.get("contact") or ""))
    target = Target(offer_id, of or None)
    outcome = registration.enter_guest(turn, offering.terms_of(turn.content), target, who, member.id)
    joining.settle(turn, outcome.news)
    said = {Result.FULL: "full", Result.OVER: "unchanged"}.get(outcome.result, "saved")
    return Ended(f"{PEOPLE}.{subject}.0", staff_text(f"toast.{said}"))


def broadcast(visit: Visit, member: Member, subject: str, given: Given) -> Ended:
    """How a broadcast goes out: its button, until when it helps, and when it leaves; or a correction of one."""
    turn, one = visit.turn, broadcast_pages.broadcast_named(visit.turn, subject)
    if one is None or one.stage in ENDED:
        return Ended(toast=staff_text("toast.vanished"))
    facts = _facts(turn, one, given)
    if isinstance(facts, Ended):
        return facts
    page = f"{broadcast_pages.BROADCAST}.{one.id}"
    if one.stage is not Stage.DRAFT:
        other = correcting.correct(turn, one, **facts)
        if not other:
            return Ended(page, staff_text("toast.unchanged"))
        audit.note(turn, Deed.CORRECTED, by=member, what=f"broadcast {one.id}")
        return Ended(page, staff_text("toast.corrected" if other - {correcting.UNTIL} else "toast.saved"))
    starts = _when(given)
    starts_at = None if starts is None else instant(starts, turn.content.town.clock)
    if starts_at is not None and not turn.now < starts_at < facts["last_useful_at"]:
        return Ended(again="day", toast=staff_text("problem.not_between"))
    broadcasts.change(
        turn.connection,
        one.id,
        **facts,
        starts_at=starts_at,
        unreleased=str(given.get("unreleased") or one.unreleased),
        joining=given.get("joining") == "yes",
        spread_hours=given.get("spread"),
    )
    reviews.take_back(turn.connection, one.id)
    return Ended(page, staff_text("toast.saved"))


def _facts(turn: Turn, one: Broadcast, given: Given) -> dict[str, Any] | Ended:
    """What stands below the text, and until when it helps, as columns; or the question to be answered again."""
    until = broadcasting.end_of_day(turn, date.fromisoformat(str(given["until"])))
    other = one.stage is Stage.DRAFT or until != one.last_useful_at
    if other and until <= turn.now:
        return Ended(again="until", toast=staff_text("problem.over"))
    answering = Answering(str(given.get("answering") or one.answering))
    if answering.offer and one.offer_id is None:
        return Ended(again="answering", toast=staff_text("problem.no_offer"))
    about = interesting.opening(turn.content, one.offer_id)
    if answering.interest and about is not None and not about.takes_interest:
        return Ended(again="answering", toast=staff_text("problem.no_interest"))
    link = given.get("link")
    if link is not None and not is_address(str(link)):
        return Ended(again="link", toast=staff_text("problem.no_address"))
    own_partner = answering.interest and about is None
    partner = given.get("partner") if own_partner else None
    said = replace(one, answering=answering, partner=None if partner is None else str(partner))
    if one.stage is not Stage.DRAFT and captions.excess(turn, said, broadcasts.versions(turn.connection, one.id)):
        return Ended(again="answering", toast=staff_text("toast.too_long"))
    return {"last_useful_at": until, "answering": answering.value, "partner": partner, "link": link}


def is_address(words: str) -> bool:
    """Whether words are an https address that a button can open."""
    try:
        parts = urlsplit(words)
        host = parts.hostname or ""
        return parts.scheme == "https" and "." in host.strip(".") and not parts.username and parts.port != 0
    except ValueError:
        return False


def _when(given: Given) -> datetime | None:
    """The day and time a form names; None where it names none."""
    if not given.get("day"):
        return None
    hour = time.fromisoformat(str(given["time"])) if given.get("time") else USUAL_HOUR
    return datetime.combine(date.fromisoformat(str(given["day"])), hour)


def _start(given: Given) -> datetime:
    day, hour = date.fromisoformat(str(given["day"])), time.fromisoformat(str(given["time"]))
    return datetime.combine(day, hour)


def _minutes(given: Given) -> int:
    value: Value | None = given["minutes"]
    return value if isinstance(value, int) else 60


ENDS: Mapping[str, End] = {
    OFFER: offer,
    TRANSLATION: translation,
    MEETINGS: new_meetings,
    CHANGE: change,
    GUEST: guest,
    BROADCAST: broadcast,
    OPENING: opening,
    ANSWER: template_deeds.said,
    ANSWER_IN: template_deeds.said_in,
}
"""What each form leads to, by its name."""
