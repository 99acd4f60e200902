"""Two profiles of one person are put together, with their talks, and taken apart within a week."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.roles import Role
from bot.core.seats import State
from bot.db import schema
from bot.db.offers import meetings, registrations
from bot.db.offers.registrations import Target
from bot.db.people import merging as rows
from bot.db.people.merging import Merging
from bot.db.schema import delivery
from bot.db.staff import staff
from bot.db.staff.staff import Member
from bot.services import places, upkeep
from bot.services.deliveries.acts import Deed as Closing
from bot.services.deliveries.acts import TopicIs
from bot.services.offers.synchronising import synchronise
from bot.services.profiles import merging
from bot.services.reminders import reminding
from bot.services.turn import Turn
from tests.services.staff.finding import looked_for, somebody
from tests.services.staff.people import NewTalk, member, number, shown
from tests.services.talk import Talk
from tests.services.threads.scene import Office, bound, clear, in_topic, said, thread_of

pytestmark = pytest.mark.usefixtures("empty")


def test_two_profiles_are_suggested_put_together_and_taken_apart(new_talk: NewTalk) -> None:
    old, kept = somebody(new_talk, "Amina Haddad")
    new, gone = somebody(new_talk, "Haddad Amina")
    before = new.answers()
    me = member(new_talk, Role.COORDINATOR)
    looked_for(me)
    me.tap("go.doubles.0")
    assert "fast der Name" in shown(me)
    assert f"Amina Haddad (Nr. {kept}) und Haddad Amina (Nr. {gone})" in shown(me)
    me.tap(f"go.pair.{kept}.{gone}")
    assert f"Haddad Amina (Nr. {gone})" in shown(me)
    me.tap(f"join_people.{kept}.{gone}")
    assert new.participant() is None
    assert "auch Nr." in shown(me)
    new.write("Hallo")
    assert "zwei Chats" in shown(new)
    new.tap_data(f"v{new.drawn[-1].card.version}.profile", new.drawn[-1].message)
    assert "zwei Chats" in shown(new)
    assert len(old.answers()[0]) >= len(before[0])
    apart = next(one for one in me.actions if one.startswith("go.apart."))
    me.tap(apart)
    me.tap(apart.replace("go.apart", "split"))
    row = new.participant()
    assert row is not None
    assert row.id == gone
    assert new.answers() == before
    assert new.place == places.DONE


def by(turn: Turn, me: Talk) -> Member:
    """The member who does it."""
    found = staff.by_person(turn.connection, me.chat_id)
    assert found is not None
    return found


def stored(turn: Turn, number: int | None) -> Merging:
    """Two profiles that were put together."""
    found = rows.load(turn.connection, number or 0)
    assert found is not None
    return found


def test_a_talk_goes_on_in_the_chat_that_stays_and_parts_again(talk: Talk, new_talk: NewTalk) -> None:
    clear(talk)
    bound(member(new_talk))
    old, kept = somebody(new_talk, "Amina Haddad")
    new, gone = somebody(new_talk, "Amina Haddad")
    me, lea = member(new_talk, Role.COORDINATOR), member(new_talk, Role.COUNSELLOR, "Lea")
    office = Office(new)
    for each, words in ((old, "Erster Chat"), (new, "Zweiter Chat")):
        each.command("ask")
        each.write(words)
        office.send()
    topics = [thread_of(each).topic for each in (old, new)]
    in_topic(lea, new, "Noch nicht gesagt")
    put_together = me.turn(lambda turn: merging.merge(turn, kept, gone, by(turn, me)))
    office.send()
    assert [each.text for each in said(old)][:2] == ["Erster Chat", "Zweiter Chat"]
    assert "Noch nicht gesagt" in office.texts(old.chat_id)[-1]
    closed = TopicIs(topics[1] or 0, Closing.CLOSE)
    assert [one.act for one in office.sent if isinstance(one.act, TopicIs)] == [closed]
    in_topic(lea, old, "Seitdem gesagt")
    office.send()
    assert "Seitdem gesagt" in office.texts(old.chat_id)[-1]
    me.turn(lambda turn: merging.take_apart(turn, stored(turn, put_together), by(turn, me)))
    office.send()
    assert [each.text for each in said(old)] == ["Erster Chat", "Seitdem gesagt"]
    assert [each.text for each in said(new)] == ["Zweiter Chat", "Noch nicht gesagt"]
    assert [thread_of(each).topic for each in (old, new)] == topics
    in_topic(lea, new, "Im zweiten")
    office.send()
    assert "Im zweiten" in office.texts(new.chat_id)[-1]
    actor = f"staff:{number(lea)}"
    deeds = me.table.run(
        lambda tx: tx.execute(
            select(schema.audit_entry.c.about, schema.audit_entry.c.what).where(
                schema.audit_entry.c.deed == "answered", schema.audit_entry.c.actor == actor
            )
        ).all()
    )
    assert len(deeds[-3:]) == 3
    assert all(about is not None and what.startswith("talk ") for about, what in deeds)


def test_after_a_week_it_stays_and_the_silent_chat_goes(new_talk: NewTalk) -> None:
    _, kept = somebody(new_talk, "Amina Haddad")
    new, gone = somebody(new_talk, "Amina Haddad")
    me = member(new_talk, Role.COORDINATOR)
    looked_for(me)
    me.tap("go.doubles.0")
    me.tap(f"go.pair.{kept}.{gone}")
    me.tap(f"join_people.{kept}.{gone}")
    me.turn(upkeep.forget_what_is_due)
    assert new.chat() is not None
    me.now += timedelta(days=8)
    me.turn(upkeep.forget_what_is_due)
    me.turn(upkeep.forget_strangers)
    assert new.chat() is None
    assert me.table.run(lambda tx: tx.execute(select(schema.merging.c.id)).all()) == []


def test_where_nobody_is_alike_it_says_so_and_asks_for_nothing(new_talk: NewTalk) -> None:
    me = member(new_talk, Role.COORDINATOR)
    looked_for(me)
    me.tap("go.doubles.0")
    assert shown(me) == "Zurzeit sieht kein Paar nach derselben Person aus."


@pytest.mark.parametrize("of_kept", [State.REQUESTED, State.HELD, State.REGISTERED])
def test_of_two_seats_at_one_meeting_the_better_one_is_reminded_of_in_the_chat_that_stays(
    new_talk: NewTalk, of_kept: State
) -> None:
    old, kept = somebody(new_talk, "Amina Haddad")
    new, gone = somebody(new_talk, "Haddad Amina")
    me = member(new_talk, Role.COORDINATOR)
    me.turn(synchronise)
    meeting = me.table.run(lambda tx: meetings.of_offers(tx, ["info_degree"], me.now))[-1]
    target = Target("info_degree", meeting.id)

    def sit(turn: Turn, person: int, state: State) -> int:
        since = {"registered_at": turn.now} if state is State.REGISTERED else {}
        until = {"held_until": turn.now + timedelta(days=1)} if state is State.HELD else {}
        key = registrations.create(turn.connection, target, state, turn.now, participant_id=person, **since, **until)
        reminding.settings_changed(turn, person)
        return key

    def planned(turn: Turn) -> set[tuple[int, int | None, str]]:
        mine = select(delivery.c.chat_id, delivery.c.registration_id, delivery.c.text_key).where(
            delivery.c.chat_id.in_([old.chat_id, new.chat_id]),
            delivery.c.state == "planned",
            delivery.c.kind == "reminder",
        )
        rows = turn.connection.execute(mine)
        return {(chat, seat, text) for chat, seat, text in rows}

    seats = me.turn(sit, kept, of_kept), me.turn(sit, gone, State.REGISTERED)
    before = me.turn(planned)
    me.turn(lambda turn: merging.merge(turn, kept, gone, by(turn, me)))
    better = seats[0] if of_kept is State.REGISTERED else seats[1]
    said = {text for chat, seat, text in before if seat == seats[1]}
    assert said
    assert me.turn(planned) == {(old.chat_id, better, text) for text in said}
