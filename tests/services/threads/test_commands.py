"""Commands in a topic, and a talk that is given to another member."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.message import Button
from bot.core.roles import Role
from bot.services import messages
from bot.services.threads import group
from bot.services.turn import Visitor
from bot.services.written import Written
from tests.services.staff.people import NewTalk, member, number, shown
from tests.services.talk import Talk
from tests.services.threads.scene import GROUP, Office, a_group, asking, in_topic, said, thread_of


def in_a_topic(new_talk: NewTalk) -> tuple[Talk, Talk, Office]:
    """A counsellor, and somebody whose topic is there."""
    lea, person, office = a_group(new_talk, "de")
    person.write("Hallo")
    office.send()
    return lea, person, office


def told(office: Office) -> str:
    """What is said in the topic now."""
    before = len(office.texts(GROUP))
    office.send()
    return "\n".join(office.texts(GROUP)[before:])


@pytest.mark.parametrize(
    ("command", "hours"), [("/later", 4), ("/later 24", 24), ("/later 48", 48), ("/later 720", 720)]
)
def test_later_takes_any_number_of_hours_up_to_thirty_days(new_talk: NewTalk, command: str, hours: int) -> None:
    lea, person, office = in_a_topic(new_talk)
    in_topic(lea, person, command)
    assert thread_of(person).snoozed_until == lea.now + timedelta(hours=hours)
    assert "/later" not in told(office).replace("/later und eine Zahl stellt", "")


@pytest.mark.parametrize("command", ["/later 0", "/later 721", "/later morgen", "/later -4", "/later 4 5"])
def test_later_that_is_not_understood_says_what_is_possible(new_talk: NewTalk, command: str) -> None:
    lea, person, office = in_a_topic(new_talk)
    in_topic(lea, person, command)
    assert thread_of(person).snoozed_until is None
    assert "von 1 bis 720" in told(office)
    assert office.texts(person.chat_id) == []


def test_close_with_a_reason_that_is_none_says_which_there_are(new_talk: NewTalk) -> None:
    lea, person, office = in_a_topic(new_talk)
    in_topic(lea, person, "/close fertig")
    assert thread_of(person).closed_at is None
    assert "/close passed_on" in told(office)


@pytest.mark.parametrize("command", ["/give Mia Klein", "/give mia", "/give @Mia", "/give MIA KLEIN"])
def test_give_with_a_name_gives_the_talk_to_that_member_who_is_told(new_talk: NewTalk, command: str) -> None:
    lea, person, office = in_a_topic(new_talk)
    mia = member(new_talk, Role.COUNSELLOR, "Mia Klein")
    in_topic(lea, person, command)
    assert thread_of(person).assigned_to == number(mia)
    office.send()
    handed = [one.due for one in office.sent if one.due.text_key == "staff.thread.handed"]
    assert [one.chat_id for one in handed] == [mia.chat_id]


def test_give_alone_gives_it_back_and_to_oneself_tells_nobody(new_talk: NewTalk) -> None:
    lea, person, office = in_a_topic(new_talk)
    in_topic(lea, person, "/give Lea")
    assert thread_of(person).assigned_to == number(lea)
    in_topic(lea, person, "/give")
    assert thread_of(person).assigned_to is None
    office.send()
    assert not [one for one in office.sent if one.due.text_key == "staff.thread.handed"]


@pytest.mark.parametrize("name", ["Mia", "Niemand", "Tom"])
def test_a_name_of_several_of_nobody_or_of_who_may_not_answer_gives_it_to_nobody(
    new_talk: NewTalk, name: str
) -> None:
    lea, person, office = in_a_topic(new_talk)
    for one in ("Mia Klein", "Mia Groß"):
        member(new_talk, Role.COUNSELLOR, one)
    member(new_talk, Role.TEACHER, "Tom")
    in_topic(lea, person, "/take")
    in_topic(lea, person, f"/give {name}")
    assert thread_of(person).assigned_to == number(lea)
    said = told(office)
    assert "Mia Groß" in said
    assert "Mia Klein" in said
    assert "Tom" not in said


def test_at_the_desk_a_talk_is_given_to_a_member_of_a_list(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk)
    mia, tom = member(new_talk, Role.COUNSELLOR, "Mia"), member(new_talk, Role.VIEWER, "Tom")
    person.write("Hallo")
    key = thread_of(person).id
    lea.command("staff")
    lea.tap("go.threads.0")
    lea.tap(f"go.thread.{key}")
    lea.tap(f"go.thread_to.{key}.0")
    actions = [one.action for row in lea.drawn[-1].card.screen.rows for one in row if isinstance(one, Button)]
    assert f"thread_hand.{key}.{number(mia)}" in actions
    assert f"thread_hand.{key}.{number(tom)}" not in actions
    lea.tap(f"thread_hand.{key}.{number(mia)}")
    assert thread_of(person).assigned_to == number(mia)
    assert "Mia" in shown(lea)
    lea.write("Mia meldet sich.")
    assert thread_of(person).assigned_to == number(mia), "the page is the talk's again, and an answer changes nobody"


def changed(lea: Talk, person: Talk, text: str) -> None:
    """The counsellor changes the last word in the topic."""
    written = Written(text, said(person)[-1].message_id or 0, lea.now)
    lea.turn(group.edited, Visitor(GROUP, "de", lea.chat_id, "Lea"), thread_of(person).topic or 0, written)


def test_a_note_that_looks_like_an_answer_now_stays_one_and_the_topic_says_so(new_talk: NewTalk) -> None:
    lea, person, office = in_a_topic(new_talk)
    in_topic(lea, person, "// ruft morgen an")
    changed(lea, person, "// ruft am Montag an")
    assert told(office) == ""
    changed(lea, person, "Wir rufen am Montag an")
    assert "bleibt eine Notiz" in told(office)
    assert office.texts(person.chat_id) == []
    assert said(person)[-1].author.value == "note"


def test_at_the_desk_it_says_so_above_the_page(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea"), asking(new_talk)
    person.write("Hallo")
    lea.command("staff")
    lea.tap("go.threads.0")
    lea.tap(f"go.thread.{thread_of(person).id}")
    lea.write("// ruft morgen an")
    note = Written("Wir rufen an", said(person)[-1].message_id or 0, lea.now)
    lea.see(lea.turn(messages.edited, lea.visitor, note))
    assert "bleibt eine Notiz" in shown(lea)
