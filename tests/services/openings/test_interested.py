"""Who is interested in an opening: the team hears of them in time, they hear when it is filled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from bot.core.broadcasts import Answering, Broadcast, Interest, Subject
from bot.core.message import Button
from bot.core.roles import UNUSED
from bot.db.broadcasts import broadcasts
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.schema import delivery
from bot.db.staff import staff
from bot.services.broadcasts import broadcasting
from bot.services.offers import offering
from bot.services.openings import interesting, openings
from bot.services.openings.opening_screens import opening_card
from bot.services.staff.openings import leads
from bot.services.turn import Turn
from tests.db.rows import new_chat
from tests.services.broadcasts import BEGIN, BOSS, Office, loaded, page, team
from tests.services.openings.scene import come, filled

WAITING, DORMANT = 201, 202
"""Two of the team who cannot act now."""


def test_the_team_is_reminded_of_who_waits_after_three_working_days_in_office_hours(desk: Office) -> None:
    """Somebody said it on the morning of Christmas Eve; then come two holidays and a Sunday."""
    come(desk, 1)
    desk.now = datetime(2026, 12, 24, 9, 30, tzinfo=UTC)

    def says(turn: Turn) -> None:
        new_chat(turn.connection, team(turn.connection).person_id)
        waits = Interested(0, 1, Subject(opening="eq_workshop"), None, Interest.OPEN, turn.now)
        interests.give(turn.connection, waits, "de", "v1")

    desk.run(says)

    def told(day: int, hour: int) -> int:
        desk.now = datetime(2026, 12, day, hour, tzinfo=UTC)
        desk.run(leads.nudge)
        about = select(delivery.c.id).where(delivery.c.cause.contains(":nudge:"))
        return len(desk.run(lambda turn: turn.connection.execute(about).all()))

    assert told(27, 10) == 0, "a Sunday: three days by the calendar"
    assert told(29, 10) == 0
    assert told(30, 9) == 0, "not three whole days yet"
    assert told(30, 19) == 0, "the office is closed"
    assert told(31, 9) == 1
    assert told(31, 10) == 1, "once"


@pytest.mark.parametrize("sent_by", ["nobody", "somebody who was not here for long"])
def test_whoever_is_not_of_the_team_now_hears_of_nobody_who_is_interested(desk: Office, sent_by: str) -> None:
    """Besides Rita one waits to be confirmed, and one was not here for long."""

    def tell(turn: Turn) -> None:
        for chat, long_ago in ((WAITING, None), (DORMANT, BEGIN - UNUSED)):
            columns = {"role": "coordinator", "name": "Wim", "confirmed_at": long_ago}
            staff.add(turn.connection, chat, long_ago or BEGIN, **columns)
        for chat in (team(turn.connection).person_id, WAITING, DORMANT):
            new_chat(turn.connection, chat)
        sender, by = staff.by_person(turn.connection, DORMANT), None
        assert sender is not None
        if sent_by != "nobody":
            number = broadcasts.create(turn.connection, sender.id, turn.now, last_useful_at=turn.now)
            broadcasts.change(turn.connection, number, released_by=sender.id)
            by = loaded(turn.connection, number)
        leads.tell(turn, Subject(opening="eq_workshop"), by)

    desk.run(tell)
    written = select(delivery.c.chat_id).where(delivery.c.cause.startswith("interest:"))
    assert desk.run(lambda turn: list(turn.connection.execute(written).scalars())) == [BOSS]


def waits(desk: Office, person: int) -> None:
    """Somebody is interested in the place of an EQ, and the team hears of it."""

    def says(turn: Turn) -> None:
        subject = Subject(opening="eq_workshop")
        interests.give(turn.connection, Interested(0, person, subject, None, Interest.OPEN, turn.now), "de", "v1")
        leads.tell(turn, subject, None)

    desk.run(says)


def test_a_reminder_of_one_who_waits_is_none_of_another_who_came_later(desk: Office) -> None:
    come(desk, 1, 2)
    desk.run(lambda turn: new_chat(turn.connection, team(turn.connection).person_id))
    desk.now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    waits(desk, 1)
    desk.now += timedelta(days=3)
    waits(desk, 2)

    def told(day: int) -> int:
        desk.now = datetime(2026, 12, day, 10, tzinfo=UTC)
        desk.run(leads.nudge)
        about = select(delivery.c.id).where(delivery.c.cause.contains(":nudge:"))
        return len(desk.run(lambda turn: turn.connection.execute(about).all()))

    assert [told(day) for day in (7, 8, 9, 10)] == [1, 1, 2, 2]


def test_all_who_are_interested_within_an_hour_are_told_of_in_two_messages(desk: Office) -> None:
    come(desk, 1, 2, 3)
    desk.run(lambda turn: new_chat(turn.connection, team(turn.connection).person_id))
    for person in (1, 2, 3):
        waits(desk, person)
        desk.now += timedelta(minutes=1)
        desk.deliver()
    assert len(desk.said) == 1
    desk.now += timedelta(hours=1)
    desk.deliver()
    assert len(desk.said) == 2


def interested_in(desk: Office, subject: Subject, *people: int) -> None:
    for person in people:
        given = Interested(0, person, subject, None, Interest.OPEN, desk.now)
        desk.run(lambda turn, given=given: interests.give(turn.connection, given, "de", "v1"))  # type: ignore[misc]


def test_who_waits_hears_that_it_is_filled_also_after_a_message_was_taken_back_or_filled_before(desk: Office) -> None:
    come(desk, 1, 2)
    about = {"offer_id": "warehouse_job", "answering": Answering.BOTH.value}
    desk.send({"de": "Lager"}, **about)
    desk.deliver()
    interested_in(desk, Subject(opening="warehouse_job"), 1)
    desk.do(broadcasting.recall)
    desk.deliver()
    desk.said.clear()
    desk.run(partial(filled, "warehouse_job"))
    desk.deliver()
    assert [chat for chat, text in desk.said if "Leider schon vergeben:" in text] == [1]
    desk.run(lambda turn: openings.free_again(turn, "warehouse_job", team(turn.connection).id))
    desk.now += timedelta(days=1)
    desk.said.clear()
    desk.run(partial(filled, "warehouse_job"))
    desk.deliver()
    assert [chat for chat, text in desk.said if "Leider schon vergeben:" in text] == [1]


def test_who_waits_for_what_a_message_alone_offers_hears_that_it_is_filled(desk: Office) -> None:
    come(desk, 1, 2, 3)
    desk.send({"de": "Wir suchen jemanden\nfür den Garten."}, answering=Answering.INTEREST.value)
    desk.deliver()
    interested_in(desk, Subject(broadcast=1), 1, 2)
    withdrawn = Interested(0, 2, Subject(broadcast=1), None, Interest.WITHDRAWN, desk.now)
    desk.run(lambda turn: interests.give(turn.connection, withdrawn, "de", "v1"))
    desk.said.clear()
    assert desk.do(lambda turn, one: openings.fill_with(turn, one, team(turn.connection)))
    desk.deliver()
    told = [(chat, text) for chat, text in desk.said if text.startswith("🔒")]
    assert [chat for chat, _ in told] == [1]
    assert "Wir suchen jemanden für den Garten. Danke" in told[0][1]


def nudges(desk: Office) -> int:
    about = select(delivery.c.id).where(delivery.c.cause.contains(":nudge:"))
    return len(desk.run(lambda turn: turn.connection.execute(about).all()))


def withdrawn(name: str, turn: Turn) -> None:
    """Rita offers it no more."""
    openings.withdraw(turn, turn.content.offers[name], team(turn.connection).id)


@pytest.mark.parametrize(("end", "told"), [(filled, 0), (withdrawn, 0), (None, 1)])
def test_nobody_is_reminded_to_call_about_what_is_not_to_be_had(
    desk: Office, end: Callable[[str, Turn], None] | None, told: int
) -> None:
    come(desk, 1)
    desk.run(lambda turn: new_chat(turn.connection, team(turn.connection).person_id))
    desk.now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    interested_in(desk, Subject(opening="eq_workshop"), 1)
    if end is not None:
        desk.run(partial(end, "eq_workshop"))
    desk.now = datetime(2026, 12, 7, 10, tzinfo=UTC)
    desk.run(leads.nudge)
    assert nudges(desk) == told


def test_who_waits_for_what_is_to_be_had_again_is_remembered(desk: Office) -> None:
    come(desk, 1)
    desk.run(lambda turn: new_chat(turn.connection, team(turn.connection).person_id))
    desk.now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    interested_in(desk, Subject(opening="eq_workshop"), 1)
    desk.run(partial(filled, "eq_workshop"))
    desk.now = datetime(2026, 12, 7, 10, tzinfo=UTC)
    desk.run(leads.nudge)
    assert nudges(desk) == 0
    desk.run(lambda turn: openings.free_again(turn, "eq_workshop", team(turn.connection).id))
    desk.run(leads.nudge)
    assert nudges(desk) == 1


@pytest.mark.parametrize(("end", "told"), [(broadcasting.fill, 0), (broadcasting.recall, 0), (broadcasting.stop, 1)])
def test_nobody_is_reminded_to_call_about_a_message_that_is_filled_or_taken_back(
    desk: Office, end: Callable[[Turn, Broadcast], bool], told: int
) -> None:
    come(desk, 1)
    desk.run(lambda turn: new_chat(turn.connection, team(turn.connection).person_id))
    desk.now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    desk.send({"de": "Garten"}, answering=Answering.INTEREST.value)
    desk.deliver()
    interested_in(desk, Subject(broadcast=1), 1)
    assert desk.do(end)
    desk.now = datetime(2026, 12, 7, 10, tzinfo=UTC)
    desk.run(leads.nudge)
    assert nudges(desk) == told


def becomes(desk: Office, person: int, subject: Subject, state: Interest) -> None:
    """Rita says what became of somebody."""

    def says(turn: Turn) -> None:
        own = interests.of_person(turn.connection, person, subject)
        assert own
        interests.change(turn.connection, own.id, state, team(turn.connection).id, turn.now)

    desk.run(says)


def test_whom_somebody_has_called_hears_that_it_is_filled_and_whoever_has_an_outcome_does_not(desk: Office) -> None:
    come(desk, 1, 2, 3, 4)
    about = Subject(opening="warehouse_job")
    desk.send({"de": "Lager"}, offer_id="warehouse_job", answering=Answering.BOTH.value)
    desk.deliver()
    interested_in(desk, about, 1, 2, 3, 4)
    for person, state in ((2, Interest.CALLED), (3, Interest.WON), (4, Interest.LOST)):
        becomes(desk, person, about, state)
    asked, _ = page(desk, "filling.warehouse_job")
    assert "2 Menschen" in asked.text
    desk.said.clear()
    desk.run(partial(filled, "warehouse_job"))
    desk.deliver()
    assert sorted(chat for chat, text in desk.said if "Leider schon vergeben:" in text) == [1, 2]
    desk.now += timedelta(minutes=1)
    desk.deliver()
    copies = {chat: text for chat, text in desk.said if text.startswith("Lager")}
    assert "Leider schon vergeben" in copies[2]
    assert "Es hat schon jemand" not in copies[2]
    assert "Es hat geklappt" in copies[3]

    def list_of(person: int) -> str:
        (one,) = desk.run(lambda turn: interesting.of_person(turn, person, "de"))
        return desk.run(lambda turn: turn.content.texts.label("de", one.standing))

    assert "Leider schon vergeben" in list_of(2)
    assert "Es hat geklappt" in list_of(3)


def test_the_card_lets_whoever_was_called_take_it_back_and_says_when_it_is_filled(desk: Office) -> None:
    come(desk, 1)
    about = Subject(opening="warehouse_job")
    interested_in(desk, about, 1)

    def card(turn: Turn) -> tuple[str, list[str]]:
        shown = offering.one(turn, "warehouse_job", None, 1)
        assert shown is not None
        screen = opening_card(shown, registers=True)
        does = [one.action or "" for row in screen.rows for one in row if isinstance(one, Button)]
        return turn.content.texts.render("de", screen).text, does

    becomes(desk, 1, about, Interest.CALLED)
    text, does = desk.run(card)
    assert "Es hat schon jemand mit Ihnen gesprochen" in text
    assert "no_interest.warehouse_job" in does
    becomes(desk, 1, about, Interest.WON)
    assert "no_interest.warehouse_job" not in desk.run(card)[1], "there is an outcome"
    becomes(desk, 1, about, Interest.CALLED)
    desk.run(partial(filled, "warehouse_job"))
    text, does = desk.run(card)
    assert "Leider schon vergeben" in text
    assert "no_interest.warehouse_job" not in does


def test_whoever_waits_for_what_is_offered_no_more_reads_so(desk: Office) -> None:
    come(desk, 1)
    desk.send({"de": "Lager"}, offer_id="warehouse_job", answering=Answering.BOTH.value)
    desk.deliver()
    interested_in(desk, Subject(opening="warehouse_job"), 1)
    desk.said.clear()
    desk.run(partial(withdrawn, "warehouse_job"))
    desk.deliver()
    assert [text for _, text in desk.said if "schon vorbei" in text]
