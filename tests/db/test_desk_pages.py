"""What the team's chats show of people: noted as it stands, and handed over to be deleted when somebody is erased."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, select, update

from bot.core.roles import Role
from bot.core.threads import TEXT, Author
from bot.db import chats
from bot.db.chats import Mark
from bot.db.engine import Database
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import participants
from bot.db.rights import desk_pages, erasure, leaving, retention
from bot.db.rights.desk_pages import STAYS, Page
from bot.db.schema import chat, delivery, desk_page, going_message
from bot.db.staff import staff
from bot.db.threads import threads
from tests.db.rows import NOW, START, new_chat, new_participant

LEA = 900
MOMENT = timedelta(seconds=1)


def going(connection: Connection) -> dict[tuple[int, int], bool]:
    """What is to go, and whether it is a page."""
    return {(row.chat_id, row.message_id): row.page for row in connection.execute(select(going_message))}


def noted(connection: Connection) -> set[tuple[int, int | None, str]]:
    """Messages, whom each is about, and what they are."""
    asked = select(desk_page.c.message_id, desk_page.c.participant_id, desk_page.c.kind)
    return {(row[0], row[1], row[2]) for row in connection.execute(asked)}


def a_member(connection: Connection, chat_id: int = LEA, **columns: object) -> int:
    """A member of the team with a chat; the member's number."""
    new_chat(connection, chat_id, **columns)
    staff.add(connection, chat_id, NOW, role=Role.COUNSELLOR.value, name="Lea")
    member = staff.by_person(connection, chat_id)
    assert member is not None
    return member.id


def drawn(connection: Connection, message: int, *people: int, at: object = NOW, newest: bool = True) -> None:
    """A page about these people stands in the member's chat."""
    desk_pages.shown(connection, LEA, message, Page(frozenset(people), at), newest=newest)  # type: ignore[arg-type]


async def test_what_shows_somebody_is_to_go_when_they_are_erased_and_nothing_else(database: Database) -> None:
    def some(connection: Connection) -> tuple[int, int]:
        a_member(connection)
        one, other = new_participant(connection, 1), new_participant(connection, 2)
        drawn(connection, 10, one)
        drawn(connection, 11, one, other)
        drawn(connection, 12, other)
        drawn(connection, 13)
        desk_pages.wrote(connection, LEA, 14, Page(frozenset({one}), NOW))
        desk_pages.pictured(connection, LEA, 15, one, NOW)
        desk_pages.handed_over(connection, LEA, 16, NOW, NOW)
        desk_pages.shown(connection, 1, 17, Page(frozenset({one}), NOW), newest=True)
        erasure.erase_chat(connection, 1)
        return one, other

    _, other = await database.run(some)
    expected = {(LEA, 10): True, (LEA, 11): True, (LEA, 14): False, (LEA, 15): False, (LEA, 16): False}
    assert await database.run(going) == expected, "their own chat is the matter of `leaving`"
    assert await database.run(noted) == {(12, other, "page")}


async def test_one_of_several_of_a_phone_takes_their_own_along(database: Database) -> None:
    def some(connection: Connection) -> int:
        a_member(connection)
        one, other = new_participant(connection, 1), participants.create(connection, 1, START, NOW)
        drawn(connection, 10, one)
        drawn(connection, 11, other)
        erasure.erase_person(connection, 1, one)
        return other

    other = await database.run(some)
    assert await database.run(going) == {(LEA, 10): True}
    assert await database.run(noted) == {(11, other, "page")}


async def test_a_message_is_about_whom_it_shows_now(database: Database) -> None:
    def some(connection: Connection) -> tuple[int, int]:
        a_member(connection)
        one, other = new_participant(connection, 1), new_participant(connection, 2)
        drawn(connection, 10, one)
        drawn(connection, 10, other, at=NOW + MOMENT)
        drawn(connection, 10, one, newest=False)
        return one, other

    one, other = await database.run(some)
    assert await database.run(noted) == {(10, other, "page"), (10, one, "page")}
    times = await database.run(lambda tx: set(tx.execute(select(desk_page.c.at)).scalars()))
    assert times == {NOW}, "the messenger counts from when a message was sent"
    await database.run(lambda tx: drawn(tx, 10))
    assert await database.run(noted) == set()


async def test_a_page_that_comes_to_stand_after_its_person_was_erased_goes_as_well(database: Database) -> None:
    def some(connection: Connection) -> int:
        a_member(connection)
        one, other = new_participant(connection, 1), new_participant(connection, 2)
        erasure.erase_chat(connection, 1)
        drawn(connection, 10, one)
        drawn(connection, 11, one, other)
        drawn(connection, 12, other)
        return other

    other = await database.run(some)
    assert await database.run(going) == {(LEA, 10): True, (LEA, 11): True}
    assert await database.run(noted) == {(12, other, "page")}


async def test_a_list_that_was_made_while_somebody_was_erased_goes(database: Database) -> None:
    def some(connection: Connection) -> None:
        a_member(connection)
        one = new_participant(connection, 1)
        participants.give_consent(connection, one, "storage", language="de", text_version="v1", now=NOW)
        leaving.leave(connection, 1, NOW, None)
        erasure.erase_chat(connection, 1)
        desk_pages.handed_over(connection, LEA, 10, NOW + MOMENT, NOW)
        desk_pages.handed_over(connection, LEA, 11, NOW + MOMENT, NOW + MOMENT)

    await database.run(some)
    assert await database.run(going) == {(LEA, 10): False}
    assert await database.run(noted) == {(11, None, "file")}


