"""Answers that may not be true any more: who is asked about which, how often, and what the buttons do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.core.conditions import Fact
from bot.core.conditions import Test as Compared
from bot.core.message import Month, Screen, Text
from bot.core.questionnaire import Span
from bot.core.reminders import Topic
from bot.db import chats
from bot.db.people import participants
from bot.db.schema import chat, delivery, participant
from bot.services import places
from bot.services.deliveries.saying import Skip
from bot.services.reminders import preview
from bot.services.reply import Reply
from bot.services.turn import Turn, Visitor
from bot.services.visit import load
from bot.services.welcome import start
from tests.db.rows import given
from tests.phones import ISOLATES
from tests.services.reminding.deadlines import no_consent, toast
from tests.services.reminding.helpers import actions, agree, at, lines, press, rows, said, seek, sent
from tests.services.seating.town import DAY, HOUR, Town

OLD = "reminders.old_answers"
SAID = at("2027-01-04T09:00")
QUARTER = at("2027-04-05T16:00")
"""Three months and a day later, at six in the evening of summer."""
WEEKS = timedelta(weeks=8)
Prepare = Callable[[Town, int], Awaitable[object]]


async def answers(town: Town, person: int, **values: Any) -> None:
    """What somebody says now."""
    revision, now = town.content.questionnaire.revision, town.now
    told = {name: given(value) for name, value in values.items()}
    await town.database.run(lambda tx: participants.save_answers(tx, person, told, revision, now))


async def finished(town: Town, number: int = 1) -> list[int]:
    """People who have finished, agreed to be reminded, and said what they want and how good their German is."""
    people = await town.people(number)
    for person in people:
        await town.database.run(lambda tx, person=person: participants.finish(tx, person, town.now))  # type: ignore[misc]
        await answers(town, person, goals=("german",), german_level="A2")
    await town.database.run(lambda tx: tx.execute(update(chat).values(screen=places.DONE)))
    await town.database.run(lambda tx: tx.execute(update(participant).values(at=None, draft="")))
    await agree(town, *people)
    return people


async def asked(town: Town) -> list[tuple[str, datetime, list[str]]]:
    """Every such message: its state, when it is due, and what it is about."""
    return [(one.state, one.due_at, one.params["questions"]) for one in await rows(town, text_key=OLD)]


async def test_a_quarter_later_one_message_says_what_was_said_and_when(town: Town) -> None:
    await finished(town)
    town.now = QUARTER - DAY - HOUR
    await seek(town)
    assert await asked(town) == []
    for hours in (1, 2):
        town.now = QUARTER - DAY + hours * HOUR
        await seek(town)
        assert await asked(town) == [("planned", QUARTER, ["goals", "german_level"])]
    town.now = QUARTER
    screen: Any = await said(town)
    assert [one.key for block in screen.blocks for one in block] == [
        OLD,
        "ui.again.line",
        "ui.again.line",
        "ui.again.tap",
    ]
    level = screen.blocks[1][1].args
    assert (level["sentence"].key, level["month"]) == ("questionnaire.german_level.say", Month(2027, 1))
    assert actions(screen) == ["still", "change.goals", "change.german_level", "talk", "why", "mute.questions"]


async def test_of_a_single_answer_two_buttons_are_enough(town: Town) -> None:
    (person,) = await finished(town)
    town.now += DAY
    await answers(town, person, goals=("job",))
    town.now = QUARTER - HOUR
    await seek(town)
    town.now = QUARTER
    screen: Any = await said(town)
    assert [one.key for block in screen.blocks for one in block] == [
        OLD,
        "ui.again.line",
        "ui.again.line",
        "ui.again.tap",
    ]
    await answers(town, person, goals=("job",))
    screen = await said(town)
    labels = ("kept", "changed", "talk", "why", "mute")
    assert [row[0].label.key for row in screen.rows] == [f"ui.button.{one}" for one in labels]
    assert actions(screen) == ["still", "change.german_level", "talk", "why", "mute.questions"]


async def unfinished(town: Town, _: int) -> None:
    await town.database.run(lambda tx: tx.execute(update(participant).values(finished_at=None)))


async def in_the_middle(town: Town, _: int) -> None:
    await town.database.run(lambda tx: tx.execute(update(chat).values(screen=places.QUESTIONS)))


async def muted(town: Town, person: int) -> None:
    await town.database.run(lambda tx: participants.set_preferences(tx, person, muted=[Topic.QUESTIONS.value]))


async def blocked(town: Town, _: int) -> None:
    await town.database.run(lambda tx: chats.blocked(tx, 1, town.now))


async def seen_on_the_card(town: Town, _: int) -> None:
    await town.do(start, Visitor(1))
    found = await town.database.run(lambda tx: chats.load(tx, 1))
    assert found is not None
    assert found[0].detour == places.AGAIN


async def said_again(town: Town, person: int) -> None:
    await answers(town, person, goals=("german",), german_level="A2")


async def does_not_belong(town: Town, _: int) -> None:
    rule = replace(town.content.reminders["old_answers"], audience=Fact("goals", Compared.INCLUDES, "job"))
    town.content = replace(town.content, reminders={rule.id: rule})


@pytest.mark.parametrize(
    "prepare",
    [unfinished, in_the_middle, muted, blocked, no_consent, seen_on_the_card, said_again, does_not_belong],
)
async def test_who_is_not_asked(town: Town, prepare: Prepare) -> None:
    (person,) = await finished(town)
    town.now = QUARTER - HOUR
    await prepare(town, person)
    await seek(town)
    assert await asked(town) == []


@pytest.mark.one_on_postgres
@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (unfinished, "unfinished"),
        (in_the_middle, "unfinished"),
        (said_again, "answered"),
        (does_not_belong, "not_in_audience"),
        (muted, "muted"),
        (no_consent, "no_consent"),
    ],
)
async def test_it_is_judged_again(town: Town, prepare: Prepare, reason: str) -> None:
    (person,) = await finished(town)
    town.now = QUARTER - HOUR
    await seek(town)
    town.now = QUARTER
    assert isinstance(await said(town), Screen)
    await prepare(town, person)
    assert await said(town) == Skip(reason)


async def test_after_a_month_nobody_is_asked(town: Town) -> None:
    await finished(town)
    town.now = QUARTER + 28 * DAY
    await seek(town)
    assert await asked(town) == []


async def test_at_most_one_message_in_eight_weeks_for_all_of_them(town: Town) -> None:
    (person,) = await finished(town)
    town.now += 10 * DAY
    await answers(town, person, times=("mornings",))
    rule = replace(
        town.content.reminders["old_answers"], useful=replace(town.content.reminders["old_answers"].useful, days=90)
    )
    town.content = replace(town.content, reminders={rule.id: rule})
    first = QUARTER
    while town.now < QUARTER + WEEKS + 30 * DAY:
        await seek(town)
        for one in await rows(town, text_key=OLD, state="planned"):
            if one.due_at <= town.now:
                await sent(town, text_key=OLD, state="planned")
        town.now += 12 * HOUR
    assert await asked(town) == [
        ("sent", first, ["goals", "german_level"]),
        ("sent", first + WEEKS, ["times"]),
    ], "and what was not answered is not asked again"


async def test_what_never_arrived_does_not_silence_what_gets_old_later(town: Town) -> None:
    (person,) = await finished(town)
    town.now += 10 * DAY
    await answers(town, person, times=("mornings",))
    town.now = QUARTER - HOUR
    await seek(town)
    gone = update(delivery).values(state="skipped", reason="blocked")
    await town.database.run(lambda tx: tx.execute(gone))
    town.now = QUARTER + 10 * DAY - HOUR
    await seek(town)
    assert await asked(town) == [
        ("skipped", QUARTER, ["goals", "german_level"]),
        ("planned", QUARTER + 10 * DAY, ["goals", "german_level", "times"]),
    ]


async def test_two_rules_share_the_eight_weeks(town: Town) -> None:
    await finished(town)
    rule = town.content.reminders["old_answers"]
    other = replace(rule, id="deadline_days")  # any other text
    town.content = replace(town.content, reminders={rule.id: rule, other.id: other})
    town.now = QUARTER - HOUR
    await seek(town)
    await seek(town)
    assert len(await rows(town)) == 1


async def test_an_answer_that_gets_old_anew_is_a_new_reason(town: Town) -> None:
    (person,) = await finished(town)
    town.now = QUARTER - HOUR
    await seek(town)
    town.now = QUARTER
    key = await sent(town, text_key=OLD)
    await press(town, 1, key, "still")
    town.now = at("2027-07-06T08:00")
    await seek(town)
    assert [(state, about) for state, _, about in await asked(town)] == [
        ("sent", ["goals", "german_level"]),
        ("planned", ["goals", "german_level"]),
    ]
    assert person


async def test_what_a_question_keeps_for_ever_is_never_old(town: Town) -> None:
    await finished(town)
    whole = town.content.questionnaire
    kept = tuple(replace(one, expires=None) for one in whole.questions)
    town.content = replace(town.content, questionnaire=replace(whole, questions=kept, refresh=None))
    town.now = QUARTER - HOUR
    await seek(town)
    assert await asked(town) == []


async def test_an_answer_that_has_expired_is_asked_about_too(town: Town) -> None:
    await finished(town)
    whole = town.content.questionnaire
    shorter = tuple(replace(one, expires=Span(2, "month")) if one.expires else one for one in whole.questions)
    town.content = replace(town.content, questionnaire=replace(whole, questions=shorter, refresh=None))
    town.now = at("2027-03-05T10:00")
    await seek(town)
    assert await asked(town) == [("planned", at("2027-03-05T17:00"), ["german_level"])]
    town.now = at("2027-03-05T17:00")
    assert isinstance(await said(town), Screen)
    key = await sent(town, text_key=OLD)
    reply = await press(town, 1, key, "change.german_level")
    assert reply.card is not None
    assert keys_of(reply)[0:2] == ["ui.card.head", "ui.card.ask"]
    assert (await place(town)).at == "german_level", "it is asked although it counts no more"


# -- buttons


def keys_of(reply: Reply) -> list[str]:
    """The texts of the card of a reply."""
    assert reply.card is not None
    return [one.key for block in reply.card.screen.blocks for one in block if isinstance(one, Text)]


async def place(town: Town) -> Any:
    """The first participant's row."""
    found = await town.database.run(lambda tx: chats.load(tx, 1))
    assert found is not None
    return found[1]


