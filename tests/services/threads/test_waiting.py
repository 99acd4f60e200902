"""Reminders of somebody who waits: the group or the team first, those who lead it later, in office hours only."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.roles import Role
from bot.services.threads import waiting
from tests.services.staff.people import NewTalk, member
from tests.services.talk import Talk
from tests.services.threads.scene import GROUP, Office, asking, bound, in_topic, thread_of


def keys(office: Office, chat_id: int) -> list[str]:
    """What a member was told of it."""
    found = [one.due.text_key for one in office.sent if one.due.chat_id == chat_id]
    return [key for key in found if key in {"staff.thread.reminded", "staff.thread.urged"}]


def later(person: Talk, office: Office, at: str) -> None:
    """It is then (UTC), and the clock looks around."""
    person.now = datetime.fromisoformat(f"{at}+00:00")
    person.turn(waiting.look_after)
    office.send()


def test_first_the_team_then_its_leads_and_each_once(new_talk: NewTalk) -> None:
    lead, lea, person = member(new_talk, Role.COORDINATOR), member(new_talk, Role.COUNSELLOR), asking(new_talk)
    office = Office(person)
    person.write("Hallo")  # Wednesday, ten o'clock in Minden
    later(person, office, "2026-11-25T12:30")  # three hours and a half, of which one was the break
    assert keys(office, lea.chat_id) == []
    for at in ("2026-11-25T14:10", "2026-11-25T20:00", "2026-11-26T03:00"):
        later(person, office, at)
    assert keys(office, lea.chat_id) == ["staff.thread.reminded"]
    later(person, office, "2026-11-26T12:30")
    assert keys(office, lea.chat_id) == ["staff.thread.reminded"]
    assert keys(office, lead.chat_id) == ["staff.thread.reminded", "staff.thread.urged"]


def test_who_was_answered_or_is_put_off_is_none_to_remind_of(new_talk: NewTalk) -> None:
    lea, person = member(new_talk, Role.COUNSELLOR), asking(new_talk)
    office = Office(person)
    person.write("Hallo")
    number = thread_of(person).id
    lea.command("staff")
    lea.tap("go.threads.0")
    lea.tap(f"go.thread.{number}")
    lea.tap(f"thread_later.{number}.24")
    later(person, office, "2026-11-26T08:50")
    assert keys(office, lea.chat_id) == []
    lea.now = person.now + timedelta(hours=1)
    lea.write("Hier bin ich")
    later(person, office, "2026-11-27T10:00")
    assert keys(office, lea.chat_id) == []


def test_in_a_group_the_topic_says_that_somebody_waits(new_talk: NewTalk) -> None:
    bound(member(new_talk))
    lea, person = member(new_talk, Role.COUNSELLOR), asking(new_talk)
    office = Office(person)
    person.write("Hallo")
    office.send()
    later(person, office, "2026-11-25T14:10")
    assert [text for text in office.texts(GROUP) if "wartet seit Stunden" in text] != []
    in_topic(lea, person, "Guten Tag")
    later(person, office, "2026-11-27T10:00")
    assert len([text for text in office.texts(GROUP) if "wartet seit Stunden" in text]) == 1