async def test_what_members_wrote_to_somebody_and_were_told_of_them_goes(database: Database) -> None:
    def some(connection: Connection) -> None:
        lea = a_member(connection)
        one = new_participant(connection, 1)
        talk = threads.begin(connection, one, NOW)
        threads.add(connection, talk, Author.STAFF, TEXT, NOW, text="a", chat_id=LEA, message_id=20, staff_id=lea)
        threads.add(connection, talk, Author.NOTE, TEXT, NOW, text="b", chat_id=LEA, message_id=21, staff_id=lea)
        threads.add(connection, talk, Author.STAFF, TEXT, NOW, text="c", chat_id=-7, message_id=22, staff_id=lea)
        threads.add(connection, talk, Author.PERSON, TEXT, NOW, text="d", chat_id=1, message_id=23)
        told = Planned("waits", Kind.NOTICE, NOW, "ui.language.ask", participant_id=one)
        deliveries.plan(connection, [(LEA, told), (1, told)])
        connection.execute(update(delivery).values(message_id=delivery.c.chat_id + 30, sent_at=NOW))
        erasure.erase_chat(connection, 1)

    await database.run(some)
    assert await database.run(going) == {(LEA, 20): False, (LEA, 21): False, (LEA, LEA + 30): True}


async def test_what_was_left_goes_by_itself_and_the_living_page_stays(database: Database) -> None:
    def some(connection: Connection) -> int:
        a_member(connection, card_message=10)
        one = new_participant(connection, 1)
        drawn(connection, 9, one)
        drawn(connection, 10, one)
        desk_pages.handed_over(connection, LEA, 11, NOW, NOW)
        desk_pages.wrote(connection, LEA, 12, Page(frozenset({one}), NOW))
        desk_pages.fade(connection, NOW + STAYS)
        return one

    one = await database.run(some)
    assert await database.run(going) == {}
    await database.run(lambda tx: desk_pages.fade(tx, NOW + STAYS + MOMENT))
    assert await database.run(going) == {(LEA, 9): True, (LEA, 11): False}
    assert await database.run(noted) == {(10, one, "page"), (12, one, "words")}
    await database.run(lambda tx: desk_pages.fade(tx, NOW + leaving.DELETABLE + MOMENT))
    assert await database.run(noted) == {(10, one, "page")}
    assert await database.run(lambda tx: len(going(tx))) == 2, "words of a member are not taken from them"


async def test_who_leaves_the_team_keeps_no_page(database: Database) -> None:
    def some(connection: Connection) -> None:
        a_member(connection)
        drawn(connection, 10, new_participant(connection, 1))
        desk_pages.leave(connection, LEA)

    await database.run(some)
    assert await database.run(going) == {(LEA, 10): True}
    assert await database.run(noted) == set()


async def test_pages_lose_the_words_that_are_forgotten(database: Database) -> None:
    def some(connection: Connection) -> int:
        a_member(connection)
        for number in (1, 2):
            one = new_participant(connection, number)
            talk = threads.begin(connection, one, NOW)
            threads.add(connection, talk, Author.PERSON, TEXT, NOW, text="a", chat_id=number, message_id=1)
            drawn(connection, 10 + number, one)
        threads.change(connection, talk, changed_at=NOW + 2 * MOMENT)
        threads.add(connection, talk, Author.PERSON, TEXT, NOW + 2 * MOMENT, text="b", chat_id=2, message_id=2)
        return retention.forget_talks(connection, NOW + MOMENT)

    assert await database.run(some) == 1
    assert await database.run(going) == {(LEA, 11): True}
    assert await database.run(lambda tx: retention.forget_words(tx, NOW + MOMENT, NOW + MOMENT)) == 1
    assert await database.run(going) == {(LEA, 11): True, (LEA, 12): True}


async def test_a_chat_whose_card_has_gone_is_owed_it(database: Database) -> None:
    def some(connection: Connection) -> list[int]:
        a_member(connection, card_message=10, card_version=5, card_since=5, shown_version=5)
        a_member(connection, LEA + 1, card_message=10)
        drawn(connection, 9, new_participant(connection, 1))
        drawn(connection, 10, new_participant(connection, 2))
        leaving.go(connection, LEA, {9: NOW, 10: NOW}, page=True)
        leaving.go(connection, LEA + 1, {10: NOW})
        return leaving.gone(connection, leaving.going(connection, 9), NOW)

    assert await database.run(some) == [LEA]
    row = await database.run(lambda tx: tx.execute(select(chat).where(chat.c.id == LEA)).one())
    assert (row.card_message, row.card_version, row.card_since, row.shown_version) == (None, 6, 6, 5)


async def test_what_can_be_emptied_never_gets_too_old(database: Database) -> None:
    old = NOW - leaving.DELETABLE - MOMENT
    await database.run(lambda tx: leaving.go(tx, LEA, {1: old}))
    await database.run(lambda tx: leaving.go(tx, LEA, {2: old}, page=True))
    assert await database.run(lambda tx: leaving.gone(tx, (), NOW)) == []
    assert await database.run(going) == {(LEA, 2): True}


async def test_a_card_and_whom_it_shows_are_noted_together(database: Database) -> None:
    def some(connection: Connection) -> tuple[int, int]:
        a_member(connection, card_version=6, shown_version=4)
        one, other = new_participant(connection, 1), new_participant(connection, 2)
        chats.shown(connection, [Mark(LEA, 6, 10, NOW, page=Page(frozenset({one}), NOW))])
        chats.shown(connection, [Mark(LEA, 5, 10, NOW, page=Page(frozenset({other}), NOW))])
        chats.shown(connection, [Mark(LEA, 6, 10, NOW)])
        return one, other

    one, other = await database.run(some)
    assert await database.run(noted) == {(10, one, "page"), (10, other, "page")}, "which was drawn last is not known"
