"""Partners at the desk: who may invite one, who confirms, and what ending one does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.roles import Role
from bot.db.openings import partners
from bot.db.openings.partners import Partner, Standing
from bot.db.schema import delivery, partner
from bot.db.staff import staff
from bot.services import places
from bot.services.staff.members import inviting
from bot.services.staff.openings import partner_inviting
from bot.services.staff.openings.partner_pages import key
from bot.services.turn import Visitor
from tests.services.staff.every_button import press
from tests.services.staff.people import NewTalk, member, number, shown
from tests.services.talk import Talk


def named(talk: Talk) -> str:
    """A partner that an opening of the town names."""
    return next(one.partner for one in talk.content.offers.values() if one.partner)


def invited(boss: Talk) -> str:
    """The payload of an invitation from the desk."""
    press(boss, "go.partners.0")
    press(boss, f"go.partner.{key(named(boss))}")
    boss.tap(f"partner_invite.{key(named(boss))}")
    return shown(boss).partition("/start ")[2].split()[0]


def newest(talk: Talk) -> Partner:
    found = talk.table.run(lambda tx: tx.execute(select(partner.c.id).order_by(partner.c.id.desc())).scalar())
    one = talk.table.run(lambda tx: partners.load(tx, found or 0))
    assert one is not None
    return one


@pytest.fixture(autouse=True)
def nobody(talk: Talk) -> None:
    """No partner is left of another test."""
    talk.table.run(lambda tx: tx.exec_driver_sql("DELETE FROM partner"))


def test_from_the_invitation_to_the_end(new_talk: NewTalk) -> None:
    boss, petra = member(new_talk, Role.COORDINATOR), new_talk()
    petra.name = "Petra"
    payload = invited(boss)
    assert partner_inviting.PAYLOAD.fullmatch(payload)
    assert payload not in str(boss.table.run(lambda tx: tx.execute(select(partner)).all())), "only its hash is kept"
    petra.start(payload)
    assert "Das Team bestätigt noch" in shown(petra)
    assert petra.place == places.PARTNER
    assert newest(boss).standing(boss.now) is Standing.WAITING
    assert petra.table.run(lambda tx: staff.by_person(tx, petra.chat_id)) is None
    press(boss, f"go.partner.{key(named(boss))}")
    assert "Petra hat den Link geöffnet" in shown(boss)
    boss.tap(f"partner_confirm.{newest(boss).id}")
    assert "Chat von Petra" in shown(boss)
    assert newest(boss).standing(boss.now) is Standing.LIVING
    boss.tap(f"go.partner_ending.{newest(boss).id}")
    boss.tap(f"partner_end.{newest(boss).id}")
    assert newest(boss).standing(boss.now) is Standing.ENDED
    said = boss.table.run(
        lambda tx: tx.execute(select(delivery.c.text_key).where(delivery.c.chat_id == petra.chat_id)).scalars().all()
    )
    assert set(said) == {"staff.partner.confirmed", "staff.partner.ended"}


def test_a_link_is_good_once_and_for_a_day_and_as_long_as_its_maker_may(new_talk: NewTalk) -> None:
    boss, one, two = member(new_talk, Role.COORDINATOR), new_talk(), new_talk()
    first, late, orphan = invited(boss), invited(boss), invited(boss)
    maker = number(boss)
    one.start(first)
    two.start(first)
    assert "schon benutzt" in shown(two)
    boss.table.run(lambda tx: staff.change(tx, maker, role=Role.TEACHER.value))
    two.start(orphan)
    assert "gilt nicht mehr" in shown(two)
    boss.table.run(lambda tx: staff.change(tx, maker, role=Role.COORDINATOR.value))
    two.now += timedelta(days=1, hours=1)
    two.start(late)
    assert "gilt nicht mehr" in shown(two)


def test_a_bot_or_another_chat_cannot_open_it(new_talk: NewTalk) -> None:
    boss, one = member(new_talk, Role.COORDINATOR), new_talk()
    payload = invited(boss)

    for person in (None, 77):
        one.turn(inviting.start, Visitor(one.chat_id, "de", person, "Bot"), payload)
        assert newest(boss).standing(boss.now) is Standing.INVITED


def test_whom_the_command_line_invites_is_in_at_once_and_alone(new_talk: NewTalk) -> None:
    one, two = new_talk(), new_talk()
    _, payload = one.table.run(lambda tx: partner_inviting.create(tx, "Muster", one.now))
    _, other = one.table.run(lambda tx: partner_inviting.create(tx, "Muster", one.now))
    one.start(payload)
    assert "ist jetzt der Chat von: Muster" in shown(one)
    two.start(other)
    assert "schon einen Chat" in shown(two)
    assert two.chat() is None


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.TEACHER, Role.VIEWER])
def test_who_may_not_write_to_many_may_not_invite(new_talk: NewTalk, role: Role) -> None:
    someone = member(new_talk, role)
    for action in ("go.partners.0", f"go.partner.{key(named(someone))}", f"partner_invite.{key(named(someone))}"):
        press(someone, action)
        assert "Einladung für" not in shown(someone)
        assert "hat einen Chat" not in shown(someone)
    assert someone.table.run(lambda tx: tx.execute(select(partner)).all()) == []


def test_a_partner_is_no_member_and_speaks_by_buttons(new_talk: NewTalk) -> None:
    petra = new_talk()
    _, payload = petra.table.run(lambda tx: partner_inviting.create(tx, "Muster", petra.now))
    petra.start(payload)
    petra.command("staff")
    assert petra.place != places.STAFF
    petra.write("Danke!")
    assert "Hier schreiben wir Ihnen" in shown(petra)
    petra.start()
    assert petra.place == places.PARTNER


def test_a_participant_who_speaks_for_a_partner_stays_one(new_talk: NewTalk) -> None:
    one = new_talk()
    one.start()
    place = one.place
    _, payload = one.table.run(lambda tx: partner_inviting.create(tx, "Muster", one.now))
    one.start(payload)
    assert one.place == place
