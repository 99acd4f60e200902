"""Somebody says on the phone that they are interested: the team notes it, and the person hears of it."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from bot.core.message import Button
from bot.core.roles import Role
from bot.db.people import restricting
from bot.db.schema import audit_entry, delivery, interest
from bot.db.staff import staff
from bot.services.openings import interest_taps, opening_notices
from bot.services.staff.openings import noting_deeds, noting_pages
from bot.services.staff.openings.noting_pages import PHONE, TEAM
from bot.services.turn import Turn
from tests.services.broadcasts import page, team, visit_of
from tests.services.partners.scene import Desk, name_of, offer_of, person

WHO = 1


def noted(desk: Desk, how: str, chat_id: int = WHO) -> int:
    """Somebody whose interest the team notes; their number."""
    key = desk.run(partial(person, chat_id=chat_id))
    arguments = (str(key), offer_of(desk.content), how)
    desk.run(lambda turn: noting_deeds.note(visit_of(turn), team(turn.connection), arguments, None))
    desk.deliver()
    return key


def heard(desk: Desk) -> str:
    """What the person read last."""
    return next(text for chat, text in reversed(desk.said) if chat == WHO)


def button(desk: Desk, verb: str) -> str:
    """What a button of the notice sends."""
    asked = select(delivery.c.id).where(delivery.c.text_key == opening_notices.NOTED).order_by(delivery.c.id.desc())
    number = desk.run(lambda turn: turn.connection.execute(asked.limit(1)).scalar_one())
    return f"d{number}.{verb}.{offer_of(desk.content)}"


def test_who_agreed_on_the_phone_is_told_of_to_the_partner_and_it_says_who_noted_that(desk: Desk) -> None:
    key = noted(desk, PHONE)
    assert desk.of(interest, "participant_id", "partner", "state") == [(key, name_of(desk.content), "open")]
    assert "Samir" in str(desk.told()), "the partner has a chat"
    assert name_of(desk.content) in heard(desk)
    (number,) = (one for (one,) in desk.of(interest, "id"))
    text, _ = page(desk, f"lead.{number}")
    assert "Am Telefon zugestimmt, notiert von: Rita" in text.text
    entries = select(audit_entry.c.deed, audit_entry.c.what)
    assert ("interest_noted", f"lead {offer_of(desk.content)}") in desk.run(
        lambda turn: [tuple(row) for row in turn.connection.execute(entries)]
    )


def test_of_somebody_whose_data_is_only_kept_nothing_is_noted(desk: Desk) -> None:
    key = desk.run(partial(person, chat_id=WHO))
    desk.run(lambda turn: restricting.restrict(turn.connection, key, turn.now))
    arguments = (str(key), offer_of(desk.content), PHONE)
    desk.run(lambda turn: noting_deeds.note(visit_of(turn), team(turn.connection), arguments, None))
    desk.deliver()
    assert desk.of(interest, "id") == []
    assert desk.told() == {}


def test_without_a_yes_nobody_is_told_before_the_person_says_so_in_the_chat(desk: Desk) -> None:
    noted(desk, TEAM)
    assert desk.of(interest, "partner") == [(None,)]
    assert desk.told() == {}
    desk.taps(WHO, button(desk, opening_notices.SHARE), 2000)
    offer = offer_of(desk.content)
    asked = desk.visit(WHO, lambda visit: visit.reply())
    actions = [one.action for row in asked.card.screen.rows for one in row if isinstance(one, Button)]
    assert {f"interest_yes.{offer}", f"interest_no.{offer}"} <= set(actions)
    assert asked.card.screen.blocks
    desk.visit(WHO, lambda visit: interest_taps.interested(visit, offer, None, asked=True))
    desk.deliver()
    assert desk.of(interest, "partner") == [(name_of(desk.content),)]
    assert "Samir" in str(desk.told())


def test_what_was_noted_is_noted_once_and_can_be_taken_back(desk: Desk) -> None:
    key = noted(desk, TEAM)
    offer = offer_of(desk.content)
    assert offer not in [one.id for one in desk.run(lambda turn: noting_pages.to_note(turn, key))]
    again = (str(key), offer, PHONE)
    desk.run(lambda turn: noting_deeds.note(visit_of(turn), team(turn.connection), again, None))
    assert desk.of(interest, "partner") == [(None,)]
    _, actions = page(desk, f"note_for.{key}.0")
    assert f"go.note_ask.{key}.{offer}" not in actions


def test_the_words_that_are_read_out_stand_on_the_page(desk: Desk) -> None:
    key = desk.run(partial(person, chat_id=WHO))
    text, actions = page(desk, f"note_ask.{key}.{offer_of(desk.content)}")
    assert name_of(desk.content) in text.text
    assert "höchstens 6 Monate" in text.text
    assert f"note_interest.{key}.{offer_of(desk.content)}.{PHONE}" in actions


@pytest.mark.parametrize("arguments", [("999", "x", PHONE), ("1", "x", PHONE), ("1", "", "loudly")])
def test_made_up_buttons_note_nothing(desk: Desk, arguments: tuple[str, str, str]) -> None:
    key = desk.run(partial(person, chat_id=WHO))
    who = str(key) if arguments[0] == "1" else arguments[0]
    offer = arguments[1] or offer_of(desk.content)
    desk.run(lambda turn: noting_deeds.note(visit_of(turn), team(turn.connection), (who, offer, arguments[2]), None))
    assert desk.of(interest, "id") == []


def test_only_who_may_write_to_many_has_the_button(desk: Desk) -> None:
    key = desk.run(partial(person, chat_id=WHO))
    _, actions = page(desk, f"person.{key}")
    assert f"go.note_for.{key}.0" in actions

    def becomes(turn: Turn) -> None:
        staff.change(turn.connection, team(turn.connection).id, role=Role.COUNSELLOR.value)

    desk.run(becomes)
    _, actions = page(desk, f"person.{key}")
    assert f"go.note_for.{key}.0" not in actions
