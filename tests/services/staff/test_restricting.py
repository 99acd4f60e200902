"""Somebody's data is only kept (Art. 18): no list, audience or file knows them until an admin lifts it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, text

from bot.core.conditions import All
from bot.core.reminders import Topic
from bot.core.roles import Role
from bot.db import audit, schema
from bot.db.audience import keeping
from bot.db.audience.counting import Terms, count
from bot.db.audit import Filter
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import likeness, people, profiles, restricting
from bot.db.rights import retention
from bot.db.rights.retention import Silence
from bot.services.audit import Deed
from bot.services.buttons import of_card
from bot.services.deliveries import saying
from bot.services.deliveries.saying import Skip
from bot.services.profiles import merging
from bot.services.turn import Turn
from tests.services.staff.finding import listed, looked_for, somebody
from tests.services.staff.people import NewTalk, member, number, row, shown
from tests.services.talk import Talk

pytestmark = pytest.mark.usefixtures("empty")


@pytest.fixture(autouse=True)
def _nothing_planned(talk: Talk) -> None:
    talk.table.run(lambda tx: tx.execute(text("DELETE FROM delivery")))
    talk.table.run(lambda tx: tx.execute(text("DELETE FROM audit_entry")))


def press(talk: Talk, action: str) -> None:
    """Press a button of the desk, whether it stands there or not."""
    newest = talk.drawn[-1]
    talk.tap_data(of_card(newest.card.version) + action, newest.message)


def restricted(me: Talk, person: int) -> None:
    """An admin does it, as they do it."""
    looked_for(me)
    me.tap(f"go.person.{person}")
    me.tap(f"go.restricting.{person}")
    me.tap(f"restrict.{person}")


def found_anywhere(me: Talk, person: int) -> set[str]:
    """Which of the ways to many people know this one."""

    def look(tx: Connection) -> set[str]:
        keeping.refresh(tx)
        silence = Silence(me.now + timedelta(1), me.now, finished=True)
        ways = {
            "audience": count(tx, me.content.questionnaire, All(()), Terms(), me.now).sample,
            "export": [one.id for one in profiles.profile_rows(tx)],
            "doubles": [one.id for one in likeness.newest(tx, ["goals"])],
            "digests and deadlines": [one.id for one in people.page(tx, 0, 100, [])],
            "silence": [one for _, one in retention.silent(tx, silence)],
        }
        return {name for name, ones in ways.items() if person in ones}

    looked_for(me)
    searched = {"search"} if person in listed(me) else set()
    return me.table.run(look) | searched


EVERY_WAY = {"audience", "export", "doubles", "digests and deadlines", "silence", "search"}


def test_nobody_finds_them_any_more_until_it_is_lifted(new_talk: NewTalk) -> None:
    anna, person = somebody(new_talk, "Anna")
    _, omar = somebody(new_talk, "Omar")
    me = member(new_talk)
    assert found_anywhere(me, person) == EVERY_WAY
    restricted(me, person)
    assert found_anywhere(me, person) == set()
    assert found_anywhere(me, omar) == EVERY_WAY
    anna.start()
    assert found_anywhere(me, person) == set(), "nor when they are here again"
    looked_for(me)
    me.tap("go.restricted.0")
    me.tap(f"go.person.{person}")
    me.tap(f"lift.{person}")
    assert found_anywhere(me, person) == EVERY_WAY


def test_their_page_shows_nothing_but_that(new_talk: NewTalk) -> None:
    _, person = somebody(new_talk, "Anna")
    me = member(new_talk)
    restricted(me, person)
    assert "Gesperrt seit" in shown(me)
    assert "Antworten, Notizen und Verlauf" in shown(me)
    assert not any(one.startswith(("go.said", "go.notes", "go.contacts", "go.twins")) for one in me.actions)
    for page in (f"said.{person}", f"notes.{person}.0", f"contacts.{person}.0"):
        press(me, f"go.{page}")
        assert "Das gibt es hier nicht mehr." in shown(me), page
    me.write("a note")
    assert me.table.run(lambda tx: tx.execute(select(schema.note.c.id)).all()) == []


def test_both_are_noted_and_the_person_hears_of_both(new_talk: NewTalk) -> None:
    anna, person = somebody(new_talk)
    me = member(new_talk)
    restricted(me, person)
    press(me, f"restrict.{person}")
    press(me, f"lift.{person}")
    press(me, f"lift.{person}")
    found = me.table.run(lambda tx: audit.entries(tx, Filter(), 0, 100))[::-1]
    deeds = [(one.deed, one.actor) for one in found if one.deed in {Deed.RESTRICTED, Deed.LIFTED}]
    assert deeds == [(Deed.RESTRICTED, f"staff:{number(me)}"), (Deed.LIFTED, f"staff:{number(me)}")]
    told = select(schema.delivery.c.text_key).where(schema.delivery.c.chat_id == anna.chat_id)
    keys = me.table.run(lambda tx: tx.execute(told.order_by(schema.delivery.c.id)).scalars().all())
    assert keys == ["ui.restricted.on", "ui.restricted.off"]


def test_privacy_says_so_as_long_as_it_is_so(new_talk: NewTalk) -> None:
    anna, person = somebody(new_talk)
    me = member(new_talk)
    anna.command("privacy")
    assert "gesperrt" not in shown(anna)
    restricted(me, person)
    anna.command("privacy")
    assert "Ihre Daten sind gesperrt seit" in shown(anna)


@pytest.mark.parametrize(("topic", "said"), [(Topic.OWN, False), (Topic.PATH, True), (None, False)])
def test_what_was_planned_is_left_out_but_for_what_they_asked_for(
    new_talk: NewTalk, topic: Topic | None, *, said: bool
) -> None:
    anna, person = somebody(new_talk)
    me = member(new_talk)

    def skipped(tx: Connection) -> bool:
        restricting.restrict(tx, person, me.now)
        one = Planned("x", Kind.NOTICE, me.now, "ui.breach.title", PARAMS, topic=topic, participant_id=person)
        deliveries.plan(tx, [(anna.chat_id, one)])
        due = deliveries.claim(tx, "me", me.now, 1)
        return saying.prepared(Turn(tx, me.content, me.now), due)[due[0].id] == Skip("restricted")

    assert me.table.run(skipped) is said


PARAMS = {"happened": "lost", "on": "2026-11-20", "data": ["answers"]}


def test_it_is_not_put_together_with_another(new_talk: NewTalk) -> None:
    _, person = somebody(new_talk)
    _, other = somebody(new_talk)
    me = member(new_talk)
    restricted(me, person)
    boss = row(me)
    assert boss is not None
    assert me.turn(merging.merge, person, other, boss) is None
    assert me.turn(merging.merge, other, person, boss) is None


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.COUNSELLOR])
def test_nobody_but_an_admin_can(new_talk: NewTalk, role: Role) -> None:
    _, person = somebody(new_talk)
    me = member(new_talk, role)
    for action in (f"restrict.{person}", f"go.restricting.{person}", "go.restricted.0"):
        press(me, action)
    assert me.table.run(restricting.everybody) == []
    me.table.run(lambda tx: restricting.restrict(tx, person, me.now))
    press(me, f"lift.{person}")
    assert [one for one, _ in me.table.run(restricting.everybody)] == [person]
