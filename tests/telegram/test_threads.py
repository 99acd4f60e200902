"""Three hundred words of sixty people to one group: within Telegram's limit, none lost, each person's in order."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from bot.content.loader import Content
from bot.core.roles import Role
from bot.core.threads import TEXT, Author
from bot.db.staff import staff
from bot.db.threads import threads
from bot.services.threads import lines
from bot.services.turn import Turn
from bot.telegram.pace import GROUP_SECONDS, IN_A_GROUP
from tests.db.rows import new_participant
from tests.telegram import fake_time
from tests.telegram.post_office import PostOffice, clock, post_office
from tests.telegram.test_pace import most_in

GROUP = -1_002_000_000_001
PEOPLE, WORDS = 60, 5


@pytest.mark.row(37)
def test_a_group_hears_everything_in_order_and_at_its_pace(content: Content) -> None:
    async def scene() -> None:
        async with post_office(content) as office:
            await office.database.run(begin)
            for word in range(WORDS):
                await ask(office, word)
                await office.pass_time(3)
            await office.pass_time(30 * 60)
            sent = office.line.of("sendMessage")
            heard: dict[int, list[str]] = {}
            for one in sent:
                heard.setdefault(int(one["message_thread_id"]), []).extend(
                    line for line in str(one["text"]).split("\n\n") if line.startswith("Wort")
                )
            assert len(heard) == PEOPLE
            for lines_ in heard.values():
                who = lines_[0].rpartition(" ")[2]
                assert lines_ == [f"Wort {number} von {who}" for number in range(WORDS)]
            assert most_in(office.line.times, GROUP_SECONDS) <= IN_A_GROUP
            assert set(await office.states()) == {"sent"}

    fake_time.run(scene())


def begin(connection: Connection) -> None:
    """A bound group, and people with a talk."""
    staff.add(connection, 9_999, clock(), role=Role.ADMIN, name="Anna", confirmed_at=clock())
    boss = staff.by_person(connection, 9_999)
    assert boss is not None
    threads.bind(connection, GROUP, boss.id, clock())
    for key in range(1, PEOPLE + 1):
        threads.begin(connection, new_participant(connection, key, language="de"), clock())


async def ask(office: PostOffice, word: int) -> None:
    """Everybody says one more word."""

    def say(connection: Connection) -> None:
        turn = Turn(connection, office.shelf.content, clock())
        for key in range(1, PEOPLE + 1):
            one = threads.of_chat(connection, key)
            assert one is not None
            numbers = {"chat_id": key, "message_id": 1000 + word, "text": f"Wort {word} von {key}"}
            threads.add(connection, one.id, Author.PERSON, TEXT, clock(), **numbers)
            lines.move(turn, one.id)

    await office.database.run(say)
