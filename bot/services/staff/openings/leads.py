"""People who are interested: the list for the team, what became of each, and a word when somebody waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.broadcasts import OUTCOMES, Broadcast, Interest, Subject
from bot.core.folding import number
from bot.core.message import Button, Screen, Text, Words
from bot.core.office import is_open, working_days_before, works_on
from bot.core.roles import Right, may
from bot.core.timing import instant, local_time
from bot.db.broadcasts import broadcasts
from bot.db.openings import interests, partners
from bot.db.openings.interests import Interested
from bot.db.outbox import deliveries
from bot.db.people import participants, persons
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services import audit
from bot.services.audit import Deed
from bot.services.openings import interesting
from bot.services.openings.partner_screens import MARKS
from bot.services.staff import notices
from bot.services.staff.broadcasts.broadcast_pages import BROADCAST, broadcast_named
from bot.services.staff.offers.offer_pages import OPENING, title
from bot.services.staff.openings.noting_pages import PHONE, TEAM
from bot.services.staff.page import Page, back, files, go, paged
from bot.services.staff.people.people_pages import PERSON
from bot.services.staff.texts import member_name, person_name, staff_text
from bot.services.turn import Turn
from bot.services.view import Row

LEADS, LEAD = "leads", "lead"
FILE_VERB = "leads_file"
PATIENCE = 3
"""Working days that somebody who is interested waits before the team is reminded of them."""


def tell(turn: Turn, subject: Subject, by: Broadcast | None) -> None:
    """Tell whoever sent the message that somebody is interested; of others within the hour, once at its end."""
    cause = f"interest:{subject}:{turn.now:%Y%m%d%H}"
    if deliveries.was_planned(turn.connection, cause):
        next_hour = turn.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        _write(turn, subject, by, "told", f"{cause}:more", next_hour)
    else:
        _write(turn, subject, by, "told", cause)


def nudge(turn: Turn) -> None:
    """Say that somebody has been waiting for a call, at an hour when it can be made."""
    town = turn.content.town
    office, local = town.office_hours, local_time(turn.now, town.clock)
    if not (works_on(office, local.date(), town.closed) and is_open(office, local, town.closed)):
        return
    before = instant(working_days_before(office, local, PATIENCE, town.closed), town.clock)
    for subject in interests.forgotten(turn.connection, before):
        by = None if subject.broadcast is None else broadcasts.load(turn.connection, subject.broadcast)
        if not interesting.can_come_of(turn, subject, by):
            continue  # they are reminded of if it becomes available again
        _write(turn, subject, by, "nudge", f"interest:{subject}:nudge:{turn.now:%Y%m%d%H}")
        interests.nudged(turn.connection, subject, before, turn.now)


def _write(
    turn: Turn, subject: Subject, by: Broadcast | None, what: str, cause: str, at: datetime | None = None
) -> None:
    """Write to whoever sent the message; where nobody did, or they are gone, to everybody who may send."""
    everybody = staff.who_may(turn.connection, Right.SEND, turn.now)
    sender = [other for other in everybody if by is not None and other.id == by.released_by]
    offer = turn.content.offers.get(subject.opening or "")
    if offer is not None:
        text = staff_text(f"leads.{what}_opening", title=title(offer))
    else:
        text = staff_text(f"leads.{what}", number=subject.broadcast or 0)
    notices.tell(turn, sender or everybody, text, cause, at=at)


def _leads(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Everybody who is interested in an opening, or in what a message offers."""
    about = listed(turn, arguments[0])
    if about is None:
        return None
    subject, up = about
    every = interests.in_subject(turn.connection, subject)
    shown, around = paged(f"{LEADS}.{arguments[0]}", every, number(arguments[1]) or 0)
    names = _names(turn, member, shown)
    if shown:
        audit.looked(turn, Deed.LIST_SEEN, by=member, what=f"{LEADS} {subject}")
    rows: list[Row] = [
        (Button(staff_text("button.person", who=names[lead.id]), go(f"{LEAD}.{lead.id}"), MARKS[lead.state]),)
        for lead in shown
    ]
    what = staff_text("leads.how" if every else "leads.none")
    offer = turn.content.offers.get(subject.opening or "")
    if offer is not None:
        head = staff_text("leads.title_opening", len(every), title=title(offer))
    else:
        head = staff_text("leads.title", len(every), number=subject.broadcast or 0)
    people = frozenset(one.participant_id for one in shown)
    if every and may(member.role, Right.EXPORT_PEOPLE):
        around.append(files(f"{FILE_VERB}.{arguments[0]}"))
    return Screen(((head, what),), (*rows, *around, back(up)), about=people)


