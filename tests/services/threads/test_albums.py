"""Albums of the team: the words stand below one of several pictures, and a note reaches nobody with any of them."""

from __future__ import annotations

import pytest

from bot.core.roles import Role
from bot.db import inbox
from bot.db.inbox import Arrived
from bot.services import messages
from bot.services.deliveries.acts import Away, Copy
from bot.services.threads import group, manners
from bot.services.turn import Visitor
from bot.services.written import Written
from tests.services.staff.people import NewTalk, member
from tests.services.talk import Talk
from tests.services.threads.scene import GROUP, Office, asking, bound, in_topic, said, thread_of
from tests.services.threads.test_private import opened

NOTE = "// nur intern"


def asked(new_talk: NewTalk) -> tuple[Talk, Talk, Office]:
    """A counsellor, somebody who has asked in a topic, and the sender."""
    bound(member(new_talk))
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea Braun"), asking(new_talk)
    person.write("Welche Papiere?")
    office = Office(person)
    office.send()
    lea.now = person.now
    return lea, person, office


def picture(lea: Talk, person: Talk, words: str = "", album: str = "a1") -> None:
    """One picture of an album."""
    in_topic(lea, person, words, kind="photo", album=album)


def later(*talks: Talk) -> None:
    """Time goes by until an album is together."""
    for one in talks:
        one.now += manners.TOGETHER


def reached(office: Office, person: Talk) -> list[str]:
    """What was done in the person's chat, by its kind."""
    return [type(one.act).__name__ for one in office.sent if one.due.chat_id == person.chat_id]


def edit(lea: Talk, person: Talk, place: int, words: str) -> None:
    """The words below a picture are these now."""
    one = said(person)[place]
    changed = Written(words, one.message_id or 0, lea.now, kind="photo", album=one.album)
    lea.turn(group.edited, Visitor(GROUP, "de", lea.chat_id, "Lea"), thread_of(person).topic or 0, changed)


@pytest.mark.parametrize("words", [NOTE, "/ nur intern"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_note_below_one_picture_keeps_the_whole_album_back(new_talk: NewTalk, place: int, words: str) -> None:
    lea, person, office = asked(new_talk)
    for each in range(3):
        picture(lea, person, words if each == place else "")
        office.send(1)
    later(lea, person)
    office.send()
    assert reached(office, person) == []
    assert [(one.author.value, one.state.value) for one in said(person)[1:]] == [("note", "desk")] * 3
    assert thread_of(person).waiting_since == said(person)[0].at, "nobody has answered"


def test_an_album_without_a_note_waits_until_it_is_together_and_comes_in_its_order(new_talk: NewTalk) -> None:
    lea, person, office = asked(new_talk)
    for words in ("", "Beide Seiten", ""):
        picture(lea, person, words)
        office.send(1)
    in_topic(lea, person, "Bitte mitbringen")
    office.send()
    later(lea, person)
    office.send()
    copied = [one.act.message for one in office.sent if isinstance(one.act, Copy)]
    assert copied == [one.message_id for one in said(person)[1:4]]
    assert reached(office, person) == ["Copy", "Copy", "Copy", "Say"]


def test_words_that_come_after_the_pictures_were_passed_on_take_them_away(new_talk: NewTalk) -> None:
    lea, person, office = asked(new_talk)
    picture(lea, person)
    later(lea, person)
    office.send()
    assert reached(office, person) == ["Copy"]
    picture(lea, person, NOTE)
    picture(lea, person)
    office.send()
    assert reached(office, person) == ["Copy", "Away"]
    assert thread_of(person).waiting_since == said(person)[0].at


def test_a_note_that_is_written_below_a_picture_later_takes_all_of_them_away(new_talk: NewTalk) -> None:
    lea, person, office = asked(new_talk)
    for words in ("Bitte ausfüllen", "", ""):
        picture(lea, person, words)
    later(lea, person)
    office.send()
    copies = [one.copy_message for one in said(person)[1:]]
    assert reached(office, person) == ["Copy"] * 3
    edit(lea, person, 2, NOTE)
    gone = [one for one in office.send() if one.due.chat_id == person.chat_id]
    assert {type(one.act) for one in gone} == {Away}
    assert sorted(one.due.edits or 0 for one in gone) == copies


def test_a_note_that_is_written_below_a_picture_at_once_keeps_them_back(new_talk: NewTalk) -> None:
    lea, person, office = asked(new_talk)
    picture(lea, person)
    picture(lea, person)
    office.send(1)
    edit(lea, person, 1, NOTE)
    later(lea, person)
    office.send()
    assert reached(office, person) == []


def test_while_something_of_the_group_is_not_read_yet_no_picture_goes(new_talk: NewTalk) -> None:
    lea, person, office = asked(new_talk)
    picture(lea, person)
    unread = [Arrived(987_654, GROUP, "{}")]
    lea.table.run(lambda tx: inbox.store(tx, unread, lea.now))
    later(lea, person)
    office.send()
    assert reached(office, person) == []
    lea.table.run(lambda tx: inbox.take(tx, 987_654))
    later(lea, person)
    office.send()
    assert reached(office, person) == ["Copy"]


@pytest.mark.parametrize("place", [0, 1])
def test_at_the_desk_too_where_the_second_picture_overtakes_the_card(new_talk: NewTalk, place: int) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk)
    person.write("Welche Papiere?")
    office = Office(person)
    opened(person, lea)
    lea.now = person.now
    for each in range(2):
        words = NOTE if each == place else ""
        sent = Written(words, lea._next_message(), lea.now, early=each > 0, kind="photo", album="b1")
        lea.turn(messages.unreadable, lea.visitor, "only_words", sent)
    later(lea, person)
    office.send()
    assert reached(office, person) == []
    assert [one.author.value for one in said(person)[1:]] == ["note", "note"]
