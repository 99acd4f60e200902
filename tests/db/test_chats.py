"""Chats: what is known of them, which card they have, which they are owed."""

from __future__ import annotations

from datetime import timedelta

from bot.db import chats
from bot.db.chats import Mark
from bot.db.engine import Database
from tests.db.rows import CHAT, HOUR, NOW, START, loaded, new_chat, new_participant, participant_of


async def test_nobody_knows_an_unknown_chat(database: Database) -> None:
    assert await database.run(lambda tx: chats.load(tx, 1)) is None


async def test_a_chat_comes_back_as_it_was_made(database: Database) -> None:
    await database.run(new_chat)
    assert await database.run(lambda tx: chats.load(tx, CHAT.id)) == (CHAT, None)


async def test_a_participant_comes_with_its_chat(database: Database) -> None:
    await database.run(lambda tx: new_participant(tx, 1))
    key = await database.run(lambda tx: new_participant(tx, 2))
    row = await database.run(lambda tx: participant_of(tx, 2))
    assert (row.id, row.at, row.draft, row.from_summary) == (key, START.at, START.draft, False)
    assert (row.created_at, row.finished_at) == (NOW, None)


async def test_only_the_named_columns_of_the_named_chat_change(database: Database) -> None:
    await database.run(new_chat)
    await database.run(lambda tx: new_chat(tx, 2))
    await database.run(lambda tx: chats.save(tx, CHAT.id, {"language": "en", "detour": "help"}))
    changed, other = await database.run(loaded), await database.run(lambda tx: loaded(tx, 2))
    assert (changed.language, changed.detour, changed.screen, changed.source) == (
        "en",
        "help",
        "questions",
        "jobcenter",
    )
    assert (other.language, other.detour) == ("ar", None)


async def test_a_card_that_was_shown_is_remembered_with_its_message(database: Database) -> None:
    await database.run(lambda tx: new_chat(tx, card_version=5))
    await database.run(lambda tx: chats.shown(tx, [Mark(CHAT.id, 5, 77, NOW)]))
    row = await database.run(loaded)
    assert (row.shown_version, row.card_message, row.shown_at) == (5, 77, NOW)


async def test_an_older_card_that_arrives_late_does_not_take_the_place_of_a_newer(database: Database) -> None:
    await database.run(lambda tx: new_chat(tx, card_version=6))
    for version, message in ((6, 70), (5, 69), (6, 71), (1, 60)):
        mark = Mark(CHAT.id, version, message, NOW + timedelta(seconds=message))
        await database.run(lambda tx, mark=mark: chats.shown(tx, [mark]))  # type: ignore[misc]
    row = await database.run(loaded)
    assert (row.shown_version, row.card_message, row.shown_at) == (6, 71, NOW + timedelta(seconds=71))


async def test_several_cards_are_remembered_at_once_each_in_its_chat(database: Database) -> None:
    for chat_id in (1, 2, 3):
        await database.run(lambda tx, one=chat_id: new_chat(tx, one, card_version=4))  # type: ignore[misc]
    marks = [Mark(1, 3, 30, NOW), Mark(2, 4, 40, NOW), Mark(1, 4, 31, NOW), Mark(1, 3, 30, NOW)]
    await database.run(lambda tx: chats.shown(tx, marks))
    rows = [await database.run(lambda tx, one=chat_id: loaded(tx, one)) for chat_id in (1, 2, 3)]  # type: ignore[misc]
    assert [(row.shown_version, row.card_message) for row in rows] == [(4, 31), (4, 40), (0, None)]


async def test_a_refusal_says_nothing_of_who_was_here_since(database: Database) -> None:
    await database.run(lambda tx: new_chat(tx, seen_at=NOW))
    before, after = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
    assert not await database.run(lambda tx: chats.refused(tx, CHAT.id, before, after))
    assert (await database.run(loaded)).blocked_at is None
    assert await database.run(lambda tx: chats.refused(tx, CHAT.id, NOW, after))
    assert (await database.run(loaded)).blocked_at == NOW


async def test_who_was_here_in_the_future_is_blocked_all_the_same(database: Database) -> None:
    await database.run(lambda tx: new_chat(tx, seen_at=NOW + HOUR))
    assert await database.run(lambda tx: chats.refused(tx, CHAT.id, NOW, NOW))
    assert (await database.run(loaded)).blocked_at == NOW


async def test_a_block_is_taken_back(database: Database) -> None:
    await database.run(lambda tx: new_chat(tx, blocked_at=NOW))
    await database.run(lambda tx: chats.blocked(tx, CHAT.id, None))
    assert (await database.run(loaded)).blocked_at is None


async def test_cards_are_owed_to_who_has_not_the_newest_and_is_quiet_and_can_be_reached(database: Database) -> None:
    people = {
        1: {"card_version": 2, "shown_version": 1, "seen_at": NOW - HOUR},
        2: {"card_version": 2, "shown_version": 2, "seen_at": NOW - HOUR},
        3: {"card_version": 2, "shown_version": 0, "seen_at": NOW - 2 * HOUR},
        4: {"card_version": 2, "shown_version": 0, "seen_at": NOW - HOUR, "blocked_at": NOW},
        5: {"card_version": 2, "shown_version": 0, "seen_at": NOW},
    }
    for chat_id, columns in people.items():
        await database.run(lambda tx, one=chat_id, columns=columns: new_chat(tx, one, **columns))  # type: ignore[misc]
    assert await database.run(lambda tx: chats.owed(tx, NOW, HOUR)) == [3, 1]


async def test_a_card_that_got_lost_again_is_waited_for_twice_as_long(database: Database) -> None:
    for lost in (1, 2, 3, 40):
        columns = {"card_version": lost, "shown_version": 0, "seen_at": NOW}
        await database.run(lambda tx, one=lost, columns=columns: new_chat(tx, one, **columns))  # type: ignore[misc]
    second = timedelta(seconds=1)
    due = {
        seconds: await database.run(lambda tx, s=seconds: sorted(chats.owed(tx, NOW + s * second, 30 * second)))  # type: ignore[misc]
        for seconds in (29, 30, 59, 60, 119, 120, 30 * 64)
    }
    assert due == {29: [], 30: [1], 59: [1], 60: [1, 2], 119: [1, 2], 120: [1, 2, 3], 30 * 64: [1, 2, 3, 40]}
