"""A broadcast of the team and its recipients. `benchmarks.limits` sends it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from bot import clock
from bot.content.loader import Content
from bot.core.broadcasts import Version
from bot.core.reminders import Topic
from bot.core.roles import Role
from bot.db.audience import keeping
from bot.db.broadcasts import broadcasts
from bot.db.engine import Database
from bot.db.schema import chat, consent, participant
from bot.db.staff import staff
from bot.services.broadcasts import broadcasting
from bot.services.turn import Turn

FIRST = 7_000_000_001
"""The chat of the first recipient."""
AUTHOR = FIRST - 1
"""The member who is told in the end that the broadcast is out."""
WORDS = "Vergessen Sie nicht: am Montag um 18 Uhr beginnt in Minden ein Kurs. Kommen Sie vorbei!"


async def planned(database: Database, content: Content, people: int, ahead: timedelta) -> None:
    """Creates people, and for each a copy of a broadcast that goes out after `ahead`."""
    await database.run(lambda tx: _agree(tx, people, clock.now()))
    await keeping.catch_up(database)
    now = clock.now()
    await database.run(lambda tx: _announce(Turn(tx, content, now), now + ahead))
    while await database.run(lambda tx: broadcasting.step(Turn(tx, content, now))):
        pass


def _announce(turn: Turn, at: datetime) -> None:
    staff.add(turn.connection, AUTHOR, turn.now, role=Role.COORDINATOR.value, name="Kim", confirmed_at=turn.now)
    member = staff.by_person(turn.connection, AUTHOR)
    if member is None:
        raise AssertionError("the author is there")
    last = at + timedelta(days=1)
    number = broadcasts.create(turn.connection, member.id, turn.now, last_useful_at=last)
    words = Version("de", WORDS, released_text=WORDS, released_by=member.id)
    broadcasts.write(turn.connection, number, words, turn.now)
    one = broadcasts.load(turn.connection, number)
    if one is None or not broadcasting.send(turn, one, member, at):
        raise AssertionError("the broadcast goes out")


def _agree(connection: Connection, people: int, now: datetime) -> None:
    """Gives people no quiet hours and only the topic of offers, so that nothing else is sent to them."""
    place = {"language": "de", "screen": "done", "card_version": 1, "card_since": 1, "shown_version": 1}
    chats = [{"id": one, "created_at": now, "seen_at": now, **place} for one in range(FIRST, FIRST + people)]
    connection.execute(insert(chat), [*chats, {**chats[0], "id": AUTHOR}])
    others = [one.value for one in Topic if one is not Topic.OFFERS]
    own = {"created_at": now, "draft": "", "from_summary": False, "quiet": "off", "muted": others}
    connection.execute(insert(participant), [{"chat_id": one["id"], **own} for one in chats])
    yes = {"language": "de", "text_version": "1", "given_at": now}
    connection.execute(
        insert(consent),
        [
            {"participant_id": one, "purpose": purpose, **yes}
            for one in connection.execute(select(participant.c.id)).scalars()
            for purpose in ("storage", "openings")
        ],
    )
