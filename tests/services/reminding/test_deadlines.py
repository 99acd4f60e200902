"""Before registration ends: who is told of it, once, and what has to be true when it is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from bot.core.conditions import All, Fact, Not
from bot.core.conditions import Test as Compared
from bot.core.message import Screen, Text
from bot.core.offers import Need
from bot.core.reminders import Topic
from bot.core.timing import parse_offset
from bot.db import chats
from bot.db.outbox import deliveries
from bot.db.outbox.deliveries import Kind, Planned
from bot.db.people import participants, people
from bot.db.schema import delivery
from bot.services.deliveries.saying import Later, Skip
from bot.services.offers import meetings
from bot.services.offers import registration as seats
from bot.services.reminders import preview
from bot.services.turn import Turn
from tests.db.rows import given
from tests.services.reminding.deadlines import (
    DEADLINE,
    ENDS,
    READY,
    SPEAKS,
    Prepare,
    no_consent,
    offers,
    planned,
    somebody,
    told,
    wants,
)
from tests.services.reminding.helpers import OUTDATED, actions, at, change, come, rows, said, seek, sent
from tests.services.seating.town import DAY, HOUR, INFO, Town, local

GERMAN = Fact("goals", Compared.INCLUDES, "german")


async def test_it_is_planned_a_day_ahead_for_its_own_time_and_once(town: Town) -> None:
    person = await somebody(town)
    town.now = SPEAKS - DAY - HOUR
    await seek(town)
    assert await told(town) == []
    for hours in (1, 2, 23):
        town.now = SPEAKS - DAY + hours * HOUR
        await seek(town)
        assert await told(town) == [(person, "planned", SPEAKS)]
    (row,) = await rows(town)
    assert (row.topic, row.last_useful_at, row.registration_id) == ("offers", ENDS - 2 * HOUR, None)
    await sent(town, text_key=DEADLINE)
    town.now = SPEAKS + HOUR
    await seek(town)
    assert await told(town) == [(person, "sent", SPEAKS)]


async def test_whoever_comes_late_is_told_while_it_helps(town: Town) -> None:
    town.now = ENDS - 3 * HOUR
    first, second = await town.people(2)
    await wants(town, first)
    await seek(town)
    assert await told(town) == [(first, "planned", town.now)]
    town.now = ENDS - HOUR  # two hours before it ends it helps no more
    await wants(town, second)
    await seek(town)
    assert len(await told(town)) == 1


async def muted(town: Town, person: int) -> None:
    await town.database.run(lambda tx: participants.set_preferences(tx, person, muted=[Topic.OFFERS.value]))


async def blocked(town: Town, _: int) -> None:
    await town.database.run(lambda tx: chats.blocked(tx, 1, town.now))


async def registered(town: Town, person: int) -> None:
    await come(town, person)


async def registered_for_another_date(town: Town, person: int) -> None:
    other = (await town.meeting("info", "2027-02-11T18:00")).id
    await come(town, person, target=replace(town.evening, meeting_id=other))


async def waiting(town: Town, person: int) -> None:
    await come(town, *await town.people(2), person)


async def gave_it_back(town: Town, person: int) -> None:
    (key,) = await come(town, person)
    await town.do(seats.give_back, town.terms, key, person)


async def wants_it_no_more(town: Town, person: int) -> None:
    await town.database.run(lambda tx: people.want_no_more(tx, person, "info", town.now))


async def lacks_something(town: Town, _: int) -> None:
    offers(town, replace(INFO, needs=(Need(GERMAN),)))


async def is_not_suited(town: Town, _: int) -> None:
    offers(town, replace(INFO, suits=GERMAN))


async def does_not_belong(town: Town, _: int) -> None:
    rule = replace(town.content.reminders["deadline_days"], audience=GERMAN)
    town.content = replace(town.content, reminders={rule.id: rule})


async def without_an_end(town: Town, _: int) -> None:
    offers(town, replace(INFO, register_until=None))


async def cancelled(town: Town, _: int) -> None:
    await change(town, meetings.cancel)


@pytest.mark.parametrize(
    "prepare",
    [
        *(no_consent, muted, blocked, registered, registered_for_another_date, waiting, gave_it_back),
        *(wants_it_no_more, lacks_something, is_not_suited, does_not_belong, without_an_end, cancelled),
    ],
)
async def test_whom_it_does_not_concern_is_not_told(town: Town, prepare: Prepare) -> None:
    person = await somebody(town)
    await prepare(town, person)
    await seek(town)
    assert person not in [one for one, _, _ in await told(town)]


async def test_who_has_what_it_needs_is_told_and_the_same_says_the_list(town: Town) -> None:
    first, second, third = await town.people(3)
    await wants(town, first, second, third)
    town.now = READY
    revision = town.content.questionnaire.revision
    for person, goals in ((first, ("german",)), (second, ("job",))):
        await town.database.run(
            lambda tx, person=person, goals=goals: participants.save_answers(  # type: ignore[misc]
                tx, person, {"goals": given(goals)}, revision, town.now
            )
        )
    offers(town, replace(INFO, needs=(Need(Not(Fact("goals", Compared.INCLUDES, "job"))),), suits=All((GERMAN,))))
    await seek(town)
    assert await told(town) == [(first, "planned", SPEAKS)], "of the third nothing is known"


async def test_it_says_until_when_and_asks(town: Town) -> None:
    await planned(town)
    screen: Any = await said(town)
    assert screen.blocks[0][0] == Text(
        DEADLINE,
        {"title": Text("offers.info.title"), "when": local("2027-01-14T18:00"), "until": local("2027-01-13T18:00")},
    )
    assert actions(screen) == ["join", "details", "unwanted", "talk", "why", "mute.offers"]
    town.now = SPEAKS + 4 * HOUR
    assert await said(town) == Later(at("2027-01-12T07:00")), "not at night"


@pytest.mark.one_on_postgres
@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (registered, "registered"),
        (waiting, "registered"),
        (gave_it_back, "registered"),
        (wants_it_no_more, "not_wanted"),
        (lacks_something, "not_fitting"),
        (does_not_belong, "not_in_audience"),
        (without_an_end, "offer_gone"),
        (muted, "muted"),
        (no_consent, "no_consent"),
    ],
)
async def test_it_is_judged_again(town: Town, prepare: Prepare, reason: str) -> None:
    person = await planned(town)
    await prepare(town, person)
    assert await said(town, text_key=DEADLINE) == Skip(reason)


async def test_the_weekly_cap_holds(town: Town) -> None:
    person = await planned(town)
    await town.database.run(lambda tx: participants.set_preferences(tx, person, weekly_cap=1))
    other = Planned("other", Kind.REMINDER, town.now, "ui.language.ask", participant_id=person)
    await town.database.run(lambda tx: deliveries.plan(tx, [(1, other)]))
    await sent(town, text_key="ui.language.ask")
    assert await said(town, text_key=DEADLINE) == Skip("cap"), "in a week it helps no more"


async def test_all_seats_are_taken(town: Town) -> None:
    await planned(town)
    await come(town, *await town.people(2))
    screen: Any = await said(town, text_key=DEADLINE)
    assert [one.key for one in screen.blocks[0]] == [DEADLINE, "ui.offers.full"]
    button: Any = screen.rows[0][0]
    assert (button.label.key, button.action) == ("ui.button.queue", "join")


async def test_another_end_of_registration_moves_it(town: Town) -> None:
    person = await planned(town)
    offers(town, replace(INFO, register_until=parse_offset("-1h")))
    assert await said(town) == Skip("moved")
    await skipped(town)
    await seek(town)
    assert await told(town) == [(person, "planned", at("2027-01-12T17:00"))], "two days before at six"
    town.now = at("2027-01-12T17:00")
    assert isinstance(await said(town), Screen)


async def skipped(town: Town) -> None:
    """The sender comes by, and writes down why something is not said."""
    for one in await rows(town, state="planned"):
        found = await said(town, state="planned")
        if isinstance(found, Skip):
            gone = update(delivery).where(delivery.c.id == one.id)
            reason = found.reason
            await town.database.run(
                lambda tx, gone=gone, reason=reason: tx.execute(gone.values(state="skipped", reason=reason))  # type: ignore[misc]
            )


async def test_another_date_moves_it_and_who_was_told_is_not_told_again(town: Town) -> None:
    first = await planned(town)
    await change(town, meetings.move, local("2027-01-21T18:00"), 90)
    await seek(town)
    assert await told(town) == [(first, "skipped", SPEAKS)], "too early"
    town.now = at("2027-01-18T10:00")
    await seek(town)
    assert await told(town) == [(first, "planned", at("2027-01-18T17:00"))]
    await sent(town, text_key=DEADLINE)
    await change(town, meetings.move, local("2027-01-22T18:00"), 90)
    await seek(town)
    assert [state for _, state, _ in await told(town)] == ["sent"]
    (edit,) = await rows(town, text_key=OUTDATED)
    assert edit.edits == 77
    screen: Any = await said(town, text_key=OUTDATED)
    said_there = [one.key for block in screen.blocks for one in block]
    assert said_there == ["ui.change.outdated", "ui.change.moved", "ui.change.outdated_offer"], "nothing follows it"


async def test_what_takes_place_after_all_is_told_after_all(town: Town) -> None:
    person = await planned(town)
    await change(town, meetings.cancel)
    assert await told(town) == [(person, "skipped", SPEAKS)]
    await seek(town)
    assert await told(town) == [(person, "skipped", SPEAKS)]
    await change(town, meetings.reinstate)
    await seek(town)
    assert await told(town) == [(person, "planned", SPEAKS)]


async def test_who_agrees_again_is_told_after_all_and_who_has_muted_it_is_not(town: Town) -> None:
    person = await planned(town)
    await no_consent(town, person)
    await skipped(town)
    await seek(town)
    assert [state for _, state, _ in await told(town)] == ["skipped"]
    await wants(town, person)
    await seek(town)
    assert [state for _, state, _ in await told(town)] == ["planned"]
    await muted(town, person)
    await skipped(town)
    await town.database.run(lambda tx: participants.set_preferences(tx, person, muted=[]))
    await seek(town)
    assert [(one.state, one.reason) for one in await rows(town)] == [("skipped", "muted")]


async def test_the_preview_knows_what_nobody_has_looked_for_yet(town: Town) -> None:
    (person,) = await town.people(1)
    await wants(town, person)

    def shown(turn: Turn, days: int) -> list[Any]:
        """The offers of the small town have no texts to be said with."""
        return [(one.at, one.reason.removesuffix(": text_gone")) for one in preview.preview(turn, 1, days).coming]

    assert await town.do(shown, 60) == [(SPEAKS, DEADLINE), (at("2027-02-08T17:00"), DEADLINE)]
    assert await rows(town) == [], "nothing is planned by looking"
    assert await town.do(shown, 6) == []
    town.now = READY
    await seek(town)
    assert await town.do(shown, 6) == [(SPEAKS, DEADLINE)], "and once only"
    await muted(town, person)
    assert await town.do(shown, 6) == [(SPEAKS, f"{DEADLINE}: muted")]
