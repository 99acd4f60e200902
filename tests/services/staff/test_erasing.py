"""The team erases somebody who asked for it by letter or at the desk: as /forget does, and they are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.core.dangers import Danger, SecondFactor
from bot.core.roles import Role
from bot.db import audit, chats
from bot.db.audit import Filter
from bot.db.people import participants
from bot.db.rights import erasure, leaving
from bot.db.schema import delivery, erasure_proof, participant
from bot.services.audit import Deed
from bot.services.buttons import of_card
from tests.services.staff.finding import listed, looked_for, somebody
from tests.services.staff.people import NewTalk, member, number, shown
from tests.services.talk import Talk

pytestmark = pytest.mark.usefixtures("empty")


def asked_to(me: Talk, person: int) -> None:
    """The last question before somebody is erased."""
    looked_for(me)
    me.tap(f"go.person.{person}")
    me.tap(f"go.erasing.{person}")


def press(talk: Talk, action: str) -> None:
    """Press a button of the desk, whether it stands there or not."""
    newest = talk.drawn[-1]
    talk.tap_data(of_card(newest.card.version) + action, newest.message)


def test_somebody_is_erased_by_two_taps_with_proof_and_entry_and_hears_of_it_in_their_language(
    new_talk: NewTalk,
) -> None:
    anna, person = somebody(new_talk, "Anna")
    anna.table.run(lambda tx: chats.save(tx, anna.chat_id, {"language": "uk"}))
    _, omar = somebody(new_talk, "Omar")
    me = member(new_talk)
    asked_to(me, person)
    assert "Anna löschen?" in shown(me)
    assert anna.participant() is not None
    reply = me.tap(f"erase_person.{person}")
    assert anna.chat() is None
    assert anna.participant() is None
    assert listed(me) == {omar}
    card = reply.elsewhere
    assert card is not None
    assert (card.chat_id, card.language, card.kept, card.edit) == (anna.chat_id, "uk", False, None)
    said = me.content.texts.render("uk", card.screen).text
    assert "/start" in said
    assert "Anna" not in said
    found = me.table.run(lambda tx: audit.entries(tx, Filter(), 0, 10))
    last = next(one for one in found if one.deed == Deed.ERASED)
    assert (last.actor, last.about, last.what) == (f"staff:{number(me)}", None, "")
    assert me.table.run(lambda tx: tx.execute(select(func.count()).select_from(erasure_proof)).scalar_one()) == 1
    going = {one.chat_id for one in me.table.run(lambda tx: leaving.going(tx, 100))}
    assert {anna.chat_id, me.chat_id} <= going, "what showed them goes, also at the desk"


def test_it_is_noted_for_backups_as_any_erasure(new_talk: NewTalk) -> None:
    anna, person = somebody(new_talk)
    me = member(new_talk)
    asked_to(me, person)
    me.table.connection.info.pop(erasure.ERASED, None)
    me.tap(f"erase_person.{person}")
    assert me.table.connection.info[erasure.ERASED] == [anna.chat_id]


def test_of_several_on_a_phone_one_goes_and_the_others_read_so(new_talk: NewTalk) -> None:
    first, person = somebody(new_talk, "Amal")
    first.command("people")
    first.tap("add_person")
    first.finish(1)
    other = first.participant()
    assert other is not None
    me = member(new_talk)
    asked_to(me, person)
    assert "Andere auf diesem Handy bleiben" in shown(me)
    reply = me.tap(f"erase_person.{person}")
    assert reply.elsewhere is None
    left = me.table.run(lambda tx: tx.execute(select(participant.c.id)).scalars().all())
    assert left == [other.id]
    told = select(delivery.c.text_key, delivery.c.chat_id)
    assert ("ui.forget.by_team_other", first.chat_id) in [
        tuple(one) for one in me.table.run(lambda tx: tx.execute(told).all())
    ]
    first.command("profile")
    assert first.participant() is not None


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.COUNSELLOR])
def test_nobody_but_an_admin_can(new_talk: NewTalk, role: Role) -> None:
    anna, person = somebody(new_talk)
    me = member(new_talk, role)
    looked_for(me)
    me.tap(f"go.person.{person}")
    assert f"go.erasing.{person}" not in me.actions
    press(me, f"erase_person.{person}")
    press(me, f"go.erasing.{person}")
    assert anna.participant() is not None


def test_a_member_does_not_erase_themselves_here(new_talk: NewTalk) -> None:
    me, person = somebody(new_talk)
    boss = member(lambda: me)
    asked_to(boss, person)
    reply = boss.tap(f"erase_person.{person}")
    assert reply.toast is not None
    assert reply.toast.key == "staff.erase.yourself"
    assert me.participant() is not None


def test_who_is_gone_by_then_is_gone(new_talk: NewTalk) -> None:
    anna, person = somebody(new_talk)
    me = member(new_talk)
    asked_to(me, person)
    me.table.run(lambda tx: erasure.erase_chat(tx, anna.chat_id))
    reply = me.tap(f"erase_person.{person}")
    assert reply.toast is not None
    assert reply.toast.key == "staff.toast.vanished"


def test_where_the_town_wants_a_second_factor_it_takes_one(new_talk: NewTalk) -> None:
    anna, person = somebody(new_talk)
    me = member(new_talk)
    rule = SecondFactor(frozenset({Danger.ERASE}))
    me.content = replace(me.content, town=replace(me.content.town, second_factor=rule))
    asked_to(me, person)
    reply = me.tap(f"erase_person.{person}")
    assert reply.toast is not None
    assert reply.toast.key == "staff.toast.factor_needed"
    assert me.table.run(lambda tx: participants.chat_of(tx, person)) is not None
    assert anna.participant() is not None
