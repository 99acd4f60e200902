"""The pages about one participant: where they stand, what they said, our contacts with them, and the team's notes."""

from __future__ import annotations

from datetime import datetime

from bot.content.locales import SOURCE_LANGUAGE, german_name
from bot.core import engine
from bot.core.attending import Attended
from bot.core.broadcasts import Subject
from bot.core.folding import number
from bot.core.message import Argument, Button, Listing, Screen, Text, Words
from bot.core.offers import Offer
from bot.core.roles import Right, may
from bot.core.seats import ENDED
from bot.core.timing import local_time
from bot.db.audience.finding import Person
from bot.db.openings import interests
from bot.db.people import contacts, merging, notes, people
from bot.db.people.contacts import Contact, Standing
from bot.db.people.notes import Note
from bot.db.staff.staff import Member
from bot.services.audit import Deed
from bot.services.questions.stored import StoredAnswers
from bot.services.questions.summary import paragraphs, told
from bot.services.rights import accompanying, consents
from bot.services.staff.looking import called, looked, participant_named, unrestricted
from bot.services.staff.offers.offer_pages import title
from bot.services.staff.page import Page, back, go, paged
from bot.services.staff.people.people_pages import PEOPLE, PERSON
from bot.services.staff.texts import member_name, staff_text
from bot.services.turn import Turn
from bot.services.view import Block, Row, View, local_day, shortened, town

SAID, CONTACTS, NOTES, TWINS, APART = "said", "contacts", "notes", "twins", "apart"
ERASING, RESTRICTING, LIFT_VERB = "erasing", "restricting", "lift"
LONGEST_NOTE = 1000
SHOWN_OF_NOTE = 300
"""Letters of a note on a page of several: a page has to stay one message."""
DROP_VERB, SPLIT_VERB = "note_drop", "split"