async def received(town: Town) -> tuple[int, int]:
    """A person, and the message about two answers in their chat."""
    (person,) = await finished(town)
    town.now = QUARTER - HOUR
    await seek(town)
    town.now = QUARTER
    return person, await sent(town, text_key=OLD)


async def old_now(town: Town) -> tuple[str, ...]:
    """What the card would show."""

    def use_case(turn: Turn) -> tuple[str, ...]:
        visit = load(turn, Visitor(1))
        assert visit is not None
        return visit.again()

    return await town.do(use_case)


async def test_still_true_is_the_same_answer_given_today(town: Town) -> None:
    person, key = await received(town)
    assert await old_now(town) == ("goals", "german_level")
    reply = await press(town, 1, key, "still")
    assert toast(reply) == "ui.again.thanks"
    assert lines(reply) == [OLD, "ui.again.line", "ui.again.line", "ui.again.tap", "ui.again.thanks"]
    assert (reply.card, actions(reply.letter.screen if reply.letter else None)) == (None, [])
    assert await old_now(town) == ()
    stored = await town.database.run(lambda tx: participants.answers(tx, person))
    assert {(one.answer, one.answered_at) for name, one in stored.items() if name in {"goals", "german_level"}} == {
        (given(("german",)), town.now),
        (given("A2"), town.now),
    }
    past = await town.database.run(lambda tx: participants.history(tx, person))
    assert {(one.question, one.answered_at) for one in past} == {("goals", SAID), ("german_level", SAID)}
    again = await press(town, 1, key, "still")
    assert toast(again) == "ui.news.stale", "there is nothing to say any more"


