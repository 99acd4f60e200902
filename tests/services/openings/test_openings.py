"""Openings: told once, whichever way, and filled from either end."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from bot.core.broadcasts import Answering, Interest, Stage, Subject
from bot.core.message import Button, Screen
from bot.core.offers import Said
from bot.db import schema
from bot.db.broadcasts import broadcasts
from bot.db.offers import offers
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import State
from bot.db.people import participants
from bot.db.schema import delivery, participant
from bot.services.deliveries import saying
from bot.services.openings import openings
from bot.services.turn import Turn
from tests.services.broadcasts import Office, loaded, released, team
from tests.services.openings.scene import come, digests, filled, goes_on, seek


def test_what_fits_is_told_in_one_message_and_never_again(desk: Office) -> None:
    come(desk, 1)
    come(desk, 2, goals=("german",))
    come(desk, 3, german_level="A1")
    seek(desk)
    seek(desk)
    goes_on(desk)
    assert digests(desk) == [("sent", None, ("warehouse_job", "eq_workshop", "nursing_training"))]
    ((chat, text),) = desk.said
    assert chat == 1
    assert "Ausbildung in der Pflege" in text
    assert "Passt, weil:" in text
    for days in (3, 4, 3):
        goes_on(desk, days)
    assert len(digests(desk)) == 1


def test_what_is_new_since_comes_the_next_time_alone(desk: Office) -> None:
    come(desk, 1)
    goes_on(desk)

    def another(turn: Turn) -> None:
        fields = {"kind": "opening", "sort": "job"}
        texts = {"de": {"title": "Neu", "text": "Etwas Neues"}}
        offers.write(turn.connection, Said("own_1", own=True), fields, texts, team(turn.connection).id, turn.now)

    desk.run(another)
    goes_on(desk, 3)
    assert [one[2] for one in digests(desk)][1:] == [("own_1",)]
    assert "Passt, weil" not in desk.said[-1][1], "it asks for nothing"


def test_what_is_filled_between_planning_and_saying_is_left_out_and_nothing_left_is_skipped(desk: Office) -> None:
    come(desk, 1)
    seek(desk)
    for name in ("warehouse_job", "eq_workshop"):
        desk.run(partial(filled, name))
    desk.now += timedelta(minutes=30)
    desk.deliver()
    assert digests(desk) == [("sent", None, ("nursing_training",))]
    come(desk, 2)
    desk.now += timedelta(days=3, minutes=-30)
    seek(desk)
    desk.run(partial(filled, "nursing_training"))
    desk.now += timedelta(minutes=30)
    desk.deliver()
    assert digests(desk)[1:] == [("skipped", "not_fitting", ())]


def test_nobody_is_told_who_knows_it_by_a_message_or_has_said_something_about_it(desk: Office) -> None:
    come(desk, 1, 2)

    def known(turn: Turn) -> None:
        number = broadcasts.create(turn.connection, team(turn.connection).id, turn.now, last_useful_at=turn.now)
        broadcasts.change(turn.connection, number, offer_id="warehouse_job")
        told = deliveries.Planned(f"broadcast:{number}", deliveries.Kind.BROADCAST, turn.now, "broadcast.1.text")
        row = {**told.row(), "chat_id": 1, "state": State.SENT.value, "participant_id": 1}
        turn.connection.execute(delivery.insert().values(row))
        gave = Interested(0, 2, Subject(opening="eq_workshop"), None, Interest.WITHDRAWN, turn.now)
        interests.give(turn.connection, gave, "de", "v1")

    desk.run(known)
    goes_on(desk)
    assert [set(one[2]) for one in digests(desk)] == [
        {"eq_workshop", "nursing_training"},
        {"warehouse_job", "nursing_training"},
    ]


def test_whoever_has_no_consent_or_a_full_week_hears_nothing(desk: Office) -> None:
    come(desk, 1, 2, 3)

    def less(turn: Turn) -> None:
        participants.withdraw_consent(turn.connection, 1, "openings", turn.now)
        for number, values in ((2, {"weekly_cap": 1}), (3, {"muted": ["offers"]})):
            turn.connection.execute(update(participant).where(participant.c.id == number).values(**values))
        told = deliveries.Planned("another", deliveries.Kind.REMINDER, turn.now, "ui.done.title").row()
        row = {**told, "chat_id": 2, "state": State.SENT.value, "sent_at": turn.now}
        turn.connection.execute(delivery.insert().values(row))

    desk.run(less)
    goes_on(desk)
    assert desk.said == []


def test_a_message_that_stands_shows_what_is_still_to_be_had(desk: Office) -> None:
    come(desk, 1)
    goes_on(desk)
    desk.run(partial(filled, "warehouse_job"))

    def again(turn: Turn) -> Screen | None:
        due = deliveries.load(turn.connection, 1)
        assert due is not None
        return saying.again(turn, due)

    screen = desk.run(again)
    assert screen is not None
    actions = [one.action for row in screen.rows for one in row if isinstance(one, Button)]
    assert actions[:2] == ["opening.eq_workshop", "opening.nursing_training"]


@pytest.mark.parametrize("from_message", [True, False])
def test_filled_ends_the_opening_and_every_message_about_it_from_either_end(desk: Office, from_message: bool) -> None:
    come(desk, 1, 2)

    def sent(turn: Turn) -> None:
        columns = {"offer_id": "warehouse_job", "answering": Answering.INTEREST.value}
        for _ in range(2):
            released(turn.connection, turn.content, {"de": "Lager"}, **columns, stage=Stage.DRAFT.value)
        for number in (1, 2):
            broadcasts.change(turn.connection, number, stage=Stage.SENDING.value)
        gave = Interested(0, 2, Subject(opening="warehouse_job"), None, Interest.OPEN, turn.now)
        interests.give(turn.connection, gave, "de", "v1")

    desk.run(sent)

    def end(turn: Turn) -> None:
        member = team(turn.connection)
        if from_message:
            assert openings.fill_with(turn, loaded(turn.connection, 1), member)
        else:
            openings.fill(turn, "warehouse_job", member.id)

    desk.run(end)
    stages = desk.run(lambda turn: [loaded(turn.connection, number).stage for number in (1, 2)])
    assert stages == [Stage.FILLED, Stage.FILLED]
    assert desk.run(lambda turn: turn.content.offers["warehouse_job"].filled)
    desk.deliver()
    assert [chat for chat, text in desk.said if "Leider schon vergeben:" in text] == [2]


def test_messages_about_an_opening_that_is_over_end(desk: Office) -> None:
    def sent(turn: Turn) -> None:
        released(turn.connection, turn.content, {"de": "Lager"}, offer_id="warehouse_job")
        broadcasts.change(turn.connection, 1, stage=Stage.SENDING.value)

    desk.run(sent)
    desk.run(openings.look_around)
    assert desk.run(lambda turn: loaded(turn.connection, 1).stage) is Stage.SENDING
    desk.now += timedelta(days=100)
    desk.run(openings.look_around)
    assert desk.run(lambda turn: loaded(turn.connection, 1).stage) is Stage.STOPPED


def in_german_alone(turn: Turn) -> None:
    """Rita makes an opening for everybody, in German."""
    fields, texts = {"kind": "opening", "sort": "job"}, {"de": {"title": "Neu", "text": "Etwas Neues"}}
    offers.write(turn.connection, Said("own_1", own=True), fields, texts, team(turn.connection).id, turn.now)


def test_what_is_in_german_alone_waits_for_a_message_of_its_own(desk: Office) -> None:
    """Nobody's own language is taken from the rest for it."""
    come(desk, 1)
    desk.run(lambda turn: turn.connection.execute(update(schema.chat).values(language="uk")))
    desk.run(in_german_alone)
    goes_on(desk)
    assert "own_1" not in digests(desk)[0][2]
    assert "ще немає українською" not in desk.said[-1][1]
    goes_on(desk, 3)
    assert digests(desk)[1][2] == ("own_1",)
    assert "ще немає українською" in desk.said[-1][1]
