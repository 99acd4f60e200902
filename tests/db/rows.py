"""Rows for tests: people who have come as far as a test needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert

from bot.core.broadcasts import Interest, Subject, Version
from bot.core.engine import Answer, State, Status
from bot.core.offers import Said
from bot.core.roles import Role
from bot.core.threads import TEXT, Author
from bot.db import alarms, audit, chats, content_runs, inbox
from bot.db.audience import keeping
from bot.db.broadcasts import broadcasts, reviews, saved_audiences, translations
from bot.db.broadcasts.reviews import Review
from bot.db.chats import ChatRow, ParticipantRow
from bot.db.inbox import Arrived
from bot.db.offers import offers
from bot.db.openings import interests, partners
from bot.db.openings.interests import Interested
from bot.db.outbox import deliveries, thread_deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import accompanying, merging, notes, paper_codes, participants, path_marks, people
from bot.db.rights import desk_pages, leaving
from bot.db.rights.desk_pages import Page
from bot.db.schema import attendance, meeting, registration, replica
from bot.db.staff import drafts, invitations, second_factors, staff
from bot.db.staff.staff import Member
from bot.db.threads import answers, threads

NOW = datetime(2026, 11, 25, 9, 30, 15, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHAT = ChatRow(
    id=2**40 + 7,  # longer than 32 bits, like the ids of new people
    language="ar",
    source="jobcenter",
    created_at=NOW,
    seen_at=NOW,
    blocked_at=None,
    screen="questions",
    detour=None,
    focus=None,
    card_version=1,
    card_since=1,
    shown_version=0,
    card_message=None,
    shown_at=None,
)
CANARY, OTHER = "kanarienvogel", "zaunkoenig"
"""What a person wrote who is to be forgotten, and what others wrote."""
START = State({}, "goals", ("german", "job"))


def given(value: str | int | tuple[str, ...]) -> Answer:
    """An answer with a value."""
    return Answer(Status.GIVEN, value)


def new_chat(connection: Connection, chat_id: int = CHAT.id, **columns: object) -> None:
    """A chat that has not consented."""
    chats.create(connection, replace(CHAT, id=chat_id, **columns))  # type: ignore[arg-type]


def new_participant(connection: Connection, chat_id: int = CHAT.id, **columns: object) -> int:
    """A chat with a participant. Returns the participant's id."""
    new_chat(connection, chat_id, **columns)
    return participants.create(connection, chat_id, START, NOW)


def whole_person(connection: Connection, chat_id: int, word: str, update_id: int) -> int:
    """A person with a row in every table about people. `word` is in everything that people write."""
    person = new_participant(connection, chat_id, source=word)
    given_ones = {"goals": given(("german", "job")), "anything": given(f"{word} said at length"), "hours": given(10)}
    participants.save_answers(connection, person, given_ones, "r1", NOW)
    again = {"anything": given(f"{word} once more")}
    participants.save_answers(connection, person, again, "r1", NOW + HOUR, history=["anything"])
    participants.give_consent(connection, person, "storage", language="ar", text_version="v1", now=NOW)
    deliveries.plan(connection, [(chat_id, Planned("reminder:7", Kind.REMINDER, NOW, "ui.language.ask"))])
    register(connection, person, update_id)
    people.want_no_more(connection, person, "info", NOW)
    participants.set_preferences(connection, person, name=word)
    path_marks.mark(connection, person, "vpd", NOW)
    talk = threads.begin(connection, person, NOW)
    threads.add(connection, talk, Author.PERSON, TEXT, NOW, text=word, chat_id=chat_id, message_id=update_id)
    keeping.refresh(connection, after=person - 1, until=person)
    participants.finish(connection, person, NOW)  # so their profile is marked once more
    content_runs.record(connection, "minden", f"r{update_id}", {"questions": []}, NOW)
    member = _of_the_team(connection, chat_id)
    threads.bind(connection, -7, member.id, NOW)
    thread_deliveries.keep_topic(connection, person, -7, update_id)
    drafts.create(connection, member.id, "guest", "", State({}, "name"), NOW)
    offers.write(connection, Said(f"own_{update_id}", own=True), {"seats": 3}, {}, member.id, NOW)
    number = broadcasts.create(connection, member.id, NOW, last_useful_at=NOW + HOUR)
    broadcasts.write(connection, number, Version("de", "said to many"), NOW)
    answers.say(connection, answers.Said(f"own{update_id}", "Office", "Come by", withdrawn=False), member.id, NOW)
    answers.write(connection, f"own{update_id}", "en", source="-", text="Come by")
    reviews.save(connection, Review(number, member.id, NOW))
    saved_audiences.save(connection, f"group {update_id}", {}, member.id, NOW)
    process = {"name": "m/1/a", "version": "0", "started_at": NOW, "until": NOW}
    connection.execute(insert(replica), process)
    alarms.save(connection, f"alarm{update_id}", alarms.Row(NOW, NOW))
    interests.give(connection, Interested(0, person, Subject(broadcast=number), None, Interest.OPEN, NOW), "ar", "v1")
    translations.keep(connection, {f"{update_id:064}": "a sentence of staff"}, NOW)
    invitations.create(connection, f"hash{update_id}", Role.TEACHER, NOW, HOUR, None)
    one = partners.load(connection, partners.invite(connection, "Muster", f"hash{update_id}", NOW, HOUR, member.id))
    assert one is not None
    partners.change(connection, one.id, person_id=chat_id, opened_at=NOW)
    (wanted,) = interests.all_of_person(connection, person)
    partners.tell(connection, replace(one, person_id=chat_id), wanted)
    accompanying.put(connection, chat_id, f"{update_id}", NOW)
    notes.write(connection, person, member.id, f"{word} needs a laptop", NOW)
    merged = participants.create(connection, chat_id, START, NOW)
    merging.merge(connection, person, merged, member.id, NOW, away="merged", stand_in="-")
    audit.append(connection, NOW, "profile_seen", f"staff:{member.id}", person, "")
    _shown(connection, chat_id, person, update_id)
    paper_codes.write(connection, person, f"CODE{update_id}", NOW)
    paper_codes.tried(connection, chat_id, NOW)
    inbox.store(connection, [Arrived(update_id, chat_id, f'{{"text":"{word}"}}')], NOW)
    return person