async def test_still_true_says_nothing_of_what_got_old_later(town: Town) -> None:
    person, key = await received(town)
    town.now += 10 * DAY
    await town.database.run(
        lambda tx: participants.save_answers(
            tx, person, {"times": given(("mornings",))}, town.content.questionnaire.revision, town.now - 100 * DAY
        )
    )
    assert await old_now(town) == ("goals", "german_level", "times")
    await press(town, 1, key, "still")
    assert await old_now(town) == ("times",)


async def test_changed_opens_that_question_below(town: Town) -> None:
    _, key = await received(town)
    reply = await press(town, 1, key, "change.german_level")
    assert reply.card is not None
    assert (reply.card.edit, reply.letter) == (None, None), "the message stays"
    person = await place(town)
    assert (person.at, person.from_summary) == ("german_level", True)
    assert await said(town, text_key=OLD) == Skip("unfinished")
    again = await press(town, 1, key, "still")
    assert toast(again) == "ui.again.thanks"


async def test_no_more_of_these_leaves_no_button(town: Town) -> None:
    _, key = await received(town)
    reply = await press(town, 1, key, "mute.questions")
    assert toast(reply) == "ui.news.muted"
    assert reply.letter is not None
    assert actions(reply.letter.screen) == []


@pytest.mark.one_on_postgres
@pytest.mark.parametrize("action", ["still", "change.goals", "mute.questions"])
async def test_nobody_presses_what_was_sent_to_somebody_else(town: Town, action: str) -> None:
    _, key = await received(town)
    await town.people(1)
    before = await old_now(town)
    reply = await press(town, 2, key, action)
    assert (toast(reply), reply.letter, reply.card) == ("ui.news.stale", None, None)
    assert await old_now(town) == before


@pytest.mark.one_on_postgres
@pytest.mark.parametrize(
    "action", ["still.goals", "change", "change.times", "change.level", "join", "unwanted", "details"]
)
async def test_a_made_up_button_does_nothing(town: Town, action: str) -> None:
    _, key = await received(town)
    before = await old_now(town), await place(town)
    reply = await press(town, 1, key, action)
    assert toast(reply) == "ui.news.stale"
    assert (await old_now(town), await place(town)) == before


async def test_the_preview_says_it_in_words(town: Town) -> None:
    await finished(town)
    await town.database.run(lambda tx: tx.execute(update(chat).values(language="de")))
    (coming,) = (await town.do(preview.preview, 1, 120)).coming
    assert (coming.at, coming.reason) == (QUARTER, OLD)
    assert "Ihr Deutsch hat das Niveau A2. (Januar 2027)" in (coming.words or "").translate(ISOLATES)
    assert await rows(town) == []
    assert (await town.do(preview.preview, 1, 60)).coming == []


async def test_the_preview_says_it_in_the_persons_language(town: Town) -> None:
    await finished(town)
    await town.database.run(lambda tx: tx.execute(update(chat).values(language="en")))
    (coming,) = (await town.do(preview.preview, 1, 120)).coming
    assert coming.language == "en"
    assert "Your German is at level A2. (January 2027)" in (coming.words or "").translate(ISOLATES)
