"""A broadcast to ten thousand, of whom some have blocked us and some have a bad line: everybody ends in one state."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.content.loader import Content
from bot.db.offers import sayings
from bot.db.outbox.deliveries import State
from bot.services.broadcasts import broadcasting
from bot.services.broadcasts.broadcasting import Progress
from bot.services.turn import Turn
from bot.telegram.transport import NotSent, OutcomeUnknown
from tests.catalogue import count
from tests.services.broadcasts import crowd, loaded, released, team
from tests.telegram import fake_time
from tests.telegram.post_office import PostOffice, Trouble, clock, post_office

PEOPLE = 10_000
BLOCKED, LOST, UNSENT = (range(first, PEOPLE + 1, step) for first, step in ((1, 20), (7, 100), (13, 100)))
"""Who has blocked us, whose message may have arrived, whose first try cannot be made: 5, 1 and 1 of a hundred."""


class Scene:
    """A broadcast in a post office; the clock's part is done by hand."""

    def __init__(self, office: PostOffice) -> None:
        self.office = office

    async def run(self, use_case: Any) -> Any:
        """One transaction with what staff have said by now, which everybody has before them afterwards."""

        def transaction(connection: Connection) -> Any:
            return use_case(Turn(connection, self.office.shelf.content, clock()))

        found = await self.office.database.run(transaction)
        self.office.shelf.change(await self.office.database.run(sayings.everything))
        return found

    async def begins(self, people: int) -> None:
        def composed(turn: Turn) -> None:
            crowd(turn.connection, people)
            released(turn.connection, turn.content, {"de": "Hallo"})

        await self.run(composed)
        await self.run(lambda turn: broadcasting.send(turn, one(turn), team(turn.connection), turn.now))
        while await self.run(broadcasting.step):
            pass

    async def progress(self) -> Progress:
        found: Progress = await self.run(lambda turn: broadcasting.progress(turn, one(turn)))
        return found


def one(turn: Turn) -> Any:
    """The broadcast."""
    return loaded(turn.connection, 1)


@pytest.mark.row(11, 32)
def test_of_ten_thousand_everybody_ends_in_exactly_one_state_and_the_sums_are_equal(content: Content) -> None:
    tries = Counter[int]()

    def judge(given: dict[str, Any]) -> Trouble | None:
        chat_id = given["chat_id"]
        tries[chat_id] += 1
        if chat_id in BLOCKED:
            return 403, "Forbidden: bot was blocked by the user"
        if chat_id in LOST:
            return OutcomeUnknown("reset")
        return NotSent("refused") if chat_id in UNSENT and tries[chat_id] == 1 else None

    async def main() -> None:
        async with post_office(content, rate=0) as office:
            office.line.judge = judge
            scene = Scene(office)
            await scene.begins(PEOPLE)
            assert (await scene.progress()).total == PEOPLE
            await office.pass_time(120)
            found = await scene.progress()
            rows = await office.rows()
        expected = {State.BLOCKED: len(BLOCKED), State.UNKNOWN: len(LOST)}
        assert found.states == expected | {State.SENT: PEOPLE - len(BLOCKED) - len(LOST)}
        assert (found.total, found.waiting, found.planning) == (PEOPLE, 0, False)
        assert sorted(row["chat_id"] for row in rows) == list(range(1, PEOPLE + 1))
        states = {row["chat_id"]: State(row["state"]) for row in rows}
        assert {key for key, state in states.items() if state is State.BLOCKED} == set(BLOCKED)
        assert {key for key, state in states.items() if state is State.UNKNOWN} == set(LOST)
        assert all(row["unknown_at"] is not None for row in rows if row["chat_id"] in LOST)
        assert tries == Counter({key: 2 if key in UNSENT else 1 for key in states})
        assert len({row["message_id"] for row in rows if row["message_id"]}) == found.states[State.SENT]
        count("recipients of a broadcast", PEOPLE)
        count("of them who have blocked the bot", len(BLOCKED), 11)

    fake_time.run(main())


@pytest.mark.row(32)
def test_copies_on_their_way_are_corrected_and_recalled_as_soon_as_they_are_known(content: Content) -> None:
    async def main() -> None:
        async with post_office(content) as office:
            scene = Scene(office)
            office.line.takes = 1.0
            await scene.begins(3)
            await office.pass_time(0.6)
            assert len(office.line.came) == 3
            assert (await scene.progress()).states == {State.CLAIMED: 3}
            await scene.run(lambda turn: broadcasting.write(turn, one(turn), "de", "Guten Tag"))
            await scene.run(lambda turn: broadcasting.release(turn, one(turn), "de", team(turn.connection)))
            await office.pass_time(5)
            assert {given["text"] for given in office.line.of("editMessageText")} == {"Guten Tag"}
            assert len(office.line.of("editMessageText")) == 3
            await scene.run(lambda turn: broadcasting.recall(turn, one(turn)))
            await office.pass_time(5)
            assert {given["chat_id"] for given in office.line.of("deleteMessage")} == {1, 2, 3}

    fake_time.run(main())