def _person(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Where somebody stands, in short."""
    found = participant_named(turn, arguments[0])
    if found is None:
        return None
    one, standing = found
    looked(turn, member, Deed.PROFILE_SEEN, one.id)
    if standing.restricted_at is not None:
        return _only_kept(turn, member, one, standing.restricted_at)
    joined = merging.of_person(turn.connection, one.id)
    blocks: list[Block] = [
        (staff_text("profile.title", who=called(member, one)),),
        (*_facts(turn, standing), *accompanying.opened_with(turn, one.id)),
        (_consents(turn, one.id),),
        tuple(_seats(turn, one.id)),
    ]
    rows = _ways(turn, member, one)
    if joined is not None:
        until = local_day(turn.content, joined.at + merging.WEEK)
        gone = staff_text("person.number", number=joined.gone_id)
        blocks.append((staff_text("profile.joined", who=gone, until=until),))
        if may(member.role, Right.MERGE_PEOPLE):
            rows.append((Button(staff_text("profile.apart"), go(f"{APART}.{joined.id}"), "✂️"),))
    shown = tuple(block for block in blocks if block)
    return Screen(shown, (*rows, back(f"{PEOPLE}.0")), about=frozenset({one.id}))


def _ways(turn: Turn, member: Member, one: Person) -> list[Row]:
    """From a person's page to the others about them, as far as the member may."""
    written = notes.of_person(turn.connection, one.id)
    rows: list[Row] = [
        (Button(staff_text("profile.said"), go(f"{SAID}.{one.id}"), "📝"),),
        (Button(staff_text("profile.contacts"), go(f"{CONTACTS}.{one.id}.0"), "🕘"),),
        (Button(staff_text("profile.notes", number=len(written)), go(f"{NOTES}.{one.id}.0"), "📌"),),
    ]
    if may(member.role, Right.ANSWER):
        rows.append(_talk(one))
    if may(member.role, Right.SEND):
        rows.append((Button(staff_text("profile.note_interest"), go(f"note_for.{one.id}.0"), "✋"),))
    if may(member.role, Right.MERGE_PEOPLE):
        rows.append((Button(staff_text("profile.twins"), go(f"{TWINS}.{one.id}"), "👯"),))
    if may(member.role, Right.ERASE_PEOPLE):
        rows.append((Button(staff_text("restrict.button"), go(f"{RESTRICTING}.{one.id}"), "🔒"),))
        rows.append(_erase(one))
    return rows


def _only_kept(turn: Turn, member: Member, one: Person, since: datetime) -> Screen:
    """Somebody about whom nothing is shown, since their data is only kept."""
    block: Block = (staff_text("restrict.since", day=local_day(turn.content, since)), staff_text("restrict.what"))
    rows: list[Row] = []
    if may(member.role, Right.ANSWER):
        rows.append(_talk(one))
    if may(member.role, Right.ERASE_PEOPLE):
        rows.append((Button(staff_text("restrict.lift"), f"{LIFT_VERB}.{one.id}", "🔓"),))
        rows.append(_erase(one))
    title: Block = (staff_text("profile.title", who=called(member, one)),)
    return Screen((title, block), (*rows, back(f"{PEOPLE}.0")), about=frozenset({one.id}))


def _talk(one: Person) -> Row:
    return (Button(staff_text("profile.talk"), f"thread_begin.{one.id}", "💬"),)


def _erase(one: Person) -> Row:
    return (Button(staff_text("profile.erase"), go(f"{ERASING}.{one.id}"), "🗑"),)


def _facts(turn: Turn, one: Standing) -> Block:
    """Language, since when, how far, and whether a message arrives."""

    def day(name: str, at: datetime) -> Text:
        return staff_text(name, day=local_day(turn.content, at))

    language = Words(german_name(one.language or SOURCE_LANGUAGE))
    lines = [staff_text("profile.language", language=language), day("profile.begun", one.created_at)]
    if one.finished_at is None:
        lines.append(staff_text("profile.unfinished"))
    else:
        lines.append(day("profile.finished", one.finished_at))
    lines.append(day("profile.seen", one.seen_at))
    if one.source:
        lines.append(staff_text("profile.source", source=Words(one.source)))
    if one.blocked:
        lines.append(staff_text("profile.blocked"))
    if one.on_phone > 1:
        lines.append(staff_text("profile.shares", number=one.on_phone))
    if one.moved_at is not None:
        lines.append(day("profile.account_changed", one.moved_at))
    return tuple(lines)


def _consents(turn: Turn, person: int) -> Text:
    given = consents.given(turn, person)
    what = tuple(town(f"consents.{one.id}.title") for one in turn.content.town.consents if one.id in given)
    return staff_text("profile.consents", what=Listing(what)) if what else staff_text("profile.no_consent")


def _seats(turn: Turn, person: int) -> list[Text]:
    """Their current seats, how often they came, and what they are interested in."""
    lines = [
        staff_text(f"person.{seat.state}", who=title(turn.content.offers[seat.offer_id]))
        for seat in people.seats(turn.connection, person)
        if seat.state not in ENDED and seat.offer_id in turn.content.offers
    ]
    came = contacts.attended(turn.connection, person)
    if came:
        present, excused, absent = (came.get(state.value, 0) for state in _ATTENDED)
        lines.append(staff_text("profile.attended", present=present, excused=excused, absent=absent))
    wanted = interests.all_of_person(turn.connection, person)
    if wanted:
        each = tuple(_subject(turn, one.subject) for one in wanted)
        lines.append(staff_text("profile.interests", numbers=Listing(each)))
    return lines


def _subject(turn: Turn, one: Subject) -> Argument:
    """What somebody is interested in: an opening by its title, a message by its number."""
    offer = turn.content.offers.get(one.opening or "")
    return title(offer) if offer is not None else Words(str(one))


_ATTENDED = (Attended.PRESENT, Attended.EXCUSED, Attended.ABSENT)


def _seen(turn: Turn, member: Member, word: str, page: str) -> Person | None:
    """The person a page is about, looked at by that; None where they are gone, or their data is only kept."""
    found = unrestricted(turn, word)
    if found is None:
        return None
    looked(turn, member, Deed.PROFILE_SEEN, found[0].id, page)
    return found[0]


def _said(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """The answers as sentences, as the person reads them; sensitive ones only for members who may see them."""
    one = _seen(turn, member, arguments[0], SAID)
    if one is None:
        return None
    content = turn.content
    stored = StoredAnswers(turn.connection, content.questionnaire, one.id)
    said = engine.State(stored.aged(turn.now, refreshing=False))
    every = told(View(content, SOURCE_LANGUAGE, said, now=turn.now, more=True))
    shown = [pair for pair in every if not pair[0].sensitive or may(member.role, Right.SEE_SENSITIVE)]
    blocks: list[Block] = [(staff_text("profile.said_title", who=called(member, one)),)]
    blocks += paragraphs(content, shown) or [(staff_text("profile.said_nothing"),)]
    if len(shown) < len(every):
        blocks.append((staff_text("profile.hidden", len(every) - len(shown)),))
    return Screen(tuple(blocks), (back(f"{PERSON}.{one.id}"),), about=frozenset({one.id}))


def _contacts(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """Our contacts with the person, the newest first: that there was one, and when, never what was said."""
    one = _seen(turn, member, arguments[0], CONTACTS)
    if one is None:
        return None
    every = contacts.of_person(turn.connection, one.id)
    shown, around = paged(f"{CONTACTS}.{one.id}", every, number(arguments[1]) or 0)
    lines: Block = tuple(_contact(turn, each) for each in shown) or (staff_text("profile.no_contact"),)
    head: Block = (staff_text("profile.contacts_title", len(every), who=called(member, one)),)
    return Screen((head, lines), (*around, back(f"{PERSON}.{one.id}")), about=frozenset({one.id}))


def _contact(turn: Turn, one: Contact) -> Text:
    at = local_time(one.at, turn.content.town.clock)
    offer: Offer | None = turn.content.offers.get(one.offer_id or "")
    what = staff_text(f"contact.{one.what}")
    if offer is None:
        return staff_text("profile.contact", at=at, what=what)
    return staff_text("profile.contact_about", at=at, what=what, title=title(offer))


def _notes(turn: Turn, member: Member, arguments: tuple[str, ...]) -> Screen | None:
    """What the team wrote about the person; words typed here become another note."""
    one = _seen(turn, member, arguments[0], NOTES)
    if one is None:
        return None
    every = notes.of_person(turn.connection, one.id)
    shown, around = paged(f"{NOTES}.{one.id}", every, number(arguments[1]) or 0)
    blocks: list[Block] = [(staff_text("profile.notes_title", len(every), who=called(member, one)),)]
    blocks += [_note(turn, each) for each in shown]
    blocks.append((staff_text("profile.notes_how"),))
    rows: list[Row] = [
        (
            Button(
                staff_text("profile.note_drop", text=Words(shortened(each.text, 24))), f"{DROP_VERB}.{each.id}", "🗑"
            ),
        )
        for each in shown
        if each.author_id == member.id
    ]
    up = back(f"{PERSON}.{one.id}")
    return Screen(tuple(blocks), (*rows, *around, up), about=frozenset({one.id}))


def _note(turn: Turn, one: Note) -> Block:
    at = local_time(one.at, turn.content.town.clock)
    return (staff_text("profile.note", at=at, who=member_name(one.author)), Words(shortened(one.text, SHOWN_OF_NOTE)))


def notes_before(turn: Turn, focus: str) -> int | None:
    """The participant whose notes are before a member; None on any other page, or where they are gone."""
    name, *arguments = focus.split(".")
    found = unrestricted(turn, arguments[0]) if name == NOTES and arguments else None
    return None if found is None else found[0].id


PAGES: dict[str, Page] = {
    PERSON: Page(Right.SEE_PROFILES, _person, 1),
    SAID: Page(Right.SEE_PROFILES, _said, 1),
    CONTACTS: Page(Right.SEE_PROFILES, _contacts, 2),
    NOTES: Page(Right.SEE_PROFILES, _notes, 2),
}