def _of_the_team(connection: Connection, person: int) -> Member:
    """A member who sets up a second factor."""
    staff.add(connection, person, NOW, role="teacher", name="Lea")
    member = staff.by_person(connection, person)
    assert member is not None
    second_factors.begin(connection, member.id, "SECRET", NOW)
    second_factors.give(connection, member.id, ["CODE"])
    second_factors.pictured(connection, person, 77, NOW)
    return member


def _shown(connection: Connection, chat_id: int, person: int, message: int) -> None:
    """A message in a chat about a person."""
    leaving.shown(connection, chat_id, message, NOW)
    desk_pages.shown(connection, chat_id, message, Page(frozenset({person}), NOW), newest=True)


def new_meeting(connection: Connection, offer_id: str = "info", **columns: object) -> int:
    """A meeting of an hour tomorrow, in room 1. Returns its id."""
    row = {
        "offer_id": offer_id,
        "original": "2026-11-26T10:30",
        "starts_at": NOW + 24 * HOUR,
        "ends_at": NOW + 25 * HOUR,
        "room": "1",
        "from_file": True,
        "updated_at": NOW,
    }
    made: int = connection.execute(insert(meeting).returning(meeting.c.id), {**row, **columns}).scalar_one()
    return made


def register(connection: Connection, person: int, number: int) -> int:
    """A seat at a meeting of its own, at which the person was present. Returns the registration's id."""
    held = new_meeting(connection, f"info_{number}")
    row = {"offer_id": f"info_{number}", "meeting_id": held, "participant_id": person, "state": "registered"}
    seat: int = connection.execute(
        insert(registration).returning(registration.c.id), {**row, "queued_at": NOW, "registered_at": NOW}
    ).scalar_one()
    connection.execute(
        insert(attendance),
        {"registration_id": seat, "meeting_id": held, "state": "present", "marked_at": NOW},
    )
    return seat


def loaded(connection: Connection, chat_id: int = CHAT.id) -> ChatRow:
    """The chat, which must exist."""
    found = chats.load(connection, chat_id)
    assert found is not None
    return found[0]


def participant_of(connection: Connection, chat_id: int = CHAT.id) -> ParticipantRow:
    """The chat's participant, who must exist."""
    found = chats.load(connection, chat_id)
    assert found is not None
    assert found[1] is not None
    return found[1]


def answers_of(connection: Connection, participant_id: int) -> tuple[dict[str, Answer], frozenset[str]]:
    """Every answer by question id, and the ids of those that are marked as counting."""
    stored = participants.answers(connection, participant_id)
    return {name: one.answer for name, one in stored.items()}, frozenset(
        name for name, one in stored.items() if one.applies
    )
