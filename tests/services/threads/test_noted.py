"""What of talks the audit trail knows: who looked at which, and which group became the team's."""

from __future__ import annotations

from datetime import timedelta

from bot.core.roles import Role
from bot.db import audit
from bot.db.audit import Filter
from bot.services.audit import Deed
from tests.services.staff.people import NewTalk, member, number
from tests.services.talk import Talk
from tests.services.threads.scene import GROUP, OTHER, asking, bound, thread_of


def entries(talk: Talk) -> list[tuple[str, str]]:
    """What this member's entries say, the oldest first, without how they came into the team."""
    which = Filter(actor=f"staff:{number(talk)}")
    found = talk.table.run(lambda tx: audit.entries(tx, which, 0, 100))[::-1]
    return [(one.deed, one.what) for one in found if one.deed != Deed.JOINED]


def at_a_talk(new_talk: NewTalk) -> tuple[Talk, Talk, str]:
    """A counsellor who has opened the talk of somebody, that person, and what entries call the talk."""
    lea, person = member(new_talk, Role.COUNSELLOR), asking(new_talk)
    person.write("Wo ist der Kurs?")
    lea.command("staff")
    lea.tap("go.threads.0")
    lea.tap(f"go.thread.{thread_of(person).id}")
    return lea, person, f"talk {thread_of(person).id}"


def test_who_opens_a_talk_that_goes_on_and_the_list_of_them_leaves_entries(new_talk: NewTalk) -> None:
    lea, person, talk = at_a_talk(new_talk)
    assert entries(lea) == [("list_seen", "talks"), ("profile_seen", talk)]
    seen = lea.table.run(lambda tx: audit.entries(tx, Filter(deed="profile_seen"), 0, 1))[0]
    participant = person.participant()
    assert participant is not None
    assert seen.about == lea.table.run(lambda tx: audit.pseudonym(tx, participant.id))


def test_the_page_that_is_drawn_anew_is_the_same_look_for_ten_minutes(new_talk: NewTalk) -> None:
    lea, person, talk = at_a_talk(new_talk)
    key = thread_of(person).id
    lea.tap(f"thread_take.{key}")
    lea.write("Im Raum 3.")
    lea.write("Um 9 Uhr.")
    lea.tap(f"thread_undo.{key}")
    looks = [("list_seen", "talks"), ("profile_seen", talk)]
    assert entries(lea) == [*looks, ("answered", talk), ("answered", talk), ("recalled", talk)]
    lea.now += timedelta(minutes=11)
    lea.tap(f"thread_give.{key}")
    assert entries(lea)[-1] == ("profile_seen", talk)


def test_the_list_of_closed_talks_and_one_of_them_are_looks_too(new_talk: NewTalk) -> None:
    lea, person, _ = at_a_talk(new_talk)
    key = thread_of(person).id
    lea.tap(f"thread_close.{key}.answered")
    lea.tap("go.threads.0")
    lea.tap("go.closed.0")
    lea.tap(f"go.thread.{key}")
    assert entries(lea)[-2:] == [("list_seen", "talks over"), ("profile_seen", "talk")]


def test_a_list_that_names_nobody_is_no_look(new_talk: NewTalk) -> None:
    lea = member(new_talk, Role.COUNSELLOR)
    lea.command("staff")
    lea.tap("go.threads.0")
    lea.tap("go.closed.0")
    assert entries(lea) == []


def test_a_group_that_becomes_the_teams_is_an_entry_and_the_same_one_again_is_none(new_talk: NewTalk) -> None:
    boss = member(new_talk)
    bound(boss)
    bound(boss)
    bound(boss, OTHER)
    assert entries(boss) == [("group_bound", f"group {GROUP}"), ("group_bound", f"group {OTHER}")]
