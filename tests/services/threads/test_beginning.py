"""The team begins a talk, not in the person's night; and looks at talks that are over, which is written down."""

from __future__ import annotations

from datetime import timedelta

from bot.core.roles import Role
from bot.db import audit
from tests.services.staff.people import NewTalk, member, shown
from tests.services.talk import Talk
from tests.services.threads.scene import Office, asking, said, states, thread_of


def begun(new_talk: NewTalk) -> tuple[Talk, Talk, Office]:
    """A counsellor with the page of a talk before them, of somebody who has written nothing."""
    lea, person = member(new_talk, Role.COUNSELLOR, "Lea Braun"), asking(new_talk)
    one = person.participant()
    assert one is not None
    lea.command("staff")
    lea.tap("go.found.0")
    lea.tap(f"go.person.{one.id}")
    lea.tap(f"thread_begin.{one.id}")
    return lea, person, Office(person)


def at_night(*talks: Talk) -> None:
    """It is three in the morning."""
    for one in talks:
        one.now = one.now.replace(hour=2) + timedelta(days=1)


def test_words_of_the_team_reach_somebody_who_has_written_nothing(new_talk: NewTalk) -> None:
    lea, person, office = begun(new_talk)
    lea.write("Haben Sie Ihr Zeugnis schon?")
    office.send()
    assert "Haben Sie Ihr Zeugnis schon?" in office.texts(person.chat_id)[0]
    assert thread_of(person).assigned_to is not None


def test_a_talk_in_which_nobody_wrote_is_not_answered_and_leads_back_to_the_person(new_talk: NewTalk) -> None:
    lea, person, _ = begun(new_talk)
    one = person.participant()
    assert one is not None
    assert "noch niemand geschrieben" in shown(lea)
    assert "Beantwortet" not in shown(lea)
    assert not [action for action in lea.actions if action.startswith(("thread_close.", "thread_later."))]
    lea.tap(f"go.person.{one.id}")
    lea.command("staff")
    lea.tap("go.threads.0")
    assert f"go.thread.{thread_of(person).id}" not in lea.actions


def test_a_talk_that_was_opened_by_the_list_leads_back_to_the_list(new_talk: NewTalk) -> None:
    lea, person, _ = begun(new_talk)
    lea.write("Haben Sie Ihr Zeugnis schon?")
    assert "Beantwortet" in shown(lea)
    assert f"thread_close.{thread_of(person).id}.answered" in lea.actions
    lea.command("staff")
    lea.tap("go.threads.0")
    lea.tap(f"go.thread.{thread_of(person).id}")
    assert "go.threads.0" in lea.actions


def test_the_team_reads_that_a_talk_was_closed_when_somebody_writes_again(new_talk: NewTalk) -> None:
    lea, person, _ = begun(new_talk)
    number = thread_of(person).id
    lea.write("Alles Gute!")
    assert "war geschlossen" not in shown(lea)
    lea.tap(f"thread_close.{number}.answered")
    person.write("Noch eine Frage")
    lea.command("staff")
    lea.tap("go.threads.0")
    lea.tap(f"go.thread.{number}")
    assert shown(lea).count("war geschlossen und ist wieder offen") == 1
    lea.tap(f"thread_close.{number}.answered")
    lea.write("Ja, gern")
    assert shown(lea).count("war geschlossen und ist wieder offen") == 2


def test_in_the_night_they_wait_for_the_morning_and_come_once(new_talk: NewTalk) -> None:
    lea, person, office = begun(new_talk)
    at_night(lea, person)
    lea.write("Haben Sie Ihr Zeugnis schon?")
    office.send()
    assert office.texts(person.chat_id) == []
    person.now += timedelta(hours=7)
    office.send()
    office.send()
    assert len(office.texts(person.chat_id)) == 1


def test_whoever_writes_in_the_night_is_awake(new_talk: NewTalk) -> None:
    lea, person, office = begun(new_talk)
    at_night(lea, person)
    lea.write("Haben Sie Ihr Zeugnis schon?")
    office.send()
    person.write("Eine Frage")
    office.send()
    assert len(office.texts(person.chat_id)) == 1
    assert "sent" in states(person)


def test_a_talk_that_is_there_is_gone_on_with(new_talk: NewTalk) -> None:
    lea, person, _ = begun(new_talk)
    one = person.participant()
    assert one is not None
    number = thread_of(person).id
    lea.command("staff")
    lea.tap("go.found.0")
    lea.tap(f"go.person.{one.id}")
    lea.tap(f"thread_begin.{one.id}")
    assert thread_of(person).id == number
    assert said(person) == []


def test_a_talk_that_is_over_stands_on_its_page_and_a_look_at_it_in_the_trail(new_talk: NewTalk) -> None:
    lea, person, _ = begun(new_talk)
    number = thread_of(person).id
    lea.write("Alles Gute!")
    lea.tap(f"thread_close.{number}.answered")
    before = looks(lea)
    lea.command("staff")
    lea.tap("go.threads.0")
    assert f"go.thread.{number}" not in lea.actions
    lea.tap("go.closed.0")
    assert "geschlossenes Gespräch" in shown(lea)
    lea.now += timedelta(minutes=20)
    lea.tap(f"go.thread.{number}")
    assert "Alles Gute!" in shown(lea)
    assert looks(lea) == before + 1


def looks(lea: Talk) -> int:
    """How often a talk that is over was looked at."""
    found = lea.table.run(lambda tx: audit.entries(tx, audit.Filter(), 0, 500))
    return sum((one.deed, one.what) == ("profile_seen", "talk") for one in found)
