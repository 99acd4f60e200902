"""Openings: told once, whichever way; filled from either end; and nothing of fewer than five people in the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from bot.content.loader import Content
from bot.core.broadcasts import Answering, Interest, Stage, Subject
from bot.core.engine import Answer, Status
from bot.core.message import Button, Screen
from bot.core.offers import Said
from bot.core.roles import UNUSED
from bot.db import schema
from bot.db.broadcasts import broadcasts
from bot.db.offers import offers
from bot.db.openings import interests
from bot.db.openings.interests import Interested
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import State
from bot.db.people import participants
from bot.db.schema import delivery, participant
from bot.db.staff import staff
from bot.services.broadcasts import broadcasting
from bot.services.deliveries import saying
from bot.services.figures.reporting_openings import BEST, interested
from bot.services.openings import openings
from bot.services.reminders import seeking
from bot.services.staff.openings import leads
from bot.services.turn import Turn
from tests.db.rows import new_chat, new_participant
from tests.services.broadcasts import BEGIN, BOSS, Office, loaded, office, released, team

TUESDAY = BEGIN + timedelta(days=6, hours=7)
"""The first Tuesday at five in the afternoon in Minden, an hour before: it is winter."""
DIGEST = "reminders.new_openings"
WAITING, DORMANT = 201, 202
"""Two of the team who cannot act now."""
ANSWERS = {"german_level": "B1", "goals": ("job", "apprenticeship")}


@pytest.fixture
def desk(content: Content) -> Iterator[Office]:
    """An empty database, a quarter of an hour before the rule's hour."""
    with office(content) as found:
        found.now = TUESDAY - timedelta(minutes=15)
        yield found


def person(connection: Connection, chat: int, answers: Mapping[str, Any] = ANSWERS) -> int:
    """Somebody who agreed to openings, has answered, and can be written to at any hour; their number."""
    key = new_participant(connection, chat, language="de", shown_version=1)
    participants.give_consent(connection, key, "openings", language="de", text_version="v1", now=BEGIN)
    given = {name: Answer(Status.GIVEN, value) for name, value in answers.items()}
    participants.save_answers(connection, key, given, "r1", BEGIN)
    connection.execute(update(participant).where(participant.c.id == key).values(quiet="off"))
    return key


def come(desk: Office, *chats: int, **answers: Any) -> None:
    for chat in chats:
        desk.run(partial(_comes, chat, {**ANSWERS, **answers}))


def _comes(chat: int, answers: Mapping[str, Any], turn: Turn) -> int:
    return person(turn.connection, chat, answers)


def filled(name: str, turn: Turn) -> None:
    """Rita says that there is nothing to be had any more."""
    openings.fill(turn, name, team(turn.connection).id)


def seek(desk: Office) -> None:
    round_ = desk.run(seeking.begin)
    while round_ is not None:
        round_ = desk.run(partial(_step, round_))


def _step(round_: seeking.Round, turn: Turn) -> seeking.Round | None:
    return seeking.step(turn, round_)


def digests(desk: Office) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """State, reason and openings of every message about new ones."""

    def work(turn: Turn) -> list[tuple[str, str | None, tuple[str, ...]]]:
        found = turn.connection.execute(select(delivery).where(delivery.c.text_key == DIGEST).order_by(delivery.c.id))
        return [(row.state, row.reason, tuple((row.params or {}).get("openings", ()))) for row in found]

    return desk.run(work)


def goes_on(desk: Office, days: int = 0) -> None:
    """The clock goes on, looks for people, and says what is due."""
    desk.now += timedelta(days=days)
    seek(desk)
    desk.now += timedelta(minutes=30)
    desk.deliver()
    desk.now -= timedelta(minutes=30)


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


def test_no_outcome_of_fewer_than_five_people_is_told_or_can_be_computed() -> None:
    by_figures: dict[object, set[tuple[int, ...]]] = {}
    for counts in product(range(8), repeat=len(BEST)):
        states = [[state] for state, number in zip(BEST, counts, strict=True) for _ in range(number)]
        people, outcomes = interested(states)
        assert all(number >= 5 for number in outcomes.values())
        by_figures.setdefault((people, tuple(sorted(outcomes.items()))), set()).add(counts)
    for possible in by_figures.values():
        for one in map(set, zip(*possible, strict=True)):
            assert len(one) > 1 or min(one) >= 5 or one == {0}, possible


def test_whoever_has_several_interests_counts_once_with_the_best() -> None:
    people, outcomes = interested([[Interest.LOST, Interest.WON]] * 5 + [[Interest.OPEN]] * 5)
    assert (people, Counter(outcomes)) == (10, Counter({Interest.WON: 5, Interest.OPEN: 5}))


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