def listed(turn: Turn, word: str) -> tuple[Subject, str] | None:
    """The subject of the list that a broadcast or an opening names, and the page it was opened from."""
    one = broadcast_named(turn, word)
    if one is not None:
        return interesting.subject_of(turn.content, one), f"{BROADCAST}.{one.id}"
    offer = interesting.opening(turn.content, word)
    return None if offer is None else (Subject(opening=offer.id), f"{OPENING}.{offer.id}")


def _names(turn: Turn, member: Member, several: Sequence[Interested]) -> dict[int, Text]:
    """What each is called: by name where they gave one and the member may see it, else by a number."""
    people = [one.participant_id for one in several]
    said = participants.names(turn.connection, people) if may(member.role, Right.SEE_PEOPLE) else {}
    return {one.id: person_name(said.get(one.participant_id), one.participant_id) for one in several}


def _lead(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """One person, and what became of it."""
    one = interest_named(turn, arguments[0])
    if one is None:
        return None
    where = f"{LEAD} {one.subject}"
    audit.looked(turn, Deed.PROFILE_SEEN, by=member, about=one.participant_id, what=where)
    lines: list[Text | Words] = [
        _names(turn, member, [one])[one.id],
        staff_text("leads.since", since=local_time(one.since, turn.content.town.clock)),
        staff_text(f"leads.state_{one.state}"),
        *_noted(turn, one),
    ]
    if one.partner is not None:
        lines.append(staff_text("leads.partner", name=Words(one.partner)))
        lines += _partner(turn, one)
    rows: list[Row] = [
        (Button(staff_text(f"button.lead_{state}"), f"{LEAD}_is.{one.id}.{state}", MARKS[state]),)
        for state in OUTCOMES
        if state is not one.state
    ]
    if may(member.role, Right.SEE_PROFILES):
        rows.append((Button(staff_text("button.to_person"), go(f"{PERSON}.{one.participant_id}"), "👤"),))
    up = back(f"{LEADS}.{one.subject}.0")
    return Screen((tuple(lines),), (*rows, up), about=frozenset({one.participant_id}))


def _noted(turn: Turn, one: Interested) -> list[Text]:
    """Which member noted it, where the person did not say it in the chat."""
    how, _, member = one.agreed.partition(" ")
    if how not in {PHONE, TEAM}:
        return []
    return [staff_text(f"leads.noted_{how}", who=member_name(staff.name(turn.connection, number(member))))]


def _partner(turn: Turn, one: Interested) -> list[Text]:
    """What we told the partner, and what it answered."""
    told = partners.of_interest(turn.connection, one)
    if told is None:
        return [staff_text("leads.partner_not_told")]
    clock = turn.content.town.clock
    if told.said is not None and told.said_at is not None:
        at = local_time(told.said_at, clock)
        return [staff_text("leads.partner_said", state=staff_text(f"button.lead_{told.said}"), at=at)]
    if told.message_id is None:
        return [staff_text("leads.partner_on_way")]
    return [staff_text("leads.partner_told", at=local_time(told.since, clock))]


def interest_named(turn: Turn, word: str) -> Interested | None:
    """The interest that a page or a button is about; None if taken back, or the person's data is only kept."""
    key = number(word)
    one = None if key is None else interests.load(turn.connection, key)
    if one is None or one.state is Interest.WITHDRAWN:
        return None
    return None if persons.only_kept(turn.connection, [one.participant_id]) else one


PAGES: dict[str, Page] = {LEADS: Page(Right.SEND, _leads, 2), LEAD: Page(Right.SEND, _lead, 1)}
