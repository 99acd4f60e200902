"""Participants: answers are kept, replaced and set aside; consents have a history."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.core.engine import Answer, Status
from bot.db.engine import Database
from bot.db.people import participants
from bot.db.schema import answer, consent
from tests.db.rows import HOUR, NOW, START, answers_of, given, new_participant, participant_of

WORDS = "Ich möchte 学ぶ \U0001f600 'quoted' \\ \"double\" {braces} مرحبا"


@pytest.fixture
async def person(database: Database) -> int:
    return await database.run(new_participant)


async def test_answers_come_back_as_they_were_given(database: Database, person: int) -> None:
    values: tuple[str | int | tuple[str, ...], ...] = (
        "B1",
        ("german", "job"),
        0,
        -3,
        999_999_999,
        WORDS,
        "nul\x00inside",
        "B1 ",
        ("one",),
    )
    answers = {f"q{number}": given(value) for number, value in enumerate(values)}
    answers |= {"skipped": Answer(Status.SKIPPED, None), "declined": Answer(Status.DECLINED, None)}
    await database.run(lambda tx: participants.save_answers(tx, person, answers, "r1", NOW))
    assert await database.run(lambda tx: answers_of(tx, person)) == (answers, frozenset(answers))


async def test_a_new_answer_takes_the_old_ones_place(database: Database, person: int) -> None:
    await database.run(
        lambda tx: participants.save_answers(tx, person, {"q": given("old"), "r": given(1)}, "r1", NOW)
    )
    await database.run(lambda tx: participants.mark_counting(tx, person, ["q", "r"], counts=False))
    later = NOW + HOUR
    await database.run(
        lambda tx: participants.save_answers(tx, person, {"q": given("new"), "s": given(2)}, "r2", later)
    )
    answers, counting = await database.run(lambda tx: answers_of(tx, person))
    assert answers == {"q": given("new"), "r": given(1), "s": given(2)}
    assert counting == {"q", "s"}
    rows = await database.run(lambda tx: tx.execute(select(answer).where(answer.c.question_id == "q")).all())
    assert [(row.answered_at, row.revision) for row in rows] == [(later, "r2")]


async def test_answers_are_set_aside_and_come_back(database: Database, person: int) -> None:
    both = {"q": given("x"), "r": given("y")}
    await database.run(lambda tx: participants.save_answers(tx, person, both, "r1", NOW))
    await database.run(lambda tx: participants.mark_counting(tx, person, ["q"], counts=False))
    assert await database.run(lambda tx: answers_of(tx, person)) == (both, frozenset({"r"}))
    await database.run(lambda tx: participants.mark_counting(tx, person, ["q"], counts=True))
    assert await database.run(lambda tx: answers_of(tx, person)) == (both, frozenset({"q", "r"}))


async def test_one_persons_answers_are_not_anothers(database: Database, person: int) -> None:
    other = await database.run(lambda tx: new_participant(tx, 2))
    for one, words in ((person, "mine"), (other, "yours")):
        await database.run(
            lambda tx, one=one, words=words: participants.save_answers(tx, one, {"q": given(words)}, "r", NOW)  # type: ignore[misc]
        )
    await database.run(lambda tx: participants.mark_counting(tx, other, ["q"], counts=False))
    assert await database.run(lambda tx: answers_of(tx, person)) == ({"q": given("mine")}, frozenset({"q"}))


async def test_the_place_of_the_card_is_stored(database: Database, person: int) -> None:
    state = replace(START, at=None, draft=(), returning=True)
    await database.run(lambda tx: participants.move(tx, person, state))
    row = await database.run(participant_of)
    assert (row.at, row.draft, row.from_summary) == (None, (), True)
    await database.run(lambda tx: participants.move(tx, person, START))
    row = await database.run(participant_of)
    assert (row.at, row.draft, row.from_summary) == (START.at, START.draft, False)


async def test_the_first_confirmation_of_the_summary_counts(database: Database, person: int) -> None:
    for later in (0 * HOUR, HOUR):
        await database.run(lambda tx, later=later: participants.finish(tx, person, NOW + later))  # type: ignore[misc]
    assert (await database.run(participant_of)).finished_at == NOW


async def test_a_consent_that_stands_stays_as_it_was_given(database: Database, person: int) -> None:
    await _agree(database, person, "storage", 0)
    await _agree(database, person, "storage", 1)
    assert await database.run(lambda tx: participants.consents(tx, person)) == {"storage": NOW}
    assert len(await _history(database)) == 1


async def test_a_consent_taken_back_stays_in_the_history(database: Database, person: int) -> None:
    await _agree(database, person, "storage", 0)
    await _agree(database, person, "reminders", 0)
    await database.run(lambda tx: participants.withdraw_consent(tx, person, "reminders", NOW + HOUR))
    assert await database.run(lambda tx: participants.consents(tx, person)) == {"storage": NOW}
    await _agree(database, person, "reminders", 2)
    assert await database.run(lambda tx: participants.consents(tx, person)) == {
        "storage": NOW,
        "reminders": NOW + 2 * HOUR,
    }
    await database.run(lambda tx: participants.withdraw_consent(tx, person, "reminders", NOW + 3 * HOUR))
    assert [one for one in await _history(database) if one[0] == "reminders"] == [
        ("reminders", "en", "v0", NOW, NOW + HOUR),
        ("reminders", "en", "v2", NOW + 2 * HOUR, NOW + 3 * HOUR),
    ]


async def test_taking_back_what_was_never_given_is_nothing(database: Database, person: int) -> None:
    await database.run(lambda tx: participants.withdraw_consent(tx, person, "reminders", NOW))
    assert await _history(database) == []


async def _agree(database: Database, person: int, purpose: str, hour: int) -> None:
    await database.run(
        lambda tx: participants.give_consent(
            tx, person, purpose, language="en", text_version=f"v{hour}", now=NOW + hour * HOUR
        )
    )


async def _history(database: Database) -> list[tuple[object, ...]]:
    columns = (
        consent.c.purpose,
        consent.c.language,
        consent.c.text_version,
        consent.c.given_at,
        consent.c.withdrawn_at,
    )
    rows = await database.run(lambda tx: tx.execute(select(*columns).order_by(consent.c.id)).all())
    return [tuple(row) for row in rows]
