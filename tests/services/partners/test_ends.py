"""A partner knows of a person no longer than it may: whatever ends it takes the message away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.core.broadcasts import Subject
from bot.db.openings import partners as rows
from bot.db.outbox import deliveries
from bot.db.rights import erasure
from bot.db.schema import chat, delivery, partner, partner_lead
from bot.services import places, upkeep
from bot.services.openings import interest_taps, partners
from bot.services.rights import rights
from tests.services.partners.scene import (
    HOME,
    HOURS,
    Desk,
    agree,
    button,
    comes,
    drawn,
    lost,
    name_of,
    offer_of,
    person,
    states,
)


def withdraws(desk: Desk) -> None:
    desk.visit(1, lambda visit: interest_taps.withdraw(visit, Subject(opening=offer_of(desk.content))))


def says_no_to_companies(desk: Desk) -> None:
    desk.visit(
        1, lambda visit: (visit.look_at(places.PRIVACY), rights.switch(visit, "companies", rights.NO_MORE, None))
    )
    assert states(desk) == ["withdrawn"]


def takes_it_back_on_the_page_of_partners(desk: Desk) -> None:
    page = desk.visit(1, lambda visit: (visit.look_at(places.PRIVACY, "services"), visit.reply())[1])
    shown = desk.content.texts.render("de", page.card.screen).text
    assert name_of(desk.content) in shown
    (data,) = [button.action for row in page.card.screen.rows for button in row if "no_interest" in button.action]
    desk.visit(1, lambda visit: interest_taps.drop(visit, data.partition(".")[2], None))
    page = desk.visit(1, lambda visit: (visit.look_at(places.PRIVACY, "services"), visit.reply())[1])
    assert name_of(desk.content) not in desk.content.texts.render("de", page.card.screen).text


def erases(desk: Desk) -> None:
    desk.visit(1, lambda visit: (visit.look_at(places.FORGET), rights.forget(visit, None)))


def is_erased_by_the_clock(desk: Desk) -> None:
    desk.run(lambda turn: erasure.erase_chat(turn.connection, 1))
    desk.run(partners.look_around)


def time_ends(desk: Desk) -> None:
    desk.now += desk.content.town.retention.interests + HOURS
    desk.run(partners.look_around)


def interest_is_forgotten(desk: Desk) -> None:
    desk.now += desk.content.town.retention.interests + HOURS
    desk.run(upkeep.forget_what_is_due)
    desk.run(partners.look_around)


def partner_ends(desk: Desk) -> None:
    desk.run(lambda turn: rows.change(turn.connection, 1, ended_at=turn.now))
    desk.run(partners.look_around)


ENDS = [
    withdraws,
    says_no_to_companies,
    takes_it_back_on_the_page_of_partners,
    erases,
    is_erased_by_the_clock,
    time_ends,
    interest_is_forgotten,
    partner_ends,
]


@pytest.mark.parametrize("end", ENDS)
def test_when_it_is_over_the_message_goes_and_its_buttons_are_dead(desk: Desk, end: Any) -> None:
    comes(desk)
    (message,) = desk.told()
    data = button(desk, "won")
    end(desk)
    desk.deliver()
    assert desk.told() == {}
    reply = desk.taps(HOME, data, message)
    assert "Samir" not in str(reply)
    assert "won" not in states(desk)


@pytest.mark.parametrize("end", ENDS)
def test_what_was_not_said_yet_is_not_said(desk: Desk, end: Any) -> None:
    desk.run(person)
    agree(desk)
    end(desk)
    desk.deliver()
    assert desk.told() == {}


@pytest.mark.parametrize("end", ENDS)
def test_what_was_in_hand_is_taken_back_when_it_has_arrived(desk: Desk, end: Any) -> None:
    desk.run(person)
    agree(desk)
    hand = desk.claim()
    end(desk)
    desk.say(hand)
    desk.deliver()
    assert desk.told() == {}


def test_a_killed_process_says_it_once_and_a_tap_finds_the_copy(desk: Desk) -> None:
    desk.run(person)
    agree(desk)
    desk.claim()  # and is killed: nobody knows whether it arrived
    desk.run(lambda turn: deliveries.abandon(turn.connection, "another", turn.now, lambda _: True))
    desk.now += timedelta(hours=2)
    desk.deliver()
    desk.run(partners.look_around)
    assert desk.told() == {}, "never twice"
    assert lost(desk), "the team hears that it may not have arrived"
    desk.taps(HOME, button(desk, "called"), 77)
    assert states(desk) == ["called"]
    desk.stands[HOME] = {77: "Samir"}
    withdraws(desk)
    desk.deliver()
    assert desk.told() == {}


def test_a_copy_that_nobody_knew_of_is_taken_back_by_a_tap(desk: Desk) -> None:
    desk.run(person)
    agree(desk)
    desk.claim()
    desk.run(lambda turn: deliveries.abandon(turn.connection, "another", turn.now, lambda _: True))
    withdraws(desk)
    desk.stands[HOME] = {77: "Samir"}
    reply = desk.taps(HOME, button(desk, "won"), 77)
    assert "Zurückgezogen" in drawn(reply, desk.content)
    desk.deliver()
    assert desk.told() == {}
    assert states(desk) == ["withdrawn"]


def test_a_partner_that_erases_its_chat_is_one_no_more(desk: Desk) -> None:
    comes(desk)
    desk.visit(HOME, lambda visit: (visit.look_at(places.FORGET), rights.forget(visit, None)))
    assert desk.of(partner, "ended_at") == [(desk.now,)]
    assert "staff.notice.partner_left" in [text for (text,) in desk.of(delivery, "text_key")]
    agree_again = len(desk.of(partner_lead, "id"))
    comes(desk, chat_id=2)
    assert len(desk.of(partner_lead, "id")) == agree_again


def test_the_chat_stays_as_long_as_it_is_the_partners(desk: Desk) -> None:
    desk.now += timedelta(days=3)
    desk.run(upkeep.forget_strangers)
    assert (HOME,) in desk.of(chat, "id")
    partner_ends(desk)
    desk.run(upkeep.forget_strangers)
    assert (HOME,) not in desk.of(chat, "id")


def test_the_rows_go_by_themselves(desk: Desk) -> None:
    comes(desk)
    withdraws(desk)
    desk.now += rows.TAKEN + HOURS
    desk.run(upkeep.forget_what_is_due)
    assert desk.of(partner_lead, "id") == []
    with_trail = len(desk.of(partner, "id"))
    assert with_trail == 1
