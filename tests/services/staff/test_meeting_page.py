"""The pages of a meeting and of an offer that is to go lead nowhere in vain, and say what a no means."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.core.message import Button
from bot.core.roles import Role
from bot.db import schema
from bot.db.offers import meetings
from bot.services.offers.synchronising import synchronise
from tests.services.staff.people import NewTalk, member
from tests.services.talk import Talk

pytestmark = pytest.mark.usefixtures("empty")


def coordinator(new_talk: NewTalk) -> Talk:
    me = member(new_talk, Role.COORDINATOR)
    me.turn(synchronise)
    me.command("staff")
    me.tap("go.offers.0")
    me.tap("go.dates.info_degree.0")
    return me


def labels(talk: Talk) -> list[str]:
    """What stands on the buttons of the newest card."""
    buttons = [one for row in talk.drawn[-1].card.screen.rows for one in row if isinstance(one, Button)]
    return [talk.content.texts.label("de", one.label) for one in buttons]


def test_another_room_is_offered_only_where_one_is_known(new_talk: NewTalk) -> None:
    me = coordinator(new_talk)
    one, other, *_ = me.table.run(lambda tx: meetings.of_offers(tx, ["info_degree"], me.now))
    me.tap(f"go.meeting.{one.id}")
    assert f"go.rooms.{one.id}" not in me.actions
    row = update(schema.meeting).where(schema.meeting.c.id == other.id)
    me.table.run(lambda tx: tx.execute(row.values(room="B 2")))
    me.tap("go.dates.info_degree.0")
    me.tap(f"go.meeting.{one.id}")
    me.tap(f"go.rooms.{one.id}")
    assert labels(me)[:-1] == ["B 2"]
    me.table.run(lambda tx: tx.execute(row.values(room=other.room)))  # the next test has this database too


def test_who_keeps_an_offer_goes_on_offering_it(new_talk: NewTalk) -> None:
    me = coordinator(new_talk)
    me.tap("go.withdraw.info_degree")
    assert labels(me) == ["Nein, weiter anbieten", "Ja, nicht mehr anbieten"]
